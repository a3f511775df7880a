"""What the store finds under a name: which records, whose they are, and what stands over what."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import shapely

from geomap.errors import ConfigError, DataFileError
from geomap.gazetteer.fold import fold_name
from geomap.gazetteer.rows import Row, kind_of, place_id, radius_m
from geomap.gazetteer.schema import DEGREE, SCHEMA_VERSION, NameRank, create_place_tables
from geomap.gazetteer.shapes import encode_shape
from geomap.gazetteer.store import Store, carried_views, data_folder
from geomap.gazetteer.variants import variant_key
from geomap.model.geometry import distance_m, wgs84
from geomap.model.lonlat import LonLat
from geomap.model.vocabulary import Precision

MakeStore = Callable[..., Store]

KERCH, GRODNO, WARSAW, KUZNICA, PRISTINA = 706524, 627904, 756135, 766927, 786714
KUZNICA_AT = LonLat(lon=23.6495, lat=53.5109)
SIMFEROPOL = LonLat(lon=34.10, lat=44.95)


def make_store(view: str = "un", **options: object) -> Store:
    """A store of what geomap carries alone, whatever the user of this machine has built."""
    views = carried_views()
    return Store(data_folder(), views[view], list(views.values()), **options)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def store() -> Store:
    return make_store()


@pytest.fixture(scope="module")
def de_facto() -> Store:
    return make_store("de_facto")


@pytest.fixture(scope="module")
def base() -> Store:
    """Without the curated places."""
    return make_store(curated=False)


def named(store: Store, name: str) -> list[Row]:
    return store.rows(fold_name(name))


def ids(store: Store, name: str) -> list[str]:
    return [store.place(row).id for row in named(store, name)]


# --- Names ----------------------------------------------------------------------------------------------


def test_a_curated_place_comes_first_and_its_record_not_again(store: Store) -> None:
    rows = named(store, "Kerch")
    assert rows[0].key == KERCH
    assert store.is_curated(rows[0])
    assert not any(store.is_curated(row) for row in rows[1:])
    assert len({row.key for row in rows}) == len(rows)
    assert "Kerch Raion" in {row.name for row in rows[1:]}


def test_what_is_not_curated_comes_by_key(base: Store) -> None:
    keys = [row.key for row in named(base, "Brest")]
    assert len(keys) > 3
    assert keys == sorted(keys)


def test_a_name_that_nothing_bears_finds_nothing(store: Store) -> None:
    assert named(store, "Qwxzjk") == []
    assert store.rows("") == []


def test_an_airfield_that_a_curated_one_stands_for_is_not_listed_twice(store: Store, base: Store) -> None:
    name = "Minsk Machulishchy Air Base"
    assert ids(base, name) == ["oa:UMLI"]
    assert ids(store, name) == ["cur:machulishchy-air-base"]
    assert "oa:UMLI" not in ids(store, "Machulishchy")


def test_a_curated_village_is_not_listed_again_as_a_postal_place(store: Store) -> None:
    assert ids(store, "Usnarz Górny") == ["gn:756291"]


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("Varsovie", "gn:756135"),
        ("وارسو", "gn:756135"),
        ("UMLI", "cur:machulishchy-air-base"),
        ("Аэропорт Мачулищи", "cur:machulishchy-air-base"),
    ],
)
def test_a_curated_place_is_found_by_the_names_of_the_records_it_replaces(
    store: Store, name: str, place: str
) -> None:
    assert place in ids(store, name)


def test_a_rank_says_what_a_name_is_to_its_place(base: Store) -> None:
    def rank(name: str, key: int) -> int:
        return next(row.rank for row in named(base, name) if row.key == key)

    assert rank("Warsaw", WARSAW) == NameRank.MAIN
    assert rank("Varsovie", WARSAW) == NameRank.OTHER
    assert rank("وارسو", WARSAW) == NameRank.OTHER_SCRIPT
    belarus = base.country_row("BY").key
    assert rank("Belarusians", belarus) == NameRank.DEMONYM


def test_spellings_that_nobody_listed_are_found_by_variant_and_by_beginning(store: Store) -> None:
    assert "grodno" in store.variants(variant_key("hrodno"))
    assert store.variants("no such key") == []
    like = store.folds_like("mach", range(12, 15))
    assert "machulishchi" in like or "machulishchy" in like
    assert like == sorted(set(like))
    assert all(fold.startswith("mach") and 12 <= len(fold) < 15 for fold in like)


# --- A row as a place -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected", "precision"),
    [
        ("Grodno", "gn:627904", Precision.PLACE),  # curated, with a record of GeoNames
        ("Kerch Bridge", "cur:kerch-bridge", Precision.PLACE),
        ("KJFK", "oa:KJFK", Precision.PLACE),
        ("Brest", "gn:3030300", Precision.PLACE),
        ("Kursk Oblast", "ne:RU-KRS", Precision.REGION),
        ("Poland", "ne:PL", Precision.COUNTRY),
        ("Powiat hajnowski", "gn:7531063", Precision.DISTRICT),
        ("Black Sea", "nep:black-sea", Precision.WATERS),
        ("Siberia", "cur:siberia", Precision.LINE),
    ],
)
def test_the_scheme_of_an_id_tells_the_source(
    store: Store, name: str, expected: str, precision: Precision
) -> None:
    found = {place.id: place for place in map(store.place, named(store, name))}
    assert expected in found
    assert found[expected].precision is precision


def test_a_postal_place_has_an_id_made_of_what_it_is(base: Store) -> None:
    (row,) = (row for row in named(base, "Nowodziel") if row.code == "gnp:")
    assert base.place(row).id == "gnp:PL-nowodziel-53.478,23.674"
    assert base.place(row).geonameid is None


def test_an_id_of_geonames_is_told_apart(base: Store) -> None:
    place = base.place(named(base, "Warsaw")[0])
    assert (place.id, place.geonameid, place.key) == ("gn:756135", WARSAW, WARSAW)
    assert place.country == "PL"
    assert distance_m(place.position, LonLat(lon=21.012, lat=52.230)) < 3_000


@pytest.mark.parametrize(
    ("feature", "population", "kind"),
    [
        ("PPL", 0, "village"),
        ("PPL", 4_999, "village"),
        ("PPL", 5_000, "town"),
        ("PPLA", 100_000, "city"),
        ("PPLX", 500_000, "quarter"),
        ("AIRB", 0, "air_base"),
        ("AIRP", 0, "airfield"),
        ("ADM2", 0, "district"),
        ("SEA", 0, "waters"),
    ],
)
def test_the_kind_follows_from_feature_and_people(feature: str, population: int, kind: str) -> None:
    assert kind_of(_row(feature=feature, population=population)) == kind


@pytest.mark.parametrize(
    ("population", "expected"), [(0, 2_000), (40_000, 2_000), (1_000_000, 10_000), (20_000_000, 30_000)]
)
def test_the_radius_of_a_settlement_grows_with_the_root_of_its_people(
    population: int, expected: float
) -> None:
    assert radius_m(_row(feature="PPL", population=population)) == expected
    assert radius_m(_row(feature="PPL", population=population, radius=700)) == 700


def test_an_area_has_a_shape_and_a_village_none(base: Store) -> None:
    (sea,) = (row for row in named(base, "Black Sea") if row.feature == "SEA")
    shape = base.shape_of(sea.key)
    assert shape is not None
    assert shape.contains(shapely.Point(34.5, 43.4))
    assert not shape.contains(shapely.Point(34.1, 45.2))  # Crimea
    assert base.shape_of(GRODNO) is None
    assert base.shape_of(-1_999_999_999) is None


def test_a_key_leads_to_its_row(store: Store, base: Store) -> None:
    row = base.row(WARSAW)
    assert row is not None
    assert (row.name, row.code, row.rank) == ("Warsaw", None, NameRank.MAIN)
    assert base.row(-1_999_999_999) is None
    curated = store.row(KERCH)
    assert curated is not None
    assert store.is_curated(curated)


def test_a_row_is_the_same_by_name_and_by_key(store: Store) -> None:
    assert store.row(KERCH) == named(store, "Kerch")[0]


# --- Whose a place is -----------------------------------------------------------------------------------


def test_the_owner_of_crimea_follows_the_worldview(store: Store, de_facto: Store) -> None:
    for name in ("Kerch", "Simferopol", "Kerch Bridge", "Crimea"):
        assert store.owner(named(store, name)[0]) == "UA"
        assert de_facto.owner(named(de_facto, name)[0]) == "RU"
    assert store.region("UA-43").country == "UA"
    assert de_facto.region("UA-43").country == "RU"
    assert store.country_at(SIMFEROPOL) == "UA"
    assert de_facto.country_at(SIMFEROPOL) == "RU"


def test_a_place_may_be_looked_for_in_its_owners_country_and_in_its_records(de_facto: Store) -> None:
    kerch = named(de_facto, "Kerch")[0]
    assert de_facto.countries_of(kerch) == {"UA", "RU"}
    assert de_facto.place(kerch).country == "RU"
    assert de_facto.place(kerch).recorded_countries[0] == "UA"


def test_each_region_tells_its_owner_under_every_worldview(store: Store, de_facto: Store) -> None:
    views = list(carried_views())
    for at in (store, de_facto):
        owners = {
            region: (here, dict(zip(views, each, strict=True)))
            for region, here, each in at.owners((33, 44, 37, 46.5))
        }
        here, each = owners["UA-43"]
        assert here == each["un" if at is store else "de_facto"]
        assert each == {"un": "UA", "de_facto": "RU", "ua": "UA", "ru": "RU"}


def test_kosovo_is_found_though_it_has_no_code_in_iso_3166(store: Store, de_facto: Store) -> None:
    pristina = next(row for row in named(store, "Pristina") if row.key == PRISTINA)
    assert (store.owner(pristina), de_facto.owner(pristina)) == ("RS", "XK")
    assert store.countries_of(pristina) == {"RS", "XK"}
    assert store.country("XK").names["en"][0] == "Kosovo"
    assert "ne:XK" in ids(store, "Kosovo")


def test_regions_that_a_worldview_invents_are_told() -> None:
    view = carried_views()["un"]
    invented = type(view)(title="Mine", owners={"PL-NONE": "LT", "PL-PD": "LT"})
    mine = Store(data_folder(), invented, curated=False)
    assert mine.unknown_regions == ["PL-NONE"]
    assert mine.region("PL-PD").country == "LT"


# --- Regions and countries ------------------------------------------------------------------------------


def test_a_country_is_its_regions_dissolved(store: Store, de_facto: Store) -> None:
    kosovo = store.country_shape("XK")
    assert abs(wgs84().geometry_area_perimeter(kosovo)[0]) == pytest.approx(10_887e6, rel=0.05)
    assert store.country_shape("RS").contains(kosovo.buffer(-0.001))
    assert de_facto.country_shape("XK").equals(kosovo)
    assert de_facto.country_shape("RS").intersection(kosovo).area == 0
    both = store.country_shape("RS").area
    assert de_facto.country_shape("RS").area + kosovo.area == pytest.approx(both, rel=1e-9)


@pytest.mark.parametrize("code", ["", "XX", "pl", "ne:PL"])
def test_what_is_no_country_is_refused(store: Store, code: str) -> None:
    for ask in (store.country, store.country_shape, store.country_row):
        with pytest.raises(KeyError):
            ask(code)


@pytest.mark.parametrize("region", ["", "PL-XX", "pl-pd"])
def test_what_is_no_region_is_refused(store: Store, region: str) -> None:
    for ask in (store.region, store.region_row):
        with pytest.raises(KeyError):
            ask(region)


def test_every_country_has_a_name_and_a_shape(store: Store) -> None:
    names = store.country_names()
    assert list(names) == store.country_codes()
    assert len(names) == 250  # the codes of ISO 3166-1, and Kosovo
    assert (names["PL"], names["TR"]) == ("Poland", "Türkiye") or names["TR"] == "Turkey"
    for code in ("PL", "FJ", "MC", "XK"):
        label = store.country(code).label
        assert store.country_shape(code).intersects(shapely.Point(label.lon, label.lat))


def test_a_place_beside_a_drawn_border_may_lie_in_regions_of_either_country(store: Store) -> None:
    """Natural Earth draws the border 0.3 km too far west at Kuźnica, which is Polish."""
    assert store.regions_at(KUZNICA_AT) == ["BY-HR"]
    assert store.regions_of(KUZNICA_AT, None) == ["BY-HR"]
    assert store.regions_of(KUZNICA_AT, "PL") == ["PL-PD"]
    assert store.regions_of(KUZNICA_AT, "BY") == ["BY-HR"]
    assert store.regions_of(KUZNICA_AT, "FR") == []
    assert store.countries_near(KUZNICA_AT) == ["BY", "PL"]
    (kuznica,) = (row for row in named(store, "Kuźnica") if row.key == KUZNICA)
    assert store.owner(kuznica) == "PL"


def test_inland_and_at_sea_there_is_no_doubt(store: Store) -> None:
    assert store.countries_near(LonLat(lon=27.56, lat=53.90)) == ["BY"]
    assert store.regions_of(LonLat(lon=51.7 - 15.5, lat=51.73), "RU") == ["RU-KRS"]
    sea = LonLat(lon=34.5, lat=43.4)
    assert (store.country_at(sea), store.regions_at(sea), store.countries_near(sea)) == (None, [], [])


def test_regions_in_a_bbox_are_those_that_it_touches(store: Store) -> None:
    near = set(store.region_ids((23.5, 53.4, 23.8, 53.6)))
    assert {"BY-HR", "PL-PD"} <= near
    assert not near & {"RU-KRS", "PL-MZ", "UA-43"}
    assert len(store.region_ids()) == len(store.region_owners)


def test_lines_owed_to_the_sources_are_told(store: Store) -> None:
    lines = store.attributions()
    assert all(lines)
    for owed in ("GeoNames", "Natural Earth", "CLDR", "OurAirports"):
        assert any(owed in line for line in lines)


# --- What is near ---------------------------------------------------------------------------------------


def test_the_nearest_settlement_is_the_nearest_of_all(base: Store) -> None:
    here = LonLat(lon=24.3, lat=53.4)
    found = base.nearest(here, 5)
    away = [distance for _, distance in found]
    assert len(found) == 5
    assert away == sorted(away)
    assert away == pytest.approx([distance_m(here, place.position) for place, _ in found])
    query = (
        "SELECT lon, lat FROM place WHERE feature GLOB 'PPL*' AND lon BETWEEN ? AND ? AND lat BETWEEN ? AND ?"
    )
    box = [round(value * DEGREE) for value in (here.lon - 1, here.lon + 1, here.lat - 1, here.lat + 1)]
    with closing(sqlite3.connect(f"file:{data_folder() / 'base.sqlite'}?mode=ro", uri=True)) as tables:
        every = sorted(
            distance_m(here, LonLat(lon=lon / DEGREE, lat=lat / DEGREE))
            for lon, lat in tables.execute(query, box)
        )
    assert away == pytest.approx(every[:5])


def test_far_from_everything_there_is_still_a_nearest_settlement(base: Store) -> None:
    ((place, away),) = base.nearest(LonLat(lon=-123.4, lat=-48.9))  # Point Nemo
    assert 2_000_000 < away < 4_500_000
    assert place.country in {"CL", "PF", "NZ", "PN"}


def test_the_nearest_settlement_may_lie_beyond_the_antimeridian(base: Store) -> None:
    """East of Taveuni; Labasa, Fiji's largest town of the north, is 90 km to the west."""
    ((place, away),) = base.nearest(LonLat(lon=-179.9, lat=-16.8))
    assert place.country == "FJ"
    assert away < 100_000


def test_a_curated_settlement_can_be_the_nearest(store: Store) -> None:
    """Bruzgi has too few people for the base tables."""
    bruzgi = store.place(named(store, "Bruzgi")[0])
    ((place, away),) = store.nearest(bruzgi.position)
    assert place.id == bruzgi.id
    assert away < 1


def test_towns_come_by_size_and_parts_of_a_town_not_at_all(store: Store) -> None:
    towns = store.towns((23, 51, 33, 56), 6)
    assert [town.name for town in towns] == ["Minsk", "Vilnius", "Gomel", "Grodno", "Vitebsk", "Mahilyow"]
    people = [town.population for town in towns]
    assert people == sorted(people, reverse=True)
    assert all(23 <= town.lon <= 33 and 51 <= town.lat <= 56 for town in towns)
    assert store.towns((-30, 40, -29, 41), 3) == []  # the Atlantic


def test_the_far_land_is_land(store: Store) -> None:
    land = shapely.coverage_union_all([shape for _, _, shape in store.far_land()])
    assert land.contains(shapely.Point(27.6, 53.9))
    assert not land.contains(shapely.Point(-30, 40))


# --- A user's dump --------------------------------------------------------------------------------------

HAMLET, AIRSTRIP = 99_000_001, -(2**40)
CAMP = shapely.box(24.0, 53.5, 24.1, 53.6)


def write_dump(path: Path, *, grodno_lon: float = 23.9) -> Path:
    """A store as a user's build makes it: Grodno anew, a hamlet with an outline, and an airstrip."""
    places = [
        (HAMLET, None, "Camp Lion", "PPL", "BY", "BY-HR", None, 0, 24.05, 53.55, 400),
        (GRODNO, None, "Hrodna City", "PPLA", "BY", "BY-HR", None, 400_000, grodno_lon, 53.7, None),
        (AIRSTRIP, "oa:BY-9999", "Lion Strip", "AIRF", "BY", "BY-HR", None, 0, 24.07, 53.57, 2_000),
    ]
    names = [
        ("camp lion", HAMLET, 0),
        ("hrodna city", GRODNO, 0),
        ("garadok", GRODNO, 1),
        ("lion strip", AIRSTRIP, 0),
    ]
    with closing(sqlite3.connect(path)) as database:
        create_place_tables(database)
        database.execute("INSERT INTO meta VALUES ('schema_version', ?)", [SCHEMA_VERSION])
        database.executemany(
            f"INSERT INTO place VALUES ({', '.join('?' * 11)})",
            [(*row[:8], round(row[8] * DEGREE), round(row[9] * DEGREE), row[10]) for row in places],
        )
        database.executemany("INSERT INTO name VALUES (?, ?, ?)", names)
        database.execute("INSERT INTO variant VALUES (?, ?)", (variant_key("camp lion"), "camp lion"))
        database.execute("INSERT INTO area VALUES (?, ?)", (HAMLET, encode_shape(CAMP)))
        database.commit()
    return path


@pytest.fixture
def dumped(tmp_path: Path) -> Store:
    return make_store(curated=False, dumps=[write_dump(tmp_path / "mine.sqlite")])


def test_a_users_dump_adds_places(dumped: Store) -> None:
    (hamlet,) = map(dumped.place, named(dumped, "Camp Lion"))
    assert (hamlet.id, hamlet.country, hamlet.radius_m) == (f"gn:{HAMLET}", "BY", 400)
    assert ids(dumped, "Lion Strip") == ["oa:BY-9999"]
    assert dumped.shape_of(HAMLET).equals(CAMP)  # type: ignore[union-attr]
    assert "camp lion" in dumped.variants(variant_key("camp lion"))
    assert "camp lion" in dumped.folds_like("camp li", range(9, 10))


def test_a_users_dump_holds_for_the_places_it_has_under_new_names_and_old_ones(dumped: Store) -> None:
    for name in ("Garadok", "Hrodna City", "Grodno", "Гродна", "Grodna"):
        (row,) = (row for row in named(dumped, name) if row.key == GRODNO)
        assert (row.name, row.lon, row.population) == ("Hrodna City", 2_390_000, 400_000)
    found = dumped.row(GRODNO)
    assert found is not None
    assert found.lon == 2_390_000
    assert next(row.rank for row in named(dumped, "Garadok") if row.key == GRODNO) == NameRank.OTHER


def test_what_a_dump_lacks_is_as_it_was(dumped: Store, base: Store) -> None:
    assert named(dumped, "Warsaw") == named(base, "Warsaw")
    assert dumped.row(WARSAW) == base.row(WARSAW)


def test_of_two_dumps_the_last_holds(tmp_path: Path) -> None:
    older = write_dump(tmp_path / "older.sqlite")
    newer = write_dump(tmp_path / "newer.sqlite", grodno_lon=23.95)
    both = make_store(curated=False, dumps=[older, newer])
    for row in (both.row(GRODNO), *(row for row in named(both, "Grodno") if row.key == GRODNO)):
        assert row is not None
        assert row.lon == 2_395_000


@pytest.mark.parametrize("content", [None, b"no database at all" * 100])
def test_a_dump_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "mine.sqlite"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DataFileError, match=r"mine\.sqlite"):
        named(make_store(dumps=[path]), "Grodno")


def test_curated_places_outrank_a_dump(tmp_path: Path, store: Store) -> None:
    over = make_store(dumps=[write_dump(tmp_path / "mine.sqlite")])
    (grodno,) = (row for row in named(over, "Grodno") if row.key == GRODNO)
    assert over.place(grodno).position == store.place(named(store, "Grodno")[0]).position
    assert ids(over, "Camp Lion") == [f"gn:{HAMLET}"]


# --- A user's own places --------------------------------------------------------------------------------

OWN = """\
schema: 1
places:
- {id: lion, kind: village, country: BY, names: {en: [Camp Lion], be: [Леў]}, lon: 24.05, lat: 53.55,
   radius_m: 400, sources: [{name: own survey, date: "2024-01-01"}]}
- {id: grodno, kind: city, country: BY, names: {en: [Grodno, Lion Town]}, lon: 23.9, lat: 53.7, radius_m: 900,
   geonameid: 627904, sources: [{name: own survey, date: "2024-01-01"}]}
- {id: machulishchy-air-base, kind: air_base, country: BY, names: {en: [Machulishchy air base]}, lon: 27.6, lat: 53.8,
   radius_m: 900, sources: [{name: own survey, date: "2024-01-01"}]}
regions:
- {id: BY-HR, names: {en: [Lion Land]}}
"""


@pytest.fixture
def own(tmp_path: Path) -> Store:
    (tmp_path / "own.yaml").write_text(OWN, encoding="utf-8")
    return make_store(extra=[tmp_path / "own.yaml"], dumps=[write_dump(tmp_path / "mine.sqlite")])


def test_places_of_ones_own_stand_over_all_others(own: Store) -> None:
    for name in ("Grodno", "Lion Town", "Гродна"):
        (row,) = (row for row in named(own, name) if row.key == GRODNO)
        place = own.place(row)
        assert (place.id, place.position, place.radius_m) == ("gn:627904", LonLat(lon=23.9, lat=53.7), 900)
    place = own.place(named(own, "Machulishchy air base")[0])
    assert (place.id, place.position) == ("cur:machulishchy-air-base", LonLat(lon=27.6, lat=53.8))


def test_a_place_of_ones_own_gets_the_region_it_lies_in(own: Store) -> None:
    rows = named(own, "Camp Lion")
    assert ids(own, "Camp Lion") == ["cur:lion", f"gn:{HAMLET}"]
    assert rows[0].region == "BY-HR"
    assert own.place(named(own, "Леў")[0]).id == "cur:lion"


def test_a_region_gets_further_names(own: Store, store: Store) -> None:
    assert ids(own, "Lion Land") == ["ne:BY-HR"]
    assert ids(store, "Lion Land") == []
    assert "Lion Land" in own.region("BY-HR").names["en"]


def test_names_for_a_region_that_is_not_there_are_refused_with_their_place(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text("schema: 1\nregions:\n- {id: BY-XX, names: {en: [Lion Land]}}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"own\.yaml:3:8: no region 'BY-XX' in the base tables"):
        make_store(extra=[path])


def _row(*, feature: str, population: int, radius: int | None = None) -> Row:
    return Row(
        key=1, code=None, name="A", feature=feature, country="BY", region=None, district=None,
        population=population, lon=0, lat=0, radius_m=radius, rank=0,
    )  # fmt: skip


def test_an_id_without_a_scheme_of_its_own_is_that_of_geonames() -> None:
    row = _row(feature="PPL", population=0)
    assert place_id(row) == "gn:1"
    assert place_id(row._replace(key=-5, code="oa:UMLI")) == "oa:UMLI"
    assert (
        place_id(row._replace(key=-5, code="gnp:", lon=2_367_420, lat=5_347_840)) == "gnp:BY-a-53.478,23.674"
    )
