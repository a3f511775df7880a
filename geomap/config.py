"""`map.yaml`: what one map is made of, and the JSON Schemas that let editors complete it."""

import os.path
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    Strict,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)

from geomap.errors import Mark
from geomap.model.event_types import EVENT_TYPES
from geomap.model.import_mapping import ImportMapping
from geomap.model.lonlat import LonLat
from geomap.model.records import Actor, CountryCode, Day, EventsFile, Number, Record, Slug, Source, Text
from geomap.model.tiles import find_tiles
from geomap.model.timespan import TimeSpan
from geomap.model.vocabulary import Precision, Status
from geomap.yamlfile import YamlFile, read_yaml

PROJECT_FILE: Final = "map.yaml"
OutputFormat = Literal["html", "geojson", "gpkg", "fgb", "parquet", "kml", "csv", "lpf", "shp", "png", "svg"]
OTHER_LAYERS: Final = ("other", "other-events", "other-events-")
"""Ids that the layer of events in no layer may have; the first that is free."""


def _as_list(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


Words = Annotated[list[Text], BeforeValidator(_as_list, json_schema_input_type=Text | list[Text])]


class Select(Record):
    """Which events a layer shows: any of the values of a key, and all keys together."""

    type: Words | None = None
    """A type with all its subtypes (`exercise`), or one subtype (`exercise/airborne_drop`)."""
    actor: Words | None = None
    status: (
        Annotated[list[Status], BeforeValidator(_as_list, json_schema_input_type=Status | list[Status])]
        | None
    ) = None
    country: Words | None = None
    tag: Words | None = None
    precision: (
        Annotated[
            list[Precision], BeforeValidator(_as_list, json_schema_input_type=Precision | list[Precision])
        ]
        | None
    ) = None
    source: Words | None = None


class Layer(Record):
    """A layer of the map."""

    id: Slug
    title: Text
    select: Select = Select()
    group: str = ""


_WHY: Final = {
    "date": "the day or days that it shows: ground that changes hands is true of a day only",
    "credit": "who made it: what it shows is somebody's account, and the map names them",
}


def _closed(span: TimeSpan) -> TimeSpan:
    if span.first is None or span.last is None:
        raise ValueError("an open span; a context layer shows a day, or days with a first and a last one")
    return span


def _quoted(value: Any) -> Any:
    if value is None:
        raise ValueError('nothing here: in YAML # begins a comment; put the colour in quotes, "#8a4b52"')
    return value


class ContextLayer(Record):
    """Areas and lines of somebody else's under the events: control of terrain, front lines, exclusion zones."""

    id: Slug
    title: Text
    file: Text
    """A GeoJSON file (RFC 7946) of polygons and lines, relative to this one."""
    date: Annotated[Day, AfterValidator(_closed)]
    """The day or days that it shows, EDTF."""
    credit: Text
    """Who made it."""
    url: str = ""
    licence: str = ""
    colour: Annotated[
        str,
        BeforeValidator(_quoted, json_schema_input_type=str),
        StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$"),
    ] = ""
    label_field: str = ""
    """The property of its features that is written on them."""
    shown: Annotated[bool, Strict()] = True
    """Whether it is on when the map opens."""

    @model_validator(mode="before")
    @classmethod
    def _dated_and_credited(cls, value: Any) -> Any:
        if isinstance(value, dict):
            for key, why in _WHY.items():
                if value.get(key) is None or not str(value[key]).strip():
                    raise ValueError(f"a context layer needs {key}, {why}")
        return value


class Online(Record):
    """A geocoding service that may be asked for places that the gazetteer lacks."""

    provider: Literal["nominatim", "opencage"]
    contact: Text
    """An e-mail address or page of yours: the services ask for one."""


class View(Record):
    """Where the map opens: a bbox (west, south, east, north), or a centre (lon, lat) and a zoom."""

    bbox: Annotated[list[Number], Field(min_length=4, max_length=4)] | None = None
    center: Annotated[list[Number], Field(min_length=2, max_length=2)] | None = None
    zoom: Annotated[Number, Field(ge=0, le=18)] | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.bbox is None) == (self.center is None) or (self.center is None) != (self.zoom is None):
            raise ValueError("give bbox: [west, south, east, north], or center: [lon, lat] with zoom")
        if self.bbox is not None:
            west, south, east, north = self.bbox
            if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
                raise ValueError(
                    "bbox is [west, south, east, north] in degrees, west of east and south of north"
                )
        if self.center is not None:
            LonLat(lon=self.center[0], lat=self.center[1])
        return self


class Picture(Record):
    """The sheet of the static pictures: its shape, and the pixels an inch of the PNG."""

    size: Literal["16:9", "1:1", "A4"] = "16:9"
    dpi: Annotated[int, Field(strict=True, ge=150, le=600)] = 150


class CustomType(Record):
    """An event type that the vocabulary lacks, or further subtypes of one that it has."""

    label: str = ""
    subtypes: list[Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]] = Field(
        default_factory=list
    )


class MapFile(Record):
    """The keys of `map.yaml`."""

    schema_: Annotated[Literal[1], Field(alias="schema")]
    title: Text
    events: Annotated[list[Text], Field(min_length=1)]
    """Events files, relative to this one."""
    subtitle: str = ""
    language: Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] = "en"
    sources: dict[Slug, Source] = Field(default_factory=dict)
    actors: dict[Slug, Actor] = Field(default_factory=dict)
    sources_file: str = ""
    actors_file: str = ""
    countries: list[CountryCode] = Field(default_factory=list)
    """Countries that the map is about; they decide between namesakes."""
    worldview: Text = "un"
    """`un`, `de_facto`, `ua`, `ru`, or the path of a table of your own."""
    layers: list[Layer] = Field(default_factory=list)
    view: View | None = None
    types: dict[Slug, CustomType] = Field(default_factory=dict)
    context: list[ContextLayer] = Field(default_factory=list)
    """What lies under the events and is none: each from a dated, credited file."""
    gazetteer: list[Text] = Field(default_factory=list)
    """Files of places of your own, which outrank those that geomap carries."""
    online: Online | None = None
    """A geocoding service to ask for what is not found; nothing is sent without it."""
    outputs: Annotated[list[OutputFormat], Field(min_length=1)] = Field(default=["html", "geojson"])
    picture: Picture = Picture()
    """How the outputs `png` and `svg` are drawn."""
    symbols: Literal["types", "app6"] = "types"
    """`app6`: the page can also draw military symbols (APP-6, MIL-STD-2525), with the extra `symbols`."""
    style: Any = None
    tiles: Text | None = None
    """Online tiles under the events, by their name in xyzservices; without it the page asks nobody for anything."""

    @field_validator("layers")
    @classmethod
    def _unique(cls, layers: list[Layer]) -> list[Layer]:
        seen = set()
        for layer in layers:
            if layer.id in seen:
                raise ValueError(f"layer id {layer.id!r} twice; ids are unique")
            seen.add(layer.id)
        return layers

    @field_validator("context")
    @classmethod
    def _apart(cls, contexts: list[ContextLayer], checked: ValidationInfo) -> list[ContextLayer]:
        """Both kinds of layers are switched by their ids: an id stands for one of them."""
        # Without layers of the map's own, each type is one.
        own = {layer.id for layer in checked.data.get("layers", ())}
        events = {*OTHER_LAYERS, *(own or {*EVENT_TYPES, *checked.data.get("types", ())})}
        seen: set[str] = set()
        for context in contexts:
            if context.id in events:
                raise ValueError(f"id {context.id!r} is that of a layer of events; choose another")
            if context.id in seen:
                raise ValueError(f"id {context.id!r} twice; ids are unique")
            seen.add(context.id)
        return contexts

    @field_validator("tiles")
    @classmethod
    def _known(cls, value: str | None) -> str | None:
        if value is not None:
            find_tiles(value)
        return value

    @field_validator("style")
    @classmethod
    def _not_yet(cls, value: Any) -> None:
        if value is not None:
            raise ValueError("this version draws its own symbols; remove the key")


class MapConfig:
    """A `map.yaml` as read: its keys, and paths that are ready to open."""

    def __init__(self, written: YamlFile) -> None:
        self.path = written.path
        self.map = written.parse(MapFile)
        self._written = written

    @property
    def folder(self) -> Path:
        """The folder that relative paths start from."""
        return self.path.parent

    def mark(self, *path: str | int) -> Mark:
        """Where a value stands in the file."""
        return self._written.mark(path)

    def resolve(self, relative: str) -> Path:
        """A path written in the file, from the file's own folder, with its `..` steps taken."""
        return Path(os.path.normpath(self.folder / relative))

    @property
    def worldview(self) -> str:
        """The worldview's id, or the path of its table."""
        written = self.map.worldview
        return str(self.resolve(written)) if written.endswith((".yaml", ".yml")) else written

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file that the map is made from, this one first; whether it is there or not."""
        asked = self.map
        named = [asked.sources_file, asked.actors_file, *asked.events, *asked.gazetteer]
        named += [context.file for context in asked.context]
        named += [asked.worldview] if asked.worldview.endswith((".yaml", ".yml")) else []
        return tuple(dict.fromkeys([self.path, *(self.resolve(path) for path in named if path)]))


def read_config(project: Path) -> MapConfig:
    """Read a project's `map.yaml`, given the file or its folder.

    Raises
    ------
    ConfigError
        With file, line and column, if it is missing or says anything but the documented keys.
    """
    return MapConfig(read_yaml(map_path(project)))


def map_path(project: Path) -> Path:
    """The `map.yaml` of a project, given the file or its folder."""
    return project / PROJECT_FILE if project.is_dir() else project


def json_schemas() -> dict[str, dict[str, Any]]:
    """The JSON Schemas (draft 2020-12) of the files that people write, by file name."""
    schemas = {}
    for name, model, title in (
        ("map.schema.json", MapFile, "geomap map.yaml"),
        ("events.schema.json", EventsFile, "geomap events.yaml"),
        ("mapping.schema.json", ImportMapping, "geomap import --mapping"),
    ):
        schema = model.model_json_schema(by_alias=True, mode="validation")
        schemas[name] = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": title}
    return schemas
