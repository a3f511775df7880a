"""The whole page with the keyboard alone: each control is reached, works, shows that it has the focus, and lets go."""

from typing import Any

import pytest

pytestmark = pytest.mark.enable_socket  # Playwright talks to its browser through a local socket

WHO = """() => {
    const at = document.activeElement;
    return at.getAttribute("aria-label") || at.closest("label")?.innerText || at.innerText || at.id || at.tagName;
}"""
MOST_STOPS = 120


@pytest.fixture
def opened(open_page: Any, sample_html: str) -> Any:
    opened = open_page(sample_html)
    yield opened
    opened.assert_quiet()


@pytest.fixture
def page(opened: Any) -> Any:
    return opened.page


def focused(page: Any, condition: str) -> bool:
    return bool(page.evaluate(f"document.activeElement?.matches({condition!r})"))


def tab_to(page: Any, selector: str, key: str = "Tab") -> None:
    """Press Tab until the focus is there."""
    for _ in range(MOST_STOPS):
        if focused(page, selector):
            return
        page.keyboard.press(key)
    pytest.fail(f"Tab does not reach {selector}")


def press(page: Any, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def shown(page: Any) -> int:
    return int(page.evaluate("geomap.counts().shown"))


def state(page: Any, key: str) -> Any:
    return page.evaluate("key => geomap.state()[key]", key)


def leave(page: Any) -> None:
    """Press Tab until the focus has left the page; the next press is the first stop."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if focused(page, "body"):
            return
    pytest.fail("the focus never leaves the page")


def stops(page: Any) -> list[str]:
    """Go once through the page and name each stop; the last one leaves the page, so nothing is a trap."""
    leave(page)
    named = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if focused(page, "body"):
            return named
        named.append(page.evaluate(WHO))
    pytest.fail(f"the focus never leaves the page: {named[-10:]}")


def test_tab_goes_through_the_page_in_reading_order_and_leaves_it(page: Any) -> None:
    named = stops(page)
    order = [
        "Skip to the list of events", "Menu", "Map", "Zoom in", "Zoom out", "Step back", "Play", "Step forward",
        "First day", "All time", "How time is played", "Speed", "Search the events", "Layers", "Events",
        "Which events are listed", "Order",
    ]  # fmt: skip
    places = [named.index(name) for name in order]
    assert places == sorted(places)
    back = []
    for _ in named:
        press(page, "Shift+Tab")
        back.append(page.evaluate(WHO))
    assert back[::-1] == named
    page.evaluate("geomap.set({tab: 'filters'})")
    assert "As told by" in stops(page)
    page.evaluate("geomap.set({tab: 'legend'})")
    stops(page)


def test_the_skip_link_goes_to_the_list_and_leaves_the_state_alone(page: Any) -> None:
    page.evaluate("geomap.set({filters: {type: ['strike']}})")
    before = page.evaluate("location.hash")
    press(page, "Tab")
    assert focused(page, ".gm-skip")
    assert page.locator(".gm-skip").bounding_box()["y"] >= 0
    press(page, "Enter")
    assert focused(page, "[role=row]")
    page.wait_for_timeout(300)
    assert page.evaluate("location.hash") == before
    assert shown(page) == 2


def test_the_menu_opens_chooses_and_gives_the_focus_back(page: Any) -> None:
    tab_to(page, ".gm-menu > summary")
    press(page, "Enter")
    assert page.locator(".gm-menu-sheet").is_visible()
    tab_to(page, ".gm-menu select[aria-label='Appearance']")
    page.keyboard.type("Dark")
    press(page, "Enter")
    assert state(page, "theme") == "dark"
    assert page.locator(".gm-menu-sheet").is_visible()
    press(page, "Escape", "Escape")
    assert not page.locator(".gm-menu-sheet").is_visible()
    assert focused(page, ".gm-menu > summary")
    press(page, "Enter")
    tab_to(page, ".gm-menu-action:last-child")
    press(page, "Tab")
    assert not page.locator(".gm-menu-sheet").is_visible()  # what has the focus is never under it


def test_what_is_copied_is_said_and_the_focus_stays(page: Any) -> None:
    page.evaluate("geomap.set({event: 'bridge'})")
    for name in ("Cite", "Copy link to this view", "Copy coordinates"):
        button = page.get_by_role("dialog").get_by_role("button", name=name, exact=True)
        button.focus()
        handle = button.element_handle()
        press(page, "Enter")
        page.wait_for_timeout(100)
        assert handle.inner_text() in ("Copied", "Not copied")
        assert handle.get_attribute("aria-live") == "polite"
        assert handle.evaluate("button => button === document.activeElement")
        page.wait_for_timeout(1700)
        assert button.is_visible()


def test_search_filters_as_one_types(opened: Any, page: Any) -> None:
    tab_to(page, "#geomap-search")
    page.keyboard.type("grodno drop")
    opened.wait_until("geomap.counts().shown === 1")
    press(page, *["Backspace"] * 11)
    opened.wait_until("geomap.counts().shown === 13")


def test_layers_fold_and_switch(page: Any) -> None:
    tab_to(page, ".gm-layer-box > summary")
    press(page, "Enter")
    assert not page.locator(".gm-layers").first.is_visible()
    press(page, "Enter", "Tab", "Space")
    assert state(page, "layers")["military"] is False
    assert shown(page) == 6
    tab_to(page, ".gm-chosen-chip", "Shift+Tab")
    press(page, "Enter")
    assert shown(page) == 13
    assert not focused(page, "body")


def test_taking_filters_back_one_by_one_keeps_the_focus_among_them(page: Any) -> None:
    page.evaluate(
        "geomap.set({filters: {type: ['strike', 'diplomacy'], status: ['disputed', 'corroborated']}})"
    )
    tab_to(page, ".gm-chosen-chip")
    for left in (3, 2, 1):
        press(page, "Enter")
        assert page.locator(".gm-chosen-chip").count() == left
        assert focused(page, ".gm-chosen-chip")
    press(page, "Enter")
    assert focused(page, "#geomap-side")


def test_arrows_choose_tabs(page: Any) -> None:
    tab_to(page, "[role=tab]")
    for key, tab in [
        ("ArrowRight", "filters"), ("ArrowRight", "legend"), ("ArrowRight", "events"), ("ArrowLeft", "legend"),
        ("Home", "events"), ("End", "legend"),
    ]:  # fmt: skip
        press(page, key)
        assert state(page, "tab") == tab
        assert focused(page, "[role=tab][aria-selected=true]")
        assert page.locator("[role=tabpanel]:visible").count() == 1
    press(page, "Tab")
    assert focused(page, "#geomap-panel-legend")  # it scrolls


def test_the_list_is_walked_opened_and_come_back_to(page: Any) -> None:
    tab_to(page, "[role=row]")
    row = "document.activeElement.getAttribute('aria-rowindex')"
    for key, at in [
        ("ArrowDown", 2),
        ("ArrowUp", 1),
        ("End", 13),
        ("Home", 1),
        ("PageDown", None),
        ("PageUp", 1),
    ]:
        press(page, key)
        now = int(page.evaluate(row))
        assert now == at if at else now > 2
        box = page.evaluate(
            "(({top, bottom}) => [top, bottom])(document.activeElement.getBoundingClientRect())"
        )
        assert 0 <= box[0] < box[1] <= 800
    press(page, "ArrowDown", "ArrowDown", "Enter")
    page.get_by_role("dialog").wait_for()
    assert state(page, "event") is not None
    assert focused(page, ".gm-card-title")
    press(page, "Escape")
    assert state(page, "event") is None
    assert page.evaluate(row) == "3"
    press(page, "ArrowDown", "Space")
    assert page.get_by_role("dialog").is_visible()


def test_the_proof_panel_and_its_related_events(page: Any) -> None:
    tab_to(page, "[role=row]")
    page.locator("[role=row]", has_text="Paratroopers").focus()
    press(page, "Enter")
    tab_to(page, ".gm-address a")
    assert page.evaluate("document.activeElement.href") == "https://news.example.org/a?b=1"
    tab_to(page, ".gm-event-button")
    press(page, "Enter")
    assert state(page, "event") == "bridge"
    assert focused(page, ".gm-card-title")
    tab_to(page, ".gm-proof-tools button", "Shift+Tab")
    tab_to(page, ".gm-proof-bar .gm-icon")
    press(page, "Enter")
    assert state(page, "event") is None
    assert focused(page, "[role=row]")
    assert stops(page)


def test_filters_lens_and_width(page: Any) -> None:
    tab_to(page, "[role=tab]")
    press(page, "ArrowRight")
    tab_to(page, "#geomap-lens")
    press(page, "ArrowDown")
    page.keyboard.type("Confirmed")
    press(page, "Enter")
    assert state(page, "lens") == "confirmed"
    page.evaluate("geomap.set({lens: null})")
    tab_to(page, "#geomap-panel-filters input[type=checkbox]")
    press(page, "Space")
    assert len(state(page, "filters")["type"]) == 1
    assert focused(page, "#geomap-panel-filters input[type=checkbox]:checked")
    press(page, "Space")
    assert state(page, "filters") == {}
    tab_to(page, "input[type=range]")
    before = page.evaluate("document.activeElement.getAttribute('aria-valuetext')")
    press(page, "ArrowLeft", "ArrowLeft", "ArrowLeft")
    assert state(page, "filters")["max_km"] == 250
    after = page.evaluate("document.activeElement.getAttribute('aria-valuetext')")
    assert before == "nothing hidden"
    assert "250" in after
    press(page, "End")
    assert state(page, "filters") == {}


def test_time_handles_say_where_they_are(page: Any) -> None:
    tab_to(page, ".gm-handle-first")
    now = lambda: page.evaluate(  # noqa: E731
        """['min', 'max', 'now', 'text'].map(name => document.activeElement.getAttribute(`aria-value${name}`))"""
    )
    low, high, first, words = now()
    assert first == low
    assert words.endswith("2021")
    press(page, "ArrowRight")
    later = now()
    assert int(low) < int(later[2]) < int(high)
    assert later[3] != words
    press(page, "ArrowLeft")
    assert state(page, "time") is None
    press(page, "PageUp")
    far = int(now()[2])
    assert far > int(later[2])
    press(page, "PageDown")
    assert now()[2] == first
    press(page, "End")
    assert int(now()[2]) > far
    press(page, "Home")
    assert now()[2] == low
    press(page, "Tab")
    assert focused(page, ".gm-handle-last")
    assert now()[2] == high
    press(page, "ArrowLeft")
    assert int(now()[2]) < int(high)
    assert state(page, "time")[1] is not None
    press(page, "Home", "End")
    assert now()[2] == high


def test_time_is_played_stepped_and_typed(opened: Any, page: Any) -> None:
    tab_to(page, "[data-icon=play]")
    press(page, "Enter")
    assert focused(page, "[aria-label=Pause]")
    first = state(page, "time")
    opened.wait_until(
        f"JSON.stringify(geomap.state().time) !== {str(first).replace(' ', '')!r}".replace("\\'", '"')
    )
    press(page, "Enter")
    assert focused(page, "[aria-label=Play]")
    before = state(page, "time")
    press(page, "Tab", "Enter")
    assert state(page, "time")[0] > before[0]
    press(page, "Shift+Tab", "Shift+Tab", "Enter")
    assert state(page, "time") == before
    tab_to(page, ".gm-day")
    page.keyboard.type("11012021")
    opened.wait_until("geomap.state().time[0] === '2021-11-01'")
    tab_to(page, ".gm-time-tools > .gm-plain-button")
    press(page, "Enter")
    assert state(page, "time") is None


def test_the_map_moves_and_zooms_by_keys(opened: Any, page: Any) -> None:
    tab_to(page, ".leaflet-container")
    before = state(page, "view")
    press(page, "ArrowRight")
    opened.wait_until(f"geomap.state().view.lon > {before['lon']} + 0.1")
    press(page, "ArrowUp")
    opened.wait_until(f"geomap.state().view.lat > {before['lat']} + 0.1")
    press(page, "+")
    opened.wait_until(f"geomap.state().view.zoom > {before['zoom']}")
    zoom = state(page, "view")["zoom"]
    press(page, "-")
    opened.wait_until(f"geomap.state().view.zoom < {zoom}")
    for key, name in (("Enter", "Zoom in"), ("Enter", "Zoom out")):
        zoom = state(page, "view")["zoom"]
        tab_to(page, f".leaflet-bar a[aria-label='{name}']")
        press(page, key)
        opened.wait_until(f"geomap.state().view.zoom !== {zoom}")
        page.wait_for_timeout(400)


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
@pytest.mark.parametrize("place", ["events", "filters", "legend", "event", "menu"])
def test_the_focus_is_seen_wherever_it_is(opened: Any, page: Any, theme: str, place: str) -> None:
    page.evaluate("theme => geomap.set({theme, filters: {text: 'the'}})", theme)
    if place == "event":
        page.evaluate("geomap.set({event: 'drop'})")
    elif place == "menu":
        page.locator(".gm-menu > summary").focus()
    else:
        page.evaluate("tab => geomap.set({tab})", place)
    leave(page)
    page.evaluate(
        """() => {
            window.look = (element) => {
                const {outlineStyle, outlineWidth, outlineColor, boxShadow} = getComputedStyle(element);
                return `${outlineStyle === "none" ? "" : outlineWidth + outlineColor} ${boxShadow}`;
            };
            window.looks = new Map([...document.querySelectorAll("*")].map((element) => [element, look(element)]));
        }"""
    )
    seen = 0
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if place == "menu" and focused(page, ".gm-menu > summary"):
            page.keyboard.press("Enter")
        if focused(page, "body"):
            break
        name, now, before = page.evaluate(
            "(at => [at.outerHTML.slice(0, 120), look(at), looks.get(at)])(document.activeElement)"
        )
        assert now != before, name
        seen += 1
    assert seen > 15


def test_every_control_has_a_name(page: Any) -> None:
    page.locator(".gm-menu > summary").click()
    for change in ({"tab": "events"}, {"tab": "filters"}, {"event": "drop"}):
        page.evaluate("change => geomap.set(change)", change)
        tree = page.locator("body").aria_snapshot()
        for role in (
            "button",
            "checkbox",
            "slider",
            "textbox",
            "searchbox",
            "combobox",
            "tab",
            "link",
            "dialog",
            "grid",
        ):
            nameless = [line for line in tree.splitlines() if line.strip(" -:") == role]
            assert nameless == [], (change, role)
