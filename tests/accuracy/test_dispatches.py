"""How much of our own dispatches is drafted right: floors a little below what was measured.

About half of the English dispatches were looked at while the rules were written, see `seen`; the others were only
scored.
"""

import hashlib
from functools import cache

import pytest
from dispatch_gold import Dispatch, Mention, read_dispatches
from dispatch_score import Tally, score_events, sum_up

from geomap.events.merge import merge_document
from geomap.extract.dates import find_dates
from geomap.extract.drafting import Drafter
from geomap.extract.segment import plain_document
from geomap.extract.toponyms import Geoparser
from geomap.gazetteer import read_gazetteer
from geomap.gazetteer.schema import DEGREE
from geomap.model.geometry import distance_m
from geomap.model.lonlat import LonLat

DISPATCHES = read_dispatches()
ENGLISH = [dispatch for dispatch in DISPATCHES if dispatch.language == "en"]


@cache
def geoparser() -> Geoparser:
    return Geoparser(read_gazetteer())


@cache
def drafter() -> Drafter:
    return Drafter(read_gazetteer(), geoparser=geoparser())


def seen(dispatch: Dispatch) -> bool:
    """Whether its faults were looked at while the rules were written."""
    number = int(hashlib.sha256(dispatch.id.encode()).hexdigest(), 16)
    return number % 2 == 0 or number % 4 == 1


@cache
def tally(dispatch_id: str) -> Tally:
    dispatch = next(one for one in ENGLISH if one.id == dispatch_id)
    document = plain_document(dispatch.text, id=dispatch.id, published=dispatch.published)
    return score_events(dispatch, merge_document(drafter().draft(document, source="wire")))


@pytest.mark.parametrize(
    ("is_seen", "floors"),
    [
        (True, {"found": 78, "day": 68, "place": 52, "false": 26}),
        (False, {"found": 52, "day": 75, "place": 28, "false": 36}),
    ],
)
def test_events_are_found_where_and_when_they_were(is_seen: bool, floors: dict[str, float]) -> None:
    figures = sum_up(tally(dispatch.id) for dispatch in ENGLISH if seen(dispatch) is is_seen).figures()
    print(figures)
    for name in ("found", "day", "place"):
        assert figures[name] >= floors[name], figures
    assert figures["false"] <= floors["false"], figures


def test_traps_yield_no_pin() -> None:
    """Few drafts stand as a pin where nothing happened."""
    assert sum(tally(dispatch.id).false_pins for dispatch in ENGLISH) <= 14


@pytest.mark.parametrize(
    ("language", "least"), [("en", 0.80), ("ru", 0.6), ("uk", 0.6), ("pl", 0.6), ("be", 0.5)]
)
def test_toponyms_are_found_and_placed(language: str, least: float) -> None:
    found = right = 0
    for dispatch in DISPATCHES:
        if dispatch.language != language:
            continue
        document = plain_document(dispatch.text, published=dispatch.published, language=language)
        answers = geoparser().find(document)
        for gold in dispatch.toponyms:
            if gold.position is None or gold.within_km is None or gold.mention is Mention.EMBEDDED:
                continue
            found += 1
            hit = [a for a in answers if a.start < gold.words.end and gold.words.start < a.end and a.options]
            if hit:
                row = hit[0].options[0].row
                here = LonLat(lon=row.lon / DEGREE, lat=row.lat / DEGREE)
                right += distance_m(here, gold.position) <= gold.within_km * 1000
    print(language, found, right / found)
    assert right / found >= least


@pytest.mark.parametrize(
    ("language", "least"), [("en", 0.84), ("ru", 0.8), ("uk", 0.8), ("pl", 0.8), ("be", 0.8)]
)
def test_dates_are_read(language: str, least: float) -> None:
    found = right = 0
    for dispatch in DISPATCHES:
        if dispatch.language != language:
            continue
        document = plain_document(dispatch.text, published=dispatch.published, language=language)
        spans = [(sentence.start, sentence.end) for sentence in document.sentences]
        answers = find_dates(document.text, published=dispatch.published, sentences=spans, language=language)
        for gold in dispatch.dates:
            found += 1
            hit = [a for a in answers if a.start < gold.words.end and gold.words.start < a.end]
            right += any(
                (a.when.first, a.when.last) in [(r.first, r.last) for r in gold.readings] for a in hit
            )
    print(language, found, right / found)
    assert right / found >= least
