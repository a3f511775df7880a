"""`geomap import`: what is read goes to stdout or a new file, what is skipped to stderr."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from geomap.events.lines import read_event_lines
from geomap.model.records import EventsFile
from geomap.pipeline import load
from geomap.yamlfile import read_yaml
from geopackage_edits import editing

Run = Callable[..., Any]

COLUMNS = (
    "event_id_cnty,event_date,time_precision,event_type,sub_event_type,actor1,actor2,country,admin1,location,latitude,"
    "longitude,geo_precision,source,notes,fatalities"
)
ROW = "UKR{},{},1,Battles,Armed clash,Army of A,Army of B,Ukraine,Kharkiv,Vovchansk,50.29,36.94,1,Wire,A clash.,0"


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    path = tmp_path / "acled.csv"
    lines = [COLUMNS, ROW.format(1, "2024-08-12"), ROW.format(2, "yesterday"), ROW.format(3, "2024-08-13")]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_good_rows_are_written_and_bad_ones_told(geomap: Run, rows: Path, tmp_path: Path) -> None:
    out = tmp_path / "events.yaml"
    ended = geomap("import", rows, "--from", "acled", "--into", out)
    assert (ended.code, ended.out) == (1, f"{out}\n")
    skipped, counted = ended.err.splitlines()
    assert skipped.startswith(f"{rows}: line 3: skipped: event_date: expected a day such as 2024-08-12")
    assert counted == f"{rows}: 2 events, 1 rows skipped"
    file = read_yaml(out).parse(EventsFile)
    assert [event.id for event in file.events] == ["acled-ukr1", "acled-ukr3"]
    assert file.sources["acled"].licence.startswith("ACLED terms of use")


def test_without_into_it_is_printed(geomap: Run, rows: Path) -> None:
    rows.write_text(rows.read_text(encoding="utf-8").replace("yesterday", "2024-08-14"), encoding="utf-8")
    ended = geomap("import", rows, "--from", "acled")
    assert ended.code == 0
    assert ended.out.startswith("schema: 1\n\nsources:\n  acled:\n")
    assert ended.err == f"{rows}: 3 events, 0 rows skipped\n"


def test_a_file_that_is_there_gets_what_it_lacks(geomap: Run, rows: Path, tmp_path: Path) -> None:
    out = tmp_path / "events.yaml"
    one = "  - {id: a, type: other, title: A, sources: [s]}\n"
    mine = f"# Mine.\nschema: 1\nsources:\n  s: {{publisher: P}}\nevents:\n{one}"
    out.write_text(mine, encoding="utf-8")
    shown = geomap("import", rows, "--from", "acled", "--into", out, "--dry-run")
    assert out.read_text(encoding="utf-8") == mine
    ended = geomap("import", rows, "--from", "acled", "--into", out)
    assert (ended.code, ended.out) == (1, shown.out)
    assert ended.out.startswith("--- a/")
    assert "+  - id: acled-ukr1\n" in ended.out
    assert ended.err.endswith(f"{out}: 3 changes, 0 not taken\n")
    text = out.read_text(encoding="utf-8")
    assert text.startswith(mine.partition("events:")[0])
    assert [event.id for event in read_yaml(out).parse(EventsFile).events] == [
        "a",
        "acled-ukr1",
        "acled-ukr3",
    ]
    again = geomap("import", rows, "--from", "acled", "--into", out)
    assert again.out == ""
    assert out.read_text(encoding="utf-8") == text


def test_a_file_that_is_no_events_file_is_left_alone(geomap: Run, rows: Path, tmp_path: Path) -> None:
    out = tmp_path / "events.yaml"
    out.write_text("mine", encoding="utf-8")
    ended = geomap("import", rows, "--from", "acled", "--into", out)
    assert ended.code == 1
    assert f"{out}:1:1: error config expected" in ended.err
    assert out.read_text(encoding="utf-8") == "mine"


def test_edits_of_a_geopackage_come_back(geomap: Run, tmp_path: Path) -> None:
    geomap("init", tmp_path / "map")
    events = tmp_path / "map" / "events.yaml"
    before = events.read_text(encoding="utf-8")
    geomap("export", tmp_path / "map", "--format", "gpkg", "--out", tmp_path / "gis")
    layers = tmp_path / "gis" / "events.gpkg"
    with editing(layers) as database:
        database.execute("UPDATE areas SET title = 'Edited \u202e'")
    ended = geomap("import", layers, "--into", events)
    assert ended.code == 0
    assert '+    title: "Edited \\u202e"' in ended.out
    assert "\u202e" not in ended.out + ended.err
    assert ended.err.endswith(f"{events}: 1 changes, 0 not taken\n")
    after = events.read_text(encoding="utf-8")
    assert sum(a != b for a, b in zip(before.splitlines(), after.splitlines(), strict=True)) == 1


@pytest.mark.parametrize(("answer", "is_written"), [("y\n", True), ("n\n", False), ("", False)])
def test_who_sits_at_a_terminal_is_asked(
    answer: str, is_written: bool, geomap: Run, rows: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "events.yaml"
    out.write_text("schema: 1\nevents: []\n", encoding="utf-8")
    monkeypatch.setattr("geomap.cli.import_._is_terminal", lambda: True)
    monkeypatch.setattr(sys, "stdin", io.StringIO(answer))
    geomap("import", rows, "--from", "acled", "--into", out)
    assert ("acled-ukr1" in out.read_text(encoding="utf-8")) == is_written
    out.write_text("schema: 1\nevents: []\n", encoding="utf-8")
    geomap("import", rows, "--from", "acled", "--into", out, "--yes")
    assert "acled-ukr1" in out.read_text(encoding="utf-8")


def test_a_file_that_was_saved_meanwhile_is_left_alone(
    geomap: Run, rows: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "events.yaml"
    out.write_text("schema: 1\nevents: []\n", encoding="utf-8")

    def save_and_agree(*_: object, **__: object) -> bool:
        out.write_text("schema: 1\nevents: []\n# mine\n", encoding="utf-8")
        return True

    monkeypatch.setattr("geomap.cli.import_._is_terminal", lambda: True)
    monkeypatch.setattr("typer.confirm", save_and_agree)
    ended = geomap("import", rows, "--from", "acled", "--into", out)
    assert (ended.code, ended.err.splitlines()[-1]) == (
        1,
        f"geomap: {out}: it was changed meanwhile and is left as it is; try again",
    )
    assert out.read_text(encoding="utf-8").endswith("# mine\n")


def test_a_link_and_rights_stay_as_they_are(geomap: Run, rows: Path, tmp_path: Path) -> None:
    real, link = tmp_path / "real.yaml", tmp_path / "events.yaml"
    real.write_text("schema: 1\nevents: []\n", encoding="utf-8")
    real.chmod(0o600)
    link.symlink_to(real)
    geomap("import", rows, "--from", "acled", "--into", link)
    assert link.is_symlink()
    assert "acled-ukr1" in real.read_text(encoding="utf-8")
    assert real.stat().st_mode & 0o777 == 0o600


def test_all_that_was_skipped_is_in_the_report(geomap: Run, tmp_path: Path) -> None:
    table, report = tmp_path / "bad.csv", tmp_path / "report.jsonl"
    table.write_text("title,when\nA,2024\n" + "B,never\n" * 50, encoding="utf-8")
    ended = geomap("import", table, "--report", report)
    assert ended.err.count("skipped:") == 20
    assert "and 30 more rows skipped" in ended.err
    lines = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]
    assert sum("skipped" in line for line in lines) == 50
    assert lines[0]["at"] == "line 3"


def test_nothing_is_written_of_nothing(geomap: Run, tmp_path: Path) -> None:
    table, out = tmp_path / "empty.csv", tmp_path / "events.yaml"
    table.write_text("title\n", encoding="utf-8")
    ended = geomap("import", table, "--into", out)
    assert (ended.code, out.exists()) == (1, False)
    assert "0 events" in ended.err


def test_the_name_tells_the_format_and_a_mapping_the_columns(geomap: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("was\nA depot burns\n", encoding="utf-8")
    (tmp_path / "m.yaml").write_text("schema: 1\ncolumns: {title: was}\n", encoding="utf-8")
    ended = geomap("import", tmp_path / "a.csv", "--mapping", tmp_path / "m.yaml")
    assert ended.code == 0
    assert "title: A depot burns" in ended.out
    ended = geomap("import", tmp_path / "a.csv")
    assert ended.code == 1
    assert "no column says what happened; name it in a mapping" in ended.err
    ended = geomap("import", tmp_path / "m.yaml")
    assert ended.code == 2
    assert "name what it is with --from" in ended.err


def test_many_events_are_written_as_lines(geomap: Run, rows: Path, tmp_path: Path) -> None:
    out = tmp_path / "many.jsonl"
    ended = geomap("import", rows, "--from", "acled", "--into", out)
    assert ended.out.splitlines() == [str(out), str(tmp_path / "many.sources.yaml")]
    (tmp_path / "map.yaml").write_text(
        "schema: 1\ntitle: T\nevents: [many.jsonl, many.sources.yaml]\n", encoding="utf-8"
    )
    assert [record.id for record, _ in read_event_lines(out)] == ["acled-ukr1", "acled-ukr3"]
    columns = load(tmp_path).table.columns
    assert columns["sources"] == [("acled",)] * 2
    again = geomap("import", rows, "--from", "acled", "--into", out)
    assert (again.code, again.err) == (1, f"geomap: {out} is there already; name another file\n")
    out.unlink()
    again = geomap("import", rows, "--from", "acled", "--into", out)
    assert "many.sources.yaml is there already" in again.err


def test_what_no_build_could_read_is_not_written(
    geomap: Run, rows: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geomap.cli.terminal._LARGEST_EVENTS", 100)
    ended = geomap("import", rows, "--from", "acled", "--into", tmp_path / "events.yaml")
    assert ended.code == 1
    assert "too many to be read; name a file of JSON Lines" in ended.err
    assert not (tmp_path / "events.yaml").exists()


def test_what_is_no_format_or_no_file_ends_in_one_line(geomap: Run, rows: Path, tmp_path: Path) -> None:
    ended = geomap("import", rows, "--from", "shapes")
    assert ended.code == 2
    assert "there is acled, ucdp, gdelt" in ended.err
    ended = geomap("import", "/vsicurl/http://127.0.0.1/x.csv", "--from", "acled")
    assert (ended.code, ended.err) == (1, "geomap: /vsicurl/http:/127.0.0.1/x.csv: no such file\n")
    ended = geomap("import", rows, "--from", "ucdp")
    assert ended.code == 1
    assert f"{rows}:1: no column id, type_of_violence" in ended.err
