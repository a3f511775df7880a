"""Types are told apart by eyes of every kind, symbols stand out from the map, and words can be read."""

import base64
import re
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import colour_measures as measures
from geomap.model.event_types import EVENT_TYPES
from geomap.render.picture_events import darker
from geomap.render.read import read_static

# Playwright talks to the browser that it started over local sockets; the page itself is offline.
pytestmark = pytest.mark.enable_socket

read = measures.read_colour

LEAST_DIFFERENCE = 12.0
"""CIEDE2000 by which two colours are told apart on marks of 13 pixels; 1 is what is just seen side by side."""
MOST_OVERLAP = 0.8
"""Of two shapes laid on each other, the share that both cover of what either covers."""
GRAPHIC, TEXT = 3.0, 4.5
"""The contrasts that WCAG 2 asks for: 1.4.11 for what must be seen, 1.4.3 for what must be read."""

THEMES = ("light", "dark", "contrast")
SCALE = 6


def block(script: str, first: str, last: str) -> str:
    text = read_static(script)
    return text[text.index(first) : text.index(last, text.index(first))]


def ground_colours(theme: str) -> dict[str, str]:
    """The colours of the basemap in a theme, by name."""
    themes = block("basemap.js", "const GROUND_THEMES", "\n};")
    found = re.search(rf"\n  {theme}: {{(.*?)\n  }}", themes, re.DOTALL)
    assert found is not None
    return dict(re.findall(r'(\w+): "([^"]+)"', found[1]))


def page_colours(theme: str) -> dict[str, str]:
    """The variables of the page's style in a theme, by name."""
    found: dict[str, str] = {}
    for chosen, body in re.findall(r':root(?:\[data-theme="(\w+)"\])? {([^}]*)}', read_static("page.css")):
        if chosen in ("", theme):
            found |= dict(re.findall(r"--([\w-]+): ([^;]+);", body))
    return found


@pytest.fixture(scope="module")
def canvas(browser: Any) -> Iterator[Any]:
    """A blank page that holds the page's own drawing of symbols."""
    page = browser.new_page()
    page.add_script_tag(
        content="const L = { Renderer: class {} };\n"
        + "\n".join(read_static(name) for name in ("glyphs.js", "canvas-layer.js", "areas-layer.js"))
        + """
        function pictureOf(symbol, style, ground, scale) {
          const canvas = document.createElement("canvas");
          canvas.width = canvas.height = 26 * scale;
          const ctx = canvas.getContext("2d");
          ctx.fillStyle = ground;
          ctx.fillRect(0, 0, canvas.width, canvas.height);
          ctx.setTransform(scale, 0, 0, scale, 13 * scale, 13 * scale);
          drawGlyph(ctx, symbol, 6.5, style);
          const { data } = ctx.getImageData(0, 0, canvas.width, canvas.height);
          return btoa(Array.from(data, (value) => String.fromCharCode(value)).join(""));
        }"""
    )
    yield page
    page.close()


def draw(canvas: Any, glyph: str, colour: str, *, style: str = "pin", ground: str = "#ffffff") -> Any:
    """The picture of a symbol, as the page draws it on a ground: shape (n, n, 3), 0 to 255."""
    symbol = {"id": "", "label": "", "glyph": glyph, "colour": colour}
    written = canvas.evaluate(
        "([symbol, style, ground, scale]) => pictureOf(symbol, style, ground, scale)",
        [symbol, style, ground, SCALE],
    )
    side = 26 * SCALE
    return np.frombuffer(base64.b64decode(written), np.uint8).reshape(side, side, 4)[:, :, :3]


def flooded(open_to_water: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """What water would reach from the corners of a picture, through what is open to it."""
    reached = np.zeros_like(open_to_water)
    reached[0, 0] = True
    while True:
        more = reached.copy()
        for axis in (0, 1):
            for step in (1, -1):
                more |= np.roll(reached, step, axis)
        more &= open_to_water
        if (more == reached).all():
            return reached
        reached = more


def test_the_glyphs_are_all_different() -> None:
    assert len({symbol.glyph for symbol in EVENT_TYPES.values()}) == len(EVENT_TYPES)


def test_no_two_types_look_alike_to_any_eyes(canvas: Any) -> None:
    ink = {
        kind: draw(canvas, symbol.glyph, "#000000").max(axis=2) < 128 for kind, symbol in EVENT_TYPES.items()
    }
    assert all(30 * SCALE < mask.sum() < 200 * SCALE**2 for mask in ink.values())
    alike = []
    for (first, one), (second, other) in combinations(EVENT_TYPES.items(), 2):
        overlap = (ink[first] & ink[second]).sum() / (ink[first] | ink[second]).sum()
        if overlap <= MOST_OVERLAP:
            continue
        for eyes in measures.EYES:
            colours = (measures.seen(read(symbol.colour), eyes) for symbol in (one, other))
            difference = measures.difference(*colours)
            if difference < LEAST_DIFFERENCE:
                alike.append(f"{first} and {second}, {eyes}: {difference:.1f}, overlap {overlap:.2f}")
    assert alike == []


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("style", ["pin", "hollow"])
def test_every_symbol_has_an_edge_that_stands_out_from_land_and_sea(
    canvas: Any, theme: str, style: str
) -> None:
    """Where the colour itself does not, a closed line round it does: no water gets in to its colour."""
    weak = []
    colours = ground_colours(theme)
    for kind, symbol in EVENT_TYPES.items():
        for part in ("land", "water"):
            ground = read(colours[part])
            picture = draw(canvas, symbol.glyph, symbol.colour, style=style, ground=colours[part])
            shades, at = np.unique(picture.reshape(-1, 3), axis=0, return_inverse=True)
            faint = np.array(
                [
                    measures.contrast(read("rgb({}, {}, {})".format(*shade)), ground) < GRAPHIC
                    for shade in shades
                ]
            )
            reached = flooded(faint[at].reshape(picture.shape[:2]))
            inside = darker(symbol.colour) if style == "hollow" else symbol.colour
            own = (picture == [int(inside[at : at + 2], 16) for at in (1, 3, 5)]).all(axis=2)
            assert own.any(), kind
            if (reached & own).any():
                weak.append(f"{kind} on {part}")
    assert weak == []


@pytest.mark.parametrize("theme", THEMES)
def test_words_and_lines_on_the_map_in_the_colour_of_a_type_stand_out(canvas: Any, theme: str) -> None:
    """Names of areas, notes of rings and words beside arrows: shades of the types in a halo."""
    shades = """colour => {
      surface.isDark = theme === "dark";
      const found = { text: textColour(colour), line: lineColour(colour), halo: haloColour() };
      surface.isDark = false;
      return found;
    }""".replace("theme", f"{theme!r}", 1)
    land = read(ground_colours(theme)["land"])
    mixed = re.search(r'MIXED_COLOUR = "(#\w{6})"', read_static("tally.js"))
    assert mixed is not None
    for colour in (*(symbol.colour for symbol in EVENT_TYPES.values()), mixed[1]):
        found = canvas.evaluate(shades, colour)
        halo = read(found["halo"], land)
        assert measures.contrast(read(found["text"]), halo) >= TEXT, colour
        if theme == "dark":
            assert measures.contrast(read(found["line"]), land) >= GRAPHIC, colour


def test_chips_badges_and_marks_on_the_map_can_be_read() -> None:
    """What is written on a canvas in a colour of its own: on white, or nearly."""
    on = {"points-layer.js": 2, "areas-layer.js": 1}
    for script, least in on.items():
        text = read_static(script)
        inks = re.findall(r'fillStyle = "(#\w{6})";(?:\s*ctx\.\w+ = [^;]+;)*\s*ctx\.fillText', text)
        inks += re.findall(r'haloText\([^\n]*colour: "(#\w{6})"', text)
        assert len(inks) >= least, script
        for ink in inks:
            for paper in ("#ffffff", "rgba(255, 255, 255, 0.94)"):
                behind = read(paper, read("#16202a"))
                assert measures.contrast(read(ink), behind) >= TEXT, (script, ink, paper)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("words", "ground", "halo"),
    [
        ("town", "land", "halo"),
        ("native", "land", "halo"),
        ("country", "land", "halo"),
        ("waterName", "water", "waterHalo"),
    ],
)
def test_names_on_the_ground_can_be_read(theme: str, words: str, ground: str, halo: str) -> None:
    colours = ground_colours(theme)
    behind = read(colours[halo], read(colours[ground]))
    assert measures.contrast(read(colours[words]), behind) >= TEXT


@pytest.mark.parametrize("theme", THEMES)
def test_the_words_of_the_page_can_be_read_on_all_that_they_stand_on(theme: str) -> None:
    colours = page_colours(theme)
    papers = ("paper", "panel", "hover", "chosen", "note")
    stands_on = {"ink": papers, "faint": papers, "accent": papers[:4], "warn": papers[:4], "zero": papers[:3]}
    weak = [
        f"{words} on {paper}: {found:.2f}"
        for words, on in stands_on.items()
        for paper in on
        if (found := measures.contrast(read(colours[words]), read(colours[paper]))) < TEXT
    ]
    weak += [
        f"edge of a control on {paper}: {found:.2f}"
        for paper in ("paper", "panel")
        if (found := measures.contrast(read(colours["control-line"]), read(colours[paper]))) < GRAPHIC
    ]
    assert weak == []


def test_chips_can_be_read() -> None:
    """They are the same in every theme, and on notebook maps, which have no theme."""
    style = read_static("card.css")
    base = re.search(r"\.gm-chip {([^}]*)}", style)
    assert base is not None
    plain = dict(re.findall(r"(?<![\w-])(color|background): (#\w+)", base[1]))
    assert set(plain) == {"color", "background"}
    kinds = re.findall(r"\.gm-chip-[^{]*{([^}]*)}", style)
    assert len(kinds) >= 4
    for kind in ("", *kinds):
        chip = plain | dict(re.findall(r"(?<![\w-])(color|background): (#\w+)", kind))
        assert measures.contrast(read(chip["color"]), read(chip["background"])) >= TEXT, chip


def test_what_a_notebook_shows_without_a_theme_can_be_read() -> None:
    """There the card's own fallbacks stand on Leaflet's white popup."""
    fallbacks = re.findall(r"(?<![\w-])color: var\(--[\w-]+, (#\w+)\)", read_static("card.css"))
    assert len(fallbacks) >= 4
    for shade in fallbacks:
        assert measures.contrast(read(shade), read("#ffffff")) >= TEXT, shade
