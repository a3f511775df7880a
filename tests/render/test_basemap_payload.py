"""The basemap in a page: whole-number steps, and names as columns."""

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from geomap.render.payload_ground import basemap_parts
from geomap.scene import Basemap
from geomap.scene.value import GroundLevel, PlaceLabel, WaterLabel

BOX = {"type": "Polygon", "coordinates": [[[20, 50], [20.5, 50], [20.5, 50.25], [20, 50]]]}
LINE = {"type": "MultiLineString", "coordinates": [[[20, 50], [21, 50.1]], [[22, 50], [22.2, 50]]]}


BASEMAP = Basemap(
    window=(20.0, 50.0, 34.0, 57.0),
    world=BOX,
    land=BOX,
    borders=LINE,
    disputed=LINE,
    regions=LINE,
    towns=((27.5667, 53.9, "Minsk", 0), (23.83, 53.68, "Grodno", 3)),
    countries=((28.0, 53.5, "Belarus"),),
)


def written(**changes: Any) -> dict[str, Any]:
    scene: Any = SimpleNamespace(basemap=replace(BASEMAP, **changes))
    found: dict[str, Any] = json.loads(json.dumps(basemap_parts(scene)))
    return found


def test_a_basemap_without_labels_has_names_all_the_same() -> None:
    towns = written()["towns"]
    assert towns["name"] == [town[2] for town in BASEMAP.towns]
    assert towns["names"] == {}
    assert set(towns["native"]) == {None}


def test_rivers_and_lakes_are_steps_in_parts_of_a_degree() -> None:
    content = written(
        rivers={"type": "GeometryCollection", "geometries": [LINE]},
        river_labels=(WaterLabel(rank=4, name="R", names={"pl": "P"}),),
        lakes={"type": "GeometryCollection", "geometries": [BOX]},
        lake_labels=(WaterLabel(rank=2),),
    )
    rivers, lakes = content["rivers"], content["lakes"]
    parts = rivers["parts"]
    assert rivers["shape"] == [
        [[20 * parts, 50 * parts, parts, parts // 10], [22 * parts, 50 * parts, parts // 5, 0]]
    ]
    assert (rivers["rank"], rivers["name"], rivers["names"]) == ([4], ["R"], {"pl": ["P"]})
    half, quarter = parts // 2, parts // 4
    assert lakes["shape"] == [[[[20 * parts, 50 * parts, half, 0, 0, quarter, -half, -quarter]]]]
    assert lakes["at"] == [None]


def test_the_grid_is_as_coarse_as_the_window_is_wide() -> None:
    assert written(window=(-60.0, 30.0, 60.0, 70.0))["land"]["parts"] < written()["land"]["parts"]
    assert written(window=(23.0, 53.0, 23.5, 53.2))["land"]["parts"] == 1000


def test_a_native_name_is_written_once() -> None:
    towns = tuple((20.0 + i, 50.0, f"T{i}", 1) for i in range(4))
    labels = (
        PlaceLabel(names={"be": "Т", "pl": "T"}, native="Т"),
        PlaceLabel(names={"ru": "Т"}, native="T1"),
        PlaceLabel(names={}, native="ティ"),
        PlaceLabel(names={"ru": "Т"}),
    )
    content = written(towns=towns, town_labels=labels)["towns"]
    assert content["native"] == [["be"], "", "ティ", None]
    assert content["names"]["be"] == ["Т", "", "", ""]
    assert sorted(content["names"]) == ["be", "pl", "ru"]


def test_the_scale_between_is_there_or_null() -> None:
    assert written()["around"] is None
    level = GroundLevel(window=(10.0, 40.0, 40.0, 60.0), land=BOX, borders=LINE, disputed=LINE)
    assert set(written(around=level)["around"]) == {"window", "land", "borders", "disputed"}
