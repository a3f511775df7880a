"""Learn the weights of `scoring` from documents with known places.

python gazetteer/build/train_weights.py CORPUS.jsonl … [--folds 5] [--write]

Each line is a document `{"text", "toponyms": [{start, end, lon, lat, geonameid}]}`. With `--folds` every document
is resolved by weights that were learned from the others, and the figures printed are of those; `--write` learns from
all and writes gazetteer/weights.json. The loss is that of a softmax over the options of each toponym
(McFadden's conditional logit), with a small ridge, minimised by gradient steps of Adam; the order of documents and
the starting point are fixed, so that the same corpora give the same weights.
"""

import argparse
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from geomap.gazetteer import read_gazetteer
from geomap.gazetteer.linking import Linker, Links
from geomap.gazetteer.rows import Row
from geomap.gazetteer.schema import DEGREE
from geomap.gazetteer.scoring import CONTEXT_FEATURES, FEATURES
from geomap.gazetteer.store import Store, Weights

WEIGHTS = Path(__file__).parents[1] / "weights.json"
PRIOR = FEATURES[: -len(CONTEXT_FEATURES)]
NEAR_KM = 25.0
RIDGE = 0.01
STEPS = 400


@dataclass(slots=True)
class Document:
    """A document with its gold places in the order of its spans."""

    text: str
    spans: list[tuple[int, int]]
    gold: list[dict[str, Any]]


def main() -> None:
    """Read, learn, print the figures, write if asked."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("corpora", nargs="+", type=Path)
    asked.add_argument("--folds", type=int, default=5)
    asked.add_argument("--write", action="store_true")
    chosen = asked.parse_args()
    store = read_gazetteer().store
    corpora = {path.stem: read_documents(path) for path in chosen.corpora}
    if chosen.folds > 1:
        for name, documents in corpora.items():
            others = [d for other, known in corpora.items() if other != name for d in known]
            print(name, cross_validate(store, documents, others, chosen.folds))
    if chosen.write:
        weights = learn(store, [d for documents in corpora.values() for d in documents])
        record = {
            "learned_from": sorted(corpora),
            "prior": {k: round(v, 4) for k, v in weights.prior.items()},
            "joint": {k: round(v, 4) for k, v in weights.joint.items()},
        }
        WEIGHTS.write_bytes(orjson.dumps(record, option=orjson.OPT_INDENT_2) + b"\n")


def read_documents(path: Path) -> list[Document]:
    """Read a corpus; marks without coordinates only help."""
    documents = []
    for line in path.read_bytes().splitlines():
        record = orjson.loads(line)
        marks = [mark for mark in record["toponyms"] if mark["lat"] is not None]
        documents.append(
            Document(text=record["text"], spans=[(m["start"], m["end"]) for m in marks], gold=marks)
        )
    return documents


def cross_validate(
    store: Store, documents: Sequence[Document], others: Sequence[Document], folds: int
) -> dict[str, float]:
    """Figures over all documents, each resolved by weights learned without it."""
    n = close = ids = with_id = 0
    for fold in range(folds):
        weights = learn(store, [d for i, d in enumerate(documents) if i % folds != fold] + list(others))
        linker = Linker(store, weights)
        for document in documents[fold::folds]:
            for toponym, mark in zip(linker.link(document.text, document.spans), document.gold, strict=True):
                n += 1
                with_id += mark.get("geonameid") is not None
                if toponym.options:
                    best = toponym.options[0].row
                    close += away_km(best, mark) <= 161
                    ids += mark.get("geonameid") is not None and geonameid(best) == int(mark["geonameid"])
    return {"n": n, "within_161_km": round(100 * close / n, 1), "id": round(100 * ids / with_id, 1)}


def learn(store: Store, documents: Sequence[Document]) -> Weights:
    """Learn the prior weights, then the joint ones in the light of what the former say."""
    nothing = dict.fromkeys(FEATURES, 0.0)
    linker = Linker(store, Weights(prior=nothing | {"people": 1.0}, joint=nothing))
    gathered = [linker.gather(document.text, document.spans) for document in documents]
    tables = [_table(links) for links in gathered]
    prior = _fit(_groups(documents, gathered, tables, len(PRIOR)), PRIOR)
    joint: dict[str, float] = {}
    for step in range(3):
        found = joint if step else prior
        weights = np.array([found.get(name, 0.0) for name in FEATURES])
        for links, table in zip(gathered, tables, strict=True):
            links.share(table @ weights)
            links.add_context()
            table[:, len(PRIOR) :] = links.context
        joint = _fit(_groups(documents, gathered, tables, len(FEATURES)), FEATURES)
    return Weights(prior=nothing | prior, joint=joint)


Group = tuple[NDArray[np.float64], NDArray[np.bool_], float]


def _table(links: Links) -> NDArray[np.float64]:
    """The features of all options, in the order of `FEATURES`, those of context empty."""
    rows = [
        [features.get(name, 0.0) for name in FEATURES] for one in links.options for features in one.features
    ]
    return np.array(rows, dtype=np.float64).reshape(-1, len(FEATURES))


def _groups(
    documents: Sequence[Document],
    gathered: Sequence[Links],
    tables: Sequence[NDArray[np.float64]],
    width: int,
) -> list[Group]:
    """For each distinct toponym its options as rows of the first features, and which of them are right."""
    groups: list[Group] = []
    for document, links, table in zip(documents, gathered, tables, strict=True):
        seen: set[tuple[int, str]] = set()
        for number, mark in zip(links.order, document.gold, strict=True):
            meant = (number, str(mark.get("geonameid") or (mark["lon"], mark["lat"])))
            if meant in seen:
                continue
            seen.add(meant)
            rows = links.options[number].rows
            right = np.array([_is_meant(row, mark) for row in rows], dtype=bool)
            if len(rows) > 1 and right.any() and not right.all():
                start = links.starts[number]
                own = table[start : start + len(rows), :width].copy()
                groups.append((own, right, math.sqrt(links.counts[number])))
    return groups


def _is_meant(row: Row, mark: dict[str, Any]) -> bool:
    if mark.get("geonameid"):
        return geonameid(row) == int(mark["geonameid"])
    return away_km(row, mark) <= NEAR_KM


def _fit(groups: Sequence[Group], names: Sequence[str]) -> dict[str, float]:
    tables = np.concatenate([table for table, _, _ in groups])
    right = np.concatenate([right for _, right, _ in groups])
    starts = np.cumsum([0, *(len(right) for _, right, _ in groups)])[:-1]
    sizes = np.array([len(right) for _, right, _ in groups])
    weight = np.repeat([weight for _, _, weight in groups], sizes)
    scale = np.abs(tables).max(axis=0)
    scale[scale == 0] = 1.0
    scaled = tables / scale
    found = np.zeros(len(names))
    first, second = np.zeros(len(names)), np.zeros(len(names))
    for step in range(1, STEPS + 1):
        scores = scaled @ found
        scores -= np.repeat(np.maximum.reduceat(scores, starts), sizes)
        raised = np.exp(scores)
        all_shares = raised / np.repeat(np.add.reduceat(raised, starts), sizes)
        hit = np.where(right, raised, 0.0)
        right_shares = hit / np.repeat(np.add.reduceat(hit, starts), sizes)
        slope = scaled.T @ (weight * (all_shares - right_shares)) / len(groups) + RIDGE / len(groups) * found
        first = 0.9 * first + 0.1 * slope
        second = 0.999 * second + 0.001 * slope**2
        found -= 0.3 * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    return dict(zip(names, (found / scale).tolist(), strict=True))


def geonameid(row: Row) -> int | None:
    """The GeoNames id of a row; of countries and regions their key is one where it is positive."""
    return row.key if row.key > 0 else None


def away_km(row: Row, mark: dict[str, Any]) -> float:
    """Great-circle distance in kilometres, as the scorers measure it."""
    lat_1, lat_2 = math.radians(row.lat / DEGREE), math.radians(mark["lat"])
    east = math.radians(mark["lon"] - row.lon / DEGREE)
    chord = math.sin((lat_2 - lat_1) / 2) ** 2 + math.cos(lat_1) * math.cos(lat_2) * math.sin(east / 2) ** 2
    return 12742.0 * math.asin(min(1.0, math.sqrt(chord)))


if __name__ == "__main__":
    main()
