"""Numbers in a sentence and what they count."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from geomap.extract.lexicon import Lexicon
from geomap.extract.tokens import Words

_FIGURE: Final = re.compile(r"\d{1,3}(?:[, ]\d{3})+|\d+(?:\.\d+)?")
_REACH: Final = 5
_YEARS: Final = range(1900, 2100)


@dataclass(frozen=True, slots=True)
class Count:
    """A number as the text states it; token positions, `last` included. One of the three figures is told."""

    first: int
    last: int
    measure: str
    low: float | None
    best: float | None
    high: float | None
    unit: str = ""


class CountReader:
    """Reads counts of people, machines, losses and money."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        counts = lexicon.counts
        self._words = counts.words
        self._plurals: dict[str, int] = {w: n for w, n in counts.plurals.items() if " " not in w}
        self._scales = counts.scales
        self._measures: dict[str, str] = {
            word: name for name, words in counts.measures.items() for word in words
        }
        self._classes = counts.classes
        self._currencies = counts.currencies
        self._money = counts.currency_words
        self._limits = [
            (kind, tuple(phrase.split()))
            for kind, phrases in (
                ("at_least", counts.at_least),
                ("at_most", counts.at_most),
                ("about", counts.about),
            )
            for phrase in phrases
        ]

    def read(self, words: Words, taken: frozenset[int] = frozenset()) -> list[Count]:
        """The counts of a sentence in its order; `taken` are positions of dates and names, which count nothing."""
        found: list[Count] = []
        at = 0
        while at < len(words):
            read = None if at in taken else self._number(words, at)
            if read is None:
                at += 1
                continue
            value, last, is_plural = read
            count = self._count(words, at, last, value, is_plural=is_plural)
            if count is not None:
                found.append(count)
            at = last + 1
        return list(self._joined(words, found))

    def _number(self, words: Words, at: int) -> tuple[float, int, bool] | None:
        low = words.low[at]
        if low in self._plurals:
            return self._plurals[low], at, True
        if match := _FIGURE.fullmatch(low):
            value = float(match.group().replace(",", "").replace(" ", ""))
            last = at
        elif low in self._words and low not in ("hundred", "thousand"):
            value, last = float(self._words[low]), at
        elif low in ("hundred", "thousand"):
            value, last = 1.0, at - 1
        else:
            return None
        while last + 1 < len(words) and words.low[last + 1] in self._scales:
            value *= self._scales[words.low[last + 1]]
            last += 1
        return value, last, False

    def _count(self, words: Words, first: int, last: int, value: float, *, is_plural: bool) -> Count | None:
        if first and (currency := self._currencies.get(words.low[first - 1])):
            return self._limited(words, first - 1, last, "money", value, currency, is_plural=is_plural)
        for step in range(last + 1, min(last + 1 + _REACH, len(words))):
            low = words.low[step]
            if not low[:1].isalnum() or low in (
                "and",
                "or",
                "to",
                "in",
                "at",
                "from",
                "on",
                "km",
                "miles",
                "years",
                "days",
                "hours",
            ):
                break
            if low in self._money:
                return self._limited(
                    words, first, step, "money", value, self._money[low], is_plural=is_plural
                )
            if (measure := self._measures.get(low)) and step > last:
                return self._limited(words, first, step, measure, value, is_plural=is_plural)
            names = self._lexicon.classes.get(low) or self._lexicon.classes.get(low.rpartition("-")[2])
            if names and (measure := self._measure(words, low, names, step)):
                return self._limited(words, first, step, measure, value, is_plural=is_plural)
        # "losses at 1,610", "put the dead at 12"
        for step in range(first - 1, max(-1, first - 9), -1):
            low = words.low[step]
            if (
                low in self._measures
                and words.low[first - 1] in ("at", "to", "of", "as")
                and not (value in _YEARS and value == int(value) and words.low[first - 1] == "of")
            ):
                return self._limited(words, first, last, self._measures[low], value, is_plural=is_plural)
            if not low[:1].isalnum():
                break
        return None

    def _measure(self, words: Words, low: str, names: frozenset[str], at: int) -> str:
        follow = words.low[at + 1 : at + 5]
        for word in follow:
            if not word[:1].isalnum():
                break
            if word in self._measures and self._measures[word] in (
                "fatalities",
                "injured",
                "detained",
                "displaced",
                "missing",
            ):
                return self._measures[word]
        if low in ("vehicle", "vehicles", "tank", "tanks", "truck", "trucks", "cars"):
            return "vehicles"
        for name in (
            "drones",
            "aircraft",
            "ships",
            "missiles",
            "migrants",
            "forces",
            "people",
            "rebels",
            "protesters",
        ):
            if name in names and name in self._classes:
                return self._classes[name]
        return ""

    def _limited(
        self,
        words: Words,
        first: int,
        last: int,
        measure: str,
        value: float,
        unit: str = "",
        *,
        is_plural: bool,
    ) -> Count:
        kind = "at_least" if is_plural else ""
        start = first
        for name, phrase in self._limits:
            begin = first - len(phrase)
            if begin >= 0 and tuple(words.low[begin:first]) == phrase:
                kind, start = name, begin
                break
        low = value if kind == "at_least" else None
        high = value if kind == "at_most" else None
        best = value if low is None and high is None else None
        return Count(start, last, measure, low, best, high, unit)

    def _joined(self, words: Words, found: list[Count]) -> Iterator[Count]:
        """`between 20 and 30 soldiers`, `20-30 soldiers` as one count."""
        for count in found:
            before = words.low[max(0, count.first - 3) : count.first]
            if (
                len(before) == 3
                and before[2] in ("and", "to", "-", "–")
                and _FIGURE.fullmatch(before[1])
                and count.best
            ):
                least = float(before[1].replace(",", ""))
                if least < count.best and (before[2] != "and" or before[0] == "between"):
                    yield Count(
                        count.first - 2, count.last, count.measure, least, None, count.best, count.unit
                    )
                    continue
            yield count
