"""Events files to written events: everything that can be checked without a map or a gazetteer."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from geomap.errors import ConfigError, Problem
from geomap.model.events import EventSet, WrittenEvent
from geomap.model.records import Actor, Claim, EventRecord, EventsFile, Evidence, Source
from geomap.yamlfile import YamlFile, read_yaml


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
        The files, in the order of the map.
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
    read: list[tuple[YamlFile, EventsFile]] = []
    for path in paths:
        try:
            written = read_yaml(path)
            content = written.parse(EventsFile)
        except ConfigError as error:
            problems += error.problems
            continue
        problems += shared_sources.add(written, "sources", content.sources)
        problems += shared_actors.add(written, "actors", content.actors)
        read.append((written, content))
    if problems:
        raise ConfigError(problems)

    events: list[WrittenEvent] = []
    first_marks: dict[str, str] = {}
    for written, content in read:
        for index, record in enumerate(content.events):
            mark = written.mark(("events", index, "id"))
            if record.id in first_marks:
                problems.append(
                    Problem(mark, f"event id {record.id!r} again; it stands at {first_marks[record.id]}")
                )
            first_marks.setdefault(record.id, str(mark))
            problems += _reference_problems(
                written, index, record, types, shared_sources.records, shared_actors.records
            )
            events.append(
                WrittenEvent(record=record, mark=mark, where_marks=_where_marks(written, index, record))
            )
    for event in events:
        for relation in event.record.relations:
            if relation.event not in first_marks:
                problems.append(
                    Problem(
                        event.mark, f"relation to event {relation.event!r}, which is in none of the files"
                    )
                )
    if problems:
        raise ConfigError(problems)
    return EventSet(events=tuple(events), sources=shared_sources.records, actors=shared_actors.records)


def _where_marks(written: YamlFile, index: int, record: EventRecord) -> tuple[Any, ...]:
    return tuple(
        written.mark(("events", index, "where", number)) for number in range(len(record.where.places))
    )


def _reference_problems(
    written: YamlFile,
    index: int,
    record: EventRecord,
    types: Mapping[str, Collection[str]],
    sources: Mapping[str, Source],
    actors: Mapping[str, Actor],
) -> Iterable[Problem]:
    def at(*path: str | int) -> Any:
        return written.mark(("events", index, *path))

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
