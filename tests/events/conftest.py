"""Events from a few words of YAML."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from geomap.events.read import read_events
from geomap.model.event_types import EVENT_TYPES
from geomap.model.events import EventSet
from geomap.model.records import Actor, Source

ReadEvents = Callable[..., EventSet]


@pytest.fixture
def read(tmp_path: Path) -> ReadEvents:
    """Write each text as a file (`schema` is added) and read all of them."""

    def read_texts(
        *texts: str, sources: Mapping[str, Source] | None = None, actors: Mapping[str, Actor] | None = None
    ) -> EventSet:
        paths = []
        for letter, text in zip("abcdef", texts, strict=False):
            paths.append(tmp_path / f"{letter}.yaml")
            paths[-1].write_text(f"schema: 1\n{text}\n", encoding="utf-8")
        types = {kind: known.subtypes for kind, known in EVENT_TYPES.items()}
        return read_events(paths, types=types, sources=sources, actors=actors)

    return read_texts
