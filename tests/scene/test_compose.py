"""What a page is told to draw: shapes by precision, layers, labels, the opening view, and the ground."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely

from geomap import pipeline
from geomap.config import MapFile
from geomap.model.records import PlaceSpec
from geomap.pipeline import Project
from geomap.scene import Scene
from geomap.scene.compose import scene_bbox
from geomap.scene.layers import map_layers

EVENTS = """\
schema: 1
sources:
  w: {published: 2024-08-13}
  p: {published: 2024-08-14}
actors:
  mod: {name: Defence Ministry, country: BY}
events:
- {id: bridge, type: infrastructure, title: Exact, when: 2024-08-01, where: {lon: 23.65, lat: 53.55,
   precision: exact, method: geolocated}, sources: [w], tags: [a, b]}
- {id: city, type: strike/explosion, title: Place, when: 2024-08-02, where: Minsk, sources: [w], tags: [b]}
- {id: around, type: exercise/live_fire, title: Ring, when: 2024-08-03, where: {near: Lida}, sources: [w, p]}
- {id: county, type: exercise/airborne_drop, title: A, when: 2024-08-04, where: Grodno Region, sources: [p]}
- {id: again, type: exercise, title: Region again, when: 2024-08-04, where: Grodno Region, sources: [p]}
- {id: line, type: border_incident, title: Line, when: 2024-08-05, where: {border: [BY, PL]}, sources: [w]}
- {id: strip, type: migration, title: S, when: 2024-08-06, where: {border: [BY, PL], side: PL}, sources: [w]}
- {id: air, type: air_activity, title: Airspace, when: 2024-08-07, where: {over: Belarus}, sources: [w]}
- {id: land, type: deployment, title: Country, when: 2024-08-08, where: {country: BY}, sources: [w],
   actors: [{id: mod, role: participant}]}
- {id: range, type: deployment, title: R, when: 2024-08-08, where: {name: a range, country: PL}, sources: [w]}
- {id: words, type: statement, title: None, when: 2024-08-09, where: none, sources: [w, p],
   claims: [{by: Minsk, stance: asserts, source: w}, {by: Warsaw, stance: asserts, source: p}]}
- {id: lost, type: statement, title: Unknown, where: unknown, sources: [w]}
- {id: two, type: deployment/convoy, title: Two, when: 2024-08-10, sources: [w], where: [
   {place: Brest, country: BY, role: origin}, {place: Minsk, role: destination},
   {place: Warsaw, role: mentioned}]}
"""
MAP = "schema: 1\ntitle: T\nevents: [events.yaml]\ncountries: [BY, PL]\n"
SHAPES = {
    "bridge#1": ("pin", "exact"),
    "city#1": ("pin", "place"),
    "around#1": ("ring", "vicinity"),
    "county#1": ("area", "region"),
    "again#1": ("area", "region"),
    "line#1": ("line", "line"),
    "strip#1": ("area", "line"),
    "air#1": ("area", "waters"),
    "land#1": ("badge", "country"),
    "range#1": ("badge", "country"),
    "two#1": ("pin", "place"),
    "two#2": ("pin", "place"),
}
Make = Callable[..., Project]


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Load a project from the text of its two files."""

    def load(events: str = EVENTS, extra: str = "") -> Project:
        folder: Path = tmp_path_factory.mktemp("project")
        (folder / "map.yaml").write_text(MAP + extra)
        (folder / "events.yaml").write_text(events)
        return pipeline.load(folder)

    return load


@pytest.fixture(scope="module")
def project(make: Make) -> Project:
    return make()


@pytest.fixture(scope="module")
def scene(project: Project) -> Scene:
    return pipeline.compose(project)


def feature(scene: Scene, feature_id: str) -> dict[str, Any]:
    """One row of the features."""
    row = scene.features["id"].index(feature_id)
    return {name: values[row] for name, values in scene.features.items()}


# Shapes


def test_the_shape_follows_from_how_the_place_is_known(scene: Scene) -> None:
    drawn = zip(scene.features["id"], scene.features["shape"], scene.features["precision"], strict=True)
    assert {key: (shape, precision) for key, shape, precision in drawn} == SHAPES


def test_only_exact_sites_and_named_places_are_pins(scene: Scene) -> None:
    for shape, precision in zip(scene.features["shape"], scene.features["precision"], strict=True):
        assert (shape == "pin") == (precision in ("exact", "place"))
        assert (shape == "ring") == (precision == "vicinity")


def test_pins_rings_and_badges_have_a_position_and_areas_and_lines_a_geometry(scene: Scene) -> None:
    for name in SHAPES:
        row = feature(scene, name)
        has_position = row["lon"] is not None and row["lat"] is not None
        assert has_position == (row["shape"] in ("pin", "ring", "badge"))
        assert (row["geometry"] is not None) == (row["shape"] in ("area", "line"))


def test_each_geometry_is_carried_once(scene: Scene) -> None:
    assert feature(scene, "county#1")["geometry"] == feature(scene, "again#1")["geometry"]
    used = [number for number in scene.features["geometry"] if number is not None]
    assert set(used) == set(range(len(scene.geometries)))
    assert len(scene.geometries) == 4
    for geometry in scene.geometries:
        assert shapely.geometry.shape(geometry).is_valid


def test_a_drawn_geometry_stays_within_half_a_pixel_of_the_true_one(project: Project, scene: Scene) -> None:
    table = project.table
    for name in ("county#1", "line#1", "strip#1", "air#1"):
        true = table.geometry[table.columns["feature_id"].index(name)]
        assert true is not None
        drawn = shapely.geometry.shape(scene.geometries[feature(scene, name)["geometry"]])
        west, south, east, north = true.bounds
        assert shapely.hausdorff_distance(drawn, true) < max(east - west, north - south) / 1024


def test_the_label_of_a_country_lies_in_it_and_in_the_view(project: Project, scene: Scene) -> None:
    for name, code in (("land#1", "BY"), ("range#1", "PL")):
        row = feature(scene, name)
        point = shapely.Point(row["lon"], row["lat"])
        assert project.gazetteer.store.country_shape(code).contains(point)
        assert shapely.box(*scene.bbox).contains(point)
    assert feature(scene, "land#1")["label"] == "Belarus"
    assert feature(scene, "range#1")["label"] == "a range, Poland"


def test_the_label_of_a_country_moves_into_the_part_that_is_seen(make: Make) -> None:
    scene = pipeline.compose(make(extra="view: {bbox: [23, 51.5, 25, 53]}\n"))
    row = feature(scene, "land#1")
    assert 23 < row["lon"] < 25
    assert 51.5 < row["lat"] < 53


# Layers


def shown(scene: Scene) -> dict[str, set[str]]:
    """The events of each layer."""
    return {layer.title: {scene.events["id"][row] for row in layer.events} for layer in scene.layers}


@pytest.mark.parametrize(
    ("select", "events"),
    [
        ({"type": "exercise"}, {"around", "county", "again"}),
        ({"type": "exercise/airborne_drop"}, {"county"}),
        ({"type": ["exercise/live_fire", "strike"]}, {"around", "city"}),
        ({"type": "exer"}, set()),
        ({"country": "PL"}, {"line", "strip", "range"}),
        ({"country": ["BY"], "type": "border_incident"}, {"line"}),
        ({"country": ["BY"], "type": "migration"}, set()),
        ({"tag": "b"}, {"bridge", "city"}),
        ({"tag": ["a", "zzz"]}, {"bridge"}),
        ({"tag": "b", "type": "strike"}, {"city"}),
        ({"source": "p"}, {"around", "county", "again", "words"}),
        ({"precision": "country"}, {"land", "range"}),
        ({"precision": ["exact", "vicinity"]}, {"bridge", "around"}),
        ({"precision": "none"}, {"words", "lost"}),
        ({"status": "corroborated"}, {"words", "around"}),
        ({"status": "reported", "precision": "exact"}, {"bridge"}),
        ({"actor": "Defence Ministry"}, {"land"}),
        ({"actor": "nobody"}, set()),
        ({}, {"bridge", "city", "around", "county", "again", "line", "strip", "air", "land", "range", "words",
              "lost", "two"}),
    ],
)  # fmt: skip
def test_a_layer_takes_any_value_of_a_key_and_all_keys_together(
    project: Project, select: dict[str, Any], events: set[str]
) -> None:
    ids = list(project.table.event_rows)
    config = {
        "schema": 1,
        "title": "M",
        "events": ["-"],
        "layers": [{"id": "x", "title": "X", "select": select}],
    }
    layer = map_layers(project.table, MapFile.model_validate(config))[0]
    assert list(layer.events) == sorted(layer.events)
    assert {ids[number] for number in layer.events} == events


def test_an_event_in_no_layer_lands_in_other(make: Make) -> None:
    layers = "layers:\n- {id: drills, title: Drills, select: {type: exercise}}\n"
    found = shown(pipeline.compose(make(extra=layers)))
    assert found["Drills"] == {"around", "county", "again"}
    assert list(found) == ["Drills", "Other"]
    assert len(found["Other"]) == 10
    assert not found["Drills"] & found["Other"]


def test_other_does_not_take_the_id_of_a_layer_of_the_map(make: Make) -> None:
    layers = "layers:\n- {id: other, title: Mine, select: {type: exercise}}\n"
    scene = pipeline.compose(make(extra=layers))
    assert [layer.id for layer in scene.layers] == ["other", "other-events"]


def test_an_event_may_stand_in_two_layers(make: Make) -> None:
    layers = "layers:\n- {id: x, title: X, select: {type: exercise}}\n- {id: all, title: All}\n"
    found = shown(pipeline.compose(make(extra=layers)))
    assert found["X"] < found["All"]
    assert "Other" not in found


def test_without_layers_each_type_is_one(scene: Scene) -> None:
    found = shown(scene)
    assert found["Exercise"] == {"around", "county", "again"}
    assert found["Statement"] == {"words", "lost"}
    assert "Other" not in found
    assert sum(len(events) for events in found.values()) == 13


def test_types_of_ones_own_have_their_label_and_a_layer_of_their_own(make: Make) -> None:
    events = (
        "schema: 1\nsources: {s: {published: 2024-01-01}}\nevents:\n"
        "- {id: a, type: fire/forest, title: A, when: 2024-01-01, where: Minsk, sources: [s]}\n"
        "- {id: b, type: ice_drift, title: B, when: 2024-01-01, where: Minsk, sources: [s]}\n"
        "- {id: c, type: strike/cyber, title: C, when: 2024-01-01, where: Minsk, sources: [s]}\n"
    )
    types = (
        "types: {fire: {label: Wildfire, subtypes: [forest]}, ice_drift: {}, strike: {subtypes: [cyber]}}\n"
    )
    scene = pipeline.compose(make(events, types))
    assert {symbol.id: symbol.label for symbol in scene.types} == {
        "strike": "Strike or explosion",
        "fire": "Wildfire",
        "ice_drift": "Ice drift",
    }
    assert shown(scene) == {"Wildfire": {"a"}, "Ice drift": {"b"}, "Strike or explosion": {"c"}}


# The opening view

ONE_PIN = (
    "schema: 1\nsources: {s: {published: 2024-01-01}}\n"
    "events: [{id: a, type: strike, title: A, when: 2024-01-01, where: WHERE, sources: [s]}]\n"
)


def test_a_given_view_is_kept(make: Make) -> None:
    assert pipeline.compose(make(extra="view: {bbox: [20, 50, 30, 55]}\n")).bbox == (20, 50, 30, 55)
    west, south, east, north = pipeline.compose(make(extra="view: {center: [27, 53], zoom: 6}\n")).bbox
    assert (west + east) / 2 == pytest.approx(27)
    assert (south + north) / 2 == pytest.approx(53)
    # A screen of four tiles shows four of the 64 tiles across that make up the world at zoom 6.
    assert east - west == pytest.approx(4 * 360 / 64)


def test_one_pin_opens_with_its_neighbourhood(make: Make) -> None:
    bbox = pipeline.compose(make(ONE_PIN.replace("WHERE", "Minsk"))).bbox
    assert bbox == pytest.approx((27.567 - 0.5, 53.9 - 0.5, 27.567 + 0.5, 53.9 + 0.5), abs=0.01)


@pytest.mark.parametrize("lat", [90, 86.5, -85.5, -90])
def test_what_lies_beyond_a_web_map_is_met_at_its_edge(make: Make, lat: float) -> None:
    where = f"{{lon: -180, lat: {lat}, precision: place, method: given}}"
    west, south, east, north = pipeline.compose(make(ONE_PIN.replace("WHERE", where))).bbox
    assert (west, east) == (-180, -179.5)
    assert (south, north) == ((84, 85) if lat > 0 else (-85, -84))


@pytest.mark.parametrize("where", ["none", "unknown", "{country: BY}"])
def test_with_nothing_drawn_the_world_is_shown(make: Make, where: str) -> None:
    project = make(ONE_PIN.replace("WHERE", where))
    west, south, east, north = scene_bbox(project.table, project.config.map)
    assert -180 <= west < -100
    assert 100 < east <= 180
    assert -90 < south < -40
    assert 60 < north < 90


def test_a_map_of_words_alone_is_composed(make: Make) -> None:
    scene = pipeline.compose(make(ONE_PIN.replace("WHERE", "none"), "view: {bbox: [23, 51, 33, 57]}\n"))
    assert scene.features["id"] == []
    assert scene.geometries == ()
    assert scene.events["id"] == ["a"]


def test_airspace_does_not_widen_the_view_where_something_is_known_more_closely(make: Make) -> None:
    events = ONE_PIN.replace("WHERE", "[{over: Russia, role: overflown}, {place: Minsk}]")
    project = make(events)
    west, _, east, _ = scene_bbox(project.table, project.config.map)
    assert east - west == pytest.approx(1)


def test_everything_drawn_closely_lies_in_the_view(project: Project, scene: Scene) -> None:
    view = shapely.box(*scene.bbox)
    for shape, precision in zip(project.table.geometry, project.table.columns["precision"], strict=True):
        if shape is not None and precision not in ("waters", "region"):
            assert view.contains(shape)


# The ground


@pytest.fixture(scope="module")
def crimea(make: Make) -> dict[str, Scene]:
    view = "view: {bbox: [31, 43.5, 39, 48]}\n"
    return {
        worldview: pipeline.compose(make(extra=f"{view}worldview: {worldview}\n"))
        for worldview in ("un", "de_facto")
    }


@pytest.fixture(scope="module")
def whole(make: Make) -> Scene:
    return pipeline.compose(make(extra="view: {bbox: [14, 43.5, 50, 60]}\n"))


PEREKOP = shapely.Point(33.7, 46.15).buffer(0.15)  # the neck of land between Crimea and Kherson Region


@pytest.mark.parametrize("worldview", ["un", "de_facto"])
def test_the_edge_of_crimea_is_disputed_whatever_the_worldview(
    crimea: dict[str, Scene], worldview: str
) -> None:
    ground = crimea[worldview].basemap
    disputed = shapely.geometry.shape(ground.disputed)
    borders = shapely.geometry.shape(ground.borders)
    assert disputed.intersects(PEREKOP)
    assert not borders.intersects(PEREKOP)
    assert not disputed.is_empty


def test_a_border_that_all_worldviews_draw_is_not_disputed(scene: Scene, project: Project) -> None:
    borders = shapely.geometry.shape(scene.basemap.borders)
    disputed = shapely.geometry.shape(scene.basemap.disputed)
    table = project.table
    true = table.geometry[table.columns["feature_id"].index("line#1")]
    assert true is not None
    assert shapely.hausdorff_distance(shapely.intersection(borders.buffer(0.01), true), true) < 0.02
    assert disputed.is_empty or disputed.distance(true) > 0.1


@pytest.mark.parametrize(
    "sides",
    [
        ["BY", "PL"],
        ["BY", "UA"],
        ["BY", "LT"],
        ["LT", "LV"],
        ["EE", "RU"],
        ["BY", "RU"],
        ["PL", "DE"],
        ["UA", "MD"],
    ],
)
def test_every_land_border_is_drawn_whole(whole: Scene, project: Project, sides: list[str]) -> None:
    spec = PlaceSpec.model_validate({"border": sides})
    true = project.gazetteer.placer().place(spec).geometry
    assert true is not None
    drawn = shapely.geometry.shape(whole.basemap.borders).buffer(0.02)
    assert shapely.difference(true, drawn).length < true.length / 200


def test_lines_inside_a_country_are_drawn_in_the_countries_of_the_map_only(
    whole: Scene, project: Project
) -> None:
    placer = project.gazetteer.placer()
    inner = shapely.geometry.shape(whole.basemap.regions).buffer(0.02)
    for sides, shown_here in (
        (["Grodno Region", "Brest Region"], True),
        (["Kursk Region", "Oryol Region"], False),
    ):
        line = placer.place(PlaceSpec.model_validate({"border": sides})).geometry
        assert line is not None
        assert (shapely.difference(line, inner).length < line.length / 1000) is shown_here


def test_land_is_valid_and_holds_the_cities(scene: Scene, crimea: dict[str, Scene]) -> None:
    for one in (scene, *crimea.values()):
        land = shapely.geometry.shape(one.basemap.land)
        assert land.is_valid
        assert shapely.box(*one.basemap.window).buffer(1e-3).contains(land)
        assert shapely.geometry.shape(one.basemap.world).is_valid
    land = shapely.geometry.shape(scene.basemap.land)
    for lon, lat in ((27.57, 53.9), (23.72, 52.11), (23.83, 53.68)):
        assert land.contains(shapely.Point(lon, lat))
    sea = shapely.geometry.shape(crimea["un"].basemap.land)
    assert not sea.contains(shapely.Point(33.0, 43.7))  # the Black Sea


def test_the_window_is_wider_than_the_view(scene: Scene) -> None:
    assert shapely.box(*scene.basemap.window).contains(shapely.box(*scene.bbox))


def test_towns_and_countries_are_labelled_where_they_are(scene: Scene, project: Project) -> None:
    towns = {name: (lon, lat, rank) for lon, lat, name, rank in scene.basemap.towns}
    lon, lat, rank = towns["Minsk"]
    assert (lon, lat) == pytest.approx((27.567, 53.9), abs=0.02)
    assert rank == 0  # a capital
    countries = {name: shapely.Point(lon, lat) for lon, lat, name in scene.basemap.countries}
    assert {"Belarus", "Poland"} <= set(countries)
    for name, code in (("Belarus", "BY"), ("Poland", "PL")):
        assert project.gazetteer.store.country_shape(code).contains(countries[name])


def test_the_worldview_is_named_on_the_map(crimea: dict[str, Scene]) -> None:
    assert crimea["un"].worldview == "Borders as in ISO 3166 and UN General Assembly resolution 68/262"
    assert crimea["de_facto"].worldview == "Administration as drawn by Natural Earth"


def test_a_scene_has_one_row_an_event_and_columns_of_one_length(scene: Scene) -> None:
    assert len({len(values) for values in scene.events.values()}) == 1
    assert len({len(values) for values in scene.features.values()}) == 1
    assert len(scene.events["id"]) == 13
    assert [scene.events["id"][row] for row in scene.features["event"]] == [
        name.partition("#")[0] for name in scene.features["id"]
    ]


def test_a_centre_and_zoom_are_carried_as_written(make: Make, scene: Scene) -> None:
    assert pipeline.compose(make(extra="view: {center: [27, 53], zoom: 6.5}\n")).centre == (27, 53, 6.5)
    assert scene.centre is None


def test_the_places_of_an_event_are_told_in_order_with_their_roles(scene: Scene) -> None:
    told = dict(zip(scene.events["id"], scene.events["place"], strict=True))
    assert told["two"] == "from Brest; to Minsk"
    assert told["range"] == "a range, Poland"
    assert told["words"] is None
