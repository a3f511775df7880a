"""Military symbols on the page: neutral at first, whose side is the reader's choice, and only where a map has them."""

from typing import Any

import numpy as np
import pytest

import sample
from geomap.render import draw_page, to_folium
from geomap.render.leaflet_assets import read_leaflet
from map_on_screen import colours, on_screen

# Playwright talks to the browser that it started over local sockets; the page itself is offline.
pytestmark = pytest.mark.enable_socket

SIDES = ("neutral", "friend", "hostile", "unknown")


# The frames of APP-6, by the affiliation that a reader may choose.
FILLS = {
    "neutral": (170, 255, 170),
    "friend": (128, 224, 255),
    "hostile": (255, 128, 128),
    "unknown": (255, 255, 128),
}


@pytest.fixture(scope="module")
def html() -> str:
    return draw_page(sample.sample_scene(symbols="app6"))


@pytest.fixture
def opened(open_page: Any, html: str) -> Any:
    page = open_page(html)
    yield page
    page.assert_quiet()


def chosen(page: Any) -> str:
    return str(page.evaluate("geomap.state().symbols"))


def ink(page: Any, colour: tuple[int, int, int], where: str = ".folium-map") -> int:
    """How many pixels have a colour, on a picture of the page as the eye sees it."""
    seen = colours(page.locator(where).first.screenshot()).astype(int)
    return int((np.abs(seen - colour) < 3).all(axis=2).sum())


def test_a_map_with_symbols_opens_neutral(opened: Any) -> None:
    assert chosen(opened.page) == "neutral"
    assert ink(opened.page, FILLS["neutral"]) > 300
    assert ink(opened.page, FILLS["hostile"]) == 0


@pytest.mark.parametrize("side", SIDES)
def test_each_side_has_its_own_ink_on_map_list_and_card(opened: Any, side: str) -> None:
    opened.page.evaluate("symbols => geomap.set({symbols, event: 'bridge'})", side)
    for where in (".folium-map", ".gm-card"):
        for other, fill in FILLS.items():
            found = ink(opened.page, fill, where)
            assert found > 60 if other == side else found == 0, (where, other)
    opened.page.evaluate("geomap.set({event: null, tab: 'legend'})")
    assert ink(opened.page, FILLS[side], ".gm-legend-signs") > 300
    opened.page.evaluate("geomap.set({tab: 'events'})")
    assert ink(opened.page, FILLS[side], ".gm-results") > 300


def test_the_choice_is_kept_in_the_address(open_page: Any, html: str) -> None:
    first = open_page(html)
    first.page.evaluate("geomap.set({symbols: 'hostile'})")
    first.wait_until("location.hash.includes('symbols=hostile')")
    again = open_page(html, fragment=first.page.evaluate("location.hash"))
    assert chosen(again.page) == "hostile"
    again.page.evaluate("geomap.set({symbols: null})")
    assert chosen(again.page) == "neutral"
    again.wait_until("!location.hash.includes('symbols')")
    types = open_page(html, fragment="#symbols=types")
    assert chosen(types.page) == "types"
    assert ink(types.page, FILLS["neutral"]) == 0
    assert (
        types.page.evaluate("geomap.set({symbols: 'ally'}).then(() => '', (error) => error.name)")
        == "RangeError"
    )


def test_what_has_no_symbol_keeps_its_own_icon(opened: Any) -> None:
    icons = opened.page.evaluate(
        """[...document.querySelectorAll('.gm-row')].map((row) =>
             [row.querySelector('.gm-row-type').innerText.trim(), row.querySelector('img.gm-sign') !== null])"""
    )
    by_type = {}
    for kind, signed in icons:
        by_type.setdefault(kind, set()).add(signed)
    assert by_type["Deployment"] == by_type["Exercise"] == by_type["Strike or explosion"] == {True}
    assert by_type["Statement"] == by_type["Diplomacy"] == {False}


def test_the_menu_offers_the_sides_and_the_legend_says_whose_choice_they_are(opened: Any) -> None:
    page = opened.page
    page.locator(".gm-menu > summary").click()
    page.get_by_label("Symbols").select_option("friend")
    opened.wait_until("geomap.state().symbols === 'friend'")
    assert ink(page, FILLS["friend"]) > 300
    page.evaluate("geomap.set({tab: 'legend'})")
    legend = page.locator(".gm-legend-box").inner_text()
    assert "your own choice" in legend
    assert "says nothing about the events" in legend
    assert "Exercise: airborne drop" in legend


def test_a_click_on_a_symbol_opens_its_event(opened: Any) -> None:
    [pin] = opened.page.evaluate("geomap.drawn('bridge')")
    x, y = on_screen(opened.page, pin["px"])
    opened.page.mouse.click(x + 8, y + 6)
    opened.wait_until("geomap.state().event === 'bridge'")


def test_a_map_without_symbols_refuses_nothing_and_shows_types(open_page: Any) -> None:
    html = draw_page(sample.sample_scene())
    opened = open_page(html, fragment="#symbols=hostile")
    assert chosen(opened.page) == "types"
    opened.page.evaluate("geomap.set({symbols: 'friend'})")
    assert chosen(opened.page) == "types"
    assert ink(opened.page, FILLS["friend"]) == ink(opened.page, FILLS["hostile"]) == 0
    opened.page.locator(".gm-menu > summary").click()
    assert opened.page.get_by_label("Symbols").count() == 0
    assert opened.page.locator(".gm-legend-signs").count() == 0
    opened.assert_quiet()


def test_a_notebook_map_shows_them_neutral(open_page: Any) -> None:
    opened = open_page(
        to_folium(sample.sample_scene(symbols="app6")).get_root().render(),
        ready="document.querySelectorAll('.leaflet-control-layers-overlays label').length === 5",
        answers={
            "leaflet.js": ("text/javascript", read_leaflet().script),
            "leaflet.css": ("text/css", read_leaflet().style),
        },
    )
    assert ink(opened.page, FILLS["neutral"]) > 300
