"""The table of events that every later step takes: columns, one row a feature."""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, overload

import numpy as np
import shapely
from numpy.typing import NDArray

from geomap.model.columns import Coded, Rows, coded

if TYPE_CHECKING:
    import geopandas
    from shapely.geometry.base import BaseGeometry

COLUMNS: Final = (
    "event_id", "feature_id", "title", "type", "subtype", "status", "modality", "t_start", "t_end",
    "date_start", "date_end", "when", "date_precision", "end_open", "place_name", "place_name_native",
    "place_id", "place_role", "country", "precision", "radius_m", "method", "actors", "claimants",
    "sources", "source_urls", "n_sources", "n_origins", "reliability", "summary", "tags", "workflow",
)  # fmt: skip
"""The public columns, in the order of every export."""

INNER_COLUMNS: Final = (
    "lon", "lat", "countries", "when_label", "place_note", "detail", "actor_ids", "relation",
)  # fmt: skip
"""Columns that the page needs besides: the position of a pin or label, words for people, and nested parts."""


PLACE_COLUMNS: Final = (
    "event_id", "place_name", "place_name_native", "place_id", "place_role", "country", "precision", "radius_m",
    "method", "lon", "lat", "countries", "place_note", "relation",
)  # fmt: skip
"""What is known of a place beside an event."""


@dataclass(frozen=True)
class AsidePlaces:
    """Places that do not locate their event: what it was for, and what is only mentioned.

    `columns` has every name of `PLACE_COLUMNS`, all of one length, in the order of the events; `geometry` is as in
    the `EventTable`. They are in no export and in no count.
    """

    columns: Mapping[str, Sequence[Any]] = field(default_factory=lambda: dict.fromkeys(PLACE_COLUMNS, ()))
    geometry: "Sequence[BaseGeometry | None]" = ()

    def __len__(self) -> int:
        return len(self.geometry)


class Geometries(Sequence["BaseGeometry | None"]):
    """The geometry of many rows: points as two columns of degrees, other shapes by their number.

    `lon` and `lat` are NaN where a row is no point; `numbers` are -1 where it has none of the `shapes`. A point
    is made when it is asked for.
    """

    def __init__(
        self,
        lon: NDArray[np.float64],
        lat: NDArray[np.float64],
        numbers: NDArray[np.int32],
        shapes: "Sequence[BaseGeometry]",
    ) -> None:
        self.lon, self.lat, self.numbers, self.shapes = lon, lat, numbers, shapes

    @classmethod
    def of(cls, geometry: "Sequence[BaseGeometry | None]") -> "Geometries":
        """The same shapes as columns."""
        if isinstance(geometry, cls):
            return geometry
        own = np.empty(len(geometry), dtype=object)
        own[:] = geometry
        points = shapely.get_type_id(own) == shapely.GeometryType.POINT
        points &= ~shapely.is_empty(own)
        lon, lat = np.full((2, len(own)), np.nan)
        lon[points], lat[points] = shapely.get_coordinates(own[points]).T
        numbers = np.full(len(own), -1, dtype=np.int32)
        known: dict[int, int] = {}
        shapes: list[BaseGeometry] = []
        for row in np.flatnonzero(~points & (own != None)).tolist():  # noqa: E711 - of each element
            number = known.setdefault(id(own[row]), len(shapes))
            if number == len(shapes):
                shapes.append(own[row])
            numbers[row] = number
        return cls(lon, lat, numbers, shapes)

    def __len__(self) -> int:
        return len(self.numbers)

    @overload
    def __getitem__(self, row: int) -> "BaseGeometry | None": ...
    @overload
    def __getitem__(self, row: slice) -> "Geometries": ...
    def __getitem__(self, row: "int | slice") -> "BaseGeometry | Geometries | None":
        if isinstance(row, slice):
            return self.take(np.arange(len(self))[row])
        if self.numbers[row] >= 0:
            return self.shapes[self.numbers[row]]
        return None if np.isnan(self.lon[row]) else shapely.Point(self.lon[row], self.lat[row])

    def take(self, rows: Rows) -> "Geometries":
        """These rows, in this order."""
        return Geometries(self.lon[rows], self.lat[rows], self.numbers[rows], self.shapes)

    def made(self) -> NDArray[np.object_]:
        """All of them, the points made at once."""
        made = np.empty(len(self), dtype=object)
        points = np.flatnonzero(~np.isnan(self.lon) & (self.numbers < 0))
        made[points] = shapely.points(self.lon[points], self.lat[points])
        for row in np.flatnonzero(self.numbers >= 0).tolist():
            made[row] = self.shapes[self.numbers[row]]
        return made

    def then(self, other: "Geometries") -> "Geometries":
        """These rows, and after them those of another."""
        moved = np.where(other.numbers < 0, -1, other.numbers + len(self.shapes)).astype(np.int32)
        return Geometries(
            np.concatenate([self.lon, other.lon]),
            np.concatenate([self.lat, other.lat]),
            np.concatenate([self.numbers, moved]),
            [*self.shapes, *other.shapes],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainDetails:
    """What the details of many events hold that say no more than columns can.

    `reason` are a status's basis and reason, `sources` the details of the sources, `actors` the names and roles;
    `is_unknown` says that a place was sought and not found, `is_stated` that there is a date.
    """

    reason: Coded[tuple[str, Mapping[str, Any]]]
    sources: Coded[Sequence[Mapping[str, Any]]]
    actors: Coded[Sequence[Mapping[str, Any]]]
    is_unknown: NDArray[np.bool_]
    is_stated: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.is_unknown)

    def take(self, rows: Rows) -> "PlainDetails":
        """These rows, in this order."""
        return PlainDetails(
            reason=self.reason.take(rows),
            sources=self.sources.take(rows),
            actors=self.actors.take(rows),
            is_unknown=self.is_unknown[rows],
            is_stated=self.is_stated[rows],
        )


class Details(Sequence[Mapping[str, Any]]):
    """The details of many events: a mapping for each that has more to say, and the columns of the others.

    `number` says where a row's detail is: in `own`, or, from -1 down, in `plain` from its first row on.
    """

    def __init__(
        self, number: NDArray[np.int64], own: Sequence[Mapping[str, Any]], plain: PlainDetails
    ) -> None:
        self.number, self.own, self.plain = number, own, plain

    def __len__(self) -> int:
        return len(self.number)

    @overload
    def __getitem__(self, row: int) -> Mapping[str, Any]: ...
    @overload
    def __getitem__(self, row: slice) -> "Details": ...
    def __getitem__(self, row: "int | slice") -> "Mapping[str, Any] | Details":
        if isinstance(row, slice):
            return Details(self.number[row], self.own, self.plain)
        number = int(self.number[row])
        if number >= 0:
            return self.own[number]
        basis, reason = self.plain.reason[-1 - number]
        return {
            "when_words": "",
            "when_basis": "stated" if self.plain.is_stated[-1 - number] else "unknown",
            "status_basis": basis,
            "status_reason": reason,
            "claims": [],
            "sources": self.plain.sources[-1 - number],
            "actors": self.plain.actors[-1 - number],
            "quantities": [],
            "equipment": [],
            "relations": [],
            "places": [],
            "where_unknown": bool(self.plain.is_unknown[-1 - number]),
            "evidence": [],
            "media": [],
        }

    def take(self, rows: Rows) -> "Details":
        """These rows, in this order."""
        return Details(self.number[rows], self.own, self.plain)

    def map(self, change: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> "Details":
        """The same, with what is made of each mapping; what columns hold stays."""
        return Details(self.number, [change(detail) for detail in self.own], self.plain)


@dataclass(frozen=True)
class EventTable:
    """Events as columns; one row is one feature, an event at one drawn place.

    An event without a drawn place has one row with precision `none`. `columns` has every name of `COLUMNS`
    and `INNER_COLUMNS`, all of one length. Days are `datetime.date`, `t_start` and `t_end` UTC datetimes,
    lists are tuples, absent values None. `geometry` (EPSG:4326) is a point, line or polygon, or None for
    countries and events without a place. Rows of one event follow each other. `asides` are the places of events
    that are no rows: a page may draw them, apart. Of many events the columns are those of `model.columns`.
    """

    columns: Mapping[str, Sequence[Any]]
    geometry: "Sequence[BaseGeometry | None]"
    asides: AsidePlaces = field(default_factory=AsidePlaces)

    def __len__(self) -> int:
        return len(self.geometry)

    def parts(self, rows: int) -> "Iterator[tuple[int, EventTable]]":
        """So many rows at a time as lists, each part with the number of its first row."""
        for start in range(0, len(self), rows):
            columns = {name: list(values[start : start + rows]) for name, values in self.columns.items()}
            yield start, EventTable(columns=columns, geometry=())

    @cached_property
    def first_rows(self) -> Rows:
        """The first row of each event, in order."""
        codes = coded(self.columns["event_id"]).codes
        return np.flatnonzero(np.diff(codes, prepend=-1))

    @cached_property
    def event_rows(self) -> Mapping[str, range]:
        """The rows of each event, in order."""
        starts = [*self.first_rows.tolist(), len(self)]
        ids = self.columns["event_id"]
        return {ids[start]: range(start, end) for start, end in itertools.pairwise(starts)}

    def to_geopandas(self) -> "geopandas.GeoDataFrame":
        """The public columns as a GeoDataFrame, EPSG:4326, with `feature_id` as the index."""
        import geopandas
        import pandas

        frame = pandas.DataFrame(
            {name: pandas.Series(list(self.columns[name]), dtype=None) for name in COLUMNS}
        )
        return geopandas.GeoDataFrame(
            frame.set_index("feature_id"),
            geometry=geopandas.GeoSeries(list(self.geometry)).values,
            crs="EPSG:4326",
        )
