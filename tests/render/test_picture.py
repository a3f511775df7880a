"""The static picture: ink where it belongs, text as letters, the same bytes anywhere."""

import hashlib
import math
import os
import re
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

import sample
from geomap.config import Picture
from geomap.errors import MissingExtraError
from geomap.render.picture import PictureSize, draw_picture
from geomap.render.picture_ground import fit_view, world_xy
from geomap.render.picture_legend import count_parts, scale_length, time_words
from geomap.render.picture_plan import plan_events
from geomap.render.picture_sheet import Style, elide, text_width, wrap
from geomap.render.picture_text import BOX, day_words, visible_text
from geomap.scene import Movement, Scene
from geomap.scene.glyphs import GLYPH_OUTLINES

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FRAME = (0.0, 0.0, 680.0, 420.0)
SVG = "{http://www.w3.org/2000/svg}"


def png(scene: Scene, **options: Any) -> Image.Image:
    return Image.open(BytesIO(draw_picture(scene, "png", **options)))


def svg(scene: Scene, **options: Any) -> str:
    return draw_picture(scene, "svg", **options).decode()


def pixels(image: Image.Image) -> NDArray[np.int16]:
    return np.asarray(image.convert("RGB"), dtype=np.int16)


def ink(image: Image.Image, colour: str) -> int:
    """How many pixels are of a colour, by and large."""
    wanted = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)])
    return int((np.abs(pixels(image) - wanted).max(axis=2) < 12).sum())


def scene_of(events: list[dict[str, Any]], features: list[dict[str, Any]], **changes: Any) -> Scene:
    """A scene of a few events; without any, the columns are there and empty."""
    tables = {
        "events": sample.columns(events) if events else {name: [] for name in sample.EVENTS[0]},
        "features": sample.columns(features) if features else {name: [] for name in sample.FEATURES[0]},
    }
    made: Scene = sample.sample_scene(**(tables | {"geometries": (), "layers": ()} | changes))
    return made


def pin(number: int, lon: float = 27.5, lat: float = 53.9, **parts: Any) -> dict[str, Any]:
    row: dict[str, Any] = sample.feature(
        f"e{number}#1", number, "pin", "place", f"Town {number}", lon=lon, lat=lat, radius_m=300, **parts
    )
    return row


def event(number: int, kind: str = "strike", **parts: Any) -> dict[str, Any]:
    row: dict[str, Any] = sample.event(f"e{number}", f"Event {number}", kind, **parts)
    return row


# What is drawn


def test_every_type_on_the_map_leaves_ink_in_its_colour() -> None:
    picture = png(sample.sample_scene())
    assert picture.size == (1920, 1080)
    assert "Statement" not in picture.info["Description"]  # its one event has no place
    for symbol in sample.TYPES:
        assert ink(picture, symbol.colour) > 60, symbol


def test_glyphs_are_those_of_the_page() -> None:
    script = (ROOT / "geomap" / "render" / "static" / "glyphs.js").read_text(encoding="utf-8")
    named = set(re.findall(r"^  (\w+): (?:cornersOf|\[|PLUS)", script, re.MULTILINE))
    assert named == set(GLYPH_OUTLINES)
    assert np.abs(GLYPH_OUTLINES["star"]).max() == pytest.approx(1.3)
    assert GLYPH_OUTLINES["triangle"][0] == pytest.approx([0, -1.22])


@pytest.mark.parametrize("role", ["purpose", "mentioned"])
def test_a_place_that_does_not_locate_is_not_drawn(role: str) -> None:
    plan = plan_events(scene_of([event(0)], [pin(0, role=role)]), fit_view((22, 51, 32, 56), FRAME))
    assert not plan.clusters
    assert plan.unplaced == (0,)


@pytest.mark.parametrize("precision", ["district", "region", "line", "country", "waters", "none"])
def test_only_places_known_as_places_are_points(precision: str) -> None:
    rows = [pin(0) | {"precision": precision}]
    plan = plan_events(scene_of([event(0)], rows), fit_view((22, 51, 32, 56), FRAME))
    assert not plan.clusters
    assert plan.unplaced == (0,)


def test_a_shape_that_events_share_is_drawn_once_with_their_number() -> None:
    rows = [sample.feature(f"e{i}#1", i, "area", "region", "Grodno Region", geometry=0) for i in range(3)]
    scene = scene_of([event(i) for i in range(3)], rows, geometries=(sample.REGION,))
    (area,) = plan_events(scene, fit_view((22, 51, 32, 56), FRAME)).areas
    assert len(area.marks) == 3


def test_events_at_one_place_stand_round_it_and_many_are_a_number() -> None:
    view = fit_view((22, 51, 32, 56), FRAME)
    few = plan_events(scene_of([event(i) for i in range(5)], [pin(i) for i in range(5)]), view)
    many = plan_events(scene_of([event(i) for i in range(30)], [pin(i) for i in range(30)]), view)
    (fan,) = few.clusters
    places = [(x, y) for _, _, x, y in fan.positions()]
    nearest = min(math.dist(a, b) for i, a in enumerate(places) for b in places[:i])
    assert nearest > 5
    assert not fan.is_chip
    (chip,) = many.clusters
    assert (chip.is_chip, chip.count) == (True, 30)


def test_contested_events_and_drafts_are_marked() -> None:
    plain = png(scene_of([event(0)], [pin(0)]))
    pictures = {
        word: png(scene_of([event(0, **parts)], [pin(0)]))
        for word, parts in {
            "disputed": {"status": "disputed"},
            "denied": {"status": "denied"},
            "retracted": {"status": "retracted"},
            "draft": {"workflow": "draft"},
        }.items()
    }
    for word, picture in pictures.items():
        # On the map, left of the legend.
        changed = np.abs(pixels(picture) - pixels(plain))[150:950, 60:1400].max(axis=2) > 40
        assert changed.sum() > 60, word


def test_what_the_frame_does_not_show_is_counted_and_named() -> None:
    rows = [pin(0), pin(1, lon=2.35, lat=48.86, note=None) | {"label": "Paris"}]
    scene = scene_of([event(0), event(1), event(2, when=None, t_start=None, t_end=None)], rows)
    plan = plan_events(scene, fit_view(scene.bbox, FRAME))
    assert plan.outside_places == ("Paris",)
    assert count_parts(scene, plan) == [
        "3 events, 12 November 2021",
        "1 on this map",
        "1 outside it",
        "1 without a place",
        "1 without a date",
    ]


@pytest.mark.parametrize("size", ["16:9", "1:1", "A4"])
@pytest.mark.parametrize("picture_format", ["png", "svg"])
def test_every_size_says_what_it_must(size: PictureSize, picture_format: str) -> None:
    scene = sample.sample_scene()
    if picture_format == "png":
        picture = png(scene, size=size)
        assert picture.size == {"16:9": (1920, 1080), "1:1": (1440, 1440), "A4": (1754, 1240)}[size]
        words = picture.info["Description"]
    else:
        root = ElementTree.fromstring(svg(scene, size=size))
        words = root.findtext(f"{SVG}desc") or ""
        assert root.findtext(f"{SVG}title") == scene.title
        assert root.get("role") == "img"
    assert words.startswith("Map: A border in November. Movements, claims and denials")
    assert "13 events, 8 November 2021 – 15 October 2022, 12 on this map, 1 without a place" in words
    assert "Without a place: Minister warns" in words
    assert "as drawn by the United Nations" in words


def test_a4_stands_when_the_map_does_and_dpi_counts() -> None:
    tall = sample.sample_scene(bbox=(22.0, 49.0, 26.0, 57.0))
    assert png(tall, size="A4").size == (1240, 1754)
    assert png(tall, size="A4", dpi=300).size == (2480, 3508)
    assert Picture().dpi == 150


def test_the_projection_is_web_mercator_and_the_scale_is_true() -> None:
    x, y = world_xy([0.0, 27.5667], [0.0, 53.9])
    # EPSG:3857 metres by pyproj: 3068711.01, 7151865.12
    assert x[1] * 40075016.6856 - 20037508.3428 == pytest.approx(27.5667 / 180 * 20037508.3428, abs=1)
    assert 20037508.3428 - y[1] * 40075016.6856 == pytest.approx(_mercator_y(53.9), abs=1)
    assert (x[0], y[0]) == pytest.approx((0.5, 0.5))
    view = fit_view((14, 43.5, 50, 60), FRAME)
    length, words = scale_length(view, 100)
    assert words == "500 km" or words == "200 km"
    west = view.place(30, view.middle_lat)[0]
    # So many degrees of longitude as the bar is long at that latitude.
    metres = float(words.split()[0]) * 1000
    degrees = metres / (math.radians(1) * 6378137 * math.cos(math.radians(view.middle_lat)))
    assert view.place(30 + degrees, view.middle_lat)[0] - west == pytest.approx(length, rel=1e-6)


def _mercator_y(lat: float) -> float:
    from pyproj import Transformer

    return float(Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True).transform(0, lat)[1])


@pytest.mark.parametrize(
    ("room", "bbox"),
    [(100.0, (14, 43.5, 50, 60)), (100.0, (27.5, 53.8, 27.7, 53.95)), (60.0, (-170, -60, 170, 75))],
)
def test_the_scale_is_round_and_fits(room: float, bbox: tuple[float, float, float, float]) -> None:
    length, words = scale_length(fit_view(bbox, FRAME), room)
    assert room / 2.6 < length <= room * 1.0001
    assert re.fullmatch(r"[125]0*,?0* k?m", words)


def test_days_are_no_finer_than_they_are_known() -> None:
    assert day_words("2021-11-12", "day") == "12 November 2021"
    assert day_words("2021-11-01", "month") == "November 2021"
    assert day_words("2021-01-01", "year") == "2021"
    assert day_words("2021-11-30", "range", last=True) == "November 2021"
    assert day_words("2021-11-14", "week", last=True) == "14 November 2021"
    assert day_words("-0043-03-15", "day") == "15 March 44 BC"
    assert day_words("<soon>", "day") == "<soon>"
    late = scene_of([event(0, t_start=None)], [pin(0)])
    assert time_words(late) == "by 12 November 2021 – 12 November 2021"


# Scenes at the edge


def edge_scenes() -> dict[str, Callable[[], Scene]]:
    strait = {
        "type": "MultiPolygon",
        "coordinates": [[sample.box(172, 58, 180, 62)], [sample.box(-180, 58, -172, 62)]],
    }
    water = sample.feature("e1#1", 1, "area", "waters", "Bering Strait", geometry=0)
    return {
        "no event": lambda: scene_of([], []),
        "no place": lambda: scene_of([event(0), event(1)], []),
        "one event": lambda: scene_of([event(0)], [pin(0)], bbox=(27.49, 53.89, 27.51, 53.91)),
        "one spot": lambda: scene_of([event(0)], [pin(0)], bbox=(27.5, 53.9, 27.5, 53.9)),
        "whole world": lambda: scene_of([event(0)], [pin(0)], bbox=(-180, -90, 180, 90)),
        "past the antimeridian": lambda: scene_of(
            [event(0), event(1)], [pin(0, 179.9, 64.0), water], geometries=(strait,), bbox=(165, 55, 200, 70)
        ),
        "west of east": lambda: scene_of(
            [event(0), event(1)],
            [pin(0, -179.9, 64.0), water],
            geometries=(strait,),
            bbox=(165, 55, -160, 70),
        ),
        "round the pole": lambda: scene_of([event(0)], [pin(0, 0.0, 90.0)], bbox=(-40, 80, 40, 90)),
    }


@pytest.mark.parametrize("name", list(edge_scenes()))
def test_a_scene_at_the_edge_is_a_picture(name: str) -> None:
    scene = edge_scenes()[name]()
    picture = png(scene)
    assert picture.size == (1920, 1080)
    assert f"{len(scene.events['id'])} event" in picture.info["Description"]
    if scene.features["id"]:
        assert ink(picture, "#d55e00") > 60
    ElementTree.fromstring(svg(scene, size="A4"))


def test_both_sides_of_the_antimeridian_lie_side_by_side() -> None:
    scene = edge_scenes()["past the antimeridian"]()
    plan = plan_events(scene, fit_view(scene.bbox, FRAME))
    (area,) = plan.areas
    left, _, right, _ = area.outline.bounds
    # 16 of the 35 degrees that the frame shows.
    assert right - left == pytest.approx(16 / 360 * fit_view(scene.bbox, FRAME).scale, rel=0.01)
    assert plan.shown == {0, 1}


def test_twenty_thousand_events_end_as_numbers() -> None:
    count = 20_000
    kinds = [symbol.id for symbol in sample.TYPES]
    rng = np.random.default_rng(7)
    lons, lats = rng.normal(27.5, 1.4, count), rng.normal(53.9, 0.8, count)
    rows = [pin(i, float(lons[i]), float(lats[i])) for i in range(count)]
    scene = scene_of([event(i, kinds[i % len(kinds)]) for i in range(count)], rows)
    plan = plan_events(scene, fit_view(scene.bbox, FRAME))
    chips = [cluster for cluster in plan.clusters if cluster.is_chip]
    assert len(plan.clusters) < 1000
    assert sum(cluster.count for cluster in plan.clusters) + len(plan.outside) == count
    assert max(cluster.count for cluster in chips) > 100
    picture = draw_picture(scene, "png")
    assert b"20,000 events" in picture


# Text from outside

HOSTILE = {
    "mathtext": r"$\alpha$ and $\frac{1}{0}$ cost 5$",
    "script": "<script>alert(1)</script><image href='http://evil.example/x'/>",
    "comment": "--> <script>alert(1)</script> <!-- ]]> -->",
    "control": "a\x00b\x1b[31mred\x07\u0085",
    "right-to-left override": "file\u202etxt.exe \u2066x\u2069 \u200b",
    "half a pair": "half \ud800 pair \udfff",
    "brackets": "]]> & &amp; \"'",
    "long": "W" * 20_000,
    "long words": "word " * 4_000,
    "marks": "Z" + "\u0301" * 5_000 + "algo",
    "scripts": "Гродна · غرودنو · הורודנה · 格罗德诺 · ग्रोद्नो · 🛩 · \ue000",
    "template": "{{7*7*191}} {% raw %} ${7*7}",
    "newlines": "one\ntwo\r\nthree\u2028four\tfive",
    "empty": "   ",
}


def hostile_scene(text: str) -> Scene:
    basemap = sample.BASEMAP
    own = type(basemap)(
        **{name: getattr(basemap, name) for name in basemap.__dataclass_fields__}
        | {"towns": ((26.0, 54.0, text, 1),), "countries": ((28.2, 53.2, text),)}
    )
    events = [{**row, "title": text, "place": text} for row in sample.EVENTS]
    features = [{**row, "label": text, "note": text} for row in sample.FEATURES]
    types = tuple(
        type(symbol)(id=symbol.id, label=text, colour=symbol.colour, glyph=symbol.glyph)
        for symbol in sample.TYPES
    )
    made: Scene = sample.sample_scene(
        title=text,
        subtitle=text,
        language=text,
        worldview=text,
        attribution=(text, text),
        types=types,
        events=sample.columns(events),
        features=sample.columns(features),
        basemap=own,
    )
    return made


@pytest.mark.parametrize("name", list(HOSTILE))
def test_hostile_text_is_letters(name: str) -> None:
    scene = hostile_scene(HOSTILE[name])
    written = svg(scene)
    root = ElementTree.fromstring(written)
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags <= {"svg", "title", "desc", "defs", "style", "g", "path", "use", "clipPath", "rect"}
    links = {value for element in root.iter() for key, value in element.items() if key.endswith("href")}
    assert all(link.startswith("#") for link in links)
    assert not any(key.lower().startswith("on") for element in root.iter() for key in element.attrib)
    assert "<!--" not in written
    assert "<!DOCTYPE" not in written
    for size in ("16:9", "1:1"):
        picture = png(scene, size=size)  # type: ignore[arg-type]
        assert ink(picture, "#009e73") > 60
    assert len(picture.info["Description"]) < 2_500


def test_a_dollar_sign_is_a_dollar_sign() -> None:
    style = Style(10)
    assert text_width("$x$", style) > text_width("x", style) * 2
    shown = pixels(png(sample.sample_scene(title="$x$")))
    plain = pixels(png(sample.sample_scene(title="x")))
    assert np.abs(shown - plain)[20:80].max() > 100


def test_text_that_hides_is_shown_as_boxes() -> None:
    assert visible_text("a\x00b\ud800\u202ec") == f"a{BOX}b{BOX}{BOX}c"
    assert visible_text("one\n two\tthree") == "one two three"
    assert visible_text("x" * 50, 10) == "x" * 9 + "…"
    assert visible_text(None) == ""
    assert visible_text("e" + "\u0301" * 9 + "x") == "e" + "\u0301" * 4 + BOX + "x"
    assert visible_text("Гродна הורודנה") == "Гродна הורודנה"


def test_lines_end_where_the_width_does() -> None:
    style = Style(8)
    lines = wrap("Long words and " + "W" * 400 + " more words " * 40, 120, style, 3)
    assert len(lines) == 3
    assert all(text_width(line, style) <= 120.01 for line in lines)
    assert lines[-1].endswith("…")
    assert wrap("", 100, style, 2) == []
    assert elide("short", 100, style) == "short"


# The same bytes, and nothing that others need not have

DIGESTS = """
import hashlib, sys
sys.path.append(sys.argv[1])
import sample
from geomap.render.picture import draw_picture
for picture_format in ("png", "svg"):
    print(hashlib.sha256(draw_picture(sample.sample_scene(), picture_format)).hexdigest())
assert "matplotlib.pyplot" not in sys.modules
"""


def test_the_same_scene_gives_the_same_bytes_in_any_setting(tmp_path: Path) -> None:
    here = [
        hashlib.sha256(draw_picture(sample.sample_scene(), picture_format)).hexdigest()
        for picture_format in ("png", "svg")  # type: ignore[arg-type]
    ]
    (tmp_path / "matplotlibrc").write_text(
        "font.size: 22\naxes.facecolor: red\nsavefig.dpi: 40\n", encoding="utf-8"
    )
    for setting in (
        {"PYTHONHASHSEED": "0", "TZ": "KIR-14", "LC_ALL": "C.UTF-8", "MATPLOTLIBRC": str(tmp_path)},
        {"PYTHONHASHSEED": "77", "TZ": "UTC", "LC_ALL": "C", "PYTHONUTF8": "0", "SOURCE_DATE_EPOCH": "1"},
    ):
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG", "TZ"))}
        told = subprocess.run(
            [sys.executable, "-W", "error", "-c", DIGESTS, str(Path(sample.__file__).parent)],
            env=kept | setting,
            cwd=tmp_path,
            capture_output=True,
            check=True,
            text=True,
        )
        assert told.stdout.split() == here


def test_a_picture_leaves_matplotlib_as_it_was() -> None:
    import matplotlib

    names = ["font.size", "svg.hashsalt", "svg.fonttype", "text.hinting", "path.simplify", "savefig.dpi"]
    matplotlib.rcParams["font.size"] = 13
    before = [matplotlib.rcParams[name] for name in names]
    draw_picture(sample.sample_scene(), "svg")
    after = [matplotlib.rcParams[name] for name in names]
    matplotlib.rcParams["font.size"] = matplotlib.rcParamsDefault["font.size"]
    assert after == before


def test_no_date_and_no_version_stand_in_a_picture() -> None:
    import matplotlib

    for content in (draw_picture(sample.sample_scene(), "png"), svg(sample.sample_scene()).encode()):
        assert matplotlib.__version__.encode() not in content[:3000]
        assert b"Matplotlib" not in content
        assert b"Software" not in content


def test_without_matplotlib_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("geomap.render.picture_")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'geomap\[picture\]'"):
        draw_picture(sample.sample_scene(), "png")


def test_a_page_does_not_load_matplotlib() -> None:
    code = "import sys, geomap.render, geomap.pipeline, geomap.render.picture; print('matplotlib' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert told.stdout.strip() == "False"


def test_ways_are_arrows_and_broken_where_one_end_is_not_known() -> None:
    ways = (
        Movement(event=9, start=(27.56, 53.9), end=(24.0, 55.0), label="Vilnius"),
        Movement(event=9, start=None, end=(27.56, 53.9), label="Russia", is_country=True),
    )
    scene = sample.sample_scene(movements=ways)
    plan = plan_events(scene, fit_view(scene.bbox, FRAME))
    assert [(way.stub, way.words) for way in plan.ways] == [(False, ""), (True, "from Russia (unspecified)")]
    colour = plan.ways[0].colour
    assert ink(png(scene), colour) > ink(png(sample.sample_scene()), colour) + 200
