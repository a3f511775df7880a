"""Positions written out in figures: what is read, how fine it is, and what is none."""

import sys
import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod, Transformer

from geomap.errors import CoordinatesError, GeomapError, MissingExtraError
from geomap.gazetteer.coordinates import read_coordinates
from geomap.model.lonlat import LonLat

GEOD = Geod(ellps="WGS84")
DECIMAL = (53.5109, 23.6495)
MINUTES = (53 + 30.6 / 60, 23 + 39 / 60)
SECONDS = (53 + 30 / 60 + 39 / 3600, 23 + 38 / 60 + 58 / 3600)


@pytest.mark.parametrize(
    ("text", "lat_lon", "rule"),
    [
        ("53.5109, 23.6495", DECIMAL, "decimal-degrees"),
        ("53.5109 23.6495", DECIMAL, "decimal-degrees"),
        ("53.5109,23.6495", DECIMAL, "decimal-degrees"),
        ("53.5109/23.6495", DECIMAL, "decimal-degrees"),
        ("(53.5109; 23.6495)", DECIMAL, "decimal-degrees"),
        ("at 53.5109, 23.6495", DECIMAL, "decimal-degrees"),
        ("coordinates: 53.5109, 23.6495.", DECIMAL, "decimal-degrees"),
        ("Координаты: 53.5109, 23.6495", DECIMAL, "decimal-degrees"),
        ("-53.5109, −23.6495", (-53.5109, -23.6495), "decimal-degrees"),
        ("N53.5109 E23.6495", DECIMAL, "decimal-degrees"),
        ("53.5109N 23.6495E", DECIMAL, "decimal-degrees"),
        ("53.5109° N, 23.6495° E", DECIMAL, "decimal-degrees"),
        ("53.5109°, 23.6495°", DECIMAL, "decimal-degrees"),
        ("23.6495E 53.5109N", DECIMAL, "decimal-degrees"),
        ("S 33.5 W 70.6", (-33.5, -70.6), "decimal-degrees"),
        ("53,5109, 23,6495", DECIMAL, "decimal-degrees"),
        ("53,5109° N 23,6495° E", DECIMAL, "decimal-degrees"),
        ("53.5109 с.ш. 23.6495 в.д.", DECIMAL, "decimal-degrees"),
        ("53.5109° ю. ш., 23.6495° з. д.", (-53.5109, -23.6495), "decimal-degrees"),
        ("53.5109 пн.ш. 23.6495 сх.д.", DECIMAL, "decimal-degrees"),
        ("Latitude: 53.5109 Longitude: 23.6495", DECIMAL, "decimal-degrees"),
        ("lon=23.6495 lat=53.5109", DECIMAL, "decimal-degrees"),
        ("53.5109N, 23.6495E (WGS84)", DECIMAL, "decimal-degrees"),
        ("N53E023", (53, 23), "decimal-degrees"),
        ("53N 23E", (53, 23), "decimal-degrees"),
        ("90.0, -180.0", (90, -180), "decimal-degrees"),
        ("53°30.6'N 23°39'E", MINUTES, "degrees-minutes"),
        ("53° 30.6′ N, 23° 39′ E", MINUTES, "degrees-minutes"),
        ("N53 30.6 E23 39.0", MINUTES, "degrees-minutes"),
        ("53 deg 30.6 min N 23 deg 39 min E", MINUTES, "degrees-minutes"),
        ("53°30.6′ szerokości północnej i 23°39′ długości wschodniej", MINUTES, "degrees-minutes"),
        ("53°30'39\"N 23°38'58\"E", SECONDS, "degrees-minutes-seconds"),
        ("53º30’39”N 23º38’58”E", SECONDS, "degrees-minutes-seconds"),
        ("53°30′39″ 23°38′58″", SECONDS, "degrees-minutes-seconds"),
        ("53°30'39''N 23°38'58''E", SECONDS, "degrees-minutes-seconds"),
        ("N53°30'39\" E23°38'58\"", SECONDS, "degrees-minutes-seconds"),
        ("53 30 39 N 23 38 58 E", SECONDS, "degrees-minutes-seconds"),
        ("53-30-39N 23-38-58E", SECONDS, "degrees-minutes-seconds"),
        ("53°30′39″N szer. geogr. 23°38′58″E dł. geogr.", SECONDS, "degrees-minutes-seconds"),
        ("53°30'39\" северной широты, 23°38'58\" восточной долготы", SECONDS, "degrees-minutes-seconds"),
        ("533039N 0233858E", SECONDS, "icao"),
        ("5330S02339W", (-53.5, -23.65), "icao"),
        ("+53.5109+023.6495/", DECIMAL, "iso-6709"),
        ("-5330+02339/", (-53.5, 23.65), "iso-6709"),
        ("+533039+0233858+120CRSWGS_84/", SECONDS, "iso-6709"),
        ("geo:53.5109,23.6495", DECIMAL, "geo-uri"),
        ("geo:53.5109,23.6495,120;crs=wgs84?z=11", DECIMAL, "geo-uri"),
        ("geo:53,23", (53, 23), "geo-uri"),
    ],
)
def test_positions(text: str, lat_lon: tuple[float, float], rule: str) -> None:
    found = read_coordinates(text)
    assert found is not None
    assert (found.position.lat, found.position.lon) == pytest.approx(lat_lon, abs=1e-9)
    assert found.rule == rule


@pytest.mark.parametrize(
    "text",
    [
        "12, 14", "12 14", "12,14", "53.5, 23", "53.5109", "53.5 N", "E40 N7", "S8 E67", "S7 S8", "M4 E30", "N53 E23",
        "10 km N", "5 km NE", "53 30, 23 38", "53 30 39 23 38 58", "12.11.2021", "2021-11-10", "10:30 12:30",
        "1,000 2,000", "12 RUE 14", "53.5-23.6", "+375 29 123", "+53+23", "1234.5, 2345.6", "Minsk", "Minsk 53.5, 23.6",
        "53.5109, 23.6495, Kuźnica", "Highway 5.5 E 7.7 N", "geo:0,0?q=Minsk", "34U", "", "°'\"", "N",
        "53.5 N 23.6 E 1.5",
    ],
)  # fmt: skip
def test_other_texts_are_none(text: str) -> None:
    assert read_coordinates(text) is None


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("123.5, 45.6", "latitude 123.5.*out of range.*expected latitude, then longitude"),
        ("53.5, 200.1", "longitude 200.1.*at most 180 degrees"),
        ("95.5N 23.5E", "latitude 95.5"),
        ("53°70'N 23°30'E", "70 minutes; expected less than 60"),
        ("53°30'61\"N 23°30'10\"E", "61 seconds; expected less than 60"),
        ("53.5°30'N 23°E", "fraction before its last number"),
        ("53.5N 23.6N", "two latitudes"),
        ("-53.5S 23.6E", "a sign and a letter"),
        ("geo:53.5,23.6;crs=nad27", "nad27.*expected crs=wgs84"),
        ("geo:53.5,23.6;u=far", "expected metres"),
        ("+95.5+023.6/", "latitude 95.5"),
    ],
)
def test_what_is_wrong_with_a_position_is_told(text: str, wrong: str) -> None:
    with pytest.raises(CoordinatesError, match=wrong) as caught:
        read_coordinates(text)
    assert isinstance(caught.value, GeomapError)
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize(
    ("text", "lat_step", "lon_step"),
    [
        ("53.5, 23.6", 0.1, 0.1),
        ("53.50, 23.60", 0.01, 0.01),
        ("53.5, 23.6495", 0.1, 1e-4),
        ("53.5109, 23.6", 1e-4, 0.1),
        ("53°N 23°E", 1, 1),
        ("53°30'N 23°38'E", 1 / 60, 1 / 60),
        ("53°30.6'N 23°38'E", 1 / 600, 1 / 60),
        ("53°30'39\"N 23°38'58\"E", 1 / 3600, 1 / 3600),
        ("0.01, 0.01", 0.01, 0.01),
        ("89.99, 10.1", 0.01, 0.1),
    ],
)
def test_the_radius_is_half_a_unit_of_the_coarser_number(text: str, lat_step: float, lon_step: float) -> None:
    found = read_coordinates(text)
    assert found is not None
    lon, lat = found.position.geojson
    north = GEOD.inv(lon, lat - lat_step / 4, lon, lat + lat_step / 4)[2]
    east = GEOD.inv(lon, lat, lon + lon_step / 2, lat)[2]
    assert found.radius_m == pytest.approx(max(north, east), rel=1e-4)


def test_no_digits_make_a_position_finer_than_five_metres() -> None:
    for text in ("53.510912345, 23.649512345", "geo:53.510912345,23.649512345", "geo:53.5,23.6;u=0"):
        found = read_coordinates(text)
        assert found is not None
        assert found.radius_m == 5


def test_a_geo_uri_tells_its_own_uncertainty() -> None:
    found = read_coordinates("geo:53.5109,23.6495;u=35.5")
    assert found is not None
    assert found.radius_m == 35.5


# MGRS; the zone's UTM plane of PROJ is the measure.
UTM_34 = Transformer.from_crs("EPSG:32634", "EPSG:4326", always_xy=True)


@pytest.mark.parametrize(
    ("text", "easting", "northing", "radius_m"),
    [
        ("34U FE 12345 67890", 612_345, 5_967_890, 1),
        ("34UFE1234567890", 612_345, 5_967_890, 1),
        ("34u fe 12345 67890", 612_345, 5_967_890, 1),
        ("34U FE 123 678", 612_350, 5_967_850, 50),
        ("MGRS: 34U FE 12 67", 612_500, 5_967_500, 500),
        ("34UFE16", 615_000, 5_965_000, 5_000),
    ],
)
def test_mgrs_is_the_middle_of_its_square(
    text: str, easting: float, northing: float, radius_m: float
) -> None:
    pytest.importorskip("mgrs")
    found = read_coordinates(text)
    assert found is not None
    lon, lat = UTM_34.transform(easting, northing)
    assert GEOD.inv(lon, lat, *found.position.geojson)[2] < 1
    assert (found.radius_m, found.rule) == (radius_m, "mgrs")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("34U AA 55 55", "no square of the grid"),
        ("61U FE 1234 5678", "no square of the grid"),
        ("34U FE 123 45", "5 digits"),
        ("34U FE 1234 567890", "10 digits.*as many digits east as north"),
    ],
)
def test_what_is_wrong_with_mgrs_is_told(text: str, wrong: str) -> None:
    pytest.importorskip("mgrs")
    with pytest.raises(CoordinatesError, match=wrong):
        read_coordinates(text)


def test_mgrs_without_its_library_names_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mgrs", None)
    with pytest.raises(MissingExtraError, match=r"pip install geomap\[coords\]"):
        read_coordinates("34U FE 12345 67890")
    assert read_coordinates("53.5, 23.6") is not None


@given(lat=st.integers(-900_000, 900_000), lon=st.integers(-1_800_000, 1_800_000))
def test_every_form_gives_the_same_position(lat: int, lon: int) -> None:
    north, east = lat / 10_000, lon / 10_000
    letters = ("N" if lat >= 0 else "S", "E" if lon >= 0 else "W")
    for text in (
        f"{north:.4f}, {east:.4f}",
        f"geo:{north:.4f},{east:.4f}",
        f"{north:+08.4f}{east:+09.4f}/",
        f"{abs(north):.4f}{letters[0]} {abs(east):.4f}{letters[1]}",
        f"{letters[1]} {abs(east):.4f} {letters[0]} {abs(north):.4f}",
    ):
        found = read_coordinates(text)
        assert found is not None
        assert (found.position.lat, found.position.lon) == pytest.approx((north, east), abs=1e-9)


FIGURES = st.sampled_from(
    [
        *"NSEWnе",
        *"0123456789",
        "53.5",
        "23.6",
        "°",
        "'",
        '"',
        "-",
        "+",
        ",",
        " ",
        "/",
        "(",
        ")",
        "lat",
        "lon",
        "с.ш.",
        "в.д.",
    ]
)


@given(st.text(max_size=150) | st.lists(FIGURES, max_size=20).map("".join))
def test_any_text_is_read_is_none_or_is_told_wrong(text: str) -> None:
    with suppress(CoordinatesError, MissingExtraError):  # the grid of MGRS is read by an extra
        found = read_coordinates(text)
        assert found is None or (isinstance(found.position, LonLat) and found.radius_m >= 1)


@pytest.mark.parametrize(
    "text", ["1 " * 60, "(" * 60 + "1" + ")" * 59, "at " * 39 + "1.", "+1" * 60, "1.5 N " * 20, "1°" * 60]
)
def test_hard_texts_take_little_time(text: str) -> None:
    assert min(_seconds(text) for _ in range(5)) < 0.005


def _seconds(text: str) -> float:
    start = time.process_time()
    read_coordinates(text)
    return time.process_time() - start
