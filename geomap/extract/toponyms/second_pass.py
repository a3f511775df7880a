"""A second look at each candidate, in the light of what the whole document says.

The first look sees a name where it stands. The second knows how likely the same name is a toponym elsewhere in the
document, and how well what it may mean fits the places that the document is about.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from geomap.extract.toponyms.candidates import Candidate
from geomap.extract.toponyms.lexicon import LOOKED_UP_WITH
from geomap.extract.toponyms.read import LinearWeights
from geomap.extract.toponyms.words import Shape
from geomap.gazetteer.linking import Linker, Links

LEAST_FIRST: Final = -2.25
"""The score that earns a second look."""
LEAST_LABELLED: Final = -4.0
"""The same where a recogniser is heard, which may know better."""
_FARTHEST: Final = 8.0

FEATURES: Final = (
    "first", "others", "best_other", "mean_other", "best_other_for", "mean_other_against",
    "known", "joint", "prior", "same_country", "same_region", "same_district", "close", "is_holder", "holder_named",
    "share",
)  # fmt: skip
"""Names of the numbers that are weighed.

first
    The score of the first look, cut at 8.
others
    1 where the name stands elsewhere too; then `best_other` and `mean_other` of its scores there, and the part of
    the former that is above 0, of the latter that is below.
known
    1 where the gazetteer has a place of the name; then what the linker makes of the best one.
"""


class SecondPass:
    """Weighs candidates again.

    Parameters
    ----------
    weights
        By name of `FEATURES`; by feature of `labels_of` as well, a set for each recogniser that takes part.
    """

    def __init__(self, linker: Linker, weights: Sequence[LinearWeights]) -> None:
        self._linker = linker
        self._weights = weights
        self._of_features = [
            sum(one.features.get(name, 0.0) for one in weights) / max(len(weights), 1) for name in FEATURES
        ]
        self._bias = sum(one.bias for one in weights) / max(len(weights), 1)

    def score(
        self, text: str, found: Sequence[Candidate], labels: Sequence[Sequence[str]]
    ) -> tuple[list[float], Links]:
        """The logit of each candidate that earned a second look, and the links among them, in order.

        Parameters
        ----------
        labels
            What `labels_of` says of each candidate; several recognisers are heard alike.
        """
        rows, links = self.describe(text, found)
        scores = []
        for row, own in zip(rows, labels, strict=True):
            logit = self._bias + sum(
                weight * value for weight, value in zip(self._of_features, row, strict=True)
            )
            for label in own:
                logit += sum(one.features.get(label, 0.0) for one in self._weights) / len(self._weights)
            scores.append(logit)
        return scores, links

    def describe(self, text: str, found: Sequence[Candidate]) -> tuple[list[list[float]], Links]:
        """The features of each, in the order of `FEATURES`."""
        links = self._linked(text, found)
        scores: dict[str, _Scores] = defaultdict(_Scores)
        for one in found:
            scores[one.span.fold].add(one.score)
        of_links = self._of_links(links)
        rows = []
        for one, number in zip(found, links.order, strict=True):
            rows.append([_cut(one.score), *scores[one.span.fold].others(one.score), *of_links[number]])
        return rows, links

    def _linked(self, text: str, found: Sequence[Candidate]) -> Links:
        """What the candidates may mean, each counted by how likely it is a toponym at all."""
        links = self._linker.gather(
            text, [(one.start, one.end) for one in found], [looked_up(one) for one in found]
        )
        likely = np.zeros(len(links.options))
        for one, number in zip(found, links.order, strict=True):
            likely[number] = max(likely[number], probability(one.score))
        links.weights = links.weights * likely
        self._linker.weigh(links)
        return links

    @staticmethod
    def _of_links(links: Links) -> list[list[float]]:
        """What the linker makes of the best place of each name."""
        best = [links.best(number) for number in range(len(links.options))]
        known = np.array([column for column in best if column >= 0], dtype=np.int64)
        values = np.column_stack(
            [
                np.ones(len(known)), links.joint[known] / 5, links.prior[known] / 5, links.context[known] / 2,
                links.shares[known],
            ]
        ).tolist()  # fmt: skip
        rows = iter(values)
        nothing = [0.0] * (len(FEATURES) - 6)
        return [next(rows) if column >= 0 else nothing for column in best]


@dataclass(slots=True)
class _Scores:
    """The scores of one name over a document."""

    count: int = 0
    total: float = 0.0
    best: float = -math.inf
    second: float = -math.inf

    def add(self, score: float) -> None:
        self.count += 1
        self.total += score
        if score > self.best:
            self.best, self.second = score, self.best
        else:
            self.second = max(self.second, score)

    def others(self, score: float) -> list[float]:
        """What the others than one of this score say."""
        if self.count < 2:
            return [0.0] * 5
        best = _cut(self.second if score == self.best else self.best)
        mean = _cut((self.total - score) / (self.count - 1))
        return [1.0, best, mean, max(0.0, best), min(0.0, mean)]


def _cut(score: float) -> float:
    return min(max(score, -_FARTHEST), _FARTHEST)


def probability(score: float) -> float:
    """Of a logit."""
    return 1 / (1 + math.exp(-max(score, -50.0)))


def looked_up(one: Candidate) -> str:
    """The name by which a toponym is looked up: with the kind word behind it, `Idlib province`."""
    words = one.sheet.words
    name = one.span.name or one.sheet.text[one.start : one.end]
    behind = one.span.last + 1
    if (
        behind < len(words)
        and words.shapes[behind] is Shape.SMALL
        and words.folds[behind] in LOOKED_UP_WITH
        and words.starts[behind] == one.end + 1
    ):
        return f"{name} {words.texts[behind]}"
    return name
