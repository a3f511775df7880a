"""Words and marks of a sentence, and where a clause of it ends."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

_TOKEN: Final = re.compile(r"\d{1,3}(?:,\d{3})+(?![\d\w])|[^\W_]+(?:[.'’‑-][^\W_]+)*|[$€£¥₽₴]|[^\w\s]")
_POSSESSIVE: Final = ("'s", "’s")
_HARD: Final = frozenset(";:—–()…")
"""Marks that no clause crosses."""
_OPEN: Final = frozenset('“„«"”»')


def word_set(text: str) -> frozenset[str]:
    """The words of a text, for lists too long to write one by one."""
    return frozenset(text.split())


@dataclass(slots=True)
class Words:
    """The tokens of one sentence, as columns of one length.

    `low` is the token in lower case without a possessive ending; `start` and `end` are code points into the text,
    end exclusive; `is_owner` says that the token had a possessive ending; `is_quoted` that it stands in quotation
    marks.
    """

    text: list[str] = field(default_factory=list)
    low: list[str] = field(default_factory=list)
    start: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)
    is_owner: list[bool] = field(default_factory=list)
    is_quoted: list[bool] = field(default_factory=list)
    positions: dict[str, list[int]] = field(default_factory=dict)
    """Of each lower-case token all its positions."""

    def __len__(self) -> int:
        return len(self.low)


def read_words(text: str, start: int, end: int, quotes: Sequence[tuple[int, int]] = ()) -> Words:
    """The tokens of a stretch of a text.

    Parameters
    ----------
    quotes
        Spans of the text in quotation marks, in order.
    """
    words = Words()
    quote = bisect_right(quotes, start, key=lambda span: span[1])
    for match in _TOKEN.finditer(text, start, end):
        written = match.group()
        low = written.lower()
        owner = low.endswith(_POSSESSIVE) and len(low) > 2
        if owner:
            low = low[:-2]
        elif written in "'’" and words.low and match.start() == words.end[-1] and words.low[-1][-1:] == "s":
            words.is_owner[-1] = True  # Belarus'
            words.end[-1] = match.end()
            words.text[-1] += written
            continue
        low = low.replace("’", "'").replace("‑", "-")
        at = match.start()
        while quote < len(quotes) and quotes[quote][1] <= at:
            quote += 1
        words.positions.setdefault(low, []).append(len(words.low))
        words.text.append(written)
        words.low.append(low)
        words.start.append(at)
        words.end.append(match.end())
        words.is_owner.append(owner)
        words.is_quoted.append(quote < len(quotes) and quotes[quote][0] <= at)
    return words
