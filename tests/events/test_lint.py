"""What `geomap check` asks beyond what every build tells: each code found, and not found where all is well."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from geomap.events import duplicates
from geomap.events.bulk import formats
from geomap.events.deceptive import hidden_text, mixed_text, url_text
from geomap.pipeline import load

WIRE = {"publisher": "Example Wire", "published": "2021-11-13"}
EVENT = {"id": "one", "type": "exercise", "title": "A drill", "when": "2021-11-12", "sources": ["wire"]}
COMMON = frozenset({"stale-lock", "bare-position"})


def findings(folder: Path, *events: dict[str, Any], kind: str = "yaml", **head: Any) -> list[tuple[str, str]]:
    """The findings of a project with these events, without what tells of a project never built."""
    folder.mkdir(exist_ok=True)
    name = {"yaml": "events.yaml"}.get(kind, "events.jsonl")
    top = {"schema": 1, "title": "A", "events": [name], "sources": {"wire": WIRE}} | head
    (folder / "map.yaml").write_text(json.dumps(top), encoding="utf-8")
    own = [EVENT | event for event in events]
    text = (
        json.dumps({"schema": 1, "events": own}) if kind == "yaml" else "\n".join(map(json.dumps, own)) + "\n"
    )
    (folder / name).write_text(text, encoding="utf-8")
    found = load(folder, drafts=True, lock="update", lint=True).findings
    assert all(item.severity == "warning" for item in found)
    return [(item.code, item.message) for item in found if item.code not in COMMON]


def codes(found: list[tuple[str, str]]) -> list[str]:
    return [code for code, _ in found]


AT = {"lon": 27.5667, "lat": 53.9023, "precision": "exact", "method": "geolocated"}
CLAIM = {"by": "A witness", "stance": "asserts"}
SIGNED = {"value": "confirmed", "by": "desk", "basis": "seen"}
# Latin, but for one letter each: Cyrillic e and o, Greek omicron.
MIXED = ("R\u0435uters says", "L\u043endon", "R\u03bfme")

CASES: list[tuple[dict[str, Any], str]] = [
    ({"where": AT | {"method": "analyst"}}, "coarser-than-drawn"),
    ({"where": AT | {"method": "inferred"}}, "coarser-than-drawn"),
    ({"where": AT | {"lon": 27.5, "lat": 53.9}}, "coarser-than-drawn"),
    ({"where": AT | {"lon": 27.57, "lat": 53, "precision": "exact"}}, "coarser-than-drawn"),
    ({"where": AT | {"lon": 27.5, "lat": 53.9, "precision": "place", "radius_m": 50}}, "coarser-than-drawn"),
    ({"title": MIXED[0]}, "mixed-scripts"),
    ({"summary": MIXED[1]}, "mixed-scripts"),
    ({"tags": [MIXED[2]]}, "mixed-scripts"),
    ({"actors": [{"name": MIXED[0]}]}, "mixed-scripts"),
    ({"where": AT | {"name": MIXED[1]}}, "mixed-scripts"),
    ({"where": AT | {"name": "a\u200bb"}}, "hidden-character"),
    ({"tags": ["a\u202eb"]}, "hidden-character"),
    ({"actors": [{"name": "a\ufeffb"}]}, "hidden-character"),
    ({"title": "a\u200bb"}, "hidden-character"),
    ({"status": "corroborated"}, "single-origin"),
]
ONLY_RECORDS: list[tuple[dict[str, Any], str]] = [
    ({"claims": [CLAIM | {"by": "Unknown"}]}, "claim-by-nobody"),
    ({"claims": [CLAIM | {"by": "Sources"}]}, "claim-by-nobody"),
    ({"claims": [CLAIM | {"by": "unnamed media reports"}]}, "claim-by-nobody"),
    ({"claims": [CLAIM | {"by": "источники"}]}, "claim-by-nobody"),
    ({"claims": [CLAIM | {"by": " - "}]}, "claim-by-nobody"),
    ({"claims": [CLAIM | {"text": MIXED[0]}]}, "mixed-scripts"),
    ({"claims": [CLAIM | {"quote": "a\u2066b"}]}, "hidden-character"),
    ({"evidence": [{"source": "wire", "start": 0, "end": 3, "quote": "a\u200eb"}]}, "hidden-character"),
    ({"media": [{"url": "https://reuters.com@evil.example/1"}]}, "deceptive-url"),
    ({"status": SIGNED}, "single-origin"),
]
IN_ORDER: list[dict[str, Any]] = [
    {},
    {"where": AT},
    {"where": AT | {"lon": 27.5, "precision": "exact"}},
    {"where": AT | {"precision": "place", "method": "analyst", "radius_m": 500}},
    {"title": "Су-35S and Ка-52 over Brześć; Łódź, Žabinka, Ґанок, Ελλάδα, 5 µm"},
    {"summary": "Удар по Рейтерс (Reuters), e\u0301te\u0301"},
    {"tags": ["Ё", "naïve"]},
]


@pytest.mark.parametrize("kind", ["yaml", "columns"])
@pytest.mark.parametrize(("event", "code"), CASES)
def test_what_is_odd_is_found_of_records_and_in_columns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, event: dict[str, Any], code: str, kind: str
) -> None:
    monkeypatch.setattr(formats, "MANY_BYTES", 0)
    assert codes(findings(tmp_path, event, kind=kind)) == [code]


@pytest.mark.parametrize(("event", "code"), ONLY_RECORDS)
def test_what_is_odd_is_found_of_records(tmp_path: Path, event: dict[str, Any], code: str) -> None:
    assert codes(findings(tmp_path, event)) == [code]


@pytest.mark.parametrize("kind", ["yaml", "columns"])
def test_what_is_in_order_is_not_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setattr(formats, "MANY_BYTES", 0)
    own = [
        event | {"id": f"e{number}", "when": f"2021-11-0{number + 1}"}
        for number, event in enumerate(IN_ORDER)
    ]
    claimed = {
        "id": "claimed",
        "when": "2021-10-01",
        "claims": [CLAIM | {"by": "White House official (not named)"}],
    }
    assert findings(tmp_path, *own, *([claimed] if kind == "yaml" else []), kind=kind) == []


@pytest.mark.parametrize("kind", ["yaml", "columns"])
@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ({"publisher": "Wire"}, []),
        ({"publisher": "not stated", "file": "seed.md"}, ["claim-missing"]),
        ({"publisher": "not stated", "author": "A. Writer", "title": "B"}, []),
        ({"url": "https://example.org/a"}, ["claim-missing"]),
        ({}, ["claim-missing", "bare-source"]),
        ({"publisher": "R\u0435uters"}, ["mixed-scripts"]),
        ({"publisher": "Reu\u200bters"}, ["hidden-character"]),
        ({"publisher": "W", "url": "https://\u0430\u0440\u0440\u04cf\u0435.com/"}, ["deceptive-url"]),
        ({"publisher": "W", "url": "https://xn--80ak6aa92e.com/"}, ["deceptive-url"]),
    ],
)
def test_sources_are_looked_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: dict[str, Any], expected: list[str], kind: str
) -> None:
    monkeypatch.setattr(formats, "MANY_BYTES", 0)
    sources = {"wire": source | {"published": "2021-11-13"}, "unused": {}}
    other = {"id": "other", "title": "Another thing", "when": "2021-11-10"}
    found = codes(findings(tmp_path, {}, other, kind=kind, sources=sources))
    # Each event that nobody stands behind, and the source once.
    assert found == [code for code in expected for _ in range(2 if code == "claim-missing" else 1)]


def test_declared_actors_are_looked_at_where_they_are_first_named(tmp_path: Path) -> None:
    actors = {"mod": {"name": "Mini\u0441try"}, "unused": {"name": "\u0430b"}}
    event = {"claims": [CLAIM | {"by": "mod"}]}
    assert findings(tmp_path, event, actors=actors) == [
        ("mixed-scripts", "actor mod: name holds a word of two scripts: U+0069 latin small letter i beside U+0441 "
         "cyrillic small letter es; type it anew in one script")
    ]  # fmt: skip


def test_a_status_with_two_origins_may_be_set(tmp_path: Path) -> None:
    sources = {"wire": WIRE, "post": WIRE | {"publisher": "Post"}, "copy": WIRE | {"derived_from": "wire"}}
    assert findings(tmp_path, {"sources": ["wire", "post"], "status": SIGNED}, sources=sources) == []
    assert codes(findings(tmp_path, {"sources": ["wire", "copy"], "status": SIGNED}, sources=sources)) == [
        "single-origin"
    ]


def test_swapped_coordinates_are_an_error_with_the_next_step(geomap: Any, tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text("schema: 1\ntitle: A\nevents: [events.yaml]\n", encoding="utf-8")
    text = "schema: 1\nsources: {wire: {publisher: W, published: 2021-11-13}}\nevents:\n"
    where = "{lon: 53.9, lat: 27.57, country: BY, precision: place, method: given}"
    text += f"- {{id: a, type: strike, title: A, when: 2021-11-12, where: {where}, sources: [wire]}}\n"
    (tmp_path / "events.yaml").write_text(text, encoding="utf-8")
    ended = geomap("check", tmp_path)
    assert ended.code == 1
    assert "is not in BY, but would be the other way round: are they swapped?" in ended.out


# Deceptive texts


@pytest.mark.parametrize(
    ("url", "is_odd"),
    [
        ("", False),
        ("https://example.org/a?b=c@d", False),
        ("https://user:pass@example.org/", True),
        ("https://президент.рф/", False),
        ("https://xn--d1abbgf6aiiy.xn--p1ai/", False),  # президент.рф
        ("https://bücher.example/", False),
        ("https://xn--bcher-kva.example/", False),
        ("https://g\u043e\u043egle.example/", True),
        ("https://xn--!!.example/", False),
        ("https://[::1/", True),
        ("javascript:alert(1)", False),
    ],
)
def test_an_address_that_pretends_is_told(url: str, is_odd: bool) -> None:
    assert bool(url_text("url", url)) is is_odd


@pytest.mark.parametrize("text", MIXED)
def test_no_message_repeats_the_text(text: str) -> None:
    said = mixed_text("title", text)
    assert "title holds a word of two scripts: U+" in said
    assert text.split()[0] not in said
    assert mixed_text("title", text.encode("ascii", "ignore").decode()) == ""
    assert hidden_text("title", text) == ""


# Duplicates


def pair(**other: Any) -> list[dict[str, Any]]:
    one = {"title": "Missiles hit a power station in Kyiv", "type": "strike", "where": "Kyiv"}
    return [
        one | {"id": "one"},
        one | {"title": "Power station in Kyiv hit by missiles", "id": "two"} | other,
    ]


@pytest.mark.parametrize("kind", ["yaml", "columns"])
@pytest.mark.parametrize(
    ("other", "is_found"),
    [
        ({}, True),
        ({"when": "2021-11-11"}, False),
        ({"where": "Minsk"}, False),
        ({"type": "statement"}, False),
        ({"title": "Drone shot down over the river"}, False),
    ],
)
def test_two_events_that_look_like_one_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other: dict[str, Any], is_found: bool, kind: str
) -> None:
    monkeypatch.setattr(formats, "MANY_BYTES", 0)
    found = findings(tmp_path, *pair(**other), kind=kind)
    assert codes(found) == (["possible-duplicate"] if is_found else [])
    if is_found:
        assert found[0][1].startswith(
            "two may be one again (both are strike, both 12 November 2021, both at Kyiv"
        )


def test_duplicates_across_files_and_those_that_say_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = pair()
    assert findings(tmp_path, one, two | {"relations": [{"type": "same_as", "event": "one"}]}) == []
    monkeypatch.setattr(formats, "MANY_BYTES", 0)
    (tmp_path / "more.jsonl").write_text(json.dumps(EVENT | two) + "\n", encoding="utf-8")
    found = findings(tmp_path, one, events=["events.yaml", "more.jsonl"])
    assert codes(found) == ["possible-duplicate"]


def test_what_is_not_compared_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duplicates, "MOST_PAIRS", 3)
    events = [
        {"id": f"e{number}", "title": f"{word}s {word}ed", "type": "strike", "where": "Kyiv"}
        for number, word in enumerate(("alpha", "bravo", "gamma", "delta"))
    ]
    (found,) = findings(tmp_path, *events)
    assert found[0] == "possible-duplicate"
    assert "3 more were not; check them in parts" in found[1]


def test_many_events_of_one_day_and_place_are_compared_in_linear_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formats, "MANY_BYTES", 0)
    events = [
        {"id": f"e{number}", "title": f"word{number} thing{number} other{number}", "where": "Kyiv"}
        for number in range(2_000)
    ]
    started = time.perf_counter()
    assert findings(tmp_path, *events, kind="columns") == []
    # 20,000 pairs of 2 million.
    assert time.perf_counter() - started < 30
