"""`geomap check`."""

from typing import Annotated, Any

import orjson
import typer

from geomap.cli.terminal import (
    MOST_OF_A_CODE,
    ProjectArgument,
    first_of_each,
    progress,
    remark,
    visible,
)
from geomap.errors import ConfigError, Mark


def check(
    project: ProjectArgument,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Look through a project: `file:line:col: severity code message`; exit 1 on errors."""
    from geomap import pipeline

    rows: list[tuple[Mark, str, str, str]] = []
    try:
        with progress(f"Checking {project}"):
            # A place that moved is told beside the other findings, and not in their stead.
            loaded = pipeline.load(project, drafts=True, lock="update")
        rows = [(item.mark, item.severity, item.code, item.message) for item in loaded.findings]
        rows += [
            (item.mark, "warning" if item.draft else "error", "moved-place", loaded.lock.explain(item))
            for item in loaded.lock.moved
        ]
    except ConfigError as error:
        rows = [(problem.mark, "error", problem.code, problem.message) for problem in error.problems]
    if as_json:
        # As escapes of JSON, which read back as the same letters, control and direction marks leave a terminal alone.
        print(visible(orjson.dumps([_json(*row) for row in rows]).decode()))
    else:
        first, more = first_of_each(rows, lambda row: row[2], MOST_OF_A_CODE)
        for mark, severity, code, message in first:
            print(visible(f"{mark}: {severity} {code} {message}"))
        for code, count in more.items():
            remark(f"and {count:,} more {code}; --json lists all")
    if any(severity == "error" for _, severity, _, _ in rows):
        raise typer.Exit(1)


def _json(mark: Mark, severity: str, code: str, message: str) -> dict[str, Any]:
    return {
        "file": str(mark.path),
        "line": mark.line,
        "column": mark.column,
        "severity": severity,
        "code": code,
        "message": message,
    }
