"""The map of all five stories in a real browser: what is drawn for each event, and that people can use it."""

from pathlib import Path
from typing import Any

import pytest

from geomap import pipeline

pytestmark = pytest.mark.enable_socket  # Playwright talks to its browser through a local socket

MAPS = Path(__file__).parents[2] / "maps"

# What the page must draw, by the number of the story's event: each place that is drawn, in order. A stretch
# of border with a depth on one side is an area, one without is a line; a country is a badge; nothing is a
# point but what is known as a place. A way between two points is a line besides, with one end known a stub.
SHAPES = {
    "E01": ["area"], "E02": ["area"], "E03": ["badge", "area"], "E04": ["area"], "E05": ["area"],
    "E06": ["line"], "E07": ["line"], "E08": ["area"], "E09": ["line"], "E10": ["area"], "E11": ["area"],
    "E12": ["area"], "E13": ["ring"], "E14": ["badge"], "E15": [], "E16": [], "E17": [],
    "E18": ["badge"], "E19": ["pin", "pin", "line"], "E20": ["line", "line", "line"], "E21": [], "E22": ["line"],
    "E23a": [], "E23b": [], "E23c": ["pin"], "E23d": [], "E23e": ["pin"], "E30": ["badge", "badge"],
    "E31": ["pin", "badge", "stub"], "E32": ["area"], "E33": ["area"], "E34": ["area"], "E35": ["area"],
    "E36": [], "E40": ["badge"], "E41": ["badge"], "E42": ["pin"], "E43": ["badge"], "E44": ["badge"],
    "E45": ["pin"], "E46": [], "E47": [], "E48": ["pin"], "E49": [],
}  # fmt: skip
LAYERS = {"deployments": 8, "exercises": 2, "air": 4, "strikes": 6, "border": 8, "statements": 16}


@pytest.fixture(scope="module")
def built() -> pipeline.BuildResult:
    return pipeline.build(MAPS / "union-state", formats=["html"])


@pytest.fixture(scope="module")
def ids(built: pipeline.BuildResult) -> dict[str, str]:
    """Event ids by the number of the story's event."""
    columns = built.project.table.columns
    return {
        tag.removeprefix("seed:"): event_id
        for event_id, tags in zip(columns["event_id"], columns["tags"], strict=True)
        for tag in tags
        if tag.startswith("seed:")
    }


@pytest.fixture
def opened(open_page: Any, built: pipeline.BuildResult) -> Any:
    opened = open_page(built.contents["index.html"].decode(), width=1360, height=860)
    yield opened
    opened.assert_quiet()


def test_every_event_is_drawn_as_the_shape_that_its_place_is_known_by(
    opened: Any, ids: dict[str, str]
) -> None:
    assert set(ids) == set(SHAPES)
    drawn = {
        number: [item["shape"] for item in opened.page.evaluate("id => geomap.drawn(id)", event_id)]
        for number, event_id in ids.items()
    }
    assert drawn == SHAPES


def test_point_symbols_stand_for_places_only(opened: Any, ids: dict[str, str]) -> None:
    for event_id in ids.values():
        for item in opened.page.evaluate("id => geomap.drawn(id)", event_id):
            is_point = item["precision"] in ("exact", "place", "vicinity")
            assert (item["shape"] in ("pin", "ring")) == is_point, (event_id, item)


def test_the_ashuluk_range_is_as_wide_as_it_may_be(opened: Any, ids: dict[str, str]) -> None:
    pin = opened.page.evaluate("id => geomap.drawn(id)", ids["E31"])[0]
    west, south, east, north = pin["bbox"]
    assert north - south > 2 * 20 / 111.2  # a ring of at least 20 km
    assert west < 47.93 < east


def test_counts_agree_with_the_table(opened: Any, built: pipeline.BuildResult) -> None:
    counts = opened.page.evaluate("geomap.counts()")
    assert counts == {
        "total": len(SHAPES),
        "shown": len(SHAPES),
        "unlocated": sum(not shapes for shapes in SHAPES.values()),
        "undated": 0,
        "layers": LAYERS,
    }
    ways = 2  # of E19 and E31
    assert built.summary.features == sum(map(len, SHAPES.values())) - ways


def test_each_layer_switches_off_what_it_counts(opened: Any) -> None:
    page = opened.page
    for layer, count in LAYERS.items():
        page.evaluate("id => geomap.set({layers: {[id]: false}})", layer)
        assert page.evaluate("geomap.counts().shown") == len(SHAPES) - count
        box = page.get_by_role("checkbox").nth(list(LAYERS).index(layer))
        assert not box.is_checked()
        box.click()
        assert page.evaluate("geomap.counts().shown") == len(SHAPES)


def test_every_event_opens_and_says_when_and_who(opened: Any, built: pipeline.BuildResult) -> None:
    columns, page = built.project.table.columns, opened.page
    for event_id, rows in built.project.table.event_rows.items():
        page.evaluate("id => geomap.set({event: id})", event_id)
        text = page.locator("[role=dialog]").inner_text()
        assert columns["title"][rows.start] in text
        assert columns["when_label"][rows.start] in text
        for claimant in columns["claimants"][rows.start]:
            assert claimant in text, (event_id, claimant)


@pytest.mark.parametrize("number", ["E13", "E42", "E01", "E32", "E14", "E23c"])
def test_a_click_on_the_map_opens_the_event(
    opened: Any, built: pipeline.BuildResult, ids: dict[str, str], number: str
) -> None:
    page, event_id = opened.page, ids[number]
    lon, lat = {"E23c": (2.35, 48.85)}.get(number, (None, None))
    if lon is not None:
        page.evaluate("([lon, lat]) => geomap.set({view: {lon, lat, zoom: 6}})", [lon, lat])
    x, y = page.evaluate("id => geomap.drawn(id)", event_id)[0]["px"]
    frame = page.locator(".leaflet-container").bounding_box()
    page.mouse.click(frame["x"] + x, frame["y"] + y)
    opened.wait_until("document.querySelector('[role=dialog] h2') !== null")
    columns = built.project.table.columns
    title = columns["title"][built.project.table.event_rows[event_id].start]
    assert title in page.locator("[role=dialog]").inner_text()


def test_what_is_no_point_stands_in_the_side_list(opened: Any, built: pipeline.BuildResult) -> None:
    columns = built.project.table.columns
    listed = opened.page.locator("body").inner_text()
    for event_id, rows in built.project.table.event_rows.items():
        if not any(columns["precision"][row] in ("exact", "place", "vicinity") for row in rows):
            assert columns["title"][rows.start] in listed, event_id


def test_the_legend_says_whose_borders_are_drawn(opened: Any) -> None:
    opened.page.get_by_role("tab", name="Legend").click()
    assert "General Assembly resolution 68/262" in opened.page.locator("body").inner_text()


def test_an_event_opens_at_its_place_from_anywhere(opened: Any, built: pipeline.BuildResult) -> None:
    columns, page = built.project.table.columns, opened.page
    for event_id, rows in built.project.table.event_rows.items():
        if columns["lon"][rows.start] is None:
            continue
        page.evaluate("geomap.set({event: null, view: {lon: -150, lat: -40, zoom: 9}})")
        page.evaluate("id => geomap.set({event: id})", event_id)
        x, y = page.evaluate("id => geomap.drawn(id)", event_id)[0]["px"]
        frame = page.locator(".leaflet-container").bounding_box()
        assert 0 <= x <= frame["width"], event_id
        assert 0 <= y <= frame["height"], event_id
        state = page.evaluate("geomap.state()")
        assert state["view"]["lon"] > -100, event_id


def test_an_event_that_nobody_is_named_for_is_the_reports_own(opened: Any, ids: dict[str, str]) -> None:
    opened.page.evaluate("id => geomap.set({event: id})", ids["E20"])
    assert "in its own voice" in opened.page.locator("[role=dialog]").inner_text()


def test_the_list_is_where_it_was_after_an_event(opened: Any) -> None:
    page = opened.page
    row = page.locator("[role=row]").nth(30)
    row.scroll_into_view_if_needed()
    before = page.locator(".gm-results").evaluate("list => list.scrollTop")
    row.click()
    opened.wait_until("document.querySelector('[role=dialog] h2') !== null")
    page.keyboard.press("Escape")
    assert before > 0
    assert page.locator(".gm-results").evaluate("list => list.scrollTop") == before
    assert page.evaluate("document.activeElement.getAttribute('role')") == "row"


@pytest.mark.parametrize(
    ("text", "least"),
    [("Tu-160", 1), ("Гродзенская", 1), ("kuznica", 1), ("KUŹNICA", 1), ("nothing such", 0)],
)
def test_a_text_filter_finds_names_in_any_spelling(opened: Any, text: str, least: int) -> None:
    opened.page.evaluate("text => geomap.set({filters: {text}})", text)
    shown = opened.page.evaluate("geomap.counts().shown")
    assert (shown >= least) if least else shown == 0


def test_a_map_opens_at_the_centre_and_zoom_of_its_config(open_page: Any, write_project: Any) -> None:
    project = write_project(
        "schema: 1\ntitle: A\nevents: [events.yaml]\nview: {center: [27.5, 53.9], zoom: 7}\n"
    )
    page = open_page(pipeline.build(project).contents["index.html"].decode()).page
    view = page.evaluate("geomap.state().view")
    assert (round(view["lon"], 2), round(view["lat"], 2), view["zoom"]) == (27.5, 53.9, 7)


def test_a_browser_that_cannot_open_the_data_says_so(
    browser: Any, built: pipeline.BuildResult, tmp_path: Path
) -> None:
    file = tmp_path / "page.html"
    file.write_bytes(built.contents["index.html"])
    context = browser.new_context(offline=True)
    context.add_init_script("delete window.DecompressionStream")
    page = context.new_page()
    page.goto(file.as_uri())
    page.wait_for_selector("[role=alert]")
    assert "browser of 2023 or newer" in page.locator("[role=alert]").inner_text()
    assert page.evaluate("geomap.ready.then(() => 'ready', () => 'not ready')") == "not ready"
    context.close()


@pytest.mark.parametrize("text", ["grodno", "GRODNO", "Гродно", "Гродна", "hrodna"])
def test_a_search_finds_a_place_under_any_of_its_names(open_page: Any, write_project: Any, text: str) -> None:
    project = write_project(
        "schema: 1\ntitle: A\nevents: [events.yaml]\n",
        "schema: 1\nsources: {s: {publisher: P}}\nevents:\n"
        "  - {id: one, type: unrest, title: A crowd, where: Гродна, sources: [s]}\n"
        "  - {id: two, type: unrest, title: Another, where: Minsk, sources: [s]}\n",
    )
    opened = open_page(pipeline.build(project, formats=["html"]).contents["index.html"].decode())
    opened.page.evaluate("text => geomap.set({filters: {text}})", text)
    assert opened.page.evaluate("geomap.counts().shown") == 1
    assert [item["shape"] for item in opened.page.evaluate("geomap.drawn('one')")] == ["pin"]
