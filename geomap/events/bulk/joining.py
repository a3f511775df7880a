"""Several tables of events as one."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import numpy as np

from geomap.model.columns import (
    Coded,
    Numbers,
    PlaceNames,
    Rows,
    Texts,
    coded,
    end_to_end,
    numbers,
    ranked_together,
    take,
    texts_of,
)
from geomap.model.table import AsidePlaces, Details, EventTable, Geometries, PlainDetails

_TEXTS: Final = ("feature_id", "title", "summary")
_NUMBERS: Final = ("lon", "lat")


def join_tables(records: EventTable, plain: Sequence[EventTable]) -> EventTable:
    """The table of records, and those of plain events, as one table.

    Events stand in the order of their first day, undated ones last, then of their ids.
    """
    tables = [*([_as_columns(records)] if len(records) else []), *plain]
    names = tables[0].columns
    columns = {
        name: end_to_end([table.columns[name] for table in tables]) for name in names if name != "detail"
    }
    columns = {
        name: column.distinct() if isinstance(column, Coded) and name != "event_id" else column
        for name, column in columns.items()
    }
    columns["detail"] = _joined_details([table.columns["detail"] for table in tables])
    geometry = Geometries.of(tables[0].geometry)
    for table in tables[1:]:
        geometry = geometry.then(Geometries.of(table.geometry))
    whole = EventTable(columns=columns, geometry=geometry)
    first = whole.first_rows
    lengths = np.diff(first, append=len(whole))
    order = _order(whole, first)
    moved = lengths[order]
    rows = np.repeat(first[order] - (np.cumsum(moved) - moved), moved) + np.arange(len(whole))
    return EventTable(
        columns={
            **{name: take(column, rows) for name, column in columns.items()},
            "event_id": Coded(np.repeat(np.arange(len(first)), moved), _ids(whole, first[order])),
        },
        geometry=geometry.take(rows),
        asides=records.asides if len(records) else AsidePlaces(),
    )


def _as_columns(table: EventTable) -> EventTable:
    """A table of lists as one of columns."""
    columns: dict[str, Any] = {}
    for name, values in table.columns.items():
        if name == "detail":
            columns[name] = Details(np.arange(len(table)), list(values), _NO_DETAILS)
        elif name in _TEXTS:
            columns[name] = texts_of(values)
        elif name == "place_name":
            none = np.full(len(table), np.nan)
            columns[name] = PlaceNames(coded(values), none, none)
        elif name in _NUMBERS:
            columns[name] = Numbers(numbers(values))
        elif name == "event_id":
            first = table.first_rows
            ids = texts_of([values[row] for row in first.tolist()])
            columns[name] = Coded(np.repeat(np.arange(len(first)), np.diff(first, append=len(table))), ids)
        else:
            columns[name] = coded(values)
    return EventTable(columns=columns, geometry=table.geometry)


_NONE: Final[Coded[Any]] = Coded(np.zeros(0), [])
_NO_DETAILS: Final = PlainDetails(
    reason=_NONE, sources=_NONE, actors=_NONE, is_unknown=np.zeros(0, bool), is_stated=np.zeros(0, bool)
)


def _joined_details(parts: Sequence[Any]) -> Details:
    number: list[Any] = []
    own: list[Any] = []
    plain: list[PlainDetails] = []
    told = 0
    for part in parts:
        number.append(np.where(part.number >= 0, part.number + len(own), part.number - told))
        own += part.own
        plain.append(part.plain)
        told += len(part.plain)
    return Details(
        np.concatenate(number),
        own,
        PlainDetails(
            reason=end_to_end([one.reason for one in plain]),
            sources=end_to_end([one.sources for one in plain]),
            actors=end_to_end([one.actors for one in plain]),
            is_unknown=np.concatenate([one.is_unknown for one in plain]),
            is_stated=np.concatenate([one.is_stated for one in plain]),
        ),
    )


def _ids(table: EventTable, rows: Rows) -> Texts:
    own = coded(table.columns["event_id"])
    return take(own.values, own.codes[rows].astype(np.intp))  # type: ignore[return-value]


def _order(table: EventTable, first: Rows) -> Rows:
    """The events in the order of their first days, then of their ids."""
    import pyarrow.compute as pc

    start, end = (coded(take(table.columns[name], first)) for name in ("date_start", "date_end"))
    number, told = ranked_together([start.codes, end.codes])
    days = [(start[row] or end[row] or date.max).toordinal() for row in told.tolist()]
    ids = _ids(table, first).array
    rank = np.empty(len(ids), dtype=np.int64)
    rank[pc.array_sort_indices(ids).to_numpy()] = np.arange(len(ids))
    return np.lexsort([rank, np.array(days or [0])[number]])
