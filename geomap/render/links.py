"""Which addresses may become links; the page asks the same again with the browser's own URL parser."""

import ipaddress
import re
import unicodedata
from typing import Final
from urllib.parse import urlsplit

# Blanks, controls, invisible and direction characters, and what browsers read otherwise than it looks.
_NOT_IN_A_LINK: Final = re.compile(
    "[\x00-\x20\x7f-\xa0\\\\\"'<>^`{|}\u00ad\u034f\u061c\u115f\u1160\u1680\u180b-\u180f\u2000-\u200f\u2028-\u202f"
    "\u205f-\u206f\u3000\u3164\ufe00-\ufe0f\ufeff\uff0f\uffa0\ufff0-\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
_WEB: Final = re.compile(r"https?://([^/?#]+)", re.IGNORECASE | re.ASCII)
# Names of users, letters by number, and what looks like a slash or a dot.
_NOT_IN_A_HOST: Final = re.compile("[@%\u2044\u2215\u29f8\u3002]")
# One plain address, without what a link could put into the letter.
_MAIL: Final = re.compile(r"mailto:[a-z0-9._+-]+@[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE | re.ASCII)
# Browsers read a host that ends in a number as an IPv4 address, whichever way it is written.
_ENDS_IN_A_NUMBER: Final = re.compile(r"(^|\.)([0-9]+|0x[0-9a-f]*)\.?$", re.IGNORECASE | re.ASCII)
_LONGEST: Final = 2048


def safe_url(text: str | None) -> str | None:
    """Give `text` back if it may be a link: http, https or mailto, a plain host, no user name, nothing hidden.

    Nothing is repaired: an address that is not safe as it stands is shown as plain text. A host is plain if it is read
    as it is written: not with signs that stand for others, such as full-width letters and other dots, and not as
    a number in another form than `192.0.2.1`. One in other letters than Latin is, and the page shows it as the browser
    asks for it (`xn--…`).
    """
    if not text or len(text) > _LONGEST or _NOT_IN_A_LINK.search(text):
        return None
    if _MAIL.fullmatch(text):
        return text
    web = _WEB.match(text)
    if not web or not _is_plain(web[1]):
        return None
    try:
        parts = urlsplit(text)
        port, host = parts.port, parts.hostname
        if host and web[1].startswith("["):
            ipaddress.IPv6Address(host)
        elif host and any(part.startswith("xn--") and not part[4:] for part in host.split(".")):
            return None
    except ValueError:
        return None
    return text if host and port != 0 else None


def _is_plain(authority: str) -> bool:
    if _NOT_IN_A_HOST.search(authority) or unicodedata.normalize("NFKC", authority) != authority:
        return False
    host = authority.partition(":")[0]
    if authority.startswith("[") or not _ENDS_IN_A_NUMBER.search(host):
        return True
    try:
        return bool(ipaddress.IPv4Address(host))
    except ValueError:
        return False
