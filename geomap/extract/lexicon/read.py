"""The word lists beside this module, read once and laid out for looking up."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final, TypeVar

from pydantic import BaseModel

from geomap.extract.lexicon.lists import (
    ClassList,
    CountList,
    CueList,
    EquipmentList,
    SpeechList,
    TriggerEntry,
    TriggerList,
    VerbList,
)
from geomap.extract.lexicon.verb_forms import Form, verb_forms
from geomap.yamlfile import read_yaml

_FOLDER: Final = Path(__file__).parent
_List = TypeVar("_List", bound=BaseModel)
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

    `noun` are the forms that are nouns more often; `gerund` says that its gerund tells who speaks, too;
    `only_quoted` that it is one of saying only beside the very words; `needs_speaker` that it is none without one.
    """

    lemma: str
    rest: tuple[str, ...] = ()
    stance: str
    type: str = ""
    quote: str = ""
    noun: frozenset[Form] = frozenset()
    gerund: bool = False
    only_quoted: bool = False
    needs_speaker: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """All word lists. Words are in lower case; phrases are tuples of words by their first one."""

    triggers: Mapping[str, tuple[tuple[Trigger, Form], ...]]
    codes: Mapping[str, Mapping[str, str]]
    classes: Mapping[str, frozenset[str]]
    speech: Mapping[str, tuple[tuple[SpeechVerb, Form], ...]]
    said: SpeechList
    speakers: Mapping[str, str]
    titles: frozenset[str]
    nouns: frozenset[str]
    """Base forms of verbs that are nouns more often."""
    cues: Mapping[str, frozenset[str]]
    history_phrases: tuple[str, ...]
    counts: CountList
    equipment: Mapping[str, str]


@cache
def read_lexicon(folder: Path = _FOLDER) -> Lexicon:
    """Read the lists of a folder.

    Raises
    ------
    ConfigError
        If one of them is not of its form, with every key that is unknown or missing.
    """
    verbs = _load(folder, "verbs", VerbList)
    doubled = frozenset(verbs.doubled)
    by_word: dict[str, set[str]] = defaultdict(set)
    for name, words in _load(folder, "classes", ClassList).root.items():
        for word in words.split():
            by_word[word].add(name)
    equipment = _load(folder, "equipment", EquipmentList).root
    kinds = {word.lower(): name for name, names in equipment.items() for word in names}
    arms = {"artillery": "missiles", "air_defence": "arms", "vehicles": "arms", "vessels": "ships"}
    for word, name in list(kinds.items()):
        if word[-1:].isalpha() and not word.endswith("s"):
            kinds.setdefault(f"{word}s", name)
    for word, name in kinds.items():
        by_word[word].add(arms.get(name, name))
    triggers: dict[str, list[tuple[Trigger, Form]]] = defaultdict(list)
    codes: dict[str, dict[str, str]] = {}
    for kind, entry in _load(folder, "triggers", TriggerList).root.items():
        codes[kind] = {scheme: code for scheme, code in entry.codes.items() if code}
        for written in entry.triggers:
            for word, trigger, form in _triggers(kind, written, verbs.irregular, doubled):
                triggers[word].append((trigger, form))
    said, cues = _load(folder, "speech", SpeechList), _load(folder, "cues", CueList)
    speech: dict[str, list[tuple[SpeechVerb, Form]]] = defaultdict(list)
    for phrase, how in said.verbs.items():
        first, *rest = phrase.split()
        verb = SpeechVerb(
            lemma=phrase,
            rest=tuple(rest),
            stance=how.stance,
            type=how.type,
            quote=how.quote,
            noun=frozenset(Form[name.upper()] for name in how.noun),
            gerund=how.gerund,
            only_quoted=how.only_quoted,
            needs_speaker=how.needs_speaker,
        )
        for word, form in verb_forms(first, verbs.irregular, doubled).items():
            speech[word].append((verb, form))
    return Lexicon(
        triggers={word: tuple(found) for word, found in triggers.items()},
        codes=codes,
        classes={word: frozenset(names) for word, names in by_word.items()},
        speech={word: tuple(found) for word, found in speech.items()},
        said=said,
        speakers={word: kind for kind, words in reversed(said.speakers.items()) for word in words},
        titles=frozenset(said.titles.split()),
        nouns=frozenset(verbs.no_base),
        cues={
            name: frozenset(word for line in lines for word in line.split())
            for name, lines in cues
            if name != "history_phrases"
        },
        history_phrases=cues.history_phrases,
        counts=_load(folder, "counts", CountList),
        equipment=kinds,
    )


def _load(folder: Path, name: str, model: type[_List]) -> _List:
    return read_yaml(folder / f"{name}.yaml").parse(model)


def _triggers(
    kind: str, written: TriggerEntry, irregular: Mapping[str, str], doubled: frozenset[str]
) -> list[tuple[str, Trigger, Form]]:
    """The triggers of one entry, each with the word under which it is looked up."""
    shared = Trigger(
        type=kind,
        weight=written.weight,
        subject=written.subject,
        object=written.object,
        of=written.of,
        then=_needs(written.then),
        near=_needs(written.near),
        unless=_needs(written.unless),
    )
    found = []
    for phrase in _parted(written.verb):
        first, *rest = phrase.split()
        trigger = replace(shared, rest=tuple(rest), name=phrase)
        found += [(word, trigger, form) for word, form in verb_forms(first, irregular, doubled).items()]
    for phrase in _parted(written.noun):
        first, *rest = phrase.lower().split()
        found.append((first, replace(shared, rest=tuple(rest), name=phrase), Form.NOUN))
    return found


def _parted(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _needs(words: Sequence[str]) -> tuple[Need, ...]:
    return tuple(tuple(word.lower().split()) for word in words)
