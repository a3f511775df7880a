"""What people see on a terminal: remarks on stderr, with no control character from outside."""

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, TypeVar

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeRemainingColumn,
)

from geomap.errors import ConfigError, GeomapError, OutputError

if TYPE_CHECKING:
    from geomap.events.check import Finding

_LARGEST_EVENTS: Final = 64 << 20
"""Bytes of YAML past which no build reads a file."""

ProjectArgument = Annotated[
    Path, typer.Argument(help="map.yaml, or the folder it stands in.", show_default=False)
]
FilesArgument = Annotated[
    list[Path] | None,
    typer.Argument(
        help="Texts, Markdown, HTML, or JSON Lines of documents; with --parts folders of them as well.",
        show_default=False,
    ),
]
PublishedOption = Annotated[
    str | None, typer.Option(metavar="DATE", help="When the files were published, such as 2021-11-12.")
]
WorldviewOption = Annotated[str, typer.Option(help="un, de_facto, ua, ru, or a YAML file of your own.")]
ModelOption = Annotated[
    str | None,
    typer.Option(
        "--ner-model", metavar="PATH", help="A spaCy model of yours, to recognise names with as well."
    ),
]
RussianOption = Annotated[
    bool, typer.Option("--ru", help="Recognise names in Russian texts with natasha as well.")
]
Item = TypeVar("Item")
MOST_OF_A_CODE: Final = 100
"""How many findings or problems of one code are printed; thousands would hide the others."""

_FINDINGS_BESIDE: Final = 20
# Control characters could move the cursor, colour the terminal or forge a line; bidi marks reorder it.
_CONTROL: Final = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    """A text with its control and direction characters written as escapes."""
    return _CONTROL.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def remark(text: str) -> None:
    """Print a remark for people on stderr."""
    print(visible(text), file=sys.stderr)


def first_of_each(
    items: Iterable[Item], code: Callable[[Item], str], most: int
) -> tuple[list[Item], dict[str, int]]:
    """The first items of each code, in order, and how many more there are of those that have more."""
    counts: Counter[str] = Counter()
    first = []
    for item in items:
        counts[code(item)] += 1
        if counts[code(item)] <= most:
            first.append(item)
    return first, {each: count - most for each, count in counts.items() if count > most}


def tell_findings(findings: Iterable["Finding"], project: Path) -> None:
    """Print findings as remarks beside a result: the first of each code, and how many more there are."""
    first, more = first_of_each(findings, lambda finding: finding.code, _FINDINGS_BESIDE)
    for finding in first:
        remark(str(finding))
    for code, count in more.items():
        remark(f"and {count:,} more {code}; geomap check --json {project} lists all")


def complain(error: GeomapError) -> None:
    """Print an error on stderr; a file's problems one a line, as editors and CI read them."""
    if isinstance(error, ConfigError):
        first, more = first_of_each(error.problems, lambda problem: problem.code, MOST_OF_A_CODE)
        for problem in first:
            remark(f"{problem.mark}: error {problem.code} {problem.message}")
        for code, count in more.items():
            remark(f"and {count:,} more errors {code}; geomap check --json lists all")
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


def steps(items: Sequence[Item], text: str) -> Iterator[Item]:
    """The items one after the other, with a bar of how many are done; on a terminal only, and not for one."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    is_shown = console.is_terminal and len(items) > 1
    # Remarks that are printed meanwhile go above the bar; results are not to go through it.
    with Progress(
        *columns, console=console, transient=True, disable=not is_shown, redirect_stdout=False
    ) as bar:
        task = bar.add_task(_bar_name(text), total=len(items))
        for item in items:
            yield item
            bar.advance(task)


@contextmanager
def counting(text: str) -> Iterator[Callable[[str, int, int], None]]:
    """Show bars while the block runs, on a terminal only.

    What is given takes what a bar is of, how many are done, and of how many. The first one is there before it is told.
    """
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal, redirect_stdout=False
    ) as bars:
        tasks = {text: bars.add_task(_bar_name(text), total=None)}

        def advance(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(_bar_name(what), total=total)
            bars.update(tasks[what], completed=done, total=total)

        yield advance


def _bar_name(text: str) -> str:
    return visible(text).replace("[", r"\[")


def give_events(text: str, out: Path | None, *, else_do: str) -> None:
    """Print an events file, or write it.

    Raises
    ------
    OutputError
        If no build would read it; `else_do` is the next step then.
    """
    from geomap.files import write_all

    if out is None:
        print(text, end="")
        return
    content = text.encode()
    if len(content) > _LARGEST_EVENTS:
        raise OutputError(f"{out} would have {len(content):,} bytes, too many to be read; {else_do}")
    write_all(out.parent, {out.name: content})
