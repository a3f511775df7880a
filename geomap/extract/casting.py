"""Who takes part in an event, how many, and with what."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from geomap.extract.actors import ADJECTIVES, Actor, ActorReader, People
from geomap.extract.lexicon import Lexicon
from geomap.extract.nations import Nations
from geomap.extract.tokens import Words, word_set
from geomap.extract.told import PARTING, Group, Told
from geomap.extract.when import cost
from geomap.gazetteer.store import Store
from geomap.model.records import ActorPart, Equipment, PlaceSpec, Quantity
from geomap.model.vocabulary import ActorKind, ActorRole, PlaceRole

_STATE: Final = frozenset({"ministry", "state_forces", "head_of_state", "government"})
_TAKING_PART: Final = frozenset({"forces", "rebels", "migrants", "protesters"})
_NAMED_BY_CLASS: Final = frozenset({"rebels", "migrants", "protesters"})
_DESIGNATION: Final = re.compile(r"[A-ZА-Я][A-Za-zА-Яа-я]{0,3}-\d{1,3}[A-Za-z0-9]{0,4}")
_COUNTED: Final = frozenset({"aircraft", "drones", "missiles", "vehicles"})
_BE: Final = word_set("was were been being are is")
_HAVE: Final = word_set("has have had conducted carried launched held began started made staged")
_COUNT_REACH: Final = 18.0
_ACTOR_REACH: Final = 12
_MOST_ACTORS: Final = 4


@dataclass(frozen=True, slots=True)
class Citation:
    """Words that a field rests on: code points into the text, end exclusive, and the rule that read them."""

    start: int
    end: int
    field: str
    rule: str


@dataclass(frozen=True, slots=True)
class Cast:
    """Who takes part in an event, how many, with what, and the words that say so."""

    actors: tuple[ActorPart, ...]
    quantities: tuple[Quantity, ...]
    equipment: tuple[Equipment, ...]
    citations: tuple[Citation, ...]


class Caster:
    """Finds actors, numbers and equipment of events."""

    def __init__(self, store: Store, lexicon: Lexicon, nations: Nations, actors: ActorReader) -> None:
        self._store, self._lexicon, self._nations, self._actors = store, lexicon, nations, actors

    def cast(self, told: Told, group: Group, specs: Sequence[PlaceSpec], people: People) -> Cast:
        """Everybody and everything that a sentence gives to one of its events."""
        actors, cited = self._actor_parts(told, group, specs, people)
        quantities, counted = _quantities(told, group)
        equipment, named = self._equipment(told)
        return Cast(tuple(actors), tuple(quantities), tuple(equipment), (*cited, *counted, *named))

    def subject(self, told: Told, group: Group, people: People) -> Actor | None:
        """Who does it: the subject of its verb, or the owner of its noun ("Ukraine's incursion")."""
        main, words = group.main, told.words
        if not main.is_noun:
            return self._actors.subject(words, main.first, people)
        for at in range(main.first - 1, max(-1, main.first - 6), -1):
            if words.text[at][:1].isupper() and self._nations.stands_for(words.low[at]):
                return self._actors.at(words, at, at, People())
        verb = next((t.first for t in group.tellings if not t.is_noun), None)
        if verb is None:
            verb = next(
                (i for i in range(main.first - 1, max(-1, main.first - 6), -1) if words.low[i] in _HAVE), None
            )
        return self._actors.subject(words, verb, people) if verb is not None else None

    def _doer(self, told: Told, group: Group, people: People) -> Actor | None:
        """The subject; of what somebody is accused, the accused; of "forces" that a ministry speaks of, its own."""
        speaker = next((s.speaker for s in told.sayings if s.speaker is not None), None)
        for saying in told.sayings:
            before = told.words.low[saying.verb : group.main.first]
            if (
                saying.stance == "accuses"
                and saying.accused is not None
                and before
                and saying.accused.country
            ) and not PARTING.intersection(before):
                code = saying.accused.country
                return Actor(self._country_name(code), code, "government")
        subject = self.subject(told, group, people)
        if subject is None or subject.country or speaker is None or speaker.kind not in _STATE:
            return subject
        head = subject.name.rpartition(" ")[2].lower()
        is_force = "forces" in self._lexicon.classes.get(head, frozenset())
        return replace(subject, country=speaker.country) if is_force else subject

    def _actor_parts(
        self, told: Told, group: Group, specs: Sequence[PlaceSpec], people: People
    ) -> tuple[list[ActorPart], list[Citation]]:
        parts: list[ActorPart] = []
        cited: list[Citation] = []

        def add(actor: Actor, role: ActorRole, rule: str) -> None:
            if actor.country and not actor.is_person and self._nations.stands_for(actor.name):
                parts.append(part(replace(actor, name=self._country_name(actor.country)), role))
            else:
                parts.append(part(actor, role))
            if actor.end > actor.start >= told.start and actor.end <= told.end:
                cited.append(Citation(actor.start, actor.end, "actors", rule))

        if (doer := self._doer(told, group, people)) is not None:
            add(
                doer,
                ActorRole.PARTICIPANT if _is_passive(told.words, group) else ActorRole.INITIATOR,
                "subject",
            )
        for actor, role in self._others(told, group):
            if (
                len(parts) < _MOST_ACTORS
                and not any(_overlap(actor.name, known.name) for known in parts)
                and not self._nations.stands_for(actor.name)
            ):
                add(actor, role, "noun")
        if (host := self._host(group, specs, parts)) is not None:
            parts.append(host)
        return parts, cited

    def _others(self, told: Told, group: Group) -> Iterator[tuple[Actor, ActorRole]]:
        """Those whom nouns near the event name: `Polish soldiers`, `migrants`."""
        words = told.words
        for at, low in enumerate(words.low):
            names = self._lexicon.classes.get(low, frozenset()) & _TAKING_PART
            if not names or words.is_quoted[at]:
                continue
            if min(abs(at - telling.first) for telling in group.tellings) > _ACTOR_REACH:
                continue
            first = at
            while first > 0 and at - first < 6 and _describes(words, first - 1):
                first -= 1
            actor = self._actors.at(words, first, at, People())
            if actor is not None and (actor.country or names & _NAMED_BY_CLASS or first < at):
                yield actor, ActorRole.AFFECTED if "migrants" in names else ActorRole.PARTICIPANT

    def _host(self, group: Group, specs: Sequence[PlaceSpec], parts: Sequence[ActorPart]) -> ActorPart | None:
        """The country to which others send forces."""
        codes = {part.country for part in parts if part.country}
        if group.head not in ("deployment", "exercise") or not codes:
            return None
        for spec in specs:
            if (
                spec.role in (PlaceRole.DESTINATION, PlaceRole.SITE)
                and spec.country
                and spec.country not in codes
            ):
                name = self._country_name(spec.country)
                return ActorPart(
                    name=name, country=spec.country, role=ActorRole.HOST, kind=ActorKind.GOVERNMENT
                )
        return None

    def _country_name(self, code: str) -> str:
        return self._store.country_names()[code]

    def _equipment(self, told: Told) -> tuple[list[Equipment], list[Citation]]:
        found: dict[str, Equipment] = {}
        cited: list[Citation] = []
        words, known = told.words, self._lexicon.equipment
        for at, text in enumerate(words.text):
            low = words.low[at]
            if low in found or not (low in known or _DESIGNATION.fullmatch(text)):
                continue
            count = next(
                (
                    int(c.best)
                    for c in told.counts
                    if c.best and c.first <= at <= c.last + 2 and c.measure in _COUNTED
                ),
                None,
            )
            name = text.removesuffix("'s").removesuffix("’s")
            found[low] = Equipment(name=name, class_=known.get(low, ""), count=count)
            cited.append(Citation(words.start[at], words.start[at] + len(name), "equipment", "designation"))
        return list(found.values()), cited


def part(actor: Actor, role: ActorRole) -> ActorPart:
    """An actor as a record has it."""
    kind = ActorKind(actor.kind) if actor.kind in set(ActorKind) else None
    return ActorPart(name=actor.name, role=role, country=actor.country or None, kind=kind)


def _quantities(told: Told, group: Group) -> tuple[list[Quantity], list[Citation]]:
    found, cited = [], []
    words = told.words
    for count in told.counts:
        if min(cost(words, count.first, telling.first) for telling in group.tellings) > _COUNT_REACH:
            continue
        quantity = Quantity(
            measure=count.measure, low=count.low, best=count.best, high=count.high, unit=count.unit
        )
        found.append(quantity)
        cited.append(Citation(words.start[count.first], words.end[count.last], "quantities", "count"))
    return found, cited


def _is_passive(words: Words, group: Group) -> bool:
    main = group.main
    if main.is_noun or main.trigger.object is None:
        return False
    return any(low in _BE for low in words.low[max(0, main.first - 3) : main.first])


def _describes(words: Words, at: int) -> bool:
    low = words.low[at]
    if low in ("the", "a", "an"):
        return False
    return words.text[at][:1].isupper() or low in ADJECTIVES


def _overlap(one: str, other: str) -> bool:
    return one.lower() in other.lower() or other.lower() in one.lower()
