"""Our own exports come back as the events that they were, as far as a table of features holds them."""

from collections.abc import Callable
from pathlib import Path

import pytest
import shapely

from geomap.export.arrow import rounded_shapes
from geomap.gazetteer import read_gazetteer
from geomap.model.table import COLUMNS, EventTable
from geomap.pipeline import load
from geomap.pipeline.importing import ImportResult, import_events

# Of the gazetteer's own, which a drawn shape no longer is.
FROM_THE_GAZETTEER = {"place_id", "place_name_native"}
# Of an area it is measured anew, from the middle of what was drawn.
POINTS = {"exact", "place", "vicinity"}
FORMATS = ("geojson", "gpkg", "fgb", "parquet", "kml", "csv")


def imported(exported: Callable[[str], Path], name: str) -> ImportResult:
    return import_events(exported(name) / f"events.{name}", name, read_gazetteer())


def built(result: ImportResult, folder: Path) -> EventTable:
    (folder / "events.yaml").write_text(result.text, encoding="utf-8")
    (folder / "map.yaml").write_text("schema: 1\ntitle: T\nevents: [events.yaml]\n", encoding="utf-8")
    return load(folder).table


@pytest.mark.parametrize("name", FORMATS)
def test_an_export_comes_back(
    name: str, odd_table: EventTable, exported: Callable[[str], Path], tmp_path: Path
) -> None:
    result = imported(exported, name)
    assert result.skipped == ()
    again = built(result, tmp_path)
    rows = {feature: row for row, feature in enumerate(again.columns["feature_id"])}
    shapes, old_shapes = rounded_shapes(again.geometry), rounded_shapes(odd_table.geometry)
    missing = set(odd_table.columns["feature_id"]) - set(rows)
    located = {own for own, shape in zip(odd_table.columns["feature_id"], old_shapes, strict=True) if shape}
    assert missing == (set(odd_table.columns["feature_id"]) - located if name == "fgb" else set())
    for old, feature in enumerate(odd_table.columns["feature_id"]):
        if feature in missing:
            continue
        row = rows[feature]
        own_closing = {"t_end"} if odd_table.columns["end_open"][old] else set()
        for column in set(COLUMNS) - FROM_THE_GAZETTEER - own_closing:
            if column == "radius_m" and odd_table.columns["precision"][old] not in POINTS:
                continue
            assert again.columns[column][row] == odd_table.columns[column][old], (feature, column)
        assert (shapes[row] is None) == (old_shapes[old] is None), feature
        if shapes[row] is not None:
            assert shapely.hausdorff_distance(shapes[row], old_shapes[old]) <= 1e-6, feature


def test_what_an_export_does_not_hold_is_said(exported: Callable[[str], Path]) -> None:
    assert any("claimants say" in remark for remark in imported(exported, "gpkg").remarks)


def test_the_places_of_linked_places_become_events(exported: Callable[[str], Path], tmp_path: Path) -> None:
    result = import_events(exported("lpf") / "places.lpf.json", "lpf", read_gazetteer())
    assert result.skipped == ()
    columns = built(result, tmp_path).columns
    assert {"Minsk", "Brest", "Grodno Region"} <= set(columns["title"])
    minsk = columns["title"].index("Minsk")
    assert (columns["precision"][minsk], columns["country"][minsk]) == ("place", "BY")
    assert columns["when"][minsk] == "0987-06-01/2024-08-31"
