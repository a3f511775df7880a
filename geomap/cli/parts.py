"""What `tag` and `draft` share where they work on whole corpora: `--parts` and the options that go with it."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from geomap.cli.lines import asked_day
from geomap.cli.terminal import counting, remark

if TYPE_CHECKING:
    from geomap.engine.run import Summary

_MOST_TOLD: Final = 20

PartsOption = Annotated[
    Path | None,
    typer.Option(
        "--parts",
        metavar="DIR",
        help="Work on whole corpora, into a folder of Parquet parts; run again to go on.",
    ),
]
EngineOption = Annotated[
    Literal["local", "dask"] | None,
    typer.Option("--engine", help="With --parts: processes of this machine (default), or a Dask cluster."),
]
WorkersOption = Annotated[
    int | None,
    typer.Option(
        "--workers", min=1, max=1024, metavar="N", help="With --parts: processes; default: one a core."
    ),
]
SchedulerOption = Annotated[
    str | None,
    typer.Option(
        "--scheduler", metavar="ADDRESS", help="With --engine dask: of a cluster; default: one of its own."
    ),
]
TimeoutOption = Annotated[
    float | None,
    typer.Option(
        "--timeout",
        min=0.1,
        max=86_400,
        metavar="SECONDS",
        help="With --parts: for one document; default: 300.",
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartsOptions:
    """How a corpus is to be worked on."""

    engine: Literal["local", "dask"] | None
    workers: int | None
    scheduler: str | None
    timeout: float | None

    def demand_parts(self) -> None:
        """Refuse these options where there is no corpus to work on.

        Raises
        ------
        BadParameter
            If one of them was given.
        """
        given = {
            "--engine": self.engine,
            "--workers": self.workers,
            "--scheduler": self.scheduler,
            "--timeout": self.timeout,
        }
        if named := [name for name, value in given.items() if value is not None]:
            raise typer.BadParameter(f"{', '.join(named)} goes with --parts")


def run_parts(
    work: str,
    corpora: Sequence[Path] | None,
    parts: Path,
    options: PartsOptions,
    *,
    refused: Mapping[str, object],
    published: str | None,
    worldview: str,
    ner_model: str | None,
    is_russian: bool,
) -> None:
    """Work on corpora, and say how it went.

    Parameters
    ----------
    work
        As of `engine.job.Job`.
    refused
        What was given for options that do not go with `--parts`, by name.

    Raises
    ------
    BadParameter
        If options do not go together, or no corpus is given.
    Exit
        With 1 if a document or a shard could not be worked on.
    """
    if named := [name for name, value in refused.items() if value]:
        raise typer.BadParameter(f"{', '.join(named)} does not go with --parts")
    if not corpora:
        raise typer.BadParameter("--parts needs a corpus: folders, or files of documents")
    if options.scheduler is not None and options.engine != "dask":
        raise typer.BadParameter("--scheduler goes with --engine dask")
    day = asked_day(published)
    from geomap.engine.job import Job
    from geomap.engine.run import run

    job = Job(
        work=work,
        parts=str(parts.resolve()),
        digest="",
        published=day.isoformat() if day else None,
        worldview=str(Path(worldview).resolve()) if Path(worldview).is_file() else worldview,
        ner_model=str(Path(ner_model).resolve()) if ner_model and Path(ner_model).exists() else ner_model,
        is_russian=is_russian,
        timeout_s=options.timeout if options.timeout is not None else 300.0,
    )
    with counting("Documents") as advance:
        summary = run(
            job,
            corpora,
            engine=options.engine or "local",
            workers=options.workers or os.cpu_count() or 1,
            scheduler=options.scheduler,
            advance=advance,
        )
    _tell(summary, parts)
    if summary.faults or summary.failures:
        raise typer.Exit(1)


def _tell(summary: "Summary", parts: Path) -> None:
    for failure in summary.failures[:_MOST_TOLD]:
        remark(f"geomap: {failure}")
    if (more := len(summary.failures) - _MOST_TOLD) > 0:
        remark(f"and {more:,} more")
    made = ", ".join(f"{count:,} {table}" for table, count in summary.rows.items() if table != "sources")
    before = f", {summary.were_there:,} of them done before" if summary.were_there else ""
    read = f"{_counted(summary.documents, 'document')} in {_counted(summary.shards, 'shard')}"
    remark(f"{read}{before}: {made or 'nothing'} in {parts}")
    if summary.passed_over:
        remark(f"{_counted(summary.passed_over, 'file')} passed over: no name of a text")
    if summary.faults:
        listed = parts / "_quarantine.jsonl"
        remark(f"{_counted(len(summary.faults), 'document')} could not be worked on; {listed} says why")
    if summary.failures:
        remark(f"{_counted(len(summary.failures), 'shard')} failed; run again to go on")


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
