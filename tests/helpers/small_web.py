"""A web on this machine: names, addresses and servers that behave as badly as those of the real one."""

import shutil
import socket
import socketserver
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

PUBLIC = "93.184.216.34"
OTHER = "151.101.1.164"

Answer = bytes | Callable[[socket.socket], None]


def http(
    body: bytes = b"",
    content_type: str | None = "text/html",
    *headers: str,
    status: str = "200 OK",
    length: int | None = -1,
) -> bytes:
    """An answer; -1 states the length that it has, None none."""
    lines = [f"HTTP/1.1 {status}", *headers]
    if content_type is not None:
        lines.append(f"Content-Type: {content_type}")
    if length is not None:
        lines.append(f"Content-Length: {len(body) if length == -1 else length}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def moved(to: str, *headers: str, status: str = "302 Found") -> bytes:
    return http(b"", None, f"Location: {to}", *headers, status=status)


@dataclass
class Web:
    """What hosts answer to each path, and what they were asked.

    Every public address leads to a server of this machine, whatever its port but 443, which is that of TLS. A host has
    its list of addresses, or several lists, one each time that it is looked up.
    """

    answers: dict[str, Answer] = field(default_factory=dict)
    hosts: dict[str, list[str] | list[list[str]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    looked_up: list[str] = field(default_factory=list)
    connected: list[tuple[str, int]] = field(default_factory=list)
    ports: dict[bool, int] = field(default_factory=dict)

    def resolve(self, host: str, port: int) -> list[str]:
        self.looked_up.append(host)
        if host not in self.hosts:
            raise socket.gaierror(-2, "Name or service not known")
        found = self.hosts[host]
        if isinstance(found[0], list):
            return found.pop(0) if len(found) > 1 else found[0]  # type: ignore[return-value]
        return found  # type: ignore[return-value]

    def dial(self, address: str, port: int, timeout_s: float) -> socket.socket:
        self.connected.append((address, port))
        return socket.create_connection(("127.0.0.1", self.ports[port == 443]), timeout=timeout_s)

    def serve(self, connection: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            head += connection.recv(4096) or b"\r\n\r\n"
        self.asked.append(head.decode("latin-1"))
        answer = self.answers[head.split(b" ", 2)[1].decode("latin-1")]
        if callable(answer):
            answer(connection)
        else:
            connection.sendall(answer)


@contextmanager
def _listening(web: Web, context: ssl.SSLContext | None) -> Iterator[int]:
    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):  # who asked has gone
                connection = self.request
                if context is not None:
                    connection = context.wrap_socket(connection, server_side=True)
                with connection:
                    web.serve(connection)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *_: Any) -> None: ...

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def small_web(certificate: Path | None = None) -> Iterator[Web]:
    """A web with one host, `news.example`; with a certificate it answers at port 443, too."""
    web = Web(hosts={"news.example": [PUBLIC]})
    context = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    with _listening(web, None) as plain, _listening(web, context) as secure:
        web.ports = {False: plain, True: secure}
        yield web


def make_certificate(folder: Path, name: str) -> Path:
    """A certificate for a host that signs itself, with its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl to make a certificate with")
    path = folder / f"{name}.pem"
    command = [
        openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
        "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}", "-keyout", path, "-out", folder / "crt",
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=30)
    path.write_bytes(path.read_bytes() + (folder / "crt").read_bytes())
    return path
