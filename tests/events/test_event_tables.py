"""Events of Parquet, FlatGeobuf and CSV: the columns of our exports, and the keys of events."""

import json
import random
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely

from geomap import pipeline
from geomap.errors import ConfigError
from geomap.events.bulk.tables import read_plain_table
from geomap.pipeline import Project
from geomap.render.page import page_bytes

SOURCES = {
    "w": {"publisher": "Wire", "published": "2024-08-13"},
    "p": {"publisher": "Post", "published": "2024-08-20"},
}
Rows = list[dict[str, Any]]
Load = Callable[..., Project]


def row(**cells: Any) -> dict[str, Any]:
    base = {"event_id": "a", "title": "T", "type": "strike", "when": "2024-08-12", "sources": '["w"]'}
    return base | cells


def write_csv(rows: Rows, path: Path, delimiter: str = ",") -> None:
    names = list(dict.fromkeys(name for own in rows for name in own))
    quoted = [[f'"{str(own.get(name, "")).replace(chr(34), chr(34) * 2)}"' for name in names] for own in rows]
    path.write_text("\n".join(delimiter.join(cells) for cells in [names, *quoted]) + "\n", encoding="utf-8")


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Load a project whose events are a table of rows, or of a file by its name."""

    def made(rows: Rows | str, form: str = "parquet", *, drafts: bool = False, **head: Any) -> Project:
        name = rows if isinstance(rows, str) else f"events.{form}"
        if not isinstance(rows, str):
            if form == "csv":
                write_csv(rows, tmp_path / name)
            else:
                names = list(dict.fromkeys(name for own in rows for name in own))
                pq.write_table(
                    pa.table({key: [own.get(key) for own in rows] for key in names}), tmp_path / name
                )
        written = {"schema": 1, "title": "M", "events": [name], "sources": SOURCES} | head
        (tmp_path / "map.yaml").write_text(json.dumps(written))
        return pipeline.load(tmp_path, drafts=drafts)

    return made


def cells(project: Project, number: int = 0) -> dict[str, Any]:
    return {name: values[number] for name, values in project.table.columns.items()}


def problems(load: Load, *args: Any, **options: Any) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(*args, **options)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_a_row_is_an_event(load: Load, form: str) -> None:
    point = {
        "lon": 27.5667,
        "lat": 53.9,
        "place_name": "a yard",
        "precision": "exact",
        "method": "geolocated",
    }
    more = {
        "subtype": "explosion",
        "summary": 'Much «said», "here"',
        "tags": '["x", "y, z"]',
        "modality": "ongoing",
    }
    found = cells(
        load(
            [
                row(
                    **point,
                    **more,
                    sources='["w","p"]',
                    actors='["Crew", {"name": "Army", "role": "target"}]',
                )
            ],
            form,
        )
    )
    assert found["type"], found["subtype"] == ("strike", "explosion")
    assert found["summary"] == more["summary"]
    assert found["tags"] == ("x", "y, z")
    assert found["sources"] == ("w", "p")
    assert found["actors"] == ("Crew", "Army")
    assert (found["lon"], found["lat"], found["place_name"], found["country"]) == (
        27.5667,
        53.9,
        "a yard",
        "BY",
    )
    assert found["detail"]["actors"][1] == {"name": "Army", "role": "target"}
    assert found["status"] == "corroborated"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({"place_name": "Minsk"}, ("place", "Minsk", "BY")),
        ({"place_name": "Brest", "country": "BY"}, ("place", "Brest", "BY")),
        ({"country": "PL", "precision": "country", "place_name": "a range"}, ("country", "a range", "PL")),
        ({"country": "PL"}, ("country", "Poland", "PL")),
        ({"where": '{"near": "Lida"}'}, ("vicinity", "near Lida", "BY")),
        ({"where": "Grodno Region, Belarus"}, ("region", "Grodno Region", "BY")),
        ({"where": '[{"country": "PL"}]'}, ("country", "Poland", "PL")),
        ({"place_name": "lost", "precision": "none"}, ("none", None, None)),
        ({}, ("none", None, None)),
    ],
)
def test_a_place_is_what_its_columns_say(
    load: Load, written: dict[str, Any], expected: tuple[Any, ...]
) -> None:
    found = cells(load([row(**written), row(event_id="b", when="2025-01-01")]))
    assert (found["precision"], found["place_name"], found["country"]) == expected


@pytest.mark.parametrize(
    ("written", "edtf"),
    [
        ({"when": "2024-08"}, "2024-08"),
        ({"when": None, "date_start": "2024-08-01", "date_end": "2024-08-03"}, "2024-08-01/2024-08-03"),
        ({"when": None, "date_start": "2024-08-01", "date_end": "2024-08-01"}, "2024-08-01"),
        ({"when": None, "date_start": "2024-08-01"}, "2024-08-01/.."),
        ({"when": None, "date_end": "2024-08-01"}, "../2024-08-01"),
        ({"when": None}, None),
    ],
)
def test_dates_are_edtf_or_days(load: Load, written: dict[str, Any], edtf: str | None) -> None:
    rows = [row(date_start=None, date_end=None) | written, row(event_id="b", date_start="2023-01-01")]
    found = load(rows)
    by_id = dict(zip(found.table.columns["event_id"], found.table.columns["when"], strict=True))
    assert by_id["a"] == edtf


def test_days_may_be_days_of_the_table(load: Load, tmp_path: Path) -> None:
    table = pa.table({
        "event_id": ["a", "b"], "title": ["T", "U"], "type": ["strike", "strike"], "sources": [["w"], ["w", "p"]],
        "date_start": pa.array([date(2024, 8, 1), None]), "date_end": [datetime(2024, 8, 2, 23, 59, tzinfo=UTC), None],
        "radius_m": [500.0, None], "lon": [27.5, None], "lat": [53.75, None],
    })  # fmt: skip
    pq.write_table(table, tmp_path / "t.parquet")
    found = load("t.parquet")
    assert list(found.table.columns["when"]) == ["2024-08-01/2024-08-02", None]
    assert list(found.table.columns["sources"]) == [("w",), ("w", "p")]
    assert list(found.table.columns["radius_m"]) == [500.0, None]


def test_nested_parts_are_json(load: Load) -> None:
    claims = [{"by": "Army", "stance": "denies", "source": "w"}]
    rows = [row(claims=json.dumps(claims)), row(event_id="b", claims="[]"), row(event_id="c", claims=None)]
    found = load(rows)
    details = dict(zip(found.table.columns["event_id"], found.table.columns["detail"], strict=True))
    assert [claim["by"] for claim in details["a"]["claims"]] == ["Army"]
    assert not details["b"]["claims"]
    assert problems(load, [row(claims="{not")])[0].endswith("claims: expected JSON, found '{not'")


@pytest.mark.parametrize("form", ["parquet", "fgb", "csv"])
def test_our_exports_are_events_files(odd_map: Path, tmp_path: Path, form: str) -> None:
    pipeline.export(odd_map, [form], folder=tmp_path)
    expected = pipeline.load(odd_map)
    head = json.loads((odd_map / "map.yaml").read_text())
    (tmp_path / "map.yaml").write_text(json.dumps(head | {"events": [f"events.{form}"]}))
    found = pipeline.load(tmp_path)
    columns = [
        "title", "type", "subtype", "date_start", "date_end", "when", "place_name", "precision", "summary", "tags",
        "sources", "workflow", "modality",
    ]  # fmt: skip
    # FlatGeobuf has only what is drawn.
    kept = set(found.table.columns["event_id"])
    rows = [number for number, event_id in enumerate(expected.table.columns["event_id"]) if event_id in kept]
    assert len(rows) > 25
    assert len(rows) == len(expected.table) or form == "fgb"
    for name in ("event_id", *columns):
        for number, own in zip(rows, found.table.columns[name], strict=True):
            assert own == expected.table.columns[name][number], (name, number)
    for number, own in zip(rows, found.table.geometry, strict=True):
        one = expected.table.geometry[number]
        assert (own is None) == (one is None)
        if own is not None:
            assert shapely.hausdorff_distance(own, one) < 1e-5 or own.geom_type.startswith("Multi")
    assert len(page_bytes(pipeline.compose(found))) > 100_000


def test_points_may_be_geometry(load: Load, tmp_path: Path) -> None:
    import geopandas

    shapes = [
        shapely.Point(27.5, 53.9),
        None,
        shapely.Polygon([(24, 53), (25, 53), (25, 54)]),
        shapely.Point(),
    ]
    cells_of = [row(event_id=f"e{number}", precision=None) for number in range(4)]
    cells_of[2]["precision"] = "region"
    frame = geopandas.GeoDataFrame(cells_of, geometry=shapes, crs="EPSG:4326")
    frame.to_parquet(tmp_path / "g.parquet")
    found = load("g.parquet")
    assert list(found.table.columns["precision"]) == ["place", "none", "region", "none"]
    assert found.table.geometry[0].equals(shapes[0])
    assert found.table.geometry[2].equals(shapes[2])
    frame.to_crs("EPSG:3857").to_parquet(tmp_path / "m.parquet")
    assert "not WGS 84" in problems(load, "m.parquet")[0]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([row(colour="red")], "column colour is none of an event"),
        ([{"event_id": "a", "title": "T"}], "no column type, sources"),
        ([row(title="")], "title"),
        ([row(title=None)], "title"),
        ([row(sources=None)], "sources"),
        ([row(sources='["nobody"]')], "source 'nobody' is not declared"),
        ([row(type="party")], "event type 'party'"),
        ([row(when="12.8.2024")], "not a date"),
        ([row(lon=200.0, lat=50.0)], "lon"),
        ([row(lon=20.0)], "lon and lat go together"),
        ([row(lon=53.9, lat=27.57, country="BY")], "swapped"),
        ([row(place_name="Xqwzvtown")], "Xqwzvtown"),
        ([row(status="confirmed")], "confirmed names who confirms"),
        ([row(), row(title="Other")], "event id 'a' again"),
    ],
)
@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_what_is_wrong_is_told_with_its_row(load: Load, rows: Rows, said: str, form: str) -> None:
    if form == "csv":
        rows = [{name: "" if cell is None else cell for name, cell in own.items()} for own in rows]
    found = problems(load, rows, form)
    assert said in found[0]
    assert f"events.{form}:" in found[0]


def test_rows_of_one_event_are_its_places(load: Load) -> None:
    rows = [
        row(place_name="Minsk", place_role="origin"),
        row(place_name="Brest", country="BY", place_role="destination"),
    ]
    found = load([*rows, row(event_id="b")], countries=["BY"])
    assert list(found.table.columns["event_id"]) == ["a", "a", "b"]
    assert list(found.table.columns["place_role"])[:2] == ["origin", "destination"]


def test_rows_of_one_event_stand_in_the_order_of_their_features_wherever_they_are(load: Load) -> None:
    names = ["Minsk", "Brest", "Lida"]
    rows = [
        row(
            event_id=f"e{event}",
            feature_id=f"e{event}#{number}",
            place_name=name,
            country="BY",
            precision=None,
        )
        for number, name in reversed(list(enumerate(names, start=1)))
        for event in range(40)
    ]
    found = load(rows)
    assert list(found.table.columns["place_name"]) == names * 40
    assert len(found.table.event_rows) == 40


@pytest.mark.parametrize("key", ["title", "tags", "when", "status", "workflow", "claims", "actors"])
def test_rows_of_one_event_must_say_the_same_of_it(load: Load, key: str) -> None:
    said = {"title": "U", "tags": '["x"]', "when": "2024-08-13", "status": "retracted", "workflow": "published",
            "claims": '[{"by": "Army", "stance": "denies"}]', "actors": "Crew"}  # fmt: skip
    [problem] = problems(
        load, [row(place_name="Minsk"), row(place_name="Brest", country="BY") | {key: said[key]}]
    )
    assert f"event id 'a' again, with another {key}" in problem


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_parted_as_its_head_is(load: Load, tmp_path: Path, delimiter: str) -> None:
    write_csv([row(title="one, two; three", summary="Ж\nsecond line")], tmp_path / "x.csv", delimiter)
    found = cells(load("x.csv"))
    assert (found["title"], found["summary"]) == ("one, two; three", "Ж\nsecond line")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.parquet", b"not a table"),
        ("x.parquet", b"PAR1" + bytes(40) + b"PAR1"),
        ("x.fgb", b"<OGRVRTDataSource/>"),
        ("x.csv", b""),
        ("x.csv", b"\xff\xfe\x00"),
        ("x.csv", b"event_id,title\na,b,c\n"),
    ],
)
def test_what_is_no_table_is_refused(load: Load, tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    [problem] = problems(load, name)
    assert f"{name}:1:1" in problem


def test_a_missing_table_is_told(load: Load) -> None:
    assert "no such file" in problems(load, "none.parquet")[0]


def test_flatgeobuf_is_read_under_a_name_of_ours(load: Load, tmp_path: Path) -> None:
    import geopandas

    frame = geopandas.GeoDataFrame(
        [row(precision="exact")], geometry=[shapely.Point(27.5, 53.9)], crs="EPSG:4326"
    )
    pyogrio.write_dataframe(frame, tmp_path / "x.fgb")
    assert cells(load("x.fgb"))["lon"] == 27.5


@pytest.mark.parametrize("form", ["parquet", "fgb", "csv"])
def test_broken_tables_end_in_an_error_of_ours(tmp_path: Path, form: str) -> None:
    import geopandas

    rows = [row(event_id=f"e{number}", place_name="x", claims="[]") for number in range(30)]
    if form == "csv":
        write_csv(rows, tmp_path / "x.csv")
    else:
        frame = geopandas.GeoDataFrame(rows, geometry=[shapely.Point(20, 50)] * 30, crs="EPSG:4326")
        frame.to_parquet(tmp_path / "x.parquet", compression=None)
        pyogrio.write_dataframe(frame, tmp_path / "x.fgb")
    whole = (tmp_path / f"x.{form}").read_bytes()
    chance = random.Random(5)
    told: list[Path] = []
    for _ in range(120):
        content = bytearray(whole)
        for _ in range(chance.choice((1, 2, 20))):
            at = chance.randrange(len(content))
            if chance.random() < 0.7:
                content[at] = chance.randrange(256)
            else:
                del content[at : at + chance.randrange(1, 20)]
        path = tmp_path / f"y.{form}"
        path.write_bytes(content)
        try:
            read_plain_table(path)
        except ConfigError as error:
            told += [problem.mark.path for problem in error.problems]
    assert len(told) > 10
    assert set(told) == {path}
