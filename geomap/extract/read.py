"""Documents from the disk: plain text, Markdown with front matter, HTML, and JSON Lines of texts."""

import codecs
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, Final, TypedDict

import orjson

from geomap.errors import ConfigError, Mark
from geomap.extract.document import BlockKind, Document
from geomap.extract.html import html_document
from geomap.extract.published import parse_day
from geomap.extract.segment import plain_document
from geomap.yamlfile import YamlFile, parse_yaml

MAX_BYTES: Final = 64 << 20
"""Of a document, and of a line of JSON Lines."""

_MARKDOWN: Final = frozenset([".md", ".markdown"])
_HTML: Final = frozenset([".html", ".htm", ".xhtml"])
_RECORDS: Final = frozenset([".jsonl", ".ndjson"])
_LOOKS_HTML: Final = re.compile(
    rb"\s*(?:<!--.{0,2000}?-->\s*)?<(?:!doctype\s+html|html[\s>])", re.IGNORECASE | re.DOTALL
)
_KNOWN_SIGNS: Final = {
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "a packed file such as .docx or .odt",
    b"\xd0\xcf\x11\xe0": "an old Word file",
    b"{\\rtf": "an RTF file",
    b"\x1f\x8b": "a gzip file",
}
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHARSET: Final = re.compile(
    rb"<meta[^>]{0,500}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})|<\?xml[^>]{0,200}?encoding=[\"']([A-Za-z0-9_:.-]{2,40})",
    re.IGNORECASE,
)
_CHARSET_REACH: Final = 4_096
# Labels as browsers read them (encoding.spec.whatwg.org): Latin-1 is written where Windows-1252 is meant.
_CODECS: Final = {
    "iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252", "iso-8859-9": "cp1254",
    **{f"windows-{number}": f"cp{number}" for number in range(1250, 1259)},
    **{f"cp{number}": f"cp{number}" for number in range(1250, 1259)},
    **{f"iso-8859-{part}": f"iso8859-{part}" for part in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)},
    "koi8-r": "koi8-r", "koi8-u": "koi8-u", "ibm866": "cp866", "cp866": "cp866", "x-mac-cyrillic": "mac-cyrillic",
    "macintosh": "mac-roman", "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "big5": "big5",
    "shift_jis": "cp932", "euc-jp": "euc_jp", "euc-kr": "cp949",
}  # fmt: skip
_FRONT: Final = re.compile(
    r"---[ \t]*(?:\r\n|\n|\r)(?P<yaml>(?:.*?(?:\r\n|\n|\r))??)(?:---|\.\.\.)[ \t]*(?=[\r\n]|\Z)", re.DOTALL
)
_LINK_TARGET: Final = re.compile(
    r"(?<=\])\((?:<[^<>\n]{0,2000}>|[^()\s]{0,2000}(?:\([^()\s]{0,500}\)[^()\s]{0,500}){0,3})(?:\s+(?:\"[^\"\n]{0,300}\"|'[^'\n]{0,300}'))?\)|"
    r"(?<=\])\[[^\[\]\n]{0,200}\]|"
    r"^[ ]{0,3}\[[^\[\]\n]{1,200}\]:[ \t].{0,2000}$|"
    r"<(?:https?|mailto):[^<>\s]{1,2000}>|\bhttps?://[^\s<>)\]]{1,2000}|</?[a-zA-Z][^<>\n]{0,500}>",
    re.MULTILINE,
)
_HEADING: Final = re.compile(r"^[ ]{0,3}(#{1,6}[ \t]+)(?=\S)", re.MULTILINE)
_IMAGE: Final = re.compile(r"^[ ]{0,3}(!\[)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class BrokenRecord:
    """A line of JSON Lines that holds no document, and why."""

    path: Path
    line: int
    """From 1."""
    message: str
    id: str = ""
    """As given in the line, if that much could be read."""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


def read_document(path: Path, *, published: date | None = None) -> Document:
    """Read one document; what kind of file it is, its name tells, or its first characters.

    Parameters
    ----------
    published
        Goes before whatever the document says of it.

    Raises
    ------
    ConfigError
        If the file is missing, too large, in an unknown encoding, no text, or its front matter is wrong.
    MissingExtraError
        If it is HTML and trafilatura is not installed.
    """
    return document_of(_read_bytes(path), path, published=published)


def document_of(raw: bytes, path: Path, *, published: date | None = None) -> Document:
    """The document of a file's bytes, as `read_document` reads it.

    Parameters
    ----------
    path
        The file, which is not opened.
    """
    suffix = path.suffix.lower()
    if suffix in _RECORDS:
        raise _error(path, "JSON Lines hold many documents; expected one, read the file as records")
    for sign, what in _KNOWN_SIGNS.items():
        if raw.startswith(sign):
            raise _error(
                path, f"this is {what}; expected text, Markdown or HTML, save its text as UTF-8 .txt"
            )
    is_html = suffix in _HTML or (suffix not in _MARKDOWN and _LOOKS_HTML.match(raw[:8_192]) is not None)
    text = _decoded(path, raw, is_html=is_html)
    sha256 = hashlib.sha256(raw).hexdigest()
    basis = "given" if published is not None else ""
    if is_html:
        return html_document(text, id=path.name, published=published, published_basis=basis, sha256=sha256)
    if suffix in _MARKDOWN:
        return _markdown(path, text, published, sha256)
    return plain_document(text, id=path.name, published=published, published_basis=basis, sha256=sha256)


def read_records(path: Path) -> Iterator[Document | BrokenRecord]:
    """The documents of a JSON Lines file, one a line, in order; a line that holds none is answered with why.

    A line is an object with `text` and, if known, `id`, `published`, `published_basis`, `title`, `publisher`, `author`,
    `url`, `language`. Where `id` is missing, it is the file's name and the line's number. Offsets and SHA-256 are
    those of `text`.

    Raises
    ------
    ConfigError
        If the file is missing or cannot be read.
    """
    if not path.is_file():
        raise _error(path, "no such file; expected JSON Lines, check the path")
    try:
        with path.open("rb") as stream:
            for number, line in _numbered(stream):
                if line is None:
                    yield BrokenRecord(path, number, f"longer than {MAX_BYTES:,} bytes; split its text")
                elif line.strip():
                    yield read_record(path, number, line)
    except OSError as error:
        raise _error(path, f"cannot be read: {error.strerror}") from error


def _numbered(stream: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Lines with their numbers; None for one that is too long, which is passed over without being kept."""
    number = 0
    while line := stream.readline(MAX_BYTES + 1):
        number += 1
        if len(line) <= MAX_BYTES:
            yield number, line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(1 << 20)
        yield number, None


def read_record(path: Path, number: int, line: bytes) -> Document | BrokenRecord:
    """The document of one line of JSON Lines, as `read_records` reads it.

    Parameters
    ----------
    path, number
        The file, which is not opened, and the number of the line in it, from 1.
    """
    if number == 1:
        line = line.removeprefix(codecs.BOM_UTF8)
    try:
        given = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return BrokenRecord(path, number, f"not JSON: {error.msg}; expected an object with id and text")
    if not isinstance(given, dict):
        return BrokenRecord(path, number, "expected an object with id and text")
    identifier = given.get("id")
    name = str(identifier) if isinstance(identifier, str | int) else f"{path.name}:{number}"
    try:
        return record_document(given, id=name)
    except ValueError as error:
        return BrokenRecord(path, number, str(error), name)


def record_document(given: Mapping[str, Any], *, id: str = "") -> Document:  # noqa: A002
    """The document of one record, as `read_records` reads it.

    Raises
    ------
    ValueError
        If `text` is missing or no text, another key holds no text, or `published` is no date.
    """
    text = given.get("text")
    if not isinstance(text, str):
        raise ValueError("key 'text' is missing or no text; expected the document in it")
    published, basis = _stated_day(given, "field published")
    return plain_document(text, id=id, published=published, published_basis=basis, **_stated(given))


class _Stated(TypedDict):
    """What is given of a document in words; empty where nothing is."""

    title: str
    publisher: str
    author: str
    url: str
    language: str


def _stated(given: Mapping[str, Any]) -> _Stated:
    code = re.match(r"([a-z]{2})(?:[-_][a-z0-9]+)*\Z", _words(given, "language").lower())
    return _Stated(
        title=_words(given, "title"),
        publisher=_words(given, "publisher"),
        author=_words(given, "author"),
        url=_words(given, "url"),
        language=code[1] if code else "",
    )


def _words(given: Mapping[str, Any], key: str) -> str:
    value = given.get(key)
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        value = ", ".join(value)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{key}: expected text, not {value!r}")
    return " ".join((value or "").split())


def _stated_day(given: Mapping[str, Any], what: str) -> tuple[date | None, str]:
    written = given.get("published")
    if written is None or written == "":
        return None, ""
    day = parse_day(written) if isinstance(written, str) else None
    if day is None:
        raise ValueError(f"published: {written!r} is no date; expected one such as 2021-11-12")
    basis = given.get("published_basis")
    return day, basis if isinstance(basis, str) and basis else what


def _markdown(path: Path, text: str, published: date | None, sha256: str) -> Document:
    """A Markdown file: the whole of it is the text, its front matter and link targets are furniture."""
    front = _FRONT.match(text)
    begin = front.end() if front else 0
    basis = "given" if published is not None else ""
    stated = _stated({})
    if front:
        # A line for the one with the dashes, so that errors name the line of the file.
        file = parse_yaml("\n" + front["yaml"], path) if front["yaml"].strip() else YamlFile(path, {}, {})
        if not isinstance(file.data, dict):
            raise ConfigError.at(
                file.mark(()), "front matter is a mapping of keys; write title: …, published: …"
            )
        try:
            stated = _stated(file.data)
            if published is None:
                published, basis = _stated_day(file.data, "front matter")
        except ValueError as error:
            key = str(error).partition(":")[0]
            raise ConfigError.at(file.mark((key,)), str(error)) from error
    kinds = {mark.start(1): BlockKind.HEADLINE for mark in _HEADING.finditer(text, begin)}
    kinds |= {mark.start(1): BlockKind.CAPTION for mark in _IMAGE.finditer(text, begin)}
    return plain_document(
        text,
        id=path.name,
        published=published,
        published_basis=basis,
        sha256=sha256,
        cuts=_unread(text, begin),
        kinds=kinds,
        body_start=begin,
        **stated,
    )


def _unread(text: str, begin: int) -> list[tuple[int, int]]:
    """Stretches of Markdown that nobody reads, in order and disjoint: comments, marks of headings, targets of links."""
    found = []
    at = text.find("<!--", begin)
    while at >= 0:
        end = text.find("-->", at + 4)
        if end < 0:
            break
        found.append((at, end + 3))
        at = text.find("<!--", end)
    found += [mark.span(1) for mark in _HEADING.finditer(text, begin)]
    found += [target.span() for target in _LINK_TARGET.finditer(text, begin)]
    found.sort()
    cuts: list[tuple[int, int]] = []
    for start, end in found:
        if not cuts or start >= cuts[-1][1]:
            cuts.append((start, end))
    return cuts


# Bytes


def _read_bytes(path: Path) -> bytes:
    try:
        if not path.is_file():
            what = "a folder stands here" if path.is_dir() else "no such file"
            raise _error(path, f"{what}; expected a document, check the path")
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise _error(path, f"the file has {size:,} bytes; at most {MAX_BYTES:,} are read, split it")
        return path.read_bytes()
    except OSError as error:
        raise _error(path, f"cannot be read: {error.strerror}") from error


def _decoded(path: Path, raw: bytes, *, is_html: bool) -> str:
    for mark, codec in _BOMS:
        if raw.startswith(mark):
            return _strict(path, raw[len(mark) :], codec, f"its byte-order mark says {codec.upper()}")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        if is_html and (declared := _declared(raw)):
            declared_codec = _CODECS.get(declared)
            if declared_codec is None:
                raise _error(
                    path, f"the page declares the encoding {declared}; expected UTF-8, save it so"
                ) from error
            return _strict(path, raw, declared_codec, f"the page declares {declared}")
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigError.at(Mark(path, line, 1), "not UTF-8 in this line; save the file as UTF-8") from error
    if text.count("\0") > len(text) // 10:
        raise _error(path, "reads like UTF-16 without a byte-order mark; save the file as UTF-8")
    return text


def _declared(raw: bytes) -> str:
    match = _CHARSET.search(raw[:_CHARSET_REACH])
    return (match[1] or match[2]).decode("ascii").lower() if match else ""


def _strict(path: Path, raw: bytes, codec: str, why: str) -> str:
    try:
        return raw.decode(codec)
    except UnicodeDecodeError as error:
        raise _error(path, f"{why}, but byte {error.start:,} does not fit; save the file as UTF-8") from error


def _error(path: Path, message: str) -> ConfigError:
    return ConfigError.at(Mark(path, 1, 1), message)
