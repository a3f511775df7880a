"""Corpora, runs of the engine in processes of their own, and what they leave."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geomap
from geomap.engine.job import Job
from geomap.engine.parts import Parts
from geomap.engine.run import Advance, Summary, run

PATIENCE_S = 120
HELPERS = Path(__file__).parent
WORKS = HELPERS / "engine_works.py"


def environment(**more: str) -> dict[str, str]:
    """That of a process which finds this geomap and the test's own work, wherever it runs."""
    known = (str(Path(geomap.__file__).parents[1]), str(HELPERS), os.environ.get("PYTHONPATH", ""))
    return os.environ | {"PYTHONPATH": os.pathsep.join(path for path in known if path)} | more


def write_records(path: Path, texts: list[str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    # With its language, or every worker would load what tells languages apart.
    lines = (
        json.dumps({"id": f"{path.stem}-{number}", "text": text, "language": "en"})
        for number, text in enumerate(texts)
    )
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def words(count: int) -> list[str]:
    return [f"document number {number} of many" + " word" * (number % 7) for number in range(count)]


def contents(folder: Path) -> dict[str, str]:
    """What a run left, by name; of the files that only help it nothing."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "_lock"
    }


def rows(folder: Path, table: str = "counts") -> list[dict[str, Any]]:
    import pyarrow.parquet as pq

    return [row for path in Parts(folder).files(table) for row in pq.read_table(path).to_pylist()]


@dataclass(frozen=True)
class Whole:
    """A corpus, and what a run that nothing disturbs leaves of it."""

    corpus: Path
    parts: Path
    documents: int
    contents: dict[str, str]

    def copy(self, parts: Path) -> Path:
        """The parts once more, to be harmed."""
        shutil.copytree(self.parts, parts)
        return parts

    def assert_in(self, parts: Path) -> None:
        """The same bytes lie there, and every document once."""
        assert contents(parts) == self.contents
        found = [row["document"] for row in rows(parts)]
        assert len(found) == self.documents
        assert set(found) == {f"{self.corpus.stem}-{number}" for number in range(self.documents)}


def finish(
    corpus: Path, parts: Path, *, work: str = "CountWork", workers: int = 1, advance: Advance | None = None
) -> Summary:
    """A run from here to its end: where nobody is to be killed, no process has to be started to begin it."""
    return run(
        Job(work=f"engine_works:{work}", parts=str(parts), digest="", timeout_s=60),
        [corpus],
        workers=workers,
        advance=advance,
    )


@dataclass
class Running:
    """A run in a process of its own."""

    process: subprocess.Popen[str]
    parts: Path

    def end(self) -> tuple[int, dict[str, Any], str]:
        """Its exit code, its summary and its remarks."""
        out, err = self.process.communicate(timeout=PATIENCE_S)
        return self.process.returncode, json.loads(out) if out.strip() else {}, err

    def wait_for(self, manifests: int) -> None:
        """Wait until so many shards are done."""
        wait_until(lambda: self.done() >= manifests or self.process.poll() is not None)
        assert self.process.poll() is None, self.process.communicate()

    def done(self) -> int:
        return len(list((self.parts / "_manifest").glob("*.json")))

    def workers(self) -> list[int]:
        """Its workers, by pid; waits until there are some."""
        found: list[int] = []

        def is_there() -> bool:
            found[:] = workers_of(self.process.pid)
            return bool(found)

        wait_until(is_there)
        return found

    def kill_worker(self) -> None:
        """Kill one of its workers, as the system does when there is no memory."""
        os.kill(self.workers()[-1], signal.SIGKILL)


def begin(
    corpora: Path | list[Path],
    parts: Path,
    *,
    work: str = "CountWork",
    engine: str = "local",
    workers: int = 2,
    scheduler: str | None = None,
    timeout: float = 60,
    sleep: float = 0,
    before: str = "",
) -> Running:
    """Begin a run of one of the test's own works, in a process of its own."""
    asked = {
        "work": work,
        "corpora": [str(path) for path in (corpora if isinstance(corpora, list) else [corpora])],
        "parts": str(parts),
        "engine": engine,
        "workers": workers,
        "scheduler": scheduler,
        "timeout": timeout,
    }
    command = [str(WORKS), json.dumps(asked)]
    if before:
        command = ["-c", f"{before}\nimport engine_works, sys\nsys.exit(engine_works.main())", command[1]]
    process = subprocess.Popen(
        [sys.executable, *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(GEOMAP_TEST_SLEEP=str(sleep)),
    )
    return Running(process, parts)


def workers_of(pid: int) -> list[int]:
    """Processes that work for this one, by their command line: those that multiprocessing started."""
    listed = subprocess.run(
        ["ps", "-ww", "-eo", "pid,ppid,args"], capture_output=True, text=True, check=True
    ).stdout
    found = []
    for line in listed.splitlines()[1:]:
        own, parent, command = line.split(None, 2)
        if int(parent) == pid and "spawn_main" in command:
            found.append(int(own))
    return found


def wait_until(is_so: Callable[[], bool]) -> None:
    limit = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < limit, "waited in vain"
        time.sleep(0.02)


@dataclass
class Cluster:
    """A scheduler and workers, each a process of its own on the loopback interface."""

    address: str
    scheduler: "subprocess.Popen[bytes]"
    keeper: "subprocess.Popen[bytes]"

    def workers(self) -> list[int]:
        """The processes that work, by pid."""
        return workers_of(self.keeper.pid)


@contextmanager
def serve_cluster(folder: Path, *, workers: int) -> Iterator[Cluster]:
    """A Dask cluster, while the block runs."""
    told = folder / "scheduler.json"
    settings = environment(DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="10", GEOMAP_TEST_SLEEP="0.01")
    with ExitStack() as stack:
        log = stack.enter_context((folder / "log").open("wb"))

        def serve(module: str, *options: str) -> "subprocess.Popen[bytes]":
            command = [sys.executable, "-m", f"distributed.cli.{module}", "--no-dashboard"]
            process = stack.enter_context(
                subprocess.Popen(
                    [*command, "--scheduler-file", str(told), *options],
                    stdout=log,
                    stderr=log,
                    cwd=folder,
                    env=settings,
                )
            )
            # At once: workers end with their keeper, and what they would wait for is of no use to anybody.
            stack.callback(process.kill)
            return process

        scheduler = serve("dask_scheduler", "--host", "127.0.0.1", "--port", "0")
        many = ("--nworkers", str(workers), "--nthreads", "1")
        keeper = serve("dask_worker", *many, "--host", "127.0.0.1", "--local-directory", str(folder))
        wait_until(told.exists)
        yield Cluster(json.loads(told.read_bytes())["address"], scheduler, keeper)
