"""Whether a sentence looks ahead at a date or back on it."""

from enum import StrEnum
from typing import Final

from geomap.extract.dates.tokens import CODES, OTHER, Tokens
from geomap.extract.dates.words import AHEAD, LASTING, Kind, word_set

_FARTHEST: Final = 14
"""Words from a date in which its verb is sought."""
_WILL, _DID, _TO, _UNTIL = CODES[Kind.WILL], CODES[Kind.DID], CODES[Kind.TO], CODES[Kind.UNTIL]
_SKIPPED: Final = {CODES[kind] for kind in (Kind.THE, Kind.EARLY, Kind.DASH, Kind.DAY, Kind.AN)}
_CLOCK: Final = word_set("a p m . : am pm noon midnight gmt utc est edt local time")
_QUOTES: Final = word_set('" “ ” « » `')
_BEFORE_ADJECTIVES: Final = {CODES[kind] for kind in (Kind.THE, Kind.AN, Kind.DASH, Kind.POSSESSIVE)}
_AS, _BY, _POSSESSIVE = CODES[Kind.AS], CODES[Kind.BY], CODES[Kind.POSSESSIVE]
_PARTICIPLES: Final = word_set("planned expected scheduled slated due")
_NO_VERBS: Final = word_set("a an the its his her their this that these those our my your")


class Tense(StrEnum):
    """Where a sentence sets a date."""

    PAST = "past"
    FUTURE = "future"
    UNSAID = "unsaid"


def tense_at(tokens: Tokens, first: int, last: int) -> Tense:
    """The tense of the verb nearest to a date: before it in the sentence, else after it.

    Parameters
    ----------
    first, last
        Numbers of the first token of the date and of the one after it.
    """
    if tokens.kinds[last : last + 1] == _POSSESSIVE:  # Friday's raid
        is_awaited = tokens.word(first - 1) == "of" and tokens.word(first - 2) == "ahead"
        return Tense.FUTURE if is_awaited else Tense.UNSAID
    limit = _limit_before(tokens, first)
    if limit == _AS and tokens.word(first - 2) in ("early", "soon", "late"):
        return Tense.FUTURE
    if tokens.word(first - 1) in ("effective", "payable"):
        return Tense.FUTURE
    if _is_fronted(tokens, first) and (nearest := _tense_after(tokens, last)) is not Tense.UNSAID:
        return nearest
    for number in range(first - 1, max(first - 1 - _FARTHEST, -1), -1):
        nearest = _tense_of(tokens, number)
        if nearest is not Tense.UNSAID:
            is_told_to = limit == _BY and _TO in tokens.kinds[number:first]  # ordered to leave by Friday
            is_given = limit == _UNTIL and tokens.word(number) not in LASTING  # has given them until Friday
            return Tense.FUTURE if is_told_to or is_given else nearest
    nearest = _tense_after(tokens, last)
    return Tense.FUTURE if nearest is Tense.UNSAID and limit in (_UNTIL, _BY) else nearest


def _tense_after(tokens: Tokens, last: int) -> Tense:
    for number in range(last, min(last + _FARTHEST, len(tokens.kinds))):
        if tokens.word(number) in _QUOTES:
            break
        tense = _tense_of(tokens, number)
        if tense is not Tense.UNSAID:
            return tense
    return Tense.UNSAID


def _is_fronted(tokens: Tokens, first: int) -> bool:
    """Whether a date opens its clause: `…, and on Saturday it will withdraw`."""
    if tokens.kinds[first - 1 : first] not in (CODES[Kind.ON], _BY):
        return False
    return tokens.kinds[first - 2 : first - 1] == CODES[Kind.AND] or tokens.word(first - 2) in (
        "but",
        "while",
        ";",
        ":",
    )


def _limit_before(tokens: Tokens, first: int) -> str:
    """The letter of what stands before a date, over articles and the time of day: `until 9 a.m. Tuesday`."""
    number, low = first - 1, max(first - _FARTHEST, 0)
    while number > low and (tokens.kinds[number] in _SKIPPED or tokens.word(number) in _CLOCK):
        number -= 1
    return tokens.kinds[number] if number >= 0 else ""


def _tense_of(tokens: Tokens, number: int) -> Tense:
    kind = tokens.kinds[number]
    if kind == _WILL:
        is_adjective = tokens.word(number) in _PARTICIPLES and tokens.kinds[number + 1 : number + 2] == OTHER
        return Tense.UNSAID if is_adjective else Tense.FUTURE  # the planned merger
    if kind == _DID:
        if tokens.word(number) == "set" and tokens.word(number + 1) in ("for", "to"):
            return Tense.FUTURE
        if tokens.word(number).endswith("ed") and (
            tokens.word(number).startswith("un") or tokens.kinds[number - 1 : number] in _BEFORE_ADJECTIVES
        ):  # the armed men, an unspecified date, Minsk-based
            return Tense.UNSAID
        if tokens.word(number - 1) == "be":  # `to be released Friday`, but `could not be reached`
            return Tense.FUTURE if tokens.word(number - 2) == "to" else Tense.UNSAID
        return (
            Tense.UNSAID if tokens.word(number - 1) in ("is", "are") else Tense.PAST
        )  # the case is heard in May
    if kind == _TO and tokens.word(number - 1) in AHEAD:
        is_verb = tokens.kinds[number + 1 : number + 2] in (OTHER, CODES[Kind.EARLY])
        follows = tokens.word(number + 1)
        if is_verb and follows.isalpha() and not tokens.is_capital(number + 1) and follows not in _NO_VERBS:
            return Tense.FUTURE
    return Tense.UNSAID
