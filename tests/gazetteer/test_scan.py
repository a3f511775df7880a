"""The index of names: what it knows is what the store knows, wherever it is kept."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.gazetteer import PlaceData, read_gazetteer
from geomap.gazetteer.fold import fold_name
from geomap.gazetteer.kinds import PlaceClass, class_of
from geomap.gazetteer.scan import NameIndex
from geomap.gazetteer.scan import store as scan_store
from geomap.gazetteer.scan.store import cache_folder, name_index
from geomap.gazetteer.schema import NameRank

GAZETTEER = read_gazetteer()
INDEX = name_index(GAZETTEER.store)
OWN_PLACE = """\
schema: 1
places:
  - id: xyzzy-range
    names: {en: [Xyzzy range, Xyzzyq]}
    kind: training_range
    country: BY
    lon: 27.5
    lat: 53.9
    radius_m: 900
    sources: [{name: own survey, record: field notes, licence: CC0-1.0, date: 2024-01-01}]
"""


def test_it_holds_every_name_of_the_store() -> None:
    names = ["grodno", "kursk region", "ashuluk", "belarusian", "new york", "dnipro", "minsk"]
    assert all(name in INDEX for name in names)
    assert "xyzzyq" not in INDEX
    assert INDEX.facts_of("xyzzyq") is None
    assert len(INDEX) > 600_000


@pytest.mark.parametrize(
    ("name", "place_class", "country", "rank"),
    [
        ("belarus", PlaceClass.COUNTRY, "BY", NameRank.MAIN),
        ("belarusian", PlaceClass.COUNTRY, "BY", NameRank.DEMONYM),
        ("kursk region", PlaceClass.REGION, "RU", NameRank.MAIN),
        ("minsk", PlaceClass.SETTLEMENT, "BY", NameRank.MAIN),
        ("black sea", PlaceClass.WATERS, "", NameRank.MAIN),
    ],
)
def test_a_name_tells_what_it_means_most_likely(
    name: str, place_class: PlaceClass, country: str, rank: NameRank
) -> None:
    facts = INDEX.facts_of(name)
    assert facts is not None
    assert (facts.place_class, facts.country, facts.rank) == (place_class, country, rank)


def test_facts_are_of_places_that_the_store_finds() -> None:
    for name in ("grodno", "brest", "springfield", "paris", "lida", "odesa", "may", "ashuluk"):
        facts = INDEX.facts_of(name)
        rows = GAZETTEER.store.rows(name)
        assert facts is not None
        assert facts.places == len(rows).bit_length() - 1
        assert facts.country in {row.country or "" for row in rows}
        assert facts.classes == {class_of(row.feature) for row in rows if row.rank != NameRank.DEMONYM}
        assert 10 ** (facts.people / 2) <= max(max(row.population for row in rows), 1)


@given(st.text(max_size=30))
@settings(max_examples=200, derandomize=True)
def test_the_names_that_a_text_begins_with_are_whole_words_of_it(text: str) -> None:
    folds = fold_name(text)
    words = folds.split(" ")
    beginnings = {" ".join(words[:count]) for count in range(1, len(words) + 1)}
    found = [folds[:length] for length in INDEX.lengths(folds)]
    assert sorted(found) == sorted(name for name in beginnings if name and name in INDEX)


def test_long_names_are_found_beside_their_beginnings() -> None:
    folds = "new york city police"
    assert [folds[:length] for length in INDEX.lengths(folds)] == ["new", "new york", "new york city"]


# Where it is kept


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[], NameIndex]:
    """What stands for a build, which takes seconds."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(scan_store, "build_index", lambda _: INDEX)
    return lambda: name_index(GAZETTEER.store)


def same(one: NameIndex, other: NameIndex) -> bool:
    return len(one) == len(other) and one.facts_of("grodno") == other.facts_of("grodno")


def test_it_is_built_once_and_then_read(
    small: Callable[[], NameIndex], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert same(small(), INDEX)
    (kept,) = cache_folder().iterdir()
    monkeypatch.setattr(scan_store, "build_index", lambda _: pytest.fail("built again"))
    assert same(small(), INDEX)
    assert [kept] == list(cache_folder().iterdir())


@pytest.mark.parametrize("damage", [b"", b"{}\n", b"not json\nxx", b'{"lengths":[1,2,3],"sha256":"0"}\nabc'])
def test_a_damaged_file_is_built_again(small: Callable[[], NameIndex], damage: bytes) -> None:
    small()
    (kept,) = cache_folder().iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(damage or whole[: len(whole) // 2])
    assert same(small(), INDEX)
    assert kept.read_bytes() == whole


def test_a_cache_that_cannot_be_written_costs_only_time(
    small: Callable[[], NameIndex], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    blocked = tmp_path / "a file"
    blocked.write_bytes(b"")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    assert same(small(), INDEX)


def test_few_old_files_are_kept(small: Callable[[], NameIndex]) -> None:
    cache_folder().mkdir(parents=True)
    for number in range(9):
        old = cache_folder() / f"{number}.bin"
        old.write_bytes(b"")
        os.utime(old, (number, number))
    small()
    assert len(list(cache_folder().iterdir())) <= 3


def test_other_data_have_another_file(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(OWN_PLACE)
    more = read_gazetteer(extra=[own])
    assert more.store.digest() != GAZETTEER.store.digest()
    assert read_gazetteer().store.digest() == GAZETTEER.store.digest()
    assert read_gazetteer(worldview="ua").store.digest() == GAZETTEER.store.digest()


def test_own_places_are_names_too(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(OWN_PLACE)
    more: PlaceData = read_gazetteer(extra=[own])
    folds = {fold: rows for fold, rows in more.store.named_rows() if fold.startswith("xyzzy")}
    assert set(folds) == {"xyzzy range", "xyzzyq"}
    assert all(more.store.is_curated(row) for rows in folds.values() for row in rows)
