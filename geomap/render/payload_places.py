"""Features as columns of the data island: what features at one place share stands once, in tables."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from geomap.model.columns import Coded, coded, numbers, ranked, ranked_together
from geomap.model.vocabulary import Precision
from geomap.render.packing import pack_column
from geomap.render.words import Words
from geomap.scene import Scene
from geomap.scene.value import SHAPES

PRECISIONS: Final = tuple(Precision)

_NONE: Final = 2**32 - 1
_DECIMALS: Final = 6
_SITE_COLUMNS: Final = (
    ("shape", "u1"), ("precision", "u1"), ("role", "u1"), ("relation", "u1"), ("method", "u1"), ("note", "u4"),
    ("place", "u4"), ("spot", "u4"), ("ring", "u4"), ("geometry", "u4"), ("radius", "f4"),
)  # fmt: skip


def feature_parts(scene: Scene, words: Words) -> dict[str, Any]:
    """The features as one column: the number of a site, which says all that features at one place share."""
    table = scene.features
    shape = coded(table["shape"]).each(SHAPES.index, np.int64)
    lon, lat = (numbers(table[name]) for name in ("lon", "lat"))
    radius = numbers(table["radius_m"])
    geometry = coded(table["geometry"]).each(lambda number: _NONE if number is None else number, np.int64)
    badge, near = SHAPES.index("badge"), SHAPES.index("ring")
    at_point = np.isin(shape, [SHAPES.index("pin"), near, badge])
    placed = np.flatnonzero(~np.isnan(lon) & ~np.isnan(lat) & ((geometry == _NONE) | at_point))
    west, south = (np.round(degrees[placed] * 10**_DECIMALS).astype(np.int64) for degrees in (lon, lat))
    is_badge = shape[placed] == badge
    # Of 30 bits each, and one.
    spots, first_spot = ranked((west + 180_000_000) << 31 | (south + 90_000_000) << 1 | is_badge)
    ringed = np.flatnonzero((~is_badge) & np.isfinite(radius[placed]) & (radius[placed] > 0))
    rings, first_ring = ranked_together(
        [spots[ringed], coded_numbers(radius[placed[ringed]]), shape[placed[ringed]] == near]
    )
    spot, ring = np.full((2, len(shape)), _NONE, dtype=np.int64)
    spot[placed] = spots
    ring[placed[ringed]] = rings
    columns = {
        "shape": shape,
        "precision": coded(table["precision"]).each(lambda own: PRECISIONS.index(Precision(own)), np.int64),
        **{name: words.column(name, table[name]) for name in ("role", "relation", "method", "note")},
        "place": _place_numbers(words, table["label"], table["native"], table["names"]),
        "spot": spot,
        "ring": ring,
        "geometry": geometry,
        "radius": np.where(np.isfinite(radius), radius, -1.0),
    }
    keys = [_from_zero(columns[name]) for name, _ in _SITE_COLUMNS]
    site, first_site = ranked_together(keys)
    lengths = np.bincount(coded(table["event"]).each(int, np.int64), minlength=len(scene.events["id"]))
    own = placed[first_spot]
    around = placed[ringed[first_ring]]
    return {
        "count": len(site),
        "lengths": pack_column(lengths, "u2"),
        "site": pack_column(site, "u4"),
        "sites": {name: pack_column(columns[name][first_site], kind) for name, kind in _SITE_COLUMNS},
        "spots": _positions(lon[own], lat[own]) | {"badge": pack_column(shape[own] == badge, "u1")},
        "rings": {
            "spot": pack_column(spot[around], "u4"),
            "radius": pack_column(radius[around], "f4"),
            "near": pack_column(shape[around] == near, "u1"),
        },
    }


def coded_numbers(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Numbers of the distinct values."""
    return ranked(values)[0]


def _from_zero(column: NDArray[Any]) -> NDArray[np.int64]:
    """A column as small whole numbers: none may be as large as what stands for nothing."""
    return coded_numbers(column) if column.dtype.kind == "f" else np.where(column == _NONE, 0, column + 1)


def _positions(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> dict[str, Any]:
    """Positions as steps from a corner, so many `parts` of a degree: as fine as they are given, to a millionth."""
    parts = next(
        10**digits
        for digits in range(2, _DECIMALS + 1)
        if digits == _DECIMALS
        or all(np.array_equal(np.round(own, digits), np.round(own, _DECIMALS)) for own in (lon, lat))
    )
    steps = [np.round(own * parts).astype(np.int64) for own in (lon, lat)]
    corner = [int(own.min(initial=0 if not len(own) else own[0])) for own in steps]
    west, south = (pack_column(own - least, "u4") for own, least in zip(steps, corner, strict=True))
    return {"parts": parts, "corner": corner, "lon": west, "lat": south}


def _place_numbers(
    words: Words, label: Sequence[Any], native: Sequence[Any], names: Sequence[Any]
) -> NDArray[np.int64]:
    """Numbers of how places are called: their name, that in their own language, and others to search by."""
    words.table("place")
    columns: list[Coded[Any]] = [coded(label), coded(native), coded(names)]
    number, first = ranked_together([column.codes for column in columns])
    each = [
        words.number("place", (columns[0][row], columns[1][row], " ".join(columns[2][row])))
        for row in first.tolist()
    ]
    return np.array(each or [0], dtype=np.int64)[number]


def aside_parts(scene: Scene, words: Words) -> dict[str, Any]:
    """The places that do not locate their event: few, so that each row says all of its place."""
    table = scene.asides
    names = ("event", "shape", "role", "lon", "lat", "radius_m", "geometry", "label", "native", "names")
    rows = [
        row
        for row in zip(*(table[name] for name in names), strict=True)
        if row[6] is not None or (row[3] is not None and row[4] is not None)
    ]
    columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in names]
    event, shape, role, lon, lat, radius, geometry, *named = columns
    places = [(label, native, " ".join(others)) for label, native, others in zip(*named, strict=True)]
    return {
        "count": len(rows),
        "event": pack_column(event, "u4"),
        "shape": pack_column([SHAPES.index(name) for name in shape], "u1"),
        "role": pack_column(words.column("role", role), "u1"),
        "place": pack_column([words.number("place", place) for place in places], "u4"),
        # What has a geometry has no position; the page does not read one then.
        "lon": pack_column([round(degrees or 0.0, 6) for degrees in lon], "f8"),
        "lat": pack_column([round(degrees or 0.0, 6) for degrees in lat], "f8"),
        "radius": pack_column([metres or 0.0 for metres in radius], "f4"),
        "geometry": pack_column([_NONE if number is None else number for number in geometry], "u4"),
    }
