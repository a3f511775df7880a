"""Toponyms of a document to places: each name in the light of the others, and of what is written beside it."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.gazetteer import PlaceData, read_gazetteer
from geomap.gazetteer.linking import LinkedName, Linker

GAZETTEER = read_gazetteer()


@pytest.fixture(scope="module")
def gazetteer() -> PlaceData:
    return GAZETTEER


@pytest.fixture(scope="module")
def linker(gazetteer: PlaceData) -> Linker:
    return Linker(gazetteer.store)


def spans_of(text: str, names: Sequence[str]) -> list[tuple[int, int]]:
    """Where names stand in a text, one after the other."""
    spans, start = [], 0
    for name in names:
        start = text.index(name, start)
        spans.append((start, start + len(name)))
        start += len(name)
    return spans


def link(linker: Linker, text: str, *names: str) -> list[LinkedName]:
    return linker.link(text, spans_of(text, names))


def ids(gazetteer: PlaceData, toponyms: Sequence[LinkedName]) -> list[str]:
    """The ids of the best options."""
    return [gazetteer.store.place(toponym.options[0].row).id for toponym in toponyms]


def countries(toponyms: Sequence[LinkedName]) -> list[str | None]:
    return [toponym.options[0].row.country for toponym in toponyms]


# What is written beside a name

QUALIFIED = {
    ("The fair opened in Paris, Texas, on Monday.", "Paris"): "gn:4717560",
    ("The fair opened in Paris on Monday.", "Paris"): "gn:2988507",
    ("The fair opened in Paris (Texas) on Monday.", "Paris"): "gn:4717560",
    ("Police in Athens, Ga., closed a road.", "Athens"): "gn:4180386",
    ("Police in Athens, Greece, closed a road.", "Athens"): "gn:264371",
    ("A shop burned in Erie, Pa., at night.", "Erie"): "gn:5188843",
    ("Rain fell on Springfield, Ill., at noon.", "Springfield"): "gn:4250542",
    ("A ship left Portland, Maine, at dawn.", "Portland"): "gn:4975802",
    ("A bridge in Portland, Ore., was shut.", "Portland"): "gn:5746545",
    ("The school in London, Ky., was shut.", "London"): "gn:4298960",
    ("The school in London, Ontario, was shut.", "London"): "gn:6058560",
    ("The port of Brest, France, was shut.", "Brest"): "gn:3030300",
    ("The station of Brest, Belarus, was shut.", "Brest"): "gn:629634",
}


@pytest.mark.parametrize(("text", "name"), QUALIFIED)
def test_a_wider_place_beside_a_name_says_which_is_meant(
    gazetteer: PlaceData, linker: Linker, text: str, name: str
) -> None:
    assert ids(gazetteer, link(linker, text, name)) == [QUALIFIED[text, name]]


def test_two_qualifiers_make_two_toponyms_of_one_name(gazetteer: PlaceData, linker: Linker) -> None:
    text = "Portland, Maine, is colder than Portland, Ore., in spring."
    toponyms = link(linker, text, "Portland", "Portland")
    assert ids(gazetteer, toponyms) == ["gn:4975802", "gn:5746545"]
    assert toponyms[0] is not toponyms[1]


def test_a_name_that_is_qualified_once_means_the_same_wherever_it_stands_bare(
    gazetteer: PlaceData, linker: Linker
) -> None:
    after = "Paris (Texas) has a fair. People came to Paris by bus."
    before = "People came to Paris by bus. The fair in Paris, Texas, was full."
    for text in (after, before):
        assert ids(gazetteer, link(linker, text, "Paris", "Paris")) == ["gn:4717560"] * 2
    # ... even where the other names speak for its namesake
    text = "Athens, Ga., has a fair. Guests from Piraeus and Greece came to Athens by bus."
    toponyms = link(linker, text, "Athens", "Piraeus", "Greece", "Athens")
    assert ids(gazetteer, toponyms) == ["gn:4180386", "gn:255274", "ne:GR", "gn:4180386"]


# What a document is about


def test_the_other_names_of_a_document_tell_its_country(gazetteer: PlaceData, linker: Linker) -> None:
    belarus = "Buses ran from Minsk to Brest; Grodno and Pinsk in Belarus were quiet."
    toponyms = link(linker, belarus, "Minsk", "Brest", "Grodno", "Pinsk", "Belarus")
    assert countries(toponyms) == ["BY"] * 5
    france = "Buses ran from Rennes to Brest; Quimper and Nantes in France were quiet."
    toponyms = link(linker, france, "Rennes", "Brest", "Quimper", "Nantes", "France")
    assert countries(toponyms) == ["FR"] * 5
    assert ids(gazetteer, toponyms)[1] == "gn:3030300"


def test_athens_beside_atlanta_is_another_than_athens_beside_piraeus(
    gazetteer: PlaceData, linker: Linker
) -> None:
    georgian = link(linker, "Trucks left Athens and Atlanta for Alabama.", "Athens", "Atlanta", "Alabama")
    assert ids(gazetteer, georgian) == ["gn:4180386", "gn:4180439", "ne:US-AL"]
    greek = link(linker, "Trucks left Athens for the ferry at Piraeus.", "Athens", "Piraeus")
    assert ids(gazetteer, greek) == ["gn:264371", "gn:255274"]


def test_georgia_is_a_state_or_a_country_by_its_cities(gazetteer: PlaceData, linker: Linker) -> None:
    state = link(linker, "Voters of Georgia queued in Atlanta and Macon.", "Georgia", "Atlanta", "Macon")
    land = link(linker, "Voters of Georgia queued in Tbilisi and Batumi.", "Georgia", "Tbilisi", "Batumi")
    assert (ids(gazetteer, state)[0], ids(gazetteer, land)[0]) == ("ne:US-GA", "ne:GE")


def test_a_name_has_one_sense_in_one_document(linker: Linker) -> None:
    text = "Brest was calm. Later BREST woke, and Minsk too, and brest slept."
    first, second, _, third = link(linker, text, "Brest", "BREST", "Minsk", "brest")
    assert first is second is third
    assert first.count == 3
    assert first.text == "Brest"


# Peoples, abbreviations, counties


@pytest.mark.parametrize(
    ("text", "name", "place_id"),
    [
        ("Belarusian officers spoke.", "Belarusian", "ne:BY"),
        ("Belarusians voted.", "Belarusians", "ne:BY"),
        ("Americans voted.", "Americans", "ne:US"),
        ("Two Polish drivers slept.", "Polish", "ne:PL"),
        ("Ukrainians spoke.", "Ukrainians", "ne:UA"),
        ("Lithuanians spoke.", "Lithuanians", "ne:LT"),
        ("The U.S. voted.", "U.S.", "ne:US"),
        ("The UK voted.", "UK", "ne:GB"),
        ("The UAE voted.", "UAE", "ne:AE"),
        ("A road in Pa. was shut.", "Pa.", "ne:US-PA"),
        ("A road in Ga. was shut.", "Ga.", "ne:US-GA"),
        ("A road in Ill. was shut.", "Ill.", "ne:US-IL"),
    ],
)
def test_peoples_and_abbreviations_mean_their_land(
    gazetteer: PlaceData, linker: Linker, text: str, name: str, place_id: str
) -> None:
    (toponym,) = link(linker, text, name)
    assert ids(gazetteer, [toponym]) == [place_id]
    assert toponym.options[0].share > 0.5


@pytest.mark.parametrize(
    ("text", "names", "county"),
    [
        ("Harris County lies round Houston. The sheriff of Harris said no.", ("Harris County", "Houston"), 0),
        ("The sheriff of Cobb said no. Cobb County lies near Atlanta.", ("Cobb County", "Atlanta"), 0),
    ],
)
def test_a_county_is_met_by_its_short_name_where_the_long_one_stands_nearby(
    gazetteer: PlaceData, linker: Linker, text: str, names: tuple[str, ...], county: int
) -> None:
    short = names[county].removesuffix(" County")
    bare = text.index(f"of {short}") + len("of ")
    spans = sorted([*spans_of(text, names), (bare, bare + len(short))])
    found = dict(zip(spans, linker.link(text, spans), strict=True))
    long = found[spans_of(text, names)[county]].options[0].row
    assert found[bare, bare + len(short)].options[0].row.key == long.key
    assert long.feature == "ADM2"


def test_a_possessive_is_the_name(gazetteer: PlaceData, linker: Linker) -> None:
    assert ids(gazetteer, link(linker, "Kursk’s mayor spoke.", "Kursk’s")) == ["gn:538560"]
    assert ids(gazetteer, link(linker, "Kursk's mayor spoke.", "Kursk's")) == ["gn:538560"]


# What is not known, and what always holds


def test_an_unknown_name_has_no_options_and_hinders_no_other(gazetteer: PlaceData, linker: Linker) -> None:
    unknown, minsk = link(linker, "A car stopped at Xyzzyqville near Minsk.", "Xyzzyqville", "Minsk")
    assert (unknown.text, unknown.options) == ("Xyzzyqville", [])
    assert ids(gazetteer, [minsk]) == ["gn:625144"]


def test_two_capitals_are_no_town(gazetteer: PlaceData, linker: Linker) -> None:
    union, town = link(linker, "The EU paid; buses left Eu at noon.", "EU", "Eu")
    assert union.options == []
    assert town.options[0].row.country == "FR"


def test_a_kind_word_beside_a_city_means_its_region(gazetteer: PlaceData, linker: Linker) -> None:
    city, region = link(linker, "Grodno was calm. Grodno Region was not.", "Grodno", "Grodno Region")
    assert ids(gazetteer, [city, region]) == ["gn:627904", "ne:BY-HR"]


def test_a_name_may_be_looked_up_otherwise_than_it_is_written(gazetteer: PlaceData, linker: Linker) -> None:
    text = "Пожар под Гродном потушен."
    start = text.index("Гродном")
    (toponym,) = linker.link(text, [(start, start + len("Гродном"))], ["Гродно"])
    assert ids(gazetteer, [toponym]) == ["gn:627904"]


def test_thousands_of_names_are_linked_in_a_moment(linker: Linker) -> None:
    names = [f"{name} {number}" for number in range(1000) for name in ("Lida", "Brest", "Paris")]
    text = ", ".join(names)
    assert len(linker.link(text, spans_of(text, names))) == len(names)


def test_a_document_without_spans_has_no_toponyms(linker: Linker) -> None:
    assert linker.link("Minsk was calm.", []) == []
    assert linker.link("", []) == []


def test_spans_count_code_points(gazetteer: PlaceData, linker: Linker) -> None:
    text = "😀🗺️ Minsk"
    start = len(text) - 5
    assert ids(gazetteer, linker.link(text, [(start, len(text))])) == ["gn:625144"]


NAMES = st.lists(
    st.sampled_from(
        [
            "Paris", "Brest", "Springfield", "Georgia", "Athens", "Minsk", "London", "Odessa", "Belarusian", "Pa.",
            "U.S.", "Xyzzyq", "Kursk", "Washington", "Cobb County", "Санкт-Петербург", "Grodno Region", "Lida",
        ]
    ),
    min_size=1,
    max_size=8,
)  # fmt: skip
LINKS = st.sampled_from([" and ", ", ", " (", ". Then "])
some = settings(max_examples=60, derandomize=True)


def described(toponyms: Sequence[LinkedName]) -> list[list[tuple[int, float]]]:
    return [[(option.row.key, option.share) for option in toponym.options] for toponym in toponyms]


@given(NAMES, LINKS)
@some
def test_shares_add_up_to_one_and_fall(names: list[str], between: str) -> None:
    text = between.join(names)
    toponyms = link(Linker(GAZETTEER.store), text, *names)
    assert len(toponyms) == len(names)
    for toponym in toponyms:
        parts = [option.share for option in toponym.options]
        assert parts == sorted(parts, reverse=True)
        assert all(0 <= part <= 1 for part in parts)
        assert parts == [] or sum(parts) == pytest.approx(1)
        keys = [option.row.key for option in toponym.options]
        assert len(set(keys)) == len(keys)


@given(NAMES, NAMES, LINKS)
@some
def test_a_document_is_linked_alike_whatever_was_linked_before(
    names: list[str], others: list[str], between: str
) -> None:
    text, other = between.join(names), " and ".join(others)
    fresh = described(link(Linker(GAZETTEER.store), text, *names))
    used = Linker(GAZETTEER.store)
    link(used, other, *others)
    assert described(link(used, text, *names)) == fresh
    assert described(link(used, text, *names)) == fresh
