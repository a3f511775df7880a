"""FlatGeobuf: all located events in one file with a spatial index, and their style beside it."""

from pathlib import Path
from typing import Final

import numpy as np
import shapely

from geomap.export.arrow import arrow_columns, batches, rounded_shapes, without_nul
from geomap.export.info import ExportInfo
from geomap.export.qgis.style import mixed_qml
from geomap.export.write import write_features, write_text
from geomap.model.table import EventTable

FILE: Final = "events.fgb"


def write_flatgeobuf(table: EventTable, info: ExportInfo, folder: Path) -> list[str]:
    """Write `events.fgb` and `events.qml`; events without a geometry are left out, as a remark says."""
    shapes = rounded_shapes(table.geometry)
    columns, remarks = without_nul(arrow_columns(table), FILE)
    rows = np.flatnonzero(~shapely.is_missing(shapes))
    write_features(
        folder / FILE,
        batches(columns, rows, shapes),
        driver="FlatGeobuf",
        layer="events",
        geometry_type="Unknown",
        options={"TITLE": info.title, "DESCRIPTION": "; ".join((info.worldview, *info.attribution))},
    )
    write_text(folder / "events.qml", mixed_qml(info.types))
    left = len(table) - len(rows)
    if left:
        remarks.append(f"{FILE}: without {left:,} of {len(table):,} rows, which have no geometry")
    return remarks
