"""Places that rows name are looked up once; what the gazetteer cannot settle is said, with the candidates."""

from pathlib import Path

import pytest

from geomap.errors import ConfigError
from geomap.events.write import NotedEvent
from geomap.gazetteer import PlaceData, read_gazetteer
from geomap.model.records import PlaceSpec
from geomap.pipeline import load
from geomap.pipeline.importing import ImportResult, import_events


@pytest.fixture(scope="module")
def gazetteer() -> PlaceData:
    return read_gazetteer()


def imported(
    folder: Path, gazetteer: PlaceData, *rows: str, columns: str = "title,place,country"
) -> ImportResult:
    path = folder / "table.csv"
    path.write_text("\n".join((columns, *rows)), encoding="utf-8")
    return import_events(path, "csv", gazetteer)


def place_of(event: NotedEvent) -> PlaceSpec:
    (place,) = event.record.where.places
    return place


def test_names_are_looked_up_in_the_country_that_the_row_states(tmp_path: Path, gazetteer: PlaceData) -> None:
    rows = ("A,Kuznica,Poland", "B,Kursk Region,RU", "C,,Belarus", 'D,"Minsk, Belarus",')
    result = imported(tmp_path, gazetteer, *rows)
    assert [place_of(event) for event in result.events] == [
        PlaceSpec(place="Kuznica", country="PL"),
        PlaceSpec(place="Kursk Region", country="RU"),
        PlaceSpec(country="BY"),
        PlaceSpec(place="Minsk, Belarus"),
    ]
    assert not any(event.above for event in result.events)


def test_a_name_of_several_places_is_left_open_with_its_candidates(
    tmp_path: Path, gazetteer: PlaceData
) -> None:
    result = imported(tmp_path, gazetteer, "A,Aleksandrovka,", "B,Aleksandrovka,", "C,Aleksandrovka,Ukraine")
    first, second, third = result.events
    assert first.record.where.mode == second.record.where.mode == "unknown"
    assert "'Aleksandrovka' may be " in first.above[0]
    assert "gn:" in first.above[0]
    assert place_of(third) == PlaceSpec(name="Aleksandrovka", country="UA")
    (told, of_ukraine) = result.remarks[1:]
    assert told.startswith("line 2 and 1 more: 'Aleksandrovka' may be ")
    assert of_ukraine.startswith("line 4: ")
    assert of_ukraine.endswith("only its country is kept")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("A,Nowhere at all,", "no place called 'Nowhere at all'"),
        ("A,Nowhere at all,Atlantis", "no place called 'Nowhere at all'; no country is called 'Atlantis'"),
        ("A,,Atlantis", "no country is called 'Atlantis'"),
        ('A,"99.5, 23.6",', "99.5"),
    ],
)
def test_what_is_not_found_is_left_open(row: str, said: str, tmp_path: Path, gazetteer: PlaceData) -> None:
    result = imported(tmp_path, gazetteer, row)
    assert result.events[0].record.where.mode == "unknown"
    assert said in result.events[0].above[0]
    assert said in result.remarks[-1]


POSITIONS = "title,lon,lat,country"


def test_swapped_numbers_are_found_by_the_country(tmp_path: Path, gazetteer: PlaceData) -> None:
    rows = ("A,53.9,27.5,Belarus", "B,27.5,53.9,Belarus", "C,53.9,27.5,")
    result = imported(tmp_path, gazetteer, *rows, columns=POSITIONS)
    assert [event.record.id for event in result.events] == ["table-2", "table-3"]
    assert place_of(result.events[0]).country == "BY"
    (skipped,) = result.skipped
    assert (skipped.at, skipped.why) == (
        "line 2",
        "lon 53.9, lat 27.5 lies in IR, not in BY as it says; are lon and lat swapped?",
    )


def test_a_country_that_does_not_hold_the_position_is_left_out_and_told(
    tmp_path: Path, gazetteer: PlaceData
) -> None:
    rows = ("A,27.5,53.9,Poland", "B,27.5,53.9,Atlantis", "C,-30,40,Poland", "D,23.65,53.51,PL")
    result = imported(tmp_path, gazetteer, *rows, columns=POSITIONS)
    assert result.skipped == ()
    assert [place_of(event).country for event in result.events] == [None, None, "PL", "PL"]
    assert [event.above for event in result.events] == [
        ("lon 27.5, lat 53.9 lies in BY, not in PL as the row says; PL is left out",),
        ("no country is called 'Atlantis'; left out",),
        ("at sea, though of PL as the row says",),
        (),
    ]


def test_swapped_numbers_are_found_at_sea_too(tmp_path: Path, gazetteer: PlaceData) -> None:
    rows = ("Lida,53.88,25.3,by", "Off Odesa,31.2,46.2,UA", "Nowhere,0,0,BY")
    result = imported(tmp_path, gazetteer, *rows, columns=POSITIONS)
    assert [skipped.why for skipped in result.skipped] == [
        "lon 0, lat 0: written where no position is known; leave both empty",
        "lon 53.88, lat 25.3 lies in no country, not in BY as it says; are lon and lat swapped?",
    ]
    (event,) = result.events
    assert (place_of(event).country, event.above) == ("UA", ("at sea, though of UA as the row says",))


def test_a_source_keeps_what_any_row_tells_of_it(tmp_path: Path, gazetteer: PlaceData) -> None:
    url = "https://example.org/a"
    rows = (f"A,{url},,", f"B,{url},The Times,2024-01-02", f"C,{url},,")
    result = imported(tmp_path, gazetteer, *rows, columns="title,url,publisher,published")
    (source,) = result.sources.values()
    assert (source.publisher, source.published and source.published.edtf) == ("The Times", "2024-01-02")


def test_whatever_is_imported_can_be_built(tmp_path: Path, gazetteer: PlaceData) -> None:
    rows = (
        "A,Kuznica,Poland,,",
        "B,Aleksandrovka,,,",
        "C,Aleksandrovka,UA,,",
        "D,,Atlantis,,",
        "E,Depot,Poland,27.5,53.9",
        "F,,Belarus,,",
    )
    result = imported(tmp_path, gazetteer, *rows, columns="title,place,country,lon,lat")
    (tmp_path / "events.yaml").write_text(result.text, encoding="utf-8")
    (tmp_path / "map.yaml").write_text("schema: 1\ntitle: T\nevents: [events.yaml]\n", encoding="utf-8")
    columns = load(tmp_path).table.columns
    assert dict(zip(columns["title"], columns["precision"], strict=True)) == {
        "A": "place", "B": "none", "C": "country", "D": "none", "E": "place", "F": "country",
    }  # fmt: skip


def test_a_mapping_file_of_another_form_is_told_by_its_line(tmp_path: Path, gazetteer: PlaceData) -> None:
    (tmp_path / "a.csv").write_text("headline\nX\n", encoding="utf-8")
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text("schema: 1\ncolumns:\n  title: headline\n", encoding="utf-8")
    result = import_events(tmp_path / "a.csv", "csv", gazetteer, mapping=mapping)
    assert [event.record.title for event in result.events] == ["X"]
    mapping.write_text("schema: 1\ncolumns:\n  headline: title\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"mapping\.yaml:3:\d+: headline: "):
        import_events(tmp_path / "a.csv", "csv", gazetteer, mapping=mapping)
