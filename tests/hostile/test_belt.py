"""Texts that people put on `geomap.to_folium`'s map with folium's own layers are letters to branca, at every entry.

Each entry is tried on a stock `folium.Map` as well: there the text is read as a template, or stops the map. Where that
no longer holds, branca has changed, and so may the guard have to.
"""

import json
import pickle
import re
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import folium
import jinja2
import pytest
from branca.element import Element, Figure, MacroElement
from folium import plugins
from folium.template import Template

from geomap.render import to_folium
from geomap.render.guarded import GuardedMap
from hostile_texts import hostile_scene

PLACE = (53.9, 27.5)
PRODUCT = "717986189"
SUM = "{{71993*9973}}"
BRACES = (
    "{{ unclosed",
    "{% unclosed",
    "{# unclosed",
    "}} %} #}",
    "{{}}",
    "{%%}",
    "{% raw %}",
    "{{ a.b }} {# c #}",
)


def collection(text: str, **properties: str) -> dict[str, Any]:
    own = {"name": text, "times": "2024-01-01", "time": "2024-01-01", **properties}
    geometry = {"type": "Point", "coordinates": [27.5, 53.9]}
    return {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": own, "geometry": geometry}],
    }


def add_geojson(map_: folium.Map, text: str, **options: Any) -> None:
    folium.GeoJson(collection(text), **options).add_to(map_)


def add_macro(map_: folium.Map, text: str) -> None:
    """What folium's own documents advise for a legend: a macro whose text comes from a field."""
    macro = MacroElement()
    macro.words = text
    macro._template = Template("{% macro html(this, kwargs) %}<p>{{ this.words }}</p>{% endmacro %}")
    map_.add_child(macro)


def add_group(map_: folium.Map, text: str) -> None:
    folium.FeatureGroup(name=text).add_to(map_)
    folium.LayerControl().add_to(map_)


def add_grouped(map_: folium.Map, text: str) -> None:
    group = folium.FeatureGroup(name=text).add_to(map_)
    plugins.GroupedLayerControl({text: [group]}).add_to(map_)


def add_search(map_: folium.Map, text: str) -> None:
    layer = folium.GeoJson(collection(text)).add_to(map_)
    plugins.Search(layer, search_label="name", placeholder=text).add_to(map_)


def add_frame(map_: folium.Map, text: str) -> None:
    folium.Marker(PLACE, popup=folium.Popup(folium.Html(text))).add_to(map_)


Add = Callable[[folium.Map, str], Any]
ENTRIES: Mapping[str, Add] = {
    "a marker's popup": lambda m, t: folium.Marker(PLACE, popup=t).add_to(m),
    "a lazy popup": lambda m, t: folium.Marker(PLACE, popup=folium.Popup(t, lazy=True)).add_to(m),
    "a popup that escapes": lambda m, t: folium.Marker(PLACE, popup=folium.Popup(t, parse_html=True)).add_to(m),
    "a popup's element": add_frame,
    "a marker's tooltip": lambda m, t: folium.Marker(PLACE, tooltip=t).add_to(m),
    "a tooltip's style": lambda m, t: folium.Marker(PLACE, tooltip=folium.Tooltip("x", style=t)).add_to(m),
    "a marker's icon": lambda m, t: folium.Marker(PLACE, icon=folium.DivIcon(html=t)).add_to(m),
    "a line's popup": lambda m, t: folium.PolyLine([PLACE, (54, 28)], popup=t, tooltip=t).add_to(m),
    "a circle's popup": lambda m, t: folium.CircleMarker(PLACE, popup=t).add_to(m),
    "a feature's property": add_geojson,
    "a feature's tooltip": lambda m, t: add_geojson(m, t, tooltip=folium.GeoJsonTooltip(["name"], aliases=[t])),
    "a feature's popup": lambda m, t: add_geojson(m, t, popup=folium.GeoJsonPopup(["name"], aliases=[t])),
    "a layer's name": add_group,
    "a group of layers": add_grouped,
    "an attribution": lambda m, t: folium.TileLayer("https://t.example/{z}/{x}/{y}.png", attr=t).add_to(m),
    "a WMS layer": lambda m, t: folium.WmsTileLayer("https://t.example", layers=t, name=t, attr=t).add_to(m),
    "a heading": lambda m, t: m.get_root().html.add_child(Element(f"<h3>{t}</h3>")),
    "an element of the head": lambda m, t: m.get_root().header.add_child(Element(f"<meta content='{t}'>")),
    "a line of script": lambda m, t: m.get_root().script.add_child(Element(f"/* {t} */")),
    "a macro of one's own": add_macro,
    "a timeline": lambda m, t: plugins.TimestampedGeoJson(collection(t, popup=t, tooltip=t)).add_to(m),
    "a search box": add_search,
    "a cluster's popups": lambda m, t: plugins.MarkerCluster([PLACE], popups=[t]).add_to(m),
    "a text along a line": lambda m, t: plugins.PolyLineTextPath(
        folium.PolyLine([PLACE, (54, 28)]).add_to(m), t
    ).add_to(m),
    "a choropleth's legend": lambda m, t: folium.LinearColormap(["red", "blue"], caption=t).add_to(m),
}  # fmt: skip
# What is a template as soon as it is made, before it comes near any map; of it only what is no template at all is held.
AT_ONCE = {"a heading", "an element of the head", "a line of script"}


@pytest.fixture(scope="module")
def scene() -> Any:
    return hostile_scene("plain")


@pytest.fixture
def drawn(scene: Any) -> folium.Map:
    return to_folium(scene)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@pytest.mark.parametrize("entry", ENTRIES)
def test_no_text_is_read_as_a_template(drawn: folium.Map, entry: str) -> None:
    ENTRIES[entry](drawn, SUM)
    page = drawn.get_root().render()
    assert PRODUCT not in page
    assert "71993*9973" in page


@pytest.mark.parametrize("entry", ENTRIES)
def test_on_a_stock_map_it_would_be(entry: str) -> None:
    stock = folium.Map()
    ENTRIES[entry](stock, SUM)
    assert PRODUCT in stock.get_root().render()


@pytest.mark.parametrize("entry", ENTRIES)
def test_nothing_is_run_while_the_map_is_saved(
    drawn: folium.Map, entry: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Makes a folder wherever a template may run; without quotes, it gets through JSON as it is.
    canary = tmp_path / "canary"
    monkeypatch.setenv("GEOMAP_CANARY", str(canary))
    text = "{%set os=cycler.__init__.__globals__.os%}{{os.makedirs(os.environ.GEOMAP_CANARY,511,true)}}"
    ENTRIES[entry](drawn, text)
    drawn.save(tmp_path / "map.html")
    assert not canary.exists()
    stock = folium.Map()
    ENTRIES[entry](stock, text)
    stock.save(tmp_path / "stock.html")
    assert canary.is_dir()


@pytest.mark.parametrize("text", BRACES)
@pytest.mark.parametrize("entry", sorted(set(ENTRIES) - AT_ONCE))
def test_braces_stop_no_map_and_stay(drawn: folium.Map, entry: str, text: str) -> None:
    ENTRIES[entry](drawn, text)
    page = drawn.get_root().render()
    assert text in page or json.dumps(text)[1:-1] in page


def test_a_text_that_branca_compiles_at_once_stops_there_and_html_takes_it(drawn: folium.Map) -> None:
    # Before it comes near any map; the documents name what takes any text instead.
    with pytest.raises(jinja2.TemplateSyntaxError):
        Element("{% unclosed")
    drawn.get_root().html.add_child(folium.Html("<b>{% unclosed"))
    assert "&lt;b&gt;{% unclosed" in drawn.get_root().render()


def everything(map_: folium.Map, text: str) -> folium.Map:
    for add in ENTRIES.values():
        add(map_, text)
    return map_


def numbered(page: str) -> str:
    """A page with branca's random ids in the order in which they stand there."""
    known: dict[str, str] = {}
    return re.sub("[0-9a-f]{32}", lambda match: known.setdefault(match.group(), f"id{len(known)}"), page)


def test_what_is_no_template_gives_the_page_that_folium_gives() -> None:
    text = "Zażółć {1} % # 'a' & <b>b</b>"
    stock = numbered(everything(folium.Map(PLACE), text).get_root().render())
    assert numbered(everything(GuardedMap(PLACE), text).get_root().render()) == stock
    assert len(stock) > 20_000


def test_the_same_map_gives_the_same_page_again(drawn: folium.Map, tmp_path: Path) -> None:
    everything(drawn, SUM)
    pages = [numbered(drawn.get_root().render()) for _ in range(3)]
    drawn.save(tmp_path / "map.html")
    assert {*pages, numbered((tmp_path / "map.html").read_text(encoding="utf-8"))} == {pages[0]}
    # What is added in between is there, and once.
    drawn.get_root().html.add_child(Element("<p>added later</p>"))
    folium.Marker(PLACE, popup="a later popup").add_to(drawn)
    for _ in range(2):
        page = drawn.get_root().render()
        assert page.count("added later") == page.count("a later popup") == 1


def test_its_parts_rendered_one_by_one_are_guarded(drawn: folium.Map) -> None:
    everything(drawn, SUM)
    root = drawn.get_root()
    root.render()
    parts = "".join((root.header.render(), root.html.render(), root.script.render()))
    assert PRODUCT not in parts
    assert parts.count("71993*9973") >= len(ENTRIES)


def test_in_a_notebook_it_is_guarded(drawn: folium.Map) -> None:
    everything(drawn, SUM)
    shown = drawn._repr_html_()
    assert PRODUCT not in shown
    assert "71993*9973" in shown


def test_in_a_figure_of_branca_what_lies_on_the_map_is_guarded(drawn: folium.Map) -> None:
    folium.Marker(PLACE, popup=SUM, tooltip="{% unclosed").add_to(drawn)
    figure = Figure()
    figure.add_child(drawn)
    page = figure.render()
    assert PRODUCT not in page
    assert SUM in page


def test_a_title_ends_where_it_ends(drawn: folium.Map) -> None:
    drawn.get_root().title = "</title><script>window.__hit=1</script>"
    assert "<title>&lt;/title&gt;&lt;script&gt;" in drawn.get_root().render()
    assert drawn.get_root().title == "</title><script>window.__hit=1</script>"


def test_a_map_that_was_pickled_is_guarded(scene: Any) -> None:
    drawn = GuardedMap(PLACE)
    folium.Marker(PLACE, popup="{% unclosed " + SUM).add_to(drawn)
    drawn.get_root().html.add_child(Element(SUM))
    page = drawn.get_root().render()
    again = pickle.loads(pickle.dumps(drawn))
    assert numbered(again.get_root().render()) == numbered(page)
    assert PRODUCT not in page


def test_other_threads_keep_the_branca_that_they_know(drawn: folium.Map) -> None:
    before = Element.__init__, Element.render
    inside, done = threading.Event(), threading.Event()
    pages: list[str] = []

    class Waiting(MacroElement):
        def render(self, **kwargs: Any) -> None:
            inside.set()
            assert done.wait(60)

    def draw() -> None:
        pages.append(drawn.get_root().render())

    folium.Marker(PLACE, popup=SUM).add_to(drawn)
    drawn.add_child(Waiting())
    thread = threading.Thread(target=draw)
    thread.start()
    try:
        assert inside.wait(60)
        stock = folium.Map()
        folium.Marker(PLACE, popup=SUM).add_to(stock)
        assert PRODUCT in stock.get_root().render()
    finally:
        done.set()
        thread.join()
    [page] = pages
    assert PRODUCT not in page
    assert (Element.__init__, Element.render) == before


def test_an_error_leaves_branca_as_it_was(drawn: folium.Map) -> None:
    before = Element.__init__, Element.render

    class Broken(MacroElement):
        def render(self, **kwargs: Any) -> None:
            raise KeyError("broken")

    drawn.add_child(Broken())
    with pytest.raises(KeyError):
        drawn.get_root().render()
    assert (Element.__init__, Element.render) == before
