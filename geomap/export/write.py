"""GDAL through pyogrio: Arrow batches to a file, with a clock that stands still."""

import sqlite3
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from importlib import resources
from pathlib import Path
from typing import BinaryIO, Literal, TextIO

import pyarrow as pa
import pyogrio
from pyogrio.raw import write_arrow

from geomap.export.arrow import GEOMETRY
from geomap.export.clock import FROZEN_CLOCK, ZIP_DAY

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
    spatial = {} if geometry_type is None else {"geometry_name": GEOMETRY, "crs": "EPSG:4326"}
    with _frozen():
        write_arrow(
            rows,
            str(path),
            layer=layer,
            driver=driver,
            geometry_type=geometry_type,
            append=append,
            dataset_metadata=dict(metadata or {}) or None,
            **spatial,
            **(options or {}),
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


def write_zip(path: Path, members: Mapping[str, Iterable[bytes]]) -> None:
    """Zip some files, each given piece by piece; the same members give the same bytes."""
    with zipfile.ZipFile(path, "x") as archive:
        for name, parts in members.items():
            member = zipfile.ZipInfo(name, date_time=ZIP_DAY)
            member.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(member, "w") as stream:
                for part in parts:
                    stream.write(part)


def read_icon(glyph: str) -> bytes:
    """The picture of a symbol, white; `docs/draw_icons.py` draws them."""
    return (resources.files("geomap.export") / "icons" / f"{glyph}.png").read_bytes()
