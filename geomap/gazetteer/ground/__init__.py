"""What only the basemap draws: the coarse world, waters, and names of towns by language."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

FAR_DEGREES: Final = 0.15
"""At the scale of a world map: 0.15 degrees are 17 km; islands below a pixel of it are left out."""
LEAST_SQUARE_DEGREES: Final = 0.12

Owners = tuple[str, ...]
"""Whose a piece of land is, one code for each worldview."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Water:
    """A river, lake or sea; `rank` is Natural Earth's scalerank, 0 the greatest.

    `names` are by language, as far as they are known. A sea has a point, where its name is written.
    """

    id: int = 0
    kind: Literal["river", "lake", "sea"]
    rank: int
    names: Mapping[str, str]
    shape: BaseGeometry


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """A settlement as a label: `names` by language, `native` what it is called at home, where that is known."""

    lon: float
    lat: float
    name: str
    population: int
    capital: bool
    names: Mapping[str, str]
    native: str


def coarse_land(pieces: Iterable[tuple[Owners, BaseGeometry]]) -> list[tuple[Owners, BaseGeometry]]:
    """Join pieces of land that have the same owners in every view, and simplify them together.

    Parameters
    ----------
    pieces
        Polygons of one coverage, EPSG:4326: neighbours share their vertices.

    Returns
    -------
    land
        One polygon for each set of owners, sorted by them; they are a coverage again.
    """
    members: defaultdict[Owners, list[BaseGeometry]] = defaultdict(list)
    for owners, shape in pieces:
        members[owners].append(shape)
    joined = {owners: _large_parts(shapely.coverage_union_all(shapes)) for owners, shapes in members.items()}
    known = sorted(owners for owners, shape in joined.items() if not shape.is_empty)
    simple = shapely.coverage_simplify(
        np.array([joined[owners] for owners in known], dtype=object), FAR_DEGREES, simplify_boundary=True
    )
    return [(owners, shape) for owners, shape in zip(known, simple, strict=True) if not shape.is_empty]


def _large_parts(shape: BaseGeometry) -> BaseGeometry:
    """The parts that can be seen, without the holes that cannot; small countries keep their largest part."""
    parts = sorted(shapely.get_parts([shape]), key=lambda part: -part.area)
    kept = [part for part in parts if part.area >= LEAST_SQUARE_DEGREES]
    return shapely.MultiPolygon(kept)
