"""`map.yaml` says what one map is made of, with paths from its own folder."""

from pathlib import Path

import pytest

from geomap.config import MapConfig, MapFile, read_config
from geomap.errors import ConfigError
from geomap.model.tiles import find_tiles

HEAD = "schema: 1\ntitle: A map\nevents: [events.yaml]\n"


def config(tmp_path: Path, text: str = "") -> MapConfig:
    (tmp_path / "map.yaml").write_text(HEAD + text, encoding="utf-8")
    return read_config(tmp_path)


def refusal(tmp_path: Path, text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        config(tmp_path, text)
    assert len(caught.value.problems) == 1, str(caught.value)
    problem = caught.value.problems[0]
    return f"{problem.mark.line}:{problem.mark.column}: {problem.message}"


def test_a_map_needs_a_title_and_events_only(tmp_path: Path) -> None:
    made = config(tmp_path).map
    assert (made.title, made.events, made.outputs, made.worldview, made.language) == (
        "A map",
        ["events.yaml"],
        ["html", "geojson"],
        "un",
        "en",
    )


def test_a_project_is_named_by_its_file_or_its_folder(tmp_path: Path) -> None:
    assert config(tmp_path).path == tmp_path / "map.yaml"
    assert read_config(tmp_path / "map.yaml").path == tmp_path / "map.yaml"
    (tmp_path / "other.yaml").write_text(HEAD, encoding="utf-8")
    assert read_config(tmp_path / "other.yaml").folder == tmp_path


def test_a_missing_project_names_the_file_that_was_expected(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"map\.yaml:1:1: no such file"):
        read_config(tmp_path)


def test_paths_start_from_the_folder_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    made = config(tmp_path, "worldview: ../views/mine.yaml\n")
    assert made.resolve("events.yaml") == tmp_path / "events.yaml"
    assert made.resolve("sub/../../other/events.yaml") == tmp_path.parent / "other" / "events.yaml"
    assert made.worldview == str(tmp_path.parent / "views" / "mine.yaml")


def test_a_worldview_by_name_is_no_path(tmp_path: Path) -> None:
    assert config(tmp_path, "worldview: de_facto\n").worldview == "de_facto"


def test_the_view_is_a_bbox_or_a_centre_with_a_zoom(tmp_path: Path) -> None:
    box = config(tmp_path, "view: {bbox: [17, 50, 34.5, 58]}\n").map.view
    assert box is not None
    assert box.bbox == [17, 50, 34.5, 58]
    centre = config(tmp_path, "view: {center: [27.5, 53.9], zoom: 6}\n").map.view
    assert centre is not None
    assert (centre.center, centre.zoom) == ([27.5, 53.9], 6)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("view: {}", "4:1: view: give bbox: [west, south, east, north], or center: [lon, lat] with zoom"),
        ("view: {zoom: 3}", "4:1: view: give bbox"),
        ("view: {center: [1, 2]}", "4:1: view: give bbox"),
        ("view: {bbox: [1, 2, 3, 4], zoom: 3}", "4:1: view: give bbox"),
        ("view: {bbox: [1, 2, 3, 4], center: [1, 2], zoom: 3}", "4:1: view: give bbox"),
        ("view: {bbox: [34, 50, 17, 58]}", "4:1: view: bbox is [west, south, east, north]"),
        ("view: {bbox: [17, 58, 34, 50]}", "4:1: view: bbox is [west, south, east, north]"),
        ("view: {bbox: [17, 50, 200, 58]}", "4:1: view: bbox is [west, south, east, north]"),
        ("view: {bbox: [17, 50, 34]}", "4:8: bbox: List should have at least 4 items"),
        ("view: {bbox: [17, 50, 34, north]}", "4:27: Input should be a valid number"),
        ("view: {center: [53.9, 127.5], zoom: 6}", "4:1: view: lat out of range: 127.5"),
        ("view: {center: [1, 2], zoom: 40}", "4:30: zoom: Input should be less than or equal to 18"),
        ("layers: [{id: a, title: A}, {id: a, title: B}]", "4:1: layers: layer id 'a' twice; ids are unique"),
        ("layers: [{id: a}]", "4:10: key 'title' is missing; add it"),
        ("layers: [{id: a, title: A, select: {typ: x}}]", "4:42: unknown key 'typ'; did you mean 'type'?"),
        ("layers: [{id: a, title: A, select: {status: odd}}]", "4:45: status: Input should be 'reported'"),
        ("style: {exercise: red}", "4:1: style: this version draws its own symbols"),
        ("style: dark", "4:8: style: this version draws its own symbols"),
        (
            "tiles: https://tiles.example.org/{z}/{x}/{y}.png",
            "4:8: tiles: no tiles are called 'https://tiles",
        ),
        (
            "tiles: OpenStreetMap.Mapnick",
            "4:8: tiles: no tiles are called 'OpenStreetMap.Mapnick'; did you mean",
        ),
        (
            "tiles: Thunderforest.Landscape",
            "4:8: tiles: the tiles 'Thunderforest.Landscape' need a key of yours",
        ),
        ("tiles: Gaode.Normal", "4:8: tiles: the tiles 'Gaode.Normal' come over an insecure connection"),
        (
            "tiles: Esri.ArcticImagery",
            "4:8: tiles: the tiles 'Esri.ArcticImagery' do not lie as this map does",
        ),
        ("tiles: [OpenTopoMap]", "4:1: tiles: expected text"),
        ("outputs: [shapes]", "4:11: Input should be 'html', 'geojson', 'gpkg'"),
        ("outputs: []", "4:1: outputs: List should have at least 1 item"),
        ("countries: [by]", "4:13: 'by' is no ISO 3166 code"),
        ("countries: [true]", "4:13: expected text; put it in quotes"),
        ("language: english words", "4:11: language: String should match pattern"),
        ("worldview: ''", "4:12: worldview: expected text, but it is empty"),
        ("worldveiw: ua", "4:12: unknown key 'worldveiw'; did you mean 'worldview'?"),
        ("types: {parade: {subtypes: [Big One]}}", "4:29: String should match pattern"),
    ],
)
def test_a_wrong_key_is_refused_where_it_stands(tmp_path: Path, text: str, problem: str) -> None:
    assert refusal(tmp_path, text).startswith(problem)


@pytest.mark.parametrize("text", ["style: ~\ntiles: ~", "layers: []", "countries: [NO, BY]"])
def test_what_says_nothing_is_allowed(tmp_path: Path, text: str) -> None:
    assert config(tmp_path, text).map.title == "A map"


def test_tiles_are_known_by_name(tmp_path: Path) -> None:
    assert config(tmp_path, "tiles: OpenTopoMap").map.tiles == "OpenTopoMap"
    assert config(tmp_path, "").map.tiles is None


def test_tiles_come_from_one_host_over_https() -> None:
    tiles = find_tiles("OpenTopoMap")
    assert tiles.url == "https://a.tile.opentopomap.org/{z}/{x}/{y}.png"
    assert tiles.host == "https://a.tile.opentopomap.org"
    assert tiles.max_zoom == 17
    assert "OpenStreetMap contributors" in tiles.attribution
    assert not set("<>&") & set(tiles.attribution)


def test_a_lone_word_and_a_list_select_alike(tmp_path: Path) -> None:
    text = "layers:\n  - {id: a, title: A, select: {type: exercise, status: denied, precision: region}}\n"
    select = config(tmp_path, text).map.layers[0].select
    assert (select.type, select.status, select.precision) == (["exercise"], ["denied"], ["region"])


def test_no_event_file_is_no_map(tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text("schema: 1\ntitle: A\nevents: []\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="events: List should have at least 1 item"):
        read_config(tmp_path)


def test_the_keys_of_the_contract_are_all_known() -> None:
    contract = (
        "schema title subtitle language events sources actors sources_file actors_file countries worldview"
        " layers view style tiles gazetteer outputs picture"
    )
    known = {field.alias or name for name, field in MapFile.model_fields.items()}
    assert set(contract.split()) <= known


def test_symbols_are_those_of_the_types_unless_the_map_asks_for_others(tmp_path: Path) -> None:
    assert config(tmp_path).map.symbols == "types"
    assert config(tmp_path, "symbols: app6\n").map.symbols == "app6"
    assert refusal(tmp_path, "symbols: app-6\n").startswith("4:10: ")
    assert refusal(tmp_path, "symbols: true\n").startswith("4:10: ")
