"""What a project may share among its files."""

import json
from typing import Any

import pytest

from geomap.errors import ConfigError
from geomap.pipeline import build, load

MAP = "schema: 1\ntitle: A\nevents: [events.yaml]\nsources_file: sources.yaml\nactors_file: actors.yaml\n"
SOURCES = "schema: 1\nsources: {wire: {publisher: Wire, published: 2021-11-13}}\n"
ACTORS = "schema: 1\nactors: {ministry: {name: Ministry of Defence, country: BY}}\n"
EVENTS = (
    "schema: 1\nevents:\n- {id: a, type: exercise, title: A, when: 2021, sources: [wire],"
    " where: Minsk, actors: [{id: ministry, role: host}]}\n"
)


def test_files_of_sources_and_actors_serve_every_events_file(write_project: Any) -> None:
    folder = write_project(MAP, EVENTS, **{"sources.yaml": SOURCES, "actors.yaml": ACTORS})
    columns = load(folder).table.columns
    assert columns["actors"] == [("Ministry of Defence",)]
    assert columns["t_end"][0].isoformat() == "2021-12-31T23:59:59+00:00"


def test_an_id_that_the_map_declares_otherwise_is_an_error_at_its_place(write_project: Any) -> None:
    folder = write_project(
        MAP + "sources: {wire: {publisher: Another}}\n",
        EVENTS,
        **{"sources.yaml": SOURCES, "actors.yaml": ACTORS},
    )
    with pytest.raises(ConfigError, match=r"sources\.yaml:2:\d+: sources 'wire' differs"):
        load(folder)


def test_a_layer_selects_an_actor_by_id_or_by_name(write_project: Any) -> None:
    for word, count in (("ministry", 1), ("Ministry of Defence", 1), ("Defence", 0)):
        layer = f"layers: [{{id: theirs, title: Theirs, select: {{actor: {word}}}}}]\n"
        folder = write_project(MAP + layer, EVENTS, **{"sources.yaml": SOURCES, "actors.yaml": ACTORS})
        assert build(folder, formats=["geojson"]).summary.layers["theirs"] == count


def test_events_of_json_lines_name_what_the_map_and_its_files_declare(write_project: Any) -> None:
    line = {
        "id": "a",
        "type": "exercise",
        "title": "A",
        "when": "2021",
        "sources": ["wire"],
        "where": "Minsk",
        "actors": [{"id": "ministry"}],
    }
    other = line | {"id": "b", "sources": ["post"], "where": "Qwxzqwxz"}
    text = MAP.replace("events.yaml", "events.jsonl") + "sources: {post: {publisher: Post}}\n"
    files = {"sources.yaml": SOURCES, "actors.yaml": ACTORS}
    folder = write_project(text, None, **files, **{"events.jsonl": json.dumps(line) + "\n"})
    loaded = load(folder)
    assert loaded.table.columns["actors"] == [("Ministry of Defence",)]
    assert loaded.table.columns["place_name"] == ["Minsk"]
    lines = json.dumps(line) + "\n\n" + json.dumps(other) + "\n"
    folder = write_project(text, None, **files, **{"events.jsonl": lines})
    with pytest.raises(ConfigError, match=r"events\.jsonl:3:1: no place called 'Qwxzqwxz'"):
        load(folder)
