"""From a written place (`PlaceSpec`) to a resolved one (`PlaceRef`): every form of `where`."""

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import shapely
from shapely.geometry.base import BaseGeometry

from geomap.errors import AmbiguousPlaceError, EmptyRelationError, GeomapError, PlaceNotFoundError
from geomap.gazetteer import relations
from geomap.gazetteer.answers import vicinity_of
from geomap.gazetteer.borders import Border, border_place
from geomap.gazetteer.resolver import Resolver
from geomap.gazetteer.store import Store
from geomap.model.columns import position_text
from geomap.model.geometry import METRES_A_DEGREE, farthest_m
from geomap.model.lonlat import LonLat
from geomap.model.places import Candidate, Place, PlaceRef
from geomap.model.records import PlaceName, PlaceSpec
from geomap.model.vocabulary import PlaceMethod, PlaceRelation, PlaceRole, Precision

if TYPE_CHECKING:
    from geomap.gazetteer.online import OnlineGeocoder

_RELATIONS: Final = {
    Precision.REGION: PlaceRelation.IN,
    Precision.DISTRICT: PlaceRelation.IN,
    Precision.COUNTRY: PlaceRelation.IN,
    Precision.VICINITY: PlaceRelation.NEAR,
}
_DRAWN_AREAS: Final = frozenset({Precision.REGION, Precision.DISTRICT, Precision.LINE, Precision.WATERS})
_ROUGHEST_M: Final = 100.0
WITHHELD: Final = "place withheld"
_UNPLACED: Final = (PlaceNotFoundError, AmbiguousPlaceError, EmptyRelationError)
_DRAWN_TYPES: Final = ("Point", "LineString", "MultiLineString", "Polygon", "MultiPolygon")


class Placer:
    """Resolves written places for one map.

    `context` are the codes of the countries that the map is about; they decide between namesakes. `online` is
    asked for toponyms that are not found.
    """

    def __init__(
        self,
        store: Store,
        resolver: Resolver,
        context: Collection[str] = (),
        online: "OnlineGeocoder | None" = None,
    ) -> None:
        self._store, self._resolver, self._context, self._online = store, resolver, context, online

    def place(self, spec: PlaceSpec) -> PlaceRef:
        """Resolve one written place.

        Raises
        ------
        PlaceNotFoundError
            If a toponym, region or country in it is not known.
        AmbiguousPlaceError
            If no rule chooses among the places of a name.
        EmptyRelationError
            If a relation leaves nothing, or asks something of a place that has no such thing; and of any place that
            is coarsened, whatever is wrong: the message names neither it nor its position.
        """
        if not spec.is_coarsened:
            return self._place(spec)
        try:
            return self._coarsened(self._place(spec), spec)
        except _UNPLACED as error:
            reason = _reason_withheld(error)
        # Not in the handler: what the error of the fine place says must not travel with this one.
        raise EmptyRelationError(reason)

    def _place(self, spec: PlaceSpec) -> PlaceRef:
        """The place as finely as it is known."""
        ref = self._read(spec)
        if spec.relation is not PlaceRelation.AT and spec.relation is not ref.relation:
            raise EmptyRelationError(
                f"{spec.relation} {ref.name}: that relation cannot be drawn of it; leave it out"
            )
        if spec.precision is not None and spec.precision is not ref.precision:
            ref = self._with_precision(ref, spec.precision)
        if spec.radius_m is not None:
            if not ref.precision.is_point:
                raise EmptyRelationError(
                    f"{ref.name}: a {ref.precision} is as wide as its shape; leave radius_m out"
                )
            ref = replace(ref, radius_m=spec.radius_m)
        if spec.name and spec.place is None:
            ref = replace(ref, native_name="")  # of the country, which the name in the source is not
        return replace(
            ref,
            role=spec.role,
            name=spec.name or ref.name,
            method=spec.method or ref.method,
        )

    # One method a way of writing

    def _read(self, spec: PlaceSpec) -> PlaceRef:
        if spec.lon is not None and spec.lat is not None:
            return self._given_position(spec, LonLat(lon=spec.lon, lat=spec.lat))
        if spec.geometry is not None:
            return self._given_geometry(spec)
        if spec.border is not None:
            return self._border(spec, spec.border)
        if spec.between is not None:
            return self._between(*spec.between)
        if spec.from_ is not None and spec.bearing is not None and spec.distance_km is not None:
            return self._offset(spec.from_, spec.bearing, spec.distance_km)
        if spec.over is not None:
            return self._over(spec.over)
        if spec.near is not None:
            return self._near(spec.near, spec.within_km)
        if spec.place is not None:
            return self._toponym(spec, spec.place)
        if spec.country is not None:
            return self._related(spec, Candidate(place=self._country_place(spec.country), score=1.0))
        raise PlaceNotFoundError(spec.name or "")

    def _toponym(self, spec: PlaceSpec, text: str) -> PlaceRef:
        try:
            found = self._best(text, spec.country)
        except PlaceNotFoundError:
            # What must not be shown to readers is not told to a stranger's server either.
            if self._online is None or spec.is_coarsened:
                raise
            if not (answers := self._online.search(text, country=spec.country)):
                raise
            answer = answers[0]
            asked = f"not in the gazetteer; {answer.provider} said so on {answer.asked_at:%Y-%m-%d}"
            remarks = (*answer.remarks, ("online", f"{answer.label}: {asked}"))
            ref = self._related(spec, answer.candidate)
            return replace(ref, remarks=remarks, note=answer.attribution)
        return replace(self._related(spec, found), remarks=tuple(self._doubts(spec, text, found)))

    def _doubts(self, spec: PlaceSpec, text: str, found: Candidate) -> Iterator[tuple[str, str]]:
        """What makes it worth a look whether this place is meant."""
        place = found.place
        yield from self._resolver.remarks(text)
        if found.by_nickname:
            meant = self._resolver.describe(found)
            yield "other-name", f"{text!r} is but another name of {meant}; check that it is meant"
        named = spec.country is not None or "," in text
        if self._context and not named and place.country and place.country not in self._context:
            meant = f"{place.name} lies in {place.country}, outside the map's countries"
            yield "outside-countries", f"{meant}; name its country if it is meant"

    def _related(self, spec: PlaceSpec, found: Candidate) -> PlaceRef:
        if spec.relation is PlaceRelation.NEAR and found.place.precision is not Precision.VICINITY:
            return self._vicinity(found, None)
        if spec.relation is PlaceRelation.OVER:
            return self._airspace(found)
        return self._at(found)

    def _at(self, found: Candidate) -> PlaceRef:
        place = found.place
        is_drawn = place.precision in _DRAWN_AREAS or place.geometry is not None
        shape = self._resolver.shape(place) if is_drawn else None
        return PlaceRef(
            role=PlaceRole.SITE,
            relation=_RELATIONS.get(place.precision, place.relation),
            precision=place.precision,
            name=place.name,
            native_name=place.native_name,
            method=PlaceMethod.GAZETTEER,
            place_id=place.id or None,
            geonameid=place.geonameid,
            countries=_countries(place),
            position=place.position,
            radius_m=self._resolver.radius_m(place),
            geometry=shape,
            note=place.note,
            candidates=(found,),
        )

    def _country(self, code: str) -> PlaceRef:
        return self._at(Candidate(place=self._country_place(code), score=1.0))

    def _near(self, anchor: PlaceName, within_km: float | None) -> PlaceRef:
        return self._vicinity(self._best(anchor.place, anchor.country), within_km)

    def _vicinity(self, found: Candidate, within_km: float | None) -> PlaceRef:
        place = found.place
        if not place.precision.is_point:
            raise EmptyRelationError(
                f"near {place.name}: it is a {place.kind}, not a place with a surrounding"
            )
        return self._at(replace(found, place=vicinity_of(place, within_km)))

    def _over(self, text: str) -> PlaceRef:
        return self._airspace(self._area(text))

    def _airspace(self, found: Candidate) -> PlaceRef:
        place = found.place
        if place.precision not in (Precision.COUNTRY, Precision.REGION):
            raise EmptyRelationError(
                f"over {place.name}: it is a {place.kind}; expected a country or a region"
            )
        return replace(
            self._at(found),
            relation=PlaceRelation.OVER,
            precision=Precision.WATERS,
            name=f"over {place.name}",
            geometry=self._resolver.shape(place),
        )

    def _border(self, spec: PlaceSpec, sides: list[str]) -> PlaceRef:
        first, second = (self._area(side).place for side in sides)
        near, within = spec.near, spec.within
        place = border_place(
            Border(
                sides=(first, second),
                near=self._best(near.place, near.country).place if near is not None else None,
                within_km=spec.within_km,
                within=self._area(within).place if within is not None else None,
                side=sides.index(spec.side) if spec.side is not None else None,
                depth_km=spec.depth_km,
            ),
            self._resolver.shape,
        )
        return replace(self._at(Candidate(place=place, score=1.0)), candidates=())

    def _between(self, first: PlaceName, second: PlaceName) -> PlaceRef:
        ends = [self._best(end.place, end.country).place for end in (first, second)]
        names = " and ".join(end.name for end in ends)
        for end in ends:
            if not end.precision.is_point:
                raise EmptyRelationError(f"between {names}: {end.name} is a {end.kind}, not a place")
        try:
            geometry, middle = relations.stretch_between(ends[0].position, ends[1].position)
        except EmptyRelationError as error:
            raise EmptyRelationError(f"between {names}: {error}") from error
        return self._area_ref(
            geometry,
            name=f"between {names}",
            precision=Precision.LINE,
            relation=PlaceRelation.BETWEEN,
            countries=tuple(sorted({end.country for end in ends if end.country})),
            middle=middle,
        )

    def _offset(self, anchor: PlaceName, bearing: float, distance_km: float) -> PlaceRef:
        place = self._best(anchor.place, anchor.country).place
        if not place.precision.is_point:
            raise EmptyRelationError(f"from {place.name}: it is a {place.kind}, not a place to measure from")
        position, radius = relations.offset_point(
            place.position, bearing=bearing, distance_km=distance_km, radius_m=place.radius_m or 0
        )
        return PlaceRef(
            role=PlaceRole.SITE,
            relation=PlaceRelation.NEAR,
            precision=Precision.VICINITY,
            name=f"{distance_km:g} km {relations.wind_name(bearing)} of {place.name}",
            method=PlaceMethod.GAZETTEER,
            countries=self._countries_given(None, position, []),
            position=position,
            radius_m=round(radius),
        )

    def _given_position(self, spec: PlaceSpec, position: LonLat) -> PlaceRef:
        # A coordinate written with few digits claims no more than those digits.
        digits = min(decimals(position.lon), decimals(position.lat))
        remarks: list[tuple[str, str]] = []
        if text := bare_text(spec):
            remarks.append(("bare-position", text))
        if spec.precision is not None and not spec.precision.is_point:
            raise EmptyRelationError(
                f"a position cannot be of precision {spec.precision}; name the area instead"
            )
        return PlaceRef(
            role=spec.role,
            relation=PlaceRelation.AT,
            precision=spec.precision or Precision.PLACE,
            name=spec.name or spec.place or position_text(position.lon, position.lat),
            method=spec.method or PlaceMethod.GIVEN,
            countries=self._countries_given(spec.country, position, remarks),
            position=position,
            radius_m=spec.radius_m or least_radius(digits),
            remarks=tuple(remarks),
        )

    def _given_geometry(self, spec: PlaceSpec) -> PlaceRef:
        geometry = _read_geometry(spec.geometry or {})
        if geometry.geom_type not in _DRAWN_TYPES:
            expected = ", ".join(_DRAWN_TYPES)
            raise EmptyRelationError(f"geometry: a {geometry.geom_type} is not drawn; expected {expected}")
        if geometry.geom_type == "Point":
            return self._given_position(spec, LonLat(lon=geometry.x, lat=geometry.y))
        if spec.precision is not None and spec.precision.is_point:
            raise EmptyRelationError(f"a {geometry.geom_type} cannot be of precision {spec.precision}")
        return replace(
            self._area_ref(
                geometry,
                name=spec.name or spec.place or "drawn area",
                precision=spec.precision or Precision.LINE,
                relation=PlaceRelation.IN,
                countries=(spec.country,) if spec.country else (),
                middle=relations.middle(geometry),
            ),
            method=spec.method or PlaceMethod.GIVEN,
        )

    # Shared

    def _countries_given(
        self, stated: str | None, position: LonLat, remarks: list[tuple[str, str]]
    ) -> tuple[str, ...]:
        """The country of a given position: the one stated, if it may lie there, else the one that holds it.

        Beside a border the drawn line does not decide; there the country must be stated.
        """
        near = self._store.countries_near(position)
        if stated is not None:
            self._country_place(stated)
            if stated in near:
                return (stated,)
            written = f"lon {position.lon:g}, lat {position.lat:g}"
            if self._lies_swapped(position, stated):
                text = "are they swapped? If not, leave the country out"
                raise EmptyRelationError(
                    f"{written} is not in {stated}, but would be the other way round: {text}"
                )
            if near:
                raise EmptyRelationError(f"{written} is not in {stated} but in {near[0]}")
            return (stated,)
        if len(near) > 1:
            remarks.append(("border-position", border_text(near)))
            return ()
        return tuple(near)

    def _lies_swapped(self, position: LonLat, country: str) -> bool:
        if abs(position.lon) > 90:
            return False
        return country in self._store.countries_near(LonLat(lon=position.lat, lat=position.lon))

    def _best(self, text: str, country: str | None) -> Candidate:
        return self._resolver.best(text, country=country, context=self._context)

    def _area(self, text: str) -> Candidate:
        """A country by code, or a country or region by name."""
        if len(text) == 2 and text.isupper():
            return Candidate(place=self._country_place(text), score=1.0)
        found = [
            candidate
            for candidate in self._resolver.candidates(text, context=self._context)
            if candidate.place.precision in (Precision.COUNTRY, Precision.REGION)
        ]
        if not found:
            raise PlaceNotFoundError(text, suggestions=self._resolver.suggestions(text))
        if self._resolver.is_ambiguous(found):
            raise AmbiguousPlaceError(text, [self._resolver.describe(candidate) for candidate in found[:4]])
        return found[0]

    def _country_place(self, code: str) -> Place:
        try:
            return self._resolver.country_place(code)
        except KeyError:
            raise PlaceNotFoundError(f"country {code}") from None

    def _area_ref(
        self,
        geometry: BaseGeometry,
        *,
        name: str,
        precision: Precision,
        relation: PlaceRelation,
        countries: tuple[str, ...],
        middle: LonLat,
    ) -> PlaceRef:
        return PlaceRef(
            role=PlaceRole.SITE,
            relation=relation,
            precision=precision,
            name=name,
            method=PlaceMethod.GAZETTEER,
            countries=countries,
            position=middle,
            radius_m=math.ceil(farthest_m(middle, geometry)),
            geometry=geometry,
        )

    def _with_precision(self, ref: PlaceRef, precision: Precision) -> PlaceRef:
        """A finer or coarser word for how a place is known, among words of the same kind of drawing."""
        # What is known as a surrounding is not known as a place because somebody says so.
        finer = ref.precision is Precision.VICINITY
        if ref.precision.is_point and precision.is_point and not finer:
            return replace(ref, precision=precision)
        drawn = {Precision.DISTRICT, Precision.REGION, Precision.LINE, Precision.WATERS}
        if ref.geometry is not None and {ref.precision, precision} <= drawn:
            return replace(ref, precision=precision)
        raise EmptyRelationError(
            f"{ref.name} is known as {ref.precision}; it cannot be of precision {precision}"
        )

    def _coarsened(self, ref: PlaceRef, spec: PlaceSpec) -> PlaceRef:
        """What may be shown of a place whose exact site must not be; the finer name goes as well."""
        shown = self._wider(ref, spec)
        is_finer = shown.place_id is None or (shown.place_id, shown.name) != (ref.place_id, ref.name)
        return replace(shown, is_coarsened=is_finer)

    def _wider(self, ref: PlaceRef, spec: PlaceSpec) -> PlaceRef:
        # Where one country cannot be told, nothing coarser can be shown that is not false.
        if spec.publish_precision == "none" or ref.position is None or len(ref.countries) != 1:
            return PlaceRef.unresolved(spec.role, WITHHELD)
        code = ref.countries[0]
        # A country, or an area that no one region holds, is known no finer than its country.
        if spec.publish_precision == "region" and ref.precision is not Precision.COUNTRY:
            for region_id in self._store.regions_of(ref.position, code):
                if ref.geometry is None or self._store.region_shape(region_id).covers(ref.geometry):
                    region = self._resolver.region_place(region_id)
                    return replace(self._at(Candidate(place=region, score=1.0)), role=spec.role)
        return replace(self._country(code), role=spec.role)


def _reason_withheld(error: GeomapError) -> str:
    """Why a place cannot be settled that may not be told."""
    if isinstance(error, PlaceNotFoundError):
        return (
            "no place of this name is known (the name is withheld, and asked of no online service); give lon and lat, "
            "or add it to a gazetteer file of your own"
        )
    if isinstance(error, AmbiguousPlaceError):
        return "several places have this name (withheld; geomap resolve lists them): name the country or the region"
    text = "this place cannot be drawn as it is written, and why is withheld, since it would name the place"
    return f"{text}; check its country, lon and lat (in this order), precision, radius_m and relation"


def border_text(near: Sequence[str]) -> str:
    """What to say of a position that may lie in any of these countries."""
    return f"a position beside the border of {' and '.join(near)}: add its country"


def bare_text(spec: PlaceSpec) -> str:
    """What to say of a position without its precision or method; empty for any other."""
    given = {"precision": spec.precision, "method": spec.method}
    missing = " and ".join(key for key, value in given.items() if value is None)
    return f"a bare position: add {missing}, so that readers know how it is known" if missing else ""


def least_radius(decimals: int) -> int:
    """Metres within which a position lies that is given with so many decimals of a degree."""
    return round(max(METRES_A_DEGREE * 10.0**-decimals, _ROUGHEST_M))


def _countries(place: Place) -> tuple[str, ...]:
    """The country of a place; both of a border's."""
    if place.country is None and place.relation is not PlaceRelation.AT:
        return place.recorded_countries
    return (place.country,) if place.country else ()


def _read_geometry(mapping: dict[str, object]) -> BaseGeometry:
    try:
        geometry = shapely.geometry.shape(mapping)
    except Exception as error:
        # shapely raises what its parts raise (KeyError, TypeError, GEOSException …) on a malformed mapping.
        raise EmptyRelationError(f"geometry is not GeoJSON: {error}") from error
    if geometry.is_empty or not geometry.is_valid:
        raise EmptyRelationError(f"geometry: {shapely.is_valid_reason(geometry)}")
    west, south, east, north = geometry.bounds
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise EmptyRelationError("geometry reaches outside -180..180, -90..90; GeoJSON is lon before lat")
    return geometry


def decimals(value: float) -> int:
    """The decimals with which a number is written."""
    return len(repr(value).partition(".")[2].rstrip("0")) if "e" not in repr(value) else 6
