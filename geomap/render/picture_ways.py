"""Where somebody went, on a picture: an arrow between two known places, else a broken one at the known end."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geomap.render.picture_ground import PX, View
from geomap.render.picture_sheet import Sheet, Style, TakenSpace, box_round, darker, elide, text_width
from geomap.render.picture_text import visible_text
from geomap.scene import Scene, TypeSymbol

_STUB: Final = (35 * PX, -26 * PX)
_CLEAR: Final = 10 * PX
_HEAD: Final = (10 * PX, 4.6 * PX)
_SHORTEST: Final = 16 * PX
_WHITE: Final = "#ffffff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """From a to b on the sheet; `stub`: one end is not known as a point, and `words` say which it is."""

    event: int
    a: tuple[float, float]
    b: tuple[float, float]
    stub: bool
    words: str
    colour: str
    dash: tuple[float, ...]


def plan_ways(
    scene: Scene, view: View, symbols: dict[str, TypeSymbol], dashes: dict[str, tuple[float, ...]]
) -> tuple[Way, ...]:
    """The ways whose known ends the frame shows; `symbols` by event type, `dashes` by status."""
    ways = []
    for movement in scene.movements:
        known = movement.end or movement.start
        if known is None:
            continue
        stub = movement.start is None or movement.end is None
        ends = [view.place(*(end or known)) for end in (movement.start, movement.end)]
        if not any(view.holds(*end) for end in ends):
            continue
        if stub:
            x, y = ends[0]
            # Its words need room beside it.
            side = -1 if x > view.frame[2] - 0.25 * (view.frame[2] - view.frame[0]) else 1
            far = (x + side * _STUB[0], y + _STUB[1])
            near = (x + side * _STUB[0] * 0.22, y + _STUB[1] * 0.22)
            ends = [far, near] if movement.start is None else [near, far]
        toward = "from" if movement.start is None else "to"
        unspecified = " (unspecified)" if movement.is_country else ""
        symbol = symbols.get(scene.events["type"][movement.event])
        ways.append(
            Way(
                event=movement.event,
                a=ends[0],
                b=ends[1],
                stub=stub,
                words=visible_text(f"{toward} {movement.label}{unspecified}", 80) if stub else "",
                colour=symbol.colour if symbol else "#777777",
                dash=dashes.get(scene.events["status"][movement.event], ()),
            )
        )
    return tuple(ways)


def draw_way(sheet: Sheet, way: Way) -> None:
    """Draw an arrow, a little bent, so that the way there and the way back do not lie on each other."""
    (x0, y0), (x1, y1) = way.a, way.b
    length = math.hypot(x1 - x0, y1 - y0)
    if length < _SHORTEST:
        return
    ux, uy = (x1 - x0) / length, (y1 - y0) / length
    clear = 0.0 if way.stub else _CLEAR
    bend = 0.0 if way.stub else min(40 * PX, length * 0.12)
    start = np.array([x0 + ux * clear, y0 + uy * clear])
    end = np.array([x1 - ux * clear, y1 - uy * clear])
    middle = (start + end) / 2 + bend * np.array([uy, -ux])
    angle = math.atan2(end[1] - middle[1], end[0] - middle[0])
    # The line ends inside the head, not before its tip.
    neck = end - 0.7 * _HEAD[0] * np.array([math.cos(angle), math.sin(angle)])
    curve = shapely.LineString(_curve(start, middle, neck))
    head = _head(end, angle)
    sheet.geometry(curve, stroke=_WHITE, width=4.5 * PX, alpha=0.85)
    sheet.geometry(curve, stroke=way.colour, width=2 * PX, dash=(6 * PX, 4 * PX) if way.stub else way.dash)
    sheet.outline(head, fill=way.colour, stroke=_WHITE, width=PX)


def label_ways(sheet: Sheet, ways: Iterable[Way], taken: TakenSpace) -> None:
    """Write beside broken arrows which end is not known, where there is room."""
    for way in ways:
        if not way.stub:
            continue
        x, y = way.a if way.words.startswith("from") else way.b
        other = way.b if way.words.startswith("from") else way.a
        style = Style(6.8, "bold italic", darker(way.colour), halo=2.0)
        words = elide(way.words, 150, style)
        width = text_width(words, style)
        middle = x + math.copysign(width / 2 + 3, x - other[0])
        box = box_round(middle, y - 4, width, 9)
        if taken.is_free(box):
            sheet.text(words, middle, y - 4, style, align="center")
            taken.take(box)


def _curve(
    start: NDArray[np.float64], middle: NDArray[np.float64], end: NDArray[np.float64]
) -> NDArray[np.float64]:
    """A quadratic curve as points, shape (25, 2)."""
    share = np.linspace(0, 1, 25)[:, None]
    curve: NDArray[np.float64] = (1 - share) ** 2 * start + 2 * share * (1 - share) * middle + share**2 * end
    return curve


def _head(tip: NDArray[np.float64], angle: float) -> NDArray[np.float64]:
    along, aside = _HEAD
    corners = np.array([[0, 0], [-along, aside], [-along, -aside]])
    turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    head: NDArray[np.float64] = corners @ turn + tip
    return head
