"""Which events of different documents may be one: blocks of events that could be, and a score with its reasons."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from geomap.events.contradictions import (
    Contradiction,
    find_agreements,
    find_contradictions,
    telling_details,
)
from geomap.events.copies import take_prints
from geomap.events.merge import compare
from geomap.model.drafts import Draft
from geomap.model.event_types import family_of
from geomap.model.places import PlaceRef
from geomap.model.timespan import TimeSpan
from geomap.model.vocabulary import Precision

LEAST: Final = 3.3
"""Points from which two events are suggested as one."""
_LEAST_UNPLACED: Final = 4.3
"""The same where nothing finer than a country says where one of them was."""
_COPIED: Final = 0.5
"""Share of the words of one account in the other from which one is copied from the other, or both from a third."""
_LEAST_PRINTS: Final = 5
_COPIED_POINTS: Final = 1.5
_AGREEMENT: Final = 0.5
_MOST_AGREEMENTS: Final = 1.5
_CONTRADICTION: Final = -0.5
_OTHER_DAY: Final = -1.0
_STATEMENT_WORDS: Final = 0.3
_TELLING_WORDS: Final = 2
_TELLING_SHARE: Final = 0.02
_TELLING_EVENTS: Final = 10

_BUCKET_DAYS: Final = 5
_MOST_BUCKETS: Final = 30
_OPEN_DAYS: Final = 14
_NEAR_DEGREES: Final = 0.28
"""30 km of latitude, within which events at two points are near each other."""
_MOST_CELLS: Final = 64
_KEY_WORDS: Final = 8
_COMMONEST: Final = 200
"""Events that share a place, word or n-gram, above which it tells none of them."""
_MOST_IN_CELL: Final = 3_000
_MOST_CANDIDATES: Final = 80

# Who tells of a repetition tells of another event than the day before's.
_REPEATED: Final = frozenset(
    [
        *("again", "another", "second", "third", "fourth", "fifth", "repeat", "repeated"),
        *("снова", "вновь", "опять", "ещё", "знову", "ponownie", "kolejny", "kolejna"),
    ]
)
_SPOTS: Final = frozenset({Precision.EXACT, Precision.PLACE, Precision.VICINITY, Precision.LINE})

Key = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Two drafts that may be one event, by number: the score, what it rests on, and what they differ in."""

    one: int
    other: int
    points: float
    reasons: tuple[str, ...]
    contradictions: tuple[Contradiction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """A draft with what it is found by.

    `days` are ordinals of the first and last day on which it may lie; `cells` are the squares of one degree of its
    places, where `is_wide` says that one of them is too wide for any; `spots` are those places that are as good as
    points.
    """

    draft: Draft
    document: int
    days: tuple[int, int] | None
    cells: frozenset[Key]
    places: frozenset[str]
    spots: frozenset[str]
    is_wide: bool
    family: str
    details: frozenset[tuple[str, ...]]
    prints: frozenset[int]
    is_repeated: bool
    telling: frozenset[str] = frozenset()
    rarest: tuple[str, ...] = ()


def find_matches(
    drafts: Sequence[Draft], documents: Sequence[int], published: Sequence[date | None]
) -> list[Match]:
    """The pairs of drafts of different documents that may be one event, in no order.

    Each pair shares a block: a family of types, five days, and a square of one degree, a place, a rare word, or
    words in a row. An event is compared with those with which it shares most blocks, at most eighty, so that time
    grows with the number of events and not with its square.

    Parameters
    ----------
    drafts, documents, published
        The drafts, the number of the document of each, and the day on which that was published.
    """
    common = Counter(word for draft in drafts for word in draft.words)
    told = _tell(drafts, documents, published, common, len(drafts))
    blocks: defaultdict[Key, list[int]] = defaultdict(list)
    matches = []
    for number, each in enumerate(told):
        sought, held = _keys(each)
        shared: Counter[int] = Counter()
        for key in sought:
            members = blocks.get(key, ())
            if len(members) <= (_MOST_IN_CELL if key[0] == "cell" else _COMMONEST):
                shared.update(members)
        for key in held:
            blocks[key].append(number)
        near = [(count, other) for other, count in shared.items() if _may_be_one(told[other], each)]
        for _, other in sorted(near, reverse=True)[:_MOST_CANDIDATES]:
            if (match := _compare(told[other], each, other, number)) is not None:
                matches.append(match)
    return matches


def match_pairs(
    drafts: Sequence[Draft],
    documents: Sequence[int],
    published: Sequence[date | None],
    pairs: Iterable[tuple[int, int]],
    *,
    words: Mapping[str, int],
    count: int,
) -> list[Match]:
    """Those pairs of drafts of different documents that may be one event, where others have looked for pairs.

    Parameters
    ----------
    drafts, documents, published
        As of `find_matches`.
    pairs
        Drafts by number.
    words, count
        How many of all drafts, of which these may be some, have each word; and how many these are.
    """
    told = _tell(drafts, documents, published, words, count)
    matches = []
    for one, other in pairs:
        if not _may_be_one(told[one], told[other]):
            continue
        if (match := _compare(told[one], told[other], one, other)) is not None:
            matches.append(match)
    return matches


def quotes_of(draft: Draft) -> tuple[str, ...]:
    """The sentences that tell a draft's event."""
    return tuple(evidence.quote for evidence in draft.record.evidence if evidence.field in ("event", ""))


# What an event is found by


def _tell(
    drafts: Sequence[Draft],
    documents: Sequence[int],
    published: Sequence[date | None],
    common: Mapping[str, int],
    count: int,
) -> list[_Told]:
    most = max(_TELLING_EVENTS, _TELLING_SHARE * count)
    told = []
    for draft, document, day in zip(drafts, documents, published, strict=True):
        quotes = quotes_of(draft)
        located = _located(draft.places)
        cells = [list(_cells(place)) for place in located]
        telling = sorted((word for word in draft.words if common[word] <= most), key=lambda w: (common[w], w))
        told.append(
            _Told(
                draft=draft,
                document=document,
                days=_days(draft.record.when, day),
                cells=frozenset(cell for each in cells for cell in each),
                places=frozenset(p.place_id or p.name for p in located),
                spots=frozenset(p.place_id or p.name for p in located if p.precision in _SPOTS),
                is_wide=not all(cells),
                family=family_of(draft.record.type),
                details=frozenset(telling_details(draft.record)),
                prints=frozenset(take_prints(quotes).tolist()),
                is_repeated=any(not _REPEATED.isdisjoint(quote.lower().split()) for quote in quotes),
                telling=frozenset(telling),
                rarest=tuple(telling[:_KEY_WORDS]),
            )
        )
    return told


def _located(places: Iterable[PlaceRef]) -> list[PlaceRef]:
    return [place for place in places if place.role.locates and place.precision is not Precision.NONE]


def _days(when: TimeSpan | None, published: date | None) -> tuple[int, int] | None:
    """The days within which an event may lie; an open end reaches a fortnight, what is undated the month before."""
    if when is None or not when.is_dated:
        return None if published is None else (published.toordinal() - 2 * _OPEN_DAYS, published.toordinal())
    first = when.first.toordinal() if when.first is not None else None
    last = when.last.toordinal() if when.last is not None else None
    if first is None:
        assert last is not None
        return last - _OPEN_DAYS, last
    return first, first + _OPEN_DAYS if last is None else last


def _cells(place: PlaceRef) -> Iterable[Key]:
    """The squares of one degree that a place lies in or near; none for what is as wide as a country."""
    if place.precision is Precision.COUNTRY:
        return
    if place.geometry is not None and not place.geometry.is_empty:
        west, south, east, north = place.geometry.bounds
    elif place.position is not None:
        west = east = place.position.lon
        south = north = place.position.lat
    else:
        return
    reach = _NEAR_DEGREES / math.cos(math.radians(min(max(abs(south), abs(north)), 85.0)))
    columns = range(math.floor(west - reach), math.floor(east + reach) + 1)
    rows = range(math.floor(south - _NEAR_DEGREES), math.floor(north + _NEAR_DEGREES) + 1)
    if len(columns) * len(rows) <= _MOST_CELLS:
        for column in columns:
            for row in rows:
                yield "cell", (column + 180) % 360, row


def _keys(each: _Told) -> tuple[list[Key], list[Key]]:
    """The blocks in which an event seeks others, and those in which it is found.

    They are squares, places and rare words, by days; what cannot be dated seeks in all days. Words in a row need no
    day.
    """
    marks = [*sorted(each.cells), *(("place", place) for place in sorted(each.places))]
    marks += [("word", word) for word in each.rarest]
    prints: list[Key] = [("print", each.family, ngram) for ngram in sorted(each.prints)[:3]]
    undated: list[Key] = [(*mark, each.family, "undated") for mark in marks]
    dated: list[Key] = [(*mark, each.family, "dated") for mark in marks]
    if each.days is None:
        return undated + dated + prints, undated + prints
    # Two accounts may differ by a day.
    first, last = (each.days[0] - 1) // _BUCKET_DAYS, (each.days[1] + 1) // _BUCKET_DAYS
    buckets = range(max(first, last - _MOST_BUCKETS), last + 1)
    by_days: list[Key] = [(*mark, each.family, bucket) for mark in marks for bucket in buckets]
    return by_days + undated + prints, by_days + dated + prints


def _may_be_one(one: _Told, other: _Told) -> bool:
    """Whether it is worth while to compare two events: what `_compare` would refuse in any case is left out."""
    if one.document == other.document:
        return False
    if not one.prints.isdisjoint(other.prints):
        return True
    if one.days is not None and other.days is not None and _gap_days(one.days, other.days) > 1:
        return False
    if (
        not one.is_wide
        and not other.is_wide
        and one.cells
        and other.cells
        and one.cells.isdisjoint(other.cells)
    ):
        return False
    return (
        not one.spots.isdisjoint(other.spots)
        or len(one.telling & other.telling) >= _TELLING_WORDS
        or not one.details.isdisjoint(other.details)
    )


def _gap_days(one: tuple[int, int], other: tuple[int, int]) -> int:
    """Days from the end of the earlier to the beginning of the later, 0 or less where they meet."""
    return max(other[0] - one[1], one[0] - other[1])


# How far two agree


def _compare(one: _Told, other: _Told, first: int, second: int) -> Match | None:
    """Score two events of different documents, None where they are not one."""
    copied = _share_copied(one.prints, other.prints)
    agreements = find_agreements(one.draft.record, other.draft.record)
    likeness = compare(one.draft, other.draft)
    points = likeness.points
    if likeness.is_ruled_out:
        if not _may_differ_in_day(one, other, is_copied=copied >= _COPIED, is_alike=bool(agreements)):
            return None
        likeness = compare(_undated(one.draft), _undated(other.draft))
        if likeness.is_ruled_out:
            return None
        points = likeness.points + _OTHER_DAY
    reasons = list(likeness.reasons)
    if copied >= _COPIED:
        points += _COPIED_POINTS
        reasons.append(f"{copied:.0%} of the words that tell it are the same, in runs of five or more")
    elif one.family == "statement" and not _say_alike(one.draft, other.draft):
        return None
    contradictions = find_contradictions(one.draft.record, other.draft.record)
    points += min(_AGREEMENT * len(agreements), _MOST_AGREEMENTS)
    # Who began it is weighed by `compare`, another day above; a denial is of the same event.
    points += _CONTRADICTION * sum(each.about in ("quantities", "equipment") for each in contradictions)
    is_placed = copied >= _COPIED or (one.cells and other.cells)
    if points < (LEAST if is_placed else _LEAST_UNPLACED):
        return None
    return Match(
        one=first,
        other=second,
        points=round(points, 2),
        reasons=(*reasons, *agreements),
        contradictions=tuple(contradictions),
    )


def _share_copied(one: frozenset[int], other: frozenset[int]) -> float:
    least = min(len(one), len(other))
    return len(one & other) / least if least >= _LEAST_PRINTS else 0.0


def _say_alike(one: Draft, other: Draft) -> bool:
    """Whether two statements by one speaker say the same."""
    shared = len(one.words & other.words)
    return shared >= 3 and shared >= _STATEMENT_WORDS * min(len(one.words), len(other.words))


def _may_differ_in_day(one: _Told, other: _Told, *, is_copied: bool, is_alike: bool) -> bool:
    """Whether two accounts that give different days may mean one event all the same.

    Either one has copied the other, or they are a day apart, at one spot, agree in a figure or designation, and
    neither says that it happened again.
    """
    whens = one.draft.record.when, other.draft.record.when
    if any(when is None or not when.is_dated for when in whens) or one.days is None or other.days is None:
        return False
    gap = _gap_days(one.days, other.days)
    if gap < 1 or is_copied:
        return 1 <= gap <= _OPEN_DAYS
    is_there = not one.spots.isdisjoint(other.spots)
    return gap == 1 and is_alike and is_there and not (one.is_repeated or other.is_repeated)


def _undated(draft: Draft) -> Draft:
    return replace(draft, record=draft.record.model_copy(update={"when": None}))
