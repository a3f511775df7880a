"""Files of others that are broken anywhere end in an error of ours, or in events; never in another error."""

import random
import re
import zipfile
from io import BytesIO
from pathlib import Path

import geopandas
import pytest
import shapely

from geomap.errors import GeomapError
from geomap.events.imports import import_file

CASES = 150
KML = (
    "<kml><Document><name>D</name><Folder><name>F</name><Placemark><name>A &amp; B</name>"
    "<description><![CDATA[x <b>y</b> <a href='https://example.org/1'>z</a>]]></description><TimeSpan><begin>2022-10</begin></TimeSpan>"
    '<ExtendedData><Data name="country"><value>UA</value></Data></ExtendedData><Point><coordinates>37.5,50.2,0'
    "</coordinates></Point></Placemark><Placemark><name>P</name><Polygon><outerBoundaryIs><LinearRing><coordinates>37,50"
    " 38,50 38,51 37,50</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></Folder></Document></kml>"
)
GEOJSON = (
    '{"type":"FeatureCollection","license":"CC","crs":{"type":"name","properties":{"name":"EPSG:2180"}},"features":['
    '{"type":"Feature","id":1,"properties":{"title":"A","when":"2024-01-01","url":"http://a.org","country":"BY"},'
    '"geometry":{"type":"Polygon","coordinates":[[[637000,487000],[638000,487000],[638000,488000],[637000,487000]]]}},'
    '{"type":"Feature","properties":{"title":"B","tags":"a;b"},"geometry":{"type":"Point","coordinates":[27.5,53.9]}}]}'
)
LPF = (
    '{"type":"FeatureCollection","features":[{"@id":"x/1","type":"Feature","properties":{"title":"A","ccodes":["BY"]},'
    '"when":{"timespans":[{"start":{"in":"2020"},"end":{"in":"2021-02"}}]},"types":[{"label":"camp"}],'
    '"geometry":{"type":"Point","coordinates":[27,53]}}]}'
)
CSV = (
    "id,title,when,start,end,place,country,lon,lat,wkt,precision,radius_m,url,published\n"
    "1,A,2024-01-01,,,Minsk,BY,27.5,53.9,,place,500,https://example.org/a,2024-01-02\n"
    '2,B,,2024-01-01,2024-01-03,,Poland,,,"POLYGON((20 50,21 50,21 51,20 50))",,,,\n'
)
TEXTS = {"kml": KML, "geojson": GEOJSON, "lpf": LPF, "csv": CSV}
PIECES = (
    b"\0", b"1e999", b"nan", b'"', b"[", b"{", b"\xff", b"\xed\xa0\x80", b"9" * 400, b"null", b"[]", b"0000-00-00",
    b"POINT EMPTY", b"GEOMETRYCOLLECTION(POINT(1 2))", b"http://[", b"9999-99-99", b"/", b"\n", b"\\ud800", b"&#0;",
    b"<!DOCTYPE x>", b"<![CDATA[", b"</", b"<MultiGeometry>", b"1/2/2024", b"EPSG:4978", b"EPSG:5703", b"A" * 3000,
    b"POLYGON((0 0,1 1,0 1,1 0,0 0))",
)  # fmt: skip


def mutated(content: bytes, chance: random.Random) -> bytes:
    """A file with some of it cut, doubled, changed or replaced."""
    own = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 4, 12))):
        at = chance.randrange(len(own) or 1)
        words = [found.span() for found in re.finditer(rb"[A-Za-z0-9.:/-]+", bytes(own))]
        match chance.randrange(6):
            case 0:
                del own[at:]
            case 1:
                own[at : at + 1] = bytes([chance.randrange(256)])
            case 2:
                own[at:at] = own[at : at + chance.randrange(60)]
            case 3:
                del own[at : at + chance.randrange(20)]
            case 4 if words:
                start, end = chance.choice(words)
                own[start:end] = chance.choice(PIECES)
            case _:
                own[at:at] = chance.choice(PIECES)
    return bytes(own)


def content_of(name: str, folder: Path) -> bytes:
    if name in TEXTS:
        return TEXTS[name].encode()
    if name == "kmz":
        packed = BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("doc.kml", KML)
        return packed.getvalue()
    points = [shapely.Point(27.5, 53.9), shapely.Point(28, 54)]
    frame = geopandas.GeoDataFrame({"title": ["A", "B"], "n": [1.5, 2]}, geometry=points, crs="EPSG:4326")
    path = folder / f"whole.{name}"
    if name == "parquet":
        frame.to_parquet(path)
    else:
        frame.to_file(path)
    return path.read_bytes()


@pytest.mark.parametrize("name", [*TEXTS, "kmz", "gpkg", "fgb", "parquet"])
def test_a_broken_file_is_told_as_such(name: str, tmp_path: Path) -> None:
    whole, chance = content_of(name, tmp_path), random.Random(f"broken {name}")
    path = tmp_path / f"broken.{name}"
    told = 0
    for _ in range(CASES):
        path.write_bytes(mutated(whole, chance))
        try:
            import_file(path, "kml" if name == "kmz" else name)
        except GeomapError:
            told += 1
    # Some break nothing that is read, and some all of it.
    assert 0 < told < CASES
