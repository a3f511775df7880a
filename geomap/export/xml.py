"""XML that says what it was given: elements from values, texts without the characters that XML cannot hold."""

import re
from typing import Final
from xml.etree import ElementTree as ET

# XML 1.0 has no form for these, not even an escaped one.
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def xml_text(text: str) -> str:
    """A text as XML can hold it: U+FFFD stands for each character that it cannot."""
    return _FORBIDDEN.sub("\ufffd", text)


def element(tag: str, /, *children: ET.Element, text: str | None = None, **attributes: str) -> ET.Element:
    """An element with its attributes and children; a trailing `_` of an attribute's name is left out."""
    made = ET.Element(tag, {key.rstrip("_"): xml_text(value) for key, value in attributes.items()})
    made.extend(children)
    if text is not None:
        made.text = xml_text(text)
    return made


def document(root: ET.Element, *, doctype: str = "") -> str:
    """A whole document as text, indented, with a newline at its end."""
    ET.indent(root)
    return f"{doctype}{ET.tostring(root, encoding='unicode')}\n"
