"""Finds the dates of a text, from left to right: each may count from the one before."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from geomap.extract.dates import periods
from geomap.extract.dates.grammar import Found, Told, UnknownTimeError, translate
from geomap.extract.dates.periods import Period, Unit
from geomap.extract.dates.reckoning import away, count_of
from geomap.extract.dates.rules import RULES, START
from geomap.extract.dates.tokens import CODES, Tokens, may_hold_dates, read_tokens
from geomap.extract.dates.words import ABBREVIATIONS, Kind, word_set
from geomap.model.timespan import TimeSpan, parse_edtf, unknown_time
from geomap.model.vocabulary import DateBasis

_LONGEST: Final = 5_000
"""Letters of a sentence; what is longer is cut."""
_FARTHEST_BACK: Final = 6
"""Words before a date that may belong to it."""
_END: Final = re.compile(r"\n\s*\n|[.!?…][\"'”’»)]*\s+(?=[^\W\d_a-zа-яіїєґўąćęłńóśźż]|[\"'“‘«(`])")
_LAST_WORD: Final = re.compile(r"[^\W\d_]+\Z")
_TITLES: Final = word_set("mr mrs ms dr gen col lt sgt capt maj sen rep gov st rev prof")

_WHOLE: Final = re.compile(
    translate("(?:THE? EARLY (?:DASH|OF)?|THE? MIDDLE OF|(?:EARLIER|LATER) (?:IN|ON)?) THE?") + r"\Z"
)
_OFFSET: Final = re.compile(
    translate("(?P<count>MANY|THE)? (?P<unit>UNIT) (?P<way>BEFORE|AFTER|FROM)") + r"\Z"
)
_WEEK_OF: Final = re.compile(translate("THE? (?P<unit>UNIT) OF THE?") + r"\Z")
_JOIN: Final = re.compile(translate("ANY_DASH"))
_ENDS: Final = word_set("ended ending ends")
"""What makes a date the mere end of a period: in `the quarter ended Sept. 30` later dates count from the quarter."""
_CUES: Final = {
    CODES[Kind.SINCE]: "since",
    CODES[Kind.UNTIL]: "until",
    CODES[Kind.THROUGH]: "until",
    CODES[Kind.BY]: "by",
    CODES[Kind.BEFORE]: "before",
    CODES[Kind.AFTER]: "after",
}
_BEFORE_CUES: Final = {CODES[kind] for kind in (Kind.THE, Kind.ABOUT, Kind.EARLY, Kind.ON)}


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMention:
    """A date as a text tells it.

    `start` and `end` are code points into the text, end exclusive. `when` is the date itself, whatever `cue` says
    of it: `since Monday` is that Monday with the cue `since`. `rule` names how it was read.
    """

    start: int
    end: int
    text: str
    when: TimeSpan
    rule: str
    cue: str = ""
    """since, until, by, as_of, before or after; empty where nothing of the kind stands before it."""
    is_future: bool = False
    """Whether all of it lies after the publication."""


def find_dates(
    text: str,
    *,
    published: date | None,
    sentences: Sequence[tuple[int, int]] | None = None,
    language: str = "en",
) -> list[DateMention]:
    """The dates of a text in its order, none overlapping another.

    Parameters
    ----------
    published
        The day from which `yesterday` counts. Where it is not known such dates are unknown times; today's date is
        never taken for it.
    sentences
        Spans in which dates are sought, in code points, end exclusive, in order; all of the text where None.
    language
        ISO 639-1. Words tell their language themselves; this decides only where they do not.
    """
    reader = _Reader(published)
    found: list[DateMention] = []
    for start, end in _sentences(text) if sentences is None else sentences:
        for piece in _pieces(text, start, end):
            if may_hold_dates(text, *piece):
                tokens = read_tokens(text, *piece, is_polish=language == "pl")
                found += reader.read(tokens)
    return found


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """Roughly the sentences of a text: they end at a blank line or at a full stop before a capital."""
    start = 0
    for match in _END.finditer(text):
        if match[0][0] == ".":
            before = _LAST_WORD.search(text, max(start, match.start() - 12), match.start())
            word = before[0].lower() if before else ""
            if len(word) == 1 or word in ABBREVIATIONS or word in _TITLES:
                continue
        yield start, match.end()
        start = match.end()
    yield start, len(text)


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A span in pieces that are not too long, cut at a space where there is one."""
    while end - start > _LONGEST:
        cut = text.rfind(" ", start + _LONGEST // 2, start + _LONGEST)
        cut = start + _LONGEST if cut < 0 else cut + 1
        yield start, cut
        start = cut
    yield start, end


@dataclass(slots=True)
class _Draft:
    """A date of a sentence; `first` and `last` number its tokens, the last exclusive. None is an unknown time."""

    first: int
    last: int
    rule: str
    told: Told | None


class _Reader:
    """Reads sentence after sentence and keeps the dates from which others count."""

    def __init__(self, published: date | None) -> None:
        self._published = published
        self._anchor: Period | None = None
        self._quarter: Period | None = None

    def read(self, tokens: Tokens) -> list[DateMention]:
        """The dates of a sentence."""
        drafts: list[_Draft] = []
        position = done = 0
        while (hit := START.search(tokens.kinds, position)) is not None:
            draft = self._apply(tokens, hit.start(), self._published)
            if draft is None:
                position = hit.start() + 1
                continue
            draft = _counted_from(tokens, draft, max(done, draft.first - _FARTHEST_BACK))
            drafts.append(draft)
            position = done = draft.last
            if tokens.word(draft.first - 1) not in _ENDS:
                self._keep(draft.told)
        mentions, done = [], 0
        for draft in self._joined(tokens, drafts):
            mentions.append(self._mention(tokens, draft, max(done, draft.first - _FARTHEST_BACK)))
            done = draft.last
        return mentions

    def _apply(self, tokens: Tokens, first: int, published: date | None) -> _Draft | None:
        """What the first rule that holds makes of the words from a token on."""
        for rule in RULES:
            match = rule.pattern.match(tokens.kinds, first)
            if match is None:
                continue
            found = Found(tokens, match, published, self._anchor, self._quarter)
            try:
                told = rule.read(found)
            except (UnknownTimeError, ValueError, OverflowError):
                # 31 February, or a count that leaves the calendar: words of time, but no day.
                return _Draft(match.start(), match.end(), rule.name, None)
            if told is not None:
                return _Draft(match.start(), match.end(), rule.name, told)
        return None

    def _keep(self, told: Told | None) -> None:
        if told is None or not told.is_anchor:
            return
        self._anchor = told.period
        is_over = self._published is None or told.period.first <= self._published
        if told.period.unit is Unit.QUARTER and is_over and told.basis is not DateBasis.RELATIVE_TO_EVENT:
            self._quarter = told.period

    def _mention(self, tokens: Tokens, draft: _Draft, low: int) -> DateMention:
        period = draft.told.period if draft.told else None
        # `early`, `the end of`: part of the words, while the period stays whole.
        before = _WHOLE.search(tokens.kinds, low, draft.first)
        first = before.start() if before else draft.first
        start, end = tokens.starts[first], tokens.ends[draft.last - 1]
        words = tokens.text[start:end]
        if draft.told is None or period is None:
            when = unknown_time(words, DateBasis.RELATIVE_TO_PUBLICATION)
        else:
            when = replace(parse_edtf(period.edtf), basis=draft.told.basis, words=words)
        return DateMention(
            start=start,
            end=end,
            text=words,
            when=when,
            rule=draft.rule,
            cue=_cue(tokens, first, is_span=period is not None and period.unit is Unit.SPAN),
            is_future=period is not None and self._published is not None and period.first > self._published,
        )

    # Two dates that are one span

    def _joined(self, tokens: Tokens, drafts: list[_Draft]) -> list[_Draft]:
        """Spans made one: `from May to June`, `between Monday and Friday`, `Monday and Tuesday`."""
        found: list[_Draft] = []
        for draft in drafts:
            try:
                whole = self._span(tokens, found[-1], draft) if found else None
            except (ValueError, OverflowError):  # at the ends of the calendar
                whole = None
            if whole is not None:
                found[-1] = whole
            else:
                found.append(draft)
        return found

    def _span(self, tokens: Tokens, start: _Draft, end: _Draft) -> _Draft | None:
        between = tokens.kinds[start.last : end.first]
        is_and = between == CODES[Kind.AND]
        is_between = is_and and start.first > 0 and tokens.kinds[start.first - 1] == CODES[Kind.BETWEEN]
        if start.rule == "range" or not (is_and or _JOIN.fullmatch(between)):
            return None
        whole = _Draft(start.first, end.last, "range", None)
        if start.told is None and end.told is not None and end.told.is_year_told:
            # `5 March to 16 April 2019` tells the year of both.
            again = self._apply(tokens, start.first, end.told.period.first)
            start = again if again is not None and again.last == start.last else start
        if start.told is None or end.told is None:
            is_unknown = start.told is None and end.told is None and (is_between or not is_and)
            return whole if is_unknown else None
        a, b = start.told.period, end.told.period
        if a.unit is not b.unit:
            return None
        if is_and and not is_between and not (a.unit is Unit.DAY and b.first - a.last == timedelta(days=1)):
            return None
        if not start.told.is_year_told and end.told.is_year_told and end.rule != "weekday":
            a = _in_year_before(a, b)
        if b.last < a.first and start.rule == end.rule == "weekday":
            a = replace(a, first=a.first - timedelta(days=7), last=a.last - timedelta(days=7))
        if a.first >= b.last:
            return None
        return replace(whole, told=Told(periods.spanning(a, b), end.told.basis))


def _counted_from(tokens: Tokens, draft: _Draft, low: int) -> _Draft:
    """A date from which another counts: `two days after Aug. 6`, `the week of March 6`."""
    if draft.told is None:
        return draft
    try:
        return (
            _week_of(tokens, draft, draft.told, low) or _offset_from(tokens, draft, draft.told, low) or draft
        )
    except (ValueError, OverflowError):  # at the ends of the calendar
        return draft


def _week_of(tokens: Tokens, draft: _Draft, told: Told, low: int) -> _Draft | None:
    match = _WEEK_OF.search(tokens.kinds, low, draft.first)
    is_week = match is not None and tokens.values.get(match.start("unit")) is Unit.WEEK
    if match is None or not is_week or told.period.unit is not Unit.DAY:
        return None
    week = periods.around(told.period.first, Unit.WEEK)
    return replace(draft, first=match.start(), told=replace(told, period=week))


def _offset_from(tokens: Tokens, draft: _Draft, told: Told, low: int) -> _Draft | None:
    match = _OFFSET.search(tokens.kinds, low, draft.first)
    unit = tokens.values.get(match.start("unit")) if match is not None else None
    if match is None or not isinstance(unit, Unit):
        return None
    count = count_of(tokens, match)
    is_from = match["way"] == CODES[Kind.FROM]
    if match["count"] is None and (is_from or tokens.word(match.start("unit")).endswith("s")):
        return None  # weeks before Monday
    if count == 0:
        return None
    is_back = match["way"] == CODES[Kind.BEFORE]
    period = away(told.period.first if is_back else told.period.last, -count if is_back else count, unit)
    return _Draft(match.start(), draft.last, "offset", Told(period, told.basis))


def _in_year_before(start: Period, end: Period) -> Period:
    """A period whose year was not told, moved to where it last began before another."""
    years = end.first.year - start.first.year
    moved = periods.around(periods.add_months(start.first, 12 * years), start.unit)
    if moved.first <= end.first:
        return moved
    return periods.around(periods.add_months(start.first, 12 * (years - 1)), start.unit)


# What stands before a date


def _cue(tokens: Tokens, first: int, *, is_span: bool) -> str:
    number, low = first - 1, max(first - _FARTHEST_BACK, 0)
    while number >= low and tokens.kinds[number] in _BEFORE_CUES:
        number -= 1
    if number < low:
        return ""
    kind, word = tokens.kinds[number], tokens.word(number)
    if kind == CODES[Kind.OF] and tokens.word(number - 1) == "as":
        return "as_of"
    # `from Monday` is also `a photograph from Monday`; in `с 10 по 16` the span says it.
    is_start = kind == CODES[Kind.FROM] and word != "from" and not is_span
    if is_start or word in ("starting", "beginning"):
        return "since"
    is_through = kind == CODES[Kind.THROUGH] and is_span  # through Friday and Saturday
    return "" if is_through else _CUES.get(kind, "")
