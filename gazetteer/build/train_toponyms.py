"""Learn the weights by which `geomap.extract.toponyms` tells toponyms from other names, and how they are meant.

python gazetteer/build/train_toponyms.py CORPUS.jsonl … [--test-only NAME] [--folds 5] [--write]

Each line of a corpus is a document `{"id", "text", "toponyms": [{start, end, kind, lon, lat, geonameid}]}`; the own
sentences of `toponym_sentences.jsonl` are always learned from. With `--folds` every document is read with weights,
those of the linker too, that were learned from the others, and the figures printed are of those; `--alone` leaves
the other corpora out. `--write` learns from all and writes gazetteer/toponym_weights.json. The loss is that of
logistic regression with a ridge, minimised by L-BFGS (Nocedal 1980); the same corpora give the same weights.
"""

import argparse
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import orjson
import train_weights
from numpy.typing import NDArray

from geomap.extract.document import Block, BlockKind, Document, Sentence
from geomap.extract.sentences import split_sentences
from geomap.extract.toponyms import Geoparser, MentionKind
from geomap.extract.toponyms.candidates import Candidate
from geomap.extract.toponyms.features import Key
from geomap.extract.toponyms.model import Model
from geomap.extract.toponyms.read import LinearWeights, ToponymWeights
from geomap.extract.toponyms.recognisers import LabelledSpan, Recogniser, labels_of
from geomap.extract.toponyms.recognisers.natasha import NatashaRecogniser
from geomap.extract.toponyms.recognisers.spacy import SpacyRecogniser
from geomap.extract.toponyms.second_pass import FEATURES as SECOND
from geomap.extract.toponyms.second_pass import LEAST_FIRST, LEAST_LABELLED, SecondPass
from geomap.gazetteer import PlaceData, read_gazetteer
from geomap.gazetteer.linking import Linker
from geomap.gazetteer.store import Weights

FOLDER: Final = Path(__file__).parent
WEIGHTS: Final = FOLDER.parent / "toponym_weights.json"
SENTENCES: Final = FOLDER / "toponym_sentences.jsonl"
RIDGE: Final = 2.0
STEPS: Final = 60
FEWEST_ROWS: Final = 20
"""What a recogniser says of fewer spans is left out."""
HELD_OUT: Final = 3
"""Parts of the documents, each of which is scored by what was learned from the others."""
FEWEST_DOCUMENTS: Final = 3
"""A feature of fewer documents is left out."""
LEAST_WEIGHT: Final = 0.02
"""A weight nearer to 0 is left out of the file."""

# GeoWebNews tells literal from associative toponyms, LGL does not; the eight kinds of place names.
LITERAL: Final = frozenset({"literal", "literal_modifier", "mixed", "coercion", "embedded_literal"})
ASSOCIATIVE: Final = frozenset({"metonymic", "non_literal_modifier", "embedded_non_lit"})
NO_TOPONYM: Final = frozenset({"non_toponym", "homonym", "language"})
DEMONYM: Final = "demonym"
MARK: Final = re.compile(r"\[([^\[\]|]+)(?:\|([mdx]))?\]")
OWN_KINDS: Final = {None: "literal", "m": "metonymic", "d": DEMONYM, "x": "unsure"}
EMPTY: Final = LinearWeights(0.0, {})


@dataclass(frozen=True, slots=True)
class Marked:
    """A document with the marks of a corpus."""

    document: Document
    marks: list[dict[str, Any]]
    tells_kinds: bool


@dataclass(frozen=True, slots=True)
class Example:
    """A span that may be a toponym; None where nobody says."""

    one: Candidate
    is_toponym: bool | None
    is_literal: bool | None


def main() -> None:
    """Read, learn, print the figures, write if asked."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("corpora", nargs="+", type=Path)
    asked.add_argument("--folds", type=int, default=5)
    asked.add_argument("--alone", action="append", default=[], help="name of a corpus to learn nothing from")
    asked.add_argument("--write", action="store_true")
    asked.add_argument(
        "--spacy", help="a spaCy model: folder or package; its weights are kept as they are if not given"
    )
    asked.add_argument("--natasha", action="store_true")
    chosen = asked.parse_args()
    data = read_gazetteer()
    corpora = {path.stem: read_corpus(path) for path in chosen.corpora}
    own = read_sentences(SENTENCES)
    everything = [d for documents in corpora.values() for d in documents] + own
    recognisers: list[Recogniser] = [SpacyRecogniser(chosen.spacy)] if chosen.spacy else []
    if chosen.natasha:
        recognisers.append(NatashaRecogniser())
    learner = Learner(data, everything, recognisers)
    if chosen.folds > 1:
        for name, documents in corpora.items():
            others = [d for other, known in corpora.items() if other != name for d in known] + own
            folds = 1 if name in chosen.alone else chosen.folds
            print(
                name,
                orjson.dumps(cross_validate(data, learner, documents, others, folds, recognisers)).decode(),
                flush=True,
            )
    if chosen.write:
        weights = learner.learn(everything, data.store.weights)
        record = {
            "learned_from": [*sorted(corpora), SENTENCES.stem],
            "is_toponym": _record(weights.is_toponym),
            "in_document": _record(weights.in_document),
            "is_literal": _record(weights.is_literal),
            "with_labels": _labels_known()
            | {name: _record(one) for name, one in weights.with_labels.items()},
        }
        WEIGHTS.write_bytes(orjson.dumps(record, option=orjson.OPT_INDENT_2) + b"\n")
        print(len(weights.is_toponym.features), "features,", WEIGHTS.stat().st_size, "bytes")


def _labels_known() -> dict[str, Any]:
    """What is on record of recognisers."""
    known: dict[str, Any] = (
        orjson.loads(WEIGHTS.read_bytes()).get("with_labels", {}) if WEIGHTS.exists() else {}
    )
    return known


def _record(weights: LinearWeights) -> dict[str, Any]:
    kept = {
        name: round(weight, 2)
        for name, weight in sorted(weights.features.items())
        if abs(weight) >= LEAST_WEIGHT
    }
    return {"bias": round(weights.bias, 2), "features": kept}


# Corpora


def read_corpus(path: Path) -> list[Marked]:
    """Read a corpus."""
    records = [orjson.loads(line) for line in path.read_bytes().splitlines()]
    tells_kinds = any(mark["kind"] in ASSOCIATIVE for record in records for mark in record["toponyms"])
    return [
        Marked(plain_document(record["text"], f"{path.stem}-{record['id']}"), record["toponyms"], tells_kinds)
        for record in records
    ]


def read_sentences(path: Path) -> list[Marked]:
    """Read own sentences, `{"language", "text"}`.

    Toponyms stand as `[Minsk]`, metonymic ones as `[Minsk|m]`, demonyms as `[Belarusian|d]`; `[EU|x]` is left open.
    """
    found = []
    for number, line in enumerate(path.read_bytes().splitlines() if path.exists() else ()):
        record = orjson.loads(line)
        plain, marks, end = "", [], 0
        for match in MARK.finditer(record["text"]):
            plain += record["text"][end : match.start()]
            marks.append(
                {
                    "start": len(plain),
                    "end": len(plain) + len(match[1]),
                    "kind": OWN_KINDS[match[2]],
                    "lat": None,
                }
            )
            plain += match[1]
            end = match.end()
        plain += record["text"][end:]
        found.append(Marked(plain_document(plain, f"own-{number}", record["language"]), marks, True))
    return found


def plain_document(text: str, name: str, language: str = "en") -> Document:
    """A text of which nothing is known: each line is a paragraph."""
    blocks, sentences = [], []
    for line in re.finditer(r"[^\n]+", text):
        for start, end in split_sentences(text, line.start(), line.end(), language):
            sentences.append(Sentence(start, end, len(blocks)))
        blocks.append(Block(BlockKind.PARAGRAPH, line.start(), line.end()))
    return Document(
        id=name, text=text, blocks=tuple(blocks), sentences=tuple(sentences), sha256="", language=language
    )


# Learning


class Learner:
    """Learns from documents; what it makes of each is kept from one fold to the next."""

    def __init__(
        self, data: PlaceData, documents: Sequence[Marked], recognisers: Sequence[Recogniser] = ()
    ) -> None:
        self._data = data
        self._labelled = {
            one.name: {
                marked.document.id: spans
                for marked, spans in _read_by(
                    one, [d for d in documents if d.document.language in one.languages]
                )
            }
            for one in recognisers
        }
        self._parser = Geoparser(
            data,
            weights=ToponymWeights(learned_from=(), is_toponym=EMPTY, in_document=EMPTY, is_literal=EMPTY),
        )
        self._examples = {marked.document.id: examples_of(self._parser, marked) for marked in documents}
        known = {pair for found in self._examples.values() for e in found for pair in enumerate(e.one.keys)}
        self._features = {pair: self._parser.features(*pair) for pair in known}

    def learn(self, documents: Sequence[Marked], links: Weights) -> ToponymWeights:
        """Whether a span is a toponym, at first and at second look, and of those that are whether they are literal."""
        examples = [self._examples[marked.document.id] for marked in documents]
        second = self._learn_second(documents, links)
        return ToponymWeights(
            learned_from=(),
            is_toponym=self._fit(examples, lambda e: e.is_toponym),
            in_document=second[""],
            is_literal=self._fit(examples, lambda e: e.is_literal),
            with_labels={name: found for name, found in second.items() if name},
        )

    def _learn_second(self, documents: Sequence[Marked], links: Weights) -> dict[str, LinearWeights]:
        """The second look, alone and with each recogniser; it must see scores that have not seen the document."""
        examples = [self._examples[marked.document.id] for marked in documents]
        second = SecondPass(Linker(self._data.store, links), [])
        rows: dict[str, list[dict[str, float]]] = {name: [] for name in ("", *self._labelled)}
        truths: dict[str, list[bool]] = {name: [] for name in rows}
        for part in range(HELD_OUT):
            first = self._fit(
                [found for n, found in enumerate(examples) if n % HELD_OUT != part], lambda e: e.is_toponym
            )
            model = Model(first.features, first.bias, self._parser.features)
            for marked, own in zip(documents[part::HELD_OUT], examples[part::HELD_OUT], strict=True):
                scored = [(replace(e.one, score=model.score(e.one.keys)), e.is_toponym) for e in own]
                for name in rows:
                    least = LEAST_LABELLED if name else LEAST_FIRST
                    seen = [(one, truth) for one, truth in scored if one.score > least]
                    if name and marked.document.id not in self._labelled[name]:
                        continue
                    spans = [(one.start, one.end) for one, _ in seen]
                    labels = (
                        labels_of(name, self._labelled[name][marked.document.id], spans)
                        if name
                        else [[] for _ in seen]
                    )
                    described, _ = second.describe(marked.document.text, [one for one, _ in seen])
                    for row, said, (_, truth) in zip(described, labels, seen, strict=True):
                        if truth is not None:
                            rows[name].append(dict(zip(SECOND, row, strict=True)) | dict.fromkeys(said, 1.0))
                            truths[name].append(truth)
        return {name: _fit_rows(rows[name], truths[name]) for name in rows}

    def _fit(
        self, examples: Sequence[Sequence[Example]], answer: Callable[[Example], bool | None]
    ) -> LinearWeights:
        """Logistic regression on the features of keys."""
        counts: Counter[str] = Counter()
        for found in examples:
            counts.update(
                {name for e in found for pair in enumerate(e.one.keys) for name in self._features[pair]}
            )
        names = sorted(name for name, count in counts.items() if count >= FEWEST_DOCUMENTS)
        numbers = {name: number for number, name in enumerate(names)}
        coded: dict[tuple[int, Key], list[int]] = {}
        columns: list[int] = []
        lengths: list[int] = []
        truths: list[bool] = []
        for found in examples:
            for e in found:
                truth = answer(e)
                if truth is None:
                    continue
                before = len(columns)
                for pair in enumerate(e.one.keys):
                    if pair not in coded:
                        coded[pair] = [numbers[name] for name in self._features[pair] if name in numbers]
                    columns += coded[pair]
                lengths.append(len(columns) - before)
                truths.append(truth)
        if not truths:
            return EMPTY
        point = _logistic(
            np.array(columns), np.array(lengths), np.array(truths, dtype=np.float64), len(names)
        )
        return LinearWeights(float(point[-1]), dict(zip(names, point[:-1].tolist(), strict=True)))


def _read_by(
    recogniser: Recogniser, documents: Sequence[Marked]
) -> Iterable[tuple[Marked, Sequence[LabelledSpan]]]:
    return zip(documents, recogniser.recognise([d.document.text for d in documents]), strict=True)


def examples_of(parser: Geoparser, marked: Marked) -> list[Example]:
    """What a document teaches; spans that touch a mark of another kind teach nothing."""
    kinds = {(mark["start"], mark["end"]): mark["kind"] for mark in marked.marks}
    places = {span for span, kind in kinds.items() if kind in LITERAL | ASSOCIATIVE | {DEMONYM}}
    unsure = [span for span, kind in kinds.items() if span not in places and kind not in NO_TOPONYM]
    found = []
    for sheet in parser.candidates(marked.document):
        for one in sheet:
            span = (one.start, one.end)
            is_toponym: bool | None = span in places
            if not is_toponym and _touches(span, unsure) and not _touches(span, places):
                is_toponym = None
            kind = kinds.get(span)
            says_kind = is_toponym and marked.tells_kinds and kind != DEMONYM
            found.append(Example(one, is_toponym, kind in LITERAL if says_kind else None))
    return found


def _touches(span: tuple[int, int], others: Iterable[tuple[int, int]]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in others)


def _logistic(
    columns: NDArray[np.int64], lengths: NDArray[np.int64], truth: NDArray[np.float64], count: int
) -> NDArray[np.float64]:
    """Logistic regression on rows of numbers of features; weights, then the bias."""
    row_of = np.repeat(np.arange(len(lengths)), lengths)

    def loss(point: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        logit = np.bincount(row_of, weights=point[columns], minlength=len(truth)) + point[count]
        value = np.sum(np.logaddexp(0, logit) - truth * logit) + RIDGE / 2 * point[:count] @ point[:count]
        slope = 1 / (1 + np.exp(-logit)) - truth
        gradient = np.empty(count + 1)
        gradient[:count] = (
            np.bincount(columns, weights=slope[row_of], minlength=count) + RIDGE * point[:count]
        )
        gradient[count] = slope.sum()
        return float(value), gradient

    return minimise(loss, np.zeros(count + 1))


def _fit_rows(rows: Sequence[dict[str, float]], truths: Sequence[bool]) -> LinearWeights:
    """Logistic regression on rows of numbers by name; a name of few rows is left out."""
    counts = Counter(name for row in rows for name in row)
    names = [
        *SECOND,
        *sorted(name for name, count in counts.items() if count >= FEWEST_ROWS and name not in SECOND),
    ]
    table = np.array([[*(row.get(name, 0.0) for name in names), 1.0] for row in rows])
    truth = np.array(truths, dtype=np.float64)
    ridge = np.append(np.ones(table.shape[1] - 1), 0.0)

    def loss(point: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        logit = table @ point
        value = np.sum(np.logaddexp(0, logit) - truth * logit) + point @ (ridge * point) / 2
        return float(value), table.T @ (1 / (1 + np.exp(-logit)) - truth) + ridge * point

    point = minimise(loss, np.zeros(table.shape[1]))
    return LinearWeights(float(point[-1]), dict(zip(names, point[:-1].tolist(), strict=True)))


def minimise(loss: Any, point: NDArray[np.float64]) -> NDArray[np.float64]:
    """L-BFGS with ten pairs and a line search by halves."""
    value, slope = loss(point)
    pairs: list[tuple[NDArray[np.float64], NDArray[np.float64]]] = []
    for _ in range(STEPS):
        way, parts = slope.copy(), []
        for step, change in reversed(pairs):
            part = step @ way / (change @ step)
            parts.append(part)
            way -= part * change
        if pairs:
            step, change = pairs[-1]
            way *= step @ change / (change @ change)
        else:
            way /= max(float(np.abs(way).sum()), 1.0)
        for (step, change), part in zip(pairs, reversed(parts), strict=True):
            way += step * (part - change @ way / (change @ step))
        length = 1.0
        while True:
            further = point - length * way
            new_value, new_slope = loss(further)
            if new_value <= value - 1e-4 * length * (slope @ way) or length < 1e-6:
                break
            length /= 2
        pairs = [*pairs, (further - point, new_slope - slope)][-10:]
        gained = value - new_value
        point, value, slope = further, new_value, new_slope
        if gained < 1e-5 * abs(value):
            break
    return point


# Figures


def cross_validate(
    data: PlaceData,
    learner: Learner,
    documents: Sequence[Marked],
    others: Sequence[Marked],
    folds: int,
    recognisers: Sequence[Recogniser],
) -> dict[str, Any]:
    """Figures over all documents, each read with weights learned without it."""
    tally: Counter[str] = Counter()
    for fold in range(folds):
        here = [n for n in range(len(documents)) if n % folds != fold] if folds > 1 else []
        known = [documents[n] for n in here] + list(others)
        links = train_weights.learn(data.store, [_linked(marked) for marked in known])
        learned = Geoparser(
            data, weights=learner.learn(known, links), link_weights=links, recognisers=recognisers
        )
        for marked in documents[fold::folds]:
            tally += score(data, learned, marked)
    return figures(tally)


def _linked(marked: Marked) -> train_weights.Document:
    marks = [mark for mark in marked.marks if mark["lat"] is not None]
    return train_weights.Document(
        text=marked.document.text, spans=[(m["start"], m["end"]) for m in marks], gold=marks
    )


def score(data: PlaceData, parser: Geoparser, marked: Marked) -> Counter[str]:
    """Counts of one document: places with coordinates are asked for, other marks neither right nor wrong."""
    asked = [m for m in marked.marks if m["kind"] in LITERAL | ASSOCIATIVE and m["lat"] is not None]
    spans = [(m["start"], m["end"]) for m in asked]
    aside = [(m["start"], m["end"]) for m in marked.marks if m not in asked]
    tally: Counter[str] = Counter(asked=len(asked))
    free = dict(zip(spans, asked, strict=True))
    for found in parser.find(marked.document):
        span = (found.start, found.end)
        touched = [other for other in spans if other[0] < span[1] and span[0] < other[1]]
        if not touched:
            tally["found"] += not _touches(span, aside)
            continue
        tally["found"] += 1
        tally["exact"] += span in free
        left = [other for other in touched if other in free]
        if not left:
            continue
        mark = free.pop(left[0])
        tally["overlap"] += 1
        if marked.tells_kinds and found.mention is not MentionKind.DEMONYM:
            tally["kinds"] += 1
            tally["right_kinds"] += (found.mention is MentionKind.LITERAL) == (mark["kind"] in LITERAL)
        if found.options:
            position = data.store.place(found.options[0].row).position
            away = _away_km(position.lon, position.lat, mark["lon"], mark["lat"])
            tally["within_161"] += away <= 161
            tally["within_20"] += away <= 20
    return tally


def _away_km(lon_1: float, lat_1: float, lon_2: float, lat_2: float) -> float:
    """Great-circle distance in kilometres, as the scorers measure it."""
    up_1, up_2 = math.radians(lat_1), math.radians(lat_2)
    chord = math.sin((up_2 - up_1) / 2) ** 2
    chord += math.cos(up_1) * math.cos(up_2) * math.sin(math.radians(lon_2 - lon_1) / 2) ** 2
    return 12742.0 * math.asin(min(1.0, math.sqrt(chord)))


def figures(tally: Counter[str]) -> dict[str, Any]:
    """Precision, recall and F1 of spans, and of all that were asked for the share that was put right."""

    def f1(hits: int) -> list[float]:
        precision, recall = hits / max(tally["found"], 1), hits / max(tally["asked"], 1)
        both = 2 * precision * recall / max(precision + recall, 1e-9)
        return [round(100 * value, 1) for value in (precision, recall, both)]

    return {
        "exact": f1(tally["exact"]),
        "overlap": f1(tally["overlap"]),
        "e2e161": round(100 * tally["within_161"] / max(tally["asked"], 1), 1),
        "e2e20": round(100 * tally["within_20"] / max(tally["asked"], 1), 1),
        "kinds": round(100 * tally["right_kinds"] / max(tally["kinds"], 1), 1),
    }


if __name__ == "__main__":
    main()
