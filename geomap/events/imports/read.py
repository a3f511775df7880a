"""Tables from elsewhere, row by row: what cannot be read is a row that is skipped, not a file that is lost."""

import csv
import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Final

from geomap.events.imports.value import ImportFileError, Row, RowError

_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_LONGEST_CELL: Final = 1 << 24


def read_rows(
    path: Path,
    required: Sequence[str],
    *,
    columns: Sequence[str] | None = None,
    delimiter: str = ",",
    quoting: bool = True,
) -> Iterator[tuple[int, Row | RowError]]:
    """The rows of a table of text with the line that each begins in; UTF-8, with or without a byte order mark.

    Parameters
    ----------
    required
        Columns that must be there.
    columns
        The columns of a file that has no line of names.
    quoting
        Whether a cell may stand in quotes.

    Raises
    ------
    ImportFileError
        If the file is no plain file, is empty, or lacks a column.
    """
    # A name like /vsicurl/… is one of a file here, and of none that is there.
    if not path.is_file():
        raise ImportFileError(f"{path}: no such file")
    csv.field_size_limit(_LONGEST_CELL)
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as stream:
        reader = csv.reader(
            stream, delimiter=delimiter, quoting=csv.QUOTE_MINIMAL if quoting else csv.QUOTE_NONE
        )
        try:
            names = list(columns) if columns else [name.strip() for name in next(reader, [])]
        except csv.Error as error:
            raise ImportFileError(f"{path}:1: no line of column names: {error}") from error
        if not names:
            raise ImportFileError(f"{path}: the file is empty; expected a line of column names")
        missing = [name for name in required if name not in names]
        if missing:
            raise ImportFileError(f"{path}:1: no column {', '.join(missing)}; found {', '.join(names[:60])}")
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield line, RowError(f"no row of a table: {error}")
                continue
            if any(cells):
                yield line, _row(cells, names)


def _row(cells: Sequence[str], names: Sequence[str]) -> Row | RowError:
    if len(cells) > len(names):
        return RowError(f"{len(cells)} cells, where there are {len(names)} columns")
    if any(_SURROGATE.search(cell) for cell in cells):
        return RowError("not UTF-8; save the file as UTF-8")
    return {name: cell.strip() for name, cell in zip_longest(names, cells, fillvalue="")}
