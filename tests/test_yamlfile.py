"""YAML is read by the 1.2 core rules, each value with its place, and nothing in it exhausts the machine."""

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field

from geomap.errors import ConfigError, Mark
from geomap.yamlfile import parse_yaml, read_yaml

FILE = Path("some.yaml")


def read(text: str) -> Any:
    return parse_yaml(text, FILE).data


def refusal(text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        parse_yaml(text, FILE)
    assert len(caught.value.problems) == 1
    return str(caught.value)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("NO", "NO"),
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("y", "y"),
        ("true", True),
        ("True", True),
        ("FALSE", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("2021-11-12", "2021-11-12"),
        ("2021-11-12T10:00:00Z", "2021-11-12T10:00:00Z"),
        ("0000-00-00", "0000-00-00"),
        ("12:30", "12:30"),
        ("12:30:45", "12:30:45"),
        ("1_000", "1_000"),
        ("010", 10),
        ("0x1f", "0x1f"),
        ("-7", -7),
        ("+7", 7),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("1.", 1.0),
        (".nan", ".nan"),
        (".inf", ".inf"),
        ("'12'", "12"),
        ('"true"', "true"),
        ("'~'", "~"),
        ("''", ""),
        ("|-\n  12", "12"),
        ("../2024-08-12", "../2024-08-12"),
        ('"[2022-10-03..2022-10-09]"', "[2022-10-03..2022-10-09]"),
        ("١٢", "١٢"),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_a_scalar_is_what_the_core_rules_say(written: str, value: object) -> None:
    found = read(f"key: {written}\n")["key"]
    assert found == value
    assert type(found) is type(value)


def test_keys_are_always_text() -> None:
    assert read("1: a\ntrue: b\nNO: c\n2021-11-12: d") == {
        "1": "a",
        "true": "b",
        "NO": "c",
        "2021-11-12": "d",
    }


def test_lists_and_mappings_nest() -> None:
    assert read("a: [1, {b: c}]\nd:\n  - e: f\n    g: h\n") == {
        "a": [1, {"b": "c"}],
        "d": [{"e": "f", "g": "h"}],
    }


def test_every_value_knows_its_line_and_column() -> None:
    written = parse_yaml("title: A\nevents:\n  - id: b\n    tags: [x, y]\n  -   id: c\n", FILE)
    places = {path: f"{mark.line}:{mark.column}" for path, mark in written.marks.items()}
    assert places == {
        (): "1:1",
        ("title",): "1:8",  # a scalar points at the value …
        ("events",): "2:1",  # … a block at its key
        ("events", 0): "3:5",
        ("events", 0, "id"): "3:9",
        ("events", 0, "tags"): "4:5",
        ("events", 0, "tags", 0): "4:12",
        ("events", 0, "tags", 1): "4:15",
        ("events", 1): "5:7",
        ("events", 1, "id"): "5:11",
    }


def test_a_path_that_was_not_written_has_the_place_of_what_holds_it() -> None:
    written = parse_yaml("where: {place: Minsk}\n", FILE)
    assert written.mark(("where", "places", 0, "place")) == Mark(FILE, 1, 16)
    assert written.mark(("where", "places", 0, "lon")) == Mark(FILE, 1, 1)
    assert written.mark(("nothing", "of", "this")) == Mark(FILE, 1, 1)


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    where: int = 0


class Other(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    colour: str = ""


class Outer(BaseModel):
    model_config = ConfigDict(extra="forbid")
    title: str
    parts: list[Inner] = []
    named: dict[str, Inner] = {}
    loose: int | Inner = 0
    either: Inner | Other | None = None
    some: Annotated[tuple[str, ...], Field(min_length=1)] = ("a",)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("tilte: a\ntitle: b", "1:8: unknown key 'tilte'; did you mean 'title'?"),
        ("title: a\nparts: [{name: a, wehre: 1}]", "2:26: unknown key 'wehre'; did you mean 'where'?"),
        ("title: a\nnamed: {x: {name: a, nmae: b}}", "2:28: unknown key 'nmae'; did you mean 'name'?"),
        # A key of somewhere else is no help here.
        ("title: a\nwhere: b", "2:8: unknown key 'where'; remove it"),
        ("title: a\nparts: [{}]", "2:9: key 'name' is missing; add it"),
        ("title: 5", "1:8: title: expected text; put it in quotes"),
        ("title: a\nparts: x", "2:8: parts: expected a list"),
        ("title: a\nparts: [x]", "2:9: expected a mapping of keys"),
        ("title: a\nparts: [{name: a, where: b}]", "2:26: where: Input should be a valid integer"),
        ("[]", "1:1: expected a mapping of keys"),
        # What several branches of a union say of one place is said once.
        ("title: a\neither: {}", "2:1: key 'name' is missing; add it"),
        # A list that is short of the items that are wrong is not short besides.
        ("title: a\nsome: [3]", "2:8: expected text; put it in quotes"),
    ],
)
def test_a_wrong_value_is_named_with_its_place_and_the_next_step(text: str, problem: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_yaml(text, FILE).parse(Outer)
    assert str(caught.value).startswith(f"some.yaml:{problem}")
    assert len(caught.value.problems) == 1


def test_a_key_of_a_branch_of_a_union_is_known_there() -> None:
    with pytest.raises(ConfigError) as caught:
        parse_yaml("title: a\nloose: {name: a, nmae: b}", FILE).parse(Outer)
    assert f"{FILE}:2:24: unknown key 'nmae'; did you mean 'name'?" in str(caught.value).splitlines()


@pytest.mark.parametrize("error", [yaml.YAMLError("no more"), ValueError("no more\nof this")])
def test_a_parser_that_gives_up_in_another_way_is_an_error_with_a_place(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = yaml.parse

    def parse(*arguments: Any, **settings: Any) -> Any:
        yield from itertools.islice(begun(*arguments, **settings), 4)
        raise error

    monkeypatch.setattr(yaml, "parse", parse)
    with pytest.raises(ConfigError) as caught:
        parse_yaml("a: b\n", FILE)
    assert str(caught.value) == f"{FILE}:1:1: not YAML: no more"


def test_every_wrong_value_of_a_file_is_named_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        parse_yaml("titel: a\nparts: [x, {name: 3}]", FILE).parse(Outer)
    assert [(problem.mark.line, problem.mark.column) for problem in caught.value.problems] == [
        (1, 1),
        (2, 9),
        (2, 19),
        (1, 8),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: &x 1\nb: 2", "1:4: anchor &x"),
        ("a: 1\nb: *x", "2:4: alias *x"),
        ("a: &a [*a]", "1:4: anchor &a"),
        ("<<: {a: 1}", "1:1: merge key <<"),
        ("a: 1\nb: 2\na: 3", "3:1: key 'a' again; it stands already in line 1"),
        ("a: {b: 1, b: 2}", "1:11: key 'b' again"),
        ("a: 1\n'a': 2", "2:1: key 'a' again"),
        ("a: !!python/object/apply:os.system [ls]", "1:4: tag 'tag:yaml.org,2002:python/object/apply:os"),
        ("a: !local x", "1:4: tag '!local'"),
        ("a: !<x%0Ay> x", "1:4: tag 'x\\ny'"),
        ("a: !!str 1", "1:4: tag"),
        ("a: !!int '1'", "1:4: tag"),
        ("a: 1\n---\nb: 2", "2:1: a second document"),
        ("", "1:1: the file is empty"),
        ("# only a remark\n", "1:1: the file is empty"),
        ("[a]: b", "1:1: a list or mapping as a key"),
        ("? {a: b}\n: c", "1:3: a list or mapping as a key"),
        ("a: 1e999", "1:4: 1e999: too large"),
        ("a: [1, 2", "2:1: not YAML"),
        ("a: b: c", "1:5: not YAML"),
        ("\tb: 1", "1:1: not YAML"),
        ("a: 'open", "1:9: not YAML"),
        ("a: %x", "1:4: not YAML"),
        ("a: b\n c: \0", "2:5: the character U+0000"),
        ("a: x\x1b[31m", "1:5: the character U+001B"),
        ("a: \ud800", "1:4: the character U+D800"),
        ("a: x\x85\ufffe", "1:6: the character U+FFFE"),
        ('a: "\\ud800"', "1:7: not YAML"),
        ("? " + "k" * 2000 + "\n: v", "1:3: a key of more than 1,024 characters"),
    ],
)
def test_what_is_not_the_plain_part_of_yaml_is_refused_where_it_stands(text: str, message: str) -> None:
    assert refusal(text).startswith(f"some.yaml:{message}")


def test_nesting_is_read_to_its_limit_and_not_past_it() -> None:
    assert read("[" * 64 + "]" * 64)
    assert refusal("[" * 65 + "]" * 65).startswith("some.yaml:1:65: nested deeper than 64 levels")


def test_a_long_text_is_read_to_its_limit_and_not_past_it() -> None:
    assert len(read("a: " + "x" * (1 << 20))["a"]) == 1 << 20
    assert "more than 1,048,576 characters" in refusal("a: " + "x" * ((1 << 20) + 1))
    assert "more than 1,048,576 characters" in refusal("a: '" + "x" * (2 << 20) + "'")


def test_an_escape_may_hold_what_the_file_may_not() -> None:
    assert read('a: "\\x1b\\0"') == {"a": "\x1b\0"}


LAUGHS = "a: &a [lol]\n" + "".join(
    f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\n" for a, b in itertools.pairwise("abcdefghi")
)
MERGES = "a: &a {x: 1}\n" + "".join(
    f"{b}: &{b} {{<<: [{','.join([f'*{a}'] * 9)}]}}\n" for a, b in itertools.pairwise("abcdefgh")
)


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (repr(LAUGHS), "1:4: anchor"),
        (repr(MERGES), "1:4: anchor"),
        ("'[' * 100_000 + ']' * 100_000", "1:65: nested"),
        ("'a: ' + '{a: ' * 100_000 + '}' * 100_000", "1:256: nested"),
        ("'- ' * 100_000", "1:129: nested"),
        ("'? ' * 100_000", "1:3: a list or mapping as a key"),
        ("''.join(' ' * n + 'a:\\n' for n in range(2_000))", "65:65: nested"),
        ("'a: ' + 'x' * 50_000_000", "1:1: more than"),
        ("'a: |\\n' + ' xxxxxxxxx\\n' * 5_000_000", "1:1: more than"),
        ("'a: 1\\n' + '#' * 50_000_000", "1:4: more than"),
        ("'\\n' * 50_000_000", "1:1: more than"),
        ("'[' + ',' * 60_000_000", "1:2: not YAML"),
        ("'a: 1\\n' * 10_000_000", "2:1: key 'a' again"),
        ("'when: ' + '9' * 5_000_000", "1:1: more than"),
    ],
)
def test_an_input_made_to_exhaust_the_machine_ends_in_an_error(
    python_limited: Callable[..., Any], made: str, message: str
) -> None:
    code = (
        "from pathlib import Path\n"
        "from geomap.errors import ConfigError\n"
        "from geomap.yamlfile import read_yaml\n"
        f"Path('bomb.yaml').write_text({made})\n"
        "try:\n"
        "    read_yaml(Path('bomb.yaml'))\n"
        "except ConfigError as error:\n"
        "    print(error)\n"
    )
    ended = python_limited(code)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith(f"bomb.yaml:{message}")
    assert len(ended.out) < 300


def test_a_file_past_64_mib_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "big.yaml").open("wb") as stream:
        stream.truncate((64 << 20) + 1)
    with pytest.raises(ConfigError, match=r"big\.yaml:1:1: the file has 67,108,865 bytes"):
        read_yaml(tmp_path / "big.yaml")


def test_a_file_has_no_more_values_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geomap.yamlfile.MAX_VALUES", 1000)
    assert len(read("- a\n" * 999)) == 999
    assert refusal("- a\n" * 1001).startswith("some.yaml:1000:3: more than 1,000 values in one file")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "cp1251"])
def test_another_encoding_is_refused(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.yaml").write_bytes("title: Мінск".encode(encoding))
    with pytest.raises(ConfigError, match=r"a\.yaml:1:\d+: "):
        read_yaml(tmp_path / "a.yaml")


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes("\ufefftitle: Мінск\r\n".encode())
    assert read_yaml(tmp_path / "a.yaml").data == {"title": "Мінск"}


YAML_LIKE = st.text(alphabet="ab1 \n\t:-[]{},&*!|>'\"%@`#?<~.\\\u0007\ud800\ufeffź", max_size=40)


@given(st.one_of(st.text(), YAML_LIKE))
def test_any_text_is_a_value_or_a_config_error(text: str) -> None:
    try:
        written = parse_yaml(text, FILE)
    except ConfigError as error:
        mark = error.problems[0].mark
        assert mark.line >= 1
        assert mark.column >= 1
    else:
        assert () in written.marks


TEXTS = st.text(st.characters(codec="utf-8", max_codepoint=0xFFFF), max_size=20)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**18) + 1, 10**18 - 1) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS.filter("<<".__ne__), inner, max_size=4),
    max_leaves=12,
)


@given(PLAIN)
def test_json_is_read_as_the_values_it_holds(value: Any) -> None:
    # JSON writes what lies past U+FFFF as two halves, which YAML does not know.
    assert read(json.dumps(value)) == value
