"""`geomap tag --parts` and `geomap draft --parts`, as people run them."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine_runs import environment, rows
from geomap.events.across import relate
from geomap.extract.read import read_records
from geomap.gazetteer import read_gazetteer
from geomap.pipeline.drafting import Drafting

Run = Callable[..., Any]
TOLD = (
    ("a", "A drone struck a fuel depot near {place} on {day} May, and {count} tonnes of diesel burned."),
    ("b", "Drones hit an oil depot outside {place} on {day} May; some {count} tonnes of fuel burned."),
)
PLACES = ("Minsk", "Grodno", "Kursk", "Lviv", "Odesa", "Belgorod", "Sumy", "Poltava", "Riga", "Brest")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten events, each told by two papers, and a line that is none."""
    path = tmp_path_factory.mktemp("corpus") / "news.jsonl"
    lines = [
        {
            "id": f"{paper}{number}",
            "text": text.format(place=place, day=number + 3, count=40 + 37 * number),
            "published": "2023-06-01",
            "publisher": f"Paper {paper}",
        }
        for paper, text in TOLD
        for number, place in enumerate(PLACES)
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


@pytest.fixture(scope="module")
def drafted(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of what was drafted from it."""
    parts = tmp_path_factory.mktemp("drafted") / "parts"
    command = [sys.executable, "-m", "geomap", "draft", str(corpus), "--parts", str(parts), "--workers", "1"]
    ended = subprocess.run(
        command, capture_output=True, text=True, env=environment(), timeout=120, check=True
    )
    assert ended.stdout == ""
    assert "20 documents in" in ended.stderr
    return parts


def test_drafts_of_a_corpus_are_those_of_its_documents(geomap: Run, corpus: Path, drafted: Path) -> None:
    parts = drafted
    drafting = Drafting(read_gazetteer())
    documents = list(read_records(corpus))
    expected = {document.id: drafting.answer(document) for document in documents}
    events = rows(parts, "events")
    found: dict[str, list[Any]] = {document: [] for document in expected}
    for row in events:
        found[row["document"]].append(json.loads(row["json"]))
    assert found == json.loads(json.dumps(expected))
    assert len({row["uid"] for row in events}) == len(events) > 19
    assert [row["document"] for row in rows(parts, "sources")] == [document.id for document in documents]
    again = geomap("draft", corpus, "--parts", parts, "--workers", 2)
    assert "20 of them done before" in again.err


def test_one_event_of_two_papers_is_found_as_single_files_would(corpus: Path, drafted: Path) -> None:
    import pyarrow.parquet as pq

    parts = drafted
    of = {row["uid"]: (row["document"], row["event"]) for row in rows(parts, "events")}
    found = {
        frozenset((of[row["one"]], of[row["other"]])): row["relation"]
        for row in pq.read_table(parts / "relations.parquet").to_pylist()
    }
    drafting = Drafting(read_gazetteer())
    documents = [drafting.draft_alone(document) for document in read_records(corpus)]
    names = {
        draft.record.id: (document.id, draft.record.id)
        for document, drafted in zip(read_records(corpus), documents, strict=True)
        for draft in drafted.drafts
    }
    _, suggestions = relate(documents)
    expected = {frozenset((names[each.one], names[each.other])): each.relation.value for each in suggestions}
    twice = {frozenset(pair) for pair in expected if len({document[1:] for document, _ in pair}) == 1}
    assert len(twice) >= 10
    assert {pair: found.get(pair) for pair in twice} == {pair: expected[pair] for pair in twice}


def test_tags_of_a_corpus_are_those_of_its_documents(geomap: Run, corpus: Path, tmp_path: Path) -> None:
    parts = tmp_path / "parts"
    assert geomap("tag", corpus, "--parts", parts, "--workers", 1).code == 0
    told = json.loads(geomap("tag", corpus, "--json").out)
    expected = [
        (mention["start"], mention["text"], mention.get("place_id"), mention.get("first"))
        for answer in told
        for mention in sorted(
            answer["toponyms"] + answer["dates"], key=lambda each: (each["start"], each["end"])
        )
    ]
    found = [
        (row["start"], row["text"], row["place_id"], row["first"].isoformat() if row["first"] else None)
        for row in rows(parts, "mentions")
    ]
    assert found == expected


def test_a_document_that_cannot_be_read_is_listed_and_the_exit_code_is_1(geomap: Run, tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "bad.txt").write_bytes(b"\xff\xfe\xfa")
    (folder / "good.txt").write_text("Shelling hit Kharkiv on Friday.")
    ended = geomap("tag", folder, "--parts", tmp_path / "parts", "--workers", 1)
    assert ended.code == 1
    assert "1 document could not be worked on" in ended.err
    (fault,) = map(json.loads, (tmp_path / "parts" / "_quarantine.jsonl").read_text().splitlines())
    assert (fault["file"], fault["line"]) == ("news/bad.txt", 0)
    assert str(tmp_path) not in fault["error"]
    assert all(
        str(tmp_path).encode() not in path.read_bytes() for path in (tmp_path / "parts").rglob("*.json*")
    )


@pytest.mark.parametrize("command", ["tag", "draft"])
@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--parts", "p", "--jsonl"], "does not go with --parts"),
        (["--parts", "p"], "needs a corpus"),
        (["a.txt", "--workers", "2"], "goes with --parts"),
        (["a.txt", "--parts", "p", "--scheduler", "tcp://127.0.0.1:1"], "--engine dask"),
        (["a.txt", "--parts", "p", "--published", "soon"], "no ISO date"),
    ],
)
def test_options_that_make_no_sense_are_refused(
    geomap: Run, command: str, options: list[str], said: str
) -> None:
    ended = geomap(command, *options)
    assert ended.code == 2
    assert said in " ".join(ended.err.replace("│", " ").split())


def test_without_dask_the_extra_is_named(
    geomap: Run, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from geomap.engine import cluster

    monkeypatch.setattr(cluster, "find_spec", lambda name: None)
    ended = geomap("tag", corpus, "--parts", tmp_path / "parts", "--engine", "dask")
    assert ended.code == 2
    assert "geomap[cluster]" in ended.err
