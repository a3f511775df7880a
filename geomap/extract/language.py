"""Which language a text is in: by script, by letters peculiar to a language, by function words, in this order.

A trained identifier (py3langid; Lui and Baldwin, "langid.py", ACL 2012) is asked only where these leave it open:
it takes most of a second to load, and a headline of some words is too short for it.
"""

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from geomap.extract.wordlists import word_set

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_SAMPLE: Final = 2_000
"""Code points at the start that are looked at."""
_ENOUGH: Final = 100
"""Code points that show whether there are letters at all."""
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’ʼ][^\W\d_]+)*")
_CYRILLIC: Final = re.compile("[\u0400-\u052f]")
_LATIN: Final = re.compile("[A-Za-z\u00c0-\u024f]")
_OTHER_CYRILLIC: Final = re.compile("[ђјљњћџѓќѕәғқңөұүһӣӯҳҷҝҡҥԥѣѳѵ]")
"""Letters of Serbian, Macedonian, Kazakh, Kyrgyz, Tatar, Tajik and older spelling."""
_POLISH: Final = re.compile("[ąęłśźżćńó]")
_NOT_POLISH: Final = re.compile("[ėįšžūčųřěůýáíďťňľāēīģķļņõäöüßåøæâêîôûàèùçñđ]")

_ENGLISH_WORDS: Final = word_set("""
    the of and to in is was for that with on as at by from are were be been has have had it its he she his her they
    their them this which who will would not but or an said says after over into about than more also when new us
    amid against near between during before could should can may all no out up
    """)
_POLISH_WORDS: Final = word_set("""
    w we z ze na do nie się jest że i o od po dla przez oraz są był była było były jak ale czy za pod przy przed nad
    między który która które którzy tym tego jego jej ich tej ten ta to co już tylko także również przeciw podczas
    według wobec bez gdzie kiedy będzie może
    """)
_RUSSIAN_WORDS: Final = word_set("""
    и не что как это был была было были его её ее их из или по при после под для над об от до они он она также который
    которая которые если чтобы между около во со ко все всё уже только что с сообщил сообщили сообщает около через
    """)
_UKRAINIAN_WORDS: Final = word_set("""
    та й що як це був була було були його її їх із зі або після під для над про від до вони він вона також який яка які
    якщо щоб між біля всі вже лише з за через у бо й не але повідомив повідомили повідомляє
    """)
_OFTEN: Final = 0.08
"""Share of a text's words: English and Polish have twice as many of their function words even in headlines."""
_SURE: Final = 0.6
"""Probability from which the identifier's word is taken against the expectation."""
_SLAVIC: Final = ("ru", "uk", "be")


def detect_language(text: str) -> str:
    """ISO 639-1 of the language that most of the start of a text is in; empty where it cannot be told."""
    sample = text[:_SAMPLE]
    lower = sample.lower()
    cyrillic = len(_CYRILLIC.findall(lower)) if _CYRILLIC.search(lower) else 0
    latin = len(_LATIN.findall(lower, 0, _ENOUGH if not cyrillic else len(lower)))
    if cyrillic > latin:
        return _among_cyrillic(lower, cyrillic) or _ask(sample, _SLAVIC)
    if latin > 1:
        return _among_latin(lower) or _ask(sample, ("en", "pl"))
    return _ask(sample, ()) if any(letter.isalpha() for letter in sample) else ""


def _among_cyrillic(sample: str, letters: int) -> str:
    """By letters: Russian has no і, Belarusian no и and no щ, Ukrainian no ы, э, ё and ъ."""
    if len(_OTHER_CYRILLIC.findall(sample)) > letters * 0.005:
        return ""
    ukrainian = sample.count("ї") + sample.count("є") + sample.count("ґ")
    belarusian = sample.count("ў")
    if ukrainian or belarusian:
        return "uk" if ukrainian > belarusian else "be"
    not_ukrainian = sample.count("ы") + sample.count("э") + sample.count("ё")
    not_belarusian = sample.count("и") + sample.count("щ")
    not_russian = sample.count("і")
    if not_ukrainian:
        return "ru" if not_belarusian >= not_russian else "be"
    if not_russian and not_belarusian:
        return "uk"
    if sample.count("ъ") > letters * 0.005:
        return ""  # Bulgarian is full of ъ, Russian writes it once in some thousand letters
    if not_russian:
        return ""
    return _by_words(sample)


def _by_words(sample: str) -> str:
    """Russian or Ukrainian by their small words, where no letter tells."""
    words = _WORD.findall(sample)
    russian = sum(word in _RUSSIAN_WORDS for word in words)
    ukrainian = sum(word in _UKRAINIAN_WORDS for word in words)
    if russian == ukrainian:
        return ""
    return "ru" if russian > ukrainian else "uk"


def _among_latin(sample: str) -> str:
    words = _WORD.findall(sample)
    english = sum(map(_ENGLISH_WORDS.__contains__, words))
    # Polish letters stand in one Polish word of three; in English text only in names.
    marked = sum(_POLISH.search(word) is not None for word in words) if _POLISH.search(sample) else 0
    polish = sum(map(_POLISH_WORDS.__contains__, words))
    least = max(2, _OFTEN * len(words))
    if english >= least and english > polish + marked:
        return "en"
    if len(_NOT_POLISH.findall(sample)) > 0.01 * len(sample):
        return ""
    if polish and polish + marked >= least and polish + marked > english:
        return "pl"
    return ""


def _ask(sample: str, expected: tuple[str, ...]) -> str:
    """The identifier's answer if it is sure, else the likeliest of those expected; one word is too little."""
    if len(_WORD.findall(sample)) < 2:
        return ""
    ranked = _identifier().rank(sample.encode("utf-8", "replace"))
    language, probability = ranked[0]
    if probability >= _SURE:
        return str(language) if len(language) == 2 else ""
    return next((str(language) for language, _ in ranked if language in expected), "")


@cache
def _identifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
