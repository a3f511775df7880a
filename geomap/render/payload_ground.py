"""Shapes of the data island: the ground, context layers and outlines, as whole-number steps."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from geomap.render.links import safe_url
from geomap.scene import Scene, SceneContext
from geomap.scene.value import PlaceLabel, WaterLabel

# 5 decimals are about 1 m: enough for a stretch of border; of what is a degree wide 10 m are enough.
_SHAPE_DECIMALS = 5
_FINE_PARTS, _WIDE_PARTS, _WIDE_DEGREES = 100_000, 10_000, 1.0
# A thousandth of a degree, at most 111 m, is under a pixel up to zoom 9, where the page says it has no more.
_BASEMAP_PARTS: Final = 1000
_GRIDS: Final = (20, 50, 100, 200, 500)
_FAR_PARTS: Final = 20
# How finely the scene simplifies what lies in a window, in steps across it.
_FINE_STEPS: Final = 6_000
_AROUND_STEPS: Final = 2_500


_COLOUR: Final = re.compile("#[0-9a-fA-F]{6}")
_NO_COLOUR: Final = "#6b7680"


def basemap_parts(scene: Scene) -> dict[str, Any]:
    """The ground as columns: shapes as whole-number steps, names by language beside the main one."""
    basemap = scene.basemap
    fine = _grid_for(basemap.window, _FINE_STEPS)
    around = basemap.around
    parts = _grid_for(around.window, _AROUND_STEPS) if around else 0
    return {
        "window": list(basemap.window),
        **{
            name: stepped(getattr(basemap, name), fine) for name in ("land", "borders", "disputed", "regions")
        },
        **{
            name: stepped(getattr(basemap, name), _FAR_PARTS)
            for name in ("world", "far_borders", "far_disputed")
        },
        "around": around
        and {
            "window": list(around.window),
            **{name: stepped(getattr(around, name), parts) for name in ("land", "borders", "disputed")},
        },
        "rivers": _waters(basemap.rivers, basemap.river_labels, fine),
        "lakes": _waters(basemap.lakes, basemap.lake_labels, fine)
        | {"at": [_position(label.at) for label in basemap.lake_labels]},
        "seas": {
            "at": [_position(sea) for sea in basemap.seas],
            "rank": [label.rank for label in basemap.sea_labels],
            **_name_columns([(label.name, label.names) for label in basemap.sea_labels]),
        },
        "towns": {
            "at": [_position(town[:2]) for town in basemap.towns],
            "rank": [town[3] for town in basemap.towns],
            "native": [
                _native(town[2], label) for town, label in _labelled(basemap.towns, basemap.town_labels)
            ],
            **_name_columns(
                [(town[2], label.names) for town, label in _labelled(basemap.towns, basemap.town_labels)]
            ),
        },
        "countries": {
            "at": [_position(country[:2]) for country in basemap.countries],
            "code": [label.code for _, label in _labelled(basemap.countries, basemap.country_labels)],
            **_name_columns(
                [(row[2], label.names) for row, label in _labelled(basemap.countries, basemap.country_labels)]
            ),
        },
    }


def _labelled(rows: Sequence[Any], labels: Sequence[PlaceLabel]) -> Iterable[tuple[Any, PlaceLabel]]:
    return zip(rows, labels or [PlaceLabel(names={})] * len(rows), strict=True)


def _grid_for(window: Sequence[float], steps: int) -> int:
    """How many parts of a degree the shapes of a window need: the coarsest grid that is finer than they are."""
    tolerance = (window[2] - window[0]) / steps
    return next((parts for parts in _GRIDS if parts * tolerance >= 3), _BASEMAP_PARTS)


def _waters(shapes: Mapping[str, Any], labels: Sequence[WaterLabel], parts: int) -> dict[str, Any]:
    return {
        "parts": parts,
        "rank": [label.rank for label in labels],
        "shape": [_steps(_members(shape), parts) for shape in shapes.get("geometries", ())],
        **_name_columns([(label.name, label.names) for label in labels]),
    }


def _members(shape: Mapping[str, Any]) -> Sequence[Any]:
    """The lines of a river or polygons of a lake, of one as of many."""
    coordinates: Sequence[Any] = shape["coordinates"]
    return coordinates if shape["type"].startswith("Multi") else [coordinates]


def _name_columns(named: Sequence[tuple[str, Mapping[str, str]]]) -> dict[str, Any]:
    """The main names, and for each language those that differ from them: empty where they do not."""
    languages = sorted({language for _, names in named for language in names})
    return {
        "name": [name for name, _ in named],
        "names": {language: [names.get(language, "") for _, names in named] for language in languages},
    }


def _native(name: str, label: PlaceLabel) -> Any:
    """The native name: empty where it is the main one, in a list the language that it is in, null where unknown."""
    if label.native == name:
        return ""
    return next(([language] for language, text in label.names.items() if text == label.native), label.native)


def _position(at: Sequence[float] | None) -> list[float] | None:
    return [round(float(degrees), 3) for degrees in at] if at else None


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


def parts_for(shape: Mapping[str, Any]) -> int:
    """Into how many parts a degree is parted for a shape."""
    lons = [position[0] for position in _positions(shape.get("coordinates") or ())]
    return _WIDE_PARTS if lons and max(lons) - min(lons) > _WIDE_DEGREES else _FINE_PARTS


def _positions(value: Any) -> Iterable[Sequence[float]]:
    if value and isinstance(value[0], (int, float)):
        yield value
        return
    for part in value:
        yield from _positions(part)


def stepped(shape: Any, parts: int) -> Any:
    """Write lines and rings as whole-number steps, a third of the size of GeoJSON's positions."""
    plain = _rounded(shape, _SHAPE_DECIMALS)
    if plain["type"] == "GeometryCollection":
        return {**plain, "geometries": [stepped(member, parts) for member in plain["geometries"]]}
    if plain["type"] in ("Point", "MultiPoint"):
        return {"type": "GeometryCollection", "geometries": []}
    return {"type": plain["type"], "parts": parts, "coordinates": _steps(plain["coordinates"], parts)}


def _steps(value: Any, parts: int) -> list[Any]:
    if not value or not isinstance(value[0][0], (int, float)):
        return [_steps(part, parts) for part in value]
    steps: list[int] = []
    last = (0, 0)
    for lon, lat in value:
        here = (round(lon * parts), round(lat * parts))
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


def context_parts(context: SceneContext) -> dict[str, Any]:
    """A context layer with its shapes; its address may be a link only if it is safe as it stands."""
    return {
        "id": context.id,
        "title": context.title,
        "date": context.date,
        "edtf": context.edtf,
        "credit": context.credit,
        "url": context.url,
        "href": safe_url(context.url),
        "licence": context.licence,
        "colour": context.colour if _COLOUR.fullmatch(context.colour) else _NO_COLOUR,
        "shown": context.shown,
        "labels": list(context.labels),
        "shapes": [stepped(shape, _WIDE_PARTS) for shape in context.shapes],
    }
