"""The dispatches that tell of one event, those that look alike and do not, and those that are copies."""

import sys
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import pytest

from geomap.events.across import Drafted, Suggestion, relate
from geomap.events.merge import merge_document
from geomap.events.status import compute_standing
from geomap.extract.drafting import Drafter
from geomap.extract.segment import plain_document
from geomap.gazetteer import read_gazetteer
from geomap.model.records import Source

# The reader of the dispatches lies beside the tests, which pytest imports without a path to them.
sys.path.append(str(Path(__file__).parent))
from dispatch_gold import Dispatch, read_dispatches

# Of the nine pairs of dispatches on one event; what the drafts of a dispatch do not hold cannot be found.
LEAST_PAIRS_FOUND = 4
MOST_FALSE_PAIRS = 2


class Related(NamedTuple):
    dispatches: dict[str, Dispatch]
    documents: dict[str, Drafted]
    suggestions: list[Suggestion]

    def pairs(self) -> set[frozenset[str]]:
        """Pairs of dispatches of which an event each is suggested as one."""
        return {frozenset(event.rpartition(".")[0] for event in (s.one, s.other)) for s in self.suggestions}


@pytest.fixture(scope="module")
def related() -> Related:
    """All English dispatches, drafted and related; event ids are `dispatch.number`."""
    drafter = Drafter(read_gazetteer())
    dispatches = {each.id: each for each in read_dispatches() if each.language == "en"}
    documents = []
    for each in dispatches.values():
        text = plain_document(each.text, id=each.id, published=each.published)
        drafts = merge_document(drafter.draft(text, source=each.id))
        documents.append(
            Drafted(
                source_id=each.id,
                source=Source.model_validate({"published": each.published and each.published.isoformat()}),
                text=each.text,
                drafts=tuple(
                    replace(draft, record=draft.record.model_copy(update={"id": f"{each.id}.{number}"}))
                    for number, draft in enumerate(drafts)
                ),
            )
        )
    found, suggestions = relate(documents)
    return Related(dispatches, {each.source_id: each for each in found}, suggestions)


def test_copies_are_traced_and_nothing_else_is(related: Related) -> None:
    found = {key: each.source.derived_from for key, each in related.documents.items()}
    assert found == {key: each.derived_from for key, each in related.dispatches.items()}


def test_three_articles_on_one_event_have_two_origins(related: Related) -> None:
    groups = {each.same_event for each in related.dispatches.values() if each.same_event}
    assert len(groups) == 3
    for group in groups:
        documents = [related.documents[each] for each in group]
        record = documents[0].drafts[0].record.model_copy(update={"sources": group, "claims": ()})
        standing = compute_standing(record, {each.source_id: each.source for each in documents}, {})
        assert (len(group), len(standing.origins)) == (3, 2)


def test_one_event_is_found_in_several_dispatches(related: Related) -> None:
    pairs = [
        frozenset(pair)
        for each in related.dispatches.values()
        for pair in combinations(each.same_event, 2)
        if each.id == each.same_event[0]
    ]
    found = related.pairs()
    assert len(pairs) == 9
    assert sum(pair in found for pair in pairs) >= LEAST_PAIRS_FOUND


def test_like_events_are_kept_apart(related: Related) -> None:
    found = related.pairs()
    for each in related.dispatches.values():
        assert not any(frozenset((each.id, other)) in found for other in each.distinct_from)


def test_unrelated_dispatches_are_not_suggested(related: Related) -> None:
    same = {
        frozenset(pair) for each in related.dispatches.values() for pair in combinations(each.same_event, 2)
    }
    assert len(related.pairs() - same) <= MOST_FALSE_PAIRS
