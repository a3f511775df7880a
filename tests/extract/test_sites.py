"""Places of a sentence as an event may have them."""

from typing import Any

import pytest

from geomap.extract.lexicon import read_lexicon
from geomap.extract.nations import Nations
from geomap.extract.segment import plain_document
from geomap.extract.sites import Grain, Setting, Site, SiteReader
from geomap.extract.tokens import read_words
from geomap.extract.toponyms import Geoparser
from geomap.gazetteer import read_gazetteer

DATA = read_gazetteer()
NATIONS = Nations(DATA.store)
GEOPARSER = Geoparser(DATA)
READER = SiteReader(read_lexicon(), NATIONS)


def sites(text: str, setting: Setting | None = None) -> list[Site]:
    document = plain_document(text)
    words = read_words(text, 0, len(text))
    return READER.read(words, GEOPARSER.find(document), setting or Setting())


def spec(text: str, setting: Setting | None = None) -> dict[str, Any]:
    found = [site for site in sites(text, setting) if not site.is_aside]
    assert found, text
    return found[0].spec


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Tents stood at the Polish-Belarusian border.", {"border": ["BY", "PL"]}),
        ("Tents stood at the border between Latvia and Belarus.", {"border": ["BY", "LV"]}),
        ("Guards watched Lithuania's border with Belarus.", {"border": ["BY", "LT"]}),
        (
            "Tents filled the Belarusian side of the border with Poland.",
            {"border": ["BY", "PL"], "side": "BY"},
        ),
        ("A plane circled over Estonia.", {"over": "EE"}),
        ("A plane crossed the airspace over the Baltic Sea.", {"place": "Baltic Sea"}),
        ("A plane crossed Baltic Sea airspace.", {"place": "Baltic Sea"}),
        ("A plane crossed the airspace of Qwxzqua.", {"place": "Qwxzqua"}),
        ("Bombers patrolled Belarusian airspace.", {"over": "BY"}),
        ("Bombers patrolled the airspace of Belarus.", {"over": "BY"}),
        ("They trained at an undisclosed base in Russia.", {"name": "undisclosed base", "country": "RU"}),
        (
            "A depot burned 20mi east of Kursk.",
            {"from": {"place": "Kursk", "country": "RU"}, "bearing": 90, "distance_km": 32.2},
        ),
        (
            "A depot burned five kilometres east of Kursk.",
            {"from": {"place": "Kursk", "country": "RU"}, "bearing": 90, "distance_km": 5.0},
        ),
        (
            "A ship burned about 50 nautical miles southwest of Aden.",
            {"from": {"place": "Aden", "country": "YE"}, "bearing": 225, "distance_km": 92.6},
        ),
        ("A depot burned a few miles east of Kursk.", {"near": {"place": "Kursk", "country": "RU"}}),
        (
            "A depot burned a mile east of Kursk.",
            {"from": {"place": "Kursk", "country": "RU"}, "bearing": 90, "distance_km": 1.6},
        ),
        (
            "A depot burned 40 km east of Kursk.",
            {"from": {"place": "Kursk", "country": "RU"}, "bearing": 90, "distance_km": 40.0},
        ),
    ],
)
def test_places_are_written_as_people_would_write_them(text: str, wanted: dict[str, Any]) -> None:
    assert spec(text) == wanted


def test_a_border_near_a_town_is_that_stretch() -> None:
    found = spec("Migrants camped on the Belarusian-Polish border near Kuźnica.")
    assert found["border"] == ["BY", "PL"]
    assert found["near"]["place"] == "Kuźnica"


def test_a_region_is_not_its_city() -> None:
    (found,) = sites("Fighting went on in Kursk Region.")
    assert found.grain is Grain.REGION


def test_the_border_is_the_one_spoken_of_before() -> None:
    setting = Setting()
    sites("Poland shut its border with Belarus.", setting)
    assert spec("Shots were heard at the border.", setting) == {"border": ["BY", "PL"]}


def test_border_guards_are_no_border() -> None:
    assert [site for site in sites("Polish border guards rested.") if site.grain is Grain.LINE] == []


@pytest.mark.parametrize(
    "text",
    [
        "A depot burned 180 km from Belarus.",  # a distance is no place
        "Units based in Pskov took part.",
        "The region, which borders Poland, is flat.",
    ],
)
def test_what_only_describes_locates_nothing(text: str) -> None:
    assert [site for site in sites(text) if not site.is_aside and site.cue] == []


def test_a_finer_place_takes_what_holds_it_as_its_own() -> None:
    found = sites("A shell fell on Shebekino in Belgorod Region in southern Russia.")
    assert [site.name for site in found] == ["Shebekino"]


def test_a_name_that_is_not_known_is_in_what_holds_it() -> None:
    found = sites("A shell fell on the village of Nieznanowo-Zmyslone in Kursk Region.")
    assert all(site.grain is not Grain.POINT or site.key.startswith("?") for site in found)


def test_a_road_between_two_towns_is_the_stretch_between() -> None:
    found = spec("A lorry burned on the road from Grodno to Lida.")
    assert [end["place"] for end in found["between"]] == ["Grodno", "Lida"]


@pytest.mark.parametrize(
    "text", ["", "the border", "airspace", "unspecified range in", "km of", "between and"]
)
def test_scraps_end_in_nothing(text: str) -> None:
    assert sites(text) == []
