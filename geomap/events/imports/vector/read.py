"""Vector files through GDAL and Arrow.

GDAL only sees files whose content is of the format that was asked for, under a name of ours: it would open addresses,
archives and descriptions of other data sources as well. SQL that stands in a file is never run.
"""

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any, Final

import shapely

from geomap.events.imports.read import check_file
from geomap.events.imports.value import Feature, ImportFileError, cell_text
from geomap.model.baseline import CONTENT, COUNTRIES, SHAPE, TABLE
from geomap.model.table import COLUMNS

_SIGNATURES: Final[Mapping[str, bytes]] = MappingProxyType(
    {"gpkg": b"SQLite format 3\x00", "fgb": b"fgb\x03fgb", "shp": b"\x00\x00\x27\x0a", "parquet": b"PAR1"}
)
"""What files of a format begin with."""
# The index of positions that each layer has.
_INDEX: Final = re.compile(r"\bUSING rtree\(", re.IGNORECASE)
_BESIDE: Final = (".dbf", ".shx", ".prj", ".cpg")


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer of a vector file: a frame of its attributes, and of `geometry` if it has shapes.

    `crs` is a text, empty where the file does not say it.
    """

    name: str
    frame: Any
    crs: str
    has_shapes: bool


def read_layers(path: Path, name: str, *, layers: Sequence[str] = (), encoding: str = "") -> list[Layer]:
    """The layers of a GeoPackage, FlatGeobuf, Shapefile or GeoParquet, or those that are named.

    Raises
    ------
    ImportFileError
        If the file is not of the format, lacks a layer that is named, or holds one that SQL of its own works out.
    """
    check_signature(path, name)
    if name == "parquet":
        return [_parquet_layer(path)]
    computed = _computed_tables(path) if name == "gpkg" else frozenset()
    import pyogrio
    from pyproj.exceptions import ProjError

    with TemporaryDirectory(prefix="geomap-") as folder:
        plain = linked(path, name, Path(folder))
        # The last one comes of pyogrio itself, where a .prj cannot be read.
        broken = (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ProjError, ValueError, RuntimeError,
                  UnboundLocalError)  # fmt: skip
        try:
            found = [own for own, _ in pyogrio.list_layers(plain)]
        except broken as error:
            raise ImportFileError(f"{path}: cannot be read: {_said(error, plain, path)}") from error
        # A Shapefile's only layer has the name of the file, which is another here.
        chosen = found if not layers or name == "shp" else list(layers)
        if missing := [own for own in chosen if own not in found]:
            raise ImportFileError(f"{path}: no layer {', '.join(missing)}; there is {', '.join(found)}")
        if refused := computed.intersection(chosen):
            text = "is worked out by SQL of the file, which is not run; name another layer in a mapping"
            raise ImportFileError(f"{path}: {min(refused)!r} {text}")
        try:
            return [_layer(plain, own, encoding or _encoding_of(plain)) for own in chosen]
        except broken as error:
            raise ImportFileError(f"{path}: cannot be read: {_said(error, plain, path)}") from error


def linked(path: Path, name: str, folder: Path) -> Path:
    """A link to a file, with those that belong to it, under a name that means nothing to GDAL."""
    plain = folder / f"layer.{name}"
    plain.symlink_to(path.resolve())
    if name == "shp":
        beside = {own.suffix.lower(): own for own in path.parent.iterdir() if own.stem == path.stem}
        for suffix in _BESIDE:
            if suffix in beside:
                plain.with_suffix(suffix).symlink_to(beside[suffix].resolve())
    return plain


def _said(error: Exception, plain: Path, path: Path) -> str:
    return str(error).replace(str(plain.with_suffix("")), path.stem)


def _encoding_of(plain: Path) -> str:
    """UTF-8 for a table of a Shapefile that does not say its encoding, which GDAL takes for Latin-1."""
    table = plain.with_suffix(".dbf")
    if plain.suffix != ".shp" or plain.with_suffix(".cpg").exists() or not table.exists():
        return ""
    with table.open("rb") as stream:
        head = stream.read(30)
    # Byte 29 of the head of dBASE names a code page.
    return "" if len(head) == 30 and head[29] else "UTF-8"


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
    check_signature(path, "gpkg")
    computed = _computed_tables(path)
    try:
        with closing(_read_only(path)) as connection:
            query = "SELECT 1 FROM sqlite_master WHERE name = ? AND type = 'table'"
            if TABLE in computed or not connection.execute(query, (TABLE,)).fetchone():
                return None
            query = f"SELECT {CONTENT} FROM {TABLE} ORDER BY rowid"
            parts = [content for (content,) in connection.execute(query)]
    except (sqlite3.Error, UnicodeError) as error:
        raise ImportFileError(f"{path}: no GeoPackage: {error}") from error
    if not all(isinstance(part, bytes) for part in parts):
        # Of a text Arrow would open the file of that name.
        raise ImportFileError(f"{path}: table {TABLE} cannot be read; export anew")
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
        OverflowError,
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
    return Layer(
        name, frame, about["crs"] or "", "geometry" in frame.columns and about["geometry_type"] is not None
    )


def _parquet_layer(path: Path) -> Layer:
    import geopandas
    import pyarrow as pa
    from pyproj.exceptions import ProjError

    try:
        frame = geopandas.read_parquet(path)
        crs = "" if frame.crs is None else frame.crs.to_string()
    except (ValueError, OSError, KeyError, TypeError, AttributeError, ProjError, pa.ArrowException) as error:
        raise ImportFileError(f"{path}: no GeoParquet: {error}") from error
    # A column may have become the index.
    frame = frame.reset_index(drop=all(name is None for name in frame.index.names))
    if frame.geometry.name != "geometry":
        frame = frame.drop(columns="geometry", errors="ignore").rename_geometry("geometry")
    # The bounding box of each row is there for readers that look for a part of the file.
    frame = frame.drop(columns="bbox", errors="ignore")
    frame.index += 1
    return Layer(path.stem, frame, crs, has_shapes=True)


def _computed_tables(path: Path) -> frozenset[str]:
    """What SQLite would run SQL of the file for, or look elsewhere: views, virtual tables, columns worked out."""
    try:
        with closing(_read_only(path)) as connection:
            found = connection.execute("SELECT name, type, coalesce(sql, '') FROM sqlite_master").fetchall()
            return frozenset(
                name
                for name, kind, sql in found
                if kind == "view" or (kind == "table" and _is_computed(connection, name, sql))
            )
    except (sqlite3.Error, UnicodeError) as error:
        raise ImportFileError(f"{path}: no GeoPackage: {error}") from error


def _is_computed(connection: sqlite3.Connection, name: str, sql: str) -> bool:
    if sql.upper().startswith("CREATE VIRTUAL"):
        return not _INDEX.search(sql)
    columns = connection.execute("SELECT hidden FROM pragma_table_xinfo(?)", (name,))
    # 2 and 3 are generated columns.
    return any(hidden in (2, 3) for (hidden,) in columns)


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)


def check_signature(path: Path, name: str) -> None:
    """Refuse a file whose content is not of a format.

    Raises
    ------
    ImportFileError
        If it is not.
    """
    check_file(path)
    with path.open("rb") as stream:
        if not stream.read(16).startswith(_SIGNATURES[name]):
            raise ImportFileError(f"{path}: its content is not that of a .{name}")
