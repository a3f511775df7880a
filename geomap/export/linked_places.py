"""Linked Places 1.1: the places that the events name, for gazetteers and Pelagios tools."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import orjson
from shapely.geometry.base import BaseGeometry

from geomap.export.arrow import DECIMALS
from geomap.export.info import ExportInfo
from geomap.export.write import write_bytes
from geomap.model.geometry import to_geojson
from geomap.model.table import EventTable

FILE: Final = "places.lpf.json"
_CONTEXT: Final = (
    "https://raw.githubusercontent.com/LinkedPasts/linked-places/master/linkedplaces-context-v1.1.jsonld"
)
# Addresses of the gazetteers whose ids are public; the others are known to geomap alone.
_ADDRESSES: Final = {"gn": "https://sws.geonames.org/{}/"}
_CERTAINTY: Final = {"exact": "certain", "place": "certain", "vicinity": "less-certain"}


def write_linked_places(table: EventTable, info: ExportInfo, folder: Path) -> list[str]:
    """Write `places.lpf.json`: one feature for each place of the gazetteer that an event names.

    A place's `when` is the time in which its events were; places without an id, and those of undated events alone, are
    left out, as a remark says.
    """
    rows_of: dict[str, list[int]] = {}
    left = set()
    for row, place in enumerate(table.columns["place_id"]):
        if place is not None and table.columns["t_start"][row] is not None:
            rows_of.setdefault(place, []).append(row)
        elif table.columns["place_name"][row] is not None:
            left.add(place or table.columns["place_name"][row])
    content = {
        "type": "FeatureCollection",
        "@context": _CONTEXT,
        "title": info.title,
        "citation": "; ".join(info.attribution),
        "features": [_feature(table, place, rows) for place, rows in sorted(rows_of.items())],
    }
    write_bytes(folder / FILE, orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    missing = len(left - set(rows_of))
    return [f"{FILE}: {missing:,} places have no id or no date and are not in it"] if missing else []


def _feature(table: EventTable, place: str, rows: list[int]) -> dict[str, Any]:
    columns, first = table.columns, rows[0]
    scheme, _, number = place.partition(":")
    feature = {
        "@id": _ADDRESSES[scheme].format(number) if scheme in _ADDRESSES else f"urn:geomap:{place}",
        "type": "Feature",
        "properties": {"title": columns["place_name"][first], "ccodes": list(columns["countries"][first])},
        "when": {"timespans": [_span(columns, rows)]},
        "names": [{"toponym": name} for name in _names(columns, rows)],
        "geometry": _geometry(table.geometry[first], columns["precision"][first]),
    }
    if scheme in _ADDRESSES:
        feature["links"] = [{"type": "exactMatch", "identifier": place}]
    return feature


def _span(columns: Any, rows: list[int]) -> dict[str, dict[str, str]]:
    start: datetime = min(columns["t_start"][row] for row in rows)
    end: datetime = max(columns["t_end"][row] for row in rows)
    return {
        "start": {"earliest": start.date().isoformat()},
        "end": {"latest": end.date().isoformat()},
    }


def _names(columns: Any, rows: list[int]) -> Iterable[str]:
    written = (columns[name][row] for row in rows for name in ("place_name", "place_name_native"))
    return dict.fromkeys(name for name in written if name)


def _geometry(shape: BaseGeometry | None, precision: str) -> dict[str, Any] | None:
    if shape is None:
        return None
    return {**to_geojson(shape, decimals=DECIMALS), "certainty": _CERTAINTY.get(precision, "less-certain")}
