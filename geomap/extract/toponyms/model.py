"""A logistic regression over pieces of features, and the best spans that do not overlap."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from geomap.extract.toponyms.features import SLOTS, Key, Keys

_REMEMBERED: Final = 20_000
"""Sums of a slot."""


class Model:
    """Weights of features; adds them up for pieces, and remembers the sums.

    Parameters
    ----------
    weights
        By feature; a feature that is not there weighs nothing.
    features
        The features of a piece, by its slot.
    """

    def __init__(
        self, weights: Mapping[str, float], bias: float, features: Callable[[int, Key], Iterable[str]]
    ) -> None:
        self._weights, self._bias, self._features = weights, bias, features
        self._sums: tuple[dict[Key, float], ...] = tuple({} for _ in SLOTS)

    def score(self, keys: Keys) -> float:
        """The logit of a span: above 0 it is more likely a toponym than not."""
        total = self._bias
        for sums, key in zip(self._sums, keys, strict=True):
            found = sums.get(key)
            if found is None:
                found = self._sum(sums, key)
            total += found
        return total

    def _sum(self, sums: dict[Key, float], key: Key) -> float:
        if len(sums) >= _REMEMBERED:
            sums.clear()
        slot = next(number for number, other in enumerate(self._sums) if other is sums)
        get = self._weights.get
        found = sums[key] = sum([get(name, 0.0) for name in self._features(slot, key)])
        return found


def best_apart(spans: Sequence[tuple[int, int]], gains: Sequence[float]) -> list[int]:
    """Numbers of the spans of greatest total gain of which no two overlap (weighted interval scheduling).

    Parameters
    ----------
    spans
        First and last, both inclusive.
    gains
        What each adds; one without a gain is never chosen.
    """
    order = sorted((n for n in range(len(spans)) if gains[n] > 0), key=lambda n: (spans[n][1], spans[n][0]))
    lasts = [spans[n][1] for n in order]
    best = [0.0]
    for place, number in enumerate(order):
        before = bisect_right(lasts, spans[number][0] - 1, 0, place)
        best.append(max(best[-1], best[before] + gains[number]))
    chosen = []
    place = len(order)
    while place:
        number = order[place - 1]
        if best[place] == best[place - 1]:
            place -= 1
        else:
            chosen.append(number)
            place = bisect_right(lasts, spans[number][0] - 1, 0, place - 1)
    return sorted(chosen)
