"""A date is kept as exactly as it is known, and never more exactly."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.model.timespan import TimeSpan, parse_edtf, unknown_time
from geomap.model.vocabulary import DatePrecision

TABLE = [
    # EDTF, first, last, precision, label
    ("2021-11-12", "2021-11-12", "2021-11-12", "day", "12 November 2021"),
    ("2021-11", "2021-11-01", "2021-11-30", "month", "November 2021"),
    ("2021", "2021-01-01", "2021-12-31", "year", "2021"),
    ("2024-02", "2024-02-01", "2024-02-29", "month", "February 2024"),
    ("2023-02", "2023-02-01", "2023-02-28", "month", "February 2023"),
    ("2024-02-29", "2024-02-29", "2024-02-29", "day", "29 February 2024"),
    ("1900-02", "1900-02-01", "1900-02-28", "month", "February 1900"),
    ("2021-21", "2021-03-01", "2021-05-31", "season", "spring 2021"),
    ("2021-22", "2021-06-01", "2021-08-31", "season", "summer 2021"),
    ("2021-23", "2021-09-01", "2021-11-30", "season", "autumn 2021"),
    ("2021-24", "2021-12-01", "2022-02-28", "season", "winter 2021"),
    ("2023-24", "2023-12-01", "2024-02-29", "season", "winter 2023"),
    ("2021-11-10/2021-11-11", "2021-11-10", "2021-11-11", "range", "10–11 November 2021"),
    ("2021-11-30/2021-12-01", "2021-11-30", "2021-12-01", "range", "30 November 2021 – 1 December 2021"),
    ("2021-11-12/2021-11-12", "2021-11-12", "2021-11-12", "range", "12 November 2021"),
    ("2021-11/2022-01", "2021-11-01", "2022-01-31", "range", "November 2021 – January 2022"),
    ("2021-22/2021-23", "2021-06-01", "2021-11-30", "range", "summer 2021 – autumn 2021"),
    ("2024-08-06/..", "2024-08-06", None, "range", "from 6 August 2024 on"),
    ("2024-08-06/", "2024-08-06", None, "range", "from 6 August 2024 on"),
    ("2021-22/..", "2021-06-01", None, "range", "from summer 2021 on"),
    ("../2024-08-12", None, "2024-08-12", "range", "by 12 August 2024"),
    ("/2024-08-12", None, "2024-08-12", "range", "by 12 August 2024"),
    ("../2024-08", None, "2024-08-31", "range", "by August 2024"),
    ("[2022-10-03..2022-10-09]", "2022-10-03", "2022-10-09", "range", "one day of 3–9 October 2022"),
    ("2021-11-XX", "2021-11-01", "2021-11-30", "month", "November 2021"),
    ("2021-XX-XX", "2021-01-01", "2021-12-31", "year", "2021"),
    ("202X", "2020-01-01", "2029-12-31", "range", "2020s"),
    ("20XX", "2000-01-01", "2099-12-31", "range", "2000–2099"),
    ("2021-11-12T09:30:00Z", "2021-11-12", "2021-11-12", "instant", "12 November 2021, 09:30 UTC"),
    ("2021-11-12T01:00:00+03:00", "2021-11-11", "2021-11-11", "instant", "11 November 2021, 22:00 UTC"),
    ("2021-11-12T09:30:00", "2021-11-12", "2021-11-12", "instant", "12 November 2021, 09:30 UTC"),
    ("0001-01-01", "0001-01-01", "0001-01-01", "day", "1 January 1"),
    ("0001", "0001-01-01", "0001-12-31", "year", "0001"),
    ("000X", "0001-01-01", "0009-12-31", "range", "0s"),
    ("9999-12-31", "9999-12-31", "9999-12-31", "day", "31 December 9999"),
    ("9999-12", "9999-12-01", "9999-12-31", "month", "December 9999"),
    ("99XX", "9900-01-01", "9999-12-31", "range", "9900–9999"),
    (" 2021-11-12 ", "2021-11-12", "2021-11-12", "day", "12 November 2021"),
]


@pytest.mark.parametrize(("text", "first", "last", "precision", "label"), TABLE)
def test_a_form_covers_its_days(
    text: str, first: str | None, last: str | None, precision: str, label: str
) -> None:
    span = parse_edtf(text)
    days = tuple(day and day.isoformat() for day in (span.first, span.last))
    assert (*days, span.precision, span.label) == (first, last, precision, label)
    assert (span.uncertain, span.approximate) == (False, False)
    assert span.one_of == text.startswith("[")
    assert span.is_dated
    assert span.edtf == text.strip()


@pytest.mark.parametrize(
    ("text", "uncertain", "approximate", "label"),
    [
        ("2022-10-15?", True, False, "15 October 2022 (uncertain)"),
        ("2022-10-15~", False, True, "about 15 October 2022"),
        ("2022-10-15%", True, True, "about 15 October 2022 (uncertain)"),
        ("2022-10~/2022-11", False, True, "about October 2022 – November 2022"),
        ("2022-10/2022-11?", True, False, "October 2022 – November 2022 (uncertain)"),
        ("2022-10-15~/..", False, True, "from about 15 October 2022 on"),
        ("../2022-10-15?", True, False, "by 15 October 2022 (uncertain)"),
        ("[2022-10-03~..2022-10-09]", False, True, "one day of about 3–9 October 2022"),
    ],
)
def test_a_qualifier_sets_a_flag(text: str, uncertain: bool, approximate: bool, label: str) -> None:
    span = parse_edtf(text)
    assert (span.uncertain, span.approximate, span.label) == (uncertain, approximate, label)


@pytest.mark.parametrize("text", ["2022-10-15", "2022-10", "2022", "2022-22", "2022-10/2022-12"])
@pytest.mark.parametrize("qualifier", "?~%")
def test_a_qualifier_never_widens(text: str, qualifier: str) -> None:
    plain, qualified = parse_edtf(text), parse_edtf(text + qualifier)
    assert (plain.first, plain.last, plain.precision) == (
        qualified.first,
        qualified.last,
        qualified.precision,
    )


REFUSALS = r"is not a date|is not a set|more than one|open at both|ends before"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "..",
        "../..",
        "/",
        "x",
        "12 November 2021",
        "12.11.2021",
        "11/12/2021",
        "20211112",
        "21-11-12",
        "2021-1-1",
        "2021-11-12-13",
        "2021-02-29",
        "2021-02-30",
        "2021-00",
        "2021-13",
        "2021-20",
        "2021-25",
        "2021-11-00",
        "2021-11-31",
        "0000",
        "0000-00-00",
        "2021-22-01",
        "2021-XX-12",
        "2021-1X",
        "2021-11-1X",
        "20X1",
        "2XXX",
        "XXXX",
        "202X-11",
        "2021-11-12/2021-11-11",
        "2021/2022/2023",
        "[2022-10-09..2022-10-03]",
        "[2022-10-03]",
        "[..2022-10-03]",
        "[2022-10-03..]",
        "[2022-10-03,2022-10-05]",
        "{2022-10-03..2022-10-09}",
        "2021-11-12??",
        "-2021",
        "Y12021",
        "9999-24",
        "2021-11-12T25:00:00Z",
        "2021-11-12T10:00",
        "2021-11-12T10:00:00+99:99",
        "2021-11-12T10:00:60Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-01:00",
        "２０２１-11-12",
        "२०२१",
        "2021-11-12\n2021",
        "9" * 5000,
        "2021-11-12" + "?" * 5000,
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=REFUSALS):
        parse_edtf(text)


def test_an_unknown_time_keeps_the_words_that_leave_it_open() -> None:
    span = unknown_time("some time ago")
    assert (span.first, span.last, span.is_dated) == (None, None, False)
    assert (span.precision, span.label, span.words) == (
        DatePrecision.UNKNOWN,
        "date unknown",
        "some time ago",
    )


DAYS = st.dates()


def written(day: date) -> str:
    return f"{day.year:04d}-{day.month:02d}-{day.day:02d}"


@given(DAYS)
def test_every_day_of_the_calendar_reads_as_itself(day: date) -> None:
    span = parse_edtf(written(day))
    assert (span.first, span.last, span.precision) == (day, day, DatePrecision.DAY)


@given(DAYS, st.integers(0, 4000), st.sampled_from("/["))
def test_every_interval_reads_as_its_two_ends(first: date, length: int, form: str) -> None:
    last = first + timedelta(days=min(length, (date.max - first).days))
    text = f"{written(first)}/{written(last)}" if form == "/" else f"[{written(first)}..{written(last)}]"
    span = parse_edtf(text)
    assert (span.first, span.last, span.one_of) == (first, last, form == "[")


@given(st.integers(1, 9999), st.integers(1, 12))
def test_a_month_has_the_days_from_its_first_to_that_before_the_next(year: int, month: int) -> None:
    span = parse_edtf(f"{year:04d}-{month:02d}")
    assert span.first == date(year, month, 1)
    assert span.last is not None
    assert (span.last.year, span.last.month) == (year, month)
    assert span.last == date.max or (span.last + timedelta(days=1)).day == 1


@given(st.integers(1, 9998))
def test_the_four_seasons_of_a_year_follow_each_other(year: int) -> None:
    seasons = [parse_edtf(f"{year:04d}-{number}") for number in (21, 22, 23, 24)]
    for one, next_one in itertools.pairwise(seasons):
        assert one.last is not None
        assert next_one.first == one.last + timedelta(days=1)


@given(st.text(alphabet="0123456789-/.~?%X[]TZ:+ ", max_size=30) | st.text(max_size=20))
def test_any_text_is_a_span_in_order_or_a_value_error(text: str) -> None:
    try:
        span = parse_edtf(text)
    except ValueError:
        return
    assert isinstance(span, TimeSpan)
    assert span.is_dated
    assert span.first is None or span.last is None or span.first <= span.last
