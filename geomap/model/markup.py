"""HTML source to what is seen of it, line by line, each character with its place in the source.

A tokenizer after the HTML Standard (13.2.5, whatwg.org), as far as text and its places need it: no tree is built, so
that nesting costs nothing and time grows with the length of the source alone. Offsets are code points.
"""

import html
import re
from dataclasses import dataclass, field
from typing import Final

_NAME: Final = re.compile(r"[a-zA-Z][^\s/>]*+")
_ATTRIBUTE: Final = re.compile(
    r"[\s/]*+(?P<name>[^\s/>=][^\s/>=]*+)(?:\s*+=\s*+(?P<value>[^\s>\"'][^\s>]*+)?)?"
)
_BLANK_OR_SLASH: Final = re.compile(r"[\s/]*+")
_PIECE: Final = re.compile(
    r"(?P<text>[^&\s]++)|(?P<blank>\s++)|(?P<entity>&(?:#[0-9]{1,9};?|#[xX][0-9a-fA-F]{1,8};?|[a-zA-Z][a-zA-Z0-9]{1,31};?))|&"
)
_LONGEST_ATTRIBUTE: Final = 4_096
_MOST_METAS: Final = 1_000

_BREAKING: Final = frozenset(
    [
        "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "details", "dialog",
        "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5",
        "h6", "head", "header", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "option", "p", "pre",
        "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "video", "audio", "button",
        "iframe", "object", "template", "select", "svg", "math", "picture",
    ]
)  # fmt: skip
_HEADINGS: Final = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_CELLS: Final = frozenset(["li", "td", "th", "dt", "dd"])
_CELL_ENDS: Final = _CELLS | {"tr", "table", "ul", "ol", "dl"}
_ASIDE: Final = frozenset(["nav", "aside", "footer", "form", "header"])
# Their content is text to the parser, and no tags are known in it; that of a title is kept apart.
_RAW: Final = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE)
    for name in ("script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes", "noscript")
}
_UNSEEN: Final = frozenset(["template", "select", "svg", "math", "object"])


@dataclass(frozen=True, slots=True)
class SeenLine:
    """A line of a page: `starts` and `ends` are the place of each character in the source."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    tag: str
    """The heading (`h1`), cell (`li`, `td`) or `figcaption` that it stands in; empty for any other."""
    is_aside: bool
    """Whether it stands in a part of the page such as `nav` or `footer`."""


@dataclass(slots=True)
class Page:
    """What a source holds."""

    lines: list[SeenLine] = field(default_factory=list)
    title: str = ""
    language: str = ""
    metas: dict[str, str] = field(default_factory=dict)
    """Content of `meta` by its `property`, `name` or `itemprop` in small letters; the first of each."""
    canonical: str = ""
    links: list[str] = field(default_factory=list)
    """Addresses of `a` elements, in their order, as they are written."""
    linked_data: list[str] = field(default_factory=list)
    """Sources of `application/ld+json` scripts."""
    times: list[tuple[int, str, str]] = field(default_factory=list)
    """Of each `time` element its place, its `datetime`, and its `class` and `itemprop` in small letters."""


def read_page(source: str) -> Page:
    """Walk over an HTML source."""
    return _Walker(source).walk()


class _Walker:
    def __init__(self, source: str) -> None:
        self._source = source
        self._page = Page()
        self._letters: list[str] = []
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._tag = ""
        self._asides = 0
        self._unseen = ""
        self._unseen_depth = 0

    def walk(self) -> Page:
        source, at, length = self._source, 0, len(self._source)
        while at < length:
            mark = source.find("<", at)
            if mark < 0:
                mark = length
            if mark > at:
                self._take_text(at, mark)
            if mark >= length:
                break
            at = self._take_markup(mark)
        self._end_line()
        return self._page

    def _take_markup(self, at: int) -> int:
        """Take what begins with `<`; returns where it ends."""
        source = self._source
        after = source[at + 1 : at + 3]
        if after[:1] in ("!", "?") or (after[:1] == "/" and not after[1:].isascii()):
            if source.startswith("<!--", at):
                end = source.find("-->", at + 2)
                return len(source) if end < 0 else end + 3
            return self._past(">", at)
        if after[:1] == "/":
            name = _NAME.match(source, at + 2)
            if name is None:
                return self._past(">", at)
            self._close(name.group().lower())
            return self._past(">", name.end())
        name = _NAME.match(source, at + 1)
        if name is None:
            self._take_text(at, at + 1)
            return at + 1
        tag = name.group().lower()
        end, attributes = self._attributes(name.end())
        self._open(tag, attributes, at)
        return self._take_raw(tag, attributes, end) if tag in _RAW else end

    def _past(self, sign: str, at: int) -> int:
        end = self._source.find(sign, at)
        return len(self._source) if end < 0 else end + len(sign)

    def _attributes(self, at: int) -> tuple[int, dict[str, str]]:
        """The attributes of a start tag and where it ends."""
        source, found = self._source, dict[str, str]()
        while True:
            match = _ATTRIBUTE.match(source, at)
            if match is None:
                blank = _BLANK_OR_SLASH.match(source, at)
                at = blank.end() if blank else at
                if at >= len(source):
                    return at, found
                if source[at] == ">":
                    return at + 1, found
                at += 1  # a stray sign such as `=`
                continue
            name, value = match["name"].lower(), match["value"]
            at = match.end()
            quote = source[at : at + 1]
            if value is None and quote and quote in "\"'" and match.group().rstrip().endswith("="):
                end = source.find(quote, at + 1)
                if end < 0:
                    return len(source), found
                value = source[at + 1 : min(end, at + 1 + _LONGEST_ATTRIBUTE)]
                at = end + 1
            if name not in found and len(found) < 100:
                found[name] = (
                    html.unescape(value[:_LONGEST_ATTRIBUTE]) if value and "#" not in value else value or ""
                )

    def _take_raw(self, tag: str, attributes: dict[str, str], at: int) -> int:
        match = _RAW[tag].search(self._source, at)
        end = match.start() if match else len(self._source)
        if tag == "title" and not self._page.title and not self._unseen:
            self._page.title = " ".join(
                _unescape(self._source[at : min(end, at + _LONGEST_ATTRIBUTE)]).split()
            )
        elif "ld+json" in attributes.get("type", "").lower() and len(self._page.linked_data) < _MOST_METAS:
            self._page.linked_data.append(self._source[at:end])
        return self._past(">", end) if match else end

    # Tags

    def _open(self, tag: str, attributes: dict[str, str], at: int) -> None:
        if tag in _BREAKING:
            self._end_line()
        if self._unseen:
            self._unseen_depth += tag == self._unseen
            return
        if tag in _UNSEEN:
            self._unseen, self._unseen_depth = tag, 1
        elif tag in _HEADINGS or tag in _CELLS or tag == "figcaption":
            self._tag = tag
        elif tag in ("p", "div", "section", "article") and self._tag in _HEADINGS:
            self._tag = ""  # a heading holds none of these: it was left open
        elif tag in _ASIDE:
            self._asides += 1
        elif tag == "meta":
            self._take_meta(attributes)
        elif tag == "a" and attributes.get("href") and len(self._page.links) < _MOST_METAS:
            self._page.links.append(attributes["href"].strip())
        elif tag == "html":
            self._page.language = self._page.language or attributes.get("lang", "")
        elif tag == "link" and attributes.get("rel", "").lower() == "canonical":
            self._page.canonical = self._page.canonical or attributes.get("href", "")
        elif tag == "time" and len(self._page.times) < _MOST_METAS:
            what = f"{attributes.get('class', '')} {attributes.get('itemprop', '')} "
            what += "pubdate" if "pubdate" in attributes else ""
            self._page.times.append((at, attributes.get("datetime", ""), what.lower()))

    def _close(self, tag: str) -> None:
        if tag in _BREAKING:
            self._end_line()
        if self._unseen:
            if tag == self._unseen:
                self._unseen_depth -= 1
                if not self._unseen_depth:
                    self._unseen = ""
            return
        if tag in _HEADINGS or tag in _CELL_ENDS or tag in ("figcaption", "figure"):
            self._tag = ""
        elif tag in _ASIDE and self._asides:
            self._asides -= 1

    def _take_meta(self, attributes: dict[str, str]) -> None:
        content = attributes.get("content", "").strip()
        if content and len(self._page.metas) < _MOST_METAS:
            for key in ("property", "name", "itemprop"):
                if attributes.get(key):
                    self._page.metas.setdefault(attributes[key].strip().lower(), content)

    # Text

    def _take_text(self, start: int, end: int) -> None:
        if self._unseen:
            return
        letters, starts, ends = self._letters, self._starts, self._ends
        for piece in _PIECE.finditer(self._source, start, end):
            begin, stop = piece.span()
            if piece.lastgroup == "blank":
                self._take_blank(begin, stop)
            elif piece.lastgroup == "entity":
                decoded = html.unescape(piece.group())
                for letter in decoded:
                    if letter.isspace():
                        self._take_blank(begin, stop)
                    else:
                        letters.append(letter)
                        starts.append(begin)
                        ends.append(stop)
            else:
                letters.append(piece.group())
                starts.extend(range(begin, stop))
                ends.extend(range(begin + 1, stop + 1))

    def _take_blank(self, begin: int, stop: int) -> None:
        if self._letters and self._letters[-1] != " ":
            self._letters.append(" ")
            self._starts.append(begin)
            self._ends.append(stop)

    def _end_line(self) -> None:
        if not self._letters:
            return
        if self._letters[-1] == " ":
            self._letters.pop()
            self._starts.pop()
            self._ends.pop()
        if self._letters:
            self._page.lines.append(
                SeenLine(
                    "".join(self._letters),
                    tuple(self._starts),
                    tuple(self._ends),
                    self._tag,
                    self._asides > 0,
                )
            )
        self._letters, self._starts, self._ends = [], [], []


def _unescape(text: str) -> str:
    return _PIECE.sub(lambda piece: html.unescape(piece.group()) if piece["entity"] else piece.group(), text)
