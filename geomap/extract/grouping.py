"""The tellings of a sentence as events: which belong together, of what type, on which day."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from geomap.extract.document import BlockKind
from geomap.extract.lexicon import Lexicon
from geomap.extract.tokens import Words
from geomap.extract.told import PARTING, WEAK, Group, Told, may_date
from geomap.extract.triggers import Reality, Telling
from geomap.extract.when import BEGINS, DatedWords, cost, is_history
from geomap.model.event_types import family_of
from geomap.model.vocabulary import DatePrecision

_DATE_REACH: Final = 30.0
_LONG_QUOTE: Final = 4
"""What stands in so many words of quotation is a claim of who is quoted."""


class Grouper:
    """Makes events of what tells of them in a sentence."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def is_past(self, told: Told, text: str) -> bool:
        """Whether a sentence tells of history, by its words; `text` is the sentence."""
        low = text.lower()
        return any(phrase in low for phrase in self._lexicon.history_phrases) or any(
            word in self._lexicon.cues["history"] for word in told.words.low
        )

    def groups(self, told: Told, published: date | None) -> list[Group]:
        """The events that a sentence tells of: its tellings, those of one event together."""
        is_press = told.speaker_kind() == "media"
        groups: list[Group] = []
        for telling in told.tellings:
            words = told.words
            if (
                words.is_quoted[telling.first]
                and self._quote_length(words, telling.first) >= _LONG_QUOTE
                and not is_press
            ):
                told.untold.append(telling)  # what is quoted is a claim
                continue
            dated = self._date_of(told, telling)
            if dated is not None and is_history(dated.mention, published):
                told.untold.append(telling)
                continue
            is_intent = telling.reality is Reality.PLANNED and family_of(telling.type) == "violence"
            if is_intent or telling.reality in (Reality.UNREAL, Reality.NEGATED):
                if not self._is_likened(words, telling, dated):
                    told.untold.append(telling)
                    continue
                telling.reality, telling.is_definite, telling.is_likened = Reality.OCCURRED, True, True
            kind = telling.type
            for group in groups:
                if self._is_one(words, group, telling, dated):
                    group.tellings.append(telling)
                    group.own_date = group.own_date or dated
                    break
            else:
                groups.append(Group([telling], kind, telling.reality, own_date=dated))
        strong = [g for g in groups if g.main.trigger.weight >= WEAK or self._has_own_day(told.words, g)]
        if strong:
            if told.kind is not BlockKind.CAPTION:
                told.faint += [t for group in groups if group not in strong for t in group.tellings]
            groups = strong
        if told.kind is BlockKind.CAPTION and len(told.dates) == 1:
            for group in groups:
                group.own_date = told.dates[0]
        for group in groups:
            self._settle(told, group)
        return groups

    @staticmethod
    def _is_one(words: Words, group: Group, telling: Telling, dated: DatedWords | None) -> bool:
        """Whether a telling tells of the event that others of its sentence tell of."""
        if group.family != family_of(telling.type):
            return False
        if group.family == "movement":
            return True
        if group.own_date is not None and dated is not None and group.own_date is not dated:
            return False
        nearest = min(group.tellings, key=lambda t: abs(t.first - telling.first))
        between = words.low[min(nearest.last, telling.last) + 1 : max(nearest.first, telling.first)]
        return not any(low in PARTING for low in between)

    @staticmethod
    def _quote_length(words: Words, at: int) -> int:
        first = last = at
        while first > 0 and words.is_quoted[first - 1]:
            first -= 1
        while last + 1 < len(words) and words.is_quoted[last + 1]:
            last += 1
        return last - first + 1

    @staticmethod
    def _is_likened(words: Words, telling: Telling, dated: DatedWords | None) -> bool:
        """`airstrikes like Monday's`: what is denied or feared is likened to what has happened."""
        after = words.low[telling.last + 1 : telling.last + 4]
        return (
            dated is not None
            and any(word in ("like", "as") for word in after)
            and dated.first <= telling.last + 6
        )

    def _settle(self, told: Told, group: Group) -> None:
        """The type and reality of a group by its heaviest telling and by what stands beside it."""
        main = group.main
        kinds = {telling.type for telling in group.tellings}
        group.type, group.reality = main.type, main.reality
        low = told.words.low
        if all(t.is_definite for t in group.tellings) and group.own_date and group.own_date.mention.cue:
            group.own_date = None  # the losses in the offensive as of Monday
        group.points_back = (
            all(t.is_definite for t in group.tellings)
            or self._is_after_another(low, group)
            or any(  # the attack set a tank on fire
                t.is_definite
                and t.trigger.weight < WEAK
                and t.first < main.first
                and family_of(t.type) == group.family
                for t in (*group.tellings, *told.faint)
            )
        )
        head, _, subtype = group.type.partition("/")
        if head == "deployment" and any(kind.startswith("exercise") for kind in kinds):
            sending = next(t for t in group.tellings if t.type.startswith("deployment"))
            exercise = next(t for t in group.tellings if t.type.startswith("exercise"))
            group.reality = sending.reality
            for_it = "for" in low[max(0, exercise.first - 4) : exercise.first]
            if sending.reality in (Reality.ONGOING, Reality.PLANNED) and for_it:
                group.type = "exercise/announced"
                return
        if subtype:
            return
        if head == "deployment" and group.reality is Reality.PLANNED:
            group.type = "deployment/announced"
        elif head == "exercise":
            group.type = f"exercise/{'announced' if group.reality is Reality.PLANNED else 'underway'}"
        elif head == "strike":
            near = low[max(0, main.first - 12) : main.last + 12]
            known = self._lexicon.classes
            if any("drones" in known.get(word, ()) for word in near):
                group.type = "strike/air_drone_strike"
            elif any("missiles" in known.get(word, ()) for word in near):
                group.type = "strike/missile_artillery"

    @staticmethod
    def _is_after_another(low: Sequence[str], group: Group) -> bool:
        """`flew back after the exercise`: the end of an event told before."""
        return len(group.tellings) > 1 and any(
            t.is_definite and t.is_noun and low[max(0, t.first - 2)] in ("after", "following")
            for t in group.tellings
        )

    def _date_of(self, told: Told, telling: Telling) -> DatedWords | None:
        """The date that stands with a telling and not with a verb of saying or another telling."""
        words, best, best_cost = told.words, None, _DATE_REACH
        for dated in told.dates:
            is_owner = words.is_owner[dated.last]
            if (
                is_owner
                and not dated.last < telling.first <= dated.last + 4
                and not self._is_likened(words, telling, dated)
            ):
                continue  # Monday's attacks are of Monday, and nothing else in the sentence is
            if telling.first > dated.first and self._is_relative(words, dated):
                continue  # the incursion, which began a week ago
            mine = self._date_cost(words, dated, telling)
            others = [
                self._date_cost(words, dated, t)
                for t in told.tellings
                if t is not telling and family_of(t.type) != family_of(telling.type)
            ]
            said = [cost(words, dated.first, s.verb) for s in told.sayings if may_date(words, dated, s.verb)]
            if said and min(said) < mine:
                continue
            if dated.mention.cue == "since" and not self._has_lasted(words, telling):
                continue
            if others and min(others) + 2 < mine:
                continue
            if mine < best_cost:
                best, best_cost = dated, mine
        return best

    @staticmethod
    def _is_relative(words: Words, dated: DatedWords) -> bool:
        """Whether a date says in a relative clause when what stands before it began."""
        before = words.low[max(0, dated.first - 4) : dated.first]
        return bool(BEGINS.intersection(before)) and bool({"which", "that"}.intersection(before))

    @staticmethod
    def _has_own_day(words: Words, group: Group) -> bool:
        """`Monday's strikes`: told by their day, however plain the word."""
        dated = group.own_date
        return dated is not None and words.is_owner[dated.last] and dated.last < group.main.first

    @staticmethod
    def _has_lasted(words: Words, telling: Telling) -> bool:
        """Whether a verb tells of what has gone on since some day."""
        before = words.low[max(0, telling.first - 4) : telling.first]
        return telling.is_present or any(low in ("has", "have", "had", "been") for low in before)

    @staticmethod
    def _date_cost(words: Words, dated: DatedWords, telling: Telling) -> float:
        nearest = telling.first if dated.first < telling.first else telling.last
        value = cost(words, dated.first, nearest)
        if dated.mention.when.precision in (DatePrecision.YEAR, DatePrecision.SEASON):
            value += 8.0  # a day beside it says more
        if words.is_owner[dated.last] and dated.last + 1 <= telling.first <= dated.last + 3:
            return 0.0  # Monday's attacks
        return value
