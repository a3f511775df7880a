"""Vector files, KML and tables of anybody's making, with faults made on purpose; a mapping says what they hold."""

import json
import sqlite3
import struct
import time
import zipfile
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import geopandas
import pandas
import pyogrio
import pytest
import shapely
from pydantic import ValidationError

from geomap.events.imports import FORMATS, Imported, ImportFileError, format_of, import_file
from geomap.events.imports.kml import read_kml
from geomap.model.import_mapping import ImportMapping
from geomap.model.records import EventRecord, Source
from hostile_texts import HOSTILE

FRAME = geopandas.GeoDataFrame(
    {"title": ["Depot burns", "Convoy seen"], "when": ["2024-08-12", "2024-08"], "n": [1, None]},
    geometry=[shapely.Point(27.5, 53.9), shapely.Point(23.6, 53.5)],
    crs="EPSG:4326",
)


def mapping(**keys: Any) -> ImportMapping:
    return ImportMapping.model_validate({"schema": 1, **keys})


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def collection(folder: Path, *features: Any, **members: Any) -> Path:
    content = {"type": "FeatureCollection", **members, "features": list(features)}
    return written(folder, "their map.geojson", json.dumps(content))


def feature(geometry: Any = None, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": {"title": "T", **properties}}


def point(lon: Any, lat: Any) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [lon, lat]}


def records(imported: Imported) -> list[EventRecord]:
    return [event.record for event in imported.events]


def only(imported: Imported) -> EventRecord:
    assert imported.skipped == []
    (record,) = records(imported)
    return record


def sources(imported: Imported) -> dict[str, Source]:
    return {name: source for event in imported.events for name, source in event.sources.items()}


def why(imported: Imported) -> list[str]:
    return [f"{own.at}: {own.why}" for own in imported.skipped]


# Formats


@pytest.mark.parametrize("name", ["geojson", "gpkg", "fgb", "shp", "parquet"])
def test_every_vector_format_is_read_alike(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"layer.{name}"
    if name == "parquet":
        FRAME.to_parquet(path)
    else:
        FRAME.to_file(path)
    assert format_of(path) == name
    imported = import_file(path, name)
    assert why(imported) == []
    assert [record.title for record in records(imported)] == ["Depot burns", "Convoy seen"]
    assert [record.when.edtf for record in records(imported) if record.when] == ["2024-08-12", "2024-08"]
    first = records(imported)[0].where.places[0]
    assert (first.lon, first.lat, first.method) == (27.5, 53.9, "given")
    assert imported.remarks == ["columns taken: title, when", "columns not taken: n"]


@pytest.mark.parametrize("name", ["gpkg", "fgb", "shp", "parquet", "geojson"])
def test_other_coordinates_become_degrees(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"layer.{name}"
    mercator = FRAME.to_crs("EPSG:3857")
    if name == "parquet":
        mercator.to_parquet(path)
    else:
        mercator.to_file(path)
    place = records(import_file(path, name))[0].where.places[0]
    assert (place.lon, place.lat) == (pytest.approx(27.5, abs=1e-6), pytest.approx(53.9, abs=1e-6))


def test_coordinates_of_no_stated_system_need_a_mapping(tmp_path: Path) -> None:
    path = tmp_path / "layer.shp"
    FRAME.to_crs("EPSG:3857").to_file(path)
    path.with_suffix(".prj").unlink()
    with pytest.raises(ImportFileError, match="does not say its coordinate reference system"):
        import_file(path, "shp")
    place = records(import_file(path, "shp", mapping(crs="EPSG:3857", columns={"title": "title"})))[
        0
    ].where.places[0]
    assert place.lon == pytest.approx(27.5, abs=1e-6)
    with pytest.raises(ImportFileError, match="no coordinate reference system is called 'EPSG:1'"):
        import_file(path, "shp", mapping(crs="EPSG:1", columns={"title": "title"}))


def test_a_shapefile_in_another_encoding_is_read_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "layer.shp"
    frame = FRAME.assign(title="Гродна")
    frame.to_file(path, encoding="cp1251")
    path.with_suffix(".cpg").unlink()
    imported = import_file(path, "shp", mapping(encoding="CP1251", columns={"title": "title"}))
    assert records(imported)[0].title == "Гродна"


def test_of_several_layers_one_is_named(tmp_path: Path) -> None:
    path = tmp_path / "two.gpkg"
    FRAME.to_file(path, layer="a")
    FRAME.assign(title="B").to_file(path, layer="b")
    with pytest.raises(ImportFileError, match="several layers have features, a, b; name one in a mapping"):
        import_file(path, "gpkg")
    chosen = mapping(layer="b", columns={"title": "title"})
    assert {record.title for record in records(import_file(path, "gpkg", chosen))} == {"B"}
    with pytest.raises(ImportFileError, match="no layer c; there is a, b"):
        import_file(path, "gpkg", mapping(layer="c", columns={"title": "title"}))


KML = """<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="{namespace}"><Document><name>Verified footage</name>
<NetworkLink><Link><href>http://127.0.0.1/x.kml</href></Link></NetworkLink>
<Folder><name>2022</name><Folder><name>A. Losses</name>
<Placemark id="p1"><name>Column hit</name><description><![CDATA[Column <b>hit</b> by X<br/>Source: <a href="https://example.org/1">post</a>
 https://example.net/2, checked<script>alert(1)</script>]]></description>
<TimeStamp><when>2022-10-10T16:20:00Z</when></TimeStamp>
<ExtendedData><Data name="country"><value>UA</value></Data></ExtendedData>
<Point><coordinates> 37.25, 50.5,0 </coordinates></Point></Placemark>
<Placemark><name>Front</name><TimeSpan><begin>2022-10</begin><end>2022-11-01</end></TimeSpan>
<LineString><coordinates>37,50 38,51</coordinates></LineString></Placemark>
<Placemark><name>Zone</name><Polygon><outerBoundaryIs><LinearRing><coordinates>37,50 38,50 38,51 37,50</coordinates>
</LinearRing></outerBoundaryIs></Polygon></Placemark>
<Placemark><name>Track</name><gx:Track xmlns:gx="http://www.google.com/kml/ext/2.2"/></Placemark>
<Placemark><name>Broken</name><Point><coordinates>37;50</coordinates></Point></Placemark>
<Placemark><name/><Point><coordinates>37,50</coordinates></Point></Placemark>
<Placemark><name>No place</name></Placemark>
</Folder></Folder></Document></kml>"""


@pytest.mark.parametrize(
    "namespace", ["http://www.opengis.net/kml/2.2", "http://earth.google.com/kml/2.1", ""]
)
@pytest.mark.parametrize("is_zipped", [False, True])
def test_kml_tells_words_time_and_shape(namespace: str, is_zipped: bool, tmp_path: Path) -> None:
    path = written(tmp_path, "footage.kml", KML.format(namespace=namespace))
    if is_zipped:
        path = tmp_path / "footage.kmz"
        with zipfile.ZipFile(path, "w") as archive:
            archive.write(tmp_path / "footage.kml", "doc.kml")
    imported = import_file(path, "kml")
    hit, front, zone, nowhere = records(imported)
    assert (hit.title, hit.when and hit.when.edtf) == ("Column hit", "2022-10-10")
    assert hit.summary == "Column hit by X\nSource: post https://example.net/2, checked"
    assert (hit.where.places[0].lon, hit.where.places[0].lat) == (37.25, 50.5)
    assert imported.events[0].country == "UA"
    assert front.when is not None
    assert (front.when.edtf, front.where.places[0].geometry) == (
        "2022-10/2022-11-01",
        {"type": "LineString", "coordinates": [[37, 50], [38, 51]]},
    )
    assert (zone.where.places[0].geometry or {})["type"] == "Polygon"
    assert nowhere.where.mode == "unknown"
    assert why(imported) == [
        "placemark 4: geometry: a Track is not drawn; expected a point, line or polygon",
        "placemark 5: geometry: expected coordinates as lon,lat, found '37;50'",
        "placemark 6: nothing says what happened: the title is empty",
    ]
    assert "1 links to other files or pictures were not opened" in imported.remarks


def test_links_in_the_words_are_one_origin(tmp_path: Path) -> None:
    imported = import_file(written(tmp_path, "footage.kml", KML.format(namespace="")), "kml")
    known = sources(imported)
    hit = [known[name] for name in records(imported)[0].sources]
    assert [(own.url, own.derived_from) for own in hit] == [
        ("https://example.org/1", "footage"),
        ("https://example.net/2", "footage"),
        ("", ""),
    ]
    assert hit[2].title == "Verified footage"


def placemark(inside: str) -> str:
    return f"<kml><Document><Placemark>{inside}</Placemark></Document></kml>"


def test_the_words_of_a_placemark_go_before_its_data(tmp_path: Path) -> None:
    data = '<Data name="name"><value/></Data><Data name="description"><value>D</value></Data>'
    data = f"<ExtendedData>{data}</ExtendedData>"
    inside = f"<name>Hit</name><description>Words.</description>{data}"
    record = only(import_file(written(tmp_path, "a.kml", placemark(inside)), "kml"))
    assert (record.title, record.summary) == ("Hit", "Words.")
    record = only(import_file(written(tmp_path, "a.kml", placemark(f"<name>Hit</name>{data}")), "kml"))
    assert (record.title, record.summary) == ("Hit", "D")


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("see https://en.wikipedia.org/wiki/Kursk_(city), and", "https://en.wikipedia.org/wiki/Kursk_(city)"),
        ("(https://example.org/a)", "https://example.org/a"),
        (
            "&lt;a href='https://example.org/b?x=1&amp;amp;y=2'&gt;post&lt;/a&gt;.",
            "https://example.org/b?x=1&y=2",
        ),
        ("https://example.org/c.", "https://example.org/c"),
    ],
)
def test_addresses_are_whole(words: str, address: str, tmp_path: Path) -> None:
    text = placemark(f"<name>N</name><description>{words}</description>")
    assert address in [
        own.url for own in sources(import_file(written(tmp_path, "a.kml", text), "kml")).values()
    ]


def described(text: str) -> str:
    return f"<name>N</name><description>{text}</description>"


# Each as long as its number, on which readers have spent the square of that.
LONG: Mapping[str, Callable[[int], str]] = {
    "unended tags": lambda count: described("&lt;a " * count),
    "unended comments": lambda count: described("&lt;!--" * count),
    "unended links": lambda count: described("&lt;a href=&quot;" * count),
    "unended sections": lambda count: described("&lt;![ " * count),
    "blanks": lambda count: (
        f"<name>N</name><Point><coordinates>{' ' * 20 * count}37,50</coordinates></Point>"
    ),
    "styles": lambda count: f"<name>N</name></Placemark>{'<Style/><Placemark/>' * (count // 8)}<Placemark>",
}


@pytest.mark.parametrize("kind", LONG)
def test_time_grows_with_the_length_alone(kind: str) -> None:
    def seconds(count: int) -> float:
        content = placemark(LONG[kind](count)).encode()
        start = time.process_time()
        assert read_kml(content, "a.kml").features
        return time.process_time() - start

    small = max(min(seconds(4_000) for _ in range(3)), 1e-3)
    assert min(seconds(40_000) for _ in range(2)) < 40 * small


def test_what_nests_without_end_is_refused(tmp_path: Path) -> None:
    deep = "<MultiGeometry>" * 3_000 + "</MultiGeometry>" * 3_000
    with pytest.raises(ImportFileError, match="nested deeper than 100 elements"):
        import_file(written(tmp_path, "a.kml", placemark(deep)), "kml")
    nested: Any = 1
    for _ in range(400):
        nested = [nested]
    assert why(import_file(collection(tmp_path, feature(x=nested)), "geojson")) == [
        "feature 1: an attribute is nested too deep"
    ]


def test_linked_places_are_events_in_their_time(tmp_path: Path) -> None:
    place = {
        "@id": "https://example.org/place/7",
        "type": "Feature",
        "properties": {"title": "Kuźnica", "ccodes": ["PL"]},
        "when": {"timespans": [{"start": {"in": "2021-11-08"}, "end": {"latest": "2021-11-16"}}]},
        "descriptions": [{"value": "Crossing closed."}],
        "types": [{"identifier": "aat:1", "label": "checkpoint"}],
        "geometry": point(23.64, 53.51),
    }
    early = {**place, "@id": "x", "when": {"timespans": [{"start": {"in": "-0044"}}]}}
    since = {**place, "@id": "y", "when": {"timespans": [{"start": {"earliest": "1863"}}]}}
    content = {"type": "FeatureCollection", "citation": "Them, 2024", "features": [place, early, since, 7]}
    imported = import_file(written(tmp_path, "places.lpf.json", json.dumps(content)), "lpf")
    first, second = records(imported)
    assert (first.id, first.title, first.summary, first.tags) == (
        "places-https-example-org-place-7",
        "Kuźnica",
        "Crossing closed.",
        ("checkpoint",),
    )
    assert first.when is not None
    assert second.when is not None
    assert (first.when.edtf, second.when.edtf) == ("2021-11-08/2021-11-16", "1863")
    assert (first.where.places[0].name, imported.events[0].country) == ("Kuźnica", "PL")
    assert sources(imported)["places"].publisher == "Them, 2024"
    assert why(imported) == [
        """feature 2: when: start '{"in":"-0044"}': expected a date since the year 1""",
        "feature 4: expected a feature, an object of JSON",
    ]


def test_what_a_file_says_of_itself_is_its_source(tmp_path: Path) -> None:
    imported = import_file(collection(tmp_path, feature(), name="Theirs", license="CC BY 4.0"), "geojson")
    source = sources(imported)["their-map"]
    assert (source.title, source.licence, source.kind) == ("Theirs", "CC BY 4.0", "dataset")


# A mapping


def test_a_mapping_says_what_columns_and_words_mean(tmp_path: Path) -> None:
    table = (
        "nr;was;art;tag;ende;ort;land;x;y;wer;link\n"
        "7/a;Depot burns;Shelling;12.08.2024;;Vovchansk;Ukraine;36,9;50.2;A|B;https://example.org/1|https://example.net/2\n"
        "8;Convoy;Move;12.08.2024;14.08.2024;Vovchansk;Ukraine;36.9;50.2;;\n"
    )
    own = mapping(
        delimiter=";",
        id_prefix="desk",
        date_format="%d.%m.%Y",
        list_separator="|",
        source={"publisher": "The desk", "licence": "internal"},
        columns={
            "id": "nr", "title": "was", "type": "art", "start": "tag", "end": "ende", "place": "ort", "country": "land",
            "lon": "x", "lat": "y", "actors": "wer", "url": "link",
        },
        values={"type": {"Shelling": "strike/missile_artillery", "Move": "deployment"}},
        defaults={"precision": "vicinity", "radius_m": "1500", "workflow": "draft"},
    )  # fmt: skip
    path = written(tmp_path, "desk.csv", table)
    imported = import_file(path, "csv", own)
    assert why(imported) == ["line 2: lon: expected a number, found '36,9'"]
    path.write_text(table.replace("36,9", "36.9"), encoding="utf-8")
    imported = import_file(path, "csv", own)
    assert why(imported) == []
    burns, convoy = records(imported)
    assert (burns.id, burns.type, burns.workflow) == ("desk-7-a", "strike/missile_artillery", "draft")
    assert [part.name for part in burns.actors] == ["A", "B"]
    place = burns.where.places[0]
    assert (place.name, place.lon, place.precision, place.radius_m) == ("Vovchansk", 36.9, "vicinity", 1500)
    assert [sources(imported)[name].url for name in burns.sources] == [
        "https://example.org/1",
        "https://example.net/2",
    ]
    assert {sources(imported)[name].licence for name in burns.sources} == {"internal"}
    assert burns.when is not None
    assert convoy.when is not None
    assert (burns.when.edtf, convoy.when.edtf) == ("2024-08-12", "2024-08-12/2024-08-14")
    assert sources(imported)[convoy.sources[0]].publisher == "The desk"


def test_a_point_that_stands_for_a_region_is_no_pin(tmp_path: Path) -> None:
    columns = {"title": "title", "precision": "p", "place": "where"}
    path = collection(
        tmp_path,
        feature(point(36.2, 51.7), p="region", where="Kursk Region"),
        feature(point(36.2, 51.7), p="region"),
        feature(point(36.2, 51.7), p="quite"),
    )
    imported = import_file(path, "geojson", mapping(columns=columns))
    (record,) = records(imported)
    assert (record.where.places[0].place, record.where.places[0].lon) == ("Kursk Region", None)
    assert imported.events[0].is_area
    assert why(imported) == [
        "feature 2: a point of precision region is no place; name the region as place",
        "feature 3: precision: expected one of exact, place, vicinity, district, region, line, country, waters, none,"
        " found 'quite'",
    ]


def test_what_a_title_is_cut_of_stands_in_the_summary(tmp_path: Path) -> None:
    long, more = "word " * 60, "more " * 60
    cases = [feature(title=long), feature(title=long, summary="S."), feature(title="", summary=more)]
    first, second, third = records(import_file(collection(tmp_path, *cases), "geojson"))
    assert first.title.endswith(" …")
    assert first.summary == long.strip()
    assert second.summary == f"{long.strip()}\n\nS."
    assert (third.title[:9], third.summary) == ("more more", more.strip())


@pytest.mark.parametrize(
    ("ids", "count"), [(["Б-1", "В-1"], 2), (["A 1", "A-1"], 1), (["x" * 150 + "a", "x" * 150 + "b"], 2)]
)
def test_ids_that_differ_in_letters_stay_apart(ids: list[str], count: int, tmp_path: Path) -> None:
    imported = import_file(collection(tmp_path, *(feature(id=own) for own in ids)), "geojson")
    assert len({record.id for record in records(imported)}) == count


def test_numbers_with_a_decimal_comma(tmp_path: Path) -> None:
    path = written(tmp_path, "excel.csv", "title;lon;lat\nA;27,5;53,9\n".encode("cp1252"))
    with pytest.raises(ImportFileError, match="one column only; its names seem parted by ';'"):
        import_file(path, "csv")
    columns = {"title": "title", "lon": "lon", "lat": "lat"}
    own = mapping(delimiter=";", decimal=",", encoding="cp1252", columns=columns)
    place = only(import_file(path, "csv", own)).where.places[0]
    assert (place.lon, place.lat) == (27.5, 53.9)


def test_a_mapping_key_that_means_nothing_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", "title,lon,lat\nA,500000,600000\n")
    with pytest.raises(ImportFileError, match="crs in a mapping means nothing for csv; take it out"):
        import_file(path, "csv", mapping(crs="EPSG:2180", columns={"title": "title"}))


@pytest.mark.parametrize(
    ("written_day", "edtf"),
    [
        ("2024-08-06 10:00:00+00", "2024-08-06"), ("2024/08/06", "2024-08-06"), ("2024-08-06T10:00Z", "2024-08-06"),
        ("2024-08", "2024-08"), ("2024-08-06/2024-08-07", "2024-08-06/2024-08-07"), ("2024/2025", "2024/2025"),
    ],
)  # fmt: skip
def test_days_are_read_as_programs_write_them(written_day: str, edtf: str, tmp_path: Path) -> None:
    when = only(import_file(collection(tmp_path, feature(when=written_day)), "geojson")).when
    assert when is not None
    assert when.edtf == edtf


def test_outlines_that_cross_themselves_are_repaired_and_told(tmp_path: Path) -> None:
    bow = [[0, 0], [5, 5], [5, 0], [0, 5], [0, 0]]
    square = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]
    shapes = [{"type": "Polygon", "coordinates": rings} for rings in ([bow], [square, bow], [square])]
    imported = import_file(collection(tmp_path, *map(feature, shapes)), "geojson")
    assert why(imported) == []
    assert "2 outlines crossed themselves and were repaired" in imported.remarks
    whole = [shapely.geometry.shape(record.where.places[0].geometry) for record in records(imported)]
    assert all(shape.is_valid for shape in whole)
    # A hole larger than what it is in leaves what of that it does not cover.
    assert [shape.area for shape in whole] == [pytest.approx(12.5), pytest.approx(0.5), pytest.approx(1)]


def test_columns_that_are_not_there_are_told(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", "headline,day\nX,2024\n")
    with pytest.raises(
        ImportFileError, match=r"a\.csv: no column says what happened; .*; found headline, day"
    ):
        import_file(path, "csv")
    with pytest.raises(ImportFileError, match=r"a\.csv: no column text; found headline, day"):
        import_file(path, "csv", mapping(columns={"title": "text"}))


@pytest.mark.parametrize(
    "keys",
    [
        {"columns": {"headline": "x"}},
        {"schema": 2},
        {"delimiter": ";;"},
        {"values": {"type": "x"}},
        {"date_format": "%d.%m."},
        {"date_format": "%Y%Y"},
        {"date_format": "%d.%m.%Y %"},
        {"encoding": "klingon"},
        {"encoding": "rot13"},
        {"encoding": "utf-16"},
        {"encoding": "a\0b"},
    ],
)
def test_a_mapping_of_another_form_is_refused(keys: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        mapping(**keys)


def test_the_known_layouts_take_no_mapping(tmp_path: Path) -> None:
    with pytest.raises(ImportFileError, match="the columns of acled are known"):
        import_file(written(tmp_path, "a.csv", "a\n"), "acled", mapping())


# Faults

FAULTS = {
    "past the pole": (feature(point(53.9, 127.5)), "are lon and lat swapped?"),
    "past the Earth": (feature(point(400, 10)), "expected degrees of WGS 84"),
    "no number": (feature(point("a", 1)), "type must be number"),
    "no corner": (feature({"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}), "closed"),
    "of no kind": (feature({"type": "Circle"}), "Unknown geometry type"),
    "several points": (feature({"type": "MultiPoint", "coordinates": [[1, 2], [3, 4]]}), "a MultiPoint is not drawn"),
    "before Christ": (feature(when="-0044-03-15"), "is not a date that can be read"),
    "American": (feature(when="08/12/2024"), "name the form of days in a mapping, as date_format"),
    "no such day": (feature(when="2024-02-31"), "is not a date"),
    "ends before it begins": (feature(start="2024-02", end="2023-01"), "ends before it begins"),
    "no type of ours": (feature(type="Shelling"), "type:"),
    "no title": (feature(title=""), "the title is empty"),
    "no web address": (feature(url="javascript:alert(1)"), "expected an address that begins with http"),
    "broken address": (feature(url="http://[x"), "url: "),
    "no radius": (feature(point(1, 2), radius_m="wide"), "radius_m: expected a number"),
    "no properties": ({"type": "Feature", "geometry": point(1, 2)}, "the title is empty"),
    "no feature": ("x", "expected a feature"),
    "no text": (feature(wkt="POINT(1"), "geometry: "),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_feature_is_told_and_the_good_ones_are_kept(fault: str, tmp_path: Path) -> None:
    broken, said = FAULTS[fault]
    imported = import_file(collection(tmp_path, feature(), broken, feature(point(27.5, 53.9))), "geojson")
    assert [record.id for record in records(imported)] == ["their-map-1", "their-map-3"]
    (skipped,) = imported.skipped
    assert (skipped.at, said in skipped.why) == ("feature 2", True), skipped.why


def test_an_empty_geometry_is_no_place(tmp_path: Path) -> None:
    path = collection(tmp_path, feature({"type": "Point", "coordinates": []}))
    assert only(import_file(path, "geojson")).where.mode == "unknown"


def test_infinite_coordinates_are_skipped_not_moved(tmp_path: Path) -> None:
    path = tmp_path / "layer.gpkg"
    frame = FRAME.set_geometry([shapely.Point(float("inf"), 0), shapely.Point()], crs="EPSG:4326")
    frame.to_file(path)
    imported = import_file(path, "gpkg")
    assert why(imported) == ["layer 1: geometry: a coordinate is not finite"]
    assert only_where(imported) == "unknown"


def only_where(imported: Imported) -> str:
    (record,) = records(imported)
    return record.where.mode


def test_a_quote_that_is_never_closed_takes_no_rows_with_it_in_silence(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", 'id,title\n0,Good\n1,"Foo\n2,Bar\n')
    imported = import_file(path, "csv")
    assert [record.title for record in records(imported)] == ["Good"]
    assert why(imported) == ["line 3: no row of a table: unexpected end of data"]


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportFileError, match=r"a\.csv:1: several columns are called title; rename them"):
        import_file(written(tmp_path, "a.csv", "id,title,title,,\n1,Real,,,\n"), "csv")


def test_a_table_without_rows_has_no_events(tmp_path: Path) -> None:
    assert import_file(written(tmp_path, "a.csv", "title,when\n"), "csv").events == []


@pytest.mark.parametrize("name", ["ŻÓŁW.SHP", "up.shp"])
def test_a_shapefile_in_capitals_finds_its_parts(name: str, tmp_path: Path) -> None:
    FRAME.to_file(tmp_path / "low.shp")
    path = tmp_path / name
    for own in tmp_path.glob("low.*"):
        own.rename(path.with_suffix(own.suffix.upper() if name.isupper() else own.suffix))
    assert len(import_file(path, "shp").events) == 2


def test_a_shapefile_of_no_stated_encoding_is_utf8_or_told(tmp_path: Path) -> None:
    path = tmp_path / "layer.shp"
    FRAME.assign(title="Żółw").to_file(path, encoding="cp1250")
    path.with_suffix(".cpg").unlink()
    table = path.with_suffix(".dbf")
    head = bytearray(table.read_bytes())
    head[29] = 0
    table.write_bytes(head)
    with pytest.raises(ImportFileError, match="cannot be read"):
        import_file(path, "shp")


def test_the_index_and_the_lists_of_a_geoparquet_are_read(tmp_path: Path) -> None:
    frame = FRAME.assign(id=["a", "b"], tags=[["x", "y"], None]).set_index("id")
    frame.to_parquet(tmp_path / "indexed.parquet")
    first, second = records(import_file(tmp_path / "indexed.parquet", "parquet"))
    assert (first.id, first.tags, second.id, second.tags) == ("indexed-a", ("x", "y"), "indexed-b", ())


@pytest.mark.parametrize("crs", ["EPSG:5703", "EPSG:4978", "+proj=pipeline +step +proj=axisswap +order=2,1"])
def test_what_is_no_system_of_a_map_is_refused(crs: str, tmp_path: Path) -> None:
    path = collection(tmp_path, feature(point(27.5, 53.9)), crs={"type": "name", "properties": {"name": crs}})
    with pytest.raises(
        ImportFileError, match=r"is no system of longitude and latitude|no coordinate reference system"
    ):
        import_file(path, "geojson")


def test_an_old_form_of_crs_is_read(tmp_path: Path) -> None:
    path = collection(
        tmp_path, feature(point(3061286, 7147000)), crs={"type": "EPSG", "properties": {"code": 3857}}
    )
    assert only(import_file(path, "geojson")).where.places[0].lon == pytest.approx(27.5, abs=1e-3)


def test_rows_of_another_encoding_are_skipped(tmp_path: Path) -> None:
    rows = [b"title,when", "Kuźnica,2024".encode(), "Kuźnica,2024".encode("cp1250"), b"a,b,c"]
    path = written(tmp_path, "mixed.csv", b"\n".join(rows))
    imported = import_file(path, "csv")
    assert why(imported) == [
        "line 3: not UTF-8; save the file as UTF-8, or name its encoding in a mapping",
        "line 4: 3 cells, where there are 2 columns",
    ]
    both = import_file(path, "csv", mapping(encoding="cp1250", columns={"title": "title"}))
    assert records(both)[1].title == "Kuźnica"


@pytest.mark.parametrize("text", HOSTILE.values())
def test_hostile_words_stay_words(text: str, tmp_path: Path) -> None:
    record = only(import_file(collection(tmp_path, feature(title="T", summary=text, tags=text)), "geojson"))
    assert record.summary == text.strip()


NO_FILES = {
    "no JSON": ("geojson", b"{", "a.geojson:1:2: not JSON"),
    "NaN": ("geojson", b'{"features": [NaN]}', "not JSON"),
    "no collection": ("geojson", b'{"type": "Point", "coordinates": [1, 2]}', "expected a FeatureCollection"),
    "no XML": ("kml", b"<kml><Placemark></kml>", "a.kml:1:19: no XML: mismatched tag"),
    "entities": ("kml", b'<!DOCTYPE x [<!ENTITY a "b">]><kml>&a;</kml>', "declares a document type"),
    "no encoding": ("kml", b'<?xml version="1.0" encoding="klingon"?><kml/>', "its encoding is not known"),
    "no SQLite": ("gpkg", b"SQLite format 3\x00" + b"x" * 200, "a.gpkg: "),
    "another format": ("gpkg", b"<OGRVRTDataSource></OGRVRTDataSource>", "is not that of a .gpkg"),
    "another format still": ("fgb", b'{"type": "FeatureCollection", "features": []}', "is not that of a .fgb"),
    "cut off": ("fgb", b"fgb\x03fgb\x00\x00", "a.fgb: "),
    "no Parquet": ("parquet", b"PAR1xxxxPAR1", "no GeoParquet"),
    "alone": ("shp", b"\x00\x00\x27\x0a" + b"\x00" * 96, "a.shp: "),
    "an archive of nothing": ("kml", b"PK\x05\x06" + b"\x00" * 18, "a.kml: an archive without a .kml"),
}  # fmt: skip


@pytest.mark.parametrize("kind", NO_FILES)
def test_what_is_no_file_of_a_format_is_refused(kind: str, tmp_path: Path) -> None:
    name, content, said = NO_FILES[kind]
    with pytest.raises(ImportFileError) as raised:
        import_file(written(tmp_path, f"a.{name}", content), name)
    assert said in str(raised.value)


def test_an_archive_that_grows_without_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geomap.events.imports.read._LARGEST_TEXT", 1 << 20)
    path = tmp_path / "bomb.kmz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("doc.kml", b" " * (1 << 21))
    with pytest.raises(ImportFileError, match="more than 1 MiB"):
        import_file(path, "kml")


def test_an_archive_that_unpacks_to_far_more_than_it_is_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.kmz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("doc.kml", b" " * (1 << 25))  # packed to 33 kB
    with pytest.raises(ImportFileError, match="unpacks to more than 200 times its size; not read"):
        import_file(path, "kml")


def test_an_archive_that_lies_of_its_sizes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.kmz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("doc.kml", b" " * (1 << 25))
    # In the central directory the packed and the unpacked size stand 20 and 24 bytes after the signature.
    content = bytearray(path.read_bytes())
    at = content.rindex(b"PK\x01\x02")
    for sizes in ((1 << 30, 1 << 25), (1 << 30, 10), (10, 1 << 25), (0, 0)):
        content[at + 20 : at + 28] = struct.pack("<II", *sizes)
        path.write_bytes(content)
        with pytest.raises(ImportFileError):
            import_file(path, "kml")


@pytest.mark.parametrize(
    "member", ["../out.kml", "/out.kml", "..\\out.kml", "a/../../out.kml", "C:\\out.kml"]
)
def test_a_member_that_would_leave_its_folder_is_read_and_unpacked_nowhere(
    member: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    kml = "<kml><Placemark><name>Hit</name><Point><coordinates>30,50</coordinates></Point></Placemark></kml>"
    with zipfile.ZipFile("x.kmz", "w") as archive:
        archive.writestr(member, kml)
    import_file(Path("x.kmz"), "kml")
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["x.kmz"]


def test_a_table_without_shapes_may_have_a_column_of_that_name(tmp_path: Path) -> None:
    path = tmp_path / "table.gpkg"
    pyogrio.write_dataframe(pandas.DataFrame({"title": ["A"], "geometry": ["none"]}), path, layer="t")
    assert only(import_file(path, "gpkg")).title == "A"


@pytest.mark.parametrize(
    "member", [b"\x00", b"BZh9broken", b"]\x00\x00broken"], ids=["stored", "bz2", "lzma"]
)
@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_broken_archive_is_refused(method: int, member: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.kmz"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("doc.kml", b"x" * 1000)
    content = bytearray(path.read_bytes())
    content[45 : 45 + len(member)] = member
    path.write_bytes(content)
    with pytest.raises(ImportFileError):
        import_file(path, "kml")


def test_views_and_tables_that_lead_elsewhere_are_not_read(tmp_path: Path) -> None:
    path = tmp_path / "views.gpkg"
    FRAME.to_file(path, layer="a")
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE VIEW v AS SELECT * FROM a")
        database.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('v', 'attributes', 'v')"
        )
    with pytest.raises(ImportFileError, match="'v' is worked out by SQL of the file"):
        import_file(path, "gpkg")
    assert len(import_file(path, "gpkg", mapping(layer="a", columns={"title": "title"})).events) == 2


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    "path",
    [
        "/vsicurl/http://127.0.0.1/x.gpkg",
        "/vsizip/x.zip/x.shp",
        "http://127.0.0.1/x.geojson",
        "zip://x.zip!x.shp",
        "<OGRVRTDataSource/>",
        "PG:host=127.0.0.1",
        ".",
    ],
)
def test_only_files_are_read(path: str, name: str) -> None:
    with pytest.raises(ImportFileError, match="no such file"):
        import_file(Path(path), name)


@pytest.mark.parametrize("name", ["x!y.gpkg", "http:x.gpkg", "a.zip.gpkg", "zip:a.gpkg"])
def test_names_that_gdal_would_take_for_more_are_names(name: str, tmp_path: Path) -> None:
    FRAME.to_file(tmp_path / "plain.gpkg")
    path = (tmp_path / "plain.gpkg").rename(tmp_path / name)
    assert len(import_file(path, "gpkg").events) == 2
