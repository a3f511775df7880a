"""Tasks in processes of this machine."""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Final

from geomap.engine.corpus import Shard
from geomap.engine.job import Job
from geomap.engine.task import Outcome, run_shard
from geomap.errors import EngineError

_AHEAD: Final = 2
"""Tasks that are given out for each worker, so that none waits for the next."""
_MOST_DEATHS: Final = 10
"""Times in a row that workers may die without any shard coming to its end."""


def run_local(job: Job, shards: Iterable[Shard], *, workers: int) -> Generator[Outcome, None, None]:
    """Work on shards in a pool of processes; the outcomes come as they are ready, in any order.

    A worker that dies takes the pool with it; another one is made, and what had been given out is given out again.

    Raises
    ------
    EngineError
        If workers die again and again.
    """
    waiting = deque(shards)
    deaths = 0
    while waiting:
        running: dict[Future[Outcome], Shard] = {}
        try:
            with _pool(workers) as pool:
                while waiting or running:
                    while waiting and len(running) < _AHEAD * workers:
                        running[pool.submit(run_shard, job, waiting[0])] = waiting[0]
                        waiting.popleft()
                    for future in wait(running, return_when=FIRST_COMPLETED).done:
                        outcome = future.result()
                        del running[future]
                        deaths = 0
                        yield outcome
        except BrokenProcessPool as error:
            waiting.extendleft(reversed(running.values()))
            deaths += 1
            if deaths >= _MOST_DEATHS:
                raise EngineError(
                    f"workers died {deaths} times in a row; is there enough memory? Run again to go on"
                ) from error


@contextmanager
def _pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    """A pool whose processes end with the block, whatever they are at."""
    before = set(multiprocessing.active_children())
    # A fresh interpreter: what is forked from a process with threads may hang.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_begin_worker)
    is_done = False
    try:
        yield pool
        is_done = True
    finally:
        if not is_done:
            for child in set(multiprocessing.active_children()) - before:
                child.terminate()
        pool.shutdown(cancel_futures=True)


def _begin_worker() -> None:
    """Leave Ctrl+C to the caller, and end when it does: a pool's processes would wait for work for ever."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_caller, daemon=True).start()


def _end_with_caller() -> None:
    caller = multiprocessing.parent_process()
    if caller is not None:
        caller.join()
        os._exit(1)
