"""What is odd in plain events: the findings of `events.check`, of each kind only some of a file one by one."""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Final

import numpy as np

from geomap.events.check import (
    HAPPENED,
    UNDATED,
    UNPUBLISHED,
    Finding,
    late_text,
    licence_text,
)
from geomap.events.deceptive import HIDDEN, hidden_text
from geomap.model.columns import Rows, Texts, ranked
from geomap.model.plain import PlainEvents
from geomap.model.records import Source

MOST_OF_A_KIND: Final = 100


def check_plain(
    plain: PlainEvents, sources: Mapping[str, Source], told: Collection[str] = ()
) -> list[Finding]:
    """Look through the events of one file; what is odd in their places is told by those who place them.

    Of the sources in `told` others have been told.
    """

    def latest(ids: tuple[str, ...]) -> date | None:
        days = [span.last for own in ids if (span := sources[own].published) and span.last]
        return max(days, default=None)

    dated = plain.when.each(lambda when: when is not None and when.is_dated, bool)
    published = plain.sources.map(latest)
    known = published.each(lambda day: day is not None, bool)
    begins = plain.when.each(lambda when: when.first.toordinal() if when and when.first else 0, np.int32)
    last = published.each(lambda day: day.toordinal() if day else date.max.toordinal(), np.int32)
    late = (begins > last) & plain.modality.each(HAPPENED.__contains__, bool)

    def late_at(row: int) -> str:
        when, day = plain.when[row], published[row]
        assert when is not None
        assert when.first is not None
        assert day is not None
        return late_text(when.first, day)

    return [
        *tell_some(plain, "undated", np.flatnonzero(~dated), lambda row: UNDATED),
        *tell_some(plain, "unpublished", np.flatnonzero(dated & ~known), lambda row: UNPUBLISHED),
        *tell_some(plain, "after-publication", np.flatnonzero(late), late_at),
        *tell_some(
            plain,
            "hidden-character",
            _hidden(plain.title),
            lambda row: hidden_text("title", plain.title[row] or ""),
        ),
        *tell_some(
            plain,
            "hidden-character",
            _hidden(plain.summary),
            lambda row: hidden_text("summary", plain.summary[row] or ""),
        ),
        *_licences(plain, sources, told),
    ]


def tell_some(plain: PlainEvents, code: str, rows: Rows, text: Callable[[int], str]) -> list[Finding]:
    """A finding on each of the first of these rows, and one on how many more there are."""
    findings = [
        Finding(plain.mark(row), "warning", code, text(row)) for row in rows[:MOST_OF_A_KIND].tolist()
    ]
    more = len(rows) - MOST_OF_A_KIND
    if more > 0:
        mark = plain.mark(int(rows[MOST_OF_A_KIND]))
        said = f"and {more:,} more events of this file, from here on, for the same reason"
        findings.append(Finding(mark, "warning", code, said))
    return findings


def _hidden(texts: Texts) -> Rows:
    import pyarrow.compute as pc

    found = pc.match_substring_regex(texts.array, HIDDEN.pattern)
    return np.flatnonzero(pc.fill_null(found, False).to_numpy(zero_copy_only=False))


def _licences(plain: PlainEvents, sources: Mapping[str, Source], told: Collection[str]) -> list[Finding]:
    """Each source whose licence forbids what a map does with it, where it is first used."""
    found: dict[str, Finding] = {}
    first = ranked(plain.sources.codes)[1]
    for row in first.tolist():
        for name in plain.sources[row]:
            text = licence_text(name, sources[name].licence)
            if text and name not in told and name not in found:
                found[name] = Finding(plain.mark(row), "warning", "licence", text)
    return list(found.values())
