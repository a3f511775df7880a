"""What people see on a terminal: remarks on stderr, with no control character from outside."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn

from geomap.errors import ConfigError, GeomapError

ProjectArgument = Annotated[
    Path, typer.Argument(help="map.yaml, or the folder it stands in.", show_default=False)
]
# Control characters could move the cursor, colour the terminal or forge a line; bidi marks reorder it.
_CONTROL: Final = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    """A text with its control and direction characters written as escapes."""
    return _CONTROL.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def remark(text: str) -> None:
    """Print a remark for people on stderr."""
    print(visible(text), file=sys.stderr)


def complain(error: GeomapError) -> None:
    """Print an error on stderr; a file's problems one a line, as editors and CI read them."""
    if isinstance(error, ConfigError):
        for problem in error.problems:
            remark(f"{problem.mark}: error {problem.code} {problem.message}")
    else:
        remark(f"geomap: {error}")


@contextmanager
def progress(text: str) -> Iterator[None]:
    """Show that work goes on while the block runs, on a terminal only."""
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        bar.add_task(visible(text).replace("[", r"\["), total=None)
        yield
