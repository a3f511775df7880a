"""Text that tries to run: in every field of a scene it is shown letter for letter and nothing happens."""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from geomap.render import draw_page, to_folium
from geomap.render.leaflet_assets import read_leaflet
from geomap.scene import SceneLayer, TypeSymbol

# Playwright talks to the browser that it started over local sockets; the page itself is offline.
pytestmark = pytest.mark.enable_socket

TESTS = Path(__file__).parent.parent


def _load(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


sample = _load("sample", TESTS / "render" / "sample.py")
_browser = _load("offline_browser", TESTS / "browser" / "conftest.py")
browser, open_page = _browser.browser, _browser.open_page

# What each would do, and what stops it.
HOSTILE = {
    # Code where the text is taken for a template: nothing of the scene enters folium or Jinja's source.
    "jinja expression": "{{7*7}} {{ cycler.__init__.__globals__ }}",
    "jinja statement": "{% for a in b %} {# unclosed",
    "template literal": "${window.__hit=1} `${alert(1)}` \\`",
    # Markup where it is parsed: the island escapes it, the page writes it with textContent.
    "closing script": "</script><script>window.__hit=1</script>",
    "image": "<img src=x onerror=window.__hit=1>",
    "svg in a title": "</title><svg onload=window.__hit=1>",
    "details": "<details open ontoggle=window.__hit=1>",
    "iframe": "<iframe srcdoc='<script>parent.__hit=1</script>'>",
    "comment that swallows the page": "<!--<script>",
    "style": "</style><style>*{display:none}",
    "entity": "&lt;b&gt; &amp;amp; &#x3C;",
    "attribute break-out": "\" onmouseover=window.__hit=1 x='",
    # Addresses that run: only http and https become links.
    "script address": "javascript:window.__hit=1",
    "data address": "data:text/html,<script>parent.__hit=1</script>",
    # Text that breaks a parser or lies about its order: JSON escapes it, <bdi> contains it.
    "line separators": "a\u2028b\u2029c",
    "direction marks": "abc\u202egnp.exe\u202c \u2066x\u2069 \u200b\ufeff",
    "quotes and backslashes": "O'Neill \\ \" ' \\u003c \\",
    "control characters": "a\x01b\tc\nd",
    "right to left": "\u05e9\u05dc\u05d5\u05dd (1) \u0645\u0631\u062d\u0628\u0627",
    "prototype": "__proto__",
    "very long": "long " + "x" * 20_000,
}


def hostile_scene(text: str) -> Any:
    """Put a text into every field of the sample that people write."""
    keys = ("publisher", "title", "url", "published", "published_basis", "reliability", "graded_by")
    source = sample.SOURCE | dict.fromkeys(keys, text)
    claim = dict.fromkeys(("by", "text", "quote", "when", "via"), text) | {
        "about": "motive",
        "about_label": text,
        "source": "s1",
    }
    detail = sample.detail(
        when_words=text,
        sources=[source],
        claims=[claim | {"stance": stance} for stance in ("asserts", "denies", "declines_to_comment", text)],
        actors=[{"name": text, "role": "initiator"}],
        quantities=[text],
        equipment=[text],
        relations=[
            {"type": "related", "event": "bridge", "title": text},
            {"type": text, "event": text, "title": text},
        ],
        places=[{"name": text, "role": "purpose", "precision": "region", "note": text, "drawn": False}],
        evidence=[{"quote": text, "source": "s1", "field": "title"}],
        media=[{"url": text, "credit": text, "captured": text}],
        status_basis=text,
    )
    written = {
        "title": text,
        "when": text,
        "edtf": "",
        "place": text,
        "summary": text,
        "actors": [text],
        "actor_ids": [None],
        "claimants": [text],
        "subtype": text,
        "detail": detail,
    }
    events = [row | written for row in sample.EVENTS]
    features = [row | {"label": text, "note": text} for row in sample.FEATURES]
    basemap = sample.BASEMAP
    towns = tuple((lon, lat, text, rank) for lon, lat, _, rank in basemap.towns)
    countries = tuple((lon, lat, text) for lon, lat, _ in basemap.countries)
    return sample.sample_scene(
        title=text,
        subtitle=text,
        worldview=text,
        attribution=(text, text),
        types=tuple(
            TypeSymbol(id=kind.id, label=text, colour=kind.colour, glyph=kind.glyph) for kind in sample.TYPES
        ),
        layers=(SceneLayer(id=text, title=text, group=text, events=tuple(range(len(events)))),),
        events=sample.columns(events),
        features=sample.columns(features),
        basemap=type(basemap)(
            window=basemap.window,
            world=basemap.world,
            land=basemap.land,
            borders=basemap.borders,
            disputed=basemap.disputed,
            regions=basemap.regions,
            towns=towns,
            countries=countries,
        ),
    )


def texts(page: Any, selector: str) -> list[str]:
    found: list[str] = page.eval_on_selector_all(selector, "nodes => nodes.map(node => node.textContent)")
    return found


def assert_nothing_ran(opened: Any) -> None:
    assert opened.page.evaluate("[typeof window.__hit, typeof ({}).polluted]") == ["undefined", "undefined"]
    opened.assert_quiet()


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_the_page_shows_it_as_text(open_page: Any, text: str) -> None:
    opened = open_page(draw_page(hostile_scene(text)))
    page = opened.page
    shown = text.strip() or text
    for selector in (
        ".gm-title bdi",
        ".gm-subtitle bdi",
        ".gm-layer-title bdi",
        ".gm-layers legend bdi",
        ".gm-attribution bdi",
        "#geomap-side [role=row] .gm-row-title bdi",
        "#geomap-side [role=row] .gm-row-line bdi",
    ):
        found = texts(page, selector)
        assert found, selector
        assert set(found) == {text}, selector
    page.get_by_role("tab", name="Legend").click()
    assert set(texts(page, ".gm-legend-types bdi")) == {text}
    assert text in texts(page, ".gm-about p bdi")

    page.evaluate("geomap.set({event: 'drop'})")
    proof = texts(page, "[role=dialog] bdi")
    # Title, type, when, place, note, summary, status, a dozen in the claims, who, numbers, source, relation.
    assert proof.count(text) >= 25
    whole = texts(page, "[role=dialog]")[0]
    assert whole.count(shown) >= 40
    assert page.locator("[role=dialog] a").count() == 0

    page.evaluate("geomap.set({event: null, view: null, layers: null})")
    box = page.locator(".folium-map").bounding_box()
    [badge] = page.evaluate("geomap.drawn('convoy')")
    page.mouse.click(box["x"] + badge["px"][0], box["y"] + badge["px"][1])
    opened.wait_until("document.querySelector('[role=dialog] .gm-event-words > bdi') !== null")
    assert text in texts(page, "[role=dialog] .gm-event-words > bdi")
    page.evaluate("text => geomap.set({filters: {text, actor: [text]}, layers: {[text]: false}})", text)
    assert_nothing_ran(opened)


def test_hidden_characters_stay_and_are_marked(open_page: Any) -> None:
    text = HOSTILE["direction marks"]
    page = open_page(draw_page(hostile_scene(text))).page
    assert texts(page, ".gm-title bdi") == [text]
    mark = page.locator(".gm-title .gm-hidden-mark")
    assert mark.get_attribute("aria-label") == "Contains invisible or direction-changing characters"
    assert mark.text_content() == ""
    # Isolated: the text after it is not turned round.
    isolation = page.locator(".gm-title bdi").evaluate("node => getComputedStyle(node).unicodeBidi")
    assert isolation == "isolate"


def test_an_address_that_only_the_build_was_told_to_trust_is_no_link(open_page: Any) -> None:
    html = draw_page(hostile_scene("plain"))
    for address in ("javascript:window.__hit=1", "https://a@b.example/", "https://exa\u202emple.org"):
        forged = html.replace('"href":null', f'"href":"{address}"').replace(
            '"url":"plain"', f'"url":"{address}"'
        )
        assert forged != html
        opened = open_page(forged)
        opened.page.evaluate("geomap.set({event: 'drop'})")
        assert opened.page.locator(".gm-address a").count() == 0
        assert texts(opened.page, ".gm-address bdi") == [address]
        assert_nothing_ran(opened)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_notebook_map_shows_it_as_text(open_page: Any, text: str) -> None:
    leaflet = read_leaflet()
    opened = open_page(
        to_folium(hostile_scene(text)).get_root().render(),
        ready="document.querySelectorAll('.leaflet-control-layers-overlays label').length === 2",
        answers={
            "leaflet.js": ("text/javascript", leaflet.script),
            "leaflet.css": ("text/css", leaflet.style),
            ".js": ("text/javascript", ""),
            ".css": ("text/css", ""),
        },
    )
    page = opened.page
    opened.requests.clear()  # the stock map's own tiles
    opened.errors.clear()
    assert text in texts(page, ".leaflet-control-layers-overlays bdi")
    assert text in texts(page, ".leaflet-control-attribution bdi")
    page.locator(".leaflet-control-layers-overlays input").nth(1).check()
    assert text in texts(page, ".leaflet-popup-content .gm-event-words > bdi")
    page.locator(".leaflet-popup-content button").first.click()
    opened.wait_until("document.querySelector('.leaflet-popup-content .gm-facts') !== null")
    assert texts(page, ".leaflet-popup-content bdi").count(text) >= 20
    assert page.evaluate("typeof window.__hit") == "undefined"
    assert [error for error in opened.errors if "Failed to load resource" not in error] == []
