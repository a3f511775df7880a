"""A description of a place, as people write it, taken apart into the names in it and how they stand together.

`25 km southeast of Boumerdes town, Algeria` is an offset from a settlement inside a country. Nothing is looked
up here: what the parts mean is for the resolver to say.

A description is read once, from left to right. Words are gathered into a draft until a comma, a bracket or a
small word ends it; the small words are those of `phrases`. A draft that holds a name becomes a part, one that
holds none (`in the northern countryside of`) hands on to the next what it says.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from geomap.gazetteer.fold import fold_name
from geomap.gazetteer.kinds import PlaceClass
from geomap.gazetteer.phrases import (
    AMID_NAMES,
    AND_BETWEEN,
    ARTICLES,
    ARTICLES_OF_NAMES,
    CLOSING_KINDS,
    DEGREES,
    FILLERS,
    FORMAL,
    FROM_CYRILLIC,
    FROM_LATIN,
    GENITIVE_ENDINGS,
    GENITIVE_KINDS,
    GENITIVES,
    KINDS,
    KINDS_BEFORE_ADJECTIVES,
    LABELS,
    LEADING_KINDS,
    NO_NAMES,
    NUMBERS,
    ONLY_SMALL,
    OWNERS_IN_NAMES,
    PHRASES_CYRILLIC,
    PHRASES_LATIN,
    PLURALS,
    QUARTERS,
    ROADS,
    SIDES,
    SURROUNDINGS,
    UNITS,
    WIND_LETTERS,
    WINDS,
    WINDS_ALONE,
    Role,
    is_cyrillic,
)

_LONGEST: Final = 400
"""Letters of a description that are read; the rest tells of something else."""
_FARTHEST_KM: Final = 5_000.0
"""A distance beyond this is none."""
_LONGEST_ABBREVIATION: Final = 4
"""Letters before a full stop that may shorten a word (`Mt.`, `Brgy.`); after a longer word it ends a sentence."""

_MARK: Final = "\u0300-\u036f"  # combining accents, where letters are written decomposed
_TOKEN: Final = re.compile(
    rf"\d+(?:[.,]\d+)*|[^\W\d_](?:[\w{_MARK}.'’ʼʻ`´‘ʾʿ\-–]*[\w{_MARK}])?|\S",
)
_BREAKS: Final = frozenset(",;/>|•")
_DASHES: Final = frozenset("-–—")
_THOUSANDS: Final = re.compile(r"\d{1,3}(,\d{3})+")
_SHORTEST_ROAD_END: Final = 3

_BESIDE_NAMES: Final = frozenset(KINDS) | FILLERS | QUARTERS | SURROUNDINGS | ROADS | FORMAL
_DIRECTIONS: Final = WINDS | SIDES
_BEFORE_NAME: Final = frozenset(_DIRECTIONS) | DEGREES
_NATURAL: Final = frozenset({PlaceClass.WATERS, PlaceClass.TERRAIN})
_DIVISIONS: Final = frozenset({PlaceClass.REGION, PlaceClass.DISTRICT})
_NATURAL_OR_BUILT: Final = _NATURAL | {PlaceClass.SITE, PlaceClass.AIRFIELD}


class Link(StrEnum):
    """How a named part stands to the place that is meant."""

    HEAD = "head"  # it is the place
    IN = "in"  # the place lies in it
    NEAR = "near"  # the place is near it
    OFFSET = "offset"  # the place lies in a direction, or some way off, from it
    BETWEEN = "between"  # the place lies between it and the next part so marked
    TOWARD = "toward"  # the place lies on the way to it
    OVER = "over"  # the place is in the air above it
    ALSO = "also"  # after a comma or `and`: wider, or another place of a list
    ASIDE = "aside"  # in parentheses


_LINK_OF: Final = {
    Role.NEAR: Link.NEAR,
    Role.IN: Link.IN,
    Role.TOWARD: Link.TOWARD,
    Role.BETWEEN: Link.BETWEEN,
    Role.FROM: Link.BETWEEN,
    Role.OVER: Link.OVER,
}
_JOINT_OF: Final = {Role.FROM: "from", Role.TOWARD: "to"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One named part of a description.

    `names` are the ways to look it up, the most literal first: with its kind word, then without. Those from
    `stripped_from` on lack a word that has a capital and may be of the name (`South Sudan`, `Upper Nile`): they
    count only where none before is known. `kinds` are the classes that its kind words say. `wind` is a bearing in
    degrees: of an offset, or, where `is_side`, of the side that is meant of the area under a name from
    `stripped_from` on.
    """

    names: tuple[str, ...]
    stripped_from: int = 0
    kinds: frozenset[PlaceClass] = frozenset()
    link: Link = Link.HEAD
    wind: float | None = None
    is_side: bool = False
    distance_km: float | None = None
    is_quarter: bool = False
    is_road: bool = False
    is_wide: bool = False
    """Its surroundings are meant: `countryside of`, `outskirts`."""


def read_description(text: str) -> tuple[Part, ...]:
    """Take a description apart; empty where it names nothing.

    Parameters
    ----------
    text
        As written, in Latin or Cyrillic script; read up to 400 letters.
    """
    reads = _Reader(text[:_LONGEST]).read()
    return tuple(_without_lone_ends(_with_kinds_of_lists(_with_road_ends(reads))))


# Words


@dataclass(slots=True)
class _Token:
    """A word, number or mark of the text, and what it is by itself."""

    text: str
    fold: str
    start: int
    end: int
    is_capital: bool  # where capitals tell; else any word is
    is_word: bool = True


def _tokens(text: str) -> list[_Token]:
    # A text wholly in one case, or in a script without, says nothing by its capitals.
    tells_case = text != text.upper() and text != text.lower()
    found = []
    for match in _TOKEN.finditer(text):
        written = match.group()
        fold = written.lower() if written.isascii() and written.isalpha() else fold_name(written)
        is_capital = not tells_case or written != written.lower() or written.lower() == written.upper()
        found.append(_Token(written, fold, match.start(), match.end(), is_capital, bool(fold)))
    return found


# Reading


@dataclass(slots=True)
class _Draft:
    """A part while it is being read: the tokens of its name, and what the words beside them say."""

    link: Link = Link.HEAD
    joint: str = ""  # what parted it from the part before
    first: int = 0
    last: int = 0  # past the last token of the name
    has_name: bool = False  # among its tokens is one that is no kind word or the like
    owner: int | None = None  # the `gulf` of `gulf of X`, which may be of the name
    lead: str = ""  # the `towns` of `towns of X`
    kinds: set[PlaceClass] = field(default_factory=set)
    wind: float | None = None
    is_side: bool = False
    distance_km: float | None = None
    is_quarter: bool = False
    is_wide: bool = False
    is_container: bool = False  # what follows lies in it

    @property
    def is_empty(self) -> bool:
        return self.first == self.last


@dataclass(slots=True)
class _Read:
    """A part that was read, what parted it from the one before, and the kind word that led a list."""

    part: Part
    joint: str
    lead: str


class _Reader:
    """Reads one description; each step takes the tokens that it knows and gives the number of the next."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = _tokens(text)
        self._draft = _Draft()
        self._outside: int | None = None  # the number of the part before an open bracket
        self._reads: list[_Read] = []

    def read(self) -> list[_Read]:
        at = 0
        while at < len(self._tokens):
            at = (
                self._mark(at)
                or self._distance(at)
                or self._small_words(at)
                or self._direction(at)
                or self._word(at)
            )
        self._close(Link.HEAD, "end")
        return self._reads

    def _fold(self, at: int) -> str:
        return self._tokens[at].fold if 0 <= at < len(self._tokens) else ""

    def _written(self, at: int) -> str:
        return self._tokens[at].text if 0 <= at < len(self._tokens) else ""

    def _words(self, first: int, last: int) -> list[_Token]:
        return [token for token in self._tokens[first:last] if token.is_word]

    def _is_name(self, at: int) -> bool:
        """Whether a word of a name may stand here."""
        return at < len(self._tokens) and self._tokens[at].is_capital

    def _ends_relation(self, at: int) -> bool:
        """Whether this is the `of` of `north of`, the `from` of `5 km from`."""
        word = self._written(at)
        return bool(word) and self._fold(at) in (FROM_CYRILLIC if is_cyrillic(word) else FROM_LATIN)

    # Marks

    def _mark(self, at: int) -> int:
        """Commas, brackets, colons, full stops and dashes; others (quotes, the apostrophe of `O'`) say nothing."""
        token = self._tokens[at]
        if token.is_word:
            return 0
        mark = token.text
        if mark in "([":
            self._open_bracket()
        elif mark in ")]":
            self._close_bracket()
        elif mark == ":":
            self._label()
        elif mark == "&":
            self._join()
        elif mark in _BREAKS or (mark == "." and self._ends_sentence(at)):
            self._close(Link.ALSO, mark)
        elif mark in _DASHES and (mark == "—" or self._is_loose(token)):
            self._close(Link.ALSO, "-")
        return at + 1

    def _is_loose(self, token: _Token) -> bool:
        """Whether blanks stand on both sides: `Minsk - Brest`, not `al- Bab`."""
        return (
            self._text[token.start - 1 : token.start].isspace()
            and self._text[token.end : token.end + 1].isspace()
        )

    def _ends_sentence(self, at: int) -> bool:
        before = self._written(at - 1)
        return len(before) > _LONGEST_ABBREVIATION and "." not in before

    def _open_bracket(self) -> None:
        """A bracket after a name opens an aside; amid a relation (`of [the eastern] Ghazni`) it says nothing."""
        if self._has_name():
            self._close(Link.ASIDE, "(")
            self._outside = len(self._reads) - 1
        else:
            self._hand_on()

    def _close_bracket(self) -> None:
        if self._outside is None:
            if not self._draft.is_empty:
                self._close(Link.ALSO, ")")
            return
        inside = self._outside + 1
        if self._draft.is_empty and self._draft.link is Link.IN and inside < len(self._reads):
            # `Nawa District (Wak area of)`: the first holds the second.
            outer, inner = self._reads[self._outside], self._reads[inside]
            inner.part = replace(inner.part, link=outer.part.link)
            outer.part = replace(outer.part, link=Link.IN)
        self._close(Link.ALSO, ")")
        self._outside = None

    def _label(self) -> None:
        """`Damascus: Zamalka`, `DEPARTMENT: CAUCA MUNICIPALITY: ARGELIA`."""
        draft = self._draft
        last = self._fold(draft.last - 1) if not draft.is_empty else ""
        if last in KINDS or last in LABELS:
            is_label_only = draft.last - draft.first == 1 or not draft.has_name
            draft.last = draft.first if is_label_only else draft.last - 1
            self._close(Link.HEAD if is_label_only else Link.ALSO, ":")
            if last in KINDS:
                self._draft.kinds.add(KINDS[last])
            return
        if draft.link is Link.HEAD:
            draft.link, draft.is_container = Link.IN, True
        self._close(Link.HEAD, ":")

    # Distances

    def _distance(self, at: int) -> int:
        """`25 km from`, `10-15 km`, `20-kilometre`, `five miles`; other numbers belong to names."""
        number, end = self._number(at), at + 1
        if number is None:
            return 0
        is_dash = self._written(end) in _DASHES
        upper = self._number(end + 1) if is_dash or self._fold(end) in ("to", "do") else None
        if upper is not None:
            number, end = (number + upper) / 2, end + 2
        elif is_dash:
            end += 1
        km = self._unit_km(end)
        if km is None or number * km > _FARTHEST_KM:
            return 0
        end += 1
        end += self._fold(end) == "away"
        end += self._ends_relation(end)
        if self._draft.distance_km is None:  # else it says the same in another unit
            self._relate(Link.OFFSET)
            self._draft.distance_km = number * km
        return end

    def _number(self, at: int) -> float | None:
        text = self._written(at)
        if not text[:1].isdecimal():
            return NUMBERS.get(self._fold(at))
        if _THOUSANDS.fullmatch(text):
            text = text.replace(",", "")
        return float(text.replace(",", ".")) if text.count(",") + text.count(".") <= 1 else None

    def _unit_km(self, at: int) -> float | None:
        """The kilometres of a unit; `Mile` with a capital is of a name (`Seven Mile Beach`)."""
        word = self._written(at)
        is_of_name = word[:1].isupper() and (len(word) == 1 or self._fold(at) == "mile")
        return None if is_of_name else UNITS.get(self._fold(at))

    # Small words

    def _small_words(self, at: int) -> int:
        token, draft = self._tokens[at], self._draft
        if draft.link is Link.BETWEEN and draft.has_name and token.text in AND_BETWEEN:
            self._join()
            return at + 1
        phrases = PHRASES_CYRILLIC if is_cyrillic(token.text) else PHRASES_LATIN
        for words, role in phrases.get(token.fold, ()):
            end = at + len(words)
            if len(words) > 1 and not all(self._fold(at + n) == word for n, word in enumerate(words)):
                continue
            if role is Role.NAME:
                self._add(at, end, has_name=True)
                return end
            if self._is_small(at, end, role):
                self._say(role)
                return end
            return 0
        return 0

    def _is_small(self, at: int, end: int, role: Role) -> bool:
        """Whether words that may be small ones are: not `Near` amid a name, nor the `at` of `Wadi at Taym`."""
        token = self._tokens[at]
        if self._is_arabic_article(at) or (token.fold in AMID_NAMES and self._draft.has_name):
            return False
        if not token.text[0].isupper():
            return True
        if token.fold in ONLY_SMALL:
            return False
        if token.fold == "and":
            return True
        if not self._draft.is_empty:
            return token.text.isupper() or token.fold in ("in", "of")
        can_begin = role in _LINK_OF if at == 0 else role in (Role.NEAR, Role.IN, Role.BETWEEN)
        return can_begin and end < len(self._tokens) and self._tokens[end].is_word

    def _is_arabic_article(self, at: int) -> bool:
        """Whether this is the article of the next word, as its first letter shows: `as Suwayda`, `At Tall`."""
        token, after = self._tokens[at], self._fold(at + 1)
        if token.fold not in ("as", "at", "et") or not (
            after.startswith(token.fold[1]) and self._is_name(at + 1)
        ):
            return False
        is_amid_name = not self._draft.is_empty and self._written(at - 1)[:1].isupper()
        return token.fold == "as" or token.text[0].isupper() or is_amid_name

    def _say(self, role: Role) -> None:
        if role is Role.AND:
            self._join()
        elif role is Role.OF:
            self._of()
        elif role is Role.STOP:
            self._close(Link.IN, "stop")
        elif role is Role.ALIAS:
            self._close(Link.ASIDE, "alias")
        elif role is Role.TOWARD and self._draft.joint == "from" and self._has_name():  # from A to B
            self._close(Link.BETWEEN, "to")
        else:
            self._relate(_LINK_OF[role], _JOINT_OF.get(role, ""))

    def _relate(self, link: Link, joint: str = "") -> None:
        """What follows stands so to the place."""
        draft = self._draft
        if self._has_name():
            self._close(link, joint)
            return
        if not draft.is_empty:  # `10 km from a village near X` is no offset from X
            self._hand_on()
            draft.distance_km = None
            draft.wind = draft.wind if draft.is_side else None
        elif draft.distance_km is not None:  # 5 km outside X
            return
        draft.link, draft.joint = link, joint

    def _join(self) -> None:
        """`and` goes on with a list."""
        draft = self._draft
        if self._has_name():
            self._close(draft.link if draft.link in (Link.BETWEEN, Link.NEAR) else Link.ALSO, "and")
        elif draft.is_empty:
            draft.joint = "and"

    def _of(self) -> None:
        """`village of X` keeps X the place; `X district of Y` has Y hold it; `suburbs of X` says which X is meant."""
        draft = self._draft
        if draft.has_name:
            self._close(Link.IN, "of")
            return
        words = self._words(draft.first, draft.last)
        if not words:
            return
        draft.kinds |= {KINDS[word.fold] for word in words if word.fold in KINDS}
        draft.is_quarter |= any(word.fold in QUARTERS and word.fold not in SURROUNDINGS for word in words)
        draft.lead = words[-1].fold
        if draft.kinds and (words[-1].text[0].isupper() or not draft.kinds.isdisjoint(_NATURAL)):
            draft.owner = draft.first
        self._hand_on()

    # Directions

    def _direction(self, at: int) -> int:
        """`north of X`, `southeast from X`, `northern X`, `X (east)`; the `North` of `North Kivu` is a word."""
        bearing = self._bearing(at)
        if bearing is None:
            return 0
        wind, end = bearing
        draft, token, fold = self._draft, self._tokens[at], self._fold(end - 1)
        is_from = self._ends_relation(end)
        is_within = is_from and (self._fold(at - 2), self._fold(at - 1)) == ("in", "the")
        is_away = fold not in SIDES and (is_from or fold in WINDS_ALONE or draft.distance_km is not None)
        if is_away and not is_within:
            self._relate(Link.OFFSET)
            self._draft.wind, self._draft.is_side = wind, False
            return end + is_from
        is_of_name = (
            not draft.is_empty
            or end == len(self._tokens)
            or not self._tokens[end].is_word
            or self._is_name(end)
            or KINDS.get(self._fold(end)) in _DIVISIONS  # South-West region
        )
        if token.text[0].isupper() and not is_within and is_of_name:
            if fold in SIDES and draft.has_name and self._is_name(end) and not self._goes_on(at):
                self._close(Link.ALSO, "")  # Daraya | Eastern Ghouta
            self._add(at, end, has_name=True)
            return end
        if self._has_name() and self._is_name(end):
            self._close(Link.IN, "")
        self._draft.wind, self._draft.is_side = wind, True
        return end + is_within

    def _goes_on(self, at: int) -> bool:
        """Whether the word before a direction is of the same name: `Far Eastern District`."""
        return self._fold(at - 1) in _BEFORE_NAME or self._fold(at - 1) in ("new", "great")

    def _bearing(self, at: int) -> tuple[float, int] | None:
        """The bearing that the directions from here say together, and the number of the token after them."""
        winds = self._winds(at)
        if not winds:
            return None
        end = at + 1
        while more := self._winds(end):
            winds += more
            end += 1
        bearing = winds.pop()
        while winds:  # north, north east: halfway from north to northeast
            bearing = _halfway(winds.pop(), bearing)
        return bearing, end

    def _winds(self, at: int) -> list[float]:
        """The directions that one token says: two in `south-southeast`."""
        fold = self._fold(at)
        if not fold:
            return []
        wind = _DIRECTIONS.get(fold)
        if wind is not None:
            return [wind]
        if " " in fold and all(piece in WINDS for piece in fold.split()):
            winds = [WINDS[piece] for piece in fold.split()]
            return [] if abs(winds[0] - winds[-1]) == 180 else winds  # a north-south road
        written = self._written(at)
        if written in WIND_LETTERS and (self._draft.distance_km is not None or self._fold(at + 1) == "of"):
            return [WIND_LETTERS[written]]
        return []

    # Words

    def _word(self, at: int) -> int:
        token = self._tokens[at]
        if self._draft.is_empty and token.fold in ARTICLES and (not token.text[0].isupper() or at == 0):
            return at + 1
        if self._owns(at):
            self._own(at)
            return at + 1
        if self._ends_name(at):
            self._close(Link.ALSO, "")
        if self._fold(at - 1) in KINDS_BEFORE_ADJECTIVES:
            token.is_capital = True  # województwo podlaskie
        is_number = token.text[0].isdecimal() or (token.fold in NUMBERS and self._draft.is_empty)
        has_name = token.is_capital and not is_number and token.fold not in _BESIDE_NAMES
        if self._is_holder(at):
            self._split_holder(at)
        self._add(at, at + 1, has_name=has_name)
        return at + 1

    def _add(self, at: int, end: int, *, has_name: bool) -> None:
        """Take tokens into the name of the draft."""
        if not self._draft.is_empty and any(token.is_word for token in self._tokens[self._draft.last : at]):
            self._close(Link.ALSO, "")  # `X north`, then another name
        if self._draft.is_empty:
            self._draft.first = at
        self._draft.last = end
        self._draft.has_name |= has_name

    def _has_name(self) -> bool:
        """Whether the draft names something; kind words alone do with capitals, as in `Plateau State`."""
        draft = self._draft
        return draft.has_name or _is_named_by_kinds(self._words(draft.first, draft.last))

    def _ends_name(self, at: int) -> bool:
        """Whether a kind word has closed a name and another name begins: `Rokha district | Panjshir`."""
        draft, token = self._draft, self._tokens[at]
        if not draft.has_name or not token.text[0].isupper():
            return False
        if token.fold in LEADING_KINDS:
            return self._is_name(at + 1)
        if token.fold in KINDS:
            return False
        last = self._tokens[draft.last - 1]
        if last.text.islower():
            return last.fold in KINDS or last.fold in SURROUNDINGS or last.fold in QUARTERS
        return last.fold in CLOSING_KINDS and self._fold(draft.first) not in KINDS

    def _is_holder(self, at: int) -> bool:
        """Whether this is the `области` of `Кузница | Гродненской области`: its adjective stands before it."""
        adjective = self._fold(at - 1)
        return (
            self._fold(at) in GENITIVE_KINDS
            and adjective.endswith(GENITIVE_ENDINGS)
            and any(
                word.is_capital and word.fold not in _BESIDE_NAMES
                for word in self._words(self._draft.first, at - 1)
            )
        )

    def _split_holder(self, at: int) -> None:
        self._draft.last = at - 1
        self._close(Link.IN, "")
        self._add(at - 1, at, has_name=True)

    def _owns(self, at: int) -> bool:
        """Whether `X's Y` is a place Y in X; `Cox's Bazar` and `Prince George's County` are names."""
        token = self._tokens[at]
        return (
            token.text.endswith(("'s", "’s"))
            and (token.is_capital or self._draft.has_name)
            and at + 1 < len(self._tokens)
            and self._tokens[at + 1].is_word
            and not (self._is_name(at + 1) and self._fold(at + 1) in KINDS)
            and token.fold not in OWNERS_IN_NAMES
        )

    def _own(self, at: int) -> None:
        """The owner holds what follows, which stands as was said before the owner."""
        token = self._tokens[at]
        self._tokens[at] = replace(
            token, text=token.text[:-2], end=token.end - 2, fold=fold_name(token.text[:-2])
        )
        self._add(at, at + 1, has_name=token.is_capital)
        owner = self._draft
        owned = _Draft(link=owner.link, joint=owner.joint, distance_km=owner.distance_km)
        if not owner.is_side:
            owned.wind, owner.wind = owner.wind, None
        owner.link, owner.distance_km, owner.is_container = Link.IN, None, True
        self._close(owned.link, owned.joint)
        self._draft = owned

    # The end of a part

    def _close(self, link: Link, joint: str) -> None:
        """End the draft and begin one that stands so."""
        draft = self._draft
        part = self._part(draft)
        is_relation_only = draft.is_empty
        if part is None:
            self._hand_on()
        self._draft = _Draft(link=link, joint=joint)
        if part is not None:
            self._reads.append(_Read(part, draft.joint, draft.lead))
        elif self._reads and (self._outside is not None if joint == ")" else draft.joint == "and"):
            self._lend(draft, is_relation_only=is_relation_only)  # `X (near)`, `X and its countryside`
        elif draft.is_side or draft.is_wide:
            self._draft.wind = draft.wind if draft.is_side else None
            self._draft.is_side, self._draft.is_wide = draft.is_side, draft.is_wide

    def _hand_on(self) -> None:
        """Drop words that are no name, but for what they say of the next one: `southern outskirts`."""
        draft = self._draft
        for token in self._tokens[draft.first : draft.last]:
            draft.is_wide |= token.fold in SURROUNDINGS
        draft.first = draft.last

    def _lend(self, draft: _Draft, *, is_relation_only: bool) -> None:
        """A draft without a name says something of the part before it."""
        last = self._reads[-1]
        part = replace(last.part, is_wide=last.part.is_wide or draft.is_wide)
        if draft.link is Link.OFFSET and draft.wind is not None:
            part = replace(
                part, link=Link.OFFSET, wind=draft.wind, is_side=False, distance_km=draft.distance_km
            )
        elif draft.is_side:
            part = replace(part, wind=draft.wind, is_side=True)
        elif draft.link is Link.NEAR and part.link is Link.HEAD and is_relation_only:
            part = replace(part, link=Link.NEAR)
        last.part = part

    def _part(self, draft: _Draft) -> Part | None:
        """What the draft names; None where it names nothing."""
        words = _trimmed(self._words(draft.first, draft.last))
        first, last = _bare(words)
        bare = words[first:last]
        if not _has_letter(bare):  # only kind words, which may be a name: `Plateau State`, `Asaba, Delta`
            if not _is_named_by_kinds(words) and not (self._reads and _is_one_capital(words)):
                return None
            first, last, bare = 0, len(words) - 1, words
        beside = [*words[:first], *words[last:]]
        names, stripped_from = [self._name(words)], 0
        if draft.owner is not None:
            names, stripped_from = [self._name(self._words(draft.owner, draft.last)), *names], 1
        if bare != words and not (len(bare) == 1 and bare[0].fold in NO_NAMES):
            if any(word.text[0].isupper() and KINDS.get(word.fold) in _NATURAL_OR_BUILT for word in beside):
                stripped_from = stripped_from or len(names)  # Lake Charles
            names.append(self._name(bare))
        wind, is_side = draft.wind, draft.is_side
        if _is_stripped(bare):  # Upper Nile, Northern Mali
            stripped_from = stripped_from or len(names)
            names.append(self._name(bare[1:]))
            if wind is None and bare[0].fold in _DIRECTIONS:
                wind, is_side = _DIRECTIONS[bare[0].fold], True
        folds = [word.fold for word in words]
        return Part(
            names=tuple(names),
            stripped_from=stripped_from,
            kinds=frozenset(draft.kinds | {KINDS[word.fold] for word in beside if word.fold in KINDS}),
            link=self._link(draft),
            wind=wind,
            is_side=is_side,
            distance_km=draft.distance_km,
            is_quarter=draft.is_quarter or not QUARTERS.isdisjoint(folds),
            is_road=not ROADS.isdisjoint(folds),
            is_wide=draft.is_wide or any(word.fold in SURROUNDINGS for word in beside),
        )

    def _link(self, draft: _Draft) -> Link:
        if draft.link in (Link.HEAD, Link.IN) and self._fold(draft.last - 1) == "airspace":
            return Link.OVER
        if not self._reads and draft.link in (Link.IN, Link.ALSO, Link.ASIDE) and not draft.is_container:
            return Link.HEAD  # `in the village of X`
        return draft.link

    def _name(self, words: Sequence[_Token]) -> str:
        return " ".join(self._text[words[0].start : words[-1].end].split())


def _trimmed(words: Sequence[_Token]) -> list[_Token]:
    """Words without the common ones at either end; an article stays with its name: `al Bab`, `la Paz`."""

    def is_common(at: int) -> bool:
        word = words[at]
        if word.fold in NUMBERS:
            return not word.text[0].isupper()
        if word.is_capital:
            return word.fold in FILLERS and not word.text[0].isupper()
        if word.fold in ARTICLES_OF_NAMES and at + 1 < len(words) and words[at + 1].is_capital:
            return False
        return not word.text[0].isdecimal() and (word.fold in FILLERS or word.fold not in _BESIDE_NAMES)

    first, last = 0, len(words)
    while first < last and is_common(first):
        first += 1
    while first < last and is_common(last - 1):
        last -= 1
    return list(words[first:last])


def _bare(words: Sequence[_Token]) -> tuple[int, int]:
    """Where the name stands among its kind words: first and past the last, the same where there is no name."""

    def is_beside(word: _Token) -> bool:
        is_small = not word.is_capital and word.fold not in ARTICLES_OF_NAMES and not word.text[0].isdecimal()
        return is_small or word.fold in _BESIDE_NAMES

    first, last = 0, len(words)
    while last > first and is_beside(words[last - 1]):
        last -= 1
    while first < last and words[first].fold not in GENITIVES and is_beside(words[first]):
        first += 1
    if 0 < first < last and words[first].fold in GENITIVES:
        before = words[first - 1]
        is_division = KINDS.get(before.fold) in _DIVISIONS
        is_beside_name = is_division or not before.text[0].isupper() or before.fold in QUARTERS
        first = first + 1 if is_beside_name else 0  # `provincia de X`, but `Villa del Rosario`
    return first, last


def _has_letter(words: Sequence[_Token]) -> bool:
    return any(char.isalpha() for word in words for char in word.text)


def _is_stripped(bare: Sequence[_Token]) -> bool:
    """Whether the first word is a direction or degree before a name."""
    is_before = len(bare) > 1 and bare[0].fold in _BEFORE_NAME
    return is_before and bare[1].fold not in _BEFORE_NAME and _has_letter(bare[1:])


def _is_named_by_kinds(words: Sequence[_Token]) -> bool:
    """Whether words that are no name by themselves make one: `Plateau State`, `Sector 3`."""
    if len(words) < 2 or not words[0].text[0].isupper() or any(word.fold in FORMAL for word in words):
        return False
    is_numbered = words[0].fold in KINDS and words[0].fold not in ROADS and words[-1].text.isdecimal()
    return is_numbered or all(word.text[0].isupper() for word in words)


def _is_one_capital(words: Sequence[_Token]) -> bool:
    """`Asaba, Delta`."""
    return len(words) == 1 and words[0].text[0].isupper()


def _halfway(first: float, second: float) -> float:
    """The bearing halfway between two."""
    turn = (second - first + 180) % 360 - 180
    return (first + turn / 2) % 360


# What the parts say of one another


def _with_road_ends(reads: Sequence[_Read]) -> list[_Read]:
    """What lies on a road lies between its ends: `Minsk-Brest highway`, `road Minsk - Brest`, `Minsk to Brest road`."""
    found: list[_Read] = []
    for read in reads:
        part, before = read.part, found[-1] if found else None
        ends = re.split(r"\s*[-–—]\s*", part.names[-1]) if part.is_road else []
        if len(ends) == 2 and all(len(end) > _SHORTEST_ROAD_END and end[0].isupper() for end in ends):
            marked = replace(part, link=Link.BETWEEN, is_quarter=False)
            found += [_Read(replace(marked, names=(end,), stripped_from=0), read.joint, "") for end in ends]
            continue
        is_stretch = (read.joint == "-" and before and before.part.is_road) or (
            read.joint in ("-", "to") and part.is_road
        )
        if before and is_stretch:
            before.part = replace(before.part, link=Link.BETWEEN, is_quarter=False)
            read.part = replace(part, link=Link.BETWEEN, is_quarter=False)
        found.append(read)
    return found


def _with_kinds_of_lists(reads: Sequence[_Read]) -> list[Part]:
    """A plural kind word is said of all of a list: `towns of A and B`, `A, B and C provinces`."""
    parts = [read.part for read in reads]
    listed = (Link.ALSO, Link.HEAD, Link.NEAR, Link.BETWEEN)
    for number, read in enumerate(reads):
        part = parts[number]
        if read.lead in PLURALS or fold_name(part.names[0].split()[0]) in PLURALS:
            end = next(
                (n for n in range(number + 1, len(reads)) if reads[n].joint not in (",", "and")), len(reads)
            )
            joined = [n for n in range(number + 1, end) if reads[n].joint == "and"]
            for mate in range(number + 1, joined[-1] + 1 if joined else 0):
                if not parts[mate].kinds:
                    parts[mate] = replace(parts[mate], kinds=part.kinds)
        if part.link in listed and any(fold_name(name.split()[-1]) in PLURALS for name in part.names):
            for mate in range(number - 1, -1, -1):
                if parts[mate].kinds or parts[mate].link not in listed:
                    break
                parts[mate] = replace(parts[mate], kinds=part.kinds)
    return parts


def _without_lone_ends(parts: Sequence[Part]) -> list[Part]:
    """A stretch has two ends; `from X` alone has one and only says where."""
    if sum(part.link is Link.BETWEEN for part in parts) != 1:
        return list(parts)
    return [
        replace(part, link=Link.IN if number else Link.HEAD) if part.link is Link.BETWEEN else part
        for number, part in enumerate(parts)
    ]
