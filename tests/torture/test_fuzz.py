"""Whatever is read ends in a result or in an error of ours; with GEOMAP_TORTURE=1 for many more inputs."""

import json
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import geopandas
import pytest
import shapely
from hypothesis import example, given

from fuzzing import files, runs, texts
from geomap import pipeline
from geomap.context import read_context
from geomap.errors import GeomapError
from geomap.events.imports import import_file
from geomap.extract.dates import find_dates
from geomap.extract.read import read_document, read_records
from geomap.extract.segment import plain_document
from geomap.extract.toponyms import Geoparser
from geomap.gazetteer import read_gazetteer
from geomap.gazetteer.coordinates import read_coordinates
from geomap.gazetteer.curated import read_curated, read_view
from geomap.gazetteer.dumps import Selection
from geomap.gazetteer.read import BaseTables
from geomap.gazetteer.write import Inputs, write_store
from geomap.lock import read_lock
from geomap.model.import_mapping import ImportMapping
from geomap.model.timespan import parse_edtf
from geomap.pipeline.drafting import Drafting
from geomap.yamlfile import read_yaml
from torture_log import Tally, tally

DATA = read_gazetteer()
RESOLVER = DATA.resolver
DRAFTING = Drafting(DATA, Geoparser(DATA))
PUBLISHED = date(2024, 5, 15)

MAP = b"""schema: 1
title: A map
subtitle: "of: many"
events: [events.yaml]
countries: [BY, PL]
worldview: un
layers:
  - {id: a, title: A, group: g, select: {type: [strike, exercise/naval], status: reported, precision: region}}
view: {bbox: [20, 50, 30, 56]}
types: {cyber: {label: Cyber, subtypes: [outage]}}
sources: {s: {publisher: P, published: 2021-11-13}}
context: [{id: f, title: F, file: f.geojson, date: 2024-08-12, credit: C, colour: "#8a4b52"}]
"""
EVENTS = b"""schema: 1
sources:
  wire: {publisher: Wire, url: "https://a.example/1", published: 2021-11-13, reliability: B, graded_by: me}
actors: {mod: {name: Ministry, country: BY, side: a}}
events:
  - id: drill
    type: exercise
    title: A drill
    when: {edtf: 2021-11-10/2021-11-11, text: "on Friday"}
    where:
      - {near: Minsk, within_km: 20}
      - {border: [BY, PL], side: PL, depth_km: 3}
      - {lon: 27.5, lat: 53.9, precision: place}
    actors: [{id: mod, role: host}, {name: X}]
    quantities: [{measure: troops, low: 1, best: 2, high: 3}]
    claims: [{by: mod, stance: denies, about: motive, text: no, when: 2021-11}]
    evidence: [{source: wire, start: 0, end: 4, quote: word}]
    status: {value: confirmed, by: me, basis: seen}
    sources: [wire]
    tags: [a, b]
"""
LINE = (
    b'{"id": "a", "type": "strike", "title": "A", "when": "2021-11-12", "where": {"place": "Minsk", "country": "BY"},'
    b' "sources": ["s"], "tags": ["x"]}\n'
)
TABLE = (
    b"event_id,title,type,when,place_name,lon,lat,sources,precision,radius_m,tags\n"
    b'a,A,strike,2021-11-12,Minsk,27.5,53.9,"[""s""]",place,500,"[""x""]"\n'
    b"b,B,exercise/naval,2021-11/2021-12,,27.6,53.8,s,exact,,\n"
)
GEOJSON = (
    b'{"type":"FeatureCollection","features":[{"type":"Feature","id":1,"properties":{"title":"A","when":"2024-01-01",'
    b'"url":"http://a.example","country":"BY","label":"L"},"geometry":{"type":"Polygon","coordinates":'
    b'[[[27,53],[28,53],[28,54],[27,53]]]}},{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[27.5,53.9]}}]}'
)
KML = (
    b"<kml><Document><name>D</name><Placemark><name>A &amp; B</name><description><![CDATA[x <b>y</b>]]></description>"
    b'<TimeSpan><begin>2022-10</begin></TimeSpan><ExtendedData><Data name="c"><value>UA</value></Data></ExtendedData>'
    b"<Point><coordinates>37.5,50.2,0</coordinates></Point></Placemark></Document></kml>"
)
PLACES = b"""schema: 1
places:
  - {id: hut, kind: village, country: BY, names: {en: [Hut], be: [Hata]}, lon: 27.5, lat: 53.9, radius_m: 900,
     sources: [{name: S, date: 2024-01-01}]}
"""
MAPPING = b"""schema: 1
columns: {title: name, when: date, place: town}
values: {type: {Shelling: strike}}
defaults: {type: strike}
source: {publisher: P, licence: CC0}
id_prefix: p
date_format: "%d.%m.%Y"
encoding: cp1251
decimal: ","
delimiter: ";"
crs: EPSG:3857
"""
HTML = (
    b'<!doctype html><html lang="en"><head><title>T | Wire</title><meta property="article:published_time" '
    b'content="2024-05-14T10:00:00Z"><script type="application/ld+json">{"@type":"NewsArticle","datePublished":'
    b'"2024-05-14","headline":"T"}</script></head><body><nav>Menu</nav><h1>T</h1><p>Drones struck a depot in Lviv on '
    b"Monday, the ministry said.</p><p>Two people &amp; a dog were hurt near Kursk.</p></body></html>"
)
MARKDOWN = (
    b"---\npublisher: P\npublished: 2024-05-14\n---\n# T\n\nDrones struck Lviv on Monday.\n\n> quoted\n"
)
DUMP = (
    b"627904\tHrodna\tHrodna\tGrodno,\xd0\x93\xd1\x80\xd0\xbe\xd0\xb4\xd0\xbd\xd0\xbe\t53.6884\t23.8258\tP\tPPLA\tBY"
    b"\t\t03\t\t\t\t317365\t\t\tEurope/Minsk\t2024-01-01\n"
)
AIRPORTS = (
    b'"id","ident","type","name","latitude_deg","longitude_deg","elevation_ft","continent","iso_country","iso_region",'
    b'"municipality","scheduled_service","icao_code","iata_code","gps_code","local_code","home_link","wikipedia_link",'
    b'"keywords"\n1,"UMMG","medium_airport","Hrodna Airport",53.602,24.0538,442,"EU","BY","BY-HR","Hrodna","yes",'
    b'"UMMG","GNA","UMMG",,,,\n'
)
LOCK = b"""schema: 1
geomap: "0.1.0"
gazetteer: "sha256:bfc3c0d0780cd98c"
worldview: "un"
countries: ["BY"]
places:
- {written: "Minsk", place_id: "gn:625144", name: "Minsk", countries: ["BY"], precision: place, lon: 27.5, lat: 53.9}
"""
DOCUMENT = b'{"id": 1, "text": "Drones struck Lviv.", "published": "2024-05-14"}\n'


SIDECARS: dict[str, bytes] = {}
"""What lies beside `whole.shp`."""


def shape_files() -> dict[str, bytes]:
    """A small table with geometry in each binary format."""
    from tempfile import TemporaryDirectory

    points = [shapely.Point(27.5, 53.9), shapely.Point(28, 54)]
    written = {
        "id": ["a", "b"],
        "type": ["strike"] * 2,
        "title": ["A", "B"],
        "sources": ["s", "s"],
        "radius_m": [500.0, 600.0],
    }
    frame = geopandas.GeoDataFrame(written, geometry=points, crs="EPSG:4326")
    made = {}
    with TemporaryDirectory() as folder:
        for name in ("gpkg", "fgb", "parquet", "shp"):
            path = Path(folder) / f"whole.{name}"
            if name == "parquet":
                frame.to_parquet(path)
            else:
                frame.to_file(path)
            made[name] = path.read_bytes()
        SIDECARS.update({end: (Path(folder) / f"whole.{end}").read_bytes() for end in ("shx", "dbf", "prj")})
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        archive.writestr("doc.kml", KML)
    return made | {"kmz": packed.getvalue(), "kml": KML, "geojson": GEOJSON, "csv": TABLE}


WHOLE = shape_files()


def read_or_refuse(count: Tally, read: Callable[[], Any]) -> None:
    """A result, or an error of ours with words in it; anything else fails the test."""
    said = "a result"
    with count.run():
        try:
            read()
        except GeomapError as error:
            said = str(error)
    assert said


def read_map(path: Path) -> Any:
    """The map, and what lies beside it."""
    return pipeline.load(path.parent)


def read_events(path: Path) -> Any:
    """The events of a map of this file alone."""
    written = f"schema: 1\ntitle: A\nevents: [{path.name}]\nsources: {{s: {{}}}}\n"
    (path.parent / "map.yaml").write_text(written, encoding="utf-8")
    return pipeline.load(path.parent)


def read_dump(path: Path) -> Any:
    """A store of this dump alone."""
    is_airports = path.suffix == ".csv"
    inputs = Inputs(geonames=() if is_airports else (path,), ourairports=path if is_airports else None)
    base = BaseTables(regions={"BY.03": "BY-HR"}, region_ids=frozenset({"BY-HR"}), areas={})
    return write_store(path.with_name("store.sqlite"), inputs, Selection(), base, version="1")


def read_import(path: Path) -> Any:
    """The events of somebody else's file."""
    name = path.suffix.removeprefix(".")
    return import_file(path, "kml" if name == "kmz" else name)


def read_time(text: str) -> Any:
    """The time that is meant; a date that cannot be read is a `ValueError`, which records make a place in a file of."""
    try:
        return parse_edtf(text)
    except ValueError as error:
        return str(error)


# The name of the file -> whole ones, what reads it, and how many are tried each time the tests run.
FILES: dict[str, tuple[tuple[bytes, ...], Callable[[Path], Any], int]] = {
    "any.yaml": ((MAP, EVENTS, PLACES), read_yaml, 400),
    "map.yaml": ((MAP,), read_map, 80),
    "events.yaml": ((EVENTS,), read_events, 40),
    "events.jsonl": ((LINE, LINE + LINE.replace(b'"a"', b'"b"')), read_events, 40),
    "events.csv": ((TABLE,), read_events, 40),
    "events.parquet": ((WHOLE["parquet"],), read_events, 40),
    "events.fgb": ((WHOLE["fgb"],), read_events, 40),
    "context.geojson": ((GEOJSON,), lambda path: read_context(path, label_field="label"), 150),
    "geomap.lock": ((LOCK,), read_lock, 150),
    "mapping.yaml": ((MAPPING,), lambda path: read_yaml(path).parse(ImportMapping), 100),
    "places.yaml": ((PLACES,), read_curated, 100),
    "worldview.yaml": ((b"title: Mine\nowners: {UA-43: UA}\n",), read_view, 100),
    "article.html": ((HTML,), read_document, 60),
    "article.md": ((MARKDOWN,), read_document, 100),
    "article.txt": ((b"Drones struck Lviv on Monday.\n",), read_document, 100),
    "documents.jsonl": ((DOCUMENT,), lambda path: list(read_records(path)), 100),
    "BY.txt": ((DUMP, DUMP * 2), read_dump, 40),
    "airports.csv": ((AIRPORTS,), read_dump, 40),
    **{f"import.{name}": ((content,), read_import, 60) for name, content in WHOLE.items()},
}
TEXTS: dict[str, tuple[Callable[[str], Any], int]] = {
    "EDTF": (read_time, 400),
    "dates in text": (lambda text: find_dates(text, published=PUBLISHED), 150),
    "coordinates": (lambda text: read_coordinates(text), 300),
    "resolve": (lambda text: RESOLVER.candidates(text), 40),
    "draft": (
        lambda text: json.dumps(DRAFTING.answer(plain_document(text, id="x", published=PUBLISHED))),
        40,
    ),
}


def lay_out(folder: Path, name: str) -> Path:
    """What has to lie beside a file for it to be read; gives the file's path."""
    for suffix, content in SIDECARS.items():
        (folder / f"import.{suffix}").write_bytes(content)
    for beside, content in (("events.yaml", EVENTS), ("f.geojson", GEOJSON)):
        (folder / beside).write_bytes(content)
    return folder / name


@pytest.mark.parametrize("name", FILES)
def test_a_whole_file_gives_a_result(name: str, tmp_path: Path) -> None:
    whole, read, _ = FILES[name]
    path = lay_out(tmp_path, name)
    for content in whole:
        path.write_bytes(content)
        read(path)


@pytest.mark.parametrize("name", FILES)
def test_a_file_ends_in_a_result_or_an_error_of_ours(name: str, tmp_path: Path) -> None:
    whole, read, count = FILES[name]
    path = lay_out(tmp_path, name)
    with tally(f"fuzz {name}") as own:

        @runs(count)
        @given(content=files(*whole))
        @example(content=whole[0])
        # Found here: behind a byte order mark, the place of what is not UTF-8 was sought three bytes too early.
        @example(content=b'\xef\xbb\xbf"\xfb"')
        def run(content: bytes) -> None:
            path.write_bytes(content)
            read_or_refuse(own, lambda: read(path))

        run()


@pytest.mark.parametrize("what", TEXTS)
def test_a_text_ends_in_a_result_or_an_error_of_ours(what: str) -> None:
    read, count = TEXTS[what]
    with tally(f"fuzz {what}") as own:

        @runs(count)
        @given(text=texts())
        def run(text: str) -> None:
            read_or_refuse(own, lambda: read(text))

        run()
