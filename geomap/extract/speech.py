"""Who says what: verbs of saying with their speaker, and what kind of statement they make."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from geomap.extract.actors import Actor, ActorReader, People
from geomap.extract.lexicon import Form, Lexicon, SpeechVerb
from geomap.extract.tokens import Words, word_set

_NOUN_BEFORE: Final = word_set("the a an this that its their no any of in joint formal official new")
_BE: Final = word_set("was were been be being is are")
_SPEAKING: Final = word_set("they we i you")
_AFTER_VERB: Final = word_set("that the it its a ,")
_QUOTE_ENDS: Final = frozenset({"”", '"', "»"})
_ENDS: Final = frozenset('.,:;“"«')
_LONG_QUOTE: Final = 4


@dataclass(slots=True)
class Saying:
    """Somebody says something: token positions in the sentence.

    `verb` is the verb's position, `verb_last` that of its particle; `type` the statement that it makes by itself,
    or by what is quoted; `has_quote` that at least four of the very words stand in the sentence. `is_denied` says
    that the saying itself is denied ("has not claimed").
    """

    verb: int
    verb_last: int
    how: SpeechVerb
    speaker: Actor | None
    type: str
    stance: str
    has_quote: bool
    via: Actor | None = None
    is_denied: bool = False
    accused: Actor | None = None


class SpeechReader:
    """Finds who says something in a sentence."""

    def __init__(self, lexicon: Lexicon, actors: ActorReader) -> None:
        self._lexicon, self._actors = lexicon, actors
        said = lexicon.said
        self._quoted = [(kind, _split(phrases)) for kind, phrases in said.quoted.items()]
        self._reported = [(kind, _split(phrases)) for kind, phrases in said.reported.items()]
        self._does_not_claim, self._according = _split(said.does_not_claim), _split(said.according_to)

    def read(self, words: Words, people: People) -> list[Saying]:
        """The sayings of a sentence, in order."""
        found: list[Saying] = []
        quoted = sum(words.is_quoted)
        has_quote = quoted >= _LONG_QUOTE
        floor = 0
        for at, low in enumerate(words.low):
            if (phrase := self._phrase_at(words, at, self._does_not_claim)) and self._is_negated(words, at):
                speaker = self._actors.before(words, at, people)
                how = SpeechVerb(lemma=" ".join(phrase), stance="does_not_claim")
                found.append(Saying(at, at + len(phrase) - 1, how, speaker, "", "does_not_claim", False))
                continue
            if (phrase := self._phrase_at(words, at, self._according)) is not None and not words.is_quoted[
                at
            ]:
                if low == "per" and (at == 0 or words.low[at - 1] != ","):
                    continue
                speaker = self._actors.after(words, at + len(phrase) - 1, people)
                how = SpeechVerb(lemma=" ".join(phrase), stance="asserts")
                if speaker is not None:
                    found.append(Saying(at, at + len(phrase) - 1, how, speaker, "", "asserts", has_quote))
                continue
            for verb, form in self._lexicon.speech.get(low, ()):
                last = at + len(verb.rest)
                if tuple(words.low[at + 1 : last + 1]) != verb.rest or words.is_quoted[at]:
                    continue
                if not self._is_verb(words, at, form, verb):
                    continue
                saying = self._saying(words, at, last, verb, form, people, floor, has_quote, found)
                if saying is not None:
                    found.append(saying)
                    floor = last + 1
                break
        return found

    def _saying(
        self,
        words: Words,
        at: int,
        last: int,
        verb: SpeechVerb,
        form: Form,
        people: People,
        floor: int,
        has_quote: bool,
        found: Sequence[Saying],
    ) -> Saying | None:
        before = words.low[max(0, at - 4) : at]
        is_denied = any(word in ("not", "never") or word.endswith("n't") for word in before)
        speaker: Actor | None = None
        previous = words.low[at - 1] if at else ""
        is_inverted = previous in _QUOTE_ENDS or (
            previous in (",", "“") and (at < 2 or words.low[at - 2] in _QUOTE_ENDS)
        )
        if verb.only_quoted and not (is_inverted or (has_quote and self._ends(words, last))):
            return None
        if form is Form.GERUND and previous in self._lexicon.said.nouns:
            speaker = self._owner(words, at - 1, people)  # the minister's Tuesday comments saying
        elif form is Form.GERUND:
            speaker = found[-1].speaker if found else self._actors.before(words, at, people, floor=floor)
        elif is_inverted and form & (Form.PAST | Form.THIRD):
            speaker = self._actors.after(words, last, people)
        if speaker is None and form is not Form.GERUND:
            speaker = self._actors.before(words, at, people, floor=floor)
            if speaker is None and previous in ("and", "but", "also") and found:
                speaker = found[-1].speaker  # denies … but says
        if speaker is None and verb.needs_speaker:
            return None
        kind = verb.type
        quote_kind = next((kind for kind, phrases in self._quoted if self._has_quoted(words, phrases)), "")
        if has_quote and quote_kind and (not kind or verb.quote):
            kind = quote_kind
        elif not kind and has_quote:
            kind = verb.quote
        if not kind and verb.stance == "asserts":
            kind = next((kind for kind, phrases in self._reported if self._follows(words, last, phrases)), "")
        if not kind and verb.lemma == "tell" and self._is_told_to(words, last):
            kind = "statement/demand"
        saying = Saying(at, last, verb, speaker, kind, verb.stance, has_quote, None, is_denied)
        if verb.stance == "accuses":
            is_led = last + 1 < len(words) and words.low[last + 1] in ("on", "at", "against")
            saying.accused = self._actors.after(words, last + is_led, People(dict(people.by_surname)))
        return saying

    @staticmethod
    def _ends(words: Words, last: int) -> bool:
        """Whether nothing of the clause stands after a verb: `“…,” he continued.`, `he continued: “…”`."""
        return last + 1 >= len(words) or words.low[last + 1] in _ENDS

    @staticmethod
    def _is_told_to(words: Words, verb: int) -> bool:
        """Whether somebody is told to do something: `told the firm to leave`."""
        after = words.low[verb + 1 : verb + 8]
        end = next((i for i, low in enumerate(after) if low in ("that", ",", "in", "on", "at")), len(after))
        return "to" in after[1:end]

    def _owner(self, words: Words, noun: int, people: People) -> Actor | None:
        """Whose words a noun names: the possessive before it."""
        for at in range(noun - 1, max(-1, noun - 5), -1):
            if words.is_owner[at]:
                first = at
                while (
                    first > 0
                    and at - first < 7
                    and words.text[first - 1][:1].isupper()
                    and words.low[first - 1] != "the"
                ):
                    first -= 1
                return self._actors.at(words, first, at, people)
        return None

    def _is_verb(self, words: Words, at: int, form: Form, verb: SpeechVerb) -> bool:
        before = words.low[at - 1] if at else ""
        if before in _NOUN_BEFORE:
            return False
        if before == "to" or (at > 1 and words.low[at - 2] == "to" and before.endswith("ly")):
            return False
        if Form.PARTICIPLE in form and before in _BE:
            return False
        if form in verb.noun:
            return self._is_no_noun(words, at, form)
        return form is not Form.GERUND or verb.gerund

    @staticmethod
    def _is_no_noun(words: Words, at: int, form: Form) -> bool:
        """Whether a form that is a noun, too, is the verb here: `officials claim`, `Minsk claims that`."""
        before = words.low[at - 1] if at else ""
        if form is Form.BASE:
            return before in _SPEAKING or before.endswith("s")
        after = words.low[at + 1] if at + 1 < len(words) else ""
        return after in _AFTER_VERB and words.text[at][:1].islower() and before not in ("", ",")

    def _phrase_at(self, words: Words, at: int, phrases: Sequence[tuple[str, ...]]) -> tuple[str, ...] | None:
        for phrase in phrases:
            if words.low[at] == phrase[0] and tuple(words.low[at : at + len(phrase)]) == phrase:
                return phrase
        return None

    @staticmethod
    def _is_negated(words: Words, at: int) -> bool:
        return (
            any(
                word in ("not", "no", "never", "nobody") or word.endswith("n't")
                for word in words.low[max(0, at - 5) : at]
            )
            or words.low[:2] == ["no", "one"]
            or words.low[:2] == ["no", "group"]
        )

    @staticmethod
    def _follows(words: Words, last: int, phrases: Sequence[tuple[str, ...]]) -> bool:
        return any(
            at > last and tuple(words.low[at : at + len(phrase)]) == phrase
            for phrase in phrases
            for at in words.positions.get(phrase[0], ())
        )

    def _has_quoted(self, words: Words, phrases: Sequence[tuple[str, ...]]) -> bool:
        for phrase in phrases:
            for at in words.positions.get(phrase[0], ()):
                if words.is_quoted[at] and tuple(words.low[at : at + len(phrase)]) == phrase:
                    return True
        return False


def _split(phrases: Sequence[str]) -> list[tuple[str, ...]]:
    return [tuple(phrase.split()) for phrase in phrases]
