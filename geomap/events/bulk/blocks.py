"""Blocks of JSON Lines read by Arrow, where all of a block's events are written alike.

Most large files are written by programs: each line has the same keys with values of the same kinds. Arrow reads such a
block in a third of the time that its lines take one after the other, and as strictly: a key twice, another kind of
value or a key of its own is an error, and then the block is read line by line.
"""

import re
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from geomap.events.bulk.line_blocks import LineBlock
from geomap.events.bulk.read import lists_as_json
from geomap.model.columns import Coded, coded_arrow, ranked_together
from geomap.model.records import SLUG

_TEXTS: Final = ("id", "title", "summary")
_WORDS: Final = ("type", "status", "modality", "workflow", "when")
_LISTS: Final = ("sources", "tags")
_PLACE_WORDS: Final = (
    "place",
    "country",
    "role",
    "relation",
    "precision",
    "method",
    "near",
    "within",
    "over",
    "side",
)
_PLACE_NUMBERS: Final = ("radius_m", "within_km", "depth_km", "bearing", "distance_km")
_NULL: Final = re.compile(rb"\bnull\b")


@dataclass(frozen=True, slots=True)
class Block:
    """The events of a block: texts as Arrow arrays, coded columns as what is written, `odd` the rows to read again."""

    texts: dict[str, Any]
    coded: dict[str, Coded[Any]]
    where: Coded[Any]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    odd: NDArray[np.bool_]


def read_block(lines: LineBlock) -> Block | None:
    """Read whole lines; None where Arrow cannot, or may read what is no JSON, or where one is blank."""
    import pyarrow as pa
    from pyarrow import json

    # Arrow reads null as a key that is not there.
    if (b"null" in lines.text and _NULL.search(lines.text)) or not lines.all_in_braces():
        return None
    try:
        # Arrow looks at the letters of keys alone.
        lines.text.decode()
        table = json.read_json(
            pa.BufferReader(lines.text),
            parse_options=json.ParseOptions(explicit_schema=_schema(), unexpected_field_behavior="error"),
        )
    except (pa.ArrowException, ValueError):
        return None
    return _columns(table.combine_chunks()) if table.num_rows == len(lines) else None


def _schema() -> Any:
    import pyarrow as pa

    text, number = pa.string(), pa.float64()
    place = [(name, text) for name in (*_PLACE_WORDS, "name")]
    place += [(name, number) for name in (*_PLACE_NUMBERS, "lon", "lat")]
    return pa.schema(
        [
            *((name, text) for name in (*_TEXTS, *_WORDS)),
            *((name, pa.list_(text)) for name in _LISTS),
            ("where", pa.struct(place)),
        ]
    )


def _columns(table: Any) -> Block | None:
    import pyarrow as pa
    import pyarrow.compute as pc

    def whole(name: str) -> Any:
        column = table.column(name)
        return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)

    texts = {name: whole(name).cast(pa.large_string()) for name in _TEXTS}
    coded: dict[str, Coded[Any]] = {name: coded_arrow(whole(name).dictionary_encode()) for name in _WORDS}
    for name in _LISTS:
        column = whole(name)
        held = pc.sum(pc.list_value_length(column)).as_py() or 0
        if held == len(column.flatten()) and not column.flatten().null_count:
            coded[name] = coded_arrow(lists_as_json(column).dictionary_encode()).map(_as_bytes)
        else:
            coded[name] = Coded(np.zeros(len(column), dtype=np.int32), [b"[null]"])
    place = whole("where")
    # NaN and Infinity are no JSON, but numbers for Arrow.
    if not all(_is_finite(place.field(name)) for name in (*_PLACE_NUMBERS, "lon", "lat")):
        return None
    lon, lat = (place.field(axis).to_numpy(zero_copy_only=False) for axis in ("lon", "lat"))
    where = _places(place, ~np.isnan(lon) | ~np.isnan(lat))
    given = np.isnan(lon) != np.isnan(lat)
    given |= (np.abs(lon) > 180) | (np.abs(lat) > 90)
    names = place.field("name").cast(pa.large_string())
    fine = pc.and_(
        pc.fill_null(pc.match_substring_regex(texts["id"], f"^{SLUG.pattern}$"), False),
        pc.fill_null(pc.greater(pc.binary_length(texts["title"]), 0), False),
    ).to_numpy(zero_copy_only=False)
    unnamed = pc.fill_null(pc.equal(names, ""), False).to_numpy(zero_copy_only=False)
    texts["name"] = pc.if_else(pa.array(~np.isnan(lon)), names, pa.scalar(None, names.type))
    texts["summary"] = pc.if_else(pc.equal(texts["summary"], ""), None, texts["summary"])
    return Block(texts, coded, where, lon, lat, ~fine | given | unnamed)


def _is_finite(numbers: Any) -> bool:
    import pyarrow.compute as pc

    return bool(pc.all(pc.is_finite(numbers), min_count=0).as_py())


def _places(place: Any, given: NDArray[np.bool_]) -> Coded[Any]:
    """What is written of where, as JSON; of a given position without its figures and name."""
    import orjson
    import pyarrow.compute as pc

    columns = {
        name: coded_arrow(place.field(name).dictionary_encode()) for name in (*_PLACE_WORDS, *_PLACE_NUMBERS)
    }
    name = coded_arrow(place.field("name").dictionary_encode())
    looked_up = np.where(given, 0, name.codes + 1)
    is_there = pc.is_valid(place).to_numpy(zero_copy_only=False)
    number, rows = ranked_together(
        [
            is_there.astype(np.int64),
            given.astype(np.int64),
            looked_up,
            *(column.codes for column in columns.values()),
        ]
    )
    written: list[bytes | None] = []
    for row in rows.tolist():
        keys = {key: column[row] for key, column in columns.items() if column[row] is not None}
        if given[row]:
            keys |= {"lon": 0, "lat": 0}
        elif name[row] is not None:
            keys["name"] = name[row]
        written.append(orjson.dumps(keys) if is_there[row] else None)
    return Coded(number, written)


def _as_bytes(text: str | None) -> bytes | None:
    return None if text is None else text.encode()
