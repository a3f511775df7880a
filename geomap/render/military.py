"""Military symbols as SVG, drawn by the package milsymbol: the one module that knows it."""

import re
import xml.etree.ElementTree as ElementTree
from typing import Any, Final

from geomap.errors import GeomapError, MissingExtraError
from geomap.model.military_symbols import AFFILIATIONS, Affiliation, MilitarySymbol, military_symbol
from geomap.scene import Scene

SHEET: Final = 180
"""A drawing is a square of so many units round the middle of its symbol; a friend's frame is 150 wide."""

_NAMESPACE: Final = "http://www.w3.org/2000/svg"
_MIDDLE: Final = 100
# All that a symbol is made of; what else an SVG may hold (scripts, links, pages, pictures) is refused.
_ELEMENTS: Final = {"svg", "g", "path", "circle", "ellipse", "rect", "text"}
_ATTRIBUTES: Final = {
    "version", "baseProfile", "width", "height", "viewBox", "d", "cx", "cy", "r", "rx", "ry", "x", "y",
    "transform", "fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap",
    "stroke-linejoin", "text-anchor", "font-size", "font-family", "font-weight", "dominant-baseline",
}  # fmt: skip
_VALUE: Final = re.compile(r"[\w\s.,()%+#-]*")
_LETTERS: Final = re.compile(r"[A-Z]*")


class UnsafeSymbolError(GeomapError):
    """milsymbol drew something that has no place in a symbol, or nothing at all."""


def draw_symbols(scene: Scene) -> dict[str, Any]:
    """Draw the symbols of the events of a scene, each for every affiliation.

    Returns
    -------
    symbols
        `drawings`: for each symbol its SVG by affiliation. `kinds`: the number of the drawing of each
        `type/subtype` among the events, without a subtype `type/`; those that keep their own icon are absent.

    Raises
    ------
    MissingExtraError
        If milsymbol is not installed.
    UnsafeSymbolError
        If it draws anything but shapes and letters.
    """
    numbers: dict[MilitarySymbol, int] = {}
    kinds: dict[str, int] = {}
    for kind, subtype in sorted(
        {
            (kind, subtype or "")
            for kind, subtype in zip(scene.events["type"], scene.events["subtype"], strict=True)
        }
    ):
        if symbol := military_symbol(kind, subtype):
            kinds[f"{kind}/{subtype}"] = numbers.setdefault(symbol, len(numbers))
    drawings = [{side: draw_symbol(symbol, side) for side in AFFILIATIONS} for symbol in numbers]
    return {"sheet": SHEET, "drawings": drawings, "kinds": kinds}


def draw_symbol(symbol: MilitarySymbol, affiliation: Affiliation) -> str:
    """Draw one symbol as an SVG of `SHEET` by `SHEET` units with the symbol in the middle.

    Raises
    ------
    MissingExtraError
        If milsymbol is not installed.
    UnsafeSymbolError
        If the code is none, or the drawing holds anything but shapes and letters.
    """
    try:
        from milsymbol import Symbol
    except ImportError as error:
        if (error.name or "").partition(".")[0] != "milsymbol":
            raise
        raise MissingExtraError(
            "the map asks for `symbols: app6`: to draw them, run pip install 'geomap[symbols]'"
        ) from error
    sidc = symbol.sidc(affiliation)
    drawn = Symbol(sidc)
    if not drawn.is_valid():
        raise UnsafeSymbolError(f"milsymbol has no symbol {sidc} ({symbol.name})")
    return on_sheet(drawn.as_svg())


def on_sheet(svg: str) -> str:
    """Put a symbol's drawing on a square sheet round its middle, once it is known to be harmless.

    Raises
    ------
    UnsafeSymbolError
        If it holds any element, attribute or value that a symbol does not need.
    """
    if "<!" in svg or "<?" in svg:
        raise UnsafeSymbolError("milsymbol drew more than elements")
    root = ElementTree.fromstring(svg)
    for element in root.iter():
        name = _own_name(element.tag)
        if name not in _ELEMENTS:
            raise UnsafeSymbolError(f"milsymbol drew <{element.tag}>, which no symbol needs")
        for attribute, value in element.attrib.items():
            if attribute not in _ATTRIBUTES or not _VALUE.fullmatch(value) or "url" in value.casefold():
                raise UnsafeSymbolError(f"milsymbol drew {attribute}={value!r}, which no symbol needs")
        if not _LETTERS.fullmatch(element.text or ""):
            raise UnsafeSymbolError(f"milsymbol wrote {element.text!r}, which no symbol needs")
        element.tag = name
    if _own_name(root.tag) != "svg" or not len(root):
        raise UnsafeSymbolError("milsymbol drew nothing")
    corner = _MIDDLE - SHEET // 2
    root.attrib.clear()
    root.attrib.update(
        xmlns=_NAMESPACE, width=f"{SHEET}", height=f"{SHEET}", viewBox=f"{corner} {corner} {SHEET} {SHEET}"
    )
    return ElementTree.tostring(root, encoding="unicode")


def _own_name(tag: Any) -> str:
    return str(tag).removeprefix(f"{{{_NAMESPACE}}}")
