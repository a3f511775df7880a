"""A text as words: where each stands, its fold, and what its letters look like."""

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from geomap.gazetteer.fold import fold_name

_LONGEST: Final = 40
"""Letters of a word that may be of a name; a longer one is folded to nothing."""
_MOST_FOLDS: Final = 50_000

_MARKS: Final = "\u0300-\u036f"
# Each alternative is a run of one class of letters, so that a text is read in one go, whatever it holds.
_WORD: Final = re.compile(
    r"W\. ?Va\.|(?:[A-Z]\.){2,}"  # U.S.
    rf"|[^\W\d_]+(?:[{_MARKS}]+[^\W\d_]*|['’ʼ`](?!s\b)[^\W\d_]+)*"
    r"|['’]s\b"
    r"|\d+(?:[.,:]\d+)*"
    r"|\S"
)


class Shape(IntEnum):
    """What the letters of a word look like."""

    MARK = 0
    NUMBER = 1
    SMALL = 2
    CAPITAL = 3
    """The first letter is a capital, or the script has none."""
    CAPITALS = 4
    """All letters are, and there are two or more."""


@dataclass(slots=True)
class Words:
    """The words and marks of a stretch of text, column by column; `starts` and `ends` are code points into it."""

    texts: list[str]
    starts: list[int]
    ends: list[int]
    folds: list[str]
    shapes: list[Shape]

    def __len__(self) -> int:
        return len(self.texts)


class WordReader:
    """Reads texts into words; remembers the folds of common ones."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, Shape]] = {}

    def read(self, text: str, start: int, end: int) -> Words:
        """The words of `text[start:end]`."""
        texts, starts, ends, folds, shapes = [], [], [], [], []
        known = self._known
        for match in _WORD.finditer(text, start, end):
            word = match[0]
            begin, stop = match.span()
            seen = known.get(word)
            if seen is None:
                if len(known) >= _MOST_FOLDS:
                    known.clear()
                seen = known[word] = _fold_and_shape(word)
            texts.append(word)
            starts.append(begin)
            ends.append(stop)
            folds.append(seen[0])
            shapes.append(seen[1])
        return Words(texts, starts, ends, folds, shapes)


def _fold_and_shape(word: str) -> tuple[str, Shape]:
    first = word[0]
    if first.isdigit():
        return "#", Shape.NUMBER
    if not first.isalpha():
        # Only a mark, or an ending; any other mark than these says as much as any other.
        return (word if word.isascii() else _MARKS_ALIKE.get(word, "~")), Shape.MARK
    if len(word) > _LONGEST:
        return "", Shape.SMALL
    fold = fold_name(word).replace(" ", "")
    if first.islower():
        return fold, Shape.SMALL
    return fold, Shape.CAPITALS if len(word) > 1 and word.isupper() else Shape.CAPITAL


_MARKS_ALIKE: Final = {
    "’": "'", "‘": "'", "’s": "'s", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "–": "-", "—": "--", "…": "...",
}  # fmt: skip
