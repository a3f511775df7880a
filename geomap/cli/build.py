"""`geomap build`."""

from pathlib import Path
from typing import Annotated

import orjson
import typer

from geomap.cli.terminal import ProjectArgument, progress, remark


def build(
    project: ProjectArgument,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the outputs; default: out/ beside map.yaml.")
    ] = None,
    drafts: Annotated[bool, typer.Option("--drafts", help="Draw events of workflow draft as well.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 if outputs are stale.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Make the map and the other outputs of a project."""
    from geomap import pipeline

    with progress(f"Building {project}"):
        result = pipeline.build(project, drafts=drafts)
    folder = out or result.project.config.folder / "out"
    for finding in result.project.findings:
        remark(str(finding))
    if check:
        stale = pipeline.stale(result, folder)
        for name in stale:
            remark(f"{folder / name}: stale; run geomap build {project}")
        raise typer.Exit(1 if stale else 0)
    pipeline.write(result, folder)
    files = [str(folder / name) for name in result.contents]
    summary = result.summary
    if as_json:
        fields = {name: getattr(summary, name) for name in summary.__slots__}
        print(orjson.dumps({"files": files, **fields, "findings": len(result.project.findings)}).decode())
        return
    remark(
        f"{summary.events} events: {summary.features} places drawn ({summary.countries} of them countries), "
        f"{summary.unlocated} without a place, {summary.undated} undated, "
        f"{summary.drafts_left_out} drafts left out"
    )
    for layer, count in summary.layers.items():
        remark(f"  {summary.layer_titles[layer]}: {count}")
    for path in files:
        print(path)
