"""Text that tries to run, a scene that has it in every field, and how to see that it did not."""

from typing import Any

import sample
from geomap.scene import SceneLayer, TypeSymbol

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
