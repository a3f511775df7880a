"""What an importer makes of a foreign file: events, their sources, and the rows that it could not take."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import orjson
from pydantic import BaseModel, ValidationError
from shapely.geometry.base import BaseGeometry

from geomap.errors import GeomapError
from geomap.model.records import EventRecord, Source

Row = Mapping[str, str]
"""The cells of a row by their column."""

_MOST_WORDS: Final = 160
_LONGEST_SLUG: Final = 100
_NOT_SLUG: Final = re.compile("[^a-z0-9]+")


class RowError(ValueError):
    """A row cannot become an event; the message says what was expected."""


class ImportFileError(GeomapError, ValueError):
    """A file is not of the format that was named."""


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row that was left out: where it stands in its file, such as `line 12`, and why."""

    at: str
    why: str


@dataclass(frozen=True, slots=True)
class ImportedEvent:
    """What a row tells: an event, the sources that it names, by id, and the country of its position.

    `country` is as the row has it, a name or a code; empty where it says nothing. `at` says where the row stands.
    """

    record: EventRecord
    sources: Mapping[str, Source]
    country: str = ""
    at: str = ""
    is_area: bool = False
    """Whether the name of its place means a region or country, also where a city bears it."""


@dataclass(slots=True)
class Imported:
    """The events of a file in its order, what was skipped, and remarks on the file as a whole."""

    events: list[ImportedEvent] = field(default_factory=list)
    skipped: list[SkippedRow] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    _ids: dict[str, str] = field(default_factory=dict)

    def add(self, event: ImportedEvent) -> None:
        """Take an event.

        Raises
        ------
        RowError
            If one with its id has been taken.
        """
        if event.record.id in self._ids:
            raise RowError(f"{event.record.id} stands in {self._ids[event.record.id]} already")
        self._ids[event.record.id] = event.at
        self.events.append(event)

    def skip(self, at: str, why: Exception) -> None:
        """Leave a row out."""
        self.skipped.append(SkippedRow(at, str(why)))


@dataclass(frozen=True, slots=True)
class Feature:
    """A row of a vector file: its attributes as text, its geometry (EPSG:4326) and the addresses in its words.

    `fault` says why the row cannot be taken; the rest is as far as it could be read then.
    """

    at: str
    cells: Row
    shape: BaseGeometry | None = None
    links: tuple[str, ...] = ()
    fault: str = ""


@dataclass(frozen=True, slots=True)
class FeatureFile:
    """What a reader makes of a file: its features, the names of their attributes, and what it says of itself.

    `about` are keys of a source: title, publisher, licence, url.
    """

    features: Sequence[Feature]
    columns: tuple[str, ...]
    about: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


def columns_of(features: Iterable[Feature]) -> tuple[str, ...]:
    """The names of all attributes, in the order in which they first occur."""
    return tuple(dict.fromkeys(name for feature in features for name in feature.cells))


def make_record(keys: Mapping[str, Any]) -> EventRecord:
    """An event of its keys, the empty ones left out.

    Raises
    ------
    RowError
        With the first thing that is wrong with it.
    """
    written = {key: value for key, value in keys.items() if value not in (None, "", [], {})}
    return _validated(EventRecord, written)


def make_source(keys: Mapping[str, Any]) -> Source:
    """A source of its keys.

    Raises
    ------
    RowError
        With the first thing that is wrong with it.
    """
    return _validated(Source, keys)


Model = TypeVar("Model", bound=BaseModel)


def _validated(model: type[Model], keys: Mapping[str, Any]) -> Model:
    try:
        return model.model_validate(keys)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise RowError(f"{where}: {first['msg'].removeprefix('Value error, ')}") from error


def merged_source(known: Source, other: Source) -> Source:
    """One source of two rows that name it: what the first leaves open, the other may tell."""
    told = {
        name: value
        for name, value in other
        if _is_open(name, getattr(known, name), known) and not _is_open(name, value, other)
    }
    return known.model_copy(update=told)


def _is_open(name: str, value: Any, source: Source) -> bool:
    """Whether a source does not say it; the name of the host stands for a publisher that is not known."""
    if name == "publisher":
        return value in ("", "not stated") or value == _host(source.url)
    return bool(value == Source.model_fields[name].default)


def host_of(url: str) -> str:
    """The host of an address; empty where it has none.

    Raises
    ------
    RowError
        If it is no address.
    """
    try:
        return urlsplit(url).hostname or ""
    except ValueError as error:
        raise RowError(f"url: {error}") from error


def _host(url: str) -> str:
    """The host of what somebody wrote as an address, whatever it is."""
    try:
        return host_of(url)
    except RowError:
        return ""


def demand(row: Row, column: str) -> str:
    """A cell that must not be empty.

    Raises
    ------
    RowError
        If it is.
    """
    if not row[column]:
        raise RowError(f"{column} is empty")
    return row[column]


def number_in(row: Row, column: str) -> float | None:
    """A cell as a finite number; None where it is empty.

    Raises
    ------
    RowError
        If it is something else.
    """
    text = row[column]
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        raise RowError(f"{column}: expected a number, found {text[:40]!r}") from None
    if value != value or value in (float("inf"), float("-inf")):
        raise RowError(f"{column}: {text!r} is no finite number")
    return value


def code_in(row: Row, column: str, known: Mapping[str, Any]) -> str:
    """A cell that holds a code of a closed list.

    Raises
    ------
    RowError
        If it holds another one.
    """
    code = row[column]
    if code not in known:
        raise RowError(f"{column}: expected one of {', '.join(known)}, found {code[:40]!r}")
    return code


def position_in(row: Row, lon: str, lat: str) -> dict[str, float]:
    """Longitude and latitude, degrees; both have to be there and in range.

    Raises
    ------
    RowError
        If they are not; where the two would fit the other way round, it says so.
    """
    x, y = number_in(row, lon), number_in(row, lat)
    if x is None or y is None:
        raise RowError(f"{lon} and {lat}: one of them is empty")
    return checked_position(x, y, lon, lat)


def checked_position(x: float, y: float, lon: str = "lon", lat: str = "lat") -> dict[str, float]:
    """Longitude and latitude in degrees; `lon` and `lat` are what messages call them.

    Raises
    ------
    RowError
        If they are out of range, swapped as far as one of them tells, or 0, 0, which many programs write for none.
    """
    if x == y == 0:
        raise RowError(f"{lon} 0, {lat} 0: written where no position is known; leave both empty")
    if abs(y) > 90 >= abs(x) and abs(y) <= 180:
        raise RowError(f"{lat} {y:g} lies past 90 degrees; are {lon} and {lat} swapped?")
    if abs(x) > 180 or abs(y) > 90:
        raise RowError(f"{lon} {x:g}, {lat} {y:g}: expected degrees of WGS 84")
    return {"lon": x, "lat": y}


def shortened(text: str) -> str:
    """A text as a title: its first sentence or so, cut at a word."""
    if len(text) <= _MOST_WORDS:
        return text
    return f"{text[:_MOST_WORDS].rsplit(None, 1)[0]} …"


def claims_of(names: str, source: str) -> list[dict[str, str]]:
    """Who reported it, as far as a data set names them: names parted by semicolons."""
    kept = dict.fromkeys(name.strip() for name in names.split(";"))
    return [{"by": name, "stance": "asserts", "source": source} for name in kept if name]


def cell_text(value: Any) -> str:
    """A value of an attribute as a cell: numbers in their digits, lists and objects as JSON, nothing for null.

    Raises
    ------
    RowError
        If it is nested deeper than JSON is read.
    """
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case float():
            return (
                ""
                if value != value
                else repr(int(value) if value.is_integer() and abs(value) < 1e15 else value)
            )
        case datetime():
            return value.isoformat()
        case int() | date():
            return str(value)
        case _:
            try:
                plain = value.tolist() if hasattr(value, "tolist") else value
                return orjson.dumps(plain, default=str).decode()
            except TypeError as error:
                raise RowError("an attribute is nested too deep") from error


def slug(text: str) -> str:
    """A text as part of an id; what its letters alone do not tell apart is told apart by a digest."""
    plain = _NOT_SLUG.sub("-", text.lower()).strip("-")
    is_whole = len(plain) <= _LONGEST_SLUG and not any(
        letter.isalnum() and not letter.isascii() for letter in text
    )
    if plain and is_whole:
        return plain
    digest = sha256(text.encode(errors="surrogatepass")).hexdigest()[:8]
    return f"{plain[:_LONGEST_SLUG].strip('-')}-{digest}".lstrip("-")


def filled(keys: Mapping[str, Any]) -> dict[str, Any]:
    """The keys that have a value."""
    return {key: value for key, value in keys.items() if value not in (None, "")}
