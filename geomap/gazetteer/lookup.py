"""The names of a description looked up: by name, in another case or spelling, misspelt; each place with its score."""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz, process

from geomap.gazetteer.description import Part
from geomap.gazetteer.fold import fold_name
from geomap.gazetteer.kinds import DIVISIONS, PlaceClass, class_of
from geomap.gazetteer.names import has_region_words, without_region_words
from geomap.gazetteer.rows import Row
from geomap.gazetteer.schema import DEGREE, NameRank
from geomap.gazetteer.scoring import PriorScore, cities_first
from geomap.gazetteer.store import Store
from geomap.gazetteer.variants import FUZZY_CUT, likeness, spellings, variant_key
from geomap.model.geometry import distance_m
from geomap.model.lonlat import LonLat
from geomap.model.places import Match

# What is added to a score, in natural logarithms of odds.
_CONTEXT: Final = 3.0  # a country that the text is about
_CURATED_PEOPLE: Final = 200_000  # a reviewed place is there because people write about it
_COUNTRY_FIRST: Final = 3.0  # Georgia, outside the newspapers of its neighbours
_SPELLING_LEAST: Final = -0.7
_QUARTER: Final = -3.0  # a settlement where the text says a part of one
_OTHER_DIVISION: Final = -5.0  # a region where the text says district, and there is one
_KIND_LEAST: Final = 1.5  # a kind word that fits, whatever the corpora say
_NEAR_SCALE_KM: Final = 100.0
_VARIANT: Final = -4.0  # times 1 less the likeness over that of the cut

SHORTEST_MISSPELT: Final = 5
_LOOSE_CUT: Final = 0.80
"""Likeness from which a name of the same variant key is taken where the country is known.

Two thirds of the true spellings in GeoNames' own alternative names pass 0.865, which lets 1.6 % of false pairs of
one country through; the country leaves few namesakes, so that more may be let in, at a lower share.
"""
_MISSPELT: Final = 86.0  # of 100, rapidfuzz; then `likeness` decides
_DECLINED_IN: Final = frozenset({"BY", "UA", "RU", "PL", "LT", "LV", "KZ", "MD", "EE"})


@dataclass(slots=True)
class Option:
    """A place that a part may mean, with its score and how the name met it."""

    row: Row
    kind: PlaceClass
    score: float
    match: Match = Match.NAME
    held: float = 0.0
    name_number: int = 0


class Lookup:
    """One question: the names of a text looked up and weighed under a country, context and position."""

    def __init__(
        self,
        store: Store,
        prior: PriorScore,
        *,
        country: str | None,
        context: Collection[str],
        near: LonLat | None,
    ) -> None:
        self.store, self.country = store, country
        self._prior, self._context, self._near = prior, context, near

    def exact(self, fold: str, *, says_division: bool = False) -> list[Option]:
        """The places of a folded name; a city before its own region, unless a word beside it says a division."""
        says_region = has_region_words(fold)
        rows = self._fitting(self.store.rows(fold))
        if says_region:
            bare = without_region_words(fold)
            known = {row.key for row in rows}
            rows += [
                row
                for row in self._fitting(self.store.rows(bare) if bare else [])
                if row.key not in known and class_of(row.feature) is PlaceClass.REGION
            ]
            areas = [row for row in rows if class_of(row.feature) in (PlaceClass.REGION, PlaceClass.DISTRICT)]
            # "Kursk Region" is never the city, even where a settlement carries such an alias.
            rows = self._without_namesake_cities(areas) or rows
        options = [self.option(row, fold) for row in rows]
        if not (says_region or says_division):
            scores = cities_first(rows, [option.score for option in options], self.store.is_curated)
            for option, points in zip(options, scores, strict=True):
                option.score = points
        return options

    def _fitting(self, rows: Iterable[Row]) -> list[Row]:
        return [
            row
            for row in rows
            if row.rank <= NameRank.OTHER_SCRIPT
            and (self.country is None or self.country in self.store.countries_of(row))
        ]

    def option(self, row: Row, fold: str, likeness_to_name: float = 1.0, match: Match = Match.NAME) -> Option:
        prior = self._prior
        points = prior(row, fold)
        kind = class_of(row.feature)
        if self.store.is_curated(row):
            points = max(points, prior.people(_CURATED_PEOPLE))
        if self._context and not self.store.countries_of(row).isdisjoint(self._context):
            points += _CONTEXT
        if self._near is not None:
            here = LonLat(lon=row.lon / DEGREE, lat=row.lat / DEGREE)
            away_km = distance_m(self._near, here) / 1000
            points += math.log(math.exp(-away_km / _NEAR_SCALE_KM) + 1e-3)
        if match is not Match.NAME:
            points += _VARIANT * (1 - likeness_to_name) / (1 - FUZZY_CUT)
        return Option(row, kind, points, match)

    def _without_namesake_cities(self, areas: list[Row]) -> list[Row]:
        """Regions without those that are a city of a country where another is a region by name.

        Moscow is a region of Russia, and so is Moscow Oblast; "Moscow Region" means the latter.
        """
        formal = {
            row.key
            for row in areas
            if row.code is not None
            and row.code.startswith("ne:")
            and row.region is not None
            and any(
                has_region_words(fold_name(name))
                for written in self.store.region(row.region).names.values()
                for name in written
            )
        }
        settled = {row.country for row in areas if row.key in formal}
        return [row for row in areas if row.key in formal or row.country not in settled]

    def named(self, part: Part) -> list[Option]:
        """The places that a part of a description may mean: by name, else by variant, else misspelt."""
        found: dict[int, Option] = {}
        for number, name in enumerate(part.names):
            if found and number and number == part.stripped_from:
                break
            fold = fold_name(name)
            for option in (
                self.exact(fold, says_division=not part.kinds.isdisjoint(DIVISIONS)) if fold else []
            ):
                if option.row.key not in found:
                    self._add_kind(option, part, is_bare=number > 0)
                    option.name_number = number
                    found[option.row.key] = option
            if PlaceClass.DISTRICT in part.kinds:
                for row in self.store.rows(fold):
                    is_here = self.country is None or self.country in self.store.countries_of(row)
                    if row.rank == NameRank.SHORT and row.key not in found and is_here:
                        found[row.key] = self.option(row, fold)
        if found:
            options = list(found.values())
            if any(option.kind in part.kinds for option in options if option.kind in DIVISIONS):
                for option in options:  # Grodno District is not Grodno Region, where there are both
                    if option.kind in DIVISIONS and option.kind not in part.kinds:
                        option.score += _OTHER_DIVISION
            return options
        whole = part.names[: part.stripped_from or None]
        names = [fold for name in (*reversed(whole), *part.names[len(whole) :]) if (fold := fold_name(name))]
        if options := self.declined(part):
            return options
        for look in (self._respelt, self._varied, self._misspelt):
            for fold in names:
                options = look(fold)
                for option in options:
                    self._add_kind(option, part, is_bare=True)
                if options:
                    return options
        return []

    def _add_kind(self, option: Option, part: Part, *, is_bare: bool) -> None:
        kinds = part.kinds
        if option.kind in kinds or (PlaceClass.SITE in kinds and option.kind is PlaceClass.AIRFIELD):
            option.score += max(self._prior.weights["kind_said"], _KIND_LEAST)
        elif option.kind in DIVISIONS and not kinds.isdisjoint(DIVISIONS):
            # Counties of Kenya are of first order.
            option.score += max(self._prior.weights["kind_said"], _KIND_LEAST) / 2
        elif kinds and is_bare:
            option.score += min(self._prior.weights["kind_other"], -_KIND_LEAST)
        if part.is_quarter and option.row.feature != "PPLX":
            option.score += _QUARTER

    def declined(self, part: Part) -> list[Option]:
        """The places of a name in an oblique case: `под Киевом`, `koło Kuźnicy`; only where such names are at home."""
        from geomap.gazetteer.inflections import nominatives  # a large table, seldom asked

        for name in reversed(part.names):
            for written in nominatives(name):
                options = [
                    option
                    for option in self.exact(fold_name(written))
                    if not self.store.countries_of(option.row).isdisjoint(_DECLINED_IN)
                ]
                if options:
                    for option in options:
                        self._add_kind(option, part, is_bare=True)
                        # Without a letter that is at home there the ending may be a slip as well: Hrodnaa.
                        option.match = Match.VARIANT if name.isascii() else Match.NAME
                    return options
        return []

    def _respelt(self, fold: str) -> list[Option]:
        for other in spellings(fold):
            if options := self.exact(other):
                for option in options:
                    option.match = Match.VARIANT
                return options
        return []

    def _varied(self, fold: str) -> list[Option]:
        key = variant_key(fold)
        if not key:
            return []
        cut = FUZZY_CUT if self.country is None else _loose_cut(fold)
        return self._alike(fold, self.store.variants(key), cut, Match.VARIANT)

    def _misspelt(self, fold: str) -> list[Option]:
        if len(fold) < SHORTEST_MISSPELT:
            return []
        lengths = range(len(fold) - 2, len(fold) + 3)
        known = self.store.folds_like(fold[:2], lengths)
        close = process.extract(fold, known, scorer=fuzz.ratio, score_cutoff=_MISSPELT, limit=8)
        return self._alike(fold, [name for name, _, _ in close], FUZZY_CUT, Match.MISSPELT)

    def _alike(self, fold: str, names: Iterable[str], cut: float, match: Match) -> list[Option]:
        found: dict[int, Option] = {}
        for name in names:
            alike = likeness(fold, name)
            if alike < cut:
                continue
            for row in self._fitting(self.store.rows(name)):
                option = self.option(row, name, alike, match)
                if row.key not in found or found[row.key].score < option.score:
                    found[row.key] = option
        return list(found.values())

    def country_of_code(self, text: str) -> str | None:
        """The code that a two-letter capital word is."""
        word = text.strip().rstrip(".")
        is_code = len(word) == 2 and word.isupper() and word in self.store.country_codes()
        return word if is_code and self.country in (None, word) else None


def prior_score(weights: Mapping[str, float]) -> PriorScore:
    """The score of a place for a text of which nothing else is known.

    The weights were learned from English newspapers, mostly American local ones, to which Odessa is in Texas.
    """
    return PriorScore(
        {
            **weights,
            "country": weights["country"] + _COUNTRY_FIRST,
            "other_spelling": max(weights["other_spelling"], _SPELLING_LEAST),
        }
    )


def _loose_cut(fold: str) -> float:
    """How alike a name must be where the country is known: a short one more than a long one."""
    return _LOOSE_CUT if len(fold) >= 8 else (_LOOSE_CUT + FUZZY_CUT) / 2 if len(fold) >= 6 else 0.9
