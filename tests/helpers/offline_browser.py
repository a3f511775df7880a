"""A real browser, cut off from every network, for pages that must need none: fixtures that all tests can take."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog, Page, Route

# The first has no windows of its own to draw: the same engine in a third of the time.
_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def find_chromium(own: str) -> str:
    """Give the browser to use: GEOMAP_CHROMIUM, one on PATH, or playwright's own at `own`."""
    named = os.environ.get("GEOMAP_CHROMIUM")
    found = (shutil.which(name) for name in ([named] if named else _NAMES))
    path = next((path for path in found if path), None) or (None if named else own)
    if path is None or not Path(path).exists():
        pytest.fail(
            "these tests need Chromium: install it, set GEOMAP_CHROMIUM to its path, "
            "or run `playwright install chromium`",
            pytrace=False,
        )
    return path


@dataclass
class OpenedPage:
    """A page with all that must not have happened on it."""

    page: "Page"
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def wait_until(self, condition: str, *, seconds: float = 60) -> None:
        """Ask again and again; playwright's own waiting needs `eval`, which the page's policy forbids."""
        deadline = time.monotonic() + seconds
        while not self.page.evaluate(condition):
            assert time.monotonic() < deadline, f"waited in vain for {condition}; errors: {self.errors}"
            self.page.wait_for_timeout(20)

    def settle(self) -> None:
        """Wait until the map has stopped moving."""
        self.wait_until("!document.querySelector('.leaflet-pan-anim, .leaflet-zoom-anim')")
        self.page.wait_for_timeout(60)

    def assert_quiet(self) -> None:
        """Check that nothing was asked of a network and nothing went wrong."""
        assert self.requests == []
        assert self.errors == []


OpenPage = Callable[..., OpenedPage]


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """One browser for the whole run."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(playwright.chromium.executable_path),
            args=["--no-sandbox", "--disable-gpu"],
        )
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: "Browser", tmp_path: Path) -> Iterator[OpenPage]:
    """Open HTML from a file, offline, and wait until the page says that it is ready.

    `answers` maps the end of an address to (content type, text) for pages that are allowed those files;
    `options` are those of a browser context, such as `color_scheme`.
    """
    contexts = []

    def open_html(
        html: str,
        *,
        width: int = 1280,
        height: int = 800,
        fragment: str = "",
        ready: str = "window.geomap !== undefined",
        answers: dict[str, tuple[str, str]] | None = None,
        **options: Any,
    ) -> OpenedPage:
        context = browser.new_context(viewport={"width": width, "height": height}, offline=True, **options)
        contexts.append(context)
        page = context.new_page()
        opened = OpenedPage(page)

        def answer(route: "Route") -> None:
            url = route.request.url
            if url.startswith(("file:", "data:")):
                route.continue_()
                return
            for end, (content_type, text) in (answers or {}).items():
                if url.endswith(end):
                    route.fulfill(content_type=content_type, body=text)
                    return
            opened.requests.append(url)
            route.abort()

        context.route("**/*", answer)
        page.on("pageerror", lambda error: opened.errors.append(f"error: {error}"))
        page.on(
            "console",
            lambda line: opened.errors.append(f"console: {line.text}") if line.type == "error" else None,
        )

        def note_dialog(dialog: "Dialog") -> None:
            opened.errors.append(f"dialog: {dialog.message}")
            dialog.dismiss()

        page.on("dialog", note_dialog)
        page.on("popup", lambda other: opened.errors.append(f"opened {other.url}"))
        file = tmp_path / f"page-{len(contexts)}.html"
        file.write_text(html, encoding="utf-8")
        page.goto(f"{file.as_uri()}{fragment}")
        opened.wait_until(ready)
        page.evaluate("window.geomap?.ready")
        return opened

    yield open_html
    for context in contexts:
        context.close()
