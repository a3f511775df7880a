"""What people write is checked once, at the door, and says one thing."""

from pathlib import Path
from typing import Any

import pytest

from geomap.errors import ConfigError
from geomap.model.records import EventRecord, EventsFile, PlaceName, PlaceSpec, SetStatus, Where
from geomap.model.vocabulary import (
    DateBasis,
    DatePrecision,
    PlaceRelation,
    PlaceRole,
    Precision,
    Status,
    Workflow,
)
from geomap.yamlfile import parse_yaml

HEAD = "schema: 1\nsources: {wire: {}}\nevents:\n- {id: a, type: exercise, title: A, sources: [wire]}\n"


def read(keys: str) -> EventRecord:
    """An event with further keys, as YAML."""
    text = HEAD.replace("sources: [wire]}", f"sources: [wire], {keys}}}")
    return parse_yaml(text, Path("events.yaml")).parse(EventsFile).events[0]


def refusal(keys: str) -> str:
    with pytest.raises(ConfigError) as caught:
        read(keys)
    assert len(caught.value.problems) == 1, str(caught.value)
    assert caught.value.problems[0].mark.line == 4
    return caught.value.problems[0].message


def place(where: str) -> PlaceSpec:
    (only,) = read(f"where: {where}").where.places
    return only


@pytest.mark.parametrize(
    ("where", "spec"),
    [
        ("Minsk", {"place": "Minsk"}),
        ('"Grodno Region, Belarus"', {"place": "Grodno Region, Belarus"}),
        ("NO", {"place": "NO"}),
        ("{place: Minsk}", {"place": "Minsk"}),
        ("{place: Brest, country: BY}", {"place": "Brest", "country": "BY"}),
        ("{country: NO}", {"country": "NO"}),
        ("{country: BY, role: origin}", {"country": "BY", "role": PlaceRole.ORIGIN}),
        ("{place: Kuźnica, relation: near}", {"place": "Kuźnica", "relation": PlaceRelation.NEAR}),
        ("{name: unspecified range, country: RU}", {"name": "unspecified range", "country": "RU"}),
        ("{lon: 23.8, lat: 53}", {"lon": 23.8, "lat": 53.0}),
        (
            "{place: A site, lon: 23.8, lat: 53, precision: exact, method: geolocated, radius_m: 50}",
            {
                "place": "A site",
                "lon": 23.8,
                "lat": 53.0,
                "precision": Precision.EXACT,
                "method": "geolocated",
                "radius_m": 50,
            },
        ),
        (
            "{geometry: {type: Point, coordinates: [1, 2]}, country: BY}",
            {"geometry": {"type": "Point", "coordinates": [1, 2]}, "country": "BY"},
        ),
        ("{near: Kuźnica, within_km: 5}", {"near": PlaceName(place="Kuźnica"), "within_km": 5}),
        ("{near: {place: Brest, country: BY}}", {"near": PlaceName(place="Brest", country="BY")}),
        ("{border: [BY, PL]}", {"border": ["BY", "PL"]}),
        (
            "{border: [BY, PL], near: {place: Kuźnica, country: PL}, within_km: 5, side: BY, depth_km: 2}",
            {
                "border": ["BY", "PL"],
                "near": PlaceName(place="Kuźnica", country="PL"),
                "within_km": 5,
                "side": "BY",
                "depth_km": 2,
            },
        ),
        ("{border: [BY, PL], within: Grodno Region}", {"border": ["BY", "PL"], "within": "Grodno Region"}),
        (
            "{between: [Minsk, {place: Brest, country: BY}]}",
            {"between": [PlaceName(place="Minsk"), PlaceName(place="Brest", country="BY")]},
        ),
        (
            "{from: Minsk, bearing: 90, distance_km: 30}",
            {"from_": PlaceName(place="Minsk"), "bearing": 90, "distance_km": 30},
        ),
        ("{over: BY}", {"over": "BY"}),
        ("{place: Minsk, publish_precision: region}", {"place": "Minsk", "publish_precision": "region"}),
    ],
)
def test_each_way_to_say_where_is_read(where: str, spec: dict[str, Any]) -> None:
    assert place(where) == PlaceSpec(**spec)


@pytest.mark.parametrize(
    ("where", "mode"), [("none", "none"), ("unknown", "unknown"), ("~", "none"), ("'none'", "none")]
)
def test_no_place_and_an_unknown_place_are_two_things(where: str, mode: str) -> None:
    assert read(f"where: {where}").where == Where(mode=mode)  # type: ignore[arg-type]


def test_an_event_without_where_has_no_place() -> None:
    assert read("summary: b").where == Where(mode="none")


def test_a_list_holds_several_places_with_their_roles() -> None:
    places = read("where: [Minsk, {country: RU, role: destination}]").where.places
    assert [(spec.place, spec.country, spec.role.value) for spec in places] == [
        ("Minsk", None, "site"),
        (None, "RU", "destination"),
    ]


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ("{}", "nothing says where"),
        ("{role: site}", "nothing says where"),
        ("{place: Minsk, border: [BY, PL]}", "place and border contradict each other"),
        ("{place: Minsk, near: Brest}", "place and near contradict each other"),
        ("{lon: 1, lat: 2, over: BY}", "lon and lat and over contradict each other"),
        ("{lon: 1, lat: 2, near: Brest}", "lon and lat and near contradict each other"),
        ("{lon: 1, lat: 2, geometry: {type: Point}}", "lon and lat and geometry contradict each other"),
        ("{between: [A, B], border: [BY, PL]}", "border and between contradict each other"),
        ("{lon: 23.8}", "lon and lat go together"),
        ("{lat: 53, place: Minsk}", "lon and lat go together"),
        ("{lon: 200, lat: 53}", "lon out of range; expected -180 to 180 degrees"),
        ("{lon: 53.7, lat: 123.8}", "lat out of range"),
        ("{lon: '23.8', lat: 53}", "lon: Input should be a valid number"),
        ("{lon: true, lat: 53}", "lon: Input should be a valid number"),
        ("{lon: .nan, lat: 53}", "lon: Input should be a valid number"),
        ("{near: Brest, country: BY}", "country says nothing beside near; put it inside"),
        ("{border: [BY, PL], country: BY}", "country says nothing beside border"),
        ("{from: Minsk, bearing: 90}", "from needs bearing (degrees) and distance_km"),
        ("{place: Minsk, bearing: 90}", "bearing and distance_km need from"),
        ("{from: Minsk, bearing: 361, distance_km: 3}", "bearing: Input should be less than or equal to 360"),
        ("{from: Minsk, bearing: 9, distance_km: 0}", "distance_km: Input should be greater than 0"),
        ("{place: Minsk, within_km: 5}", "within_km needs near"),
        ("{place: Minsk, within: Poland}", "within, side and depth_km belong to a border"),
        ("{border: [BY, PL], side: RU}", "side is not one of the border's two"),
        ("{border: [BY, PL], depth_km: 5}", "depth_km needs side"),
        ("{border: [BY, BY]}", "a border lies between two, not between one and itself"),
        ("{border: [BY]}", "border: List should have at least 2 items"),
        ("{border: BY}", "border: expected a list"),
        ("{country: by}", "is no ISO 3166 code"),
        ("{country: Belarus}", "is no ISO 3166 code"),
        ("{place: ''}", "place: expected text, but it is empty"),
        ("''", "where: expected text, but it is empty"),
        ("{place: Minsk, radius_m: -1}", "radius_m: Input should be greater than 0"),
        ("{place: Minsk, role: somewhere}", "role: Input should be 'site', 'origin'"),
        ("{plaec: Minsk}", "unknown key 'plaec'; did you mean 'place'?"),
        ("{near: {place: Brest, contry: BY}}", "unknown key 'contry'; did you mean 'country'?"),
        ("[]", "an empty list of places"),
        ("[Minsk, none]", "none and unknown stand alone"),
        ("5", "expected places: names (numbers in quotes)"),
        ("[[Minsk]]", "expected places: names (numbers in quotes)"),
    ],
)
def test_a_place_that_contradicts_itself_or_says_nothing_is_refused(where: str, message: str) -> None:
    assert message in refusal(f"where: {where}")


def test_a_when_that_yaml_reads_as_a_number_is_a_year() -> None:
    when = read("when: 2021").when
    assert when is not None
    assert (when.edtf, when.precision, str(when.first), str(when.last)) == (
        "2021",
        "year",
        "2021-01-01",
        "2021-12-31",
    )


def test_a_when_may_say_what_it_rests_on() -> None:
    when = read("when: {edtf: 2021-11-09/2021-11-10, basis: relative_to_publication, text: overnight}").when
    assert when is not None
    assert (when.basis, when.words, when.precision) == (
        DateBasis.RELATIVE_TO_PUBLICATION,
        "overnight",
        DatePrecision.RANGE,
    )


def test_a_when_may_be_unknown_in_the_words_of_its_source() -> None:
    when = read("when: {text: some time ago}").when
    assert when is not None
    assert (when.is_dated, when.words, when.basis) == (False, "some time ago", DateBasis.UNKNOWN)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        (
            "when: 12.11.2021",
            "when: '12.11.2021' is not a date that can be read; expected EDTF such as 2021-11-12",
        ),
        ("when: 20211112", "when: 20211112 is not a year of four digits"),
        ("when: 0000-00-00", "when: '0000-00-00' is not a date"),
        ("when: 2021-02-30", "when: '2021-02-30' is not a date: day is out of range for month"),
        ("when: " + "9" * 5000, "is not a date"),
        ("when: true", "when: expected an EDTF date"),
        ("when: [2021-11-12]", "when: expected an EDTF date"),
        ("when: {edtf: 2021-11-12, presicion: day}", "unknown key 'presicion'; did you mean 'precision'?"),
        ("when: {edtf: 12 Nov}", "when: '12 Nov' is not a date"),
        ("when: {precision: day}", "when: a precision needs a date: add edtf"),
        ("tpye: exercise", "unknown key 'tpye'; did you mean 'type'?"),
        ("wehn: 2021", "unknown key 'wehn'; did you mean 'when'?"),
        ("zzz: 1", "unknown key 'zzz'; remove it"),
        ("modality: maybe", "modality: Input should be 'occurred', 'ongoing', 'announced' or 'planned'"),
        ("workflow: done", "workflow: Input should be 'draft', 'reviewed' or 'published'"),
        (
            "status: nonsense",
            "status: expected one of reported, corroborated, confirmed, disputed, denied, retracted",
        ),
        ("status: [a]", "status: expected one of reported"),
        ("status: confirmed", "confirmed names who confirms and on what basis"),
        ("status: {value: confirmed, by: A. Editor}", "key 'basis' is missing; add it"),
        ("status: {value: confirmed, basis: seen}", "key 'by' is missing; add it"),
        ("status: {value: confirmed, by: '', basis: seen}", "by: expected text, but it is empty"),
        ("quantities: [{measure: losses}]", "a quantity needs at least one of low, best, high"),
        ("quantities: [{measure: losses, low: 3, best: 2}]", "low, best and high must rise"),
        ("quantities: [{measure: losses, low: 3, high: 2}]", "low, best and high must rise"),
        ("quantities: [{measure: losses, best: '3'}]", "best: Input should be a valid number"),
        ("claims: [{by: x, stance: says}]", "stance: Input should be 'asserts'"),
        ("claims: [{stance: asserts}]", "key 'by' is missing; add it"),
        (
            "claims: [{by: x, stance: asserts, credibility: 7}]",
            "credibility: Input should be less than or equal to 6",
        ),
        ("actors: [{role: host}]", "an actor needs an id (declared under actors) or a name"),
        ("relations: [{type: part_of}]", "key 'event' is missing; add it"),
        ("relations: [{type: like, event: b}]", "type: Input should be 'part_of'"),
        ("equipment: [{name: tank, count: -1}]", "count: Input should be greater than or equal to 0"),
        ("tags: drill", "tags: expected a list"),
        ("summary: 5", "summary: expected text; put it in quotes"),
    ],
)
def test_a_wrong_key_of_an_event_is_refused_with_the_next_step(keys: str, message: str) -> None:
    assert message in refusal(keys)


def test_confirmed_is_set_by_a_named_person_with_a_basis() -> None:
    status = read("status: {value: confirmed, by: A. Editor, basis: two films geolocated}").status
    assert status == SetStatus(value=Status.CONFIRMED, by="A. Editor", basis="two films geolocated")
    assert read("status: retracted").status is Status.RETRACTED


def test_a_handwritten_event_is_reviewed_unless_it_says_otherwise() -> None:
    assert read("summary: b").workflow is Workflow.REVIEWED
    assert read("workflow: draft").workflow is Workflow.DRAFT


def test_a_quantity_may_be_a_range_a_bound_or_a_number() -> None:
    quantities = read(
        "quantities: [{measure: a, low: 1, best: 2, high: 2}, {measure: b, low: 1}, {measure: c, best: 0}]"
    ).quantities
    assert [(item.low, item.best, item.high) for item in quantities] == [
        (1, 2, 2),
        (1, None, None),
        (None, 0, None),
    ]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("{reliability: B}", "reliability B needs graded_by: a grade names who gave it"),
        ("{reliability: G, graded_by: x}", "reliability: Input should be 'A', 'B', 'C', 'D', 'E' or 'F'"),
        ("{published: last week}", "published: 'last week' is not a date"),
        ("{published: {text: last week}}", "published: expected a day"),
        ("{kind: rumour}", "kind: Input should be 'wire'"),
        ("{publishd: 2021-11-12}", "unknown key 'publishd'; did you mean 'published'?"),
        ("{sha256: abc}", "sha256: String should match pattern"),
    ],
)
def test_a_source_that_cannot_be_used_is_refused(source: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_yaml(f"schema: 1\nsources: {{wire: {source}}}\n", Path("events.yaml")).parse(EventsFile)
    assert len(caught.value.problems) == 1
    assert message in caught.value.problems[0].message
    assert caught.value.problems[0].mark.line == 2


def test_a_source_is_graded_f_until_somebody_grades_it() -> None:
    text = "schema: 1\nsources: {a: {}, b: {reliability: B, graded_by: A. Editor}}\n"
    sources = parse_yaml(text, Path("events.yaml")).parse(EventsFile).sources
    assert {key: source.reliability for key, source in sources.items()} == {"a": "F", "b": "B"}


@pytest.mark.parametrize("event_id", ["a b", "", "#1", "-a", "a#1", "ü", "a" * 201, "a/b"])
def test_an_id_that_would_not_fit_a_feature_id_is_refused(event_id: str) -> None:
    text = HEAD.replace("id: a", f"id: '{event_id}'")
    with pytest.raises(ConfigError, match="id: "):
        parse_yaml(text, Path("events.yaml")).parse(EventsFile)


def test_records_are_frozen() -> None:
    with pytest.raises(ValueError, match="frozen"):
        read("summary: b").title = "other"  # type: ignore[misc]
