"""The ground of a picture: the view in Web Mercator, land, borders, and names that keep clear of each other."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry import shape as from_geojson
from shapely.geometry.base import BaseGeometry

from geomap.render.picture_sheet import Box, Sheet, Style, TakenSpace, box_round, edges_of, text_width
from geomap.render.picture_text import visible_text
from geomap.scene import Basemap

SEA: Final = "#cfdbe2"
LAND: Final = "#f4f2ec"
COAST: Final = "#a9b8c2"
FAR_BORDER: Final = "#d3cfc6"
BORDER: Final = "#97918a"
REGION: Final = "#dcd8cd"
TOWN: Final = "#3d4852"
COUNTRY: Final = "#8a8478"

# A page's pixel in points of a sheet, so that both draw by the same figures.
PX: Final = 0.75
EARTH_RADIUS_M: Final = 6_378_137.0
_FARTHEST_LAT: Final = 85.0511287798
_TILE_PX: Final = 256
# What is drawn reaches this far past the frame, where the frame's edge hides how it was cut.
_BEYOND: Final = 8.0
_FINE: Final = 0.15
_LEAST_SPAN: Final = 2e-6
_MOST_TOWNS: Final = 60
# Letters may be set apart only where they do not join.
_APART: Final = "\u200a"


def world_xy(lon: ArrayLike, lat: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Web Mercator (EPSG:3857) as parts of the world: x from 180° W eastwards, y from 85.05° N down."""
    phi = np.radians(np.clip(np.asarray(lat, dtype=float), -_FARTHEST_LAT, _FARTHEST_LAT))
    x = (np.asarray(lon, dtype=float) + 180) / 360
    return x, (1 - np.arcsinh(np.tan(phi)) / math.pi) / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Which part of the world a frame shows: `scale` points a world, its top left corner at `west`, `top`."""

    frame: Box
    scale: float
    west: float
    top: float

    @property
    def zoom(self) -> float:
        """The zoom of a page that shows as much."""
        return math.log2(self.scale / PX / _TILE_PX)

    @property
    def middle_lat(self) -> float:
        """The latitude at half the frame's height, in degrees."""
        y = self.top + (self.frame[3] - self.frame[1]) / 2 / self.scale
        return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y))))

    @property
    def metres_a_point(self) -> float:
        """At the middle latitude; Web Mercator stretches everything by 1 / cos(latitude)."""
        return 2 * math.pi * EARTH_RADIUS_M * math.cos(math.radians(self.middle_lat)) / self.scale

    @property
    def bounds(self) -> Box:
        """West, south, east, north in degrees; east may pass 180."""
        left, top, right, bottom = self.frame
        east = self.west + (right - left) / self.scale
        ends = [self.top, self.top + (bottom - top) / self.scale]
        north, south = (math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y)))) for y in ends)
        return (self.west * 360 - 180, south, east * 360 - 180, north)

    def turns(self) -> range:
        """The copies of the world that the frame shows."""
        left, _, right, _ = self.frame
        return range(math.floor(self.west), math.floor(self.west + (right - left) / self.scale) + 1)

    def place(self, lon: float, lat: float) -> tuple[float, float]:
        """Where a position falls on the sheet, in the copy of the world that is nearest to the frame's middle."""
        x, y = (float(value) for value in world_xy(lon, lat))
        left, top, right, _ = self.frame
        middle = self.west + (right - left) / 2 / self.scale
        x += round(middle - x)
        return (left + (x - self.west) * self.scale, top + (y - self.top) * self.scale)

    def holds(self, x: float, y: float, margin: float = 0) -> bool:
        left, top, right, bottom = self.frame
        return left + margin <= x <= right - margin and top + margin <= y <= bottom - margin

    def on_sheet(self, shape: BaseGeometry, turn: int = 0) -> BaseGeometry:
        """A shape in degrees, in points of the sheet."""
        left, top, _, _ = self.frame

        def to_points(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
            x, y = world_xy(degrees[:, 0], degrees[:, 1])
            points = [left + (x + turn - self.west) * self.scale, top + (y - self.top) * self.scale]
            return np.column_stack(points)

        return shapely.transform(shape, to_points)

    def clip(self, shape: BaseGeometry) -> BaseGeometry:
        """What the frame shows of a shape on the sheet, no finer than can be seen."""
        left, top, right, bottom = self.frame
        seen = shapely.clip_by_rect(
            _valid(shape), left - _BEYOND, top - _BEYOND, right + _BEYOND, bottom + _BEYOND
        )
        return _valid(shapely.simplify(seen, _FINE, preserve_topology=True))

    def seen(self, shape: BaseGeometry) -> BaseGeometry:
        """What the frame shows of a shape in degrees, in every copy of the world, in points of the sheet."""
        # Beyond the antimeridian the same shape comes again.
        parts = [self.clip(self.on_sheet(shape, turn)) for turn in self.turns()]
        found = [part for part in parts if not part.is_empty]
        return found[0] if len(found) == 1 else shapely.union_all(found)


def fit_view(bbox: Box, frame: Box) -> View:
    """The view that holds all of a bbox (west, south, east, north) and fills the frame."""
    west, south, east, north = bbox
    east += 360 if east < west else 0
    (left, right), (bottom, top) = world_xy([west, east], [south, north])
    width, height = frame[2] - frame[0], frame[3] - frame[1]
    scale = min(width / max(right - left, _LEAST_SPAN), height / max(bottom - top, _LEAST_SPAN))
    view_top = (top + bottom) / 2 - height / 2 / scale
    if height / scale <= 1:
        # Not past the poles' edge of the projection as long as there is map to fill the frame.
        view_top = min(max(view_top, 0.0), 1 - height / scale)
    return View(frame=frame, scale=scale, west=(left + right) / 2 - width / 2 / scale, top=view_top)


def read_shape(geojson: Mapping[str, Any] | None) -> BaseGeometry:
    """A GeoJSON geometry as a shape; an empty one where there is none."""
    if not geojson or not (geojson.get("coordinates") or geojson.get("geometries")):
        return shapely.MultiPolygon()
    return shapely.force_2d(from_geojson(geojson))


def _valid(shape: BaseGeometry) -> BaseGeometry:
    return shape if shapely.is_valid(shape) else shapely.make_valid(shape)


def draw_ground(sheet: Sheet, view: View, basemap: Basemap) -> None:
    """Sea, land and lines; the coarse world only where the fine land of the window ends."""
    sheet.rectangle(view.frame, fill=SEA)
    land = read_shape(basemap.land)
    fine = not land.is_empty
    world = _valid(read_shape(basemap.world))
    for turn in view.turns():
        window = view.on_sheet(shapely.box(*basemap.window), turn)
        far = view.clip(view.on_sheet(world, turn))
        if fine:
            far = shapely.difference(far, window)
        # No line where the land was cut: at the window's edge and where one world meets the next.
        edges = shapely.union_all(_world_edges(view, turn)).buffer(0.3)
        sheet.geometry(far, fill=LAND)
        sheet.geometry(shapely.difference(edges_of(far), edges), stroke=FAR_BORDER, width=0.8 * PX)
        if not fine:
            continue
        near = view.clip(view.on_sheet(land, turn))
        sheet.geometry(near, fill=LAND)
        cuts = shapely.union_all([window.boundary.buffer(0.3), edges])
        coast = shapely.difference(edges_of(near), cuts)
        sheet.geometry(coast, stroke=COAST, width=0.8 * PX)
        for name, colour, width, dash in (
            ("lakes", None, 0.0, ()),
            ("rivers", "#b9cbd6", 0.9, ()),
            ("regions", REGION, 0.7 if view.zoom < 6 else 1.0, ()),
            ("borders", BORDER, 0.9 if view.zoom < 5 else 1.3, ()),
            ("disputed", BORDER, 1.3, (5 * PX, 4 * PX)),
        ):
            if name in ("regions", "rivers") and view.zoom < 4.5:
                continue
            lines = view.clip(view.on_sheet(read_shape(_water_or_lines(basemap, name)), turn))
            if name == "lakes":
                sheet.geometry(lines, fill=SEA, stroke=COAST, width=0.6 * PX)
            else:
                sheet.geometry(lines, stroke=colour, width=width * PX, dash=dash)


def _water_or_lines(basemap: Basemap, name: str) -> Mapping[str, Any] | None:
    found = getattr(basemap, name, None)
    return found if isinstance(found, Mapping) else None


def _world_edges(view: View, turn: int) -> list[BaseGeometry]:
    return [view.on_sheet(shapely.LineString([(lon, -85), (lon, 85)]), turn) for lon in (-180, 180)]


def draw_names(sheet: Sheet, view: View, basemap: Basemap, taken: TakenSpace, said: Iterable[str]) -> None:
    """Countries, then towns by rank, each where it has room; not what a label of the events says already."""
    told = set(said)
    for lon, lat, name in basemap.countries:
        if visible_text(name) not in told:
            _draw_country(sheet, view, lon, lat, visible_text(name, 40), taken)
    drawn = 0
    for lon, lat, name, rank in sorted(basemap.towns, key=lambda town: town[3]):
        if drawn >= _MOST_TOWNS:
            break
        if (rank <= view.zoom - 2.2 or view.zoom >= 9) and visible_text(name, 40) not in told:
            drawn += _draw_town(sheet, view, lon, lat, visible_text(name, 40), rank, taken)


def _draw_country(sheet: Sheet, view: View, lon: float, lat: float, name: str, taken: TakenSpace) -> None:
    x, y = view.place(lon, lat)
    if not 3 <= view.zoom <= 8 or not view.holds(x, y):
        return
    size = 7.0 if view.zoom < 4.5 else 8.6 if view.zoom < 6 else 9.6
    capitals = name.upper()
    joined = any(0x590 <= ord(letter) < 0x1100 for letter in capitals)
    text = capitals if joined else (_APART * 2).join(capitals)
    style = Style(size, colour=COUNTRY, halo=2.2, halo_colour=LAND)
    width = text_width(text, style)
    # Beside its place rather than not at all: a name says which country this is anywhere in it.
    for dx, dy in ((0, 0), (0, 14), (0, -14), (0, 28), (0, -28), (30, 0), (-30, 0)):
        box = box_round(x + dx, y + dy, width + 8, size + 6)
        if _inside(box, view.frame) and taken.is_free(box):
            sheet.text(text, x + dx, y + dy, style, align="center")
            taken.take(box)
            return


def _draw_town(
    sheet: Sheet, view: View, lon: float, lat: float, name: str, rank: int, taken: TakenSpace
) -> bool:
    x, y = view.place(lon, lat)
    dot = box_round(x, y, 6, 6)
    if not view.holds(x, y, 2) or not taken.is_free(dot):
        return False
    style = Style(7.6 if rank <= 1 else 6.8, colour=TOWN, halo=1.9, halo_colour=LAND)
    width = text_width(name, style)
    for dx, dy, align in ((4.2, 0, "left"), (-4.2, 0, "right"), (0, 8.4, "center"), (0, -8.4, "center")):
        middle = x + dx + {"left": width / 2, "right": -width / 2, "center": 0}[align]
        box = box_round(middle, y + dy, width + 3, style.size + 2.5)
        if not _inside(box, view.frame) or not taken.is_free(box):
            continue
        sheet.circle(x, y, 1.7 if rank <= 1 else 1.35, fill="#ffffff", stroke=TOWN, width=0.85)
        sheet.text(name, x + dx, y + dy, style, align=align)
        taken.take(box)
        taken.take(box_round(x, y, 7, 7))
        return True
    return False


def _inside(box: Box, frame: Box) -> bool:
    return (
        box[0] >= frame[0] + 2
        and box[1] >= frame[1] + 2
        and box[2] <= frame[2] - 2
        and box[3] <= frame[3] - 2
    )
