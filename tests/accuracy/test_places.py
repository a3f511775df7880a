"""Where places really are, by public records, against what the resolver answers.

The positions were typed from GeoNames, Who's On First, OurAirports, the World Resources Institute's list of
power plants and Wikipedia, each with how far records of one place differ (`km`). The files of the gazetteer
are not read here, but for the base tables, through sqlite3.
"""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import shapely
from pyproj import Geod

from geomap.gazetteer import PlaceData, read_gazetteer
from geomap.model.vocabulary import Precision

GEOD = Geod(ellps="WGS84")
BASE = Path(__file__).resolve().parents[2] / "gazetteer" / "base.sqlite"
# Natural Earth's borders are drawn for 1:10 million; settlements lie up to 2.9 km on their wrong side.
SLACK_KM = 3.0


class Record(NamedTuple):
    """A place by public record: what it is asked by, where it is, and which id and region it has."""

    text: str
    country: str
    lat: float
    lon: float
    km: float
    place_id: str
    region: str | None


PLACES = (
    # settlements, by GeoNames id
    Record("Grodno", "BY", 53.6758, 23.8289, 1.5, "gn:627904", "BY-HR"),
    Record("Hrodna", "BY", 53.6758, 23.8289, 1.5, "gn:627904", "BY-HR"),
    Record("Kuznica", "PL", 53.5109, 23.6495, 0.7, "gn:766927", "PL-PD"),
    Record("Kuźnica Białostocka", "PL", 53.5109, 23.6495, 0.7, "gn:766927", "PL-PD"),
    Record("Bruzgi", "BY", 53.5552, 23.6867, 1.5, "gn:629590", "BY-HR"),
    Record("Siemianowka", "PL", 52.8993, 23.8331, 1.0, "cur:siemianowka", "PL-PD"),
    Record("Kursk", "RU", 51.7269, 36.1846, 1.5, "gn:538560", "RU-KRS"),
    Record("Minsk", "BY", 53.9002, 27.5665, 1.0, "gn:625144", "BY-HM"),
    Record("Warsaw", "PL", 52.2298, 21.0118, 1.0, "gn:756135", "PL-MZ"),
    Record("Brest", "BY", 52.1089, 23.7175, 2.5, "gn:629634", "BY-BR"),
    Record("Baranovichi", "BY", 53.1326, 26.0078, 1.0, "gn:630429", "BY-BR"),
    Record("Lida", "BY", 53.8833, 25.2997, 1.0, "gn:626081", "BY-HR"),
    Record("Luninets", "BY", 52.2486, 26.8006, 1.0, "gn:625818", "BY-BR"),
    Record("Gomel", "BY", 52.4345, 30.9754, 1.5, "gn:627907", "BY-HO"),
    Record("Homyel", "BY", 52.4345, 30.9754, 1.5, "gn:627907", "BY-HO"),
    Record("Mozyr", "BY", 52.0416, 29.2163, 2.5, "gn:625324", "BY-HO"),
    Record("Usnarz Gorny", "PL", 53.3368, 23.7596, 1.0, "gn:756291", "PL-PD"),
    Record("Bobrowniki", "PL", 53.1242, 23.8893, 1.0, "gn:775774", "PL-PD"),
    Record("Kapustin Yar", "RU", 48.5818, 45.7448, 1.0, "gn:552999", "RU-AST"),
    Record("Znamensk", "RU", 48.5842, 45.7338, 1.0, "gn:831130", "RU-AST"),
    Record("Nikopol", "UA", 47.5683, 34.3913, 1.5, "gn:700051", "UA-12"),
    Record("Kerch", "UA", 45.3568, 36.4754, 2.0, "gn:706524", "UA-43"),
    Record("Zaporizhzhia", "UA", 47.8517, 35.1171, 6.0, "gn:687700", "UA-23"),
    Record("Sudzha", "RU", 51.191, 35.271, 1.0, "gn:486816", "RU-KRS"),
    Record("Osipovichi", "BY", 53.3059, 28.6287, 1.0, "gn:624034", "BY-MA"),
    Record("Suwalki", "PL", 54.1118, 22.9309, 1.5, "gn:757718", "PL-PD"),
    Record("Bialystok", "PL", 53.1333, 23.1643, 1.0, "gn:776069", "PL-PD"),
    Record("Brovary", "UA", 50.5110, 30.7911, 1.5, "gn:711390", "UA-32"),
    Record("Belgorod", "RU", 50.6034, 36.5809, 1.5, "gn:578072", "RU-BEL"),
    Record("Voronezh", "RU", 51.6683, 39.1920, 1.5, "gn:472045", "RU-VOR"),
    Record("Yelnya", "RU", 54.5774, 33.1847, 1.0, "gn:467753", "RU-SMO"),
    Record("Astana", "KZ", 51.1801, 71.4460, 2.0, "gn:1526273", "KZ-AST"),
    Record("Moscow", "RU", 55.7522, 37.6156, 2.0, "gn:524901", "RU-MOW"),
    Record("Kyiv", "UA", 50.4547, 30.5238, 2.0, "gn:703448", "UA-30"),
    Record("Paris", "FR", 48.8534, 2.3488, 2.0, "gn:2988507", None),
    Record("Istanbul", "TR", 41.0138, 28.9497, 2.0, "gn:745044", "TR-34"),
    Record("Machulishchy", "BY", 53.7788, 27.5948, 1.0, "gn:625671", "BY-MI"),
    # air bases, by OurAirports ident: UMLI, UMMA, BY-0009, BY-9934, BY-4247, RU-8363, RU-0101
    Record("Machulishchy air base", "BY", 53.7734, 27.5774, 0.7, "cur:machulishchy-air-base", "BY-MI"),
    Record("Baranovichi air base", "BY", 53.100, 26.050, 1.0, "cur:baranovichi-air-base", "BY-BR"),
    Record("Lida air base", "BY", 53.877, 25.377, 1.0, "cur:lida-air-base", "BY-HR"),
    Record("Luninets air base", "BY", 52.2757, 26.7746, 1.0, "cur:luninets-air-base", "BY-BR"),
    Record("Zyabrovka air base", "BY", 52.305, 31.1633, 1.5, "cur:zyabrovka-air-base", "BY-HO"),
    Record("Baltimor air base", "RU", 51.62, 39.14, 1.0, "cur:voronezh-baltimor-air-base", "RU-VOR"),
    Record("Ashuluk airfield", "RU", 47.4226, 47.9272, 2.0, "cur:ashuluk-airfield", "RU-AST"),
    # ranges: their middle is not mapped, the airfield or village beside them stands for it
    Record("Ashuluk range", "RU", 47.42, 47.93, 15.0, "cur:ashuluk-range", "RU-AST"),
    Record("Obuz-Lesnovsky range", "BY", 53.05, 25.80, 15.0, "cur:obuz-lesnovsky-range", "BY-BR"),
    Record("Domanovo range", "BY", 52.831, 25.4803, 6.0, "cur:domanovo-range", "BY-BR"),
    Record("Pogonovo range", "RU", 51.4968, 39.1739, 5.0, "cur:pogonovo-range", "RU-VOR"),
    Record("Kapustin Yar range", "RU", 48.586, 45.72, 15.0, "cur:kapustin-yar-range", "RU-AST"),
    # structures
    Record("Kerch Bridge", "UA", 45.3086, 36.5061, 5.0, "cur:kerch-bridge", "UA-43"),
    Record("Crimean Bridge", "UA", 45.3086, 36.5061, 5.0, "cur:kerch-bridge", "UA-43"),
    Record("Zaporizhzhia Nuclear Power Plant", "UA", 47.512, 34.586, 1.0, "cur:zaporizhzhia-npp", "UA-23"),
    Record("White House", "US", 38.8977, -77.0365, 0.5, "cur:white-house", "US-DC"),
)


class Area(NamedTuple):
    """A region by public record: its id, GeoNames id, a point well inside, and its capital."""

    text: str
    region: str
    geonameid: int
    lat: float
    lon: float
    capital: int


REGIONS = (
    Area("Kursk Oblast", "RU-KRS", 538555, 51.675, 36.076, 538560),
    Area("Kursk Region", "RU-KRS", 538555, 51.675, 36.076, 538560),
    Area("Astrakhan Oblast", "RU-AST", 580491, 47.159, 47.274, 580497),
    Area("Grodno Region", "BY-HR", 628035, 53.4855, 25.0839, 627904),
    Area("Podlaskie Voivodeship", "PL-PD", 858789, 53.3396, 22.7225, 776069),
    Area("Brest Region", "BY-BR", 629631, 52.5, 25.3, 629634),
    Area("Gomel Region", "BY-HO", 628281, 52.3, 29.7, 627907),
    Area("Mogilev Region", "BY-MA", 625073, 53.7, 30.3, 625665),
    Area("Vitebsk Region", "BY-VI", 620134, 55.2, 29.0, 620127),
    Area("Belgorod Region", "RU-BEL", 578071, 50.7, 37.5, 578072),
    Area("Bryansk Region", "RU-BRY", 571473, 52.9, 33.4, 571476),
    Area("Smolensk Region", "RU-SMO", 491684, 55.0, 33.0, 491687),
    Area("Voronezh Region", "RU-VOR", 472039, 51.0, 40.2, 472045),
    Area("Moscow Oblast", "RU-MOS", 524925, 55.15, 38.67, 546230),  # Kolomna; the capital city is apart
    Area("City of Moscow", "RU-MOW", 524894, 55.75, 37.62, 524901),
    Area("Zaporizhzhia Region", "UA-23", 687699, 47.3, 35.7, 687700),
    Area("Sumy Region", "UA-59", 692196, 51.0, 34.0, 692194),
    Area("Kyiv Oblast", "UA-32", 703446, 50.09, 31.02, 711390),  # Brovary; the capital city is apart
    Area("Crimea", "UA-43", 703883, 45.3, 34.3, 693805),
)


@pytest.fixture(scope="module")
def gazetteer() -> PlaceData:
    return read_gazetteer()


@pytest.fixture(scope="module")
def base() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(f"file:{BASE}?mode=ro", uri=True)
    yield connection
    connection.close()


def away_km(area: Any, lon: float, lat: float) -> float:
    """How far outside an area a point lies."""
    return float(GEOD.geometry_length(shapely.shortest_line(area, shapely.Point(lon, lat)))) / 1000


@pytest.mark.parametrize("record", PLACES, ids=lambda record: record.text)
def test_a_place_is_found_where_the_public_record_puts_it(gazetteer: PlaceData, record: Record) -> None:
    place = gazetteer.resolver.best(record.text, country=record.country).place
    assert GEOD.inv(record.lon, record.lat, *place.position.geojson)[2] <= record.km * 1000
    assert (place.id, place.country) == (record.place_id, record.country)
    expected = int(record.place_id[3:]) if record.place_id.startswith("gn:") else None
    assert place.geonameid == expected


@pytest.mark.parametrize("record", PLACES, ids=lambda record: record.text)
def test_a_place_needs_no_country_on_a_map_of_its_neighbourhood(gazetteer: PlaceData, record: Record) -> None:
    context = {"BY", "PL", "RU", "UA", record.country}
    assert gazetteer.resolver.best(record.text, context=context).place.id == record.place_id


@pytest.mark.parametrize("record", PLACES, ids=lambda record: record.text)
def test_a_place_lies_in_its_country_and_region(gazetteer: PlaceData, record: Record) -> None:
    place = gazetteer.resolver.best(record.text, country=record.country).place
    lon, lat = place.position.geojson
    assert away_km(gazetteer.store.country_shape(record.country), lon, lat) <= SLACK_KM
    if record.region is not None:
        assert away_km(gazetteer.store.region_shape(record.region), lon, lat) <= SLACK_KM
        assert record.region in gazetteer.store.regions_of(place.position, record.country)


@pytest.mark.parametrize("record", PLACES, ids=lambda record: record.text)
def test_a_radius_holds_the_public_record(gazetteer: PlaceData, record: Record) -> None:
    place = gazetteer.resolver.best(record.text, country=record.country).place
    assert place.radius_m is not None
    assert GEOD.inv(record.lon, record.lat, *place.position.geojson)[2] <= place.radius_m
    assert place.precision is (Precision.EXACT if record.text == "White House" else Precision.PLACE)


@pytest.mark.parametrize("area", REGIONS, ids=lambda area: area.text)
def test_a_region_holds_its_middle_and_its_own_capital(
    gazetteer: PlaceData, base: sqlite3.Connection, area: Area
) -> None:
    place = gazetteer.resolver.best(area.text).place
    assert (place.id, place.geonameid) == (f"ne:{area.region}", area.geonameid)
    assert place.precision is Precision.REGION
    shape = gazetteer.resolver.shape(place)
    assert shape.contains(shapely.Point(area.lon, area.lat))
    row = base.execute("SELECT lon / 1e5, lat / 1e5 FROM place WHERE key = ?", (area.capital,)).fetchone()
    assert shape.contains(shapely.Point(*row))
    assert shape.contains(shapely.Point(*place.position.geojson))


def test_the_polygon_of_kursk_oblast_has_the_bounds_of_the_public_record(gazetteer: PlaceData) -> None:
    shape = gazetteer.store.region_shape("RU-KRS")
    assert shape.bounds == pytest.approx((34.08, 50.91, 38.51, 52.43), abs=0.01)


def test_kursk_region_lies_around_180_kilometres_from_belarus(gazetteer: PlaceData) -> None:
    # A distance that a newspaper of August 2024 gives.
    regions = (gazetteer.store.region_shape("RU-KRS"), gazetteer.store.country_shape("BY"))
    assert GEOD.geometry_length(shapely.shortest_line(*regions)) / 1000 == pytest.approx(180, abs=10)


def test_every_settlement_with_people_lies_within_the_slack_of_its_country(
    gazetteer: PlaceData, base: sqlite3.Connection
) -> None:
    # All in Belarus, Poland, Lithuania and Latvia; coasts and lagoons apart.
    rows = base.execute(
        "SELECT name, country, lon / 1e5, lat / 1e5 FROM place"
        " WHERE feature LIKE 'PPL%' AND population > 0 AND country IN ('BY', 'PL', 'LT', 'LV')"
    ).fetchall()
    assert len(rows) > 3000
    for code in ("BY", "PL", "LT", "LV"):
        shape = gazetteer.store.country_shape(code)
        shapely.prepare(shape)
        here = [(name, lon, lat) for name, country, lon, lat in rows if country == code]
        inside = shapely.contains_xy(shape, [lon for _, lon, _ in here], [lat for _, _, lat in here])
        out = [row for row, held in zip(here, inside, strict=True) if not held]
        assert len(out) <= max(3, len(here) / 100)
        assert [name for name, lon, lat in out if away_km(shape, lon, lat) > SLACK_KM] == []


def test_a_reviewed_place_agrees_with_geonames_on_name_and_country(
    gazetteer: PlaceData, base: sqlite3.Connection
) -> None:
    checked = 0
    for record in PLACES:
        place = gazetteer.resolver.best(record.text, country=record.country).place
        row = base.execute(
            "SELECT country, lon / 1e5, lat / 1e5, population FROM place WHERE key = ?", (place.geonameid,)
        ).fetchone()
        if row is None:  # villages too small for cities500
            continue
        country, lon, lat, population = row
        assert country == place.country
        assert GEOD.inv(lon, lat, *place.position.geojson)[2] <= 3000
        assert place.population == population
        checked += 1
    assert checked >= 25
