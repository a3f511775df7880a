"""Context layers: areas and lines of somebody else's, from a GeoJSON file, to lie under the events.

Read by orjson and shapely alone: a file from outside never meets GDAL, whose drivers and virtual file systems
open what a name or a member of the file tells them to.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson
import shapely
from shapely.geometry.base import BaseGeometry

from geomap.errors import ConfigError, Mark
from geomap.files import read_text
from geomap.model.geometry import lines_of, polygons_of
from geomap.model.lonlat import LonLat

MAX_FILE: Final = 32 << 20
MAX_SHAPES: Final = 20_000
MAX_POSITIONS: Final = 100_000
"""Positions that all shapes of a file may have when they are simplified."""

_LONGEST_LABEL: Final = 200
_MOST_NESTED: Final = 16
# 20 m, which is finer than such lines are known; doubled for files too large to be drawn so finely.
_TOLERANCE: Final = 0.0002
_COARSEST: Final = 0.05
_WGS84: Final = re.compile(r"(CRS:?:?84|EPSG:+(.*:)?4326)$", re.IGNORECASE)
_LINE_KINDS: Final = ("LineString", "MultiLineString")
_POLYGON_KINDS: Final = ("Polygon", "MultiPolygon")
_POINT_KINDS: Final = ("Point", "MultiPoint")


@dataclass(frozen=True, slots=True)
class ContextShape:
    """One feature of a file: its polygons or lines (EPSG:4326), and what is to be written on it, if anything."""

    geometry: BaseGeometry
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextFile:
    """What a file shows, in its order; `remarks` are what its editor should look at, each with its rule's code."""

    path: Path
    shapes: tuple[ContextShape, ...]
    remarks: tuple[tuple[str, str], ...] = ()


def read_context(path: Path, *, label_field: str = "") -> ContextFile:
    """Read the polygons and lines of a GeoJSON file (RFC 7946), simplified to what a map can show.

    Points are left out with a remark, and so are features without a geometry. Polygons that cross themselves are
    mended with a remark. Heights are dropped.

    Parameters
    ----------
    label_field
        The property that is written on each shape; none where it is empty.

    Raises
    ------
    ConfigError
        For a file that is missing, larger than 32 MiB or no GeoJSON; for positions that are not on the Earth,
        rings that are not closed, another reference system than WGS 84; where nothing in it can be drawn, or
        more than can be drawn.
    """
    start = Mark(path, 1, 1)
    content = _read_json(path)
    try:
        _check_crs(content)
        reader = _Reader(label_field)
        shapes = list(reader.shapes(content))
        if not shapes:
            raise _FaultError("no polygon and no line in it; a context layer is drawn of these")
        drawn = _simplified(shapes)
    except _FaultError as fault:
        raise ConfigError.at(start, str(fault)) from fault
    return ContextFile(path=path, shapes=tuple(drawn), remarks=tuple(reader.remarks()))


class _FaultError(Exception):
    """What is wrong in a file; it becomes a ConfigError with the file's name."""


def _read_json(path: Path) -> Any:
    text = read_text(path, max_bytes=MAX_FILE)
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        said = error.msg.partition(": line ")[0]
        raise ConfigError.at(Mark(path, error.lineno, error.colno), f"not JSON: {said}") from error


def _check_crs(content: Any) -> None:
    """Refuse the member `crs` of GeoJSON before RFC 7946, unless it says what holds anyway."""
    crs = content.get("crs") if isinstance(content, dict) else None
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str) or not _WGS84.search(name):
        raise _FaultError(
            f"crs {str(name or crs)[:60]!r}: GeoJSON is in WGS 84 (EPSG:4326), longitude first; "
            "save the layer in that system"
        )


class _Reader:
    """Goes through one file and counts what it leaves out or mends."""

    def __init__(self, label_field: str) -> None:
        self._field = label_field
        self._points = self._empty = self._mended = self._labels = 0
        self._fields: set[str] = set()

    def shapes(self, content: Any) -> Iterator[ContextShape]:
        for number, feature in enumerate(_features(content), start=1):
            if number > MAX_SHAPES:
                raise _FaultError(f"more than {MAX_SHAPES:,} features; dissolve or split them")
            properties, geometry = feature
            try:
                shape = self._shape(geometry)
            except _FaultError as fault:
                raise _FaultError(f"feature {number}: {fault}") from fault
            if shape is not None:
                yield ContextShape(shape, self._label(properties))

    def remarks(self) -> Iterator[tuple[str, str]]:
        if self._points:
            yield "context-points", f"{_counted(self._points)} of points not drawn; polygons and lines are"
        if self._empty:
            yield "context-empty", f"{_counted(self._empty)} without a geometry not drawn"
        if self._mended:
            yield "context-mended", f"polygons that cross themselves: {self._mended:,}; drawn mended"
        if self._field and not self._labels:
            known = ", ".join(sorted(self._fields)[:8]) or "none"
            yield (
                "context-labels",
                f"no feature has a text under {self._field!r}; its properties are: {known}",
            )

    def _shape(self, geometry: Any) -> BaseGeometry | None:
        if geometry is None:
            self._empty += 1
            return None
        points_before = self._points
        parts = list(self._parts(geometry, 0))
        if not parts:
            self._empty += self._points == points_before
            # A collection of several points is one feature.
            self._points = min(self._points, points_before + 1)
            return None
        return parts[0] if len(parts) == 1 else shapely.GeometryCollection(parts)

    def _parts(self, geometry: Any, depth: int) -> Iterator[BaseGeometry]:
        if not isinstance(geometry, dict):
            raise _FaultError("its geometry is no object")
        kind = geometry.get("type")
        if kind == "GeometryCollection":
            if depth >= _MOST_NESTED:
                raise _FaultError("collections within collections, too deep")
            for member in _listed(geometry.get("geometries"), "geometries"):
                yield from self._parts(member, depth + 1)
            return
        if kind in _POINT_KINDS:
            self._points += 1
            return
        if kind not in _LINE_KINDS + _POLYGON_KINDS:
            raise _FaultError(f"a geometry of type {str(kind)[:40]!r}, which GeoJSON has not")
        coordinates = _listed(geometry.get("coordinates"), "coordinates")
        members = coordinates if kind.startswith("Multi") else [coordinates] if coordinates else []
        if kind in _LINE_KINDS:
            for member in members:
                positions = _positions(member, least=2)
                if len(set(positions)) > 1:
                    yield shapely.LineString(positions)
            return
        for member in members:
            rings = [_ring(ring) for ring in _listed(member, "a polygon")]
            if rings:
                yield from self._polygon(shapely.Polygon(rings[0], rings[1:]))

    def _polygon(self, polygon: BaseGeometry) -> Iterator[BaseGeometry]:
        if shapely.is_valid(polygon):
            yield polygon
            return
        self._mended += 1
        mended = polygons_of(shapely.make_valid(polygon))
        if not mended.is_empty:
            yield mended

    def _label(self, properties: Any) -> str:
        if not self._field or not isinstance(properties, dict):
            return ""
        self._fields.update(str(key)[:40] for key in properties)
        value = properties.get(self._field)
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            return ""
        label = " ".join(str(value).split())[:_LONGEST_LABEL]
        self._labels += bool(label)
        return label


def _counted(number: int) -> str:
    return f"{number:,} feature{'' if number == 1 else 's'}"


def _features(content: Any) -> Iterator[tuple[Any, Any]]:
    """The properties and geometry of each feature; a bare geometry is one."""
    kind = content.get("type") if isinstance(content, dict) else None
    if kind == "FeatureCollection":
        members = _listed(content.get("features"), "features")
    elif kind == "Feature":
        members = [content]
    elif kind in (*_LINE_KINDS, *_POLYGON_KINDS, *_POINT_KINDS, "GeometryCollection"):
        yield None, content
        return
    else:
        raise _FaultError("not GeoJSON: expected a FeatureCollection, a Feature or a geometry")
    for number, member in enumerate(members, start=1):
        if not isinstance(member, dict) or member.get("type") != "Feature":
            raise _FaultError(f"feature {number} is no Feature")
        yield member.get("properties"), member.get("geometry")


def _listed(value: Any, what: str) -> Sequence[Any]:
    if not isinstance(value, list):
        raise _FaultError(f"{what}: expected a list")
    return value


def _positions(value: Any, *, least: int) -> list[tuple[float, float]]:
    positions = []
    for position in _listed(value, "a line or ring"):
        if not isinstance(position, list) or len(position) < 2:
            raise _FaultError("a position is [longitude, latitude]")
        lon, lat = position[0], position[1]
        if type(lon) not in (int, float) or type(lat) not in (int, float):
            raise _FaultError("a position is [longitude, latitude], two numbers")
        try:
            checked = LonLat(lon=float(lon), lat=float(lat))
        except ValueError as error:
            raise _FaultError(f"{error}; GeoJSON is in WGS 84, longitude before latitude") from error
        positions.append(checked.geojson)
    if len(positions) < least:
        raise _FaultError(f"a line has {least} positions or more, a ring 4")
    return positions


def _ring(value: Any) -> list[tuple[float, float]]:
    positions = _positions(value, least=4)
    if positions[0] != positions[-1]:
        raise _FaultError("a ring is not closed: its last position is its first one again")
    return positions


def _simplified(shapes: Sequence[ContextShape]) -> list[ContextShape]:
    """As finely as a map of that many positions can be drawn."""
    tolerance = _TOLERANCE
    while True:
        geometries = shapely.simplify([shape.geometry for shape in shapes], tolerance, preserve_topology=True)
        if int(shapely.get_num_coordinates(geometries).sum()) <= MAX_POSITIONS:
            return [
                ContextShape(_tidy(geometry), shape.label)
                for geometry, shape in zip(geometries, shapes, strict=True)
            ]
        if tolerance >= _COARSEST:
            raise _FaultError(f"more than {MAX_POSITIONS:,} positions even when simplified; split the file")
        tolerance *= 2


def _tidy(geometry: BaseGeometry) -> BaseGeometry:
    """A polygon, line, or several of one kind where all parts are of one kind."""
    if geometry.geom_type != "GeometryCollection":
        return geometry
    polygons, lines = polygons_of(geometry), lines_of(geometry)
    if lines.is_empty:
        return polygons
    return lines if polygons.is_empty else shapely.GeometryCollection([polygons, lines])
