"""Small projects to build, and the command line to build them with."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

pytest_plugins = ["odd_map", "offline_browser"]
pytest.register_assert_rewrite("engine_runs", "hostile_texts")

_HOME = tempfile.TemporaryDirectory(prefix="geomap-tests-")


def pytest_configure() -> None:
    """Let no test see the place data of whoever runs it."""
    for variable in ("XDG_DATA_HOME", "XDG_CACHE_HOME"):
        os.environ[variable] = str(Path(_HOME.name) / variable.lower())
    for variable in ("GEOMAP_GAZETTEER", "GEOMAP_CONTACT", "GEOMAP_SECRETS", "SOURCE_DATE_EPOCH"):
        os.environ.pop(variable, None)
    # How long an example takes is the machine's matter.
    settings.register_profile("untimed", deadline=None)
    settings.load_profile("untimed")


MAP = """\
schema: 1
title: A small map
events: [events.yaml]
countries: [BY, PL]
"""
EVENTS = """\
schema: 1
sources:
  wire: {publisher: Example Wire, published: 2021-11-13}
events:
  - {id: drill, type: exercise, title: A drill, when: 2021-11-12, where: Grodno Region, sources: [wire]}
  - {id: speech, type: statement, title: A speech, when: 2021-11-13, where: {place: Minsk}, sources: [wire]}
"""


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str


WriteProject = Callable[..., Path]
RunGeomap = Callable[..., Ended]


@pytest.fixture
def write_project(tmp_path: Path) -> WriteProject:
    """Write a project and give its folder; each file may be text or bytes, None leaves it out."""

    def write(
        map_yaml: str | bytes | None = MAP, events_yaml: str | bytes | None = EVENTS, **files: str
    ) -> Path:
        folder = tmp_path / "project"
        folder.mkdir(exist_ok=True)
        for name, content in {"map.yaml": map_yaml, "events.yaml": events_yaml, **files}.items():
            if content is not None:
                (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
        return folder

    return write


@pytest.fixture
def geomap(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> RunGeomap:
    """Run the command line in this process."""

    def run(*arguments: object) -> Ended:
        from geomap.cli import main

        monkeypatch.setattr(sys, "argv", ["geomap", *map(str, arguments)])
        capsys.readouterr()
        try:
            main()
            code: object = 0
        except SystemExit as end:
            code = end.code or 0
        said = capsys.readouterr()
        assert isinstance(code, int)
        return Ended(code, said.out, said.err)

    return run


@pytest.fixture
def geomap_process(tmp_path: Path) -> RunGeomap:
    """Run `python -m geomap` in a process of its own, in an empty folder."""

    def run(*arguments: object, stdin: bytes = b"", environment: dict[str, str] | None = None) -> Ended:
        return run_python(
            "-m", "geomap", *map(str, arguments), stdin=stdin, environment=environment, folder=tmp_path
        )

    return run


def run_python(
    *arguments: str, folder: Path, stdin: bytes = b"", environment: dict[str, str] | None = None
) -> Ended:
    ended = subprocess.run(
        [sys.executable, *arguments],
        input=stdin,
        capture_output=True,
        cwd=folder,
        env=os.environ | (environment or {}),
        timeout=120,
        check=False,
    )
    return Ended(ended.returncode, ended.stdout.decode(), ended.stderr.decode())


RunLimited = Callable[..., Ended]


@pytest.fixture
def python_limited(tmp_path: Path) -> RunLimited:
    """Run a piece of Python with at most so many bytes of memory."""

    def run(
        code: str, arguments: Sequence[object] = (), *, memory: int = 2 << 30, file_size: int | None = None
    ) -> Ended:
        limits = f"import resource; resource.setrlimit(resource.RLIMIT_AS, ({memory}, {memory}))\n"
        if file_size is not None:
            limits += f"resource.setrlimit(resource.RLIMIT_FSIZE, ({file_size}, {file_size}))\n"
        # Coverage's own file would be cut off as well, so that nothing of it could be read.
        unmeasured = (
            None if file_size is None else {"COVERAGE_PROCESS_CONFIG": "", "COVERAGE_PROCESS_START": ""}
        )
        return run_python("-c", limits + code, *map(str, arguments), folder=tmp_path, environment=unmeasured)

    return run


# Their files take longest; begun last, one worker would still be at one when the others are done.
_LONG = ("torture", "hostile", "engine", "browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the folders whose files take longest."""
    folders = Path(__file__).parent
    items.sort(key=lambda item: item.path.relative_to(folders).parts[0] not in _LONG)


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: tests of the page wait for browsers as long as they work."""
    return (os.cpu_count() or 1) + 1
