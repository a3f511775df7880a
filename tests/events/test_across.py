"""The same event in several articles is suggested with reasons, and what repeats another article counts once."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import pytest

from geomap.events.across import Drafted, Suggestion, relate
from geomap.events.merge import compare
from geomap.events.status import compute_standing
from geomap.model.drafts import Draft
from geomap.model.event_types import EVENT_TYPES, family_of
from geomap.model.lonlat import LonLat
from geomap.model.places import PlaceRef
from geomap.model.records import EventRecord, Source
from geomap.model.vocabulary import PlaceMethod, PlaceRelation, PlaceRole, Precision, RelationType, Status

TOWN = ("Velmora", 24.0, 53.5)
VILLAGE = ("Old Velmora", 24.1, 53.55)
FAR = ("Tarn", 30.0, 50.0)
SENTENCE = (
    "Two drones struck a fuel depot on the northern edge of Velmora before dawn on Tuesday, setting four tanks "
    "on fire, the regional governor wrote on his channel"
)
BODY = (
    "Crews fought the blaze for nine hours while families from the nearest street waited in a school gymnasium. "
    "The depot had supplied bus companies and farms in the river valley since it was rebuilt two winters ago."
)


def place(spot: tuple[str, float, float], precision: Precision = Precision.PLACE) -> PlaceRef:
    """A place of an event, known as well as `precision` says."""
    name, lon, lat = spot
    return PlaceRef(
        role=PlaceRole.SITE,
        relation=PlaceRelation.AT,
        precision=precision,
        name=name,
        method=PlaceMethod.GAZETTEER,
        place_id=f"cur:{name.lower().replace(' ', '-')}",
        countries=("BY",),
        position=LonLat(lon=lon, lat=lat),
        radius_m=3000,
    )


def draft(
    id: str = "a.1",  # noqa: A002
    *,
    at: Sequence[PlaceRef] = (place(TOWN),),
    sentence: str = SENTENCE,
    **keys: object,
) -> Draft:
    """A draft as a drafter hands it over, of an event told in one sentence."""
    source = id.partition(".")[0]
    record = EventRecord.model_validate(
        {
            "id": id,
            "type": "strike/air_drone_strike",
            "title": "Strike",
            "when": "2024-05-07",
            "sources": (source,),
            "evidence": (
                {"source": source, "start": 0, "end": len(sentence), "quote": sentence, "field": "event"},
            ),
            "workflow": "draft",
            **keys,
        }
    )
    words = frozenset(word.strip(",.") for word in sentence.lower().split() if len(word) > 3)
    return Draft(record=record, places=tuple(at), words=words)


def article(
    *drafts: Draft, text: str = "", publisher: str = "", published: str | None = "2024-05-08"
) -> Drafted:
    """A document of some drafts; its text is their sentences where none is given."""
    source_id = drafts[0].record.sources[0]
    told = text or "\n".join(evidence.quote for each in drafts for evidence in each.record.evidence)
    source = Source.model_validate({"publisher": publisher, "published": published})
    return Drafted(source_id=source_id, source=source, text=told, drafts=drafts)


def only(suggestions: Sequence[Suggestion]) -> Suggestion:
    assert len(suggestions) == 1
    return suggestions[0]


OTHER_WORDS = (
    "Velmora woke on Tuesday to burning tanks at its fuel depot after a raid by drones, residents told us"
)


# Suggestions


def test_one_event_in_two_articles_is_suggested_and_not_merged() -> None:
    documents, suggestions = relate(
        [article(draft("a.1")), article(draft("b.1", sentence=OTHER_WORDS), publisher="Valley Post")]
    )
    found = only(suggestions)
    assert (found.one, found.other, found.relation) == ("a.1", "b.1", RelationType.SAME_AS)
    assert found.reasons == ("both are strike/air_drone_strike", "both 7 May 2024", "both at Velmora")
    assert found.contradictions == ()
    assert [each.drafts[0].record.id for each in documents] == ["a.1", "b.1"]
    relations = [each.drafts[0].record.relations for each in documents]
    assert [(r.type, r.event) for (r,) in relations] == [("same_as", "b.1"), ("same_as", "a.1")]
    assert not any(each.source.derived_from for each in documents)


def test_what_agrees_less_is_a_possible_duplicate() -> None:
    near = draft(
        "b.1",
        at=[place(VILLAGE)],
        sentence="A raid near the fuel depot was heard by shepherds",
        when="../2024-05-08",
    )
    found = only(relate([article(draft("a.1")), article(near)])[1])
    assert found.relation is RelationType.POSSIBLE_DUPLICATE
    assert "Velmora is near Old Velmora" in found.reasons


@pytest.mark.parametrize(
    "other",
    [
        draft("b.1", at=[place(FAR)]),
        draft("b.1", when="2024-06-07", sentence=OTHER_WORDS),
        draft("b.1", type="diplomacy/meeting"),
        draft("b.1", at=[], sentence="Somebody spoke of another raid in the country", when="../2024-05-08"),
        draft("b.1", when="2024-05-08", sentence=OTHER_WORDS),
    ],
    ids=["elsewhere", "a month later", "of another type", "nowhere in particular", "the next day"],
)
def test_what_only_looks_alike_is_not_suggested(other: Draft) -> None:
    assert relate([article(draft("a.1")), article(other)])[1] == []


def test_events_of_one_document_are_left_to_its_own_merge() -> None:
    assert relate([article(draft("a.1"), draft("a.2"))])[1] == []


def test_an_event_has_one_partner_in_another_document() -> None:
    suggestions = relate(
        [
            article(draft("a.1")),
            article(
                draft("b.1", sentence=OTHER_WORDS),
                draft("b.2", when="../2024-05-08", sentence=f"Later {OTHER_WORDS}"),
            ),
        ]
    )[1]
    assert [(each.one, each.other) for each in suggestions] == [("a.1", "b.1")]


def test_an_undated_event_is_found_by_its_place_and_words() -> None:
    undated = article(draft("b.1", when=None, sentence=OTHER_WORDS), published=None)
    for documents in ([article(draft("a.1")), undated], [undated, article(draft("a.1"))]):
        assert only(relate(documents)[1]).points > 4


def test_days_that_meet_across_blocks_and_the_antimeridian_are_found() -> None:
    west, east = ("Cape East", 179.95, 66.0), ("Cape West", -179.95, 66.0)
    for when in (f"2024-05-{day:02}" for day in range(1, 21)):
        pair = [
            article(draft("a.1", at=[place(west)], when=when)),
            article(draft("b.1", at=[place(east)], when=when, sentence=OTHER_WORDS)),
        ]
        assert only(relate(pair)[1]).points > 4


def test_statements_need_the_same_words_too() -> None:
    actors = ({"name": "Governor", "role": "speaker"},)

    def said(id: str, sentence: str) -> Drafted:  # noqa: A002
        return article(draft(id, type="statement/warning", actors=actors, at=[], sentence=sentence))

    first = said("a.1", "The governor warned that the bridge across the river would not hold another flood")
    again = said(
        "b.1", "Another flood and the bridge may not hold, the governor warned farmers along the river"
    )
    other = said("c.1", "The governor warned shopkeepers not to raise the price of bread")
    assert [(each.one, each.other) for each in relate([first, again, other])[1]] == [("a.1", "b.1")]


def test_types_of_several_families_are_never_compared_as_one_event() -> None:
    for one, other in combinations(EVENT_TYPES, 2):
        is_ruled_out = compare(draft("a.1", type=one), draft("b.1", type=other)).is_ruled_out
        assert is_ruled_out or family_of(one) == family_of(other), (one, other)


@pytest.mark.parametrize("again", [False, True])
def test_accounts_a_day_apart_need_more_in_common_and_no_repetition(again: bool) -> None:
    figures = ({"measure": "injured", "best": 14},)
    later = OTHER_WORDS.replace("after a raid", "after another raid") if again else OTHER_WORDS
    suggestions = relate(
        [
            article(draft("a.1", quantities=figures)),
            article(draft("b.1", quantities=figures, when="2024-05-08", sentence=later)),
        ]
    )[1]
    if again:
        assert suggestions == []
        return
    found = only(suggestions)
    assert found.relation is RelationType.POSSIBLE_DUPLICATE
    assert found.contradictions == ("when: 7 May 2024 against 8 May 2024",)
    assert "both count 14 injured" in found.reasons


# Contradictions


def test_each_side_of_a_contradiction_is_a_claim_on_its_own_event() -> None:
    told = "Two Tu-22M3 bombers hit the fuel depot of Velmora and three people were killed, the governor said"
    first = draft(
        "a.1",
        quantities=({"measure": "fatalities", "best": 3},),
        equipment=({"name": "Tu-22M3", "class": "aircraft", "count": 2},),
        sentence=told,
        claims=(
            {
                "by": "governor",
                "stance": "asserts",
                "quote": told,
                "source": "a",
            },
        ),
    )
    second = draft(
        "b.1",
        quantities=({"measure": "fatalities", "best": 7},),
        equipment=({"name": "Tu-160", "class": "aircraft"},),
        sentence="A Tu-160 bomber set the fuel depot of Velmora on fire and seven people were killed there",
    )
    documents, suggestions = relate([article(first), article(second, publisher="Valley Post")])
    assert only(suggestions).contradictions == (
        "fatalities: 3 against 7",
        "aircraft: 2 Tu-22M3 against Tu-160",
    )
    claims = [
        [(c.by, c.about, c.value, c.source) for c in each.drafts[0].record.claims if c.about != "event"]
        for each in documents
    ]
    assert claims == [
        [("governor", "quantities", "fatalities: 3", "a"), ("governor", "equipment", "2 Tu-22M3", "a")],
        [("Valley Post", "quantities", "fatalities: 7", "b"), ("Valley Post", "equipment", "Tu-160", "b")],
    ]
    assert documents[0].drafts[0].record.quantities == first.record.quantities


def test_a_denial_in_one_account_is_listed() -> None:
    denied = draft(
        "b.1", sentence=OTHER_WORDS, claims=({"by": "Ministry", "stance": "denies", "source": "b"},)
    )
    found = only(relate([article(draft("a.1")), article(denied)])[1])
    assert found.contradictions == ("occurred in a.1, denied or disputed by Ministry in b.1",)


def test_relating_twice_adds_nothing() -> None:
    documents = [
        article(draft("a.1", quantities=({"measure": "injured", "best": 4},))),
        article(draft("b.1", quantities=({"measure": "injured", "best": 9},), sentence=OTHER_WORDS)),
    ]
    once, suggestions = relate(documents)
    assert relate(once) == (once, suggestions)


# Origins


def origins(documents: Sequence[Drafted]) -> tuple[Status, int]:
    """Status and number of origins of the first event, were it told by all documents."""
    records = [document.drafts[0].record for document in documents]
    together = records[0].model_copy(
        update={
            "sources": tuple(document.source_id for document in documents),
            "claims": tuple(claim for record in records for claim in record.claims),
        }
    )
    standing = compute_standing(together, {each.source_id: each.source for each in documents}, {})
    return standing.status, len(standing.origins)


def test_a_copy_derives_from_the_earlier_text_and_counts_once() -> None:
    first = article(draft("a.1"), text=f"{SENTENCE}.\n\n{BODY}", published="2024-05-07")
    copy = article(draft("b.1"), text=f"Fuel depot burns\n\n{SENTENCE}.\n\n{BODY}\n\nSource: agencies")
    own = article(draft("c.1", sentence=OTHER_WORDS))
    documents, suggestions = relate([copy, own, first])
    by_id = {each.source_id: each for each in documents}
    assert [each.source_id for each in documents] == ["b", "c", "a"]
    assert {key: each.source.derived_from for key, each in by_id.items()} == {"a": "", "b": "a", "c": ""}
    assert by_id["b"].notes == (
        "100% of its words are those of a, in runs of five or more, and it says: Source: agencies",
    )
    assert by_id["a"].notes == by_id["c"].notes == ()
    assert origins(documents) == (Status.CORROBORATED, 2)
    assert origins([by_id["a"], by_id["b"]]) == (Status.REPORTED, 1)
    copied = next(each for each in suggestions if {each.one, each.other} == {"a.1", "b.1"})
    assert copied.relation is RelationType.SAME_AS
    assert copied.reasons[-1] == "100% of the words that tell it are the same, in runs of five or more"


def test_of_one_day_the_credited_text_is_the_copy() -> None:
    plain = article(draft("b.1"), text=f"{SENTENCE}. {BODY}")
    credited = article(draft("a.1"), text=f"{SENTENCE}. {BODY}\n\nWith wire services")
    documents, _ = relate([credited, plain])
    assert [each.source.derived_from for each in documents] == ["b", ""]


def test_an_agency_s_own_text_is_the_origin_whenever_it_came() -> None:
    copy = article(draft("a.1"), text=f"{SENTENCE}. {BODY}\n\n(Reuters)", published="2024-05-07")
    agency = article(draft("b.1"), text=f"{SENTENCE}. {BODY}", publisher="Reuters", published="2024-05-08")
    documents, _ = relate([copy, agency])
    assert [each.source.derived_from for each in documents] == ["b", ""]
    assert origins(documents) == (Status.REPORTED, 1)


def test_texts_credited_to_one_agency_have_one_origin_without_each_other() -> None:
    first = article(draft("a.1"), text=f"VELMORA (AP) — {SENTENCE}.\n{BODY}")
    second = article(
        draft("b.1", sentence=OTHER_WORDS), text=f"A raid\nBy Ann Lee, Associated Press\n{OTHER_WORDS}"
    )
    documents, _ = relate([first, second])
    assert [each.source.derived_from for each in documents] == ["AP", "AP"]
    assert origins(documents) == (Status.REPORTED, 1)


def test_the_first_of_like_texts_is_the_agency_s_where_a_later_one_credits_it() -> None:
    documents, _ = relate(
        [
            article(draft("a.1"), text=f"{SENTENCE}. {BODY}", published="2024-05-07"),
            article(draft("b.1"), text=f"{SENTENCE}. {BODY}", published="2024-05-08"),
            article(draft("c.1"), text=f"{SENTENCE}. {BODY}\n\nSource: AFP", published="2024-05-09"),
        ]
    )
    assert [each.source.derived_from for each in documents] == ["AFP", "a", "AFP"]
    assert origins(documents) == (Status.REPORTED, 1)


def test_pages_of_one_site_are_no_copies_for_their_menus() -> None:
    menu = " ".join(f"section{number} archive contact" for number in range(60))
    other = "Ferries on the lake stopped at noon when a cable broke and two crews rowed passengers back to the pier"
    documents, _ = relate(
        [
            article(draft("a.1"), text=f"{menu}\n{SENTENCE}\n{menu}"),
            article(draft("b.1", sentence=other), text=f"{menu}\n{other}\n{menu}"),
        ]
    )
    assert not any(each.source.derived_from for each in documents)


def test_two_who_quote_one_speaker_have_not_copied() -> None:
    speech = (
        "“We saw the tanks catch fire one after another and nobody in our street slept until the wind turned”"
    )
    documents, _ = relate(
        [
            article(
                draft("a.1", sentence=f"{speech}, a driver said after the raid"), text=f"{speech}. {BODY}"
            ),
            article(
                draft("b.1", sentence=f"{speech}, one man told our reporter"), text=f"It burned. {speech}."
            ),
        ]
    )
    assert not any(each.source.derived_from for each in documents)


def test_what_a_person_wrote_stays() -> None:
    given = article(draft("a.1"), text=f"VELMORA (AP) — {SENTENCE}.\n{BODY}")
    given = replace(given, source=given.source.model_copy(update={"derived_from": "ministry-note"}))
    assert relate([given])[0] == [given]


def test_a_cited_outlet_is_the_claim_s_via_or_vouches_itself() -> None:
    told = f"{SENTENCE}, according to the Interfax news agency"
    claim = {"by": "governor", "stance": "asserts", "quote": told, "source": "a"}
    documents, _ = relate(
        [
            article(draft("a.1", sentence=told, claims=(claim,))),
            article(draft("b.1", sentence=f"{OTHER_WORDS}, Valley Post reported")),
            article(
                draft("c.1", sentence="Nobody was hurt, the mayor said", at=[place(FAR)]),
                publisher="Valley Post",
            ),
        ]
    )
    claims = [[(c.by, c.stance, c.via) for c in each.drafts[0].record.claims] for each in documents]
    assert claims == [[("governor", "asserts", "Interfax")], [("Valley Post", "asserts", "")], []]
    assert not any(each.source.derived_from for each in documents)


def test_an_outlet_and_who_cites_it_are_one_origin() -> None:
    documents, _ = relate(
        [
            article(draft("a.1"), publisher="Reuters"),
            article(draft("b.1", sentence=f"{OTHER_WORDS}, Reuters reported")),
            article(draft("c.1", sentence="Three tanks of the fuel depot were lost in Velmora")),
        ]
    )
    assert origins(documents[:2]) == (Status.REPORTED, 1)
    assert origins(documents) == (Status.CORROBORATED, 2)


# Odd input


def test_nothing_gives_nothing() -> None:
    assert relate([]) == ([], [])
    assert relate([Drafted(source_id="a", source=Source(), text="", drafts=())])[1] == []


def test_ids_that_do_not_tell_events_or_sources_apart_are_refused() -> None:
    with pytest.raises(ValueError, match=r"'a\.1' is the id of 2 events"):
        relate([article(draft("a.1")), replace(article(draft("a.1")), source_id="b")])
    with pytest.raises(ValueError, match="'a' is the id of 2 sources"):
        relate([article(draft("a.1")), article(draft("a.2"))])


@pytest.mark.parametrize(
    "text", ["\ud800 \udfff", "\x00\x07\u202e", "“" * 5000, "(AP) — " * 2000, "日本語" * 500, "\n" * 500]
)
def test_any_text_ends_in_a_result(text: str) -> None:
    documents = [
        Drafted(source_id=name, source=Source(publisher="\ud800"), text=text, drafts=(event,))
        for name, event in (
            ("a", draft("a.1", quantities=({"measure": "injured", "best": 4},))),
            ("b", draft("b.1", quantities=({"measure": "injured", "best": 9},))),
        )
    ]
    related, suggestions = relate(documents)
    assert len(related) == 2
    assert len(suggestions) == 1


def test_order_and_repetition_change_nothing_that_is_suggested() -> None:
    documents = [
        article(draft("a.1"), draft("a.2", at=[place(FAR)])),
        article(draft("b.1", sentence=OTHER_WORDS)),
        article(draft("c.1", at=[place(FAR)], sentence="Three raids were counted around the fuel depot")),
    ]
    pairs = {frozenset((each.one, each.other)) for each in relate(documents)[1]}
    assert {frozenset((each.one, each.other)) for each in relate(documents[::-1])[1]} == pairs
    assert relate(documents) == relate(documents)
