"""Tables in the layouts that ACLED, UCDP and GDELT publish."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

from geomap.events.imports import acled, gdelt, ucdp
from geomap.events.imports.read import TableForm, read_names, read_rows
from geomap.events.imports.value import Imported, ImportedEvent, Row, RowError

_PLAIN: Final = TableForm()


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFormat:
    """A published layout: its columns and what makes an event of a row."""

    import_row: Callable[[Row], ImportedEvent]
    required: Sequence[str]
    form: TableForm = _PLAIN


TABLE_FORMATS: Final[Mapping[str, TableFormat]] = MappingProxyType(
    {
        "acled": TableFormat(import_row=acled.import_row, required=acled.COLUMNS),
        "ucdp": TableFormat(import_row=ucdp.import_row, required=ucdp.COLUMNS),
        "gdelt": TableFormat(
            import_row=gdelt.import_row,
            required=gdelt.COLUMNS,
            form=TableForm(columns=gdelt.COLUMNS, delimiter="\t", quoting=False),
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
    names = read_names(path, own.form, own.required)
    for line, row in read_rows(path, own.form, names):
        at = f"line {line}"
        try:
            if isinstance(row, RowError):
                raise row
            event = own.import_row({column: cell.strip() for column, cell in row.items()})
            imported.add(replace(event, at=at))
        except RowError as error:
            imported.skip(at, error)
    return imported
