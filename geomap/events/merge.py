"""Whether two drafts tell of one event, with reasons: merged within a document, suggested across documents."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from geomap.model.drafts import Draft, Link
from geomap.model.event_types import family_of, head_of
from geomap.model.geometry import distance_m
from geomap.model.places import PlaceRef
from geomap.model.records import EventRecord, Where
from geomap.model.timespan import TimeSpan
from geomap.model.vocabulary import ActorRole, Modality, PlaceRelation, PlaceRole, Precision

SAME: Final = 3.0
"""Score from which two drafts of one document are taken for one event."""
_BACK: Final = 1.0
"""The same for words that point back to an event told before."""
_HEADLINE: Final = 1.6
"""The same for a headline, which sums up what is told below it."""
_BARE: Final = 1.8
"""The same for words that give neither day nor place."""
_FIRST: Final = 20
_RECENT: Final = 100
"""So many drafts of a document at its beginning, and so many told last, are compared with the next one."""
_MOST_CITED: Final = 60
"""Words that a draft keeps as its evidence, claims likewise."""
_NEXT: Final = 900
"""Code points within which words that give neither day nor place go on about the event told before."""
_WEAK: Final = 0.3
_OPEN_DAYS: Final = 14
_NEAR_M: Final = 30_000.0


@dataclass(frozen=True, slots=True)
class Likeness:
    """How far two drafts agree: the sum of points, each with its reason in words. None of them may be vetoed."""

    points: float
    reasons: tuple[str, ...]
    is_ruled_out: bool = False


def compare(one: Draft, other: Draft) -> Likeness:
    """Compare two drafts by type, time, place, actors and words."""
    types = _compare_types(one, other)
    if types[0] <= _NO:
        return Likeness(types[0], (), is_ruled_out=True)  # most pairs; the rest would not change it
    parts = [
        types,
        _compare_times(one.record.when, other.record.when),
        _compare_places(one, other),
        _compare_actors(one.record, other.record),
        _compare_words(one, other),
        _compare_modalities(one, other),
    ]
    points = sum(value for value, _ in parts)
    reasons = tuple(reason for _, reason in parts if reason)
    return Likeness(points, reasons, any(value <= _NO for value, _ in parts))


_NO: Final = -5.0
_Part = tuple[float, str]


def _compare_types(one: Draft, other: Draft) -> _Part:
    first, second = one.record.type, other.record.type
    heads = head_of(first), head_of(second)
    if first == second:
        return 2.0, f"both are {first}"
    if heads[0] == heads[1]:
        clash = "/" in first and "/" in second
        if heads[0] == "statement":
            return 1.0, ""
        return (0.6 if clash else 1.5), f"both are {heads[0]}"
    is_lead, family = one.is_lead or other.is_lead, family_of(one.record.type)
    if family == family_of(other.record.type) and (family == "movement" or is_lead):
        return 0.6 + (0.5 if is_lead else 0.0), f"{heads[0]} and {heads[1]} go together"
    return _NO, ""


def _compare_times(one: TimeSpan | None, other: TimeSpan | None) -> _Part:
    if one is None or other is None or not one.is_dated or not other.is_dated:
        return 0.2, ""
    if one.first and one.last and other.first and other.last:
        if (one.first, one.last) == (other.first, other.last):
            return 1.5, f"both {one.label}"
        inside = (one.first <= other.first and other.last <= one.last) or (
            other.first <= one.first and one.last <= other.last
        )
        if inside:
            return 0.7, f"{one.label} and {other.label} agree"
        return _NO, ""
    first = max(_first(one), _first(other))
    last = min(_last(one), _last(other))
    if first > last:
        return _NO, ""
    return 0.5, f"{one.label} and {other.label} agree"


def _is_closed(when: TimeSpan | None) -> bool:
    return when is not None and when.first is not None and when.last is not None


def _first(when: TimeSpan) -> date:
    if when.first is not None:
        return when.first
    assert when.last is not None
    return when.last - timedelta(days=_OPEN_DAYS)


def _last(when: TimeSpan) -> date:
    if when.last is not None:
        return when.last
    assert when.first is not None
    return when.first + timedelta(days=_OPEN_DAYS)


def _compare_places(one: Draft, other: Draft) -> _Part:
    mine, theirs = _located(one.places), _located(other.places)
    if not mine and not theirs:
        return 0.3, ""
    if not mine or not theirs:
        return 0.0, ""
    best: _Part = (_NO, "")
    for a in mine:
        for b in theirs:
            part = _compare_refs(a, b)
            is_wave = Precision.COUNTRY in (a.precision, b.precision) and a.precision is not b.precision
            if (
                is_wave
                and family_of(one.record.type) == "violence"
                and not (one.is_lead or other.is_lead)
                and part[0] > 0
            ):
                part = (_NO, "")  # strikes all over a country are not the one on a town in it
            best = max(best, part, key=lambda p: p[0])
    return best


def _located(places: Iterable[PlaceRef]) -> list[PlaceRef]:
    found = [place for place in places if place.role.locates and place.precision is not Precision.NONE]
    sites = [place for place in found if place.role is not PlaceRole.ORIGIN]
    return sites or found


def _compare_refs(one: PlaceRef, other: PlaceRef) -> _Part:
    if one.place_id and one.place_id == other.place_id and one.relation is other.relation:
        return 2.0, f"both at {one.name}"
    if one.name == other.name:
        return 2.0, f"both at {one.name}"
    for wide, fine in ((one, other), (other, one)):
        is_over = wide.precision is Precision.WATERS and wide.relation is PlaceRelation.OVER
        if (wide.precision is Precision.COUNTRY or is_over) and set(wide.countries) & set(fine.countries):
            return 1.0, f"{fine.name} is in {wide.name}"
        if (
            wide.geometry is not None
            and fine.position is not None
            and wide.precision is not Precision.COUNTRY
        ):
            borders = wide.precision is Precision.LINE and fine.precision is Precision.LINE
            if borders and set(wide.countries) == set(fine.countries) and len(wide.countries) == 2:
                return (
                    1.2 if wide.name in fine.name or fine.name in wide.name else 0.0
                ), f"{fine.name} and {wide.name}"
            if wide.precision in (Precision.REGION, Precision.DISTRICT, Precision.WATERS) and set(
                wide.countries
            ) & set(fine.countries):
                import shapely

                if wide.geometry.distance(shapely.Point(fine.position.lon, fine.position.lat)) < 0.1:
                    return 1.2, f"{fine.name} is in {wide.name}"
    if (
        one.position is not None
        and other.position is not None
        and one.precision.is_point
        and other.precision.is_point
    ) and distance_m(one.position, other.position) <= _NEAR_M:
        return 1.0, f"{one.name} is near {other.name}"
    return _NO, ""


def _compare_actors(one: EventRecord, other: EventRecord) -> _Part:
    mine, theirs = _sides(one), _sides(other)
    if mine & theirs:
        return 0.7, f"both by {', '.join(sorted(mine & theirs))}"
    if mine and theirs:
        return (-1.5 if head_of(one.type) != "statement" else _NO), ""
    if one.type.startswith("statement"):
        names = {a.name for a in one.actors if a.role is ActorRole.SPEAKER}
        same = names & {a.name for a in other.actors if a.role is ActorRole.SPEAKER}
        return (1.5, f"both by {', '.join(sorted(same))}") if same else (_NO, "")
    return 0.0, ""


def _sides(record: EventRecord) -> frozenset[str]:
    if record.type.startswith("statement"):
        return frozenset(a.name for a in record.actors if a.role is ActorRole.SPEAKER)
    return frozenset(
        a.country for a in record.actors if a.country and a.role is ActorRole.INITIATOR
    ) or frozenset(a.country for a in record.actors if a.country and a.role is ActorRole.PARTICIPANT)


def _compare_modalities(one: Draft, other: Draft) -> _Part:
    """What is to come is seldom what has been, unless the lead sums it up."""
    coming = [d.record.modality in _COMING for d in (one, other)]
    if coming[0] == coming[1] or one.is_lead or other.is_lead or Link.BACK in (one.link, other.link):
        return 0.0, ""
    return -0.8, ""


def _compare_words(one: Draft, other: Draft) -> _Part:
    if not one.words or not other.words:
        return 0.0, ""
    share = len(one.words & other.words) / min(len(one.words), len(other.words))
    return share, ""


# Within a document


def merge_document(drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts of one document, those of one event as one, in the order of the text.

    What only points back to an event that the document does not tell is left out unless it stands for itself.
    """
    merged: list[Draft] = []
    waiting: list[Draft] = [draft for draft in drafts if draft.is_headline]
    for draft in drafts:
        if draft.is_headline:
            continue
        target = _best(merged, draft)
        if target is not None:
            merged[target] = combine(merged[target], draft)
        elif draft.confidence < _WEAK or (draft.link is Link.BACK and not draft.is_lead):
            waiting.append(draft)
        else:
            merged.append(draft)
    for draft in waiting:
        target = _best(merged, draft)
        if target is not None:
            merged[target] = combine(merged[target], draft)
        elif draft.is_headline and _stands_alone(draft, merged):
            merged.append(draft)
    return sorted(merged, key=lambda draft: draft.order)


def _stands_alone(draft: Draft, merged: Sequence[Draft]) -> bool:
    """Whether a headline tells what nothing below it is like; else it sums up what is told below."""
    is_told = any(family_of(known.record.type) == family_of(draft.record.type) for known in merged)
    return draft.link is not Link.BACK and draft.confidence >= _WEAK and not is_told


def _best(merged: Sequence[Draft], draft: Draft) -> int | None:
    if draft.link in (Link.BACK, Link.KNOWN) or draft.confidence < _WEAK:
        least = _BACK
    else:
        least = _HEADLINE if draft.is_headline else SAME
    found: tuple[float, int] | None = None
    for number in (*range(min(_FIRST, len(merged))), *range(max(_FIRST, len(merged) - _RECENT), len(merged))):
        known = merged[number]
        if draft.link is Link.BACK and head_of(known.record.type) != head_of(draft.record.type):
            continue  # "the offensive" is no strike
        is_next = known.is_lead or abs(draft.order - known.last) <= _NEXT
        is_bare = draft.link is Link.BARE or not (_located(known.places) or _is_closed(known.record.when))
        is_bare = is_bare and head_of(known.record.type) == head_of(draft.record.type)
        likeness = compare(known, draft)
        needed = min(least, _BARE) if is_bare and is_next else least
        if known.is_lead and draft.is_lead:
            needed = min(needed, SAME - 0.4)
        if likeness.is_ruled_out or likeness.points < needed:
            continue
        # Of equals the latest told: what points back means what was told last.
        if found is None or likeness.points >= found[0] - (0.5 if draft.link is Link.BACK else 0.0):
            found = (likeness.points, number)
    return found[1] if found is not None else None


_FINENESS: Final = {
    Precision.EXACT: 0, Precision.PLACE: 0, Precision.VICINITY: 1, Precision.LINE: 2, Precision.DISTRICT: 2,
    Precision.REGION: 3, Precision.WATERS: 3, Precision.COUNTRY: 4, Precision.NONE: 5,
}  # fmt: skip


def combine(one: Draft, other: Draft) -> Draft:
    """One draft of two: the finer place, the more exact time, everybody's claims and all evidence."""
    base, second = (other, one) if _standing(other) < _standing(one) else (one, other)
    first, last = base.record, second.record
    kind = first.type
    if "/" not in kind and kind != "statement" and last.type.startswith(kind + "/"):
        kind = last.type
    when = min((first.when, last.when), key=_exactness)
    modality = first.modality
    if modality in _COMING and last.modality not in _COMING and first.type == last.type:
        modality = last.modality
    if modality not in _COMING:
        goes_on = when is not None and when.first is not None and when.last is None
        modality = Modality.ONGOING if goes_on else Modality.OCCURRED
    where, places = first.where, base.places
    if not _located(base.places) and _located(second.places):
        where, places = last.where, second.places
    elif (named := _named_in(base, second)) is not None:
        where, places = named
    changes: dict[str, Any] = {
        "type": kind,
        "when": when,
        "modality": modality,
        "where": where,
        "actors": _united(first.actors, last.actors, key=lambda a: (a.id or a.name).lower()),
        "quantities": _united(first.quantities, last.quantities, key=lambda q: (q.measure, q.unit)),
        "equipment": _united(first.equipment, last.equipment, key=lambda e: e.name.lower()),
        "claims": _united(first.claims, last.claims, key=lambda c: (c.by, c.stance, c.about, c.quote))[
            :_MOST_CITED
        ],
        "evidence": tuple(
            sorted(
                dict.fromkeys((*first.evidence, *last.evidence)),
                key=lambda e: (e.start, e.field != "event", e.end),
            )
        )[:_MOST_CITED],
    }
    return replace(
        base,
        record=first.model_copy(update=changes),
        places=places,
        link=min(one.link, other.link, key=_LINKS.index),
        is_lead=one.is_lead and other.is_lead,
        confidence=max(one.confidence, other.confidence),
        words=one.words | other.words,
        order=min(one.order, other.order),
        last=max(one.last, other.last),
    )


def _named_in(base: Draft, second: Draft) -> tuple[Where, tuple[PlaceRef, ...]] | None:
    """The country of one as the other names it there: Russia as an unspecified range in Russia."""
    mine, theirs = base.record.where.places, second.record.where.places
    for at, spec in enumerate(mine):
        for other, ref in zip(theirs, second.places, strict=True):
            is_plain = (
                spec.country is not None and spec.place is None and spec.name is None and spec.role.locates
            )
            if is_plain and other.name and other.place is None and other.country == spec.country:
                specs = (*mine[:at], other.model_copy(update={"role": spec.role}), *mine[at + 1 :])
                refs = (*base.places[:at], replace(ref, role=spec.role), *base.places[at + 1 :])
                return Where(mode="placed", places=specs), refs
    return None


_COMING: Final = frozenset({Modality.ANNOUNCED, Modality.PLANNED})
_LINKS: Final = (Link.OWN, Link.BARE, Link.KNOWN, Link.BACK)


def _standing(draft: Draft) -> tuple[float, ...]:
    finest = min((_FINENESS[place.precision] for place in _located(draft.places)), default=5)
    return (
        draft.link is Link.BACK,
        draft.confidence < _WEAK,
        finest == 5,
        draft.is_lead,
        finest,
        -draft.confidence,
    )


def _exactness(when: TimeSpan | None) -> tuple[int, int]:
    if when is None or not when.is_dated:
        return (3, 0)
    if when.first is None:
        return (2, when.last.toordinal() if when.last else 0)  # by the earlier day
    if when.last is None:
        return (1, 0)
    return (0, (when.last - when.first).days)


def _united(first: Sequence[Any], last: Sequence[Any], *, key: Any) -> tuple[Any, ...]:
    known = {key(item): item for item in (*last, *first)}
    ordered = dict.fromkeys([*(key(item) for item in first), *(key(item) for item in last)])
    return tuple(known[k] for k in ordered)
