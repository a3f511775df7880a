"""The live preview in a browser: the page follows the files and keeps its view; mistakes are shown as text."""

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Frame, Page

pytestmark = pytest.mark.enable_socket  # the browser and the preview both talk through local sockets

HOSTILE = "<img src=x onerror=alert(1)>"
HEAD = "schema: 1\nsources: {wire: {publisher: Example Wire, published: 2021-11-13}}\n"
VIEW = {"lon": 24.5, "lat": 53.25, "zoom": 8}


@dataclass
class Previewed:
    """A preview in a browser, with all that must not have happened in it."""

    page: Page
    url: str
    events: Path
    end: Callable[[], object]
    errors: list[str] = field(default_factory=list)

    @property
    def map(self) -> Frame:
        """The frame with the map that is shown; there may be another one that loads."""
        frames = [frame for frame in self.page.frames if frame.parent_frame]
        assert frames, "no map yet"
        return frames[0]

    def wait(self, condition: Callable[[], object], *, seconds: float = 60) -> None:
        """Ask again and again; while a map takes another's place, its frame cannot be asked."""
        deadline = time.monotonic() + seconds
        last: Exception | None = None
        while time.monotonic() < deadline:
            try:
                if condition():
                    return
            except Exception as error:
                last = error
            self.page.wait_for_timeout(20)
        pytest.fail(f"waited in vain; last: {last}; errors: {self.errors}")

    def change(self, old: str, new: str) -> None:
        """Save the events with a change, as editors do: a new file in the place of the old one."""
        text = self.events.read_text(encoding="utf-8")
        assert old in text
        beside = self.events.with_name(".events.yaml.new")
        beside.write_text(text.replace(old, new), encoding="utf-8")
        beside.replace(self.events)

    def maps(self) -> int:
        return self.page.locator("iframe").count()

    def titles(self) -> str:
        return str(self.map.evaluate("document.body.textContent"))

    def is_ready(self) -> bool:
        ready = "window.geomap ? window.geomap.ready.then(() => true) : false"
        return self.maps() == 1 and bool(self.map.evaluate(ready))


Open = Callable[..., Previewed]


@pytest.fixture
def open_preview(browser: Browser, write_project: Any) -> Iterator[Open]:
    """Run `geomap serve` on a small project and open its page; only its own address can be reached."""
    ends: list[Callable[[], object]] = []

    def open_it(fragment: str = "", **files: str) -> Previewed:
        folder: Path = write_project(**files)
        code = "from geomap.cli import main; main()"
        process = subprocess.Popen(
            [sys.executable, "-c", code, "serve", str(folder)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        stdout = process.stdout
        assert stdout is not None

        def end() -> None:
            process.kill()
            process.wait()
            stdout.close()

        ends.append(end)
        url = stdout.readline().strip()
        context = browser.new_context(viewport={"width": 1100, "height": 700})
        ends.append(context.close)
        page = context.new_page()
        previewed = Previewed(page, url, folder / "events.yaml", end)
        errors = previewed.errors
        elsewhere = re.compile(rf"^(?!{re.escape(url)}|data:)")
        context.route(elsewhere, lambda route: (errors.append(route.request.url), route.abort()))
        page.on("pageerror", lambda error: errors.append(f"error: {error}"))
        page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
        page.on("dialog", lambda dialog: (errors.append(dialog.message), dialog.dismiss()))
        page.goto(url + fragment)
        return previewed

    yield open_it
    for end in reversed(ends):
        end()


def test_a_save_redraws_the_map_and_keeps_its_view(open_preview: Open) -> None:
    opened = open_preview()
    opened.wait(opened.is_ready)
    assert opened.page.title() == "A small map"
    opened.map.evaluate(
        "(view) => geomap.set({view, layers: {[Object.keys(geomap.state().layers)[0]]: false}})", VIEW
    )
    before = opened.map.evaluate("geomap.state()")
    assert before["view"] == VIEW
    assert False in before["layers"].values()

    opened.change("A speech", "A <b>speech</b> of another name")
    opened.wait(lambda: "A <b>speech</b> of another name" in opened.titles() and opened.is_ready())
    assert opened.map.evaluate("geomap.state()") == before
    assert opened.errors == []


def test_the_browsers_own_reload_keeps_the_view_too(open_preview: Open) -> None:
    opened = open_preview()
    opened.wait(opened.is_ready)
    opened.map.evaluate("(view) => geomap.set({view})", VIEW)
    opened.wait(lambda: opened.page.evaluate("location.hash.length > 1"))
    opened.wait(lambda: opened.page.evaluate("location.hash") == opened.map.evaluate("location.hash"))
    fragment = opened.page.evaluate("location.hash")
    opened.page.reload()
    opened.wait(opened.is_ready)
    assert opened.map.evaluate("geomap.state().view") == VIEW

    opened.page.evaluate("location.hash = ''")
    opened.wait(lambda: opened.map.evaluate("geomap.state().view") != VIEW)
    opened.page.evaluate("(fragment) => { location.hash = fragment }", fragment)
    opened.wait(lambda: opened.map.evaluate("geomap.state().view.zoom") == VIEW["zoom"])
    assert opened.errors == []


def test_a_mistake_is_shown_over_the_last_good_map_until_it_is_mended(open_preview: Open) -> None:
    opened = open_preview()
    opened.wait(opened.is_ready)
    opened.map.evaluate("window.isTheSame = true")
    problems = opened.page.locator("#problems")
    assert not problems.is_visible()

    opened.change("where: Grodno Region", f"where: '{HOSTILE}'")
    opened.wait(problems.is_visible)
    assert problems.locator("summary").text_content() == "The map cannot be drawn: one problem"
    assert problems.locator("code").text_content() == f"{opened.events}:5:74"
    assert HOSTILE in str(problems.locator("li").text_content())
    assert problems.locator("img, script").count() == 0
    assert "Below is the last map" in str(problems.text_content())
    assert "A drill" in opened.titles()
    box = problems.bounding_box()
    assert box is not None
    assert box["width"] == 1100
    assert box["height"] < 700 * 0.61

    opened.change(HOSTILE, "Grodno Region")
    opened.wait(lambda: not problems.is_visible())
    assert opened.map.evaluate("window.isTheSame"), "the same map is not loaded again"
    assert opened.errors == []


def test_a_map_that_is_wrong_from_the_start_appears_once_it_is_mended(open_preview: Open) -> None:
    opened = open_preview(f"#{'x' * 10}", events_yaml=f"{HEAD}events: [\u202egnp.exe]\n")
    problems = opened.page.locator("#problems")
    opened.wait(problems.is_visible)
    assert f"{opened.events}:3:10" in str(problems.text_content())
    assert "\u202e" not in str(problems.text_content())
    assert "Below is the last map" not in str(problems.text_content())
    assert opened.maps() == 0
    opened.change(
        "[\u202egnp.exe]", "[{id: a, type: exercise, title: A drill, where: Minsk, sources: [wire]}]"
    )
    opened.wait(lambda: not problems.is_visible() and opened.is_ready())
    assert "A drill" in opened.titles()
    assert opened.errors == []


def test_it_says_when_the_preview_has_ended(open_preview: Open) -> None:
    opened = open_preview()
    opened.wait(opened.is_ready)
    status = opened.page.locator("#status")
    assert not status.is_visible()
    opened.end()
    opened.wait(status.is_visible)
    assert status.text_content() == "The preview has ended; geomap serve starts it again."
    assert opened.is_ready(), "the last map stays"
