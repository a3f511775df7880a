"""What a rule is: a pattern over the kinds of words, and a function that says what the words mean.

In a pattern the name of a kind stands for one word of it: `LAST UNIT` is `last week`, `прошлый год`, `zeszły miesiąc`.
Around the names it is a regular expression, blanks aside; `(?P<unit>UNIT)` names a part.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from geomap.extract.dates.periods import Period, Unit
from geomap.extract.dates.tense import Tense, tense_at
from geomap.extract.dates.tokens import CODES, Tokens, Value
from geomap.extract.dates.words import Kind
from geomap.model.vocabulary import DateBasis

_SHORTHANDS: Final = {
    "ANY_DASH": "(?:DASH|TO|UNTIL|THROUGH)",
    "MANY": "(?:AN? COUPLE OF?|AN? FEW|NUMBER|DAY|AN)",
    "OF_LAST_YEAR": "(?P<pointer>LAST|THIS|NEXT) FISCAL? (?P<unit>UNIT)",
    "POINTER": "(?P<pointer>LAST|PAST|PREVIOUS|THIS|NEXT|FOLLOWING)",
}


def translate(pattern: str) -> str:
    """A pattern over kinds as a regular expression over their letters."""
    for name, meaning in _SHORTHANDS.items():
        pattern = re.sub(rf"\b{name}\b", meaning, pattern)
    return re.sub(r"[A-Z][A-Z_]+", lambda match: CODES[Kind[match[0]]], pattern).replace(" ", "")


class UnknownTimeError(Exception):
    """The words are a date, but which cannot be told: what they count from is not known, or how many."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a rule found: a period and what it rests on."""

    period: Period
    basis: DateBasis
    is_year_told: bool = True
    """Whether the year stands in the words."""
    is_anchor: bool = True
    """Whether later dates may count from it; a mere comparison (`up from a year ago`) is left out."""


@dataclass(slots=True)
class Found:
    """A match of a rule in a sentence, with what the text has told before."""

    tokens: Tokens
    match: re.Match[str]
    today: date | None
    """The day of publication."""
    anchor: Period | None
    """The date told last."""
    quarter: Period | None
    """The quarter of a year told last."""

    def has(self, name: str) -> bool:
        """Whether a part is there."""
        return self.match.groupdict().get(name) is not None

    def value(self, name: str) -> Value:
        """The value of the first word of a part; None where it is missing or has none."""
        return self.tokens.values.get(self.match.start(name)) if self.has(name) else None

    def number(self, name: str) -> int:
        """The value of a part that is a number; 0 where it is missing."""
        value = self.value(name)
        return value if isinstance(value, int) else 0

    def unit(self, name: str = "unit") -> Unit:
        """The value of a part that is a unit; a part of the day counts as a day."""
        value = self.value(name)
        return value if isinstance(value, Unit) else Unit.DAY

    def word(self, name: str) -> str:
        """The first word of a part, in lower case."""
        return self.tokens.word(self.match.start(name)) if self.has(name) else ""

    def is_kind(self, name: str, *kinds: Kind) -> bool:
        """Whether a part begins with one of some kinds."""
        return self.has(name) and self.match[name][0] in {CODES[kind] for kind in kinds}

    def holds(self, kind: Kind) -> bool:
        """Whether a word of a kind stands anywhere in the match."""
        return CODES[kind] in self.match[0]

    def starts_with(self, kind: Kind) -> bool:
        """Whether the match begins with a word of a kind."""
        return self.match[0][0] == CODES[kind]

    def follows(self, *kinds: Kind, over_article: bool = True) -> bool:
        """Whether a word of some kinds stands right before the match."""
        number = self.match.start() - 1
        if over_article and number >= 0 and self.tokens.kinds[number] == CODES[Kind.THE]:
            number -= 1
        return number >= 0 and self.tokens.kinds[number] in {CODES[kind] for kind in kinds}

    def next_word(self) -> str:
        """The word or mark after the match, in lower case; empty at the end of the sentence."""
        return self.tokens.word(self.match.end())

    @property
    def is_plural(self) -> bool:
        """Whether the unit is an English plural."""
        word = self.word("unit")
        return word.isascii() and word.endswith("s")

    @property
    def is_bare_in_english(self) -> bool:
        """Whether the unit is English, which counts none without a numeral: `week ago`, but `неделю назад`."""
        word = self.word("unit")
        return word.isascii() and word not in ("rok", "dni")

    @property
    def tense(self) -> Tense:
        """The tense in which the sentence speaks of the match."""
        return tense_at(self.tokens, self.match.start(), self.match.end())

    @property
    def published(self) -> date:
        """The day of publication.

        Raises
        ------
        UnknownTimeError
            If it is not known.
        """
        if self.today is None:
            raise UnknownTimeError
        return self.today

    @property
    def pointed_year(self) -> int | None:
        """The year of `last year`; None where another unit is pointed at."""
        if self.unit() is not Unit.YEAR:
            return None
        step = -1 if self.is_kind("pointer", Kind.LAST) else int(self.is_kind("pointer", Kind.NEXT))
        return self.published.year + step


Read = Callable[[Found], Told | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its id, its pattern over kinds and what it means, None where the words are no date after all."""

    name: str
    source: str
    pattern: re.Pattern[str]
    read: Read


class RuleBook(list[Rule]):
    """Rules in the order in which they are tried."""

    def add(self, name: str, *patterns: str) -> Callable[[Read], Read]:
        """Make a function the meaning of some patterns."""

        def keep(read: Read) -> Read:
            for pattern in patterns:
                source = translate(pattern)
                self.append(Rule(name, source, re.compile(source), read))
            return read

        return keep
