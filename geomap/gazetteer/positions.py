"""Many places given by their positions, resolved together as `Placer.place` resolves each."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geomap.gazetteer.nearby import countries_near
from geomap.gazetteer.placing import least_radius
from geomap.gazetteer.store import Store
from geomap.model.columns import Coded, ranked_together

_DIGITS: Final = 4
"""With so many decimals a coordinate is as fine as any."""
_MANY: Final = 1_000
_RARE: Final = 0.01
"""What fewer than this share of many positions have is chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Positions:
    """Where many given positions lie: one row each.

    `countries` are as in `PlaceRef`, `radius_m` follows from the digits that are given. `near` are the countries that
    it may lie in; `is_beside_border` says that one must be stated to be known, `is_elsewhere` that the one stated is
    not the position's.
    """

    countries: Coded[tuple[str, ...]]
    radius_m: Coded[float]
    near: Coded[tuple[str, ...]]
    is_beside_border: NDArray[np.bool_]
    is_elsewhere: NDArray[np.bool_]


def place_positions(
    store: Store, lon: NDArray[np.float64], lat: NDArray[np.float64], stated: Coded[str | None]
) -> Positions:
    """Find the countries of positions (EPSG:4326 degrees); `stated` is the country that is written of each."""
    near = countries_near(store, lon, lat)
    known = set(store.country_codes())
    number, first = ranked_together([near.codes, stated.codes])
    found, beside, elsewhere, at_sea = [], [], [], []
    for row in first.tolist():
        own, country = near[row], stated[row]
        beside.append(country is None and len(own) > 1)
        elsewhere.append(country is not None and (country not in known or (bool(own) and country not in own)))
        at_sea.append(country is not None and not own)
        found.append((country,) if country is not None else own if len(own) == 1 else ())
    # What lies in no country, but would the other way round in the one stated, is swapped.
    rows = np.flatnonzero(np.array(at_sea or [False])[number] & (np.abs(lon) <= 90))
    swapped = np.zeros(len(lon), dtype=bool)
    if len(rows):
        swapped[rows] = _are_in(countries_near(store, lat[rows], lon[rows]), stated.take(rows))
    digits = _told_decimals(np.minimum(_decimals(lon), _decimals(lat)))
    return Positions(
        countries=Coded(number, found),
        radius_m=Coded(digits, [least_radius(count) for count in range(_DIGITS + 1)]),
        near=near,
        is_beside_border=np.array(beside or [False])[number],
        is_elsewhere=np.array(elsewhere or [False])[number] | swapped,
    )


def _are_in(near: Coded[tuple[str, ...]], stated: Coded[str | None]) -> NDArray[np.bool_]:
    number, first = ranked_together([near.codes, stated.codes])
    held: list[Collection[str]] = [near[row] for row in first.tolist()]
    return np.array([stated[row] in own for row, own in zip(first.tolist(), held, strict=True)] or [False])[
        number
    ]


def _told_decimals(digits: NDArray[np.int32]) -> NDArray[np.int32]:
    """How many decimals each of many positions is given with; a few end in zeros by chance, which nobody sees."""
    if len(digits) < _MANY:
        return digits
    usual = np.quantile(digits, _RARE, method="lower")
    return np.maximum(digits, usual).astype(np.int32)


def _decimals(degrees: NDArray[np.float64]) -> NDArray[np.int32]:
    """How many decimals are written, up to `_DIGITS`."""
    digits = np.full(len(degrees), _DIGITS, dtype=np.int32)
    for count in range(_DIGITS - 1, -1, -1):
        digits[np.round(degrees, count) == degrees] = count
    return digits
