"""Geometry of places known by their relation to others, checked against pyproj and simple figures."""

import pytest
import shapely
from hypothesis import example, given
from hypothesis import strategies as st
from pyproj import Geod

from geomap.errors import EmptyRelationError
from geomap.gazetteer import relations
from geomap.model.lonlat import LonLat

GEOD = Geod(ellps="WGS84")
WEST, EAST = shapely.box(20, 50, 24, 54), shapely.box(24, 51, 28, 55)
ISLAND = shapely.box(40, 50, 41, 51)


def test_two_areas_share_the_line_along_which_they_meet() -> None:
    border = relations.shared_border(WEST, EAST)
    assert border.equals(shapely.LineString([(24, 51), (24, 54)]))
    assert border.equals(relations.shared_border(EAST, WEST))


@pytest.mark.parametrize("other", [ISLAND, shapely.box(24, 54, 28, 58), shapely.box(24.001, 50, 28, 54)])
def test_areas_that_do_not_meet_along_a_line_have_no_border(other: shapely.Polygon) -> None:
    with pytest.raises(EmptyRelationError):
        relations.shared_border(WEST, other)


def test_a_stretch_ends_where_the_geodesic_circle_crosses_the_border() -> None:
    border = relations.shared_border(WEST, EAST)
    part = relations.clip_to_circle(border, LonLat(lon=24, lat=52.5), 20)
    (_, south), (_, north) = part.coords[0], part.coords[-1]
    for lat in (south, north):
        assert GEOD.inv(24, 52.5, 24, lat)[2] == pytest.approx(20_000, rel=1e-3)
    with pytest.raises(EmptyRelationError, match="within 5 km; widen within_km"):
        relations.clip_to_circle(border, LonLat(lon=25, lat=52.5), 5)


def test_a_border_is_clipped_to_a_region_that_it_only_skirts() -> None:
    border = relations.shared_border(WEST, EAST)
    part = relations.clip_to_area(border, shapely.box(22, 52, 24, 53))
    assert part.bounds == pytest.approx((24, 52, 24, 53), abs=2e-4)
    with pytest.raises(EmptyRelationError, match="no part of it lies in that region"):
        relations.clip_to_area(border, ISLAND)


@pytest.mark.parametrize("depth_km", [1, 5, 50])
@pytest.mark.parametrize("side", [WEST, EAST])
def test_a_strip_lies_on_its_side_and_is_as_deep_as_told(side: shapely.Polygon, depth_km: float) -> None:
    border = relations.shared_border(WEST, EAST)
    strip = relations.strip_on_side(border, side, depth_km)
    assert strip.difference(side.buffer(1e-9)).area < 1e-9
    assert strip.distance(border) < 1e-9
    across = shapely.intersection(strip, shapely.LineString([(18, 52.5), (30, 52.5)]))
    assert GEOD.geometry_length(across) == pytest.approx(depth_km * 1000, rel=0.005)


def test_a_strip_does_not_jump_to_a_bank_that_the_stretch_does_not_touch() -> None:
    # Two banks of one country 6 km apart; the stretch runs along the western one only.
    near, far = shapely.box(23, 51, 24, 52), shapely.box(24.09, 51, 25, 52)
    strip = relations.strip_on_side(
        shapely.LineString([(24, 51.4), (24, 51.6)]), shapely.union(near, far), 10
    )
    assert strip.bounds[2] <= 24 + 1e-9


@given(st.floats(-170, 170), st.floats(-60, 60), st.floats(0, 360), st.floats(0.1, 500), st.floats(1, 20_000))
def test_an_offset_is_what_pyproj_measures(
    lon: float, lat: float, bearing: float, distance_km: float, radius_m: float
) -> None:
    origin = LonLat(lon=lon, lat=lat)
    point, radius = relations.offset_point(
        origin, bearing=bearing, distance_km=distance_km, radius_m=radius_m
    )
    azimuth, _, away = GEOD.inv(lon, lat, point.lon, point.lat)
    assert away == pytest.approx(distance_km * 1000, rel=1e-6)
    assert (azimuth - bearing + 180) % 360 - 180 == pytest.approx(0, abs=1e-3)
    assert radius == pytest.approx(max(radius_m, 200 * distance_km))


@pytest.mark.parametrize(
    ("first", "second"),
    [((27.57, 53.9), (21.01, 52.23)), ((178.44, -18.14), (-171.77, -13.83)), ((179.9, 65), (-179.9, 66))],
)
def test_a_stretch_between_two_places_holds_both_and_its_middle_is_half_way(
    first: tuple[float, float], second: tuple[float, float]
) -> None:
    a, b = LonLat(lon=first[0], lat=first[1]), LonLat(lon=second[0], lat=second[1])
    blob, middle = relations.stretch_between(a, b)
    length = GEOD.inv(*first, *second)[2]
    for end in (a, b):
        assert blob.intersects(shapely.Point(*end.geojson))
        assert GEOD.inv(*end.geojson, *middle.geojson)[2] == pytest.approx(length / 2, rel=1e-6)
    assert blob.bounds[0] >= -180
    assert blob.bounds[2] <= 180
    # A lozenge of half width 15 %: wider than the line, far narrower than the world.
    area = sum(abs(GEOD.geometry_area_perimeter(part)[0]) for part in shapely.get_parts([blob]))
    half = max(2000, 0.15 * length)
    assert area == pytest.approx(2 * half * length + 3.14159 * half**2, rel=0.03)


ANYWHERE = st.builds(LonLat, lon=st.floats(-180, 180), lat=st.floats(-90, 90))


@given(ANYWHERE, ANYWHERE)
@example(LonLat(lon=173.28, lat=-41.27), LonLat(lon=-3.25, lat=51.59))
@example(LonLat(lon=0, lat=80), LonLat(lon=180, lat=80))
def test_a_stretch_between_any_two_places_is_sound(one: LonLat, other: LonLat) -> None:
    try:
        blob, _ = relations.stretch_between(one, other)
    except EmptyRelationError:
        return
    assert blob.is_valid
    assert not blob.is_empty
    west, south, east, north = blob.bounds
    assert -180 <= west < east <= 180
    assert -90 <= south < north <= 90


def test_there_is_nothing_between_a_place_and_itself() -> None:
    with pytest.raises(EmptyRelationError, match="same place"):
        relations.stretch_between(LonLat(lon=1, lat=2), LonLat(lon=1, lat=2))
