"""Exports as QGIS itself opens them: valid, styled by type, and showing on each day what Python counts.

`make test-gis` installs Debian's QGIS; nothing here is skipped where it is missing.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from geomap import pipeline
from geomap.export.arrow import rounded_shapes
from geomap.export.dbf import DBF_NAMES
from geomap.export.fields import FIELDS, FieldType
from geomap.gazetteer import read_gazetteer
from geomap.model.event_types import EVENT_TYPES
from geomap.model.table import EventTable
from geomap.pipeline.patching import gis_patch

HERE = Path(__file__).parent
BORDER = HERE.parents[1] / "maps" / "belarus-poland-2021"
UNION_STATE = HERE.parents[1] / "maps" / "union-state"
DAYS = [str(date(2024, 8, 1) + timedelta(days=n)) for n in range(20)]
LAYERS = {"Points": 0, "Lines": 1, "Areas": 2}
QT_TYPES = {
    FieldType.TEXT: "QString",
    FieldType.TEXTS: "QString",
    FieldType.DAY: "QDate",
    FieldType.MOMENT: "QDateTime",
    FieldType.INTEGER: "int",
    FieldType.REAL: "double",
    FieldType.FLAG: "bool",
}


def ask(requests: Sequence[Mapping[str, Any]], folder: Path, *, zone: str = "UTC") -> list[dict[str, Any]]:
    """What QGIS makes of some files; it needs the system's own Python."""
    asked = folder / "requests.json"
    asked.write_text(json.dumps(list(requests)))
    answers: list[dict[str, Any]] = json.loads(run("ask_qgis.py", asked, zone=zone))
    return answers


def run(script: str, *arguments: Path, zone: str = "UTC") -> str:
    """What a script prints that QGIS runs in."""
    environment = {"PATH": os.environ["PATH"], "TZ": zone, "QT_QPA_PLATFORM": "offscreen", "LANG": "C.UTF-8"}
    command = ["/usr/bin/python3", str(HERE / script), *map(str, arguments)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.fixture(scope="module")
def folder(odd_map: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gis")
    pipeline.export(odd_map, ["gpkg", "geojson", "fgb", "kml", "shp"], folder=folder)
    return folder


def shown_by(table: EventTable, day: str) -> set[str]:
    """Features with a date and a geometry that were there on a day."""
    start = datetime.fromisoformat(day).replace(tzinfo=UTC)
    columns = table.columns
    return {
        columns["feature_id"][row]
        for row, shape in enumerate(table.geometry)
        if shape is not None
        and columns["t_start"][row] is not None
        and columns["t_start"][row] < start + timedelta(days=1)
        and columns["t_end"][row] >= start
    }


@pytest.mark.parametrize("zone", ["UTC", "Europe/Warsaw"])
@pytest.mark.parametrize(
    "name", ["geomap.qgz", "geomap.qlr", "events_shp.qlr", "geopackage:events.gpkg?projectName=geomap"]
)
def test_each_day_shows_what_python_counts(
    name: str, zone: str, folder: Path, odd_table: EventTable, tmp_path: Path
) -> None:
    path = name.replace(":", f":{folder}/") if ":" in name else str(folder / name)
    (answer,) = ask([{"open": path, "days": DAYS}], tmp_path, zone=zone)
    assert answer["read"]
    layers = {layer["name"]: layer for layer in answer["layers"]}
    assert all(layers[own]["valid"] and layers[own]["time"]["active"] for own in LAYERS)
    counts = []
    for day in DAYS:
        seen = {feature for own in LAYERS for feature in layers[own]["shown"][day]}
        assert seen == shown_by(odd_table, day), day
        counts.append(len(seen))
    assert set(counts) == {1, 2, 3, 30}


def test_layers_are_whole_typed_and_in_words(folder: Path, odd_table: EventTable, tmp_path: Path) -> None:
    (answer,) = ask([{"open": str(folder / "geomap.qgz")}], tmp_path)
    assert answer["crs"] == "EPSG:3857"
    assert answer["title"] == "Odd & <b>map</b> {{ 7*7 }}"
    layers = {layer["name"]: layer for layer in answer["layers"]}
    assert sum(layer["count"] for layer in layers.values()) == len(odd_table)
    for name, geometry in LAYERS.items():
        layer = layers[name]
        assert layer["crs"] == "EPSG:4326"
        assert layer["geometry"] == geometry
        assert layer["fields"] == {"fid": "qlonglong"} | {
            field.name: QT_TYPES[field.type] for field in FIELDS.values()
        }
        assert layer["aliases"] == {"fid": ""} | {field.name: field.label for field in FIELDS.values()}
        assert set(layer["types"]) <= set(layer["categories"])
        assert layer["categories"] == {
            kind: EVENT_TYPES[kind].colour for kind in ("exercise", "strike", "statement")
        } | {"": "#777777"}


@pytest.mark.parametrize("name", ["events.geojson", "events.fgb"])
def test_files_of_mixed_geometry_are_styled_whatever_they_are_opened_as(
    name: str, folder: Path, odd_table: EventTable, tmp_path: Path
) -> None:
    (answer,) = ask([{"open": str(folder / name), "render": True}], tmp_path)
    layers = [layer for layer in answer["layers"] if layer["geometry"] in LAYERS.values()]
    assert {layer["geometry"] for layer in layers} == set(LAYERS.values())
    shapes = rounded_shapes(odd_table.geometry)
    assert sum(layer["count"] for layer in layers) == sum(shape is not None for shape in shapes)
    for layer in layers:
        assert layer["crs"] == "EPSG:4326"
        assert layer["renderer"] == "RuleRenderer"
        for kind, ink in layer["ink"].items():
            assert ink.get(EVENT_TYPES[kind].colour, 0) > 3, (layer["geometry"], kind)


def test_shapefiles_are_typed_and_styled(folder: Path, odd_table: EventTable, tmp_path: Path) -> None:
    requests = [
        {"open": str(folder / f"events_{kind}.shp"), "render": True} for kind in ("points", "lines", "areas")
    ]
    requests.append({"open": str(folder / "events_unlocated.dbf")})
    *layers, table = (layer for answer in ask(requests, tmp_path) for layer in answer["layers"])
    no_such = {FieldType.MOMENT: "QString", FieldType.FLAG: "int"}
    types = {DBF_NAMES[field.name]: (QT_TYPES | no_such)[field.type] for field in FIELDS.values()}
    assert table["valid"]
    assert table["fields"] == types | {"wkt": "QString"}
    assert sum(layer["count"] for layer in (*layers, table)) == len(odd_table)
    for geometry, layer in enumerate(layers):
        assert (layer["valid"], layer["crs"], layer["geometry"]) == (True, "EPSG:4326", geometry)
        assert layer["fields"] == types
        assert layer["aliases"] == {DBF_NAMES[field.name]: field.label for field in FIELDS.values()}
        assert layer["renderer"] == "categorizedSymbol"
        for kind, ink in layer["ink"].items():
            assert ink.get(EVENT_TYPES[kind].colour, 0) > 3, (layer["geometry"], kind)


def test_the_map_has_ink_in_the_colours_of_its_types(tmp_path: Path) -> None:
    files = pipeline.export(UNION_STATE, ["gpkg"], folder=tmp_path / "out").files
    assert len(files) == 3
    requests = [
        {"open": f"{tmp_path}/out/events.gpkg|layername={layer}", "render": True}
        for layer in ("points", "lines", "areas")
    ]
    for answer in ask(requests, tmp_path):
        (layer,) = answer["layers"]
        assert set(layer["ink"]) == set(layer["types"])
        for kind, ink in layer["ink"].items():
            assert ink.get(EVENT_TYPES[kind].colour, 0) > 3, (layer["geometry"], kind)


def test_a_project_opens_from_a_moved_folder(folder: Path, tmp_path: Path) -> None:
    moved = tmp_path / "somewhere else" / "Минск"
    shutil.copytree(folder, moved)
    requests = [
        {"open": str(moved / "geomap.qgz")},
        {"open": f"geopackage:{moved}/events.gpkg?projectName=geomap"},
        {"open": str(moved / "events_shp.qlr")},
    ]
    for answer in ask(requests, tmp_path):
        assert [layer["valid"] for layer in answer["layers"]] == [True] * 4


def test_edits_made_in_qgis_come_back(tmp_path: Path) -> None:
    project = shutil.copytree(BORDER, tmp_path / "project", ignore=shutil.ignore_patterns("out"))
    pipeline.export(project, ["gpkg"], folder=tmp_path / "gis")
    layers, events, asked = tmp_path / "gis" / "events.gpkg", project / "events.yaml", tmp_path / "edits.json"
    gazetteer = read_gazetteer()
    # QGIS writes to a GeoPackage that is merely opened.
    asked.write_text('[{"layer": "points", "feature": "harris-statement#1"}]')
    run("edit_in_qgis.py", layers, asked)
    untouched = gis_patch(layers, events, gazetteer)
    assert untouched is not None
    assert (untouched.diff, untouched.conflicts) == ("", ())
    edits = [
        {
            "layer": "points",
            "feature": "harris-statement#1",
            "set": {"title": '"X": y', "date_end": "2021-11-13"},
        },
        {"layer": "points", "feature": "siemianowka-camp#1", "move": [23.9, 52.9]},
        {"layer": "points", "feature": "belavia-refusal#2", "delete": True},
        {"layer": "points", "feature": "psaki-statement#1", "set": {"type": "diplomacy", "subtype": None}},
        {"layer": "areas", "feature": "bomber-patrols#1", "set": {"summary": "Shorter.", "tags": '["a"]'}},
        {"layer": "events_unlocated", "feature": "blinken-statement#1", "delete": True},
        {"layer": "events_unlocated", "feature": "british-engineers-arrive#1", "set": {"status": "disputed"}},
    ]
    asked.write_text(json.dumps(edits))
    run("edit_in_qgis.py", layers, asked)
    patch = gis_patch(layers, events, gazetteer)
    assert patch is not None
    assert patch.conflicts == ()
    assert sorted(change.split(":")[0] for change in patch.changes) == [
        "belavia-refusal", "blinken-statement", "bomber-patrols", "bomber-patrols", "british-engineers-arrive",
        "harris-statement", "harris-statement", "psaki-statement", "siemianowka-camp",
    ]  # fmt: skip
    events.write_text(patch.new, encoding="utf-8")
    loaded = pipeline.load(project, lock="update")
    moved = loaded.table.columns["feature_id"].index("siemianowka-camp#1")
    assert (loaded.table.columns["lon"][moved], loaded.table.columns["method"][moved]) == (23.9, "analyst")
    assert "blinken-statement" not in loaded.table.columns["event_id"]
