"""What the benchmark of whole corpora makes and judges beside clocks is right."""

import itertools
import json
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
GIVEN = (
    {
        "text": "From Minsk to Riga.",
        "published": "2021-11-12",
        "toponyms": [{"start": 5, "end": 10, "text": "Minsk"}, {"start": 14, "end": 18, "text": "Riga"}],
    },
    {"text": "Nothing.", "published": "2021-11-13", "toponyms": []},
)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(BENCHMARKS)
    import engine

    return engine


def test_news_are_those_given_and_then_the_same_with_other_toponyms(engine: ModuleType) -> None:
    lines = [json.loads(line) for line in engine.make_news(GIVEN, 40)]
    assert [line["text"] for line in lines[:2]] == [each["text"] for each in GIVEN]
    assert {line["text"] for line in lines[3::2]} == {"Nothing."}
    told = {line["text"] for line in lines[2::2]}
    assert told == {
        f"From {one} to {other}." for one, other in itertools.product(("Minsk", "Riga"), repeat=2)
    }
    assert len({line["id"] for line in lines}) == 40
    assert list(engine.make_news(GIVEN, 10)) == list(engine.make_news(GIVEN, 40))[:10]


def test_two_halves_are_the_whole(engine: ModuleType, tmp_path: Path) -> None:
    here = engine.Run(plan=engine.QUICK, folder=tmp_path, gold=None)
    folder = here.corpus(11, 1)
    one, two = ((folder / f"{name}.jsonl").read_text() for name in ("one", "two"))
    assert (one.count("\n"), two.count("\n")) == (5, 6)
    assert one + two == (folder / "all.jsonl").read_text() == "".join(engine.make_lines(11, 1))


@pytest.mark.parametrize(
    ("shown", "wrong"),
    [
        ([], "how many documents there are"),
        ([(4, 9, 9), (10, 10, 10)], "how many documents there are"),
        ([(6, 10, 10), (4, 10, 10), (10, 10, 10)], "goes back"),
        ([(6, 10, 5), (10, 10, 10)], "ahead of what is written"),
        ([(6, 10, 8)], "ends at 6 of 10"),
    ],
)
def test_a_bar_that_counts_wrongly_is_refused(
    engine: ModuleType, shown: list[tuple[int, int, int]], wrong: str
) -> None:
    right = [engine.Shown(0.0, *each) for each in ((4, 10, 6), (4, 10, 9), (10, 10, 10))]
    engine._check_bar("tag", right, 10)
    with pytest.raises(engine.MeasureError, match=wrong):
        engine._check_bar("tag", [engine.Shown(0.0, *each) for each in shown], 10)


def test_the_bar_on_a_terminal_counts_every_document(engine: ModuleType, tmp_path: Path) -> None:
    corpus = tmp_path / "news.jsonl"
    corpus.write_text("".join(engine.make_lines(300, 1)))
    shown = engine._watch_bar("tag", corpus, tmp_path / "parts")
    engine._check_bar("tag", shown, 300)


def test_memory_over_a_run_is_told_for_each_tenth(engine: ModuleType) -> None:
    tenths = engine._most_in_tenths([(float(number), 2.0 * number) for number in range(100)])
    assert [each["driver_mib"] for each in tenths] == [9.0 + 10 * number for number in range(10)]
    assert tenths[-1]["worker_mib"] == 198.0
    assert len(engine._most_in_tenths([(1.0, 2.0)] * 3)) == 3
