"""Hostile YAML ends every command in one line that says where, with what was built before left as it is."""

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

EVENT = "schema: 1\nsources: {wire: {}}\nevents:\n- {id: a, type: exercise, title: A, sources: [wire], %s}\n"
LAUGHS = "a: &a [lol]\n" + "".join(
    f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\n" for a, b in itertools.pairwise("abcdefghi")
)

# What is in the file -> what stops it, and where.
HOSTILE: dict[str, tuple[str | bytes, str]] = {
    "billion laughs": (LAUGHS, "1:4: error config anchor &a"),
    "merge bomb": ("a: {<<: [{x: 1}, {y: 2}]}", "1:5: error config merge key <<"),
    "deep flow brackets": ("[" * 100_000 + "]" * 100_000, "1:65: error config nested deeper than 64"),
    "deep flow braces": ("{a: " * 100_000 + "}" * 100_000, "1:257: error config nested deeper than 64"),
    "deep block lists": ("- " * 100_000, "1:129: error config nested deeper than 64"),
    "unclosed brackets": ("[" * 100_000, "1:65: error config nested deeper than 64"),
    "a list that holds itself": ("&a [*a]", "1:1: error config anchor &a"),
    "an alias of nothing": ("events: *a", "1:9: error config alias *a"),
    "a key twice": (
        "schema: 1\nschema: 2",
        "2:1: error config key 'schema' again; it stands already in line 1",
    ),
    "a tag that runs": ("a: !!python/object/apply:os.system [id]", "1:4: error config tag"),
    "a tag of the core": ("schema: !!int 1", "1:9: error config tag"),
    "a value of 2 MiB": (
        "schema: 1\ntitle: " + "x" * (2 << 20),
        "2:1: error config more than 1,048,576 characters",
    ),
    "a number of 5,000 digits": (EVENT % ("when: " + "9" * 5000), "is not a date that can be read"),
    "a day that no calendar has": (
        EVENT % "when: 0000-00-00",
        "4:60: error config when: '0000-00-00' is not a date",
    ),
    "a time zone past the earth": (EVENT % "when: 2021-11-12T10:00:00+99:99", "4:60: error config when: "),
    "an instant before the first year": (
        EVENT % "when: 0001-01-01T00:00:00+14:00",
        "4:60: error config when: ",
    ),
    "a number past all numbers": (
        EVENT % "where: {lon: 1e999, lat: 1}",
        "4:67: error config 1e999: too large",
    ),
    "a number that is none": (
        EVENT % "where: {lon: .nan, lat: 1}",
        "4:67: error config lon: Input should be a valid number",
    ),
    "half a surrogate pair": (b"title: \xed\xa0\x80", "1:8: error config not UTF-8 here"),
    "half a surrogate pair as an escape": ('title: "\\ud800"', "1:11: error config not YAML"),
    "a control character": ("title: a\x1b[31m", "1:9: error config the character U+001B"),
    "a NUL": ("title: a\0b", "1:9: error config the character U+0000"),
    "UTF-16": ("schema: 1".encode("utf-16"), "1:1: error config not UTF-8 here"),
    "UTF-16 without a mark": ("schema: 1".encode("utf-16-le"), "1:2: error config the character U+0000"),
    "nothing": ("", "1:1: error config the file is empty"),
    "a byte order mark alone": ("\ufeff", "1:1: error config the file is empty"),
    "two documents": ("schema: 1\n---\nschema: 1", "2:1: error config a second document"),
    "a binary": (b"\x7fELF\x02\x01\x01\x00", "1:1: error config the character U+007F"),
    "a list": ("[1, 2]", "1:1: error config expected a mapping of keys"),
    "a mapping as a key": ("{a: b}: c", "1:1: error config a list or mapping as a key"),
    "a key without end": ("? " + "k" * 100_000, "1:3: error config a key of more than 1,024"),
    "YAML of another age": ("%YAML 3.0\n---\nschema: 1", "1:1: error config not YAML"),
}


@pytest.mark.parametrize("name", list(HOSTILE))
def test_a_hostile_events_file_ends_in_one_line(geomap: Run, write_project: Run, name: str) -> None:
    content, said = HOSTILE[name]
    folder = write_project(events_yaml=content)
    (folder / "out").mkdir(exist_ok=True)
    (folder / "out" / "index.html").write_bytes(b"what was built before")
    ended = geomap("build", folder)
    assert (ended.code, ended.out) == (1, "")
    (line,) = ended.err.splitlines()
    assert line.startswith(f"{folder}/events.yaml:")
    assert said in line
    assert [path.name for path in (folder / "out").iterdir()] == ["index.html"]
    assert (folder / "out" / "index.html").read_bytes() == b"what was built before"


@pytest.mark.parametrize(
    "name", ["billion laughs", "deep flow brackets", "a tag that runs", "UTF-16", "nothing"]
)
@pytest.mark.parametrize("file", ["map", "gazetteer", "sources"])
def test_every_file_of_a_project_is_read_with_the_same_guards(
    geomap: Run, write_project: Run, name: str, file: str
) -> None:
    content, said = HOSTILE[name]
    map_yaml = (
        "schema: 1\ntitle: A\nevents: [events.yaml]\ngazetteer: [places.yaml]\nsources_file: sources.yaml\n"
    )
    folder = write_project(map_yaml=map_yaml)
    (folder / "places.yaml").write_text("schema: 1\n", encoding="utf-8")
    (folder / "sources.yaml").write_text("sources: {}\n", encoding="utf-8")
    target = folder / {"map": "map.yaml", "gazetteer": "places.yaml", "sources": "sources.yaml"}[file]
    target.write_bytes(content if isinstance(content, bytes) else content.encode())
    ended = geomap("build", folder)
    assert (ended.code, ended.out) == (1, "")
    (line,) = ended.err.splitlines()
    assert line.startswith(f"{target}:{said}")


def test_a_worldview_of_ones_own_is_read_with_the_same_guards(geomap: Run, tmp_path: Path) -> None:
    (tmp_path / "view.yaml").write_text(LAUGHS, encoding="utf-8")
    ended = geomap("resolve", "Minsk", "--worldview", tmp_path / "view.yaml")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith(f"{tmp_path}/view.yaml:1:4: error config anchor &a")


@pytest.mark.parametrize(
    "made",
    [
        "'a: ' + 'x' * 50_000_000",
        "'[' * 10_000_000",
        "'- ' * 10_000_000",
    ],
)
def test_a_file_made_to_exhaust_the_machine_ends_in_one_line(
    python_limited: Run, write_project: Run, made: str
) -> None:
    folder = write_project()
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from geomap.cli import main\n"
        f"(Path(sys.argv[2]) / 'events.yaml').write_text({made})\n"
        "main()\n"
    )
    ended = python_limited(code, ["check", folder], memory=3 << 30)
    assert (ended.code, ended.err) == (1, "")
    assert ended.out.startswith(f"{folder}/events.yaml:")
    assert len(ended.out.splitlines()) == 1


def test_a_file_past_64_mib_is_not_read(geomap: Run, write_project: Run) -> None:
    folder = write_project()
    with (folder / "events.yaml").open("wb") as stream:
        stream.truncate((64 << 20) + 1)
    ended = geomap("build", folder)
    assert ended.code == 1
    assert ended.err == (
        f"{folder}/events.yaml:1:1: error config "
        "the file has 67,108,865 bytes; at most 67,108,864 are read, split it\n"
    )
