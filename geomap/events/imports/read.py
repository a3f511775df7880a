"""Files from elsewhere: what cannot be read is a row that is skipped, not a file that is lost.

Only plain files of this machine are opened, and GDAL only sees those whose content is of the format that was asked
for, under a name of ours: it would open addresses, archives and descriptions of other data sources as well.
"""

import csv
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any, Final

import shapely

from geomap.events.imports.value import Feature, ImportFileError, Row, RowError, cell_text
from geomap.model.baseline import CONTENT, COUNTRIES, SHAPE, TABLE
from geomap.model.table import COLUMNS

_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_LONGEST_CELL: Final = 1 << 24
_LARGEST_TEXT: Final = 1 << 29
"""Bytes past which a file that is held in memory as a whole is refused."""
_SQLITE: Final = b"SQLite format 3\x00"
_SIGNATURES: Final[Mapping[str, bytes]] = MappingProxyType(
    {"gpkg": _SQLITE, "fgb": b"fgb\x03fgb", "shp": b"\x00\x00\x27\x0a", "parquet": b"PAR1"}
)
"""What files of a format begin with."""
_BESIDE: Final = (".dbf", ".shx", ".prj", ".cpg")
_TABLE_MODULES: Final = re.compile(r"USING\s+(?!rtree|fts)\w", re.IGNORECASE)


def read_rows(
    path: Path,
    required: Sequence[str],
    *,
    columns: Sequence[str] | None = None,
    delimiter: str = ",",
    quoting: bool = True,
    encoding: str = "utf-8",
) -> Iterator[tuple[int, Row | RowError]]:
    """The rows of a table of text with the line that each begins in; a byte order mark is no part of it.

    Parameters
    ----------
    required
        Columns that must be there.
    columns
        The columns of a file that has no line of names.
    quoting
        Whether a cell may stand in quotes.

    Raises
    ------
    ImportFileError
        If the file is no plain file, is empty, or lacks a column.
    """
    _check_file(path)
    csv.field_size_limit(_LONGEST_CELL)
    exact = "utf-8-sig" if encoding.lower().replace("_", "-") in ("utf-8", "utf8") else encoding
    with path.open(encoding=exact, errors="surrogateescape", newline="") as stream:
        reader = csv.reader(
            stream, delimiter=delimiter, quoting=csv.QUOTE_MINIMAL if quoting else csv.QUOTE_NONE
        )
        try:
            names = list(columns) if columns else [name.strip() for name in next(reader, [])]
        except csv.Error as error:
            raise ImportFileError(f"{path}:1: no line of column names: {error}") from error
        if not names:
            raise ImportFileError(f"{path}: the file is empty; expected a line of column names")
        missing = [name for name in required if name not in names]
        if missing:
            raise ImportFileError(f"{path}:1: no column {', '.join(missing)}; found {', '.join(names[:60])}")
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield line, RowError(f"no row of a table: {error}")
                continue
            if any(cells):
                yield line, _row(cells, names, encoding)


def _row(cells: Sequence[str], names: Sequence[str], encoding: str) -> Row | RowError:
    if len(cells) > len(names):
        return RowError(f"{len(cells)} cells, where there are {len(names)} columns")
    if any(_SURROGATE.search(cell) for cell in cells):
        return RowError(f"not {encoding.upper()}; save the file as UTF-8, or name its encoding in a mapping")
    return dict(zip_longest(names, cells, fillvalue=""))


def read_content(path: Path) -> bytes:
    """The bytes of a text that is held in memory as a whole; of a KMZ archive those of its KML.

    Raises
    ------
    ImportFileError
        If the file is no plain file, is too large, or an archive without a KML or that cannot be read.
    """
    _check_file(path)
    _check_size(path, path.stat().st_size)
    if not zipfile.is_zipfile(path):
        return path.read_bytes()
    try:
        with zipfile.ZipFile(path) as archive:
            # The first one is the main one, by the KMZ specification.
            member = next((own for own in archive.infolist() if own.filename.lower().endswith(".kml")), None)
            if member is None:
                raise ImportFileError(f"{path}: an archive without a .kml; expected a KMZ")
            with archive.open(member) as stream:
                # What an archive says of the size of a member need not be true.
                content = stream.read(_LARGEST_TEXT + 1)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise ImportFileError(f"{path}: the archive cannot be read: {error}") from error
    _check_size(path, len(content))
    return content


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer of a vector file, as a frame of its attributes and `geometry`; `crs` is a text or empty."""

    name: str
    frame: Any
    crs: str


def read_layers(path: Path, name: str, *, layer: str = "", encoding: str = "") -> list[Layer]:
    """The layers of a GeoPackage, FlatGeobuf, Shapefile or GeoParquet that have features, or the one that is named.

    Raises
    ------
    ImportFileError
        If the file is not of the format, holds views or tables that lead elsewhere, or has no such layer.
    """
    _check_signature(path, name)
    if name == "parquet":
        return [_parquet_layer(path)]
    computed = _computed_tables(path) if name == "gpkg" else frozenset()
    import pyogrio

    with TemporaryDirectory(prefix="geomap-") as folder:
        # Under this name nothing in a name can be taken for an archive, an address or an option.
        plain = Path(folder) / f"layer.{name}"
        for own in [path, *(path.with_suffix(suffix) for suffix in _BESIDE if name == "shp")]:
            if own.is_file():
                plain.with_suffix(f".{name}" if own == path else own.suffix).symlink_to(own.resolve())
        try:
            names = [own for own, _ in pyogrio.list_layers(plain)]
            if layer and layer not in names:
                raise ImportFileError(f"{path}: no layer {layer!r}; there is {', '.join(names)}")
            chosen = [layer] if layer else names
            if refused := computed.intersection(chosen):
                text = "is worked out by SQL of the file, which is not run; name another layer in a mapping"
                raise ImportFileError(f"{path}: {min(refused)!r} {text}")
            return [_layer(plain, own, encoding) for own in chosen]
        except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as error:
            raise ImportFileError(f"{path}: {str(error).replace(str(plain), path.name)}") from error


@dataclass(frozen=True, slots=True)
class Baseline:
    """The features as a GeoPackage of ours was exported, and the countries that decided between namesakes."""

    features: tuple[Feature, ...]
    countries: tuple[str, ...]


def read_baseline(path: Path) -> Baseline | None:
    """What a GeoPackage keeps of its export; None where it is none of ours.

    Raises
    ------
    ImportFileError
        If the file is no GeoPackage, or what it keeps cannot be read.
    """
    _check_signature(path, "gpkg")
    try:
        with closing(_read_only(path)) as connection:
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (TABLE,)).fetchone():
                return None
            parts = [
                content for (content,) in connection.execute(f"SELECT {CONTENT} FROM {TABLE} ORDER BY rowid")
            ]
    except sqlite3.Error as error:
        raise ImportFileError(f"{path}: no GeoPackage: {error}") from error
    import pyarrow as pa

    features: list[Feature] = []
    countries: list[str] = []
    try:
        for part in parts:
            with pa.ipc.open_stream(part) as reader:
                table = reader.read_all()
            table.validate(full=True)
            countries = (table.schema.metadata or {}).get(COUNTRIES, b"").decode().split()
            features += _baseline_features(table, len(features))
    except (
        pa.ArrowException,
        OSError,
        KeyError,
        TypeError,
        ValueError,
        shapely.errors.GEOSException,
    ) as error:
        raise ImportFileError(f"{path}: table {TABLE} cannot be read; export anew: {error}") from error
    return Baseline(tuple(features), tuple(countries))


def _baseline_features(table: Any, known: int) -> Iterator[Feature]:
    columns = {name: [cell_text(value) for value in table.column(name).to_pylist()] for name in COLUMNS}
    shapes = shapely.from_wkb(table.column(SHAPE).to_pylist()).tolist()
    for row, shape in enumerate(shapes):
        yield Feature(f"row {known + row + 1}", {name: cells[row] for name, cells in columns.items()}, shape)


def _layer(plain: Path, name: str, encoding: str) -> Layer:
    import pyogrio

    about = pyogrio.read_info(plain, layer=name, encoding=encoding or None)
    frame = pyogrio.read_dataframe(
        plain,
        layer=name,
        encoding=encoding or None,
        force_2d=True,
        datetime_as_string=True,
        on_invalid="ignore",
        fid_as_index=True,
    )
    return Layer(name, frame, about["crs"] or "")


def _parquet_layer(path: Path) -> Layer:
    import geopandas

    try:
        frame = geopandas.read_parquet(path)
    except (ValueError, OSError, KeyError, TypeError) as error:
        raise ImportFileError(f"{path}: no GeoParquet: {error}") from error
    crs = "" if frame.crs is None else frame.crs.to_string()
    # The bounding box of each row is there for readers that look for a part of the file.
    if frame.geometry.name != "geometry":
        frame = frame.drop(columns="geometry", errors="ignore").rename_geometry("geometry")
    return Layer(path.stem, frame.drop(columns="bbox", errors="ignore"), crs)


def _computed_tables(path: Path) -> frozenset[str]:
    """Views and virtual tables: SQLite would run SQL of the file, or look elsewhere, while GDAL reads them."""
    query = "SELECT name, type, sql FROM sqlite_master WHERE type = 'view' OR sql LIKE 'CREATE VIRTUAL%'"
    try:
        with closing(_read_only(path)) as connection:
            found = connection.execute(query).fetchall()
    except sqlite3.Error as error:
        raise ImportFileError(f"{path}: no GeoPackage: {error}") from error
    return frozenset(name for name, kind, sql in found if kind == "view" or _TABLE_MODULES.search(sql or ""))


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)


def _check_signature(path: Path, name: str) -> None:
    _check_file(path)
    with path.open("rb") as stream:
        if not stream.read(16).startswith(_SIGNATURES[name]):
            raise ImportFileError(f"{path}: its content is not that of a .{name}")


def _check_file(path: Path) -> None:
    # A name like /vsicurl/… is one of a file here, and of none that is there.
    if not path.is_file():
        raise ImportFileError(f"{path}: no such file")


def _check_size(path: Path, size: int) -> None:
    if size > _LARGEST_TEXT:
        raise ImportFileError(f"{path}: more than {_LARGEST_TEXT >> 20} MiB; convert it to a GeoPackage")
