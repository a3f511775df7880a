"""Fetching one page, from servers of this machine that behave as badly as servers do."""

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.errors import FetchError
from geomap.fetch.addresses import is_public, looks_like_address, masked, read_address
from geomap.fetch.page import Limits, Page, dial_address, fetch_page
from small_web import OTHER, PUBLIC, Web, http, make_certificate, moved, small_web

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

PAGE = b"<!doctype html><html><body><p>Troops crossed the river at dawn.</p></body></html>"
HASTY = Limits(total_s=0.4)

Fetch = Callable[..., Page]


@pytest.fixture
def web() -> Iterator[Web]:
    with small_web() as web:
        web.answers["/"] = http(PAGE)
        yield web


@pytest.fixture
def fetch(web: Web) -> Fetch:
    def fetch(url: str = "http://news.example/", **settings: Any) -> Page:
        return fetch_page(url, resolve=web.resolve, dial=web.dial, **settings)

    return fetch


# Pages


def test_a_page_comes_as_it_was_sent(fetch: Fetch, web: Web) -> None:
    page = fetch("http://News.Example/#top")
    assert page == Page(url="http://news.example/", media_type="text/html", content=PAGE)
    assert (web.looked_up, web.connected) == (["news.example"], [(PUBLIC, 80)])


def test_what_is_asked(fetch: Fetch, web: Web) -> None:
    web.answers["/%D1%81/a%20b?q=%D1%81&x=1"] = http(b"x", "text/plain; charset=utf-8")
    assert fetch("http://news.example:8080/с/a%20b?q=с&x=1").media_type == "text/plain"
    first, *headers = web.asked[0].rstrip("\r\n").split("\r\n")
    assert first == "GET /%D1%81/a%20b?q=%D1%81&x=1 HTTP/1.1"
    names = {line.partition(": ")[0]: line.partition(": ")[2] for line in headers}
    assert names.pop("User-Agent").startswith("geomap")
    assert names == {
        "Host": "news.example:8080",
        "Accept": "text/html, application/xhtml+xml, text/plain",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }


def test_limits_are_those_of_the_documents() -> None:
    assert Limits() == Limits(total_s=20.0, connect_s=5.0, max_bytes=10_000_000, redirects=5)


def test_nothing_of_the_environment_is_used(
    fetch: Fetch, web: Web, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    (tmp_path / ".netrc").write_text("machine news.example login me password secret\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    assert fetch().content == PAGE
    assert "authorization" not in web.asked[0].lower()


def test_without_an_installation_it_says_its_name_alone(
    fetch: Fetch, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr("geomap.fetch.page.version", missing)
    fetch()
    assert "User-Agent: geomap\r\n" in web.asked[0]


def test_an_address_is_dialled_as_it_is(web: Web) -> None:
    web.answers["/"] = http(PAGE)
    with dial_address("127.0.0.1", web.ports[False], 5.0) as connection:
        connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert connection.recv(4096).startswith(b"HTTP/1.1 200 OK")


# Redirects


def test_redirects_are_followed_and_the_last_address_is_told(fetch: Fetch, web: Web) -> None:
    web.hosts["www.news.example"] = [OTHER]
    web.answers |= {
        "/old": moved("//www.news.example/new", "Set-Cookie: a=b"),
        "/new": moved("latest?x=ż", status="301 Moved"),
        "/latest?x=%C5%BC": http(PAGE),
    }
    assert fetch("http://news.example/old").url == "http://www.news.example/latest?x=%C5%BC"
    assert web.connected == [(PUBLIC, 80), (OTHER, 80), (OTHER, 80)]
    assert all("cookie" not in head.lower() for head in web.asked)
    assert "Host: www.news.example\r\n" in web.asked[1]


@pytest.mark.parametrize(
    ("to", "why"),
    [
        ("http://127.0.0.1/", "no address of the public network"),
        ("http://169.254.169.254/latest/meta-data", "no address of the public network"),
        ("http://[::1]/", "no address of the public network"),
        ("http://[::ffff:10.0.0.1]/", "no address of the public network"),
        (
            "http://inside.example/",
            "inside.example is at 10.0.0.7, which is no address of the public network",
        ),
        ("http://nowhere.example/", "no address of nowhere.example is known"),
        ("file:///etc/passwd", "only http and https"),
        ("ftp://news.example/", "only http and https"),
        ("javascript:alert(1)", "only http and https"),
        ("http://me:secret@news.example/", "user name"),
        ("http://news.example:22/", "port 22 is refused"),
        ("http://news.example:0/", "no port 0"),
        ("http://[::1/", "Invalid IPv6"),
        ("", "nowhere to go"),
    ],
)
def test_redirects_that_are_not_followed(fetch: Fetch, web: Web, to: str, why: str) -> None:
    web.hosts |= {each: [each] for each in ("127.0.0.1", "169.254.169.254", "::1", "::ffff:a00:1")}
    web.hosts["inside.example"] = ["10.0.0.7"]
    web.answers["/"] = moved(to)
    with pytest.raises(FetchError, match=why) as caught:
        fetch()
    assert str(caught.value).startswith("http://news.example/")
    assert "secret" not in str(caught.value)
    assert web.connected == [(PUBLIC, 80)]


def test_a_port_that_somebody_wrote_holds_for_redirects_as_well(fetch: Fetch, web: Web) -> None:
    web.answers["/old"] = moved("/")
    assert fetch("http://news.example:8080/old").url == "http://news.example:8080/"


def test_a_loop_ends(fetch: Fetch, web: Web) -> None:
    web.answers["/"] = moved("/")
    with pytest.raises(FetchError, match=r"^http://news.example/: redirected more than 5 times$"):
        fetch()
    assert len(web.asked) == 6


def test_as_many_redirects_as_are_allowed(fetch: Fetch, web: Web) -> None:
    web.answers |= {f"/{number}": moved(f"/{number - 1}") for number in range(1, 6)} | {"/0": http(PAGE)}
    assert fetch("http://news.example/5").url == "http://news.example/0"


# Addresses


def test_a_name_that_changes_its_address_is_looked_up_once(fetch: Fetch, web: Web) -> None:
    web.hosts["news.example"] = [[PUBLIC], ["127.0.0.1"]]
    assert fetch().content == PAGE
    assert (web.looked_up, web.connected) == (["news.example"], [(PUBLIC, 80)])


def test_a_name_that_changes_its_address_is_refused_at_the_next_look(fetch: Fetch, web: Web) -> None:
    web.hosts["news.example"] = [[PUBLIC], ["127.0.0.1"]]
    web.answers["/old"] = moved("/")
    with pytest.raises(FetchError, match=r"news.example is at 127.0.0.1"):
        fetch("http://news.example/old")
    assert web.connected == [(PUBLIC, 80)]


def test_one_private_address_among_public_ones_is_enough(fetch: Fetch, web: Web) -> None:
    web.hosts["news.example"] = [PUBLIC, "192.168.1.1"]
    with pytest.raises(FetchError, match=r"is at 192.168.1.1"):
        fetch()
    assert web.connected == []


def test_the_next_address_is_tried(web: Web) -> None:
    def dial(address: str, port: int, timeout_s: float) -> socket.socket:
        if address == OTHER:
            raise ConnectionRefusedError(111, "Connection refused")
        return web.dial(address, port, timeout_s)

    web.hosts["news.example"] = [OTHER, PUBLIC]
    assert fetch_page("http://news.example/", resolve=web.resolve, dial=dial).content == PAGE
    web.hosts["news.example"] = [OTHER]
    with pytest.raises(FetchError, match=r"not reached .*Connection refused"):
        fetch_page("http://news.example/", resolve=web.resolve, dial=dial)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "[::1]", "2130706433", "0x7f.1", "localhost", "0", "[::ffff:7f00:1]"]
)
def test_the_systems_own_resolver_leads_nobody_home(host: str) -> None:
    with pytest.raises(FetchError, match=r"no address of the public network|no address of .* is known"):
        fetch_page(f"http://{host}/")


def test_a_resolver_that_never_answers_is_not_waited_for(web: Web) -> None:
    def resolve(host: str, port: int) -> list[str]:
        time.sleep(2)
        return [PUBLIC]

    begun = time.monotonic()
    with pytest.raises(FetchError, match=r"no whole answer within 0.4 s"):
        fetch_page("http://news.example/", limits=HASTY, resolve=resolve, dial=web.dial)
    assert time.monotonic() - begun < 2.5


# IANA's registries of special addresses (RFC 6890 and what came after), as far as they are no addresses of hosts.
NOT_PUBLIC = [
    IPv4Network(each)
    for each in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.2.0/24",
        "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    )
]  # fmt: skip
IPV4 = st.one_of(
    st.ip_addresses(v=4), *(st.ip_addresses(v=4, network=str(network)) for network in NOT_PUBLIC)
)
IPV6 = st.one_of(
    st.ip_addresses(v=6),
    *(
        st.ip_addresses(v=6, network=each)
        for each in (
            "::/96",
            "fc00::/7",
            "fe80::/10",
            "fec0::/10",
            "ff00::/8",
            "2000::/3",
            "2001::/32",
            "2001:db8::/32",
        )
    ),
)
STANDS_FOR = {
    "mapped": lambda inner: IPv6Address((0xFFFF << 32) | int(inner)),
    "NAT64": lambda inner: IPv6Address(int(IPv6Address("64:ff9b::")) | int(inner)),
    "6to4": lambda inner: IPv6Address((0x2002 << 112) | (int(inner) << 80)),
}


@pytest.mark.parametrize(
    ("address", "is_fit"),
    [
        (PUBLIC, True),
        ("127.0.0.1", False),
        ("169.254.169.254", False),
        ("224.0.1.1", False),
        ("2606:2800::1", True),
        ("::1", False),
        ("::127.0.0.1", False),
        ("fec0::1", False),
        ("ff0e::1", False),
        (f"::ffff:{PUBLIC}", True),
        ("::ffff:127.0.0.1", False),
        (f"64:ff9b::{PUBLIC}", True),
        ("64:ff9b::10.0.0.1", False),
        ("64:ff9b:1::1", False),
        ("2002:5db8:d822::1", True),
        ("2002:7f00:1::1", False),
    ],
)
def test_addresses_that_are_public_and_not(address: str, is_fit: bool) -> None:
    assert is_public(ip_address(address)) is is_fit


@given(IPV4)
def test_of_ipv4_what_is_global_and_no_group_is_public(address: IPv4Address) -> None:
    assert is_public(address) == (address.is_global and not address.is_multicast)
    if any(address in network for network in NOT_PUBLIC):
        assert not is_public(address)
    for way in STANDS_FOR.values():
        assert is_public(way(address)) == is_public(address)


@given(IPV6)
def test_of_ipv6_only_what_is_global_and_given_out_is_public(address: IPv6Address) -> None:
    if address.ipv4_mapped or address.sixtofour or address in IPv6Network("64:ff9b::/96"):
        return  # see above
    unicast = address in IPv6Network("2000::/3")
    assert is_public(address) == (address.is_global and not address.is_multicast and unicast)


@given(st.lists(st.one_of(IPV4, IPV6), min_size=1, max_size=4))
def test_only_public_addresses_are_ever_connected_to(addresses: list[IPv4Address | IPv6Address]) -> None:
    tried = []

    def dial(address: str, port: int, timeout_s: float) -> socket.socket:
        tried.append(ip_address(address))
        raise ConnectionRefusedError

    with pytest.raises(FetchError):
        fetch_page("http://news.example/", resolve=lambda host, port: list(map(str, addresses)), dial=dial)
    assert tried == (addresses if all(map(is_public, addresses)) else [])


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("HTTPS://News.Example", "https://news.example/"),
        ("http://news.example:80/a?b#c", "http://news.example/a?b"),
        ("https://news.example:80/", "https://news.example:80/"),
        ("https://bücher.example./я", "https://xn--bcher-kva.example/%D1%8F"),
        ("http://[2606:2800::1]:8080/", "http://[2606:2800::1]:8080/"),
        ("http://a.example/'\"<>|%27", "http://a.example/%27%22%3C%3E%7C%27"),
    ],
)
def test_addresses_as_they_are_asked_and_written(text: str, read: str) -> None:
    assert str(read_address(text)) == read
    assert str(read_address(read)) == read


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("news.example/a", "only http"),
        ("file:///etc/passwd", "only http"),
        ("gopher://news.example/", "only http"),
        ("http:///a", "names no host"),
        ("http://me@news.example/", "user name"),
        ("http://:@news.example/", "user name"),
        ("http://news.example\\@10.0.0.1/", "backslash"),
        ("http://news.example/a b", "blank"),
        ("http://news.example/\r\nHost: x", "control"),
        ("http://news.example/\u202etxt", "control"),
        ("http://news.example:99999/", "no address"),
        ("http://news.example:0/", "no port 0"),
        ("http://[fe80::1%25eth0]/", "no name of a host"),
        ("http://a..example/", "no name of a host"),
        (f"http://{'a' * 64}.example/", "no name of a host"),
        ("http://news%2eexample/", "no name of a host"),
        (f"http://news.example/{'a' * 2048}", "longer"),
    ],
)
def test_what_is_no_address_of_a_page(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_address(text)
    with pytest.raises(FetchError, match=why):
        fetch_page(text)


@given(st.text())
def test_any_text_is_an_address_or_an_error(text: str) -> None:
    try:
        read = str(read_address(f"http://{text}"))
    except ValueError:
        return
    assert read.isascii()
    assert str(read_address(read)) == read


def test_what_looks_like_an_address() -> None:
    assert all(map(looks_like_address, ("https://a.example", "ftp://x", "FILE:///etc/passwd")))
    assert not any(map(looks_like_address, ("article.md", "C:\\texts\\a.md", "a/b://c", "")))


def test_passwords_are_not_printed() -> None:
    assert masked("http://me:secret@news.example/@a") == "http://***@news.example/@a"
    assert masked("http://news.example/me@home") == "http://news.example/me@home"


# Servers that behave badly


def drips(head: bytes, drop: bytes) -> Callable[[socket.socket], None]:
    """Send a bit now and then, for three seconds: whoever waits for the end has lost."""

    def answer(connection: socket.socket) -> None:
        connection.sendall(head)
        for _ in range(60):
            connection.sendall(drop)
            time.sleep(0.05)

    return answer


def floods(head: bytes, more: bytes) -> Callable[[socket.socket], None]:
    """Send as fast as one can, for three seconds."""

    def answer(connection: socket.socket) -> None:
        connection.sendall(head)
        until = time.monotonic() + 3
        while time.monotonic() < until:
            connection.sendall(more)

    return answer


START = b"HTTP/1.1 200 OK\r\n"
HEAD = START + b"Content-Type: text/html\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
ENDLESS = {
    "says nothing": drips(b"", b""),
    "drips a status": drips(b"HTTP/1.1 200 ", b"O"),
    "drips headers": drips(START + b"X-A: ", b"a"),
    "drips a body": drips(HEAD + b"Content-Length: 1000\r\n\r\n", b"a"),
    "drips a body without end": drips(HEAD + b"\r\n", b"a"),
    "drips chunks": drips(CHUNKED, b"1\r\na\r\n"),
    "goes on and on": floods(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "drips trailers": drips(CHUNKED + b"0\r\n", b"X: a\r\n"),
}


@pytest.mark.parametrize("what", ENDLESS)
def test_no_server_holds_on_to_who_asks(fetch: Fetch, web: Web, what: str) -> None:
    web.answers["/"] = ENDLESS[what]
    begun = time.monotonic()
    with pytest.raises(FetchError, match=r"^http://news.example/: no whole answer within 0.4 s"):
        fetch(limits=HASTY)
    assert time.monotonic() - begun < 2.5


def test_the_time_is_that_of_all_redirects(fetch: Fetch, web: Web) -> None:
    def late(connection: socket.socket) -> None:
        time.sleep(0.15)
        connection.sendall(moved("/"))

    web.answers["/"] = late
    with pytest.raises(FetchError, match=r"redirected to http://news.example/: no whole answer within 0.4 s"):
        fetch(limits=HASTY)
    assert len(web.asked) < 5


LARGE = b"a" * 1001
BROKEN = {
    "endless headers": (floods(START, b"X-A: a\r\n"), "100 headers"),
    "an endless header": (floods(START + b"X-A: ", b"a" * 1000), "LineTooLong"),
    "an endless status": (floods(b"", b"a" * 1000), "LineTooLong"),
    "no HTTP": (b"220 mail.example ESMTP\r\n", "BadStatusLine"),
    "nothing": (b"", "RemoteDisconnected"),
    "less than stated": (http(PAGE, length=len(PAGE) + 7), rf"cut off after {len(PAGE)} bytes, 7 before its end"),
    "too much, stated": (http(LARGE), "has 1,001 bytes; at most 1,000 are fetched"),
    "too much, stated, not sent": (http(b"", length=10**12), "has 1,000,000,000,000 bytes"),
    "too much, not stated": (http(LARGE, length=None), "more than 1,000 bytes"),
    "too much, without end": (floods(HEAD + b"\r\n", b"a" * 1000), "more than 1,000 bytes"),
    "too much, in chunks": (floods(CHUNKED, b"4\r\naaaa\r\n"), "more than 1,000 bytes"),
    "a chunk too large": (CHUNKED + b"7fffffff\r\na", "IncompleteRead"),
    "no chunk": (CHUNKED + b"zz\r\n", "IncompleteRead"),
    "chunks that break off": (CHUNKED + b"4\r\naaaa\r\n", "IncompleteRead"),
    "packed": (http(b"\x1f\x8b", "text/html", "Content-Encoding: gzip"), "packed as gzip"),
    "packed as ever": (http(b"", "text/html", "Content-Encoding: identity, br"), "packed as identity, br"),
    "a PDF": (http(b"%PDF", "application/pdf"), r"sends application/pdf; expected one of text/html, "),
    "a picture": (http(b"", "image/svg+xml"), r"sends image/svg\+xml"),
    "who knows": (http(PAGE, None), "sends nothing; expected"),
    "not found": (http(PAGE, status="404 Not Found"), "answered with status 404"),
    "no content": (http(b"", status="204 No Content"), "answered with status 204"),
    "not changed": (http(b"", status="304 Not Modified"), "answered with status 304"),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_no_answer(fetch: Fetch, web: Web, what: str) -> None:
    web.answers["/"], why = BROKEN[what]
    begun = time.monotonic()
    with pytest.raises(FetchError, match=rf"^http://news\.example/: .*{why}"):
        fetch(limits=Limits(max_bytes=1000))
    assert time.monotonic() - begun < 2.5


@pytest.mark.parametrize(
    "answer",
    [
        http(LARGE[:1000]),
        http(LARGE[:1000], length=None),
        http(LARGE, length=1000),  # what is sent beyond what is stated is not read
        CHUNKED + b"3e8\r\n" + LARGE[:1000] + b"\r\n0\r\n\r\n",
    ],
)
def test_as_much_as_is_allowed(fetch: Fetch, web: Web, answer: bytes) -> None:
    web.answers["/"] = answer
    assert fetch(limits=Limits(max_bytes=1000)).content == LARGE[:1000]


# TLS


def trusting(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate))


def test_over_tls_only_with_a_certificate_that_is_trusted(tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path, "news.example")
    with small_web(certificate) as web:
        web.answers["/"] = http(PAGE)
        web.hosts["other.example"] = [PUBLIC]
        with pytest.raises(FetchError, match=r"^https://news.example/: its certificate is not trusted: self"):
            fetch_page("https://news.example/", resolve=web.resolve, dial=web.dial)
        with pytest.raises(FetchError, match="certificate is not trusted: Hostname mismatch"):
            fetch_page(
                "https://other.example/",
                resolve=web.resolve,
                dial=web.dial,
                context=trusting(certificate),
            )
        assert web.asked == []
        page = fetch_page(
            "https://news.example/", resolve=web.resolve, dial=web.dial, context=trusting(certificate)
        )
        assert (page.url, page.content) == ("https://news.example/", PAGE)
        assert "Host: news.example\r\n" in web.asked[0]


def test_from_https_no_redirect_leads_to_http_but_the_other_way_round(tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path, "news.example")
    with small_web(certificate) as web:
        settings: Any = {"resolve": web.resolve, "dial": web.dial, "context": trusting(certificate)}
        web.answers |= {
            "/": http(PAGE),
            "/down": moved("http://news.example/"),
            "/up": moved("https://news.example/"),
        }
        with pytest.raises(FetchError, match="from https to http"):
            fetch_page("https://news.example/down", **settings)
        assert fetch_page("http://news.example/up", **settings).url == "https://news.example/"


def test_who_never_shakes_hands_is_not_waited_for(web: Web) -> None:
    def answer(connection: socket.socket) -> None:
        time.sleep(2)

    web.serve = answer  # type: ignore[method-assign]
    with pytest.raises(FetchError, match=r"no whole answer within 0.4 s"):
        fetch_page("https://news.example/", limits=HASTY, resolve=web.resolve, dial=web.dial)
