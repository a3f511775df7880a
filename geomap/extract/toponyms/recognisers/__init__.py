"""Recognisers of others: where they think that names stand in a text, and of what kind."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class LabelledSpan:
    """A span of a text with the label that a recogniser gives it; code points, end exclusive."""

    start: int
    end: int
    label: str


class Recogniser(Protocol):
    """Labels spans of texts."""

    @property
    def name(self) -> str:
        """Tells recognisers apart whose labels mean different things, such as `spacy`."""

    @property
    def languages(self) -> frozenset[str]:
        """ISO 639-1 codes of the documents that it is asked about."""

    def recognise(self, texts: Iterable[str]) -> Iterator[Sequence[LabelledSpan]]:
        """The labelled spans of each text, in order."""


def labels_of(
    name: str, labelled: Sequence[LabelledSpan], spans: Sequence[tuple[int, int]]
) -> list[list[str]]:
    """What a recogniser says of each span, as features: `spacy=GPE|same`.

    Parameters
    ----------
    name
        Of the recogniser.
    labelled
        Its spans, in order, not overlapping.
    spans
        Start and end in code points, end exclusive.
    """
    ends = [one.end for one in labelled]
    found = []
    for start, end in spans:
        number = bisect_right(ends, start)
        said = []
        while number < len(labelled) and labelled[number].start < end:
            one = labelled[number]
            if (one.start, one.end) == (start, end):
                how = "same"
            elif one.start <= start and end <= one.end:
                how = "inside"
            else:
                how = "around" if start <= one.start and one.end <= end else "across"
            said.append(f"{name}={one.label}|{how}")
            number += 1
        found.append(said or [f"{name}="])
    return found
