"""The vector basemap: land, borders and names, from one coverage of first-order regions."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geomap.model.geometry import Bbox, to_geojson
from geomap.scene.value import Basemap

# The window is 2.2 views wide; at 1,400 pixels a view this is half a pixel when the map opens.
_STEPS_ACROSS: Final = 6_000
_DECIMALS: Final = 3
# Past this many, first-order regions are districts in size and their lines would hide the map.
_MOST_REGIONS: Final = 100
_TOWN_RANKS: Final = (1_000_000, 400_000, 150_000, 50_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundRegion:
    """A first-order region: its polygon (EPSG:4326), and whose it is under each worldview."""

    id: str
    shape: BaseGeometry
    owner: str
    owners: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What the basemap of one map is made of; the regions are those that touch its window.

    Neighbouring regions share their vertices. `towns` are (lon, lat, name, population).
    """

    window: Bbox
    world: BaseGeometry
    regions: Sequence[GroundRegion]
    country_names: Mapping[str, str]
    towns: Sequence[tuple[float, float, str, int]]


def window_round(bbox: Bbox) -> Bbox:
    """The window that the detailed basemap covers: the view and as much again on each side."""
    west, south, east, north = bbox
    across, up = max(east - west, 1.0), max(north - south, 1.0)
    return (
        max(west - across * 0.6, -180.0),
        max(south - up * 0.6, -85.0),
        min(east + across * 0.6, 180.0),
        min(north + up * 0.6, 85.0),
    )


@dataclass(frozen=True, slots=True)
class DrawnGround:
    """The finished basemap, and the part of each country that lies in its window."""

    basemap: Basemap
    countries: Mapping[str, BaseGeometry]


def draw_ground(ground: Ground, bbox: Bbox, focus: Collection[str]) -> DrawnGround:
    """Clip, simplify and part the ground into land, borders, disputed borders and region lines.

    A border is disputed where one worldview draws it and another does not. Region lines are drawn in the
    countries of `focus` only.
    """
    west, south, east, north = ground.window
    regions = [
        (region, clipped)
        for region in ground.regions
        if not (clipped := shapely.clip_by_rect(region.shape, west, south, east, north)).is_empty
    ]
    tolerance = (east - west) / _STEPS_ACROSS
    shapes = shapely.coverage_simplify(
        np.array([_polygonal(clipped) for _, clipped in regions], dtype=object),
        tolerance,
        simplify_boundary=True,
    )
    members: dict[str, list[BaseGeometry]] = defaultdict(list)
    for (region, _), shape in zip(regions, shapes, strict=True):
        members[region.owner].append(shape)
    countries = {code: shapely.coverage_union_all(parts) for code, parts in sorted(members.items())}
    parted = {code for code, parts in members.items() if code in focus and len(parts) <= _MOST_REGIONS}
    borders, disputed, inner = _part_edges([region for region, _ in regions], list(shapes), parted)
    names = []
    for code, shape in countries.items():
        if place := label_point(shape, bbox, least_share=0.004):
            names.append((*place, ground.country_names.get(code, code)))
    basemap = Basemap(
        window=ground.window,
        world=to_geojson(ground.world, decimals=1),
        land=to_geojson(shapely.coverage_union_all(list(countries.values())), decimals=_DECIMALS),
        borders=_lines(borders),
        disputed=_lines(disputed),
        regions=_lines(inner),
        towns=tuple((lon, lat, name, _rank(population)) for lon, lat, name, population in ground.towns),
        countries=tuple(names),
    )
    return DrawnGround(basemap, countries)


def label_point(shape: BaseGeometry, bbox: Bbox, *, least_share: float = 0.0) -> tuple[float, float] | None:
    """Where to write on an area as (lon, lat): the middle of its roomiest part inside a bbox.

    None where it fills less than `least_share` of the bbox.
    """
    seen = _polygonal(shapely.clip_by_rect(shape, *bbox))
    if seen.is_empty or seen.area < least_share * shapely.box(*bbox).area:
        return None
    largest = max(shapely.get_parts([seen]), key=lambda part: part.area)
    centre = shapely.get_point(shapely.maximum_inscribed_circle(largest, tolerance=0.05), 0)
    return (centre.x, centre.y)


def _part_edges(
    regions: Sequence[GroundRegion], shapes: Sequence[BaseGeometry], parted: set[str]
) -> tuple[BaseGeometry, BaseGeometry, BaseGeometry]:
    """Edges that two regions share, parted into borders, disputed borders and lines inside a country."""
    ends, owner = _edges(shapes)
    order = np.lexsort(ends.T)
    ends, owner = ends[order], owner[order]
    same = np.flatnonzero((ends[1:] == ends[:-1]).all(axis=1))
    pairs = zip(owner[same], owner[same + 1], strict=True)
    kinds: dict[str, list[NDArray[np.float64]]] = {"border": [], "disputed": [], "inner": []}
    for edge, (a, b) in zip(ends[same], pairs, strict=True):
        if a == b:
            continue
        first, second = regions[a], regions[b]
        apart = {x != y for x, y in zip(first.owners, second.owners, strict=True)}
        if len(apart) == 2:
            kinds["disputed"].append(edge)
        elif first.owner != second.owner:
            kinds["border"].append(edge)
        elif first.owner in parted:
            kinds["inner"].append(edge)
    return (_merge(kinds["border"]), _merge(kinds["disputed"]), _merge(kinds["inner"]))


def _edges(shapes: Sequence[BaseGeometry]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Every edge as (lon, lat, lon, lat), its smaller end first, and the shape it belongs to."""
    found, owners = [], []
    for number, shape in enumerate(shapes):
        for ring in shapely.get_rings(shapely.get_parts([shape])):  # of a MultiPolygon get_rings gives none
            points = shapely.get_coordinates(ring)
            a, b = points[:-1], points[1:]
            swap = (a[:, 0] > b[:, 0]) | ((a[:, 0] == b[:, 0]) & (a[:, 1] > b[:, 1]))
            found.append(np.where(swap[:, None], np.hstack([b, a]), np.hstack([a, b])))
            owners.append(np.full(len(a), number))
    if not found:
        return np.empty((0, 4)), np.empty(0, dtype=np.int64)
    return np.vstack(found), np.concatenate(owners)


def _merge(edges: list[NDArray[np.float64]]) -> BaseGeometry:
    if not edges:
        return shapely.MultiLineString()
    lines = shapely.linestrings(np.array(edges).reshape(-1, 2, 2))
    return shapely.line_merge(shapely.multilinestrings(lines))


def _lines(geometry: BaseGeometry) -> dict[str, Any]:
    if geometry.is_empty:
        return {"type": "MultiLineString", "coordinates": []}
    return to_geojson(geometry, decimals=_DECIMALS)


def _polygonal(geometry: BaseGeometry) -> BaseGeometry:
    """The polygons of a clipped shape; clipping may leave points and lines where it only touches."""
    if geometry.geom_type in ("Polygon", "MultiPolygon"):
        return geometry
    return shapely.MultiPolygon(
        [part for part in shapely.get_parts([geometry]) if part.geom_type == "Polygon"]
    )


def _rank(population: int) -> int:
    return 1 + sum(population < least for least in _TOWN_RANKS)
