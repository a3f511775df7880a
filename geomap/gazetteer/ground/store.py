"""Reads `ground.sqlite`, which `gazetteer/build/build_ground.py` writes."""

import sqlite3
import weakref
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import numpy as np
import orjson
import shapely
from shapely.geometry.base import BaseGeometry

from geomap.errors import DataFileError
from geomap.gazetteer.ground import Owners, Water
from geomap.gazetteer.shapes import decode_shape, encode_shape

GROUND: Final = "ground.sqlite"
TABLES: Final = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE far (owners TEXT PRIMARY KEY, shape BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE water (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, rank INTEGER NOT NULL, names TEXT NOT NULL,
    west REAL NOT NULL, south REAL NOT NULL, east REAL NOT NULL, north REAL NOT NULL, shape BLOB
);
CREATE TABLE town (place INTEGER PRIMARY KEY, native TEXT NOT NULL, names TEXT NOT NULL);
"""
"""`far.owners`: codes for the worldviews that `meta` lists under `views`; `water.shape`: NULL of a sea, which is the
point (west, south); `names`: JSON by language; `town.place`: a GeoNames id; `town.native`: a name, or the language
of `names` that it is in.
"""

_COARSE: Final = 100
"""Shapes here are kept to a thousandth of a degree, a hundred steps of the grid of `encode_shape`."""

Bbox = tuple[float, float, float, float]


class GroundStore:
    """Read access to the basemap's own tables.

    Raises
    ------
    DataFileError
        If the file is missing.
    """

    def __init__(self, folder: Path) -> None:
        path = folder / GROUND
        if not path.is_file():
            raise DataFileError(f"the basemap's data is missing from {folder}; install geomap again")
        self._tables = sqlite3.connect(path.resolve().as_uri() + "?mode=ro&immutable=1", uri=True)
        weakref.finalize(self, self._tables.close)
        row = self._tables.execute("SELECT value FROM meta WHERE key = 'views'").fetchone()
        self.views: tuple[str, ...] = tuple(str(row[0]).split())

    def far_land(self) -> list[tuple[Owners, BaseGeometry]]:
        """The coarse land of the world, with its owners in each of `views`."""
        rows = self._tables.execute("SELECT owners, shape FROM far ORDER BY owners")
        return [(tuple(owners.split()), decode_coarse(blob)) for owners, blob in rows]

    def waters(self, bbox: Bbox, last_rank: int) -> list[Water]:
        """Rivers, lakes and seas that touch a bbox and are as great as a rank, the greatest first."""
        west, south, east, north = bbox
        rows = self._tables.execute(
            "SELECT id, kind, rank, names, west, south, shape FROM water WHERE rank <= ?"
            " AND west <= ? AND east >= ? AND south <= ? AND north >= ? ORDER BY id",
            (last_rank, east, west, north, south),
        )
        return [
            Water(
                id=number,
                kind=kind,
                rank=rank,
                names=orjson.loads(names),
                shape=shapely.Point(lon, lat) if blob is None else decode_coarse(blob),
            )
            for number, kind, rank, names, lon, lat, blob in rows
        ]

    def town_names(self, keys: Iterable[int]) -> dict[int, tuple[Mapping[str, str], str]]:
        """Names by language, and the native one, of the towns that have any, by GeoNames id."""
        found = {}
        for key in keys:
            row = self._tables.execute("SELECT native, names FROM town WHERE place = ?", (key,)).fetchone()
            if row:
                names = orjson.loads(row[1])
                found[key] = (names, names.get(row[0], row[0]))
        return found


def encode_coarse(shape: BaseGeometry) -> bytes:
    """Write a polygon or line as a blob, its vertices rounded to thousandths of a degree."""
    return encode_shape(shapely.transform(shape, lambda points: points / _COARSE))


def decode_coarse(blob: bytes) -> BaseGeometry:
    """Read back what `encode_coarse` wrote."""
    return shapely.transform(decode_shape(blob), lambda points: np.round(points * _COARSE, 3))
