"""Descriptions in four languages to places: what is answered, how finely, by which rule, and where."""

from dataclasses import dataclass

import pytest
import shapely
from pyproj import Geod

from geomap.gazetteer import PlaceData, Resolver, read_gazetteer
from geomap.model.geometry import farthest_m, lines_of
from geomap.model.places import Candidate, Match
from geomap.model.vocabulary import PlaceRelation, Precision

GEOD = Geod(ellps="WGS84")


@pytest.fixture(scope="module")
def gazetteer() -> PlaceData:
    return read_gazetteer()


@pytest.fixture(scope="module")
def resolver(gazetteer: PlaceData) -> Resolver:
    return gazetteer.resolver


def first(resolver: Resolver, text: str, country: str | None = None) -> Candidate:
    """The best candidate of a text."""
    found = resolver.candidates(text, country=country)
    assert found, text
    return found[0]


def away_km(candidate: Candidate, lon: float, lat: float) -> float:
    """Kilometres on the ellipsoid from a candidate to a position."""
    return float(GEOD.inv(*candidate.place.position.geojson, lon, lat)[2]) / 1000


@dataclass(frozen=True)
class Meant:
    """What a text means: id or name, precision, rule, and a position that lies within so many kilometres."""

    place: str
    precision: str
    rule: str
    lon: float
    lat: float
    within_km: float


# Positions are those of town halls and of the middle of districts, read off maps, not of the gazetteer.
MEANINGS = {
    # in the surroundings of a place
    "near Grodno": Meant("gn:627904", "vicinity", "near", 23.83, 53.68, 3),
    "outside Grodno": Meant("gn:627904", "vicinity", "near", 23.83, 53.68, 3),
    "near Kuźnica": Meant("gn:766927", "vicinity", "near", 23.65, 53.51, 3),
    "on the outskirts of Minsk": Meant("gn:625144", "vicinity", "near", 27.56, 53.90, 3),
    "in the vicinity of Lida": Meant("gn:626081", "vicinity", "near", 25.30, 53.89, 3),
    "под Гродно": Meant("gn:627904", "vicinity", "near", 23.83, 53.68, 3),
    "в районе Гродно": Meant("gn:627904", "vicinity", "near", 23.83, 53.68, 3),
    "возле Курска": Meant("gn:538560", "vicinity", "near", 36.19, 51.73, 3),
    "недалеко от Бреста": Meant("gn:629634", "vicinity", "near", 23.69, 52.10, 3),
    "в окрестностях Лиды": Meant("gn:626081", "vicinity", "near", 25.30, 53.89, 3),
    "під Києвом": Meant("gn:703448", "vicinity", "near", 30.52, 50.45, 3),
    "біля Сум": Meant("gn:692194", "vicinity", "near", 34.80, 50.91, 3),
    "поблизу Харкова": Meant("gn:706483", "vicinity", "near", 36.23, 49.99, 3),
    "на околиці Харкова": Meant("gn:706483", "vicinity", "near", 36.23, 49.99, 3),
    "koło Kuźnicy": Meant("gn:766927", "vicinity", "near", 23.65, 53.51, 3),
    "w pobliżu Kuźnicy": Meant("gn:766927", "vicinity", "near", 23.65, 53.51, 3),
    "pod Białymstokiem": Meant("gn:776069", "vicinity", "near", 23.16, 53.13, 3),
    "na obrzeżach Białegostoku": Meant("gn:776069", "vicinity", "near", 23.16, 53.13, 3),
    "5 km from Kuźnica": Meant("gn:766927", "vicinity", "near", 23.65, 53.51, 3),
    "за 5 км від Києва": Meant("gn:703448", "vicinity", "near", 30.52, 50.45, 3),
    # the land around a town
    "Kursk countryside": Meant("gn:538560", "vicinity", "near", 36.19, 51.73, 3),
    "rural Kursk": Meant("gn:538560", "vicinity", "near", 36.19, 51.73, 3),
    "Hama countryside": Meant("gn:170017", "vicinity", "near", 36.75, 35.13, 3),
    "eastern Aleppo countryside": Meant("gn:170063", "vicinity", "side", 37.245, 36.20, 3),
    "northern Hama countryside": Meant("gn:170017", "vicinity", "side", 36.75, 35.20, 3),
    # a stretch between two places
    "between Minsk and Brest": Meant("between Minsk and Brest", "line", "between", 25.60, 53.02, 5),
    "between Grodno and Lida": Meant("between Grodno and Lida", "line", "between", 24.56, 53.78, 5),
    "между Минском и Брестом": Meant("between Minsk and Brest", "line", "between", 25.60, 53.02, 5),
    "між Києвом та Черніговом": Meant("between Kyiv and Chernihiv", "line", "between", 30.90, 50.98, 5),
    "między Białymstokiem a Grodnem": Meant(
        "between Białystok and Grodno", "line", "between", 23.49, 53.41, 5
    ),
    # districts
    "Grodno District": Meant("gn:628034", "district", "", 23.83, 53.68, 25),
    "Суджанский район": Meant("gn:486813", "district", "", 35.27, 51.19, 15),
    "Суджанский район Курской области": Meant("gn:486813", "district", "", 35.27, 51.19, 15),
    "Bolshesoldatsky District, Kursk Region": Meant("gn:574359", "district", "", 35.50, 51.34, 15),
    "Сумський район": Meant("gn:692195", "district", "", 34.80, 50.91, 25),
    "Sokółka County": Meant("gn:7531066", "district", "", 23.50, 53.41, 15),
    "powiat sokólski": Meant("gn:7531066", "district", "", 23.50, 53.41, 15),
    "Hajnówka County, Podlaskie Voivodeship": Meant("gn:7531063", "district", "", 23.58, 52.74, 15),
    # a village where its district is told
    "village of Kuźnica in Sokółka County": Meant("gn:766927", "place", "", 23.65, 53.51, 3),
    "wieś Kuźnica w powiecie sokólskim": Meant("gn:766927", "place", "", 23.65, 53.51, 3),
    "village of Bruzgi in Grodno District": Meant("gn:629590", "place", "", 23.69, 53.56, 3),
    "деревня Брузги Гродненского района": Meant("gn:629590", "place", "", 23.69, 53.56, 3),
    # several places named together
    "Kursk and Belgorod regions": Meant("Kursk Region, Belgorod Region", "line", "list", 36.2, 51.7, 30),
    "Kursk, Belgorod and Bryansk regions": Meant(
        "Kursk Region, Belgorod Region, Bryansk Region", "line", "list", 36.2, 51.7, 30
    ),
    "Курская и Белгородская области": Meant("Kursk Region, Belgorod Region", "line", "list", 36.2, 51.7, 30),
    "Minsk, Gomel and Vitebsk": Meant("Minsk, Gomel, Vitebsk", "line", "list", 27.56, 53.90, 3),
    "Lithuania and Latvia": Meant("Lithuania, Latvia", "line", "list", 23.9, 55.3, 40),
    # a name as it stands is no direction
    "South Sudan": Meant("ne:SS", "country", "", 30.3, 7.3, 150),
    # letters of another script that look alike
    "Grоdno": Meant("gn:627904", "place", "", 23.83, 53.68, 3),
    "Мinsk": Meant("gn:625144", "place", "", 27.56, 53.90, 3),
    "Кursk": Meant("gn:538560", "place", "", 36.19, 51.73, 3),
    "Вrest, Belarus": Meant("gn:629634", "place", "", 23.69, 52.10, 3),
    # coordinates
    "53.68, 23.83": Meant("53.68, 23.83", "place", "decimal-degrees", 23.83, 53.68, 0.001),
    "53°40'N 23°49'E": Meant("53.6667, 23.8167", "place", "degrees-minutes", 23 + 49 / 60, 53 + 2 / 3, 0.001),
    "N53 40.5 E023 49.2": Meant("53.675, 23.82", "place", "degrees-minutes", 23.82, 53.675, 0.001),
    # borders; the positions are crossings or bends near the middle of the line
    "Poland–Belarus border": Meant("Poland–Belarus border", "line", "border-names", 23.6, 52.6, 20),
    "Polish-Belarusian border": Meant("Poland–Belarus border", "line", "border-adjectives", 23.6, 52.6, 20),
    "border between Poland and Belarus": Meant(
        "Poland–Belarus border", "line", "border-between", 23.6, 52.6, 20
    ),
    "польско-белорусская граница": Meant(
        "Poland–Belarus border", "line", "border-adjectives", 23.6, 52.6, 20
    ),
    "граница Польши и Беларуси": Meant("Poland–Belarus border", "line", "border-between", 23.6, 52.6, 20),
    "granica polsko-białoruska": Meant("Poland–Belarus border", "line", "border-adjectives", 23.6, 52.6, 20),
    "granica Polski z Białorusią": Meant("Poland–Belarus border", "line", "border-with", 23.6, 52.6, 20),
    "польсько-білоруський кордон": Meant(
        "Poland–Belarus border", "line", "border-adjectives", 23.6, 52.6, 20
    ),
    "Polish side of the border with Belarus": Meant(
        "Poland–Belarus border, Poland side", "line", "border-with", 23.6, 52.6, 20
    ),
    "Belarus-Poland border near Kuźnica": Meant(
        "Belarus–Poland border near Kuźnica", "line", "border-names", 23.65, 53.51, 10
    ),
    "border with Poland near Grodno": Meant(
        "Poland–Belarus border near Grodno", "line", "border-one-side", 23.60, 53.60, 15
    ),
    "Belarus-Poland border in Podlaskie Voivodeship": Meant(
        "Belarus–Poland border within Podlaskie Voivodeship", "line", "border-names", 23.9, 52.95, 20
    ),
}


@pytest.mark.parametrize("text", MEANINGS)
def test_a_description_is_the_place_it_describes(resolver: Resolver, text: str) -> None:
    meant, found = MEANINGS[text], first(resolver, text)
    place = found.place
    assert meant.place in (place.id, place.name)
    assert (place.precision, place.rule, found.match) == (meant.precision, meant.rule, Match.NAME)
    assert away_km(found, meant.lon, meant.lat) <= meant.within_km


# Distance and direction

OFFSETS = {
    "30 km east of Grodno": ("Grodno", 30, 90),
    "12 km north of Kursk": ("Kursk", 12, 0),
    "15 km south of Minsk": ("Minsk", 15, 180),
    "100 km west of Kyiv": ("Kyiv", 100, 270),
    "7 km northeast of Sokółka": ("Sokółka", 7, 45),
    "10 km NW of Lida": ("Lida", 10, 315),
    "20 miles south-west of Minsk": ("Minsk", 32.19, 225),
    "5 miles east of Grodno": ("Grodno", 8.05, 90),
    "в 30 км к востоку от Гродно": ("Grodno", 30, 90),
    "в 15 км севернее Курска": ("Kursk", 15, 0),
    "за 20 км на південь від Сум": ("Sumy", 20, 180),
    "30 km na wschód od Białegostoku": ("Białystok", 30, 90),
    "10 km na północ od Kuźnicy": ("Kuźnica, Podlaskie", 10, 0),
}


@pytest.mark.parametrize("text", OFFSETS)
def test_an_offset_lies_that_far_off_in_that_direction(resolver: Resolver, text: str) -> None:
    anchor, distance_km, bearing = OFFSETS[text]
    start = resolver.best(anchor).place
    found = first(resolver, text).place
    azimuth, _, metres = GEOD.inv(*start.position.geojson, *found.position.geojson)
    assert metres / 1000 == pytest.approx(distance_km, abs=0.5)
    assert (azimuth - bearing + 180) % 360 - 180 == pytest.approx(0, abs=0.5)
    assert (found.id, found.precision, found.rule) == (start.id, "vicinity", "offset")
    # "east" may be half a wind off to either side, and the town itself is no point
    assert found.radius_m is not None
    assert found.radius_m >= max(start.radius_m or 0, 0.19 * distance_km * 1000)


@pytest.mark.parametrize(
    ("text", "anchor", "bearing"), [("east of Grodno", "Grodno", 90), ("к востоку от Минска", "Minsk", 90)]
)
def test_a_direction_without_a_distance_is_near_and_wide(
    resolver: Resolver, text: str, anchor: str, bearing: float
) -> None:
    start, found = resolver.best(anchor).place, first(resolver, text).place
    azimuth, _, metres = GEOD.inv(*start.position.geojson, *found.position.geojson)
    assert azimuth == pytest.approx(bearing, abs=0.5)
    assert found.radius_m is not None
    assert 0 < metres < found.radius_m
    assert found.rule == "offset"


# One side of an area

SIDES = {
    "northern Kursk Region": ("ne:RU-KRS", 0),
    "southern Kursk Oblast": ("ne:RU-KRS", 180),
    "север Курской области": ("ne:RU-KRS", 0),
    "western Grodno Region": ("ne:BY-HR", 270),
    "на юге Брестской области": ("ne:BY-BR", 180),
    "південь Сумської області": ("ne:UA-59", 180),
    "południowe Podlasie": ("ne:PL-PD", 180),
    "eastern Belarus": ("ne:BY", 90),
    "восточная Беларусь": ("ne:BY", 90),
    "southeast Belarus": ("ne:BY", 135),
    "northern Ukraine": ("ne:UA", 0),
    "західна Україна": ("ne:UA", 270),
    "southern Poland": ("ne:PL", 180),
    "northeastern Poland": ("ne:PL", 45),
}


@pytest.mark.parametrize("text", SIDES)
def test_a_side_of_an_area_is_that_half_of_it(gazetteer: PlaceData, resolver: Resolver, text: str) -> None:
    place_id, wind = SIDES[text]
    place = first(resolver, text).place
    assert (place.id, place.rule, place.relation) == (place_id, "side", PlaceRelation.IN)
    code = place_id.removeprefix("ne:")
    store = gazetteer.store
    whole = store.region_shape(code) if "-" in code else store.country_shape(code)
    half = place.geometry
    assert half is not None
    assert whole.buffer(1e-6).contains(half)
    part = abs(GEOD.geometry_area_perimeter(half)[0]) / abs(GEOD.geometry_area_perimeter(whole)[0])
    assert 0.3 < part < 0.7
    centre = whole.centroid
    azimuth, _, _ = GEOD.inv(centre.x, centre.y, *place.position.geojson)
    assert abs((azimuth - wind + 180) % 360 - 180) < 90
    assert half.covers(shapely.Point(*place.position.geojson))


# Borders


@pytest.mark.parametrize(
    ("text", "one", "other", "countries"),
    [
        ("Poland–Belarus border", "PL", "BY", ("BY", "PL")),
        ("Lithuania-Belarus border", "LT", "BY", ("BY", "LT")),
        ("кордон України з Росією", "UA", "RU", ("RU", "UA")),
        ("Kursk-Belgorod border", "RU-KRS", "RU-BEL", ("RU",)),
        ("border of Kursk Region and Sumy Oblast", "RU-KRS", "UA-59", ("RU", "UA")),
        ("Belgorod–Kharkiv border", "RU-BEL", "UA-63", ("RU", "UA")),
        ("Brest Region - Volyn Oblast border", "BY-BR", "UA-07", ("BY", "UA")),
    ],
)
def test_a_border_is_the_edge_that_both_areas_share(
    gazetteer: PlaceData, resolver: Resolver, text: str, one: str, other: str, countries: tuple[str, ...]
) -> None:
    store = gazetteer.store
    areas = [store.region_shape(code) if "-" in code else store.country_shape(code) for code in (one, other)]
    place = first(resolver, text).place
    line = place.geometry
    assert line is not None
    edge = lines_of(shapely.intersection(areas[0].boundary, areas[1].boundary))
    assert line.length == pytest.approx(edge.length, rel=1e-6)
    assert line.hausdorff_distance(edge) < 1e-6
    assert place.recorded_countries == countries
    assert place.country == (countries[0] if len(countries) == 1 else None)
    assert place.radius_m is not None
    assert place.radius_m >= farthest_m(place.position, line)


@pytest.mark.parametrize(
    ("text", "town", "within_km"),
    [
        ("Belarus-Poland border near Kuźnica", "Kuźnica, Podlaskie", 10),
        ("Polish-Belarusian border near Kuźnica", "Kuźnica, Podlaskie", 10),
        ("border with Poland near Grodno", "Grodno", 30),
        ("Belarus-Lithuania border near Lida", "Lida", 60),
        ("граница с Литвой возле Лиды", "Lida", 60),
    ],
)
def test_a_border_near_a_town_is_its_stretch_in_a_circle_round_the_town(
    gazetteer: PlaceData, resolver: Resolver, text: str, town: str, within_km: float
) -> None:
    line = first(resolver, text).place.geometry
    assert line is not None
    assert farthest_m(resolver.best(town).place.position, line) <= within_km * 1000 + 1
    assert line.distance(gazetteer.store.country_shape("BY").boundary) < 1e-6


@pytest.mark.parametrize(
    ("text", "code", "beyond"),
    [
        ("Belarusian side of the Polish-Belarusian border", "BY", "PL"),
        ("Polish side of the border with Belarus", "PL", "BY"),
        ("Polish side of the Belarusian border", "PL", "BY"),
        ("Latvian side of the Latvia-Belarus border", "LV", "BY"),
        ("Lithuanian side of the Belarus-Lithuania border", "LT", "BY"),
    ],
)
def test_one_side_of_a_border_is_a_strip_in_that_country(
    gazetteer: PlaceData, resolver: Resolver, text: str, code: str, beyond: str
) -> None:
    place = first(resolver, text).place
    strip = place.geometry
    assert strip is not None
    assert strip.geom_type in ("Polygon", "MultiPolygon")
    assert gazetteer.store.country_shape(code).buffer(1e-6).contains(strip)
    assert shapely.intersection(strip, gazetteer.store.country_shape(beyond)).area < 1e-9
    assert strip.distance(gazetteer.store.country_shape(beyond)) < 1e-6
    assert (place.country, place.recorded_countries) == (code, (code,))


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("Belarus-Poland border in Podlaskie Voivodeship", "PL-PD"),
        ("Belarus-Poland border in Grodno Region", "BY-HR"),
        ("Ukraine-Russia border in Sumy Oblast", "UA-59"),
    ],
)
def test_a_border_in_a_region_is_its_stretch_along_that_region(
    gazetteer: PlaceData, resolver: Resolver, text: str, region: str
) -> None:
    whole = first(resolver, text.split(" in ")[0]).place.geometry
    line = first(resolver, text).place.geometry
    assert line is not None
    assert whole is not None
    assert gazetteer.store.region_shape(region).buffer(2e-4).contains(line)
    assert whole.buffer(1e-6).contains(line)
    assert 0 < line.length < whole.length


# Lists


def test_a_list_of_regions_is_all_of_them(gazetteer: PlaceData, resolver: Resolver) -> None:
    place = first(resolver, "Kursk and Belgorod regions").place
    regions = [gazetteer.store.region_shape(code) for code in ("RU-KRS", "RU-BEL")]
    assert place.geometry is not None
    assert place.geometry.area == pytest.approx(sum(region.area for region in regions), rel=1e-6)
    assert all(place.geometry.buffer(1e-6).contains(region) for region in regions)
    assert (place.id, place.geonameid) == ("", None)
    assert place.radius_m is not None
    assert place.radius_m >= farthest_m(place.position, place.geometry)


def test_a_list_of_towns_reaches_the_farthest(resolver: Resolver) -> None:
    place = first(resolver, "Minsk, Gomel and Vitebsk").place
    assert place.geometry is not None
    assert place.radius_m is not None
    for town in ("Minsk", "Gomel", "Vitebsk"):
        position = resolver.best(town).place.position
        assert place.geometry.contains(shapely.Point(*position.geojson)), town
        assert GEOD.inv(*place.position.geojson, *position.geojson)[2] <= place.radius_m, town


# What holds a place that is not known


@pytest.mark.parametrize(
    ("text", "country", "holder", "precision"),
    [
        ("Xyzzyville, Sudzhansky District, Kursk Oblast, Russia", None, "gn:486813", "district"),
        ("деревня Ксиззи в Суджанском районе", None, "gn:486813", "district"),
        ("село Ксиззи Сумского района", None, "gn:692195", "district"),
        ("village of Xyzzyville in Sokółka County", None, "gn:7531066", "district"),
        ("Xyzzyville, Grodno Region", None, "ne:BY-HR", "region"),
        ("Xyzzyville, Grodno Region", "BY", "ne:BY-HR", "region"),
    ],
)
def test_an_unknown_village_is_answered_with_what_holds_it(
    resolver: Resolver, text: str, country: str | None, holder: str, precision: str
) -> None:
    found = first(resolver, text, country)
    assert (found.place.id, found.place.precision, found.match) == (holder, precision, Match.HOLDER)
    assert {rival.match for rival in resolver.candidates(text, country=country)} == {Match.HOLDER}


# What is refused


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Brest, Xyzzyq", None),  # an unknown qualifier may be the name of any land
        ("Kursk, Belgorod Region", None),
        ("Kursk, Poland", None),
        ("BY", None),
        ("PL", None),
        ("Minsk, Atlantis", None),
        ("Minsk, Vladivostok", None),
        ("Minsk / Warsaw", None),
        ("Poland-Portugal border", None),
        ("Kursk–Russia border", None),
        ("Xyzzyville-Poland border", None),
        ("near Xyzzyville", None),
        ("near Belarus", None),
        ("outside Kursk Region", None),
        ("30 km east of Xyzzyville", None),
        ("northern Xyzzyville", None),
        ("Brest", "XX"),
        ("northern Belarus", "PL"),
        ("Belarus-Poland border", "PL"),
        ("Xyzzyville, Poland", "BY"),
    ],
)
def test_what_contradicts_itself_or_is_unknown_finds_nothing(
    resolver: Resolver, text: str, country: str | None
) -> None:
    assert resolver.candidates(text, country=country) == []


def test_an_unknown_qualifier_is_no_hindrance_where_the_country_is_told(resolver: Resolver) -> None:
    assert first(resolver, "Brest, Xyzzyq", "BY").place.id == "gn:629634"
    assert first(resolver, "near Brest", "FR").place.id == "gn:3030300"


# Look-alike letters


@pytest.mark.parametrize(
    ("text", "plain"), [("Grоdno", "Grodno"), ("Мinsk", "Minsk"), ("Кursk", "Kursk"), ("Hrodnа", "Hrodna")]
)
def test_letters_of_two_scripts_in_a_word_are_remarked_on(resolver: Resolver, text: str, plain: str) -> None:
    assert not text.isascii()
    ((code, said),) = resolver.remarks(text)
    assert code == "mixed-scripts"
    assert repr(plain) in said
    assert first(resolver, text).place.id == resolver.best(plain).place.id


@pytest.mark.parametrize("text", ["Grodno", "Гродно", "Гродно (Hrodna)", "Kuźnica", "Łódź, Польша"])
def test_words_of_one_script_each_are_not_remarked_on(resolver: Resolver, text: str) -> None:
    assert resolver.remarks(text) == []


def test_over_an_area_is_its_airspace(resolver: Resolver) -> None:
    place = resolver.candidates("over Belarus")[0].place
    assert (place.precision, place.rule, place.relation) == (Precision.WATERS, "over", PlaceRelation.OVER)
    assert resolver.shape(place).equals(resolver.shape(resolver.country_place("BY")))
