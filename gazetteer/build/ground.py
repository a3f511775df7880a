"""A table derived from the others: the coarse land of the world."""

import sqlite3
from collections.abc import Sequence

import shapely
from shapely.geometry.base import BaseGeometry

from geomap.gazetteer.shapes import encode_shape

# At the scale of a world map: 0.15 degrees are 17 km; islands below a pixel of it are left out.
COARSE_DEGREES = 0.15
LEAST_SQUARE_DEGREES = 0.15


def write_ground(database: sqlite3.Connection, countries: Sequence[BaseGeometry]) -> None:
    """Add the table `ground`: the land of all countries, EPSG:4326."""
    database.execute("CREATE TABLE ground (name TEXT PRIMARY KEY, shape BLOB NOT NULL) WITHOUT ROWID")
    land = shapely.union_all([shapely.simplify(shape, COARSE_DEGREES / 5).buffer(0) for shape in countries])
    coarse = shapely.simplify(land, COARSE_DEGREES)
    parts = [part for part in shapely.get_parts([coarse]) if part.area >= LEAST_SQUARE_DEGREES]
    filled = shapely.multipolygons([shapely.Polygon(part.exterior) for part in parts])
    database.execute("INSERT INTO ground VALUES ('land', ?)", (encode_shape(shapely.make_valid(filled)),))
