"""Dumps become a store: what is taken, what is refused, and that the old store outlives every failure.

The rows are written here: names and ids that people may look up on geonames.org, and made-up ones.
"""

import hashlib
import json
import os
import signal
import sqlite3
import struct
import threading
import tracemalloc
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from geomap.errors import ConfigError, DataFileError, OutputError
from geomap.gazetteer import read, userdata, write
from geomap.gazetteer.dumps import Selection, airport_key, name_rank, ranked_folds
from geomap.gazetteer.fold import fold_in_steps, fold_name
from geomap.gazetteer.read import MAX_MEMBER, BaseTables, find_dumps, open_places, read_base
from geomap.gazetteer.schema import SCHEMA_VERSION, create_place_tables
from geomap.gazetteer.search import count_places, search_names
from geomap.gazetteer.variants import variant_key
from geomap.gazetteer.write import Inputs, StoreReport, write_store

BASE = BaseTables(
    regions={"BY.03": "BY-HR", "PL.81": "PL-20"},
    region_ids=frozenset({"BY-HR", "BY-MI", "PL-20"}),
    areas={858789: ("ne:PL-PD", "Podlaskie", "ADM1", "PL", "PL-20", None, 2288300, 5327900, 90_000)},
)
RunLimited = Callable[..., Any]


def row(
    geonameid: object, name: str, lon: object, lat: object, feature: str = "P.PPL", country: str = "BY", **more: object
) -> str:  # fmt: skip
    """A row of GeoNames' main table."""
    feature_class, _, code = feature.partition(".")
    cells = [
        geonameid, name, more.get("ascii_name", name), more.get("others", ""), lat, lon, feature_class, code,
        country, "", more.get("admin1", ""), more.get("admin2", ""), "", "", more.get("people", 0), "", "",
        "Europe/Minsk", "2024-01-01",
    ]  # fmt: skip
    return "\t".join(map(str, cells))


HRODNA = row(
    627904, "Hrodna", 23.8258, 53.6884, "P.PPLA", admin1="03", admin2="5000", people=317365,
    others="GNA,Grodno,Hrodna,hrwdna,http://hrodna.example,Гродно,גרודנה,Γκρόντνο,格罗德诺,Kovнo",
)  # fmt: skip
BRUZGI = row(629590, "Bruzgi", 23.6867, 53.5552, admin1="03", admin2="5000")
DISTRICT = row(5000, "Hrodzyenski Rayon", 23.9, 53.6, "A.ADM2", admin1="03", admin2="5000")
KUZNICA = row(
    766927, "Kuźnica", 23.6495, 53.5109, country="PL", admin1="81", ascii_name="Kuznica", people=1800
)
PODLASKIE = row(858789, "Podlaskie", 22.9, 53.2, "A.ADM1", "PL", admin1="81", others="Podlachia")
ROAD = row(9000001, "Via Baltica", 23.1, 54.1, "R.RD", "PL")
TOWNS = (HRODNA, BRUZGI, DISTRICT, KUZNICA, PODLASKIE, ROAD)


def text(*rows: str) -> bytes:
    return "".join(f"{line}\n" for line in rows).encode()


def dump(folder: Path, *rows: str, name: str = "BY.txt") -> Path:
    (folder / name).write_bytes(text(*rows))
    return folder / name


def build(out: Path, *tables: Path, selection: Selection | None = None, **more: Any) -> StoreReport:
    inputs = Inputs(
        geonames=tables, alternate=more.pop("alternate", None), ourairports=more.pop("airports", None)
    )
    return write_store(out, inputs, selection or Selection(), more.pop("base", BASE), version="1.2.3", **more)


def rows_of(store: Path, query: str, *values: object) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(store)) as database:
        return database.execute(query, values).fetchall()


def keys(store: Path) -> list[int]:
    return [key for (key,) in rows_of(store, "SELECT key FROM place ORDER BY key")]


def names(store: Path, key: int) -> dict[str, int]:
    return dict(rows_of(store, "SELECT fold, rank FROM name WHERE place = ?", key))


def meta(store: Path) -> dict[str, str]:
    return dict(rows_of(store, "SELECT key, value FROM meta"))


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Where a store goes; its folder is not there yet."""
    return tmp_path / "data" / "gazetteer.sqlite"


@pytest.fixture
def old_store(store: Path, tmp_path: Path) -> Iterator[Path]:
    """A store that was built before; whatever the test does, it must be there unchanged."""
    build(store, dump(tmp_path, BRUZGI, name="old.txt"))
    before = store.read_bytes()
    yield store
    assert store.read_bytes() == before
    assert litter(store) == []


def litter(store: Path) -> list[str]:
    return [
        path.name for path in store.parent.iterdir() if path.name not in (store.name, f".{store.name}.lock")
    ]


# --- What is taken ----------------------------------------------------------------------------------


def test_a_place_keeps_what_its_row_says(tmp_path: Path, store: Path) -> None:
    report = build(store, dump(tmp_path, *TOWNS))
    assert rows_of(store, "SELECT * FROM place WHERE key = 627904") == [
        (627904, None, "Hrodna", "PPLA", "BY", "BY-HR", 5000, 317365, 2382580, 5368840, None)
    ]
    assert keys(store) == [5000, 627904, 629590, 766927, 858789]
    assert (report.places, report.faults.count) == (5, 0)
    assert [(told.rows, told.kept, told.broken) for told in report.sources] == [(6, 5, 0)]


def test_names_are_folded_and_ranked_and_no_codes_or_links_come_in(tmp_path: Path, store: Path) -> None:
    build(store, dump(tmp_path, *TOWNS))
    assert names(store, 627904) == {
        "hrodna": 0, "grodno": 1, fold_name("גרודנה"): 2, fold_name("Γκρόντνο"): 2,
    }  # fmt: skip
    assert names(store, 766927) == {"kuznica": 0}


def test_spellings_meet_on_the_key_of_their_sounds(tmp_path: Path, store: Path) -> None:
    build(store, dump(tmp_path, *TOWNS))
    assert rows_of(store, "SELECT fold FROM variant WHERE key = ?", variant_key("hrodno")) == [
        ("grodno",), ("hrodna",),
    ]  # fmt: skip
    other_script = fold_name("Γκρόντνο")
    assert rows_of(store, "SELECT * FROM variant WHERE fold = ? OR key = ''", other_script) == []


def test_a_district_is_found_wherever_its_row_stands_and_though_it_is_not_asked_for(
    tmp_path: Path, store: Path
) -> None:
    for rows in (TOWNS, tuple(reversed(TOWNS))):
        build(store, dump(tmp_path, *rows), selection=Selection.parse(features="P"))
        assert rows_of(store, "SELECT key, district FROM place ORDER BY key") == [
            (627904, 5000), (629590, 5000), (766927, None),
        ]  # fmt: skip
    build(store, dump(tmp_path, *TOWNS))
    assert rows_of(store, "SELECT district FROM place WHERE feature LIKE 'ADM%'") == [(None,), (None,)]


def test_a_division_whose_shape_is_carried_keeps_its_record_and_gains_names(
    tmp_path: Path, store: Path
) -> None:
    build(store, dump(tmp_path, *TOWNS))
    assert rows_of(store, "SELECT * FROM place WHERE key = 858789") == [
        (858789, "ne:PL-PD", "Podlaskie", "ADM1", "PL", "PL-20", None, 0, 2288300, 5327900, 90_000)
    ]
    assert names(store, 858789) == {"podlaskie": 0, "podlachia": 1}


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ({}, [5000, 627904, 629590, 766927, 858789]),
        ({"features": "P"}, [627904, 629590, 766927]),
        ({"features": "ppla, r"}, [627904, 9000001]),
        ({"countries": "pl"}, [766927, 858789]),
        ({"countries": "PL", "features": "P,ADM1"}, [766927, 858789]),
    ],
)
def test_only_what_is_asked_for_is_kept(
    tmp_path: Path, store: Path, asked: dict[str, str], kept: list[int]
) -> None:
    build(store, dump(tmp_path, *TOWNS), selection=Selection.parse(**asked))
    assert keys(store) == kept


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"countries": "Poland"}, "'POLAND' is no country code of two letters"),
        ({"features": "P,Z"}, "no feature class Z"),
        ({"features": "P;A"}, "'P;A' is no feature class or code"),
        ({"languages": "русский"}, "'русский' is no language code"),
    ],
)
def test_a_wrong_wish_is_told(asked: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Selection.parse(**asked)


def test_a_wish_that_leaves_nothing_is_an_error(tmp_path: Path, old_store: Path) -> None:
    with pytest.raises(ConfigError, match="nothing is left of the countries and features asked for"):
        build(old_store, dump(tmp_path, *TOWNS), selection=Selection.parse(countries="FR"))


def test_of_a_place_in_several_files_the_first_holds(tmp_path: Path, store: Path) -> None:
    newer = row(627904, "Grodno", 23.9, 53.7, people=1)
    report = build(store, dump(tmp_path, HRODNA), dump(tmp_path, newer, BRUZGI, name="other.txt"))
    assert rows_of(store, "SELECT name, population FROM place WHERE key = 627904") == [("Hrodna", 317365)]
    assert [(told.rows, told.kept) for told in report.sources] == [(1, 1), (2, 1)]


def test_a_folder_stands_for_the_main_tables_in_it(tmp_path: Path) -> None:
    for name in ("PL.zip", "BY.TXT", "readme.txt", "admin1CodesASCII.txt", "alternateNamesV2.zip",
                 "iso-languagecodes.txt", "notes.md", "countryInfo.txt"):  # fmt: skip
        (tmp_path / name).touch()
    (tmp_path / "deeper.txt").mkdir()
    found, left_out = find_dumps(tmp_path)
    assert [path.name for path in found] == ["BY.TXT", "PL.zip"]
    assert {path.name for path in left_out} == {
        "readme.txt", "admin1CodesASCII.txt", "alternateNamesV2.zip", "iso-languagecodes.txt", "countryInfo.txt",
    }  # fmt: skip
    with pytest.raises(ConfigError, match=r"no \.txt or \.zip dump in this folder"):
        find_dumps(tmp_path / "deeper.txt")


def test_windows_line_ends_and_a_byte_order_mark_are_no_part_of_a_row(tmp_path: Path, store: Path) -> None:
    table = tmp_path / "BY.txt"
    table.write_bytes(b"\xef\xbb\xbf" + text(HRODNA, "", BRUZGI).replace(b"\n", b"\r\n"))
    report = build(store, table)
    assert (keys(store), report.faults.count) == ([627904, 629590], 0)


def test_a_last_row_needs_no_line_end(tmp_path: Path, store: Path) -> None:
    table = tmp_path / "BY.txt"
    table.write_bytes(text(HRODNA, BRUZGI).rstrip(b"\n"))
    build(store, table)
    assert keys(store) == [627904, 629590]


def test_characters_that_nobody_sees_are_dropped_from_names(tmp_path: Path, store: Path) -> None:
    forged = row(7, "Br\x1b[2Jest\u202e", 23.7, 52.1, others="B\x9brest-Litovsk\u200b", ascii_name="Brest")
    build(store, dump(tmp_path, forged))
    assert rows_of(store, "SELECT name FROM place") == [("Br[2Jest",)]
    assert names(store, 7) == {"br 2jest": 0, "brest": 1, "brest litovsk": 1}


# --- Alternate names --------------------------------------------------------------------------------

ALTERNATE = (
    "1\t627904\tbe\tГародня\t1\t\t\t\t\t",
    "2\t627904\tpl\tGrodno\t\t\t\t\t\t",
    "3\t627904\t\tHorodno\t\t\t\t\t\t",
    "4\t627904\tlink\thttps://en.wikipedia.org/wiki/Grodno\t\t\t\t\t\t",
    "5\t627904\tpost\t230000\t\t\t\t\t\t",
    "6\t627904\tiata\tGNA\t\t\t\t\t\t",
    "7\t627904\twkdt\tQ181376\t\t\t\t\t\t",
    "8\t627904\tfr_1793\tGrodnople\t\t\t\t\t\t",
    "9\t627904\tru\tСтарогродно\t\t\t\t1\t\t",
    "10\t627904\tzh-Hant\tGeluodenuo\t\t\t\t\t\t",
    "11\t424242\ten\tElsewhere\t\t\t\t\t\t",
)


def test_a_table_of_names_holds_before_the_column_of_names(tmp_path: Path, store: Path) -> None:
    other = row(766927, "Kuźnica", 23.6495, 53.5109, others="Kuźnica Białostocka", country="PL")
    report = build(
        store, dump(tmp_path, HRODNA, other), alternate=dump(tmp_path, *ALTERNATE, name="names.txt")
    )
    assert names(store, 627904) == {
        "hrodna": 0, "garodnya": 1, "grodno": 1, "horodno": 1, "geluodenuo": 1,
    }  # fmt: skip
    assert names(store, 766927) == {"kuznica": 0, "kuznica bialostocka": 1}
    assert (report.sources[1].rows, report.sources[1].kept) == (11, 4)


def test_languages_choose_among_the_names(tmp_path: Path, store: Path) -> None:
    table = dump(tmp_path, *ALTERNATE, name="names.txt")
    build(store, dump(tmp_path, HRODNA), alternate=table, selection=Selection.parse(languages="BE,zh"))
    assert names(store, 627904) == {"hrodna": 0, "garodnya": 1, "horodno": 1, "geluodenuo": 1}


def test_a_main_table_is_no_table_of_names(tmp_path: Path, old_store: Path) -> None:
    table = dump(tmp_path, HRODNA)
    with pytest.raises(ConfigError, match="not GeoNames' alternate names: line 1: 19 columns"):
        build(old_store, table, alternate=dump(tmp_path, KUZNICA, name="names.txt"))


# --- Airports ---------------------------------------------------------------------------------------

AIRPORT_HEADER = (
    "id,ident,type,name,latitude_deg,longitude_deg,iso_country,iso_region,municipality,gps_code,iata_code"
    ",keywords"
)
AIRPORTS = (
    '1,UMLI,small_airport,"Minsk Machulishchy Air Base",53.7734,27.5774,BY,BY-MI,Minsk,UMLI,,"Мачулищи, MCL"',
    "2,BY-0001,closed,Gorki,54.2,31.0,BY,BY-XX,,,,",
    "3,EPBK,medium_airport,Białystok-Krywlany Airport,53.1,23.17,PL,PL-20,Białystok,EPBK,QYY,",
)


def test_airports_have_ids_and_keys_of_their_own(tmp_path: Path, store: Path) -> None:
    build(store, airports=dump(tmp_path, AIRPORT_HEADER, *AIRPORTS, name="airports.csv"))
    found = rows_of(
        store, "SELECT code, name, feature, country, region, lon, lat, radius_m FROM place ORDER BY code"
    )
    assert found == [
        ("oa:BY-0001", "Gorki airfield", "AIRQ", "BY", None, 3100000, 5420000, 2000),
        ("oa:EPBK", "Białystok-Krywlany Airport", "AIRP", "PL", "PL-20", 2317000, 5310000, 2000),
        ("oa:UMLI", "Minsk Machulishchy Air Base", "AIRB", "BY", "BY-MI", 2757740, 5377340, 2000),
    ]
    assert names(store, airport_key("oa:UMLI")) == {
        "minsk machulishchy air base": 0, "umli": 1, "aerodrom machulishchi": 1,
    }  # fmt: skip
    assert max(keys(store)) < -(2**32)
    assert "OurAirports (public domain)" in meta(store)["attribution"]


def test_the_key_of_an_airport_is_the_same_in_every_build() -> None:
    digest = hashlib.sha256(b"oa:UMLI").hexdigest()
    assert airport_key("oa:UMLI") == -(2**32) - int(digest[:14], 16)


def test_a_broken_airport_is_left_out_and_told(tmp_path: Path, store: Path) -> None:
    wrong = ("4,XX,small_airport,Nowhere,95,1,BY,BY-MI,,,,", "5,X Y,small_airport,A,1,1,BY,,,,,", "6,short")
    report = build(store, airports=dump(tmp_path, AIRPORT_HEADER, *wrong, AIRPORTS[0], name="airports.csv"))
    assert report.places == 1
    told = [str(problem) for problem in report.faults.first]
    assert [line.partition("airports.csv")[2] for line in told] == [
        ":2:1: lat 95.0, lon 1.0 is no position in degrees; the row is left out",
        ":3:1: 'X Y' is no airport's ident; the row is left out",
        ":4:1: 2 columns where the header has 12; the row is left out",
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a,b\n1,2\n", "column ident is missing"),
        (b"", "column ident is missing"),
        (text(AIRPORT_HEADER), "no row of 0 can be used"),
        (text(AIRPORT_HEADER, '1,"UMLI'), "not CSV: unexpected end of data"),
        (text(AIRPORT_HEADER) + b"1,\xff\n", "not UTF-8 here"),
    ],
)
def test_what_is_no_table_of_airports_is_refused(
    tmp_path: Path, old_store: Path, content: bytes, message: str
) -> None:
    (tmp_path / "airports.csv").write_bytes(content)
    with pytest.raises(ConfigError, match=message):
        build(old_store, airports=tmp_path / "airports.csv")


# --- Broken rows and files --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (row("x1", "Town", 1, 1), "invalid literal for int() with base 10: 'x1'"),
        (row(0, "Town", 1, 1), "id '0' is out of range"),
        (row(10**12, "Town", 1, 1), "id '1000000000000' is out of range"),
        (row(1, "Town", 1, 91), "lat 91, lon 1 is no position in degrees"),
        (row(1, "Town", "nan", 1), "lat 1, lon nan is no position in degrees"),
        (row(1, "Town", "inf", 1), "lat 1, lon inf is no position in degrees"),
        (row(1, "Town", "east", 1), "could not convert string to float: 'east'"),
        (row(1, "Town", 1, 1, people=-5), "population -5 is out of range"),
        (row(1, "Town", 1, 1, people=10**30), f"population {10**30} is out of range"),
        (row(1, "", 1, 1), "the name is empty"),
        (row(1, "\x07", 1, 1), "the name is empty"),
        (row(1, "T" * 401, 1, 1), "a name of 401 characters"),
        (row(1, "Town", 1, 1, "P.ppl"), "'ppl' is no feature code"),
        (row(1, "Town", 1, 1, country="Poland"), "'Poland' is no country code"),
        ("1\ttoo\tshort", "3 columns, expected 19 parted by tabs"),
        (row(1, "Town", 1, 1) + "\tmore", "20 columns, expected 19 parted by tabs"),
    ],
)
def test_a_broken_row_is_left_out_and_told_with_its_line(
    tmp_path: Path, store: Path, broken: str, message: str
) -> None:
    table = dump(tmp_path, HRODNA, broken, BRUZGI)
    report = build(store, table)
    assert keys(store) == [627904, 629590]
    assert [str(problem) for problem in report.faults.first] == [
        f"{table}:2:1: {message}; the row is left out"
    ]
    assert report.sources[0].broken == 1


def test_a_row_that_is_not_utf8_is_left_out(tmp_path: Path, store: Path) -> None:
    table = tmp_path / "BY.txt"
    table.write_bytes(text(HRODNA) + row(1, "Минск", 27, 53).encode("cp1251") + b"\n" + text(BRUZGI))
    report = build(store, table)
    assert keys(store) == [627904, 629590]
    assert str(report.faults.first[0]) == f"{table}:2:1: not UTF-8; the row is left out"


def test_after_twenty_broken_rows_the_rest_is_counted(tmp_path: Path, store: Path) -> None:
    report = build(store, dump(tmp_path, HRODNA, *["broken"] * 300, BRUZGI))
    assert (len(report.faults.first), report.faults.count, report.places) == (20, 300, 2)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b"\n\n \n", "the file is empty"),
        (b"id,name\n1,Hrodna\n", "line 1: 1 columns, expected 19 parted by tabs"),
        (b"broken\n" * 1000 + text(HRODNA), "line 1: 1 columns"),
        (text(HRODNA).decode().encode("utf-16"), "line 1: not UTF-8"),
        (bytes(range(256)) * 100, "line 1: "),
        (text(row("x", "Town", 1, 1)) * 5, "no row of 5 can be used"),
        (b"x" * (3 << 20), "a row of more than 1,048,576 bytes"),
    ],
)
def test_what_is_no_dump_is_refused_and_the_old_store_stays(
    tmp_path: Path, old_store: Path, content: bytes, message: str
) -> None:
    (tmp_path / "BY.txt").write_bytes(content)
    with pytest.raises(ConfigError, match=message) as caught:
        build(old_store, tmp_path / "BY.txt")
    assert str(caught.value).startswith(f"{tmp_path / 'BY.txt'}:")


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path, old_store: Path) -> None:
    with pytest.raises(ConfigError, match="no such file; check the path"):
        build(old_store, tmp_path / "nowhere.txt")
    with pytest.raises(ConfigError, match="a folder stands here"):
        build(old_store, tmp_path)


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path, old_store: Path) -> None:
    table = dump(tmp_path, *TOWNS)

    def append(doing: str, read: int, total: int) -> None:
        if doing.startswith("Reading"):
            table.write_bytes(table.read_bytes() + text(BRUZGI))

    with pytest.raises(ConfigError, match="changed while it was read"):
        build(old_store, table, watch=append)


# --- Archives ---------------------------------------------------------------------------------------


def archive(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as written:
        for name, content in members.items():
            written.writestr(name, content)
    return path


def patched(path: Path, field: int, form: str, *values: int) -> None:
    """Overwrite a field of the first entry of an archive's central directory."""
    content = bytearray(path.read_bytes())
    struct.pack_into(form, content, content.index(b"PK\x01\x02") + field, *values)
    path.write_bytes(content)


def test_a_zipped_dump_gives_the_same_places_as_the_plain_one(tmp_path: Path, store: Path) -> None:
    build(store, dump(tmp_path, *TOWNS))
    zipped = archive(tmp_path / "BY.zip", {"readme.txt": b"GeoNames", "BY.txt": text(*TOWNS)})
    report = build(tmp_path / "other.sqlite", zipped)
    for table in ("place", "name", "variant"):
        query = f"SELECT * FROM {table}"
        assert rows_of(store, query) == rows_of(tmp_path / "other.sqlite", query)
    assert report.sources[0].sha256 == hashlib.sha256(zipped.read_bytes()).hexdigest()
    assert not (tmp_path / "BY.zip.txt").exists()


def test_an_archive_is_known_by_its_first_bytes_too(tmp_path: Path, store: Path) -> None:
    build(store, archive(tmp_path / "BY.dump", {"BY.txt": text(*TOWNS)}))
    assert len(keys(store)) == 5


def test_a_row_in_an_archive_is_told_with_the_members_name(tmp_path: Path, store: Path) -> None:
    zipped = archive(tmp_path / "BY.zip", {"BY.txt": text(HRODNA, "broken")})
    report = build(store, zipped)
    assert str(report.faults.first[0]).startswith(f"{zipped}/BY.txt:2:1: 1 columns")


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({}, "no .txt table"),
        ({"BY.csv": b"x"}, "no .txt table"),
        (
            {"BY.txt": text(HRODNA), "PL.txt": text(KUZNICA)},
            "'BY.txt', 'PL.txt'; expected an archive with one",
        ),
        ({"../BY.txt": text(HRODNA)}, "'../BY.txt', which is no plain file name"),
        ({"/etc/BY.txt": text(HRODNA)}, "'/etc/BY.txt', which is no plain file name"),
        ({"dumps/BY.txt": text(HRODNA)}, "'dumps/BY.txt', which is no plain file name"),
        ({"..\\BY.txt": text(HRODNA)}, "which is no plain file name"),
        ({"C:BY.txt": text(HRODNA)}, "'C:BY.txt', which is no plain file name"),
        ({"BY.txt": text(HRODNA), "../evil.sh": b"#!/bin/sh"}, "'../evil.sh', which is no plain file name"),
    ],
)
def test_an_archive_of_another_form_is_refused(
    tmp_path: Path, old_store: Path, members: dict[str, bytes], message: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        build(old_store, archive(tmp_path / "BY.zip", members))
    assert message in str(caught.value)
    assert not (tmp_path.parent / "BY.txt").exists()


def test_a_name_that_goes_on_after_a_nul_is_refused(tmp_path: Path, old_store: Path) -> None:
    zipped = archive(tmp_path / "BY.zip", {"BY.txt_/../x": text(HRODNA)})
    zipped.write_bytes(zipped.read_bytes().replace(b"BY.txt_", b"BY.txt\0"))
    with pytest.raises(ConfigError, match="which is no plain file name"):
        build(old_store, zipped)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_that_unpack_without_bound_are_refused(tmp_path: Path, old_store: Path, method: int) -> None:
    with pytest.raises(ConfigError, match="packed in an unusual way"):
        build(old_store, archive(tmp_path / "BY.zip", {"BY.txt": text(*TOWNS)}, method))


def test_an_encrypted_archive_is_refused(tmp_path: Path, old_store: Path) -> None:
    zipped = archive(tmp_path / "BY.zip", {"BY.txt": text(*TOWNS)})
    patched(zipped, 8, "<H", 1)
    with pytest.raises(ConfigError, match="is encrypted"):
        build(old_store, zipped)


def test_a_bomb_is_refused_by_the_sizes_it_declares(tmp_path: Path, old_store: Path) -> None:
    bomb = archive(tmp_path / "bomb.zip", {"BY.txt": bytes(50 << 20)})
    assert bomb.stat().st_size < 60_000
    with pytest.raises(ConfigError, match="unpacks to more than 200 times its size; not unpacked"):
        build(old_store, bomb)
    # It may lie about the packed size, but not about the size of the archive.
    patched(bomb, 20, "<I", 40 << 20)
    with pytest.raises(ConfigError, match="unpacks to more than 200 times its size; not unpacked"):
        build(old_store, bomb)


def test_a_member_past_four_gigabytes_is_refused(tmp_path: Path, old_store: Path) -> None:
    large = archive(tmp_path / "BY.zip", {"BY.txt": text(*TOWNS)})
    with zipfile.ZipFile(large) as opened:
        info = opened.infolist()[0]
    info.file_size, info.compress_size = MAX_MEMBER + 1, MAX_MEMBER
    content = large.read_bytes()
    start = content.index(b"PK\x01\x02")
    extra = struct.pack("<HHQQ", 1, 16, info.file_size, info.compress_size)
    entry = bytearray(content[start : start + 46])
    struct.pack_into("<II", entry, 20, 0xFFFFFFFF, 0xFFFFFFFF)
    struct.pack_into("<H", entry, 30, len(extra))
    directory = bytes(entry) + b"BY.txt" + extra
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 1, 1, len(directory), start, 0)
    large.write_bytes(content[:start] + directory + end)
    with pytest.raises(ConfigError, match=f"unpacks to {MAX_MEMBER + 1:,} bytes; at most"):
        build(old_store, large)


def test_a_bomb_that_declares_a_small_size_is_read_no_further_than_that(
    tmp_path: Path, store: Path, python_limited: RunLimited
) -> None:
    bomb = archive(tmp_path / "bomb.zip", {"BY.txt": text(*TOWNS) + bytes(300 << 20)})
    patched(bomb, 24, "<I", len(text(*TOWNS)) + 1000)
    build(store, dump(tmp_path, BRUZGI))
    before = store.read_bytes()
    code = """
import sys
from pathlib import Path
from geomap.errors import ConfigError
from geomap.gazetteer.dumps import Selection
from geomap.gazetteer.read import BaseTables
from geomap.gazetteer.write import Inputs, write_store
base = BaseTables(regions={}, region_ids=frozenset(), areas={})
try:
    write_store(Path(sys.argv[2]), Inputs(geonames=[Path(sys.argv[1])]), Selection(), base, version="1")
except ConfigError as error:
    print(error)
"""
    ended = python_limited(code, [bomb, store], memory=600 << 20)
    assert (ended.code, ended.err) == (0, "")
    assert "cannot be read to its end (Bad CRC-32" in ended.out
    assert store.read_bytes() == before


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.999])
def test_a_truncated_archive_is_refused(tmp_path: Path, old_store: Path, share: float) -> None:
    zipped = archive(tmp_path / "BY.zip", {"BY.txt": os.urandom(1000) + text(*TOWNS)})
    content = zipped.read_bytes()
    zipped.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(ConfigError, match=r"cannot be read to its end .*; download it again"):
        build(old_store, zipped)


def test_an_archive_with_a_damaged_middle_is_refused(tmp_path: Path, old_store: Path) -> None:
    rows = [row(number, f"Town {number}", 1, 1) for number in range(1, 40_000)]
    zipped = archive(tmp_path / "BY.zip", {"BY.txt": text(*rows)})
    content = bytearray(zipped.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 64] = bytes(64)
    zipped.write_bytes(content)
    with pytest.raises(ConfigError):
        build(old_store, zipped)


def test_archives_of_noise_end_in_a_message(tmp_path: Path, old_store: Path) -> None:
    whole = archive(tmp_path / "BY.zip", {"BY.txt": text(*TOWNS)}).read_bytes()
    for at in range(0, len(whole), 7):
        noisy = bytearray(whole)
        noisy[at] ^= 0xFF
        (tmp_path / "BY.zip").write_bytes(noisy)
        try:
            build(tmp_path / "noise.sqlite", tmp_path / "BY.zip")
        except ConfigError:
            continue
        # Bytes that say nothing of the content: dates, versions, attributes.
        assert len(keys(tmp_path / "noise.sqlite")) == 5


# --- Writing whole ----------------------------------------------------------------------------------


class BrokenOffError(Exception):
    """What a test raises in the middle of a build."""


@pytest.mark.parametrize(
    "stage", ["Reading BY.txt", "Sorting places", "Sorting names", "Keying spellings", "Writing"]
)
@pytest.mark.parametrize("error", [BrokenOffError, KeyboardInterrupt])
def test_a_build_that_breaks_off_leaves_the_old_store_and_no_litter(
    tmp_path: Path, old_store: Path, stage: str, error: type[BaseException]
) -> None:
    seen = []

    def watch(doing: str, read: int, total: int) -> None:
        seen.append(doing)
        if doing == stage:
            raise error

    with pytest.raises(error):
        build(old_store, dump(tmp_path, *TOWNS), watch=watch)
    assert seen[-1] == stage


def test_a_build_that_breaks_off_before_it_is_moved_leaves_the_old_store(
    tmp_path: Path, old_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(draft: Path) -> None:
        raise BrokenOffError

    monkeypatch.setattr(write, "_seal", fail)
    with pytest.raises(BrokenOffError):
        build(old_store, dump(tmp_path, *TOWNS))


KILLED = """
import os, sys
from pathlib import Path
from geomap.gazetteer.dumps import Selection
from geomap.gazetteer.read import BaseTables
from geomap.gazetteer.write import Inputs, write_store

def watch(doing, read, total):
    if doing == "Sorting names":
        os.kill(os.getpid(), 9)

base = BaseTables(regions={}, region_ids=frozenset(), areas={})
write_store(Path(sys.argv[2]), Inputs(geonames=[Path(sys.argv[1])]), Selection(), base, version="1", watch=watch)
"""


def test_what_a_killed_build_left_is_gone_after_the_next(
    tmp_path: Path, store: Path, python_limited: RunLimited
) -> None:
    build(store, dump(tmp_path, BRUZGI))
    before = store.read_bytes()
    ended = python_limited(KILLED, [dump(tmp_path, *TOWNS), store])
    assert ended.code == -signal.SIGKILL
    assert store.read_bytes() == before
    assert len(litter(store)) == 1
    (store.parent / ".gazetteer.sqlite.notes").mkdir()
    build(store, dump(tmp_path, *TOWNS))
    assert litter(store) == [".gazetteer.sqlite.notes"]
    assert len(keys(store)) == 5


def test_ctrl_c_ends_a_long_sort(tmp_path: Path, old_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    endless = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 1000000000) SELECT max(n) FROM c"
    monkeypatch.setattr(write, "_FILL_NAMES", endless)
    timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))

    def watch(doing: str, read: int, total: int) -> None:
        if doing == "Sorting names":
            timer.start()

    # What a shell starts in the background ignores the interrupt.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            build(old_store, dump(tmp_path, *TOWNS), watch=watch)
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_full_disk_is_an_error_and_the_old_store_stays(
    tmp_path: Path, store: Path, python_limited: RunLimited
) -> None:
    build(store, dump(tmp_path, BRUZGI))
    before = store.read_bytes()
    rows = [row(number, f"Town {number}", 1, 1) for number in range(1, 20_000)]
    code = KILLED.replace('doing == "Sorting names"', "False").replace("write_store(Path", "write(Path")
    code = code.replace(
        "base =",
        "from geomap.errors import OutputError\ndef write(*a, **k):\n    try:\n        write_store(*a, **k)\n"
        "    except OutputError as error:\n        print(error)\nbase =",
    )
    ended = python_limited(code, [dump(tmp_path, *rows), store], file_size=300_000)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith(f"{store}: cannot be written: ")
    assert store.read_bytes() == before
    assert litter(store) == []


def test_a_second_build_of_the_same_store_is_told_to_wait(tmp_path: Path, store: Path) -> None:
    table = dump(tmp_path, *TOWNS)
    told: list[str] = []

    def start_another(doing: str, read: int, total: int) -> None:
        if doing == "Sorting places":
            with pytest.raises(OutputError) as caught:
                build(store, table)
            told.append(str(caught.value))

    build(store, table, watch=start_another)
    assert told == [f"{store}: another build is writing it; wait until that one ends"]
    assert len(keys(store)) == 5
    build(store, table)  # the lock is free again


def test_two_builds_of_the_same_files_are_the_same_bytes(
    tmp_path: Path, store: Path, geomap_process: Callable[..., Any]
) -> None:
    inputs = {
        "alternate": dump(tmp_path, *ALTERNATE, name="names.txt"),
        "airports": dump(tmp_path, AIRPORT_HEADER, *AIRPORTS, name="airports.csv"),
    }
    build(store, dump(tmp_path, *TOWNS), **inputs)
    build(tmp_path / "elsewhere.sqlite", dump(tmp_path, *TOWNS), **inputs)
    assert store.read_bytes() == (tmp_path / "elsewhere.sqlite").read_bytes()


def test_the_bytes_do_not_hang_on_the_seed_of_hashes(
    tmp_path: Path, python_limited: RunLimited, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = KILLED.replace('doing == "Sorting names"', "False")
    table = dump(tmp_path, *TOWNS, *(row(number, f"Town {number}", 1, 1) for number in range(1, 500)))
    digests = set()
    for seed in ("0", "1", "777"):
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        ended = python_limited(code, [table, tmp_path / f"{seed}.sqlite"])
        assert (ended.code, ended.err) == (0, "")
        digests.add(hashlib.sha256((tmp_path / f"{seed}.sqlite").read_bytes()).hexdigest())
    assert len(digests) == 1


def test_the_store_says_what_it_was_made_from(tmp_path: Path, store: Path) -> None:
    table = dump(tmp_path, *TOWNS)
    build(store, table, selection=Selection.parse(countries="BY,PL", features="P,ADM1"))
    told = meta(store)
    assert told["schema_version"] == SCHEMA_VERSION
    assert told["geomap_version"] == "1.2.3"
    assert told["attribution"] == "Contains data from GeoNames (geonames.org, CC BY 4.0), a selection"
    assert "CC-BY-4.0" in told["licence"]
    assert json.loads(told["selection"]) == {
        "countries": ["BY", "PL"], "features": ["P", "ADM1"], "languages": None,
    }  # fmt: skip
    assert json.loads(told["sources"]) == [
        {
            "file": "BY.txt",
            "source": "geonames",
            "sha256": hashlib.sha256(table.read_bytes()).hexdigest(),
            "rows": 6,
            "kept": 4,
            "broken": 0,
        }
    ]
    assert str(tmp_path) not in "".join(told.values())


@pytest.mark.parametrize("content", [b"my notes\n", b"SQLite format 3\0" + bytes(200)])
def test_what_is_no_store_of_ours_is_never_replaced(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "notes").write_bytes(content)
    with pytest.raises(OutputError, match="is no store that geomap built, so it is not replaced"):
        build(tmp_path / "notes", dump(tmp_path, *TOWNS))
    assert (tmp_path / "notes").read_bytes() == content


def test_the_base_that_geomap_carries_is_never_replaced(tmp_path: Path) -> None:
    base = tmp_path / "base.sqlite"
    with closing(sqlite3.connect(base)) as database:
        create_place_tables(database)
        database.execute("INSERT INTO meta VALUES ('schema_version', '2')")
        database.commit()
    with pytest.raises(OutputError, match="is no store that geomap built"):
        build(base, dump(tmp_path, *TOWNS))
    with pytest.raises(OutputError, match="a folder stands here"):
        build(tmp_path, dump(tmp_path, *TOWNS))


def test_a_link_leads_to_the_file_that_is_replaced(tmp_path: Path, store: Path) -> None:
    build(store, dump(tmp_path, BRUZGI))
    (tmp_path / "link.sqlite").symlink_to(store)
    build(tmp_path / "link.sqlite", dump(tmp_path, *TOWNS))
    assert (tmp_path / "link.sqlite").is_symlink()
    assert len(keys(store)) == 5


# --- Folding and ranks ------------------------------------------------------------------------------


@given(st.text())
@example("İstanbul ﬁ ½ ａ")
@example("e\u0301a\u0308 Ь'ь Кам'янка")
@example("\u0345x\u0338 각 カﾞ")
def test_the_fast_fold_is_the_fold(name: str) -> None:
    assert fold_name(name) == fold_in_steps(unicodedata.normalize("NFKC", name))


def test_the_fast_fold_is_the_fold_of_every_character() -> None:
    characters = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
    assert [
        c
        for c in characters
        if fold_name(f"A{c}b {c}") != fold_in_steps(unicodedata.normalize("NFKC", f"A{c}b {c}"))
    ] == []


@pytest.mark.parametrize(
    ("name", "rank"),
    [
        ("Grodno", 1), ("Гродно", 1), ("Кам’янка", 1), ("Zielona Góra", 1), ("’s-Hertogenbosch", 1),
        ("גרודנה", 2), ("Γκρόντνο", 2), ("غرودنو", 2), ("გროდნო", 2), ("Գրոդնո", 2),
        ("格罗德诺", 0), ("GNA", 0), ("UMMG", 0), ("QYY12", 0), ("hrwdna", 0), ("ge luo de nuo", 0), ("230000", 0),
        ("", 0), ("---", 0), ("https://example.org", 0), ("www.grodno.by", 0), ("Grodno.com", 0), ("Kиeв", 0),
        ("гродно", 0), ("St. Petersburg", 1), ("Ust-Kut", 1),
    ],
)  # fmt: skip
def test_the_rank_of_a_name(name: str, rank: int) -> None:
    assert name_rank(name) == rank


def test_a_main_name_counts_even_if_it_is_short_or_without_capital() -> None:
    assert ranked_folds("Å", ["Y", "Aa"]) == {"a": 0, "aa": 1}
    assert ranked_folds("東京", []) == {fold_name("東京"): 0}
    assert ranked_folds("???", ["Name"]) == {"name": 1}


# --- Reading the store ------------------------------------------------------------------------------


def test_names_are_searched_by_their_beginning(tmp_path: Path, store: Path) -> None:
    build(store, dump(tmp_path, *TOWNS, row(11, "Hrodnaville", 1, 1, people=999_999, country="FR")))
    with closing(open_places(store)) as database:
        assert [(p.place_id, p.exact) for p in search_names(database, "ГРОДН")] == [("gn:627904", False)]
        found = search_names(database, "hrodna")
        assert [(p.place_id, p.exact) for p in found] == [("gn:11", False), ("gn:627904", True)]
        assert [p.place_id for p in search_names(database, "hrodna", country="BY")] == ["gn:627904"]
        assert [p.place_id for p in search_names(database, "hrod", feature="ADM2")] == ["gn:5000"]
        assert [p.place_id for p in search_names(database, "hrod", limit=1)] == ["gn:11"]
        assert [p.place_id for p in search_names(database, "podl")] == ["ne:PL-PD"]
        one = search_names(database, "Kuźnica")[0]
    assert (one.lon, one.lat, one.region, one.population) == (23.6495, 53.5109, "PL-20", 1800)


@pytest.mark.parametrize("asked", ["", "%", "'; DROP TABLE place; --", "\x1b[2J", "zzz", "\udcff"])
def test_a_search_for_nonsense_finds_nothing(tmp_path: Path, store: Path, asked: str) -> None:
    build(store, dump(tmp_path, *TOWNS))
    with closing(open_places(store)) as database:
        assert search_names(database, asked) == []
    assert len(keys(store)) == 5


def test_places_are_counted_by_source_and_class(tmp_path: Path, store: Path) -> None:
    build(
        store, dump(tmp_path, *TOWNS), airports=dump(tmp_path, AIRPORT_HEADER, *AIRPORTS, name="airports.csv")
    )
    with closing(open_places(store)) as database:
        assert count_places(database) == {
            "gn": {"district": 1, "settlement": 3},
            "ne": {"region": 1},
            "oa": {"airfield": 3},
        }


def test_what_is_no_database_of_places_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="no such file"):
        open_places(tmp_path / "nowhere")
    (tmp_path / "text").write_text("not SQLite, and long enough to be looked at as a header of one")
    with pytest.raises(DataFileError, match="no database of places"):
        open_places(tmp_path / "text")
    for name, version in (("old", "1"), ("bare", SCHEMA_VERSION)):
        with closing(sqlite3.connect(tmp_path / name)) as database:
            database.execute("CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT)")
            database.execute("INSERT INTO meta VALUES ('schema_version', ?)", (version,))
            database.commit()
    with pytest.raises(DataFileError, match=f"place tables of version 1, this geomap reads {SCHEMA_VERSION}"):
        open_places(tmp_path / "old")
    with pytest.raises(DataFileError, match="no such table: place"):
        open_places(tmp_path / "bare")


def test_what_a_build_needs_of_the_base_is_read_from_it(tmp_path: Path) -> None:
    base = tmp_path / "base.sqlite"
    with closing(sqlite3.connect(base)) as database:
        create_place_tables(database)
        database.executescript(
            "CREATE TABLE admin1 (code TEXT PRIMARY KEY, region TEXT); CREATE TABLE region (id TEXT PRIMARY KEY);"
            "INSERT INTO admin1 VALUES ('PL.81', 'PL-20'); INSERT INTO region VALUES ('PL-20');"
            "INSERT INTO place VALUES"
            " (858789, 'ne:PL-PD', 'Podlaskie', 'ADM1', 'PL', 'PL-20', NULL, 1181533, 2288300, 5327900, 90000),"
            " (766927, NULL, 'Kuźnica', 'PPL', 'PL', 'PL-20', 5, 1800, 2364950, 5351090, NULL),"
            " (-1, 'oa:EPBK', 'Krywlany', 'AIRF', 'PL', 'PL-20', NULL, 0, 2317000, 5310000, 2000);"
        )
        database.execute("INSERT INTO meta VALUES ('schema_version', ?)", (SCHEMA_VERSION,))
        database.commit()
    found = read_base(base)
    assert dict(found.areas) == {
        858789: ("ne:PL-PD", "Podlaskie", "ADM1", "PL", "PL-20", None, 2288300, 5327900, 90000)
    }
    assert (dict(found.regions), found.region_ids) == ({"PL.81": "PL-20"}, frozenset({"PL-20"}))


# --- The user's folder ------------------------------------------------------------------------------


def test_the_store_lies_with_the_users_data_or_where_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv(userdata.ENVIRONMENT, raising=False)
    assert userdata.user_store_path() == tmp_path / "geomap" / "gazetteer.sqlite"
    assert userdata.own_places_folder() == tmp_path / "geomap" / "places"
    monkeypatch.setenv(userdata.ENVIRONMENT, "~/mine.sqlite")
    assert userdata.user_store_path() == tmp_path / "home" / "mine.sqlite"
    monkeypatch.setenv(userdata.ENVIRONMENT, "")
    assert userdata.user_store_path() == tmp_path / "geomap" / "gazetteer.sqlite"


def test_the_digest_of_a_store_follows_its_content(tmp_path: Path, store: Path) -> None:
    build(store, dump(tmp_path, *TOWNS))
    first = userdata.store_digest(store)
    build(store, dump(tmp_path, *TOWNS))
    assert userdata.store_digest(store) == first
    build(store, dump(tmp_path, BRUZGI))
    assert userdata.store_digest(store) != first
    with closing(sqlite3.connect(store)) as database:
        database.execute("DELETE FROM meta WHERE key = 'content_sha256'")
        database.commit()
    with pytest.raises(DataFileError, match="was not built by geomap gazetteer build"):
        userdata.store_digest(store)


def test_memory_does_not_grow_with_the_dump(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "_BLOCK", 1 << 14)
    monkeypatch.setattr(write, "_BATCH", 200)

    def peak(count: int) -> int:
        rows = (
            row(number, f"Nowa Wieś {number}", 20, 52, others=f"Neudorf {number},Новая {number}")
            for number in range(1, count)
        )
        zipped = archive(tmp_path / f"{count}.zip", {"PL.txt": text(*rows)})
        tracemalloc.start()
        build(tmp_path / f"{count}.sqlite", zipped)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    build(tmp_path / "first.sqlite", dump(tmp_path, *TOWNS))  # what is loaded and kept once
    # A row has 110 bytes as it stands in the file, and several times that as values.
    assert peak(6_000) - peak(2_000) < 4_000 * 110
