"""A scene as the JSON text of the page's one data island."""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson

from geomap.model.vocabulary import PRECISION_CODES
from geomap.render.links import safe_url
from geomap.scene import Scene

EVENT_COLUMNS: Final = (
    "id", "title", "type", "subtype", "status", "modality", "workflow", "when", "t_start", "t_end",
    "date_precision", "end_open", "place", "summary", "actors", "claimants", "sources", "n_origins",
    "search", "detail",
)  # fmt: skip
FEATURE_COLUMNS: Final = (
    "id", "event", "shape", "precision", "role", "label", "note", "lon", "lat", "radius_m", "geometry",
)  # fmt: skip

# 5 decimals are about 1 m.
_SHAPE_DECIMALS = 5
# A thousandth of a degree, at most 111 m, is under a pixel up to zoom 9, where the page says it has no more.
_BASEMAP_PARTS = 1000

_ESCAPES: Final = {
    ord("<"): "\\u003c",
    ord(">"): "\\u003e",
    ord("&"): "\\u0026",
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}


def scene_json(scene: Scene) -> str:
    """Give the scene as JSON that cannot leave its `<script>` element: no `<`, `>`, `&`, U+2028, NaN."""
    content = _content(scene)
    try:
        text = orjson.dumps(content, option=orjson.OPT_SERIALIZE_NUMPY).decode()
    except orjson.JSONEncodeError:
        # A lone surrogate has no UTF-8 form; as an escape it travels letter for letter.
        text = json.dumps(_plain(content), ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text.translate(_ESCAPES)


def _plain(value: Any) -> Any:
    """Turn numpy's numbers into Python's and what is not a finite number into None, as orjson does."""
    if isinstance(value, dict):
        return {key: _plain(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(member) for member in value]
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _content(scene: Scene) -> dict[str, Any]:
    return {
        "title": scene.title,
        "subtitle": scene.subtitle,
        "language": scene.language,
        "worldview": scene.worldview,
        "attribution": list(scene.attribution),
        "bbox": list(scene.bbox),
        "centre": list(scene.centre) if scene.centre else None,
        "worldview_note": scene.worldview_note,
        "types": [
            {"id": kind.id, "label": kind.label, "colour": kind.colour, "glyph": kind.glyph}
            for kind in scene.types
        ],
        "precisions": {precision.value: codes.label for precision, codes in PRECISION_CODES.items()},
        "layers": [
            {"id": layer.id, "title": layer.title, "group": layer.group, "events": list(layer.events)}
            for layer in scene.layers
        ],
        "events": _columns(scene.events, EVENT_COLUMNS) | {"detail": _details(scene.events["detail"])},
        "features": _columns(scene.features, FEATURE_COLUMNS),
        "geometries": [_rounded(shape, _SHAPE_DECIMALS) for shape in scene.geometries],
        "basemap": _basemap(scene),
    }


def _basemap(scene: Scene) -> dict[str, Any]:
    basemap = scene.basemap
    shapes = {
        name: _stepped(getattr(basemap, name)) for name in ("world", "land", "borders", "disputed", "regions")
    }
    towns = [[round(lon, 4), round(lat, 4), name, rank] for lon, lat, name, rank in basemap.towns]
    countries = [[round(lon, 4), round(lat, 4), name] for lon, lat, name in basemap.countries]
    return {"window": list(basemap.window), **shapes, "towns": towns, "countries": countries}


def _columns(table: Mapping[str, Sequence[Any]], names: Sequence[str]) -> dict[str, list[Any]]:
    return {name: list(table[name]) for name in names}


def _details(details: Sequence[Mapping[str, Any] | None]) -> list[dict[str, Any]]:
    return [_detail(detail or {}) for detail in details]


def _detail(detail: Mapping[str, Any]) -> dict[str, Any]:
    """Copy a detail; each source gets `href`, its address if that may be a link."""
    sources = [{**source, "href": safe_url(source.get("url"))} for source in detail.get("sources") or ()]
    return {**detail, "sources": sources}


def _rounded(shape: Any, decimals: int) -> Any:
    """Round the positions of a GeoJSON object and drop what the page does not read."""
    if shape.get("type") == "Feature":
        return _rounded(shape["geometry"], decimals)
    for members in ("geometries", "features"):
        if members in shape:
            kept = [_rounded(member, decimals) for member in shape[members]]
            return {"type": "GeometryCollection", "geometries": kept}
    if "coordinates" not in shape:
        return {"type": "GeometryCollection", "geometries": []}
    return {"type": shape["type"], "coordinates": _rounded_positions(shape["coordinates"], decimals)}


def _stepped(shape: Any) -> Any:
    """Write lines and rings as whole-number steps, a third of the size of GeoJSON's positions."""
    plain = _rounded(shape, _SHAPE_DECIMALS)
    if plain["type"] == "GeometryCollection":
        return {**plain, "geometries": [_stepped(member) for member in plain["geometries"]]}
    if plain["type"] in ("Point", "MultiPoint"):
        return {"type": "GeometryCollection", "geometries": []}
    return {"type": plain["type"], "parts": _BASEMAP_PARTS, "coordinates": _steps(plain["coordinates"])}


def _steps(value: Any) -> list[Any]:
    if not value or not isinstance(value[0][0], (int, float)):
        return [_steps(part) for part in value]
    steps: list[int] = []
    last = (0, 0)
    for lon, lat in value:
        here = (round(lon * _BASEMAP_PARTS), round(lat * _BASEMAP_PARTS))
        if here != last or not steps:
            steps += (here[0] - last[0], here[1] - last[1])
        last = here
    return steps


def _rounded_positions(value: Any, decimals: int) -> Any:
    if isinstance(value, (int, float)):
        return round(value, decimals)
    if len(value) and isinstance(value[0], (int, float)):
        return [round(float(number), decimals) for number in value[:2]]
    return [_rounded_positions(part, decimals) for part in value]
