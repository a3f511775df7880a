"""Events files to written events: everything that can be checked without a map or a gazetteer."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from geomap.errors import ConfigError, Mark, Problem
from geomap.events.bulk.formats import reader_of
from geomap.events.bulk.references import find_ids, repeated_ids, undeclared
from geomap.events.lines import MAX_PROBLEMS, SUFFIXES, read_event_lines
from geomap.model.events import EventSet, WrittenEvent
from geomap.model.plain import PlainEvents
from geomap.model.records import Actor, Claim, EventRecord, EventsFile, Evidence, Source
from geomap.yamlfile import YamlFile, read_yaml

MANY_EVENTS: Final = 10_000
"""From so many on a YAML file of events is the wrong choice."""
_At = Callable[..., Mark]
"""Where a part of an event stands in its file, by the steps to it."""


@dataclass(frozen=True, slots=True)
class _Entry:
    record: EventRecord
    at: _At


class SharedRecords:
    """Sources or actors by id, gathered from several files; one id means one thing."""

    def __init__(self) -> None:
        self.records: dict[str, Any] = {}
        self._marks: dict[str, str] = {}

    def add(self, written: YamlFile, key: str, records: Mapping[str, Any]) -> list[Problem]:
        """Take the records of a file; report an id that another file declares otherwise."""
        problems = []
        for record_id, record in records.items():
            mark = written.mark((key, record_id))
            if self.records.setdefault(record_id, record) != record:
                where = self._marks.get(record_id, "the map")
                problems.append(Problem(mark, f"{key} {record_id!r} differs from its declaration in {where}"))
            self._marks.setdefault(record_id, str(mark))
        return problems


def read_events(
    paths: Iterable[Path],
    *,
    types: Mapping[str, Collection[str]],
    sources: Mapping[str, Source] | None = None,
    actors: Mapping[str, Actor] | None = None,
) -> EventSet:
    """Read events files.

    Parameters
    ----------
    paths
        The files, in the order of the map: YAML, or by their suffix JSON Lines, Parquet, FlatGeobuf or CSV.
    types
        The event types in use, each with its subtypes.
    sources, actors
        Records that the map declares for all its files.

    Raises
    ------
    ConfigError
        With every problem of every file: keys, dates, types, ids that are used twice or not declared.
    """
    shared_sources, shared_actors = SharedRecords(), SharedRecords()
    shared_sources.records.update(sources or {})
    shared_actors.records.update(actors or {})
    problems: list[Problem] = []
    read: list[_Entry] = []
    plain: list[PlainEvents] = []
    remarks: list[tuple[Mark, str, str]] = []
    for path in paths:
        try:
            if (read_plain := reader_of(path)) is not None:
                own, others = read_plain(path)
                plain.append(own)
                read += [_Entry(record, _at_line(mark)) for record, mark in others]
                continue
            if path.suffix.lower() in SUFFIXES:
                read += [_Entry(record, _at_line(mark)) for record, mark in read_event_lines(path)]
                continue
            written = read_yaml(path)
            content = written.parse(EventsFile)
        except ConfigError as error:
            problems += error.problems
            continue
        problems += shared_sources.add(written, "sources", content.sources)
        problems += shared_actors.add(written, "actors", content.actors)
        if len(content.events) >= MANY_EVENTS:
            text = f"{len(content.events):,} events in YAML, which is read one by one"
            step = "keep them as JSON Lines or Parquet, see docs/large.md"
            remarks.append((written.mark(("events",)), "large-yaml", f"{text}; {step}"))
        read += [_Entry(record, _at_path(written, index)) for index, record in enumerate(content.events)]
    if problems:
        raise ConfigError(problems)

    events: list[WrittenEvent] = []
    first_marks: dict[str, Mark] = {}
    for number, own in enumerate(plain):
        again = undeclared(own, types, shared_sources.records, shared_actors.records)[:MAX_PROBLEMS]
        read += [_Entry(record, _at_line(mark)) for record, mark in own.records(again)]
        plain[number] = own.without(np.isin(np.arange(len(own)), again))
    for entry in read:
        record, mark = entry.record, entry.at("id")
        if (first := first_marks.setdefault(record.id, mark)) is not mark:
            problems.append(Problem(mark, f"event id {record.id!r} again; it stands at {first}"))
        problems += _reference_problems(entry, types, shared_sources.records, shared_actors.records)
        where_marks = tuple(entry.at("where", number) for number in range(len(record.where.places)))
        events.append(WrittenEvent(record=record, mark=mark, where_marks=where_marks))
    problems += repeated_ids(plain, first_marks)
    related = {relation.event for event in events for relation in event.record.relations}
    known = first_marks.keys() | find_ids(plain, related - first_marks.keys())
    for event in events:
        for relation in event.record.relations:
            if relation.event not in known:
                problems.append(
                    Problem(
                        event.mark, f"relation to event {relation.event!r}, which is in none of the files"
                    )
                )
    if problems:
        raise ConfigError(problems)
    return EventSet(
        events=tuple(events),
        sources=shared_sources.records,
        actors=shared_actors.records,
        plain=tuple(own for own in plain if len(own)),
        remarks=tuple(remarks),
    )


def _at_path(written: YamlFile, index: int) -> _At:
    return lambda *path: written.mark(("events", index, *path))


def _at_line(mark: Mark) -> _At:
    return lambda *path: mark


def _reference_problems(
    entry: _Entry,
    types: Mapping[str, Collection[str]],
    sources: Mapping[str, Source],
    actors: Mapping[str, Actor],
) -> Iterable[Problem]:
    record, at = entry.record, entry.at
    kind, _, subtype = record.type.partition("/")
    if kind not in types:
        yield Problem(at("type"), f"event type {kind!r} is not one of {', '.join(types)}")
    elif subtype and subtype not in types[kind]:
        yield Problem(
            at("type"),
            f"{kind} has no subtype {subtype!r}; it has {', '.join(sorted(types[kind])) or 'none'}",
        )
    for number, source in enumerate(record.sources):
        if source in record.sources[:number]:
            yield Problem(at("sources", number), f"source {source!r} again; list it once")
        if source not in sources:
            yield Problem(at("sources", number), f"source {source!r} is not declared under sources; add it")
    for number, part in enumerate(record.actors):
        if part.id is not None and part.id not in actors:
            yield Problem(
                at("actors", number, "id"), f"actor {part.id!r} is not declared under actors; add it"
            )
    resting: Mapping[str, Sequence[Claim | Evidence]] = {"claims": record.claims, "evidence": record.evidence}
    for key, items in resting.items():
        for number, item in enumerate(items):
            if item.source is not None and item.source not in sources:
                yield Problem(
                    at(key, number, "source"), f"source {item.source!r} is not declared under sources; add it"
                )
