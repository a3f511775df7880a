"""The listening socket: three fixed addresses on 127.0.0.1, answered from memory."""

import errno
import os
import socketserver
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from geomap.errors import ServeError
from geomap.serve.preview import Preview
from geomap.serve.wrapper import Wrapper, read_wrapper

HOST: Final = "127.0.0.1"
FIRST_PORT: Final = 8765
_PORTS_TRIED: Final = 20
_KEEP_ALIVE_S: Final = 15
_HTML: Final = "text/html; charset=utf-8"
_TEXT: Final = "text/plain; charset=utf-8"


class PreviewServer(ThreadingHTTPServer):
    """Serves a preview, to this machine only."""

    daemon_threads = True
    # Elsewhere it lets a port be taken over at once; on Windows it would share one that is in use.
    allow_reuse_address = os.name == "posix"
    allow_reuse_port = False

    def __init__(self, preview: Preview, port: int) -> None:
        self.preview = preview
        self.wrapper: Wrapper = read_wrapper()
        super().__init__((HOST, port), _Handler)
        own = self.server_address[1]
        self.hosts = frozenset(
            {f"{HOST}:{own}", f"localhost:{own}"} | ({HOST, "localhost"} if own == 80 else set())
        )
        self.url = f"http://{HOST}:{own}/"

    def server_bind(self) -> None:
        """Bind without looking up the machine's name, which may ask a name server."""
        socketserver.TCPServer.server_bind(self)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away in the middle of an answer is nothing to tell."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


@contextmanager
def serving(preview: Preview, port: int) -> Iterator[str]:
    """Serve a preview in the background while the block runs; gives its address.

    `port` 0 takes 8765, or the next one that is free.

    Raises
    ------
    ServeError
        If the port cannot be had.
    """
    server = _open(preview, port)
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), name="geomap-serve", daemon=True)
    thread.start()
    try:
        yield server.url
    finally:
        preview.close()
        server.shutdown()
        server.server_close()
        thread.join()


def _open(preview: Preview, port: int) -> PreviewServer:
    candidates = [port] if port else [*range(FIRST_PORT, FIRST_PORT + _PORTS_TRIED), 0]
    for candidate in candidates:
        try:
            return PreviewServer(preview, candidate)
        except OSError as error:
            if candidate != candidates[-1]:
                continue
            what = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be opened: {error.strerror}"
            raise ServeError(f"port {port} {what}; leave --port out to get a free one") from error
    raise AssertionError("there is always a last candidate")


class _Handler(BaseHTTPRequestHandler):
    server: PreviewServer
    error_content_type = _TEXT
    error_message_format = "%(code)d %(message)s\n"
    timeout = 30  # of one that does not go on sending, or reading

    def do_GET(self) -> None:
        """Answer one of the fixed addresses."""
        if not self._is_for_us():
            return
        if self.path == "/":
            self._send(self.server.wrapper.html, _HTML, self.server.wrapper.policy)
        elif self.path == "/map":
            page = self.server.preview.now.page
            if page is None:
                self.send_error(HTTPStatus.SERVICE_UNAVAILABLE, "There is no map yet")
            else:
                # The page brings its own policy; here it is only kept out of other people's frames.
                self._send(page, _HTML, "frame-ancestors 'self'")
        elif self.path == "/changes":
            self._send_changes()
        else:
            self.send_error(HTTPStatus.NOT_FOUND, "There are only /, /map and /changes here")

    def do_HEAD(self) -> None:
        """Answer without the content; other methods than these two are refused."""
        self.do_GET()

    def _is_for_us(self) -> bool:
        """Whether the request names this machine: a name of a stranger's that leads here does not (DNS rebinding)."""
        hosts = self.headers.get_all("Host", [])
        if len(hosts) == 1 and hosts[0].strip().lower() in self.server.hosts:
            return True
        self.send_error(HTTPStatus.FORBIDDEN, f"This preview is at {self.server.url} only")
        return False

    def _send(self, content: bytes, content_type: str, policy: str) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Security-Policy", policy)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def _send_changes(self) -> None:
        """Tell what is to be seen now, then each change, until the browser or the preview ends."""
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        if self.command == "HEAD":
            return
        preview, seen = self.server.preview, -1
        self.wfile.write(b"retry: 1000\n\n")
        while not preview.is_closed:
            snapshot = preview.wait(seen, seconds=_KEEP_ALIVE_S)
            if snapshot is not None:
                seen = snapshot.number
                self.wfile.write(f"data: {snapshot.as_json()}\n\n".encode("ascii"))
            elif not preview.is_closed:
                self.wfile.write(b":\n\n")  # fails once the browser has gone

    def end_headers(self) -> None:
        """Add what every answer says, the refusals too."""
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        super().end_headers()

    def version_string(self) -> str:
        """The name without versions."""
        return "geomap"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name it has there
        """Requests are no news."""
