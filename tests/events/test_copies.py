"""A text that repeats another is found by words in a row, and what goes before decides which one repeats."""

import time
from datetime import date

import pytest

from geomap.events.copies import Text, find_copies, share_of, take_prints

WORDS = [f"{syllable}{number}" for number in range(60) for syllable in ("ka", "mo", "ri")]
FIRST = " ".join(WORDS)
OTHER = " ".join(f"x{word}" for word in WORDS)


def of(*texts: Text) -> list[int | None]:
    return [copy.of if copy is not None else None for copy in find_copies(texts)]


def test_the_share_is_of_the_first_text() -> None:
    half = " ".join(WORDS[:90])
    assert share_of(take_prints([half]), take_prints([FIRST])) == 1
    assert share_of(take_prints([FIRST]), take_prints([half])) == pytest.approx(86 / 176)
    assert share_of(take_prints([FIRST]), take_prints([OTHER])) == 0


def test_case_punctuation_and_line_breaks_do_not_matter() -> None:
    rewritten = ",\n".join(word.upper() for word in WORDS)
    assert share_of(take_prints([rewritten]), take_prints([FIRST])) == 1


def test_few_words_say_nothing() -> None:
    assert (
        share_of(take_prints(["one two three four five six"]), take_prints(["one two three four five six"]))
        == 0
    )


def test_later_repeats_earlier_and_never_in_a_circle() -> None:
    one, two, three = (Text(text=FIRST, told=[], published=date(2024, 5, day)) for day in (3, 1, 2))
    assert of(one, two, three) == [1, None, 1]
    undated = Text(text=FIRST, told=[])
    assert of(undated, undated, one) == [2, 2, None]


def test_what_is_told_decides_and_not_the_rest_of_the_page() -> None:
    event = " ".join(WORDS[:30])
    mine = " ".join(f"y{word}" for word in WORDS[:30])
    page = Text(text=f"{mine} {' '.join(WORDS[30:])}", told=[mine], published=date(2024, 5, 2))
    first = Text(text=FIRST, told=[event], published=date(2024, 5, 1))
    assert of(first, page) == [None, None]
    assert of(first, Text(text=FIRST, told=[event], published=date(2024, 5, 2))) == [None, 0]


def test_a_credit_lets_a_freer_copy_pass() -> None:
    told = " ".join([*WORDS[:20], *(f"y{word}" for word in WORDS[20:44])])
    text = f"{told} {' '.join(WORDS[44:100])}"
    first = Text(text=FIRST, told=[FIRST], published=date(2024, 5, 1))
    for has_credit, expected in ((True, 0), (False, None)):
        copy = Text(text=text, told=[told], published=date(2024, 5, 2), has_credit=has_credit)
        assert of(first, copy) == [None, expected]


def test_scripts_without_blanks_are_compared_sign_by_sign() -> None:
    text = "昨日未明市北部の燃料貯蔵所が二機の無人機による攻撃を受け四基のタンクが炎上した"
    assert share_of(take_prints([text]), take_prints([f"速報、{text}という。"])) == 1


def test_time_grows_with_the_text_alone() -> None:
    for text in (
        "“" * 2_000_000,
        "“a" * 1_000_000,
        '"x" ' * 500_000,
        "word " * 400_000,
        "\ud800 " * 1_000_000,
    ):
        began = time.process_time()
        find_copies([Text(text=text, told=[]), Text(text=text, told=[])])
        assert time.process_time() - began < 10
