"""Events files refer to declared things only, and every fault of every file is named at once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from geomap.errors import ConfigError
from geomap.model.events import EventSet
from geomap.model.records import Actor, Source

ReadEvents = Callable[..., EventSet]

ONE = """\
sources: {wire: {publisher: Example Wire}}
actors: {army: {name: The army, country: BY}}
events:
  - {id: drill, type: exercise, title: A, sources: [wire], actors: [{id: army}]}"""
EVENT = "sources: {{wire: {{kind: wire}}}}\nevents:\n  - {{id: one, type: {}, title: A, sources: [{}]{}}}"


def event(kind: str = "exercise", sources: str = "wire", keys: str = "") -> str:
    return EVENT.format(kind, sources, keys and f", {keys}")


def refusal(read: ReadEvents, *texts: str, **declared: object) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read(*texts, **declared)
    return [
        f"{Path(problem.mark.path).name}:{problem.mark.line}:{problem.mark.column}: {problem.message}"
        for problem in caught.value.problems
    ]


def test_events_of_several_files_stand_in_order_with_what_they_name(read: ReadEvents) -> None:
    second = (
        "events:\n  - {id: speech, type: statement, title: B, sources: [wire], where: [Minsk, {country: RU}]}"
    )
    events = read(ONE, second)
    assert [item.record.id for item in events.events] == ["drill", "speech"]
    assert (set(events.sources), set(events.actors)) == ({"wire"}, {"army"})
    assert [(mark.path.name, mark.line, mark.column) for mark in events.events[1].where_marks] == [
        ("b.yaml", 3, second.splitlines()[1].index("Minsk") + 1),
        ("b.yaml", 3, second.splitlines()[1].index("{country") + 1),
    ]


def test_an_id_in_two_files_names_both_places(read: ReadEvents, tmp_path: Path) -> None:
    again = "events:\n\n  - {id: drill, type: exercise, title: B, sources: [wire]}"
    assert refusal(read, ONE, again) == [
        f"b.yaml:4:10: event id 'drill' again; it stands at {tmp_path / 'a.yaml'}:5:10"
    ]


def test_an_id_twice_in_one_file_names_both_places(read: ReadEvents, tmp_path: Path) -> None:
    twice = ONE + "\n  - {id: drill, type: exercise, title: B, sources: [wire]}"
    assert refusal(read, twice) == [
        f"a.yaml:6:10: event id 'drill' again; it stands at {tmp_path / 'a.yaml'}:5:10"
    ]


@pytest.mark.parametrize(
    ("text", "at", "message"),
    [
        (event(kind="excercise"), "excercise", "event type 'excercise' is not one of deployment, exercise"),
        (event(kind="exercise/parade"), "exercise/", "exercise has no subtype 'parade'; it has air_defence,"),
        (event(kind="other/thing"), "other/", "other has no subtype 'thing'; it has none"),
        (event(sources="post"), "post", "source 'post' is not declared under sources; add it"),
        (event(sources="wire, wire"), "wire", "source 'wire' again; list it once"),
        (event(keys="actors: [{id: army}]"), "army", "actor 'army' is not declared under actors; add it"),
        (
            event(keys="claims: [{by: x, stance: asserts, source: post}]"),
            "post",
            "source 'post' is not declared under sources; add it",
        ),
        (
            event(keys="evidence: [{source: post, start: 0, end: 1, quote: x}]"),
            "post",
            "source 'post' is not declared under sources; add it",
        ),
        (
            event(keys="relations: [{type: part_of, event: two}]"),
            "one",
            "relation to event 'two', which is in none of the files",
        ),
    ],
)
def test_what_is_not_declared_is_named_where_it_stands(
    read: ReadEvents, text: str, at: str, message: str
) -> None:
    column = text.splitlines()[2].rindex(at) + 1
    (found,) = refusal(read, text)
    assert found.startswith(f"a.yaml:4:{column}: {message}")


def test_a_claim_may_be_by_a_name_that_is_not_declared(read: ReadEvents) -> None:
    assert (
        read(event(keys="claims: [{by: A passer-by, stance: asserts}]")).events[0].record.claims[0].by
        == "A passer-by"
    )


def test_files_may_declare_one_source_alike(read: ReadEvents) -> None:
    assert len(read(ONE, "sources: {wire: {publisher: Example Wire}}").sources) == 1


def test_files_that_declare_one_source_otherwise_name_both_places(read: ReadEvents, tmp_path: Path) -> None:
    assert refusal(read, ONE, "sources: {wire: {publisher: Another}}") == [
        f"b.yaml:2:11: sources 'wire' differs from its declaration in {tmp_path / 'a.yaml'}:2:11"
    ]
    assert refusal(read, ONE, "actors: {army: {name: Another}}") == [
        f"b.yaml:2:10: actors 'army' differs from its declaration in {tmp_path / 'a.yaml'}:3:10"
    ]


def test_the_map_may_declare_sources_and_actors_for_all_files(read: ReadEvents) -> None:
    text = "events:\n  - {id: drill, type: exercise, title: A, sources: [wire], actors: [{id: army}]}"
    events = read(text, sources={"wire": Source()}, actors={"army": Actor(name="The army")})
    assert events.actors["army"].name == "The army"


def test_a_file_that_declares_a_source_of_the_map_otherwise_is_refused(read: ReadEvents) -> None:
    assert refusal(read, ONE, sources={"wire": Source(publisher="Another")}) == [
        "a.yaml:2:11: sources 'wire' differs from its declaration in the map"
    ]


def test_the_faults_of_every_file_are_named_at_once(read: ReadEvents) -> None:
    found = refusal(read, "evnts: []", "events: [&a]", "schema: 2")
    assert [text.split(":")[0] for text in found] == ["a.yaml", "b.yaml", "c.yaml"]
