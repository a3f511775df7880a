"""Events of one project that look like the same one, told twice: found on columns, scored as drafts are."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from geomap.events.across import STRONG
from geomap.events.merge import compare
from geomap.gazetteer.fold import fold_name
from geomap.model.columns import coded, numbers, ranked, ranked_together
from geomap.model.drafts import Draft
from geomap.model.lonlat import LonLat
from geomap.model.places import PlaceRef
from geomap.model.records import ActorPart, EventRecord
from geomap.model.table import EventTable
from geomap.model.timespan import parse_edtf
from geomap.model.vocabulary import PlaceMethod, PlaceRelation, PlaceRole, Precision

_NEIGHBOURS: Final = 10
"""Events of one day and place with which each is compared, those with the titles next to its own."""
MOST_PAIRS: Final = 100_000
"""Pairs that are compared at most; each takes some 10 µs, and 40 µs where the words are alike."""
_SAME_WORDS: Final = 0.5
_CELLS_A_DEGREE: Final = 10
_LONG_WORD: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """Two events, by id, that may be one, and why."""

    one: str
    other: str
    reasons: tuple[str, ...]


def find_duplicates(table: EventTable) -> tuple[list[Duplicate], int]:
    """Pairs of events that look like the same one, and how many pairs were left out as too many.

    Events are blocked by their first day and their place: its record, else a cell of a tenth of a degree. Within a
    block they are sorted by title, and each is compared with the next ten (the sorted neighbourhood method of
    Hernández and Stolfo, 1995), so that time grows with the number of events. Two are told if `merge.compare` scores
    them as strongly as the same event in two articles, and they share half of their words.
    """
    table_rows = _Rows(table)
    found: list[Duplicate] = []
    compared = left_out = 0
    for one, other in table_rows.pairs():
        if compared >= MOST_PAIRS:
            left_out += 1
            continue
        compared += 1
        mine, theirs = table_rows.words(one), table_rows.words(other)
        if len(mine & theirs) < _SAME_WORDS * min(len(mine), len(theirs)):
            continue
        first, second = table_rows.draft(one), table_rows.draft(other)
        likeness = compare(first, second)
        if not likeness.is_ruled_out and likeness.points >= STRONG:
            ids = sorted((first.record.id, second.record.id))
            found.append(Duplicate(one=ids[0], other=ids[1], reasons=likeness.reasons))
    return list(dict.fromkeys(found)), left_out


class _Rows:
    """The features of a table, as drafts where they are asked for."""

    def __init__(self, table: EventTable) -> None:
        self._columns = table.columns
        self._words: dict[int, frozenset[str]] = {}
        self._made: dict[int, Draft] = {}

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Rows of two events that share a block and stand near each other in it."""
        block, is_known = self._blocks()
        rows = np.flatnonzero(is_known)
        sizes = np.bincount(block[rows]) if len(rows) else np.zeros(0, dtype=np.int64)
        rows = rows[sizes[block[rows]] > 1]
        titles = self._columns["title"]
        kept = {row: _sorted_words(titles[row] or "") for row in rows.tolist()}
        ordered = sorted(kept, key=lambda row: (int(block[row]), kept[row], row))
        events = self._columns["event_id"]
        for at, one in enumerate(ordered):
            for other in ordered[at + 1 : at + 1 + _NEIGHBOURS]:
                if block[other] != block[one]:
                    break
                if events[one] != events[other]:
                    yield one, other

    def _blocks(self) -> tuple[NDArray[Any], NDArray[np.bool_]]:
        """The number of each row's block, and whether it has one."""
        days = coded(self._columns["date_start"])
        places = coded(self._columns["place_id"])
        lon, lat = (numbers(self._columns[name]) for name in ("lon", "lat"))
        cells = [
            ranked(np.floor(np.nan_to_num(own) * _CELLS_A_DEGREE).astype(np.int64))[0] for own in (lon, lat)
        ]
        has_record = places.each(lambda place: place is not None, bool)
        for cell in cells:
            cell[has_record] = 0
        number, _ = ranked_together([days.codes, places.codes, *cells])
        is_dated = days.each(lambda day: day is not None, bool)
        return number, is_dated & (has_record | ~np.isnan(lon))

    def words(self, row: int) -> frozenset[str]:
        """The longer words of an event's title and summary, folded."""
        if row not in self._words:
            text = f"{self._columns['title'][row]} {self._columns['summary'][row] or ''}"
            self._words[row] = frozenset(word for word in fold_name(text).split() if len(word) >= _LONG_WORD)
        return self._words[row]

    def draft(self, row: int) -> Draft:
        """A feature as what the scorer takes."""
        if row not in self._made:
            self._made[row] = self._draft(row)
        return self._made[row]

    def _draft(self, row: int) -> Draft:
        cell = partial(_cell, self._columns, row)
        edtf = cell("when")
        detail = cell("detail") or {}
        parts = detail.get("actors") or [{"name": name} for name in cell("actors")]
        record = EventRecord.model_construct(
            id=cell("event_id"),
            type="/".join(part for part in (cell("type"), cell("subtype")) if part),
            title=cell("title"),
            sources=tuple(cell("sources")),
            when=parse_edtf(edtf) if edtf else None,
            actors=tuple(ActorPart.model_validate(part) for part in parts if part["name"]),
        )
        lon, lat = cell("lon"), cell("lat")
        place = PlaceRef(
            role=PlaceRole.SITE,
            relation=PlaceRelation(cell("relation") or PlaceRelation.AT),
            precision=Precision(cell("precision")),
            name=cell("place_name") or "",
            method=PlaceMethod.GAZETTEER,
            place_id=cell("place_id"),
            countries=tuple(cell("countries")),
            position=None if lon is None or lat is None else LonLat(lon=lon, lat=lat),
        )
        return Draft(record=record, places=(place,), words=self.words(row))


def _cell(columns: Any, row: int, name: str) -> Any:
    return columns[name][row]


def _sorted_words(title: str) -> str:
    """A title so folded that two in other words' order stand near each other."""
    return " ".join(sorted(fold_name(title).split()))
