"""The border between two areas, or the stretch of it that is meant, as a place."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from geomap.errors import EmptyRelationError
from geomap.gazetteer import relations
from geomap.model.geometry import circle, farthest_m, lines_of, polygons_of
from geomap.model.places import Place
from geomap.model.vocabulary import PlaceRelation, Precision

LINE_ERROR_M: Final = 3_000.0
"""How far the lines of Natural Earth, drawn for 1:10,000,000, lie off: none of the settlements of Belarus, Poland,
Lithuania and Latvia lies more than 2.9 km on the wrong side of one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Border:
    """A border as it is told: two areas, and what narrows it down.

    `near` is a point place, `within` an area; `side` is the index of the side whose strip is meant, `depth_km`
    how deep that strip is.
    """

    sides: tuple[Place, Place]
    near: Place | None = None
    within_km: float | None = None
    within: Place | None = None
    side: int | None = None
    depth_km: float | None = None
    rule: str = "border"


def border_place(border: Border, shape_of: Callable[[Place], BaseGeometry]) -> Place:
    """The line, or the strip on one side of it, with the names of what bounds it.

    `radius_m` reaches the farthest point and the line's own error beyond; `position` lies on the line.

    Parameters
    ----------
    border
        What is told.
    shape_of
        Gives the polygon of an area, EPSG:4326.

    Raises
    ------
    EmptyRelationError
        If the areas have no border, or no part of it is where it is sought.
    """
    names = [side.name for side in border.sides]
    label = f"{names[0]}–{names[1]} border"
    countries = sorted({side.country for side in border.sides if side.country})
    kinds = {side.precision for side in border.sides}
    if border.sides[0].id == border.sides[1].id or (len(countries) == 1 and len(kinds) == 2):
        raise EmptyRelationError(f"{label}: one lies in the other, they have no border between them")
    areas = [shape_of(side) for side in border.sides]
    bounds: list[BaseGeometry] = []
    drawn: list[str] = []  # our own choices, which no source states
    try:
        line = relations.shared_border(areas[0], areas[1])
        if border.within is not None:
            bounds.append(shape_of(border.within))
            line = relations.clip_to_area(line, bounds[-1])
            label += f" within {border.within.name}"
        if border.near is not None:
            if not border.near.precision.is_point:
                raise EmptyRelationError(f"near {border.near.name}: it is a {border.near.kind}")
            within_km = border.within_km or relations.DEFAULT_NEAR_KM
            bounds.append(circle(border.near.position, within_km * 1000))
            line = relations.clip_to_circle(line, border.near.position, within_km)
            label += f" near {border.near.name.removeprefix('near ')}"
            drawn.append(f"within {within_km:g} km of {border.near.name.removeprefix('near ')}")
    except EmptyRelationError as error:
        raise EmptyRelationError(f"{label}: {error}") from error
    geometry = line
    if border.side is not None:
        depth_km = border.depth_km or relations.DEFAULT_SIDE_DEPTH_KM
        geometry = relations.strip_on_side(line, areas[border.side], depth_km)
        # A region of the other side holds none of the strip; it only bounds the stretch.
        for bound in bounds:
            inside = polygons_of(shapely.intersection(geometry, bound))
            geometry = geometry if inside.is_empty else inside
        label += f", {names[border.side]} side"
        drawn.append(f"{depth_km:g} km deep")
        countries = [code for code in [border.sides[border.side].country] if code]
    return _drawn(geometry, line, label, countries, border.rule, f"drawn {', '.join(drawn)}" if drawn else "")


def outer_border(
    area: Place, neighbours: Sequence[Place], shape_of: Callable[[Place], BaseGeometry], rule: str
) -> Place:
    """The border of one country with all its neighbours, without its coast.

    Raises
    ------
    EmptyRelationError
        If it has no neighbour on land.
    """
    own = shape_of(area)
    lines = []
    for neighbour in neighbours:
        try:
            lines.append(relations.shared_border(own, shape_of(neighbour)))
        except EmptyRelationError:
            continue  # near, but only across water
    line = lines_of(shapely.union_all(lines)) if lines else shapely.MultiLineString()
    if line.is_empty:
        raise EmptyRelationError(f"{area.name} has no border on land")
    return _drawn(line, line, f"{area.name} border", [area.country] if area.country else [], rule, "")


def _drawn(
    geometry: BaseGeometry, line: BaseGeometry, name: str, countries: Sequence[str], rule: str, note: str
) -> Place:
    position = relations.middle(line)
    return Place(
        id="",
        name=name,
        native_name="",
        kind="border",
        precision=Precision.LINE,
        country=countries[0] if len(countries) == 1 else None,
        recorded_countries=tuple(countries),
        position=position,
        radius_m=math.ceil(farthest_m(position, geometry) + LINE_ERROR_M),
        geometry=geometry,
        relation=PlaceRelation.ALONG,
        rule=rule,
        note=note,
    )
