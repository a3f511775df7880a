"""From what is written in many rows to columns of the model, each distinct value read once."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from geomap.model.columns import Coded
from geomap.model.records import EventRecord

PROBE: Final[dict[str, Any]] = {"id": "x", "type": "other", "title": "x", "sources": ["x"]}
"""An event that says as little as one may, to try a value of one key in."""
_BAD: Final = object()


def read_values(key: str, written: Coded[Any]) -> tuple[Coded[Any], NDArray[np.bool_]]:
    """A column of a key of events, from what is written; None leaves the key out.

    Returns
    -------
    column
        Values as in an `EventRecord`.
    bad
        The rows whose value an event may not hold.
    """
    values = [_read(key, value) for value in written.values]
    faulty = np.array([value is _BAD for value in values] or [False])
    column = Coded(written.codes, [None if value is _BAD else value for value in values])
    return column, faulty[written.codes]


def _read(key: str, value: Any) -> Any:
    try:
        record = EventRecord.model_validate(PROBE if value is None else PROBE | {key: value})
    except (ValidationError, ValueError, RecursionError):
        return _BAD
    return getattr(record, key)


class Codes:
    """Numbers for values as they come, for the rows of one column."""

    def __init__(self) -> None:
        self._known: dict[Any, int] = {}
        self._parts: list[NDArray[np.int32]] = []

    def add(self, values: Sequence[Any]) -> None:
        """Number the values of more rows."""
        known = self._known
        self._parts.append(
            np.fromiter((known.setdefault(value, len(known)) for value in values), np.int32, len(values))
        )

    def add_column(self, column: Coded[Any]) -> None:
        """Take rows whose values are numbered already."""
        known = self._known
        each = np.array(
            [known.setdefault(value, len(known)) for value in column.values] or [0], dtype=np.int32
        )
        self._parts.append(each[column.codes])

    def column(self) -> Coded[Any]:
        """All rows so far."""
        return Coded(np.concatenate([np.zeros(0, np.int32), *self._parts]), list(self._known))
