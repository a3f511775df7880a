"""The page on phones and in frames of other pages: nothing is cut off, a finger hits what it means."""

from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.enable_socket  # Playwright talks to its browser through a local socket

# What can be used: [name, width, height]; a box in a label is as large as the label. WCAG 2.2 asks for 24 pixels.
TOO_SMALL = """() => [...document.querySelectorAll(
    "a[href], button, input, select, summary, [role=slider], [role=row], [role=tab]"
)].filter((element) => element.checkVisibility({visibilityProperty: true}) && !element.matches(".gm-skip"))
    .map((element) => [element, (element.closest("label") ?? element).getBoundingClientRect()])
    .filter(([, {width, height}]) => width < 23.9 || height < 23.9)
    .map(([element, {width, height}]) => `${element.outerHTML.slice(0, 90)} ${width}x${height}`)"""
# What is seen and reaches beyond the screen, but for what something else cuts off, and the map.
BEYOND = """() => {
    const isCut = (element) => {
        for (let at = element.parentElement; at && at !== document.body; at = at.parentElement)
            if (getComputedStyle(at).overflowX !== "visible") return true;
        return false;
    };
    return [...document.querySelectorAll("body *")].filter((element) => {
        if (element.matches(".gm-offscreen, .gm-skip, option") || isCut(element)) return false;
        if (!element.checkVisibility({visibilityProperty: true})) return false;
        const {left, right, width} = element.getBoundingClientRect();
        return width > 0 && (left < -1 || right > innerWidth + 1);
    }).map((element) => element.outerHTML.slice(0, 90));
}"""


def touch(open_page: Any, html: str, width: int, height: int, **options: Any) -> Any:
    return open_page(html, width=width, height=height, has_touch=True, is_mobile=True, **options)


@pytest.mark.parametrize("width", [320, 360, 390, 600, 820])
def test_nothing_is_wider_than_the_screen_and_all_is_large_enough_for_a_finger(
    open_page: Any, union_state_html: str, width: int
) -> None:
    opened = touch(open_page, union_state_html, width, 844)
    page = opened.page
    states = [
        {},
        {"tab": "filters", "filters": {"text": "the", "type": ["strike"]}, "time": ["2021-11-01", None]},
        {"tab": "legend"},
        {"event": "grodno-airborne-drill"},
    ]
    for state in states:
        page.evaluate("state => geomap.set(state)", state)
        if state:
            page.evaluate("document.querySelector('.gm-side').dataset.sheet = 'up'")
        page.wait_for_timeout(250)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(BEYOND) == [], state
        assert page.evaluate(TOO_SMALL) == [], state
    page.evaluate("geomap.set({event: null})")
    page.locator(".gm-menu > summary").tap()
    assert page.evaluate(BEYOND) == []
    assert page.evaluate(TOO_SMALL) == []
    opened.assert_quiet()


@pytest.mark.parametrize(
    ("width", "height"),
    [(1024, 768), (900, 700), (700, 900), (600, 900), (844, 390), (780, 1000), (390, 844), (320, 568)],
)
def test_all_tools_of_time_are_in_sight(open_page: Any, sample_html: str, width: int, height: int) -> None:
    page = open_page(sample_html, width=width, height=height).page
    frame = page.locator(".gm-time").bounding_box()
    tools = page.locator(".gm-time-tools :is(button, input, select):visible")
    assert tools.count() >= 6
    boxes = [tool.bounding_box() for tool in tools.all()] + [page.locator(".gm-chart").bounding_box()]
    for box in boxes:
        assert box["x"] >= frame["x"]
        assert box["x"] + box["width"] <= frame["x"] + frame["width"]
        assert box["y"] >= frame["y"]
        assert box["y"] + box["height"] <= frame["y"] + frame["height"]
    assert max(box["y"] + box["height"] for box in boxes[:-1]) <= boxes[-1]["y"] + 1
    assert page.locator(".folium-map").bounding_box()["height"] >= 180


def test_the_sheet_is_pulled_up_and_down(open_page: Any, sample_html: str) -> None:
    opened = touch(open_page, sample_html, 390, 844)
    page = opened.page
    before = page.locator(".folium-map").bounding_box()
    handle = page.locator(".gm-sheet-handle")
    search = page.get_by_role("searchbox", name="Search the events")

    def check(expanded: bool) -> None:
        page.wait_for_timeout(250)  # the sheet slides
        assert handle.get_attribute("aria-expanded") == str(expanded).lower()
        assert handle.get_attribute("aria-label") == ("Close the list" if expanded else "Open the list")
        assert search.is_visible() == expanded
        assert page.locator(".folium-map").bounding_box() == before
        assert page.locator(".gm-totals").is_visible()

    check(False)
    for act in (handle.tap, handle.tap, lambda: handle.press("Enter"), lambda: handle.press("Space")):
        expanded = handle.get_attribute("aria-expanded") == "true"
        act()
        check(not expanded)
    opened.assert_quiet()


def test_an_event_raises_the_sheet_and_leaves_it_as_it_was(open_page: Any, sample_html: str) -> None:
    page = touch(open_page, sample_html, 390, 844).page
    handle = page.locator(".gm-sheet-handle")
    frame = page.locator(".folium-map").bounding_box()
    [drawn] = page.evaluate("geomap.drawn('range')")
    page.touchscreen.tap(frame["x"] + drawn["px"][0], frame["y"] + drawn["px"][1])
    page.get_by_role("dialog", name="Air defence flown to the range").wait_for()
    page.get_by_role("button", name="Close", exact=True).tap()
    assert handle.get_attribute("aria-expanded") == "false"
    handle.tap()
    page.get_by_role("row").first.tap()
    page.get_by_role("button", name="Back to the list").tap()
    assert handle.get_attribute("aria-expanded") == "true"
    assert page.evaluate("document.activeElement.getAttribute('role')") == "row"


@pytest.fixture
def framed(open_page: Any, sample_html: str, tmp_path: Path) -> Any:
    """Open a page that holds the map in a frame, as a newspaper would."""

    def open_framed(width: int, height: int) -> tuple[Any, Any]:
        (tmp_path / "map.html").write_text(sample_html, encoding="utf-8")
        frame_tag = f'<iframe src="map.html#embed" width={width} height={height}></iframe>'
        opened = open_page(
            f"<!doctype html><title>News</title>{frame_tag}",
            ready="document.querySelector('iframe') !== null",
        )
        frame = opened.page.frames[1]
        for _ in range(200):
            if frame.evaluate("window.geomap !== undefined"):
                break
            opened.page.wait_for_timeout(20)
        frame.evaluate("geomap.ready")
        return opened, frame

    return open_framed


@pytest.mark.parametrize(("width", "height"), [(600, 400), (320, 240)])
def test_a_map_in_a_frame(framed: Any, width: int, height: int) -> None:
    opened, frame = framed(width, height)
    opened.page.wait_for_timeout(400)
    assert "embed" in frame.evaluate("location.hash")
    assert frame.locator("h1").inner_text() == "A border in November"
    shown = frame.locator("h1").evaluate("title => title.getBoundingClientRect().toJSON()")
    assert shown["left"] >= 0
    assert shown["right"] <= width
    # All of the map is seen, not a corner of it.
    for event in ("camp", "range", "talks"):
        x, y = frame.evaluate("id => geomap.drawn(id)[0].px", event)
        assert 0 < x < width
        assert 0 < y < height
    inks = frame.evaluate(
        """() => [...document.querySelectorAll(".folium-map canvas")].map((canvas) => {
            const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            return new Set(new Uint32Array(data.buffer)).size;
        })"""
    )
    assert min(inks) > 20
    assert frame.evaluate("document.documentElement.scrollWidth") <= width
    box = opened.page.locator("iframe").bounding_box()
    x, y = frame.evaluate("geomap.drawn('range')[0].px")
    opened.page.mouse.click(box["x"] + 2 + x, box["y"] + 2 + y)
    dialog = frame.get_by_role("dialog", name="Air defence flown to the range")
    dialog.wait_for()
    inner = dialog.evaluate("dialog => dialog.getBoundingClientRect().toJSON()")
    assert inner["left"] >= 0
    assert inner["right"] <= width
    assert inner["bottom"] <= height
    opened.page.wait_for_timeout(400)
    assert {"embed", "e=range"} <= set(frame.evaluate("location.hash").strip("#").split("&"))
    frame.get_by_role("button", name="Close", exact=True).click()
    assert not dialog.is_visible()
    assert frame.evaluate("geomap.state().embed") == "on"
    opened.page.wait_for_timeout(400)
    assert "embed" in frame.evaluate("location.hash").split("&")
    opened.assert_quiet()
