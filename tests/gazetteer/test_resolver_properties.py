"""What holds for every answer of the resolver, whatever is asked."""

import math
import sqlite3
from contextlib import closing
from itertools import pairwise

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.errors import EmptyRelationError
from geomap.gazetteer import Resolver, read_gazetteer
from geomap.gazetteer.borders import Border, border_place
from geomap.gazetteer.store import data_folder
from geomap.model.places import Candidate, Place

GAZETTEER = read_gazetteer()
EUROPE = (10.0, 40.0, 45.0, 62.0)
"""Bounds of the countries and regions whose borders are drawn, EPSG:4326."""

some = settings(max_examples=60, derandomize=True)


def names_of_places() -> list[tuple[str, str]]:
    """Names and countries of some thousand places of all kinds, evenly over the base tables."""
    query = (
        "SELECT name, country FROM place WHERE country IS NOT NULL AND name <> '' AND abs(key) % 97 = 5"
        " ORDER BY key"
    )
    with closing(sqlite3.connect(f"file:{data_folder() / 'base.sqlite'}?mode=ro", uri=True)) as base:
        return [(str(name), str(country)) for name, country in base.execute(query)]


NAMES = names_of_places()
NAMED = st.sampled_from(NAMES)
COUNTRIES = st.sampled_from(["BY", "PL", "RU", "UA", "LT", "FR", "US", "DE", "IN", "SY"])
FORMS = st.sampled_from(
    [
        "{0}", "near {0}", "outside {0}", "30 km east of {0}", "north of {0}", "northern {0}", "{0} countryside",
        "{0} district", "{0} District, {1}", "{0}, {1}", "{0} and {1}", "between {0} and {1}", "village of {0} in {1}",
        "под {0}", "в 12 км к югу от {0}", "между {0} и {1}", "koło {0}", "район {0}", "{0} airport", "{0} / {1}",
        "Xyzzyville, {0}",
    ]
)  # fmt: skip
KNOWN = st.sampled_from(
    ["Grodno", "Минск", "Kuźnica", "Brest", "Kursk Region", "Poland", "Сумська область", "Białystok", "Paris"]
)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A description made of names of the base tables and well-known ones."""
    names = KNOWN | NAMED.map(lambda named: named[0])
    return draw(FORMS).format(draw(names), draw(names))


def check(resolver: Resolver, found: list[Candidate]) -> None:
    """Assert what every list of candidates must keep to."""
    if not found:
        return
    scores = [candidate.score for candidate in found]
    assert all(math.isfinite(score) and 0 <= score <= 1 for score in scores)
    assert sum(scores) == pytest.approx(1)
    assert all(before >= after for before, after in pairwise(scores))
    for candidate in found[:5]:
        place = candidate.place
        radius_m = resolver.radius_m(place)
        assert math.isfinite(radius_m)
        assert radius_m > 0
        assert place.name
        if place.geometry is not None:
            assert not place.geometry.is_empty
            assert shapely.is_valid(place.geometry)
            assert place.geometry.distance(shapely.Point(*place.position.geojson)) <= 1e-6


@given(texts())
@some
def test_every_answer_is_finite_with_shares_that_fall_and_add_up_to_one(text: str) -> None:
    check(GAZETTEER.resolver, GAZETTEER.resolver.candidates(text))


@given(texts())
@some
def test_an_answer_is_at_least_as_wide_as_its_first_place(text: str) -> None:
    resolver = GAZETTEER.resolver
    found = resolver.candidates(text)
    if found:
        assert resolver.answer_radius_m(found) >= resolver.radius_m(found[0].place)
        assert math.isfinite(resolver.answer_radius_m(found))


@given(texts(), st.none() | COUNTRIES)
@some
def test_the_same_text_twice_gives_the_same_answer(text: str, country: str | None) -> None:
    resolver = GAZETTEER.resolver
    answer = resolver.candidates(text, country=country)
    resolver.candidates("Brest, France")
    assert resolver.candidates(text, country=country) == answer


@given(texts(), st.integers(1, 5))
@some
def test_a_limit_leaves_the_first_ones_as_they_are(text: str, limit: int) -> None:
    resolver = GAZETTEER.resolver
    assert resolver.candidates(text, limit=limit) == resolver.candidates(text)[:limit]


# A country is kept to


def lies_in(candidate: Candidate, country: str) -> bool:
    """Whether a place may be looked for in a country: its owner's, or one of its own record."""
    return country in (candidate.place.country, *candidate.place.recorded_countries)


@given(NAMED)
@some
def test_the_name_of_a_place_is_found_in_its_country_and_nothing_else_is(named: tuple[str, str]) -> None:
    name, country = named
    found = GAZETTEER.resolver.candidates(name, country=country)
    check(GAZETTEER.resolver, found)
    assert all(lies_in(candidate, country) for candidate in found)


@given(NAMED, COUNTRIES)
@some
def test_a_name_of_anywhere_is_not_answered_from_elsewhere(named: tuple[str, str], country: str) -> None:
    found = GAZETTEER.resolver.candidates(named[0], country=country)
    assert all(lies_in(candidate, country) for candidate in found)


@given(texts(), COUNTRIES)
@some
def test_no_description_leaves_the_country_that_is_asked_for(text: str, country: str) -> None:
    found = GAZETTEER.resolver.candidates(text, country=country)
    check(GAZETTEER.resolver, found)
    assert all(lies_in(candidate, country) for candidate in found), text


# Borders


def neighbours(places: list[Place]) -> list[tuple[Place, Place]]:
    """Pairs of areas that touch."""
    shapes = [GAZETTEER.resolver.shape(place) for place in places]
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    return [
        (places[one], places[two])
        for one, two in zip(first.tolist(), second.tolist(), strict=True)
        if one < two
    ]


def european_neighbours() -> list[tuple[Place, Place]]:
    store, resolver = GAZETTEER.store, GAZETTEER.resolver
    codes = sorted({owner for _, owner, _ in store.owners(EUROPE)})
    regions = [resolver.region_place(region_id) for region_id in store.region_ids(EUROPE)]
    # The regions of the countries are many; those of the east are where borders are written about.
    east = [place for place in regions if place.country in ("BY", "PL", "UA", "RU", "LT", "LV", "EE", "MD")]
    return [*neighbours([resolver.country_place(code) for code in codes]), *neighbours(east)]


PAIRS = european_neighbours()


def border_of(one: Place, two: Place) -> Place | None:
    try:
        return border_place(Border(sides=(one, two)), GAZETTEER.resolver.shape)
    except EmptyRelationError:
        return None


@given(st.sampled_from(PAIRS))
@some
def test_a_border_is_the_same_from_either_side(pair: tuple[Place, Place]) -> None:
    there, back = border_of(*pair), border_of(*reversed(pair))
    assert (there is None) == (back is None)
    if there is None or back is None:  # they touch in a point only
        return
    assert there.geometry is not None
    assert back.geometry is not None
    assert there.geometry.equals(back.geometry)
    assert there.recorded_countries == back.recorded_countries
    assert there.radius_m is not None
    assert back.radius_m is not None
    assert math.isfinite(there.radius_m)
    assert there.geometry.distance(shapely.Point(*there.position.geojson)) <= 1e-6


def test_most_neighbours_have_a_border() -> None:
    # so that the property above is not kept for want of borders
    assert len(PAIRS) > 100
    assert sum(border_of(*pair) is not None for pair in PAIRS[::5]) > len(PAIRS[::5]) * 0.8
