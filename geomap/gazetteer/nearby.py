"""The countries that many positions may lie in, found for whole cells of the map at once."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geomap.gazetteer.store import BORDER_SLACK, Store
from geomap.model.columns import Coded, Rows

_CELL: Final = 2.0
"""Degrees across the cells that are looked at first."""
_FEW: Final = 64
"""With no more positions than these in a cell, each is measured."""

_Parts = tuple[Sequence[str], NDArray[np.object_]]
"""Codes of countries, and beside each a part of its area."""


def countries_near(
    store: Store, lon: NDArray[np.float64], lat: NDArray[np.float64]
) -> Coded[tuple[str, ...]]:
    """Of each position (EPSG:4326 degrees) the codes that `Store.countries_near` gives, in the order of the alphabet.

    A cell that one country covers, or none comes near, answers for all positions in it; others are parted in four.
    """
    search = _Search(store, lon, lat)
    column, row = (np.floor(degrees / _CELL).astype(np.int64) for degrees in (lon, lat))
    cells, inverse = np.unique(column * 1_000 + row + 500, return_inverse=True)
    order = np.argsort(inverse, kind="stable")
    bounds = np.searchsorted(inverse[order], np.arange(len(cells) + 1))
    for number, cell in enumerate(cells.tolist()):
        west, south = cell // 1_000 * _CELL, (cell % 1_000 - 500) * _CELL
        box = (west, south, west + _CELL, south + _CELL)
        search.look(box, order[bounds[number] : bounds[number + 1]], search.regions(box))
    return Coded(search.codes, list(search.known))


class _Search:
    def __init__(self, store: Store, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> None:
        self._store, self._lon, self._lat = store, lon, lat
        self.codes = np.zeros(len(lon), dtype=np.int32)
        self.known: dict[tuple[str, ...], int] = {}

    def regions(self, box: tuple[float, float, float, float]) -> _Parts:
        """The regions that may come near to a cell."""
        ids = self._store.region_ids(_wider(box))
        shapes: list[BaseGeometry] = [self._store.region_shape(region) for region in ids]
        return [self._store.region(region).country for region in ids], np.array(shapes, dtype=object)

    def look(self, box: tuple[float, float, float, float], rows: Rows, parts: _Parts) -> None:
        """Settle the positions of a cell."""
        codes, shapes = parts
        if len(shapes):
            shapes = shapely.clip_by_rect(shapes, *_wider(box))
            held = np.flatnonzero(~shapely.is_empty(shapes)).tolist()
            codes, shapes = [codes[number] for number in held], shapes[held]
        if not codes:
            self._settle(rows, ())
        elif len(set(codes)) == 1 and shapely.union_all(shapely.make_valid(shapes)).covers(shapely.box(*box)):
            self._settle(rows, (codes[0],))
        elif len(rows) <= _FEW:
            self._measure(rows, codes, shapes)
        else:
            self._part(box, rows, (codes, shapes))

    def _part(self, box: tuple[float, float, float, float], rows: Rows, parts: _Parts) -> None:
        west, south, east, north = box
        middle, centre = (west + east) / 2, (south + north) / 2
        is_east, is_north = self._lon[rows] >= middle, self._lat[rows] >= centre
        for quarter in range(4):
            on_east, on_north = bool(quarter & 1), bool(quarter & 2)
            own = rows[(is_east == on_east) & (is_north == on_north)]
            if len(own):
                cell = (
                    middle if on_east else west,
                    centre if on_north else south,
                    east if on_east else middle,
                    north if on_north else centre,
                )
                if cell[2] - cell[0] < BORDER_SLACK:
                    self._measure(own, *parts)
                else:
                    self.look(cell, own, parts)

    def _measure(self, rows: Rows, codes: Sequence[str], shapes: NDArray[np.object_]) -> None:
        points = shapely.points(self._lon[rows], self._lat[rows])
        near = {code: np.zeros(len(rows), dtype=bool) for code in sorted(set(codes))}
        for code, shape in zip(codes, shapes, strict=True):
            near[code] |= shapely.distance(points, shape) <= BORDER_SLACK
        key = sum(is_near.astype(np.int64) << number for number, is_near in enumerate(near.values()))
        for value in np.unique(key).tolist():
            found = tuple(code for number, code in enumerate(near) if value >> number & 1)
            self._settle(rows[key == value], found)

    def _settle(self, rows: Rows, countries: tuple[str, ...]) -> None:
        self.codes[rows] = self.known.setdefault(countries, len(self.known))


def _wider(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    west, south, east, north = box
    # A little more, so that the edge of a cut is never the nearest.
    slack = BORDER_SLACK * 1.01
    return (west - slack, south - slack, east + slack, north + slack)
