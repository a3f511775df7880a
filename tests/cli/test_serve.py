"""How `geomap serve` begins, or says why it cannot; that it serves is in `tests/serve`."""

import socket
import sys
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from geomap.errors import ServeError
from geomap.serve.drawing import Drawing

Run = Callable[..., Any]


def test_a_project_that_is_not_there_is_exit_1_as_with_every_command(geomap: Run, tmp_path: Path) -> None:
    ended = geomap("serve", tmp_path / "nowhere")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == (
        f"{tmp_path / 'nowhere'}:1:1: error config no such file; expected a text file, check the path\n"
    )


@pytest.mark.parametrize(
    "arguments", [[], ["x", "--port", "-1"], ["x", "--port", "70000"], ["x", "--port", "a"]]
)
def test_a_wrong_usage_is_exit_2(geomap: Run, arguments: list[str]) -> None:
    ended = geomap("serve", *arguments)
    assert (ended.code, ended.out) == (2, "")


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_without_watchfiles_it_says_what_to_install(
    geomap: Run, write_project: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    ended = geomap("serve", write_project())
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == "geomap: to see saves, run pip install 'geomap[serve]'\n"


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_port_that_is_taken_is_exit_1(geomap: Run, write_project: Run) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        ended = geomap("serve", write_project(), "--port", port)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == f"geomap: port {port} is taken; leave --port out to get a free one\n"


@pytest.mark.parametrize("options", [(), ("--open",)])
def test_a_browser_is_opened_only_when_asked(
    geomap: Run, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]
) -> None:
    opened: list[str] = []

    def start(*_: object, started: Callable[[str], None], **__: object) -> None:
        started("http://127.0.0.1:8765/")
        raise KeyboardInterrupt

    monkeypatch.setattr(webbrowser, "open", opened.append)
    monkeypatch.setattr("geomap.serve.serve", start)
    ended = geomap("serve", "a-map", *options)
    assert (ended.code, ended.out) == (0, "http://127.0.0.1:8765/\n")
    assert ended.err == "a-map: drawn anew at each save; Ctrl+C ends\n"
    assert opened == (["http://127.0.0.1:8765/"] if options else [])


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ServeError("x\x1b[2J"), ["geomap: x\\u001b[2J"]),
        (PermissionError(13, "Permission denied"), ["[Errno 13] Permission denied"]),
        (KeyError("x"), ["KeyError: 'x'"]),
    ],
)
def test_a_drawing_that_failed_is_told_on_stderr(
    geomap: Run, monkeypatch: pytest.MonkeyPatch, error: Exception, said: list[str]
) -> None:
    def start(*_: object, drawn: Callable[[Drawing], None], **__: object) -> None:
        drawn(Drawing(seconds=0, error=error))

    monkeypatch.setattr("geomap.serve.serve", start)
    ended = geomap("serve", "a-map")
    assert (ended.code, ended.out, ended.err.splitlines()) == (0, "", said)
