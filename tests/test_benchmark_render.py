"""The benchmark of one HTML map runs, and what it computes beside clocks is right. No test looks at a clock."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from geomap.pipeline import load

ROOT = Path(__file__).resolve().parents[1]
BENCHMARKS = ROOT / "benchmarks"


@pytest.fixture
def benchmarks() -> Iterator[None]:
    """The modules of the benchmarks, importable by name."""
    sys.path.insert(0, str(BENCHMARKS))
    yield
    sys.path.remove(str(BENCHMARKS))


@pytest.fixture
def runs(benchmarks: None) -> ModuleType:
    import runs

    return runs


@pytest.fixture
def render(benchmarks: None) -> ModuleType:
    import render

    return render


@pytest.fixture
def render_input(benchmarks: None) -> ModuleType:
    import render_input

    return render_input


@pytest.fixture
def render_tables(benchmarks: None) -> ModuleType:
    import render_tables

    return render_tables


def test_a_table_and_its_project_hold_the_same_events(render_input: ModuleType, tmp_path: Path) -> None:
    table = render_input.make_table(50)
    assert table.equals(render_input.make_table(80).slice(0, 50))
    render_input.write_project(tmp_path / "project", table)
    project = load(tmp_path / "project")
    columns = project.table.columns
    names = ("event_id", "title", "lon", "lat", "t_start")
    found = sorted(zip(*(columns[name] for name in names), strict=True))
    assert [(title, lon, lat, str(day)[:10]) for _, title, lon, lat, day in found] == [
        (row["title"], row["lon"], row["lat"], str(row["day"])) for row in table.to_pylist()
    ]
    west, south, east, north = render_input.BBOX
    assert all(west < lon < east for lon in columns["lon"])
    assert all(south < lat < north for lat in columns["lat"])


def test_a_power_is_found_where_a_fixed_cost_does_not_hide_it(runs: ModuleType) -> None:
    squares = [(n, float(n * n)) for n in (10, 100, 1_000)]
    # The first is the least itself and never counts.
    assert runs.growth(squares) == {"exponent": 2.0, "over": [100, 1_000]}
    with_start = [(n, 5.0 + n / 1_000) for n in (10, 1_000, 100_000, 1_000_000)]
    fit = runs.growth(with_start)
    assert fit["over"] == [100_000, 1_000_000]
    assert fit["exponent"] == pytest.approx(0.98, abs=0.02)
    assert runs.growth([(10, 1.0), (100, 2.0)]) is None
    assert runs.growth([]) is None


def test_a_program_is_ended_when_its_time_is_up(benchmarks: None) -> None:
    from processes import TooSlowError, run

    with pytest.raises(TooSlowError, match=r"not done in 0\.2 s"):
        run((sys.executable, "-c", "import time; time.sleep(60)"), limit_s=0.2)


def test_what_was_cut_is_told_in_its_column(render: ModuleType, render_tables: ModuleType) -> None:
    ours, cut, slow = render.Cell(), render.Cell(), render.Cell(said="its build took more than 60 s")
    for found, seconds in ((ours, 1.0), (cut, 4.0)):
        found.values |= {"build_s": [seconds], "html_mib": [seconds], "build_peak_mib": [seconds]}
    ours.values["interactive_s"] = [0.5]
    ours.values["mark_s"] = [0.25]
    ours.steps["scrub_ms"] = [10.0, 30.0]
    cut.reasons["interactive"] = "not within 60 s"
    cells = {
        "geomap": ours.figures(),
        "folium_geojson": cut.figures(),
        "folium_marker": slow.figures(),
    }
    assert cells["geomap"]["fps"] == 50
    assert cells["folium_marker"] == {"not_measured": "its build took more than 60 s"}
    measured = render_tables._measured(cells).splitlines()
    assert "| 0.50 (own mark 0.25) |" in measured[2]
    assert "| not within 60 s |" in measured[3]
    assert measured[4].startswith("| folium `Marker` | its build took more than 60 s |")
    assert len({line.count("|") for line in measured}) == 1
    assert "| folium `GeoJson` | 0.25 | 0.25 | 0.25 |  |" in render_tables._ratios(cells)


def test_what_is_asked_of_a_cdn_has_one_file_of_its_own_name(benchmarks: None, tmp_path: Path) -> None:
    import render_fetch
    from runs import NotMeasuredError

    for address, (path, digest) in render_fetch.COPIES.items():
        assert Path(path).stem.removesuffix(".min") == Path(address).stem.removesuffix(".min").replace(
            "jquery-3.7.1", "jquery"
        )
        assert len(digest) == len(hashlib.sha256().hexdigest())
        package = "/".join(Path(path).parts[: 2 if path.startswith("@") else 1])
        assert package in render_fetch.NPM
    for path, _ in render_fetch.COPIES.values():
        file = tmp_path / "npm" / "node_modules" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"another")
    with pytest.raises(NotMeasuredError, match="not the file that it was"):
        render_fetch.cdn_copies(tmp_path)


def test_makers_are_those_that_can_be_built(benchmarks: None) -> None:
    import render_pages
    import render_peers
    import render_tables

    assert list(render_tables.MAKERS) == ["geomap", *render_peers.PEERS]
    assert render_peers.IMPORTS.keys() == render_peers.PEERS.keys()
    assert render_pages.KINDS.keys() <= render_tables.MAKERS.keys()
    assert render_pages.ACTS.keys() == {"scrub", "filter", "pan", "zoom"}


def run_benchmark(folder: Path, *options: str, **environment: str) -> tuple[int, str, dict[str, Any]]:
    command = (BENCHMARKS / "render.py", "--quick", "--only", "geomap", "--sizes", "120", "--out", folder)
    ended = subprocess.run(
        [sys.executable, *map(str, command), *options],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
        env=os.environ | environment,
    )
    return ended.returncode, ended.stdout + ended.stderr, json.loads((folder / "render.json").read_bytes())


def test_our_page_is_measured(tmp_path: Path) -> None:
    code, said, record = run_benchmark(tmp_path)
    assert code == 0, said
    found = record["results"]["cells"]["120"]["geomap"]
    assert (found["reasons"], found["faults"], found["requests"]["most"]) == ({}, [], 0)
    for name in ("build_s", "build_peak_mib", "html_mib", "renderer_mib", "heap_mib", "pan_ms", "zoom_ms"):
        assert found[name]["median"] > 0, name
    assert 0 < found["mark_s"]["median"] <= found["interactive_s"]["median"]
    assert (found["scrub_ms"]["n"], found["filter_ms"]["n"]) == (60, 5)
    assert record["results"]["starts"]["geomap"]["median"] > 0
    assert "### One page of 120 events" in said
    for line, following in zip(said.splitlines(), said.splitlines()[1:], strict=False):
        if line.startswith("|") and following.startswith("|"):
            assert line.count("|") == following.count("|"), following


def test_without_a_browser_it_ends_with_1(tmp_path: Path) -> None:
    code, said, record = run_benchmark(tmp_path, GEOMAP_CHROMIUM=str(tmp_path / "none"))
    assert code == 1
    assert "not there: install it" in record["results"]["failed"][0]
    assert "failed: 120 events: " in said
