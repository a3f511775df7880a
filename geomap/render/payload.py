"""A scene as the JSON text of the page's one data island."""

import json
from collections.abc import Mapping
from typing import Any

from geomap.render.military import draw_symbols
from geomap.render.packing import pack_json, to_json
from geomap.render.payload_events import STATUSES, event_parts
from geomap.render.payload_ground import basemap_parts, context_parts, parts_for, stepped
from geomap.render.payload_places import PRECISIONS, aside_parts, feature_parts
from geomap.render.read import read_messages
from geomap.render.words import Words
from geomap.scene import Scene
from geomap.scene.value import SHAPES

# Each is in no packed part, and stands in strings alone.
_ESCAPES = {
    b"<": b"\\u003c",
    b">": b"\\u003e",
    b"&": b"\\u0026",
    "\u2028".encode(): b"\\u2028",
    "\u2029".encode(): b"\\u2029",
}


def scene_json(scene: Scene) -> str:
    """Give the scene as JSON, as `scene_bytes` does."""
    return scene_bytes(scene).decode()


def scene_bytes(scene: Scene) -> bytes:
    """Give the scene as JSON in UTF-8 that cannot leave its `<script>` element: no `<`, `>`, `&`, U+2028, NaN.

    Small parts are plain JSON; large ones are packed, see `packing`. Events and features are columns of
    numbers; what they share (names, sources, places, positions) stands once in a table, and an event's own
    texts in blocks that the page opens when they are needed.
    """
    text = to_json(_content(scene))
    for sign, escape in _ESCAPES.items():
        text = text.replace(sign, escape)
    return text


def _content(scene: Scene) -> dict[str, Any]:
    words = Words()
    events = event_parts(scene, words)
    features = feature_parts(scene, words)
    asides = aside_parts(scene, words)
    return {
        "title": scene.title,
        "subtitle": scene.subtitle,
        "language": scene.language,
        "worldview": scene.worldview,
        "attribution": list(scene.attribution),
        "bbox": list(scene.bbox),
        "centre": list(scene.centre) if scene.centre else None,
        "worldview_note": scene.worldview_note,
        "tiles": scene.tiles,
        "types": [
            {"id": kind.id, "label": kind.label, "colour": kind.colour, "glyph": kind.glyph}
            for kind in scene.types
        ],
        "statuses": [status.value for status in STATUSES],
        "precisions": [precision.value for precision in PRECISIONS],
        "shapes": list(SHAPES),
        "layers": [{"id": layer.id, "title": layer.title, "group": layer.group} for layer in scene.layers],
        "events": events,
        "features": features,
        "asides": asides,
        "contexts": pack_json([context_parts(context) for context in scene.contexts]),
        "words": {name: pack_json(_values(table)) for name, table in words.tables.items()},
        "movements": [
            {
                "event": way.event,
                "from": way.start,
                "to": way.end,
                "label": way.label,
                "country": way.is_country,
            }
            for way in scene.movements
        ],
        "folds": _runs(scene.folds),
        "geometries": pack_json([stepped(shape, parts_for(shape)) for shape in scene.geometries]),
        "basemap": pack_json(basemap_parts(scene)),
        "messages": pack_json(read_messages()),
        "symbols": pack_json(draw_symbols(scene)) if scene.symbols == "app6" else None,
    }


def _values(table: Mapping[Any, int]) -> list[Any]:
    """The values of a table of words in their order; bytes are JSON already."""
    return [json.loads(value) if isinstance(value, bytes) else value for value in table]


def _runs(folds: Mapping[str, str]) -> list[list[Any]]:
    """Folds of characters as runs of neighbours: `[first code point, "fold|fold|…"]`."""
    runs: list[list[Any]] = []
    last = -2
    for code, fold in sorted((ord(letter), fold) for letter, fold in folds.items()):
        if code == last + 1:
            runs[-1][1] += f"|{fold}"
        else:
            runs.append([code, fold])
        last = code
    return runs
