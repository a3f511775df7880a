"""From sentences to draft events: type, place, day, actors, claims, and the words they rest on."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.events.merge import merge_document
from geomap.extract.drafting import Drafter
from geomap.extract.segment import plain_document
from geomap.gazetteer import read_gazetteer
from geomap.model.drafts import Draft
from geomap.model.vocabulary import Modality, Stance, Workflow

DRAFTER = Drafter(read_gazetteer())
PUBLISHED = date(2024, 5, 15)  # a Wednesday


def drafts(text: str, published: date | None = PUBLISHED) -> list[Draft]:
    return merge_document(DRAFTER.draft(plain_document(text, published=published), source="wire"))


def one(text: str, published: date | None = PUBLISHED) -> Draft:
    (found,) = drafts(text, published)
    return found


def when(draft: Draft) -> str:
    return draft.record.when.edtf if draft.record.when else ""


def where(draft: Draft) -> list[tuple[str, str]]:
    return [(place.name, place.role.value) for place in draft.places]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Sappers arrived in Lida on Monday.", "2024-05-13"),
        ("Sappers have arrived in Lida, the army said on Monday.", "../2024-05-13"),
        ("On Monday, Minsk reported that sappers had arrived in Lida.", "../2024-05-13"),
        ("Sappers have arrived in Lida.", "../2024-05-15"),
        ("An explosion damaged a depot in Lida last week.", "[2024-05-06..2024-05-12]"),
        ("Migrants gathered at the Polish-Belarusian border this week.", "2024-05-13/2024-05-15"),
        ("Migrants have gathered at the Polish-Belarusian border since April.", "2024-04/.."),
    ],
)
def test_the_day_of_an_event_is_not_that_of_the_report(text: str, days: str) -> None:
    assert when(one(text)) == days


def test_without_a_day_of_publication_nothing_is_dated_by_today() -> None:
    found = one("Sappers have arrived in Lida.", published=None)
    assert found.record.when is None or not found.record.when.is_dated


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Shelling killed two people in Kursk Region on Monday.", [("Kursk Region", "site")]),
        ("A convoy of soldiers left Lida for Grodno.", None),
        (
            "Soldiers were flown from Belarus to Kursk Region on Monday.",
            [("Belarus", "origin"), ("Kursk Region", "destination")],
        ),
        ("Two bombers patrolled Belarusian airspace on Monday.", [("over Belarus", "overflown")]),
        ("Rockets hit a shop in Lviv, 70 km from Poland, on Monday.", [("Lviv", "site")]),
        (
            "Poland’s army said on Monday that Danish sappers had arrived to help fortify the border with Belarus.",
            None,
        ),
    ],
)
def test_places_have_their_role(text: str, places: list[tuple[str, str]] | None) -> None:
    found = one(text)
    if places is not None:
        assert where(found) == places
    assert not any(place.precision.is_point and place.name == "Minsk" for place in found.places)


def test_an_unnamed_range_is_its_country() -> None:
    found = one("Gunners trained at an undisclosed range in Russia on Monday, the exercise commander said.")
    assert found.places[0].name == "undisclosed range"
    assert found.places[0].countries == ("RU",)
    assert not found.places[0].precision.is_point


@pytest.mark.parametrize(
    "text",
    [
        "Analysts fear an invasion of Latvia.",
        "The army could deploy troops to Lida.",
        "The concern was felt in Washington, London and Brussels.",
        "Troops marched here in 1944, in the days of the world war.",
        "The army has not deployed troops to Lida.",
        "A court tried three men who had planned to blow up a bridge in Lida.",
        "Men of fighting age may not leave.",
        "It was the third anniversary of the explosion in Lida.",
        "He made a strong case at the seminar in Lida.",
        "",
    ],
)
def test_what_has_not_happened_is_no_event(text: str) -> None:
    assert drafts(text) == []


def test_what_is_announced_is_told_as_such() -> None:
    found = one("Estonia will deploy troops to Narva, its Defence Ministry announced on Monday.")
    assert found.record.modality in (Modality.ANNOUNCED, Modality.PLANNED)
    assert found.record.type == "deployment/announced"


def test_who_says_what_and_who_denies_it() -> None:
    found = one("Ukraine accused Russia on Monday of a missile attack on Lviv. Moscow denied the accusation.")
    stances = {(claim.by, claim.stance) for claim in found.record.claims}
    assert ("Ukraine", Stance.ACCUSES) in stances
    assert ("Moscow", Stance.DENIES) in stances


def test_evidence_points_into_the_text() -> None:
    text = "At least 30 Polish soldiers arrived in Lida on Monday with Patriot launchers."
    found = one(text)
    fields = {evidence.field for evidence in found.record.evidence}
    assert fields == {"event", "type", "when", "where", "actors", "quantities", "equipment"}
    for evidence in found.record.evidence:
        assert text[evidence.start : evidence.end] == evidence.quote
        assert evidence.confidence is not None
    assert found.record.workflow is Workflow.DRAFT


def test_an_event_told_again_is_one_draft() -> None:
    found = drafts(
        "Drones hit an oil depot in Lviv on Monday.\n\nThe attack set a tank on fire. The strike killed nobody, "
        "the governor said."
    )
    assert len(found) == 1


def test_the_same_place_on_another_day_is_another() -> None:
    found = drafts("Drones hit a depot in Lviv on Monday.\n\nDrones hit a bridge in Lviv on Tuesday.")
    assert [when(draft) for draft in found] == ["2024-05-13", "2024-05-14"]


def test_a_caption_has_its_own_day() -> None:
    found = one(
        "Soldiers build a barbed-wire fence at the Polish-Belarusian border on May 3, 2024. Jane Roe/AP"
    )
    assert when(found) == "2024-05-03"
    assert found.record.type == "infrastructure/fortification"


@settings(max_examples=60)
@given(st.text(max_size=300))
def test_any_text_ends(text: str) -> None:
    for draft in drafts(text):
        assert draft.record.evidence


@pytest.mark.parametrize(
    "text",
    [
        "\ud800 drones hit Lviv on Monday \udfff.",
        "{{ 7*7 }} <script>alert(1)</script> drones hit a depot in Lviv on Monday.",
        "a\x00b drones hit a depot in Lviv",
        "“" * 500,
        "hit " * 3000,
        "Lviv, " * 2000,
        "drones hit Lviv and " * 600,
    ],
)
def test_hostile_texts_end(text: str) -> None:
    drafts(text)
