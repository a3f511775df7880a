"""Toponyms of a document: found, told apart by how they are meant, and linked to places."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from geomap.extract.document import Block, BlockKind, Document
from geomap.extract.toponyms.candidates import Candidate
from geomap.extract.toponyms.features import Describer, Key, Sheet
from geomap.extract.toponyms.lists import settle_lists
from geomap.extract.toponyms.model import Model, best_apart
from geomap.extract.toponyms.read import LinearWeights, ToponymWeights, read_toponym_weights, read_word_lists
from geomap.extract.toponyms.recognisers import Recogniser, labels_of
from geomap.extract.toponyms.second_pass import LEAST_FIRST, LEAST_LABELLED, SecondPass, probability
from geomap.extract.toponyms.words import Shape, WordReader, Words
from geomap.gazetteer import PlaceData
from geomap.gazetteer.linking import Linker, Option
from geomap.gazetteer.scan.store import name_index
from geomap.gazetteer.schema import NameRank
from geomap.gazetteer.store import Weights

_LEAST_SCORE: Final = -0.6
"""The logit from which on a span is taken for a toponym: one missed costs a map more than one too many."""
_TITLED: Final = 0.7
"""Share of capitalised words in a sentence from which on capitals say little."""


class MentionKind(StrEnum):
    """What a toponym stands for."""

    LITERAL = "literal"
    """The place: something is or happens there."""
    METONYMIC = "metonymic"
    """Those who act for it, or what is named after it: Minsk said, the Minsk agreements."""
    DEMONYM = "demonym"
    """A people or an adjective: Belarusians, Belarusian."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Toponym:
    """A name of a place in a document; `start` and `end` are code points into its text, end exclusive."""

    start: int
    end: int
    text: str
    mention: MentionKind
    probability: float
    """That it is a toponym."""
    options: list[Option] = field(default_factory=list)
    """The places that it may mean, best first, with their shares; empty where the gazetteer has none."""
    is_dateline: bool = False
    """Whether it tells where the report was written rather than what it is about."""


class Geoparser:
    """Finds the toponyms of documents and links them to places.

    Parameters
    ----------
    data
        The places that are known.
    recognisers
        Others' opinions of where names stand, taken into account in documents of their languages. One of whose
        labels nothing was learned is not heard.
    weights, link_weights
        Learned weights of recognition and of linking; those that geomap carries if not given.
    """

    def __init__(
        self,
        data: PlaceData,
        *,
        recognisers: Sequence[Recogniser] = (),
        weights: ToponymWeights | None = None,
        link_weights: Weights | None = None,
    ) -> None:
        weights = weights or read_toponym_weights()
        self._recognisers = tuple(recognisers)
        self._describer = Describer(name_index(data.store), read_word_lists())
        self._reader = WordReader()
        self._weights = weights
        self._linker = Linker(data.store, link_weights)
        self._seconds: dict[tuple[str, ...], SecondPass] = {}
        self._is_toponym = self._model(weights.is_toponym)
        self._is_literal = self._model(weights.is_literal)

    def _model(self, weights: LinearWeights) -> Model:
        return Model(weights.features, weights.bias, self._describer.features)

    def find(self, document: Document) -> list[Toponym]:
        """The toponyms of what a document tells and of its datelines, in the order of the text, never overlapping."""
        second, recognisers, least = self._second(document.language)
        found = [one for sheet in self.candidates(document, least) for one in sheet]
        if not found:
            return []
        scores, links = second.score(document.text, found, _labels(recognisers, document.text, found))
        spans = [(one.start, one.end - 1) for one in found]
        chosen = best_apart(spans, [score - _LEAST_SCORE for score in scores])
        linked = {number: links.toponym(number) for number in dict.fromkeys(links.order[n] for n in chosen)}
        toponyms = [
            self._toponym(document, found[n], scores[n], linked[links.order[n]].options) for n in chosen
        ]
        return settle_lists(document.text, toponyms)

    def _second(self, language: str) -> tuple[SecondPass, tuple[Recogniser, ...], float]:
        """The second look at documents of a language, who is heard in it, and what earns it."""
        labelled = self._weights.with_labels
        heard = tuple(one for one in self._recognisers if one.name in labelled and language in one.languages)
        names = tuple(one.name for one in heard)
        if names not in self._seconds:
            sets = [labelled[name] for name in names] or [self._weights.in_document]
            self._seconds[names] = SecondPass(self._linker, sets)
        return self._seconds[names], heard, LEAST_LABELLED if heard else LEAST_FIRST

    def _toponym(self, document: Document, one: Candidate, score: float, options: list[Option]) -> Toponym:
        return Toponym(
            start=one.start,
            end=one.end,
            text=document.text[one.start : one.end],
            mention=self._mention(one, options),
            probability=probability(score),
            options=options,
            is_dateline=one.sheet.is_dateline,
        )

    def candidates(self, document: Document, least: float = -math.inf) -> list[list[Candidate]]:
        """The spans that may be toponyms and score more than `least` at first look, block by block."""
        sheets = self.sheets(document)
        evidence = self._describer.evidence(sheets)
        score = self._is_toponym.score
        return [
            [
                Candidate(sheet, span, keys, points)
                for span, keys in self._describer.keys(sheet, evidence)
                if (points := score(keys)) > least
            ]
            for sheet in sheets
        ]

    def features(self, slot: int, key: Key) -> tuple[str, ...]:
        """The features of a key of a candidate, by its slot."""
        return self._describer.features(slot, key)

    def _mention(self, one: Candidate, options: Sequence[Option]) -> MentionKind:
        if options and options[0].row.rank == NameRank.DEMONYM:
            return MentionKind.DEMONYM
        return MentionKind.LITERAL if self._is_literal.score(one.keys) > 0 else MentionKind.METONYMIC

    # Documents as sheets

    def sheets(self, document: Document) -> list[Sheet]:
        """The blocks of a document that may name places, read into words and spans."""
        starts: list[list[tuple[int, int]]] = [[] for _ in document.blocks]
        for sentence in document.sentences:
            starts[sentence.block].append((sentence.start, sentence.end))
        return [
            self._sheet(document, block, sentences)
            for block, sentences in zip(document.blocks, starts, strict=True)
            if block.kind.is_told or block.kind is BlockKind.DATELINE
        ]

    def _sheet(self, document: Document, block: Block, sentences: Sequence[tuple[int, int]]) -> Sheet:
        text = document.text
        words = self._reader.read(text, block.start, block.end)
        first_words, titled = _sentences(words, sentences or [(block.start, block.end)])
        return Sheet(
            text=text,
            words=words,
            spans=self._describer.spans(words, text, document.language),
            is_dateline=block.kind is BlockKind.DATELINE,
            sentence_starts=first_words,
            titled=titled,
        )


def _labels(recognisers: Sequence[Recogniser], text: str, found: Sequence[Candidate]) -> list[list[str]]:
    """What recognisers say of each candidate."""
    spans = [(one.start, one.end) for one in found]
    said: list[list[str]] = [[] for _ in found]
    for recogniser in recognisers:
        (labelled,) = recogniser.recognise([text])
        for own, more in zip(said, labels_of(recogniser.name, labelled, spans), strict=True):
            own += more
    return said


def _sentences(words: Words, sentences: Sequence[tuple[int, int]]) -> tuple[frozenset[int], frozenset[int]]:
    """The words that begin a sentence, and those of sentences where most words have capitals."""
    first_words: set[int] = set()
    titled: set[int] = set()
    number, count = 0, len(words)
    for start, end in sentences:
        while number < count and words.starts[number] < start:
            number += 1
        begin, is_first = number, True
        capitals = total = 0
        while number < count and words.starts[number] < end:
            shape = words.shapes[number]
            if shape >= Shape.SMALL:
                if is_first:
                    first_words.add(number)
                    is_first = False
                if words.ends[number] - words.starts[number] > 3:
                    total += 1
                    capitals += shape >= Shape.CAPITAL
            number += 1
        if total > 2 and capitals >= _TITLED * total:
            titled.update(range(begin, number))
    return frozenset(first_words), frozenset(titled)
