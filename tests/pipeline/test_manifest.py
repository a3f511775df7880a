"""A manifest tells what outputs are and were made of, and `verify` what became of them."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy
import pyogrio
import pytest

from geomap import __version__, pipeline
from geomap.errors import ConfigError, OutputError
from geomap.pipeline import manifest
from geomap.pipeline.verifying import verify

Run = Callable[..., Any]

MAP = """\
schema: 1
title: A
events: [events.yaml, ../beside.yaml]
sources_file: sources.yaml
gazetteer: [places.yaml]
worldview: view.yaml
context: [{id: front, title: Front, file: front.geojson, date: 2021-11-12, credit: Somebody}]
"""
EVENTS = """\
schema: 1
events:
  - {id: drill, type: exercise, title: A drill, when: 2021-11-12, where: Testhaven, sources: [wire]}
"""
BESIDE = "schema: 1\nevents:\n  - {id: b, type: statement, title: B, when: 2021-11-12, sources: [wire]}\n"
SHAPE = {"type": "Polygon", "coordinates": [[[27, 53], [28, 53], [28, 54], [27, 53]]]}
FILES = {
    "sources.yaml": "schema: 1\nsources: {wire: {publisher: W, published: 2021-11-13}}\n",
    "places.yaml": "schema: 1\nplaces:\n- {id: haven, kind: town, country: BY, names: {en: [Testhaven]}, lon: 27.5,"
    " lat: 53.5, radius_m: 3000, sources: [{name: Survey, date: 2021-11-01}]}\n",
    "view.yaml": "title: Mine\nowners: {UA-43: UA}\n",
    "front.geojson": json.dumps({"type": "Feature", "properties": {}, "geometry": SHAPE}),
}
INPUTS = {"map.yaml", "events.yaml", "../beside.yaml", "geomap.lock", *FILES}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project and what a build made of it, to be copied: a build takes seconds."""
    folder = tmp_path_factory.mktemp("made") / "project"
    folder.mkdir()
    for name, text in {"map.yaml": MAP, "events.yaml": EVENTS, "../beside.yaml": BESIDE, **FILES}.items():
        (folder / name).write_text(text, encoding="utf-8")
    pipeline.write(pipeline.build(folder), folder / "out")
    return folder


@pytest.fixture
def built(made: Path, tmp_path: Path) -> Path:
    """The outputs of a project, written."""
    shutil.copytree(made, tmp_path / "project")
    shutil.copy(made.parent / "beside.yaml", tmp_path)
    return tmp_path / "project" / "out"


@pytest.fixture
def project(built: Path) -> Path:
    """The same project before its first build."""
    shutil.rmtree(built)
    (built.parent / "geomap.lock").unlink()
    return built.parent


def told(folder: Path, name: str = "manifest.json") -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / name).read_bytes())
    return content


def entry(path: Path) -> dict[str, Any]:
    content = path.read_bytes()
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def test_a_manifest_names_every_output_and_every_input(built: Path) -> None:
    project = built.parent
    found = told(built)
    assert found["outputs"] == {
        name: entry(built / name) for name in ("index.html", "events.geojson", "events.qml")
    }
    assert found["inputs"] == {name: entry(project / name) for name in INPUTS}
    assert (found["schema"], found["geomap"], found["map"]) == (1, __version__, "map.yaml")
    assert found["project"] == ".."
    lock = (project / "geomap.lock").read_text(encoding="utf-8")
    assert f'gazetteer: "{found["gazetteer"]}"' in lock
    assert found["libraries"]["numpy"] == numpy.__version__
    assert {"folium", "branca", "jinja2", "XStatic-Leaflet", "shapely", "geos", "proj"} <= set(
        found["libraries"]
    )
    assert "matplotlib" not in found["libraries"]


def test_a_manifest_is_sorted_and_the_same_again_and_elsewhere(built: Path, tmp_path: Path) -> None:
    project = built.parent
    first = (built / "manifest.json").read_bytes()
    again = json.dumps(json.loads(first), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    assert first == again.encode()
    pipeline.write(pipeline.build(project), built)
    assert (built / "manifest.json").read_bytes() == first
    other = tmp_path / "other place" / "проєкт"
    shutil.copytree(project, other)
    shutil.copy(tmp_path / "beside.yaml", other.parent)
    shutil.rmtree(other / "out")
    pipeline.write(pipeline.build(other), other / "out")
    assert (other / "out" / "manifest.json").read_bytes() == first
    assert str(tmp_path).encode() not in first


def test_a_manifest_elsewhere_tells_no_way_to_the_project(project: Path, tmp_path: Path) -> None:
    out = tmp_path / "elsewhere"
    pipeline.write(pipeline.build(project), out)
    assert told(out)["project"] is None
    assert b"project/" not in (out / "manifest.json").read_bytes()
    assert verify(out).manifests[0].inputs_changed is None
    assert verify(out, project=project).manifests[0].inputs_changed == ()


def test_an_export_has_a_manifest_of_its_own(built: Path) -> None:
    project = built.parent
    before = (built / "manifest.json").read_bytes()
    result = pipeline.export(project, ["gpkg", "csv"])
    found = told(built, "export-manifest.json")
    assert set(found["outputs"]) == {path.name for path in result.files}
    assert found["outputs"] == {path.name: entry(path) for path in result.files}
    assert found["inputs"] == told(built)["inputs"]
    assert found["libraries"]["gdal"] == pyogrio.__gdal_version_string__
    assert (built / "manifest.json").read_bytes() == before
    assert verify(built).is_sound
    assert verify(built).unlisted == ()


def test_a_manifest_tells_the_source_date_where_a_format_has_one(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    pipeline.export(project, ["shp"])
    assert told(project / "out", "export-manifest.json")["source_date_epoch"] == 1_700_000_000
    pipeline.export(project, ["csv"])
    assert "source_date_epoch" not in told(project / "out", "export-manifest.json")


@pytest.mark.parametrize(
    "name", ["map.yaml", "events.yaml", "../beside.yaml", "front.geojson", "geomap.lock"]
)
def test_an_input_that_changes_meanwhile_is_an_error_and_nothing_is_written(built: Path, name: str) -> None:
    project = built.parent
    result = pipeline.build(project)
    before = {path.name: path.read_bytes() for path in built.iterdir()}
    (project / name).write_bytes((project / name).read_bytes() + b"\n")
    with pytest.raises(OutputError, match="changed while the map was built; build again"):
        pipeline.write(result, built)
    assert {path.name: path.read_bytes() for path in built.iterdir()} == before


def test_one_build_may_be_written_to_two_folders(project: Path, tmp_path: Path) -> None:
    result = pipeline.build(project)
    for name in ("a", "b"):
        pipeline.write(result, tmp_path / name)
    assert (tmp_path / "a" / "manifest.json").read_bytes() == (tmp_path / "b" / "manifest.json").read_bytes()
    assert verify(tmp_path / "a", project=project).is_sound


def test_a_check_finds_a_manifest_that_is_not_the_builds(built: Path) -> None:
    project = built.parent
    path = built / "manifest.json"
    assert pipeline.stale(pipeline.build(project), built) == []
    path.write_bytes(path.read_bytes().replace(b'"numpy"', b'"numpie"'))
    assert pipeline.stale(pipeline.build(project), built) == [path]


def test_a_folder_out_that_is_a_link_must_be_named(project: Path, tmp_path: Path, geomap: Run) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (project / "out").symlink_to(elsewhere)
    for command in (["build"], ["export", "--format", "csv"]):
        ended = geomap(*command, project)
        assert (ended.code, list(elsewhere.iterdir())) == (1, [])
        assert f"{project}/out: a link to {elsewhere}; if that is meant, name it by --out" in ended.err
    assert geomap("build", project, "--out", project / "out").code == 0
    assert (elsewhere / "manifest.json").is_file()


# verify


def test_verify_of_what_was_just_built_is_sound(geomap: Run, built: Path) -> None:
    ended = geomap("verify", built)
    assert (ended.code, ended.out) == (0, "")
    assert ended.err == f"manifest.json, of geomap {__version__}: 3 outputs, 8 inputs: as they were\n"


def test_verify_names_what_changed(geomap: Run, built: Path) -> None:
    project = built.parent
    (built / "index.html").write_bytes(b"x" * (built / "index.html").stat().st_size)
    (built / "events.qml").unlink()
    (built / "notes.txt").touch()
    (project / "events.yaml").write_text(EVENTS + "# looked at\n", encoding="utf-8")
    (project / "view.yaml").unlink()
    ended = geomap("verify", built)
    assert ended.code == 1
    assert ended.out.splitlines() == [
        f"{built}/events.qml: missing since manifest.json was written",
        f"{built}/index.html: changed since manifest.json was written",
        "events.yaml: an input that changed or is gone since manifest.json was written",
        "view.yaml: an input that changed or is gone since manifest.json was written",
    ]
    assert f"{built}/notes.txt: not in a manifest\n" in ended.err
    as_json = geomap("verify", built, "--json")
    assert as_json.code == 1
    assert json.loads(as_json.out) == {
        "sound": False,
        "manifests": [
            {
                "file": "manifest.json",
                "geomap": __version__,
                "outputs": 3,
                "missing": ["events.qml"],
                "changed": ["index.html"],
                "inputs": 8,
                "inputs_changed": ["events.yaml", "view.yaml"],
            }
        ],
        "unlisted": ["notes.txt"],
    }


def test_an_archived_folder_is_sound_without_its_project(geomap: Run, built: Path, tmp_path: Path) -> None:
    archived = tmp_path / "archive" / "2024"
    shutil.copytree(built, archived)
    ended = geomap("verify", archived)
    assert (ended.code, ended.out) == (0, "")
    assert "the inputs are not to be found from here and were not compared" in ended.err


def test_an_unlisted_file_alone_is_no_failure(geomap: Run, built: Path) -> None:
    (built / "a\x1b[31m").touch()
    ended = geomap("verify", built)
    assert (ended.code, ended.out) == (0, "")
    assert f"{built}/a\\u001b[31m: not in a manifest" in ended.err


def test_a_link_in_the_place_of_an_output_is_a_change(built: Path) -> None:
    (built / "index.html").rename(built.parent / "index.html")
    (built / "index.html").symlink_to(built.parent / "index.html")
    assert verify(built).manifests[0].changed == ("index.html",)


@pytest.mark.parametrize("folder", [".", "nowhere"])
def test_a_folder_without_a_manifest_is_exit_1(geomap: Run, tmp_path: Path, folder: str) -> None:
    ended = geomap("verify", tmp_path / folder)
    assert (ended.code, ended.out) == (1, "")
    assert "no manifest in this folder; name one that geomap build or geomap export wrote to" in ended.err


ONE = {"bytes": 1, "sha256": "0" * 64}
HOSTILE = {
    "a way up": ({"outputs": {"../map.yaml": ONE}}, "is no plain file name"),
    "an absolute path": ({"outputs": {"/etc/passwd": ONE}}, "is no plain file name"),
    "a device": ({"outputs": {"NUL": ONE}}, "is no plain file name"),
    "an absolute input": ({"inputs": {"/etc/passwd": ONE}}, "is no path relative to the project's folder"),
    "a drive": ({"inputs": {"C:\\a": ONE}}, "is no path relative to the project's folder"),
    "a NUL": ({"inputs": {"a\0": ONE}}, ""),
    "a project elsewhere": ({"project": "../../etc"}, "is no way up from the outputs"),
    "an absolute project": ({"project": "/"}, "is no way up from the outputs"),
    "a map elsewhere": ({"map": "../map.yaml"}, "is no plain file name"),
    "no digest": ({"outputs": {"a": {"bytes": 1, "sha256": "x"}}}, "should match pattern"),
    "less than nothing": (
        {"outputs": {"a": {"bytes": -1, "sha256": "0" * 64}}},
        "greater than or equal to 0",
    ),
    "a newer one": ({"schema": 2}, "manifest of schema 2; this geomap reads schema 1: upgrade geomap"),
    "an unknown key": ({"run": "rm"}, "unknown key 'run'"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_manifest_is_refused(built: Path, name: str) -> None:
    changes, said = HOSTILE[name]
    (built / "manifest.json").write_text(json.dumps(told(built) | changes), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        verify(built)
    assert said in str(caught.value)
    assert str(caught.value).startswith(f"{built}/manifest.json:")


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{", b"null", b"\xff", b"[" * 100_000, b" " * (1 << 20) + b"{}"]
)
def test_what_is_no_manifest_is_refused(built: Path, content: bytes) -> None:
    (built / "manifest.json").write_bytes(content)
    with pytest.raises(ConfigError, match=r"manifest\.json:\d+:\d+: "):
        verify(built)


def test_an_input_that_is_no_plain_file_is_not_read(built: Path) -> None:
    os.mkfifo(built.parent / "pipe")
    changed = told(built)["inputs"] | {"pipe": ONE, "../../../../../../../../dev/zero": ONE}
    (built / "manifest.json").write_text(json.dumps(told(built) | {"inputs": changed}), encoding="utf-8")
    found = verify(built).manifests[0].inputs_changed
    assert found is not None
    assert "pipe" in found


def test_every_format_says_which_libraries_it_is_made_by() -> None:
    from geomap.export import EXPORTERS

    assert set(manifest._LIBRARIES) == {"html", *pipeline.PICTURES, *EXPORTERS}


def test_of_withheld_places_no_digest_of_what_went_in_is_told(built: Path) -> None:
    project = built.parent
    events = EVENTS.replace("where: Testhaven", "where: {place: Testhaven, publish_precision: region}")
    (project / "events.yaml").write_text(events, encoding="utf-8")
    pipeline.write(pipeline.build(project, lock="update"), built)
    told = json.loads((built / "manifest.json").read_bytes())
    assert told["gazetteer"] is None
    assert told["inputs"] == dict.fromkeys(INPUTS)
    verified = verify(built)
    assert verified.is_sound
    assert verified.manifests[0].inputs_changed is None
