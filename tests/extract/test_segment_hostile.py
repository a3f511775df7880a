"""Any text ends in a document that keeps its promises, in time that grows with its length."""

import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.extract.document import BlockKind, Document
from geomap.extract.segment import plain_document

PIECES = st.sampled_from(
    [
        "Troops reached Brest. ", "By Jane Roe", "KYIV, Aug 12 (Reuters) - ", "\n", "\n\n", " | ", "Photo: ", "/AP",
        "(AP)", "Read more: ", "0:00", "12.11.2021 10:15 ", "icon ", "г. Минск ", "т.е. ", "U.S. ", "“", "”", "...",
        "?!", "\r\n", "\u2028", "\ufeff", "\u200b", "\ud83d", "\udcff", "\x00", "\u202e", "Advertisement", "#a ",
        "https://example.org", " via AP", "Fot. ", "© ", "- ", "1. ", "A. ", "…", "    ", "Jane Roe, 10 Nov 2021",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(st.one_of(PIECES, st.text(max_size=8))).map("".join))


def check(document: Document) -> None:
    """What holds of every document."""
    text = document.text
    last = 0
    for block in document.blocks:
        assert last <= block.start < block.end <= len(text)
        assert not text[block.start].isspace()
        assert not text[block.end - 1].isspace()
        last = block.end
    last = 0
    for sentence in document.sentences:
        block = document.blocks[sentence.block]
        assert block.kind.is_told
        assert max(last, block.start) <= sentence.start < sentence.end <= block.end
        last = sentence.end
    told = "".join(text[b.start : b.end] for b in document.blocks if b.kind.is_told)
    split = "".join(text[s.start : s.end] for s in document.sentences)
    assert "".join(told.split()) == "".join(split.split()), "sentences leave nothing out"


@settings(deadline=None)  # the first text may load the language identifier
@given(TEXTS)
def test_any_text_ends_in_a_document(text: str) -> None:
    document = plain_document(text)
    assert document.text == text
    check(document)
    assert plain_document(text) == document


@settings(deadline=None)  # the first text may load the language identifier
@given(TEXTS, st.data())
def test_cuts_are_in_no_told_block(text: str, data: st.DataObject) -> None:
    ends = sorted(set(data.draw(st.lists(st.integers(0, len(text)), max_size=6))))
    cuts = list(zip(ends[::2], ends[1::2], strict=False))
    document = plain_document(text, cuts=cuts)
    check(document)
    for block in document.blocks:
        if block.kind.is_told:
            assert not any(block.start < end and start < block.end for start, end in cuts)


@settings(deadline=None)  # the first text may load the language identifier
@given(TEXTS, st.integers(0, 20))
def test_what_stands_before_the_body_is_furniture(text: str, start: int) -> None:
    start = min(start, len(text))
    document = plain_document(text, body_start=start)
    check(document)
    assert all(block.kind is BlockKind.FURNITURE for block in document.blocks if block.start < start)


LENGTH = 10_000_000
# A stop every two characters costs most; a tenth of these shows whether time grows with more than the length.
DENSE = (". ", '."', "A. ", "ab\n")


@pytest.mark.parametrize(
    "unit",
    [
        "Troops reached Brest on Monday, he said. ",
        "a",
        "troops ",
        ".",
        ". ",
        '."',
        "A. ",
        "(",
        " - ",
        "\n",
        "ab\n",
        "\u200b",
        "\ud800 ",
    ],
    ids=repr,
)
def test_ten_million_characters_end_in_seconds(unit: str) -> None:
    text = unit * ((LENGTH // 10 if unit in DENSE else LENGTH) // len(unit))
    started = time.process_time()
    document = plain_document(text)
    assert time.process_time() - started < 15  # measured: 0.1 to 1.3 s
    assert len(document.text) == len(text)


def test_memory_stays_near_the_size_of_the_text() -> None:
    text = "Troops reached Brest on Monday, he said. " * 50_000
    tracemalloc.start()
    plain_document(text)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 30 * len(text)
