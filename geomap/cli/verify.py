"""`geomap verify`."""

from pathlib import Path
from typing import Annotated, Final

import orjson
import typer

from geomap.cli.terminal import progress, remark, visible

_MOST_UNLISTED: Final = 20


def verify(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="The folder that outputs were written to.", show_default=False),
    ],
    project: Annotated[
        Path | None,
        typer.Option(
            help="The project's folder, where the outputs do not lie in it; its files are compared as well."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was found as JSON.")] = False,
) -> None:
    """Compare outputs with the manifest.json beside them; exit 1 if one, or a file they were made of, changed."""
    from geomap.pipeline.verifying import told
    from geomap.pipeline.verifying import verify as compare

    with progress(f"Verifying {folder}"):
        verified = compare(folder, project=project)
    if as_json:
        print(orjson.dumps(verified.as_json()).decode())
        raise typer.Exit(0 if verified.is_sound else 1)
    for line in told(verified, folder):
        print(visible(line))
    for name in verified.unlisted[:_MOST_UNLISTED]:
        remark(f"{folder / name}: not in a manifest")
    if (more := len(verified.unlisted) - _MOST_UNLISTED) > 0:
        remark(f"and {more:,} more that are in no manifest")
    for own in verified.manifests:
        inputs = f"{len(own.manifest.inputs)} inputs"
        if own.manifest.gazetteer is None:
            inputs = "inputs not told of, since places are withheld"
        elif own.inputs_changed is None:
            inputs = (
                "the inputs are not to be found from here and were not compared; --project names their folder"
            )
        state = "as they were" if own.is_sound else "not all as they were"
        remark(
            f"{own.name}, of geomap {own.manifest.geomap}: {len(own.manifest.outputs)} outputs, {inputs}: {state}"
        )
    raise typer.Exit(0 if verified.is_sound else 1)
