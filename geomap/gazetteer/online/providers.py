"""What each online service is asked, and what its answers mean; nothing here opens a socket."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import shapely

from geomap.errors import OnlineAnswerError
from geomap.model.geometry import Bbox, farthest_m
from geomap.model.lonlat import LonLat
from geomap.model.vocabulary import Precision

OSM_ATTRIBUTION: Final = "© OpenStreetMap contributors, ODbL 1.0"
_OSM_TYPES: Final = {"node": "n", "way": "w", "relation": "r"}

_COUNTRIES: Final = frozenset({"country"})
_REGIONS: Final = frozenset({"state", "region", "province"})
_DISTRICTS: Final = frozenset({"state_district", "county", "district", "municipality"})
_WATERS: Final = frozenset(
    {"bay", "body_of_water", "fjord", "gulf", "lake", "ocean", "reservoir", "sea", "strait", "water"}
)
_SETTLEMENTS: Final = frozenset(
    {
        "borough",
        "city",
        "hamlet",
        "isolated_dwelling",
        "neighbourhood",
        "quarter",
        "suburb",
        "town",
        "village",
    }
)
# A site this small is known as exactly as a pin can show, as in the curated places.
_EXACT_RADIUS_M: Final = 500.0
# Nominatim draws a box of a few metres round a node, which says nothing of how wide the site is.
_FLOOR_M: Final = 100.0
_BARE_RADIUS_M: Final = 2_000.0
_LONGEST_NAME: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One item of an answer, read: where it lies and what it is.

    `country` is the ISO 3166-1 alpha-2 code of its record, None where it has none. `weight` says how well it
    answers, in any unit.
    """

    id: str
    name: str
    label: str
    kind: str
    precision: Precision
    country: str | None
    position: LonLat
    radius_m: float
    weight: float


class Provider(Protocol):
    """An online service that geopy knows how to ask."""

    name: str
    domain: str
    attribution: str
    licence: str
    interval_s: float
    key_parameter: str | None

    def client(self, *, key: str, **settings: Any) -> Any:
        """The geopy geocoder."""

    def ask(self, client: Any, query: str, *, country: str | None, language: str) -> list[Any]:
        """The items of an answer as they came."""

    def check(self, answer: Any) -> None:
        """Raise `OnlineAnswerError` unless a decoded answer is whole and every item in it can be read."""

    def read(self, item: Any) -> Reading:
        """Read one item; raises `OnlineAnswerError` where it is not of the service's form."""


class Nominatim:
    """The geocoder of OpenStreetMap: the public server, or one of your own.

    Form of the answers: https://nominatim.org/release-docs/latest/api/Output/. At most one request a second
    and a contact: https://operations.osmfoundation.org/policies/nominatim/.
    """

    name = "nominatim"
    domain = "nominatim.openstreetmap.org"
    attribution = OSM_ATTRIBUTION
    licence = "ODbL 1.0"
    interval_s = 1.0
    key_parameter: str | None = None
    _limit = 10

    def client(self, *, key: str, **settings: Any) -> Any:
        """The geopy geocoder; it needs no key."""
        from geopy.geocoders import Nominatim as Client

        del key
        return Client(**settings)

    def ask(self, client: Any, query: str, *, country: str | None, language: str) -> list[Any]:
        """The items of an answer as they came."""
        found = client.geocode(
            query,
            exactly_one=False,
            limit=self._limit,
            addressdetails=True,
            language=language,
            country_codes=country.lower() if country else None,
        )
        return [location.raw for location in found or []]

    def check(self, answer: Any) -> None:
        """Raise `OnlineAnswerError` unless a decoded answer is a list of items that can be read."""
        if isinstance(answer, Mapping) and "error" in answer:
            raise OnlineAnswerError(f"it reports an error: {str(answer['error'])[:200]!r}")
        if not isinstance(answer, list):
            raise OnlineAnswerError(f"expected a list of places, not {_kind_of(answer)}")
        for item in answer:
            self.read(item)

    def read(self, item: Any) -> Reading:
        """Read one item; raises `OnlineAnswerError` where it is not of the documented form."""
        item = _mapping(item, "a place")
        position = _position(item.get("lat"), item.get("lon"))
        label = _text(item, "display_name")
        if not label:
            raise OnlineAnswerError("a place has no display_name")
        type_, address_type = _text(item, "type"), _text(item, "addresstype")
        box = _nominatim_box(item.get("boundingbox"))
        precision, radius_m = _extent(
            {address_type or type_, type_}
            if _text(item, "class") in ("natural", "place")
            else {address_type},
            position,
            box,
        )
        address = _mapping(item.get("address") or {}, "an address")
        return Reading(
            id=_osm_id(item),
            name=_text(item, "name") or _first_part(label),
            label=label,
            kind=(address_type or type_ or "place") if type_ in ("", "yes", "administrative") else type_,
            precision=precision,
            country=_country_code(address.get("country_code")),
            position=position,
            radius_m=radius_m,
            weight=_weight(item.get("importance")),
        )


class OpenCage:
    """OpenCage, a geocoding service over open data, mostly OpenStreetMap; it needs a key.

    Form of the answers: https://opencagedata.com/api#response. One request a second while on trial.
    """

    name = "opencage"
    domain = "api.opencagedata.com"
    attribution = OSM_ATTRIBUTION
    licence = "ODbL 1.0"
    interval_s = 1.0
    key_parameter: str | None = "key"

    def client(self, *, key: str, **settings: Any) -> Any:
        """The geopy geocoder."""
        from geopy.geocoders import OpenCage as Client

        return Client(key, **settings)

    def ask(self, client: Any, query: str, *, country: str | None, language: str) -> list[Any]:
        """The items of an answer as they came."""
        found = client.geocode(
            query,
            exactly_one=False,
            annotations=False,
            language=language,
            country=country.lower() if country else None,
        )
        return [location.raw for location in found or []]

    def check(self, answer: Any) -> None:
        """Raise `OnlineAnswerError` unless a decoded answer has a list of results that can be read."""
        whole = _mapping(answer, "an answer")
        results = whole.get("results")
        status = _mapping(whole.get("status"), "a status")
        if status.get("code") != 200:
            raise OnlineAnswerError(f"it reports status {status.get('code')!r}: {status.get('message')!r}")
        if not isinstance(results, list):
            raise OnlineAnswerError(f"expected a list of results, not {_kind_of(results)}")
        for item in results:
            self.read(item)

    def read(self, item: Any) -> Reading:
        """Read one item; raises `OnlineAnswerError` where it is not of the documented form."""
        item = _mapping(item, "a result")
        geometry = _mapping(item.get("geometry"), "a geometry")
        position = _position(geometry.get("lat"), geometry.get("lng"))
        label = _text(item, "formatted")
        if not label:
            raise OnlineAnswerError("a result has no formatted address")
        components = _mapping(item.get("components") or {}, "components")
        kind = _text(components, "_type") or "place"
        box = None
        if item.get("bounds") is not None:
            bounds = _mapping(item["bounds"], "bounds")
            corners = [_mapping(bounds.get(corner), "a corner") for corner in ("southwest", "northeast")]
            south_west, north_east = (_position(at.get("lat"), at.get("lng")) for at in corners)
            box = (south_west.lon, south_west.lat, north_east.lon, north_east.lat)
        precision, radius_m = _extent({kind}, position, box)
        return Reading(
            id=f"opencage:{position.lat:.7f},{position.lon:.7f}",
            name=_text(components, kind) or _first_part(label),
            label=label,
            kind=kind,
            precision=precision,
            country=_country_code(components.get("country_code")),
            position=position,
            radius_m=radius_m,
            # It has no figure for that: `confidence` says how wide a result is. The order is the ranking.
            weight=1.0,
        )


PROVIDERS: Final[Mapping[str, Provider]] = {provider.name: provider for provider in (Nominatim(), OpenCage())}


def _extent(words: set[str], position: LonLat, box: Bbox | None) -> tuple[Precision, float]:
    """How a place is known, by the words for what it is, and the radius that reaches round its box."""
    reach = farthest_m(position, shapely.box(*box)) if box else _BARE_RADIUS_M
    radius_m = float(math.ceil(max(reach, _FLOOR_M)))
    for kinds, precision in (
        (_COUNTRIES, Precision.COUNTRY),
        (_REGIONS, Precision.REGION),
        (_DISTRICTS, Precision.DISTRICT),
        (_WATERS, Precision.WATERS),
    ):
        if words & kinds:
            return precision, radius_m
    exact = box is not None and not words & _SETTLEMENTS and radius_m <= _EXACT_RADIUS_M
    return (Precision.EXACT if exact else Precision.PLACE), radius_m


def _nominatim_box(written: Any) -> Bbox | None:
    """West, south, east, north of `[south, north, west, east]`, which Nominatim writes as texts."""
    if written is None:
        return None
    if not (isinstance(written, Sequence) and not isinstance(written, str) and len(written) == 4):
        raise OnlineAnswerError("a boundingbox is no list of four numbers")
    south, north, west, east = written
    south_west, north_east = _position(south, west), _position(north, east)
    return (south_west.lon, south_west.lat, north_east.lon, north_east.lat)


def _position(lat: Any, lon: Any) -> LonLat:
    """A position from two numbers, or texts of numbers; never made up."""
    for value in (lat, lon):
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise OnlineAnswerError(f"a coordinate is {_kind_of(value)}, not a number")
    try:
        return LonLat(lon=float(lon), lat=float(lat))
    except ValueError as error:
        raise OnlineAnswerError(f"no valid position: {str(error)[:200]}") from None


def _mapping(value: Any, what: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise OnlineAnswerError(f"{what} is {_kind_of(value)}, not an object")
    return value


def _text(item: Mapping[str, Any], key: str) -> str:
    """A text on one line, empty where there is none."""
    value = item.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise OnlineAnswerError(f"{key} is {_kind_of(value)}, not a text")
    return " ".join(value.split())[:_LONGEST_NAME]


def _country_code(value: Any) -> str | None:
    if value is None:
        return None
    if not (isinstance(value, str) and len(value) == 2 and value.isascii() and value.isalpha()):
        raise OnlineAnswerError(f"country_code {str(value)[:20]!r} is no ISO 3166-1 alpha-2 code")
    return value.upper()


def _osm_id(item: Mapping[str, Any]) -> str:
    """`osm:n123`; what is no object of OpenStreetMap (a postcode) has only the server's own number."""
    letter, number = _OSM_TYPES.get(_text(item, "osm_type")), _whole_number(item.get("osm_id"))
    if letter and number is not None:
        return f"osm:{letter}{number}"
    own = _whole_number(item.get("place_id"))
    if own is None:
        raise OnlineAnswerError("a place has neither osm_type and osm_id nor place_id")
    return f"nominatim:{own}"


def _whole_number(value: Any) -> int | None:
    """A whole number, or the text of one, as older servers write it; None for anything else."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _weight(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return 0.0
    return max(float(value), 0.0)


def _first_part(label: str) -> str:
    return label.split(",")[0].strip() or label


def _kind_of(value: Any) -> str:
    names = {type(None): "missing", bool: "true or false", dict: "an object", list: "a list", str: "a text"}
    return names.get(type(value), "a number" if isinstance(value, int | float) else type(value).__name__)
