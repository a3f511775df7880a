"""Text that tries to run: in every field of a scene it is shown letter for letter and nothing happens."""

from typing import Any

import pytest

from geomap.render import draw_page, to_folium
from geomap.render.leaflet_assets import read_leaflet
from hostile_texts import HOSTILE, assert_nothing_ran, hostile_scene, texts
from map_on_screen import on_screen

# Playwright talks to the browser that it started over local sockets; the page itself is offline.
pytestmark = pytest.mark.enable_socket


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_the_page_shows_it_as_text(open_page: Any, text: str) -> None:
    opened = open_page(draw_page(hostile_scene(text)))
    page = opened.page
    shown = text.strip() or text
    for selector in (
        ".gm-title bdi",
        ".gm-subtitle bdi",
        ".gm-layer-title bdi",
        ".gm-layers legend bdi",
        ".gm-attribution bdi",
        "#geomap-side [role=row] .gm-row-title bdi",
        "#geomap-side [role=row] .gm-row-line bdi",
    ):
        found = texts(page, selector)
        assert found, selector
        assert set(found) == {text}, selector
    page.get_by_role("tab", name="Legend").click()
    assert set(texts(page, ".gm-legend-types bdi")) == {text}
    assert text in texts(page, ".gm-about p bdi")

    page.evaluate("geomap.set({event: 'drop'})")
    proof = texts(page, "[role=dialog] bdi")
    # Title, type, when, place, note, summary, status, a dozen in the claims, who, numbers, source, relation.
    assert proof.count(text) >= 25
    whole = texts(page, "[role=dialog]")[0]
    assert whole.count(shown) >= 40
    assert page.locator("[role=dialog] a").count() == 0

    page.evaluate("geomap.set({event: null, view: null, layers: null})")
    [badge] = page.evaluate("geomap.drawn('convoy')")
    page.mouse.click(*on_screen(page, badge["px"]))
    opened.wait_until("document.querySelector('[role=dialog] .gm-event-words > bdi') !== null")
    assert text in texts(page, "[role=dialog] .gm-event-words > bdi")
    page.evaluate("text => geomap.set({filters: {text, actor: [text]}, layers: {[text]: false}})", text)
    assert_nothing_ran(opened)


def test_hidden_characters_stay_and_are_marked(open_page: Any) -> None:
    text = HOSTILE["direction marks"]
    page = open_page(draw_page(hostile_scene(text))).page
    assert texts(page, ".gm-title bdi") == [text]
    mark = page.locator(".gm-title .gm-hidden-mark")
    assert mark.get_attribute("aria-label") == "Contains invisible or direction-changing characters"
    assert mark.text_content() == ""
    # Isolated: the text after it is not turned round.
    isolation = page.locator(".gm-title bdi").evaluate("node => getComputedStyle(node).unicodeBidi")
    assert isolation == "isolate"


def test_an_address_that_only_the_build_was_told_to_trust_is_no_link(open_page: Any) -> None:
    html = draw_page(hostile_scene("plain"))
    for address in ("javascript:window.__hit=1", "https://a@b.example/", "https://exa\u202emple.org"):
        forged = html.replace('"href":null', f'"href":"{address}"').replace(
            '"url":"plain"', f'"url":"{address}"'
        )
        assert forged != html
        opened = open_page(forged)
        opened.page.evaluate("geomap.set({event: 'drop'})")
        assert opened.page.locator(".gm-address a").count() == 0
        assert texts(opened.page, ".gm-address bdi") == [address]
        assert_nothing_ran(opened)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_notebook_map_shows_it_as_text(open_page: Any, text: str) -> None:
    leaflet = read_leaflet()
    opened = open_page(
        to_folium(hostile_scene(text)).get_root().render(),
        ready="document.querySelectorAll('.leaflet-control-layers-overlays label').length === 2",
        answers={
            "leaflet.js": ("text/javascript", leaflet.script),
            "leaflet.css": ("text/css", leaflet.style),
            ".js": ("text/javascript", ""),
            ".css": ("text/css", ""),
        },
    )
    page = opened.page
    opened.requests.clear()  # the stock map's own tiles
    opened.errors.clear()
    assert text in texts(page, ".leaflet-control-layers-overlays bdi")
    assert text in texts(page, ".leaflet-control-attribution bdi")
    page.locator(".leaflet-control-layers-overlays input").nth(1).check()
    assert text in texts(page, ".leaflet-popup-content .gm-event-words > bdi")
    page.locator(".leaflet-popup-content button").first.click()
    opened.wait_until("document.querySelector('.leaflet-popup-content .gm-facts') !== null")
    assert texts(page, ".leaflet-popup-content bdi").count(text) >= 20
    assert page.evaluate("typeof window.__hit") == "undefined"
    assert [error for error in opened.errors if "Failed to load resource" not in error] == []
