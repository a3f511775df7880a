"""Files made to exhaust a machine cost next to nothing: at most a second of processor time and 200 MB each.

Each is read in a process forked from one that has read an innocent file of the same kind. Time is that of the processor
in it, without the imports; memory is its greatest resident size (`ru_maxrss`) less that of one that reads the innocent
file again.
"""

import itertools
import json
import subprocess
import sys
from typing import Any

import pytest

from torture_log import tally

MOST_S = 1.0
MOST_MB = 200.0
EVENT = "schema: 1\nsources: {s: {}}\nevents:\n- {id: a, type: strike, title: A, sources: [s], %s}\n"
INNOCENT = EVENT % "when: 2024-01-01, where: Minsk"


def laughs() -> str:
    names = itertools.pairwise("abcdefghi")
    return "a: &a [lol]\n" + "".join(f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\n" for a, b in names)


def merges() -> str:
    names = itertools.pairwise("abcdefgh")
    return "a: &a {x: 1}\n" + "".join(f"{b}: &{b} {{<<: [{','.join([f'*{a}'] * 9)}]}}\n" for a, b in names)


HOSTILE: dict[str, str | bytes] = {
    "billion laughs": laughs(),
    "merge bomb": merges(),
    "a list that holds itself": "&a [*a]",
    "brackets in brackets, balanced": "[" * 100_000 + "]" * 100_000,
    "ten million open brackets": "[" * 10_000_000,
    "braces in braces": "{a: " * 100_000 + "}" * 100_000,
    "lists in lists": "- " * 10_000_000,
    "keys of keys": "? " * 1_000_000,
    "a value of 50 MB": "a: " + "x" * 50_000_000,
    "a quoted value of 50 MB": 'a: "' + "x" * 50_000_000 + '"',
    "a block of 50 MB": "a: |\n" + "  x\n" * 12_000_000,
    "a key of 50 MB": "x" * 50_000_000 + ": 1",
    "a remark of 50 MB": "# " + "x" * 50_000_000,
    "50 MB of blanks": " " * 50_000_000,
    "50 MB of line ends": "\n" * 50_000_000,
    "astral letters": "a: " + "\U0001f600" * 12_000_000,
    "a key twice": "schema: 1\nschema: 2",
    "a tag that runs": "a: !!python/object/apply:os.system [id]",
    "a number of 5,000 digits": EVENT % ("when: " + "9" * 5000),
    "a number of a million digits": EVENT % ("where: {lon: " + "9" * 1_000_000 + ", lat: 1}"),
    "a number past all numbers": EVENT % "where: {lon: 1e999, lat: 1}",
    "a day that no calendar has": EVENT % "when: 0000-00-00",
    "half a surrogate pair": b"title: \xed\xa0\x80",
    "half a surrogate pair as an escape": 'title: "\\ud800"',
    "UTF-16": "schema: 1".encode("utf-16"),
    "a place of a million letters": EVENT % ("where: " + "Minsk " * 170_000),
    "a place of a million brackets": EVENT % ("where: " + json.dumps("(" * 1_000_000)),
    "a date of a million letters": EVENT % ("when: " + json.dumps("2024-" * 200_000)),
    "a ring of 20,000 corners that cross": EVENT
    % (
        "where: {name: X, precision: region, geometry: {type: Polygon, coordinates: "
        + json.dumps([[[n % 317 / 10, n % 211 / 10] for n in range(20_000)] + [[0, 0]]])
        + "}}"
    ),
    "a thousand unknown keys": "schema: 1\n" + "".join(f"key{n}: 1\n" for n in range(1000)),
    "events that are no events": "schema: 1\nevents:\n" + "- 1\n" * 20_000,
}  # fmt: skip

# Reads the file named first, forks for each other one, and tells what became of it.
HARNESS = """
import json, os, resource, shutil, sys
from pathlib import Path
from geomap import pipeline
from geomap.errors import GeomapError

folder, cases = Path(sys.argv[1]), json.loads(sys.argv[2])

def read(case):
    os.replace(folder / case, folder / "events.yaml")
    begun = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    try:
        pipeline.load(folder)
        said = ["result", ""]
    except GeomapError as error:
        said = ["error", str(error)[:2000]]
    except BaseException as error:
        said = ["fault", repr(error)[:2000]]
    used = resource.getrusage(resource.RUSAGE_SELF)
    return [*said, used[0] + used[1] - begun, used.ru_maxrss / 1024]

shutil.copy(folder / "innocent", folder / "events.yaml")
pipeline.load(folder)
told = {}
for case in cases:
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
        os.write(writing, json.dumps(read(case)).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        said = stream.read()
    status = os.waitpid(child, 0)[1]
    told[case] = json.loads(said) if said else ["killed", f"status {status}", 60.0, 0.0]
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Any]]:
    folder = tmp_path_factory.mktemp("limits")
    (folder / "map.yaml").write_text("schema: 1\ntitle: A\nevents: [events.yaml]\n", encoding="utf-8")
    (folder / "innocent").write_text(INNOCENT, encoding="utf-8")
    (folder / "innocent again").write_text(INNOCENT, encoding="utf-8")
    names = {f"case{number}": what for number, what in enumerate(HOSTILE)}
    for name, what in names.items():
        content = HOSTILE[what]
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    ended = subprocess.run(
        [sys.executable, "-c", HARNESS, folder, json.dumps(["innocent again", *names])],
        capture_output=True,
        timeout=600,
        check=True,
    )
    said: dict[str, list[Any]] = json.loads(ended.stdout)
    return {names.get(name, name): own for name, own in said.items()}


def test_the_innocent_file_is_read(told: dict[str, list[Any]]) -> None:
    assert told["innocent again"][0] == "result"


@pytest.mark.parametrize("what", HOSTILE)
def test_it_ends_in_an_error_of_ours_within_the_limits(what: str, told: dict[str, list[Any]]) -> None:
    how, said, seconds, megabytes = told[what]
    more = max(0.0, megabytes - told["innocent again"][3])
    with tally(f"limits: {what}") as own:
        own.add(seconds, more, failed=how != "error" or seconds > MOST_S or more > MOST_MB)
    assert how == "error", said
    assert ":" in said
    assert seconds <= MOST_S
    assert more <= MOST_MB
