"""What changed between two tables of events: columns first, and an event as an object only where they differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from geomap.events.changes import Change, changes_of
from geomap.events.published import PublishedEvent, PublishedPlace, event_ids, read_asides, read_event
from geomap.model.columns import Coded, Numbers, PlaceNames, Rows, Texts, coded, numbers, take
from geomap.model.table import Details, EventTable, Geometries
from geomap.model.vocabulary import Status

AddedBecause = Literal["new", "from_draft", "reinstated"]
WithdrawnBecause = Literal["removed", "to_draft", "retracted"]

_NUMBERS: Final = ("lon", "lat")
_COLUMNS: Final = (
    "title", "type", "subtype", "status", "modality", "when", "date_precision", "place_name", "place_id", "place_role",
    "countries", "precision", "radius_m", "method", "actors", "sources", "n_origins", "reliability", "summary", "tags",
    "workflow", "when_label", "place_note", "relation",
)  # fmt: skip
"""The columns of which the others follow; first and last moments follow from the date and the sources."""
_SOURCE_FIELDS: Final = (
    "publisher", "author", "title", "url", "archive_url", "published", "kind", "reliability", "graded_by",
    "derived_from", "licence",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedEvent:
    """An event that is there in one state only, or that one of them takes back, and why.

    `changes` are what else is new in an event that both have. `is_withheld` says that its places are not repeated.
    """

    event: PublishedEvent
    why: AddedBecause | WithdrawnBecause
    changes: tuple[Change, ...] = ()
    is_withheld: bool = False

    def as_json(self) -> dict[str, Any]:
        """The event as plain values."""
        changes = [change.as_json() for change in self.changes]
        return {**_listed(self.event, self.is_withheld), "why": self.why, "changes": changes}


@dataclass(frozen=True, slots=True, kw_only=True)
class RenamedEvent:
    """An event that seems to have another id now: one of each state is the same in all but that."""

    was: str
    event: PublishedEvent

    def as_json(self) -> dict[str, Any]:
        """The event as plain values."""
        return {"was": self.was, **self.event.as_json()}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedEvent:
    """An event that both states have, as it is now, and what changed in it."""

    event: PublishedEvent
    changes: tuple[Change, ...]

    def as_json(self) -> dict[str, Any]:
        """The event as plain values."""
        return {**self.event.as_json(), "changes": [change.as_json() for change in self.changes]}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedSource:
    """A source that both states cite, of which something else is said now: fields, each with what was and is.

    `is_withheld` says that an event that needs care cites it; what was said of it before is None then.
    """

    id: str
    fields: Mapping[str, tuple[str | None, str | None]]
    is_withheld: bool = False

    def as_json(self) -> dict[str, Any]:
        """The source as plain values."""
        fields = {name: {"was": was, "now": now} for name, (was, now) in self.fields.items()}
        return {"id": self.id, "fields": fields, "withheld": self.is_withheld}


@dataclass(frozen=True, slots=True, kw_only=True)
class Diff:
    """What changed between two states of a map, as far as they publish it; `unchanged` counts the other events.

    Withdrawn events stand in the order of the old state, the others in that of the new one.
    """

    added: tuple[ListedEvent, ...] = ()
    withdrawn: tuple[ListedEvent, ...] = ()
    renamed: tuple[RenamedEvent, ...] = ()
    changed: tuple[ChangedEvent, ...] = ()
    sources: tuple[ChangedSource, ...] = ()
    unchanged: int = 0

    def __bool__(self) -> bool:
        return any((self.added, self.withdrawn, self.renamed, self.changed, self.sources))

    def as_json(self) -> dict[str, Any]:
        """The changes as plain values."""
        lists = ("added", "withdrawn", "renamed", "changed", "sources")
        return {
            "unchanged": self.unchanged,
            **{name: [each.as_json() for each in getattr(self, name)] for name in lists},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One state of a map: its table, the ids of the drafts that are not in it, and of events with a place withheld."""

    table: EventTable
    drafts: frozenset[str] = frozenset()
    withheld: frozenset[str] = frozenset()


def diff(old: State, new: State) -> Diff:
    """What changed from one state of a map to another.

    Both are taken as they publish it: places as they are shown, and no drafts. An event that is retracted now, or a
    draft again, is withdrawn. One that is gone and one that is new are one event renamed if they are the same in all
    but their ids, and no third one is.
    """
    before, after = _Events(old.table), _Events(new.table)
    changed: list[ChangedEvent] = []
    added: dict[str, ListedEvent] = {}
    withdrawn: dict[str, ListedEvent] = {}
    for event_id in _differing(before, after):
        was, now = before.read(event_id), after.read(event_id)
        changes = changes_of(was, now, withheld=event_id in new.withheld)
        if not changes:
            continue
        if Status.RETRACTED in (was.status, now.status) and was.status != now.status:
            rest = tuple(change for change in changes if change.field != "status")
            if now.status == Status.RETRACTED:
                withdrawn[event_id] = ListedEvent(event=now, why="retracted", changes=rest)
            else:
                added[event_id] = ListedEvent(event=now, why="reinstated", changes=rest)
        else:
            changed.append(ChangedEvent(event=now, changes=changes))
    differing = len(changed) + len(added) + len(withdrawn)
    gone = [event_id for event_id in before.number if event_id not in after.number]
    arrived = [event_id for event_id in after.number if event_id not in before.number]
    renamed = _renamed(
        [before.read(event_id) for event_id in gone if arrived and event_id not in new.drafts],
        [after.read(event_id) for event_id in arrived if gone and event_id not in old.drafts],
    )
    settled = {name for event in renamed for name in (event.was, event.event.id)}
    for event_id in gone:
        if event_id not in settled:
            withdrawn[event_id] = ListedEvent(
                event=before.read(event_id),
                why="to_draft" if event_id in new.drafts else "removed",
                is_withheld=event_id in new.withheld,
            )
    for event_id in arrived:
        if event_id not in settled:
            why: AddedBecause = "from_draft" if event_id in old.drafts else "new"
            added[event_id] = ListedEvent(event=after.read(event_id), why=why)
    return Diff(
        added=tuple(added[event_id] for event_id in after.number if event_id in added),
        withdrawn=tuple(withdrawn[event_id] for event_id in before.number if event_id in withdrawn),
        renamed=tuple(renamed),
        changed=tuple(changed),
        sources=tuple(_source_changes(before, after, new.withheld)),
        unchanged=len(after.number) - len(arrived) - differing,
    )


def _listed(event: PublishedEvent, is_withheld: bool) -> dict[str, Any]:
    """An event in a list; of one that is withheld by now neither its words nor its places are repeated."""
    if not is_withheld:
        return event.as_json()
    return {**event.as_json(), "title": None, "places": None}


class _Events:
    """The events of a table by their ids, each read when it is asked for."""

    def __init__(self, table: EventTable) -> None:
        self.table = table
        self.first = table.first_rows
        self.lengths = np.diff(self.first, append=len(table))
        self.number = {event_id: number for number, event_id in enumerate(event_ids(table))}
        self.asides: Mapping[str, tuple[PublishedPlace, ...]] = read_asides(table)

    def read(self, event_id: str) -> PublishedEvent:
        """What is told of an event."""
        number = self.number[event_id]
        start = int(self.first[number])
        rows = range(start, start + int(self.lengths[number]))
        return read_event(self.table, rows, self.asides.get(event_id, ()))


def _renamed(gone: Sequence[PublishedEvent], arrived: Sequence[PublishedEvent]) -> list[RenamedEvent]:
    """The events that are gone and new, the same in all but their ids, and no third one with them."""
    was: dict[PublishedEvent, list[str]] = {}
    now: dict[PublishedEvent, list[PublishedEvent]] = {}
    for event in gone:
        was.setdefault(replace(event, id=""), []).append(event.id)
    for event in arrived:
        now.setdefault(replace(event, id=""), []).append(event)
    return [
        RenamedEvent(was=was[content][0], event=events[0])
        for content, events in now.items()
        if len(events) == len(was.get(content, ())) == 1
    ]


# Columns


def _differing(before: _Events, after: _Events) -> list[str]:
    """The events of both tables that are not told in the same columns, in the order of the new table."""
    ids = [event_id for event_id in after.number if event_id in before.number]
    old, new = (
        np.fromiter((side.number[event_id] for event_id in ids), np.intp, len(ids))
        for side in (before, after)
    )
    same = before.lengths[old] == after.lengths[new]
    lengths = after.lengths[new[same]]
    old_rows = _rows(before.first[old[same]], lengths)
    new_rows = _rows(after.first[new[same]], lengths)
    equal = _equal_rows(before.table, after.table, old_rows, new_rows)
    starts = np.cumsum(lengths) - lengths
    differs = np.ones(len(ids), dtype=bool)
    differs[same] = ~np.logical_and.reduceat(equal, starts) if len(starts) else False
    return [
        event_id
        for event_id, differ in zip(ids, differs.tolist(), strict=True)
        if differ or before.asides.get(event_id) != after.asides.get(event_id)
    ]


def _rows(first: Rows, lengths: NDArray[np.intp]) -> Rows:
    """The rows of events, one event after the other, given the first of each and how many it has."""
    starts = np.cumsum(lengths) - lengths
    return np.asarray(np.repeat(first - starts, lengths) + np.arange(int(lengths.sum())))


def _equal_rows(old: EventTable, new: EventTable, old_rows: Rows, new_rows: Rows) -> NDArray[np.bool_]:
    equal = np.ones(len(old_rows), dtype=bool)
    for name in _COLUMNS:
        equal &= _equal(take(old.columns[name], old_rows), take(new.columns[name], new_rows))
    for name in _NUMBERS:
        equal &= _equal_numbers(numbers(old.columns[name])[old_rows], numbers(new.columns[name])[new_rows])
    equal &= _equal_shapes(
        Geometries.of(old.geometry).take(old_rows), Geometries.of(new.geometry).take(new_rows)
    )
    # What is left to compare one by one are the details of events of which more is said than columns hold.
    rest = np.flatnonzero(equal)
    equal[rest] = _equal_details(
        take(old.columns["detail"], old_rows[rest]), take(new.columns["detail"], new_rows[rest])
    )
    return equal


def _equal(old: Sequence[Any], new: Sequence[Any]) -> NDArray[np.bool_]:
    """Of each row of two columns of one length whether they say the same."""
    if isinstance(old, Texts) and isinstance(new, Texts):
        return _equal_texts(old, new)
    if isinstance(old, PlaceNames) and isinstance(new, PlaceNames):
        # What has no name is named by its position, which is compared by itself.
        return _equal_coded(old.names, new.names)
    if isinstance(old, Numbers) and isinstance(new, Numbers):
        return _equal_numbers(old.array, new.array)
    return _equal_coded(*(own if isinstance(own, Coded) else coded(list(own)) for own in (old, new)))


def _equal_coded(old: Coded[Any], new: Coded[Any]) -> NDArray[np.bool_]:
    known: dict[Any, int] = {}
    codes = (
        np.fromiter((known.setdefault(value, len(known)) for value in own.values), np.intp, len(own.values))
        for own in (old, new)
    )
    was, now = (each[own.codes] for each, own in zip(codes, (old, new), strict=True))
    return np.asarray(was == now)


def _equal_texts(old: Texts, new: Texts) -> NDArray[np.bool_]:
    import pyarrow.compute as pc

    same = pc.fill_null(pc.equal(old.array, new.array), False)
    both_absent = pc.and_(pc.is_null(old.array), pc.is_null(new.array))
    return np.asarray(pc.or_(same, both_absent).to_numpy(zero_copy_only=False))


def _equal_numbers(old: NDArray[np.float64], new: NDArray[np.float64]) -> NDArray[np.bool_]:
    return np.asarray((old == new) | (np.isnan(old) & np.isnan(new)))


def _equal_shapes(old: Geometries, new: Geometries) -> NDArray[np.bool_]:
    known: dict[bytes, int] = {}
    was, now = (
        np.array([-1, *(known.setdefault(shapely.to_wkb(own), len(known)) for own in side.shapes)])[
            side.numbers + 1
        ]
        for side in (old, new)
    )
    return np.asarray((was == now) & _equal_numbers(old.lon, new.lon) & _equal_numbers(old.lat, new.lat))


def _equal_details(old: Sequence[Any], new: Sequence[Any]) -> NDArray[np.bool_]:
    equal = np.zeros(len(old), dtype=bool)
    rest = np.arange(len(old))
    if isinstance(old, Details) and isinstance(new, Details):
        both = (old.number < 0) & (new.number < 0)
        rows = np.flatnonzero(both)
        was, now = (side.plain.take(-1 - side.number[rows]) for side in (old, new))
        equal[rows] = (
            _equal_coded(was.actors.map(_parts), now.actors.map(_parts))
            & _equal_coded(was.reason.map(_set_by), now.reason.map(_set_by))
            & (was.is_unknown == now.is_unknown)
        )
        rest = np.flatnonzero(~both)
    for row in rest.tolist():
        # An event is read whole where this is not so; what is equal here is equal there.
        equal[row] = old[row] == new[row]
    return equal


def _parts(actors: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, str], ...]:
    return tuple((actor["name"], actor["role"]) for actor in actors)


def _set_by(reason: tuple[str, Mapping[str, Any]]) -> str:
    basis, code = reason
    return basis if code.get("code") == "set_by" else ""


# Sources


def _source_changes(before: _Events, after: _Events, withheld: frozenset[str]) -> list[ChangedSource]:
    """What is said otherwise of the sources that both tables cite, in the order of their ids."""
    old, new = _sources(before.table), _sources(after.table)
    # A name that was taken out for somebody's safety is not to be found in the notice of it.
    guarded = {
        source
        for side in (before, after)
        for event_id in withheld
        if event_id in side.number
        for source in side.read(event_id).sources
    }
    changes = []
    for source_id in sorted(old.keys() & new.keys()):
        was, now = old[source_id], new[source_id]
        changed = [name for name in _SOURCE_FIELDS if was[name] != now[name]]
        if changed:
            hides = source_id in guarded
            fields = {name: (None if hides else was[name], now[name]) for name in changed}
            changes.append(ChangedSource(id=source_id, fields=fields, is_withheld=hides))
    return changes


def _sources(table: EventTable) -> dict[str, Mapping[str, Any]]:
    detail = table.columns["detail"]
    if isinstance(detail, Details):
        told = [own["sources"] for own in detail.own] + list(detail.plain.sources.used)
    else:
        told = [own["sources"] for own in detail]
    return {source["id"]: source for sources in told for source in sources}
