"""What is odd is a finding with its place, not a failure."""

from collections.abc import Callable

import pytest

from geomap.events.check import check
from geomap.model.events import Event, EventSet
from geomap.model.places import PlaceRef
from geomap.model.vocabulary import PlaceRole

ReadEvents = Callable[..., EventSet]
Find = Callable[..., list[tuple[str, str]]]

SOURCES = "sources: {early: {published: 2021-11-10}, late: {published: 2021-11-13}, silent: {}}\n"


@pytest.fixture
def find(read: ReadEvents) -> Find:
    """The codes and messages found in an event with some keys."""

    def look(keys: str, remarks: tuple[str, ...] = ()) -> list[tuple[str, str]]:
        sources = "" if "sources:" in keys else ", sources: [late]"
        declared = read(f"{SOURCES}events:\n  - {{id: one, type: exercise, title: A, {keys}{sources}}}")
        (written,) = declared.events
        place = PlaceRef.unresolved(PlaceRole.SITE, "x")
        places = tuple(place for _ in written.where_marks)
        if remarks:
            places = (
                PlaceRef(**{name: getattr(place, name) for name in place.__slots__} | {"remarks": remarks}),
            )
        found = check([written], [Event(record=written.record, places=places)], declared)
        assert all(item.mark.line == 4 and item.severity == "warning" for item in found)
        return [(item.code, item.message) for item in found]

    return look


def codes(found: list[tuple[str, str]]) -> list[str]:
    return [code for code, _ in found]


def test_a_plain_event_has_no_finding(find: Find) -> None:
    assert find("when: 2021-11-12") == []


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ("summary: b", "undated"),
        ("when: {text: some day}", "undated"),
        ("when: 2021-11-12, sources: [silent]", "unpublished"),
        ("when: 2021-11-14", "after-publication"),
        ("when: 2021-11-12, sources: [early]", "after-publication"),
        ("when: 2021-11-12, claims: [{by: X, stance: asserts, source: early}]", "claim-source"),
        ("when: 2021-11-12, claims: [{by: X, stance: denies, about: evnet}]", "claim-about"),
        ('when: 2021-11-12, summary: "a\\u202eb"', "hidden-character"),
        ('when: 2021-11-12, summary: "a\\u200bb"', "hidden-character"),
    ],
)
def test_what_is_odd_is_found(find: Find, keys: str, code: str) -> None:
    assert codes(find(keys)) == [code]


@pytest.mark.parametrize(
    "keys",
    [
        "when: 2021-11-14, modality: planned",
        "when: 2021-11-14, modality: announced",
        "when: 2021-11-12, sources: [early, late]",
        "when: ../2021-11-20",
        "when: 2021-11-12, claims: [{id: c1, by: X, stance: asserts}, {by: Y, stance: denies, about: c1}]",
        "when: 2021-11-12, claims: [{by: Y, stance: denies, about: quantities}]",
        "when: 2021-11-12, claims: [{by: Y, stance: denies, about: motive}]",
    ],
)
def test_what_is_in_order_is_not_found(find: Find, keys: str) -> None:
    assert find(keys) == []


def test_a_remark_of_the_gazetteer_becomes_a_finding(find: Find) -> None:
    assert find(
        "when: 2021-11-12, where: {lon: 1, lat: 2}", remarks=(("bare-position", "a bare position"),)
    ) == [("bare-position", "a bare position")]
