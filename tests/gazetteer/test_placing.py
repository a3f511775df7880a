"""Every way of writing `where`, and what becomes of it: geometry, precision, countries, and nothing finer."""

from typing import Any

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from geomap.errors import AmbiguousPlaceError, EmptyRelationError, PlaceNotFoundError
from geomap.gazetteer import read_gazetteer
from geomap.gazetteer.placing import Placer
from geomap.gazetteer.store import Store
from geomap.model.geometry import farthest_m
from geomap.model.places import PlaceRef
from geomap.model.records import PlaceSpec

GEOD = Geod(ellps="WGS84")
GAZETTEER = read_gazetteer()


@pytest.fixture(scope="module")
def placer() -> Placer:
    return GAZETTEER.placer(["BY", "PL", "RU", "UA", "LT", "LV"])


@pytest.fixture(scope="module")
def store() -> Store:
    return GAZETTEER.store


def put(placer: Placer, **keys: Any) -> PlaceRef:
    """Resolve a place written with some keys; `from` is written `from_`."""
    return placer.place(PlaceSpec.model_validate({key.rstrip("_"): value for key, value in keys.items()}))


def kilometres(line: Any) -> float:
    """The geodesic length of a line."""
    return float(GEOD.geometry_length(line)) / 1000


# Toponyms, regions, countries


def test_a_city_is_a_named_place_at_its_record(placer: Placer) -> None:
    ref = put(placer, place="Grodno")
    assert (ref.precision, ref.relation, ref.role, ref.method) == ("place", "at", "site", "gazetteer")
    assert (ref.place_id, ref.geonameid, ref.countries) == ("gn:627904", 627904, ("BY",))
    assert ref.position is not None
    assert GEOD.inv(*ref.position.geojson, 23.829, 53.676)[2] < 3000
    assert ref.geometry is None
    assert ref.native_name == "Гродна"


def test_a_region_is_its_polygon(placer: Placer, store: Store) -> None:
    ref = put(placer, place="Kursk Region, Russia")
    assert (ref.precision, ref.relation, ref.place_id) == ("region", "in", "ne:RU-KRS")
    assert ref.geometry is not None
    assert ref.geometry.equals(store.region_shape("RU-KRS"))
    assert ref.geometry.contains(shapely.Point(36.19, 51.73))  # the city of Kursk
    # about 29,997 km² by the statistics office
    assert abs(GEOD.geometry_area_perimeter(ref.geometry)[0]) / 1e6 == pytest.approx(30_000, rel=0.03)
    assert ref.radius_m is not None
    assert 130_000 < ref.radius_m < 170_000


def test_a_country_is_known_as_a_country_and_has_no_geometry(placer: Placer) -> None:
    for ref in (put(placer, country="BY"), put(placer, place="Belarus")):
        assert (ref.precision, ref.place_id, ref.countries, ref.geometry) == (
            "country",
            "ne:BY",
            ("BY",),
            None,
        )


def test_an_unspecified_range_is_the_country_and_its_name_is_never_looked_up(placer: Placer) -> None:
    for name in ("unspecified range", "Ashuluk", "Kursk", "London"):
        ref = put(placer, name=name, country="RU", role="destination")
        assert (ref.name, ref.precision, ref.place_id) == (name, "country", "ne:RU")
        assert (ref.role, ref.geometry, ref.native_name) == ("destination", None, "")


def test_a_name_alone_says_nothing_that_could_be_drawn(placer: Placer) -> None:
    with pytest.raises(ValueError, match="name is never looked up"):
        put(placer, name="Kursk")


def test_a_name_beside_a_toponym_is_what_people_read(placer: Placer) -> None:
    ref = put(placer, place="Kuźnica", country="PL", name="Kuznica")
    assert (ref.name, ref.place_id, ref.native_name) == ("Kuznica", "gn:766927", "Kuźnica")


# Near, over, from


@pytest.mark.parametrize(
    "written",
    [{"near": "Kuźnica"}, {"near": {"place": "Kuźnica", "country": "PL"}},
     {"place": "Kuźnica", "relation": "near"}, {"place": "near Kuźnica", "country": "PL"}],
)  # fmt: skip
def test_near_is_a_circle_of_ten_kilometres_round_the_place(placer: Placer, written: dict[str, Any]) -> None:
    ref = put(placer, **written)
    assert (ref.precision, ref.relation, ref.name) == ("vicinity", "near", "near Kuźnica")
    assert (ref.radius_m, ref.place_id, ref.geometry) == (10_000, "gn:766927", None)


def test_near_takes_another_radius_and_is_never_smaller_than_the_place(placer: Placer) -> None:
    assert put(placer, near="Kuźnica", within_km=3).radius_m == 3000
    wide = put(placer, near="Ashuluk range")
    assert wide.radius_m is not None
    assert wide.radius_m > 10_000


def test_over_is_the_airspace_of_an_area(placer: Placer, store: Store) -> None:
    for written in ({"over": "Belarus"}, {"over": "BY"}, {"place": "Belarus", "relation": "over"}):
        ref = put(placer, **written)
        assert (ref.precision, ref.relation, ref.name) == ("waters", "over", "over Belarus")
        assert ref.geometry is not None
        assert ref.geometry.equals(store.country_shape("BY"))
    assert put(placer, over="Kursk Region").place_id == "ne:RU-KRS"


@pytest.mark.parametrize("bearing", [0, 45, 90, 200.5, 360])
@pytest.mark.parametrize("distance_km", [5, 30, 180])
def test_thirty_kilometres_east_of_is_measured_on_the_ellipsoid(
    placer: Placer, bearing: float, distance_km: float
) -> None:
    anchor = put(placer, place="Kursk")
    ref = put(placer, from_="Kursk", bearing=bearing, distance_km=distance_km)
    assert ref.position is not None
    assert anchor.position is not None
    azimuth, _, away = GEOD.inv(*anchor.position.geojson, *ref.position.geojson)
    assert away == pytest.approx(distance_km * 1000)
    assert (azimuth - bearing + 180) % 360 - 180 == pytest.approx(0, abs=1e-6)
    assert (ref.precision, ref.relation, ref.place_id) == ("vicinity", "near", None)
    assert ref.radius_m == pytest.approx(max(anchor.radius_m or 0, distance_km * 200), abs=1)
    assert ref.name.startswith(f"{distance_km} km ")
    assert ref.name.endswith(" of Kursk")


# Borders


@pytest.mark.parametrize(
    ("sides", "least_km", "most_km"),
    # Drawn borders smooth the bends: the official lengths are 398, 1,084, 679, 173 and 1,974 km.
    [(["BY", "PL"], 300, 400), (["BY", "UA"], 800, 1090), (["BY", "LT"], 440, 680), (["BY", "LV"], 120, 175),
     (["RU", "UA"], 1400, 1980)],
)  # fmt: skip
def test_a_border_is_the_line_that_two_countries_share(
    placer: Placer, store: Store, sides: list[str], least_km: float, most_km: float
) -> None:
    ref, turned = put(placer, border=sides), put(placer, border=sides[::-1])
    assert (ref.precision, ref.relation, ref.countries) == ("line", "along", tuple(sorted(sides)))
    assert ref.geometry is not None
    assert ref.geometry.geom_type in ("LineString", "MultiLineString")
    assert least_km < kilometres(ref.geometry) < most_km
    for code in sides:
        assert ref.geometry.difference(store.country_shape(code).boundary.buffer(1e-6)).length < 1e-9
    assert turned.geometry is not None
    assert turned.geometry.equals(ref.geometry)
    assert ref.position is not None
    assert turned.position is not None
    assert turned.position.geojson == pytest.approx(ref.position.geojson)
    assert ref.geometry.distance(shapely.Point(*ref.position.geojson)) < 1e-9


def test_a_stretch_of_border_ends_at_its_circle(placer: Placer) -> None:
    whole = put(placer, border=["BY", "PL"]).geometry
    for within_km in (5, 20, None):
        ref = put(
            placer, border=["BY", "PL"], near={"place": "Kuźnica", "country": "PL"}, within_km=within_km
        )
        anchor = put(placer, place="Kuźnica").position
        assert ref.geometry is not None
        assert whole is not None
        assert anchor is not None
        assert ref.geometry.difference(whole.buffer(1e-7)).length < 1e-9
        for point in shapely.get_coordinates(ref.geometry):
            assert GEOD.inv(*anchor.geojson, *point)[2] <= (within_km or 10) * 1000 * 1.001
        assert ref.note == f"drawn within {within_km or 10} km of Kuźnica"
    assert kilometres(ref.geometry) > 15  # it runs on both sides of the village


@pytest.mark.parametrize("side", ["BY", "PL"])
@pytest.mark.parametrize("depth_km", [None, 2, 20])
def test_the_side_of_a_border_is_a_strip_in_that_country(
    placer: Placer, store: Store, side: str, depth_km: float | None
) -> None:
    ref = put(placer, border=["BY", "PL"], side=side, depth_km=depth_km)
    assert (ref.precision, ref.countries) == ("line", (side,))
    assert ref.geometry is not None
    assert ref.geometry.geom_type in ("Polygon", "MultiPolygon")
    assert ref.geometry.difference(store.country_shape(side).buffer(1e-7)).area < 1e-9
    line = put(placer, border=["BY", "PL"]).geometry
    assert line is not None
    area = abs(sum(GEOD.geometry_area_perimeter(part)[0] for part in shapely.get_parts([ref.geometry]))) / 1e6
    # Bends make a strip narrower than length times depth, on one side or the other.
    assert 0.6 < area / (kilometres(line) * (depth_km or 5)) < 1.3


def test_a_border_is_clipped_to_a_region(placer: Placer, store: Store) -> None:
    ref = put(placer, border=["BY", "PL"], within="Grodno Region, Belarus")
    rest = put(placer, border=["BY", "PL"], within="Brest Region")
    whole = put(placer, border=["BY", "PL"])
    assert ref.geometry is not None
    assert ref.geometry.difference(store.region_shape("BY-HR").buffer(2e-4)).length < 1e-9
    assert kilometres(ref.geometry) + kilometres(rest.geometry) == pytest.approx(
        kilometres(whole.geometry), abs=0.1
    )
    assert ref.countries == ("BY", "PL")


def test_regions_have_borders_with_regions_and_with_countries(placer: Placer) -> None:
    ref = put(placer, border=["Kursk Region", "Sumy Region"], side="Kursk Region")
    assert ref.countries == ("RU",)
    assert ref.name == "Kursk Region–Sumy Region border, Kursk Region side"
    # Sudzha stands some 8 km inside the Russian border.
    assert ref.geometry is not None
    assert 0 < ref.geometry.distance(shapely.Point(35.271, 51.191)) < 0.1
    one = put(placer, border=["Grodno Region", "PL"]).geometry
    other = put(placer, border=["BY", "PL"], within="Grodno Region").geometry
    assert one is not None
    assert other is not None
    assert kilometres(one) == pytest.approx(kilometres(other), abs=0.1)
    within_one_country = put(placer, border=["Crimea", "Kherson Region"])
    assert within_one_country.countries == ("UA",)


def test_between_two_places_is_a_blob_that_touches_both(placer: Placer) -> None:
    ref = put(placer, between=["Minsk", {"place": "Warsaw", "country": "PL"}])
    assert (ref.precision, ref.relation, ref.countries) == ("line", "between", ("BY", "PL"))
    assert ref.geometry is not None
    for lon, lat in ((27.57, 53.9), (21.01, 52.23)):
        assert ref.geometry.contains(shapely.Point(lon, lat))
    assert not ref.geometry.contains(shapely.Point(23.72, 52.11))  # Brest lies off the straight way


# Given positions and shapes


@pytest.mark.parametrize(
    ("lon", "lat", "radius"),
    [(23.0, 53.0, 111_320), (23.2, 53.15, 11_132), (23.25, 53.15, 1_113), (23.2512, 53.1512, 100)],
)
def test_a_bare_position_is_no_finer_than_its_digits_and_asks_how_it_is_known(
    placer: Placer, lon: float, lat: float, radius: float
) -> None:
    ref = put(placer, lon=lon, lat=lat)
    assert (ref.precision, ref.method, ref.geometry) == ("place", "given", None)
    assert ref.radius_m == pytest.approx(radius, rel=0.01)
    text = "a bare position: add precision and method, so that readers know how it is known"
    assert ref.remarks == (("bare-position", text),)


def test_a_position_with_precision_and_method_needs_no_remark(placer: Placer) -> None:
    ref = put(placer, lon=23.25, lat=53.15, precision="exact", method="geolocated", radius_m=30, name="gate")
    assert (ref.precision, ref.method, ref.radius_m, ref.name) == ("exact", "geolocated", 30, "gate")
    assert ref.remarks == ()


def test_a_given_shape_is_drawn_as_given(placer: Placer) -> None:
    square = {"type": "Polygon", "coordinates": [[[23, 53], [24, 53], [24, 54], [23, 54], [23, 53]]]}
    ref = put(placer, geometry=square, name="box", precision="district")
    assert (ref.precision, ref.name, ref.method) == ("district", "box", "given")
    assert ref.geometry is not None
    assert ref.geometry.equals(shapely.box(23, 53, 24, 54))
    point = put(placer, geometry={"type": "Point", "coordinates": [23.65, 53.55]})
    assert (point.precision, point.geometry) == ("place", None)


@pytest.mark.parametrize(
    ("geometry", "words"),
    [
        ({"type": "MultiPoint", "coordinates": [[23, 53], [24, 54]]}, "a MultiPoint is not drawn"),
        ({"type": "GeometryCollection", "geometries": []}, "geometry"),
        ({"type": "Polygon", "coordinates": []}, "geometry"),
        ({"type": "Polygon"}, "geometry is not GeoJSON"),
        ({"type": "Circle", "coordinates": [1, 2]}, "geometry is not GeoJSON"),
        ({"type": "LineString", "coordinates": [[23, 53], [200, 53]]}, "reaches outside"),
        ({"type": "LineString", "coordinates": [[53, 23], [23, 123]]}, "reaches outside"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]}, "Self-intersection"),
    ],
)
def test_a_shape_that_cannot_be_drawn_is_refused(
    placer: Placer, geometry: dict[str, Any], words: str
) -> None:
    with pytest.raises(EmptyRelationError, match=words):
        put(placer, geometry=geometry)


# Overrides, and what must be withheld


def test_radius_and_precision_may_be_overridden_among_points(placer: Placer) -> None:
    ref = put(placer, place="Minsk", precision="vicinity", radius_m=500, method="analyst", role="target")
    assert (ref.precision, ref.radius_m, ref.method, ref.role) == ("vicinity", 500, "analyst", "target")
    region = put(placer, place="Kursk Region", precision="district")
    assert region.precision == "district"
    assert region.radius_m is not None
    assert region.radius_m > 100_000  # the reach of an area is its own


@pytest.mark.parametrize(
    ("written", "precision"),
    [({"place": "Kursk Region"}, "exact"), ({"place": "Kursk Region"}, "place"),
     ({"country": "RU"}, "region"), ({"country": "RU"}, "exact"), ({"border": ["BY", "PL"]}, "exact"),
     ({"over": "Belarus"}, "vicinity"), ({"place": "Minsk"}, "region"),
     ({"lon": 23.6, "lat": 53.5}, "region")],
)  # fmt: skip
def test_no_area_is_ever_made_a_pin_nor_a_pin_an_area(
    placer: Placer, written: dict[str, Any], precision: str
) -> None:
    with pytest.raises(EmptyRelationError, match="cannot be of precision"):
        put(placer, **written, precision=precision)


SECRETS: list[dict[str, Any]] = [
    {"place": "Bobrowniki", "country": "PL", "name": "safe house"},
    {"near": "Kuźnica"},
    {"lon": 23.16, "lat": 53.13, "precision": "exact", "method": "geolocated", "name": "safe house"},
    {"from_": "Białystok", "bearing": 45, "distance_km": 5},
]


def shown(ref: PlaceRef) -> str:
    """Everything that a resolved place says."""
    return repr(ref)


@pytest.mark.parametrize("written", SECRETS)
@pytest.mark.parametrize(
    ("publish", "precision", "place_id"),
    [("region", "region", "ne:PL-PD"), ("country", "country", "ne:PL"), ("none", "none", None)],
)
def test_what_is_withheld_leaves_neither_name_nor_position(
    placer: Placer, written: dict[str, Any], publish: str, precision: str, place_id: str | None
) -> None:
    fine = put(placer, **written)
    ref = put(placer, **written, publish_precision=publish, role="target")
    assert (ref.precision, ref.place_id, ref.role) == (precision, place_id, "target")
    for word in ("Bobrowniki", "Kuźnica", "Białystok", "safe house", "775774", "766927"):
        assert word not in shown(ref)
    assert fine.position is not None
    assert str(fine.position.lon) not in shown(ref)
    assert str(fine.position.lat) not in shown(ref)
    assert ref.remarks == ()
    if publish == "none":
        assert (ref.position, ref.geometry, ref.countries) == (None, None, ())


@pytest.mark.parametrize(
    ("written", "place_id"),
    [({"country": "RU"}, "ne:RU"), ({"name": "a range", "country": "RU"}, "ne:RU"),
     ({"over": "Belarus"}, "ne:BY"), ({"border": ["BY", "PL"]}, None),
     ({"place": "Kursk Region"}, "ne:RU-KRS"), ({"over": "Kursk Region"}, "ne:RU-KRS")],
)  # fmt: skip
def test_withholding_never_makes_a_place_finer(
    placer: Placer, written: dict[str, Any], place_id: str | None
) -> None:
    ref = put(placer, **written, publish_precision="region")
    assert ref.place_id == place_id
    assert "a range" not in shown(ref)


# Errors


@pytest.mark.parametrize(
    ("written", "error", "words"),
    [
        ({"place": "Grodnoo"}, PlaceNotFoundError, "did you mean Grodno"),
        ({"place": "Kuźnica", "country": "FR"}, PlaceNotFoundError, "no place called"),
        ({"place": "Springfield"}, AmbiguousPlaceError, "name the country or the region as well"),
        ({"country": "ZZ"}, PlaceNotFoundError, "ZZ"),
        ({"over": "Minsk"}, AmbiguousPlaceError, "City of Minsk"),
        ({"over": "Kuźnica"}, PlaceNotFoundError, "Kuźnica"),
        ({"over": "Atlantis"}, PlaceNotFoundError, "Atlantis"),
        ({"near": "Kursk Region"}, EmptyRelationError, "it is a region"),
        ({"near": "Russia"}, EmptyRelationError, "it is a country"),
        ({"border": ["BY", "FR"]}, EmptyRelationError, "they do not touch"),
        ({"border": ["RU", "US"]}, EmptyRelationError, "Russia–United States border"),
        ({"border": ["BY", "Belarus"]}, EmptyRelationError, "no border between them"),
        ({"border": ["BY", "Grodno Region"]}, EmptyRelationError, "one lies in the other"),
        ({"border": ["BY", "PL"], "near": "Minsk"}, EmptyRelationError, "no part of it lies within 10 km"),
        ({"border": ["BY", "PL"], "near": "Kursk Region"}, EmptyRelationError, "it is a region"),
        (
            {"border": ["BY", "PL"], "within": "Kursk Region"},
            EmptyRelationError,
            "no part of it lies in that region",
        ),
        ({"between": ["Minsk", "Minsk"]}, EmptyRelationError, "same place"),
        ({"between": ["Minsk", "Kursk Region"]}, EmptyRelationError, "Kursk Region is a region"),
        (
            {"from_": "Kursk Region", "bearing": 90, "distance_km": 3},
            EmptyRelationError,
            "not a place to measure",
        ),
        ({"place": "Minsk", "relation": "over"}, EmptyRelationError, "expected a country or a region"),
    ],
)
def test_what_leaves_nothing_to_draw_is_an_error_in_plain_words(
    placer: Placer, written: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        put(placer, **written)


def test_the_context_of_the_map_decides_where_the_place_does_not() -> None:
    assert put(GAZETTEER.placer(["FR"]), place="Brest").countries == ("FR",)
    assert put(GAZETTEER.placer(["BY"]), place="Brest").countries == ("BY",)


# Properties

NEIGHBOURS = st.sampled_from(
    [
        ("BY", "PL"),
        ("BY", "UA"),
        ("BY", "LT"),
        ("BY", "LV"),
        ("RU", "UA"),
        ("PL", "UA"),
        ("EE", "LV"),
        ("MD", "UA"),
    ]
)


@given(NEIGHBOURS, st.floats(0.5, 40))
@settings(max_examples=25)
def test_a_border_is_the_same_from_both_sides_and_each_strip_keeps_to_its_own(
    sides: tuple[str, str], depth_km: float
) -> None:
    placer, (first, second) = GAZETTEER.placer(), sides
    one, other = (put(placer, border=pair).geometry for pair in ([first, second], [second, first]))
    assert one is not None
    assert other is not None
    assert one.equals(other)
    strips = [put(placer, border=[first, second], side=side, depth_km=depth_km).geometry for side in sides]
    assert strips[0] is not None
    assert strips[1] is not None
    assert strips[0].intersection(strips[1]).area < 1e-9
    for strip, code in zip(strips, sides, strict=True):
        assert strip is not None
        assert strip.difference(GAZETTEER.store.country_shape(code).buffer(1e-7)).area < 1e-9
        assert strip.is_valid


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ({"place": "Kyiv", "country": "UA", "relation": "toward"}, "toward Kyiv"),
        ({"place": "Kyiv", "country": "UA", "relation": "between"}, "between Kyiv"),
        ({"country": "PL", "relation": "near"}, "near Poland"),
        ({"near": "Lida", "precision": "exact"}, "known as vicinity"),
        ({"place": "Kursk Region", "radius_m": 5}, "as wide as its shape"),
        ({"lon": 37.6, "lat": 55.75, "country": "PL"}, "not in PL but in RU"),
        (
            {"lon": 53.9, "lat": 27.5, "country": "BY"},
            "not in BY, but would be the other way round: are they swapped",
        ),
        # In the Persian Gulf, where no land contradicts.
        ({"lon": 52.1, "lat": 26.1, "country": "BY"}, "not in BY, but would be the other way round"),
    ],
)
def test_what_would_be_a_false_pin_is_refused(placer: Placer, written: dict[str, Any], why: str) -> None:
    with pytest.raises(EmptyRelationError, match=why):
        put(placer, **written)


def test_a_country_may_be_flown_over_by_its_code(placer: Placer) -> None:
    ref = put(placer, country="BY", relation="over")
    assert (ref.precision, ref.name, ref.geometry is not None) == ("waters", "over Belarus", True)


def test_beside_a_generalised_border_a_position_has_the_country_that_is_stated(placer: Placer) -> None:
    bare = put(placer, lon=23.6495, lat=53.5109, precision="exact", method="geolocated")
    assert bare.countries == ()
    assert [code for code, _ in bare.remarks] == ["border-position"]
    stated = put(placer, lon=23.6495, lat=53.5109, precision="exact", method="geolocated", country="PL")
    assert (stated.countries, stated.remarks) == (("PL",), ())


def test_a_strip_reaches_no_farther_than_the_stretch_it_lies_along(placer: Placer) -> None:
    centre = put(placer, place="Kuźnica", country="PL").position
    ref = put(placer, border=["BY", "PL"], near={"place": "Kuźnica", "country": "PL"}, within_km=5, side="BY")
    assert centre is not None
    assert ref.geometry is not None
    assert farthest_m(centre, ref.geometry) < 5_100


def test_near_in_a_text_is_the_vicinity_for_the_resolver_as_well() -> None:
    best = GAZETTEER.resolver.candidates("near Kuźnica, Poland")[0].place
    assert (best.precision, best.name, best.radius_m) == ("vicinity", "near Kuźnica", 10_000)
    assert GAZETTEER.resolver.candidates("near Kursk Region") == []


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ({"place": "Grodno"}, []),
        ({"place": "Astana"}, ["outside-countries"]),
        ({"place": "Astana", "country": "KZ"}, []),
        ({"place": "Astana, Kazakhstan"}, []),
        ({"place": "Rowno"}, ["other-name"]),
    ],
)
def test_a_place_worth_a_second_look_is_remarked_on(
    placer: Placer, written: dict[str, Any], codes: list[str]
) -> None:
    assert [code for code, _ in put(placer, **written).remarks] == codes
