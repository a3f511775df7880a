"""The basemap's own data: the coarse world, waters, and names of towns by language."""

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
import shapely

from geomap.errors import DataFileError
from geomap.gazetteer import read_gazetteer
from geomap.gazetteer.ground import coarse_land
from geomap.gazetteer.ground.store import GROUND, GroundStore, decode_coarse, encode_coarse
from geomap.gazetteer.rows import settlement_radius_m
from geomap.gazetteer.schema import DEGREE
from geomap.gazetteer.store import Store, carried_views, data_folder
from geomap.model.geometry import distance_m
from geomap.model.lonlat import LonLat

ROOT = Path(__file__).parents[2]
WORLD = (-180.0, -90.0, 180.0, 90.0)
EUROPE = (10.0, 40.0, 60.0, 68.0)


@pytest.fixture(scope="module")
def store() -> Store:
    return read_gazetteer().store


@pytest.fixture(scope="module")
def ground() -> GroundStore:
    return GroundStore(data_folder())


def test_the_file_stays_small() -> None:
    assert (data_folder() / GROUND).stat().st_size <= 2_000_000


def test_missing_data_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="the basemap's data is missing"):
        GroundStore(tmp_path)


# --- The coarse world -----------------------------------------------------------------------------------


def test_the_coarse_world_knows_all_worldviews_and_is_one_coverage(ground: GroundStore) -> None:
    far = ground.far_land()
    assert ground.views == tuple(carried_views())
    assert all(len(owners) == len(ground.views) for owners, _ in far)
    shapes = [shape for _, shape in far]
    assert all(shape.is_valid for shape in shapes)
    assert shapely.coverage_is_valid(shapes)


@pytest.mark.parametrize(
    ("worldview", "owner"), [("un", "UA"), ("ua", "UA"), ("ru", "RU"), ("de_facto", "RU")]
)
def test_the_coarse_world_has_owners_by_worldview(worldview: str, owner: str) -> None:
    far = read_gazetteer(worldview=worldview).store.far_land()
    simferopol = shapely.Point(34.1, 45.1)
    assert [here for here, _, shape in far if shape.contains(simferopol)] == [owner]


def test_a_worldview_of_ones_own_is_coarse_too(tmp_path: Path) -> None:
    table = tmp_path / "mine.yaml"
    table.write_text("title: Mine\nowners: {RU-KGD: PL}\n", encoding="utf-8")
    far = read_gazetteer(worldview=str(table)).store.far_land()
    kaliningrad, minsk = shapely.Point(21.2, 54.7), shapely.Point(27.5, 53.9)
    assert [here for here, _, shape in far if shape.contains(kaliningrad)] == ["PL"]
    assert [here for here, _, shape in far if shape.contains(minsk)] == ["BY"]


def test_land_of_the_same_owners_is_joined_and_specks_are_left_out() -> None:
    west, east = shapely.box(0, 0, 5, 5), shapely.box(5, 0, 10, 5)
    other, speck = shapely.box(10, 0, 15, 5), shapely.box(20, 0, 20.1, 0.1)
    land = coarse_land([(("A", "A"), west), (("A", "A"), east), (("A", "B"), other), (("C", "C"), speck)])
    assert [owners for owners, _ in land] == [("A", "A"), ("A", "B")]
    assert land[0][1].area == pytest.approx(50)


# --- Waters ---------------------------------------------------------------------------------------------


def test_shapes_are_kept_to_a_thousandth_of_a_degree() -> None:
    line = shapely.LineString([(23.12345, 53.98765), (-179.9996, -85.0)])
    assert decode_coarse(encode_coarse(line)).equals(
        shapely.MultiLineString([[(23.123, 53.988), (-180.0, -85.0)]])
    )


def test_waters_come_by_rank_and_are_sound(ground: GroundStore) -> None:
    waters = ground.waters(WORLD, 9)
    assert [water.rank for water in waters] == sorted(water.rank for water in waters)
    assert all(water.shape.is_valid and not water.shape.is_empty for water in waters)
    kinds = {water.kind: water.shape.geom_type for water in waters}
    assert kinds["river"] == "MultiLineString"
    assert kinds["sea"] == "Point"
    assert all(water.rank <= 3 for water in ground.waters(EUROPE, 3))


@pytest.mark.parametrize(
    ("kind", "name", "names", "lon", "lat"),
    [
        ("river", "Dnieper", {"be": "Дняпро", "pl": "Dniepr", "ru": "Днепр", "uk": "Дніпро"}, 30.52, 50.4),
        ("river", "Vistula", {"be": "Вісла", "pl": "Wisła", "ru": "Висла", "uk": "Вісла"}, 21.03, 52.25),
        ("lake", "Lake Ladoga", {"be": "Ладажскае возера", "pl": "Ładoga"}, 31.5, 60.8),
        ("lake", "Lake Balaton", {"pl": "Balaton", "ru": "Балатон"}, 17.8, 46.87),
        ("sea", "Black Sea", {"uk": "Чорне море"}, 34.0, 43.3),
    ],
)
def test_waters_are_where_they_are_and_named_in_five_languages(
    ground: GroundStore, kind: str, name: str, names: dict[str, str], lon: float, lat: float
) -> None:
    found = [
        water for water in ground.waters(EUROPE, 9) if water.kind == kind and water.names.get("en") == name
    ]
    assert min(water.shape.distance(shapely.Point(lon, lat)) for water in found) < 0.1
    assert all(water.names | names == dict(water.names) for water in found)


# --- Towns ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "native", "names"),
    [
        (703448, "Київ", {"pl": "Kijów", "uk": "Київ", "be": "Кіеў", "ru": "Киев"}),
        (627904, "Гродна", {"pl": "Grodno", "uk": "Гродно", "be": "Гродна", "ru": "Гродно"}),
        (756135, "Warszawa", {"pl": "Warszawa", "ru": "Варшава"}),
        (538560, "Курск", {"uk": "Курськ", "ru": "Курск"}),
    ],
)
def test_towns_have_names_by_language(
    ground: GroundStore, key: int, native: str, names: dict[str, str]
) -> None:
    known, own = ground.town_names([key])[key]
    assert own == native
    assert {**known, **names} == dict(known)


def test_towns_of_a_bbox_carry_their_names(store: Store) -> None:
    minsk, *_ = store.towns((23, 51, 33, 56), 6)
    assert (minsk.name, minsk.native, minsk.capital) == ("Minsk", "Мінск", True)
    assert minsk.names["pl"] == "Mińsk"


def test_capitals_are_told(store: Store) -> None:
    capitals = {town.name for town in store.capital_towns()}
    assert {"Minsk", "Warsaw", "Kyiv", "Vilnius"} <= capitals
    assert "Kharkiv" not in capitals


@pytest.fixture(scope="module")
def town_names() -> object:
    sys.path.insert(0, str(ROOT / "gazetteer" / "build"))
    try:
        import town_names

        return town_names
    finally:
        sys.path.pop(0)


@pytest.mark.parametrize(
    ("main", "country", "alternates", "names", "native"),
    [
        # Each spelling can be one language's only.
        ("Zabolotiv", "UA", ["Заболотов", "Заболотів"], {"uk": "Заболотів", "ru": "Заболотов"}, "Заболотів"),
        ("Slutsk", "BY", ["Слуцк", "Слуцьк"], {"be": "Слуцк", "uk": "Слуцьк", "ru": "Слуцк"}, "Слуцк"),
        ("Aksay", "RU", ["Аксай"], {"ru": "Аксай", "uk": "Аксай"}, "Аксай"),
        # The Serbian and Bulgarian spellings leave a doubt, a soft sign more or less does not.
        ("Kharkiv", "UA", ["Харков", "Харьков", "Харків"], {"uk": "Харків", "ru": "Харьков"}, "Харків"),
        ("Odesa", "UA", ["Одеса", "Адэса", "Жемчужина у моря"], {"uk": "Одеса"}, "Одеса"),
        ("Pryklad", "UA", ["Прыклад", "Приклад", "Прикладо"], {"uk": "Приклад"}, "Приклад"),
        ("Łódź", "PL", ["Lodz"], {}, "Łódź"),
        ("Kutaisi", "GE", ["ქუთაისი"], {}, "ქუთაისი"),
        ("Somewhere", "GE", ["ქუთაისი", "თბილისი"], {}, ""),
        ("Nowhere", "RU", ["Другое"], {}, ""),
    ],
)
def test_a_spelling_tells_the_language_or_nothing_is_told(
    town_names: object,
    main: str,
    country: str,
    alternates: list[str],
    names: dict[str, str],
    native: str,
) -> None:
    town = town_names.name_town(1, main, country, alternates, {})  # type: ignore[attr-defined]
    assert dict(town.names) == names
    assert town.native == native


def test_names_that_people_wrote_go_first(town_names: object) -> None:
    town = town_names.name_town(1, "Kyiv", "UA", ["Київ", "Киев"], {"ru": "Киевъ", "native": "Кыив"})  # type: ignore[attr-defined]
    assert town.names["ru"] == "Киевъ"
    assert town.native == "Кыив"


# --- Towns ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "bbox",
    [
        (30.0, 50.0, 31.0, 50.8),  # a large city and its suburbs
        (23.4, 53.1, 25.0, 54.2),
        (10.0, 40.0, 60.0, 68.0),
        (-180.0, 60.0, 180.0, 90.0),  # both sides of the antimeridian
        (-40.0, -30.0, -39.0, -29.0),  # the sea
    ],
)
def test_a_town_within_a_larger_ones_radius_is_left_out_and_no_other(
    store: Store, bbox: tuple[float, float, float, float]
) -> None:
    west, south, east, north = (round(degrees * DEGREE) for degrees in bbox)
    with closing(sqlite3.connect(f"file:{data_folder() / 'base.sqlite'}?mode=ro", uri=True)) as base:
        every = base.execute(
            "SELECT lon, lat, population FROM place WHERE lon BETWEEN ? AND ? AND lat BETWEEN ? AND ?"
            " AND feature LIKE 'PPL%' AND feature <> 'PPLX' ORDER BY population DESC, key LIMIT 300",
            (west, east, south, north),
        ).fetchall()
    kept: list[tuple[LonLat, int]] = []
    for lon, lat, population in every:
        here = LonLat(lon=lon / DEGREE, lat=lat / DEGREE)
        if all(distance_m(here, at) >= settlement_radius_m(people) for at, people in kept):
            kept.append((here, population))
    found = store.towns(bbox, 150)
    assert [(town.lon, town.lat, town.population) for town in found] == [
        (at.lon, at.lat, people) for at, people in kept[:150]
    ]
    assert bool(found) == (bbox[0] != -40.0)
