"""Texts to drafted events: read, drafted, merged, named, and made ready for people or machines."""

import os
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from anyascii import anyascii

from geomap.events.across import Drafted, Suggestion, relate
from geomap.events.merge import merge_document
from geomap.events.write import NotedEvent, events_yaml, plain_event
from geomap.extract.document import Document
from geomap.extract.drafting import Drafter
from geomap.extract.read import BrokenRecord, read_document, read_records
from geomap.extract.toponyms import Geoparser, Recogniser
from geomap.gazetteer import PlaceData
from geomap.model.drafts import Draft
from geomap.model.places import PlaceRef
from geomap.model.records import EventRecord, Evidence, PlaceSpec, Source
from geomap.model.timespan import TimeSpan, parse_edtf
from geomap.model.vocabulary import Precision, SourceKind

__all__ = [
    "BrokenRecord",
    "Drafted",
    "Drafting",
    "answers",
    "drafts_yaml",
    "make_geoparser",
    "read_documents",
]

_RECORDS: Final = frozenset({".jsonl", ".ndjson"})
_NOT_SLUG: Final = re.compile(r"[^a-z0-9]+")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_MARK: Final = 4
"""Hexadecimal digits of a document's SHA-256 that tell its ids from those of others."""
_LONGEST_SLUG: Final = 60
_LONGEST_WORDS: Final = 400
_LONGEST_QUOTE: Final = 4_000
_MOST_CANDIDATES: Final = 3
_MOST_SENTENCES: Final = 6
_UNSTATED: Final = frozenset({"", "not stated", "unknown"})


def read_documents(path: Path, *, published: date | None = None) -> Iterator[Document | BrokenRecord]:
    """The document of a file, or those of a file of JSON Lines; a line that holds none with why.

    Parameters
    ----------
    published
        Goes before whatever the documents say of it.

    Raises
    ------
    ConfigError
        If the file cannot be read.
    MissingExtraError
        If it is HTML and trafilatura is not installed.
    """
    if path.suffix.lower() not in _RECORDS:
        yield read_document(path, published=published)
        return
    for item in read_records(path):
        if published is None or isinstance(item, BrokenRecord):
            yield item
        else:
            yield replace(item, published=published, published_basis="given")


def make_geoparser(data: PlaceData, ner_model: str | None = None, *, is_russian: bool = False) -> Geoparser:
    """What finds the toponyms of documents, with the recognisers of others that a user asks for.

    Parameters
    ----------
    ner_model
        A spaCy model: its folder, or an installed package.
    is_russian
        Whether natasha reads Russian texts.

    Raises
    ------
    MissingExtraError
        If a library is not installed.
    ConfigError
        If there is no such model.
    """
    recognisers: list[Recogniser] = []
    if ner_model is not None:
        from geomap.extract.toponyms.recognisers.spacy import SpacyRecogniser

        recognisers.append(SpacyRecogniser(ner_model))
    if is_russian:
        from geomap.extract.toponyms.recognisers.natasha import NatashaRecogniser

        recognisers.append(NatashaRecogniser())
    return Geoparser(data, recognisers=recognisers)


class Drafting:
    """Drafts one document after the other; in the events file that they make ids are told apart."""

    def __init__(self, data: PlaceData, geoparser: Geoparser | None = None) -> None:
        self._data, self._drafter = data, Drafter(data, geoparser=geoparser)
        self._source_ids, self._event_ids = _Ids(), _Ids()

    def draft(self, document: Document, *, file: str = "") -> Drafted:
        """The events of a document, in the order of its text.

        Parameters
        ----------
        file
            Where the document lies, as its source is to say.
        """
        return self._draft(document, file, self._source_ids, self._event_ids)

    def answer(self, document: Document) -> list[dict[str, Any]]:
        """The events of a document for machines, whatever was drafted before: as in an events file, worked out.

        `when` is a mapping with the days `first` and `last` as well, or None. `where` is a list; its items have also
        `lon lat radius_m precision place_id geonameid country name` of what they resolve to.
        """
        return answers(self.draft_alone(document))

    def draft_alone(self, document: Document, *, file: str = "") -> Drafted:
        """The events of a document, with ids that hold whatever was drafted before.

        Parameters
        ----------
        file
            As for `draft`.
        """
        return self._draft(document, file, _Ids(), _Ids())

    def yaml(self, documents: Sequence[Drafted]) -> str:
        """The drafts of documents as an events file, with what may be one event in several of them."""
        related, suggestions = relate(documents)
        return drafts_yaml(related, suggestions, self._data)

    def _draft(self, document: Document, file: str, source_ids: "_Ids", event_ids: "_Ids") -> Drafted:
        document, file = _in_unicode(document), _replaced(file)
        # Ids hold the document's own mark, so that drafts of several runs stand in one map.
        mark = document.sha256[:_MARK]
        source_id = source_ids.take(f"{_source_slug(document, file)}-{mark}")
        merged = merge_document(self._drafter.draft(document, source=source_id))
        return Drafted(
            source_id=source_id,
            source=_source(document, file),
            text=document.text,
            drafts=tuple(_named(draft, event_ids, mark) for draft in merged),
        )


def answers(drafted: Drafted) -> list[dict[str, Any]]:
    """The events of a document for machines, as `Drafting.answer` gives them."""
    return [_answer(draft) for draft in drafted.drafts]


def drafts_yaml(documents: Sequence[Drafted], suggestions: Sequence[Suggestion], data: PlaceData) -> str:
    """The drafts of documents as an events file.

    Comments quote the sentences that an event rests on and name what may be the same event; a place that cannot be
    settled is followed by what it may mean.
    """
    likened = _likened(suggestions)
    events = [
        NotedEvent(
            record=draft.record,
            above=(*_sentences(draft.record), *likened.get(draft.record.id, ())),
            beside=_doubts(draft, data),
        )
        for drafted in documents
        for draft in drafted.drafts
    ]
    return events_yaml(
        events,
        sources={drafted.source_id: drafted.source for drafted in documents},
        source_notes={drafted.source_id: drafted.notes for drafted in documents},
        head=(
            "Drafts. Compare each event with the words above it, correct it, then set workflow: reviewed.",
        ),
    )


# Remarks


def _sentences(record: EventRecord) -> list[str]:
    """The sentences that an event rests on, each once, as many as help to review it."""
    found = list(dict.fromkeys(one.quote for one in record.evidence if one.field == "event"))
    more = len(found) - _MOST_SENTENCES
    return [*found[:_MOST_SENTENCES], f"… and {more} more under evidence"] if more > 0 else found


def _likened(suggestions: Sequence[Suggestion]) -> Mapping[str, list[str]]:
    """What to say of the events, by id, that may be the same as another."""
    told: dict[str, list[str]] = defaultdict(list)
    for suggestion in suggestions:
        relation = suggestion.relation.value.replace("_", " ")
        reasons = "; ".join(suggestion.reasons) or "alike"
        differing = f"; but {'; '.join(suggestion.contradictions)}" if suggestion.contradictions else ""
        for one, other in ((suggestion.one, suggestion.other), (suggestion.other, suggestion.one)):
            told[one].append(f"{relation}: {other} ({reasons}{differing})")
    return told


def _doubts(draft: Draft, data: PlaceData) -> dict[int, str]:
    """What each place that cannot be settled may mean, by its number."""
    return {
        number: _candidates(spec, data)
        for number, (spec, ref) in enumerate(zip(draft.record.where.places, draft.places, strict=True))
        if ref.precision is Precision.NONE
    }


def _candidates(spec: PlaceSpec, data: PlaceData) -> str:
    anchor = spec.near or spec.from_
    name = spec.place or (anchor.place if anchor else None)
    if name is None:
        return "cannot be drawn as it is written"
    country = spec.country if spec.place else anchor.country if anchor else None
    found = data.resolver.candidates(name, country=country)
    if not found:
        close = data.resolver.suggestions(name)
        return "no such place is known" + (f"; did you mean {', '.join(close)}?" if close else "")
    told = [
        f"{data.resolver.describe(candidate)} {candidate.score:.2f}" for candidate in found[:_MOST_CANDIDATES]
    ]
    return f"not settled; may be {'; '.join(told)}"


# Names


class _Ids:
    """Ids, each given once: `drill`, `drill-2`, `drill-3`."""

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}

    def take(self, slug: str) -> str:
        count = self._taken.get(slug, 0)
        while True:
            count += 1
            name = slug if count == 1 else f"{slug}-{count}"
            if name not in self._taken:
                break
        self._taken[slug] = count
        self._taken.setdefault(name, 1)
        return name


def _named(draft: Draft, ids: _Ids, mark: str) -> Draft:
    record = draft.record
    changes = {
        "id": ids.take(f"{_event_slug(draft)}-{mark}"),
        "evidence": tuple(_shortened(evidence) for evidence in record.evidence),
    }
    return replace(draft, record=record.model_copy(update=changes))


def _slug(text: str) -> str:
    """A text as an id: ASCII, lower case, words joined by hyphens; empty if nothing of it is left."""
    slug = _NOT_SLUG.sub("-", anyascii(text[: 4 * _LONGEST_SLUG]).lower()).strip("-")
    if len(slug) > _LONGEST_SLUG:
        slug = slug[:_LONGEST_SLUG].rpartition("-")[0] or slug[:_LONGEST_SLUG]
    return slug


def _event_slug(draft: Draft) -> str:
    """`20211112-airborne-drop-grodno-region`: the day, what happened, and where or by whom."""
    record = draft.record
    head, _, subtype = record.type.partition("/")
    kind = record.type if subtype == "announced" else subtype or head
    places = (ref.name for ref in draft.places if ref.role.locates)
    name = next(places, "") or next((actor.name for actor in record.actors), "")
    parts = (_day_digits(record.when), _slug(kind), _slug(name))
    return "-".join(part for part in parts if part)


def _day_digits(when: TimeSpan | None) -> str:
    """The day; of several days the month or year that they share, of an open span the day that is known."""
    days = [day for day in (when.first, when.last) if day is not None] if when is not None else []
    if not days:
        return "undated"
    first, last = f"{days[0]:%Y%m%d}", f"{days[-1]:%Y%m%d}"
    return next(first[:digits] for digits in (8, 6, 4) if digits == 4 or first[:digits] == last[:digits])


def _source_slug(document: Document, file: str) -> str:
    """Publisher and day where both are known, else the file's name."""
    day = f"{document.published:%Y%m%d}" if document.published else ""
    publisher = document.publisher.strip()
    if day and publisher.lower() not in _UNSTATED and (slug := _slug(publisher)):
        return f"{slug}-{day}"
    name = Path(file).stem if document.id == Path(file).name else document.id
    return _slug(name) or (f"press-{day}" if day else "document")


def _source(document: Document, file: str) -> Source:
    return Source(
        publisher=_cut(document.publisher),
        author=_cut(document.author),
        title=_cut(document.title),
        url=document.url,
        published=_day(document.published),
        published_basis=_cut(document.published_basis),
        retrieved=_day(document.retrieved),
        language=document.language,
        kind=SourceKind.OTHER,
        sha256=document.sha256,
        file=file,
    )


def _day(day: date | None) -> TimeSpan | None:
    return parse_edtf(day.isoformat()) if day else None


def _in_unicode(document: Document) -> Document:
    """A document without half surrogate pairs, which no record can hold; offsets stay as they are."""
    return replace(
        document,
        id=_replaced(document.id),
        text=_replaced(document.text),
        title=_replaced(document.title),
        publisher=_replaced(document.publisher),
        author=_replaced(document.author),
        url=_replaced(document.url),
        published_basis=_replaced(document.published_basis),
    )


def _replaced(text: str) -> str:
    return _SURROGATE.sub("\ufffd", text)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_WORDS else text[:_LONGEST_WORDS] + "…"


def _shortened(evidence: Evidence) -> Evidence:
    """Evidence whose quote an events file can hold; its span stays whole."""
    if len(evidence.quote) <= _LONGEST_QUOTE:
        return evidence
    return evidence.model_copy(update={"quote": evidence.quote[:_LONGEST_QUOTE] + "…"})


# For machines


def _answer(draft: Draft) -> dict[str, Any]:
    record = draft.record
    plain = plain_event(record)
    written = record.where.places
    answer: dict[str, Any] = {}
    for key, value in plain.items():
        if key == "where":
            items = value if isinstance(value, list) else [value]
            pairs = zip(items if written else [], draft.places, strict=True)
            answer.setdefault("when", None)
            answer[key] = [_placed(item, ref) for item, ref in pairs]
        else:
            answer[key] = _dated(record.when) if key == "when" else value
    return answer


def _dated(when: TimeSpan | None) -> dict[str, Any] | None:
    if when is None:
        return None
    return {
        "edtf": when.edtf or None,
        "precision": when.precision.value,
        "basis": when.basis.value,
        "text": when.words,
        "first": when.first.isoformat() if when.first else None,
        "last": when.last.isoformat() if when.last else None,
    }


def _placed(item: Any, ref: PlaceRef) -> Mapping[str, Any]:
    """A place as written, with what it resolves to; what it is called and its country stay where it does not."""
    written = {"place": item} if isinstance(item, str) else item
    is_known = ref.precision is not Precision.NONE
    at = ref.position if is_known else None
    country = ref.countries[0] if len(ref.countries) == 1 else None
    return {
        **written,
        "role": ref.role.value,
        "lon": round(at.lon, 6) if at else None,
        "lat": round(at.lat, 6) if at else None,
        "radius_m": ref.radius_m if is_known else None,
        "precision": ref.precision.value,
        "place_id": ref.place_id,
        "geonameid": ref.geonameid,
        "country": country if is_known else written.get("country"),
        "name": ref.name,
    }


def source_file(path: Path, folder: Path) -> str:
    """How a source in an events file in `folder` names a file: relative where it can be, with forward slashes."""
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # on another drive
        return path.absolute().as_posix()
