"""Reading guarded and writing whole: a file of ours is either the new one or the old one, never a part."""

import codecs
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from geomap.errors import ConfigError, Mark, OutputError

_BLOCK: Final = 8 << 20


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


def write_all(folder: Path, contents: dict[str, bytes]) -> None:
    """Write files into a folder, each whole: all are staged beside their place before the first is renamed.

    Raises
    ------
    OutputError
        If the folder or a file cannot be written. Nothing is renamed unless everything is on the disk and
        no folder stands where a file goes.
    """
    with staged_in(folder) as stage:
        for name, content in contents.items():
            (stage / name).write_bytes(content)


@contextmanager
def staged_in(folder: Path) -> Iterator[Path]:
    """Give an empty folder to write files into; when that went well, all of them go to their place.

    Raises
    ------
    OutputError
        As `write_all`.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".geomap-", dir=folder) as staging:
            stage = Path(staging)
            yield stage
            written = sorted(stage.iterdir())
            for path in written:
                if (folder / path.name).is_dir():
                    text = "a folder stands here; move it away or choose another one"
                    raise OutputError(f"{folder / path.name}: {text}")
                with path.open("rb") as stream:
                    os.fsync(stream.fileno())
            for path in written:
                path.replace(folder / path.name)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written: {error.strerror or error}") from error


def replace_file(path: Path, content: bytes, *, expected: bytes) -> None:
    """Replace a file that a person may have open, whole, with the rights that it has; a link stays a link.

    Raises
    ------
    OutputError
        If it is no longer what was expected, or cannot be written; it is as it was then.
    """
    target = path.resolve()
    try:
        if target.read_bytes() != expected:
            raise OutputError(f"{path}: it was changed meanwhile and is left as it is; try again")
        with staged_in(target.parent) as stage:
            (stage / target.name).write_bytes(content)
            shutil.copymode(target, stage / target.name)
    except OSError as error:
        if isinstance(error, OutputError):
            raise
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from error
