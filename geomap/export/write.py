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
from pyogrio.raw import write_arrow

from geomap.export.arrow import GEOMETRY
from geomap.export.clock import FROZEN_CLOCK, ZIP_DAY

# KML is so full of repetition that more costs time and saves little.
_ZIP_LEVEL: Final = 1

GeometryType = Literal["Point", "MultiPoint", "MultiLineString", "MultiPolygon", "Unknown"]


@contextmanager
def _frozen() -> Iterator[None]:
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": FROZEN_CLOCK})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})


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
    """Write rows as a layer of a file, EPSG:4326; without a geometry type, as a table."""
    # GDAL takes these as C strings, which end at a NUL.
    told = {key: text.replace("\0", "\ufffd") for key, text in (metadata or {}).items()}
    asked = {key: text.replace("\0", "\ufffd") for key, text in (options or {}).items()}
    spatial = {} if geometry_type is None else {"geometry_name": GEOMETRY, "crs": "EPSG:4326"}
    with _frozen():
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
    """Run statements on a GeoPackage, all or none."""
    with closing(sqlite3.connect(path)) as connection, connection:
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
        member = zipfile.ZipInfo(own, date_time=ZIP_DAY)
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
