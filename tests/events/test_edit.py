"""Edits of events files: what is edited reads as it should, everything else is byte for byte as it was."""

import copy
import json
import random
import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geomap.errors import ConfigError, YamlEditError
from geomap.events.edit import REMOVED, Edit, edited_yaml
from geomap.yamlfile import parse_yaml

PATH = Path("events.yaml")
MAPS = sorted((Path(__file__).parents[2] / "maps").glob("*/events.yaml"))

FILE = """\
# Of people, for people.
schema: 1

sources:
  # A wire.
  wire: {kind: agency,   language: "en"}  # aligned

events:
  # The first one.
  # In two lines.
  - id: drill
    type: exercise
    title: "A drill"  # their word
    summary: >-
      It went on
      for a week.

    when: {edtf: "2021-11-12", text: 'this week'}
    where:
      - {place: Grodno, country: BY}  # a city
      # a purpose, no place
      - border: [BY, PL]
        role: purpose
      # may be another border
    tags: [one, two]
    note:

  # Of its own, in the middle.

  - {id: march, title: A march, when: 2021}

  # The last.
  - id: strike
    title: 'It''s a
      strike'
    sources:
    - wire
    # by hand
    - other
"""


def edited(text: str, *edits: tuple[tuple[str | int, ...], Any]) -> str:
    return edited_yaml(text, [Edit(path, value) for path, value in edits], PATH)


def changed(text: str, *edits: tuple[tuple[str | int, ...], Any]) -> tuple[list[str], list[str]]:
    """The lines that went and those that came, as a diff shows them."""
    before, after = text.split("\n"), edited(text, *edits).split("\n")
    head = next((n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), None)
    if head is None:
        head = min(len(before), len(after))
    tail = 0
    while tail < min(len(before), len(after)) - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    return before[head : len(before) - tail], after[head : len(after) - tail]


CASES: dict[str, tuple[tuple[tuple[str | int, ...], Any], list[str], list[str]]] = {
    "a scalar keeps its comment": (
        (("events", 0, "title"), "Two drills: large"),
        ['    title: "A drill"  # their word'],
        ["    title: 'Two drills: large'  # their word"],
    ),
    "a block scalar": (
        (("events", 0, "summary"), "Short."),
        ["    summary: >-", "      It went on", "      for a week."],
        ["    summary: Short."],
    ),
    "a quoted text of two lines": (
        (("events", 2, "title"), "No strike"),
        ["    title: 'It''s a", "      strike'"],
        ["    title: No strike"],
    ),
    "a part of braces": (
        (("events", 0, "when", "text"), "a, {b}"),
        ["    when: {edtf: \"2021-11-12\", text: 'this week'}"],
        ["    when: {edtf: \"2021-11-12\", text: 'a, {b}'}"],
    ),
    "braces by a scalar": (
        (("events", 0, "when"), "2021-11"),
        ["    when: {edtf: \"2021-11-12\", text: 'this week'}"],
        ["    when: 2021-11"],
    ),
    "a list by a scalar": (
        (("events", 0, "where"), "Minsk"),
        [
            "    where:",
            "      - {place: Grodno, country: BY}  # a city",
            "      # a purpose, no place",
            "      - border: [BY, PL]",
            "        role: purpose",
        ],
        ["    where: Minsk"],
    ),
    "a scalar by a list": (
        (("events", 0, "title"), [{"a": 1}, {"b": 2}]),
        ['    title: "A drill"  # their word'],
        ["    title:  # their word", "      - {a: 1}", "      - {b: 2}"],
    ),
    "an item": (
        (("events", 0, "where", 0), {"place": "Lida", "country": "BY"}),
        ["      - {place: Grodno, country: BY}  # a city"],
        ["      - {place: Lida, country: BY}  # a city"],
    ),
    "an item of several lines": (
        (("events", 0, "where", 1), "Minsk"),
        ["      - border: [BY, PL]", "        role: purpose"],
        ["      - Minsk"],
    ),
    "nothing by something": (
        (("events", 0, "note"), {"text": "so: it is"}),
        ["    note:"],
        ["    note: {text: 'so: it is'}"],
    ),
    "an item that is gone": (
        (("events", 0, "where", 0), REMOVED),
        ["      - {place: Grodno, country: BY}  # a city"],
        [],
    ),
    "a last item goes with its comments": (
        (("events", 0, "where", 1), REMOVED),
        [
            "      # a purpose, no place",
            "      - border: [BY, PL]",
            "        role: purpose",
            "      # may be another border",
        ],
        [],
    ),
    "a list under its very key": (
        (("events", 2, "sources", 1), REMOVED),
        ["    # by hand", "    - other"],
        [],
    ),
    "a key": (
        (("events", 0, "type"), REMOVED),
        ["    type: exercise"],
        [],
    ),
    "the key beside a dash": (
        (("events", 0, "where", 1, "border"), REMOVED),
        ["      - border: [BY, PL]", "        role: purpose"],
        ["      - role: purpose"],
    ),
    "a key in braces": (
        (("events", 1, "title"), REMOVED),
        ["  - {id: march, title: A march, when: 2021}"],
        ["  - {id: march, when: 2021}"],
    ),
    "the last key in braces": (
        (("events", 1, "when"), REMOVED),
        ["  - {id: march, title: A march, when: 2021}"],
        ["  - {id: march, title: A march}"],
    ),
    "all of a list": (
        (("events", 2, "sources"), []),
        ["    sources:", "    - wire", "    # by hand", "    - other"],
        ["    sources: []"],
    ),
    "a new key of an event has its place": (
        (("events", 0, "modality"), "occurred"),
        [],
        ["    modality: occurred"],
    ),
    "a new key comes after remarks on the one before": (
        (("events", 0, "actors"), [{"name": "Belarus", "role": "host"}]),
        [],
        ["    actors:", "      - {name: Belarus, role: host}"],
    ),
    "a new key in braces": (
        (("events", 1, "where"), ["Minsk", "a, b"]),
        ["  - {id: march, title: A march, when: 2021}"],
        ["  - {id: march, title: A march, when: 2021, where: [Minsk, 'a, b']}"],
    ),
    "a new item in brackets": (
        (("events", 0, "tags", 2), "null"),
        ["    tags: [one, two]"],
        ["    tags: [one, two, 'null']"],
    ),
    "a new item": (
        (("events", 0, "where", 2), {"country": "PL"}),
        [],
        ["      - country: PL"],
    ),
    "a new event": (
        (("events", 3), {"id": "new", "where": [{"country": "BY"}, {"country": "PL"}]}),
        [],
        ["  - id: new", "    where:", "      - {country: BY}", "      - {country: PL}", ""],
    ),
    "an event goes with its comments": (
        (("events", 2), REMOVED),
        [
            "  # The last.",
            "  - id: strike",
            "    title: 'It''s a",
            "      strike'",
            "    sources:",
            "    - wire",
            "    # by hand",
            "    - other",
            "",
        ],
        [],
    ),
    "a new source": (
        (("sources", "b"), {"kind": "blog"}),
        [],
        ["  b: {kind: blog}"],
    ),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("head", ["", "\ufeff", "# 🛩️ Минск\n"])
def test_an_edit_changes_its_own_lines_only(name: str, line_end: str, head: str) -> None:
    edit, went, came = CASES[name]
    text = head + FILE
    assert changed(text, edit) == (went, came)
    assert edited(text.replace("\n", line_end), edit) == edited(text, edit).replace("\n", line_end)


@pytest.mark.parametrize(
    ("before", "edits", "after"),
    [
        ("a: [1]", [(("a", 0), REMOVED)], "a: []"),
        ("a:\n  - 1\n  - 2\n", [(("a", 0), REMOVED), (("a", 1), REMOVED)], "a: []\n"),
        ("a: # c\n# d\n\n# e\n- 1\n# f\nb: 2\n", [(("a", 0), REMOVED)], "a: [] # c\n# d\n\n# f\nb: 2\n"),
        ("a: {b: 1}\n", [(("a", "b"), REMOVED)], "a: {}\n"),
        ("a: 1\n", [(("a",), REMOVED)], "{}\n"),
        ("# c\na: 1 # d\n", [(("a",), REMOVED)], "# c\n{} # d\n"),
        ("a:\n- 1\n- 2\n- 3\n- 4\n", [(("a", 1), REMOVED), (("a", 2), REMOVED)], "a:\n- 1\n- 4\n"),
        ("a: [1, 2, 3, 4]\n", [(("a", 0), REMOVED), (("a", 3), REMOVED)], "a: [2, 3]\n"),
        ("a: [1, 2, ]\n", [(("a", 1), REMOVED)], "a: [1, ]\n"),
        ("a: [1, 2, ]\n", [(("a", 2), 3)], "a: [1, 2, 3, ]\n"),
        ("a: [1]\n", [(("a", 0), REMOVED), (("a", 1), "x")], "a: [x]\n"),
        ("a: [\n  1,\n  2 # c\n]\n", [(("a", 1), REMOVED), (("a", 2), 3)], "a: [\n  1,\n  3 # c\n]\n"),
        ("a: []\n", [(("a", 0), {"b": "x" * 99})], f"a:\n  - b: {'x' * 99}\n"),
        ("a: [1]\n", [(("a", 2), 3), (("a", 1), 2)], "a: [1, 2, 3]\n"),
        ("a:\n- 1", [(("a", 1), 2)], "a:\n- 1\n- 2"),
        ("a:\n- 1\n\n- 2\n", [(("a", 2), 3)], "a:\n- 1\n\n- 2\n\n- 3\n"),
        ("a: 1", [(("b",), 2), (("a",), 3)], "a: 3\nb: 2"),
        ("a:", [(("b",), 2), (("a",), 3)], "a: 3\nb: 2"),
        ("a: # c\nb:\n", [(("a",), 1), (("b",), [{"c": 1}])], "a: 1 # c\nb:\n  - {c: 1}\n"),
        ("a:\n  -\n  - # c\n", [(("a", 0), 1), (("a", 1), "x")], "a:\n  - 1\n  - x # c\n"),
        ("a:\n  b: 1\n", [(("a", "c"), 2), (("d",), 3)], "a:\n  b: 1\n  c: 2\nd: 3\n"),
        ("a: # c\n  # d\n  b: 1 # e\n", [(("a",), "x")], "a: x # c\n"),
        ("a: # c\n  # d\n  x # e\n", [(("a",), "y")], "a: # c\n  # d\n  y # e\n"),
        ("a: x # e\n", [(("a",), [{"b": 1}])], "a: # e\n  - {b: 1}\n"),
        ("a: >- # c\n  x\n\n# d\n", [(("a",), 1)], "a: 1 # c\n\n# d\n"),
        ("a: |+\n  x\n\nb: 1\n", [(("b",), REMOVED)], "a: |+\n  x\n\n"),
        ("a: |\n  x\n\n\nb: 1\n", [(("c",), 2)], "a: |\n  x\n\n\nb: 1\nc: 2\n"),
        ("a:\n- b: 1\n  # c\n  d: 2\n", [(("a", 0, "b"), REMOVED)], "a:\n-\n  # c\n  d: 2\n"),
        ("a:\n- - 1\n  - 2\n", [(("a", 0, 0), REMOVED)], "a:\n- - 2\n"),
        ("a:\n- - 1\n", [(("a", 0, 0), REMOVED)], "a:\n- []\n"),
        ("a:\n-   b: 1\n    c: 2\n", [(("a", 0), {"b": 3})], "a:\n- b: 3\n"),
        ("a: {b, c: , d: 1}\n", [(("a", "b"), 2), (("a", "c"), 3)], "a: {b: 2, c: 3 , d: 1}\n"),
        ('a: {"b":1}\n', [(("a", "b"), "x")], 'a: {"b": x}\n'),
        ("a: [b: 1, c]\n", [(("a", 0, "b"), 2)], "a: [b: 2, c]\n"),
        ("a: [\n  1, # one\n  2 # two\n]\n", [(("a", 2), 3)], "a: [\n  1, # one\n  2, # two\n  3\n]\n"),
        ("a: [\n  1, # one\n  2 # two\n]\n", [(("a", 1), REMOVED)], "a: [\n  1 # one\n]\n"),
        ("a: [\n  1, # one\n  2 # two\n]\n", [(("a", 0), REMOVED)], "a: [\n  2 # two\n]\n"),
        ("a: {b: 1,\n  c: 2}\n", [(("a", "d"), 3)], "a: {b: 1,\n  c: 2,\n  d: 3}\n"),
        ("a: {b: 1,\n  c: 2}\n", [(("a", "c"), REMOVED)], "a: {b: 1}\n"),
        ("{a: 1}", [(("a",), "b, c"), (("d",), None)], "{a: 'b, c', d: null}"),
        ("---\na: 1\n...\n", [(("b",), 2)], "---\na: 1\nb: 2\n...\n"),
        ("'a b' : 1\n? c\n: 2\n", [(("a b",), 3), (("c",), 4)], "'a b' : 3\n? c\n: 4\n"),
        ("a: 1\rb: 2\r", [(("c",), 3)], "a: 1\rb: 2\rc: 3\r"),
        ("a:\tx\t# c\nb: ! 'y' # d\n", [(("a",), 1), (("b",), 2)], "a:\t1\t# c\nb: 2 # d\n"),
        ("a: 1\r\n", [(("b",), [{"c": 1}])], "a: 1\r\nb:\r\n  - {c: 1}\r\n"),
        ("a:\n- |-  # b\n  c\n", [(("a", 0), [{"d": 1}])], "a:\n- - {d: 1}  # b\n"),
        ("a:\n  |- # b\n  c\n", [(("a",), [{"d": 1}])], "a:\n  - {d: 1} # b\n"),
    ],
)  # fmt: skip
def test_every_style_can_be_edited(before: str, edits: Sequence[Any], after: str) -> None:
    assert edited(before, *edits) == after


def test_no_edit_changes_nothing() -> None:
    assert edited(FILE) == FILE


@pytest.mark.parametrize(
    "edits",
    [
        [Edit((), {})],
        [Edit(("events",), REMOVED), Edit(("events", 0, "title"), "x")],
        [Edit(("events", 0, "title"), "x"), Edit(("events",), REMOVED)],
        [Edit(("events", 0, "title"), "x"), Edit(("events", 0, "title"), "x")],
        [Edit(("events", 9), "x")],
        [Edit(("events", 4), "x")],
        [Edit(("events", -1), "x")],
        [Edit(("events", "0"), "x")],
        [Edit(("schema", "x"), 1)],
        [Edit(("schema", "x", "y"), 1)],
        [Edit(("none",), REMOVED)],
        [Edit(("none", 0), 1)],
        [Edit(("events", 3), REMOVED)],
    ],
)
def test_edits_that_overlap_or_lead_nowhere_are_slips_of_the_program(edits: list[Edit]) -> None:
    with pytest.raises(ValueError, match=r"overlap|no step|nothing stands|takes it for"):
        edited_yaml(FILE, edits, PATH)


@pytest.mark.parametrize("value", ["\ud83d", {1: 2}, {"a"}, float("nan"), 10**20, (1, 2), {"<<": 1}])
def test_what_no_yaml_of_ours_says_is_refused(value: Any) -> None:
    edits = [Edit(("schema",), 2), Edit(("events", 0, "title"), value), Edit(("events", 2, "title"), "x")]
    with pytest.raises(YamlEditError, match=r"^events.yaml:13:12: events\[0\].title cannot be edited"):
        edited_yaml(FILE, edits, PATH)


def test_what_is_not_understood_is_refused() -> None:
    with pytest.raises(YamlEditError, match=r"^events.yaml:4:1: a\[1\].c cannot .* by hand$"):
        edited("a:\n- [b: 1]\n- ? c\n- d: 1\n", (("a", 1, "c"), 2), (("a", 0, 0, "b"), 2))


def test_text_that_the_reader_refuses_is_not_edited() -> None:
    with pytest.raises(ConfigError, match="aliases"):
        edited("a: &x 1\nb: *x\n".replace("&x ", ""), (("a",), 2))


@pytest.mark.parametrize("path", MAPS, ids=lambda path: path.parent.name)
def test_each_value_of_a_real_file_can_be_edited_by_itself(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    file = parse_yaml(text, path)
    paths = [step for step in file.marks if len(step) > 1]
    rng = random.Random(7)
    for one in rng.sample(paths, 40):
        for value in ("new: #", REMOVED, [{"a": "b"}, {"c": "d"}]):
            edited_yaml(text, [Edit(one, value)], path)
    leaves = [one for one in paths if one[0] == "events" and len(one) == 3]
    whole = edited_yaml(text, [Edit(one, f"{number}: new") for number, one in enumerate(leaves)], path)
    assert whole.count(": new'") == len(leaves)


# Any file in any style

HOSTILE = [
    "", " ", " lead", "trail ", "- a: b", "#x", "a #b", "{", "}", "[", "]", ",", "a, b", "a: b", "a:", "?", "? a", "-",
    "null", "~", "yes", "NO", "1e5", "1.", ".5", "012", "0x1F", "1_000", "12:30", "2021", "2021-01-01", "<<", "=",
    "'", '"', "a'b", 'a"b', "\\", "\\U0001F6E9", "one\ntwo", "\n", "a\n\n\nb\n", "\ta", "\r\n", "|", ">", "&a", "*a",
    "!a", "%a", "@a", "`a", "---", "...", "🛩️", "🛩️\n🛩️", "Минск: «да»", "日本", "e\u0301", "\xa0", "\x07", "\x85",
    "\u2028", "\ufeff", "\u202e", "word " * 60, "x" * 200, "a" + " " * 150 + "b", "true", "{{ 7*7 }}", "a\n b\n  c",
]  # fmt: skip
TEXT = st.sampled_from(HOSTILE) | st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp", "Cn", "Co"]), max_size=12
)
KEY = st.sampled_from(["id", "title", "when", "where", "tags", "workflow", "codes"]) | TEXT.filter(
    lambda text: text != "<<"
)
SCALAR = st.one_of(
    TEXT, st.integers(-(10**6), 10**6), st.floats(-1e9, 1e9, allow_nan=False), st.booleans(), st.none()
)
VALUE = st.recursive(
    SCALAR, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEY, inner, max_size=3), max_leaves=6
)
EVENT = st.dictionaries(KEY, VALUE, min_size=1, max_size=5)
DATA = st.fixed_dictionaries(
    {"schema": st.just(1), "events": st.lists(EVENT, min_size=1, max_size=4)}, optional={"actors": VALUE}
)


REMARKS = ["  # beside", " #: {x}, - y", "# above", "#! apart"]


class Hand:
    """Writes plain values as people may: in any style, with comments and blank lines in any place."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng

    def maybe(self, share: float) -> bool:
        return self.rng.random() < share

    def scalar(self, value: Any, is_flow: bool) -> str:
        if not isinstance(value, str):
            return self.rng.choice(["null", "~"]) if value is None else json.dumps(value)
        plain = re.fullmatch(r"[A-Za-zА-я][A-Za-zА-я ]*[A-Za-zА-я]", value)
        if plain and value.lower() not in ("null", "true", "false") and self.maybe(0.7):
            return value
        if value.isprintable() and "\ufeff" not in value and self.maybe(0.5):
            return "'" + value.replace("'", "''") + "'"
        quoted = json.dumps(value, ensure_ascii=False)
        return re.sub("[\x7f-\xa0\u2028\u2029\u202e\ufeff]", lambda mark: f"\\u{ord(mark[0]):04x}", quoted)

    def comment(self) -> str:
        return self.rng.choice(["", "", "", "", *REMARKS[:2]])

    def flow(self, value: Any, margin: int | None) -> str:
        """A value in braces, over several lines if there is a margin."""
        if not isinstance(value, dict | list):
            return self.scalar(value, True)
        if isinstance(value, dict):
            parts = [f"{self.scalar(key, True)}: {self.flow(item, margin)}" for key, item in value.items()]
            opening, closing = "{", "}"
        else:
            parts = [self.flow(item, margin) for item in value]
            opening, closing = "[", "]"
        if margin is None or self.maybe(0.5):
            return opening + ", ".join(parts) + (", " if parts and self.maybe(0.1) else "") + closing
        edge = " " * margin
        lines = [
            f"{part}{',' if number + 1 < len(parts) or self.maybe(0.5) else ''}"
            for number, part in enumerate(parts)
        ]
        start = f"\n{edge}" if self.maybe(0.7) else ""
        return opening + start + "".join(f"{line}{self.comment()}\n{edge}" for line in lines) + closing

    def entry(self, prefix: str, value: Any, column: int) -> list[str]:
        """The lines of a key or item; `prefix` ends with its colon or dash."""
        is_item = prefix.endswith("-")
        if value is None and self.maybe(0.5):
            return [prefix + self.comment()]
        if isinstance(value, dict | list) and value and self.maybe(0.7):
            shift = self.rng.choice([2, 2, 2, 4, 1])
            if isinstance(value, list) and not is_item and self.maybe(0.3):
                shift = 0
            lines = self.block(value, column + shift)
            if is_item and not lines[0].lstrip(" ").startswith("#") and shift > 1 and self.maybe(0.8):
                return [prefix + lines[0][column + 1 :], *lines[1:]]
            return [prefix + self.comment(), *lines]
        if (
            isinstance(value, str)
            and re.fullmatch(r"\S[^\x00-\x09\x0b-\x1f\x7f-\xa0\u2028-\u202e\ufeff]*\S", value)
            and self.maybe(0.5)
        ):
            edge = " " * (column + 2)
            body = [edge + line if line else "" for line in value.split("\n")]
            return [f"{prefix} |-{self.comment()}", *body, *([""] if self.maybe(0.3) else [])]
        inline = self.flow(value, column + 2 if self.maybe(0.5) else None)
        if self.maybe(0.1):
            return [prefix + self.comment(), " " * (column + 3) + inline + self.comment()]
        return (prefix + " " * self.rng.choice([1, 1, 1, 3]) + inline + self.comment()).split("\n")

    def between(self, column: int, above: Sequence[str] = ()) -> list[str]:
        # To the right of a block scalar it would be a part of it.
        further = 0 if any("|-" in line for line in above) else 2
        around = " " * self.rng.choice([0, column, column, column, column + further, column + 2 * further])
        return self.rng.choice(
            [[]] * 5 + [[""], [around + REMARKS[2]], ["", around + REMARKS[2]], [around + REMARKS[3], ""]]
        )

    def block(self, value: Any, column: int) -> list[str]:
        edge, lines = " " * column, []
        for number, (key, item) in enumerate(value.items() if isinstance(value, dict) else enumerate(value)):
            lines += self.between(column, lines) if number or self.maybe(0.2) else []
            prefix = f"{edge}{self.scalar(key, False)}:" if isinstance(value, dict) else f"{edge}-"
            lines += self.entry(prefix, item, column)
        return lines

    def file(self, data: dict[str, Any]) -> tuple[str, list[list[str]]]:
        """A file, and the lines of each event."""
        lines = ["# 🛩️ Head", *self.entry("schema:", data["schema"], 0), "events:"]
        column = self.rng.choice([0, 2, 4])
        events = [self.entry(" " * column + "-", event, column) for event in data["events"]]
        for event in events:
            lines += self.between(column, lines) + event
        lines += self.between(0, lines)
        if "actors" in data:
            lines += self.entry("actors:", data["actors"], 0)
        return "\n".join(lines) + self.rng.choice(["\n", "\n", "\n\n", ""]), events


def paths_of(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place that can be edited: what is there and what may be added."""
    if isinstance(value, dict):
        pairs: list[tuple[Any, Any]] = list(value.items())
        new = [(*path, "new"), (*path, "summary")]
    elif isinstance(value, list):
        pairs, new = list(enumerate(value)), [(*path, len(value))]
    else:
        return []
    inner = [one for step, item in pairs for one in [(*path, step), *paths_of(item, (*path, step))]]
    return inner + [one for one in new if one not in inner]


def applied(data: Any, edits: Sequence[Edit]) -> Any:
    result = copy.deepcopy(data)
    for edit in sorted(
        edits, key=lambda edit: [step if isinstance(step, int) else 0 for step in edit.path], reverse=True
    ):
        holder = result
        for step in edit.path[:-1]:
            holder = holder[step]
        step = edit.path[-1]
        if edit.value is REMOVED:
            del holder[step]
        elif isinstance(holder, list) and step == len(holder):
            holder.append(edit.value)
        else:
            holder[step] = edit.value
    return result


@st.composite
def edited_files(draw: st.DrawFn) -> tuple[dict[str, Any], str, list[list[str]], list[Edit]]:
    data = draw(DATA)
    text, events = Hand(random.Random(draw(st.integers(0, 2**32)))).file(data)
    chosen: list[tuple[str | int, ...]] = []
    for path in draw(st.lists(st.sampled_from(paths_of(data)), max_size=5, unique=True)):
        if not any(path[: len(one)] == one or one[: len(path)] == path for one in chosen):
            chosen.append(path)
    edits = []
    for path in chosen:
        holder = data
        for step in path[:-1]:
            holder = holder[step]  # type: ignore[index]
        is_there = path[-1] in holder if isinstance(holder, dict) else path[-1] < len(holder)
        value = draw(VALUE | st.just(REMOVED) if is_there else EVENT if path[:-1] == ("events",) else VALUE)
        edits.append(Edit(path, value))
    return data, text, events, edits


@given(edited_files(), st.sampled_from(["\n", "\r\n"]), st.sampled_from(["", "\ufeff"]))
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_any_edits_of_any_file(
    case: tuple[dict[str, Any], str, list[list[str]], list[Edit]], line_end: str, mark: str
) -> None:
    data, lines, events, edits = case
    text = mark + lines.replace("\n", line_end)
    assert parse_yaml(text, PATH).data == data
    result = edited_yaml(text, edits, PATH)
    assert parse_yaml(result, PATH).data == applied(data, edits)
    assert result.startswith(mark)
    assert "\n" not in result.replace("\r\n", "") or line_end == "\n" or "\n" not in lines
    touched = {edit.path[1] for edit in edits if edit.path[0] == "events" and len(edit.path) > 1}
    if not any(edit.path == ("events",) for edit in edits):
        for number, event in enumerate(events):
            assert number in touched or "\n".join(event).rstrip().replace("\n", line_end) in result
    if not any(edit.value is REMOVED or isinstance(at(data, edit.path), dict | list) for edit in edits):
        assert [result.count(remark) for remark in REMARKS] == [text.count(remark) for remark in REMARKS]


def at(value: Any, path: tuple[str | int, ...]) -> Any:
    """The value at a path, None where there is none yet."""
    for step in path:
        is_there = step in value if isinstance(value, dict) else int(step) < len(value)
        value = value[step] if is_there else None
    return value


def test_many_edits_of_a_large_file_take_little_more_than_reading_it() -> None:
    event = FILE[FILE.index("  - id: drill") : FILE.index("  # Of its own")]
    text = "schema: 1\nevents:\n" + "".join(event.replace("drill", f"drill-{n}") for n in range(2000))
    edits = [Edit(("events", 6 * n, "title"), f"New: {n}") for n in range(300)]
    few, many = (_seconds(text, edits[:number]) for number in (1, len(edits)))
    assert many < 3 * few


def _seconds(text: str, edits: Sequence[Edit]) -> float:
    start = time.process_time()
    assert edited_yaml(text, edits, PATH).count("'New: ") == len(edits)
    return time.process_time() - start
