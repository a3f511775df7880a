"""The word lists as they are written in the files beside this module; a key that nobody reads is an error."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, RootModel

from geomap.model.vocabulary import Stance

_Words = tuple[str, ...]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class VerbList(_Entry):
    """`verbs.yaml`."""

    irregular: dict[str, str]
    no_base: _Words
    doubled: _Words


class SpeechVerbEntry(_Entry):
    """What a verb of saying does, and when it does."""

    stance: Stance
    type: str = ""
    quote: str = ""
    noun: tuple[Literal["base", "third"], ...] = ()
    gerund: bool = False
    only_quoted: bool = False
    needs_speaker: bool = False


class SpeechList(_Entry):
    """`speech.yaml`."""

    verbs: dict[str, SpeechVerbEntry]
    nouns: _Words
    quoted: dict[str, _Words]
    reported: dict[str, _Words]
    according_to: _Words
    does_not_claim: _Words
    speakers: dict[str, _Words]
    titles: str


class TriggerEntry(_Entry):
    """Words that tell of an event, with what must stand around them."""

    verb: str = ""
    noun: str = ""
    subject: str | None = None
    object: str | None = None
    of: str | None = None
    then: _Words = ()
    near: _Words = ()
    unless: _Words = ()
    weight: float = 1.0


class TypeEntry(_Entry):
    """Codes of an event type and what tells of it."""

    codes: dict[str, str]
    triggers: tuple[TriggerEntry, ...]


class TriggerList(RootModel[dict[str, TypeEntry]]):
    """`triggers.yaml`, by event type."""


class CueList(_Entry):
    """`cues.yaml`: several words to a line."""

    future: _Words
    hypothetical: _Words
    negation: _Words
    be: _Words
    have: _Words
    planning: _Words
    leads_to: _Words
    unreal: _Words
    history: _Words
    history_phrases: _Words
    definite: _Words
    unnamed: _Words
    sites_unnamed: _Words


class CountList(_Entry):
    """`counts.yaml`."""

    words: dict[str, int]
    scales: dict[str, int]
    plurals: dict[str, int]
    at_least: _Words
    at_most: _Words
    about: _Words
    measures: dict[str, _Words]
    classes: dict[str, str]
    currencies: dict[str, str]
    currency_words: dict[str, str]


class ClassList(RootModel[dict[str, str]]):
    """`classes.yaml`: the words of each class."""


class EquipmentList(RootModel[dict[str, _Words]]):
    """`equipment.yaml`: the names of each class."""
