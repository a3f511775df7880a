"""A user's own places: each format is read into the curated form, and every fault is told with its place."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.errors import ConfigError
from geomap.gazetteer.curated import CuratedFile, CuratedPlace, read_curated
from geomap.gazetteer.user_places import MAX_PLACES, OwnPlaces, read_own_places
from geomap.model.lonlat import LonLat
from geomap.yamlfile import parse_yaml

CSV = """\
name,lon,lat,kind,country,radius_m,other_names,id,source,date
Kuźnica Białostocka,23.6495,53.5109,village,PL,1500,Кузница|Kuznica,kuznica,survey of 2021,2021-11-13
Camp by the fence,23.66,53.52,,,,,,,
"""
YAML = """\
schema: 1
places:
  - id: camp
    kind: building
    country: PL
    names: {en: [Camp by the fence]}
    lon: 23.66
    lat: 53.52
    radius_m: 100
    sources: [{name: survey, date: 2021-11-13}]
"""


def country_at(position: LonLat) -> str | None:
    """Poland west of 24 degrees, the sea elsewhere."""
    return "PL" if position.lon < 24 else None


def read(path: Path, content: str | bytes | dict[str, Any], **more: Any) -> OwnPlaces:
    if isinstance(content, dict):
        content = json.dumps(content, ensure_ascii=False)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    before = path.read_bytes()
    try:
        return read_own_places(path, "mine", country_at=country_at, **more)
    finally:
        assert path.read_bytes() == before


def places(own: OwnPlaces) -> list[CuratedPlace]:
    return parse_yaml(own.content.decode(), Path("kept.yaml")).parse(CuratedFile).places


def refusal(path: Path, content: str | bytes | dict[str, Any], **more: Any) -> str:
    with pytest.raises(ConfigError) as caught:
        read(path, content, **more)
    return str(caught.value)


def point(name: str, lon: Any, lat: Any, **properties: Any) -> dict[str, Any]:
    geometry = {"type": "Point", "coordinates": [lon, lat]}
    return {"type": "Feature", "properties": {"name": name} | properties, "geometry": geometry}


def collection(*features: Any, **more: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)} | more


# --- Tables -----------------------------------------------------------------------------------------


def test_a_table_is_read_into_the_curated_form(tmp_path: Path) -> None:
    own = read(tmp_path / "own.csv", CSV)
    first, second = places(own)
    assert first.model_dump(exclude_defaults=True) == {
        "id": "kuznica",
        "kind": "village",
        "country": "PL",
        "names": {"und": ["Kuźnica Białostocka", "Кузница", "Kuznica"]},
        "lon": 23.6495,
        "lat": 53.5109,
        "radius_m": 1500.0,
        "sources": [{"name": "survey of 2021", "date": "2021-11-13"}],
    }
    assert (second.id, second.kind, second.country) == ("mine-camp-by-the-fence", "site", "PL")
    assert second.sources[0].model_dump(exclude_defaults=True) == {"name": "own.csv", "date": "undated"}
    assert own.count == 2


def test_what_was_filled_in_is_told(tmp_path: Path) -> None:
    assert read(tmp_path / "own.csv", CSV).remarks == (
        "country taken from the position of 1 places",
        "kind site for want of another, for that of 1 places",
        "radius_m taken from the kind and the digits of the position of 1 places",
    )


def test_what_is_kept_can_be_read_as_a_curated_file(tmp_path: Path) -> None:
    (tmp_path / "kept.yaml").write_bytes(read(tmp_path / "own.csv", CSV).content)
    assert [place.id for place in read_curated(tmp_path / "kept.yaml")[0].places] == [
        "kuznica", "mine-camp-by-the-fence",
    ]  # fmt: skip


@pytest.mark.parametrize("delimiter", [";", "\t", ","])
def test_cells_are_parted_by_what_the_header_uses(tmp_path: Path, delimiter: str) -> None:
    lines = (("name", "lat", "lon", "country"), ('"A, B; C"', "53.5", "23.6", "PL"))
    table = "".join(f"{delimiter.join(cells)}\r\n" for cells in lines)
    (place,) = places(read(tmp_path / "own.csv", f"\ufeff{table}"))
    assert place.names == {"und": ["A, B; C"]}
    assert (place.lon, place.lat) == (23.6, 53.5)


def test_columns_can_be_named_otherwise(tmp_path: Path) -> None:
    table = "Toponym,X,Y,name\nKuźnica,23.6,53.5,not this\n"
    mapping = {"name": "Toponym", "lon": "X", "lat": "Y"}
    (place,) = places(read(tmp_path / "own.csv", table, mapping=mapping))
    assert place.names == {"und": ["Kuźnica"]}


def test_ids_made_from_names_are_counted_up(tmp_path: Path) -> None:
    table = "name,lon,lat\n" + "Nowa Wieś,23,53\n" * 3 + "???,23,53\n"
    assert [place.id for place in places(read(tmp_path / "own.csv", table))] == [
        "mine-nowa-wies", "mine-nowa-wies-2", "mine-nowa-wies-3", "mine-place",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "geonameid", "own_id"),
    [
        ("gn:766927", 766927, "mine-a"),
        ("https://www.geonames.org/766927/kuznica.html", 766927, "mine-a"),
        ("cur:kuznica", None, "kuznica"),
        ("766927", None, "766927"),
    ],
)
def test_an_id_may_be_that_of_geonames(
    tmp_path: Path, written: str, geonameid: int | None, own_id: str
) -> None:
    (place,) = places(read(tmp_path / "own.csv", f"name,lon,lat,id\nA,23,53,{written}\n"))
    assert (place.geonameid, place.id) == (geonameid, own_id)


@pytest.mark.parametrize(
    ("kind", "lon", "lat", "radius_m"),
    [
        ("village", "23.6495", "53.5109", 2_000),
        ("training_range", "23.6495", "53.5109", 20_000),
        ("building", "23.6495", "53.5109", 1_000),
        ("building", "23.64", "53.5", 1_113),
        ("village", "23.6", "53", 11_132),
        ("village", "23", "53", 111_320),
    ],
)
def test_a_radius_is_no_finer_than_the_digits(
    tmp_path: Path, kind: str, lon: str, lat: str, radius_m: float
) -> None:
    (place,) = places(read(tmp_path / "own.csv", f"name,lon,lat,kind\nA,{lon},{lat},{kind}\n"))
    assert place.radius_m == radius_m


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (",23,53,PL,,,", "name is empty; write one"),
        ("A,,53,PL,,,", "lon is empty; write degrees, or remove the row"),
        ("A,east,53,PL,,,", "lon 'east': expected a number such as 23.83"),
        ('A,"23,6",53,PL,,,', "lon '23,6': expected a number such as 23.83"),
        ("A,nan,53,PL,,,", "lon 'nan': expected a finite number"),
        ("A,1e999,53,PL,,,", "lon '1e999': expected a finite number"),
        ("A,53,123,PL,,,", "lat 123 is outside -90 to 90; are lon and lat swapped?"),
        ("A,200,53,PL,,,", "lon out of range: 200.0; expected degrees from -180 to 180"),
        ("A,23,53,Poland,,,", "country 'Poland': expected an ISO 3166 code of two letters, such as PL"),
        ("A,30,53,,,,", "lies in no country; say one in country, as ISO 3166 code of two letters"),
        ("A,23,53,PL,castle,,", "kind 'castle'; there are air_base, airfield"),
        ("A,23,53,PL,,Upper Case,", "id 'Upper Case': expected lower-case letters, digits and hyphens"),
        ("A,23,53,PL,,../evil,", "id '../evil': expected lower-case letters, digits and hyphens"),
        ("A,23,53,PL,,,wide", "radius_m 'wide': expected a number"),
        ("A,23,53,PL,,,-5", "radius_m: Input should be greater than 0"),
        ("A\x1b[2J,23,53,PL,,,", "name: the character U+001B cannot be seen; remove it"),
        ("A\u202egnp,23,53,PL,,,", "name: the character U+202E cannot be seen; remove it"),
        ("A" * 500 + ",23,53,PL,,,", "name: 500 characters; at most 400"),
        ("A,23,53", "3 cells where the header has 7; quote one that contains ','"),
        ('"A,23,53,PL,,,', "not CSV: unexpected end of data"),
    ],
)
def test_a_wrong_row_is_told_with_its_line(tmp_path: Path, row: str, message: str) -> None:
    table = f'name,lon,lat,country,kind,id,radius_m\n"Two\nlines",23,53,PL,,,\n{row}\n'
    told = refusal(tmp_path / "own.csv", table)
    assert told.startswith(f"{tmp_path / 'own.csv'}:4:1: {message}")


def test_every_wrong_row_is_told_up_to_twenty(tmp_path: Path) -> None:
    told = refusal(tmp_path / "own.csv", "name,lon,lat\n" + ",1,1\nA,x,y\n" * 30).splitlines()
    assert len(told) == 20
    assert [line.split(":")[-3:] for line in told[:1]] == [["2", "1", " name is empty; write one"]]
    assert told[19].startswith(f"{tmp_path / 'own.csv'}:21:1: lon 'x'")


def test_an_id_that_stands_there_twice_is_told_with_both_lines(tmp_path: Path) -> None:
    told = refusal(tmp_path / "own.csv", "name,lon,lat,id\nA,1,1,a\nB,1,1,b\nC,1,1,a\n")
    assert told == f"{tmp_path / 'own.csv'}:4:1: id 'a' again, it stands already in line 2; remove one"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", ":1:1: column 'name' is missing"),
        (
            b"name,lon\nA,1\n",
            ":1:1: column 'lat' is missing; there are 'name', 'lon'; name yours with --mapping",
        ),
        (b"name,lon,lat,name\n", ":1:1: column 'name' stands there twice"),
        (b"name,lon,lat\n", ":1:1: no place in this file"),
        (b"name,lon,lat\nA,1,1\nMi\xff,1,1\n", ":3:3: not UTF-8 here"),
        (
            "name,lon,lat\n" + "A,1,1\n" * (MAX_PLACES + 1),
            ":1:1: more places than that; at most 10,000 a file",
        ),
    ],
)
def test_a_wrong_table_is_told(tmp_path: Path, content: bytes | str, message: str) -> None:
    assert refusal(tmp_path / "own.csv", content).startswith(f"{tmp_path / 'own.csv'}{message}")


def test_a_mapping_to_what_is_not_there_is_told(tmp_path: Path) -> None:
    assert "column 'Art' is missing" in refusal(tmp_path / "own.csv", CSV, mapping={"kind": "Art"})
    assert "no field 'colour' to map to" in refusal(tmp_path / "own.csv", CSV, mapping={"colour": "kind"})
    assert "a mapping is for tables" in refusal(tmp_path / "own.yaml", YAML, mapping={"kind": "Art"})


@given(st.text(), st.text())
def test_any_name_is_kept_as_it_is_or_refused(
    tmp_path_factory: pytest.TempPathFactory, name: str, other: str
) -> None:
    path = tmp_path_factory.mktemp("names") / "own.json"
    content = collection(point(name, 23, 53, other_names=[other]))
    try:
        (place,) = places(read(path, json.dumps(content)))
    except ConfigError:
        return
    assert place.names["und"][0] == re.sub("[ \t\r\n\u00a0]+", " ", name.strip()).strip(" ")


# --- Features ---------------------------------------------------------------------------------------


def test_points_of_geojson_are_read(tmp_path: Path) -> None:
    content = collection(
        point(
            "Kuźnica", 23.6495, 53.5109, kind="village", country="PL", other_names=["Кузница"], radius_m=900
        ),
        point("Camp", 23.66, 53.52, id=17) | {"id": "other"},
        point("Post", 23.67, 53.53, date="2021-11-13", source="survey") | {"id": "post-7"},
        name="layer",
        crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}},
    )
    first, second, third = places(read(tmp_path / "own.geojson", content))
    assert (first.names, first.radius_m, first.kind) == ({"und": ["Kuźnica", "Кузница"]}, 900, "village")
    assert (second.id, third.id) == ("17", "post-7")
    assert third.sources[0].model_dump(exclude_defaults=True) == {"name": "survey", "date": "2021-11-13"}


def test_properties_can_be_named_otherwise(tmp_path: Path) -> None:
    content = collection({**point("", 23.6, 53.5), "properties": {"NAME_PL": "Kuźnica", "typ": "village"}})
    mapping = {"name": "NAME_PL", "kind": "typ"}
    (place,) = places(read(tmp_path / "own.json", content, mapping=mapping))
    assert (place.names, place.kind) == ({"und": ["Kuźnica"]}, "village")


def test_a_feature_a_line_is_read(tmp_path: Path) -> None:
    lines = [json.dumps(point(name, 23, 53)) for name in ("A", "B")]
    own = read(tmp_path / "own.geojsonl", f"{lines[0]}\n\n\x1e{lines[1]}\n")
    assert [place.names for place in places(own)] == [{"und": ["A"]}, {"und": ["B"]}]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "1:2: not JSON: "),
        ("[" * 5000, "1:1026: not JSON: "),
        ('{"type": "FeatureCollection",\n "features": [NaN]}', "2:15: not JSON: "),
        ("[]", "1:1: expected a GeoJSON FeatureCollection of points"),
        ({"type": "Topology"}, "1:1: expected a GeoJSON FeatureCollection of points"),
        ({"type": "FeatureCollection", "features": {}}, "1:1: features: expected a list"),
        (collection(), "1:1: no place in this file"),
        (collection(crs={"properties": {"name": "EPSG:3857"}}), "1:1: crs 'EPSG:3857': expected WGS 84"),
        (collection(point("A", 1, 1), "text"), "1:1: features[1]: expected a Feature"),
        (collection(point("", 1, 1)), "1:1: features[0]: name is empty"),
        (collection(point("A", "1", 1)), "1:1: features[0]: coordinates: expected [lon, lat]"),
        (collection(point("A", True, 1)), "1:1: features[0]: coordinates: expected [lon, lat]"),
        (collection(point("A", 1, 100)), "1:1: features[0]: lat 100 is outside"),
        (collection(point({"en": "A"}, 1, 1)), "1:1: features[0].name: expected text or a number"),  # type: ignore[arg-type]
        (collection(point("A", 1, 1) | {"geometry": None}), "1:1: features[0]: a geometry of type None"),
        (
            collection(point("A", 1, 1) | {"geometry": {"type": "Polygon", "coordinates": []}}),
            "1:1: features[0]: a geometry of type 'Polygon'; only one Point a place is read",
        ),
        (collection(point("A", 1, 1, id="x"), point("B", 1, 1, id="x")), "1:1: features[1]: id 'x' again, it stands "
         "already in features[0]"),
    ],
)  # fmt: skip
def test_a_wrong_collection_is_told_with_the_feature(tmp_path: Path, content: Any, message: str) -> None:
    assert refusal(tmp_path / "own.geojson", content).startswith(f"{tmp_path / 'own.geojson'}:{message}")


def test_a_wrong_line_is_told_with_its_number(tmp_path: Path) -> None:
    lines = [json.dumps(point("A", 1, 1)), "{", json.dumps(point("B", 1, 200))]
    told = refusal(tmp_path / "own.jsonl", "\n".join(lines)).splitlines()
    assert told[0].startswith(f"{tmp_path / 'own.jsonl'}:2:2: not JSON: ")
    assert told[1].startswith(f"{tmp_path / 'own.jsonl'}:3:1: feature: lat 200 is outside -90 to 90")


# --- Linked Places ----------------------------------------------------------------------------------


def linked_place(**more: Any) -> dict[str, Any]:
    """A place as the World Historical Gazetteer's interchange format has it."""
    return {
        "@id": "https://example.org/places/88",
        "type": "Feature",
        "properties": {"title": "Kuźnica", "ccodes": ["PL", "BY"]},
        "names": [
            {"toponym": "Kuźnica", "lang": "pl", "citations": []},
            {"toponym": "Кузніца", "lang": "be"},
            {"toponym": "Kuznica", "lang": "Polish, maybe"},
        ],
        "types": [{"identifier": "aat:300008372", "label": "Village"}],
        "geometry": {
            "type": "GeometryCollection",
            "geometries": [{"type": "Point", "coordinates": [23.6495, 53.5109], "certainty": "certain"}],
        },
        "links": [
            {"type": "closeMatch", "identifier": "gn:1"},
            {"type": "exactMatch", "identifier": "gn:766927"},
        ],
    } | more


def test_linked_places_keep_languages_countries_and_links(tmp_path: Path) -> None:
    content = collection(linked_place(), **{"@context": "https://example.org/context.jsonld"})
    (place,) = places(read(tmp_path / "own.json", content))
    assert place.model_dump(exclude_defaults=True) == {
        "id": "mine-kuznica",
        "kind": "village",
        "country": "PL",
        "countries": ["BY"],
        "names": {"pl": ["Kuźnica"], "be": ["Кузніца"], "und": ["Kuznica"]},
        "lon": 23.6495,
        "lat": 53.5109,
        "radius_m": 2000.0,
        "geonameid": 766927,
        "sources": [{"name": "own.json", "date": "undated"}],
    }


def test_linked_places_may_stand_one_a_line(tmp_path: Path) -> None:
    lines = [json.dumps(linked_place()), json.dumps(linked_place(links=[]))]
    first, second = places(read(tmp_path / "own.jsonl", "\n".join(lines)))
    assert (first.geonameid, second.geonameid, second.id) == (766927, None, "mine-kuznica-2")


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"names": [{"toponym": 5}]}, "features[0].names[0]: toponym: expected text"),
        ({"names": [{"toponym": "\u0007"}]}, "features[0]: other name: the character U+0007 cannot be seen"),
        (
            {"geometry": {"type": "GeometryCollection", "geometries": []}},
            "features[0]: a geometry of type 'Geom",
        ),
        ({"properties": {"title": "A", "ccodes": ["Poland"]}}, "features[0]: country 'Poland'"),
        ({"properties": {"title": "A", "ccodes": ["PL", "BYE"]}}, "features[0]: countries.0: "),
    ],
)
def test_a_wrong_linked_place_is_told(tmp_path: Path, more: dict[str, Any], message: str) -> None:
    told = refusal(tmp_path / "own.json", collection(linked_place(**more)))
    assert told.startswith(f"{tmp_path / 'own.json'}:1:1: {message}")


# --- YAML -------------------------------------------------------------------------------------------


def test_a_file_of_the_curated_form_is_kept_as_it_is(tmp_path: Path) -> None:
    own = read(tmp_path / "own.yaml", "# mine\n" + YAML)
    assert (own.content.decode(), own.count, own.remarks) == ("# mine\n" + YAML, 1, ())


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (YAML.replace("lon: 23.66", "lon: 230"), ":7:10: lon: Input should be less than or equal to 180"),
        (YAML.replace("kind: building", "kind: building\n    sort: a"), ":5:11: unknown key 'sort'"),
        (YAML.replace("{en: [Camp by the fence]}", "{}"), ":3:5: a place needs at least one name"),
        (YAML.replace("Camp by the fence", '"\\e[2J"'), ":6:18: the character U+001B cannot be seen"),
        ("schema: 1\n", ":1:1: no place in this file"),
        ("schema: 1\nplaces: *a\n", ":2:9: alias *a"),
        (YAML + "regions:\n  - {id: PL-20, names: {en: [\"\\u202eland\"]}}\n", ":12:30: the character U+202E"),
    ],
)  # fmt: skip
def test_a_wrong_file_of_the_curated_form_is_told(tmp_path: Path, content: str, message: str) -> None:
    assert refusal(tmp_path / "own.yaml", content).startswith(f"{tmp_path / 'own.yaml'}{message}")


def test_other_files_are_refused_by_their_name(tmp_path: Path) -> None:
    assert "a file of places ends in .yaml, .yml, .csv" in refusal(tmp_path / "own.xlsx", b"PK\x03\x04")
    with pytest.raises(ConfigError, match="no such file"):
        read_own_places(tmp_path / "nowhere.csv", "mine", country_at=country_at)
