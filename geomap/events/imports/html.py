"""The words and addresses in scraps of HTML, such as descriptions in KML, in time that grows with their length alone.

Not `html.parser`: on unended tags, of which 60 kB are enough, it takes minutes.
"""

import html
import re
from typing import Final

_BREAKS: Final = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "table", "ul", "ol"})
_UNREAD: Final = frozenset({"script", "style"})
_NAME: Final = re.compile("/?([a-zA-Z][a-zA-Z0-9]*)")
_LINK: Final = re.compile(r"""\shref=(?:"([^"]*)"|'([^']*)'|([^\s"']+))""", re.IGNORECASE)
_LONGEST_TAG: Final = 4_000
# Brackets belong to an address in pairs only; what it ends in is mostly of the sentence.
_ADDRESS: Final = re.compile(r"https?://(?:[^\s<>\"'()\[\]]|\([^\s<>\"'()]*\))+")
_ENDS: Final = ".,;:!?"


def read_html(text: str) -> tuple[str, list[str]]:
    """The words of HTML, a line for each block, and the web addresses that its links lead to."""
    first, *pieces = text.split("<")
    words, links = [html.unescape(first)], []
    unread = ""
    for piece in pieces:
        tag, closing, rest = piece.partition(">")
        named = _NAME.match(tag) if closing else None
        name = named[1].lower() if named else ""
        if unread:
            unread = "" if name == unread and tag.startswith("/") else unread
        elif name in _UNREAD and not tag.startswith("/"):
            unread = name
        elif name == "a" and len(tag) < _LONGEST_TAG:
            links += [html.unescape(next(filter(None, found), "")) for found in _LINK.findall(tag)]
        if unread:
            continue
        words += ["\n"] if name in _BREAKS else []
        # What is no tag was a sign of its own.
        is_tag = closing and (named or tag.startswith(("!", "?", "/")))
        words.append(html.unescape(rest if is_tag else f"<{piece}"))
    lines = (" ".join(line.split()) for line in "".join(words).split("\n"))
    return "\n".join(line for line in lines if line), [link for link in links if is_web(link)]


def addresses_in(text: str) -> list[str]:
    """The web addresses that stand in a text."""
    return [found.rstrip(_ENDS) for found in _ADDRESS.findall(text)]


def is_web(address: str) -> bool:
    """Whether an address is one of the web, without blanks."""
    return address.startswith(("http://", "https://")) and not any(letter.isspace() for letter in address)
