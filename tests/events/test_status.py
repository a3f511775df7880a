"""How far an event is vouched for is told from who says so and who says no."""

from collections.abc import Callable

import pytest

from geomap.events.status import Standing, compute_standing
from geomap.model.events import EventSet

ReadEvents = Callable[..., EventSet]

ACTORS = """\
actors:
  moscow: {name: Moscow, country: RU, side: union-state}
  minsk: {name: Minsk ministry, country: BY, kind: ministry, side: union-state}
  belta: {name: BelTA, country: BY, kind: media}
  kremlin: {name: Kremlin, country: RU, kind: head_of_state}
  army: {name: Russian army, country: RU, kind: state_forces}
  warsaw: {name: Warsaw, country: PL}
  kyiv: {name: Kyiv, country: UA}
"""


@pytest.fixture
def standing(read: ReadEvents) -> Callable[..., Standing]:
    """The standing of an event with some sources (id to what they derive from), claims and further keys."""

    def compute(
        claims: str = "",
        *,
        actors: str = "{id: warsaw, role: target}, {id: kyiv, role: observer}",
        keys: str = "",
        **sources: str,
    ) -> Standing:
        declared = ", ".join(
            f"{key}: {{derived_from: '{origin}'}}" for key, origin in (sources or {"wire": ""}).items()
        )
        listed = ", ".join(sources or ["wire"])
        text = (
            f"{ACTORS}sources: {{{declared}}}\nevents:\n"
            f"  - {{id: one, type: strike, title: A, sources: [{listed}],"
            f" claims: [{claims}], actors: [{actors}]{keys}}}"
        )
        events = read(text)
        return compute_standing(events.events[0].record, events.sources, events.actors)

    return compute


def test_one_source_is_a_report(standing: Callable[..., Standing]) -> None:
    found = standing()
    assert (found.status, found.origins, found.basis) == ("reported", ("source wire",), "one origin")


def test_two_unrelated_sources_corroborate(standing: Callable[..., Standing]) -> None:
    found = standing(wire="", post="")
    assert (found.status, found.origins) == ("corroborated", ("source wire", "source post"))


@pytest.mark.parametrize(
    ("sources", "origins"),
    [
        ({"wire": "", "copy": "wire"}, ("source wire",)),
        ({"copy": "wire", "wire": ""}, ("source wire",)),
        ({"one": "wire", "two": "wire", "wire": ""}, ("source wire",)),
        ({"a": "b", "b": "c", "c": ""}, ("source c",)),
        ({"one": "TASS", "two": "TASS"}, ("claimant TASS",)),
        ({"one": "moscow", "two": "Moscow"}, ("side union-state", "claimant Moscow")),
        ({"a": "b", "b": "a"}, ("source a",)),
        ({"a": "a"}, ("source a",)),
        # A tail that leads into a circle does not make a second origin, whatever its name.
        ({"b": "c", "c": "b", "a": "b"}, ("source b",)),
    ],
)
def test_sources_that_repeat_one_another_are_one_origin(
    standing: Callable[..., Standing], sources: dict[str, str], origins: tuple[str, ...]
) -> None:
    found = standing(**sources)
    assert found.origins == origins
    assert found.status == ("reported" if len(origins) == 1 else "corroborated")


def test_two_claimants_of_different_sides_corroborate(standing: Callable[..., Standing]) -> None:
    claims = "{by: moscow, stance: asserts, source: wire}, {by: kyiv, stance: confirms, source: post}"
    found = standing(claims, wire="", post="")
    assert (found.status, found.origins) == ("corroborated", ("side union-state", "claimant Kyiv"))
    assert standing(claims, wire="", post="wire").status == "reported"


def test_one_document_is_one_origin_whoever_it_quotes(standing: Callable[..., Standing]) -> None:
    many = ", ".join(f"{{by: voice {number}, stance: confirms, source: wire}}" for number in range(9))
    assert standing(many).status == "reported"


def test_offices_of_one_country_are_one_origin_without_a_side(standing: Callable[..., Standing]) -> None:
    claims = "{by: kremlin, stance: asserts, source: wire}, {by: army, stance: asserts, source: post}"
    found = standing(claims, wire="", post="")
    assert (found.status, found.origins) == ("reported", ("country RU",))


def test_claimants_of_one_side_count_once(standing: Callable[..., Standing]) -> None:
    claims = "{by: moscow, stance: asserts, source: wire}, {by: minsk, stance: confirms, source: post}"
    found = standing(claims, wire="", post="")
    assert (found.status, found.origins) == ("reported", ("side union-state",))


def test_a_claimant_and_the_document_that_its_report_repeats_are_one_origin(
    standing: Callable[..., Standing],
) -> None:
    found = standing("{by: warsaw, stance: asserts, source: copy}", copy="wire", wire="")
    assert (found.status, found.origins) == ("reported", ("claimant Warsaw",))


def test_a_claimant_and_a_source_derived_from_it_by_name_are_one_origin(
    standing: Callable[..., Standing],
) -> None:
    found = standing("{by: TASS, stance: asserts, source: wire}", wire="", copy="TASS")
    assert (found.status, found.origins) == ("reported", ("claimant TASS",))


def test_a_claim_about_the_motive_is_no_origin_of_the_event(standing: Callable[..., Standing]) -> None:
    found = standing("{by: warsaw, stance: justifies, about: motive, source: wire}")
    assert found.origins == ("source wire",)


@pytest.mark.parametrize("stance", ["denies", "disputes"])
def test_a_denial_by_its_target_disputes_an_event(standing: Callable[..., Standing], stance: str) -> None:
    found = standing(
        f"{{by: warsaw, stance: {stance}, source: wire}}, {{by: moscow, stance: asserts, source: wire}}"
    )
    assert (found.status, found.basis) == ("disputed", "Warsaw denies or disputes it")


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("host", "disputed"),
        ("target", "disputed"),
        ("accused", "disputed"),
        ("participant", "disputed"),
        ("observer", "reported"),
        ("supporter", "reported"),
        ("speaker", "reported"),
        ("affected", "reported"),
    ],
)
def test_only_who_was_there_or_is_blamed_can_dispute(
    standing: Callable[..., Standing], role: str, status: str
) -> None:
    claims = "{by: warsaw, stance: denies, source: wire}, {by: kyiv, stance: accuses, source: wire}"
    assert standing(claims, actors=f"{{id: warsaw, role: {role}}}").status == status


def test_a_denial_by_an_outsider_does_not_dispute(standing: Callable[..., Standing]) -> None:
    claims = "{by: moscow, stance: denies, source: wire}, {by: warsaw, stance: asserts, source: wire}"
    assert standing(claims).status == "reported"


def test_a_ministry_disputes_for_its_country(standing: Callable[..., Standing]) -> None:
    claims = "{by: minsk, stance: denies, source: wire}, {by: kyiv, stance: accuses, source: wire}"
    assert standing(claims, actors="{name: Belarus, country: BY, role: accused}").status == "disputed"
    assert standing(claims, actors="{name: Belarus, role: accused}").status == "reported"
    by_the_press = claims.replace("minsk", "belta")
    assert standing(by_the_press, actors="{name: Belarus, country: BY, role: accused}").status == "reported"


@pytest.mark.parametrize("about", ["motive", "quantities", "actors"])
def test_a_denial_of_one_field_does_not_dispute_the_event(
    standing: Callable[..., Standing], about: str
) -> None:
    denial = f"{{by: warsaw, stance: denies, about: {about}, source: wire}}"
    assert standing(f"{denial}, {{by: moscow, stance: asserts, source: wire}}").status == "reported"


def test_a_denial_of_another_claim_does_not_dispute_the_event(standing: Callable[..., Standing]) -> None:
    claim = "{id: c1, by: moscow, stance: asserts, source: wire}"
    assert standing(f"{claim}, {{by: warsaw, stance: denies, about: c1, source: wire}}").status == "reported"


@pytest.mark.parametrize("stance", ["does_not_claim", "declines_to_comment", "qualifies"])
def test_not_to_speak_against_is_no_denial(standing: Callable[..., Standing], stance: str) -> None:
    found = standing(f"{{by: warsaw, stance: {stance}, source: wire}}")
    assert (found.status, found.origins) == ("reported", ("source wire",))


def test_where_only_denials_remain_an_event_is_denied(standing: Callable[..., Standing]) -> None:
    found = standing("{by: warsaw, stance: denies, source: wire}")
    assert (found.status, found.basis) == ("denied", "only denials remain, by Warsaw")


def test_a_source_in_its_own_voice_keeps_a_denied_event_disputed(standing: Callable[..., Standing]) -> None:
    assert standing("{by: warsaw, stance: denies, source: wire}", wire="", post="").status == "disputed"


def test_a_dispute_outweighs_corroboration(standing: Callable[..., Standing]) -> None:
    claims = (
        "{by: moscow, stance: asserts, source: wire}, {by: kyiv, stance: asserts, source: post},"
        " {by: warsaw, stance: denies, source: wire}"
    )
    found = standing(claims, wire="", post="")
    assert (found.status, len(found.origins)) == ("disputed", 2)


def test_an_event_that_its_source_withdrew_is_retracted(standing: Callable[..., Standing]) -> None:
    claims = "{by: moscow, stance: asserts, source: wire}, {by: wire, stance: retracts, source: wire}"
    assert standing(claims).status == "retracted"
    assert standing(claims.replace("retracts", "retracts, about: motive")).status == "reported"


def test_confirmed_comes_from_a_named_person_only(standing: Callable[..., Standing]) -> None:
    found = standing(keys=", status: {value: confirmed, by: A. Editor, basis: two films geolocated}")
    assert (found.status, found.basis) == ("confirmed", "set by A. Editor: two films geolocated")
    many = {f"source-{number}": "" for number in range(9)}
    assert standing(**many).status == "corroborated"


def test_a_status_that_is_set_stands_over_the_computed_one(standing: Callable[..., Standing]) -> None:
    found = standing(keys=", status: disputed")
    assert (found.status, found.basis, found.origins) == (
        "disputed",
        "set in the events file",
        ("source wire",),
    )
