"""Time: play, step, drag, type; what has no day, and what may have happened on another."""

import itertools
from typing import Any

import pytest

import sample
from geomap.render import draw_page
from map_on_screen import colours, on_screen

pytestmark = pytest.mark.enable_socket  # Playwright talks to its browser through a local socket


@pytest.fixture(scope="module")
def html() -> str:
    """A year with an event every fifth day, two without a date, and one on some day of a month."""
    events = []
    for number in range(73):
        month, day = divmod(number * 5, 30)
        day_of = f"2021-{month + 1:02}-{day % 28 + 1:02}" if month < 12 else "2021-12-31"
        events.append(
            sample.event(
                f"e{number}", f"Event {number}", "exercise", t_start=day_of, t_end=day_of, edtf=day_of
            )
        )
    for number in (73, 74):
        undated = {"t_start": None, "t_end": None, "edtf": "", "when": None, "date_precision": "unknown"}
        events.append(sample.event(f"e{number}", f"Event {number}", "exercise", **undated))
    for number, (name, edtf) in enumerate(
        (("sure", "2021-06-01/2021-06-30"), ("maybe", "[2021-06-01..2021-06-30]"))
    ):
        span = {"t_start": "2021-06-01", "t_end": "2021-06-30", "edtf": edtf}
        events.append(sample.event(name, f"Strike {number}", "strike", **span))
    features = [
        sample.feature(f"{name}#1", row, "pin", "exact", name, lon=lon, lat=53.0, radius_m=1.0)
        for name, row, lon in (("sure", 75, 24.0), ("maybe", 76, 29.0))
    ]
    return draw_page(
        sample.sample_scene(events=sample.columns(events), features=sample.columns(features), layers=())
    )


@pytest.fixture
def opened(open_page: Any, html: str) -> Any:
    opened = open_page(html)
    yield opened
    opened.assert_quiet()


def time_of(page: Any) -> Any:
    return page.evaluate("geomap.state().time")


def days_in(first: str, last: str) -> str:
    """An expression for the length of a time in days."""
    return f"(Date.parse({last!r}) - Date.parse({first!r})) / 86400000"


def play(opened: Any, **state: Any) -> list[Any]:
    """Every time that is shown from pressing play until it stops by itself."""
    page = opened.page
    page.evaluate("state => geomap.set(state)", state)
    page.evaluate(
        """() => {
            window.seen = [];
            const note = () => {
                const now = JSON.stringify(geomap.state().time);
                if (window.seen.at(-1) !== now) window.seen.push(now);
                requestAnimationFrame(note);
            };
            note();
        }"""
    )
    page.get_by_role("button", name="Play").click()
    opened.wait_until("document.querySelector('[data-icon=pause]') !== null")
    opened.wait_until("document.querySelector('[data-icon=play]') !== null")
    page.wait_for_timeout(60)
    times: list[Any] = page.evaluate("window.seen.map((time) => JSON.parse(time))")
    assert len(times) > 5
    return times


def test_play_moves_a_window_to_the_end_and_stops(opened: Any) -> None:
    page = opened.page
    times = play(opened, time=["2021-08-02", "2021-08-29"], speed="4")
    for (first, last), (next_first, next_last) in itertools.pairwise(times[1:]):
        assert first < next_first
        assert last < next_last
    lengths = {page.evaluate(days_in(*time)) for time in times[1:-1]}
    assert lengths == {27}
    assert times[-1][1] >= "2021-12-31"
    page.wait_for_timeout(600)
    assert time_of(page) == times[-1]


def test_play_up_to_grows_to_the_end_and_stops_with_all_in_sight(opened: Any) -> None:
    page = opened.page
    times = play(opened, mode="cumulative", speed="4", time=["2020-12-28", "2021-09-05"])
    dated = [time for time in times if time is not None]
    assert {time[0] for time in dated[1:]} == {dated[1][0]}
    assert [time[1] for time in dated] == sorted(time[1] for time in dated)
    assert times[-1] is None, "the whole axis is no choice, and the undated are back"
    assert page.evaluate("geomap.counts().shown") == 77
    page.wait_for_timeout(600)
    assert time_of(page) is None
    # Once more it begins at the beginning.
    page.get_by_role("button", name="Play").click()
    opened.wait_until("geomap.state().time !== null && geomap.state().time[1] < '2021-04-01'")
    page.get_by_role("button", name="Pause").click()


def test_pause_stops_where_it_is_and_speed_changes_while_it_plays(opened: Any) -> None:
    page = opened.page
    page.evaluate("geomap.set({time: ['2021-02-01', '2021-02-14']})")
    page.get_by_role("button", name="Play").click()
    page.get_by_role("combobox", name="Speed").select_option("4")
    opened.wait_until("geomap.state().time[0] > '2021-02-20'")
    page.get_by_role("button", name="Pause").click()
    stopped = time_of(page)
    page.wait_for_timeout(600)
    assert time_of(page) == stopped
    assert page.evaluate("geomap.state().speed") == "4"


def test_steps_go_on_and_back(opened: Any) -> None:
    page = opened.page
    page.evaluate("geomap.set({time: ['2021-03-01', '2021-03-07']})")
    page.get_by_role("button", name="Step forward").click()
    assert time_of(page) == ["2021-03-08", "2021-03-14"]
    page.get_by_role("button", name="Step back").click()
    page.get_by_role("button", name="Step back").click()
    assert time_of(page) == ["2021-02-22", "2021-02-28"]
    page.get_by_role("button", name="All time").click()
    assert time_of(page) is None
    page.evaluate("geomap.set({mode: 'cumulative', time: ['2020-12-28', '2021-03-07']})")
    page.get_by_role("button", name="Step forward").click()
    assert time_of(page) == ["2020-12-28", "2021-03-14"]


def drag(page: Any, start: tuple[float, float], dx: float) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + dx / 2, start[1], steps=4)
    page.mouse.move(start[0] + dx, start[1], steps=4)
    page.mouse.up()
    page.wait_for_timeout(60)


def test_handles_and_window_are_dragged(opened: Any) -> None:
    page = opened.page
    page.evaluate("geomap.set({time: ['2021-05-01', '2021-06-30']})")
    chart = page.locator(".gm-chart").bounding_box()
    axis = page.evaluate(
        "[...document.querySelectorAll('.gm-handle')].map((h) => [+h.ariaValueMin, +h.ariaValueMax])[0]"
    )
    per_day = chart["width"] / (axis[1] + 1 - axis[0])

    def middle(selector: str) -> tuple[float, float]:
        box = page.locator(selector).bounding_box()
        return box["x"] + box["width"] / 2, chart["y"] + 25

    drag(page, middle(".gm-handle-first"), -30 * per_day)
    first, last = time_of(page)
    assert last == "2021-06-30"
    assert "2021-03-30" <= first <= "2021-04-02"
    drag(page, middle(".gm-handle-last"), -20 * per_day)
    same, last = time_of(page)
    assert same == first
    assert "2021-06-08" <= last <= "2021-06-12"
    length = page.evaluate(days_in(first, last))
    drag(page, middle(".gm-window"), 60 * per_day)
    moved = time_of(page)
    assert page.evaluate(days_in(*moved)) == length
    assert "2021-05-28" <= moved[0] <= "2021-06-02"
    # No further than the axis goes.
    drag(page, middle(".gm-window"), 3000)
    at_end = time_of(page)
    assert page.evaluate(days_in(*at_end)) == length
    assert at_end[1] >= "2021-12-31"
    # A handle stops at the other.
    drag(page, middle(".gm-handle-first"), 3000)
    assert time_of(page)[0] <= time_of(page)[1]


def test_days_are_typed(opened: Any) -> None:
    page = opened.page
    first, last = page.locator(".gm-day").all()
    first.fill("2021-03-04")
    assert time_of(page) == ["2021-03-04", None]
    last.fill("2021-03-04")
    assert time_of(page) == ["2021-03-04", "2021-03-04"]
    # The end that is typed is meant, and moves the other along.
    last.fill("2021-02-01")
    assert time_of(page) == ["2021-02-01", "2021-02-01"]
    first.fill("2021-05-01")
    assert time_of(page) == ["2021-05-01", "2021-05-01"]
    first.blur()
    first.fill("")
    assert time_of(page) == [None, "2021-05-01"]


def test_a_year_typed_figure_by_figure_leaves_the_other_end(opened: Any) -> None:
    page = opened.page
    page.evaluate("geomap.set({time: ['2021-03-01', '2021-06-30']})")
    page.locator(".gm-day").nth(1).focus()
    for day in ("0002-06-30", "0020-06-30", "0202-06-30", "2021-06-15"):
        page.locator(".gm-day").nth(1).evaluate(
            "(input, day) => { input.value = day; input.dispatchEvent(new Event('change')); }", day
        )
    assert time_of(page) == ["2021-03-01", "2021-06-15"]


def test_the_undated_are_counted_while_a_time_hides_them(opened: Any) -> None:
    page = opened.page
    assert "2 without a date" in page.locator(".gm-undated").inner_text()
    page.evaluate("geomap.set({time: ['2021-01-01', '2021-12-31']})")
    counts = page.evaluate("geomap.counts()")
    assert (counts["shown"], counts["undated"]) == (75, 2)
    assert "hidden" in page.locator(".gm-undated").inner_text()
    page.evaluate("geomap.set({time: null})")
    assert page.evaluate("geomap.counts().shown") == 77


def colour_at(page: Any, event_id: str) -> list[float]:
    """The mean colour of the middle of an event's sign."""
    x, y = on_screen(page, page.evaluate("id => geomap.drawn(id)[0].px", event_id))
    clip = {"x": x - 2, "y": y - 2, "width": 4, "height": 4}
    mean: list[float] = colours(page.screenshot(clip=clip)).mean(axis=(0, 1)).tolist()
    return mean


def test_what_may_have_been_on_another_day_is_faded(opened: Any) -> None:
    page = opened.page
    for time in (None, ["2021-05-01", "2021-07-31"]):
        page.evaluate("time => geomap.set({time})", time)
        difference = sum(
            abs(a - b) for a, b in zip(colour_at(page, "sure"), colour_at(page, "maybe"), strict=True)
        )
        assert difference < 6, time
    solid = colour_at(page, "maybe")
    page.evaluate("geomap.set({time: ['2021-06-10', '2021-06-12']})")
    assert sum(abs(a - b) for a, b in zip(colour_at(page, "sure"), solid, strict=True)) < 6
    faded = colour_at(page, "maybe")
    # Half of the colour, half of the light ground.
    assert sum(faded) > sum(solid) + 90
    page.evaluate("geomap.set({time: ['2021-07-01', null]})")
    assert page.evaluate("geomap.drawn('maybe')") == []


def test_the_bars_of_what_may_have_been_then_are_faded(opened: Any) -> None:
    page = opened.page
    alphas = """() => {
        const canvas = document.querySelector('.gm-histogram');
        const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height - 20);
        const seen = {};
        const strike = [0xd5, 0x5e, 0x00];
        for (let i = 0; i < data.length; i += 4) {
            const [alpha, isStrike] = [data[i + 3], strike.every((own, part) => Math.abs(own - data[i + part]) < 8)];
            if (alpha > 60 && isStrike) seen[alpha] = (seen[alpha] ?? 0) + 1;
        }
        // At their sides bars share their pixels with the ground; most of each is its own.
        return Object.entries(seen).sort((a, b) => b[1] - a[1]).map(([alpha]) => Number(alpha));
    }"""
    page.evaluate("geomap.set({filters: {text: 'Strike 0'}})")
    assert page.evaluate(alphas)[0] == 255
    page.evaluate("geomap.set({filters: {text: 'Strike 1'}})")
    assert page.evaluate(alphas)[0] == pytest.approx(0.35 * 255, abs=3)
