"""GeoJSON that other programs read: RFC 7946 to the letter, the contract's columns, and text unchanged."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import geojson_validator
import orjson
import pyogrio
import pytest
import shapely

from geomap import pipeline

MAPS = Path(__file__).resolve().parents[2] / "maps"
COLUMNS = [
    "event_id", "feature_id", "title", "type", "subtype", "status", "modality", "t_start", "t_end",
    "date_start", "date_end", "when", "date_precision", "end_open", "place_name", "place_name_native",
    "place_id", "place_role", "country", "precision", "radius_m", "method", "actors", "claimants", "sources",
    "source_urls", "n_sources", "n_origins", "reliability", "summary", "tags", "workflow",
]  # fmt: skip
# Features of each map: one a drawn place, and one for each event without.
FEATURES = {"belarus-poland-2021": 31, "joint-force-2022": 10, "kursk-2024": 9, "union-state": 50}

HOSTILE = {
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)> & &amp; ]]> </script>",
    "jinja": "{{ 7*7 }} {% raw %} ${7*7} #{7*7}",
    "quotes": "\"double\" 'single' `back` \\ / \\u0041 \\n",
    "formula": "=cmd|' /C calc'!A0",
    "blanks": "tab\there,\nline,\u00a0no-break,\u2028line separator,\u2029paragraph",
    "bidi": "\u202eright to left\u202c \u200fmark \u2066isolate\u2069",
    "scripts": "Гродна Kuźnica الحدود 国境 ชายแดน e\u0301 👩🏽‍🚀 🇧🇾",
    "numbers": "1e5",
    "nothing": "null",
    "yes": "true",
    "long": "x" * 20_000,
}
ODD_SHAPES: dict[str, Any] = {
    "clockwise": {"type": "Polygon", "coordinates": [[[20, 50], [20, 51], [21, 51], [21, 50], [20, 50]]]},
    "hole": {
        "type": "Polygon",
        "coordinates": [
            [[20, 50], [24, 50], [24, 54], [20, 54], [20, 50]],
            [[21, 51], [23, 51], [23, 53], [21, 53], [21, 51]],
        ],
    },
    "fine": {"type": "LineString", "coordinates": [[20.123456789, 50.987654321], [20.2, 51]]},
    "tiny": {"type": "Polygon", "coordinates": [[[20, 50], [20.00001, 50], [20.00001, 50.00001], [20, 50]]]},
    "speck": {
        "type": "MultiPolygon",
        "coordinates": [
            [[[20, 50], [21, 50], [21, 51], [20, 50]]],
            [[[25, 55], [25.0000001, 55], [25.0000001, 55.0000001], [25, 55]]],
        ],
    },
    "spike": {
        "type": "Polygon",
        "coordinates": [[[20, 50], [24, 50], [24, 50.0000004], [20, 50.5], [20, 50]]],
    },
    "dateline": {
        "type": "MultiLineString",
        "coordinates": [[[179, 65], [180, 65.5]], [[-180, 65.5], [-179, 66]]],
    },
    "east-edge": {
        "type": "Polygon",
        "coordinates": [[[179, -17], [180, -17], [180, -16], [179, -16], [179, -17]]],
    },
    "whole-world": {
        "type": "Polygon",
        "coordinates": [[[-180, -90], [180, -90], [180, 90], [-180, 90], [-180, -90]]],
    },
    "height": {"type": "LineString", "coordinates": [[20, 50, 100], [21, 51, 200]]},
    "pin": {"type": "Point", "coordinates": [-0.0000001, 1e-9]},
}
FAR_PLACES: dict[str, Any] = {
    "russia": {"over": "Russia"},
    "fiji": {"over": "Fiji"},
    "chukotka": "Chukotka",
    "fiji-country": {"country": "FJ"},
    "suva-apia": {"between": [{"place": "Suva", "country": "FJ"}, {"place": "Apia", "country": "WS"}]},
    "edge": {"lon": 180, "lat": 10.1234567, "precision": "exact", "method": "given"},
    "west-edge": {"lon": -180, "lat": -85.5, "precision": "place", "method": "given"},
    "pole": {"lon": 0, "lat": 90, "precision": "place", "method": "given"},
    "offset": {"from": {"place": "Suva", "country": "FJ"}, "bearing": 90, "distance_km": 400},
    "nowhere": "none",
}
Make = Callable[[list[dict[str, Any]]], dict[str, Any]]


def as_yaml(value: Any) -> str:
    """JSON that YAML reads alike: beyond the first plane YAML has no pairs of escapes."""
    pairs = re.compile(r"\\u(d[89ab]..)\\u(d[c-f]..)")
    return pairs.sub(lambda pair: json.loads(f'"{pair.group()}"'), json.dumps(value))


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Export events, given as records, and read what was written."""

    def export(events: list[dict[str, Any]]) -> dict[str, Any]:
        project = {"schema": 1, "title": "T", "events": ["events.yaml"], "countries": ["BY"]}
        base = {"type": "strike", "title": "T", "sources": ["s"], "when": "2024-08-12", "where": "none"}
        full = [base | event for event in events]
        source = {"published": "2024-08-13", "url": "https://example.org/?a=1&b=<2>"}
        (tmp_path / "map.yaml").write_text(json.dumps(project))
        (tmp_path / "events.yaml").write_text(
            as_yaml({"schema": 1, "sources": {"s": source}, "events": full}), encoding="utf-8"
        )
        pipeline.export(tmp_path, ["geojson"], folder=tmp_path)
        parsed: dict[str, Any] = orjson.loads((tmp_path / "events.geojson").read_bytes())
        return parsed

    return export


@pytest.fixture(scope="module", params=FEATURES)
def exported(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The GeoJSON of one of the maps, as a file named after it."""
    path: Path = tmp_path_factory.mktemp("geojson") / f"{request.param}.geojson"
    pipeline.export(MAPS / request.param, ["geojson"], folder=path.parent)
    (path.parent / "events.geojson").rename(path)
    return path


def positions(coordinates: Any) -> Iterator[list[float]]:
    """Every position in nested coordinates."""
    if coordinates and isinstance(coordinates[0], int | float):
        yield coordinates
    else:
        for part in coordinates:
            yield from positions(part)


def polygons(geometry: dict[str, Any]) -> list[Any]:
    """The polygons of a geometry, each a list of rings."""
    return {"Polygon": [geometry["coordinates"]], "MultiPolygon": geometry["coordinates"]}.get(
        geometry["type"], []
    )


def turn(ring: list[list[float]]) -> float:
    """Twice the signed area of a ring; above 0 is counterclockwise."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))


def assert_keeps_rfc_7946(collection: dict[str, Any]) -> None:
    """Check a FeatureCollection against RFC 7946, by hand and with geojson-validator."""
    assert collection["type"] == "FeatureCollection"
    assert "crs" not in collection
    ids = [feature["id"] for feature in collection["features"]]
    assert len(set(ids)) == len(ids)
    for feature in collection["features"]:
        assert feature["type"] == "Feature"
        assert feature["properties"]["feature_id"] == feature["id"]
        assert list(feature["properties"]) == COLUMNS
        geometry = feature["geometry"]
        if geometry is None:
            assert "bbox" not in feature
            continue
        shape = shapely.geometry.shape(geometry)
        assert shape.is_valid, shapely.is_valid_reason(shape)
        assert not shape.is_empty
        for position in positions(geometry["coordinates"]):
            assert len(position) == 2
            lon, lat = position
            assert -180 <= lon <= 180
            assert -90 <= lat <= 90
            assert (round(lon, 6), round(lat, 6)) == (lon, lat)
        for exterior, *holes in polygons(geometry):
            assert turn(exterior) > 0
            assert all(turn(hole) < 0 for hole in holes)
            assert all(ring[0] == ring[-1] and len(ring) >= 4 for ring in (exterior, *holes))
        assert_bbox_holds(feature["bbox"], geometry)
    drawn = [feature["geometry"] for feature in collection["features"] if feature["geometry"]]
    assert ("bbox" in collection) == bool(drawn)
    for geometry in drawn:
        assert_bbox_holds(collection["bbox"], geometry)
    assert geojson_validator.validate_structure(collection, check_crs=True) == {}
    assert geojson_validator.validate_geometries(collection)["invalid"] == {}


def assert_bbox_holds(bbox: list[float], geometry: dict[str, Any]) -> None:
    """Check that a bbox, which may cross the antimeridian, holds every position of a geometry."""
    west, south, east, north = bbox
    for lon, lat in positions(geometry["coordinates"]):
        assert south - 2e-6 <= lat <= north + 2e-6
        inside = west - 2e-6 <= lon <= east + 2e-6
        assert inside or (west > east and (lon >= west - 2e-6 or lon <= east + 2e-6))


# The maps


def test_a_map_is_valid_geojson(exported: Path) -> None:
    collection = orjson.loads(exported.read_bytes())
    assert_keeps_rfc_7946(collection)
    assert len(collection["features"]) == FEATURES[exported.stem]


def test_a_map_carries_its_licences_and_ends_with_a_newline(exported: Path) -> None:
    raw = exported.read_bytes()
    assert raw.endswith(b"}\n")
    assert b"NaN" not in raw
    assert b"Infinity" not in raw
    collection = orjson.loads(raw)
    lines = "\n".join(collection["attribution"])
    for licensor in ("GeoNames", "Natural Earth", "CLDR"):
        assert licensor in lines
    assert "68/262" in collection["worldview"]
    json.loads(raw, parse_constant=lambda constant: pytest.fail(f"{constant} is not JSON"))


def test_countries_and_events_without_a_place_have_null_geometry(exported: Path) -> None:
    for feature in orjson.loads(exported.read_bytes())["features"]:
        assert (feature["geometry"] is None) == (feature["properties"]["precision"] in ("country", "none"))
        is_point = feature["geometry"] is not None and feature["geometry"]["type"] == "Point"
        assert is_point == (feature["properties"]["precision"] in ("exact", "place", "vicinity"))


def test_feature_ids_number_the_places_of_an_event_from_one(exported: Path) -> None:
    seen: dict[str, int] = {}
    for feature in orjson.loads(exported.read_bytes())["features"]:
        event = feature["properties"]["event_id"]
        seen[event] = seen.get(event, 0) + 1
        assert feature["id"] == f"{event}#{seen[event]}"


def test_lists_stay_lists_and_times_are_utc(exported: Path) -> None:
    for feature in orjson.loads(exported.read_bytes())["features"]:
        columns = feature["properties"]
        for name in ("actors", "claimants", "sources", "source_urls", "tags"):
            assert isinstance(columns[name], list)
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}T00:00:00Z", columns["t_start"])
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}T23:59:59Z", columns["t_end"])
        assert columns["t_start"] < columns["t_end"]


def test_pyogrio_reads_every_feature(exported: Path) -> None:
    info = pyogrio.read_info(exported, encoding="UTF-8")
    assert info["features"] == FEATURES[exported.stem]
    assert info["crs"] == "EPSG:4326"
    assert set(COLUMNS) <= set(info["fields"])
    frame = pyogrio.read_dataframe(exported)
    assert len(frame) == FEATURES[exported.stem]
    assert frame["title"].notna().all()


@pytest.mark.skipif(
    shutil.which("ogrinfo") is None and "CI" not in os.environ, reason="GDAL's ogrinfo is not installed"
)
def test_ogrinfo_reads_every_feature(exported: Path) -> None:
    command = ["ogrinfo", "-so", "-al", str(exported)]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    assert f"Feature Count: {FEATURES[exported.stem]}" in told.stdout
    assert "WGS 84" in told.stdout
    assert told.stderr == ""
    assert "t_start: DateTime" in told.stdout
    assert "date_start: Date" in told.stdout


# Odd geometry


@pytest.mark.parametrize("name", ODD_SHAPES)
def test_an_odd_shape_is_written_validly(make: Make, name: str) -> None:
    where = {"geometry": ODD_SHAPES[name], "name": name, "method": "given"}
    if name == "pin":
        where["precision"] = "exact"
    collection = make([{"id": name, "where": where}])
    assert_keeps_rfc_7946(collection)
    assert collection["features"][0]["geometry"] is not None


@pytest.mark.parametrize("name", FAR_PLACES)
def test_a_far_place_is_written_validly(make: Make, name: str) -> None:
    assert_keeps_rfc_7946(make([{"id": name, "where": FAR_PLACES[name]}]))


def test_all_odd_and_far_places_go_together_into_one_file(make: Make, tmp_path: Path) -> None:
    events = [{"id": name, "where": where} for name, where in FAR_PLACES.items()]
    events += [
        {"id": name, "where": {"geometry": shape, "method": "given"}}
        for name, shape in ODD_SHAPES.items()
        if name != "pin"
    ]
    collection = make(events)
    assert_keeps_rfc_7946(collection)
    assert len(pyogrio.read_dataframe(tmp_path / "events.geojson")) == len(events)


@pytest.mark.parametrize("name", ["russia", "fiji", "chukotka", "suva-apia"])
def test_a_shape_over_the_antimeridian_is_cut_and_its_bbox_crosses_it(make: Make, name: str) -> None:
    (feature,) = make([{"id": name, "where": FAR_PLACES[name]}])["features"]
    assert feature["geometry"]["type"] == "MultiPolygon"
    for exterior, *_ in polygons(feature["geometry"]):
        lons = [lon for lon, _ in exterior]
        assert max(lons) - min(lons) < 180
    west, _, east, _ = feature["bbox"]
    assert west > east  # RFC 7946, 5.2
    assert (east - west) % 360 < 180


def test_holes_stay_holes_and_rings_are_turned_the_right_way(make: Make) -> None:
    features = make(
        [{"id": name, "where": {"geometry": ODD_SHAPES[name]}} for name in ("clockwise", "hole")]
    )["features"]
    shapes = {
        feature["properties"]["event_id"]: shapely.geometry.shape(feature["geometry"]) for feature in features
    }
    assert shapes["clockwise"].area == pytest.approx(1)
    assert shapes["hole"].area == pytest.approx(16 - 4)


def test_a_collection_without_any_place_has_no_bbox(make: Make) -> None:
    collection = make([{"id": "a"}, {"id": "b", "where": {"country": "BY"}}])
    assert "bbox" not in collection
    assert [feature["geometry"] for feature in collection["features"]] == [None, None]


# Time


@pytest.mark.parametrize(
    ("when", "time"),
    [
        ("2024-08-12", {"date": "2024-08-12"}),
        ("2024-08", {"interval": ["2024-08-01", "2024-08-31"]}),
        ("2024-08-06/2024-08-12", {"interval": ["2024-08-06", "2024-08-12"]}),
        ("[2024-08-06..2024-08-12]", {"interval": ["2024-08-06", "2024-08-12"]}),
        ("2024-08-06/..", {"interval": ["2024-08-06", ".."]}),
        ("../2024-08-12", {"interval": ["..", "2024-08-12"]}),
        ("2024-08-12~", {"date": "2024-08-12"}),
        (None, None),
    ],
)
def test_json_fg_time_says_what_is_known_and_no_more(make: Make, when: str | None, time: Any) -> None:
    (feature,) = make([{"id": "a", "when": when}])["features"]
    assert feature["time"] == time
    assert feature["properties"]["when"] == when
    dated = feature["properties"]["t_start"] is not None and feature["properties"]["t_end"] is not None
    assert dated == (when is not None)


def test_the_members_of_json_fg_are_claimed(make: Make) -> None:
    collection = make([{"id": "a"}])
    assert any("json-fg" in claim for claim in collection["conformsTo"])


# Text


@pytest.mark.parametrize("name", HOSTILE)
def test_text_comes_out_letter_for_letter(make: Make, tmp_path: Path, name: str) -> None:
    text = HOSTILE[name]
    where = {"lon": 23.65, "lat": 53.55, "precision": "exact", "method": "given", "name": text}
    actors = [{"name": text}]
    claims = [{"by": text, "stance": "asserts", "text": text, "source": "s"}]
    event = {
        "id": "a",
        "title": text,
        "summary": text,
        "tags": [text],
        "where": where,
        "actors": actors,
        "claims": claims,
    }
    collection = make([event])
    assert_keeps_rfc_7946(collection)
    columns = collection["features"][0]["properties"]
    for column in ("title", "summary", "place_name"):
        assert columns[column] == text
    for column in ("tags", "actors", "claimants"):
        assert columns[column] == [text]
    assert columns["source_urls"] == ["https://example.org/?a=1&b=<2>"]
    frame = pyogrio.read_dataframe(tmp_path / "events.geojson")
    assert frame["title"][0] == text
