"""The HTTP of the standard library, with one end for a whole exchange.

A timeout of a socket holds for each read anew, so that a byte now and then keeps a request alive for ever. Here the
time left is set before every read, of the head as of the body and of a proxy's answer.
"""

import io
import socket
import time
from functools import partial
from http.client import HTTPResponse
from typing import Any, cast


def left_s(ends_at: float) -> float:
    """Seconds until a monotonic time, for a socket: 0 would mean not to wait at all.

    Raises
    ------
    TimeoutError
        If it has passed.
    """
    left = ends_at - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def timed_response(ends_at: float) -> type[HTTPResponse]:
    """The `response_class` of a connection whose answers end by a monotonic time, or raise `TimeoutError`."""
    # http.client only ever calls it.
    return cast("type[HTTPResponse]", partial(_TimedResponse, ends_at=ends_at))


class _TimedReader(io.RawIOBase):
    def __init__(self, raw: io.RawIOBase, connection: socket.socket, ends_at: float) -> None:
        self._raw, self._connection, self._ends_at = raw, connection, ends_at

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._connection.settimeout(left_s(self._ends_at))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _TimedResponse(HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, ends_at: float, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_TimedReader(self.fp.detach(), sock, ends_at))
