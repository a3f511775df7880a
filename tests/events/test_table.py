"""The table has the published columns, one row an event at one drawn place, and no day that nobody stated."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
import shapely

from geomap.events.table import tabulate
from geomap.model.events import Event, EventSet
from geomap.model.lonlat import LonLat
from geomap.model.places import PlaceRef
from geomap.model.table import COLUMNS, INNER_COLUMNS, EventTable
from geomap.model.vocabulary import PlaceMethod, PlaceRelation, PlaceRole, Precision

ReadEvents = Callable[..., EventSet]
Tabulate = Callable[..., EventTable]

PUBLISHED_COLUMNS = (
    "event_id feature_id title type subtype status modality t_start t_end date_start date_end when"
    " date_precision end_open place_name place_name_native place_id place_role country precision radius_m"
    " method actors claimants sources source_urls n_sources n_origins reliability summary tags workflow"
)
SOURCES = """\
sources:
  early: {published: 2021-11-10, url: "https://example.org/early"}
  late: {published: 2021-11-13, reliability: B, graded_by: A. Editor}
  later: {published: 2024-01-01}
  silent: {}
actors: {army: {name: The army}}
events:
"""


def place(name: str = "Minsk", role: str = "site", precision: str = "place", **fields: Any) -> PlaceRef:
    given: dict[str, Any] = {
        "position": LonLat(lon=27.5, lat=53.9),
        "countries": ("BY",),
        "radius_m": 12_000.0,
    }
    return PlaceRef(
        role=PlaceRole(role),
        relation=PlaceRelation.AT,
        precision=Precision(precision),
        name=name,
        method=PlaceMethod.GAZETTEER,
        **(given | fields),
    )


@pytest.fixture
def table(read: ReadEvents) -> Tabulate:
    """The table of events given as YAML keys, `id` and `type` added where they are missing."""

    def make(*events: str, places: tuple[PlaceRef, ...] = ()) -> EventTable:
        lines = [f"  - {{id: e{number}, title: T{number}, {keys}}}" for number, keys in enumerate(events)]
        lines = [
            line if "type:" in line else line.replace("title:", "type: exercise, title:") for line in lines
        ]
        lines = [
            line if "sources:" in line else line.replace("title:", "sources: [early], title:")
            for line in lines
        ]
        declared = read(SOURCES + "\n".join(lines))
        settled = [Event(record=item.record, places=places) for item in declared.events]
        return tabulate(settled, declared.sources, declared.actors)

    return make


def row(table: EventTable, number: int = 0) -> dict[str, Any]:
    return {name: values[number] for name, values in table.columns.items()}


def test_the_columns_are_the_published_ones_in_their_order(table: Tabulate) -> None:
    assert tuple(PUBLISHED_COLUMNS.split()) == COLUMNS
    assert tuple(table("when: 2021-11-12").columns) == (*COLUMNS, *INNER_COLUMNS)


def test_a_row_says_all_of_an_event_and_its_place(table: Tabulate) -> None:
    keys = (
        "type: exercise/airborne_drop, when: 2021-11-12, summary: S, tags: [x], sources: [early, late],"
        " actors: [{id: army}, {name: Others}], claims: [{by: army, stance: asserts, source: late}]"
    )
    found = row(table(keys, places=(place(native_name="Мінск", place_id="gn:625144"),)))
    assert {name: found[name] for name in COLUMNS} == {
        "event_id": "e0",
        "feature_id": "e0#1",
        "title": "T0",
        "type": "exercise",
        "subtype": "airborne_drop",
        "status": "corroborated",
        "modality": "occurred",
        "t_start": datetime(2021, 11, 12, tzinfo=UTC),
        "t_end": datetime(2021, 11, 12, 23, 59, 59, tzinfo=UTC),
        "date_start": date(2021, 11, 12),
        "date_end": date(2021, 11, 12),
        "when": "2021-11-12",
        "date_precision": "day",
        "end_open": False,
        "place_name": "Minsk",
        "place_name_native": "Мінск",
        "place_id": "gn:625144",
        "place_role": "site",
        "country": "BY",
        "precision": "place",
        "radius_m": 12_000.0,
        "method": "gazetteer",
        "actors": ("The army", "Others"),
        "claimants": ("The army",),
        "sources": ("early", "late"),
        "source_urls": ("https://example.org/early",),
        "n_sources": 2,
        "n_origins": 2,
        "reliability": "B",
        "summary": "S",
        "tags": ("x",),
        "workflow": "reviewed",
    }


def times(table: EventTable) -> tuple[str | None, str | None, bool]:
    found = row(table)
    start, end = (
        moment and moment.strftime("%Y-%m-%dT%H:%M:%SZ") for moment in (found["t_start"], found["t_end"])
    )
    return start, end, found["end_open"]


@pytest.mark.parametrize(
    ("keys", "start", "end", "end_open"),
    [
        ("when: 2021-11", "2021-11-01T00:00:00Z", "2021-11-30T23:59:59Z", False),
        ("when: 2021-11-10/2021-11-11", "2021-11-10T00:00:00Z", "2021-11-11T23:59:59Z", False),
        # "By the 12th" is shown on the 12th.
        ("when: ../2024-08-12", "2024-08-12T00:00:00Z", "2024-08-12T23:59:59Z", False),
        # An open end closes at the latest publication of the event's own sources …
        ("when: 2021-11-08/.., sources: [early, late]", "2021-11-08T00:00:00Z", "2021-11-13T23:59:59Z", True),
        ("when: 2021-11-08/.., sources: [early]", "2021-11-08T00:00:00Z", "2021-11-10T23:59:59Z", True),
        # … or, where that lies before it or is not known, at its beginning.
        ("when: 2021-12-01/.., sources: [early]", "2021-12-01T00:00:00Z", "2021-12-01T23:59:59Z", True),
        ("when: 2021-11-08/.., sources: [silent]", "2021-11-08T00:00:00Z", "2021-11-08T23:59:59Z", True),
        # What goes on and is known by the 9th began by then and has not ended.
        ("when: ../2021-11-09, modality: ongoing", "2021-11-09T00:00:00Z", "2021-11-10T23:59:59Z", True),
        ("when: ../2021-11-12, modality: ongoing", "2021-11-12T00:00:00Z", "2021-11-12T23:59:59Z", True),
        ("when: 2021-11-09, modality: ongoing", "2021-11-09T00:00:00Z", "2021-11-09T23:59:59Z", False),
        ("when: {text: some day}", None, None, False),
        ("summary: S", None, None, False),
        ("when: 9999-12-31", "9999-12-31T00:00:00Z", "9999-12-31T23:59:59Z", False),
    ],
)
def test_a_time_is_closed_only_where_something_is_known(
    table: Tabulate, keys: str, start: str | None, end: str | None, end_open: bool
) -> None:
    assert times(table(keys)) == (start, end, end_open)


def test_an_open_end_stays_open_in_the_days(table: Tabulate) -> None:
    found = row(table("when: 2021-11-08/.."))
    assert (found["date_start"], found["date_end"], found["when"]) == (
        date(2021, 11, 8),
        None,
        "2021-11-08/..",
    )


def test_an_undated_event_has_null_for_every_day(table: Tabulate) -> None:
    found = row(table("summary: S"))
    assert [found[name] for name in ("t_start", "t_end", "date_start", "date_end", "when")] == [None] * 5
    assert (found["date_precision"], found["when_label"]) == ("unknown", "date unknown")


def test_each_drawn_place_is_a_row_and_the_event_counts_once(table: Tabulate) -> None:
    places = (
        place("Istanbul", "origin"),
        place("Moscow", "purpose"),
        place("Minsk", "destination"),
        place("Brest", "mentioned"),
    )
    made = table("when: 2021", places=places)
    assert list(made.columns["feature_id"]) == ["e0#1", "e0#2"]
    assert list(made.columns["place_name"]) == ["Istanbul", "Minsk"]
    assert dict(made.event_rows) == {"e0": range(2)}
    assert [item["drawn"] for item in row(made)["detail"]["places"]] == [True, False, True, False]


@pytest.mark.parametrize(
    "places",
    [
        (),
        (place(role="purpose"), place(role="mentioned")),
        (PlaceRef.unresolved(PlaceRole.SITE, "somewhere"),),
    ],
)
def test_an_event_without_a_drawn_place_has_one_row(table: Tabulate, places: tuple[PlaceRef, ...]) -> None:
    made = table("when: 2021", places=places)
    assert len(made) == 1
    found = row(made)
    names = ("place_name", "place_id", "place_role", "country", "radius_m", "method", "lon", "lat")
    assert [found[name] for name in names] == [None] * len(names)
    assert (found["feature_id"], found["precision"], made.geometry[0]) == ("e0#1", "none", None)


def test_a_country_has_no_geometry_and_an_area_its_own(table: Tabulate) -> None:
    area = shapely.box(23, 53, 24, 54)
    places = (
        place("Belarus", precision="country"),
        place("Grodno Region", precision="region", geometry=area),
        place(),
    )
    made = table("when: 2021", places=places)
    assert list(made.geometry) == [None, area, shapely.Point(27.5, 53.9)]


def test_a_border_of_two_countries_is_in_neither(table: Tabulate) -> None:
    line = shapely.LineString([(23, 53), (24, 54)])
    found = row(table("when: 2021", places=(place(precision="line", geometry=line, countries=("BY", "PL")),)))
    assert (found["country"], found["countries"]) == (None, ("BY", "PL"))


def test_events_stand_in_the_order_of_their_first_day_undated_ones_last(table: Tabulate) -> None:
    made = table("summary: S", "when: 2022", "when: ../2021-11-12", "when: 2021-11-12", "when: 2021-11/..")
    assert list(made.columns["event_id"]) == ["e4", "e2", "e3", "e1", "e0"]


@pytest.mark.parametrize(
    ("quantity", "text"),
    [
        ("{measure: losses, best: 1610, by: army}", "losses: 1,610 (according to The army)"),
        ("{measure: people_moved, low: 3000, high: 4000}", "people moved: 3,000–4,000"),
        ("{measure: troops, low: 200}", "troops: at least 200"),
        ("{measure: troops, high: 250}", "troops: up to 250"),
        ("{measure: troops, best: 0}", "troops: 0"),
        ("{measure: troops, low: 0, high: 5}", "troops: 0–5"),
        ("{measure: troops, low: 200, best: 250}", "troops: 250 (200–?)"),
        ("{measure: distance, best: 2.5, unit: km}", "distance: 2.5 km"),
        ("{measure: aid, best: 1234567, unit: EUR}", "aid: 1,234,567 EUR"),
    ],
)
def test_a_quantity_is_put_in_words(table: Tabulate, quantity: str, text: str) -> None:
    assert row(table(f"quantities: [{quantity}]"))["detail"]["quantities"] == [text]


def test_nothing_that_was_left_out_is_guessed_in_the_detail(table: Tabulate) -> None:
    detail = row(table("claims: [{by: army, stance: asserts}]"))["detail"]
    assert detail["claims"] == [
        {
            "by": "The army",
            "stance": "asserts",
            "about": "event",
            "about_label": "",
            "about_by": "",
            "text": "",
            "quote": "",
            "value": None,
            "when": None,
            "place": "",
            "source": None,
            "via": "",
            "credibility": 6,
        }
    ]
    assert detail["sources"][0]["publisher"] == ""
    assert detail["sources"][0]["reliability"] == "F"
