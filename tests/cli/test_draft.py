"""`geomap draft`: from an article to YAML that a map is built of."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from geomap.cli.terminal import steps
from geomap.model.records import EventsFile
from geomap.yamlfile import read_yaml

Run = Callable[..., Any]

ARTICLE = """\
---
title: Paratroopers land near Grodno
publisher: Example Wire
published: 2021-11-13
---

Russian paratroopers jumped from transport aircraft near Grodno in Belarus on Friday.

Poland's government accused Belarus on Saturday of preparing an attack.
"""
MAP = """\
schema: 1
title: Drafts
events: [events.yaml]
countries: [BY, PL]
outputs: [geojson]
"""
PLACED = {"lon", "lat", "radius_m", "precision", "place_id", "geonameid", "country", "name", "role"}


@pytest.fixture
def article(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    path = folder / "landing.md"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


def read(path: Path) -> EventsFile:
    return read_yaml(path).parse(EventsFile)


def test_an_article_becomes_a_map(geomap: Run, article: Path, tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / "map.yaml").write_text(MAP)
    drafted = geomap("draft", article, "-o", project / "events.yaml")
    assert (drafted.code, drafted.out) == (0, "")
    built = geomap("build", project, "--drafts")
    assert built.code == 0, built.err
    features = json.loads((project / "out" / "events.geojson").read_text())["features"]
    drop = next(f["properties"] for f in features if f["properties"]["type"] == "exercise")
    assert (drop["t_start"], drop["workflow"]) == ("2021-11-12T00:00:00Z", "draft")
    assert "Grodno" in drop["place_name"]
    left_out = geomap("build", project, "--json")
    assert json.loads(left_out.out)["drafts_left_out"] >= 1


def test_the_file_quotes_what_each_event_rests_on(geomap: Run, article: Path) -> None:
    ended = geomap("draft", article)
    assert ended.code == 0
    lines = ended.out.splitlines()
    assert (
        "  # Russian paratroopers jumped from transport aircraft near Grodno in Belarus on Friday." in lines
    )
    assert "    workflow: draft" in lines
    assert ended.out == geomap("draft", article).out


def test_the_source_says_where_the_document_lies(geomap: Run, article: Path, tmp_path: Path) -> None:
    out = tmp_path / "maps" / "one" / "events.yaml"
    assert geomap("draft", article, "-o", out).code == 0
    ((source_id, source),) = read(out).sources.items()
    assert source_id == f"example-wire-20211113-{source.sha256[:4]}"
    assert source.file == "../../articles/landing.md"
    assert (out.parent / source.file).resolve() == article
    assert source.published is not None
    assert (source.published.edtf, source.published_basis, source.kind) == (
        "2021-11-13",
        "front matter",
        "other",
    )


def test_evidence_leads_to_the_words(geomap: Run, article: Path, tmp_path: Path) -> None:
    out = tmp_path / "events.yaml"
    geomap("draft", article, "-o", out)
    text = article.read_text(encoding="utf-8")
    events = read(out).events
    assert events
    for event in events:
        assert event.evidence
        assert all(text[one.start : one.end] == one.quote for one in event.evidence)


def test_a_file_that_is_there_is_not_replaced_without_force(
    geomap: Run, article: Path, tmp_path: Path
) -> None:
    out = tmp_path / "events.yaml"
    out.write_text("mine")
    ended = geomap("draft", article, "-o", out)
    assert ended.code == 1
    assert "--force" in ended.err
    assert out.read_text() == "mine"
    assert geomap("draft", article, "-o", out, "--force").code == 0
    assert read(out).events


def test_the_article_itself_is_never_replaced(geomap: Run, article: Path) -> None:
    ended = geomap("draft", article, "-o", article, "--force")
    assert ended.code == 2
    assert article.read_text(encoding="utf-8") == ARTICLE


def test_a_document_that_fails_does_not_stop_the_others(geomap: Run, article: Path, tmp_path: Path) -> None:
    records = tmp_path / "wire.jsonl"
    records.write_text(
        'nonsense\n{"id": "w", "text": "Shells hit Kharkiv on Monday.", "published": "2024-05-15"}\n'
    )
    out = tmp_path / "events.yaml"
    ended = geomap("draft", tmp_path / "missing.txt", article, records, "-o", out)
    assert ended.code == 1
    assert "missing.txt" in ended.err
    assert "wire.jsonl:1" in ended.err
    assert [name.rpartition("-")[0] for name in read(out).sources] == ["example-wire-20211113", "w"]


def test_nothing_is_written_when_nothing_could_be_read(geomap: Run, tmp_path: Path) -> None:
    ended = geomap("draft", tmp_path / "missing.txt", "-o", tmp_path / "events.yaml")
    assert ended.code == 1
    assert not (tmp_path / "events.yaml").exists()


def test_a_text_without_events_gives_an_empty_file(geomap: Run, tmp_path: Path) -> None:
    (tmp_path / "poem.txt").write_text("The rose is red.")
    out = tmp_path / "events.yaml"
    ended = geomap("draft", tmp_path / "poem.txt", "-o", out)
    assert ended.code == 0
    assert "0 drafts" in ended.err
    assert read(out).events == ()


def test_without_a_day_of_publication_it_says_how_to_give_one(geomap: Run, tmp_path: Path) -> None:
    undated = tmp_path / "undated.txt"
    undated.write_text("Russian paratroopers jumped from transport aircraft near Grodno on Friday.")
    assert "--published" in geomap("draft", undated).err
    ended = geomap("draft", undated, "--published", "2021-11-13")
    assert "--published" not in ended.err
    assert "2021-11-12" in ended.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "--jsonl"),
        (["--jsonl", "a.txt"], "--jsonl"),
        (["--jsonl", "-o", "x.yaml"], "--out"),
        (["--jsonl", "--published", "2021-11-12"], "--published"),
        (["a.txt", "--force"], "--out"),
        (["a.txt", "--published", "12/11/2021"], "--published"),
    ],
)
def test_what_does_not_go_together_is_a_usage_error(geomap: Run, arguments: list[str], said: str) -> None:
    ended = geomap("draft", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err


# JSON Lines


def ask(geomap_process: Run, *lines: dict[str, Any] | bytes) -> list[dict[str, Any]]:
    sent = b"".join(
        (line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines
    )
    ended = geomap_process("draft", "--jsonl", stdin=sent)
    assert (ended.code, ended.err) == (0, "")
    return [json.loads(line) for line in ended.out.splitlines()]


def test_events_of_a_line_are_worked_out(geomap_process: Run) -> None:
    text = "Russian paratroopers jumped from transport aircraft near Grodno in Belarus on Friday."
    (answer,) = ask(geomap_process, {"id": 7, "text": text, "published": "2021-11-13T08:00:00Z"})
    assert list(answer) == ["id", "events"]
    (event,) = answer["events"]
    assert event["id"].startswith("20211112-")
    assert event["workflow"] == "draft"
    assert (event["when"]["first"], event["when"]["last"]) == ("2021-11-12", "2021-11-12")
    assert set(event["when"]) == {"edtf", "precision", "basis", "text", "first", "last"}
    assert set(event["where"][0]) >= PLACED
    assert event["where"][0]["lon"] == pytest.approx(23.83, abs=0.1)
    assert event["evidence"][0]["quote"] == text


def test_each_line_is_answered_for_itself_and_bad_ones_with_their_error(geomap_process: Run) -> None:
    good = {"id": "g", "text": "Shells hit Kharkiv on Monday.", "published": "2024-05-15"}
    bad: list[dict[str, Any] | bytes] = [
        b"nonsense",
        {"id": 1},
        {"id": 2, "text": "x", "published": "soon"},
    ]
    answers = ask(geomap_process, good, *bad, good)
    assert [list(answer) for answer in answers[1:4]] == [["id", "error"]] * 3
    assert answers[0] == answers[4]
    assert answers[0]["events"]


def test_any_text_ends_in_an_answer(geomap_process: Run) -> None:
    hostile = "{{ 7*7 }} # \u202e Минск: attacked\x07 \x85 'Poland' on Friday, troops fired\n- at: Kuźnica"
    lines: list[dict[str, Any] | bytes] = [
        {"id": n, "text": text, "published": "2021-11-13"}
        for n, text in enumerate(
            ["", "\x00", hostile, "Troops attacked Minsk. " * 200, "Shots in Brest " * 2000]
        )
    ]
    lines.append(rb'{"id": "\ud800", "text": "Troops attacked Minsk \udfff on Friday.", "title": "\ud83d"}')
    answers = ask(geomap_process, *lines)
    assert len(answers) == len(lines)
    assert all("events" in answer for answer in answers)


def test_hostile_words_of_an_article_stay_words(geomap: Run, tmp_path: Path) -> None:
    text = (
        "Troops attacked “{{ 7*7 }} # no: comment \u202e” in Minsk on Friday.\n\n"
        "- Rebels fired rockets at Brest:\x07\x1b[31m 'yes' on Thursday, \ud83d said Belarus."
    )
    path = tmp_path / "- odd: #name.txt"
    path.write_bytes(text.encode("utf-8", "replace"))
    out = tmp_path / "events.yaml"
    assert geomap("draft", path, "--published", "2021-11-13", "-o", out).code == 0
    written = out.read_text(encoding="utf-8")
    assert not {"\u202e", "\x07", "\x1b"} & set(written)
    assert read(out).events


def test_work_on_many_files_shows_a_bar_on_a_terminal_only(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    assert list(steps(["a", "b"], "Drafting [x]")) == ["a", "b"]
    assert capsys.readouterr() == ("", "")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert list(steps(["a", "b"], "Drafting [x]")) == ["a", "b"]
    said = capsys.readouterr()
    assert said.out == ""
    assert "Drafting [x]" in said.err
    assert list(steps(["a"], "Drafting")) == ["a"]
    assert capsys.readouterr() == ("", "")
