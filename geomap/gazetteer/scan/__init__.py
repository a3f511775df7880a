"""Every folded name of the gazetteer in one trie, to look through running text for names at memory speed.

A name leads to a few facts about what it may mean, packed into 64 bits; the places themselves are for the store.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import marisa_trie
import numpy as np
from numpy.typing import NDArray

from geomap.gazetteer.kinds import PlaceClass
from geomap.gazetteer.schema import NameRank

CLASSES: Final = tuple(PlaceClass)
LEAST_SCORE: Final = -8.0
SCORE_STEP: Final = 0.125

# Field, its width in bits; the order is that of the packed form.
_FIELDS: Final = (
    ("place_class", 3), ("rank", 3), ("people", 4), ("places", 3), ("score", 8), ("country", 9), ("region", 13),
    ("is_capital", 1), ("is_curated", 1), ("is_postal", 1), ("is_quarter", 1), ("is_alias", 1), ("classes", 8),
)  # fmt: skip
_SHIFTS: Final = tuple(sum(width for _, width in _FIELDS[:n]) for n in range(len(_FIELDS)))
_MASKS: Final = tuple((1 << width) - 1 for _, width in _FIELDS)


@dataclass(frozen=True, slots=True)
class NameFacts:
    """What is known of a name without a look at its places; of the place that it means most likely, but `places`.

    `people` is twice the decimal logarithm of the inhabitants, at most 15; `places` the binary logarithm of
    the number of places so called, at most 7; `score` that of `scoring.PriorScore`; `classes` the classes of all.
    """

    place_class: PlaceClass
    rank: NameRank
    people: int
    places: int
    score: float
    country: str
    region: str
    is_capital: bool
    is_curated: bool
    is_postal: bool
    is_quarter: bool
    is_alias: bool
    classes: frozenset[PlaceClass]


def pack(columns: Sequence[NDArray[np.int64]]) -> NDArray[np.uint64]:
    """The fields of `NameFacts`, a column each, as one number a name; each is cut to its width."""
    packed = np.zeros(len(columns[0]), dtype=np.uint64)
    for values, shift, mask in zip(columns, _SHIFTS, _MASKS, strict=True):
        packed |= np.clip(values, 0, mask).astype(np.uint64) << np.uint64(shift)
    return packed


class NameIndex:
    """The names of a store.

    Parameters
    ----------
    trie
        Folded names.
    facts
        Shape `(n,)`, what `pack` made for each key of the trie, by its number there.
    countries, regions
        What the numbers of countries and regions in `facts` stand for; the first is that of none.
    """

    def __init__(
        self,
        trie: marisa_trie.Trie,
        facts: NDArray[np.uint64],
        countries: tuple[str, ...],
        regions: tuple[str, ...],
    ) -> None:
        self.trie, self.facts, self.countries, self.regions = trie, facts, countries, regions

    def __len__(self) -> int:
        return len(self.trie)

    def __contains__(self, fold: str) -> bool:
        return fold in self.trie

    def lengths(self, folds: str) -> list[int]:
        """The lengths of all names that a text of folded words begins with, in letters, the shortest first."""
        return [
            len(name)
            for name in self.trie.iter_prefixes(folds)
            if len(name) == len(folds) or folds[len(name)] == " "
        ]

    def facts_of(self, fold: str) -> NameFacts | None:
        """What is known of a folded name; None where there is none."""
        number = self.trie.get(fold)
        if number is None:
            return None
        packed = int(self.facts[number])
        values = [packed >> shift & mask for shift, mask in zip(_SHIFTS, _MASKS, strict=True)]
        place_class, rank, people, places, points, country, region = values[:7]
        is_capital, is_curated, is_postal, is_quarter, is_alias = map(bool, values[7:12])
        return NameFacts(
            place_class=CLASSES[place_class],
            rank=NameRank(rank),
            people=people,
            places=places,
            score=LEAST_SCORE + SCORE_STEP * points,
            country=self.countries[country],
            region=self.regions[region],
            is_capital=is_capital,
            is_curated=is_curated,
            is_postal=is_postal,
            is_quarter=is_quarter,
            is_alias=is_alias,
            classes=frozenset(kind for number, kind in enumerate(CLASSES) if values[12] >> number & 1),
        )
