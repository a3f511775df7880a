"""The basemap of a map: its scales, its waters, and the names on it."""

from pathlib import Path

import pytest
import shapely

from geomap import pipeline
from geomap.scene import Scene
from geomap.scene.ground import (
    Ground,
    GroundCountry,
    GroundRegion,
    GroundTown,
    GroundWater,
    draw_ground,
    window_around,
    window_round,
)

MAP = "schema: 1\ntitle: T\nevents: [events.yaml]\ncountries: [BY, PL]\n"
EVENTS = """\
schema: 1
sources: {w: {published: 2024-08-13}}
events:
- {id: a, type: strike, title: A, when: 2024-08-01, where: Minsk, sources: [w]}
"""


def compose(folder: Path, extra: str = "") -> Scene:
    (folder / "map.yaml").write_text(MAP + extra, encoding="utf-8")
    (folder / "events.yaml").write_text(EVENTS, encoding="utf-8")
    return pipeline.compose(pipeline.load(folder))


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return compose(tmp_path_factory.mktemp("wide"), "view: {bbox: [14, 43.5, 50, 60]}\n")


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return compose(tmp_path_factory.mktemp("narrow"), "view: {bbox: [23, 52.8, 25.6, 54.2]}\n")


def test_the_world_has_borders_beyond_the_window(wide: Scene) -> None:
    far = shapely.geometry.shape(wide.basemap.far_borders)
    assert far.distance(shapely.Point(-106, 49)) < 0.2  # Canada and the United States
    disputed = shapely.geometry.shape(wide.basemap.far_disputed)
    assert disputed.distance(shapely.Point(33.7, 46.15)) < 0.5  # Crimea


def test_both_scales_have_their_borders_at_one_place(wide: Scene) -> None:
    """Where the window ends the lines go on: no farther off than what coarse land may be."""
    west, south, east, north = wide.basemap.window
    edge = shapely.box(west, south, east, north).exterior
    fine = shapely.geometry.shape(wide.basemap.borders)
    coarse = shapely.geometry.shape(wide.basemap.far_borders)
    crossings = shapely.get_parts(shapely.intersection(coarse, edge))
    assert len(crossings) > 3
    assert max(fine.distance(point) for point in crossings) < 0.8


def test_a_narrow_window_has_a_scale_between(wide: Scene, narrow: Scene) -> None:
    assert wide.basemap.around is None
    around = narrow.basemap.around
    assert around is not None
    assert shapely.box(*around.window).contains(shapely.box(*narrow.basemap.window))
    land = shapely.geometry.shape(around.land)
    assert land.is_valid
    assert land.contains(shapely.Point(27.5, 53.9))
    assert shapely.geometry.shape(around.borders).distance(shapely.Point(23.6, 51.5)) < 0.1


@pytest.mark.parametrize(
    ("name", "lon", "lat"), [("Dnieper", 30.52, 50.4), ("Vistula", 21.03, 52.25), ("Pripyat", 28.0, 52.06)]
)
def test_rivers_flow_where_they_do(wide: Scene, name: str, lon: float, lat: float) -> None:
    named = zip(wide.basemap.river_labels, wide.basemap.rivers["geometries"], strict=True)
    shapes = [shapely.geometry.shape(shape) for label, shape in named if label.name == name]
    assert min(shape.distance(shapely.Point(lon, lat)) for shape in shapes) < 0.1


def test_lakes_are_areas_with_a_place_for_their_name(wide: Scene) -> None:
    found = {}
    for label, shape in zip(wide.basemap.lake_labels, wide.basemap.lakes["geometries"], strict=True):
        lake = shapely.geometry.shape(shape)
        assert lake.area > 0
        assert (label.at is not None) == bool(label.name)
        if label.at:
            assert lake.buffer(0.02).contains(shapely.Point(label.at))
        found[label.name] = label
    assert found["Lake Ladoga"].names["uk"] == "Ладозьке озеро"
    assert found["Lake Superior"].rank == 0  # beyond the window the greatest only
    assert "Lake Okanagan" not in found


def test_towns_and_countries_have_names_by_language(wide: Scene) -> None:
    basemap = wide.basemap
    towns = {town[2]: (town, label) for town, label in zip(basemap.towns, basemap.town_labels, strict=True)}
    minsk, label = towns["Minsk"]
    assert minsk[3] == 0
    assert (label.native, label.names["pl"]) == ("Мінск", "Mińsk")
    assert "Canberra" in towns  # capitals of the whole world
    rows = {
        label.code: (row, label) for row, label in zip(basemap.countries, basemap.country_labels, strict=True)
    }
    assert rows["BY"][0][2] == "Belarus"
    assert rows["BY"][1].names["pl"] == "Białoruś"
    assert rows["AU"][1].names["ru"] == "Австралия"


def test_a_sea_is_named_on_the_sea(wide: Scene) -> None:
    land = shapely.geometry.shape(wide.basemap.land)
    window = shapely.box(*wide.basemap.window)
    for (lon, lat), label in zip(wide.basemap.seas, wide.basemap.sea_labels, strict=True):
        if window.contains(shapely.Point(lon, lat)):
            assert not land.contains(shapely.Point(lon, lat)), label.name


def test_online_tiles_are_off_unless_named(wide: Scene, tmp_path: Path) -> None:
    assert wide.tiles is None
    tiles = compose(tmp_path, "tiles: OpenTopoMap\n").tiles
    assert tiles == {
        "url": "https://a.tile.opentopomap.org/{z}/{x}/{y}.png",
        "attribution": "Map data: (C) OpenStreetMap contributors, SRTM | Map style: (C) OpenTopoMap (CC-BY-SA)",
        "max_zoom": 17,
        "host": "https://a.tile.opentopomap.org",
    }


# --- A world of two squares -------------------------------------------------------------------------------

BBOX = (0.0, 0.0, 10.0, 10.0)


def little_world(*waters: GroundWater, bbox: tuple[float, float, float, float] = BBOX) -> Ground:
    window = window_round(bbox)
    regions = [
        GroundRegion(id="A-1", shape=shapely.box(-40, -40, 5, 50), owner="A", owners=("A", "A")),
        GroundRegion(id="B-1", shape=shapely.box(5, -40, 60, 50), owner="B", owners=("B", "A")),
    ]
    return Ground(
        window=window,
        around=window_around(window),
        world=regions,
        regions=regions,
        waters=waters,
        countries={"A": GroundCountry(name="Aland", names={"pl": "A"}, at=(0, 0))},
        towns=[GroundTown(lon=1, lat=1, name="T", population=60_000, names={})],
    )


def river(*points: tuple[float, float], rank: int) -> GroundWater:
    return GroundWater(
        kind="river", rank=rank, names={"en": "R", "pl": "R"}, shape=shapely.LineString(points)
    )


def test_a_border_is_parted_alike_at_every_scale() -> None:
    basemap = draw_ground(little_world(), BBOX, ()).basemap
    assert basemap.around is not None
    for lines in (basemap.disputed, basemap.far_disputed, basemap.around.disputed):
        assert not shapely.geometry.shape(lines).is_empty
    for lines in (basemap.borders, basemap.far_borders, basemap.around.borders):
        assert shapely.geometry.shape(lines).is_empty


def test_a_small_river_ends_at_the_window_and_a_great_one_goes_on() -> None:
    ways = ((-30.0, 3.0), (40.0, 3.0))
    basemap = draw_ground(little_world(river(*ways, rank=8), river(*ways, rank=1)), BBOX, ()).basemap
    small, great = (shapely.geometry.shape(shape).bounds for shape in basemap.rivers["geometries"])
    assert small[0] == pytest.approx(basemap.window[0], abs=0.01)
    assert great[0] == -30
    assert [label.rank for label in basemap.river_labels] == [8, 1]
    assert basemap.river_labels[0].names == {}  # the Polish name is the English one


def test_what_is_too_small_to_see_is_left_out() -> None:
    lake = GroundWater(kind="lake", rank=5, names={"en": "L"}, shape=shapely.box(1, 1, 1.001, 1.001))
    assert draw_ground(little_world(lake), BBOX, ()).basemap.lakes["geometries"] == []


def test_a_country_without_a_name_is_called_by_its_code() -> None:
    names = [row[2] for row in draw_ground(little_world(), BBOX, ()).basemap.countries]
    assert sorted(names) == ["Aland", "B"]


@pytest.mark.parametrize(
    ("capital", "people", "rank"),
    [(True, 1_000, 0), (False, 2_000_000, 1), (False, 60_000, 4), (False, 9, 5)],
)
def test_towns_are_ranked(capital: bool, people: int, rank: int) -> None:
    town = GroundTown(lon=1, lat=1, name="T", population=people, capital=capital, names={})
    ground = little_world()
    basemap = draw_ground(
        Ground(
            window=ground.window,
            around=ground.around,
            world=ground.world,
            regions=ground.regions,
            waters=(),
            countries={},
            towns=[town],
        ),
        BBOX,
        (),
    ).basemap
    assert basemap.towns[0][3] == rank
