"""Events as YAML to go on with: the form in which people write them, and of the same records the same bytes."""

import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cache, lru_cache
from typing import Any, Final

import yaml
from pydantic import BaseModel

from geomap.model.records import Actor, EventRecord, PlaceName, PlaceSpec, Source, Where
from geomap.model.timespan import TimeSpan, parse_edtf
from geomap.model.vocabulary import DateBasis, PlaceRole

WIDTH: Final = 110
_ONE_LINE: Final = 94
"""Letters up to which a mapping or list stands in one line."""
_TWO_LINES: Final = 180
"""The same for a mapping of nothing but short values, such as evidence of a word."""
_SHORT: Final = 60
_ANY_WIDTH: Final = 1 << 30
_LONGEST_REMARK: Final = 1_000
EVENT_KEYS: Final = (
    "id", "type", "title", "summary", "modality", "status", "when", "where", "actors", "quantities", "equipment",
    "claims", "media", "relations", "sources", "evidence", "tags", "sensitivity", "codes", "workflow",
)  # fmt: skip
"""The keys of an event, in the order in which they are written."""
_PLACE_FIRST: Final = ("name", "place", "border", "near", "within_km", "within", "side")
# Marks that turn the direction of writing: raw, they would show a line of YAML other than it is.
_BIDI: Final = re.compile("[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_BREAK: Final = re.compile("[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_ESCAPED: Final = re.compile(r"(?<!\\)((?:\\\\)*)\\U([0-9A-F]{8})")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
# What cannot stand in a line of YAML, beside the above: see the guarded reader, `geomap.yamlfile`.
_UNSEEN: Final = re.compile("[^\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")

_REQUIRED: Final = object()
"""Equal to no value: what must be there is always written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotedEvent:
    """An event with remarks for its editors, which are written as comments.

    `above` stand above it, one comment each; `beside` follow one of its places, by its number from 0.
    """

    record: EventRecord
    above: tuple[str, ...] = ()
    beside: Mapping[int, str] = field(default_factory=dict)


def events_yaml(
    events: Sequence[NotedEvent],
    *,
    sources: Mapping[str, Source],
    actors: Mapping[str, Actor] | None = None,
    source_notes: Mapping[str, Sequence[str]] | None = None,
    head: Sequence[str] = (),
) -> str:
    """An events file, which reads back to the same records.

    Half surrogate pairs, which UTF-8 has no bytes for, are replaced by U+FFFD.

    Parameters
    ----------
    events
        In the order in which they are written.
    source_notes
        Remarks on sources, by id, which stand above them.
    head
        Remarks on the whole file.
    """
    parts = [_comments(head, 0), "schema: 1\n"]
    notes = source_notes or {}
    if sources:
        parts.append("\nsources:\n")
        for name, source in sources.items():
            parts.append(_comments(notes.get(name, ()), 2) + _dump({name: Block(plain_source(source))}, 2))
    if actors:
        parts.append("\nactors:\n")
        parts += [_dump({name: _plain_record(actor)}, 2) for name, actor in actors.items()]
    parts.append("\nevents:\n" if events else "\nevents: []\n")
    parts.append("\n".join(_event(event) for event in events))
    return "".join(parts)


def plain_event(record: EventRecord) -> dict[str, Any]:
    """An event as plain values with the keys that people write, in their order; what is default is left out.

    `where` is always there; `when` is EDTF, or a mapping where more than that is known.
    """
    plain = _plain(record)
    plain["where"] = _where(record.where)
    return {key: plain[key] for key in EVENT_KEYS if key in plain}


def plain_source(source: Source) -> dict[str, Any]:
    """A source as plain values with the keys that people write, in their order; what is default is left out."""
    plain = _plain_record(source) | {"kind": source.kind.value}
    return {key: plain[key] for key in Source.model_fields if key in plain}


# Records to plain values


def _plain(value: Any) -> Any:
    match value:
        case TimeSpan():
            return _when(value)
        case PlaceName(place=name, country=None):
            return _clean(name)
        case Where():
            return _where(value)
        case BaseModel():
            return _plain_record(value)
        case Enum():
            return value.value
        case str():
            return _clean(value)
        case float():
            return int(value) if value.is_integer() and abs(value) < 1e15 else value
        case Mapping():
            return {_clean(key): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case _:
            return value


def _plain_record(record: BaseModel) -> dict[str, Any]:
    plain = {}
    for name, key, default in _written_keys(type(record)):
        value = getattr(record, name)
        if value != default:
            plain[key] = _plain(value)
    return plain


@cache
def _written_keys(model: type[BaseModel]) -> list[tuple[str, str, Any]]:
    """The fields of a record, the key that each is written under, and the value that is not written."""
    return [
        (
            name,
            known.alias or name,
            _REQUIRED if known.is_required() else known.get_default(call_default_factory=True),
        )
        for name, known in model.model_fields.items()
    ]


def _when(when: TimeSpan) -> Any:
    if not when.edtf:
        unknown = {"text": _clean(when.words)} if when.words else {}
        return {"basis": when.basis.value, **unknown}
    written: dict[str, Any] = {"edtf": when.edtf}
    if when.precision is not parse_edtf(when.edtf).precision:
        written["precision"] = when.precision.value
    if when.basis is not DateBasis.STATED or when.words:
        written["basis"] = when.basis.value
    if when.words:
        written["text"] = _clean(when.words)
    return written if len(written) > 1 else when.edtf


def _where(where: Where) -> Any:
    if where.mode != "placed":
        return where.mode
    places = [_place(spec) for spec in where.places]
    return places[0] if len(places) == 1 else places


def _place(spec: PlaceSpec) -> Any:
    written = _plain_record(spec)
    # In the order in which people say it; what is told of the place itself follows.
    written = {key: written[key] for key in (*_PLACE_FIRST, *written) if key in written and key != "role"}
    if spec.role is not PlaceRole.SITE:
        written["role"] = spec.role.value
    if list(written) == ["place"] and written["place"] not in ("none", "unknown"):
        return written["place"]
    return written


def _clean(text: str) -> str:
    return _SURROGATE.sub("\ufffd", text)


# Plain values to YAML


class Block(dict[str, Any]):
    """A mapping with a line for each key, however short."""


class _Lines(list[Any]):
    """A list with a line for each item."""


class _OneLine(list[Any]):
    """A list in brackets, and so everything in it, however long."""


class _Dumper(yaml.CSafeDumper):
    """Writes what the guarded reader reads; a date needs no quotes there, nor does YAML 1.2 know any.

    libyaml's emitter, which takes a seventh of the time of PyYAML's own.
    """

    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML's own name and form
        letter: [(tag, pattern) for tag, pattern in rules if tag != "tag:yaml.org,2002:timestamp"]
        for letter, rules in yaml.CSafeDumper.yaml_implicit_resolvers.items()
    }

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def _represent_text(self, data: str) -> yaml.Node:
        is_quoted = _BREAK.search(data) or _BIDI.search(data) or "\\U" in data
        style = '"' if is_quoted else None
        return self.represent_scalar("tag:yaml.org,2002:str", data, style=style)

    def _represent_mapping(self, data: Mapping[str, Any]) -> yaml.Node:
        is_flow = not isinstance(data, Block) and _is_flow(data)
        return self.represent_mapping("tag:yaml.org,2002:map", data, flow_style=is_flow)

    def _represent_list(self, data: Sequence[Any]) -> yaml.Node:
        is_flow = isinstance(data, _OneLine) or (not isinstance(data, _Lines) and _is_flow(data))
        return self.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=is_flow)


_Dumper.add_representer(str, _Dumper._represent_text)
_Dumper.add_representer(dict, _Dumper._represent_mapping)
_Dumper.add_representer(Block, _Dumper._represent_mapping)
_Dumper.add_representer(list, _Dumper._represent_list)
_Dumper.add_representer(_Lines, _Dumper._represent_list)
_Dumper.add_representer(_OneLine, _Dumper._represent_list)
# Numbers of YAML 1.2, which 1.1 takes for text: a text like that needs quotes.
_Dumper.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z"),
    list("-+.0123456789"),
)


def _is_flow(value: Mapping[str, Any] | Sequence[Any]) -> bool:
    """Whether a value stands in one line, as `{place: Minsk, country: BY}`, and not a line for each part."""
    if isinstance(value, Mapping):
        is_flat = all(isinstance(item, int | float) or _letters(item) <= _SHORT for item in value.values())
        return _letters(value) <= (_TWO_LINES if is_flat else _ONE_LINE)
    return not any(isinstance(item, Mapping) for item in value) and _letters(value) <= _ONE_LINE


def _letters(value: Any) -> int:
    """About how many letters a value takes in one line; counted no further than past every limit."""
    if isinstance(value, str):
        return len(value)
    pairs = (
        value.items()
        if isinstance(value, Mapping)
        else [("", item) for item in value]
        if isinstance(value, list)
        else None
    )
    if pairs is None:
        return len(str(value))
    total = 0
    for key, item in pairs:
        total += len(key) + 4 + _letters(item)
        if total > _TWO_LINES:
            break
    return total


def keys_yaml(plain: Mapping[str, Any], indent: int) -> str:
    """Keys with their values as an event has them, in lines that begin so many blanks to the right.

    A list that is too long for one line has an item a line, to the right of its key; so have the keys of a `Block`.
    """
    return "".join(_key(key, value, indent) for key, value in plain.items())


def items_yaml(values: Sequence[Any], indent: int) -> str:
    """The items of a list, each in a line of its own or more; the keys of a `Block` as `keys_yaml` writes them."""
    if not any(isinstance(value, Block) for value in values):
        return _dump(_Lines(values), indent)
    return "".join(
        f"{' ' * indent}- {keys_yaml(value, indent + 2)[indent + 2 :]}"
        if isinstance(value, Block) and value
        else _dump(_Lines([value]), indent)
        for value in values
    )


def flow_yaml(values: Sequence[Any]) -> str:
    """A list in brackets and in one line, however long, without the end of the line."""
    return _text(_OneLine(values), _ANY_WIDTH).removesuffix("\n")


def _key(key: str, value: Any, indent: int) -> str:
    if isinstance(value, Block) and value:
        return _key_alone(key, indent) + keys_yaml(value, indent + 2)
    if isinstance(value, list) and not _is_flow(value):
        return _key_alone(key, indent) + items_yaml(value, indent + 2)
    return _dump({key: value}, indent)


@lru_cache(maxsize=256)
def _key_alone(key: str, indent: int) -> str:
    return _dump({key: []}, indent).removesuffix(" []\n") + "\n"


def _dump(value: Any, indent: int) -> str:
    """A value as lines that begin so many blanks to the right, the last one ended."""
    if isinstance(value, dict):
        value = Block(value)
    text = _text(value, WIDTH - indent)
    return "".join(f"{' ' * indent}{line}\n" for line in text.removesuffix("\n").split("\n"))


def _text(value: Any, width: int) -> str:
    text = yaml.dump(
        value,
        Dumper=_Dumper,
        width=width,
        allow_unicode=True,
        default_flow_style=False,
        sort_keys=False,
    )
    # Such marks stand in double quotes only, where an escape means them; so do the emitter's escapes of what it
    # does not know for printable, such as emoji.
    text = _BIDI.sub(lambda mark: f"\\u{ord(mark[0]):04x}", text)
    return _ESCAPED.sub(lambda escape: escape[1] + chr(int(escape[2], 16)), text)


def _event(event: NotedEvent) -> str:
    plain = plain_event(event.record)
    parts = []
    for key, value in plain.items():
        beside = event.beside if key == "where" else {}
        if isinstance(value, list) and beside:
            parts += [_key_alone(key, 4), _items(value, beside)]
        else:
            parts.append(keys_yaml({key: value}, 4) + _comments(list(beside.values()), 4))
    whole = "".join(parts)
    return _comments(event.above, 2) + "  - " + whole[4:]


def _items(values: list[Any], beside: Mapping[int, str]) -> str:
    """A list, an item a line and to the right of its key; a comment after each that has a remark."""
    return "".join(
        _dump(_Lines([value]), 6) + _comments([beside[number]] if number in beside else [], 6)
        for number, value in enumerate(values)
    )


def _comments(remarks: Sequence[str], indent: int) -> str:
    """Remarks as comment lines; nothing in them can end the comment."""
    margin = " " * indent + "# "
    return "".join(
        textwrap.fill(
            line,
            width=WIDTH,
            initial_indent=margin,
            subsequent_indent=margin + "  ",
            break_on_hyphens=False,
        )
        + "\n"
        for remark in remarks
        if (line := _one_line(remark))
    )


def _one_line(text: str) -> str:
    words = " ".join(text[: 4 * _LONGEST_REMARK].split())
    if len(words) > _LONGEST_REMARK:
        words = words[:_LONGEST_REMARK] + "…"
    words = _BIDI.sub(lambda mark: f"\\u{ord(mark[0]):04x}", words)
    return _UNSEEN.sub("\ufffd", words)
