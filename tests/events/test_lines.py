"""Events as JSON Lines: read as from YAML, and every line that is wrong is named with what was expected."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from geomap.errors import ConfigError
from geomap.events import lines
from geomap.events.read import read_events
from geomap.model.event_types import EVENT_TYPES
from geomap.model.events import EventSet
from geomap.model.records import Source

ReadLines = Callable[..., EventSet]

EVENT = {"id": "drill", "type": "exercise", "title": "A drill", "sources": ["wire"]}
DEEP = '{"id": "drill", "codes": ' + "[" * 64 + "]" * 64 + "}"


def line(**keys: Any) -> str:
    return json.dumps(EVENT | keys, ensure_ascii=False)


@pytest.fixture
def read_file(tmp_path: Path) -> ReadLines:
    """Write texts or bytes as files of JSON Lines and read them; the source `wire` is declared."""

    def read(*contents: str | bytes, name: str = "events.jsonl") -> EventSet:
        paths = []
        for number, content in enumerate(contents):
            paths.append(tmp_path / f"{number or ''}{name}")
            paths[-1].write_bytes(content.encode() if isinstance(content, str) else content)
        types = {kind: known.subtypes for kind, known in EVENT_TYPES.items()}
        return read_events(paths, types=types, sources={"wire": Source()})

    return read


def refusal(read: ReadLines, *contents: str | bytes) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read(*contents)
    return [
        f"{problem.mark.path.name}:{problem.mark.line}:{problem.mark.column}: {problem.message}"
        for problem in caught.value.problems
    ]


def test_a_line_is_the_event_that_yaml_would_be(tmp_path: Path, read_file: ReadLines) -> None:
    event = EVENT | {
        "when": "2021-11-10/..",
        "where": ["Minsk", {"lon": 27.5, "lat": 54, "precision": "place", "method": "given"}],
        "claims": [{"by": "Minsk", "stance": "denies", "when": {"edtf": 2021, "text": "that year"}}],
        "quantities": [{"measure": "losses", "low": 3, "high": 4.5}],
        "status": None,
    }
    written = tmp_path / "events.yaml"
    written.write_text(
        json.dumps({"schema": 1, "events": [event]}), encoding="utf-8"
    )  # JSON is YAML, as we read it
    (expected,) = read_events([written], types={"exercise": ()}, sources={"wire": Source()}).events
    (read,) = read_file(json.dumps(event)).events
    assert read.record == expected.record
    assert read.record.when is not None
    assert str(read.record.when.first) == "2021-11-10"


def test_every_part_of_an_event_stands_in_its_line(read_file: ReadLines) -> None:
    events = read_file(f"{line(where=['Minsk', 'Brest'])}\n\n{line(id='speech')}\n").events
    assert [(item.record.id, item.mark.line, item.mark.column) for item in events] == [
        ("drill", 1, 1),
        ("speech", 3, 1),
    ]
    assert [mark.line for mark in events[0].where_marks] == [1, 1]


@pytest.mark.parametrize(
    "content",
    [
        line(),
        f"\ufeff{line()}\n",
        f"\r\n{line()}\r\n \t\r\n",
        "\n\n" + line(),
    ],
)
def test_blank_lines_line_ends_and_a_mark_of_byte_order_mean_nothing(
    read_file: ReadLines, content: str
) -> None:
    assert [item.record.id for item in read_file(content).events] == ["drill"]


def test_a_file_without_lines_has_no_events(read_file: ReadLines) -> None:
    assert read_file("").events == ()


def test_a_line_ends_only_where_json_lines_end(read_file: ReadLines) -> None:
    title = "a\u2028b\x85c"
    (event,) = read_file(line(title=title)).events
    assert event.record.title == title


def test_ndjson_is_another_name_for_it(read_file: ReadLines) -> None:
    assert len(read_file(line(), name="events.NDJSON").events) == 1


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("[", "2: not JSON: expecting value"),
        ("id: a", "1: not JSON: expecting value; expected one whole event a line"),
        (f"{line()} {line()}", f"{len(line()) + 2}: not JSON: extra data"),
        ("[1]", "1: expected one event a line, a JSON object of its keys"),
        ('"text"', "1: expected one event a line"),
        ("null", "1: expected one event a line"),
        ('{"id": "a", "id": "b"}', "1: key 'id' again in one object; remove one"),
        ('{"id": "a", "where": {"lon": 1, "lat": 2, "lon": 1}}', "1: key 'lon' again in one object"),
        ('{"id": NaN}', "1: NaN is no number of JSON; leave the key out, or write null"),
        ('{"id": -Infinity}', "1: -Infinity is no number of JSON"),
        ('{"id": 1e400}', "1: 1e400: too large for a number"),
        ('{"id": 1234567890123456789}', "1: 1234567890123456789: too large for a whole number"),
        ('{"id": ' + "9" * 5000 + "}", f"1: {'9' * 40}: too large for a whole number"),
        (DEEP, "1: nested deeper than 64 levels; flatten it"),
        ("[" * 500_000, "1: nested deeper than 64 levels"),
        ('{"id": "\\ud83d"}', "1: \\ud83d is half a surrogate pair and no character; remove it"),
        ('{"title": "a\x07"}', "13: not JSON: invalid control character"),
        (line(titel="B"), "1: unknown key 'titel'; did you mean 'title'?"),
        (line(title=None), "1: title: expected text"),
        (line(when="2021-13-01"), "1: when: '2021-13-01' is not a date"),
        (line(where=[{"place": "Minsk", "lonn": 1}]), "1: unknown key 'lonn'; did you mean 'lon'?"),
        (line(where=[{"lon": "27", "lat": 1}]), "1: lon: "),
        ('{"id": "drill", "title": "A", "sources": ["wire"]}', "1: key 'type' is missing; add it"),
        ('{"schema": 1, "events": []}', "1: key 'id' is missing; add it"),
        (line(type="excercise"), "1: event type 'excercise' is not one of"),
        (line(sources=["post"]), "1: source 'post' is not declared under sources; add it"),
        (line(actors=[{"id": "army"}]), "1: actor 'army' is not declared under actors; add it"),
        (line(relations=[{"type": "part_of", "event": "b"}]), "1: relation to event 'b', which is in none"),
    ],
)
def test_a_line_that_is_no_event_is_named_with_what_was_expected(
    read_file: ReadLines, written: str, expected: str
) -> None:
    found = refusal(read_file, f"\n\n{written}\n")
    assert found[0].startswith(f"events.jsonl:3:{expected}")


def test_brackets_in_texts_are_no_nesting(read_file: ReadLines) -> None:
    assert len(read_file(line(title='[{"\\' * 100)).events) == 1


def test_pairs_of_surrogates_are_characters(read_file: ReadLines) -> None:
    (event,) = read_file(json.dumps(EVENT | {"title": "🛩 drill"})).events
    assert event.record.title == "🛩 drill"


def test_bytes_that_are_no_utf_8_are_named_with_their_column(read_file: ReadLines) -> None:
    bad = line(title="Überflug").encode("latin-1")
    assert refusal(read_file, line(id="a").encode() + b"\n" + bad) == [
        f"events.jsonl:2:{bad.index(0xDC) + 1}: not UTF-8 here; save the file as UTF-8"
    ]


def test_the_problems_of_every_line_are_named(read_file: ReadLines) -> None:
    found = refusal(read_file, f"{line(titel='B')}\n{line()}\n{{\n{line(when='soon', title='')}\n", "[]")
    assert [text.split(": ")[0] for text in found] == [
        "events.jsonl:1:1",
        "events.jsonl:3:2",
        "events.jsonl:4:1",
        "events.jsonl:4:1",
        "1events.jsonl:1:1",
    ]


def test_an_id_twice_names_both_lines(read_file: ReadLines, tmp_path: Path) -> None:
    found = refusal(read_file, f"{line()}\n{line()}\n")
    assert found == [
        f"events.jsonl:2:1: event id 'drill' again; it stands at {tmp_path / 'events.jsonl'}:1:1"
    ]


def test_after_a_thousand_problems_the_rest_is_not_read(read_file: ReadLines) -> None:
    found = refusal(read_file, "{\n" * 5000)
    assert len(found) == lines.MAX_PROBLEMS + 1
    assert found[-1] == "events.jsonl:1000:1: 1,000 problems up to here; what follows was not read"


def test_a_line_longer_than_is_read_ends_the_file(
    read_file: ReadLines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "MAX_LINE", 200)
    found = refusal(read_file, f"{{\n{line(summary='x' * 200)}\n{{\n")
    assert [text.split(": ")[0] for text in found] == ["events.jsonl:1:2", "events.jsonl:2:1"]
    assert "a line of more than 200 bytes" in found[1]


def test_a_file_larger_than_is_read_is_refused(read_file: ReadLines, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MAX_FILE", 10)
    assert "at most 10 are read, split it" in refusal(read_file, line())[0]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.jsonl:1:1: no such file"):
        read_events([tmp_path / "none.jsonl"], types={})
