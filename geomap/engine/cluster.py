"""Tasks on a Dask cluster: one that is there, or one of this machine's own for the time of a run."""

from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from geomap.engine.corpus import Shard
from geomap.engine.job import Job
from geomap.engine.task import Outcome, run_shard
from geomap.errors import EngineError, MissingExtraError

if TYPE_CHECKING:
    from distributed import Client

_ALLOWED_FAILURES: Final = 10
"""A worker that dies casts suspicion on every task that it was given, most of them innocent."""
_AHEAD: Final = 3
_LEAST_AHEAD: Final = 16
_CONNECT_S: Final = 30


def run_dask(
    job: Job, shards: Iterable[Shard], *, workers: int, scheduler: str | None = None
) -> Generator[Outcome, None, None]:
    """Work on shards on a cluster; the outcomes come as they are ready, in any order.

    Nothing but names of shards and outcomes goes over the network: workers read the corpus and write parts
    themselves, in folders that all of them see under the same paths.

    Parameters
    ----------
    workers
        Processes of an own cluster, if no scheduler is named.
    scheduler
        Where one listens, such as `tcp://10.0.0.5:8786`.

    Raises
    ------
    MissingExtraError
        If dask and distributed are not installed.
    EngineError
        If the scheduler is not reached, or is lost.
    """
    if find_spec("dask") is None or find_spec("distributed") is None:
        raise MissingExtraError("--engine dask needs dask: pip install 'geomap[cluster]'")
    with ExitStack() as stack:
        try:
            client = stack.enter_context(_client(workers, scheduler))
            yield from _run(client, job, iter(shards))
        except (CancelledError, TimeoutError, OSError) as error:
            where = scheduler or "the cluster"
            raise EngineError(f"{where} was not reached or is lost ({error}); run again to go on") from error


@contextmanager
def _client(workers: int, scheduler: str | None) -> "Iterator[Client]":
    import dask
    from distributed import Client, LocalCluster

    settings = {"distributed.scheduler.allowed-failures": _ALLOWED_FAILURES}
    with ExitStack() as stack:
        stack.enter_context(dask.config.set(settings))
        if scheduler is None:
            cluster = stack.enter_context(
                LocalCluster(
                    n_workers=workers,
                    threads_per_worker=1,
                    processes=True,
                    dashboard_address=None,
                    host="127.0.0.1",
                )
            )
            yield stack.enter_context(Client(cluster))
        else:
            yield stack.enter_context(Client(scheduler, timeout=_CONNECT_S))


def _run(client: "Client", job: Job, shards: Iterator[Shard]) -> Iterator[Outcome]:
    from distributed import KilledWorker, as_completed

    running: dict[Any, Shard] = {}

    def give_out() -> list[Any]:
        """New tasks, so that no worker waits and the scheduler holds few, however large the corpus."""
        given = []
        most = max(_LEAST_AHEAD, _AHEAD * sum(client.nthreads().values()))
        while len(running) < most and (shard := next(shards, None)) is not None:
            future = client.submit(
                run_shard, job, shard, key=f"geomap-{shard.id}-{job.key(shard)}", pure=False
            )
            running[future] = shard
            given.append(future)
        return given

    completed = as_completed(give_out())
    for future in completed:
        shard = running.pop(future)
        try:
            yield future.result()
        except KilledWorker as error:
            yield Outcome(shard.id, shard.documents, error=str(error))
        completed.update(give_out())
