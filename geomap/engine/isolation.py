"""Documents that kill or hang whoever works on them: found one by one in processes that may die."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from geomap.engine.corpus import Piece, Shard, read_entries
from geomap.engine.job import Job
from geomap.engine.parts import Manifest, Parts
from geomap.engine.task import WorkerError, work_on, work_through
from geomap.errors import GeomapError

_START_S: Final = 600
"""For a process to read the gazetteer."""
_LAST_WORDS: Final = 1 << 16
_HUNG: Final = 86
_FAILED: Final = 87


@dataclass(frozen=True, slots=True)
class _Ended:
    """How a process ended: its exit code, the number of the document it was at, and what it said last."""

    code: int
    at: int | None
    said: str


class IsolationError(GeomapError):
    """A shard cannot be worked on even without the documents that are known to do harm."""


def work_apart(job: Job, shard: Shard) -> Manifest:
    """Work on a shard in a process of its own, without the documents at which such a process dies or hangs.

    A document at which it died is tried alone. If that dies, too, the document is left out, with why. The rest is
    tried from there on. In the end the shard is worked on without all of them.

    Raises
    ------
    IsolationError
        If it cannot be done without these either.
    GeomapError
        If the shard cannot be read, or its parts cannot be written.
    """
    numbers = range(shard.documents)
    poison: dict[int, str] = {}
    ended = _run(job, shard, poison, numbers, is_kept=True)
    while ended.code:
        at = ended.at
        if at is None:
            raise IsolationError(f"a process could not begin: {ended.said or _why(ended, job)}")
        alone = _run(job, shard, {}, [at], is_kept=False)
        if alone.code:
            poison[at] = _why(alone, job)
        ended = _run(job, shard, {}, numbers[at + 1 :], is_kept=False)
    if (manifest := _finished(job, shard)) is not None:
        return manifest
    ended = _run(job, shard, poison, numbers, is_kept=True)
    manifest = _finished(job, shard)
    if ended.code or manifest is None:
        raise IsolationError(f"{shard.pieces[0].name} and what follows: {_why(ended, job)}")
    return manifest


def _finished(job: Job, shard: Shard) -> Manifest | None:
    return Parts(Path(job.parts)).finished(shard.id, job.key(shard))


def _why(ended: _Ended, job: Job) -> str:
    if ended.code == _HUNG:
        return f"took more than {job.timeout_s:g} s"
    if ended.code < 0:
        return f"the process working on it was ended by signal {-ended.code}"
    return f"the process working on it ended with exit code {ended.code}"


def _run(
    job: Job, shard: Shard, poison: Mapping[int, str], numbers: Sequence[int], *, is_kept: bool
) -> _Ended:
    """Try documents in a process of their own; `is_kept` writes the parts of all of them but the poison."""
    asked = {
        "job": asdict(job),
        "shard": asdict(shard),
        "poison": list(poison.items()),
        "numbers": list(numbers),
        "is_kept": is_kept,
    }
    with subprocess.Popen(
        [sys.executable, "-m", __name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    ) as child:
        alarm = threading.Timer(_START_S + job.timeout_s * (len(numbers) + 1), child.kill)
        alarm.start()
        try:
            out, said = _talk(child, json.dumps(asked).encode())
        finally:
            alarm.cancel()
    marks = [int(line) for line in out.split(b"\n")[:-1] if line.isdigit()]
    code = child.returncode
    lines = said.decode(errors="replace").strip().splitlines()
    if code == _FAILED:
        raise WorkerError(lines[-1] if lines else "a process failed")
    is_hung = b"Timeout (" in said
    return _Ended(_HUNG if is_hung else code, marks[-1] if marks else None, lines[-1] if lines else "")


def _talk(child: "subprocess.Popen[bytes]", asked: bytes) -> tuple[bytes, bytes]:
    """Tell a process what to do, and hear it out; its input stays open, for it to see whether we are there."""
    stdin, stdout, stderr = child.stdin, child.stdout, child.stderr
    assert stdin is not None
    assert stdout is not None
    assert stderr is not None
    said: list[bytes] = []
    reader = threading.Thread(target=lambda: said.append(stderr.read()[-_LAST_WORDS:]))
    reader.start()
    try:
        stdin.write(asked + b"\n")
        stdin.flush()
    except BrokenPipeError:
        pass
    out = stdout.read()
    child.wait()
    reader.join()
    return out, said[0]


# Inside such a process


def main() -> int:
    """Work on what is told on stdin; each document's number goes to stdout before it is begun."""
    asked = json.loads(sys.stdin.buffer.readline())
    job = Job(**asked["job"])
    given = asked["shard"]
    shard = Shard(given["id"], given["documents"], tuple(Piece(**piece) for piece in given["pieces"]))
    threading.Thread(target=_end_with_caller, daemon=True).start()
    mark = _marker()
    try:
        if asked["is_kept"]:
            work_on(job, shard, sys.stderr.buffer, poison=dict(asked["poison"]), begin=mark)
        else:
            for _ in work_through(job, read_entries(shard), asked["numbers"], sys.stderr.buffer, begin=mark):
                pass
    except GeomapError as error:
        print(str(error).replace("\n", "; "), file=sys.stderr)
        return _FAILED
    return 0


def _marker() -> Callable[[int], None]:
    """What writes numbers to the caller; nothing else may, whatever a library prints."""
    out = os.dup(1)
    os.dup2(2, 1)

    def mark(number: int) -> None:
        os.write(out, b"%d\n" % number)

    return mark


def _end_with_caller() -> None:
    # Not by `sys.stdin`, whose lock would still be held when Python ends.
    while os.read(0, 1 << 12):
        pass
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
