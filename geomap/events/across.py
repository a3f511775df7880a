"""The same event in several articles: suggested with reasons, never merged; what repeats another article says so."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Final, TypeVar

from geomap.events.contradictions import claims_of
from geomap.events.copies import Copy, Text, find_copies
from geomap.events.credits import CitationReader, Credits, agency_name, read_credits
from geomap.events.matching import Match, find_matches, quotes_of
from geomap.model.drafts import Draft
from geomap.model.records import Claim, EventRecord, Relation, Source
from geomap.model.vocabulary import RelationType, Stance

STRONG: Final = 6.0
"""Points from which the suggestion is `same_as`."""
_MOST_PARTNERS: Final = 12
_LONGEST_QUOTE: Final = 600

Item = TypeVar("Item", Relation, Claim)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """A document with its drafts.

    `text` is what a person reads. `notes` say in words what the source's `derived_from` rests on.
    """

    source_id: str
    source: Source
    text: str
    drafts: tuple[Draft, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Two events of different documents, by id, that may be one.

    `relation` is `same_as` where the score is high, else `possible_duplicate`; `points` is the score, `reasons` say
    what it rests on and `contradictions` what the two say against each other, in words.
    """

    one: str
    other: str
    relation: RelationType
    points: float
    reasons: tuple[str, ...]
    contradictions: tuple[str, ...] = ()


def relate(documents: Sequence[Drafted]) -> tuple[list[Drafted], list[Suggestion]]:
    """Relate the events of several documents and trace which document repeats which.

    Returns
    -------
    documents
        In their order, nothing merged. Sources say `derived_from`, if they did not, where their text repeats an
        earlier document or is credited to an agency; claims say `via` where an outlet is cited. Events have
        relations to each other, and where they contradict each other each side is a claim on its own event.
    suggestions
        The best first. An event has at most one partner in another document, and twelve in all.

    Raises
    ------
    ValueError
        If two documents share a source id, or two events an id.
    """
    _check_ids(documents)
    if not documents:
        return [], []
    found = _cite(_trace(documents))
    drafts = [draft for document in found for draft in document.drafts]
    owners = [number for number, document in enumerate(found) for _ in document.drafts]
    published = [_published(found[owner]) for owner in owners]
    matches = choose_matches(find_matches(drafts, owners, published), owners)
    suggestions = [_suggest(match, drafts) for match in matches]
    return _relate(found, owners, matches, suggestions), suggestions


def _check_ids(documents: Sequence[Drafted]) -> None:
    sources = Counter(document.source_id for document in documents)
    events = Counter(draft.record.id for document in documents for draft in document.drafts)
    for kind, counts in (("source", sources), ("event", events)):
        for known, count in counts.items():
            if count > 1:
                raise ValueError(f"{known!r} is the id of {count} {kind}s; ids must tell them apart")


# Where a text is from


def _trace(documents: Sequence[Drafted]) -> list[Drafted]:
    """Say `derived_from` where a text repeats another or credits an agency; what is given is kept."""
    credited = [read_credits(document.text) for document in documents]
    agencies = [agency_name(document.source.publisher) for document in documents]
    texts = [
        Text(
            text=document.text,
            told=_sentences(document.drafts),
            published=_published(document),
            agency=agency,
            origin=credit.origin,
            has_credit=credit.is_any,
        )
        for document, credit, agency in zip(documents, credited, agencies, strict=True)
    ]
    copies = find_copies(texts)
    repeated = _credited_later(copies, credited)
    found = []
    for number, document in enumerate(documents):
        origin, note = "", ""
        if not agencies[number]:
            origin, note = _origin(number, documents, copies, credited, agencies)
            if not origin and len(later := repeated[number]) == 1:
                # Of several like texts the first: where a later one credits an agency, the words are the agency's.
                origin, by = next(iter(later.items()))
                note = f"its words are those of {documents[by].source_id}, which credits them to {origin}"
        if origin and not document.source.derived_from:
            source = document.source.model_copy(update={"derived_from": origin})
            document = replace(document, source=source, notes=(*document.notes, note))
        found.append(document)
    return found


def _origin(
    number: int,
    documents: Sequence[Drafted],
    copies: Sequence[Copy | None],
    credited: Sequence[Credits],
    agencies: Sequence[str],
) -> tuple[str, str]:
    """What a document derives from, and why; both empty without a sign of it."""
    copy, credit = copies[number], credited[number]
    if copy is not None and (not credit.origin or agencies[copy.of] == credit.origin):
        of = documents[copy.of].source_id
        said = f", and it says: {credit.words}" if credit.words else ""
        return of, f"{copy.share:.0%} of its words are those of {of}, in runs of five or more{said}"
    return (credit.origin, f"it says: {credit.words}") if credit.origin else ("", "")


def _credited_later(copies: Sequence[Copy | None], credited: Sequence[Credits]) -> list[dict[str, int]]:
    """For each text that others repeat and that repeats none: the agencies that they credit, each with one of them."""
    found: list[dict[str, int]] = [{} for _ in copies]
    roots: dict[int, int] = {}
    for number in range(len(copies)):
        chain = [number]
        while chain[-1] not in roots and (copy := copies[chain[-1]]) is not None:
            chain.append(copy.of)
        root = roots.get(chain[-1], chain[-1])
        roots.update(dict.fromkeys(chain, root))
        if root != number and credited[number].origin:
            found[root].setdefault(credited[number].origin, number)
    return found


def _published(document: Drafted) -> date | None:
    published = document.source.published
    return published.first if published is not None else None


def _sentences(drafts: Iterable[Draft]) -> list[str]:
    """The sentences that tell the events of drafts, each once."""
    return list(dict.fromkeys(quote for draft in drafts for quote in quotes_of(draft)))


def _cite(documents: Sequence[Drafted]) -> list[Drafted]:
    """Say `via` in the claims of sentences that cite an agency or another document's publisher.

    An event that nobody else vouches for gets the cited outlet's word as a claim.
    """
    reader = CitationReader(dict.fromkeys(document.source.publisher for document in documents))
    return [
        replace(document, drafts=tuple(_cite_draft(draft, document, reader) for draft in document.drafts))
        for document in documents
    ]


def _cite_draft(draft: Draft, document: Drafted, reader: CitationReader) -> Draft:
    own = {document.source.publisher, agency_name(document.source.publisher), document.source.derived_from}
    cited = {quote: name for quote in quotes_of(draft) if (name := reader.cited(quote)) and name not in own}
    if not cited:
        return draft
    record = draft.record
    claims = []
    for claim in record.claims:
        name = next(
            (name for quote, name in cited.items() if claim.quote and quote.startswith(claim.quote)), ""
        )
        is_theirs = name in reader.names_in(claim.by)
        claims.append(
            claim.model_copy(update={"via": name}) if name and not claim.via and not is_theirs else claim
        )
    if not _is_vouched(claims):
        quote, name = next(iter(cited.items()))
        claims.append(
            Claim(by=name, stance=Stance.ASSERTS, quote=quote[:_LONGEST_QUOTE], source=document.source_id)
        )
    return _with_record(draft, claims=tuple(claims))


def _with_record(draft: Draft, **changes: object) -> Draft:
    return replace(draft, record=draft.record.model_copy(update=changes))


# What may be one event


def choose_matches(matches: Iterable[Match], owners: Sequence[int]) -> list[Match]:
    """The best matches, best first: of one document an event has one partner at most, and twelve in all.

    Parameters
    ----------
    owners
        The number of the document of each event.
    """
    chosen = []
    partners: defaultdict[int, set[int]] = defaultdict(set)
    for match in sorted(matches, key=lambda m: (-m.points, m.one, m.other)):
        documents = owners[match.one], owners[match.other]
        if documents[1] in partners[match.one] or documents[0] in partners[match.other]:
            continue
        if max(len(partners[match.one]), len(partners[match.other])) >= _MOST_PARTNERS:
            continue
        partners[match.one].add(documents[1])
        partners[match.other].add(documents[0])
        chosen.append(match)
    return chosen


# What is said of it


def is_same(match: Match) -> bool:
    """Whether a match is sure enough to be called the same event."""
    # Who disagrees on the day or on who did it may well tell of two events.
    return match.points >= STRONG and not any(
        each.about in ("when", "actors") for each in match.contradictions
    )


def _suggest(match: Match, drafts: Sequence[Draft]) -> Suggestion:
    return Suggestion(
        one=drafts[match.one].record.id,
        other=drafts[match.other].record.id,
        relation=RelationType.SAME_AS if is_same(match) else RelationType.POSSIBLE_DUPLICATE,
        points=match.points,
        reasons=match.reasons,
        contradictions=tuple(each.words for each in match.contradictions),
    )


def _relate(
    documents: Sequence[Drafted],
    owners: Sequence[int],
    matches: Sequence[Match],
    suggestions: Sequence[Suggestion],
) -> list[Drafted]:
    """Put relations and both sides of contradictions on the events themselves."""
    drafts = [draft for document in documents for draft in document.drafts]
    relations: defaultdict[int, list[Relation]] = defaultdict(list)
    claims: defaultdict[int, list[Claim]] = defaultdict(list)
    for match, suggestion in zip(matches, suggestions, strict=True):
        relations[match.one].append(Relation(type=suggestion.relation, event=suggestion.other))
        relations[match.other].append(Relation(type=suggestion.relation, event=suggestion.one))
        for contradiction in match.contradictions:
            for number in (match.one, match.other):
                document = documents[owners[number]]
                claims[number] += claims_of(
                    contradiction,
                    is_first=number == match.one,
                    record=drafts[number].record,
                    source=document.source,
                    source_id=document.source_id,
                )
        for mine, theirs in ((match.one, match.other), (match.other, match.one)):
            claims[mine] += _own_word(drafts[mine].record, documents[owners[mine]], drafts[theirs].record)
    for number, added in relations.items():
        record = drafts[number].record
        drafts[number] = _with_record(
            drafts[number],
            relations=_added(record.relations, added),
            claims=_added(record.claims, claims[number]),
        )
    rest = iter(drafts)
    return [replace(document, drafts=tuple(islice(rest, len(document.drafts)))) for document in documents]


def _own_word(record: EventRecord, document: Drafted, other: EventRecord) -> list[Claim]:
    """A publisher's word for its own event, where another document cites it for the same: one origin, not two."""
    name = agency_name(document.source.publisher) or document.source.publisher
    cited = {by for claim in other.claims if claim.about == "event" for by in (claim.by, claim.via)}
    if not name or name not in cited or document.source.derived_from or _is_vouched(record.claims):
        return []
    return [Claim(by=name, stance=Stance.ASSERTS, source=document.source_id)]


def _is_vouched(claims: Iterable[Claim]) -> bool:
    return any(claim.about == "event" and claim.stance.vouches for claim in claims)


def _added(known: tuple[Item, ...], new: Iterable[Item]) -> tuple[Item, ...]:
    found = list(known)
    for item in new:
        if item not in found:
            found.append(item)
    return tuple(found)
