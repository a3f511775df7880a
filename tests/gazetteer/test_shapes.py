"""Shapes survive their blob to the last digit."""

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon

from geomap.gazetteer.shapes import decode_shape, encode_shape


@st.composite
def boxes_on_the_grid(draw: st.DrawFn) -> Polygon:
    """A rectangle with whole 1e-5 degree corners, sometimes with a hole."""
    west = draw(st.integers(-18_000_000, 17_999_000))
    south = draw(st.integers(-9_000_000, 8_999_000))
    east = draw(st.integers(west + 10, 18_000_000))
    north = draw(st.integers(south + 10, 9_000_000))
    holes = [_ring(west + 2, south + 2, east - 2, north - 2)] if draw(st.booleans()) else []
    return Polygon(_ring(west, south, east, north), holes)


def _ring(west: int, south: int, east: int, north: int) -> list[tuple[float, float]]:
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return [(lon / 1e5, lat / 1e5) for lon, lat in corners]


@given(boxes_on_the_grid())
def test_a_polygon_on_the_grid_comes_back_exactly(polygon: Polygon) -> None:
    assert shapely.equals_identical(decode_shape(encode_shape(polygon)), polygon)


@given(st.lists(boxes_on_the_grid(), min_size=1, max_size=4))
def test_a_multipolygon_on_the_grid_comes_back_exactly(polygons: list[Polygon]) -> None:
    multipolygon = MultiPolygon(polygons)
    assert shapely.equals_identical(decode_shape(encode_shape(multipolygon)), multipolygon)


@given(boxes_on_the_grid())
def test_the_same_shape_gives_the_same_bytes(polygon: Polygon) -> None:
    blob = encode_shape(polygon)
    assert encode_shape(decode_shape(blob)) == blob


def test_finer_coordinates_round_to_five_decimals() -> None:
    triangle = Polygon([(23.688812345, 53.6), (23.9, 53.7), (23.7, 53.999999999)])
    rounded = Polygon([(23.68881, 53.6), (23.9, 53.7), (23.7, 54.0)])
    assert decode_shape(encode_shape(triangle)).equals(rounded)


def test_neighbours_keep_their_common_edge() -> None:
    west = Polygon([(20, 50), (20.12345, 50), (20.54321, 51), (20, 51)])
    east = Polygon([(20.12345, 50), (21, 50), (21, 51), (20.54321, 51)])
    border = decode_shape(encode_shape(west)).boundary.intersection(decode_shape(encode_shape(east)).boundary)
    assert border.equals(shapely.LineString([(20.12345, 50), (20.54321, 51)]))


@pytest.mark.parametrize(
    "geometry",
    [shapely.Point(1, 2), Polygon(), MultiPolygon(), shapely.box(170, 0, 181, 1), shapely.box(0, 89, 1, 91)],
    ids=["point", "empty polygon", "empty multipolygon", "past the date line", "past the pole"],
)
def test_what_is_no_polygon_on_earth_is_refused(geometry: Polygon) -> None:
    with pytest.raises(ValueError, match=r"polygon|degrees"):
        encode_shape(geometry)


@pytest.mark.parametrize("blob", [b"", b"abc", encode_shape(shapely.box(0, 0, 1, 1))[:-3]])
def test_other_bytes_are_refused(blob: bytes) -> None:
    with pytest.raises(ValueError, match="not a shape blob"):
        decode_shape(blob)
