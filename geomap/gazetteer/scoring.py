"""How likely a text means a place: a linear score of what is known of both, and shares made of the scores.

The weights are learned by `gazetteer/build/train_weights.py` and lie in `gazetteer/weights.json`.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from rapidfuzz import fuzz

from geomap.gazetteer.fold import fold_name
from geomap.gazetteer.kinds import DIVISIONS, KIND_WORDS, PlaceClass, class_of
from geomap.gazetteer.rows import CITY_PEOPLE, Row, away_m, radius_m
from geomap.gazetteer.schema import POSTAL, NameRank

# What the text asks for besides a name.
_SEATS: Final = {"PPLC": "capital", "PPLA": "seat_1", "PPLA2": "seat_2", "PPLA3": "seat_3", "PPLX": "quarter"}
_NATURAL: Final = frozenset({PlaceClass.WATERS, PlaceClass.TERRAIN})
_DIVIDED: Final = DIVISIONS | {PlaceClass.COUNTRY}
_RANKS: Final = {NameRank.SHORT: "short_name", NameRank.DEMONYM: "demonym"}
CLEAR_LEAD: Final = 2.0
"""How much more probable a place must be than the next to be chosen by rule."""
_FEWEST: Final = 100
_ALIKE: Final = 75.0
_LARGEST_LOG: Final = 7.5

CONTEXT_FEATURES: Final = (
    "same_country", "same_region", "same_district", "close", "is_holder", "holder_named",
)  # fmt: skip
FEATURES: Final = (
    "people", "country", "region", "district", "airfield", "site", "waters", "terrain",
    "capital", "seat_1", "seat_2", "seat_3", "quarter", "postal",
    "other_name", "other_spelling", "short_name", "demonym",
    "region_alias", "kind_said", "kind_other", "abbreviated",
    *CONTEXT_FEATURES,
)  # fmt: skip
"""Names of the numbers that a score adds up.

people
    Decimal logarithm of inhabitants from 100 up, less 2; settlements and divisions.
country … terrain, capital … quarter
    1 where the place is one; a settlement has none of the first seven.
postal
    1 for a place of the postal table.
other_name, other_spelling, short_name, demonym
    1 by the rank of the name, see `schema.NameRank`; another name that is a spelling of the main one
    (Odessa, Odesa) is told from one that is not (White House, Casablanca). `region_alias` where a region or
    country is found by another name.
kind_said, kind_other
    1 where a kind word of the text fits the place, or says something else.
abbreviated
    1 where the text is an abbreviation of the place's name (`Kan.`).
same_country, same_region, same_district
    Natural logarithm of the share of the other names in the text whose places lie there.
close
    The same of those close by, each weighed by exp(-distance / 50 km).
is_holder
    For a country or region: logarithm of the share of other names that lie in it.
holder_named
    Logarithm of the share of other names that are the place's own region or country.
"""


class PriorScore:
    """The score of a place by itself, quickly: most of it is the same for all places of a feature code."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self.weights = weights
        self._people = weights["people"]
        self._fixed: dict[tuple[str, str, bool], float] = {}

    def __call__(self, row: Row, fold: str) -> float:
        """The weighted sum of `row_features`."""
        key = (row.feature, name_feature(row, fold), row.code is not None and row.code.startswith(POSTAL))
        fixed = self._fixed.get(key)
        if fixed is None:
            features = row_features(row._replace(population=0), fold)
            fixed = self._fixed[key] = score(features, self.weights)
        return fixed + self.people(row.population)

    def people(self, population: int) -> float:
        """What so many inhabitants add."""
        if population <= _FEWEST:
            return 0.0
        return self._people * (min(math.log10(population), _LARGEST_LOG) - 2)


def row_features(row: Row, fold: str) -> dict[str, float]:
    """What a place and the folded name that found it bring along, whatever the text."""
    place_class = class_of(row.feature)
    found: dict[str, float] = {}
    if people := people_feature(row.population):
        found["people"] = people
    if place_class is PlaceClass.SETTLEMENT:
        if (seat := _SEATS.get(row.feature)) is not None:
            found[seat] = 1.0
        if row.code is not None and row.code.startswith(POSTAL):
            found["postal"] = 1.0
    else:
        found[place_class.value] = 1.0
    if name := name_feature(row, fold):
        found[name] = 1.0
    return found


def people_feature(population: int) -> float:
    """The feature `people`; 0 for few."""
    return min(math.log10(population), _LARGEST_LOG) - 2 if population > _FEWEST else 0.0


def name_feature(row: Row, fold: str) -> str:
    """What the name that found a place is to it, as a feature; empty for its main name."""
    said = KIND_WORDS.get(fold.rpartition(" ")[2])
    if said in _NATURAL and " " in fold:
        # The Red Sea is a sea before it is a governorate.
        kind = class_of(row.feature)
        if kind is said and row.rank == NameRank.MAIN:
            return "kind_said"
        if kind in _DIVIDED:
            return "kind_other"
    if row.rank == NameRank.MAIN:
        return ""
    if row.rank in _RANKS:
        return _RANKS[NameRank(row.rank)]
    if class_of(row.feature) in (PlaceClass.COUNTRY, PlaceClass.REGION):
        return "region_alias"
    return "other_spelling" if is_spelling(fold, fold_name(row.name)) else "other_name"


def is_spelling(fold: str, main: str) -> bool:
    """Whether a folded name is a spelling of another rather than another name: Kuznetsk is not Novokuznetsk."""
    return fold[:1] == main[:1] and fuzz.ratio(fold, main) >= _ALIKE


def score(features: dict[str, float], weights: Mapping[str, float]) -> float:
    """The weighted sum of features."""
    return sum(value * weights[name] for name, value in features.items())


def shares(scores: Sequence[float]) -> list[float]:
    """Scores as shares that add up to 1 (softmax)."""
    if not scores:
        return []
    best = max(scores)
    raised = [math.exp(score - best) for score in scores]
    total = sum(raised)
    return [value / total for value in raised]


def cities_first(
    rows: Sequence[Row], scores: Sequence[float], is_curated: Callable[[Row], bool]
) -> list[float]:
    """Scores in which a city stands before its own division, even by another name: that is half as probable.

    A city has 100,000 people or is a reviewed place. Its own are the divisions of its country that reach as far:
    Minsk is not in Minsk Region but amid it.
    """
    capped = list(scores)
    for division, city in cities_of_divisions(rows, is_curated):
        capped[division] = min(capped[division], scores[city] - math.log(CLEAR_LEAD))
    return capped


def cities_of_divisions(rows: Sequence[Row], is_curated: Callable[[Row], bool]) -> list[tuple[int, int]]:
    """The divisions among some places with their cities, by number; see `cities_first`."""
    if all(class_of(row.feature) is PlaceClass.SETTLEMENT for row in rows):
        return []
    cities = [
        (number, row)
        for number, row in enumerate(rows)
        if class_of(row.feature) is PlaceClass.SETTLEMENT
        and (row.population >= CITY_PEOPLE or is_curated(row))
    ]
    return [
        (number, city_number)
        for number, row in enumerate(rows)
        if class_of(row.feature) in DIVISIONS
        for city_number, city in cities
        if city.country == row.country and away_m(city, row) <= radius_m(row)
    ]
