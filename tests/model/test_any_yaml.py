"""Whatever a file holds, reading it ends in records or in problems that each have a place."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from geomap.config import MapFile
from geomap.errors import ConfigError
from geomap.model.records import EventRecord, EventsFile
from geomap.yamlfile import parse_yaml


def keys_of(model: type[BaseModel]) -> list[str]:
    schema = model.model_json_schema(by_alias=True)
    parts = [schema, *schema["$defs"].values()]
    return sorted({key for part in parts for key in part.get("properties", {})})


KEYS = sorted({*keys_of(EventsFile), *keys_of(MapFile)})
WORDS = [
    "none",
    "unknown",
    "confirmed",
    "2021",
    "../2021-11-12",
    "BY",
    "exercise",
    "wire",
    "site",
    "gazetteer",
]
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6) | st.sampled_from(WORDS)
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=8,
)
EVENTS = st.fixed_dictionaries(
    {"id": st.just("a"), "type": st.just("exercise"), "title": st.just("A"), "sources": st.just(["wire"])},
    optional={
        key: VALUES for key in EventRecord.model_fields if key not in ("id", "type", "title", "sources")
    },
)


def parse(model: type[BaseModel], value: Any) -> None:
    try:
        parse_yaml(json.dumps(value, ensure_ascii=False), Path("a.yaml")).parse(model)
    except ConfigError as error:
        problems = error.problems
        assert all(problem.mark.line >= 1 and problem.message for problem in problems)


@pytest.mark.parametrize("model", [EventsFile, MapFile])
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(value=VALUES)
def test_any_value_is_a_file_or_a_list_of_problems(model: type[BaseModel], value: Any) -> None:
    parse(model, value)


@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(event=EVENTS)
def test_any_value_of_any_key_of_an_event_is_a_record_or_a_list_of_problems(event: Any) -> None:
    parse(EventsFile, {"schema": 1, "events": [event]})
