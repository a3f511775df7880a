"""GeoPackage 1.2 that opens styled and dated: points, lines, areas, what has no place, and a QGIS project inside."""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Final

from geomap.export.arrow import GEOMETRY, arrow_columns, batches, rounded_shapes, without_nul
from geomap.export.baseline import baseline_statements
from geomap.export.clock import last_change
from geomap.export.fields import FIELDS
from geomap.export.info import ExportInfo
from geomap.export.layers import UNLOCATED, as_multi, geometry_type, rows_of_layers
from geomap.export.qgis.project import ProjectContent, layer_definition, project_qgz
from geomap.export.qgis.style import style_qml
from geomap.export.qgis.symbols import KINDS
from geomap.export.write import write_bytes, write_features, write_sql, write_text
from geomap.model.table import EventTable

FILE: Final = "events.gpkg"
PROJECT_FILE: Final = "geomap.qgz"
LAYER_FILE: Final = "geomap.qlr"

# QGIS 3.22 and GDAL 3.6 warn of newer versions.
_VERSION: Final = "1.2"


def write_geopackage(table: EventTable, info: ExportInfo, folder: Path) -> list[str]:
    """Write `events.gpkg`, with the project beside it as `geomap.qgz` and its layers as `geomap.qlr`.

    Events that have both a date and a geometry stand in `points`, `lines` or `areas`; those known to their country,
    without a place or without a date in the table `events_unlocated`, which no time filter touches, with what
    geometry there is as text in `wkt`.
    """
    path = folder / FILE
    shapes = rounded_shapes(table.geometry)
    columns, remarks = without_nul(arrow_columns(table), FILE)
    located, unlocated = rows_of_layers(table, shapes)
    metadata = {
        "title": info.title,
        "attribution": "; ".join(info.attribution),
        "worldview": info.worldview,
    }
    for number, (kind, rows) in enumerate(located.items()):
        write_features(
            path,
            batches(columns, rows, as_multi(shapes, rows, kind)),
            driver="GPKG",
            layer=kind,
            geometry_type=geometry_type(shapes[rows], kind),
            append=number > 0,
            metadata=metadata,
            options={"VERSION": _VERSION} if number == 0 else None,
        )
    write_features(
        path,
        batches(columns, unlocated, shapes, as_text=True),
        driver="GPKG",
        layer=UNLOCATED,
        geometry_type=None,
        append=True,
        options={"ASPATIAL_VARIANT": "GPKG_ATTRIBUTES"},
    )
    content = ProjectContent(
        title=info.title,
        sources={layer: f"{FILE}|layername={layer}" for layer in (*KINDS, UNLOCATED)},
        kinds=KINDS,
        types=info.types,
        bbox=info.bbox,
        period=period_of(table),
    )
    project = project_qgz(content)
    write_sql(path, chain(_additions(info, project), baseline_statements(columns, shapes, info)))
    write_bytes(folder / PROJECT_FILE, project)
    write_text(folder / LAYER_FILE, layer_definition(content))
    return remarks


def period_of(table: EventTable) -> tuple[datetime, datetime] | None:
    """The first and last moment of all events; None where none has a date."""
    starts = [moment for moment in table.columns["t_start"] if moment is not None]
    ends = [moment for moment in table.columns["t_end"] if moment is not None]
    return (min(starts), max(ends)) if starts else None


def _additions(info: ExportInfo, project: bytes) -> Iterator[tuple[str, tuple[object, ...]]]:
    """What QGIS and GDAL look for beside the layers: styles, a project, and the fields in words."""
    yield (
        "CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256),"
        " f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30),"
        " styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),"
        " update_time DATETIME DEFAULT CURRENT_TIMESTAMP)",
        (),
    )
    yield (
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, last_change) VALUES (?, ?, ?, ?)",
        ("layer_styles", "attributes", "layer_styles", last_change()),
    )
    for kind in KINDS:
        yield (
            # QGIS finds a style by an empty schema, not by none.
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column,"
            " styleName, styleQML, styleSLD, useAsDefault, description, owner, update_time)"
            " VALUES ('', '', ?, ?, ?, ?, '', 1, ?, '', ?)",
            (kind, GEOMETRY, "geomap", style_qml(kind, info.types), info.title, last_change()),
        )
    yield "CREATE TABLE qgis_projects (name TEXT PRIMARY KEY, metadata BLOB, content BLOB)", ()
    modified = f'{{"last_modified_time": "{last_change()}", "last_modified_user": "geomap"}}'
    yield "INSERT INTO qgis_projects VALUES (?, ?, ?)", ("geomap", modified, project.hex())
    yield (
        "CREATE TABLE IF NOT EXISTS gpkg_data_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL,"
        " name TEXT, title TEXT, description TEXT, mime_type TEXT, constraint_name TEXT,"
        " CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),"
        " CONSTRAINT gdc_tn UNIQUE (table_name, name))",
        (),
    )
    yield (
        "CREATE TABLE IF NOT EXISTS gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL,"
        " definition TEXT NOT NULL, scope TEXT NOT NULL,"
        " CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name))",
        (),
    )
    yield (
        "INSERT INTO gpkg_extensions VALUES ('gpkg_data_columns', NULL, 'gpkg_schema', ?, 'read-write')",
        ("http://www.geopackage.org/spec121/#extension_schema",),
    )
    for layer in (*KINDS, UNLOCATED):
        for field in FIELDS.values():
            yield (
                "INSERT INTO gpkg_data_columns VALUES (?, ?, ?, ?, ?, NULL, NULL)",
                (layer, field.name, field.name, field.label, field.about),
            )
