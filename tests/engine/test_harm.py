"""Runs that are harmed: killed, stopped, out of room, with damaged parts and with documents that do harm."""

import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from engine_runs import (
    Cluster,
    Running,
    Whole,
    contents,
    finish,
    rows,
    serve_cluster,
    wait_until,
    words,
    write_records,
)

Start = Callable[..., Running]


# Workers


def test_workers_that_are_killed_lose_nothing(start: Start, whole: Whole, tmp_path: Path) -> None:
    running = start(whole.corpus, tmp_path / "parts", sleep=0.01)
    for done in (0, 1, 2):
        running.wait_for(done)
        running.kill_worker()
    assert running.end()[0] == 0
    whole.assert_in(tmp_path / "parts")


def test_workers_of_a_cluster_that_are_killed_lose_nothing(
    start: Start, whole: Whole, tmp_path: Path, cluster: Cluster
) -> None:
    running = start(whole.corpus, tmp_path / "parts", engine="dask", scheduler=cluster.address)
    running.wait_for(1)
    for pid in cluster.workers():
        os.kill(pid, signal.SIGKILL)
    assert running.end()[0] == 0
    whole.assert_in(tmp_path / "parts")


def test_a_worker_of_a_cluster_that_is_stopped_for_a_while_is_waited_for(
    start: Start, whole: Whole, tmp_path: Path, cluster: Cluster
) -> None:
    parts = tmp_path / "parts"
    running = start(whole.corpus, parts, engine="dask", scheduler=cluster.address)
    running.wait_for(1)
    pid = cluster.workers()[0]
    os.kill(pid, signal.SIGSTOP)
    done = running.done()
    try:
        wait_until(lambda: running.done() > done)
    finally:
        os.kill(pid, signal.SIGCONT)
    assert running.end()[0] == 0
    whole.assert_in(parts)


# Drivers and schedulers


def test_a_run_that_is_killed_goes_on_where_it_was(start: Start, whole: Whole, tmp_path: Path) -> None:
    parts = tmp_path / "parts"
    running = start(whole.corpus, parts, sleep=0.01)
    running.wait_for(3)
    running.process.kill()
    running.process.communicate()
    before = {path: path.stat().st_mtime_ns for path in (parts / "counts").glob("part-*")}
    assert not (parts / "_SUCCESS.json").exists()
    summary = finish(whole.corpus, parts)
    assert 0 < summary.were_there < whole.documents
    kept = [path for path, written in before.items() if path.stat().st_mtime_ns == written]
    assert len(kept) >= 3
    whole.assert_in(parts)


def test_a_run_whose_scheduler_is_killed_says_so_and_goes_on_where_it_was(
    start: Start, whole: Whole, tmp_path: Path
) -> None:
    pytest.importorskip("distributed")
    parts = tmp_path / "parts"
    with serve_cluster(tmp_path, workers=1) as served:
        running = start(whole.corpus, parts, engine="dask", scheduler=served.address)
        running.wait_for(2)
        served.scheduler.kill()
        code, _, said = running.end()
    assert code == 3
    assert "run again to go on" in said
    assert not (parts / "_SUCCESS.json").exists()
    assert finish(whole.corpus, parts).were_there > 0
    whole.assert_in(parts)


# Files


def test_parts_that_are_damaged_are_made_again(whole: Whole, tmp_path: Path) -> None:
    parts = whole.copy(tmp_path / "parts")
    cut, changed, lost, *_ = sorted((parts / "counts").glob("part-*"))
    cut.write_bytes(cut.read_bytes()[:-100])
    changed.write_bytes(changed.read_bytes()[:50] + b"X" + changed.read_bytes()[51:])
    lost.unlink()
    garbled, *_ = sorted((parts / "_manifest").glob("*.json"), reverse=True)
    garbled.write_bytes(b'{"shard": 1}')
    assert 0 < finish(whole.corpus, parts).were_there < whole.documents
    whole.assert_in(parts)


def test_what_no_manifest_names_counts_for_nothing_and_is_swept(whole: Whole, tmp_path: Path) -> None:
    parts = whole.copy(tmp_path / "parts")
    real = next((parts / "counts").glob("part-*"))
    strays = [
        parts / "counts" / f".{real.name}.77.77.tmp",
        parts / "counts" / "part-0123456789abcdef-0123456789abcdef.parquet",
        parts / "_manifest" / "0123456789abcdef.json",
        parts / "_tries" / "0123456789abcdef-0123456789abcdef.txt",
    ]
    for stray in strays:
        shutil.copyfile(real, stray)
    assert len(rows(parts)) == whole.documents
    summary = finish(whole.corpus, parts)
    assert summary.were_there == whole.documents, "what is done is not done again"
    whole.assert_in(parts)


def test_a_full_disk_ends_a_run_and_the_next_goes_on(start: Start, whole: Whole, tmp_path: Path) -> None:
    parts = tmp_path / "parts"
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (1500, 1500))"
    code, _, said = start(whole.corpus, parts, workers=1, before=limit).end()
    assert code == 3
    assert "cannot be written: File too large" in said
    assert not (parts / "_SUCCESS.json").exists()
    finish(whole.corpus, parts)
    whole.assert_in(parts)


# Documents


@pytest.fixture(scope="module")
def harmful(tmp_path_factory: pytest.TempPathFactory) -> Path:
    texts = words(60)
    texts[5], texts[11], texts[30], texts[59] = "die", "refuse", "exit", "stumble"
    return write_records(tmp_path_factory.mktemp("harmful") / "harmful.jsonl", texts)


FAULTS = [
    {"file": "harmful.jsonl", "line": 6, "error": "the process working on it was ended by signal 9"},
    {"file": "harmful.jsonl", "line": 12, "error": "harmful.jsonl:1:1: refused"},
    {"file": "harmful.jsonl", "line": 31, "error": "the process working on it ended with exit code 7"},
    {"file": "harmful.jsonl", "line": 60, "error": "ZeroDivisionError: stumbled"},
]


def assert_quarantined(running: Running) -> None:
    code, summary, said = running.end()
    assert (code, summary["failures"]) == (1, []), said
    assert summary["faults"] == FAULTS
    assert len(rows(running.parts)) == summary["rows"]["counts"] == 60 - len(FAULTS)
    assert (running.parts / "_quarantine.jsonl").read_text().count("\n") == len(FAULTS)
    assert (running.parts / "_SUCCESS.json").exists()


def test_documents_that_kill_their_workers_are_left_out_and_the_rest_goes_on(
    start: Start, harmful: Path, tmp_path: Path, cluster: Cluster
) -> None:
    # Side by side: most of the time is that of processes which begin and die.
    local = start(harmful, tmp_path / "local", work="HarmfulWork")
    dask = start(harmful, tmp_path / "dask", work="HarmfulWork", engine="dask", scheduler=cluster.address)
    assert_quarantined(local)
    assert_quarantined(dask)
    assert contents(local.parts) == contents(dask.parts)


def test_a_document_that_hangs_is_left_out(start: Start, tmp_path: Path) -> None:
    corpus = write_records(tmp_path / "hanging.jsonl", ["one", "hang", "three"])
    code, summary, _ = start(corpus, tmp_path / "parts", work="HarmfulWork", timeout=1).end()
    assert code == 1
    assert summary["faults"] == [{"file": "hanging.jsonl", "line": 2, "error": "took more than 1 s"}]
    assert [row["text"] for row in rows(tmp_path / "parts")] == ["one", "three"]
