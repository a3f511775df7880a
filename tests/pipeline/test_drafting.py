"""Texts to drafts: sources and events with ids that stay, remarks for editors, and answers for machines."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from geomap.events.across import Drafted, Suggestion
from geomap.extract.document import Document
from geomap.extract.read import BrokenRecord
from geomap.extract.segment import plain_document
from geomap.gazetteer import PlaceData, read_gazetteer
from geomap.model.drafts import Draft
from geomap.model.places import PlaceRef
from geomap.model.records import EventRecord, EventsFile, Source
from geomap.model.vocabulary import PlaceRole, RelationType
from geomap.pipeline.drafting import Drafting, drafts_yaml, read_documents, source_file
from geomap.yamlfile import parse_yaml

ROOT = Path(__file__).parents[2]
LANDING = "Russian paratroopers jumped from transport aircraft near Grodno in Belarus on Friday."
PUBLISHED = date(2021, 11, 13)


@pytest.fixture(scope="module")
def data() -> PlaceData:
    return read_gazetteer()


@pytest.fixture(scope="module")
def drafting(data: PlaceData) -> Callable[[], Drafting]:
    """Drafting from the start, without ids that are taken."""
    ready = Drafting(data)

    def fresh() -> Drafting:
        again = Drafting.__new__(Drafting)
        again.__dict__ |= ready.__dict__
        again.__dict__ |= {
            name: type(taken)() for name, taken in ready.__dict__.items() if name.endswith("_ids")
        }
        return again

    return fresh


def document(text: str, **more: Any) -> Document:
    return plain_document(text, **{"published": PUBLISHED} | more)


def drafted(*drafts: Draft, notes: tuple[str, ...] = ()) -> Drafted:
    return Drafted(source_id="s", source=Source(), text="", drafts=drafts, notes=notes)


def draft(places: tuple[PlaceRef, ...] = (), **more: Any) -> Draft:
    written = {
        "id": "e",
        "type": "exercise",
        "title": "A drill",
        "sources": ["s"],
        "workflow": "draft",
    } | more
    return Draft(record=EventRecord.model_validate(written), places=places)


def read(text: str) -> EventsFile:
    return parse_yaml(text, Path("events.yaml")).parse(EventsFile)


# Ids


def test_an_event_is_named_by_day_kind_and_place(drafting: Callable[[], Drafting]) -> None:
    (found,) = drafting().draft(document(LANDING)).drafts
    day, rest = found.record.id.split("-", 1)
    assert day == "20211112"
    assert rest.rpartition("-")[0].endswith("grodno")
    assert found.record.type.partition("/")[2].replace("_", "-") in rest


def test_equal_ids_are_numbered_over_all_documents_in_the_order_of_the_text(
    drafting: Callable[[], Drafting],
) -> None:
    one = drafting()
    ids = [found.record.id for _ in range(3) for found in one.draft(document(LANDING)).drafts]
    assert ids == [ids[0], f"{ids[0]}-2", f"{ids[0]}-3"]


def test_ids_do_not_depend_on_the_run(drafting: Callable[[], Drafting]) -> None:
    seeds = sorted((ROOT / "seeds").glob("*.md"))
    runs = []
    for _ in range(2):
        one = drafting()
        runs.append(one.yaml([one.draft(item) for path in seeds for item in read_documents(path)]))  # type: ignore[arg-type]
    assert runs[0] == runs[1]


@pytest.mark.parametrize(
    ("more", "file", "expected"),
    [
        ({"publisher": "Gazeta Główna"}, "a/b.txt", "gazeta-glowna-20211113"),
        ({"publisher": "not stated", "id": "b c.txt"}, "a/b c.txt", "b-c"),
        ({"publisher": "X", "published": None, "id": "b.txt"}, "a/b.txt", "b"),
        ({"id": "№ 7"}, "wire.jsonl", "no-7"),
        ({"id": "···"}, "", "press-20211113"),
        ({"id": "", "published": None}, "", "document"),
        ({"id": "\ud800\udfff", "published": None}, "", "document"),
    ],
)
def test_a_source_is_named_by_publisher_and_day_or_its_file(
    drafting: Callable[[], Drafting], more: dict[str, Any], file: str, expected: str
) -> None:
    given = document("Rain.", **more)
    assert drafting().draft(given, file=file).source_id == f"{expected}-{given.sha256[:4]}"


def test_a_source_keeps_what_is_known_of_the_document(drafting: Callable[[], Drafting]) -> None:
    given = document(LANDING, title="T", author="A", url="https://example.org/a", published_basis="given")
    source = drafting().draft(given, file="a.txt").source
    assert (source.title, source.author, source.url, source.file) == ("T", "A", given.url, "a.txt")
    assert (source.sha256, source.language) == (given.sha256, "en")
    assert source.published is not None
    assert (source.published.edtf, source.published_basis) == ("2021-11-13", "given")
    assert (source.reliability, source.graded_by) == ("F", "")


def test_a_source_names_its_file_from_where_it_stands(tmp_path: Path) -> None:
    assert source_file(Path("articles/a.txt"), Path("maps/one")) == "../../articles/a.txt"
    assert source_file(tmp_path / "a.txt", tmp_path) == "a.txt"


def test_half_surrogate_pairs_are_replaced_and_offsets_stay(drafting: Callable[[], Drafting]) -> None:
    torn = document("\ud83d " + LANDING, title="\udfff", publisher="P\ud800", url="u\ud800")
    found = drafting().draft(torn, file="a\udcff.txt")
    assert (found.source.title, found.source.publisher, found.source.file) == (
        "\ufffd",
        "P\ufffd",
        "a\ufffd.txt",
    )
    assert found.text == "\ufffd " + LANDING
    evidence = found.drafts[0].record.evidence[0]
    assert torn.text[evidence.start : evidence.end].endswith(evidence.quote.removeprefix("\ufffd "))


# The file


def test_drafts_of_every_dispatch_read_back_to_the_same_records(drafting: Callable[[], Drafting]) -> None:
    one = drafting()
    documents = [
        one.draft(item, file=path.name)
        for path in sorted((ROOT / "seeds").glob("*.md"))
        for item in read_documents(path)
        if not isinstance(item, BrokenRecord)
    ]
    again = read(one.yaml(documents))
    assert list(again.sources) == [item.source_id for item in documents]
    events = [found.record for item in documents for found in item.drafts]
    ids = [event.id for event in events]
    assert [event.id for event in again.events] == ids
    assert len(set(ids)) == len(ids) > 15
    # What relates events of several documents is added afterwards.
    for event, known in zip(again.events, events, strict=True):
        assert event.evidence == known.evidence
        assert (event.when, event.where, event.actors) == (known.when, known.where, known.actors)
        assert set(known.claims) <= {claim.model_copy(update={"via": ""}) for claim in event.claims} | set(
            event.claims
        )


def test_a_place_that_is_not_settled_is_followed_by_what_it_may_mean(data: PlaceData) -> None:
    where = [
        {"place": "Minsk"},
        {"place": "San Antonio"},
        {"place": "Xyzzyqville"},
        {"over": "Nowhere at all"},
    ]
    placer = data.placer()
    unknown = [PlaceRef.unresolved(PlaceRole.SITE, "x")] * 3
    text = drafts_yaml([drafted(draft((placer.place(PLACE), *unknown), where=where))], [], data)
    lines = [line.strip() for line in text[text.index("where:") :].splitlines()]
    minsk, san_antonio = lines.index("- Minsk"), lines.index("- San Antonio")
    assert san_antonio == minsk + 1
    assert lines[san_antonio + 1].startswith("# not settled; may be San Antonio (")
    unknown_place = lines.index("- Xyzzyqville")
    assert lines[unknown_place + 1].startswith("# no such place is known")
    assert lines[lines.index("- {over: Nowhere at all}") + 1] == "# cannot be drawn as it is written"
    assert read(text).events[0].where.places[1].place == "San Antonio"


PLACE = EventRecord.model_validate(
    {"id": "e", "type": "other", "title": "t", "sources": ["s"], "where": "Minsk"}
).where.places[0]


def test_what_may_be_one_event_is_said_above_both(data: PlaceData) -> None:
    suggestion = Suggestion(
        one="e", other="f", relation=RelationType.POSSIBLE_DUPLICATE, points=4.0, reasons=("both on Friday",)
    )
    told = replace(suggestion, contradictions=("12 against 20 dead",))
    text = drafts_yaml([drafted(draft(), draft(id="f"), notes=("credited to AP",))], [told], data)
    assert "  # possible duplicate: f (both on Friday; but 12 against 20 dead)\n  - id: e\n" in text
    assert "  # possible duplicate: e (both on Friday; but 12 against 20 dead)\n  - id: f\n" in text
    assert "  # credited to AP\n  s:\n" in text


def test_many_sentences_are_counted_and_not_all_quoted(data: PlaceData) -> None:
    evidence = [
        {"source": "s", "start": n, "end": n + 1, "quote": f"Sentence {n}.", "field": "event"}
        for n in range(40)
    ]
    text = drafts_yaml([drafted(draft(evidence=evidence))], [], data)
    assert text.count("  # Sentence") < 10
    assert "under evidence" in text


def test_a_sentence_without_end_is_cut_in_evidence(drafting: Callable[[], Drafting]) -> None:
    endless = LANDING.removesuffix(".") + " and" + " on and on" * 40_000 + "."
    one = drafting()
    documents = [one.draft(document(endless))]
    for event in read(one.yaml(documents)).events:
        assert all(len(item.quote) < 5_000 for item in event.evidence)


# For machines


def test_an_answer_adds_what_places_and_days_resolve_to(drafting: Callable[[], Drafting]) -> None:
    (event,) = drafting().answer(document(LANDING))
    keys = list(event)
    assert keys[:3] == ["id", "type", "title"]
    assert event["when"]["first"] == event["when"]["last"] == "2021-11-12"
    (place,) = event["where"]
    assert place["precision"] in ("place", "vicinity")
    assert (place["place_id"], place["country"], place["geonameid"]) == ("gn:627904", "BY", 627904)
    assert place["radius_m"] > 0


def test_an_answer_does_not_depend_on_the_ones_before(drafting: Callable[[], Drafting]) -> None:
    one = drafting()
    assert one.answer(document(LANDING)) == one.answer(document(LANDING))


# Files


def test_a_file_of_records_holds_many_documents(tmp_path: Path) -> None:
    path = tmp_path / "wire.jsonl"
    path.write_text('{"id": "a", "text": "Rain.", "published": "2021-11-01"}\n[]\n{"text": "Snow."}\n')
    one, broken, other = read_documents(path, published=PUBLISHED)
    assert isinstance(broken, BrokenRecord)
    assert not isinstance(one, BrokenRecord)
    assert not isinstance(other, BrokenRecord)
    assert (one.id, one.published, one.published_basis) == ("a", PUBLISHED, "given")
    assert other.published == PUBLISHED
