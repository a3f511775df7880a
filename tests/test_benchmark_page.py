"""The made-up project is the same each time and can be built; the page's benchmark runs. No test looks at a clock."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from geomap.pipeline import load

ROOT = Path(__file__).resolve().parents[1]
BENCHMARKS = ROOT / "benchmarks"


@pytest.fixture
def synthetic(benchmarks: None) -> ModuleType:
    import synthetic

    return synthetic


@pytest.fixture
def page(benchmarks: None) -> ModuleType:
    import page

    return page


@pytest.fixture
def benchmarks() -> Iterator[None]:
    """The modules of the benchmarks, importable by name."""
    sys.path.insert(0, str(BENCHMARKS))
    yield
    sys.path.remove(str(BENCHMARKS))


def read_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_one_number_and_seed_give_one_project(synthetic: ModuleType, tmp_path: Path) -> None:
    for name, count, seed in (("a", 60, 1), ("b", 60, 1), ("c", 40, 1), ("d", 60, 2)):
        synthetic.write_project(tmp_path / name, count, seed=seed)
    for file in ("map.yaml", "events.jsonl"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()
    events = [read_lines(tmp_path / name / "events.jsonl") for name in "acd"]
    assert events[1] == events[0][:40]
    assert events[2] != events[0]


def test_a_made_up_project_is_as_it_says_and_loads(synthetic: ModuleType, tmp_path: Path) -> None:
    project = load(synthetic.write_project(tmp_path, 3_000))
    assert {finding.code for finding in project.findings} <= {"undated", "after-publication"}
    events = project.table.event_rows
    precisions = Counter(project.table.columns["precision"])
    assert (len(events), len(project.table)) == (3_000, 3_000)
    for precision, share in (("place", 0.70), ("region", 0.15), ("country", 0.10), ("none", 0.05)):
        assert precisions[precision] / 3_000 == pytest.approx(share, abs=0.02)
    assert precisions.keys() == {"place", "region", "country", "none"}
    dates = Counter(project.table.columns["date_precision"])
    assert dates.keys() == {"day", "month", "range", "unknown"}
    assert set(project.table.columns["status"]) >= {"reported", "corroborated", "disputed"}
    # Five words to eight, and the place's.
    words = [
        len(title.partition(" near ")[0].split()) for title in dict.fromkeys(project.table.columns["title"])
    ]
    assert (min(words), max(words)) == (4, 7)


def test_percentiles_are_values_that_were_measured(page: ModuleType) -> None:
    assert page.spread([5, 1, 3]) == {"n": 3, "median": 3, "p95": 5, "least": 1, "most": 5}
    assert page.spread(range(1, 101))["p95"] == 95
    assert page.spread(range(1, 61))["p95"] == 57
    assert page.spread([2.0])["p95"] == 2


def test_windows_of_time_reach_over_all_of_it(page: ModuleType) -> None:
    windows = [step["time"] for step in page.time_steps()]
    assert (len(windows), windows[0], windows[-1]) == (
        60,
        ["2021-01-01", "2021-01-30"],
        ["2024-12-02", "2024-12-31"],
    )


def test_each_filter_is_put_on_and_taken_off(page: ModuleType) -> None:
    steps = [step["filters"] for step in page.filter_steps()]
    assert len(steps) == 20
    assert all(value is None for step in steps[1::2] for value in step.values())
    kinds = {"type", "status", "actor", "source", "precision", "text", "max_km"}
    assert {key for step in steps for key in step} == kinds


def run_benchmark(folder: Path, *options: str, **environment: str) -> tuple[int, str, dict[str, Any]]:
    ended = subprocess.run(
        [sys.executable, str(BENCHMARKS / "page.py"), "--json", str(folder / "page.json"), *options],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
        env=os.environ | environment,
    )
    return ended.returncode, ended.stdout + ended.stderr, json.loads((folder / "page.json").read_bytes())


def test_the_page_is_measured(tmp_path: Path) -> None:
    code, said, record = run_benchmark(tmp_path, "--events", "300", "--runs", "1", "--peer")
    assert code == 0, said
    figures = record["results"]["page"]
    assert (figures["events"], figures["requests"], len(figures["runs"])) == (300, 0, 1)
    assert figures["html_bytes"] > 100_000
    assert 0 < figures["held_ms"]["median"] <= figures["ready_ms"]["median"]
    assert figures["heap_mib"]["median"] > 0
    assert [figures[kind]["update_ms"]["n"] for kind in ("time", "filters", "proof")] == [60, 20, 10]
    assert all(figures[kind]["update_ms"]["least"] > 0 for kind in ("time", "filters", "proof"))
    assert all(
        "not at hand: " in peer["not_measured"] and "leaflet.js" in peer["not_measured"]
        for peer in record["results"]["peers"].values()
    )
    for line, following in zip(said.splitlines(), said.splitlines()[1:], strict=False):
        if line.startswith("|") and following.startswith("|"):
            assert line.count("|") == following.count("|"), following


def test_without_a_browser_the_benchmark_says_so(tmp_path: Path) -> None:
    code, said, record = run_benchmark(
        tmp_path, "--events", "100", "--runs", "1", GEOMAP_CHROMIUM=str(tmp_path / "none")
    )
    assert code == 1
    assert "not there: install it" in record["results"]["page"]["not_measured"]
    assert "### The page\n\nnot measured: failed: chromium" in said
