"""Shapefiles: what is lost is told, what is kept is whole, and no file outlives its export."""

import json
import re
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely

from geomap import pipeline
from geomap.errors import OutputError
from geomap.export import shapefile
from geomap.export.arrow import rounded_shapes
from geomap.export.dbf import DBF_NAMES, beginning, dbf_bytes, dbf_column, dbf_list, dbf_text
from geomap.export.fields import FIELDS
from geomap.export.info import ExportInfo
from geomap.export.shapefile import shp_bytes, without_collections, write_shapefile
from geomap.model.table import COLUMNS, EventTable
from geomap.pipeline.manifest import EXPORT_MANIFEST

INFO = ExportInfo(title="T", worldview="W", attribution=())
LAYERS = ("points", "lines", "areas")
COLLECTION = shapely.GeometryCollection(
    [shapely.Point(1, 1), shapely.GeometryCollection([shapely.box(2, 2, 3, 3), shapely.box(5, 5, 6, 6)])]
)


def table_of(
    table: EventTable, geometry: Sequence[Any], columns: Mapping[str, Sequence[Any]] | None = None
) -> EventTable:
    """A table with a row for each geometry, all of a pin's event but for some columns."""
    row = table.columns["feature_id"].index("at-pin#1")
    own = {name: [values[row]] * len(geometry) for name, values in table.columns.items()}
    own["feature_id"] = [f"f#{number}" for number in range(len(geometry))]
    return replace(table, columns=own | dict(columns or {}), geometry=geometry)


def test_names_are_short_and_distinct() -> None:
    assert tuple(DBF_NAMES) == COLUMNS
    assert all(re.fullmatch("[a-z][a-z_]{0,9}", name) for name in DBF_NAMES.values())
    assert len(set(DBF_NAMES.values())) == len(COLUMNS) == 32


def test_the_names_are_in_the_docs() -> None:
    text = (Path(__file__).parents[2] / "docs" / "exports.md").read_text(encoding="utf-8")
    for name, short in DBF_NAMES.items():
        if name != short:
            assert f"| `{name}` | `{short}` |" in text, name


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("a", "a"),
        ("x" * 254, "x" * 254),
        ("x" * 255, "x" * 251 + "…"),
        ("ж" * 127, "ж" * 127),
        ("ж" * 128, "ж" * 125 + "…"),
        ("国" * 85, "国" * 83 + "…"),
        ("x" * 249 + "🇧🇾", "x" * 249 + "…"),
        ("x" * 250 + "e\u0301tat", "x" * 250 + "…"),
        ("x" * 248 + "e\u0301tat!", "x" * 248 + "e\u0301…"),
        ("x" * 240 + "👩🏽‍🚀" * 2, "x" * 240 + "…"),
        ("x" * 250 + "    y", "x" * 250 + "…"),
        ("  a  b  ", "a  b"),
        ("\u00a0a\t", "\u00a0a\t"),
        ("a\x00b", "a\ufffdb"),
        ("\x00" * 90, "\ufffd" * 83 + "…"),
        (" ", ""),
        ("e" + "\u0301" * 200, "e" + "\u0301" * 125 + "…"),
    ],
)
def test_a_text_is_cut_at_a_whole_character(text: str, held: str) -> None:
    assert dbf_text(text) == held
    assert len(held.encode()) <= 254
    assert dbf_text(held) == held


def test_a_beginning_is_never_longer_than_asked() -> None:
    text = "Гродна e\u0301 👩🏽‍🚀 🇧🇾 ชายแดน" * 3
    for size in range(len(text.encode()) + 1):
        part = beginning(text, size)
        assert len(part.encode()) <= size
        assert text.startswith(part)


@pytest.mark.parametrize(
    ("texts", "held"),
    [
        ((), ()),
        (("a", "b"), ("a", "b")),
        (("x" * 250,), ("x" * 250,)),
        (("x" * 251,), ("…",)),
        (("a", "x" * 251, "b"), ("a", "…")),
        (("a" * 100, "b" * 100, "c" * 42, "d"), ("a" * 100, "b" * 100, "…")),
        (("a" * 100, "b" * 100, "c" * 38, "d" * 9), ("a" * 100, "b" * 100, "c" * 38, "…")),
        (('"\\\n' * 60, "b"), ("…",)),
    ],
)
def test_a_list_stays_json(texts: tuple[str, ...], held: tuple[str, ...]) -> None:
    written = dbf_list(texts)
    assert tuple(json.loads(written)) == held
    assert len(written.encode()) <= 254


def test_a_long_list_is_cut_at_once() -> None:
    assert len(json.loads(dbf_list([f"https://example.org/{n}" for n in range(100_000)]))) == 11


def test_every_loss_is_told(odd_table: EventTable, tmp_path: Path) -> None:
    points = [shapely.Point(1, 2)] * 5
    lost = {
        "title": ["x" * 255, "y" * 254, "a\x00b", " a", "**"],
        "summary": ["", " ", None, "ж" * 200, "ж" * 127],
        "tags": [("t" * 300,), ("t",) * 200, (), ("\x00",), (" a ", "")],
    }
    remarks = write_shapefile(table_of(odd_table, points, lost), INFO, tmp_path)
    renamed, *told = remarks
    assert all(f"{name} is {short}" in renamed for name, short in DBF_NAMES.items() if name != short)
    assert told == [
        "events_*.dbf: 4 cells have more than 254 bytes and end in …: title 1, summary 1, tags 2",
        "events_*.dbf: 3 cells have no blanks at their ends, or U+FFFD for NUL: title 2, summary 1",
        "events_*.dbf: 2 cells are empty texts, which are the same as none: summary 2",
    ]
    frame = pyogrio.read_dataframe(tmp_path / "events_points.shp")
    assert frame["title"].tolist() == ["x" * 251 + "…", "y" * 254, "a\ufffdb", "a", "**"]
    assert [text if isinstance(text, str) else None for text in frame["summary"]] == [
        None, None, None, "ж" * 125 + "…", "ж" * 127,
    ]  # fmt: skip
    assert [json.loads(text) for text in frame["tags"]] == [
        ["…"],
        ["t"] * 61 + ["…"],
        [],
        ["\x00"],
        [" a ", ""],
    ]


def test_a_map_without_losses_is_told_of_the_format_only(odd_table: EventTable, tmp_path: Path) -> None:
    assert len(write_shapefile(table_of(odd_table, [shapely.Point(1, 2)]), INFO, tmp_path)) == 1


def test_undated_places_that_are_no_short_text_are_left_out(odd_table: EventTable, tmp_path: Path) -> None:
    circle = shapely.Point(1, 2).buffer(1, quad_segs=8)
    table = table_of(
        odd_table, [shapely.Point(1, 2), circle, None], {"t_start": [None] * 3, "t_end": [None] * 3}
    )
    remarks = write_shapefile(table, INFO, tmp_path)
    assert remarks[1:] == [
        "events_unlocated.dbf: 1 geometries have more than 254 bytes as text and are left out"
    ]
    found = pyogrio.read_dataframe(tmp_path / "events_unlocated.dbf")["wkt"].tolist()
    assert [text if isinstance(text, str) else None for text in found] == ["POINT (1 2)", None, None]


def test_collections_keep_their_widest_parts(odd_table: EventTable, tmp_path: Path) -> None:
    only_points = shapely.GeometryCollection([shapely.Point(1, 1), shapely.MultiPoint([(2, 2), (3, 3)])])
    remarks = write_shapefile(table_of(odd_table, [COLLECTION, only_points]), INFO, tmp_path)
    assert remarks[1:] == [
        "events_*.shp: of 1 collections only the areas are kept, or the lines where they have no areas"
    ]
    (area,) = pyogrio.read_dataframe(tmp_path / "events_areas.shp").geometry
    assert area.equals(shapely.union_all([shapely.box(2, 2, 3, 3), shapely.box(5, 5, 6, 6)]))
    (points,) = pyogrio.read_dataframe(tmp_path / "events_points.shp").geometry
    assert points.equals(shapely.MultiPoint([(1, 1), (2, 2), (3, 3)]))


def test_what_is_no_collection_is_left_alone() -> None:
    shapes = np.array([shapely.Point(1, 1), None, shapely.MultiPoint([(1, 1)])], dtype=object)
    plain, lost = without_collections(shapes)
    assert plain.tolist() == shapes.tolist()
    assert lost == 0


def test_areas_keep_their_holes_and_turn_clockwise(odd_table: EventTable, tmp_path: Path) -> None:
    ringed = shapely.Polygon(
        [(0, 0), (9, 0), (9, 9), (0, 9)], [[(1, 1), (2, 1), (2, 2), (1, 2)], [(5, 5), (6, 5), (6, 6), (5, 6)]]
    )
    areas = shapely.MultiPolygon([ringed, shapely.box(1.2, 1.2, 1.8, 1.8)])
    write_shapefile(table_of(odd_table, [areas]), INFO, tmp_path)
    (found,) = pyogrio.read_dataframe(tmp_path / "events_areas.shp").geometry
    assert found.normalize().equals_exact(areas.normalize())
    record = (tmp_path / "events_areas.shp").read_bytes()[108:]
    parts, positions = struct.unpack("<2i", record[36:44])
    starts = [*struct.unpack(f"<{parts}i", record[44 : 44 + 4 * parts]), positions]
    corners = np.frombuffer(record, "<f8", 2 * positions, 44 + 4 * parts).reshape(-1, 2)
    rings = [shapely.LinearRing(corners[first:end]) for first, end in pairwise(starts)]
    sides = sorted((ring.length, not ring.is_ccw) for ring in rings)
    assert [clockwise for _, clockwise in sides] == [True, False, False, True]


def test_days_of_any_year_are_days(odd_table: EventTable, tmp_path: Path) -> None:
    from datetime import date

    days = [date(1, 1, 1), date(987, 6, 5), date(9999, 12, 31), None]
    write_shapefile(table_of(odd_table, [shapely.Point(1, 2)] * 4, {"date_start": days}), INFO, tmp_path)
    found = pyogrio.read_dataframe(tmp_path / "events_points.shp")["date_start"]
    assert [None if day != day else day.date() for day in found] == days


def test_no_file_tells_the_day_it_was_written(exported: Callable[[str], Path]) -> None:
    tables = sorted(exported("shp").glob("*.dbf"))
    assert len(tables) == 4
    for path in tables:
        assert tuple(path.read_bytes()[1:4]) == (124, 1, 1), path.name
    assert {path.read_text() for path in exported("shp").glob("*.cpg")} == {"UTF-8"}


def test_sizes_are_known_before(odd_table: EventTable, exported: Callable[[str], Path]) -> None:
    from geomap.export.layers import as_multi, rows_of_layers

    columns = [dbf_column(field, odd_table.columns[name]) for name, field in FIELDS.items()]
    shapes = rounded_shapes(odd_table.geometry)
    located, unlocated = rows_of_layers(odd_table, shapes)
    for kind, rows in located.items():
        path = exported("shp") / f"events_{kind}.shp"
        assert shp_bytes(as_multi(shapes, rows, kind)[rows]) == path.stat().st_size
        assert dbf_bytes(columns, len(rows)) == path.with_suffix(".dbf").stat().st_size
    size = dbf_bytes(columns, len(unlocated), more=254)
    assert size == (exported("shp") / "events_unlocated.dbf").stat().st_size


@pytest.mark.parametrize(
    "shape",
    [
        shapely.Point(1, 2),
        shapely.MultiPoint([(1, 2), (3, 4)]),
        shapely.MultiLineString([[(1, 2), (3, 4)], [(5, 6), (7, 8), (9, 9)]]),
        shapely.box(0, 0, 9, 9).difference(shapely.box(1, 1, 2, 2)),
    ],
)
def test_the_size_of_shapes_is_known_before(shape: Any, odd_table: EventTable, tmp_path: Path) -> None:
    write_shapefile(table_of(odd_table, [shape, shape]), INFO, tmp_path)
    kind = LAYERS[shapely.get_dimensions(shape)]
    assert (
        shp_bytes(np.array([shape, shape], dtype=object)) == (tmp_path / f"events_{kind}.shp").stat().st_size
    )


@pytest.mark.parametrize(("limit", "file"), [(30_000, "events_areas.shp"), (3_000, "events_points.dbf")])
def test_what_is_too_large_is_refused_before_anything_is_written(
    limit: int, file: str, odd_map: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shapefile, "MAX_BYTES", limit)
    with pytest.raises(OutputError, match=rf"{file} would have .* GiB: .*\(gpkg\)"):
        pipeline.export(odd_map, ["shp"], folder=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_nothing_of_an_earlier_export_is_left(
    odd_map: Path, odd_table: EventTable, tmp_path: Path, exported: Callable[[str], Path]
) -> None:
    (tmp_path / "empty").mkdir()
    write_shapefile(table_of(odd_table, []), INFO, tmp_path / "empty")
    written = {path.name for path in (tmp_path / "empty").iterdir()}
    assert written == {path.name for path in exported("shp").iterdir()} - {EXPORT_MANIFEST}
    assert written == {
        *(
            f"events_{kind}.{end}"
            for kind in LAYERS
            for end in ("shp", "shx", "dbf", "prj", "cpg", "qix", "qml")
        ),
        "events_unlocated.dbf",
        "events_unlocated.cpg",
        "events_shp.qlr",
    }
    for kind in LAYERS:
        assert len(pyogrio.read_dataframe(tmp_path / "empty" / f"events_{kind}.shp")) == 0


def test_styles_name_the_fields_that_there_are(exported: Callable[[str], Path]) -> None:
    for kind in LAYERS:
        text = (exported("shp") / f"events_{kind}.qml").read_text(encoding="utf-8")
        named = set(re.findall(r"&quot;([a-z_]+)&quot;", text)) | set(
            re.findall(r'<alias field="(\w+)"', text)
        )
        assert named == set(DBF_NAMES.values())
        assert 'startExpression="to_datetime(&quot;t_start&quot;)"' in text
        for renamed in set(DBF_NAMES) - set(DBF_NAMES.values()):
            assert f'"{renamed}"' not in text
