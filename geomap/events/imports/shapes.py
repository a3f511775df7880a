"""Geometry from outside: what is finite, on the Earth, and of a kind that is drawn."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import orjson
import shapely
from shapely.geometry.base import BaseGeometry

from geomap.events.imports.value import Feature, ImportFileError, RowError, checked_position

_KINDS: Final = ("Point", "LineString", "MultiLineString", "Polygon", "MultiPolygon")
_LONLAT: Final = "EPSG:4326"


def read_shape(value: Any) -> BaseGeometry | None:
    """The shape of a GeoJSON geometry, unchecked but for its form; None where there is none.

    Raises
    ------
    RowError
        If it is none.
    """
    if value is None:
        return None
    try:
        return shapely.from_geojson(orjson.dumps(value).decode())
    except (shapely.errors.GEOSException, orjson.JSONEncodeError) as error:
        raise RowError(f"geometry: {_said(error)}") from error


def read_wkt(text: str) -> BaseGeometry | None:
    """The shape of a Well-Known Text; None of an empty text.

    Raises
    ------
    RowError
        If it is none.
    """
    if not text:
        return None
    try:
        return shapely.from_wkt(text)
    except shapely.errors.GEOSException as error:
        raise RowError(f"geometry: {_said(error)}") from error


def checked_shape(shape: BaseGeometry | None) -> BaseGeometry | None:
    """A shape in two dimensions of a kind that can be drawn; None where there is none or an empty one.

    Raises
    ------
    RowError
        If a coordinate is not finite or not on the Earth, or the kind is another.
    """
    if shape is None or shape.is_empty:
        return None
    shape = shapely.force_2d(shape)
    parts = shapely.get_parts(shape)
    if len(parts) == 1 and shape.geom_type.startswith(("Multi", "GeometryCollection")):
        shape = parts[0]
    if shape.geom_type not in _KINDS:
        raise RowError(f"geometry: a {shape.geom_type} is not drawn; expected {', '.join(_KINDS)}")
    corners = shapely.get_coordinates(shape)
    if not np.isfinite(corners).all():
        raise RowError("geometry: a coordinate is not finite")
    lon, lat = np.abs(corners).max(axis=0)
    if lat > 90 >= lon and lat <= 180:
        raise RowError(f"geometry: latitude {lat:g} lies past 90 degrees; are lon and lat swapped?")
    if lon > 180 or lat > 90:
        raise RowError(f"geometry: {corners[0][0]:g}, {corners[0][1]:g}: expected degrees of WGS 84")
    if shape.geom_type == "Point":
        checked_position(shape.x, shape.y)
    return shape


def repaired(shape: BaseGeometry) -> BaseGeometry:
    """A valid shape of the same kind for one whose outline crosses itself, as GEOS's structure method makes it.

    Raises
    ------
    RowError
        If nothing of its kind is left.
    """
    whole = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    if whole.is_empty or whole.geom_type not in ("Polygon", "MultiPolygon"):
        raise RowError("geometry: its outline crosses itself and encloses nothing")
    return whole


def crs_shapes(features: Sequence[Feature], crs: str, name: str) -> list[Feature]:
    """Features of another coordinate reference system in degrees of WGS 84, lon before lat.

    Raises
    ------
    ImportFileError
        If the system is not known.
    """
    from pyproj import CRS, Transformer
    from pyproj.exceptions import ProjError

    try:
        system = CRS.from_user_input(crs)
        # Heights, pipelines and the Earth's own axes are systems too, and make positions of anything.
        if not (system.is_geographic or system.is_projected):
            raise ImportFileError(f"{name}: {crs[:60]!r} is no system of longitude and latitude, or of a map")
        transformer = Transformer.from_crs(system, _LONLAT, always_xy=True)
    except ProjError as error:
        raise ImportFileError(f"{name}: no coordinate reference system is called {crs[:60]!r}") from error

    def lonlat(corners: Any) -> Any:
        return np.column_stack(transformer.transform(corners[:, 0], corners[:, 1]))

    return [
        feature if feature.shape is None else replace(feature, shape=_transformed(feature.shape, lonlat))
        for feature in features
    ]


def _transformed(shape: BaseGeometry, lonlat: Any) -> BaseGeometry:
    return shapely.transform(shapely.force_2d(shape), lonlat)


def _said(error: Exception) -> str:
    """What a library says of a geometry, without the name of its own error."""
    return str(error).rpartition("Exception: ")[2][:200]
