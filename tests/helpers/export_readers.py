"""Exports read back: of each format the rows as its readers give them, with their geometry."""

import csv
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import geopandas
import pandas
import pyogrio
import shapely
from shapely.geometry import shape

from geomap.export.dbf import DBF_NAMES
from geomap.export.fields import FieldType
from geomap.export.xml import xml_text
from geomap.model.table import COLUMNS

Row = Mapping[str, Any]
KML = "{http://www.opengis.net/kml/2.2}"


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


def read_shp(folder: Path) -> Iterator[tuple[Row, Any]]:
    names = {short: name for name, short in DBF_NAMES.items()}
    for layer in ("points", "lines", "areas"):
        frame = pyogrio.read_dataframe(folder / f"events_{layer}.shp")
        yield from of_frame(frame.rename(columns=names))
    table = pyogrio.read_dataframe(folder / "events_unlocated.dbf").rename(columns=names)
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
                name: text[1:] if text and re.match("'+[=+\\-@\t\r\n＝＋－＠]", text) else text
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
    "shp": read_shp,
}


def is_held(name: str, found: Any, wanted: Any) -> bool:
    """Whether a format gave back of a value all that it can hold."""
    if name == "kml":
        # XML has no form for some control characters.
        if isinstance(wanted, tuple):  # as JSON, which has escapes for most of them
            return bool(found == tuple(re.sub("[\ufffe\uffff]", "\ufffd", text) for text in wanted))
        return bool(found == (xml_text(wanted) if isinstance(wanted, str) else wanted))
    if name in ("gpkg", "fgb") and isinstance(wanted, str):
        # GDAL ends a text at a NUL.
        return bool(found == wanted.replace("\0", "\ufffd"))
    if name != "shp" or not isinstance(wanted, str | tuple):
        return bool(found == wanted)
    if isinstance(wanted, tuple):
        if len(json.dumps(wanted, ensure_ascii=False, separators=(",", ":")).encode()) <= 254:
            return bool(found == wanted)
        return bool(found[-1] == "…" and found[:-1] == wanted[: len(found) - 1] and len(found) <= len(wanted))
    wanted = wanted.replace("\0", "\ufffd").strip(" ")
    if len(wanted.encode()) <= 254:
        return bool(found == (wanted or None))
    # A sign of several characters is not cut in its middle.
    return bool(
        200 < len(found.encode()) <= 254 and found.endswith("…") and wanted.startswith(found.rstrip("…"))
    )
