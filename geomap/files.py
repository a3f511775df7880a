"""Reading guarded and writing whole: a file of ours is either the new one or the old one, never a part."""

import codecs
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from geomap.errors import ConfigError, Mark, OutputError

_BLOCK: Final = 8 << 20
_LOCK: Final = ".geomap-writing.lock"
_PATIENCE_S: Final = 5.0
"""How long to wait for another writer: most hold a folder for milliseconds, an export of millions for minutes."""
_WAIT: Final = "wait until it ends, or choose another folder"
# `tempfile` adds eight letters; older versions wrote no process id.
_STAGING: Final = re.compile(r"\.geomap-(?:(?P<pid>\d+)-)?[a-z0-9_]{8}")
_NO_NAME: Final = re.compile(r"[/\\\x00-\x1f\x7f]")
_DEVICE: Final = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])\s*(?:\..*)?", re.IGNORECASE
)
_LONGEST_NAME: Final = 255


def read_text(path: Path, *, max_bytes: int) -> str:
    """Read a UTF-8 text that a person wrote.

    Raises
    ------
    ConfigError
        If the file is missing, is no plain file, is larger than `max_bytes`, or is not UTF-8.
    """
    start = Mark(path, 1, 1)
    try:
        check_file(path, max_bytes)
        # Without the byte order mark, from which the decoder would count on.
        raw = path.read_bytes().removeprefix(codecs.BOM_UTF8)
    except OSError as error:
        raise ConfigError.at(start, f"cannot be read: {error.strerror}") from error
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        # What stands before the fault in its line is UTF-8; columns count characters.
        before = raw[raw.rfind(b"\n", 0, error.start) + 1 : error.start].decode()
        raise ConfigError.at(
            Mark(path, line, len(before) + 1), "not UTF-8 here; save the file as UTF-8"
        ) from error


def read_lines(path: Path, *, max_bytes: int, max_line: int) -> Iterator[bytes]:
    """Read a text a person or program wrote line by line, without its byte order mark; each ends as written.

    Raises
    ------
    ConfigError
        If the file is missing, is no plain file, is larger than `max_bytes`, or has a line longer than
        `max_line` bytes.
    """
    number = 1
    try:
        check_file(path, max_bytes)
        with path.open("rb") as stream:
            while line := stream.readline(max_line + 1):
                if len(line) > max_line:
                    text = f"a line of more than {max_line:,} bytes; what follows was not read, split it"
                    raise ConfigError.at(Mark(path, number, 1), text)
                yield line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
                number += 1
    except OSError as error:
        raise ConfigError.at(Mark(path, number, 1), f"cannot be read: {error.strerror}") from error


def read_line_blocks(path: Path, *, max_bytes: int, max_line: int) -> Iterator[bytes]:
    """Read the same text some megabytes of whole lines at a time.

    Raises
    ------
    ConfigError
        As `read_lines`.
    """
    number = 1
    try:
        check_file(path, max_bytes)
        with path.open("rb") as stream:
            rest = b""
            while True:
                chunk = stream.read(_BLOCK)
                text, end, rest = (rest + chunk).rpartition(b"\n") if chunk else (rest, b"", b"")
                block = text + end
                if len(rest) > max_line or not _has_short_lines(block, max_line):
                    break
                if block := block.removeprefix(codecs.BOM_UTF8 if number == 1 else b""):
                    yield block
                    number += block.count(b"\n")
                if not chunk:
                    return
    except OSError as error:
        raise ConfigError.at(Mark(path, number, 1), f"cannot be read: {error.strerror}") from error
    # Some line is too long: it is told as it is where lines are read alone.
    for _ in read_lines(path, max_bytes=max_bytes, max_line=max_line):
        pass


def _has_short_lines(text: bytes, max_line: int) -> bool:
    """Whether no line, with its end, is longer."""
    start = 0
    while len(text) - start > max_line:
        end = text.rfind(b"\n", start, start + max_line)
        if end < 0:
            return False
        start = end + 1
    return True


def check_file(path: Path, max_bytes: int) -> None:
    """Refuse what is no plain file of at most so many bytes.

    Raises
    ------
    ConfigError
        If it is none.
    """
    start = Mark(path, 1, 1)
    if not path.is_file():
        what = "a folder stands here" if path.is_dir() else "no such file"
        raise ConfigError.at(start, f"{what}; expected a text file, check the path")
    if (size := path.stat().st_size) > max_bytes:
        raise ConfigError.at(start, f"the file has {size:,} bytes; at most {max_bytes:,} are read, split it")


def write_all(folder: Path, contents: Mapping[str, bytes], *, last: str = "") -> None:
    """Write files into a folder, each whole: all are staged beside their place before the first is renamed.

    Raises
    ------
    OutputError
        If the folder or a file cannot be written, a name is none for a file, or another process is writing into
        the folder. Nothing is renamed unless everything is on the disk and nothing but a plain file stands where
        a file goes.
    """
    with staged_in(folder, last=last) as stage:
        for name, content in contents.items():
            check_name(name)
            (stage / name).write_bytes(content)


@contextmanager
def staged_in(folder: Path, *, last: str = "") -> Iterator[Path]:
    """Give an empty folder to write files into; when that went well, all of them go to their place.

    The file called `last` goes there after all others. While the block runs no other process writes into the
    folder; what writers that were killed left behind is removed first.

    Raises
    ------
    OutputError
        As `write_all`.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (
            _only_writer(folder),
            tempfile.TemporaryDirectory(prefix=f".geomap-{os.getpid()}-", dir=folder) as staging,
        ):
            stage = Path(staging)
            yield stage
            written = sorted(stage.iterdir(), key=lambda path: (path.name == last, path.name))
            for path in written:
                check_name(path.name)
                _check_replaceable(folder / path.name)
                with path.open("rb") as stream:
                    os.fsync(stream.fileno())
            for path in written:
                path.replace(folder / path.name)
            _sync_folder(folder)
    except OutputError:
        raise
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written: {error.strerror or error}") from error


def check_name(name: str) -> None:
    """Refuse the name of a file to be written that is none, or that not every system can hold.

    Raises
    ------
    OutputError
        If it has a separator or a control character, is a device of Windows, or is longer than 255 bytes.
    """
    if not name or name.strip(". ") == "" or _NO_NAME.search(name) or name[-1] in ". ":
        why = "no name of a file"
    elif _DEVICE.fullmatch(name):
        why = "the name of a device on Windows"
    elif len(os.fsencode(name)) > _LONGEST_NAME:
        why = f"a name of more than {_LONGEST_NAME} bytes"
    else:
        return
    raise OutputError(f"{name!r} cannot be written: {why}; choose another one")


def _check_replaceable(path: Path) -> None:
    """Refuse to put a file where anything but a plain file stands: whoever put a link there meant something else.

    Raises
    ------
    OutputError
        If a folder, a link or a device stands there.
    """
    if path.is_symlink():
        raise OutputError(
            f"{path}: a link stands here, which is not followed; remove it or choose another folder"
        )
    if path.is_dir():
        raise OutputError(f"{path}: a folder stands here; move it away or choose another one")
    if path.exists() and not path.is_file():
        raise OutputError(f"{path}: no plain file stands here; move it away or choose another folder")


@contextmanager
def _only_writer(folder: Path) -> Iterator[None]:
    """Hold a folder's lock, which the system drops with the process; a block inside may hold it again.

    The lock is a hidden file, removed before it is let go: filelock sees that what it waited for is gone and
    begins anew, so that no two hold one each.
    """
    from filelock import FileLock, Timeout  # reading needs none of it

    path = folder.resolve() / _LOCK
    lock = FileLock(path, is_singleton=True)
    try:
        lock.acquire(timeout=_PATIENCE_S)
    except Timeout as error:
        raise OutputError(f"{folder}: another geomap is writing here{_writer_in(folder)}; {_WAIT}") from error
    try:
        if lock.lock_counter == 1:
            for entry in folder.iterdir():
                if _STAGING.fullmatch(entry.name):
                    shutil.rmtree(entry, ignore_errors=True)
        yield
    finally:
        if lock.lock_counter == 1:
            # Windows removes no file that is open: there it stays, hidden and empty.
            with suppress(OSError):
                path.unlink()
        lock.release()


def _writer_in(folder: Path) -> str:
    """Who is writing into a folder, as its staging folder says."""
    found = (_STAGING.fullmatch(entry.name) for entry in folder.iterdir())
    pid = next((match["pid"] for match in found if match and match["pid"]), None)
    return "" if pid is None else f" (process {pid})"


def _sync_folder(folder: Path) -> None:
    """Have the names of a folder's files on the disk as well, where the system can do that."""
    with suppress(OSError):  # Windows opens no folder, and some file systems sync none
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def replace_file(path: Path, content: bytes, *, expected: bytes) -> None:
    """Replace a file that a person may have open, whole, with the rights that it has; a link stays a link.

    Raises
    ------
    OutputError
        If it is no longer what was expected, or cannot be written; it is as it was then.
    """
    target = path.resolve()
    with staged_in(target.parent) as stage:
        # Looked at while nobody else writes: of two who edit at once the second is told.
        try:
            found = target.read_bytes()
        except OSError as error:
            raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from error
        if found != expected:
            raise OutputError(f"{path}: it was changed meanwhile and is left as it is; try again")
        (stage / target.name).write_bytes(content)
        shutil.copymode(target, stage / target.name)
