"""Who says what, and what sort of statement it is."""

import pytest

from geomap.extract.actors import ActorReader, People
from geomap.extract.lexicon import read_lexicon
from geomap.extract.nations import Nations
from geomap.extract.speech import Saying, SpeechReader
from geomap.extract.tokens import read_words
from geomap.extract.triggers import quoted_spans
from geomap.gazetteer import read_gazetteer

LEXICON = read_lexicon()
ACTORS = ActorReader(LEXICON, Nations(read_gazetteer().store))
SPEECH = SpeechReader(LEXICON, ACTORS)


def sayings(text: str, people: People | None = None) -> list[Saying]:
    words = read_words(text, 0, len(text), quoted_spans(text, 0, len(text)))
    return SPEECH.read(words, people or People())


@pytest.mark.parametrize(
    ("text", "name", "country", "stance"),
    [
        ("The Polish Defence Ministry said that a drone fell.", "Polish Defence Ministry", "PL", "asserts"),
        ("Ukraine accused Russia of shelling a dam.", "Ukraine", "UA", "accuses"),
        ("Minsk denied the report.", "Minsk", "BY", "denies"),
        ("Defence Minister Ivan Testov said on Friday that it rained.", "Ivan Testov", "", "asserts"),
        ("The envoy, Maria Probna, told reporters that talks went on.", "Maria Probna", "", "asserts"),
        ("Three drones fell, according to Latvian officials.", "Latvian officials", "LV", "asserts"),
        ("In reply the Kremlin laid the blame on Georgia.", "Kremlin", "RU", "accuses"),
        ("“It will not stand,” said Prime Minister Jan Wzorowy.", "Jan Wzorowy", "", "asserts"),
    ],
)
def test_who_says_it(text: str, name: str, country: str, stance: str) -> None:
    found = sayings(text)[0]
    assert found.speaker is not None
    assert (found.speaker.name, found.speaker.country, found.stance) == (name, country, stance)


def test_a_pronoun_is_who_spoke_last() -> None:
    people = People()
    first = sayings("The Belarusian Defence Ministry said a convoy came.", people)[0].speaker
    second = sayings("It added that no more would come.", people)[0].speaker
    assert first is not None
    assert second is not None
    assert second.name == first.name


def test_a_surname_is_who_was_named_in_full() -> None:
    people = People()
    sayings("Foreign Minister Anna Przykladna said nothing new.", people)
    found = sayings("Przykladna added that she was tired.", people)[0].speaker
    assert found is not None
    assert found.name == "Anna Przykladna"


def test_an_apposition_tells_the_office_of_a_name() -> None:
    found = sayings("The day before, Latvia's Prime Minister, Anna Paraugs, had said that it rained.")[
        0
    ].speaker
    assert found is not None
    assert (found.name, found.kind, found.country) == ("Anna Paraugs", "head_of_state", "LV")


def test_who_is_blamed_is_told() -> None:
    found = sayings("Armenia put the blame on the Azerbaijani army.")[0].accused
    assert found is not None
    assert found.country == "AZ"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Poland warned that it would answer.", "statement/warning"),
        ("Lithuania condemned the raid.", "statement/condemnation"),
        ("Kyiv demanded an inquiry.", "statement/demand"),
        ("Moscow told the alliance to stay away.", "statement/demand"),
        ("Moscow told reporters in Sochi to its own surprise that it rained.", ""),
        ("The president said that “we are ready to respond to whatever comes”.", "statement/warning"),
        ("The minister said that it rained.", ""),
    ],
)
def test_what_sort_of_statement_it_is(text: str, kind: str) -> None:
    assert sayings(text)[0].type == kind


def test_who_has_not_claimed_an_attack_is_told_as_such() -> None:
    found = sayings("Kyiv has not claimed responsibility for the blast.")[0]
    assert found.stance == "does_not_claim"
    assert found.speaker is not None
    assert found.speaker.country == "UA"


@pytest.mark.parametrize(
    "text", ["The statement was short.", "There was no report from the scene.", "", "said", "according to"]
)
def test_nouns_and_loose_words_say_nothing_of_anybody(text: str) -> None:
    assert [saying for saying in sayings(text) if saying.speaker is not None] == []


@pytest.mark.parametrize(
    ("text", "verbs"),
    [
        ("Officials claim that it rained.", ["claim"]),
        ("Their claim is old.", []),
        ("Minsk claims that it rained.", ["claim"]),
        ("Minsk keeps old claims alive.", []),
        ("New Delhi blames Islamabad for the raid.", ["blame"]),
        ("Kyiv put blame on nobody.", []),
        ("The minister answered, saying that it rained.", ["say"]),
        ("The minister answered, offering a truce.", []),
        ("The mayor served a second term.", []),
        ("Warsaw termed the raid a provocation.", ["term"]),
        ("The border dispute went on.", []),
        ("Oslo disputes the figure.", ["dispute"]),
    ],
)
def test_forms_that_are_other_words_too_tell_beside_the_words_of_a_verb(text: str, verbs: list[str]) -> None:
    assert [saying.how.lemma for saying in sayings(text)] == verbs


@pytest.mark.parametrize(
    ("text", "verbs"),
    [
        ("“We will rebuild every one of these bridges,” the governor continued.", ["continue"]),
        ("The governor continued: “We will rebuild every one of these bridges.”", ["continue"]),
        ("The army continued to shell the town.", []),
        ("The governor will continue her tour of “the villages that were flooded”.", []),
        ("Poland slammed the raid.", ["slam"]),
        ("A lorry slammed into a fence.", []),
    ],
)
def test_verbs_that_say_something_only_beside_a_quotation_or_a_speaker(text: str, verbs: list[str]) -> None:
    assert [saying.how.lemma for saying in sayings(text)] == verbs
