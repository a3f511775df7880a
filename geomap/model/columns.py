"""Columns of many rows: sequences that hold no Python object a row.

Each is a read-only sequence of plain values, so that what reads a few rows need not know of it; what reads all rows
works on the arrays inside.
"""

from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

Value = TypeVar("Value")
Made = TypeVar("Made")

_PART: Final = 65_536
Rows = NDArray[np.intp]
Codes = NDArray[np.int32]


class _Column(Sequence[Value]):
    """What the columns have in common: equality with any sequence of the same values."""

    __slots__ = ()
    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or isinstance(other, str):
            return NotImplemented
        return len(self) == len(other) and all(own == one for own, one in zip(self, other, strict=True))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self)} rows)"

    @abstractmethod
    def take(self, rows: Rows) -> "_Column[Value]":
        """These rows, in this order."""


class Coded(_Column[Value]):
    """A column of few distinct values: `codes` (int32, one a row) are numbers into `values`."""

    __slots__ = ("codes", "values")

    def __init__(self, codes: NDArray[Any], values: Sequence[Value]) -> None:
        self.codes: Codes = np.asarray(codes, dtype=np.int32)
        self.values = values

    def __len__(self) -> int:
        return len(self.codes)

    @overload
    def __getitem__(self, row: int) -> Value: ...
    @overload
    def __getitem__(self, row: slice) -> "Coded[Value]": ...
    def __getitem__(self, row: int | slice) -> "Value | Coded[Value]":
        if isinstance(row, slice):
            return Coded(self.codes[row], self.values)
        return self.values[int(self.codes[row])]

    def __iter__(self) -> Iterator[Value]:
        values = self.values
        for start in range(0, len(self.codes), _PART):
            yield from [values[code] for code in self.codes[start : start + _PART].tolist()]

    def take(self, rows: Rows) -> "Coded[Value]":
        """These rows, in this order."""
        return Coded(self.codes[rows], self.values)

    def map(self, make: Callable[[Value], Made]) -> "Coded[Made]":
        """A column of what is made of each distinct value."""
        return Coded(self.codes, [make(value) for value in self.values])

    def each(self, make: Callable[[Value], Any], kind: Any) -> NDArray[Any]:
        """An array with what is made of each value, in every row."""
        return np.array([make(value) for value in self.values] or [0], dtype=kind)[self.codes]

    def distinct(self) -> "Coded[Value]":
        """The same rows, with each value once; values must be hashable."""
        known: dict[Value, int] = {}
        each = np.fromiter(
            (known.setdefault(value, len(known)) for value in self.values), np.int32, len(self.values)
        )
        return self if len(known) == len(each) else Coded(each[self.codes], list(known))

    def equal(self, value: Any) -> NDArray[np.bool_]:
        """Of each row whether it has this value."""
        return np.asarray(self.each(lambda own: own == value, bool))

    @property
    def used(self) -> list[Value]:
        """The values that rows have."""
        return [self.values[code] for code in np.unique(self.codes).tolist()]


class Texts(_Column[str | None]):
    """A column of texts, or None, most of them distinct: an Arrow array of strings."""

    __slots__ = ("array",)

    def __init__(self, array: Any) -> None:
        self.array = array

    def __len__(self) -> int:
        return len(self.array)

    @overload
    def __getitem__(self, row: int) -> str | None: ...
    @overload
    def __getitem__(self, row: slice) -> "Texts": ...
    def __getitem__(self, row: int | slice) -> "str | Texts | None":
        if isinstance(row, slice):
            start, stop, step = row.indices(len(self.array))
            if step == 1:
                return Texts(self.array.slice(start, max(stop - start, 0)))
            return self.take(np.arange(start, stop, step))
        text: str | None = self.array[int(row)].as_py()
        return text

    def __iter__(self) -> Iterator[str | None]:
        for start in range(0, len(self.array), _PART):
            yield from self.array.slice(start, _PART).to_numpy(zero_copy_only=False)

    def take(self, rows: Rows) -> "Texts":
        """These rows, in this order."""
        return Texts(self.array.take(rows))


class Numbers(_Column[float | None]):
    """A column of numbers (float64), NaN where there is none."""

    __slots__ = ("array",)

    def __init__(self, array: NDArray[np.float64]) -> None:
        self.array = array

    def __len__(self) -> int:
        return len(self.array)

    @overload
    def __getitem__(self, row: int) -> float | None: ...
    @overload
    def __getitem__(self, row: slice) -> "Numbers": ...
    def __getitem__(self, row: int | slice) -> "float | Numbers | None":
        if isinstance(row, slice):
            return Numbers(self.array[row])
        number = float(self.array[row])
        return None if number != number else number

    def __iter__(self) -> Iterator[float | None]:
        for start in range(0, len(self.array), _PART):
            part = self.array[start : start + _PART]
            own = part.astype(object)
            own[np.isnan(part)] = None
            yield from own

    def take(self, rows: Rows) -> "Numbers":
        """These rows, in this order."""
        return Numbers(self.array[rows])


class PlaceNames(_Column[str | None]):
    """What places are called; one without a name of its own by its position, which is put into words when asked for."""

    __slots__ = ("lat", "lon", "names")

    def __init__(self, names: Coded[str | None], lon: NDArray[np.float64], lat: NDArray[np.float64]) -> None:
        self.names, self.lon, self.lat = names, lon, lat

    def __len__(self) -> int:
        return len(self.names)

    @overload
    def __getitem__(self, row: int) -> str | None: ...
    @overload
    def __getitem__(self, row: slice) -> "PlaceNames": ...
    def __getitem__(self, row: int | slice) -> "str | PlaceNames | None":
        if isinstance(row, slice):
            return PlaceNames(self.names[row], self.lon[row], self.lat[row])
        is_bare = not np.isnan(self.lon[row])
        return position_text(self.lon[row], self.lat[row]) if is_bare else self.names[row]

    def take(self, rows: Rows) -> "PlaceNames":
        """These rows, in this order."""
        return PlaceNames(self.names.take(rows), self.lon[rows], self.lat[rows])


def position_text(lon: float, lat: float) -> str:
    """A position for people, latitude first as they write it, to six digits."""
    return f"{lat:g}, {lon:g}"


def coded(values: Sequence[Value]) -> Coded[Value]:
    """A column as codes, its distinct values in the order of their first rows; values must be hashable."""
    if isinstance(values, Coded):
        return values
    if isinstance(values, Texts):
        encoded = values.array.dictionary_encode()
        return coded_arrow(encoded)
    known: dict[Value, int] = {}
    codes = np.fromiter((known.setdefault(value, len(known)) for value in values), np.int32, len(values))
    return Coded(codes, list(known))


def texts_of(values: Sequence[str | None]) -> Texts:
    """A column as an Arrow array of texts."""
    if isinstance(values, Texts):
        return values
    import pyarrow as pa

    return Texts(pa.array(values, pa.large_string()))


def coded_arrow(encoded: Any) -> Coded[Any]:
    """A dictionary-encoded Arrow array as codes; null is a value of its own, None."""
    values = encoded.dictionary.to_pylist()
    if not encoded.null_count:
        return Coded(encoded.indices.to_numpy(zero_copy_only=False), values)
    codes = encoded.indices.fill_null(len(values)).to_numpy(zero_copy_only=False)
    return Coded(codes, [*values, None])


def end_to_end(columns: Sequence[Any]) -> Any:
    """Columns of one kind as one, the rows of the first, then those of the next."""
    first = columns[0]
    if len(columns) == 1:
        return first
    if isinstance(first, Texts):
        import pyarrow as pa

        return Texts(pa.concat_arrays([column.array for column in columns]))
    if isinstance(first, PlaceNames):
        return PlaceNames(
            end_to_end([column.names for column in columns]),
            np.concatenate([column.lon for column in columns]),
            np.concatenate([column.lat for column in columns]),
        )
    if isinstance(first, Numbers):
        return Numbers(np.concatenate([column.array for column in columns]))
    before = np.cumsum([0, *(len(column.values) for column in columns)])
    codes = np.concatenate([column.codes + start for column, start in zip(columns, before, strict=False)])
    if isinstance(first.values, Texts):
        return Coded(codes, end_to_end([column.values for column in columns]))
    return Coded(codes, [value for column in columns for value in column.values])


def take(values: Sequence[Value], rows: Rows) -> Sequence[Value]:
    """Rows of any column, in this order; of a list a list."""
    if len(rows) == len(values) and np.array_equal(rows, np.arange(len(rows))):
        return values
    if isinstance(values, list | tuple):
        return [values[row] for row in rows.tolist()]
    return values.take(rows)  # type: ignore[attr-defined, no-any-return]


def numbers(values: Sequence[float | None]) -> NDArray[np.float64]:
    """A column of numbers as an array, NaN for None."""
    if isinstance(values, Numbers):
        return values.array
    if isinstance(values, Coded):
        return values.each(lambda value: np.nan if value is None else value, np.float64)
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def ranked(keys: NDArray[Any]) -> tuple[NDArray[np.int64], Rows]:
    """Number the distinct keys in the order of their first rows.

    Returns
    -------
    number
        Of each row.
    first
        The first row of each number.
    """
    if keys.dtype.kind in "iu" and len(keys) and keys.min() >= 0 and keys.max() < 4 * len(keys):
        return _ranked_small(keys)
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return rank[inverse.reshape(-1)], first[order]


def _ranked_small(keys: NDArray[Any]) -> tuple[NDArray[np.int64], Rows]:
    """As `ranked`, of whole numbers from 0 that are not much larger than their count: without sorting them all."""
    rows = np.arange(len(keys))
    first = np.full(int(keys.max()) + 1, -1, dtype=np.int64)
    # Of several rows the one that is written last counts.
    first[keys[::-1]] = rows[::-1]
    found = np.sort(first[first >= 0])
    rank = np.empty(len(first), dtype=np.int64)
    rank[keys[found]] = np.arange(len(found))
    return rank[keys], found


def ranked_together(columns: Sequence[NDArray[Any]]) -> tuple[NDArray[np.int64], Rows]:
    """Number the distinct rows of several columns of whole numbers from 0, as `ranked` does."""
    key = np.zeros(len(columns[0]), dtype=np.int64)
    width = 1
    for column in columns:
        wide = int(column.max(initial=0)) + 1
        if width * wide >= 2**62:
            key, first = ranked(key)
            width = len(first)
        key = key * wide + column
        width *= wide
    return ranked(key)
