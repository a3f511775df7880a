"""Measure the exports: python benchmarks/export.py [--events N] [--runs K] [--json FILE].

Makes a project of so many events, exports it in each format, and writes the same rows and 15 of the columns with
geopandas and GDAL in the same process. Prints Markdown tables; each run is best of K, in turn with its peer.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import synthetic
from runs import Figures, describe_machine, load, now, tell
from tables import describe_run, table_of

if TYPE_CHECKING:
    from geomap.model.table import EventTable

COLUMNS: Final = (
    "event_id", "feature_id", "title", "type", "status", "t_start", "t_end", "when", "place_name", "place_id",
    "precision", "radius_m", "sources", "n_origins", "summary",
)  # fmt: skip
PEERS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "geojson": ("`to_file`, RFC7946", {"driver": "GeoJSON", "RFC7946": "YES"}),
    "gpkg": ("`to_file`, Arrow", {"driver": "GPKG", "use_arrow": True}),
    "fgb": ("`to_file`, Arrow", {"driver": "FlatGeobuf", "use_arrow": True}),
    "kml": ("`to_file`, LIBKML", {"driver": "LIBKML"}),
    "parquet": ("`to_parquet`", {}),
}


def main() -> int:
    """Measure, print, write."""
    asked = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    asked.add_argument("--events", type=int, default=100_000, help="how many events the project has")
    asked.add_argument("--runs", type=int, default=3, help="how often each format is written")
    asked.add_argument("--json", type=Path, metavar="FILE", help="writes the figures to a file")
    chosen = asked.parse_args()
    if chosen.events < 100 or chosen.runs < 1:
        asked.error("at least 100 events and 1 run")
    record = describe_machine("export") | {"quick": chosen.events < 10_000 or chosen.runs < 3}
    with tempfile.TemporaryDirectory(prefix="geomap-benchmark-") as folder:
        record["results"] = measure(Path(folder), chosen.events, chosen.runs)
    record |= {"date_end": now(), "load_end": load()}
    if chosen.json:
        chosen.json.write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        tell(f"wrote {chosen.json}")
    print(show(record))
    return 0


def measure(folder: Path, count: int, runs: int) -> Figures:
    """Write the exports of a project of so many events, each format in turn with its peer."""
    from geomap import pipeline
    from geomap.export import EXPORTERS

    synthetic.write_project(folder / "project", count)
    project = pipeline.load(folder / "project")
    info = pipeline.export_info(project)
    figures: Figures = {"events": count, "rows": len(project.table), "formats": {}}
    frame = peer_frame(project.table)
    for name, export in EXPORTERS.items():
        ours, theirs = [], []
        for run in range(runs):
            own = folder / f"{name}-{run}"
            own.mkdir()
            ours.append(seconds(lambda export=export, own=own: export(project.table, info, own)))
            if name in PEERS:
                theirs.append(seconds(lambda name=name, own=own: write_peer(frame(), name, own)))
        size = sum(path.stat().st_size for path in own.iterdir() if not path.name.startswith("peer"))
        figures["formats"][name] = {
            "s": round(min(ours), 2),
            "mib": round(size / (1 << 20), 1),
            **(
                {"peer_s": round(min(theirs), 2), "ratio": round(min(ours) / min(theirs), 2)}
                if theirs
                else {}
            ),
        }
        tell(f"{name}: {figures['formats'][name]}")
    return figures


def peer_frame(table: "EventTable") -> Callable[[], Any]:
    """What makes the frame that the peers write: 15 columns, rows with a geometry, lists as JSON."""

    def make() -> Any:
        frame = table.to_geopandas().reset_index()
        frame["sources"] = [json.dumps(list(values)) for values in frame["sources"]]
        return frame.loc[frame.geometry.notna(), [*COLUMNS, "geometry"]]

    return make


def write_peer(frame: Any, name: str, folder: Path) -> None:
    """Write a frame as geopandas does."""
    path = folder / f"peer.{name}"
    if name == "parquet":
        frame.to_parquet(path, compression="zstd", write_covering_bbox=True)
    else:
        frame.to_file(path, **PEERS[name][1])


def seconds(act: Callable[[], object]) -> float:
    """How long something took."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def show(record: Figures) -> str:
    """The figures of a run as Markdown."""
    results = record["results"]
    rows = [
        (
            f"`{name}`",
            str(own["s"]),
            str(own["mib"]),
            PEERS[name][0] if name in PEERS else "",
            str(own.get("peer_s", "")),
            str(own.get("ratio", "")),
        )
        for name, own in results["formats"].items()
    ]
    head = ("", "s", "MiB", "peer", "peer, s", "ours by theirs")
    title = f"### Exports of {results['events']:,} events"
    return f"{describe_run(record)}\n\n{title}\n\n{table_of(head, rows)}\n"


if __name__ == "__main__":
    sys.exit(main())
