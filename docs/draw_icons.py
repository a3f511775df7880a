"""Draw the symbols for Google Earth: python docs/draw_icons.py geomap/export/icons.

White, so that a style can give each type its colour; with the dark edge that the page draws round them.
"""

import sys
from pathlib import Path
from typing import Final

from matplotlib.figure import Figure
from matplotlib.patches import Circle, Polygon

from geomap.model.event_types import EVENT_TYPES
from geomap.scene.glyphs import GLYPH_OUTLINES, OPEN_GLYPHS

PIXELS: Final = 64
REACH: Final = 1.75
EDGE: Final = "#141c24"


def draw(glyph: str, file: Path) -> None:
    """Draw one symbol on nothing."""
    figure = Figure(figsize=(1, 1), dpi=PIXELS)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(-REACH, REACH)
    axes.set_ylim(REACH, -REACH)
    axes.set_axis_off()
    is_open = glyph in OPEN_GLYPHS
    for colour, width in ((EDGE, 10 if is_open else 5), ("#ffffff", 6 if is_open else 0)):
        style = {"facecolor": "none" if is_open else "#ffffff", "edgecolor": colour, "linewidth": width}
        outline = GLYPH_OUTLINES.get(glyph)
        shape = Circle((0, 0), 0.65 if glyph == "dot" else 1) if outline is None else Polygon(list(outline))
        shape.set(**style, joinstyle="round")
        axes.add_patch(shape)
    figure.savefig(file, transparent=True, metadata={"Software": None})


if __name__ == "__main__":
    for name in sorted({kind.glyph for kind in EVENT_TYPES.values()}):
        draw(name, Path(sys.argv[1]) / f"{name}.png")
