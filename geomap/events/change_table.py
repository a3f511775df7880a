"""A diff as a table of events, so that a map of it is a map like any other.

Each event that changed stands once, with what changed in its title and summary. One that moved has the place where it
was shown and the one where it is; one that was withdrawn is marked as retracted, whatever its status was.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

import shapely

from geomap.events.changes import Change
from geomap.events.correction import change_words, why_words
from geomap.events.diff import Diff
from geomap.events.published import PublishedPlace, event_ids
from geomap.model.lonlat import LonLat
from geomap.model.table import COLUMNS, INNER_COLUMNS, EventTable
from geomap.model.vocabulary import Precision, Status

ChangeLayer = Literal["added", "withdrawn", "moved", "redated", "changed"]
CHANGE_LAYERS: Final[Mapping[ChangeLayer, str]] = {
    "added": "Added",
    "withdrawn": "Withdrawn",
    "moved": "Moved on the map",
    "redated": "Re-dated",
    "changed": "Otherwise changed",
}
"""The layers of a map of changes with their titles; each selects the tag of its name."""
_LAYERS_OF: Final[Mapping[str, ChangeLayer]] = {"moved": "moved", "redated": "redated"}
_COPIED: Final = (
    "event_id", "type", "subtype", "modality", "t_start", "t_end", "date_start", "date_end", "when", "date_precision",
    "end_open", "actors", "claimants", "sources", "source_urls", "n_sources", "n_origins", "reliability", "workflow",
    "when_label", "actor_ids",
)  # fmt: skip
_PERSONS: Final = ("actors", "actor_ids", "claimants")


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Where a place of an event was shown and where it is; a position is None where it is no point."""

    event_id: str
    was: LonLat | None
    now: LonLat | None
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """An event as the map of changes shows it, from the table that tells of it."""

    table: EventTable
    event_id: str
    layers: tuple[ChangeLayer, ...]
    said: tuple[str, ...]
    places: tuple[tuple[str, PublishedPlace], ...]
    is_withheld: bool = False


def change_table(diff: Diff, old: EventTable, new: EventTable) -> tuple[EventTable, list[Move]]:
    """The events that changed, as a table, and the ways between the old and new places of those that moved."""
    columns: dict[str, list[Any]] = {name: [] for name in (*COLUMNS, *INNER_COLUMNS)}
    geometry: list[Any] = []
    starts = {id(table): _starts(table) for table in (old, new)}
    rows = [
        (
            one,
            {name: values[starts[id(one.table)][one.event_id]] for name, values in one.table.columns.items()},
        )
        for one in _shown(diff, old, new)
    ]
    for one, row in sorted(rows, key=_order):
        own = _event_columns(one, row)
        drawn = [(word, place) for word, place in one.places if place.is_drawn]
        for number, told in enumerate(drawn or [None], start=1):
            values = own | _place_columns(told) | {"feature_id": f"{one.event_id}#{number}"}
            for name, column in columns.items():
                column.append(values[name])
            geometry.append(_geometry(told[1]) if told else None)
    return EventTable(columns=columns, geometry=geometry), [*_moves(diff)]


def _order(row: "tuple[_Shown, Mapping[str, Any]]") -> tuple[date, str]:
    """As in every table: by the first day, undated events last, then by id."""
    one, columns = row
    return (columns["date_start"] or columns["date_end"] or date.max, one.event_id)


def _starts(table: EventTable) -> dict[str, int]:
    return dict(zip(event_ids(table), table.first_rows.tolist(), strict=True))


def _shown(diff: Diff, old: EventTable, new: EventTable) -> Iterator[_Shown]:
    for one in diff.added:
        yield _Shown(
            table=new,
            event_id=one.event.id,
            layers=("added",),
            said=(
                "added" if one.why == "new" else f"added, {why_words(one)}",
                *map(change_words, one.changes),
            ),
            places=_places(one.event.places, one.changes),
        )
    for one in diff.withdrawn:
        yield _Shown(
            table=new if one.why == "retracted" else old,
            event_id=one.event.id,
            layers=("withdrawn",),
            said=(f"withdrawn, {why_words(one)}", *map(change_words, one.changes)),
            places=() if one.is_withheld else _places(one.event.places, one.changes),
            is_withheld=one.is_withheld,
        )
    for renamed in diff.renamed:
        yield _Shown(
            table=new,
            event_id=renamed.event.id,
            layers=("changed",),
            said=(f"its id was {renamed.was}",),
            places=_places(renamed.event.places, ()),
        )
    for changed in diff.changed:
        layers = dict.fromkeys(_LAYERS_OF.get(change.kind, "changed") for change in changed.changes)
        yield _Shown(
            table=new,
            event_id=changed.event.id,
            layers=tuple(layer for layer in CHANGE_LAYERS if layer in layers),
            said=tuple(map(change_words, changed.changes)),
            places=_places(changed.event.places, changed.changes),
        )


def _places(
    places: Sequence[PublishedPlace], changes: Sequence[Change]
) -> tuple[tuple[str, PublishedPlace], ...]:
    """An event's places, each with what it is: those that it has, and those where it was shown."""
    moved = [change for change in changes if change.kind in ("moved", "place_withdrawn", "place_added")]
    now = [change.now for change in moved if change.now is not None]
    was = [change.was for change in moved if change.was is not None]
    return (
        *(("before: ", place) for place in was),
        *(("now: " if any(place is other for other in now) else "", place) for place in places),
    )


def _moves(diff: Diff) -> Iterator[Move]:
    listed = [(one.event.id, one.changes) for one in (*diff.added, *diff.withdrawn) if not one.is_withheld]
    for event_id, changes in [*listed, *((one.event.id, one.changes) for one in diff.changed)]:
        for change in changes:
            if change.kind != "moved" or change.was is None:
                continue
            was, now = (
                place.position if place.precision.is_point else None for place in (change.was, change.now)
            )
            if (was or now) and change.was.is_drawn and change.now.is_drawn:
                other = change.was if was is None else change.now
                yield Move(event_id=event_id, was=was, now=now, label=other.name or "")


def _event_columns(one: _Shown, columns: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of an event, its title and summary with what changed; its tags are its layers."""
    heads = ", ".join(
        CHANGE_LAYERS[layer] if n == 0 else CHANGE_LAYERS[layer].lower() for n, layer in enumerate(one.layers)
    )
    title = f"{heads}: {one.event_id if one.is_withheld else columns['title']}"
    said = [f"What changed: {'; '.join(one.said)}."]
    is_withdrawn = "withdrawn" in one.layers
    if columns["summary"] and not one.is_withheld:
        said.append(f"Summary: {columns['summary']}")
    detail = {**columns["detail"], "places": []}
    if is_withdrawn:
        detail |= {"status_basis": one.said[0], "status_reason": {}}
    if one.is_withheld:
        detail |= {
            name: [] for name in ("claims", "quantities", "equipment", "relations", "evidence", "media")
        }
        detail |= {"when_words": "", "actors": []}
    return {
        **{name: columns[name] for name in _COPIED},
        **(dict.fromkeys(_PERSONS, ()) if one.is_withheld else {}),
        "title": title,
        "summary": " ".join(said),
        "status": Status.RETRACTED.value if is_withdrawn else columns["status"],
        "tags": one.layers,
        "detail": detail,
    }


def _place_columns(told: tuple[str, PublishedPlace] | None) -> dict[str, Any]:
    names = ("place_name", "place_name_native", "place_id", "place_role", "country", "radius_m", "method", "lon", "lat",
             "place_note", "relation")  # fmt: skip
    if told is None:
        return {**dict.fromkeys(names), "precision": Precision.NONE.value, "countries": ()}
    word, place = told
    return {
        "place_name": f"{word}{place.name or ''}",
        "place_name_native": None,
        "place_id": place.place_id,
        # What a place is to its event is not what it is to the change: its ways are those of the change.
        "place_role": "site",
        "country": place.countries[0] if len(place.countries) == 1 else None,
        "precision": place.precision.value,
        "radius_m": place.radius_m,
        "method": place.method,
        "lon": place.position.lon if place.position else None,
        "lat": place.position.lat if place.position else None,
        "countries": place.countries,
        "place_note": place.note,
        "relation": place.relation,
    }


def _geometry(place: PublishedPlace) -> Any:
    if place.shape is not None or place.precision is Precision.COUNTRY or place.position is None:
        return place.shape
    return shapely.Point(*place.position.geojson)
