"""How far an event is vouched for, computed from who says so and who says no."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from geomap.model.records import Actor, ActorPart, Claim, EventRecord, SetStatus, Source
from geomap.model.vocabulary import ActorKind, ActorRole, Stance, Status

# Only those who would know, being there or being blamed, make an event disputed.
_STANDING: Final = frozenset({ActorRole.HOST, ActorRole.TARGET, ActorRole.ACCUSED, ActorRole.PARTICIPANT})
# Who speaks for a country; its press and its citizens do not.
_OFFICES: Final = frozenset(
    {
        ActorKind.GOVERNMENT,
        ActorKind.HEAD_OF_STATE,
        ActorKind.MINISTRY,
        ActorKind.STATE_FORCES,
        ActorKind.BORDER_GUARD,
        ActorKind.AGENCY,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An event's status, the reason for it in words, and the unrelated origins it rests on.

    `reason` is the basis for those who put it into words of another language: a code and what it names.
    """

    status: Status
    basis: str
    reason: Mapping[str, str | int]
    origins: tuple[str, ...]


def actor_name(reference: str, actors: Mapping[str, Actor]) -> str:
    """The name of a declared actor, or the name as written."""
    return actors[reference].name if reference in actors else reference


def part_name(part: ActorPart, actors: Mapping[str, Actor]) -> str:
    """The name of an actor of an event."""
    return part.name or actor_name(part.id or "", actors)


def compute_standing(
    record: EventRecord, sources: Mapping[str, Source], actors: Mapping[str, Actor]
) -> Standing:
    """Tell an event's status.

    `confirmed` is never computed; a person sets it. Each chain of `derived_from` gives one origin: its end, or,
    where somebody in it vouches for the event itself, the side of the first who does. Two or more make the
    event corroborated. A denial of one field leaves the event as it is; one of the event itself by an actor
    with standing makes it disputed, or denied where nobody vouches for it any more.
    """
    about_event = [claim for claim in record.claims if claim.about == "event"]
    origins = _origins(record, about_event, sources, actors)
    if record.status is not None:
        if isinstance(record.status, SetStatus):
            return Standing(
                status=record.status.value,
                basis=f"set by {record.status.by}: {record.status.basis}",
                reason={"code": "set_by", "name": record.status.by, "text": record.status.basis},
                origins=origins,
            )
        return Standing(
            status=record.status, basis="set in the events file", reason={"code": "set"}, origins=origins
        )
    if any(claim.stance is Stance.RETRACTS for claim in about_event):
        return Standing(
            status=Status.RETRACTED,
            basis="its source withdrew it",
            reason={"code": "withdrawn"},
            origins=origins,
        )
    with_standing = _names_with_standing(record, actors)
    deniers = [
        claim.by for claim in about_event if claim.stance.opposes and _names(claim.by, actors) & with_standing
    ]
    if deniers:
        who = ", ".join(dict.fromkeys(actor_name(denier, actors) for denier in deniers))
        # A source that reports in its own voice stands behind the event; one that only carries a denial not.
        carriers = {claim.source for claim in about_event if claim.stance.opposes}
        vouched = any(claim.stance.vouches for claim in about_event) or set(record.sources) - carriers
        if vouched:
            return Standing(
                status=Status.DISPUTED,
                basis=f"{who} denies or disputes it",
                reason={"code": "disputed", "name": who},
                origins=origins,
            )
        return Standing(
            status=Status.DENIED,
            basis=f"only denials remain, by {who}",
            reason={"code": "denied", "name": who},
            origins=origins,
        )
    if len(origins) >= 2:
        return Standing(
            status=Status.CORROBORATED,
            basis=f"{len(origins)} unrelated origins",
            reason={"code": "origins", "n": len(origins)},
            origins=origins,
        )
    return Standing(
        status=Status.REPORTED, basis="one origin", reason={"code": "origins", "n": 1}, origins=origins
    )


def _origins(
    record: EventRecord, about_event: list[Claim], sources: Mapping[str, Source], actors: Mapping[str, Actor]
) -> tuple[str, ...]:
    documents: dict[str, list[str]] = {}
    for source_id in record.sources:
        documents.setdefault(_end_of_chain(source_id, sources), []).append(source_id)
    origins: dict[str, None] = {}
    for end, copies in documents.items():
        voices = [claim for claim in about_event if claim.source in copies and claim.stance.vouches]
        if voices:
            origins[_side(voices[0].by, actors)] = None
        else:
            # A chain may end at a name, which may speak elsewhere as a claimant.
            origins[f"source {end}" if end in sources else _side(end, actors)] = None
    return tuple(origins)


def _side(claimant: str, actors: Mapping[str, Actor]) -> str:
    """Whose word it is: the side's, else that of the country which an office speaks for, else their own."""
    actor = actors.get(claimant)
    if actor and actor.side:
        return f"side {actor.side}"
    if actor and actor.country and actor.kind in _OFFICES:
        return f"country {actor.country}"
    return f"claimant {actor_name(claimant, actors)}"


def _end_of_chain(source_id: str, sources: Mapping[str, Source]) -> str:
    chain = [source_id]
    while chain[-1] in sources and (nearer := sources[chain[-1]].derived_from):
        if nearer in chain:  # sources that name each other have one origin between them
            return min(chain[chain.index(nearer) :])
        chain.append(nearer)
    return chain[-1]


def _names(claimant: str, actors: Mapping[str, Actor]) -> set[str]:
    """What a claimant may be called in the list of actors; an office speaks for its country."""
    actor = actors.get(claimant)
    names = {claimant, actor_name(claimant, actors)}
    if actor and actor.country and actor.kind in _OFFICES:
        names.add(f"country:{actor.country}")
    return names


def _names_with_standing(record: EventRecord, actors: Mapping[str, Actor]) -> set[str]:
    names: set[str] = set()
    for part in record.actors:
        if part.role in _STANDING:
            names |= {part.id or part.name, part_name(part, actors)}
            declared = actors.get(part.id or "")
            if country := part.country or (declared.country if declared else None):
                names.add(f"country:{country}")
    return names
