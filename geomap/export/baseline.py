"""The events as they are exported, kept in the GeoPackage beside what people edit: see `geomap.model.baseline`."""

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from geomap.export.fields import FIELDS
from geomap.export.info import ExportInfo
from geomap.model.baseline import CONTENT, COUNTRIES, SHAPE, TABLE

# Edits are rare, and the other levels cost seconds for a million events.
_LEVEL = 1


def baseline_statements(
    columns: Sequence[pa.Array], shapes: NDArray[np.object_], info: ExportInfo
) -> Iterator[tuple[str, tuple[object, ...]]]:
    """SQL that keeps the public columns of a whole table, in the order of `FIELDS`, and its shapes."""
    table = pa.table([*columns, _shapes(shapes)], names=[*FIELDS, SHAPE])
    table = table.replace_schema_metadata({COUNTRIES: " ".join(info.countries)})
    stream = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression=pa.Codec("zstd", compression_level=_LEVEL))
    with pa.ipc.new_stream(stream, table.schema, options=options) as writer:
        writer.write_table(table)
    yield f"CREATE TABLE {TABLE} ({CONTENT} BLOB NOT NULL)", ()
    yield f"INSERT INTO {TABLE} VALUES (?)", (stream.getvalue().to_pybytes(),)


def _shapes(shapes: NDArray[np.object_]) -> pa.Array:
    """Well-known binary; a shape that many rows share is kept once."""
    first: dict[int, int] = {}
    each = [first.setdefault(id(own), len(first)) for own in shapes]
    distinct = np.empty(len(first), dtype=object)
    distinct[each] = shapes
    return pa.DictionaryArray.from_arrays(
        pa.array(each, pa.int32()), pa.array(shapely.to_wkb(distinct), pa.binary())
    )
