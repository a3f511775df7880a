"""Events from elsewhere: one importer a format, behind one registry."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from geomap.events.imports import acled, gdelt, ucdp
from geomap.events.imports.read import read_rows
from geomap.events.imports.value import Imported, ImportFileError, Row, RowError, SkippedRow


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFormat:
    """A format of tables: its columns and what makes an event of a row."""

    import_row: Callable[[Row, Imported], None]
    required: Sequence[str]
    columns: Sequence[str] | None = None
    """Those of files that have no line of names."""
    delimiter: str = ","


TABLE_FORMATS: Final[Mapping[str, TableFormat]] = MappingProxyType(
    {
        "acled": TableFormat(import_row=acled.import_row, required=acled.COLUMNS),
        "ucdp": TableFormat(import_row=ucdp.import_row, required=ucdp.COLUMNS),
        "gdelt": TableFormat(
            import_row=gdelt.import_row, required=gdelt.COLUMNS, columns=gdelt.COLUMNS, delimiter="\t"
        ),
    }
)
"""By the name that people ask for."""


def import_table(path: Path, name: str) -> Imported:
    """Read a table of a format; rows that cannot become events are listed, the others kept.

    Raises
    ------
    ImportFileError
        If the file is not of the format.
    """
    own = TABLE_FORMATS[name]
    imported = Imported()
    seen: set[str] = set()
    for line, row in read_rows(path, own.required, columns=own.columns, delimiter=own.delimiter):
        try:
            if isinstance(row, RowError):
                raise row
            own.import_row(row, imported)
        except RowError as error:
            imported.skipped.append(SkippedRow(line, str(error)))
            continue
        if imported.events[-1].id in seen:
            event = imported.events.pop()
            imported.skipped.append(SkippedRow(line, f"{event.id} stands in an earlier row"))
        else:
            seen.add(imported.events[-1].id)
    return imported


__all__ = ["TABLE_FORMATS", "ImportFileError", "Imported", "SkippedRow", "import_table"]
