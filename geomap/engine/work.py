"""What is made of a document: rows of the toponyms and dates in it, or of the events drafted from it."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import orjson
import pyarrow as pa

from geomap.engine.corpus import Entry
from geomap.engine.job import Job
from geomap.engine.parts import Row
from geomap.engine.signatures import sign
from geomap.events.across import Drafted
from geomap.events.copies import take_prints
from geomap.events.write import plain_event, plain_source
from geomap.extract.answers import tell_document
from geomap.extract.document import Document
from geomap.gazetteer import PlaceData, read_gazetteer
from geomap.model.drafts import Draft
from geomap.model.places import PlaceRef
from geomap.model.vocabulary import Precision
from geomap.pipeline.drafting import Drafting, answers, make_geoparser

_UID: Final = 16

_WHERE_FROM: Final = [
    pa.field("document", pa.string(), nullable=False),  # its id
    pa.field("file", pa.string(), nullable=False),  # beginning with the corpus' name
    pa.field("line", pa.int64()),  # of a file of JSON Lines, from 1
]

MENTIONS: Final = pa.schema(
    [
        *_WHERE_FROM,
        pa.field("what", pa.string(), nullable=False),  # toponym or date
        pa.field("start", pa.int64(), nullable=False),  # code points, end exclusive
        pa.field("end", pa.int64(), nullable=False),
        pa.field("text", pa.string(), nullable=False),
        pa.field("lon", pa.float64()),
        pa.field("lat", pa.float64()),
        pa.field("geonameid", pa.int64()),
        pa.field("place_id", pa.string()),
        pa.field("kind", pa.string()),
        pa.field("score", pa.float64()),
        pa.field("mention", pa.string()),
        pa.field("first", pa.date32()),
        pa.field("last", pa.date32()),
        pa.field("precision", pa.string()),  # of a date
    ]
)
EVENTS: Final = pa.schema(
    [
        pa.field("uid", pa.string(), nullable=False),  # of file, line and event
        *_WHERE_FROM,
        pa.field("event", pa.string(), nullable=False),  # its id, unique in its document
        pa.field("source", pa.string(), nullable=False),
        pa.field("type", pa.string(), nullable=False),
        pa.field("title", pa.string(), nullable=False),
        pa.field("modality", pa.string(), nullable=False),
        pa.field("first", pa.date32()),
        pa.field("last", pa.date32()),
        pa.field("when_precision", pa.string()),
        pa.field("place", pa.string()),  # the first that locates it
        pa.field("place_id", pa.string()),
        pa.field("country", pa.string()),
        pa.field("lon", pa.float64()),
        pa.field("lat", pa.float64()),
        pa.field("radius_m", pa.float64()),
        pa.field("precision", pa.string()),
        pa.field("confidence", pa.float64(), nullable=False),
        pa.field("json", pa.string(), nullable=False),  # as `draft --jsonl` answers it
        pa.field("record", pa.string(), nullable=False),  # as an events file writes it, in JSON
        pa.field("words", pa.list_(pa.string()), nullable=False),  # content words of its sentence
    ]
)
SOURCES: Final = pa.schema(
    [
        *_WHERE_FROM,
        pa.field("source", pa.string(), nullable=False),
        pa.field("events", pa.int64(), nullable=False),
        pa.field("publisher", pa.string(), nullable=False),
        pa.field("title", pa.string(), nullable=False),
        pa.field("url", pa.string(), nullable=False),
        pa.field("published", pa.date32()),
        pa.field("language", pa.string(), nullable=False),
        pa.field("sha256", pa.string(), nullable=False),
        pa.field("json", pa.string(), nullable=False),  # as an events file writes it, in JSON
        pa.field("signature", pa.list_(pa.uint32()), nullable=False),  # MinHash of its word 5-grams, or empty
    ]
)


class TagWork:
    """Toponyms and dates, one row each, in the order of the text."""

    tables: Mapping[str, pa.Schema] = {"mentions": MENTIONS}

    def __init__(self, job: Job) -> None:
        self._data = _place_data(job)
        self._geoparser = make_geoparser(self._data, job.ner_model, is_russian=job.is_russian)

    def rows(self, document: Document, entry: Entry) -> Mapping[str, Sequence[Row]]:
        """The mentions of a document."""
        answer = tell_document(self._data, self._geoparser, document)
        told = [{"what": "toponym", **toponym} for toponym in answer["toponyms"]]
        told += [
            {"what": "date", **found, "first": _day(found["first"]), "last": _day(found["last"])}
            for found in answer["dates"]
        ]
        told.sort(key=lambda row: (row["start"], row["end"], row["what"]))
        at = _from(document, entry)
        return {"mentions": [{**at, **row} for row in told]}


class DraftWork:
    """Drafted events, one row each, in the order of the text, and one row for each document."""

    tables: Mapping[str, pa.Schema] = {"events": EVENTS, "sources": SOURCES}

    def __init__(self, job: Job) -> None:
        data = _place_data(job)
        self._drafting = Drafting(data, make_geoparser(data, job.ner_model, is_russian=job.is_russian))

    def rows(self, document: Document, entry: Entry) -> Mapping[str, Sequence[Row]]:
        """The drafts of a document, and its source."""
        drafted = self._drafting.draft_alone(document, file="" if entry.line else entry.name)
        at = _from(document, entry)
        pairs = zip(drafted.drafts, answers(drafted), strict=True)
        return {
            "events": [{**at, **_event(draft, answer, entry, drafted.source_id)} for draft, answer in pairs],
            "sources": [{**at, **_source(drafted)}],
        }


def _place_data(job: Job) -> PlaceData:
    return read_gazetteer(worldview=job.worldview)


def _from(document: Document, entry: Entry) -> dict[str, Any]:
    return {"document": document.id, "file": entry.name, "line": entry.line or None}


def _event(draft: Draft, answer: Mapping[str, Any], entry: Entry, source_id: str) -> dict[str, Any]:
    record = draft.record
    when = record.when
    return {
        "uid": uid_of(entry.name, entry.line, record.id),
        "event": record.id,
        "source": source_id,
        "type": record.type,
        "title": record.title,
        "modality": record.modality.value,
        "first": when.first if when else None,
        "last": when.last if when else None,
        "when_precision": when.precision.value if when else None,
        **_place(next((ref for ref in draft.places if ref.role.locates), None)),
        "confidence": draft.confidence,
        "json": orjson.dumps(answer).decode(),
        "record": orjson.dumps(plain_event(record)).decode(),
        "words": sorted(draft.words),
    }


def uid_of(file: str, line: int, event: str) -> str:
    """An id that no event of another document has, however its own id reads."""
    return hashlib.sha256(f"{file}\n{line}\n{event}".encode()).hexdigest()[:_UID]


def _place(ref: PlaceRef | None) -> dict[str, Any]:
    if ref is None:
        return {}
    at = ref.position if ref.precision is not Precision.NONE else None
    return {
        "place": ref.name,
        "place_id": ref.place_id,
        "country": ref.countries[0] if len(ref.countries) == 1 else None,
        "lon": round(at.lon, 6) if at else None,
        "lat": round(at.lat, 6) if at else None,
        "radius_m": ref.radius_m if at else None,
        "precision": ref.precision.value,
    }


def _source(drafted: Drafted) -> dict[str, Any]:
    source = drafted.source
    published = source.published.first if source.published else None
    return {
        "source": drafted.source_id,
        "events": len(drafted.drafts),
        "publisher": source.publisher,
        "title": source.title,
        "url": source.url,
        "published": published,
        "language": source.language,
        "sha256": source.sha256,
        "json": orjson.dumps(plain_source(source)).decode(),
        "signature": sign(take_prints([drafted.text])).tolist(),
    }


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
