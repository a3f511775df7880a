"""Credits of a text are told from those of its pictures, and a cited outlet from one that is only named."""

import pytest

from geomap.events.credits import CitationReader, Credits, agency_name, read_credits

BODY = "Crews fought the blaze for nine hours while families waited in a gymnasium near the river."


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        (f"VELMORA, May 7 (Reuters) - {BODY}", "Reuters"),
        (f"A headline\n\nVELMORA, Poland (AP) — {BODY}", "AP"),
        (f"МИНСК, 7 мая. /ТАСС/. {BODY}", "TASS"),
        (f"МИНСК, 7 мая (БелТА). {BODY}", "BelTA"),
        (f"KYIV, 7 May - Interfax-Ukraine - {BODY}", "Interfax-Ukraine"),
        (f"A headline\nBy Ann Lee, Associated Press\n{BODY}", "AP"),
        (f"A headline\nBy the Associated Press\n{BODY}", "AP"),
        (f"{BODY}\n\nSource: AFP", "AFP"),
        (f"{BODY}\nИсточник: Интерфакс", "Interfax"),
        (f"{BODY}\n\n— Reuters", "Reuters"),
        (f"{BODY} (PAP)", "PAP"),
        (f"{BODY}\nThis story was first published by AFP.", "AFP"),
    ],
)
def test_a_text_credited_to_an_agency(text: str, origin: str) -> None:
    assert read_credits(text).origin == origin


@pytest.mark.parametrize(
    "text",
    [
        "",
        BODY,
        f"Smoke over the valley (Jan Nowak/AP)\n{BODY}",
        f"AP Photo/Jan Nowak\n{BODY}",
        f"{BODY}\nA driver told Reuters that the road was closed. Nobody slept.",
        f"A headline\nThe AP wrote of it first\n{BODY}",
        f"{BODY}\nSource: ministry",
        f"{BODY}\nThe agency closed its office in the town on Monday after the fire had reached the roof.",
    ],
)
def test_no_credit_of_the_text(text: str) -> None:
    assert read_credits(text) == Credits()


@pytest.mark.parametrize(
    ("line", "helpers", "is_unnamed"),
    [
        ("With reporting by AFP and Reuters", ("AFP", "Reuters"), False),
        ("The Associated Press contributed to this report.", ("AP",), False),
        ("With Tribune wires", (), True),
        ("Source: agencies / our desk", (), True),
        ("(From wire reports)", (), True),
        ("Additional reporting by a news agency", (), True),
    ],
)
def test_help_is_credited_but_is_no_origin(line: str, helpers: tuple[str, ...], is_unnamed: bool) -> None:
    for text in (f"A headline\n{line}\n{BODY}", f"A headline\n{BODY}\n\n{line}"):
        assert read_credits(text) == Credits(helpers=helpers, is_unnamed=is_unnamed, words=line)


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("The depot burned, according to the state TASS news agency.", "TASS"),
        ("Reuters reported on Monday that it had burned.", "Reuters"),
        ("“It burned”, the mayor told the Valley Post in Velmora.", "Valley Post"),
        ("The Valley Post's reporter said it burned.", "Valley Post"),
        ("Склад горел, сообщает Интерфакс со ссылкой на губернатора.", "Interfax"),
        ("Skład spłonął, podaje PAP.", "PAP"),
        ("Valley Post vans stood before the depot.", ""),
        ("Smoke over the valley (Jan Nowak/AP)", ""),
        ("The mayor said it burned.", ""),
        ("", ""),
    ],
)
def test_a_cited_outlet(sentence: str, name: str) -> None:
    assert CitationReader(["Valley Post", "", "\ud800"]).cited(sentence) == name


def test_names_of_agencies() -> None:
    assert agency_name("The Associated Press") == agency_name(" ap ") == "AP"
    assert agency_name("TASS news agency") == "TASS"
    assert agency_name("Valley Post") == agency_name("") == ""
