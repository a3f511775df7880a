"""Several processes at once on one folder, cache or store: each ends well or says why not; no answer is wrong."""

import json
import subprocess
import sys
from pathlib import Path

from geomap import pipeline
from torture_log import Tally, is_long

PROCESSES = 8
PATIENCE_S = 240
MAP = "schema: 1\ntitle: {title}\nevents: [events.yaml]\ncountries: [BY]\n"
EVENTS = """\
schema: 1
sources:
  wire: {publisher: Example Wire, published: 2021-11-13}
events:
  - {id: drill, type: exercise, title: A drill, when: 2021-11-12, where: Grodno Region, sources: [wire]}
"""
ROW = "{0}\t{1}\t{1}\t\t53.6884\t23.8258\tP\tPPL\tBY\t\t03\t\t\t\t1000\t\t\tEurope/Minsk\t2024-01-01\n"

# Each keeps answers under questions of its own and under those that all share, and reads each one back.
KEEP = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from geomap.gazetteer.online.store import AnswerCache, Kept, Question
cache, own, count = AnswerCache(Path(sys.argv[1])), sys.argv[2], int(sys.argv[3])
now, wrong = datetime(2026, 1, 1, tzinfo=UTC), 0
for number in range(count):
    for query in (f"{own} {number}", f"shared {number}"):
        asked = Question(provider="p", server="s", query=query, country="", language="en")
        cache.keep(asked, Kept(items=[{"name": query}], licence="", attribution="", asked_at=now))
        found = cache.find(asked, now=now)
        wrong += found is None or found.items != [{"name": query}]
print(wrong)
"""
# Looks a place up until it is told to stop; prints how often it found which name, and what else became of it.
LOOK = """
import collections, json, sqlite3, sys
from contextlib import closing
from pathlib import Path
from geomap.gazetteer.read import open_places
store, stop, found = Path(sys.argv[1]), Path(sys.argv[2]), collections.Counter()
while not stop.exists():
    with closing(open_places(store)) as database:
        names = [name for name, in database.execute("SELECT name FROM place ORDER BY key")]
        digest, = database.execute("SELECT value FROM meta WHERE key = 'content_sha256'").fetchone()
    found[json.dumps([len(names), names[:1], digest])] += 1
print(json.dumps(found))
"""


def start(*argv: object) -> "subprocess.Popen[str]":
    command = [sys.executable, *map(str, argv)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ends(processes: "list[subprocess.Popen[str]]") -> list[tuple[int, str, str]]:
    told = [process.communicate(timeout=PATIENCE_S) for process in processes]
    return [(process.returncode, out, err) for process, (out, err) in zip(processes, told, strict=True)]


def test_builds_into_one_folder_at_once_end_well_or_say_why_not(tmp_path: Path) -> None:
    projects = []
    for name in ("first", "second"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "map.yaml").write_text(MAP.format(title=name), encoding="utf-8")
        (folder / "events.yaml").write_text(EVENTS, encoding="utf-8")
        pipeline.write(pipeline.build(folder), folder / "out")  # with their locks, which are not shared
        projects.append(folder)
    out, rounds = tmp_path / "out", 5 if is_long() else 1
    failures = []
    for number in range(rounds):
        running = [
            start("-m", "geomap", "build", projects[each % 2], "--out", out)
            for each in range(number, number + (PROCESSES if is_long() else 4))
        ]
        ended = ends(running)
        assert any(code == 0 for code, _, _ in ended)
        failures += [err for code, _, err in ended if code and (code != 1 or "is writing" not in err)]
        # Of one and the same build, whichever came last.
        whole = [
            {path.name: path.read_bytes() for path in (project / "out").iterdir()} for project in projects
        ]
        left = {path.name: path.read_bytes() for path in out.iterdir() if not path.name.startswith(".")}
        known = [name for name in left if name != "manifest.json"]
        if not any(all(left[name] == side[name] for name in known) for side in whole):
            failures.append("outputs of two builds are mixed")
        verified = start("-m", "geomap", "verify", out)
        _, said = verified.communicate(timeout=PATIENCE_S)
        if verified.returncode:
            failures.append(said)
    Tally("builds into one folder at once", runs=rounds * len(running), failures=len(failures)).write()
    assert failures == []


def test_a_cache_of_answers_is_shared_by_eight_processes(tmp_path: Path) -> None:
    count = 500 if is_long() else 25
    ended = ends(
        [start("-c", KEEP, tmp_path / "a" / "answers.sqlite", own, count) for own in range(PROCESSES)]
    )
    failures = [err or out for code, out, err in ended if code or out.strip() != "0"]
    Tally(
        "answers kept in one cache by 8 processes", runs=2 * count * PROCESSES, failures=len(failures)
    ).write()
    assert failures == []


def test_a_store_is_read_whole_while_others_build_it(tmp_path: Path) -> None:
    store, stop = tmp_path / "own.sqlite", tmp_path / "stop"
    dumps = []
    for name, many in (("few", 30), ("many", 3000)):
        (tmp_path / name).mkdir()
        dump = tmp_path / name / "BY.txt"
        dump.write_text("".join(ROW.format(n, f"{name} {n}") for n in range(1, many + 1)), encoding="utf-8")
        dumps.append(dump)
    build = [["-m", "geomap", "gazetteer", "build", "--geonames", dump, "--out", store] for dump in dumps]
    allowed = set()
    for command in build:
        assert ends([start(*command)])[0][0] == 0
        probe = start("-c", LOOK.replace("while not stop.exists()", "for _ in range(1)"), store, stop)
        allowed |= json.loads(ends([probe])[0][1]).keys()
    assert len(allowed) == 2
    readers = [start("-c", LOOK, store, stop) for _ in range(PROCESSES - 2 if is_long() else 2)]
    failures, builds, rounds = [], 0, 10 if is_long() else 2
    try:
        for _ in range(rounds):
            ended = ends([start(*command) for command in build])
            builds += sum(not code for code, _, _ in ended)
            failures += [err for code, _, err in ended if code and "another build is writing" not in err]
    finally:
        stop.touch()
    read = ends(readers)
    failures += [err for code, _, err in read if code]
    found = [json.loads(out) for code, out, _ in read if not code]
    looks = sum(sum(each.values()) for each in found)
    failures += [text for each in found for text in each if text not in allowed]
    Tally("looks into a store that others build", runs=looks, failures=len(failures)).write()
    assert failures == []
    assert builds >= rounds
    assert looks > builds
