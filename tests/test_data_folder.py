"""The place data is found in a checkout, in an editable install and in a wheel."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import geomap
from geomap.errors import DataFileError
from geomap.gazetteer import store
from geomap.gazetteer.store import data_folder

ROOT = Path(__file__).resolve().parents[1]
ASK = """
import geomap
from geomap.gazetteer import read_gazetteer
from geomap.gazetteer.store import data_folder
gazetteer = read_gazetteer()
print(geomap.__file__)
print(data_folder())
asked = ("Grodno", "Kursk Region", "Ashuluk", "Kerch Bridge")
print(*[gazetteer.resolver.best(text).place.id for text in asked])
print(*gazetteer.store.attributions())
"""
CARRIED = (
    "base.sqlite", "ground.sqlite", "curated.json", "weights.json", "toponym_weights.json", "word_lists.json",
    "worldviews.yaml", "SOURCES.md",
)  # fmt: skip
LARGEST_WHEEL = 25_000_000
"""Bytes, packed. PyPI takes up to 100 MB; most of it is the base tables."""
ANSWER = "gn:627904 ne:RU-KRS cur:ashuluk-range cur:kerch-bridge"


def ask(folder: Path | None, cwd: Path) -> list[str]:
    """What a Python elsewhere answers, with or without a folder to import from."""
    environment = {"PATH": "/usr/bin:/bin"} | ({"PYTHONPATH": str(folder)} if folder else {})
    told = subprocess.run(
        [sys.executable, "-c", ASK], cwd=cwd, env=environment, capture_output=True, text=True, check=True
    )
    return told.stdout.splitlines()


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built once."""
    folder: Path = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        str(folder),
        str(ROOT),
    ]
    subprocess.run(command, capture_output=True, check=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def unpacked(wheel: Path) -> Path:
    """What the wheel installs; nothing of the checkout is beside it."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(wheel.parent / "site")
    return wheel.parent / "site"


def test_a_checkout_has_its_data_beside_the_package() -> None:
    assert data_folder() == ROOT / "gazetteer"
    assert Path(geomap.__file__).parent == ROOT / "geomap"


def test_an_editable_install_finds_the_checkout_from_anywhere(tmp_path: Path) -> None:
    where, folder, answer, _ = ask(None, tmp_path)
    assert Path(where) == ROOT / "geomap" / "__init__.py"
    assert Path(folder) == ROOT / "gazetteer"
    assert answer == ANSWER


def test_a_wheel_carries_its_data_and_resolves_places(unpacked: Path, tmp_path: Path) -> None:
    where, folder, answer, attribution = ask(unpacked, tmp_path)
    assert unpacked in Path(where).parents
    assert Path(folder) == unpacked / "geomap" / "gazetteer" / "data"
    assert answer == ANSWER
    assert all(licensor in attribution for licensor in ("GeoNames", "Natural Earth", "CLDR"))


def test_a_wheel_holds_all_data_and_neither_tests_nor_maps(unpacked: Path) -> None:
    data = unpacked / "geomap" / "gazetteer" / "data"
    assert {path.name for path in data.iterdir()} == set(CARRIED)
    for name in CARRIED:
        assert (data / name).read_bytes() == (ROOT / "gazetteer" / name).read_bytes()
    assert {path.name for path in unpacked.iterdir() if not path.name.endswith(".dist-info")} == {"geomap"}


def test_a_wheel_carries_curated_places_compiled_and_not_as_yaml(unpacked: Path) -> None:
    lexicon = {path.name for path in (ROOT / "geomap" / "extract" / "lexicon").glob("*.yaml")}
    carried = {path.name for path in unpacked.rglob("*.yaml")}
    assert carried - lexicon == {
        "worldviews.yaml",
        "map.yaml",
        "events.yaml",
    }  # the last two start a new project
    assert lexicon <= carried


def test_a_wheel_stays_small(wheel: Path) -> None:
    assert wheel.stat().st_size <= LARGEST_WHEEL


def test_missing_data_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(store, "__file__", str(tmp_path / "geomap" / "gazetteer" / "store.py"))
    with pytest.raises(DataFileError, match="the place data is missing"):
        data_folder()
