"""What two accounts of one event agree in by figure and name, and what they say against each other."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from geomap.model.event_types import head_of
from geomap.model.records import Claim, Equipment, EventRecord, Quantity, Source
from geomap.model.vocabulary import ActorRole, Stance

# `at least 100` does not exclude 430; a count so much higher is another count all the same.
_FAR: Final = 2.0
_TELLING: Final = 3
# Where people are hit, so many `persons` may be dead in one account and hurt in the other.
_VAGUE: Final = "persons"
_HITTING: Final = frozenset({"strike", "ground_combat", "violence_civilians", "infrastructure"})
_APART: Final = re.compile(r"[\W_]+")
_FIGURES: Final = (
    "", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """A field on which two accounts differ, in words, and each side's value; empty where a claim would say nothing.

    `sought` are the words of each side, lower case, by which its claimant is known.
    """

    about: str
    words: str
    one: str = ""
    other: str = ""
    sought: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())


def find_contradictions(one: EventRecord, other: EventRecord) -> list[Contradiction]:
    """Where two accounts exclude each other: days, initiators, figures, equipment of one class, and denial."""
    return [
        *_days(one, other),
        *_initiators(one, other),
        *_quantities(one, other),
        *_equipment(one, other),
        *_denials(one, other),
    ]


def find_agreements(one: EventRecord, other: EventRecord) -> list[str]:
    """Figures and designations that both accounts give, in words."""
    mine, theirs = telling_details(one), telling_details(other)
    return [words for key, words in mine.items() if key in theirs]


def telling_details(record: EventRecord) -> dict[tuple[str, ...], str]:
    """An account's figures and designations, by what two accounts are compared by, each with what to say of it.

    One or two of something is no sign: most events have one or two.
    """
    found: dict[tuple[str, ...], str] = {}
    for quantity in record.quantities:
        if quantity.best is not None and quantity.best >= _TELLING:
            key = (*_key(quantity), f"{quantity.best:.15g}")
            found[key] = f"both count {_figure(quantity)} {quantity.measure}"
    for item in record.equipment:
        found.setdefault((_designation(item.name),), f"both name the {item.name}")
    return found


def claims_of(
    contradiction: Contradiction, *, is_first: bool, record: EventRecord, source: Source, source_id: str
) -> list[Claim]:
    """One side of a contradiction as a claim on its own event, none where it says nothing of its own.

    It is by the claimant whose words give the value, where that is one alone, or else by who published it.
    """
    value = contradiction.one if is_first else contradiction.other
    if not value:
        return []
    sought = contradiction.sought[0 if is_first else 1]
    speakers = {
        claim.by: claim.when
        for claim in record.claims
        if claim.stance.vouches
        and claim.source == source_id
        and sought & set(_APART.split(claim.quote.lower()))
    }
    by, when = next(iter(speakers.items())) if len(speakers) == 1 else (source.publisher or source_id, None)
    return [
        Claim(
            by=_valid(by),
            stance=Stance.ASSERTS,
            about=contradiction.about,
            value=_valid(value),
            when=when,
            source=source_id,
            via=source.derived_from if by == source.publisher and source.derived_from != by else "",
        )
    ]


def _valid(text: str) -> str:
    """A text without lone surrogates, which no record may hold."""
    return text.encode("utf-8", "replace").decode()


# Days


def _days(one: EventRecord, other: EventRecord) -> Iterable[Contradiction]:
    if one.when is None or other.when is None:
        return
    ends = one.when.first, one.when.last, other.when.first, other.when.last
    if None in ends or not (one.when.last < other.when.first or other.when.last < one.when.first):  # type: ignore[operator]
        return
    yield Contradiction(
        about="when",
        words=f"when: {one.when.label} against {other.when.label}",
        one=one.when.edtf,
        other=other.when.edtf,
        sought=(_words(one.when.words), _words(other.when.words)),
    )


# Actors


def _initiators(one: EventRecord, other: EventRecord) -> Iterable[Contradiction]:
    if one.type.startswith("statement") or other.type.startswith("statement"):
        return
    sides = [
        {a.country: a.name for a in each.actors if a.role is ActorRole.INITIATOR and a.country}
        for each in (one, other)
    ]
    if not all(sides) or sides[0].keys() & sides[1].keys():
        return
    names = [", ".join(sorted(name or str(code) for code, name in side.items())) for side in sides]
    yield Contradiction(
        about="actors",
        words=f"initiator: {names[0]} against {names[1]}",
        one=f"initiator: {names[0]}",
        other=f"initiator: {names[1]}",
        sought=(_words(names[0]), _words(names[1])),
    )


# Quantities


def _quantities(one: EventRecord, other: EventRecord) -> Iterable[Contradiction]:
    is_hit = not _HITTING.isdisjoint(head_of(each.type) for each in (one, other))
    for mine in one.quantities:
        if is_hit and mine.measure == _VAGUE:
            continue
        rivals = [theirs for theirs in other.quantities if _key(theirs) == _key(mine)]
        if not rivals or any(_fit(mine, theirs) for theirs in rivals):
            continue
        if any(_fit(same, rivals[0]) for same in one.quantities if _key(same) == _key(mine)):
            continue
        first, second = (_figure(each) for each in (mine, rivals[0]))
        yield Contradiction(
            about="quantities",
            words=f"{mine.measure}: {first} against {second}",
            one=f"{mine.measure}: {first}",
            other=f"{mine.measure}: {second}",
            sought=(_figure_words(mine), _figure_words(rivals[0])),
        )


def _key(quantity: Quantity) -> tuple[str, str]:
    return quantity.measure.lower(), quantity.unit.lower()


def _fit(one: Quantity, other: Quantity) -> bool:
    """Whether two figures may both be right: what is meant by them overlaps, and neither is far above the other."""
    a, b = _bounds(one), _bounds(other)
    if a[1] < b[0] or b[1] < a[0]:
        return False
    for (low, high), single in ((a, other.best), (b, one.best)):
        if single is not None and (
            (high == math.inf and single >= _FAR * low > 0) or (low == 0 and single * _FAR <= high)
        ):
            return False
    return True


def _bounds(quantity: Quantity) -> tuple[float, float]:
    if quantity.low is None and quantity.high is None and quantity.best is not None:
        return quantity.best, quantity.best
    low = quantity.low if quantity.low is not None else quantity.best if quantity.high is None else None
    high = quantity.high if quantity.high is not None else quantity.best
    return (low if low is not None else 0.0), (high if high is not None else math.inf)


def _figure(quantity: Quantity) -> str:
    low, high = quantity.low, quantity.high if quantity.high is not None else quantity.best
    if low is not None and high is not None:
        number = f"{low:,.15g}–{high:,.15g}" if low != high else f"{low:,.15g}"
    elif low is not None:
        number = f"at least {low:,.15g}"
    elif quantity.high is not None:
        number = f"up to {quantity.high:,.15g}"
    else:
        number = f"{quantity.best:,.15g}"
    return f"{number} {quantity.unit}".strip()


def _figure_words(quantity: Quantity) -> frozenset[str]:
    numbers = [n for n in (quantity.low, quantity.best, quantity.high) if n is not None]
    found = {f"{number:.15g}" for number in numbers}
    return frozenset(found | {_FIGURES[int(n)] for n in numbers if n == int(n) and 0 < n < len(_FIGURES)})


# Equipment


def _equipment(one: EventRecord, other: EventRecord) -> Iterable[Contradiction]:
    mine, theirs = _by_class(one.equipment), _by_class(other.equipment)
    for kind in mine:
        if kind not in theirs or any(_is_one_model(a, b) for a in mine[kind] for b in theirs[kind]):
            continue
        first, second = (", ".join(_counted(item) for item in side[kind].values()) for side in (mine, theirs))
        yield Contradiction(
            about="equipment",
            words=f"{kind}: {first} against {second}",
            one=first,
            other=second,
            sought=(_names(mine[kind].values()), _names(theirs[kind].values())),
        )
    counts = {_designation(item.name): item for item in other.equipment if item.count is not None}
    for item in one.equipment:
        rival = counts.get(_designation(item.name))
        if rival is not None and item.count is not None and rival.count != item.count:
            yield Contradiction(
                about="equipment",
                words=f"{item.name}: {item.count} against {rival.count}",
                one=_counted(item),
                other=_counted(rival),
                sought=(_names([item]), _names([rival])),
            )


def _by_class(equipment: Iterable[Equipment]) -> dict[str, dict[str, Equipment]]:
    found: dict[str, dict[str, Equipment]] = {}
    for item in equipment:
        if item.class_:
            found.setdefault(item.class_, {})[_designation(item.name)] = item
    return found


def _designation(name: str) -> str:
    """A designation without case, hyphens and plural: `F-35s` and `F35` are one."""
    folded = _APART.sub("", name.lower())
    return folded[:-1] if len(folded) > 3 and folded.endswith("s") and not folded.endswith("ss") else folded


def _is_one_model(one: str, other: str) -> bool:
    """Whether one designation is the other's, or a variant of it: Su-30 and Su-30SM."""
    short, long = sorted((one, other), key=len)
    return long.startswith(short) and not (
        short[-1:].isdigit() and long[len(short) : len(short) + 1].isdigit()
    )


def _counted(item: Equipment) -> str:
    return item.name if item.count is None else f"{item.count} {item.name}"


def _names(equipment: Iterable[Equipment]) -> frozenset[str]:
    # A designation is parted at its hyphen: the part with the figures tells.
    return frozenset(
        part
        for item in equipment
        for part in _APART.split(item.name.lower())
        if any(map(str.isdigit, part)) or len(part) > 3
    )


# Denial


def _denials(one: EventRecord, other: EventRecord) -> Iterable[Contradiction]:
    """A denial stands as a claim already; it is told here where only one account has it."""
    for denied, plain in ((one, other), (other, one)):
        by = dict.fromkeys(
            claim.by for claim in denied.claims if claim.about == "event" and claim.stance.opposes
        )
        if by and not any(claim.about == "event" and claim.stance.opposes for claim in plain.claims):
            yield Contradiction(
                about="event",
                words=f"occurred in {plain.id}, denied or disputed by {', '.join(by)} in {denied.id}",
            )


def _words(text: str) -> frozenset[str]:
    return frozenset(word for word in _APART.split(text.lower()) if len(word) > 2 or word.isdigit())
