"""Measure the page: python benchmarks/page.py [--events N] [--runs K] [--json FILE] [--peer [--peer-assets DIR]].

Makes a project of so many events, builds it, and opens the page in headless Chromium, offline, in a new browser each
run. Prints Markdown tables. What is asked of the page goes through its door, `window.geomap`.
"""

import argparse
import json
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import synthetic
from processes import GEOMAP, MeasureError, run
from runs import Figures, NotMeasuredError, describe_machine, load, now, tell
from tables import describe_run, table_of

# Nothing larger may be imported here: see `processes.run`.
if TYPE_CHECKING:
    from playwright.sync_api import Page

WINDOW_DAYS: Final = 30
TIME_STEPS: Final = 60
PROOFS: Final = 10
QUIET_MS: Final = 500
PATIENCE_S: Final = 300
PEER_EVENTS: Final = 10_000
SIZE: Final = (1280, 800)
FILTERS: Final[Sequence[tuple[str, Any]]] = (
    ("type", ["exercise"]),
    ("type", ["strike", "migration", "statement"]),
    ("status", ["corroborated"]),
    ("status", ["disputed", "denied"]),
    ("actor", ["actor-07"]),
    ("actor", ["actor-03", "actor-12", "actor-31"]),
    ("source", ["source-100", "source-101", "source-102"]),
    ("precision", ["region"]),
    ("text", "bridge"),
    ("max_km", 50),
)
"""Each is put on and taken off again."""

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")
_FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--enable-precise-memory-info",
    "--js-flags=--expose-gc",
)
_WATCH: Final = """(() => {
  const seen = { held: null, last: 0, long: 0 };
  window.measured = seen;
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) {
      seen.last = Math.max(seen.last, task.startTime + task.duration);
      seen.long += task.duration;
    }
  }).observe({ type: "longtask", buffered: true });
  const isInked = (canvas) => {
    if (!canvas.width || !canvas.height) return false;
    const small = new OffscreenCanvas(64, 64).getContext("2d", { willReadFrequently: true });
    small.drawImage(canvas, 0, 0, 64, 64);
    return small.getImageData(0, 0, 64, 64).data.some((value, i) => i % 4 === 3 && value > 0);
  };
  const inked = () => [...document.querySelectorAll("canvas")].some(isInked);
  const holds = () => { try { return HOLDS; } catch { return false; } };
  const look = () => {
    if (holds()) seen.held = performance.now();
    else setTimeout(look, 10);
  };
  look();
})();"""
"""Notes long tasks, and the moment from which HOLDS is true."""
_OURS_HOLDS: Final = (
    "geomap.counts().total === TOTAL && geomap.counts().shown === TOTAL"
    " && geomap.drawn(LOCATED).length > 0 && inked()"
)
_PEER_HOLDS: Final = "inked() || document.querySelector('.leaflet-marker-icon, path') !== null"
_UPDATES: Final = """async (changes) => {
  const steps = [];
  for (const change of changes) {
    performance.clearMeasures("geomap:update");
    const began = performance.now();
    await geomap.set(change);
    const shown = performance.now() - began;
    const update = performance.getEntriesByName("geomap:update").reduce((sum, entry) => sum + entry.duration, 0);
    steps.push({ update_ms: update, shown_ms: shown, shown: geomap.counts().shown });
  }
  return steps;
}"""
_PROOFS: Final = """async (asked) => {
  const steps = [];
  for (const { id, words } of asked) {
    await geomap.set({ event: null });
    if (document.body.innerText.includes(words)) throw new Error(`${words} stands there before ${id} is open`);
    performance.clearMeasures("geomap:update");
    const began = performance.now();
    geomap.set({ event: id });
    while (!document.body.innerText.includes(words)) {
      if (performance.now() - began > 10000) throw new Error(`${words} is never seen`);
      await new Promise(requestAnimationFrame);
    }
    const shown = performance.now() - began;
    const update = performance.getEntriesByName("geomap:update").reduce((sum, entry) => sum + entry.duration, 0);
    steps.push({ update_ms: update, shown_ms: shown });
  }
  await geomap.set({ event: null });
  return steps;
}"""


def main() -> int:
    """Measure, print, write; 1 where something failed that is there."""
    asked = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    asked.add_argument("--events", type=int, default=100_000, help="how many events the project has")
    asked.add_argument("--runs", type=int, default=5, help="how often the page is opened")
    asked.add_argument("--json", type=Path, metavar="FILE", help="writes the figures to a file")
    asked.add_argument(
        "--peer", action="store_true", help=f"folium beside, with {PEER_EVENTS:,} of the events"
    )
    asked.add_argument(
        "--peer-assets", type=Path, metavar="DIR", help="the scripts that folium's pages ask for"
    )
    chosen = asked.parse_args()
    if chosen.events < 100 or chosen.runs < 1:
        asked.error("at least 100 events and 1 run")
    record = describe_machine("page") | {"quick": chosen.events < 10_000 or chosen.runs < 3, "results": {}}
    failed = 0
    with tempfile.TemporaryDirectory(prefix="geomap-benchmark-") as folder:
        try:
            record["results"]["page"] = measure_page(Path(folder), chosen.events, chosen.runs)
        except MeasureError as error:
            record["results"]["page"] = {"not_measured": f"failed: {error}"}
            failed = 1
        if chosen.peer:
            record["results"]["peers"] = measure_peers(Path(folder), chosen.runs, chosen.peer_assets)
    record |= {"date_end": now(), "load_end": load()}
    if chosen.json:
        chosen.json.write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        tell(f"wrote {chosen.json}")
    print(show(record))
    return failed


def measure_page(folder: Path, count: int, runs: int) -> Figures:
    """Build a project of so many events and open its page so often.

    Raises
    ------
    MeasureError
        If it cannot be built, or its page never shows all events, or does not do what the door says.
    """
    project = synthetic.write_project(folder / "project", count)
    with (folder / "project" / "events.jsonl").open(encoding="utf-8") as lines:
        events = [json.loads(line) for line in lines]
    environment = {"GEOMAP_GAZETTEER": str(folder / "none.sqlite"), "XDG_DATA_HOME": str(folder / "data")}
    html_only = project.read_text(encoding="utf-8") + "outputs: [html]\n"
    project.write_text(html_only, encoding="utf-8")
    built = run((*GEOMAP, "build", str(project), "--out", str(folder / "out")), environment=environment)
    page = folder / "out" / "index.html"
    tell(f"built {count:,} events in {built.seconds:.1f} s")
    opened = []
    for number in range(runs):
        opened.append(_measure_run(page, events))
        tell(f"run {number + 1}: ready after {opened[-1]['ready_ms'] / 1000:.2f} s")
    return {
        "events": count,
        "build_s": round(built.seconds, 1),
        "build_peak_rss_mib": round(built.peak_rss_mib, 1),
        "html_bytes": page.stat().st_size,
        "chromium": opened[0]["chromium"],
        "runs": opened,
        "ready_ms": spread([one["ready_ms"] for one in opened]),
        "held_ms": spread([one["held_ms"] for one in opened]),
        "long_tasks_ms": spread([one["long_tasks_ms"] for one in opened]),
        "heap_mib": spread([one["heap_mib"] for one in opened]),
        "requests": max(one["requests"] for one in opened),
        **{
            kind: {
                name: spread([step[name] for one in opened for step in one[kind]])
                for name in ("update_ms", "shown_ms")
            }
            for kind in ("time", "filters", "proof")
        },
    }


def _measure_run(page_file: Path, events: Sequence[Figures]) -> Figures:
    located = [event for event in events if isinstance(event.get("where"), dict) and "lon" in event["where"]]
    holds = _OURS_HOLDS.replace("TOTAL", str(len(events))).replace("LOCATED", json.dumps(located[0]["id"]))
    with open_page(page_file, holds) as (page, figures):
        try:
            figures["time"] = page.evaluate(_UPDATES, time_steps())
            page.evaluate("geomap.set({ time: null })")
            figures["filters"] = page.evaluate(_UPDATES, filter_steps())
            for (key, values), step in zip(FILTERS, figures["filters"][::2], strict=True):
                if not 0 < step["shown"] < len(events):
                    said = f"{step['shown']:,} of {len(events):,} events shown"
                    raise MeasureError("page", 1, f"filter {key} {values}: {said}")
            chosen = random.Random(synthetic.SEED).sample(located, min(PROOFS, len(located)))
            figures["proof"] = page.evaluate(_PROOFS, [_proof(event) for event in chosen])
        except _playwright_error() as error:
            raise MeasureError("page", 1, str(error).splitlines()[0]) from error
    return figures


def _proof(event: Figures) -> Figures:
    """What is opened, and words that only its panel says: the title of its source."""
    return {"id": event["id"], "words": f"Dispatch {int(event['sources'][0].removeprefix('source-'))}"}


def time_steps() -> list[Figures]:
    """Windows of 30 days over the whole time."""
    last = synthetic.DAYS - WINDOW_DAYS
    starts = [synthetic.FIRST_DAY + timedelta(days=n * last // (TIME_STEPS - 1)) for n in range(TIME_STEPS)]
    return [{"time": [str(day), str(day + timedelta(days=WINDOW_DAYS - 1))]} for day in starts]


def filter_steps() -> list[Figures]:
    """Each filter on and off again."""
    return [{"filters": {key: value}} for key, wanted in FILTERS for value in (wanted, None)]


def measure_peers(folder: Path, runs: int, assets: Path | None) -> Figures:
    """Open pages of folium with the same points; what they ask of a network is answered from a folder."""
    import folium
    from folium.plugins import FastMarkerCluster

    synthetic.write_project(folder / "peer", PEER_EVENTS)
    with (folder / "peer" / "events.jsonl").open(encoding="utf-8") as lines:
        events = [json.loads(line) for line in lines]
    points = [(event, event["where"]) for event in events if "lon" in (event.get("where") or "")]
    collection = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [where["lon"], where["lat"]]},
                "properties": {key: event.get(key, "") for key in ("title", "type", "when")},
            }
            for event, where in points
        ],
    }
    layers = {
        "folium GeoJson": lambda: folium.GeoJson(
            collection,
            marker=folium.CircleMarker(radius=4),
            popup=folium.GeoJsonPopup(fields=["title", "type", "when"]),
        ),
        "folium FastMarkerCluster": lambda: FastMarkerCluster(
            [[where["lat"], where["lon"]] for _, where in points]
        ),
    }
    figures: Figures = {}
    for name, make in layers.items():
        drawn = folium.Map(location=(54, 30), zoom_start=5, prefer_canvas=True, tiles=None)
        make().add_to(drawn)
        file = folder / f"{name.replace(' ', '-')}.html"
        drawn.save(str(file))
        try:
            opened = []
            for _ in range(runs):
                with open_page(file, _PEER_HOLDS, assets=assets or folder / "none") as (_, one):
                    opened.append(one)
            figures[name] = {
                "points": len(points),
                "html_bytes": file.stat().st_size,
                "requests": opened[0]["requests"],
                "ready_ms": spread([one["ready_ms"] for one in opened]),
                "heap_mib": spread([one["heap_mib"] for one in opened]),
            }
        except NotMeasuredError as reason:
            figures[name] = {"not_measured": str(reason)}
        except MeasureError as error:
            figures[name] = {"not_measured": f"failed: {error}"}
    return figures


# The browser


@contextmanager
def open_page(file: Path, holds: str, *, assets: Path | None = None) -> "Iterator[tuple[Page, Figures]]":
    """Open a page in a new browser, offline, and wait until it is ready.

    Parameters
    ----------
    holds
        A condition in JavaScript; ready is the moment from which it holds, or the end of the last task over 50 ms that
        follows within 500 ms of it and of one another, whichever is later.
    assets
        Where files are that the page asks of a network, by their names.

    Raises
    ------
    NotMeasuredError
        If it asks for a script that is not there.
    MeasureError
        If it is never ready.
    """
    from playwright.sync_api import Error, Route, sync_playwright

    asked: list[str] = []
    missing: list[str] = []
    faults: list[str] = []

    def answer(route: Route) -> None:
        url = route.request.url
        if url == file.as_uri() or url.startswith(("data:", "blob:")):
            route.continue_()
            return
        asked.append(url)
        held = (assets / url.partition("?")[0].rpartition("/")[2]) if assets else None
        if held is not None and held.is_file():
            route.fulfill(path=held)
            return
        if route.request.resource_type == "script":
            missing.append(url)
        route.abort()

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(playwright.chromium.executable_path), args=_FLAGS
        )
        try:
            width, height = SIZE
            context = browser.new_context(viewport={"width": width, "height": height}, offline=assets is None)
            context.add_init_script(_WATCH.replace("HOLDS", holds))
            context.route("**/*", answer)
            page = context.new_page()
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.goto(file.as_uri(), wait_until="commit", timeout=PATIENCE_S * 1000)
            deadline = time.monotonic() + PATIENCE_S
            while True:
                time.sleep(0.2)
                seen = page.evaluate("({ ...window.measured, now: performance.now() })")
                if missing:
                    names = ", ".join(sorted({url.rpartition("/")[2] for url in missing}))
                    raise NotMeasuredError(f"not at hand: {names}")
                if seen["held"] is not None and seen["now"] - max(seen["held"], seen["last"]) >= QUIET_MS:
                    break
                if time.monotonic() > deadline:
                    said = f"; {faults[0]}" if faults else ""
                    raise MeasureError("page", 1, f"not ready after {PATIENCE_S} s{said}")
            heap = page.evaluate("(window.gc?.(), performance.memory.usedJSHeapSize)")
            yield (
                page,
                {
                    "chromium": browser.version,
                    "ready_ms": max(seen["held"], seen["last"]),
                    "held_ms": seen["held"],
                    "long_tasks_ms": seen["long"],
                    "heap_mib": heap / (1 << 20),
                    "requests": len(asked),
                },
            )
        except Error as error:
            raise MeasureError("page", 1, str(error).splitlines()[0]) from error
        finally:
            browser.close()


def find_chromium(own: str) -> str:
    """The browser to use: GEOMAP_CHROMIUM, one on PATH, or playwright's own.

    Raises
    ------
    MeasureError
        If there is none.
    """
    named = os.environ.get("GEOMAP_CHROMIUM")
    found = (shutil.which(name) for name in ([named] if named else _NAMES))
    path = next((path for path in found if path), None) or (None if named else own)
    if path is None or not Path(path).exists():
        raise MeasureError("chromium", 1, "not there: install it, or set GEOMAP_CHROMIUM to its path")
    return path


def _playwright_error() -> type[Exception]:
    from playwright.sync_api import Error

    return Error


# Figures


def spread(values: Sequence[float]) -> Figures:
    """Median, 95th percentile (nearest rank), least and most of some values."""
    ordered = sorted(values)
    rank = -(-95 * len(ordered) // 100)
    return {
        "n": len(ordered),
        "median": round(statistics.median(ordered), 2),
        "p95": round(ordered[rank - 1], 2),
        "least": round(ordered[0], 2),
        "most": round(ordered[-1], 2),
    }


def show(record: Figures) -> str:
    """The figures of a run as Markdown."""
    results = record["results"]
    page = results["page"]
    parts = [describe_run(record)]
    if reason := page.get("not_measured"):
        parts.append(f"### The page\n\nnot measured: {reason}")
    else:
        parts.append(f"### The page with {page['events']:,} events\n\n{_page_table(page)}")
        parts.append(f"### Changes\n\n{_changes_table(page)}")
    if "peers" in results:
        parts.append(f"### Peers, {PEER_EVENTS:,} events\n\n{_peers_table(results['peers'])}")
    return "\n\n".join(parts) + "\n"


def _page_table(page: Figures) -> str:
    rows = [
        ("`geomap build`, HTML alone, s", f"{page['build_s']:.1f}", "", ""),
        ("its most memory, MiB", f"{page['build_peak_rss_mib']:,.0f}", "", ""),
        ("HTML, bytes", f"{page['html_bytes']:,}", "", ""),
        ("requests", f"{page['requests']}", "", ""),
        *(
            (label, *(f"{page[key][name] / unit:,.2f}" for name in ("median", "least", "most")))
            for label, key, unit in (
                ("all counted and drawn, s", "held_ms", 1000),
                ("ready, s", "ready_ms", 1000),
                ("in tasks over 50 ms, s", "long_tasks_ms", 1000),
                ("JavaScript heap, MiB", "heap_mib", 1),
            )
        ),
    ]
    head = (f"Chromium {page['chromium']}, {len(page['runs'])} runs", "median", "least", "most")
    return table_of(head, rows)


def _changes_table(page: Figures) -> str:
    labels = {
        "time": f"windows of {WINDOW_DAYS} days",
        "filters": "filters on and off",
        "proof": "an event to its proof panel",
    }
    rows = [
        (
            label,
            f"{page[kind]['update_ms']['n']}",
            *(
                f"{page[kind][name][figure]:,.1f}"
                for name in ("update_ms", "shown_ms")
                for figure in ("median", "p95")
            ),
        )
        for kind, label in labels.items()
    ]
    head = ("ms", "changes", "update, median", "update, 95 %", "to the screen, median", "to the screen, 95 %")
    return table_of(head, rows)


def _peers_table(peers: Figures) -> str:
    rows = [
        (name, f"not measured: {figures['not_measured']}", "", "", "")
        if "not_measured" in figures
        else (
            name,
            f"{figures['html_bytes']:,}",
            f"{figures['requests']}",
            f"{figures['ready_ms']['median'] / 1000:.2f}",
            f"{figures['heap_mib']['median']:.1f}",
        )
        for name, figures in peers.items()
    ]
    return table_of(("page", "HTML, bytes", "requests", "ready, s", "heap, MiB"), rows)


if __name__ == "__main__":
    sys.exit(main())
