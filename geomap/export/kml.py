"""KML 2.2 for Google Earth: a folder for each layer of the map, shared styles, dates on the time slider.

`events.kmz` holds the same with the symbols as pictures; the plain file has their colours only, since a reference to
a picture elsewhere would be a request.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

import numpy as np
from shapely.geometry.base import BaseGeometry

from geomap.export.arrow import json_text, rounded_shapes
from geomap.export.fields import FIELDS, FieldType, moment_text
from geomap.export.info import ExportInfo
from geomap.export.write import open_text, open_zip, read_icon
from geomap.export.xml import element, xml_text
from geomap.model.table import EventTable
from geomap.scene import TypeSymbol

FILE: Final = "events.kml"
PACKED_FILE: Final = "events.kmz"
_NAMESPACE: Final = "http://www.opengis.net/kml/2.2"
_CONTESTED: Final = frozenset({"disputed", "denied", "retracted"})


def write_kml(table: EventTable, info: ExportInfo, folder: Path) -> list[str]:
    """Write `events.kml` and `events.kmz`; events without a geometry are placemarks without a place."""
    pictures = {f"icons/{glyph}.png": read_icon(glyph) for glyph in sorted({own.glyph for own in info.types})}
    with open_text(folder / FILE) as plain, open_zip(folder / PACKED_FILE, "doc.kml", pictures) as packed:
        plain.write(_head(info, icons=False))
        packed.write(_head(info, icons=True).encode())
        for part in _body(table, info):
            plain.write(part)
            packed.write(part.encode())
    return []


def _head(info: ExportInfo, *, icons: bool) -> str:
    parts = [
        f'<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="{_NAMESPACE}">\n<Document>\n',
        f"<name>{_text(info.title)}</name>\n",
        f"<description>{_text(chr(10).join((info.worldview, *info.attribution)))}</description>\n",
    ]
    for number, symbol in enumerate(info.types):
        for contested in (False, True):
            name = _style_id(number, contested=contested)
            parts.append(_string(_style(symbol, name, icons=icons, contested=contested)))
    return "".join((*parts, _schema()))


def _body(table: EventTable, info: ExportInfo) -> Iterator[str]:
    styles = {symbol.id: number for number, symbol in enumerate(info.types)}
    shapes = rounded_shapes(table.geometry)
    placed: dict[int, str] = {}

    def placemark(row: int) -> str:
        shape = shapes[row]
        if shape is None:
            return _placemark(table, row, "", styles)
        if shape.geom_type == "Point":
            return _placemark(table, row, _geometry(shape), styles)
        # Many events stand in one region, whose outline is long.
        if id(shape) not in placed:
            placed[id(shape)] = _geometry(shape)
        return _placemark(table, row, placed[id(shape)], styles)

    rows_of = list(table.event_rows.values())
    seen: set[int] = set()
    for layer in info.layers:
        # An event of several layers stands in the first of them.
        own = [number for number in layer.events if number not in seen]
        seen.update(own)
        if not own:
            continue
        yield f"<Folder>\n<name>{_text(layer.title)}</name>\n"
        for number in own:
            yield "".join(placemark(row) for row in rows_of[number])
        yield "</Folder>\n"
    for number in sorted(set(range(len(rows_of))) - seen):
        yield "".join(placemark(row) for row in rows_of[number])
    yield "</Document>\n</kml>\n"


_KML_TYPES: Final = {FieldType.INTEGER: "int", FieldType.REAL: "double", FieldType.FLAG: "bool"}


def _schema() -> str:
    """The columns with their types, in their order; without it each reader guesses both."""
    fields = "".join(
        f'<SimpleField name="{name}" type="{_KML_TYPES.get(field.type, "string")}">'
        f"<displayName>{_text(field.label)}</displayName></SimpleField>\n"
        for name, field in FIELDS.items()
    )
    return f'<Schema name="events" id="events">\n{fields}</Schema>\n'


def _style_id(number: int, *, contested: bool) -> str:
    return f"type-{number}{'-contested' if contested else ''}"


def _style(symbol: TypeSymbol, name: str, *, icons: bool, contested: bool) -> ET.Element:
    """Of what is contested, the outline is thin and the area empty: KML has no dashes."""
    icon = [
        element("color", text=_colour(symbol.colour, 0x99 if contested else 0xFF)),
        element("scale", text="0.7"),
    ]
    if icons:
        icon.append(element("Icon", element("href", text=f"icons/{symbol.glyph}.png")))
    return element(
        "Style",
        element("IconStyle", *icon),
        element("LabelStyle", element("scale", text="0.7")),
        element(
            "LineStyle",
            element("color", text=_colour(symbol.colour, 0xF2)),
            element("width", text="1" if contested else "3"),
        ),
        element("PolyStyle", element("color", text=_colour(symbol.colour, 0x00 if contested else 0x33))),
        id=name,
    )


def _colour(colour: str, alpha: int) -> str:
    """`#rrggbb` as KML writes it: aabbggrr."""
    return f"{alpha:02x}{colour[5:7]}{colour[3:5]}{colour[1:3]}".lower()


def _placemark(table: EventTable, row: int, geometry: str, styles: Mapping[str, int]) -> str:
    columns = table.columns
    status = columns["status"][row]
    number = styles.get(columns["type"][row])
    parts = [f"<Placemark>\n<name>{_text(columns['title'][row])}</name>\n"]
    if columns["summary"][row]:
        # Google Earth reads a description as HTML; escaped twice it is text there as well.
        parts.append(f"<description>{_text(escape(columns['summary'][row]))}</description>\n")
    parts.append(_time(columns, row))
    if number is not None:
        parts.append(f"<styleUrl>#{_style_id(number, contested=status in _CONTESTED)}</styleUrl>\n")
    parts.append('<ExtendedData><SchemaData schemaUrl="#events">\n')
    for name, field in FIELDS.items():
        value = _value(columns[name][row], field.type)
        if value is not None:
            parts.append(f'<SimpleData name="{name}">{_text(value)}</SimpleData>\n')
    parts.append("</SchemaData></ExtendedData>\n")
    parts += (geometry, "</Placemark>\n")
    return "".join(parts)


def _time(columns: Any, row: int) -> str:
    """One day as a stamp, more as a span; an end that is not known closes where `t_end` does."""
    start, end = columns["t_start"][row], columns["t_end"][row]
    if start is None or end is None:
        return ""
    first, last = start.date().isoformat(), end.date().isoformat()
    if first == last and not columns["end_open"][row]:
        return f"<TimeStamp><when>{first}</when></TimeStamp>\n"
    return f"<TimeSpan><begin>{first}</begin><end>{last}</end></TimeSpan>\n"


def _value(value: Any, kind: FieldType) -> str | None:
    if value is None or value == ():
        return None
    match kind:
        case FieldType.TEXTS:
            return json_text(value)
        case FieldType.MOMENT:
            return moment_text(value)
        case FieldType.FLAG:
            return "1" if value else "0"
        case _:
            return str(value)


def _geometry(shape: BaseGeometry) -> str:
    if hasattr(shape, "geoms"):
        parts = "".join(_geometry(part) for part in shape.geoms)
        return f"<MultiGeometry>\n{parts}</MultiGeometry>\n"
    if shape.geom_type == "Polygon":
        inner = "".join(
            f"<innerBoundaryIs><LinearRing>{_coordinates(ring)}</LinearRing></innerBoundaryIs>"
            for ring in shape.interiors
        )
        return (
            f"<Polygon><outerBoundaryIs><LinearRing>{_coordinates(shape.exterior)}</LinearRing></outerBoundaryIs>"
            f"{inner}</Polygon>\n"
        )
    name = "Point" if shape.geom_type == "Point" else "LineString"
    tessellate = "<tessellate>1</tessellate>" if name == "LineString" else ""
    return f"<{name}>{tessellate}{_coordinates(shape)}</{name}>\n"


def _coordinates(shape: BaseGeometry) -> str:
    pairs = " ".join(f"{lon:.6f},{lat:.6f}" for lon, lat in np.asarray(shape.coords)[:, :2].tolist())
    return f"<coordinates>{pairs}</coordinates>"


def _string(own: ET.Element) -> str:
    return f"{ET.tostring(own, encoding='unicode')}\n"


def _text(text: Any) -> str:
    # A reader takes a bare carriage return for a line feed.
    return escape(xml_text(str(text)), {"\r": "&#13;"})
