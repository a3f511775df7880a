"""GeoJSON by RFC 7946 with the JSON-FG `time` member, written by orjson so that no text changes its type."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

import orjson
from shapely.geometry.base import BaseGeometry

from geomap.model.geometry import antimeridian_bbox, cut_antimeridian, to_geojson
from geomap.model.table import COLUMNS, EventTable

_DECIMALS: Final = 6
# Clause 7 of OGC 21-045r1 (JSON-FG 1.0); only the parts used here are claimed.
_CONFORMS_TO: Final = "http://www.opengis.net/spec/json-fg-1/1.0/conf/core"


def write_geojson(table: EventTable, title: str, worldview: str, attribution: Sequence[str]) -> bytes:
    """Write a table as a FeatureCollection, one feature a row.

    Positions are lon, lat in WGS 84 with 6 decimals (0.11 m), exterior rings counterclockwise, geometry cut
    at the antimeridian; no `crs` member. `Feature.id` is the row's `feature_id`. Countries and events
    without a place have null geometry. Ends with a newline.
    """
    # Events in one region share its shape, which is told once and written many times.
    shapes = {id(shape): shape for shape in table.geometry if shape is not None}
    drawn = {number: _shape_members(shape) for number, shape in shapes.items()}
    features = [_feature(table, row, drawn.get(id(table.geometry[row]))) for row in range(len(table))]
    collection: dict[str, Any] = {"type": "FeatureCollection"}
    box = antimeridian_bbox([cut_antimeridian(shape) for shape in shapes.values()])
    if box is not None:
        collection["bbox"] = [round(value, _DECIMALS) for value in box]
    collection["conformsTo"] = [_CONFORMS_TO]
    collection |= {"title": title, "worldview": worldview, "attribution": list(attribution)}
    collection["features"] = features
    return orjson.dumps(collection, option=orjson.OPT_APPEND_NEWLINE)


def _shape_members(shape: BaseGeometry) -> dict[str, Any]:
    box = antimeridian_bbox([cut_antimeridian(shape)])
    assert box is not None  # a drawn shape has a vertex
    geometry = orjson.Fragment(orjson.dumps(to_geojson(shape, decimals=_DECIMALS)))
    return {"bbox": [round(value, _DECIMALS) for value in box], "geometry": geometry}


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
        return value.replace(tzinfo=None).isoformat() + "Z"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    return value
