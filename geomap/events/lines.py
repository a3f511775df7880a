"""Events as JSON Lines: one event a line, with the keys of an events file."""

import json
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from geomap.errors import ConfigError, Mark, Problem
from geomap.files import read_lines
from geomap.model.records import EventRecord
from geomap.yamlfile import MAX_DEPTH, YamlFile

SUFFIXES: Final = frozenset({".jsonl", ".ndjson"})
MAX_LINE: Final = 1 << 20
MAX_FILE: Final = 1 << 30
MAX_PROBLEMS: Final = 1_000

_STRING_OR_BRACKET: Final = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[\]{}]')
_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]")
_MOST_DIGITS: Final = 18


def read_event_lines(path: Path) -> list[tuple[EventRecord, Mark]]:
    """Read the events of a file of JSON Lines, each with the mark of its line.

    Raises
    ------
    ConfigError
        With the problems of every line, up to 1,000: what is not UTF-8 or JSON, keys twice, NaN and infinity,
        halves of surrogate pairs, nesting past 64, and what an event may not hold; also for a line past 1 MiB
        and a file past 1 GiB.
    """
    read: list[tuple[EventRecord, Mark]] = []
    problems: list[Problem] = []
    try:
        for number, line in enumerate(read_lines(path, max_bytes=MAX_FILE, max_line=MAX_LINE), start=1):
            if not line.strip():
                continue
            mark = Mark(path, number, 1)
            try:
                read.append((read_event_line(line, mark), mark))
            except ConfigError as error:
                problems += error.problems
            if len(problems) >= MAX_PROBLEMS:
                text = f"{MAX_PROBLEMS:,} problems up to here; what follows was not read"
                problems = [*problems[:MAX_PROBLEMS], Problem(mark, text)]
                break
    except ConfigError as error:
        problems += error.problems
    if problems:
        raise ConfigError(problems)
    return read


def read_event_line(line: bytes, mark: Mark) -> EventRecord:
    """Read the event of one line.

    Raises
    ------
    ConfigError
        With what is wrong in it.
    """
    value = _read_json(line, mark)
    if not isinstance(value, dict):
        raise ConfigError.at(mark, "expected one event a line, a JSON object of its keys")
    return parse_event(value, mark)


def parse_event(value: Mapping[str, Any], mark: Mark) -> EventRecord:
    """The record of an event's keys, which stand at one mark.

    Raises
    ------
    ConfigError
        With what is wrong in them.
    """
    try:
        return EventRecord.model_validate(value)
    except ValidationError:
        # Again, now for the words and with the paths that they name.
        return YamlFile(mark.path, value, dict.fromkeys(_paths(value, ()), mark)).parse(EventRecord)


def _paths(value: Any, path: tuple[str | int, ...]) -> list[tuple[str | int, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(below for key, held in items for below in _paths(held, (*path, key)))]


def _read_json(line: bytes, mark: Mark) -> Any:
    try:
        text = line.rstrip(b"\r\n").decode("utf-8")
    except UnicodeDecodeError as error:
        column = len(line[: error.start].decode("utf-8")) + 1
        at = Mark(mark.path, mark.line, column)
        raise ConfigError.at(at, "not UTF-8 here; save the file as UTF-8") from error
    if text.count("{") + text.count("[") > MAX_DEPTH and _depth(text) > MAX_DEPTH:
        raise ConfigError.at(mark, f"nested deeper than {MAX_DEPTH} levels; flatten it")
    try:
        value = _DECODER.decode(text)
        if _SURROGATE.search(text):
            json.dumps(value, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        at = Mark(mark.path, mark.line, error.colno)
        said = error.msg[:1].lower() + error.msg[1:]
        raise ConfigError.at(at, f"not JSON: {said}; expected one whole event a line") from error
    except UnicodeEncodeError as error:
        code = ord(error.object[error.start])
        raise ConfigError.at(
            mark, f"\\u{code:04x} is half a surrogate pair and no character; remove it"
        ) from error
    except ValueError as error:
        raise ConfigError.at(mark, str(error)) from error
    return value


def _depth(text: str) -> int:
    """How deep the brackets of a JSON text nest, those in its strings left out."""
    depth = deepest = 0
    for match in _STRING_OR_BRACKET.finditer(text):
        depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(match.group(), 0)
        deepest = max(deepest, depth)
    return deepest


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    held = dict(pairs)
    if len(held) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for number, key in enumerate(keys) if key in keys[:number])
        raise ValueError(f"key {twice!r} again in one object; remove one")
    return held


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is no number of JSON; leave the key out, or write null")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"{digits[:40]}: too large for a number")
    return number


def _whole(digits: str) -> int:
    if len(digits.lstrip("-")) > _MOST_DIGITS:
        raise ValueError(f"{digits[:40]}: too large for a whole number")
    return int(digits)


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_once, parse_constant=_refuse, parse_float=_finite, parse_int=_whole
)
