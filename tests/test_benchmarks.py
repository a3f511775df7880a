"""The benchmarks run, and what they compute beside clocks is right. No test here looks at a clock."""

import datetime
import hashlib
import itertools
import json
import math
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[1]
BENCHMARKS = ROOT / "benchmarks"

DESCRIPTIONS = (
    {"id": 1, "text": "Minsk", "country": "BY", "lon": 27.57, "lat": 53.9, "where_prec": 1},
    {"id": 2, "text": "Kursk city", "country": "RU", "lon": 36.19, "lat": 51.73, "where_prec": 1},
    {"id": 3, "text": "Qwxzqwxzqwxz", "country": None, "lon": 0.0, "lat": 0.0, "where_prec": 1},
)
DOCUMENT = {
    "id": "a",
    "text": "From Minsk, by rail.",
    "published": "2021-11-12",
    "toponyms": [
        {"start": 5, "end": 10, "text": "Minsk", "lon": 27.57, "lat": 53.9, "geonameid": "625144", "kind": "literal"},
        {"start": 15, "end": 19, "text": "rail", "lon": None, "lat": None, "geonameid": None, "kind": "other"},
    ],
}  # fmt: skip


class QuickRun(NamedTuple):
    """What a quick run printed, and what it wrote."""

    printed: str
    record: dict[str, Any]


@pytest.fixture(scope="module")
def quick_run(tmp_path_factory: pytest.TempPathFactory) -> QuickRun:
    folder = tmp_path_factory.mktemp("benchmark")
    gold = folder / "gold"
    gold.mkdir()
    write_lines(gold / "where-ucdp-even.jsonl", DESCRIPTIONS)
    write_lines(gold / "lgl.jsonl", [DOCUMENT])
    command = (BENCHMARKS / "gazetteer.py", "--quick", "--out", folder / "out", "--gold", gold)
    ended = subprocess.run(
        [sys.executable, *map(str, command)], capture_output=True, text=True, timeout=300, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return QuickRun(ended.stdout, json.loads((folder / "out" / "gazetteer.json").read_bytes()))


@pytest.fixture
def benchmarks() -> Iterator[None]:
    """The modules of the benchmarks, importable by name."""
    sys.path.insert(0, str(BENCHMARKS))
    yield
    sys.path.remove(str(BENCHMARKS))


@pytest.fixture
def accuracy(benchmarks: None) -> ModuleType:
    import accuracy

    return accuracy


@pytest.fixture
def runs(benchmarks: None) -> ModuleType:
    import runs

    return runs


@pytest.fixture
def text_benchmark(benchmarks: None) -> ModuleType:
    import text

    return text


def write_lines(path: Path, records: Any) -> None:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")


def numbers(value: Any) -> Iterator[float]:
    """Every number in a JSON value."""
    if isinstance(value, dict):
        for held in value.values():
            yield from numbers(held)
    elif isinstance(value, list):
        for held in value:
            yield from numbers(held)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield value


# A quick run


def test_every_part_is_measured(quick_run: QuickRun) -> None:
    results = quick_run.record["results"]
    assert list(results) == [
        "exact", "geopy", "relations", "fuzzy", "cold", "reverse", "build", "growth", "peers",
        "descriptions", "toponyms",
    ]  # fmt: skip
    assert {name: part["not_measured"] for name, part in results.items() if "not_measured" in part} == {}


def test_rates_times_and_memory_are_positive(quick_run: QuickRun) -> None:
    results = quick_run.record["results"]
    measured = [
        *(results["exact"][name]["per_s"] for name in ("candidates", "limit_1", "jsonl")),
        results["geopy"]["geocode"]["per_s"],
        *(kind["per_s"] for kind in results["relations"]["kinds"].values()),
        *(results["fuzzy"][name]["worst_ms"] for name in ("one edit", "two edits", "no name", "suggestions")),
        *(results["cold"][name] for name in ("best_s", "median_s", "python_alone_s", "peak_rss_mib")),
        *(kind["per_s"] for kind in results["reverse"]["kinds"].values()),
        *(results["build"][name] for name in ("rows_per_s", "peak_rss_mib", "store_mib")),
        *(results["peers"][name]["per_s"] for name in ("geopy_sqlite", "dict", "rapidfuzz")),
        *(point["per_s"] for point in results["growth"]["points"]),
    ]
    assert min(measured) > 0
    assert results["cold"]["best_s"] <= results["cold"]["median_s"] <= results["cold"]["worst_s"]
    assert len(results["cold"]["import_ms_by_module"]) == 5
    assert all(math.isfinite(number) for number in numbers(quick_run.record))


def test_every_name_drawn_is_known(quick_run: QuickRun) -> None:
    results = quick_run.record["results"]
    for part in (results["exact"]["candidates"], results["peers"]["dict"], results["peers"]["geopy_sqlite"]):
        assert part["n"] == 300
        assert part["answered_pct"] == 100


def test_ratios_are_those_of_the_figures(quick_run: QuickRun) -> None:
    ratios = quick_run.record["ratios"]
    assert {ratio["peer"] for ratio in ratios} >= {"geopy_sqlite", "dict", "rapidfuzz"}
    for ratio in ratios:
        assert math.isfinite(ratio["ratio"])
        assert ratio["ratio"] == pytest.approx(ratio["ours"] / ratio["theirs"])
    first = next(r for r in ratios if (r["what"], r["peer"]) == ("exact, candidates", "dict"))
    assert first["ours"] == quick_run.record["results"]["exact"]["candidates"]["per_s"]


def test_descriptions_are_scored(quick_run: QuickRun) -> None:
    figures = quick_run.record["results"]["descriptions"]
    assert (figures["n"], figures["answered_pct"], figures["within_10_km_pct"]) == (3, 66.7, 66.7)
    assert figures["honest_pct"] == 100
    assert figures["reliability"]["n"] == 2


def test_spans_are_scored(quick_run: QuickRun) -> None:
    figures = quick_run.record["results"]["toponyms"]
    assert set(figures) == {"lgl", "cross_validated"}
    assert (figures["lgl"]["n"], figures["lgl"]["e2e161_pct"], figures["lgl"]["id_pct"]) == (1, 100, 100)


def test_the_record_says_where_and_when(quick_run: QuickRun) -> None:
    record = quick_run.record
    began, ended = (datetime.datetime.fromisoformat(record[key]) for key in ("date", "date_end"))
    assert began.utcoffset() == datetime.timedelta(0)
    assert began <= ended
    assert record["quick"] is True
    assert record["machine"]["cores"] >= 1
    assert {"python", "sqlite", "geomap", "geopy", "rapidfuzz"} <= set(record["versions"])
    base = (ROOT / "gazetteer" / "base.sqlite").read_bytes()
    assert record["place_data"]["sha256"] == hashlib.sha256(base).hexdigest()


def test_the_tables_are_whole(quick_run: QuickRun) -> None:
    lines = quick_run.printed.splitlines()
    assert sum(line.startswith("### ") for line in lines) == len(quick_run.record["results"]) + 1
    for line, following in itertools.pairwise(lines):
        if line.startswith("|") and following.startswith("|"):
            assert line.count("|") == following.count("|"), following


# What needs no run


def test_distances_are_great_circles(accuracy: ModuleType) -> None:
    quarter = math.pi / 2 * 6371
    assert accuracy.great_circle_km((0, 0), (90, 0)) == pytest.approx(quarter)
    assert accuracy.great_circle_km((170, 0), (-100, 0)) == pytest.approx(quarter)
    assert accuracy.great_circle_km((23.8, 53.7), (23.8, 53.7)) == 0


def test_reliability_weighs_gaps_by_their_number(accuracy: ModuleType) -> None:
    said = [
        (0.95, True, True),
        (0.95, True, False),
        (0.95, True, False),
        (0.95, False, False),
        (0.05, False, False),
    ]
    table = accuracy.reliability([accuracy.Said(*one) for one in said])
    assert [held["n"] for held in table["bins"]] == [1, 0, 0, 0, 0, 0, 0, 0, 0, 4]
    last = {"from": 0.9, "to": 1.0, "n": 4, "mean_score": 0.95, "right_pct": 75.0, "close_pct": 25.0}
    assert table["bins"][9] == last
    assert table["bins"][1]["right_pct"] is None
    assert table["ece"] == pytest.approx((4 * 0.20 + 1 * 0.05) / 5)
    assert table["ece_close"] == pytest.approx((4 * 0.70 + 1 * 0.05) / 5)


@pytest.mark.parametrize(("score", "number"), [(0.0, 0), (0.1, 1), (0.3, 3), (0.7, 7), (0.999, 9), (1.0, 9)])
def test_each_score_has_its_bin(accuracy: ModuleType, score: float, number: int) -> None:
    held = accuracy.reliability([accuracy.Said(score, True, True)])["bins"]
    assert [b["n"] for b in held] == [int(place == number) for place in range(10)]


def test_nothing_said_is_nothing_measured(accuracy: ModuleType) -> None:
    table = accuracy.reliability([])
    assert (table["n"], table["ece"]) == (0, None)


def test_descriptions_count_those_without_an_answer(accuracy: ModuleType) -> None:
    gold = [{"id": n, "lon": 0.0, "lat": 0.0, "where_prec": 4} for n in range(4)]
    answers = {
        "0": {"lon": 0.0, "lat": 0.0, "radius_m": 500, "score": 0.9},
        "1": {"lon": 0.0, "lat": 0.2, "radius_m": 2_000, "score": 0.5},  # 22 km off, and it says 2
        "2": {"lon": 0.0, "lat": 0.8, "radius_m": 90_000, "score": 0.2},  # 89 km off, and it says 90
        "3": {"lon": None, "lat": None, "radius_m": None, "score": None},
    }
    figures = accuracy.score_descriptions(gold, answers)
    expected = {
        "n": 4,
        "answered_pct": 75.0,
        "within_10_km_pct": 25.0,
        "within_25_km_pct": 50.0,
        "within_100_km_pct": 75.0,
        "answered_within_25_km_pct": 66.7,
        "answered_within_100_km_pct": 100.0,
        "median_km": 22.2,
        "honest_pct": 66.7,
        "radius_median_km": 2.0,
    }
    assert {key: figures[key] for key in expected} == expected
    assert figures["reliability"]["n"] == 3
    # The gold is a region: right is what is close, or says a circle that holds the gold point.
    right = {b["from"]: (b["right_pct"], b["close_pct"]) for b in figures["reliability"]["bins"] if b["n"]}
    assert right == {0.2: (100.0, 0.0), 0.5: (100.0, 100.0), 0.9: (100.0, 100.0)}
    assert figures["reliability_of_points"]["n"] == 0


def test_toponyms_without_an_answer_are_wrong(accuracy: ModuleType) -> None:
    marks = [
        {"start": 0, "end": 2, "lon": 0.0, "lat": 0.0, "geonameid": "7"},
        {"start": 3, "end": 5, "lon": 0.0, "lat": 0.0, "geonameid": "8"},
        {"start": 6, "end": 8, "lon": 0.0, "lat": 0.0, "geonameid": None},
        {"start": 9, "end": 11, "lon": None, "lat": None, "geonameid": None},
    ]
    found = [
        {"start": 0, "end": 2, "lon": 0.0, "lat": 1.0, "geonameid": 7, "score": 0.8},
        {"start": 3, "end": 5, "lon": None, "lat": None, "geonameid": None, "score": None},
        {"start": 6, "end": 8, "lon": 0.0, "lat": 2.0, "geonameid": 9, "score": 0.4},
    ]
    figures = accuracy.score_toponyms([{"id": 1, "toponyms": marks}], {"1": {"toponyms": found}})
    assert figures["n"] == 3
    assert (figures["answered_pct"], figures["e2e161_pct"], figures["id_pct"]) == (66.7, 33.3, 50.0)


def test_cases_are_the_same_again_and_distinct(benchmarks: None, tmp_path: Path) -> None:
    import cases
    from folding import fold_name

    sizes = cases.Sizes(every=10, warm=20, names=200, relations=3, misspelt=5, nothing=5, points=10)
    drawn = []
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        cases.draw(tmp_path / name, sizes)
        drawn.append({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()})
    assert drawn[0] == drawn[1]
    names = cases.read(tmp_path / "one", "names")
    assert (len(names["asked"]), len(names["warm"])) == (200, 20)
    assert len({fold_name(name) for part in names.values() for name in part}) == 220
    assert all(len(set(texts["asked"])) == 3 for texts in cases.read(tmp_path / "one", "relations").values())
    misspelt = cases.read(tmp_path / "one", "misspelt")
    assert all(fold_name(item["text"]) != item["meant"] for items in misspelt.values() for item in items)
    assert all(item["places"] for items in misspelt.values() for item in items)


def test_made_up_rows_have_the_form_of_geonames(benchmarks: None) -> None:
    import cases

    rows = [row.removesuffix("\n").split("\t") for row in cases.dump_rows(300)]
    assert {len(row) for row in rows} == {19}
    assert len({row[0] for row in rows}) == 300
    assert all(-90 <= float(row[4]) <= 90 and -180 <= float(row[5]) <= 180 for row in rows)


# Tagging and drafting


def span(start: int, end: int, **more: Any) -> dict[str, Any]:
    return {"start": start, "end": end, "lon": None, "lat": None, "geonameid": None, "kind": "literal"} | more


def test_found_toponyms_are_scored(accuracy: ModuleType) -> None:
    marks = [
        span(0, 5, lon=0.0, lat=0.0, geonameid="7"),
        span(10, 20, lon=0.0, lat=0.0, geonameid="8"),
        span(30, 35, lon=0.0, lat=0.0),
        span(40, 45, lon=0.0, lat=0.0, geonameid="9"),
        span(50, 55, kind="demonym"),
    ]
    found = [
        span(0, 5, lon=0.0, lat=0.1, geonameid=7),  # 11 km off
        span(10, 14, lon=0.0, lat=1.0, geonameid=3),  # 111 km off
        span(30, 38),  # not placed
        span(31, 35, lon=0.0, lat=0.0),  # overlaps one that was told before
        span(50, 55, lon=0.0, lat=0.0),  # on a mark that is not asked for
        span(60, 65, lon=0.0, lat=0.0),
    ]
    figures = accuracy.score_recognition([{"id": 1, "toponyms": marks}], {"1": {"toponyms": found}})
    assert (figures["gold"], figures["found"]) == (4, 4)
    assert figures["exact"] == {"p": 25.0, "r": 25.0, "f1": 25.0}
    assert figures["overlap"] == {"p": 75.0, "r": 75.0, "f1": 75.0}
    assert (figures["e2e161_pct"], figures["e2e20_pct"], figures["id_pct"]) == (50.0, 25.0, 33.3)
    assert figures["median_km"] == 111.2


def test_a_span_found_answers_one_mark(accuracy: ModuleType) -> None:
    marks = [span(0, 6, lon=0.0, lat=0.0), span(8, 14, lon=0.0, lat=0.0)]
    figures = accuracy.score_recognition([{"id": 1, "toponyms": marks}], {"1": {"toponyms": [span(0, 14)]}})
    assert figures["exact"] == {"p": 0.0, "r": 0.0, "f1": 0.0}
    assert figures["overlap"] == {"p": 100.0, "r": 50.0, "f1": 66.7}


def test_nothing_found_in_texts_is_nothing_right(accuracy: ModuleType) -> None:
    figures = accuracy.score_recognition([{"id": 1, "toponyms": [span(0, 6, lon=0.0, lat=0.0)]}], {})
    assert figures["overlap"] == {"p": 0.0, "r": 0.0, "f1": 0.0}
    assert (figures["e2e161_pct"], figures["id_pct"], figures["median_km"]) == (0.0, None, None)


def test_found_dates_are_scored(accuracy: ModuleType) -> None:
    def told(start: int, first: str | None, last: str | None = None, kind: str = "DATE") -> dict[str, Any]:
        return {"start": start, "end": start + 5, "first": first, "last": last or first, "type": kind}

    marks = [
        told(0, "2023-04-05"),
        told(10, "2023-04-01", "2023-04-30"),
        told(20, "2023-04-06"),
        told(30, None),
        told(40, "2023-04-07", kind="DURATION"),
    ]
    found = [
        told(2, "2023-04-05"),
        told(10, "2023-04-01"),  # the month taken for its first day
        {"start": 20, "end": 25, "first": None, "last": None},
        told(30, "2023-04-07"),
        told(40, "2023-04-07"),
        told(50, "2023-04-08"),
    ]
    figures = accuracy.score_dates([{"id": 1, "dates": marks}], {"1": {"dates": found}})
    assert figures == {"documents": 1, "gold": 3, "found_pct": 66.7, "right_pct": 33.3, "spurious": 1}


def test_a_fifth_of_documents_is_held_out(accuracy: ModuleType) -> None:
    held = sum(accuracy.is_held_out(f"document-{number}") for number in range(2_000))
    assert 340 < held < 460


def test_made_lines_have_their_length_and_no_line_in_them(text_benchmark: ModuleType) -> None:
    names = ["Minsk", "Kursk"]
    for ended in (True, False):
        text = text_benchmark.made_line(names, 5_000, ended=ended)
        assert len(text) == 5_000
        assert "\n" not in text
        assert (". " in text) is ended
        assert text == text_benchmark.made_line(names, 5_000, ended=ended)


def test_made_sentences_differ(text_benchmark: ModuleType) -> None:
    sentences = list(itertools.islice(text_benchmark.made_sentences(["Minsk"]), 500))
    assert len(set(sentences)) == 500


def test_tables_go_between_their_marks(runs: ModuleType) -> None:
    begin, end = runs.marks_of("text")
    page = f"head\n\n{begin}\n\nold\n\n{end}\n\ntail\n"
    written = runs.between_marks(page, "new\n", "text")
    assert written == f"head\n\n{begin}\n\nnew\n\n{end}\n\ntail\n"
    assert runs.between_marks(written, "new\n", "text") == written
    with pytest.raises(ValueError, match=r"marks between which the tables of text\.py go"):
        runs.between_marks("no marks", "new\n", "text")


@pytest.mark.parametrize("name", ["gazetteer", "text", "render", "export", "engine"])
def test_the_page_has_the_marks_of_the_tables(runs: ModuleType, name: str) -> None:
    page = runs.PAGE.read_text(encoding="utf-8")
    assert [page.count(mark) for mark in runs.marks_of(name)] == [1, 1]


def test_the_best_run_is_told_with_the_medians_of_all(text_benchmark: ModuleType) -> None:
    runs = [{"first": {"per_s": 2.0 * rate}, "second": {"per_s": rate}} for rate in (10.0, 30.0, 20.0)]
    best = text_benchmark.best_of(runs)
    assert best["second"]["per_s"] == 30
    assert (best["median_first_per_s"], best["median_second_per_s"], best["runs"]) == (40, 20, 3)


def test_a_command_is_watched_while_it_answers(text_benchmark: ModuleType, tmp_path: Path) -> None:
    here = text_benchmark.Run(
        plan=text_benchmark.QUICK,
        folder=tmp_path,
        gold=None,
        spacy_model=None,
        spacy_python=None,
        cross_validate=False,
    )
    asked = tmp_path / "asked.jsonl"
    write_lines(asked, [{"id": number} for number in range(5)])
    echo = (sys.executable, "-c", "import sys; sys.stdout.writelines(sys.stdin)")
    figures = text_benchmark.stream(echo, asked, (2, 5), here)
    assert [point["n"] for point in figures["points"]] == [2, 5]
    assert figures["peak_rss_mib"] > 0
    broken = (sys.executable, "-c", "import sys; sys.exit('no such thing')")
    with pytest.raises(text_benchmark.MeasureError, match="no such thing"):
        text_benchmark.stream(broken, asked, (5,), here)


def test_tagging_is_measured_without_corpora(tmp_path: Path) -> None:
    (tmp_path / "gold").mkdir()
    parts = ("lines", "memory", "speed", "toponyms", "dates")
    command = (BENCHMARKS / "text.py", "--quick", "--out", tmp_path, "--gold", tmp_path / "gold")
    ended = subprocess.run(
        [sys.executable, *map(str, command), "--only", ",".join(parts)],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    record = json.loads((tmp_path / "text.json").read_bytes())
    assert list(record["results"]) == list(parts)
    points = [
        point
        for part in record["results"]["lines"].values()
        if isinstance(part, dict)
        for point in part["points"]
    ]
    assert min(point["seconds"] for point in points) > 0
    assert all(
        answer["peak_rss_mib"] > 0
        for answer in record["results"]["memory"].values()
        if isinstance(answer, dict)
    )
    for name in ("speed", "toponyms", "dates"):
        assert "not_measured" in record["results"][name]
    assert ended.stdout.count("#### ") == len(parts)


def test_tagging_is_scored_on_corpora(tmp_path: Path) -> None:
    gold = tmp_path / "gold"
    gold.mkdir()
    write_lines(gold / "lgl.jsonl", [DOCUMENT])
    day = {
        "start": 11,
        "end": 23,
        "text": "5 April 2023",
        "first": "2023-04-05",
        "last": "2023-04-05",
        "type": "DATE",
    }
    write_lines(gold / "dates-tbaq.jsonl", [{"id": "b", "text": "They met on 5 April 2023.", "dates": [day]}])
    command = (
        BENCHMARKS / "text.py",
        "--quick",
        "--out",
        tmp_path,
        "--gold",
        gold,
        "--only",
        "speed,toponyms,dates",
    )
    ended = subprocess.run(
        [sys.executable, *map(str, command)], capture_output=True, text=True, timeout=300, check=False
    )
    assert ended.returncode == 0, ended.stderr
    results = json.loads((tmp_path / "text.json").read_bytes())["results"]
    assert results["speed"]["tag"]["second"]["per_s"] > 0
    assert results["toponyms"]["lgl"]["exact"]["f1"] == 100
    assert (results["dates"]["all"]["found_pct"], results["dates"]["all"]["right_pct"]) == (100, 100)
