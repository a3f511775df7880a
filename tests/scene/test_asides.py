"""Places that do not locate their event: kept apart, drawn for who asks, in no count and no export."""

import json
from typing import Any

import pytest

from geomap import pipeline
from geomap.model.table import PLACE_COLUMNS
from geomap.pipeline import Project
from geomap.scene import Scene

EVENTS = """\
schema: 1
sources: {w: {published: 2024-08-13}}
events:
- {id: talks, type: diplomacy, title: Talks, when: 2024-08-01, sources: [w], where: [
   {place: Minsk}, {place: Warsaw, role: mentioned}, {country: PL, role: purpose}, {near: Lida, role: mentioned}]}
- {id: guard, type: statement, title: Guard, when: 2024-08-02, sources: [w], where: {border: [BY, PL], role: purpose}}
- {id: drill, type: exercise, title: Drill, when: 2024-08-03, sources: [w], where: [
   {border: [BY, PL]}, {place: Minsk, role: mentioned, publish_precision: none}]}
- {id: plain, type: exercise, title: Plain, when: 2024-08-04, where: Brest, sources: [w]}
"""


@pytest.fixture
def project(write_project: Any) -> Project:
    text = "schema: 1\ntitle: T\nevents: [events.yaml]\ncountries: [BY, PL]\n"
    return pipeline.load(write_project(text, EVENTS))


@pytest.fixture
def scene(project: Project) -> Scene:
    return pipeline.compose(project)


def rows(columns: Any, *names: str) -> list[tuple[Any, ...]]:
    return list(zip(*(columns[name] for name in names), strict=True))


def test_the_table_carries_them_apart(project: Project) -> None:
    asides = project.table.asides
    assert set(asides.columns) == set(PLACE_COLUMNS)
    assert {len(column) for column in asides.columns.values()} == {len(asides)} == {4}
    assert rows(asides.columns, "event_id", "place_name", "place_role", "precision", "relation") == [
        ("talks", "Warsaw", "mentioned", "place", "at"),
        ("talks", "Poland", "purpose", "country", "in"),
        ("talks", "near Lida", "mentioned", "vicinity", "near"),
        ("guard", "Belarus–Poland border", "purpose", "line", "along"),
    ]
    assert project.table.columns["feature_id"] == ["talks#1", "guard#1", "drill#1", "plain#1"]


def test_they_are_drawn_as_features_are(scene: Scene) -> None:
    assert set(scene.asides) == set(scene.features)
    events = scene.events["id"]
    told = [
        (events[event], *rest) for event, *rest in rows(scene.asides, "event", "id", "shape", "role", "label")
    ]
    assert told == [
        ("talks", "talks#aside-1", "pin", "mentioned", "Warsaw"),
        ("talks", "talks#aside-2", "badge", "purpose", "Poland"),
        ("talks", "talks#aside-3", "ring", "mentioned", "near Lida"),
        ("guard", "guard#aside-1", "line", "purpose", "Belarus–Poland border"),
    ]
    assert scene.asides["lon"][0] == pytest.approx(21.01, abs=0.02)


def test_a_shape_that_a_feature_has_stands_once(scene: Scene) -> None:
    assert len(scene.geometries) == 1
    assert scene.asides["geometry"] == [None, None, None, 0]
    assert [number for number in scene.features["geometry"] if number is not None] == [0]


def test_nothing_counts_or_exports_them(project: Project, scene: Scene) -> None:
    assert [own.split("#")[0] for own in scene.features["id"]] == ["talks", "drill", "plain"]
    built = pipeline.build(project.config.path, formats=["geojson"])
    assert (built.summary.features, built.summary.unlocated) == (3, 1)
    features = json.loads(built.contents["events.geojson"])["features"]
    assert [feature["id"] for feature in features] == ["talks#1", "guard#1", "drill#1", "plain#1"]
    assert features[1]["geometry"] is None


def test_they_widen_neither_view_nor_place_of_their_event(scene: Scene) -> None:
    assert scene.bbox[0] > 21.01  # Warsaw
    assert scene.events["place"][1] is None
