"""Looking through the place tables by the beginning of a name: how people find the id of a place."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from geomap.gazetteer.compiled import CompiledPlace
from geomap.gazetteer.fold import fold_name
from geomap.gazetteer.kinds import class_of
from geomap.gazetteer.schema import DEGREE, derived_code

# Past every character of a fold, so that it ends the run of names with one beginning.
_END: Final = "\x7f"
_FIND: Final = """
SELECT p.key, p.code, p.name, p.feature, p.country, p.region, p.population, p.lon, p.lat, min(n.fold != :fold)
FROM name n JOIN place p ON p.key = n.place
WHERE n.fold >= :fold AND n.fold < :end AND (:country IS NULL OR p.country = :country)
    AND (:feature IS NULL OR p.feature = :feature)
GROUP BY p.key ORDER BY p.population DESC, 10, p.key LIMIT :limit
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPlace:
    """A place whose name begins as asked; `exact` says that one of its names is what was asked.

    `feature` is a GeoNames feature code. `lon`, `lat` are degrees, EPSG:4326.
    """

    place_id: str
    name: str
    feature: str
    country: str | None
    region: str | None
    population: int
    lon: float
    lat: float
    exact: bool


def search_names(
    database: sqlite3.Connection,
    text: str,
    *,
    country: str | None = None,
    feature: str | None = None,
    limit: int = 20,
) -> list[FoundPlace]:
    """List places of a database whose folded names begin with a text, the most populous first.

    Parameters
    ----------
    database
        With the tables of `schema`.
    text
        As written; nothing is found where its fold is empty.
    country, feature
        ISO 3166-1 alpha-2 and GeoNames feature code to keep to.
    limit
        At most so many.
    """
    fold = fold_name(text)
    if not fold:
        return []
    asked = {"fold": fold, "end": fold + _END, "country": country, "feature": feature, "limit": limit}
    return [
        FoundPlace(
            place_id=_place_id(key, code, country_code, name, lon, lat),
            name=name,
            feature=code_of_feature,
            country=country_code,
            region=region,
            population=population,
            lon=lon / DEGREE,
            lat=lat / DEGREE,
            exact=not longer,
        )
        for key, code, name, code_of_feature, country_code, region, population, lon, lat, longer in database.execute(
            _FIND, asked
        )
    ]


def search_curated(
    places: Iterable[CompiledPlace], text: str, *, country: str | None = None, feature: str | None = None
) -> list[FoundPlace]:
    """List curated places as `search_names` does; of two with one id the later holds."""
    fold = fold_name(text)
    found: dict[str, FoundPlace] = {}
    for place in places:
        found.pop(place.place_id, None)
        if (
            fold
            and any(known.startswith(fold) for known in place.folds)
            and country in (None, place.country)
            and feature in (None, place.feature)
        ):
            found[place.place_id] = FoundPlace(
                place_id=place.place_id,
                name=place.name,
                feature=place.feature,
                country=place.country,
                region=place.region,
                population=0,
                lon=place.lon,
                lat=place.lat,
                exact=fold in place.folds,
            )
    return list(found.values())


def count_places(database: sqlite3.Connection) -> dict[str, dict[str, int]]:
    """Places by source and class of feature; a source is the scheme of its ids (`gn`, `oa`)."""
    counts: dict[str, dict[str, int]] = {}
    rows = database.execute(
        "SELECT CASE WHEN code IS NULL THEN 'gn' ELSE substr(code, 1, instr(code, ':') - 1) END, feature, count(*)"
        " FROM place GROUP BY 1, 2 ORDER BY 1, 2"
    )
    for source, feature, count in rows:
        of_source = counts.setdefault(source, {})
        kind = class_of(feature).value
        of_source[kind] = of_source.get(kind, 0) + count
    return {source: dict(sorted(kinds.items())) for source, kinds in counts.items()}


def _place_id(key: int, code: str | None, country: str | None, name: str, lon: int, lat: int) -> str:
    if code is None:
        return f"gn:{key}"
    return code + derived_code(country, name, lon / DEGREE, lat / DEGREE) if code.endswith(":") else code
