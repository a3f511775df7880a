"""The context layers of a picture: drawn under the events, named in the legend, credited in the foot."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geomap.render.picture_ground import PX, View, read_shape
from geomap.render.picture_legend import Block
from geomap.render.picture_sheet import (
    FAINT,
    Sheet,
    Style,
    TakenSpace,
    box_round,
    darker,
    edges_of,
    elide,
    lines_of,
    polygons_of,
    text_width,
    wrap,
)
from geomap.render.picture_text import visible_text
from geomap.scene import Scene, SceneContext

_MOST_ROWS: Final = 8
_FILL_ALPHA: Final = 0.13


def drawn_contexts(scene: Scene) -> tuple[SceneContext, ...]:
    """The layers that are on when the page opens; a picture has no switch."""
    return tuple(context for context in scene.contexts if context.shown)


def draw_contexts(sheet: Sheet, view: View, scene: Scene) -> None:
    """Draw their areas and lines, sober: what happened lies on them."""
    for context, outline, _ in _seen(view, scene):
        areas = polygons_of(outline)
        sheet.geometry(areas, fill=context.colour, alpha=_FILL_ALPHA)
        sheet.geometry(edges_of(areas), stroke=context.colour, width=PX, alpha=0.75)
        sheet.geometry(lines_of(outline), stroke=context.colour, width=1.8 * PX, alpha=0.85)


def label_contexts(sheet: Sheet, view: View, scene: Scene, taken: TakenSpace) -> None:
    """Write the labels of their shapes where there is room inside, or along a line."""
    left, top, right, bottom = view.frame
    for context, outline, label in _seen(view, scene):
        words = visible_text(label, 60)
        if not words:
            continue
        style = Style(7.2, "italic", darker(context.colour), halo=2.0)
        width = text_width(words, style)
        x0, _, x1, _ = outline.bounds
        if width > max((x1 - x0) * 1.1, 20):
            continue
        for x, y in _anchors(shapely.clip_by_rect(outline, *view.frame)):
            box = box_round(x, y, width + 4, 11)
            inside = box[0] >= left and box[1] >= top and box[2] <= right and box[3] <= bottom
            if inside and taken.is_free(box):
                sheet.text(words, x, y, style, align="center")
                taken.take(box)
                break


def _seen(view: View, scene: Scene) -> Iterator[tuple[SceneContext, BaseGeometry, str]]:
    """The shapes that the frame shows, on the sheet."""
    frame = shapely.box(*view.frame)
    for context in drawn_contexts(scene):
        for shape, label in zip(context.shapes, context.labels, strict=True):
            outline = view.seen(read_shape(shape))
            if not outline.is_empty and shapely.intersects(outline, frame):
                yield context, outline, label


def _anchors(outline: BaseGeometry) -> list[tuple[float, float]]:
    areas = [part for part in shapely.get_parts([polygons_of(outline)]) if part.area > 1]
    if areas:
        largest = max(areas, key=lambda part: float(part.area))
        point = shapely.get_point(shapely.maximum_inscribed_circle(largest, tolerance=1.0), 0)
        return [(float(point.x), float(point.y))]
    lines = [part for part in shapely.get_parts([lines_of(outline)]) if part.length > 0]
    if not lines:
        return []
    longest = max(lines, key=lambda line: float(line.length))
    points = [shapely.line_interpolate_point(longest, share, normalized=True) for share in (0.5, 0.3, 0.7)]
    return [(float(point.x), float(point.y)) for point in points]


def contexts_block(sheet: Sheet, contexts: Sequence[SceneContext], width: float) -> Block:
    """The layers by title and day; who made them stands in the foot, where there is always room for it."""
    style, head = Style(7.4), Style(8.2, "bold")
    rows = [
        (context, elide(f"{visible_text(context.title, 80)}, {context.date}", width - 34, style))
        for context in contexts[:_MOST_ROWS]
    ]
    more = len(contexts) - len(rows)

    def draw(x: float, y: float) -> None:
        sheet.text("Context", x, y + 5, head)
        for number, (context, words) in enumerate(rows):
            middle = y + 20 + 15 * number
            _draw_sample(sheet, context, x + 13, middle)
            sheet.text(words, x + 34, middle, style)
        if more:
            sheet.text(f"and {more:,} more", x + 34, y + 19 + 15 * len(rows), Style(7.4, colour=FAINT))

    return Block(13 + 15 * len(rows) + (11 if more else 0), draw)


def _draw_sample(sheet: Sheet, context: SceneContext, x: float, y: float) -> None:
    if any("Polygon" in _kinds(shape) for shape in context.shapes):
        box = (x - 12, y - 5, x + 12, y + 5)
        sheet.rectangle(box, fill=context.colour, alpha=_FILL_ALPHA)
        sheet.rectangle(box, stroke=context.colour, width=PX, alpha=0.75)
    else:
        turn = np.linspace(0, 2 * np.pi, 24)
        wave = shapely.LineString(np.column_stack([np.linspace(x - 12, x + 12, 24), y - 3 * np.sin(turn)]))
        sheet.geometry(wave, stroke=context.colour, width=1.8 * PX, alpha=0.85)


def _kinds(shape: object) -> str:
    """The types of geometries in a GeoJSON geometry."""
    if not isinstance(shape, dict):
        return ""
    return " ".join([str(shape.get("type")), *(_kinds(part) for part in shape.get("geometries", ()))])


def context_words(scene: Scene) -> list[str]:
    """Of each layer in the picture, of which day it is and by whose account."""
    told = []
    for context in drawn_contexts(scene):
        licence = f" ({visible_text(context.licence, 80)})" if context.licence else ""
        by = visible_text(context.credit, 200)
        told.append(f"{visible_text(context.title, 80)}: as of {context.date}, according to {by}{licence}")
    return told


def credit_lines(scene: Scene, width: float, style: Style) -> list[str]:
    """The same as lines of the foot; never cut, for a layer is not shown without its maker."""
    return [line for words in context_words(scene) for line in wrap(words, width, style, 8)]
