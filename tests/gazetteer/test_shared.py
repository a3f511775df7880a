"""Place data that several processes use at once: nothing is lost, and nobody fails."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

PROCESSES = 8

KEEP = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from geomap.gazetteer.online.store import AnswerCache, Kept, Question
cache = AnswerCache(Path(sys.argv[1]))
now = datetime.now(UTC)
for number in range(100):
    question = Question(provider="x", server="y", query=f"{sys.argv[2]}-{number}", country="", language="en")
    cache.keep(question, Kept(items=[{"own": sys.argv[2]}], licence="", attribution="", asked_at=now))
    assert cache.find(question, now=now).items == [{"own": sys.argv[2]}]
"""
ADD = """
import sys
sys.argv = ["geomap", "gazetteer", "add", sys.argv[1], "--as", sys.argv[2]]
from geomap.cli import main
main()
"""
LOOK = """
from geomap.gazetteer import read_gazetteer
print(read_gazetteer().resolver.best("Minsk").place.id)
"""


def ended(running: list[subprocess.Popen[str]]) -> list[tuple[int, str, str]]:
    told = [process.communicate(timeout=300) for process in running]
    return [(process.returncode, *own) for process, own in zip(running, told, strict=True)]


def start(code: str, *arguments: object, home: Path) -> subprocess.Popen[str]:
    environment = os.environ | {"XDG_DATA_HOME": str(home / "data"), "XDG_CACHE_HOME": str(home / "cache")}
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )


def test_eight_processes_keep_their_answers_in_one_file(tmp_path: Path) -> None:
    path = tmp_path / "cache" / "online.sqlite"
    running = [start(KEEP, path, number, home=tmp_path) for number in range(PROCESSES)]
    assert ended(running) == [(0, "", "")] * PROCESSES
    with closing(sqlite3.connect(path)) as database:
        counts = dict(database.execute("SELECT raw, count(*) FROM answer GROUP BY raw"))
    assert counts == {f'[{{"own": "{number}"}}]': 100 for number in range(PROCESSES)}


def test_eight_processes_add_places_while_others_look_some_up(tmp_path: Path) -> None:
    running, looking = [], []
    for number in range(PROCESSES):
        own = tmp_path / f"own{number}.csv"
        own.write_text(f"name,lon,lat,country\nTesthaven {number},27.5,53.{number}5,BY\n", encoding="utf-8")
        running.append(start(ADD, own, f"own-{number % 4}", home=tmp_path))
        if number % 2:
            looking.append(start(LOOK, home=tmp_path))
    assert [(code, err.count("places kept as")) for code, _, err in ended(running)] == [(0, 1)] * PROCESSES
    assert [(code, out) for code, out, _ in ended(looking)] == [(0, "gn:625144\n")] * len(looking)
    kept = tmp_path / "data" / "geomap" / "places"
    assert sorted(path.name for path in kept.iterdir()) == [f"own-{number}.yaml" for number in range(4)]
    for number in range(4):
        text = (kept / f"own-{number}.yaml").read_text(encoding="utf-8")
        assert (f"Testhaven {number}" in text) != (f"Testhaven {number + 4}" in text)
