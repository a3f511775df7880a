"""What changed in one event between two states of a map."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, TypeVar

from geomap.events.published import PublishedClaim, PublishedEvent, PublishedPlace
from geomap.model.geometry import distance_m
from geomap.model.vocabulary import Precision, Sensitivity, Stance

ChangeKind = Literal[
    "moved", "place_added", "place_withdrawn", "redated", "regraded", "retyped", "retitled", "actor_added",
    "actor_withdrawn", "quantity_added", "quantity_withdrawn", "quantity_changed", "claim_added", "claim_denied",
    "claim_withdrawn", "claim_reworded", "source_added", "source_withdrawn", "edited",
]  # fmt: skip
"""`regraded` and `edited` name a field. `claim_denied`: a claimant now denies or disputes."""

# Less is the arithmetic of another machine or library, and not another place, as in `geomap.lock`.
_TOLERANCE_M: Final = 1.0
_AT_RISK: Final = frozenset({Sensitivity.PERSONAL.value, Sensitivity.SOURCE_AT_RISK.value})
_GRADES: Final = ("status", "status_set_by", "reliability", "origins", "workflow")
_EDITED: Final = (
    "summary", "modality", "when_basis", "when_words", "where_unknown", "equipment", "evidence", "media", "relations",
    "tags", "sensitivity",
)  # fmt: skip
# Where the label of a country stands says nothing of where an event was.
_WIDE: Final = frozenset({Precision.COUNTRY, Precision.WATERS})
# Long texts, and what no reader of a notice asks for: that they changed is enough.
_UNTOLD: Final = frozenset({"summary", "evidence", "media"})

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that changed; `was` is None for what is added, `now` for what is withdrawn.

    `km` is how far a place moved over the ellipsoid, None of countries and waters and where a position is not known.
    `is_withheld` says that what was told before is not repeated, since the event is now one that needs care.
    """

    kind: ChangeKind
    field: str | None = None
    was: Any = None
    now: Any = None
    km: float | None = None
    is_withheld: bool = False

    def as_json(self) -> dict[str, Any]:
        """The change as plain values, always with the same keys."""
        return {
            "kind": self.kind,
            "field": self.field,
            "was": _plain(self.was),
            "now": _plain(self.now),
            "km": None if self.km is None else round(self.km, 3),
            "withheld": self.is_withheld,
        }


def _plain(value: Any) -> Any:
    if isinstance(value, PublishedPlace | PublishedClaim):
        return value.as_json()
    return list(map(_plain, value)) if isinstance(value, tuple) else value


def changes_of(old: PublishedEvent, new: PublishedEvent, *, withheld: bool = False) -> tuple[Change, ...]:
    """What changed in an event, in the order in which people ask for it: where, when, how sure, what, who.

    Parameters
    ----------
    withheld
        Whether a place of the event is now shown more coarsely than it is known.

    Notes
    -----
    Of an event that is withheld, or whose source or people are at risk, nothing is repeated that was told before:
    a correction would publish again what it takes back.
    """
    if old == replace(new, id=old.id):
        return ()
    found = [
        *_place_changes(old.places, new.places),
        *_date_changes(old, new),
        *_fields(old, new, "regraded", _GRADES),
        *_fields(old, new, "retyped", ("type",)),
        *_fields(old, new, "retitled", ("title",)),
        *_added_and_withdrawn("actor", old.actors, new.actors),
        *_quantity_changes(old.quantities, new.quantities),
        *_claim_changes(old.claims, new.claims),
        *_added_and_withdrawn("source", old.sources, new.sources),
        *_fields(old, new, "edited", _EDITED),
    ]
    # Nothing that differs passes in silence, be it the order of a list alone.
    found = found or [Change(kind="edited", field="order")]
    if withheld or new.sensitivity in _AT_RISK:
        found = [
            replace(change, was=None, km=None, is_withheld=True) if change.was is not None else change
            for change in found
        ]
    return tuple(found)


def _fields(
    old: PublishedEvent, new: PublishedEvent, kind: ChangeKind, names: Sequence[str]
) -> Iterator[Change]:
    for name in names:
        was, now = getattr(old, name), getattr(new, name)
        if was != now:
            told = name not in _UNTOLD
            yield Change(
                kind=kind,
                field=name if kind in ("regraded", "edited") else None,
                was=was if told else None,
                now=now if told else None,
            )


def _date_changes(old: PublishedEvent, new: PublishedEvent) -> Iterator[Change]:
    was, now = ((one.when, one.when_label, one.when_precision) for one in (old, new))
    if was != now:
        yield Change(kind="redated", was=_date(old), now=_date(new))


def _date(event: PublishedEvent) -> dict[str, str | None]:
    return {"edtf": event.when, "label": event.when_label, "precision": event.when_precision}


# Places


def _place_changes(old: Sequence[PublishedPlace], new: Sequence[PublishedPlace]) -> Iterator[Change]:
    before, after = _left_over(old, new)
    # A place stays what it is in another role, and a role keeps its place number where that is another one.
    for belong in (_is_same_spot, _have_same_role):
        pairs, before, after = _paired(before, after, belong)
        for was, now in pairs:
            yield from _one_place(was, now)
    yield from (Change(kind="place_withdrawn", was=place) for place in before)
    yield from (Change(kind="place_added", now=place) for place in after)


def _one_place(was: PublishedPlace, now: PublishedPlace) -> Iterator[Change]:
    if not _is_same_spot(was, now):
        measured = all(one.position is not None and one.precision not in _WIDE for one in (was, now))
        km = distance_m(was.position, now.position) / 1000 if measured else None  # type: ignore[arg-type]
        yield Change(kind="moved", was=was, now=now, km=km)
    elif (was.precision, was.radius_m) != (now.precision, now.radius_m):
        yield Change(kind="regraded", field="precision", was=was, now=now)
    else:
        yield Change(kind="edited", field="place", was=was, now=now)


def _is_same_spot(one: PublishedPlace, other: PublishedPlace) -> bool:
    """Whether two places are drawn at one spot, to within a metre, as one shape."""
    if one.position is None or other.position is None:
        return (one.position, one.countries, one.name) == (other.position, other.countries, other.name)
    return one.shape == other.shape and distance_m(one.position, other.position) <= _TOLERANCE_M


def _have_same_role(one: PublishedPlace, other: PublishedPlace) -> bool:
    return one.role == other.role


# Quantities and claims


def _quantity_changes(old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
    before, after = _left_over(old, new)
    pairs, before, after = _paired(before, after, lambda one, other: _measure(one) == _measure(other))
    yield from (Change(kind="quantity_changed", was=was, now=now) for was, now in pairs)
    yield from (Change(kind="quantity_withdrawn", was=text) for text in before)
    yield from (Change(kind="quantity_added", now=text) for text in after)


def _measure(text: str) -> str:
    return text.partition(":")[0]


def _claim_changes(old: Sequence[PublishedClaim], new: Sequence[PublishedClaim]) -> Iterator[Change]:
    before, after = _left_over(old, new)
    pairs, before, after = _paired(before, after, _is_same_claim)
    for was, now in pairs:
        if now.stance != was.stance and Stance(now.stance).opposes:
            yield Change(kind="claim_denied", was=was, now=now)
        elif replace(was, credibility=now.credibility) == now:
            yield Change(kind="regraded", field="credibility", was=was, now=now)
        else:
            yield Change(kind="claim_reworded", was=was, now=now)
    yield from (Change(kind="claim_withdrawn", was=claim) for claim in before)
    for claim in after:
        yield Change(kind="claim_denied" if Stance(claim.stance).opposes else "claim_added", now=claim)


def _is_same_claim(one: PublishedClaim, other: PublishedClaim) -> bool:
    """Whether one claim was edited: somebody's words about one thing, in the same words or the same sense."""
    if (one.by, one.about) != (other.by, other.about):
        return False
    words = (one.text, one.quote, one.value) == (other.text, other.quote, other.value)
    return words or (one.stance, one.source) == (other.stance, other.source)


# Lists


def _added_and_withdrawn(
    what: Literal["actor", "source"], old: Sequence[Any], new: Sequence[Any]
) -> Iterator[Change]:
    before, after = _left_over(old, new)
    yield from (Change(kind=f"{what}_withdrawn", was=one) for one in before)  # type: ignore[arg-type]
    yield from (Change(kind=f"{what}_added", now=one) for one in after)  # type: ignore[arg-type]


def _left_over(old: Sequence[Item], new: Sequence[Item]) -> tuple[list[Item], list[Item]]:
    """What each of two lists has that the other lacks, counted, in their order."""
    return _without(old, new), _without(new, old)


def _without(items: Sequence[Item], others: Sequence[Item]) -> list[Item]:
    counts: Counter[Hashable] = Counter(others)
    kept = []
    for item in items:
        if counts[item] > 0:
            counts[item] -= 1
        else:
            kept.append(item)
    return kept


def _paired(
    old: Sequence[Item], new: Sequence[Item], belong: Callable[[Item, Item], bool]
) -> tuple[list[tuple[Item, Item]], list[Item], list[Item]]:
    """The pairs that belong together, each with the first that is free; and what of both lists is left."""
    pairs, alone, free = [], [], list(new)
    for was in old:
        index = next((index for index, now in enumerate(free) if belong(was, now)), None)
        if index is None:
            alone.append(was)
        else:
            pairs.append((was, free.pop(index)))
    return pairs, alone, free
