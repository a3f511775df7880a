"""The one value that every source of places is read into."""

from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry


def codes(text: str) -> list[str]:
    """Codes written in a row, parted by blanks."""
    return text.split()


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """A place as the base tables take it; see `geomap.gazetteer.schema` for what the fields mean.

    `place_id` is `gn:<geonameid>` or another `scheme:code`. `lon`, `lat` are degrees, EPSG:4326. `shape` is a
    polygon or line in EPSG:4326, lon before lat, for places wider than a point.
    """

    place_id: str
    name: str
    other_names: tuple[str, ...] = ()
    feature: str
    country: str | None
    region: str | None = None
    district: int | None = None
    population: int = 0
    lon: float
    lat: float
    radius_m: int | None = None
    shape: BaseGeometry | None = None
