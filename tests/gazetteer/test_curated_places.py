"""The curated places: what every entry must have, and where the places really are.

The table of positions below was typed from the records of GeoNames, Who's On First and OurAirports, not from
the YAML, so that a slip in one of the two shows.
"""

import datetime
import importlib
import math
import sys
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from pyproj import Geod

DATA = Path(__file__).resolve().parents[2] / "gazetteer"
CURATED = DATA / "curated"
PLACE_FILES = ("settlements.yaml", "military.yaml", "structures.yaml")
ALL_FILES = (*PLACE_FILES, "regions.yaml")
FILES_OF_SITES = ("crossings.yaml", "ranges.yaml", "sites.yaml")
"""Held by the tests of curated sites."""
GEOD = Geod(ellps="WGS84")

KINDS = {
    "city", "town", "village", "airfield", "air_base", "training_range", "bridge", "power_plant",
    "border_crossing", "building", "military_base",
}  # fmt: skip
SETTLEMENTS = {"city", "town", "village"}
PLACE_KEYS = {"id", "kind", "country", "names", "lon", "lat", "radius_m", "sources"}
OPTIONAL_KEYS = {"region", "countries", "extent", "geonameid", "note"}
SOURCE_KEYS = {"name", "record", "version", "date", "licence", "lon", "lat"}
NATIVE = {
    "BE": "nl", "BY": "be", "FR": "fr", "GB": "en", "KZ": "kk", "PL": "pl", "RU": "ru", "TR": "tr",
    "UA": "uk", "US": "en",
}  # fmt: skip


class Position(NamedTuple):
    """Where a record puts a place, and how far the entry may stand from it."""

    lat: float
    lon: float
    tolerance_km: float


POSITIONS = {
    # GeoNames, towns and cities: two versions of one record differ by up to 2.6 km
    "grodno": Position(53.676, 23.829, 3),
    "minsk": Position(53.900, 27.567, 3),
    "brest": Position(52.109, 23.717, 3),
    "baranovichi": Position(53.133, 26.008, 3),
    "lida": Position(53.883, 25.300, 3),
    "luninets": Position(52.249, 26.801, 3),
    "gomel": Position(52.435, 30.975, 3),
    "mozyr": Position(52.042, 29.216, 3),
    "osipovichi": Position(53.306, 28.629, 3),
    "machulishchy": Position(53.779, 27.595, 3),
    "warsaw": Position(52.230, 21.012, 3),
    "kuznica": Position(53.511, 23.650, 3),
    "suwalki": Position(54.112, 22.931, 3),
    "bialystok": Position(53.133, 23.164, 3),
    "moscow": Position(55.752, 37.618, 3),
    "kursk": Position(51.727, 36.185, 3),
    "sudzha": Position(51.191, 35.271, 3),
    "belgorod": Position(50.603, 36.581, 3),
    "voronezh": Position(51.668, 39.192, 3),
    "yelnya": Position(54.577, 33.185, 3),
    "kapustin-yar": Position(48.582, 45.745, 3),
    "znamensk": Position(48.584, 45.734, 3),
    "kyiv": Position(50.455, 30.524, 3),
    "brovary": Position(50.511, 30.791, 3),
    "nikopol": Position(47.568, 34.391, 3),
    "zaporizhzhia": Position(47.852, 35.117, 6),
    "enerhodar": Position(47.490, 34.662, 3),
    "kerch": Position(45.357, 36.475, 3),
    "brussels": Position(50.850, 4.349, 3),
    "london": Position(51.509, -0.126, 3),
    "washington": Position(38.895, -77.036, 3),
    "new-york": Position(40.714, -74.006, 3),
    "paris": Position(48.853, 2.349, 3),
    "istanbul": Position(41.014, 28.950, 3),
    "astana": Position(51.180, 71.446, 3),
    # Who's On First, villages that GeoNames' cities500 lacks
    "bruzgi": Position(53.555, 23.687, 3),
    "siemianowka": Position(52.899, 23.833, 3),
    "usnarz-gorny": Position(53.337, 23.760, 3),
    "bobrowniki-grodek": Position(53.124, 23.889, 3),
    # OurAirports
    "machulishchy-air-base": Position(53.773, 27.580, 1),
    "baranovichi-air-base": Position(53.100, 26.050, 1),
    "lida-air-base": Position(53.877, 25.377, 1),
    "luninets-air-base": Position(52.276, 26.775, 1),
    "zyabrovka-air-base": Position(52.305, 31.163, 1),
    "voronezh-baltimor-air-base": Position(51.620, 39.140, 1),
    "ashuluk-airfield": Position(47.423, 47.927, 1),
    "ashuluk-range": Position(47.423, 47.927, 15),
    # the World Resources Institute's plants, and what Wikipedia gives in degrees and minutes
    "zaporizhzhia-npp": Position(47.512, 34.586, 1),
    "kerch-bridge": Position(45 + 18.5 / 60, 36 + 30.4 / 60, 5),
    "white-house": Position(38 + 53.9 / 60, -(77 + 2.2 / 60), 0.5),
    "un-headquarters": Position(40 + 45.0 / 60, -(73 + 58.1 / 60), 0.5),
}

SPELLINGS = {
    "grodno": ["Grodno", "Hrodna", "Гродно", "Гродна"],
    "kuznica": ["Kuźnica", "Kuznica", "Kuźnica Białostocka", "Кузница"],
    "siemianowka": ["Siemianówka", "Siemianowka", "Семянувка"],
    "bruzgi": ["Bruzgi", "Брузги", "Брузгі"],
    "ashuluk-range": ["Ashuluk range", "Ashuluk", "Ашулук", "полигон Ашулук"],
    "ashuluk-airfield": ["Ashuluk airfield", "аэродром Ашулук"],
    "kursk": ["Kursk", "Курск", "Курськ"],
    "kyiv": ["Kyiv", "Kiev", "Київ", "Киев", "Кіеў"],
    "kerch-bridge": ["Kerch Bridge", "Crimean Bridge", "Керченський міст", "Крымский мост"],
    "zaporizhzhia": ["Zaporizhzhia", "Zaporizhia", "Запоріжжя", "Запорожье"],
    "zaporizhzhia-npp": [
        "Zaporizhzhia Nuclear Power Plant",
        "Zaporizhia nuclear power plant",
        "Запорізька АЕС",
    ],
    "nikopol": ["Nikopol", "Нікополь", "Никополь"],
    "astana": ["Astana", "Астана"],
    "warsaw": ["Warsaw", "Warszawa"],
    "machulishchy-air-base": ["Machulishchy air base", "аэродром Мачулищи"],
    "white-house": ["White House"],
    "un-headquarters": ["UN Headquarters"],
}


def read(name: str) -> dict[str, Any]:
    """Read one curated file as plain YAML."""
    data: dict[str, Any] = yaml.safe_load((CURATED / name).read_text(encoding="utf-8"))
    return data


PLACES: list[dict[str, Any]] = [place for name in PLACE_FILES for place in read(name)["places"]]
BY_ID: dict[str, dict[str, Any]] = {place["id"]: place for place in PLACES}
REGIONS: dict[str, dict[str, list[str]]] = {
    row["id"]: row["names"] for row in read("regions.yaml")["regions"]
}
COUNTRIES: dict[str, dict[str, list[str]]] = {
    row["id"]: row["names"] for row in read("regions.yaml")["countries"]
}

each_place = pytest.mark.parametrize("place", PLACES, ids=lambda place: place["id"])
each_file = pytest.mark.parametrize("name", ALL_FILES)


def distance_km(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Geodesic distance on the WGS 84 ellipsoid."""
    return float(GEOD.inv(lon, lat, other_lon, other_lat)[2]) / 1000


def spellings(names: dict[str, list[str]]) -> set[str]:
    """All names, in any language."""
    return {name for variants in names.values() for name in variants}


def test_every_curated_file_is_held_by_some_test() -> None:
    assert {path.name for path in CURATED.iterdir()} == {*ALL_FILES, *FILES_OF_SITES}


def test_what_geomap_carries_is_made_of_these_files_as_they_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    """`curated.json` is what is read; the YAML and the base tables, for the regions, are what it is made of."""
    monkeypatch.syspath_prepend(DATA / "build")
    made = importlib.import_module("compile_curated").compile_files(DATA)
    sys.modules.pop("compile_curated")
    stale = "gazetteer/curated.json is older than its sources: python gazetteer/build/compile_curated.py"
    is_same = made == (DATA / "curated.json").read_bytes()
    assert is_same, stale  # compared first, for a difference of 500 kB helps nobody


@each_file
def test_a_curated_file_is_plain_yaml_of_schema_1(name: str) -> None:
    text = (CURATED / name).read_text(encoding="utf-8")
    fancy = (yaml.AnchorToken, yaml.AliasToken, yaml.TagToken)
    assert not [token for token in yaml.scan(text) if isinstance(token, fancy)]
    assert read(name)["schema"] == 1
    assert "\r" not in text
    assert text.endswith("\n")


def test_no_id_is_used_twice() -> None:
    ids = Counter([place["id"] for place in PLACES])
    assert [key for key, times in ids.items() if times > 1] == []
    for rows in (read("regions.yaml")["regions"], read("regions.yaml")["countries"]):
        assert len({row["id"] for row in rows}) == len(rows)


@each_place
def test_an_entry_has_the_required_keys_and_no_unknown_ones(place: dict[str, Any]) -> None:
    assert place.keys() >= PLACE_KEYS
    assert place.keys() <= PLACE_KEYS | OPTIONAL_KEYS
    assert place["kind"] in KINDS
    assert isinstance(place["country"], str)
    assert len(place["country"]) == 2
    assert -180 <= place["lon"] <= 180
    assert -90 <= place["lat"] <= 90
    assert place["radius_m"] > 0
    assert place.get("extent", "not mapped") == "not mapped"


@each_place
def test_an_entry_lies_in_a_region_of_its_own_country(place: dict[str, Any]) -> None:
    if place["id"] == "london":  # Natural Earth has London's boroughs only
        assert "region" not in place
    else:
        assert place["region"].split("-")[0] == place["country"]
    assert place["country"] in place.get("countries", [place["country"]])


@each_place
def test_an_entry_has_english_and_native_names_each_once(place: dict[str, Any]) -> None:
    names = place["names"]
    assert names["en"]
    assert names[NATIVE[place["country"]]]
    for variants in names.values():
        assert all(isinstance(name, str) and name == name.strip() != "" for name in variants)
        assert len(set(variants)) == len(variants)


@each_place
def test_every_source_is_named_dated_and_licensed(place: dict[str, Any]) -> None:
    assert place["sources"]
    for source in place["sources"]:
        assert source.keys() == SOURCE_KEYS
        assert type(source["date"]) is datetime.date
        for key in ("name", "record", "version", "licence"):
            assert isinstance(source[key], str)
            assert source[key]


@each_place
def test_the_radius_holds_every_source(place: dict[str, Any]) -> None:
    for source in place["sources"]:
        away = distance_km(place["lon"], place["lat"], source["lon"], source["lat"])
        assert away * 1000 <= place["radius_m"], source["record"]


@each_place
def test_the_point_is_within_a_kilometre_of_one_of_its_sources(place: dict[str, Any]) -> None:
    away = [distance_km(place["lon"], place["lat"], row["lon"], row["lat"]) for row in place["sources"]]
    assert min(away) < 1


@each_place
def test_a_settlement_is_as_wide_as_its_kind_and_names_its_geonames_record(place: dict[str, Any]) -> None:
    if place["kind"] not in SETTLEMENTS:
        assert "geonameid" not in place
        return
    assert place["radius_m"] >= {"city": 3000, "town": 2000, "village": 1500}[place["kind"]]
    if place["id"] == "siemianowka":  # no GeoNames record is known
        return
    assert any(str(place["geonameid"]) in source["record"] for source in place["sources"])


@pytest.mark.parametrize("place_id", POSITIONS)
def test_a_place_stands_where_the_public_record_puts_it(place_id: str) -> None:
    place, expected = BY_ID[place_id], POSITIONS[place_id]
    away = distance_km(place["lon"], place["lat"], expected.lon, expected.lat)
    assert away <= expected.tolerance_km


def test_every_settlement_is_checked_against_a_typed_position() -> None:
    settlements = {place["id"] for place in PLACES if place["kind"] in SETTLEMENTS}
    assert settlements - POSITIONS.keys() == set()


@pytest.mark.parametrize("place_id", SPELLINGS)
def test_a_place_is_known_by_the_spellings_people_use(place_id: str) -> None:
    assert set(SPELLINGS[place_id]) <= spellings(BY_ID[place_id]["names"])


def test_the_ashuluk_range_is_wide_and_not_mapped_and_apart_from_its_airfield() -> None:
    place = BY_ID["ashuluk-range"]
    assert place["radius_m"] >= 20_000
    assert place["extent"] == "not mapped"
    assert spellings(place["names"]).isdisjoint(spellings(BY_ID["ashuluk-airfield"]["names"]))


def test_no_training_range_pretends_to_be_a_point() -> None:
    ranges = [place for place in PLACES if place["kind"] == "training_range"]
    assert len(ranges) >= 4
    for place in ranges:
        assert place["extent"] == "not mapped"
        assert place["radius_m"] >= 5_000
        assert place["note"]


def test_a_range_known_only_by_unsourced_lists_or_a_village_says_it_is_weak() -> None:
    for place_id in ("pogonovo-range", "obuz-lesnovsky-range", "domanovo-range"):
        assert BY_ID[place_id]["note"].startswith("Weak:")


def test_the_nuclear_plant_is_not_the_city_of_zaporizhzhia() -> None:
    plant, city = BY_ID["zaporizhzhia-npp"], BY_ID["zaporizhzhia"]
    away = distance_km(plant["lon"], plant["lat"], city["lon"], city["lat"])
    assert away > 40
    assert spellings(plant["names"]).isdisjoint(spellings(city["names"]))


def test_the_kerch_bridge_belongs_to_both_shores_and_its_radius_holds_the_far_end() -> None:
    place = BY_ID["kerch-bridge"]
    assert place["country"] == "UA"
    assert place["countries"] == ["UA", "RU"]
    assert 10_000 <= place["radius_m"] <= 19_000


def test_settlements_of_crimea_are_ukrainian_by_the_united_nations_view() -> None:
    assert BY_ID["kerch"]["country"] == "UA"
    assert BY_ID["kerch"]["region"] == "UA-43"


def test_no_two_entries_share_a_name() -> None:
    holders: dict[str, set[str]] = {}
    for place in PLACES:
        for name in spellings(place["names"]):
            holders.setdefault(name.casefold(), set()).add(place["id"])
    assert {name: ids for name, ids in holders.items() if len(ids) > 1} == {}


def test_all_regions_of_belarus_and_ukraine_are_named() -> None:
    assert sum(key.startswith("BY-") for key in REGIONS) == 7
    assert sum(key.startswith("UA-") for key in REGIONS) == 27
    assert {
        "UA-40",
        "UA-43",
        "PL-PD",
        "RU-KRS",
        "RU-BEL",
        "RU-BRY",
        "RU-AST",
        "RU-VOR",
        "RU-ROS",
    } <= REGIONS.keys()


@pytest.mark.parametrize(
    ("region", "names"),
    [
        (
            "BY-HR",
            ["Grodno Region", "Hrodna Region", "Grodno Oblast", "Hrodna Voblast", "Гродзенская вобласць"],
        ),
        ("BY-HR", ["Гродненская область", "obwód grodzieński"]),
        ("RU-KRS", ["Kursk Region", "Kursk Oblast", "Курская область", "Курська область"]),
        ("RU-AST", ["Astrakhan Region", "Astrakhan Oblast", "Астраханская область"]),
        ("PL-PD", ["Podlaskie Voivodeship", "województwo podlaskie"]),
        ("UA-43", ["Crimea", "Крим", "Крым"]),
    ],
)
def test_a_region_is_known_by_the_spellings_people_use(region: str, names: list[str]) -> None:
    assert set(names) <= spellings(REGIONS[region])


def test_no_region_bears_the_bare_name_of_a_city() -> None:
    cities = {name.casefold() for place in PLACES for name in spellings(place["names"])}
    for region, names in REGIONS.items():
        assert cities.isdisjoint(name.casefold() for name in spellings(names)), region


@pytest.mark.parametrize(
    ("country", "names"),
    [
        ("TR", ["Turkey", "Türkiye"]),
        ("US", ["USA", "U.S.", "United States", "America", "США"]),
        ("GB", ["UK", "Britain", "United Kingdom"]),
        ("BY", ["Belarus", "Беларусь", "Білорусь", "Białoruś"]),
        ("RU", ["Russia", "Russian Federation", "Россия", "Росія"]),
    ],
)
def test_a_country_is_known_by_its_short_forms(country: str, names: list[str]) -> None:
    assert set(names) <= spellings(COUNTRIES[country])


def test_every_country_has_names_in_the_five_languages() -> None:
    assert len(COUNTRIES) == 16
    for country, names in COUNTRIES.items():
        assert {"en", "be", "ru", "uk", "pl"} <= names.keys(), country


def test_positions_are_finite_numbers() -> None:
    for place in PLACES:
        assert isinstance(place["lon"], float)
        assert isinstance(place["lat"], float)
        assert math.isfinite(place["lon"] + place["lat"])
