"""One drawing of a map: its page, or why there is none."""

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from geomap import pipeline
from geomap.errors import ConfigError, GeomapError, Problem

if TYPE_CHECKING:
    from geomap.pipeline import Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """How a drawing went: either `page` and `summary` are there, or `error` is.

    `problems` are those of the files, each with its place; an error that has no place in a file has none.
    """

    seconds: float
    page: bytes | None = field(default=None, repr=False)
    summary: "Summary | None" = None
    findings: int = 0
    error: Exception | None = None

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong in the project's files."""
        return self.error.problems if isinstance(self.error, ConfigError) else ()

    @property
    def is_a_fault(self) -> bool:
        """Whether geomap itself failed, rather than what it was given."""
        return self.error is not None and not isinstance(self.error, GeomapError | OSError)


def draw(map_file: Path, *, drafts: bool) -> Drawing:
    """Draw the page of a map in memory."""
    started = time.perf_counter()
    try:
        result = pipeline.build(map_file, drafts=drafts, formats=["html"])
    # Whatever goes wrong, a fault of ours too, is shown in the page: the next save may mend it.
    except Exception as error:
        return Drawing(seconds=time.perf_counter() - started, error=error)
    return Drawing(
        seconds=time.perf_counter() - started,
        page=result.contents[pipeline.FILE_NAMES["html"]],
        summary=result.summary,
        findings=len(result.project.findings),
    )
