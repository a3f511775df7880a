"""The lock: what it says of a place, what counts as another place, and that it tells nothing it must not."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geomap import __version__, pipeline
from geomap.errors import ConfigError, Mark, OutputError
from geomap.lock import (
    Change,
    FoundPlace,
    Lock,
    LockedPlace,
    LockUpdate,
    PlacesMovedError,
    StaleLockError,
    StoredLock,
    key_of,
    lock_text,
    read_lock,
    shape_digest,
    staged_lock,
    update_lock,
)
from geomap.model.records import PlaceSpec

WriteProject = Callable[..., Path]

MAP = "schema: 1\ntitle: A\nevents: [events.yaml]\ncountries: [PL, BY]\ngazetteer: [places.yaml]\n"
PLACES = """\
schema: 1
places:
- id: haven
  kind: town
  country: BY
  names: {en: [Testhaven]}
  lon: 27.5
  lat: 53.5
  radius_m: 3000
  sources: [{name: Survey, date: 2021-11-01}]
"""
HEAD = "schema: 1\nsources: {wire: {published: 2021-11-13}}\nevents:\n"


def event(where: str, event_id: str = "one", more: str = "") -> str:
    return f"- {{id: {event_id}, type: exercise, title: A, when: 2021-11-12, sources: [wire], where: {where}{more}}}\n"


@pytest.fixture
def project(write_project: WriteProject) -> Callable[..., Path]:
    """Write a project with events at these places, and a town of its own that may be moved."""

    def write(*where: str, places: str = PLACES, map_yaml: str = MAP, events: str = "") -> Path:
        written = "".join(event(text, f"e{number}") for number, text in enumerate(where))
        return write_project(map_yaml, HEAD + written + events, **{"places.yaml": places})

    return write


def locked(folder: Path, **options: Any) -> str:
    """Bring the lock of a project up to date, as a build would, and give its text."""
    text = lock_text(pipeline.load(folder, **options).lock.new)
    (folder / "geomap.lock").write_text(text, encoding="utf-8")
    return text


def entries(text: str) -> str:
    return text.partition("places:")[2]


# What it says


def test_a_lock_has_one_entry_a_place_sorted_by_what_was_written(project: Any) -> None:
    text = locked(
        project(
            "[{place: Testhaven, role: origin}, Testhaven]",
            "{place: Testhaven, country: BY, name: the port}",
            "{lon: 30.25, lat: 52, precision: place, method: news_photo, name: A field, country: BY}".replace(
                "news_photo", "given"
            ),
            "{near: Testhaven, within_km: 5.0}",
            "{lon: 31.5, lat: 55.5, precision: exact, method: given, publish_precision: none}",
            "none",
        )
    )
    fingerprint = text.partition('gazetteer: "')[2].partition('"')[0]
    assert len(fingerprint.removeprefix("sha256:")) == 64
    assert text == (
        "# Where each place was found. geomap build writes this file: commit it, do not edit it.\n"
        "schema: 1\n"
        f'geomap: "{__version__}"\n'
        f'gazetteer: "{fingerprint}"\n'
        'worldview: "un"\n'
        'countries: ["BY", "PL"]\n'
        "places:\n"
        '- written: "Testhaven"\n'
        '  place_id: "cur:haven"\n'
        '  name: "Testhaven"\n'
        '  countries: ["BY"]\n'
        "  precision: place\n"
        "  lon: 27.500000\n"
        "  lat: 53.500000\n"
        "  radius_m: 3000\n"
        '- written: {"place": "Testhaven", "country": "BY"}\n'
        '  place_id: "cur:haven"\n'
        '  name: "Testhaven"\n'
        '  countries: ["BY"]\n'
        "  precision: place\n"
        "  lon: 27.500000\n"
        "  lat: 53.500000\n"
        "  radius_m: 3000\n"
        '- written: {"country": "BY", "lon": 30.25, "lat": 52, "precision": "place"}\n'
        '  countries: ["BY"]\n'
        "  precision: place\n"
        "  lon: 30.250000\n"
        "  lat: 52.000000\n"
        "  radius_m: 111320\n"
        '- event: "e4"\n'
        "  where: 1\n"
        '  name: "place withheld"\n'
        "  precision: none\n"
        '- written: {"near": "Testhaven", "within_km": 5}\n'
        '  place_id: "cur:haven"\n'
        '  name: "near Testhaven"\n'
        '  countries: ["BY"]\n'
        "  precision: vicinity\n"
        "  lon: 27.500000\n"
        "  lat: 53.500000\n"
        "  radius_m: 5000\n"
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"place": "Minsk"}, {"place": "Minsk", "role": "origin", "name": "the capital", "method": "given"}),
        ({"near": "Minsk"}, {"near": {"place": "Minsk"}}),
        ({"near": "Minsk", "within_km": 5}, {"near": "Minsk", "within_km": 5.0}),
        ({"lon": 27.5, "lat": 53}, {"lon": 27.5, "lat": 53.0, "place": "Somewhere", "name": "there"}),
        ({"place": "Minsk"}, {"place": "Minsk", "relation": "at"}),
    ],
)
def test_two_ways_of_writing_one_place_are_one_entry(one: dict[str, Any], other: dict[str, Any]) -> None:
    first, second = (PlaceSpec.model_validate(keys) for keys in (one, other))
    assert key_of(first, "a", 1) == key_of(second, "b", 2)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"place": "Minsk"}, {"place": "Minsk", "country": "BY"}),
        ({"place": "Minsk, country BY"}, {"place": "Minsk", "country": "BY"}),
        ({"place": "Minsk"}, {"near": "Minsk"}),
        ({"place": "Minsk"}, {"place": "Minsk", "radius_m": 500}),
        ({"border": ["BY", "PL"]}, {"border": ["PL", "BY"]}),
    ],
)
def test_what_may_lie_elsewhere_is_another_entry(one: dict[str, Any], other: dict[str, Any]) -> None:
    first, second = (PlaceSpec.model_validate(keys) for keys in (one, other))
    assert key_of(first, "a", 1) != key_of(second, "a", 1)


WRITTEN = st.one_of(
    st.text(st.characters(codec="utf-8"), min_size=1),
    st.dictionaries(
        st.sampled_from(["place", "near", "within"]), st.text(st.characters(codec="utf-8")), min_size=2
    ),
)


@given(written=WRITTEN, name=st.text(st.characters(codec="utf-8"), min_size=1), lon=st.floats(-180, 180))
def test_a_lock_is_read_as_it_was_written_whatever_people_call_a_place(
    tmp_path_factory: pytest.TempPathFactory, written: Any, name: str, lon: float
) -> None:
    path = tmp_path_factory.mktemp("lock") / "geomap.lock"
    place = LockedPlace(
        written=written, name=name, precision="place", lon=round(lon, 6) + 0.0, lat=0.0, radius_m=0.4
    )
    lock = Lock(schema_=1, geomap="1", gazetteer="x", worldview=name, countries=("BY",), places=(place,))
    path.write_bytes(lock_text(lock).encode())
    assert read_lock(path).lock == lock


def test_a_digest_sees_a_shape_and_not_how_it_is_stored() -> None:
    square = shapely.Polygon([(0, 0), (1, 0), (1, 1), (0, 1)])
    turned = shapely.Polygon([(1, 1), (1, 0), (0, 0), (0, 1)])
    noise = shapely.transform(square, lambda points: points + 1e-9)
    assert len({shape_digest(shape) for shape in (square, turned, noise, shapely.force_3d(square))}) == 1
    assert shape_digest(square) != shape_digest(shapely.transform(square, lambda points: points + 1e-4))
    assert shape_digest(square) != shape_digest(square.exterior)


BUILD = """
import locale, sys, time
from pathlib import Path
from geomap import pipeline
from geomap.lock import lock_text
lock = lock_text(pipeline.load(Path(sys.argv[1])).lock.new)
sys.stdout.buffer.write(f"{locale.getpreferredencoding(False)} {time.timezone}\\n".encode() + lock.encode())
"""


def test_a_lock_has_the_same_bytes_in_any_setting(project: Any) -> None:
    folder = project("Kuźnica", "{border: [BY, PL], near: Kuźnica}", "Мінск", "Grodno Region", "{over: BY}")
    settings = (
        {"PYTHONHASHSEED": "0", "TZ": "KIR-14", "LC_ALL": "C.UTF-8"},
        {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    )
    told = [
        subprocess.run(
            [sys.executable, "-c", BUILD, folder],
            env={key: value for key, value in os.environ.items() if key not in ("PYTHONUTF8", "LANG")}
            | setting,
            capture_output=True,
            check=True,
        ).stdout
        for setting in settings
    ]
    (first, one), (second, other) = (text.split(b"\n", 1) for text in told)
    assert (first, second) == (b"UTF-8 -50400", b"ANSI_X3.4-1968 0")
    assert one == other == locked(folder).encode()


# What counts as another place


def a_place(**keys: Any) -> LockedPlace:
    known = {
        "written": "Brest",
        "place_id": "gn:1",
        "name": "Brest",
        "countries": ("BY",),
        "precision": "place",
    }
    return LockedPlace.model_validate(known | {"lon": 23.7, "lat": 52.1, "radius_m": 5000.0} | keys)


def compared(old: list[LockedPlace], new: list[LockedPlace], unsettled: tuple[str, ...] = ()) -> LockUpdate:
    head = Lock(schema_=1, geomap="1", gazetteer="x", worldview="un")
    marks = {place.key: Mark(Path("geomap.lock"), 7 + row, 3) for row, place in enumerate(old)}
    return update_lock(
        StoredLock(head.model_copy(update={"places": tuple(old)}), marks),
        head,
        [FoundPlace(place=place, mark=Mark(Path("events.yaml"), 4, 5)) for place in new],
        unsettled=unsettled,
        path=Path("geomap.lock"),
        project=Path("map.yaml"),
    )


def the_change(was: LockedPlace, now: LockedPlace) -> Change:
    (change,) = compared([was], [now]).changes
    return change


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"place_id": "gn:2"}, "another record"),
        ({"place_id": None}, "another record"),
        ({"lat": 52.100018}, "0.002 km"),
        ({"lat": 53.1}, "111.279 km"),
        ({"precision": "vicinity"}, "another precision"),
        ({"radius_m": 5001.5}, "another radius"),
        ({"radius_m": None}, "another radius"),
        ({"geometry": "0123456789abcdef"}, "another outline"),
        ({"lon": None, "lat": None}, "no position now"),
    ],
)
def test_a_place_that_is_drawn_elsewhere_or_otherwise_has_moved(keys: dict[str, Any], said: str) -> None:
    change = the_change(a_place(), a_place(**keys))
    assert change.kind == "moved"
    assert str(change).startswith(f"'Brest' moves ({said}): from Brest (gn:1; place; lon 23.7")


def test_less_than_a_metre_is_the_same_place_and_leaves_its_entry_as_it_is() -> None:
    update = compared([a_place()], [a_place(lat=52.100008, lon=23.700005, radius_m=5000.9)])
    assert (update.changes, update.is_stale) == ((), False)


def test_the_same_spot_on_both_sides_of_the_antimeridian_is_one_place() -> None:
    assert not compared([a_place(lon=180.0)], [a_place(lon=-180.0)]).is_stale


def test_another_name_or_country_at_the_same_spot_is_no_move() -> None:
    change = the_change(a_place(), a_place(name="Brest-Litovsk", countries=()))
    assert change.kind == "renamed"
    assert str(change) == "'Brest' was Brest (BY) and is Brest-Litovsk (no country), at the same spot"


def test_new_places_are_added_and_those_no_longer_written_dropped() -> None:
    update = compared(
        [a_place(written="A"), a_place(written="B")], [a_place(written="B"), a_place(written="C")]
    )
    assert [(change.kind, change.label, str(change.mark)) for change in update.changes] == [
        ("added", "'C'", "events.yaml:4:5"),
        ("dropped", "'A'", "geomap.lock:7:3"),
    ]
    assert [place.written for place in update.new.places] == ["B", "C"]
    update.demand("keep")
    with pytest.raises(StaleLockError, match=r"events\.yaml:4:5: 'C' is new in the lock"):
        update.demand("locked")


def test_places_are_sorted_by_code_points_and_namesakes_stand_together() -> None:
    written: list[Any] = [
        "Минск",
        {"place": "Brest", "country": "BY"},
        "Łódź",
        "Brest",
        "Zurich",
        "St. John's",
        "a",
    ]
    update = compared([], [a_place(written=one) for one in reversed(written)])
    assert [place.written for place in update.new.places] == [
        "Brest", {"place": "Brest", "country": "BY"}, "St. John's", "Zurich", "a", "Łódź", "Минск",
    ]  # fmt: skip


def test_a_lock_whose_places_were_put_in_another_order_is_stale() -> None:
    update = compared(
        [a_place(written="B"), a_place(written="A")], [a_place(written="A"), a_place(written="B")]
    )
    assert (update.changes, update.is_stale) == ((), True)
    with pytest.raises(StaleLockError, match="its places are not in order"):
        update.demand("locked")


# A project's life


def test_a_build_again_changes_nothing(project: Any) -> None:
    folder = project("Testhaven", "{border: [BY, PL], near: Kuźnica}", "Grodno Region")
    before = locked(folder)
    written_at = (folder / "geomap.lock").stat().st_mtime_ns
    result = pipeline.build(folder, lock="locked")
    pipeline.write(result, folder / "out")
    assert (folder / "geomap.lock").read_text(encoding="utf-8") == before
    assert (folder / "geomap.lock").stat().st_mtime_ns == written_at


def test_no_way_out_of_the_pipeline_moves_a_pin_in_silence(project: Any) -> None:
    folder = project("Testhaven")
    before = locked(folder)
    project("Testhaven", places=PLACES.replace("lat: 53.5", "lat: 54.5"))
    for way_out in (
        lambda: pipeline.build(folder),
        lambda: pipeline.load(folder, lock="locked"),
        lambda: pipeline.export(folder, ["geojson"], folder=folder / "elsewhere"),
        lambda: pipeline.load(folder),
        lambda: pipeline.to_folium(folder),
    ):
        with pytest.raises(PlacesMovedError) as caught:
            way_out()
        (problem,) = caught.value.problems
        assert str(problem.mark) == f"{folder}/events.yaml:4:80"
        assert problem.code == "moved-place"
        assert problem.message == (
            "'Testhaven' moves (111.305 km): from Testhaven (cur:haven; place; lon 27.500000, lat 53.500000; "
            "radius 3,000 m) to Testhaven (cur:haven; place; lon 27.500000, lat 54.500000; radius 3,000 m); "
            f"the gazetteer changed; if it is right, run geomap build {folder}/map.yaml --update-lock"
        )
    assert (folder / "geomap.lock").read_text(encoding="utf-8") == before
    assert "lat: 54.500000" in locked(folder, lock="update")
    pipeline.load(folder, lock="locked")


def test_a_change_of_the_map_that_moves_a_place_names_its_cause(project: Any) -> None:
    folder = project("Kursk Region", "Brest")
    locked(folder)
    project("Kursk Region", "Brest", map_yaml=MAP.replace("[PL, BY]", "[FR]") + "worldview: ru\n")
    with pytest.raises(PlacesMovedError) as caught:
        pipeline.load(folder)
    (problem,) = caught.value.problems  # Brest, which is now the one in France
    assert "worldview was un and is ru and the map's countries were BY PL and are FR" in problem.message


def test_place_data_that_change_and_move_nothing_are_noted_without_a_question(project: Any) -> None:
    folder = project("Testhaven")
    before = locked(folder)
    project("Testhaven", places=PLACES + "# looked at again\n")
    with pytest.raises(StaleLockError, match=r"geomap\.lock:1:1: the gazetteer changed"):
        pipeline.load(folder, lock="locked")
    after = locked(folder)
    assert entries(after) == entries(before)
    assert after != before


def test_a_build_without_drafts_keeps_their_places_and_does_not_ask_about_them(project: Any) -> None:
    drafts = event("Testhaven", "draft", ", workflow: draft") + event(
        "Xyzzyville", "lost", ", workflow: draft"
    )
    folder = project("Kuźnica", events=drafts)
    assert "Testhaven" not in locked(folder)
    whole = locked(folder, drafts=True)
    assert "Testhaven" in whole
    assert "Xyzzyville" not in whole
    assert locked(folder) == whole
    project("Kuźnica", events=drafts, places=PLACES.replace("lat: 53.5", "lat: 54.5"))
    assert "lat: 53.500000" in locked(folder)
    with pytest.raises(PlacesMovedError):
        pipeline.load(folder, drafts=True)
    project("Kuźnica", events="")
    assert "Testhaven" not in locked(folder)


def test_a_coarse_place_of_a_draft_is_kept_too(project: Any) -> None:
    draft = event("{place: Testhaven, publish_precision: country}", "draft", ", workflow: draft")
    folder = project("Kuźnica", events=draft)
    whole = locked(folder, drafts=True)
    assert '- event: "draft"\n  where: 1\n  place_id: "ne:BY"\n' in whole
    assert locked(folder) == whole


def test_each_map_of_a_folder_has_a_lock_of_its_own(project: Any) -> None:
    folder = project("Testhaven")
    before = locked(folder)
    (folder / "other.yaml").write_text(MAP.replace("events.yaml", "more.yaml"), encoding="utf-8")
    (folder / "more.yaml").write_text(HEAD + event("Kuźnica"), encoding="utf-8")
    pipeline.write(pipeline.build(folder / "other.yaml"), folder / "out2")
    assert '"Kuźnica"' in (folder / "other.geomap.lock").read_text(encoding="utf-8")
    assert (folder / "geomap.lock").read_text(encoding="utf-8") == before


def test_a_map_without_places_has_an_empty_lock(project: Any) -> None:
    folder = project("none")
    assert locked(folder).endswith("\nplaces: []\n")
    pipeline.load(folder, lock="locked")


# Places that must not be shown


SECRET = (
    "{place: Testhaven, country: BY, publish_precision: PRECISION}",
    "{lon: 27.512345, lat: 53.512345, precision: exact, method: given, country: BY, publish_precision: PRECISION}",
    "{near: Testhaven, within_km: 3, publish_precision: PRECISION}",
    "{from: Testhaven, bearing: 90, distance_km: 3, publish_precision: PRECISION}",
    "{geometry: {type: Point, coordinates: [27.512345, 53.512345]}, precision: exact, method: given, country: BY,"
    " publish_precision: PRECISION}",
)


@pytest.mark.parametrize("where", SECRET)
@pytest.mark.parametrize(
    ("precision", "shown"),
    [("region", "precision: region"), ("country", "precision: country"), ("none", None)],
)
def test_a_place_kept_coarse_is_locked_only_as_it_is_shown(
    project: Any, where: str, precision: str, shown: str | None
) -> None:
    folder = project(where.replace("PRECISION", precision).replace("{", "{name: Secret shed, ", 1))
    text = locked(folder)
    assert '- event: "e0"\n  where: 1\n' in text
    for told in ("27.500", "53.500", "haven", "Secret", "shed", "written"):
        assert told not in entries(text)
    if shown is None:
        assert entries(text) == '\n- event: "e0"\n  where: 1\n  name: "place withheld"\n  precision: none\n'
    else:
        assert f"  {shown}\n" in text
    pipeline.load(folder, lock="locked")


def test_a_place_that_becomes_secret_leaves_the_lock(project: Any) -> None:
    folder = project("{lon: 27.512345, lat: 53.512345, country: BY}")
    assert "27.512345" in locked(folder)
    project("{lon: 27.512345, lat: 53.512345, country: BY, publish_precision: none}")
    assert "27.5" not in locked(folder)


def test_a_withheld_place_that_would_be_drawn_has_moved(project: Any) -> None:
    folder = project("{place: Testhaven, publish_precision: none}")
    locked(folder)
    project("{place: Testhaven, publish_precision: country}")
    with pytest.raises(PlacesMovedError, match=r"place 1 of e0 moves \(no position before, "):
        pipeline.load(folder)


# Locks that cannot be used


ENTRY = '- written: "A"\n  precision: place\n'
GOOD = 'schema: 1\ngeomap: "0.1.0"\ngazetteer: "sha256:0"\nworldview: "un"\ncountries: []\nplaces:\n'
RESTORE = "restore the lock from version control, or remove it and run geomap build"


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("", "1:1", "the file is empty"),
        ("\x00", "1:1", "U+0000"),
        ("just words", "1:1", "expected a mapping"),
        (GOOD.replace("schema: 1\n", ""), "1:1", "key 'schema' is missing"),
        (GOOD.replace("schema: 1", "schema: 0"), "1:9", "schema: Input should be 1"),
        (GOOD.replace("schema: 1", 'schema: "1"'), "1:9", "schema: Input should be 1"),
        (GOOD.replace("worldview", "wordlview"), "4:12", "did you mean 'worldview'?"),
        (GOOD + ENTRY + "<<<<<<< HEAD\n" + ENTRY, "10:1", "not YAML"),
        (GOOD + '- written: "A\n', "8:1", "not YAML"),
        (GOOD + ENTRY + ENTRY, "9:3", "'A' again; it stands already in line 7"),
        (GOOD + ENTRY.replace("place\n", "pin\n"), "8:14", "precision: Input should be"),
        (GOOD + ENTRY + "  lon: 23.7\n", "7:3", "lon and lat go together"),
        (GOOD + ENTRY + "  lon: 230.7\n  lat: 1\n", "9:8", "lon: Input should be less than or equal to 180"),
        (GOOD + ENTRY + "  geometry: x\n", "9:13", "geometry: String should match"),
        (GOOD + "- precision: place\n", "7:3", "an entry has either written, or event and where"),
        (
            GOOD + ENTRY + "  event: one\n  where: 1\n",
            "7:3",
            "an entry has either written, or event and where",
        ),
        (GOOD + ENTRY + "  event: one\n", "7:3", "event and where go together"),
    ],
)
def test_a_lock_that_is_torn_or_edited_is_an_error_with_its_place(
    project: Any, text: str, place: str, said: str
) -> None:
    folder = project("Testhaven")
    (folder / "geomap.lock").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        pipeline.load(folder)
    problems = caught.value.problems
    assert any(
        str(problem.mark) == f"{folder}/geomap.lock:{place}" and said in problem.message
        for problem in problems
    )
    assert all(problem.message.endswith(RESTORE) and problem.code == "lock" for problem in problems)


def test_a_lock_of_a_newer_schema_is_refused_whatever_else_it_says(project: Any) -> None:
    folder = project("Testhaven")
    newer = 'geomap: "9.0.0"\nschema: 2\nplaces: {new: form}\n'
    (folder / "geomap.lock").write_text(newer, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        pipeline.load(folder)
    assert str(caught.value) == (
        f"{folder}/geomap.lock:2:9: lock of schema 2, written by geomap 9.0.0; this one reads schema 1: upgrade geomap"
    )
    assert (folder / "geomap.lock").read_text(encoding="utf-8") == newer


def test_a_folder_or_a_dead_link_for_a_lock_is_an_error(project: Any) -> None:
    folder = project("Testhaven")
    (folder / "geomap.lock").mkdir()
    with pytest.raises(ConfigError, match=r"geomap\.lock:1:1: a folder stands here"):
        pipeline.build(folder)
    (folder / "geomap.lock").rmdir()
    (folder / "geomap.lock").symlink_to(folder / "nowhere")
    with pytest.raises(ConfigError, match=r"geomap\.lock:1:1: no such file"):
        pipeline.build(folder)


def test_a_position_edited_by_hand_is_asked_about(project: Any) -> None:
    folder = project("Testhaven")
    text = locked(folder)
    (folder / "geomap.lock").write_text(text.replace("lon: 27.5", "lon: 28.5"), encoding="utf-8")
    with pytest.raises(PlacesMovedError, match="the lock was edited, or a library draws otherwise"):
        pipeline.build(folder)


def test_line_ends_of_another_system_are_no_change(project: Any) -> None:
    folder = project("Testhaven")
    text = locked(folder)
    (folder / "geomap.lock").write_bytes(text.replace("\n", "\r\n").encode())
    pipeline.load(folder, lock="locked")


# Writing


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("fails_at", [1, 2, 3])
def test_outputs_and_lock_are_written_both_or_neither(
    project: Any, monkeypatch: pytest.MonkeyPatch, fails_at: int
) -> None:
    folder = project("Testhaven")
    pipeline.write(pipeline.build(folder), folder / "out")
    project("Kuźnica")
    before = contents(folder)
    result = pipeline.build(folder)
    synced = []

    def fail(descriptor: int) -> None:
        synced.append(descriptor)
        if len(synced) == fails_at:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OutputError, match="No space left on device"):
        pipeline.write(result, folder / "out")
    assert contents(folder) == before


def test_a_lock_that_cannot_be_written_says_so_before_any_output_is(tmp_path: Path) -> None:
    lock = Lock(schema_=1, geomap="1", gazetteer="x", worldview="un")
    with (
        pytest.raises(
            OutputError, match=r"geomap\.lock: cannot be written: .*; the lock stands beside its map"
        ),
        staged_lock(tmp_path / "missing" / "geomap.lock", lock),
    ):
        pytest.fail("the block began")
    assert list(tmp_path.iterdir()) == []
