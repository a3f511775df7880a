"""Roles and names of the page's parts, as the contract has them and as a screen reader finds them."""

import os
import re
from pathlib import Path
from typing import Any

import pytest

import sample

pytestmark = pytest.mark.enable_socket  # Playwright talks to its browser through a local socket

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "golden" / "sample_page.aria.yaml"
# What the table says in words, on the sample page.
EXAMPLES = {
    "the map's title": "A border in November",
    "the layer's title": re.compile("^Military movements 7$"),
    "the choice": re.compile("^Strike or explosion 2$"),
    "type, title, time and place, status": re.compile(
        "^Strike or explosion Explosion damages a bridge .*Disputed$"
    ),
    "the event's title": "Paratroopers drop in the Grodno region",
}
PHONE = {"width": 390, "height": 844, "has_touch": True}


def read_table() -> list[tuple[str, str, str]]:
    text = (ROOT / "docs" / "contract.md").read_text(encoding="utf-8")
    section = text.split("### Roles and names\n")[1].split("\n#")[0]
    rows = re.findall(r"^\| ([^|]+) \| `(\w+)` \|([^|]*)\|$", section, re.MULTILINE)
    return [(part.strip(), role, name.strip()) for part, role, name in rows]


def test_the_page_has_every_part_under_its_role_and_name(open_page: Any, sample_html: str) -> None:
    page = open_page(sample_html).page
    phone = open_page(sample_html, **PHONE).page
    table = read_table()
    assert len(table) > 35
    for part, role, name in table:
        on = phone if "on a phone" in part else page
        page.evaluate("geomap.set({event: null, tab: 'events'})")
        if "tab Filters" in part:
            page.evaluate("geomap.set({tab: 'filters'})")
        if "proof panel" in part:
            page.evaluate("geomap.set({event: 'drop'})")
        if "while it runs" in part:
            page.get_by_role("button", name="Play").click()
        if "while it is up" in part:
            phone.get_by_role("button", name="Open the list").click()
        wanted = EXAMPLES.get(name, name)
        found = on.get_by_role(role, name=wanted or None, exact=isinstance(wanted, str))
        assert found.first.is_visible(), (part, role, name)
        assert found.count() == 1 or not name, (part, role, name)
        if "while it runs" in part:
            page.get_by_role("button", name="Pause").click()
            page.evaluate("geomap.set({time: null})")


def test_every_toggle_is_a_checkbox_named_by_its_layer(open_page: Any, sample_html: str) -> None:
    page = open_page(sample_html).page
    for layer in sample.sample_scene().layers:
        box = page.get_by_role("checkbox", name=f"{layer.title} {len(layer.events)}", exact=True)
        box.uncheck()
        assert page.evaluate("id => geomap.state().layers[id]", layer.id) is False
        page.get_by_role("checkbox", name=re.compile(f"^{layer.title} ")).check()


def test_a_screen_reader_finds_the_page_as_it_was(open_page: Any, sample_html: str) -> None:
    """To take a changed page as it is now: GEOMAP_WRITE_GOLDEN=1 python -m pytest tests/browser/test_roles.py."""
    page = open_page(sample_html).page
    trees = [page.locator("body").aria_snapshot()]
    page.evaluate("geomap.set({event: 'drop'})")
    trees.append(page.get_by_role("dialog").aria_snapshot())
    found = "\n---\n".join(trees) + "\n"
    if os.environ.get("GEOMAP_WRITE_GOLDEN"):
        GOLDEN.write_text(found, encoding="utf-8")
    assert found == GOLDEN.read_text(encoding="utf-8")
