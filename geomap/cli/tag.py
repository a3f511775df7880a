"""`geomap tag`."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.cells import cell_len

from geomap.cli.lines import Answer, asked_day, asked_document, demand_files_or_lines, to_json, write_lines
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
    FilesArgument,
    ModelOption,
    PublishedOption,
    RussianOption,
    WorldviewOption,
    complain,
    remark,
    visible,
)
from geomap.errors import GeomapError
from geomap.extract.answers import tell_dates, tell_document, tell_place
from geomap.gazetteer import PlaceData, read_gazetteer
from geomap.gazetteer.linking import Linker
from geomap.model.places import Candidate

if TYPE_CHECKING:
    from geomap.extract.document import Document


def tag(
    files: FilesArgument = None,
    published: PublishedOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print what is found as JSON.")] = False,
    jsonl: Annotated[
        bool,
        typer.Option(
            "--jsonl", help="Read {id, text, published?, toponyms?} a line, write an answer a line."
        ),
    ] = False,
    spans: Annotated[
        bool,
        typer.Option("--spans", help="With --jsonl: resolve exactly the spans in toponyms, every one."),
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
    """Say which toponyms and dates stand in texts, and what they mean."""
    options = PartsOptions(engine=engine, workers=workers, scheduler=scheduler, timeout=timeout)
    if parts is not None:
        run_parts(
            "geomap.engine.work:TagWork",
            files,
            parts,
            options,
            refused={"--json": as_json, "--jsonl": jsonl, "--spans": spans},
            published=published,
            worldview=worldview,
            ner_model=ner_model,
            is_russian=ru,
        )
        return
    options.demand_parts()
    demand_files_or_lines(files, jsonl=jsonl, with_files={"--published": published, "--json": as_json})
    if spans and not jsonl:
        raise typer.BadParameter("--spans goes with --jsonl, whose lines give them")
    if spans and (ner_model or ru):
        raise typer.BadParameter("--spans gives the names; --ner-model and --ru would find them")
    day = asked_day(published)
    data = read_gazetteer(worldview=worldview)
    if spans:
        write_lines(_span_tagger(data), surrogates=True)
        return
    tagger = _Tagger(data, ner_model, is_russian=ru)
    if jsonl:
        write_lines(lambda asked: tagger.answer(asked_document(asked)), surrogates=True)
        return
    _tag_files(tagger, files or [], day, as_json=as_json)


def _tag_files(tagger: "_Tagger", files: Sequence[Path], published: date | None, *, as_json: bool) -> None:
    from geomap.pipeline.drafting import BrokenRecord, read_documents

    answers: list[dict[str, Any]] = []
    has_failed = False
    for path in files:
        try:
            for item in read_documents(path, published=published):
                if isinstance(item, BrokenRecord):
                    remark(f"geomap: {item}")
                    answers.append({"id": item.id or None, "error": str(item)})
                    has_failed = True
                elif as_json:
                    answers.append({"id": _name(path, item), **tagger.answer(item)})
                else:
                    tagger.show(_name(path, item), item)
        except GeomapError as error:
            complain(error)
            answers.append({"id": str(path), "error": str(error)})
            has_failed = True
    if as_json:
        print(to_json(answers).decode())
    if has_failed:
        raise typer.Exit(1)


def _name(path: Path, document: "Document") -> str:
    """A file's path, and of one of several documents in it its id as well."""
    return str(path) if document.id == path.name else f"{path}: {document.id}"


# Answers


class _Tagger:
    """Finds what stands in documents, and tells it for machines or for people."""

    def __init__(self, data: PlaceData, ner_model: str | None, *, is_russian: bool) -> None:
        from geomap.pipeline.drafting import make_geoparser

        self._data = data
        self._geoparser = make_geoparser(data, ner_model, is_russian=is_russian)

    def answer(self, document: "Document") -> dict[str, Any]:
        return tell_document(self._data, self._geoparser, document)

    def show(self, name: str, document: "Document") -> None:
        """Print what is found, each name and date once, with how often it stands there."""
        published = (
            f"published {document.published}" if document.published else "day of publication not known"
        )
        basis = f" ({document.published_basis})" if document.published_basis else ""
        print(visible(f"{name}: {published}{basis}"))
        rows = Counter(self._rows(document))
        widths = [max((cell_len(row[column]) for row in rows), default=0) for column in range(3)]
        for row, count in rows.items():
            cells = [cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=False)]
            times = f"  ×{count}" if count > 1 else ""
            print(f"  {'  '.join([*cells, *row[3:]]).rstrip()}{times}")

    def _rows(self, document: "Document") -> Iterator[tuple[str, ...]]:
        for toponym in self._geoparser.find(document):
            if toponym.options:
                best = toponym.options[0]
                place = self._data.store.place(best.row)
                meant = self._data.resolver.describe(Candidate(place=place, score=best.share))
                at = f"{place.position.lon:.4f}, {place.position.lat:.4f}"
                yield _cells(toponym.text, toponym.mention.value, meant, f"{at}  {best.share:.2f}")
            else:
                yield _cells(toponym.text, toponym.mention.value, "no such place known")
        for date_told in tell_dates(document):
            yield _cells(date_told["text"], "date", _days(date_told))


def _cells(*cells: str) -> tuple[str, ...]:
    return tuple(visible(" ".join(cell.split())) for cell in cells)


def _days(told: dict[str, Any]) -> str:
    first, last = told["first"], told["last"]
    if first is None and last is None:
        return "no day can be told"
    days = str(first) if first == last else f"{first or '…'} to {last or '…'}"
    return f"{days} ({told['precision']})"


# Spans that are given


def _span_tagger(data: PlaceData) -> Answer:
    linker = Linker(data.store)

    def answer(asked: dict[str, Any]) -> dict[str, Any]:
        document = asked_document(asked)
        text = document.text
        spans = _read_spans(asked.get("toponyms"), len(text))
        toponyms = linker.link(text, spans)
        return {
            "toponyms": [
                {"start": start, "end": end, "text": text[start:end], **tell_place(data, toponym.options)}
                for (start, end), toponym in zip(spans, toponyms, strict=True)
            ],
            "dates": tell_dates(document),
        }

    return answer


def _read_spans(marks: object, length: int) -> list[tuple[int, int]]:
    if not isinstance(marks, list):
        raise ValueError("expected toponyms, a list of {start, end}")
    spans = []
    for mark in marks:
        start, end = (mark.get("start"), mark.get("end")) if isinstance(mark, dict) else (None, None)
        if isinstance(start, bool) or isinstance(end, bool):  # which are numbers to Python
            start = None
        if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= length):
            raise ValueError(f"toponyms: {mark!r} is no span of a text of {length} code points")
        spans.append((start, end))
    return spans
