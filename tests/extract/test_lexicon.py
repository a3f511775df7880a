"""The word lists: every line of them can be read, names what there is, and can tell of something."""

import re
import shutil
from pathlib import Path

import pytest

from geomap.errors import ConfigError
from geomap.extract.lexicon import Form, read_lexicon
from geomap.extract.lexicon.verb_forms import verb_forms
from geomap.model.event_types import EVENT_TYPES
from geomap.model.vocabulary import ActorKind, Stance
from geomap.yamlfile import read_yaml

FOLDER = Path(__file__).parents[2] / "geomap" / "extract" / "lexicon"
LEXICON = read_lexicon()
TRIGGERS = [(word, trigger) for word, found in LEXICON.triggers.items() for trigger, _ in found]
CLASSES = (
    set(read_yaml(FOLDER / "classes.yaml").data)
    | set(read_yaml(FOLDER / "equipment.yaml").data)
    | {"airline"}
)


def test_every_trigger_tells_of_a_type_that_there_is() -> None:
    for kind in LEXICON.codes:
        head, _, subtype = kind.partition("/")
        assert head in EVENT_TYPES, kind
        assert not subtype or subtype in EVENT_TYPES[head].subtypes, kind


def test_every_type_but_other_has_words_and_codes_of_schemes_that_we_name() -> None:
    told = {trigger.type.partition("/")[0] for _, trigger in TRIGGERS}
    assert set(EVENT_TYPES) - told == {"statement"}  # which speech tells
    assert {scheme for codes in LEXICON.codes.values() for scheme in codes} <= {"acled", "plover"}


def test_triggers_ask_for_classes_that_there_are() -> None:
    for _, trigger in TRIGGERS:
        asked = {trigger.subject, trigger.object, trigger.of} - {None}
        asked |= {
            need[0][1:]
            for needs in (trigger.near, trigger.unless, trigger.then)
            for need in needs
            if need[0][0] == "+"
        }
        assert asked <= CLASSES, trigger


@pytest.mark.parametrize("name", ["unless", "near"])
def test_no_trigger_forbids_or_asks_for_nothing(name: str) -> None:
    assert all(all(need) for _, trigger in TRIGGERS for need in getattr(trigger, name))


def test_speech_has_stances_and_types_that_there_are() -> None:
    for found in LEXICON.speech.values():
        for verb, _ in found:
            assert verb.stance in set(Stance), verb
            for kind in (verb.type, verb.quote):
                head, _, subtype = kind.partition("/")
                assert not kind or (
                    head == "statement" and (not subtype or subtype in EVENT_TYPES["statement"].subtypes)
                )
    assert set(LEXICON.speakers.values()) <= set(ActorKind)


@pytest.mark.parametrize(
    ("verb", "forms"),
    [
        ("deploy", {"deploy", "deploys", "deployed", "deploying"}),
        ("fly", {"fly", "flies", "flew", "flown", "flying"}),
        ("stop", {"stop", "stops", "stopped", "stopping"}),
        ("arrive", {"arrive", "arrives", "arrived", "arriving"}),
        ("clash", {"clash", "clashes", "clashed", "clashing"}),
        ("carry", {"carry", "carries", "carried", "carrying"}),
    ],
)
def test_verbs_take_their_forms(verb: str, forms: set[str]) -> None:
    irregular = {"fly": "flew flown"}
    assert set(verb_forms(verb, irregular, {"stop"})) == forms


def test_a_form_that_is_two_says_both() -> None:
    assert Form.PAST in verb_forms("send", {"send": "sent"}, ())["sent"]
    assert Form.PARTICIPLE in verb_forms("send", {"send": "sent"}, ())["sent"]


@pytest.mark.parametrize(
    ("name", "known", "written", "message"),
    [
        ("speech", "  say: {", "  say: {weight: 2, ", "unknown key 'weight'"),
        ("speech", "nouns: [", "noun: []\nnouns: [", "unknown key 'noun'; did you mean 'nouns'?"),
        ("triggers", "    - {verb:", "    - {nearby: [ice], verb:", "unknown key 'nearby'"),
        ("cues", "future: [", "origin: [from]\nfuture: [", "unknown key 'origin'"),
        ("counts", "about: [", "abouts: [", "key 'about' is missing"),
    ],
)
def test_a_key_that_nobody_reads_is_refused_with_its_place(
    tmp_path: Path, name: str, known: str, written: str, message: str
) -> None:
    folder = tmp_path / "lexicon"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    path = folder / f"{name}.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(known, written, 1), encoding="utf-8")
    with pytest.raises(ConfigError, match=rf"{re.escape(str(path))}:\d+:\d+: {re.escape(message)}"):
        read_lexicon(folder)
