"""From a written place to ranked candidates."""

import math
import unicodedata
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Final

from rapidfuzz import fuzz, process

from geomap.errors import AmbiguousPlaceError, EmptyRelationError, PlaceNotFoundError
from geomap.gazetteer.answers import Answers
from geomap.gazetteer.description import read_description
from geomap.gazetteer.fold import fold_name
from geomap.gazetteer.lookup import SHORTEST_MISSPELT, Lookup, prior_score
from geomap.gazetteer.names import display_name
from geomap.gazetteer.store import Store
from geomap.gazetteer.variants import has_mixed_scripts, unmixed
from geomap.model.lonlat import LonLat
from geomap.model.places import Candidate, Match, Place
from geomap.model.vocabulary import Precision

if TYPE_CHECKING:
    from geomap.gazetteer.coordinates import Coordinates

_NEAR_SCRIPTS: Final = frozenset(
    (
        "LATIN",
        "CYRILLIC",
        "ARABIC",
        "HEBREW",
        "GREEK",
        "ARMENIAN",
        "GEORGIAN",
        "MODIFIER",
        "FEMININE",
        "MASCULINE",
    )
)
# What only descriptions need is loaded with the first of them: a name is answered in a third of the time.


class Resolver:
    """Ranks the places that a text may mean."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._prior = prior_score(store.weights.prior)
        self._answers = Answers(store)
        self.is_ambiguous = self._answers.is_ambiguous
        self.radius_m = self._answers.radius_m
        self.answer_radius_m = self._answers.answer_radius_m
        self.shape = self._answers.shape

    def candidates(
        self,
        text: str,
        *,
        country: str | None = None,
        context: Collection[str] = (),
        near: LonLat | None = None,
        limit: int | None = None,
    ) -> list[Candidate]:
        """Every place that a text may mean, best first; scores add up to 1.

        Parameters
        ----------
        text
            A toponym or a description: `Brest, Belarus`, `village of X in Y district`, `30 km east of X`, `near X`,
            `northern X`, `X and Y provinces`, `A / B` for two spellings of one place.
        country
            ISO 3166-1 alpha-2 code; what lies elsewhere is left out.
        context
            Codes of the countries that the text is about; what lies there ranks higher.
        near
            A position that what is meant lies close to.
        limit
            At most so many; all scores are of the whole list.
        """
        lookup = Lookup(self._store, self._prior, country=country, context=context, near=near)
        fold = fold_name(text)
        if len(text) == 2 and text.isupper() and text in self._store.country_codes():
            return []  # a code names a country where the country is asked for
        options = lookup.exact(fold) if fold else []
        if options and not text.isascii() and _is_far_script(text):
            for option in options:
                option.match = Match.VARIANT  # sounds of another tongue: Tokyo's signs read as Chinese ones
        if not options and fold:
            if (told := self._told_otherwise(text, lookup)) is not None:
                return told
            if "/" in text and (agreed := self._spellings(text, lookup)) is not None:
                return agreed[:limit]
            return self._described(text, lookup)[:limit]
        return self._answers.candidates(options, fold)[:limit]

    def best(self, text: str, *, country: str | None = None, context: Collection[str] = ()) -> Candidate:
        """The one place that a text means, by rule.

        Raises
        ------
        PlaceNotFoundError
            If nothing answers to the text, or only something that is spelt otherwise or holds what is sought.
        AmbiguousPlaceError
            If the best candidate is not at least twice as probable as the next.
        """
        found = self.candidates(text, country=country, context=context)
        if not found or found[0].match is not Match.NAME:
            close = [c.place.name for c in found if c.match in (Match.VARIANT, Match.MISSPELT)][:3]
            raise PlaceNotFoundError(text, suggestions=close or self.suggestions(text))
        if self.is_ambiguous(found):
            raise AmbiguousPlaceError(text, [self.describe(candidate) for candidate in found[:4]])
        return found[0]

    def describe(self, candidate: Candidate) -> str:
        """A candidate in words, for error messages: name, kind, where, id."""
        place = candidate.place
        inside: list[str] = []
        if place.precision.is_point or place.precision is Precision.DISTRICT:
            held = self._store.regions_of(place.position, place.country)
            inside = [display_name(self._store.region(region_id).names) for region_id in held[:1]]
        where = ", ".join([*inside, place.country or "no country"])
        return f"{place.name} ({place.kind}, {where}{', ' + place.id if place.id else ''})"

    def remarks(self, text: str) -> list[tuple[str, str]]:
        """What is odd in a text whatever it means, each with the code of its rule."""
        if not has_mixed_scripts(text):
            return []
        plain = unmixed(text)
        instead = f"; read as {plain!r}" if plain else ""
        return [("mixed-scripts", f"a word mixes letters of two scripts that look alike{instead}")]

    def suggestions(self, text: str) -> list[str]:
        """Up to three names that look like a text that was not found."""
        fold = fold_name(text.split(",")[0])
        if len(fold) < SHORTEST_MISSPELT - 1:
            return []
        lengths = range(max(len(fold) - 2, 1), len(fold) + 3)
        known = self._store.folds_like(fold[:2], lengths)
        close = process.extract(fold, known, scorer=fuzz.ratio, score_cutoff=75, limit=20)
        names: dict[str, float] = {}
        for found, alike, _ in close:
            for row in self._store.rows(found):
                names.setdefault(row.name, alike + min(row.population, 1e6) ** 0.5 / 100)
        return sorted(names, key=lambda name: (-names[name], name))[:3]

    def country_place(self, code: str) -> Place:
        """A country as a place.

        Raises
        ------
        KeyError
            If there is none with a shape.
        """
        return self._store.place(self._store.country_row(code))

    def region_place(self, region_id: str) -> Place:
        """A first-order region as a place; its position is its label point.

        Raises
        ------
        KeyError
            If there is none.
        """
        return self._store.place(self._store.region_row(region_id))

    # Inside

    def _told_otherwise(self, text: str, lookup: Lookup) -> list[Candidate] | None:
        """A position or a border; None for any other text."""
        from geomap.gazetteer.border_phrases import read_border
        from geomap.gazetteer.border_places import BorderReader
        from geomap.gazetteer.coordinates import read_coordinates

        if (given := read_coordinates(text)) is not None:
            countries = self._store.countries_near(given.position)
            if lookup.country is not None and countries and lookup.country not in countries:
                return []
            return [Candidate(place=_given(given, countries), score=1.0)]
        if (phrase := read_border(text)) is not None:
            try:
                place = BorderReader(lookup, self._answers).place(phrase)
            except (EmptyRelationError, LookupError):
                return []
            if place is None or lookup.country not in (None, *place.recorded_countries):
                return []
            return [Candidate(place=place, score=1.0)]
        return None

    def _spellings(self, text: str, lookup: Lookup) -> list[Candidate] | None:
        """`Grodno / Hrodna`: two spellings of one place; None where they are no such thing."""
        answers = [(fold_name(part), lookup.exact(fold_name(part))) for part in text.split("/")]
        found = [self._answers.candidates(options, fold) for fold, options in answers if options]
        if not found:
            return None
        agree = len({candidates[0].place.id for candidates in found}) == 1
        return found[0] if agree else []

    def _described(self, text: str, lookup: Lookup) -> list[Candidate]:
        """The candidates of a text that is not itself a name."""
        from geomap.gazetteer.composing import Composer

        parts = [*read_description(unmixed(text) or text)]
        return Composer(lookup, self._answers, parts).candidates() if parts else []


def _is_far_script(text: str) -> bool:
    """Whether a text has letters whose folds are not how anybody here writes them."""
    return any(
        unicodedata.name(char, "").partition(" ")[0] not in _NEAR_SCRIPTS for char in text if char.isalpha()
    )


def _given(given: "Coordinates", countries: Sequence[str]) -> Place:
    """A position that is told by its figures; beside a border its country is left open."""
    return Place(
        id="",
        name=f"{given.position.lat:g}, {given.position.lon:g}",
        native_name="",
        kind="position",
        precision=Precision.PLACE,  # how it is known, nobody says
        country=countries[0] if len(countries) == 1 else None,
        position=given.position,
        radius_m=math.ceil(given.radius_m),
        rule=given.rule,
    )
