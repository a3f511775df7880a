"""Programs in processes of their own: how long they took, and how much memory they held."""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

PROBES: Final = Path(__file__).with_name("probes.py")
GEOMAP: Final = (sys.executable, "-m", "geomap")
_LONGEST_S: Final = 3600.0


class MeasureError(Exception):
    """A measured program ended with a code other than 0; the message is what it said last."""

    def __init__(self, program: str, code: int, said: str) -> None:
        super().__init__(f"{program} ended with {code}: {said}")
        self.code = code


class TooSlowError(MeasureError):
    """A measured program was ended because its time was up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a process ended.

    `seconds` are wall time from its start to its end. `peak_rss_mib` is the most memory that it held at a time, with
    the pages of mapped files, in MiB.
    """

    seconds: float
    peak_rss_mib: float
    out: bytes
    err: bytes


def run(
    command: Sequence[str],
    *,
    environment: Mapping[str, str] | None = None,
    stdin: Path | None = None,
    limit_s: float = _LONGEST_S,
) -> Ended:
    """Run a program to its end, for at most an hour.

    Parameters
    ----------
    command
        The program and its arguments.
    environment
        Variables to set over those of this process.
    stdin
        A file to read from; nothing without.
    limit_s
        After so many seconds it is ended.

    Raises
    ------
    MeasureError
        If it ends with another code than 0.
    TooSlowError
        If it was not done in time.

    Notes
    -----
    The memory is `ru_maxrss` of wait4(2). Linux starts it, for a new program, from what the caller held, so the
    caller must itself stay small; nothing but the standard library is loaded where this is called.
    """
    with ExitStack() as stack:
        out, err = (stack.enter_context(tempfile.TemporaryFile()) for _ in range(2))
        given = stack.enter_context(stdin.open("rb")) if stdin else subprocess.DEVNULL
        began = time.perf_counter()
        child = subprocess.Popen(
            command, stdin=given, stdout=out, stderr=err, env={**os.environ, **(environment or {})}
        )
        alarm = threading.Timer(limit_s, child.kill)
        alarm.start()
        try:
            _, status, usage = os.wait4(child.pid, 0)
        finally:
            alarm.cancel()
        seconds = time.perf_counter() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        for stream in (out, err):
            stream.seek(0)
        ended = Ended(
            seconds=seconds,
            peak_rss_mib=usage.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10),
            out=out.read(),
            err=err.read(),
        )
    if child.returncode:
        said = ended.err.decode(errors="replace").strip().splitlines()
        program = " ".join(part for part in command[1:5] if not part.startswith("/"))
        if seconds >= limit_s:
            raise TooSlowError(program, child.returncode, f"not done in {limit_s:g} s")
        raise MeasureError(program, child.returncode, said[-1] if said else "no word")
    return ended


def probe(
    name: str, folder: Path, *, environment: Mapping[str, str] | None = None, **options: Any
) -> dict[str, Any]:
    """Run a function of `probes` in a process of its own; its result, with the process's `peak_rss_mib`."""
    command = [sys.executable, str(PROBES), name, str(folder), json.dumps(options)]
    ended = run(command, environment=environment)
    result: dict[str, Any] = json.loads(ended.out)
    return result | {"peak_rss_mib": round(ended.peak_rss_mib, 1)}
