"""Geometry on the ellipsoid and the rules of RFC 7946, against pyproj and figures done in the head."""

import math
from itertools import pairwise
from typing import Any

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from geomap.model.geometry import (
    antimeridian_bbox,
    buffer_m,
    circle,
    cut_antimeridian,
    distance_m,
    farthest_m,
    lines_of,
    point_at,
    polygons_of,
    to_geojson,
    unroll,
)
from geomap.model.lonlat import LonLat

GEOD = Geod(ellps="WGS84")
lons = st.floats(-180, 180)
lats = st.floats(-80, 80)


def rings(geometry: dict[str, Any]) -> list[list[list[list[float]]]]:
    """The polygons of a GeoJSON geometry, each a list of rings."""
    return [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]


def turn(ring: list[list[float]]) -> float:
    """Twice the signed area of a ring; above 0 is counterclockwise."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))


def test_a_degree_of_the_equator_is_111_kilometres_and_a_bit() -> None:
    assert distance_m(LonLat(lon=0, lat=0), LonLat(lon=1, lat=0)) == pytest.approx(111_319.49, abs=0.01)
    assert distance_m(LonLat(lon=179.5, lat=0), LonLat(lon=-179.5, lat=0)) == pytest.approx(
        111_319.49, abs=0.01
    )


@given(lons, lats, st.floats(0, 360), st.floats(1, 2e6))
def test_a_point_lies_as_far_off_as_asked(lon: float, lat: float, bearing: float, metres: float) -> None:
    origin = LonLat(lon=lon, lat=lat)
    assert distance_m(origin, point_at(origin, bearing=bearing, distance_m=metres)) == pytest.approx(
        metres, rel=1e-6
    )


@given(lons, lats, st.floats(50, 500_000))
def test_the_points_of_a_circle_stand_at_its_radius(lon: float, lat: float, radius: float) -> None:
    drawn = circle(LonLat(lon=lon, lat=lat), radius)
    points = shapely.get_coordinates(drawn)
    edge = points[abs(abs(points[:, 0]) - 180) > 1e-9]  # a cut at the antimeridian is no point of the circle
    away = GEOD.inv([lon] * len(edge), [lat] * len(edge), edge[:, 0], edge[:, 1])[2]
    assert all(metres == pytest.approx(radius, rel=1e-3) for metres in away)
    west, south, east, north = drawn.bounds
    assert -180 <= west <= east <= 180
    assert -90 <= south <= north <= 90
    assert drawn.is_valid


@pytest.mark.parametrize("radius", [0, -1, math.nan])
def test_a_circle_needs_a_radius(radius: float) -> None:
    with pytest.raises(ValueError, match="radius_m must be positive"):
        circle(LonLat(lon=0, lat=0), radius)


def test_the_farthest_vertex_is_found_across_the_antimeridian() -> None:
    square = shapely.box(-179, -1, -178, 1)
    expected = GEOD.inv(179, 0, -178, 1)[2]
    assert farthest_m(LonLat(lon=179, lat=0), square) == pytest.approx(expected)


@given(st.floats(-180, 180), st.floats(-60, 60), st.floats(100, 100_000))
@settings(max_examples=50)
def test_widening_reaches_the_distance_on_every_side(lon: float, lat: float, metres: float) -> None:
    wide = buffer_m(shapely.Point(lon, lat), metres)
    for bearing in (0, 90, 180, 270):
        inside = point_at(LonLat(lon=lon, lat=lat), bearing=bearing, distance_m=metres * 0.99)
        outside = point_at(LonLat(lon=lon, lat=lat), bearing=bearing, distance_m=metres * 1.01)
        assert wide.intersects(shapely.Point(*inside.geojson))
        assert not wide.contains(shapely.Point(*outside.geojson))


def test_what_crosses_the_antimeridian_is_cut_in_two() -> None:
    cut = cut_antimeridian(shapely.box(170, -10, 190, 10))
    assert cut.equals(
        shapely.MultiPolygon([shapely.box(170, -10, 180, 10), shapely.box(-180, -10, -170, 10)])
    )
    line = cut_antimeridian(shapely.LineString([(-190, 0), (-170, 0)]))
    assert line.geom_type == "MultiLineString"
    assert line.length == pytest.approx(20)
    assert cut_antimeridian(shapely.Point(190, 5)).equals(shapely.Point(-170, 5))
    whole = shapely.box(10, 10, 20, 20)
    assert cut_antimeridian(whole) is whole


@given(lons, st.floats(-180, 180))
def test_turning_keeps_a_point_where_it_is(lon: float, about: float) -> None:
    turned = unroll(shapely.Point(lon, 0), about).x
    assert abs(turned - about) <= 180 + 1e-9
    assert (turned - lon) % 360 == pytest.approx(0, abs=1e-9) or (turned - lon) % 360 == pytest.approx(360)


@pytest.mark.parametrize(
    ("boxes", "bbox"),
    [
        ([(10, 50, 20, 60)], (10, 50, 20, 60)),
        ([(-10, 0, 5, 1), (20, -5, 30, 3)], (-10, -5, 30, 3)),
        # Fiji: RFC 7946, 5.2 gives [177.0, -20.0, -178.0, -16.0]
        ([(177, -20, 180, -16), (-180, -20, -178, -16)], (177, -20, -178, -16)),
        ([(-180, 60, -170, 70), (30, 50, 180, 80)], (30, 50, -170, 80)),
    ],
)
def test_a_bbox_is_the_smaller_way_round_the_earth(
    boxes: list[tuple[float, float, float, float]], bbox: tuple[float, float, float, float]
) -> None:
    assert antimeridian_bbox([shapely.box(*box) for box in boxes]) == pytest.approx(bbox)
    assert antimeridian_bbox([shapely.union_all([shapely.box(*box) for box in boxes])]) == pytest.approx(bbox)


def test_nothing_has_no_bbox() -> None:
    assert antimeridian_bbox([]) is None


def test_rings_follow_the_right_hand_rule() -> None:
    shell, hole = (
        [(0, 0), (0, 9), (9, 9), (9, 0)],
        [(2, 2), (4, 2), (4, 4), (2, 4)],
    )  # both the wrong way round
    written = to_geojson(shapely.Polygon(shell, [hole]))
    (exterior, interior) = written["coordinates"]
    assert turn(exterior) > 0
    assert turn(interior) < 0
    assert exterior[0] == exterior[-1]


@given(st.lists(st.tuples(lons, lats), min_size=3, max_size=12), st.sampled_from([3, 5, 6]))
def test_any_shape_comes_out_wound_rounded_and_within_the_world(
    points: list[tuple[float, float]], decimals: int
) -> None:
    hull = shapely.MultiPoint(points).convex_hull
    written = to_geojson(hull, decimals=decimals)
    shape = shapely.geometry.shape(written)
    for lon, lat in shapely.get_coordinates(shape):
        assert -180 <= lon <= 180
        assert -90 <= lat <= 90
        assert round(lon, decimals) == lon
        assert round(lat, decimals) == lat
    if written["type"] in ("Polygon", "MultiPolygon"):
        for polygon in rings(written):
            assert turn(polygon[0]) >= 0
            assert all(ring[0] == ring[-1] for ring in polygon)


def test_minus_zero_is_written_as_zero() -> None:
    assert str(to_geojson(shapely.Point(-1e-9, 5))["coordinates"]) == "[0.0, 5.0]"


def test_the_parts_of_one_kind_are_picked_out_of_a_collection() -> None:
    line, area, point = shapely.LineString([(0, 0), (1, 1)]), shapely.box(5, 5, 6, 6), shapely.Point(9, 9)
    mixed = shapely.GeometryCollection([shapely.MultiLineString([line]), area, point])
    assert polygons_of(mixed).equals(area)
    assert lines_of(mixed).equals(line)
    assert polygons_of(line).is_empty
    assert lines_of(point).is_empty
