"""What speaks for and against a span's being a toponym, as features of a linear classifier.

The features of a span come in pieces, each told by a small key: the name, the words before it, those after it, the
run of capitalised words that it lies in, how these go together, and what the rest of the document says. A key has
the same features wherever it occurs in its slot, so that a model adds up their weights only once.
"""

import math
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from geomap.extract.toponyms.lexicon import cue_of
from geomap.extract.toponyms.spans import Span, candidates
from geomap.extract.toponyms.words import Shape, Words
from geomap.gazetteer.abbreviations import REGION_ABBREVIATIONS
from geomap.gazetteer.fold import fold_name
from geomap.gazetteer.kinds import KIND_WORDS, PlaceClass
from geomap.gazetteer.scan import NameFacts, NameIndex
from geomap.gazetteer.schema import NameRank

_REMEMBERED: Final = 20_000
DECLINING: Final = frozenset({"ru", "uk", "be", "pl"})
"""Languages whose toponyms stand in cases."""
_LETTERS: Final = {
    PlaceClass.COUNTRY: "C", PlaceClass.REGION: "R", PlaceClass.DISTRICT: "d", PlaceClass.SETTLEMENT: "P",
}  # fmt: skip
_HYPHENS: Final = frozenset("-–")
_SHAPES: Final = {
    Shape.MARK: "A", Shape.NUMBER: "A", Shape.SMALL: "Aa", Shape.CAPITAL: "A", Shape.CAPITALS: "AA",
}  # fmt: skip
_SURER: Final = 1.5
"""How much better a nominative must be known than the name as it is written."""
_LESS_LIKELY: Final = 0.5
"""What each further guess loses."""

Key = Hashable
Keys = tuple[Key, ...]
_Side = tuple[tuple[str, str, str], str, tuple[str, str, str], str]
_EDGE: Final = (("^", "^", ""), "^")
_LOCATING: Final = frozenset({"in", "from", "to"})
SLOTS: Final = (
    "name", "name_kind", "name_first", "name_last", "name_pair",
    "left", "left_but_one", "two_left", "right", "right_but_one", "two_right",
    "run", "run_first", "run_last", "name_left", "name_right", "both", "place", "document",
)  # fmt: skip
"""The pieces of a span's features, in order."""


@dataclass(frozen=True, slots=True)
class WordLists:
    """Words that are written small, and names of people; folded."""

    words: frozenset[str]
    given: frozenset[str]
    surnames: frozenset[str]


@dataclass(slots=True)
class Sheet:
    """The words of one block of a document with the spans that may be toponyms."""

    text: str
    words: Words
    spans: list[Span]
    is_dateline: bool = False
    sentence_starts: frozenset[int] = frozenset()
    """Numbers of the words that begin a sentence."""
    titled: frozenset[int] = frozenset()
    """Numbers of the words in sentences of which most words have capitals."""


@dataclass(slots=True)
class Evidence:
    """What a document says of names elsewhere: by fold."""

    small: set[str] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=dict)
    located: dict[str, int] = field(default_factory=dict)
    """After `in`, `at`, `near`, or before a comma and a wider place."""
    people: dict[str, int] = field(default_factory=dict)
    """As a surname after a given name or title."""
    parts: dict[str, int] = field(default_factory=dict)
    """As a part of a longer run of capitals."""


class Describer:
    """Makes the features of spans."""

    def __init__(self, names: NameIndex, lists: WordLists) -> None:
        self._names, self._lists = names, lists
        self.facts = lru_cache(_REMEMBERED)(self._facts)
        self._word = lru_cache(_REMEMBERED)(self._neighbour)
        self._nominative = lru_cache(_REMEMBERED)(self._find_nominative)
        self._name_class = lru_cache(_REMEMBERED)(self._class_of_name)
        self._pair = lru_cache(_REMEMBERED)(self._two_words)
        self._makers: tuple[_Maker, ...] = (
            self._of_name, _of_kind, self._of_first, self._of_last, _of_pair,
            _word_of("l1"), _word_of("l2"), _pair_of("l12"), _word_of("r1"), _word_of("r2"), _pair_of("r12"),
            _of_run, self._of_run_first, self._of_run_last, _pair_of("x.l"), _pair_of("x.r"), _of_both, _of_place,
            _of_document,
        )  # fmt: skip

    # Facts

    def _facts(self, fold: str) -> NameFacts | None:
        return self._names.facts_of(fold)

    def _word_class(self, text: str, fold: str, shape: Shape) -> str:
        """What a neighbouring word is by the gazetteer and the lists."""
        if shape < Shape.CAPITAL:
            return ""
        said = ""
        if text.upper().rstrip(".") + "." in REGION_ABBREVIATIONS or (
            shape is Shape.CAPITALS and text in REGION_ABBREVIATIONS
        ):
            said = "state"
        facts = self.facts(fold)
        if facts is not None and facts.rank <= NameRank.OTHER_SCRIPT:
            if facts.place_class in (PlaceClass.COUNTRY, PlaceClass.REGION):
                said += facts.place_class[0].upper()
            else:
                said += "p" if facts.people >= 9 else "q"
        elif facts is not None:
            said += "D" if facts.rank is NameRank.DEMONYM else "s"
        if fold in self._lists.given:
            said += "g"
        if fold in self._lists.surnames:
            said += "f"
        if fold in self._lists.words:
            said += "w"
        return said or "cap"

    # Documents

    def spans(self, words: Words, text: str, language: str) -> list[Span]:
        """The spans of a block's words that may be toponyms."""
        declines = language in DECLINING
        found = list(candidates(words, text, self._names, declines=declines))
        if declines:
            found = [self._put_right(span, words, text) for span in found]
        return found

    def _put_right(self, span: Span, words: Words, text: str) -> Span:
        """A span under its nominative, where the gazetteer has that rather than what is written."""
        name = self._nominative(text[words.starts[span.first] : words.ends[span.last]])
        return span._replace(fold=fold_name(name), is_known=True, name=name) if name else span

    def _find_nominative(self, written: str) -> str:
        """The likeliest nominative that the gazetteer knows; empty where the name as it is written is likelier."""
        from geomap.gazetteer.inflections import nominatives  # large tables, for some languages only

        facts = self.facts(fold_name(written))
        best = "" if facts is not None else None
        score = facts.score + _SURER if facts is not None else -math.inf
        for place, guess in enumerate(nominatives(written)):
            facts = self.facts(fold_name(guess))
            if (
                facts is not None
                and facts.rank <= NameRank.OTHER_SCRIPT
                and facts.score - place * _LESS_LIKELY > score
            ):
                best, score = guess, facts.score - place * _LESS_LIKELY
        return best or ""

    def evidence(self, sheets: list[Sheet]) -> Evidence:
        """What a document says of names, over all its blocks."""
        found = Evidence()
        for sheet in sheets:
            folds, shapes = sheet.words.folds, sheet.words.shapes
            found.small.update(
                fold for fold, shape in zip(folds, shapes, strict=True) if shape is Shape.SMALL
            )
            for span in sheet.spans:
                fold = span.fold
                found.counts[fold] = found.counts.get(fold, 0) + 1
                left = span.first - 1
                if left >= 0 and left + 1 == span.run_first and cue_of(folds[left]) in ("in", "from", "to"):
                    found.located[fold] = found.located.get(fold, 0) + 1
                if span.run_first < span.first or span.run_last > span.last:
                    found.parts[fold] = found.parts.get(fold, 0) + 1
                    if left >= span.run_first and span.last == span.run_last:
                        before = folds[left]
                        if before == ".":
                            before = folds[left - 1]
                        if before in self._lists.given or cue_of(before) == "title":
                            found.people[fold] = found.people.get(fold, 0) + 1
        return found

    # Pieces

    def keys(self, sheet: Sheet, evidence: Evidence) -> Iterator[tuple[Span, Keys]]:
        """Each span of a sheet with its pieces, one for each of `SLOTS`, to be handed to `features`."""
        words = sheet.words
        lefts: dict[int, _Side] = {}
        rights: dict[int, _Side] = {}
        for span in sheet.spans:
            first, last, fold = span.first, span.last, span.fold
            left = lefts.get(first)
            if left is None:
                left = lefts[first] = self._side(words, first - 1, first - 2)
            right = rights.get(last)
            if right is None:
                right = rights[last] = self._side(words, last + 1, last + 2)
            run_first, run_last = span.run_first, span.run_last
            if run_first == first:
                place = "whole" if run_last == last else "head"
            else:
                place = "tail" if run_last == last else "inside"
            shape = self._shape(words, span)
            listed = fold.split() if span.is_known else words.folds[first : last + 1]
            count, head, end = len(listed), listed[0], listed[-1]
            name_class = self._name_class(fold if span.is_known else "", head, end, min(count, 2), shape)
            short = name_class[:2]
            starts, titled = first in sheet.sentence_starts, first in sheet.titled
            located = evidence.located.get(fold, 0) - (run_first == first and left[1] in _LOCATING)
            document = (
                starts, titled, sheet.is_dateline, fold in evidence.small, min(evidence.counts[fold], 3), located > 0,
                fold in evidence.people, evidence.parts.get(fold, 0) > (place != "whole"), short,
            )  # fmt: skip
            yield (
                span,
                (
                    (fold, shape) if span.is_known or shape == "abbr" else ("", shape),
                    (min(count, 4), min(len(fold), 12) // 2, shape, span.is_known, name_class),
                    (head, span.is_known) if count > 1 else None,
                    (end, span.is_known, count > 1),
                    self._pair(head, end) if count > 1 else None,
                    left[0],
                    left[2],
                    (left[1], left[3]),
                    right[0],
                    right[2],
                    (right[1], right[3]),
                    (place, min(run_last - run_first, 6)),
                    words.folds[run_first] if run_first < first else "",
                    words.folds[run_last] if run_last > last else "",
                    (name_class, left[1]),
                    (name_class, right[1]),
                    (left[1], right[1], short, place),
                    (place, name_class, starts, titled),
                    document,
                ),
            )

    def _side(self, words: Words, near: int, far: int) -> "_Side":
        """The two words on one side of a span: the near one's key and tag, the far one's."""
        count = len(words)
        word = self._word
        near_key, near_tag = (
            word(words.texts[near], words.folds[near], words.shapes[near]) if 0 <= near < count else _EDGE
        )
        far_key, far_tag = (
            word(words.texts[far], words.folds[far], words.shapes[far]) if 0 <= far < count else _EDGE
        )
        return near_key, near_tag, far_key, far_tag

    def _neighbour(self, text: str, fold: str, shape: Shape) -> tuple[tuple[str, str, str], str]:
        """A neighbouring word: its fold, tag and class; and the tag alone."""
        known = self._word_class(text, fold, shape)
        tag = cue_of(fold) or known or "mnaAA"[shape]
        return (fold or "~", tag, known), tag

    @staticmethod
    def _shape(words: Words, span: Span) -> str:
        """What the letters of a span look like."""
        if span.fold.endswith("."):
            return "abbr"
        if span.first == span.last:
            return _SHAPES[words.shapes[span.first]]
        shapes = words.shapes[span.first : span.last + 1]
        marks = "-" if not _HYPHENS.isdisjoint(words.texts[span.first : span.last + 1]) else ""
        if all(shape in (Shape.CAPITALS, Shape.MARK) for shape in shapes):
            return "AA" + marks
        return ("Aa" if shapes[-1] is Shape.SMALL else "A") + marks

    def _class_of_name(self, fold: str, first: str, last: str, words: int, shape: str) -> str:
        """A name in two letters or a few more; `fold` is empty where the gazetteer does not know it."""
        if shape == "abbr":
            return "B."
        facts = self.facts(fold) if fold else None
        if facts is None:
            kind = KIND_WORDS.get(last) or KIND_WORDS.get(first)
            return f"U{kind[0]}" if kind is not None and words > 1 else f"U{words}"
        if facts.rank is NameRank.DEMONYM:
            return "Dm"
        if facts.rank is NameRank.SHORT:
            return "Sh"
        letter = _LETTERS.get(facts.place_class, "o")
        if letter == "P":
            letter += "0" if facts.is_postal or facts.is_quarter else str(min(facts.people // 3, 4))
        else:
            letter += "."
        return letter + ("+" if words > 1 else self._listed(fold))

    def _listed(self, fold: str) -> str:
        """Which lists a word stands in."""
        lists = self._lists
        return (
            ("g" if fold in lists.given else "")
            + ("f" if fold in lists.surnames else "")
            + ("w" if fold in lists.words else "")
        )

    # Features of pieces

    def features(self, slot: int, key: Key) -> tuple[str, ...]:
        """The features of a piece, by its number in `SLOTS`."""
        return tuple(self._makers[slot](key))

    def _of_name(self, key: tuple[str, str]) -> Iterator[str]:
        """Of a name that the gazetteer knows; any other has its kind and its words."""
        fold, shape = key
        if not fold:
            return
        yield f"n.fold={fold}"
        facts = self.facts(fold)
        if shape == "abbr" or facts is None:
            return
        one = "2" if " " in fold else "1"
        kind_of = facts.place_class
        yield f"n.place={kind_of}"
        yield f"n.rank={facts.rank.name}|{kind_of}"
        yield f"n.people={min(facts.people, 14) // 2}|{one}"
        yield f"n.places={facts.places}|{one}"
        yield f"n.score={int(facts.score)}|{one}"
        if one == "1":
            yield f"n.score={int(facts.score)}|{self._listed(fold)}"
        for name in ("is_capital", "is_curated", "is_postal", "is_quarter", "is_alias"):
            if getattr(facts, name):
                yield f"n.{name}|{one}"
        for other in sorted(facts.classes):
            yield f"n.may={other}"

    @staticmethod
    def _of_first(key: tuple[str, bool] | None) -> Iterator[str]:
        if key is not None:
            fold, is_known = key
            yield f"n.first={fold}"
            if (kind := KIND_WORDS.get(fold)) is not None:
                yield f"n.head={kind}|{is_known}"

    def _of_last(self, key: tuple[str, bool, bool]) -> Iterator[str]:
        fold, is_known, has_more = key
        if has_more:
            yield f"n.last={fold}"
        else:
            yield f"n.one={self._listed(fold)}|{is_known}"
            if cue := cue_of(fold):
                yield f"n.cue={cue}"
        if (kind := KIND_WORDS.get(fold)) is not None:
            yield f"n.tail={kind}|{has_more}|{is_known}"
        if not is_known:
            yield f"n.end={fold[-3:]}"
            yield f"n.end={fold[-2:]}"

    def _two_words(self, first: str, last: str) -> tuple[str, str]:
        """What the first and the last word of a name are."""
        return f"{self._listed(first)}|{self._listed(last)}", f"{cue_of(first)}|{cue_of(last)}"

    def _of_run_first(self, fold: str) -> Iterator[str]:
        if fold:
            yield f"u.first={fold}"
            yield f"u.firstc={cue_of(fold)}|{self._listed(fold)}"

    def _of_run_last(self, fold: str) -> Iterator[str]:
        if fold:
            yield f"u.last={fold}"
            yield f"u.lastc={cue_of(fold)}|{self._listed(fold)}"


def _of_kind(key: tuple[int, int, str, bool, str]) -> Iterator[str]:
    count, letters, shape, is_known, name = key
    yield f"n.shape={shape}"
    yield f"n.words={count}|{is_known}"
    yield f"n.letters={letters}"
    yield f"n.kind={count}|{shape}|{is_known}"
    yield f"n.class={name}"


def _of_pair(key: tuple[str, str] | None) -> Iterator[str]:
    if key is not None:
        yield f"n.lists={key[0]}"
        yield f"n.cues={key[1]}"


def _word_of(side: str) -> "_Maker":
    """What makes the features of the word on a side: `l1` is the one before."""

    def make(key: tuple[str, str, str]) -> Iterator[str]:
        fold, tag, known = key
        yield f"{side}={fold}"
        yield f"{side}c={tag}"
        if known != tag:
            yield f"{side}g={known}"

    return make


def _pair_of(side: str) -> "_Maker":
    def make(key: tuple[str, str]) -> Iterator[str]:
        yield f"{side}={key[0]}|{key[1]}"

    return make


def _of_run(key: tuple[str, int]) -> Iterator[str]:
    place, length = key
    yield f"u.place={place}"
    yield f"u.place={place}|{length}"


def _of_both(key: tuple[str, str, str, str]) -> Iterator[str]:
    left, right, name, place = key
    yield f"x.lr={left}|{right}"
    yield f"x.lrs={left}|{right}|{name}"
    yield f"x.ul={place}|{left}|{name}"
    yield f"x.ur={place}|{right}|{name}"


def _of_place(key: tuple[str, str, bool, bool]) -> Iterator[str]:
    place, name, starts, titled = key
    yield f"x.u={place}|{name}"
    yield f"x.s={starts}{titled}|{name}"


def _of_document(key: tuple[bool, bool, bool, bool, int, bool, bool, bool, str]) -> Iterator[str]:
    starts, titled, dateline, small, count, located, people, parts, name = key
    yield f"d.starts={starts}"
    yield f"d.titled={titled}"
    if dateline:
        yield "d.dateline"
    yield f"d.small={small}|{name}"
    yield f"d.count={count}"
    yield f"d.located={located}|{name}"
    yield f"d.people={people}|{name}"
    yield f"d.parts={parts}|{name}"
    yield f"d.all={located}{people}{parts}{small}"


_Maker = Callable[[Any], Iterator[str]]
