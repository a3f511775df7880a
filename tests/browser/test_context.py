"""Context layers in a real browser: under the events, switched like layers, counted by nobody."""

from typing import Any

import pytest

import sample
from geomap.render import draw_page, to_folium
from geomap.scene import SceneContext
from map_on_screen import on_screen, place_on_screen

pytestmark = pytest.mark.enable_socket

ZONE = {"type": "Polygon", "coordinates": [sample.box(22.5, 54.8, 29.2, 55.6)]}
FRONT = {"type": "LineString", "coordinates": [[27.0, 52.6], [30.0, 52.6]]}
HOSTILE = "</script><img src=x onerror=alert(1)> {{7*7}} \u202egnp & <b>x</b>"


def context(context_id: str, shape: Any, **changes: Any) -> SceneContext:
    fields: dict[str, Any] = {
        "id": context_id, "title": "Zone", "date": "12 August 2024", "edtf": "2024-08-12", "credit": "A ministry",
        "colour": "#8a4b52", "shapes": (shape,), "labels": ("Held",),
    }  # fmt: skip
    return SceneContext(**(fields | changes))


def page_with(*contexts: SceneContext, **changes: Any) -> str:
    return draw_page(sample.sample_scene(contexts=contexts, **changes))


@pytest.fixture(scope="module")
def html() -> str:
    front = context("front", FRONT, title="Front", credit="An institute", shown=False, licence="CC BY 4.0")
    return page_with(context("zone", ZONE), front)


def ink(page: Any, lon: float, lat: float) -> int:
    """How strong the context layers' own canvas is painted there, 0 to 255."""
    x, y = place_on_screen(page, lon, lat)
    return int(
        page.evaluate(
            """([x, y]) => {
                const canvas = document.querySelector('.leaflet-geomap-context-pane canvas');
                const {left, top, width} = canvas.getBoundingClientRect(), ratio = canvas.width / width;
                const box = [(x - left) * ratio - 2, (y - top) * ratio - 2, 5, 5].map(Math.round);
                return Math.max(...canvas.getContext('2d').getImageData(...box).data.filter((_, i) => i % 4 === 3));
            }""",
            [x, y],
        )
    )


def test_a_layer_that_is_on_is_painted_and_credited(open_page: Any, html: str) -> None:
    opened = open_page(html)
    page = opened.page
    assert 20 < ink(page, 28.2, 55.2) < 60
    assert ink(page, 28.2, 55.6) > 100
    assert ink(page, 28.5, 52.6) == 0
    assert (
        "Zone: as of 12 August 2024, according to A ministry" in page.locator(".gm-attribution").inner_text()
    )
    assert "An institute" not in page.locator(".gm-attribution").inner_text()
    opened.assert_quiet()


def test_layers_are_switched_by_their_ids_and_counted_by_nobody(open_page: Any, html: str) -> None:
    opened = open_page(html)
    page = opened.page
    before = page.evaluate("geomap.counts()")
    layers = page.evaluate("geomap.state().layers")
    assert (layers["zone"], layers["front"]) == (True, False)
    assert not {"zone", "front"} & set(before["layers"])
    page.evaluate("geomap.set({layers: {zone: false, front: true}})")
    assert (ink(page, 28.2, 55.2), ink(page, 28.5, 52.6) > 150) == (0, True)
    assert page.evaluate("geomap.counts()") == before
    page.evaluate("geomap.set({layers: {zone: null, front: null}})")
    assert page.evaluate("geomap.state().layers") == layers
    assert page.evaluate("geomap.set({layers: {nobody: true}}).then(() => '', String)").startswith(
        "RangeError"
    )


def test_the_address_keeps_which_are_on(open_page: Any, html: str) -> None:
    opened = open_page(html)
    opened.page.evaluate("geomap.set({layers: {zone: false, front: true}})")
    address = opened.page.evaluate("location.hash")
    assert {"off=zone", "on=front"} <= set(address.split("&"))
    again = open_page(html, fragment=address)
    layers = again.page.evaluate("geomap.state().layers")
    assert (layers["zone"], layers["front"]) == (False, True)
    again.assert_quiet()


def test_the_panel_has_a_group_of_them(open_page: Any, html: str) -> None:
    page = open_page(html).page
    group = page.locator(".gm-contexts")
    assert group.locator("legend").inner_text() == "Context"
    assert "Front" in group.inner_text()
    assert "as of 12 August 2024, according to An institute" in group.inner_text()
    boxes = group.locator("input")
    assert [boxes.nth(i).is_checked() for i in range(2)] == [True, False]
    boxes.nth(1).click()
    assert page.evaluate("geomap.state().layers.front") is True


def test_a_click_where_no_event_is_says_whose_layer_it_is(open_page: Any, html: str) -> None:
    opened = open_page(html)
    page = opened.page
    # Apart from every event.
    page.mouse.click(*place_on_screen(page, 22.9, 55.2))
    tip = page.locator(".gm-tip")
    assert tip.inner_text() == "Zone: Held\nas of 12 August 2024, according to A ministry"
    assert page.evaluate("geomap.state().event") is None
    page.mouse.move(*place_on_screen(page, 31.5, 54.9))
    opened.wait_until("document.querySelector('.gm-tip').hidden")
    opened.assert_quiet()


def test_an_event_on_a_layer_is_clicked_as_ever(open_page: Any) -> None:
    whole = {"type": "Polygon", "coordinates": [sample.box(20, 50, 33, 57)]}
    opened = open_page(page_with(context("zone", whole)))
    [bridge] = opened.page.evaluate("geomap.drawn('bridge')")
    opened.page.mouse.click(*on_screen(opened.page, bridge["px"]))
    opened.wait_until("geomap.state().event === 'bridge'")
    assert opened.page.locator(".gm-tip strong").count() == 0


def test_the_legend_tells_of_all_and_the_sheet_of_those_that_are_on(open_page: Any, html: str) -> None:
    opened = open_page(html, fragment="#tab=legend")
    legend = opened.page.locator(".gm-context-legend")
    assert "Licence: CC BY 4.0" in legend.inner_text()
    assert "Zone" in legend.inner_text()
    opened.page.emulate_media(media="print")
    opened.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    sheet = opened.page.locator(".gm-print .gm-context-legend").inner_text()
    assert ("A ministry" in sheet, "An institute" in sheet) == (True, False)


def test_hostile_words_stay_letters(open_page: Any) -> None:
    hostile = context(
        "__proto__", ZONE, title=HOSTILE, credit=HOSTILE, labels=(HOSTILE,), licence=HOSTILE, date=HOSTILE, edtf="",
        url="javascript:alert(1)",
    )  # fmt: skip
    opened = open_page(page_with(hostile), fragment="#tab=legend")
    page = opened.page
    assert HOSTILE in page.locator(".gm-contexts .gm-layer-title bdi").first.text_content()
    for selector in (".gm-context-legend", ".gm-contexts", ".gm-context-credits"):
        assert f"as of {HOSTILE}, according to {HOSTILE}" in page.locator(selector).text_content()
    assert "javascript:alert(1)" in page.locator(".gm-context-legend").text_content()
    assert page.locator(".gm-context-legend a").count() == 0
    page.mouse.click(*place_on_screen(page, 22.9, 55.2))
    assert "</script><img src=x onerror=alert(1)>" in page.locator(".gm-tip").text_content()
    page.wait_for_timeout(100)
    opened.assert_quiet()


def test_a_colour_that_is_none_never_reaches_the_page() -> None:
    html = page_with(context("zone", ZONE, colour="red; background: url(x)"))
    assert "url(x)" not in html


def test_a_notebook_map_has_them_with_their_makers(open_page: Any, html: str) -> None:
    from geomap.render.leaflet_assets import read_leaflet

    leaflet = read_leaflet()
    scene = sample.sample_scene(contexts=(context("zone", ZONE, credit=HOSTILE),))
    opened = open_page(
        to_folium(scene).get_root().render(),
        ready="document.querySelector('.gm-notebook .leaflet-control-layers') !== null",
        answers={
            "leaflet.js": ("text/javascript", leaflet.script),
            "leaflet.css": ("text/css", leaflet.style),
        },
    )
    assert f"according to {HOSTILE}" in opened.page.locator(".leaflet-control-attribution").text_content()
    assert opened.page.locator(".leaflet-geomap-context-pane canvas").count() == 1
