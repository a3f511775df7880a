"""Tables derived from the others: names by fold, and the coarse land of the world."""

import json
import sqlite3

import shapely

from geomap.gazetteer.fold import fold_name
from geomap.gazetteer.names import without_region_words
from geomap.gazetteer.shapes import decode_shape, encode_shape

SCHEMA = """
CREATE TABLE region_name (fold TEXT NOT NULL, region TEXT NOT NULL, PRIMARY KEY (fold, region)) WITHOUT ROWID;
CREATE TABLE country_name (
    fold TEXT NOT NULL, country TEXT NOT NULL, PRIMARY KEY (fold, country)
) WITHOUT ROWID;
CREATE TABLE ground (name TEXT PRIMARY KEY, shape BLOB NOT NULL) WITHOUT ROWID;
"""
# At the scale of a world map: 0.15 degrees are 17 km; islands below a pixel of it are left out.
COARSE_DEGREES = 0.15
LEAST_SQUARE_DEGREES = 0.15


def write_indexes(database: sqlite3.Connection) -> None:
    """Add the tables; reads `region` and `country`."""
    database.executescript(SCHEMA)
    for table, key, of_region in (("region", "id", True), ("country", "code", False)):
        rows = {
            (fold, owner)
            for owner, names in database.execute(f"SELECT {key}, names FROM {table}")
            for fold in _folds(json.loads(names), of_region)
        }
        database.executemany(f"INSERT INTO {table}_name VALUES (?, ?)", sorted(rows))
    shapes = [decode_shape(blob) for (blob,) in database.execute("SELECT shape FROM country ORDER BY code")]
    land = shapely.union_all([shapely.simplify(shape, COARSE_DEGREES / 5).buffer(0) for shape in shapes])
    coarse = shapely.simplify(land, COARSE_DEGREES)
    parts = [part for part in shapely.get_parts([coarse]) if part.area >= LEAST_SQUARE_DEGREES]
    filled = shapely.multipolygons([shapely.Polygon(part.exterior) for part in parts])
    database.execute("INSERT INTO ground VALUES ('land', ?)", (encode_shape(shapely.make_valid(filled)),))


def _folds(names: dict[str, list[str]], of_region: bool) -> set[str]:
    folds = {fold_name(name) for written in names.values() for name in written}
    if of_region:
        folds |= {without_region_words(fold) for fold in folds}
    return {fold for fold in folds if len(fold) > 1}
