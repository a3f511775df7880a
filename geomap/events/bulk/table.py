"""Plain events and their places to the table that maps and exports are made of, column by column."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from geomap.events.bulk.collect import PROBE
from geomap.events.status import compute_standing, part_name
from geomap.events.table import (
    event_columns,
    geometry_of_place,
    goes_on,
    place_columns,
    source_detail,
    time_bounds,
)
from geomap.model.columns import Coded, Numbers, PlaceNames, Texts, numbers, ranked_together
from geomap.model.places import PlaceRef
from geomap.model.plain import PlainEvents
from geomap.model.records import Actor, EventRecord, Source
from geomap.model.table import (
    COLUMNS,
    INNER_COLUMNS,
    Details,
    EventTable,
    Geometries,
    PlainDetails,
)
from geomap.model.vocabulary import PlaceMethod, Precision


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainPlaces:
    """Where plain events happened: one row each.

    `refs` are the places that were looked up, by the code of `where`; None where there is none, or the position is
    given. Of given positions `countries` and `radius_m` are what is known besides.
    """

    refs: Sequence[PlaceRef | None]
    countries: Coded[tuple[str, ...]]
    radius_m: Coded[float | None]


def tabulate_plain(
    plain: PlainEvents, places: PlainPlaces, sources: Mapping[str, Source], actors: Mapping[str, Actor]
) -> EventTable:
    """Lay plain events out as `tabulate` does others, in the order of the file."""
    count = len(plain)
    columns = _event_columns(plain, sources, actors) | _place_columns(plain, places)
    columns = {
        name: column.distinct() if isinstance(column, Coded) else column for name, column in columns.items()
    }
    columns |= {
        "event_id": Coded(np.arange(count), plain.id),
        "feature_id": Texts(_joined(plain.id.array, "#1")),
        "title": plain.title,
        "summary": plain.summary,
    }
    columns["detail"] = Details(-1 - np.arange(count), (), _details(plain, sources, actors))
    return EventTable(
        columns={name: columns[name] for name in (*COLUMNS, *INNER_COLUMNS)},
        geometry=_geometries(plain, places, columns),
    )


def _joined(texts: Any, end: str) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.binary_join_element_wise(texts, pa.scalar(end, texts.type), pa.scalar("", texts.type))


def _event_columns(
    plain: PlainEvents, sources: Mapping[str, Source], actors: Mapping[str, Actor]
) -> dict[str, Any]:
    """Each column of what an event says, from the few keys that decide it."""
    columns: dict[str, Any] = {}
    for keys, names in _DECIDED.items():
        parts = [getattr(plain, key) for key in keys]
        number, first = ranked_together([part.codes for part in parts])
        made = []
        for row in first.tolist():
            given = {key: part[row] for key, part in zip(keys, parts, strict=True)}
            known = sources if "sources" in given else _NO_SOURCES
            record = _PROBE.model_copy(update=given)
            made.append(event_columns(record, compute_standing(record, known, actors), known, actors))
        columns |= {name: Coded(number, [own[name] for own in made]) for name in names}
    return columns | _bounds(plain, sources)


_PROBE: Final = EventRecord.model_validate(PROBE)
_NO_SOURCES: Final = {"x": Source()}
_DECIDED: Final[Mapping[tuple[str, ...], tuple[str, ...]]] = {
    ("type",): ("type", "subtype"),
    ("modality",): ("modality",),
    ("workflow",): ("workflow",),
    ("tags",): ("tags",),
    ("actors",): ("actors", "actor_ids"),
    ("when",): ("date_start", "date_end", "when", "date_precision", "when_label"),
    ("when", "modality"): ("end_open",),
    ("sources",): ("sources", "source_urls", "n_sources", "n_origins", "reliability", "claimants"),
    ("sources", "status"): ("status",),
}
"""Keys of an event, and the columns that follow from these alone where nobody claims anything."""


def _bounds(plain: PlainEvents, sources: Mapping[str, Source]) -> dict[str, Any]:
    """First and last moments; only where no end is known do the sources decide."""
    number, first = ranked_together([plain.when.codes, plain.modality.codes])
    spans = [(plain.when[row], plain.modality[row]) for row in first.tolist()]
    made = [time_bounds(when, False, ()) for when, _ in spans]
    rows = np.flatnonzero(np.array([goes_on(*span) for span in spans] or [False])[number])
    own, own_first = ranked_together([number[rows], plain.sources.codes[rows]])
    number[rows] = len(made) + own
    for row in rows[own_first].tolist():
        published = [sources[source] for source in plain.sources[row]]
        made.append(time_bounds(plain.when[row], True, published))
    return {
        "t_start": Coded(number, [start for start, _ in made]),
        "t_end": Coded(number, [end for _, end in made]),
    }


def _place_columns(plain: PlainEvents, places: PlainPlaces) -> dict[str, Any]:
    rows = [place_columns(ref) for ref in places.refs]
    given = [_given_columns(where.places[0]) if _is_given(where) else None for where in plain.where.values]
    of_code = [own or row for own, row in zip(given, rows, strict=True)]
    codes = plain.where.codes
    columns: dict[str, Any] = {
        name: Coded(codes, [own[name] for own in of_code]) for name in place_columns(None)
    }
    is_given = ~np.isnan(plain.lon)
    for name, own in (("lon", plain.lon), ("lat", plain.lat)):
        columns[name] = Numbers(np.where(is_given, own, numbers(columns[name])))
    columns["countries"] = _either(is_given, places.countries, columns["countries"])
    columns["country"] = columns["countries"].map(lambda codes: codes[0] if len(codes) == 1 else None)
    stated = np.array([own is not None and own["radius_m"] is not None for own in given] or [False])[codes]
    columns["radius_m"] = _either(is_given & ~stated, places.radius_m, columns["radius_m"])
    columns["place_name"] = _names(plain, columns["place_name"], is_given)
    return columns


def _is_given(where: Any) -> bool:
    return bool(where.places) and where.places[0].lon is not None


def _given_columns(spec: Any) -> dict[str, Any]:
    """What a place given by its position is, whatever its position."""
    return {
        "place_name": spec.place,
        "place_name_native": None,
        "place_id": None,
        "place_role": spec.role.value,
        "country": None,
        "precision": (spec.precision or Precision.PLACE).value,
        "radius_m": spec.radius_m,
        "method": (spec.method or PlaceMethod.GIVEN).value,
        "lon": None,
        "lat": None,
        "countries": (),
        "place_note": None,
        "relation": "at",
    }


def _names(plain: PlainEvents, of_where: Coded[str | None], is_given: NDArray[np.bool_]) -> PlaceNames:
    """A place's name, else the text by which it is looked up; None for a given position without one."""
    named = is_given & plain.name.each(lambda name: name is not None, bool)
    names = _either(named, plain.name, of_where).distinct()
    bare = is_given & ~names.each(lambda name: name is not None, bool)
    return PlaceNames(names, np.where(bare, plain.lon, np.nan), np.where(bare, plain.lat, np.nan))


def _either(chosen: NDArray[np.bool_], one: Coded[Any], other: Coded[Any]) -> Coded[Any]:
    """The one column's values in the chosen rows, the other's elsewhere."""
    codes = np.where(chosen, one.codes, other.codes + len(one.values))
    return Coded(codes, [*one.values, *other.values])


def _geometries(plain: PlainEvents, places: PlainPlaces, columns: Mapping[str, Any]) -> Geometries:
    shapes: list[Any] = []
    numbers_of, points = [], []
    for ref in places.refs:
        shape = geometry_of_place(ref)
        is_point = shape is not None and shape.geom_type == "Point"
        points.append(is_point)
        numbers_of.append(-1 if shape is None or is_point else len(shapes))
        if shape is not None and not is_point:
            shapes.append(shape)
    codes = plain.where.codes
    is_point = np.array(points or [False])[codes] | ~np.isnan(plain.lon)
    lon, lat = (np.where(is_point, columns[name].array, np.nan) for name in ("lon", "lat"))
    return Geometries(lon, lat, np.array(numbers_of or [-1], dtype=np.int32)[codes], shapes)


def _details(plain: PlainEvents, sources: Mapping[str, Source], actors: Mapping[str, Actor]) -> PlainDetails:
    number, first = ranked_together([plain.sources.codes, plain.status.codes])
    reasons = []
    for row in first.tolist():
        record = _PROBE.model_copy(update={"sources": plain.sources[row], "status": plain.status[row]})
        standing = compute_standing(record, sources, actors)
        reasons.append((standing.basis, standing.reason))
    known = {source_id: source_detail(source_id, source) for source_id, source in sources.items()}
    return PlainDetails(
        reason=Coded(number, reasons),
        sources=plain.sources.map(lambda ids: [known[source] for source in ids]),
        actors=plain.actors.map(
            lambda parts: [{"name": part_name(part, actors), "role": part.role.value} for part in parts]
        ),
        is_unknown=plain.where.each(lambda where: where.mode == "unknown", bool),
        is_stated=plain.when.each(lambda when: when is not None, bool),
    )
