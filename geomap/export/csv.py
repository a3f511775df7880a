"""CSV for spreadsheets: lon, lat and WKT, and no cell that a spreadsheet would run as a formula."""

import csv
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import shapely

from geomap.export.arrow import BATCH_ROWS, DECIMALS, json_text, rounded_shapes
from geomap.export.fields import FIELDS, FieldType, moment_text
from geomap.export.info import ExportInfo
from geomap.export.write import open_text
from geomap.model.cells import guarded_cell
from geomap.model.table import EventTable

FILE: Final = "events.csv"
POSITION: Final = ("lon", "lat", "wkt")


def write_csv(table: EventTable, info: ExportInfo, folder: Path) -> list[str]:
    """Write `events.csv`: UTF-8 with a byte order mark, which spreadsheets need, and RFC 4180's line ends.

    A text that would be a formula begins with an apostrophe, as spreadsheets themselves mark a text.
    """
    guarded = 0
    with open_text(folder / FILE, encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([*FIELDS, *POSITION])
        for cells in _rows(table):
            safe = [guard(cell) for cell in cells]
            guarded += sum(own != cell for own, cell in zip(safe, cells, strict=True))
            writer.writerow(safe)
    return (
        [f"{FILE}: {guarded:,} cells begin with an apostrophe, which keeps them from being formulas"]
        if guarded
        else []
    )


def guard(cell: Any) -> Any:
    """A cell that no spreadsheet takes for a formula; numbers stay numbers."""
    return guarded_cell(cell) if isinstance(cell, str) else cell


def _rows(table: EventTable) -> Iterator[list[Any]]:
    shapes = rounded_shapes(table.geometry)
    for start, part in table.parts(BATCH_ROWS):
        for row, shape in enumerate(shapes[start : start + BATCH_ROWS]):
            cells = [_cell(part.columns[name][row], field.type) for name, field in FIELDS.items()]
            if shape is None:
                yield [*cells, None, None, None]
                continue
            point = shape if shape.geom_type == "Point" else None
            lon, lat = (point.x, point.y) if point else (None, None)
            yield [*cells, lon, lat, shapely.to_wkt(shape, rounding_precision=DECIMALS)]


def _cell(value: Any, kind: FieldType) -> Any:
    if value is None:
        return None
    if kind is FieldType.TEXTS:
        return json_text(value) if value else ""
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    return value
