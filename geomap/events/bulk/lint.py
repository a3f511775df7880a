"""What a careful editor would ask of plain events: the findings of `events.lint`, column by column."""

from collections.abc import Callable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from geomap.events.bulk.check import tell_some
from geomap.events.bulk.collect import PROBE
from geomap.events.check import Finding
from geomap.events.deceptive import MIXED, hidden_text, mixed_text
from geomap.events.lint import (
    ANALYST_EXACT,
    CLAIM_MISSING,
    COARSE_DECIMALS,
    drawn_text,
    is_signed,
    single_origin_text,
)
from geomap.events.texts import part_texts, place_texts
from geomap.model.columns import Coded, Texts, ranked_together
from geomap.model.plain import PlainEvents
from geomap.model.records import Actor, EventRecord, Source
from geomap.model.vocabulary import Precision


def lint_plain(
    plain: PlainEvents, sources: Mapping[str, Source], actors: Mapping[str, Actor]
) -> list[Finding]:
    """Look through the plain events of one file."""
    unsigned = plain.sources.each(lambda ids: not any(is_signed(sources[own]) for own in ids), bool)
    findings = tell_some(plain, "claim-missing", np.flatnonzero(unsigned), lambda row: CLAIM_MISSING)
    findings += _drawn(plain)
    findings += _single_origins(plain, sources, actors)
    # Title and summary are looked through for hidden characters in every build.
    for name, texts in (("title", plain.title), ("summary", plain.summary)):
        findings += _mixed(plain, name, texts)
    for column in _named(plain):
        findings += _of_names(plain, column, "hidden-character", hidden_text)
        findings += _of_names(plain, column, "mixed-scripts", mixed_text)
    return findings


def _mixed(plain: PlainEvents, name: str, texts: Texts) -> list[Finding]:
    rows = _matching(texts, MIXED.pattern)
    return tell_some(plain, "mixed-scripts", rows, lambda row: mixed_text(name, texts[row] or ""))


def _of_names(
    plain: PlainEvents, column: Coded[list[tuple[str, str]]], code: str, text_of: Callable[[str, str], str]
) -> list[Finding]:
    told = column.map(lambda texts: next(filter(None, (text_of(*own) for own in texts)), ""))
    return tell_some(plain, code, np.flatnonzero(told.each(bool, bool)), lambda row: told[row])


def _named(plain: PlainEvents) -> Iterator[Coded[list[tuple[str, str]]]]:
    """The columns of names, of few values: each as texts with their keys."""
    yield plain.name.map(lambda name: [("where", name)] if name else [])
    yield plain.where.map(lambda where: [own for spec in where.places for own in place_texts(spec)])
    yield plain.actors.map(lambda parts: list(part_texts(parts)))
    yield plain.tags.map(lambda tags: [("tags", tag) for tag in tags])


def _matching(texts: Texts, pattern: str) -> NDArray[np.intp]:
    import pyarrow.compute as pc

    found = pc.match_substring_regex(texts.array, pattern)
    return np.flatnonzero(pc.fill_null(found, False).to_numpy(zero_copy_only=False))


def _drawn(plain: PlainEvents) -> list[Finding]:
    """Positions drawn finer than they are known: those that say how, and those whose digits are few."""
    first = plain.where.map(lambda where: where.places[0] if where.places else None)
    told = first.map(lambda spec: drawn_text(spec.model_copy(update={"radius_m": None})) if spec else "")
    # In the columns a position stands apart from what is said of it, with 0 in its stead.
    by_analyst = np.flatnonzero(told.each(lambda text: text == ANALYST_EXACT, bool))
    is_exact = first.each(lambda spec: spec is not None and spec.precision is Precision.EXACT, bool)
    is_narrow = first.each(lambda spec: spec is not None and spec.radius_m is not None, bool)
    asked = (is_exact | is_narrow) & ~np.isnan(plain.lon)
    asked &= _is_coarse(plain.lon) & _is_coarse(plain.lat)
    asked[by_analyst] = False

    def text_at(row: int) -> str:
        spec = first[row]
        assert spec is not None
        return drawn_text(
            spec.model_copy(update={"lon": float(plain.lon[row]), "lat": float(plain.lat[row])})
        )

    rows = np.array([row for row in np.flatnonzero(asked).tolist() if text_at(row)], dtype=np.intp)
    return [
        *tell_some(plain, "coarser-than-drawn", by_analyst, lambda row: ANALYST_EXACT),
        *tell_some(plain, "coarser-than-drawn", rows, text_at),
    ]


def _is_coarse(degrees: NDArray[np.float64]) -> NDArray[np.bool_]:
    return np.asarray(np.round(degrees, COARSE_DECIMALS + 1) == degrees)


_PROBE = EventRecord.model_validate(PROBE)


def _single_origins(
    plain: PlainEvents, sources: Mapping[str, Source], actors: Mapping[str, Actor]
) -> list[Finding]:
    number, first = ranked_together([plain.sources.codes, plain.status.codes])
    texts = [
        single_origin_text(
            _PROBE.model_copy(update={"sources": plain.sources[row], "status": plain.status[row]}),
            sources,
            actors,
        )
        for row in first.tolist()
    ]
    told = Coded(number, texts)
    rows = np.flatnonzero(told.each(bool, bool))
    return tell_some(plain, "single-origin", rows, lambda row: told[row])
