"""The online fallback, against a server of this machine that behaves as badly as servers do."""

import json
import logging
import shutil
import socket
import sqlite3
import ssl
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import filelock
import pytest

from geomap.errors import (
    OnlineAnswerError,
    OnlineCacheError,
    OnlineError,
    OnlineQueryError,
    OnlineRefusedError,
    OnlineSetupError,
    OnlineUnavailableError,
)
from geomap.gazetteer.online import Limits, OnlineGeocoder
from geomap.gazetteer.online.store import Turn
from geomap.model.geometry import distance_m
from geomap.model.lonlat import LonLat
from geomap.model.vocabulary import Precision

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

LICENCE = "Data © OpenStreetMap contributors, ODbL 1.0. http://osm.org/copyright"
VILLAGE: dict[str, Any] = {
    "place_id": 77,
    "licence": LICENCE,
    "osm_type": "node",
    "osm_id": 262145,
    "lat": "53.5100000",
    "lon": "23.6500000",
    "class": "place",
    "type": "village",
    "place_rank": 19,
    "importance": 0.3,
    "addresstype": "village",
    "name": "Kuźnica",
    "display_name": "Kuźnica, Sokółka County, Podlaskie Voivodeship, Poland",
    "address": {"village": "Kuźnica", "country": "Poland", "country_code": "pl"},
    "boundingbox": ["53.4900000", "53.5300000", "23.6300000", "23.6700000"],
}
KEY = "k3y+of/0pencage="
QUICK = Limits(interval_s=0.0, attempt_s=5.0, total_s=20.0, backoff_s=0.01, patience_s=1.5)

Handler = BaseHTTPRequestHandler
Step = Callable[[Handler], None]


def says(
    content: Any, status: int = 200, headers: Mapping[str, str] | None = None, *, length: int | None = None
) -> Step:
    """Answer with JSON, or with bytes as they are; `length` is what the head says of it."""
    body = content if isinstance(content, bytes) else json.dumps(content).encode()

    def step(handler: Handler) -> None:
        handler.send_response(status)
        for name, value in (headers or {}).items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body) if length is None else length))
        handler.end_headers()
        handler.wfile.write(body)

    return step


def drips(head: bytes, drop: bytes) -> Step:
    """Send a byte now and then, for five seconds: whoever waits for the end has lost."""

    def step(handler: Handler) -> None:
        handler.wfile.write(head)
        for _ in range(100):
            handler.wfile.write(drop)
            time.sleep(0.05)

    return step


def hangs_up(handler: Handler) -> None:
    """Send nothing and close."""


@dataclass
class Server:
    """What a server is to do, request by request, the last for ever; and what it was asked, and when."""

    steps: list[Step] = field(default_factory=lambda: [says([VILLAGE])])
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)
    domain: str = ""

    def __call__(self, handler: Handler) -> None:
        self.times.append(time.monotonic())
        self.asked.append((handler.path, dict(handler.headers)))
        step = self.steps.pop(0) if len(self.steps) > 1 else self.steps[0]
        step(handler)

    def never_answers(self, handler: Handler) -> None:
        self.ended.wait(10)

    @property
    def queries(self) -> list[dict[str, list[str]]]:
        """The parameters of each request."""
        return [parse_qs(urlsplit(path).query) for path, _ in self.asked]


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[Server]:
    plan = Server()

    class Planned(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with suppress(OSError):  # who asked has gone
                plan(self)
            self.close_connection = True

        def log_message(self, *_: Any) -> None: ...

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None: ...

    with Quiet(("127.0.0.1", 0), Planned) as server:
        if context:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        plan.domain = f"127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield plan
        finally:
            plan.ended.set()
            server.shutdown()
            thread.join()


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as plan:
        yield plan


Ask = Callable[..., OnlineGeocoder]


@pytest.fixture
def geocoder(server: Server, tmp_path: Path) -> Ask:
    """Make a geocoder that asks the server."""

    def make(provider: str = "nominatim", **settings: Any) -> OnlineGeocoder:
        return OnlineGeocoder(
            provider,
            **{
                "contact": "maps@example.org",
                "domain": server.domain,
                "scheme": "http",
                "folder": tmp_path / "cache",
                "limits": QUICK,
                "proxies": {},
                "environment": {"GEOMAP_OPENCAGE_KEY": KEY},
            }
            | settings,
        )

    return make


# Answers


def test_a_place_with_all_that_is_known_of_it(geocoder: Ask, server: Server) -> None:
    before = datetime.now(UTC)
    (answer,) = geocoder().search("Kuźnica")
    place = answer.place
    assert (place.id, place.name, place.kind) == ("osm:n262145", "Kuźnica", "village")
    assert (place.precision, place.country, place.recorded_countries) == (Precision.PLACE, "PL", ("PL",))
    assert place.position == LonLat(lon=23.65, lat=53.51)
    corner = distance_m(place.position, LonLat(lon=23.63, lat=53.49))
    assert place.radius_m == pytest.approx(corner, abs=10)
    assert "OpenStreetMap" in place.note
    assert "ODbL" in place.note
    assert (answer.candidate.score, answer.attribution, answer.licence) == (1.0, place.note, LICENCE)
    assert (answer.provider, answer.label) == ("nominatim", VILLAGE["display_name"])
    assert (answer.from_cache, answer.needs_review, answer.raw) == (False, False, VILLAGE)
    assert before <= answer.asked_at <= datetime.now(UTC)


def test_what_is_asked(geocoder: Ask, server: Server) -> None:
    geocoder(language="pl").search("  Kuźnica\n Białostocka ", country="pl")
    ((path, headers),) = server.asked
    assert path.startswith("/search?")
    query = server.queries[0]
    assert (query["q"], query["countrycodes"], query["accept-language"]) == (
        ["Kuźnica Białostocka"],
        ["pl"],
        ["pl"],
    )
    assert headers["User-Agent"].startswith("geomap")
    assert "(maps@example.org)" in headers["User-Agent"]


def test_without_a_country_none_is_asked_for(geocoder: Ask, server: Server) -> None:
    geocoder().search("Kuźnica")
    assert "countrycodes" not in server.queries[0]


def box(lat: float, lon: float, half: float) -> list[str]:
    return [str(lat - half), str(lat + half), str(lon - half), str(lon + half)]


AREA = {"class": "boundary", "type": "administrative"}
WHAT_IT_IS = [
    (AREA | {"addresstype": "country"}, 5.0, Precision.COUNTRY, "country"),
    (AREA | {"addresstype": "state"}, 1.0, Precision.REGION, "state"),
    ({"class": "place", "type": "province", "addresstype": "province"}, 1.0, Precision.REGION, "province"),
    (AREA | {"addresstype": "county"}, 0.3, Precision.DISTRICT, "county"),
    (AREA | {"addresstype": "municipality"}, 0.1, Precision.DISTRICT, "municipality"),
    (AREA | {"addresstype": "city"}, 0.1, Precision.PLACE, "city"),
    ({"class": "place", "type": "hamlet", "addresstype": "hamlet"}, 0.001, Precision.PLACE, "hamlet"),
    ({"class": "natural", "type": "bay", "addresstype": "bay"}, 1.0, Precision.WATERS, "bay"),
    ({"class": "place", "type": "sea", "addresstype": "sea"}, 9.0, Precision.WATERS, "sea"),
    (
        {"class": "military", "type": "barracks", "addresstype": "military"},
        0.002,
        Precision.EXACT,
        "barracks",
    ),
    (
        {"class": "aeroway", "type": "aerodrome", "addresstype": "aeroway"},
        0.015,
        Precision.PLACE,
        "aerodrome",
    ),
    ({"class": "building", "type": "yes", "addresstype": "building"}, 0.0001, Precision.EXACT, "building"),
]


@pytest.mark.parametrize(
    ("tags", "half", "precision", "kind"), WHAT_IT_IS, ids=lambda value: str(value)[-24:]
)
def test_how_exactly_it_is_known(
    geocoder: Ask, server: Server, tags: dict[str, str], half: float, precision: Precision, kind: str
) -> None:
    server.steps = [says([VILLAGE | tags | {"boundingbox": box(53.51, 23.65, half)}])]
    place = geocoder().search("x")[0].place
    assert (place.precision, place.kind) == (precision, kind)
    corner = distance_m(place.position, LonLat(lon=23.65 - half, lat=53.51 - half))
    assert place.radius_m == pytest.approx(max(corner, 100), abs=2)


def test_a_place_without_box_name_or_object_is_still_read(geocoder: Ask, server: Server) -> None:
    bare = {key: VILLAGE[key] for key in ("place_id", "lat", "lon", "display_name")}
    server.steps = [says([bare])]
    answer = geocoder().search("x")[0]
    assert (answer.place.id, answer.place.name, answer.place.country) == ("nominatim:77", "Kuźnica", None)
    assert (answer.place.precision, answer.place.radius_m) == (Precision.PLACE, 2000)
    assert answer.licence == "ODbL 1.0"


def test_scores_are_shares_that_never_rise(geocoder: Ask, server: Server) -> None:
    weights = [0.4, 0.5, 0.2, None]
    server.steps = [
        says([VILLAGE | {"osm_id": at, "importance": weight} for at, weight in enumerate(weights)])
    ]
    found = geocoder().search("x")
    assert [answer.place.id for answer in found] == ["osm:n0", "osm:n1", "osm:n2", "osm:n3"]
    assert [answer.candidate.score for answer in found] == pytest.approx([0.4, 0.4, 0.2, 0.0], abs=1e-5)
    assert geocoder().search("x", limit=2) == [
        *(answer for answer in geocoder().search("x") if answer.place.id in ("osm:n0", "osm:n1"))
    ]
    assert len(server.asked) == 1


# Answers to look at twice


def in_poland(_: LonLat) -> list[str]:
    return ["PL"]


def at_sea(_: LonLat) -> list[str]:
    return []


REMARKS = [
    # country asked for, countries there, the record's country, expected country, expected remarks
    (None, None, "pl", "PL", []),
    ("PL", None, "pl", "PL", []),
    ("BY", None, "pl", "PL", ["review-country"]),
    ("PL", in_poland, "pl", "PL", []),
    ("BY", in_poland, "pl", "PL", ["review-country"]),
    ("PL", in_poland, None, "PL", []),
    ("BY", in_poland, None, "PL", ["review-country"]),
    ("BY", None, None, None, ["review-country"]),
    ("PL", at_sea, "pl", "PL", []),
    # a worldview, or a position far off: whichever it is, someone should look
    ("BY", in_poland, "by", "PL", ["review-position"]),
    ("PL", in_poland, "by", "PL", ["review-position"]),
    ("LT", in_poland, "by", "PL", ["review-country", "review-position"]),
]


@pytest.mark.parametrize(("asked", "around", "recorded", "country", "codes"), REMARKS)
def test_what_lies_elsewhere_comes_with_a_remark(
    geocoder: Ask,
    server: Server,
    asked: str | None,
    around: Any,
    recorded: str | None,
    country: str | None,
    codes: list[str],
) -> None:
    server.steps = [says([VILLAGE | {"address": {"country_code": recorded}}])]
    (answer,) = geocoder(countries_at=around).search("Kuźnica", country=asked)
    assert answer.place.country == country
    assert [code for code, _ in answer.remarks] == codes
    assert answer.needs_review is bool(codes)
    assert all("Kuźnica" in text for _, text in answer.remarks)


def test_what_a_pin_cannot_show_comes_with_a_remark(geocoder: Ask, server: Server) -> None:
    river = {
        "class": "waterway",
        "type": "river",
        "addresstype": "waterway",
        "boundingbox": box(53.51, 23.65, 2),
    }
    server.steps = [says([VILLAGE | river])]
    assert [code for code, _ in geocoder().search("Neman")[0].remarks] == ["review-extent"]


# Answers that are none


def village_with(**changes: Any) -> list[dict[str, Any]]:
    return [{key: value for key, value in (VILLAGE | changes).items() if value != "left out"}]


NO_ANSWERS: dict[str, Any] = {
    "nothing": b"",
    "no JSON": b"<html>Welcome to the hotel's network</html>",
    "half of it": json.dumps([VILLAGE]).encode()[:-20],
    "other bytes": b"\xff\xfe[\x00]\x00",
    "not a number": b'[{"lat": NaN}]',
    "deep": b"[" * 100_000,
    "null": None,
    "a number": 5,
    "zero": 0,
    "a text": "Kuźnica",
    "an object": {},
    "an error": {"error": "Unable to geocode"},
    "a list of texts": ["Kuźnica"],
    "a list of lists": [[VILLAGE]],
    "no latitude": village_with(lat="left out"),
    "null longitude": village_with(lon=None),
    "empty latitude": village_with(lat=""),
    "words for a longitude": village_with(lon="23 degrees"),
    "true for a latitude": village_with(lat=True),
    "a list for a latitude": village_with(lat=["53.5"]),
    "latitude past the pole": village_with(lat="90.5"),
    "longitude past the antimeridian": village_with(lon="181"),
    "infinite": village_with(lat="inf"),
    "nan as a text": village_with(lat="nan"),
    "no label": village_with(display_name="left out"),
    "a number for a name": village_with(name=7),
    "a box of three": village_with(boundingbox=["1", "2", "3"]),
    "a box as a text": village_with(boundingbox="1,2,3,4"),
    "a box of words": village_with(boundingbox=["a", "b", "c", "d"]),
    "an address as a text": village_with(address="Poland"),
    "a country by name": village_with(address={"country_code": "Poland"}),
    "no id": village_with(osm_id="left out", place_id="left out"),
    "one good, one bad": [VILLAGE, {"lat": "1"}],
}


@pytest.mark.parametrize("content", NO_ANSWERS.values(), ids=NO_ANSWERS)
def test_an_answer_that_is_none_is_an_error_and_is_not_kept(
    geocoder: Ask, server: Server, content: Any
) -> None:
    server.steps = [says(content), says([VILLAGE])]
    with pytest.raises(OnlineAnswerError, match=server.domain):
        geocoder().search("Kuźnica")
    assert len(server.asked) == 1
    assert geocoder().search("Kuźnica")[0].place.id == "osm:n262145"


def test_a_body_that_is_too_large_is_refused(geocoder: Ask, server: Server) -> None:
    server.steps = [says(b"[" + b" " * QUICK.max_bytes + b"]")]
    with pytest.raises(OnlineAnswerError, match="larger than 2,000,000 bytes"):
        geocoder().search("Kuźnica")


def test_a_body_without_end_is_refused(geocoder: Ask, server: Server) -> None:
    def floods(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            handler.wfile.write(b"10000\r\n" + b" " * 0x10000 + b"\r\n")

    server.steps = [floods]
    with pytest.raises(OnlineAnswerError, match="larger than"):
        geocoder(limits=Limits(interval_s=0, attempt_s=20)).search("Kuźnica")


# Servers that fail


@pytest.mark.parametrize(
    ("status", "hint"),
    [(400, "other words"), (401, "key"), (403, "contact"), (404, "host"), (410, "settings")],
)
def test_a_refusal_is_final_and_says_what_to_do(
    geocoder: Ask, server: Server, status: int, hint: str
) -> None:
    server.steps = [says({"error": "no"}, status)]
    with pytest.raises(OnlineRefusedError, match=rf"status {status}.*{hint}"):
        geocoder().search("Kuźnica")
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_what_passes_is_tried_again(geocoder: Ask, server: Server, status: int) -> None:
    server.steps = [says(b"busy", status), says(b"busy", status), says([VILLAGE])]
    assert len(geocoder().search("Kuźnica")) == 1
    assert len(server.asked) == 3


def test_after_four_tries_it_gives_up(geocoder: Ask, server: Server) -> None:
    server.steps = [says(b"busy", 503)]
    with pytest.raises(OnlineUnavailableError, match=r"status 503; gave up after 4 of 4 tries"):
        geocoder().search("Kuźnica")
    assert len(server.asked) == 4


def test_pauses_grow(geocoder: Ask, server: Server) -> None:
    server.steps = [says(b"busy", 503)]
    with pytest.raises(OnlineUnavailableError):
        geocoder(limits=Limits(interval_s=0, backoff_s=0.05)).search("Kuźnica")
    first, second, third = (
        after - before for before, after in zip(server.times, server.times[1:], strict=False)
    )
    assert first >= 0.025
    assert second >= 0.05
    assert third >= 0.1


def test_retry_after_in_seconds_is_waited_for(geocoder: Ask, server: Server) -> None:
    server.steps = [says(b"", 429, {"Retry-After": "1"}), says([VILLAGE])]
    assert len(geocoder().search("Kuźnica")) == 1
    assert server.times[1] - server.times[0] >= 1


def test_retry_after_as_a_date_is_waited_for(geocoder: Ask, server: Server) -> None:
    def later(handler: Handler) -> None:
        at = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=2)
        server.not_before = at.timestamp()  # type: ignore[attr-defined]
        says(b"", 503, {"Retry-After": format_datetime(at, usegmt=True)})(handler)

    def now(handler: Handler) -> None:
        server.came = time.time()  # type: ignore[attr-defined]
        says([VILLAGE])(handler)

    server.steps = [later, now]
    assert len(geocoder(limits=Limits(interval_s=0, backoff_s=0.01)).search("Kuźnica")) == 1
    assert server.came >= server.not_before - 0.01  # type: ignore[attr-defined]


@pytest.mark.parametrize("wait", ["86400", "Fri, 31 Dec 2999 23:59:59 GMT"])
def test_more_patience_than_there_is_ends_it_at_once(geocoder: Ask, server: Server, wait: str) -> None:
    server.steps = [says(b"", 429, {"Retry-After": wait}), says([VILLAGE])]
    with pytest.raises(OnlineUnavailableError, match="asks to wait") as raised:
        geocoder().search("Kuźnica")
    assert raised.value.retry_after_s is not None
    assert raised.value.retry_after_s > 80_000
    assert len(server.asked) == 1


@pytest.mark.parametrize("wait", ["soon", "-5", "", "Fri, 99 Foo 99999999 99:99:99 GMT", "1e9", "\u00b2"])
def test_a_retry_after_that_says_nothing_is_passed_over(geocoder: Ask, server: Server, wait: str) -> None:
    server.steps = [says(b"", 429, {"Retry-After": wait}), says([VILLAGE])]
    assert len(geocoder().search("Kuźnica")) == 1


def test_a_server_that_hangs_up_is_asked_again(geocoder: Ask, server: Server) -> None:
    server.steps = [hangs_up, says([VILLAGE])]
    assert len(geocoder().search("Kuźnica")) == 1
    assert len(server.asked) == 2


def test_an_answer_that_breaks_off_is_asked_for_again(geocoder: Ask, server: Server) -> None:
    whole = json.dumps([VILLAGE]).encode()
    # What has come is JSON by itself: only the size tells that something is missing.
    server.steps = [says(b"[]", length=len(whole)), says([VILLAGE])]
    assert len(geocoder().search("Kuźnica")) == 1
    assert len(server.asked) == 2


def test_nobody_there(geocoder: Ask) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        domain = f"127.0.0.1:{unused.getsockname()[1]}"
    with pytest.raises(OnlineUnavailableError, match=r"127\.0\.0\.1:\d+: not reached.*refused.*4 of 4 tries"):
        geocoder(domain=domain).search("Kuźnica")


SLOW = {
    "never": None,
    "drip in the body": drips(b"HTTP/1.0 200 OK\r\nContent-Length: 100000\r\n\r\n", b" "),
    "drip of chunks": drips(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "drip in the head": drips(b"HTTP/1.0 200 OK\r\nX-Drip: ", b"x"),
    "drip in the status": drips(b"HTTP/1.0 ", b" "),
}


@pytest.mark.parametrize("step", SLOW.values(), ids=SLOW)
def test_a_slow_server_is_cut_off(geocoder: Ask, server: Server, step: Step | None) -> None:
    server.steps = [step or server.never_answers]
    started = time.monotonic()
    with pytest.raises(OnlineUnavailableError, match=r"no whole answer within 0\.3 s; gave up after 2 of 2"):
        geocoder(limits=Limits(interval_s=0, attempt_s=0.3, tries=2, backoff_s=0.01)).search("Kuźnica")
    assert len(server.asked) == 2
    assert time.monotonic() - started < 10


def test_all_tries_together_have_an_end(geocoder: Ask, server: Server) -> None:
    server.steps = [server.never_answers]
    limits = Limits(interval_s=0, attempt_s=5, total_s=0.5, tries=100, backoff_s=0.01)
    started = time.monotonic()
    with pytest.raises(OnlineUnavailableError, match="gave up after 1 of 100"):
        geocoder(limits=limits).search("Kuźnica")
    assert time.monotonic() - started < 4


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(geocoder: Ask, server: Server, status: int) -> None:
    with serving() as other:
        server.steps = [says(b"", status, {"Location": f"http://{other.domain}/search?q=x"})]
        with pytest.raises(OnlineRefusedError, match=rf"redirects to '{other.domain}'.*name the right host"):
            geocoder().search("Kuźnica")
        assert other.asked == []
    assert len(server.asked) == 1


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/x", "/search", ""])
def test_a_redirect_elsewhere_is_not_followed(geocoder: Ask, server: Server, target: str) -> None:
    server.steps = [says(b"", 302, {"Location": target})]
    with pytest.raises(OnlineRefusedError, match="redirects"):
        geocoder().search("Kuźnica")
    assert len(server.asked) == 1


def test_a_proxy_is_used_as_geopy_does(geocoder: Ask, server: Server) -> None:
    ask = geocoder(domain="nominatim.invalid", proxies={"http": f"http://user:pass@{server.domain}"})
    assert len(ask.search("Kuźnica")) == 1
    path, headers = server.asked[0]
    assert path.startswith("http://nominatim.invalid/search?")
    assert headers["Proxy-Authorization"].startswith("Basic ")


def test_the_systems_proxies_are_used(geocoder: Ask, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", f"http://{server.domain}")
    monkeypatch.delenv("no_proxy", raising=False)
    assert len(geocoder(domain="nominatim.invalid", proxies=None).search("Kuźnica")) == 1


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for 127.0.0.1 that signs itself, with its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl to make a certificate with")
    path = tmp_path / "server.pem"
    command = [
        openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
        "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", path, "-out", tmp_path / "crt",
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=30)
    path.write_bytes(path.read_bytes() + (tmp_path / "crt").read_bytes())
    return path


def test_over_tls(geocoder: Ask, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with serving(context) as server:
        refused = geocoder(domain=server.domain, scheme="https")
        with pytest.raises(OnlineRefusedError, match="certificate is not trusted"):
            refused.search("Kuźnica")
        assert server.asked == []
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert len(geocoder(domain=server.domain, scheme="https").search("Kuźnica")) == 1
        server.steps = [SLOW["drip in the body"] or hangs_up]
        hasty = Limits(interval_s=0, attempt_s=0.3, tries=1)
        with pytest.raises(OnlineUnavailableError, match="no whole answer within"):
            geocoder(domain=server.domain, scheme="https", limits=hasty).search("Grodno")


# What is kept


def test_an_answer_is_asked_for_once(geocoder: Ask, server: Server) -> None:
    first = geocoder().search("Kuźnica")
    again = geocoder().search(" Kuźnica ")
    assert len(server.asked) == 1
    assert [answer.from_cache for answer in (*first, *again)] == [False, True]
    assert again[0].place == first[0].place
    assert again[0].raw == first[0].raw
    assert again[0].asked_at == first[0].asked_at.replace(microsecond=0)


def test_a_miss_is_asked_for_once(geocoder: Ask, server: Server) -> None:
    server.steps = [says([])]
    assert geocoder().search("Qwxz") == geocoder().search("Qwxz") == []
    assert len(server.asked) == 1


def test_another_question_is_asked(geocoder: Ask, server: Server) -> None:
    for settings, asked in [({}, {}), ({}, {"country": "PL"}), ({"language": "pl"}, {})]:
        geocoder(**settings).search("Kuźnica", **asked)
    assert len(server.asked) == 3
    with serving() as other:
        geocoder(domain=other.domain).search("Kuźnica")
        assert len(other.asked) == 1


def test_misses_grow_old_and_answers_do_not(geocoder: Ask, server: Server, tmp_path: Path) -> None:
    server.steps = [says([]), says([VILLAGE])]
    geocoder().search("Qwxz")
    geocoder().search("Kuźnica")
    _set_back(tmp_path, days=29)
    assert geocoder().search("Qwxz") == []
    assert len(server.asked) == 2
    _set_back(tmp_path, days=2)
    assert len(geocoder().search("Qwxz")) == 1
    assert geocoder().search("Kuźnica")[0].from_cache
    assert len(server.asked) == 3
    assert not geocoder(answer_days=10).search("Kuźnica")[0].from_cache


def test_a_miss_from_the_future_is_not_believed(geocoder: Ask, server: Server, tmp_path: Path) -> None:
    server.steps = [says([]), says([VILLAGE])]
    geocoder().search("Kuźnica")
    _set_back(tmp_path, days=-400)
    assert len(geocoder().search("Kuźnica")) == 1


def _set_back(folder: Path, days: float) -> None:
    """Make everything kept so many days older."""
    with sqlite3.connect(folder / "cache" / "online.sqlite") as database:
        for query, asked_at in database.execute("SELECT query, asked_at FROM answer").fetchall():
            earlier = datetime.fromisoformat(asked_at) - timedelta(days=days)
            database.execute("UPDATE answer SET asked_at = ? WHERE query = ?", (earlier.isoformat(), query))
    database.close()


def test_what_is_kept_says_where_it_comes_from(geocoder: Ask, server: Server, tmp_path: Path) -> None:
    geocoder().search("Kuźnica", country="pl")
    database = sqlite3.connect(tmp_path / "cache" / "online.sqlite")
    database.row_factory = sqlite3.Row
    row = dict(database.execute("SELECT * FROM answer").fetchone())
    database.close()
    assert datetime.fromisoformat(row.pop("asked_at")).utcoffset() == timedelta()
    assert json.loads(row.pop("raw")) == [VILLAGE]
    assert row == {
        "provider": "nominatim",
        "server": server.domain,
        "query": "Kuźnica",
        "country": "PL",
        "language": "en",
        "found": 1,
        "licence": LICENCE,
        "attribution": "© OpenStreetMap contributors, ODbL 1.0",
    }


def test_only_the_owner_may_see_what_was_asked(geocoder: Ask, tmp_path: Path) -> None:
    geocoder().search("Kuźnica")
    assert (tmp_path / "cache").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("content", [b"not a database" * 100, b"SQLite format 3\x00" + b"\x00" * 200])
def test_a_broken_cache_is_said_and_nothing_is_asked(
    geocoder: Ask, server: Server, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "online.sqlite").write_bytes(content)
    with pytest.raises(OnlineCacheError, match=r"online\.sqlite.*move the file away"):
        geocoder().search("Kuźnica")
    assert server.asked == []


@pytest.mark.parametrize(
    "change",
    [
        "PRAGMA user_version = 9",
        "UPDATE answer SET raw = 'x'",
        "UPDATE answer SET raw = '{}'",
        "UPDATE answer SET raw = '[1]'",
        "UPDATE answer SET raw = '[{\"lat\": null}]'",
        "UPDATE answer SET asked_at = 'yesterday'",
        "DROP TABLE answer",
    ],
)
def test_a_cache_that_was_changed_is_said(geocoder: Ask, server: Server, tmp_path: Path, change: str) -> None:
    geocoder().search("Kuźnica")
    with sqlite3.connect(tmp_path / "cache" / "online.sqlite") as database:
        database.execute(change)
    database.close()
    with pytest.raises(OnlineCacheError, match="move the file away"):
        geocoder().search("Kuźnica")
    assert len(server.asked) == 1


CHILD = """
import sys
from pathlib import Path
from geomap.gazetteer.online import Limits, OnlineGeocoder
domain, folder, interval, *queries = sys.argv[1:]
ask = OnlineGeocoder(contact="maps@example.org", domain=domain, scheme="http", folder=Path(folder), proxies={},
                     limits=Limits(interval_s=float(interval), backoff_s=0.01))
print([answer.place.id for query in queries for answer in ask.search(query)])
"""


def start(*arguments: object) -> subprocess.Popen[str]:
    """Ask from another process."""
    command = [sys.executable, "-c", CHILD, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def outcome(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    return out.strip()


def test_processes_keep_apart_from_each_other_and_share_what_is_kept(
    geocoder: Ask, server: Server, tmp_path: Path
) -> None:
    folder, interval = tmp_path / "cache", 0.2
    running = [start(server.domain, folder, interval, f"{n} a", f"{n} b", "both") for n in (1, 2)]
    assert [outcome(process) for process in running] == [str(["osm:n262145"] * 3)] * 2
    gaps = [after - before for before, after in zip(server.times, server.times[1:], strict=False)]
    assert len(gaps) in (4, 5)  # "both" once, or twice where both asked before either was answered
    assert min(gaps) >= interval - 0.001
    before = len(server.asked)
    for query in ("1 a", "2 b", "both"):
        assert geocoder().search(query)[0].from_cache
    assert len(server.asked) == before


# Whose turn it is


@dataclass
class Clocks:
    """A wall clock and a monotonic one, which sleeping moves on."""

    wall: float = 1_700_000_000.0
    ticks: float = 500.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.pass_by(seconds)

    def pass_by(self, seconds: float) -> None:
        self.wall += seconds
        self.ticks += seconds

    def turn(self, folder: Path, interval_s: float = 1.0) -> Turn:
        return Turn(
            folder,
            "example.org",
            interval_s,
            clock=lambda: self.wall,
            ticks=lambda: self.ticks,
            sleep=self.sleep,
        )


@pytest.mark.parametrize(
    ("passed", "wall", "ticks", "pause"),
    [
        (0.0, 0.0, 0.0, 1.0),
        (0.4, 0.0, 0.0, 0.6),
        (1.0, 0.0, 0.0, 0.0),
        (9.0, 0.0, 0.0, 0.0),
        (0.4, -3600.0, 0.0, 1.0),  # the wall clock was set back
        (0.4, 3600.0, 0.0, 0.6),  # and forth
        (0.4, 0.0, -499.0, 1.0),  # the machine was started again
        (0.4, -1e9, -499.0, 1.0),
    ],
)
def test_the_pause_holds_whatever_a_clock_says(
    tmp_path: Path, passed: float, wall: float, ticks: float, pause: float
) -> None:
    clocks = Clocks()
    with clocks.turn(tmp_path).taken(ends_at=1e9):
        clocks.pass_by(5.0)  # under way
    clocks.pass_by(passed)
    clocks.wall += wall
    clocks.ticks += ticks
    with clocks.turn(tmp_path).taken(ends_at=1e9):
        pass
    assert clocks.slept == pytest.approx([0.0, pause])


@pytest.mark.parametrize("stamp", ["", "x y", "1", "1 2 3", "nan nan", "inf 1", "\x00"])
def test_a_stamp_that_cannot_be_read_costs_one_pause(tmp_path: Path, stamp: str) -> None:
    clocks = Clocks()
    with clocks.turn(tmp_path).taken(ends_at=1e9):
        pass
    (path,) = tmp_path.glob("*.time")
    path.write_text(stamp)
    clocks.pass_by(100)
    with clocks.turn(tmp_path).taken(ends_at=1e9):
        pass
    assert clocks.slept == [0.0, 1.0]


def test_a_request_that_fails_counts(tmp_path: Path) -> None:
    clocks = Clocks()
    with pytest.raises(RuntimeError), clocks.turn(tmp_path).taken(ends_at=1e9):
        raise RuntimeError
    with clocks.turn(tmp_path).taken(ends_at=1e9):
        pass
    assert clocks.slept == [0.0, 1.0]


def test_there_is_an_end_to_waiting_for_a_turn(tmp_path: Path) -> None:
    turn = Turn(tmp_path, "example.org", 1.0)
    with filelock.FileLock(tmp_path / "online-example.org.lock"):
        started = time.monotonic()
        thread_error: list[BaseException] = []

        def wait() -> None:
            try:
                with turn.taken(time.monotonic() + 0.2):
                    pass
            except BaseException as error:
                thread_error.append(error)

        thread = threading.Thread(target=wait)
        thread.start()
        thread.join(20)
        assert time.monotonic() - started >= 0.2
    assert [type(error) for error in thread_error] == [OnlineUnavailableError]
    assert "another process" in str(thread_error[0])


def test_a_pause_that_does_not_fit_is_not_waited_for(tmp_path: Path) -> None:
    clocks = Clocks()
    turn = clocks.turn(tmp_path, interval_s=60)
    with turn.taken(ends_at=1e9):
        pass
    with (
        pytest.raises(OnlineUnavailableError, match="no time is left"),
        turn.taken(ends_at=clocks.ticks + 30),
    ):
        pass
    assert clocks.slept == [0.0]


# What must be set


def test_without_a_contact_nothing_is_asked(geocoder: Ask) -> None:
    with pytest.raises(OnlineSetupError, match=r"set GEOMAP_CONTACT.*e-mail address or a URL"):
        geocoder(contact=None)


def test_the_contact_may_stand_in_the_environment(geocoder: Ask, server: Server) -> None:
    environment = {"GEOMAP_CONTACT": " https://example.org/maps "}
    geocoder(contact=None, environment=environment).search("Kuźnica")
    assert "(https://example.org/maps)" in server.asked[0][1]["User-Agent"]


@pytest.mark.parametrize(
    "contact",
    [
        "",
        "me",
        "me@",
        "@example.org",
        "a@b",
        "ftp://example.org",
        "http://x",
        "a@b.c\r\nX: y",
        "ä@b.de",
        "(a)@b.c",
    ],
)
def test_a_contact_is_an_address_or_url(geocoder: Ask, contact: str) -> None:
    with pytest.raises(OnlineSetupError, match=r"contact|CONTACT"):
        geocoder(contact=contact)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"provider": "gugel"}, "no online provider 'gugel'; there are nominatim, opencage"),
        ({"scheme": "ftp"}, "expected https or http"),
        ({"language": "e\nn"}, "language"),
        ({"domain": "http://example.org"}, "without scheme"),
        ({"domain": "user:pass@example.org"}, "without scheme, user and password"),
        ({"domain": "exa mple.org"}, "a host"),
        ({"domain": "example.org?x=1"}, "a host"),
        ({"domain": "nominatim.openstreetmap.org"}, "one request every 1 s"),
        ({"domain": "Nominatim.OpenStreetMap.org:443/"}, "one request every 1 s"),
        ({"provider": "opencage", "environment": {}}, "GEOMAP_OPENCAGE_KEY is not set"),
        ({"provider": "opencage", "environment": {"GEOMAP_OPENCAGE_KEY": "a key"}}, "holds no key"),
        ({"provider": "opencage", "domain": "example.org"}, "over https only"),
    ],
)
def test_settings_that_cannot_be(geocoder: Ask, settings: dict[str, Any], words: str) -> None:
    with pytest.raises(OnlineSetupError, match=words) as raised:
        geocoder(**settings)
    assert "pass@" not in str(raised.value)


def test_a_server_of_ones_own_may_stand_under_a_path(geocoder: Ask, server: Server) -> None:
    geocoder(domain=f"{server.domain}/geo/nominatim/").search("Kuźnica")
    assert server.asked[0][0].startswith("/geo/nominatim/search?")


@pytest.mark.parametrize(
    ("text", "settings"),
    [
        ("x" * 301, {}),
        ("Kuź\x00nica", {}),
        ("Kuź\udc80nica", {}),
        ("Kuźnica", {"country": "Poland"}),
        ("Kuźnica", {"country": "P1"}),
        ("Kuźnica", {"limit": 0}),
    ],
)
def test_what_cannot_be_asked(geocoder: Ask, server: Server, text: str, settings: dict[str, Any]) -> None:
    with pytest.raises(OnlineQueryError):
        geocoder().search(text, **settings)
    assert server.asked == []


def test_no_text_is_no_question(geocoder: Ask, server: Server) -> None:
    assert geocoder().search(" \n ") == []
    assert server.asked == []


# Keys


OPENCAGE_ITEM = {
    "bounds": {"northeast": {"lat": 53.53, "lng": 23.67}, "southwest": {"lat": 53.49, "lng": 23.63}},
    "components": {
        "ISO_3166-1_alpha-2": "PL",
        "_type": "village",
        "village": "Kuźnica",
        "country_code": "pl",
    },
    "confidence": 7,
    "formatted": "16-123 Kuźnica, Poland",
    "geometry": {"lat": 53.51, "lng": 23.65},
}


def opencage(*items: Any, code: int = 200, message: str = "OK", **more: Any) -> dict[str, Any]:
    return {"results": list(items), "status": {"code": code, "message": message}, **more}


def test_a_second_provider(geocoder: Ask, server: Server) -> None:
    server.steps = [says(opencage(OPENCAGE_ITEM)), says(opencage())]
    (answer,) = geocoder("opencage").search("Kuźnica", country="PL")
    place = answer.place
    assert (place.name, place.kind, place.precision, place.country) == (
        "Kuźnica",
        "village",
        Precision.PLACE,
        "PL",
    )
    assert (place.id, place.position) == ("opencage:53.5100000,23.6500000", LonLat(lon=23.65, lat=53.51))
    assert place.radius_m == pytest.approx(distance_m(place.position, LonLat(lon=23.63, lat=53.49)), abs=10)
    assert (server.queries[0]["key"], server.queries[0]["countrycode"]) == ([KEY], ["pl"])
    assert geocoder("opencage").search("Qwxz") == []


@pytest.mark.parametrize(
    "content",
    [
        None,
        [],
        {},
        {"results": []},
        {"results": {}, "status": {"code": 200}},
        opencage(code=402, message="quota exceeded"),
        opencage(OPENCAGE_ITEM | {"geometry": {"lat": None, "lng": 1}}),
        opencage(OPENCAGE_ITEM | {"geometry": None}),
        opencage(OPENCAGE_ITEM | {"formatted": None}),
        opencage(OPENCAGE_ITEM | {"bounds": {"northeast": {}}}),
        opencage({}),
        opencage(7),
    ],
)
def test_an_answer_of_the_second_provider_that_is_none(geocoder: Ask, server: Server, content: Any) -> None:
    server.steps = [says(content)]
    with pytest.raises(OnlineAnswerError):
        geocoder("opencage").search("Kuźnica")


LEAKS: dict[str, Any] = {
    "refused": lambda server: says({"error": KEY}, 401),
    "quota": lambda server: says({"error": KEY}, 402),
    "busy": lambda server: says(KEY.encode(), 429, {"Retry-After": "9999"}),
    "no JSON": lambda server: says(b"<a href='/?key=" + KEY.encode() + b"'>"),
    "status": lambda server: says(opencage(code=401, message=f"invalid API key {KEY}")),
    "redirect": lambda server: says(b"", 302, {"Location": f"http://{KEY}.example.org/"}),
    "broken head": lambda server: drips(b"HTTP/1.1 " + KEY.encode() + b"\r\n", b""),
    "too large": lambda server: says(KEY.encode() * 200_000),
    "slow": lambda server: server.never_answers,
}


@pytest.mark.parametrize("leak", LEAKS.values(), ids=LEAKS)
def test_a_key_is_in_no_error_no_log_and_no_file(
    geocoder: Ask, server: Server, tmp_path: Path, caplog: pytest.LogCaptureFixture, leak: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    server.steps = [leak(server)]
    attempt_s = 0.3 if leak is LEAKS["slow"] else 5
    ask = geocoder("opencage", limits=Limits(interval_s=0, attempt_s=attempt_s, tries=2, backoff_s=0.01))
    with pytest.raises(OnlineError) as raised:
        ask.search("Kuźnica")
    assert server.queries[0]["key"] == [KEY]
    ours = raised.value.__traceback__
    assert ours is not None
    # All that a debugger would print, but of this test, which knows the key.
    whole = traceback.TracebackException(type(raised.value), raised.value, ours.tb_next, capture_locals=True)
    _assert_no_key(
        "".join(whole.format()), str(raised.value), caplog.text, repr(ask), repr(vars(ask._client))
    )
    _assert_no_key(*(path.read_bytes().decode("latin-1") for path in (tmp_path / "cache").iterdir()))


def test_a_key_that_a_service_repeats_is_not_kept(
    geocoder: Ask, server: Server, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.steps = [says(opencage(OPENCAGE_ITEM | {"request": f"/?q=x&key={KEY}"}))]
    (answer,) = geocoder("opencage").search("Kuźnica")
    assert answer.raw["request"] == "/?q=x&key=***"
    _assert_no_key(caplog.text, repr(answer))
    _assert_no_key(*(path.read_bytes().decode("latin-1") for path in (tmp_path / "cache").iterdir()))


def _assert_no_key(*texts: str) -> None:
    for text in texts:
        for form in (KEY, KEY[:8], "k3y%2Bof"):
            assert form not in text
