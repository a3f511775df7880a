"""Waiting for a save: the files a map is made from, watched by their folders.

Editors put a new file in the place of the old one, so that a watch on the file itself would end with the
first save.
"""

import os.path
import threading
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from geomap import pipeline
from geomap.config import read_config
from geomap.errors import ConfigError, MissingExtraError, ServeError

if TYPE_CHECKING:
    from watchfiles.main import FileChange

_QUIET_MS: Final = 50
"""A save is over when nothing has changed for so long."""
_LONGEST_MS: Final = 400
"""Whatever else goes on in the folders, a save is seen after so long."""
_LOOK_MS: Final = 100
"""How often to look up when nothing happens, and how long a watch takes to begin."""


@dataclass(frozen=True, slots=True)
class Watched:
    """The files a map is made from, whether they are there or not, and the folders to watch for them."""

    files: frozenset[Path]
    folders: frozenset[Path]

    def is_about(self, path: Path) -> bool:
        """Whether a change there matters: to a file, or to a folder on the way to one."""
        return any(path == file or path in file.parents for file in self.files)


def saves(map_file: Path, stop: threading.Event | None = None) -> Generator[None, None, None]:
    """Come back once at the start, then after each save of a file that the map is made from.

    What is saved while the caller is at work is told when it comes back, as one save however often it was. A
    `map.yaml` that names other files is followed to them.

    Raises
    ------
    MissingExtraError
        If watchfiles is not installed.
    ServeError
        If the folders cannot be watched.
    """
    try:
        import watchfiles  # noqa: F401 - missing, it is to be missed before anything has begun
    except ImportError as cause:
        raise MissingExtraError("to see saves, run pip install 'geomap[serve]'") from cause
    return _saves(map_file, stop)


def _saves(map_file: Path, stop: threading.Event | None) -> Generator[None, None, None]:
    watched = look(map_file)
    while True:
        changes = _watch(watched, stop)
        with closing(changes):
            try:
                began = next(changes, None)
            except FileNotFoundError:  # a folder went away just now
                watched = look(map_file, watched)
                continue
            except (OSError, RuntimeError) as cause:
                raise ServeError(
                    f"folders cannot be watched: {cause}; to look at them again and again instead, set "
                    "WATCHFILES_FORCE_POLLING=1"
                ) from cause
            if began is None:
                return
            # What changed between the look and the watch, nobody has seen.
            before, watched = watched, look(map_file, watched)
            if watched != before:
                continue
            yield
            for saved in changes:
                if not saved:
                    continue
                before, watched = watched, look(map_file, watched)
                # A watch does not pass from a folder to the one that takes its place.
                if watched != before or not watched.files.issuperset(Path(path) for _, path in saved):
                    break
                yield
            else:
                return


def look(map_file: Path, last: Watched | None = None) -> Watched:
    """See what is to be watched; while `map.yaml` cannot be read, the files that it named last."""
    files = {map_file}
    try:
        config = read_config(map_file)
    except ConfigError:
        files |= last.files if last else set()
    else:
        files |= {*config.files, pipeline.lock_path(config)}
    # No file has such a name, which a quoted text can hold all the same; drawing says so.
    ways = frozenset(way for file in files if "\0" not in str(file) for way in _ways(file))
    return Watched(ways, frozenset(_folders(ways)))


def _ways(file: Path) -> tuple[Path, Path]:
    """A file as it is named and, where links lead to it, as it lies."""
    return Path(os.path.abspath(file)), Path(os.path.realpath(file))  # noqa: PTH100 - takes `..` steps


def _folders(files: Iterable[Path]) -> Iterator[Path]:
    """The folder of each file, or the nearest that is there, and the one that holds it."""
    for file in files:
        there = (folder for folder in file.parents if os.path.isdir(folder))  # noqa: PTH112 - any name
        folder = next(there, Path(file.anchor))
        yield from (folder, folder.parent)


def _watch(watched: Watched, stop: threading.Event | None) -> "Generator[set[FileChange], None, None]":
    from watchfiles import watch

    return watch(
        *sorted(watched.folders),
        watch_filter=lambda _, path: watched.is_about(Path(path)),
        debounce=_LONGEST_MS,
        step=_QUIET_MS,
        rust_timeout=_LOOK_MS,
        yield_on_timeout=True,
        recursive=False,
        ignore_permission_denied=True,
        stop_event=stop,
    )
