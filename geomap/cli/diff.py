"""`geomap diff`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import orjson
import typer

from geomap.cli.terminal import progress, remark, visible

if TYPE_CHECKING:
    from geomap.pipeline.comparing import ComparedState


def diff(
    old: Annotated[
        str,
        typer.Argument(
            help="A project (its folder or map.yaml) or an events file; REVISION:PATH is one in git.",
            show_default=False,
        ),
    ],
    new: Annotated[
        str | None,
        typer.Argument(
            help="The same; left out after a revision, it is the path as it lies there now.",
            show_default=False,
        ),
    ] = None,
    project: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="OLD and NEW are git revisions of this project or events file."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the changes as JSON.")] = False,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print the changes as a correction notice in Markdown.")
    ] = False,
    map_folder: Annotated[
        Path | None,
        typer.Option("--map", metavar="DIR", help="Write a map of the changes into this folder: index.html."),
    ] = None,
) -> None:
    """Tell what changed between two states of a project, as they publish it; exit 0 whether or not anything did."""
    from geomap.events.correction import count_words, notice, text_lines
    from geomap.files import write_all
    from geomap.pipeline.comparing import compare, name_states

    if as_json and markdown:
        raise typer.BadParameter("--json contradicts --markdown; keep one")
    before, after = name_states(old, new, project)
    with progress(f"Comparing {before} with {after}"):
        found = compare(before, after, with_map=map_folder is not None)
    if found.has_exports:
        lost = "claims, quantities, equipment, relations, evidence and media"
        remark(f"an export is compared: {lost} are in none, and were not compared")
    _tell("OLD", found.old)
    _tell("NEW", found.new)
    if map_folder is not None:
        write_all(map_folder, found.contents)
        for name in found.contents:
            remark(f"{map_folder / name}: written")
    if as_json:
        print(orjson.dumps(found.as_json()).decode())
    elif markdown:
        print(notice(found.diff, title=found.new.title, old=found.old.name, new=found.new.name), end="")
    else:
        for line in text_lines(found.diff):
            print(visible(line))
        remark(f"{found.old.name} to {found.new.name}: {count_words(found.diff)}")


def _tell(side: str, state: "ComparedState") -> None:
    """Say of a state what was not compared, or not as it was published."""
    if state.drafts_left_out:
        remark(f"{side}: {state.drafts_left_out:,} drafts left out")
    if state.relocated:
        remark(
            f"{side}: {state.relocated:,} places are found elsewhere now than its geomap.lock says; they are compared "
            "as they are found now"
        )
