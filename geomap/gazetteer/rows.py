"""A place as a name finds it in the tables, and what is told from its row alone."""

import math
from typing import Final, NamedTuple

from geomap.gazetteer.kinds import PlaceClass, class_of
from geomap.gazetteer.schema import DEGREE, derived_code

CITY_PEOPLE: Final = 100_000
_TOWN_PEOPLE: Final = 5_000
_SITE_RADIUS_M: Final = 3_000.0
_EARTH_M: Final = 6_371_008.8  # mean radius (IUGG)


class Row(NamedTuple):
    """A place as a name finds it; columns as in `schema`, `lon` and `lat` in units of 1e-5 degrees.

    `rank` is that of the name: 0 the main one, 1 another, 2 one of another script.
    """

    key: int
    code: str | None
    name: str
    feature: str
    country: str | None
    region: str | None
    district: int | None
    population: int
    lon: int
    lat: int
    radius_m: int | None
    rank: int


def place_id(row: Row) -> str:
    """The id of a place that is not curated: `gn:627904`, `oa:UMLI`."""
    if row.code is None:
        return f"gn:{row.key}"
    if row.code.endswith(":"):
        return row.code + derived_code(row.country, row.name, row.lon / DEGREE, row.lat / DEGREE)
    return row.code


def kind_of(row: Row) -> str:
    """What a place is, in a word."""
    place_class = class_of(row.feature)
    if place_class is PlaceClass.SETTLEMENT:
        if row.feature == "PPLX":
            return "quarter"
        large = row.population >= CITY_PEOPLE
        return "city" if large else "town" if row.population >= _TOWN_PEOPLE else "village"
    if place_class is PlaceClass.AIRFIELD:
        return "air_base" if row.feature == "AIRB" else "airfield"
    return place_class.value


def radius_m(row: Row) -> float:
    """The circle that holds a place with about 90 %."""
    if row.radius_m is not None:
        return float(row.radius_m)
    return settlement_radius_m(row.population) if row.feature.startswith("PPL") else _SITE_RADIUS_M


def settlement_radius_m(population: int) -> float:
    """A radius that holds a settlement: 10 m by the root of its people, 2 to 30 km.

    Two releases of one GeoNames record were measured up to 2.6 km apart, hence the floor.
    """
    return float(round(min(max(10.0 * math.sqrt(population), 2_000.0), 30_000.0)))


def away_m(one: Row, two: Row) -> float:
    """Metres between two places on a sphere, within 0.6 % of the ellipsoid: to rank by, not to draw."""
    lat_1, lat_2 = math.radians(one.lat / DEGREE), math.radians(two.lat / DEGREE)
    east = math.radians((two.lon - one.lon) / DEGREE)
    chord = math.sin((lat_2 - lat_1) / 2) ** 2 + math.cos(lat_1) * math.cos(lat_2) * math.sin(east / 2) ** 2
    return 2 * _EARTH_M * math.asin(min(1.0, math.sqrt(chord)))
