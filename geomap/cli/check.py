"""`geomap check`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from geomap.cli.terminal import MOST_OF_A_CODE, first_of_each, progress, remark, visible
from geomap.errors import ConfigError, Mark

_Row = tuple[Mark, str, str, str]


def check(
    projects: Annotated[
        list[Path],
        typer.Argument(
            metavar="PROJECT...", help="map.yaml, or the folder it stands in; several.", show_default=False
        ),
    ],
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 on warnings, too.")] = False,
    of_files: Annotated[
        bool,
        typer.Option(
            "--of-files",
            help="Take each PROJECT for a file that changed: check the map.yaml beside or above it.",
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Look through projects: `file:line:col: severity code message`; exit 1 on errors."""
    rows: list[_Row] = []
    for project in _projects_of(projects) if of_files else projects:
        with progress(f"Checking {project}"):
            rows += _look_through(project)
    # Projects may share a file, and what is odd in it is odd once.
    rows = list(dict.fromkeys(rows))
    if as_json:
        # As escapes of JSON, which read back as the same letters, control and direction marks leave a terminal alone.
        print(visible(orjson.dumps([_json(*row) for row in rows]).decode()))
    else:
        first, more = first_of_each(rows, lambda row: row[2], MOST_OF_A_CODE)
        for mark, severity, code, message in first:
            print(visible(f"{mark}: {severity} {code} {message}"))
        for code, count in more.items():
            remark(f"and {count:,} more {code}; --json lists all")
    if any(strict or severity == "error" for _, severity, _, _ in rows):
        raise typer.Exit(1)


def _look_through(project: Path) -> list[_Row]:
    """The findings of a project, or what is wrong in its files."""
    from geomap import pipeline

    try:
        # A place that moved is told beside the other findings, and not in their stead.
        loaded = pipeline.load(project, drafts=True, lock="update", lint=True)
    except ConfigError as error:
        return [(problem.mark, "error", problem.code, problem.message) for problem in error.problems]
    rows: list[_Row] = [(item.mark, item.severity, item.code, item.message) for item in loaded.findings]
    rows += [
        (item.mark, "warning" if item.draft else "error", "moved-place", loaded.lock.explain(item))
        for item in loaded.lock.moved
    ]
    return rows


def _projects_of(files: Sequence[Path]) -> list[Path]:
    """The maps that files belong to, each once: `map.yaml` in the nearest folder from theirs upwards."""
    found: dict[Path, None] = {}
    for file in files:
        folder = file if file.is_dir() else file.parent
        holder = next((up for up in (folder, *folder.parents) if (up / "map.yaml").is_file()), None)
        if holder is None:
            remark(f"{file}: no map.yaml beside or above it; passed over")
        else:
            found.setdefault(holder / "map.yaml")
    return list(found)


def _json(mark: Mark, severity: str, code: str, message: str) -> dict[str, Any]:
    return {
        "file": str(mark.path),
        "line": mark.line,
        "column": mark.column,
        "severity": severity,
        "code": code,
        "message": message,
    }
