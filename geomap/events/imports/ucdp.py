"""UCDP's Georeferenced Event Dataset as CSV, version 20 and after."""

from typing import Any, Final

from geomap.events.imports.value import (
    ImportedEvent,
    Row,
    RowError,
    claims_of,
    code_in,
    demand,
    make_record,
    number_in,
    position_in,
    shortened,
)
from geomap.model.records import Source
from geomap.model.vocabulary import SourceKind

COLUMNS: Final = (
    "id", "type_of_violence", "side_a", "side_b", "source_office", "where_prec",
    "where_coordinates", "where_description", "adm_1", "adm_2", "latitude", "longitude", "country", "date_prec",
    "date_start", "date_end", "best", "high", "low",
)  # fmt: skip
_TYPES: Final = {"1": "ground_combat", "2": "ground_combat", "3": "violence_civilians"}
_KINDS: Final = {"1": "State-based violence", "2": "Non-state violence", "3": "One-sided violence"}
_DATES: Final = {str(code): None for code in range(1, 6)}
_WHERE: Final = {str(code): None for code in range(1, 8)}
_PLACE_M, _VICINITY_M = 5_000, 25_000
_SOURCE: Final = Source(
    publisher="Uppsala Conflict Data Program",
    title="UCDP Georeferenced Event Dataset",
    url="https://ucdp.uu.se/",
    kind=SourceKind.DATASET,
    licence="CC BY 4.0",
)


def import_row(row: Row) -> ImportedEvent:
    """The event of a row.

    Raises
    ------
    RowError
        If it cannot become one.
    """
    number = demand(row, "id")
    kind = code_in(row, "type_of_violence", _TYPES)
    low, best, high = (number_in(row, name) for name in ("low", "best", "high"))
    sides = [row[name] for name in ("side_a", "side_b") if row[name]]
    record = make_record(
        {
            "id": f"ucdp-{number}",
            "type": _TYPES[kind],
            "title": shortened(
                f"{_KINDS[kind]}: {' – '.join(sides)}, {row['where_coordinates'] or row['country']}"
            ),
            "summary": row["where_description"],
            "when": _when(row),
            "where": _where(row),
            "actors": [{"name": name} for name in sides],
            "quantities": [_deaths(low, best, high)] if any(value for value in (low, best, high)) else [],
            "claims": claims_of(row["source_office"], "ucdp-ged"),
            "sources": ["ucdp-ged"],
            "codes": {"ucdp": kind},
        }
    )
    return ImportedEvent(record, {"ucdp-ged": _SOURCE}, country=row["country"], is_area=True)


def _deaths(low: float | None, best: float | None, high: float | None) -> dict[str, Any]:
    known = {"low": low, "best": best, "high": high}
    return {"measure": "fatalities", **{name: value for name, value in known.items() if value is not None}}


def _when(row: Row) -> dict[str, str]:
    code_in(row, "date_prec", _DATES)
    first, last = (demand(row, name)[:10] for name in ("date_start", "date_end"))
    # Past precision 1 the event was on some day of the span.
    return {"edtf": first if first == last else f"[{first}..{last}]"}


def _where(row: Row) -> dict[str, Any] | str:
    """By how the point was made: a region's middle is drawn as the region, never as a point."""
    code = code_in(row, "where_prec", _WHERE)
    at = position_in(row, "longitude", "latitude")
    name = row["where_coordinates"] or row["country"]
    region = [part for part in (row["adm_1"], row["country"]) if part]
    match code:
        case "1":
            return {"name": name, **at, "precision": "place", "radius_m": _PLACE_M, "method": "given"}
        case "2":
            return {"name": name, **at, "precision": "vicinity", "radius_m": _VICINITY_M, "method": "given"}
        case "3":
            return ", ".join(part for part in (row["adm_2"], *region) if part) or "unknown"
        case "4" | "5":
            return ", ".join(region) or "unknown"
        case "6":
            return row["country"] or "unknown"
        case _:
            # Waters or airspace, of which the data say no more than a point of it.
            raise RowError("where_prec 7: waters or airspace have no outline here; write this event by hand")
