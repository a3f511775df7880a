"""Rules for dates that stand in the calendar: days of months, months and seasons of years, quarters, decades."""

from datetime import date, timedelta
from typing import Final

from geomap.extract.dates import periods
from geomap.extract.dates.grammar import Found, RuleBook, Told, UnknownTimeError
from geomap.extract.dates.periods import Period, Unit
from geomap.extract.dates.reckoning import counted, nearest_day, placed, stated, weekday_after
from geomap.extract.dates.tense import Tense
from geomap.extract.dates.tokens import CODES
from geomap.extract.dates.words import Kind

STATED: Final = RuleBook()

_EARLIEST_SPAN: Final = 1500
"""Two numbers before it, joined by a dash, are no years."""
_CENTURIES: Final = (18, 19, 20)
_DECEMBER: Final = 12


@STATED.add("absolute", "(?P<date>DATE)")
def _read_numeric(found: Found) -> Told | None:
    value = found.value("date")
    return stated(periods.day(value)) if isinstance(value, date) else None


@STATED.add(
    "anaphora",
    "THE? (?:(?P<day>DAY|ORDINAL) OF?)? (?P<month>MONTH) OF? THE? (?:THAT|SAME) SAME? (?P<unit>UNIT)",
)
def _read_month_of_that_year(found: Found) -> Told | None:
    """`in September of that year`, `6 августа того же года`."""
    if found.unit() is not Unit.YEAR:
        return None
    if found.anchor is None:
        raise UnknownTimeError
    year, month = found.anchor.first.year, found.number("month")
    if found.has("day"):
        return counted(periods.day(date(year, month, found.number("day"))))
    return counted(periods.month(year, month))


@STATED.add(
    "absolute",
    "(?P<lead>LAST|THIS|NEXT)? (?:(?P<weekday>WEEKDAY) COMMA? THE?)? (?P<month>MONTH) THE? (?P<day>DAY|ORDINAL)"
    " (?:(?:COMMA (?:DAY|ORDINAL)){0,5} COMMA? (?P<join>ANY_DASH|AND) THE? (?P<until>DAY|ORDINAL) (?!OF? MONTH))?"
    " (?:COMMA? (?P<year>YEAR)|COMMA? OF_LAST_YEAR)?",
)
def _read_month_and_day(found: Found) -> Told | None:
    is_marked = found.has("lead") or found.has("year")
    if found.follows(Kind.IN, over_article=False) and not is_marked:  # in May 12 people were killed
        return None
    return _read_days(found)


@STATED.add(
    "absolute",
    "THE? (?:(?P<weekday>WEEKDAY) COMMA? (?:ON? THE)?)? (?P<day>DAY|ORDINAL)"
    " (?:(?:COMMA (?:DAY|ORDINAL)){0,5} COMMA? (?P<join>ANY_DASH|AND) THE? (?P<until>DAY|ORDINAL))?"
    " OF? (?P<month>MONTH) (?:COMMA? OF? (?P<year>YEAR) YEAR_MARK?|COMMA? OF_LAST_YEAR)?",
)
def _read_day_and_month(found: Found) -> Told | None:
    return _read_days(found)


def _read_days(found: Found) -> Told | None:
    month, first = found.number("month"), found.number("day")
    last = found.number("until") if found.has("until") else first
    if last < first or (found.is_kind("join", Kind.AND) and not _is_run(found, last - first)):
        return None  # no span of days; other rules take the parts
    if found.has("year"):
        return stated(_days_of(found.number("year"), month, first, last))
    if found.has("pointer"):
        year = found.pointed_year
        return placed(_days_of(year, month, first, last)) if year else None
    year = nearest_day(found, month, first).year
    return placed(_days_of(year, month, first, last), is_year_told=False)


def _is_run(found: Found, nights: int) -> bool:
    """Whether days joined by `and` follow one another, or are the ends of `between`."""
    between = found.match[0][
        found.match.start("day") - found.match.start() : found.match.end("until") - found.match.start()
    ]
    listed = sum(kind in (CODES[Kind.DAY], CODES[Kind.ORDINAL]) for kind in between)
    return found.follows(Kind.BETWEEN) or nights == listed - 1


def _days_of(year: int, month: int, first: int, last: int) -> Period:
    start, end = date(year, month, first), date(year, month, last)
    return periods.day(start) if start == end else periods.days(start, end)


@STATED.add(
    "absolute",
    "(?P<month>MONTH) (?P<day>DAY|ORDINAL)",
    "(?P<day>DAY|ORDINAL) OF? (?P<month>MONTH)",
    "(?P<day>DAY|ORDINAL) (?= (?:AND|OR|COMMA) (?:DAY|ORDINAL) OF? (?P<month>MONTH))",
)
def _read_one_day(found: Found) -> Told | None:
    """The day alone where what is joined to it is no span: `Nov. 11 and 40 people`, `on 12 and 15 November`."""
    if found.starts_with(Kind.MONTH) and found.follows(Kind.IN, over_article=False):
        return None
    return placed(
        periods.day(nearest_day(found, found.number("month"), found.number("day"))), is_year_told=False
    )


@STATED.add("month", "THE? (?P<month>MONTH) COMMA? OF? (?:(?P<year>YEAR) YEAR_MARK?|THE? OF_LAST_YEAR)")
def _read_month_of_year(found: Found) -> Told | None:
    if found.has("year"):
        return stated(periods.month(found.number("year"), found.number("month")))
    year = found.pointed_year
    return placed(periods.month(year, found.number("month"))) if year else None


@STATED.add("season", "THE? (?P<season>SEASON) (?:OF|COMMA)? (?:(?P<year>YEAR) YEAR_MARK?|OF_LAST_YEAR)")
def _read_season_of_year(found: Found) -> Told | None:
    if found.has("year"):
        return stated(periods.season(found.number("year"), found.number("season")))
    year = found.pointed_year
    return placed(periods.season(year, found.number("season"))) if year else None


_OF_YEAR: Final = "(?:(?:OF|IN|COMMA)? THE? FISCAL? (?:(?P<year>YEAR)|OF_LAST_YEAR))?"


@STATED.add(
    "quarter",
    f"THE? FISCAL? DASH? (?P<number>ORDINAL) DASH? (?P<part>UNIT) {_OF_YEAR}",
    f"THE? (?P<number>QUARTER) {_OF_YEAR}",
    "THE? FISCAL? (?:(?P<year>YEAR)|OF_LAST_YEAR) POSSESSIVE? FISCAL? (?P<number>ORDINAL) DASH? (?P<part>UNIT)",
    "(?P<year>YEAR) (?P<number>QUARTER)",
)
def _read_part_of_year(found: Found) -> Told | None:
    """A quarter or half, of the calendar year also where it is said to be of a fiscal one."""
    part = found.unit("part") if found.has("part") else Unit.QUARTER
    number = found.number("number")
    if part is Unit.QUARTER and 1 <= number <= 4:
        take = periods.quarter
    elif part is Unit.HALF and 1 <= number <= 2 and (found.has("year") or found.has("pointer")):
        take = periods.half
    else:
        return None
    if found.has("year"):
        return stated(take(found.number("year"), number))
    if found.has("pointer"):
        year = found.pointed_year
        return placed(take(year, number)) if year else None
    today = found.published
    told = take(today.year, number)
    if told.first > today and found.tense is not Tense.FUTURE:
        told = take(today.year - 1, number)
    return placed(told, is_year_told=False)


@STATED.add("year", "FISCAL? (?P<first>YEAR) DASH (?P<last>DAY|YEAR)(?! DASH)")
def _read_years(found: Found) -> Told | None:
    first, last = found.number("first"), found.number("last")
    if found.is_kind("last", Kind.DAY):  # 2014-16
        if not found.tokens.is_joined(found.match.start("last") - 1):
            return None
        last += first - first % 100
    if not _EARLIEST_SPAN <= first < last <= first + 200:
        return None
    return stated(periods.spanning(periods.year(first), periods.year(last)))


@STATED.add("year", "(?P<century>NUMBER) (?P<tens>NUMBER) (?:DASH? (?P<ones>NUMBER))?")
def _read_spoken_year(found: Found) -> Told | None:
    """`nineteen ninety-one`, as transcripts of speech have it."""
    century, tens, ones = found.number("century"), found.number("tens"), found.number("ones")
    is_year = found.word("century").isalpha() and found.word("tens").isalpha() and century in _CENTURIES
    if not is_year or tens % 10 or not 20 <= tens <= 90 or ones > 9:
        return None
    return stated(periods.year(100 * century + tens + ones))


@STATED.add("year", "UNIT (?P<two>NUMBER) (?P<thousand>NUMBER) (?P<ones>NUMBER)?")
def _read_two_thousand(found: Found) -> Told | None:
    """`the year two thousand one`."""
    is_year = (found.number("two"), found.number("thousand")) == (2, 1000)
    return (
        stated(periods.year(2000 + found.number("ones"))) if is_year and found.number("ones") < 100 else None
    )


@STATED.add("decade", "THE? (?P<decade>DECADE)")
def _read_decade(found: Found) -> Told | None:
    return stated(periods.decade(found.number("decade")))


@STATED.add(
    "holiday",
    "(?P<pointer>LAST|THIS|NEXT)? (?P<holiday>HOLIDAY) (?P<eve>EVE)? UNIT? (?:COMMA? (?P<year>YEAR))?",
    "NEW UNIT POSSESSIVE (?P<eve>EVE|UNIT) (?:COMMA? (?P<year>YEAR))?",
)
def _read_holiday(found: Found) -> Told | None:
    """Christmas, Thanksgiving and the turn of the year; other feasts are not the same day everywhere."""
    if found.has("year"):
        return stated(_holiday(found, found.number("year")))
    today = found.published
    is_next = found.tense is Tense.FUTURE or found.is_kind("pointer", Kind.NEXT)
    options = [_holiday(found, today.year + step) for step in (-1, 0, 1)]
    ahead = [option for option in options if option.first > today]
    past = [option for option in options if option.first <= today]
    return placed(ahead[0] if is_next else past[-1], is_year_told=False)


def _holiday(found: Found, year: int) -> Period:
    is_eve = found.is_kind("eve", Kind.EVE)
    if not found.has("holiday"):
        return periods.day(date(year, 12, 31) if is_eve else date(year, 1, 1))
    if found.number("holiday") == _DECEMBER:
        return periods.day(date(year, 12, 24 if is_eve else 25))
    fourth_thursday = weekday_after(date(year, 10, 31), 3) + timedelta(weeks=3)
    return periods.day(fourth_thursday - timedelta(days=int(is_eve)))
