"""An event as a machine drafts it, before a person has looked."""

from dataclasses import dataclass, field
from enum import StrEnum

from geomap.model.places import PlaceRef
from geomap.model.records import EventRecord


class Link(StrEnum):
    """How the words of a draft stand to what the document told before."""

    OWN = "own"
    """They tell of an event by its day or place."""
    BARE = "bare"
    """They give neither: it is told before, or is one that nothing more is known of."""
    KNOWN = "known"
    """They speak of those who act as known ("the troops will practise"): the same, more surely."""
    BACK = "back"
    """They point to an event told before ("the attack"): one of its own only if there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A drafted event with what is known of it beside its record.

    `places` are the record's places resolved, in its order. `confidence` is from 0 to 1.
    `words` are the content words of its sentence, lower case, to compare texts by. `is_lead` says that it stands in
    the headline or the first paragraph, which sums up what the rest tells; `is_headline` that it is a
    headline.
    """

    record: EventRecord
    places: tuple[PlaceRef, ...] = ()
    link: Link = Link.OWN
    is_lead: bool = False
    is_headline: bool = False
    confidence: float = 0.5
    words: frozenset[str] = field(default_factory=frozenset)
    order: int = 0
    """Where in the text it is first told, in code points; `last` is where last."""
    last: int = 0
