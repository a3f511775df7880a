"""Dates in English sentences: what they are, what they count from, and that any text ends in a result."""

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.extract.dates import DateMention, find_dates
from geomap.model.timespan import parse_edtf
from geomap.model.vocabulary import DateBasis

FRIDAY = date(2021, 11, 12)


def edtf(text: str, published: date | None = FRIDAY) -> list[str]:
    """The dates of a text in EDTF, empty where one is not known."""
    return [mention.when.edtf for mention in find_dates(text, published=published)]


def only(text: str, published: date | None = FRIDAY) -> DateMention:
    (mention,) = find_dates(text, published=published)
    return mention


# What news says most: published on Friday 12 November 2021 unless another day stands there.
NEWS = [
    ("The jets flew on Friday.", "2021-11-12"),
    ("Friday saw new clashes.", "2021-11-12"),
    ("Two aircraft patrolled the border, officials said Thursday.", "2021-11-11"),
    ("Guards fired into the air earlier this week.", "[2021-11-08..2021-11-12]"),
    ("The bridge was closed last week.", "2021-11-01/2021-11-07"),
    ("Troops drilled on Monday and Tuesday near the river.", "2021-11-08/2021-11-09"),
    ("As of Monday, 300 people camped there.", "2021-11-08"),
    ("Crossings have grown since the summer.", "2021-22"),
    ("The unit landed on Nov. 11, 2021.", "2021-11-11"),
    ("It was signed on 11 November 2021 in Minsk.", "2021-11-11"),
    ("He left yesterday.", "2021-11-11"),
    ("A convoy passed last month.", "2021-10"),
    ("The camp was cleared in August.", "2021-08"),
    ("The base opened in 2020.", "2020"),
    ("The drills will begin next month.", "2021-12"),
    ("They trained Sept. 9-15 in the west.", "2021-09-09/2021-09-15"),
    ("The exercise ran from Sept. 10 to 16.", "2021-09-10/2021-09-16"),
    ("The depot burned two weeks ago.", "2021-10-29~"),
    ("The plane had arrived two days earlier.", "2021-11-10"),
    ("Shells hit the town overnight.", "2021-11-11/2021-11-12"),
    ("A drone fell Tuesday night.", "2021-11-09"),
    ("Six people died in the past week.", "2021-11-05/2021-11-12"),
    ("The order is dated 12.11.2021.", "2021-11-12"),
]


@pytest.mark.parametrize(("text", "expected"), NEWS)
def test_dates_of_news_count_from_the_publication(text: str, expected: str) -> None:
    assert edtf(text) == [expected]


def test_a_weekday_said_on_another_day_is_the_last_one() -> None:
    assert edtf("Migrants reached the fence on Saturday.", date(2021, 11, 15)) == ["2021-11-13"]


@pytest.mark.parametrize("text", ["Troops crossed the border on Aug. 6.", "The attack began on 6 August."])
def test_a_day_without_a_year_is_the_nearest(text: str) -> None:
    assert edtf(text, date(2024, 8, 21)) == ["2024-08-06"]


STATED = {
    "11 November 2021": "2021-11-11",
    "Nov 11, 2021": "2021-11-11",
    "the 11th of November, 2021": "2021-11-11",
    "Thursday, 11 November 2021": "2021-11-11",
    "2021-11-11": "2021-11-11",
    "2021-11-11T14:30": "2021-11-11",
    "11.11.2021": "2021-11-11",
    "12/11/2021": "2021-11-12",
    "11/13/2021": "2021-11-13",
    "12/11/21": "2021-11-12",
    "November 2021": "2021-11",
    "Nov. 2021": "2021-11",
    "early August 2020": "2020-08",
    "the end of March 2020": "2020-03",
    "autumn 2021": "2021-23",
    "the winter of 2021": "2021-24",
    "the third quarter of 2022": "2022-07-01/2022-09-30",
    "Q3 2022": "2022-07-01/2022-09-30",
    "the first half of 2021": "2021-01-01/2021-06-30",
    "the 1990s": "199X",
    "2014-2016": "2014/2016",
    "2014–16": "2014/2016",
    "mid-2014": "2014",
    "9-15 September 2021": "2021-09-09/2021-09-15",
    "Sept. 28 - Oct. 3, 2021": "2021-09-28/2021-10-03",
    "Nov. 11 and 12, 2021": "2021-11-11/2021-11-12",
    "the 1st, 2nd and 3rd of March 2021": "2021-03-01/2021-03-03",
    "Nov. 12, 13 and 14, 2021": "2021-11-12/2021-11-14",
    "Nov 10/11, 2021": "2021-11-10/2021-11-11",
    "the 12th to the 15th of November 2021": "2021-11-12/2021-11-15",
    "March 2014 to June 2015": "2014-03/2015-06",
    "5 March to 16 April 2019": "2019-03-05/2019-04-16",
    "nineteen ninety-one": "1991",
}


@pytest.mark.parametrize(("words", "expected"), STATED.items())
def test_stated_dates_need_no_publication(words: str, expected: str) -> None:
    mention = only(f"It happened in the time of {words}.", published=None)
    assert (mention.when.edtf, mention.when.words) == (expected, mention.text)
    assert mention.when.basis is DateBasis.STATED


RELATIVE = {
    # days
    "It was calm today.": "2021-11-12",
    "They meet tomorrow.": "2021-11-13",
    "They met the day before yesterday.": "2021-11-10",
    "A drone fell this morning.": "2021-11-12",
    "A drone fell last night.": "2021-11-11",
    "The village was shelled overnight into Tuesday.": "2021-11-08/2021-11-09",
    "It burned 11 days ago.": "2021-11-01",
    "It burned a couple of days ago.": "2021-11-10",
    "It burned 48 hours ago.": "2021-11-10",
    # weekdays
    "They met last Friday.": "2021-11-05",
    "They meet next Friday.": "2021-11-19",
    "They met this Monday.": "2021-11-08",
    "Talks are scheduled for Monday.": "2021-11-15",
    "Elections are set for February 25.": "2022-02-25",
    "Talks will resume on Tuesday morning.": "2021-11-16",
    "They agreed to leave by Sunday.": "2021-11-14",
    "He said on Monday that they would leave.": "2021-11-08",
    "He declined to comment Monday.": "2021-11-08",
    "Troops arrived, and on Saturday they will leave.": "2021-11-13",
    "The convoy left Minsk and reached Brest by Monday.": "2021-11-08",
    "They have until Friday to leave.": "2021-11-19",
    "The curfew lasted until Wednesday.": "2021-11-10",
    "A crowd mourned Monday's dead.": "2021-11-08",
    "Guards were on duty from Monday to Wednesday.": "2021-11-08/2021-11-10",
    "On Monday, Nov. 8, it opened.": "2021-11-08",
    # weeks, months, years
    "The week of Nov. 1 was calm.": "2021-11-01/2021-11-07",
    "They meet next week.": "2021-11-15/2021-11-21",
    "It was quiet over the weekend.": "2021-11-06/2021-11-07",
    "It was quiet earlier this month.": "2021-11",
    "It closed earlier this year.": "2021",
    "It closed late last year.": "2020",
    "It closed in March last year.": "2020-03",
    "It closed last March.": "2021-03",
    "It closed last December.": "2020-12",
    "It reopens next March.": "2022-03",
    "It closed in December.": "2020-12",
    "It will close in December.": "2021-12",
    "It closed last summer.": "2021-22",
    "It will close this winter.": "2021-24",
    "It closed three months ago.": "2021-08",
    "It closed 5 years ago.": "2016",
    "It closed six weeks ago.": "2021-09-27/2021-10-03",
    "It has been closed for the past two months.": "2021-09-12/2021-11-12",
    "It closed in the second quarter.": "2021-04-01/2021-06-30",
    "They fought between May and June.": "2021-05/2021-06",
    "They fought between 2 and 5 November.": "2021-11-02/2021-11-05",
    "They left two days after Aug. 6.": "2021-08-08",
    "It will reopen in two weeks.": "2021-11-26~",
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), RELATIVE.items())
def test_relative_dates_rest_on_the_publication(text: str, expected: str) -> None:
    mention = only(text)
    assert (mention.when.edtf, mention.when.basis) == (expected, DateBasis.RELATIVE_TO_PUBLICATION)
    assert not only(text, published=None).when.is_dated


ANAPHORA = {
    "The attack began on Aug. 6. Two days later the town fell.": "2021-08-08",
    "The attack began on Aug. 6. The next day the town fell.": "2021-08-07",
    "The attack began on Aug. 6. The same day a bridge was hit.": "2021-08-06",
    "The attack began on Aug. 6. That week a bridge was hit.": "2021-08-02/2021-08-08",
    "The attack began on Aug. 6. The following month they left.": "2021-09",
    "The attack began on Aug. 6. The following Monday they left.": "2021-08-09",
    "The attack began on Aug. 6. A day earlier shells fell.": "2021-08-05",
    "The attack began on Aug. 6. They had left the day before.": "2021-08-05",
    "The mill closed in March 2020 and reopened in September of that year.": "2020-09",
    "The mill closed in June 1998. It reopened later that year.": "1998",
}


@pytest.mark.parametrize(("text", "expected"), ANAPHORA.items())
def test_anaphora_count_from_the_date_told_before(text: str, expected: str) -> None:
    mention = find_dates(text, published=FRIDAY)[-1]
    assert (mention.when.edtf, mention.when.basis) == (expected, DateBasis.RELATIVE_TO_EVENT)


def test_anaphora_need_no_publication() -> None:
    assert edtf("It began on 6 August 2024. Two days later it ended.", published=None) == [
        "2024-08-06",
        "2024-08-08",
    ]


def test_days_that_are_no_span_stay_apart() -> None:
    assert edtf("It was hit on 9 and 12 November.") == ["2021-11-09", "2021-11-12"]
    assert edtf("It was hit on Monday and Thursday.") == ["2021-11-08", "2021-11-11"]
    assert edtf("On Nov. 11 and 40 times since, it was hit.") == ["2021-11-11"]


NO_DATES = [
    "He may march on 5 men in the fall of Kabul, and spring into action; they sat and sun themselves.",
    "Zapad-2021; some 2000 soldiers, 1,950 tanks and 2014 tonnes; Resolution 2202; Orion 1980; room 2014; v. 1.2.10.",
    "At 5:30 p.m. it rained, for three days and 40 years, now and recently, in recent weeks, in the coming days.",
    "Theresa May, Jan Kavan and April Jones read the Sunday Times every Monday and on Mondays.",
    "The fall of the city, the Jewish quarter, a second front, and one day at a time.",
    "He said that week-long talks help the men of the Third Army.",
    "Two days before the vote, and the day after the coup.",
]


@pytest.mark.parametrize("text", NO_DATES)
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    assert find_dates(text, published=FRIDAY) == []


UNKNOWN = [
    "on 31 February 2021",
    "He left a few weeks ago.",
    "That day they left.",
    "in 99999999999999999 days' time",
]


@pytest.mark.parametrize("text", UNKNOWN)
def test_a_date_that_cannot_be_told_keeps_its_words(text: str) -> None:
    for mention in find_dates(text, published=FRIDAY):
        assert not mention.when.is_dated
        assert mention.when.words == mention.text


CUES = {
    "Crossings grew since Monday.": "since",
    "They camped there since the summer.": "since",
    "They have until the end of August.": "until",
    "They must leave by Friday.": "by",
    "As of 9 November, 300 camped there.": "as_of",
    "It was calm before 9 November.": "before",
    "It was calm after the 9th of November.": "after",
    "A curfew holds starting Monday.": "since",
    "They left on Monday.": "",
    "They stayed from Monday to Wednesday.": "",
}


@pytest.mark.parametrize(("text", "cue"), CUES.items())
def test_the_word_before_a_date_is_kept(text: str, cue: str) -> None:
    assert only(text).cue == cue


def test_a_date_after_the_publication_is_future() -> None:
    past, ahead = find_dates("He said on Monday that they will leave on 20 November.", published=FRIDAY)
    assert (past.is_future, ahead.is_future) == (False, True)
    assert not only("It began on 20 November 2031.", published=None).is_future


def test_dates_are_sought_only_in_the_sentences() -> None:
    text = "It began on Monday. It ended on Tuesday."
    (mention,) = find_dates(text, published=FRIDAY, sentences=[(20, len(text))])
    assert (mention.text, mention.start, mention.end) == ("Tuesday", 32, 39)


def test_every_text_says_where_its_dates_stand() -> None:
    text = "🙂 It began on Nov. 8, said Żak; by late yesterday it was over."
    assert [text[m.start : m.end] for m in find_dates(text, published=FRIDAY)] == ["Nov. 8", "late yesterday"]


def test_the_clock_is_never_asked() -> None:
    words = (
        "today, yesterday, on Monday, in August, last week, this year, on Nov. 11, overnight, two days ago"
    )
    mentions = find_dates(words, published=None)
    assert len(mentions) == 9
    assert not any(mention.when.is_dated for mention in mentions)


# Any text

WORDS = (
    "on in since by until from to between and the a few last this next that same Monday Tuesday May March Nov. 11 12 31"
    " 2021 1999 days week weeks month year years ago later earlier before after yesterday overnight night quarter third"
    " summer - – , . ' 's 12.11.2021 2021-02-30 99/99/9999 1990s в с по понедельник ноября году тому w zeszłym tygodniu"
    " do z piątku said will \ud800 \x00 \n\n ② ٣ 9999 0001 thousand 999 decades couple of half end early Q4"
)
PIECES = st.sampled_from(WORDS.split(" "))


@given(st.lists(PIECES, max_size=30).map(" ".join) | st.text(), st.none() | st.dates())
def test_any_text_ends_in_a_result(text: str, published: date | None) -> None:
    end = 0
    for mention in find_dates(text, published=published):
        assert end <= mention.start < mention.end <= len(text)
        assert mention.text == mention.when.words == text[mention.start : mention.end]
        if mention.when.is_dated:
            assert mention.when.first is not None
            assert mention.when.last is not None
            assert mention.when.first <= mention.when.last
            assert parse_edtf(mention.when.edtf).first == mention.when.first
        end = mention.end


@pytest.mark.parametrize("published", [date.min, date.max])
def test_dates_end_with_the_calendar(published: date) -> None:
    text = "From May 5 to 3 March 1000, last week, next month, two years ago, on Monday, the week of May 1"
    assert find_dates(text, published=published)


HOSTILE = [
    "on 12 November 2021 ",
    "May ",
    "the ",
    "a few ",
    "12-",
    "x",
    "1",
    "\n",
    ". ",
    "'’",
    "Nov. ",
    "last ",
    "? A",
    " ",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_time_grows_with_the_length_alone(piece: str) -> None:
    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        began = time.process_time()
        find_dates(text, published=FRIDAY)
        return time.process_time() - began

    small = max(min(seconds(20_000) for _ in range(3)), 1e-3)
    assert min(seconds(200_000) for _ in range(2)) < 40 * small
