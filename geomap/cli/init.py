"""`geomap init`."""

from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from geomap.cli.schema import schema
from geomap.errors import OutputError

_STARTER = ("map.yaml", "events.yaml")


def init(
    folder: Annotated[
        Path, typer.Argument(help="Folder to make; it must not hold a map yet.", show_default=False)
    ],
) -> None:
    """Start a project: a small map with two events to replace with yours."""
    from geomap.files import write_all

    for name in _STARTER:
        if (folder / name).exists():
            raise OutputError(f"{folder / name} is there already; choose another folder")
    starter = files("geomap.cli") / "starter"
    write_all(folder, {name: (starter / name).read_bytes() for name in _STARTER})
    schema(folder / ".schema")
    for name in _STARTER:
        print(folder / name)
