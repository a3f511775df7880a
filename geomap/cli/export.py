"""`geomap export`."""

from pathlib import Path
from typing import Annotated

import typer

from geomap.cli.terminal import ProjectArgument, progress, remark, tell_findings


def export(
    project: ProjectArgument,
    formats: Annotated[
        str,
        typer.Option(
            "--format",
            help="Formats, parted by commas: geojson, gpkg, fgb, parquet, kml, csv, lpf, png, svg; and shp, for what "
            "reads nothing newer: it cuts texts.",
        ),
    ],
    out: Annotated[
        Path | None, typer.Option(help="Folder for the files; default: out/ beside map.yaml.")
    ] = None,
    drafts: Annotated[
        bool, typer.Option("--drafts", help="Export events of workflow draft as well.")
    ] = False,
) -> None:
    """Write a project's events for GIS software, as events.<ext>, or its map as a picture, as map.<ext>."""
    from geomap import pipeline
    from geomap.export import EXPORTERS

    wanted = [name.strip() for name in formats.split(",") if name.strip()]
    offered = [*EXPORTERS, *pipeline.PICTURES]
    unknown = [name for name in wanted if name not in offered]
    if unknown or not wanted:
        raise typer.BadParameter(
            f"{', '.join(unknown) or 'nothing'} asked for; there is {', '.join(offered)}"
        )
    with progress(f"Exporting {project}"):
        result = pipeline.export(project, wanted, folder=out, drafts=drafts)
    tell_findings(result.project.findings, project)
    for text in result.remarks:
        remark(text)
    for path in result.files:
        print(path)
