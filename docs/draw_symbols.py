"""Draw the table of military symbols in docs/symbols.md: python docs/draw_symbols.py PICTURE."""

import shutil
import sys
from base64 import b64encode
from html import escape
from pathlib import Path
from typing import Final

from playwright.sync_api import sync_playwright

from geomap.model.military_symbols import AFFILIATIONS, MILITARY_SYMBOLS
from geomap.render.military import draw_symbol

COLUMNS: Final = 3
SIZE: Final = 46
STYLE: Final = """
body { margin: 0; height: max-content; padding: 16px 20px; width: max-content; background: #f4f2ec; color: #1f2933;
  display: flex; gap: 36px; font: 14px "DejaVu Sans", sans-serif; }
table { border-collapse: collapse; align-self: flex-start; }
th { font-weight: normal; text-align: left; padding-right: 10px; }
thead th { font-size: 11px; color: #52606d; text-align: center; padding: 0 4px 4px; }
td { padding: 0; line-height: 0; }
"""


def main(picture: Path) -> None:
    """Draw every symbol of the table for every affiliation and take a picture of it in Chromium."""
    names = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")
    found = next(filter(None, map(shutil.which, names)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        tab = browser.new_page(viewport={"width": 1400, "height": 700})
        tab.set_content(sheet())
        tab.locator("body").screenshot(path=picture)
        browser.close()


def sheet() -> str:
    """The table as a page of its own."""
    rows = [row(kind) for kind in MILITARY_SYMBOLS]
    height = -(-len(rows) // COLUMNS)
    head = "<thead><tr><th></th>" + "".join(f"<th>{side}</th>" for side in AFFILIATIONS) + "</tr></thead>"
    tables = (
        f"<table>{head}{''.join(rows[start : start + height])}</table>"
        for start in range(0, len(rows), height)
    )
    return f"<!doctype html><style>{STYLE}</style>{''.join(tables)}"


def row(kind: str) -> str:
    """One type or subtype with its symbols."""
    drawings = (draw_symbol(MILITARY_SYMBOLS[kind], side) for side in AFFILIATIONS)
    cells = (
        f'<td><img width="{SIZE}" height="{SIZE}" src="data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}">'
        for svg in drawings
    )
    return f"<tr><th>{escape(kind)}</th>{''.join(cells)}</tr>"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
