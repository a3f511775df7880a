"""A document as a value: its text, the blocks and sentences of it, and what is known of it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class BlockKind(StrEnum):
    """What a stretch of a document is."""

    HEADLINE = "headline"
    BYLINE = "byline"
    DATELINE = "dateline"
    PARAGRAPH = "paragraph"
    CAPTION = "caption"
    CREDIT = "credit"
    FURNITURE = "furniture"

    @property
    def is_told(self) -> bool:
        """Whether the author tells something there: only such blocks yield places and events."""
        return self in (BlockKind.HEADLINE, BlockKind.PARAGRAPH, BlockKind.CAPTION)


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the text of one kind; `start` and `end` are code points into it, end exclusive."""

    kind: BlockKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a headline, paragraph or caption; never across two blocks."""

    start: int
    end: int
    block: int
    """Number of its block in `Document.blocks`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A text that has been read, as everything after it takes it.

    `text` is what a person reads, in Unicode code points; `blocks` and `sentences` stand in its order and do not
    overlap. Where the stored original is another text (HTML), `original_span` leads back to it.
    """

    id: str
    text: str
    blocks: tuple[Block, ...]
    sentences: tuple[Sentence, ...]
    sha256: str
    """Of the bytes of the stored original, in lower-case hexadecimal."""
    language: str
    """ISO 639-1; empty where it cannot be told."""
    published: date | None = None
    published_basis: str = ""
    """In words: what the date of publication rests on."""
    title: str = ""
    publisher: str = ""
    author: str = ""
    url: str = ""
    retrieved: date | None = None
    """When the original was fetched from there, in UTC."""
    origins: tuple[int, ...] | None = None
    """For each code point of `text` its offset in the original; None where the text is the original."""
    origin_ends: tuple[int, ...] | None = None
    """Where each ends there; needed where one code point is written with several (`&amp;`)."""

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """A span of the text as code points into the stored original, end exclusive."""
        if self.origins is None:
            return start, end
        if self.origin_ends is not None:
            return self.origins[start], self.origin_ends[end - 1]
        return self.origins[start], self.origins[end - 1] + 1
