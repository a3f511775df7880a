"""`geomap draft`."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from geomap.cli.fetching import (
    DocumentsArgument,
    FetchOption,
    OriginalsOption,
    asked_originals,
    fetch_original,
    part_files,
)
from geomap.cli.lines import asked_day, asked_document, demand_files_or_lines, write_lines
from geomap.cli.parts import (
    EngineOption,
    PartsOption,
    PartsOptions,
    SchedulerOption,
    TimeoutOption,
    WorkersOption,
    run_parts,
)
from geomap.cli.terminal import (
    ModelOption,
    PublishedOption,
    RussianOption,
    WorldviewOption,
    complain,
    give_events,
    remark,
    steps,
)
from geomap.errors import GeomapError, OutputError
from geomap.fetch.addresses import looks_like_address
from geomap.gazetteer import read_gazetteer

if TYPE_CHECKING:
    from geomap.extract.document import Document
    from geomap.extract.read import BrokenRecord
    from geomap.pipeline.drafting import Drafted, Drafting


def draft(
    files: DocumentsArgument = None,
    published: PublishedOption = None,
    fetch: FetchOption = False,
    originals: OriginalsOption = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Events file to write; default: print it.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the events file if there is one.")] = False,
    jsonl: Annotated[
        bool,
        typer.Option("--jsonl", help="Read {id, text, published?} a line, write {id, events} a line."),
    ] = False,
    ner_model: ModelOption = None,
    ru: RussianOption = False,
    worldview: WorldviewOption = "un",
    parts: PartsOption = None,
    engine: EngineOption = None,
    workers: WorkersOption = None,
    scheduler: SchedulerOption = None,
    timeout: TimeoutOption = None,
) -> None:
    """Draft the events that texts report, each with the words it rests on, for people to review."""
    paths, addresses = part_files(files or [])
    kept_in = asked_originals(addresses, is_asked=fetch, originals=originals, out=out)
    options = PartsOptions(engine=engine, workers=workers, scheduler=scheduler, timeout=timeout)
    if parts is not None:
        run_parts(
            "geomap.engine.work:DraftWork",
            paths,
            parts,
            options,
            refused={"--fetch": fetch, "--out": out, "--force": force, "--jsonl": jsonl},
            published=published,
            worldview=worldview,
            ner_model=ner_model,
            is_russian=ru,
        )
        return
    options.demand_parts()
    with_files = {"--published": published, "--fetch": fetch, "--out": out, "--force": force}
    demand_files_or_lines(files, jsonl=jsonl, with_files=with_files)
    if force and out is None:
        raise typer.BadParameter("--force goes with --out")
    day = asked_day(published)
    if out is not None:
        _demand_free(out, paths, force=force)
    from geomap.pipeline.drafting import Drafting, make_geoparser

    data = read_gazetteer(worldview=worldview)
    drafting = Drafting(data, make_geoparser(data, ner_model, is_russian=ru))
    if jsonl:
        write_lines(lambda asked: _answer(drafting, asked), surrogates=True)
        return
    documents, has_failed = _draft_all(drafting, files or [], day, out.parent if out else Path(), kept_in)
    if documents:
        give_events(drafting.yaml(documents), out, else_do="draft fewer files")
        _tell(documents)
    if has_failed:
        raise typer.Exit(1)


def _answer(drafting: "Drafting", asked: dict[str, Any]) -> dict[str, Any]:
    return {"events": drafting.answer(asked_document(asked))}


def _demand_free(out: Path, files: Sequence[Path], *, force: bool) -> None:
    """Refuse to write over what somebody may have worked on."""
    if out.resolve() in {path.resolve() for path in files}:
        raise typer.BadParameter(f"--out {out} is one of the files to read; name another one")
    if out.exists() and not force:
        raise OutputError(
            f"{out} is there already and may hold reviewed events; name another file, or replace it with --force"
        )


def _draft_all(
    drafting: "Drafting", named: Sequence[str], published: date | None, folder: Path, originals: Path | None
) -> "tuple[list[Drafted], bool]":
    from geomap.pipeline.drafting import BrokenRecord, source_file

    documents: list[Drafted] = []
    has_failed = False
    for name in steps(named, "Drafting"):
        try:
            for item, path in _read(name, published, originals):
                if isinstance(item, BrokenRecord):
                    remark(f"geomap: {item}")
                    has_failed = True
                    continue
                if item.published is None:
                    remark(f"{name}: does not say when it was published; give --published to date its events")
                documents.append(drafting.draft(item, file=source_file(path, folder)))
        except GeomapError as error:
            complain(error)
            has_failed = True
    return documents, has_failed


def _read(
    name: str, published: date | None, originals: Path | None
) -> "Iterator[tuple[Document | BrokenRecord, Path]]":
    """The documents of a file or at an address, each with the file that it was read from."""
    from geomap.pipeline.drafting import read_documents

    if originals is not None and looks_like_address(name):
        yield fetch_original(name, originals, published)
        return
    path = Path(name)
    for item in read_documents(path, published=published):
        yield item, path


def _tell(documents: "Sequence[Drafted]") -> None:
    """Say on stderr what was drafted, and what to do next."""
    drafts = [one for document in documents for one in document.drafts]
    unsettled = sum(place.precision == "none" for one in drafts for place in one.places)
    undated = sum(one.record.when is None or not one.record.when.is_dated for one in drafts)
    counted = f"{len(drafts)} drafts from {len(documents)} documents"
    remark(f"{counted}: {unsettled} places not settled, {undated} without a date")
