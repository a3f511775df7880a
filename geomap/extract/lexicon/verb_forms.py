"""The forms of English verbs."""

import re
from collections.abc import Collection, Mapping
from enum import Flag, auto
from typing import Final

_DOUBLES: Final = re.compile(r"[^aeiou]*[aeiou][bdgmnprt]")


class Form(Flag):
    """What a word is as a form of its verb; several at once where they are spelt alike."""

    BASE = auto()
    THIRD = auto()
    GERUND = auto()
    PAST = auto()
    PARTICIPLE = auto()
    NOUN = auto()
    """No verb at all."""


def verb_forms(verb: str, irregular: Mapping[str, str], doubled: Collection[str]) -> dict[str, Form]:
    """Every form of a verb by its spelling.

    Parameters
    ----------
    irregular
        Past and participle, parted by a blank, of verbs that do not take `-ed`; one word where both are alike.
    doubled
        Verbs that double their last letter before `-ed` and `-ing`.
    """
    last = verb[-1:]
    stem = verb + last if verb in doubled or (len(verb) <= 4 and _DOUBLES.fullmatch(verb)) else verb
    if verb.endswith(("s", "sh", "ch", "x", "z", "o")):
        third = verb + "es"
    elif last == "y" and verb[-2:-1] not in "aeiou":
        third = verb[:-1] + "ies"
    else:
        third = verb + "s"
    if verb.endswith("ie"):
        gerund = verb[:-2] + "ying"
    elif last == "e" and not verb.endswith(("ee", "oe", "ye")) and len(verb) > 2:
        gerund = verb[:-1] + "ing"
    else:
        gerund = stem + "ing"
    if verb in irregular:
        past, _, participle = irregular[verb].partition(" ")
    elif last == "e":
        past, participle = verb + "d", ""
    elif last == "y" and verb[-2:-1] not in "aeiou":
        past, participle = verb[:-1] + "ied", ""
    else:
        past, participle = stem + "ed", ""
    forms: dict[str, Form] = {}
    for word, form in (
        (verb, Form.BASE),
        (third, Form.THIRD),
        (gerund, Form.GERUND),
        (past, Form.PAST),
        (participle or past, Form.PARTICIPLE),
    ):
        forms[word] = forms.get(word, form) | form
    return forms
