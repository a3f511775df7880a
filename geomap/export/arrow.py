"""The table of events as Arrow: typed columns and well-known binary, in batches, for GDAL and GeoParquet."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, Final

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from geomap.export.fields import FIELDS, Field, FieldType
from geomap.model.columns import Coded, Numbers, Texts
from geomap.model.geometry import to_geojson
from geomap.model.table import EventTable, Geometries

GEOMETRY: Final = "geom"
BINARY_GEOMETRY: Final = pa.field(GEOMETRY, pa.binary(), metadata={"ARROW:extension:name": "geoarrow.wkb"})
WKT: Final = "wkt"
"""The geometry as text, in tables."""
DECIMALS: Final = 6
"""Of degrees, 0.11 m."""
BATCH_ROWS: Final = 16_384

_ARROW_TYPES: Final = {
    FieldType.TEXT: pa.string(),
    FieldType.TEXTS: pa.string(),
    FieldType.DAY: pa.date32(),
    FieldType.MOMENT: pa.timestamp("ms", tz="UTC"),
    FieldType.INTEGER: pa.int32(),
    FieldType.REAL: pa.float64(),
    FieldType.FLAG: pa.bool_(),
}


def rounded_shapes(geometry: Sequence[BaseGeometry | None]) -> NDArray[np.object_]:
    """The geometries as every format writes them: EPSG:4326, 6 decimals, cut at the antimeridian, rings by RFC 7946.

    Shape (n,); None stays None, and what has no vertex becomes None.
    """
    shapes = geometry.made() if isinstance(geometry, Geometries) else np.empty(len(geometry), dtype=object)
    if not isinstance(geometry, Geometries):
        shapes[:] = geometry
    points = shapely.get_type_id(shapes) == shapely.GeometryType.POINT
    points &= ~shapely.is_empty(shapes)
    given = shapely.get_coordinates(shapes[points])
    # Zero has no sign on a map.
    rounded = np.round(given, DECIMALS) + 0.0
    # Most are given so, and need not stand in memory once more.
    finer = (given.view(np.int64) != rounded.view(np.int64)).any(axis=1)
    shapes[np.flatnonzero(points)[finer]] = shapely.points(rounded[finer])
    tidied: dict[int, BaseGeometry | None] = {}
    for row in np.flatnonzero(~points).tolist():
        own = shapes[row]
        if own is None:
            continue
        if id(own) not in tidied:
            tidied[id(own)] = None if own.is_empty else shape(to_geojson(own, decimals=DECIMALS))
        shapes[row] = tidied[id(own)]
    return shapes


def schema_of(*, as_text: bool = False) -> pa.Schema:
    """The columns as Arrow fields, then the geometry as well-known binary or, for tables, text."""
    fields = (pa.field(name, _ARROW_TYPES[own.type]) for name, own in FIELDS.items())
    return pa.schema([*fields, pa.field(WKT, pa.string()) if as_text else BINARY_GEOMETRY])


def arrow_columns(table: EventTable) -> tuple[pa.Array, ...]:
    """The public columns of a whole table; texts that many rows share may be dictionary-encoded."""
    return tuple(shared_texts(column_of(field, table.columns[name])) for name, field in FIELDS.items())


def without_nul(columns: Sequence[pa.Array], file: str) -> tuple[tuple[pa.Array, ...], list[str]]:
    """The columns with U+FFFD for each NUL, at which GDAL would end a text, and a remark if there was any."""
    held, cells = [], 0
    for column in columns:
        texts = plain_texts(column)
        if pa.types.is_string(texts.type) and (found := pc.sum(pc.match_substring(texts, "\0")).as_py()):
            cells += found
            held.append(pc.replace_substring(texts, "\0", "\ufffd"))
        else:
            held.append(column)
    return tuple(held), [
        f"{file}: {cells:,} cells have U+FFFD for NUL, which no text there holds"
    ] if cells else []


def batches(
    columns: Sequence[pa.Array],
    rows: NDArray[np.intp],
    shapes: NDArray[np.object_],
    *,
    as_text: bool = False,
    schema: pa.Schema | None = None,
) -> pa.RecordBatchReader:
    """Some rows of a whole table's columns and shapes, in their order, batch by batch."""
    schema = schema_of(as_text=as_text) if schema is None else schema

    def made() -> Iterator[pa.RecordBatch]:
        for start in range(0, len(rows), BATCH_ROWS):
            part = rows[start : start + BATCH_ROWS]
            numbers = pa.array(part)
            values = [plain_texts(column.take(numbers)) for column in columns]
            yield pa.RecordBatch.from_arrays([*values, _written(shapes[part], as_text)], schema=schema)

    return pa.RecordBatchReader.from_batches(schema, made())


def _written(shapes: NDArray[np.object_], as_text: bool) -> pa.Array:
    """Geometries as well-known text or binary; a shape that many rows share is written once."""
    ids = np.fromiter((id(own) for own in shapes), np.int64, len(shapes))
    _, first, each = np.unique(ids, return_index=True, return_inverse=True)
    distinct = shapes[first]
    if as_text:
        written = pa.array(shapely.to_wkt(distinct, DECIMALS), pa.string())
    else:
        written = pa.array(shapely.to_wkb(distinct), pa.binary())
    return written.take(pa.array(each))


@lru_cache(maxsize=65_536)
def json_text(texts: tuple[str, ...]) -> str:
    """A list of texts as JSON; few lists stand in many rows."""
    return orjson.dumps(texts).decode()


def column_of(field: Field, values: Iterable[Any]) -> pa.Array:
    """Values of a column of the table as Arrow; of few distinct texts they may be dictionary-encoded."""
    kind = _ARROW_TYPES[field.type]
    if isinstance(values, Texts):
        return values.array.cast(kind)
    if isinstance(values, Numbers):
        return pa.array(values.array, kind, from_pandas=True)
    if isinstance(values, Coded):
        distinct = column_of(field, values.values)
        codes = pa.array(values.codes)
        # A dictionary has each value once, and none that is null.
        if kind == pa.string() and not distinct.null_count and len(distinct.unique()) == len(distinct):
            return pa.DictionaryArray.from_arrays(codes, distinct)
        return distinct.take(codes)
    own = [json_text(value) for value in values] if field.type is FieldType.TEXTS else list(values)
    return pa.array(own, _ARROW_TYPES[field.type])


def plain_texts(column: pa.Array) -> pa.Array:
    """A column with each text in its row."""
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column


def shared_texts(column: pa.Array) -> pa.Array:
    """A column with texts that many rows share kept once, where that takes less than half the memory."""
    if not pa.types.is_string(column.type):
        return column
    shared = column.dictionary_encode()
    return shared if 2 * shared.nbytes < column.nbytes else column
