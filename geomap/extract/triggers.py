"""Words that tell of events: which, of what type, and whether they say that it has happened."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from geomap.extract.lexicon import Form, Lexicon, Trigger
from geomap.extract.tokens import Words, word_set

_MARKS: Final = frozenset(';:—–()…"“”„«»!?')
_SUBORDINATORS: Final = word_set(
    "that which who where when while as after before because although though if amid whereas since until "
    "despite saying adding citing"
)
_BEFORE: Final = 15
_AFTER: Final = 10
_NEAR: Final = 14
_PASSED: Final = word_set(
    "also now already still help recently then just even ever yet again further first jointly reportedly "
    "allegedly have been be being to"
)
_BEFORE_BASE: Final = word_set("to they we who also did do does didn't helped help let make made")
_NOUN_PHRASE: Final = 4
"""How many words a noun phrase has from its article to its noun at most."""
_UNITS: Final = frozenset({"forces", "aircraft", "drones", "warships", "arms"})
_BEFORE_THIRD: Final = frozenset({"it", "he", "she", "which", "who", "that", "also"})
_BEFORE_VERB: Final = word_set("to will would can could may might must should cannot")
_OF_NOTHING: Final = word_set("sign signs evidence trace indication proof question report reports")
_UNREAL_REACH: Final = 8
_LEAST_WEIGHT: Final = 0.5


class Reality(StrEnum):
    """What a text says of the reality of an event."""

    OCCURRED = "occurred"
    ONGOING = "ongoing"
    PLANNED = "planned"
    UNREAL = "unreal"
    """Feared, possible, wanted, or practised."""
    NEGATED = "negated"


@dataclass(slots=True)
class Telling:
    """Words of one sentence that tell of an event: token positions, `last` included.

    `is_definite` says that they point back to an event told before ("the attack"); `is_perfect` that the verb
    looks back from the day of speaking ("has arrived"), `is_present` that it tells what goes on.
    """

    trigger: Trigger
    first: int
    last: int
    reality: Reality
    is_noun: bool
    is_definite: bool = False
    is_present: bool = False
    is_past: bool = False
    is_likened: bool = False

    @property
    def type(self) -> str:
        return self.trigger.type


class TriggerFinder:
    """Finds what tells of events in sentences."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        cues = lexicon.cues
        self._be, self._have = cues["be"], cues["have"]
        self._future, self._hypothetical, self._negation = (
            cues["future"],
            cues["hypothetical"],
            cues["negation"],
        )
        self._planning, self._leads_to, self._unreal = cues["planning"], cues["leads_to"], cues["unreal"]
        self._definite = cues["definite"]

    def find(self, words: Words, *, is_title: bool = False, is_reported: bool = False) -> list[Telling]:
        """What tells of events in a sentence, in its order, the heaviest first where several start alike.

        Parameters
        ----------
        is_title
            Whether it is a headline or a caption, where the present tense tells what has happened.
        is_reported
            Whether somebody is said to say it, so that "would" means "will".
        """
        found = []
        for position, low in enumerate(words.low):
            for trigger, form in self._lexicon.triggers.get(low, ()):
                if (telling := self._match(words, position, trigger, form)) is not None:
                    self._judge(words, telling, form, is_title=is_title, is_reported=is_reported)
                    found.append(telling)
        return _distinct(found)

    # Whether a trigger is there

    def _match(self, words: Words, at: int, trigger: Trigger, form: Form) -> Telling | None:
        last = at
        if trigger.rest:
            end = self._rest(words, at, trigger.rest, apart=form is not Form.NOUN)
            if end is None:
                return None
            last = end
        if Form.BASE in form and Form.PAST not in form and not self._may_be_base(words, at):
            return None  # a noun that is spelt like a verb
        if (
            Form.THIRD in form
            and words.low[at] in self._lexicon.classes
            and (not at or words.low[at - 1] not in _BEFORE_THIRD)
        ):
            return None  # "forces" is a noun
        if form is Form.NOUN and last == at and at and words.low[at - 1] in _BEFORE_VERB:
            return None  # permission to drill
        if form is Form.NOUN and last + 1 < len(words) and self._names_unit(words, last + 1):
            return None  # the 38th air assault brigade, attack drones
        low, high = self._clause(words, at)
        if trigger.subject is not None and not self._is_subject(words, at, low, high, trigger.subject):
            return None
        if trigger.object is not None and not self._is_object(
            words, at, last, low, high, form, trigger.object
        ):
            return None
        if trigger.of is not None and not self._is_of(words, at, last, trigger.of):
            return None
        if trigger.then and not any(self._has(words, need, last + 1, last + 7) for need in trigger.then):
            return None
        around = max(0, at - _NEAR), min(len(words), last + 1 + _NEAR)
        if trigger.near and not any(self._has(words, need, *around) for need in trigger.near):
            return None
        if any(self._has(words, need, *around) for need in trigger.unless):
            return None
        return Telling(trigger, at, last, Reality.OCCURRED, form is Form.NOUN)

    def _may_be_base(self, words: Words, at: int) -> bool:
        """Whether a base form may be a verb where it stands: `will strike`, `troops advance`, and not `the strike`."""
        before = words.low[at - 1] if at else ""
        if (
            before in self._future
            or before in self._hypothetical
            or before in self._negation
            or before in _BEFORE_BASE
        ):
            return True
        if before.endswith("n't") or before in (
            "the",
            "a",
            "an",
            "its",
            "their",
            "of",
            "in",
            "on",
            "by",
            "his",
        ):
            return before.endswith("n't")
        if words.low[at] in self._lexicon.nouns:
            return (
                before.endswith("s")
                and not words.is_owner[at - 1]
                and bool(self._lexicon.classes.get(before))
                and words.low[at + 1 : at + 2] != ["on"]
            )
        return True

    @staticmethod
    def _rest(words: Words, at: int, rest: Sequence[str], *, apart: bool) -> int | None:
        """Where a phrase that starts at a token ends; the particle of a verb may stand three words apart."""
        low = words.low
        for gap in range(4 if apart and len(rest) == 1 else 1):
            start = at + 1 + gap
            if gap and low[start - 1 : start] and low[start - 1] in _MARKS | {","}:
                return None
            if tuple(low[start : start + len(rest)]) == rest:
                return start + len(rest) - 1
        return None

    def _clause(self, words: Words, at: int) -> tuple[int, int]:
        """The positions round a token that belong to its clause, end exclusive; commas do not end one."""
        low, start = words.low, at
        while start > 0 and at - start < _BEFORE:
            before = low[start - 1]
            if before in _MARKS or before in _SUBORDINATORS:
                break
            start -= 1
        end = at + 1
        while end < len(low) and end - at <= _AFTER:
            if low[end] in _MARKS or low[end] in _SUBORDINATORS:
                break
            end += 1
        return start, end

    def _is_class(self, low: str, name: str) -> bool:
        known = self._lexicon.classes.get(low)
        if known is None and "-" in low:
            known = self._lexicon.classes.get(low.rpartition("-")[2])
        if known is None:
            return name == "airline" and low in (
                "airline",
                "airlines",
                "carrier",
                "belavia",
                "flights",
                "flight",
            )
        return name in known

    def _names_unit(self, words: Words, after: int) -> bool:
        names = self._lexicon.classes.get(words.low[after], frozenset())
        return bool(names & _UNITS)

    def _is_subject(self, words: Words, at: int, low: int, high: int, name: str) -> bool:
        # A relative clause has its subject before the relative pronoun.
        start = low
        if start > 0 and words.low[start - 1] in ("which", "who", "that", "as", "when"):
            start = max(0, start - 6)
        if any(self._is_class(words.low[i], name) for i in range(start, at)):
            return True
        by = next((i for i in range(at + 1, min(high, at + 4)) if words.low[i] == "by"), None)
        return by is not None and any(self._is_class(words.low[i], name) for i in range(by + 1, high))

    def _is_object(
        self, words: Words, at: int, last: int, low: int, high: int, form: Form, name: str
    ) -> bool:
        if any(self._is_class(words.low[i], name) for i in range(at + 1, max(high, last + 1))):
            return True
        if Form.PARTICIPLE not in form:
            return False
        is_passive = any(words.low[i] in self._be for i in range(max(low, at - 4), at))
        reach = range(low, at) if is_passive else range(max(low, at - 3), at)
        return any(self._is_class(words.low[i], name) for i in reach)

    def _is_of(self, words: Words, at: int, last: int, name: str) -> bool:
        before = range(max(0, at - 3), at)
        if any(self._is_class(words.low[i], name) for i in before):
            return True
        after = words.low[last + 1 : last + 9]
        for step, low in enumerate(after):
            if low in _MARKS or (low in _SUBORDINATORS and low != "as"):
                return False
            if step and self._is_class(low, name):
                return True
            if step == 0 and low not in ("of", "by", "with", "for", "where", "set"):
                return False
        return False

    def _has(self, words: Words, need: Sequence[str], start: int, end: int) -> bool:
        first = need[0]
        if first.startswith("+"):
            return any(self._is_class(words.low[i], first[1:]) for i in range(start, min(end, len(words))))
        for at in words.positions.get(first, ()):
            if start <= at < end and tuple(words.low[at : at + len(need)]) == tuple(need):
                return True
        return False

    # What is said of its reality

    def _judge(
        self, words: Words, telling: Telling, form: Form, *, is_title: bool, is_reported: bool
    ) -> None:
        judge = self._judge_noun if telling.is_noun else self._judge_verb
        judge(words, telling, form, is_title=is_title, is_reported=is_reported)
        if telling.type == "border_incident/crossing_attempt" and telling.reality is Reality.OCCURRED:
            before = words.low[max(0, telling.first - _UNREAL_REACH) : telling.first]
            if any(word in self._negation for word in before):
                telling.reality = Reality.UNREAL
            return  # attempts that were stopped have been made
        if telling.reality in (Reality.OCCURRED, Reality.ONGOING) and self._is_unreal(words, telling.first):
            telling.reality = Reality.UNREAL

    def _judge_verb(
        self, words: Words, telling: Telling, form: Form, *, is_title: bool, is_reported: bool
    ) -> None:
        low, at = words.low, telling.first
        said: list[str] = []
        i = at - 1
        while i >= 0 and at - i <= 6:
            word = low[i]
            known = (
                word in self._be or word in self._have or word in self._future or word in self._hypothetical
                or word in self._negation or word in _PASSED or word.endswith(("ly", "n't"))
            )  # fmt: skip
            if not known:
                break
            said.append(word)
            i -= 1
        if any(word in self._negation or word.endswith("n't") for word in said) or self._has_no_subject(
            low, at
        ):
            telling.reality = Reality.NEGATED
            return
        if any(word in self._future for word in said):
            telling.reality = Reality.PLANNED
            return
        if "would" in said and is_reported and "if" not in low[:at]:
            telling.reality = Reality.PLANNED
            return
        if any(word in self._hypothetical for word in said):
            telling.reality = Reality.UNREAL
            return
        if said and "to" in said and Form.GERUND not in form:
            telling.reality = self._of_infinitive(low, i, said)
            return
        if low[at - 1 : at] == ["last"] and at:
            telling.reality = Reality.UNREAL  # China last held drills in December
            return
        has_be = any(word in self._be and word not in ("been", "being") for word in said)
        has_have = any(word in self._have for word in said)
        if form is Form.GERUND:
            if has_be:
                is_now = any(word in ("is", "are", "'s", "'re") for word in said)
                telling.is_present = is_now
                telling.is_past = not is_now
                telling.reality = Reality.ONGOING if is_now else Reality.OCCURRED
            return
        telling.is_past = has_have or Form.PAST in form or Form.PARTICIPLE in form
        if not has_have and (Form.BASE in form or Form.THIRD in form) and Form.PAST not in form:
            telling.is_present = not is_title
            telling.is_past = False

    @staticmethod
    def _has_no_subject(low: Sequence[str], at: int) -> bool:
        """`Neither group entered`, `no shots were fired`."""
        for word in reversed(low[max(0, at - 6) : at]):
            if word in _MARKS or word == "," or word in _SUBORDINATORS:
                return False
            if word in ("neither", "none", "nobody", "no"):
                return True
        return False

    def _of_infinitive(self, low: Sequence[str], governor: int, said: Sequence[str]) -> Reality:
        """What "to do" says, by the word before it."""
        if any(word in self._be for word in said):
            return Reality.PLANNED  # is to do
        before = low[max(0, governor - 7) : governor + 1]
        if not before:
            return Reality.UNREAL
        if before[-1] in self._planning:
            is_denied = any(word in self._negation or word.endswith("n't") for word in before[-4:-1])
            return Reality.NEGATED if is_denied else Reality.PLANNED
        for word in reversed(before):
            if word in _MARKS or word == ",":
                break
            if word in self._leads_to:
                return Reality.OCCURRED
        return Reality.UNREAL

    def _judge_noun(
        self, words: Words, telling: Telling, form: Form, *, is_title: bool, is_reported: bool
    ) -> None:
        low, at = words.low, telling.first
        before = low[max(0, at - 6) : at]
        for back, word in enumerate(reversed(before), start=1):
            if word in _MARKS or word == ",":
                break
            if word == "of" and len(before) > back and before[-back - 1] in _OF_NOTHING:
                continue
            if word in self._negation:
                telling.reality = Reality.NEGATED
                break
            if word in ("planned", "upcoming", "scheduled", "forthcoming", "next", "future", "announced"):
                telling.reality = Reality.PLANNED
            if word in self._definite or words.is_owner[at - back]:
                telling.is_definite = back <= _NOUN_PHRASE
                break
            if word[:1].isdigit() or word.endswith("ed") or word in self._lexicon.speech:
                break
            if word in self._hypothetical:
                telling.reality = Reality.PLANNED if word == "would" and is_reported else Reality.UNREAL
                break
            if word in ("of", "in", "to", "for"):
                break
        if at and words.is_owner[at - 1]:
            telling.is_definite = True
        for to in range(at - 2, max(-1, at - 5), -1):
            if low[to] == "to" and low[to + 1][:1].isalpha() and words.text[to + 1][:1].islower():
                if low[to + 1] not in self._definite and telling.reality is Reality.OCCURRED:
                    said = [low[to - 1]] if to and low[to - 1] in self._be else []
                    telling.reality = self._of_infinitive(low, to - 1, said)  # plans to launch airstrikes
                break
        if telling.reality is not Reality.OCCURRED:
            return
        for word in low[telling.last + 1 : telling.last + 4]:
            if word in _MARKS or word in _SUBORDINATORS:
                break
            if word in self._future or (word == "would" and is_reported):
                telling.reality = Reality.PLANNED
            elif word in self._hypothetical:
                telling.reality = Reality.UNREAL
            elif word in ("continue", "continues", "continued", "is", "are", "remain", "remains", "goes"):
                telling.is_present = True

    def _is_unreal(self, words: Words, at: int) -> bool:
        """Whether a word before it takes the reality from all that follows in its clause."""
        for i in range(at - 1, max(-1, at - 1 - _UNREAL_REACH), -1):
            word = words.low[i]
            if word in ';:“”"()—' or (word == "," and at - i > 3):
                return False
            if word in self._unreal:
                return True
        return False


def _distinct(found: list[Telling]) -> list[Telling]:
    """Of tellings that share words the heaviest, then the longest."""
    kept: list[Telling] = []
    for telling in sorted(found, key=lambda t: (-t.trigger.weight, t.first - t.last, t.first)):
        if all(telling.last < other.first or other.last < telling.first for other in kept):
            kept.append(telling)
    return sorted(kept, key=lambda telling: telling.first)


_QUOTE: Final = re.compile(r"[“„«\"]|[”»]")


def quoted_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The spans of a block in quotation marks; one that is left open reaches to the end of the block."""
    spans: list[tuple[int, int]] = []
    opened: int | None = None
    for match in _QUOTE.finditer(text, start, end):
        mark = match.group()
        if opened is None and mark not in "”»":
            opened = match.end()
        elif opened is not None and mark in '”»"“':
            spans.append((opened, match.start()))
            opened = None
    if opened is not None:
        spans.append((opened, end))
    return spans
