"""Dispatches of our own with what a careful reader takes from them: the gold for toponyms, dates and events.

One YAML file a dispatch, under `dispatches/`. Places and offices are real; the stories are made up, or follow real
ones loosely, for testing: no file is a record of what happened. Languages other than English carry toponyms and
dates only. `n` says which occurrence of the words in the text is meant, whole words only, from 1.

Toponyms are every mention of a place in what is told, in the order of the text. Left out are furniture, credits
and bylines; a dateline is marked as one. A span holds the name without article, possessive ending or direction
(`northern Mali` is `Mali`). A kind word belongs to it where the name alone would be another place (`Kursk region`,
`Machulishchy air base`). `within_km` is how far from its position an answer is still right, generous for areas.

Dates are the calendar expressions of the same stretches, without the preposition before them; the time of a day
alone, a duration or a frequency is none. Where honest readers differ (a night, `since Monday`), `also` gives the
other readings.

Events are one each, told once or often, with the `words` that tell them. One with `required` false may be drafted
or not: neither is a fault. `false` lists words that must not become an event or the place of one, `ignored` those
that a tagger may take for a toponym or a date or not.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, TypeVar

from geomap.errors import ConfigError
from geomap.model.event_types import EVENT_TYPES
from geomap.model.lonlat import LonLat
from geomap.model.vocabulary import Modality, PlaceRole
from geomap.yamlfile import YamlFile, read_yaml

FOLDER: Final = Path(__file__).parent / "dispatches"

_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_LANGUAGE: Final = re.compile(r"[a-z]{2}")

Kind = TypeVar("Kind", bound=StrEnum)


class Mention(StrEnum):
    """How a toponym is used."""

    LITERAL = "literal"  # the place itself
    METONYMIC = "metonymic"  # who acts from there: a government, an institution; or a flag
    DEMONYM = "demonym"  # the people, or an adjective of it
    EMBEDDED = "embedded"  # part of the name of a club, a treaty, a company
    DATELINE = "dateline"  # where it was written


class WhereKind(StrEnum):
    """What sort of thing the place of an event is."""

    POINT = "point"
    REGION = "region"
    COUNTRY = "country"
    BORDER = "border"
    AIRSPACE = "airspace"
    WATERS = "waters"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Words:
    """A stretch of the text; `start` and `end` are code points, end exclusive."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Days:
    """A span of days, both included; None where that end is open, both None where nothing is known."""

    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToponymGold:
    """A mention of a place.

    `position` and `within_km` are None for a demonym. `countries` are ISO 3166-1 codes (and XK), none for the
    high seas, several where the place lies in several. `is_area` tells an area, river or line from a spot: an
    answer with the position of a town of that name is then no full answer.
    """

    words: Words
    mention: Mention
    place: str
    countries: tuple[str, ...]
    position: LonLat | None
    within_km: float | None
    is_area: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DateGold:
    """A calendar expression; `readings` are the spans that it may stand for, the best first."""

    words: Words
    readings: tuple[Days, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WhereGold:
    """A place of an event.

    `is_alternative` marks another right way to say the entry before it; all other entries hold together.
    """

    kind: WhereKind
    place: str
    countries: tuple[str, ...]
    position: LonLat | None
    within_km: float | None
    role: PlaceRole
    is_alternative: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantityGold:
    """A number with what it counts; `low` or `high` is None where the text leaves that side open."""

    measure: str
    low: float | None
    high: float | None
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventGold:
    """An event that a careful reader would draft.

    `types` are the acceptable ones, the best first, each `type/subtype` or a type alone where any of its subtypes
    will do. `readings` are the acceptable times, the best first; none where the time cannot be known. `modalities`
    are acceptable likewise. `claimants` and `denied_by` are words of the text. Measures are plain plural nouns.
    """

    types: tuple[str, ...]
    words: tuple[Words, ...]
    readings: tuple[Days, ...]
    where: tuple[WhereGold, ...]
    modalities: tuple[Modality, ...]
    claimants: tuple[str, ...]
    denied_by: tuple[str, ...]
    quantities: tuple[QuantityGold, ...]
    equipment: tuple[str, ...]
    required: bool


@dataclass(frozen=True, slots=True)
class FalseLead:
    """Words that must not become an event or the place of one, and why."""

    words: Words
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """A text and its gold.

    `same_event` are the ids of all dispatches, this one among them, whose first event is one and the same;
    `derived_from` is the dispatch that this one copies, empty where it stands on its own. `distinct_from` are those
    whose first event is much alike and yet another one.
    """

    id: str
    language: str
    published: date | None
    traps: tuple[str, ...]
    text: str
    toponyms: tuple[ToponymGold, ...]
    dates: tuple[DateGold, ...]
    ignored: tuple[Words, ...]
    events: tuple[EventGold, ...]
    false_leads: tuple[FalseLead, ...]
    same_event: tuple[str, ...]
    derived_from: str
    distinct_from: tuple[str, ...]


def read_dispatches(folder: Path = FOLDER) -> tuple[Dispatch, ...]:
    """Read every dispatch of a folder, by id.

    Raises
    ------
    ConfigError
        With file, line and column, for whatever `read_dispatch` refuses, and for a dispatch that names another
        which is not there.
    """
    dispatches = tuple(read_dispatch(path) for path in sorted(folder.glob("*.yaml")))
    by_id = {dispatch.id: dispatch for dispatch in dispatches}
    for each in dispatches:
        group = {*each.same_event, *filter(None, [each.derived_from])}
        same = all(other in by_id and by_id[other].same_event == each.same_event for other in group)
        apart = all(other in by_id and each.id in by_id[other].distinct_from for other in each.distinct_from)
        if not (same and apart):
            path = folder / f"{each.id}.yaml"
            mark = read_yaml(path).mark(("same_event" if apart else "distinct_from",))
            raise ConfigError.at(mark, "it names a dispatch that is not there or does not name it in turn")
    return dispatches


def read_dispatch(path: Path) -> Dispatch:
    """Read one dispatch.

    Raises
    ------
    ConfigError
        With file, line and column: an unknown or missing key, words that the text does not hold that often, marks
        that overlap or are out of order, an unknown type, a country that is no code, a span that ends before it
        begins.
    """
    node = _Node(file := read_yaml(path), (), file.data)
    node.take(
        *("id", "language", "published", "traps", "text", "toponyms", "dates", "ignored", "events", "false"),
        optional=("same_event", "derived_from", "distinct_from"),
    )
    text = node["text"].text()
    dispatch = Dispatch(
        id=node["id"].text(),
        language=node["language"].text(_LANGUAGE),
        published=node["published"].day(),
        traps=node["traps"].texts(),
        text=text,
        toponyms=tuple(_toponym(each, text) for each in node["toponyms"]),
        dates=tuple(_date(each, text) for each in node["dates"]),
        ignored=tuple(_marked(each.take("text", "n"), text) for each in node["ignored"]),
        events=tuple(_event(each, text) for each in node["events"]),
        false_leads=tuple(_false_lead(each, text) for each in node["false"]),
        same_event=node["same_event"].texts(),
        derived_from=node["derived_from"].text() if node["derived_from"].value else "",
        distinct_from=node["distinct_from"].texts(),
    )
    if dispatch.id != path.stem:
        raise node["id"].error(f"the file is called {path.stem}; name them alike")
    _check_order(node["toponyms"], [each.words for each in dispatch.toponyms])
    _check_order(node["dates"], [each.words for each in dispatch.dates])
    return dispatch


@dataclass(frozen=True, slots=True)
class _Node:
    """A value of a YAML file that knows where it stands; a key that was not written is a node of None."""

    file: YamlFile
    path: tuple[str | int, ...]
    value: Any

    def error(self, message: str) -> ConfigError:
        return ConfigError.at(self.file.mark(self.path), message)

    def take(self, *required: str, optional: Sequence[str] = ()) -> "_Node":
        """Itself, if it is a mapping of these keys."""
        if not isinstance(self.value, dict):
            raise self.error("expected a mapping of keys")
        for key in required:
            if key not in self.value:
                raise self.error(f"key {key!r} is missing; add it")
        for key in self.value:
            if key not in required and key not in optional:
                raise self[key].error(f"unknown key {key!r}; remove it")
        return self

    def __getitem__(self, key: str) -> "_Node":
        return _Node(self.file, (*self.path, key), self.value.get(key))

    def __iter__(self) -> Iterator["_Node"]:
        if self.value is not None and not isinstance(self.value, list):
            raise self.error("expected a list")
        for number, value in enumerate(self.value or ()):
            yield _Node(self.file, (*self.path, number), value)

    def text(self, pattern: re.Pattern[str] | None = None) -> str:
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.error("expected text")
        if pattern and not pattern.fullmatch(self.value):
            raise self.error(f"{self.value!r} is not of the form {pattern.pattern}")
        return self.value

    def texts(self, pattern: re.Pattern[str] | None = None) -> tuple[str, ...]:
        return tuple(each.text(pattern) for each in self)

    def text_or_texts(self) -> tuple[str, ...]:
        return self.texts() if isinstance(self.value, list) else (self.text(),)

    def number(self) -> float | None:
        if self.value is None:
            return None
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            raise self.error("expected a number or null")
        return self.value

    def yes(self) -> bool:
        if self.value is not None and not isinstance(self.value, bool):
            raise self.error("expected true or false")
        return bool(self.value)

    def day(self) -> date | None:
        try:
            return None if self.value is None else date.fromisoformat(self.text())
        except ValueError as error:
            raise self.error(f"{self.value!r} is not a day such as 2023-04-05") from error


def _toponym(node: _Node, text: str) -> ToponymGold:
    node.take("text", "n", "mention", "country", optional=("place", "lon", "lat", "within_km", "area"))
    mention = _member(node["mention"], Mention)
    position, within_km = _position(node)
    if (mention is Mention.DEMONYM) == (position is not None):
        raise node.error("a demonym has a country only, every other mention a place and position as well")
    return ToponymGold(
        words=_marked(node, text),
        mention=mention,
        place="" if mention is Mention.DEMONYM else node["place"].text(),
        countries=node["country"].texts(_COUNTRY),
        position=position,
        within_km=within_km,
        is_area=node["area"].yes(),
    )


def _date(node: _Node, text: str) -> DateGold:
    node.take("text", "n", "first", "last", optional=("also",))
    return DateGold(words=_marked(node, text), readings=_readings(node))


def _event(node: _Node, text: str) -> EventGold:
    optional = ("type", "types", "claimants", "denied_by", "quantities", "equipment")
    node.take("words", "when", "where", "modality", "required", optional=optional)
    claimants, denied_by = node["claimants"].texts(), node["denied_by"].texts()
    for actor in (*claimants, *denied_by):
        if not _occurrences(actor, text):
            raise node.error(f"the text does not name {actor!r}")
    where = node["where"]
    return EventGold(
        types=_types(node),
        words=tuple(_only(each, text) for each in node["words"]),
        readings=_when(node["when"]),
        where=tuple(_where(each) for each in (where if isinstance(where.value, list) else [where])),
        modalities=_modalities(node["modality"]),
        claimants=claimants,
        denied_by=denied_by,
        quantities=tuple(_quantity(each) for each in node["quantities"]),
        equipment=node["equipment"].texts(),
        required=node["required"].yes(),
    )


def _false_lead(node: _Node, text: str) -> FalseLead:
    node.take("words", "why")
    return FalseLead(_only(node["words"], text), node["why"].text())


def _types(node: _Node) -> tuple[str, ...]:
    if (node["type"].value is None) == (node["types"].value is None):
        raise node.error("give either `type` or `types`")
    types = node["types"].texts() or (node["type"].text(),)
    for each in types:
        kind, _, subtype = each.partition("/")
        if kind not in EVENT_TYPES or (subtype and subtype not in EVENT_TYPES[kind].subtypes):
            raise node.error(f"{each!r} is no event type of geomap.model.event_types")
    return types


def _when(node: _Node) -> tuple[Days, ...]:
    node.take(optional=("first", "last", "also", "unknown"))
    if node["unknown"].yes():
        return ()
    readings = _readings(node)
    if readings[0] == Days(None, None):
        raise node.error("say `unknown: true` where the time cannot be known")
    return readings


def _readings(node: _Node) -> tuple[Days, ...]:
    return (_days(node), *(_days(each.take("first", "last")) for each in node["also"]))


def _days(node: _Node) -> Days:
    days = Days(node["first"].day(), node["last"].day())
    if days.first and days.last and days.last < days.first:
        raise node.error(f"the span ends on {days.last}, before it begins")
    return days


def _modalities(node: _Node) -> tuple[Modality, ...]:
    each = node if isinstance(node.value, list) else [node]
    return tuple(_member(value, Modality) for value in each)


def _where(node: _Node) -> WhereGold:
    optional = ("place", "country", "lon", "lat", "within_km", "role", "alternative")
    kind = _member(node.take("kind", optional=optional)["kind"], WhereKind)
    position, within_km = _position(node)
    countries = node["country"].texts(_COUNTRY)
    if kind is not WhereKind.NONE and position is None and not countries:
        raise node.error("give a position or a country")
    return WhereGold(
        kind=kind,
        place=node["place"].text() if position else "",
        countries=countries,
        position=position,
        within_km=within_km,
        role=_member(node["role"], PlaceRole) if node["role"].value else PlaceRole.SITE,
        is_alternative=node["alternative"].yes(),
    )


def _quantity(node: _Node) -> QuantityGold:
    node.take("measure", "low", "high", optional=("unit",))
    low, high = node["low"].number(), node["high"].number()
    if (low is None and high is None) or (low is not None and high is not None and high < low):
        raise node.error("give low or high, the lower first")
    unit = node["unit"].text() if node["unit"].value else ""
    return QuantityGold(measure=node["measure"].text(), low=low, high=high, unit=unit)


def _position(node: _Node) -> tuple[LonLat | None, float | None]:
    lon, lat, within_km = (node[key].number() for key in ("lon", "lat", "within_km"))
    if lon is None or lat is None or within_km is None:
        if not lon is lat is within_km is None:
            raise node.error("lon, lat and within_km come together")
        return None, None
    try:
        return LonLat(lon=lon, lat=lat), within_km
    except ValueError as error:
        raise node.error(str(error)) from error


def _marked(node: _Node, text: str) -> Words:
    """The `n`th occurrence of the words, from 1."""
    words, n = node["text"].text(), node["n"].number()
    found = _occurrences(words, text)
    if not isinstance(n, int) or not 1 <= n <= len(found):
        raise node.error(f"{words!r} occurs {len(found)} times in the text, n is {n}")
    return found[n - 1]


def _only(node: _Node, text: str) -> Words:
    """The words that stand in the text once."""
    found = _occurrences(node.text(), text)
    if len(found) != 1:
        raise node.error(f"{node.value!r} occurs {len(found)} times in the text, expected once")
    return found[0]


def _occurrences(words: str, text: str) -> list[Words]:
    """Where words stand in a text as whole words."""
    found = re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text)
    return [Words(words, match.start(), match.end()) for match in found]


def _check_order(node: _Node, marks: Sequence[Words]) -> None:
    end = 0
    for each, words in zip(node, marks, strict=True):
        if words.start < end:
            raise each.error(f"{words.text!r} stands before the end of the entry before it")
        end = words.end


def _member(node: _Node, kind: type[Kind]) -> Kind:
    try:
        return kind(node.text())
    except ValueError as error:
        raise node.error(f"expected one of {', '.join(kind)}") from error
