"""One folding for names, so that every spelling of a toponym meets in one key."""

import re
import unicodedata
from typing import Final

from anyascii import anyascii

# Soft signs, apostrophes and their look-alikes join the letters beside them (Rus', Кам'янка);
# every other mark, hyphens included, parts words (Ivano-Frankivsk).
_JOINING_MARKS = re.compile("['`´ʹʺʼʻ’‘′\"]")
_PARTING_MARKS = re.compile(r"[^0-9a-z]+")


def fold_name(name: str) -> str:
    """Fold a name to lower-case ASCII words parted by single blanks.

    NFKC, transliteration by anyascii, case folding, then marks: `Kuźnica Białostocka` becomes
    `kuznica bialostocka`, `Мачулішчы` becomes `machulishchy`. Folding twice changes nothing.
    A name without a letter or digit folds to the empty string.

    Notes
    -----
    Past NFKC every step works on single characters, so each is folded once and then looked up.
    """
    if not name.isascii():
        name = unicodedata.normalize("NFKC", name)
    return " ".join(name.translate(_FOLDS).split())


def fold_in_steps(text: str) -> str:
    """`fold_name` of a text in NFKC, step by step; what the table is made of."""
    plain = anyascii(text).casefold()
    return _PARTING_MARKS.sub(" ", _JOINING_MARKS.sub("", plain)).strip()


class _Folds(dict[int, str | None]):
    """The fold of each character by code point, None where nothing is left of it."""

    def __missing__(self, code: int) -> str | None:
        # Between two letters it shows whether a mark joins or parts them.
        self[code] = fold = fold_in_steps(f"x{chr(code)}x")[1:-1] or None
        return fold


_FOLDS: Final = _Folds()
