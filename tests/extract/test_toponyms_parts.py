"""The steps of recognition by themselves: words, the best spans apart, what recognisers say."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.extract.toponyms.model import best_apart
from geomap.extract.toponyms.recognisers import LabelledSpan, labels_of
from geomap.extract.toponyms.words import Shape, WordReader

some = settings(max_examples=200, derandomize=True)


def read(text: str) -> list[str]:
    return WordReader().read(text, 0, len(text)).texts


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Kursk’s mayor", ["Kursk", "’s", "mayor"]),
        ("Belarus' army", ["Belarus", "'", "army"]),
        ("Kyiv-class", ["Kyiv", "-", "class"]),
        ("the U.S. said", ["the", "U.S.", "said"]),
        ("Charleston, W.Va.", ["Charleston", ",", "W.Va."]),
        ("Кам'янка впала", ["Кам'янка", "впала"]),
        ("O’Brien won 3,000", ["O’Brien", "won", "3,000"]),
        ("Mu\u0301nchen", ["Mu\u0301nchen"]),
        ("", []),
        (" \n\t", []),
    ],
)
def test_a_text_is_read_into_words(text: str, words: list[str]) -> None:
    assert read(text) == words


def test_words_have_folds_and_shapes() -> None:
    words = WordReader().read("Львів and NATO, 12", 0, 18)
    assert words.folds == ["lviv", "and", "nato", ",", "#"]
    assert words.shapes == [Shape.CAPITAL, Shape.SMALL, Shape.CAPITALS, Shape.MARK, Shape.NUMBER]


@given(st.text(max_size=60))
@some
def test_words_are_the_text_without_its_blanks(text: str) -> None:
    words = WordReader().read(text, 0, len(text))
    assert [text[start:end] for start, end in zip(words.starts, words.ends, strict=True)] == words.texts
    assert "".join("".join(words.texts).split()) == "".join(text.split())


SPANS = st.lists(
    st.tuples(st.integers(0, 8), st.integers(0, 3)).map(lambda one: (one[0], one[0] + one[1])), max_size=7
)


@given(SPANS, st.lists(st.integers(-5, 9), min_size=7, max_size=7))
@some
def test_the_best_spans_apart_are_the_best_of_all_choices(
    spans: list[tuple[int, int]], gains: list[int]
) -> None:
    own = gains[: len(spans)]

    def are_apart(numbers: tuple[int, ...]) -> bool:
        return all(
            spans[one][1] < spans[other][0] or spans[other][1] < spans[one][0]
            for one, other in combinations(numbers, 2)
        )

    chosen = best_apart(spans, own)
    best = max(
        sum(own[number] for number in numbers)
        for size in range(len(spans) + 1)
        for numbers in combinations(range(len(spans)), size)
        if are_apart(numbers)
    )
    assert are_apart(tuple(chosen))
    assert sum(own[number] for number in chosen) == best
    assert all(own[number] > 0 for number in chosen)


def test_what_a_recogniser_says_of_spans() -> None:
    said = [LabelledSpan(0, 5, "GPE"), LabelledSpan(10, 20, "ORG")]
    spans = [(0, 5), (0, 3), (0, 8), (12, 14), (8, 12), (6, 9), (0, 30)]
    assert labels_of("x", said, spans) == [
        ["x=GPE|same"],
        ["x=GPE|inside"],
        ["x=GPE|around"],
        ["x=ORG|inside"],
        ["x=ORG|across"],
        ["x="],
        ["x=GPE|around", "x=ORG|around"],
    ]
