"""Words in names that say what kind of thing is named, and which language is at home where."""

from typing import Final

Names = dict[str, list[str]]
"""Names by language, the one to show first."""

# Folded words for a first-order region, in the languages and romanisations in use.
REGION_WORDS: Final = frozenset(
    {
        "region", "oblast", "voblast", "voblasts", "province", "voivodeship", "voivodship", "krai", "kray",
        "okrug", "raion", "county", "state", "governorate", "department", "prefecture", "canton", "territory",
        "republic", "autonomous", "avtonomnaya", "avtonomna", "respublika", "respublica",
        "wojewodztwo", "obwod", "apskritis", "maakond", "woiwodschaft", "gebiet", "obl", "vobl", "woj",
    }
)  # fmt: skip
_JOINING_WORDS: Final = frozenset({"of", "the"})

# The official language first written for people of a country: the one whose name counts as native.
NATIVE_LANGUAGE: Final = {
    "BY": "be", "PL": "pl", "RU": "ru", "UA": "uk", "LT": "lt", "LV": "lv", "EE": "et", "KZ": "kk",
    "MD": "ro",    "TR": "tr", "FR": "fr", "DE": "de", "BE": "fr", "GB": "en", "US": "en",
}  # fmt: skip


def without_region_words(fold: str) -> str:
    """A folded name without words such as `region` or `oblast`; empty where nothing else is left."""
    dropped = REGION_WORDS | _JOINING_WORDS
    return " ".join(word for word in fold.split() if word not in dropped)


def has_region_words(fold: str) -> bool:
    """Whether a folded name says that it names a region."""
    return any(word in REGION_WORDS for word in fold.split())


def display_name(names: Names) -> str:
    """The first English name, else the first name there is."""
    return (names.get("en") or next(iter(names.values())))[0]


def native_name(names: Names, country: str | None) -> str:
    """The first name in the country's own language; empty where it is not known."""
    return (names.get(NATIVE_LANGUAGE.get(country or "", "")) or [""])[0]
