"""Documents come from the disk whole, in their own encoding, or not at all and with the next step."""

import hashlib
import json
from datetime import date
from pathlib import Path

import pytest

from geomap.errors import ConfigError
from geomap.extract import read as read_module
from geomap.extract.document import Document
from geomap.extract.read import BrokenRecord, read_document, read_records

STORY = "A convoy of forty trucks reached the town of Brest on Tuesday, the ministry said."
STORY_RU = "Колонна из сорока грузовиков прибыла во вторник в город Брест, сообщило министерство."


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def refusal(path: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        read_document(path)
    assert str(caught.value).startswith(f"{path}:")
    return str(caught.value)


def blocks(document: Document) -> list[tuple[str, str]]:
    return [(block.kind.value, document.text[block.start : block.end]) for block in document.blocks]


@pytest.mark.parametrize(
    "raw",
    [
        STORY_RU.encode(),
        b"\xef\xbb\xbf" + STORY_RU.encode(),
        b"\xff\xfe" + STORY_RU.encode("utf-16-le"),
        b"\xfe\xff" + STORY_RU.encode("utf-16-be"),
        b"\xff\xfe\x00\x00" + STORY_RU.encode("utf-32-le"),
    ],
)
def test_plain_text_in_unicode(tmp_path: Path, raw: bytes) -> None:
    document = read_document(write(tmp_path, "a.txt", raw))
    assert document.text == STORY_RU
    assert document.id == "a.txt"
    assert document.language == "ru"
    assert document.sha256 == hashlib.sha256(raw).hexdigest()


def test_line_ends_stay_as_they_are(tmp_path: Path) -> None:
    document = read_document(write(tmp_path, "a.txt", f"Convoy in Brest\r\n\r\n{STORY}\r\n"))
    assert blocks(document) == [("headline", "Convoy in Brest"), ("paragraph", STORY)]
    assert document.text.endswith("\r\n")


@pytest.mark.parametrize(
    ("name", "raw", "words"),
    [
        ("a.txt", STORY_RU.encode("cp1251"), "not UTF-8 in this line; save the file as UTF-8"),
        ("a.txt", f"{STORY}\n".encode() + b"\xff", ":2:1: not UTF-8"),
        ("a.txt", STORY.encode("utf-16-le"), "UTF-16 without a byte-order mark; save the file as UTF-8"),
        ("a.txt", b"\xff\xfea", "byte-order mark says UTF-16-LE, but byte 0 does not fit"),
        ("a.pdf", b"%PDF-1.7 ...", "this is a PDF; expected text, Markdown or HTML"),
        ("a.docx", b"PK\x03\x04...", "a packed file such as .docx"),
        ("a.jsonl", b"{}", "read the file as records"),
        (
            "a.html",
            b'<meta charset="x-user-defined"><p>\xff',
            "declares the encoding x-user-defined; expected UTF-8",
        ),
        ("a.html", b'<meta charset="windows-1251"><p>\x98', "declares windows-1251, but byte"),
        ("a.html", b"<p>\xff", "not UTF-8 in this line"),
        ("a.html", b'<meta charset="unicode_escape"><p>\xff', "expected UTF-8"),
    ],
)
def test_what_cannot_be_read_says_why_and_what_next(
    tmp_path: Path, name: str, raw: bytes, words: str
) -> None:
    assert words in refusal(write(tmp_path, name, raw))


def test_no_file_and_a_folder(tmp_path: Path) -> None:
    assert "no such file; expected a document, check the path" in refusal(tmp_path / "a.txt")
    assert "a folder stands here" in refusal(tmp_path)


def test_a_file_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_module, "MAX_BYTES", 10)
    assert "the file has 81 bytes; at most 10 are read, split it" in refusal(write(tmp_path, "a.txt", STORY))


def test_a_given_day_goes_before_the_document(tmp_path: Path) -> None:
    path = write(tmp_path, "a.txt", f"12 Nov 2021 10:15\n\n{STORY}")
    assert read_document(path).published == date(2021, 11, 12)
    given = read_document(path, published=date(2021, 11, 13))
    assert (given.published, given.published_basis) == (date(2021, 11, 13), "given")


# HTML


@pytest.mark.parametrize(
    ("head", "codec"),
    [
        ('<meta charset="windows-1251">', "cp1251"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=koi8-r">', "koi8-r"),
        ('<?xml version="1.0" encoding="windows-1251"?>', "cp1251"),
        ("", "utf-8"),
        ('<meta charset="windows-1251">', "utf-8"),  # saved again by an editor
    ],
)
def test_html_in_the_encoding_that_it_declares(tmp_path: Path, head: str, codec: str) -> None:
    raw = f"{head}<html><body><article><p>{STORY_RU}</p></article></body></html>".encode(codec)
    document = read_document(write(tmp_path, "a.html", raw))
    assert ("paragraph", STORY_RU) in blocks(document)
    assert document.sha256 == hashlib.sha256(raw).hexdigest()
    start, end = document.original_span(0, len(document.text))
    assert raw.decode(codec)[start:end] == STORY_RU


def test_html_is_known_by_its_look(tmp_path: Path) -> None:
    document = read_document(write(tmp_path, "page", f"<!DOCTYPE html><body><p>{STORY}</p>"))
    assert document.text == STORY
    assert document.origins is not None


# Markdown

FRONT = """---
title: "Convoy: forty trucks"
publisher: Example News
author: [Jane Roe, John Doe]
published: 2023-04-05
language: en-GB
url: https://example.org/convoy
uncertain:
  - The number of trucks.
---
"""


def test_markdown_with_front_matter(tmp_path: Path) -> None:
    body = f"""
# Convoy reaches Brest

{STORY} See [the map](https://example.org/Minsk "Kursk") and <https://example.org/Sumy>.

![Trucks near the crossing](trucks-in-Lida.jpg)

<!-- Not in Orsha. -->

[1]: https://example.org/Gomel
"""
    document = read_document(write(tmp_path, "a.md", FRONT + body))
    assert document.text == FRONT + body
    assert document.title == "Convoy: forty trucks"
    assert (document.publisher, document.author) == ("Example News", "Jane Roe, John Doe")
    assert (document.published, document.published_basis) == (date(2023, 4, 5), "front matter")
    assert (document.language, document.url) == ("en", "https://example.org/convoy")
    assert blocks(document)[0] == ("furniture", FRONT.strip())
    told = "|".join(document.text[b.start : b.end] for b in document.blocks if b.kind.is_told)
    assert "Convoy reaches Brest" in told
    assert "Trucks near the crossing" in told
    for hidden in ("Minsk", "Kursk", "Sumy", "Lida", "Orsha", "Gomel", "number of trucks", "#"):
        assert hidden not in told
    kinds = {words: kind for kind, words in blocks(document)}
    assert kinds["Convoy reaches Brest"] == "headline"


def test_markdown_without_front_matter(tmp_path: Path) -> None:
    document = read_document(
        write(tmp_path, "a.md", f"# Convoy reaches Brest\n\n{STORY}\n\n---\n\n{STORY}\n")
    )
    assert document.title == "Convoy reaches Brest"
    assert [kind for kind, _ in blocks(document) if kind != "furniture"] == [
        "headline",
        "paragraph",
        "paragraph",
    ]


@pytest.mark.parametrize(
    ("front", "words"),
    [
        ("published: yesterday", ":2:12: published: 'yesterday' is no date; expected one such as 2021-11-12"),
        ("title: {a: b}", "title: expected text"),
        ("title: a\ntitle: b", ":3:1: key 'title' again"),
        ("- a", "front matter is a mapping of keys"),
        ("title: a: b", ":2:"),
    ],
)
def test_wrong_front_matter_is_an_error_with_its_line(tmp_path: Path, front: str, words: str) -> None:
    assert words in refusal(write(tmp_path, "a.md", f"---\n{front}\n---\n{STORY}\n"))


def test_markdown_full_of_openings_ends_in_seconds(tmp_path: Path) -> None:
    for unit in ("<!--", "](", "[a](b", "<a ", "http://a", "![", "# "):
        read_document(write(tmp_path, "a.md", unit * 50_000))


# JSON Lines


def test_records(tmp_path: Path) -> None:
    lines = [
        json.dumps({"id": 7, "text": STORY, "published": "2021-11-12", "title": "T", "url": "u"}),
        "",
        "not JSON",
        json.dumps([1]),
        json.dumps({"id": "b"}),
        json.dumps({"id": "c", "text": STORY, "published": "soon"}),
        json.dumps({"id": "d", "text": STORY, "title": 5}),
        json.dumps({"text": STORY_RU}),
    ]
    found = list(read_records(write(tmp_path, "a.jsonl", "\n".join(lines))))
    first, *broken, last = found
    assert isinstance(first, Document)
    assert (first.id, first.title, first.url, first.published) == ("7", "T", "u", date(2021, 11, 12))
    assert first.published_basis == "field published"
    assert first.sha256 == hashlib.sha256(STORY.encode()).hexdigest()
    assert isinstance(last, Document)
    assert (last.id, last.language) == ("a.jsonl:8", "ru")
    reports = [(item.line, item.id, str(item)) for item in broken if isinstance(item, BrokenRecord)]
    assert [(line, name) for line, name, _ in reports] == [(3, ""), (4, ""), (5, "b"), (6, "c"), (7, "d")]
    assert reports[0][2].startswith(f"{tmp_path / 'a.jsonl'}:3: not JSON")
    assert "published: 'soon' is no date" in reports[3][2]


def test_a_line_that_is_too_long_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_module, "MAX_BYTES", 200)
    lines = [json.dumps({"id": "a", "text": "x" * 500}), json.dumps({"id": "b", "text": STORY})]
    first, second = read_records(write(tmp_path, "a.jsonl", "\n".join(lines)))
    assert isinstance(first, BrokenRecord)
    assert first.line == 1
    assert isinstance(second, Document)
    assert second.id == "b"


@pytest.mark.parametrize("line", [b"\xff", b'{"text": "\\ud800"}', b"[" * 100_000, b"NaN", b'"a"', b"\x00"])
def test_hostile_lines_are_reported(tmp_path: Path, line: bytes) -> None:
    [found] = read_records(write(tmp_path, "a.jsonl", line))
    assert isinstance(found, BrokenRecord)


def test_records_of_no_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        list(read_records(tmp_path / "a.jsonl"))
