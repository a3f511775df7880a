"""The word lists beside this module, read once and laid out for looking up."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from geomap.extract.lexicon.verb_forms import Form, verb_forms
from geomap.yamlfile import read_yaml

_FOLDER: Final = Path(__file__).parent
Need = tuple[str, ...]
"""Words in a row, or one class as `+class`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """Words that tell of an event of one type, see `triggers.yaml`."""

    type: str
    weight: float
    rest: tuple[str, ...] = ()
    """The words that follow the first: the particle of a verb, which may stand apart, or the rest of a noun."""
    subject: str | None = None
    object: str | None = None
    of: str | None = None
    then: tuple[Need, ...] = ()
    near: tuple[Need, ...] = ()
    unless: tuple[Need, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechVerb:
    """A verb of saying: the stance of its claim and the type of statement that it makes by itself or in quotes.

    `noun` are the forms that are nouns more often; `gerund` says that its gerund tells who speaks, too.
    """

    lemma: str
    rest: tuple[str, ...] = ()
    stance: str
    type: str = ""
    quote: str = ""
    weak: bool = False
    noun: frozenset[Form] = frozenset()
    gerund: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """All word lists. Words are in lower case; phrases are tuples of words by their first one."""

    triggers: Mapping[str, tuple[tuple[Trigger, Form], ...]]
    codes: Mapping[str, Mapping[str, str]]
    classes: Mapping[str, frozenset[str]]
    speech: Mapping[str, tuple[tuple[SpeechVerb, Form], ...]]
    said: Mapping[str, Any]
    speakers: Mapping[str, str]
    titles: frozenset[str]
    nouns: frozenset[str]
    """Base forms of verbs that are nouns more often."""
    cues: Mapping[str, frozenset[str]]
    history_phrases: tuple[str, ...]
    counts: Mapping[str, Any]
    equipment: Mapping[str, str]


@cache
def read_lexicon() -> Lexicon:
    """Read the lists.

    Raises
    ------
    ConfigError
        If one of them is not of its form.
    """
    verbs, classes, equipment = _load("verbs"), _load("classes"), _load("equipment")
    irregular, doubled = verbs["irregular"], frozenset(verbs["doubled"])
    nouns = frozenset(verbs["no_base"])
    by_word: dict[str, set[str]] = defaultdict(set)
    for name, words in classes.items():
        for word in words.split():
            by_word[word].add(name)
    kinds = {str(word).lower(): name for name, words in equipment.items() for word in words}
    arms = {"artillery": "missiles", "air_defence": "arms", "vehicles": "arms", "vessels": "ships"}
    for word, name in list(kinds.items()):
        if word[-1:].isalpha() and not word.endswith("s"):
            kinds.setdefault(f"{word}s", name)
    for word, name in kinds.items():
        by_word[word].add(arms.get(name, name))
    triggers: dict[str, list[tuple[Trigger, Form]]] = defaultdict(list)
    codes: dict[str, dict[str, str]] = {}
    for kind, entry in _load("triggers").items():
        codes[kind] = {scheme: code for scheme, code in entry["codes"].items() if code}
        for written in entry["triggers"]:
            for word, trigger, form in _triggers(kind, written, irregular, doubled):
                triggers[word].append((trigger, form))
    said, cues = _load("speech"), _load("cues")
    speech: dict[str, list[tuple[SpeechVerb, Form]]] = defaultdict(list)
    for phrase, entry in said["verbs"].items():
        first, *rest = phrase.split()
        known = {key: entry[key] for key in ("stance", "type", "quote", "weak", "gerund") if key in entry}
        noun = frozenset(Form[name.upper()] for name in entry.get("noun", ()))
        verb = SpeechVerb(lemma=phrase, rest=tuple(rest), noun=noun, **known)
        for word, form in verb_forms(first, irregular, doubled).items():
            speech[word].append((verb, form))
    return Lexicon(
        triggers={word: tuple(found) for word, found in triggers.items()},
        codes=codes,
        classes={word: frozenset(names) for word, names in by_word.items()},
        speech={word: tuple(found) for word, found in speech.items()},
        said=said,
        speakers={word: kind for kind, words in reversed(said["speakers"].items()) for word in words},
        titles=frozenset(said["titles"].split()),
        nouns=nouns,
        cues={name: frozenset(_words(value)) for name, value in cues.items() if name != "history_phrases"},
        history_phrases=tuple(cues["history_phrases"]),
        counts=_load("counts"),
        equipment=kinds,
    )


def _load(name: str) -> dict[str, Any]:
    content = read_yaml(_FOLDER / f"{name}.yaml").data
    assert isinstance(content, dict)
    return content


def _words(value: list[str]) -> list[str]:
    return [word for line in value for word in str(line).split()]


def _triggers(
    kind: str, written: Mapping[str, Any], irregular: Mapping[str, str], doubled: frozenset[str]
) -> list[tuple[str, Trigger, Form]]:
    """The triggers of one entry, each with the word under which it is looked up."""
    shared: dict[str, Any] = {
        "type": kind,
        "weight": float(written.get("weight", 1.0)),
        **{key: written.get(key) for key in ("subject", "object", "of")},
        **{key: _needs(written.get(key, ())) for key in ("then", "near", "unless")},
    }
    found = []
    for phrase in _parted(written.get("verb", "")):
        first, *rest = phrase.split()
        trigger = Trigger(rest=tuple(rest), name=phrase, **shared)
        found += [(word, trigger, form) for word, form in verb_forms(first, irregular, doubled).items()]
    for phrase in _parted(written.get("noun", "")):
        first, *rest = phrase.lower().split()
        found.append((first, Trigger(rest=tuple(rest), name=phrase, **shared), Form.NOUN))
    return found


def _parted(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _needs(words: list[str]) -> tuple[Need, ...]:
    return tuple(tuple(str(word).lower().split()) for word in words)
