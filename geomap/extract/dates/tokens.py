"""A sentence as words and marks, each with its kind, so that rules can be written over kinds alone."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from geomap.extract.dates.periods import Unit
from geomap.extract.dates.words import (
    ABBREVIATIONS,
    ENGLISH_MARKS,
    LOWER_CASE_ONLY,
    POLISH_MARKS,
    POLISH_WORDS,
    WORDS,
    Kind,
    word_set,
)

Value = int | Unit | date | None

CODES: Final = {kind: chr(0xC0 + number) for number, kind in enumerate(Kind)}
"""One letter for each kind; a sentence's kinds make a text that rules are matched against."""
OTHER: Final = "."
_CODE_OF: Final = {word: (CODES[kind], value) for word, (kind, value) in WORDS.items()}
_POLISH: Final = {word: (CODES[kind], value) for word, (kind, value) in POLISH_WORDS.items()}

_TOKEN: Final = re.compile(
    r"[Qq][1-4]\b|[Tt](?:wenty|hirty)-[a-z]+(?:st|nd|rd|th)\b|[^\W\d_]+(?:['’ʼ](?!(?:s|ll)\b)[^\W\d_]+)?"
    r"|['’](?:s\b|\d\ds\b|ll\b)"
    r"|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?![\d/])|\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})(?![\d/])"
    r"|\d+(?:[.,:]\d+)*(?:st\b|nd\b|rd\b|th\b|s\b|-?(?:го|ое|е|й|ого|му|га|ага|м|х)\b)?"
    r"|[^\w\s]"
)
_SUFFIX: Final = re.compile(r"(?:st|nd|rd|th|-?(?:го|ое|е|й|ого|му|га|ага|м|х))\Z")
_MARKS: Final = {
    ",": CODES[Kind.COMMA], "-": CODES[Kind.DASH], "–": CODES[Kind.DASH], "—": CODES[Kind.DASH],
    "−": CODES[Kind.DASH], "‑": CODES[Kind.DASH], "/": CODES[Kind.DASH],
}  # fmt: skip
_PAST_SLAVIC: Final = re.compile(
    r"(?:(?:[аеиіоуыюяё](?:л|ла|ло|ли|лі|ў)|[аиуюя]в)(?:ся|сь)?|ł|ła|ło|ły|[aeiy]li)\Z"
)
"""Endings of verbs in the past tense; some nouns end so too, which does no harm where most is told in it."""
_EARLIEST_YEAR: Final = 1000
_LATEST_YEAR: Final = 2199


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words and marks of a sentence.

    `kinds` has one letter of `CODES` each, or `.` for what says nothing of time; `starts` and `ends` are code
    points into the text, ends exclusive; `values` holds those that have one, by number.
    """

    text: str
    kinds: str
    starts: list[int]
    ends: list[int]
    values: dict[int, Value]

    def word(self, number: int) -> str:
        """A word in lower case; empty outside the sentence."""
        if not 0 <= number < len(self.starts):
            return ""
        return self.text[self.starts[number] : self.ends[number]].lower()

    def is_capital(self, number: int) -> bool:
        """Whether a word is written with a capital; false outside the sentence."""
        return 0 <= number < len(self.starts) and self.text[self.starts[number]].isupper()

    def is_joined(self, number: int) -> bool:
        """Whether nothing stands between a token and the next."""
        return number + 1 < len(self.starts) and self.ends[number] == self.starts[number + 1]


_TIMES: Final = {
    Kind.MONTH, Kind.WEEKDAY, Kind.SEASON, Kind.UNIT, Kind.DEICTIC, Kind.DAYTIME, Kind.OVERNIGHT, Kind.HOLIDAY,
    Kind.PERIOD, Kind.YEARLY,
}  # fmt: skip
_CENTURIES: Final = (18, 19, 20)
_HINTS: Final = frozenset(
    word.replace("'", apostrophe) + ending
    for word, (kind, value) in WORDS.items()
    if kind in _TIMES or (kind is Kind.NUMBER and value in _CENTURIES)
    for apostrophe in "'’ʼ"
    for ending in ("", "'s", "’s")
)
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’ʼ][^\W\d_]+)?")
_DIGITS: Final = re.compile(r"\d{4}|\d[./-]\d|\d0s|[Qq][1-4]")


def may_hold_dates(text: str, start: int, end: int) -> bool:
    """Whether a sentence has any word of time: most have none, and this is far quicker than to read it."""
    if _DIGITS.search(text, start, end):
        return True
    return not _HINTS.isdisjoint(_WORD.findall(text[start:end].lower().replace("ё", "е")))


def read_tokens(text: str, start: int, end: int, *, is_polish: bool = False) -> Tokens:
    """The tokens of a sentence; `start` and `end` are code points into the text.

    Words that Polish and English share are Polish where its other words prevail, and where neither do, if
    `is_polish`.
    """
    kinds: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    values: dict[int, Value] = {}
    polish = english = 0
    doubtful: list[int] = []
    code: str
    value: Value
    for match in _TOKEN.finditer(text, start, end):
        written = match[0]
        first, last = match.span()
        if ends and first < ends[-1]:
            continue  # the full stop of an abbreviation
        lower = written.lower()
        known = _CODE_OF.get(lower)
        if lower in POLISH_MARKS:
            polish += 1
        elif lower in ENGLISH_MARKS:
            english += 1
        if lower in _POLISH:
            doubtful.append(len(kinds))
        if known is not None:
            code, value = known
            if lower in ABBREVIATIONS and last < end and text[last] == ".":
                last += 1
            if not _is_written_well(written, lower, code):
                code, value = OTHER, None
        elif written[0].isdecimal():
            code, value = _number(lower)
        elif written in _MARKS:
            code, value = _MARKS[written], None
        else:
            code, value = _other(lower)
        if value is not None:
            values[len(kinds)] = value
        kinds.append(code)
        starts.append(first)
        ends.append(last)
    if polish > english or (is_polish and polish == english):
        for number in doubtful:
            kinds[number] = _POLISH[text[starts[number] : ends[number]].lower()][0]
            values.pop(number, None)
    return Tokens(text, "".join(kinds), starts, ends, values)


def _is_written_well(written: str, lower: str, code: str) -> bool:
    """English months and weekdays are written with a capital; `may`, `march` and `sat` are verbs."""
    if code not in (CODES[Kind.MONTH], CODES[Kind.WEEKDAY]):
        return True
    if lower in LOWER_CASE_ONLY:
        return written[0].islower()
    return written[0].isupper() or not lower.isascii() or lower in _LOWER_ASCII


# Polish month and weekday names without a letter of its own.
_LOWER_ASCII: Final = word_set(
    "stycznia styczniu luty lutego lutym marzec marca marcu kwietnia kwietniu maj maja maju czerwiec czerwca czerwcu"
    " lipiec lipca lipcu sierpnia sierpniu listopad listopada listopadzie grudnia grudniu wtorek wtorku czwartek"
    " czwartku sobota soboty sobocie niedziela niedzieli"
)


def _number(written: str) -> tuple[str, Value]:
    if written.isdecimal():
        number = int(written) if len(written) < 5 else 0
        if len(written) <= 2 and 1 <= number <= 31:
            return CODES[Kind.DAY], number
        if len(written) == 4 and _EARLIEST_YEAR <= number <= _LATEST_YEAR:
            return CODES[Kind.YEAR], number
        return (CODES[Kind.NUMBER], number) if 0 < number < 1000 else (OTHER, None)
    if written.endswith("s") and written[:-1].isdecimal() and len(written) == 5 and written[3] == "0":
        return _decade(int(written[:-1]))
    digits = _SUFFIX.sub("", written)
    if digits.isdecimal() and len(digits) == 4:  # 2021-го, 1990-х
        is_decade = written.endswith(("х", "е")) and digits.endswith("0")
        return _decade(int(digits)) if is_decade else _number(digits)
    if digits.isdecimal():
        number = int(digits) if len(digits) < 3 else 0
        return (CODES[Kind.ORDINAL], number) if 1 <= number <= 31 else (OTHER, None)
    found = _numeric_date(written)
    return (CODES[Kind.DATE], found) if found else (OTHER, None)


def _decade(first: int) -> tuple[str, Value]:
    return (CODES[Kind.DECADE], first) if _EARLIEST_YEAR <= first < _LATEST_YEAR - 9 else (OTHER, None)


def _numeric_date(written: str) -> date | None:
    """`2021-11-12`, `12.11.2021`, `12/11/21`; the day stands first unless it cannot be one."""
    parts = re.split(r"[-./]", written)
    separators = re.sub(r"\d", "", written)
    if len(parts) != 3 or separators[0] != separators[1] or not all(part.isdecimal() for part in parts):
        return None
    if len(parts[0]) == 4:
        return _date(*map(int, parts))
    day, month, year = map(int, parts)
    if len(parts[2]) == 2:
        if len(written) != 8:  # 1.2.10 is a section or a version
            return None
        year += 2000 if year < 70 else 1900
    return _date(year, month, day) or _date(year, day, month)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if _EARLIEST_YEAR <= year <= _LATEST_YEAR else None
    except ValueError:
        return None


def _other(lower: str) -> tuple[str, Value]:
    if lower in ("'s", "’s"):
        return CODES[Kind.POSSESSIVE], None
    if lower in ("'ll", "’ll"):
        return CODES[Kind.WILL], None
    if lower[0] in "'’" and len(lower) == 4:  # '90s
        first = int(lower[1:3])
        return (
            (CODES[Kind.DECADE], 1900 + first if first > 20 else 2000 + first)
            if first % 10 == 0
            else (OTHER, None)
        )
    plain = lower.replace("’", "'").replace("ʼ", "'").replace("ё", "е")
    if plain != lower and plain in _CODE_OF:
        return _CODE_OF[plain]
    if len(lower) == 2 and lower[0] == "q" and lower[1] in "1234":
        return CODES[Kind.QUARTER], int(lower[1])
    if _PAST_SLAVIC.search(lower) and len(lower) > 3:
        return CODES[Kind.DID], None
    if lower.endswith("ed") and not lower.endswith("eed") and len(lower) > 4:
        return CODES[Kind.DID], None
    return OTHER, None
