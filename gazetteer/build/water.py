"""Rivers, lakes and seas for the basemap: Natural Earth's shapes, simplified, with names by language."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
import yaml
from natural import LAKES_MEMBER, RIVERS_MEMBER, lake_names, read_layer
from shapely.geometry.base import BaseGeometry

from geomap.gazetteer.ground import Water

TABLE: Final = Path(__file__).with_name("water_names.yaml")
LANGUAGES: Final = ("en", "pl", "uk", "be", "ru")
LAKE_DEGREES: Final = 0.006
RIVER_DEGREES: Final = 0.008
"""What is left out by simplifying, as a map that opens on a region of 30 degrees draws it: under a pixel."""
SMALLEST_LAKE: Final = 0.003
"""Square degrees, about 20 square kilometres in Europe: under a pixel where the page says that detail ends."""
LAST_RANK: Final = 9
GRID_DECIMALS: Final = 3
"""Of degrees: as the page has them, 111 m."""


def read_water(lakes: Path, rivers: Path) -> list[Water]:
    """Read what the basemap draws of waters, the greatest first; names by language where they are known.

    Raises
    ------
    ValueError
        If water_names.yaml names a river or lake that the sources lack, or a language twice.
    """
    table = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    found = [*_seas(table["seas"]), *_lakes(lakes, table["lakes"]), *_rivers(rivers, table["rivers"])]
    return sorted(found, key=lambda water: (water.rank, water.kind, water.shape.bounds))


def _names(row: Mapping[str, Any]) -> dict[str, str]:
    return {language: row[language] for language in LANGUAGES if row.get(language)}


def _seas(rows: list[dict[str, Any]]) -> list[Water]:
    return [
        Water(kind="sea", rank=row["rank"], names=_names(row), shape=shapely.Point(row["at"])) for row in rows
    ]


def _lakes(wheel: Path, rows: list[dict[str, Any]]) -> list[Water]:
    own = {row["lake"]: _names(row) for row in rows}
    ranks = {row["lake"]: row["rank"] for row in rows if "rank" in row}
    found = []
    for row in read_layer(wheel, LAKES_MEMBER):
        number = int(row["ne_id"])
        written = own.pop(number, {})
        rank = ranks.get(number, int(row["scalerank"]))
        shape = _area(row["shape"])
        if shape.is_empty or rank > LAST_RANK:
            continue
        given = {language: row[f"name_{language}"] for language in ("pl", "uk", "ru")}
        english = {"en": lake_names(row)[0]} if row["name"] else {}
        names = english | {language: name for language, name in given.items() if name} | written
        found.append(Water(kind="lake", rank=rank, names=_ordered(names), shape=shape))
    if own:
        raise ValueError(f"{TABLE.name}: Natural Earth has no lakes {sorted(own)}")
    return found


def _rivers(wheel: Path, rows: list[dict[str, Any]]) -> list[Water]:
    own = {number: _names(row) for row in rows for number in row["rivers"]}
    group = {number: row["rivers"][0] for row in rows for number in row["rivers"]}
    parts: dict[tuple[int, int], list[BaseGeometry]] = {}
    seen = set()
    for row in read_layer(wheel, RIVERS_MEMBER, encoding="ISO-8859-1"):
        number, rank = int(row["rivernum"]), int(row["scalerank"])
        seen.add(number)
        if rank <= LAST_RANK:
            parts.setdefault((rank, group.get(number, number)), []).append(row["shape"])
    if missing := sorted(own.keys() - seen):
        raise ValueError(f"{TABLE.name}: Natural Earth has no rivers {missing}")
    found = []
    for (rank, number), shapes in parts.items():
        line = shapely.line_merge(shapely.union_all(shapes))
        simple = shapely.line_merge(_on_grid(shapely.simplify(line, RIVER_DEGREES)))
        if simple.is_empty:
            continue
        found.append(Water(kind="river", rank=rank, names=own.get(number, {}), shape=simple))
    return found


def _area(shape: BaseGeometry) -> BaseGeometry:
    simple = shapely.make_valid(shapely.simplify(shape, LAKE_DEGREES))
    parts = [
        shapely.Polygon(
            part.exterior, [ring for ring in part.interiors if shapely.Polygon(ring).area > SMALLEST_LAKE]
        )
        for part in shapely.get_parts(simple)
        if part.area > SMALLEST_LAKE
    ]
    return shapely.normalize(_on_grid(shapely.MultiPolygon(parts)))


def _on_grid(shape: BaseGeometry) -> BaseGeometry:
    """A shape with its vertices on the grid that the page has; what collapses there is left out."""
    gridded = shapely.set_precision(shape, 10.0**-GRID_DECIMALS)
    # GEOS gives multiples of the grid size; the nearest double of the decimal figure is what readers get back.
    return shapely.transform(gridded, lambda points: np.round(points, GRID_DECIMALS))


def _ordered(names: Mapping[str, str]) -> dict[str, str]:
    return {language: names[language] for language in LANGUAGES if language in names}
