"""The same YAML makes the same bytes, whatever machine, folder, language, time zone or hash seed."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BUILD = """
import hashlib, locale, sys, time
from pathlib import Path
from geomap import pipeline
print("setting", locale.getpreferredencoding(False) + "," + str(time.timezone))
result = pipeline.build(Path(sys.argv[1]))
for name, content in sorted(result.contents.items()):
    print(name, hashlib.sha256(content).hexdigest())
"""
SETTINGS = {
    "kiritimati": {
        "PYTHONHASHSEED": "0",
        "TZ": "KIR-14",
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
    },
    # Plain C, which Python would otherwise turn into UTF-8: text files and streams are ASCII here.
    "utc": {
        "PYTHONHASHSEED": "1",
        "TZ": "UTC",
        "LANG": "C",
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
    },
}


def digests(project: str, environment: dict[str, str], cwd: Path, code: str = BUILD) -> dict[str, str]:
    """Build a project in a process of its own and say what came out."""
    kept = {
        key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG", "PYTHON", "TZ"))
    }
    told = subprocess.run(
        [sys.executable, "-c", code, project],
        env=kept | environment,
        cwd=cwd,
        capture_output=True,
        check=True,
    )
    return dict(line.split() for line in told.stdout.decode("ascii").splitlines())


@pytest.mark.parametrize("project", ["union-state", "kursk-2024"])
def test_a_build_gives_the_same_bytes_in_any_setting(project: str, tmp_path: Path) -> None:
    from_away = digests(str(ROOT / "maps" / project), SETTINGS["kiritimati"], tmp_path)
    from_inside = digests(f"maps/{project}", SETTINGS["utc"], ROOT)
    # The settings took hold: another encoding and another time zone.
    assert from_away.pop("setting").split(",")[1] == str(-14 * 3600)
    assert from_inside.pop("setting") == "ANSI_X3.4-1968,0"
    assert from_away.keys() == {"index.html", "events.geojson", "events.qml"}
    assert from_away == from_inside


ALL_FORMATS = ("html", "geojson", "gpkg", "fgb", "parquet", "kml", "csv", "lpf", "shp")
WRITE = f"""
import hashlib, locale, sys, time
from pathlib import Path
from geomap import pipeline
print("setting", locale.getpreferredencoding(False) + "," + str(time.timezone))
out = Path(sys.argv[1]) / "out"
pipeline.write(pipeline.build(Path(sys.argv[1]), formats={ALL_FORMATS}), out)
pipeline.export(Path(sys.argv[1]), {ALL_FORMATS[1:]})
for path in sorted(out.iterdir()):
    print(path.name, hashlib.sha256(path.read_bytes()).hexdigest())
"""


def test_every_format_and_both_manifests_are_the_same_bytes_in_any_setting_and_folder(tmp_path: Path) -> None:
    folders = [tmp_path / "мапа з пробілами" / "kursk", tmp_path / "b" / "kursk"]
    for folder in folders:
        shutil.copytree(ROOT / "maps" / "kursk-2024", folder, ignore=shutil.ignore_patterns("out"))
    first = digests(str(folders[0]), SETTINGS["kiritimati"], tmp_path, WRITE)
    second = digests("kursk", SETTINGS["utc"], folders[1].parent, WRITE)
    third = digests(".", SETTINGS["utc"] | {"PYTHONHASHSEED": "77", "TZ": "NPT-5:45"}, folders[0], WRITE)
    settings = [own.pop("setting") for own in (first, second, third)]
    assert settings == ["UTF-8,-50400", "ANSI_X3.4-1968,0", "ANSI_X3.4-1968,-20700"]
    assert {Path(name).suffix for name in first} >= {
        ".html", ".geojson", ".qml", ".gpkg", ".qgz", ".qlr", ".fgb", ".parquet", ".kml", ".kmz", ".csv", ".json",
        ".shp", ".dbf", ".shx", ".prj",
    }  # fmt: skip
    assert {"manifest.json", "export-manifest.json"} <= first.keys()
    assert first == second
    assert first == third


def test_a_copy_of_a_project_in_another_folder_builds_the_same_bytes(tmp_path: Path) -> None:
    from geomap import pipeline

    for name in ("map.yaml", "events.yaml"):
        (tmp_path / name).write_bytes((ROOT / "maps" / "kursk-2024" / name).read_bytes())
    copied = pipeline.build(tmp_path / "map.yaml").contents
    again = pipeline.build(ROOT / "maps" / "kursk-2024").contents
    assert {name: hashlib.sha256(content).hexdigest() for name, content in copied.items()} == {
        name: hashlib.sha256(content).hexdigest() for name, content in again.items()
    }


def test_no_output_holds_the_folder_it_was_built_in(tmp_path: Path) -> None:
    from geomap import pipeline

    for content in pipeline.build(ROOT / "maps" / "kursk-2024").contents.values():
        assert str(ROOT).encode() not in content
        assert str(Path.home()).encode() + b"/" not in content
