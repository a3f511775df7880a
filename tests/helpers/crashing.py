"""The command line of geomap, run in children of one process and killed there.

Run as a script it takes `{"runs": [{"argv", "folder", "old", ...}]}` as its argument and prints what became of
each; a process of its own, because a test's own process has threads, which do not live through a fork.
"""

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# What changes files, as Python's audit hooks name it; a file that is opened for writing is "open".
_CHANGES = {
    "os.mkdir",
    "os.rename",
    "os.remove",
    "os.rmdir",
    "os.link",
    "os.symlink",
    "os.chmod",
    "os.truncate",
}
_WRITING = os.O_WRONLY | os.O_RDWR


@dataclass(frozen=True)
class Command:
    """A command as it is run again and again.

    Attributes
    ----------
    argv
        The arguments of `geomap`.
    folder
        Where its outputs go; killed are steps of work on files in it.
    before
        A folder with what is there before each run, copied anew.
    """

    argv: Sequence[str]
    folder: Path
    before: Path


@dataclass
class Outcome:
    """What runs left: the numbers of files that are neither the old ones nor the new, are lost, or lie about."""

    runs: int = 0
    killed: int = 0
    torn: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)
    steps: int = 0
    whole_s: float = 0.0


def contents(folder: Path) -> dict[str, bytes]:
    """The files of a folder and of its folders, by their path in it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def is_hidden(name: str) -> bool:
    """Whether a file stands in a hidden folder or is one: what is on its way, and nobody's output."""
    return any(part.startswith(".") for part in name.split("/"))


class Crashes:
    """Runs of one command, killed at steps or moments; what they leave is compared with the files before and after."""

    def __init__(self, command: Command, log: Path) -> None:
        self._command = command
        self._log = log
        self.outcome = Outcome()
        self._old = self._outputs(command.before)
        self._restore()
        self.outcome.steps, code, self.outcome.whole_s = self._run()
        self._new = self._outputs()
        assert code == 0, self._log.read_text(encoding="utf-8", errors="replace")
        assert self._new != self._old, "the command has nothing to change"

    def kill_at_steps(self, steps: Sequence[int]) -> None:
        """Kill it before its n-th step of work on files, from 1."""
        for step in steps:
            self._restore()
            _, code, _ = self._run(kill_at=step)
            self._look(f"step {step}", was_killed=code == -signal.SIGKILL)

    def kill_at_moments(self, delays_s: Sequence[float]) -> None:
        """Kill it so many seconds after its begin."""
        for delay in delays_s:
            self._restore()
            _, code, _ = self._run(kill_after_s=delay)
            self._look(f"{delay:.3f} s", was_killed=code == -signal.SIGKILL)

    def fill_disk(self, sizes: Sequence[int]) -> list[int]:
        """Let no file become larger than so many bytes; gives the exit codes. What was there has to stay."""
        codes = []
        for size in sizes:
            self._restore()
            _, code, _ = self._run(file_size=size)
            codes.append(code)
            self.outcome.runs += 1
            left = self._outputs()
            if code and left != self._old:
                self.outcome.torn.append(f"disk full at {size} bytes")
            if code == 0 and left != self._new:
                self.outcome.torn.append(f"ended well with {size} bytes")
            if litter := self._litter():
                self.outcome.strange.append(f"disk full at {size} bytes: {litter}")
        return codes

    def _look(self, when: str, *, was_killed: bool) -> None:
        """Compare what a killed run left; then let another one end, which has to find everything in order."""
        outcome, left = self.outcome, self._outputs()
        outcome.runs += 1
        outcome.killed += was_killed
        allowed = [self._old, self._new]
        for name in self._old.keys() | self._new.keys():
            if name not in left:
                if all(name in side for side in allowed):
                    outcome.lost.append(f"{when}: {name}")
            elif not any(left[name] == side.get(name) for side in allowed):
                outcome.torn.append(f"{when}: {name}")
        outcome.strange += [f"{when}: {name}" for name in left if not any(name in side for side in allowed)]
        if outcome.runs % 10 == 0:
            self.finish(when)

    def finish(self, when: str = "the end") -> None:
        """Run it to its end over what killed runs left, and from the beginning: all is new, and nothing lies about."""
        for restored in (False, True):
            if restored:
                self._restore()  # or it may find nothing to write, and so nothing to clear up
            _, code, _ = self._run()
            litter = self._litter() if restored else []
            if code or self._outputs() != self._new or litter:
                said = self._log.read_text(encoding="utf-8", errors="replace")[-500:]
                self.outcome.unfinished.append(f"after {when}: exit {code}, {litter}: {said}")

    def _outputs(self, folder: Path | None = None) -> dict[str, bytes]:
        found = contents(folder or self._command.folder)
        return {name: content for name, content in found.items() if not is_hidden(name)}

    def _litter(self) -> list[str]:
        """Hidden files and folders that are left, but for locks, which stay."""
        return [
            path.name for path in sorted(self._command.folder.rglob(".*")) if not path.name.endswith("lock")
        ]

    def _restore(self) -> None:
        """What was there before, beside what killed runs left hidden: the next run has to cope with that."""
        folder = self._command.folder
        for path in folder.iterdir() if folder.exists() else ():
            if not path.name.startswith("."):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        shutil.copytree(self._command.before, folder, dirs_exist_ok=True)

    def _run(
        self, *, kill_at: int = 0, kill_after_s: float | None = None, file_size: int | None = None
    ) -> tuple[int, int, float]:
        """Run it in a child: its steps of work on files, its exit code (minus the signal), its seconds."""
        reading, writing = os.pipe()
        began = time.monotonic()
        child = os.fork()
        if not child:
            os.close(reading)
            self._work(writing, kill_at, file_size)
        os.close(writing)
        if kill_after_s is not None:
            time.sleep(kill_after_s)
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        took = time.monotonic() - began
        told = b""
        while block := os.read(reading, 4096):
            told += block
        os.close(reading)
        return int(told or b"0"), os.waitstatus_to_exitcode(status), took

    def _work(self, writing: int, kill_at: int, file_size: int | None) -> None:
        """In the child: the command, and no way back."""
        code = 70
        try:
            # The log is a file like others: what a full disk keeps from it says nothing of the command.
            said = self._log if file_size is None else os.devnull
            log = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(log, 1)
            os.dup2(log, 2)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            steps = _count_steps(self._command.folder, kill_at)
            if file_size is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))
            from geomap.cli import main

            sys.argv = ["geomap", *self._command.argv]
            try:
                main()
                code = 0
            except SystemExit as end:
                code = int(end.code or 0)
            os.write(writing, str(len(steps)).encode())
        except BaseException:  # whatever it is, this process ends here
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(code)


def _count_steps(folder: Path, kill_at: int) -> list[str]:
    """Count what changes files in a folder, from now on; die before the n-th such step, if that is asked for."""
    steps: list[str] = []
    inside = f"{folder}{os.sep}"

    def hear(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            _, mode, flags = arguments
            is_step = bool(flags & _WRITING) if isinstance(flags, int) else "r" not in (mode or "r")
        else:
            is_step = event in _CHANGES
        if not is_step:
            return
        paths = [os.fspath(each) for each in arguments[:2] if isinstance(each, str | os.PathLike)]
        if any(str(path).startswith(inside) for path in paths):
            steps.append(event)
            if len(steps) == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hear)
    return steps


def random_moments(count: int, whole_s: float, seed: int) -> list[float]:
    """Moments of a run, in seconds; half of them near its end, where files are written."""
    draw = random.Random(seed)
    spread = [draw.uniform(0, whole_s) for _ in range(count // 2)]
    return spread + [draw.uniform(0.75, 1.02) * whole_s for _ in range(count - count // 2)]


def main() -> None:
    """Do what the argument asks for."""
    asked = json.loads(sys.argv[1])
    # Loaded once, here: what a child loads would be nearly all that it does.
    import folium  # noqa: F401
    import geopandas  # noqa: F401
    import pyarrow.parquet  # noqa: F401

    import geomap.cli
    import geomap.events.imports
    import geomap.export
    import geomap.extract.read
    import geomap.pipeline.drafting
    import geomap.pipeline.importing
    import geomap.render.page  # noqa: F401

    command = Command(argv=asked["argv"], folder=Path(asked["folder"]), before=Path(asked["before"]))
    crashes = Crashes(command, Path(asked["log"]))
    outcome = crashes.outcome
    steps = range(1, outcome.steps + 1)
    crashes.kill_at_steps(
        steps if asked["steps"] == "all" else steps[:: max(1, len(steps) // asked["steps"])]
    )
    crashes.kill_at_moments(random_moments(asked["moments"], outcome.whole_s, asked["seed"]))
    crashes.finish()
    codes = crashes.fill_disk(asked["sizes"])
    print(json.dumps(vars(outcome) | {"codes": codes}))


def crash(argv: Sequence[object], folder: Path, before: Path, log: Path, **asked: Any) -> Mapping[str, Any]:
    """Run `main` in a process of its own."""
    task = {
        "argv": [str(each) for each in argv],
        "folder": str(folder),
        "before": str(before),
        "log": str(log),
    }
    ended = subprocess.run(
        [sys.executable, __file__, json.dumps(task | asked)], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr[-3000:]
    answer: dict[str, Any] = json.loads(ended.stdout)
    return answer


if __name__ == "__main__":
    main()
