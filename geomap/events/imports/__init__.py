"""Events from elsewhere: one importer a format, behind one registry."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from geomap.events.imports import acled, gdelt, ucdp
from geomap.events.imports.read import read_rows
from geomap.events.imports.value import Imported, ImportedEvent, ImportFileError, Row, RowError, SkippedRow


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFormat:
    """A format of tables: its columns and what makes an event of a row."""

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
    """Read a table of a format; rows that cannot become events are listed, the others kept.

    Raises
    ------
    ImportFileError
        If the file is not of the format.
    """
    own = TABLE_FORMATS[name]
    imported = Imported()
    seen: set[str] = set()
    rows = read_rows(path, own.required, columns=own.columns, delimiter=own.delimiter, quoting=own.quoting)
    for line, row in rows:
        try:
            if isinstance(row, RowError):
                raise row
            event = own.import_row(row)
            if event.record.id in seen:
                raise RowError(f"{event.record.id} stands in an earlier row")
        except RowError as error:
            imported.skipped.append(SkippedRow(line, str(error)))
            continue
        seen.add(event.record.id)
        imported.events.append(event.record)
        imported.sources.update(event.sources)
    return imported


__all__ = ["TABLE_FORMATS", "ImportFileError", "Imported", "SkippedRow", "import_table"]
