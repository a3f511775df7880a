"""The vector basemap: land, borders, waters and names, from one coverage of first-order regions."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geomap.model.geometry import Bbox, to_geojson
from geomap.scene.value import Basemap, GroundLevel, Names, PlaceLabel, WaterLabel

# The window is 2.2 views wide; at 1,400 pixels a view this is half a pixel when the map opens.
_STEPS_ACROSS: Final = 6_000
# Round the window, as wide as four of it, the ground is fine enough for the scales at which the window's edge is seen.
_AROUND: Final = 4
_AROUND_STEPS: Final = 2_500
_WIDEST_AROUND: Final = 100.0
_DECIMALS: Final = 3
_FAR_DECIMALS: Final = 2
# Past this many, first-order regions are districts in size and their lines would hide the map.
_MOST_REGIONS: Final = 100
_TOWN_RANKS: Final = (1_000_000, 400_000, 150_000, 50_000)
# Beyond the window a reader finds his way by the greatest rivers and lakes alone.
_FAR_RANKS: Final = {"river": 2, "lake": 1, "sea": 4}
_FAR_TOLERANCE: Final = 0.12
LAST_AROUND_RANK: Final = 6
"""The rank of the smallest rivers and lakes beside the window, where the ground has middling detail there."""
# Thin lines and small shores bear more smoothing than a border that is followed.
_RIVER_STEPS: Final = 2.3
_LAKE_STEPS: Final = 1.5
_SMALLEST_LAKE_STEPS: Final = 7
_LAST_NAMED_RANK: Final = 7
_LEAST_FAR_COUNTRY: Final = 0.5
"""Square degrees: a smaller country beyond the window is not named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundRegion:
    """A first-order region, or a whole country: its polygon (EPSG:4326), and whose it is under each worldview."""

    id: str
    shape: BaseGeometry
    owner: str
    owners: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundWater:
    """A river, lake or sea (a point): `rank` 0 is the greatest, `names` are by language."""

    kind: Literal["river", "lake", "sea"]
    rank: int
    names: Names
    shape: BaseGeometry


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundTown:
    """A settlement: `names` are by language where they differ from the main one, `native` is what it has at home."""

    lon: float
    lat: float
    name: str
    population: int
    capital: bool = False
    names: Names
    native: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundCountry:
    """A country's name, its names by language, and a point of its land (lon, lat) to write them at."""

    name: str
    names: Names
    at: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What the basemap of one map is made of.

    `regions` are those that touch `around`, a bbox that holds the window; neighbouring regions share their
    vertices. So do the countries of `world`, which are coarse. `waters` are those of `around` and the greatest of
    the world, `countries` all there are, by code.
    """

    window: Bbox
    around: Bbox
    world: Sequence[GroundRegion]
    regions: Sequence[GroundRegion]
    waters: Sequence[GroundWater]
    countries: Mapping[str, GroundCountry]
    towns: Sequence[GroundTown]

    @property
    def country_names(self) -> dict[str, str]:
        """The name to show of every country, by code."""
        return {code: country.name for code, country in self.countries.items()}


def window_round(bbox: Bbox) -> Bbox:
    """The window that the detailed basemap covers: the view and as much again on each side."""
    return _widened(bbox, 0.6, least=1.0)


def window_around(window: Bbox) -> Bbox:
    """What the ground of middling detail covers: four windows across, or the window where that is wide itself."""
    if (window[2] - window[0]) * _AROUND > _WIDEST_AROUND:
        return window
    return _widened(window, (_AROUND - 1) / 2)


def last_water_rank(bbox: Bbox) -> int:
    """The rank of the smallest rivers and lakes that are worth their bytes in a window."""
    return 9 if bbox[2] - bbox[0] < 40 else 8


def _widened(bbox: Bbox, share: float, least: float = 0.0) -> Bbox:
    west, south, east, north = bbox
    across, up = max(east - west, least), max(north - south, least)
    return (
        max(west - across * share, -180.0),
        max(south - up * share, -85.0),
        min(east + across * share, 180.0),
        min(north + up * share, 85.0),
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
    tolerance = _width(ground.window) / _STEPS_ACROSS
    regions, shapes = _clipped(ground.regions, ground.window, tolerance)
    countries = _joined(regions, shapes)
    members = defaultdict(list)
    for region in regions:
        members[region.owner].append(region)
    parted = {code for code, parts in members.items() if code in focus and len(parts) <= _MOST_REGIONS}
    borders, disputed, inner = _part_edges(regions, shapes, parted)
    far_borders, far_disputed, _ = _part_edges(ground.world, [piece.shape for piece in ground.world], set())
    rivers = _rivers(ground, tolerance * _RIVER_STEPS)
    lakes = _lakes(ground, tolerance * _LAKE_STEPS)
    seas = [water for water in ground.waters if water.kind == "sea"]
    names = _country_names(ground, bbox, countries)
    basemap = Basemap(
        window=ground.window,
        world=to_geojson(_union([piece.shape for piece in ground.world]), decimals=_FAR_DECIMALS),
        far_borders=_lines(far_borders, _FAR_DECIMALS),
        far_disputed=_lines(far_disputed, _FAR_DECIMALS),
        around=_level(ground),
        land=to_geojson(_union(list(countries.values())), decimals=_DECIMALS),
        borders=_lines(borders),
        disputed=_lines(disputed),
        regions=_lines(inner),
        rivers=_collection([shape for shape, _ in rivers]),
        river_labels=tuple(label for _, label in rivers),
        lakes=_collection([shape for shape, _ in lakes]),
        lake_labels=tuple(label for _, label in lakes),
        seas=tuple((float(sea.shape.x), float(sea.shape.y)) for sea in seas),
        sea_labels=tuple(_water_label(sea) for sea in seas),
        towns=tuple((town.lon, town.lat, town.name, _rank(town)) for town in ground.towns),
        town_labels=tuple(PlaceLabel(names=town.names, native=town.native or None) for town in ground.towns),
        countries=tuple(row for row, _ in names),
        country_labels=tuple(label for _, label in names),
    )
    return DrawnGround(basemap, countries)


def _level(ground: Ground) -> GroundLevel | None:
    if ground.around == ground.window:
        return None
    regions, shapes = _clipped(ground.regions, ground.around, _width(ground.around) / _AROUND_STEPS)
    borders, disputed, _ = _part_edges(regions, shapes, set())
    return GroundLevel(
        window=ground.around,
        land=to_geojson(_union(list(_joined(regions, shapes).values())), decimals=_DECIMALS),
        borders=_lines(borders),
        disputed=_lines(disputed),
    )


def _clipped(
    regions: Sequence[GroundRegion], bbox: Bbox, tolerance: float
) -> tuple[list[GroundRegion], list[BaseGeometry]]:
    """The regions in a bbox, and their shapes cut to it and simplified together."""
    kept = [
        (region, clipped)
        for region in regions
        if not (clipped := shapely.clip_by_rect(region.shape, *bbox)).is_empty
    ]
    shapes = shapely.coverage_simplify(
        np.array([_polygonal(clipped) for _, clipped in kept], dtype=object),
        tolerance,
        simplify_boundary=True,
    )
    return [region for region, _ in kept], list(shapes)


def _joined(regions: Sequence[GroundRegion], shapes: Sequence[BaseGeometry]) -> dict[str, BaseGeometry]:
    members: dict[str, list[BaseGeometry]] = defaultdict(list)
    for region, shape in zip(regions, shapes, strict=True):
        members[region.owner].append(shape)
    return {code: shapely.coverage_union_all(parts) for code, parts in sorted(members.items())}


def _union(shapes: Sequence[BaseGeometry]) -> BaseGeometry:
    return shapely.coverage_union_all(shapes) if shapes else shapely.MultiPolygon()


def _width(bbox: Bbox) -> float:
    return bbox[2] - bbox[0]


def _country_names(
    ground: Ground, bbox: Bbox, drawn: Mapping[str, BaseGeometry]
) -> list[tuple[tuple[float, float, str], PlaceLabel]]:
    """Names in the window where its part of a country has room for them, elsewhere where the land is large."""
    west, south, east, north = ground.window
    found: list[tuple[float, str, tuple[float, float]]] = []
    for code, shape in drawn.items():
        if place := label_point(shape, bbox, least_share=0.004):
            found.append((-shape.area, code, place))
    named = {code for _, code, _ in found}
    far: dict[str, float] = defaultdict(float)
    for piece in ground.world:
        far[piece.owner] += piece.shape.area
    for code, area in far.items():
        if code in ground.countries and code not in named and area >= _LEAST_FAR_COUNTRY:
            lon, lat = ground.countries[code].at
            if not (west <= lon <= east and south <= lat <= north):
                found.append((-area, code, (lon, lat)))
    nameless = GroundCountry(name="", names={}, at=(0, 0))
    rows = []
    for _, code, (lon, lat) in sorted(found):
        country = ground.countries.get(code, nameless)
        rows.append(((lon, lat, country.name or code), PlaceLabel(names=country.names, code=code)))
    return rows


def _rivers(ground: Ground, tolerance: float) -> list[tuple[dict[str, Any], WaterLabel]]:
    found = []
    for water in ground.waters:
        if water.kind == "river":
            line = _near_and_far(water, ground, tolerance)
            if not line.is_empty:
                found.append((_lines(line), _water_label(water)))
    return found


def _lakes(ground: Ground, tolerance: float) -> list[tuple[dict[str, Any], WaterLabel]]:
    least = (_SMALLEST_LAKE_STEPS / _LAKE_STEPS * tolerance) ** 2
    found = []
    for water in ground.waters:
        if water.kind != "lake":
            continue
        area = _polygonal(_near_and_far(water, ground, tolerance))
        parts = [_without_specks(part, least) for part in shapely.get_parts([area]) if part.area >= least]
        if not parts:
            continue
        label = _water_label(water) if water.rank <= _LAST_NAMED_RANK else WaterLabel(rank=water.rank)
        if label.name:
            largest = max(parts, key=lambda part: part.area)
            centre = shapely.get_point(shapely.maximum_inscribed_circle(largest, tolerance=0.02), 0)
            label = replace(label, at=(centre.x, centre.y))
        found.append((to_geojson(shapely.MultiPolygon(parts), decimals=_DECIMALS), label))
    return found


def _collection(shapes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {"type": "GeometryCollection", "geometries": list(shapes)}


def _water_label(water: GroundWater) -> WaterLabel:
    name = water.names.get("en", "")
    others = {language: text for language, text in water.names.items() if text != name}
    return WaterLabel(rank=water.rank, name=name, names=others)


def _without_specks(area: BaseGeometry, least: float) -> BaseGeometry:
    """A polygon without the islands that nobody would see."""
    holes = [ring for ring in shapely.get_rings(area)[1:] if shapely.Polygon(ring).area >= least]
    return shapely.Polygon(shapely.get_exterior_ring(area), holes)


def _near_and_far(water: GroundWater, ground: Ground, tolerance: float) -> BaseGeometry:
    """A river or lake, simplified as the ground is where it lies; far away only one of the greatest is kept."""
    scales = [(ground.window, tolerance, 99)]
    if ground.around != ground.window:
        coarser = tolerance * _width(ground.around) / _width(ground.window) * _STEPS_ACROSS / _AROUND_STEPS
        scales.append((ground.around, coarser, LAST_AROUND_RANK))
    scales.append(((-180.0, -90.0, 180.0, 90.0), _FAR_TOLERANCE, _FAR_RANKS[water.kind]))
    touched = [scale for scale in scales if shapely.box(*scale[0]).intersects(water.shape)]
    if water.kind == "lake":  # cut in two it would have a shore across it
        bbox, tolerance, last_rank = touched[0]
        if water.rank > last_rank:
            return shapely.MultiPolygon()
        whole = water.rank <= _FAR_RANKS["lake"] or _holds(bbox, water.shape)
        return shapely.simplify(water.shape if whole else shapely.clip_by_rect(water.shape, *bbox), tolerance)
    lines: list[BaseGeometry] = []
    left = water.shape
    for bbox, tolerance, last_rank in touched:
        if water.rank <= last_rank:
            inside = left if _holds(bbox, left) else shapely.intersection(left, shapely.box(*bbox))
            lines.extend(shapely.get_parts([shapely.simplify(inside, tolerance)]))
        left = shapely.difference(left, shapely.box(*bbox))
    kept = [line for line in lines if line.geom_type == "LineString" and not line.is_empty]
    return shapely.line_merge(shapely.MultiLineString(kept))


def _holds(bbox: Bbox, shape: BaseGeometry) -> bool:
    return bool(shapely.box(*bbox).covers(shapely.box(*shape.bounds)))


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
    pairs, pair = np.unique(np.column_stack([owner[same], owner[same + 1]]), axis=0, return_inverse=True)
    kinds = np.array(
        [_kind_of_edge(regions[a], regions[b], parted) if a != b else "" for a, b in pairs.tolist()]
    )
    edges = ends[same]
    # Without an edge there is no kind either.
    kind = kinds[pair.reshape(-1)] if len(edges) else kinds
    return (
        _merge(edges[kind == "border"]),
        _merge(edges[kind == "disputed"]),
        _merge(edges[kind == "inner"]),
    )


def _kind_of_edge(first: GroundRegion, second: GroundRegion, parted: set[str]) -> str:
    apart = {x != y for x, y in zip(first.owners, second.owners, strict=True)}
    if len(apart) == 2:
        return "disputed"
    if first.owner != second.owner:
        return "border"
    return "inner" if first.owner in parted else ""


def _edges(shapes: Sequence[BaseGeometry]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Every edge as (lon, lat, lon, lat), its smaller end first, and the shape it belongs to."""
    # Of a MultiPolygon get_rings gives none.
    parts, shape_of_part = shapely.get_parts(np.array(shapes, dtype=object), return_index=True)
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    within = np.flatnonzero(ring[1:] == ring[:-1])
    a, b = points[within], points[within + 1]
    swap = (a[:, 0] > b[:, 0]) | ((a[:, 0] == b[:, 0]) & (a[:, 1] > b[:, 1]))
    ends = np.where(swap[:, None], np.hstack([b, a]), np.hstack([a, b]))
    return ends, shape_of_part[part_of_ring[ring[within]]]


def _merge(edges: NDArray[np.float64]) -> BaseGeometry:
    if not len(edges):
        return shapely.MultiLineString()
    lines = shapely.linestrings(edges.reshape(-1, 2, 2))
    return shapely.line_merge(shapely.multilinestrings(lines))


def _lines(geometry: BaseGeometry, decimals: int = _DECIMALS) -> dict[str, Any]:
    if geometry.is_empty:
        return {"type": "MultiLineString", "coordinates": []}
    return to_geojson(geometry, decimals=decimals)


def _polygonal(geometry: BaseGeometry) -> BaseGeometry:
    """The polygons of a clipped shape; clipping may leave points and lines where it only touches."""
    if geometry.geom_type in ("Polygon", "MultiPolygon"):
        return geometry
    return shapely.MultiPolygon(
        [part for part in shapely.get_parts([geometry]) if part.geom_type == "Polygon"]
    )


def _rank(town: GroundTown) -> int:
    return 0 if town.capital else 1 + sum(town.population < least for least in _TOWN_RANKS)
