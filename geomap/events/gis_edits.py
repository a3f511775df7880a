"""Edits made in a GIS as edits of the events file: what was exported, what it is now, and what the file says now.

A three-way comparison: only what the GIS changed is taken, and only where the file still says what was exported. All
else is a conflict, which is told and left alone.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, Final

import orjson
import shapely
from pydantic import ValidationError
from shapely.geometry.base import BaseGeometry

from geomap.events.edit import REMOVED, Edit, applied_edits
from geomap.events.imports.own import number_of, own_event
from geomap.events.imports.shapes import checked_shape
from geomap.events.imports.value import Feature, Row, RowError, cell_text, slug
from geomap.events.write import plain_event
from geomap.model.event_types import EVENT_TYPES
from geomap.model.lonlat import LonLat
from geomap.model.records import EventRecord, EventsFile, PlaceSpec, SetStatus
from geomap.model.table import COLUMNS
from geomap.model.timespan import parse_edtf
from geomap.model.vocabulary import PlaceMethod, PlaceRole, Precision, Status

PositionOf = Callable[[PlaceSpec], LonLat | None]
"""Where a written place is now; None where that cannot be told."""

_PLAIN: Final = ("title", "summary", "modality", "workflow")
_DAYS: Final = ("date_start", "date_end")
_MOMENTS: Final = {"t_start": "date_start", "t_end": "date_end"}
_OF_PLACES: Final = ("precision", "radius_m", "place_name")
_TAKEN: Final = frozenset(
    {*_PLAIN, *_DAYS, *_MOMENTS, *_OF_PLACES, "type", "subtype", "status", "when", "tags", "event_id", "feature_id"}
)  # fmt: skip
_YES: Final = frozenset({"true", "1"})
_COMPUTED: Final = tuple(name for name in COLUMNS if name not in _TAKEN)
_SAME_DEGREES: Final = 5e-7
"""Half of the last of the 6 decimals that are exported."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change of an event in words, and the edits of the file that it takes."""

    text: str
    edits: tuple[Edit, ...]
    is_addition: bool = False
    removed: str = ""
    """The event that is taken out."""


@dataclass(slots=True)
class GisEdits:
    """What was edited, and what was not taken and why."""

    changes: list[Change] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)


class _ConflictError(Exception):
    """An edit that is not taken; the message says why."""


def gis_edits(
    exported: Sequence[Feature],
    edited: Sequence[Feature],
    file: EventsFile,
    written: Sequence[Mapping[str, Any]],
    position_of: PositionOf,
) -> GisEdits:
    """What was edited in a GIS, as edits of an events file.

    Parameters
    ----------
    exported, edited
        The features as they were exported and as they are now; geometry in EPSG:4326.
    file, written
        The events file, as records and as the plain values that stand in it, in the same order.
    """
    result = GisEdits()
    before = {feature.cells["feature_id"]: feature for feature in exported}
    of_event: dict[str, list[str]] = defaultdict(list)
    for name, feature in before.items():
        of_event[feature.cells["event_id"]].append(name)
    now, added = _known_and_added(edited, before, result)
    known = {record.id for record in file.events}
    for number, record in enumerate(file.events):
        if record.id in of_event:
            pairs = [(before[name], now.get(name)) for name in sorted(of_event[record.id], key=number_of)]
            event = _Event(number, record, written[number], pairs, position_of)
            event.compare(result)
    _keep_referred(file, result)
    for feature in added:
        _add(feature, file, of_event, result)
    for name in sorted(set(of_event) - known):
        left = [(before[own], now[own]) for own in of_event[name] if own in now]
        if any(_is_edited(*pair) for pair in left):
            result.conflicts.append(f"{name}: edited, but not in this file; import into the one that has it")
    return result


def _keep_referred(file: EventsFile, result: GisEdits) -> None:
    """Leave events that others refer to, which would refer to nothing else."""
    while True:
        removed = {change.removed for change in result.changes if change.removed}
        referred = {
            relation.event: record.id
            for record in file.events
            if record.id not in removed
            for relation in record.relations
            if relation.event in removed
        }
        if not referred:
            return
        result.changes = [change for change in result.changes if change.removed not in referred]
        result.conflicts += [
            f"{name}: deleted in the GIS, but {by} refers to it; take that relation out first"
            for name, by in sorted(referred.items())
        ]


def _known_and_added(
    edited: Sequence[Feature], before: Mapping[str, Feature], result: GisEdits
) -> tuple[dict[str, Feature], list[Feature]]:
    """The features that were exported, by id, and those that are new."""
    counts = Counter(feature.cells.get("feature_id", "") for feature in edited)
    now = {}
    added = []
    for feature in edited:
        name = feature.cells.get("feature_id", "")
        if name in before and counts[name] == 1:
            now[name] = feature
        elif name in before:
            # As it was: which of the copies is meant cannot be told, and a deletion is not.
            now[name] = before[name]
        else:
            added.append(feature)
    for name, count in counts.items():
        if name in before and count > 1:
            result.conflicts.append(f"{name}: {count} features have this id; give the new ones none")
    return now, added


@dataclass(slots=True)
class _Event:
    """One event of the file beside its features, as exported and as they are now (None where deleted)."""

    number: int
    record: EventRecord
    written: Mapping[str, Any]
    pairs: Sequence[tuple[Feature, Feature | None]]
    position_of: PositionOf
    changes: list[Change] = field(default_factory=list)

    def compare(self, result: GisEdits) -> None:
        """Add what was edited of this event."""
        if all(now is None for _, now in self.pairs):
            self._delete(result)
            return
        steps: list[Callable[[], None]] = [self._type, self._status, self._tags, self._when]
        steps += [partial(self._text, key) for key in _PLAIN]
        steps += [partial(self._place, index) for index in range(len(self.pairs))]
        for step in steps:
            try:
                step()
            except _ConflictError as error:
                result.conflicts.append(f"{self.record.id}: {error}")
        result.conflicts += [f"{self.record.id}: {text}" for text in self._computed()]
        if not self.changes:
            return
        try:
            EventRecord.model_validate(self._edited())
        except ValidationError as error:
            first = error.errors()[0]
            said = f"{'.'.join(map(str, first['loc']))}: {first['msg'].removeprefix('Value error, ')}"
            result.conflicts.append(f"{self.record.id}: none of its edits was taken: {said}")
            return
        result.changes += self.changes

    # What the columns of all its features say

    def _edit(self, column: str) -> tuple[str, str] | None:
        """A column's value as exported and now; None where it was not edited."""
        found = {
            (before.cells[column], _cell(before, now, column))
            for before, now in self.pairs
            if now is not None and not _is_same(column, before.cells[column], _cell(before, now, column))
        }
        if len(found) > 1:
            values = ", ".join(sorted(repr(value) for _, value in found))
            raise _ConflictError(f"{column}: its features differ, {values}; an event has one")
        return found.pop() if found else None

    def _put(self, key: str, exported: Any, current: Any, value: Any, *steps: str | int) -> None:
        """Take a new value, where the file still has what was exported."""
        if current == value:
            return
        if current != exported:
            raise _ConflictError(
                f"{key}: exported as {exported!r}, edited to {value!r} in the GIS and to {current!r} in the file"
            )
        edit = self._at(value if value not in ("", [], None) else REMOVED, *(steps or (key,)))
        self._change(f"{key}: {exported!r} to {value!r}", edit)

    def _at(self, value: Any, *steps: str | int) -> Edit:
        return Edit(("events", self.number, *steps), value)

    def _change(self, text: str, *edits: Edit) -> None:
        self.changes.append(Change(f"{self.record.id}: {text}", edits))

    def _text(self, key: str) -> None:
        if (edit := self._edit(key)) is None:
            return
        exported, value = edit
        if key != "summary" and not value.strip():
            raise _ConflictError(f"{key}: it is empty now")
        self._put(key, exported, str(getattr(self.record, key)), value)

    def _type(self) -> None:
        kind, subtype = self._edit("type"), self._edit("subtype")
        if kind is None and subtype is None:
            return
        was = self.pairs[0][0].cells
        exported = _joined(was["type"], was["subtype"])
        value = _joined(kind[1] if kind else was["type"], subtype[1] if subtype else was["subtype"])
        name, _, finer = value.partition("/")
        known = EVENT_TYPES.get(name)
        if known is None or (finer and finer not in known.subtypes):
            raise _ConflictError(f"type: {value!r} is none of geomap's; one of map.yaml is written by hand")
        self._put("type", exported, self.record.type, value)

    def _status(self) -> None:
        if (edit := self._edit("status")) is None:
            return
        exported, value = edit
        if value == Status.CONFIRMED:
            raise _ConflictError(
                "status: confirmed names who confirms and on what basis; write it in the file"
            )
        if value not in list(Status):
            raise _ConflictError(f"status: {value!r} is none; expected one of {', '.join(Status)}")
        own = self.record.status
        current = own.value if isinstance(own, SetStatus) else own
        # What no one has set was computed.
        self._put("status", exported, exported if current is None else str(current), value)

    def _tags(self) -> None:
        if (edit := self._edit("tags")) is None:
            return
        try:
            exported, value = (orjson.loads(text) if text else [] for text in edit)
        except orjson.JSONDecodeError:
            raise _ConflictError(f"tags: expected a list as JSON, found {edit[1][:60]!r}") from None
        if not isinstance(value, list) or not all(isinstance(tag, str) and tag for tag in value):
            raise _ConflictError(f"tags: expected a list of texts as JSON, found {edit[1][:60]!r}")
        self._put("tags", exported, list(self.record.tags), value)

    # Time

    def _when(self) -> None:
        edtf = self._edit("when")
        days = {name: self._edit(name) for name in _DAYS}
        for moment, name in _MOMENTS.items():
            if days[name] is None and (edit := self._edit(moment)) is not None:
                days[name] = (self.pairs[0][0].cells[name], edit[1][:10])
        exported = self.pairs[0][0].cells["when"]
        if edtf is None and not any(days.values()):
            return
        value = edtf[1] if edtf else self._span(exported, days)
        try:
            span = parse_edtf(value) if value else None
        except ValueError as error:
            raise _ConflictError(f"when: {error}") from error
        for name, own in zip(_DAYS, (span.first, span.last) if span else (None, None), strict=True):
            asked = days[name]
            if edtf and asked is not None and asked[1] != (own.isoformat() if own else ""):
                raise _ConflictError(f"when: {value!r} and {name} {asked[1]!r} contradict each other")
        when = self.record.when
        current = when.edtf if when else ""
        # The words of the source and what they rest on belong to the day that they gave.
        self._put("when", exported, current, value)

    def _span(self, exported: str, days: Mapping[str, tuple[str, str] | None]) -> str:
        """The edited days as EDTF, in the form that was exported: throughout, or on one day of it."""
        was = self.pairs[0][0].cells
        first, last = (edit[1] if (edit := days[name]) else was[name] for name in _DAYS)
        for text in (first, last):
            if text:
                try:
                    date.fromisoformat(text)
                except ValueError:
                    raise _ConflictError(f"when: {text[:40]!r} is no day") from None
        if not first and not last:
            return ""
        if first == last:
            return first
        if exported.startswith("[") and first and last:
            return f"[{first}..{last}]"
        return f"{first or '..'}/{last or '..'}"

    # Places

    def _place(self, index: int) -> None:
        before, now = self.pairs[index]
        label = _label(before)
        if now is None:
            self._remove_place(index)
            return
        if now.fault:
            raise _ConflictError(f"{label}: {now.fault}")
        changed = [
            name for name in _OF_PLACES if not _is_same(name, before.cells[name], _cell(before, now, name))
        ]
        if _same_shape(before.shape, now.shape):
            if changed:
                self._describe(index, changed)
            return
        shape = _checked(label, now.shape)
        if shape.geom_type != "Point":
            raise _ConflictError(
                f"{label}: only points are moved; write the new outline as geometry in the file"
            )
        steps, spec = self._spec(index)
        at = LonLat(lon=round(shape.x, 6) + 0.0, lat=round(shape.y, 6) + 0.0)
        current = self.position_of(spec) if spec is not None else None
        if current is not None and _is_near(current, at):
            return
        if current is not None and _is_point(before.shape) and not _is_near(current, _lonlat(before.shape)):
            raise _ConflictError(f"{label}: moved in the GIS, and its place was changed in the file")
        edit = self._at(self._given(now, at, spec), *steps)
        self._change(f"{label}: moved to lon {at.lon:g}, lat {at.lat:g}", edit)

    def _given(self, now: Feature, at: LonLat, spec: PlaceSpec | None) -> dict[str, Any]:
        """A place as an analyst puts it, known as the GIS now says."""
        cells, precision = now.cells, now.cells.get("precision", "")
        if precision not in list(Precision) or not Precision(precision).is_point:
            text = f"a point is exact, place or vicinity, not {precision}; edit precision too"
            raise _ConflictError(f"{_label(now)}: {text}")
        place: dict[str, Any] = {"name": cells["place_name"]} if cells.get("place_name") else {}
        place |= {"lon": at.lon, "lat": at.lat}
        country = cells.get("country")
        if country and self.position_of(PlaceSpec(country=country, lon=at.lon, lat=at.lat)) is not None:
            # Beside a border only a stated country is sure.
            place["country"] = country
        place["precision"] = precision
        if cells.get("radius_m"):
            place["radius_m"] = _radius(cells)
        place["method"] = PlaceMethod.ANALYST.value
        if spec is not None and spec.role is not PlaceRole.SITE:
            place["role"] = spec.role.value
        if spec is not None and spec.publish_precision is not None:
            place["publish_precision"] = spec.publish_precision
        return place

    def _describe(self, index: int, changed: Sequence[str]) -> None:
        """A place that stays where it is, known more or less exactly than it was."""
        before, now = self.pairs[index]
        assert now is not None
        label = _label(before)
        steps, spec = self._spec(index)
        if spec is None:
            raise _ConflictError(
                f"{label}: {', '.join(changed)} of a place that there is not; give it a position"
            )
        if "precision" in changed and now.cells["precision"] not in list(Precision):
            raise _ConflictError(f"{label}: precision {now.cells['precision']!r} is none")
        if "place_name" in changed:
            raise _ConflictError(f"{label}: the name of a place that was not moved is changed in the file")
        own = self.written["where"]
        for step in steps[1:]:
            own = own[step]
        place = dict(own) if isinstance(own, Mapping) else {"place": own}
        for name in changed:
            value = _radius(now.cells) if name == "radius_m" else now.cells[name]
            if place.get(name, value) != value and cell_text(place[name]) != before.cells[name]:
                raise _ConflictError(f"{label}: {name} was changed in the GIS and in the file")
            place[name] = value
        if place != own:
            said = ", ".join(f"{name} {now.cells[name]}" for name in changed)
            self._change(f"{label}: {said}", self._at(place, *steps))

    def _spec(self, index: int) -> tuple[tuple[str | int, ...], PlaceSpec | None]:
        """Where the place of a feature stands in the record; None where it has none yet."""
        places = self.record.where.places
        if not places:
            return ("where",), None
        label = _label(self.pairs[index][0])
        drawn = self._drawn()
        kept = [number for number, (_, now) in enumerate(self.pairs) if now is not None]
        if len(drawn) == len(self.pairs):
            number = drawn[index]
        elif len(drawn) == len(kept):
            # What was deleted has been taken out of the file before.
            number = drawn[kept.index(index)]
        else:
            raise _ConflictError(f"{label}: the places of the event were changed in the file")
        if self.record.published_places[number].is_coarsened:
            raise _ConflictError(f"{label}: its place is published coarsely; move it in the file")
        is_list = isinstance(self.written.get("where"), list)
        return (("where", number) if is_list else ("where",)), places[number]

    def _drawn(self) -> list[int]:
        """The numbers of the places that locate the event."""
        return [number for number, spec in enumerate(self.record.where.places) if spec.role.locates]

    def _remove_place(self, index: int) -> None:
        if len(self._drawn()) == sum(now is not None for _, now in self.pairs):
            return
        label = _label(self.pairs[index][0])
        steps, _ = self._spec(index)
        if len(steps) < 2:
            raise _ConflictError(f"{label}: deleted, but it is not one of several places of its event")
        self._change(f"{label}: removed", self._at(REMOVED, *steps))

    # The whole event

    def _delete(self, result: GisEdits) -> None:
        was, record = self.pairs[0][0].cells, self.record
        compared = {
            "title": (record.title, was["title"]),
            "type": (record.type, _joined(was["type"], was["subtype"])),
            "when": (record.when.edtf if record.when else "", was["when"]),
            "summary": (record.summary, was["summary"]),
            "modality": (record.modality.value, was["modality"]),
            "workflow": (record.workflow.value, was["workflow"]),
            "tags": (list(record.tags), orjson.loads(was["tags"] or "[]")),
            "sources": (list(record.sources), orjson.loads(was["sources"] or "[]")),
            "places": (max(len(self._drawn()), 1), len(self.pairs)),
        }
        changed = [key for key, (current, exported) in compared.items() if current != exported]
        if changed:
            result.conflicts.append(
                f"{record.id}: deleted in the GIS, but the file has another {', '.join(changed)} since"
            )
            return
        result.changes.append(Change(f"{record.id}: removed", (self._at(REMOVED),), removed=record.id))

    def _computed(self) -> Iterator[str]:
        """Columns that were edited although they are worked out."""
        edited = {
            name
            for before, now in self.pairs
            if now is not None
            for name in _COMPUTED
            if not _is_same(name, before.cells[name], _cell(before, now, name))
        }
        if edited:
            names = ", ".join(name for name in _COMPUTED if name in edited)
            yield f"{names}: made from the record when it is exported; edit the file"

    def _edited(self) -> Any:
        """The plain values of the event with its edits."""
        return applied_edits(
            self.written,
            [Edit(edit.path[2:], edit.value) for change in self.changes for edit in change.edits],
        )


def _is_edited(before: Feature, now: Feature) -> bool:
    is_same = all(_is_same(name, before.cells[name], _cell(before, now, name)) for name in COLUMNS)
    return not is_same or not _same_shape(before.shape, now.shape)


def _add(feature: Feature, file: EventsFile, exported: Collection[str], result: GisEdits) -> None:
    """A feature that was not exported: a new event, where it says enough to be one."""
    cells = {name: feature.cells.get(name, "") for name in COLUMNS}
    if cells["event_id"] in exported:
        result.conflicts.append(
            f"{feature.at}: a new place of {cells['event_id']}; add it to where in the file"
        )
        return
    title = cells["title"].strip()
    cells["event_id"] = cells["event_id"] or slug(title)
    cells["precision"] = cells["precision"] or Precision.PLACE.value
    cells["method"] = cells["method"] or PlaceMethod.ANALYST.value
    if not cells["when"] and (cells["date_start"] or cells["date_end"]):
        first, last = cells["date_start"], cells["date_end"]
        cells["when"] = first if last in ("", first) else f"{first or '..'}/{last}"
    missing = [name for name in ("title", "type", "sources") if not cells[name].strip()]
    if missing:
        result.conflicts.append(f"{feature.at}: a new feature without {', '.join(missing)}; not taken")
        return
    try:
        event = own_event([Feature(feature.at, cells, feature.shape, fault=feature.fault)], {})
    except RowError as error:
        result.conflicts.append(f"{feature.at}: a new feature: {error}")
        return
    record = event.record
    there = {own.id: own for own in file.events}
    if there.get(record.id) == record:
        return
    unknown = [name for name in record.sources if name not in file.sources]
    added = {edit.value["id"] for change in result.changes if change.is_addition for edit in change.edits}
    if unknown or record.id in added or record.id in there:
        said = (
            f"sources {', '.join(unknown)} are not in the file" if unknown else f"the id {record.id} is taken"
        )
        result.conflicts.append(f"{feature.at}: a new feature: {said}")
        return
    number = len(file.events) + sum(change.is_addition for change in result.changes)
    edit = Edit(("events", number), plain_event(record))
    result.changes.append(Change(f"{record.id}: added", (edit,), is_addition=True))


def _cell(before: Feature, now: Feature, column: str) -> str:
    """A cell as it is now; a column that somebody took away tells nothing."""
    return now.cells.get(column, before.cells[column])


def _joined(kind: str, subtype: str) -> str:
    return f"{kind}/{subtype}" if subtype else kind


def _is_same(column: str, before: str, now: str) -> bool:
    """Whether a cell was not edited; a GIS writes moments and flags in several ways."""
    if column in _MOMENTS:
        return before[:19] == now[:19].replace(" ", "T")
    if column == "end_open":
        return (before in _YES) == (now in _YES)
    return before == now


def _label(feature: Feature) -> str:
    return f"place {number_of(feature.cells['feature_id'])[0]}"


def _checked(label: str, shape: BaseGeometry | None) -> Any:
    try:
        checked = checked_shape(shape)
    except RowError as error:
        raise _ConflictError(f"{label}: {error}") from error
    if checked is None:
        raise _ConflictError(f"{label}: its geometry is gone; delete the feature, or put it somewhere")
    return checked


def _radius(cells: Row) -> float:
    if not cells["radius_m"]:
        raise _ConflictError("radius_m: it is empty now")
    try:
        radius = float(cells["radius_m"])
    except ValueError:
        raise _ConflictError(f"radius_m: expected a number, found {cells['radius_m'][:40]!r}") from None
    return int(radius) if radius.is_integer() else radius


def _same_shape(before: BaseGeometry | None, now: BaseGeometry | None) -> bool:
    if before is None or now is None:
        return before is None and now is None
    # Layers hold multi-geometries, and some programs give a shape back with its parts in another order.
    shapes = (shapely.normalize(shapely.GeometryCollection(shapely.get_parts(own))) for own in (before, now))
    return bool(shapely.equals_exact(*shapes, tolerance=_SAME_DEGREES / 1000))


def _is_point(shape: BaseGeometry | None) -> bool:
    return shape is not None and shape.geom_type == "Point"


def _lonlat(point: Any) -> LonLat:
    return LonLat(lon=point.x, lat=point.y)


def _is_near(a: LonLat, b: LonLat) -> bool:
    return abs(a.lon - b.lon) <= _SAME_DEGREES and abs(a.lat - b.lat) <= _SAME_DEGREES
