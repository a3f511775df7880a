"""What the tests under `tests/torture` counted, for the table that `make torture` prints."""

import json
import os
from pathlib import Path

LOG = "GEOMAP_TORTURE_LOG"
"""Names the file that a line is added to for each count."""
IS_LONG = os.environ.get("GEOMAP_TORTURE") == "1"
"""Whether each test does all that it can, as in `make torture`, or a part, as with all other tests."""


def tell(what: str, *, runs: int, failures: int = 0, **worst: float) -> None:
    """Add a line to the log, if one is asked for; `worst` are figures such as `worst_s` and `worst_mb`."""
    if path := os.environ.get(LOG):
        line = {"what": what, "runs": runs, "failures": failures, **worst}
        # One write of one short line: those of several processes do not mix.
        with Path(path).open("a", encoding="utf-8") as log:
            log.write(f"{json.dumps(line)}\n")
