"""Stretches of the calendar and how they are counted."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final


class Unit(StrEnum):
    """What time is counted in; also how finely a period is told."""

    HOUR = "hour"
    DAY = "day"
    WEEKEND = "weekend"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    SEASON = "season"
    HALF = "half"
    YEAR = "year"
    DECADE = "decade"
    SPAN = "span"


_MONTHS_OF: Final = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.HALF: 6, Unit.YEAR: 12, Unit.DECADE: 120}


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both included, told in some unit."""

    first: date
    last: date
    unit: Unit = Unit.SPAN
    one_of: bool = False
    """One day of it is meant, not all."""
    approximate: bool = False
    ends: Unit = Unit.DAY
    """What the first and last day of a span were told in."""

    @property
    def edtf(self) -> str:
        """The period in EDTF."""
        first, last = self.first.isoformat(), self.last.isoformat()
        mark = "~" if self.approximate else ""
        match self.unit:
            case _ if self.first == self.last:
                return first + mark
            case Unit.MONTH:
                return first[:7] + mark
            case Unit.SEASON:
                return f"{first[:4]}-{20 + self.first.month // 3}{mark}"
            case Unit.YEAR:
                return first[:4] + mark
            case Unit.DECADE:
                return f"{first[:3]}X{mark}"
            case _ if self.one_of:
                return f"[{first}..{last}]"
            case _ if self.ends is Unit.MONTH:
                return f"{first[:7]}/{last[:7]}"
            case _ if self.ends is Unit.YEAR:
                return f"{first[:4]}/{last[:4]}"
            case _:
                return f"{first}/{last}"


def day(when: date, *, approximate: bool = False) -> Period:
    """One day."""
    return Period(when, when, Unit.DAY, approximate=approximate)


def days(first: date, last: date) -> Period:
    """Every day from the first to the last."""
    return Period(first, last)


def spanning(start: Period, end: Period) -> Period:
    """From the beginning of one period to the end of another, told in the same unit."""
    return Period(start.first, end.last, ends=start.unit)


def one_day_of(first: date, last: date) -> Period:
    """One day between the first and the last."""
    return Period(first, last, one_of=True)


def month(year: int, number: int) -> Period:
    """A month of a year."""
    last = calendar.monthrange(year, number)[1]
    return Period(date(year, number, 1), date(year, number, last), Unit.MONTH)


def quarter(year: int, number: int) -> Period:
    """A calendar quarter, 1 to 4."""
    return Period(month(year, 3 * number - 2).first, month(year, 3 * number).last, Unit.QUARTER)


def half(year: int, number: int) -> Period:
    """Half a year, 1 or 2."""
    return Period(month(year, 6 * number - 5).first, month(year, 6 * number).last, Unit.HALF)


def season(year: int, number: int) -> Period:
    """A northern meteorological season: 1 spring to 4 winter, which begins in the December of its year."""
    first = date(year, 3 * number, 1)
    return Period(first, add_months(first, 3) - timedelta(days=1), Unit.SEASON)


def year(number: int) -> Period:
    """A calendar year."""
    return Period(date(number, 1, 1), date(number, 12, 31), Unit.YEAR)


def decade(first_year: int) -> Period:
    """Ten years from one that ends in 0."""
    return Period(date(first_year, 1, 1), date(first_year + 9, 12, 31), Unit.DECADE)


def add_months(when: date, count: int) -> date:
    """The same day of another month, or the last day of that month where it is shorter."""
    years, months = divmod(when.year * 12 + when.month - 1 + count, 12)
    return date(years, months + 1, min(when.day, calendar.monthrange(years, months + 1)[1]))


def add(when: date, count: int, unit: Unit) -> date:
    """A day some units away."""
    if unit in _MONTHS_OF:
        return add_months(when, count * _MONTHS_OF[unit])
    if unit is Unit.HOUR:
        return when + timedelta(days=round(count / 24))
    return when + timedelta(days=count * (1 if unit is Unit.DAY else 7))


def around(when: date, unit: Unit) -> Period:
    """The day, week, month … that holds a day; weeks begin on Monday, a weekend is that of its week."""
    monday = when - timedelta(days=when.weekday())
    match unit:
        case Unit.WEEK:
            return Period(monday, monday + timedelta(days=6), Unit.WEEK)
        case Unit.WEEKEND:
            return Period(monday + timedelta(days=5), monday + timedelta(days=6), Unit.WEEKEND)
        case Unit.MONTH:
            return month(when.year, when.month)
        case Unit.QUARTER:
            return quarter(when.year, (when.month + 2) // 3)
        case Unit.HALF:
            return half(when.year, (when.month + 5) // 6)
        case Unit.SEASON:
            begins = add_months(when.replace(day=1), -(when.month % 3))
            return season(begins.year, begins.month // 3)
        case Unit.YEAR:
            return year(when.year)
        case Unit.DECADE:
            return decade(when.year - when.year % 10)
        case _:
            return day(when)
