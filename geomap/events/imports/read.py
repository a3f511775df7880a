"""Texts from elsewhere: what cannot be read is a row that is skipped, not a file that is lost."""

import csv
import lzma
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final

from geomap.events.imports.value import ImportFileError, Row, RowError

_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_LONGEST_CELL: Final = 1 << 24
_LARGEST_TEXT: Final = 1 << 29
"""Bytes past which a file that is held in memory as a whole is refused."""
MAX_RATIO: Final = 200
"""How many times its packed size a member of an archive may unpack to; KML is packed 5 to 40 times."""
_ALWAYS_UNPACKED: Final = 1 << 24


@dataclass(frozen=True, slots=True, kw_only=True)
class TableForm:
    """How a table of text is written; `columns` are those of files that have no line of names."""

    columns: Sequence[str] | None = None
    delimiter: str = ","
    quoting: bool = True
    """Whether a cell may stand in quotes; where not, a quote is a letter like others."""
    encoding: str = "utf-8"


def read_names(path: Path, form: TableForm, required: Sequence[str] = ()) -> list[str]:
    """The names of the columns of a table of text.

    Raises
    ------
    ImportFileError
        If the file is no plain file, is empty, lacks a required column, or has two of one name.
    """
    check_file(path)
    if form.columns is not None:
        return list(form.columns)
    with _reading(path, form) as reader:
        try:
            names = [name.strip() for name in next(reader, [])]
        except (csv.Error, UnicodeError) as error:
            raise ImportFileError(f"{path}:1: no line of column names: {error}") from error
    if not any(names):
        raise ImportFileError(f"{path}: the file is empty; expected a line of column names")
    if any(_SURROGATE.search(name) for name in names):
        text = f"the names of the columns are not {form.encoding.upper()}; name the encoding in a mapping"
        raise ImportFileError(f"{path}:1: {text}")
    if twice := [name for name, count in Counter(filter(None, names)).items() if count > 1]:
        raise ImportFileError(f"{path}:1: several columns are called {', '.join(twice)}; rename them")
    if missing := [name for name in required if name not in names]:
        raise ImportFileError(f"{path}:1: no column {', '.join(missing)}; found {', '.join(names[:60])}")
    return names


def read_rows(path: Path, form: TableForm, names: Sequence[str]) -> Iterator[tuple[int, Row | RowError]]:
    """The rows of a table of text with the line that each begins in."""
    with _reading(path, form) as reader:
        if form.columns is None:
            next(reader)
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except (csv.Error, UnicodeError) as error:
                yield line, RowError(f"no row of a table: {error}")
                continue
            if any(cells):
                yield line, _row(cells, names, form.encoding)


@contextmanager
def _reading(path: Path, form: TableForm) -> Iterator[Any]:
    """A reader of rows; a byte order mark is no part of the first one."""
    csv.field_size_limit(_LONGEST_CELL)
    is_utf8 = form.encoding.lower().replace("_", "-") in ("utf-8", "utf8")
    encoding = "utf-8-sig" if is_utf8 else form.encoding
    with path.open(encoding=encoding, errors="surrogateescape", newline="") as stream:
        yield csv.reader(
            stream,
            delimiter=form.delimiter,
            quoting=csv.QUOTE_MINIMAL if form.quoting else csv.QUOTE_NONE,
            # A quote that is never closed would take all rows after it for one cell.
            strict=True,
        )


def _row(cells: Sequence[str], names: Sequence[str], encoding: str) -> Row | RowError:
    if len(cells) > len(names):
        return RowError(f"{len(cells)} cells, where there are {len(names)} columns")
    if any(_SURROGATE.search(cell) for cell in cells):
        return RowError(f"not {encoding.upper()}; save the file as UTF-8, or name its encoding in a mapping")
    return dict(zip_longest(names, cells, fillvalue=""))


def read_content(path: Path) -> bytes:
    """The bytes of a text that is held in memory as a whole; of a KMZ archive those of its KML.

    Raises
    ------
    ImportFileError
        If the file is no plain file, is too large, or an archive without a KML or that cannot be read.
    """
    check_file(path)
    _check_size(path, path.stat().st_size)
    if not zipfile.is_zipfile(path):
        return path.read_bytes()
    try:
        content = _kml_of(path)
    except ImportFileError:
        raise
    except _BROKEN_ARCHIVE as error:
        raise ImportFileError(f"{path}: the archive cannot be read: {error}") from error
    if content is None:
        raise ImportFileError(f"{path}: an archive without a .kml; expected a KMZ")
    return content


def _kml_of(path: Path) -> bytes | None:
    """The main KML of a KMZ archive, which is its first; None where there is none."""
    with zipfile.ZipFile(path) as archive:
        names = (own for own in archive.infolist() if own.filename.lower().endswith(".kml"))
        if (member := next(names, None)) is None:
            return None
        packed = min(member.compress_size, path.stat().st_size)
        most = min(_LARGEST_TEXT, max(_ALWAYS_UNPACKED, MAX_RATIO * packed))
        with archive.open(member) as stream:
            # What an archive says of the size of a member need not be true.
            content = stream.read(most + 1)
    _check_size(path, len(content))
    if len(content) > most:
        raise ImportFileError(f"{path}: unpacks to more than {MAX_RATIO} times its size; not read")
    return content


# What `zipfile` and the unpackers below it raise of an archive that is none, or of one with a password.
_BROKEN_ARCHIVE: Final = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, ValueError, NotImplementedError, RuntimeError, EOFError,
)  # fmt: skip


def check_file(path: Path) -> None:
    """Refuse what is no plain file of this machine.

    Raises
    ------
    ImportFileError
        If it is none.
    """
    # A name like /vsicurl/… is one of a file here, and of none that is there.
    if not path.is_file():
        raise ImportFileError(f"{path}: no such file")


def _check_size(path: Path, size: int) -> None:
    if size > _LARGEST_TEXT:
        raise ImportFileError(f"{path}: more than {_LARGEST_TEXT >> 20} MiB; convert it to a GeoPackage")
