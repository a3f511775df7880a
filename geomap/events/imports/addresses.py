"""Web addresses in the words of others."""

import re
from typing import Final

# Brackets belong to an address in pairs only; what it ends in is mostly of the sentence.
_ADDRESS: Final = re.compile(r"https?://(?:[^\s<>\"'()\[\]]|\([^\s<>\"'()]*\))+")
_ENDS: Final = ".,;:!?"


def addresses_in(text: str) -> list[str]:
    """The web addresses that stand in a text."""
    return [found.rstrip(_ENDS) for found in _ADDRESS.findall(text)]


def is_web(address: str) -> bool:
    """Whether an address is one of the web, without blanks."""
    return address.startswith(("http://", "https://")) and not any(letter.isspace() for letter in address)
