"""The lock goes to the disk together with the outputs of its build."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from geomap.errors import OutputError
from geomap.files import staged_in
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
    step = "the lock stands beside its map, whose folder must be writable"
    with ExitStack() as stack:
        try:
            if not path.parent.is_dir():
                raise OutputError("no such folder")
            staged = stack.enter_context(staged_in(path.parent)) / path.name
            with staged.open("xb") as stream:
                stream.write(lock_text(lock).encode())
                stream.flush()
                os.fsync(stream.fileno())
        except OSError as error:
            raise OutputError(f"{path}: cannot be written: {error.strerror or error}; {step}") from error
        yield
