"""Arabic, Hebrew and mixed text: each name keeps its own direction and turns nothing around it."""

from typing import Any

import pytest

import sample
from geomap.render import draw_page

pytestmark = pytest.mark.enable_socket  # Playwright talks to its browser through a local socket

ARABIC = "انفجار في ميناء بيروت"
HEBREW = "תרגיל של חיל האוויר ליד חיפה"
MIXED = "Strike on بيروت (Beirut), 3 hurt"
TITLES = {"arabic": ARABIC, "hebrew": HEBREW, "mixed": MIXED}
PLACES = {"arabic": "بيروت", "hebrew": "חיפה", "mixed": "Beirut – بيروت"}

# Where the first and the last letter of a text stand, and the direction of its element.
ENDS = """element => {
    const text = element.firstChild;
    const at = (index) => {
        const range = document.createRange();
        range.setStart(text, index);
        range.setEnd(text, index + 1);
        return range.getBoundingClientRect();
    };
    const last = at(text.data.length - 1);
    const first = at(0);
    const {left, right} = element.getBoundingClientRect();
    return {first: first.left, last: last.left, sameLine: Math.abs(first.top - last.top) < 4, left, right};
}"""


@pytest.fixture
def opened(open_page: Any) -> Any:
    events = [
        sample.event(name, title, "strike", place=PLACES[name], when="12 November 2021")
        for name, title in TITLES.items()
    ]
    features = [
        sample.feature(
            f"{name}#1", row, "pin", "place", PLACES[name], lon=24 + 2 * row, lat=53.5, radius_m=900
        )
        for row, name in enumerate(TITLES)
    ]
    layers = tuple(
        sample.SceneLayer(id=name, title=title, group="Layers", events=(row,))
        for row, (name, title) in enumerate(TITLES.items())
    )
    scene = sample.sample_scene(
        title=HEBREW, subtitle=ARABIC, layers=layers, geometries=(),
        events=sample.columns(events), features=sample.columns(features),
    )  # fmt: skip
    opened = open_page(draw_page(scene), width=1360, height=860)
    yield opened
    opened.assert_quiet()


def check(locator: Any, name: str) -> None:
    """The letters run as their script does, inside their own element."""
    ends = locator.evaluate(ENDS)
    assert ends["sameLine"]
    assert (ends["first"] > ends["last"]) == (name != "mixed")
    for end in (ends["first"], ends["last"]):
        assert ends["left"] - 1 <= end <= ends["right"] + 1
    assert locator.evaluate("element => getComputedStyle(element).unicodeBidi") in ("isolate", "plaintext")


@pytest.mark.parametrize("name", TITLES)
def test_titles_and_places_in_the_list_and_the_panel(opened: Any, name: str) -> None:
    page = opened.page
    row = page.get_by_role("row", name=TITLES[name])
    check(row.locator(".gm-row-title .gm-text"), name)
    place = row.locator(".gm-row-place .gm-text")
    assert place.inner_text() == PLACES[name]
    # The time stands before the place, whatever the place's direction.
    when = row.locator(".gm-row-when").bounding_box()
    assert when["x"] + when["width"] <= place.bounding_box()["x"] + 1
    row.click()
    dialog = page.get_by_role("dialog", name=TITLES[name], exact=True)
    check(dialog.locator(".gm-card-title .gm-text"), name)
    line = dialog.locator(".gm-place")
    assert line.inner_text().startswith(f"{PLACES[name]} (")
    where, precision = (
        line.locator(".gm-text").nth(0).bounding_box(),
        line.locator(".gm-text").nth(1).bounding_box(),
    )
    assert where["x"] + where["width"] <= precision["x"] + 1


@pytest.mark.parametrize("name", TITLES)
def test_titles_in_tooltips_chips_and_layers(opened: Any, name: str) -> None:
    page = opened.page
    frame = page.locator(".folium-map").bounding_box()
    [drawn] = page.evaluate("id => geomap.drawn(id)", name)
    page.mouse.move(frame["x"] + drawn["px"][0], frame["y"] + drawn["px"][1])
    page.get_by_role("tooltip").wait_for()
    tip = page.get_by_role("tooltip").locator(".gm-text")
    assert tip.inner_text() == TITLES[name]
    check(tip, name)
    check(page.locator(".gm-layer-title .gm-text", has_text=TITLES[name]), name)
    page.evaluate("text => geomap.set({filters: {text}})", TITLES[name])
    assert page.evaluate("geomap.counts().shown") == 1
    chip = page.locator(".gm-chosen-chip")
    assert chip.locator(".gm-text").inner_text() == f"“{TITLES[name]}”"
    cross = chip.evaluate("chip => chip.getBoundingClientRect().right")
    words = chip.locator(".gm-text").bounding_box()
    assert words["x"] + words["width"] < cross - 10  # the cross stays at the end of the chip


def test_the_headline_begins_where_its_script_does(opened: Any) -> None:
    page = opened.page
    title = page.locator("h1 .gm-text")
    check(title, "hebrew")
    head = page.locator(".gm-head-words").bounding_box()
    box = title.bounding_box()
    assert box["x"] + box["width"] == pytest.approx(head["x"] + head["width"], abs=2)
