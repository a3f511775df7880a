"""Five thousand events: the list holds only the rows in sight, and the map only as many signs as can be told apart."""

import time
from typing import Any

import pytest

import sample
from geomap.render import draw_page
from map_on_screen import map_box, on_screen

pytestmark = pytest.mark.enable_socket  # Playwright talks to its browser through a local socket

COUNT = 5000
TYPES = ("exercise", "migration", "strike", "deployment")
ALONE = (25.5, 55.5)
POINTS = ("exact", "place", "vicinity")


def place_of(number: int) -> tuple[str, str, dict[str, Any]]:
    """Shape, precision and position of an event: of twenty, fifteen are points and the others are not."""
    kind = number % 20
    if number < 5:
        return "pin", "place", {"lon": ALONE[0], "lat": ALONE[1], "radius_m": 400.0}
    if kind < 12:
        spot = number * 7919 % 600
        return (
            "pin",
            POINTS[spot % 2],
            {"lon": 24 + spot % 30 / 6, "lat": 52.2 + spot // 30 / 8, "radius_m": 900.0},
        )
    if kind < 15:
        return (
            "ring",
            "vicinity",
            {"lon": 29 + number % 9 / 7, "lat": 53 + number % 7 / 9, "radius_m": 9000.0},
        )
    if kind < 17:
        return "area", "region" if kind == 15 else "waters", {"geometry": kind - 15}
    if kind == 17:
        return "line", "line", {"geometry": 2}
    return "badge", "country", {"lon": 28.0, "lat": 53.4}


@pytest.fixture(scope="module")
def crowd() -> str:
    events, features = [], []
    for number in range(COUNT):
        day = None if number % 100 == 99 else f"{2021 + number // 1250}-{number // 105 % 12 + 1:02}-15"
        events.append(
            sample.event(
                f"e{number}", f"Event {number}", TYPES[number % 4], t_start=day, t_end=day,
                edtf=day or "", when=day, date_precision="day" if day else "unknown",
            )
        )  # fmt: skip
        if number % 20 == 19:
            continue
        shape, precision, place = place_of(number)
        features.append(sample.feature(f"e{number}#1", number, shape, precision, f"P{number % 600}", **place))
    scene = sample.sample_scene(events=sample.columns(events), features=sample.columns(features), layers=())
    return draw_page(scene)


@pytest.fixture
def opened(open_page: Any, crowd: str) -> Any:
    opened = open_page(crowd)
    yield opened
    opened.assert_quiet()


def titles(page: Any) -> list[str]:
    return list(page.locator("[role=row] .gm-row-title").all_inner_texts())


def picture(page: Any, px: list[float]) -> bytes:
    x, y = on_screen(page, px)
    return bytes(page.screenshot(clip={"x": x - 20, "y": y - 20, "width": 40, "height": 40}))


# The list


def test_scrolling_shows_every_row_and_keeps_few(opened: Any) -> None:
    page = opened.page
    page.set_viewport_size({"width": 1280, "height": 2400})
    grid = page.get_by_role("grid")
    assert grid.get_attribute("aria-rowcount") == str(COUNT)
    seen, most, wrong = page.evaluate(
        """async () => {
            const grid = document.querySelector('[role=grid]');
            const seen = new Map();
            let most = 0;
            let wrong = 0;
            for (let top = 0; ; top += Math.floor(grid.clientHeight * 0.9)) {
                grid.scrollTop = top;
                await new Promise(requestAnimationFrame);
                await new Promise(requestAnimationFrame);
                const rows = [...grid.querySelectorAll('[role=row]')];
                most = Math.max(most, rows.length);
                const box = grid.getBoundingClientRect();
                for (const row of rows) {
                    const {top: y, bottom} = row.getBoundingClientRect();
                    if (bottom <= box.top || y >= box.bottom) continue;
                    const index = Number(row.getAttribute('aria-rowindex'));
                    const title = row.querySelector('.gm-row-title').textContent;
                    if (seen.has(index) && seen.get(index) !== title) wrong += 1;
                    seen.set(index, title);
                }
                if (top >= grid.scrollHeight) break;
            }
            return [[...seen], most, wrong];
        }"""
    )
    assert most < 100
    assert wrong == 0
    assert dict(seen) == {number + 1: f"Event {number}" for number in range(COUNT)}


def test_some_hundred_rows_wait_until_the_list_stands_still(opened: Any) -> None:
    page = opened.page
    moved = page.evaluate(
        """async () => {
            const found = [];
            const later = window.setTimeout;
            // However slowly this moves, the list does not stand still in between; only what waits for no time is done.
            window.setTimeout = (call, ms) => ms < 40 ? later(call, ms) : 0;
            for (let month = 1; month <= 6; month++) {
                await geomap.set({time: [`2022-0${month}-01`, `2022-0${month}-28`]});
                found.push([document.querySelectorAll('[role=rowgroup] [role=row]').length, geomap.counts().shown]);
            }
            window.setTimeout = later;
            await geomap.set({time: ["2022-06-01", "2022-06-29"]});
            return found;
        }"""
    )
    for rows, shown in moved[1:]:
        assert shown > 80
        assert 0 < rows < 40
    opened.wait_until(
        "document.querySelectorAll('[role=rowgroup] [role=row]').length === geomap.counts().shown"
    )
    places = page.eval_on_selector_all(
        "[role=rowgroup] [role=row]", "rows => rows.map(row => +row.ariaRowIndex)"
    )
    assert places == list(range(1, len(places) + 1))
    assert "…" not in titles(page)


def test_keys_reach_the_last_row_and_the_first(opened: Any) -> None:
    page = opened.page
    focused = "[document.activeElement.getAttribute('aria-rowindex'), document.activeElement.innerText.split('\\n')[0]]"
    page.locator("[role=row]").first.focus()
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement.getAttribute('aria-rowindex')") == str(COUNT)
    assert f"Event {COUNT - 1}" in page.evaluate("document.activeElement.textContent")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert page.evaluate(focused)[0] == str(COUNT - 1)
    page.keyboard.press("PageUp")
    assert int(page.evaluate(focused)[0]) < COUNT - 3
    page.keyboard.press("Home")
    assert page.evaluate(focused)[0] == "1"
    page.keyboard.press("Enter")
    opened.wait_until("geomap.state().event === 'e0'")
    assert page.locator("[role=row]").count() < 100


def test_the_order_turns_round(opened: Any) -> None:
    page = opened.page
    assert titles(page)[:2] == ["Event 0", "Event 1"]
    page.get_by_role("combobox", name="Order").select_option("newest")
    # Texts far from the beginning are opened when they come into sight.
    opened.wait_until("document.querySelector('[role=row] .gm-row-title').textContent !== '…'")
    assert titles(page)[:2] == [f"Event {COUNT - 1}", f"Event {COUNT - 2}"]
    assert page.evaluate("geomap.state().sort") == "newest"


def test_the_list_follows_the_map(opened: Any) -> None:
    page = opened.page
    page.get_by_role("combobox", name="Which events are listed").select_option("view")
    grid = page.locator("[role=grid]")

    def expected() -> int:
        west, south, east, north = page.evaluate(
            "(() => { const b = window[document.querySelector('.folium-map').id].getBounds();"
            " return [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()]; })()"
        )
        places = [place_of(number)[2] for number in range(COUNT) if number % 20 != 19]
        shapes = {
            0: (23.4, 52.8, 26.2, 54.4), 1: (23.4, 52.0, 31.4, 55.7), 2: (23.4, 52.0, 23.9, 53.93),
        }  # fmt: skip
        boxes = [
            shapes.get(place.get("geometry", -1)) or (place["lon"], place["lat"]) * 2 for place in places
        ]
        return sum(w <= east and e >= west and s <= north and n >= south for w, s, e, n in boxes)

    for view in (
        {"lon": 25.5, "lat": 53.5, "zoom": 9},
        {"lon": 29.5, "lat": 53.5, "zoom": 9},
        {"lon": -30, "lat": 0, "zoom": 6},
    ):
        page.evaluate("view => geomap.set({view})", view)
        assert grid.get_attribute("aria-rowcount") == str(expected()), view
    page.evaluate("geomap.set({view: {lon: 25.5, lat: 53.5, zoom: 9}})")
    before = expected()
    x, y = on_screen(page, [400, 250])
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 300, y, steps=8)
    page.mouse.up()
    opened.settle()
    # A map that is let go glides on, on a busy machine for long: what is seen is counted until it stands still.
    deadline = time.monotonic() + 60
    while grid.get_attribute("aria-rowcount") != str(expected()):
        assert time.monotonic() < deadline, (grid.get_attribute("aria-rowcount"), expected())
        page.wait_for_timeout(100)
    assert expected() != before
    assert page.evaluate("geomap.counts().shown") == COUNT


def test_row_and_sign_point_at_each_other(opened: Any) -> None:
    page = opened.page
    page.evaluate("view => geomap.set({view})", {"lon": ALONE[0], "lat": ALONE[1], "zoom": 12})
    px = page.evaluate("geomap.drawn('e3')[0].px")
    page.mouse.move(5, 5)
    plain = picture(page, px)
    row = page.locator("[role=row]", has_text="Event 3").first
    row.hover()
    opened.wait_until("document.querySelector('.gm-hovered .gm-row-title')?.textContent === 'Event 3'")
    page.wait_for_timeout(60)
    assert picture(page, px) != plain
    page.mouse.move(5, 5)
    opened.wait_until("document.querySelector('.gm-hovered') === null")
    page.wait_for_timeout(60)
    assert picture(page, px) == plain
    page.mouse.move(*on_screen(page, px))
    opened.wait_until("document.querySelector('.gm-hovered .gm-row-title')?.textContent === 'Event 3'")
    assert page.locator(".gm-tip").inner_text() == "Event 3"
    page.mouse.move(*on_screen(page, [px[0] + 150, px[1] + 90]))
    opened.wait_until("document.querySelector('.gm-hovered') === null")


# The map

DRAWN = """() => {
    const groups = new Map();
    for (let number = 0; number < 5000; number++) {
        const [own] = geomap.drawn(`e${number}`);
        if (!own || !['pin', 'ring'].includes(own.shape)) continue;
        const key = own.px.join();
        groups.set(key, [...(groups.get(key) ?? []), {number, bbox: own.bbox}]);
    }
    return [...groups].map(([key, members]) => ({px: key.split(',').map(Number), members}));
}"""


def clusters(page: Any) -> list[dict[str, Any]]:
    """What stands as one sign for several places inside the map, the largest first."""
    box = map_box(page)
    groups = [
        group
        for group in page.evaluate(DRAWN)
        if len({tuple(member["bbox"]) for member in group["members"]}) > 1
        and 80 < group["px"][0] < box["width"] - 80
        and 80 < group["px"][1] < box["height"] - 80
    ]
    return sorted(groups, key=lambda group: -len(group["members"]))


def test_a_cluster_tells_what_it_holds_and_opens(opened: Any) -> None:
    page = opened.page
    [largest, *_] = clusters(page)
    members = [member["number"] for member in largest["members"]]
    page.mouse.move(*on_screen(page, largest["px"]))
    opened.wait_until("document.querySelector('.gm-tip strong') !== null")
    tip = page.locator(".gm-tip").inner_text().splitlines()
    labels = {
        "exercise": "Exercise",
        "migration": "Migration",
        "strike": "Strike or explosion",
        "deployment": "Deployment",
    }
    counted = {label: sum(TYPES[number % 4] == kind for number in members) for kind, label in labels.items()}
    assert tip[0] == f"{len(members)} events"
    assert dict(line.rsplit(": ", 1) for line in tip[1:]) == {
        label: str(number) for label, number in counted.items() if number
    }
    before = page.evaluate("geomap.state().view.zoom")
    page.mouse.click(*on_screen(page, largest["px"]))
    opened.wait_until(f"geomap.state().view.zoom > {before}")
    opened.settle()
    box = map_box(page)
    for number in members:
        x, y = page.evaluate("id => geomap.drawn(id)[0].px", f"e{number}")
        assert 0 <= x <= box["width"], number
        assert 0 <= y <= box["height"], number
    assert len({tuple(page.evaluate("id => geomap.drawn(id)[0].px", f"e{number}")) for number in members}) > 1
    assert page.evaluate("geomap.state().event") is None


def test_only_known_places_are_points_at_any_zoom(opened: Any) -> None:
    for zoom in (4, 6.5, 9):
        shapes = opened.page.evaluate(
            """async (zoom) => {
                await geomap.set({view: {lon: 26, lat: 53.5, zoom}});
                const seen = {};
                for (let number = 0; number < 5000; number++) {
                    for (const {shape, precision} of geomap.drawn(`e${number}`)) {
                        seen[`${precision} ${shape}`] = (seen[`${precision} ${shape}`] ?? 0) + 1;
                    }
                }
                return seen;
            }""",
            zoom,
        )
        assert {name for name in shapes if name.endswith((" pin", " ring"))} == {
            "exact pin", "place pin", "vicinity ring",
        }  # fmt: skip
        assert set(shapes) <= {
            "exact pin", "place pin", "vicinity ring", "region area", "waters area", "line line", "country badge",
        }  # fmt: skip


def test_events_of_an_area_share_its_shape_and_number(opened: Any) -> None:
    page = opened.page
    page.evaluate("geomap.set({filters: {precision: ['region', 'waters']}})")
    for kind, ids in ((15, range(15, COUNT, 20)), (16, range(16, COUNT, 20))):
        found = page.evaluate("ids => ids.map((id) => geomap.drawn(id)[0].px.join())", [f"e{n}" for n in ids])
        assert len(set(found)) == 1, kind
        page.mouse.click(*on_screen(page, [float(part) for part in found[0].split(",")]))
        opened.wait_until("document.querySelector('[role=dialog] h2')?.checkVisibility()")
        assert page.locator("[role=dialog] h2").inner_text() == f"{len(ids)} events here"
        page.keyboard.press("Escape")


def test_events_at_one_place_stand_round_it_and_each_opens(opened: Any) -> None:
    page = opened.page
    page.evaluate("view => geomap.set({view})", {"lon": ALONE[0], "lat": ALONE[1], "zoom": 11})
    places = [page.evaluate("id => geomap.drawn(id)[0].px", f"e{number}") for number in range(5)]
    assert len({tuple(px) for px in places}) == 5
    for first in range(5):
        for second in range(first):
            assert sum((a - b) ** 2 for a, b in zip(places[first], places[second], strict=True)) ** 0.5 >= 8
    for number, px in enumerate(places):
        page.mouse.click(*on_screen(page, px))
        opened.wait_until(f"geomap.state().event === 'e{number}'")
        assert f"Event {number}" in page.locator("[role=dialog]").inner_text()
