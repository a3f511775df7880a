"""Geometry on the ellipsoid and the rules of RFC 7946; EPSG:4326, lon before lat, in degrees."""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geomap.model.lonlat import LonLat

if TYPE_CHECKING:
    from pyproj import Geod

Bbox = tuple[float, float, float, float]
"""West, south, east, north in degrees."""
METRES_A_DEGREE: Final = 111_320.0
"""Of longitude at the equator; one of latitude has 0.7 % less there and 0.3 % more at the poles."""


@cache
def wgs84() -> "Geod":
    """The ellipsoid; pyproj is loaded with it, a tenth of a second, where distances are first asked for."""
    from pyproj import Geod

    return Geod(ellps="WGS84")


def distance_m(a: LonLat, b: LonLat) -> float:
    """Geodesic distance in metres (Karney 2013, doi:10.1007/s00190-012-0578-z, through pyproj)."""
    return float(wgs84().inv(a.lon, a.lat, b.lon, b.lat)[2])


def point_at(origin: LonLat, *, bearing: float, distance_m: float) -> LonLat:
    """The point a geodesic reaches: `bearing` in degrees clockwise from north, `distance_m` in metres."""
    lon, lat, _ = wgs84().fwd(origin.lon, origin.lat, bearing, distance_m)
    return LonLat(lon=float(lon), lat=float(lat))


def farthest_m(centre: LonLat, geometry: BaseGeometry) -> float:
    """Geodesic distance in metres from a point to the farthest vertex of a geometry."""
    coordinates = shapely.get_coordinates(geometry)
    count = len(coordinates)
    distances = wgs84().inv(
        np.full(count, centre.lon), np.full(count, centre.lat), coordinates[:, 0], coordinates[:, 1]
    )[2]
    return float(np.max(distances))


def circle(centre: LonLat, radius_m: float, *, vertices: int = 72) -> BaseGeometry:
    """The geodesic circle round a point as a polygon, cut at the antimeridian.

    Raises
    ------
    ValueError
        If `radius_m` is not positive.
    """
    if not radius_m > 0:
        raise ValueError(f"radius_m must be positive, not {radius_m!r}")
    azimuths = np.linspace(0, 360, vertices, endpoint=False)
    lon, lat, _ = wgs84().fwd(
        np.full(vertices, centre.lon), np.full(vertices, centre.lat), azimuths, np.full(vertices, radius_m)
    )
    # Unroll round the centre first, so that a circle over the antimeridian is one ring to be cut.
    return cut_antimeridian(unroll(shapely.Polygon(np.column_stack([lon, lat])), centre.lon))


def buffer_m(geometry: BaseGeometry, distance_m: float) -> BaseGeometry:
    """Widen a geometry by a distance in metres, in an azimuthal equidistant plane at its centre.

    The plane keeps distances from its centre; 1,000 km away from it distances across are 0.4 % too long.
    """
    from pyproj import Proj

    west, south, east, north = geometry.bounds
    # A bare projection: setting up transformers between two systems takes fifty times as long.
    plane = Proj(proj="aeqd", lon_0=(west + east) / 2, lat_0=(south + north) / 2, ellps="WGS84", units="m")
    widened = shapely.transform(geometry, plane, interleaved=False).buffer(distance_m)
    there_and_back = shapely.transform(widened, lambda x, y: plane(x, y, inverse=True), interleaved=False)
    return cut_antimeridian(unroll(there_and_back, (west + east) / 2))


def unroll(geometry: BaseGeometry, lon: float) -> BaseGeometry:
    """Turn longitudes to within 180 degrees of `lon`: what crosses the antimeridian comes in one piece."""

    def turned(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
        return x + 360 * np.round((lon - x) / 360), y

    return shapely.transform(geometry, turned, interleaved=False)


def cut_antimeridian(geometry: BaseGeometry) -> BaseGeometry:
    """Cut what reaches past 180 degrees and move the rest to the other side (RFC 7946, 3.1.9)."""
    west, _, east, _ = geometry.bounds
    if west >= -180 and east <= 180:
        return geometry
    parts = [
        shapely.transform(
            shapely.intersection(geometry, shapely.box(-180 + turn, -90, 180 + turn, 90)),
            lambda coordinates, turn=turn: coordinates - [turn, 0],
        )
        for turn in (-360, 0, 360)
    ]
    return shapely.union_all([part for part in parts if not part.is_empty])


def antimeridian_bbox(geometries: Sequence[BaseGeometry] | NDArray[np.object_]) -> Bbox | None:
    """The smallest bbox round geometries; west is greater than east where it crosses the antimeridian.

    As RFC 7946, 5.2 asks. None where there is no vertex.
    """
    spans = shapely.bounds(shapely.get_parts(geometries))
    if not len(spans):
        return None
    south, north = float(spans[:, 1].min()), float(spans[:, 3].max())
    plain = (float(spans[:, 0].min()), south, float(spans[:, 2].max()), north)
    # The widest stretch of longitude without a part is what the bbox may leave out.
    order = spans[np.argsort(spans[:, 0])]
    reach = np.maximum.accumulate(order[:, 2])
    gaps = order[1:, 0] - reach[:-1]
    if len(gaps) and gaps.max() > 360 - (plain[2] - plain[0]):
        widest = int(np.argmax(gaps))
        return (float(order[widest + 1, 0]), south, float(reach[widest]), north)
    return plain


def to_geojson(geometry: BaseGeometry, *, decimals: int = 6) -> dict[str, Any]:
    """A GeoJSON geometry by RFC 7946: cut at the antimeridian, rounded, exterior rings counterclockwise.

    Six decimals are 0.11 m. Parts that vanish when rounded are left out.
    """
    cut = cut_antimeridian(geometry)
    # A grid instead of plain rounding, so that rounding cannot make a ring cross itself; GEOS divides by a
    # coordinate's distance from the grid, so what is as good as on it is put there first.
    near = shapely.transform(cut, lambda coordinates: np.round(coordinates, decimals + 6))
    tidy = shapely.set_precision(near, 10**-decimals)
    if tidy.is_empty:
        tidy = cut
    oriented = shapely.orient_polygons(tidy, exterior_cw=False)
    return _mapping(oriented, decimals)


def _mapping(geometry: BaseGeometry, decimals: int) -> dict[str, Any]:
    if hasattr(geometry, "geoms"):
        parts = [_mapping(part, decimals) for part in geometry.geoms]
        if geometry.geom_type == "GeometryCollection":
            return {"type": "GeometryCollection", "geometries": parts}
        return {"type": geometry.geom_type, "coordinates": [part["coordinates"] for part in parts]}
    if geometry.geom_type == "Polygon":
        rings = [geometry.exterior, *geometry.interiors]
        return {"type": "Polygon", "coordinates": [_positions(ring, decimals) for ring in rings]}
    positions = _positions(geometry, decimals)
    return {
        "type": geometry.geom_type,
        "coordinates": positions[0] if geometry.geom_type == "Point" else positions,
    }


def _positions(geometry: BaseGeometry, decimals: int) -> list[list[float]]:
    rounded: NDArray[np.float64] = (
        np.round(shapely.get_coordinates(geometry), decimals) + 0.0
    )  # -0.0 becomes 0.0
    return rounded.tolist()  # type: ignore[no-any-return]


def polygons_of(geometry: BaseGeometry) -> BaseGeometry:
    """The polygonal part of a geometry, empty where there is none."""
    return shapely.union_all([part for part in _leaves(geometry) if part.geom_type == "Polygon"])


def lines_of(geometry: BaseGeometry) -> BaseGeometry:
    """The linear part of a geometry, joined to the longest lines, empty where there is none."""
    lines = [part for part in _leaves(geometry) if part.geom_type in ("LineString", "LinearRing")]
    return shapely.line_merge(shapely.union_all(lines)) if lines else shapely.LineString()


def _leaves(geometry: BaseGeometry) -> list[BaseGeometry]:
    if hasattr(geometry, "geoms"):
        return [leaf for part in geometry.geoms for leaf in _leaves(part)]
    return [] if geometry.is_empty else [geometry]
