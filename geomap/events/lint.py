"""What a careful editor would ask of events that can be built: the findings of `geomap check` alone.

Builds do not look for these: they tell of habits and of traps, not of what is drawn wrongly.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from geomap.errors import Mark
from geomap.events.check import Finding
from geomap.events.deceptive import hidden_text, mixed_text, url_text
from geomap.events.status import actor_name, compute_standing
from geomap.events.texts import (
    actor_texts,
    own_texts,
    place_texts,
    quoted_texts,
    source_texts,
)
from geomap.gazetteer.fold import fold_name
from geomap.gazetteer.placing import decimals
from geomap.model.events import EventSet, WrittenEvent
from geomap.model.geometry import METRES_A_DEGREE
from geomap.model.records import Actor, EventRecord, PlaceSpec, Source
from geomap.model.vocabulary import PlaceMethod, Precision, Status

_NOBODY_WORDS: Final = (
    "a an and anonymous author authors some somebody someone several various the their they people persons report "
    "reports reported media press news source sources unknown unnamed unidentified undisclosed nobody none no not "
    "stated named given n na tbd источник источники неизвестно неизвестный сми джерело джерела невідомо źródło źródła "
    "nieznany nieznane"
)
_NOBODY: Final = frozenset(fold_name(_NOBODY_WORDS).split())
"""Words that together name nobody."""
_NOT_STATED: Final = "not stated"
COARSE_DECIMALS: Final = 2
"""With so many decimals of a degree, 1.1 km, no position is exact."""

ANALYST_EXACT: Final = (
    "exact, though an analyst put it there or inferred it; say precision place or vicinity with its radius_m, "
    "or method geolocated or given if that is how it is known"
)
FEW_DIGITS: Final = (
    "exact, though given with {digits} decimals of a degree, {metres:,.0f} m; say precision place or vicinity, "
    "or give all digits"
)
CLAIM_MISSING: Final = (
    "nobody is named who says so: no claimant, and no publisher or author of its sources; "
    "add a claim with by and stance"
)


def lint(written: Sequence[WrittenEvent], declared: EventSet) -> list[Finding]:
    """Look through events that were read one by one, in the order of the files."""
    return [finding for event in written for finding in _of(event, declared)]


def _of(event: WrittenEvent, declared: EventSet) -> Iterator[Finding]:
    record, mark = event.record, event.mark
    for spec, at in zip(record.where.places, event.where_marks, strict=True):
        if text := drawn_text(spec):
            yield Finding(at, "warning", "coarser-than-drawn", text)
    yield from _of_claims(record, mark, declared)
    if text := single_origin_text(record, declared.sources, declared.actors):
        yield Finding(mark, "warning", "single-origin", text)
    places = (named for spec in record.where.places for named in place_texts(spec))
    texts = [*own_texts(record), *places, *quoted_texts(record)]
    # Title and summary are looked through for these in every build.
    seen = [(name, text) for name, text in texts if name not in ("title", "summary")]
    yield from _once(mark, "hidden-character", (hidden_text(name, text) for name, text in seen))
    yield from _once(mark, "mixed-scripts", (mixed_text(name, text) for name, text in texts))
    urls = (url for media in record.media for url in (media.url, media.archive_url))
    yield from _once(mark, "deceptive-url", (url_text("media", url) for url in urls))


def _once(mark: Mark, code: str, said: Iterable[str]) -> Iterator[Finding]:
    """A finding of each text that is said, the same one once."""
    yield from (Finding(mark, "warning", code, text) for text in dict.fromkeys(said) if text)


def _of_claims(record: EventRecord, mark: Mark, declared: EventSet) -> Iterator[Finding]:
    if not record.claims and not any(is_signed(declared.sources[name]) for name in record.sources):
        yield Finding(mark, "warning", "claim-missing", CLAIM_MISSING)
    for claim in record.claims:
        name = actor_name(claim.by, declared.actors)
        if _NOBODY.issuperset(fold_name(name).split()):
            text = (
                f"a claim is by {name!r}, which names nobody; name the person, office or outlet that says so"
            )
            yield Finding(mark, "warning", "claim-by-nobody", text)


def is_signed(source: Source) -> bool:
    """Whether a source says whose word it is: what nobody claims in it, its publisher does."""
    return any(
        text not in ("", _NOT_STATED) for text in (source.publisher, source.author, source.derived_from)
    )


def drawn_text(spec: PlaceSpec) -> str:
    """What to say of a place drawn finer than what it rests on allows; empty for any other."""
    if spec.lon is None or spec.lat is None:
        return ""
    if spec.precision is Precision.EXACT and spec.method in (PlaceMethod.ANALYST, PlaceMethod.INFERRED):
        return ANALYST_EXACT
    # The finer of the two: one may end in zeros, which are not read.
    digits = max(decimals(spec.lon), decimals(spec.lat))
    metres = METRES_A_DEGREE * 10.0**-digits
    if spec.precision is Precision.EXACT and digits <= COARSE_DECIMALS:
        return FEW_DIGITS.format(digits=digits, metres=metres)
    if spec.radius_m is not None and spec.radius_m < metres / 10:
        text = f"radius_m {spec.radius_m:g} is finer than its {digits} decimals of a degree, {metres:,.0f} m"
        return f"{text}; give all digits, or a wider radius"
    return ""


def single_origin_text(
    record: EventRecord, sources: Mapping[str, Source], actors: Mapping[str, Actor]
) -> str:
    """What to say of a status set by hand that its one origin does not carry; empty for any other."""
    status = getattr(record.status, "value", record.status)
    if status not in (Status.CONFIRMED, Status.CORROBORATED):
        return ""
    if len(compute_standing(record, sources, actors).origins) > 1:
        return ""
    return f"set to {status}, though all its sources have one origin; add an unrelated source, or leave status out"


def lint_declared(
    declared: EventSet, first_use: Mapping[str, Mark], actors_use: Mapping[str, Mark]
) -> list[Finding]:
    """Look through the sources and actors that events name, each where it is first used.

    Parameters
    ----------
    first_use, actors_use
        By the id of a source or an actor the event that names it first.
    """
    findings: list[Finding] = []
    for name, mark in first_use.items():
        source, label = declared.sources[name], f"source {name}:"
        publisher = "" if source.publisher == _NOT_STATED else source.publisher
        if not any((publisher, source.title, source.url, source.archive_url, source.file)):
            text = f"source {name} cannot be found again; add its publisher, title, url or file"
            findings.append(Finding(mark, "warning", "bare-source", text))
        findings += _of_texts(mark, [(f"{label} {key}", text) for key, text in source_texts(source)])
        urls = [(f"{label} {key}", getattr(source, key)) for key in ("url", "archive_url")]
        findings += _once(mark, "hidden-character", (hidden_text(*each) for each in urls))
        findings += _once(mark, "deceptive-url", (url_text(*each) for each in urls))
    for name, mark in actors_use.items():
        texts = [(f"actor {name}: {key}", text) for key, text in actor_texts(declared.actors[name])]
        findings += _of_texts(mark, texts)
    return findings


def _of_texts(mark: Mark, texts: Sequence[tuple[str, str]]) -> Iterator[Finding]:
    yield from _once(mark, "hidden-character", (hidden_text(*each) for each in texts))
    yield from _once(mark, "mixed-scripts", (mixed_text(*each) for each in texts))
