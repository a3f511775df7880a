"""A place in a sentence, and what the text has said so far that it rests on."""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from geomap.extract.tokens import Words
from geomap.gazetteer.rows import Row


class Grain(IntEnum):
    """How fine a place is, the finest first."""

    POINT = 0
    LINE = 1
    AREA = 2
    DISTRICT = 3
    REGION = 4
    AIRSPACE = 5
    UNNAMED = 6
    COUNTRY = 7


@dataclass(slots=True)
class Site:
    """A place in a sentence. Token positions, `last` included.

    `spec` holds keys of `PlaceSpec` but the role; `key` is the same for the same place; `cue` is the preposition
    before it. `is_aside` says that it locates nothing: a distance from it, a clause about something else.
    """

    first: int
    last: int
    spec: dict[str, Any]
    grain: Grain
    key: str
    name: str
    cue: str = ""
    countries: tuple[str, ...] = ()
    region: str | None = None
    lonlat: tuple[float, float] | None = None
    is_aside: bool = False
    is_owner: bool = False
    is_metonym: bool = False
    is_route: bool = False
    row: Row | None = None
    spans: list[tuple[int, int]] = field(default_factory=list)


@dataclass(slots=True)
class Setting:
    """What a document has said so far that its later words rest on: countries in order, the last border named."""

    countries: list[str] = field(default_factory=list)
    border: tuple[str, str] | None = None
    places: dict[Grain, Site] = field(default_factory=dict)
    """The last place of each grain in which something was told to be."""
    last: Site | None = None

    def mention(self, code: str) -> None:
        """Take note of a country that the text speaks of; the latest stands last."""
        if code in self.countries:
            self.countries.remove(code)
        self.countries.append(code)


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence on its way to places.

    `named` are the places that its toponyms name, `codes` the country that a token stands for, by position.
    """

    words: Words
    named: list[Site]
    codes: dict[int, str]
    setting: Setting
