"""The page on paper: one sheet that can be read alone, and a page that is afterwards as it was before."""

import re
from pathlib import Path
from typing import Any

import pytest

from map_on_screen import count_colours

pytestmark = pytest.mark.enable_socket  # Playwright talks to its browser through a local socket

CHANGE = (
    "geomap.set({theme: 'dark', time: ['2021-11-01', null], filters: {type: ['exercise', 'deployment']}})"
)
LOOK = """() => JSON.stringify([
    geomap.state(), document.documentElement.className, document.documentElement.dataset.theme, location.hash,
    [...document.querySelectorAll("canvas")].map((canvas) => [canvas.width, canvas.height]),
    [...document.querySelectorAll("body > *")].map((element) => element.getBoundingClientRect()),
])"""


def count_pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def image_sizes(pdf: bytes) -> list[tuple[int, int]]:
    found = re.findall(rb"/Subtype /Image\s*/Width (\d+)\s*/Height (\d+)", pdf)
    return [(int(width), int(height)) for width, height in found]


@pytest.mark.parametrize("paper", ["A4", "Letter"])
@pytest.mark.parametrize("landscape", [False, True])
@pytest.mark.parametrize("size", [(1360, 860), (390, 844)])
def test_a_map_fits_on_one_sheet(
    open_page: Any, union_state_html: str, paper: str, landscape: bool, size: tuple[int, int]
) -> None:
    opened = open_page(union_state_html, width=size[0], height=size[1])
    page = opened.page
    page.evaluate(CHANGE)
    page.wait_for_timeout(400)
    before = page.evaluate(LOOK)
    pdf = page.pdf(format=paper, landscape=landscape)
    assert count_pages(pdf) == 1
    # The map is there as pixels, nearly three for each of the screen's: 186 mm at 96 dots an inch are 703.
    assert max(width for width, _ in image_sizes(pdf)) >= 3 * 703
    page.wait_for_timeout(400)
    assert page.evaluate(LOOK) == before
    opened.assert_quiet()


@pytest.fixture
def printed(open_page: Any, sample_html: str) -> Any:
    """A page as it is while it is being printed."""
    opened = open_page(sample_html, width=800, height=1100)
    opened.page.evaluate(CHANGE)
    opened.page.emulate_media(media="print")
    opened.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    return opened


def test_the_sheet_can_be_read_alone(printed: Any) -> None:
    page = printed.page
    text = page.locator("body").inner_text()
    for words in (
        "A border in November",
        "Movements, claims and denials",
        "Filters: Exercise · Deployment · 1 Nov 2021 – …",
        "of 13 events",
        "What happened",
        "How the place is known",
        "as drawn by the United Nations",
        "Places: GeoNames, CC BY 4.0",
    ):
        assert words in text
    assert page.locator(".leaflet-control-scale-line").first.is_visible()
    for gone in (".gm-tools", ".gm-time", ".gm-side", ".leaflet-control-zoom"):
        assert not page.locator(gone).is_visible()


def test_the_map_has_ink_and_paper_is_light(printed: Any) -> None:
    page = printed.page
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert count_colours(page) > 200
    covered = page.evaluate("[...document.querySelectorAll('.gm-copied')].map(canvas => canvas.width)")
    assert len(covered) == 4
    assert min(covered) > 3 * 700


def test_the_map_on_paper_shows_what_it_showed(open_page: Any, sample_html: str) -> None:
    for width, height in ((1360, 860), (390, 844)):
        page = open_page(sample_html, width=width, height=height).page
        before = {
            event: page.evaluate("id => geomap.drawn(id)[0].px", event)
            for event in ("talks", "camp", "range")
        }
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        frame = page.locator(".folium-map").bounding_box()
        for event in before:
            x, y = page.evaluate("id => geomap.drawn(id)[0].px", event)
            # 23 pixels at the top and the bottom are cut off where the paper lies across.
            assert 0 <= x <= frame["width"]
            assert 23 <= y <= frame["height"] - 23
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        after = {event: page.evaluate("id => geomap.drawn(id)[0].px", event) for event in before}
        assert after == before


def test_printing_twice_leaves_one_sheet_and_then_none(
    open_page: Any, sample_html: str, tmp_path: Path
) -> None:
    page = open_page(sample_html, fragment="#embed", width=600, height=400).page
    for _ in range(2):
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.locator(".gm-print").count() == 1
    assert page.locator(".gm-subtitle").is_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".gm-print, .gm-copied").count() == 0
    assert not page.locator(".gm-subtitle").is_visible()
