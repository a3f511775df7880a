"""GDAL through pyogrio: Arrow batches to a file, with a clock that stands still."""

import sqlite3
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from importlib import resources
from pathlib import Path
from typing import IO, BinaryIO, Final, Literal, TextIO

import pyarrow as pa
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError
from pyogrio.raw import write_arrow

from geomap.errors import OutputError
from geomap.export.arrow import GEOMETRY
from geomap.export.clock import last_change, zip_time

# KML is so full of repetition that more costs time and saves little.
_ZIP_LEVEL: Final = 1
_LONGEST_REASON: Final = 200

GeometryType = Literal["Point", "MultiPoint", "MultiLineString", "MultiPolygon", "Unknown"]


@contextmanager
def _frozen() -> Iterator[None]:
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": last_change()})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Tell what GDAL and SQLite fail at: with rows and shapes already checked, most likely a full disk."""
    try:
        yield
    except (DataSourceError, DataLayerError, sqlite3.Error) as error:
        # GDAL quotes whole scripts; what failed stands at the end.
        why = str(error)[-_LONGEST_REASON:].rpartition("failed: ")[2].rpartition("; ")[2]
        raise OutputError(f"{path.name}: cannot be written: {why}; is the disk full?") from error


def write_features(
    path: Path,
    rows: pa.RecordBatchReader,
    *,
    driver: Literal["GPKG", "FlatGeobuf", "ESRI Shapefile"],
    layer: str,
    geometry_type: GeometryType | None,
    append: bool = False,
    metadata: Mapping[str, str] | None = None,
    options: Mapping[str, str] | None = None,
) -> None:
    """Write rows as a layer of a file, EPSG:4326; without a geometry type, as a table.

    Raises
    ------
    OutputError
        If GDAL cannot write it.
    """
    # GDAL takes these as C strings, which end at a NUL.
    told = {key: text.replace("\0", "\ufffd") for key, text in (metadata or {}).items()}
    asked = {key: text.replace("\0", "\ufffd") for key, text in (options or {}).items()}
    spatial = {} if geometry_type is None else {"geometry_name": GEOMETRY, "crs": "EPSG:4326"}
    with _frozen(), _told(path):
        write_arrow(
            rows,
            str(path),
            layer=layer,
            driver=driver,
            geometry_type=geometry_type,
            append=append,
            dataset_metadata=told or None,
            **spatial,
            **asked,
        )


def write_sql(path: Path, statements: Iterator[tuple[str, tuple[object, ...]]]) -> None:
    """Run statements on a GeoPackage, all or none.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    with _told(path), closing(sqlite3.connect(path)) as connection, connection:
        for statement, values in statements:
            connection.execute(statement, values)


def write_text(path: Path, text: str) -> None:
    """Write a text as UTF-8, its line ends as they are."""
    path.write_bytes(text.encode())


def write_bytes(path: Path, content: bytes) -> None:
    """Write a finished file."""
    path.write_bytes(content)


def open_text(path: Path, *, encoding: str = "utf-8", newline: str | None = None) -> TextIO:
    """Open a file to write a text to, bit by bit."""
    return path.open("x", encoding=encoding, newline=newline)


def open_bytes(path: Path) -> BinaryIO:
    """Open a file to write to, piece by piece."""
    return path.open("xb")


@contextmanager
def open_zip(path: Path, name: str, others: Mapping[str, bytes]) -> Iterator[IO[bytes]]:
    """Open a zip to write a large member to, piece by piece, after some small ones; equal members give equal bytes."""

    def described(own: str) -> zipfile.ZipInfo:
        member = zipfile.ZipInfo(own, date_time=zip_time())
        member.compress_type = zipfile.ZIP_DEFLATED
        return member

    with zipfile.ZipFile(path, "x", compresslevel=_ZIP_LEVEL) as archive:
        for other, content in others.items():
            archive.writestr(described(other), content)
        with archive.open(described(name), "w") as stream:
            yield stream


def read_icon(glyph: str) -> bytes:
    """The picture of a symbol, white; `docs/draw_icons.py` draws them."""
    return (resources.files("geomap.export") / "icons" / f"{glyph}.png").read_bytes()
