"""Texts that look like others: words of mixed scripts, characters that are not seen, addresses that pretend.

What Unicode Technical Standard 39 calls mixed-script confusables, cut down to the three scripts whose letters look
alike: Latin, Cyrillic and Greek. One pattern finds them, in Python and in Arrow; `gazetteer.variants` goes on to read
such a toponym. No message repeats the text, which may be one that must not be shown.
"""

import re
import unicodedata
from typing import Final
from urllib.parse import urlsplit

HIDDEN: Final = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Characters that change how the text around them is shown, or are not shown at all."""

_LATIN: Final = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"
_CYRILLIC: Final = "\u0400-\u0482\u048a-\u052f"
_GREEK: Final = "\u0370-\u0373\u0376\u0377\u037b-\u037d\u0386\u0388-\u03ff\u1f00-\u1fff"
_MARKS: Final = "[\u0300-\u036f]*"


def _beside(one: str, other: str) -> str:
    return f"[{one}]{_MARKS}[{other}]|[{other}]{_MARKS}[{one}]"


MIXED: Final = re.compile(
    "|".join((_beside(_LATIN, _CYRILLIC), _beside(_LATIN, _GREEK), _beside(_CYRILLIC, _GREEK)))
)
"""Two letters of different scripts side by side, as no word has them; also a pattern for Arrow's RE2."""

_LOOKS_LATIN: Final = frozenset("авекмнорстухіјѕһԁԛԝӏьѡυνοικαρτ0123456789-")


def hidden_text(name: str, text: str) -> str:
    """What to say of a text with a character that is not seen; empty for any other."""
    if text.isascii() or not (match := HIDDEN.search(text)):
        return ""
    return f"{name} holds U+{ord(match.group()):04X}, which is not seen; keep it only if the source has it"


def mixed_text(name: str, text: str) -> str:
    """What to say of a text with a word of mixed scripts; empty for any other."""
    if text.isascii() or not (match := MIXED.search(text)):
        return ""
    odd = [letter for letter in match.group() if unicodedata.combining(letter) == 0]
    said = " beside ".join(f"{_described(letter)}" for letter in odd)
    return f"{name} holds a word of two scripts: {said}; type it anew in one script"


def _described(letter: str) -> str:
    return f"U+{ord(letter):04X} {unicodedata.name(letter, 'letter').lower()}"


def url_text(name: str, url: str) -> str:
    """What to say of an address whose host is not what it seems; empty for any other."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return f"{name} is no address that can be read"
    if "@" in parts.netloc:
        return f"{name} has a name before its host, which hides the host; take out what stands before @"
    labels = [_decoded(label) for label in host.split(".")]
    if not labels[-1].isascii():
        return ""
    for label in labels:
        if label.isascii():
            continue
        if MIXED.search(label):
            return f"{name} has a host of two scripts, which looks like another; copy it from the source"
        if _LOOKS_LATIN.issuperset(label):
            return f"{name} has a host whose letters only look Latin; copy it from the source"
    return ""


def _decoded(label: str) -> str:
    """A label of a host, out of Punycode (RFC 3492)."""
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode().decode("punycode")
    except ValueError:
        return label
