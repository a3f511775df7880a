"""What tells of an event, and whether it says that it has happened."""

import pytest

from geomap.extract.lexicon import read_lexicon
from geomap.extract.tokens import read_words
from geomap.extract.triggers import Reality, Telling, TriggerFinder, quoted_spans

FINDER = TriggerFinder(read_lexicon())


def tellings(text: str, *, is_reported: bool = False) -> list[Telling]:
    return FINDER.find(
        read_words(text, 0, len(text), quoted_spans(text, 0, len(text))), is_reported=is_reported
    )


def heaviest(text: str, *, is_reported: bool = False) -> Telling:
    return max(tellings(text, is_reported=is_reported), key=lambda telling: telling.trigger.weight)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("A convoy of engineers arrived at the garrison on Sunday.", "deployment/arrival"),
        ("Sappers parachuted from transport planes near the river.", "exercise/airborne_drop"),
        ("The neighbours conducted a live-fire exercise with howitzers.", "exercise/live_fire"),
        ("Two bombers patrolled the airspace of the republic.", "air_activity/patrol"),
        ("Fighter jets were scrambled after the alarm.", "air_activity/intercept"),
        ("A reconnaissance plane violated the airspace of the kingdom.", "air_activity/airspace_violation"),
        ("Migrants tried to break through the border fence again.", "border_incident/crossing_attempt"),
        ("Guards pushed back forty migrants into the forest.", "border_incident/pushback"),
        ("Hundreds of refugees gathered at the checkpoint.", "migration/gathering"),
        ("Air defence shot down eleven drones.", "strike/interception"),
        ("A drone hit a fuel depot in the port.", "strike/air_drone_strike"),
        ("Rockets slammed into an apartment block.", "strike/missile_artillery"),
        ("An explosion destroyed the pumping station.", "strike/explosion"),
        ("Insurgents ambushed a patrol.", "ground_combat/clash"),
        ("Troops captured the village of Nowhere.", "ground_combat/advance"),
        ("Gunmen kidnapped three teachers.", "violence_civilians/abduction"),
        ("Police dispersed protesters with tear gas.", "unrest/intervention"),
        ("Soldiers dug trenches along the shore.", "infrastructure/fortification"),
        ("The union imposed sanctions on four banks.", "sanctions/imposed"),
        ("The republic expelled two diplomats.", "diplomacy/expulsion"),
    ],
)
def test_words_tell_of_their_type(text: str, kind: str) -> None:
    assert heaviest(text).type == kind
    assert heaviest(text).reality is Reality.OCCURRED


@pytest.mark.parametrize(
    ("text", "reality"),
    [
        ("The army will deploy troops to the island.", Reality.PLANNED),
        ("The army is to deploy troops to the island.", Reality.PLANNED),
        ("The army plans to deploy troops to the island.", Reality.PLANNED),
        ("The army may deploy troops to the island.", Reality.UNREAL),
        ("The army has not deployed troops to the island.", Reality.NEGATED),
        ("The army never deployed troops to the island.", Reality.NEGATED),
        ("The army is deploying troops to the island.", Reality.ONGOING),
        ("The army has deployed troops to the island.", Reality.OCCURRED),
        ("He fears an invasion of the island.", Reality.UNREAL),
        ("There was no sign of sabotage at the plant.", Reality.NEGATED),
        ("He threatened to bomb the dam.", Reality.UNREAL),
        ("Neither patrol entered the airspace of the kingdom.", Reality.NEGATED),
        ("Two bombers were sent to patrol the airspace of the republic.", Reality.OCCURRED),
        ("A planned exercise of the fleet drew protests.", Reality.PLANNED),
    ],
)
def test_what_is_said_of_its_reality(text: str, reality: Reality) -> None:
    assert heaviest(text).reality is reality


def test_would_is_will_where_somebody_says_it() -> None:
    text = "He said the army would deploy troops to the island."
    assert heaviest(text, is_reported=True).reality is Reality.PLANNED
    assert heaviest(text, is_reported=False).reality is Reality.UNREAL


@pytest.mark.parametrize(
    ("text", "points_back"),
    [
        ("The attack killed a driver.", True),
        ("An airstrike killed a driver.", False),
        ("Their incursion went on.", True),
        ("Over the weekend guards counted 90 attempts to cross the border.", False),
    ],
)
def test_a_definite_noun_points_back(text: str, points_back: bool) -> None:
    assert tellings(text)[0].is_definite is points_back


@pytest.mark.parametrize(
    "text",
    [
        "The 12th air assault brigade is from the north.",  # a name of a unit
        "The firm has a permit to drill in the valley.",  # a verb that is spelt like a noun
        "The security forces encouraged them at the fence.",  # a noun that is spelt like a verb
        "Nothing whatever happened.",
        "",
    ],
)
def test_look_alikes_tell_of_nothing(text: str) -> None:
    assert tellings(text) == []


def test_quotations_are_found_with_the_open_one_to_the_end() -> None:
    text = 'He said “it is over” and left. "Not yet'
    assert [text[start:end] for start, end in quoted_spans(text, 0, len(text))] == ["it is over", "Not yet"]
