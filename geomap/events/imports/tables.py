"""Tables in the layouts that ACLED, UCDP and GDELT publish."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

from geomap.events.imports import acled, gdelt, ucdp
from geomap.events.imports.read import read_rows
from geomap.events.imports.value import Imported, ImportedEvent, Row, RowError


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFormat:
    """A published layout: its columns and what makes an event of a row."""

    import_row: Callable[[Row], ImportedEvent]
    required: Sequence[str]
    columns: Sequence[str] | None = None
    """Those of files that have no line of names."""
    delimiter: str = ","
    quoting: bool = True
    """Whether a cell may stand in quotes; where not, a quote is a letter like others."""


TABLE_FORMATS: Final[Mapping[str, TableFormat]] = MappingProxyType(
    {
        "acled": TableFormat(import_row=acled.import_row, required=acled.COLUMNS),
        "ucdp": TableFormat(import_row=ucdp.import_row, required=ucdp.COLUMNS),
        "gdelt": TableFormat(
            import_row=gdelt.import_row,
            required=gdelt.COLUMNS,
            columns=gdelt.COLUMNS,
            delimiter="\t",
            quoting=False,
        ),
    }
)
"""By the name that people ask for."""


def import_table(path: Path, name: str) -> Imported:
    """Read a table of a layout; rows that cannot become events are listed, the others kept.

    Raises
    ------
    ImportFileError
        If the file is not of the layout.
    """
    own = TABLE_FORMATS[name]
    imported = Imported()
    rows = read_rows(path, own.required, columns=own.columns, delimiter=own.delimiter, quoting=own.quoting)
    for line, row in rows:
        at = f"line {line}"
        try:
            if isinstance(row, RowError):
                raise row
            event = own.import_row({column: cell.strip() for column, cell in row.items()})
            imported.add(replace(event, at=at))
        except RowError as error:
            imported.skip(at, error)
    return imported
