"""Many events as JSON Lines, in columns.

What a line may be is `events.lines`'s to say: a line that is odd in any way is read there, again and alone, and so is
one that says more of its event than columns hold.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np
import orjson

from geomap.errors import ConfigError, Mark, Problem
from geomap.events.bulk.blocks import read_block
from geomap.events.bulk.collect import Codes, read_values
from geomap.events.bulk.line_blocks import LineBlock
from geomap.events.lines import MAX_FILE, MAX_LINE, MAX_PROBLEMS, read_event_line
from geomap.files import read_line_blocks, read_lines
from geomap.model.columns import Coded, Texts, coded_arrow
from geomap.model.plain import PlainEvents
from geomap.model.records import SLUG, EventRecord, Where

KEYS: Final = frozenset({
    "id", "type", "title", "sources", "summary", "modality", "status", "when", "where", "actors", "tags", "workflow",
})  # fmt: skip
"""The keys of an event that columns hold."""
_CODED: Final = ("type", "status", "modality", "workflow", "when", "actors", "sources", "tags")
_AS_JSON: Final = frozenset({"actors", "sources", "tags"})
_BATCH: Final = 16_384


def read_plain_lines(path: Path) -> tuple[PlainEvents, list[tuple[EventRecord, Mark]]]:
    """Read a file of JSON Lines: most events as columns, the others as records.

    Raises
    ------
    ConfigError
        As `events.lines.read_event_lines`.
    """
    collected = _Collected(path)
    number = 1
    for text in read_line_blocks(path, max_bytes=MAX_FILE, max_line=MAX_LINE):
        lines = LineBlock.of(text)
        collected.add_lines(number, lines)
        number += len(lines)
    return collected.finish()


class _Collected:
    """The rows of a file as they are read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._codes = {name: Codes() for name in (*_CODED, "where")}
        self._texts: dict[str, list[Any]] = {name: [] for name in ("id", "title", "summary", "name")}
        self._lon: list[Any] = []
        self._lat: list[Any] = []
        self._lines: list[Any] = []
        self._batch: list[tuple[Any, ...]] = []
        self._others: list[tuple[EventRecord, Mark]] = []
        self._problems: list[Problem] = []

    def add_lines(self, first: int, lines: LineBlock) -> None:
        """Take some lines; `first` is the number of the first."""
        block = read_block(lines)
        if block is None:
            for row in range(len(lines)):
                self._add(first + row, lines[row])
            return
        self._flush()
        kept = np.flatnonzero(~block.odd)
        self._lines.append((kept + first).astype(np.int32))
        for name, array in block.texts.items():
            self._texts[name].append(array.take(kept))
        self._lon.append(block.lon[kept])
        self._lat.append(block.lat[kept])
        self._codes["where"].add_column(block.where.take(kept))
        nothing = Coded(np.zeros(len(lines), np.int32), [None])
        for name in _CODED:
            self._codes[name].add_column(block.coded.get(name, nothing).take(kept))
        for row in np.flatnonzero(block.odd).tolist():
            self._read_alone(first + row, lines[row])

    def _add(self, number: int, line: bytes) -> None:
        row = plain_row(line)
        if row is not None:
            self._batch.append((number, *row))
            if len(self._batch) == _BATCH:
                self._flush()
        elif line.strip():
            self._read_alone(number, line)

    def _read_alone(self, number: int, line: bytes) -> None:
        if len(self._problems) < MAX_PROBLEMS:
            mark = Mark(self._path, number, 1)
            try:
                self._others.append((read_event_line(line, mark), mark))
            except ConfigError as error:
                self._problems += error.problems

    def finish(self) -> tuple[PlainEvents, list[tuple[EventRecord, Mark]]]:
        """The columns, and the records of the other lines."""
        import pyarrow as pa

        self._flush()
        columns, bad = {}, np.zeros(sum(map(len, self._lines)), dtype=bool)
        for name in (*_CODED, "where"):
            written = self._codes[name].column()
            if name in _AS_JSON or name == "where":
                written = written.map(lambda value: None if value is None else orjson.loads(value))
            columns[name], faulty = read_values(name, written)
            bad |= faulty
        columns["where"], odd = _single_places(columns["where"])
        texts = {
            name: pa.concat_arrays([pa.array([], pa.large_string()), *parts])
            for name, parts in self._texts.items()
        }
        plain = PlainEvents(
            path=self._path,
            line=np.concatenate([np.zeros(0, np.int32), *self._lines]),
            id=Texts(texts["id"]),
            title=Texts(texts["title"]),
            summary=Texts(texts["summary"]),
            name=coded_arrow(texts["name"].dictionary_encode()),
            lon=np.concatenate([np.zeros(0), *self._lon]),
            lat=np.concatenate([np.zeros(0), *self._lat]),
            read_rows=lambda numbers: read_numbered_lines(self._path, numbers),
            **columns,
        )
        bad |= odd
        again = np.flatnonzero(bad)
        try:
            self._others += plain.records(again[:MAX_PROBLEMS])
        except ConfigError as error:
            self._problems += error.problems
        if self._problems:
            raise ConfigError(_first(self._problems))
        self._others += plain.records(again[MAX_PROBLEMS:])
        return plain.without(bad), sorted(self._others, key=lambda other: other[1].line)

    def _flush(self) -> None:
        if not self._batch:
            return
        import pyarrow as pa

        lines, ids, titles, summaries, names, lon, lat, where, *coded = zip(*self._batch, strict=True)
        self._batch.clear()
        self._lines.append(np.array(lines, dtype=np.int32))
        for name, values in (("id", ids), ("title", titles), ("summary", summaries), ("name", names)):
            self._texts[name].append(pa.array(values, pa.large_string()))
        self._lon.append(np.array(lon, dtype=np.float64))
        self._lat.append(np.array(lat, dtype=np.float64))
        self._codes["where"].add(where)
        for name, values in zip(_CODED, coded, strict=True):
            self._codes[name].add(values)


def plain_row(line: bytes) -> tuple[Any, ...] | None:
    """An event's id, title, summary, name, lon, lat, where and coded keys; None where columns cannot hold it."""
    try:
        event = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    if type(event) is not dict or not event.keys() <= KEYS:
        return None
    get = event.get
    event_id, title, summary = get("id"), get("title"), get("summary", "")
    where, actors = get("where"), get("actors")
    if not (type(event_id) is str and type(title) is str and title and type(summary) is str):
        return None
    if not SLUG.fullmatch(event_id):
        return None
    pairs = len(event)
    if actors is not None:
        if type(actors) is not list or not all(type(actor) is dict for actor in actors):
            return None
        pairs += sum(map(len, actors))
    name, lon, lat = None, np.nan, np.nan
    if type(where) is dict:
        pairs += len(where)
        if "lon" in where or "lat" in where:
            lon, lat, name = where.pop("lon", None), where.pop("lat", None), where.pop("name", None)
            if not (
                _is_degrees(lon, 180)
                and _is_degrees(lat, 90)
                and (name is None or (type(name) is str and name))
            ):
                return None
            where |= {"lon": 0, "lat": 0}
    elif not (where is None or type(where) is str):
        return None
    # Twice the same key, or a colon where it is hard to tell.
    if line.count(b'":') != pairs:
        return None
    coded = []
    for key in _CODED:
        value = get(key)
        if key in _AS_JSON:
            value = None if value is None else orjson.dumps(value)
        elif not (value is None and key != "type") and type(value) is not str:
            return None
        coded.append(value)
    return (
        event_id,
        title,
        summary or None,
        name,
        lon,
        lat,
        None if where is None else orjson.dumps(where),
        *coded,
    )


def _is_degrees(value: Any, most: int) -> bool:
    return type(value) in (float, int) and -most <= value <= most


def _single_places(where: Any) -> tuple[Any, Any]:
    """Which rows have more to say of where than one place that their event happened at."""
    odd = [not _is_single(place) for place in where.values]
    return where, np.array(odd or [False])[where.codes]


def _is_single(where: Where | None) -> bool:
    if where is None or not where.places:
        return True
    place = where.places[0]
    return (
        len(where.places) == 1
        and place.role.locates
        and not place.publish_precision
        and place.geometry is None
    )


def read_numbered_lines(path: Path, numbers: Sequence[int]) -> list[tuple[EventRecord, Mark]]:
    """The events of some lines, by their numbers, in the order of the file.

    Raises
    ------
    ConfigError
        With what is wrong in them.
    """
    if not numbers:
        return []
    read: list[tuple[EventRecord, Mark]] = []
    problems: list[Problem] = []
    for number, line in _picked(path, numbers):
        mark = Mark(path, number, 1)
        try:
            read.append((read_event_line(line, mark), mark))
        except ConfigError as error:
            problems += error.problems
    if problems:
        raise ConfigError(problems)
    return read


def _picked(path: Path, numbers: Sequence[int]) -> Iterator[tuple[int, bytes]]:
    wanted = set(numbers)
    lines = enumerate(read_lines(path, max_bytes=MAX_FILE, max_line=MAX_LINE), start=1)
    return ((number, line) for number, line in islice(lines, max(wanted)) if number in wanted)


def _first(problems: Sequence[Problem]) -> list[Problem]:
    ordered = sorted(problems, key=lambda problem: problem.mark.line)
    if len(ordered) < MAX_PROBLEMS:
        return ordered
    text = f"{MAX_PROBLEMS:,} problems up to here; what follows was not read"
    return [*ordered[:MAX_PROBLEMS], Problem(ordered[MAX_PROBLEMS - 1].mark, text)]
