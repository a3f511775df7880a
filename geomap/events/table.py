"""Resolved events to the table that maps and exports are made of."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from types import MappingProxyType
from typing import Any, Final, TypeVar

import shapely

from geomap.events.status import Standing, actor_name, compute_standing, part_name
from geomap.model.events import Event
from geomap.model.places import PlaceRef
from geomap.model.records import Actor, EventRecord, Quantity, Source
from geomap.model.table import COLUMNS, INNER_COLUMNS, PLACE_COLUMNS, AsidePlaces, EventTable
from geomap.model.timespan import TimeSpan
from geomap.model.vocabulary import DatePrecision, Modality, Precision

Place = TypeVar("Place", bound=PlaceRef | None)
Made = TypeVar("Made")

_ID_OF_WORDS: Final = re.compile("[a-z0-9]+(_[a-z0-9]+)+")
_ABOUT_LABELS: Final = {
    "motive": "the motive",
    "actors": "who did it",
    "quantities": "the numbers",
    "when": "the time",
    "where": "the place",
}


def tabulate(
    events: Sequence[Event],
    sources: Mapping[str, Source],
    actors: Mapping[str, Actor],
    *,
    titles: Mapping[str, str] = MappingProxyType({}),
) -> EventTable:
    """Lay events out as columns, one row for each place that is drawn.

    Events stand in the order of their first day, undated ones last, then of their ids. `titles` are those of other
    events to which these are related, by id.
    """
    titles = {**titles, **{event.record.id: event.record.title for event in events}}
    claimants = {
        claim.id: actor_name(claim.by, actors)
        for event in events
        for claim in event.record.claims
        if claim.id
    }
    source_details = {source_id: source_detail(source_id, source) for source_id, source in sources.items()}
    # Events at one place share what is said of it.
    columns_of = _once_a_place(place_columns)
    geometry_of = _once_a_place(geometry_of_place)
    detail_of = _once_a_place(_place_detail)
    columns: dict[str, list[Any]] = {name: [] for name in (*COLUMNS, *INNER_COLUMNS)}
    geometry: list[Any] = []
    asides: dict[str, list[Any]] = {name: [] for name in PLACE_COLUMNS}
    aside_geometry: list[Any] = []
    for event in sorted(events, key=_order):
        record = event.record
        standing = compute_standing(record, sources, actors)
        shared = event_columns(record, standing, sources, actors)
        shared["detail"] = _detail(
            record,
            standing,
            actors,
            titles,
            claimants,
            sources=[source_details[source] for source in record.sources],
            places=[detail_of(place) for place in event.places],
        )
        known = [place for place in event.places if place.precision is not Precision.NONE]
        drawn = [place for place in known if place.role.locates]
        for number, place in enumerate(drawn or [None], start=1):
            row = shared | columns_of(place)
            row["feature_id"] = f"{record.id}#{number}"
            for name, values in columns.items():
                values.append(row[name])
            geometry.append(geometry_of(place))
        for place in known:
            if not place.role.locates:
                row = columns_of(place) | {"event_id": record.id}
                for name, values in asides.items():
                    values.append(row[name])
                aside_geometry.append(geometry_of(place))
    return EventTable(columns=columns, geometry=geometry, asides=AsidePlaces(asides, aside_geometry))


def _once_a_place(make: Callable[[Place], Made]) -> Callable[[Place], Made]:
    """A function that gives for one place the same value again; the places must outlive it."""
    made: dict[int, Made] = {}

    def once(place: Place) -> Made:
        if id(place) not in made:
            made[id(place)] = make(place)
        return made[id(place)]

    return once


def _order(event: Event) -> tuple[date, str]:
    when = event.record.when
    return ((when.first or when.last or date.max) if when else date.max, event.record.id)


def event_columns(
    record: EventRecord, standing: Standing, sources: Mapping[str, Source], actors: Mapping[str, Actor]
) -> dict[str, Any]:
    """What the columns say of an event, whatever its places."""
    kind, _, subtype = record.type.partition("/")
    when = record.when
    is_open = goes_on(when, record.modality)
    t_start, t_end = time_bounds(when, is_open, [sources[source] for source in record.sources])
    urls = [sources[source].url for source in record.sources]
    return {
        "event_id": record.id,
        "title": record.title,
        "type": kind,
        "subtype": subtype or None,
        "status": standing.status.value,
        "modality": record.modality.value,
        "t_start": t_start,
        "t_end": t_end,
        "date_start": when.first if when else None,
        "date_end": when.last if when else None,
        "when": when.edtf or None if when else None,
        "date_precision": (when.precision if when else DatePrecision.UNKNOWN).value,
        "end_open": is_open,
        "actor_ids": tuple(part.id for part in record.actors),
        "actors": tuple(part_name(part, actors) for part in record.actors),
        "claimants": tuple(dict.fromkeys(actor_name(claim.by, actors) for claim in record.claims)),
        "sources": record.sources,
        "source_urls": tuple(url for url in urls if url),
        "n_sources": len(record.sources),
        "n_origins": len(standing.origins),
        "reliability": min(sources[source].reliability for source in record.sources),
        "summary": record.summary or None,
        "tags": record.tags,
        "workflow": record.workflow.value,
        "when_label": when.label if when else "date unknown",
    }


def goes_on(when: TimeSpan | None, modality: Modality) -> bool:
    """Whether no end is known; what is ongoing and known "by the 12th" began by then and goes on."""
    return (
        when is not None
        and when.is_dated
        and (when.last is None or (when.first is None and modality is Modality.ONGOING))
    )


def time_bounds(
    when: TimeSpan | None, is_open: bool, sources: Sequence[Source]
) -> tuple[datetime | None, datetime | None]:
    """First and last moment for formats that need both, UTC; None only where nothing is known.

    An open end closes at the latest publication among the event's sources, an open start at the end: what
    is known only "by the 12th" is shown on the 12th.
    """
    if when is None or not when.is_dated:
        return None, None
    published = [source.published.last for source in sources if source.published and source.published.last]
    first = when.first or when.last
    assert first is not None
    last = when.last
    if last is None or is_open:
        last = max([last or first, *published])
    return (
        datetime.combine(first, time(0, 0, 0), UTC),
        datetime.combine(last, time(23, 59, 59), UTC),
    )


def place_columns(place: PlaceRef | None) -> dict[str, Any]:
    """What the columns say of a place; None where an event has none that is drawn."""
    if place is None:
        return {
            "place_name": None,
            "place_name_native": None,
            "place_id": None,
            "place_role": None,
            "country": None,
            "precision": Precision.NONE.value,
            "radius_m": None,
            "method": None,
            "lon": None,
            "lat": None,
            "countries": (),
            "place_note": None,
            "relation": None,
        }
    return {
        "place_name": place.name,
        "place_name_native": place.native_name or None,
        "place_id": place.place_id,
        "place_role": place.role.value,
        "country": place.countries[0] if len(place.countries) == 1 else None,
        "precision": place.precision.value,
        "radius_m": place.radius_m,
        "method": place.method.value,
        "lon": place.position.lon if place.position else None,
        "lat": place.position.lat if place.position else None,
        "countries": place.countries,
        "place_note": place.note or None,
        "relation": place.relation.value,
    }


def geometry_of_place(place: PlaceRef | None) -> Any:
    """What is drawn for a place: a point, line or polygon, EPSG:4326; None for countries and where there is none."""
    if place is None or place.precision is Precision.COUNTRY or place.position is None:
        return None
    return place.geometry if place.geometry is not None else shapely.Point(*place.position.geojson)


def _detail(
    record: EventRecord,
    standing: Standing,
    actors: Mapping[str, Actor],
    titles: Mapping[str, str],
    claimants: Mapping[str, str],
    *,
    sources: list[dict[str, Any]],
    places: list[dict[str, Any]],
) -> dict[str, Any]:
    """The nested parts of an event, as text for people."""
    return {
        "when_words": record.when.words if record.when else "",
        "when_basis": record.when.basis.value if record.when else "unknown",
        "status_basis": standing.basis,
        "status_reason": standing.reason,
        "origins": list(standing.origins),
        "claims": [
            {
                "by": actor_name(claim.by, actors),
                "stance": claim.stance.value,
                "about": claim.about,
                "about_label": _about_label(claim.about, claimants),
                "about_by": claimants.get(claim.about, ""),
                "text": claim.text,
                "quote": claim.quote,
                "value": claim.value,
                "when": _edtf(claim.when),
                "place": claim.place,
                "source": claim.source,
                "via": actor_name(claim.via, actors) if claim.via else "",
                "credibility": claim.credibility,
            }
            for claim in record.claims
        ],
        "sources": sources,
        "actors": [{"name": part_name(part, actors), "role": part.role.value} for part in record.actors],
        "quantities": [_quantity_text(quantity, actors) for quantity in record.quantities],
        "equipment": [
            f"{item.count} × {item.name}" if item.count is not None else item.name
            for item in record.equipment
        ],
        "relations": [
            {
                "type": relation.type.value,
                "event": relation.event,
                "title": titles.get(relation.event, relation.event),
            }
            for relation in record.relations
        ],
        "places": places,
        "where_unknown": record.where.mode == "unknown",
        "evidence": [
            {"quote": item.quote, "source": item.source, "field": item.field} for item in record.evidence
        ],
        "media": [
            {
                "url": item.url,
                "credit": item.credit,
                "captured": _edtf(item.captured),
            }
            for item in record.media
        ],
        "sensitivity": record.sensitivity.value,
    }


def _place_detail(place: PlaceRef) -> dict[str, Any]:
    # Coordinates only where they mean a place, not the middle of an area.
    position = place.position if place.precision.is_point else None
    return {
        "name": place.name,
        "role": place.role.value,
        "precision": place.precision.value,
        "relation": place.relation.value,
        "method": place.method.value,
        "lon": round(position.lon, 6) if position else None,
        "lat": round(position.lat, 6) if position else None,
        "radius_m": place.radius_m,
        "countries": list(place.countries),
        "note": place.note,
        "drawn": place.role.locates,
    }


def _edtf(when: TimeSpan | None) -> str | None:
    """A date as EDTF, which the page puts into words; the words of an unknown one."""
    return (when.edtf or when.label) if when else None


def _about_label(about: str, claimants: Mapping[str, str]) -> str:
    """What a claim is about, for people; empty for the event itself."""
    if about == "event":
        return ""
    return f"what {claimants[about]} says" if about in claimants else _ABOUT_LABELS.get(about, about)


def source_detail(source_id: str, source: Source) -> dict[str, Any]:
    """What people are told of a source."""
    return {
        "id": source_id,
        "publisher": "" if source.publisher == "not stated" else source.publisher,
        "author": source.author,
        "title": source.title,
        "url": source.url,
        "archive_url": source.archive_url,
        "published": _edtf(source.published),
        "published_basis": source.published_basis,
        "kind": source.kind.value,
        "reliability": source.reliability,
        "graded_by": source.graded_by,
        "derived_from": source.derived_from,
        "licence": source.licence,
    }


def _quantity_text(quantity: Quantity, actors: Mapping[str, Actor]) -> str:
    """A quantity in words: `losses: 1,610 (according to the ministry)`."""
    low, best, high = (None if value is None else f"{value:,g}" if abs(value) < 1e6 else f"{value:,.0f}"
                       for value in (quantity.low, quantity.best, quantity.high))  # fmt: skip
    number = best or (f"{low}–{high}" if low and high else f"at least {low}" if low else f"up to {high}")
    if best and (low or high):
        number += f" ({low or '?'}–{high or '?'})"
    measure = quantity.measure
    # An id such as `people_moved` is shown as words; any other text stays as it was written.
    if _ID_OF_WORDS.fullmatch(measure):
        measure = measure.replace("_", " ")
    text = f"{measure}: {number}{' ' + quantity.unit if quantity.unit else ''}"
    return f"{text} (according to {actor_name(quantity.by, actors)})" if quantity.by else text
