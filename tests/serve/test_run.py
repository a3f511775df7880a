"""`geomap serve` as people run it: a project, a save, a mistake, Ctrl+C."""

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
Run = Callable[..., Any]


def contents(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def test_a_save_is_drawn_a_mistake_is_shown_and_mending_takes_it_away(serve: Run, write_project: Run) -> None:
    folder = write_project()
    events, before = folder / "events.yaml", contents(folder)
    sound = events.read_text()
    served = serve(folder)
    assert served.ask("/").status == 200
    changes = served.changes()

    first = changes.drawn()
    assert (first["problems"], first["left_out"]) == ([], 0)
    assert b"A drill" in served.ask("/map").read()

    events.write_text(sound.replace("A drill", "Another drill"))
    second = changes.drawn(lambda told: told["version"] != first["version"])
    page = served.ask("/map").read()
    assert b"Another drill" in page

    events.write_text(sound.replace("2021-11-12", "2021-19-12"))
    third = changes.drawn(lambda told: told["problems"])
    (problem,) = third["problems"]
    assert (problem["file"], problem["line"], problem["column"]) == (str(events), 5, 55)
    assert "'2021-19-12'" in problem["message"]
    assert third["version"] == second["version"]
    assert served.ask("/map").read() == page

    events.write_text(sound)
    last = changes.drawn(lambda told: not told["problems"])
    assert last["version"] == first["version"]
    assert contents(folder) == before, "a preview writes nothing"


def test_ctrl_c_ends_everything_and_frees_the_port(serve: Run, write_project: Run) -> None:
    served = serve(write_project())
    changes = served.changes()
    changes.drawn()
    assert served.interrupt() == 0
    assert list(changes) == []
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", served.port))
    assert served.process.stdout.read() == "", "the address is all that goes to stdout"
    remarks = served.remarks.read_text().splitlines()
    assert remarks[0].endswith("drawn anew at each save; Ctrl+C ends")
    assert remarks[1].endswith("2 events, 2 places drawn")


def test_ctrl_c_ends_the_first_drawing_as_well(serve: Run, write_project: Run) -> None:
    served = serve(write_project())
    assert served.interrupt() == 0
    assert "Traceback" not in served.remarks.read_text()


def test_a_map_that_is_wrong_from_the_start_is_served_with_its_errors(serve: Run, write_project: Run) -> None:
    folder = write_project(map_yaml="schema: 1\ntilte: A\nevents: [events.yaml]\n")
    served = serve(folder)
    changes = served.changes()
    told = changes.drawn()
    assert told["version"] is None
    assert {problem["line"] for problem in told["problems"]} >= {2}
    assert served.ask("/map").status == 503
    (folder / "map.yaml").write_text("schema: 1\ntitle: A\nevents: [events.yaml]\n")
    mended = changes.drawn(lambda told: told["version"] is not None)
    assert mended["problems"] == []
    assert served.ask("/map").status == 200
    assert f"{folder}/map.yaml:2:8: error config unknown key 'tilte'" in served.remarks.read_text()


def test_drafts_are_drawn_when_asked_for(serve: Run, write_project: Run) -> None:
    folder = write_project()
    events = folder / "events.yaml"
    events.write_text(events.read_text().replace("title: A drill", "workflow: draft, title: A drill"))
    for options, is_there in (((), False), (("--drafts",), True)):
        served = serve(folder, *options)
        served.changes().drawn()
        assert (b"A drill" in served.ask("/map").read()) is is_there
