"""Tables as Arrow: Parquet, FlatGeobuf and CSV, each column as texts, positions and shapes apart."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geomap.errors import ConfigError, Mark, Problem
from geomap.events.imports.value import ImportFileError
from geomap.events.imports.vector.read import check_signature, linked
from geomap.files import check_file
from geomap.model.cells import unguarded_cell

MAX_FILE: Final = 4 << 30
MAX_UNPACKED: Final = 16 << 30
MAX_ROWS: Final = 20_000_000
# What Arrow, GDAL and PROJ raise on files that are broken or made up.
_BROKEN: Final = (
    ImportFileError, OSError, ValueError, RuntimeError, TypeError, AttributeError, LookupError, OverflowError,
    MemoryError,
)  # fmt: skip
_SHAPES: Final = ("geometry", "geom", "wkb_geometry")
# Columns of texts that are mostly another in each row.
_DISTINCT: Final = frozenset({"id", "event_id", "feature_id", "title", "summary", "wkt"})
_BESIDE: Final = frozenset({"bbox", "OGC_FID", "fid", "ogc_fid"})


@dataclass(frozen=True, slots=True)
class ArrowFile:
    """A table: `columns` are Arrow arrays of texts, some of them dictionary-encoded.

    `shapes` are well-known binary (EPSG:4326) or text, if there are any. `first_line` is what messages call its
    first row.
    """

    path: Path
    columns: Mapping[str, Any]
    rows: int
    shapes: Any
    first_line: int

    def positions(
        self, columns: Mapping[str, Any]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
        """Longitudes and latitudes, NaN where a row has none, and the rows that have a shape which is no point."""
        lon, lat = (_numbers(columns.get(name), self.rows) for name in ("lon", "lat"))
        other = np.zeros(self.rows, dtype=bool)
        if self.shapes is not None:
            west, south, other = _points(self.shapes, self.rows)
            bare = np.isnan(lon) & np.isnan(lat)
            lon, lat = np.where(bare, west, lon), np.where(bare, south, lat)
        return lon, lat, other

    def shape(self, row: int) -> Any:
        """The shape of one row; None where it has none."""
        own = None if self.shapes is None else self.shapes[row].as_py()
        if not own:
            return None
        try:
            shape = shapely.from_wkt(own) if isinstance(own, str) else shapely.from_wkb(own)
        except shapely.errors.GEOSException as error:
            raise ValueError(f"geometry cannot be read: {error}") from error
        return None if shape is None or shape.is_empty else shapely.force_2d(shape)


def read_arrow(path: Path) -> ArrowFile:
    """Read a table as it is.

    Raises
    ------
    ConfigError
        If it cannot be read, is larger than is read, or is no table of its format.
    """
    import pyarrow as pa

    kind = path.suffix.lower().lstrip(".").replace("geoparquet", "parquet")
    check_file(path, MAX_FILE)
    try:
        return _arranged(
            path, kind, {"parquet": _read_parquet, "fgb": _read_flatgeobuf, "csv": _read_csv}[kind](path)
        )
    except ConfigError:
        raise
    except (pa.ArrowException, *_BROKEN) as error:
        raise _refusal(path, f"no {path.suffix} that can be read: {_said(error, path)}") from error


def _arranged(path: Path, kind: str, table: Any) -> ArrowFile:
    import pyarrow as pa

    shapes, columns = None, {}
    for name in table.column_names:
        column = table.column(name)
        # What broken files hold is found here, not wherever it is used.
        column.validate(full=True)
        if name in _SHAPES or (name == "wkt" and kind == "csv"):
            shapes = pa.concat_arrays(column.chunks) if column.num_chunks else None
        elif name not in _BESIDE:
            columns[name] = _texts(path, name, column)
    if kind == "csv" and "event_id" in columns and "feature_id" in columns:
        columns = {name: _unguarded(column) for name, column in columns.items()}
    return ArrowFile(path, columns, table.num_rows, shapes, 2 if kind == "csv" else 1)


def _unguarded(column: Any) -> Any:
    """The texts of our CSV without what keeps spreadsheets from running its cells."""
    import pyarrow as pa
    import pyarrow.compute as pc

    guarded = pc.fill_null(pc.starts_with(column, "'"), False)
    if not pc.any(guarded).as_py():
        return column
    own = [unguarded_cell(text) for text in column.filter(guarded).to_pylist()]
    return pc.replace_with_mask(column, guarded, pa.array(own, column.type))


def _said(error: Exception, path: Path) -> str:
    return str(error).removeprefix(f"{path}: ")


def _refusal(path: Path, text: str) -> ConfigError:
    return ConfigError([Problem(Mark(path, 1, 1), text, "table")])


def _read_parquet(path: Path) -> Any:
    import pyarrow.parquet as pq

    check_signature(path, "parquet")
    texts = [
        field.name for field in pq.read_schema(path) if field.name not in _DISTINCT and _is_text(field.type)
    ]
    with pq.ParquetFile(path, memory_map=True, read_dictionary=texts) as file:
        about = file.metadata
        unpacked = sum(about.row_group(number).total_byte_size for number in range(about.num_row_groups))
        if about.num_rows > MAX_ROWS or unpacked > MAX_UNPACKED:
            raise ValueError(f"{about.num_rows:,} rows, {unpacked:,} bytes; split it at {MAX_ROWS:,} rows")
        _check_crs(file.schema_arrow.metadata or {})
        return file.read(use_threads=True)


def _is_text(kind: Any) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _check_crs(metadata: Mapping[bytes, bytes]) -> None:
    """Refuse GeoParquet in other coordinates than WGS 84 longitude and latitude."""
    import orjson

    about = metadata.get(b"geo")
    if about is None:
        return
    for column in orjson.loads(about).get("columns", {}).values():
        _demand_degrees(column.get("crs", "OGC:CRS84"))


def _demand_degrees(crs: Any) -> None:
    """Refuse other coordinates than WGS 84; what says nothing is taken at its word."""
    import pyproj

    if crs is None:
        return
    own = pyproj.CRS.from_user_input(crs)
    if not any(own.equals(known, ignore_axis_order=True) for known in ("OGC:CRS84", "EPSG:4326")):
        raise ValueError("its coordinates are not WGS 84; convert it to EPSG:4326")


def _read_flatgeobuf(path: Path) -> Any:
    import pyogrio

    check_signature(path, "fgb")
    with TemporaryDirectory(prefix="geomap-") as folder:
        about, table = pyogrio.read_arrow(linked(path, "fgb", Path(folder)))
    _demand_degrees(about.get("crs"))
    return table


def _read_csv(path: Path) -> Any:
    import pyarrow as pa
    from pyarrow import csv

    with path.open("rb") as stream:
        head = stream.readline(1 << 16).decode("utf-8-sig", "replace")
    delimiter = max(",;\t", key=head.count)
    with csv.open_csv(path, parse_options=csv.ParseOptions(delimiter=delimiter)) as reader:
        names = reader.schema.names
    return csv.read_csv(
        path,
        parse_options=csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.large_string()), strings_can_be_null=False
        ),
    )


def _texts(path: Path, name: str, column: Any) -> Any:
    """A column as one array of texts; lists as JSON, days and moments as ISO 8601."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if (
        pa.types.is_dictionary(kind)
        and _is_text(kind.value_type)
        and name not in _DISTINCT
        and column.num_chunks
    ):
        return pa.concat_arrays(column.unify_dictionaries().chunks)
    whole = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], kind)
    if pa.types.is_dictionary(kind):
        whole = whole.dictionary_decode()
        kind = whole.type
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_struct(kind):
        return _as_json(whole)
    if pa.types.is_timestamp(kind):
        return pc.strftime(whole, format="%Y-%m-%d").cast(pa.large_string())
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        raise _refusal(path, f"column {name} holds bytes; expected texts")
    if pa.types.is_floating(kind) and name not in ("lon", "lat"):
        # 5 for 5.0, which a radius is.
        return pa.array(
            [None if value is None else f"{value:.15g}" for value in whole.to_pylist()], pa.large_string()
        )
    return whole if pa.types.is_floating(kind) else whole.cast(pa.large_string())


def _as_json(column: Any) -> Any:
    import orjson
    import pyarrow as pa

    is_list = pa.types.is_list(column.type) or pa.types.is_large_list(column.type)
    # Few lists stand in many rows.
    if is_list and (
        pa.types.is_string(column.type.value_type) or pa.types.is_large_string(column.type.value_type)
    ):
        return lists_as_json(column)
    texts = [None if own is None else orjson.dumps(own).decode() for own in column.to_pylist()]
    return pa.array(texts, pa.large_string())


def lists_as_json(column: Any) -> Any:
    """Lists of texts as JSON: of one text as it comes, of more row by row."""
    import orjson
    import pyarrow as pa

    lengths = np.diff(np.asarray(column.offsets))
    words = column.values.slice(int(column.offsets[0].as_py()), int(lengths.sum())).dictionary_encode()
    texts = [orjson.dumps(word).decode() for word in words.dictionary.to_pylist()]
    codes = words.indices.to_numpy(zero_copy_only=False)
    starts = np.cumsum(lengths) - lengths
    rows = np.full(len(lengths), 0, dtype=np.int64)
    known: dict[Any, int] = {"[]": 0}
    single = np.flatnonzero(lengths == 1)
    each = np.array([known.setdefault(f"[{text}]", len(known)) for text in texts] or [0])
    rows[single] = each[codes[starts[single]]]
    for row in np.flatnonzero(lengths > 1).tolist():
        own = codes[starts[row] : starts[row] + lengths[row]].tolist()
        rows[row] = known.setdefault(f"[{','.join(texts[code] for code in own)}]", len(known))
    written = pa.array(list(known), pa.large_string()).take(pa.array(rows))
    import pyarrow.compute as pc

    return pc.if_else(column.is_null(), None, written) if column.null_count else written


def _numbers(column: Any, count: int) -> NDArray[np.float64]:
    import pyarrow as pa
    import pyarrow.compute as pc

    if column is None:
        return np.full(count, np.nan)
    if not pa.types.is_floating(column.type):
        looks = pc.match_substring_regex(column, r"^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$")
        column = pc.if_else(looks, pc.utf8_trim_whitespace(column), None).cast(pa.float64())
    numbers: NDArray[np.float64] = column.cast(pa.float64()).to_numpy(zero_copy_only=False)
    return numbers


def _points(shapes: Any, count: int) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """The points among shapes; in well-known binary a point has 21 bytes, of which its numbers are the last 16."""
    import pyarrow as pa
    import pyarrow.compute as pc

    lon, lat = np.full((2, count), np.nan)
    other = np.zeros(count, dtype=bool)
    if pa.types.is_struct(shapes.type):
        lon, lat = (shapes.field(axis).to_numpy(zero_copy_only=False).copy() for axis in ("x", "y"))
        return lon, lat, other
    if pa.types.is_string(shapes.type) or pa.types.is_large_string(shapes.type):
        said = np.flatnonzero(
            pc.fill_null(pc.greater(pc.binary_length(shapes), 0), False).to_numpy(zero_copy_only=False)
        )
        own = shapely.from_wkt(
            shapes.take(pa.array(said)).to_numpy(zero_copy_only=False), on_invalid="ignore"
        )
        return _of_shapes(said, own, count)
    lengths = pc.fill_null(pc.binary_length(shapes), 0).to_numpy(zero_copy_only=False)
    said = np.flatnonzero(lengths)
    short = said[lengths[said] == _POINT_BYTES]
    if len(short):
        whole = shapes.take(pa.array(short))
        bytes_of = np.frombuffer(whole.buffers()[2], np.uint8)[: len(short) * _POINT_BYTES]
        bytes_of = bytes_of.reshape(-1, _POINT_BYTES)
        plain = (bytes_of[:, :5] == _POINT_HEAD).all(axis=1)
        degrees = np.ascontiguousarray(bytes_of[plain, 5:]).view("<f8")
        lon[short[plain]], lat[short[plain]] = degrees[:, 0], degrees[:, 1]
        said = np.setdiff1d(said, short[plain], assume_unique=True)
    if len(said):
        own = shapely.from_wkb(
            shapes.take(pa.array(said)).to_numpy(zero_copy_only=False), on_invalid="ignore"
        )
        west, south, other = _of_shapes(said, own, count)
        lon, lat = np.where(np.isnan(lon), west, lon), np.where(np.isnan(lat), south, lat)
    return lon, lat, other


_POINT_BYTES: Final = 21
_POINT_HEAD: Final = np.array([1, 1, 0, 0, 0], dtype=np.uint8)


def _of_shapes(
    rows: NDArray[np.intp], shapes: NDArray[Any], count: int
) -> tuple[Any, Any, NDArray[np.bool_]]:
    lon, lat = np.full((2, count), np.nan)
    other = np.zeros(count, dtype=bool)
    points = (shapely.get_type_id(shapes) == shapely.GeometryType.POINT) & ~shapely.is_empty(shapes)
    lon[rows[points]], lat[rows[points]] = shapely.get_x(shapes[points]), shapely.get_y(shapes[points])
    # What cannot be read is told when its row is read again.
    other[rows[~points]] = True
    return lon, lat, other
