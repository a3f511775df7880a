"""Who is spoken of: noun phrases as actors, with their country and kind."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from geomap.extract.lexicon import Lexicon
from geomap.extract.nations import Nations
from geomap.extract.tokens import Words, word_set

_PRONOUNS: Final = word_set("he she it they who which that this i we one there")
_LEADING: Final = word_set(
    "the a an meanwhile however also but and then later earlier now still while although though "
    "separately instead additionally moreover according to as his her their its other some several many "
    "nearly about first in on at by for another more most all both local latest when where after before "
    "since because from of with so far not"
)
_STOPS: Final = word_set(
    "that as after while when but because which if since before until where although though saying amid "
    "despite said says whether what how"
)
_MARKS: Final = frozenset(',;:—–()…"“”„«»!?.')
_SKIPPED: Final = word_set(
    "also has have had was is are were been again then later earlier repeatedly publicly strongly will "
    "would did not never previously already on yesterday today further immediately first since so far "
    "categorically be being specifically now once"
)
_DAYS: Final = frozenset(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"])
_TITLED: Final = 0.7
"""Share of capitalised words from which on a sentence is in title case, and capitals say little."""
_HARD: Final = frozenset(';:—–()…"“”„«»!?')
_PREPOSITIONS: Final = frozenset(
    [
        "in",
        "on",
        "at",
        "from",
        "with",
        "for",
        "amid",
        "over",
        "near",
        "to",
        "during",
        "under",
        "against",
        "of",
        "by",
        "into",
        "as",
    ]
)
_ACTING: Final = word_set("forces rebels migrants protesters aircraft drones ships leaders")
ADJECTIVES: Final = frozenset(
    [
        "military",
        "air",
        "defence",
        "defense",
        "security",
        "armed",
        "rocket",
        "artillery",
        "special",
        "mechanised",
        "mechanized",
        "armoured",
        "armored",
        "border",
        "naval",
        "airborne",
        "motorised",
        "motorized",
        "rapid",
        "response",
        "riot",
        "territorial",
        "government",
        "rebel",
        "paramilitary",
        "engineering",
        "missile",
        "strategic",
        "long-range",
        "fighter",
        "combat",
        "coast",
        "foreign",
        "national",
        "federal",
        "state",
        "asylum",
    ]
)
_INSTITUTIONS: Final = {"nato": "alliance", "eu": "international_org", "un": "international_org"}


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody in a text. `name` is as written, without article and title; `country` an ISO code or empty."""

    name: str
    country: str = ""
    kind: str = "other"
    is_person: bool = False
    start: int = 0
    end: int = 0

    @property
    def is_named(self) -> bool:
        """Whether the name tells who it is."""
        return bool(self.name)


@dataclass(slots=True)
class People:
    """Those whom a document has named, so that a surname or a pronoun finds them again."""

    by_surname: dict[str, Actor] = field(default_factory=dict)
    last: Actor | None = None

    def take(self, actor: Actor) -> Actor:
        """Take note of an actor; a surname alone becomes the person named in full before."""
        if actor.is_person:
            surname = actor.name.rpartition(" ")[2].lower()
            known = self.by_surname.get(surname)
            if known is not None and (" " not in actor.name or known.name.endswith(actor.name)):
                kind = actor.kind if known.kind == "other" else known.kind
                actor = Actor(known.name, known.country or actor.country, kind, True, actor.start, actor.end)
            self.by_surname[surname] = actor
        self.last = actor
        return actor


class ActorReader:
    """Reads noun phrases as actors."""

    def __init__(self, lexicon: Lexicon, nations: Nations) -> None:
        self._lexicon, self._nations = lexicon, nations

    def before(self, words: Words, verb: int, people: People, *, floor: int = 0) -> Actor | None:
        """The actor before a verb, its subject; None where there is none that can be told."""
        last = verb - 1
        while last >= floor and (
            words.low[last] in _SKIPPED or words.low[last] in _DAYS or words.low[last].endswith("ly")
        ):
            last -= 1
        outer = None
        if last > floor and words.low[last] == ",":
            # An apposition: "the envoy, Jane Roe, said".
            start = last - 1
            while start >= floor and words.low[start] not in _MARKS:
                start -= 1
            if start < floor or words.low[start] != ",":
                outer_last = last - 1
                return self._read(words, max(start + 1, floor), outer_last, people)
            is_remark = words.low[start + 1] in ("a", "an", "the", "who", "whose", "one")
            inner = None if is_remark else self._read(words, start + 1, last - 1, people)
            outer_start = start - 1
            while outer_start >= floor and words.low[outer_start] not in _MARKS | _STOPS:
                outer_start -= 1
            outer = self._read(words, outer_start + 1, start - 1, people, take=is_remark)
            if inner is not None and inner.is_person and outer is not None:
                return people.take(
                    Actor(
                        inner.name, inner.country or outer.country, outer.kind, True, inner.start, inner.end
                    )
                )
            return outer or inner
        start = last
        while start >= floor and words.low[start] not in _MARKS and words.low[start] not in _STOPS:
            start -= 1
            if last - start > 12:
                break
        return self._read(words, max(start + 1, floor), last, people)

    def subject(self, words: Words, verb: int, people: People) -> Actor | None:
        """Who does what a verb says: the nearest noun before it that can act, with its adjectives."""
        at = verb - 1
        is_title = sum(text[:1].isupper() for text in words.text) > _TITLED * len(words)
        while at >= 0 and verb - at <= 16:
            low = words.low[at]
            if low in _HARD or low in _STOPS:
                break
            if low in ("it", "they", "he", "she"):
                return people.last
            if self._can_act(words, at):
                if self._is_listed(words, at):
                    at -= 1
                    continue
                first = at
                while not is_title and first > 0 and at - first < 6 and self._describes(words, first - 1):
                    first -= 1
                before = words.low[first - 1] if first else ""
                if before in ("the", "a", "an", "its", "their") and first > 1:
                    before = words.low[first - 2]
                if before in _PREPOSITIONS and not words.is_owner[at]:
                    at = first - 2
                    continue
                return self._read(words, first, at, people, take=False)
            at -= 1
        return None

    @staticmethod
    def _is_listed(words: Words, at: int) -> bool:
        """Whether a name stands in a list after a preposition: `people from Syria, Iraq and Yemen`."""
        start = at - 1
        while (
            start > 0
            and at - start < 10
            and (words.low[start] in (",", "and", "the") or words.text[start][:1].isupper())
        ):
            start -= 1
        return start < at - 1 and words.low[start] in ("from", "of", "between", "with")

    def _can_act(self, words: Words, at: int) -> bool:
        low = words.low[at]
        if words.is_owner[at]:
            return False
        if self._lexicon.classes.get(low, frozenset()) & _ACTING:
            return True
        if low in self._lexicon.speakers and low != "group":
            return True
        return words.text[at][:1].isupper() and bool(self._nations.stands_for(low))

    def _describes(self, words: Words, at: int) -> bool:
        low = words.low[at]
        return (
            (words.text[at][:1].isupper() and low not in _LEADING and low[:1].isalpha())
            or low in ADJECTIVES
            or "-" in low
            or words.is_owner[at]
        )

    def after(self, words: Words, verb: int, people: People) -> Actor | None:
        """The actor after a verb: `…,” said the envoy`."""
        start = verb + 1
        end = start
        while (
            end < len(words)
            and words.low[end] not in _MARKS
            and words.low[end] not in _STOPS | {"in", "on", "at", "who", "to", "during", "by"}
            and words.low[end] not in _DAYS
        ):
            end += 1
            if end - start > 9:
                break
        return self._read(words, start, end - 1, people) if end > start else None

    def at(self, words: Words, first: int, last: int, people: People) -> Actor | None:
        """The actor that a stretch of tokens names."""
        return self._read(words, first, last, people)

    def _read(
        self, words: Words, first: int, last: int, people: People, *, take: bool = True
    ) -> Actor | None:
        while first <= last and (words.low[first] in _LEADING or not words.low[first][:1].isalnum()):
            first += 1
        while last >= first and (words.low[last] in _SKIPPED or words.low[last] in _DAYS):
            last -= 1
        for at in range(last - 1, first, -1):
            if words.low[at] == "the" and words.low[at - 1] not in _PREPOSITIONS | {"and", "or", "&"}:
                first = at + 1  # in answer | the ministry
                break
        if first > last:
            return None
        low = words.low[first : last + 1]
        if len(low) == 1 and low[0] in _PRONOUNS:
            return people.last
        if low[0] in _PRONOUNS:
            return None
        # A person's name at the end: capitalised words after the last title.
        names = first
        for at in range(first, last + 1):
            if words.low[at] in self._lexicon.titles or self._lexicon.speakers.get(words.low[at]):
                names = at + 1
        is_capital = [words.text[i][:1].isupper() for i in range(first, last + 1)]
        head = words.low[last]
        kind = self._kind(low)
        country = ""
        for at in range(first, last + 1):
            if words.text[at][:1].isupper() and (code := self._nations.stands_for(words.low[at])):
                country = code
                break
        if not country and len(low) >= 2:
            country = self._nations.stands_for(" ".join(low[-2:])) or self._nations.stands_for(
                " ".join(low[:2])
            )
        tail = range(names, last + 1)
        is_person = (
            len(tail) in (1, 2, 3)
            and all(words.text[i][:1].isupper() and words.text[i][:1].isalpha() for i in tail)
            and not any(self._nations.stands_for(words.low[i]) for i in tail)
            and head not in self._lexicon.speakers
            and (names > first or len(tail) in (2, 3) or words.low[last] in people.by_surname)
            and not (all(w.isupper() for w in (words.text[i] for i in tail)))
        )
        if is_person and (names > first or len(tail) > 1 or words.low[last] in people.by_surname):
            name = _text(words, names, last)
            start = words.start[names]
        elif kind or country or (any(is_capital) and words.text[last][:1].isupper()):
            if not kind and not country and first == 0 and len(low) == 1:
                return None
            is_person = False
            name, start = _text(words, first, last), words.start[first]
        else:
            return None
        actor = Actor(
            name, country, kind or ("government" if country else "other"), is_person, start, _end(words, last)
        )
        return people.take(actor) if take else actor

    def _kind(self, low: Sequence[str]) -> str:
        for word in low:
            if word in _INSTITUTIONS:
                return _INSTITUTIONS[word]
        for size in (3, 2, 1):
            for at in range(len(low) - size, -1, -1):
                kind = self._lexicon.speakers.get(" ".join(low[at : at + size]))
                if kind:
                    return kind
        for word in reversed(low):
            if "forces" in (self._lexicon.classes.get(word) or ()):
                return "state_forces"
            if "migrants" in (self._lexicon.classes.get(word) or ()):
                return "migrants"
            if "protesters" in (self._lexicon.classes.get(word) or ()):
                return "protesters"
            if "rebels" in (self._lexicon.classes.get(word) or ()):
                return "rebel"
        return ""


def _end(words: Words, last: int) -> int:
    return words.end[last] - (2 if words.is_owner[last] and words.text[last][-2:-1] in "'’" else 0)


def _text(words: Words, first: int, last: int) -> str:
    """The words of a stretch as one line."""
    parts: list[str] = []
    for at in range(first, last + 1):
        glued = at > first and words.start[at] == words.end[at - 1]
        parts.append(("" if glued or not parts else " ") + words.text[at])
    text = "".join(parts)
    if words.is_owner[last]:
        text = re.sub(r"['’]s?$", "", text)
    return text
