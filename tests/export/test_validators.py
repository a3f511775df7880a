"""Exports as validators, schemas and another GDAL than the wheel's see them."""

import json
import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import geojson_validator
import geoparquet_validator
import pytest
from lxml import etree

from geomap.export.dbf import DBF_NAMES
from geomap.export.fields import FIELDS
from geomap.model.table import EventTable


def test_geojson_is_valid(exported: Callable[[str], Path]) -> None:
    content = json.loads((exported("geojson") / "events.geojson").read_bytes())
    located = [feature for feature in content["features"] if feature["geometry"]]
    found = geojson_validator.validate_geometries({"type": "FeatureCollection", "features": located})
    assert found["invalid"] == {}


def test_geoparquet_is_conformant(exported: Callable[[str], Path]) -> None:
    report = geoparquet_validator.check(str(exported("parquet") / "events.parquet"))
    assert geoparquet_validator.conformant(report)
    assert geoparquet_validator.failed(report) == []


def test_kml_follows_its_schema(exported: Callable[[str], Path], odd_table: EventTable) -> None:
    folder = exported("kml")
    # fastkml carries the schema of OGC 07-147r2.
    schema = etree.XMLSchema(etree.parse(str(files("fastkml") / "schema" / "ogckml22.xsd")))
    with zipfile.ZipFile(folder / "events.kmz") as archive:
        packed = etree.fromstring(archive.read("doc.kml"))
        names = set(archive.namelist())
    for root in (etree.parse(folder / "events.kml").getroot(), packed):
        schema.assertValid(root)
        assert len(root.findall(".//{*}Placemark")) == len(odd_table)
    icons = {element.text for element in packed.iter("{*}href")}
    assert icons
    assert icons == names - {"doc.kml"}
    assert [element.text for element in etree.parse(folder / "events.kml").iter("{*}href")] == []


@pytest.mark.skipif(
    not shutil.which("ogrinfo") and not os.environ.get("CI"),
    reason="needs ogrinfo (apt-get install gdal-bin)",
)
@pytest.mark.parametrize(
    ("name", "file", "layers"),
    [
        ("gpkg", "events.gpkg", ["points", "lines", "areas", "events_unlocated"]),
        ("fgb", "events.fgb", ["events"]),
        ("geojson", "events.geojson", ["events"]),
        ("kml", "events.kml", None),
        ("shp", "", ["events_points", "events_lines", "events_areas", "events_unlocated"]),
    ],
)
def test_another_gdal_reads_it_without_a_word(
    name: str,
    file: str,
    layers: list[str] | None,
    exported: Callable[[str], Path],
    odd_table: EventTable,
    tmp_path: Path,
) -> None:
    path = shutil.copytree(exported(name), tmp_path / "copy") / file
    done = subprocess.run(["ogrinfo", "-so", "-al", str(path)], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    counts = {}
    layer = ""
    for line in done.stdout.splitlines():
        if line.startswith("Layer name: "):
            layer = line.removeprefix("Layer name: ")
        elif line.startswith("Feature Count: "):
            counts[layer] = int(line.removeprefix("Feature Count: "))
    assert layers is None or set(layers) <= set(counts)
    located = sum(shape is not None for shape in odd_table.geometry)
    total = sum(count for own, count in counts.items() if own != "layer_styles")
    assert total == (located if name == "fgb" else len(odd_table))
    for field in FIELDS:
        assert f"\n{DBF_NAMES[field] if name == 'shp' else field}: " in done.stdout, field
