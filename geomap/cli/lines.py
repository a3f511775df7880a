"""JSON Lines in and out: one answer a line, in order, whatever a line holds."""

import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import orjson

from geomap.errors import GeomapError

Answer = Callable[[dict[str, Any]], dict[str, Any]]


def write_lines(answer: Answer) -> None:
    """Answer every line of stdin on stdout, each as soon as it is read."""
    for line in answer_lines(sys.stdin.buffer, answer):
        sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()


def answer_lines(lines: Iterable[bytes], answer: Answer) -> Iterator[bytes]:
    """One answer a line, in order; a line that cannot be read is answered with its error."""
    for line in lines:
        if not line.strip():
            continue
        given: dict[str, Any] = {"id": None}
        try:
            asked = orjson.loads(line)
            if not isinstance(asked, dict):
                raise ValueError("expected an object with an id")
            given["id"] = asked.get("id")
            given |= answer(asked)
        except (ValueError, GeomapError) as error:
            given["error"] = str(error)
        yield orjson.dumps(given, option=orjson.OPT_APPEND_NEWLINE)
