"""Files of curated places: those that geomap carries, and a user's own."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from geomap.gazetteer.names import Names
from geomap.yamlfile import YamlFile, read_yaml

CuratedKind = Literal[
    "city", "town", "village", "airfield", "air_base", "training_range", "military_base", "bridge",
    "power_plant", "border_crossing", "building",
]  # fmt: skip


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CuratedSource(_Entry):
    """What a coordinate rests on."""

    name: str
    date: str
    record: str = ""
    version: str = ""
    licence: str = ""
    lon: float | None = None
    lat: float | None = None
    note: str = ""


class CuratedPlace(_Entry):
    """A place that people reviewed."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    kind: CuratedKind
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    countries: list[Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]] = Field(default_factory=list)
    """Further countries that it lies in or leads to."""
    region: str | None = None
    names: Names
    lon: Annotated[float, Field(ge=-180, le=180)]
    lat: Annotated[float, Field(ge=-90, le=90)]
    radius_m: Annotated[float, Field(gt=0)]
    extent: str = ""
    geonameid: int | None = None
    sources: Annotated[list[CuratedSource], Field(min_length=1)]
    note: str = ""


class CuratedNames(_Entry):
    """Names that people use for a region or country of the base tables."""

    id: str
    names: Names


class CuratedFile(_Entry):
    """A file of `gazetteer/curated/`, or a user's own."""

    schema_: Annotated[Literal[1], Field(alias="schema")]
    places: list[CuratedPlace] = Field(default_factory=list)
    regions: list[CuratedNames] = Field(default_factory=list)
    countries: list[CuratedNames] = Field(default_factory=list)


def read_curated(path: Path) -> tuple[CuratedFile, YamlFile]:
    """Read a file of curated places.

    Raises
    ------
    ConfigError
        For anything but the documented keys, with file, line and column.
    """
    written = read_yaml(path)
    return written.parse(CuratedFile), written
