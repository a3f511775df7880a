"""How dates are reckoned: from the publication, from the date told before, in the year that is nearest."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from geomap.extract.dates import periods
from geomap.extract.dates.grammar import Found, Told, UnknownTimeError
from geomap.extract.dates.periods import Period, Unit
from geomap.extract.dates.tense import Tense
from geomap.extract.dates.tokens import CODES, Tokens
from geomap.extract.dates.words import Kind
from geomap.model.vocabulary import DateBasis

_FAR_WEEKS: Final = 3
"""Beyond so many weeks a count of weeks tells the week, not the day."""
# AP style leaves the year out in the running one: a day just ahead is likelier than one almost a year ago, even
# where the verb looks back (`declared a dividend payable Dec. 15`); a month alone is not. Days, found by trial on
# news of 1989-2000.
_AHEAD_DAYS: Final = {Tense.PAST: 30, Tense.UNSAID: 92, Tense.FUTURE: 300}
_AHEAD_DAYS_OF_MONTH: Final = {Tense.PAST: 0, Tense.UNSAID: 92, Tense.FUTURE: 300}

_JUST_PAST: Final = timedelta(days=60)
"""A month that has just passed is not meant for the year to come: one would say next October."""


def stated(period: Period) -> Told:
    """A period that the words give whole."""
    return Told(period, DateBasis.STATED)


def placed(period: Period, *, is_year_told: bool = True) -> Told:
    """A period that rests on the day of publication."""
    return Told(period, DateBasis.RELATIVE_TO_PUBLICATION, is_year_told)


def counted(period: Period) -> Told:
    """A period that rests on the date told before."""
    return Told(period, DateBasis.RELATIVE_TO_EVENT)


def compared(period: Period) -> Told:
    """As `counted`, but only for comparison: nothing counts from it."""
    return Told(period, DateBasis.RELATIVE_TO_EVENT, is_anchor=False)


def count_of(tokens: Tokens, match: re.Match[str]) -> int:
    """How many units the part `count` of a match says: 1 where it is missing, 0 for `a few`."""
    words = match.groupdict().get("count")
    if not words or words in (CODES[Kind.AN], CODES[Kind.THE]):
        return 1
    if CODES[Kind.COUPLE] in words:
        return 2
    value = tokens.values.get(match.start("count"))
    return value if isinstance(value, int) else 0


def away(when: date, count: int, unit: Unit) -> Period:
    """What lies some units from a day; the longer the unit, the coarser it is told.

    Raises
    ------
    ValueError, OverflowError
        If that is outside the calendar.
    """
    there = periods.add(when, count, unit)
    if unit in (Unit.HOUR, Unit.DAY):
        return periods.day(there)
    if unit is Unit.WEEK and abs(count) <= _FAR_WEEKS:
        return periods.day(there, approximate=abs(count) > 1)
    return periods.around(there, Unit.YEAR if unit is Unit.DECADE else unit)


def ago_or_ahead(found: Found, sign: int) -> Told:
    """So many units before or after the publication."""
    return placed(away(found.published, sign * _known_count(found), found.unit()))


def shifted(found: Found, sign: int) -> Told:
    """So many units before or after the date told before.

    Where there is none, what is earlier counts from the publication; what is later counts from an event whose day
    is not known.
    """
    anchor, unit = found.anchor, found.unit()
    if anchor is None:
        if sign > 0:
            raise UnknownTimeError
        return ago_or_ahead(found, sign)
    count = sign * _known_count(found)
    if unit is Unit.YEAR and anchor.unit in (Unit.QUARTER, Unit.MONTH, Unit.SEASON):
        return compared(periods.around(periods.add(anchor.first, count, unit), anchor.unit))
    return counted(away(anchor.first if sign < 0 else anchor.last, count, unit))


def stepped(found: Found, step: int) -> Told:
    """The day, week, month … of the date told before (0), the one before it (-1) or after it (1)."""
    unit = found.unit()
    if found.anchor is None:
        if step >= 0:
            raise UnknownTimeError
        return placed(periods.around(periods.add(found.published, step, unit), unit))
    start = found.anchor.first if step < 0 else found.anchor.last
    return counted(periods.around(periods.add(start, step, unit), unit))


def _known_count(found: Found) -> int:
    count = count_of(found.tokens, found.match)
    if count == 0 and found.unit() is not Unit.HOUR:  # a few hours are within the day
        raise UnknownTimeError
    return count


def nearest_day(found: Found, month: int, day: int) -> date:
    """A day of a month in the year that is meant, where none is told.

    Raises
    ------
    UnknownTimeError
        If the publication is not known.
    ValueError
        If the month has no such day.
    """
    today = found.published
    years = [year for year in range(today.year - 1, today.year + 2) if _is_day(year, month, day)]
    options = [date(year, month, day) for year in years]
    if not options:
        raise ValueError(f"month {month} has no day {day} about {today.year}")
    if found.has("weekday"):
        options = [day for day in options if day.weekday() == found.value("weekday")] or options
    past = [day for day in options if day <= today]
    ahead = [day for day in options if day > today]
    if found.has("lead"):  # last Oct. 23
        ahead, past = (ahead, []) if found.is_kind("lead", Kind.NEXT) else ([], past)
    if ahead and (not past or is_ahead(found, ahead[0], _AHEAD_DAYS)):
        return ahead[0]
    return past[-1] if past else options[0]


def nearest_month(found: Found, month: int) -> Period:
    """A month in the year that is meant, where none is told."""
    today = found.published
    told = periods.month(today.year, month)
    if told.first > today and not is_ahead(found, told.first, _AHEAD_DAYS_OF_MONTH):
        return periods.month(today.year - 1, month)
    if today - told.last > _JUST_PAST and found.tense is Tense.FUTURE:
        return periods.month(today.year + 1, month)
    return told


def is_ahead(found: Found, when: date, within: Mapping[Tense, int]) -> bool:
    """Whether a date without a year, the next time that it comes round, is the one that is meant."""
    return when - found.published < timedelta(days=within[found.tense])


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def nearest_weekday(found: Found, weekday: int) -> date:
    """The last such day up to the publication, or the next where the sentence looks ahead."""
    today = found.published
    if found.tense is Tense.FUTURE:
        return weekday_after(today, weekday)
    return weekday_before(today + timedelta(days=1), weekday)


def weekday_before(when: date, weekday: int) -> date:
    """The last such day before a day."""
    return when - timedelta(days=(when.weekday() - weekday - 1) % 7 + 1)


def weekday_after(when: date, weekday: int) -> date:
    """The next such day after a day."""
    return when + timedelta(days=(weekday - when.weekday() - 1) % 7 + 1)


def latest_weekend(today: date) -> Period:
    """The last weekend that has begun."""
    weekend = periods.around(today, Unit.WEEKEND)
    return weekend if weekend.first <= today else periods.around(today - timedelta(days=7), Unit.WEEKEND)
