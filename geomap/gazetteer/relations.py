"""Geometry of places that are known by their relation to others; EPSG:4326, lon before lat."""

import math
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geomap.errors import EmptyRelationError
from geomap.model.geometry import (
    buffer_m,
    circle,
    cut_antimeridian,
    distance_m,
    farthest_m,
    lines_of,
    point_at,
    polygons_of,
    unroll,
    wgs84,
)
from geomap.model.lonlat import LonLat
from geomap.model.places import Place
from geomap.model.vocabulary import PlaceRelation, Precision

DEFAULT_NEAR_KM: Final = 10.0
DEFAULT_SIDE_DEPTH_KM: Final = 5.0
# A source that writes "north-east" means one of sixteen winds: half a wind is 11.25 degrees, its sine 0.195.
_BEARING_SPREAD: Final = 0.2
_BETWEEN_SPREAD: Final = 0.15
_BETWEEN_LEAST_M: Final = 2_000.0
_BETWEEN_STEPS: Final = 33
# Regions are drawn on a 1e-5 degree grid; a border vertex counts as on a region's edge within ten steps.
_EDGE_DEGREES: Final = 1e-4


def shared_border(first: BaseGeometry, second: BaseGeometry) -> BaseGeometry:
    """The line along which two areas meet.

    Raises
    ------
    EmptyRelationError
        If they do not meet along a line.
    """
    box = shapely.box(*first.bounds).buffer(0.1).intersection(shapely.box(*second.bounds).buffer(0.1))
    if box.is_empty:
        raise EmptyRelationError("they do not touch")
    edges = [shapely.clip_by_rect(area.boundary, *box.bounds) for area in (first, second)]
    border = lines_of(shapely.intersection(edges[0], edges[1]))
    if border.is_empty:
        raise EmptyRelationError("they share no border")
    return border


def clip_to_circle(line: BaseGeometry, centre: LonLat, radius_km: float) -> BaseGeometry:
    """The part of a line inside a geodesic circle.

    Raises
    ------
    EmptyRelationError
        If no part is.
    """
    part = lines_of(shapely.intersection(line, circle(centre, radius_km * 1000)))
    if part.is_empty:
        raise EmptyRelationError(f"no part of it lies within {radius_km:g} km; widen within_km")
    return part


def clip_to_area(line: BaseGeometry, area: BaseGeometry) -> BaseGeometry:
    """The part of a line inside an area or along its edge.

    Raises
    ------
    EmptyRelationError
        If no part is.
    """
    part = lines_of(shapely.intersection(line, area.buffer(_EDGE_DEGREES)))
    if part.is_empty:
        raise EmptyRelationError("no part of it lies in that region")
    return part


def strip_on_side(line: BaseGeometry, side: BaseGeometry, depth_km: float) -> BaseGeometry:
    """The strip of an area along a line, `depth_km` kilometres deep."""
    strip = polygons_of(shapely.intersection(buffer_m(line, depth_km * 1000), side))
    # A strip may catch another bank of a winding border; what does not touch the line is not along it.
    touching = [part for part in shapely.get_parts([strip]) if part.distance(line) <= _EDGE_DEGREES]
    return shapely.union_all(touching)


def stretch_between(first: LonLat, second: LonLat) -> tuple[BaseGeometry, LonLat]:
    """A long blob between two places, and its middle; its half width is 15 % of their distance.

    Both sides run beside the geodesic, the ends are half circles.

    Raises
    ------
    EmptyRelationError
        If both are the same place.
    """
    length = distance_m(first, second)
    if length == 0:
        raise EmptyRelationError("both are the same place")
    half_width = max(_BETWEEN_LEAST_M, length * _BETWEEN_SPREAD)
    ahead = wgs84().inv(first.lon, first.lat, second.lon, second.lat)[0]
    steps = np.linspace(0, length, _BETWEEN_STEPS)
    count = len(steps)
    lon, lat, back = wgs84().fwd(
        np.full(count, first.lon), np.full(count, first.lat), np.full(count, ahead), steps
    )
    along = np.asarray(back) + 180
    along[0] = ahead
    turn = np.linspace(-90, 90, 9)
    # Round the first end, along the left side, round the second end, and back along the right side.
    way = np.arange(1, count - 1)
    centres = np.concatenate([np.full(9, 0), way, np.full(9, count - 1), way[::-1]])
    bearings = np.concatenate(
        [along[0] + 180 + turn, along[way] - 90, along[-1] + turn, along[way[::-1]] + 90]
    )
    x, y, _ = wgs84().fwd(lon[centres], lat[centres], bearings, np.full(len(centres), half_width))
    middle_of = count // 2
    ring = unroll(shapely.Polygon(np.column_stack([x, y])), float(lon[middle_of]))
    if not ring.is_valid:
        # Between places half the globe apart, or over a pole, it crosses itself.
        ring = shapely.make_valid(ring, method="structure", keep_collapsed=False)
    return cut_antimeridian(ring), LonLat(lon=float(lon[middle_of]), lat=float(lat[middle_of]))


def between(first: Place, second: Place) -> Place | None:
    """What lies between two point places; None where they are one."""
    try:
        geometry, centre = stretch_between(first.position, second.position)
    except EmptyRelationError:
        return None
    countries = {place.country for place in (first, second)}
    return Place(
        id="",
        name=f"between {first.name} and {second.name}",
        native_name="",
        kind="stretch",
        precision=Precision.LINE,
        country=countries.pop() if len(countries) == 1 else None,
        position=centre,
        radius_m=math.ceil(farthest_m(centre, geometry)),
        geometry=geometry,
        relation=PlaceRelation.BETWEEN,
        rule="between",
    )


def offset_point(
    origin: LonLat, *, bearing: float, distance_km: float, radius_m: float
) -> tuple[LonLat, float]:
    """Where "30 km east of" points, and how far off it may be.

    The radius is that of the anchor or half a compass wind at that distance, whichever is larger.
    """
    return (
        point_at(origin, bearing=bearing, distance_m=distance_km * 1000),
        max(radius_m, distance_km * 1000 * _BEARING_SPREAD),
    )


def side_of(area: BaseGeometry, wind: float) -> BaseGeometry:
    """The half of an area towards a bearing, cut through its centroid; a line or point stays whole.

    Parameters
    ----------
    area
        EPSG:4326.
    wind
        Bearing in degrees, clockwise from north.
    """
    if area.geom_type not in ("Polygon", "MultiPolygon"):
        return area
    west, south, east, north = area.bounds
    centre, reach = area.centroid, 2 * (east - west + north - south)
    squeeze = max(math.cos(math.radians(centre.y)), 0.05)
    ahead_x, ahead_y = math.sin(math.radians(wind)) / squeeze, math.cos(math.radians(wind))
    side_x, side_y = ahead_y / squeeze, -ahead_x * squeeze
    corners = [
        (
            centre.x + reach * (ahead * ahead_x + side * side_x),
            centre.y + reach * (ahead * ahead_y + side * side_y),
        )
        for ahead, side in ((0, -1), (1, -1), (1, 1), (0, 1))
    ]
    half = polygons_of(shapely.intersection(area, shapely.Polygon(corners)))
    return area if half.is_empty else half


def middle(geometry: BaseGeometry) -> LonLat:
    """A point on a geometry: of a line the middle of its longest part, of an area one on its surface."""
    if geometry.geom_type in ("LineString", "MultiLineString"):
        longest = max(shapely.get_parts([geometry]), key=lambda part: part.length)
        point = longest.interpolate(0.5, normalized=True)
    else:
        point = geometry.representative_point()
    return LonLat(lon=point.x, lat=point.y)


def wind_name(bearing: float) -> str:
    """The nearest of eight winds, in words."""
    winds = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")
    return winds[round(bearing / 45) % 8]
