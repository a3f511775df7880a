"""Take the README's picture: python docs/take_picture.py PAGE PICTURE."""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright


def main(page: Path, picture: Path) -> None:
    """Open a built page offline in Chromium and take a picture of it."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        tab = browser.new_page(viewport={"width": 1360, "height": 860})
        tab.context.set_offline(True)
        tab.goto(page.resolve().as_uri())
        tab.evaluate("window.geomap.ready")
        tab.wait_for_timeout(500)
        tab.screenshot(path=picture)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
