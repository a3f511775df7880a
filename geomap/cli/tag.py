"""`geomap tag`."""

from collections.abc import Callable
from typing import Annotated, Any

import typer

from geomap.cli.lines import write_lines
from geomap.gazetteer import PlaceData, read_gazetteer
from geomap.gazetteer.linking import Linker, Toponym


def tag(
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Read a document a line: {id, text, toponyms: [{start, end}]}.")
    ] = False,
    spans: Annotated[
        bool, typer.Option("--spans", help="Resolve exactly the spans given, every one, all together.")
    ] = False,
    worldview: Annotated[str, typer.Option(help="un, de_facto, ua, ru, or a YAML file of your own.")] = "un",
) -> None:
    """Say where the toponyms of texts are, each in the light of the others in its text."""
    if not (jsonl and spans):
        raise typer.BadParameter("give --jsonl --spans: toponyms are resolved where their spans are given")
    write_lines(_tagger(read_gazetteer(worldview=worldview)))


def _tagger(data: PlaceData) -> Callable[[dict[str, Any]], dict[str, Any]]:
    linker = Linker(data.store)

    def answer(asked: dict[str, Any]) -> dict[str, Any]:
        text, marks = asked.get("text"), asked.get("toponyms")
        if not isinstance(text, str):
            raise ValueError("expected text, a string")
        spans = _read_spans(marks, len(text))
        toponyms = linker.link(text, spans)
        return {
            "toponyms": [
                {"start": start, "end": end, "text": text[start:end], **_record(data, toponym)}
                for (start, end), toponym in zip(spans, toponyms, strict=True)
            ],
            "dates": [],
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


def _record(data: PlaceData, toponym: Toponym) -> dict[str, Any]:
    if not toponym.options:
        return dict.fromkeys(("lon", "lat", "geonameid", "place_id", "kind", "score"))
    best = toponym.options[0]
    place = data.store.place(best.row)
    return {
        "lon": round(place.position.lon, 6),
        "lat": round(place.position.lat, 6),
        "geonameid": place.geonameid or (best.row.key if best.row.key > 0 else None),
        "place_id": place.id,
        "kind": place.kind,
        "score": round(best.share, 4),
    }
