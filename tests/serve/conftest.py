"""A preview that runs in a process of its own, and what it tells."""

import http.client
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

PATIENCE_S = 60
# What a shell starts in the background ignores the interrupt, and so would this.
START = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from geomap.cli import main; main()"
)


@dataclass
class Served:
    """A running `geomap serve`."""

    url: str
    remarks: Path
    process: subprocess.Popen[str]
    _open: list[http.client.HTTPConnection] = field(default_factory=list)

    @property
    def port(self) -> int:
        return int(self.url.rstrip("/").rpartition(":")[2])

    def ask(self, path: str, method: str = "GET", **headers: str) -> http.client.HTTPResponse:
        """Ask for a path as a browser would, unless the headers say otherwise."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        self._open.append(connection)
        connection.request(method, path, headers=headers)
        return connection.getresponse()

    def changes(self) -> "Changes":
        return Changes(self.ask("/changes"))

    def interrupt(self) -> int:
        """Press Ctrl+C, and give the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE_S)

    def close(self) -> None:
        for connection in self._open:
            connection.close()
        self.process.kill()
        self.process.communicate()


class Changes:
    """What the page is told, one after the other."""

    def __init__(self, answer: http.client.HTTPResponse) -> None:
        assert answer.headers["Content-Type"] == "text/event-stream"
        self._answer = answer

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for line in self._answer:
            if line.startswith(b"data: "):
                yield json.loads(line.removeprefix(b"data: "))

    def drawn(self, is_wanted: Callable[[dict[str, Any]], bool] = lambda _: True) -> dict[str, Any]:
        """The next that tells how a drawing went, and that is wanted."""
        return next(told for told in self if not told["drawing"] and is_wanted(told))


Serve = Callable[..., Served]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Run `geomap serve` and give it once it has told its address."""
    running: list[Served] = []

    def start(*arguments: object, **environment: str) -> Served:
        remarks = tmp_path / f"remarks-{len(running)}.txt"
        with remarks.open("w") as stream:
            process = subprocess.Popen(
                [sys.executable, "-c", START, "serve", *map(str, arguments)],
                stdout=subprocess.PIPE,
                stderr=stream,
                text=True,
                env=os.environ | environment,
            )
        assert process.stdout is not None
        served = Served(process.stdout.readline().strip(), remarks, process)
        running.append(served)
        return served

    yield start
    for served in running:
        served.close()
