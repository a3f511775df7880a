"""ACLED's export as CSV: one row an event, as its codebook has it."""

import re
from datetime import date, datetime, timedelta
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
    "event_id_cnty", "event_date", "time_precision", "sub_event_type", "actor1", "actor2", "country",
    "admin1", "location", "latitude", "longitude", "geo_precision", "source", "notes", "fatalities",
)  # fmt: skip
_SOURCE: Final = Source(
    publisher="ACLED",
    title="Armed Conflict Location & Event Data",
    url="https://acleddata.com/",
    kind=SourceKind.DATASET,
    licence="ACLED terms of use: no republication of the data as such",
)

# The sub-event types of the codebook of 2019 and after.
_TYPES: Final = {
    "Armed clash": "ground_combat/clash",
    "Government regains territory": "ground_combat/territory_change",
    "Non-state actor overtakes territory": "ground_combat/territory_change",
    "Non-violent transfer of territory": "ground_combat/territory_change",
    "Air/drone strike": "strike/air_drone_strike",
    "Shelling/artillery/missile attack": "strike/missile_artillery",
    "Chemical weapon": "strike",
    "Grenade": "strike/explosion",
    "Remote explosive/landmine/IED": "strike/explosion",
    "Suicide bomb": "strike/explosion",
    "Attack": "violence_civilians/attack",
    "Abduction/forced disappearance": "violence_civilians/abduction",
    "Sexual violence": "violence_civilians/sexual_violence",
    "Peaceful protest": "unrest/peaceful_protest",
    "Protest with intervention": "unrest/intervention",
    "Excessive force against protesters": "unrest/intervention",
    "Violent demonstration": "unrest/violent_demonstration",
    "Mob violence": "unrest/mob",
    "Agreement": "diplomacy/agreement",
    "Arrests": "legal/arrest",
    "Headquarters or base established": "deployment/basing",
    "Change to group/activity": "other",
    "Disrupted weapons use": "other",
    "Looting/property destruction": "other",
    "Other": "other",
}
_PRECISIONS: Final = {"1": "place", "2": "vicinity", "3": "region"}
_TIMES: Final = {"1": "day", "2": "week", "3": "month"}
# A town may stand for a part of its region; how large that is, ACLED does not say.
_VICINITY_M: Final = 25_000
_PLACE_M: Final = 5_000
_SLUG: Final = re.compile("[^a-z0-9]+")


def import_row(row: Row) -> ImportedEvent:
    """The event of a row.

    Raises
    ------
    RowError
        If it cannot become one.
    """
    code = demand(row, "event_id_cnty")
    kind = row["sub_event_type"]
    if kind not in _TYPES:
        raise RowError(f"sub_event_type: {kind[:60]!r} is none of ACLED's")
    fatalities = number_in(row, "fatalities")
    record = make_record(
        {
            "id": f"acled-{_SLUG.sub('-', code.lower()).strip('-')}",
            "type": _TYPES[kind],
            "title": shortened(f"{kind}: {row['location'] or row['admin1'] or row['country']}"),
            "summary": row["notes"],
            "when": _when(row),
            "where": _where(row),
            "actors": [{"name": row[name]} for name in ("actor1", "actor2") if row.get(name)],
            "quantities": [{"measure": "fatalities", "best": fatalities}] if fatalities else [],
            "claims": claims_of(row["source"], "acled"),
            "sources": ["acled"],
            "codes": {"acled": kind},
        }
    )
    return ImportedEvent(record, {"acled": _SOURCE}, country=row["country"], is_area=True)


def _when(row: Row) -> dict[str, str]:
    day = _day(demand(row, "event_date"))
    precision = _TIMES[code_in(row, "time_precision", _TIMES)]
    if precision == "day":
        return {"edtf": day.isoformat()}
    if precision == "month":
        return {"edtf": f"{day:%Y-%m}"}
    monday = day - timedelta(days=day.weekday())
    return {
        "edtf": f"[{monday.isoformat()}..{(monday + timedelta(days=6)).isoformat()}]",
        "precision": "week",
    }


def _day(text: str) -> date:
    for form in ("%Y-%m-%d", "%d %B %Y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise RowError(f"event_date: expected a day such as 2024-08-12 or 12 August 2024, found {text[:40]!r}")


def _where(row: Row) -> dict[str, Any] | str:
    """Where ACLED is sure of the town a point; where the town stands for a part of its region, that part."""
    precision = _PRECISIONS[code_in(row, "geo_precision", _PRECISIONS)]
    at = position_in(row, "longitude", "latitude")
    name = row["location"] or row["admin1"] or row["country"]
    if precision == "region":
        # The point is that of the region's capital; the event was somewhere in the region.
        return ", ".join(part for part in (row["admin1"], row["country"]) if part) or "unknown"
    radius = _VICINITY_M if precision == "vicinity" else _PLACE_M
    return {"name": name, **at, "precision": precision, "radius_m": radius, "method": "given"}
