"""A corpus, what an undisturbed run leaves of it, runs in processes of their own, and a Dask cluster of processes."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from engine_runs import Cluster, Running, Whole, begin, contents, finish, serve_cluster, words, write_records

Start = Callable[..., Running]
DOCUMENTS = 400


@pytest.fixture
def start() -> Iterator[Start]:
    """Begin a run of one of the test's own works, in a process of its own."""
    with ExitStack() as stack:

        def keep(*arguments: Any, **options: Any) -> Running:
            running = begin(*arguments, **options)
            stack.enter_context(running.process)
            stack.callback(running.process.kill)
            return running

        yield keep


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    """A corpus, and what a run with one worker leaves of it that nothing disturbs."""
    folder = tmp_path_factory.mktemp("whole")
    corpus = write_records(folder / "words.jsonl", words(DOCUMENTS))
    summary = finish(corpus, folder / "parts")
    assert (summary.documents, summary.faults, summary.failures) == (DOCUMENTS, (), ())
    return Whole(corpus, folder / "parts", DOCUMENTS, contents(folder / "parts"))


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A scheduler and two workers that a keeper starts again when they die."""
    pytest.importorskip("distributed")
    with serve_cluster(tmp_path_factory.mktemp("cluster"), workers=2) as served:
        yield served
