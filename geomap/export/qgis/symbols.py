"""The page's symbols for QGIS: glyphs, rings, hatches and patterns of status, as symbol layers."""

from base64 import b64encode
from typing import Final, Literal
from xml.etree import ElementTree as ET

from geomap.export.xml import element
from geomap.scene import TypeSymbol
from geomap.scene.glyphs import GLYPH_OUTLINES, OPEN_GLYPHS

Kind = Literal["points", "lines", "areas"]
KINDS: Final[tuple[Kind, ...]] = ("points", "lines", "areas")
SYMBOL_TYPES: Final[dict[Kind, str]] = {"points": "marker", "lines": "line", "areas": "fill"}

_INK: Final = "31,41,51,255"
_EDGE: Final = "#141c24"
# Millimetres; the page's pixels at 96 dots an inch, a little larger.
_GLYPH_MM: Final = 5.6
_STATUS_MM: Final = 6.4
_VIEW: Final = 1.75
_IS_CONTESTED: Final = "\"status\" IN ('disputed', 'denied', 'retracted')"
_STATUS_LINE: Final = (
    "CASE WHEN \"status\" = 'disputed' THEN 'dash'"
    " WHEN \"status\" IN ('denied', 'retracted') THEN 'dot' ELSE 'solid' END"
)
_IS_WATERS: Final = "\"precision\" = 'waters'"


def symbol_of(type_symbol: TypeSymbol, kind: Kind, name: str) -> ET.Element:
    """The symbol of an event type on a layer of points, lines or areas."""
    layers = {"points": _marker, "lines": _line, "areas": _fill}[kind](type_symbol, name)
    return _symbol(SYMBOL_TYPES[kind], name, *layers)


def glyph_svg(type_symbol: TypeSymbol, *, hollow: bool = False) -> str:
    """A type's symbol as SVG, white halo included; `hollow` for a place that is only near."""
    is_open = hollow or type_symbol.glyph in OPEN_GLYPHS
    fill = "#ffffff" if is_open else type_symbol.colour
    edge = type_symbol.colour if is_open else _EDGE
    width = 0.24 if hollow else 0.42 if is_open else 0.1
    outline = GLYPH_OUTLINES.get(type_symbol.glyph)
    if outline is None:
        shape = f'<circle r="{0.65 if type_symbol.glyph == "dot" else 1}"'
    else:
        points = " ".join(f"{x:.3f},{y:.3f}" for x, y in outline)
        shape = f'<polygon points="{points}"'
    box = f"{-_VIEW} {-_VIEW} {2 * _VIEW} {2 * _VIEW}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" width="56" height="56">'
        f'{shape} fill="none" stroke="#ffffff" stroke-width="0.6" stroke-linejoin="round"/>'
        f'{shape} fill="{fill}" stroke="{edge}" stroke-width="{width}" stroke-linejoin="round"/></svg>'
    )


def rgba(colour: str, alpha: int = 255) -> str:
    """A colour `#rrggbb` as QGIS writes it."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"{red},{green},{blue},{alpha}"


def _marker(type_symbol: TypeSymbol, _name: str) -> list[ET.Element]:
    """How far off the place may be, on the ground; a pattern for what is contested; the glyph."""
    width = {
        "color": rgba(type_symbol.colour, 0),
        "outline_color": rgba(type_symbol.colour, 190),
        "outline_width": "0.3",
        "outline_width_unit": "MM",
        "name": "circle",
        "size": "1",
        "size_unit": "RenderMetersInMapUnits",
    }
    reach = {"size": '2 * coalesce("radius_m", 0)', "enabled": 'coalesce("radius_m", 0) > 0'}
    contested = {
        "color": rgba(type_symbol.colour, 0),
        "outline_color": _INK,
        "outline_style": "dash",
        "outline_width": "0.4",
        "outline_width_unit": "MM",
        "name": "circle",
        "size": str(_STATUS_MM),
        "size_unit": "MM",
    }
    pin, hollow = (_embedded(glyph_svg(type_symbol, hollow=own)) for own in (False, True))
    glyph = {"name": pin, "size": str(_GLYPH_MM), "size_unit": "MM", "color": rgba(type_symbol.colour)}
    near = f"CASE WHEN \"precision\" = 'vicinity' THEN '{hollow}' ELSE '{pin}' END"
    return [
        _layer("SimpleMarker", width, reach),
        _layer("SimpleMarker", contested, {"outlineStyle": _STATUS_LINE, "enabled": _IS_CONTESTED}),
        _layer("SvgMarker", glyph, {"name": near}),
    ]


def _line(type_symbol: TypeSymbol, _name: str) -> list[ET.Element]:
    """A broad pale stroke with the course in its middle."""
    broad = {
        "line_color": rgba(type_symbol.colour, 71),
        "line_width": "1.9",
        "line_width_unit": "MM",
        "capstyle": "round",
        "joinstyle": "round",
    }
    return [_layer("SimpleLine", broad), _course(type_symbol)]


def _fill(type_symbol: TypeSymbol, name: str) -> list[ET.Element]:
    """A tint, slanting lines for land and level ones for airspace and waters, and the outline."""
    tint = {"color": rgba(type_symbol.colour, 26), "outline_style": "no", "style": "solid"}
    return [
        _layer("SimpleFill", tint),
        _hatch(type_symbol, f"@{name}@1", angle="45", distance="2.2", where=f"NOT ({_IS_WATERS})"),
        _hatch(type_symbol, f"@{name}@2", angle="0", distance="1.6", where=_IS_WATERS),
        _course(type_symbol),
    ]


def _course(type_symbol: TypeSymbol) -> ET.Element:
    properties = {
        "line_color": rgba(type_symbol.colour),
        "line_width": "0.5",
        "line_width_unit": "MM",
        "line_style": "solid",
        "capstyle": "flat",
        "joinstyle": "round",
    }
    return _layer("SimpleLine", properties, {"outlineStyle": _STATUS_LINE})


def _hatch(type_symbol: TypeSymbol, name: str, *, angle: str, distance: str, where: str) -> ET.Element:
    colour = rgba(type_symbol.colour, 96)
    pattern = {
        "angle": angle,
        "distance": distance,
        "distance_unit": "MM",
        "color": colour,
        "line_width": "0.26",
        "line_width_unit": "MM",
    }
    stroke = {"line_color": colour, "line_width": "0.26", "line_width_unit": "MM"}
    layer = _layer("LinePatternFill", pattern, {"enabled": where})
    layer.append(_symbol("line", name, _layer("SimpleLine", stroke)))
    return layer


def _embedded(svg: str) -> str:
    return f"base64:{b64encode(svg.encode()).decode()}"


def _symbol(kind: str, name: str, *layers: ET.Element) -> ET.Element:
    return element("symbol", *layers, type=kind, name=name, alpha="1", clip_to_extent="1", force_rhr="0")


def _layer(kind: str, properties: dict[str, str], expressions: dict[str, str] | None = None) -> ET.Element:
    """A symbol layer; its properties are written in both forms, that of QGIS 3.22 on and that of older ones."""
    options = [element("Option", type="QString", name=key, value=value) for key, value in properties.items()]
    layer = element(
        "layer", element("Option", *options, type="Map"), class_=kind, enabled="1", locked="0", pass_="0"
    )
    layer.extend(element("prop", k=key, v=value) for key, value in properties.items())
    if expressions:
        layer.append(element("data_defined_properties", expression_map(expressions)))
    return layer


def expression_map(expressions: dict[str, str]) -> ET.Element:
    """Properties that follow an expression, as a QGIS property collection."""
    properties = [
        element(
            "Option",
            element("Option", type="bool", name="active", value="true"),
            element("Option", type="QString", name="expression", value=expression),
            element("Option", type="int", name="type", value="3"),
            type="Map",
            name=name,
        )
        for name, expression in expressions.items()
    ]
    return element(
        "Option",
        element("Option", type="QString", name="name", value=""),
        element("Option", *properties, type="Map", name="properties"),
        element("Option", type="QString", name="type", value="collection"),
        type="Map",
    )


def textual_colour(colour: str) -> str:
    """A shade of a colour that is dark enough to be read."""
    red, green, blue = (round(int(colour[at : at + 2], 16) * 0.55) for at in (1, 3, 5))
    return f"{red},{green},{blue},255"
