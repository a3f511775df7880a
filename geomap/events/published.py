"""What a table tells of one event, as plain values: what was published, and nothing finer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from shapely.geometry.base import BaseGeometry

from geomap.model.columns import Coded, take
from geomap.model.lonlat import LonLat
from geomap.model.table import EventTable
from geomap.model.vocabulary import Precision


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedPlace:
    """A place of an event as it is shown; `position` is its pin, or the middle of an area (EPSG:4326).

    `shape` is the area or line that is drawn, None for points, countries and places unknown. `is_drawn` is false
    of what is only mentioned or a purpose.
    """

    name: str | None
    role: str
    precision: Precision
    position: LonLat | None
    radius_m: float | None
    shape: BaseGeometry | None
    place_id: str | None
    countries: tuple[str, ...]
    method: str | None
    relation: str | None
    note: str | None
    is_drawn: bool = True

    def as_json(self) -> dict[str, Any]:
        """The place as plain values; coordinates only where they mean a place, not the middle of an area."""
        position = self.position if self.precision.is_point else None
        return {
            "name": self.name,
            "role": self.role,
            "precision": self.precision.value,
            "lon": round(position.lon, 6) if position else None,
            "lat": round(position.lat, 6) if position else None,
            "radius_m": self.radius_m,
            "place_id": self.place_id,
            "countries": list(self.countries),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedClaim:
    """What somebody says, by name; `about` is `event`, a field, or another claim."""

    by: str
    stance: str
    about: str
    text: str
    quote: str
    value: str | float | None
    when: str | None
    place: str
    source: str | None
    via: str
    credibility: int

    def as_json(self) -> dict[str, Any]:
        """The claim as plain values."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedEvent:
    """An event as it is shown. Sources are ids, related events and actors pairs of what and whom."""

    id: str
    title: str
    summary: str | None
    type: str
    modality: str
    status: str
    status_set_by: str
    """Who set the status, and why; empty where it is computed."""
    reliability: str
    origins: int
    when: str | None
    when_label: str
    when_precision: str
    when_basis: str
    when_words: str
    places: tuple[PublishedPlace, ...]
    where_unknown: bool
    actors: tuple[tuple[str, str], ...]
    quantities: tuple[str, ...]
    equipment: tuple[str, ...]
    claims: tuple[PublishedClaim, ...]
    sources: tuple[str, ...]
    evidence: tuple[tuple[str, str, str], ...]
    media: tuple[tuple[str, str, str | None], ...]
    relations: tuple[tuple[str, str], ...]
    tags: tuple[str, ...]
    sensitivity: str
    workflow: str

    def as_json(self) -> dict[str, Any]:
        """What a list of events says of it, as plain values."""
        return {
            "id": self.id,
            "title": self.title,
            "type": self.type,
            "status": self.status,
            "when": self.when,
            "when_label": self.when_label,
            "places": [place.as_json() for place in self.places if place.is_drawn],
        }


def event_ids(table: EventTable) -> list[str]:
    """The ids of a table's events, in its order."""
    ids = take(table.columns["event_id"], table.first_rows)
    # Of many events they are a column of their own.
    return list(take(ids.values, ids.codes.astype(np.intp)) if isinstance(ids, Coded) else ids)


def read_event(table: EventTable, rows: range, asides: tuple[PublishedPlace, ...] = ()) -> PublishedEvent:
    """What the rows of one event tell; `asides` are its places that are no rows."""
    columns = {name: values[rows.start] for name, values in table.columns.items()}
    detail: Mapping[str, Any] = columns["detail"]
    drawn = (_place(table.columns, row, table.geometry[row]) for row in rows)
    return PublishedEvent(
        id=columns["event_id"],
        title=columns["title"],
        summary=columns["summary"],
        type="/".join(filter(None, (columns["type"], columns["subtype"]))),
        modality=columns["modality"],
        status=columns["status"],
        status_set_by=detail["status_basis"] if detail["status_reason"].get("code") == "set_by" else "",
        reliability=columns["reliability"],
        origins=columns["n_origins"],
        when=columns["when"],
        when_label=columns["when_label"],
        when_precision=columns["date_precision"],
        when_basis=detail["when_basis"],
        when_words=detail["when_words"],
        places=(*(place for place in drawn if place.precision is not Precision.NONE), *asides),
        where_unknown=detail["where_unknown"],
        actors=tuple((actor["name"], actor["role"]) for actor in detail["actors"]),
        quantities=tuple(detail["quantities"]),
        equipment=tuple(detail["equipment"]),
        claims=tuple(_claim(claim) for claim in detail["claims"]),
        sources=tuple(columns["sources"]),
        evidence=tuple((item["quote"], item["source"], item["field"]) for item in detail["evidence"]),
        media=tuple((item["url"], item["credit"], item["captured"]) for item in detail["media"]),
        relations=tuple((item["type"], item["event"]) for item in detail["relations"]),
        tags=tuple(columns["tags"]),
        sensitivity=detail.get("sensitivity", "none"),
        workflow=columns["workflow"],
    )


def read_asides(table: EventTable) -> dict[str, tuple[PublishedPlace, ...]]:
    """The places that do not locate their events, by event id."""
    found: dict[str, tuple[PublishedPlace, ...]] = {}
    columns = table.asides.columns
    for row, geometry in enumerate(table.asides.geometry):
        place = _place(columns, row, geometry, is_drawn=False)
        event_id = columns["event_id"][row]
        found[event_id] = (*found.get(event_id, ()), place)
    return found


def _place(columns: Mapping[str, Any], row: int, geometry: Any, *, is_drawn: bool = True) -> PublishedPlace:
    lon, lat = columns["lon"][row], columns["lat"][row]
    return PublishedPlace(
        name=columns["place_name"][row],
        role=columns["place_role"][row] or "site",
        precision=Precision(columns["precision"][row]),
        position=None if lon is None or lat is None else LonLat(lon=lon, lat=lat),
        radius_m=columns["radius_m"][row],
        shape=None if geometry is None or geometry.geom_type == "Point" else geometry,
        place_id=columns["place_id"][row],
        countries=tuple(columns["countries"][row]),
        method=columns["method"][row],
        relation=columns["relation"][row],
        note=columns["place_note"][row],
        is_drawn=is_drawn,
    )


def _claim(claim: Mapping[str, Any]) -> PublishedClaim:
    return PublishedClaim(**{name: claim[name] for name in PublishedClaim.__slots__})
