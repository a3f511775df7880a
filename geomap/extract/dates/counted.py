"""Rules for dates that count from the publication or from the date told before."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from geomap.extract.dates import periods
from geomap.extract.dates.grammar import Found, RuleBook, Told, UnknownTimeError
from geomap.extract.dates.periods import Period, Unit
from geomap.extract.dates.reckoning import (
    ago_or_ahead,
    compared,
    count_of,
    counted,
    latest_weekend,
    nearest_day,
    nearest_weekday,
    placed,
    shifted,
    stated,
    stepped,
    weekday_after,
    weekday_before,
)
from geomap.extract.dates.tense import Tense
from geomap.extract.dates.words import Kind

COUNTED: Final = RuleBook()

_DAY: Final = timedelta(days=1)
_LEAD: Final = "(?:EARLY DASH?|EARLIER|LATER)?"
_PUNCTUATION: Final = frozenset([*',.;:!?)”»"', ""])


# So many days ago, earlier, later


@COUNTED.add(
    "quarter",
    "THE (?P<period>UNIT|PERIOD) (?:AN|NUMBER) (?P<unit>UNIT) (?:AGO|EARLIER)",
    "THE? (?P<unit>UNIT) DASH (?:AGO|EARLIER) (?P<number>ORDINAL)? DASH? (?P<period>UNIT|PERIOD)",
    "(?P<period>PERIOD) LAST (?P<unit>UNIT)",
    "LAST (?P<unit>UNIT) POSSESSIVE (?P<period>UNIT|PERIOD)",
    "THE (?P<year>YEAR) (?P<period>UNIT|PERIOD)",
)
def _read_quarter_before(found: Found) -> Told | None:
    """`the year-ago quarter`: figures of a quarter are compared with those of the same one a year before."""
    number = found.number("number")
    is_quarter = found.is_kind("period", Kind.PERIOD) or found.unit("period") is Unit.QUARTER
    is_year = found.has("year") or found.unit() is Unit.YEAR
    if not is_quarter or not is_year or found.quarter is None or number > 4:
        return None
    told = periods.quarter(found.quarter.first.year, number) if number else found.quarter
    if found.has("year"):
        return compared(periods.around(told.first.replace(year=found.number("year")), Unit.QUARTER))
    return compared(_year_before(told))


@COUNTED.add("ago", "ABOUT? (?P<count>MANY) (?P<unit>UNIT) (?:OR SO)? AGO", "(?P<unit>UNIT) DASH? AGO")
def _read_ago(found: Found) -> Told | None:
    if not found.has("count") and found.is_bare_in_english and not found.holds(Kind.DASH):
        return None
    is_year = found.unit() is Unit.YEAR and count_of(found.tokens, found.match) == 1
    is_of_quarter = found.anchor is not None and found.anchor.unit is Unit.QUARTER
    if is_year and is_of_quarter and found.quarter is not None:
        return compared(_year_before(found.quarter))
    return replace(ago_or_ahead(found, -1), is_anchor=not is_year)


def _year_before(quarter: Period) -> Period:
    return periods.around(periods.add_months(quarter.first, -12), Unit.QUARTER)


@COUNTED.add(
    "anaphora",
    "ABOUT? (?P<count>MANY) (?P<unit>UNIT) (?:OR SO)? (?P<way>EARLIER|LATER|BEFORE|AFTER)",
    "(?P<unit>UNIT|DAYTIME) DASH? (?P<way>EARLIER|LATER)",
    "(?P<way>LATER) (?P<count>MANY)? (?P<unit>UNIT)",
    "(?P<the>THE) (?P<unit>UNIT) (?P<way>BEFORE|AFTER)",
)
def _read_earlier(found: Found) -> Told | None:
    if found.is_kind("way", Kind.BEFORE, Kind.AFTER) and found.next_word() not in _PUNCTUATION:
        return None  # two days before the attack, whose day is not known
    if not found.has("count"):
        is_said = found.has("the") or found.holds(Kind.DASH) or not found.is_bare_in_english
        if found.is_plural or not is_said:
            return None
    return shifted(found, -1 if found.is_kind("way", Kind.EARLIER, Kind.BEFORE) else 1)


@COUNTED.add("from_now", "(?P<in>IN) (?P<count>MANY) (?P<unit>UNIT)")
def _read_in_future(found: Found) -> Told | None:
    """`will reopen in two weeks`; where the sentence looks back it is how long something took."""
    is_ahead = found.word("in") == "in" and found.tense is Tense.FUTURE
    return ago_or_ahead(found, 1) if is_ahead else None


@COUNTED.add("from_now", "(?P<count>MANY) (?P<unit>UNIT) FROM NOW", "WITHIN (?P<count>MANY)? (?P<unit>UNIT)")
def _read_from_now(found: Found) -> Told | None:
    return ago_or_ahead(found, 1)


@COUNTED.add(
    "rolling",
    "THE? (?P<pointer>LAST|PAST|NEXT|PREVIOUS|FOLLOWING|LATEST) (?P<count>NUMBER|DAY|COUPLE OF?|FEW) (?P<unit>UNIT)",
    "THE? (?P<pointer>PAST) (?P<unit>UNIT)",
    "THE (?P<pointer>LAST) (?P<unit>UNIT)",
)
def _read_rolling(found: Found) -> Told | None:
    """`the past two weeks`: so many units up to the publication, whose day counts in."""
    count, today = count_of(found.tokens, found.match), found.published
    if count == 0:
        return None
    if found.is_kind("pointer", Kind.NEXT, Kind.FOLLOWING):
        return placed(periods.days(today, periods.add(today, count, found.unit())))
    return placed(periods.days(periods.add(today, -count, found.unit()), today))


# Days about the publication


@COUNTED.add("deictic", f"{_LEAD} (?P<day>DEICTIC) (?:COMMA? DAYTIME)?")
def _read_deictic(found: Found) -> Told | None:
    return placed(periods.day(found.published + found.number("day") * _DAY))


@COUNTED.add("deictic", "(?P<year>YEARLY)")
def _read_yearly(found: Found) -> Told | None:
    return placed(periods.year(found.published.year + found.number("year")))


@COUNTED.add("daytime", f"{_LEAD} (?P<pointer>THIS|LAST) DAYTIME")
def _read_daytime(found: Found) -> Told | None:
    """`this morning`, `last night`."""
    return placed(periods.day(found.published - int(found.is_kind("pointer", Kind.LAST)) * _DAY))


@COUNTED.add(
    "overnight",
    "(?P<night>OVERNIGHT|DAYTIME) (?:FROM WEEKDAY)? (?:ON|TO)? (?P<weekday>WEEKDAY)",
    "(?P<night>OVERNIGHT|DAYTIME) (?:FROM DAY MONTH?)? (?:ON|TO) (?P<day>DAY) (?P<month>MONTH) (?P<year>YEAR)?",
    "(?P<night>OVERNIGHT)",
)
def _read_overnight(found: Found) -> Told | None:
    """`overnight to Tuesday`, `в ночь на 12 ноября`: the evening before and the day."""
    word = found.word("night")
    is_night = found.is_kind("night", Kind.OVERNIGHT) or word in ("ночь", "ніч", "ноч", "noc", "nocy")
    if not is_night or (
        found.is_kind("night", Kind.DAYTIME) and not found.holds(Kind.ON) and not found.holds(Kind.TO)
    ):
        return None
    if found.has("year"):
        last = date(found.number("year"), found.number("month"), found.number("day"))
        return stated(periods.days(last - _DAY, last))
    if found.has("day"):
        last = nearest_day(found, found.number("month"), found.number("day"))
    else:
        last = nearest_weekday(found, found.number("weekday")) if found.has("weekday") else found.published
    return placed(periods.days(last - _DAY, last), is_year_told=not found.has("day"))


# Last, this, next; that, the same, the following


@COUNTED.add("weekday", f"{_LEAD} POINTER NEXT? DASH? (?P<weekday>WEEKDAY) DAYTIME?")
def _read_pointed_weekday(found: Found) -> Told | None:
    weekday, anchor = found.number("weekday"), found.anchor
    if found.is_kind("pointer", Kind.FOLLOWING):
        if anchor is None:
            raise UnknownTimeError
        return counted(periods.day(weekday_after(anchor.last, weekday)))
    if anchor is not None and found.is_kind("pointer", Kind.PREVIOUS):
        return counted(periods.day(weekday_before(anchor.first, weekday)))
    today = found.published
    if found.is_kind("pointer", Kind.NEXT) or found.holds(Kind.NEXT):
        return placed(periods.day(weekday_after(today, weekday)))
    if found.is_kind("pointer", Kind.THIS):
        return placed(periods.day(periods.around(today, Unit.WEEK).first + weekday * _DAY))
    return placed(periods.day(weekday_before(today, weekday)))


@COUNTED.add("month", f"THE? {_LEAD} POINTER (?P<month>MONTH)")
def _read_pointed_month(found: Found) -> Told | None:
    today, month = found.published, found.number("month")
    if found.is_kind("pointer", Kind.THIS):
        return placed(periods.month(today.year, month))
    if found.is_kind("pointer", Kind.NEXT, Kind.FOLLOWING):
        return placed(periods.month(today.year + (month <= today.month), month))
    return placed(periods.month(today.year - (month >= today.month), month))


@COUNTED.add("season", f"THE? {_LEAD} POINTER (?P<season>SEASON)(?! OF)")
def _read_pointed_season(found: Found) -> Told | None:
    today, number = found.published, found.number("season")
    around = [periods.season(today.year + step, number) for step in (-2, -1, 0, 1)]
    if found.is_kind("pointer", Kind.NEXT, Kind.FOLLOWING):
        return placed(next(season for season in around if season.first > today))
    if found.is_kind("pointer", Kind.THIS):
        now = [season for season in around if season.first <= today <= season.last]
        return placed(now[0] if now else around[2])
    return placed([season for season in around if season.last < today][-1])


@COUNTED.add(
    "earlier_this", "(?P<way>EARLIER|LATER) (?:IN|ON)? (?P<pointer>THIS|THE|THAT|SAME) (?P<unit>UNIT)"
)
def _read_earlier_this(found: Found) -> Told | None:
    unit = found.unit()
    if found.anchor is not None and (found.is_kind("pointer", Kind.THAT, Kind.SAME) or unit is Unit.DAY):
        return stepped(found, 0)
    today = found.published
    whole = periods.around(today, unit)
    if unit is not Unit.WEEK:
        return placed(whole)  # a month and a year are told as such
    if found.is_kind("way", Kind.EARLIER):
        return placed(periods.one_day_of(whole.first, today))
    return placed(periods.one_day_of(today, whole.last))


_POINTERS: Final = "(?P<pointer>LAST|PREVIOUS|THIS|NEXT|FOLLOWING|SAME|THAT)"


@COUNTED.add(
    "unit",
    f"THE? {_LEAD} {_POINTERS} SAME? SAME? FISCAL? (?P<unit>UNIT|DAYTIME)(?! DASH? (?:AGO|EARLIER|LATER))",
)
def _read_pointed_unit(found: Found) -> Told | None:
    unit = found.unit()
    if (
        found.is_plural or unit is Unit.HOUR or found.next_word() == "-"
    ):  # next months; said that week-long talks
        return None
    if found.is_kind("pointer", Kind.THAT) or found.holds(Kind.SAME):
        return stepped(found, 0)
    if found.is_kind("pointer", Kind.PREVIOUS):
        return stepped(found, -1)
    # The next day is the one after the day told, not tomorrow.
    if found.is_kind("pointer", Kind.FOLLOWING) or (unit is Unit.DAY and found.is_kind("pointer", Kind.NEXT)):
        return stepped(found, 1)
    today = found.published
    whole = periods.around(today, unit)
    if found.is_kind("pointer", Kind.THIS):
        return placed(whole)
    if found.is_kind("pointer", Kind.NEXT):
        return placed(periods.around(periods.add(whole.first, 1, unit), unit))
    if unit is Unit.WEEKEND:
        return placed(latest_weekend(today))
    return placed(periods.around(whole.first - _DAY, unit))


@COUNTED.add("unit", "THE? LATEST FISCAL? (?P<unit>UNIT|PERIOD)", "THE (?P<unit>UNIT)")
def _read_the_unit(found: Found) -> Told | None:
    """`the weekend`; `the quarter`, which is the one told last."""
    unit = found.unit()
    if unit is Unit.WEEKEND:
        is_ahead = found.tense is Tense.FUTURE
        return placed(periods.around(found.published, unit) if is_ahead else latest_weekend(found.published))
    is_this = found.follows(Kind.OF, Kind.IN, Kind.FOR) and found.next_word() not in (
        "since",
        "to",
        "before",
        "after",
        "when",
    )
    if unit is Unit.YEAR and is_this:  # a high of the year, earnings for the year
        return placed(periods.around(found.published, unit))
    is_quarter = unit is Unit.QUARTER or found.is_kind("unit", Kind.PERIOD)
    return counted(found.quarter) if is_quarter and found.quarter is not None else None


@COUNTED.add(
    "unit", "THE? EARLY OF THE FISCAL? (?P<unit>UNIT)", "(?P<unit>UNIT) POSSESSIVE? DASH? (?P<end>MIDDLE)",
    "THE? MIDDLE OF THE FISCAL? (?P<unit>UNIT)", "THE FISCAL (?P<unit>UNIT)", "(?P<early>EARLY) (?P<unit>UNIT)",
)  # fmt: skip
def _read_part_of_unit(found: Found) -> Told | None:
    """`the end of the month`, `year-end`, `с начала года`: the whole of it, in which the part lies."""
    if found.word("early") in ("early", "late", "mid"):
        return None
    if found.has("end") and found.word("end") != "end":
        return None
    if found.unit() not in (Unit.WEEK, Unit.MONTH, Unit.YEAR):
        return None
    return placed(periods.around(found.published, found.unit()))
