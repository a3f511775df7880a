"""The address is the state: each key of it, alone and with the others, opened anew, typed, and gone back to."""

from typing import Any

import pytest

import sample
from geomap.render import draw_page

pytestmark = pytest.mark.enable_socket  # Playwright talks to its browser through a local socket

VISIBLE = """() => {
    const seen = (selector) => [...document.querySelectorAll(selector)].filter((node) => node.checkVisibility());
    const text = (selector) => seen(selector).map((node) => node.textContent);
    const value = (selector) => seen(selector)[0]?.value ?? null;
    return {
        totals: text('.gm-totals'),
        chips: text('.gm-chosen-chip'),
        layers: [...document.querySelectorAll('.gm-layers input')].map((box) => box.checked),
        choices: text('.gm-choices label:has(input:checked)'),
        lens: value('#geomap-lens'),
        search: value('#geomap-search'),
        days: [...document.querySelectorAll('.gm-day')].map((input) => input.value),
        mode: [...document.querySelectorAll('.gm-time-tools select')].map((select) => select.value),
        list: [...document.querySelectorAll('.gm-list-tools select')].map((select) => select.value),
        rows: text('[role=row] .gm-row-title'),
        proof: text('[role=dialog] h2'),
        tab: text('[role=tab][aria-selected=true]'),
        theme: document.documentElement.dataset.theme,
        lang: document.documentElement.dataset.lang,
        embed: document.documentElement.classList.contains('gm-embed'),
        width: text('.gm-filter-group output'),
        map: [geomap.state().view, document.querySelector('.leaflet-control-scale-line').textContent],
        drawn: ['drop', 'bridge', 'camp', 'convoy', 'talks'].map((id) => geomap.drawn(id)),
    };
}"""

CHANGES: dict[str, dict[str, Any]] = {
    "view": {"view": {"lon": 27.123456, "lat": 53.654321, "zoom": 7.25}},
    "time": {"time": ["2021-11-10", "2021-11-13"]},
    "time from": {"time": ["2022-01-01", None]},
    "time until": {"time": [None, "2021-11-12"]},
    "any time": {"time": [None, None]},
    "type": {"filters": {"type": ["strike", "exercise/airborne_drop"]}, "tab": "filters"},
    "actor": {"filters": {"actor": ["Ministry of Defence"]}, "tab": "filters"},
    "actor otherwise": {"filters": {"actor": ["МINISTRY, of DEFENCE & co"]}},
    "status": {"filters": {"status": ["disputed", "denied"]}, "tab": "filters"},
    "precision": {"filters": {"precision": ["none", "vicinity"]}, "tab": "filters"},
    "source": {"filters": {"source": ["s2"]}, "tab": "filters"},
    "text": {"filters": {"text": "Grodno, 100 % & #1=?"}},
    "texts": {"filters": {"text": ["drop", "camp"]}},
    "max_km": {"filters": {"max_km": 10}, "tab": "filters"},
    "max_km 0": {"filters": {"max_km": 0}},
    "layers": {"layers": {"military": False, "talk": False}},
    "lens": {"lens": "by:Ministry of Defence", "tab": "filters"},
    "lens confirmed": {"lens": "confirmed"},
    "event": {"event": "bridge"},
    "event without a place": {"event": "warning"},
    "theme": {"theme": "dark"},
    "contrast": {"theme": "contrast"},
    "list": {"list": "unlocated"},
    "list in view": {"list": "view", "view": {"lon": 28.4, "lat": 54.6, "zoom": 9}},
    "sort": {"sort": "newest"},
    "tab": {"tab": "legend"},
    "mode": {"mode": "cumulative"},
    "speed": {"speed": "4"},
    "symbols": {"symbols": "hostile"},
    "embed": {"embed": "on"},
    "asides": {"asides": "on"},
    "all": {
        "view": {"lon": 25.5, "lat": 53.25, "zoom": 6.5}, "time": ["2021-11-01", "2022-12-31"],
        "filters": {"type": ["exercise", "deployment"], "status": ["reported"], "text": "o", "max_km": 500},
        "layers": {"people": False}, "event": "drop", "theme": "light", "list": "view", "sort": "newest",
        "tab": "filters", "mode": "cumulative", "speed": "2", "symbols": "unknown",
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def html() -> str:
    return draw_page(sample.sample_scene(symbols="app6"))


def test_each_key_comes_back_from_its_address(open_page: Any, html: str) -> None:
    first, second = open_page(html), open_page(html)
    keys = set(first.page.evaluate("Object.keys(geomap.state())")) - {"lang"}
    languages = first.page.evaluate(
        "[...document.querySelectorAll('.gm-menu select')[0].options].map((o) => o.value)"
    )
    changes = CHANGES | {f"lang {lang}": {"lang": lang} for lang in languages if lang != "en"}
    assert {key for change in changes.values() for key in change} >= keys
    clear = dict.fromkeys((*keys, "lang"))
    hashes = set()
    for name, change in changes.items():
        first.page.evaluate("clear => geomap.set(clear)", clear)
        # At once, not after a while: what is set is in the address that can be copied.
        fragment = first.page.evaluate("change => geomap.set(change).then(() => location.hash)", change)
        first.settle()
        assert first.page.evaluate("location.hash") == fragment, name
        second.page.goto("about:blank")
        second.page.goto(first.page.url)
        second.wait_until("window.geomap !== undefined")
        second.page.evaluate("geomap.ready")
        second.settle()
        assert second.page.evaluate("geomap.state()") == first.page.evaluate("geomap.state()"), name
        assert second.page.evaluate(VISIBLE) == first.page.evaluate(VISIBLE), name
        assert second.page.evaluate("location.hash") == fragment, name
        hashes.add(fragment)
    assert len(hashes) == len(changes)
    first.assert_quiet()
    second.assert_quiet()


def test_the_state_is_what_was_set(open_page: Any, html: str) -> None:
    page = open_page(html).page
    page.evaluate("change => geomap.set(change)", CHANGES["all"])
    state = page.evaluate("geomap.state()")
    for key, value in CHANGES["all"].items():
        if key != "layers":
            assert state[key] == value, key
    assert state["layers"] == {"military": True, "people": False, "strikes": True, "talk": True}


def test_back_and_forward_and_a_typed_address(open_page: Any, html: str) -> None:
    opened = open_page(html)
    page = opened.page
    for event, hash_ in (
        ("bridge", "e=bridge&v=28,54,7"),
        ("drop", "e=drop&off=talk"),
        (None, "type=strike&theme=dark"),
    ):
        page.evaluate("hash => { location.hash = hash }", hash_)
        opened.wait_until(f"geomap.state().event === {'null' if event is None else repr(event)}")
    assert page.evaluate("geomap.state().filters") == {"type": ["strike"]}
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.evaluate("geomap.set({filters: {status: ['disputed']}})")
    page.evaluate("history.back()")
    opened.wait_until("geomap.state().event === 'drop'")
    assert page.evaluate("geomap.state().layers.talk") is False
    assert page.evaluate("geomap.state().filters") == {}
    assert "Paratroopers" in page.locator("[role=dialog]").inner_text()
    page.evaluate("history.back()")
    opened.wait_until("geomap.state().event === 'bridge'")
    assert page.evaluate("geomap.state().view") == {"lon": 28, "lat": 54, "zoom": 7}
    page.evaluate("history.go(2)")
    opened.wait_until("geomap.state().filters.type !== undefined")
    # What was chosen on that entry after it was opened belongs to it.
    assert page.evaluate("geomap.state().filters") == {"type": ["strike"], "status": ["disputed"]}
    assert page.evaluate("geomap.counts().shown") == 1
    opened.assert_quiet()


def test_what_people_do_is_in_the_address_too(open_page: Any, html: str) -> None:
    opened = open_page(html)
    page = opened.page

    def hash_has(part: str) -> None:
        opened.wait_until(f"decodeURIComponent(location.hash).includes({part!r})")

    page.locator(".gm-layers input").nth(1).click()
    hash_has("off=people")
    page.locator("[role=row]").first.click()
    hash_has("&e=")
    page.keyboard.press("Escape")
    opened.wait_until("!location.hash.includes('&e=')")
    page.locator("#geomap-search").fill("drop, now")
    hash_has("q=drop, now")
    page.locator("#geomap-search").fill("")
    opened.wait_until("!location.hash.includes('q=')")
    page.get_by_role("tab", name="Filters").click()
    hash_has("tab=filters")
    page.locator(".gm-choices input").first.click()
    hash_has("type=exercise")
    page.locator("#geomap-lens").select_option("confirmed")
    hash_has("lens=confirmed")
    page.get_by_role("button", name="Clear all").click()
    opened.wait_until("!/off=|type=|lens=/.test(location.hash)")
    page.locator(".gm-day").first.fill("2021-11-10")
    hash_has("t=2021-11-10,")
    before = page.evaluate("location.hash.match(/v=[^&]*/)[0]")
    page.locator(".leaflet-control-zoom-in").click()
    opened.wait_until(f"location.hash.match(/v=[^&]*/)[0] !== {before!r}")
    opened.assert_quiet()


def test_a_layer_that_is_gone_takes_nothing_from_the_others(open_page: Any, html: str) -> None:
    page = open_page(html, fragment="#off=gone,talk,__proto__&type=strike,nothing").page
    assert [key for key, on in page.evaluate("geomap.state().layers").items() if not on] == ["talk"]
    assert page.evaluate("geomap.counts().shown") == 2
