"""A folder of Parquet parts and their manifests: each file is whole, and only those count that a manifest names."""

import hashlib
import json
import os
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock, Timeout

from geomap.errors import GeomapError, OutputError

Row = Mapping[str, Any]

_JOB: Final = "_job.json"
_SUCCESS: Final = "_SUCCESS.json"
_QUARANTINE: Final = "_quarantine.jsonl"
_LOCK: Final = "_lock"
_MANIFESTS: Final = "_manifest"
_TRIES: Final = "_tries"
_TRY: Final = b"try\n"
_LAYOUT: Final = 1


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """A document that could not be worked on: its name, the line in it or 0, and why."""

    file: str
    line: int
    error: str


@dataclass(frozen=True, slots=True)
class Part:
    """One Parquet file of a table; `file` is relative to the folder, with forward slashes."""

    file: str
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What was made of a shard: how many documents were read, its parts by table, and what could not be read."""

    shard: str
    key: str
    documents: int
    parts: Mapping[str, Part]
    faults: tuple[Fault, ...]

    def to_json(self) -> bytes:
        """The manifest as it is written: one line, keys in order."""
        return _json(asdict(self))

    @classmethod
    def from_json(cls, content: bytes) -> "Manifest":
        """Read what `to_json` wrote.

        Raises
        ------
        ValueError
            If it is anything else.
        """
        try:
            given = json.loads(content)
            return cls(
                shard=given["shard"],
                key=given["key"],
                documents=given["documents"],
                parts={table: Part(**part) for table, part in given["parts"].items()},
                faults=tuple(Fault(**fault) for fault in given["faults"]),
            )
        except (TypeError, KeyError, AttributeError) as error:
            raise ValueError(f"no manifest: {error!r}") from error


class Parts:
    """The outputs of a run, in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    # Of a shard

    def finished(self, shard: str, key: str) -> Manifest | None:
        """The manifest of a shard, if it has this key and its parts are what it says."""
        manifest = self._manifest(self.folder / _MANIFESTS / f"{shard}.json")
        if manifest is None or (manifest.shard, manifest.key) != (shard, key):
            return None
        return manifest if all(self._is_sound(part) for part in manifest.parts.values()) else None

    def write(
        self,
        shard: str,
        key: str,
        *,
        documents: int,
        tables: Mapping[str, tuple[pa.Schema, Sequence[Row]]],
        faults: Iterable[Fault],
    ) -> Manifest:
        """Write the parts of a shard, and then its manifest.

        Parameters
        ----------
        tables
            Of each table its schema and rows, in order.

        Raises
        ------
        OutputError
            If a file cannot be written; then there is no manifest.
        """
        parts = {}
        for table, (schema, rows) in sorted(tables.items()):
            content = parquet(schema, rows)
            name = f"{table}/part-{shard}-{key}.parquet"
            self._put(self.folder / name, content)
            parts[table] = Part(name, len(rows), hashlib.sha256(content).hexdigest())
        manifest = Manifest(shard, key, documents, parts, tuple(sorted(faults)))
        self._put(self.folder / _MANIFESTS / f"{shard}.json", manifest.to_json())
        return manifest

    # How often a shard was begun. A worker that dies cannot say so; what it began and did not end says it.

    def try_path(self, shard: str, key: str) -> Path:
        """The file that holds how often a shard was begun."""
        return self.folder / _TRIES / f"{shard}-{key}.txt"

    def count_try(self, shard: str, key: str) -> int:
        """How often this shard was begun before and not ended; now it is begun once more.

        Raises
        ------
        OutputError
            If that cannot be written down.
        """
        path = self.try_path(shard, key)
        try:
            path.parent.mkdir(exist_ok=True)
            before = path.read_bytes().count(_TRY) if path.exists() else 0
            with path.open("ab") as stream:
                stream.write(_TRY)
        except OSError as error:
            raise _unwritten(path, error) from error
        return before

    def end_try(self, shard: str, key: str) -> None:
        """Forget that a shard was begun: it was ended, well or not."""
        self.try_path(shard, key).unlink(missing_ok=True)

    # Of a run

    @contextmanager
    def locked(self, what: Mapping[str, Any]) -> Iterator[None]:
        """Keep the folder for one run.

        Parameters
        ----------
        what
            What the parts are of, such as the command; a folder keeps to it.

        Raises
        ------
        OutputError
            If another run has it, it holds something else, or cannot be written.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.folder / _LOCK)
            # Whoever is first writes down what the folder is for; before, it has to be empty.
            is_ours = (self.folder / _JOB).exists() or not any(
                path.name != _LOCK for path in self.folder.iterdir()
            )
            if not is_ours:
                raise OutputError(f"{self.folder} holds other files; name an empty folder, or one to be made")
            with lock.acquire(timeout=0):
                self._keep_to(what)
                yield
        except Timeout as error:
            text = "another run writes there; wait for it, or name another folder"
            raise OutputError(f"{self.folder}: {text}") from error
        except OSError as error:
            if isinstance(error, GeomapError):
                raise
            raise _unwritten(self.folder, error) from error

    def begin(self) -> None:
        """Take away what says that a run went well, and what an earlier one left half-written."""
        (self.folder / _SUCCESS).unlink(missing_ok=True)
        self._sweep()

    def end(self, faults: Iterable[Fault]) -> None:
        """List what could not be worked on."""
        lines = (_json(asdict(fault)) for fault in sorted(faults))
        self._put(self.folder / _QUARANTINE, b"".join(lines))

    def succeed(self, manifests: Mapping[str, str], totals: Mapping[str, Any]) -> None:
        """Say that a run went to its end, and remove what is none of it.

        Parameters
        ----------
        manifests
            The key of each shard of this run.
        totals
            What else is to be said.
        """
        self.keep(manifests)
        shards = dict(sorted(manifests.items()))
        self._put(self.folder / _SUCCESS, _json({"layout": _LAYOUT, "shards": shards, **totals}))
        self._sweep()

    def keep(self, manifests: Mapping[str, str]) -> None:
        """Remove the parts of earlier runs that are none of this one.

        Parameters
        ----------
        manifests
            The key of each shard of this run.
        """
        kept = {f"{shard}-{key}" for shard, key in manifests.items()}
        for path in (self.folder / _MANIFESTS).glob("*.json"):
            if path.stem not in manifests:
                path.unlink(missing_ok=True)
        for path in self.folder.glob("*/part-*.parquet"):
            if path.stem.removeprefix("part-") not in kept:
                path.unlink(missing_ok=True)
        for path in (self.folder / _TRIES).glob("*.txt"):
            path.unlink(missing_ok=True)

    def manifests(self) -> Iterator[Manifest]:
        """The manifests of the last run, in order of the shards' ids; of one that was stopped, those that are there."""
        success = self.folder / _SUCCESS
        known = json.loads(success.read_bytes())["shards"] if success.exists() else None
        for path in sorted((self.folder / _MANIFESTS).glob("*.json")):
            manifest = self._manifest(path)
            if manifest is not None and (known is None or known.get(manifest.shard) == manifest.key):
                yield manifest

    def files(self, table: str) -> list[Path]:
        """The Parquet files of a table, as manifests name them."""
        return [self.folder / manifest.parts[table].file for manifest in self.manifests()]

    # Files

    def put(self, name: str, content: bytes) -> None:
        """Write a file of the folder, whole.

        Raises
        ------
        OutputError
            If it cannot be written.
        """
        self._put(self.folder / name, content)

    def _keep_to(self, what: Mapping[str, Any]) -> None:
        path = self.folder / _JOB
        written = _json({"layout": _LAYOUT, **what})
        if path.exists() and path.read_bytes() != written:
            held = path.read_text(encoding="utf-8", errors="replace").strip()
            raise OutputError(f"{self.folder} holds parts of another kind ({held}); name another folder")
        self._put(path, written)

    def _manifest(self, path: Path) -> Manifest | None:
        try:
            return Manifest.from_json(path.read_bytes())
        except (OSError, ValueError):
            return None

    def _is_sound(self, part: Part) -> bool:
        try:
            with (self.folder / part.file).open("rb") as stream:
                return hashlib.file_digest(stream, "sha256").hexdigest() == part.sha256
        except OSError:
            return False

    def _sweep(self) -> None:
        for path in (*self.folder.glob(".*.tmp"), *self.folder.glob("*/.*.tmp")):
            path.unlink(missing_ok=True)

    def _put(self, path: Path, content: bytes) -> None:
        """Write a file under another name, see it on the disk, and give it its name."""
        temporary = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_native_id()}.tmp")
        try:
            path.parent.mkdir(exist_ok=True)
            with temporary.open("wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            temporary.replace(path)
        except OSError as error:
            temporary.unlink(missing_ok=True)
            raise _unwritten(path, error) from error


def parquet(schema: pa.Schema, rows: Sequence[Row]) -> bytes:
    """Rows as a Parquet file; the same rows give the same bytes, with the same pyarrow."""
    table = pa.Table.from_pylist(list(rows), schema=schema)
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    content: bytes = sink.getvalue().to_pybytes()
    return content


def _json(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def _unwritten(path: Path, error: OSError) -> OutputError:
    return OutputError(f"{path}: cannot be written: {error.strerror or error}")
