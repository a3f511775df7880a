"""What the gazetteer has for the basemap of a map."""

from typing import Final

from geomap.gazetteer.ground import Town
from geomap.gazetteer.names import display_name
from geomap.gazetteer.store import Store
from geomap.model.geometry import Bbox
from geomap.scene.ground import (
    LAST_AROUND_RANK,
    Ground,
    GroundCountry,
    GroundRegion,
    GroundTown,
    GroundWater,
    last_water_rank,
    window_around,
    window_round,
)

_TOWNS: Final = 220
_SMALL_TOWNS: Final = 500
_TOWNS_AROUND: Final = 80
_WORLD: Final = (-180.0, -90.0, 180.0, 90.0)
_FAR_WATER_RANK: Final = 4
_LARGE_CAPITAL: Final = 300_000
# Those of the page, beside English.
_LABEL_LANGUAGES: Final = ("pl", "uk", "be", "ru")


def gather_ground(store: Store, bbox: Bbox) -> Ground:
    """What the gazetteer has for the basemap of a map that opens on a bbox."""
    window = window_round(bbox)
    around = window_around(window)
    # Small places only where the map opens: people zoom in there. Of the rest of the world the capitals.
    towns = [*store.towns(window, _TOWNS), *store.towns(bbox, _SMALL_TOWNS), *_large_capitals(store)]
    waters = [*store.waters(window, last_water_rank(window)), *store.waters(_WORLD, _FAR_WATER_RANK)]
    if around != window:
        towns += store.towns(around, _TOWNS_AROUND)
        waters += store.waters(around, LAST_AROUND_RANK)
    countries = {}
    for code in store.country_codes():
        country, names = store.country(code), store.country_labels(code)
        name = display_name(country.names)
        kept = {
            language: names[language] for language in _LABEL_LANGUAGES if names.get(language, name) != name
        }
        countries[code] = GroundCountry(name=name, names=kept, at=(country.label.lon, country.label.lat))
    return Ground(
        window=window,
        around=around,
        world=[
            GroundRegion(id=" ".join(owners), shape=shape, owner=owner, owners=owners)
            for owner, owners, shape in store.far_land()
        ],
        regions=[
            GroundRegion(id=region_id, shape=store.region_shape(region_id), owner=owner, owners=owners)
            for region_id, owner, owners in store.owners(around)
        ],
        waters=[
            GroundWater(kind=water.kind, rank=water.rank, names=water.names, shape=water.shape)
            for _, water in sorted({water.id: water for water in waters}.items())
        ],
        countries=countries,
        towns=[
            GroundTown(
                lon=town.lon,
                lat=town.lat,
                name=town.name,
                population=town.population,
                capital=town.capital,
                names=town.names,
                native=town.native,
            )
            for town in {(town.lon, town.lat, town.name): town for town in towns}.values()
        ],
    )


def _large_capitals(store: Store) -> list[Town]:
    return [town for town in store.capital_towns() if town.population >= _LARGE_CAPITAL]
