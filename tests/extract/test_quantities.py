"""Numbers and what they count."""

import pytest

from geomap.extract.lexicon import read_lexicon
from geomap.extract.quantities import CountReader
from geomap.extract.tokens import read_words

READER = CountReader(read_lexicon())


@pytest.mark.parametrize(
    ("text", "measure", "figures"),
    [
        ("15,000 troops stand there.", "personnel", (None, 15000, None)),
        ("a pair of long-range bombers flew", "aircraft", (None, 2, None)),
        ("at least 30 people were killed", "fatalities", (30, None, None)),
        ("up to 500 soldiers left", "personnel", (None, None, 500)),
        ("between 20 and 30 drones were seen", "drones", (20, None, 30)),
        ("thousands of migrants waited", "persons", (2000, None, None)),
        ("dozens of missiles", "missiles", (24, None, None)),
        ("losses at 1,610", "losses", (None, 1610, None)),
        ("a $725 million package", "money", (None, 725e6, None)),
        ("twelve wounded men", "injured", (None, 12, None)),
        ("120 vehicles crossed", "vehicles", (None, 120, None)),
    ],
)
def test_counts(text: str, measure: str, figures: tuple[float | None, ...]) -> None:
    (found,) = READER.read(read_words(text, 0, len(text)))
    assert (found.measure, (found.low, found.best, found.high)) == (measure, figures)


@pytest.mark.parametrize(
    "text", ["180 km from the border", "in 2014", "at 5 a.m.", "the 16th Division", "", "one of them"]
)
def test_what_counts_nothing(text: str) -> None:
    assert READER.read(read_words(text, 0, len(text))) == []
