"""The table of events that every later step takes: columns, one row a feature."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

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

INNER_COLUMNS: Final = ("lon", "lat", "countries", "when_label", "place_note", "detail", "actor_ids")
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


@dataclass(frozen=True)
class EventTable:
    """Events as columns; one row is one feature, an event at one drawn place.

    An event without a drawn place has one row with precision `none`. `columns` has every name of `COLUMNS`
    and `INNER_COLUMNS`, all of one length. Days are `datetime.date`, `t_start` and `t_end` UTC datetimes,
    lists are tuples, absent values None. `geometry` (EPSG:4326) is a point, line or polygon, or None for
    countries and events without a place. Rows of one event follow each other. `asides` are the places of events
    that are no rows: a page may draw them, apart.
    """

    columns: Mapping[str, Sequence[Any]]
    geometry: "Sequence[BaseGeometry | None]"
    asides: AsidePlaces = field(default_factory=AsidePlaces)

    def __len__(self) -> int:
        return len(self.geometry)

    @cached_property
    def event_rows(self) -> Mapping[str, range]:
        """The rows of each event, in order."""
        rows: dict[str, range] = {}
        for row, event_id in enumerate(self.columns["event_id"]):
            rows[event_id] = range(rows[event_id].start if event_id in rows else row, row + 1)
        return rows

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
