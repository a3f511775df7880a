"""A sheet to draw on, in points from its top left corner: shapes, symbols and text, by matplotlib.

The only module that knows matplotlib. It uses figures as objects, never pyplot, whose state is everybody's.
"""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path as FilePath
from typing import Any, Final

import matplotlib
import numpy as np
import shapely
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, get_font
from matplotlib.patches import Circle, FancyBboxPatch, PathPatch, Rectangle, Wedge
from matplotlib.path import Path
from matplotlib.patheffects import withStroke
from matplotlib.text import Text
from matplotlib.textpath import TextToPath
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geomap.render.picture_text import BOX, visible_text

INK: Final = "#1f2933"
FAINT: Final = "#52606d"
PAPER: Final = "#ffffff"
POINTS_PER_INCH: Final = 72

# Fonts that matplotlib carries, by file, so that the fonts of the machine change nothing.
_FONT_FILES: Final = {
    "regular": "DejaVuSans.ttf",
    "bold": "DejaVuSans-Bold.ttf",
    "italic": "DejaVuSans-Oblique.ttf",
    "bold italic": "DejaVuSans-BoldOblique.ttf",
}
_SETTINGS: Final[dict[Any, Any]] = {
    # Ids in the SVG are made of what they name and this, not of chance.
    "svg.hashsalt": "geomap",
    # Text as outlines. As text it would be set in whatever font the reader's machine has: labels would run
    # into each other, and letters that the font lacks would vanish. What the picture says is in its <desc>.
    "svg.fonttype": "path",
    "text.hinting": "no_hinting",
    "text.usetex": False,
    "text.parse_math": False,
    "path.simplify": False,
}

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in points."""


@dataclass(frozen=True, slots=True)
class Style:
    """How text is set: `size` in points, `face` one of the four fonts; `halo` the width of a light rim."""

    size: float
    face: str = "regular"
    colour: str = INK
    halo: float = 0
    halo_colour: str = "#fbfaf6"


@contextmanager
def settings() -> Iterator[None]:
    """Have matplotlib draw by our settings, whatever the user's own file says, and put theirs back."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_SETTINGS)
        yield


@lru_cache(maxsize=8)
def _font_path(face: str) -> FilePath:
    return FilePath(matplotlib.get_data_path(), "fonts", "ttf", _FONT_FILES[face])


@lru_cache(maxsize=8)
def _letters(face: str) -> frozenset[int]:
    return frozenset(get_font(str(_font_path(face))).get_charmap())


@lru_cache(maxsize=256)
def _properties(face: str, size: float) -> FontProperties:
    return FontProperties(fname=_font_path(face), size=size)


def _settable(text: str, face: str) -> tuple[str, str]:
    """The text with boxes for what no font of ours has, and the face that has the rest of it."""
    codes = {ord(letter) for letter in text}
    if codes <= _letters(face):
        return text, face
    known = _letters("regular")
    return "".join(letter if ord(letter) in known else BOX for letter in text), "regular"


@lru_cache(maxsize=20_000)
def _width(text: str, face: str, size: float) -> float:
    text, face = _settable(text, face)
    # At a hundred times its size: matplotlib counts in 64ths of a point.
    width: float = TextToPath().get_text_width_height_descent(text, _properties(face, 100), False)[0]
    return width * size / 100


def text_width(text: str, style: Style) -> float:
    """The width of one line in points."""
    return _width(text, style.face, style.size)


def elide(text: str, width: float, style: Style) -> str:
    """The text, or its beginning with an ellipsis where it is wider than `width` points."""
    if text_width(text, style) <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if text_width(text[:middle].rstrip() + "…", style) <= width:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + "…"


def wrap(text: object, width: float, style: Style, most: int) -> list[str]:
    """Break a text from outside into at most so many lines, the last of them elided; words break if they must."""
    words = visible_text(text).split(" ")
    lines: list[str] = []
    line = ""
    while words:
        word = words.pop(0)
        joined = f"{line} {word}" if line else word
        if text_width(joined, style) <= width:
            line = joined
        elif line:
            if len(lines) == most - 1:
                return [*lines, elide(" ".join([line, word, *words]), width, style)]
            lines.append(line)
            line = ""
            words.insert(0, word)
        else:
            if len(lines) == most - 1:
                return [*lines, elide(" ".join([word, *words]), width, style)]
            head = max(1, len(elide(word, width, style)) - 1)
            lines.append(word[:head])
            words.insert(0, word[head:])
    return [*lines, line] if line else lines


class TakenSpace:
    """Boxes already taken, so that labels keep clear of each other; looked up by the square they lie in."""

    _SQUARE: Final = 48.0

    def __init__(self) -> None:
        self._squares: dict[tuple[int, int], list[Box]] = {}

    def is_free(self, box: Box) -> bool:
        left, top, right, bottom = box
        return not any(
            left < other[2] and right > other[0] and top < other[3] and bottom > other[1]
            for square in self._touched(box)
            for other in self._squares.get(square, ())
        )

    def take(self, box: Box) -> None:
        for square in self._touched(box):
            self._squares.setdefault(square, []).append(box)

    def _touched(self, box: Box) -> list[tuple[int, int]]:
        left, top, right, bottom = (math.floor(side / self._SQUARE) for side in box)
        return [(x, y) for x in range(left, right + 1) for y in range(top, bottom + 1)]


def box_round(x: float, y: float, width: float, height: float) -> Box:
    """The box with its middle at x, y."""
    return (x - width / 2, y - height / 2, x + width / 2, y + height / 2)


class Sheet:
    """A page of `width` times `height` points; what is drawn later lies on top."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self._figure = Figure(
            figsize=(width / POINTS_PER_INCH, height / POINTS_PER_INCH), dpi=POINTS_PER_INCH, facecolor=PAPER
        )
        self._axes = self._figure.add_axes((0, 0, 1, 1))
        self._axes.set_axis_off()
        self._axes.set_xlim(0, width)
        self._axes.set_ylim(height, 0)
        self._depth = 0
        self._frame: Rectangle | None = None

    def clip_to(self, box: Box | None) -> None:
        """Keep what is drawn from now on inside a box; None for the whole sheet again."""
        self._frame = None
        if box is not None:
            left, top, right, bottom = box
            self._frame = Rectangle((left, top), right - left, bottom - top, transform=self._axes.transData)

    def _add(self, artist: Artist) -> None:
        self._depth += 1
        artist.set_zorder(self._depth)
        self._axes.add_artist(artist)
        if self._frame is not None:
            artist.set_clip_path(self._frame)

    def geometry(
        self,
        shape: BaseGeometry,
        *,
        fill: str | None = None,
        stroke: str | None = None,
        width: float = 0,
        alpha: float = 1,
        dash: Sequence[float] = (),
        round_ends: bool = True,
    ) -> None:
        """Draw polygons or lines whose coordinates are points of the sheet."""
        path = _path_of(shape)
        if path is None:
            return
        self._add(
            PathPatch(
                path,
                facecolor=fill or "none",
                edgecolor=stroke or "none",
                linewidth=width if stroke else 0,
                alpha=alpha,
                linestyle=_line_style(dash, width),
                joinstyle="round",
                capstyle="butt" if dash or not round_ends else "round",
            )
        )

    def outline(
        self,
        corners: NDArray[np.float64],
        *,
        fill: str | None,
        stroke: str | None,
        width: float,
        alpha: float = 1,
    ) -> None:
        """Draw a closed polygon of a few corners, shape (n, 2)."""
        self.geometry(shapely.Polygon(corners), fill=fill, stroke=stroke, width=width, alpha=alpha)

    def circle(
        self,
        x: float,
        y: float,
        radius: float,
        *,
        fill: str | None = None,
        stroke: str | None = None,
        width: float = 0,
        alpha: float = 1,
        dash: Sequence[float] = (),
    ) -> None:
        self._add(
            Circle(
                (x, y),
                radius,
                facecolor=fill or "none",
                edgecolor=stroke or "none",
                linewidth=width if stroke else 0,
                linestyle=_line_style(dash, width),
                alpha=alpha,
                capstyle="butt",
            )
        )

    def wedge(
        self, x: float, y: float, radius: float, *, start: float, end: float, width: float, fill: str
    ) -> None:
        """Part of a ring, from one angle to another in degrees clockwise from the right."""
        self._add(
            Wedge((x, y), radius, start, end, width=width, facecolor=fill, edgecolor="none", linewidth=0)
        )

    def line(
        self,
        xs: Sequence[float],
        ys: Sequence[float],
        *,
        colour: str,
        width: float,
        dash: Sequence[float] = (),
    ) -> None:
        self.geometry(
            shapely.LineString(np.column_stack([xs, ys])),
            stroke=colour,
            width=width,
            dash=dash,
            round_ends=False,
        )

    def rectangle(
        self,
        box: Box,
        *,
        fill: str | None = None,
        stroke: str | None = None,
        width: float = 0,
        corner: float = 0,
        alpha: float = 1,
        dash: Sequence[float] = (),
    ) -> None:
        left, top, right, bottom = box
        look: dict[str, Any] = {
            "facecolor": fill or "none",
            "edgecolor": stroke or "none",
            "linewidth": width if stroke else 0,
            "linestyle": _line_style(dash, width),
            "alpha": alpha,
            "capstyle": "butt",
        }
        if corner:
            style = f"round,pad=0,rounding_size={corner}"
            self._add(FancyBboxPatch((left, top), right - left, bottom - top, boxstyle=style, **look))
        else:
            self._add(Rectangle((left, top), right - left, bottom - top, **look))

    def text(self, words: str, x: float, y: float, style: Style, *, align: str = "left") -> None:
        """One line of text, already made visible, its middle at height `y` (by capital letters)."""
        letters, face = _settable(words, style.face)
        if not letters.strip():
            return
        artist = Text(
            x,
            y + style.size * 0.36,
            letters,
            fontproperties=_properties(face, style.size),
            color=style.colour,
            ha=align,
            va="baseline",
            parse_math=False,
            usetex=False,
        )
        if style.halo:
            artist.set_path_effects([withStroke(linewidth=style.halo, foreground=style.halo_colour)])
        self._add(artist)

    def save_png(self, dpi: int, metadata: dict[str, str | None]) -> bytes:
        stream = BytesIO()
        self._figure.savefig(stream, format="png", dpi=dpi, metadata=metadata)
        return stream.getvalue()

    def save_svg(self, metadata: dict[str, str | None]) -> str:
        stream = BytesIO()
        self._figure.savefig(stream, format="svg", metadata=metadata)
        return stream.getvalue().decode()


def darker(colour: str) -> str:
    """A colour dark enough to be read as text on the map."""
    try:
        parts = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    except ValueError:
        return INK
    return "#" + "".join(f"{round(part * 0.55):02x}" for part in parts)


def edges_of(shape: BaseGeometry) -> BaseGeometry:
    """The outlines of the polygons of a shape, as lines."""
    rings = [
        ring
        for leaf in leaves(shape)
        if leaf.geom_type == "Polygon"
        for ring in (leaf.exterior, *leaf.interiors)
    ]
    return shapely.MultiLineString([shapely.get_coordinates(ring) for ring in rings])


def polygons_of(shape: BaseGeometry) -> BaseGeometry:
    """The polygons of a shape alone."""
    return shapely.MultiPolygon([leaf for leaf in leaves(shape) if leaf.geom_type == "Polygon"])


def lines_of(shape: BaseGeometry) -> BaseGeometry:
    """The lines of a shape alone, joined where they meet."""
    lines = [shapely.get_coordinates(leaf) for leaf in leaves(shape) if leaf.geom_type != "Polygon"]
    return shapely.line_merge(shapely.MultiLineString(lines)) if lines else shapely.MultiLineString()


def _line_style(dash: Sequence[float], width: float) -> Any:
    # matplotlib counts dashes in widths of the line, we in points.
    return (0, tuple(part / max(width, 0.01) for part in dash)) if dash else "solid"


def _path_of(shape: BaseGeometry) -> Path | None:
    """One compound path of the polygons or lines of a shape."""
    parts: list[NDArray[np.float64]] = []
    codes: list[NDArray[np.uint8]] = []
    for leaf in leaves(shape):
        closed = leaf.geom_type == "Polygon"
        for line in [leaf.exterior, *leaf.interiors] if closed else [leaf]:
            points = shapely.get_coordinates(line)
            code = np.full(len(points), Path.LINETO, dtype=np.uint8)
            code[0] = Path.MOVETO
            if closed:
                code[-1] = Path.CLOSEPOLY
            parts.append(points)
            codes.append(code)
    return Path(np.vstack(parts), np.concatenate(codes)) if parts else None


def leaves(shape: BaseGeometry) -> list[BaseGeometry]:
    """The single polygons and lines that a shape is made of."""
    if hasattr(shape, "geoms"):
        return [leaf for part in shape.geoms for leaf in leaves(part)]
    lineal = shape.geom_type in ("Polygon", "LineString", "LinearRing")
    return [shape] if lineal and not shape.is_empty else []
