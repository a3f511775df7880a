"""Events of which no more is said than columns hold, as written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geomap.errors import Mark
from geomap.model.columns import Coded, Rows, Texts
from geomap.model.records import ActorPart, EventRecord, Where
from geomap.model.timespan import TimeSpan
from geomap.model.vocabulary import Modality, Status, Workflow

ReadRows = Callable[[Sequence[int]], list[tuple[EventRecord, Mark]]]
"""The records of some lines or rows of a file, by their numbers; ConfigError with what is wrong in them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainEvents:
    """Many events of one file, one a row: no claims, evidence, relations or the like, and one place at most.

    `line` is that of the file, from 1. A place given by its position has `lon` and `lat` (EPSG:4326 degrees, else
    NaN) and its `name`; `where` says the rest of it, with 0 and 0 for the position. `read_rows` reads rows again as
    records, for the few that need it.
    """

    path: Path
    line: NDArray[np.int32]
    id: Texts
    title: Texts
    summary: Texts
    type: Coded[str]
    status: Coded[Status | None]
    modality: Coded[Modality]
    workflow: Coded[Workflow]
    when: Coded[TimeSpan | None]
    actors: Coded[tuple[ActorPart, ...]]
    sources: Coded[tuple[str, ...]]
    tags: Coded[tuple[str, ...]]
    where: Coded[Where]
    name: Coded[str | None]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    read_rows: ReadRows

    def __len__(self) -> int:
        return len(self.line)

    def take(self, rows: Rows) -> "PlainEvents":
        """These events, in this order."""
        changes: dict[str, Any] = {}
        for name in (field.name for field in fields(self)):
            value = getattr(self, name)
            if isinstance(value, np.ndarray):
                changes[name] = value[rows]
            elif name not in ("path", "read_rows"):
                changes[name] = value.take(rows)
        return replace(self, **changes)

    def without(self, left_out: NDArray[np.bool_]) -> "PlainEvents":
        """The other events."""
        return self.take(np.flatnonzero(~left_out)) if left_out.any() else self

    def records(self, rows: Rows) -> list[tuple[EventRecord, Mark]]:
        """These events as records, read again.

        Raises
        ------
        ConfigError
            With what is wrong in them.
        """
        return self.read_rows(self.line[rows].tolist())

    def mark(self, row: int) -> Mark:
        """Where an event stands."""
        return Mark(self.path, int(self.line[row]), 1)
