"""`geomap diff`: what it prints, and what it refuses."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

RunGeomap = Callable[..., Any]

HEAD = "schema: 1\nsources:\n  wire: {publisher: Wire, published: 2021-11-13}\nevents:\n"
DRILL = "  - {id: drill, type: exercise, title: A drill, when: 2021-11-12, where: Minsk, sources: [wire]}\n"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "old.yaml"
    path.write_text(HEAD + DRILL, encoding="utf-8")
    return path


def changed(old: Path, *turns: tuple[str, str]) -> Path:
    text = old.read_text(encoding="utf-8")
    for was, now in turns:
        text = text.replace(was, now)
    path = old.with_name("new.yaml")
    path.write_text(text, encoding="utf-8")
    return path


def test_nothing_and_something_changed_both_end_well(geomap: RunGeomap, old: Path) -> None:
    ended = geomap("diff", old, old)
    assert (ended.code, ended.out, ended.err) == (0, "", f"{old} to {old}: nothing changed, 1 unchanged\n")
    new = changed(old, ("2021-11-12", "2021-11"))
    ended = geomap("diff", old, new)
    assert ended.code == 0
    assert ended.out == (
        "changed drill: “A drill”, November 2021, Minsk\n  date: was 12 November 2021, is now November 2021\n"
    )
    assert ended.err == f"{old} to {new}: 1 changed, 0 unchanged\n"


def test_json_goes_to_stdout_alone(geomap: RunGeomap, old: Path) -> None:
    new = changed(old, ("workflow", ""), ("sources: [wire]", "workflow: draft, sources: [wire]"))
    ended = geomap("diff", old, new, "--json")
    answer = json.loads(ended.out)
    assert (answer["schema"], answer["unchanged"], answer["new"]["drafts_left_out"]) == (1, 0, 1)
    assert [(one["id"], one["why"]) for one in answer["withdrawn"]] == [("drill", "to_draft")]
    assert ended.err == "NEW: 1 drafts left out\n"


def test_a_notice(geomap: RunGeomap, old: Path) -> None:
    new = changed(old, ("title: A drill", 'title: "A <b>drill</b> [x](javascript:1)"'))
    ended = geomap("diff", old, new, "--markdown")
    assert ended.out.splitlines()[0] == "# Corrections: new"
    assert "<b>" not in ended.out
    assert "](" not in ended.out.replace("\\](", "")


def test_hostile_titles_move_no_cursor(geomap: RunGeomap, old: Path) -> None:
    new = changed(old, ("title: A drill", 'title: "A\\e[2Jdrill \\u202egnp\\x07"'))
    ended = geomap("diff", old, new)
    assert "\\u001b[2J" in ended.out
    assert not set("\x1b\x07\u202e") & set(ended.out + ended.err)


def test_a_map_is_written_beside_the_answer(geomap: RunGeomap, old: Path, tmp_path: Path) -> None:
    new = changed(old, ("Minsk", "{place: Brest, country: BY}"))
    ended = geomap("diff", old, new, "--map", tmp_path / "map", "--json")
    assert json.loads(ended.out)["changed"][0]["changes"][0]["kind"] == "moved"
    assert [path.name for path in (tmp_path / "map").iterdir()] == ["index.html"]
    first = (tmp_path / "map" / "index.html").read_bytes()
    assert geomap("diff", old, new, "--map", tmp_path / "map").code == 0
    assert (tmp_path / "map" / "index.html").read_bytes() == first


def test_a_map_of_no_changes_is_a_map(geomap: RunGeomap, old: Path, tmp_path: Path) -> None:
    ended = geomap("diff", old, old, "--map", tmp_path / "map")
    assert (ended.code, ended.err.splitlines()[0]) == (0, f"{tmp_path / 'map' / 'index.html'}: written")
    assert (tmp_path / "map" / "index.html").stat().st_size > 100_000


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["old.yaml"], 1, "NEW is missing"),
        (["old.yaml", "none.yaml"], 1, "geomap: NEW: none.yaml: no such file or folder"),
        (["old.yaml", "bad.yaml"], 1, "bad.yaml:5:5: error config NEW: key 'title' is missing"),
        (["old.yaml", "old.yaml", "--json", "--markdown"], 2, "--json contradicts --markdown"),
        (["old.yaml", "events.kml"], 1, "geomap: NEW: events.kml: no project and no events file"),
        (["old.yaml", "events.geojson"], 1, "geomap: NEW: events.geojson: no GeoJSON with features"),
        (["nowhere:old.yaml", "old.yaml"], 1, "geomap: OLD: "),
    ],
)
def test_what_is_refused(
    geomap: RunGeomap, old: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int, said: str
) -> None:
    monkeypatch.chdir(old.parent)
    old.with_name("bad.yaml").write_text(HEAD + DRILL.replace("title: A drill, ", ""), encoding="utf-8")
    for name in ("events.geojson", "events.kml"):
        old.with_name(name).write_text("{}", encoding="utf-8")
    ended = geomap("diff", *arguments)
    assert (ended.code, said in ended.err) == (code, True), ended.err
