"""A position outside the earth cannot be made."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.model.lonlat import LonLat


@given(st.floats(-180, 180), st.floats(-90, 90))
def test_a_position_on_the_earth_keeps_its_axes_apart(lon: float, lat: float) -> None:
    assert LonLat(lon=lon, lat=lat).geojson == (lon, lat)


@pytest.mark.parametrize("lon", [180.0001, -181, math.nan, math.inf])
def test_a_longitude_off_the_earth_is_refused(lon: float) -> None:
    with pytest.raises(ValueError, match="lon out of range"):
        LonLat(lon=lon, lat=0)


@pytest.mark.parametrize("lat", [90.0001, -91, math.nan, -math.inf])
def test_a_latitude_off_the_earth_is_refused(lat: float) -> None:
    with pytest.raises(ValueError, match="lat out of range"):
        LonLat(lon=0, lat=lat)


def test_a_position_takes_no_bare_pair() -> None:
    with pytest.raises(TypeError):
        LonLat(23.8, 53.7)  # type: ignore[misc]
