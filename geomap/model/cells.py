"""Texts in cells of a spreadsheet, which makes formulas of some."""

import re
from typing import Final

# Of a cell that begins with one of these, spreadsheets make a formula (OWASP, "CSV Injection").
# One that begins so behind apostrophes gets another, so that a reader can take away what was added.
_FORMULA: Final = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")


def guarded_cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe before it, as spreadsheets mark a text."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded_cell(text: str) -> str:
    """A text without the apostrophe that `guarded_cell` gave it."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text
