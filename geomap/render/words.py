"""Tables of what many events of the data island share, and columns of numbers into them."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geomap.model.columns import Coded, Codes, coded, ranked
from geomap.render.packing import pack_column


class Words:
    """Tables of what many events share; a value's number in its table stands for it."""

    def __init__(self) -> None:
        self.tables: dict[str, dict[Any, int]] = {}

    def table(self, name: str) -> dict[Any, int]:
        """A table, empty if it is new."""
        return self.tables.setdefault(name, {})

    def number(self, table: str, value: Any) -> int:
        """The number of a value, which is added if it is new."""
        known = self.table(table)
        return known.setdefault(value, len(known))

    def column(self, table: str, values: Sequence[Any]) -> NDArray[np.int64]:
        """The numbers of a column's values, new ones in the order of their first rows; None has number 0."""
        self.number(table, None)
        column = coded(values)
        each = np.zeros(max(len(column.values), 1), dtype=np.int64)
        for code in used_codes(column):
            each[code] = self.number(table, column.values[code])
        return each[column.codes]

    def lists(self, table: str, values: Sequence[Sequence[Any]]) -> "Lists":
        """The numbers of the values in a column of lists, new ones in the order of their first rows."""
        return spread(tuples(values), lambda own: [self.number(table, value) for value in own])


Lists = tuple[NDArray[np.int64], NDArray[np.int64]]
"""How many numbers each row has, and the numbers of all rows end to end."""


def used_codes(column: Coded[Any]) -> list[int]:
    """The codes that rows have, in the order of their first rows."""
    codes: list[int] = column.codes[ranked(column.codes)[1]].tolist()
    return codes


def tuples(column: Sequence[Sequence[Any]]) -> Coded[Sequence[Any]]:
    """A column of lists as codes."""
    return column if isinstance(column, Coded) else coded([tuple(own or ()) for own in column])


def spread(column: Coded[Any], make: Callable[[Any], Sequence[int]]) -> Lists:
    """Lists of numbers for each row, made once of each value in the order of its first row."""
    lists: list[Sequence[int]] = [()] * len(column.values)
    for code in used_codes(column):
        lists[code] = make(column.values[code])
    return spread_lists(lists, column.codes)


def spread_lists(lists: Sequence[Sequence[int]], codes: Codes) -> Lists:
    """The list of each row's code."""
    sizes = np.array([len(own) for own in lists] or [0], dtype=np.int64)
    flat = np.array([number for own in lists for number in own], dtype=np.int64)
    lengths = sizes[codes]
    starts = (np.cumsum(sizes) - sizes)[codes]
    within = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return lengths, flat[np.repeat(starts, lengths) + within]


def pack_lists(lists: Lists) -> dict[str, Any]:
    """Lists of numbers, end to end, with the length of each."""
    return {"lengths": pack_column(lists[0], "u2"), "values": pack_column(lists[1], "u4")}
