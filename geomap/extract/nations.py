"""Which country a word stands for: its name, its people, its capital, an institution of it."""

from typing import Final

import shapely

from geomap.gazetteer.fold import fold_name
from geomap.gazetteer.kinds import PlaceClass, class_of
from geomap.gazetteer.rows import Row
from geomap.gazetteer.schema import NameRank
from geomap.gazetteer.store import Store

# Houses that stand for those who sit there, and short forms.
_SEATS: Final = {
    "kremlin": "RU",
    "white house": "US",
    "pentagon": "US",
    "downing street": "GB",
    "whitehall": "GB",
    "elysee": "FR",
    "us": "US",
    "u s": "US",
    "uk": "GB",
    "u k": "GB",
    "eu": "",
    "holland": "NL",
}
# Peoples that the gazetteer's list lacks.
_PEOPLES: Final = {
    "kazakh": "KZ", "kazakhs": "KZ", "kyrgyz": "KG", "tajik": "TJ", "tajiks": "TJ", "uzbek": "UZ", "uzbeks": "UZ",
    "taiwanese": "TW", "azeri": "AZ", "azeris": "AZ", "north korean": "KP", "north koreans": "KP",
    "south korean": "KR", "south koreans": "KR", "somalis": "SO", "palestinian": "PS", "palestinians": "PS",
    "kosovar": "XK", "kosovan": "XK", "houthi": "YE", "houthis": "YE",
}  # fmt: skip
_TOUCHING_DEGREES: Final = 0.02


class Nations:
    """Looks words up as countries, once each."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, tuple[str, str]] = {}
        self._adjoining: dict[tuple[str, str], bool] = {}
        self._capitals: dict[int, str] | None = None

    def country(self, text: str) -> str:
        """ISO 3166-1 alpha-2 code of a country or of its people; empty where a text is neither."""
        code, kind = self._look(text)
        return code if kind in ("name", "people") else ""

    def people(self, text: str) -> str:
        """The code of the country whose people or adjective a text is."""
        code, kind = self._look(text)
        return code if kind == "people" else ""

    def stands_for(self, text: str) -> str:
        """The code of the country that a text is or may stand for, by its capital or a seat of power too."""
        return self._look(text)[0]

    def rows(self, name: str) -> list[Row]:
        """The places of a name, demonyms apart."""
        fold = fold_name(name)
        return [row for row in self._store.rows(fold) if row.rank <= NameRank.OTHER_SCRIPT] if fold else []

    def adjoin(self, one: str, other: str) -> bool:
        """Whether two countries, by code, have a land border."""
        pair = (min(one, other), max(one, other))
        if pair not in self._adjoining:
            codes = set(self._store.country_codes())
            self._adjoining[pair] = (
                one != other
                and {one, other} <= codes
                and shapely.dwithin(
                    self._store.country_shape(one), self._store.country_shape(other), _TOUCHING_DEGREES
                )
            )
        return self._adjoining[pair]

    def _look(self, text: str) -> tuple[str, str]:
        fold = fold_name(text)
        if fold not in self._known:
            if len(self._known) > 50_000:
                self._known.clear()
            self._known[fold] = self._found(fold) if fold else ("", "")
        return self._known[fold]

    def _found(self, fold: str) -> tuple[str, str]:
        if fold in _PEOPLES:
            return _PEOPLES[fold], "people"
        if fold in _SEATS:
            code = _SEATS[fold]
            return code, "name" if fold in ("us", "u s", "uk", "u k", "holland") else "seat"
        rows = self._store.rows(fold)
        for row in rows:
            if class_of(row.feature) is PlaceClass.COUNTRY and row.country and row.rank != NameRank.DEMONYM:
                return row.country, "name"
        for row in rows:
            if class_of(row.feature) is PlaceClass.COUNTRY and row.country:
                return row.country, "people"
        if self._capitals is None:
            self._capitals = self._store.capitals()
        for row in rows:
            if row.key in self._capitals:
                return self._capitals[row.key], "capital"
        return "", ""
