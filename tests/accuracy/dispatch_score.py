"""How drafts, toponyms and dates agree with the gold of the dispatches.

An event is found where a draft of the same type (subtypes apart) rests on its words; it is right where also the day
and the place are. A draft is false where no gold event of its type, required or not, rests on the same words.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields

from dispatch_gold import Days, Dispatch, EventGold, WhereGold, WhereKind

from geomap.model.drafts import Draft
from geomap.model.geometry import distance_m
from geomap.model.places import PlaceRef
from geomap.model.vocabulary import Precision

_POINTS = frozenset({Precision.EXACT, Precision.PLACE, Precision.VICINITY})
_KINDS = {
    WhereKind.POINT: _POINTS,
    WhereKind.REGION: frozenset({Precision.REGION, Precision.DISTRICT, Precision.LINE}),
    WhereKind.COUNTRY: frozenset({Precision.COUNTRY}),
    WhereKind.BORDER: frozenset({Precision.LINE, Precision.VICINITY}),
    WhereKind.AIRSPACE: frozenset({Precision.WATERS, Precision.COUNTRY}),
    WhereKind.WATERS: frozenset({Precision.WATERS, Precision.LINE, Precision.VICINITY}),
}


@dataclass(slots=True)
class Tally:
    """Counts over dispatches, and what went wrong, one line each."""

    required: int = 0
    found: int = 0
    subtype_right: int = 0
    day_right: int = 0
    place_right: int = 0
    all_right: int = 0
    drafts: int = 0
    false: int = 0
    false_pins: int = 0
    faults: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        for item in fields(self):
            setattr(self, item.name, getattr(self, item.name) + getattr(other, item.name))

    def figures(self) -> dict[str, float]:
        """Percentages: of the required events found and right, of the drafts false."""
        return {
            "required": self.required,
            "found": _pct(self.found, self.required),
            "subtype": _pct(self.subtype_right, self.found),
            "day": _pct(self.day_right, self.found),
            "place": _pct(self.place_right, self.found),
            "right": _pct(self.all_right, self.required),
            "drafts": self.drafts,
            "false": _pct(self.false, self.drafts),
            "false_pins": self.false_pins,
        }


def score_events(dispatch: Dispatch, drafts: Sequence[Draft]) -> Tally:
    """Compare the drafts of one dispatch with its gold."""
    tally = Tally(drafts=len(drafts))
    for event in dispatch.events:
        if not event.required:
            continue
        tally.required += 1
        told = [draft for draft in drafts if _same_type(event, draft) and _rests_on(event, draft)]
        if not told:
            tally.faults.append(f"{dispatch.id}: missed {event.types} {[w.text for w in event.words]}")
            continue
        tally.found += 1
        best = max(
            told, key=lambda d: (day_right(event, d) + place_right(event, d), d.record.type in event.types)
        )
        is_day, is_place = day_right(event, best), place_right(event, best)
        tally.subtype_right += best.record.type in event.types
        tally.day_right += is_day
        tally.place_right += is_place
        tally.all_right += is_day and is_place
        if not (is_day and is_place):
            places = [(place.name, place.role.value) for place in best.places]
            when = best.record.when.edtf if best.record.when else None
            wanted = [(r.first and str(r.first), r.last and str(r.last)) for r in event.readings]
            there = [(where.kind.value, where.place or where.countries) for where in event.where]
            tally.faults.append(
                f"{dispatch.id}: {best.record.type} {'' if is_day else f'when {when} wanted {wanted} '}"
                f"{'' if is_place else f'where {places} wanted {there} '}{[w.text for w in event.words]}"
            )
    for draft in drafts:
        if not any(_same_type(event, draft) and _rests_on(event, draft) for event in dispatch.events):
            tally.false += 1
            tally.false_pins += any(p.precision in _POINTS and p.role.locates for p in draft.places)
            tally.faults.append(
                f"{dispatch.id}: FALSE {draft.record.type} {draft.record.evidence[0].quote[:150]!r}"
            )
    return tally


def _same_type(event: EventGold, draft: Draft) -> bool:
    head = draft.record.type.partition("/")[0]
    return any(kind.partition("/")[0] == head for kind in event.types)


def _rests_on(event: EventGold, draft: Draft) -> bool:
    return any(
        evidence.start < words.end and words.start < evidence.end
        for evidence in draft.record.evidence
        for words in event.words
    )


def day_right(event: EventGold, draft: Draft) -> bool:
    """Whether the draft's days are one of the honest readings."""
    when = draft.record.when
    first, last = (when.first, when.last) if when is not None else (None, None)
    return any(
        (first, last) == (reading.first, reading.last) or _is_open(reading, first, last)
        for reading in event.readings
    )


def _is_open(reading: Days, first: object, last: object) -> bool:
    """`from A on` for the day A of something that goes on, and `by B` for the day B."""
    if reading.first is not None and reading.first == reading.last:
        return (first, last) in ((reading.first, None), (None, reading.last))
    return False


def place_right(event: EventGold, draft: Draft) -> bool:
    """Whether one of the draft's places is that of the event, and none of them is a pin elsewhere."""
    located = [place for place in draft.places if place.role.locates]
    wanted = [where for where in event.where if where.role.locates]
    if not wanted or all(where.kind is WhereKind.NONE for where in wanted):
        return not any(place.precision in _POINTS for place in located)
    right = [place for place in located if any(is_at(place, where) for where in wanted)]
    pins = [place for place in located if place.precision in _POINTS and place not in right]
    return bool(right) and not pins


def is_at(place: PlaceRef, where: WhereGold) -> bool:
    """Whether a resolved place is the one wanted: of its kind, in its country, and near enough."""
    if where.kind is WhereKind.NONE or place.precision not in _KINDS[where.kind]:
        return False
    if where.countries and place.countries and not set(where.countries) & set(place.countries):
        return False
    if where.position is None or place.position is None or where.within_km is None:
        return bool(set(where.countries) & set(place.countries))
    reach = where.within_km * 1000 + (place.radius_m or 0 if where.kind is not WhereKind.POINT else 0)
    return distance_m(place.position, where.position) <= reach


def _pct(part: float, whole: float) -> float:
    return round(100 * part / whole, 1) if whole else 0.0


def sum_up(tallies: Iterable[Tally]) -> Tally:
    """One tally of many."""
    total = Tally()
    for tally in tallies:
        total.add(tally)
    return total
