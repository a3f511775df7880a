"""The same event in several documents of a large corpus: blocks in files, pairs judged, clusters in no order."""

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from geomap.engine.job import Advance
from geomap.engine.parts import Parts, parquet
from geomap.engine.signatures import bands, sign
from geomap.errors import GeomapError
from geomap.events.across import choose_matches, is_same
from geomap.events.matching import Match, match_pairs
from geomap.gazetteer import read_gazetteer
from geomap.gazetteer.placing import Placer
from geomap.model.drafts import Draft
from geomap.model.event_types import family_of
from geomap.model.places import PlaceRef
from geomap.model.records import EventRecord, PlaceSpec
from geomap.model.vocabulary import PlaceRole, RelationType

FILE: Final = "relations.parquet"
_MANIFEST: Final = "_relations.json"
_FOLDER: Final = "_buckets"
_BUCKETS: Final = 64
_DAYS: Final = 5
_MOST_IN_BLOCK: Final = 50
"""Events in a block above which what they share tells none of them."""
_MOST_PARTNERS: Final = 80
"""Events with which one is compared: those with which it shares most blocks."""
_BATCH: Final = 20_000
_REMEMBERED: Final = 50_000

Item = TypeVar("Item")

_KEYED: Final = np.dtype([("key", "<u8"), ("event", "<u4")])

RELATIONS: Final = pa.schema(
    [
        pa.field("one", pa.string(), nullable=False),  # the lesser uid of the two
        pa.field("other", pa.string(), nullable=False),
        pa.field("relation", pa.string(), nullable=False),  # same_as or possible_duplicate
        pa.field("points", pa.float64(), nullable=False),
        pa.field("reasons", pa.list_(pa.string()), nullable=False),
        pa.field("contradictions", pa.list_(pa.string()), nullable=False),
        pa.field("cluster", pa.string()),  # the least uid among all that are the same; of same_as only
    ]
)


@dataclass(frozen=True, slots=True)
class _Index:
    """Events by number: uid as a number, document, and where their row lies. Numbers go by uid, whatever the parts."""

    uids: NDArray[np.uint64]
    documents: NDArray[np.uint32]
    parts: NDArray[np.uint32]
    rows: NDArray[np.uint32]


def relate_parts(parts: Parts, *, worldview: str, advance: Advance | None = None) -> int:
    """Write `relations.parquet`: which events of different documents may be one. Nothing is merged.

    Parameters
    ----------
    advance
        Told how many parts and how many pairs are worked through.

    Returns
    -------
    count
        Its rows.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    key = _key(parts)
    if (known := _finished(parts, key)) is not None:
        return known
    files = list(zip(parts.files("events"), parts.files("sources"), strict=True))
    index, words = _index(_each(files, "Parts read", advance))
    pairs = _pairs(parts.folder / _FOLDER, _each(files, "Parts in blocks", advance), index)
    batches = [pairs[start : start + _BATCH] for start in range(0, len(pairs), _BATCH)]
    reader = _DraftReader([events for events, _ in files], index, worldview)
    matches = [
        match
        for batch in _each(batches, f"Batches of {_BATCH:,} pairs", advance)
        for match in _match_batch(batch, index, words, reader)
    ]
    rows = _rows(matches, index)
    content = parquet(RELATIONS, rows)
    parts.put(FILE, content)
    told = {"key": key, "rows": len(rows), "sha256": hashlib.sha256(content).hexdigest()}
    parts.put(_MANIFEST, json.dumps(told, sort_keys=True).encode() + b"\n")
    return len(rows)


def _key(parts: Parts) -> str:
    written = "\n".join(f"{manifest.shard} {manifest.key}" for manifest in parts.manifests())
    return hashlib.sha256(written.encode()).hexdigest()


def _finished(parts: Parts, key: str) -> int | None:
    try:
        told = json.loads((parts.folder / _MANIFEST).read_bytes())
        digest = hashlib.sha256((parts.folder / FILE).read_bytes()).hexdigest()
        return int(told["rows"]) if (told["key"], told["sha256"]) == (key, digest) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _each(items: Sequence[Item], what: str, advance: Advance | None) -> Iterator[Item]:
    """The items one after the other; after each it is told how many are done."""
    for number, item in enumerate(items, 1):
        yield item
        if advance is not None:
            advance(what, number, len(items))


# What events are found by


def _index(files: Iterable[tuple[Path, Path]]) -> tuple[_Index, Counter[str]]:
    """All events by number, and in how many of them each word stands."""
    words: Counter[str] = Counter()
    found: list[tuple[NDArray[np.uint64], NDArray[np.uint64], int]] = []
    for number, (path, _) in enumerate(files):
        table = pq.read_table(path, columns=["uid", "file", "line", "words"])
        uids = np.array([int(uid, 16) for uid in table["uid"].to_pylist()], dtype=np.uint64)
        at = zip(table["file"].to_pylist(), table["line"].to_pylist(), strict=True)
        found.append((uids, np.array([_hash(f"{file}\n{line}") for file, line in at], np.uint64), number))
        for held in table["words"].to_pylist():
            words.update(held)
    uids = np.concatenate([each[0] for each in found]) if found else np.empty(0, np.uint64)
    owners = np.concatenate([each[1] for each in found]) if found else np.empty(0, np.uint64)
    sizes = [len(each[0]) for each in found]
    order = np.argsort(uids, kind="stable")
    rows = np.concatenate([np.arange(size) for size in sizes]) if sizes else np.empty(0)
    index = _Index(
        uids=uids[order],
        documents=np.unique(owners, return_inverse=True)[1][order].astype(np.uint32),
        parts=np.repeat(np.arange(len(sizes)), sizes)[order].astype(np.uint32),
        rows=rows[order].astype(np.uint32),
    )
    return index, words


def _pairs(folder: Path, files: Iterable[tuple[Path, Path]], index: _Index) -> NDArray[np.uint64]:
    """Pairs of events to compare, the lesser number in the upper half; through files, bucket by bucket."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        _write_buckets(folder, files, index)
        found = [_pairs_in(folder / str(number), index) for number in range(_BUCKETS)]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    codes, counts = np.unique(np.concatenate(found), return_counts=True)
    return _nearest(codes, counts)


def _write_buckets(folder: Path, files: Iterable[tuple[Path, Path]], index: _Index) -> None:
    with ExitStack() as stack:
        buckets = [stack.enter_context((folder / str(number)).open("wb")) for number in range(_BUCKETS)]
        for events, sources in files:
            keyed = np.array(list(_keyed(events, sources, index)), dtype=_KEYED)
            owners = keyed["key"] % np.uint64(_BUCKETS)
            for number, bucket in enumerate(buckets):
                bucket.write(keyed[owners == number].tobytes())


def _keyed(events: Path, sources: Path, index: _Index) -> Iterator[tuple[int, int]]:
    """Hashes of the blocks of each event, with its number."""
    documents = pq.read_table(sources, columns=["file", "line", "published", "signature"]).to_pylist()
    known = {(each["file"], each["line"]): each for each in documents}
    columns = ["uid", "file", "line", "type", "first", "last", "place", "place_id", "words"]
    for event in pq.read_table(events, columns=columns).to_pylist():
        number = int(np.searchsorted(index.uids, np.uint64(int(event["uid"], 16))))
        for block in _blocks(event, known[event["file"], event["line"]]):
            yield _hash(block), number


def _blocks(event: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[str]:
    """The blocks of an event: like words, a text that is nearly the same, or a place at about one time."""
    family = family_of(event["type"])
    words = np.array(sorted({_hash(word) for word in event["words"]}), dtype=np.uint64)
    for band in bands(sign(words)):
        yield f"words {family} {band.hex()}"
    for band in bands(np.array(document["signature"], dtype=np.uint32)):
        yield f"text {family} {band.hex()}"
    place = event["place_id"] or event["place"]
    for days in _periods(event, document) if place else ():
        yield f"place {family} {place} {days}"


def _periods(event: Mapping[str, Any], document: Mapping[str, Any]) -> list[int]:
    """The numbers of five days at the ends of an event, a day more at each; what is undated is as its report."""
    days: list[date] = [day for day in (event["first"], event["last"]) if day is not None]
    days = days or [day for day in [document["published"]] if day is not None]
    return sorted({(day.toordinal() + step) // _DAYS for day in days for step in (-1, 1)})


def _pairs_in(bucket: Path, index: _Index) -> NDArray[np.uint64]:
    """Pairs of events of different documents that share a block of this bucket, once for each that they share."""
    keyed = np.unique(np.fromfile(bucket, dtype=_KEYED))  # in order of key, then event
    starts = (
        np.flatnonzero(np.r_[True, keyed["key"][1:] != keyed["key"][:-1]]) if len(keyed) else np.empty(0, int)
    )
    found = []
    for start, end in zip(starts, [*starts[1:], len(keyed)], strict=True):
        if not 2 <= end - start <= _MOST_IN_BLOCK:
            continue
        members = keyed["event"][start:end].astype(np.uint64)
        one, other = np.triu_indices(len(members), 1)
        apart = index.documents[members[one]] != index.documents[members[other]]
        found.append((members[one] << np.uint64(32) | members[other])[apart])
    return np.concatenate(found) if found else np.empty(0, np.uint64)


def _nearest(codes: NDArray[np.uint64], counts: NDArray[np.intp]) -> NDArray[np.uint64]:
    """Of each event the pairs that share most blocks; a pair stays if it is one of them for both."""
    keep = np.ones(len(codes), dtype=bool)
    for members in (codes >> np.uint64(32), codes & np.uint64(0xFFFFFFFF)):
        order = np.lexsort((codes, -counts, members))
        held = members[order]
        begins = np.maximum.accumulate(np.where(np.r_[True, held[1:] != held[:-1]], np.arange(len(held)), 0))
        keep[order] &= np.arange(len(held)) - begins < _MOST_PARTNERS
    return codes[keep]


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())


# Which of them are one


def _match_batch(
    batch: NDArray[np.uint64], index: _Index, words: Mapping[str, int], reader: "_DraftReader"
) -> Iterator[Match]:
    ones, others = batch >> np.uint64(32), batch & np.uint64(0xFFFFFFFF)
    numbers = np.unique(np.concatenate((ones, others)))
    read = reader.read(numbers)
    found = match_pairs(
        [draft for draft, _ in read],
        index.documents[numbers].tolist(),
        [published for _, published in read],
        zip(np.searchsorted(numbers, ones).tolist(), np.searchsorted(numbers, others).tolist(), strict=True),
        words=words,
        count=len(index.uids),
    )
    for match in found:
        yield replace(match, one=int(numbers[match.one]), other=int(numbers[match.other]))


def _rows(matches: Sequence[Match], index: _Index) -> list[dict[str, Any]]:
    """The best matches, with the clusters that they make."""
    chosen = choose_matches(matches, index.documents.tolist())
    clusters = _clusters([(match.one, match.other) for match in chosen if is_same(match)])
    rows = [_row(match, index, clusters) for match in chosen]
    return sorted(rows, key=lambda row: (row["one"], row["other"]))


def _row(match: Match, index: _Index, clusters: Mapping[int, int]) -> dict[str, Any]:
    same = is_same(match)
    return {
        "one": _uid(index, match.one),
        "other": _uid(index, match.other),
        "relation": (RelationType.SAME_AS if same else RelationType.POSSIBLE_DUPLICATE).value,
        "points": match.points,
        "reasons": list(match.reasons),
        "contradictions": [each.words for each in match.contradictions],
        "cluster": _uid(index, clusters[match.one]) if same else None,
    }


def _uid(index: _Index, number: int) -> str:
    return f"{int(index.uids[number]):016x}"


def _clusters(pairs: Sequence[tuple[int, int]]) -> dict[int, int]:
    """The least number of each cluster, by number (union-find); the same in whatever order the pairs come."""
    above: dict[int, int] = {}

    def root(number: int) -> int:
        while (parent := above.setdefault(number, number)) != number:
            above[number] = above[parent]
            number = above[number]
        return number

    for one, other in pairs:
        least, most = sorted((root(one), root(other)))
        above[most] = least
    return {number: root(number) for number in list(above)}


class _DraftReader:
    """Drafts as they were before they were written: records read again, and their places resolved again."""

    def __init__(self, files: Sequence[Path], index: _Index, worldview: str) -> None:
        self._files, self._index = files, index
        self._worldview = worldview
        self._places: dict[str, PlaceRef] = {}
        self._published = lru_cache(8)(self._published_of)

    @cached_property
    def _placer(self) -> Placer:
        return read_gazetteer(worldview=self._worldview).placer()

    def read(self, numbers: NDArray[np.uint64]) -> list[tuple[Draft, date | None]]:
        """Events by number, in that order, with the day on which each document was published."""
        found: dict[int, tuple[Draft, date | None]] = {}
        owners = self._index.parts[numbers]
        for part in np.unique(owners):
            wanted = numbers[owners == part]
            path = self._files[int(part)]
            table = pq.read_table(path, columns=["file", "line", "record", "words", "confidence"])
            rows = table.take(self._index.rows[wanted]).to_pylist()
            published = self._published(path)
            for number, row in zip(wanted.tolist(), rows, strict=True):
                found[number] = self._draft(row), published[row["file"], row["line"]]
        return [found[number] for number in numbers.tolist()]

    def _published_of(self, events: Path) -> dict[tuple[str, int | None], date | None]:
        path = events.parents[1] / "sources" / events.name
        rows = pq.read_table(path, columns=["file", "line", "published"]).to_pylist()
        return {(row["file"], row["line"]): row["published"] for row in rows}

    def _draft(self, row: Mapping[str, Any]) -> Draft:
        record = EventRecord.model_validate(orjson.loads(row["record"]))
        return Draft(
            record=record,
            places=tuple(self._place(spec) for spec in record.where.places),
            confidence=row["confidence"],
            words=frozenset(row["words"]),
        )

    def _place(self, spec: PlaceSpec) -> PlaceRef:
        key = repr(spec)
        if key not in self._places:
            if len(self._places) >= _REMEMBERED:
                self._places.clear()
            try:
                self._places[key] = self._placer.place(spec)
            except GeomapError:  # as the drafter does with what cannot be settled
                role: PlaceRole = spec.role
                self._places[key] = PlaceRef.unresolved(role, spec.place or spec.name or "")
        return self._places[key]
