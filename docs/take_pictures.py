"""Take the pictures of the page in the docs: python docs/take_pictures.py PAGE FOLDER.

The map's own picture, `map.png`, lies in FOLDER; those of `docs/page.md` in its folder `page`.
"""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Browser, ViewportSize, sync_playwright


@dataclass(frozen=True, slots=True)
class Picture:
    """A state of the page: what `geomap.set` takes, as JavaScript, and the size of the window in pixels.

    `media` is `print` for what stands on a sheet of A4, at 96 dots an inch.
    """

    name: str
    state: str = "{}"
    width: int = 1360
    height: int = 860
    fragment: str = ""
    media: str = "screen"


BRIDGE: Final = "event: 'kerch-bridge-explosion'"
SHEET: Final = ViewportSize(width=703, height=1032)
"""A4 within margins of 12 mm."""
PICTURES: Final = (
    Picture("map"),
    Picture("page/filters", "{tab: 'filters', time: ['2021-11-01', '2022-11-30'], filters: {type: ['migration']}}"),
    Picture("page/proof", f"{{view: {{lon: 34, lat: 46.5, zoom: 6.5}}, {BRIDGE}}}"),
    Picture("page/time", "{mode: 'cumulative', time: ['2021-06-01', '2021-11-09'], view: {lon: 25, lat: 53, zoom: 7}}"),
    Picture("page/lens", "{lens: 'by:Russia', tab: 'filters'}"),
    Picture("page/dark", "{theme: 'dark', tab: 'legend'}"),
    Picture("page/contrast", "{theme: 'contrast'}"),
    Picture("page/uk", "{lang: 'uk', asides: 'on'}"),
    Picture("page/print", media="print"),
    Picture("page/phone", f"{{{BRIDGE}}}", width=390, height=844),
    Picture("page/embed", "{time: ['2021-11-01', '2021-11-30']}", width=720, height=480, fragment="#embed"),
)  # fmt: skip


def main(page: Path, folder: Path) -> None:
    """Open a built page offline in Chromium and take its pictures."""
    names = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")
    found = next(filter(None, map(shutil.which, names)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        for picture in PICTURES:
            take(browser, page, picture, folder / f"{picture.name}.png")
        browser.close()


def take(browser: Browser, page: Path, picture: Picture, file: Path) -> None:
    """Take one picture."""
    context = browser.new_context(
        viewport={"width": picture.width, "height": picture.height}, offline=True, locale="en-GB"
    )
    tab = context.new_page()
    tab.goto(page.resolve().as_uri() + picture.fragment)
    tab.evaluate("window.geomap.ready")
    tab.evaluate(f"window.geomap.set({picture.state})")
    tab.wait_for_timeout(500)
    file.parent.mkdir(exist_ok=True)
    if picture.media == "print":
        tab.emulate_media(media="print")
        tab.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        tab.set_viewport_size(SHEET)
        tab.wait_for_timeout(500)
    tab.screenshot(path=file)
    context.close()
    # A map needs few colours; this way the rare ones, which are those of the symbols, stay what they are.
    with Image.open(file) as image:
        few = image.convert("RGB").quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(file, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
