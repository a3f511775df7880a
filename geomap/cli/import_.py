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
    source: Annotated[
        str | None,
        typer.Option(
            "--from",
            help="What it is: acled, ucdp, gdelt, geojson, csv, kml, lpf, gpkg, fgb, shp or parquet; "
            "default: what its name ends with.",
        ),
    ] = None,
    mapping: Annotated[Path | None, typer.Option(help="YAML file that says which column holds what.")] = None,
    into: Annotated[
        Path | None, typer.Option(help="Events file to write, which must not be there; default: print it.")
    ] = None,
    worldview: WorldviewOption = "un",
) -> None:
    """Read events of others as an events file; rows that cannot be read are listed."""
    from geomap.events.imports import FORMATS, format_of
    from geomap.pipeline.importing import import_events

    name = source or format_of(file)
    if name not in FORMATS:
        asked = f"--from {source}" if source else f"{file.name}: name what it is with --from"
        raise typer.BadParameter(f"{asked}: there is {', '.join(FORMATS)}")
    if into is not None and into.exists():
        raise OutputError(f"{into} is there already and may hold reviewed events; name another file")
    with progress(f"Importing {file}"):
        result = import_events(file, name, read_gazetteer(worldview=worldview), mapping=mapping)
    for skipped in result.skipped[:_MOST_LINES]:
        remark(f"{file}: {skipped.at}: skipped: {skipped.why}")
    if len(result.skipped) > _MOST_LINES:
        remark(f"{file}: {len(result.skipped) - _MOST_LINES:,} more rows skipped")
    for said in result.remarks[:_MOST_LINES]:
        remark(f"{file}: {said}")
    remark(f"{file}: {len(result.events):,} events, {len(result.skipped):,} rows skipped")
    give_events(result.text, into, else_do="import a part of the file")
    if into is not None:
        print(into)
    if result.skipped:
        raise typer.Exit(1)
