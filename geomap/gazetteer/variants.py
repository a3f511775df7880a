"""Spelling variants of toponyms: how one name differs by language and by system of romanisation.

All functions take folds, as `fold.fold_name` makes them, except `has_mixed_scripts` and `unmixed`,
which look at a name as written. None of them knows a country: a rule that is right for Belarus
and wrong for Syria stands here only if it does little harm in Syria.
"""

import re
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import Levenshtein

SPELLING: Final = 0.89
"""From this likeness on, two folds are taken for spellings of one name."""

FUZZY_CUT: Final = 0.865
"""Below this likeness, a candidate is never accepted.

Measured on cities500 of GeoNames in fourteen countries: of pairs of different places more than 50 km
apart in one country that share a `variant_key` or lie within two edits, 1.6 % reach it (1.0 % reach
`SPELLING`); of each place's nearest other name alone 6.2 % (4.0 %). Many of these are one word in
another gender or language (Dobra and Dobre), which only the country and the size of a place tell apart.
"""


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


VARIED_COUNTRIES: Final = _codes(
    "BY RU UA PL LT LV EE MD KZ KG TJ UZ TM AZ GE AM XK RS BA ME MK AL BG MN SY IQ IR AF PK YE SA AE OM QA KW"
    " BH JO LB PS IL EG LY TN DZ MA SD EH MR TR CY SO DJ ER ET TD ML NE NG CM CF SS CD UG KE RW BI BF IN NP BD"
    " LK MM PH KM"
)
"""Countries whose names reach us by transliteration, or are written in many ways: their spellings are keyed."""

_VOWELS = "aeiouyEO"
_SHORTEST = 4

# --- Words --------------------------------------------------------------------------------------

_ARTICLES = frozenset({"al", "el", "il", "ul", "ehl"})
# The l of the article takes the sound of a dental or sibilant that follows it: ar Raqqah, ash Shaykh.
_SUN_SOUNDS = ("sh", "dh", "th", "d", "n", "r", "s", "t", "z")
_SUN_ARTICLES = {
    vowel + sound: sound for vowel in ("a", "e", "u", "eh") for sound in (*_SUN_SOUNDS, "ch", "dj", "j")
}
_LONGEST_ARTICLE = 4
_EZAFE = frozenset({"e", "i", "y", "ye", "yi"})
_SAME_WORDS = {"abou": "abu", "abi": "abu", "bou": "bu"}


def _is_article(word: str, following: str) -> bool:
    sound = _SUN_ARTICLES.get(word)
    return word in _ARTICLES or (sound is not None and following.startswith(sound))


def _content_words(fold: str) -> list[str]:
    """The words of a fold without Arabic articles and the Persian ezafe; the last word always stays."""
    words = fold.split()
    last = len(words) - 1
    return [
        _SAME_WORDS.get(word, word)
        for place, word in enumerate(words)
        if place == last
        or len(word) > _LONGEST_ARTICLE
        or not (_is_article(word, words[place + 1]) or (place and word in _EZAFE))
    ]


# --- Sounds -------------------------------------------------------------------------------------
# One letter for one sound. Capitals stand for sounds that a fold writes with two or more letters:
# S sh, Z zh, C ch, H kh, G gh, D dh, T th, Q dz, E ai, O au.

_FINAL_H = re.compile("(?<=[aeio])h(?= )")  # Raqqah
# Kharkiv, Mogilev, -ivka; Mahiliou; -auka. Not ou within a word, which is French for u (Kirkouk).
_CODA = re.compile("[iyje]*(?:[aeiou][vw](?=[kstc ])|[aeiou]u(?= )|[ae]u(?=k))")
_INITIAL_C = re.compile(" (?:c(?=[aourl])|ch(?=[lmrnvw]))")  # Candala, Chrzanow
_GRAPHEMES_WITH_H = (
    ("pidh", "podg"),  # Ukrainian d and h that meet at a seam, not dh
    ("tsch", "C"), ("shch", "S"), ("shh", "S"), ("sch", "S"), ("dzh", "j"), ("dsch", "j"), ("tch", "C"),
    ("tsh", "C"), ("sh", "S"), ("ch", "C"), ("zh", "Z"), ("khv", "H"), ("khw", "H"), ("kh", "H"), ("gh", "G"),
    ("dh", "D"), ("th", "T"), ("ph", "f"),
)  # fmt: skip
_GRAPHEMES_WITH_Z = (("szcz", "S"), ("sz", "S"), ("cz", "C"), ("rz", "Z"), ("tz", "c"), ("dz", "Q"))
_GRAPHEMES = (
    (" pid", " pod"), ("dj", "j"), ("ts", "c"), ("ck", "k"), ("ou", "u"), ("oo", "u"), ("ee", "i"), ("w", "v"),
    ("q", "k"), ("x", "H"),
)  # fmt: skip
_GLIDE_U = re.compile("u[vyij]+(?=[aei])|u(?=[ae])")  # Suwayda, Soueida; Zuwarah, Zuara
_FINAL_I = re.compile("[iyj]+(?= )")  # -skiy, -skij, -sky
_YO = re.compile("(?<=[^ aeiou])[iyj]+o")  # Semyonovka, Semenovka
_GLIDE = re.compile("(?<=[^ ])[iyj]+(?=[aeou])")  # Siemianowka, Semjanovka
_AI = re.compile("[ae][iyj]")  # Dayr, Deir
_AU = re.compile("[ao][vu](?=[^aeiou ])")  # Zawr, Daulatyar, Dowlatyar
_DOUBLED = re.compile(r"(.)\1+")


def _sounds(fold: str) -> str:
    # The tests before a pattern spare time: a whole gazetteer passes here.
    text = f" {'  '.join(_content_words(fold)) if ' ' in fold else fold} "
    if "h " in text:
        text = _FINAL_H.sub("", text)
    if "v" in text or "w" in text or "u" in text:
        text = _CODA.sub("ov", text)
    if " c" in text:
        text = _INITIAL_C.sub(" k", text)
    if "h" in text:
        for letters, sound in _GRAPHEMES_WITH_H:
            text = text.replace(letters, sound)
    if "z" in text:
        for letters, sound in _GRAPHEMES_WITH_Z:
            text = text.replace(letters, sound)
    for letters, sound in _GRAPHEMES:
        text = text.replace(letters, sound)
    if "u" in text:
        text = _GLIDE_U.sub("v", text)
    if "i " in text or "y " in text or "j " in text:
        text = _FINAL_I.sub("i", text)
    if "io" in text or "yo" in text or "jo" in text:
        text = _YO.sub("e", text)
    text = _AU.sub("O", _AI.sub("E", _GLIDE.sub("", text)))
    return text.replace(" y", " j").replace("y", "i").replace(" ", "")


def _merge(groups: str, dropped: str = "") -> dict[int, str | None]:
    """A table for `str.translate` by which each group sounds like its first member."""
    table: dict[int, str | None] = {ord(sound): group[0] for group in groups.split() for sound in group}
    return table | dict.fromkeys(map(ord, dropped))


# --- Keys ---------------------------------------------------------------------------------------

# Velars and gutturals are one class (Hrodna, Grodno; Qasr, Gasr; Khanaqin, Kanaqin), dentals and
# sibilants another (Dzisna, Disna; Hadithah, Hadisa; Chusovoy, Cusovoj, Tschussowoi).
_KEY_CLASSES = _merge("KkghHG DdtTcCsSzZQ Bbp Ffv Ll Mm Nn Rr", _VOWELS + "j")
_ENDING = re.compile("(?<=..[^aeiou])(?:[ae]t$|[aeiouy]s(?= |$))")  # Acharat; Vilnius, Kupiskis
_FINAL_V = re.compile("(?<=..[aeiou])[vw][aeoiy]*$")  # Bykhov, Bykau, Bykhovo
_JOINED_ARTICLE = re.compile("^(?:al(?=[^aeiou])|[ae](?=rr|nn|dd|tt|zz|ss|shsh))(?=.{4})")  # Arraqqah
_INITIAL_VOWELS = frozenset(_VOWELS + "j")
_CODA_V = re.compile("(?<=[aeiouEO])v(?![aeiouEO])")


def _skeleton(sounds: str) -> str:
    initial = "A" if sounds[:1] in _INITIAL_VOWELS else ""
    return _DOUBLED.sub(r"\1", initial + sounds.translate(_KEY_CLASSES))


def variant_key(fold: str) -> str:
    """Make the key on which the spellings of one name meet: its skeleton of consonant classes.

    The key holds capitals (and digits) only. Words are joined; Arabic articles and vowels are
    dropped, but for an `A` that stands for any vowel, y or j at the beginning; final v, Lithuanian
    -as, -is, -us and Arabic -at are dropped. The key is coarse: `likeness` must judge what meets on it.

    Parameters
    ----------
    fold
        A name as `fold_name` makes it. A key is its own key.

    Returns
    -------
    key
        Empty where the name without articles has fewer than 4 letters, or fewer than two consonant
        classes remain: then the name has no variants worth looking up.
    """
    if fold.isupper():
        return fold
    if len(fold) < _SHORTEST or (" " in fold and sum(map(len, _content_words(fold))) < _SHORTEST):
        return ""
    text = fold
    if text[-1] in "st" or "s " in text:
        text = _ENDING.sub("a", text)
    if text[0] in "ae":
        text = _JOINED_ARTICLE.sub("", text)
    sounds = _sounds(_FINAL_V.sub("", text) if "v" in text or "w" in text else text)
    key = _skeleton(_CODA_V.sub("", sounds) if "v" in sounds else sounds)
    if len(key) == 1:  # Kyiv, Kiev: too little is left without the final v
        key = _skeleton(_sounds(text))
    return key if len(key) > 1 and key.isupper() else ""


# --- Likeness -----------------------------------------------------------------------------------

# Vowels in a circle i e a o u: neighbours are alike, others are not. Each of two cuts through the
# circle joins other neighbours, so that neighbours are equal in one of them and i and a in neither.
# So do the cuts for consonants: k and g, z and s, sh and ch, d and dz, t and ts are equal in one of them.
_FIRST_CUT = _merge("ieE aoO gGhHk sSTzZDQ cC tT dD", "j")
_SECOND_CUT = _merge("iE ea uoO gGhH sSTC zZD tTc dDQ", "j")
_NO_VOWELS = _merge("", _VOWELS + "j")
_BALTIC_S = re.compile("(?<=[aeiou])s$")
_NOT_DIGITS = re.compile("[^0-9]+")

# What one edit costs on each view of a name; together 1, the cost of another consonant. A cheap
# vowel (o, a) comes to 0.135, g for h to 0.23, k for g to 0.305, another vowel (i, a) to 0.83.
_COST_LETTER, _COST_SOUND, _COST_CUTS, _COST_BOTH_CUTS, _COST_CONSONANT = 0.02, 0.04, 0.15, 0.62, 0.17
# Short names have many neighbours, so an edit weighs more in them than its share of the letters.
_LENGTH_OFFSET = 2.5

_Views = tuple[str, str, str, str, str, str]


@lru_cache(maxsize=32_768)
def _views(fold: str) -> _Views:
    sounds = _DOUBLED.sub(r"\1", _sounds(fold))
    ending_free = _BALTIC_S.sub("", sounds)
    return (
        fold.replace(" ", ""),
        sounds,
        ending_free.translate(_FIRST_CUT),
        ending_free.translate(_SECOND_CUT),
        ending_free.translate(_NO_VOWELS),
        _NOT_DIGITS.sub(" ", fold).strip(),
    )


def likeness(first: str, second: str) -> float:
    """Tell how far two folds may be spellings of one name, from 0 (not at all) to 1 (the same).

    Differences between romanisations cost little, a change of another consonant or a far vowel
    costs fully; an edit weighs more in a short name. Names with different numbers in them are
    never alike. Compare with `SPELLING` and `FUZZY_CUT`.

    Notes
    -----
    Weighted sum of Levenshtein distances (rapidfuzz) over five views of the names: letters, sounds,
    sounds with alike ones merged in two ways, consonants. Weights were searched on pairs of main and
    alternative names in GeoNames with even ids, thresholds checked on odd ids.
    """
    if first == second:
        return 1.0
    mine, other = _views(first), _views(second)
    length = max(len(mine[1]), len(other[1]))
    one, two = Levenshtein.distance(mine[2], other[2]), Levenshtein.distance(mine[3], other[3])
    cost = (
        _COST_LETTER * Levenshtein.distance(mine[0], other[0])
        + _COST_SOUND * Levenshtein.distance(mine[1], other[1])
        + _COST_CUTS * (one + two) / 2
        + _COST_BOTH_CUTS * min(one, two)
        + _COST_CONSONANT * Levenshtein.distance(mine[4], other[4])
    )
    alike = max(0.0, 1 - cost / max(length - _LENGTH_OFFSET, 1))
    return alike if mine[5] == other[5] else alike / 2


# --- Exact spellings ----------------------------------------------------------------------------

_MOST_SPELLINGS: Final = 6
_ABBREVIATIONS = {"st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort"}
_EXPANSIONS = {long: short for short, long in _ABBREVIATIONS.items()}
_LONGEST_JOINED = 3


def _article_for(word: str) -> str:
    """The article as it sounds before a word: `ar` before `raqqah`, `al` before `bab`."""
    return "a" + next((sound for sound in _SUN_SOUNDS if word.startswith(sound)), "l")


def spellings(fold: str) -> tuple[str, ...]:
    """List at most six other folds of the same name, surest first, to be looked up exactly.

    Arabic articles with and without assimilation, dropped or added at the beginning; the Persian
    ezafe; words joined; `st` and `saint`, `mt` and `mount`. A form that is more likely another place
    is left out: an article is neither dropped from nor added to a short name.
    """
    words = fold.split()
    if not words:
        return ()
    found: list[str] = []
    articles = [
        place
        for place, word in enumerate(words[:-1])
        if len(word) <= _LONGEST_ARTICLE and _is_article(word, words[place + 1])
    ]
    if articles:
        plain, sounded = words.copy(), words.copy()
        for place in articles:
            plain[place], sounded[place] = "al", _article_for(words[place + 1])
        found += [" ".join(sounded), " ".join(plain)]
        if articles[0] == 0 and len("".join(words[1:])) >= _SHORTEST:
            found += [" ".join(sounded[1:]), " ".join(plain[1:])]
    table = _ABBREVIATIONS | _EXPANSIONS
    if len(words) > 1 and words[0] in table:
        found.append(" ".join([table[words[0]], *words[1:]]))
    for place, word in enumerate(words[1:-1], start=1):
        if word in _EZAFE:
            before, after = words[:place], words[place + 1 :]
            found += [" ".join([*before, vowel, *after]) for vowel in ("e", "i")]
            found += [" ".join([*before[:-1], before[-1] + vowel, *after]) for vowel in ("e", "i")]
            break
    if 1 < len(words) <= _LONGEST_JOINED:
        found.append("".join(words))
    if len(words) == 1 and fold.isalpha():
        if fold.startswith("al") and len(fold) >= 2 + _SHORTEST and fold[2] not in "aeiouy":
            found += [f"{_article_for(fold[2:])} {fold[2:]}", f"al {fold[2:]}"]
        elif len(fold) > _SHORTEST and fold[0] not in "aeiouy":
            found += [f"{_article_for(fold)} {fold}", f"al {fold}"]
    return tuple(form for form in dict.fromkeys(found) if form != fold)[:_MOST_SPELLINGS]


# --- Mixed scripts ------------------------------------------------------------------------------

_SCRIPTS = ("Latin", "Cyrillic", "Greek")
# Letters that look alike, in the order of _SCRIPTS; a dot where a script has none. Ukrainian і and
# Belarusian ў are letters of their own script: a word is mixed only if another script stands beside.
_LOOK_ALIKES = (
    "AАΑ", "BВΒ", "EЕΕ", "Z.Ζ", "HНΗ", "IІΙ", "KКΚ", "MМΜ", "N.Ν", "OОΟ", "PРΡ", "CС.", "TТΤ", "YУΥ", "XХΧ",
    "SЅ.", "JЈ.", "QԚ.", "WԜ.", "ËЁ.", "ÏЇΪ", ".ГΓ", ".ПΠ", ".ФΦ", "aаα", "eе.", "oоο", "pрρ", "cс.", "yу.",
    "xхχ", "iіι", "jј.", "sѕ.", "kкκ", "dԁ.", "hһ.", "lӏ.", "qԛ.", "wԝ.", "v.ν", "u.υ", "ëё.", "ïїϊ",
)  # fmt: skip
_TO_SCRIPT: Final = tuple(
    {letter: row[script] for row in _LOOK_ALIKES for letter in row if row[script] != "." != letter}
    for script in range(len(_SCRIPTS))
)
_WORD = re.compile("(?:[^\\W\\d_]|[\u0300-\u036f])+")
_BLOCKS = (
    re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]"),
    re.compile("[\u0400-\u052f\u1c80-\u1c8f\ua640-\ua69f]"),
    re.compile("[\u0370-\u03ff\u1f00-\u1fff]"),
)


def _script_counts(text: str) -> tuple[int, ...]:
    return tuple(len(block.findall(text)) for block in _BLOCKS)


def _is_mixed(word: str) -> bool:
    return sum(count > 0 for count in _script_counts(word)) > 1


def has_mixed_scripts(text: str) -> bool:
    """Tell whether a single word mixes Latin, Cyrillic or Greek letters, as `Kиeв` with Latin K and e.

    Words of different scripts side by side (`Гродна / Hrodna`) are not mixed.
    """
    return not text.isascii() and any(_is_mixed(word) for word in _WORD.findall(text))


def unmixed(text: str) -> str | None:
    """Turn look-alike letters of mixed words to the script of the word; None if nothing is to do.

    A word takes the script of most of its letters, of most letters in the text where they are equal,
    if every other letter has a look-alike there; else the next script that can hold it. A word that
    no single script can hold stays as it is.
    """
    if not has_mixed_scripts(text):
        return None
    whole = _script_counts(text)

    def in_one_script(match: re.Match[str]) -> str:
        word = match[0]
        counts = _script_counts(word)
        if sum(count > 0 for count in counts) < 2:
            return word
        for script in sorted(range(len(_SCRIPTS)), key=lambda script: (-counts[script], -whole[script])):
            if counts[script] == 0:
                break
            turned = "".join(_TO_SCRIPT[script].get(letter, letter) for letter in word)
            if not _is_mixed(turned):
                return turned
        return word

    turned = _WORD.sub(in_one_script, text)
    return turned if turned != text else None
