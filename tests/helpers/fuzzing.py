"""What the fuzz tests feed to readers: random bytes, whole files that were bent, and texts made of telling pieces."""

from collections.abc import Sequence
from typing import Final

from hypothesis import settings
from hypothesis import strategies as st

from torture_log import is_long

LONGER: Final = 8
"""How many times as many inputs the long runs try."""
TOKENS: Final = (
    "{", "}", "[", "]", "(", ")", ":", ",", "\n", "\r\n", "\t", "  ", "- ", "? ", "| ", "> ", "&a ", "*a",
    "<<: ", "!!str ", "%YAML", "---", "...", "#", '"', "'", "\\", "\\u0000", "\\ud800", "\0", "\x1b",
    "\ufeff", "\u2028", "\u202e", "null", "~", "true", "NO", "0x1f", "1e999", "-1", "-0.0", ".nan", ".inf",
    "9" * 400, "1_000", "12:30", "0000-00-00", "2021-02-30", "2021-11-12", "../2024-08-12", "2024-08-06/..",
    "[2022-10-03..2022-10-09]", "201X", "2021-22~", "-0044-03-15", "99999", "N", "S", "53.9", "27°33'N",
    "35UNV", "geo:53,27", "north of", "between", "and", "near", "10 km", "Minsk", "Мінск", "Kursk Region",
    "the border with", "on Monday", "last", "October 2022", "troops", "said", "struck", "http://[",
    "https://a.example", "<a href=", "<!--", "-->", "<script>", "</", "<p>", "&amp;", "&#0;", "]]>",
    "<![CDATA[", "<!DOCTYPE x [", "<!ENTITY", "POINT EMPTY", "POLYGON((0 0,1 1,0 1,1 0,0 0))", "EPSG:4978",
    "=1+1", "schema", "title", "events", "where", "when", "sources", "id", "type", "\ud800", "𝕏", "́",
)  # fmt: skip
"""Pieces that mean something to one reader or another."""


def runs(short: int) -> settings:
    """How many examples a test has: few in every run of the tests, many under GEOMAP_TORTURE=1."""
    return settings(
        max_examples=short * (LONGER if is_long() else 1), derandomize=not is_long(), deadline=None
    )


def texts(longest: int = 40) -> st.SearchStrategy[str]:
    """Texts of telling pieces and of anything."""
    piece = st.one_of(st.sampled_from(TOKENS), st.text(max_size=8), st.characters())
    return st.lists(piece, max_size=longest).map("".join)


@st.composite
def bent(draw: st.DrawFn, whole: Sequence[bytes]) -> bytes:
    """A whole file with bytes flipped, cut, doubled, spliced with another one, or replaced by telling pieces."""
    content = bytearray(draw(st.sampled_from(whole)))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(content)))
        to = min(len(content), at + draw(st.integers(0, 40)))
        match draw(st.integers(0, 6)):
            case 0:
                del content[at:]
            case 1:
                del content[at:to]
            case 2 if at < len(content):
                content[at] ^= 1 << draw(st.integers(0, 7))
            case 3:
                content[at:at] = content[at:to] * draw(st.integers(1, 60))
            case 4:
                other = draw(st.sampled_from(whole))
                content[at:] = other[draw(st.integers(0, len(other))) :]
            case 5:
                content[at:to] = draw(st.binary(max_size=12))
            case _:
                piece = draw(st.sampled_from(TOKENS)).encode("utf-8", "surrogatepass")
                content[at:to] = piece * draw(st.sampled_from((1, 1, 1, 2, 200)))
    return bytes(content)


def files(*whole: bytes) -> st.SearchStrategy[bytes]:
    """Contents of a file of which some are whole."""
    made = texts().map(lambda text: text.encode("utf-8", "surrogatepass"))
    return st.one_of(bent(whole), bent(whole), bent(whole), made, st.binary(max_size=200))
