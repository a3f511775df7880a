"""What the documents say is there."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from geomap.cli.app import app
from geomap.config import MapFile, Select
from geomap.events.imports import FORMATS, import_file
from geomap.model.import_mapping import ImportMapping, MappedKey
from geomap.model.records import Claim, EventRecord, EventsFile, PlaceSpec, Source
from geomap.model.table import COLUMNS
from geomap.yamlfile import parse_yaml

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRACT = (ROOT / "docs" / "contract.md").read_text(encoding="utf-8")


def readme_commands() -> Iterator[str]:
    """Every command line of the README's shell blocks."""
    for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL):
        for line in block.splitlines():
            if command := line.partition("#")[0].strip():
                yield command


def test_the_readme_names_make_targets_that_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {shlex.split(command)[1] for command in readme_commands() if command.startswith("make ")}
    assert named == {"map", "test"}
    assert named <= targets


def test_the_readmes_geomap_commands_run_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in ("maps", "seeds"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    commands = [shlex.split(command) for command in readme_commands() if "bin/geomap" in command]
    commands = [words for words in commands if words[1] != "serve"]  # it runs until Ctrl+C; see tests/serve
    assert len(commands) == 8
    for _, *arguments in commands:
        out = ["--out", str(tmp_path / "out")] if arguments[:2] == ["build", "maps/union-state"] else []
        result = CliRunner().invoke(app, [*arguments, *out])
        assert result.exit_code == 0, (arguments, result.output, result.exception)
    assert (tmp_path / "my-map" / "out" / "index.html").stat().st_size > 100_000


def test_the_readmes_event_is_valid() -> None:
    block = re.search(r"```yaml\n(.*?)```", README, re.DOTALL)
    assert block is not None
    events = yaml.load(block.group(1), Loader=yaml.BaseLoader)
    for event in events:
        event["where"]["within_km"] = float(event["where"]["within_km"])
    read = EventsFile.model_validate({"schema": 1, "events": events})
    assert read.events[0].id == "kuznica-camp"


def test_the_draft_in_the_docs_is_an_events_file() -> None:
    text = (ROOT / "docs" / "drafting.md").read_text(encoding="utf-8")
    block = re.search(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert block is not None
    (event,) = parse_yaml(block.group(1), Path("drafting.md")).parse(EventsFile).events
    assert event.id == "20211112-airborne-drop-grodno-region-1091"
    assert event.workflow == "draft"


def test_the_mapping_in_the_docs_reads_a_table(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "imports.md").read_text(encoding="utf-8")
    block = re.search(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert block is not None
    mapping = parse_yaml(block.group(1), Path("imports.md")).parse(ImportMapping)
    table = tmp_path / "incidents.csv"
    table.write_text(
        "nr;what;kind;day;town;land;x;y\n7;Depot burns;Shelling;12.08.2024;Vovchansk;Ukraine;36.9;50.2\n",
        encoding="utf-8",
    )
    imported = import_file(table, "csv", mapping)
    assert imported.skipped == []
    (event,) = (own.record for own in imported.events)
    assert (event.id, event.type, event.when and event.when.edtf) == (
        "desk-7",
        "strike/missile_artillery",
        "2024-08-12",
    )


def test_every_column_and_key_of_a_mapping_is_in_the_docs() -> None:
    text = (ROOT / "docs" / "imports.md").read_text(encoding="utf-8")
    keys = {field.alias or name for name, field in ImportMapping.model_fields.items()}
    missing = [
        name for name in (*MappedKey, *keys) if not re.search(rf"[`{{ \n]{re.escape(name)}[`:, }}]", text)
    ]
    assert missing == []
    assert [name for name in FORMATS if f"`{name}`" not in text] == []


def test_every_command_and_option_is_in_the_contract() -> None:
    result = CliRunner().invoke(app, ["--help"])
    commands = {
        "build",
        "export",
        "check",
        "diff",
        "resolve",
        "tag",
        "draft",
        "init",
        "schema",
        "serve",
        "verify",
    }
    assert all(command in result.output for command in commands)
    for command in commands:
        text = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "200", "TERM": "dumb"}).output
        options = set(re.findall(r"--[a-z]+", text)) - {"--help"}
        section = next(line for line in CONTRACT.splitlines() if line.startswith(f"| `geomap {command}"))
        more = "\n".join(line for line in CONTRACT.splitlines() if line.startswith(f"| `geomap {command} "))
        for option in options:
            assert option in section + more, (command, option)


@pytest.mark.parametrize("model", [MapFile, Select, EventRecord, Claim, Source, PlaceSpec])
def test_every_key_is_in_the_contract(model: type) -> None:
    words = set(re.findall(r"[a-z0-9_]+", CONTRACT))
    keys = {field.alias or name for name, field in model.model_fields.items()}  # type: ignore[attr-defined]
    assert keys <= words, keys - words


def test_the_columns_in_the_contract_are_the_tables() -> None:
    assert " ".join(COLUMNS) in " ".join(CONTRACT.split())


@pytest.mark.parametrize(
    "path", ["README.md", *(str(p.relative_to(ROOT)) for p in (ROOT / "docs").glob("*.md"))]
)
def test_relative_links_lead_somewhere(path: str) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", text):
        assert ((ROOT / path).parent / target).exists(), target


@pytest.mark.parametrize("page", ["security.md", "reliability.md"])
def test_every_promise_names_tests_that_are_there(page: str) -> None:
    rows = [
        line
        for line in (ROOT / "docs" / page).read_text(encoding="utf-8").splitlines()
        if line.startswith("| **")
    ]
    assert len(rows) > 8
    for row in rows:
        folder, tests = "", re.findall(r"`((?:tests/)?[\w/.-]*(?:\.py|\.mjs|/))`", row.rpartition(" | ")[2])
        assert tests, row
        for name in tests:
            folder = name.rpartition("/")[0] if name.startswith("tests/") else folder
            assert (ROOT / (name if name.startswith("tests/") else f"{folder}/{name}")).exists(), name
