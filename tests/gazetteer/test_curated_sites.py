"""Crossings, ranges, bases, plants and ports: each entry has evidence, and lies where it says.

The positions below were typed from OurAirports, GeoNames, the World Resources Institute and Wikipedia, not from
the YAML, so that a slip in one of the two shows.
"""

import datetime
import math
import re
import sqlite3
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, get_args

import pytest
import shapely
import yaml
from pyproj import Geod
from shapely.affinity import affine_transform
from shapely.geometry.base import BaseGeometry

from geomap.gazetteer import read_gazetteer
from geomap.gazetteer.curated import CuratedKind, read_curated
from geomap.gazetteer.fold import fold_name

DATA = Path(__file__).parents[2] / "gazetteer"
CURATED = DATA / "curated"
FILES = ("crossings.yaml", "sites.yaml", "ranges.yaml")
GEOD = Geod(ellps="WGS84")

# Natural Earth's borders are right to 1 to 3 km, and piers and airfields stand off its coasts.
BORDER_SLACK_M = 5_000
CROSSING_SLACK_M = 6_000
UNSOURCED = "public code repository, unsourced list"
NATIVE = {"BY": "be", "PL": "pl", "RU": "ru", "UA": "uk", "LT": "lt", "LV": "lv", "EE": "et", "MD": "ro"}
SOURCE_KEYS = {"name", "record", "version", "date", "licence", "lon", "lat"}

Entry = dict[str, Any]


class Position(NamedTuple):
    """Where a record puts a place, and how far the entry may stand from it."""

    lat: float
    lon: float
    tolerance_km: float


POSITIONS = {
    # OurAirports
    "engels-2-air-base": Position(51.481, 46.215, 1),
    "shaykovka-air-base": Position(54.227, 34.372, 1),
    "olenya-air-base": Position(68.152, 33.464, 1),
    "morozovsk-air-base": Position(48.313, 41.791, 1),
    "kursk-vostochny-air-base": Position(51.751, 36.296, 1),
    "savasleyka-air-base": Position(55.440, 42.310, 1),
    "belbek-air-base": Position(44.692, 33.575, 1),
    "saky-air-base": Position(45.091, 33.599, 1),
    "starokostiantyniv-air-base": Position(49.748, 27.273, 1),
    "hostomel-airfield": Position(50.604, 30.192, 1),
    "babruisk-air-base": Position(53.105, 29.205, 1),
    "lask-air-base": Position(51.552, 19.179, 1),
    "rzeszow-jasionka-airport": Position(50.110, 22.019, 1),
    "siauliai-air-base": Position(55.894, 23.395, 1),
    "amari-air-base": Position(59.260, 24.209, 1),
    "lielvarde-air-base": Position(56.778, 24.854, 1),
    # the World Resources Institute
    "rivne-npp": Position(51.325, 25.897, 1),
    "khmelnytskyi-npp": Position(50.302, 26.647, 1),
    "south-ukraine-npp": Position(47.812, 31.220, 1),
    "kakhovka-dam": Position(46.779, 33.370, 1),
    "dnipro-hes": Position(47.867, 35.090, 1),
    "trypillia-tpp": Position(50.134, 30.747, 1),
    # Wikipedia, in degrees and minutes
    "chernobyl-npp": Position(51 + 23.37 / 60, 30 + 5.95 / 60, 1),
    "tapa-army-base": Position(59 + 14.7 / 60, 25 + 57.3 / 60, 1),
    "baltiysk-naval-base": Position(54 + 39 / 60, 19 + 55 / 60, 2.5),
    "rudninkai-range": Position(54 + 23.3 / 60, 25 + 5.7 / 60, 1),
    # GeoNames: the settlements that crossings, plants and ranges stand at
    "bruzgi-kuznica-crossing": Position(53.511, 23.650, 6),
    "brest-terespol-crossing": Position(52.076, 23.616, 4),
    "kamenny-log-medininkai-crossing": Position(54.418, 25.937, 25),
    "yahodyn-dorohusk-crossing": Position(51.155, 23.803, 6),
    "shehyni-medyka-crossing": Position(49.801, 22.975, 4),
    "krakovets-korczowa-crossing": Position(49.959, 23.159, 12),
    "ivangorod-narva-crossing": Position(59.372, 28.216, 2),
    "hoptivka-nekhoteyevka-crossing": Position(50.284, 36.268, 6),
    "yunakivka-sudzha-crossing": Position(51.123, 35.039, 9),
    "kursk-npp": Position(51.654, 35.687, 8),
    "leningrad-npp": Position(59.900, 29.086, 8),
    "smolensk-npp": Position(54.151, 33.282, 5),
    "belarusian-npp": Position(54.614, 25.955, 20),
    "antonivka-bridge": Position(46.679, 32.733, 2),
    "sevastopol-naval-base": Position(44.604, 33.526, 4),
    "severomorsk-naval-base": Position(69.069, 33.408, 3),
    "ust-luga-port": Position(59.668, 28.287, 6),
    "izmail-port": Position(45.351, 28.838, 2),
    "mulino-range": Position(56.289, 42.920, 1),
    "luzhsky-range": Position(58.739, 29.848, 1),
    "gozhsky-range": Position(53.817, 23.864, 1),
    "yavoriv-range": Position(49.980, 23.558, 8),
    "pabrade-range": Position(54.981, 25.761, 1),
    "orzysz-range": Position(53.810, 21.948, 1),
}

SPELLINGS = {
    "engels-2-air-base": ["Engels air base", "Engels-2", "Энгельс-2", "авиабаза Энгельс", "авіабаза Енгельс"],
    "bruzgi-kuznica-crossing": [
        "Bruzgi crossing point",
        "Bruzgi checkpoint",
        "Kuźnica border crossing",
        "пункт пропуска Брузги",
        "пункт пропуску Брузгі",
        "Bruzgi–Kuźnica",
    ],
    "kamenny-log-medininkai-crossing": ["Medininkai border crossing", "пункт пропуска Каменный Лог"],
    "yahodyn-dorohusk-crossing": ["Dorohusk border crossing", "Yahodyn checkpoint", "Ягодин–Дорогуськ"],
    "kursk-vostochny-air-base": ["Khalino", "аэродром Халино", "Kursk Vostochny"],
    "saky-air-base": ["Saki air base", "Novofedorivka air base", "аэродром Саки"],
    "chornobaivka-airfield": ["Chornobaivka air base", "аэродром Чернобаевка", "Kherson airport"],
    "kakhovka-dam": ["Kakhovka dam", "Каховська ГЕС", "Каховская ГЭС"],
    "antonivka-bridge": ["Antonivka bridge", "Антонівський міст", "Антоновский мост"],
    "gozhsky-range": ["Gozhsky", "Гожский полигон", "палігон Гожскі"],
    "yavoriv-range": ["Yavoriv training ground", "Яворівський полігон"],
    "drawsko-pomorskie-range": ["Drawsko Pomorskie training area", "poligon Drawsko Pomorskie"],
    "belarusian-npp": ["Astravets nuclear power plant", "Беларуская АЭС", "Белорусская АЭС"],
    "siauliai-air-base": ["Šiauliai air base", "Zokniai airfield"],
}


def read(name: str) -> list[Entry]:
    """The places of one curated file, as plain YAML; none where the file lists other things."""
    return yaml.safe_load((CURATED / name).read_text(encoding="utf-8")).get("places") or []


PLACES = [place for name in FILES for place in read(name)]
BY_ID = {place["id"]: place for place in PLACES}
EVERY_PLACE = [place for path in sorted(CURATED.glob("*.yaml")) for place in read(path.name)]

each_place = pytest.mark.parametrize("place", PLACES, ids=lambda place: place["id"])
each_file = pytest.mark.parametrize("name", FILES)


def of_kind(*kinds: str) -> list[Entry]:
    """The entries of some kinds."""
    return [place for place in PLACES if place["kind"] in kinds]


def spellings(place: Entry) -> set[str]:
    """All names, in any language."""
    return {name for variants in place["names"].values() for name in variants}


def distance_m(first: Entry, second: Entry) -> float:
    """Geodesic distance of two mappings with `lon` and `lat` on the WGS 84 ellipsoid, in metres."""
    return float(GEOD.inv(first["lon"], first["lat"], second["lon"], second["lat"])[2])


@cache
def shapes(table: str) -> dict[str, BaseGeometry]:
    """The polygons of the regions or countries in the base tables, EPSG:4326."""
    store = read_gazetteer().store
    if table == "country":
        return {code: store.country_shape(code) for code in store.country_codes()}
    return {region_id: store.region_shape(region_id) for region_id in store.region_ids()}


def metres_off(shape: BaseGeometry, place: Entry) -> float:
    """How far a place stands outside a polygon, on a plane round the place; right to a few metres near by."""
    lon, lat = place["lon"], place["lat"]
    east, north = 111_320 * math.cos(math.radians(lat)), 111_200
    near = shapely.clip_by_rect(shape, lon - 0.5, lat - 0.25, lon + 0.5, lat + 0.25)
    plane = affine_transform(near, [east, 0, 0, north, -lon * east, -lat * north])
    return math.inf if near.is_empty else float(plane.distance(shapely.Point(0, 0)))


@cache
def large_towns() -> dict[str, str]:
    """Folded main names of all settlements with at least 15,000 people in the base tables."""
    base = sqlite3.connect(f"file:{DATA / 'base.sqlite'}?mode=ro", uri=True)
    try:
        tables = {row[0] for row in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        source = "place WHERE feature LIKE 'PPL%' AND" if "place" in tables else "settlement WHERE"
        rows = base.execute(f"SELECT name FROM {source} population >= 15000").fetchall()
    finally:
        base.close()
    return {fold_name(name): name for (name,) in rows}


@each_file
def test_a_file_is_read_by_the_guarded_reader_and_says_what_its_lists_are(name: str) -> None:
    curated, _ = read_curated(CURATED / name)
    assert len(curated.places) == len(read(name)) > 0
    text = (CURATED / name).read_text(encoding="utf-8")
    header = text[: text.index("schema: 1")]
    lists = set(re.findall(r"^#   ([A-Z]\d+) ", header, flags=re.MULTILINE))
    for place in read(name):
        for source in place["sources"]:
            if source["name"] == UNSOURCED:
                assert source["record"].split(":")[0] in lists, source["record"]


def test_there_are_enough_places_of_every_sort() -> None:
    kinds = Counter(place["kind"] for place in PLACES)
    assert len(PLACES) >= 180
    assert kinds["border_crossing"] >= 60
    assert kinds["air_base"] >= 80
    assert kinds["training_range"] >= 30
    assert kinds["power_plant"] >= 20
    assert set(kinds) <= set(get_args(CuratedKind))


def test_ids_are_unique_over_all_curated_files() -> None:
    ids = Counter(place["id"] for place in EVERY_PLACE)
    assert [key for key, times in ids.items() if times > 1] == []


def test_no_two_curated_places_share_a_name() -> None:
    holders: dict[str, set[str]] = {}
    for place in EVERY_PLACE:
        for name in spellings(place):
            holders.setdefault(fold_name(name), set()).add(place["id"])
    assert {name: ids for name, ids in holders.items() if len(ids) > 1} == {}


@each_place
def test_every_source_is_named_dated_licensed_and_has_a_position(place: Entry) -> None:
    assert place["sources"]
    for source in place["sources"]:
        assert source.keys() == SOURCE_KEYS
        assert type(source["date"]) is datetime.date
        assert all(
            isinstance(source[key], str) and source[key] for key in ("name", "record", "version", "licence")
        )
        assert isinstance(source["lon"], float)
        assert isinstance(source["lat"], float)
        assert "ODbL" not in source["licence"]
        assert "OpenStreetMap" not in source["name"] + source["record"]


@each_place
def test_a_record_that_quotes_a_position_quotes_its_own(place: Entry) -> None:
    for source in place["sources"]:
        quoted = re.search(r", (-?[\d.]+), (-?[\d.]+)$", source["record"])
        assert quoted or source["name"] not in {UNSOURCED, "Wikidata"}
        if quoted:
            assert float(quoted[1]) == pytest.approx(source["lat"], abs=6e-6)
            assert float(quoted[2]) == pytest.approx(source["lon"], abs=6e-6)


@each_place
def test_the_point_is_the_first_source_and_the_radius_holds_them_all(place: Entry) -> None:
    assert distance_m(place, place["sources"][0]) < 1
    for source in place["sources"]:
        assert distance_m(place, source) <= place["radius_m"], source["record"]


@each_place
def test_a_place_lies_in_its_country_and_region(place: Entry) -> None:
    assert metres_off(shapes("country")[place["country"]], place) <= BORDER_SLACK_M
    assert metres_off(shapes("region")[place["region"]], place) <= BORDER_SLACK_M
    assert place["country"] in place.get("countries", [place["country"]])


@each_place
def test_a_place_has_english_and_native_names_each_once(place: Entry) -> None:
    assert place["names"]["en"]
    assert place["names"][NATIVE[place["country"]]]
    for variants in place["names"].values():
        assert all(isinstance(name, str) and name == name.strip() != "" for name in variants)
        folds = Counter(fold_name(name) for name in variants)
        assert max(folds.values()) == 1, [fold for fold, times in folds.items() if times > 1]


@each_place
def test_no_name_is_the_main_name_of_a_large_town(place: Entry) -> None:
    taken = {
        name: large_towns()[fold_name(name)] for name in spellings(place) if fold_name(name) in large_towns()
    }
    assert taken == {}


@pytest.mark.parametrize("place", of_kind("border_crossing"), ids=lambda place: place["id"])
def test_a_crossing_lies_on_the_border_of_its_two_countries(place: Entry) -> None:
    assert len(place["countries"]) == 2
    for code in place["countries"]:
        off = metres_off(shapes("country")[code], place)
        weak = place.get("note", "").startswith("Weak:")
        # A crossing that is known by its village alone has a radius that reaches the border instead.
        assert off <= (place["radius_m"] if weak else CROSSING_SLACK_M)


@pytest.mark.parametrize("place", of_kind("training_range"), ids=lambda place: place["id"])
def test_no_range_pretends_to_be_a_point(place: Entry) -> None:
    assert place["extent"] == "not mapped"
    assert place["radius_m"] >= 8_000
    assert place["note"]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place["id"])
def test_a_range_or_crossing_without_a_record_of_its_own_says_so(place: Entry) -> None:
    kinds = {"training_range", "border_crossing", "checkpoint"}
    names = {source["name"] for source in place["sources"]}
    if place["kind"] in kinds and len(place["sources"]) == 1 and names != {"Wikipedia"}:
        note = place["note"]
        assert (
            note.startswith("Weak:") or "ne list only" in note or "the settlement it is named after" in note
        )


def test_what_lies_in_crimea_is_ukrainian() -> None:
    for place_id, region in {
        "belbek-air-base": {"UA-40", "UA-43"},
        "saky-air-base": {"UA-43"},
        "sevastopol-naval-base": {"UA-40"},
        "feodosia-oil-terminal": {"UA-43"},
        "dzhankoi-air-base": {"UA-43"},
    }.items():
        assert BY_ID[place_id]["country"] == "UA"
        assert BY_ID[place_id]["region"] in region


@pytest.mark.parametrize("place_id", POSITIONS)
def test_a_place_stands_where_the_public_record_puts_it(place_id: str) -> None:
    expected = POSITIONS[place_id]
    away = distance_m(BY_ID[place_id], {"lon": expected.lon, "lat": expected.lat})
    assert away <= expected.tolerance_km * 1_000


@pytest.mark.parametrize("place_id", SPELLINGS)
def test_a_place_is_known_by_the_forms_people_write(place_id: str) -> None:
    known = {fold_name(name) for name in spellings(BY_ID[place_id])}
    assert {fold_name(name) for name in SPELLINGS[place_id]} <= known
