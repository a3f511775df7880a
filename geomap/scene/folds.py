"""How letters are folded for searching: a name is found in any spelling of its letters."""

import unicodedata
from collections.abc import Sequence
from typing import Final, TypeVar

import numpy as np

from geomap.gazetteer.fold import fold_name
from geomap.model.columns import Coded, Texts
from geomap.scene.value import Columns

Value = TypeVar("Value")

# What people type wherever they sit, whether or not the scene has it: ASCII, Latin with its letters for sounds and
# its apostrophes, Greek and Cyrillic, Armenian, Hebrew, Arabic, Georgian, punctuation, currencies, letterlike signs.
_FOLDED_SCRIPTS: Final = (
    (0x00, 0x80), (0xA0, 0x300), (0x370, 0x530), (0x530, 0x700), (0x10A0, 0x1100), (0x2000, 0x2070),
    (0x20A0, 0x20C1), (0x2100, 0x2150),
)  # fmt: skip


def search_folds(events: Columns, features: Columns) -> dict[str, str]:
    """How the characters are folded that people may search with: scripts of the region, and the scene's own."""
    own: set[str] = set()
    for column in (events["title"], events["summary"], features["label"], features["native"]):
        own |= _letters_of(column)
    for lists in (events["actors"], events["claimants"], features["names"]):
        own |= _letters_of([name for names in _distinct(lists) for name in names])
    letters = {chr(code) for first, last in _FOLDED_SCRIPTS for code in range(first, last)} | own
    folds = {letter: fold_name(f"x{letter}x")[1:-1] for letter in letters}
    return {letter: fold for letter, fold in folds.items() if letter != fold}


def _distinct(column: Sequence[Value]) -> Sequence[Value]:
    """What of a column must be looked at: each value once, of texts those alone that are not ASCII."""
    if isinstance(column, Texts):
        import pyarrow.compute as pc

        return column.take(np.flatnonzero(pc.invert(pc.string_is_ascii(column.array)).fill_null(False)))  # type: ignore[return-value]
    return column.used if isinstance(column, Coded) else column


def _letters_of(texts: Sequence[str | None]) -> set[str]:
    """The letters of texts in the form in which they are folded, if there are other than ASCII's."""
    own = {letter for letter in set("".join(filter(None, _distinct(texts)))) if letter > "\x7f"}
    # What goes together with the letter before it is another letter then.
    if any(unicodedata.combining(letter) or "\u1100" <= letter <= "\u11ff" for letter in own):
        own = {
            letter
            for text in texts
            if text and not text.isascii()
            for letter in unicodedata.normalize("NFKC", text)
        }
    return {small for letter in own for small in unicodedata.normalize("NFKC", letter).lower()}
