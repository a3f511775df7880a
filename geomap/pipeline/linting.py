"""What `geomap check` looks for beyond what every build tells: the lint of events, duplicates, the lock."""

from collections.abc import Mapping, Sequence

import numpy as np

from geomap.errors import Mark
from geomap.events.bulk.lint import lint_plain
from geomap.events.check import Finding
from geomap.events.duplicates import MOST_PAIRS, find_duplicates
from geomap.events.lint import lint, lint_declared
from geomap.lock import LockUpdate
from geomap.model.columns import ranked
from geomap.model.events import EventSet, WrittenEvent
from geomap.model.plain import PlainEvents
from geomap.model.table import EventTable


def lint_events(
    written: Sequence[WrittenEvent], plain: Sequence[PlainEvents], declared: EventSet, table: EventTable
) -> list[Finding]:
    """Look closer at the events of a project, those read one by one and those in columns."""
    findings = lint(written, declared)
    for own in plain:
        findings += lint_plain(own, declared.sources, declared.actors)
    findings += lint_declared(declared, *_first_uses(written, plain, declared))
    return findings + _duplicates(written, plain, table)


def _first_uses(
    written: Sequence[WrittenEvent], plain: Sequence[PlainEvents], declared: EventSet
) -> tuple[dict[str, Mark], dict[str, Mark]]:
    """By the id of each source and each declared actor the event that names it first."""
    sources: dict[str, Mark] = {}
    actors: dict[str, Mark] = {}
    for event in written:
        record = event.record
        for name in record.sources:
            sources.setdefault(name, event.mark)
        for actor in (*(part.id for part in record.actors), *(claim.by for claim in record.claims)):
            if actor is not None and actor in declared.actors:
                actors.setdefault(actor, event.mark)
    for own in plain:
        for row in ranked(own.sources.codes)[1].tolist():
            for name in own.sources[row]:
                sources.setdefault(name, own.mark(row))
        for row in ranked(own.actors.codes)[1].tolist():
            for part in own.actors[row]:
                if part.id is not None:
                    actors.setdefault(part.id, own.mark(row))
    return sources, actors


def _duplicates(
    written: Sequence[WrittenEvent], plain: Sequence[PlainEvents], table: EventTable
) -> list[Finding]:
    """Pairs that look like one event and say nothing of each other."""
    pairs, left_out = find_duplicates(table)
    related = {
        frozenset((event.record.id, relation.event))
        for event in written
        for relation in event.record.relations
    }
    told = [pair for pair in pairs if frozenset((pair.one, pair.other)) not in related]
    marks = _marks_of({pair.other for pair in told}, written, plain)
    step = "merge them, or say how they stand to each other under relations"
    findings = [
        Finding(
            marks[pair.other],
            "warning",
            "possible-duplicate",
            f"{pair.other} may be {pair.one} again ({', '.join(pair.reasons)}, and their words are alike); {step}",
        )
        for pair in told
    ]
    if left_out:
        text = f"{MOST_PAIRS:,} pairs of events of one day and place were compared, and {left_out:,} more were not"
        start = written[0].mark if written else plain[0].mark(0)
        findings.append(Finding(start, "warning", "possible-duplicate", f"{text}; check them in parts"))
    return findings


def _marks_of(
    ids: set[str], written: Sequence[WrittenEvent], plain: Sequence[PlainEvents]
) -> Mapping[str, Mark]:
    marks = {event.record.id: event.mark for event in written if event.record.id in ids}
    if rest := ids - marks.keys():
        import pyarrow as pa
        import pyarrow.compute as pc

        for own in plain:
            wanted = pa.array(sorted(rest), own.id.array.type)
            rows = np.flatnonzero(pc.is_in(own.id.array, value_set=wanted).to_numpy(zero_copy_only=False))
            marks |= {own.id[row] or "": own.mark(row) for row in rows.tolist()}
    return marks


def lint_lock(lock: LockUpdate) -> list[Finding]:
    """A lock that a build would write anew; places that moved are told one by one, and as errors.

    Drafts have entries only where they are drawn, so what is new in drafts alone is left aside.
    """
    mark = Mark(lock.path, 1, 1)
    step = f"run geomap build {lock.project} and commit the lock"
    if lock.old is None:
        return (
            [Finding(mark, "warning", "stale-lock", f"there is no lock; {step}")] if lock.new.places else []
        )
    counts: dict[str, int] = {}
    for change in lock.changes:
        if change.kind != "moved" and not change.draft:
            counts[change.kind] = counts.get(change.kind, 0) + 1
    # What moved is told with its causes.
    causes = () if lock.moved else lock.causes
    said = [*causes, *(f"{count} places {kind}" for kind, count in counts.items())]
    return [Finding(mark, "warning", "stale-lock", f"{', '.join(said)}; {step}")] if said else []
