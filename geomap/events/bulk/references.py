"""What plain events refer to, and what refers to them."""

from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np

from geomap.errors import Mark, Problem
from geomap.events.lines import MAX_PROBLEMS
from geomap.model.columns import Rows
from geomap.model.plain import PlainEvents


def undeclared(
    plain: PlainEvents,
    types: Mapping[str, Collection[str]],
    sources: Collection[str],
    actors: Collection[str],
) -> Rows:
    """The events whose type, a source or an actor is not declared, or of which a source stands twice."""
    odd = ~plain.type.each(lambda kind: _is_known(kind, types), bool)
    odd |= ~plain.sources.each(
        lambda ids: len(set(ids)) == len(ids) and all(own in sources for own in ids), bool
    )
    odd |= ~plain.actors.each(lambda parts: all(part.id is None or part.id in actors for part in parts), bool)
    return np.flatnonzero(odd)


def _is_known(kind: str, types: Mapping[str, Collection[str]]) -> bool:
    name, _, subtype = kind.partition("/")
    return name in types and (not subtype or subtype in types[name])


def repeated_ids(plain: Sequence[PlainEvents], first_marks: Mapping[str, Mark]) -> Iterator[Problem]:
    """Ids that stand again, in plain events or in records at these marks."""
    if not plain:
        return
    import pyarrow as pa
    import pyarrow.compute as pc

    ids = pa.concat_arrays([own.id.array for own in plain])
    own_ids = pa.array(list(first_marks), ids.type)
    seen = pc.value_counts(pa.concat_arrays([own_ids, ids]))
    twice = seen.field("values").filter(pc.greater(seen.field("counts"), 1))
    if not len(twice):
        return
    known = dict(first_marks)
    told = 0
    for own in plain:
        for row in np.flatnonzero(
            pc.is_in(own.id.array, value_set=twice).to_numpy(zero_copy_only=False)
        ).tolist():
            event_id, mark = own.id[row] or "", own.mark(row)
            first = known.setdefault(event_id, mark)
            if first is not mark:
                told += 1
                if told > MAX_PROBLEMS:
                    return
                yield Problem(mark, f"event id {event_id!r} again; it stands at {first}")


def find_ids(plain: Sequence[PlainEvents], sought: Collection[str]) -> set[str]:
    """Which of some ids plain events have."""
    if not plain or not sought:
        return set()
    import pyarrow as pa
    import pyarrow.compute as pc

    found: set[str] = set()
    for own in plain:
        wanted = pa.array(sorted(sought), own.id.array.type)
        found.update(wanted.filter(pc.is_in(wanted, value_set=own.id.array)).to_pylist())
    return found


def find_titles(plain: Sequence[PlainEvents], sought: Collection[str]) -> dict[str, str]:
    """The titles of plain events with some ids, by id."""
    if not plain or not sought:
        return {}
    import pyarrow as pa
    import pyarrow.compute as pc

    titles: dict[str, str] = {}
    for own in plain:
        at = pc.index_in(pa.array(sorted(sought), own.id.array.type), value_set=own.id.array).drop_null()
        rows = at.to_numpy(zero_copy_only=False)
        titles |= dict(zip(own.id.take(rows), own.title.take(rows), strict=True))  # type: ignore[arg-type]
    return titles
