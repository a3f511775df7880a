"""The events as they are exported, kept in the GeoPackage beside what people edit: see `geomap.model.baseline`."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from geomap.export.fields import FIELDS
from geomap.export.info import ExportInfo
from geomap.model.baseline import CONTENT, COUNTRIES, SHAPE, TABLE

# Edits are rare, and the other levels cost seconds for a million events.
_LEVEL: Final = 1
_PART_ROWS: Final = 1 << 17
"""So that a million events need not stand in memory once more."""


def baseline_statements(
    columns: Sequence[pa.Array], shapes: NDArray[np.object_], info: ExportInfo
) -> Iterator[tuple[str, tuple[object, ...]]]:
    """SQL that keeps the public columns of a whole table, in the order of `FIELDS`, and its shapes."""
    yield f"CREATE TABLE {TABLE} ({CONTENT} BLOB NOT NULL)", ()
    metadata = {COUNTRIES: " ".join(info.countries)}
    for start in range(0, max(len(shapes), 1), _PART_ROWS):
        part = slice(start, start + _PART_ROWS)
        arrays = [*(column[part] for column in columns), _shapes(shapes[part])]
        table = pa.table(arrays, names=[*FIELDS, SHAPE]).replace_schema_metadata(metadata)
        yield f"INSERT INTO {TABLE} VALUES (?)", (memoryview(_stream(table)),)


def _stream(table: pa.Table) -> pa.Buffer:
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression=pa.Codec("zstd", compression_level=_LEVEL))
    with pa.ipc.new_stream(sink, table.schema, options=options) as writer:
        writer.write_table(table)
    return sink.getvalue()


def _shapes(shapes: NDArray[np.object_]) -> pa.Array:
    """Well-known binary; a shape that many rows share is kept once, in the order of its first row."""
    ids = np.fromiter((id(own) for own in shapes), np.int64, len(shapes))
    _, first, each = np.unique(ids, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty(len(order), dtype=np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    distinct = pa.array(shapely.to_wkb(shapes[first[order]]), pa.binary())
    return pa.DictionaryArray.from_arrays(pa.array(rank[each]), distinct)
