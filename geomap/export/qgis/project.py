"""A QGIS project and a layer definition over the layers of an export: styled, dated and ready to play.

Written by hand in the form of QGIS 3.22, with nothing that QGIS fills in itself. What it drops in silence otherwise:
layers whose id has ten characters or fewer, a project CRS without its `srsid`, paths that are not relative.
"""

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Final
from xml.etree import ElementTree as ET

from geomap.export.clock import zip_time
from geomap.export.fields import moment_text
from geomap.export.qgis.style import OWN_FORM, QGIS_VERSION, FieldForm, style_elements, table_elements
from geomap.export.qgis.symbols import Kind
from geomap.export.xml import document, element
from geomap.model.geometry import Bbox
from geomap.scene import TypeSymbol

_DOCTYPE: Final = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_LAYER_DOCTYPE: Final = "<!DOCTYPE qgis-layer-definition>\n"
_GEOMETRY_NAMES: Final[dict[Kind, str]] = {"points": "Point", "lines": "Line", "areas": "Polygon"}
_TITLES: Final = {
    "points": "Points",
    "lines": "Lines",
    "areas": "Areas",
    "events_unlocated": "Without a place",
}
_MERCATOR_LIMIT: Final = 85.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectContent:
    """What a project shows: its layers, and where and when its events were.

    `sources` are where QGIS finds each layer and the table of what has no place, from the project's own folder.
    """

    title: str
    sources: Mapping[str, str]
    kinds: Sequence[Kind]
    types: Sequence[TypeSymbol]
    bbox: Bbox
    period: tuple[datetime, datetime] | None
    form: FieldForm = OWN_FORM


def project_qgz(content: ProjectContent) -> bytes:
    """The project, zipped as QGIS does; the same content gives the same bytes."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        member = zipfile.ZipInfo("geomap.qgs", date_time=zip_time())
        member.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(member, _project(content))
    return packed.getvalue()


def layer_definition(content: ProjectContent) -> str:
    """The layers alone, to drop into a project of one's own."""
    layers = element("maplayers", *_map_layers(content))
    return document(element("qlr", _tree(content), layers), doctype=_LAYER_DOCTYPE)


def _project(content: ProjectContent) -> str:
    layers = _map_layers(content)
    order = element("layerorder", *(element("layer", id=_layer_id(name)) for name in _names(content)))
    properties = element(
        "properties",
        element("SpatialRefSys", element("ProjectionsEnabled", text="1", type="int")),
        element("Paths", element("Absolute", text="false", type="bool")),
    )
    root = element(
        "qgis",
        element("title", text=content.title),
        element("projectCrs", _mercator()),
        _tree(content),
        _canvas(content.bbox),
        element("projectlayers", *layers),
        order,
        properties,
        *_time_settings(content),
        projectname=content.title,
        version=QGIS_VERSION,
    )
    return document(root, doctype=_DOCTYPE)


def _names(content: ProjectContent) -> list[str]:
    """From the top of the map down: points lie on lines, lines on areas."""
    return [*content.kinds, "events_unlocated"]


def _layer_id(name: str) -> str:
    return f"geomap_events_{name}"


def _source(content: ProjectContent, name: str) -> str:
    return f"./{content.sources[name]}"


def _tree(content: ProjectContent) -> ET.Element:
    leaves = [
        element(
            "layer-tree-layer",
            id=_layer_id(name),
            name=_TITLES[name],
            source=_source(content, name),
            providerKey="ogr",
            checked="Qt::Checked",
            expanded="1" if name == "points" else "0",
        )
        for name in _names(content)
    ]
    return element("layer-tree-group", *leaves)


def _map_layers(content: ProjectContent) -> list[ET.Element]:
    layers = [
        _map_layer(
            content,
            kind,
            _GEOMETRY_NAMES[kind],
            [_wgs84()],
            style_elements(kind, content.types, content.form),
        )
        for kind in content.kinds
    ]
    return [*layers, _map_layer(content, "events_unlocated", "No geometry", [], table_elements(content.form))]


def _map_layer(
    content: ProjectContent, name: str, geometry: str, crs: list[ET.Element], style: list[ET.Element]
) -> ET.Element:
    return element(
        "maplayer",
        element("id", text=_layer_id(name)),
        element("datasource", text=_source(content, name)),
        element("layername", text=_TITLES[name]),
        element("srs", *crs),
        element("provider", text="ogr", encoding="UTF-8"),
        *style,
        type="vector",
        geometry=geometry,
    )


def _canvas(bbox: Bbox) -> ET.Element:
    from pyproj import Transformer

    west, south, east, north = bbox
    to_mercator = Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True)
    x0, y0 = to_mercator.transform(west, max(south, -_MERCATOR_LIMIT))
    x1, y1 = to_mercator.transform(east if east > west else 180.0, min(north, _MERCATOR_LIMIT))
    corners = {"xmin": x0, "ymin": y0, "xmax": x1, "ymax": y1}
    return element(
        "mapcanvas",
        element("units", text="meters"),
        element("extent", *(element(name, text=f"{value:.3f}") for name, value in corners.items())),
        element("destinationsrs", _mercator()),
        name="theMapCanvas",
    )


def _time_settings(content: ProjectContent) -> list[ET.Element]:
    if content.period is None:
        return []
    start, end = (moment_text(moment) for moment in content.period)
    days = element("TemporalRange", element("start", text=start), element("end", text=end))
    return [element("ProjectTimeSettings", days, timeStepUnit="d", timeStep="1", cumulativeTemporalRange="0")]


def _wgs84() -> ET.Element:
    return _crs("EPSG:4326", srid="4326", srsid="3452", description="WGS 84", geographic="true")


def _mercator() -> ET.Element:
    return _crs(
        "EPSG:3857", srid="3857", srsid="3857", description="WGS 84 / Pseudo-Mercator", geographic="false"
    )


def _crs(authority: str, *, srid: str, srsid: str, description: str, geographic: str) -> ET.Element:
    return element(
        "spatialrefsys",
        element("srsid", text=srsid),
        element("srid", text=srid),
        element("authid", text=authority),
        element("description", text=description),
        element("geographicflag", text=geographic),
    )
