"""Plain text to a document: its blocks, each of one kind, and the sentences of those that tell something."""

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Final

from geomap.extract.dateline import dateline_end
from geomap.extract.document import Block, BlockKind, Document, Sentence
from geomap.extract.furniture import (
    ENDS_TOLD,
    author_of,
    credit_start,
    is_byline,
    is_caption,
    is_furniture,
    is_outlet,
)
from geomap.extract.language import detect_language
from geomap.extract.published import date_line, date_prefix, full_dates, is_date_line
from geomap.extract.sentences import split_sentences

_LINE: Final = re.compile("[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_INVISIBLE: Final = " \t\xa0\u200b\u200c\u200d\u2060\ufeff\u00ad"
_LONGEST_HEADLINE: Final = 220
_MOST_HEADLINE_WORDS: Final = 30
_LONGEST_LINE: Final = 960
"""Characters above which a line is a paragraph, whatever it is like; only its ends are looked at."""
_TAIL: Final = 240
"""Characters at the end of a longer one in which a credit is sought."""
_HEAD_LINES: Final = 12
"""Lines at the start in which a date of publication is sought."""
_DATELINE_PARAGRAPHS: Final = 3
"""A dateline stands before one of the first paragraphs."""
_LONGEST_CAPTION_WORDS: Final = 60
_WRAP_LINES: Final = 4
_WIDEST_WRAP: Final = 160
_WRAPPED_SHARE: Final = 0.3
_ITEM: Final = re.compile(r"(?:[-*•·–—+]|\d{1,3}[.)])\s")
_SHORT_ENTRY: Final = 32
_SHORTEST_MENU: Final = 5
_MENU_SHARE: Final = 0.4
_PIPE: Final = re.compile(r"\s+[|¦]\s+")
_TRAILING_DASH: Final = re.compile(r"\s+[-–—]\s+(?=[^-–—|]{2,40}\Z)")
_ONLY_AGENCY: Final = re.compile(r"[(\[][\w ,.&-]{2,40}[)\]]")
_STOPS: Final = re.compile(r"[.!?…][\"'”’»“)]*\s")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line or the lines of a wrapped paragraph; `gap` says that a blank line stands before it."""

    start: int
    end: int
    gap: bool
    indent: int = 0


def plain_document(
    text: str,
    *,
    id: str = "",  # noqa: A002
    published: date | None = None,
    published_basis: str = "",
    language: str = "",
    title: str = "",
    publisher: str = "",
    author: str = "",
    url: str = "",
    sha256: str = "",
    origins: tuple[int, ...] | None = None,
    origin_ends: tuple[int, ...] | None = None,
    kinds: Mapping[int, BlockKind] | None = None,
    cuts: Sequence[tuple[int, int]] = (),
    body_start: int = 0,
) -> Document:
    """Take a text apart; what is given of it is kept, the rest is told by the text where it can be.

    Parameters
    ----------
    text
        What a person reads; lines and blank lines part its blocks.
    published, published_basis
        Kept as given; otherwise sought in a date line, byline or dateline at the head, and never elsewhere.
    sha256
        Of the stored original; that of the text itself, in UTF-8, if empty.
    kinds
        What is already known of some lines, by the offset of their first character that is no blank.
    cuts
        Stretches that nobody reads (targets of links), in order and disjoint: no block that is told holds them.
    body_start
        What stands before it is furniture as a whole.
    """
    segmenter = _Segmenter(
        text, title=title, publisher=publisher, kinds=kinds or {}, cuts=cuts, body_start=body_start
    )
    segmenter.run()
    if published is None and segmenter.published is not None:
        published, published_basis = segmenter.published, segmenter.published_basis
    blocks = tuple(segmenter.blocks)
    told = [block for block in blocks if block.kind.is_told]
    if not language:
        sample = told or blocks
        language = detect_language(text[sample[0].start : sample[-1].end] if sample else "")
    sentences = tuple(
        Sentence(start, end, number)
        for number, block in enumerate(blocks)
        if block.kind.is_told
        for start, end in split_sentences(text, block.start, block.end, language)
    )
    return Document(
        id=id,
        text=text,
        blocks=blocks,
        sentences=sentences,
        sha256=sha256 or hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        language=language,
        published=published,
        published_basis=published_basis if published is not None else "",
        title=title or segmenter.headline,
        publisher=publisher,
        author=author or segmenter.author,
        url=url,
        origins=origins,
        origin_ends=origin_ends,
    )


def _lines(text: str, begin: int) -> Iterator[_Line]:
    """The lines that hold something, without blanks at their ends."""
    last = begin
    for match in _LINE.finditer(text, begin):
        line = match.group()
        bare = line.lstrip(_INVISIBLE).lstrip()
        if not bare.strip(_INVISIBLE):
            continue
        start = match.end() - len(bare)
        bare = bare.rstrip().rstrip(_INVISIBLE).rstrip()
        if bare:
            between = text[last : match.start()]
            breaks = between.count("\n") or between.count("\r") + between.count("\u2029") * 2 + between.count(
                "\x85"
            )
            yield _Line(start, start + len(bare), breaks != 1, start - match.start())
            last = start + len(bare)


def _paragraphs(text: str, begin: int) -> list[_Line]:
    """Lines, with those put together that a fixed width of lines has parted."""
    lines = list(_lines(text, begin))
    width = _wrap_width(text, lines)
    joined: list[_Line] = []
    last = 0  # length of the last line of the paragraph
    for line in lines:
        if joined and not line.gap and _goes_on(text, joined[-1], last, line, width):
            joined[-1] = _Line(joined[-1].start, line.end, joined[-1].gap, line.indent)
        else:
            joined.append(line)
        last = line.end - line.start
    return joined


def _wrap_width(text: str, lines: Sequence[_Line]) -> int:
    """The width to which a text's lines are broken, 0 if they are not: many go on in lower case on the next."""
    pairs = [(one, other) for one, other in pairwise(lines) if not other.gap]
    if len(pairs) < _WRAP_LINES:
        return 0
    going_on = sum(text[other.start].islower() and text[one.end - 1] not in ".!?…" for one, other in pairs)
    lengths = sorted(line.end - line.start for line in lines)
    widest = lengths[-1 - len(lengths) // 50]
    return widest if going_on >= _WRAPPED_SHARE * len(pairs) and widest <= _WIDEST_WRAP else 0


def _goes_on(text: str, paragraph: _Line, last: int, line: _Line, width: int) -> bool:
    """Whether a line goes on with the paragraph before it, whose last line is `last` characters long."""
    if _ITEM.match(text, line.start, line.end):
        return False
    if not width:
        return text[line.start].islower() and last >= _SHORT_ENTRY and text[paragraph.end - 1].isalnum()
    if line.indent >= paragraph.indent + 2:
        return False
    space = text.find(" ", line.start, line.end)
    word = (space if space >= 0 else line.end) - line.start
    return text[line.start].islower() or last + 1 + word >= 0.85 * width


@dataclass(slots=True)
class _Segmenter:
    """The blocks of one text, as they are found."""

    text: str
    title: str
    publisher: str
    kinds: Mapping[int, BlockKind]
    cuts: Sequence[tuple[int, int]]
    body_start: int = 0
    blocks: list[Block] = field(default_factory=list)
    author: str = ""
    published: date | None = None
    published_basis: str = ""
    _cut_starts: list[int] = field(default_factory=list)
    _headlines: set[str] = field(default_factory=set)
    _paragraphs: int = 0

    def run(self) -> None:
        """Find every block."""
        self._cut_starts = [start for start, _ in self.cuts]
        if self.title:
            self._headlines.add(_key(self.title))
        self._put(BlockKind.FURNITURE, 0, self.body_start)
        lines = _paragraphs(self.text, self.body_start)
        for number, line in enumerate(lines):
            self._take(line, number, len(lines))
        self._mark_captions()
        self._drop_menus()

    def _take(self, line: _Line, number: int, count: int) -> None:
        start, end = line.start, line.end
        given = self.kinds.get(start)
        in_head = self._paragraphs == 0
        if given is None and in_head and number < _HEAD_LINES:
            start = self._take_prefix(start, end)
            if start >= end:
                return
        long = end - start > _LONGEST_LINE
        words = "" if long else self.text[start:end]
        if given is not None and not given.is_told:
            self._add(given, start, end)
        elif given is BlockKind.CAPTION:
            self._take_caption(start, end, words)
        elif given is BlockKind.HEADLINE:
            self._take_headline(start, end)
        elif not long and is_byline(words):
            self._add(BlockKind.BYLINE, start, end)
            self._read_byline(words, number, in_head)
        elif is_furniture(words or self.text[start : start + _LONGEST_LINE]):
            self._add(BlockKind.FURNITURE, start, end)
        elif given is BlockKind.PARAGRAPH:
            self._take_paragraph(start, end, words)
        else:
            self._take_told(start, end, words, number, count)

    def _take_told(self, start: int, end: int, words: str, number: int, count: int) -> None:
        if self._paragraphs < _DATELINE_PARAGRAPHS:
            place_end = dateline_end(self.text, start, end)
            if place_end is not None:
                self._add(BlockKind.DATELINE, start, place_end)
                self._date(start, place_end, "dateline")
                start = place_end
                if start < end:
                    self._take_paragraph(start, end, self.text[start:end] if words else "")
                return
        if self._headlines and 0 < len(words) <= _LONGEST_HEADLINE and _key(words) in self._headlines:
            self._take_headline(start, end)
        elif words and self._is_headline(words, number, count):
            if credit_start(words) is not None or is_caption(words):
                self._take_paragraph(start, end, words)
            else:
                self._take_headline(start, end)
        else:
            self._take_paragraph(start, end, words)

    def _take_paragraph(self, start: int, end: int, words: str) -> None:
        """A paragraph, or a caption if its credit or its wording says so."""
        tail = words or self.text[end - _TAIL : end]
        offset = end - len(tail)
        credit = credit_start(tail)
        if credit is not None and (words or credit > 0):
            at = offset + credit
            self._add(self._kind_before_credit(start, at, end), start, at)
            self._add(BlockKind.CREDIT, at, end)
        elif words and is_caption(words):
            self._add(BlockKind.CAPTION, start, end)
        else:
            self._paragraphs += 1
            self._add(BlockKind.PARAGRAPH, start, end)

    def _kind_before_credit(self, start: int, credit: int, end: int) -> BlockKind:
        words = self.text[start:credit].rstrip() if end - start < _LONGEST_LINE else ""
        only_agency = _ONLY_AGENCY.fullmatch(self.text, credit, end) and ENDS_TOLD.search(words)
        if (
            words
            and not only_agency  # the agency at the end of a report, not of a picture
            and len(words.split()) <= _LONGEST_CAPTION_WORDS
            and len(_STOPS.findall(words)) < 3
        ):
            return BlockKind.CAPTION
        return BlockKind.PARAGRAPH

    def _take_caption(self, start: int, end: int, words: str) -> None:
        credit = credit_start(words) if words else None
        at = end if credit is None else start + credit
        self._add(BlockKind.CAPTION, start, at)
        self._add(BlockKind.CREDIT, at, end)

    def _take_headline(self, start: int, end: int) -> None:
        split = self._suffix_start(start, end)
        self._headlines.add(_key(self.text[start:split]))
        self._headlines.add(_key(self.text[start:end]))
        self._add(BlockKind.HEADLINE, start, split)
        self._add(BlockKind.FURNITURE, split, end)

    def _is_headline(self, words: str, number: int, count: int) -> bool:
        """Whether a line reads like a headline or a crosshead: short, and no sentence."""
        if len(words) > _LONGEST_HEADLINE or not (words[0].isupper() or not words[0].isalpha()):
            return False
        if words[-1] in ":;,-–—|" or _ITEM.match(words) or words.count(" ") >= _MOST_HEADLINE_WORDS:
            return False
        if not ENDS_TOLD.search(words[-8:]):
            return True
        # Only the first line may ask or cry out, and be a headline.
        return (
            number < 2
            and not self._headlines
            and count > 2
            and words[-1] in "?!"
            and not _STOPS.search(words)
        )

    def _suffix_start(self, start: int, end: int) -> int:
        """Where the section or outlet begins that stands behind a headline; `end` if none does."""
        words = self.text[start:end]
        for pipe in _PIPE.finditer(words):
            pieces = _PIPE.split(words[pipe.end() :])
            if pipe.start() >= 12 and all(len(piece.split()) <= 5 for piece in pieces):
                return start + pipe.start()
        dash = _TRAILING_DASH.search(words)
        if dash and dash.start() >= 12:
            rest = words[dash.end() :]
            if is_outlet(rest) or (self.publisher and _key(rest) == _key(self.publisher)):
                return start + dash.start()
        return end

    def _take_prefix(self, start: int, end: int) -> int:
        """A date that stands before the first words of a line; returns where the rest begins."""
        prefix = date_prefix(self.text, start, end)
        if prefix is None or is_date_line(self.text[start:end]):
            return start
        self._add(BlockKind.BYLINE, start, prefix.end)
        self._date(start, prefix.end, "first words")
        rest = self.text[prefix.end : end]
        return end - len(rest.lstrip(" \t\xa0,|:-–—"))

    def _read_byline(self, words: str, number: int, in_head: bool) -> None:
        if not self.author:
            self.author = author_of(words)
        if self.published is None and in_head and number < _HEAD_LINES:
            day = date_line(words)
            if day is None:
                dates = list(full_dates(words))
                day = dates[0].day if len(dates) == 1 else None
            if day is not None:
                self.published = day
                self.published_basis = f"date line in the text: {words!r}"

    def _date(self, start: int, end: int, what: str) -> None:
        first = next(full_dates(self.text, start, end), None)
        if self.published is None and first is not None:
            self.published = first.day
            self.published_basis = f"{what} of the text: {self.text[start:end].strip()!r}"

    def _add(self, kind: BlockKind, start: int, end: int) -> None:
        """Put a block down without blanks at its ends, and without the cuts if it is told."""
        if kind.is_told and self.cuts:
            first = max(0, bisect_right(self._cut_starts, start) - 1)
            for number in range(first, len(self.cuts)):
                cut_start, cut_end = self.cuts[number]
                if cut_start >= end:
                    break
                if cut_end > start:
                    self._put(kind, start, cut_start)
                    self._put(BlockKind.FURNITURE, max(start, cut_start), min(end, cut_end))
                    start = cut_end
        self._put(kind, start, end)

    def _put(self, kind: BlockKind, start: int, end: int) -> None:
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        if start < end:
            self.blocks.append(Block(kind, start, end))

    @property
    def headline(self) -> str:
        """The first headline of the text; empty if it has none before its first paragraph."""
        for block in self.blocks:
            if block.kind is BlockKind.HEADLINE:
                return self.text[block.start : block.end]
            if block.kind is BlockKind.PARAGRAPH:
                break
        return ""

    def _mark_captions(self) -> None:
        """Make captions of lines within the story that look like headlines and have a credit behind them."""
        seen = False
        for number, (block, following) in enumerate(pairwise(self.blocks)):
            seen = seen or block.kind is BlockKind.PARAGRAPH
            if seen and block.kind is BlockKind.HEADLINE and following.kind is BlockKind.CREDIT:
                self.blocks[number] = Block(BlockKind.CAPTION, block.start, block.end)

    def _drop_menus(self) -> None:
        """Make furniture of short lines amid a list of known labels."""
        run: list[int] = []
        for number, block in enumerate([*self.blocks, None]):
            if block is not None and self._may_be_entry(block):
                run.append(number)
                continue
            known = sum(self.blocks[at].kind is BlockKind.FURNITURE for at in run)
            if len(run) >= _SHORTEST_MENU and known >= _MENU_SHARE * len(run):
                for at in run:
                    entry = self.blocks[at]
                    self.blocks[at] = Block(BlockKind.FURNITURE, entry.start, entry.end)
            run = []

    def _may_be_entry(self, block: Block) -> bool:
        if block.kind is BlockKind.FURNITURE:
            return block.end - block.start <= _SHORT_ENTRY
        if block.kind is not BlockKind.HEADLINE or block.end - block.start > _SHORT_ENTRY:
            return False
        words = self.text[block.start : block.end]
        return words.count(" ") < 3 and _key(words) != _key(self.title)


def _key(words: str) -> str:
    """Words as they compare: without case, punctuation and blanks."""
    return "".join(filter(str.isalnum, words.casefold()))
