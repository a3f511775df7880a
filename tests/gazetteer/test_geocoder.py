"""The gazetteer as a geocoder of geopy: one contract for it and for a stock geocoder, then what is its own."""

import asyncio
import doctest
import inspect
import json
import math
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import geopandas
import pandas as pd
import pytest
import shapely
from geopandas.tools import geocode as geocode_table
from geopandas.tools import reverse_geocode as reverse_geocode_table
from geopy.adapters import BaseSyncAdapter
from geopy.exc import ConfigurationError, GeocoderQueryError
from geopy.extra.rate_limiter import AsyncRateLimiter, RateLimiter
from geopy.geocoders import Nominatim
from geopy.geocoders.base import Geocoder
from geopy.location import Location
from geopy.point import Point

from geomap.gazetteer.geocoder import Gazetteer

DOCUMENT = Path(__file__).parents[2] / "docs" / "geopy.md"
MINSK = (53.9, 27.57)


class CannedAdapter(BaseSyncAdapter):  # type: ignore[misc]
    """Answers as a Nominatim server does, about Minsk alone."""

    def get_json(self, url: str, *, timeout: float | None, headers: Mapping[str, str]) -> Any:
        place = {"lat": "53.9024716", "lon": "27.5618225", "display_name": "Minsk, Belarus", "osm_id": 1}
        if "/reverse" in url:
            return place
        return [place, place | {"display_name": "Minsk District"}] if "Minsk" in url else []

    def get_text(self, url: str, *, timeout: float | None, headers: Mapping[str, str]) -> str:
        raise NotImplementedError


class CannedNominatim(Nominatim):  # type: ignore[misc]
    """A stock geocoder without network."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{"user_agent": "contract", "adapter_factory": CannedAdapter} | settings)


CODERS = [Gazetteer, CannedNominatim]


@pytest.fixture(scope="module", params=CODERS, ids=lambda coder: coder.__name__)
def coder(request: pytest.FixtureRequest) -> Geocoder:
    return request.param()


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer()


class TestContract:
    """What users of geopy rely on, whatever the geocoder."""

    @pytest.mark.parametrize("method", ["geocode", "reverse"])
    def test_everything_but_the_query_is_a_keyword(self, coder: Geocoder, method: str) -> None:
        query, *others = inspect.signature(getattr(coder, method)).parameters.values()
        assert query.name == "query"
        assert query.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
        assert {"exactly_one", "timeout"} <= {other.name for other in others}
        assert {other.kind for other in others} == {inspect.Parameter.KEYWORD_ONLY}

    def test_one_location_with_latitude_first(self, coder: Geocoder) -> None:
        found = coder.geocode("Minsk")
        assert isinstance(found, Location)
        address, (latitude, longitude) = found
        assert "Minsk" in address
        assert (latitude, longitude) == pytest.approx(MINSK, abs=0.1)
        assert found.point == Point(found.latitude, found.longitude)
        assert isinstance(found.raw, dict)

    def test_a_list_when_asked_for_all(self, coder: Geocoder) -> None:
        found = coder.geocode("Minsk", exactly_one=False)
        assert isinstance(found, list)
        assert len(found) > 1
        assert found[0] == coder.geocode("Minsk")

    @pytest.mark.parametrize("exactly_one", [True, False])
    def test_none_when_nothing_is_found(self, coder: Geocoder, exactly_one: bool) -> None:
        assert coder.geocode("Qwxzqwxz", exactly_one=exactly_one) is None

    def test_a_limit_is_at_least_one(self, coder: Geocoder) -> None:
        with pytest.raises(ValueError, match="Limit cannot be less than 1"):
            coder.geocode("Minsk", exactly_one=False, limit=0)

    def test_a_timeout_is_taken(self, coder: Geocoder) -> None:
        assert coder.geocode("Minsk", timeout=3) is not None
        assert coder.reverse(MINSK, timeout=3) is not None

    @pytest.mark.parametrize("position", [MINSK, Point(*MINSK), "53.9, 27.57", "53 54m N, 27 34.2m E"])
    def test_reverse_takes_every_form_of_a_point(self, coder: Geocoder, position: Any) -> None:
        found = coder.reverse(position)
        assert isinstance(found, Location)
        assert (found.latitude, found.longitude) == pytest.approx(MINSK, abs=0.2)

    def test_reverse_refuses_what_is_no_point(self, coder: Geocoder) -> None:
        with pytest.raises(ValueError, match="Point"):
            coder.reverse("Minsk")

    def test_reverse_gives_a_list_when_asked_for_all(self, coder: Geocoder) -> None:
        found = coder.reverse(MINSK, exactly_one=False)
        assert isinstance(found, list)
        assert isinstance(found[0], Location)

    def test_the_rate_limiter_takes_both_calls(self, coder: Geocoder) -> None:
        geocode = RateLimiter(coder.geocode, min_delay_seconds=0.01)
        reverse = RateLimiter(coder.reverse, min_delay_seconds=0.01)
        assert [geocode(name) for name in ("Minsk", "Qwxzqwxz")] == [coder.geocode("Minsk"), None]
        assert reverse(MINSK) == coder.reverse(MINSK)

    def test_a_column_of_names(self, coder: Geocoder) -> None:
        names = pd.Series(["Minsk", "Qwxzqwxz"], index=[7, 9])
        found = names.apply(partial(coder.geocode, timeout=3))
        assert list(found.index) == [7, 9]
        assert found[7] == coder.geocode("Minsk")
        assert found[9] is None

    def test_threads(self, coder: Geocoder) -> None:
        with ThreadPoolExecutor(3) as pool:
            found = list(pool.map(coder.geocode, ["Minsk"] * 6))
        assert found == [coder.geocode("Minsk")] * 6

    def test_with_closes(self, coder: Geocoder) -> None:
        with coder as opened:
            assert opened is coder

    def test_its_settings_are_those_of_any_geocoder(self, coder: Geocoder) -> None:
        made = type(coder)(user_agent="mine/1.0", timeout=7)
        assert (made.headers["User-Agent"], made.timeout) == ("mine/1.0", 7)


@pytest.mark.parametrize("provider", CODERS)
def test_geopandas_geocodes_with_the_class(provider: type) -> None:
    found = geocode_table(pd.Series(["Minsk", "Qwxzqwxz"]), provider=provider, timeout=5)
    assert isinstance(found, geopandas.GeoDataFrame)
    assert (found.geometry[0].y, found.geometry[0].x) == pytest.approx(MINSK, abs=0.1)
    assert found.geometry[1].is_empty


@pytest.mark.parametrize("provider", CODERS)
def test_geopandas_reverses_with_the_class(provider: type) -> None:
    found = reverse_geocode_table([shapely.Point(MINSK[1], MINSK[0])], provider=provider)
    assert "Minsk" in found.address[0]


# What is its own


def test_an_address_is_name_region_country(gazetteer: Gazetteer) -> None:
    addresses = {
        text: gazetteer.geocode(text).address for text in ("Kuźnica, Poland", "Kursk Region", "Russia")
    }
    assert addresses == {
        "Kuźnica, Poland": "Kuźnica, Podlaskie Voivodeship, Poland",
        "Kursk Region": "Kursk Region, Russia",
        "Russia": "Russia",
    }


def test_raw_tells_all_of_the_candidate_and_is_json(gazetteer: Gazetteer) -> None:
    raw = gazetteer.geocode("Minsk").raw
    assert json.loads(json.dumps(raw)) == raw
    assert raw.keys() == {
        "place_id", "geonameid", "name", "native_name", "kind", "precision", "radius_m", "lon", "lat", "region",
        "country", "recorded_countries", "population", "curated", "note", "worldview", "match", "score", "ambiguous",
    }  # fmt: skip
    assert (raw["place_id"], raw["geonameid"], raw["kind"]) == ("gn:625144", 625144, "city")
    assert (raw["precision"], raw["country"], raw["worldview"]) == ("place", "BY", "un")
    assert 0 < raw["score"] <= 1
    assert raw["match"] == "name"
    assert raw["ambiguous"] is False


def test_the_best_candidate_is_given_even_where_no_rule_chooses_it(gazetteer: Gazetteer) -> None:
    found = gazetteer.geocode("Oktyabrskiy", exactly_one=False)
    best = gazetteer.geocode("Oktyabrskiy")
    assert best == found[0]
    assert {item.raw["ambiguous"] for item in found} == {True}
    scores = [item.raw["score"] for item in found]
    assert scores == sorted(scores, reverse=True)
    assert gazetteer.geocode("Oktyabrskiy", exactly_one=False, limit=2) == found[:2]


def test_a_region_says_how_far_it_reaches(gazetteer: Gazetteer) -> None:
    raw = gazetteer.geocode("Kursk Region").raw
    assert (raw["place_id"], raw["precision"]) == ("ne:RU-KRS", "region")
    assert 100_000 < raw["radius_m"] < 250_000


def test_countries_narrow_and_scores_are_shared_out_again(gazetteer: Gazetteer) -> None:
    assert gazetteer.geocode("Brest").raw["country"] == "BY"
    assert gazetteer.geocode("Brest", country_codes="fr").raw["country"] == "FR"
    two = gazetteer.geocode("Brest", country_codes=["FR", "UA"], exactly_one=False)
    assert {item.raw["country"] for item in two} <= {"FR", "UA"}
    assert math.fsum(item.raw["score"] for item in two) == pytest.approx(1)
    assert gazetteer.geocode("Minsk", country_codes=["FR"]) is None


def test_a_country_of_the_geocoder_holds_unless_a_call_names_others() -> None:
    french = Gazetteer(country="fr")
    assert french.geocode("Brest").raw["country"] == "FR"
    assert french.geocode("Brest", country_codes=["BY"]).raw["country"] == "BY"
    assert french.geocode("Minsk") is None


def test_countries_of_the_text_rank_higher_and_leave_nothing_out(gazetteer: Gazetteer) -> None:
    def shares(geocoder: Gazetteer) -> dict[str, float]:
        return {
            item.raw["place_id"]: item.raw["score"] for item in geocoder.geocode("Brest", exactly_one=False)
        }

    plain, french = shares(gazetteer), shares(Gazetteer(context=["fr"]))
    assert plain.keys() == french.keys()
    assert french["gn:3030300"] > 2 * plain["gn:3030300"]


def test_a_holder_stands_in_only_where_it_is_asked_for(gazetteer: Gazetteer) -> None:
    text = "Qwxzqwxz, Grodno Region, Belarus"
    assert gazetteer.geocode(text) is None
    raw = gazetteer.geocode(text, holders=True).raw
    assert (raw["place_id"], raw["precision"], raw["match"]) == ("ne:BY-HR", "region", "holder")
    assert gazetteer.geocode("Minsk", holders=True) == gazetteer.geocode("Minsk")


def test_what_lies_close_ranks_higher(gazetteer: Gazetteer) -> None:
    brittany = [(46, -6), (50, 0)]
    assert gazetteer.geocode("Brest", near=(48.4, -4.5)).raw["country"] == "FR"
    assert gazetteer.geocode("Brest", near="48.4, -4.5").raw["country"] == "FR"
    assert gazetteer.geocode("Brest", viewbox=brittany).raw["country"] == "FR"
    assert gazetteer.geocode("Minsk", viewbox=brittany).raw["country"] == "BY"
    assert gazetteer.geocode("Minsk", viewbox=brittany, bounded=True) is None
    inside = gazetteer.geocode("Brest", viewbox=brittany[::-1], bounded=True, exactly_one=False)
    assert {item.raw["country"] for item in inside} == {"FR"}


def test_a_missing_text_is_no_place(gazetteer: Gazetteer) -> None:
    column = pd.Series(["Minsk", None, math.nan, "", "  "], dtype=object)
    assert [item is not None for item in column.apply(gazetteer.geocode)] == [True] + [False] * 4


@pytest.mark.parametrize("query", [5, ("Minsk",), {"city": "Minsk"}, b"Minsk"])
def test_what_is_no_text_is_refused_and_not_tried_again(gazetteer: Gazetteer, query: Any) -> None:
    calls = []

    def geocode(query: Any) -> Any:
        calls.append(query)
        return gazetteer.geocode(query)

    with pytest.raises(TypeError, match="a place is a text"):
        RateLimiter(geocode)(query)
    assert len(calls) == 1


@pytest.mark.parametrize("codes", ["Belarus", "B", ["BY", "1a"], "ŁÓ"])
def test_what_is_no_country_code_is_refused(gazetteer: Gazetteer, codes: Any) -> None:
    with pytest.raises(GeocoderQueryError, match="ISO 3166-1"):
        gazetteer.geocode("Minsk", country_codes=codes)
    with pytest.raises(ConfigurationError, match="ISO 3166-1"):
        Gazetteer(context=[codes] if isinstance(codes, str) else codes)


@pytest.mark.parametrize("viewbox", [[(1, 2)], "1,2", [(1, 2), (3, 4), (5, 6)]])
def test_what_is_no_box_is_refused(gazetteer: Gazetteer, viewbox: Any) -> None:
    with pytest.raises(GeocoderQueryError, match="two opposite corners"):
        gazetteer.geocode("Minsk", viewbox=viewbox)
    with pytest.raises(GeocoderQueryError, match="bounded needs a viewbox"):
        gazetteer.geocode("Minsk", bounded=True)


def test_the_worldview_says_whose_a_place_is(gazetteer: Gazetteer) -> None:
    assert gazetteer.geocode("Sevastopol").raw["country"] == "UA"
    raw = Gazetteer(worldview="ru").geocode("Sevastopol").raw
    assert (raw["country"], raw["worldview"]) == ("RU", "ru")
    assert "UA" in raw["recorded_countries"]


def test_places_of_ones_own_are_known(gazetteer: Gazetteer, tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(
        "schema: 1\nplaces:\n"
        "  - {id: my-camp, names: {en: [Camp Qwxz]}, kind: military_base, country: BY, lon: 24.0, lat: 53.0,\n"
        "     radius_m: 300, sources: [{name: a survey, date: 2024-01-01}]}\n",
        encoding="utf-8",
    )
    assert gazetteer.geocode("Camp Qwxz") is None
    raw = Gazetteer(extra=[own]).geocode("Camp Qwxz").raw
    assert (raw["place_id"], raw["curated"]) == ("cur:my-camp", True)


def test_reverse_tells_the_distance_and_what_holds_the_point(gazetteer: Gazetteer) -> None:
    # A point in Belarus just over the border from Kuźnica in Poland.
    found = gazetteer.reverse((53.52, 23.70), exactly_one=False, limit=4)
    assert len(found) == 4
    away = [item.raw["distance_m"] for item in found]
    assert away == sorted(away)
    assert away[0] < 20_000
    assert {item.raw["country_at"] for item in found} == {"BY"}
    assert {item.raw["region_at"] for item in found} == {"Grodno Region"}
    assert {item.raw["country"] for item in found} == {"BY", "PL"}
    assert found[0] == gazetteer.reverse((53.52, 23.70))
    assert "score" not in found[0].raw


def test_reverse_falls_back_to_the_region_then_to_nothing(gazetteer: Gazetteer) -> None:
    taymyr = gazetteer.reverse((75.5, 95.0), distance_km=20)
    assert (taymyr.raw["precision"], taymyr.raw["distance_m"], taymyr.raw["country_at"]) == (
        "region",
        None,
        "RU",
    )
    assert gazetteer.reverse((0, -30)) is None
    assert gazetteer.reverse((0, -30), exactly_one=False) is None


@pytest.mark.parametrize("wrong", [{"distance_km": 0}, {"distance_km": math.nan}, {"limit": 0}])
def test_reverse_refuses_what_makes_no_sense(gazetteer: Gazetteer, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"positive|Limit"):
        gazetteer.reverse(MINSK, **wrong)


def test_nothing_can_be_sent(gazetteer: Gazetteer) -> None:
    for method in (gazetteer.adapter.get_json, gazetteer.adapter.get_text):
        with pytest.raises(NotImplementedError, match="offline"):
            method("https://example.org", timeout=1, headers={})


def test_it_is_not_for_asyncio(gazetteer: Gazetteer) -> None:
    async def limited() -> Any:
        return await AsyncRateLimiter(gazetteer.geocode)("Minsk")

    # In a thread of its own: a browser that other tests drive may have a loop running in this one.
    with ThreadPoolExecutor(1) as pool, pytest.raises(TypeError, match="await"):
        pool.submit(lambda: asyncio.run(limited())).result()


def test_credit_is_at_hand(gazetteer: Gazetteer) -> None:
    assert any("GeoNames" in line for line in gazetteer.attributions)


def test_the_examples_of_the_document_run() -> None:
    ended = doctest.testfile(str(DOCUMENT), module_relative=False, optionflags=doctest.ELLIPSIS)
    assert ended.failed == 0
    assert ended.attempted > 10
