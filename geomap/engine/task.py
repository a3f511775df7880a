"""One shard, from documents to parts: a task that may be run again, anywhere, at any time, to the same bytes."""

import faulthandler
import importlib
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, Protocol

import pyarrow as pa

from geomap.engine.corpus import Entry, Shard, read_entries
from geomap.engine.job import Job, take_digest
from geomap.engine.parts import Fault, Manifest, Parts, Row
from geomap.errors import GeomapError, MissingExtraError, OutputError
from geomap.extract.document import Document

_PATIENT: Final = 2
"""Times that a shard may be begun in vain before its documents are tried apart from the worker."""


class Work(Protocol):
    """Makes rows of documents, one after the other; `tables` are the schemas by name."""

    tables: Mapping[str, pa.Schema]

    def rows(self, document: Document, entry: Entry) -> Mapping[str, Sequence[Row]]:
        """The rows of a document by table, in an order that depends on nothing else.

        Raises
        ------
        GeomapError
            If nothing can be made of it.
        """


def make_work(job: Job) -> Work:
    """What a job names, ready to work: this is where a worker loads what finds places, and reads the gazetteer.

    Raises
    ------
    GeomapError
        If it cannot be made ready.
    """
    module, _, name = job.work.partition(":")
    work: Work = getattr(importlib.import_module(module), name)(job)
    return work


_turn: Final = threading.Lock()
_held: list[tuple[tuple[object, ...], Work]] = []
"""The last work, with the options it was made of."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a task ended; plain values, since data do not travel between workers.

    Either `key` is that of the manifest that lies there now, or `error` says why there is none; `is_final` then says
    that other shards will fare no better. `was_there` says that nothing had to be done.
    """

    shard: str
    documents: int
    key: str = ""
    was_there: bool = False
    faults: int = 0
    error: str = ""
    is_final: bool = False


class WorkerError(GeomapError):
    """A worker has other code or place data than the run it works for, or cannot work at all."""


def run_shard(job: Job, shard: Shard) -> Outcome:
    """Work on a shard, unless its parts lie there already.

    A worker that dies over a shard leaves a mark; who takes it up the third time tries its documents in processes of
    their own, to find out which of them cannot be worked on.
    """
    # One at a time in a process, which has one watchdog and one gazetteer.
    with _turn:
        try:
            return _run(job, shard)
        except (OutputError, MissingExtraError, WorkerError) as error:
            return Outcome(shard.id, shard.documents, error=str(error), is_final=True)
        except GeomapError as error:
            return Outcome(shard.id, shard.documents, error=str(error))


def _run(job: Job, shard: Shard) -> Outcome:
    if take_digest(job.worldview, job.ner_model) != job.digest:
        raise WorkerError(
            "a worker has another geomap, libraries or place data than this run; install the same"
        )
    parts, key = Parts(Path(job.parts)), job.key(shard)
    if (manifest := parts.finished(shard.id, key)) is not None:
        return _outcome(manifest, was_there=True)
    tries = parts.count_try(shard.id, key)
    try:
        if tries < _PATIENT:
            with parts.try_path(shard.id, key).open("ab", buffering=0) as hung:
                manifest = work_on(job, shard, hung)
        else:
            from geomap.engine.isolation import work_apart

            manifest = work_apart(job, shard)
    finally:
        parts.end_try(shard.id, key)
    return _outcome(manifest)


def _outcome(manifest: Manifest, *, was_there: bool = False) -> Outcome:
    return Outcome(
        manifest.shard,
        manifest.documents,
        key=manifest.key,
        was_there=was_there,
        faults=len(manifest.faults),
    )


def work_on(
    job: Job,
    shard: Shard,
    hung: IO[bytes],
    *,
    poison: Mapping[int, str] | None = None,
    begin: Callable[[int], None] | None = None,
) -> Manifest:
    """Work on all documents of a shard in this process, and write its parts.

    Parameters
    ----------
    hung
        Where the watchdog writes which code hung, before it ends the process.
    poison
        Numbers of documents that must not be touched, with why.
    begin
        Told the number of each document before anything is done with it.

    Raises
    ------
    GeomapError
        If the shard cannot be read, or its parts cannot be written; not for what is wrong with a document.
    """
    poison = poison or {}
    work = _work(job)
    rows: dict[str, list[Row]] = {table: [] for table in work.tables}
    faults = []
    entries = read_entries(shard)
    for number, entry in enumerate(entries):
        if number in poison:
            faults.append(Fault(entry.name, entry.line, poison[number]))
    numbers = [number for number in range(len(entries)) if number not in poison]
    for found in work_through(job, entries, numbers, hung, begin=begin):
        if isinstance(found, Fault):
            faults.append(found)
            continue
        for table, made in found.items():
            rows[table] += made
    return Parts(Path(job.parts)).write(
        shard.id,
        job.key(shard),
        documents=len(entries),
        tables={table: (schema, rows[table]) for table, schema in work.tables.items()},
        faults=faults,
    )


def work_through(
    job: Job,
    entries: Sequence[Entry],
    numbers: Iterable[int],
    hung: IO[bytes],
    *,
    begin: Callable[[int], None] | None = None,
) -> Iterator[Mapping[str, list[Row]] | Fault]:
    """The rows of some documents of a shard, by table, or why there are none.

    Raises
    ------
    MissingExtraError
        If a library is not installed.
    """
    work = _work(job)
    for number in numbers:
        if begin is not None:
            begin(number)
        with _limited(job.timeout_s, hung):
            found = _rows(work, job, entries[number])
        yield found


def _rows(work: Work, job: Job, entry: Entry) -> Mapping[str, list[Row]] | Fault:
    try:
        made = work.rows(entry.read(job.day), entry)
        return {table: list(rows) for table, rows in made.items()}
    except MissingExtraError:
        raise
    except GeomapError as error:
        # Where a corpus lies is no part of what is written.
        return Fault(entry.name, entry.line, str(error).replace(entry.path, entry.name))
    except Exception as error:  # a mistake of ours in one document is no reason to give up the others
        return Fault(entry.name, entry.line, f"{type(error).__name__}: {error}")


def _work(job: Job) -> Work:
    """What works for a job; made once and kept for the next shard."""
    # The options of a job make its work, and not where its outputs go.
    options = (job.work, job.digest, job.worldview, job.ner_model, job.is_russian)
    if not _held or _held[0][0] != options:
        _held[:] = [(options, make_work(job))]
    return _held[0][1]


@contextmanager
def _limited(seconds: float, stream: IO[bytes]) -> Iterator[None]:
    """End the process if the block takes longer, even where C code holds Python's lock: it dies as of a crash."""
    faulthandler.dump_traceback_later(seconds, exit=True, file=stream.fileno())
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()
