"""Files that people write: curated places and worldviews, those that geomap carries and a user's own."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from geomap.gazetteer.names import Names
from geomap.gazetteer.worldviews import CUSTOM, View
from geomap.yamlfile import YamlFile, read_yaml

CuratedKind = Literal[
    "city", "town", "village", "airfield", "air_base", "training_range", "military_base", "naval_base",
    "garrison", "radar_station", "bridge", "dam", "power_plant", "refinery", "port", "border_crossing",
    "checkpoint", "building", "site",
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


class _View(_Entry):
    title: Annotated[str, StringConstraints(min_length=1)]
    owners: dict[str, Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]]
    note: str = ""
    source: str = ""
    date: str = ""

    def view(self, view_id: str = CUSTOM) -> View:
        return View(id=view_id, **self.model_dump())


class _ViewsFile(_Entry):
    schema_: Annotated[Literal[1], Field(alias="schema")]
    default: str
    views: dict[str, _View]


def read_views(path: Path) -> dict[str, View]:
    """Read `worldviews.yaml`, by id.

    Raises
    ------
    ConfigError
        If the file is not of the documented form.
    """
    return {view_id: view.view(view_id) for view_id, view in read_yaml(path).parse(_ViewsFile).views.items()}


def read_view(path: Path) -> View:
    """Read a user's own worldview `{title, owners: {region id: country code}}`.

    Raises
    ------
    ConfigError
        If the file is not of the documented form.
    """
    return read_yaml(path).parse(_View).view()


def read_curated(path: Path) -> tuple[CuratedFile, YamlFile]:
    """Read a file of curated places.

    Raises
    ------
    ConfigError
        For anything but the documented keys, with file, line and column.
    """
    written = read_yaml(path)
    return written.parse(CuratedFile), written
