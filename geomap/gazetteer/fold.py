"""One folding for names, so that every spelling of a toponym meets in one key."""

import re
import unicodedata

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
    """
    text = anyascii(unicodedata.normalize("NFKC", name)).casefold()
    return _PARTING_MARKS.sub(" ", _JOINING_MARKS.sub("", text)).strip()
