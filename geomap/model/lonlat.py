"""A position that cannot be wrong, with one named converter for each axis order."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LonLat:
    """A WGS 84 position in decimal degrees; `lon` is east, `lat` is north.

    Raises
    ------
    ValueError
        If a value is not finite, or `lon` is outside -180..180 or `lat` outside -90..90.
    """

    lon: float
    lat: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.lon) and -180 <= self.lon <= 180):
            raise ValueError(f"lon out of range: {self.lon!r}; expected degrees from -180 to 180")
        if not (math.isfinite(self.lat) and -90 <= self.lat <= 90):
            raise ValueError(f"lat out of range: {self.lat!r}; expected degrees from -90 to 90")

    @property
    def geojson(self) -> tuple[float, float]:
        """`(lon, lat)`, the order of RFC 7946 and shapely."""
        return (self.lon, self.lat)
