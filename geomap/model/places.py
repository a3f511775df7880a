"""Resolved places: what the gazetteer knows, and what an event is drawn at."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from shapely.geometry.base import BaseGeometry

from geomap.model.lonlat import LonLat
from geomap.model.vocabulary import PlaceMethod, PlaceRelation, PlaceRole, Precision


class Match(StrEnum):
    """How a text met a candidate."""

    NAME = "name"
    """By one of its names."""
    VARIANT = "variant"
    """By another spelling or romanisation of one."""
    MISSPELT = "misspelt"
    """By a name that differs by a slip."""
    HOLDER = "holder"
    """What is written was not found; the candidate is a wider place that the text says it lies in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A feature of the gazetteer, or what a relation makes of one.

    `id` is `scheme:id` (`gn:627904`, `cur:ashuluk-range`, `ne:RU-KRS`), empty for what has no record of its own;
    `rule` names the relation that was read. `position` is where a label or pin goes. `radius_m` is the circle
    round it that holds the true place with about 90 %; None where the shape must tell. `geometry` (EPSG:4326) is
    the area or line that a relation makes; None where the gazetteer's own shape counts. `country` is
    ISO 3166-1 alpha-2 under the worldview in use, `recorded_countries` those of the place's own record, which a
    worldview may see otherwise, or the two of a border. `key` is that of its row.
    """

    id: str
    name: str
    native_name: str
    kind: str
    precision: Precision
    country: str | None
    recorded_countries: tuple[str, ...] = ()
    position: LonLat
    radius_m: float | None = None
    geonameid: int | None = None
    population: int = 0
    curated: bool = False
    note: str = ""
    geometry: BaseGeometry | None = None
    relation: PlaceRelation = PlaceRelation.AT
    rule: str = ""
    key: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A place that a text may mean; `score` is its share among all candidates, 0 to 1.

    `by_nickname` says that the text is one of its other names and not a spelling of the first.
    """

    place: Place
    score: float
    match: Match = Match.NAME
    by_nickname: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRef:
    """A place of an event, resolved: its geometry, and how it is known.

    `geometry` (EPSG:4326) is a polygon or line for areas, stretches and airspace; None for points, which
    are `position` and `radius_m`, for countries, and where nothing is drawn. `name` is the place as known,
    for people. `countries` has two codes for a border, none at sea. `remarks` are what its editor should look
    at, each with the code of its rule. `is_coarsened` says that a finer place is known and withheld.
    """

    role: PlaceRole
    relation: PlaceRelation
    precision: Precision
    name: str
    method: PlaceMethod
    native_name: str = ""
    place_id: str | None = None
    geonameid: int | None = None
    countries: tuple[str, ...] = ()
    position: LonLat | None = None
    radius_m: float | None = None
    geometry: BaseGeometry | None = None
    note: str = ""
    remarks: tuple[tuple[str, str], ...] = ()
    candidates: tuple[Candidate, ...] = ()
    is_coarsened: bool = False

    @classmethod
    def unresolved(cls, role: PlaceRole, name: str) -> Self:
        """A place that was sought and not found: nothing is drawn."""
        return cls(
            role=role,
            relation=PlaceRelation.AT,
            precision=Precision.NONE,
            name=name,
            method=PlaceMethod.GAZETTEER,
        )
