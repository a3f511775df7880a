"""One writer a format, behind one registry: a table of events in, files in a folder out."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

from geomap.export.csv import write_csv
from geomap.export.flatgeobuf import write_flatgeobuf
from geomap.export.geojson import write_geojson
from geomap.export.geopackage import write_geopackage
from geomap.export.info import ExportInfo
from geomap.export.kml import write_kml
from geomap.export.linked_places import write_linked_places
from geomap.export.parquet import write_geoparquet
from geomap.export.shapefile import write_shapefile
from geomap.model.table import EventTable

Exporter = Callable[[EventTable, ExportInfo, Path], Sequence[str]]
"""Writes the files of a format into a folder and gives remarks: what the format cannot hold of this table."""

EXPORTERS: Final[Mapping[str, Exporter]] = MappingProxyType(
    {
        "geojson": write_geojson,
        "gpkg": write_geopackage,
        "fgb": write_flatgeobuf,
        "parquet": write_geoparquet,
        "kml": write_kml,
        "csv": write_csv,
        "lpf": write_linked_places,
        "shp": write_shapefile,
    }
)
"""By the name that people ask for."""

__all__ = ["EXPORTERS", "ExportInfo", "Exporter"]
