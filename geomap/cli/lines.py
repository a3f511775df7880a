"""JSON Lines in and out: one answer a line, in order, whatever a line holds."""

import codecs
import json
import math
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import orjson
import typer

from geomap.errors import GeomapError

if TYPE_CHECKING:
    from geomap.extract.document import Document

Answer = Callable[[dict[str, Any]], dict[str, Any]]

_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d(?![0-9])", re.ASCII)
_SURROGATE: Final = re.compile(rb"\\u[dD][89a-fA-F]")


def write_lines(answer: Answer, *, surrogates: bool = False) -> None:
    """Answer every line of stdin on stdout, each as soon as it is read.

    `surrogates` lets texts hold half a surrogate pair, which else is an error of its line.
    """
    for line in answer_lines(sys.stdin.buffer, answer, surrogates=surrogates):
        sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()


def answer_lines(lines: Iterable[bytes], answer: Answer, *, surrogates: bool = False) -> Iterator[bytes]:
    """One answer a line, in order; a line that cannot be read is answered with its error."""
    for number, line in enumerate(lines):
        written = line if number else line.removeprefix(codecs.BOM_UTF8)
        if not written.strip():
            continue
        given: dict[str, Any] = {"id": None}
        try:
            asked = _read(written) if surrogates else orjson.loads(written)
            if not isinstance(asked, dict):
                raise ValueError("expected an object with an id")
            given["id"] = asked.get("id")
            given |= answer(asked)
        except (ValueError, GeomapError) as error:
            given["error"] = str(error)
        try:
            yield to_json(given) + b"\n"
        except RecursionError:  # an id that could be read, but not written
            yield to_json({"id": None, "error": "nested too deep"}) + b"\n"


def to_json(value: Any) -> bytes:
    """JSON in UTF-8; where a text holds half a surrogate pair, which UTF-8 has no bytes for, it is escaped.

    Raises `RecursionError` for what is nested deeper than orjson writes: 254 levels.
    """
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError as error:
        if "ecursion" in str(error):  # where Python itself gives up depends on its version
            raise RecursionError from error
        return json.dumps(value, separators=(",", ":"), allow_nan=False).encode()


def _read(line: bytes) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        # JSON may hold half a surrogate pair as an escape: web pages do, and orjson refuses it.
        if not _SURROGATE.search(line):
            raise
    try:
        return json.loads(line.decode("utf-8"), parse_constant=_refuse, parse_float=_finite)
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is no number of JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    return number if math.isfinite(number) else _refuse(digits)


# What is asked


def demand_files_or_lines(
    files: Sequence[object] | None, *, jsonl: bool, with_files: Mapping[str, object]
) -> None:
    """Refuse to read both files and lines, or neither.

    Parameters
    ----------
    with_files
        What was given for options that lines do not take, by name.

    Raises
    ------
    BadParameter
        If one of them was given with `--jsonl`, or not exactly one of files and `--jsonl`.
    """
    if jsonl == bool(files):
        raise typer.BadParameter("give either files or --jsonl")
    if jsonl and any(with_files.values()):
        *names, last = with_files
        raise typer.BadParameter(f"{', '.join(names)} and {last} go with files")


def asked_day(written: str | None) -> date | None:
    """The day of the option `--published`.

    Raises
    ------
    BadParameter
        If it is no date.
    """
    try:
        return read_day(written)
    except ValueError as error:
        raise typer.BadParameter(f"--{error}") from error


def read_day(written: object) -> date | None:
    """The day of `published`: an ISO date, or the beginning of a longer timestamp; None where none is given.

    Raises
    ------
    ValueError
        If it is anything else.
    """
    if written is None:
        return None
    if not isinstance(written, str) or not _DAY.match(written):
        raise ValueError(f"published: {written!r} is no ISO date; expected one such as 2021-11-12")
    try:
        return date.fromisoformat(written[:10])
    except ValueError as error:
        raise ValueError(f"published: {written!r} is no day of the calendar") from error


def asked_document(asked: dict[str, Any]) -> "Document":
    """The document of a line: its `text`, with what else the line says of it.

    Raises
    ------
    ValueError
        If `text` is missing or no text, or `published` no date.
    """
    from geomap.extract.segment import plain_document

    text = asked.get("text")
    if not isinstance(text, str):
        raise ValueError("expected text, a string")
    published = read_day(asked.get("published"))
    return plain_document(
        text,
        id=_words(asked, "id"),
        published=published,
        published_basis="given" if published is not None else "",
        title=_words(asked, "title"),
        publisher=_words(asked, "publisher"),
        author=_words(asked, "author"),
        url=_words(asked, "url"),
    )


def _words(asked: dict[str, Any], key: str) -> str:
    """What is said under a key; of other kinds of value nothing is made but of an id."""
    value = asked.get(key)
    if key == "id" and isinstance(value, int):
        return str(value)
    return " ".join(value.split()) if isinstance(value, str) else ""
