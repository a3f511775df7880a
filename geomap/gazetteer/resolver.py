"""From a written place to ranked candidates."""

import difflib
import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

import shapely

from geomap.errors import AmbiguousPlaceError, PlaceNotFoundError
from geomap.gazetteer.fold import fold_name
from geomap.gazetteer.names import has_region_words, without_region_words
from geomap.gazetteer.relations import DEFAULT_NEAR_KM
from geomap.gazetteer.store import Country, Region, Store, display_name, native_name
from geomap.model.geometry import distance_m, farthest_m
from geomap.model.lonlat import LonLat
from geomap.model.places import Candidate, Place
from geomap.model.vocabulary import Precision

# Weights before they are shared out. A settlement weighs its people, since larger places are written about
# more; a curated place is there because people write about it; a country outweighs what shares its name.
_FLOOR: Final = 500.0
_CURATED_WEIGHT: Final = 200_000.0
_REGION_WEIGHT: Final = 20_000.0
_COUNTRY_WEIGHT: Final = 50_000_000.0
_ALIAS_FACTOR: Final = 0.05
# Another spelling of a name (Odessa for Odesa) is no nickname (White House for Casablanca) and weighs more,
# but never more than a place that is first called so (Odessa in Texas).
_SPELLING_FACTOR: Final = 0.5
_SPELLING_LIKENESS: Final = 0.75
# A quarter is named with its city beside it, or not meant.
_QUARTER_FACTOR: Final = 0.05
_CONTEXT_FACTOR: Final = 20.0
_NEAR_SCALE_KM: Final = 100.0
# Two records of one settlement may lie this far apart; they are no reason to call it ambiguous.
_SAME_PLACE_M: Final = 5_000.0
_CLEAR_LEAD: Final = 2.0
_CITY_PEOPLE: Final = 100_000


_NEAR: Final = re.compile(r"near\s+(?P<place>\S.*)", re.IGNORECASE)


class Resolver:
    """Ranks the places that a text may mean."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def candidates(
        self,
        text: str,
        *,
        country: str | None = None,
        context: Collection[str] = (),
        near: LonLat | None = None,
    ) -> list[Candidate]:
        """Every place that a text may mean, best first; scores add up to 1.

        Parameters
        ----------
        text
            A toponym, which qualifiers may follow after commas: `Brest, Belarus`, `Kuźnica, Podlaskie`;
            `near Kuźnica` means its vicinity, `Grodno / Hrodna` two spellings of one place.
        country
            ISO 3166-1 alpha-2 code; what lies elsewhere is left out.
        context
            Codes of the countries that the text is about; what lies there ranks higher.
        near
            A position that what is meant lies close to.
        """
        if match := _NEAR.fullmatch(text.strip()):
            anchors = self.candidates(match["place"], country=country, context=context, near=near)
            return [
                replace(anchor, place=vicinity_of(anchor.place))
                for anchor in anchors
                if anchor.place.precision.is_point
            ]
        if "/" in text:
            spellings = [
                self.candidates(part, country=country, context=context, near=near) for part in text.split("/")
            ]
            found = [answers for answers in spellings if answers]
            agree = len({answers[0].place.id for answers in found}) == 1
            return found[0] if agree else []
        whole = self._ranked(text, country=country, qualifiers=(), context=context, near=near)
        if whole or "," not in text:
            return whole
        head, *rest = (part.strip() for part in text.split(","))
        qualifiers = [self._qualifier(part) for part in rest]
        if not all(qualifiers):
            return []
        return self._ranked(head, country=country, qualifiers=qualifiers, context=context, near=near)

    def best(self, text: str, *, country: str | None = None, context: Collection[str] = ()) -> Candidate:
        """The one place that a text means, by rule.

        Raises
        ------
        PlaceNotFoundError
            If nothing answers to the text.
        AmbiguousPlaceError
            If the best candidate is not at least twice as probable as the next.
        """
        found = self.candidates(text, country=country, context=context)
        if not found:
            raise PlaceNotFoundError(text, suggestions=self.suggestions(text))
        if self.is_ambiguous(found):
            raise AmbiguousPlaceError(text, [self.describe(candidate) for candidate in found[:4]])
        return found[0]

    def is_ambiguous(self, candidates: Sequence[Candidate]) -> bool:
        """Whether no rule chooses the first candidate.

        A city stands before its own region of the same name, and another record of the same settlement is
        no rival; else the first must be twice as probable as the next.
        """
        first = candidates[0]
        return any(
            rival.score * _CLEAR_LEAD > first.score and not self._same(first.place, rival.place)
            for rival in candidates[1:]
        )

    def radius_m(self, place: Place) -> float:
        """The radius of a place; for regions and countries the distance to their farthest point."""
        if place.radius_m is not None:
            return place.radius_m
        return math.ceil(farthest_m(place.position, self.shape(place)))

    def shape(self, place: Place) -> shapely.geometry.base.BaseGeometry:
        """The polygon of a region or country, EPSG:4326."""
        code = place.id.partition(":")[2]
        if place.precision is Precision.COUNTRY:
            return self._store.country_shape(code)
        return self._store.region_shape(code)

    def describe(self, candidate: Candidate) -> str:
        """A candidate in words, for error messages: name, kind, where, id."""
        place = candidate.place
        held = self._store.regions_of(place.position, place.country)
        inside = [display_name(self._store.region(region_id).names) for region_id in held]
        if place.precision in (Precision.REGION, Precision.COUNTRY):
            inside = []
        where = ", ".join([*inside[:1], place.country or "no country"])
        return f"{place.name} ({place.kind}, {where}, {place.id})"

    def suggestions(self, text: str) -> list[str]:
        """Up to three names that look like a text that was not found."""
        fold = fold_name(text.split(",")[0])
        by_fold = {fold_name(name): name for name in reversed(self._store.similar(fold))}
        return [by_fold[close] for close in difflib.get_close_matches(fold, list(by_fold), n=3, cutoff=0.75)]

    # Inside

    def _ranked(
        self,
        text: str,
        *,
        country: str | None,
        qualifiers: Sequence[Collection[str]],
        context: Collection[str],
        near: LonLat | None,
    ) -> list[Candidate]:
        weighed = [
            (place, weight * self._context_factor(place, context, near))
            for place, weight in self._named(text)
            if (country is None or country in self._countries_of(place))
            and all(self._lies_in(place, qualifier) for qualifier in qualifiers)
        ]
        weighed = self._cities_first(weighed)
        total = sum(weight for _, weight in weighed)
        ranked = sorted(weighed, key=lambda item: (-item[1], item[0].id))
        fold = fold_name(text)
        return [
            Candidate(place=place, score=weight / total, by_nickname=_is_nickname(fold, place))
            for place, weight in ranked
        ]

    def _named(self, text: str) -> list[tuple[Place, float]]:
        """Every place of a name with its weight, whatever the context."""
        fold = fold_name(text)
        if not fold:
            return []
        found: dict[str, tuple[Place, float]] = {}

        def add(place: Place, weight: float) -> None:
            if place.id not in found or found[place.id][1] < weight:
                found[place.id] = (place, weight)

        for land in self._store.countries(fold):
            add(self.country_place(land), _COUNTRY_WEIGHT)
        says_region = has_region_words(fold)
        bare = without_region_words(fold) if says_region else ""
        regions = {r.id: r for key in {fold, bare} - {""} for r in self._store.regions(key)}
        if says_region:
            regions = _without_namesake_cities(regions)
        for region in regions.values():
            add(self.region_place(region), _REGION_WEIGHT)
        # "Kursk Region" is never the city, even where a settlement carries such an alias.
        places = [] if says_region and found else self._store.places(fold)
        people = [max(_people(place), _FLOOR) for place, _ in places]
        firsts = [many for many, (_, is_main) in zip(people, places, strict=True) if is_main]
        namesake = max(firsts, default=math.inf)
        for weight, (place, is_main) in zip(people, places, strict=True):
            if not is_main:
                least, spelling = weight * _ALIAS_FACTOR, weight * _SPELLING_FACTOR
                weight = max(least, min(spelling, namesake)) if _is_spelling(fold, place) else least
            add(place, max(weight, _CURATED_WEIGHT) if place.curated else weight)
        return list(found.values())

    def _cities_first(self, weighed: list[tuple[Place, float]]) -> list[tuple[Place, float]]:
        """A city stands before its own region, even where the name is not the first of that city."""
        cities = [(place, weight) for place, weight in weighed if place.population >= _CITY_PEOPLE]
        return [
            (
                place,
                min([weight, *(lead / _CLEAR_LEAD for city, lead in cities if self._same(city, place))])
                if place.precision is Precision.REGION
                else weight,
            )
            for place, weight in weighed
        ]

    def _context_factor(self, place: Place, context: Collection[str], near: LonLat | None) -> float:
        factor = _CONTEXT_FACTOR if any(code in context for code in self._countries_of(place)) else 1.0
        if near is not None:
            factor *= math.exp(-distance_m(near, place.position) / 1000 / _NEAR_SCALE_KM) + 1e-3
        return factor

    def _countries_of(self, place: Place) -> set[str]:
        return {code for code in (place.country, *place.recorded_countries) if code}

    def _qualifier(self, text: str) -> Collection[str]:
        """The ids that a qualifier may mean: `country:BY`, `region:BY-HR`."""
        fold = fold_name(text)
        keys = {fold, without_region_words(fold)} - {""}
        ids = {f"country:{land.code}" for land in self._store.countries(fold)}
        ids |= {f"region:{region.id}" for key in keys for region in self._store.regions(key)}
        if len(text) == 2 and text.isupper() and text in self._store.country_codes():
            ids.add(f"country:{text}")
        return ids

    def _lies_in(self, place: Place, qualifier: Collection[str]) -> bool:
        if any(f"country:{code}" in qualifier for code in self._countries_of(place)):
            return True
        if place.precision is Precision.COUNTRY:
            return False
        held = self._store.regions_of(place.position, place.country)
        return any(f"region:{region_id}" in qualifier for region_id in held)

    def _same(self, first: Place, rival: Place) -> bool:
        if first.precision.is_point and rival.precision is Precision.REGION:
            return bool(self.shape(rival).intersects(shapely.Point(*first.position.geojson)))
        if first.precision.is_point and rival.precision.is_point:
            return distance_m(first.position, rival.position) <= max(_SAME_PLACE_M, first.radius_m or 0)
        return False

    def country_place(self, land: Country) -> Place:
        """A country as a place; its position is a point on its surface."""
        point = self._store.country_shape(land.code).representative_point()
        return Place(
            id=f"ne:{land.code}",
            name=display_name(land.names),
            native_name=native_name(land.names, land.code),
            kind="country",
            precision=Precision.COUNTRY,
            country=land.code,
            position=LonLat(lon=point.x, lat=point.y),
            geonameid=land.geonameid,
        )

    def region_place(self, region: Region) -> Place:
        """A first-order region as a place; its position is its label point."""
        return Place(
            id=f"ne:{region.id}",
            name=display_name(region.names),
            native_name=native_name(region.names, region.country),
            kind="region",
            precision=Precision.REGION,
            country=region.country,
            position=region.label,
            geonameid=region.geonameid,
        )


def vicinity_of(place: Place, within_km: float | None = None) -> Place:
    """The surrounding of a point place: as wide as is said, else 10 km or the place's radius if wider."""
    radius = within_km * 1000 if within_km else max(DEFAULT_NEAR_KM * 1000, place.radius_m or 0)
    return replace(place, precision=Precision.VICINITY, name=f"near {place.name}", radius_m=radius)


def _people(place: Place) -> float:
    return place.population * (_QUARTER_FACTOR if place.kind == "quarter" else 1.0)


def _is_nickname(fold: str, place: Place) -> bool:
    """Whether a settlement is found by a name that is not a spelling of its first one; reviewed names are none."""
    if place.curated or place.geonameid is None or not place.precision.is_point:
        return False
    return fold != fold_name(place.name) and not _is_spelling(fold, place)


def _is_spelling(fold: str, place: Place) -> bool:
    main = fold_name(place.name)
    if fold[:1] != main[:1]:  # Kuznetsk is not Novokuznetsk
        return False
    return difflib.SequenceMatcher(None, fold, main, autojunk=False).ratio() >= _SPELLING_LIKENESS


def _without_namesake_cities(regions: Mapping[str, Region]) -> dict[str, Region]:
    """Regions without those that are a city of a country where another is a region by name.

    Moscow is a region of Russia, and so is Moscow Oblast; "Moscow Region" means the latter.
    """
    formal = {
        region.id
        for region in regions.values()
        if any(has_region_words(fold_name(name)) for written in region.names.values() for name in written)
    }
    settled = {regions[region_id].country for region_id in formal}
    return {key: region for key, region in regions.items() if key in formal or region.country not in settled}
