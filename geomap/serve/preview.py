"""What the preview shows now, and waiting for it to change."""

import hashlib
import json
import threading
from dataclasses import dataclass, field, replace
from typing import Any, Final

from geomap.serve.drawing import Drawing

MOST_PROBLEMS: Final = 100
"""How many problems the page lists; an indentation that slipped may bring thousands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What is to be seen at one moment.

    `number` grows with each change. `page` is the last map that could be drawn; `version` is the same for the
    same bytes, also after a restart, so that a page that is up to date is not loaded again.
    """

    number: int = 0
    is_drawing: bool = True
    page: bytes | None = field(default=None, repr=False)
    version: str | None = None
    failed: Drawing | None = None

    def as_json(self) -> str:
        """What the page is told, in ASCII and without a line break; problems have the keys of `check --json`."""
        problems, left_out = _problems(self.failed)
        told = {
            "version": self.version,
            "drawing": self.is_drawing,
            "problems": problems,
            "left_out": left_out,
        }
        return json.dumps(told)


class Preview:
    """The snapshot of now, which one thread changes and others read or wait for."""

    def __init__(self) -> None:
        self._now = Snapshot()
        self._is_closed = False
        self._changed = threading.Condition()

    @property
    def now(self) -> Snapshot:
        """What is to be seen."""
        return self._now

    def begin(self) -> None:
        """Tell that a drawing has begun."""
        self._set(replace(self._now, is_drawing=True))

    def show(self, drawing: Drawing) -> None:
        """Show a drawing; the last good map stays under the problems of one that failed."""
        if drawing.page is None:
            self._set(replace(self._now, is_drawing=False, failed=drawing))
        else:
            version = hashlib.sha256(drawing.page).hexdigest()[:16]
            self._set(replace(self._now, is_drawing=False, page=drawing.page, version=version, failed=None))

    def close(self) -> None:
        """Let nobody wait any longer."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    @property
    def is_closed(self) -> bool:
        """Whether the preview has ended."""
        return self._is_closed

    def wait(self, seen: int, *, seconds: float) -> Snapshot | None:
        """Wait for something newer than the snapshot of number `seen`; None when nothing came, or at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_closed or self._now.number > seen, seconds)
            return self._now if self._now.number > seen and not self._is_closed else None

    def _set(self, snapshot: Snapshot) -> None:
        with self._changed:
            self._now = replace(snapshot, number=self._now.number + 1)
            self._changed.notify_all()


def _problems(failed: Drawing | None) -> tuple[list[dict[str, Any]], int]:
    if failed is None:
        return [], 0
    problems = [
        {
            "file": str(problem.mark.path),
            "line": problem.mark.line,
            "column": problem.mark.column,
            "code": problem.code,
            "message": problem.message,
        }
        for problem in failed.problems[:MOST_PROBLEMS]
    ]
    if not problems:
        error = failed.error
        message = str(error)
        if failed.is_a_fault:
            message = f"geomap itself failed: {type(error).__name__}: {error}; the terminal says where"
        problems = [{"file": None, "line": None, "column": None, "code": "error", "message": message}]
    return problems, max(0, len(failed.problems) - MOST_PROBLEMS)
