"""`geomap build`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import orjson
import typer

from geomap.cli.terminal import ProjectArgument, progress, remark, tell_findings

if TYPE_CHECKING:
    from geomap.lock import LockPolicy, LockUpdate

# A new events file may bring hundreds of places; the lock's own diff shows them all.
_MOST_LINES: Final = 20


def build(
    project: ProjectArgument,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the outputs; default: out/ beside map.yaml.")
    ] = None,
    drafts: Annotated[bool, typer.Option("--drafts", help="Draw events of workflow draft as well.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 if outputs or the lock are stale.")
    ] = False,
    update_lock: Annotated[
        bool,
        typer.Option("--update-lock", help="Accept places that are found elsewhere than geomap.lock says."),
    ] = False,
    locked: Annotated[
        bool, typer.Option("--locked", help="Exit 1 if geomap.lock is missing or would change at all.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Make the map and the other outputs of a project."""
    from geomap import pipeline
    from geomap.lock import PlacesMovedError, StaleLockError

    if update_lock and (locked or check):
        raise typer.BadParameter(f"--update-lock contradicts {'--locked' if locked else '--check'}; keep one")
    policy: LockPolicy = "update" if update_lock else "locked" if locked else "keep"
    try:
        with progress(f"Building {project}"):
            result = pipeline.build(project, drafts=drafts, lock=policy)
    except (PlacesMovedError, StaleLockError) as error:
        if as_json:
            print(orjson.dumps({"files": [], "lock": error.update.as_json()}).decode())
        raise
    folder = pipeline.output_folder(result.project.config, out)
    tell_findings(result.project.findings, project)
    for text in result.remarks:
        remark(text)
    if check:
        stale = pipeline.stale(result, folder)
        for path in stale:
            remark(f"{path}: stale; run geomap build {project}")
        raise typer.Exit(1 if stale else 0)
    pipeline.write(result, folder)
    files = [str(folder / name) for name in result.contents]
    summary, lock = result.summary, result.project.lock
    if as_json:
        fields = {name: getattr(summary, name) for name in summary.__slots__}
        answer = {"files": files, **fields, "findings": len(result.project.findings)}
        if lock.old is not None:
            answer["lock"] = lock.as_json()
        print(orjson.dumps(answer).decode())
        _tell(lock)
        return
    remark(
        f"{summary.events} events: {summary.features} places drawn ({summary.countries} of them countries), "
        f"{summary.unlocated} without a place, {summary.undated} undated, "
        f"{summary.drafts_left_out} drafts left out"
    )
    for layer, count in summary.layers.items():
        remark(f"  {summary.layer_titles[layer]}: {count}")
    _tell(lock)
    for name in files:
        print(name)


def _tell(lock: "LockUpdate") -> None:
    """Say what a build changed in the lock."""
    if not lock.is_stale:
        return
    if lock.old is None:
        remark(f"{lock.path}: written, {len(lock.new.places)} places; commit it beside the map")
        return
    others = [change for change in lock.changes if change.kind != "moved"]
    for change in [*lock.moved, *others[:_MOST_LINES]]:
        remark(f"{change.mark}: {change}")
    if len(others) > _MOST_LINES:
        remark(f"and {len(others) - _MOST_LINES} more changes; see the diff of {lock.path}")
    told = [*lock.causes, f"{len(lock.moved) or 'no'} places moved"]
    remark(f"{lock.path}: updated; {', '.join(told)}; commit it")
