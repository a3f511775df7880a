"""The index of names, built from a store when it is first wanted and kept in the user's cache."""

import hashlib
import io
from array import array
from pathlib import Path
from typing import Final

import marisa_trie
import numpy as np
import orjson
import platformdirs

from geomap.errors import OutputError
from geomap.files import write_all
from geomap.gazetteer.kinds import PlaceClass, class_of
from geomap.gazetteer.rows import Row
from geomap.gazetteer.scan import CLASSES, LEAST_SCORE, SCORE_STEP, NameIndex, pack
from geomap.gazetteer.schema import POSTAL, NameRank
from geomap.gazetteer.scoring import PriorScore, name_feature
from geomap.gazetteer.store import Store

_FORM: Final = 1
"""Number of the form of the cached file; raise it with any change to it or to what is packed."""
_KEPT: Final = 3
_NUMBERS: Final = {kind: number for number, kind in enumerate(CLASSES)}
_DEMONYM: Final = int(NameRank.DEMONYM)
_ALIASES: Final = frozenset({"other_name", "region_alias"})


def cache_folder() -> Path:
    """Where built indexes are kept, whether it is there or not."""
    return platformdirs.user_cache_path("geomap") / "names"


def name_index(store: Store) -> NameIndex:
    """The index of a store's names: from the cache, else built (some seconds) and put there if that can be done."""
    path = cache_folder() / f"{_FORM}-{store.digest()[:32]}.bin"
    try:
        return _unpack(path.read_bytes())
    except (OSError, ValueError, KeyError):
        pass
    index = build_index(store)
    try:
        write_all(path.parent, {path.name: _packed(index)})
        _forget_others(path)
    except (OutputError, OSError):
        pass  # a folder that cannot be written costs time, nothing else
    return index


def build_index(store: Store) -> NameIndex:
    """Index every name of a store."""
    prior = PriorScore(store.weights.prior)
    countries: dict[str, int] = {"": 0}
    regions: dict[str, int] = {"": 0}
    folds: list[str] = []
    best_rows: list[Row] = []
    # The other columns, one number a name after the other.
    scores, counts, classes, aliases = array("d"), array("q"), array("q"), array("b")
    for fold, rows in store.named_rows():
        best = rows[0]
        points = prior(best, fold)
        for row in rows[1:]:
            others = prior(row, fold)
            if (others, -row.rank) > (points, -best.rank):
                best, points = row, others
        folds.append(fold)
        best_rows.append(best)
        scores.append(points)
        counts.append(len(rows))
        classes.append(_classes(rows))
        aliases.append(best.rank == NameRank.OTHER and name_feature(best, fold) in _ALIASES)
    trie = marisa_trie.Trie(folds)
    people = np.maximum(np.array([row.population for row in best_rows], dtype=np.float64), 1.0)
    columns = [
        np.array([_NUMBERS[class_of(row.feature)] for row in best_rows]),
        np.array([row.rank for row in best_rows]),
        (2 * np.log10(people)).astype(np.int64),
        np.log2(np.array(counts)).astype(np.int64),
        np.rint((np.array(scores) - LEAST_SCORE) / SCORE_STEP).astype(np.int64),
        np.array([countries.setdefault(row.country or "", len(countries)) for row in best_rows]),
        np.array([regions.setdefault(row.region or "", len(regions)) for row in best_rows]),
        np.array([row.feature == "PPLC" for row in best_rows], dtype=np.int64),
        np.array([store.is_curated(row) for row in best_rows], dtype=np.int64),
        np.array([_is_postal(row) for row in best_rows], dtype=np.int64),
        np.array([row.feature == "PPLX" for row in best_rows], dtype=np.int64),
        np.array(aliases, dtype=np.int64),
        np.array(classes),
    ]
    ordered = np.zeros(len(trie), dtype=np.uint64)
    ordered[[trie[fold] for fold in folds]] = pack(columns)
    return NameIndex(trie, ordered, tuple(countries), tuple(regions))


def _is_postal(row: Row) -> bool:
    return row.code is not None and row.code.startswith(POSTAL)


def _classes(rows: list[Row]) -> int:
    """The classes of some places as bits."""
    found = 0
    for row in rows:
        if row.rank != _DEMONYM:
            found |= 1 << _NUMBERS[class_of(row.feature)]
    return found


def _packed(index: NameIndex) -> bytes:
    """The index as one file: the lengths of its parts, a digest of them, and the parts."""
    facts = io.BytesIO()
    np.save(facts, index.facts, allow_pickle=False)
    parts = [orjson.dumps([index.countries, index.regions]), facts.getvalue(), index.trie.tobytes()]
    body = b"".join(parts)
    head = {"lengths": [len(part) for part in parts], "sha256": hashlib.sha256(body).hexdigest()}
    return orjson.dumps(head) + b"\n" + body


def _unpack(content: bytes) -> NameIndex:
    head_bytes, _, body = content.partition(b"\n")
    head = orjson.loads(head_bytes)
    # The trie is read by a library in C++, which need not bear a damaged one.
    if hashlib.sha256(body).hexdigest() != head["sha256"]:
        raise ValueError("damaged")
    first, second, _ = head["lengths"]
    countries, regions = orjson.loads(body[:first])
    facts = np.load(io.BytesIO(body[first : first + second]), allow_pickle=False)
    trie = marisa_trie.Trie().frombytes(body[first + second :])
    return NameIndex(trie, facts, tuple(countries), tuple(regions))


def _forget_others(path: Path) -> None:
    """Keep the few indexes that were built last."""
    found = sorted(path.parent.glob("*.bin"), key=lambda other: other.stat().st_mtime, reverse=True)
    for old in found[_KEPT:]:
        old.unlink(missing_ok=True)


assert len(CLASSES) == len(PlaceClass) <= 8
