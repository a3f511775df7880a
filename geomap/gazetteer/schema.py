"""The SQLite tables of places and their names: of the base that geomap carries, and of a user's own dumps."""

import sqlite3
from enum import IntEnum
from typing import Final

from geomap.gazetteer.fold import fold_name

SCHEMA_VERSION: Final = "2"
DEGREE: Final = 100_000
"""Coordinates are whole numbers of 1e-5 degrees, EPSG:4326: 1.1 m at the equator."""


class NameRank(IntEnum):
    """What a name is to its place."""

    MAIN = 0
    OTHER = 1
    """Another name, in Latin or Cyrillic script."""
    OTHER_SCRIPT = 2
    SHORT = 3
    """What a division is called only where its kind is plain: `DeKalb` for DeKalb County."""
    DEMONYM = 4
    """A people or adjective: `Belarusians`, `Belarusian`. Never the name of a place in a description."""


POSTAL: Final = "gnp:"
"""The scheme of places from GeoNames' postal table, which have no id of their own."""

PLACE_TABLES: Final = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE place (
    key INTEGER PRIMARY KEY, code TEXT, name TEXT NOT NULL, feature TEXT NOT NULL,
    country TEXT, region TEXT, district INTEGER,
    population INTEGER NOT NULL, lon INTEGER NOT NULL, lat INTEGER NOT NULL, radius_m INTEGER
);
CREATE TABLE name (
    fold TEXT NOT NULL, place INTEGER NOT NULL, rank INTEGER NOT NULL, PRIMARY KEY (fold, place)
) WITHOUT ROWID;
CREATE TABLE variant (key TEXT NOT NULL, fold TEXT NOT NULL, PRIMARY KEY (key, fold)) WITHOUT ROWID;
CREATE TABLE area (place INTEGER PRIMARY KEY, shape BLOB NOT NULL);
"""
"""Columns of `place`:

key
    The GeoNames id; a negative number for places of other sources.
code
    NULL for places of GeoNames, whose id is `gn:<key>`; else the whole id, `scheme:code` (`oa:UMLI`); a
    scheme alone (`gnp:`) where `derived_code` makes the rest.
name
    The main name, as written.
feature
    A GeoNames feature code (`PPL`, `PPLC`, `ADM2`, `AIRP`, `AIRB`, `SEA`, `STM`, `LK`, `MTS`, `RGN`).
country
    ISO 3166-1 alpha-2 of its own record; NULL where it has none.
region
    Id of the first-order region (`region.id`, mostly ISO 3166-2) that it lies in; NULL at sea or unknown.
district
    GeoNames id of its second-order division, NULL where unknown; where GeoNames' second order is Natural Earth's
    first (the departments of France) that of the region. For a division itself NULL.
population
    Inhabitants, 0 where unknown.
lon, lat
    Representative point in units of 1e-5 degrees.
radius_m
    Metres round the point that hold the place with about 90 %; NULL where population says it.

`name.rank`: see `NameRank`.
`variant.key`: what `variants.variant_key` makes of a fold, for spellings that no fold meets.
`area.shape`: `shapes.encode_shape` of a polygon or line, EPSG:4326, for places wider than a point.
"""


def derived_code(country: str | None, name: str, lon: float, lat: float) -> str:
    """What names a place without an id of its own: country, folded name and position, 100 m fine."""
    return f"{country}-{fold_name(name).replace(' ', '-')}-{lat:.3f},{lon:.3f}"


def create_place_tables(database: sqlite3.Connection) -> None:
    """Create the empty tables in a new database of 16 KiB pages that is written once and then only read."""
    database.execute("PRAGMA page_size = 16384")
    database.execute("PRAGMA journal_mode = OFF")
    database.execute("PRAGMA synchronous = OFF")
    database.executescript(PLACE_TABLES)
