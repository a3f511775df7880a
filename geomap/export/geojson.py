"""GeoJSON by RFC 7946 with the JSON-FG `time` member, written by orjson so that no text changes its type."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import orjson
import shapely
from shapely.geometry.base import BaseGeometry

from geomap.export.arrow import BATCH_ROWS, DECIMALS, rounded_shapes
from geomap.export.fields import moment_text
from geomap.export.info import ExportInfo
from geomap.export.qgis.style import mixed_qml
from geomap.export.write import open_bytes, write_text
from geomap.model.geometry import antimeridian_bbox, to_geojson
from geomap.model.table import COLUMNS, EventTable

# Clause 7 of OGC 21-045r1 (JSON-FG 1.0); only the parts used here are claimed.
_CONFORMS_TO: Final = "http://www.opengis.net/spec/json-fg-1/1.0/conf/core"


FILE: Final = "events.geojson"
STYLE_FILE: Final = "events.qml"


def write_geojson(table: EventTable, info: ExportInfo, folder: Path) -> list[str]:
    """Write `events.geojson`, and `events.qml`, by which QGIS draws it as the page does."""
    with open_bytes(folder / FILE) as stream:
        for part in geojson_parts(table, info):
            stream.write(part)
    write_text(folder / STYLE_FILE, mixed_qml(info.types))
    return []


def geojson_parts(table: EventTable, info: ExportInfo) -> Iterator[bytes]:
    """A FeatureCollection, one feature a row, piece by piece.

    Positions are lon, lat in WGS 84 with 6 decimals (0.11 m), exterior rings counterclockwise, geometry cut
    at the antimeridian; no `crs` member. `Feature.id` is the row's `feature_id`. Countries and events
    without a place have null geometry. Ends with a newline.
    """
    shapes = rounded_shapes(table.geometry)
    collection: dict[str, Any] = {"type": "FeatureCollection"}
    box = antimeridian_bbox(shapes[~shapely.is_missing(shapes)])
    if box is not None:
        collection["bbox"] = [round(value, DECIMALS) for value in box]
    collection["conformsTo"] = [_CONFORMS_TO]
    collection |= {"title": info.title, "worldview": info.worldview, "attribution": list(info.attribution)}
    yield orjson.dumps(collection)[:-1] + b',"features":['
    # Events in one region share its shape, which is told once and written many times.
    drawn: dict[int, dict[str, Any]] = {}
    for start, part in table.parts(BATCH_ROWS):
        for row, shape in enumerate(shapes[start : start + BATCH_ROWS]):
            if shape is None:
                members = None
            elif shape.geom_type == "Point":
                members = _point_members(shape.x, shape.y)
            else:
                members = drawn.get(id(shape)) or drawn.setdefault(id(shape), _shape_members(shape))
            feature = _feature(part, row, members)
            yield (b"," if start + row else b"") + orjson.dumps(feature)
    yield b"]}\n"


def _point_members(lon: float, lat: float) -> dict[str, Any]:
    return {"bbox": [lon, lat, lon, lat], "geometry": {"type": "Point", "coordinates": [lon, lat]}}


def _shape_members(shape: BaseGeometry) -> dict[str, Any]:
    box = antimeridian_bbox([shape])
    assert box is not None  # a drawn shape has a vertex
    geometry = orjson.Fragment(orjson.dumps(to_geojson(shape, decimals=DECIMALS)))
    return {"bbox": [round(value, DECIMALS) for value in box], "geometry": geometry}


def _feature(table: EventTable, row: int, shape_members: Mapping[str, Any] | None) -> dict[str, Any]:
    columns = table.columns
    feature: dict[str, Any] = {"type": "Feature", "id": columns["feature_id"][row]}
    feature |= shape_members or {"geometry": None}
    # "By the 12th and goes on": neither end is known.
    last = None if columns["end_open"][row] else columns["date_end"][row]
    feature["time"] = _time(columns["date_start"][row], last, columns["t_start"][row] is not None)
    feature["properties"] = {name: _plain(columns[name][row]) for name in COLUMNS}
    return feature


def _time(first: date | None, last: date | None, is_dated: bool) -> dict[str, Any] | None:
    """JSON-FG: `date` for one day, else `interval` with `..` for an open end, null where nothing is known."""
    if not is_dated:
        return None
    if first == last and first is not None:
        return {"date": first.isoformat()}
    return {"interval": [first.isoformat() if first else "..", last.isoformat() if last else ".."]}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    return value
