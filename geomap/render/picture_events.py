"""Drawing the events of a picture by the same signs as the page: symbols, rings, hatches, dashes, labels."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geomap.render.picture_ground import PX, View
from geomap.render.picture_plan import (
    GLYPH_SIZE,
    Area,
    Badge,
    Cluster,
    Mark,
    Plan,
    Ring,
    count_events,
    shared_colour,
    shared_dash,
    shared_words,
)
from geomap.render.picture_sheet import (
    FAINT,
    INK,
    Box,
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
)
from geomap.render.picture_ways import draw_way, label_ways
from geomap.scene import TypeSymbol
from geomap.scene.glyphs import GLYPH_OUTLINES, OPEN_GLYPHS

_CONTESTED: Final = frozenset({"disputed", "denied", "retracted"})
_HATCH_STEP: Final = 12 * PX
_WATERS_STEP: Final = 6 * PX
# Past so many shapes hatching shows nothing and takes long; the largest keep theirs.
_MOST_HATCHED: Final = 400
_MOST_RINGS: Final = 400
# Past so many symbols names of places would cover the map.
_MOST_NAMED: Final = 150
_BADGE_MOVES: Final = (0, 18, -18, 10, -10, 28, -28)
_DRAFT: Final = "#7c2d12"


def draw_events(sheet: Sheet, view: View, plan: Plan, taken: TakenSpace) -> set[str]:
    """Draw everything of the plan and label it where there is room; gives the names that are on the map now."""
    for number, area in enumerate(plan.areas):
        draw_area(sheet, area, view, hatched=number < _MOST_HATCHED)
    crowded = {spot.key for cluster in plan.clusters if cluster.is_chip for spot in cluster.spots}
    for ring in plan.rings if len(plan.rings) <= _MOST_RINGS else _uncrowded(plan.rings, crowded):
        draw_ring(sheet, ring)
    for way in plan.ways:
        draw_way(sheet, way)
    badges = _place_badges(plan, view)
    for _, box in badges:
        taken.take(box)
    for cluster in plan.clusters:
        _take_cluster(cluster, taken)
    _draw_leaders(sheet, plan.clusters)
    for cluster in plan.clusters:
        if cluster.is_chip:
            draw_chip(sheet, cluster.x, cluster.y, cluster.count, cluster.marks, cluster.reach)
        else:
            for mark, _, x, y in cluster.positions():
                draw_symbol(sheet, x, y, mark)
    label_ways(sheet, plan.ways, taken)
    said = {badge.country for badge, _ in badges}
    for area in reversed(plan.areas):
        said |= _label_area(sheet, area, view, taken)
    for badge, box in badges:
        _draw_badge(sheet, badge, box)
    if len(plan.clusters) <= _MOST_NAMED:
        around = _ring_reach(plan.rings)
        for cluster in plan.clusters:
            said |= _label_cluster(sheet, cluster, view, taken, around)
    _take_lines(plan.areas, taken)
    return said


def _ring_reach(rings: Iterable[Ring]) -> dict[tuple[float | None, float | None], float]:
    """How far the small rings reach round their places: names stand outside them."""
    small = [ring for ring in rings if ring.radius <= 30]
    return {
        (ring.marks[0].lon, ring.marks[0].lat): max(ring.radius, 13 * PX) if ring.near else ring.radius
        for ring in small
    }


def _take_lines(areas: Iterable[Area], taken: TakenSpace) -> None:
    """Keep the names of towns and countries off the lines and outlines of events."""
    for area in areas:
        course = area.outline if area.kind in ("line", "stub") else edges_of(area.outline)
        for part in shapely.get_parts([lines_of(course)]):
            steps = np.arange(0.0, min(float(part.length), 4000.0), 5.0)
            for x, y in shapely.get_coordinates(shapely.line_interpolate_point(part, steps)):
                taken.take(box_round(float(x), float(y), 4, 4))


def _uncrowded(rings: Iterable[Ring], crowded: set[str]) -> list[Ring]:
    kept = [ring for ring in rings if f"{ring.marks[0].lon:.4f} {ring.marks[0].lat:.4f}" not in crowded]
    return kept[:_MOST_RINGS]


# Areas and lines


def draw_area(sheet: Sheet, area: Area, view: View, *, hatched: bool = True) -> None:
    """Fill and hatch an area, or draw a line as a broad stroke with its course in the middle."""
    colour, dash = shared_colour(area.marks), shared_dash(area.marks)
    draft = all(mark.draft for mark in area.marks)
    if area.kind in ("area", "waters"):
        waters = area.kind == "waters"
        sheet.geometry(area.outline, fill=colour, alpha=0.07 if waters else 0.1)
        if hatched:
            lines = _hatch(area.outline, view, waters=waters)
            broken = (5.5 * PX, 6.5 * PX) if waters else ()
            sheet.geometry(
                lines, stroke=colour, width=PX, alpha=0.32 if waters else 0.38, dash=broken, round_ends=False
            )
        width = 1.2 if waters else 1.6
        course = _whole_edges(area.outline, view)
    else:
        stub = area.kind == "stub"
        sheet.geometry(area.outline, stroke=colour, width=(5 if stub else 7) * PX, alpha=0.28)
        sheet.geometry(polygons_of(area.outline), fill=colour, alpha=0.28)
        width = 2
        dash = dash or ((9 * PX, 5 * PX) if stub else ())
        course = area.outline
    if dash:
        sheet.geometry(course, stroke="#ffffff", width=width * PX, alpha=0.9, round_ends=False)
    sheet.geometry(course, stroke=colour, width=width * PX, alpha=0.55 if draft else 0.95, dash=dash)


def _whole_edges(outline: BaseGeometry, view: View) -> BaseGeometry:
    """An area's outline without the seams along which one world ends and the next begins."""
    edges = [view.on_sheet(shapely.LineString([(180, -85), (180, 85)]), turn) for turn in (*view.turns(), -1)]
    seams = [edge for edge in edges if shapely.intersects(edge, shapely.box(*view.frame))]
    boundary = edges_of(outline)
    return shapely.difference(boundary, shapely.union_all(seams).buffer(0.3)) if seams else boundary


def _hatch(outline: BaseGeometry, view: View, *, waters: bool) -> BaseGeometry:
    """Thin lines inside an outline: slanting for land, level for waters and airspace; one grid for all."""
    left, top, right, bottom = view.frame
    if waters:
        levels = (
            np.arange(math.floor(top / _WATERS_STEP), math.ceil(bottom / _WATERS_STEP) + 1) * _WATERS_STEP
        )
        shift = np.where(np.arange(len(levels)) % 2 == 1, 6 * PX, 0.0) - _HATCH_STEP
        ends = np.column_stack([left + shift, levels, np.full(len(levels), right), levels])
    else:
        sums = np.arange(
            math.floor((left + top) / _HATCH_STEP), math.ceil((right + bottom) / _HATCH_STEP) + 1
        )
        at = sums * _HATCH_STEP
        ends = np.column_stack([at - top, np.full(len(at), top), at - bottom, np.full(len(at), bottom)])
    x0, y0, x1, y1 = outline.bounds
    low, high = np.minimum(ends[:, :2], ends[:, 2:]), np.maximum(ends[:, :2], ends[:, 2:])
    near = (low[:, 0] <= x1) & (high[:, 0] >= x0) & (low[:, 1] <= y1) & (high[:, 1] >= y0)
    lines = shapely.linestrings(ends[near].reshape(-1, 2, 2))
    shapely.prepare(outline)
    return shapely.MultiLineString(
        [
            part
            for part in shapely.get_parts(shapely.intersection(lines, outline))
            if part.geom_type == "LineString" and not part.is_empty
        ]
        if len(lines)
        else []
    )


def _label_area(sheet: Sheet, area: Area, view: View, taken: TakenSpace) -> set[str]:
    """The name on an area, the number on a line, where there is room; gives the name that was written."""
    colour = shared_colour(area.marks)
    number = count_events(area.marks)
    count = f"{number:,}" if number > 1 else ""
    more = shared_words(area.marks)
    points = _anchors(area, view)
    if area.kind in ("area", "waters") and area.label:
        style = Style(7.8, "bold italic", darker(colour), halo=2.4)
        name = elide(area.label, 170, style)
        words = " · ".join(part for part in (f"{name} ({more})" if more else name, count) if part)
        width = text_width(words, style)
        left, _, right, _ = area.outline.bounds
        if width > max((right - left) * 1.15, 30):
            points_for_name = []
        else:
            # Whole inside it, if it can be; else across its edge.
            boxes = shapely.box(*np.array([box_round(x, y, width, 9) for x, y in points]).reshape(-1, 4).T)
            inside = shapely.contains(area.outline, boxes)
            points_for_name = [points[i] for i in np.argsort(~inside, kind="stable")]
        for x, y in points_for_name:
            box = box_round(x, y, width + 4, 12)
            if _inside(box, view) and taken.is_free(box):
                sheet.text(words, x, y, style, align="center")
                taken.take(box)
                return {area.label}
    words = count if area.kind in ("area", "waters") or not more else f"{count} {more}".strip()
    if not words:
        return set()
    style = Style(7.4, "bold")
    width = max(13.5, text_width(words, style) + 8)
    for x, y in points:
        box = box_round(x, y, width + 2, 16)
        if _inside(box, view) and taken.is_free(box):
            shape = box_round(x, y, width, 13.5)
            sheet.rectangle(shape, fill="#ffffff", stroke=colour, width=1.1, corner=6.7)
            sheet.text(words, x, y, style, align="center")
            taken.take(box)
            break
    return set()


def _anchors(area: Area, view: View) -> list[tuple[float, float]]:
    """Points on a shape where its label may stand, the best first."""
    seen = shapely.clip_by_rect(area.outline, *view.frame)
    if area.kind in ("area", "waters"):
        parts = [part for part in shapely.get_parts([polygons_of(seen)]) if part.area > 1]
        if not parts:
            return []
        largest = max(parts, key=lambda part: float(part.area))
        middle = shapely.get_point(shapely.maximum_inscribed_circle(largest, tolerance=1.0), 0)
        left, top, right, bottom = largest.bounds
        grid = shapely.points(
            np.array(
                [
                    (left + (right - left) * i / 12, top + (bottom - top) * j / 12)
                    for j in range(1, 12)
                    for i in range(1, 12)
                ]
            )
        )
        inside = grid[shapely.contains_properly(largest, grid)]
        inside = inside[np.argsort(shapely.distance(inside, middle), kind="stable")]
        return [(float(point.x), float(point.y)) for point in [middle, *inside]]
    lines = [part for part in shapely.get_parts([lines_of(seen)]) if part.length > 0]
    if not lines:
        middles = [shapely.point_on_surface(part) for part in shapely.get_parts([polygons_of(seen)])]
        return [(float(point.x), float(point.y)) for point in middles if not point.is_empty]
    longest = max(lines, key=lambda line: float(line.length))
    shares = (0.5, 0.35, 0.65, 0.2, 0.8, 0.1, 0.9)
    on_line = [shapely.line_interpolate_point(longest, share, normalized=True) for share in shares]
    return [(float(point.x), float(point.y)) for point in on_line]


# Points


def draw_ring(sheet: Sheet, ring: Ring) -> None:
    """How wide a place is: a thin ring; or somewhere near it: a filled one."""
    colour = shared_colour(ring.marks)
    if ring.near:
        sheet.geometry(ring.outline, fill=colour, alpha=0.15)
    sheet.geometry(ring.outline, stroke="#ffffff", width=(3.4 if ring.near else 2.6) * PX, alpha=0.7)
    width = (1.8 if ring.near else 1.0) * PX
    sheet.geometry(ring.outline, stroke=colour, width=width, dash=shared_dash(ring.marks))


def _draw_leaders(sheet: Sheet, clusters: Iterable[Cluster]) -> None:
    """A thin line from each symbol that is set apart to the place it stands for."""
    for cluster in clusters:
        if not cluster.fan:
            continue
        for _, spot, x, y in cluster.positions():
            sheet.line([spot.x, x], [spot.y, y], colour="#5a646e", width=PX)
        for spot in cluster.spots:
            sheet.circle(spot.x, spot.y, 1.3, fill="#3d4852")


def draw_symbol(sheet: Sheet, x: float, y: float, mark: Mark) -> None:
    """The symbol of an event at a point place, with the mark of its status."""
    hollow = mark.shape == "ring"
    struck = mark.status in ("denied", "retracted")
    if mark.status in _CONTESTED:
        draw_status_mark(sheet, x, y, mark.status)
    draw_glyph(
        sheet,
        x,
        y,
        mark.symbol,
        GLYPH_SIZE - (PX if hollow else 0),
        hollow=hollow,
        alpha=0.65 if struck else 1,
    )
    if struck:
        reach = GLYPH_SIZE + 3 * PX
        sheet.line([x - reach, x + reach], [y + reach, y - reach], colour=INK, width=1.5 * PX)
    if mark.draft:
        draw_draft_mark(sheet, x, y)


def draw_glyph(
    sheet: Sheet,
    x: float,
    y: float,
    symbol: TypeSymbol,
    size: float,
    *,
    hollow: bool = False,
    alpha: float = 1,
) -> None:
    """White halo, then the symbol; outlined in its colour where it is open or its place only near."""
    is_open = hollow or symbol.glyph in OPEN_GLYPHS
    fill = "#ffffff" if is_open else symbol.colour
    edge = symbol.colour if is_open and not hollow else darker(symbol.colour)
    width = (1.4 if hollow else 2.6 if is_open else 0.8) * PX
    outline = GLYPH_OUTLINES.get(symbol.glyph)
    if outline is None:
        radius = size * 0.65 if symbol.glyph == "dot" else size
        sheet.circle(x, y, radius, stroke="#ffffff", width=4 * PX)
        sheet.circle(x, y, radius, fill=fill, stroke=edge, width=width, alpha=alpha)
        return
    corners = np.asarray(outline) * size + [x, y]
    sheet.outline(corners, fill=None, stroke="#ffffff", width=4 * PX)
    sheet.outline(corners, fill=fill, stroke=edge, width=width, alpha=alpha)


def draw_status_mark(sheet: Sheet, x: float, y: float, status: str, size: float = GLYPH_SIZE) -> None:
    """A dashed ring round what is disputed, a dotted one round what is denied or retracted."""
    radius = size + 5 * PX
    sheet.circle(x, y, radius, stroke="#ffffff", width=3.4 * PX)
    dash = (4 * PX, 3 * PX) if status == "disputed" else (1.5 * PX, 2.5 * PX)
    sheet.circle(x, y, radius, stroke=INK, width=1.5 * PX, dash=dash)


def draw_draft_mark(sheet: Sheet, x: float, y: float) -> None:
    style = Style(6.8, "bold italic", _DRAFT, halo=2, halo_colour="#ffffff")
    sheet.text("draft", x, y + 14 * PX, style, align="center")


def draw_chip(sheet: Sheet, x: float, y: float, number: int, marks: Sequence[Mark], radius: float) -> None:
    """Events too many to be drawn one by one: their number in a ring that is parted as their types are."""
    sheet.circle(x, y, radius + 1, fill="#ffffff")
    shares = Counter({mark.symbol.id: 0 for mark in marks})
    shares.update(mark.symbol.id for mark in marks)
    colours = {mark.symbol.id: mark.symbol.colour for mark in marks}
    start = -90.0
    for kind, count in sorted(shares.items(), key=lambda item: (-item[1], item[0])):
        end = start + 360 * count / len(marks)
        sheet.wedge(x, y, radius, start=start, end=end, width=2.6, fill=colours[kind])
        start = end
    dash = shared_dash(marks)
    sheet.circle(x, y, radius + 0.7, stroke=INK, width=0.8, dash=dash)
    size = min(7.8, radius * 0.88)
    sheet.text(f"{number:,}", x, y, Style(size, "bold"), align="center")
    if all(mark.draft for mark in marks):
        draw_draft_mark(sheet, x, y + radius - 6)


def _take_cluster(cluster: Cluster, taken: TakenSpace) -> None:
    if cluster.is_chip:
        taken.take(box_round(cluster.x, cluster.y, 2 * cluster.reach + 2, 2 * cluster.reach + 2))
        return
    for mark, _, x, y in cluster.positions():
        size = 2 * GLYPH_SIZE + (9 if mark.status in _CONTESTED else 4)
        taken.take(box_round(x, y, size, size))
        if mark.draft:
            taken.take(box_round(x, y + 14 * PX, 22, 8))


def _label_cluster(
    sheet: Sheet,
    cluster: Cluster,
    view: View,
    taken: TakenSpace,
    around: Mapping[tuple[float | None, float | None], float],
) -> set[str]:
    """The name of the one place that a cluster stands for, beside it."""
    names = {mark.label for mark in cluster.marks if mark.label}
    if len(names) != 1:
        return set()
    label = next(iter(names))
    style = Style(7.4, "bold", "#28323c", halo=2.2)
    words = elide(label, 130, style)
    width = text_width(words, style)
    away = cluster.reach + (7 if any(mark.status in _CONTESTED for mark in cluster.marks) else 3.5)
    first = cluster.marks[0]
    away = max(away, around.get((first.lon, first.lat), 0) + 2.5)
    below = 8 if any(mark.draft for mark in cluster.marks) else 0
    for dx, dy, align in (
        (away, 0, "left"), (-away, 0, "right"), (0, away + 4 + below, "center"), (0, -away - 4, "center"),
        (away * 0.7, away * 0.8 + 2, "left"), (away * 0.7, -away * 0.8 - 2, "left"),
        (-away * 0.7, away * 0.8 + 2, "right"), (-away * 0.7, -away * 0.8 - 2, "right"),
    ):  # fmt: skip
        middle = cluster.x + dx + {"left": width / 2, "right": -width / 2, "center": 0}[align]
        box = box_round(middle, cluster.y + dy, width, style.size + 1.5)
        if _inside(box, view) and taken.is_free(box):
            sheet.text(words, cluster.x + dx, cluster.y + dy, style, align=align)
            taken.take(box)
            return {label}
    return set()


# Countries


def _place_badges(plan: Plan, view: View) -> list[tuple[Badge, Box]]:
    """Where the labels of countries stand: a little away where one would cover another or a symbol."""
    space = TakenSpace()
    if len(plan.clusters) < 500:
        for cluster in plan.clusters:
            space.take(box_round(cluster.x, cluster.y, 2 * cluster.reach, 2 * cluster.reach))
    left, _, right, _ = view.frame
    placed = []
    for badge in plan.badges:
        width = text_width(badge.text, _BADGE_STYLE) + 13
        x = max(left + width / 2 + 3, min(right - width / 2 - 3, badge.x))
        boxes = [box_round(x, badge.y + move, width, 16.5) for move in _BADGE_MOVES]
        box = next((box for box in boxes if _inside(box, view) and space.is_free(box)), boxes[0])
        space.take(box)
        placed.append((badge, box))
    return placed


_BADGE_STYLE: Final = Style(8.2, "bold")


def _draw_badge(sheet: Sheet, badge: Badge, box: Box) -> None:
    """A text label, never a marker: the country is all that is known."""
    left, top, right, bottom = box
    sheet.rectangle((left, top + 0.9, right, bottom + 0.9), fill=FAINT, corner=3, alpha=0.22)
    sheet.rectangle(box, fill="#ffffff", corner=3)
    sheet.rectangle(
        box, stroke=shared_colour(badge.marks), width=1.2, corner=3, dash=shared_dash(badge.marks)
    )
    sheet.text(badge.text, (left + right) / 2, (top + bottom) / 2, _BADGE_STYLE, align="center")


def _inside(box: Box, view: View) -> bool:
    left, top, right, bottom = view.frame
    return box[0] >= left + 2 and box[1] >= top + 2 and box[2] <= right - 2 and box[3] <= bottom - 2
