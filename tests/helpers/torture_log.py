"""What the tests under tests/torture did: how many runs, how many failures, the slowest, the one that took most memory.

Each is one JSON object a line, appended to the file that GEOMAP_TORTURE_LOG names; without it nothing is written:
`{"what": "map.yaml, mutated", "runs": 200, "failures": 0, "worst_s": 0.012, "worst_mb": 1.4}`. `worst_mb` is null
where nobody measured it.
"""

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


def is_long() -> bool:
    """Whether GEOMAP_TORTURE asks for the long runs; else each test takes seconds."""
    return os.environ.get("GEOMAP_TORTURE", "") not in ("", "0")


@dataclass
class Tally:
    """The runs of one kind of torture."""

    what: str
    runs: int = 0
    failures: int = 0
    worst_s: float = 0.0
    worst_mb: float | None = None

    @contextmanager
    def run(self) -> Iterator[None]:
        """Count one run and time it; one that raises is a failure, and goes on raising."""
        begun = time.perf_counter()
        failed = True
        try:
            yield
            failed = False
        finally:
            self.add(time.perf_counter() - begun, failed=failed)

    def add(self, seconds: float, megabytes: float | None = None, *, failed: bool = False) -> None:
        """Count one run that was measured elsewhere, such as in another process."""
        self.runs += 1
        self.failures += failed
        self.worst_s = max(self.worst_s, seconds)
        if megabytes is not None:
            self.worst_mb = max(self.worst_mb or 0.0, megabytes)

    def write(self) -> None:
        """Append what was counted to the log, if there is one."""
        path = os.environ.get("GEOMAP_TORTURE_LOG")
        if not path or not self.runs:
            return
        line = {
            "what": self.what,
            "runs": self.runs,
            "failures": self.failures,
            "worst_s": round(self.worst_s, 3),
            "worst_mb": None if self.worst_mb is None else round(self.worst_mb, 1),
        }
        # One write a line: several processes may append to the one file.
        with Path(path).open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line, ensure_ascii=False) + "\n")


@contextmanager
def tally(what: str) -> Iterator[Tally]:
    """Give a tally, and write it when the block ends, however it ends."""
    own = Tally(what)
    try:
        yield own
    finally:
        own.write()
