"""A geocoder of geopy over one SQLite table, as plainly as one would write it."""

import sqlite3
from pathlib import Path
from typing import Any

from folding import fold_name
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location


class SqliteGeocoder(Geocoder):  # type: ignore[misc]  # geopy has no types
    """Gives the place of a name that has the most people.

    Parameters
    ----------
    path
        A database with a table `place` of `fold` (its primary key), `name`, `lat`, `lon`, `population`.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._cursor = sqlite3.connect(path).cursor()

    def geocode(
        self, query: str, *, exactly_one: bool = True, timeout: Any = DEFAULT_SENTINEL
    ) -> Location | None:
        """The place of a name; None where there is none."""
        del exactly_one, timeout
        row = self._cursor.execute(
            "SELECT name, lat, lon, population FROM place WHERE fold = ?", (fold_name(query),)
        ).fetchone()
        if row is None:
            return None
        name, lat, lon, population = row
        return Location(name, (lat, lon), {"population": population})
