"""Measure work on corpora: python benchmarks/engine.py [--quick] [--docs] [--only A,B] [--long] [--torture].

Prints Markdown tables and writes the same figures as JSON. The corpora are made up by a fixed seed; the articles of
`--long` are made of those of LGL. Every run is the command `geomap tag --parts` or `geomap draft --parts` in processes
of its own, from its start to its end.
"""

import hashlib
import importlib.metadata
import json
import os
import pty
import random
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import IO, Any, Final

from processes import GEOMAP, MeasureError
from runs import (
    ROOT,
    Figures,
    NotMeasuredError,
    demand_corpus,
    describe_machine,
    load,
    measure,
    now,
    options_of,
    publish,
    read_options,
    tell,
)
from tables import cell, describe_run, table_of

SEED: Final = 20_211_112
SENTENCES: Final = 8
_TEXTS: Final = (
    "Officials in {place} said {count} people left their homes after the river rose on {day} {month}.",
    "A drone struck a fuel depot near {place} on {day} {month}, and {count} tonnes of diesel burned.",
    "The defence ministry moved {count} soldiers to a range outside {place} for a drill on {day} {month}.",
    "Guards at the crossing by {place} turned back {count} lorries last week.",
    "The mayor of {place} denied that {count} houses were shelled overnight.",
    "It rained for {count} minutes, and the fair went on.",
    "Police detained {count} demonstrators in the centre of {place} on Sunday, a rights group said.",
    "Exports of wheat fell to {count} tonnes, the port authority wrote in its report for {month}.",
)
_PLACES: Final = (
    "Minsk", "Grodno", "Brest", "Gomel", "Kursk", "Belgorod", "Pskov", "Kharkiv", "Sumy", "Odesa", "Lviv", "Poltava",
    "Warsaw", "Lublin", "Vilnius", "Kaunas", "Riga", "Daugavpils", "Tallinn", "Narva",
)  # fmt: skip
_MONTHS: Final = ("March", "April", "May", "June", "July", "August")
_LONGEST_S: Final = 4 * 3_600
_SAMPLE_S: Final = 0.2
_TENTHS: Final = 10
_NEWS: Final = "lgl.jsonl"
_ESCAPE: Final = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]")
_BAR: Final = re.compile(rb"Documents[^0-9\n]*(\d+)/(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How much is measured.

    `documents` are for speed, so many times; `growth` for memory, `million` for memory over one run, `news` from end to
    end, `torture` to be stopped.
    """

    documents: int
    rounds: int
    growth: tuple[int, ...]
    million: int
    news: int
    torture: int


FULL: Final = Plan(
    documents=1_200, rounds=2, growth=(10_000, 100_000), million=1_000_000, news=20_000, torture=4_000
)
QUICK: Final = Plan(documents=120, rounds=1, growth=(100, 200), million=4_000, news=200, torture=2_500)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a run has: its plan, a folder of its own, a folder of gold corpora if there is one, and what was found."""

    plan: Plan
    folder: Path
    gold: Path | None
    results: dict[str, Figures] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    def corpus(self, documents: int, sentences: int = SENTENCES) -> Path:
        """Made-up documents as JSON Lines, and two files with half of them each."""
        folder = self.folder / f"corpus-{documents}-{sentences}"
        if not folder.exists():
            folder.mkdir()
            with ExitStack() as stack:
                whole, one, two = (
                    stack.enter_context((folder / f"{name}.jsonl").open("w", encoding="utf-8"))
                    for name in ("all", "one", "two")
                )
                for number, line in enumerate(make_lines(documents, sentences)):
                    whole.write(line)
                    (one if number < documents // 2 else two).write(line)
        return folder

    def parts(self) -> Path:
        """A folder that is not there yet."""
        return Path(tempfile.mkdtemp(dir=self.folder)) / "parts"


def make_lines(documents: int, sentences: int) -> Iterator[str]:
    """Documents as lines of JSON; the first ones of a larger corpus are those of a smaller one."""
    chance = random.Random(SEED)
    for number in range(documents):
        told = (
            chance.choice(_TEXTS).format(
                place=chance.choice(_PLACES),
                count=chance.randint(2, 999),
                day=chance.randint(1, 28),
                month=chance.choice(_MONTHS),
            )
            for _ in range(sentences)
        )
        line = {
            "id": f"d{number}",
            "text": "\n\n".join(told),
            "published": "2023-09-01",
            "publisher": "Example Wire",
        }
        yield json.dumps(line) + "\n"


def make_news(given: Sequence[Mapping[str, Any]], documents: int) -> Iterator[str]:
    """Documents like those given, as lines of JSON: each in turn, from the second time on with other toponyms.

    Parameters
    ----------
    given
        Documents with `text`, `published` and the spans of `toponyms`, whose names are those that are put in.
    """
    chance = random.Random(SEED)
    names = sorted({each["text"] for document in given for each in document["toponyms"]})
    for number in range(documents):
        document = given[number % len(given)]
        text = document["text"]
        if number >= len(given):
            for each in sorted(document["toponyms"], key=lambda span: -span["start"]):
                text = f"{text[: each['start']]}{chance.choice(names)}{text[each['end'] :]}"
        line = {
            "id": f"n{number}",
            "text": text,
            "published": document["published"],
            "publisher": "Example Wire",
        }
        yield json.dumps(line) + "\n"


def main() -> int:
    """Measure, print, write; 1 where something failed that is there."""
    asked = options_of("engine", str(__doc__), PARTS)
    asked.add_argument("--torture", action="store_true", help="stop workers, scheduler and driver, too")
    asked.add_argument(
        "--long", action="store_true", help="a million short texts, and 20,000 news articles, too"
    )
    chosen, wanted = read_options(asked, PARTS)
    on_request = {"million": chosen.long, "news": chosen.long, "torture": chosen.torture}
    if not chosen.only:
        wanted = [name for name in wanted if on_request.get(name, True)]
    record = describe_machine("engine") | {"quick": chosen.quick}
    for package in ("pyarrow", "dask", "distributed"):
        if find_spec(package) is not None:
            record["versions"][package] = importlib.metadata.version(package)
    with tempfile.TemporaryDirectory(prefix="geomap-benchmark-") as folder:
        here = Run(plan=QUICK if chosen.quick else FULL, folder=Path(folder), gold=chosen.gold)
        for name in wanted:
            measure(name, partial(PARTS[name], here), here.results, here.failed)
    record |= {"date_end": now(), "load_end": load(), "results": here.results, "plan": asdict(here.plan)}
    publish(chosen, "engine", record, show(record))
    return 1 if here.failed else 0


# Speed


def measure_speed(here: Run) -> Figures:
    """Documents a second with one and two processes, on a cluster, and of two runs beside each other; in turns."""
    found: Figures = {}
    for command in ("tag", "draft"):
        corpus = here.corpus(here.plan.documents)
        ways: dict[str, Callable[[], None]] = {
            "one process": partial(run_one, here, command, corpus / "all.jsonl", "--workers", "1"),
            "two processes": partial(run_one, here, command, corpus / "all.jsonl", "--workers", "2"),
            "two runs of half of it": partial(run_halves, here, command, corpus),
        }
        if _has_dask():
            ways["dask, two workers"] = partial(
                run_one, here, command, corpus / "all.jsonl", "--engine", "dask", "--workers", "2"
            )
        seconds: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(here.plan.rounds):
            for name, way in ways.items():
                began = time.perf_counter()
                way()
                seconds[name].append(time.perf_counter() - began)
        medians = {name: statistics.median(each) for name, each in seconds.items()}
        ceiling = medians["two runs of half of it"]
        found[command] = {
            name: {
                "seconds": round(median, 2),
                "per_s": round(here.plan.documents / median, 1),
                "of_ceiling": round(ceiling / median, 3),
            }
            for name, median in medians.items()
        }
    return found | {"documents": here.plan.documents, "rounds": here.plan.rounds}


def run_one(here: Run, command: str, corpus: Path, *options: str) -> None:
    """One run to its end."""
    _wait(_start(command, corpus, here.parts(), *options))


def run_halves(here: Run, command: str, corpus: Path) -> None:
    """Two runs at a time, with half of a corpus and one process each: what two processes could reach."""
    for child in [
        _start(command, corpus / name, here.parts(), "--workers", "1") for name in ("one.jsonl", "two.jsonl")
    ]:
        _wait(child)


def _has_dask() -> bool:
    return find_spec("distributed") is not None


def _environment() -> dict[str, str]:
    known = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{known}" if known else str(ROOT)}


def _start(command: str, corpus: Path, parts: Path, *options: str) -> "subprocess.Popen[bytes]":
    arguments = [*GEOMAP, command, str(corpus), "--parts", str(parts), *options]
    return subprocess.Popen(
        arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=_environment(), cwd=ROOT
    )


def _wait(child: "subprocess.Popen[bytes]") -> str:
    _, said = child.communicate(timeout=_LONGEST_S)
    if child.returncode:
        raise MeasureError(" ".join(str(part) for part in child.args[2:4]), child.returncode, _last(said))  # type: ignore[index]
    return said.decode(errors="replace")


def _last(said: bytes) -> str:
    lines = said.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "no word"


# Memory


def measure_memory(here: Run) -> Figures:
    """The most memory that the driver and any of its workers held, as the corpus grows; short documents."""
    points = []
    for documents in here.plan.growth:
        corpus = here.corpus(documents, 1) / "all.jsonl"
        began = time.perf_counter()
        child = _start("tag", corpus, here.parts(), "--workers", "2")
        peaks = _watch(child)
        _wait(child)
        seconds = time.perf_counter() - began
        points.append(
            {
                "documents": documents,
                "driver_mib": peaks.pop(child.pid, None),
                "worker_mib": max(peaks.values(), default=None),
                "seconds": round(seconds, 1),
                "per_s": round(documents / seconds, 1),
            }
        )
    return {"points": points}


def _watch(child: "subprocess.Popen[bytes]") -> dict[int, float]:
    """The peak of a process and of those that it started, in MiB, by pid; Linux tells it while they live."""
    if not Path("/proc/self/status").exists():
        raise NotMeasuredError("needs /proc")
    peaks: dict[int, float] = {}
    while child.poll() is None:
        for pid in (child.pid, *_children(child.pid)):
            if (peak := _status_mib(pid, "VmHWM")) is not None:
                peaks[pid] = round(peak, 1)
        time.sleep(_SAMPLE_S)
    return peaks


def measure_million(here: Run) -> Figures:
    """The memory that the driver and its workers hold in each tenth of one run over very many short documents."""
    corpus = here.corpus(here.plan.million, 1) / "all.jsonl"
    began = time.perf_counter()
    child = _start("tag", corpus, here.parts(), "--workers", "2")
    samples = _sample(child)
    _wait(child)
    seconds = time.perf_counter() - began
    return {
        "documents": here.plan.million,
        "seconds": round(seconds, 1),
        "per_s": round(here.plan.million / seconds, 1),
        "tenths": _most_in_tenths(samples),
    }


def _sample(child: "subprocess.Popen[bytes]") -> list[tuple[float, float]]:
    """What a process holds, and the largest of those that it started, in MiB, time after time to its end."""
    if not Path("/proc/self/status").exists():
        raise NotMeasuredError("needs /proc")
    samples = []
    while child.poll() is None:
        workers = [held for pid in _children(child.pid) if (held := _status_mib(pid, "VmRSS")) is not None]
        if (own := _status_mib(child.pid, "VmRSS")) is not None:
            samples.append((own, max(workers, default=0.0)))
        time.sleep(_SAMPLE_S)
    return samples


def _most_in_tenths(samples: Sequence[tuple[float, float]]) -> list[Figures]:
    ends = [len(samples) * number // _TENTHS for number in range(_TENTHS + 1)]
    return [
        {
            "driver_mib": round(max(driver for driver, _ in samples[start:end]), 1),
            "worker_mib": round(max(worker for _, worker in samples[start:end]), 1),
        }
        for start, end in pairwise(ends)
        if start < end
    ]


def _children(pid: int) -> list[int]:
    found = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(each) for each in path.read_text().split()]
        except OSError:
            continue
    return found


def _status_mib(pid: int, name: str) -> float | None:
    """A figure of a process that Linux tells, None when it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{name}:")), None)


# From end to end


def measure_news(here: Run) -> Figures:
    """News articles tagged and drafted on all cores as on a terminal, and whether its bar tells what is done."""
    with demand_corpus(here.gold, _NEWS).open(encoding="utf-8") as stream:
        given = [json.loads(line) for line in stream]
    documents = here.plan.news
    corpus = here.folder / "news.jsonl"
    with corpus.open("w", encoding="utf-8") as stream:
        stream.writelines(make_news(given, documents))
    found: Figures = {"documents": documents, "given": len(given), "workers": os.cpu_count()}
    for command in ("tag", "draft"):
        parts = here.parts()
        began = time.perf_counter()
        shown = _watch_bar(command, corpus, parts)
        ended = time.perf_counter()
        _check_bar(command, shown, documents)
        success = json.loads((parts / "_SUCCESS.json").read_bytes())
        seconds, worked = ended - began, shown[-1].at - began
        found[command] = {
            "seconds": round(seconds, 1),
            "per_s": round(documents / seconds, 1),
            # What comes after the last document: of drafts above all the relating of events.
            "seconds_after": round(seconds - worked, 1),
            "rows": success["rows"],
            "quarantined": success["quarantined"],
            "bar_shown": len(shown),
        }
    return found


@dataclass(frozen=True, slots=True)
class Shown:
    """What a bar showed, when, and how many documents the manifests held once it was seen."""

    at: float
    done: int
    total: int
    written: int


def _watch_bar(command: str, corpus: Path, parts: Path) -> list[Shown]:
    """Run a command to its end with a pseudo-terminal for its remarks, and read what its bar shows."""
    terminal, theirs = pty.openpty()
    with os.fdopen(terminal, "rb", buffering=0) as screen:
        try:
            child = subprocess.Popen(
                [*GEOMAP, command, str(corpus), "--parts", str(parts)],
                stdout=subprocess.DEVNULL,
                stderr=theirs,
                env=_environment() | {"TERM": "xterm", "COLUMNS": "100"},
                cwd=ROOT,
            )
        finally:
            os.close(theirs)
        shown: list[Shown] = []
        written: dict[str, int] = {}
        said = rest = b""
        while block := _read(screen):
            now_at = time.perf_counter()
            said = (said + block)[-(1 << 12) :]
            # Frames may be cut anywhere; a figure is whole when something follows it.
            text = _ESCAPE.sub(b"", rest + block)
            frames = list(re.finditer(_BAR.pattern + rb"(?=\D)", text))
            rest = text[frames[-1].end() :] if frames else text[-256:]
            if frames:
                _read_manifests(parts, written)
            shown += [Shown(now_at, int(frame[1]), int(frame[2]), sum(written.values())) for frame in frames]
    if child.wait(_LONGEST_S):
        raise MeasureError(command, child.returncode, _last(said))
    return shown


def _read(screen: IO[bytes]) -> bytes:
    try:
        return screen.read(1 << 16)
    except OSError:  # so Linux tells that nobody writes there any more
        return b""


def _read_manifests(parts: Path, written: dict[str, int]) -> None:
    for path in (parts / "_manifest").glob("[!.]*.json"):
        if path.name not in written:
            written[path.name] = json.loads(path.read_bytes())["documents"]


def _check_bar(command: str, shown: Sequence[Shown], documents: int) -> None:
    """Refuse a bar that counts wrongly.

    Raises
    ------
    MeasureError
        If it goes back, is ahead of what is written, knows another total, or does not come to its end.
    """
    wrong = None
    if not shown or any(each.total != documents for each in shown):
        wrong = "does not know how many documents there are"
    elif any(later.done < earlier.done for earlier, later in pairwise(shown)):
        wrong = "goes back"
    elif any(each.done > each.written for each in shown):
        wrong = "is ahead of what is written"
    elif shown[-1].done != documents:
        wrong = f"ends at {shown[-1].done} of {documents}"
    if wrong:
        raise MeasureError(f"the bar of {command}", 1, wrong)


# Torture


def measure_torture(here: Run) -> Figures:
    """Stop what can be stopped on a cluster of processes, go on, and compare with an undisturbed run."""
    if not _has_dask():
        raise NotMeasuredError("dask is not installed")
    corpus = here.corpus(here.plan.torture) / "all.jsonl"
    whole = here.parts()
    _wait(_start("tag", corpus, whole, "--workers", "1"))
    expected = digest_of(whole)
    found: Figures = {"documents": here.plan.torture, "digest": expected[:16], "cases": {}}
    for name, torment in TORMENTS.items():
        parts = here.parts()
        began = time.perf_counter()
        runs = torment(here, corpus, parts)
        same = digest_of(parts) == expected
        found["cases"][name] = {
            "runs": runs,
            "same": same,
            "seconds": round(time.perf_counter() - began, 1),
        }
        tell(f"{name}: {'same' if same else 'NOT THE SAME'}")
        if not same:
            raise MeasureError(name, 1, "the parts differ from those of an undisturbed run")
    return found


def digest_of(parts: Path) -> str:
    """One digest of all that a run leaves."""
    digest = hashlib.sha256()
    for path in sorted(path for path in parts.rglob("*") if path.is_file() and path.name != "_lock"):
        digest.update(f"{path.relative_to(parts).as_posix()}\n".encode() + path.read_bytes())
    return digest.hexdigest()


@dataclass(slots=True)
class Cluster:
    """A scheduler and a keeper of three workers on the loopback interface."""

    folder: Path
    scheduler: "subprocess.Popen[bytes]"
    keeper: "subprocess.Popen[bytes]"
    address: str

    def workers(self) -> list[int]:
        """Processes of the workers themselves."""
        return [
            pid
            for pid in _children(self.keeper.pid)
            if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
        ]


@contextmanager
def cluster(here: Run) -> Iterator[Cluster]:
    """Start a cluster, and end it."""
    folder = Path(tempfile.mkdtemp(dir=here.folder))
    told = folder / "scheduler.json"
    environment = _environment() | {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "10"}

    def begin(module: str, *options: str) -> "subprocess.Popen[bytes]":
        command = [
            sys.executable,
            "-m",
            f"distributed.cli.{module}",
            "--no-dashboard",
            "--scheduler-file",
            str(told),
        ]
        return subprocess.Popen(
            [*command, *options],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
            cwd=folder,
        )

    scheduler = begin("dask_scheduler", "--host", "127.0.0.1", "--port", "0")
    keeper = begin("dask_worker", "--nworkers", "3", "--nthreads", "1", "--host", "127.0.0.1")
    try:
        while not told.exists():
            time.sleep(0.1)
        yield Cluster(folder, scheduler, keeper, json.loads(told.read_bytes())["address"])
    finally:
        for process in (keeper, scheduler):
            process.terminate()
            process.wait()


def _begin(corpus: Path, parts: Path, address: str) -> "subprocess.Popen[bytes]":
    return _start("tag", corpus, parts, "--engine", "dask", "--scheduler", address)


def _await_shards(parts: Path, count: int, child: "subprocess.Popen[bytes]") -> None:
    limit = time.monotonic() + _LONGEST_S
    while len(list((parts / "_manifest").glob("*.json"))) < count:
        if child.poll() is not None or time.monotonic() > limit:
            raise MeasureError("torture", child.returncode or 1, "the run ended too early to be stopped")
        time.sleep(0.05)


def kill_workers(here: Run, corpus: Path, parts: Path) -> int:
    """Kill a worker three times."""
    with cluster(here) as running:
        child = _begin(corpus, parts, running.address)
        for count in (1, 6, 12):
            _await_shards(parts, count, child)
            os.kill(running.workers()[0], signal.SIGKILL)
        _wait(child)
    return 1


def stop_worker(here: Run, corpus: Path, parts: Path) -> int:
    """Stop a worker for 30 seconds, and let it go on."""
    with cluster(here) as running:
        child = _begin(corpus, parts, running.address)
        _await_shards(parts, 2, child)
        pid = running.workers()[0]
        os.kill(pid, signal.SIGSTOP)
        alarm = threading.Timer(30, os.kill, (pid, signal.SIGCONT))
        alarm.start()
        try:
            _wait(child)
        finally:
            alarm.join()
    return 1


def kill_drivers(here: Run, corpus: Path, parts: Path) -> int:
    """Kill the driver and the scheduler at once, twice; then run to the end."""
    for count in (3, 10):
        with cluster(here) as running:
            child = _begin(corpus, parts, running.address)
            _await_shards(parts, count, child)
            running.scheduler.kill()
            child.kill()
            child.communicate()
    with cluster(here) as running:
        _wait(_begin(corpus, parts, running.address))
    return 3


def kill_scheduler(here: Run, corpus: Path, parts: Path) -> int:
    """Kill the scheduler alone: the run has to end with a message, and the next one to go on."""
    with cluster(here) as running:
        child = _begin(corpus, parts, running.address)
        _await_shards(parts, 3, child)
        running.scheduler.kill()
        _, said = child.communicate(timeout=_LONGEST_S)
        if child.returncode != 1 or b"run again" not in said:
            raise MeasureError("a run without its scheduler", child.returncode, _last(said))
    with cluster(here) as running:
        _wait(_begin(corpus, parts, running.address))
    return 2


def damage_parts(here: Run, corpus: Path, parts: Path) -> int:
    """Cut a finished part, and leave a stray file."""
    with cluster(here) as running:
        _wait(_begin(corpus, parts, running.address))
        part = sorted((parts / "mentions").glob("part-*"))[0]
        shutil.copyfile(part, part.with_name(f".{part.name}.1.1.tmp"))
        part.write_bytes(part.read_bytes()[:-64])
        _wait(_begin(corpus, parts, running.address))
    return 2


TORMENTS: Final[dict[str, Callable[[Run, Path, Path], int]]] = {
    "kill -9 of a worker, three times": kill_workers,
    "SIGSTOP of a worker for 30 s": stop_worker,
    "kill -9 of driver and scheduler, twice": kill_drivers,
    "kill -9 of the scheduler": kill_scheduler,
    "a part cut short, a stray file": damage_parts,
}


# Tables


def show(record: Figures) -> str:
    """All tables of a run, each under its heading."""
    parts = [describe_run(record)]
    for name, (title, table) in _TABLES.items():
        if (figures := record["results"].get(name)) is None:
            continue
        reason = figures.get("not_measured")
        parts.append(f"#### {title}\n\n{f'not measured: {reason}' if reason else table(figures)}")
    return "\n\n".join(parts) + "\n"


def _speed(figures: Figures) -> str:
    rows = [
        (
            f"`geomap {command} --parts`, {name}",
            cell(f["seconds"], 1),
            cell(f["per_s"]),
            cell(f["of_ceiling"], 2),
        )
        for command in ("tag", "draft")
        for name, f in figures[command].items()
    ]
    head = (f"{figures['documents']:,} documents, start included", "seconds", "a second", "of the ceiling")
    return table_of(head, rows)


def _memory(figures: Figures) -> str:
    rows = [
        (
            cell(f["documents"]),
            cell(f["seconds"]),
            cell(f["per_s"]),
            cell(f["driver_mib"]),
            cell(f["worker_mib"]),
        )
        for f in figures["points"]
    ]
    return table_of(("short documents", "seconds", "a second", "driver, MiB", "a worker, MiB"), rows)


def _million(figures: Figures) -> str:
    rows = [
        (f"{number}", cell(f["driver_mib"]), cell(f["worker_mib"]))
        for number, f in enumerate(figures["tenths"], 1)
    ]
    told = (
        f"`geomap tag --parts` over {figures['documents']:,} short documents with two processes:"
        f" {figures['seconds']:,.0f} seconds, {figures['per_s']:,.0f} a second."
    )
    return f"{told}\n\n" + table_of(
        ("tenth of the time", "driver, MiB at most", "a worker, MiB at most"), rows
    )


def _news(figures: Figures) -> str:
    rows = [
        (
            f"`geomap {command} --parts`",
            cell(f["seconds"]),
            cell(f["per_s"]),
            cell(f["seconds_after"], 1),
            ", ".join(f"{count:,} {table}" for table, count in f["rows"].items()),
            cell(f["quarantined"]),
        )
        for command in ("tag", "draft")
        if (f := figures[command])
    ]
    head = (
        f"{figures['documents']:,} articles, {figures['workers']} processes",
        "seconds",
        "a second",
        "after the last article",
        "rows",
        "left out",
    )
    told = (
        f"Made of {figures['given']:,} articles; from the second time on with other toponyms."
        f" The bar on a terminal told {figures['tag']['bar_shown']:,} and {figures['draft']['bar_shown']:,} times how"
        " many were done, never more than were written, and all of them in the end."
    )
    return f"{told}\n\n" + table_of(head, rows)


def _torture(figures: Figures) -> str:
    rows = [
        (name, cell(f["runs"]), cell(f["seconds"]), "yes" if f["same"] else "no")
        for name, f in figures["cases"].items()
    ]
    head = (
        f"{figures['documents']:,} documents, a scheduler and three workers",
        "runs",
        "seconds",
        "same bytes",
    )
    return table_of(head, rows)


PARTS: Final[Mapping[str, Callable[[Run], Figures]]] = {
    "speed": measure_speed,
    "memory": measure_memory,
    "million": measure_million,
    "news": measure_news,
    "torture": measure_torture,
}
_TABLES: Final[Mapping[str, tuple[str, Callable[[Any], str]]]] = {
    "speed": ("Speed", _speed),
    "memory": ("Memory", _memory),
    "million": ("Memory over one run", _million),
    "news": ("From end to end", _news),
    "torture": ("What was stopped", _torture),
}

if __name__ == "__main__":
    sys.exit(main())
