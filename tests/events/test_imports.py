"""Small files in the published column layouts of ACLED, UCDP GED and GDELT, with faults made on purpose."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from geomap.events.imports import Imported, ImportFileError
from geomap.events.imports.gdelt import COLUMNS as GDELT_COLUMNS
from geomap.events.imports.tables import TABLE_FORMATS, import_table
from geomap.gazetteer import read_gazetteer
from geomap.model.records import EventRecord, Source
from geomap.pipeline import load
from geomap.pipeline.importing import import_events

ACLED = (
    "event_id_cnty", "event_date", "year", "time_precision", "disorder_type", "event_type", "sub_event_type", "actor1",
    "assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2", "interaction", "civilian_targeting", "iso",
    "region", "country", "admin1", "admin2", "admin3", "location", "latitude", "longitude", "geo_precision", "source",
    "source_scale", "notes", "fatalities", "tags", "timestamp",
)  # fmt: skip
UCDP = (
    "id", "relid", "year", "active_year", "code_status", "type_of_violence", "conflict_dset_id", "conflict_new_id",
    "conflict_name", "dyad_dset_id", "dyad_new_id", "dyad_name", "side_a_dset_id", "side_a_new_id", "side_a",
    "side_b_dset_id", "side_b_new_id", "side_b", "number_of_sources", "source_article", "source_office", "source_date",
    "source_headline", "source_original", "where_prec", "where_coordinates", "where_description", "adm_1", "adm_2",
    "latitude", "longitude", "geom_wkt", "priogrid_gid", "country", "country_id", "region", "event_clarity",
    "date_prec", "date_start", "date_end", "deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "best", "high",
    "low",
    "gwnoa", "gwnob",
)  # fmt: skip
STRIKE = {
    "event_id_cnty": "UKR12345", "event_date": "2024-08-12", "year": "2024", "time_precision": "1",
    "event_type": "Explosions/Remote violence", "sub_event_type": "Air/drone strike", "actor1": "Army of A",
    "actor2": "Civilians (B)", "iso": "804", "country": "Ukraine", "admin1": "Kharkiv", "location": "Vovchansk",
    "latitude": "50.2909", "longitude": "36.9410", "geo_precision": "1", "source": "Wire One; Local Two; Wire One",
    "source_scale": "National", "notes": "A drone hit a depot; two were killed.", "fatalities": "2",
}  # fmt: skip
CLASH = {
    "id": "412700", "relid": "UKR-2024-1-1", "year": "2024", "type_of_violence": "1", "side_a": "Government of A",
    "side_b": "Group B", "source_office": "Wire One;Local Two", "where_prec": "1",
    "where_coordinates": "Vovchansk town",
    "where_description": "Vovchansk", "adm_1": "Kharkiv oblast", "adm_2": "Chuhuiv raion", "latitude": "50.29",
    "longitude": "36.94", "country": "Ukraine", "date_prec": "1", "date_start": "2024-08-12 00:00:00.000",
    "date_end": "2024-08-12 00:00:00.000", "best": "3", "high": "5", "low": "2",
}  # fmt: skip
MEETING = {
    "GLOBALEVENTID": "1190000001", "SQLDATE": "20240812", "Actor1Name": "POLAND", "Actor2Name": "BELARUS",
    "EventCode": "040", "EventBaseCode": "040", "EventRootCode": "04", "ActionGeo_Type": "4",
    "ActionGeo_Fullname": "Kuznica, Podlaskie, Poland", "ActionGeo_Lat": "53.5108", "ActionGeo_Long": "23.6464",
    "DATEADDED": "20240812140000", "SOURCEURL": "https://example.org/a?b=1",
}  # fmt: skip
BASES: Mapping[str, tuple[Sequence[str], Mapping[str, str]]] = {
    "acled": (ACLED, STRIKE),
    "ucdp": (UCDP, CLASH),
    "gdelt": (GDELT_COLUMNS, MEETING),
}


def written(name: str, *changes: Mapping[str, str]) -> str:
    """A file with a row for each set of changes to the plain one."""
    columns, base = BASES[name]
    text = io.StringIO()
    writer = csv.writer(text, delimiter=TABLE_FORMATS[name].form.delimiter)
    if TABLE_FORMATS[name].form.columns is None:
        writer.writerow(columns)
    for change in changes:
        row = {**base, **change}
        writer.writerow([row.get(column, "") for column in columns])
    return text.getvalue()


def read(folder: Path, name: str, *changes: Mapping[str, str]) -> Imported:
    path = folder / "foreign.csv"
    path.write_text(written(name, *changes), encoding="utf-8")
    return import_table(path, name)


def only(imported: Imported) -> Any:
    assert imported.skipped == []
    (event,) = imported.events
    return event.record


def records(imported: Imported) -> list[EventRecord]:
    return [event.record for event in imported.events]


def sources(imported: Imported) -> dict[str, Source]:
    return {name: source for event in imported.events for name, source in event.sources.items()}


def test_the_layouts_are_those_that_are_published() -> None:
    assert (len(ACLED), len(UCDP), len(GDELT_COLUMNS)) == (31, 49, 61)
    assert GDELT_COLUMNS[26] == "EventCode"
    assert GDELT_COLUMNS[56:58] == ("ActionGeo_Lat", "ActionGeo_Long")


def test_acled_tells_who_what_when_and_where(tmp_path: Path) -> None:
    event = only(read(tmp_path, "acled", {}))
    assert (event.id, event.type, event.title) == (
        "acled-ukr12345",
        "strike/air_drone_strike",
        "Air/drone strike: Vovchansk",
    )
    assert event.when.edtf == "2024-08-12"
    (place,) = event.where.places
    assert (place.name, place.lon, place.lat, place.precision) == ("Vovchansk", 36.9410, 50.2909, "place")
    assert [part.name for part in event.actors] == ["Army of A", "Civilians (B)"]
    assert {part.role for part in event.actors} == {"participant"}
    assert [(claim.by, claim.stance) for claim in event.claims] == [
        ("Wire One", "asserts"),
        ("Local Two", "asserts"),
    ]
    assert [(own.measure, own.best) for own in event.quantities] == [("fatalities", 2)]
    assert event.workflow == "reviewed"


@pytest.mark.parametrize(
    ("precision", "edtf"),
    [("1", "2024-08-14"), ("2", "[2024-08-12..2024-08-18]"), ("3", "2024-08")],
)
def test_acled_dates_are_as_wide_as_their_precision(precision: str, edtf: str, tmp_path: Path) -> None:
    event = only(read(tmp_path, "acled", {"event_date": "14 August 2024", "time_precision": precision}))
    assert event.when.edtf == edtf


def test_a_town_that_stands_for_its_region_is_no_point(tmp_path: Path) -> None:
    near = only(read(tmp_path, "acled", {"geo_precision": "2"})).where.places[0]
    assert (near.precision, near.radius_m) == ("vicinity", 25_000)
    region = only(read(tmp_path, "acled", {"geo_precision": "3"})).where.places[0]
    assert (region.place, region.lon) == ("Kharkiv, Ukraine", None)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("1", {"precision": "place", "lon": 36.94}),
        ("2", {"precision": "vicinity", "lon": 36.94}),
        ("3", {"place": "Chuhuiv raion, Kharkiv oblast, Ukraine", "lon": None}),
        ("4", {"place": "Kharkiv oblast, Ukraine", "lon": None}),
        ("5", {"place": "Kharkiv oblast, Ukraine", "lon": None}),
        ("6", {"place": "Ukraine", "lon": None}),
    ],
)
def test_ucdp_places_are_drawn_by_how_the_point_was_made(
    code: str, expected: dict[str, Any], tmp_path: Path
) -> None:
    place = only(read(tmp_path, "ucdp", {"where_prec": code})).where.places[0]
    assert {name: getattr(place, name) for name in expected} == expected


def test_ucdp_tells_sides_deaths_and_spans(tmp_path: Path) -> None:
    event = only(read(tmp_path, "ucdp", {"date_end": "2024-08-15 00:00:00.000", "date_prec": "2"}))
    assert (event.id, event.type) == ("ucdp-412700", "ground_combat")
    assert event.title == "State-based violence: Government of A – Group B, Vovchansk town"
    assert event.when.edtf == "[2024-08-12..2024-08-15]"
    (deaths,) = event.quantities
    assert (deaths.low, deaths.best, deaths.high) == (2, 3, 5)
    assert [claim.by for claim in event.claims] == ["Wire One", "Local Two"]


def test_gdelt_becomes_drafts_with_a_source_each(tmp_path: Path) -> None:
    imported = read(tmp_path, "gdelt", {}, {"GLOBALEVENTID": "2", "SOURCEURL": "https://example.net/x"})
    assert imported.skipped == []
    first, second = records(imported)
    assert (first.workflow, first.type, first.title) == (
        "draft",
        "diplomacy",
        "Consultation: POLAND – BELARUS",
    )
    assert first.codes == {"cameo": "040"}
    assert sources(imported)[first.sources[0]].publisher == "example.org"
    assert sources(imported)[first.sources[0]].published.edtf == "2024-08-12"
    assert first.sources != second.sources


@pytest.mark.parametrize(
    ("kind", "place"), [("1", "Belarus"), ("2", "Texas, United States"), ("5", "Grodno Region, Belarus")]
)
def test_the_middle_of_a_gdelt_region_is_no_place(kind: str, place: str, tmp_path: Path) -> None:
    event = only(read(tmp_path, "gdelt", {"ActionGeo_Type": kind, "ActionGeo_Fullname": place}))
    assert (event.where.places[0].place, event.where.places[0].lon) == (place, None)


def test_gdelt_without_a_place_has_none(tmp_path: Path) -> None:
    assert (
        only(read(tmp_path, "gdelt", {"ActionGeo_Type": "0", "ActionGeo_Fullname": ""})).where.mode == "none"
    )


FAULTS = {
    "swapped": ("acled", {"latitude": "136.9410", "longitude": "50.2909"}, "are longitude and latitude swapped?"),
    "far away": ("acled", {"longitude": "336.9"}, "expected degrees of WGS 84"),
    "no position": ("acled", {"latitude": ""}, "one of them is empty"),
    "no number": ("acled", {"latitude": "50,29"}, "latitude: expected a number, found '50,29'"),
    "not finite": ("acled", {"latitude": "NaN"}, "latitude: 'NaN' is no finite number"),
    "before Christ": ("acled", {"event_date": "-0044-03-15"}, "event_date: expected a day such as 2024-08-12"),
    "American": ("acled", {"event_date": "08/12/2024"}, "event_date: expected a day"),
    "no day": ("acled", {"event_date": ""}, "event_date is empty"),
    "no such type": ("acled", {"sub_event_type": "Picnic"}, "sub_event_type: 'Picnic' is none of ACLED's"),
    "no such precision": ("acled", {"geo_precision": "9"}, "geo_precision: expected one of 1, 2, 3, found '9'"),
    "no id": ("acled", {"event_id_cnty": ""}, "event_id_cnty is empty"),
    "deaths fall": ("ucdp", {"low": "9"}, "low, best and high must rise"),
    "no such violence": ("ucdp", {"type_of_violence": "4"}, "type_of_violence: expected one of 1, 2, 3"),
    "waters": ("ucdp", {"where_prec": "7"}, "where_prec 7"),
    "ends before it begins": ("ucdp", {"date_end": "2024-08-01"}, "when"),
    "no such root": ("gdelt", {"EventRootCode": "99"}, "EventRootCode: '99' is none of CAMEO's"),
    "no such geography": ("gdelt", {"ActionGeo_Type": "8"}, "ActionGeo_Type: expected 0 to 5"),
    "no such day": ("gdelt", {"SQLDATE": "20240231"}, "SQLDATE: expected a day such as 20240812"),
    "no address": ("gdelt", {"SOURCEURL": "http://[broken"}, "SOURCEURL: "),
    "added on no day": ("gdelt", {"DATEADDED": "20249999000000"}, "published: "),
    "no source": ("gdelt", {"SOURCEURL": ""}, "SOURCEURL is empty"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_row_is_told_and_the_good_ones_are_kept(fault: str, tmp_path: Path) -> None:
    name, change, why = FAULTS[fault]
    key = {"acled": "event_id_cnty", "ucdp": "id", "gdelt": "GLOBALEVENTID"}[name]
    imported = read(tmp_path, name, {key: "7001"}, {key: "7002", **change}, {key: "7003"})
    assert [event.id.rpartition("-")[2] for event in records(imported)] == ["7001", "7003"]
    (skipped,) = imported.skipped
    assert skipped.at == ("line 2" if name == "gdelt" else "line 3")
    assert why in skipped.why


def test_rows_in_another_encoding_or_too_long_are_skipped(tmp_path: Path) -> None:
    lines = (
        written("acled", {}, {"event_id_cnty": "b", "location": "Kuźnica"}, {"event_id_cnty": "c"})
        .encode()
        .split(b"\r\n")
    )
    lines[2] = lines[2].replace("Kuźnica".encode(), "Kuźnica".encode("cp1250"))
    lines[3] += b",one,too,many"
    path = tmp_path / "mixed.csv"
    path.write_bytes(b"\xef\xbb\xbf" + b"\r\n".join(lines))
    imported = import_table(path, "acled")
    assert [event.id for event in records(imported)] == ["acled-ukr12345"]
    assert [(own.at, own.why) for own in imported.skipped] == [
        ("line 3", "not UTF-8; save the file as UTF-8, or name its encoding in a mapping"),
        ("line 4", "34 cells, where there are 31 columns"),
    ]


def test_a_quote_in_a_gdelt_name_is_a_letter(tmp_path: Path) -> None:
    path = tmp_path / "gdelt.csv"
    rows = [{**MEETING, "GLOBALEVENTID": number, "Actor1Name": '"POLAND'} for number in ("1", "2")]
    lines = ["\t".join(row.get(column, "") for column in GDELT_COLUMNS) for row in rows]
    path.write_text("\n".join(lines), encoding="utf-8")
    imported = import_table(path, "gdelt")
    assert imported.skipped == []
    assert [event.actors[0].name for event in records(imported)] == ['"POLAND', '"POLAND']


def test_skipped_rows_leave_no_source(tmp_path: Path) -> None:
    late = {"SOURCEURL": "https://example.net/late"}
    imported = read(tmp_path, "gdelt", {}, late, {"GLOBALEVENTID": "2", "SQLDATE": "never", **late})
    assert [len(imported.events), len(imported.skipped), len(sources(imported))] == [1, 2, 1]
    assert sources(read(tmp_path, "acled", {"geo_precision": "9"})) == {}


def test_a_first_line_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "endless.csv"
    path.write_text("x" * ((1 << 24) + 1), encoding="utf-8")
    with pytest.raises(ImportFileError, match="no line of column names"):
        import_table(path, "acled")


def test_an_id_stands_once(tmp_path: Path) -> None:
    imported = read(tmp_path, "acled", {}, {})
    assert len(imported.events) == 1
    assert [own.why for own in imported.skipped] == ["acled-ukr12345 stands in line 2 already"]


@pytest.mark.parametrize("name", ["acled", "ucdp"])
def test_a_file_without_its_columns_is_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(ImportFileError, match=r"other\.csv:1: no column .*; found a, b"):
        import_table(path, name)
    path.write_text("", encoding="utf-8")
    with pytest.raises(ImportFileError, match="the file is empty"):
        import_table(path, name)


@pytest.mark.parametrize(
    "name",
    [
        "/vsicurl/http://127.0.0.1/x.csv",
        "/vsizip/x.zip/x.csv",
        "http://127.0.0.1/x.csv",
        "<OGRVRTDataSource/>",
        ".",
    ],
)
def test_only_files_are_read(name: str) -> None:
    with pytest.raises(ImportFileError, match="no such file"):
        import_table(Path(name), "acled")


@pytest.mark.parametrize("name", BASES)
def test_what_is_imported_is_a_project_at_once(name: str, tmp_path: Path) -> None:
    identity, kind, place, vague = {
        "acled": ("event_id_cnty", "geo_precision", "admin1", "3"),
        "ucdp": ("id", "where_prec", "adm_1", "4"),
        "gdelt": ("GLOBALEVENTID", "ActionGeo_Type", "ActionGeo_Fullname", "5"),
    }[name]
    end = ", Ukraine" if name == "gdelt" else ""
    changes = [
        {},
        {identity: "8001", kind: vague, place: f"Kharkiv{end}"},
        {identity: "8002", kind: vague, place: f"Nowhere at all{end}"},
        {identity: "8003", kind: vague, place: "", "country": "Atlantis", "ActionGeo_Fullname": "Atlantis"},
    ]
    path = tmp_path / "foreign.csv"
    path.write_text(written(name, *changes), encoding="utf-8")
    result = import_events(path, name, read_gazetteer())
    assert (len(result.events), result.skipped) == (4, ())
    third, fourth = ("line 3", "line 4") if name == "gdelt" else ("line 4", "line 5")
    assert result.remarks == (
        f"{third}: no region is called 'Nowhere at all, Ukraine', or several are; only its country is kept",
        f"{fourth}: no region or country is called 'Atlantis', or several are",
    )
    (tmp_path / "events.yaml").write_text(result.text, encoding="utf-8")
    (tmp_path / "map.yaml").write_text("schema: 1\ntitle: T\nevents: [events.yaml]\n", encoding="utf-8")
    project = load(tmp_path, drafts=True)
    licences = [finding.message for finding in project.findings if finding.code == "licence"]
    assert len(licences) == (name == "acled")
    assert all("no republication" in message for message in licences)
    columns = project.table.columns
    drawn = dict(zip(columns["event_id"], columns["precision"], strict=True))
    assert {event.rpartition("-")[2]: precision for event, precision in drawn.items()} == {
        BASES[name][1][identity].lower(): "place", "8001": "region", "8002": "country", "8003": "none",
    }  # fmt: skip
