"""`geomap serve`."""

import traceback
from typing import TYPE_CHECKING, Annotated

import typer

from geomap.cli.terminal import ProjectArgument, complain, remark
from geomap.errors import GeomapError

if TYPE_CHECKING:
    from geomap.serve import Drawing


def serve(
    project: ProjectArgument,
    port: Annotated[
        int, typer.Option(metavar="N", min=0, max=65535, help="Default: 8765, or the next one that is free.")
    ] = 0,
    drafts: Annotated[bool, typer.Option("--drafts", help="Draw events of workflow draft as well.")] = False,
    open_page: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
) -> None:
    """Show a map in the browser and draw it anew at each save; on this machine only, until Ctrl+C."""

    def started(url: str) -> None:
        print(url, flush=True)
        remark(f"{project}: drawn anew at each save; Ctrl+C ends")
        if open_page:
            import webbrowser

            webbrowser.open(url)

    try:
        from geomap.serve import serve as serve_map

        serve_map(project, started=started, drawn=_tell, port=port, drafts=drafts)
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


def _tell(drawing: "Drawing") -> None:
    """Say how a drawing went."""
    error, summary = drawing.error, drawing.summary
    if summary is not None:
        findings = f", {drawing.findings} findings; see geomap check" if drawing.findings else ""
        remark(
            f"drawn in {drawing.seconds:.1f} s: {summary.events} events, {summary.features} places drawn{findings}"
        )
    elif isinstance(error, GeomapError):
        complain(error)
    elif error is not None:
        lines = traceback.format_exception(error) if drawing.is_a_fault else [str(error)]
        for line in "".join(lines).splitlines():
            remark(line)
