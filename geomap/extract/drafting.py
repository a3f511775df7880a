"""A document to draft events: what its sentences tell, where, when, who, and by whose account."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, Generic, TypeVar

from geomap.extract.actors import ActorReader, People
from geomap.extract.casting import Cast, Caster, Citation, part
from geomap.extract.dates import DateMention, find_dates
from geomap.extract.document import BlockKind, Document, Sentence
from geomap.extract.grouping import Grouper
from geomap.extract.lexicon import read_lexicon
from geomap.extract.nations import Nations
from geomap.extract.quantities import CountReader
from geomap.extract.sites import Setting, SiteReader
from geomap.extract.siting import Siter
from geomap.extract.speech import Saying, SpeechReader
from geomap.extract.tokens import Words, read_words, word_set
from geomap.extract.told import WEAK, Group, Told
from geomap.extract.toponyms import Geoparser, Toponym
from geomap.extract.triggers import Reality, TriggerFinder, quoted_spans
from geomap.extract.when import DatedWords, event_time, tokens_of_dates
from geomap.gazetteer import PlaceData
from geomap.model.drafts import Draft, Link
from geomap.model.event_types import EVENT_TYPES, family_of, head_of
from geomap.model.places import PlaceRef
from geomap.model.records import Claim, EventRecord, Evidence, PlaceSpec, Where
from geomap.model.vocabulary import ActorRole, DateBasis, EvidenceMethod, Modality, Stance, Workflow

_SURROGATES: Final = re.compile("[\ud800-\udfff]")
_LASTING: Final = frozenset({"migration", "exercise", "ground_combat", "unrest"})
_LASTING_SUBTYPES: Final = frozenset({"deployment/buildup", "deployment/basing", "air_activity/patrol"})
_GOES_ON: Final = 700
"""Code points within which a speaker goes on about the same thing."""
_POINTERS: Final = frozenset({"it", "them", "this"})
_SEQUEL: Final = frozenset({"then", "afterwards", "answered", "retaliated", "responded"})
_ANOTHER: Final = word_set("another second separate separately new fresh third further elsewhere also more")
_KNOWN: Final = frozenset({"forces", "aircraft", "drones", "ships", "migrants", "rebels", "protesters"})
_OFFICIAL: Final = word_set(
    "ministry state_forces head_of_state government border_guard rebel alliance international_org"
)
_MOTIVES: Final = (
    ("in", "response", "to"), ("intended", "to"), ("meant", "to"), ("aimed", "at"), ("aims", "to"), ("designed", "to"),
    ("due", "to"), ("because", "of"), ("in", "order", "to"), ("exclusively", "to"), ("to", "test"), ("to", "deter"),
    ("did", "not", "warrant"), ("to", "pressure"), ("to", "protect"), ("to", "strengthen"), ("purely", "defensive"),
)  # fmt: skip
_LONGEST_QUOTE: Final = 600
_LONGEST_SENTENCE: Final = 1200
"""Code points; what is longer is no sentence, and is read in pieces."""
_Span = TypeVar("_Span", Toponym, DateMention)
SUPPORTING: Final = 0.3
"""Confidence below which a draft only supports another one."""


class Drafter:
    """Drafts the events of documents."""

    def __init__(self, data: PlaceData, *, geoparser: Geoparser | None = None) -> None:
        self.geoparser = geoparser or Geoparser(data)
        self.lexicon = read_lexicon()
        nations = Nations(data.store)
        actors = ActorReader(self.lexicon, nations)
        self.sites = SiteReader(self.lexicon, nations)
        self.speech = SpeechReader(self.lexicon, actors)
        self.triggers = TriggerFinder(self.lexicon)
        self.counts = CountReader(self.lexicon)
        self.grouper = Grouper(self.lexicon)
        self.caster = Caster(data.store, self.lexicon, nations, actors)
        self.siter = Siter(data, nations, self.caster)

    def draft(self, document: Document, *, source: str) -> list[Draft]:
        """The events that a document reports, in the order of its text; one for each telling, not yet merged.

        Parameters
        ----------
        source
            The id under which the document is declared as a source.
        """
        if _SURROGATES.search(document.text):
            # Halves of characters can be written nowhere; a sign for them keeps every other one in its place.
            document = replace(document, text=_SURROGATES.sub("\ufffd", document.text))
        toponyms = self.geoparser.find(document)
        spans = [(sentence.start, sentence.end) for sentence in document.sentences]
        dates = find_dates(
            document.text, published=document.published, sentences=spans, language=document.language
        )
        return _Story(self, document, source, toponyms, dates).drafts()


class _Story:
    """One document on its way to drafts."""

    def __init__(
        self,
        drafter: Drafter,
        document: Document,
        source: str,
        toponyms: Sequence[Toponym],
        dates: Sequence[DateMention],
    ) -> None:
        self._drafter, self._document, self._source = drafter, document, source
        self._toponyms, self._dates = toponyms, dates
        self._setting, self._people = Setting(), People()
        self._drafts: list[Draft] = []
        self._spoke: dict[str, tuple[DatedWords | None, PlaceSpec | None]] = {}

    def drafts(self) -> list[Draft]:
        for told in self._sentences():
            self._read(told)
        self._draft_countries()
        if all(
            draft.record.type.startswith("statement") or draft.confidence < SUPPORTING
            for draft in self._drafts
        ):
            # Where nothing happens, what is quoted is the talk of any news.
            return [draft for draft in self._drafts if draft.record.type != "statement/claim"]
        return self._drafts

    def _draft_countries(self) -> None:
        """Violence on a day of its own, of which no place is told, is in the country that the story is about."""
        last: dict[str, str] = {}
        for number, draft in enumerate(self._drafts):
            head = head_of(draft.record.type)
            codes = {code for place in draft.places if place.role.locates for code in place.countries}
            if len(codes) == 1:
                last[head] = codes.pop()
            when = draft.record.when
            is_bare = family_of(head) == "violence" and not draft.places
            if not is_bare or head not in last or when is None or when.first is None:
                continue
            spec = PlaceSpec.model_validate({"country": last[head], "method": "inferred"})
            if (ref := self._drafter.siter.place(spec)) is not None:
                where = Where(mode="placed", places=(spec,))
                record = draft.record.model_copy(update={"where": where})
                self._drafts[number] = replace(draft, record=record, places=(ref,))

    def _sentences(self) -> Iterator[Told]:
        document, drafter = self._document, self._drafter
        blocks, quotes = document.blocks, {}
        lead = next((number for number, block in enumerate(blocks) if block.kind is BlockKind.PARAGRAPH), -1)
        toponyms, dates_of = _Slices(self._toponyms), _Slices(self._dates)
        for item, start, end in _pieces(document):
            block = blocks[item.block]
            if not block.kind.is_told:
                continue
            if item.block not in quotes:
                quotes = {item.block: quoted_spans(document.text, block.start, block.end)}
            words = read_words(document.text, start, end, quotes[item.block])
            if not len(words):
                continue
            here, mentions = toponyms.between(start, end), dates_of.between(start, end)
            sites = drafter.sites.read(words, here, self._setting)
            dates = tokens_of_dates(words, mentions)
            sayings = drafter.speech.read(words, self._people)
            is_title = block.kind in (BlockKind.HEADLINE, BlockKind.CAPTION)
            tellings = drafter.triggers.find(words, is_title=is_title, is_reported=bool(sayings))
            taken = frozenset(i for dated in dates for i in range(dated.first, dated.last + 1))
            yield Told(
                start=start,
                end=end,
                kind=block.kind,
                words=words,
                sites=sites,
                dates=dates,
                sayings=sayings,
                tellings=tellings,
                untold=[],
                faint=[],
                counts=drafter.counts.read(words, taken) if tellings else [],
                is_lead=block.kind is BlockKind.HEADLINE or item.block == lead,
            )

    def _read(self, told: Told) -> None:
        drafter = self._drafter
        is_past = drafter.grouper.is_past(told, self._document.text[told.start : told.end])
        groups = [] if is_past else drafter.grouper.groups(told, self._document.published)
        drafter.siter.assign(told, groups)
        drafts = [self._event(told, group) for group in groups]
        self._drafts += drafts
        self._remember_speakers(told)
        if not is_past:
            self._drafts += self._statements(told, drafts)

    def _event(self, told: Told, group: Group) -> Draft:
        words, document = told.words, self._document
        main = group.main
        head = group.head
        specs = self._drafter.siter.where(told, group, self._setting, self._people)
        own = group.own_date
        uttered = told.uttered(own, document.published)
        if own is None and _SEQUEL & words.positions.keys() and main.is_past and self._drafts:
            before = self._drafts[-1].record.when
            sequel = before if before is not None and before.first and before.first == before.last else None
        else:
            sequel = None
        announces = any(
            s.how.lemma in ("announce", "order") or s.how.stance == "asserts" for s in told.sayings
        )
        is_now = main.is_present or group.reality is Reality.ONGOING
        when = event_time(
            words,
            own,
            uttered,
            document.published,
            group.reality,
            is_present=is_now,
            is_telling_now=group.type.endswith("/announced"),
            is_lasting=head in _LASTING or group.type in _LASTING_SUBTYPES,
        )
        if sequel is not None and group.reality is Reality.OCCURRED and uttered is None:
            when = replace(sequel, basis=DateBasis.RELATIVE_TO_EVENT, words="")
        if own is not None and (own.mention.is_future and group.reality is not Reality.PLANNED):
            group.reality = Reality.PLANNED
        if group.reality is Reality.PLANNED or group.type.endswith("/announced"):
            modality = (
                Modality.ANNOUNCED
                if announces or told.sayings or group.type.endswith("/announced")
                else Modality.PLANNED
            )
        elif when.edtf.endswith("/.."):
            modality = Modality.ONGOING
        else:
            modality = Modality.OCCURRED
        claims = self._claims(told, group)
        points_back = group.points_back and own is None
        is_weak = (
            main.trigger.weight < WEAK and not (told.kind is BlockKind.CAPTION and specs) and own is None
        )
        if main.is_noun and main.trigger.weight <= 1.0 and own is None and not specs:
            is_weak = True
        places = tuple(
            self._drafter.siter.place(spec)
            or PlaceRef.unresolved(spec.role, spec.name or spec.place or "unresolved place")
            for spec in specs
        )
        confidence = self._confidence(group, specs, own, told)
        cast = self._drafter.caster.cast(told, group, specs, self._people)
        record = EventRecord(
            id="draft",
            type=group.type,
            title=self._title(group, specs, places, told),
            sources=(self._source,),
            modality=modality,
            when=when if when.is_dated or when.words else None,
            where=Where(mode="placed", places=tuple(specs)) if specs else Where(mode="none"),
            actors=cast.actors,
            quantities=cast.quantities,
            equipment=cast.equipment,
            claims=tuple(claims),
            evidence=tuple(self._evidence(told, group, own, cast, confidence)),
            workflow=Workflow.DRAFT,
            codes=self._codes(group.type),
        )
        return Draft(
            record=record,
            places=places,
            link=self._link(told, group, is_bare=not specs and own is None, is_back=points_back or is_weak),
            is_lead=told.is_lead,
            is_headline=told.kind is BlockKind.HEADLINE,
            confidence=0.2 if is_weak else confidence,
            words=frozenset(low for low in words.low if len(low) > 3),
            order=told.start,
            last=told.end,
        )

    def _link(self, told: Told, group: Group, *, is_bare: bool, is_back: bool) -> Link:
        if is_back:
            return Link.BACK
        if not is_bare:
            return Link.OWN
        if self._is_known_subject(told.words, group):
            return Link.KNOWN
        return Link.OWN if _ANOTHER & told.words.positions.keys() else Link.BARE

    def _is_known_subject(self, words: Words, group: Group) -> bool:
        """Whether those who act are spoken of as known: `the troops will practise`."""
        main = group.main
        if main.is_noun:
            return False
        for at in range(max(0, main.first - 7), main.first - 1):
            if words.low[at] in ("the", "these", "those") and any(
                self._drafter.lexicon.classes.get(low, frozenset()) & _KNOWN
                for low in words.low[at + 1 : at + 4]
            ):
                return True
        return False

    def _codes(self, kind: str) -> dict[str, str]:
        head = head_of(kind)
        codes = dict(self._drafter.lexicon.codes.get(kind) or self._drafter.lexicon.codes.get(head) or {})
        known = EVENT_TYPES.get(head)
        if known is not None and known.cameo:
            codes["cameo"] = known.cameo[0]
        return codes

    def _confidence(
        self, group: Group, specs: Sequence[PlaceSpec], own: DatedWords | None, told: Told
    ) -> float:
        value = 0.35 + 0.25 * min(group.main.trigger.weight, 1.4) / 1.4
        value += 0.15 if any(spec.role.locates for spec in specs) else 0.0
        value += 0.1 if own is not None else 0.0
        value += 0.05 if told.sayings else 0.0
        value -= 0.1 if group.reality is Reality.PLANNED else 0.0
        return round(min(value, 0.95), 2)

    def _title(self, group: Group, specs: Sequence[PlaceSpec], places: Sequence[PlaceRef], told: Told) -> str:
        head, _, subtype = group.type.partition("/")
        label = (subtype or head).replace("_", " ")
        if subtype == "announced":
            label = f"{head} announced"
        where = next((ref.name for ref, spec in zip(places, specs, strict=True) if spec.role.locates), "")
        return f"{label[:1].upper()}{label[1:]}" + (f", {where}" if where else "")

    def _evidence(
        self, told: Told, group: Group, own: DatedWords | None, cast: Cast, confidence: float
    ) -> list[Evidence]:
        words, main = told.words, group.main
        kind = "noun" if main.is_noun else "verb"
        citations = [
            Citation(told.start, told.end, "event", ""),
            Citation(words.start[main.first], words.end[main.last], "type", f"{kind} {main.trigger.name}"),
        ]
        if own is not None:
            citations.append(Citation(own.mention.start, own.mention.end, "when", own.mention.rule))
        citations += [
            Citation(
                words.start[site.first],
                words.end[site.last],
                "where",
                f"{site.cue} {site.grain.name.lower()}".strip(),
            )
            for site in group.sites
        ]
        return [self._cited(citation, confidence) for citation in (*citations, *cast.citations)]

    def _cited(self, citation: Citation, confidence: float) -> Evidence:
        text = self._document.text[citation.start : citation.end]
        first, last = self._document.original_span(citation.start, citation.end)
        return Evidence(
            source=self._source,
            start=first,
            end=last,
            quote=text,
            field=citation.field,
            rule=citation.rule,
            method=EvidenceMethod.RULE,
            confidence=confidence,
        )

    def _claims(self, told: Told, group: Group) -> list[Claim]:
        found = []
        for saying in told.sayings:
            if saying.speaker is None or not saying.speaker.name or group.main.is_likened:
                continue
            stance, about = saying.stance, "event"
            if saying.is_denied and stance == "asserts":
                continue
            if stance == "asserts" and self._is_motive(told.words, saying):
                stance, about = "justifies", "motive"
            found.append(self._claim(told, saying, stance, about))
        return found

    def _claim(self, told: Told, saying: Saying, stance: str, about: str) -> Claim:
        uttered = told.uttered(None, self._document.published)
        speaker = saying.speaker
        assert speaker is not None
        return Claim(
            by=speaker.name,
            stance=Stance(stance),
            about=about,
            quote=self._document.text[told.start : told.end][:_LONGEST_QUOTE],
            when=uttered.mention.when if uttered is not None and uttered.mention.when.is_dated else None,
            source=self._source,
        )

    @staticmethod
    def _is_motive(words: Words, saying: Saying) -> bool:
        """Whether what is said gives a reason: `intended to test`, `in response to`."""
        return any(
            at >= saying.verb and tuple(words.low[at : at + len(phrase)]) == phrase
            for phrase in _MOTIVES
            for at in words.positions.get(phrase[0], ())
        )

    def _statements(self, told: Told, drafts: Sequence[Draft]) -> list[Draft]:
        """What is said as news of its own: warnings, accusations, denials, demands, and quoted views."""
        found: list[Draft] = []
        words = told.words
        for saying in told.sayings:
            speaker = saying.speaker
            if saying.stance == "does_not_claim" and speaker is not None:
                self._add_claim(told, saying, family="violence")
            if speaker is None or not saying.type or speaker.kind == "media" or saying.is_denied:
                continue
            if saying.type == "statement/denial" and self._answers(told, saying):
                continue
            if saying.type == "statement/claim" and self._goes_on(told, saying):
                continue
            after = words.low[saying.verb_last + 1 : saying.verb_last + 6]
            if (
                saying.type == "statement/accusation"
                and _POINTERS.intersection(after)
                and self._answers(told, saying)
            ):
                continue
            if any(draft.confidence >= SUPPORTING for draft in drafts):
                continue
            if speaker.kind not in _OFFICIAL or not (
                speaker.is_person or speaker.country or speaker.kind in ("alliance", "international_org")
            ):
                continue
            if (
                saying.stance == "accuses"
                and saying.type == "statement/accusation"
                and saying.accused is None
            ):
                continue
            found.append(self._statement(told, saying))
            break
        return found

    def _answers(self, told: Told, saying: Saying) -> bool:
        """Whether a denial answers an accusation told before, whose event then takes it as a claim."""
        speaker = saying.speaker
        assert speaker is not None
        words = frozenset(low for low in told.words.low if len(low) > 4) | {speaker.name.lower()}
        found: tuple[float, int] | None = None
        for number in range(len(self._drafts) - 1, max(-1, len(self._drafts) - 12), -1):
            draft = self._drafts[number]
            is_accused = any(claim.stance is Stance.ACCUSES for claim in draft.record.claims)
            if draft.record.type.startswith("statement") and not is_accused:
                continue
            near = 2.0 if told.start - draft.order < _GOES_ON else 0.0
            value = 2.0 * is_accused + near + len(words & draft.words)
            if value > 0 and (found is None or value > found[0]):
                found = (value, number)
        if found is None:
            return False
        self._attach(found[1], self._claim(told, saying, saying.stance, "event"))
        return True

    def _goes_on(self, told: Told, saying: Saying) -> bool:
        """Whether somebody goes on about an event of which the last sentences told by their account."""
        speaker = saying.speaker
        assert speaker is not None
        for number in range(len(self._drafts) - 1, max(-1, len(self._drafts) - 3), -1):
            draft = self._drafts[number]
            if (
                not draft.record.type.startswith("statement")
                and any(claim.by == speaker.name for claim in draft.record.claims)
                and told.start - draft.order < _GOES_ON
            ):
                self._attach(number, self._claim(told, saying, saying.stance, "event"))
                return True
        return False

    def _add_claim(self, told: Told, saying: Saying, *, family: str) -> None:
        """Put what somebody says about the last event of a family to that event."""
        for number in range(len(self._drafts) - 1, -1, -1):
            if told.start - self._drafts[number].order > 4 * _GOES_ON:
                return
            if family_of(self._drafts[number].record.type) == family:
                self._attach(number, self._claim(told, saying, saying.stance, "event"))
                return

    def _attach(self, number: int, claim: Claim) -> None:
        draft = self._drafts[number]
        record = draft.record.model_copy(update={"claims": (*draft.record.claims, claim)})
        self._drafts[number] = replace(draft, record=record)

    def _remember_speakers(self, told: Told) -> None:
        """Where and when somebody spoke, for what is quoted of them in the next sentences."""
        for saying in told.sayings:
            if saying.speaker is None or not saying.speaker.is_person:
                continue
            dated, spec = (
                told.uttered(None, self._document.published),
                self._drafter.siter.spoken_at(told, saying),
            )
            known = self._spoke.get(saying.speaker.name, (None, None))
            self._spoke[saying.speaker.name] = (dated or known[0], spec or known[1])

    def _statement(self, told: Told, saying: Saying) -> Draft:
        speaker = saying.speaker
        assert speaker is not None
        words = told.words
        uttered = told.uttered(None, self._document.published)
        spec = self._drafter.siter.spoken_at(told, saying)
        before = self._spoke.get(speaker.name, (None, None))
        uttered, spec = uttered or before[0], spec or before[1]
        when = event_time(
            words, uttered, None, self._document.published, Reality.OCCURRED,
            is_present=False, is_telling_now=False, is_lasting=False,
        )  # fmt: skip
        specs = [spec] if spec is not None else []
        places = tuple(
            self._drafter.siter.place(spec)
            or PlaceRef.unresolved(spec.role, spec.place or "unresolved place")
            for spec in specs
        )
        actors = [part(speaker, ActorRole.SPEAKER)]
        if saying.accused is not None and saying.stance == "accuses" and saying.accused.name:
            actors.append(part(saying.accused, ActorRole.ACCUSED))
        kind = saying.type
        label = kind.partition("/")[2].replace("_", " ") or "statement"
        confidence = 0.55 if saying.has_quote or saying.how.type else 0.45
        record = EventRecord(
            id="draft",
            type=kind,
            title=f"{speaker.name}: {label}",
            sources=(self._source,),
            when=when if when.is_dated or when.words else None,
            where=Where(mode="placed", places=tuple(specs)) if specs else Where(mode="none"),
            actors=tuple(actors),
            claims=(self._claim(told, saying, saying.stance, "event"),),
            evidence=(
                self._cited(Citation(told.start, told.end, "event", ""), confidence),
                self._cited(
                    Citation(
                        words.start[saying.verb],
                        words.end[saying.verb_last],
                        "type",
                        f"verb {saying.how.lemma}",
                    ),
                    confidence,
                ),
            ),
            workflow=Workflow.DRAFT,
            codes=self._codes(kind),
        )
        return Draft(
            record=record, places=places, is_lead=told.is_lead, confidence=confidence,
            words=frozenset(low for low in words.low if len(low) > 3), order=told.start,
            last=told.end,
        )  # fmt: skip


def _pieces(document: Document) -> Iterator[tuple[Sentence, int, int]]:
    """The sentences of a document with their spans; an endless one in pieces, cut at blanks where there are any."""
    for sentence in document.sentences:
        start = sentence.start
        while sentence.end - start > _LONGEST_SENTENCE:
            end = start + _LONGEST_SENTENCE
            blank = document.text.rfind(" ", start + 1, end)
            end = blank if blank > start else end
            yield sentence, start, end
            start = end
        yield sentence, start, sentence.end


class _Slices(Generic[_Span]):
    """Spans in the order of a text, asked for stretch by stretch."""

    def __init__(self, spans: Sequence[_Span]) -> None:
        self._spans: Sequence[_Span] = spans
        self._next = 0

    def between(self, start: int, end: int) -> list[_Span]:
        """Those that touch a stretch, none of which may begin before the last one asked for."""
        while self._next < len(self._spans) and self._spans[self._next].end <= start:
            self._next += 1
        found = []
        for number in range(self._next, len(self._spans)):
            if self._spans[number].start >= end:
                break
            found.append(self._spans[number])
        return found
