"""One run over a corpus, from its files to a folder of parts, by whichever engine."""

from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from geomap.engine.corpus import Corpus, Shard, find_corpus
from geomap.engine.job import Advance, Job, take_digest
from geomap.engine.parts import Fault, Parts
from geomap.engine.task import Outcome
from geomap.errors import ConfigError, EngineError, Mark

Engine = Literal["local", "dask"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """How a run went.

    `documents` are those of the corpus, `were_there` those of shards that an earlier run had done. `rows` are by
    table. `faults` are documents that could not be worked on, `failures` say why whole shards could not.
    """

    documents: int
    were_there: int
    shards: int
    rows: dict[str, int]
    faults: tuple[Fault, ...]
    failures: tuple[str, ...]
    passed_over: int


def run(
    job: Job,
    corpora: Sequence[Path],
    *,
    engine: Engine = "local",
    workers: int = 1,
    scheduler: str | None = None,
    advance: Advance | None = None,
) -> Summary:
    """Work on all documents of corpora, but for what an earlier run in the same folder has done already.

    Parameters
    ----------
    job
        What to do; its digest is taken here.
    workers
        Processes on this machine.
    scheduler
        Of a Dask cluster; without one, `dask` makes its own.
    advance
        Told what is worked through (`Documents`, and then, of drafts, the steps of relating them), how much of it
        is done, and how much there is.

    Raises
    ------
    ConfigError
        If a corpus cannot be read, or holds no document.
    OutputError
        If another run writes there, or it cannot be written.
    EngineError
        If workers or the scheduler are lost for good, or a worker has other code or place data.
    MissingExtraError
        If the engine, or a library that it needs, is not installed.
    """
    parts = Parts(Path(job.parts))
    with parts.locked({"work": job.work}):
        parts.begin()
        corpus = find_corpus(corpora, without=parts.folder)
        shards = list(corpus.shards())
        if not shards:
            where = ", ".join(str(path) for path in corpora)
            raise ConfigError.at(
                Mark(corpora[0], 1, 1), f"no documents in {where}; expected texts or JSON Lines"
            )
        job = replace(job, digest=take_digest(job.worldview, job.ner_model))
        outcomes = _outcomes(job, shards, engine, workers, scheduler)
        return _finish(parts, job, corpus, shards, _gather(outcomes, shards, advance), advance)


def _outcomes(
    job: Job, shards: Sequence[Shard], engine: Engine, workers: int, scheduler: str | None
) -> Generator[Outcome, None, None]:
    if engine == "dask":
        from geomap.engine.cluster import run_dask

        return run_dask(job, shards, workers=workers, scheduler=scheduler)
    from geomap.engine.local import run_local

    return run_local(job, shards, workers=min(workers, len(shards)))


def _gather(
    outcomes: Generator[Outcome, None, None], shards: Sequence[Shard], advance: Advance | None
) -> list[Outcome]:
    total, done = sum(shard.documents for shard in shards), 0
    gathered = []
    with closing(outcomes):  # what still runs is ended with an error, and not waited for
        for outcome in outcomes:
            if outcome.is_final:
                raise EngineError(outcome.error)
            gathered.append(outcome)
            done += outcome.documents
            if advance is not None:
                advance("Documents", done, total)
    return gathered


def _finish(
    parts: Parts,
    job: Job,
    corpus: Corpus,
    shards: Sequence[Shard],
    outcomes: Sequence[Outcome],
    advance: Advance | None,
) -> Summary:
    keys = {shard.id: job.key(shard) for shard in shards}
    failures = tuple(sorted(outcome.error for outcome in outcomes if outcome.error))
    faults: list[Fault] = []
    rows: dict[str, int] = {}
    for manifest in parts.manifests():
        if keys.get(manifest.shard) != manifest.key:
            continue
        faults += manifest.faults
        for table, part in manifest.parts.items():
            rows[table] = rows.get(table, 0) + part.rows
    documents = sum(shard.documents for shard in shards)
    parts.end(faults)
    if not failures:
        if "sources" in rows:
            # With the shards of this run alone; those of an earlier corpus go first.
            parts.keep(keys)
            from geomap.engine.relating import relate_parts

            rows["relations"] = relate_parts(parts, worldview=job.worldview, advance=advance)
        totals: dict[str, Any] = {"documents": documents, "rows": rows, "quarantined": len(faults)}
        parts.succeed(keys, totals)
    return Summary(
        documents=documents,
        were_there=sum(outcome.documents for outcome in outcomes if outcome.was_there),
        shards=len(shards),
        rows=rows,
        faults=tuple(sorted(faults)),
        failures=failures,
        passed_over=corpus.passed_over,
    )
