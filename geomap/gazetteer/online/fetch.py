"""The HTTP client of the online fallback, as an adapter for geopy: polite, bounded, and discreet about keys."""

import random
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection, IncompleteRead
from typing import Any, Final, NoReturn
from urllib.error import URLError
from urllib.parse import parse_qsl, quote, quote_plus, urlencode, urlsplit, urlunsplit
from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, ProxyHandler, Request, UnknownHandler

import orjson
from geopy.adapters import BaseSyncAdapter, get_retry_after

from geomap.errors import OnlineAnswerError, OnlineRefusedError, OnlineUnavailableError
from geomap.fetch.timed import left_s, timed_response
from geomap.gazetteer.online.store import Turn

_PASSING: Final = frozenset({429, 500, 502, 503, 504})
"""Statuses that may be another one soon."""
PLACEHOLDER: Final = "key-from-environment"
"""What geopy is told in place of a key, so that none of its objects, logs and errors ever holds one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a request may cost.

    `interval_s` lies between two requests of a machine; None is what the service asks for. `attempt_s` bounds
    one request from connecting to its last byte, `total_s` all tries and pauses of one question. After try n
    comes a pause of `backoff_s` times 2 to the n-1, shortened at random by up to a half. `patience_s` is the
    longest `Retry-After` that is waited for.
    """

    interval_s: float | None = None
    attempt_s: float = 10.0
    total_s: float = 60.0
    tries: int = 4
    backoff_s: float = 1.0
    patience_s: float = 30.0
    max_bytes: int = 2_000_000


class Secret:
    """A key that shows itself to nobody by accident."""

    __slots__ = ("parameter", "value")

    def __init__(self, parameter: str, value: str) -> None:
        self.parameter, self.value = parameter, value

    def __repr__(self) -> str:
        return "Secret(***)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key is not to be copied to other processes")

    def hidden(self, text: str) -> str:
        """A text with the key, as it is and as it stands in addresses, masked."""
        for form in {self.value, quote(self.value), quote(self.value, safe=""), quote_plus(self.value)}:
            text = text.replace(form, "***")
        return text

    def put_into(self, url: str) -> str:
        """An address with the key in its parameter, where the placeholder stood."""
        parts = urlsplit(url)
        query = [
            (name, self.value if (name, value) == (self.parameter, PLACEHOLDER) else value)
            for name, value in parse_qsl(parts.query, keep_blank_values=True)
        ]
        return urlunsplit(parts._replace(query=urlencode(query)))


class _PassingError(Exception):
    """A failure that may be gone at the next try."""

    def __init__(self, message: str, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class PoliteAdapter(BaseSyncAdapter):  # type: ignore[misc]  # geopy has no types
    """Sends what geopy asks for, in turn, with retries, and never longer or more than the limits say.

    Redirects are not followed. Only http and https are spoken. Proxies are those of geopy: None means those
    of the system, an empty mapping none.

    Parameters
    ----------
    turn
        Whose turn it is on this machine.
    check
        Raises `OnlineAnswerError` unless a decoded answer is of the service's form; it runs before geopy
        sees the answer, since geopy takes a missing position for 0, 0 and an odd answer for a miss.
    """

    def __init__(
        self,
        *,
        proxies: Mapping[str, str] | None,
        ssl_context: ssl.SSLContext | None,
        turn: Turn,
        limits: Limits,
        check: Callable[[Any], None],
        secret: Secret | None = None,
    ) -> None:
        super().__init__(proxies=proxies, ssl_context=ssl_context)
        self._turn, self._limits, self._check, self._secret = turn, limits, check, secret
        self._opener = OpenerDirector()
        for handler in (
            ProxyHandler(None if proxies is None else dict(proxies)),
            _TimedHTTPHandler(),
            _TimedHTTPSHandler(ssl_context),
            UnknownHandler(),
        ):
            self._opener.add_handler(handler)

    def get_json(self, url: str, *, timeout: float | None, headers: Mapping[str, str]) -> Any:
        """The decoded answer, checked.

        Raises
        ------
        OnlineUnavailableError
            If no try within the limits gave an answer.
        OnlineRefusedError
            If the service answered with another status than 200.
        OnlineAnswerError
            If the answer is too large, no JSON, or not of the service's form.
        """
        del timeout  # the limits hold
        body = self._fetch(url, headers)
        host = urlsplit(url).netloc
        try:
            decoded = orjson.loads(body)
        except ValueError:
            raise OnlineAnswerError(
                f"{host}: the answer is no JSON; check that the host is such a service"
            ) from None
        try:
            self._check(decoded)
        except OnlineAnswerError as error:
            raise OnlineAnswerError(f"{host}: {self._hidden(str(error))}") from None
        return decoded

    def get_text(self, url: str, *, timeout: float | None, headers: Mapping[str, str]) -> str:
        """The answer as text; see `get_json`."""
        del timeout
        return self._fetch(url, headers).decode("utf-8", errors="replace")

    def _hidden(self, text: str) -> str:
        return self._secret.hidden(text) if self._secret else text

    def _fetch(self, url: str, headers: Mapping[str, str]) -> bytes:
        """The body of the first try that is answered; here `url` holds no key yet."""
        limits, host = self._limits, urlsplit(url).netloc
        ends_at = time.monotonic() + limits.total_s
        for tried in range(1, limits.tries + 1):
            try:
                with self._turn.taken(ends_at):
                    return self._send(url, headers, min(time.monotonic() + limits.attempt_s, ends_at))
            except _PassingError as error:
                pause = limits.backoff_s * 2 ** (tried - 1) * random.uniform(0.5, 1.0)
                asked, why = error.retry_after_s, self._hidden(str(error))
            pause = max(pause, asked or 0.0)
            if asked is not None and asked > limits.patience_s:
                raise OnlineUnavailableError(
                    f"{host}: {why}; it asks to wait {asked:.0f} s: try again then", retry_after_s=asked
                )
            if tried == limits.tries or time.monotonic() + pause >= ends_at:
                break
            time.sleep(pause)
        raise OnlineUnavailableError(
            f"{host}: {why}; gave up after {tried} of {limits.tries} tries: try again later",
            retry_after_s=asked,
        )

    def _send(self, url: str, headers: Mapping[str, str], ends_at: float) -> bytes:
        """Try once. Errors are raised anew here, outside of any frame or chain that holds the key."""
        failure: Exception
        try:
            reply = self._exchange(url, headers, ends_at)
        except TimeoutError:
            failure = _PassingError(f"no whole answer within {self._limits.attempt_s:g} s")
        except (OSError, HTTPException) as error:
            failure = self._read_failure(error)
        else:
            return self._read_reply(urlsplit(url).netloc, reply)
        raise failure from None

    def _exchange(self, url: str, headers: Mapping[str, str], ends_at: float) -> "_Reply":
        """Send the request, which alone holds the key, and read the reply, in which it is masked."""
        request = _TimedRequest(self._secret.put_into(url) if self._secret else url, headers=dict(headers))
        request.ends_at = ends_at
        with self._opener.open(request, timeout=left_s(ends_at)) as response:
            body: bytes = response.read(self._limits.max_bytes + 1) if response.status == 200 else b""
            # With a size given, http.client takes the end of a connection for the end of the body.
            if response.status == 200 and len(body) <= self._limits.max_bytes and response.length:
                raise IncompleteRead(b"", response.length)
            text = self._hidden(body.decode("utf-8", "surrogateescape"))
            return _Reply(
                status=response.status,
                retry_after_s=_retry_after_s(response.headers),
                location=self._hidden(response.headers.get("Location") or ""),
                body=text.encode("utf-8", "surrogateescape"),
            )

    def _read_failure(self, error: OSError | HTTPException) -> Exception:
        reason = error.reason if isinstance(error, URLError) else error
        if isinstance(reason, TimeoutError):
            return _PassingError(f"no connection within {self._limits.attempt_s:g} s")
        words = self._hidden(f"{type(reason).__name__}: {reason}" if str(reason) else type(reason).__name__)
        if isinstance(reason, ssl.SSLCertVerificationError):
            return OnlineRefusedError(f"not asked, its certificate is not trusted: {words}")
        return _PassingError(f"not reached or cut off ({words})")

    def _read_reply(self, host: str, reply: "_Reply") -> bytes:
        if reply.status in _PASSING:
            raise _PassingError(f"it answered with status {reply.status}", reply.retry_after_s)
        if 300 <= reply.status < 400:
            target = urlsplit(reply.location)
            raise OnlineRefusedError(
                f"{host}: it redirects to {target.netloc or target.path!r}, which is not followed; name the"
                " right host and scheme"
            )
        if reply.status != 200:
            hint = _HINTS.get(reply.status, "check the host and the settings")
            raise OnlineRefusedError(f"{host}: it answered with status {reply.status}; {hint}")
        if len(reply.body) > self._limits.max_bytes:
            raise OnlineAnswerError(f"{host}: the answer is larger than {self._limits.max_bytes:,} bytes")
        return reply.body


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reply:
    status: int
    retry_after_s: float | None
    location: str
    body: bytes


_HINTS: Final = {
    400: "ask for the place in other words",
    401: "check the key",
    402: "the quota of the key is used up",
    403: "check contact and key; the service may have blocked this machine",
    404: "check the host, there is no such service",
}


def _retry_after_s(headers: Any) -> float | None:
    """The seconds that `Retry-After` asks for, whether as seconds or as a date."""
    try:
        seconds = get_retry_after(headers)
    except (ValueError, OverflowError):  # a date that there is not
        return None
    return None if seconds is None else float(seconds)


class _TimedRequest(Request):
    ends_at: float


class _TimedConnection(HTTPConnection):
    def __init__(self, *args: Any, ends_at: float, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.response_class = timed_response(ends_at)


class _TimedSecureConnection(HTTPSConnection):
    def __init__(self, *args: Any, ends_at: float, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.response_class = timed_response(ends_at)


class _TimedHTTPHandler(HTTPHandler):
    def http_open(self, req: Request) -> HTTPResponse:
        assert isinstance(req, _TimedRequest)
        return self.do_open(partial(_TimedConnection, ends_at=req.ends_at), req)


class _TimedHTTPSHandler(HTTPSHandler):
    def __init__(self, context: ssl.SSLContext | None) -> None:
        super().__init__(context=context)
        self._given = context

    def https_open(self, req: Request) -> HTTPResponse:
        assert isinstance(req, _TimedRequest)
        context = self._given or ssl.create_default_context()
        return self.do_open(partial(_TimedSecureConnection, ends_at=req.ends_at), req, context=context)
