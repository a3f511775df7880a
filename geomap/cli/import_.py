"""`geomap import`."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import orjson
import typer

from geomap.cli.terminal import WorldviewOption, give_events, progress, remark, visible
from geomap.errors import OutputError
from geomap.gazetteer import read_gazetteer

if TYPE_CHECKING:
    from geomap.pipeline.importing import ImportResult
    from geomap.pipeline.patching import Patch

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
        Path | None,
        typer.Option(
            help="Events file to write, YAML or JSON Lines (.jsonl, for many); default: print it. One that is there "
            "gets what it lacks, or the edits made in a GeoPackage of geomap."
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change in --into, and change nothing.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before changing --into.")] = False,
    report: Annotated[
        Path | None,
        typer.Option(help="File for all rows skipped and remarks, as JSON Lines; the first 20 are printed."),
    ] = None,
    worldview: WorldviewOption = "un",
) -> None:
    """Read events of others, or edits made in a GIS, into an events file; what is not taken is listed."""
    from geomap.events.imports import FORMATS, format_of
    from geomap.events.lines import SUFFIXES as LINE_SUFFIXES
    from geomap.pipeline.importing import import_events
    from geomap.pipeline.patching import addition_patch, gis_patch

    name = source or format_of(file)
    if name not in FORMATS:
        asked = f"--from {source}" if source else f"{file.name}: name what it is with --from"
        raise typer.BadParameter(f"{asked}: there is {', '.join(FORMATS)}")
    if into is not None and into.suffix.lower() in LINE_SUFFIXES:
        for own in (into, _sources_path(into)):
            if own.exists():
                raise OutputError(f"{own} is there already; name another file")
    gazetteer = read_gazetteer(worldview=worldview)
    if into is not None and into.exists():
        with progress(f"Comparing {file} with {into}"):
            patch = gis_patch(file, into, gazetteer) if name == "gpkg" and mapping is None else None
        if patch is not None:
            _apply(patch, dry_run=dry_run, is_agreed=yes)
            return
    with progress(f"Importing {file}"):
        result = import_events(file, name, gazetteer, mapping=mapping)
    _tell(file, result)
    if report is not None:
        _write_report(result, report)
    if not result.events:
        raise typer.Exit(1)
    if into is not None and into.suffix.lower() in LINE_SUFFIXES:
        if not dry_run:
            _give_lines(result, into)
    elif into is not None and into.exists():
        _apply(addition_patch(result, into), dry_run=dry_run, is_agreed=yes)
    elif not dry_run:
        give_events(result.text, into, else_do="name a file of JSON Lines, as events.jsonl")
        if into is not None:
            print(into)
    if result.skipped:
        raise typer.Exit(1)


def _give_lines(result: "ImportResult", into: Path) -> None:
    """Write the events as JSON Lines, and their sources beside them as `….sources.yaml`."""
    from geomap.files import write_all

    sources = _sources_path(into)
    write_all(into.parent, {into.name: result.lines, sources.name: result.sources_text.encode()})
    print(into)
    print(sources)
    remark(f"{into}: name both files under events of map.yaml")


def _sources_path(into: Path) -> Path:
    return into.with_suffix(".sources.yaml")


def _tell(file: Path, result: "ImportResult") -> None:
    _first_lines(
        [f"{file}: {skipped.at}: skipped: {skipped.why}" for skipped in result.skipped], "rows skipped"
    )
    _first_lines([f"{file}: {said}" for said in result.remarks], "remarks")
    remark(f"{file}: {len(result.events):,} events, {len(result.skipped):,} rows skipped")


def _write_report(result: "ImportResult", path: Path) -> None:
    """Every row that was skipped and every remark, one a line."""
    from geomap.files import write_all

    lines = [{"at": skipped.at, "skipped": skipped.why} for skipped in result.skipped]
    lines += [{"remark": said} for said in result.remarks]
    write_all(path.parent, {path.name: b"".join(orjson.dumps(line) + b"\n" for line in lines)})


def _first_lines(lines: Sequence[str], what: str) -> None:
    for line in lines[:_MOST_LINES]:
        remark(line)
    if len(lines) > _MOST_LINES:
        remark(f"and {len(lines) - _MOST_LINES:,} more {what}")


def _apply(patch: "Patch", *, dry_run: bool, is_agreed: bool) -> None:
    """Show a patch and what is not in it; write it, on a terminal when asked to."""
    from geomap.files import replace_file

    for line in patch.diff.split("\n")[:-1]:
        print(visible(line))
    _first_lines([f"{patch.path}: not taken: {conflict}" for conflict in patch.conflicts], "not taken")
    _first_lines([f"{patch.path}: {change}" for change in patch.changes], "changes")
    if patch.changes and not dry_run:
        # Who runs a script has seen to it; who sits there has yet to look.
        if _is_terminal() and not is_agreed and not typer.confirm(f"Change {patch.path}?", err=True):
            raise typer.Exit(1)
        replace_file(patch.path, patch.new.encode(), expected=patch.old.encode())
    remark(f"{patch.path}: {len(patch.changes):,} changes, {len(patch.conflicts):,} not taken")
    if patch.conflicts:
        raise typer.Exit(1)


def _is_terminal() -> bool:
    return sys.stdin.isatty()
