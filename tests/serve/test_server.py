"""What the preview's server answers, to whom, and what it never does."""

import hashlib
import http.client
import json
import re
import socket
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from geomap.errors import ConfigError, DataFileError, Mark, Problem, ServeError
from geomap.serve.drawing import Drawing, draw
from geomap.serve.preview import MOST_PROBLEMS, Preview
from geomap.serve.server import FIRST_PORT, serving

pytestmark = pytest.mark.allow_hosts(["127.0.0.1", "127.0.0.2"])
Ask = Callable[..., http.client.HTTPResponse]

PAGE = b"<!doctype html><title>A map</title>"
HOSTILE = "</script><img src=x onerror=alert(1)>\u202e\n\ndata: {}\r\n\x1b[2J\udcff"


def drawing(page: bytes | None = PAGE, error: Exception | None = None) -> Drawing:
    return Drawing(seconds=0, page=page, error=error)


def failed(*problems: Problem) -> Drawing:
    return drawing(None, ConfigError(problems))


def problem(message: str = "wrong", path: str = "events.yaml") -> Problem:
    return Problem(Mark(Path(path), 5, 3), message)


@pytest.fixture
def preview() -> Preview:
    return Preview()


@pytest.fixture
def port(preview: Preview) -> Iterator[int]:
    with serving(preview, 0) as url:
        yield int(url.rstrip("/").rpartition(":")[2])


@pytest.fixture
def ask(port: int) -> Iterator[Ask]:
    connections = []

    def send(
        path: str, method: str = "GET", hosts: tuple[str, ...] | None = None
    ) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connections.append(connection)
        connection.putrequest(method, path, skip_host=True)
        for host in (f"127.0.0.1:{port}",) if hosts is None else hosts:
            connection.putheader("Host", host)
        connection.endheaders()
        return connection.getresponse()

    yield send
    for connection in connections:
        connection.close()


# Who is answered


def test_it_listens_to_this_machine_only(preview: Preview) -> None:
    with serving(preview, 0) as url:
        port = re.fullmatch(r"http://127\.0\.0\.1:(\d+)/", url)
        assert port is not None
        # Another address of the same machine: a server that listens everywhere would answer.
        with pytest.raises(OSError, match=r"refused|timed out"):
            socket.create_connection(("127.0.0.2", int(port[1])), timeout=2)


@pytest.mark.parametrize("path", ["/", "/map", "/changes", "/nowhere"])
@pytest.mark.parametrize(
    "hosts",
    [
        (),
        ("",),
        ("attacker.example",),
        ("attacker.example:{port}",),
        ("127.0.0.1",),
        ("127.0.0.1:1",),
        ("127.0.0.1.attacker.example:{port}",),
        ("localhost.attacker.example:{port}",),
        ("attacker@127.0.0.1:{port}",),
        ("0.0.0.0:{port}",),
        ("127.0.0.1:{port}", "attacker.example"),
    ],
)
def test_a_strangers_name_for_this_machine_is_refused(
    ask: Ask, preview: Preview, port: int, path: str, hosts: tuple[str, ...]
) -> None:
    preview.show(drawing())
    answer = ask(path, hosts=tuple(host.format(port=port) for host in hosts))
    assert answer.status == 403
    assert answer.read().decode() == f"403 This preview is at http://127.0.0.1:{port}/ only\n"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LocalHost"])
def test_this_machines_own_names_are_answered(ask: Ask, port: int, host: str) -> None:
    assert ask("/", hosts=(f"{host}:{port}",)).status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/map/", "/map?x", "/Map", "/index.html", "/map.yaml", "/events.yaml", "/../map.yaml", "/%2e%2e/map.yaml",
        "//map", "/static/preview.js", "/etc/passwd", "http://attacker.example/map", "*", "/" + "x" * 10_000,
    ],
)  # fmt: skip
def test_there_is_nothing_but_the_fixed_addresses(ask: Ask, preview: Preview, path: str) -> None:
    preview.show(drawing())
    answer = ask(path)
    # The standard library reads two slashes at the start as one.
    expected = (200, PAGE) if path == "//map" else (404, b"404 There are only /, /map and /changes here\n")
    assert (answer.status, answer.read()) == expected


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "CONNECT", "<b>"])
def test_only_reading_is_answered(ask: Ask, method: str) -> None:
    answer = ask("/", method)
    assert answer.status == 501
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"


# What is answered


@pytest.mark.parametrize(("path", "status"), [("/", 200), ("/map", 200), ("/changes", 200), ("/other", 404)])
def test_every_answer_is_kept_by_nobody_and_read_by_no_other_site(
    ask: Ask, preview: Preview, path: str, status: int
) -> None:
    preview.show(drawing())
    for method in ("GET", "HEAD"):
        answer = ask(path, method)
        assert answer.status == status
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer.headers["Access-Control-Allow-Origin"] is None
        assert answer.headers["Server"] == "geomap"
        if method == "HEAD":
            assert answer.read() == b""


def test_the_map_is_served_unchanged_and_in_no_strangers_frame(ask: Ask, preview: Preview) -> None:
    preview.show(drawing())
    answer = ask("/map")
    assert answer.read() == PAGE
    assert answer.headers["Content-Security-Policy"] == "frame-ancestors 'self'"


def test_before_the_first_map_there_is_none(ask: Ask) -> None:
    assert ask("/map").status == 503


def test_the_page_around_it_runs_its_own_script_and_nothing_else(ask: Ask) -> None:
    answer = ask("/")
    html = answer.read().decode()
    policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["connect-src"] == policy["frame-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    for tag in ("script", "style"):
        (text,) = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        assert (
            policy[f"{tag}-src"] == f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
        )
    assert not re.search(
        r"\son\w+=|\sstyle=|https?:", re.sub(r"<(script|style)>.*?</\1>", "", html, flags=re.S)
    )


# What is told


def told(answer: http.client.HTTPResponse) -> dict[str, Any]:
    """The next piece of news of an event stream."""
    line = next(line for line in answer if line.startswith(b"data: "))
    news: dict[str, Any] = json.loads(line.removeprefix(b"data: "))
    return news


def test_changes_are_told_as_they_come(ask: Ask, preview: Preview) -> None:
    answer = ask("/changes")
    assert told(answer) == {"version": None, "drawing": True, "problems": [], "left_out": 0}
    preview.show(drawing())
    first = told(answer)
    assert (first["version"], first["drawing"]) == (hashlib.sha256(PAGE).hexdigest()[:16], False)
    preview.begin()
    assert told(answer) == first | {"drawing": True}
    preview.show(drawing())
    assert told(answer) == first
    preview.show(drawing(b"another"))
    assert told(answer)["version"] != first["version"]


def test_problems_stand_beside_the_last_good_map_until_they_are_mended(ask: Ask, preview: Preview) -> None:
    preview.show(drawing())
    preview.show(failed(problem()))
    news = told(ask("/changes"))
    assert news["problems"] == [
        {"file": "events.yaml", "line": 5, "column": 3, "code": "config", "message": "wrong"}
    ]
    assert news["version"] is not None
    assert ask("/map").read() == PAGE
    preview.show(drawing())
    assert told(ask("/changes"))["problems"] == []


def test_hostile_text_stays_one_line_of_json(ask: Ask, preview: Preview) -> None:
    preview.show(failed(problem(HOSTILE, path=HOSTILE)))
    answer = ask("/changes")
    (found,) = told(answer)["problems"]
    assert (found["file"], found["message"]) == (HOSTILE, HOSTILE)
    preview.close()
    assert answer.read().strip() == b""


def test_of_very_many_problems_the_first_are_listed(preview: Preview) -> None:
    preview.show(failed(*[problem()] * (MOST_PROBLEMS + 7)))
    news = json.loads(preview.now.as_json())
    assert (len(news["problems"]), news["left_out"]) == (MOST_PROBLEMS, 7)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (DataFileError("base.sqlite: missing; install again"), "base.sqlite: missing; install again"),
        (PermissionError(13, "Permission denied", "x.yaml"), "[Errno 13] Permission denied: 'x.yaml'"),
        (KeyError("x"), "geomap itself failed: KeyError: 'x'; the terminal says where"),
    ],
)
def test_an_error_without_a_place_is_told_without_one(
    preview: Preview, error: Exception, message: str
) -> None:
    preview.show(drawing(None, error))
    (found,) = json.loads(preview.now.as_json())["problems"]
    assert (found["file"], found["message"]) == (None, message)


def test_a_fault_of_ours_is_a_failed_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("geomap.pipeline.build", fail)
    drawn = draw(Path("map.yaml"), drafts=False)
    assert isinstance(drawn.error, ZeroDivisionError)
    assert drawn.is_a_fault


def test_the_end_of_the_preview_ends_open_streams(preview: Preview) -> None:
    with serving(preview, 0) as url:
        connection = http.client.HTTPConnection("127.0.0.1", int(url[17:-1]), timeout=60)
        connection.request("GET", "/changes")
        answer = connection.getresponse()
        told(answer)
    assert answer.read().strip() == b""
    connection.close()


def test_a_browser_that_goes_away_is_no_news(
    ask: Ask, port: int, preview: Preview, capfd: pytest.CaptureFixture[str]
) -> None:
    with socket.create_connection(("127.0.0.1", port)) as hasty:
        hasty.sendall(f"GET /changes HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
    for number in range(50):
        preview.show(drawing(bytes([number])))
    assert ask("/").status == 200
    assert capfd.readouterr() == ("", "")


# Ports


def test_a_port_that_is_taken_gives_way_to_the_next(preview: Preview, port: int) -> None:
    with serving(Preview(), 0) as url:
        assert url != f"http://127.0.0.1:{port}/"
        assert port >= FIRST_PORT


def test_a_port_that_was_asked_for_and_is_taken_is_an_error(preview: Preview, port: int) -> None:
    with pytest.raises(ServeError) as caught, serving(Preview(), port):
        pass
    assert str(caught.value) == f"port {port} is taken; leave --port out to get a free one"
