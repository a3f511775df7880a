"""One writer a format, behind one registry: a table of events in, the bytes of a file out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from geomap.export.geojson import write_geojson
from geomap.model.table import EventTable


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportInfo:
    """What travels in a format's metadata."""

    title: str
    worldview: str
    attribution: tuple[str, ...]


Exporter = Callable[[EventTable, ExportInfo], bytes]

EXPORTERS: Final[Mapping[str, Exporter]] = MappingProxyType(
    {"geojson": lambda table, info: write_geojson(table, info.title, info.worldview, info.attribution)}
)

__all__ = ["EXPORTERS", "ExportInfo", "Exporter", "write_geojson"]
