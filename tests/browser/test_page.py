"""The page in a real browser: what is drawn, what a click opens, what the door answers."""

from typing import Any

import pytest

import sample
from geomap.render import draw_page, to_folium
from geomap.render.leaflet_assets import read_leaflet
from map_on_screen import count_colours, on_screen

# Playwright talks to the browser that it started over local sockets; the page itself is offline.
pytestmark = pytest.mark.enable_socket


SHAPES = {
    "drop": ["area"],
    "bridge": ["pin"],
    "camp": ["ring"],
    "gathering": ["line"],
    "strip": ["line"],
    "patrol": ["area"],
    "convoy": ["badge"],
    "warning": [],
    "undated": ["pin"],
    "talks": ["pin"],
    "force": ["badge"],
    "range": ["pin"],
    "toward": ["stub"],
}


@pytest.fixture(scope="module")
def html() -> str:
    return draw_page(sample.sample_scene())


@pytest.fixture
def opened(open_page: Any, html: str) -> Any:
    return open_page(html)


def proof_text(page: Any) -> str:
    return str(page.locator("[role=dialog]").inner_text())


def test_the_page_opens_without_a_request_an_error_or_a_policy_violation(opened: Any) -> None:
    opened.page.wait_for_timeout(200)
    opened.assert_quiet()
    assert opened.page.evaluate("performance.getEntriesByName('geomap:ready').length") == 1


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_the_map_has_a_size_and_ink(open_page: Any, html: str, width: int, height: int) -> None:
    opened = open_page(html, width=width, height=height)
    box = opened.page.locator(".folium-map").bounding_box()
    assert box["width"] >= 0.7 * min(width, 700)
    assert box["height"] > 400
    assert count_colours(opened.page) > 200
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= width
    opened.assert_quiet()


def test_every_feature_is_drawn_in_its_own_way(opened: Any) -> None:
    for event_id, shapes in SHAPES.items():
        drawn = opened.page.evaluate("id => geomap.drawn(id)", event_id)
        assert [entry["shape"] for entry in drawn] == shapes, event_id
    assert opened.page.evaluate("geomap.drawn('nobody')") == []


def test_a_ring_reaches_as_far_as_its_radius(opened: Any) -> None:
    [ring] = opened.page.evaluate("geomap.drawn('camp')")
    west, south, east, north = ring["bbox"]
    # 12 km are 0.1079 degrees of latitude; along the parallel of 53 N they are 1 / cos(53) as many.
    assert north - 53.0 == pytest.approx(0.1079, abs=0.001)
    assert 53.0 - south == pytest.approx(0.1079, abs=0.001)
    assert (east - west) / 2 == pytest.approx(0.1793, abs=0.001)


def test_pins_of_one_place_can_each_be_clicked(opened: Any) -> None:
    [first] = opened.page.evaluate("geomap.drawn('bridge')")
    [second] = opened.page.evaluate("geomap.drawn('undated')")
    distance = sum((a - b) ** 2 for a, b in zip(first["px"], second["px"], strict=True)) ** 0.5
    assert 8 <= distance <= 28


@pytest.mark.parametrize("event_id", [event_id for event_id, shapes in SHAPES.items() if shapes])
def test_a_click_on_a_feature_opens_its_event(opened: Any, event_id: str) -> None:
    page = opened.page
    [drawn] = page.evaluate("id => geomap.drawn(id)", event_id)
    page.mouse.click(*on_screen(page, drawn["px"]))
    opened.wait_until("document.querySelector('[role=dialog] h2') !== null")
    title = next(row["title"] for row in sample.EVENTS if row["id"] == event_id)
    assert title in proof_text(page)
    opened.assert_quiet()


def test_events_that_share_a_label_are_listed_and_each_opens(opened: Any) -> None:
    page = opened.page
    [badge] = page.evaluate("geomap.drawn('convoy')")
    page.mouse.click(*on_screen(page, badge["px"]))
    assert "2 events here" in proof_text(page)
    page.locator("[role=dialog] button", has_text="Joint force announced").click()
    assert page.evaluate("geomap.state().event") == "force"
    assert "announced" in proof_text(page)


def test_the_proof_says_who_claims_who_denies_and_from_which_source(opened: Any) -> None:
    page = opened.page
    page.evaluate("geomap.set({event: 'drop'})")
    text = proof_text(page)
    for words in (
        "Paratroopers drop in the Grodno region",
        "Exercise: airborne drop",
        "12 November 2021",
        "Grodno Region",
        "region",
        "Who says so",
        "justifies it",
        "tests the readiness",
        "Who denies it",
        "There was no reason",
        "does not claim it",
        "troops: 250",
        "Il-76",
        "Morning Wire",
        "date line",
        "news.example.org",
        "javascript:alert(1)",
        "in response to",
        "Explosion damages a bridge",
    ):
        assert words in text
    links = page.eval_on_selector_all("[role=dialog] a", "links => links.map(a => [a.href, a.rel, a.target])")
    assert links == [["https://news.example.org/a?b=1", "noopener noreferrer nofollow", "_blank"]]
    page.locator("[role=dialog] button", has_text="Explosion damages").click()
    assert page.evaluate("geomap.state().event") == "bridge"


def test_an_event_without_a_place_opens_from_the_list(opened: Any) -> None:
    page = opened.page
    page.locator("#geomap-side [role=row]", has_text="Minister warns").focus()
    page.keyboard.press("Enter")
    opened.wait_until("document.querySelector('[role=dialog] h2') !== null")
    assert "No place on the map" in proof_text(page)
    assert page.evaluate("document.activeElement.className") == "gm-card-title"
    page.keyboard.press("Escape")
    assert not page.locator("[role=dialog]").is_visible()
    assert page.evaluate("geomap.state().event") is None
    assert "Minister warns" in page.evaluate("document.activeElement.textContent")


def test_every_layer_switches_its_events_off_and_on(opened: Any) -> None:
    page = opened.page
    before = page.evaluate("geomap.counts()")
    assert before == {
        "total": 13,
        "shown": 13,
        "unlocated": 1,
        "undated": 1,
        "layers": {"military": 7, "people": 2, "strikes": 2, "talk": 2},
    }
    for row, (layer_id, size) in enumerate(before["layers"].items()):
        box = page.locator(".gm-layer input").nth(row)
        box.uncheck()
        counts = page.evaluate("geomap.counts()")
        assert counts["shown"] == 13 - size
        assert counts["layers"] == before["layers"]
        assert page.evaluate("geomap.state().layers")[layer_id] is False
        assert page.locator(".gm-clear").is_visible()
        box.check()
        assert page.evaluate("geomap.counts()") == before
    page.evaluate("geomap.set({layers: {people: false}})")
    assert not page.locator(".gm-layer input").nth(1).is_checked()
    assert page.evaluate("geomap.drawn('gathering')") == []


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        ({"filters": {"type": ["strike"]}}, {"bridge", "undated"}),
        (
            {"filters": {"type": ["strike", "diplomacy"], "status": ["disputed", "corroborated"]}},
            {"bridge", "talks"},
        ),
        ({"filters": {"actor": ["Ministry of Defence"]}}, {"drop"}),
        ({"filters": {"source": ["s2"]}}, {"drop"}),
        ({"filters": {"precision": ["vicinity", "none"]}}, {"camp", "warning"}),
        ({"filters": {"text": "GRÓDNO drop"}}, {"drop"}),
        ({"filters": {"max_km": 10}}, {"bridge", "undated", "talks", "warning"}),
        ({"time": ["2021-11-10", "2021-11-11"]}, {"bridge", "gathering", "patrol"}),
        ({"time": ["2022-01-01", None]}, {"convoy", "force"}),
    ],
)
def test_filters_and_time_choose_events(opened: Any, change: dict[str, Any], shown: set[str]) -> None:
    page = opened.page
    page.evaluate("change => geomap.set(change)", change)
    assert page.evaluate("geomap.counts().shown") == len(shown)
    drawn = {event_id for event_id in SHAPES if page.evaluate("id => geomap.drawn(id)", event_id)}
    assert drawn == {event_id for event_id in shown if SHAPES[event_id]}
    page.evaluate("geomap.set({filters: null, time: null})")
    assert page.evaluate("geomap.counts().shown") == 13


def test_undated_events_are_counted_while_a_time_hides_them(opened: Any) -> None:
    opened.page.evaluate("geomap.set({time: ['2021-01-01', '2023-01-01']})")
    counts = opened.page.evaluate("geomap.counts()")
    assert (counts["shown"], counts["undated"]) == (12, 1)
    assert "hidden while a time is set" in opened.page.locator(".gm-totals").inner_text()


def test_the_hash_is_the_state(open_page: Any, html: str) -> None:
    first = open_page(html)
    first.page.evaluate(
        """geomap.set({view: {lon: 24.5, lat: 53.5, zoom: 8}, time: ['2021-11-01', null],
        filters: {type: ['exercise', 'deployment'], text: ['a,b & c%', '=#'], max_km: 500},
        layers: {talk: false}, event: 'drop'})"""
    )
    first.settle()
    fragment = first.page.evaluate("location.hash")
    second = open_page(html, fragment=fragment)
    second.settle()
    state, again = first.page.evaluate("geomap.state()"), second.page.evaluate("geomap.state()")
    assert (state.pop("view")["zoom"], again.pop("view")["zoom"]) == (8, 8)
    assert again == state
    assert "Paratroopers" in proof_text(second.page)
    second.assert_quiet()


@pytest.mark.parametrize(
    "fragment",
    [
        "#v=1e999,abc,",
        "#e=nobody&off=nobody&type",
        "#t=2021-99-99,x&max_km=-1&%%%=1&lang=xx",
        "#__proto__=1&v=%",
        "#" + "a" * 20_000,
        "#v=1,1,1&off=__proto__&e=constructor",
    ],
)
def test_a_hash_that_anybody_wrote_does_no_harm(open_page: Any, html: str, fragment: str) -> None:
    opened = open_page(html, fragment=fragment)
    opened.assert_quiet()
    assert opened.page.evaluate("geomap.counts().shown") == 13


def test_a_changed_hash_changes_the_page(opened: Any) -> None:
    opened.page.evaluate("location.hash = 'v=28,53,7&off=military&e=bridge'")
    opened.wait_until("geomap.state().event === 'bridge'")
    assert opened.page.evaluate("geomap.counts().shown") == 6


@pytest.mark.parametrize(
    "change",
    [
        {"nope": 1},
        {"filters": {"nope": ["x"]}},
        {"layers": {"nope": True}},
        {"view": {"nope": 1}},
        {"layers": {"__proto__": True, "toString": False}},
        {"event": "nope"},
        {"time": ["2021-11-12", "2021-11-11"]},
        {"time": "2021"},
        {"view": {"zoom": "7"}},
        {"lang": "tlh"},
    ],
)
def test_what_the_door_does_not_know_it_rejects_and_nothing_changes(
    opened: Any, change: dict[str, Any]
) -> None:
    before = opened.page.evaluate("geomap.state()")
    rejected = opened.page.evaluate(
        "change => geomap.set({filters: {type: ['strike']}, ...change}).then(() => false, () => true)", change
    )
    assert rejected is True
    assert opened.page.evaluate("geomap.state()") == before


def test_set_merges_and_null_clears(opened: Any) -> None:
    page = opened.page
    page.evaluate("geomap.set({layers: {talk: false}, filters: {type: ['strike'], status: ['disputed']}})")
    page.evaluate("geomap.set({layers: {people: false}, filters: {status: null}, view: {zoom: 6}})")
    state = page.evaluate("geomap.state()")
    assert state["layers"] == {"military": True, "people": False, "strikes": True, "talk": False}
    assert state["filters"] == {"type": ["strike"]}
    assert state["view"]["zoom"] == 6
    page.evaluate("geomap.set({layers: null, filters: null, view: null})")
    state = page.evaluate("geomap.state()")
    assert all(state["layers"].values())
    assert state["filters"] == {}
    assert page.evaluate("performance.getEntriesByName('geomap:update').length") >= 3


def test_the_page_says_where_its_ground_ends(opened: Any) -> None:
    assert not opened.page.locator(".gm-notice").is_visible()
    opened.page.evaluate("geomap.set({view: {zoom: 10}})")
    assert opened.page.locator(".gm-notice").is_visible()


def test_the_side_panel_tells_totals_legend_worldview_and_attribution(opened: Any) -> None:
    side = opened.page.locator("#geomap-side")
    assert "13 events · 12 places drawn · 1 without a place · 1 without a date" in side.inner_text()
    opened.page.get_by_role("tab", name="Legend").click()
    text = side.inner_text()
    for words in (
        "Strike or explosion",
        "Disputed",
        "Denied",
        "Draft",
        "Airspace or waters",
        "as drawn by the United Nations",
        "GeoNames, CC BY",
    ):
        assert words in text
    assert "GeoNames" in opened.page.locator(".leaflet-control-attribution").inner_text()


def test_the_proof_is_a_sheet_on_a_phone(open_page: Any, html: str) -> None:
    opened = open_page(html, width=390, height=844)
    opened.page.evaluate("geomap.set({event: 'drop'})")
    opened.page.wait_for_timeout(300)  # the sheet slides up
    box = opened.page.locator("[role=dialog]").bounding_box()
    assert (box["x"], box["width"]) == (0, 390)
    assert 150 < box["y"] < 400
    assert box["y"] + box["height"] <= 845


def test_a_notebook_map_shows_the_scene_and_draws_twice(open_page: Any) -> None:
    drawn = to_folium(sample.sample_scene())
    assert drawn.get_root().render() is not None
    html = drawn.get_root().render()
    assert html.count('type="application/json"') == 1
    opened = open_page(
        html,
        ready="document.querySelectorAll('.leaflet-control-layers-overlays label').length === 5",
        answers={
            "leaflet.js": ("text/javascript", read_leaflet().script),
            "leaflet.css": ("text/css", read_leaflet().style),
        },
    )
    opened.errors.clear()  # folium's other links were not answered
    assert count_colours(opened.page) > 100
    page = opened.page
    labels = page.locator(".leaflet-control-layers-overlays").inner_text()
    assert "Military movements (7)" in labels
    page.locator(".leaflet-control-layers-overlays input").nth(4).check()
    popup = page.locator(".leaflet-popup-content")
    assert "Minister warns" in popup.inner_text()
    popup.locator("button").first.click()
    opened.wait_until("document.querySelector('.leaflet-popup-content .gm-facts') !== null")
    assert "No place on the map" in popup.last.inner_text()
    assert opened.errors == []


def test_a_list_of_events_closes_when_no_event_is_asked_for(opened: Any) -> None:
    page = opened.page
    [badge] = page.evaluate("geomap.drawn('convoy')")
    page.mouse.click(*on_screen(page, badge["px"]))
    opened.wait_until("document.querySelector('[role=dialog] h2') !== null")
    page.evaluate("geomap.set({event: null})")
    assert not page.locator("[role=dialog]").is_visible()


def test_a_dozen_events_at_one_place_stand_as_a_number_and_open_as_a_list(open_page: Any) -> None:
    events = [sample.event(f"e{n}", f"Event {n}", "strike") for n in range(12)]
    features = [
        sample.feature(f"e{n}#1", n, "pin", "place", "Minsk", lon=27.56, lat=53.9, radius_m=900)
        for n in range(12)
    ]
    scene = sample.sample_scene(
        events=sample.columns(events), features=sample.columns(features), geometries=(), layers=()
    )
    opened = open_page(draw_page(scene))
    page = opened.page
    [first], [last] = (page.evaluate("id => geomap.drawn(id)", event_id) for event_id in ("e0", "e11"))
    assert first["px"] == last["px"]
    page.mouse.click(*on_screen(page, first["px"]))
    assert "12 events here" in proof_text(page)
    assert page.locator("[role=dialog] .gm-list button").count() == 12
    opened.assert_quiet()


def test_events_are_reached_from_the_keyboard(opened: Any) -> None:
    page = opened.page
    page.locator("#geomap-search").focus()
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('role')") == "row":
            break
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    opened.wait_until("document.querySelector('[role=dialog] h2') !== null")
    assert page.evaluate("geomap.state().event") is not None
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "row"
    opened.assert_quiet()
