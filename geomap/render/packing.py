"""Parts of the data island: plain JSON while they are small, else deflated in base64, which the page unpacks."""

import json
import math
import os
import zlib
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any, Final

import numpy as np
import orjson
from numpy.typing import DTypeLike, NDArray

from geomap.model.columns import Coded, Texts

PACKED_FROM: Final = 24_000
"""Bytes of JSON past which a part is packed: what is smaller stays readable, and differs line by line."""

_LEVEL: Final = 6


def to_json(value: Any) -> bytes:
    """Write JSON without NaN; a lone surrogate, which has no UTF-8 form, travels as an escape."""
    try:
        return orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY)
    except orjson.JSONEncodeError:
        text = json.dumps(_plain(value), ensure_ascii=True, allow_nan=False, separators=(",", ":"))
        return text.encode()


def pack_json(value: Any) -> Any:
    """Give the value as it is, or as base64 of deflated JSON if it is large.

    The value must not be a string itself: a string says that it is packed.
    """
    text = to_json(value)
    return value if len(text) < PACKED_FROM else _packed(text)


def pack_column(values: Sequence[Any] | NDArray[Any], kind: DTypeLike) -> Any:
    """Give numbers as a list, or as base64 of the deflated bytes of a typed array.

    Its bytes (little-endian) stand in planes, the first of all numbers, then the second: these are more alike.

    Raises
    ------
    OverflowError
        If a whole number is not one of the kind.
    """
    given = np.asarray(values)
    column = given.astype(np.dtype(kind).newbyteorder("<"))
    # numpy would cut what does not fit, and another number would be told.
    if column.dtype.kind in "iu" and not np.array_equal(column, given):
        raise OverflowError(f"numbers from {given.min()} to {given.max()} in a column of {column.dtype}")
    if column.nbytes * 2 < PACKED_FROM:
        return column.tolist()
    planes = np.ascontiguousarray(column).view(np.uint8).reshape(-1, column.itemsize).T
    return _packed(np.ascontiguousarray(planes).tobytes())


def pack_text(texts: Iterable[str]) -> Any:
    """Give texts without line feeds as a list, or as base64 of one deflated text with a line for each."""
    lines = "\n".join(texts)
    return lines.split("\n") if len(lines) < PACKED_FROM else _packed(lines.encode())


def pack_blocks(columns: Mapping[str, Sequence[Any]], count: int, rows: int) -> list[Any]:
    """Give columns in blocks of so many rows, each packed by itself; a column with nothing in a block is null."""

    readers = {name: _reader(values) for name, values in columns.items()}

    def block(start: int) -> bytes:
        return to_json({name: read(slice(start, start + rows)) for name, read in readers.items()})

    starts = range(0, count, rows)
    texts = (block(start) for start in starts)
    if len(starts) < 2:
        return [json.loads(text) if len(text) < PACKED_FROM else _packed(text) for text in texts]
    return _in_threads(lambda text: json.loads(text) if len(text) < PACKED_FROM else _packed(text), texts)


def pack_bytes(blocks: Iterable[bytes]) -> list[str]:
    """Give blocks of bytes, each packed by itself, however small."""
    return _in_threads(_packed, blocks)


def _in_threads(pack: Callable[[bytes], Any], blocks: Iterable[bytes]) -> list[Any]:
    """Pack blocks; zlib works beside the interpreter. Few blocks wait at a time."""
    workers = min(os.cpu_count() or 1, 4)
    packed: list[Any] = []
    with ThreadPoolExecutor(workers) as pool:
        for some in _batched(blocks, 8 * workers):
            packed += pool.map(pack, some)
    return packed


def _batched(blocks: Iterable[bytes], count: int) -> Iterator[list[bytes]]:
    """So many blocks at a time."""
    left = iter(blocks)
    while some := list(islice(left, count)):
        yield some


def _reader(values: Sequence[Any]) -> Callable[[slice], list[Any] | None]:
    """What gives rows of a column as a list; None where there is no value among them."""
    if isinstance(values, Coded):
        is_none = np.array([value is None for value in values.values] or [True])
        return lambda rows: None if is_none[values.codes[rows]].all() else list(values[rows])

    def read(rows: slice) -> list[Any] | None:
        part = values[rows]
        if isinstance(part, Texts) and part.array.null_count == len(part):
            return None
        own = list(part)
        return own if any(value is not None for value in own) else None

    return read


def _packed(data: bytes) -> str:
    return b64encode(zlib.compress(data, _LEVEL)).decode()


def _plain(value: Any) -> Any:
    """Turn numpy's numbers into Python's and what is not a finite number into None, as orjson does."""
    if isinstance(value, dict):
        return {key: _plain(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(member) for member in value]
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    return None if isinstance(value, float) and not math.isfinite(value) else value
