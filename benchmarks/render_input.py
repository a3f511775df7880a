"""The events that maps are made of: python benchmarks/render_input.py FOLDER SIZE…; runs in a process of its own.

Writes `table-SIZE.parquet`, which the peers read, and `project-SIZE/map.yaml` with its events, which geomap reads.
The same seed gives the same bytes, and the events of a smaller size are the first of a greater one.
"""

import json
import random
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
import synthetic

BBOX: Final = (18.0, 46.0, 42.0, 60.0)
"""West, south, east, north of what all pages show whole: centre and zoom are those of `render_peers`."""
CATEGORIES: Final = ("exercise/live_fire", "strike/explosion", "migration/camp")
SPREAD_DEG: Final = 0.2
INPUT: Final = "parquet"
"""The form in which geomap is given its events: a key of `WRITERS`."""

_EACH: Final = 10_000
_SCHEMA: Final = pa.schema(
    {
        "lon": pa.float64(),
        "lat": pa.float64(),
        "day": pa.date32(),
        "category": pa.string(),
        "title": pa.string(),
        "url": pa.string(),
    }
)


def main() -> None:
    """Write the tables and projects of some sizes."""
    folder, *sizes = sys.argv[1:]
    table = make_table(max(map(int, sizes)))
    for size in map(int, sizes):
        part = table.slice(0, size)
        pq.write_table(part, Path(folder) / f"table-{size}.parquet")
        write_project(Path(folder) / f"project-{size}", part)


def make_table(count: int) -> pa.Table:
    """Events around settlements of `BBOX`, each at a position of its own, over four years.

    Returns
    -------
    table
        lon and lat in degrees (EPSG:4326, five decimals), day, category, title, and the URL of one of 200 sources.
    """
    chance = random.Random(synthetic.SEED)
    west, south, east, north = BBOX
    places = [
        place
        for place in synthetic.read_ground(synthetic.SEED).points
        if west + 1 < place["lon"] < east - 1 and south + 1 < place["lat"] < north - 1
    ]
    urls = [source["url"] for source in synthetic.make_sources().values()]

    def rows() -> Iterator[dict[str, Any]]:
        for _ in range(count):
            place, day = chance.choice(places), chance.randrange(synthetic.DAYS)
            yield {
                "lon": round(place["lon"] + _scattered(chance), 5),
                "lat": round(place["lat"] + _scattered(chance), 5),
                "day": synthetic.FIRST_DAY + timedelta(days=day),
                "category": chance.choice(CATEGORIES),
                "title": synthetic.make_title(chance, place["name"]),
                "url": urls[synthetic.source_after(day)],
            }

    made, batches = rows(), []
    while batch := list(islice(made, _EACH)):
        batches.append(pa.RecordBatch.from_pylist(batch, schema=_SCHEMA))
    return pa.Table.from_batches(batches, schema=_SCHEMA)


def _scattered(chance: random.Random) -> float:
    """An offset from a settlement, cut off so that nothing leaves `BBOX`."""
    return max(-0.9, min(0.9, chance.gauss(0, SPREAD_DEG)))


def write_project(folder: Path, table: pa.Table, *, form: str = INPUT) -> None:
    """Write the same events as a project of geomap that makes nothing but its page."""
    folder.mkdir(parents=True)
    head = {
        "schema": 1,
        "title": f"{len(table):,} made-up events",
        "countries": list(synthetic.COUNTRIES),
        "sources": synthetic.make_sources(),
        "outputs": ["html"],
        "view": {"bbox": list(BBOX)},
        "events": [WRITERS[form](folder, table)],
    }
    # JSON is YAML, one key a line.
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in head.items()]
    (folder / "map.yaml").write_text("".join(lines), encoding="utf-8")


def write_jsonl(folder: Path, table: pa.Table) -> str:
    """Write the events as JSON Lines; the name of the file."""
    ids = {source["url"]: key for key, source in synthetic.make_sources().items()}
    with (folder / "events.jsonl").open("w", encoding="utf-8") as stream:
        for number, row in enumerate(row for batch in table.to_batches() for row in batch.to_pylist()):
            event = {
                "id": f"event-{number:07}",
                "type": row["category"],
                "title": row["title"],
                "when": str(row["day"]),
                "where": {
                    "lon": row["lon"],
                    "lat": row["lat"],
                    "precision": "exact",
                    "method": "geolocated",
                },
                "sources": [ids[row["url"]]],
            }
            stream.write(json.dumps(event, ensure_ascii=False, separators=(",", ":")) + "\n")
    return "events.jsonl"


def write_parquet(folder: Path, table: pa.Table) -> str:
    """Write the events as a Parquet table; the name of the file."""
    ids = {source["url"]: key for key, source in synthetic.make_sources().items()}
    kinds = [category.as_py().split("/") for category in table["category"].unique()]
    known = {"/".join(parts): parts for parts in kinds}
    categories = table["category"].to_pylist()
    columns = {
        "event_id": [f"event-{number:07}" for number in range(len(table))],
        "title": table["title"],
        "type": [known[category][0] for category in categories],
        "subtype": [known[category][1] for category in categories],
        "date_start": table["day"],
        "date_end": table["day"],
        "lon": table["lon"],
        "lat": table["lat"],
        "precision": ["exact"] * len(table),
        "method": ["geolocated"] * len(table),
        "sources": [[ids[url]] for url in table["url"].to_pylist()],
    }
    pq.write_table(pa.table(columns), folder / "events.parquet")
    return "events.parquet"


WRITERS: Final[dict[str, Callable[[Path, pa.Table], str]]] = {"jsonl": write_jsonl, "parquet": write_parquet}

if __name__ == "__main__":
    main()
