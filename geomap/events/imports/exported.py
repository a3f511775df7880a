"""Our own GeoJSON as the table that it was written from, as far as its columns go, to be compared with another."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from geomap.events.imports.own import events_of_features, is_own, own_event
from geomap.events.imports.shapes import checked_shape
from geomap.events.imports.value import Feature, FeatureFile, ImportFileError, RowError, number_in
from geomap.events.table import tabulate
from geomap.model.events import Event
from geomap.model.lonlat import LonLat
from geomap.model.places import PlaceRef
from geomap.model.records import Source
from geomap.model.table import EventTable
from geomap.model.vocabulary import PlaceMethod, PlaceRelation, PlaceRole, Precision, Status

_READ: Final[dict[str, Callable[[str], Any]]] = {
    "status": lambda text: Status(text).value,
    "reliability": str,
    "n_origins": int,
    "t_start": datetime.fromisoformat,
    "t_end": datetime.fromisoformat,
}
"""Columns that rest on what an export lacks, claims and sources: they are taken as they were written."""


def exported_table(file: FeatureFile, name: str) -> EventTable:
    """The table of an export; claims, quantities, relations, evidence and media are in none.

    Raises
    ------
    ImportFileError
        If it is no export of ours, or one of its rows cannot have been written by us; `name` is what messages call it.
    """
    if not is_own(file.columns):
        step = "compare projects, events files, or the GeoJSON that geomap writes"
        raise ImportFileError(f"{name}: no export of geomap; {step}")
    events: list[Event] = []
    sources: dict[str, Source] = {}
    told: dict[str, dict[str, Any]] = {}
    for features in events_of_features(file.features):
        try:
            imported = own_event(features, file.about)
            places = tuple(place for feature in features if (place := _place(feature)) is not None)
            cells = features[0].cells
            told[imported.record.id] = {
                column: read(cells[column]) if cells.get(column) else None for column, read in _READ.items()
            }
        except (RowError, ValueError) as error:
            raise ImportFileError(f"{name}: {features[0].at}: {error}") from error
        events.append(Event(record=imported.record, places=places))
        sources |= imported.sources
    table = tabulate(events, sources, {})
    ids = table.columns["event_id"]
    taken = {column: [told[event_id][column] for event_id in ids] for column in _READ}
    return EventTable(columns={**table.columns, **taken}, geometry=table.geometry)


def _place(feature: Feature) -> PlaceRef | None:
    """A place as it was drawn; of a country only its name is known."""
    cells = feature.cells
    precision = Precision(cells.get("precision", ""))
    if precision is Precision.NONE:
        return None
    shape = checked_shape(feature.shape)
    # An area has its middle anywhere in it; which one is told in no export.
    middle = None if shape is None else shape.representative_point()
    return PlaceRef(
        role=PlaceRole(cells.get("place_role") or "site"),
        relation=PlaceRelation.AT,
        precision=precision,
        name=cells.get("place_name", ""),
        method=PlaceMethod(cells.get("method") or "gazetteer"),
        native_name=cells.get("place_name_native", ""),
        place_id=cells.get("place_id") or None,
        countries=(cells["country"],) if cells.get("country") else (),
        position=None if middle is None else LonLat(lon=middle.x, lat=middle.y),
        radius_m=number_in(cells, "radius_m") if "radius_m" in cells else None,
        geometry=None if shape is None or shape.geom_type == "Point" else shape,
    )
