"""Which addresses become links; what the page says of the same ones is tests/scripts/links.test.mjs."""

import pytest

from geomap.render import safe_url
from link_cases import LINKS, NO_LINKS


@pytest.mark.parametrize("text", LINKS)
def test_a_plain_address_stays_as_it_is(text: str) -> None:
    assert safe_url(text) == text


# No file that a page is made of can hold half a surrogate pair; it is none of what both sides are asked.
@pytest.mark.parametrize("text", [None, *NO_LINKS, "https://example.org/\ud800"])
def test_anything_else_is_no_link(text: str | None) -> None:
    assert safe_url(text) is None
