"""Dumps of GeoNames and OurAirports: rows of bytes in, places out; nothing here touches the disk."""

import csv
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from geomap.errors import ConfigError, Mark, Problem
from geomap.gazetteer.fold import fold_name
from geomap.gazetteer.schema import DEGREE

MAIN: Final = 0
OTHER: Final = 1
OTHER_SCRIPT: Final = 2
"""Ranks of a name; see `schema.PLACE_TABLES`."""

FEATURE_CLASSES: Final = "AHLPRSTUV"
"""GeoNames' feature classes: divisions, waters, areas, settlements, roads, sites, terrain, undersea, plants."""
DEFAULT_CLASSES: Final = frozenset("AHLPSTV")
"""All but roads and undersea forms, which events are not placed by."""

_PLACE_COLUMNS: Final = range(19, 20)
# Eight in the older form of the table, ten in V2; either may lose its last, empty one.
_NAME_COLUMNS: Final = range(7, 11)
_FIRST_ROWS: Final = 20
_MAX_NAME: Final = 400  # GeoNames allows 200 characters
_MAX_FOLD: Final = 200
_MAX_ID: Final = 2**28  # the newest are below 2 ** 24
_MAX_PEOPLE: Final = 2**40
_AIRPORT_RADIUS_M: Final = 2_000  # a runway is 2.5 to 3 km long

# Control characters could move the cursor of a terminal; direction marks and blanks without width forge names.
UNSEEN: Final = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]"
)
"""Characters that no name needs and nobody sees."""
_FEATURE: Final = re.compile("[A-Z][A-Z0-9]{0,9}")
_COUNTRY: Final = re.compile("[A-Z]{2}")
_CODE: Final = re.compile(r"[A-Z]{3,4}|[A-Z0-9]{5,}")
_URL: Final = re.compile(r"://|www\.|\.(com|org|net)\b", re.IGNORECASE)
# Two or three letters; `link`, `post`, `wkdt`, `iata`, `icao`, `abbr` and `fr_1793` are no languages.
_LANGUAGE: Final = re.compile(r"([a-z]{2,3})(-[A-Za-z0-9-]+)?")

_AIRPORT_FEATURES: Final = {
    "large_airport": "AIRP", "medium_airport": "AIRP", "small_airport": "AIRF", "balloonport": "AIRF",
    "heliport": "AIRH", "seaplane_base": "AIRS", "closed": "AIRQ", "closed_airport": "AIRQ",
}  # fmt: skip
_AIR_BASE: Final = re.compile(r"\b(air ?base|afb|air force base|naval air station|army air ?field)\b", re.I)
_AIRPORT_NOUNS: Final = {"AIRB": "air base", "AIRF": "airfield", "AIRH": "heliport", "AIRQ": "airfield"}
_AIRPORT_WORD: Final = re.compile(
    r"air|aero|field|strip|landing|base|heliport|helipad|station|lotnisko|aéro|аэро|аеро|аэра|авиа|авіа|مطار|قاعدة",
    re.IGNORECASE,
)
_AIRPORT_WORDS: Final = {"C": "аэродром", "A": "مطار"}
_AIRPORT_KEYS: Final = ("ident", "type", "name", "latitude_deg", "longitude_deg", "iso_country", "iso_region")


class DumpPlace(NamedTuple):
    """A place of a dump.

    `geonameid` is None for a place of another source, whose id is `code`. `lon` and `lat` are whole numbers of
    1e-5 degrees, EPSG:4326. `admin1` is a GeoNames code `PL.81`, `district` one of the second order `PL.81.2005`,
    empty where the row has none or is such a division itself. `call_signs` are codes that people use as names.
    """

    geonameid: int | None
    code: str | None
    name: str
    other_names: list[str]
    feature_class: str
    feature: str
    country: str | None
    admin1: str
    district: str
    population: int
    lon: int
    lat: int
    region: str | None = None
    radius_m: int | None = None
    call_signs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What is taken of a dump: `countries` and `languages` None for all of them."""

    countries: frozenset[str] | None = None
    classes: frozenset[str] = DEFAULT_CLASSES
    codes: frozenset[str] = frozenset()
    languages: frozenset[str] | None = None

    @classmethod
    def parse(cls, *, countries: str = "", features: str = "", languages: str = "") -> "Selection":
        """Read lists parted by commas; empty texts stand for the default.

        Parameters
        ----------
        countries
            ISO 3166-1 codes of two letters.
        features
            Feature classes of one letter (`P`) and feature codes (`ADM2`).
        languages
            ISO 639 codes of two or three letters.

        Raises
        ------
        ValueError
            For what is no such code.
        """
        codes = _listed(features.upper(), _FEATURE, "feature class or code, such as P or ADM2")
        classes = frozenset(code for code in codes if len(code) == 1)
        if unknown := sorted(classes - set(FEATURE_CLASSES)):
            raise ValueError(f"no feature class {', '.join(unknown)}; there are {', '.join(FEATURE_CLASSES)}")
        return cls(
            countries=_listed(countries.upper(), _COUNTRY, "country code of two letters") or None,
            classes=classes if codes else DEFAULT_CLASSES,
            codes=codes - classes,
            languages=_listed(languages.lower(), re.compile("[a-z]{2,3}"), "language code such as ru")
            or None,
        )


@dataclass(slots=True)
class Faults:
    """Rows that cannot be used: the first few with their place, the rest counted."""

    keep: int = 20
    first: list[Problem] = field(default_factory=list)
    count: int = 0

    def note(self, path: Path, line: int, message: str) -> None:
        """Count a row, and keep what is wrong with it if it is among the first."""
        self.count += 1
        if len(self.first) < self.keep:
            self.first.append(Problem(Mark(path, line, 1), message, "row"))


@dataclass(slots=True)
class Tally:
    """Rows of one file: read, left out because nobody asked for them, and broken."""

    rows: int = 0
    left_out: int = 0
    broken: int = 0


def read_places(
    lines: Iterable[bytes],
    path: Path,
    selection: Selection,
    *,
    faults: Faults,
    tally: Tally,
    divisions: dict[str, int],
) -> Iterator[DumpPlace]:
    """Read GeoNames' main table of 19 columns (`allCountries.txt`, `PL.txt`, `cities500.txt`).

    Parameters
    ----------
    lines
        Rows without their line ends.
    path
        Names the file in messages.
    selection
        Rows of other countries or features are counted and left out.
    faults, tally
        Take what is wrong, and the counts.
    divisions
        Takes the id of every second-order division by its code (`PL.81.2005`), selected or not.

    Yields
    ------
    place
        With names free of control and direction characters.

    Raises
    ------
    ConfigError
        If the file is not such a table at all.
    """
    classes, codes, countries = selection.classes, selection.codes, selection.countries
    known_features: set[str] = set()
    known_countries: set[str] = {""}
    for line, row in _rows(lines, path, _PLACE_COLUMNS, "GeoNames' main table", faults, tally):
        feature_class, feature, country = row[6], row[7], row[8]
        if feature_class == "P" and not feature:
            feature = "PPL"
        try:
            geonameid = int(row[0])
            if not 0 < geonameid < _MAX_ID:
                raise ValueError(f"id {row[0]!r} is out of range")
            if feature not in known_features and feature:
                if _FEATURE.fullmatch(feature) is None:
                    raise ValueError(f"{feature!r} is no feature code")
                known_features.add(feature)
            if country not in known_countries:
                if _COUNTRY.fullmatch(country) is None:
                    raise ValueError(f"{country!r} is no country code")
                known_countries.add(country)
            admin1, district = f"{country}.{row[10]}", f"{country}.{row[10]}.{row[11]}"
            if feature == "ADM2" and row[11]:
                divisions.setdefault(district, geonameid)
            if (
                not feature
                or (feature_class not in classes and feature not in codes)
                or (countries is not None and country not in countries)
            ):
                tally.left_out += 1
                continue
            lat, lon = float(row[4]), float(row[5])
            population = int(row[14] or 0)
            if not (-90 <= lat <= 90 and -180 <= lon <= 180):
                raise ValueError(f"lat {row[4]}, lon {row[5]} is no position in degrees")
            if not 0 <= population < _MAX_PEOPLE:
                raise ValueError(f"population {row[14]} is out of range")
            if not 0 < len(row[1]) <= _MAX_NAME:
                raise ValueError("the name is empty" if not row[1] else f"a name of {len(row[1])} characters")
        except ValueError as error:
            tally.broken += 1
            faults.note(path, line, f"{error}; the row is left out")
            continue
        others = row[3].split(",") if row[3] else []
        if row[2] != row[1]:
            others.append(row[2])
        if not row[11] or feature.startswith(("ADM1", "ADM2", "PCL")):
            district = ""
        yield DumpPlace(
            geonameid, None, row[1], others, feature_class, feature, country or None, admin1, district,
            population, round(lon * DEGREE), round(lat * DEGREE),
        )  # fmt: skip


def read_alternate_names(
    lines: Iterable[bytes], path: Path, languages: frozenset[str] | None, *, faults: Faults, tally: Tally
) -> Iterator[tuple[int, str]]:
    """Read GeoNames' table of alternate names (`alternateNamesV2.txt`).

    Left out are names marked as historic, and what is no name: links, postal and airport codes,
    abbreviations, ids of other data sets. A name without a language is kept.

    Parameters
    ----------
    lines, path, faults, tally
        As in `read_places`.
    languages
        ISO 639 codes to keep; None for all.

    Yields
    ------
    geonameid, name

    Raises
    ------
    ConfigError
        If the file is not such a table at all.
    """
    known: dict[str, bool] = {"": True}
    for line, row in _rows(lines, path, _NAME_COLUMNS, "GeoNames' alternate names", faults, tally):
        language = row[2]
        if language not in known:
            written = _LANGUAGE.fullmatch(language)
            known[language] = written is not None and (languages is None or written.group(1) in languages)
        if not known[language] or (len(row) > 7 and row[7] == "1"):
            tally.left_out += 1
            continue
        try:
            geonameid = int(row[1])
            if not 0 < geonameid < _MAX_ID:
                raise ValueError(f"id {row[1]!r} is out of range")
        except ValueError as error:
            tally.broken += 1
            faults.note(path, line, f"{error}; the row is left out")
            continue
        yield geonameid, row[3]


def read_airports(
    lines: Iterable[bytes],
    path: Path,
    selection: Selection,
    *,
    faults: Faults,
    tally: Tally,
    region_ids: frozenset[str] = frozenset(),
) -> Iterator[DumpPlace]:
    """Read OurAirports' `airports.csv`.

    Parameters
    ----------
    lines, path, selection, faults, tally
        As in `read_places`; of the selection only the countries and, for class S or a code such as `AIRB`, the
        features count.
    region_ids
        Regions that there are; an airport in another one has none.

    Yields
    ------
    place
        With `code` `oa:<ident>`, closed airports included as `AIRQ`.

    Raises
    ------
    ConfigError
        If the file is not such a table at all.
    """
    reader = csv.reader(_texts(lines, path), strict=True)
    try:
        header = next(reader, [])
        if missing := [key for key in _AIRPORT_KEYS if key not in header]:
            raise _no_dump(path, 1, f"not OurAirports' airports.csv: column {missing[0]} is missing")
        for values in reader:
            tally.rows += 1
            try:
                if len(values) != len(header):
                    raise ValueError(f"{len(values)} columns where the header has {len(header)}")
                place = _airport(dict(zip(header, values, strict=True)), region_ids)
            except ValueError as error:
                tally.broken += 1
                faults.note(path, reader.line_num, f"{error}; the row is left out")
                continue
            asked = "S" in selection.classes or place.feature in selection.codes
            if not asked or (selection.countries is not None and place.country not in selection.countries):
                tally.left_out += 1
                continue
            yield place
    except csv.Error as error:
        raise _no_dump(path, reader.line_num, f"not CSV: {error}") from error
    _check_some_row_is_good(path, tally, "OurAirports' airports.csv")


def airport_key(code: str) -> int:
    """The key of a place that has no GeoNames id, from its whole id (`oa:UMLI`): the same in every build.

    Negative, and below -2 ** 32, where no numbered key is. Of 100,000 ids two share one with odds of 1 to
    10 million.
    """
    return -(2**32) - int.from_bytes(hashlib.sha256(code.encode()).digest()[:7], "big")


def ranked_folds(name: str, other_names: Iterable[str], call_signs: Iterable[str] = ()) -> dict[str, int]:
    """The folds of a place's names, each with its best rank.

    Of the other names those are left out that are no toponyms, and folds of one letter.
    """
    ranks = {fold_name(sign): OTHER for sign in call_signs}
    for other in other_names:
        if rank := name_rank(other):
            fold = fold_name(other)
            if 1 < len(fold) <= _MAX_FOLD and ranks.get(fold, OTHER_SCRIPT) >= rank:
                ranks[fold] = rank
    if fold := fold_name(name)[:_MAX_FOLD]:
        ranks[fold] = MAIN
    return ranks


def name_rank(name: str) -> int:
    """The rank of a name that is not the main one: `OTHER` or `OTHER_SCRIPT`; 0 for what is no toponym.

    No toponyms are codes, links, numbers, names of mixed scripts, and rough transliterations: GeoNames keeps
    those of other scripts (`ge luo de nuo`, `hrwdna`) without a capital letter, and they would match common
    words. Of other scripts only those are taken whose letters stand for sounds.
    """
    if (":" in name or "." in name) and _URL.search(name):
        return 0
    if name.isascii():
        return OTHER if name != name.lower() and _CODE.fullmatch(name) is None else 0
    scripts = set(name.translate(_SCRIPTS))
    if len(scripts) != 1:
        return 0
    script = scripts.pop()
    if script in "LC":
        return OTHER if name != name.lower() else 0
    return OTHER_SCRIPT if script != _UNTAKEN else 0


class _Scripts(dict[int, str | None]):
    """The script of each letter by code point; None for what is no letter."""

    def __missing__(self, code: int) -> str | None:
        character = chr(code)
        script: str | None = None
        if character.isalpha():
            word = unicodedata.name(character, "").partition(" ")[0]
            script = _SCRIPT_LETTERS.get(word, _UNTAKEN)
        self[code] = script
        return script


_UNTAKEN: Final = "X"
_SCRIPT_LETTERS: Final = {
    "LATIN": "L", "CYRILLIC": "C", "ARABIC": "A", "HEBREW": "H", "GREEK": "G", "ARMENIAN": "R", "GEORGIAN": "E",
    # The modifier apostrophe of Ukrainian and Belarusian counts as a letter.
    "MODIFIER": None,
}  # fmt: skip
_SCRIPTS: Final = _Scripts()


def _rows(
    lines: Iterable[bytes], path: Path, columns: range, what: str, faults: Faults, tally: Tally
) -> Iterator[tuple[int, list[str]]]:
    """Rows of a table parted by tabs, with their line number and without unseen characters."""
    good = False
    first = ""
    for line, raw in enumerate(lines, 1):
        if raw.isspace() or not raw:
            continue
        tally.rows += 1
        fault = ""
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            fault = "not UTF-8"
        else:
            # A carriage return at the end is a line end of Windows; it falls away with the others.
            if UNSEEN.search(text):
                text = UNSEEN.sub("", text)
            row = text.split("\t")
            if len(row) in columns:
                good = True
                yield line, row
                continue
            fault = f"{len(row)} columns, expected {columns[-1]} parted by tabs"
        first = first or f"line {line}: {fault}"
        tally.broken += 1
        if not good and tally.rows >= _FIRST_ROWS:
            break
        faults.note(path, line, f"{fault}; the row is left out")
    if not good:
        raise _no_dump(path, 1, f"not {what}: {first or 'the file is empty'}")
    _check_some_row_is_good(path, tally, what)


def _check_some_row_is_good(path: Path, tally: Tally, what: str) -> None:
    if tally.rows == tally.broken:
        raise _no_dump(path, 1, f"not {what}: no row of {tally.rows:,} can be used")


def _texts(lines: Iterable[bytes], path: Path) -> Iterator[str]:
    """Lines of a CSV file, whose rows may span several of them."""
    for line, raw in enumerate(lines, 1):
        try:
            text = raw.decode()
        except UnicodeDecodeError as error:
            raise _no_dump(path, line, "not UTF-8 here; download the file again") from error
        yield UNSEEN.sub("", text) + "\n"


def _airport(row: dict[str, str], region_ids: frozenset[str]) -> DumpPlace:
    ident, name, country = row["ident"], row["name"].strip(), row["iso_country"]
    if not re.fullmatch(r"[A-Za-z0-9-]{1,16}", ident):
        raise ValueError(f"{ident!r} is no airport's ident")
    if not 0 < len(name) <= _MAX_NAME:
        raise ValueError("the name is empty or too long")
    if country and not _COUNTRY.fullmatch(country):
        raise ValueError(f"{country!r} is no country code")
    if row["type"] not in _AIRPORT_FEATURES:
        raise ValueError(f"{row['type']!r} is no type of airport")
    lat, lon = float(row["latitude_deg"]), float(row["longitude_deg"])
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise ValueError(f"lat {lat}, lon {lon} is no position in degrees")
    feature = _AIRPORT_FEATURES[row["type"]]
    if feature in ("AIRP", "AIRF") and _AIR_BASE.search(name):
        feature = "AIRB"
    region = row["iso_region"] if row["iso_region"] in region_ids else None
    noun = _AIRPORT_NOUNS.get(feature, "airport")
    others = [word.strip() for word in row.get("keywords", "").split(",")]
    # A keyword, even a record, may be called as its town is; alone that is the town's name.
    others = [_with_noun(word, noun) for word in others if name_rank(word)]
    name = _with_noun(name, noun)
    signs = {row["ident"], row.get("gps_code", ""), row.get("icao_code", ""), row.get("iata_code", "")}
    return DumpPlace(
        None, f"oa:{ident}", name, others, "S", feature, country or None, "", "", 0,
        round(lon * DEGREE), round(lat * DEGREE), region, _AIRPORT_RADIUS_M,
        tuple(sorted(filter(re.compile("[A-Z]{3,4}").fullmatch, signs))),
    )  # fmt: skip


def _with_noun(name: str, noun: str) -> str:
    """A name that says it is an airport's, in its own script."""
    if _AIRPORT_WORD.search(name):
        return name
    word = _AIRPORT_WORDS.get("".join(set(name.translate(_SCRIPTS))))
    return f"{word} {name}" if word else f"{name} {noun}"


def _listed(text: str, form: re.Pattern[str], what: str) -> frozenset[str]:
    codes = [code.strip() for code in text.split(",") if code.strip()]
    for code in codes:
        if form.fullmatch(code) is None:
            raise ValueError(f"{code!r} is no {what}")
    return frozenset(codes)


def _no_dump(path: Path, line: int, message: str) -> ConfigError:
    return ConfigError([Problem(Mark(path, line, 1), message, "dump")])
