"""Many events as tables: Parquet and GeoParquet, FlatGeobuf, CSV; one row an event, or one place of one.

The columns are those of our exports, and the keys of events; nested keys are JSON text.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import orjson
from numpy.typing import NDArray

from geomap.errors import ConfigError, Mark, Problem
from geomap.events.bulk.collect import read_values
from geomap.events.bulk.read import ArrowFile, read_arrow
from geomap.events.imports.own import KEPT_STATUSES, is_own, number_of
from geomap.events.lines import MAX_PROBLEMS, parse_event
from geomap.model.columns import Coded, Texts, coded_arrow, ranked_together
from geomap.model.geometry import to_geojson
from geomap.model.plain import PlainEvents
from geomap.model.records import SLUG, EventRecord
from geomap.model.table import COLUMNS
from geomap.model.vocabulary import Precision

_NEEDED: Final = ("id", "title", "type", "sources")
_PLACE: Final = (
    "place_name", "place_role", "country", "precision", "radius_m", "method", "lon", "lat", "where",
)  # fmt: skip
_NESTED: Final = ("claims", "evidence", "quantities", "equipment", "media", "relations", "codes")
_NOTHING_SAID: Final = frozenset({None, "[]", "{}", "null"})
_LISTS: Final = ("sources", "actors", "tags")
_OWN: Final = (*_NEEDED, "subtype", "summary", "modality", "status", "when", "date_start", "date_end", "actors", "tags",
               "workflow", "sensitivity", *_PLACE, *_NESTED)  # fmt: skip
_OF_EVENT: Final = tuple(name for name in _OWN if name not in _PLACE)
"""What all rows of one event say alike."""
_COMPUTED: Final = frozenset(COLUMNS) - frozenset(_OWN) - {"event_id"}
"""Columns of our exports that are worked out anew."""
_CODED: Final = ("status", "modality", "workflow", "when", "actors", "sources", "tags")


def read_plain_table(path: Path) -> tuple[PlainEvents, list[tuple[EventRecord, Mark]]]:
    """Read a table: most events as columns, the others as records.

    Raises
    ------
    ConfigError
        If it is no such table, lacks a column or has one that nothing reads; with the problems of its rows, up to
        1,000.
    """
    return _Table(read_arrow(path)).read()


class _Table:
    def __init__(self, file: ArrowFile) -> None:
        self._file, self._path = file, file.path
        names = {"event_id": "id"}
        self._columns: dict[str, Any] = {}
        unknown = []
        for name in file.columns:
            own = names.get(name, name)
            if own in _OWN:
                self._columns[own] = file.columns[name]
            elif name not in _COMPUTED:
                unknown.append(name)
        if missing := [name for name in _NEEDED if name not in self._columns]:
            raise self._refusal(f"no column {', '.join(missing)}; it has {', '.join(file.columns) or 'none'}")
        if unknown:
            step = "remove it, or bring the file in with geomap import and a mapping"
            raise self._refusal(f"column {', '.join(sorted(unknown))} is none of an event; {step}")
        self._features = file.columns.get("feature_id")
        self._is_export = is_own(file.columns)
        self._count = file.rows

    def _refusal(self, text: str) -> ConfigError:
        return ConfigError([Problem(Mark(self._path, 1, 1), text, "table")])

    def read(self) -> tuple[PlainEvents, list[tuple[EventRecord, Mark]]]:
        """The columns, and the records of other rows."""
        columns: dict[str, Any] = {}
        bad = self._odd_texts()
        for name in _CODED:
            columns[name], faulty = read_values(name, self._written(name))
            bad |= faulty
        columns["type"], faulty = read_values("type", self._types())
        bad |= faulty
        where, names, lon, lat, odd = self._places()
        columns["where"], faulty = read_values("where", where)
        bad |= faulty | odd | self._nested() | self._repeated()
        bad |= self._coded("sensitivity").each(lambda value: value not in (None, "none"), bool)
        path = self._path
        plain = PlainEvents(
            path=path,
            line=np.arange(self._count, dtype=np.int32) + self._file.first_line,
            id=Texts(self._columns["id"]),
            title=Texts(self._columns["title"]),
            summary=Texts(self._text("summary")),
            name=names,
            lon=lon,
            lat=lat,
            # Read anew, so that the file does not stay in memory for what is seldom asked.
            read_rows=lambda lines: _Table(read_arrow(path)).records(lines) if lines else [],
            **columns,
        )
        return plain.without(bad), self.records(plain.line[bad].tolist())

    # One column each

    def _text(self, name: str) -> Any:
        """A column as an Arrow array of texts, None where it is empty or not there."""
        import pyarrow as pa
        import pyarrow.compute as pc

        if name not in self._columns:
            return pa.nulls(self._count, pa.large_string())
        column = self._columns[name]
        return pc.if_else(pc.equal(column, ""), None, column)

    def _coded(self, name: str) -> Coded[Any]:
        column = self._columns.get(name)
        if column is None:
            return Coded(np.zeros(self._count, dtype=np.int32), [None])
        # Lists and numbers came as texts; those of few values are numbered already.
        numbered = column if isinstance(column.type, _dictionary_type()) else column.dictionary_encode()
        return coded_arrow(numbered).map(lambda text: text or None)

    def _odd_texts(self) -> NDArray[np.bool_]:
        import pyarrow.compute as pc

        is_id = pc.match_substring_regex(self._columns["id"], f"^{SLUG.pattern}$")
        has_title = pc.greater(pc.binary_length(self._columns["title"]), 0)
        fine = pc.and_(pc.fill_null(is_id, False), pc.fill_null(has_title, False))
        return np.asarray(~fine.to_numpy(zero_copy_only=False))

    def _written(self, name: str) -> Coded[Any]:
        """A key as a record takes it."""
        if name == "when":
            return self._when()
        column = self._coded(name)
        if name in _LISTS:
            return column.map(lambda text: _list_or_text(name, text))
        if name == "status" and self._is_export:
            return column.map(lambda value: value if value in KEPT_STATUSES else None)
        return column

    def _when(self) -> Coded[Any]:
        """The date as EDTF; of a table without one its first and last days."""
        when, first, last = (self._coded(name) for name in ("when", "date_start", "date_end"))
        number, rows = ranked_together([when.codes, first.codes, last.codes])
        return Coded(number, [_edtf(when[row], first[row], last[row]) for row in rows.tolist()])

    def _types(self) -> Coded[str | None]:
        kind, subtype = self._coded("type"), self._coded("subtype")
        number, rows = ranked_together([kind.codes, subtype.codes])
        return Coded(
            number, ["/".join(part for part in (kind[row], subtype[row]) if part) for row in rows.tolist()]
        )

    def _nested(self) -> NDArray[np.bool_]:
        """The rows that say more than columns hold."""
        more = np.zeros(self._count, dtype=bool)
        for name in _NESTED:
            more |= self._coded(name).each(lambda text: text not in _NOTHING_SAID, bool)
        return more

    def _repeated(self) -> NDArray[np.bool_]:
        """The rows of events with several, one for each place."""
        import pyarrow.compute as pc

        ids = self._columns["id"]
        seen = pc.value_counts(ids)
        if len(seen) == len(ids):
            return np.zeros(len(ids), dtype=bool)
        several = seen.field("values").filter(pc.greater(seen.field("counts"), 1))
        found: NDArray[np.bool_] = pc.is_in(ids, value_set=several).to_numpy(zero_copy_only=False)
        return found

    def _places(
        self,
    ) -> tuple[Coded[Any], Coded[Any], NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
        """What is written of where, as in `PlainEvents`, and the rows of which columns cannot hold it."""
        lon, lat, shaped = self._file.positions(self._columns)
        given = ~np.isnan(lon) & ~np.isnan(lat) & (np.abs(lon) <= 180) & (np.abs(lat) <= 90)
        own = {name: self._coded(name) for name in _PLACE if name not in ("lon", "lat")}
        known = ("where", "place_role", "country", "precision", "radius_m", "method")
        name = own["place_name"]
        # The name of a given position is a column of its own; of all others it is what decides.
        looked_up = np.where(given, 0, name.codes + 1)
        number, rows = ranked_together(
            [given.astype(np.int64), looked_up, *(own[key].codes for key in known)]
        )
        written = []
        for row in rows.tolist():
            cells = {key: own[key][row] for key in known} | {"place_name": None if given[row] else name[row]}
            written.append(_place_of(cells, (0, 0) if given[row] else None))
        where: Coded[Any] = Coded(number, written)
        stated = own["where"].each(lambda text: text is not None, bool)
        bare = np.where(given, name.codes, len(name.values))
        odd = (
            shaped
            | (given & stated)
            | where.each(_is_odd, bool)
            | (~given & ~(np.isnan(lon) & np.isnan(lat)))
        )
        lon, lat = np.where(given, lon, np.nan), np.where(given, lat, np.nan)
        return where, Coded(bare, [*name.values, None]), lon, lat, odd

    # Rows as records

    def records(self, lines: Sequence[int]) -> list[tuple[EventRecord, Mark]]:
        """The events of some rows, of each all its rows; at so many problems no more is read."""
        by_event: dict[Any, list[int]] = defaultdict(list)
        for line in sorted(lines):
            row = line - self._file.first_line
            by_event[self._columns["id"][row].as_py()].append(row)
        read: list[tuple[EventRecord, Mark]] = []
        problems: list[Problem] = []
        for several in by_event.values():
            rows = sorted(several, key=lambda row: number_of(self._feature_id(row))[0])
            mark = Mark(self._path, rows[0] + self._file.first_line, 1)
            try:
                read.append((parse_event(self._mapping(rows, mark), mark), mark))
            except ConfigError as error:
                problems += error.problems
                if len(problems) >= MAX_PROBLEMS:
                    break
        if problems:
            raise ConfigError(problems)
        return read

    def _feature_id(self, row: int) -> str:
        return "" if self._features is None else self._features[row].as_py() or ""

    def _mapping(self, rows: Sequence[int], mark: Mark) -> dict[str, Any]:
        cells = [self._cells(row) for row in rows]
        first = cells[0]
        for row, other in zip(rows, cells, strict=True):
            if differing := [key for key in _OF_EVENT if first[key] != other[key]]:
                at = Mark(self._path, row + self._file.first_line, 1)
                text = f"event id {first['id']!r} again, with another {differing[0]}; it stands at {mark}"
                raise ConfigError.at(at, text)
        try:
            keys = {name: _json(name, first[name]) for name in _NESTED}
            keys |= {name: _list_of(name, first[name]) for name in _LISTS}
            places = [
                place
                for row, own in zip(rows, cells, strict=True)
                if (place := _place_of(own, _at(own), self._file.shape(row))) is not None
            ]
        except ValueError as error:
            raise ConfigError.at(mark, str(error)) from error
        status = first["status"]
        keys |= {
            "id": first["id"],
            "title": first["title"],
            "type": "/".join(part for part in (first["type"], first["subtype"]) if part),
            "when": _edtf(first["when"], first["date_start"], first["date_end"]),
            "where": places[0] if len(places) == 1 else places or None,
            "status": None if self._is_export and status not in KEPT_STATUSES else status,
            **{name: first[name] for name in ("summary", "modality", "workflow", "sensitivity")},
        }
        return {key: value for key, value in keys.items() if value is not None}

    def _cells(self, row: int) -> dict[str, Any]:
        cells = dict.fromkeys(_OWN)
        for name, column in self._columns.items():
            value = column[row].as_py()
            cells[name] = None if value == "" else value
        return cells


def _dictionary_type() -> Any:
    import pyarrow as pa

    return pa.DictionaryType


def _is_odd(where: Any) -> bool:
    """Whether a written place is more than one place that its event happened at."""
    if isinstance(where, Mapping):
        return (
            "geometry" in where
            or "publish_precision" in where
            or where.get("role") in ("purpose", "mentioned")
        )
    return isinstance(where, list)


def _place_of(cells: Mapping[str, Any], at: tuple[Any, Any] | None, shape: Any = None) -> Any:
    """The place of a row as an events file writes it; `at` is a position, `shape` a geometry."""
    if cells["where"] is not None:
        text = cells["where"]
        try:
            return orjson.loads(text) if text[:1] in '[{"' else text
        except orjson.JSONDecodeError:
            return text
    name, country, precision = cells["place_name"], cells["country"], cells["precision"]
    known = {
        "country": country,
        "role": cells["place_role"],
        "precision": precision,
        "radius_m": _number(cells["radius_m"]),
        "method": cells["method"],
    }
    if at is None and shape is not None and shape.geom_type == "Point":
        at = (shape.x, shape.y)
    if at is not None:
        return _filled({"lon": at[0], "lat": at[1], "name": name, **known})
    if shape is not None:
        return _filled({"geometry": to_geojson(shape), "name": name, **known, "radius_m": None})
    if precision == Precision.COUNTRY and country:
        return _filled({"country": country, "name": name, "role": cells["place_role"]})
    if precision == Precision.NONE:
        return "unknown" if name else None
    return _filled({"place": name, **known, "method": None}) if name or country else None


def _at(cells: Mapping[str, Any]) -> tuple[Any, Any] | None:
    """The position that a row gives in figures, or what of it."""
    lon, lat = _number(cells["lon"]), _number(cells["lat"])
    return None if lon is None and lat is None else (lon, lat)


def _filled(keys: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in keys.items() if value is not None}


def _number(text: Any) -> Any:
    if text is None:
        return None
    try:
        number = float(text)
    except ValueError:
        return text
    return number


def _edtf(when: str | None, first: str | None, last: str | None) -> str | None:
    if when is not None:
        return when
    if first is None and last is None:
        return None
    return first if first == last else f"{first or '..'}/{last or '..'}"


def _list_of(name: str, text: str | None) -> Any:
    """A list of texts: JSON, or one text alone; of actors names, or mappings as in an events file."""
    if text is None:
        return None
    values = _json(name, text) if text[:1] == "[" else [text]
    if name == "actors" and isinstance(values, list):
        return [{"name": value} if isinstance(value, str) else value for value in values]
    return values


def _list_or_text(name: str, text: str | None) -> Any:
    """The same; what is no JSON stays as it is, and its row is told when it is read again."""
    try:
        return _list_of(name, text)
    except ValueError:
        return text


def _json(name: str, text: str | None) -> Any:
    if text is None:
        return None
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise ValueError(f"{name}: expected JSON, found {text[:40]!r}") from error
