"""GeoParquet 1.1: zstd columns in Hilbert order, with a bounding box for each row."""

import json
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from numpy.typing import NDArray

from geomap.export.arrow import GEOMETRY, arrow_columns, batches, rounded_shapes, schema_of
from geomap.export.info import ExportInfo
from geomap.model.table import EventTable

FILE: Final = "events.parquet"
BBOX: Final = "bbox"
_CORNERS: Final = ("xmin", "ymin", "xmax", "ymax")
_HILBERT_LEVEL: Final = 16


def write_geoparquet(table: EventTable, info: ExportInfo, folder: Path) -> list[str]:
    """Write `events.parquet`: rows along a Hilbert curve, those without a geometry last."""
    shapes, columns = rounded_shapes(table.geometry), arrow_columns(table)
    rows = np.concatenate([_along_hilbert(shapes), np.flatnonzero(shapely.is_missing(shapes))])
    schema = _schema(shapes, info)
    with pq.ParquetWriter(folder / FILE, schema, compression="zstd", version="2.6") as writer:
        for batch in batches(columns, rows, shapes):
            bounds = _bounds(batch.column(GEOMETRY))
            whole = pa.RecordBatch.from_arrays([*batch.columns, bounds], schema=schema)
            writer.write_batch(whole)
    return []


def _along_hilbert(shapes: NDArray[np.object_]) -> NDArray[np.intp]:
    """Rows with a geometry, neighbours next to each other."""
    rows = np.flatnonzero(~shapely.is_missing(shapes))
    if not len(rows):
        return rows
    import geopandas

    # Over the whole world, so that a row's place in the order does not depend on the others.
    world = (-180.0, -90.0, 180.0, 90.0)
    distances = geopandas.GeoSeries(shapes[rows]).hilbert_distance(total_bounds=world, level=_HILBERT_LEVEL)
    return rows[np.argsort(distances.to_numpy(), kind="stable")]


def _bounds(wkb: pa.Array) -> pa.StructArray:
    shapes = shapely.from_wkb(wkb.to_numpy(zero_copy_only=False))
    bounds = shapely.bounds(shapes)
    missing = pa.array(shapely.is_missing(shapes))
    columns = [pa.array(bounds[:, at], pa.float64(), from_pandas=True) for at in range(4)]
    return pa.StructArray.from_arrays(columns, list(_CORNERS), mask=missing)


def _schema(shapes: NDArray[np.object_], info: ExportInfo) -> pa.Schema:
    known = shapes[~shapely.is_missing(shapes)]
    kinds = sorted({str(name) for name in (shape.geom_type for shape in known)})
    box = pa.field(BBOX, pa.struct([pa.field(name, pa.float64()) for name in _CORNERS]))
    geo = {
        "version": "1.1.0",
        "primary_column": GEOMETRY,
        "columns": {
            GEOMETRY: {
                "encoding": "WKB",
                "geometry_types": kinds,
                "orientation": "counterclockwise",
                "edges": "planar",
                "covering": {"bbox": {name: [BBOX, name] for name in _CORNERS}},
                **({"bbox": [float(value) for value in shapely.total_bounds(known)]} if len(known) else {}),
            }
        },
    }
    metadata = {
        "geo": json.dumps(geo),
        "title": info.title,
        "worldview": info.worldview,
        "attribution": "; ".join(info.attribution),
    }
    return schema_of().append(box).with_metadata(metadata)
