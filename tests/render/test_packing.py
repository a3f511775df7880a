"""Parts of the data island say what they were given, or refuse it."""

import json
import zlib
from base64 import b64decode
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from geomap.model.columns import Coded, Texts
from geomap.render.packing import (
    PACKED_FROM,
    pack_blocks,
    pack_bytes,
    pack_column,
    pack_json,
    pack_text,
    to_json,
)

LONE = "half \ud83d a pair"


def unpacked(packed: str) -> bytes:
    """What the page makes of a packed part: see `load.js`."""
    return zlib.decompress(b64decode(packed, validate=True))


@pytest.mark.parametrize(
    ("kind", "number"), [("u1", 256), ("u1", -1), ("u2", 65_536), ("u4", 2**32), ("i4", 2**31)]
)
def test_a_number_that_does_not_fit_is_no_other_number(kind: str, number: int) -> None:
    for values in ([0, number], np.array([0, number], dtype=np.int64)):
        with pytest.raises(OverflowError):
            pack_column(values, kind)


@pytest.mark.parametrize("kind", ["u1", "u2", "u4", "i4"])
def test_what_fits_stays(kind: str) -> None:
    ends = np.iinfo(np.dtype(kind))
    assert pack_column(np.array([ends.min, ends.max], dtype=np.int64), kind) == [ends.min, ends.max]
    assert pack_column([], kind) == []
    assert pack_column(np.array([True, False]), "u1") == [1, 0]


def test_a_part_is_packed_from_a_size_on_and_not_below() -> None:
    # Two brackets and two quotes stand around the text.
    small, large = ["x" * (PACKED_FROM - 5)], ["x" * (PACKED_FROM - 4)]
    assert pack_json(small) is small
    packed = pack_json(large)
    assert isinstance(packed, str)
    assert json.loads(unpacked(packed)) == large


@pytest.mark.parametrize("kind", ["u1", "u2", "u4", "i4"])
def test_a_large_column_comes_back_from_its_planes(kind: str) -> None:
    ends = np.iinfo(np.dtype(kind))
    numbers = np.linspace(ends.min, ends.max, PACKED_FROM, dtype=np.int64)
    packed = pack_column(numbers, kind)
    assert isinstance(packed, str)
    width = np.dtype(kind).itemsize
    planes = np.frombuffer(unpacked(packed), np.uint8).reshape(width, -1)
    back = np.ascontiguousarray(planes.T).view(np.dtype(kind).newbyteorder("<")).ravel()
    assert back.tolist() == numbers.tolist()


def test_texts_are_lines_whether_packed_or_not() -> None:
    assert pack_text(["a", "", "</script>"]) == ["a", "", "</script>"]
    many = [f"event-{number}" for number in range(PACKED_FROM)]
    packed = pack_text(many)
    assert isinstance(packed, str)
    assert unpacked(packed).decode().split("\n") == many


def columns(count: int, word: str) -> dict[str, Sequence[Any]]:
    return {
        "coded": Coded(np.arange(count) % 3, [None, LONE, word]),
        "none": Coded(np.zeros(count), [None]),
        "empty": Coded(np.zeros(0), []) if count == 0 else Coded(np.zeros(count), [None]),
        "texts": Texts(pa.array([word if row % 2 else None for row in range(count)], pa.string())),
        "no texts": Texts(pa.nulls(count, pa.string())),
        "plain": [{"row": row} for row in range(count)],
        "nothing": [None] * count,
    }


@pytest.mark.parametrize(
    ("count", "word"), [(0, "a"), (1, "a"), (5, "a"), (5, "a" * PACKED_FROM), (4, "</script>")]
)
def test_blocks_hold_every_row_and_null_for_what_has_none(count: int, word: str) -> None:
    given = columns(count, word)
    blocks = pack_blocks(given, count, 2)
    assert len(blocks) == (count + 1) // 2
    for number, block in enumerate(blocks):
        read = json.loads(unpacked(block)) if isinstance(block, str) else block
        assert read.keys() == given.keys()
        for name, values in given.items():
            rows = list(values)[2 * number : 2 * number + 2]
            assert read[name] == (rows if any(value is not None for value in rows) else None)


def test_blocks_of_bytes_are_packed_however_small() -> None:
    given = [bytes([number % 256]) * number for number in range(100)]
    assert [unpacked(block) for block in pack_bytes(given)] == given


def test_what_orjson_cannot_write_is_written_alike() -> None:
    plain = {
        "a": [1.5, float("nan"), float("inf")],
        "b": (np.float64("nan"), np.arange(3), np.int8(-1)),
        "c": None,
    }
    expected = {"a": [1.5, None, None], "b": [None, [0, 1, 2], -1], "c": None}
    assert json.loads(to_json(plain)) == expected
    written = to_json(plain | {"lone": LONE})
    assert written.isascii()
    assert json.loads(written) == expected | {"lone": LONE}
