"""A layer's style as QML: symbols by type, labels, names of fields and values, map tips, and time.

QGIS takes it from a file of the same name beside the data, or from the table `layer_styles` of a GeoPackage. The
part about time it takes only from a project or layer definition, which carry the same elements.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final
from xml.etree import ElementTree as ET

from geomap.export.fields import FIELDS
from geomap.export.qgis.symbols import Kind, expression_map, symbol_of, textual_colour
from geomap.export.xml import document, element
from geomap.scene import TypeSymbol

QGIS_VERSION: Final = "3.22.0"
"""The oldest that the styles were tried in."""
_DOCTYPE: Final = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_CATEGORIES: Final = "Symbology|Labeling|Fields|MapTips|Temporal"
# Texts from outside are no markup in a map tip either.
_ESCAPED: Final = "replace(coalesce(\"{}\", ''), map('&', '&amp;', '<', '&lt;', '>', '&gt;'))"
_TIP_FIELDS: Final = ("title", "when", "place_name", "status", "summary")
_FONT: Final = {"fontFamily": "DejaVu Sans", "fontSize": "8", "fontSizeUnit": "Point"}


@dataclass(frozen=True, slots=True)
class FieldForm:
    """How a format has the fields: under other `names`, if they are too long, and moments as text, if it has none.

    The names of what symbols, labels and map tips are made of are always the same.
    """

    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    text_times: bool = False


OWN_FORM: Final = FieldForm()


def style_qml(kind: Kind, types: Sequence[TypeSymbol], form: FieldForm = OWN_FORM) -> str:
    """The style of a layer of one kind of geometry."""
    return _qml(style_elements(kind, types, form))


def mixed_qml(types: Sequence[TypeSymbol]) -> str:
    """The style of a file that holds points, lines and areas, for whichever QGIS loads it as."""
    return _qml(_common_elements(_rules(types), OWN_FORM))


def _qml(elements: Sequence[ET.Element]) -> str:
    root = element("qgis", *elements, version=QGIS_VERSION, styleCategories=_CATEGORIES)
    return document(root, doctype=_DOCTYPE)


def style_elements(kind: Kind, types: Sequence[TypeSymbol], form: FieldForm = OWN_FORM) -> list[ET.Element]:
    """The elements of a style, as they stand in QML and in a project."""
    return [*_common_elements(_categories(kind, types), form), _labeling(kind, types)]


def table_elements(form: FieldForm = OWN_FORM) -> list[ET.Element]:
    """What a table without geometry has of a style."""
    return [_aliases(form), _widgets(form), element("previewExpression", text='"title"')]


def _common_elements(renderer: ET.Element, form: FieldForm) -> list[ET.Element]:
    return [_temporal(form), renderer, *table_elements(form), element("mapTip", text=_map_tip())]


def _temporal(form: FieldForm) -> ET.Element:
    """From `t_start` to `t_end`; both are always filled, as QGIS takes an empty end for one that never comes."""
    if form.text_times:
        return _time_span(
            mode="4", startExpression='to_datetime("t_start")', endExpression='to_datetime("t_end")'
        )
    return _time_span(mode="2", startField="t_start", endField="t_end")


def _time_span(**own: str) -> ET.Element:
    settings = {
        "enabled": "1",
        "mode": "",
        "startField": "",
        "endField": "",
        "durationField": "",
        "durationUnit": "d",
        "fixedDuration": "0",
        "accumulate": "0",
        "startExpression": "",
        "endExpression": "",
        "limitMode": "0",
    }
    always = element("fixedRange", element("start", text=""), element("end", text=""))
    return element("temporal", always, **(settings | own))


def _categories(kind: Kind, types: Sequence[TypeSymbol]) -> ET.Element:
    named = [(symbol.id, symbol) for symbol in types] + [("", _OTHER)]
    return element(
        "renderer-v2",
        element(
            "categories",
            *(
                element("category", value=value, label=symbol.label, symbol=str(number), render="true")
                for number, (value, symbol) in enumerate(named)
            ),
        ),
        element(
            "symbols", *(symbol_of(symbol, kind, str(number)) for number, (_, symbol) in enumerate(named))
        ),
        *([_largest_first()] if kind == "areas" else []),
        type="categorizedSymbol",
        attr="type",
        forceraster="0",
        symbollevels="0",
        enableorderby="1" if kind == "areas" else "0",
    )


def _largest_first() -> ET.Element:
    """What is smaller lies on it, as on the page."""
    return element("orderby", element("orderByClause", text="area($geometry)", asc="0", nullsFirst="0"))


_OTHER: Final = TypeSymbol(id="", label="Other", colour="#777777", glyph="dot")
_GEOMETRIES: Final[Mapping[Kind, str]] = {"areas": "Polygon", "lines": "Line", "points": "Point"}


def _rules(types: Sequence[TypeSymbol]) -> ET.Element:
    """Of each type a rule for each kind of geometry: a layer of one kind shows those of its kind."""
    rules: list[ET.Element] = []
    symbols: list[ET.Element] = []
    for kind, geometry in _GEOMETRIES.items():
        for symbol in types:
            name = str(len(symbols))
            rules.append(
                element(
                    "rule",
                    key=f"{{{kind}-{symbol.id}}}",
                    symbol=name,
                    label=symbol.label,
                    filter=f"\"type\" = {quoted(symbol.id)} AND geometry_type($geometry) = '{geometry}'",
                )
            )
            symbols.append(symbol_of(symbol, kind, name))
    return element(
        "renderer-v2",
        element("rules", *rules, key="{types}"),
        element("symbols", *symbols),
        type="RuleRenderer",
        forceraster="0",
        symbollevels="0",
        enableorderby="0",
    )


def quoted(text: str) -> str:
    """A text as a string of QGIS's expressions."""
    escaped = text.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def _labeling(kind: Kind, types: Sequence[TypeSymbol]) -> ET.Element:
    """The place's name, in a dark shade of the type's colour with a white halo, as on the page."""
    shades = " ".join(f"WHEN {quoted(symbol.id)} THEN '{textual_colour(symbol.colour)}'" for symbol in types)
    colours = {"Color": f"CASE \"type\" {shades} ELSE '31,41,51,255' END"} if types else {}
    text = element(
        "text-style",
        element(
            "text-buffer",
            bufferDraw="1",
            bufferSize="0.8",
            bufferSizeUnits="MM",
            bufferColor="255,255,255,235",
        ),
        fieldName="place_name",
        isExpression="0",
        fontItalic="0" if kind == "points" else "1",
        textColor="31,41,51,255",
        **_FONT,
    )
    # Round a point, along a line, in the middle of an area.
    placement = {"points": "6", "lines": "2", "areas": "1"}[kind]
    settings = element(
        "settings",
        text,
        element(
            "placement",
            placement=placement,
            dist="2.6",
            distUnits="MM",
            centroidInside="1",
            placementFlags="10",
        ),
        element("rendering", obstacle="1", displayAll="0"),
        *([element("dd_properties", expression_map(colours))] if colours else []),
        calloutType="simple",
    )
    return element("labeling", settings, type="simple")


def _aliases(form: FieldForm) -> ET.Element:
    return element(
        "aliases",
        *(
            element("alias", field=form.names.get(own.name, own.name), index=str(number), name=own.label)
            for number, own in enumerate(FIELDS.values(), start=1)
        ),
    )


def _widgets(form: FieldForm) -> ET.Element:
    """Words of closed lists are chosen from their lists."""
    made = []
    for own in FIELDS.values():
        if not own.values:
            continue
        values = [
            element("Option", element("Option", type="QString", name=label, value=value), type="Map")
            for value, label in own.values.items()
        ]
        options = element("Option", element("Option", *values, type="List", name="map"), type="Map")
        made.append(
            element(
                "field",
                element("editWidget", element("config", options), type="ValueMap"),
                name=form.names.get(own.name, own.name),
                configurationFlags="None",
            )
        )
    return element("fieldConfiguration", *made)


def _map_tip() -> str:
    lines = [f"[% {_ESCAPED.format(name)} %]" for name in _TIP_FIELDS]
    return f"<b>{lines[0]}</b><br>{' · '.join(lines[1:4])}<br>{lines[4]}"
