"""Whose a place is depends on the worldview; where it is does not."""

from pathlib import Path

import pytest
import shapely

from geomap.errors import ConfigError
from geomap.gazetteer import PlaceData, UnknownWorldviewError, read_gazetteer
from geomap.model.lonlat import LonLat
from geomap.model.records import PlaceSpec

# Owner of a place under un, de_facto, ua, ru; the sources are named in worldviews.yaml.
OWNERS = {
    "Kerch": ("UA", "RU", "UA", "RU"),
    "Kerch Bridge": ("UA", "RU", "UA", "RU"),
    "Simferopol": ("UA", "RU", "UA", "RU"),
    "Sevastopol": ("UA", "RU", "UA", "RU"),
    "Crimea": ("UA", "RU", "UA", "RU"),
    "Foros": ("UA", "RU", "UA", "RU"),  # on the shore, just off the generalised coast
    "Donetsk Oblast": ("UA", "UA", "UA", "RU"),
    "Mariupol": ("UA", "UA", "UA", "RU"),
    "Kherson": ("UA", "UA", "UA", "RU"),
    "Zaporizhzhia": ("UA", "UA", "UA", "RU"),
    "Dnipro": ("UA", "UA", "UA", "UA"),
    "Kyiv": ("UA", "UA", "UA", "UA"),
    "Kursk": ("RU", "RU", "RU", "RU"),
    "Grodno": ("BY", "BY", "BY", "BY"),
}
VIEWS = ("un", "de_facto", "ua", "ru")


@pytest.fixture(scope="module")
def gazetteers() -> dict[str, PlaceData]:
    return {view: read_gazetteer(worldview=view) for view in VIEWS}


@pytest.mark.parametrize("text", OWNERS)
def test_the_owner_of_a_place_follows_the_worldview(gazetteers: dict[str, PlaceData], text: str) -> None:
    places = [gazetteers[view].resolver.candidates(text)[0].place for view in VIEWS]
    assert tuple(place.country for place in places) == OWNERS[text]
    assert len({place.id for place in places}) == 1
    assert len({place.position for place in places}) == 1


@pytest.mark.parametrize("view", VIEWS)
def test_the_shapes_of_countries_follow_the_worldview(gazetteers: dict[str, PlaceData], view: str) -> None:
    store = gazetteers[view].store
    simferopol, kyiv = shapely.Point(34.1, 44.95), shapely.Point(30.52, 50.45)
    holder = OWNERS["Crimea"][VIEWS.index(view)]
    other = {"UA": "RU", "RU": "UA"}[holder]
    assert store.country_shape(holder).contains(simferopol)
    assert not store.country_shape(other).contains(simferopol)
    assert store.country_shape("UA").contains(kyiv)
    assert store.country_at(LonLat(lon=34.1, lat=44.95)) == holder


def test_no_land_is_lost_or_owned_twice_between_worldviews(gazetteers: dict[str, PlaceData]) -> None:
    areas = {
        view: sum(gazetteer.store.country_shape(code).area for code in ("RU", "UA"))
        for view, gazetteer in gazetteers.items()
    }
    assert all(area == pytest.approx(areas["un"], rel=1e-9) for area in areas.values())
    for gazetteer in gazetteers.values():
        shared = shapely.intersection(
            gazetteer.store.country_shape("RU"), gazetteer.store.country_shape("UA")
        )
        assert shared.area == 0


@pytest.mark.parametrize(
    ("view", "reaches_perekop"), [("un", False), ("de_facto", True), ("ua", False), ("ru", False)]
)
def test_the_border_of_russia_and_ukraine_runs_where_the_worldview_puts_it(
    gazetteers: dict[str, PlaceData], view: str, reaches_perekop: bool
) -> None:
    border = gazetteers[view].placer().place(PlaceSpec.model_validate({"border": ["RU", "UA"]})).geometry
    assert border is not None
    assert (border.distance(shapely.Point(33.7, 46.15)) < 0.1) is reaches_perekop


def test_an_unknown_worldview_is_named_with_those_that_exist() -> None:
    with pytest.raises(UnknownWorldviewError, match="no worldview 'mars'; there are un, de_facto, ua, ru"):
        read_gazetteer(worldview="mars")


def test_a_worldview_of_ones_own_is_read_from_a_file(tmp_path: Path) -> None:
    table = tmp_path / "mine.yaml"
    table.write_text("title: Mine\nowners: {PL-PD: LT}\n")
    gazetteer = read_gazetteer(worldview=str(table))
    assert gazetteer.store.view.title == "Mine"
    assert gazetteer.resolver.best("Białystok").place.country == "LT"
    assert gazetteer.resolver.best("Warsaw").place.country == "PL"
    assert gazetteer.store.country_shape("LT").contains(shapely.Point(23.16, 53.13))


@pytest.mark.parametrize("text", ["[]\n", "owners: {PL-PD: LT}\n", "title: Mine\nowners: [PL-PD]\n"])
def test_a_worldview_without_title_or_owners_is_refused_with_its_place(tmp_path: Path, text: str) -> None:
    table = tmp_path / "mine.yaml"
    table.write_text(text)
    with pytest.raises(ConfigError, match=r"mine\.yaml:[12]:1: "):
        read_gazetteer(worldview=str(table))


def test_a_worldview_about_an_unknown_region_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "mine.yaml"
    table.write_text("title: Mine\nowners: {PL-PD: PL, PL-NONE: LT}\n")
    with pytest.raises(UnknownWorldviewError, match="no region PL-NONE in the base tables"):
        read_gazetteer(worldview=str(table))


def test_kosovo_follows_the_worldview_though_it_has_no_code_in_iso_3166(
    gazetteers: dict[str, PlaceData],
) -> None:
    owners = {view: gazetteers[view].resolver.candidates("Prizren")[0].place.country for view in VIEWS}
    assert owners == {"un": "RS", "de_facto": "XK", "ua": "RS", "ru": "RS"}


def test_places_of_ones_own_outrank_those_that_are_carried(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(
        "schema: 1\nplaces:\n- id: grodno\n  kind: city\n  country: BY\n  names: {en: [Grodno, Camp Lion]}\n"
        "  lon: 23.9\n  lat: 53.7\n  radius_m: 900\n  geonameid: 627904\n"
        "  sources: [{name: own survey, date: '2024-01-01'}]\n"
    )
    resolver = read_gazetteer(extra=[own]).resolver
    for name in ("Grodno", "Camp Lion", "Hrodna", "Гродна"):
        place = resolver.best(name).place
        assert (place.id, place.position, place.radius_m) == ("gn:627904", LonLat(lon=23.9, lat=53.7), 900)
