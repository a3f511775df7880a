"""Whose words an article carries: the credits at its head and foot, and the agencies and outlets that it cites."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

# News agencies that others print, by the name an origin gets here, with their spellings. Own list, CC0. Left out
# are those whose short name is another word too (AA, TT, STR, MENA).
_AGENCIES: Final[Mapping[str, tuple[str, ...]]] = {
    "AP": ("Associated Press", "AP"),
    "AFP": ("Agence France-Presse", "AFP"),
    "Reuters": ("REUTERS", "Reuters", "Рейтер", "Reutersa"),
    "UPI": ("United Press International", "UPI"),
    "dpa": ("Deutsche Presse-Agentur", "dpa", "DPA"),
    "EFE": ("EFE",),
    "ANSA": ("ANSA",),
    "PA Media": ("Press Association", "PA Media"),
    "Canadian Press": ("Canadian Press",),
    "AAP": ("Australian Associated Press", "AAP"),
    "PAP": ("Polska Agencja Prasowa", "Polish Press Agency", "PAP"),
    "ČTK": ("ČTK", "CTK"),
    "TASR": ("TASR",),
    "MTI": ("MTI",),
    "Agerpres": ("Agerpres", "AGERPRES"),
    "BNS": ("Baltic News Service", "BNS"),
    "LETA": ("LETA",),
    "ELTA": ("ELTA",),
    "NTB": ("NTB",),
    "TASS": ("ITAR-TASS", "ИТАР-ТАСС", "TASS", "Tass", "ТАСС"),
    "RIA Novosti": ("RIA Novosti", "РИА Новости", "RIA"),
    "Sputnik": ("Sputnik", "Спутник"),
    "Interfax-Ukraine": ("Interfax-Ukraine", "Интерфакс-Украина", "Інтерфакс-Україна"),
    "Interfax": ("Interfax", "INTERFAX", "Интерфакс", "Інтерфакс"),
    "BelTA": ("BelTA", "BELTA", "Belta", "БелТА", "БЕЛТА"),
    "Ukrinform": ("Ukrinform", "Укринформ", "Укрінформ"),
    "UNIAN": ("UNIAN", "УНИАН", "УНІАН"),
    "Anadolu": ("Anadolu Agency", "Anadolu"),
    "IRNA": ("IRNA",),
    "SANA": ("SANA",),
    "Xinhua": ("Xinhua",),
    "Kyodo": ("Kyodo News", "Kyodo"),
    "Yonhap": ("Yonhap",),
    "KCNA": ("KCNA", "Korean Central News Agency"),
    "PTI": ("Press Trust of India", "PTI"),
}
_CANONICAL: Final = {spelling: name for name, spellings in _AGENCIES.items() for spelling in spellings}
_FOLDED: Final = {spelling.lower(): name for spelling, name in _CANONICAL.items()}
_AGENCY: Final = (
    r"(?<![\w-])(?:" + "|".join(sorted(map(re.escape, _CANONICAL), key=len, reverse=True)) + r")(?![\w-])"
)

_HEAD, _FOOT, _LONGEST = 8, 8, 160
"""Lines at the head and foot of a text in which credits stand, and their greatest length."""
_REACH: Final = 4_000
_LABEL: Final = (
    r"(?:sources?|from|by|via|author|text|copyright|©|\(c\)|источники?|джерел[оа]|крыніц[аы]|źródł[oa]|"
    r"авторы?|аўтар|за матеріалами|по материалам)"
)
# KYIV, Aug 12 (Reuters) - ; МИНСК, 12 ноября. /БелТА/. ; KYIV - Reuters - ; and more than a caption after it.
_DATELINE: Final = re.compile(
    rf"[^()\[\]/]{{0,70}}(?:[(\[/](?P<a>{_AGENCY})[)\]/]\s*[-–—.:]+|[-–—]\s*(?P<b>{_AGENCY})\s*[-–—.:]+)\s+\S.{{40}}"
)
_LABELLED: Final = re.compile(
    rf"\W*(?i:{_LABEL})\s*:?\s*(?:(?i:the)\s+)?(?P<a>{_AGENCY})(?i:\s+(?:news )?agency)?\W*"
)
_ALONE: Final = re.compile(rf"\W*(?:(?i:the)\s+)?(?P<a>{_AGENCY})\W*")
_SIGNED: Final = re.compile(rf".*[.!?”\"»]\s*(?:[-–—]\s*|[(\[])(?P<a>{_AGENCY})[)\]]?\W*")
_BYLINE: Final = re.compile(
    rf"\W*(?i:by)\s+[^,|/–—]{{2,80}}[,|/–—]\s*(?:(?i:for|the)\s+){{0,2}}(?P<a>{_AGENCY})\W*"
)
_REPUBLISHED: Final = re.compile(
    rf"(?i:published|appeared|distributed|provided) (?i:on|by|in) (?:(?i:the)\s+)?(?P<a>{_AGENCY})"
)
_HELPED: Final = re.compile(
    r"\W*(?:with\b|additional\b|\(?from\b|sources?\b|compiled\b|includes?\b|.{0,60}\bcontributed\b)",
    re.IGNORECASE,
)
_UNNAMED: Final = re.compile(
    r"\W*(?:(?:sources?|from|with|by|credit|additional|compiled|text)\b.{0,60}\b)?"
    r"(?:wires|wire (?:services?|reports?|copy)|agencies|(?:news )?agency(?: (?:copy|reports?|material))?)"
    r"\b(?P<rest>.{0,40})",
    re.IGNORECASE,
)
_MOST_WORDS: Final = 12

_TOKEN: Final = re.compile(r"\w[\w.&’'-]*")
_LONGEST_NAME: Final = 5
_SAYING: Final = frozenset(
    [
        *("said", "says", "reported", "reports", "writes", "wrote", "quoted", "quotes", "cited", "cites"),
        *("сообщает", "сообщил", "сообщила", "сообщило", "передает", "передаёт", "передало", "пишет"),
        *("повідомляє", "повідомила", "повідомило", "пише", "паведамляе", "піша"),
        *("podaje", "podała", "podał", "pisze", "poinformowała", "poinformował", "informuje"),
    ]
)
_SAID_BY: Final = re.compile(
    r"\b(?:according to|told|citing|quoting|(?:cited|quoted|reported|seen|obtained) by|reports? by|"
    r"сообщает|сообщил\w?|передает|передаёт|пишет|по данным|со ссылкой на|"
    r"повідомляє|повідомил\w|пише|за даними|з посиланням на|паведамляе|паводле|podaje|podała|według)"
    r"(?: \w+){0,2}\Z"
)


@dataclass(frozen=True, slots=True)
class Credits:
    """What an article says of where its text is from.

    `origin` is the agency whose text it is, `helpers` are those that it says it has material from; `is_unnamed` says
    that it names wires or agencies without saying which. `words` is the line that says so.
    """

    origin: str = ""
    helpers: tuple[str, ...] = ()
    is_unnamed: bool = False
    words: str = ""

    @property
    def is_any(self) -> bool:
        return bool(self.origin or self.helpers or self.is_unnamed)


def agency_name(publisher: str) -> str:
    """The name under which an agency is an origin, empty if the publisher is no agency."""
    name = publisher.strip().lower().removeprefix("the ").removesuffix(" news agency")
    return _FOLDED.get(name, "")


def read_credits(text: str) -> Credits:
    """Read the credits of an article's text; those of its pictures are none of the text."""
    head = [line for line in map(str.strip, text[:_REACH].splitlines()) if line][:_HEAD]
    foot = [line for line in map(str.strip, text[-_REACH:].splitlines()) if line][-_FOOT:]
    helpers: list[str] = []
    said = ""
    is_unnamed = False
    for line in head:
        if match := _DATELINE.match(line):
            return Credits(origin=_CANONICAL[match["a"] or match["b"]], words=_short(line))
    signs = [line for line in (*head[1:], *foot) if len(line) <= _LONGEST]
    for line in signs:
        for pattern in (_LABELLED, _BYLINE):
            if match := pattern.fullmatch(line):
                return Credits(origin=_CANONICAL[match["a"]], words=line)
        if match := _REPUBLISHED.search(line):
            return Credits(origin=_CANONICAL[match["a"]], words=line)
    for line in foot[-3:]:
        if match := _ALONE.fullmatch(line[-_LONGEST:]) if len(line) <= _LONGEST else None:
            return Credits(origin=_CANONICAL[match["a"]], words=line)
    if foot and (match := _SIGNED.fullmatch(foot[-1][-_LONGEST:])):
        return Credits(origin=_CANONICAL[match["a"]], words=_short(match["a"]))
    for line in signs:
        if len(line.split()) > _MOST_WORDS:
            continue
        named = [_CANONICAL[name] for name in re.findall(_AGENCY, line)]
        if named and _HELPED.match(line):
            helpers += named
            said = said or line
        elif not named and (match := _UNNAMED.match(line)) and not re.search("[.!?]\\s", match["rest"]):
            is_unnamed = True
            said = said or line
    return Credits(helpers=tuple(dict.fromkeys(helpers)), is_unnamed=is_unnamed, words=said)


def _short(line: str) -> str:
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


class CitationReader:
    """Finds which agency, or which publisher of the other documents, a sentence cites."""

    def __init__(self, publishers: Iterable[str]) -> None:
        self._names = dict(_CANONICAL)
        for publisher in publishers:
            # A short or common word is no sign of an outlet.
            if len(publisher) >= 4 and publisher[0].isupper() and publisher not in ("not stated", "unknown"):
                self._names.setdefault(publisher, agency_name(publisher) or publisher)
        self._first = {name.split()[0] for name in self._names}

    def cited(self, sentence: str) -> str:
        """The outlet by whose account a sentence tells what it tells; empty if none is named so."""
        tokens = _tokens(sentence)
        for at, size, name in self._find(tokens):
            before = " ".join(tokens[max(0, at - 5) : at]).lower()
            after = (token.lower() for token in tokens[at + size : at + size + 3])
            if _SAID_BY.search(before) or not _SAYING.isdisjoint(after):
                return name
        return ""

    def names_in(self, text: str) -> set[str]:
        """The outlets that a text names."""
        return {name for _, _, name in self._find(_tokens(text))}

    def _find(self, tokens: Sequence[str]) -> Iterator[tuple[int, int, str]]:
        """Names of outlets, the longest at each place: the number of the first token, how many, and the name."""
        bare = [token.removesuffix("'s").removesuffix("’s") for token in tokens]
        for at, token in enumerate(bare):
            if token not in self._first:
                continue
            for size in range(min(_LONGEST_NAME, len(bare) - at), 0, -1):
                if name := self._names.get(" ".join(bare[at : at + size])):
                    yield at, size, name
                    break


def _tokens(text: str) -> list[str]:
    return [token.rstrip(".’'-") for token in _TOKEN.findall(text)]
