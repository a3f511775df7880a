"""What each format gives back is what was put in: ids, texts letter for letter, days, moments, positions, counts."""

import csv
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import geopandas
import pandas
import pyogrio
import pytest
import shapely
from shapely.geometry import shape

from geomap.export import EXPORTERS
from geomap.export.arrow import rounded_shapes
from geomap.export.fields import FIELDS, FieldType
from geomap.model.table import COLUMNS, EventTable

Row = Mapping[str, Any]
KML = "{http://www.opengis.net/kml/2.2}"
TOLERANCE = 5e-7


def plain(value: Any, kind: FieldType) -> Any:
    """A value as the table has it, whichever way a reader gives it."""
    if value is None or value is pandas.NaT or (isinstance(value, float) and value != value):
        return () if kind is FieldType.TEXTS else None
    match kind:
        case FieldType.TEXTS:
            return tuple(json.loads(value) if isinstance(value, str) else value)
        case FieldType.DAY:
            return value.date() if isinstance(value, datetime) else date.fromisoformat(str(value)[:10])
        case FieldType.MOMENT:
            moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
            return (
                (moment if moment.tzinfo else moment.replace(tzinfo=UTC))
                .astimezone(UTC)
                .replace(microsecond=0)
            )
        case FieldType.INTEGER:
            return int(value)
        case FieldType.REAL:
            return float(value)
        case FieldType.FLAG:
            return value in (True, "true", "True", "1")
        case _:
            return str(value)


def read_geojson(folder: Path) -> Iterator[tuple[Row, Any]]:
    content = json.loads((folder / "events.geojson").read_bytes())
    for feature in content["features"]:
        assert feature["id"] == feature["properties"]["feature_id"]
        yield feature["properties"], feature["geometry"] and shape(feature["geometry"])


def of_frame(frame: pandas.DataFrame) -> Iterator[tuple[Row, Any]]:
    geometry = frame.geometry if isinstance(frame, geopandas.GeoDataFrame) else [None] * len(frame)
    columns = {name: frame[name].tolist() for name in COLUMNS}
    for number, own in enumerate(geometry):
        yield {name: values[number] for name, values in columns.items()}, own


def read_gpkg(folder: Path) -> Iterator[tuple[Row, Any]]:
    for layer in ("points", "lines", "areas"):
        yield from of_frame(pyogrio.read_dataframe(folder / "events.gpkg", layer=layer))
    table = pyogrio.read_dataframe(folder / "events.gpkg", layer="events_unlocated")
    for (row, _), text in zip(of_frame(table), table["wkt"], strict=True):
        yield row, shapely.from_wkt(text) if isinstance(text, str) else None


def read_fgb(folder: Path) -> Iterator[tuple[Row, Any]]:
    yield from of_frame(pyogrio.read_dataframe(folder / "events.fgb"))


def read_parquet(folder: Path) -> Iterator[tuple[Row, Any]]:
    yield from of_frame(geopandas.read_parquet(folder / "events.parquet"))


def read_csv(folder: Path) -> Iterator[tuple[Row, Any]]:
    csv.field_size_limit(sys.maxsize)
    with (folder / "events.csv").open(encoding="utf-8-sig", newline="") as stream:
        for cells in csv.DictReader(stream):
            row = {name: cells[name] or None for name in COLUMNS}
            # The apostrophe before what a spreadsheet would run.
            row = {
                name: text[1:] if text and text[:1] == "'" and text[1:2] in "=+-@\t\r" else text
                for name, text in row.items()
            }
            yield row, shapely.from_wkt(cells["wkt"]) if cells["wkt"] else None


def read_kml(folder: Path) -> Iterator[tuple[Row, Any]]:
    root = ET.parse(folder / "events.kml").getroot()
    for placemark in root.iter(f"{KML}Placemark"):
        row = dict.fromkeys(COLUMNS) | {
            data.attrib["name"]: data.text or "" for data in placemark.iter(f"{KML}SimpleData")
        }
        yield row, kml_shape(placemark)


def kml_shape(placemark: ET.Element) -> Any:
    def coordinates(element: ET.Element) -> list[list[float]]:
        text = element.findtext(f"{KML}coordinates") or ""
        return [[float(number) for number in pair.split(",")] for pair in text.split()]

    parts: list[Any] = [shapely.Point(coordinates(own)[0]) for own in placemark.iter(f"{KML}Point")]
    parts += [shapely.LineString(coordinates(own)) for own in placemark.iter(f"{KML}LineString")]
    for polygon in placemark.iter(f"{KML}Polygon"):
        outer, inner = (
            [coordinates(ring) for side in polygon.iter(f"{KML}{name}") for ring in side]
            for name in ("outerBoundaryIs", "innerBoundaryIs")
        )
        parts.append(shapely.Polygon(outer[0], inner))
    return shapely.union_all(parts) if parts else None


READERS: Mapping[str, Callable[[Path], Iterator[tuple[Row, Any]]]] = {
    "geojson": read_geojson,
    "gpkg": read_gpkg,
    "fgb": read_fgb,
    "parquet": read_parquet,
    "csv": read_csv,
    "kml": read_kml,
}
# FlatGeobuf holds what has a geometry.
LOCATED_ONLY = {"fgb"}


def test_every_format_is_read_back() -> None:
    # Linked Places holds places, not events: see test_linked_places.
    assert {*READERS, "lpf"} == set(EXPORTERS)


def test_the_fields_are_the_columns_in_their_order() -> None:
    assert tuple(FIELDS) == COLUMNS


@pytest.mark.parametrize("name", READERS)
def test_what_goes_in_comes_out(name: str, odd_table: EventTable, exported: Callable[[str], Path]) -> None:
    shapes = rounded_shapes(odd_table.geometry)
    columns = odd_table.columns
    wanted = {columns["feature_id"][row]: row for row in range(len(odd_table))}
    if name in LOCATED_ONLY:
        wanted = {feature: row for feature, row in wanted.items() if shapes[row] is not None}
    found = {row["feature_id"]: (row, geometry) for row, geometry in READERS[name](exported(name))}
    assert set(found) == set(wanted)
    for feature, number in wanted.items():
        row, geometry = found[feature]
        for field in FIELDS.values():
            assert plain(row[field.name], field.type) == columns[field.name][number], (feature, field.name)
        own = shapes[number]
        assert (geometry is None) == (own is None), feature
        if own is not None:
            assert shapely.hausdorff_distance(geometry, own) <= TOLERANCE, feature


@pytest.mark.parametrize("name", EXPORTERS)
def test_two_exports_are_the_same_to_the_byte(
    name: str, odd_map: Path, tmp_path: Path, exported: Callable[[str], Path]
) -> None:
    from geomap import pipeline

    again = pipeline.export(odd_map, [name], folder=tmp_path).files
    assert again
    for path in again:
        assert path.read_bytes() == (exported(name) / path.name).read_bytes(), path.name


@pytest.mark.parametrize("name", EXPORTERS)
def test_a_failed_export_leaves_the_old_files(
    name: str, odd_map: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from geomap import export, pipeline

    pipeline.export(odd_map, [name], folder=tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def fail(table: EventTable, info: export.ExportInfo, folder: Path) -> list[str]:
        EXPORTERS[name](table, info, folder)
        raise RuntimeError("in the middle")

    monkeypatch.setattr(export, "EXPORTERS", {name: fail})
    with pytest.raises(RuntimeError, match="in the middle"):
        pipeline.export(odd_map, [name], folder=tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
