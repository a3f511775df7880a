"""`geomap gazetteer`: building a store, keeping own places, and finding what is there."""

import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from geomap import __version__
from geomap.gazetteer import store as store_module
from geomap.gazetteer import userdata
from geomap.gazetteer.compiled import COMPILED, CompiledPlace, CompiledPlaces, to_json
from geomap.gazetteer.schema import SCHEMA_VERSION, create_place_tables
from geomap.gazetteer.store import WEIGHTS
from geomap.gazetteer.worldviews import View

Run = Callable[..., Any]
CARRIED_FOLDER = store_module.data_folder

CAMP = CompiledPlace(
    place_id="cur:camp", name="Hrodna camp", native_name="", kind="building", feature="SITE", country="BY",
    countries=(), region="BY-HR", lon=23.7, lat=53.6, radius_m=300.0, exact=True, geonameid=None, note="",
    folds=("hrodna camp", "lager grodno"),
)  # fmt: skip
CSV = "name,lon,lat,kind,country\nHrodna post,23.66,53.52,building,PL\n"
HOSTILE = "Br\x1b[2J\u202eest"


def row(geonameid: int, name: str, country: str = "BY", people: int = 0, feature: str = "P\tPPL") -> str:
    """A row of GeoNames' main table, all of them at one position."""
    return (
        f"{geonameid}\t{name}\t{name}\t\t53.6884\t23.8258\t{feature}\t{country}\t\t03\t\t\t\t{people}\t\t\t"
        "Europe/Minsk\t2024-01-01\n"
    )


TOWNS = (
    row(627904, "Hrodna", people=317365, feature="P\tPPLA") + row(629590, "Bruzgi") + row(7, HOSTILE, "PL")
)


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Small base tables in place of those that geomap carries, and an empty folder for the user's data."""
    folder = tmp_path / "carried"
    folder.mkdir()
    with closing(sqlite3.connect(folder / "base.sqlite")) as database:
        create_place_tables(database)
        database.executescript(
            "CREATE TABLE admin1 (code TEXT PRIMARY KEY, region TEXT); INSERT INTO admin1 VALUES ('BY.03', 'BY-HR');"
            "CREATE TABLE region (id TEXT PRIMARY KEY); INSERT INTO region VALUES ('BY-HR');"
            "INSERT INTO place VALUES"
            " (625144, NULL, 'Minsk', 'PPLC', 'BY', NULL, NULL, 1742124, 2756650, 5390020, NULL),"
            " (627904, NULL, 'Grodno', 'PPLA', 'BY', NULL, NULL, 1, 2382580, 5368840, NULL),"
            " (-1, 'gnp:', 'Nowa Wieś', 'PPL', 'PL', NULL, NULL, 0, 2300000, 5300000, 3000);"
            "INSERT INTO name VALUES ('minsk', 625144, 0), ('mensk', 625144, 1), ('hrodna', 627904, 1),"
            " ('nowa wies', -1, 0);"
            "INSERT INTO meta VALUES ('geonames_licence', 'CC-BY-4.0'), ('attribution', 'GeoNames');"
        )
        database.execute("INSERT INTO meta VALUES ('schema_version', ?)", (SCHEMA_VERSION,))
        database.commit()
    view = View(id="un", title="As in ISO 3166", owners={})
    (folder / COMPILED).write_bytes(to_json(CompiledPlaces(places=(CAMP,), names={}), {"un": view}))
    (folder / WEIGHTS).write_bytes(b"{}")
    monkeypatch.setattr(store_module, "data_folder", lambda: folder)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.delenv(userdata.ENVIRONMENT, raising=False)
    return folder


@pytest.fixture
def table(tmp_path: Path) -> Path:
    (tmp_path / "BY.txt").write_text(TOWNS, encoding="utf-8")
    return tmp_path / "BY.txt"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    (tmp_path / "My Places.csv").write_text(CSV, encoding="utf-8")
    return tmp_path / "My Places.csv"


def share(tmp_path: Path) -> Path:
    return tmp_path / "share" / "geomap"


# --- build ------------------------------------------------------------------------------------------


def test_a_build_writes_the_users_store_and_says_so(geomap: Run, tmp_path: Path, table: Path) -> None:
    ended = geomap("gazetteer", "build", "--geonames", table)
    assert (ended.code, ended.out) == (0, f"{share(tmp_path) / 'gazetteer.sqlite'}\n")
    assert ended.err == "BY.txt: 3 rows, 3 kept, 0 broken\n3 places, 3 names\n"
    with closing(sqlite3.connect(share(tmp_path) / "gazetteer.sqlite")) as database:
        assert database.execute("SELECT region FROM place WHERE key = 627904").fetchone() == ("BY-HR",)
        version = database.execute("SELECT value FROM meta WHERE key = 'geomap_version'").fetchone()
    assert version == (__version__,)


def test_a_build_goes_where_it_is_told(
    geomap: Run, tmp_path: Path, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert geomap("gazetteer", "build", "--geonames", table, "--out", tmp_path / "a.sqlite").code == 0
    monkeypatch.setenv(userdata.ENVIRONMENT, str(tmp_path / "b.sqlite"))
    assert geomap("gazetteer", "build", "--geonames", table).code == 0
    assert (tmp_path / "a.sqlite").read_bytes() == (tmp_path / "b.sqlite").read_bytes()
    assert not share(tmp_path).exists()


def test_a_build_takes_a_folder_and_says_what_it_left_out(geomap: Run, tmp_path: Path) -> None:
    folder = tmp_path / "dumps"
    folder.mkdir()
    (folder / "BY.txt").write_text(TOWNS, encoding="utf-8")
    (folder / "PL.txt").write_text(row(756135, "Warsaw", "PL"), encoding="utf-8")
    (folder / "countryInfo.txt").write_text("#", encoding="utf-8")
    ended = geomap("gazetteer", "build", "--geonames", folder, "--countries", "pl", "--json")
    assert ended.err == f"{folder / 'countryInfo.txt'}: no main table of GeoNames, left out\n"
    told = json.loads(ended.out)
    assert (told["places"], told["broken"]) == (2, 0)
    assert [(source["file"], source["kept"]) for source in told["sources"]] == [("BY.txt", 1), ("PL.txt", 1)]


def test_broken_rows_are_told_and_the_rest_is_built(geomap: Run, table: Path) -> None:
    table.write_text(TOWNS + "broken\x1b[2J\n" * 30, encoding="utf-8")
    ended = geomap("gazetteer", "build", "--geonames", table)
    assert ended.code == 0
    lines = ended.err.splitlines()
    assert lines[0] == f"{table}:4:1: warning row 1 columns, expected 19 parted by tabs; the row is left out"
    assert lines[20] == "10 more rows left out"
    assert "\x1b" not in ended.err


def test_a_broken_file_is_exit_1_and_the_old_store_stays(geomap: Run, tmp_path: Path, table: Path) -> None:
    geomap("gazetteer", "build", "--geonames", table)
    before = (share(tmp_path) / "gazetteer.sqlite").read_bytes()
    table.write_text("id,name\n", encoding="utf-8")
    ended = geomap("gazetteer", "build", "--geonames", table)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith(f"{table}:1:1: error dump not GeoNames' main table: line 1: 1 columns")
    assert (share(tmp_path) / "gazetteer.sqlite").read_bytes() == before


@pytest.mark.parametrize(
    "arguments",
    [
        ["build"],
        ["build", "--alternate", "names.txt", "--ourairports", "airports.csv"],
        ["build", "--geonames", "BY.txt", "--languages", "ru"],
        ["build", "--geonames", "BY.txt", "--countries", "Belarus"],
        ["build", "--geonames", "BY.txt", "--features", "Z"],
        ["add"],
        ["add", "own.csv", "--list"],
        ["add", "--list", "--as", "x"],
        ["add", "own.csv", "--as", "../evil"],
        ["add", "own.csv", "--mapping", "name"],
        ["add", "--remove", "../evil"],
        ["search"],
        ["search", "Minsk", "--limit", "0"],
        ["nonsense"],
    ],
)
def test_a_wrong_usage_is_exit_2(geomap: Run, arguments: list[str]) -> None:
    ended = geomap("gazetteer", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert "Traceback" not in ended.err


# --- add --------------------------------------------------------------------------------------------


def test_own_places_are_kept_listed_and_removed(geomap: Run, tmp_path: Path, own: Path) -> None:
    kept = share(tmp_path) / "places" / "my-places.yaml"
    ended = geomap("gazetteer", "add", own)
    assert (ended.code, ended.out) == (0, f"{kept}\n")
    assert ended.err.splitlines()[-1] == "1 places kept as my-places"
    assert own.read_text(encoding="utf-8") == CSV
    assert "Hrodna post" in kept.read_text(encoding="utf-8")
    assert geomap("gazetteer", "add", "--list").out == f"my-places  1 places  {kept}\n"
    assert "what stood there is replaced" in geomap("gazetteer", "add", own).err
    ended = geomap("gazetteer", "add", "--remove", "my-places")
    assert (ended.code, ended.err) == (0, f"{kept}: removed\n")
    assert geomap("gazetteer", "add", "--list").out == ""
    assert not kept.exists()


def test_removing_what_is_not_there_is_exit_1(geomap: Run, own: Path) -> None:
    geomap("gazetteer", "add", own, "--as", "posts")
    ended = geomap("gazetteer", "add", "--remove", "camps")
    assert (ended.code, ended.err) == (1, "geomap: no places of your own called 'camps'; there are posts\n")


def test_a_wrong_file_of_places_is_exit_1_and_the_old_copy_stays(
    geomap: Run, tmp_path: Path, own: Path
) -> None:
    geomap("gazetteer", "add", own, "--as", "posts")
    before = (share(tmp_path) / "places" / "posts.yaml").read_bytes()
    own.write_text(CSV + "\x1b]0;title\x07,1,1,building,PL\n", encoding="utf-8")
    ended = geomap("gazetteer", "add", own, "--as", "posts")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == f"{own}:3:1: error config name: the character U+001B cannot be seen; remove it\n"
    assert (share(tmp_path) / "places" / "posts.yaml").read_bytes() == before


def test_columns_are_mapped(geomap: Run, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("Toponym,X,Y,CC\nBruzgi post,23.6,53.5,BY\n", encoding="utf-8")
    ended = geomap(
        "gazetteer", "add", tmp_path / "own.csv", "--mapping", "name=Toponym,lon=X", "--mapping", "lat=Y",
        "--mapping", "country=CC",
    )  # fmt: skip
    assert ended.code == 0
    assert geomap("gazetteer", "search", "bruzgi").out.startswith(
        "cur:own-bruzgi-post  Bruzgi post  SITE  BY  "
    )


@pytest.fixture
def carried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The place data that geomap carries."""
    monkeypatch.setattr(store_module, "data_folder", CARRIED_FOLDER)


@pytest.mark.usefixtures("carried")
def test_a_country_is_taken_from_the_position(geomap: Run, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("name,lon,lat\nPost,23.60,53.40\n", encoding="utf-8")
    ended = geomap("gazetteer", "add", tmp_path / "own.csv")
    assert ended.code == 0
    assert "country taken from the position of 1 places" in ended.err
    assert "country: PL\n" in (share(tmp_path) / "places" / "own.yaml").read_text(encoding="utf-8")
    (tmp_path / "own.csv").write_text("name,lon,lat\nBuoy,19.00,56.50\n", encoding="utf-8")
    ended = geomap("gazetteer", "add", tmp_path / "own.csv")
    assert (ended.code, ended.out) == (1, "")
    assert f"{tmp_path / 'own.csv'}:2:1: error config lies in no country" in ended.err


@pytest.mark.usefixtures("carried")
def test_own_places_are_resolved_before_others(geomap: Run, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text(
        "name,lon,lat,kind\nQwertyville,23.60,53.40,village\n", encoding="utf-8"
    )
    assert geomap("resolve", "Qwertyville").code == 3
    geomap("gazetteer", "add", tmp_path / "own.csv")
    ended = geomap("resolve", "Qwertyville", "--json")
    best = json.loads(ended.out)[0]["candidates"][0]
    assert (ended.code, best["place_id"], best["country"]) == (0, "cur:own-qwertyville", "PL")


@pytest.mark.usefixtures("carried")
def test_names_of_a_region_that_there_is_not_are_refused(geomap: Run, tmp_path: Path) -> None:
    written = "schema: 1\nregions:\n  - {id: XX-99, names: {en: [Nowhere]}}\n"
    (tmp_path / "own.yaml").write_text(written, encoding="utf-8")
    ended = geomap("gazetteer", "add", tmp_path / "own.yaml")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith(f"{tmp_path / 'own.yaml'}:3:10: error config no region 'XX-99'")
    assert not (share(tmp_path) / "places").exists()


# --- info -------------------------------------------------------------------------------------------


def test_info_says_where_the_data_lie_and_how_many_there_are(
    geomap: Run, tmp_path: Path, data: Path, table: Path, own: Path
) -> None:
    bare = geomap("gazetteer", "info")
    assert bare.code == 0
    assert bare.out.splitlines()[0].startswith(f"base: {data / 'base.sqlite'} (")
    assert "  gn: 2 settlement\n" in bare.out
    assert "  gnp: 1 settlement\n" in bare.out
    assert (
        f"store: none; geomap gazetteer build would write {share(tmp_path) / 'gazetteer.sqlite'}" in bare.out
    )
    geomap("gazetteer", "build", "--geonames", table)
    geomap("gazetteer", "add", own)
    told = json.loads(geomap("gazetteer", "info", "--json").out)
    assert told["store"]["places"] == {"gn": {"settlement": 3}}
    assert told["store"]["geomap_version"] == __version__
    assert told["store"]["attribution"] == [
        "Contains data from GeoNames (geonames.org, CC BY 4.0), a selection"
    ]
    assert [source["file"] for source in told["store"]["sources"]] == ["BY.txt"]
    assert told["base"]["licences"] == ["CC-BY-4.0"]
    assert (told["curated"], told["own_places"][0]["name"]) == (1, "my-places")
    assert told["worldviews"] == ["un"]


def test_the_fingerprint_follows_every_part_of_the_data(
    geomap: Run, tmp_path: Path, data: Path, table: Path, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fingerprint() -> str:
        said = re.search("^fingerprint: ([0-9a-f]{64})$", geomap("gazetteer", "info").out, re.MULTILINE)
        assert said is not None
        return said.group(1)

    bare = fingerprint()
    seen = {bare}
    for change in (
        lambda: geomap("gazetteer", "build", "--geonames", table),
        lambda: geomap("gazetteer", "build", "--geonames", table, "--countries", "BY"),
        lambda: geomap("gazetteer", "add", own),
        lambda: geomap("gazetteer", "add", own, "--as", "other"),
        lambda: (data / WEIGHTS).write_bytes(b"{ }"),
        lambda: (data / COMPILED).write_bytes((data / COMPILED).read_bytes() + b"\n"),
    ):
        change()
        assert fingerprint() == fingerprint()
        assert fingerprint() not in seen
        seen.add(fingerprint())
    (data / WEIGHTS).write_bytes(b"{}")
    (data / COMPILED).write_bytes((data / COMPILED).read_bytes()[:-1])
    for label in ("my-places", "other"):
        geomap("gazetteer", "add", "--remove", label)
    (share(tmp_path) / "gazetteer.sqlite").unlink()
    assert fingerprint() == bare
    moved = tmp_path / "moved"
    data.rename(moved)
    monkeypatch.setattr(store_module, "data_folder", lambda: moved)
    assert fingerprint() == bare


# --- search -----------------------------------------------------------------------------------------


def test_places_are_found_by_the_beginning_of_a_name(geomap: Run) -> None:
    ended = geomap("gazetteer", "search", "Мін")
    assert (ended.code, ended.out) == (0, "gn:625144  Minsk  PPLC  BY  53.9002, 27.5665  1,742,124\n")
    assert geomap("gazetteer", "search", "mensk").out == ended.out
    assert geomap("gazetteer", "search", "Nowa").out.startswith(
        "gnp:PL-nowa-wies-53.000,23.000  Nowa Wieś  PPL"
    )


def test_own_places_and_the_users_store_go_before_what_is_carried(
    geomap: Run, table: Path, own: Path
) -> None:
    found = json.loads(geomap("gazetteer", "search", "hrodna", "--json").out)
    assert [(place["place_id"], place["name"]) for place in found] == [
        ("gn:627904", "Grodno"), ("cur:camp", "Hrodna camp"),
    ]  # fmt: skip
    geomap("gazetteer", "build", "--geonames", table)
    own.write_text(
        CSV.replace("name,", "id,name,").replace("Hrodna post", "camp,Hrodna post"), encoding="utf-8"
    )
    geomap("gazetteer", "add", own)
    found = json.loads(geomap("gazetteer", "search", "hrodna", "--json").out)
    assert [(place["place_id"], place["name"], place["country"]) for place in found] == [
        ("gn:627904", "Hrodna", "BY"), ("cur:camp", "Hrodna post", "PL"),
    ]  # fmt: skip
    assert found[0] == {
        "place_id": "gn:627904", "name": "Hrodna", "feature": "PPLA", "country": "BY", "region": "BY-HR",
        "population": 317365, "lon": 23.8258, "lat": 53.6884, "exact": True,
    }  # fmt: skip


def test_a_search_can_keep_to_a_country_or_feature(geomap: Run, table: Path) -> None:
    geomap("gazetteer", "build", "--geonames", table)

    def ids(*more: str) -> list[str]:
        found = json.loads(geomap("gazetteer", "search", "hrodna", *more, "--json").out)
        return [place["place_id"] for place in found]

    assert ids("--country", "by") == ["gn:627904", "cur:camp"]
    assert ids("--country", "pl") == []
    assert ids("--feature", "ppla") == ["gn:627904"]
    assert ids("--feature", "site") == ["cur:camp"]
    assert ids("--limit", "1") == ["gn:627904"]


@pytest.mark.parametrize("text", ["Atlantis", "%", "' OR 1=1 --", "", "\x1b[2J", "\udcff"])
def test_finding_nothing_is_exit_3(geomap: Run, text: str) -> None:
    ended = geomap("gazetteer", "search", text)
    assert (ended.code, ended.out) == (3, "")
    assert ended.err.endswith(": nothing found\n")
    assert "\x1b" not in ended.err


def test_no_control_character_reaches_the_terminal(
    geomap: Run, tmp_path: Path, data: Path, table: Path
) -> None:
    geomap("gazetteer", "build", "--geonames", table)
    with closing(sqlite3.connect(data / "base.sqlite")) as database:
        database.execute("UPDATE place SET name = ? WHERE key = 625144", (HOSTILE,))
        database.execute("UPDATE meta SET value = ? WHERE key = 'geonames_licence'", (HOSTILE,))
        database.commit()
    outputs = [geomap("gazetteer", "search", name).out for name in ("minsk", "br")] + [
        geomap("gazetteer", "info").out
    ]
    assert "Br\\u001b[2J\\u202eest" in outputs[0]
    assert "Br[2Jest" in outputs[1]
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", "".join(outputs))


def test_a_damaged_store_is_told(geomap: Run, tmp_path: Path, table: Path) -> None:
    geomap("gazetteer", "build", "--geonames", table)
    store = share(tmp_path) / "gazetteer.sqlite"
    store.write_bytes(store.read_bytes()[:20_000])
    for arguments in (["info"], ["search", "hrodna"]):
        ended = geomap("gazetteer", *arguments)
        assert (ended.code, ended.out) == (1, "")
        assert str(store) in ended.err
        assert "build it again" in ended.err
    assert geomap("gazetteer", "build", "--geonames", table, "--out", tmp_path / "new.sqlite").code == 0


@pytest.mark.parametrize("command", ["build", "add", "info", "search"])
def test_every_option_is_documented(geomap: Run, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("TERM", "dumb")
    options = set(re.findall(r"--[a-z]+", geomap("gazetteer", command, "--help").out)) - {"--help"}
    documented = (Path(__file__).parents[2] / "docs" / "gazetteer.md").read_text(encoding="utf-8")
    assert options
    assert {option for option in options if option not in documented} == set()
