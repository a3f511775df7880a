"""Edits made in a GeoPackage come back into the events file they were exported from, and nothing else does."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import geopandas
import pytest
import shapely

from geomap import pipeline
from geomap.events.imports import ImportFileError
from geomap.gazetteer import PlaceData, read_gazetteer
from geomap.model.baseline import TABLE
from geomap.model.records import EventsFile
from geomap.model.table import COLUMNS
from geomap.pipeline.importing import ImportResult, import_events
from geomap.pipeline.patching import Patch, addition_patch, gis_patch
from geomap.yamlfile import read_yaml
from geopackage_edits import editing

EVENTS = """\
# The desk's own list.
schema: 1

sources:
  s: {publisher: Desk, published: 2024-08-15, kind: newspaper}   # ours

events:
  # First, as told.
  - id: depot
    type: strike/explosion
    title: A depot burns   # as the desk has it
    summary: >-
      It burned
      for a day.
    when: {edtf: "2024-08-12", basis: relative_to_publication, text: Monday}
    where: Minsk
    sources: [s]

  - {id: drill, type: exercise, title: A drill, when: 2024-08, where: Grodno Region, sources: [s]}

  - id: convoy
    type: deployment
    title: A convoy
    when: "[2024-08-05..2024-08-11]"
    where:
      - {place: Minsk, role: origin}
      - {place: Brest, country: BY, role: destination}   # by rail
    sources: [s]
    tags: [a]

  - id: word
    type: statement
    title: A word
    status: {value: confirmed, by: The desk, basis: its recording}
    sources: [s]

  # Never found.
  - id: lost
    type: other
    title: Somewhere
    when: 2024-08-12
    where: unknown
    sources: [s]
"""


def given(name: str, lon: float, lat: float, precision: str, radius_m: int, *, end: str = "") -> str:
    """A place as it is written that an analyst has moved."""
    at = f"name: {name}, lon: {lon}, lat: {lat}, country: BY"
    return f"{{{at}, precision: {precision}, radius_m: {radius_m}, method: analyst{end}}}"


@pytest.fixture(scope="module")
def gazetteer() -> PlaceData:
    return read_gazetteer()


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("project")
    (folder / "events.yaml").write_text(EVENTS, encoding="utf-8")
    (folder / "map.yaml").write_text(
        "schema: 1\ntitle: T\nevents: [events.yaml]\ncountries: [BY]\n", encoding="utf-8"
    )
    pipeline.export(folder, ["gpkg"], folder=folder / "gis")
    return (folder / "gis" / "events.gpkg").read_bytes()


class Desk:
    """An events file and a GeoPackage that was exported from it."""

    def __init__(self, folder: Path, exported: bytes, gazetteer: PlaceData) -> None:
        self.events, self.layers, self._gazetteer = folder / "events.yaml", folder / "events.gpkg", gazetteer
        self.events.write_text(EVENTS, encoding="utf-8")
        self.layers.write_bytes(exported)

    def sql(self, statement: str, *values: Any) -> None:
        """Change the GeoPackage, past the triggers of its index of positions."""
        with editing(self.layers) as database:
            assert database.execute(statement, values).rowcount == 1

    def set(self, feature: str, layer: str = "points", **values: Any) -> None:
        """Edit columns of a feature."""
        named = ", ".join(f'"{name}" = ?' for name in values)
        self.sql(f"UPDATE {layer} SET {named} WHERE feature_id = ?", *values.values(), feature)

    def move(self, feature: str, lon: float, lat: float) -> None:
        """Move a point."""
        self.set(feature, geom=point(lon, lat))

    def delete(self, feature: str, layer: str = "points") -> None:
        """Delete a feature."""
        self.sql(f"DELETE FROM {layer} WHERE feature_id = ?", feature)

    def rewrite(self, old: str, new: str) -> None:
        """Edit the events file."""
        text = self.events.read_text(encoding="utf-8")
        assert old in text
        self.events.write_text(text.replace(old, new), encoding="utf-8")

    def patch(self) -> Patch:
        """What comes back."""
        patch = gis_patch(self.layers, self.events, self._gazetteer)
        assert patch is not None
        return patch

    def lines(self) -> tuple[list[str], list[str]]:
        """The lines that go and those that come; there is no conflict, and none is left once it is applied."""
        patch = self.patch()
        assert patch.conflicts == ()
        self.events.write_text(patch.new, encoding="utf-8")
        read_yaml(self.events).parse(EventsFile)
        again = self.patch()
        assert (again.new, again.changes, again.conflicts) == (patch.new, (), ())
        body = patch.diff.splitlines()[2:]
        return (
            [line[1:].strip() for line in body if line.startswith("-")],
            [line[1:].strip() for line in body if line.startswith("+")],
        )

    def conflict(self) -> str:
        """The one thing that is not taken; the file stays as it is."""
        patch = self.patch()
        assert patch.new == patch.old
        assert patch.changes == ()
        (said,) = patch.conflicts
        return said


def point(lon: float, lat: float) -> bytes:
    # A header without an envelope, little-endian, EPSG:4326.
    return b"GP\x00\x01" + (4326).to_bytes(4, "little") + shapely.to_wkb(shapely.Point(lon, lat))


@pytest.fixture
def desk(tmp_path: Path, exported: bytes, gazetteer: PlaceData) -> Desk:
    return Desk(tmp_path, exported, gazetteer)


def test_without_an_edit_nothing_changes(desk: Desk) -> None:
    patch = desk.patch()
    assert (patch.new, patch.changes, patch.conflicts, patch.diff) == (EVENTS, (), (), "")


def test_a_geopackage_of_others_has_no_patch(desk: Desk) -> None:
    with editing(desk.layers) as database:
        database.execute(f"DROP TABLE {TABLE}")
    assert gis_patch(desk.layers, desk.events, read_gazetteer()) is None


COPIED = ", ".join(f'"{name}"' for name in COLUMNS if name not in ("place_name", "radius_m", "precision"))
EDITS: Mapping[str, tuple[Callable[[Desk], None], list[str], list[str]]] = {
    "title": (
        lambda desk: desk.set("depot#1", title='Fire: "a depot" {{ x }}'),
        ["title: A depot burns   # as the desk has it"],
        ["title: 'Fire: \"a depot\" {{ x }}'   # as the desk has it"],
    ),
    "type": (
        lambda desk: desk.set("depot#1", type="infrastructure", subtype=None),
        ["type: strike/explosion"],
        ["type: infrastructure"],
    ),
    "summary gone": (
        lambda desk: desk.set("depot#1", summary=None),
        ["summary: >-", "It burned", "for a day."],
        [],
    ),
    "status": (lambda desk: desk.set("depot#1", status="retracted"), [], ["status: retracted"]),
    "a status that a person set": (
        lambda desk: desk.set("word#1", "events_unlocated", status="disputed"),
        ["status: {value: confirmed, by: The desk, basis: its recording}"],
        ["status: disputed"],
    ),
    "draft": (lambda desk: desk.set("depot#1", workflow="draft"), [], ["workflow: draft"]),
    "tags": (
        lambda desk: [desk.set(f"convoy#{number}", tags='["a","b c"]') for number in (1, 2)],
        ["tags: [a]"],
        ["tags: [a, b c]"],
    ),
    "in one line": (
        lambda desk: desk.set("drill#1", "areas", title="A drill, planned"),
        ["- {id: drill, type: exercise, title: A drill, when: 2024-08, where: Grodno Region, sources: [s]}"],
        ["- {id: drill, type: exercise, title: 'A drill, planned', when: 2024-08, where: Grodno Region, sources: [s]}"],
    ),
    "a day": (
        lambda desk: desk.set("depot#1", date_start="2024-08-11", date_end="2024-08-11"),
        ['when: {edtf: "2024-08-12", basis: relative_to_publication, text: Monday}'],
        ["when: 2024-08-11"],
    ),
    "days by the moments that QGIS shows": (
        lambda desk: desk.set("depot#1", t_end="2024-08-14T23:59:59Z"),
        ['when: {edtf: "2024-08-12", basis: relative_to_publication, text: Monday}'],
        ["when: 2024-08-12/2024-08-14"],
    ),
    "one day of another week": (
        lambda desk: [desk.set(f"convoy#{number}", date_end="2024-08-12") for number in (1, 2)],
        ['when: "[2024-08-05..2024-08-11]"'],
        ["when: '[2024-08-05..2024-08-12]'"],
    ),
    "a date as EDTF": (
        lambda desk: desk.set("depot#1", when="../2024-08-12"),
        ['when: {edtf: "2024-08-12", basis: relative_to_publication, text: Monday}'],
        ["when: ../2024-08-12"],
    ),
    "a point": (
        lambda desk: desk.move("depot#1", 27.5, 53.95),
        ["where: Minsk"],
        [f"where: {given('Minsk', 27.5, 53.95, 'place', 12000)}"],
    ),
    "a point that is known exactly": (
        lambda desk: desk.set("depot#1", geom=point(27.5, 53.95), precision="exact", radius_m=50, place_name="Depot 4"),
        ["where: Minsk"],
        [f"where: {given('Depot 4', 27.5, 53.95, 'exact', 50)}"],
    ),
    "one of two places": (
        lambda desk: desk.move("convoy#2", 23.7, 52.1),
        ["- {place: Brest, country: BY, role: destination}   # by rail"],
        [f"- {given('Brest', 23.7, 52.1, 'place', 5500, end=', role: destination')}   # by rail"],
    ),
    "how well a place is known": (
        lambda desk: desk.set("depot#1", precision="vicinity"),
        ["where: Minsk"],
        ["where: {place: Minsk, precision: vicinity}"],
    ),
    "a place gone": (
        lambda desk: desk.delete("convoy#1"),
        ["- {place: Minsk, role: origin}"],
        [],
    ),
    "an event gone": (
        lambda desk: desk.delete("lost#1", "events_unlocated"),
        [
            "", "# Never found.", "- id: lost", "type: other", "title: Somewhere", "when: 2024-08-12",
            "where: unknown", "sources: [s]",
        ],
        [],
    ),
    "a place found": (
        lambda desk: desk.sql(
            f"INSERT INTO points (geom, place_name, radius_m, \"precision\", {COPIED})"
            f" SELECT ?, 'Yard', 100, 'exact', {COPIED} FROM events_unlocated WHERE feature_id = 'lost#1'",
            point(27.4, 53.8),
        ) or desk.delete("lost#1", "events_unlocated"),
        ["where: unknown"],
        ["where: {name: Yard, lon: 27.4, lat: 53.8, precision: exact, radius_m: 100, method: analyst}"],
    ),
    "an event found": (
        lambda desk: desk.sql(
            'INSERT INTO points (geom, title, type, sources, date_start, date_end, place_name, radius_m, "precision")'
            " VALUES (?, 'New: fire', 'strike', '[\"s\"]', '2024-08-13', '2024-08-13', 'Yard', 100, 'exact')",
            point(27.4, 53.8),
        ),
        [],
        [
            "", "- id: new-fire", "type: strike", "title: 'New: fire'", "when: 2024-08-13",
            "where: {name: Yard, lon: 27.4, lat: 53.8, precision: exact, radius_m: 100, method: analyst}",
            "sources: [s]",
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_comes_back_and_nothing_else_changes(edit: str, desk: Desk) -> None:
    make, gone, come = EDITS[edit]
    make(desk)
    assert desk.lines() == (gone, come)


CONFLICTS: Mapping[str, tuple[Callable[[Desk], None], str]] = {
    "both edited": (
        lambda desk: desk.set("depot#1", title="Theirs") or desk.rewrite("A depot burns", "Ours"),
        "depot: title: exported as 'A depot burns', edited to 'Theirs' in the GIS and to 'Ours' in the file",
    ),
    "both moved": (
        lambda desk: desk.move("depot#1", 27.5, 53.95) or desk.rewrite("where: Minsk", 'where: "Brest, Belarus"'),
        "depot: place 1: moved in the GIS, and its place was changed in the file",
    ),
    "moved beside a list that changed": (
        lambda desk: desk.move("convoy#2", 23.7, 52.1) or desk.rewrite("      - {place: Minsk, role: origin}\n", ""),
        "convoy: place 2: the places of the event were changed in the file",
    ),
    "deleted and edited": (
        lambda desk: desk.delete("lost#1", "events_unlocated") or desk.rewrite("title: Somewhere", "title: In Gomel"),
        "lost: deleted in the GIS, but the file has another title since",
    ),
    "no title": (lambda desk: desk.set("depot#1", title=" "), "depot: title: it is empty now"),
    "no modality": (lambda desk: desk.set("depot#1", modality=None), "depot: modality: it is empty now"),
    "no workflow": (lambda desk: desk.set("depot#1", workflow=None), "depot: workflow: it is empty now"),
    "no geometry": (
        lambda desk: desk.set("depot#1", geom=None),
        "depot: place 1: its geometry is gone; delete the feature, or put it somewhere",
    ),
    "past the Earth": (
        lambda desk: desk.move("depot#1", 500, 95),
        "depot: place 1: geometry: 500, 95: expected degrees",
    ),
    "nowhere": (lambda desk: desk.move("depot#1", 0, 0), "depot: place 1: lon 0, lat 0: written where no position"),
    "no radius at all": (lambda desk: desk.set("depot#1", radius_m=None), "depot: radius_m: it is empty now"),
    "no precision": (lambda desk: desk.set("depot#1", precision=None), "depot: place 1: precision '' is none"),
    "no place to describe": (
        lambda desk: desk.set("word#1", "events_unlocated", precision="exact"),
        "word: place 1: precision of a place that there is not; give it a position",
    ),
    "tags without end": (
        lambda desk: desk.set("depot#1", tags="[" * 100_000),
        "depot: tags: expected a list as JSON, found '[[",
    ),
    "deleted with new tags in the file": (
        lambda desk: desk.delete("lost#1", "events_unlocated")
        or desk.rewrite("where: unknown", "where: unknown\n    tags: [x]"),
        "lost: deleted in the GIS, but the file has another tags since",
    ),
    "deleted though others refer to it": (
        lambda desk: desk.delete("lost#1", "events_unlocated")
        or desk.rewrite("title: A word", "title: A word\n    relations: [{type: related, event: lost}]"),
        "lost: deleted in the GIS, but word refers to it; take that relation out first",
    ),
    "no type": (
        lambda desk: desk.set("depot#1", type="boom", subtype=None),
        "depot: type: 'boom' is none of geomap's; one of map.yaml is written by hand",
    ),
    "no status": (lambda desk: desk.set("depot#1", status="sure"), "depot: status: 'sure' is none; expected one of "),
    "confirmed by nobody": (
        lambda desk: desk.set("depot#1", status="confirmed"),
        "depot: status: confirmed names who confirms and on what basis; write it in the file",
    ),
    "no date": (lambda desk: desk.set("depot#1", when="yesterday"), "depot: when: 'yesterday' is not a date"),
    "ends before it begins": (lambda desk: desk.set("depot#1", date_end="2024-08-01"), "depot: when: "),
    "two dates": (
        lambda desk: desk.set("depot#1", when="2024-08-10", date_start="2024-08-09"),
        "depot: when: '2024-08-10' and date_start '2024-08-09' contradict each other",
    ),
    "tags of no list": (lambda desk: desk.set("depot#1", tags="x, y"), "depot: tags: expected a list as JSON"),
    "computed": (
        lambda desk: desk.set("depot#1", n_origins=7, country="PL"),
        "depot: country, n_origins: made from the record when it is exported; edit the file",
    ),
    "an area moved": (
        lambda desk: desk.set("drill#1", "areas", geom=point(24, 53)),
        "drill: place 1: a point is exact, place or vicinity, not region; edit precision too",
    ),
    "no radius": (
        lambda desk: desk.set("depot#1", radius_m=-4),
        "depot: none of its edits was taken: where",
    ),
    "the name of a place": (
        lambda desk: desk.set("depot#1", place_name="Mensk"),
        "depot: place 1: the name of a place that was not moved is changed in the file",
    ),
    "a copy": (
        lambda desk: desk.sql(
            "INSERT INTO points (geom, event_id, feature_id, title)"
            " SELECT geom, event_id, feature_id, 'Copy' FROM points WHERE feature_id = 'depot#1'"
        ),
        "depot#1: 2 features have this id; give the new ones none",
    ),
    "another place": (
        lambda desk: desk.sql("INSERT INTO points (geom, event_id, title) VALUES (?, 'depot', 'X')", point(1, 2)),
        "a new place of depot; add it to where in the file",
    ),
    "new without a source": (
        lambda desk: desk.sql("INSERT INTO points (geom, title) VALUES (?, 'X')", point(1, 2)),
        "a new feature without type, sources; not taken",
    ),
    "new of a source that is not there": (
        lambda desk: desk.sql(
            "INSERT INTO points (geom, title, type, sources) VALUES (?, 'X', 'strike', '[\"t\"]')", point(1, 2)
        ),
        "a new feature: sources t are not in the file",
    ),
}  # fmt: skip


@pytest.mark.parametrize("edit", CONFLICTS)
def test_what_cannot_be_settled_is_told_and_left_alone(edit: str, desk: Desk) -> None:
    make, said = CONFLICTS[edit]
    make(desk)
    assert said in desk.conflict()


def test_features_of_one_event_may_be_edited_one_by_one(desk: Desk) -> None:
    desk.set("convoy#1", title="Another")
    assert desk.lines() == (["title: A convoy"], ["title: Another"])
    desk.set("convoy#2", title="Yet another")
    assert "title: its features differ, 'Another', 'Yet another'; an event has one" in desk.conflict()


def test_good_edits_are_taken_beside_conflicts(desk: Desk) -> None:
    desk.set("depot#1", title="Theirs", type="strike", subtype="missile_artillery")
    desk.rewrite("A depot burns", "Ours")
    patch = desk.patch()
    assert patch.changes == ("depot: type: 'strike/explosion' to 'strike/missile_artillery'",)
    assert len(patch.conflicts) == 1
    assert "title: Ours   # as the desk has it" in patch.new


def test_events_of_other_files_are_left_alone(desk: Desk) -> None:
    desk.rewrite("id: depot", "id: other")
    assert desk.patch().conflicts == ()
    desk.set("depot#1", title="X")
    assert desk.conflict() == "depot: edited, but not in this file; import into the one that has it"
    desk.events.write_text("schema: 1\nevents: []\n", encoding="utf-8")
    with pytest.raises(ImportFileError, match="none of its events is in"):
        desk.patch()


def test_a_file_of_a_windows_editor_stays_one(desk: Desk) -> None:
    text = "\ufeff" + EVENTS.replace("\n", "\r\n")
    desk.events.write_bytes(text.encode())
    desk.set("depot#1", title="X")
    assert desk.patch().new == text.replace("A depot burns", "X")


def test_the_diff_is_one_that_patch_takes(desk: Desk) -> None:
    desk.set("depot#1", title="X\u2028Y")
    desk.delete("lost#1", "events_unlocated")
    diff = desk.patch().diff
    assert diff.startswith(f"--- a/{desk.events.as_posix().lstrip('/')}\n+++ b/")
    assert [line[0] for line in diff.split("\n")[2:-1]].count("@") == 2


@pytest.mark.parametrize("content", [b"", b"not Arrow", b"\xff\xff\xff\xff\x10\x00\x00\x00" + b"x" * 64])
def test_a_spoilt_baseline_is_refused(content: bytes, desk: Desk) -> None:
    with editing(desk.layers) as database:
        database.execute(f"UPDATE {TABLE} SET content = ?", (content,))
    with pytest.raises(ImportFileError, match="cannot be read; export anew"):
        desk.patch()


def test_a_column_that_was_taken_away_empties_nothing(desk: Desk) -> None:
    with editing(desk.layers) as database:
        for layer in ("points", "lines", "areas", "events_unlocated"):
            database.execute(f"ALTER TABLE {layer} DROP COLUMN summary")
    assert desk.conflict() == "no column summary: what was edited there is not known"


def test_a_layer_that_was_taken_away_deletes_nothing(desk: Desk) -> None:
    with editing(desk.layers) as database:
        for table in ("gpkg_contents", "gpkg_geometry_columns"):
            database.execute(f"DELETE FROM {table} WHERE table_name = 'areas'")
    with pytest.raises(ImportFileError, match="no layer areas; there is"):
        desk.patch()


def test_layers_of_ones_own_beside_ours_do_no_harm(desk: Desk) -> None:
    frame = geopandas.GeoDataFrame({"title": ["mine"]}, geometry=[shapely.Point(1, 2)], crs="EPSG:4326")
    frame.to_file(desk.layers, layer="mine", driver="GPKG")
    desk.set("depot#1", title="X")
    assert len(desk.lines()[1]) == 1


HANGS = {
    "a view": (
        f"CREATE VIEW {TABLE} AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c)"
        " SELECT max(x) AS content FROM c"
    ),
    "a column that is worked out": f"CREATE TABLE {TABLE} (a, content AS (hex(zeroblob(100000000))))",
}


@pytest.mark.parametrize("statement", HANGS.values(), ids=list(HANGS))
def test_sql_of_the_file_is_not_run(statement: str, desk: Desk) -> None:
    with editing(desk.layers) as database:
        database.execute(f"DROP TABLE {TABLE}")
        database.execute(statement)
    assert gis_patch(desk.layers, desk.events, read_gazetteer()) is None


def test_a_path_in_the_baseline_is_not_opened(desk: Desk) -> None:
    with editing(desk.layers) as database:
        database.execute(f"UPDATE {TABLE} SET content = '/etc/passwd'")
    with pytest.raises(ImportFileError, match=r"cannot be read; export anew$"):
        desk.patch()


# Events of others into a file that is there


def test_a_source_of_the_same_id_is_not_taken_for_another(tmp_path: Path, gazetteer: PlaceData) -> None:
    def theirs(folder: str, name: str, licence: str) -> ImportResult:
        (tmp_path / folder).mkdir()
        feature = {"type": "Feature", "properties": {"title": name, "id": name}, "geometry": None}
        content = {
            "type": "FeatureCollection",
            "attribution": name,
            "license": licence,
            "features": [feature],
        }
        (tmp_path / folder / "events.geojson").write_text(json.dumps(content), encoding="utf-8")
        return import_events(tmp_path / folder / "events.geojson", "geojson", gazetteer)

    events = tmp_path / "events.yaml"
    events.write_text(theirs("one", "Alpha", "CC BY 4.0").text, encoding="utf-8")
    patch = addition_patch(theirs("two", "Beta", "All rights reserved"), events)
    assert patch.new == patch.old
    assert patch.conflicts == (
        "events-beta: source events is another one in the file; name an id_prefix in a mapping, or rename it",
    )
    assert len(addition_patch(theirs("three", "Alpha", "CC BY 4.0"), events).conflicts) == 0


def test_an_import_adds_what_the_file_lacks(tmp_path: Path, desk: Desk, gazetteer: PlaceData) -> None:
    table = tmp_path / "new.csv"
    table.write_text("id,title,when\n1,A,2024\n2,B,2025\n", encoding="utf-8")
    first = addition_patch(import_events(table, "csv", gazetteer), desk.events)
    assert first.conflicts == ()
    assert first.new.startswith(EVENTS.partition("events:")[0].rstrip())
    assert first.new.count("# ") == EVENTS.count("# ")
    desk.events.write_text(first.new, encoding="utf-8")
    file = read_yaml(desk.events).parse(EventsFile)
    assert [event.id for event in file.events][-2:] == ["new-1", "new-2"]
    assert set(file.sources) == {"s", "new"}
    assert addition_patch(import_events(table, "csv", gazetteer), desk.events).changes == ()
    table.write_text("id,title,when\n1,A,2023\n3,C,2025\n", encoding="utf-8")
    again = addition_patch(import_events(table, "csv", gazetteer), desk.events)
    assert again.changes == ("new-3: added",)
    assert again.conflicts == ("new-1: is there already, otherwise; left alone",)


def test_an_address_that_is_none_in_the_file_harms_nothing(tmp_path: Path, gazetteer: PlaceData) -> None:
    table, events = tmp_path / "new.csv", tmp_path / "events.yaml"
    table.write_text("title\nA\n", encoding="utf-8")
    events.write_text("schema: 1\nsources:\n  new: {url: 'http://[broken'}\n", encoding="utf-8")
    patch = addition_patch(import_events(table, "csv", gazetteer), events)
    assert patch.conflicts == (
        "new-1: source new is another one in the file; name an id_prefix in a mapping, or rename it",
    )


@pytest.mark.parametrize("start", ["schema: 1\nevents: []\n", "schema: 1\n"])
def test_an_import_fills_an_empty_file(start: str, tmp_path: Path, gazetteer: PlaceData) -> None:
    table, events = tmp_path / "new.geojson", tmp_path / "events.yaml"
    feature = {"type": "Feature", "properties": {"title": "A"}, "geometry": None}
    table.write_text(json.dumps({"type": "FeatureCollection", "features": [feature] * 2}), encoding="utf-8")
    events.write_text(start, encoding="utf-8")
    patch = addition_patch(import_events(table, "geojson", gazetteer), events)
    events.write_text(patch.new, encoding="utf-8")
    file = read_yaml(events).parse(EventsFile)
    assert ([event.id for event in file.events], set(file.sources)) == (["new-1", "new-2"], {"new"})


SENSITIVE = """\
schema: 1
sources:
  s: {publisher: Desk, published: 2024-08-15}
events:
  - id: shown
    type: strike
    title: A
    when: 2024-08-12
    sensitivity: personal
    where: {place: Minsk, publish_precision: as_known}
    sources: [s]
  - {id: hidden, type: strike, title: B, when: 2024-08-12, sensitivity: personal, where: Zhodino, sources: [s]}
"""


def test_a_sensitive_place_is_moved_only_where_it_is_shown_as_known(
    tmp_path: Path, gazetteer: PlaceData
) -> None:
    (tmp_path / "events.yaml").write_text(SENSITIVE, encoding="utf-8")
    text = "schema: 1\ntitle: T\nevents: [events.yaml]\ncountries: [BY]\n"
    (tmp_path / "map.yaml").write_text(text, encoding="utf-8")
    pipeline.export(tmp_path, ["gpkg"], folder=tmp_path / "gis")
    desk = Desk(tmp_path, (tmp_path / "gis" / "events.gpkg").read_bytes(), gazetteer)
    desk.rewrite(EVENTS, SENSITIVE)
    desk.move("shown#1", 27.6, 53.95)
    desk.set("hidden#1", "areas", precision="district")
    patch = desk.patch()
    assert "lon: 27.6, lat: 53.95" in patch.new
    assert patch.new.count("publish_precision: as_known") == 1
    assert patch.conflicts == ("hidden: place 1: its place is published coarsely; move it in the file",)
