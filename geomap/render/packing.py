"""Parts of the data island: plain JSON while they are small, else deflated in base64, which the page unpacks."""

import json
import math
import zlib
from base64 import b64encode
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import orjson
from numpy.typing import DTypeLike, NDArray

PACKED_FROM: Final = 24_000
"""Bytes of JSON past which a part is packed: what is smaller stays readable, and differs line by line."""

_LEVEL: Final = 6


def to_json(value: Any) -> str:
    """Write JSON without NaN; a lone surrogate, which has no UTF-8 form, travels as an escape."""
    try:
        return orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY).decode()
    except orjson.JSONEncodeError:
        return json.dumps(_plain(value), ensure_ascii=True, allow_nan=False, separators=(",", ":"))


def pack_json(value: Any) -> Any:
    """Give the value as it is, or as base64 of deflated JSON if it is large.

    The value must not be a string itself: a string says that it is packed.
    """
    text = to_json(value)
    return value if len(text) < PACKED_FROM else _packed(text.encode())


def pack_column(values: Sequence[Any] | NDArray[Any], kind: DTypeLike) -> Any:
    """Give numbers as a list, or as base64 of the deflated bytes (little-endian) of a typed array."""
    column = np.asarray(values, dtype=np.dtype(kind).newbyteorder("<"))
    if column.nbytes * 2 < PACKED_FROM:
        return column.tolist()
    return _packed(column.tobytes())


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
