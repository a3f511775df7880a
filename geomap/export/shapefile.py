"""Shapefile, for what reads nothing newer: points, lines, areas and a table, styled, with its losses told."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geomap.errors import OutputError
from geomap.export.arrow import BINARY_GEOMETRY, DECIMALS, WKT, batches, rounded_shapes
from geomap.export.clock import last_day
from geomap.export.dbf import (
    DBF_NAMES,
    TEXT_BYTES,
    DbfColumn,
    dbf_bytes,
    dbf_column,
    dbf_schema,
    text_field,
)
from geomap.export.fields import FIELDS
from geomap.export.info import ExportInfo
from geomap.export.layers import UNLOCATED, as_multi, geometry_type, rows_of_layers
from geomap.export.qgis.project import ProjectContent, layer_definition
from geomap.export.qgis.style import FieldForm, style_qml
from geomap.export.qgis.symbols import KINDS, Kind
from geomap.export.write import GeometryType, write_features, write_text
from geomap.model.table import EventTable

TABLES: Final = "events_*.dbf"
"""All of them, as remarks call them."""
MAX_BYTES: Final = 2**31 - 1
"""Of one file: many readers count positions in it in 31 bits."""

LAYER_FILE: Final = "events_shp.qlr"
"""Apart from the GeoPackage's, which may stand beside it."""

_FORM: Final = FieldForm(names=DBF_NAMES, text_times=True)
_MULTIS: Final[tuple[Callable[[list[BaseGeometry]], BaseGeometry], ...]] = (
    shapely.MultiPoint,
    shapely.MultiLineString,
    shapely.MultiPolygon,
)


@dataclass(frozen=True, slots=True)
class _Layer:
    """Some rows of the table, with the shapes of all of it made to be of one type."""

    name: str
    kind: Kind
    rows: NDArray[np.intp]
    shapes: NDArray[np.object_]
    type: GeometryType


def write_shapefile(table: EventTable, info: ExportInfo, folder: Path) -> list[str]:
    """Write `events_points`, `events_lines` and `events_areas`, each with its style, and `events_unlocated.dbf`.

    `events_shp.qlr` has them as layers for QGIS, with time, which QGIS does not take from the styles.
    They hold the rows that the GeoPackage's layers hold. Each is written even if it has none, with its spatial index:
    what an earlier export left there would be taken for a part of this one.

    Raises
    ------
    OutputError
        If a file would have more than 2 GiB; nothing is written then.
    """
    columns = [dbf_column(field, table.columns[name]) for name, field in FIELDS.items()]
    rounded = rounded_shapes(table.geometry)
    shapes, parted = without_collections(rounded)
    located, unlocated = rows_of_layers(table, shapes)
    layers = [
        _Layer(f"events_{kind}", kind, rows, as_multi(shapes, rows, kind), geometry_type(shapes[rows], kind))
        for kind, rows in located.items()
    ]
    for layer in layers:
        check_size(f"{layer.name}.shp", shp_bytes(layer.shapes[layer.rows]))
        check_size(f"{layer.name}.dbf", dbf_bytes(columns, len(layer.rows)))
    check_size(f"{UNLOCATED}.dbf", dbf_bytes(columns, len(unlocated), more=TEXT_BYTES))

    dated = {"DBF_DATE_LAST_UPDATE": last_day()}
    values, located_schema = [own.values for own in columns], dbf_schema(columns, BINARY_GEOMETRY)
    for layer in layers:
        write_features(
            folder / f"{layer.name}.shp",
            batches(values, layer.rows, layer.shapes, schema=located_schema),
            driver="ESRI Shapefile",
            layer=layer.name,
            geometry_type=layer.type,
            options=dated | {"SPATIAL_INDEX": "YES"},
        )
        write_text(folder / f"{layer.name}.qml", style_qml(layer.kind, info.types, _FORM))
    short, long = _short_as_text(rounded, unlocated)
    write_features(
        folder / f"{UNLOCATED}.dbf",
        batches(
            values, unlocated, short, as_text=True, schema=dbf_schema(columns, text_field(WKT, TEXT_BYTES))
        ),
        driver="ESRI Shapefile",
        layer=UNLOCATED,
        geometry_type=None,
        options=dated,
    )
    content = ProjectContent(
        title=info.title,
        sources={layer.kind: f"{layer.name}.shp" for layer in layers} | {UNLOCATED: f"{UNLOCATED}.dbf"},
        kinds=KINDS,
        types=info.types,
        bbox=info.bbox,
        period=None,
        form=_FORM,
    )
    write_text(folder / LAYER_FILE, layer_definition(content))
    return list(_remarks(columns, long=long, parted=parted))


def without_collections(shapes: NDArray[np.object_]) -> tuple[NDArray[np.object_], int]:
    """The shapes with each collection become its parts of the highest dimension; in how many rows others are lost."""
    lost = 0
    plain = shapes.copy()
    for row in np.flatnonzero(
        shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION
    ).tolist():
        leaves = list(_leaves(shapes[row]))
        dimension = int(shapely.get_dimensions(shapes[row]))
        kept = [own for own in leaves if shapely.get_dimensions(own) == dimension]
        plain[row] = _MULTIS[dimension](kept)
        lost += len(kept) < len(leaves)
    return plain, lost


def _leaves(shape: BaseGeometry) -> Iterator[BaseGeometry]:
    if not hasattr(shape, "geoms"):
        yield shape
        return
    for part in shape.geoms:
        yield from _leaves(part)


def shp_bytes(shapes: NDArray[np.object_]) -> int:
    """How large a file of these shapes is, all of one type: 100 bytes, and for each row a head, parts and positions."""
    if not len(shapes):
        return 100
    # Many rows share a shape.
    _, first, rows = np.unique([id(own) for own in shapes], return_index=True, return_counts=True)
    sizes = [_record_bytes(own) for own in shapes[first]]
    return 100 + int(np.dot(sizes, rows))


def _record_bytes(shape: BaseGeometry) -> int:
    positions = 16 * int(shapely.get_num_coordinates(shape))
    match shapely.get_dimensions(shape):
        case 0:
            return 12 + positions if shape.geom_type == "Point" else 48 + positions
        case 1:
            return 52 + 4 * int(shapely.get_num_geometries(shape)) + positions
        case _:
            return 52 + 4 * len(shapely.get_rings(shapely.get_parts(shape))) + positions


def check_size(file: str, size: int) -> None:
    """Refuse what the format cannot hold.

    Raises
    ------
    OutputError
        If the file is too large.
    """
    if size > MAX_BYTES:
        text = "a file of a Shapefile holds 2 at most; export a GeoPackage (gpkg), or fewer events"
        raise OutputError(f"{file} would have {size / (1 << 30):.1f} GiB: {text}")


def _short_as_text(shapes: NDArray[np.object_], rows: NDArray[np.intp]) -> tuple[NDArray[np.object_], int]:
    """The shapes without those, of some rows, whose text is too long for a cell, and how many these are.

    Half of a text is no geometry.
    """
    texts = shapely.to_wkt(shapes[rows], DECIMALS)
    long = rows[[text is not None and len(text) > TEXT_BYTES for text in texts]]
    short = shapes.copy()
    short[long] = None
    return short, len(long)


def _remarks(columns: Sequence[DbfColumn], *, long: int, parted: int) -> Iterator[str]:
    others = [f"{name} is {own}" for name, own in DBF_NAMES.items() if name != own]
    yield (
        f"{TABLES}: times are text, end_open is 0 or 1, and names have 10 letters at most: {', '.join(others)};"
        " a GeoPackage (gpkg) keeps all as it is"
    )
    counted = (
        (f"have more than {TEXT_BYTES} bytes and end in …", {own.name: own.cut for own in columns}),
        ("have no blanks at their ends, or U+FFFD for NUL", {own.name: own.altered for own in columns}),
        ("are empty texts, which are the same as none", {own.name: own.emptied for own in columns}),
    )
    for told, counts in counted:
        if any(counts.values()):
            where = ", ".join(f"{name} {count:,}" for name, count in counts.items() if count)
            yield f"{TABLES}: {sum(counts.values()):,} cells {told}: {where}"
    if long:
        yield f"{UNLOCATED}.dbf: {long:,} geometries have more than {TEXT_BYTES} bytes as text and are left out"
    if parted:
        yield f"events_*.shp: of {parted:,} collections only the areas are kept, or the lines where they have no areas"
