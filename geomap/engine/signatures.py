"""MinHash: signatures of sets, so that those of like sets agree in as large a share as the sets themselves."""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

SIZE: Final = 64
"""Numbers in a signature."""
_ROWS: Final = 4
"""Numbers in a band: two sets that have half of their members in common share one of 16 bands with 64 %, those that
have 0.8 in common with 99.98 %."""

_RANDOM: Final = np.random.Generator(np.random.PCG64(20_211_112))
# Odd factors and any summand: multiply-shift hashing in wrapping arithmetic.
_FACTORS: Final = _RANDOM.integers(0, 1 << 63, SIZE, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
_SUMMANDS: Final = _RANDOM.integers(0, 1 << 63, SIZE, dtype=np.uint64)


def sign(members: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """The signature of a set of hashes, empty for an empty set.

    Parameters
    ----------
    members
        Shape `(n,)`, each once, in any order.

    Returns
    -------
    signature
        Shape `(64,)`, or `(0,)`.

    Notes
    -----
    Broder (1997), doi:10.1109/SEQUEN.1997.666900; the hashes after Dietzfelbinger et al. (1997),
    doi:10.1006/jagm.1997.0873.
    """
    if not len(members):
        return np.empty(0, np.uint32)
    hashed = members[None, :] * _FACTORS[:, None] + _SUMMANDS[:, None]
    least: NDArray[np.uint64] = (hashed >> np.uint64(32)).min(axis=1)
    return least.astype(np.uint32)


def bands(signature: NDArray[np.uint32]) -> Iterator[bytes]:
    """The bands of a signature, 16 of them; like sets share at least one with high probability."""
    for number, start in enumerate(range(0, len(signature), _ROWS)):
        yield bytes([number]) + signature[start : start + _ROWS].astype("<u4").tobytes()
