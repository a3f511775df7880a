"""The countries of many positions at once are those of each."""

import numpy as np
import pytest

from geomap.gazetteer import PlaceData, read_gazetteer
from geomap.gazetteer.nearby import countries_near
from geomap.gazetteer.placing import decimals, least_radius
from geomap.gazetteer.positions import place_positions
from geomap.model.columns import coded
from geomap.model.lonlat import LonLat


@pytest.fixture(scope="module")
def places() -> PlaceData:
    return read_gazetteer(worldview="un")


@pytest.mark.parametrize(
    ("west", "south", "east", "north", "count"),
    [
        (-180, -90, 180, 90, 400),  # the world, most of it sea
        (23.2, 53.0, 24.2, 54.2, 900),  # where three countries meet
        (33.0, 44.0, 37.0, 46.5, 400),  # a coast and a dispute
        (179.0, 60.0, 180.0, 70.0, 100),  # beside the antimeridian
    ],
)
def test_each_has_its_own(
    places: PlaceData, west: float, south: float, east: float, north: float, count: int
) -> None:
    chance = np.random.default_rng(7)
    lon, lat = chance.uniform(west, east, count), chance.uniform(south, north, count)
    lon[:4], lat[:4] = [west, east, west, east], [south, south, north, north]
    found = countries_near(places.store, lon, lat)
    for number, own in enumerate(found):
        expected = places.store.countries_near(LonLat(lon=float(lon[number]), lat=float(lat[number])))
        assert own == tuple(sorted(expected)), (lon[number], lat[number])


def test_one_position_many_times_is_looked_at_as_one(places: PlaceData) -> None:
    found = countries_near(places.store, np.full(5000, 23.65), np.full(5000, 53.55))
    assert set(found) == {tuple(sorted(places.store.countries_near(LonLat(lon=23.65, lat=53.55))))}


def test_digits_tell_the_radius(places: PlaceData) -> None:
    lon = np.array([27.0, 27.5, 27.56, 27.567, 27.5667, 27.56671])
    found = place_positions(places.store, lon, np.full(6, 53.123456), coded([None] * 6))
    assert list(found.radius_m) == [least_radius(decimals(float(one))) for one in lon]


def test_of_many_positions_a_few_end_in_zeros(places: PlaceData) -> None:
    lon = np.round(20 + np.arange(2000) * 0.0073137, 7)
    lon[7] = 21.0
    radii = place_positions(places.store, lon, np.full(2000, 53.12345), coded([None] * 2000)).radius_m
    assert set(radii) == {least_radius(4)}
    lon[:40] = 21.5
    radii = place_positions(places.store, lon, np.full(2000, 53.12345), coded([None] * 2000)).radius_m
    assert list(radii)[:40] == [least_radius(1)] * 40
    assert set(list(radii)[40:]) == {least_radius(4)}
