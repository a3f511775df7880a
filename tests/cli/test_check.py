"""`geomap check` of several projects, of files that changed, and as a hook of pre-commit."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
CHECK = (ROOT / "docs" / "check.md").read_text(encoding="utf-8")
MAP = "schema: 1\ntitle: A\nevents: [events.yaml]\n"
GOOD = """\
schema: 1
sources: {wire: {publisher: Example Wire, published: 2021-11-13}}
events:
- {id: drill, type: exercise, title: A drill, when: 2021-11-12, sources: [wire]}
"""
ODD = GOOD.replace("when: 2021-11-12, ", "")
WRONG = GOOD.replace("type: exercise", "type: exercize")


@pytest.fixture
def project(tmp_path: Path) -> Any:
    """Write a project without places, which needs no lock."""

    def write(name: str, events: str) -> Path:
        folder = tmp_path / name
        folder.mkdir(parents=True)
        (folder / "map.yaml").write_text(MAP, encoding="utf-8")
        (folder / "events.yaml").write_text(events, encoding="utf-8")
        return folder

    return write


def test_several_projects_are_checked_in_one_call(geomap: Any, project: Any) -> None:
    good, odd, wrong = project("good", GOOD), project("odd", ODD), project("wrong", WRONG)
    ended = geomap("check", good, odd)
    assert (ended.code, [line.split(" ")[1:3] for line in ended.out.splitlines()]) == (
        0,
        [["warning", "undated"]],
    )
    ended = geomap("check", odd, wrong, good)
    first, second = ended.out.splitlines()
    assert first.startswith(f"{odd}/events.yaml:4:8: warning undated")
    assert second.startswith(f"{wrong}/events.yaml:4:21: error config event type 'exercize'")
    assert ended.code == 1
    rows = json.loads(geomap("check", odd, wrong, "--json").out)
    assert [row["code"] for row in rows] == ["undated", "config"]


def test_what_projects_share_is_told_once(geomap: Any, project: Any) -> None:
    folder = project("odd", ODD)
    (folder / "other.yaml").write_text(MAP, encoding="utf-8")
    assert len(geomap("check", folder, folder / "other.yaml").out.splitlines()) == 1


def test_a_folder_without_a_map_is_an_error_beside_the_others(
    geomap: Any, project: Any, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    ended = geomap("check", tmp_path / "empty", project("odd", ODD))
    assert ended.code == 1
    assert "error config" in ended.out
    assert "warning undated" in ended.out


@pytest.mark.parametrize(("events", "code"), [(GOOD, 0), (ODD, 1), (WRONG, 1)])
def test_with_strict_a_warning_is_a_failure(geomap: Any, project: Any, events: str, code: int) -> None:
    assert geomap("check", "--strict", project("one", events)).code == code


def test_files_that_changed_lead_to_their_projects(geomap: Any, project: Any, tmp_path: Path) -> None:
    odd, good = project("maps/odd", ODD), project("maps/good", GOOD)
    (odd / "data").mkdir()
    (odd / "data" / "more.jsonl").write_text("", encoding="utf-8")
    files = [odd / "events.yaml", odd / "map.yaml", odd / "data" / "more.jsonl", good / "events.yaml"]
    ended = geomap("check", "--of-files", *files)
    assert (ended.code, len(ended.out.splitlines()), ended.err) == (0, 1, "")
    lone = tmp_path / "events.yaml"
    lone.write_text(WRONG, encoding="utf-8")
    ended = geomap("check", "--of-files", lone)
    assert (ended.code, ended.out) == (0, "")
    assert ended.err == f"{lone}: no map.yaml beside or above it; passed over\n"


# pre-commit

[HOOK] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))


def test_the_hook_runs_on_the_files_of_projects(geomap: Any, project: Any) -> None:
    assert (HOOK["id"], HOOK["language"]) == ("geomap-check", "python")
    name, *arguments = shlex.split(HOOK["entry"])
    assert name == "geomap"
    folder = project("wrong", WRONG)
    # As pre-commit calls it: the entry, the user's args, then the files.
    ended = geomap(*arguments, "--strict", folder / "events.yaml", folder / "map.yaml")
    assert (ended.code, len(ended.out.splitlines())) == (1, 1)
    assert geomap(*arguments, "--strict", project("good", GOOD) / "events.yaml").code == 0


@pytest.mark.parametrize(
    ("path", "is_taken"),
    [
        ("map.yaml", True),
        ("maps/kursk/map.yaml", True),
        ("maps/kursk/events.yml", True),
        ("maps/kursk/events-2024.yaml", True),
        ("maps/kursk/north.events.yaml", True),
        ("maps/kursk/events.jsonl", True),
        ("maps/kursk/events.parquet", True),
        ("maps/kursk/geomap.lock", True),
        ("maps/kursk/north.geomap.lock", True),
        ("README.md", False),
        ("docs/bitmap.yaml", False),
        ("maps/kursk/out/events.geojson", False),
        ("src/events.py", False),
    ],
)
def test_the_hook_takes_the_files_of_projects_and_no_others(path: str, is_taken: bool) -> None:
    assert bool(re.search(HOOK["files"], path)) is is_taken


# The documents


def test_every_code_is_in_the_docs() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "geomap").rglob("*.py"))
    patterns = (
        r'Finding\(\s*[^()]*(?:\([^()]*\))?[^()]*?,\s*"warning",\s*"([a-z-]+)"',
        r'_once\(\s*mark,\s*"([a-z-]+)"',
        r'_of_names\(\s*plain,\s*column,\s*"([a-z-]+)"',
        r'tell_some\(\s*plain,\s*"([a-z-]+)"',
        r'Problem\([^\n]*,\s*"([a-z-]+)"\)',
        r'yield\s*\(?\s*"([a-z]+-[a-z]+)",',
        r'\(\("([a-z]+-[a-z]+)", text\)\)',
    )
    codes = {code for pattern in patterns for code in re.findall(pattern, source)}
    assert codes >= {
        "undated",
        "sensitive-place",
        "mixed-scripts",
        "deceptive-url",
        "stale-lock",
        "bare-position",
    }
    table = "\n".join(line for line in CHECK.splitlines() if line.startswith("| `"))
    assert [code for code in sorted(codes) if f"`{code}`" not in table] == []


def test_the_hook_in_the_docs_is_the_one_that_is_there() -> None:
    block = re.search(r"```yaml\n(.*?)```", CHECK, re.DOTALL)
    assert block is not None
    (repo,) = yaml.safe_load(block.group(1))["repos"]
    assert [hook["id"] for hook in repo["hooks"]] == [HOOK["id"]]
