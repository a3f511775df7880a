"""The pages that most of these tests open."""

from pathlib import Path

import pytest

import sample
from geomap import pipeline
from geomap.render import draw_page


@pytest.fixture(scope="session")
def sample_html() -> str:
    """The page of the sample scene."""
    return draw_page(sample.sample_scene())


@pytest.fixture(scope="session")
def union_state_html() -> str:
    """The page of the map of all five stories."""
    built = pipeline.build(Path(__file__).parents[2] / "maps" / "union-state", formats=["html"])
    return built.contents["index.html"].decode()
