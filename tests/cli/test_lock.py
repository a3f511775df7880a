"""What the commands say and do about `geomap.lock`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

MAP = "schema: 1\ntitle: A\nevents: [events.yaml]\ncountries: [BY]\ngazetteer: [places.yaml]\noutputs: [geojson]\n"
PLACES = """\
schema: 1
places:
- {id: haven, kind: town, country: BY, names: {en: [Testhaven]}, lon: 27.5, lat: 53.5, radius_m: 3000,
   sources: [{name: Survey, date: 2021-11-01}]}
"""
MOVED = PLACES.replace("lat: 53.5", "lat: 54.5")
EVENTS = """\
schema: 1
sources: {wire: {publisher: Wire, published: 2021-11-13}}
events:
- {id: drill, type: exercise, title: A, when: 2021-11-12, sources: [wire], where: Testhaven}
"""
WAS = "Testhaven (cur:haven; place; lon 27.500000, lat 53.500000; radius 3,000 m)"
NOW = "Testhaven (cur:haven; place; lon 27.500000, lat 54.500000; radius 3,000 m)"


@pytest.fixture
def project(write_project: Run) -> Run:
    """Write the project, or parts of it anew."""

    def write(places: str = PLACES, events: str = EVENTS) -> Path:
        folder: Path = write_project(MAP, events, **{"places.yaml": places})
        return folder

    return write


def moved(folder: Path) -> str:
    return (
        f"{folder}/events.yaml:4:83: error moved-place 'Testhaven' moves (111.305 km): from {WAS} to {NOW}; "
        f"the gazetteer changed; if it is right, run geomap build {folder}/map.yaml --update-lock\n"
    )


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_first_build_writes_a_lock_and_says_so_and_the_next_is_silent(geomap: Run, project: Run) -> None:
    folder = project()
    ended = geomap("build", folder)
    assert (ended.code, ended.out) == (0, f"{folder}/out/events.geojson\n{folder}/out/events.qml\n")
    assert ended.err.splitlines()[-1] == (
        f"{folder}/geomap.lock: written, 1 places; commit it beside the map"
    )
    before = contents(folder)
    again = geomap("build", folder)
    assert (again.code, "geomap.lock" in again.err) == (0, False)
    assert contents(folder) == before


def test_a_build_does_not_move_a_pin(geomap: Run, project: Run) -> None:
    folder = project()
    geomap("build", folder)
    project(MOVED)
    before = contents(folder)
    for options in ([], ["--check"], ["--locked"], ["--drafts"]):
        ended = geomap("build", folder, *options)
        assert (ended.code, ended.out, ended.err) == (1, "", moved(folder))
    ended = geomap("export", folder, "--format", "geojson")
    assert (ended.code, ended.out, ended.err) == (1, "", moved(folder))
    assert contents(folder) == before


def test_update_lock_accepts_a_move_and_prints_it(geomap: Run, project: Run) -> None:
    folder = project()
    geomap("build", folder)
    project(MOVED)
    ended = geomap("build", folder, "--update-lock")
    assert (ended.code, ended.out) == (0, f"{folder}/out/events.geojson\n{folder}/out/events.qml\n")
    assert ended.err.splitlines()[-2:] == [
        f"{folder}/events.yaml:4:83: 'Testhaven' moves (111.305 km): from {WAS} to {NOW}",
        f"{folder}/geomap.lock: updated; the gazetteer changed, 1 places moved; commit it",
    ]
    assert b"lat: 54.500000" in contents(folder)["geomap.lock"]
    assert b"[27.5,54.5]" in contents(folder)["out/events.geojson"]
    assert geomap("build", folder, "--check", "--locked").code == 0


def test_new_and_dropped_places_are_remarks(geomap: Run, project: Run) -> None:
    folder = project()
    geomap("build", folder)
    project(events=EVENTS.replace("where: Testhaven", "where: {country: BY}"))
    ended = geomap("build", folder)
    assert ended.code == 0
    added, dropped, last = ended.err.splitlines()[-3:]
    assert added.startswith(
        f"{folder}/events.yaml:4:76: 'country BY' is new in the lock: Belarus (ne:BY; country; "
    )
    assert dropped == f"{folder}/geomap.lock:8:3: 'Testhaven' is written no more: dropped from the lock"
    assert last == f"{folder}/geomap.lock: updated; no places moved; commit it"
    assert b"haven" not in contents(folder)["geomap.lock"]


def test_many_new_places_are_not_all_printed(geomap: Run, project: Run) -> None:
    folder = project()
    geomap("build", folder)
    places = ", ".join(f"{{near: Testhaven, within_km: {km}}}" for km in range(1, 31))
    project(events=EVENTS.replace("where: Testhaven", f"where: [Testhaven, {places}]"))
    said = geomap("build", folder).err.splitlines()
    assert sum("is new in the lock" in line for line in said) == 20
    assert f"and 10 more changes; see the diff of {folder}/geomap.lock" in said


def test_locked_allows_no_change_at_all(geomap: Run, project: Run) -> None:
    folder = project()
    step = f"run geomap build {folder}/map.yaml and commit the lock\n"
    ended = geomap("build", folder, "--locked")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == f"{folder}/geomap.lock:1:1: error stale-lock there is no lock; {step}"
    assert sorted(contents(folder)) == ["events.yaml", "map.yaml", "places.yaml"]
    geomap("build", folder)
    assert geomap("build", folder, "--locked").code == 0
    project(PLACES + "# looked at again\n")
    before = contents(folder)
    ended = geomap("build", folder, "--locked")
    assert ended.err == f"{folder}/geomap.lock:1:1: error stale-lock the gazetteer changed; {step}"
    assert (ended.code, contents(folder)) == (1, before)
    project(events=EVENTS.replace("Testhaven", "[Testhaven, {near: Testhaven}]"))
    ended = geomap("build", folder, "--locked")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith(
        f"{folder}/events.yaml:4:95: error stale-lock 'near Testhaven' is new in the lock: "
    )


def test_check_of_a_build_finds_a_missing_or_old_lock_stale(geomap: Run, project: Run) -> None:
    folder = project()
    geomap("build", folder)
    assert geomap("build", folder, "--check").code == 0
    project(PLACES + "# looked at again\n")
    names = ("out/manifest.json", "geomap.lock")
    stale = (1, "", "".join(f"{folder}/{name}: stale; run geomap build {folder}\n" for name in names))
    ended = geomap("build", folder, "--check")
    assert (ended.code, ended.out, ended.err) == stale
    (folder / "geomap.lock").unlink()
    ended = geomap("build", folder, "--check")
    assert (ended.code, ended.out, ended.err) == stale


@pytest.mark.parametrize("other", ["--locked", "--check"])
def test_accepting_moves_while_nothing_may_change_is_wrong_usage(
    geomap: Run, project: Run, other: str
) -> None:
    ended = geomap("build", project(), "--update-lock", other)
    assert (ended.code, ended.out) == (2, "")
    assert f"--update-lock contradicts {other}" in " ".join(ended.err.split())


def test_check_reports_a_moved_place_beside_the_other_findings(geomap: Run, project: Run) -> None:
    undated = "- {id: undated, type: exercise, title: A, sources: [wire]}\n"
    folder = project(events=EVENTS + undated)
    geomap("build", folder)
    project(MOVED, EVENTS + undated)
    ended = geomap("check", folder)
    assert (ended.code, ended.err) == (1, "")
    first, second = ended.out.splitlines(keepends=True)
    assert "warning undated" in first
    assert second == moved(folder)
    rows = json.loads(geomap("check", folder, "--json").out)
    assert [(row["line"], row["severity"], row["code"]) for row in rows] == [
        (5, "warning", "undated"),
        (4, "error", "moved-place"),
    ]


def test_check_warns_of_a_moved_place_that_only_drafts_have(geomap: Run, project: Run) -> None:
    events = EVENTS.replace("where:", "workflow: draft, where:")
    folder = project(events=events)
    geomap("build", folder, "--drafts")
    project(MOVED, events)
    ended = geomap("check", folder)
    assert (ended.code, ended.out.count(": warning moved-place 'Testhaven' moves")) == (0, 1)
    assert geomap("build", folder).code == 0


def test_check_says_that_a_project_was_never_built(geomap: Run, project: Run) -> None:
    folder = project()
    ended = geomap("check", folder)
    step = f"run geomap build {folder}/map.yaml and commit the lock"
    line = f"{folder}/geomap.lock:1:1: warning stale-lock there is no lock; {step}\n"
    assert (ended.code, ended.out, ended.err) == (0, line, "")
    assert not (folder / "geomap.lock").exists()


def test_check_says_that_a_build_would_change_the_lock(geomap: Run, project: Run) -> None:
    folder = project()
    geomap("build", folder)
    assert geomap("check", folder).out == ""
    project(events=EVENTS.replace("Testhaven", "Minsk"))
    (line,) = geomap("check", folder).out.splitlines()
    assert "warning stale-lock 1 places added, 1 places dropped; run geomap build" in line
    # What is new in drafts alone has no entry until they are drawn.
    project(events=EVENTS + EVENTS[EVENTS.index("- {") :].replace("drill", "two").replace(
        "Testhaven", "Minsk").replace("where:", "workflow: draft, where:"))  # fmt: skip
    assert geomap("check", folder).out == ""
    project(PLACES.replace("radius_m: 3000", "radius_m: 3000, note: seen"))
    (line,) = geomap("check", folder).out.splitlines()
    assert "warning stale-lock the gazetteer changed; run geomap build" in line


def test_json_carries_the_changes_of_a_build_and_of_a_refusal(geomap: Run, project: Run) -> None:
    folder = project()
    assert "lock" not in json.loads(geomap("build", folder, "--json").out)  # there was none to compare with
    assert json.loads(geomap("build", folder, "--json").out)["lock"] == {
        "file": f"{folder}/geomap.lock",
        "stale": False,
        "causes": [],
        "moved": [],
        "renamed": [],
        "added": [],
        "dropped": [],
    }
    project(MOVED)
    place = {
        "place_id": "cur:haven", "name": "Testhaven", "countries": ["BY"], "precision": "place", "lon": 27.5,
        "lat": 53.5, "radius_m": 3000.0, "geometry": None,
    }  # fmt: skip
    change = {
        "label": "'Testhaven'",
        "file": f"{folder}/events.yaml",
        "line": 4,
        "distance_km": 111.305,
        "was": place,
        "now": place | {"lat": 54.5},
    }
    refused = geomap("build", folder, "--json")
    assert (refused.code, refused.err) == (1, moved(folder))
    answer = json.loads(refused.out)
    assert answer["files"] == []
    assert (answer["lock"]["moved"], answer["lock"]["causes"]) == ([change], ["the gazetteer changed"])
    accepted = geomap("build", folder, "--json", "--update-lock")
    assert (accepted.code, json.loads(accepted.out)["lock"]["moved"]) == (0, [change])


def test_a_broken_lock_is_one_line_with_its_place_from_build_and_check(geomap: Run, project: Run) -> None:
    folder = project()
    geomap("build", folder)
    text = (folder / "geomap.lock").read_text(encoding="utf-8")
    (folder / "geomap.lock").write_text(text.replace("lon: 27", "lon: east 27"), encoding="utf-8")
    ended = geomap("build", folder)
    line = (
        f"{folder}/geomap.lock:13:8: error lock lon: Input should be a valid number; restore the lock from "
    )
    assert (ended.code, ended.out, ended.err.startswith(line)) == (1, "", True)
    checked = geomap("check", folder)
    assert (checked.code, checked.out, checked.err) == (1, ended.err, "")


def test_a_hostile_name_is_harmless_in_the_lock_and_on_the_terminal(geomap: Run, project: Run) -> None:
    name = r"Tes\u202etha\u200bven \e[2J\x9b31m\nplaces: \u2028- x"
    folder = project(PLACES.replace("[Testhaven]", f'[Testhaven, "{name}"]'))
    geomap("build", folder)
    project(
        PLACES.replace("[Testhaven]", f'[Testhaven, "{name}"]'), EVENTS.replace(": Testhaven", f': "{name}"')
    )
    ended = geomap("build", folder)
    assert (ended.code, ended.err.count(" is new in the lock")) == (0, 1)
    text = (folder / "geomap.lock").read_bytes().decode()
    for said in (ended.err, text):
        assert not [character for character in said if character in "\x1b\u202e\u200b\x9b\u2028"]
    assert geomap("build", folder, "--locked").code == 0
