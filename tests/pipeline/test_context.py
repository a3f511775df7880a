"""Context files: what is read of them, what is refused, and that they never become events."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.context import MAX_POSITIONS, read_context
from geomap.errors import ConfigError
from geomap.pipeline import build, compose, load
from geomap.serve.watching import look

LINE = {"type": "LineString", "coordinates": [[30, 50], [31, 51]]}
RING = [[30, 50], [32, 50], [32, 52], [30, 52], [30, 50]]
AREA = {"type": "Polygon", "coordinates": [RING]}
POINT = {"type": "Point", "coordinates": [30, 50]}
LAYER = "- {id: front, title: Front, file: front.geojson, date: 2024-08-12, credit: Somebody, label_field: name}\n"
MAP = f"schema: 1\ntitle: A\nevents: [events.yaml]\ncontext:\n{LAYER}"


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "front.geojson"


def read(file: Path, content: Any, label_field: str = "") -> Any:
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return read_context(file, label_field=label_field)


def refusal(file: Path, content: Any) -> str:
    with pytest.raises(ConfigError) as caught:
        read(file, content)
    (problem,) = caught.value.problems
    assert problem.mark.path == file
    return problem.message


def test_areas_and_lines_are_read_with_their_labels_in_their_order(file: Path) -> None:
    high = {"type": "LineString", "coordinates": [[30, 50, 120], [31, 51, 90.5]]}
    made = read(file, collection(feature(AREA, name=" A\n b "), feature(high, name=7), feature(LINE)), "name")
    assert [shape.geometry.wkt for shape in made.shapes] == [
        "POLYGON ((30 50, 32 50, 32 52, 30 52, 30 50))",
        *["LINESTRING (30 50, 31 51)"] * 2,
    ]
    assert [shape.label for shape in made.shapes] == ["A b", "7", ""]
    assert made.remarks == ()


@pytest.mark.parametrize(
    "content", [AREA, feature(AREA), {"type": "GeometryCollection", "geometries": [AREA]}]
)
def test_a_bare_geometry_and_a_lone_feature_are_read(file: Path, content: Any) -> None:
    (shape,) = read(file, content).shapes
    assert shape.geometry.bounds == (30, 50, 32, 52)


def test_what_is_left_out_and_mended_is_told(file: Path) -> None:
    bowtie = {"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]}
    pins = {"type": "GeometryCollection", "geometries": [POINT, POINT]}
    made = read(file, collection(*map(feature, (bowtie, POINT, pins, None, LINE))), "nmae")
    assert dict(made.remarks) == {
        "context-points": "2 features of points not drawn; polygons and lines are",
        "context-empty": "1 feature without a geometry not drawn",
        "context-mended": "polygons that cross themselves: 1; drawn mended",
        "context-labels": "no feature has a text under 'nmae'; its properties are: none",
    }
    assert [shape.geometry.geom_type for shape in made.shapes] == ["MultiPolygon", "LineString"]


def test_a_fine_course_is_simplified_by_twenty_metres(file: Path) -> None:
    course = [[30 + step / 1000, 50 + (step % 2) * 0.0001] for step in range(1001)]
    (shape,) = read(file, {"type": "LineString", "coordinates": course}).shapes
    assert list(shape.geometry.coords) == [(30, 50), (31, 50)]


WRONG: dict[str, tuple[Any, str]] = {
    "no JSON": ("{", "not JSON"),
    "NaN": (json.dumps(LINE).replace("51", "NaN"), "not JSON"),
    "a number past all numbers": (json.dumps(LINE).replace("51", "1e999"), "not JSON"),
    "half a surrogate pair": ('{"type": "\\ud800"}', "not JSON"),
    "deep nesting": ("[" * 100_000, "not JSON"),
    "nothing": ("", "not JSON"),
    "a list": ([], "not GeoJSON"),
    "a topology": ({"type": "Topology"}, "not GeoJSON"),
    "no features": ({"type": "FeatureCollection"}, "features: expected a list"),
    "nothing to draw": (collection(feature(POINT)), "no polygon and no line"),
    "an empty collection": (collection(), "no polygon and no line"),
    "a stranger among features": (collection(LINE), "feature 1 is no Feature"),
    "metres": ({"type": "LineString", "coordinates": [[3339584, 6446275], [1, 1]]}, "lon out of range"),
    "latitude past the pole": (
        {"type": "LineString", "coordinates": [[30, 50], [30, 91]]},
        "lat out of range",
    ),
    "a position of one number": ({"type": "LineString", "coordinates": [[30], [31]]}, "a position is"),
    "a position of words": ({"type": "LineString", "coordinates": [["a", "b"], [1, 2]]}, "two numbers"),
    "true and false": ({"type": "LineString", "coordinates": [[True, False], [1, 2]]}, "two numbers"),
    "coordinates too flat": ({"type": "Polygon", "coordinates": RING}, "a position is"),
    "a line of one position": ({"type": "LineString", "coordinates": [[30, 50]]}, "a line has 2"),
    "an open ring": ({"type": "Polygon", "coordinates": [[*RING[:-1], [30, 51]]]}, "not closed"),
    "a ring of three": ({"type": "Polygon", "coordinates": [RING[:2] + RING[:1]]}, "a ring 4"),
    "an unknown geometry": (feature({"type": "Circle"}), "feature 1: a geometry of type 'Circle'"),
    "another system": (AREA | {"crs": {"properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}}, "EPSG::3857"),
    "a system by link": (AREA | {"crs": {"type": "link", "properties": {"href": "x"}}}, "WGS 84"),
}


@pytest.mark.parametrize(("content", "words"), WRONG.values(), ids=WRONG)
def test_what_is_refused(file: Path, content: Any, words: str) -> None:
    assert words in refusal(file, content)


def test_a_system_that_says_the_same_is_read(file: Path) -> None:
    for name in ("urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326"):
        assert read(file, AREA | {"crs": {"type": "name", "properties": {"name": name}}}).shapes


def test_collections_in_collections_end_somewhere(file: Path) -> None:
    nested: Any = LINE
    for _ in range(100):
        nested = {"type": "GeometryCollection", "geometries": [nested]}
    assert "too deep" in refusal(file, nested)


def test_more_than_can_be_drawn_is_refused(file: Path) -> None:
    corners = [(number % 170, number % 80) for number in range(MAX_POSITIONS // 4 + 1)]
    squares = [[[[x, y], [x + 0.1, y], [x + 0.1, y + 0.1], [x, y]]] for x, y in corners]
    assert "positions even when simplified" in refusal(file, {"type": "MultiPolygon", "coordinates": squares})


def test_a_missing_and_a_large_file_are_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigError, match=r"front\.geojson:1:1: no such file"):
        read_context(file)
    monkeypatch.setattr("geomap.context.MAX_FILE", 20)
    assert "at most 20 are read" in refusal(file, AREA)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["type", "geometry", "coordinates", "features", "geometries", "crs"]), inner
        )
    ),
    max_leaves=12,
)


@settings(deadline=None)  # a busy machine is no fault
@given(
    st.sampled_from(["FeatureCollection", "Feature", "Polygon", "MultiLineString", "GeometryCollection"]),
    json_values,
)
def test_any_json_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, kind: str, value: Any) -> None:
    file = tmp_path_factory.getbasetemp() / "any.geojson"
    content = {"type": kind, "features": value, "geometry": value, "coordinates": value, "geometries": value}
    file.write_text(json.dumps(content), encoding="utf-8")
    with suppress(ConfigError):
        read_context(file)


# In a project


def test_a_layer_is_drawn_and_is_no_event(write_project: Any) -> None:
    plain = build(write_project(), formats=["geojson"])
    front = json.dumps(collection(feature(AREA, name="Held"), feature(LINE), feature(POINT)))
    folder = write_project(MAP + "countries: [BY, PL]\n", **{"front.geojson": front})
    project = load(folder)
    scene = compose(project)
    (context,) = scene.contexts
    assert (context.id, context.date, context.edtf, context.credit) == (
        "front",
        "12 August 2024",
        "2024-08-12",
        "Somebody",
    )
    assert context.labels == ("Held", "")
    assert [shape["type"] for shape in context.shapes] == ["Polygon", "LineString"]
    (finding,) = [finding for finding in project.findings if finding.code.startswith("context")]
    assert (finding.severity, finding.mark.line) == ("warning", 5)
    built = build(folder, formats=["geojson"])
    assert built.summary == plain.summary
    drawn, events = (json.loads(result.contents["events.geojson"]) for result in (built, plain))
    assert drawn["features"] == events["features"]
    assert "front" not in [layer.id for layer in scene.layers]


def test_every_wrong_file_is_told_at_once(write_project: Any) -> None:
    more = LAYER.replace("front", "zone").replace("Front", "Zone")
    folder = write_project(MAP + more, **{"front.geojson": "{"})
    with pytest.raises(ConfigError) as caught:
        load(folder)
    assert [problem.mark.path.name for problem in caught.value.problems] == ["front.geojson", "zone.geojson"]


def test_a_path_starts_from_the_map_and_its_file_is_watched(write_project: Any) -> None:
    folder = write_project(MAP.replace("front.geojson", "sub/../../front.geojson"))
    (folder.parent / "front.geojson").write_text(json.dumps(AREA), encoding="utf-8")
    (context,) = load(folder).contexts
    assert context.path == folder.parent / "front.geojson"
    assert context.path in look(folder / "map.yaml").files


def test_the_picture_draws_a_layer_and_names_its_maker(write_project: Any) -> None:
    pytest.importorskip("matplotlib")
    text = MAP.replace("Somebody", "'A <b>maker</b> & {{7*7}}'")
    files = {
        "front.geojson": json.dumps(
            feature(AREA | {"coordinates": [[[22, 52], [30, 52], [30, 55], [22, 55], [22, 52]]]})
        )
    }
    with_layer = build(write_project(text, **files), formats=["svg"]).contents["map.svg"]
    assert b"Front: as of 12 August 2024, according to A &lt;b&gt;maker&lt;/b&gt; &amp; {{7*7}}" in with_layer
    without = build(write_project(text.replace("credit:", "shown: false, credit:"), **files), formats=["svg"])
    assert b"according to A" not in without.contents["map.svg"]
    assert with_layer.count(b"#8a4b52") > without.contents["map.svg"].count(b"#8a4b52")
