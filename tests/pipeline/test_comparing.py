"""Two states of a map compared: folders, files, and revisions of a repository made here."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from geomap.errors import ConfigError, OutputError
from geomap.events.bulk import formats
from geomap.pipeline.comparing import Comparison, ComparisonError, StateName, compare, name_states

MAP = "schema: 1\ntitle: A map\nevents: [events.yaml]\ncountries: [BY, PL]\n"
HEAD = "schema: 1\nsources:\n  wire: {publisher: Wire, published: 2021-11-13}\nevents:\n"
DRILL = "  - {id: drill, type: exercise, title: A drill, when: 2021-11-12, where: Minsk, sources: [wire]}\n"
MOVED = DRILL.replace("Minsk", "{place: Brest, country: BY}")
CAMP = "  - {id: camp, type: migration/camp, title: A camp, when: 2021-11-12, where: Grodno Region, sources: [wire]}\n"

Git = Callable[..., str]


def write(folder: Path, *events: str, map_yaml: str = MAP) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "map.yaml").write_text(map_yaml, encoding="utf-8")
    (folder / "events.yaml").write_text(HEAD + "".join(events), encoding="utf-8")
    return folder


def between(old: Path, new: Path, **options: Any) -> Comparison:
    return compare(StateName(path=old), StateName(path=new), **options)


def kinds(found: Comparison) -> dict[str, list[str]]:
    return {one.event.id: [change.kind for change in one.changes] for one in found.diff.changed}


def test_two_folders(tmp_path: Path) -> None:
    found = between(write(tmp_path / "a", DRILL), write(tmp_path / "b", MOVED, CAMP))
    assert kinds(found) == {"drill": ["moved"]}
    (changed,) = found.diff.changed
    # Minsk to Brest: 325 km along the M1, a little less as the crow flies.
    assert changed.changes[0].km == pytest.approx(325, abs=6)
    assert [one.event.id for one in found.diff.added] == ["camp"]
    assert (found.old.events, found.new.events, found.old.title) == (1, 2, "A map")
    answer = json.loads(json.dumps(found.as_json()))
    assert list(answer) == [
        "schema",
        "old",
        "new",
        "exports",
        "unchanged",
        "added",
        "withdrawn",
        "renamed",
        "changed",
        "sources",
    ]
    assert answer["old"] == {
        "name": str(tmp_path / "a"), "title": "A map", "events": 1, "drafts_left_out": 0, "relocated": 0,
    }  # fmt: skip
    assert list(answer["changed"][0]["changes"][0]) == ["kind", "field", "was", "now", "km", "withheld"]


def test_a_secret_stands_in_no_map_of_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = write(tmp_path / "a", CAMP)
    new = write(tmp_path / "b", CAMP, DRILL.replace("A drill", "canary-key-77"))
    assert "index.html" in between(old, new, with_map=True).contents
    monkeypatch.setenv("GEOMAP_CANARY_KEY", "canary-key-77")
    with pytest.raises(OutputError, match="holds the value of GEOMAP_CANARY_KEY"):
        between(old, new, with_map=True)


def test_drafts_are_left_out_and_counted(tmp_path: Path) -> None:
    draft = DRILL.replace("sources:", "workflow: draft, sources:")
    found = between(write(tmp_path / "a", DRILL), write(tmp_path / "b", draft))
    assert [(one.event.id, one.why) for one in found.diff.withdrawn] == [("drill", "to_draft")]
    assert (found.old.drafts_left_out, found.new.drafts_left_out) == (0, 1)


def test_a_place_that_is_shown_coarsely_now_is_never_told_finely(tmp_path: Path) -> None:
    fine = CAMP.replace("Grodno Region", "{place: Lida, country: BY}")
    coarse = CAMP.replace("Grodno Region", "{place: Lida, country: BY, publish_precision: region}")
    found = between(write(tmp_path / "a", fine), write(tmp_path / "b", coarse), with_map=True)
    assert kinds(found) == {"camp": ["moved"]}
    assert found.diff.changed[0].changes[0].is_withheld
    assert "Lida" not in json.dumps(found.as_json())
    assert b"before:" not in found.contents["index.html"]
    both = between(write(tmp_path / "a", coarse), write(tmp_path / "b", coarse.replace("Lida", "Hrodna")))
    assert not both.diff  # nothing that was published changed


def test_events_files_alone(tmp_path: Path) -> None:
    old, new = (
        write(tmp_path / name, events) / "events.yaml" for name, events in (("a", DRILL), ("b", MOVED))
    )
    found = between(old, new)
    assert kinds(found) == {"drill": ["moved"]}
    assert found.new.title == "events"
    assert not list(tmp_path.rglob("*.lock"))


def event(number: int, **keys: Any) -> dict[str, Any]:
    places: list[Any] = ["Minsk", {"lon": 24.5, "lat": 53.5}, {"lon": 24.5, "lat": 53.5, "name": "a yard"}, None,
                         "Grodno Region", {"country": "BY"}, {"over": "Belarus"}, "unknown"]  # fmt: skip
    own = {"id": f"e{number}", "type": "exercise", "title": f"T{number}", "when": f"2021-11-{1 + number % 28:02}",
           "where": places[number % len(places)], "sources": ["wire"]}  # fmt: skip
    if number % 5 == 0:
        own["actors"] = [{"name": "Crew", "role": "initiator"}]
    if number % 7 == 0:
        own["claims"] = [{"by": "Crew", "stance": "asserts", "text": "so it was"}]
    return {key: value for key, value in (own | keys).items() if value is not None}


def write_lines(folder: Path, events: list[dict[str, Any]]) -> Path:
    folder.mkdir()
    (folder / "events.jsonl").write_text("".join(json.dumps(own) + "\n" for own in events), encoding="utf-8")
    (folder / "events.sources.yaml").write_text(HEAD.replace("events:\n", ""), encoding="utf-8")
    return folder / "events.jsonl"


def test_many_events_are_compared_as_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    events = [event(number) for number in range(60)]
    records = write_lines(tmp_path / "records", events)
    monkeypatch.setattr(formats, "MANY_BYTES", 0)
    old = write_lines(tmp_path / "old", events)
    changed = {3: {"title": "New"}, 9: {"where": {"lon": 25.5, "lat": 53.5}}, 16: {"summary": "S"},
               20: {"actors": [{"name": "Crew", "role": "target"}]}, 21: {"claims": None}}  # fmt: skip
    others = [event(n, **changed.get(n, {})) for n in range(60) if n not in (5, 30)]
    new = write_lines(tmp_path / "new", [*others, event(5, id="e-5"), event(70)])
    assert not between(old, old).diff
    assert kinds(between(old, new)) == {
        "e3": ["retitled"], "e9": ["moved"], "e16": ["edited"], "e20": ["actor_withdrawn", "actor_added"],
        "e21": ["claim_withdrawn"],
    }  # fmt: skip
    found = between(old, new).diff
    assert [one.event.id for one in found.added] == ["e70"]
    assert [one.event.id for one in found.withdrawn] == ["e30"]
    assert [(one.was, one.event.id) for one in found.renamed] == [("e5", "e-5")]
    assert found.unchanged == 60 - 2 - 5
    monkeypatch.setattr(formats, "MANY_BYTES", 1 << 20)
    as_records = compare(StateName(path=records), StateName(path=new)).diff
    assert as_records.as_json() == found.as_json()
    # What one of them reads as columns and the other as records is the same.
    old.write_text(old.read_text(encoding="utf-8") + "\n\n", encoding="utf-8")
    monkeypatch.setattr(formats, "MANY_BYTES", records.stat().st_size + 1)
    assert (formats.reader_of(records), formats.reader_of(old) is not None) == (None, True)
    assert not between(records, old).diff


ROOT = Path(__file__).parents[2]


def test_an_export_is_compared_with_what_its_project_would_export(tmp_path: Path) -> None:
    from geomap import pipeline

    project = ROOT / "maps" / "belarus-poland-2021"
    pipeline.export(project, ["geojson"], folder=tmp_path)
    exported = tmp_path / "events.geojson"
    found = between(exported, project)
    assert (bool(found.diff), found.has_exports, found.old.title == found.new.title) == (False, True, True)
    assert found.old.events == found.new.events > 10
    collection = json.loads(exported.read_bytes())
    point = next(own for own in collection["features"] if (own["geometry"] or {}).get("type") == "Point")
    event_id = point["properties"]["event_id"]
    point["geometry"]["coordinates"][1] += 1.0
    for own in collection["features"]:
        if own["properties"]["event_id"] == event_id:
            own["properties"] |= {"status": "disputed", "title": "Otherwise"}
    exported.write_text(json.dumps(collection), encoding="utf-8")
    assert kinds(between(exported, project)) == {event_id: ["moved", "regraded", "retitled"]}
    (changed,) = between(exported, project).diff.changed
    # A degree of latitude is 110.57 km at the equator and 111.69 km at the poles.
    assert 110.57 < changed.changes[0].km < 111.69


@pytest.mark.parametrize(
    ("turn", "said"),
    [
        (lambda own: own.pop("precision"), "OLD: .*no export of geomap"),
        (lambda own: own.update(status="sure"), "OLD: .*feature 1: 'sure' is not a valid Status"),
        (lambda own: own.update(event_id="a`b"), "OLD: .*feature 1: id"),
    ],
)
def test_what_geomap_did_not_export_is_refused(
    tmp_path: Path, turn: Callable[[dict[str, Any]], Any], said: str
) -> None:
    from geomap import pipeline

    project = write(tmp_path / "a", DRILL)
    pipeline.export(project, ["geojson"], folder=tmp_path)
    collection = json.loads((tmp_path / "events.geojson").read_bytes())
    turn(collection["features"][0]["properties"])
    (tmp_path / "events.geojson").write_text(json.dumps(collection), encoding="utf-8")
    with pytest.raises(ComparisonError, match=said):
        between(tmp_path / "events.geojson", project)


def test_a_place_that_a_lock_knows_elsewhere_is_counted(tmp_path: Path) -> None:
    from geomap import pipeline

    old = write(tmp_path / "a", DRILL)
    pipeline.write(pipeline.build(old, formats=["geojson"]), tmp_path / "out")
    lock = old / "geomap.lock"
    lock.write_text(lock.read_text(encoding="utf-8").replace("lat: 53.9", "lat: 54.9"), encoding="utf-8")
    found = between(old, write(tmp_path / "b", DRILL))
    assert (found.old.relocated, found.new.relocated, bool(found.diff)) == (1, 0, False)


@pytest.mark.parametrize(("side", "other"), [("OLD", "NEW"), ("NEW", "OLD")])
def test_an_error_names_the_state(tmp_path: Path, side: str, other: str) -> None:
    good, bad = (
        write(tmp_path / "good", DRILL),
        write(tmp_path / "bad", DRILL.replace("Minsk", "Nowhere at all")),
    )
    pair = (bad, good) if side == "OLD" else (good, bad)
    with pytest.raises(ConfigError) as raised:
        between(*pair)
    (problem,) = raised.value.problems
    assert problem.mark.path == bad / "events.yaml"
    assert problem.mark.line == 5
    assert problem.message.startswith(f"{side}: no place called 'Nowhere at all'")
    assert other not in problem.message


def test_how_states_are_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "maps")
    (tmp_path / "a:b").mkdir()
    maps = StateName(path=Path("maps"))
    assert name_states("maps", "a:b", None) == (maps, StateName(path=Path("a:b")))
    assert name_states("HEAD~3:maps", None, None) == (StateName(path=Path("maps"), revision="HEAD~3"), maps)
    assert name_states("v1", "v2", Path("maps")) == tuple(
        StateName(path=Path("maps"), revision=name) for name in ("v1", "v2")
    )
    assert str(name_states("v1", None, Path("maps"))[0]) == "v1:maps"
    with pytest.raises(ComparisonError, match="NEW is missing"):
        name_states("maps", None, None)
    with pytest.raises(
        ComparisonError, match="NEW: nothing: no such file or folder; a git revision is written REV"
    ):
        name_states("maps", "nothing", None)


# Revisions


@pytest.fixture
def git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Git:
    """Run git in a repository of its own, which knows nothing of this machine's settings."""
    top = tmp_path / "repo"
    top.mkdir()
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, os.devnull)

    def run(*arguments: str) -> str:
        who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
        command = ["git", *who, "-C", str(top), *arguments]
        return subprocess.run(command, capture_output=True, check=True, timeout=60).stdout.decode()

    run("init", "-q", "-b", "main")
    monkeypatch.chdir(top)
    return run


def commit(git: Git) -> None:
    git("add", "-A")
    git("commit", "-q", "-m", "x")


def revisions(*written: str, project: str | None = None) -> Comparison:
    old, new = (*written, None)[:2]
    assert old is not None
    return compare(*name_states(old, new, Path(project) if project else None))


def test_revisions_with_files_outside_of_the_project(git: Git) -> None:
    shared = "schema: 1\nsources:\n  wire: {publisher: Wire}\n"
    Path("shared.yaml").write_text(shared, encoding="utf-8")
    map_yaml = MAP.replace("[events.yaml]", "[../other/events.yaml]") + "sources_file: ../../shared.yaml\n"
    write(Path("maps/own"), map_yaml=map_yaml)
    events = Path("maps/other/events.yaml")
    events.parent.mkdir()
    events.write_text("schema: 1\nevents:\n" + DRILL, encoding="utf-8")
    Path("large.bin").write_bytes(b"x")
    commit(git)
    events.write_text("schema: 1\nevents:\n" + MOVED, encoding="utf-8")
    commit(git)
    events.write_text("schema: 1\nevents:\n" + MOVED + CAMP, encoding="utf-8")

    found = revisions("HEAD~1", "HEAD", project="maps/own")
    assert kinds(found) == {"drill": ["moved"]}
    assert (found.old.name, found.new.name) == ("HEAD~1:maps/own", "HEAD:maps/own")
    assert [one.event.id for one in revisions("HEAD:maps/own", "maps/own").diff.added] == ["camp"]
    whole = revisions("HEAD~1:maps/own/map.yaml").diff
    assert (len(whole.changed), len(whole.added)) == (1, 1)
    assert kinds(revisions("main~1:maps/own", "main:maps/own")) == {"drill": ["moved"]}


def test_a_path_is_read_from_where_one_stands_and_may_be_gone(
    git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(Path("maps/own"), DRILL)
    commit(git)
    git("mv", "maps/own", "maps/renamed")
    commit(git)
    monkeypatch.chdir("maps")
    assert not revisions("HEAD~1:own", "renamed").diff
    assert not revisions("HEAD~1:own/events.yaml", "HEAD:renamed/events.yaml").diff


def test_attributes_of_the_repository_leave_nothing_out(git: Git) -> None:
    write(Path("maps"), DRILL)
    Path(".gitattributes").write_text("maps/events.yaml export-ignore\n", encoding="utf-8")
    commit(git)
    assert not revisions("HEAD:maps").diff


def test_an_error_in_a_revision_is_told_where_it_stands_there(git: Git) -> None:
    write(Path("maps"), DRILL.replace("Minsk", "Nowhere at all"))
    commit(git)
    write(Path("maps"), DRILL)
    with pytest.raises(ConfigError) as raised:
        revisions("HEAD:maps")
    (problem,) = raised.value.problems
    assert str(problem.mark).startswith("HEAD:maps/events.yaml:5:")
    commit(git)
    Path("maps/events.yaml").unlink()
    commit(git)
    with pytest.raises(ConfigError, match=r"HEAD:maps/events\.yaml:1:1: NEW: no such file"):
        revisions("HEAD~1:maps/map.yaml", "HEAD:maps")


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("HEAD~9:maps", "OLD: .*git knows no revision 'HEAD~9'"),
        ("--output=x:maps", "OLD: '--output=x' is no revision of git"),
        ("HEAD:nowhere", "OLD: HEAD has no nowhere"),
        ("HEAD:../outside", "OLD: .*git says: not a git repository"),
        ("HEAD:linked.yaml", "OLD: HEAD:linked.yaml is a symbolic link"),
        ("HEAD:stored.jsonl", "OLD: HEAD:stored.jsonl is kept in Git LFS"),
    ],
)
def test_what_git_does_not_have(git: Git, state: str, said: str) -> None:
    write(Path("maps"), DRILL)
    Path("linked.yaml").symlink_to("/etc/passwd")
    Path("stored.jsonl").write_text(
        "version https://git-lfs.github.com/spec/v1\noid sha256:0\n", encoding="utf-8"
    )
    commit(git)
    with pytest.raises(ComparisonError, match=said):
        revisions(state, "maps")


def test_a_map_may_not_reach_out_of_the_repository(git: Git) -> None:
    write(Path("maps"), DRILL, map_yaml=MAP.replace("events.yaml", "../../outside.yaml"))
    commit(git)
    with pytest.raises(ComparisonError, match=r"lies outside of the repository"):
        revisions("HEAD:maps")


def test_without_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "maps", DRILL)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ComparisonError, match="git is not installed"):
        revisions("HEAD:maps")


def test_nothing_is_left_behind(git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    write(Path("maps"), DRILL)
    commit(git)
    revisions("HEAD:maps")
    assert list(temporary.iterdir()) == []
    assert git("status", "--porcelain") == ""
    assert shutil.which("git") is not None
