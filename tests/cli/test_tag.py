"""`geomap tag`: what stands in a text and what it means; with `--spans` the spans as they were given."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
KEYS = ["start", "end", "text", "lon", "lat", "geonameid", "place_id", "kind", "score"]
FOUND_KEYS = [*KEYS, "mention"]
DATE_KEYS = ["start", "end", "text", "first", "last", "precision"]
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

    def run(
        *lines: dict[str, Any] | bytes, ascii_only: bool = False, spans: bool = True
    ) -> list[dict[str, Any]]:
        sent = b"".join(
            (line if isinstance(line, bytes) else json.dumps(line, ensure_ascii=ascii_only).encode()) + b"\n"
            for line in lines
        )
        ended = geomap_process("tag", "--jsonl", *(["--spans"] if spans else []), stdin=sent)
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
        (b'{"id": 1, "text": "\\ud83d", "toponyms": [}', None, ""),
        (b'{"id": 1, "text": "\\ud83d", "toponyms": NaN}', None, "NaN"),
        (b'{"a": "\\ud83d", "b": ' + b"[" * 100_000, None, "deep"),
        (b'{"text": "", "toponyms": [], "id": ' + b"[" * 1010 + b"]" * 1010 + b"}", None, "deep"),
        (b'{"id": 1e999, "text": "\\ud83d", "toponyms": []}', None, "1e999"),
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


def test_dates_are_found_beside_the_spans(tag: Run) -> None:
    (answer,) = tag(document("Shots near Minsk on Tuesday.", "Minsk", id=1, published="2024-08-15"))
    assert answer["dates"] == [
        {
            "start": 20,
            "end": 27,
            "text": "Tuesday",
            "first": "2024-08-13",
            "last": "2024-08-13",
            "precision": "day",
        }
    ]


# Without spans


def test_toponyms_are_found_and_told_apart(tag: Run) -> None:
    text = "Minsk said on Friday that Polish troops had left Brest, in the west of Belarus, in October 2021."
    (answer,) = tag({"id": "a", "text": text, "published": "2021-11-13"}, spans=False)
    assert list(answer) == ["id", "toponyms", "dates"]
    assert {tuple(found) for found in answer["toponyms"]} == {tuple(FOUND_KEYS)}
    assert {tuple(found) for found in answer["dates"]} == {tuple(DATE_KEYS)}
    meant = {found["text"]: (found["mention"], found["place_id"]) for found in answer["toponyms"]}
    assert meant["Minsk"] == ("metonymic", "gn:625144")
    assert meant["Polish"] == ("demonym", "ne:PL")
    assert meant["Brest"] == ("literal", "gn:629634")
    spans = [(found["start"], found["end"], found["text"]) for found in answer["toponyms"]]
    assert spans == sorted(spans)
    assert all(text[start:end] == name for start, end, name in spans)
    days = [(found["text"], found["first"], found["last"], found["precision"]) for found in answer["dates"]]
    assert days == [
        ("Friday", "2021-11-12", "2021-11-12", "day"),
        ("October 2021", "2021-10-01", "2021-10-31", "month"),
    ]


def test_marks_that_are_given_are_passed_over_without_spans(tag: Run) -> None:
    plain = {"id": 1, "text": "Rain fell in Grodno."}
    first, second, third = tag(
        plain, plain | {"toponyms": [{"start": 0, "end": 4}]}, plain | {"toponyms": "nonsense"}, spans=False
    )
    assert first == second == third
    assert [found["text"] for found in first["toponyms"]] == ["Grodno"]


def test_the_day_of_publication_may_be_a_longer_timestamp(tag: Run) -> None:
    days = ["2021-11-13", "2021-11-13T23:59:59Z", "2021-11-13 10:00", "2021-11-13+03:00"]
    for answer in tag(
        *({"id": 1, "text": "It rained on Friday.", "published": day} for day in days), spans=False
    ):
        assert answer["dates"][0]["first"] == "2021-11-12"


@pytest.mark.parametrize("spans", [True, False])
def test_what_is_no_day_of_publication_is_an_error_of_its_line(tag: Run, spans: bool) -> None:
    line = {"id": 1, "text": "It rained.", "toponyms": []}
    wrong = ["", "yesterday", "2021-11-31", "2021-W45-5", "2021-11-1", "2021-11-123", 20211113, [], True]
    *errors, right = tag(*(line | {"published": day} for day in [*wrong, None]), spans=spans)
    assert all("published" in answer["error"] for answer in errors)
    assert right["dates"] == []


def test_without_a_day_of_publication_no_day_is_made_up(tag: Run) -> None:
    (answer,) = tag({"id": 1, "text": "It rained in Minsk on Friday."}, spans=False)
    (found,) = answer["dates"]
    assert (found["text"], found["first"], found["last"]) == ("Friday", None, None)


@pytest.mark.parametrize("spans", [True, False])
def test_half_surrogate_pairs_end_in_an_answer(tag: Run, spans: bool) -> None:
    line = rb'{"id": "\ud800", "text": "In Minsk \udfff on Friday \ud83d.", "toponyms": [{"start": 3, "end": 10}]}'
    first, second = tag(line, document("In Minsk", "Minsk", id=2), spans=spans)
    assert first["id"] == "\ud800"
    assert "Minsk" in first["toponyms"][0]["text"]
    assert second["toponyms"][0]["place_id"] == "gn:625144"


@pytest.mark.parametrize("spans", [True, False])
def test_any_text_ends_in_an_answer(tag: Run, spans: bool) -> None:
    texts = [
        "",
        " ",
        "\x00\x07\x1b[2J",
        "\u202eMinsk\u202c",
        "Минск і Кiев — 日本",
        "\n\n\n",
        "a" * 50_000,
        "Minsk " * 5_000,
    ]
    answers = tag(*({"id": n, "text": text, "toponyms": []} for n, text in enumerate(texts)), spans=spans)
    assert [answer["id"] for answer in answers] == list(range(len(texts)))
    assert all("error" not in answer for answer in answers)


def test_a_byte_order_mark_before_the_first_line_is_passed_over(geomap_process: Run) -> None:
    ended = geomap_process("tag", "--jsonl", stdin=b'\xef\xbb\xbf{"id": 1, "text": "Minsk"}\n')
    assert json.loads(ended.out)["id"] == 1
    assert "error" not in json.loads(ended.out)


# Files

ARTICLE = """\
---
title: Drill near Grodno
published: 2021-11-13
---

Belarus began a drill near Grodno on Friday. Guests from Xyzzyqville\x1b[31m watched it. Belarus gave no figures.
"""


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "article.md"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


def test_a_file_is_told_as_a_table(geomap: Run, article: Path) -> None:
    ended = geomap("tag", article)
    assert (ended.code, ended.err) == (0, "")
    first, *rows = ended.out.splitlines()
    assert first == f"{article}: published 2021-11-13 (front matter)"
    cells = [row.split("  ") for row in rows]
    told = {row[1]: [cell.strip() for cell in row if cell.strip()] for row in cells}
    assert told["Grodno"][1:3] == ["literal", "Grodno (city, Grodno Region, BY, gn:627904)"]
    assert told["Belarus"][-1] == "×2"
    assert told["Friday"][1:] == ["date", "2021-11-12 (day)"]
    assert "\x1b" not in ended.out


def test_a_file_as_json_has_the_keys_of_a_line(geomap: Run, article: Path) -> None:
    ended = geomap("tag", article, "--json", "--published", "2021-11-20")
    (answer,) = json.loads(ended.out)
    assert list(answer) == ["id", "toponyms", "dates"]
    assert answer["id"] == str(article)
    assert list(answer["toponyms"][0]) == FOUND_KEYS
    days = {found["text"]: found["first"] for found in answer["dates"]}
    assert days["Friday"] == "2021-11-19"


def test_a_file_of_records_is_told_document_by_document(geomap: Run, tmp_path: Path) -> None:
    records = tmp_path / "wire.jsonl"
    records.write_text(
        '{"id": "a", "text": "Snow in Minsk."}\nnonsense\n{"id": "b", "text": "Rain in Brest."}\n'
    )
    ended = geomap("tag", records, "--json")
    answers = json.loads(ended.out)
    assert ended.code == 1
    assert [list(answer) for answer in answers] == [
        ["id", "toponyms", "dates"],
        ["id", "error"],
        ["id", "toponyms", "dates"],
    ]
    assert answers[2]["id"] == f"{records}: b"


def test_a_file_that_cannot_be_read_does_not_stop_the_others(
    geomap: Run, article: Path, tmp_path: Path
) -> None:
    ended = geomap("tag", tmp_path / "missing.txt", article)
    assert ended.code == 1
    assert "missing.txt" in ended.err
    assert "Grodno" in ended.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "--jsonl"),
        (["--spans"], "--jsonl"),
        (["--jsonl", "a.txt"], "--jsonl"),
        (["a.txt", "--spans"], "--spans"),
        (["--jsonl", "--json"], "--json"),
        (["--jsonl", "--spans", "--ru"], "--ru"),
        (["a.txt", "--published", "friday"], "--published"),
    ],
)
def test_what_does_not_go_together_is_a_usage_error(geomap: Run, arguments: list[str], said: str) -> None:
    ended = geomap("tag", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err


def test_the_worldview_is_one_that_is_known(geomap: Run) -> None:
    ended = geomap("tag", "--jsonl", "--spans", "--worldview", "nonsense")
    assert ended.code != 0
    assert "nonsense" in ended.err
    assert ended.out == ""


@pytest.mark.parametrize("option", [["--ru"], ["--ner-model", "some/model"]])
@pytest.mark.parametrize("command", ["tag", "draft"])
def test_a_recogniser_that_is_not_there_says_what_to_do(
    geomap: Run, article: Path, command: str, option: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for library in ("natasha", "spacy"):
        monkeypatch.setitem(sys.modules, library, None)
    ended = geomap(command, article, *option)
    assert (ended.code, ended.out) == (2, "")
    assert "pip install geomap[" in ended.err
