"""What each format gives back is what was put in: ids, texts letter for letter, days, moments, positions, counts."""

from collections.abc import Callable
from pathlib import Path

import pytest
import shapely

from export_readers import READERS, is_held, plain
from geomap import pipeline
from geomap.export import EXPORTERS
from geomap.export.arrow import rounded_shapes
from geomap.export.fields import FIELDS
from geomap.model.table import COLUMNS, EventTable

TOLERANCE = 5e-7
# FlatGeobuf holds what has a geometry.
LOCATED_ONLY = {"fgb"}


def test_every_format_is_read_back() -> None:
    # Linked Places holds places, not events: see test_linked_places.
    assert {*READERS, "lpf"} == set(EXPORTERS)


def test_the_fields_are_the_columns_in_their_order() -> None:
    assert tuple(FIELDS) == COLUMNS


@pytest.mark.parametrize("name", READERS)
def test_what_goes_in_comes_out(name: str, odd_table: EventTable, exported: Callable[[str], Path]) -> None:
    shapes = rounded_shapes(odd_table.geometry)
    columns = odd_table.columns
    wanted = {columns["feature_id"][row]: row for row in range(len(odd_table))}
    if name in LOCATED_ONLY:
        wanted = {feature: row for feature, row in wanted.items() if shapes[row] is not None}
    found = {row["feature_id"]: (row, geometry) for row, geometry in READERS[name](exported(name))}
    assert set(found) == set(wanted)
    for feature, number in wanted.items():
        row, geometry = found[feature]
        for field in FIELDS.values():
            value = plain(row[field.name], field.type)
            assert is_held(name, value, columns[field.name][number]), (feature, field.name)
        own = shapes[number]
        assert (geometry is None) == (own is None), feature
        if own is not None:
            assert shapely.hausdorff_distance(geometry, own) <= TOLERANCE, feature


@pytest.mark.parametrize("name", EXPORTERS)
def test_two_exports_are_the_same_to_the_byte(
    name: str, odd_map: Path, tmp_path: Path, exported: Callable[[str], Path]
) -> None:
    again = pipeline.export(odd_map, [name], folder=tmp_path).files
    assert again
    for path in again:
        assert path.read_bytes() == (exported(name) / path.name).read_bytes(), path.name


@pytest.mark.parametrize("name", EXPORTERS)
def test_a_failed_export_leaves_the_old_files(
    name: str, odd_map: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from geomap import export

    pipeline.export(odd_map, [name], folder=tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def fail(table: EventTable, info: export.ExportInfo, folder: Path) -> list[str]:
        EXPORTERS[name](table, info, folder)
        raise RuntimeError("in the middle")

    monkeypatch.setattr(export, "EXPORTERS", {name: fail})
    with pytest.raises(RuntimeError, match="in the middle"):
        pipeline.export(odd_map, [name], folder=tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("name", EXPORTERS)
@pytest.mark.parametrize("where", ["none", None])
def test_a_map_of_words_or_of_nothing_is_exported(name: str, where: str | None, tmp_path: Path) -> None:
    event = '{"id": "a", "type": "statement", "title": "A", "when": "2024-01-01", "sources": ["s"]}\n'
    (tmp_path / "events.jsonl").write_text(event if where else "", encoding="utf-8")
    sources = "sources: {s: {publisher: P, published: 2024-01-02}}"
    text = f"schema: 1\ntitle: T\nevents: [events.jsonl]\n{sources}\n"
    (tmp_path / "map.yaml").write_text(text, encoding="utf-8")
    result = pipeline.export(tmp_path, [name], folder=tmp_path / "out")
    assert result.files
    if name in READERS:
        rows = list(READERS[name](tmp_path / "out"))
        assert len(rows) == (1 if where and name not in LOCATED_ONLY else 0)
        assert all(geometry is None for _, geometry in rows)
