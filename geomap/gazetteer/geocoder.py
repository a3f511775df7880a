"""The gazetteer as a geocoder of geopy: the same calls, offline."""

import math
import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, Protocol

from geopy.adapters import BaseSyncAdapter
from geopy.exc import ConfigurationError, GeocoderQueryError
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location
from geopy.point import Point

from geomap.gazetteer import read_gazetteer
from geomap.gazetteer.names import display_name
from geomap.gazetteer.resolver import Resolver
from geomap.gazetteer.store import Store
from geomap.model.lonlat import LonLat
from geomap.model.places import Candidate, Match, Place
from geomap.model.vocabulary import Precision

_REVERSE_KM: Final = 100.0


class _Places(Protocol):
    """What `read_gazetteer` gives."""

    store: Store
    resolver: Resolver


class Gazetteer(Geocoder):  # type: ignore[misc]  # geopy has no types
    """Geocodes with the places that geomap carries: no network, no key, no limit on requests.

    Takes the place of any geocoder of geopy, alone, in `geopy.extra.rate_limiter.RateLimiter` and as the
    `provider` of `geopandas.tools.geocode`. As there, positions are latitude before longitude, WGS 84, in
    degrees. It may be used from several threads; each opens the place data once.

    Parameters
    ----------
    worldview
        An id of `worldviews.yaml`, or the path of a YAML file of one's own.
    extra
        Files with places of one's own, which outrank those carried.
    country
        ISO 3166-1 alpha-2 code; what lies elsewhere is left out, unless a call names other countries.
    context
        Codes of the countries that the texts are about; what lies there ranks higher.
    user_agent, timeout
        As every geocoder of geopy has them. Nothing is sent, so neither has an effect.

    Raises
    ------
    ConfigurationError
        If a country is not a code of two letters.
    UnknownWorldviewError
        If there is no such worldview.
    ConfigError
        If a file of one's own is not of the documented form.
    """

    def __init__(
        self,
        *,
        worldview: str = "un",
        extra: Sequence[Path] = (),
        country: str | None = None,
        context: Collection[str] = (),
        user_agent: str | None = None,
        timeout: Any = DEFAULT_SENTINEL,
    ) -> None:
        super().__init__(timeout=timeout, user_agent=user_agent, proxies={}, adapter_factory=_NoNetwork)
        self.worldview = worldview
        self._extra = tuple(extra)
        try:
            self._country = _read_codes(country)
            self._context = frozenset(_read_codes(list(context)))
        except GeocoderQueryError as error:
            raise ConfigurationError(str(error)) from None
        # SQLite connections stay in the thread that made them.
        self._by_thread = threading.local()
        self._by_thread.places = self._opened()

    @property
    def attributions(self) -> list[str]:
        """The lines of credit that the place data asks for."""
        return self._places.store.attributions()

    def geocode(
        self,
        query: str | None,
        *,
        exactly_one: bool = True,
        timeout: Any = DEFAULT_SENTINEL,
        limit: int | None = None,
        country_codes: str | Collection[str] | None = None,
        viewbox: Sequence[Any] | None = None,
        bounded: bool = False,
        near: Any = None,
        holders: bool = False,
    ) -> Location | list[Location] | None:
        """Where a place is, as geopy says it.

        Parameters
        ----------
        query
            A place as written, with what qualifies it after commas: `Brest, Belarus`. A missing text (None
            or NaN, as in a column of a table) is no place, and None comes back.
        exactly_one
            True gives the best candidate, even where no rule chooses it; its `raw["ambiguous"]` says so.
            False gives every candidate, best first.
        timeout
            As in geopy; nothing is waited for.
        limit
            At most so many candidates.
        country_codes
            ISO 3166-1 alpha-2 codes; what lies elsewhere is left out.
        viewbox
            Two opposite corners, each a `Point`, `(latitude, longitude)` or a text of it. What lies close to
            the middle of the box ranks higher; it does not cross the antimeridian.
        bounded
            Leave out what lies outside of `viewbox`.
        near
            A position, as a corner of `viewbox`; what lies close to it ranks higher.
        holders
            Where a place is not known, give the district, region or country that the text puts it in;
            `raw["match"]` of those is `holder`. Left out unless asked for, lest a column of villages turns
            into middles of countries.

        Returns
        -------
        location
            A `Location`, a list of them where `exactly_one` is false, or None where nothing is found. `raw`
            has `place_id`, `geonameid`, `name`, `native_name`, `kind`, `precision`, `radius_m`, `lon`,
            `lat`, `region`, `country`, `recorded_countries`, `population`, `curated`, `note`, `match`
            (how the text met it: `name`, `variant`, `misspelt`, `holder`), `score`, `ambiguous` and `worldview`.

        Raises
        ------
        GeocoderQueryError
            If a code is not of two letters, or there is no `viewbox` to be bounded by.
        TypeError, ValueError
            If the query is no text, a position is none, or the limit is less than 1.
        """
        del timeout
        if limit is not None and int(limit) < 1:
            raise ValueError("Limit cannot be less than 1")
        codes = self._country if country_codes is None else _read_codes(country_codes)
        box = None if viewbox is None else _read_box(viewbox)
        if bounded and box is None:
            raise GeocoderQueryError("bounded needs a viewbox: two opposite corners")
        text = _read_text(query)
        if not text:
            return None
        found = self._places.resolver.candidates(
            text,
            country=codes[0] if len(codes) == 1 else None,
            context=self._context,
            near=_read_position(near) if near is not None else box.middle if box else None,
        )
        left = [
            item
            for item in found
            if (holders or item.match is not Match.HOLDER)
            and (len(codes) < 2 or {item.place.country, *item.place.recorded_countries} & {*codes})
            and (box is None or not bounded or box.holds(item.place.position))
        ]
        if len(left) < len(found):
            found = _shared_out(left)
        if not found:
            return None
        ambiguous = self._places.resolver.is_ambiguous(found)
        chosen = found[:1] if exactly_one else found[:limit]
        locations = [
            self._location(item.place, match=item.match.value, score=item.score, ambiguous=ambiguous)
            for item in chosen
        ]
        return locations[0] if exactly_one else locations

    def reverse(
        self,
        query: Any,
        *,
        exactly_one: bool = True,
        timeout: Any = DEFAULT_SENTINEL,
        limit: int | None = None,
        distance_km: float = _REVERSE_KM,
    ) -> Location | list[Location] | None:
        """The settlements nearest to a position, or else the region that holds it.

        Parameters
        ----------
        query
            A `Point`, `(latitude, longitude)`, or a text of it.
        exactly_one
            True gives the nearest one, False several, nearest first.
        timeout
            As in geopy; nothing is waited for.
        limit
            At most so many; 5 unless told.
        distance_km
            How far away a settlement may lie.

        Returns
        -------
        location
            As of `geocode`; a location is that of the settlement. In place of `match`, `score` and `ambiguous`, `raw`
            has `distance_m` (from the position to the settlement, along the geodesic; None for a region),
            `region_at` and `country_at` (what holds the position itself, named as `region` and `country`
            are; None at sea). None where no settlement is near and no region holds the position.

        Raises
        ------
        ValueError
            If the position is none, or the limit or the distance is not positive.
        """
        del timeout
        if limit is not None and int(limit) < 1:
            raise ValueError("Limit cannot be less than 1")
        if not distance_km > 0:
            raise ValueError(f"distance_km must be positive, not {distance_km!r}")
        position, store = _read_position(query), self._places.store
        held = store.regions_at(position)
        holds = {
            "region_at": display_name(store.region(held[0]).names) if held else None,
            "country_at": store.country_at(position),
        }
        near = store.nearest(position, 1 if exactly_one else limit or 5)
        locations = [
            self._location(place, distance_m=round(away_m), **holds)
            for place, away_m in near
            if away_m <= distance_km * 1000
        ]
        if not locations and held:
            region = self._places.resolver.region_place(held[0])
            locations = [self._location(region, distance_m=None, **holds)]
        if not locations:
            return None
        return locations[0] if exactly_one else locations

    # Inside

    @property
    def _places(self) -> _Places:
        """The place data as opened in this thread."""
        if not hasattr(self._by_thread, "places"):
            self._by_thread.places = self._opened()
        places: _Places = self._by_thread.places
        return places

    def _opened(self) -> _Places:
        return read_gazetteer(worldview=self.worldview, extra=self._extra)

    def _location(self, place: Place, **more: Any) -> Location:
        region = self._region_name(place)
        country = self._country_name(place.country) if place.country else None
        raw = {
            "place_id": place.id or None,
            "geonameid": place.geonameid,
            "name": place.name,
            "native_name": place.native_name,
            "kind": place.kind,
            "precision": place.precision.value,
            "radius_m": float(self._places.resolver.radius_m(place)),
            "lon": place.position.lon,
            "lat": place.position.lat,
            "region": region,
            "country": place.country,
            "recorded_countries": list(place.recorded_countries),
            "population": place.population,
            "curated": place.curated,
            "note": place.note,
            "worldview": self.worldview,
            **more,
        }
        address = ", ".join(dict.fromkeys(part for part in (place.name, region, country) if part))
        return Location(address, Point(place.position.lat, place.position.lon), raw)

    def _region_name(self, place: Place) -> str | None:
        """The region that a place lies in; None for what is one itself, is wider, or lies at sea."""
        if not (place.precision.is_point or place.precision is Precision.DISTRICT):
            return None
        store = self._places.store
        held = store.regions_of(place.position, place.country)
        return display_name(store.region(held[0]).names) if held else None

    def _country_name(self, code: str) -> str:
        try:
            return display_name(self._places.store.country(code).names)
        except KeyError:  # a country without a shape of its own
            return code


class _NoNetwork(BaseSyncAdapter):  # type: ignore[misc]  # geopy has no types
    """Stands where other geocoders have their HTTP client."""

    def get_json(self, url: str, *, timeout: Any, headers: Mapping[str, str]) -> Any:
        raise NotImplementedError("the gazetteer is offline")

    def get_text(self, url: str, *, timeout: Any, headers: Mapping[str, str]) -> str:
        raise NotImplementedError("the gazetteer is offline")


class _Box:
    """A box of degrees between two corners, west of its east."""

    def __init__(self, one: LonLat, other: LonLat) -> None:
        self._west, self._east = sorted((one.lon, other.lon))
        self._south, self._north = sorted((one.lat, other.lat))

    @property
    def middle(self) -> LonLat:
        return LonLat(lon=(self._west + self._east) / 2, lat=(self._south + self._north) / 2)

    def holds(self, position: LonLat) -> bool:
        return self._west <= position.lon <= self._east and self._south <= position.lat <= self._north


def _shared_out(left: Sequence[Candidate]) -> list[Candidate]:
    """What is left of candidates, with scores that add up to 1 again."""
    total = sum(candidate.score for candidate in left)
    return [replace(candidate, score=candidate.score / total) for candidate in left]


def _read_text(query: Any) -> str:
    if query is None or (isinstance(query, float) and math.isnan(query)):
        return ""
    if not isinstance(query, str):
        raise TypeError(f"a place is a text, not {type(query).__name__}: {query!r}")
    return query.strip()


def _read_codes(codes: str | Collection[str] | None) -> tuple[str, ...]:
    """Country codes in upper case, each once."""
    given = [codes] if isinstance(codes, str) else list(codes or ())
    for code in given:
        if not (isinstance(code, str) and len(code) == 2 and code.isascii() and code.isalpha()):
            raise GeocoderQueryError(f"country code {code!r}: expected ISO 3166-1 alpha-2 such as BY")
    return tuple(dict.fromkeys(code.upper() for code in given))


def _read_box(viewbox: Sequence[Any]) -> _Box:
    if isinstance(viewbox, str) or len(viewbox) != 2:
        raise GeocoderQueryError("Unsupported format for a bounding box: expected two opposite corners")
    return _Box(*(_read_position(corner) for corner in viewbox))


def _read_position(point: Any) -> LonLat:
    """A position from whatever geopy takes for a point."""
    read = Point(point)
    return LonLat(lon=float(read.longitude), lat=float(read.latitude))
