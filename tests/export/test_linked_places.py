"""The places that events name, as Linked Places."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from geomap import pipeline
from geomap.model.table import EventTable


@pytest.fixture(scope="module")
def features(exported: Callable[[str], Path]) -> list[dict[str, Any]]:
    content = json.loads((exported("lpf") / "places.lpf.json").read_bytes())
    assert content["type"] == "FeatureCollection"
    assert content["@context"].endswith("linkedplaces-context-v1.1.jsonld")
    made: list[dict[str, Any]] = content["features"]
    return made


def test_each_place_stands_once_with_all_its_names(
    features: list[dict[str, Any]], odd_table: EventTable
) -> None:
    named = {place for place in odd_table.columns["place_id"] if place}
    assert len(features) == len({feature["@id"] for feature in features}) == len(named)
    minsk = next(feature for feature in features if feature["@id"] == "https://sws.geonames.org/625144/")
    assert minsk["properties"] == {"title": "Minsk", "ccodes": ["BY"]}
    assert {"toponym": "Minsk"} in minsk["names"]
    assert minsk["geometry"]["type"] == "Point"
    assert minsk["geometry"]["certainty"] == "certain"
    assert minsk["links"] == [{"type": "exactMatch", "identifier": "gn:625144"}]


def test_when_reaches_over_all_events_at_a_place(
    features: list[dict[str, Any]], odd_table: EventTable
) -> None:
    columns = odd_table.columns
    moments = [
        (columns["t_start"][row], columns["t_end"][row])
        for row, place in enumerate(columns["place_id"])
        if place == "gn:625144" and columns["t_start"][row]
    ]
    minsk = next(feature for feature in features if feature["@id"].endswith("/625144/"))
    (span,) = minsk["when"]["timespans"]
    assert span["start"] == {"earliest": str(min(start for start, _ in moments).date())}
    assert span["end"] == {"latest": str(max(end for _, end in moments).date())}


def test_what_has_no_id_is_told(odd_map: Path, tmp_path: Path) -> None:
    (remark,) = pipeline.export(odd_map, ["lpf"], folder=tmp_path).remarks
    assert remark.startswith("places.lpf.json: ")
    assert remark.endswith("places have no id or no date and are not in it")
