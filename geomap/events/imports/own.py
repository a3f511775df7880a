"""Our own exports as events: what a table of features holds of them, which is not all of a record."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import orjson

from geomap.events.imports.shapes import checked_shape, read_wkt, repaired
from geomap.events.imports.value import (
    Feature,
    FeatureFile,
    ImportedEvent,
    Row,
    RowError,
    filled,
    make_record,
    make_source,
    number_in,
)
from geomap.model.cells import unguarded_cell
from geomap.model.geometry import to_geojson
from geomap.model.records import Source
from geomap.model.timespan import parse_edtf
from geomap.model.vocabulary import PlaceRole, Precision, Status

_NEEDED: Final = frozenset({"event_id", "feature_id", "title", "type", "when", "precision"})
LOST: Final = (
    "what claimants say, evidence, quantities, relations and media are in no export and not in the events"
)
KEPT_STATUSES: Final = frozenset({Status.RETRACTED})
"""How far an event is vouched for is computed anew, but for these."""


def is_own(columns: Iterable[str]) -> bool:
    """Whether a file with these columns is an export of ours."""
    return set(columns) >= _NEEDED


def unguarded(file: FeatureFile) -> FeatureFile:
    """The features of our CSV without what keeps spreadsheets from running its cells."""
    features = [
        Feature(one.at, {name: unguarded_cell(text) for name, text in one.cells.items()}, fault=one.fault)
        for one in file.features
    ]
    return FeatureFile(features, file.columns, about=file.about)


def events_of_features(features: Sequence[Feature]) -> list[Sequence[Feature]]:
    """The features of each event, in the order of their numbers; events in the order of their first one."""
    by_event: dict[str, list[Feature]] = {}
    for feature in features:
        by_event.setdefault(feature.cells.get("event_id", ""), []).append(feature)
    return [
        sorted(own, key=lambda feature: number_of(feature.cells.get("feature_id", "")))
        for own in by_event.values()
    ]


def own_event(features: Sequence[Feature], about: Mapping[str, str]) -> ImportedEvent:
    """The event of its features; `about` is what the file says of itself.

    Raises
    ------
    RowError
        If it cannot become one.
    """
    for feature in features:
        if feature.fault:
            raise RowError(feature.fault)
    cells = _complete(features[0].cells)
    sources = _sources(cells, about)
    places = [place for feature in features if (place := _place(feature)) is not None]
    status = cells["status"]
    record = make_record(
        {
            "id": cells["event_id"],
            "type": "/".join(part for part in (cells["type"], cells["subtype"]) if part),
            "title": cells["title"],
            "summary": cells["summary"],
            "modality": cells["modality"],
            "status": status if status in KEPT_STATUSES else "",
            "when": _when(cells),
            "where": places or "none",
            "actors": [{"name": name} for name in _texts(cells, "actors")],
            "sources": list(sources),
            "tags": _texts(cells, "tags"),
            "workflow": cells["workflow"],
        }
    )
    return ImportedEvent(record, sources, at=features[0].at)


def _complete(cells: Row) -> Row:
    """Cells of every column; some formats leave empty ones out."""
    return defaultdict(str, cells)


def number_of(feature_id: str) -> tuple[int, str]:
    """The number of a feature among those of its event, to sort them by; 0 where its id has none."""
    number = feature_id.rpartition("#")[2]
    return (int(number) if number.isdecimal() and len(number) < 10 else 0, feature_id)


def _when(cells: Row) -> dict[str, str] | None:
    text, precision = cells["when"], cells["date_precision"]
    if not text:
        return None
    try:
        span = parse_edtf(text)
    except ValueError as error:
        raise RowError(f"when: {error}") from error
    return {"edtf": text} | ({"precision": precision} if precision and precision != span.precision else {})


def _place(feature: Feature) -> dict[str, Any] | None:
    """The place as it was drawn: its position or shape, not the name that was looked up for it."""
    cells = _complete(feature.cells)
    shape = checked_shape(feature.shape) or checked_shape(read_wkt(cells["wkt"]))
    precision, role = cells["precision"], cells["place_role"]
    known = {
        "name": cells["place_name"],
        "country": cells["country"],
        "role": "" if role == PlaceRole.SITE else role,
        "precision": precision,
        "method": cells["method"],
    }
    if shape is None:
        if precision != Precision.COUNTRY or not known["country"]:
            return None
        return filled({"country": known["country"], "name": known["name"], "role": known["role"]})
    if shape.geom_type == "Point":
        return filled({**known, "lon": shape.x, "lat": shape.y, "radius_m": number_in(cells, "radius_m")})
    return filled({**known, "geometry": to_geojson(shape if shape.is_valid else repaired(shape))})


def _sources(cells: Row, about: Mapping[str, str]) -> dict[str, Source]:
    """The event's sources; an address goes to its source where each has one, since else none is known to."""
    names, urls = _texts(cells, "sources"), _texts(cells, "source_urls")
    if not names:
        raise RowError("sources: empty; an event rests on a source")
    each = urls if len(urls) == len(names) else [""] * len(names)
    publisher = {"publisher": "not stated", "licence": about.get("licence", "")}
    return {
        name: make_source(filled({**publisher, "url": url})) for name, url in zip(names, each, strict=True)
    }


def _texts(cells: Row, column: str) -> list[str]:
    text = cells[column]
    if not text:
        return []
    try:
        values = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise RowError(f"{column}: expected a list of texts as JSON, found {text[:40]!r}") from error
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise RowError(f"{column}: expected a list of texts as JSON, found {text[:40]!r}")
    return values
