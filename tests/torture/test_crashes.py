"""Commands that are killed, or run out of room, leave whole files: the old ones or the new ones, and no others."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from crashing import crash
from geomap import pipeline
from torture_log import Tally, is_long

MAP = """\
schema: 1
title: {title}
events: [events.yaml]
countries: [BY, PL]
outputs: [html, geojson]
"""
EVENTS = """\
schema: 1
sources:
  wire: {publisher: Example Wire, published: 2021-11-13}
events:
  - {id: drill, type: exercise, title: A drill, when: 2021-11-12, where: Grodno Region, sources: [wire]}
"""
MORE = "  - {id: speech, type: statement, title: A speech, where: Minsk, sources: [wire]}\n"
ACLED = """\
event_id_cnty,event_date,time_precision,event_type,sub_event_type,actor1,actor2,country,admin1,location,latitude,\
longitude,geo_precision,source,notes,fatalities
UKR1,2024-08-12,1,Battles,Armed clash,Army of A,Army of B,Ukraine,Kharkiv,Vovchansk,50.29,36.94,1,Wire,A clash.,0
"""
DUMP = "{0}\t{1}\t{1}\t\t53.6884\t23.8258\tP\tPPL\tBY\t\t03\t\t\t\t1000\t\t\tEurope/Minsk\t2024-01-01\n"
ARTICLE = """\
---
publisher: Example Wire
published: 2021-11-13
language: en
---
Russian paratroopers landed in the Grodno region of Belarus on Friday, the Defence Ministry said.
"""


@dataclass(frozen=True)
class Case:
    """A command, the folder of its outputs, and what is there before it begins."""

    argv: list[object]
    folder: Path
    before: Path


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def project(folder: Path, title: str, events: str) -> Path:
    write(folder / "events.yaml", events)
    write(folder / "map.yaml", MAP.format(title=title))
    return folder


def built(tmp_path: Path) -> Case:
    """A build over an older one; the lock beside the map is replaced as well."""
    before, folder = tmp_path / "before", tmp_path / "work"
    pipeline.write(pipeline.build(project(before, "Old", EVENTS)), before / "out")
    project(before, "New", EVENTS + MORE)
    return Case(["build", folder], folder, before)


def exported(tmp_path: Path) -> Case:
    """An export over an older one, in a format of each writer: ours, GDAL's, Arrow's, a zip."""
    before, folder = tmp_path / "before", tmp_path / "work"
    formats = ["geojson", "gpkg", "parquet", "kml"]
    pipeline.export(project(tmp_path / "old", "Old", EVENTS), formats, folder=before)
    new = project(tmp_path / "new", "New", EVENTS + MORE)
    return Case(["export", new, "--format", ",".join(formats), "--out", folder], folder, before)


def imported(tmp_path: Path) -> Case:
    """An import into a file that is there."""
    write(tmp_path / "before" / "events.yaml", EVENTS)
    rows, folder = write(tmp_path / "rows.csv", ACLED), tmp_path / "work"
    argv = ["import", rows, "--from", "acled", "--into", folder / "events.yaml", "--yes"]
    return Case(argv, folder, tmp_path / "before")


def gazetteer(tmp_path: Path) -> Case:
    """A user's store, built anew from dumps that have more rows."""
    before, folder = tmp_path / "before", tmp_path / "work"
    few = write(tmp_path / "few" / "BY.txt", "".join(DUMP.format(n, f"Place {n}") for n in range(1, 50)))
    many = write(tmp_path / "many" / "BY.txt", "".join(DUMP.format(n, f"Place {n}") for n in range(1, 3000)))
    before.mkdir()
    argv = [
        sys.executable,
        "-m",
        "geomap",
        "gazetteer",
        "build",
        "--geonames",
        few,
        "--out",
        before / "own.sqlite",
    ]
    subprocess.run(argv, check=True, capture_output=True)
    return Case(["gazetteer", "build", "--geonames", many, "--out", folder / "own.sqlite"], folder, before)


def drafted(tmp_path: Path) -> Case:
    """Drafts written over older ones."""
    article, folder = write(tmp_path / "article.md", ARTICLE), tmp_path / "work"
    write(tmp_path / "before" / "events.yaml", EVENTS)
    return Case(["draft", article, "-o", folder / "events.yaml", "--force"], folder, tmp_path / "before")


CASES = [built, exported, imported, gazetteer, drafted]


@pytest.mark.parametrize("make", CASES, ids=lambda make: make.__name__)
def test_a_command_that_is_killed_leaves_whole_files(make: Callable[[Path], Case], tmp_path: Path) -> None:
    case = make(tmp_path)
    outcome = crash(
        case.argv,
        case.folder,
        case.before,
        tmp_path / "log",
        steps="all" if is_long() else 6,
        moments=200 if is_long() else 2,
        seed=20211112,
        sizes=[0, 100, 3000, 20_000, 120_000] if is_long() else [100, 20_000],
    )
    failures = {name: outcome[name] for name in ("torn", "lost", "strange", "unfinished") if outcome[name]}
    failed = sum(map(len, failures.values()))
    Tally(f"geomap {make.__name__}, killed or out of room", runs=outcome["runs"], failures=failed).write()
    assert failures == {}
    assert outcome["steps"] >= 3, "the steps of its work on files are seen"
    assert outcome["killed"] >= 3
    assert outcome["codes"][0] == 1, "a full disk is told"
