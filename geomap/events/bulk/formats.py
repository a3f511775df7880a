"""Which files hold many events, and what reads each."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from geomap.errors import Mark
from geomap.events.lines import SUFFIXES
from geomap.model.plain import PlainEvents
from geomap.model.records import EventRecord

ReadPlain = Callable[[Path], tuple[PlainEvents, list[tuple[EventRecord, Mark]]]]

MANY_BYTES: Final = 1 << 20
"""From this size on JSON Lines are read as columns; fewer events are read sooner one by one, without Arrow."""
TABLES: Final = (".parquet", ".geoparquet", ".fgb", ".csv")


def reader_of(path: Path) -> ReadPlain | None:
    """What reads a file of many events; None for any other."""
    suffix = path.suffix.lower()
    if suffix in SUFFIXES and path.is_file() and path.stat().st_size >= MANY_BYTES:
        from geomap.events.bulk.lines import read_plain_lines

        return read_plain_lines
    if suffix in TABLES:
        from geomap.events.bulk.tables import read_plain_table

        return read_plain_table
    return None
