"""Saves are seen, however an editor makes them, and nothing else is."""

import os
import queue
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from geomap.errors import MissingExtraError, ServeError
from geomap.serve.watching import look, saves

EVENTS = "schema: 1\nevents: []\n"
MAP = """\
schema: 1
title: A
events: [events.yaml, more/events.yaml]
sources_file: sources.yaml
actors_file: actors.yaml
gazetteer: [own/places.yaml]
worldview: view.yaml
"""
PATIENCE_S = 30


class Watching:
    """`saves` in a thread; `at_work` holds the loop where a build would be."""

    def __init__(self, map_file: Path) -> None:
        self._stop = threading.Event()
        self._seen: queue.Queue[str] = queue.Queue()
        self.at_work = threading.Lock()
        self._thread = threading.Thread(target=self._run, args=(map_file,))
        self._thread.start()
        self.expect()

    def _run(self, map_file: Path) -> None:
        for _ in saves(map_file, self._stop):
            self._seen.put("save")
            with self.at_work:
                pass

    def expect(self) -> None:
        """Wait for a save to be seen."""
        self._seen.get(timeout=PATIENCE_S)

    def expect_only(self, last: Callable[[], object]) -> None:
        """Do what must be seen; what came before it must not have been."""
        assert self._seen.empty()
        last()
        self.expect()

    @property
    def unseen(self) -> int:
        return self._seen.qsize()

    def end(self) -> None:
        self._stop.set()
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "in" / "project"
    for name in ("more", "own"):
        (folder / name).mkdir(parents=True)
    for name in ("events.yaml", "more/events.yaml", "sources.yaml", "actors.yaml"):
        (folder / name).write_text(EVENTS)
    (folder / "own" / "places.yaml").write_text("schema: 1\nplaces: []\n")
    (folder / "view.yaml").write_text("title: Mine\nowners: {}\n")
    (folder / "map.yaml").write_text(MAP)
    return folder


@pytest.fixture
def watching(project: Path) -> Iterator[Watching]:
    watching = Watching(project / "map.yaml")
    yield watching
    watching.end()


@pytest.mark.parametrize(
    "name",
    [
        "map.yaml", "events.yaml", "more/events.yaml", "sources.yaml", "actors.yaml", "own/places.yaml", "view.yaml",
        "geomap.lock",
    ],
)  # fmt: skip
def test_a_save_of_any_file_of_the_map_is_seen(watching: Watching, project: Path, name: str) -> None:
    path = project / name
    path.write_text((path.read_text() if path.exists() else "") + "# more\n")
    watching.expect()


def test_an_editor_may_put_a_new_file_in_the_place_of_the_old(watching: Watching, project: Path) -> None:
    for number in range(3):
        (project / ".events.yaml.swp").write_text(f"{EVENTS}# {number}\n")
        (project / ".events.yaml.swp").replace(project / "events.yaml")
        watching.expect()


def test_an_editor_may_move_the_old_file_away_first(watching: Watching, project: Path) -> None:
    (project / "events.yaml").rename(project / "events.yaml~")
    watching.expect()
    (project / "events.yaml").write_text(EVENTS)
    watching.expect()


def test_other_files_are_nothing_to_it(watching: Watching, project: Path) -> None:
    (project / "out").mkdir()
    for path in (project / "out" / "index.html", project / "notes.txt", project.parent / "events.yaml"):
        path.write_text("x")
    watching.expect_only(lambda: (project / "events.yaml").write_text(f"{EVENTS}#\n"))
    assert watching.unseen == 0


def test_saves_during_work_are_seen_after_it_as_one(watching: Watching, project: Path) -> None:
    with watching.at_work:
        (project / "events.yaml").write_text(f"{EVENTS}# 1\n")
        watching.expect()
        for number in range(5):
            (project / "events.yaml").write_text(f"{EVENTS}# {number}\n")
        (project / "map.yaml").write_text(f"{MAP}# 1\n")
        assert watching.unseen == 0
    watching.expect()
    assert watching.unseen == 0


def test_a_map_that_names_another_file_is_followed(watching: Watching, project: Path) -> None:
    (project / "map.yaml").write_text(MAP.replace("more/events.yaml", "new/deep/events.yaml"))
    watching.expect()
    (project / "new" / "deep").mkdir(parents=True)
    watching.expect()
    (project / "new" / "deep" / "events.yaml").write_text(EVENTS)
    watching.expect()


def test_files_in_other_folders_are_followed(watching: Watching, project: Path) -> None:
    (project / "map.yaml").write_text(MAP.replace("more/events.yaml", "../shared/events.yaml"))
    watching.expect()
    (project.parent / "shared").mkdir()
    watching.expect()
    (project.parent / "shared" / "events.yaml").write_text(EVENTS)
    watching.expect()


def test_a_broken_map_keeps_its_files_watched(watching: Watching, project: Path) -> None:
    (project / "map.yaml").write_text("schema: [\n")
    watching.expect()
    (project / "more" / "events.yaml").write_text(f"{EVENTS}#\n")
    watching.expect()
    (project / "map.yaml").write_text(MAP)
    watching.expect()


def test_a_folder_that_is_replaced_stays_watched(watching: Watching, project: Path) -> None:
    (project / "more").rename(project / "away")
    watching.expect()
    (project / "more").mkdir()
    watching.expect()
    (project / "more" / "events.yaml").write_text(EVENTS)
    watching.expect()


def test_the_project_may_go_and_come_back(watching: Watching, project: Path) -> None:
    project.rename(project.parent / "away")
    watching.expect()
    (project.parent / "away").rename(project)
    watching.expect()
    (project / "events.yaml").write_text(f"{EVENTS}#\n")
    watching.expect()


def test_links_are_watched_where_they_lead(project: Path, tmp_path: Path) -> None:
    real = tmp_path / "elsewhere" / "real.yaml"
    real.parent.mkdir()
    (project / "events.yaml").rename(real)
    (project / "events.yaml").symlink_to(real)
    watching = Watching(project / "map.yaml")
    try:
        real.write_text(f"{EVENTS}#\n")
        watching.expect()
        (project / "events.yaml").unlink()
        watching.expect()
    finally:
        watching.end()


def test_a_map_named_from_the_current_folder_is_watched(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project / "more")
    watching = Watching(Path("../map.yaml"))
    try:
        (project / "events.yaml").write_text(f"{EVENTS}#\n")
        watching.expect()
    finally:
        watching.end()


@pytest.mark.parametrize("name", ["x" * 300, "a/" * 3000 + "x", "\\0", "/", "."])
def test_odd_names_in_a_map_are_no_fault(project: Path, name: str) -> None:
    map_file = project / "map.yaml"
    map_file.write_text(f'schema: 1\ntitle: A\nevents: ["{name}"]\n')
    watched = look(map_file)
    assert map_file in watched.files
    assert project in watched.folders
    assert all(os.path.isdir(folder) for folder in watched.folders)  # noqa: PTH112


def test_without_the_library_the_way_to_it_is_named(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'geomap\[serve\]'"):
        saves(project / "map.yaml")


def test_folders_that_cannot_be_watched_are_an_error_with_a_way_out(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> Iterator[None]:
        raise OSError(28, "OS file watch limit reached")
        yield

    monkeypatch.setattr("watchfiles.watch", full)
    with pytest.raises(ServeError, match=r"limit reached; .* WATCHFILES_FORCE_POLLING=1"):
        next(saves(project / "map.yaml"))
