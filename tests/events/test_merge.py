"""Drafts of one document that tell of one event become one, and others stay apart."""

from dataclasses import replace
from typing import Any

import pytest

from geomap.events.merge import combine, compare, merge_document
from geomap.gazetteer import read_gazetteer
from geomap.model.drafts import Draft, Link
from geomap.model.records import EventRecord, PlaceSpec

PLACER = read_gazetteer().placer()


def draft(
    kind: str,
    *,
    when: str | None = "2024-05-02",
    where: dict[str, Any] | None = None,
    by: str | None = None,
    **more: Any,
) -> Draft:
    places = [PlaceSpec.model_validate(where)] if where else []
    record = EventRecord.model_validate(
        {
            "id": "draft",
            "type": kind,
            "title": "An event",
            "sources": ["wire"],
            "when": when,
            "where": [where] if where else "none",
            "actors": [{"name": by, "country": by, "role": "initiator"}] if by else [],
            "evidence": [
                {
                    "source": "wire",
                    "start": more.get("order", 0),
                    "end": more.get("order", 0) + 5,
                    "quote": "words",
                }
            ],
            "workflow": "draft",
        }
    )
    return Draft(record=record, places=tuple(map(PLACER.place, places)), confidence=0.7, **more)


KURSK = {"place": "Kursk Region", "country": "RU"}
LVIV = {"place": "Lviv", "country": "UA"}
UKRAINE = {"country": "UA"}


def test_one_event_told_twice_is_one() -> None:
    told = [
        draft("ground_combat/incursion", where=KURSK, by="UA"),
        draft("ground_combat/incursion", where=KURSK, by="UA", order=90),
    ]
    (merged,) = merge_document(told)
    assert len(merged.record.evidence) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (draft("strike/missile_artillery", where=LVIV), draft("strike/missile_artillery", where=KURSK)),
        (
            draft("strike/missile_artillery", where=LVIV),
            draft("strike/missile_artillery", where=LVIV, when="2024-05-09"),
        ),
        (draft("strike/missile_artillery", where=LVIV), draft("ground_combat/clash", where=LVIV)),
        (
            draft("strike/missile_artillery", where=LVIV, by="RU"),
            draft("strike/missile_artillery", where=UKRAINE, by="RU"),
        ),
        (
            draft("deployment/arrival", where=UKRAINE, by="GB"),
            draft("deployment/buildup", where=UKRAINE, by="PL"),
        ),
    ],
)
def test_other_days_places_kinds_and_sides_are_other_events(one: Draft, other: Draft) -> None:
    assert len(merge_document([one, replace(other, order=200, last=210)])) == 2


def test_what_points_back_joins_what_was_told_and_else_is_left_out() -> None:
    told = draft("strike/air_drone_strike", where=LVIV)
    back = draft("strike", when="../2024-05-03", link=Link.BACK, order=80, last=90)
    assert len(merge_document([told, back])) == 1
    assert merge_document([back]) == []


def test_a_headline_is_what_is_told_below_it() -> None:
    headline = draft("strike", when="../2024-05-03", where=UKRAINE, is_headline=True, is_lead=True)
    body = draft("strike/air_drone_strike", where=LVIV, order=100, last=110)
    (merged,) = merge_document([headline, body])
    assert merged.record.type == "strike/air_drone_strike"
    assert merged.places[0].name == "Lviv"
    assert len(merge_document([headline])) == 1


def test_the_exact_day_and_the_finer_place_stand() -> None:
    rough = draft("exercise/underway", when="../2024-05-03", where={"country": "RU"}, is_lead=True)
    fine = draft("exercise/live_fire", where=KURSK, order=50)
    merged = combine(rough, fine)
    assert (merged.record.when.edtf if merged.record.when else "") == "2024-05-02"
    assert merged.places[0].name == "Kursk Region"


def test_likeness_gives_its_reasons() -> None:
    likeness = compare(
        draft("strike/explosion", where=LVIV, by="RU"), draft("strike/explosion", where=LVIV, by="RU")
    )
    assert not likeness.is_ruled_out
    assert likeness.reasons == ("both are strike/explosion", "both 2 May 2024", "both at Lviv", "both by RU")


def test_a_document_of_very_many_events_is_merged_in_time_that_grows_with_it() -> None:
    told = [
        draft("strike/explosion", where=LVIV, when=None, link=Link.BARE, order=10 * n, last=10 * n + 5)
        for n in range(400)
    ]
    (merged,) = merge_document(told)
    assert len(merged.record.evidence) <= 60


def test_evidence_of_the_same_words_keeps_its_order() -> None:
    one, other = draft("strike", where=LVIV), draft("strike", where=LVIV)
    cited = [one.record.evidence[0].model_copy(update={"rule": f"rule {number}"}) for number in range(9)]
    first, second = (
        replace(each, record=each.record.model_copy(update={"evidence": part}))
        for each, part in ((one, tuple(cited[:5])), (other, tuple(cited[4:])))
    )
    assert combine(first, second).record.evidence == tuple(cited)
