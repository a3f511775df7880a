"""`geomap import`."""

from pathlib import Path
from typing import Annotated, Final

import typer

from geomap.cli.terminal import WorldviewOption, give_events, progress, remark
from geomap.errors import OutputError
from geomap.gazetteer import read_gazetteer

_MOST_LINES: Final = 20


def import_(
    file: Annotated[Path, typer.Argument(help="The file to read.")],
    source: Annotated[str, typer.Option("--from", help="What it is: acled, ucdp or gdelt.")],
    into: Annotated[
        Path | None, typer.Option(help="Events file to write, which must not be there; default: print it.")
    ] = None,
    worldview: WorldviewOption = "un",
) -> None:
    """Read events of ACLED, UCDP GED or GDELT as an events file; rows that cannot be read are listed."""
    from geomap.events.imports import TABLE_FORMATS
    from geomap.pipeline.importing import import_events

    if source not in TABLE_FORMATS:
        raise typer.BadParameter(f"--from {source}: there is {', '.join(TABLE_FORMATS)}")
    if into is not None and into.exists():
        raise OutputError(f"{into} is there already and may hold reviewed events; name another file")
    with progress(f"Importing {file}"):
        result = import_events(file, source, read_gazetteer(worldview=worldview))
    for skipped in result.skipped[:_MOST_LINES]:
        remark(f"{file}:{skipped.line}: skipped: {skipped.why}")
    if len(result.skipped) > _MOST_LINES:
        remark(f"{file}: {len(result.skipped) - _MOST_LINES:,} more rows skipped")
    for problem in result.unsettled[:_MOST_LINES]:
        remark(f"{file}: {problem}")
    remark(f"{file}: {result.events:,} events, {len(result.skipped):,} rows skipped")
    give_events(result.text, into, else_do="import a part of the file")
    if into is not None:
        print(into)
    if result.skipped:
        raise typer.Exit(1)
