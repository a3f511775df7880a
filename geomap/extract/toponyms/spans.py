"""Where a toponym may stand: spans of words that the gazetteer knows, or that look like a name."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from geomap.extract.toponyms.lexicon import (
    ABBREVIATED,
    ARABIC_ARTICLES,
    FUNCTION_WORDS,
    JOINING,
    JOINING_DECLINED,
    KIND_TAILS,
    SMALL_ADJECTIVE,
    SMALL_HEADS,
)
from geomap.extract.toponyms.words import Shape, Words
from geomap.gazetteer.abbreviations import COUNTRY_ABBREVIATIONS, REGION_ABBREVIATIONS
from geomap.gazetteer.kinds import KIND_WORDS
from geomap.gazetteer.scan import NameIndex

_LONGEST: Final = 6
"""Words of a name."""
_LONGEST_UNKNOWN: Final = 5
"""Words of a name that the gazetteer does not know."""


class Span(NamedTuple):
    """A span of words that may be a toponym: `first` to `last`, both inclusive, numbers of words.

    `run_first` and `run_last` bound the run of capitalised words that it lies in. `name` is the nominative of a name
    in another case, and `fold` the fold of that; else it is empty.
    """

    first: int
    last: int
    fold: str
    is_known: bool
    run_first: int
    run_last: int
    name: str = ""


def _is_code(text: str) -> bool:
    """Whether capitals are the code or abbreviation of a country or region: US, U.S., N.Y., PA."""
    return text in REGION_ABBREVIATIONS or text.replace(".", "") in COUNTRY_ABBREVIATIONS


def runs(words: Words, text: str, joining: frozenset[str]) -> Iterator[tuple[int, int]]:
    """The runs of capitalised words, first and last: joined by blanks, hyphens or some small words."""
    count = len(words)
    shapes = words.shapes
    number = 0
    while number < count:
        if shapes[number] < Shape.CAPITAL and not _opens(words, number):
            number += 1
            continue
        first = last = number
        while (step := _next(words, text, last, joining)) and step - first < 4 * _LONGEST:
            last = step
        yield first, last
        number = last + 1


def _opens(words: Words, number: int) -> bool:
    """An article that is written small at the head of a name: al-Bab."""
    return (
        words.folds[number] in ARABIC_ARTICLES
        and number + 2 < len(words)
        and words.texts[number + 1] in "-–"
        and words.shapes[number + 2] >= Shape.CAPITAL
        and words.ends[number] == words.starts[number + 1]
    )


def _next(words: Words, text: str, last: int, joining: frozenset[str]) -> int:
    """The next capitalised word of a run after `last`, 0 where it ends there."""
    number, count = last + 1, len(words)
    small = 0
    while number < count and number - last <= 4:
        gap = text[words.ends[number - 1] : words.starts[number]]
        if gap not in ("", " ", "\u00a0"):
            return 0
        shape, word = words.shapes[number], words.texts[number]
        if shape >= Shape.CAPITAL:
            return number
        if shape is Shape.SMALL and words.folds[number] in joining and small < 2:
            small += 1
        elif shape is Shape.MARK and (
            (word in "-–" and gap == "")
            or (word == "." and gap == "" and words.folds[number - 1] in ABBREVIATED and not small)
        ):
            pass
        else:
            return 0
        number += 1
    return 0


def _may_be_name(
    begin: int, end: int, first: int, last: int, tail: int, declines: bool, folds: list[str]
) -> bool:
    """Whether a span of a run may be a name that the gazetteer does not know: the whole, or what is left at an end."""
    length = end - begin + 1
    if begin == first and end in (last, tail):
        return length <= 2 * _LONGEST_UNKNOWN
    if begin == first or end in (last, tail):
        return length <= 2 or (
            length <= 2 * _LONGEST_UNKNOWN and (folds[end] in KIND_WORDS or folds[begin] in KIND_WORDS)
        )
    return declines and length <= 3


def candidates(words: Words, text: str, names: NameIndex, *, declines: bool = False) -> Iterator[Span]:
    """Every span that may be a toponym, by where it begins.

    Where a language declines its names any span of capitalised words may be one, also with a kind word that is
    written small: `Гродненской области`.
    """
    shapes, folds = words.shapes, words.folds
    if declines:
        for number in range(len(words) - 1):
            if folds[number] in SMALL_HEADS and SMALL_ADJECTIVE.fullmatch(folds[number + 1]):
                joined = f"{folds[number]} {folds[number + 1]}"
                yield Span(number, number + 1, joined, joined in names, number, number + 1)
    for first, last in runs(words, text, JOINING_DECLINED if declines else JOINING):
        # A kind word that is written small may end a name.
        tail = last + 1
        has_tail = (
            declines
            and tail < len(words)
            and shapes[tail] is Shape.SMALL
            and folds[tail] in KIND_TAILS
            and text[words.ends[last] : words.starts[tail]] == " "
        )
        numbers = [n for n in range(first, last + 1) if shapes[n] != Shape.MARK]
        ends = [*numbers, tail] if has_tail else numbers
        for number in numbers:
            dot = number + 1
            # Not a full stop, or not that alone: Pa.
            if (
                dot < len(words)
                and words.texts[dot] == "."
                and words.starts[dot] == words.ends[number]
                and words.texts[number].upper() + "." in REGION_ABBREVIATIONS
            ):
                yield Span(number, dot, folds[number] + ".", False, first, max(last, dot))
            elif shapes[number] is Shape.CAPITALS and _is_code(words.texts[number]):
                yield Span(number, number, folds[number] + ".", False, first, last)
        for place, begin in enumerate(numbers):
            if shapes[begin] < Shape.CAPITAL and begin != first:
                continue
            ahead = ends[place : place + _LONGEST]
            is_small = shapes[begin] is Shape.CAPITAL and folds[begin] in FUNCTION_WORDS
            joined = " ".join(folds[n] for n in ahead)
            known = set(names.lengths(joined)) if joined else set()
            length = -1
            for end in ahead:
                length += len(folds[end]) + 1
                is_known = length in known
                if shapes[end] < Shape.CAPITAL and end != tail:
                    continue
                if end == begin and is_small:
                    continue  # at the head of a sentence
                if end == begin and shapes[begin] is Shape.CAPITALS and _is_code(words.texts[begin]):
                    continue
                if not is_known and not _may_be_name(begin, end, first, last, tail, declines, folds):
                    continue
                yield Span(begin, end, joined[:length], is_known, first, last)
