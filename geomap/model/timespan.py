"""When something happened, as exactly as it is known: an exact subset of EDTF, kept as first and last day.

EDTF is ISO 8601-2:2019, profile of the Library of Congress. Read here: level 0; of level 1 the seasons
21-24, the qualifiers `? ~ %`, unspecified digits `X`, and open or unknown interval ends; of level 2 only
`[A..B]`, one day of a span. Seasons are the northern meteorological ones (summer is June to August; winter
begins in the December of its year). Qualifiers set flags and never widen a span.
"""

import calendar
import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Final

from geomap.model.vocabulary import DateBasis, DatePrecision

_DATE: Final = re.compile(
    r"(?P<year>[0-9X]{4})(?:-(?P<month>[0-9X]{2})(?:-(?P<day>[0-9X]{2}))?)?(?P<flags>[?~%]?)"
)
_INSTANT: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}(:\d{2})?)?", re.ASCII)
_SEASONS: Final = {21: ("spring", 3), 22: ("summer", 6), 23: ("autumn", 9), 24: ("winter", 12)}
# Not calendar.month_name, which follows the machine's locale.
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_EXAMPLES: Final = (
    "2021-11-12, 2021-11, 2021-11-10/2021-11-11, 2024-08-06/.., ../2024-08-12 or [2022-10-03..2022-10-09]"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeSpan:
    """A span of UTC days.

    `first` and `last` are its days, both included; None where that end is open. Both are None only when the
    time is unknown. `one_of` says that it happened on one day of the span, not throughout. `label` is the
    span in words. `words` are those of the source ("last week").
    """

    edtf: str
    first: date | None
    last: date | None
    precision: DatePrecision
    label: str
    one_of: bool = False
    uncertain: bool = False
    approximate: bool = False
    basis: DateBasis = DateBasis.STATED
    words: str = ""

    @property
    def is_dated(self) -> bool:
        """Whether anything is known of the time."""
        return self.first is not None or self.last is not None


@dataclass(frozen=True, slots=True)
class _Point:
    """One date of an EDTF text: the days it covers."""

    first: date
    last: date
    precision: DatePrecision
    label: str
    uncertain: bool
    approximate: bool


def unknown_time(words: str = "", basis: DateBasis = DateBasis.UNKNOWN) -> TimeSpan:
    """A time that is not known, with the words in which the source leaves it open."""
    label = "date unknown"
    return TimeSpan(
        edtf="", first=None, last=None, precision=DatePrecision.UNKNOWN, label=label, basis=basis, words=words
    )


@lru_cache(maxsize=4096)  # many events share their days
def parse_edtf(text: str) -> TimeSpan:
    """Read an EDTF text of the subset above.

    Raises
    ------
    ValueError
        If the text is outside the subset, names a day that no calendar has, or ends before it begins.
    """
    text = text.strip()
    if text.startswith("[") and text.endswith("]"):
        return _parse_one_of(text)
    if "/" in text:
        return _parse_interval(text)
    point = _parse_point(text)
    label = _qualified(point.label, point)
    return TimeSpan(
        edtf=text,
        first=point.first,
        last=point.last,
        precision=point.precision,
        label=label,
        uncertain=point.uncertain,
        approximate=point.approximate,
    )


def _parse_one_of(text: str) -> TimeSpan:
    ends = text[1:-1].split("..")
    if len(ends) != 2 or not all(ends):
        raise ValueError(f"{text!r} is not a set of the form [2022-10-03..2022-10-09]")
    span = _closed(text, _parse_point(ends[0]), _parse_point(ends[1]))
    return replace(span, one_of=True, label=f"one day of {span.label}")


def _parse_interval(text: str) -> TimeSpan:
    ends = text.split("/")
    if len(ends) != 2:
        raise ValueError(
            f"{text!r} has more than one '/'; expected one interval such as 2021-11-10/2021-11-11"
        )
    start = None if ends[0] in ("", "..") else _parse_point(ends[0])
    end = None if ends[1] in ("", "..") else _parse_point(ends[1])
    if start and end:
        return _closed(text, start, end)
    known = start or end
    if known is None:
        raise ValueError(f"{text!r} is open at both ends and says nothing; leave the date out")
    label = _qualified(known.label, known)
    return TimeSpan(
        edtf=text,
        first=start.first if start else None,
        last=end.last if end else None,
        precision=DatePrecision.RANGE,
        label=f"from {label} on" if start else f"by {label}",
        uncertain=known.uncertain,
        approximate=known.approximate,
    )


def _closed(text: str, start: _Point, end: _Point) -> TimeSpan:
    if end.last < start.first:
        raise ValueError(f"{text!r} ends before it begins")
    both = replace(
        start, uncertain=start.uncertain or end.uncertain, approximate=start.approximate or end.approximate
    )
    return TimeSpan(
        edtf=text,
        first=start.first,
        last=end.last,
        precision=DatePrecision.RANGE,
        label=_qualified(_range_label(start, end), both),
        uncertain=both.uncertain,
        approximate=both.approximate,
    )


def _parse_point(text: str) -> _Point:
    if _INSTANT.fullmatch(text):
        return _parse_instant(text)
    match = _DATE.fullmatch(text)
    if not match:
        raise ValueError(f"{text!r} is not a date that can be read; expected EDTF such as {_EXAMPLES}")
    year, month, day, flags = match["year"], match["month"], match["day"], match["flags"]
    try:
        first, last, precision, label = _days(year, month, day)
    except ValueError as error:
        raise ValueError(f"{text!r} is not a date: {error}") from error
    return _Point(first, last, precision, label, flags in ("?", "%"), flags in ("~", "%"))


def _parse_instant(text: str) -> _Point:
    try:
        moment = datetime.fromisoformat(text)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{text!r} is not a date: there is no such moment") from error
    day = moment.date()
    return _Point(day, day, DatePrecision.INSTANT, f"{_day_label(day)}, {moment:%H:%M} UTC", False, False)


def _days(year: str, month: str | None, day: str | None) -> tuple[date, date, DatePrecision, str]:
    """The first and last day, precision and words of a date whose digits may be unspecified."""
    if "X" in year:
        if not re.fullmatch(r"\d{3}X|\d{2}XX", year) or (month and month != "XX") or (day and day != "XX"):
            raise ValueError("only the last digits of a year may be X")
        low, high = int(year.replace("X", "0")), int(year.replace("X", "9"))
        label = f"{low}s" if year.count("X") == 1 else f"{low}–{high}"
        return date(max(low, 1), 1, 1), date(high, 12, 31), DatePrecision.RANGE, label
    number = int(year)
    if month is None or month == "XX":
        if day and day != "XX":
            raise ValueError("a day needs its month")
        return date(number, 1, 1), date(number, 12, 31), DatePrecision.YEAR, year
    if "X" in month or (day and "X" in day and day != "XX"):
        raise ValueError("write XX for a month or day that is not specified")
    if int(month) in _SEASONS:
        if day:
            raise ValueError("a season has no day")
        name, begins = _SEASONS[int(month)]
        first = date(number, begins, 1)
        ends_year = number + (begins == 12)
        ends_month = (begins + 1) % 12 + 1
        last = date(ends_year, ends_month, calendar.monthrange(ends_year, ends_month)[1])
        return first, last, DatePrecision.SEASON, f"{name} {year}"
    if not 1 <= int(month) <= 12:
        raise ValueError(f"month {month} is outside 01-12, and seasons are 21-24")
    if day is None or day == "XX":
        last_day = calendar.monthrange(number, int(month))[1]
        first = date(number, int(month), 1)
        return first, first.replace(day=last_day), DatePrecision.MONTH, f"{_MONTHS[first.month - 1]} {number}"
    exact = date(number, int(month), int(day))
    return exact, exact, DatePrecision.DAY, _day_label(exact)


def _day_label(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _range_label(start: _Point, end: _Point) -> str:
    days = start.precision == end.precision == DatePrecision.DAY
    if days and start.first == end.first:
        return start.label
    if days and (start.first.year, start.first.month) == (end.first.year, end.first.month):
        return f"{start.first.day}–{end.label}"
    return f"{start.label} – {end.label}"


def _qualified(label: str, point: _Point) -> str:
    label = f"about {label}" if point.approximate else label
    return f"{label} (uncertain)" if point.uncertain else label
