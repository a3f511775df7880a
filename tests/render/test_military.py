"""Military symbols as drawn by milsymbol: harmless, on one sheet, and a build without it says what to install."""

import json
import re
import sys
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest

import sample
from geomap.errors import MissingExtraError
from geomap.model.military_symbols import AFFILIATIONS, MILITARY_SYMBOLS, MilitarySymbol
from geomap.render import draw_page
from geomap.render.military import SHEET, UnsafeSymbolError, draw_symbol, draw_symbols, on_sheet
from geomap.render.payload import scene_json

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}</svg>'


def island(**changes: Any) -> Any:
    return json.loads(scene_json(sample.sample_scene(**changes)))


@pytest.mark.parametrize("side", AFFILIATIONS)
@pytest.mark.parametrize("kind", MILITARY_SYMBOLS)
def test_every_symbol_is_shapes_and_letters_inside_its_sheet(kind: str, side: Any) -> None:
    svg = draw_symbol(MILITARY_SYMBOLS[kind], side)
    assert (
        re.search(r"script|href|foreignObject|<image|<use|\bon\w+=|url|data:|&", svg, re.IGNORECASE) is None
    )
    root = ElementTree.fromstring(svg)
    assert (root.get("width"), root.get("height"), root.get("viewBox")) == ("180", "180", "10 10 180 180")
    corners = re.findall(r"[MLHVC] ?(\d+(?:\.\d+)?)[ ,](\d+(?:\.\d+)?)", svg)
    assert corners
    assert all(10 <= float(at) <= 10 + SHEET for corner in corners for at in corner)


@pytest.mark.parametrize(
    "kind", [kind for kind, symbol in MILITARY_SYMBOLS.items() if symbol.entity != "0" * 10]
)
def test_a_code_that_says_more_than_a_frame_draws_more_than_a_frame(kind: str) -> None:
    symbol = MILITARY_SYMBOLS[kind]
    for part in range(6, 11, 2):
        plain = replace(symbol, entity=symbol.entity[:part].rstrip("0").ljust(10, "0"))
        if plain.entity != symbol.entity and symbol.entity[part:].strip("0"):
            assert draw_symbol(plain, "neutral") != draw_symbol(symbol, "neutral")
    frame = replace(symbol, entity="0" * 10)
    assert len(draw_symbol(symbol, "neutral")) > len(draw_symbol(frame, "neutral"))


def test_the_affiliations_differ() -> None:
    for symbol in MILITARY_SYMBOLS.values():
        assert len({draw_symbol(symbol, side) for side in AFFILIATIONS}) == len(AFFILIATIONS)


def test_a_code_that_the_standard_lacks_is_refused() -> None:
    symbol = MilitarySymbol(symbol_set="10", entity="9876540000", name="none", why="")
    with pytest.raises(UnsafeSymbolError, match="no symbol 10041000009876540000"):
        draw_symbol(symbol, "neutral")


@pytest.mark.parametrize(
    "inside",
    [
        "<script>1</script>",
        '<a href="https://example.org"><path d="M0,0"/></a>',
        "<foreignObject/>",
        '<image x="1"/>',
        '<path d="M0,0" onload="1"/>',
        '<path d="M0,0" style="fill:red"/>',
        '<path fill="url(#a)"/>',
        '<path d="javascript:1"/>',
        "<text>a title</text>",
        '<path xmlns="http://example.org/" d="M0,0"/>',
        "",
    ],
)
def test_what_no_symbol_needs_is_refused(inside: str) -> None:
    with pytest.raises(UnsafeSymbolError):
        on_sheet(SVG.format(inside))


@pytest.mark.parametrize(
    "prologue", ["<?xml version='1.0'?>", "<!DOCTYPE svg [<!ENTITY a 'b'>]>", "<!-- a -->"]
)
def test_nothing_but_elements_is_read(prologue: str) -> None:
    with pytest.raises(UnsafeSymbolError):
        on_sheet(prologue + SVG.format("<path/>"))


def test_the_page_carries_the_symbols_of_its_own_events_only() -> None:
    symbols = draw_symbols(sample.sample_scene(symbols="app6"))
    assert symbols["kinds"]["exercise/airborne_drop"] != symbols["kinds"]["deployment/"]
    assert not any(kind.startswith(("statement", "diplomacy", "unrest")) for kind in symbols["kinds"])
    assert sorted(set(symbols["kinds"].values())) == list(range(len(symbols["drawings"])))
    assert all(list(drawing) == list(AFFILIATIONS) for drawing in symbols["drawings"])
    assert island()["symbols"] is None
    assert island(symbols="app6")["symbols"] == symbols


def test_a_page_with_symbols_has_the_same_bytes_each_time_and_holds_no_markup() -> None:
    scene = sample.sample_scene(symbols="app6")
    page = draw_page(scene)
    assert page == draw_page(scene)
    island_text = (
        page.partition('<script type="application/json"')[2].partition("</script>")[0].partition(">")[2]
    )
    assert "<" not in island_text
    assert "svg" in island_text


def test_without_milsymbol_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "milsymbol", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'geomap\[symbols\]'"):
        draw_page(sample.sample_scene(symbols="app6"))
    assert draw_page(sample.sample_scene())
