"""The rows of a table as layers of one kind of geometry each, and what no layer can show."""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geomap.export.qgis.symbols import KINDS, Kind
from geomap.export.write import GeometryType
from geomap.model.table import EventTable

UNLOCATED: Final = "events_unlocated"
"""The table of events without a geometry or a date."""

_DIMENSIONS: Final[dict[Kind, int]] = {"points": 0, "lines": 1, "areas": 2}


def rows_of_layers(
    table: EventTable, shapes: NDArray[np.object_]
) -> tuple[Mapping[Kind, NDArray[np.intp]], NDArray[np.intp]]:
    """The rows of each layer, and those without a geometry or a date, which no map and no time filter shows."""
    dated = np.array([moment is not None for moment in table.columns["t_start"]], dtype=bool)
    dimensions = np.where(dated, shapely.get_dimensions(shapes), -1)
    located = {kind: np.flatnonzero(dimensions == _DIMENSIONS[kind]) for kind in KINDS}
    return located, np.flatnonzero(dimensions < 0)


def geometry_type(shapes: NDArray[np.object_], kind: Kind) -> GeometryType:
    """A layer has one type of geometry, but where somebody's own file brought collections."""
    types = set(shapely.get_type_id(shapes).tolist())
    if shapely.GeometryType.GEOMETRYCOLLECTION in types:
        return "Unknown"
    if kind == "points":
        return "MultiPoint" if shapely.GeometryType.MULTIPOINT in types else "Point"
    return "MultiLineString" if kind == "lines" else "MultiPolygon"


def as_multi(shapes: NDArray[np.object_], rows: NDArray[np.intp], kind: Kind) -> NDArray[np.object_]:
    """The shapes with those of a layer made to be of its one type."""
    wanted = geometry_type(shapes[rows], kind)
    if wanted not in _MULTI:
        return shapes
    make, single = _MULTI[wanted]
    promoted: dict[int, BaseGeometry] = {}
    multi = shapes.copy()
    for row in rows.tolist():
        own = shapes[row]
        if shapely.get_type_id(own) != single:
            continue
        if id(own) not in promoted:
            promoted[id(own)] = make([own])
        multi[row] = promoted[id(own)]
    return multi


_MULTI: Final[dict[str, tuple[Callable[[list[BaseGeometry]], BaseGeometry], int]]] = {
    "MultiPoint": (shapely.MultiPoint, shapely.GeometryType.POINT),
    "MultiLineString": (shapely.MultiLineString, shapely.GeometryType.LINESTRING),
    "MultiPolygon": (shapely.MultiPolygon, shapely.GeometryType.POLYGON),
}
