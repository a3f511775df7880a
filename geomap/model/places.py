"""Resolved places: what the gazetteer knows, and what an event is drawn at."""

from dataclasses import dataclass
from typing import Self

from shapely.geometry.base import BaseGeometry

from geomap.model.lonlat import LonLat
from geomap.model.vocabulary import PlaceMethod, PlaceRelation, PlaceRole, Precision


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A feature of the gazetteer.

    `id` is `scheme:id` (`gn:627904`, `cur:ashuluk-range`, `ne:RU-KRS`). `position` is where a label or pin
    goes. `radius_m` is the circle round it that holds the true place with about 90 %; None for regions and
    countries, whose extent is their shape. `country` is ISO 3166-1 alpha-2 under the worldview in use,
    `recorded_countries` those of the place's own record, which a worldview may see otherwise.
    """

    id: str
    name: str
    native_name: str
    kind: str
    precision: Precision
    country: str | None
    recorded_countries: tuple[str, ...] = ()
    position: LonLat
    radius_m: float | None = None
    geonameid: int | None = None
    population: int = 0
    curated: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A place that a text may mean; `score` is its share among all candidates, 0 to 1.

    `by_nickname` says that the text is one of its other names and not a spelling of the first.
    """

    place: Place
    score: float
    by_nickname: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRef:
    """A place of an event, resolved: its geometry, and how it is known.

    `geometry` (EPSG:4326) is a polygon or line for areas, stretches and airspace; None for points, which
    are `position` and `radius_m`, for countries, and where nothing is drawn. `name` is the place as known,
    for people. `countries` has two codes for a border, none at sea. `remarks` are what its editor should look
    at, each with the code of its rule.
    """

    role: PlaceRole
    relation: PlaceRelation
    precision: Precision
    name: str
    method: PlaceMethod
    native_name: str = ""
    place_id: str | None = None
    geonameid: int | None = None
    countries: tuple[str, ...] = ()
    position: LonLat | None = None
    radius_m: float | None = None
    geometry: BaseGeometry | None = None
    note: str = ""
    remarks: tuple[tuple[str, str], ...] = ()
    candidates: tuple[Candidate, ...] = ()

    @classmethod
    def unresolved(cls, role: PlaceRole, name: str) -> Self:
        """A place that was sought and not found: nothing is drawn."""
        return cls(
            role=role,
            relation=PlaceRelation.AT,
            precision=Precision.NONE,
            name=name,
            method=PlaceMethod.GAZETTEER,
        )
