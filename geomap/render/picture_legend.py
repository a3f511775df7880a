"""What stands round the map of a picture: counts, legend, locator, scale bar, north, borders and licences."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import shapely

from geomap.render.picture_events import (
    draw_area,
    draw_chip,
    draw_draft_mark,
    draw_glyph,
    draw_ring,
    draw_status_mark,
)
from geomap.render.picture_ground import FAR_BORDER, LAND, PX, SEA, View, fit_view, read_shape
from geomap.render.picture_plan import MIXED_COLOUR, Area, Mark, Plan, Ring, dash_of, type_counts
from geomap.render.picture_sheet import FAINT, INK, Box, Sheet, Style, elide, text_width, wrap
from geomap.render.picture_text import counted, day_words, visible_text
from geomap.render.picture_ways import Way, draw_way
from geomap.scene import Scene, TypeSymbol

ACCENT: Final = "#b3261e"
_HAIRLINE: Final = "#d9dee3"
_SAMPLE: Final = TypeSymbol(id="", label="", colour="#52606d", glyph="circle")
_PLACE_WORDS: Final = {
    "pin": "Point: the place is known; a thin ring shows how wide it is",
    "ring": "Ring: somewhere near a named place",
    "area": "Area: a district or region, no point in it",
    "waters": "Airspace or waters",
    "line": "Line: a stretch of border or a route",
    "stub": "Broken line: the way something went",
    "way": "Arrow: from where to where",
    "stub_way": "Broken arrow: one end is known",
    "badge": "Label: the country only",
}
_STATUS_WORDS: Final = {"disputed": "Disputed", "denied": "Denied", "retracted": "Retracted"}
_WORLD: Final = (-180.0, -58.0, 180.0, 80.0)


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the legend: its height at the width it was made for, and what draws it at x, y."""

    height: float
    draw: Callable[[float, float], None]


# Counts and days


def time_words(scene: Scene) -> str:
    """The days from the first of the events to the last, no finer than they are known."""
    events = scene.events
    rows = range(len(events["id"]))
    dated = [row for row in rows if events["t_start"][row] or events["t_end"][row]]
    if not dated:
        return ""

    def first(row: int) -> str:
        return str(events["t_start"][row] or events["t_end"][row])

    def last(row: int) -> str:
        return str(events["t_end"][row] or events["t_start"][row])

    start_row, end_row = min(dated, key=first), max(dated, key=last)
    start = day_words(first(start_row), str(events["date_precision"][start_row]))
    if not events["t_start"][start_row]:
        start = f"by {start}"
    end = day_words(last(end_row), str(events["date_precision"][end_row]), last=True)
    return start if start == end else f"{start} – {end}"


def count_parts(scene: Scene, plan: Plan) -> list[str]:
    """What the picture shows and what it does not, each with its number; nothing is left out in silence."""
    events = scene.events
    number, days = len(events["id"]), time_words(scene)
    undated = sum(not (start or end) for start, end in zip(events["t_start"], events["t_end"], strict=True))
    ahead = sum(word in ("announced", "planned") for word in events["modality"])
    parts = [f"{counted(number, 'event')}, {days}" if days else counted(number, "event")]
    if len(plan.shown) < number:
        parts.append(f"{len(plan.shown):,} on this map")
    if plan.outside:
        parts.append(f"{len(plan.outside):,} outside it")
    parts.append(f"{len(plan.unplaced):,} without a place")
    if undated:
        parts.append(f"{undated:,} without a date")
    if ahead:
        parts.append(f"{ahead:,} only announced or planned")
    return parts


def left_out(scene: Scene, plan: Plan) -> list[tuple[str, Sequence[str]]]:
    """What is not on the map, under a heading each: places outside, and events without a place."""
    titles = scene.events["title"]
    found: list[tuple[str, Sequence[str]]] = [
        ("Outside this map", plan.outside_places),
        ("Without a place", [titles[row] for row in plan.unplaced]),
    ]
    return [(title, items) for title, items in found if items]


def type_words(scene: Scene, plan: Plan) -> str:
    """The types on the map with their numbers."""
    counts = type_counts(plan.marks)
    named = [
        f"{visible_text(symbol.label, 60)} {counts[symbol.id]:,}"
        for symbol in scene.types
        if counts[symbol.id]
    ]
    return f"On the map: {', '.join(named)}" if named else ""


def list_block(sheet: Sheet, title: str, items: Sequence[str], width: float, most: int) -> Block:
    """A heading and texts from outside, one after the other or a line each; how many more there are at the end."""
    style, head = Style(7.2, colour=FAINT), Style(8.2, "bold")
    names = [visible_text(item, 120) for item in items[: 8 * most]]
    lines = wrap(" · ".join(names), width, style, most + 1)
    if len(items) > len(names) or len(lines) > most:
        names = names if len(items) <= most else names[: most - 1]
        lines = [elide(f"– {name}", width, style) for name in names]
    if len(names) < len(items):
        lines.append(f"and {len(items) - len(names):,} more" if names else f"{len(items):,}")

    def draw(x: float, y: float) -> None:
        sheet.text(title, x, y + 5, head)
        for number, line in enumerate(lines):
            sheet.text(line, x, y + 16 + 9.4 * number, style)

    return Block(13 + 9.4 * len(lines), draw)


# The legend


def types_block(sheet: Sheet, scene: Scene, plan: Plan, width: float, columns: int = 1) -> Block:
    counts = type_counts(plan.marks)
    used = [symbol for symbol in scene.types if counts[symbol.id]]
    other = sum(counts.values()) - sum(counts[symbol.id] for symbol in used)
    rows: list[tuple[TypeSymbol, int]] = [(symbol, counts[symbol.id]) for symbol in used]
    if other:
        rows.append((TypeSymbol(id="", label="Other", colour="#777777", glyph="dot"), other))
    groups = [
        *(area.marks for area in plan.areas),
        *(badge.marks for badge in plan.badges),
        *(ring.marks for ring in plan.rings),
    ]
    mixed = any(len({mark.symbol.colour for mark in marks}) > 1 for marks in groups)
    lines = math.ceil((len(rows) + mixed) / columns)
    step, cell = 13.0, width / columns
    style, faint = Style(7.8), Style(7.8, colour=FAINT)

    def draw(x: float, y: float) -> None:
        sheet.text("What happened, and how often", x, y + 5, Style(8.2, "bold"))
        for number, (symbol, count) in enumerate(rows):
            left, at = x + cell * (number // lines), y + 19 + step * (number % lines)
            draw_glyph(sheet, left + 7, at, symbol, 4.4)
            total = f"{count:,}"
            room = cell - 22 - text_width(total, faint) - 8
            label = elide(visible_text(symbol.label, 60), room, style)
            sheet.text(label, left + 19, at, style)
            sheet.text(total, left + 19 + text_width(label, style) + 5, at, faint)
        if mixed:
            number = len(rows)
            left, at = x + cell * (number // lines), y + 19 + step * (number % lines)
            box = (left + 1, at - 4, left + 13, at + 4)
            sheet.rectangle(box, fill=MIXED_COLOUR, alpha=0.25)
            sheet.rectangle(box, stroke=MIXED_COLOUR, width=1.2)
            sheet.text("Several types at once", left + 19, at, style)

    return Block(14 + step * lines, draw)


def signs_block(sheet: Sheet, plan: Plan, width: float) -> Block:
    """How the places are known and what is contested, of what the picture shows."""
    kinds = {("waters" if mark.shape == "area" and mark.waters else mark.shape) for mark in plan.marks}
    kinds |= {"stub_way" if way.stub else "way" for way in plan.ways}
    rows: list[tuple[str, str]] = [(kind, words) for kind, words in _PLACE_WORDS.items() if kind in kinds]
    if any(cluster.fan for cluster in plan.clusters):
        rows.append(("fan", "Set apart: the lines lead to the place"))
    if any(cluster.is_chip for cluster in plan.clusters):
        rows.append(("chip", "Number: that many events there; the ring shows their types"))
    statuses = {mark.status for mark in plan.marks}
    contested = [(status, words) for status, words in _STATUS_WORDS.items() if status in statuses]
    if any(mark.draft for mark in plan.marks):
        contested.append(("draft", "Draft, not reviewed"))
    style = Style(7.4)

    def lay(items: Sequence[tuple[str, str]]) -> list[tuple[str, list[str], float]]:
        laid = [(kind, wrap(words, width - 34, style, 3)) for kind, words in items]
        return [(kind, lines, max(17.0, 8.8 * len(lines) + 5)) for kind, lines in laid]

    parts = [("How the place is known", lay(rows)), ("What is contested", lay(contested))]
    parts = [(title, items) for title, items in parts if items]
    height = sum(15 + sum(item[2] for item in items) for _, items in parts) + 7 * (len(parts) - 1)

    def draw(x: float, y: float) -> None:
        for title, items in parts:
            sheet.text(title, x, y + 5, Style(8.2, "bold"))
            y += 12
            for kind, lines, tall in items:
                middle = y + tall / 2
                _draw_sample(sheet, kind, x + 13, middle)
                for number, line in enumerate(lines):
                    sheet.text(line, x + 34, middle + 8.8 * (number - (len(lines) - 1) / 2), style)
                y += tall
            y += 10

    return Block(height, draw)


def _mark(shape: str, status: str = "reported", *, waters: bool = False) -> Mark:
    return Mark(0, shape, 0.0, 0.0, 1.0, None, "", waters, _SAMPLE, status, False)


def _draw_sample(sheet: Sheet, kind: str, x: float, y: float) -> None:
    """A small drawing of what a sign looks like, by the same functions as on the map."""
    view = View(frame=(x - 13, y - 8, x + 13, y + 8), scale=1.0, west=0.0, top=0.0)
    ring = shapely.Point(x, y).buffer(7.2)
    box = shapely.box(x - 12, y - 6, x + 12, y + 6)
    turn = np.linspace(0, 2 * np.pi, 24)
    wave = shapely.LineString(np.column_stack([np.linspace(x - 12, x + 12, 24), y - 3 * np.sin(turn)]))
    if kind == "pin":
        draw_ring(sheet, Ring(ring, 7.2, False, (_mark("pin"),)))
        draw_glyph(sheet, x, y, _SAMPLE, 3.6)
    elif kind == "ring":
        draw_ring(sheet, Ring(ring, 7.2, True, (_mark("ring"),)))
        draw_glyph(sheet, x, y, _SAMPLE, 3, hollow=True)
    elif kind in ("area", "waters"):
        draw_area(sheet, Area(box, kind, (_mark("area", waters=kind == "waters"),), ""), view)
    elif kind in ("line", "stub"):
        draw_area(sheet, Area(wave, kind, (_mark(kind),), ""), view)
    elif kind in ("way", "stub_way"):
        reach = 13 if kind == "stub_way" else 19  # an arrow keeps clear of the symbols at its ends
        ends = ((x - reach, y + 3), (x + reach, y - 3))
        sample = Way(
            event=0, a=ends[0], b=ends[1], stub=kind == "stub_way", words="", colour=_SAMPLE.colour, dash=()
        )
        draw_way(sheet, sample)
    elif kind == "badge":
        sheet.rectangle(
            (x - 12, y - 6, x + 12, y + 6), fill="#ffffff", stroke=_SAMPLE.colour, width=1, corner=2.2
        )
        sheet.text("XX · 2", x, y, Style(6.2, "bold"), align="center")
    elif kind == "fan":
        for dx in (-7.5, 7.5):
            sheet.line([x, x + dx], [y, y], colour="#5a646e", width=PX)
        for dx in (-7.5, 7.5):
            draw_glyph(sheet, x + dx, y, _SAMPLE, 3.4)
        sheet.circle(x, y, 1.3, fill="#3d4852")
    elif kind == "chip":
        other = replace(_mark("pin"), symbol=TypeSymbol(id="2", label="", colour="#a9b3bc", glyph="dot"))
        draw_chip(sheet, x, y, 12, [_mark("pin"), _mark("pin"), other], 8.2)
    elif kind == "draft":
        draw_glyph(sheet, x, y - 3, _SAMPLE, 3.4)
        draw_draft_mark(sheet, x, y - 5.5)
    else:
        draw_status_mark(sheet, x - 5, y, kind, 3.2)
        draw_glyph(sheet, x - 5, y, _SAMPLE, 3.2)
        if kind != "disputed":
            sheet.line([x - 10.5, x + 0.5], [y + 5.5, y - 5.5], colour=INK, width=1)
        part = shapely.LineString([(x + 5, y - 5.5), (x + 13, y - 5.5), (x + 13, y + 5.5), (x + 5, y + 5.5)])
        sheet.geometry(part, stroke=_SAMPLE.colour, width=1.6 * PX, dash=dash_of(kind))


def needs_locator(view: View) -> bool:
    """Whether a reader may ask where in the world this is: not of a map of half of it."""
    west, _, east, _ = view.bounds
    return east - west < 180


def locator_block(sheet: Sheet, scene: Scene, view: View, width: float, height: float) -> Block:
    """The locator as a part of the legend."""
    return Block(height, lambda x, y: draw_locator(sheet, scene, view, (x, y, x + width, y + height)))


def draw_locator(sheet: Sheet, scene: Scene, view: View, frame: Box) -> None:
    """Where in the world the map lies: a coarse map with the frame on it."""
    around = fit_view(_surroundings(view), frame)
    sheet.clip_to(frame)
    sheet.rectangle(frame, fill=SEA)
    world = read_shape(scene.basemap.world)
    if world.is_empty:
        world = read_shape(scene.basemap.land)
    for turn in around.turns():
        sheet.geometry(around.clip(around.on_sheet(world, turn)), fill=LAND, stroke=FAR_BORDER, width=0.4)
    # The corner by its share of the world, which may lie past the antimeridian.
    scale = around.scale / view.scale
    left = frame[0] + (view.west - around.west) * around.scale
    top = frame[1] + (view.top - around.top) * around.scale
    wide = (view.frame[2] - view.frame[0]) * scale
    tall = (view.frame[3] - view.frame[1]) * scale
    # Never too small to be seen.
    grow_x, grow_y = max(0.0, 5 - wide) / 2, max(0.0, 5 - tall) / 2
    box = (left - grow_x, top - grow_y, left + wide + grow_x, top + tall + grow_y)
    sheet.rectangle(box, fill=ACCENT, alpha=0.12)
    sheet.rectangle(box, stroke=ACCENT, width=1.2)
    sheet.clip_to(None)
    sheet.rectangle(frame, stroke=_HAIRLINE, width=0.8)


def _surroundings(view: View) -> tuple[float, float, float, float]:
    """The part of the world round the map that tells people where it is: a continent, or all of it."""
    west, south, east, north = view.bounds
    across = max(70.0, (east - west) * 2.6)
    if across > 200:
        return _WORLD
    lon = (west + east) / 2
    up = max(35.0, (north - south) * 1.8)
    lat = (south + north) / 2
    return (lon - across / 2, max(-70.0, lat - up / 2), lon + across / 2, min(82.0, lat + up / 2))


# On the map


def scale_length(view: View, room: float) -> tuple[float, str]:
    """The length in points of a bar of 1, 2 or 5 times a power of ten metres, as long as fits, and its words."""
    most = room * view.metres_a_point
    power = 10.0 ** math.floor(math.log10(most))
    metres = next(step * power for step in (5, 2, 1) if step * power <= most * (1 + 1e-9))
    words = (
        f"{metres / 1000:,.0f} km"
        if metres >= 1000
        else f"{metres:,.0f} m"
        if metres >= 1
        else f"{metres:g} m"
    )
    return metres / view.metres_a_point, words


def corner_box(view: View, corner: str, width: float, height: float) -> Box:
    """A box in one corner of the frame."""
    left, top, right, bottom = view.frame
    x = left + 7 if "left" in corner else right - 7 - width
    y = top + 7 if "top" in corner else bottom - 7 - height
    return (x, y, x + width, y + height)


_SCALE_ROOM: Final = 100.0
SCALE_SIZE: Final = (_SCALE_ROOM + 38, 30.0)


def draw_scale(sheet: Sheet, view: View, box: Box) -> None:
    """A scale bar, true at the middle latitude, and which way is north."""
    left, top, right, bottom = box
    sheet.rectangle(box, fill="#ffffff", alpha=0.9, corner=3)
    length, words = scale_length(view, _SCALE_ROOM)
    lat = view.middle_lat
    x, y = left + 8, bottom - 8
    sheet.text(words, x, top + 9, Style(7.4, "bold"))
    at = f"at {abs(lat):.0f}° {'N' if lat >= 0 else 'S'}"
    sheet.text(at, x + text_width(words, Style(7.4, "bold")) + 5, top + 9, Style(6.4, colour=FAINT))
    sheet.rectangle((x, y - 3, x + length, y), fill="#ffffff", stroke=INK, width=0.8)
    sheet.rectangle((x, y - 3, x + length / 2, y), fill=INK)
    middle = right - 13
    arrow = np.array(
        [
            [middle, top + 10.5],
            [middle + 4.6, bottom - 4.5],
            [middle, bottom - 8],
            [middle - 4.6, bottom - 4.5],
        ]
    )
    sheet.outline(arrow, fill=INK, stroke=INK, width=0.4)
    sheet.text("N", middle, top + 6, Style(7, "bold"), align="center")


# Under the map


def foot_lines(scene: Scene, width: float, style: Style, most: int) -> list[str]:
    """Which view of borders is drawn, how true the lines are, and what the licences ask for."""
    borders = visible_text(scene.worldview)
    if borders and borders[-1:] not in ".!?…":
        borders += "."
    if scene.basemap.disputed.get("coordinates"):
        borders += " Dashed border lines: views differ."
    borders += " Border lines are generalised: the true line may lie up to 3 km from the one drawn."
    licences = " · ".join(visible_text(line, 400) for line in scene.attribution)
    lines = wrap(borders, width, style, max(1, most // 2))
    return [*lines, *(wrap(licences, width, style, max(1, most - len(lines))) if licences else ())]
