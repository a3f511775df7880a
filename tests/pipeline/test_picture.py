"""Pictures among a build's outputs."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from geomap import pipeline
from geomap.cli.app import app
from geomap.errors import ConfigError

EVENTS = """
schema: 1
sources: {wire: {publisher: Wire, published: "2021-11-12", kind: wire}}
events:
  - id: drop
    type: exercise/airborne_drop
    title: Jump
    when: 2021-11-12
    where: {place: Minsk, country: BY}
    sources: [wire]
"""
MAP = "schema: 1\ntitle: A map\nevents: [events.yaml]\ncountries: [BY]\noutputs: [png, svg]\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "map.yaml").write_text(MAP + "picture: {size: 1:1, dpi: 160}\n", encoding="utf-8")
    (tmp_path / "events.yaml").write_text(EVENTS, encoding="utf-8")
    return tmp_path


def test_pictures_are_built_checked_and_found_stale(project: Path) -> None:
    result = CliRunner().invoke(app, ["build", str(project)])
    assert result.exit_code == 0, result.output
    out = project / "out"
    assert {path.name for path in out.iterdir()} == {"map.png", "map.svg", "manifest.json"}
    # The size in an IHDR: 9.6 inches at 160.
    assert (out / "map.png").read_bytes()[16:24] == (1536).to_bytes(4, "big") * 2
    assert CliRunner().invoke(app, ["build", str(project), "--check"]).exit_code == 0
    (out / "map.svg").write_bytes(b"<svg/>")
    assert pipeline.stale(pipeline.build(project), out) == [out / "map.svg"]


def test_a_picture_is_exported_alone(project: Path) -> None:
    out = project / "elsewhere"
    result = CliRunner().invoke(app, ["export", str(project), "--format", "svg,geojson", "--out", str(out)])
    assert result.exit_code == 0, result.output
    written = {path.name for path in out.iterdir()}
    assert written == {"map.svg", "events.geojson", "events.qml", "export-manifest.json"}
    assert (out / "map.svg").read_bytes() == pipeline.build(project).contents["map.svg"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("picture: {size: A3}", "Input should be '16:9', '1:1' or 'A4'"),
        ("picture: {dpi: 50}", "greater than or equal to 150"),
        ("picture: {dpi: '300'}", "valid integer"),
        ("picture: {colour: red}", "unknown key 'colour'"),
    ],
)
def test_a_wrong_picture_is_refused_with_its_line(project: Path, line: str, message: str) -> None:
    (project / "map.yaml").write_text(MAP + line + "\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"map\.yaml:6:") as caught:
        pipeline.load(project)
    assert message in str(caught.value)
