"""What a picture draws of a scene's events, settled before anything is drawn: places, clusters, areas, labels."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geomap.model.columns import position_text
from geomap.model.geometry import wgs84
from geomap.model.vocabulary import Precision, Status
from geomap.render.picture_ground import PX, View, read_shape
from geomap.render.picture_text import visible_text
from geomap.render.picture_ways import Way, plan_ways
from geomap.scene import Scene, TypeSymbol

GLYPH_SIZE: Final = 6.5 * PX
MIXED_COLOUR: Final = "#475569"
MOST_FANNED: Final = 9
# With more places than this on a map, symbols that are set apart would be taken for neighbours' symbols.
_MOST_PLACES_FANNED: Final = 200
_UNKNOWN_TYPE: Final = TypeSymbol(id="", label="Other", colour="#777777", glyph="dot")
# Places known, but not where something happened.
_NOT_DRAWN: Final = frozenset({"purpose", "mentioned"})
_POINTS: Final = frozenset({Precision.EXACT, Precision.PLACE, Precision.VICINITY})
_STRUCK: Final = ("denied", "retracted")
_COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}")
_PASSES: Final = 12
_RING_CORNERS: Final = 72
_VICINITY_LEAST: Final = 13 * PX


@dataclass(frozen=True, slots=True)
class Mark:
    """One event at one place: what the picture needs to know of both."""

    event: int
    shape: str
    lon: float | None
    lat: float | None
    radius_m: float
    geometry: int | None
    label: str
    waters: bool
    symbol: TypeSymbol
    status: str
    draft: bool


@dataclass(frozen=True, slots=True)
class Spot:
    """The marks of one position; `x`, `y` on the sheet."""

    x: float
    y: float
    key: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Cluster:
    """Spots too close to stand apart: fanned out round their middle, or past a handful one number."""

    x: float
    y: float
    spots: tuple[Spot, ...]
    marks: tuple[Mark, ...]
    most_fanned: int = MOST_FANNED

    @property
    def count(self) -> int:
        """How many events."""
        return len({mark.event for mark in self.marks})

    @property
    def is_chip(self) -> bool:
        return len(self.marks) > self.most_fanned

    @property
    def fan(self) -> float:
        """How far from the middle its symbols stand."""
        n = len(self.marks)
        if n == 1 or self.is_chip:
            return 0.0
        # On paper nobody can ask what lies below: more room than on the page, most where marks stand round symbols.
        room = 13.5 if any(dash_of(mark.status) for mark in self.marks) else 10.5
        return max(6.5, n * room / (2 * math.pi))

    @property
    def reach(self) -> float:
        """How far its drawing goes."""
        if self.is_chip:
            return 8.5 + 1.9 * (len(str(self.count)) - 1)
        return self.fan + GLYPH_SIZE

    def positions(self) -> list[tuple[Mark, Spot, float, float]]:
        """Each mark, the spot it stands for and where its symbol goes."""
        members = [(mark, spot) for spot in self.spots for mark in spot.marks]
        n = len(members)
        start = -math.pi / 2 + (math.pi / 2 if n == 2 else 0)
        if len(self.spots) > 1:
            # Towards its own spot, so that the lines to them do not cross.
            members.sort(key=lambda member: math.atan2(member[1].y - self.y, member[1].x - self.x))
            first = members[0][1]
            start = math.atan2(first.y - self.y, first.x - self.x)
        return [
            (
                mark,
                spot,
                self.x + self.fan * math.cos(start + 2 * math.pi * i / n),
                self.y + self.fan * math.sin(start + 2 * math.pi * i / n),
            )
            for i, (mark, spot) in enumerate(members)
        ]


@dataclass(frozen=True, slots=True)
class Ring:
    """How wide a place is, or how near is near: an outline on the sheet shared by some marks."""

    outline: BaseGeometry
    radius: float
    near: bool
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """A shape on the sheet, drawn once for all the marks that share it; `kind` area, waters, line or stub."""

    outline: BaseGeometry
    kind: str
    marks: tuple[Mark, ...]
    label: str


@dataclass(frozen=True, slots=True)
class Badge:
    """All that is known is the country: a label with the number of events, at x, y."""

    x: float
    y: float
    text: str
    country: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything of the events that the frame shows, and the rows of those that it does not."""

    clusters: tuple[Cluster, ...]
    rings: tuple[Ring, ...]
    areas: tuple[Area, ...]
    badges: tuple[Badge, ...]
    shown: frozenset[int]
    outside: tuple[int, ...]
    outside_places: tuple[str, ...]
    unplaced: tuple[int, ...]
    ways: tuple[Way, ...]
    marks: tuple[Mark, ...] = field(repr=False)
    """Those of events that the frame shows."""


def shared_colour(marks: Iterable[Mark]) -> str:
    """The colour of the type, or one that is no type's where there are several."""
    colours = {mark.symbol.colour for mark in marks}
    return colours.pop() if len(colours) == 1 else MIXED_COLOUR


def dash_of(status: str) -> tuple[float, ...]:
    """How the outline of a status is drawn: the pattern, not the colour, tells it."""
    if status == "disputed":
        return (5 * PX, 3 * PX)
    return (1.5 * PX, 3 * PX) if status in _STRUCK else ()


def shared_dash(marks: Iterable[Mark]) -> tuple[float, ...]:
    """A pattern as soon as one event is contested."""
    statuses = {mark.status for mark in marks}
    if len(statuses) == 1:
        return dash_of(statuses.pop())
    return dash_of("disputed") if any(dash_of(status) for status in statuses) else ()


def shared_words(marks: Sequence[Mark]) -> str:
    """What is true of every event of a shape and must stand beside its name: denied, draft."""
    statuses = {mark.status for mark in marks}
    words = [*statuses] if len(statuses) == 1 and dash_of(marks[0].status) else []
    if all(mark.draft for mark in marks):
        words.append("draft")
    return ", ".join(words)


def count_events(marks: Iterable[Mark]) -> int:
    return len({mark.event for mark in marks})


def plan_events(scene: Scene, view: View) -> Plan:
    """Settle what the frame shows of a scene's events, and how."""
    marks = list(_marks(scene))
    spots = _spots(marks, view)
    seen_spots = [spot for spot in spots if view.holds(spot.x, spot.y)]
    areas = _areas(scene, marks, view)
    badges = _badges(marks, view)
    shown_marks = [
        *(mark for spot in seen_spots for mark in spot.marks),
        *(mark for area in areas for mark in area.marks),
        *(mark for badge in badges for mark in badge.marks),
    ]
    shown = frozenset(mark.event for mark in shown_marks)
    drawn = {mark.event for mark in marks}
    outside = tuple(sorted(drawn - shown))
    beyond = set(outside)
    clusters = _cluster(seen_spots)
    return Plan(
        clusters=clusters,
        rings=_rings(seen_spots, view),
        areas=areas,
        badges=badges,
        shown=shown,
        outside=outside,
        outside_places=tuple(
            dict.fromkeys(mark.label for mark in marks if mark.event in beyond and mark.label)
        ),
        unplaced=tuple(row for row in range(len(scene.events["id"])) if row not in drawn),
        ways=plan_ways(scene, view, _symbols(scene), {status.value: dash_of(status) for status in Status}),
        marks=tuple(shown_marks),
    )


def _position_text(lon: float | None, lat: float | None) -> str:
    return "" if lon is None or lat is None else position_text(lon, lat)


def _marks(scene: Scene) -> Iterable[Mark]:
    symbols = _symbols(scene)
    events, features = scene.events, scene.features
    names = ("event", "shape", "precision", "role", "label", "lon", "lat", "radius_m", "geometry")
    rows: Any = zip(*(features[name] for name in names), strict=True)
    for event, shape, precision, role, label, lon, lat, radius, geometry in rows:
        # Whatever a scene says, only these kinds of places may be a point.
        if role in _NOT_DRAWN or (shape in ("pin", "ring") and precision not in _POINTS):
            continue
        lon, lat = _number(lon), _number(lat)
        if geometry is None if shape in ("area", "line", "stub") else lon is None or lat is None:
            continue
        yield Mark(
            event=int(event),
            shape="ring" if shape == "pin" and precision == Precision.VICINITY else shape,
            lon=lon,
            lat=lat,
            radius_m=_number(radius) or 0.0,
            geometry=None if geometry is None else int(geometry),
            label=visible_text(label or _position_text(lon, lat), 80),
            waters=precision == Precision.WATERS,
            symbol=symbols.get(events["type"][event], _UNKNOWN_TYPE),
            status=str(events["status"][event]),
            draft=events["workflow"][event] == "draft",
        )


def _symbols(scene: Scene) -> dict[str, TypeSymbol]:
    return {symbol.id: symbol for symbol in scene.types if _COLOUR.fullmatch(symbol.colour)}


def _number(value: Any) -> float | None:
    number = None if value is None else float(value)
    return number if number is not None and math.isfinite(number) else None


def _spots(marks: Sequence[Mark], view: View) -> list[Spot]:
    places: dict[str, list[Mark]] = {}
    for mark in marks:
        if mark.shape in ("pin", "ring") and mark.lon is not None and mark.lat is not None:
            places.setdefault(f"{mark.lon:.4f} {mark.lat:.4f}", []).append(mark)
    found = []
    for key, members in places.items():
        x, y = view.place(float(members[0].lon or 0), float(members[0].lat or 0))
        found.append(Spot(x, y, key, tuple(members)))
    return found


def _cluster(spots: Sequence[Spot]) -> tuple[Cluster, ...]:
    """Join spots whose symbols would cover each other, the fullest first, until none does or nobody cares."""
    most = MOST_FANNED if len(spots) <= _MOST_PLACES_FANNED else 1
    clusters = [Cluster(spot.x, spot.y, (spot,), spot.marks, most) for spot in spots]
    for _ in range(_PASSES):
        clusters.sort(key=lambda cluster: (-len(cluster.marks), cluster.spots[0].key))
        joined = _join(clusters)
        if len(joined) == len(clusters):
            break
        clusters = joined
    return tuple(clusters)


def _join(clusters: Sequence[Cluster]) -> list[Cluster]:
    cell = 2 * max((cluster.reach for cluster in clusters), default=1.0)
    grid: dict[tuple[int, int], dict[int, Cluster]] = {}
    cells = [(math.floor(cluster.x / cell), math.floor(cluster.y / cell)) for cluster in clusters]
    for number, cluster in enumerate(clusters):
        grid.setdefault(cells[number], {})[number] = cluster
    joined = []
    for number, cluster in enumerate(clusters):
        column, row = cells[number]
        if grid[column, row].pop(number, None) is None:
            continue
        members = [cluster]
        for at in [(column + i, row + j) for i in (-1, 0, 1) for j in (-1, 0, 1)]:
            near = [
                other
                for other, candidate in grid.get(at, {}).items()
                if math.hypot(candidate.x - cluster.x, candidate.y - cluster.y)
                < 0.8 * (candidate.reach + cluster.reach)
            ]
            members += [grid[at].pop(other) for other in near]
        joined.append(_merge(members) if len(members) > 1 else cluster)
    return joined


def _merge(members: Sequence[Cluster]) -> Cluster:
    spots = tuple(spot for member in members for spot in member.spots)
    marks = tuple(mark for member in members for mark in member.marks)
    weight = sum(len(spot.marks) for spot in spots)
    x = sum(spot.x * len(spot.marks) for spot in spots) / weight
    y = sum(spot.y * len(spot.marks) for spot in spots) / weight
    return Cluster(x, y, spots, marks, members[0].most_fanned)


def _rings(spots: Sequence[Spot], view: View) -> tuple[Ring, ...]:
    groups: dict[tuple[str, float, bool], tuple[Spot, list[Mark]]] = {}
    for spot in spots:
        for mark in spot.marks:
            if mark.radius_m > 0:
                key = (spot.key, mark.radius_m, mark.shape == "ring")
                groups.setdefault(key, (spot, []))[1].append(mark)
    rings = []
    for (_, radius_m, near), (spot, marks) in groups.items():
        points = radius_m / (view.metres_a_point or 1)
        if not near and points <= GLYPH_SIZE + 3 * PX:
            continue
        if points < _VICINITY_LEAST:
            outline = shapely.Point(spot.x, spot.y).buffer(_VICINITY_LEAST, quad_segs=18)
        else:
            outline = _geodesic_circle(marks[0], spot, view)
        rings.append(Ring(outline, points, near, tuple(marks)))
    return tuple(sorted(rings, key=lambda ring: (-ring.radius, ring.marks[0].event)))


def _geodesic_circle(mark: Mark, spot: Spot, view: View) -> BaseGeometry:
    lon0, lat0 = float(mark.lon or 0), float(mark.lat or 0)
    n = _RING_CORNERS
    lon, lat, _ = wgs84().fwd(
        np.full(n, lon0), np.full(n, lat0), np.linspace(0, 360, n, endpoint=False), np.full(n, mark.radius_m)
    )
    turned = lon + 360 * np.round((lon0 - lon) / 360)
    circle = view.on_sheet(shapely.Polygon(np.column_stack([turned, lat])))
    # To the copy of the world in which its place is drawn.
    shift = spot.x - float(shapely.get_x(view.on_sheet(shapely.Point(lon0, lat0))))
    return view.clip(shapely.transform(circle, lambda points: points + np.array([shift, 0.0])))


def _areas(scene: Scene, marks: Sequence[Mark], view: View) -> tuple[Area, ...]:
    sharing: dict[tuple[int, str], list[Mark]] = {}
    for mark in marks:
        if mark.geometry is None or mark.shape not in ("area", "line", "stub"):
            continue
        kind = "waters" if mark.shape == "area" and mark.waters else mark.shape
        sharing.setdefault((mark.geometry, kind), []).append(mark)
    found = []
    for (number, kind), members in sharing.items():
        outline = view.seen(read_shape(scene.geometries[number]))
        if not outline.is_empty and _is_seen(outline, view):
            found.append((number, Area(outline, kind, tuple(members), members[0].label)))
    found.sort(key=lambda item: (-_extent(item[1].outline), item[0]))
    return tuple(area for _, area in found)


def _is_seen(outline: BaseGeometry, view: View) -> bool:
    return bool(shapely.intersects(outline, shapely.box(*view.frame)))


def _extent(outline: BaseGeometry) -> float:
    left, top, right, bottom = outline.bounds
    return float((right - left) * (bottom - top))


def _badges(marks: Sequence[Mark], view: View) -> tuple[Badge, ...]:
    places: dict[str, list[Mark]] = {}
    for mark in marks:
        if mark.shape == "badge" and mark.lon is not None and mark.lat is not None:
            places.setdefault(f"{mark.lon:.4f} {mark.lat:.4f}", []).append(mark)
    badges = []
    for key, members in places.items():
        x, y = view.place(float(members[0].lon or 0), float(members[0].lat or 0))
        if not view.holds(x, y):
            continue
        # The country, even where some of its events name an unknown place in it.
        country = min((mark.label for mark in members if mark.label), key=len, default="Country")
        number = count_events(members)
        text = f"{visible_text(country, 32)} · {number:,}"
        more = shared_words(members)
        text = f"{text} ({more})" if more else text
        badges.append((key, Badge(x, y, text, country, tuple(members))))
    badges.sort(key=lambda item: (-count_events(item[1].marks), item[0]))
    return tuple(badge for _, badge in badges)


def type_counts(marks: Iterable[Mark]) -> Counter[str]:
    """How many events of each type."""
    return Counter(kind for kind, _ in {(mark.symbol.id, mark.event) for mark in marks})
