"""GDELT 2.0 events: 61 columns without names, parted by tabs. A machine coded them: they become drafts."""

from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from urllib.parse import urlsplit

from geomap.events.imports.value import (
    ImportedEvent,
    Row,
    RowError,
    demand,
    make_record,
    make_source,
    position_in,
    shortened,
)
from geomap.model.records import Source

_ACTOR: Final = (
    "Code", "Name", "CountryCode", "KnownGroupCode", "EthnicCode", "Religion1Code", "Religion2Code", "Type1Code",
    "Type2Code", "Type3Code",
)  # fmt: skip
_GEO: Final = ("Type", "Fullname", "CountryCode", "ADM1Code", "ADM2Code", "Lat", "Long", "FeatureID")
COLUMNS: Final = (
    "GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate",
    *(f"Actor{number}{name}" for number in (1, 2) for name in _ACTOR),
    "IsRootEvent", "EventCode", "EventBaseCode", "EventRootCode", "QuadClass", "GoldsteinScale", "NumMentions",
    "NumSources", "NumArticles", "AvgTone",
    *(f"{part}Geo_{name}" for part in ("Actor1", "Actor2", "Action") for name in _GEO),
    "DATEADDED", "SOURCEURL",
)  # fmt: skip
"""As in the GDELT 2.0 event codebook."""

_ROOTS: Final = {
    "01": ("statement", "Public statement"),
    "02": ("statement", "Appeal"),
    "03": ("diplomacy", "Intent to cooperate"),
    "04": ("diplomacy", "Consultation"),
    "05": ("diplomacy", "Diplomatic cooperation"),
    "06": ("aid", "Material cooperation"),
    "07": ("aid", "Aid"),
    "08": ("diplomacy", "Yielding"),
    "09": ("legal", "Investigation"),
    "10": ("statement", "Demand"),
    "11": ("statement", "Disapproval"),
    "12": ("statement", "Rejection"),
    "13": ("statement", "Threat"),
    "14": ("unrest", "Protest"),
    "15": ("deployment", "Show of force"),
    "16": ("diplomacy", "Reduced relations"),
    "17": ("other", "Coercion"),
    "18": ("violence_civilians", "Assault"),
    "19": ("ground_combat", "Fight"),
    "20": ("violence_civilians", "Mass violence"),
}
"""CAMEO's root codes: our nearest type, and their words."""
_PLACE_M: Final = 10_000


def import_row(row: Row) -> ImportedEvent:
    """The event of a row, as a draft.

    Raises
    ------
    RowError
        If it cannot become one.
    """
    number = demand(row, "GLOBALEVENTID")
    root = row["EventRootCode"]
    if root not in _ROOTS:
        raise RowError(f"EventRootCode: {root[:20]!r} is none of CAMEO's")
    kind, label = _ROOTS[root]
    url = demand(row, "SOURCEURL")
    source = f"gdelt-{sha256(url.encode()).hexdigest()[:8]}"
    actors = [row[name] for name in ("Actor1Name", "Actor2Name") if row[name]]
    record = make_record(
        {
            "id": f"gdelt-{number}",
            "type": kind,
            "title": shortened(
                f"{label}: {' – '.join(actors) or row['ActionGeo_Fullname'] or 'no actor named'}"
            ),
            "when": {"edtf": _day(row), "basis": "inferred"},
            "where": _where(row),
            "actors": [{"name": name} for name in actors],
            "sources": [source],
            "codes": {"cameo": row["EventCode"]},
            "workflow": "draft",
        }
    )
    return ImportedEvent(record, {source: _source(url, row)}, is_area=True)


def _source(url: str, row: Row) -> Source:
    added = row["DATEADDED"][:8]
    day = f"{added[:4]}-{added[4:6]}-{added[6:]}" if len(added) == 8 and added.isdigit() else None
    try:
        publisher = urlsplit(url).hostname or ""
    except ValueError as error:
        raise RowError(f"SOURCEURL: {error}") from error
    kept = {
        "publisher": publisher,
        "url": url,
        "licence": "index by GDELT; the text is the publisher's",
    }
    return make_source(kept | ({"published": day, "published_basis": "when GDELT saw it"} if day else {}))


def _day(row: Row) -> str:
    text = demand(row, "SQLDATE")
    try:
        return datetime.strptime(text, "%Y%m%d").date().isoformat()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        raise RowError(f"SQLDATE: expected a day such as 20240812, found {text[:40]!r}") from None


def _where(row: Row) -> dict[str, Any] | str:
    """A city is a place; of a state or country GDELT gives a middle, which is no place where anything happened."""
    name, kind = row["ActionGeo_Fullname"], row["ActionGeo_Type"]
    if kind in ("", "0") or not name:
        return "none"
    if kind in ("1", "2", "5"):
        return name
    if kind not in ("3", "4"):
        raise RowError(f"ActionGeo_Type: expected 0 to 5, found {kind[:20]!r}")
    at = position_in(row, "ActionGeo_Long", "ActionGeo_Lat")
    return {"name": name, **at, "precision": "place", "radius_m": _PLACE_M, "method": "inferred"}
