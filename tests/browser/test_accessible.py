"""The page by the rules of accessibility: axe-core finds nothing in any of its states, and all text can be read."""

from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.enable_socket  # Playwright talks to its browser through a local socket

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
PHONE = {"width": 390, "height": 844}
EVENTS = {"sample": "drop", "union-state": "grodno-airborne-drill"}
THEMES = ("light", "dark", "contrast")
CHOSEN = {"filters": {"text": "the", "max_km": 500}, "time": ["2021-11-01", None], "lens": "confirmed"}

# Each state of the page: the size of the window, the address, what is set, and what is clicked then.
STATES: dict[str, dict[str, Any]] = {
    **{
        f"{theme}, {tab}": {"set": {"theme": theme, "tab": tab}}
        for theme in THEMES
        for tab in ("events", "filters", "legend")
    },
    **{f"{theme}, event": {"set": {"theme": theme}, "address": "#e={event}"} for theme in THEMES},
    **{f"{theme}, menu": {"set": {"theme": theme}, "click": ".gm-menu > summary"} for theme in THEMES},
    **{f"{theme}, filters set": {"set": {"theme": theme, **CHOSEN}} for theme in THEMES},
    "dark, filter of a type": {"set": {"theme": "dark", "tab": "filters", "filters": {"type": ["strike"]}}},
    "nothing found": {"set": {"filters": {"text": "nothing such"}}},
    "nothing found, filters": {"set": {"filters": {"text": "nothing such"}, "tab": "filters"}},
    "nothing found, filters, dark": {"set": {"filters": {"text": "nothing such"}, "tab": "filters", "theme": "dark"}},
    "beyond the ground's detail": {"set": {"view": {"zoom": 12}}},
    "event hidden by a filter": {"set": {"filters": {"text": "nothing such"}}, "address": "#e={event}"},
    "phone, sheet down": {"size": PHONE},
    "phone, sheet up": {"size": PHONE, "click": ".gm-sheet-handle"},
    "phone, event": {"size": PHONE, "address": "#e={event}"},
    "embed": {"size": {"width": 600, "height": 440}, "address": "#embed"},
    "embed, event": {"size": {"width": 600, "height": 440}, "address": "#embed&e={event}"},
}  # fmt: skip

# Text against what lies behind it, by the formula of WCAG 2.2; axe leaves undecided what lies over something
# else. Gives what is too faint; the ground is the nearest background that hides all behind it.
TOO_FAINT = r"""() => {
    const rgba = (text) => {
        const [r, g, b, a = 1] = text.match(/[\d.]+/g).map(Number);
        return [r, g, b, a];
    };
    const over = ([r, g, b, a], under) => [r, g, b].map((own, i) => own * a + under[i] * (1 - a));
    const luminance = (colour) => {
        const linear = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
        const [r, g, b] = colour.map((own) => linear(own / 255));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const groundOf = (element) => {
        const colours = [];
        for (let at = element; at; at = at.parentElement) {
            const colour = rgba(getComputedStyle(at).backgroundColor);
            if (colour[3] > 0) colours.push(colour);
            if (colour[3] === 1) break;
        }
        return colours.reverse().reduce((under, colour) => over(colour, under), [255, 255, 255]);
    };
    const found = [];
    const check = (element, colour, words) => {
        const ground = groundOf(element);
        const [a, b] = [luminance(over(rgba(colour), ground)), luminance(ground)].sort((x, y) => y - x);
        const ratio = (a + 0.05) / (b + 0.05);
        if (ratio < 4.5) found.push(`${ratio.toFixed(2)} ${element.className} ${words}`);
    };
    const isSeen = (element) => element.checkVisibility({visibilityProperty: true, opacityProperty: true});
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        const words = walker.currentNode.data.trim();
        if (!words || element.closest("script, style, noscript, .gm-offscreen") || !isSeen(element)) continue;
        check(element, getComputedStyle(element).color, words);
    }
    for (const box of document.querySelectorAll("input"))
        if (isSeen(box) && box.placeholder) check(box, getComputedStyle(box, "::placeholder").color, box.placeholder);
    return found;
}"""


@pytest.fixture(scope="session")
def axe() -> str:
    """The text of axe-core; the test runs it beside the page's scripts, which the page's policy would not."""
    if not AXE.exists():
        pytest.fail("these tests need axe-core: run `make types` or `npm install`", pytrace=False)
    return AXE.read_text(encoding="utf-8")


def violations(page: Any, axe: str) -> list[str]:
    """Tell every rule that the page breaks, and where; none is too small to count."""
    page.evaluate(axe)
    broken = page.evaluate(
        "axe.run(document, {resultTypes: ['violations']}).then(({violations}) => violations)"
    )
    return [
        f"{rule['impact']} {rule['id']}: {node['html'][:160]}"
        for rule in broken
        for node in rule["nodes"]
    ]  # fmt: skip


@pytest.fixture(params=EVENTS)
def map_name(request: pytest.FixtureRequest) -> str:
    """A made-up map, and a real one."""
    return str(request.param)


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(
    open_page: Any, sample_html: str, union_state_html: str, map_name: str, axe: str, state: str
) -> None:
    what = STATES[state]
    html = {"sample": sample_html, "union-state": union_state_html}[map_name]
    opened = open_page(
        html, fragment=what.get("address", "").format(event=EVENTS[map_name]), **what.get("size", {})
    )
    page = opened.page
    page.evaluate("change => geomap.set(change)", what.get("set", {}))
    if "click" in what:
        page.locator(what["click"]).click()
    page.wait_for_timeout(250)  # a sheet slides up
    assert violations(page, axe) == []
    assert page.evaluate(TOO_FAINT) == []
    opened.assert_quiet()


def test_axe_finds_nothing_in_a_list_of_events_of_one_place(
    open_page: Any, sample_html: str, axe: str
) -> None:
    opened = open_page(sample_html)
    page = opened.page
    [badge] = page.evaluate("geomap.drawn('convoy')")
    frame = page.locator(".folium-map").bounding_box()
    page.mouse.click(frame["x"] + badge["px"][0], frame["y"] + badge["px"][1])
    page.get_by_role("dialog", name="2 events here").wait_for()
    assert violations(page, axe) == []
    opened.assert_quiet()


def test_axe_itself_runs_here(open_page: Any, sample_html: str, axe: str) -> None:
    page = open_page(sample_html).page
    page.evaluate("document.querySelector('.gm-search').removeAttribute('aria-label')")
    page.evaluate("document.querySelector('.gm-search').removeAttribute('placeholder')")
    page.evaluate("document.querySelector('.gm-totals').style.color = '#aaa'")
    assert any("label" in rule for rule in violations(page, axe))
    assert any("events" in words for words in page.evaluate(TOO_FAINT))


def test_signs_stay_in_sight_where_the_device_chooses_all_colours(open_page: Any, sample_html: str) -> None:
    page = open_page(sample_html, forced_colors="active").page
    faint = page.evaluate(
        """() => [...document.querySelectorAll(".gm-icon, .gm-handle")].filter((element) => {
            const ground = getComputedStyle(element.closest("section")).backgroundColor;
            return getComputedStyle(element, "::before").backgroundColor === ground;
        }).length"""
    )
    assert faint == 0
