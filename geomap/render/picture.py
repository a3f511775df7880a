"""The static picture of a scene, for reports: drawn without a browser, as PNG or SVG."""

import re
from typing import TYPE_CHECKING, Final, Literal
from xml.sax.saxutils import escape

from geomap.errors import MissingExtraError
from geomap.render.picture_text import visible_text
from geomap.scene import Scene

if TYPE_CHECKING:
    from geomap.render.picture_ground import View
    from geomap.render.picture_legend import Block
    from geomap.render.picture_plan import Plan
    from geomap.render.picture_sheet import Box, Sheet, TakenSpace

PictureFormat = Literal["png", "svg"]
PictureSize = Literal["16:9", "1:1", "A4"]

_MM_PER_INCH: Final = 25.4
# Width and height in inches: at 150 dots an inch 1,920 by 1,080 and 1,440 by 1,440 pixels.
_WIDE: Final = (12.8, 7.2)
_SQUARE: Final = (9.6, 9.6)
_A4: Final = (297 / _MM_PER_INCH, 210 / _MM_PER_INCH)
_MARGIN: Final = 18.0
_GAP: Final = 20.0
_APART: Final = 11.0
_LEAST_LOCATOR: Final = 72.0
_SMALL_LOCATOR: Final = (120.0, 76.0)
_CORNERS: Final = ("bottom left", "bottom right", "top left", "top right")
_MOST_LISTED: Final = 6
_PROLOGUE: Final = '<?xml version="1.0" encoding="utf-8" standalone="no"?>\n'


def draw_picture(
    scene: Scene, picture_format: PictureFormat, *, size: PictureSize = "16:9", dpi: int = 150
) -> bytes:
    """Draw a scene as a map to print: the same scene gives the same bytes.

    Parameters
    ----------
    scene
        What the map says.
    picture_format
        `png`, or `svg` with all text as outlines.
    size
        `16:9`, `1:1`, or `A4`, which lies or stands as the scene's bbox does.
    dpi
        Pixels an inch of the PNG; 150 make 1,920 by 1,080 of `16:9`.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.
    """
    try:
        from geomap.render.picture_sheet import settings
    except ImportError as error:
        if (error.name or "").partition(".")[0] != "matplotlib":
            raise
        raise MissingExtraError("to draw pictures, run pip install 'geomap[picture]'") from error
    with settings():
        sheet, words = _compose(scene, _sheet_size(scene, size, dpi))
        title = visible_text(scene.title, 300)
        if picture_format == "png":
            return sheet.save_png(dpi, {"Software": None, "Title": title, "Description": words})
        return _own_svg(
            sheet.save_svg(dict.fromkeys(("Date", "Creator", "Format", "Type"))), title, words, scene
        )


def _own_svg(svg: str, title: str, words: str, scene: Scene) -> bytes:
    """The SVG with a title and a description for those who do not see it, and without what leads elsewhere.

    matplotlib names a document type at w3.org, and repeats each text in a comment.
    """
    body = re.sub(r"<!--.*?-->\n?", "", svg[svg.index("<svg") :], flags=re.DOTALL)
    opening, _, rest = body.partition(">")
    language = re.sub(r"[^A-Za-z0-9-]", "", scene.language) or "en"
    said = f'<title id="title">{escape(title)}</title>\n<desc id="desc">{escape(words)}</desc>'
    role = f' role="img" aria-labelledby="title desc" xml:lang="{language}"'
    return f"{_PROLOGUE}{opening}{role}>\n{said}{rest}".encode()


def _sheet_size(scene: Scene, size: PictureSize, dpi: int) -> tuple[float, float]:
    """Width and height in points, of whole pixels."""
    width, height = {"16:9": _WIDE, "1:1": _SQUARE, "A4": _A4}[size]
    if size == "A4" and not _is_wide(scene):
        width, height = height, width
    return (round(width * dpi) / dpi * 72, round(height * dpi) / dpi * 72)


def _is_wide(scene: Scene) -> bool:
    from geomap.render.picture_ground import fit_view

    # As much map as possible: what is narrower than a square stands.
    west, south, east, north = fit_view(scene.bbox, (0, 0, 1, 1)).bounds
    box_west, box_south, box_east, box_north = scene.bbox
    across = ((box_east - box_west) % 360 or 360) / (east - west)
    up = (box_north - box_south) / (north - south)
    return across >= up


def _compose(scene: Scene, size: tuple[float, float]) -> "tuple[Sheet, str]":
    """Draw everything on a sheet; gives it and a sentence that says what is on it."""
    from geomap.render import picture_context as context
    from geomap.render import picture_legend as legend
    from geomap.render.picture_events import draw_events
    from geomap.render.picture_ground import draw_ground, draw_names, fit_view
    from geomap.render.picture_plan import plan_events
    from geomap.render.picture_sheet import FAINT, Sheet, Style, TakenSpace, wrap

    width, height = size
    sheet = Sheet(width, height)
    inner = width - 2 * _MARGIN
    foot_style, told_style = Style(6.4, colour=FAINT), Style(8.2)
    foot = [*context.credit_lines(scene, inner, foot_style), *legend.foot_lines(scene, inner, foot_style, 6)]
    bottom = height - _MARGIN + 3 - 8.6 * len(foot)
    for number, line in enumerate(foot):
        sheet.text(line, _MARGIN, bottom + 4.5 + 8.6 * number, foot_style)
    top = _draw_title(sheet, scene, inner)
    wide = width > height
    aside = min(204.0, width * 0.26) if wide else height * 0.3
    told: list[str] = []
    columns: list[list[Block]] = []
    has_locator = True
    # What the head and the legend need depends on what the map shows, and its frame on them: so twice.
    for _ in range(2):
        first = top + 11.5 * max(1, len(told)) + 6
        frame = (_MARGIN, first, width - _MARGIN, bottom - 6)
        frame = (*frame[:2], frame[2] - aside - 14, frame[3]) if wide else (*frame[:3], frame[3] - aside - 12)
        view = fit_view(scene.bbox, frame)
        plan = plan_events(scene, view)
        told = wrap(" · ".join(legend.count_parts(scene, plan)), inner, told_style, 3)
        if not wide:
            columns = _columns(sheet, scene, plan, view, (inner - 2 * _GAP) / 3)
            aside = min(max(map(_height, columns)), height * 0.45)
    for number, line in enumerate(told):
        sheet.text(line, _MARGIN, top + 5 + 11.5 * number, told_style)
    if wide:
        room = (frame[2] + 14, frame[1], width - _MARGIN, frame[3])
        columns, has_locator = _side(sheet, scene, plan, view, room)
    # What finds no room beside the map stands in the corner where it covers least of it.
    taken = TakenSpace()
    scale_box = _emptiest_corner(plan, view, legend.SCALE_SIZE, taken)
    locator_box = None if has_locator else _emptiest_corner(plan, view, _SMALL_LOCATOR, taken)
    sheet.clip_to(frame)
    draw_ground(sheet, view, scene.basemap)
    context.draw_contexts(sheet, view, scene)
    said = draw_events(sheet, view, plan, taken)
    context.label_contexts(sheet, view, scene, taken)
    draw_names(sheet, view, scene.basemap, taken, said)
    legend.draw_scale(sheet, view, scale_box)
    sheet.clip_to(None)
    if locator_box:
        legend.draw_locator(sheet, scene, view, locator_box)
    sheet.rectangle(frame, stroke="#8b98a3", width=0.8)
    for number, column in enumerate(columns):
        x = room[0] if wide else _MARGIN + number * ((inner - 2 * _GAP) / 3 + _GAP)
        _draw_stack(column, x, frame[1] if wide else frame[3] + 12)
    return sheet, describe(scene, plan)


def _draw_title(sheet: "Sheet", scene: Scene, width: float) -> float:
    """The title and subtitle, smaller where they are long; gives where what comes next may begin."""
    from geomap.render.picture_sheet import FAINT, Style, wrap

    y = _MARGIN - 2
    style = Style(17, "bold")
    lines = wrap(scene.title, width, style, 2)
    if len(lines) > 1:
        style = Style(14, "bold")
        lines = wrap(scene.title, width, style, 2)
    for line in lines:
        sheet.text(line, _MARGIN, y + style.size * 0.5, style)
        y += style.size * 1.25
    under = Style(9.6, colour=FAINT)
    for line in wrap(scene.subtitle, width, under, 2):
        sheet.text(line, _MARGIN, y + 5.5, under)
        y += 12.5
    return y + 2


def _emptiest_corner(plan: "Plan", view: "View", size: tuple[float, float], taken: "TakenSpace") -> "Box":
    """Take the corner of the map where a box covers fewest of the events."""
    from geomap.render.picture_legend import corner_box

    at = [(cluster.x, cluster.y) for cluster in plan.clusters] + [(badge.x, badge.y) for badge in plan.badges]

    def covered(box: "Box") -> int:
        left, top, right, bottom = box
        return sum(left - 12 < x < right + 12 and top - 12 < y < bottom + 12 for x, y in at)

    # Where readers look for it, unless it would be in the way there.
    corners = [corner_box(view, corner, *size) for corner in _CORNERS]
    best = min((box for box in corners if taken.is_free(box)), key=covered)
    taken.take(best)
    return best


def _side(
    sheet: "Sheet", scene: Scene, plan: "Plan", view: "View", room: "Box"
) -> "tuple[list[list[Block]], bool]":
    """The legend beside the map: what must be there, then what there is room for; and if the locator is in it."""
    from geomap.render import picture_legend as legend

    width, height = room[2] - room[0], room[3] - room[1]
    signs = legend.signs_block(sheet, plan, width)
    context = _context_blocks(sheet, scene, width)
    lists = legend.left_out(scene, plan)
    wanted = legend.needs_locator(view)
    # Types in two columns, then no locator, before anything that is not on the map goes unnamed.
    for columns, has_locator in ((1, wanted), (2, wanted), (1, False), (2, False)):
        blocks = [legend.types_block(sheet, scene, plan, width, columns=columns), signs, *context]
        left = height - _height(blocks) - _APART
        left -= _LEAST_LOCATOR + _APART if has_locator else 0
        for title, items in lists:
            lines = min(int((left - 13) / 9.4), _MOST_LISTED)
            if lines >= min(2, len(items)):
                blocks.append(legend.list_block(sheet, title, items, width, lines))
                left -= blocks[-1].height + _APART
        if left >= -_APART and len(blocks) == len(lists) + 2 + len(context):
            break
    if has_locator:
        # As large as there is room left for.
        tall = min(_LEAST_LOCATOR + left + _APART, 128.0)
        blocks.append(legend.locator_block(sheet, scene, view, width, tall))
    return [blocks], has_locator or not wanted


def _columns(sheet: "Sheet", scene: Scene, plan: "Plan", view: "View", width: float) -> "list[list[Block]]":
    """The legend under the map, in three columns."""
    from geomap.render import picture_legend as legend

    lists = [
        legend.list_block(sheet, title, items, width, _MOST_LISTED)
        for title, items in legend.left_out(scene, plan)
    ]
    locator = [legend.locator_block(sheet, scene, view, width, 104.0)] if legend.needs_locator(view) else []
    columns = [
        [legend.types_block(sheet, scene, plan, width)],
        [legend.signs_block(sheet, plan, width)],
        [*_context_blocks(sheet, scene, width), *locator],
    ]
    for block in sorted(lists, key=lambda block: -block.height):
        min(reversed(columns), key=_height).append(block)
    return columns


def _context_blocks(sheet: "Sheet", scene: Scene, width: float) -> "list[Block]":
    from geomap.render.picture_context import contexts_block, drawn_contexts

    contexts = drawn_contexts(scene)
    return [contexts_block(sheet, contexts, width)] if contexts else []


def _height(blocks: "list[Block]") -> float:
    return sum(block.height for block in blocks) + _APART * max(0, len(blocks) - 1)


def _draw_stack(blocks: "list[Block]", x: float, y: float) -> None:
    for block in blocks:
        block.draw(x, y)
        y += block.height + _APART


def describe(scene: Scene, plan: "Plan") -> str:
    """What the picture shows, for those who do not see it."""
    from geomap.render.picture_context import context_words
    from geomap.render.picture_legend import count_parts, left_out, type_words

    parts = [
        f"Map: {visible_text(scene.title, 200)}",
        visible_text(scene.subtitle, 200),
        ", ".join(count_parts(scene, plan)),
        type_words(scene, plan),
        *(
            f"{title}: {visible_text('; '.join(visible_text(item, 60) for item in items), 300)}"
            for title, items in left_out(scene, plan)
        ),
        *context_words(scene),
        visible_text(scene.worldview, 300),
    ]
    return " ".join(part if part[-1] in ".!?…" else f"{part}." for part in parts if part)
