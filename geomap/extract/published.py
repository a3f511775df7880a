"""When a document was published, as its first lines say it. A date that can be read in two ways is not read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from geomap.extract.wordlists import word_set

_MONTH_WORDS: Final = (
    "january jan січня сiчня студзеня января янв stycznia styczeń sty стд студз січ",
    "february feb лютого лют лютага февраля фев февр lutego luty",
    "march mar березня бер сакавіка сак марта мар март marca marzec",
    "april apr квітня квіт кві красавіка крас апреля апр kwietnia kwiecień kwi",
    "may травня трав тра мая май траўня maja maj",
    "june jun червня черв чер чэрвеня чэрв июня июн июнь czerwca czerwiec cze",
    "july jul липня лип ліпеня ліп июля июл июль lipca lipiec lip",
    "august aug серпня серп сер жніўня жнів августа авг август sierpnia sierpień sie",
    "september sept sep вересня вер верасня вер сентября сен сент wrzesień września wrz",
    "october oct жовтня жовт жов кастрычніка кастр октября окт październik października paź",
    "november nov листопада лист лис лістапада ліст ноября ноя нояб listopad listopada lis",
    "december dec грудня груд гру снежня снеж декабря дек grudzień grudnia gru",
)
MONTHS: Final = {word: number for number, row in enumerate(_MONTH_WORDS, 1) for word in row.split()}
WEEKDAYS: Final = word_set("""
    monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun
    понедельник вторник среда четверг пятница суббота воскресенье пн вт ср чт пт сб вс
    понеділок вівторок середа четвер п'ятниця п’ятниця субота неділя нд
    панядзелак аўторак серада чацвер пятніца субота нядзеля
    poniedziałek wtorek środa czwartek piątek sobota niedziela
    """)

_LETTERS: Final = r"[^\W\d_]{3,12}"
_YEAR: Final = r"(?:19|20)\d\d"
_DATE: Final = re.compile(
    rf"""
    (?<![\d.,/-])
    (?:
      (?P<iso_year>{_YEAR}) (?P<sign>[-/.]) (?P<iso_month>\d\d?) (?P=sign) (?P<iso_day>\d\d?)
    | (?P<day>\d\d?) (?:st|nd|rd|th|-(?:го|га|е))? [\s-] (?:of\s)?
      (?P<month>{_LETTERS}) \.? [,\s-] \s? (?P<year>{_YEAR})
    | (?P<us_month>{_LETTERS}) \.? \s (?P<us_day>\d\d?) (?:st|nd|rd|th)? ,? \s (?P<us_year>{_YEAR})
    | (?P<first>\d\d?) (?P<stroke>[./-]) (?P<second>\d\d?) (?P=stroke) (?P<number_year>{_YEAR})
    )
    (?![\d/]|-\d)
    """,
    re.VERBOSE,
)
_YEAR_SIGN: Final = re.compile(_YEAR)
_TIME: Final = re.compile(
    r"(?<!\d)\d{1,2}[:.h]\d\d(?:[:.]\d\d(?:\.\d{1,6})?)?(?:\s?[ap]\.?m\b\.?)?(?:\s?(?:Z\b|[+-]\d\d:?\d\d))?|"
    r"(?<!\d)\d{1,2}\s?[ap]\.?m\b\.?",
    re.IGNORECASE,
)
_REST: Final = re.compile(r"[^\W_]+(?:['’.][^\W_]+)*")
_LONGEST_LINE: Final = 140
_BESIDE_DATES: Final = word_set("""
    published updated posted created modified last date dated on at by and of issued release released first
    update publication time today a an the in am pm a.m p.m t z utc gmt msk cet cest est edt et pst pdt bst eet eest
    ist moscow kyiv kiev minsk warsaw london local min mins minute minutes read ago edited original originally
    опубликовано обновлено дата публикации в г года год время мск изменено по московскому минского минскому
    опубліковано оновлено публікації о об р року рік час за києвом
    апублікавана абноўлена публікацыі гадзіне у аб
    opublikowano opublikowana aktualizacja zaktualizowano data publikacji godz godzina r roku o dodano dzisiaj
    """)
_LABEL: Final = (
    r"(?:date(?:\s+published)?|published(?:\s+(?:on|at))?|posted(?:\s+on)?|updated(?:\s+on)?|publication\s+date|"
    r"дата(?:\s+публикации)?|опубликовано|дата\s+публікації|опубліковано|апублікавана|data(?:\s+publikacji)?|"
    r"opublikowano)"
)
_LABELLED: Final = re.compile(rf"\s*+{_LABEL}\s*:?\s+(?=\d|[^\W\d_]{{3,12}}\.?\s\d)", re.IGNORECASE)
_UPDATED: Final = re.compile(
    r"\b(?:updated?|modified|обновлено|оновлено|абноўлена|aktualizacja|zaktualizowano)\b"
)


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A full date in a text; `start` and `end` are code points, end exclusive."""

    start: int
    end: int
    day: date


def full_dates(text: str, start: int = 0, end: int | None = None) -> Iterator[WrittenDate]:
    """Every date with day, month and year in a stretch of text.

    `03/04/2021` is passed over, since it is a day of March here and of April there; with full stops the day
    stands first.
    """
    end = len(text) if end is None else end
    if not _YEAR_SIGN.search(text, start, end):
        return
    for match in _DATE.finditer(text, start, end):
        day = _day_of(match)
        if day is not None:
            yield WrittenDate(match.start(), match.end(), day)


def _day_of(match: re.Match[str]) -> date | None:
    found = match.groupdict()
    if found["iso_year"]:
        return _make(found["iso_year"], int(found["iso_month"]), found["iso_day"])
    if found["year"]:
        return _make(found["year"], MONTHS.get(found["month"].lower()), found["day"])
    if found["us_year"]:
        return _make(found["us_year"], MONTHS.get(found["us_month"].lower()), found["us_day"])
    first, second = int(found["first"]), int(found["second"])
    if found["stroke"] == "." or first > 12:
        return _make(found["number_year"], second, first)
    if second > 12 or first == second:
        return _make(found["number_year"], first, second)
    return None


def _make(year: str, month: int | None, day: str | int) -> date | None:
    if month is None:
        return None
    try:
        return date(int(year), month, int(day))
    except ValueError:
        return None


def date_line(line: str) -> date | None:
    """The day that a line tells if it tells nothing else but a time, a weekday and the like: of two, the first."""
    if not is_date_line(line):
        return None
    dates = list(full_dates(line))
    if len(dates) > 1 and _UPDATED.search(line[: dates[0].start].lower()):
        return dates[1].day  # "Updated …; published …"
    return dates[0].day if dates else None


def is_date_line(line: str) -> bool:
    """Whether a line tells nothing but a date and what goes with one; the date may be one of two."""
    if len(line) > _LONGEST_LINE or not _YEAR_SIGN.search(line):
        return False
    rest = _DATE.sub(" ", line)
    if rest == line:
        return False
    # 2021-11-12T10:15:00Z: the T belongs to the time.
    rest = _TIME.sub(" ", rest.replace("T", " ", 1) if rest.lstrip().startswith("T") else rest)
    return all(
        word.lower() in WEEKDAYS or word.lower() in _BESIDE_DATES or (word.isdigit() and len(word) < 3)
        for word in _REST.findall(rest)
    )


def before_date(line: str) -> str | None:
    """What stands before the date with which a line ends, such as an author or an outlet; None if none does."""
    if len(line) > _LONGEST_LINE or not _YEAR_SIGN.search(line):
        return None
    first = _DATE.search(line)
    if first is None or first.start() == 0 or not is_date_line(line[first.start() :]):
        return None
    return line[: first.start()].rstrip()


def date_prefix(text: str, start: int, end: int) -> WrittenDate | None:
    """A date with its label or its time that a page left before the first words of a paragraph.

    `date 2021-11-12 Troops …` and `12.11.2021 10:15 Troops …`; the end is that of the time, where one stands.
    """
    end = min(end, start + _LONGEST_LINE)
    label = _LABELLED.match(text, start, end)
    begin = label.end() if label else start
    first = next(full_dates(text, begin, end), None)
    if first is None or text[begin : first.start].strip():
        return None
    rest = re.compile(r"\s*[,T|]?\s*(?:-\s*)?").match(text, first.end, end)
    time = _TIME.match(text, rest.end(), end) if rest else None
    if label is None and time is None:
        return None
    return WrittenDate(start, time.end() if time else first.end, first.day)


def parse_day(text: str) -> date | None:
    """The day of a text that is nothing but a date, such as ISO 8601 with or without a time; None if it is not."""
    return date_line(text.strip())
