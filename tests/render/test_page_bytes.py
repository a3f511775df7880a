"""The page as bytes: the same twice, closed to the network, nothing in it that a hash does not vouch for."""

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from branca.element import Element, Figure

import sample
from geomap.errors import DataFileError
from geomap.render import draw_page, to_folium
from geomap.render.elements import FinishedParts, Verbatim, stable_ids
from geomap.render.leaflet_assets import read_leaflet
from geomap.render.page import _ISLAND, TrustedBlock, UnexpectedMarkupError, _folium_frame, _HeadBlocks
from geomap.render.payload import scene_json

HOSTILE = "</script><!--<script>&amp;{{7*7}}\u2028\u2029\x00\u202e'\"\\ \N{PILE OF POO}"


class Blocks(HTMLParser):
    """Every script, style and reference of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self.islands: list[str] = []
        self.references: list[str] = []
        self.policy = ""
        self.handlers: list[str] = []
        self._into: list[str] | None = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script":
            self._into = self.islands if given.get("type") == "application/json" else self.scripts
        elif tag == "style":
            self._into = self.styles
        if tag == "meta" and given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given["content"] or ""
        for name, value in attrs:
            if name in ("src", "href", "srcset", "action", "data", "poster"):
                self.references.append(value or "")
            if name.startswith("on") or name == "style":
                self.handlers.append(f"{tag} {name}")

    def handle_endtag(self, tag: str) -> None:
        self._into = None

    def handle_data(self, data: str) -> None:
        if self._into is not None:
            self._into.append(data)


@pytest.fixture(scope="module")
def html() -> str:
    return draw_page(sample.sample_scene())


def test_the_same_scene_gives_the_same_page(html: str) -> None:
    Figure()  # ids drawn elsewhere in between change nothing
    assert draw_page(sample.sample_scene()) == html


@pytest.mark.parametrize("seed", ["0", "777"])
def test_the_same_page_in_another_process_seed_zone_and_locale(html: str, seed: str) -> None:
    code = (
        "import hashlib, sys\n"
        "sys.path.append(sys.argv[1])\n"
        "import sample\n"
        "from geomap.render import draw_page\n"
        "print(hashlib.sha256(draw_page(sample.sample_scene()).encode()).hexdigest())\n"
    )
    environment = os.environ | {"PYTHONHASHSEED": seed, "TZ": "Pacific/Auckland", "LC_ALL": "C"}
    run = subprocess.run(
        [sys.executable, "-c", code, str(Path(sample.__file__).parent)],
        capture_output=True,
        text=True,
        env=environment,
        cwd=Path(__file__).parents[2],
        check=True,
    )
    assert run.stdout.strip() == hashlib.sha256(html.encode()).hexdigest()


def test_ids_are_numbered_inside_only_and_in_this_thread_only() -> None:
    elsewhere: list[str] = []
    with stable_ids():
        first = Element()._id
        thread = threading.Thread(target=lambda: elsewhere.append(Element()._id))
        thread.start()
        thread.join()
        with stable_ids():
            assert Element()._id == first
        second = Element()._id
    assert (int(first, 16), int(second, 16)) == (1, 2)
    assert re.fullmatch("[0-9a-f]{32}", elsewhere[0])
    assert int(elsewhere[0], 16) > 2**64
    assert Element()._id != Element()._id
    assert "geomap" not in Element._generate_id.__func__.__module__  # type: ignore[attr-defined]


def test_finished_text_is_not_parsed_again() -> None:
    assert Verbatim("{{ 7*7 }} {% nothing %}").render() == "{{ 7*7 }} {% nothing %}"


def test_the_island_brings_hostile_text_back_letter_for_letter() -> None:
    text = scene_json(sample.sample_scene(title=HOSTILE, attribution=(HOSTILE,), worldview=HOSTILE))
    assert not set(text) & set("<>&\u2028\u2029\x00")
    read = json.loads(text)
    assert (read["title"], read["attribution"], read["worldview"]) == (HOSTILE, [HOSTILE], HOSTILE)


def test_a_lone_surrogate_neither_stops_the_build_nor_is_lost() -> None:
    scene = sample.sample_scene(title="half \ud83d sign", language="en\ud800")
    page = draw_page(scene)
    page.encode("utf-8")
    assert json.loads(Blocks(page).islands[0])["title"] == "half \ud83d sign"


def test_what_is_not_a_number_is_null() -> None:
    features = dict(sample.columns(sample.FEATURES))
    features["radius_m"] = [float("nan"), *features["radius_m"][1:]]
    text = scene_json(sample.sample_scene(features=features))
    assert re.search(r"[\[,:]NaN", text) is None  # packed parts may hold the letters
    assert json.loads(text)["features"]["sites"]["radius"][0] == -1
    surrogate = json.loads(scene_json(sample.sample_scene(features=features, title="\ud800")))
    assert surrogate["features"]["sites"]["radius"][0] == -1


def test_the_policy_names_every_script_and_style_by_its_hash_and_nothing_else(html: str) -> None:
    blocks = Blocks(html)
    rules = dict(rule.split(" ", 1) for rule in blocks.policy.split("; "))
    assert rules["script-src"].split() == [source_of(text) for text in blocks.scripts]
    assert rules["style-src"].split() == [source_of(text) for text in blocks.styles]
    assert (rules["default-src"], rules["base-uri"], rules["form-action"]) == ("'none'",) * 3
    assert rules["img-src"] == "data:"
    assert blocks.handlers == []
    assert html.index("Content-Security-Policy") < html.index("<style>") < html.index("<script>")


def source_of(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_scripts_and_styles_are_the_same_for_every_scene(html: str) -> None:
    other = Blocks(draw_page(sample.sample_scene(title=HOSTILE, layers=(), language=HOSTILE)))
    same = Blocks(html)
    assert (other.scripts, other.styles, other.policy) == (same.scripts, same.styles, same.policy)
    assert len(other.islands) == 1


def test_the_page_refers_to_nothing_outside_itself(html: str) -> None:
    blocks = Blocks(html)
    assert all(reference.startswith(("data:", "#")) for reference in blocks.references)
    urls = re.findall(r"url\(\s*['\"]?([^)]*)", "".join(blocks.styles))
    assert all(url.startswith(("data:", "#")) for url in urls)
    assert "@import" not in html
    assert "sourceMappingURL" not in html


def test_the_head_is_ours(html: str) -> None:
    page = draw_page(sample.sample_scene(title="<b>&'\"", language='"><script>'))
    assert "<title>&lt;b&gt;&amp;&#39;&#34;</title>" in page
    assert '<html lang="&#34;&gt;&lt;script&gt;">' in page
    assert html.startswith('<!doctype html>\n<html lang="en">')
    assert "user-scalable=no" not in html


def test_a_script_that_would_end_itself_is_refused() -> None:
    for text in ("a</script>", "</STYLE >", "<!-- x", "a\rb"):
        with pytest.raises(UnexpectedMarkupError):
            TrustedBlock(text)


def test_words_like_the_mark_of_the_island_are_words() -> None:
    page = draw_page(sample.sample_scene(title=_ISLAND, subtitle=f"{_ISLAND}{_ISLAND}"))
    (island,) = Blocks(page).islands
    assert json.loads(island)["title"] == _ISLAND
    assert f"<title>{_ISLAND}" in page


@pytest.mark.parametrize(
    "header", ["<link href='x'>", "<script src='x'></script>", "<style media='x'></style>", "words", "<img>"]
)
def test_what_folium_never_put_into_the_head_is_refused(header: str) -> None:
    blocks = _HeadBlocks()
    with pytest.raises(UnexpectedMarkupError, match="folium put"):
        blocks.feed(f"{header}<meta>")


def test_a_map_without_a_figure_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("folium.Map.get_root", lambda self: self)
    _folium_frame.cache_clear()
    with pytest.raises(UnexpectedMarkupError, match="no longer puts a map into a figure"):
        _folium_frame()


def test_what_is_added_to_a_map_is_rendered_through_it() -> None:
    with pytest.raises(TypeError, match="through its map"):
        FinishedParts(header="", html="", script="").render()


def test_leaflet_is_taken_only_as_it_was_tested(tmp_path: Path) -> None:
    from xstatic.pkg import leaflet

    folder = tmp_path / "data"
    shutil.copytree(leaflet.BASE_DIR, folder, ignore=shutil.ignore_patterns("*.map", "leaflet-src*"))
    assert read_leaflet(folder) == read_leaflet()
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    (other / "leaflet.js").write_bytes((other / "leaflet.js").read_bytes() + b" ")
    with pytest.raises(DataFileError, match=r"leaflet\.js: SHA-256"):
        read_leaflet(other)
    with pytest.raises(DataFileError, match="cannot be read"):
        read_leaflet(tmp_path / "nowhere")


def test_a_notebook_map_keeps_foliums_links_and_saves_twice(tmp_path: Path) -> None:
    drawn: Any = to_folium(sample.sample_scene(title=HOSTILE))
    shown = drawn._repr_html_()
    assert "srcdoc" in shown
    drawn.save(tmp_path / "first.html")
    drawn.save(tmp_path / "second.html")
    first, second = ((tmp_path / name).read_text(encoding="utf-8") for name in ("first.html", "second.html"))
    # folium repeats its own tile layer's line; what is ours stands there once and is the same.
    assert Blocks(first).islands == Blocks(second).islands
    assert second.count("window.geomapNotebook(map_") == 1
    assert first.count("application/json") == 1
    assert "cdn.jsdelivr.net" in first
    blocks = Blocks(first)
    assert json.loads(blocks.islands[0])["title"] == HOSTILE
    assert "{{7*7}}" not in "".join(blocks.scripts)
    script = blocks.scripts[-1]
    assert script.index("L.map(") < script.index("window.geomapNotebook(map_")


def test_a_long_quotation_is_cut_at_a_word_and_says_so() -> None:
    events = dict(sample.columns(sample.EVENTS))
    quote = "word " * 200
    claim = {"by": "A", "stance": "asserts", "about": "event", "quote": quote}
    events["detail"] = [sample.detail(evidence=[{"quote": quote}], claims=[claim]), *events["detail"][1:]]
    content = json.loads(scene_json(sample.sample_scene(events=events)))
    detail = content["events"]["details"][0]["detail"][0]
    for words in (detail["evidence"][0]["quote"], detail["claims"][0]["quote"]):
        assert words.endswith("word …")
        assert len(words) <= 302
