"""The JSON Schemas say what the reader says, so that an editor finds what a build would."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from geomap.config import json_schemas
from geomap.yamlfile import read_yaml

PROJECTS = sorted((Path(__file__).parents[2] / "maps").glob("*/map.yaml"))
EVENT_FILES = sorted((Path(__file__).parents[2] / "maps").glob("*/events.yaml"))
SCHEMAS = json_schemas()


def faults(name: str, value: Any) -> list[str]:
    return [error.message for error in Draft202012Validator(SCHEMAS[name]).iter_errors(value)]


@pytest.mark.parametrize("name", ["map.schema.json", "events.schema.json", "mapping.schema.json"])
def test_a_schema_is_a_valid_one_of_the_draft_it_names(name: str) -> None:
    assert SCHEMAS[name]["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(SCHEMAS[name])


@pytest.mark.parametrize("path", PROJECTS, ids=lambda path: path.parent.name)
def test_a_map_of_the_project_fits_its_schema(path: Path) -> None:
    assert faults("map.schema.json", read_yaml(path).data) == []


@pytest.mark.parametrize("path", EVENT_FILES, ids=lambda path: path.parent.name)
def test_an_events_file_of_the_project_fits_its_schema(path: Path) -> None:
    assert faults("events.schema.json", read_yaml(path).data) == []


@pytest.mark.parametrize("name", ["map.yaml", "events.yaml"])
def test_what_init_writes_fits_its_schema(name: str) -> None:
    starter = Path(__file__).parents[2] / "geomap" / "cli" / "starter" / name
    assert faults(name.replace(".yaml", ".schema.json"), read_yaml(starter).data) == []


EVENTS: dict[str, Any] = {
    "schema": 1,
    "sources": {"wire": {"published": "2021-11-13"}},
    "events": [
        {"id": "a", "type": "exercise", "title": "A", "when": 2021, "where": "Minsk", "sources": ["wire"]}
    ],
}
EDITS: list[tuple[str, Callable[[dict[str, Any]], Any]]] = [
    ("a typo at the top", lambda data: data.update(evnts=[])),
    ("a typo in an event", lambda data: data["events"][0].update(wehn="2021")),
    ("a typo in a place", lambda data: data["events"][0].update(where={"plaec": "Minsk"})),
    ("a typo in a list of places", lambda data: data["events"][0].update(where=[{"plaec": "Minsk"}])),
    ("a typo in a time", lambda data: data["events"][0].update(when={"eddtf": "2021"})),
    ("a typo in a source", lambda data: data["sources"]["wire"].update(publishd="2021")),
    ("a missing title", lambda data: data["events"][0].pop("title")),
    ("another schema", lambda data: data.update(schema=2)),
    ("a word that is not in the list", lambda data: data["events"][0].update(modality="maybe")),
    ("a quoted number", lambda data: data["events"][0].update(where={"lon": "1", "lat": 2})),
    ("a boolean for a number", lambda data: data["events"][0].update(where={"lon": True, "lat": 2})),
]


def test_the_plain_events_fit() -> None:
    assert faults("events.schema.json", EVENTS) == []


@pytest.mark.parametrize(("what", "edit"), EDITS, ids=[what for what, _ in EDITS])
def test_a_fault_is_found_by_the_schema(what: str, edit: Callable[[dict[str, Any]], Any]) -> None:
    data = copy.deepcopy(EVENTS)
    edit(data)
    assert faults("events.schema.json", data) != []


def test_a_typo_in_a_map_is_found_by_the_schema() -> None:
    plain = {"schema": 1, "title": "A", "events": ["events.yaml"]}
    assert faults("map.schema.json", plain) == []
    assert faults("map.schema.json", plain | {"worldveiw": "un"}) != []
    assert (
        faults("map.schema.json", plain | {"layers": [{"id": "a", "title": "A", "select": {"typ": "x"}}]})
        != []
    )
