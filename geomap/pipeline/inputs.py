"""The files that a map is made from, as they were when they were read."""

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from geomap.errors import OutputError

Stamp = tuple[int, int, int]
"""Size in bytes, time of the last change in nanoseconds, and number of a file: another one is another content."""


@dataclass(frozen=True, slots=True)
class FileDigest:
    """What a file holds: its `size` in bytes, and its SHA-256 in hexadecimal."""

    size: int
    sha256: str


def stamp_files(paths: Iterable[Path]) -> dict[Path, Stamp]:
    """See how files are before they are read; those that are not there are left out."""
    return {path: stamp for path in paths if (stamp := _stamp(path)) is not None}


def digest_inputs(stamps: Mapping[Path, Stamp]) -> dict[Path, FileDigest]:
    """The digest of each file, which is still the one that was read.

    Raises
    ------
    OutputError
        If one changed since it was stamped, or cannot be read any more.
    """
    found = {}
    for path, stamp in stamps.items():
        try:
            before, digest, after = _stamp(path), digest_file(path), _stamp(path)
        except OSError as error:
            raise OutputError(f"{path}: cannot be read: {error.strerror or error}; build again") from error
        if not before == stamp == after:
            raise OutputError(f"{path}: changed while the map was built; build again")
        found[path] = digest
    return found


def digest_file(path: Path) -> FileDigest:
    """The digest of a file, however large.

    Raises
    ------
    OSError
        If it cannot be read.
    """
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
        return FileDigest(os.fstat(stream.fileno()).st_size, digest)


def digest_bytes(content: bytes) -> FileDigest:
    """The digest of a file in memory."""
    return FileDigest(len(content), hashlib.sha256(content).hexdigest())


def _stamp(path: Path) -> Stamp | None:
    try:
        status = path.stat()
    except (OSError, ValueError):  # a name with a NUL is none
        return None
    return status.st_size, status.st_mtime_ns, status.st_ino
