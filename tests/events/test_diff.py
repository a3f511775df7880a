"""What changed between two tables of events: each kind of change, both ways round, and nothing where nothing did."""

from dataclasses import replace
from typing import Any

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.events.change_table import CHANGE_LAYERS, change_table
from geomap.events.changes import Change
from geomap.events.correction import count_words, text_lines
from geomap.events.diff import Diff, State, diff
from geomap.events.table import tabulate
from geomap.model.events import Event
from geomap.model.lonlat import LonLat
from geomap.model.places import PlaceRef
from geomap.model.records import Actor, EventRecord, Source
from geomap.model.table import EventTable
from geomap.model.vocabulary import PlaceMethod, PlaceRelation, PlaceRole, Precision

SOURCES = {
    "wire": Source(publisher="Wire"),
    "post": Source(publisher="Post", reliability="B", graded_by="A. Editor"),
}
ACTORS = {"mod": Actor(name="Defence Ministry"), "host": Actor(name="The host")}


def place(name: str, lon: float, lat: float, precision: str = "place", **changes: Any) -> PlaceRef:
    fields: dict[str, Any] = {
        "role": PlaceRole.SITE, "relation": PlaceRelation.AT, "precision": Precision(precision), "name": name,
        "method": PlaceMethod.GAZETTEER, "position": LonLat(lon=lon, lat=lat), "countries": ("BY",), "radius_m": 5000.0,
    }  # fmt: skip
    return PlaceRef(**(fields | changes))


MINSK = place("Minsk", 27.5, 53.9)
# One degree of longitude on the equator is 111.3195 km on WGS 84: 6,378,137 m times pi over 180.
NULL, EAST = place("Null", 0.0, 0.0), place("East", 1.0, 0.0)
REGION = place("A region", 27.0, 54.0, "region", geometry=shapely.box(26, 53, 28, 55), radius_m=90_000.0)
DRILL: dict[str, Any] = {
    "id": "drill",
    "type": "exercise",
    "title": "A drill",
    "when": "2021-11-12",
    "sources": ["wire"],
}


def event(*places: PlaceRef, **keys: Any) -> Event:
    return Event(record=EventRecord.model_validate(DRILL | keys), places=places)


def table(*events: Event, sources: dict[str, Source] = SOURCES) -> EventTable:
    return tabulate(events, sources, ACTORS)


def between(old: Event, new: Event, **states: Any) -> Diff:
    return diff(State(table=table(old)), State(table=table(new), **states))


def changes(old: Event, new: Event, **states: Any) -> tuple[Change, ...]:
    (changed,) = between(old, new, **states).changed
    return changed.changes


def told(old: Event, new: Event) -> list[tuple[str, str | None]]:
    return [(change.kind, change.field) for change in changes(old, new)]


def test_a_table_has_nothing_new_to_itself() -> None:
    own = table(event(MINSK), event(REGION, id="other"))
    found = diff(State(table=own), State(table=own))
    assert not found
    assert (found, found.unchanged) == (Diff(unchanged=2), 2)
    assert diff(State(table=table()), State(table=table())) == Diff()


def test_events_are_added_and_withdrawn() -> None:
    old, new = table(event(MINSK), event(id="a")), table(event(MINSK), event(id="b", title="Another"))
    found = diff(State(table=old), State(table=new))
    assert [(one.event.id, one.why) for one in found.added] == [("b", "new")]
    assert [(one.event.id, one.why) for one in found.withdrawn] == [("a", "removed")]
    assert found.unchanged == 1


def test_a_draft_again_is_withdrawn_and_one_reviewed_is_added() -> None:
    with_it, without = State(table=table(event(MINSK))), State(table=table(), drafts=frozenset({"drill"}))
    assert [one.why for one in diff(with_it, without).withdrawn] == ["to_draft"]
    assert [one.why for one in diff(without, with_it).added] == ["from_draft"]


def test_an_event_that_its_source_retracts_is_withdrawn() -> None:
    old, new = event(MINSK), event(MINSK, status="retracted", title="A drill that was not")
    (withdrawn,) = between(old, new).withdrawn
    assert (withdrawn.why, [change.kind for change in withdrawn.changes]) == ("retracted", ["retitled"])
    (added,) = between(new, old).added
    assert added.why == "reinstated"


def test_a_move_is_told_with_its_distance_and_both_places() -> None:
    (change,) = changes(event(NULL), event(EAST))
    assert change.kind == "moved"
    assert change.km == pytest.approx(111.3195, abs=1e-3)
    assert (change.was.name, change.now.name) == ("Null", "East")
    assert change.as_json()["was"] == {
        "name": "Null", "role": "site", "precision": "place", "lon": 0.0, "lat": 0.0, "radius_m": 5000.0,
        "place_id": None, "countries": ["BY"],
    }  # fmt: skip


def test_less_than_a_metre_is_no_move() -> None:
    # 0.000001 degrees of latitude are 0.11 m.
    assert told(event(MINSK), event(replace(MINSK, position=LonLat(lon=27.5, lat=53.900001)))) == [
        ("edited", "place")
    ]


def test_an_area_has_no_coordinates_of_its_own() -> None:
    (change,) = changes(event(REGION), event(MINSK))
    assert change.kind == "moved"
    assert (change.as_json()["was"]["lon"], change.as_json()["now"]["lon"]) == (None, 27.5)


@pytest.mark.parametrize("precision", ["country", "waters"])
def test_how_far_a_country_is_off_is_not_told(precision: str) -> None:
    (change,) = changes(event(MINSK), event(place("Belarus", 28.0, 53.5, precision)))
    assert (change.kind, change.km) == ("moved", None)


def test_places_are_matched_by_spot_and_then_by_role() -> None:
    start, end = replace(NULL, role=PlaceRole.ORIGIN), replace(EAST, role=PlaceRole.DESTINATION)
    other = replace(MINSK, role=PlaceRole.DESTINATION)
    assert [
        (one.kind, one.was.name, one.now.name) for one in changes(event(start, end), event(other, start))
    ] == [("moved", "East", "Minsk")]
    assert told(event(start), event(start, end)) == [("place_added", None)]
    assert told(event(start, end), event(start)) == [("place_withdrawn", None)]
    assert told(event(start), event(replace(start, role=PlaceRole.TARGET))) == [("edited", "place")]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"when": "2021-11-13"}, [("redated", None)]),
        ({"when": None}, [("redated", None), ("edited", "when_basis")]),
        ({"title": "Another drill"}, [("retitled", None)]),
        ({"type": "exercise/naval"}, [("retyped", None)]),
        ({"summary": "At dawn."}, [("edited", "summary")]),
        ({"modality": "planned"}, [("edited", "modality")]),
        ({"tags": ["x"]}, [("edited", "tags")]),
        ({"workflow": "published"}, [("regraded", "workflow")]),
        ({"sources": ["post"]}, [("regraded", "reliability"), ("source_withdrawn", None), ("source_added", None)]),
        ({"status": {"value": "confirmed", "by": "A. Editor", "basis": "film"}},
         [("regraded", "status"), ("regraded", "status_set_by")]),
        ({"actors": [{"id": "mod", "role": "initiator"}]}, [("actor_added", None)]),
        ({"quantities": [{"measure": "troops", "best": 300}]}, [("quantity_added", None)]),
        ({"claims": [{"by": "mod", "stance": "asserts", "text": "it began"}]}, [("claim_added", None)]),
        ({"claims": [{"by": "Crew", "stance": "denies", "text": "that it began"}]}, [("claim_denied", None)]),
        ({"evidence": [{"source": "wire", "start": 0, "end": 1, "quote": "x"}]}, [("edited", "evidence")]),
        ({"media": [{"url": "https://example.org/a.jpg"}]}, [("edited", "media")]),
        ({"relations": [{"type": "related", "event": "other"}]}, [("edited", "relations")]),
        ({"equipment": [{"name": "Il-76"}]}, [("edited", "equipment")]),
        ({"sensitivity": "graphic"}, [("edited", "sensitivity")]),
    ],
)  # fmt: skip
def test_every_key_that_is_published_is_compared(keys: dict[str, Any], expected: list[Any]) -> None:
    assert told(event(MINSK), event(MINSK, **keys)) == expected


def test_a_precision_is_a_grade() -> None:
    (change,) = changes(event(MINSK), event(replace(MINSK, precision=Precision.VICINITY)))
    assert (change.kind, change.field, change.was.precision, change.now.precision) == (
        "regraded", "precision", "place", "vicinity",
    )  # fmt: skip


def test_a_quantity_keeps_its_measure() -> None:
    old, new = (event(quantities=[{"measure": "dead", "best": count}]) for count in (3, 5))
    (change,) = changes(old, new)
    assert (change.kind, change.was, change.now) == ("quantity_changed", "dead: 3", "dead: 5")


def test_a_claim_is_followed_through_its_edits() -> None:
    def claiming(**keys: Any) -> Event:
        return event(claims=[{"by": "mod", "stance": "asserts", "text": "it began"} | keys])

    assert told(claiming(), claiming(credibility=2)) == [("regraded", "credibility")]
    assert told(claiming(), claiming(text="it began at dawn")) == [("claim_reworded", None)]
    assert told(claiming(about="motive"), claiming(about="motive", stance="denies")) == [
        ("claim_denied", None)
    ]
    assert told(claiming(about="motive"), event()) == [("claim_withdrawn", None)]


def test_one_event_under_another_id_is_renamed() -> None:
    found = between(event(MINSK), event(MINSK, id="drill-2021"))
    assert [(one.was, one.event.id) for one in found.renamed] == [("drill", "drill-2021")]
    assert (found.added, found.withdrawn, found.unchanged) == ((), (), 0)


def test_which_of_two_twins_was_renamed_is_not_guessed() -> None:
    old = State(table=table(event(MINSK, id="a"), event(MINSK, id="b")))
    found = diff(old, State(table=table(event(MINSK, id="c"))))
    assert ([one.event.id for one in found.added], len(found.withdrawn), found.renamed) == (["c"], 2, ())


def test_a_source_is_told_once_however_many_events_cite_it() -> None:
    own = [event(MINSK), event(MINSK, id="other")]
    graded = SOURCES | {
        "wire": Source(publisher="Wire", url="https://example.org", archive_url="https://a.example")
    }
    found = diff(State(table=table(*own)), State(table=table(*own, sources=graded)))
    assert (found.changed, found.unchanged) == ((), 2)
    assert [source.as_json() for source in found.sources] == [
        {
            "id": "wire",
            "fields": {
                "url": {"was": "", "now": "https://example.org"},
                "archive_url": {"was": "", "now": "https://a.example"},
            },
            "withheld": False,
        }
    ]


SECRET = "Sekretnaya"


@pytest.mark.parametrize("states", [{"withheld": frozenset({"drill"})}, {}])
def test_what_is_withheld_now_is_not_repeated(states: dict[str, Any]) -> None:
    old = event(
        place(SECRET, 27.123456, 53.123456), title=f"A drill at {SECRET}", summary=SECRET,
        claims=[{"by": SECRET, "stance": "asserts", "text": SECRET}],
    )  # fmt: skip
    new = event(REGION, sensitivity="none" if states else "source_at_risk")
    found = between(old, new, **states)
    (changed,) = found.changed
    assert {change.kind for change in changed.changes} >= {"moved", "retitled", "claim_withdrawn"}
    drawn, moves = change_table(found, table(old), table(new))
    for said in (
        str(found.as_json()),
        " ".join(text_lines(found)),
        str(drawn.columns),
        str(drawn.geometry),
        str(moves),
    ):
        assert SECRET not in said
        assert "27.12" not in said


def test_what_is_withheld_and_removed_is_not_repeated() -> None:
    old = event(place(SECRET, 27.123456, 53.123456), title=SECRET, summary=SECRET, actors=[{"name": SECRET}])
    found = diff(
        State(table=table(old)),
        State(table=table(), drafts=frozenset({"drill"}), withheld=frozenset({"drill"})),
    )
    drawn, _ = change_table(found, table(old), table())
    for said in (str(found.as_json()), " ".join(text_lines(found)), str(drawn.columns), str(drawn.geometry)):
        assert SECRET not in said
        assert "27.12" not in said
    assert list(text_lines(found)) == [
        "withdrawn drill: back among the drafts, to be checked; what was told before is not repeated"
    ]


def test_what_a_source_at_risk_was_called_is_not_repeated() -> None:
    before, now = (SOURCES | {"wire": Source(author=author)} for author in (SECRET, ""))
    found = diff(
        State(table=table(event(MINSK), sources=before)),
        State(table=table(event(MINSK), sources=now), withheld=frozenset({"drill"})),
    )
    assert [source.as_json() for source in found.sources] == [
        {"id": "wire", "fields": {"author": {"was": None, "now": ""}}, "withheld": True}
    ]
    assert list(text_lines(found)) == [
        "source wire",
        "  author: is now none; what was told before is not repeated",
    ]


def test_the_table_of_changes_has_each_event_once_in_its_layers() -> None:
    old = table(event(NULL), event(MINSK, id="gone"), event(MINSK, id="same"))
    new = table(
        event(EAST, when="2021-11-13", title="A longer drill"),
        event(REGION, id="fresh"),
        event(MINSK, id="same"),
    )
    drawn, moves = change_table(diff(State(table=old), State(table=new)), old, new)
    columns = drawn.columns
    assert list(dict.fromkeys(columns["event_id"])) == ["fresh", "gone", "drill"]
    rows = {name: drawn.event_rows[name] for name in ("drill", "gone", "fresh")}
    assert (
        columns["title"][rows["drill"][0]] == "Moved on the map, re-dated, otherwise changed: A longer drill"
    )
    assert columns["tags"][rows["drill"][0]] == ("moved", "redated", "changed")
    assert [columns["place_name"][row] for row in rows["drill"]] == ["before: Null", "now: East"]
    assert (columns["title"][rows["gone"][0]], columns["status"][rows["gone"][0]]) == (
        "Withdrawn: A drill",
        "retracted",
    )
    assert columns["tags"][rows["fresh"][0]] == ("added",)
    assert [(move.event_id, move.was, move.now) for move in moves] == [
        ("drill", NULL.position, EAST.position)
    ]
    assert set(CHANGE_LAYERS) == {"added", "withdrawn", "moved", "redated", "changed"}


def test_counts_are_told_in_words() -> None:
    assert count_words(Diff(unchanged=1200)) == "nothing changed, 1,200 unchanged"
    assert count_words(between(event(NULL), event(EAST))) == "1 changed, 0 unchanged"


PLACES = st.sampled_from(
    [(), (MINSK,), (NULL,), (EAST, REGION), (REGION,), (replace(MINSK, precision=Precision.EXACT),)]
)
KEYS = st.fixed_dictionaries(
    {},
    optional={
        "title": st.sampled_from(["A", "B"]),
        "when": st.sampled_from(["2021-11-12", "2021-11", "../2021-11-12", None]),
        "status": st.sampled_from(["retracted", None]),
        "actors": st.sampled_from([[], [{"id": "mod"}], [{"id": "mod", "role": "host"}, {"name": "Crew"}]]),
        "sources": st.sampled_from([["wire"], ["post"], ["wire", "post"]]),
        "tags": st.permutations(["a", "b"]),
        "claims": st.lists(
            st.fixed_dictionaries(
                {
                    "by": st.sampled_from(["mod", "host"]),
                    "stance": st.sampled_from(["asserts", "denies", "retracts"]),
                }
            ),
            max_size=2,
        ),
    },
)
TABLES = st.dictionaries(st.sampled_from("abcd"), st.tuples(PLACES, KEYS), max_size=4).map(
    lambda events: table(*(event(*places, **keys, id=name) for name, (places, keys) in events.items()))
)


@given(TABLES)
@settings(max_examples=50)
def test_nothing_changed_in_any_table_compared_with_itself(own: EventTable) -> None:
    found = diff(State(table=own), State(table=own))
    assert found == Diff(unchanged=len(own.first_rows))


@given(TABLES, TABLES)
@settings(max_examples=150)
def test_the_other_way_round_what_was_added_is_withdrawn(one: EventTable, other: EventTable) -> None:
    there, back = diff(State(table=one), State(table=other)), diff(State(table=other), State(table=one))
    assert {each.event.id for each in there.added} == {each.event.id for each in back.withdrawn}
    assert {each.event.id for each in there.withdrawn} == {each.event.id for each in back.added}
    assert {each.event.id for each in there.changed} == {each.event.id for each in back.changed}
    assert {(each.was, each.event.id) for each in there.renamed} == {
        (each.event.id, each.was) for each in back.renamed
    }
    assert there.unchanged == back.unchanged
    # Every event of the newer table is told of once.
    counted = len(there.added) + len(there.renamed) + len(there.changed) + there.unchanged
    retracted = sum(each.why == "retracted" for each in there.withdrawn)
    assert counted + retracted == len(other.first_rows)
