"""The outlines of the type symbols: what stands for a type on a picture, in GIS software and in Google Earth."""

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

Outline = Sequence[tuple[float, float]]
"""Corners of a polygon about the origin, y down; the half-size of a symbol is 1."""


def _corners(n: int, radius: float, turn: float, inner: float | None = None) -> Outline:
    """The corners of a regular polygon; with an inner radius, of a star."""
    count = 2 * n if inner else n
    reach = [inner if inner and i % 2 else radius for i in range(count)]
    angles = [turn + 2 * math.pi * i / count for i in range(count)]
    return tuple(
        (math.cos(angle) * own, math.sin(angle) * own) for angle, own in zip(angles, reach, strict=True)
    )


_UP: Final = -math.pi / 2
_PLUS: Final = (
    (-0.4, -1.1), (0.4, -1.1), (0.4, -0.4), (1.1, -0.4), (1.1, 0.4), (0.4, 0.4),
    (0.4, 1.1), (-0.4, 1.1), (-0.4, 0.4), (-1.1, 0.4), (-1.1, -0.4), (-0.4, -0.4),
)  # fmt: skip

GLYPH_OUTLINES: Final[Mapping[str, Outline]] = MappingProxyType(
    {
        "square": _corners(4, 1.22, math.pi / 4),
        "square_open": _corners(4, 1.22, math.pi / 4),
        "triangle": _corners(3, 1.22, _UP),
        "triangle_down": _corners(3, 1.22, -_UP),
        "diamond": ((0, -1.4), (0.98, 0), (0, 1.4), (-0.98, 0)),
        "diamond_open": _corners(4, 1.25, _UP),
        "pentagon": _corners(5, 1.12, _UP),
        "hourglass": ((-1.05, -1.15), (1.05, -1.15), (0.3, 0), (1.05, 1.15), (-1.05, 1.15), (-0.3, 0)),
        "star": _corners(5, 1.3, _UP, 0.58),
        "chevron": ((0, -1.1), (1.1, 0.35), (1.1, 1.15), (0, 0.15), (-1.1, 1.15), (-1.1, 0.35)),
        "cross": tuple((1.1 * (x - y) / math.sqrt(2), 1.1 * (x + y) / math.sqrt(2)) for x, y in _PLUS),
        "plus": _PLUS,
        "bar": ((-1.25, -0.5), (1.25, -0.5), (1.25, 0.5), (-1.25, 0.5)),
    }
)
"""As in the page's `static/glyphs.js`; a glyph that is not here is a circle, `dot` one of 0.65."""

OPEN_GLYPHS: Final = frozenset({"square_open", "diamond_open", "ring"})
"""White inside, with an edge in the colour of the type."""
