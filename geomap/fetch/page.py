"""Fetches one page, as an unknown visitor would: no cookies, no log-in, no proxy, and never from the own network."""

import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from importlib.metadata import PackageNotFoundError, version
from ipaddress import ip_address
from typing import Final
from urllib.parse import quote, urljoin

from geomap.errors import FetchError
from geomap.fetch.addresses import WebAddress, is_public, masked, read_address
from geomap.fetch.timed import left_s, timed_response

MEDIA_TYPES: Final = {"text/html": ".html", "application/xhtml+xml": ".xhtml", "text/plain": ".txt"}
"""What is taken, with the ends of file names by which it is known again."""

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_PORTS: Final = frozenset({80, 443})
_ANY_SIGN: Final = "".join(map(chr, range(0x21, 0x7F)))

Resolve = Callable[[str, int], Sequence[str]]
Dial = Callable[[str, int, float], socket.socket]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a page may cost: `total_s` from the first question to the last byte, redirects and all.

    `connect_s` is for one of the addresses of a host, where it has several. `max_bytes` bounds the body.
    """

    total_s: float = 20.0
    connect_s: float = 5.0
    max_bytes: int = 10_000_000
    redirects: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What was received, byte for byte."""

    url: str
    """Where it came from: after redirects, the last address."""
    media_type: str
    content: bytes


def resolve_name(host: str, port: int) -> list[str]:
    """The IP addresses of a host, in the order in which the system wants them tried."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(info[4][0]) for info in found))


def dial_address(address: str, port: int, timeout_s: float) -> socket.socket:
    """A connection to a port of an IP address."""
    return socket.create_connection((address, port), timeout=timeout_s)


def fetch_page(
    url: str,
    *,
    limits: Limits = Limits(),
    resolve: Resolve = resolve_name,
    dial: Dial = dial_address,
    context: ssl.SSLContext | None = None,
) -> Page:
    """Fetch a page of HTML or plain text.

    Each host is looked up once and connected to at the very address that was found fit, at redirects anew. A redirect
    leads to no other port than 80, 443 and the one of `url`, and never from https to http.

    Parameters
    ----------
    resolve
        Gives the addresses of a host at a port.
    dial
        Connects to an address, at a port, within so many seconds; only ever called with a public one.
    context
        Of TLS; the system's own certificates unless given.

    Raises
    ------
    FetchError
        If the address is not fit, leads to one that is not, or is not answered with such a page within the limits.
    """
    try:
        at = read_address(url)
    except ValueError as error:
        raise FetchError(f"{masked(url)}: {error}") from error
    asking = _Asking(
        limits=limits,
        resolve=resolve,
        dial=dial,
        context=context,
        ports=_PORTS | {at.port},
        ends_at=time.monotonic() + limits.total_s,
    )
    told = url
    for _ in range(limits.redirects + 1):
        try:
            answer = asking.ask(at)
        except _RefusedError as error:
            raise FetchError(f"{told}: {error}") from error
        except TimeoutError as error:
            raise FetchError(
                f"{told}: no whole answer within {limits.total_s:g} s; try again later"
            ) from error
        except ssl.SSLCertVerificationError as error:
            raise FetchError(f"{told}: its certificate is not trusted: {error.verify_message}") from error
        except (OSError, HTTPException) as error:
            raise FetchError(f"{told}: not reached or cut off ({_words(error)})") from error
        if isinstance(answer, Page):
            return answer
        at = answer
        told = f"{url}, redirected to {at}"
    raise FetchError(f"{url}: redirected more than {limits.redirects} times")


class _RefusedError(Exception):
    """Why a page is not fetched, said of its address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asking:
    limits: Limits
    resolve: Resolve
    dial: Dial
    context: ssl.SSLContext | None
    ports: frozenset[int]
    ends_at: float

    def ask(self, at: WebAddress) -> Page | WebAddress:
        """The page, or where it is said to be instead."""
        if at.port not in self.ports:
            raise _RefusedError(f"port {at.port} is refused where nobody wrote it")
        connection = HTTPConnection(at.host, at.port)
        connection.response_class = timed_response(self.ends_at)
        try:
            # Set here, so that nothing resolves the name again.
            connection.sock = self._reach(at)
            connection.sock.settimeout(left_s(self.ends_at))
            connection.request("GET", at.target, headers=_headers(at))
            with connection.getresponse() as response:
                if response.status in _REDIRECTS:
                    return _target(at, response)
                return self._page(at, response)
        finally:
            connection.close()

    def _reach(self, at: WebAddress) -> socket.socket:
        found = [ip_address(one) for one in self._addresses(at)]
        # One unfit address spoils the others: an honest host has none.
        if unfit := [str(one) for one in found if not is_public(one)]:
            whose = at.host if unfit[0] == at.host else f"{at.host} is at {unfit[0]}, which"
            raise _RefusedError(
                f"{whose} is no address of the public network; save the page, and name its file"
            )
        failure: OSError = OSError("it has no address")
        for one in found:
            wait_s = min(self.limits.connect_s, left_s(self.ends_at))
            try:
                plain = self.dial(str(one), at.port, wait_s)
            except OSError as error:
                failure = error
                continue
            return self._secured(at, plain) if at.scheme == "https" else plain
        raise _RefusedError(f"not reached ({_words(failure)})")

    def _secured(self, at: WebAddress, plain: socket.socket) -> socket.socket:
        context = self.context or ssl.create_default_context()
        try:
            plain.settimeout(left_s(self.ends_at))
            return context.wrap_socket(plain, server_hostname=at.host)
        except BaseException:
            plain.close()
            raise

    def _addresses(self, at: WebAddress) -> Sequence[str]:
        """What the host's name resolves to; asked in a thread, since the system's resolver cannot be stopped."""
        answers: queue.SimpleQueue[Sequence[str] | OSError] = queue.SimpleQueue()

        def look_up() -> None:
            try:
                answers.put(self.resolve(at.host, at.port))
            except OSError as error:
                answers.put(error)

        threading.Thread(target=look_up, daemon=True).start()
        try:
            answer = answers.get(timeout=left_s(self.ends_at))
        except queue.Empty:
            raise TimeoutError from None
        if isinstance(answer, OSError):
            raise _RefusedError(f"no address of {at.host} is known ({_words(answer)})")
        return answer

    def _page(self, at: WebAddress, response: HTTPResponse) -> Page:
        if response.status != 200:
            raise _RefusedError(f"it answered with status {response.status}")
        stated = response.headers.get_content_type() if "Content-Type" in response.headers else "nothing"
        if stated not in MEDIA_TYPES:
            raise _RefusedError(f"it sends {stated}; expected one of {', '.join(MEDIA_TYPES)}")
        encoding = response.headers.get("Content-Encoding", "identity")
        if encoding.strip().lower() != "identity":
            raise _RefusedError(
                f"it sends the page packed as {encoding}, which was not asked for; save the page instead"
            )
        most = self.limits.max_bytes
        if response.length is not None and response.length > most:
            raise _RefusedError(f"it has {response.length:,} bytes; at most {most:,} are fetched")
        content = response.read(most + 1)
        if len(content) > most:
            raise _RefusedError(f"it has more than {most:,} bytes, and no more are fetched")
        # With a size given, http.client takes the end of a connection for the end of the body.
        if response.length:
            raise _RefusedError(f"cut off after {len(content):,} bytes, {response.length:,} before its end")
        return Page(url=str(at), media_type=stated, content=content)


def _target(at: WebAddress, response: HTTPResponse) -> WebAddress:
    """Where a redirect leads; http.client reads headers as Latin-1, so that any byte can be escaped again."""
    location = response.headers.get("Location", "")
    written = quote(location.encode("latin-1", "replace"), safe=_ANY_SIGN)
    if not written:
        raise _RefusedError(f"it answered with status {response.status}, and nowhere to go")
    try:
        target = read_address(urljoin(str(at), written))
    except ValueError as error:
        raise _RefusedError(f"it redirects to {masked(location)!r}: {error}") from error
    if at.scheme == "https" and target.scheme == "http":
        raise _RefusedError(
            f"it redirects to {target}, from https to http, which anybody on the way could read and change"
        )
    return target


def _headers(at: WebAddress) -> dict[str, str]:
    return {
        "Host": at.site,
        "User-Agent": _product(),
        "Accept": ", ".join(MEDIA_TYPES),
        "Accept-Encoding": "identity",  # kept as received, and nothing that unpacks to more than it is
        "Connection": "close",
    }


def _product() -> str:
    try:
        return f"geomap/{version('geomap')}"
    except PackageNotFoundError:  # run from a folder, not installed
        return "geomap"


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
