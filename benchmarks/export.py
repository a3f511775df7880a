"""Measure the exports: python benchmarks/export.py [--quick] [--docs] [--only A,B] [--plot].

Makes projects of made-up events, exports each in each format, and writes the same rows and 15 of the columns with
geopandas and GDAL. Each write is one of a process of its own, in turn with its peer. Prints Markdown tables and writes
the same figures as JSON.
"""

import importlib.metadata
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

from processes import run
from runs import (
    HERE,
    Figures,
    carried_only,
    describe_machine,
    growth,
    load,
    measure,
    now,
    options_of,
    publish,
    read_options,
    tell,
)
from tables import cell, describe_run, table_of

# Nothing larger may be imported here: see `processes.run`.

FORMATS: Final = ("geojson", "gpkg", "fgb", "parquet", "kml", "csv", "lpf", "shp")
COLUMNS: Final = (
    "event_id", "feature_id", "title", "type", "status", "t_start", "t_end", "when", "place_name", "place_id",
    "precision", "radius_m", "sources", "n_origins", "summary",
)  # fmt: skip
PEERS: Final[Mapping[str, tuple[str, Mapping[str, Any]]]] = {
    "geojson": ("`to_file`, RFC7946", {"driver": "GeoJSON", "RFC7946": "YES"}),
    "gpkg": ("`to_file`, Arrow", {"driver": "GPKG", "use_arrow": True}),
    "fgb": ("`to_file`, Arrow", {"driver": "FlatGeobuf", "use_arrow": True}),
    "kml": ("`to_file`, LIBKML", {"driver": "LIBKML"}),
    "parquet": ("`to_parquet`", {}),
}
MEASURES: Final = ("s", "peak_mib", "mib")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Numbers of events, ascending, and how often each format is written; the last number is that of the tables."""

    sizes: Sequence[int]
    repeat: int


FULL: Final = Plan(sizes=(1_000, 10_000, 100_000), repeat=3)
QUICK: Final = Plan(sizes=(100, 300), repeat=1)


@dataclass(slots=True)
class Run:
    """One run: where its files lie, and what it found."""

    plan: Plan
    folder: Path
    results: dict[str, Figures] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        """Variables under which geomap sees nothing but what it carries."""
        return carried_only(self.folder)

    def step(self, name: str, /, **options: Any) -> Figures:
        """Run a step of this file in a process of its own."""
        command = [
            sys.executable,
            str(HERE / "export.py"),
            "--step",
            name,
            str(self.folder),
            json.dumps(options),
        ]
        ended = run(command, environment=self.environment)
        result: Figures = json.loads(ended.out)
        return result | {"peak_mib": round(ended.peak_rss_mib, 1)}


def main() -> int:
    """Measure, print, write; 1 where something failed."""
    if sys.argv[1:2] == ["--step"]:
        return run_step(*sys.argv[2:5])
    chosen, wanted = read_options(options_of("export", str(__doc__), FORMATS, gold=False), FORMATS)
    plan = QUICK if chosen.quick else FULL
    record = describe_machine("export") | {"quick": chosen.quick, "plan": asdict(plan)}
    with tempfile.TemporaryDirectory(prefix="geomap-benchmark-") as folder:
        here = Run(plan=plan, folder=Path(folder))
        for size in plan.sizes:
            here.step("make", size=size)
        for name in wanted:
            measure(name, partial(measure_format, here, name), here.results, here.failed)
    for package in ("geopandas", "pyogrio", "pyarrow"):
        record["versions"][package] = importlib.metadata.version(package)
    record |= {"date_end": now(), "load_end": load(), "results": here.results}
    publish(chosen, "export", record, show(record))
    return 1 if here.failed else 0


def measure_format(here: Run, name: str) -> Figures:
    """Seconds, memory and bytes of one format at each size, ours and, at the greatest, the peer's; medians."""
    points: list[Figures] = []
    for size in here.plan.sizes:
        beside = name in PEERS and size == here.plan.sizes[-1]
        own, other = [], []
        for _ in range(here.plan.repeat):
            own.append(here.step("ours", size=size, name=name))
            if beside:
                other.append(here.step("peer", size=size, name=name))
        points.append({"events": size, "ours": medians(own), **({"peer": medians(other)} if other else {})})
        tell(f"{name}, {size:,}: {points[-1]}")
    return {
        "points": points,
        "growth": {
            measure: growth([(point["events"], point["ours"][measure]) for point in points])
            for measure in ("s", "peak_mib")
        },
    }


def medians(found: Sequence[Figures]) -> Figures:
    """The median of each measure of some runs."""
    return {name: round(statistics.median(each[name] for each in found), 3) for name in MEASURES}


# Steps; each is a process of its own


def make(folder: Path, *, size: int) -> Figures:
    """A project of so many events, and the frame of its rows that the peers write."""
    import synthetic

    from geomap import pipeline

    synthetic.write_project(folder / str(size), size)
    table = pipeline.load(folder / str(size)).table
    frame = table.to_geopandas().reset_index()
    frame["sources"] = [json.dumps(list(values)) for values in frame["sources"]]
    frame = frame.loc[frame.geometry.notna(), [*COLUMNS, "geometry"]]
    frame.to_parquet(folder / f"{size}.parquet")
    return {"rows": len(table)}


def ours(folder: Path, *, size: int, name: str) -> Figures:
    """Export a project that has been read."""
    from geomap import pipeline
    from geomap.export import EXPORTERS

    project = pipeline.load(folder / str(size))
    info = pipeline.export_info(project)
    return _written(folder, lambda path: EXPORTERS[name](project.table, info, path))


def peer(folder: Path, *, size: int, name: str) -> Figures:
    """Write the frame of the same rows as geopandas does."""
    import geopandas

    frame = geopandas.read_parquet(folder / f"{size}.parquet")

    def write(path: Path) -> None:
        if name == "parquet":
            frame.to_parquet(path / "peer", compression="zstd", write_covering_bbox=True)
        else:
            frame.to_file(path / "peer", **PEERS[name][1])

    return _written(folder, write)


def _written(folder: Path, write: Callable[[Path], object]) -> Figures:
    with tempfile.TemporaryDirectory(dir=folder) as kept:
        began = time.perf_counter()
        write(Path(kept))
        seconds = time.perf_counter() - began
        size = sum(path.stat().st_size for path in Path(kept).rglob("*") if path.is_file())
    return {"s": seconds, "mib": size / (1 << 20)}


STEPS: Final[dict[str, Callable[..., Figures]]] = {
    function.__name__: function for function in (make, ours, peer)
}


def run_step(name: str, folder: str, options: str) -> int:
    """Run one step and print what it found."""
    print(json.dumps(STEPS[name](Path(folder), **json.loads(options))))
    return 0


# Tables


def show(record: Figures) -> str:
    """The figures of a run as Markdown."""
    found = {name: f for name, f in record["results"].items() if "points" in f}
    times = record["plan"]["repeat"]
    parts = [f"{describe_run(record)}\nEach {times} times, in turns; medians."]
    if found:
        greatest = record["plan"]["sizes"][-1]
        parts.append(f"### Exports of {greatest:,} events\n\n{_beside(found)}")
        parts.append(f"### Growth of the exports\n\n{_growth(found)}")
    parts += [f"{name}: {f['not_measured']}" for name, f in record["results"].items() if "not_measured" in f]
    return "\n\n".join(parts) + "\n"


def _beside(found: Mapping[str, Figures]) -> str:
    rows = []
    for name, figures in found.items():
        own, other = figures["points"][-1]["ours"], figures["points"][-1].get("peer")
        row = [f"`{name}`", cell(own["s"], 2), cell(own["peak_mib"]), cell(own["mib"], 1)]
        if other:
            row += [PEERS[name][0], cell(other["s"], 2), cell(other["peak_mib"]), cell(other["mib"], 1)]
            row.append(f"{own['s'] / other['s']:.2f}")
        rows.append([*row, *[""] * (9 - len(row))])
    head = (
        "format", "s", "MiB at most", "MiB written", "peer", "its s", "its MiB at most", "its MiB written",
        "s, ours by its",
    )  # fmt: skip
    return table_of(head, rows)


def _growth(found: Mapping[str, Figures]) -> str:
    sizes = [point["events"] for point in next(iter(found.values()))["points"]]
    rows = []
    for name, figures in found.items():
        shown = [cell(point["ours"]["s"], 2) for point in figures["points"]]
        rows.append(
            (f"`{name}`", *shown, *(_power(figures["growth"][measure]) for measure in ("s", "peak_mib")))
        )
    return table_of(
        ("seconds by events", *(f"{size:,}" for size in sizes), "s grow with the power of", "MiB at most"),
        rows,
    )


def _power(fit: Figures | None) -> str:
    return (
        f"{fit['exponent']:.2f} over {', '.join(f'{size:,}' for size in fit['over'])}" if fit else "too flat"
    )


if __name__ == "__main__":
    sys.exit(main())
