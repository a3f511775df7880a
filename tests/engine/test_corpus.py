"""A corpus is cut by its content, and read back as it was cut."""

import gzip
import json
from datetime import date
from pathlib import Path

import pytest

from engine_runs import words, write_records
from geomap.engine import corpus as module
from geomap.engine.corpus import ChangedError, Shard, find_corpus, read_entries
from geomap.errors import ConfigError

NOWHERE = Path("/nowhere/parts")


def shards(*paths: Path, without: Path = NOWHERE) -> list[Shard]:
    return list(find_corpus(paths, without=without).shards())


def ids(found: list[Shard]) -> list[str]:
    return [entry.read(None).id for shard in found for entry in read_entries(shard)]


def test_every_document_stands_in_one_shard_in_order(tmp_path: Path) -> None:
    found = shards(write_records(tmp_path / "words.jsonl", words(1_000)))
    assert ids(found) == [f"words-{number}" for number in range(1_000)]
    assert sum(shard.documents for shard in found) == 1_000
    assert len({shard.id for shard in found}) == len(found) > 8
    assert max(shard.documents for shard in found) <= 128


def test_a_document_more_moves_the_ends_near_it_alone(tmp_path: Path) -> None:
    for number, text in enumerate(words(1_000)):
        (tmp_path / f"{number:04}.txt").write_text(text)
    before = {shard.id for shard in shards(tmp_path)}
    (tmp_path / "0500-more.txt").write_text("one more")
    after = {shard.id for shard in shards(tmp_path)}
    assert 1 <= len(after - before) <= 3
    assert len(after & before) >= len(before) - 3


def test_folders_hold_texts_and_records_and_name_them(tmp_path: Path) -> None:
    root = tmp_path / "news"
    write_records(root / "b" / "lines.jsonl", ["one", "two"])
    (root / "b" / "packed.ndjson.gz").write_bytes(gzip.compress(b'{"text": "three"}\n'))
    (root / "a.txt").write_text("zero")
    (root / "c.md").write_text("---\ntitle: T\n---\nfour")
    (root / "table.csv").write_text("no text")
    (root / ".hidden.txt").write_text("no")
    (root / "out").mkdir()
    (root / "out" / "_quarantine.jsonl").write_text("{}")
    found = find_corpus([root], without=root / "out")
    assert [name for name, _ in found.files] == [
        "news/a.txt",
        "news/b/lines.jsonl",
        "news/b/packed.ndjson.gz",
        "news/c.md",
    ]
    assert found.passed_over == 1
    assert ids(list(found.shards())) == [
        "news/a.txt",
        "lines-0",
        "lines-1",
        "packed.ndjson.gz:1",
        "news/c.md",
    ]


def test_packed_and_plain_lines_make_the_same_pieces(tmp_path: Path) -> None:
    plain = write_records(tmp_path / "plain" / "words.jsonl", words(300))
    packed = tmp_path / "packed" / "words.jsonl.gz"
    packed.parent.mkdir()
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    ends = [
        [(piece.start, piece.end, piece.line) for s in shards(path) for piece in s.pieces]
        for path in (plain, packed)
    ]
    assert ends[0] == ends[1]
    assert ids(shards(packed)) == ids(shards(plain))


def test_blank_lines_marks_and_numbers_are_as_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "odd.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"text": "one"}\r\n\n  \n{"text": "two"}\nnot json\n{"text": "last"}')
    (shard,) = shards(path)
    entries = read_entries(shard)
    assert [entry.line for entry in entries] == [1, 4, 5, 6]
    assert [entries[number].read(None).id for number in (0, 1, 3)] == [
        "odd.jsonl:1",
        "odd.jsonl:4",
        "odd.jsonl:6",
    ]
    with pytest.raises(ConfigError, match=r"odd\.jsonl:5:1: not JSON"):
        entries[2].read(None)


def test_a_line_that_is_too_long_is_a_document_that_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_BYTES", 100)
    monkeypatch.setattr(module, "_BLOCK", 64)
    path = write_records(tmp_path / "long.jsonl", ["short", "x" * 1_000, "short"])
    (shard,) = shards(path)
    first, long, last = read_entries(shard)
    assert (first.read(None).text, last.read(None).text) == ("short", "short")
    with pytest.raises(ConfigError, match="longer than 100 bytes"):
        long.read(None)


def test_the_day_given_goes_before_those_of_documents(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": "a", "published": "2020-01-01"}))
    (entry,) = read_entries(shards(path)[0])
    assert entry.read(None).published == date(2020, 1, 1)
    assert entry.read(date(2021, 1, 1)).published == date(2021, 1, 1)


def test_a_file_that_changed_is_not_taken_for_what_it_was(tmp_path: Path) -> None:
    path = write_records(tmp_path / "words.jsonl", words(10))
    (shard,) = shards(path)
    path.write_text(path.read_text().replace("document", "dokument"))
    with pytest.raises(ChangedError, match="changed since"):
        read_entries(shard)


def test_what_cannot_be_a_corpus_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file or folder"):
        shards(tmp_path / "missing")
    for name in ("one", "two"):
        write_records(tmp_path / name / "same.jsonl", ["text"])
    with pytest.raises(ConfigError, match="two corpora are called"):
        shards(tmp_path / "one" / "same.jsonl", tmp_path / "two" / "same.jsonl")
    broken = tmp_path / "broken.jsonl.gz"
    broken.write_bytes(gzip.compress(b'{"text": "one"}\n' * 1_000)[:-20])
    with pytest.raises(ConfigError, match="cannot be read"):
        shards(broken)
