"""The one guarded reader of YAML: YAML 1.2 core types, no aliases, and a place for every value.

PyYAML's own loaders follow aliases and merge keys without end, keep the last of two equal keys in silence,
read `NO` as false, and its C parser overflows the stack on deep nesting. Here the stream of parse events is
turned into values directly, so each limit is checked before the next event is asked for.
"""

import difflib
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from geomap.errors import ConfigError, Mark, Problem
from geomap.files import read_text

MAX_DEPTH: Final = 64
MAX_SCALAR: Final = 1 << 20
MAX_FILE: Final = 64 << 20
MAX_KEY: Final = 1024
MAX_VALUES: Final = 2_000_000

_NULL: Final = frozenset({"", "~", "null", "Null", "NULL"})
_BOOL: Final = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT: Final = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT: Final = re.compile(r"[-+]?(\.[0-9]{1,40}|[0-9]{1,40}(\.[0-9]{0,40})?)([eE][-+]?[0-9]{1,4})?")
# What YAML 1.2 (5.1) calls not printable.
_UNREADABLE: Final = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WORDING: Final = {
    "string_type": "expected text; put it in quotes",
    "string_too_short": "expected text, but it is empty",
    "model_type": "expected a mapping of keys",
    "dict_type": "expected a mapping of keys",
    "list_type": "expected a list",
    "tuple_type": "expected a list",
}

_Path = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class YamlFile:
    """Plain values read from a file, and where each stands.

    `marks` maps a path such as `("events", 3, "when")` to its place.
    """

    path: Path
    data: Any
    marks: Mapping[tuple[str | int, ...], Mark] = field(repr=False)

    def mark(self, path: tuple[str | int, ...]) -> Mark:
        """Where the value at a path stands, or the nearest one that holds it.

        Steps of the path that were not written are passed over: a model may wrap a lone value in a list.
        """
        return self.marks.get(self._written(path), Mark(self.path, 1, 1))

    def _written(self, path: _Path) -> _Path:
        known: _Path = ()
        for step in path:
            if (*known, step) in self.marks:
                known = (*known, step)
        return known

    def parse(self, model: type[Model], context: Mapping[str, Any] | None = None) -> Model:
        """Check the values against a model; `context` goes to its validators.

        Raises
        ------
        ConfigError
            With every problem found, each at its own place.
        """
        try:
            return model.model_validate(self.data, context=dict(context or {}))
        except ValidationError as error:
            raise ConfigError(list(self._problems(error, model))) from error

    def _problems(self, error: ValidationError, model: type[BaseModel]) -> Iterator[Problem]:
        seen = set()
        items = error.errors(include_url=False, include_context=False, include_input=False)
        holders = {item["loc"][:-1] for item in items}
        for item in items:
            path = tuple(item["loc"])
            if item["type"] == "too_short" and path in holders:
                continue  # it is short of the items that have problems of their own
            message = _WORDING.get(item["type"], item["msg"].removeprefix("Value error, "))
            if item["type"] == "extra_forbidden":
                close = difflib.get_close_matches(str(path[-1]), _keys_at(model, path[:-1]), n=1)
                message = f"unknown key {path[-1]!r}" + (
                    f"; did you mean {close[0]!r}?" if close else "; remove it"
                )
            elif item["type"] == "missing":
                message = f"key {path[-1]!r} is missing; add it"
            elif (written := self._written(path)) and isinstance(written[-1], str):
                message = f"{written[-1]}: {message}"
            problem = Problem(self.mark(path), message)
            if problem not in seen:
                seen.add(problem)
                yield problem


@cache
def _schema_of(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema(by_alias=True)


def _keys_at(model: type[BaseModel], path: _Path) -> list[str]:
    """The keys that a model knows in the mapping at a path."""
    schema = _schema_of(model)
    parts = list(_branches(schema, schema))
    for step in path:
        inner = (
            [part.get("items") for part in parts]
            if isinstance(step, int)
            else [_value_of(part, step) for part in parts]
        )
        deeper = [branch for part in inner if isinstance(part, dict) for branch in _branches(part, schema)]
        # A step that the schema lacks names a branch of a union; it leads to the same place.
        parts = deeper or parts
    return sorted({key for part in parts for key in part.get("properties", {})})


def _value_of(part: dict[str, Any], key: str) -> Any:
    of_any_key = [*part.get("patternProperties", {}).values(), part.get("additionalProperties")]
    return part.get("properties", {}).get(key, of_any_key[0])


def _branches(part: dict[str, Any], schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A part of a JSON Schema with what it refers to and every branch of its unions."""
    yield part
    if "$ref" in part:
        yield from _branches(schema["$defs"][part["$ref"].rpartition("/")[2]], schema)
    for branch in part.get("anyOf", []):
        yield from _branches(branch, schema)


def read_yaml(path: Path) -> YamlFile:
    """Read one YAML document of mappings, lists and YAML 1.2 core scalars.

    Dates and `NO` stay text; `12:30` and `1_000` too. Mapping keys are always text.

    Raises
    ------
    ConfigError
        With file, line and column, for anything else: aliases, merge keys, tags, duplicate keys, several
        documents, nesting past 64, more than 2,000,000 values, a key past 1,024 characters, a scalar past
        1 MiB, a file past 64 MiB, text that is not YAML.
    """
    return parse_yaml(read_text(path, max_bytes=MAX_FILE), path)


def parse_yaml(text: str, path: Path) -> YamlFile:
    """Parse YAML text as `read_yaml` does; `path` only names it in errors."""
    return _Builder(path).build(text)


def _hint(problem: str) -> str:
    """What PyYAML says, with the next step where it is nearly always the same."""
    if problem.startswith("mapping values are not allowed"):
        return f"{problem}; put a text that contains ': ' in quotes"
    if "end of stream" in problem:
        return f"{problem}; a quote or bracket is opened before and not closed"
    return problem


class _Watched:
    """A text as a stream that counts what was read since the last event, so a huge scalar ends early.

    `io.StringIO` would hold a copy of four bytes a letter.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self.read_since_event = 0

    def read(self, length: int = -1, /) -> str:
        # One blank run, comment or scalar is one event; room for the parser's own look-ahead is added.
        if self.read_since_event > MAX_SCALAR + (1 << 16):
            raise _TooLongError
        end = self._at + length if length >= 0 else len(self._text)
        chunk = self._text[self._at : end]
        self._at += len(chunk)
        self.read_since_event += len(chunk)
        return chunk


class _TooLongError(Exception):
    pass


@dataclass(slots=True)
class _Open:
    """A mapping or list that is being filled; `key` is the mapping's key whose value comes next."""

    value: dict[str, Any] | list[Any]
    path: _Path
    key: str | None = None


class _Builder:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._marks: dict[_Path, Mark] = {}
        self._open: list[_Open] = []
        self._root: list[Any] = []
        self._last = Mark(path, 1, 1)

    def build(self, text: str) -> YamlFile:
        if match := _UNREADABLE.search(text):
            code = f"U+{ord(match.group()):04X}"
            raise ConfigError.at(
                self._mark_at(text, match.start()), f"the character {code} cannot stand in YAML; remove it"
            )
        stream = _Watched(text)
        documents = 0
        try:
            for event in yaml.parse(stream, Loader=yaml.CSafeLoader):
                stream.read_since_event = 0
                self._last = self._mark(event)
                if isinstance(event, yaml.DocumentStartEvent):
                    documents += 1
                    if documents > 1:
                        raise self._error("a second document begins; keep one document a file")
                else:
                    self._take(event)
        except _TooLongError:
            raise self._error(
                f"more than {MAX_SCALAR:,} characters in one value after this; shorten it"
            ) from None
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            at = Mark(self._path, mark.line + 1, mark.column + 1) if mark else self._last
            raise ConfigError.at(at, f"not YAML: {_hint(error.problem or error.context or '')}") from error
        except (yaml.YAMLError, ValueError) as error:
            if isinstance(error, ConfigError):
                raise
            raise self._error(f"not YAML: {str(error).splitlines()[0]}") from error
        if not self._root:
            raise ConfigError.at(Mark(self._path, 1, 1), "the file is empty; expected a mapping of keys")
        return YamlFile(self._path, self._root[0], self._marks)

    def _take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.AliasEvent):
            raise self._error(f"alias *{event.anchor}: aliases are not used here; write the value again")
        if anchor := getattr(event, "anchor", None):
            raise self._error(f"anchor &{anchor}: anchors are not used here; remove it")
        if (tag := getattr(event, "tag", None)) not in (None, "!"):
            raise self._error(f"tag {tag!r}: tags are not used here; quote the value to make it text")
        if isinstance(event, yaml.MappingStartEvent):
            self._start({})
        elif isinstance(event, yaml.SequenceStartEvent):
            self._start([])
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._open.pop()
        elif isinstance(event, yaml.ScalarEvent):
            if len(event.value) > MAX_SCALAR:
                raise self._error(f"a value of more than {MAX_SCALAR:,} characters; shorten it")
            holder = self._open[-1] if self._open else None
            if holder is not None and isinstance(holder.value, dict) and holder.key is None:
                self._take_key(holder, event.value)
            else:
                plain = event.implicit[0]
                self._put(self._scalar(event.value) if plain else event.value)

    def _take_key(self, holder: _Open, key: str) -> None:
        if key == "<<":
            raise self._error("merge key <<: merging is not used here; write the keys out")
        if len(key) > MAX_KEY:
            raise self._error(f"a key of more than {MAX_KEY:,} characters; shorten it")
        if key in holder.value:
            first = self._marks[(*holder.path, key)]
            raise self._error(f"key {key!r} again; it stands already in line {first.line}, remove one")
        holder.key = key
        self._marks[(*holder.path, key)] = self._last

    def _start(self, value: dict[str, Any] | list[Any]) -> None:
        if len(self._open) >= MAX_DEPTH:
            raise self._error(f"nested deeper than {MAX_DEPTH} levels; flatten it")
        holder = self._open[-1] if self._open else None
        if holder is not None and isinstance(holder.value, dict) and holder.key is None:
            raise self._error("a list or mapping as a key; keys are text")
        path = self._put(value)
        self._open.append(_Open(value, path))

    def _put(self, value: Any) -> _Path:
        if len(self._marks) >= MAX_VALUES:
            raise self._error(f"more than {MAX_VALUES:,} values in one file; split it")
        if not self._open:
            self._root.append(value)
            self._marks[()] = self._last
            return ()
        holder = self._open[-1]
        if isinstance(holder.value, dict):
            assert holder.key is not None  # a scalar or collection without a key was refused before
            path = (*holder.path, holder.key)
            holder.value[holder.key] = value
            holder.key = None
            # An error about a value points at the value, one about a whole block at its key.
            if not isinstance(value, dict | list):
                self._marks[path] = self._last
        else:
            path = (*holder.path, len(holder.value))
            holder.value.append(value)
            self._marks[path] = self._last
        return path

    def _scalar(self, text: str) -> Any:
        if text in _NULL:
            return None
        if text in _BOOL:
            return _BOOL[text]
        if _INT.fullmatch(text):
            return int(text)
        if _FLOAT.fullmatch(text):
            number = float(text)
            if not math.isfinite(number):
                raise self._error(f"{text}: too large for a number")
            return number
        return text

    def _mark(self, event: yaml.Event) -> Mark:
        at = event.start_mark
        return Mark(self._path, at.line + 1, at.column + 1) if at else self._last

    def _mark_at(self, text: str, offset: int) -> Mark:
        return Mark(self._path, text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))

    def _error(self, message: str) -> ConfigError:
        return ConfigError.at(self._last, message)
