"""A sentence with all that was read in it, and the events that its words tell of."""

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from geomap.extract.document import BlockKind
from geomap.extract.quantities import Count
from geomap.extract.sites import Site
from geomap.extract.speech import Saying
from geomap.extract.tokens import Words, word_set
from geomap.extract.triggers import Reality, Telling
from geomap.extract.when import DatedWords, cost, is_history
from geomap.model.event_types import family_of, head_of

WEAK: Final = 0.5
"""Weight below which words only tell of an event that others tell of too."""
PARTING: Final = word_set("after before when as while since following ; : — – despite amid")
"""Words between two tellings that make two events of them."""
_CLAUSE_ENDS: Final = frozenset(
    {",", ";", ":", "—", "–", "that", "(", ")", "“", "”", '"', "after", "before", "when", "as", "while"}
)
_UTTERED_REACH: Final = 14.0


@dataclass(slots=True)
class Told:
    """A sentence with all that was read in it; `start` and `end` are code points, end exclusive.

    `untold` are tellings of what has not happened, of the past, or within quotations: places and dates beside them
    are theirs. `faint` are tellings too weak to stand beside the others; what follows them is theirs.
    """

    start: int
    end: int
    kind: BlockKind
    words: Words
    sites: list[Site]
    dates: list[DatedWords]
    sayings: list[Saying]
    tellings: list[Telling]
    untold: list[Telling]
    faint: list[Telling]
    counts: list[Count]
    is_lead: bool

    def uttered(self, own: DatedWords | None, published: date | None) -> DatedWords | None:
        """The date on which something is said, other than the event's `own`."""
        found = []
        for number, dated in enumerate(self.dates):
            if dated is own or is_history(dated.mention, published):
                continue
            costs = [
                cost(self.words, dated.first, s.verb)
                for s in self.sayings
                if may_date(self.words, dated, s.verb)
            ]
            if costs:
                found.append((min(costs), number))
        if not found or min(found)[0] > _UTTERED_REACH:
            return None
        return self.dates[min(found)[1]]

    def speaker_kind(self) -> str:
        """What sort of speaker is the first who says something here."""
        return next((s.speaker.kind for s in self.sayings if s.speaker is not None), "")


@dataclass(slots=True)
class Group:
    """Tellings of one sentence that tell of one event."""

    tellings: list[Telling]
    type: str
    reality: Reality
    sites: list[Site] = field(default_factory=list)
    own_date: DatedWords | None = None
    points_back: bool = False

    @property
    def main(self) -> Telling:
        """The telling that names the type."""
        return max(self.tellings, key=lambda telling: telling.trigger.weight)

    @property
    def family(self) -> str:
        return family_of(self.type)

    @property
    def head(self) -> str:
        """The type without its subtype."""
        return head_of(self.type)


def may_date(words: Words, dated: DatedWords, verb: int) -> bool:
    """Whether a date may be that of a verb of saying: in its own clause, or opening the sentence before it."""
    first, last = min(dated.last, verb), max(dated.first, verb)
    between = words.low[first + 1 : last]
    if not any(low in _CLAUSE_ENDS for low in between):
        return True
    # On Monday, Minsk reported
    opens = dated.first <= 2 and dated.last < verb and between[:1] == [","]
    return opens and not any(low in _CLAUSE_ENDS for low in between[1:])
