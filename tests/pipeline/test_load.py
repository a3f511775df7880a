"""What a project may share among its files."""

import gc
import json
from typing import Any

import pytest

from geomap.errors import ConfigError
from geomap.gazetteer.placing import Placer
from geomap.model.places import PlaceRef
from geomap.model.records import PlaceSpec
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


def test_a_place_that_many_events_name_is_settled_once(
    write_project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    place = Placer.place

    def watched(placer: Placer, spec: PlaceSpec) -> PlaceRef:
        asked.append(spec)
        return place(placer, spec)

    monkeypatch.setattr(Placer, "place", watched)
    event = {"type": "exercise", "title": "A", "when": "2021", "sources": ["wire"], "workflow": "draft"}
    wheres = ["Minsk", {"place": "Minsk"}, {"place": "Minsk", "role": "target"}, "Qwxzqwxz"] * 5
    lines = [json.dumps(event | {"id": f"e{number}", "where": where}) for number, where in enumerate(wheres)]
    folder = write_project(
        MAP.replace("events.yaml", "events.jsonl"),
        None,
        **{"sources.yaml": SOURCES, "actors.yaml": ACTORS, "events.jsonl": "\n".join(lines)},
    )
    loaded = load(folder, drafts=True)
    assert len(asked) == 3
    columns = loaded.table.columns
    rows = sorted(zip(columns["event_id"], columns["place_name"], columns["place_role"], strict=True))
    assert len(rows) == 20
    assert rows[:3] == [("e0", "Minsk", "site"), ("e1", "Minsk", "site"), ("e10", "Minsk", "target")]
    assert [finding.mark.line for finding in loaded.findings if finding.code == "unresolved-place"] == [
        4, 8, 12, 16, 20,
    ]  # fmt: skip


def test_a_place_that_must_not_be_shown_is_locked_by_its_event(write_project: Any) -> None:
    event = {"type": "exercise", "title": "A", "when": "2021", "sources": ["wire"]}
    where = {"place": "Minsk", "publish_precision": "country"}
    lines = [json.dumps(event | {"id": name, "where": where}) for name in ("a", "b")]
    folder = write_project(
        MAP.replace("events.yaml", "events.jsonl"),
        None,
        **{"sources.yaml": SOURCES, "actors.yaml": ACTORS, "events.jsonl": "\n".join(lines)},
    )
    assert [place.event for place in load(folder).lock.new.places] == ["a", "b"]


@pytest.mark.parametrize("is_on", [True, False])
def test_the_collector_of_garbage_is_left_as_it_was(write_project: Any, is_on: bool) -> None:
    folder = write_project(MAP, EVENTS, **{"sources.yaml": SOURCES, "actors.yaml": ACTORS})
    was_on = gc.isenabled()
    try:
        (gc.enable if is_on else gc.disable)()
        load(folder)
        with pytest.raises(ConfigError):
            load(folder / "nowhere")
        assert gc.isenabled() is is_on
    finally:
        (gc.enable if was_on else gc.disable)()
