"""Two accounts of one event: which figures, names and days exclude each other and which do not."""

from collections.abc import Mapping

import pytest

from geomap.events.contradictions import claims_of, find_agreements, find_contradictions
from geomap.model.records import EventRecord, Source

KINDS = ("strike", "migration")


def record(id: str = "a", **keys: object) -> EventRecord:  # noqa: A002
    return EventRecord.model_validate(
        {"id": id, "type": "strike", "title": "Strike", "sources": (id,), **keys}
    )


def words(one: Mapping[str, object], other: Mapping[str, object]) -> list[str]:
    return [each.words for each in find_contradictions(record("a", **one), record("b", **other))]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"best": 3}, {"best": 3}, []),
        ({"best": 3}, {"best": 4}, ["fatalities: 3 against 4"]),
        ({"low": 100}, {"best": 130}, []),
        ({"low": 100}, {"best": 430}, ["fatalities: at least 100 against 430"]),
        ({"low": 100}, {"best": 90}, ["fatalities: at least 100 against 90"]),
        ({"high": 20}, {"best": 15}, []),
        ({"high": 20}, {"best": 21}, ["fatalities: up to 20 against 21"]),
        ({"low": 3, "high": 5}, {"best": 4}, []),
        ({"low": 3, "high": 5}, {"low": 6, "high": 1200}, ["fatalities: 3–5 against 6–1,200"]),
        ({"low": 10}, {"low": 40}, []),
    ],
)
def test_figures(one: dict[str, float], other: dict[str, float], expected: list[str]) -> None:
    quantities = [{"quantities": ({"measure": "fatalities", **each},)} for each in (one, other)]
    assert words(quantities[0], quantities[1]) == expected


def test_figures_of_other_measures_and_units_stand_side_by_side() -> None:
    dead, hurt = {"measure": "fatalities", "best": 3}, {"measure": "injured", "best": 9}
    assert words({"quantities": (dead,)}, {"quantities": (hurt,)}) == []
    people = [
        {"type": kind, "quantities": ({"measure": "persons", "best": n},)} for kind in KINDS for n in (1, 18)
    ]
    assert words(people[0], people[1]) == []
    assert words(people[2], people[3]) == ["persons: 1 against 18"]
    money = [{"quantities": ({"measure": "money", "best": 5, "unit": unit},)} for unit in ("USD", "EUR")]
    assert words(money[0], money[1]) == []


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (["Tu-22M3"], ["Tu-160"], ["aircraft: Tu-22M3 against Tu-160"]),
        (["Tu-22M3", "Su-30"], ["Tu-22M3"], []),
        (["Su-30"], ["Su-30SM"], []),
        (["Tu-16"], ["Tu-160"], ["aircraft: Tu-16 against Tu-160"]),
        (["F-35s"], ["F35"], []),
    ],
)
def test_equipment_of_one_class(one: list[str], other: list[str], expected: list[str]) -> None:
    sides = [{"equipment": tuple({"name": n, "class": "aircraft"} for n in names)} for names in (one, other)]
    assert words(sides[0], sides[1]) == expected


def test_equipment_of_unknown_or_other_class_excludes_nothing() -> None:
    jet, drone, thing = (
        {"equipment": ({"name": name, "class": kind},)}
        for name, kind in (("Su-35", "aircraft"), ("Orlan-10", "drones"), ("XB-7", ""))
    )
    assert words(jet, drone) == words(jet, thing) == words(thing, thing) == []


def test_counts_of_one_designation() -> None:
    one, other = ({"equipment": ({"name": "Su-24", "count": count},)} for count in (2, 4))
    assert words(one, other) == ["Su-24: 2 against 4"]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("2024-05-07", "2024-05-08", ["when: 7 May 2024 against 8 May 2024"]),
        ("2024-05-07", "2024-05", []),
        ("2024-05-07", "../2024-05-06", []),
        ("2024-05-07", None, []),
    ],
)
def test_days(one: str, other: str | None, expected: list[str]) -> None:
    assert words({"when": one}, {"when": other}) == expected


def test_initiators_of_other_countries() -> None:
    one, other, both = (
        {"actors": tuple({"name": name, "country": code, "role": "initiator"} for name, code in parts)}
        for parts in ([("Norland", "NO")], [("Sudland", "SD")], [("Norland", "NO"), ("Sudland", "SD")])
    )
    assert words(one, other) == ["initiator: Norland against Sudland"]
    assert words(one, both) == words(one, {}) == []


def test_agreements_are_figures_above_two_and_designations() -> None:
    one = record(
        quantities=({"measure": "injured", "best": 14}, {"measure": "fatalities", "best": 2}),
        equipment=({"name": "Su-35"},),
    )
    other = record(
        quantities=({"measure": "injured", "best": 14}, {"measure": "fatalities", "best": 2}),
        equipment=({"name": "Su-35s"},),
    )
    assert find_agreements(one, other) == ["both count 14 injured", "both name the Su-35"]


def test_a_claim_is_by_the_one_claimant_whose_words_give_the_value() -> None:
    def said(*names: str) -> tuple[dict[str, object], ...]:
        quote = "Three people were killed, they said"
        return tuple({"by": name, "stance": "asserts", "quote": quote, "source": "a"} for name in names)

    source = Source(publisher="Valley Post", derived_from="AP")
    rival = record("b", quantities=({"measure": "fatalities", "best": 9},))
    for speakers, by, via in ((("police",), "police", ""), (("police", "mayor"), "Valley Post", "AP")):
        mine = record("a", quantities=({"measure": "fatalities", "best": 3},), claims=said(*speakers))
        (contradiction,) = find_contradictions(mine, rival)
        (claim,) = claims_of(contradiction, is_first=True, record=mine, source=source, source_id="a")
        assert (claim.by, claim.via, claim.about, claim.value) == (by, via, "quantities", "fatalities: 3")
