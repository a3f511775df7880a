"""Edits of a YAML file that people wrote: what is not edited stays byte for byte, comments and blank lines too.

PyYAML tells where each value begins and ends; new text is spliced in there. What comes out is read again by the
guarded reader and compared with what was to come out, so a style that is not understood here is refused, never
damaged.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import groupby
from pathlib import Path
from typing import Any, Final, TypeAlias

import yaml

from geomap.errors import ConfigError, YamlEditError
from geomap.events.write import EVENT_KEYS, Block, flow_yaml, items_yaml, keys_yaml
from geomap.yamlfile import YamlFile, parse_yaml


class _Sentinel(Enum):
    REMOVED = "REMOVED"


REMOVED: Final = _Sentinel.REMOVED
"""In place of a value: the key or item is taken out."""

_Path: TypeAlias = tuple[str | int, ...]

_BOM: Final = "\ufeff"
# What libyaml takes for the end of a line; YAML 1.2 knows the first three only.
_BREAKS: Final = "\r\n\x85\u2028\u2029"
_BREAK: Final = re.compile(f"\r\n|[{_BREAKS}]")
_SKIPPED: Final = re.compile(f"(?:[ \t{_BREAKS}]+|#[^{_BREAKS}]*)*")
_HEADER: Final = re.compile(r"[|>][-+0-9]*([ \t]+#.*)?")


@dataclass(frozen=True, slots=True)
class Edit:
    """A new value for a place in a file.

    `path` leads to it as `YamlFile.marks` does, such as `("events", 3, "title")`: to a value that is there, to a key
    that its mapping lacks, or to an item that follows the last of its list. `value` is made of str, int, float,
    bool, None, list and dict, or is `REMOVED`.
    """

    path: tuple[str | int, ...]
    value: Any


def edited_yaml(text: str, edits: Sequence[Edit], path: Path) -> str:
    """YAML text with some values replaced, added or removed, and everything else as it was.

    A removed item or key of a block takes with it the comment lines right above it and what stands between it and
    the next one's own comments. New values are written as in `events_yaml`, in braces and brackets in one line.

    Parameters
    ----------
    text
        As people wrote it, with or without a byte order mark, and lines ended by LF or CRLF.
    edits
        In any order; their paths all refer to `text`. Several items may be added to a list: the first has its
        length for a number, the next one more.
    path
        Only names the file in errors.

    Raises
    ------
    ValueError
        If two edits overlap, or the path of one leads nowhere.
    ConfigError
        If the guarded reader refuses `text`.
    YamlEditError
        If a value cannot be edited where it stands, or no YAML that the guarded reader takes has such a value.
    """
    if not edits:
        return text
    file = parse_yaml(text, path)
    changes = _changes(edits)
    expected = _applied(file.data, changes, ())
    _check_writable(edits, file)
    body = text.removeprefix(_BOM)
    splices = _ordered(_splices(_Source.of(body), changes))
    edited, places = _spliced(body, splices, file)
    edited = text[: len(text) - len(body)] + edited
    try:
        result = parse_yaml(edited, path)
    except ConfigError as error:
        culprit = _culprit(splices, places, edited, error.problems[0].mark.line)
        raise YamlEditError(file.mark(culprit), culprit) from error
    if (wrong := _difference(result.data, expected, ())) is not None:
        culprit = _culprit(splices, places, edited, result.mark(wrong).line)
        raise YamlEditError(file.mark(culprit), culprit)
    return edited


# Edits of plain values


def applied_edits(data: Any, edits: Sequence[Edit]) -> Any:
    """Plain values with edits applied to them; what was not edited is shared with `data`.

    Raises
    ------
    ValueError
        If two edits overlap, or the path of one leads nowhere.
    """
    return _applied(data, _changes(edits), ())


_Changes: TypeAlias = "dict[str | int, Edit | _Changes]"


def _changes(edits: Sequence[Edit]) -> _Changes:
    """The edits as a tree of steps."""
    tree: _Changes = {}
    for edit in edits:
        if not edit.path:
            raise ValueError("the path of an edit has no step")
        branch = tree
        for step in edit.path[:-1]:
            deeper = branch.setdefault(step, {})
            if isinstance(deeper, Edit):
                raise ValueError(f"edits of {deeper.path} and {edit.path} overlap")
            branch = deeper
        if edit.path[-1] in branch:
            raise ValueError(f"two edits overlap at {edit.path}")
        branch[edit.path[-1]] = edit
    return tree


def _applied(data: Any, changes: _Changes, path: _Path) -> Any:
    """Plain values with edits applied to them, as the edited text has to read."""
    if isinstance(data, dict) and all(isinstance(step, str) for step in changes):
        known: Iterable[Any] = data
    elif isinstance(data, list) and all(isinstance(step, int) for step in changes):
        known = range(len(data))
    else:
        raise ValueError(f"{path} is not what the path of an edit takes it for")
    whole = {step: data[step] for step in known}
    for step in sorted(changes) if isinstance(data, list) else changes:
        change, is_there = changes[step], step in whole
        if isinstance(change, dict) and is_there:
            whole[step] = _applied(whole[step], change, (*path, step))
        elif isinstance(change, dict) or not (is_there or _is_new(data, whole, step, change)):
            raise ValueError(f"nothing stands at {(*path, step)}")
        else:
            whole[step] = change.value
    values = {step: value for step, value in whole.items() if value is not REMOVED}
    return values if isinstance(data, dict) else list(values.values())


def _is_new(data: Any, whole: Mapping[Any, Any], step: str | int, change: Edit) -> bool:
    return change.value is not REMOVED and (isinstance(data, dict) or step == len(whole))


def _difference(one: Any, other: Any, path: _Path) -> _Path | None:
    """The path of the first value in which plain values differ; 1, 1.0 and true are not the same."""
    if type(one) is not type(other):
        return path
    if isinstance(one, dict):
        if one.keys() != other.keys():
            return path
        pairs: Iterable[tuple[str | int, Any]] = one.items()
    elif isinstance(one, list):
        if len(one) != len(other):
            return path
        pairs = enumerate(one)
    else:
        return None if one == other else path
    differences = (_difference(value, other[step], (*path, step)) for step, value in pairs)
    return next((found for found in differences if found is not None), None)


def _check_writable(edits: Sequence[Edit], file: YamlFile) -> None:
    for edit in edits:
        try:
            if edit.value is not REMOVED:
                flow_yaml([edit.value]).encode()
        except (yaml.YAMLError, UnicodeError, TypeError) as error:
            raise YamlEditError(file.mark(edit.path), edit.path) from error


# Splices


@dataclass(frozen=True, slots=True)
class _Splice:
    """A text, its lines ended by LF, that takes the place of what stands from `start` to `end`."""

    start: int
    end: int
    text: str
    path: _Path


def _ordered(splices: Iterable[_Splice]) -> list[_Splice]:
    # At the end of nested blocks the key of an inner one comes before the item of an outer one.
    return sorted(splices, key=lambda splice: (splice.start, splice.end, -len(splice.path)))


def _spliced(text: str, splices: Sequence[_Splice], file: YamlFile) -> tuple[str, list[int]]:
    """The text with all splices, and where each then stands."""
    first_break = _BREAK.search(text)
    line_end = first_break[0] if first_break and first_break[0] in ("\r\n", "\r") else "\n"
    parts: list[str] = []
    places: list[int] = []
    at = length = 0
    for splice in splices:
        if splice.start < at:
            raise YamlEditError(file.mark(splice.path), splice.path)
        new = splice.text.replace("\n", line_end)
        places.append(length + splice.start - at)
        length = places[-1] + len(new)
        parts += [text[at : splice.start], new]
        at = splice.end
    return "".join([*parts, text[at:]]), places


def _culprit(splices: Sequence[_Splice], places: Sequence[int], edited: str, line: int) -> _Path:
    """The path of the splice to which a fault in a line, counted from 1, is due."""
    stops = _Source.of(edited).stops
    number = bisect_right(places, stops[min(line, len(stops)) - 1])
    return splices[max(number - 1, 0)].path


# Where things stand


@dataclass(frozen=True, slots=True)
class _Source:
    """A text, and where each of its lines starts and where it stops before its break."""

    text: str
    starts: list[int]
    stops: list[int]

    @classmethod
    def of(cls, text: str) -> "_Source":
        breaks = [match.span() for match in _BREAK.finditer(text)]
        return cls(text, [0, *(end for _, end in breaks)], [*(start for start, _ in breaks), len(text)])

    def line(self, at: int) -> int:
        return bisect_right(self.starts, at) - 1

    def after(self, line: int) -> int:
        """Where the line below one starts, or the end of the text."""
        return self.starts[line + 1] if line + 1 < len(self.starts) else len(self.text)

    def stop(self, at: int) -> int:
        return self.stops[self.line(at)]

    def is_first(self, at: int) -> bool:
        """Whether nothing but blanks stands before this in its line."""
        return not self.text[self.starts[self.line(at)] : at].strip(" \t")

    def skipped(self, at: int) -> int:
        """What follows blanks, breaks and comments."""
        match = _SKIPPED.match(self.text, at)
        return match.end() if match else at

    def is_blank(self, line: int) -> bool:
        return not self.text[self.starts[line] : self.stops[line]].strip(" \t")

    def comment_column(self, line: int) -> int | None:
        """Where the comment begins in a line that holds nothing else."""
        if line >= len(self.starts):
            return None
        written = self.text[self.starts[line] : self.stops[line]]
        bare = written.lstrip(" \t")
        return len(written) - len(bare) if bare.startswith("#") else None


@dataclass(frozen=True, slots=True)
class _Entry:
    """A key with its value, an item of a list, or the root of a document.

    `start` is where its key or dash begins, in `column` of its line; `anchor` what follows its colon or dash, where
    a value may be written after `opening`; `end` where its value ends, with no comment that follows.
    """

    path: _Path
    node: yaml.Node
    start: int
    anchor: int
    end: int
    column: int
    is_flow: bool
    opening: str = ""

    @property
    def is_empty(self) -> bool:
        return _start(self.node) == int(self.node.end_mark.index) and isinstance(self.node, yaml.ScalarNode)

    @property
    def is_block(self) -> bool:
        """Whether its value has a line for each key or item."""
        return isinstance(self.node, yaml.CollectionNode) and not self.node.flow_style

    @property
    def is_bracketed(self) -> bool:
        return isinstance(self.node, yaml.CollectionNode) and bool(self.node.flow_style)


def _is_block_scalar(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.style in ("|", ">")


def _start(node: yaml.Node) -> int:
    return int(node.start_mark.index)


def _root(source: _Source) -> _Entry:
    node = yaml.compose(source.text, Loader=yaml.CSafeLoader)
    assert node is not None  # an empty file was refused by the reader
    start = _start(node)
    return _Entry((), node, start, start, _end(source, node, start), 0, False)


def _end(source: _Source, node: yaml.Node, anchor: int) -> int:
    """Where a value ends; the marks of blocks reach past the comments and blank lines that follow."""
    start, end = _start(node), int(node.end_mark.index)
    if isinstance(node, yaml.CollectionNode):
        if node.flow_style or not node.value:
            return end
        if isinstance(node, yaml.MappingNode):
            key, value = node.value[-1]
            return _end(source, value, _after_colon(source, key))
        return _end(source, node.value[-1], _start(node.value[-1]))
    if start == end:
        return anchor
    if not _is_block_scalar(node):
        return end
    header = _HEADER.match(source.text, start)
    if header and "+" in header[0].partition("#")[0]:
        return source.stop(end - 1)
    return source.stop(start + len(source.text[start:end].rstrip(f" \t{_BREAKS}")) - 1)


def _after_colon(source: _Source, key: yaml.Node) -> int:
    end = int(key.end_mark.index)
    colon = source.skipped(end)
    return colon + 1 if source.text.startswith(":", colon) else end


def _entries(source: _Source, holder: _Entry) -> list[_Entry]:
    """What a mapping or list holds, in the order of the text."""
    node = holder.node
    column, is_flow = node.start_mark.column, holder.is_bracketed
    at = _start(node)
    if is_flow and source.text[at] in "[{":
        at += 1
    entries = []
    for number, child in enumerate(node.value):
        start = source.skipped(at)
        opening = ""
        if isinstance(node, yaml.MappingNode):
            key, value = child
            step = key.value
            anchor = _after_colon(source, key)
            opening = ":" if anchor == int(key.end_mark.index) else ""
        else:
            step, value = number, child
            anchor = _start(value) if is_flow else start + 1
        at = end = _end(source, value, anchor)
        entries.append(_Entry((*holder.path, step), value, start, anchor, end, column, is_flow, opening))
        if is_flow and source.text.startswith(",", comma := source.skipped(end)):
            at = comma + 1
    return entries


def _last_line(source: _Source, end: int, column: int) -> int:
    """The last line of what ends here: comments right below it belong to it, if further right than a column."""
    line = source.line(end)
    while (found := source.comment_column(line + 1)) is not None and found > column:
        line += 1
    return line


def _first_line(source: _Source, holder: _Entry, entries: Sequence[_Entry], number: int) -> int:
    """The first line of a block's entry: comments right above it belong to it, unless further right."""
    entry = entries[number]
    line = source.line(entry.start)
    if number == 0 and not holder.path:
        return line  # what stands at the head of a file is said of all of it
    above = source.line(entries[number - 1].end if number else holder.anchor)
    while (
        line - 1 > above and (found := source.comment_column(line - 1)) is not None and found <= entry.column
    ):
        line -= 1
    return line


# Edits as splices


def _splices(source: _Source, changes: _Changes) -> Iterator[_Splice]:
    return _within(source, _root(source), changes)


def _within(source: _Source, holder: _Entry, changes: _Changes) -> Iterator[_Splice]:
    entries = _entries(source, holder)
    numbers = {entry.path[-1]: number for number, entry in enumerate(entries)}
    added = {
        step: change.value
        for step, change in changes.items()
        if isinstance(change, Edit) and step not in numbers
    }
    if isinstance(holder.node, yaml.SequenceNode):
        added = dict(sorted(added.items()))
    removed = [
        number
        for step, number in numbers.items()
        if isinstance(change := changes.get(step), Edit) and change.value is REMOVED
    ]
    if len(removed) == len(entries):
        whole = added if isinstance(holder.node, yaml.MappingNode) else list(added.values())
        yield from _replaced(source, holder, whole)
        return
    for step, change in changes.items():
        if isinstance(change, dict):
            yield from _within(source, entries[numbers[step]], change)
        elif step in numbers and change.value is not REMOVED:
            yield from _replaced(source, entries[numbers[step]], change.value)
    kept = [number for number in range(len(entries)) if number not in set(removed)]
    places = {
        number: {step: _styled(holder, entries, step, added[step]) for step in steps}
        for number, steps in _places(holder, entries, kept, added).items()
    }
    for run in _runs(removed):
        if not holder.is_bracketed:
            yield from _cut_from_block(source, holder, entries, run)
        elif (values := places.pop(run[0] - 1, None)) is None:
            yield from _cut_from_flow(source, entries, run)
        else:
            # What comes takes the place, and the commas, of what goes.
            text = ", ".join(_flow_texts(holder, values))
            yield _Splice(
                entries[run[0]].start, entries[run[-1]].end, text, (*holder.path, next(iter(values)))
            )
    add = _added_to_flow if holder.is_bracketed else _added_to_block
    for number, values in places.items():
        yield from add(source, holder, entries, number, values)


def _runs(numbers: Sequence[int]) -> list[list[int]]:
    """Numbers in rows of neighbours."""
    grouped = groupby(enumerate(sorted(numbers)), key=lambda pair: pair[1] - pair[0])
    return [[number for _, number in row] for _, row in grouped]


# A value in the place of another


def _replaced(source: _Source, entry: _Entry, value: Any) -> Iterator[_Splice]:
    start = _start(entry.node)
    if entry.is_flow or not entry.path:
        new = flow_yaml([value])[1:-1]
        if entry.is_empty:
            yield _Splice(entry.anchor, entry.anchor, f"{entry.opening} {new}", entry.path)
        else:
            # `{"a":1}` needs no blank before its value, other values do.
            gap = " " if start == entry.anchor and source.text[start - 1] == ":" else ""
            yield _Splice(start, entry.end, gap + new, entry.path)
        return
    if entry.is_block and isinstance(entry.node, yaml.MappingNode) and isinstance(value, dict):
        value = Block(value)
    value = _event_styled(entry.path, value)
    is_key = isinstance(entry.path[-1], str)
    after = _after_key(entry.column, value) if is_key else _after_dash(entry.column, value)
    if isinstance(value, dict | list) and not after.startswith((" {", " [")):
        yield from _replaced_by_block(source, entry, value, after)
    else:
        yield from _replaced_by_inline(source, entry, after)


def _after_key(column: int, value: Any) -> str:
    """What follows the colon, as far as the last line's end; it begins with a blank or a break."""
    return keys_yaml({"key": value}, column)[column + len("key:") :].removesuffix("\n")


def _after_dash(column: int, value: Any) -> str:
    """The same of a dash; it begins with a blank."""
    return items_yaml([value], column)[column + len("-") :].removesuffix("\n")


def _block_lines(value: Any, column: int) -> str:
    text = items_yaml(value, column) if isinstance(value, list) else keys_yaml(value, column)
    return text.removesuffix("\n")


def _replaced_by_inline(source: _Source, entry: _Entry, after: str) -> Iterator[_Splice]:
    """A value that begins in the line of its key or dash."""
    start = _start(entry.node)
    if entry.is_empty:
        yield _Splice(entry.anchor, entry.anchor, after, entry.path)
    elif not entry.is_block:
        yield _Splice(start, entry.end, after[1:] + _header_comment(source, entry.node), entry.path)
    elif source.line(start) == source.line(entry.anchor):
        yield _Splice(entry.anchor, source.stop(entry.end), after, entry.path)
    else:
        line = _first_line(source, entry, _entries(source, entry), 0)
        yield _Splice(entry.anchor, entry.anchor, after, entry.path)
        below = source.after(source.line(entry.end))
        yield _Splice(source.starts[line], below, "", entry.path)


def _replaced_by_block(source: _Source, entry: _Entry, value: Any, after: str) -> Iterator[_Splice]:
    """A value of several lines; after a key they are below it."""
    start, stop = _start(entry.node), source.stop(entry.end)
    is_alike = entry.is_block and isinstance(entry.node, yaml.SequenceNode) == isinstance(value, list)
    lines = _block_lines(value, entry.node.start_mark.column if is_alike else entry.column + 2)
    comment = _header_comment(source, entry.node)
    if not entry.is_empty and source.line(start) != source.line(entry.anchor):
        end = stop if entry.is_block else entry.end
        yield _Splice(source.starts[source.line(start)], end, _beside(lines, comment), entry.path)
    elif isinstance(entry.path[-1], int):
        end = stop if entry.is_block else entry.end
        yield _Splice(entry.anchor, end, _beside(after, comment), entry.path)
    else:
        is_alone = not source.text[entry.end : stop].strip(" \t")
        yield _Splice(entry.anchor, stop if is_alone else entry.end, comment, entry.path)
        yield _Splice(stop, stop, f"\n{lines}", entry.path)


def _beside(lines: str, comment: str) -> str:
    """Lines with a comment at the end of the first."""
    first, line_end, others = lines.partition("\n")
    return f"{first}{comment}{line_end}{others}"


def _header_comment(source: _Source, node: yaml.Node) -> str:
    """The comment beside the sign of a block scalar."""
    if not _is_block_scalar(node):
        return ""
    line = source.text[_start(node) : source.stop(_start(node))]
    header = _HEADER.match(line)
    return (header and header[1]) or ""


# Something more


def _styled(holder: _Entry, entries: Sequence[_Entry], step: str | int, value: Any) -> Any:
    """A value with a line for each key, if it is an event or its neighbours are written like that."""
    are_lines = all(isinstance(entry.node, yaml.MappingNode) for entry in entries) and entries[-1].is_block
    if isinstance(value, dict) and are_lines:
        return Block(value)
    return _event_styled((*holder.path, step), value)


def _event_styled(path: _Path, value: Any) -> Any:
    match path, value:
        case ("events", int()), dict():
            return Block(value)
        case ("events",), list():
            return [Block(item) if isinstance(item, dict) else item for item in value]
    return value


def _places(
    holder: _Entry, entries: Sequence[_Entry], kept: Sequence[int], added: Mapping[str | int, Any]
) -> dict[int, list[str | int]]:
    """What is added after which entry, by its number."""
    known = set(EVENT_KEYS)
    steps = list(added)
    match holder.path:
        case ("events", int()):
            # Keys that an event does not know come last, as they are.
            steps.sort(key=lambda step: EVENT_KEYS.index(str(step)) if step in known else len(EVENT_KEYS))
        case _:
            known = set()
    places: dict[int, list[str | int]] = {}
    for step in steps:
        before = EVENT_KEYS[: EVENT_KEYS.index(str(step))] if step in known else ()
        number = max((number for number in kept if entries[number].path[-1] in before), default=kept[-1])
        places.setdefault(number, []).append(step)
    return places


def _added_to_block(
    source: _Source, holder: _Entry, entries: Sequence[_Entry], number: int, values: Mapping[str | int, Any]
) -> Iterator[_Splice]:
    entry = entries[number]
    is_last = number == len(entries) - 1
    line = _last_line(source, entry.end, holder.column if is_last else entry.column)
    gap = "\n" if _is_spaced(source, holder, entries) else ""
    for step, value in values.items():
        text = (
            keys_yaml({step: value}, entry.column)
            if isinstance(step, str)
            else gap + items_yaml([value], entry.column)
        )
        path = (*holder.path, step)
        if line + 1 < len(source.starts):
            yield _Splice(source.starts[line + 1], source.starts[line + 1], text, path)
        else:
            end = len(source.text)
            yield _Splice(end, end, "\n" + text.removesuffix("\n"), path)


def _is_spaced(source: _Source, holder: _Entry, entries: Sequence[_Entry]) -> bool:
    """Whether a blank line stands between the items of a list."""
    last = len(entries) - 1
    if last == 0:
        return holder.path == ("events",)
    above = _first_line(source, holder, entries, last) - 1
    return above > source.line(entries[last - 1].end) and source.is_blank(above)


def _flow_texts(holder: _Entry, values: Mapping[str | int, Any]) -> list[str]:
    """Items, or keys with their values, as they stand between brackets or braces."""
    if isinstance(holder.node, yaml.SequenceNode):
        return [flow_yaml([value])[1:-1] for value in values.values()]
    return [flow_yaml([{step: value}])[2:-2] for step, value in values.items()]


def _added_to_flow(
    source: _Source, holder: _Entry, entries: Sequence[_Entry], number: int, values: Mapping[str | int, Any]
) -> Iterator[_Splice]:
    entry = entries[number]
    path = (*holder.path, next(iter(values)))
    texts = _flow_texts(holder, values)
    comma = source.skipped(entry.end)
    has_comma = source.text.startswith(",", comma)
    line = source.line(comma if has_comma else entry.end)
    rest = source.text[comma + 1 if has_comma else entry.end : source.stops[line]].strip(" \t")
    if not source.is_first(entry.start):
        yield _Splice(entry.end, entry.end, "".join(f", {text}" for text in texts), path)
    elif (rest and not rest.startswith("#")) or line + 1 == len(source.starts):
        margin = source.text[source.starts[source.line(entry.start)] : entry.start]
        yield _Splice(entry.end, entry.end, "".join(f",\n{margin}{text}" for text in texts), path)
    else:
        margin = source.text[source.starts[source.line(entry.start)] : entry.start]
        below = source.starts[line + 1]
        if not has_comma:
            yield _Splice(entry.end, entry.end, ",", path)
        lines = f",\n{margin}".join(texts)
        yield _Splice(below, below, f"{margin}{lines}{',' if has_comma else ''}\n", path)


# Something less


def _cut_from_block(
    source: _Source, holder: _Entry, entries: Sequence[_Entry], run: Sequence[int]
) -> Iterator[_Splice]:
    first, last = entries[run[0]], entries[run[-1]]
    line = _first_line(source, holder, entries, run[0])
    if run[-1] + 1 == len(entries):
        above = source.line(entries[run[0] - 1].end)
        while line - 1 > above and source.is_blank(line - 1):
            line -= 1
        end = source.after(_last_line(source, last.end, holder.column))
        yield _Splice(source.starts[line], end, "", first.path)
        return
    following = entries[run[-1] + 1]
    end = source.starts[_first_line(source, holder, entries, run[-1] + 1)]
    if source.is_first(first.start):
        yield _Splice(source.starts[line], end, "", first.path)
    elif end == source.starts[source.line(following.start)]:
        yield _Splice(first.start, following.start, "", first.path)
    else:
        # The next key has comments of its own: they and it stay below the dash.
        margin = source.text[source.starts[source.line(first.start)] : first.start]
        start = first.start - len(margin) + len(margin.rstrip(" \t"))
        yield _Splice(start, end, "\n", first.path)


def _cut_from_flow(source: _Source, entries: Sequence[_Entry], run: Sequence[int]) -> Iterator[_Splice]:
    first, last = entries[run[0]], entries[run[-1]]
    comma = source.skipped(last.end)
    has_comma = source.text.startswith(",", comma)
    end = comma + 1 if has_comma else last.end
    stop = source.stop(end)
    rest = source.text[end:stop].strip(" \t")
    if source.is_first(first.start) and (not rest or rest.startswith("#")):
        whole = (source.starts[source.line(first.start)], source.after(source.line(end)))
    else:
        whole = (first.start, end)
    if run[-1] + 1 < len(entries):
        following = entries[run[-1] + 1].start
        if "#" not in source.text[end:following]:
            whole = (first.start, following)
        yield _Splice(*whole, "", first.path)
        return
    before = entries[run[0] - 1]
    comma_before = source.skipped(before.end)
    if "#" not in source.text[before.end : first.start]:
        yield _Splice(before.end, last.end, "", first.path)
    else:
        if not has_comma:
            yield _Splice(comma_before, comma_before + 1, "", first.path)
        yield _Splice(*whole, "", first.path)
