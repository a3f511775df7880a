"""`geomap tag --jsonl --spans`: one answer a line, the spans as they were given, and nothing else."""

import json
from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., Any]
KEYS = ["start", "end", "text", "lon", "lat", "geonameid", "place_id", "kind", "score"]
UNKNOWN = dict.fromkeys(["lon", "lat", "geonameid", "place_id", "kind", "score"])


def document(text: str, *names: str, **more: Any) -> dict[str, Any]:
    """A line that asks for some names of a text, one after the other."""
    toponyms, start = [], 0
    for name in names:
        start = text.index(name, start)
        toponyms.append({"start": start, "end": start + len(name)})
        start += len(name)
    return {"text": text, "toponyms": toponyms, **more}


@pytest.fixture
def tag(geomap_process: Run) -> Run:
    """Send lines, dictionaries or bytes, and give the answers read and as written."""

    def run(*lines: dict[str, Any] | bytes, ascii_only: bool = False) -> list[dict[str, Any]]:
        sent = b"".join(
            (line if isinstance(line, bytes) else json.dumps(line, ensure_ascii=ascii_only).encode()) + b"\n"
            for line in lines
        )
        ended = geomap_process("tag", "--jsonl", "--spans", stdin=sent)
        assert (ended.code, ended.err) == (0, "")
        assert ended.out.endswith("\n")
        return [json.loads(line) for line in ended.out.splitlines()]

    return run


def test_an_answer_has_the_keys_of_the_contract_in_order(tag: Run) -> None:
    (answer,) = tag(document("From Minsk to Xyzzyq.", "Minsk", "Xyzzyq", id="a"))
    assert list(answer) == ["id", "toponyms", "dates"]
    assert (answer["id"], answer["dates"]) == ("a", [])
    assert [list(toponym) for toponym in answer["toponyms"]] == [KEYS, KEYS]
    minsk = answer["toponyms"][0]
    assert (minsk["start"], minsk["end"], minsk["text"]) == (5, 10, "Minsk")
    assert (minsk["geonameid"], minsk["place_id"], minsk["kind"]) == (625144, "gn:625144", "city")
    assert (minsk["lon"], minsk["lat"]) == (pytest.approx(27.56, abs=0.03), pytest.approx(53.90, abs=0.03))
    assert 0 < minsk["score"] <= 1


def test_a_name_that_no_place_has_is_answered_with_nulls(tag: Run) -> None:
    (answer,) = tag(document("Xyzzyq", "Xyzzyq", id=1))
    assert answer["toponyms"] == [{"start": 0, "end": 6, "text": "Xyzzyq", **UNKNOWN}]


def test_spans_are_kept_exactly_and_in_the_order_given(tag: Run) -> None:
    text = "Brest, Minsk and Brest"
    spans = [(17, 22), (0, 5), (7, 12), (7, 12), (6, 7), (1, 4)]
    marks = [{"start": start, "end": end, "text": "ignored"} for start, end in spans]
    (answer,) = tag({"id": 1, "text": text, "toponyms": marks})
    assert [(found["start"], found["end"]) for found in answer["toponyms"]] == spans
    assert [found["text"] for found in answer["toponyms"]] == [text[start:end] for start, end in spans]
    ids = [found["place_id"] for found in answer["toponyms"]]
    assert ids[0] == ids[1]
    assert ids[2] == ids[3] == "gn:625144"


def test_spans_that_overlap_are_each_answered(tag: Run) -> None:
    marks = [{"start": start, "end": end} for start, end in ((0, 14), (0, 5), (7, 14))]
    (answer,) = tag({"id": 1, "text": "Brest, Belarus", "toponyms": marks})
    assert [found["place_id"] for found in answer["toponyms"]] == ["gn:629634", "gn:629634", "ne:BY"]


@pytest.mark.parametrize("ascii_only", [True, False], ids=["escaped", "utf-8"])
def test_offsets_count_code_points_not_bytes_nor_utf_16(tag: Run, ascii_only: bool) -> None:
    text = "🛩️𝔄😀 Минск, e\u0301 Łódź 😀 Grodno"
    (answer,) = tag(document(text, "Минск", "Łódź", "Grodno", id="😀"), ascii_only=ascii_only)
    assert answer["id"] == "😀"
    found = answer["toponyms"]
    assert [toponym["text"] for toponym in found] == ["Минск", "Łódź", "Grodno"]
    assert [toponym["place_id"] for toponym in found] == ["gn:625144", "gn:3093133", "gn:627904"]
    assert [text[toponym["start"] : toponym["end"]] for toponym in found] == ["Минск", "Łódź", "Grodno"]


def test_names_of_one_line_help_each_other_and_those_of_other_lines_do_not(tag: Run) -> None:
    france = document("Rennes, Brest, Quimper, Nantes", "Brest", id="all")
    france["toponyms"] = document(france["text"], "Rennes", "Brest", "Quimper", "Nantes")["toponyms"]
    alone = document("Brest", "Brest", id="alone")
    first = tag(alone, france, alone)
    assert first[1]["toponyms"][1]["geonameid"] == 3030300
    assert first[0] == first[2]
    assert tag(alone)[0] == first[0]


def test_a_bad_line_is_answered_with_its_error_and_the_rest_goes_on(tag: Run) -> None:
    good = document("Minsk", "Minsk", id="good")
    bad: list[tuple[dict[str, Any] | bytes, Any, str]] = [
        (b"nonsense", None, "line 1"),
        (b"[]", None, "an object"),
        (b"\xff\xfe", None, ""),
        (b'{"id": 1, "text": "\\ud83d", "toponyms": []}', None, ""),
        ({"id": 2}, 2, "text"),
        ({"id": 3, "text": 5, "toponyms": []}, 3, "text"),
        ({"id": 4, "text": "Minsk"}, 4, "toponyms"),
        ({"id": 5, "text": "Minsk", "toponyms": {"start": 0, "end": 5}}, 5, "toponyms"),
        ({"id": 6, "text": "Minsk", "toponyms": [[0, 5]]}, 6, "span"),
        ({"id": 7, "text": "Minsk", "toponyms": [{"start": 0}]}, 7, "span"),
        ({"id": 8, "text": "Minsk", "toponyms": [{"start": 0, "end": 6}]}, 8, "5 code points"),
        ({"id": 9, "text": "Minsk", "toponyms": [{"start": -1, "end": 5}]}, 9, "span"),
        ({"id": 10, "text": "Minsk", "toponyms": [{"start": 3, "end": 3}]}, 10, "span"),
        ({"id": 11, "text": "Minsk", "toponyms": [{"start": 0.0, "end": 5.0}]}, 11, "span"),
        ({"id": 12, "text": "Minsk", "toponyms": [{"start": "0", "end": "5"}]}, 12, "span"),
        ({"id": [13], "text": "😀", "toponyms": [{"start": 0, "end": 2}]}, [13], "1 code points"),
    ]
    answers = tag(*(line for entry in bad for line in (entry[0], good)))
    assert len(answers) == 2 * len(bad)
    for (_, given_id, said), answer in zip(bad, answers[::2], strict=True):
        assert list(answer) == ["id", "error"]
        assert answer["id"] == given_id
        assert answer["error"]
        assert said in answer["error"]
    assert all(answer == answers[1] for answer in answers[1::2])
    assert answers[1]["toponyms"][0]["geonameid"] == 625144


def test_blank_lines_are_passed_over_and_a_last_line_needs_no_end(geomap_process: Run) -> None:
    line = json.dumps(document("Minsk", "Minsk", id=1)).encode()
    ended = geomap_process("tag", "--jsonl", "--spans", stdin=b"\n  \n" + line + b"\r\n\n" + line)
    assert ended.code == 0
    first, second = ended.out.splitlines()
    assert first == second
    assert geomap_process("tag", "--jsonl", "--spans", stdin=b"").out == ""


def test_a_text_without_toponyms_or_without_an_id_is_answered(tag: Run) -> None:
    nameless, empty = tag({"text": "Minsk", "toponyms": []}, {"id": 2, "text": "", "toponyms": []})
    assert nameless == {"id": None, "toponyms": [], "dates": []}
    assert empty == {"id": 2, "toponyms": [], "dates": []}


@pytest.mark.parametrize("arguments", [[], ["--jsonl"], ["--spans"]])
def test_without_spans_it_is_a_usage_error_that_says_what_to_give(geomap: Run, arguments: list[str]) -> None:
    ended = geomap("tag", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert "--jsonl --spans" in ended.err


def test_the_worldview_is_one_that_is_known(geomap: Run) -> None:
    ended = geomap("tag", "--jsonl", "--spans", "--worldview", "nonsense")
    assert ended.code != 0
    assert "nonsense" in ended.err
    assert ended.out == ""
