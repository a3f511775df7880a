"""The stories: what five press reports say, event by event, and what the maps make of it.

The table was typed from the reports. `drawn` is role, precision and place of each drawn place, in order.
`claims` is who says so (or no) and how; others may be named besides.
"""

from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import pytest
import yaml

from geomap import pipeline
from geomap.model.table import EventTable
from geomap.model.vocabulary import Stance

MAPS = Path(__file__).resolve().parents[2] / "maps"
FOLDERS = ("belarus-poland-2021", "joint-force-2022", "kursk-2024")

WHOLE = "Belarus–Poland border"
AIRSPACE = ("site", "waters", "over Belarus")


class Told(NamedTuple):
    """An event as the reports tell it; days are first and last, None where that end is open."""

    type: str
    first: str | None
    last: str | None
    drawn: tuple[tuple[str, str, str], ...] = ()
    claims: frozenset[tuple[str, str]] = frozenset()
    modality: str = "occurred"
    relations: frozenset[tuple[str, str]] = frozenset()
    sources: int = 1
    one_of: bool = False
    about: bool = False


def said(*claims: str) -> frozenset[tuple[str, str]]:
    """Claims written `Reuters asserts`."""
    return frozenset((who, stance) for who, _, stance in (claim.rpartition(" ") for claim in claims))


def tied(**relations: str) -> frozenset[tuple[str, str]]:
    """Relations written `part_of="E04"`, several numbers parted by blanks."""
    return frozenset((kind, number) for kind, numbers in relations.items() for number in numbers.split())


TOLD = {
    "E01": Told(
        "exercise/airborne_drop", "2021-11-12", "2021-11-12", (("site", "region", "Grodno Region"),),
        said("Russian Defence Ministry asserts", "Belarusian military justifies"), sources=2,
    ),
    "E02": Told(
        "air_activity/bomber_flight", "2021-11-10", "2021-11-10", (AIRSPACE,),
        said("Russian Defence Ministry asserts", "Reuters attributes"), relations=tied(part_of="E04"),
    ),
    "E03": Told(
        "air_activity/patrol", "2021-11-11", "2021-11-11",
        (("origin", "country", "Russia"), ("overflown", "waters", "over Belarus")),
        said("Russian Defence Ministry asserts"), relations=tied(part_of="E04"),
    ),
    "E04": Told(
        "air_activity/patrol", "2021-11-08", "2021-11-12", (AIRSPACE,),
        said("Dmitry Polyansky justifies"), about=True
    ),
    "E05": Told(
        "migration/gathering", "2021-11-08", None, (("site", "line", f"{WHOLE}, Belarus side"),),
        said("European Union accuses", "Belarus denies", "Belarus qualifies"), modality="ongoing", sources=2,
        about=True,
    ),
    "E06": Told(
        "border_incident/crossing_attempt", "2021-11-08", "2021-11-09", (("site", "line", WHOLE),),
        said("claimant not named accuses"),
    ),
    "E07": Told(
        "border_incident/crossing_attempt", "2021-11-09", "2021-11-10", (("site", "line", WHOLE),),
        said("Reuters asserts"),
    ),
    "E08": Told(
        "migration/camp", "2021-11-10", None,
        (("site", "line", f"{WHOLE} near Kuźnica, Belarus side"),), modality="ongoing",
    ),
    "E09": Told(
        "migration/camp", "2021-11-12", "2021-11-12", (("site", "line", f"{WHOLE} within Grodno Region"),),
        relations=tied(possible_duplicate="E08"),
    ),
    "E10": Told(
        "migration/gathering", "2021-11-12", "2021-11-12",
        (("site", "line", f"{WHOLE} near Grodno, Belarus side"),),
        relations=tied(possible_duplicate="E08 E09"), sources=2,
    ),
    "E11": Told(
        "deployment/buildup", None, "2021-11-11", (("site", "line", f"{WHOLE}, Poland side"),),
        said("Belarusian Defence Ministry accuses"), sources=2,
    ),
    "E12": Told(
        "infrastructure/fortification", "2021-11-09", "2021-11-09",
        (("site", "line", f"{WHOLE}, Poland side"),)
    ),
    "E13": Told(
        "deployment/basing", "2021-11-12", "2021-11-12", (("site", "vicinity", "near Siemianówka"),),
        said("Reuters asserts"),
    ),
    "E14": Told(
        "deployment/arrival", None, "2021-11-12", (("site", "country", "Poland"),),
        said("Mariusz Błaszczak asserts", "Mariusz Błaszczak qualifies"),
    ),
    "E15": Told(
        "statement/accusation", "2021-11-09", "2021-11-09", (),
        said("Mateusz Morawiecki accuses", "Kremlin disputes")
    ),
    "E16": Told(
        "statement/denial", "2021-11-10", "2021-11-10", (),
        said("Kremlin accuses", "Maria Zakharova accuses"),
        relations=tied(response_to="E15"), about=True,
    ),
    "E17": Told("statement/warning", "2021-11-12", "2021-11-12", (), said("Viktor Khrenin asserts")),
    "E18": Told(
        "sanctions/trade_or_flight_ban", None, "2021-11-12", (("site", "country", "Turkey"),),
        said("Turkish Civil Aviation Authority asserts"),
    ),
    "E19": Told(
        "sanctions/trade_or_flight_ban", None, "2021-11-12",
        (("origin", "place", "Istanbul"), ("destination", "place", "Minsk")), said("Belavia asserts"),
        modality="announced",
    ),
    "E20": Told(
        "migration/crossing", "2021-06-01", None,
        (
            ("site", "line", WHOLE),
            ("site", "line", "Belarus–Lithuania border"),
            ("site", "line", "Belarus–Latvia border"),
        ),
        modality="ongoing",
    ),
    "E21": Told("sanctions/announced", None, "2021-11-10", (), modality="planned"),
    "E22": Told(
        "deployment/buildup", None, "2021-11-11", (("site", "line", "Russia–Ukraine border"),),
        said("United States government attributes", "Dmitry Peskov denies", "Russia denies"),
        modality="ongoing",
    ),
    "E23a": Told("statement/condemnation", None, "2021-11-12", (), said("Jens Stoltenberg accuses")),
    "E23b": Told("statement/claim", "2021-11-12", "2021-11-12", (), said("Peter Stano asserts")),
    "E23c": Told(
        "statement/condemnation", "2021-11-12", "2021-11-12", (("site", "place", "Paris"),),
        said("Kamala Harris accuses"),
    ),
    "E23d": Told("statement/claim", "2021-11-10", "2021-11-10", (), said("Antony Blinken asserts")),
    "E23e": Told(
        "statement/condemnation", None, "2021-11-12", (("site", "exact", "White House"),),
        said("Jen Psaki accuses")
    ),
    "E30": Told(
        "exercise/announced", "2024-08-13", "2024-08-13",
        (("origin", "country", "Belarus"), ("destination", "country", "unspecified range")),
        said("Belarusian Defence Ministry asserts"), modality="announced",
    ),
    "E31": Told(
        "deployment/airlift", None, "2024-08-12",
        (("destination", "place", "Ashuluk range"), ("origin", "country", "Belarus")),
        said("Belarus asserts"),
    ),
    "E32": Told(
        "ground_combat/incursion", "2024-08-06", None, (("site", "region", "Kursk Region"),),
        said("Ukraine justifies", "Vladimir Putin accuses", "Russian Defence Ministry asserts"),
        modality="ongoing",
        about=True,
    ),
    "E33": Told("air_activity/airspace_violation", "2024-08-05", "2024-08-11", (AIRSPACE,), about=True),
    "E34": Told(
        "strike/interception", "2024-08-05", "2024-08-11", (AIRSPACE,),
        said("Belarusian officials asserts", "BelTA accuses"), about=True,
    ),
    "E35": Told(
        "deployment/buildup", None, "2024-08-13", (("site", "line", "Belarus–Ukraine border, Belarus side"),),
        said("Belarus accuses"),
    ),
    "E36": Told("statement", "2024-08-12", "2024-08-12", (), said("Vladimir Putin asserts")),
    "E40": Told(
        "deployment/arrival", None, "2022-10-15", (("site", "country", "Belarus"),),
        said("Belarusian Defence Ministry asserts", "Alexander Lukashenko justifies"),
    ),
    "E41": Told(
        "deployment/announced", None, "2022-10-14", (("site", "country", "Belarus"),),
        said("Alexander Lukashenko asserts"), modality="announced",
    ),
    "E42": Told(
        "strike/explosion", "2022-10-03", "2022-10-09", (("site", "place", "Kerch Bridge"),),
        said("Russia accuses", "Ukraine does_not_claim"), one_of=True,
    ),
    "E43": Told(
        "strike/missile_artillery", "2022-10-08", "2022-10-15", (("site", "country", "Ukraine"),), about=True
    ),
    "E44": Told(
        "strike/missile_artillery", "2022-10-10", "2022-10-10", (("site", "country", "Ukraine"),),
        said("Vladimir Putin asserts"),
    ),
    "E45": Told("strike", None, "2022-10-15", (("site", "place", "Nikopol"),)),
    "E46": Told("statement/demand", "2022-10-11", "2022-10-11", (), said("Volodymyr Zelenskyy accuses")),
    "E47": Told("statement/accusation", None, "2022-10-15", (), said("Alexander Lukashenko accuses")),
    "E48": Told(
        "statement", "2022-10-14", "2022-10-14", (("site", "place", "Astana"),),
        said("Vladimir Putin asserts")
    ),
    "E49": Told(
        "aid/military", None, "2022-10-15", (),
        said("Antony Blinken asserts", "US Defense Department asserts"),
        modality="announced",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def union() -> pipeline.BuildResult:
    return pipeline.build(MAPS / "union-state")


@pytest.fixture(scope="module")
def table(union: pipeline.BuildResult) -> EventTable:
    return union.project.table


@pytest.fixture(scope="module")
def scene(union: pipeline.BuildResult) -> Any:
    return pipeline.compose(union.project)


@pytest.fixture(scope="module")
def rows(table: EventTable) -> dict[str, range]:
    """The rows of each event, by its number."""
    found: dict[str, range] = {}
    for span in table.event_rows.values():
        numbers = [tag[5:] for tag in table.columns["tags"][span.start] if tag.startswith("seed:")]
        assert len(numbers) == 1
        assert numbers[0] not in found
        found[numbers[0]] = span
    return found


@pytest.fixture(scope="module")
def written() -> dict[str, dict[str, Any]]:
    """The events as they stand in the YAML, by number."""
    events = [
        event
        for folder in FOLDERS
        for event in yaml.safe_load((MAPS / folder / "events.yaml").read_text(encoding="utf-8"))["events"]
    ]
    return {event["tags"][0][5:]: event for event in events}


def test_every_event_of_the_reports_is_there_once_and_none_besides(rows: dict[str, range]) -> None:
    assert sorted(rows) == sorted(TOLD)
    assert len(TOLD) == 44


@pytest.mark.parametrize("number", TOLD)
def test_an_event_is_of_the_type_and_modality_that_is_told(
    table: EventTable, rows: dict[str, range], number: str
) -> None:
    told, row = TOLD[number], rows[number].start
    kind, _, subtype = told.type.partition("/")
    assert table.columns["type"][row] == kind
    assert table.columns["subtype"][row] == (subtype or None)
    assert table.columns["modality"][row] == told.modality
    assert table.columns["workflow"][row] == "reviewed"


@pytest.mark.parametrize("number", TOLD)
def test_an_event_is_dated_as_closely_as_is_told_and_no_closer(
    table: EventTable, rows: dict[str, range], number: str
) -> None:
    told, row = TOLD[number], rows[number].start
    first, last = (date.fromisoformat(day) if day else None for day in (told.first, told.last))
    assert (table.columns["date_start"][row], table.columns["date_end"][row]) == (first, last)
    # What is ongoing and known by a day began by then and goes on.
    assert table.columns["end_open"][row] == (
        told.last is None or (told.first is None and told.modality == "ongoing")
    )
    edtf = table.columns["when"][row]
    assert edtf.startswith("[") == told.one_of
    assert ("~" in edtf) == told.about
    if told.first is None:
        assert table.columns["when_label"][row].startswith("by ")


@pytest.mark.parametrize("number", TOLD)
def test_an_event_is_drawn_where_it_is_told_and_nowhere_else(
    table: EventTable, rows: dict[str, range], number: str
) -> None:
    columns = table.columns
    drawn = [
        (columns["place_role"][row], columns["precision"][row], columns["place_name"][row])
        for row in rows[number]
        if columns["precision"][row] != "none"
    ]
    assert drawn == list(TOLD[number].drawn)


@pytest.mark.parametrize("number", TOLD)
def test_an_event_says_who_says_so(table: EventTable, rows: dict[str, range], number: str) -> None:
    row = rows[number].start
    claims = {(claim["by"], claim["stance"]) for claim in table.columns["detail"][row]["claims"]}
    assert claims >= TOLD[number].claims
    assert set(table.columns["claimants"][row]) == {who for who, _ in claims}
    assert {stance for _, stance in claims} <= {stance.value for stance in Stance}
    assert table.columns["n_sources"][row] == TOLD[number].sources


@pytest.mark.parametrize("number", TOLD)
def test_parts_and_possible_duplicates_are_tied_and_not_merged(
    table: EventTable, rows: dict[str, range], number: str
) -> None:
    numbers = {table.columns["event_id"][span.start]: other for other, span in rows.items()}
    relations = table.columns["detail"][rows[number].start]["relations"]
    ties = {(relation["type"], numbers[relation["event"]]) for relation in relations}
    assert ties >= TOLD[number].relations
    strict = {"part_of", "same_as", "possible_duplicate"}
    assert {tie for tie in ties if tie[0] in strict} == {
        tie for tie in TOLD[number].relations if tie[0] in strict
    }
    assert all(relation["title"] != relation["event"] for relation in relations)


# Statuses


@pytest.mark.parametrize("number", TOLD)
def test_no_event_of_these_reports_is_more_than_reported(
    table: EventTable, rows: dict[str, range], number: str
) -> None:
    # Each is told by one source, by sources that repeat one wire copy, or by claimants of one side.
    assert table.columns["status"][rows[number].start] == "reported"
    assert table.columns["n_origins"][rows[number].start] == 1


def test_a_claim_that_one_side_makes_in_two_newspapers_has_one_origin(
    table: EventTable, rows: dict[str, range]
) -> None:
    detail = table.columns["detail"][rows["E11"].start]
    assert detail["origins"] == ["side union-state"]
    assert len(detail["sources"]) == 2


def test_a_denied_motive_leaves_the_event_as_it_is(table: EventTable, rows: dict[str, range]) -> None:
    detail = table.columns["detail"][rows["E22"].start]
    denials = [claim for claim in detail["claims"] if claim["stance"] == "denies"]
    assert {claim["about"] for claim in denials} == {"motive"}


# What must never be made of these reports


def test_the_range_that_is_not_named_is_russia(table: EventTable, rows: dict[str, range]) -> None:
    row = rows["E30"][-1]
    columns = table.columns
    assert (columns["place_id"][row], columns["country"][row]) == ("ne:RU", "RU")
    assert (columns["precision"][row], table.geometry[row]) == ("country", None)


def test_the_range_in_astrakhan_region_is_wide(table: EventTable, rows: dict[str, range]) -> None:
    row = rows["E31"][0]
    assert table.columns["place_id"][row] == "cur:ashuluk-range"
    assert table.columns["radius_m"][row] >= 20_000
    assert table.columns["country"][row] == "RU"


def test_kursk_region_is_an_area_and_not_the_city(table: EventTable, rows: dict[str, range]) -> None:
    row = rows["E32"].start
    assert table.columns["place_id"][row] == "ne:RU-KRS"
    assert table.geometry[row].geom_type in ("Polygon", "MultiPolygon")


def test_what_is_only_mentioned_is_listed_and_not_drawn(table: EventTable, rows: dict[str, range]) -> None:
    places = table.columns["detail"][rows["E45"].start]["places"]
    assert [(place["name"], place["role"], place["drawn"]) for place in places] == [
        ("Nikopol", "site", True),
        ("Zaporizhzhia Nuclear Power Plant", "mentioned", False),
    ]
    purposes = {
        number: [place["role"] for place in table.columns["detail"][rows[number].start]["places"]]
        for number in ("E14", "E40")
    }
    assert purposes == {"E14": ["site", "purpose"], "E40": ["site", "purpose"]}


def test_nobody_confirms_the_explosion_and_kyiv_does_not_claim_it(
    table: EventTable, rows: dict[str, range]
) -> None:
    row = rows["E42"].start
    assert table.columns["status"][row] != "confirmed"
    assert ("Ukraine", "affected") not in [
        (part["name"], part["role"]) for part in table.columns["detail"][row]["actors"]
    ]
    assert "one day of" in table.columns["when_label"][row]


def test_losses_are_not_called_deaths(table: EventTable, rows: dict[str, range]) -> None:
    assert table.columns["detail"][rows["E32"].start]["quantities"] == [
        "losses: 1,610 (according to Russian Defence Ministry)"
    ]


def test_only_places_known_as_places_have_points(table: EventTable) -> None:
    for precision, shape in zip(table.columns["precision"], table.geometry, strict=True):
        is_point = shape is not None and shape.geom_type == "Point"
        assert is_point == (precision in ("exact", "place", "vicinity"))
        assert (shape is None) == (precision in ("country", "none"))


def test_an_open_end_closes_at_the_latest_publication_of_its_own_sources(
    table: EventTable, rows: dict[str, range]
) -> None:
    ends = {
        number: table.columns["t_end"][rows[number].start].date().isoformat()
        for number in ("E05", "E20", "E22", "E32")
    }
    assert ends == {"E05": "2021-11-12", "E20": "2021-11-12", "E22": "2021-11-12", "E32": "2024-08-13"}


# The maps


def test_every_source_of_the_events_is_a_dispatch_that_exists(written: dict[str, dict[str, Any]]) -> None:
    for folder in FOLDERS:
        path = MAPS / folder / "events.yaml"
        for source in yaml.safe_load(path.read_text(encoding="utf-8"))["sources"].values():
            assert (path.parent / source["file"]).resolve().is_file()
    assert all(event["sources"] for event in written.values())


@pytest.mark.parametrize("folder", [*FOLDERS, "union-state"])
def test_a_map_of_the_stories_has_no_findings_and_nothing_in_other(folder: str) -> None:
    loaded = pipeline.load(MAPS / folder)
    assert [str(finding) for finding in loaded.findings] == []
    scene = pipeline.compose(loaded)
    assert "Other" not in [layer.title for layer in scene.layers]
    shown = [number for layer in scene.layers for number in layer.events]
    assert sorted(shown) == list(range(len(loaded.table.event_rows)))


def test_every_event_stands_in_the_layer_of_its_kind(scene: Any, rows: dict[str, range]) -> None:
    by_id = {event_id: number for number, event_id in enumerate(scene.events["id"])}
    tags = {number: by_id[scene.events["id"][index]] for index, number in enumerate(_numbers(scene))}
    layers = {
        layer.id: {number for number, row in tags.items() if row in layer.events} for layer in scene.layers
    }
    assert layers == {
        "deployments": {"E11", "E13", "E14", "E22", "E31", "E35", "E40", "E41"},
        "exercises": {"E01", "E30"},
        "air": {"E02", "E03", "E04", "E33"},
        "strikes": {"E32", "E34", "E42", "E43", "E44", "E45"},
        "border": {"E05", "E06", "E07", "E08", "E09", "E10", "E12", "E20"},
        "statements": {
            "E15", "E16", "E17", "E18", "E19", "E21", "E23a", "E23b", "E23c", "E23d", "E23e", "E36", "E46",
            "E47", "E48", "E49",
        },
    }  # fmt: skip
    assert len(rows) == len(tags)


def _numbers(scene: Any) -> list[str]:
    """The number of each event of a scene, from the YAML by its id."""
    numbers = {}
    for folder in FOLDERS:
        for event in yaml.safe_load((MAPS / folder / "events.yaml").read_text(encoding="utf-8"))["events"]:
            numbers[event["id"]] = event["tags"][0][5:]
    return [numbers[event_id] for event_id in scene.events["id"]]


def test_events_and_features_are_counted_alike_in_table_scene_export_and_summary(
    union: pipeline.BuildResult, table: EventTable, scene: Any
) -> None:
    features = orjson.loads(union.contents["events.geojson"])["features"]
    drawn = sum(len(told.drawn) for told in TOLD.values())
    unlocated = sum(not told.drawn for told in TOLD.values())
    badges = sum(precision == "country" for told in TOLD.values() for _, precision, _ in told.drawn)
    assert (drawn, unlocated, badges) == (39, 11, 10)
    assert len(table.event_rows) == len(scene.events["id"]) == union.summary.events == 44
    assert len({feature["properties"]["event_id"] for feature in features}) == 44
    assert len(scene.features["id"]) == union.summary.features == drawn
    assert len(features) == len(table) == drawn + unlocated
    assert union.summary.unlocated == unlocated
    assert union.summary.countries == badges == scene.features["shape"].count("badge")
    assert union.summary.undated == 0
    assert sum(feature["geometry"] is None for feature in features) == unlocated + badges
    assert union.summary.layers == {layer.id: len(layer.events) for layer in scene.layers}
    assert sum(union.summary.layers.values()) == 44


def test_the_three_maps_hold_the_events_of_the_one(table: EventTable) -> None:
    parts = [pipeline.load(MAPS / folder).table.event_rows for folder in FOLDERS]
    assert [len(part) for part in parts] == [27, 10, 7]
    assert {event for part in parts for event in part} == set(table.event_rows)


# Drafts


DRAFTS = """\
schema: 1
sources: {p: {published: 2024-08-13}}
events:
- {id: seen, type: strike, title: Seen, when: 2024-08-12, where: Minsk, sources: [p]}
- {id: guessed, type: strike, title: Guessed, when: 2024-08-12, where: Brest, sources: [p], workflow: draft}
- {id: lost, type: strike, title: Lost, when: 2024-08-12, where: Nowhereville, sources: [p], workflow: draft}
- {id: torn, type: strike, title: Torn, when: 2024-08-12, where: Springfield, sources: [p], workflow: draft}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "map.yaml").write_text("schema: 1\ntitle: T\nevents: [events.yaml]\ncountries: [BY]\n")
    (tmp_path / "events.yaml").write_text(DRAFTS)
    return tmp_path


def test_a_draft_is_left_out_and_counted_until_it_is_asked_for(project: Path) -> None:
    loaded = pipeline.load(project)
    assert list(loaded.table.event_rows) == ["seen"]
    assert loaded.drafts_left_out == 3
    assert loaded.findings == ()
    with_drafts = pipeline.load(project, drafts=True)
    assert set(with_drafts.table.event_rows) == {"seen", "guessed", "lost", "torn"}
    assert with_drafts.drafts_left_out == 0
    workflow = dict(
        zip(with_drafts.table.columns["event_id"], with_drafts.table.columns["workflow"], strict=True)
    )
    assert workflow == {"seen": "reviewed", "guessed": "draft", "lost": "draft", "torn": "draft"}


def test_a_draft_whose_place_cannot_be_settled_is_a_warning_and_unlocated(project: Path) -> None:
    loaded = pipeline.load(project, drafts=True)
    found = {(finding.severity, finding.code, finding.mark.line) for finding in loaded.findings}
    assert found == {("warning", "unresolved-place", 6), ("warning", "unresolved-place", 7)}
    precision = dict(zip(loaded.table.columns["event_id"], loaded.table.columns["precision"], strict=True))
    assert precision == {"seen": "place", "guessed": "place", "lost": "none", "torn": "none"}


def test_a_reviewed_event_whose_place_cannot_be_settled_is_an_error_with_its_line(project: Path) -> None:
    text = DRAFTS.replace(", workflow: draft", "")
    (project / "events.yaml").write_text(text)
    with pytest.raises(ValueError, match="Nowhereville") as caught:
        pipeline.load(project)
    assert "events.yaml:6:" in str(caught.value)
    assert "events.yaml:7:" in str(caught.value)
