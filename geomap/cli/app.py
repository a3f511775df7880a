"""The `geomap` command and what its subcommands share."""

import sys
from io import TextIOWrapper
from typing import Annotated

import typer

from geomap import __version__
from geomap.cli import (
    build,
    check,
    draft,
    export,
    gazetteer,
    import_,
    init,
    resolve,
    schema,
    serve,
    tag,
    verify,
)
from geomap.cli.terminal import complain, remark
from geomap.errors import GeomapError

app = typer.Typer(
    name="geomap",
    help="Event maps as code: from curated YAML to a layered, offline map and to GIS files.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"geomap {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit."),
    ] = False,
) -> None:
    """Event maps as code: from curated YAML to a layered, offline map and to GIS files."""


for command in (
    build.build,
    serve.serve,
    export.export,
    check.check,
    verify.verify,
    resolve.resolve,
    tag.tag,
    draft.draft,
    init.init,
    schema.schema,
):
    app.command()(command)
app.command("import")(import_.import_)
app.add_typer(gazetteer.app)


def main() -> None:
    """Run the command line; a deliberate failure ends in its message and exit code, without a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # What we write is UTF-8 in every locale; what a file name holds besides is shown as an escape.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        try:
            app()
        finally:
            sys.stdout.flush()  # here, where a failure can still be told
    except GeomapError as error:
        complain(error)
        sys.exit(error.exit_code)
    except OSError as error:
        # What cannot be flushed now would fail again, and aloud, when Python ends.
        sys.stdout = None
        if not isinstance(
            error, BrokenPipeError
        ):  # the reader of our output (`head`, say) may go at any time
            remark(f"geomap: {error}")
        sys.exit(1)
