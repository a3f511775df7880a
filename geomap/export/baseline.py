"""The events as they are exported, kept in the GeoPackage beside what people edit: see `geomap.model.baseline`."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from geomap.export.arrow import GEOMETRY
from geomap.export.info import ExportInfo
from geomap.export.qgis.symbols import KINDS
from geomap.model.baseline import (
    CHECKSUM,
    EDITED,
    FEATURES_TABLE,
    KEYS_TABLE,
    SHAPE,
    checksum,
    computed_sql,
    wkb_of,
)

FUNCTIONS: Final[Mapping[str, Callable[[Any], Any]]] = {"geomap_wkb": wkb_of, "geomap_checksum": checksum}
"""The functions that the statements call, each of one argument."""


def baseline_statements(info: ExportInfo, unlocated: str) -> Iterator[tuple[str, tuple[object, ...]]]:
    """SQL that copies what may be edited; `unlocated` is the table of events without a drawn place."""
    columns = ", ".join(f'"{name}"' for name in ("event_id", "feature_id", *EDITED))
    yield f"CREATE TABLE {FEATURES_TABLE} (layer TEXT, {columns}, {SHAPE}, {CHECKSUM} INTEGER)", ()
    shapes = dict.fromkeys(KINDS, f"geomap_checksum(geomap_wkb({GEOMETRY}))")
    shapes |= {"points": f"geomap_wkb({GEOMETRY})", unlocated: "NULL"}
    for layer, shape in shapes.items():
        yield (
            f"INSERT INTO {FEATURES_TABLE} SELECT '{layer}', {columns}, {shape}, geomap_checksum({computed_sql()})"
            f" FROM {layer} ORDER BY fid",
            (),
        )
    yield f"CREATE TABLE {KEYS_TABLE} (key TEXT PRIMARY KEY, value TEXT)", ()
    yield f"INSERT INTO {KEYS_TABLE} VALUES ('countries', ?)", (" ".join(info.countries),)
