"""Puts the place data into wheels; a checkout and an editable install read it where it lies."""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CARRIED = (
    "base.sqlite", "ground.sqlite", "curated.json", "weights.json", "toponym_weights.json", "word_lists.json",
    "worldviews.yaml", "SOURCES.md",
)  # fmt: skip


class CarryGazetteer(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "standard":
            for name in CARRIED:
                build_data["force_include"][f"gazetteer/{name}"] = f"geomap/gazetteer/data/{name}"
