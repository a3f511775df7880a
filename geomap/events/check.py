"""What is odd in the data, though it can be built: findings, returned as values."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from geomap.errors import Mark
from geomap.events.deceptive import hidden_text
from geomap.events.withheld import count_left_out, telling_fields
from geomap.model.events import Event, EventSet, WrittenEvent
from geomap.model.records import EventRecord
from geomap.model.vocabulary import Modality

Severity = Literal["error", "warning"]
# What looks like an id: lower case throughout, which names of people and offices are not.
_SLUG: Final = re.compile(r"[a-z0-9][a-z0-9._:-]*")
_FORBIDS: Final = re.compile(r"\bno (republication|redistribution|publication)\b", re.IGNORECASE)
_CLAIMABLE: Final = frozenset({"event", "motive", *EventRecord.model_fields})


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to look at: `code` names the rule, `message` says what and the next step."""

    mark: Mark
    severity: Severity
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.mark}: {self.severity} {self.code} {self.message}"


def check(written: Sequence[WrittenEvent], events: Sequence[Event], declared: EventSet) -> list[Finding]:
    """Look through events and their resolved places, in the order of the files."""
    claim_ids = {claim.id for event in declared.events for claim in event.record.claims if claim.id}
    findings = [
        finding
        for source, event in zip(written, events, strict=True)
        for finding in _of(source, event, declared, claim_ids)
    ]
    return [*findings, *_licences(written, declared)]


def _licences(written: Sequence[WrittenEvent], declared: EventSet) -> Iterator[Finding]:
    """Sources whose licence forbids what a published map does with them, each where it is first used."""
    seen: set[str] = set()
    for event in written:
        for name in event.record.sources:
            if name in seen:
                continue
            seen.add(name)
            licence = declared.sources[name].licence
            if text := licence_text(name, licence):
                yield Finding(event.mark, "warning", "licence", text)


def licence_text(name: str, licence: str) -> str:
    """What to say of a source whose licence forbids to publish a map of it; empty for any other."""
    if not _FORBIDS.search(licence):
        return ""
    return f"source {name} comes with {licence!r}; keep the map to yourself, or ask the source's owner"


UNDATED: Final = "no date is known; it is listed, not placed in time"
UNPUBLISHED: Final = "none of its sources has a published date; add one"
HAPPENED: Final = (Modality.OCCURRED, Modality.ONGOING)


def late_text(first: date, published: date) -> str:
    """What to say of an event that begins after its latest source was published."""
    text = f"it begins on {first}, after its latest source was published ({published})"
    return f"{text}; check the date or the modality"


def _of(
    source: WrittenEvent, event: Event, declared: EventSet, claim_ids: Collection[str]
) -> Iterator[Finding]:
    record = source.record
    for place, mark in zip(event.places, source.where_marks, strict=True):
        for code, remark in place.remarks:
            yield Finding(mark, "warning", code, remark)
    published = [
        span.last
        for span in (declared.sources[source_id].published for source_id in record.sources)
        if span is not None and span.last is not None
    ]
    when = record.when
    if when is None or not when.is_dated:
        yield Finding(source.mark, "warning", "undated", UNDATED)
    elif not published:
        yield Finding(source.mark, "warning", "unpublished", UNPUBLISHED)
    elif when.first is not None and when.first > max(published) and record.modality in HAPPENED:
        yield Finding(source.mark, "warning", "after-publication", late_text(when.first, max(published)))
    yield from _care(source, event, declared)
    for claim in record.claims:
        if _SLUG.fullmatch(claim.by) and claim.by not in declared.actors:
            text = f"claimant {claim.by!r} is not declared under actors; declare it, or write a name"
            yield Finding(source.mark, "warning", "claimant", text)
        if claim.source is not None and claim.source not in record.sources:
            yield Finding(
                source.mark,
                "warning",
                "claim-source",
                f"a claim rests on {claim.source}, which the event does not list",
            )
        if claim.about not in _CLAIMABLE and claim.about not in claim_ids:
            text = f"a claim is about {claim.about!r}: neither event, motive, a key of events nor a claim id"
            yield Finding(source.mark, "warning", "claim-about", text)
    for name, text in (("title", record.title), ("summary", record.summary)):
        if said := hidden_text(name, text):
            yield Finding(source.mark, "warning", "hidden-character", said)


def _care(source: WrittenEvent, event: Event, declared: EventSet) -> Iterator[Finding]:
    """What is shown of the places of an event that needs care. None of the messages names what is withheld."""
    record = source.record
    kind = record.sensitivity
    for number, (spec, place) in enumerate(zip(record.where.places, event.places, strict=True)):
        mark = source.where_marks[number]
        if not kind.coarsens_places or spec.is_coarsened:
            continue
        if spec.publish_precision == "as_known":
            text = f"shown as finely as it is known, though the event is {kind}: as_known says so"
            yield Finding(mark, "warning", "sensitive-place", f"{text}; take that out if in doubt")
        elif place.is_coarsened:
            shown = "not shown" if place.position is None else f"shown as {place.name} only"
            text = f"{shown}, since the event is {kind}; say publish_precision: region, country or none to settle it"
            yield Finding(
                mark, "warning", "sensitive-place", f"{text}, or as_known if it may be shown as known"
            )
    if count := count_left_out(record, event.record):
        text = f"{count} of its quotes and places of claims are left out, as they may name a place that is withheld"
        yield Finding(source.mark, "warning", "sensitive-text", text)
    if fields := telling_fields(record, event.places, declared.sources):
        text = f"{', '.join(fields)}: names a place that is withheld, or gives its position"
        yield Finding(source.mark, "warning", "sensitive-text", f"{text}, and is shown as written; reword it")
