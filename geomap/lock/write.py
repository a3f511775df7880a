"""The lock goes to the disk together with the outputs of its build."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from geomap.errors import OutputError
from geomap.lock.file import lock_text
from geomap.lock.place import Lock


@contextmanager
def staged_lock(path: Path, lock: Lock) -> Iterator[None]:
    """Have a lock on the disk, ready beside its place, and put it there when the block ends well.

    So a block that writes outputs does not begin where the lock could not follow, and a lock never tells of
    outputs that were not written.

    Raises
    ------
    OutputError
        If the lock cannot be written; what was there before is as it was.
    """
    try:
        with tempfile.TemporaryDirectory(prefix=".geomap-", dir=path.parent) as staging:
            staged = Path(staging) / path.name
            with staged.open("xb") as stream:
                stream.write(lock_text(lock).encode())
                stream.flush()
                os.fsync(stream.fileno())
            yield
            staged.replace(path)
    except OutputError:
        raise
    except OSError as error:
        step = "the lock stands beside its map, whose folder must be writable"
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}; {step}") from error
