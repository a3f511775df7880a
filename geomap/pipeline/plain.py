"""Plain events: their places settled, each way of writing one once."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geomap.errors import AmbiguousPlaceError, EmptyRelationError, GeomapError, PlaceNotFoundError
from geomap.events.bulk.check import tell_some
from geomap.events.bulk.table import PlainPlaces
from geomap.events.check import Finding
from geomap.gazetteer.placing import Placer, bare_text, border_text
from geomap.gazetteer.positions import place_positions
from geomap.gazetteer.store import Store
from geomap.lock import FoundPlace, LockedPlace
from geomap.model.columns import Coded
from geomap.model.places import PlaceRef
from geomap.model.plain import PlainEvents
from geomap.model.records import PlaceSpec
from geomap.model.vocabulary import Workflow

Settle = Callable[[PlaceSpec], tuple[PlaceRef, LockedPlace] | GeomapError]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedPlain:
    """The plain events whose places are settled; `unsettled` are the rows of the others among all.

    `found` are the places that were looked up. Positions given in figures are none: they cannot move.
    """

    plain: PlainEvents
    places: PlainPlaces
    unsettled: NDArray[np.intp]
    found: tuple[FoundPlace, ...]
    findings: tuple[Finding, ...]


def place_plain(plain: PlainEvents, store: Store, placer: Placer, settle: Settle) -> PlacedPlain:
    """Settle the places of one file's plain events."""
    specs = [where.places[0] if where.places else None for where in plain.where.values]
    refs: list[PlaceRef | None] = [None] * len(specs)
    locked: list[LockedPlace | None] = [None] * len(specs)
    faulty = np.zeros(max(len(specs), 1), dtype=bool)
    for code in np.unique(plain.where.codes).tolist():
        spec = specs[code]
        if spec is None:
            continue
        if spec.lon is not None:
            faulty[code] = not _may_be_given(spec, placer)
            continue
        settled = settle(spec)
        if isinstance(settled, GeomapError):
            faulty[code] = True
        else:
            refs[code], locked[code] = settled
    unsettled = faulty[plain.where.codes]
    given = np.flatnonzero(~np.isnan(plain.lon) & ~unsettled)
    stated = plain.where.map(lambda where: where.places[0].country if where.places else None).take(given)
    positions = place_positions(store, plain.lon[given], plain.lat[given], stated)
    unsettled[given] |= positions.is_elsewhere
    beside = _in_rows(positions.near, given, len(plain), ())
    beside.codes[given[~positions.is_beside_border]] = 0
    places = PlainPlaces(
        refs=refs,
        countries=_in_rows(positions.countries, given, len(plain), ()),
        radius_m=_in_rows(positions.radius_m, given, len(plain), None),
    )
    kept = np.flatnonzero(~unsettled)
    placed = plain.without(unsettled)
    return PlacedPlain(
        plain=placed,
        places=replace(places, countries=places.countries.take(kept), radius_m=places.radius_m.take(kept)),
        unsettled=np.flatnonzero(unsettled),
        found=tuple(_found(placed, locked)),
        findings=tuple(_findings(placed, refs, beside.take(kept))),
    )


def _may_be_given(spec: PlaceSpec, placer: Placer) -> bool:
    """Whether what is written beside a position goes with one; its country is looked at in each row."""
    try:
        placer.place(spec.model_copy(update={"country": None, "name": spec.name or "x"}))
    except (PlaceNotFoundError, AmbiguousPlaceError, EmptyRelationError):
        return False
    return True


def _in_rows(column: Coded[Any], rows: NDArray[np.intp], count: int, other: Any) -> Coded[Any]:
    codes = np.zeros(count, dtype=np.int32)
    codes[rows] = column.codes + 1
    return Coded(codes, [other, *column.values])


def _found(plain: PlainEvents, locked: list[LockedPlace | None]) -> list[FoundPlace]:
    codes, first = np.unique(plain.where.codes, return_index=True)
    is_draft = plain.workflow.equal(Workflow.DRAFT)
    reviewed = set(np.unique(plain.where.codes[~is_draft]).tolist())
    return [
        FoundPlace(place=place, mark=plain.mark(row), draft=code not in reviewed)
        for code, row in zip(codes.tolist(), first.tolist(), strict=True)
        if (place := locked[code]) is not None
    ]


def _findings(
    plain: PlainEvents, refs: list[PlaceRef | None], beside: Coded[tuple[str, ...]]
) -> list[Finding]:
    """What is odd in the places: what was remarked of each that was looked up, and of positions beside borders."""
    findings: list[Finding] = []
    for code in np.unique(plain.where.codes).tolist():
        ref, where = refs[code], plain.where.values[code]
        remarks = list(ref.remarks) if ref is not None else []
        if ref is None and where.places and (text := bare_text(where.places[0])):
            remarks.append(("bare-position", text))
        for rule, said in remarks:
            rows = np.flatnonzero(plain.where.codes == code)
            findings += tell_some(plain, rule, rows, lambda row, said=said: said)  # type: ignore[misc]
    rows = np.flatnonzero(beside.each(bool, bool))
    return [*findings, *tell_some(plain, "border-position", rows, lambda row: border_text(beside[row]))]


def drafted_places(plain: PlainEvents) -> list[PlaceSpec]:
    """The places of drafts that are looked up."""
    drafts = np.unique(plain.where.codes[plain.workflow.equal(Workflow.DRAFT)]).tolist()
    places = [place for code in drafts for place in plain.where.values[code].places]
    return [place for place in places if place.lon is None]
