"""A wrong project ends in one clear line that says where, and what was built before stays byte for byte."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

MAP = "schema: 1\ntitle: A\nevents: [events.yaml]\ncountries: [BY, PL]\n"
EVENTS = """\
schema: 1
sources: {wire: {publisher: Wire, published: 2021-11-13}}
actors: {army: {name: The army}}
events:
  - id: one
    type: exercise
    title: One
    when: 2021-11-12
    where: Minsk
    sources: [wire]
"""


def where(text: str) -> dict[str, str]:
    return {"events": EVENTS.replace("where: Minsk", f"where: {text}")}


def event(old: str, new: str) -> dict[str, str]:
    assert old in EVENTS
    return {"events": EVENTS.replace(old, new)}


def map_with(text: str) -> dict[str, str]:
    return {"map": f"{MAP}{text}\n"}


# What is wrong -> the files that differ, the place of the error, and words of it.
WRONG: dict[str, tuple[dict[str, str], str, str]] = {
    "an unknown key of the map": (map_with("worldveiw: un"), "map.yaml:5:12", "did you mean 'worldview'?"),
    "an unknown key of an event": (
        event("title: One", "title: One\n    tilte: Two"),
        "events.yaml:8:12",
        "did you mean 'title'?",
    ),
    "a missing title": (event("    title: One\n", ""), "events.yaml:5:5", "key 'title' is missing"),
    "a missing events file": (
        {"map": MAP.replace("events.yaml", "gone.yaml")},
        "gone.yaml:1:1",
        "no such file",
    ),
    "a folder for an events file": (
        {"map": MAP.replace("events.yaml", "out")},
        "out:1:1",
        "a folder stands here",
    ),
    "a missing sources file": (map_with("sources_file: gone.yaml"), "gone.yaml:1:1", "no such file"),
    "a missing file of places": (map_with("gazetteer: [gone.yaml]"), "gone.yaml:1:1", "no such file"),
    "an unknown worldview": (
        map_with("worldview: martian"),
        "map.yaml:5:12",
        "no worldview 'martian'; there are un,",
    ),
    "a missing worldview file": (map_with("worldview: gone.yaml"), "gone.yaml:1:1", "no such file"),
    "a layer twice": (
        map_with("layers: [{id: a, title: A}, {id: a, title: B}]"),
        "map.yaml:5:1",
        "layer id 'a' twice; ids are unique",
    ),
    "a style": (map_with("style: dark"), "map.yaml:5:8", "this version draws its own symbols"),
    "an unknown output": (
        map_with("outputs: [html, pdf]"),
        "map.yaml:5:17",
        "Input should be 'html', 'geojson', 'gpkg', 'fgb', 'parquet', 'kml', 'csv', 'lpf', 'shp', 'png' or 'svg'",
    ),
    "a view that is no bbox": (map_with("view: {bbox: [34, 50, 17, 58]}"), "map.yaml:5:1", "west of east"),
    "a day that no calendar has": (
        event("2021-11-12", "2021-02-30"),
        "events.yaml:8:11",
        "'2021-02-30' is not a date",
    ),
    "a date of another land": (
        event("2021-11-12", "12.11.2021"),
        "events.yaml:8:11",
        "expected EDTF such as 2021-11-12",
    ),
    "an end before its beginning": (
        event("2021-11-12", "2021-11-12/2021-11-11"),
        "events.yaml:8:11",
        "ends before it begins",
    ),
    "an unknown type": (event("exercise", "parade"), "events.yaml:6:11", "event type 'parade' is not one of"),
    "an unknown subtype": (
        event("exercise", "exercise/parade"),
        "events.yaml:6:11",
        "exercise has no subtype 'parade'",
    ),
    "an unknown source": (event("[wire]", "[post]"), "events.yaml:10:15", "source 'post' is not declared"),
    "an unknown actor": (
        event("sources: [wire]", "sources: [wire]\n    actors: [{id: navy}]"),
        "events.yaml:11:19",
        "actor 'navy' is not declared",
    ),
    "an id twice": (
        {"events": EVENTS + EVENTS[EVENTS.index("  - id") :]},
        "events.yaml:11:9",
        "event id 'one' again; it stands at",
    ),
    "a number for a name": (
        event("title: One", "title: 1"),
        "events.yaml:7:12",
        "title: expected text; put it in quotes",
    ),
    "a grade by nobody": (
        event("2021-11-13}", "2021-11-13, reliability: A}"),
        "events.yaml:2:11",
        "a grade names who gave it",
    ),
    "confirmed by nobody": (
        event("title: One", "title: One\n    status: confirmed"),
        "events.yaml:8:13",
        "names who confirms",
    ),
    "an unknown place": (where("Xyzzyville"), "events.yaml:9:12", "no place called 'Xyzzyville'"),
    "a misspelt place": (where("Hrodnaa"), "events.yaml:9:12", "did you mean"),
    "a name of many places": (
        where("Springfield"),
        "events.yaml:9:12",
        "'Springfield' may be Springfield (city, Missouri, US,",
    ),
    "an unknown country": (where("{country: QQ}"), "events.yaml:9:5", "no place called 'country QQ'"),
    "an unknown qualifier": (
        where('"Minsk, Atlantis"'),
        "events.yaml:9:12",
        "no place called 'Minsk, Atlantis'",
    ),
    "an unknown place in a relation": (
        where("{near: Xyzzyville}"),
        "events.yaml:9:5",
        "no place called 'Xyzzyville'",
    ),
    "a border of two that do not touch": (
        where("{border: [BY, FR]}"),
        "events.yaml:9:5",
        "Belarus–France border: they",
    ),
    "a border with nothing in the circle": (
        where("{border: [BY, PL], near: Minsk, within_km: 5}"),
        "events.yaml:9:5",
        "no part of it lies within 5 km; widen within_km",
    ),
    "a border with nothing in the region": (
        where("{border: [BY, PL], within: Kursk Region}"),
        "events.yaml:9:5",
        "no part of it lies in that region",
    ),
    "a border with a side that it has not": (
        where("{border: [BY, PL], side: RU}"),
        "events.yaml:9:5",
        "is not one of the border's two",
    ),
    "near a country": (where("{near: Belarus}"), "events.yaml:9:5", "near Belarus: it is a country"),
    "between a place and itself": (
        where("{between: [Minsk, Minsk]}"),
        "events.yaml:9:5",
        "both are the same place",
    ),
    "two ways at once": (
        where("{place: Minsk, over: BY}"),
        "events.yaml:9:5",
        "place and over contradict each other",
    ),
    "a longitude off the earth": (
        where("{lon: 200, lat: 53}"),
        "events.yaml:9:5",
        "lon out of range; expected -180 to 180 degrees",
    ),
    "axes in the wrong order": (
        where("{lon: 53.9, lat: 127.5}"),
        "events.yaml:9:5",
        "lat out of range; expected -90 to 90 degrees",
    ),
    "a longitude alone": (where("{lon: 20}"), "events.yaml:9:5", "lon and lat go together"),
    "a geometry that is none": (where("{geometry: {type: Blob}}"), "events.yaml:9:5", "geometry"),
    "a geometry off the earth": (
        where("{geometry: {type: Polygon, coordinates: [[[0, 0], [0, 200], [1, 1], [0, 0]]]}}"),
        "events.yaml:9:5",
        "lon before lat",
    ),
    "a geometry that crosses itself": (
        where("{geometry: {type: Polygon, coordinates: [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}}"),
        "events.yaml:9:5",
        "geometry: ",
    ),
    "a point for a country": (
        where("{country: BY, precision: exact}"),
        "events.yaml:9:5",
        "it cannot be of precision exact",
    ),
    "hostile YAML": (
        event("title: One", "title: &a [*a]"),
        "events.yaml:7:12",
        "anchor &a: anchors are not used here",
    ),
}


@pytest.mark.parametrize("what", list(WRONG))
def test_a_wrong_project_ends_in_one_line_and_leaves_the_old_outputs(
    geomap: Run, write_project: Run, what: str
) -> None:
    files, place, words = WRONG[what]
    folder = write_project(files.get("map", MAP), files.get("events", EVENTS))
    (folder / "out").mkdir(exist_ok=True)
    for name in ("index.html", "events.geojson"):
        (folder / "out" / name).write_bytes(f"{name} as built before".encode())
    ended = geomap("build", folder)
    assert (ended.code, ended.out) == (1, "")
    (line,) = ended.err.splitlines()
    assert line.startswith(f"{folder}/{place}: error ")
    assert words in line
    assert {path.name: path.read_bytes() for path in (folder / "out").iterdir()} == {
        name: f"{name} as built before".encode() for name in ("index.html", "events.geojson")
    }


def test_the_project_is_sound_before_it_is_made_wrong(geomap: Run, write_project: Run) -> None:
    folder = write_project(MAP, EVENTS)
    geomap("build", folder)
    ended = geomap("check", folder)
    assert (ended.code, ended.out) == (0, "")


def test_every_wrong_place_of_a_project_is_named_at_once(geomap: Run, write_project: Run) -> None:
    second = EVENTS[EVENTS.index("  - id") :].replace("one", "two").replace("Minsk", "[Minsk, Xyzzyville]")
    folder = write_project(MAP, EVENTS.replace("where: Minsk", "where: Springfield") + second)
    ended = geomap("build", folder)
    assert [line.split(": ")[0] for line in ended.err.splitlines()] == [
        f"{folder}/events.yaml:9:12",
        f"{folder}/events.yaml:15:20",
    ]


def test_a_process_of_its_own_ends_without_a_traceback(geomap_process: Run, write_project: Run) -> None:
    folder: Path = write_project(MAP, EVENTS.replace("Minsk", "Springfield"))
    ended = geomap_process("build", folder)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith(f"{folder}/events.yaml:9:12: error place 'Springfield' may be ")
    assert len(ended.err.splitlines()) == 1
