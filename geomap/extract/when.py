"""When an event happened, by the dates of its sentence and the day of the report."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from geomap.extract.dates import DateMention
from geomap.extract.tokens import Words, word_set
from geomap.extract.triggers import Reality
from geomap.model.timespan import TimeSpan, parse_edtf, unknown_time
from geomap.model.vocabulary import DateBasis

HISTORY_DAYS: Final = 120
"""An event dated so long before its report is history to it, unless it has gone on since."""
BEGINS: Final = frozenset({"began", "begun", "started", "start", "begins", "launched", "erupted", "opened"})
# Rules by which a span of days is named in which something falls, not the days through which it lasts.
_VAGUE: Final = frozenset({"unit", "earlier_this", "past_unit", "part_of"})
_MARKS: Final = frozenset(';:—–()…"“”„«»')
_SUBORDINATORS: Final = word_set(
    "that which who where when while as after before because although though amid saying but since"
)


@dataclass(frozen=True, slots=True)
class DatedWords:
    """A date with the tokens that it stands at, `last` included."""

    first: int
    last: int
    mention: DateMention


def tokens_of_dates(words: Words, mentions: Sequence[DateMention]) -> list[DatedWords]:
    """The dates of a sentence by token."""
    found = []
    for mention in mentions:
        first, last = bisect_right(words.end, mention.start), bisect_left(words.start, mention.end) - 1
        if first <= last:
            found.append(DatedWords(first, last, mention))
    return found


def cost(words: Words, one: int, other: int) -> float:
    """How far two tokens stand apart in a sentence: words between them, marks and subordinators counting more."""
    first, last = min(one, other), max(one, other)
    total = float(last - first)
    for at in range(first + 1, last):
        low = words.low[at]
        if low in _MARKS:
            total += 8
        elif low == ",":
            total += 3
        elif low in _SUBORDINATORS:
            total += 6
    return total


def is_history(mention: DateMention, published: date | None) -> bool:
    """Whether a date lies so far before the report that it tells of the past."""
    when = mention.when
    if published is None or when.last is None or mention.cue == "since":
        return False
    return when.last < published - timedelta(days=HISTORY_DAYS)


def event_time(
    words: Words,
    own: DatedWords | None,
    uttered: DatedWords | None,
    published: date | None,
    reality: Reality,
    *,
    is_present: bool,
    is_telling_now: bool,
    is_lasting: bool,
) -> TimeSpan:
    """The time of an event.

    Parameters
    ----------
    own
        The date that stands with the event.
    uttered
        The date on which somebody says so.
    published
        The day of the report; None where it is not known.
    reality, is_present
        What the words say of it; what goes on is told of the day of the report.
    is_telling_now
        Whether it is announced by somebody, and the announcement is what has happened.
    is_lasting
        Whether an event of its kind goes on for days, so that "this week" is throughout it, not on one day of it.
    """
    if own is not None:
        return _own_time(words, own, published, reality, is_lasting=is_lasting)
    said = uttered.mention.when if uttered is not None and uttered.mention.when.is_dated else None
    day = said.last if said is not None else published
    text = uttered.mention.text if uttered is not None and said is not None else ""
    basis = (
        DateBasis.RELATIVE_TO_PUBLICATION
        if not text
        else said.basis
        if said is not None
        else DateBasis.INFERRED
    )
    if day is None:
        return unknown_time(uttered.mention.text if uttered is not None else "", DateBasis.UNKNOWN)
    if reality is Reality.PLANNED or (is_telling_now and is_present):
        if said is None:
            return _with(f"../{day}", basis, text)
        return replace(said, basis=basis, words=text)
    if reality is Reality.ONGOING or is_present:
        return _with(f"{day}/..", basis, text)
    return _with(f"../{day}", basis, text)


def _own_time(
    words: Words, own: DatedWords, published: date | None, reality: Reality, *, is_lasting: bool
) -> TimeSpan:
    mention = own.mention
    when = mention.when
    if not when.is_dated:
        return replace(when, words=mention.text)
    before = words.low[max(0, own.first - 3) : own.first]
    began = any(word in BEGINS for word in before)
    if mention.cue == "since" or began:
        if when.first is None:
            return when
        about = (
            "~"
            if when.basis is DateBasis.RELATIVE_TO_PUBLICATION and mention.rule in ("ago", "earlier")
            else ""
        )
        start = when.edtf if _is_point(when) else when.first.isoformat()
        return _with(f"{start.rstrip('~?%')}{about}/..", when.basis, mention.text)
    if mention.cue in ("by", "as_of", "until", "before") and when.last is not None:
        return _with(f"../{when.last}", when.basis, mention.text)
    if when.first is not None and when.last is not None and when.first != when.last:
        # Of a week that is not over only what has been can be told.
        last = min(when.last, published) if published and reality is not Reality.PLANNED else when.last
        if last < when.first:
            return replace(when, words=mention.text)
        if mention.rule in _VAGUE:
            form = "{}/{}" if is_lasting else "[{}..{}]"
            return _with(form.format(when.first, last), when.basis, mention.text)
    return replace(when, words=mention.text)


def _is_point(when: TimeSpan) -> bool:
    return "/" not in when.edtf and "[" not in when.edtf


def _with(edtf: str, basis: DateBasis, text: str) -> TimeSpan:
    return replace(parse_edtf(edtf), basis=basis, words=text)
