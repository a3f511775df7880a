"""Which addresses may become links; the page asks the same again with the browser's own URL parser."""

import re
from urllib.parse import urlsplit

# Blanks, controls, invisible and direction characters, and what browsers read otherwise than it looks.
_NOT_IN_A_LINK = re.compile(
    "[\x00-\x20\x7f-\xa0\\\\\"'<>^`{|}\u00ad\u034f\u061c\u115f\u1160\u1680\u180e\u2000-\u200f\u2028-\u202f"
    "\u205f-\u206f\u3000\u3164\ufe00-\ufe0f\ufeff\uff0f\uffa0\ufff0-\uffff\ud800-\udfff]"
)
_WEB = re.compile(r"https?://[^/?#]", re.IGNORECASE)
_LONGEST = 2048


def safe_url(text: str | None) -> str | None:
    """Give `text` back if it may be a link: absolute, http or https, a host, no user name, nothing hidden.

    Nothing is repaired: an address that is not safe as it stands is shown as plain text.
    """
    if not text or len(text) > _LONGEST or not _WEB.match(text) or _NOT_IN_A_LINK.search(text):
        return None
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    if not parts.hostname or "@" in parts.netloc or "%" in parts.netloc or port == 0:
        return None
    return text
