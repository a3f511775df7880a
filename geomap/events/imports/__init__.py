"""Events from elsewhere: one importer a format, behind one registry."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from geomap.events.imports.features import FEATURE_FORMATS, import_features
from geomap.events.imports.tables import TABLE_FORMATS, import_table
from geomap.events.imports.value import (
    Imported,
    ImportedEvent,
    ImportFileError,
    RowError,
    SkippedRow,
    merged_source,
)
from geomap.model.import_mapping import ImportMapping

FORMATS: Final = (*TABLE_FORMATS, *FEATURE_FORMATS)
"""The names that people ask for."""

_BY_ENDING: Final[Mapping[str, str]] = MappingProxyType(
    {
        ".lpf.json": "lpf", ".geojson": "geojson", ".json": "geojson", ".kml": "kml", ".kmz": "kml", ".csv": "csv",
        ".gpkg": "gpkg", ".fgb": "fgb", ".shp": "shp", ".parquet": "parquet",
    }
)  # fmt: skip


def format_of(path: Path) -> str | None:
    """The format that a file's name ends with; the layouts of CSV have no ending of their own."""
    name = path.name.lower()
    return next((own for ending, own in _BY_ENDING.items() if name.endswith(ending)), None)


def import_file(path: Path, name: str, mapping: ImportMapping | None = None) -> Imported:
    """Read a file of one of `FORMATS`; rows that cannot become events are listed, the others kept.

    Raises
    ------
    ImportFileError
        If the file is not of the format.
    """
    if name not in TABLE_FORMATS:
        return import_features(path, name, mapping)
    if mapping is not None:
        raise ImportFileError(f"{path}: the columns of {name} are known; leave the mapping out")
    return import_table(path, name)


__all__ = [
    "FORMATS",
    "ImportFileError",
    "Imported",
    "ImportedEvent",
    "RowError",
    "SkippedRow",
    "format_of",
    "import_file",
    "merged_source",
]
