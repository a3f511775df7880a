"""Which document repeats which: passages that agree word for word, and the credits that tell the direction."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Prints = NDArray[np.uint64]
"""Hashes of word n-grams, sorted, each once."""

_SIZE: Final = 5
_SHORTEST: Final = 2 * _SIZE - 1
"""Characters below which no five words stand."""
_WINDOW: Final = 8
"""Any run of `_SIZE + _WINDOW - 1` = 12 words that two texts share gives them a mark in common."""
_FACTOR: Final = np.uint64(0x9E3779B97F4A7C15)
# Scripts without blanks between words: each sign counts as one.
_WORD: Final = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]|[^\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]+"
)
# The class holds every mark, so that a mark without its partner is passed in one step.
_QUOTED: Final = re.compile('[“„«"][^“”„«»"]{1,600}[”“»"]')
_LEAST: Final = 8
"""N-grams below which an agreement says nothing."""
_COPIED_TOLD: Final = 0.5
_COPIED_CREDITED: Final = 0.3
_COPIED_WHOLE: Final = 0.25
_COPIED_UNTOLD: Final = 0.6


def take_prints(texts: Iterable[str]) -> Prints:
    """The hashed five-word n-grams of texts, none across two of them.

    Words in quotation marks are left out: two who quote one speaker have not copied from each other.
    """
    return _united([ngrams for text in texts for ngrams in _runs(text)])


def _runs(text: str) -> list[Prints]:
    """The n-grams of each stretch between quotations, in their order."""
    return [_ngrams(piece) for piece in _QUOTED.split(text) if len(piece) >= _SHORTEST]


def _united(found: Sequence[Prints]) -> Prints:
    return np.unique(np.concatenate(found)) if found else np.empty(0, np.uint64)


def _ngrams(text: str) -> Prints:
    words = [crc32(word.encode("utf-8", "surrogatepass")) for word in _WORD.findall(text.lower())]
    if len(words) < _SIZE:
        return np.empty(0, np.uint64)
    hashes = np.array(words, dtype=np.uint64)
    count = len(hashes) - _SIZE + 1
    total = np.zeros(count, dtype=np.uint64)
    for step in range(_SIZE):  # a polynomial in wrapping arithmetic
        total = total * _FACTOR + hashes[step : step + count] + np.uint64(1)
    return total ^ (total >> np.uint64(29))


def _take_marks(runs: Iterable[Prints]) -> Prints:
    """The least n-gram of every window, after Schleimer, Wilkerson and Aiken (2003), doi:10.1145/872757.872770."""
    windows = np.lib.stride_tricks.sliding_window_view
    return _united([windows(run, _WINDOW).min(axis=1) if len(run) > _WINDOW else run for run in runs])


def share_of(part: Prints, whole: Prints) -> float:
    """The share of the first's n-grams that the second holds, 0 where there are too few to tell."""
    if len(part) < _LEAST or not len(whole):
        return 0.0
    return float(np.isin(part, whole, assume_unique=True).mean())


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A document as copies are sought: its text, the sentences that tell events, and what decides the direction.

    `agency` is its publisher's name where that is an agency, `origin` the agency that it credits with its text;
    `has_credit` says that it credits anybody, named or not.
    """

    text: str
    told: Sequence[str]
    published: date | None = None
    agency: str = ""
    origin: str = ""
    has_credit: bool = False


@dataclass(frozen=True, slots=True)
class Copy:
    """The text `of` which one repeats, by number; `share` of its words about events, or of all where it tells none."""

    of: int
    share: float


def find_copies(texts: Sequence[Text]) -> list[Copy | None]:
    """For each text the one that it repeats, None where it stands on its own.

    A text repeats only what goes before it: an agency's own, then by day of publication, then those without a
    credit, the longer first. So there is no circle. Texts are compared that share a mark, each with the first that
    has it and with the next before it: time grows with the marks, however many repeat one text.
    """
    order = sorted(range(len(texts)), key=lambda number: _rank(texts[number], number))
    ranked = [texts[number] for number in order]
    prints, marks = [], []
    for each in ranked:
        runs = _runs(each.text)
        prints.append(_united(runs))
        marks.append(_take_marks(runs))
    told = [take_prints(each.told) for each in ranked]
    copies: list[Copy | None] = [None] * len(texts)
    for later, earlier in _pairs(marks):
        share = _copied(ranked[later], prints[later], told[later], prints[earlier])
        known = copies[order[later]]
        if share and (known is None or share > known.share):
            copies[order[later]] = Copy(order[earlier], share)
    return copies


def _rank(text: Text, number: int) -> tuple[bool, date, bool, int, int]:
    return (
        not text.agency,
        text.published or date.max,
        text.has_credit or bool(text.origin),
        -len(text.text),
        number,
    )


def _copied(text: Text, prints: Prints, told: Prints, earlier: Prints) -> float:
    """The share by which a text repeats another, 0 where it does not.

    What tells events decides, and not the menus and notices that the pages of one site have in common.
    """
    whole = share_of(prints, earlier)
    if len(told) < _LEAST:
        return whole if whole >= _COPIED_UNTOLD else 0.0
    share = share_of(told, earlier)
    least = _COPIED_CREDITED if text.has_credit else _COPIED_TOLD
    return share if share >= least and whole >= _COPIED_WHOLE else 0.0


def _pairs(marks: Sequence[Prints]) -> Iterator[tuple[int, int]]:
    """Texts that share a mark, the later first; each of those that do with the first of them and the one before."""
    if len(marks) < 2:
        return
    hashes = np.concatenate(marks)
    owners = np.repeat(np.arange(len(marks)), [len(each) for each in marks])
    by_hash = np.argsort(hashes, kind="stable")  # owners stay in their order
    hashes, owners = hashes[by_hash], owners[by_hash]
    is_same = hashes[1:] == hashes[:-1]
    at = np.arange(1, len(hashes))
    starts = np.maximum.accumulate(np.where(is_same, 0, at)) if len(at) else at
    later = owners[1:][is_same]
    found = {
        *zip(later.tolist(), owners[:-1][is_same].tolist(), strict=True),
        *zip(later.tolist(), owners[starts[is_same]].tolist(), strict=True),
    }
    yield from sorted(found)
