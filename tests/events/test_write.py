"""Events written as YAML: they read back to the same records, and nothing in a text breaks out of its place."""

import string
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from geomap.events.write import WIDTH, NotedEvent, events_yaml, plain_event
from geomap.model.records import Actor, EventRecord, EventsFile, Source
from geomap.yamlfile import parse_yaml

HOSTILE = [
    "yes", "NO", "null", "~", "", " ", "012", "1e5", "1.", ".5", "0x1F", "1_000", "12:30:45", "2021-11-12", "2021",
    "=", "<<", "- item", "-", "? key", "a: b", "a:", "a #b", "#b", "# x", "{{ 7*7 }}", "{% raw %}", "[a", "a, b",
    "&anchor x", "*alias", "!tag x", "|", ">", "%TAG", "@a", "`a", "'", '"', "\\", "\\u0041", "a'b\"c", "---", "...",
    "\\U0001F6E9", "\\\\U0001F6E9\n🛩️\\🛩️", "\\" * 99 + "U0001F6E9\n",
    "\t", "a\tb", "one\ntwo", "one\r\ntwo", "\n", "a\n\n\nb", " lead", "trail ", "a  b", "\x07\x1b[31m", "\x00", "\x7f",
    "\x85", "\u2028", "\u202egnp.exe", "\u200f", "\ufeff", "\uffff", "\ufffe", "🛩️ ok", "🛩️\n🛩️", "e\u0301",
    "Минск: «да»", "日本", "\xa0", "x" * 300, "word " * 80, "a" + " " * 200 + "b", "\u202e" * 130,
]  # fmt: skip


def event(**more: Any) -> EventRecord:
    return EventRecord.model_validate(
        {"id": "e", "type": "exercise", "title": "A drill", "sources": ["s"], "workflow": "draft"} | more
    )


def written(*events: EventRecord | NotedEvent, **more: Any) -> str:
    noted = [NotedEvent(record=one) if isinstance(one, EventRecord) else one for one in events]
    return events_yaml(noted, **{"sources": {"s": Source()}} | more)


def read(text: str) -> EventsFile:
    return parse_yaml(text, Path("events.yaml")).parse(EventsFile)


def test_an_event_is_written_as_people_write_it() -> None:
    drill = event(
        id="drill",
        when={"edtf": "../2021-11-12", "basis": "relative_to_publication", "text": "this week"},
        where=[{"place": "Grodno Region", "country": "BY"}, {"border": ["BY", "PL"], "role": "purpose"}],
        actors=[{"name": "Belarus", "role": "host", "country": "BY"}],
        quantities=[{"measure": "personnel", "low": 100.0, "best": 250.5}],
        equipment=[{"name": "Il-76", "class": "aircraft", "count": 2}],
        claims=[
            {"by": "Minsk", "stance": "asserts", "when": "2021-11-11", "source": "s", "text": "so: it was"}
        ],
        evidence=[
            {"source": "s", "start": 3, "end": 9, "quote": "jumped", "field": "type", "method": "rule"}
        ],
        codes={"cameo": "15"},
    )
    noted = NotedEvent(record=drill, above=("They jumped.",), beside={1: "may be another border"})
    assert (
        written(noted, sources={"s": Source(publisher="Example Wire")}, head=["Drafts."])
        == """\
# Drafts.
schema: 1

sources:
  s:
    publisher: Example Wire
    kind: other

events:
  # They jumped.
  - id: drill
    type: exercise
    title: A drill
    when: {edtf: ../2021-11-12, basis: relative_to_publication, text: this week}
    where:
      - {place: Grodno Region, country: BY}
      - {border: [BY, PL], role: purpose}
      # may be another border
    actors:
      - {name: Belarus, role: host, country: BY}
    quantities:
      - {measure: personnel, low: 100, best: 250.5}
    equipment:
      - {name: Il-76, class: aircraft, count: 2}
    claims:
      - {by: Minsk, stance: asserts, text: 'so: it was', when: 2021-11-11, source: s}
    sources: [s]
    evidence:
      - {source: s, start: 3, end: 9, quote: jumped, field: type, method: rule}
    codes: {cameo: '15'}
    workflow: draft
"""
    )


@pytest.mark.parametrize(
    ("given_where", "as_written"),
    [
        ("none", "none"),
        ("unknown", "unknown"),
        ("Minsk", "Minsk"),
        ({"place": "none"}, {"place": "none"}),
        ({"place": "Minsk", "country": "BY"}, {"place": "Minsk", "country": "BY"}),
        ({"near": {"place": "Minsk"}, "within_km": 5.0}, {"near": "Minsk", "within_km": 5}),
        (
            {"from": {"place": "Minsk", "country": "BY"}, "bearing": 90, "distance_km": 2.5},
            {"from": {"place": "Minsk", "country": "BY"}, "bearing": 90, "distance_km": 2.5},
        ),
        (["Minsk", {"country": "PL", "role": "origin"}], ["Minsk", {"country": "PL", "role": "origin"}]),
    ],
)
def test_places_take_their_short_form(given_where: Any, as_written: Any) -> None:
    assert plain_event(event(where=given_where))["where"] == as_written


@pytest.mark.parametrize(
    ("given_when", "as_written"),
    [
        ("2021-11-12", "2021-11-12"),
        ("[2022-10-03..2022-10-09]", "[2022-10-03..2022-10-09]"),
        (
            {"edtf": "2021-11", "text": "that month"},
            {"edtf": "2021-11", "basis": "stated", "text": "that month"},
        ),
        ({"edtf": "2021-11", "precision": "year"}, {"edtf": "2021-11", "precision": "year"}),
        ({"text": "some time ago"}, {"basis": "unknown", "text": "some time ago"}),
    ],
)
def test_times_are_edtf_where_nothing_more_is_known(given_when: Any, as_written: Any) -> None:
    assert plain_event(event(when=given_when)).get("when") == as_written


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_read_back_as_it_was(text: str) -> None:
    hostile = event(
        title=text or "x",
        summary=text,
        where={"name": text or "x", "country": "BY"},
        actors=[{"name": text or "x"}],
        claims=[{"by": text or "x", "stance": "denies", "value": text, "quote": text}],
        codes={"acled": text},
        tags=[text or "x"],
    )
    noted = NotedEvent(record=hostile, above=(text, f"Before {text} after"), beside={0: text})
    whole = written(noted, event(id="next"), source_notes={"s": [text]}, head=[text])
    assert read(whole).events == (hostile, event(id="next"))
    # Other readers, which follow YAML 1.1, take it for the same texts.
    other = yaml.safe_load(whole)["events"][0]
    assert (other["title"], other["actors"][0]["name"]) == (
        hostile.title,
        hostile.actors[0].name,
    ) or text in (
        "2021-11-12",
        "1e5",
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_a_remark_ends_its_comment(text: str) -> None:
    noted = NotedEvent(record=event(), above=(text,), beside={0: text})
    plain = {line for line in written(event()).split("\n") if line}
    more = {line for line in written(noted, head=[text]).split("\n") if line} - plain
    assert all(line.lstrip(" ").startswith("# ") and len(line) <= WIDTH for line in more)
    assert all(ord(letter) > 31 and not 0x202A <= ord(letter) <= 0x202E for line in more for letter in line)


def test_marks_that_turn_the_writing_are_escaped() -> None:
    whole = written(event(title="safe \u202e evil: \u2066x\u2069"))
    assert not {"\u202e", "\u2066", "\u2069"} & set(whole)
    assert r"\u202e" in whole


def test_half_surrogate_pairs_are_replaced() -> None:
    whole = written(NotedEvent(record=event(summary="a\ud83d b"), above=("c\udfff",)))
    assert read(whole).events[0].summary == "a\ufffd b"
    assert whole.encode()
    assert "# c\ufffd" in whole


def test_only_what_needs_quotes_has_them() -> None:
    texts = ["Minsk", "Kuźnica", "don't", "15–20", "U.S.", "half (of it)", "a, b", "BY", "R-330Zh"]
    for text in texts:
        assert f"title: {text}\n" in written(event(title=text))
    for text in ("NO", "yes", "012", "a: b", "15", "1e5"):
        assert f"title: '{text}'\n" in written(event(title=text))


def test_a_long_remark_is_cut() -> None:
    whole = written(NotedEvent(record=event(), above=("word " * 100_000, "x" * 500_000)))
    assert len(whole) < 10_000


# Any records

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40) | st.sampled_from(
    [text for text in HOSTILE if text]
)
SLUG = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=12)
NUMBER = st.floats(-1e12, 1e12, allow_nan=False) | st.integers(0, 10**6).map(float)
OFFSET = st.integers(0, 10**9)
EDTF = st.sampled_from(
    [
        "2021-11-12",
        "2021-11",
        "2021",
        "2021-21",
        "../2024-08-12",
        "2024-08-06~/..",
        "[2022-10-03..2022-10-09]",
        "201X",
    ]
)
BASIS = st.sampled_from(["stated", "relative_to_publication", "inferred", "unknown"])
WHEN = EDTF | st.fixed_dictionaries({"edtf": EDTF}, optional={"basis": BASIS, "text": ANY_TEXT})
ROLE = st.sampled_from(["site", "origin", "target", "mentioned"])
ANCHOR = ANY_TEXT | st.fixed_dictionaries({"place": ANY_TEXT, "country": st.sampled_from(["BY", "NO"])})
PLACE = st.one_of(
    ANY_TEXT.filter(lambda text: text not in ("none", "unknown")),
    st.fixed_dictionaries({"place": ANY_TEXT}, optional={"country": st.just("NO"), "role": ROLE}),
    st.fixed_dictionaries({"country": st.just("NO"), "name": ANY_TEXT}, optional={"role": ROLE}),
    st.fixed_dictionaries({"near": ANCHOR}, optional={"within_km": st.floats(0.1, 500)}),
    st.fixed_dictionaries(
        {"border": st.just(["BY", "NO"])}, optional={"near": ANCHOR, "side": st.just("NO")}
    ),
    st.fixed_dictionaries({"from": ANCHOR, "bearing": st.floats(0, 360), "distance_km": st.floats(0.5, 90)}),
    st.fixed_dictionaries({"over": ANY_TEXT, "role": ROLE}),
    st.fixed_dictionaries({"lon": st.floats(-180, 180), "lat": st.floats(-90, 90)}),
)
EVENT = st.fixed_dictionaries(
    {"id": SLUG, "type": st.sampled_from(["exercise", "strike/missile"]), "title": ANY_TEXT, "sources": st.just(["s"])},
    optional={
        "summary": ANY_TEXT,
        "modality": st.sampled_from(["occurred", "ongoing"]),
        "status": st.just("denied") | st.fixed_dictionaries(
            {"value": st.just("confirmed"), "by": ANY_TEXT, "basis": ANY_TEXT}
        ),
        "when": WHEN,
        "where": st.sampled_from(["none", "unknown"]) | PLACE | st.lists(PLACE, min_size=1, max_size=3),
        "actors": st.lists(st.fixed_dictionaries({"name": ANY_TEXT}, optional={"country": st.just("NO")}), max_size=3),
        "quantities": st.lists(st.fixed_dictionaries({"measure": ANY_TEXT, "best": NUMBER}), max_size=2),
        "equipment": st.lists(st.fixed_dictionaries({"name": ANY_TEXT, "class": ANY_TEXT}), max_size=2),
        "claims": st.lists(
            st.fixed_dictionaries(
                {"by": ANY_TEXT, "stance": st.just("denies")},
                optional={"value": ANY_TEXT | NUMBER, "quote": ANY_TEXT, "when": WHEN, "source": st.just("s")},
            ),
            max_size=2,
        ),
        "evidence": st.lists(
            st.fixed_dictionaries(
                {"source": st.just("s"), "start": OFFSET, "end": OFFSET, "quote": ANY_TEXT},
                optional={"confidence": st.floats(0, 1), "method": st.sampled_from(["rule", "model"])},
            ),
            max_size=3,
        ),
        "relations": st.just([{"type": "related", "event": "other"}]),
        "tags": st.lists(ANY_TEXT, max_size=3),
        "workflow": st.sampled_from(["draft", "reviewed"]),
        "codes": st.dictionaries(SLUG, ANY_TEXT, max_size=2),
    },
)  # fmt: skip


@given(st.lists(EVENT, max_size=3), st.lists(ANY_TEXT, max_size=2))
@example([{"id": "e", "type": "exercise", "title": "a", "sources": ["s"], "codes": {"a": "\x85 \u2028"}}], [])
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_any_events_read_back_to_the_same_records(written_events: list[Any], remarks: list[str]) -> None:
    events = EventsFile.model_validate({"schema": 1, "events": written_events}).events
    sources = {"s": Source(title=remarks[0] if remarks else "")}
    actors = {"a": Actor(name=remarks[-1])} if remarks else {}
    noted = [NotedEvent(record=one, above=tuple(remarks), beside=dict(enumerate(remarks))) for one in events]
    whole = events_yaml(noted, sources=sources, actors=actors, head=remarks)
    again = read(whole)
    assert again.events == events
    assert (again.sources, again.actors) == (sources, actors)
    assert events_yaml(noted, sources=sources, actors=actors, head=remarks) == whole
