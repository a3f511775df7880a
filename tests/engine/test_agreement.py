"""Runs that nothing harms: the same parts, whatever works on them, and nothing done twice."""

import gzip
import shutil
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from engine_runs import Cluster, Running, Whole, finish, rows
from geomap.engine.corpus import find_corpus
from geomap.errors import OutputError

Start = Callable[..., Running]


def test_two_workers_leave_the_same_bytes_as_one_and_count_every_document(
    whole: Whole, tmp_path: Path
) -> None:
    told: list[tuple[str, int, int]] = []
    summary = finish(
        whole.corpus, tmp_path / "parts", workers=2, advance=lambda *progress: told.append(progress)
    )
    assert (summary.documents, summary.were_there) == (whole.documents, 0)
    assert summary.rows == {"counts": whole.documents}
    whole.assert_in(tmp_path / "parts")
    assert {(what, total) for what, _, total in told} == {("Documents", whole.documents)}
    assert len(told) == summary.shards
    assert all(before < after for (_, before, _), (_, after, _) in pairwise(told))
    assert told[-1][1] == whole.documents


def test_a_cluster_that_is_there_leaves_the_same_bytes(
    start: Start, whole: Whole, tmp_path: Path, cluster: Cluster
) -> None:
    running = start(whole.corpus, tmp_path / "parts", engine="dask", scheduler=cluster.address)
    assert running.end()[0] == 0
    whole.assert_in(tmp_path / "parts")


def test_a_cluster_of_its_own_leaves_the_same_bytes(start: Start, whole: Whole, tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    running = start(whole.corpus, tmp_path / "parts", engine="dask", workers=2)
    assert running.end()[0] == 0
    whole.assert_in(tmp_path / "parts")


def test_packed_lines_are_read_as_lines(whole: Whole, tmp_path: Path) -> None:
    packed = tmp_path / "words.jsonl.gz"
    packed.write_bytes(gzip.compress(whole.corpus.read_bytes()))
    finish(packed, tmp_path / "parts")
    assert sorted(row["text"] for row in rows(tmp_path / "parts")) == sorted(
        row["text"] for row in rows(whole.parts)
    )


def test_a_corpus_that_changes_changes_what_is_new_alone(whole: Whole, tmp_path: Path) -> None:
    corpus, parts = tmp_path / whole.corpus.name, whole.copy(tmp_path / "parts")
    shutil.copyfile(whole.corpus, corpus)
    with corpus.open("a", encoding="utf-8") as stream:
        stream.write('{"id": "new", "text": "one more", "language": "en"}\n')
    summary = finish(corpus, parts)
    assert whole.documents - 128 <= summary.were_there < whole.documents
    assert sorted(row["document"] for row in rows(parts)) == sorted(
        ["new", *(row["document"] for row in rows(whole.parts))]
    )
    shards = list(find_corpus([corpus], without=parts).shards())
    assert len(list((parts / "counts").iterdir())) == len(shards)


def test_a_second_run_in_the_same_folder_is_refused(start: Start, whole: Whole, tmp_path: Path) -> None:
    first = start(whole.corpus, tmp_path / "parts", sleep=0.005)
    first.wait_for(1)
    with pytest.raises(OutputError, match="another run writes there"):
        finish(whole.corpus, tmp_path / "parts")
    assert first.end()[0] == 0
    whole.assert_in(tmp_path / "parts")


def test_a_folder_keeps_to_its_kind_and_holds_nothing_else(whole: Whole, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="holds parts of another kind"):
        finish(whole.corpus, whole.parts, work="HarmfulWork")
    whole.assert_in(whole.parts)
    other = tmp_path / "other"
    other.mkdir()
    (other / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match="holds other files"):
        finish(whole.corpus, other)
    assert (other / "notes.txt").read_text() == "mine"
