"""What the page leaves alone: nothing jumps while it opens, and what a reader's device asks for is done."""

from typing import Any

import pytest

pytestmark = pytest.mark.enable_socket  # Playwright talks to its browser through a local socket

WATCH = """window.shifts = [];
new PerformanceObserver((list) => {
    for (const entry of list.getEntries())
        window.shifts.push([entry.value, entry.sources.map(({node}) => node?.className ?? String(node))]);
}).observe({type: "layout-shift", buffered: true});"""


# Notes each class that Leaflet gives to what glides; a glance could come too late.
NOTE_GLIDES = """() => {
    window.glides = [];
    new MutationObserver((changes) => {
        for (const {target} of changes)
            if (/leaflet-(pan|zoom)-anim/.test(target.className)) window.glides.push(target.className);
    }).observe(document.querySelector(".leaflet-container"), {subtree: true, attributeFilter: ["class"]});
    document.querySelector(".leaflet-container").focus();
}"""


@pytest.mark.parametrize(("width", "height"), [(1360, 860), (1024, 768), (900, 700), (390, 844), (320, 568)])
@pytest.mark.parametrize(
    "fragment", ["", "#e=grodno-airborne-drill", "#embed", "#theme=dark&type=strike&tab=filters"]
)
def test_nothing_jumps_while_the_page_opens(
    open_page: Any, union_state_html: str, width: int, height: int, fragment: str
) -> None:
    # `buffered` gives the watcher what was before it.
    opened = open_page(union_state_html, width=width, height=height, fragment=fragment)
    opened.page.wait_for_timeout(500)
    opened.page.evaluate(WATCH)
    opened.page.wait_for_timeout(50)
    shifts = opened.page.evaluate("shifts")
    assert sum(value for value, _ in shifts) < 0.01, shifts


@pytest.mark.parametrize(
    ("asked", "theme", "words"),
    [
        ({"color_scheme": "light"}, "light", "light"),
        ({"color_scheme": "dark"}, "dark", "dark"),
        ({"contrast": "more"}, "contrast", "light"),
        ({"color_scheme": "dark", "contrast": "more"}, "contrast", "light"),
    ],
)
def test_the_theme_is_the_devices(
    open_page: Any, sample_html: str, asked: dict[str, str], theme: str, words: str
) -> None:
    opened = open_page(sample_html, **asked)
    page = opened.page
    assert page.evaluate("geomap.state().theme") == "auto"
    assert page.evaluate("document.documentElement.dataset.theme") == theme
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == words
    page.evaluate("geomap.set({theme: 'light'})")
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    opened.assert_quiet()


def test_a_device_that_changes_its_mind_is_followed(open_page: Any, sample_html: str) -> None:
    opened = open_page(sample_html, color_scheme="light")
    page = opened.page
    ink = "getComputedStyle(document.querySelector('.gm-timeline')).color"
    bright = """() => {
        const canvas = document.querySelector(".gm-histogram");
        const {data} = canvas.getContext("2d").getImageData(0, canvas.height - 12, canvas.width, 12);
        let most = 0;
        for (let i = 0; i < data.length; i += 4) if (data[i + 3] > 200) most = Math.max(most, data[i]);
        return most;
    }"""
    before, dull = page.evaluate(ink), page.evaluate(bright)
    page.emulate_media(color_scheme="dark")
    opened.wait_until("document.documentElement.dataset.theme === 'dark'")
    assert page.evaluate(ink) != before
    assert page.evaluate(bright) > dull + 50  # the words of the axis are written anew
    page.emulate_media(color_scheme="light")
    opened.wait_until("document.documentElement.dataset.theme === 'light'")


def test_nothing_glides_for_who_asks_for_less_motion(open_page: Any, sample_html: str) -> None:
    opened = open_page(sample_html, width=390, height=844, reduced_motion="reduce")
    page = opened.page
    moving = """() => [...document.querySelectorAll("*")].filter((element) => {
        const {transitionDuration, animationName} = getComputedStyle(element);
        return transitionDuration.split(",").some((time) => parseFloat(time) > 0) || animationName !== "none";
    }).map((element) => element.className)"""
    assert page.evaluate(moving) == []
    page.evaluate(NOTE_GLIDES)
    for key in ("ArrowRight", "+", "-", "ArrowDown"):
        page.keyboard.press(key)
        assert page.evaluate("document.getAnimations().length") == 0, key
    page.locator(".leaflet-control-zoom-in").click()
    page.wait_for_timeout(100)
    assert page.evaluate("glides") == []
    page.locator(".gm-sheet-handle").click()
    assert page.evaluate("document.getAnimations().length") == 0
    opened.assert_quiet()


def test_the_map_still_glides_for_others(open_page: Any, sample_html: str) -> None:
    opened = open_page(sample_html, reduced_motion="no-preference")
    opened.page.evaluate(NOTE_GLIDES)
    opened.page.keyboard.press("ArrowRight")
    opened.wait_until("glides.length > 0")
