"""Which addresses become links."""

import pytest

from geomap.render import safe_url


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org",
        "http://example.org/a?b=1&c=2#d",
        "HTTPS://Example.org:8443/path",
        "https://пример.рф/новости",
        "https://example.org/%E2%80%AE",
        "http://[2001:db8::1]/",
    ],
)
def test_a_web_address_stays_as_it_is(text: str) -> None:
    assert safe_url(text) == text


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "example.org",
        "//example.org",
        "/etc/passwd",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "\x01javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://example.org",
        "mailto:a@example.org",
        "https:example.org",
        "https:///example.org",
        "https://",
        "https://?a",
        "https://user@example.org",
        "https://example.org:password@evil.example",
        "https://example.org\\@evil.example",
        "https://example.org/\u202egnp.exe",
        "https://exam\u200bple.org",
        " https://example.org",
        "https://example.org/a b",
        "https://example.org/\n",
        "https://example.org/\"onclick='x'",
        "https://example.org/<script>",
        "https://example.org:0/",
        "https://example.org:99999/",
        "https://[::1",
        "https://exa%6dple.org",
        "https://example.org/" + "a" * 3000,
        "https://example.org/\ud800",
    ],
)
def test_anything_else_is_no_link(text: str | None) -> None:
    assert safe_url(text) is None
