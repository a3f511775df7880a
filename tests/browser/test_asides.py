"""Places only mentioned or a purpose, in a real browser: drawn when asked for, clicked, counted by nobody."""

from typing import Any

import pytest

import sample
from geomap.render import draw_page
from map_on_screen import place_on_screen

pytestmark = pytest.mark.enable_socket

IDS = [row["id"] for row in sample.EVENTS]
GEOMETRIES = sample.sample_scene().geometries
HOSTILE = "<img src=x onerror=alert(1)> {{7*7}} \u202egnp"


def aside(event: str, shape: str, precision: str, label: str, role: str, **parts: Any) -> dict[str, Any]:
    row: dict[str, Any] = sample.feature(
        f"{event}#aside-1", IDS.index(event), shape, precision, label, **parts
    )
    return row | {"role": role}


ASIDES = [
    # "warning" has no place of its own.
    aside("warning", "pin", "place", "Orsha", "mentioned", lon=29.6, lat=54.6),
    aside("bridge", "badge", "country", "Neighbour", "purpose", lon=29.9, lat=53.9),
    aside("talks", "ring", "vicinity", "near Mozyr", "mentioned", lon=28.9, lat=52.3, radius_m=20_000.0),
    aside("drop", "line", "line", "Old road", "purpose", geometry=len(GEOMETRIES)),
]
ROAD = {"type": "LineString", "coordinates": [[27.4, 54.9], [30.4, 55.1]]}


def page_with(*asides: dict[str, Any]) -> str:
    return draw_page(sample.sample_scene(asides=sample.columns(list(asides)), geometries=(*GEOMETRIES, ROAD)))


@pytest.fixture(scope="module")
def html() -> str:
    return page_with(*ASIDES)


def ink(page: Any, selector: str = ".leaflet-geomap-asides-pane canvas") -> int:
    """How many pixels of a canvas are painted."""
    return int(
        page.evaluate(
            """(selector) => {
                const canvas = document.querySelector(selector);
                const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
                return data.filter((value, i) => i % 4 === 3 && value > 0).length;
            }""",
            selector,
        )
    )


def test_they_are_not_drawn_until_they_are_asked_for(open_page: Any, html: str) -> None:
    opened = open_page(html)
    page = opened.page
    assert page.evaluate("geomap.state().asides") == "off"
    assert ink(page) == 0
    before = page.evaluate("[geomap.counts(), geomap.drawn('warning'), geomap.drawn('talks').length]")
    page.evaluate("geomap.set({asides: 'on'})")
    assert ink(page) > 300
    assert page.evaluate("[geomap.counts(), geomap.drawn('warning'), geomap.drawn('talks').length]") == before
    assert before[1] == []
    page.evaluate("geomap.set({asides: null})")
    assert ink(page) == 0
    opened.assert_quiet()


def test_the_address_and_a_checkbox_switch_them(open_page: Any, html: str) -> None:
    opened = open_page(html, fragment="#tab=filters&asides=on")
    page = opened.page
    assert ink(page) > 300
    box = page.get_by_label("Also draw places that are only mentioned or a purpose")
    assert box.is_checked()
    box.click()
    assert page.evaluate("geomap.state().asides") == "off"
    opened.wait_until("!location.hash.includes('asides')")
    assert ink(page) == 0


def test_a_map_without_any_has_no_switch(open_page: Any) -> None:
    page = open_page(draw_page(sample.sample_scene()), fragment="#tab=filters&asides=on").page
    assert page.get_by_text("Also draw places").count() == 1
    assert not page.get_by_text("Also draw places").is_visible()


@pytest.mark.parametrize(
    ("at", "event"), [((29.6, 54.6), "warning"), ((28.9, 52.3), "talks"), ((28.9, 55.0), "drop")]
)
def test_a_click_on_one_opens_its_event(
    open_page: Any, html: str, at: tuple[float, float], event: str
) -> None:
    opened = open_page(html, fragment="#asides=on")
    page = opened.page
    page.mouse.click(*place_on_screen(page, *at))
    opened.wait_until(f"geomap.state().event === '{event}'")
    opened.assert_quiet()


def test_a_country_has_a_label_that_can_be_clicked(open_page: Any, html: str) -> None:
    opened = open_page(html, fragment="#asides=on")
    x, y = place_on_screen(opened.page, 29.9, 53.9)
    for move in (0, 26, -26, 52, -52):
        opened.page.mouse.click(x, y + move)
        opened.page.wait_for_timeout(80)
        if opened.page.evaluate("geomap.state().event") == "bridge":
            return
    pytest.fail("no label of a country opens its event")


def test_a_filter_takes_them_with_their_event(open_page: Any, html: str) -> None:
    page = open_page(html, fragment="#asides=on").page
    page.evaluate("geomap.set({filters: {type: ['migration']}})")
    assert ink(page) == 0


def test_hostile_names_stay_letters(open_page: Any) -> None:
    hostile = [row | {"label": HOSTILE, "role": "mentioned"} for row in ASIDES]
    opened = open_page(page_with(*hostile, hostile[0] | {"role": HOSTILE}), fragment="#asides=on&tab=legend")
    assert ink(opened.page) > 300
    assert "Grey and hollow" in opened.page.locator(".gm-legend-box").inner_text()
    opened.page.wait_for_timeout(100)
    opened.assert_quiet()
