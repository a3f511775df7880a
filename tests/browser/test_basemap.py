"""The ground of the page alone: colours, waters, and names in the language chosen."""

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from geomap.render.payload_ground import basemap_parts
from geomap.scene import Basemap
from geomap.scene.value import PlaceLabel, WaterLabel

STATIC = Path(__file__).parents[2] / "geomap" / "render" / "static"
SCRIPTS = ("text.js", "geometry.js", "canvas-layer.js", "basemap.js")


def box(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def line(*points: tuple[float, float]) -> dict[str, Any]:
    return {"type": "MultiLineString", "coordinates": [[list(point) for point in points]]}


BASEMAP = Basemap(
    window=(20.0, 50.0, 30.0, 56.0),
    world=box(0, 40, 60, 70),
    land=box(20, 50, 30, 56),
    borders=line((20, 52), (30, 52)),
    disputed=line((25, 52), (25, 56)),
    regions=line((20, 54), (25, 54)),
    far_borders=line((0, 52), (60, 52)),
    rivers={"type": "GeometryCollection", "geometries": [line((20.5, 53), (24.5, 53.02))]},
    river_labels=(WaterLabel(rank=3, name="Stream", names={"ru": "Поток"}),),
    lakes={"type": "GeometryCollection", "geometries": [box(26, 54, 28.5, 55.5)]},
    lake_labels=(WaterLabel(rank=2, name="Pond", names={"ru": "Пруд"}, at=(27.25, 54.75)),),
    towns=((22.0, 55.0, "Capitol", 0), (22.0, 51.0, "Town", 1), (28.0, 51.0, "Hamlet", 5)),
    town_labels=(
        PlaceLabel(names={"be": "Сталіца", "ru": "Столица"}, native="Сталіца"),
        PlaceLabel(names={"pl": "Miasto"}, native="Miasto"),
        PlaceLabel(names={}),
    ),
    countries=((25.0, 50.7, "Poland"),),
    country_labels=(PlaceLabel(names={"be": "Польшча"}, code="PL"),),
)

# A context that notes what is written and filled.
PAGE = """<!doctype html><meta charset="utf-8"><title>ground</title><body>
<script>const L = {Renderer: class {}};</script>%s
<script>
const content = %s;
let language = "en";
const made = makeBasemap(content, {lang: () => language});
const canvas = document.createElement("canvas");
canvas.width = 800; canvas.height = 600;
document.body.append(canvas);
const ctx = canvas.getContext("2d");
let measured = 0;
const measure = ctx.measureText.bind(ctx);
ctx.measureText = (text) => { measured++; return measure(text); };
function viewAt(lon, lat, zoom) {
  const scale = 256 * 2 ** zoom;
  return {scale, x0: worldX(lon) * scale - 400, y0: worldY(lat) * scale - 300, minX: 0, minY: 0, maxX: 800, maxY: 600,
    zoom, centreX: worldX(lon)};
}
function written(lang, zoom, labelled = [], boxes = []) {
  language = lang;
  const found = [];
  const taken = new TakenSpace();
  for (const one of boxes) taken.take(...one);
  const fill = ctx.fillText.bind(ctx);
  ctx.fillText = (text, ...rest) => { found.push(text); fill(text, ...rest); };
  made.names(taken, new Set(labelled))(ctx, viewAt(25, 53, zoom));
  ctx.fillText = fill;
  return found;
}
function colourAt(lon, lat, zoom) {
  const view = viewAt(25, 53, zoom);
  made.ground(ctx, view);
  const x = worldX(lon) * view.scale - view.x0, y = worldY(lat) * view.scale - view.y0;
  const pixel = ctx.getImageData(Math.round(x), Math.round(y), 1, 1).data.slice(0, 3);
  return "#" + Array.from(pixel, (n) => n.toString(16).padStart(2, "0")).join("");
}
window.geomap = {ready: true};
</script>"""


@pytest.fixture
def page(open_page: Callable[..., Any]) -> Any:
    scene: Any = SimpleNamespace(basemap=BASEMAP)
    content = json.dumps(basemap_parts(scene)).replace("<", "\\u003c")
    scripts = "".join(f"<script>{(STATIC / name).read_text(encoding='utf-8')}</script>" for name in SCRIPTS)
    opened = open_page(PAGE % (scripts, content))
    yield opened.page
    opened.assert_quiet()


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_lakes_are_water_and_land_is_land_in_every_theme(page: Any, theme: str) -> None:
    page.evaluate(f"setGroundTheme('{theme}')")
    water, land = page.evaluate("[GROUND.water, GROUND.land]")
    assert page.evaluate("colourAt(27, 54.8, 7)") == water
    assert page.evaluate("colourAt(22, 51.5, 6)") == land
    assert page.evaluate("colourAt(-5, 53, 4)") == water
    assert (
        page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--ground-water')")
        == water
    )


def test_the_edge_of_the_window_does_not_show(page: Any) -> None:
    """Beside it, on both sides and on it, the land has one colour."""
    land = page.evaluate("GROUND.land")
    for lon in (19.98, 19.99, 20.0, 20.01, 20.02):
        assert page.evaluate(f"colourAt({lon}, 53.5, 5)") == land


def test_a_border_goes_on_beyond_the_window(page: Any) -> None:
    land = page.evaluate("GROUND.land")
    assert page.evaluate("colourAt(18, 52, 5)") != land
    assert page.evaluate("colourAt(22, 52, 5)") != land


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("en", {"Capitol", "Сталіца", "Town", "POLAND", "Pond", "Stream"}),
        ("ru", {"Столица", "Town", "ПОЛЬША", "Пруд", "Поток"}),  # the country's name is the browser's
        ("be", {"Сталіца", "Town", "ПОЛЬШЧА", "Pond", "Stream"}),
        ("pl", {"Capitol", "Сталіца", "Miasto", "POLSKA", "Pond", "Stream"}),
        ("xx", {"Capitol", "Сталіца", "Town", "POLAND", "Pond", "Stream"}),
    ],
)
def test_names_are_in_the_language_chosen_and_the_native_one_beneath(
    page: Any, language: str, names: set[str]
) -> None:
    assert set(page.evaluate(f"written('{language}', 6.5)")) == names


def test_small_towns_and_rivers_come_with_the_scale(page: Any) -> None:
    assert "Hamlet" not in page.evaluate("written('en', 6)")
    assert page.evaluate("written('en', 4)") == ["POLAND"] or "Stream" not in page.evaluate(
        "written('en', 4)"
    )


def test_a_country_that_has_a_label_is_not_named_again(page: Any) -> None:
    assert "POLAND" not in page.evaluate("written('en', 6, ['Poland'])")
    assert "POLAND" not in page.evaluate("written('en', 6, ['PL'])")


def test_a_name_keeps_clear_of_what_the_events_have_taken(page: Any) -> None:
    assert page.evaluate("written('en', 6, [], [[400, 300, 800, 600]])") == []


def test_names_are_measured_once_a_language(page: Any) -> None:
    page.evaluate("written('en', 6)")
    first = page.evaluate("measured")
    page.evaluate("written('en', 6.5); written('en', 7)")
    assert page.evaluate("measured") == first
    page.evaluate("written('ru', 6)")
    page.evaluate("written('en', 6)")
    assert page.evaluate("measured") <= 2 * first
