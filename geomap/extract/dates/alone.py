"""Rules for weekdays, months, seasons and years that stand alone, and so must be told from names and numbers."""

from typing import Final

from geomap.extract.dates import periods
from geomap.extract.dates.grammar import Found, RuleBook, Told
from geomap.extract.dates.reckoning import nearest_month, nearest_weekday, placed, stated
from geomap.extract.dates.tense import Tense
from geomap.extract.dates.tokens import Tokens
from geomap.extract.dates.words import ABBREVIATIONS, NAMES_TOO, Kind, word_set

ALONE: Final = RuleBook()

_EARLIEST_YEAR: Final = 1500
_EARLIEST_BARE_YEAR: Final = 1900
_LATEST_YEAR: Final = 2099
_BEFORE_TIMES: Final = (
    Kind.IN, Kind.SINCE, Kind.BY, Kind.UNTIL, Kind.FROM, Kind.OF, Kind.TO, Kind.THROUGH, Kind.EARLY, Kind.MIDDLE,
    Kind.AND, Kind.BETWEEN, Kind.BEFORE, Kind.AFTER, Kind.AS, Kind.OR, Kind.DASH, Kind.EARLIER, Kind.LATER,
    Kind.FOR,
)  # fmt: skip
_NAMED_BEFORE: Final = word_set("black good bloody ash palm easter super holy")
_NAMED_AFTER: Final = word_set("times telegraph mirror express mail post")
_ENGLISH_SEASONS: Final = word_set("spring summer autumn fall winter springtime summertime wintertime")
_NUMBERED: Final = word_set("no nr resolution number flight route unit battalion article section room line")
_COUNTED: Final = word_set("% percent km kg m ha people troops men women children feet tonnes strong of")


@ALONE.add("weekday", "EARLY? (?P<weekday>WEEKDAY) (?:POSSESSIVE? DAYTIME)?")
def _read_weekday(found: Found) -> Told | None:
    if found.word("weekday") in NAMES_TOO and not found.follows(Kind.ON):
        return None
    before = found.tokens.word(found.match.start("weekday") - 1)
    if before in _NAMED_BEFORE or found.next_word() in _NAMED_AFTER or found.follows(Kind.EVERY):
        return None
    return placed(periods.day(nearest_weekday(found, found.number("weekday"))))


@ALONE.add("month", "(?P<month>MONTH)")
def _read_month(found: Found) -> Told | None:
    if found.word("month") in NAMES_TOO and not _is_month(found):
        return None
    return placed(nearest_month(found, found.number("month")), is_year_told=False)


def _is_month(found: Found) -> bool:
    """Whether a word that is also a name or a verb is a month here."""
    if found.word("month") in ABBREVIATIONS:
        return False
    if found.follows(Kind.AND) and found.tokens.is_capital(found.match.end()):  # and April Jones
        return False
    return found.follows(*_BEFORE_TIMES) or found.follows(Kind.THE, Kind.AN, over_article=False)


@ALONE.add("season", "THE? (?P<season>SEASON)(?! OF)")
def _read_season(found: Found) -> Told | None:
    is_time = found.starts_with(Kind.THE) or found.follows(
        Kind.IN, Kind.SINCE, Kind.BY, Kind.UNTIL, Kind.EARLY
    )
    if found.word("season") in _ENGLISH_SEASONS and not is_time:
        return None
    today, number = found.published, found.number("season")
    told = periods.season(today.year, number)
    if told.first > today and found.tense is not Tense.FUTURE:
        told = periods.season(today.year - 1, number)
    return placed(told, is_year_told=False)


@ALONE.add("year", "FISCAL? (?P<year>YEAR) YEAR_MARK?")
def _read_year(found: Found) -> Told | None:
    number = found.number("year")
    return stated(periods.year(number)) if _is_year(found, number) else None


def _is_year(found: Found, number: int) -> bool:
    """Whether four digits are a year rather than a count or a number."""
    tokens, first = found.tokens, found.match.start()
    if (
        found.starts_with(Kind.FISCAL)
        or found.holds(Kind.YEAR_MARK)
        or tokens.word(found.match.end()) in _YEARS
    ):
        return True
    if (
        found.follows(Kind.DASH, over_article=False)
        and tokens.is_joined(first - 2)
        and tokens.is_capital(first - 2)
    ):
        return False  # Zapad-2021
    is_recent = _EARLIEST_BARE_YEAR <= number <= _LATEST_YEAR
    points = found.follows(
        Kind.THE, Kind.AN, Kind.DASH, Kind.POSSESSIVE, over_article=False
    )  # the 1992 protests
    is_count = not points and _is_counted(tokens, found.match.end())
    if found.follows(Kind.IN, Kind.SINCE, Kind.EARLY):
        return is_recent or (_EARLIEST_YEAR <= number < _EARLIEST_BARE_YEAR and not is_count)
    if not is_recent or is_count:
        return False
    if first == 0 or found.follows(*_BEFORE_TIMES, Kind.POSSESSIVE) or tokens.word(first - 1) in _OPENERS:
        return True
    is_named = tokens.is_capital(first - 1) and first > 1  # Orion 1980
    before = tokens.word(first - 1)
    return before.isalpha() and not is_named and before not in _NUMBERED and not found.follows(Kind.ABOUT)


_OPENERS: Final = word_set("( ) , ; :")
_YEARS: Final = word_set("год года году роки року році рік годзе roku")


def _is_counted(tokens: Tokens, number: int) -> bool:
    """Whether a word is what is counted: `2000 soldiers`."""
    word = tokens.word(number)
    return word in _COUNTED or (word.endswith("s") and word.isalpha() and not tokens.is_capital(number))
