"""Many events read in columns: what comes out, and what is wrong, is as it is of events read one by one."""

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
from pyarrow import parquet

from geomap import pipeline
from geomap.errors import ConfigError
from geomap.events import read
from geomap.events.bulk import check, formats
from geomap.events.bulk.blocks import read_block
from geomap.events.bulk.line_blocks import LineBlock
from geomap.events.imports.vector.read import read_baseline
from geomap.export import EXPORTERS
from geomap.model.columns import Coded
from geomap.pipeline import Project
from geomap.render.page import page_bytes

SOURCES = {
    "w": {"publisher": "Wire", "published": "2024-08-13", "url": "https://example.org/w"},
    "p": {"publisher": "Post", "published": "2024-08-20", "reliability": "B", "graded_by": "desk"},
    "copy": {"publisher": "Copy", "published": "2024-08-14", "derived_from": "w"},
    "undated": {"publisher": "Blog", "licence": "no republication"},
}
ACTORS = {"mod": {"name": "Defence Ministry", "country": "BY", "kind": "ministry"}, "crew": {"name": "Crew"}}
PLACES: list[Any] = [
    {"lon": 27.5667, "lat": 53.9, "precision": "exact", "method": "geolocated", "name": "a yard"},
    {"lon": 27.5667, "lat": 53.9},
    {"lon": 27.57, "lat": 53, "place": "Minsk", "country": "BY", "precision": "place", "method": "given"},
    {"lon": 24, "lat": 54, "radius_m": 900, "name": "Żabinka"},
    {"lon": 23.5, "lat": 53.9, "precision": "vicinity", "method": "analyst", "role": "target"},
    {"lon": -30.5, "lat": 50.25, "country": "BY"},
    "Minsk",
    {"place": "Brest", "country": "BY", "name": "Brest-Litovsk"},
    {"near": "Lida"},
    "Grodno Region",
    {"border": ["BY", "PL"], "side": "PL"},
    {"over": "Belarus"},
    {"country": "RU"},
    {"country": "PL", "name": "a range"},
    "none",
    "unknown",
    None,
    [{"place": "Minsk", "role": "origin"}, {"place": "Brest", "country": "BY", "role": "destination"}],
    {"place": "Brest", "country": "BY", "role": "purpose"},
    {"lon": 27.5, "lat": 53.8, "publish_precision": "country", "country": "BY"},
    {"geometry": {"type": "LineString", "coordinates": [[24, 53], [25, 54]]}, "precision": "line"},
]
DATES: list[Any] = [
    "2024-08-12", "2024-08-12/2024-08-14", "2024-08", "2024-08-10/..", "../2024-08-12", "2024-08-12~", "0987-06", None,
    "[2024-08-01..2024-08-07]", 2024, {"edtf": "2024-08-12", "basis": "relative_to_publication", "text": "on Monday"},
    "2024-09-30",
]  # fmt: skip
OTHERS: list[dict[str, Any]] = [
    {},
    {"summary": "Two lines\nof it", "tags": ["a", "Ж"]},
    {"status": "disputed"},
    {"status": {"value": "confirmed", "by": "desk", "basis": "seen"}},
    {"modality": "ongoing", "actors": [{"id": "mod", "role": "host"}, {"name": "Crew", "role": "target"}]},
    {"actors": [{"id": "crew"}], "sources": ["w", "p"]},
    {"sources": ["w", "copy"], "modality": "planned"},
    {"sources": ["undated"], "workflow": "published"},
    {
        "claims": [{"by": "mod", "stance": "denies", "source": "w"}],
        "actors": [{"id": "mod", "role": "accused"}],
    },
    {
        "quantities": [{"measure": "troops", "best": 250}],
        "relations": [{"type": "related", "event": "event-0000"}],
    },
    {"evidence": [{"source": "w", "start": 0, "end": 4, "quote": "Four"}]},
    {"sensitivity": "personal", "title": 'Hidden \u200b character ": "'},
    {"workflow": "draft"},
]


def events_of(count: int = 700) -> list[dict[str, Any]]:
    """Events of every kind of place, date and addition, each with most others."""
    made = []
    for number in range(count):
        base = {
            "id": f"event-{number * 7919 % 10_007:04}",
            "type": ("strike", "exercise/naval", "deployment/convoy", "statement")[number % 4],
            "title": f"Crews {'закрываюць' if number % 5 else 'close'} bridge {number % 37} ",
            "sources": ["w"],
        }
        more = {"when": DATES[number % len(DATES)], "where": PLACES[number % len(PLACES)]}
        own = base | more | OTHERS[number // 3 % len(OTHERS)]
        made.append({key: value for key, value in own.items() if value is not None})
    made[0]["id"] = "event-0000"
    return made


def project_of(folder: Path, lines: list[str], **more: Any) -> Path:
    head = {"schema": 1, "title": "Many", "events": ["events.jsonl"], "countries": ["BY"], "sources": SOURCES}
    layers = [
        {"id": "s", "title": "S", "select": {"type": ["strike", "exercise/naval"]}},
        {"id": "m", "title": "M", "select": {"actor": "mod", "country": ["BY", "PL"]}},
        {"id": "t", "title": "T", "select": {"tag": ["a"], "source": ["w", "p"]}},
    ]
    folder.mkdir(exist_ok=True)
    (folder / "map.yaml").write_text(
        json.dumps(head | {"actors": ACTORS, "layers": layers} | more), encoding="utf-8"
    )
    (folder / "events.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return folder


@pytest.fixture
def in_columns(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A call with small files read as those of many events are."""

    def call(read: Any, *args: Any, **options: Any) -> Any:
        with monkeypatch.context() as patched:
            patched.setattr(formats, "MANY_BYTES", 0)
            return read(*args, **options)

    return call


def compared(one: Project, other: Project) -> None:
    for name, values in other.table.columns.items():
        if name != "detail":
            assert list(one.table.columns[name]) == list(values), name
    assert [shape and shape.wkb for shape in one.table.geometry] == [
        shape and shape.wkb for shape in other.table.geometry
    ]


@pytest.mark.parametrize("drafts", [False, True])
def test_the_same_map_comes_of_it(tmp_path: Path, in_columns: Any, drafts: bool) -> None:
    lines = [json.dumps(event, ensure_ascii=number % 2 == 0) for number, event in enumerate(events_of())]
    project = project_of(tmp_path / "p", lines)
    expected, found = pipeline.load(project, drafts=drafts), in_columns(pipeline.load, project, drafts=drafts)
    assert isinstance(found.table.columns["event_id"], Coded)
    assert found.drafts_left_out == expected.drafts_left_out
    assert (found.drafts_left_out > 0) is not drafts
    compared(found, expected)
    one, other = pipeline.compose(found), pipeline.compose(expected)
    for layer, own in zip(one.layers, other.layers, strict=True):
        assert layer == own
    assert one.movements == other.movements
    assert list(one.events["detail"][0]) == list(found.table.columns["detail"][0])
    bare = [number for number, label in enumerate(one.features["label"]) if label is None]
    assert bare
    labels = list(one.features["label"])
    for number in bare:
        labels[number] = other.features["label"][number]
    assert labels == list(other.features["label"])


def is_bare(where: Any) -> bool:
    return isinstance(where, dict) and "lon" in where and not {"name", "place"} & where.keys()


def test_the_same_page_comes_of_it_where_all_have_names(tmp_path: Path, in_columns: Any) -> None:
    named = [event for event in events_of(900) if not is_bare(event.get("where"))]
    project = project_of(tmp_path / "p", [json.dumps(event) for event in named])
    expected, found = pipeline.load(project), in_columns(pipeline.load, project)
    assert page_bytes(pipeline.compose(found)) == page_bytes(pipeline.compose(expected))


def test_findings_are_the_same_but_that_many_are_told_together(tmp_path: Path, in_columns: Any) -> None:
    project = project_of(tmp_path / "p", [json.dumps(event) for event in events_of()])
    expected = {str(finding) for finding in pipeline.load(project).findings}
    found = list(in_columns(pipeline.load, project).findings)
    # Their words leave out which countries, or it is told at another of the events.
    otherwise = ("border-position", "licence")
    told = {str(finding) for finding in found if not finding.message.startswith("and ")}
    assert {text for text in told if not any(code in text for code in otherwise)} <= expected
    assert [finding.code for finding in found].count("licence") == 1
    assert {finding.code for finding in found} == {text.split()[2] for text in expected}


def test_of_each_kind_of_finding_some_are_told_one_by_one(tmp_path: Path, in_columns: Any) -> None:
    count = check.MOST_OF_A_KIND + 23
    events = [{"id": f"e{n}", "type": "strike", "title": "T", "sources": ["w"]} for n in range(count)]
    project = project_of(tmp_path / "p", [json.dumps(event) for event in events])
    found = [finding for finding in in_columns(pipeline.load, project).findings if finding.code == "undated"]
    assert len(found) == check.MOST_OF_A_KIND + 1
    assert "and 23 more events" in found[-1].message
    assert found[-1].mark.line == check.MOST_OF_A_KIND + 1


def line_of(**keys: Any) -> str:
    base = {
        "id": "x",
        "type": "strike",
        "title": "T",
        "sources": ["w"],
        "when": "2024-08-12",
        "where": "Minsk",
    }
    return json.dumps({key: value for key, value in (base | keys).items() if value != "left out"})


WRONG = {
    "no title": line_of(title="left out"),
    "empty title": line_of(title=""),
    "a number as title": line_of(title=5),
    "odd id": line_of(id="a b"),
    "unknown key": line_of(colour="red"),
    "unknown type": line_of(type="party"),
    "unknown subtype": line_of(type="strike/party"),
    "undeclared source": line_of(sources=["nobody"]),
    "a source twice": line_of(sources=["w", "w"]),
    "no source": line_of(sources=[]),
    "undeclared actor": line_of(actors=[{"id": "nobody"}]),
    "an actor without a name": line_of(actors=[{}]),
    "a day that is none": line_of(when="2024-02-30"),
    "a date of three parts": line_of(when="2024/2025/2026"),
    "beyond the pole": line_of(where={"lon": 20, "lat": 90.5}),
    "no latitude": line_of(where={"lon": 20}),
    "a position as text": line_of(where={"lon": "20", "lat": "50"}),
    "infinite": line_of().replace('"Minsk"', '{"lon": 1e999, "lat": 50}'),
    "no number": line_of().replace('"Minsk"', '{"lon": NaN, "lat": 50}'),
    "swapped": line_of(where={"lon": 53.9, "lat": 27.57, "country": "BY"}),
    "in another country": line_of(where={"lon": 37.6, "lat": 55.7, "country": "BY"}),
    "no such country": line_of(where={"lon": 37.6, "lat": 55.7, "country": "ZZ"}),
    "a region at a position": line_of(where={"lon": 27.5, "lat": 53.9, "precision": "region"}),
    "nobody knows where": line_of(where="Xqwzvtown"),
    "ambiguous": line_of(where={"place": "Ivanivka", "country": "UA"}),
    "a key twice": '{"id": "x", "id": "y", "type": "strike", "title": "T", "sources": ["w"]}',
    "two events": f"{line_of()} {line_of(id='y')}",
    "no event": "[]",
    "no JSON": "{",
    "half a sign": line_of().replace('"T"', '"\\ud83d"'),
    "deep": line_of(tags="X").replace('"X"', "[" * 70 + "]" * 70),
    "the same id": line_of(id="event-0000"),
    "status": line_of(status="confirmed"),
    "a word that is none": line_of(modality="perhaps"),
    "related to nothing": line_of(relations=[{"type": "related", "event": "nothing"}]),
}


@pytest.mark.parametrize("kind", WRONG)
def test_what_is_wrong_is_told_in_the_same_words(kind: str, tmp_path: Path, in_columns: Any) -> None:
    good = [json.dumps(event) for event in events_of(60)]
    project = project_of(tmp_path / "p", [*good[:30], WRONG[kind], *good[30:]])
    with pytest.raises(ConfigError) as expected:
        pipeline.load(project)
    with pytest.raises(ConfigError) as found:
        in_columns(pipeline.load, project)
    assert sorted(map(str, found.value.problems)) == sorted(map(str, expected.value.problems))
    assert found.value.problems


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path, in_columns: Any) -> None:
    # What is found when files are read and what is found when places are, one after the other.
    read = [line for kind, line in WRONG.items() if kind not in ("the same id",)]
    project = project_of(tmp_path / "p", [line.replace('"x"', f'"x{n}"') for n, line in enumerate(read)])
    with pytest.raises(ConfigError) as expected:
        pipeline.load(project)
    with pytest.raises(ConfigError) as found:
        in_columns(pipeline.load, project)
    assert {problem.mark.line for problem in found.value.problems} == {
        problem.mark.line for problem in expected.value.problems
    }


def test_an_unsettled_place_of_a_draft_is_a_warning(tmp_path: Path, in_columns: Any) -> None:
    project = project_of(tmp_path / "p", [line_of(where="Xqwzvtown", workflow="draft"), line_of(id="y")])
    found = in_columns(pipeline.load, project, drafts=True)
    assert [finding.code for finding in found.findings] == ["unresolved-place"]
    assert list(found.table.columns["precision"]) == ["none", "place"]
    compared(found, pipeline.load(project, drafts=True))


def test_drafts_without_a_place_are_all_kept(
    tmp_path: Path, in_columns: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "MAX_PROBLEMS", 3)
    lines = [line_of(id=f"e{number}", where="Xqwzvtown", workflow="draft") for number in range(10)]
    project = project_of(tmp_path / "p", lines)
    found = in_columns(pipeline.load, project, drafts=True)
    assert len(found.table.event_rows) == 10
    compared(found, pipeline.load(project, drafts=True))


def test_files_of_many_and_of_few_go_together(tmp_path: Path, in_columns: Any) -> None:
    lines = [json.dumps(event) for event in events_of(200)]
    project = project_of(tmp_path / "p", lines, events=["events.jsonl", "more.jsonl", "few.yaml"])
    (project / "more.jsonl").write_text(
        line_of(id="more-1") + "\n" + line_of(id="more-2", where={"lon": 24, "lat": 54})
    )
    few = json.loads(line_of(id="few", relations=[{"type": "related", "event": "more-1"}]))
    (project / "few.yaml").write_text(json.dumps({"schema": 1, "events": [few]}))
    expected, found = pipeline.load(project), in_columns(pipeline.load, project)
    compared(found, expected)
    row = list(found.table.columns["event_id"]).index("few")
    assert found.table.columns["detail"][row]["relations"][0]["title"] == "T"
    assert found.table.columns["detail"][row] == expected.table.columns["detail"][row]


def test_a_repeated_id_is_told_wherever_it_stands(tmp_path: Path, in_columns: Any) -> None:
    project = project_of(tmp_path / "p", [line_of(), line_of(id="y")], events=["events.jsonl", "more.jsonl"])
    (project / "more.jsonl").write_text(f"{line_of(id='z')}\n{line_of(title='Again')}\n")
    with pytest.raises(ConfigError) as found:
        in_columns(pipeline.load, project)
    [problem] = found.value.problems
    assert problem.mark.path.name == "more.jsonl"
    assert problem.mark.line == 2
    assert "events.jsonl:1:1" in problem.message


def test_positions_in_figures_are_in_no_lock(tmp_path: Path, in_columns: Any) -> None:
    project = project_of(
        tmp_path / "p", [line_of(where={"lon": 24, "lat": 54}), line_of(id="y", where="Minsk")]
    )
    lock = in_columns(pipeline.load, project).lock.new
    assert [place.written for place in lock.places] == ["Minsk"]


def test_blank_lines_and_a_byte_order_mark_are_no_events(tmp_path: Path, in_columns: Any) -> None:
    project = project_of(tmp_path / "p", ["", line_of(), "   ", line_of(id="y")])
    events = project / "events.jsonl"
    events.write_bytes(b"\xef\xbb\xbf" + events.read_bytes())
    assert list(in_columns(pipeline.load, project).table.event_rows) == ["x", "y"]


def test_records_read_again_are_those_of_the_rows(tmp_path: Path, in_columns: Any) -> None:
    project = project_of(tmp_path / "p", [json.dumps(event) for event in events_of(90)])
    [plain] = in_columns(pipeline._read_events, pipeline.read_config(project)).plain
    rows = [4, 17, 30]
    again = plain.records(np.array(rows))
    for row, (record, mark) in zip(rows, again, strict=True):
        assert mark.line == plain.line[row]
        assert (record.id, record.title) == (plain.id[row], plain.title[row])
    assert {field.name for field in fields(plain)} >= {"when", "where", "lon", "lat"}


def alike(number: int, **keys: Any) -> str:
    where: dict[str, Any] = {
        "lon": 23 + number % 70 / 10,
        "lat": 54.125,
        "precision": "place",
        "method": "given",
    }
    where["name"] = f"P{number % 9}"
    base = {
        "id": f"e{number}",
        "type": "strike",
        "title": f"T {number}",
        "sources": ["w", "p"][: 1 + number % 2],
    }
    return json.dumps(
        base | {"when": f"2024-08-{1 + number % 28:02}", "where": where} | keys, separators=(",", ":")
    )


def test_lines_that_are_alike_are_read_by_arrow(tmp_path: Path, in_columns: Any) -> None:
    lines = [
        alike(number, tags=["a", "Ж"][: number % 3], summary="S" * (number % 2)) for number in range(200)
    ]
    block = read_block(LineBlock.of("".join(f"{line}\n" for line in lines).encode()))
    assert block is not None
    assert not block.odd.any()
    project = project_of(tmp_path / "p", lines)
    expected, found = pipeline.load(project), in_columns(pipeline.load, project)
    compared(found, expected)
    assert page_bytes(pipeline.compose(found)) == page_bytes(pipeline.compose(expected))


@pytest.mark.parametrize("kind", WRONG)
def test_what_is_wrong_among_lines_that_are_alike_is_told_in_the_same_words(
    kind: str, tmp_path: Path, in_columns: Any
) -> None:
    lines = [alike(number) for number in range(40)]
    wrong = WRONG[kind].replace('"event-0000"', '"e7"')
    project = project_of(tmp_path / "p", [*lines[:20], wrong, *lines[20:]])
    with pytest.raises(ConfigError) as expected:
        pipeline.load(project)
    with pytest.raises(ConfigError) as found:
        in_columns(pipeline.load, project)
    assert sorted(map(str, found.value.problems)) == sorted(map(str, expected.value.problems))


@pytest.mark.parametrize(
    "line",
    [
        line_of(where={"lon": 24, "lat": 54, "name": ""}),
        line_of(where={"lon": 24}),
        line_of().replace('"Minsk"', '{"lon": NaN, "lat": NaN}'),
        line_of(summary=None),
        line_of(sources=["w", None]),
        f"{line_of()}{line_of(id='y')}",
        line_of().replace('"when"', '\n"when"'),
        '{"id": "x"} {',
    ],
)
def test_what_arrow_would_let_pass_is_refused(line: str, tmp_path: Path, in_columns: Any) -> None:
    project = project_of(tmp_path / "p", [alike(1), line, alike(2)])
    with pytest.raises(ConfigError) as expected:
        pipeline.load(project)
    with pytest.raises(ConfigError) as found:
        in_columns(pipeline.load, project)
    assert sorted(map(str, found.value.problems)) == sorted(map(str, expected.value.problems))


def test_yaml_of_ten_thousand_events_is_remarked_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "MANY_EVENTS", 2)
    project = project_of(tmp_path / "p", [], events=["few.yaml", "more.yaml"])
    (project / "few.yaml").write_text(json.dumps({"schema": 1, "events": [json.loads(line_of())]}))
    events = [json.loads(line_of(id=name)) for name in ("y", "z")]
    (project / "more.yaml").write_text(json.dumps({"schema": 1, "events": events}))
    [finding] = pipeline.load(project).findings
    assert finding.code == "large-yaml"
    assert finding.mark.path.name == "more.yaml"
    assert "2 events" in finding.message


def test_the_same_exports_come_of_it(tmp_path: Path, in_columns: Any) -> None:
    project = project_of(tmp_path / "p", [json.dumps(event) for event in events_of()])
    formats_of = sorted(EXPORTERS)
    expected = pipeline.export(project, formats_of, folder=tmp_path / "one")
    found = in_columns(pipeline.export, project, formats_of, folder=tmp_path / "other")
    assert found.remarks == expected.remarks
    names = sorted(path.name for path in expected.files)
    assert sorted(path.name for path in found.files) == names
    assert len(names) > 8
    one, other = tmp_path / "one", tmp_path / "other"
    differing = [name for name in names if (one / name).read_bytes() != (other / name).read_bytes()]
    # Which texts Arrow keeps in a dictionary of their own is no part of what these files say.
    assert set(differing) <= {"events.parquet", "events.gpkg"}
    assert parquet.read_table(one / "events.parquet").equals(parquet.read_table(other / "events.parquet"))
    layers = pyogrio.list_layers(one / "events.gpkg")[:, 0].tolist()
    assert layers == pyogrio.list_layers(other / "events.gpkg")[:, 0].tolist()
    for layer in layers:
        frames = [pyogrio.read_dataframe(folder / "events.gpkg", layer=layer) for folder in (one, other)]
        assert frames[0].equals(frames[1]), layer
    assert read_baseline(one / "events.gpkg") == read_baseline(other / "events.gpkg")
