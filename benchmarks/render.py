"""Measure one HTML map of an event table, beside others: python benchmarks/render.py [--sizes N,N] [--repeat K].

Makes the same made-up events into a page with geomap and with other libraries, each in a process of its own, and opens
each page in headless Chromium. Prints Markdown tables and writes the same figures as JSON. They take turns, so that
whatever else the machine does meets all of them.
"""

import json
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from page import spread
from processes import GEOMAP, MeasureError, TooSlowError, run
from render_fetch import cdn_copies, peer_python
from render_tables import GROWING, MAKERS, OURS, show
from runs import (
    HERE,
    Figures,
    NotMeasuredError,
    carried_only,
    describe_machine,
    growth,
    import_times,
    load,
    now,
    options_of,
    publish,
    read_options,
    tell,
    write_record,
)

# Nothing larger may be imported here: see `processes.run`.

SIZES: Final = (1_000, 10_000, 100_000, 1_000_000)
QUICK_SIZES: Final = (200, 1_000)
REPEAT: Final = 5
LIMIT_S: Final = 60.0
"""How long a peer may take to build a page, and any page to be interactive, and for each thing that is done on it."""
OURS_S: Final = 3_000.0
"""What geomap may take to build: it is measured at all sizes, so that its growth is seen."""
MEASURES: Final = ("scrub", "pan", "zoom", "filter")

_IMPORT: Final = """import importlib, json, sys
for name in json.loads(sys.argv[1]):
    try:
        importlib.import_module(name)
    except ImportError:
        pass
"""


@dataclass(slots=True)
class Cell:
    """What was found of one maker at one size: a list of values of each measure, and what was not done.

    `reasons` are, by the measure that was cut, why; `said` is why the maker is not measured at all.
    """

    values: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    steps: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    reasons: dict[str, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    said: str | None = None

    def figures(self) -> Figures:
        """The cell as it stands in the record."""
        if self.said is not None and not self.values:
            return {"not_measured": self.said}
        shown: Figures = {name: spread(values) for name, values in (self.values | self.steps).items()}
        if scrubbed := self.steps.get("scrub_ms"):
            shown["fps"] = round(1000 * len(scrubbed) / sum(scrubbed), 1)
        return shown | {
            "reasons": self.reasons,
            "requests_refused": self.refused,
            "faults": self.faults,
            **({"said": self.said} if self.said else {}),
        }


@dataclass(slots=True)
class Run:
    """One run: where its files lie, what the peers have, and what was found."""

    folder: Path
    repeat: int
    python: Path | None = None
    copies: Mapping[str, str] = field(default_factory=dict)
    lacking: str | None = None
    chromium: str | None = None
    starts: Figures = field(default_factory=dict)
    cells: dict[int, dict[str, Cell]] = field(default_factory=dict)
    given_up: dict[str, str] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        """Variables under which geomap sees nothing but what it carries."""
        return carried_only(self.folder)


def main() -> int:
    """Measure, print, write; 1 where something of geomap's failed."""
    asked = options_of("render", str(__doc__), MAKERS, gold=False)
    asked.add_argument("--sizes", default="", metavar="N,N", help="numbers of events, ascending")
    asked.add_argument("--repeat", type=int, default=0, help=f"how often each is done; default {REPEAT}")
    chosen, wanted = read_options(asked, tuple(MAKERS))
    try:
        sizes = [int(size) for size in chosen.sizes.split(",") if size]
    except ValueError:
        asked.error("--sizes: whole numbers with commas between them")
    sizes = sizes or list(QUICK_SIZES if chosen.quick else SIZES)
    repeat = chosen.repeat or (1 if chosen.quick else REPEAT)
    if sizes != sorted(set(sizes)) or sizes[0] < 1 or repeat < 1:
        asked.error("sizes ascend from 1 on, and something is done once at least")
    record = describe_machine("render") | {
        "quick": chosen.quick or repeat < 3,
        "plan": {"sizes": sizes, "repeat": repeat, "limit_s": LIMIT_S, "measures": MEASURES},
    }
    with tempfile.TemporaryDirectory(prefix="geomap-benchmark-") as folder:
        here = Run(Path(folder), repeat)
        if wanted != [OURS]:
            fetch(here, HERE / "out" / "peers", record["versions"])
        tell("making events")
        run((sys.executable, str(HERE / "render_input.py"), folder, *map(str, sizes)))
        for maker in wanted:
            measure_start(here, maker, sizes[0])
        for size in sizes:
            for turn in range(repeat):
                for maker in wanted:
                    measure_turn(here, maker, size, turn)
            shutil.rmtree(here.folder / f"project-{size}")
            (here.folder / f"table-{size}.parquet").unlink()
            # A run of hours that is broken off leaves what it has found.
            record |= {"date_end": now(), "load_end": load(), "results": results_of(here)}
            record["versions"] |= {"Chromium": here.chromium} if here.chromium else {}
            write_record(chosen.out, "render", record)
    publish(chosen, "render", record, show(record))
    return 1 if here.failed else 0


def results_of(here: Run) -> Figures:
    """What was found, as it stands in the record."""
    cells = {
        str(size): {maker: cell.figures() for maker, cell in found.items()}
        for size, found in here.cells.items()
    }
    return {"cells": cells, "starts": here.starts, "growth": growth_of(cells), "failed": here.failed}


def fetch(here: Run, folder: Path, versions: dict[str, str]) -> None:
    """What the peers need; where it cannot be had they are not measured."""
    try:
        here.python = peer_python(folder)
        here.copies = {address: str(file) for address, file in cdn_copies(folder).items()}
        told = run((str(here.python), str(HERE / "render_peers.py"), "versions"))
        versions |= json.loads(told.out)
    except (NotMeasuredError, MeasureError) as reason:
        here.lacking = str(reason)
        tell(f"no peers: {reason}")


# Measuring


def measure_start(here: Run, maker: str, size: int) -> None:
    """Seconds of a process that does nothing but load what a build loads; part of each build."""
    if maker == OURS:
        project, out = str(here.folder / f"project-{size}"), str(here.folder / "start")
        build = (*GEOMAP[1:], "build", project, "--out", out)
        try:
            told = run((sys.executable, "-X", "importtime", *build), environment=here.environment)
        except MeasureError as error:
            here.failed.append(str(error))
            return
        loaded = [name for name, _ in import_times(told.err.decode(errors="replace"))]
        command: Sequence[str] = (sys.executable, "-c", _IMPORT, json.dumps(loaded))
    elif here.lacking is None:
        command = (str(here.python), str(HERE / "render_peers.py"), "imports", maker)
    else:
        return
    run(command)
    here.starts[maker] = spread([run(command).seconds for _ in range(here.repeat)])


def measure_turn(here: Run, maker: str, size: int, turn: int) -> None:
    """Build a page of one maker, and open it, once."""
    cell = here.cells.setdefault(size, {}).setdefault(maker, Cell())
    cell.said = cell.said or (None if turn else here.given_up.get(maker))
    if maker != OURS and here.lacking is not None:
        cell.said = here.lacking
    if cell.said is not None:
        return
    page = here.folder / maker / "index.html"
    try:
        build(here, maker, size, page, cell)
        if "interactive" not in cell.reasons:
            open_page(here, maker, size, page, cell)
    except TooSlowError:
        give_up(here, maker, size, cell, f"its build took more than {_limit_s(maker):g} s")
    except MeasureError as error:
        give_up(here, maker, size, cell, f"failed: {error}")
    finally:
        shutil.rmtree(page.parent, ignore_errors=True)
    tell(f"{size:,} {maker}: {_in_short(cell)}")


def give_up(here: Run, maker: str, size: int, cell: Cell, reason: str) -> None:
    """Measure no more of a peer, at this size and at greater ones; of geomap it is a failure."""
    if maker == OURS:
        here.failed.append(f"{size:,} events: {reason}")
    cell.said = reason
    here.given_up[maker] = f"not tried: with {size:,} {reason}"


def build(here: Run, maker: str, size: int, page: Path, cell: Cell) -> None:
    """Make a page in a process of its own.

    Raises
    ------
    MeasureError
        If it fails, or takes too long.
    """
    page.parent.mkdir()
    if maker == OURS:
        project = here.folder / f"project-{size}"
        command: Sequence[str] = (*GEOMAP, "build", str(project), "--out", str(page.parent))
        (project / "geomap.lock").unlink(missing_ok=True)
        ended = run(command, environment=here.environment, limit_s=_limit_s(maker))
    else:
        table = here.folder / f"table-{size}.parquet"
        command = (str(here.python), str(HERE / "render_peers.py"), "build", maker, str(table), str(page))
        ended = run(command, limit_s=_limit_s(maker))
    cell.values["build_s"].append(ended.seconds)
    cell.values["build_peak_mib"].append(ended.peak_rss_mib)
    cell.values["html_mib"].append(page.stat().st_size / (1 << 20))


def open_page(here: Run, maker: str, size: int, page: Path, cell: Cell) -> None:
    """Open a page in a browser of its own and ask it what was not cut before.

    Raises
    ------
    MeasureError
        If there is no browser, or something of geomap's page was cut or went wrong.
    """
    asked = {
        "maker": maker,
        "page": str(page),
        "copies": {} if maker == OURS else dict(here.copies),
        "ready_s": LIMIT_S,
        "act_s": LIMIT_S,
        "measures": [name for name in MEASURES if name not in cell.reasons],
    }
    told = run((sys.executable, str(HERE / "render_pages.py"), json.dumps(asked)))
    found = json.loads(told.out)
    here.chromium = found.pop("chromium")
    for name in ("interactive_ms", "mark_ms"):
        if name in found:
            cell.values[name.replace("_ms", "_s")].append(found[name] / 1000)
    for name in ("longest_task_ms", "renderer_mib", "gpu_mib", "heap_mib", "pan_ms", "zoom_ms"):
        if name in found:
            cell.values[name].append(found[name])
    for name in ("scrub_ms", "filter_ms"):
        if name in found:
            cell.steps[name] += found[name]
    cell.values["requests"].append(found["requests"])
    cell.refused, cell.faults = found["refused"], found["faults"]
    if cut := found["cut"]:
        # A browser that was ended says no more than that.
        ended = "has been closed" in found["said"]
        cell.reasons[cut] = f"not within {LIMIT_S:g} s" if ended else found["said"]
    if cut == "interactive":
        here.given_up[maker] = f"not tried: with {size:,} it was interactive {cell.reasons[cut]}"
    if maker == OURS and (cut or cell.faults or found["requests"]):
        wrong = cell.faults or [f"{cut}: {cell.reasons[cut]}" if cut else "asks something of a network"]
        raise MeasureError("page", 1, wrong[0])


def _limit_s(maker: str) -> float:
    return OURS_S if maker == OURS else LIMIT_S


def _in_short(cell: Cell) -> str:
    said = [f"{name} {values[-1]:.2f}" for name, values in cell.values.items() if name.endswith("_s")]
    said += [f"{name} {reason}" for name, reason in cell.reasons.items()]
    return ", ".join([*said, *([cell.said] if cell.said else [])])


def growth_of(cells: Mapping[str, Mapping[str, Figures]]) -> Figures:
    """How time and memory of our builds and of their pages grow with the number of events."""
    return {
        name: growth(
            [
                (int(size), found[OURS][name]["median"])
                for size, found in cells.items()
                if name in found.get(OURS, {})
            ]
        )
        for name in GROWING
    }


if __name__ == "__main__":
    sys.exit(main())
