"""A corpus on the disk, cut into shards by its content: the same shards on any machine, with any number of workers."""

import gzip
import hashlib
import os
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import BinaryIO, Final, cast

from geomap.errors import ConfigError, GeomapError, Mark
from geomap.extract.document import Document
from geomap.extract.read import MAX_BYTES, BrokenRecord, read_document, read_record

_TEXTS: Final = (".txt", ".text", ".md", ".markdown", ".html", ".htm", ".xhtml")
_RECORDS: Final = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")

# A shard ends after a document whose digest says so. What is added or removed moves the ends near it and no other.
_LEAST: Final = 16
_MOST: Final = 128
_ONE_IN: Final = 48
_MOST_BYTES: Final = 1 << 20
_BLOCK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Piece:
    """Documents of one file that stand in a row: a text of its own, or lines of a file of JSON Lines.

    `name` begins with the name of the corpus and has forward slashes. `start` and `end` are bytes, of the unpacked
    file if it is packed; `line` is the number of the first line from 1, 0 for a text.
    """

    name: str
    path: str
    start: int
    end: int
    line: int


@dataclass(frozen=True, slots=True)
class Shard:
    """Documents that are worked on together; `id` is a digest of their names and bytes."""

    id: str
    documents: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One document of a shard, not read yet; `line` is 0 for a text, and `raw` the line where it is one.

    A line that is too long to be read has no `raw` either.
    """

    name: str
    path: str
    line: int
    raw: bytes | None = field(default=None, repr=False)

    def read(self, published: date | None) -> Document:
        """The document, under the name that it has in its corpus or the id that its line gives.

        Raises
        ------
        GeomapError
            If it cannot be read.
        """
        if not self.line:
            return replace(read_document(Path(self.path), published=published), id=self.name)
        if self.raw is None:
            raise ConfigError.at(Mark(Path(self.path), self.line, 1), f"longer than {MAX_BYTES:,} bytes")
        read = read_record(Path(self.path), self.line, self.raw)
        if isinstance(read, BrokenRecord):
            raise ConfigError.at(Mark(read.path, read.line, 1), read.message)
        return replace(read, published=published, published_basis="given") if published is not None else read


class ChangedError(GeomapError):
    """A file is not what it was when the corpus was cut into shards."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """What there is to read: files by name, and how many were passed over since they hold no texts."""

    files: tuple[tuple[str, Path], ...]
    passed_over: int = 0

    def shards(self) -> Iterator[Shard]:
        """All documents in order of their names, cut into shards of at most 128.

        Raises
        ------
        ConfigError
            If a file cannot be read, or a packed one is damaged.
        """
        return _cut(piece for name, path in self.files for piece in _documents(name, path))


def find_corpus(given: Sequence[Path], *, without: Path) -> Corpus:
    """The files of corpora: those of folders whose names end as texts do, and each file that is named itself.

    Hidden files and folders, and links to folders, are left out.

    Parameters
    ----------
    without
        A folder that is no part of any corpus: where the outputs go.

    Raises
    ------
    ConfigError
        If one does not exist, or two have the same name.
    """
    roots: dict[str, Path] = {}
    for path in given:
        root = path.resolve()
        if not root.exists():
            raise _error(path, "no such file or folder; expected a corpus, check the path")
        if roots.setdefault(root.name, root) != root:
            raise _error(path, f"two corpora are called {root.name!r}; give a folder that holds both")
    files: list[tuple[str, Path]] = []
    passed_over = 0
    for name, root in sorted(roots.items()):
        if root.is_file():
            files.append((_printable(name), root))
            continue
        for path in _walk(root, without.resolve()):
            if path.name.lower().endswith(_TEXTS + _RECORDS):
                files.append((_printable(f"{name}/{path.relative_to(root).as_posix()}"), path))
            else:
                passed_over += 1
    return Corpus(tuple(sorted(files)), passed_over)


def read_entries(shard: Shard) -> list[Entry]:
    """The documents of a shard, in order.

    Raises
    ------
    ChangedError
        If they are not those that the shard was cut from.
    ConfigError
        If a file cannot be read.
    """
    entries: list[Entry] = []
    digest = hashlib.sha256()
    for piece in shard.pieces:
        for found in _documents(piece.name, Path(piece.path), piece):
            digest.update(found.seal)
            entries.append(Entry(piece.name, piece.path, found.piece.line, found.raw))
    if digest.hexdigest()[:16] != shard.id:
        names = " … ".join(dict.fromkeys((shard.pieces[0].name, shard.pieces[-1].name)))
        raise ChangedError(f"{names}: changed since the corpus was looked through; run again")
    return entries


# Documents


@dataclass(frozen=True, slots=True)
class _Found:
    piece: Piece
    digest: bytes
    raw: bytes | None

    @property
    def seal(self) -> bytes:
        """What a shard's id is made of."""
        return f"{self.piece.name}\n{self.piece.line}\n".encode() + self.digest


def _documents(name: str, path: Path, part: Piece | None = None) -> Iterator[_Found]:
    """The documents of a file, or of a piece of it."""
    try:
        if not path.name.lower().endswith(_RECORDS):
            with path.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").digest()
                size = stream.tell()
            yield _Found(Piece(name, str(path), 0, size, 0), digest, None)
            return
        with closing(_open(path)) as stream:
            first, last = (part.start, part.end) if part else (0, None)
            stream.seek(first)
            for line, start, end, digest, raw in _lines(stream, part.line if part else 1, first, last):
                yield _Found(Piece(name, str(path), start, end, line), digest, raw)
    except (OSError, EOFError, zlib.error) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise _error(path, f"cannot be read: {why}") from error


def _open(path: Path) -> BinaryIO:
    return cast("BinaryIO", gzip.open(path, "rb")) if path.suffix.lower() == ".gz" else path.open("rb")


def _lines(
    stream: BinaryIO, number: int, at: int, last: int | None
) -> Iterator[tuple[int, int, int, bytes, bytes | None]]:
    """Lines that are not blank: number, first and last byte, digest, and the line, None where it is too long."""
    while last is None or at < last:
        raw: bytes | None = stream.readline(MAX_BYTES + 1)
        if not raw:
            return
        start, at = at, at + len(raw)
        is_blank = not raw.strip()
        digest = hashlib.sha256(raw)
        if len(raw) > MAX_BYTES:
            block = raw
            while block and not block.endswith(b"\n"):
                block = stream.readline(_BLOCK)
                at += len(block)
                digest.update(block)
            raw = None
        if not is_blank:
            yield number, start, at, digest.digest(), raw
        number += 1


# Shards


def _cut(documents: Iterable[_Found]) -> Iterator[Shard]:
    pieces: list[Piece] = []
    seal, count, size = hashlib.sha256(), 0, 0
    for found in documents:
        piece = found.piece
        seal.update(found.seal)
        count, size = count + 1, size + piece.end - piece.start
        if piece.line and pieces and pieces[-1].name == piece.name:
            pieces[-1] = replace(pieces[-1], end=piece.end)
        else:
            pieces.append(piece)
        is_end = count >= _LEAST and int.from_bytes(found.digest[:4]) % _ONE_IN == 0
        if is_end or count >= _MOST or size >= _MOST_BYTES:
            yield Shard(seal.hexdigest()[:16], count, tuple(pieces))
            pieces, seal, count, size = [], hashlib.sha256(), 0, 0
    if count:
        yield Shard(seal.hexdigest()[:16], count, tuple(pieces))


def _walk(root: Path, without: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root):
        here = Path(folder)
        folders[:] = [name for name in folders if not name.startswith(".") and here / name != without]
        yield from (here / name for name in names if not name.startswith("."))


def _printable(name: str) -> str:
    """A file name as text; bytes that are no UTF-8 are written as escapes."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _error(path: Path, message: str) -> ConfigError:
    return ConfigError.at(Mark(path, 1, 1), message)
