"""What one page does in a headless Chromium: python render_pages.py '{…}'; runs in a process of its own.

Takes `Asked` as JSON, prints figures as JSON. The browser is ended when its time is up; what was measured until then
is kept, and `cut` names what was under way.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from signal import SIGKILL
from typing import Any, Final

from page import SIZE, find_chromium, time_steps
from playwright.sync_api import Browser, Error, Page, Route, sync_playwright

QUIET_MS: Final = 1_000
LONG_MS: Final = 50
PAN_STEPS: Final = 20
PAN_PX: Final = 10
ZOOM_STEPS: Final = 3
STEPS_MS: Final = 40_000

# WebGL is SwiftShader's: without these some machines have none, and a peer that needs it would draw nothing.
_FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--enable-precise-memory-info",
    "--js-flags=--expose-gc",
)
_WATCH: Final = """(() => {
  const seen = { loaded: 0, drawn: 0, last: 0, longest: 0, worst: 0, frame: performance.now() };
  window.measured = seen;
  const busy = (end, ms) => {
    if (ms <= LONG) return;
    seen.last = Math.max(seen.last, end);
    seen.longest = Math.max(seen.longest, ms);
  };
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) busy(task.startTime + task.duration, task.duration);
  }).observe({ type: "longtask", buffered: true });
  addEventListener("load", () => setTimeout(() => (seen.loaded = performance.now())));
  const isDrawn = () => { try { return DRAWN; } catch { return false; } };
  const look = (now) => {
    const gap = now - seen.frame;
    busy(now, gap);
    seen.worst = Math.max(seen.worst, gap);
    seen.frame = now;
    if (!seen.drawn && seen.loaded && isDrawn()) seen.drawn = performance.now();
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  window.afterFrame = () => new Promise((resolve) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = resolve;
    port2.postMessage(null);
  }));
})();"""
"""Notes long tasks and gaps between frames; `afterFrame` is the page's own of geomap, word for word."""
_STEPS: Final = """async ([changes, within]) => {
  const find = (name) => window[Object.keys(window).find((key) => name.test(key))];
  const ask = ASK;
  const steps = [];
  const end = performance.now() + within;
  for (const change of changes) {
    const began = performance.now();
    if (began > end) break;
    await ask(change);
    SHOWN
    steps.push(performance.now() - began);
  }
  return steps;
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How pages of one maker are asked. All but `map` are JavaScript.

    `drawn` holds once the events are there; before it, a quiet second does not count. `scrub` takes [first, last] in
    milliseconds, `filter` whether all or only the first category is shown, and `shown` is awaited after either: without
    it, asking resolves by itself after the frame that shows it. `map` is the element that is dragged. Pages that need a
    server are `served` from this machine; the others are opened as files.
    """

    map: str = ".leaflet-container"
    drawn: str = "true"
    scrub: str | None = None
    filter: str | None = None
    shown: str = "await afterFrame();"
    served: bool = False


_LEAFLET: Final = Kind()
KINDS: Final = {
    "geomap": Kind(
        drawn='performance.getEntriesByName("geomap:ready").length > 0',
        scrub=("(span) => geomap.set({ time: span.map((ms) => new Date(ms).toISOString().slice(0, 10)) })"),
        filter='(all) => geomap.set({ filters: { type: all ? null : ["exercise"] } })',
        shown="",
    ),
    # Its layer draws what lies in the 30 days before the time; the slider moves to a day of those it has.
    "folium_timestamped_geojson": Kind(
        drawn='document.querySelector(".leaflet-container canvas") !== null',
        scrub="""(() => {
          const time = find(/^map_[0-9a-f]+$/).timeDimension;
          return ([, last]) => time.setCurrentTime(last);
        })()""",
    ),
    "folium_timeline": Kind(
        scrub="""(() => {
          const timeline = find(/^timeline_[0-9a-f]+$/);
          return ([, last]) => timeline.setTime(last);
        })()""",
    ),
    "pydeck": Kind(
        map="#deck-container",
        drawn="""deckInstance.isInitialized !== false
          && (deckInstance.deck ?? deckInstance).layerManager.getLayers().length > 0
          && (deckInstance.deck ?? deckInstance).layerManager.getLayers().every((layer) => layer.isLoaded)""",
    ),
    # Opened as a file it draws no points: the scripts that MapLibre starts beside the page answer nothing there. The
    # legend of a plot is a filter: a click on an entry leaves its trace out.
    "plotly_scatter_map": Kind(
        map=".maplibregl-canvas",
        served=True,
        drawn="""(() => {
          const map = document.querySelector(".js-plotly-plot")._fullLayout.map._subplot.map;
          return map.loaded() && map.areTilesLoaded();
        })()""",
        filter="""((plot) => async (all) => {
          const map = plot._fullLayout.map._subplot.map;
          const idle = new Promise((resolve) => map.once("idle", resolve));
          await Plotly.restyle(plot, { visible: all ? true : "legendonly" }, [1, 2]);
          await idle;
        })(document.querySelector(".js-plotly-plot"))""",
    ),
}
"""By the name of the maker; those that are not here are plain pages of Leaflet without a filter or a slider."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One page to open: who made it, what is measured, and how long it may take.

    `copies` are the files that answer what it asks of a network, by address. `ready_s` is how long it may take to be
    interactive, `act_s` then each of the measures.
    """

    maker: str
    page: str
    copies: dict[str, str]
    ready_s: float
    act_s: float
    measures: Sequence[str]


@dataclass(slots=True)
class Network:
    """What a page asked for beside itself: all of it, and what was not answered."""

    asked: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def main() -> None:
    """Measure one page and print the figures."""
    asked = Asked(**json.loads(sys.argv[1]))
    print(json.dumps(measure(asked)))


def measure(asked: Asked) -> dict[str, Any]:
    """Open a page in a new browser and measure it."""
    kind = KINDS.get(asked.maker, _LEAFLET)
    figures: dict[str, Any] = {"cut": None}
    network, faults = Network(), []
    left = list(asked.measures)
    with address_of(Path(asked.page), served=kind.served) as address, sync_playwright() as playwright:
        found = find_chromium(playwright.chromium.executable_path)
        browser = playwright.chromium.launch(executable_path=found, args=_FLAGS)
        figures["chromium"] = browser.version
        width, height = SIZE
        context = browser.new_context(viewport={"width": width, "height": height})
        watch = _WATCH.replace("DRAWN", kind.drawn).replace("LONG", str(LONG_MS))
        context.add_init_script(watch)
        context.route("**/*", lambda route: answer(route, address, asked.copies, network))
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error).splitlines()[0]))
        try:
            with ended_after(browser, asked.ready_s):
                page.goto(address, wait_until="commit", timeout=asked.ready_s * 1000)
                figures |= wait_until_quiet(page)
                figures |= memory(browser, page)
            if asked.maker == "geomap":
                mark = 'performance.getEntriesByName("geomap:ready")[0].startTime'
                figures["mark_ms"] = page.evaluate(mark)
            while left:
                with ended_after(browser, asked.act_s):
                    figures |= ACTS[left[0]](page, kind)
                left.pop(0)
        except Error as error:
            figures["cut"] = left[0] if "interactive_ms" in figures else "interactive"
            figures["said"] = str(error).splitlines()[0]
        finally:
            if browser.is_connected():
                browser.close()
    return figures | {
        "requests": len(network.asked),
        "refused": sorted(set(network.refused)),
        "faults": faults[:3],
    }


@contextmanager
def address_of(page: Path, *, served: bool) -> Iterator[str]:
    """Where a page is opened: as a file, or from a server that lasts as long."""
    if not served:
        yield page.as_uri()
        return
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Files, directory=str(page.parent)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/{page.name}"
    finally:
        server.shutdown()


class _Files(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


def answer(route: Route, address: str, copies: Mapping[str, str], network: Network) -> None:
    """Answer a request from the page itself or a copy, else refuse it."""
    url = route.request.url
    if url == address or url.startswith(("data:", "blob:")):
        route.continue_()
        return
    network.asked.append(url)
    if url in copies:
        route.fulfill(path=copies[url])
        return
    network.refused.append(url)
    route.abort()


@contextmanager
def ended_after(browser: Browser, seconds: float) -> Iterator[None]:
    """End the browser if what is done in here takes longer: a busy page answers nothing, not even that it is busy."""
    processes = _processes(browser)
    main_process = next(number for kind, number in processes if kind == "browser")
    alarm = threading.Timer(seconds, lambda: os.kill(main_process, SIGKILL))
    alarm.start()
    try:
        yield
    finally:
        alarm.cancel()


def _processes(browser: Browser) -> list[tuple[str, int]]:
    session = browser.new_browser_cdp_session()
    told = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    return [(process["type"], process["id"]) for process in told]


# Measures


def wait_until_quiet(page: Page) -> dict[str, Any]:
    """Interactive is the end of the last long task or gap between frames before a second without any."""
    while True:
        time.sleep(0.2)
        seen = page.evaluate("({ ...window.measured, now: performance.now() })")
        interactive = max(seen["loaded"], seen["drawn"], seen["last"])
        if seen["loaded"] and seen["drawn"] and seen["now"] - interactive >= QUIET_MS:
            return {"interactive_ms": interactive, "longest_task_ms": seen["longest"]}


def memory(browser: Browser, page: Page) -> dict[str, Any]:
    """What the renderer of the page holds, and its heap after a collection.

    Chromium has one or two more: one for its own face, of some 150 MiB, and an empty one in store, of 80.
    """
    of_page = [
        _resident_mib(number)
        for kind, number in _processes(browser)
        if kind == "renderer" and "--top-chrome-webui" not in _process_file(number, "cmdline")
    ]
    gpu = [_resident_mib(number) for kind, number in _processes(browser) if kind == "GPU"]
    heap = page.evaluate("(window.gc?.(), performance.memory.usedJSHeapSize)")
    return {
        "renderer_mib": max(of_page),
        "gpu_mib": max(gpu, default=0.0),
        "heap_mib": heap / (1 << 20),
    }


def _resident_mib(process: int) -> float:
    told = _process_file(process, "status").splitlines()
    return next((int(line.split()[1]) / 1024 for line in told if line.startswith("VmRSS:")), 0.0)


def _process_file(process: int, name: str) -> str:
    """A file that Linux keeps of a process, empty where it has ended."""
    try:
        return Path(f"/proc/{process}/{name}").read_text(encoding="utf-8")
    except OSError:
        return ""


def scrub(page: Page, kind: Kind) -> dict[str, Any]:
    """Windows of 30 days over all of the time, one after the other, each as soon as the last is shown."""
    if kind.scrub is None:
        return {}
    spans = [
        [datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() * 1000 for day in step["time"]]
        for step in time_steps()
    ]
    with _seen(page, "the map shows the same at all times"):
        return {"scrub_ms": _asked(page, kind, kind.scrub, spans)}


def filter_(page: Page, kind: Kind) -> dict[str, Any]:
    """One of the three categories alone, and all of them again, in turn."""
    if kind.filter is None:
        return {}
    with _seen(page, "the filter leaves all as it was"):
        return {"filter_ms": _asked(page, kind, kind.filter, [False, True] * 2 + [False])}


def _asked(page: Page, kind: Kind, ask: str, changes: Sequence[Any]) -> list[float]:
    """How long each change took to be shown; of a slow page, those that were asked for within `STEPS_MS`."""
    script = _STEPS.replace("ASK", ask).replace("SHOWN", kind.shown)
    steps: list[float] = page.evaluate(script, [changes, STEPS_MS])
    return steps


def pan(page: Page, kind: Kind) -> dict[str, Any]:
    """Drag the map by 200 pixels."""
    x, y = _middle(page, kind)

    def drag() -> None:
        page.mouse.move(x, y)
        page.mouse.down()
        for step in range(1, PAN_STEPS + 1):
            page.mouse.move(x - step * PAN_PX, y)
        page.mouse.up()

    with _seen(page, "the map is not dragged"):
        return {"pan_ms": _worst_frame(page, drag)}


def zoom(page: Page, kind: Kind) -> dict[str, Any]:
    """Turn the wheel in by three steps and out by two, so that the picture is another."""
    x, y = _middle(page, kind)

    def turn() -> None:
        page.mouse.move(x, y)
        for delta in (-100,) * ZOOM_STEPS + (100,) * (ZOOM_STEPS - 1):
            page.mouse.wheel(0, delta)
            page.wait_for_timeout(300)
            # A page that lags behind would add up the turns, in and out.
            page.evaluate("afterFrame()")

    with _seen(page, "the map is not zoomed"):
        return {"zoom_ms": _worst_frame(page, turn)}


def _middle(page: Page, kind: Kind) -> tuple[float, float]:
    box = page.locator(kind.map).first.bounding_box()
    if box is None:
        raise Error(f"nothing is seen of {kind.map}")
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def _worst_frame(page: Page, act: Callable[[], None]) -> float:
    """The longest gap between two frames until it is quiet again."""
    page.evaluate("afterFrame().then(() => { measured.worst = 0; })")
    act()
    while page.evaluate("performance.now() - measured.last") < QUIET_MS / 2:
        time.sleep(0.1)
    worst: float = page.evaluate("measured.worst")
    return worst


@contextmanager
def _seen(page: Page, otherwise: str) -> Iterator[None]:
    """Fail if the picture is, after what is done in here, the one from before: that would measure nothing."""
    before = page.screenshot(timeout=0)
    yield
    if page.screenshot(timeout=0) == before:
        raise Error(otherwise)


ACTS: Final[dict[str, Callable[[Page, Kind], dict[str, Any]]]] = {
    "scrub": scrub,
    "pan": pan,
    "zoom": zoom,
    "filter": filter_,
}

if __name__ == "__main__":
    main()
