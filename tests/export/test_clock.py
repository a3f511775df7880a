"""The times that files give: frozen ones, or that of `SOURCE_DATE_EPOCH`, and never the clock's."""

import re
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from geomap import pipeline
from geomap.errors import OutputError

WHEN = 1_700_000_001  # 2023-11-14T22:13:21Z
DATED = ["gpkg", "kml", "shp"]


def told(folder: Path) -> dict[str, object]:
    """Every time that the files of an export give."""
    with closing(sqlite3.connect(folder / "events.gpkg")) as database:
        changes = {row[0] for row in database.execute("SELECT DISTINCT last_change FROM gpkg_contents")}
        (project,) = database.execute("SELECT metadata, content FROM qgis_projects").fetchall()
        styles = {row[0] for row in database.execute("SELECT DISTINCT update_time FROM layer_styles")}
    with zipfile.ZipFile(folder / "events.kmz") as packed, zipfile.ZipFile(folder / "geomap.qgz") as qgz:
        members = {member.date_time for member in (*packed.infolist(), *qgz.infolist())}
    # dBASE: bytes 1 to 3 are the year since 1900, month and day.
    days = {tuple(path.read_bytes()[1:4]) for path in folder.glob("*.dbf")}
    modified = re.search(r'"last_modified_time": "([^"]*)"', project[0])
    assert modified
    return {"gpkg": changes | styles | {modified[1]}, "zip": members, "dbf": days}


@pytest.mark.parametrize(
    ("epoch", "expected"),
    [
        (None, {"gpkg": {"2024-01-01T00:00:00.000Z"}, "zip": {(1980, 1, 1, 0, 0, 0)}, "dbf": {(124, 1, 1)}}),
        (
            str(WHEN),
            {
                "gpkg": {"2023-11-14T22:13:21.000Z"},
                "zip": {(2023, 11, 14, 22, 13, 20)},
                "dbf": {(123, 11, 14)},
            },
        ),
        ("0", {"gpkg": {"1970-01-01T00:00:00.000Z"}, "zip": {(1980, 1, 1, 0, 0, 0)}, "dbf": {(70, 1, 1)}}),
    ],
)
def test_the_times_that_files_give(
    odd_map: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, epoch: str | None, expected: object
) -> None:
    if epoch is not None:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    pipeline.export(odd_map, DATED, folder=tmp_path)
    assert told(tmp_path) == expected


def test_one_epoch_gives_one_set_of_bytes(
    odd_map: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(WHEN))
    one, other = (pipeline.export(odd_map, DATED, folder=tmp_path / name).files for name in "ab")
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in other]


@pytest.mark.parametrize("epoch", ["", "now", "-1", "1.5", "1_000", " 1", "١", "4354819200", "9" * 40])
def test_what_is_no_time_is_refused(
    odd_map: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, epoch: str
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    expected = (
        f"SOURCE_DATE_EPOCH is {epoch!r}: expected whole seconds since 1970-01-01 UTC, at most 4354819199"
    )
    with pytest.raises(OutputError, match=re.escape(expected)):
        pipeline.export(odd_map, ["kml"], folder=tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_the_last_second_that_a_zip_can_say_is_taken(
    odd_map: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "4354819199")
    pipeline.export(odd_map, DATED, folder=tmp_path)
    assert told(tmp_path) == {
        "gpkg": {"2107-12-31T23:59:59.000Z"},
        "zip": {(2107, 12, 31, 23, 59, 58)},
        "dbf": {(207, 12, 31)},
    }
