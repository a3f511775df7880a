"""The public columns as dBASE holds them: names of 10 letters, texts of 254 bytes, no moments, no flags, no lists."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, takewhile
from types import MappingProxyType
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from geomap.export.arrow import BATCH_ROWS, column_of, json_text, plain_texts, shared_texts
from geomap.export.fields import FIELDS, Field, FieldType, moment_text

NAME_LETTERS: Final = 10
TEXT_BYTES: Final = 254
ELLIPSIS: Final = "…"
"""What a text ends in that was cut, and the last item of a list that was."""

_SHORT_NAMES: Final = MappingProxyType(
    {
        "date_precision": "date_prec",
        "place_name_native": "place_nat",
        "source_urls": "src_urls",
        "reliability": "reliab",
    }
)
DBF_NAMES: Final = MappingProxyType({name: _SHORT_NAMES.get(name, name) for name in FIELDS})
"""The name of each column; only those that are too long have another."""

_WIDTHS: Final[Mapping[FieldType, int]] = MappingProxyType(
    {FieldType.DAY: 8, FieldType.INTEGER: 9, FieldType.REAL: 24, FieldType.FLAG: 1}
)
# A reader ends a text at NUL, and takes blanks at both ends for padding.
_UNHELD: Final = r"\A | \z|\x00"
_EMOJI_MODIFIERS: Final = range(0x1F3FB, 0x1F400)
_JOINER: Final = "\u200d"


@dataclass(frozen=True, slots=True)
class DbfColumn:
    """A column as it is written, and in how many rows it is not what it was.

    `cut` were longer than `TEXT_BYTES`, `altered` had NUL or blanks at an end, `emptied` come back as no text at all.
    """

    name: str
    values: pa.Array
    width: int
    cut: int = 0
    altered: int = 0
    emptied: int = 0


def dbf_column(field: Field, values: Sequence[Any]) -> DbfColumn:
    """A column of the table of events."""
    name = DBF_NAMES[field.name]
    match field.type:
        case FieldType.TEXT:
            return _text_column(name, plain_texts(column_of(field, values)))
        case FieldType.TEXTS:
            return _list_column(name, plain_texts(column_of(field, values)), values)
        case FieldType.MOMENT:
            moments = [None if moment is None else moment_text(moment) for moment in values]
            return _sized(name, pa.array(moments, pa.string()))
        case FieldType.FLAG:
            # QGIS reads no flags of dBASE.
            return DbfColumn(
                name, plain_texts(column_of(field, values)).cast(pa.int32()), _WIDTHS[field.type]
            )
        case FieldType.DAY | FieldType.INTEGER | FieldType.REAL:
            return DbfColumn(name, plain_texts(column_of(field, values)), _WIDTHS[field.type])


def dbf_text(text: str) -> str:
    """A text without blanks at its ends, U+FFFD for NUL, cut where it is too long, with an ellipsis then."""
    held = text.replace("\x00", "\ufffd").strip(" ")
    if len(held.encode()) <= TEXT_BYTES:
        return held
    return f"{beginning(held, TEXT_BYTES - len(ELLIPSIS.encode())).rstrip(' ')}{ELLIPSIS}"


def dbf_list(texts: Sequence[str]) -> str:
    """A list as JSON; of one that is too long the first items that fit, then an ellipsis, so that it stays JSON."""
    whole = json_text(tuple(texts))
    if len(whole.encode()) <= TEXT_BYTES:
        return whole
    room = TEXT_BYTES - len(json_text((ELLIPSIS,)).encode())
    # An item takes a comma as well, but not the two brackets of a list of its own.
    sizes = accumulate(len(json_text((text,)).encode()) - 1 for text in texts)
    fitting = sum(1 for _ in takewhile(lambda size: size <= room, sizes))
    return json_text((*texts[:fitting], ELLIPSIS))


def beginning(text: str, size: int) -> str:
    """As much of a text as `size` bytes of UTF-8 hold, not ending between a letter and its marks."""
    longest = text.encode()[:size].decode(errors="ignore")
    end = len(longest)
    while 0 < end < len(text) and _goes_on(text, end):
        end -= 1
    return text[:end] or longest


def _goes_on(text: str, at: int) -> bool:
    """Whether what stands here is of one sign with what stands before it."""
    own = text[at]
    is_mark = unicodedata.category(own).startswith("M") or ord(own) in _EMOJI_MODIFIERS
    return is_mark or _JOINER in (own, text[at - 1])


def dbf_schema(columns: Iterable[DbfColumn], geometry: pa.Field) -> pa.Schema:
    """The columns as Arrow fields, then the geometry."""
    return pa.schema([*(_arrow_field(own) for own in columns), geometry])


def text_field(name: str, width: int) -> pa.Field:
    """A column of texts of at most so many bytes."""
    return _with_width(pa.field(name, pa.string()), width)


def _arrow_field(column: DbfColumn) -> pa.Field:
    own = column.values.type
    field = pa.field(column.name, own.value_type if pa.types.is_dictionary(own) else own)
    # Of real numbers GDAL chooses both width and decimals, or else neither.
    return field if pa.types.is_floating(field.type) else _with_width(field, column.width)


def _with_width(field: pa.Field, width: int) -> pa.Field:
    """Tell GDAL the width, so that it does not write the file anew at each text that is longer than those before."""
    return field.with_metadata({"GDAL:OGR:width": str(width)})


def dbf_bytes(columns: Iterable[DbfColumn], rows: int, *, more: int = 0) -> int:
    """How large a file of so many rows is; `more` is the width of a column beside these."""
    widths = [own.width for own in columns] + [more] * bool(more)
    return 32 + 32 * len(widths) + 1 + rows * (1 + sum(widths)) + 1


def _text_column(name: str, texts: pa.Array) -> DbfColumn:
    is_long = _too_long(texts)
    is_unheld = pc.fill_null(pc.match_substring_regex(texts, _UNHELD), False)
    held = _replaced(texts, pc.or_(is_long, is_unheld), lambda own, _: dbf_text(own))
    return _sized(
        name,
        held,
        cut=pc.sum(is_long).as_py() or 0,
        altered=pc.sum(is_unheld).as_py() or 0,
        emptied=pc.sum(pc.equal(held, "")).as_py() or 0,
    )


def _list_column(name: str, texts: pa.Array, lists: Sequence[Sequence[str]]) -> DbfColumn:
    is_long = _too_long(texts)
    held = _replaced(texts, is_long, lambda _, row: dbf_list(lists[row]))
    return _sized(name, held, cut=pc.sum(is_long).as_py() or 0)


def _too_long(texts: pa.Array) -> pa.Array:
    return pc.fill_null(pc.greater(pc.binary_length(texts), TEXT_BYTES), False)


def _replaced(texts: pa.Array, wrong: pa.Array, made: Callable[[str, int], str]) -> pa.Array:
    """Texts with those that are wrong made anew, of what they are and the row they stand in."""
    rows = pc.indices_nonzero(wrong)
    if not len(rows):
        return texts
    anew = [
        pa.array(map(made, texts.take(part).to_pylist(), part.to_pylist()), pa.string())
        for part in (rows[start : start + BATCH_ROWS] for start in range(0, len(rows), BATCH_ROWS))
    ]
    return pc.replace_with_mask(texts, wrong, pa.concat_arrays(anew))


def _sized(name: str, values: pa.Array, **told: int) -> DbfColumn:
    width = max(1, pc.max(pc.binary_length(values)).as_py() or 1)
    return DbfColumn(name, shared_texts(values), width, **told)
