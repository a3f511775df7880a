"""Where the rooms meet: read, resolve, check, compose, write."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from geomap.config import MapConfig, MapFile, read_config
from geomap.errors import (
    AmbiguousPlaceError,
    ConfigError,
    EmptyRelationError,
    GeomapError,
    PlaceNotFoundError,
    Problem,
)
from geomap.events.check import Finding, check
from geomap.events.read import read_events
from geomap.events.table import tabulate
from geomap.gazetteer import WITHHELD, Gazetteer, Placer, UnknownWorldviewError, read_gazetteer
from geomap.model.event_types import EVENT_TYPES
from geomap.model.events import Event, EventSet, WrittenEvent
from geomap.model.places import PlaceRef
from geomap.model.table import EventTable
from geomap.model.vocabulary import Precision, Workflow

if TYPE_CHECKING:
    import folium

    from geomap.scene import Scene, SceneLayer

FILE_NAMES: Final[Mapping[str, str]] = {"html": "index.html", "geojson": "events.geojson"}
_TOWNS: Final = 220
_SMALL_TOWNS: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A map with its events resolved; `findings` are what is odd in them."""

    config: MapConfig
    gazetteer: Gazetteer = field(repr=False)
    table: EventTable = field(repr=False)
    findings: tuple[Finding, ...] = ()
    drafts_left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a build drew, listed and left out; events count once, features apart."""

    events: int
    features: int
    countries: int
    unlocated: int
    undated: int
    drafts_left_out: int
    layers: Mapping[str, int]
    layer_titles: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildResult:
    """The finished outputs, by file name."""

    project: Project
    contents: Mapping[str, bytes] = field(repr=False)
    summary: Summary

    def _repr_html_(self) -> str:
        """The page in a notebook, in a frame of its own."""
        from html import escape

        if FILE_NAMES["html"] not in self.contents:
            return f"<pre>{escape(str(self.summary))}</pre>"
        page = self.contents[FILE_NAMES["html"]].decode()
        frame = 'sandbox="allow-scripts allow-popups" width="100%" height="640"'
        return f'<iframe srcdoc="{escape(page)}" {frame}></iframe>'


def load(project: Path | str, *, drafts: bool = False) -> Project:
    """Read a project, resolve its places and look through them.

    Raises
    ------
    ConfigError
        With every problem found: keys, dates, ids, and places that cannot be settled.
    """
    config = read_config(Path(project))
    extra = [config.resolve(path) for path in config.map.gazetteer]
    try:
        gazetteer = read_gazetteer(worldview=config.worldview, extra=extra)
    except UnknownWorldviewError as error:
        raise ConfigError.at(config.mark("worldview"), str(error)) from error
    _check_codes(config, gazetteer)
    written = _read_events(config)
    chosen = [event for event in written.events if drafts or event.record.workflow is not Workflow.DRAFT]
    events, findings = _resolve_events(chosen, gazetteer.placer(config.map.countries))
    findings += check(chosen, events, written)
    return Project(
        config=config,
        gazetteer=gazetteer,
        table=tabulate(events, written.sources, written.actors),
        findings=tuple(findings),
        drafts_left_out=len(written.events) - len(chosen),
    )


def build(project: Path | str, *, drafts: bool = False, formats: Sequence[str] | None = None) -> BuildResult:
    """Make every output of a project in memory; nothing is written.

    `formats` replaces the config's `outputs`.

    Raises
    ------
    ConfigError
        As `load`.
    """
    loaded = load(project, drafts=drafts)
    config, table = loaded.config.map, loaded.table
    scene = compose(loaded)
    contents: dict[str, bytes] = {}
    for name in formats or config.outputs:
        if name == "html":
            from geomap.render import draw_page

            contents[FILE_NAMES[name]] = draw_page(scene).encode()
        else:
            from geomap.export import EXPORTERS, ExportInfo

            info = ExportInfo(title=config.title, worldview=scene.worldview, attribution=scene.attribution)
            contents[FILE_NAMES[name]] = EXPORTERS[name](table, info)
    return BuildResult(project=loaded, contents=contents, summary=_summary(loaded, scene.layers))


def export(
    project: Path, formats: Sequence[str], *, drafts: bool = False
) -> tuple[Project, dict[str, bytes]]:
    """Make some of a project's exports, without a page.

    Raises
    ------
    ConfigError
        As `load`.
    """
    from geomap.export import EXPORTERS, ExportInfo

    loaded = load(project, drafts=drafts)
    store = loaded.gazetteer.store
    info = ExportInfo(
        title=loaded.config.map.title, worldview=store.view.title, attribution=tuple(store.attributions())
    )
    return loaded, {FILE_NAMES[name]: EXPORTERS[name](loaded.table, info) for name in formats}


def write(result: BuildResult, folder: Path) -> None:
    """Write the outputs of a build, each whole, over those of the last one.

    Raises
    ------
    OutputError
        If they cannot be written.
    """
    from geomap.files import write_all

    write_all(folder, dict(result.contents))


def stale(result: BuildResult, folder: Path) -> list[str]:
    """The outputs in a folder that are missing or differ from a build."""
    return [
        name
        for name, content in result.contents.items()
        if not (folder / name).is_file() or (folder / name).read_bytes() != content
    ]


def to_folium(events: "Project | EventTable | Path | str") -> "folium.Map":
    """Put events on a stock `folium.Map`, to go on with in Python.

    Parameters
    ----------
    events
        A project, the path of one, or a table of events.

    Returns
    -------
    map
        A map with folium's own links, default tiles and no content security policy: it needs the network,
        and is safe against the texts of the events only. The offline page is what `build` makes.

    Raises
    ------
    ConfigError
        As `load`, when given a path.
    """
    from geomap.render import to_folium as draw

    if isinstance(events, Path | str):
        events = load(Path(events))
    if isinstance(events, Project):
        return draw(compose(events))
    return draw(
        _compose(
            events,
            MapFile.model_validate({"schema": 1, "title": "Events", "events": ["-"]}),
            read_gazetteer(),
        )
    )


def compose(project: Project) -> "Scene":
    """Compose what a project's map says."""
    return _compose(project.table, project.config.map, project.gazetteer)


def _compose(table: EventTable, config: MapFile, gazetteer: Gazetteer) -> "Scene":
    from geomap.scene.compose import compose_scene, scene_bbox
    from geomap.scene.ground import Ground, GroundRegion, window_round

    store = gazetteer.store
    bbox = scene_bbox(table, config)
    window = window_round(bbox)
    ground = Ground(
        window=window,
        world=store.coarse_land(),
        regions=[
            GroundRegion(id=region_id, shape=store.region_shape(region_id), owner=owner, owners=owners)
            for region_id, owner, owners in store.owners(window)
        ],
        country_names=store.country_names(),
        # Small places only where the map opens: people zoom in there.
        towns=list(dict.fromkeys([*store.towns(window, _TOWNS), *store.towns(bbox, _SMALL_TOWNS)])),
    )
    return compose_scene(
        table,
        config,
        ground,
        bbox=bbox,
        worldview=store.view.title,
        worldview_note=store.view.note,
        attribution=store.attributions(),
    )


def _summary(project: Project, layers: "Sequence[SceneLayer]") -> Summary:
    table = project.table
    precisions = table.columns["precision"]
    unlocated = sum(
        all(precisions[row] == Precision.NONE for row in rows) for rows in table.event_rows.values()
    )
    return Summary(
        events=len(table.event_rows),
        features=sum(precision != Precision.NONE for precision in precisions),
        countries=sum(precision == Precision.COUNTRY for precision in precisions),
        unlocated=unlocated,
        undated=sum(table.columns["t_start"][rows.start] is None for rows in table.event_rows.values()),
        drafts_left_out=project.drafts_left_out,
        layers={layer.id: len(layer.events) for layer in layers},
        layer_titles={layer.id: layer.title for layer in layers},
    )


def _event_types(config: MapConfig) -> dict[str, set[str]]:
    """The event types of the vocabulary and those of the map, each with its subtypes."""
    types = {kind: set(known.subtypes) for kind, known in EVENT_TYPES.items()}
    for kind, custom in config.map.types.items():
        types.setdefault(kind, set()).update(custom.subtypes)
    return types


def _check_codes(config: MapConfig, gazetteer: Gazetteer) -> None:
    """Refuse countries and types in `map.yaml` that there are not: such a layer would stay empty in silence."""
    problems = []
    types, codes = _event_types(config), set(gazetteer.store.country_codes())
    known = set(types) | {f"{kind}/{subtype}" for kind, subtypes in types.items() for subtype in subtypes}
    for number, code in enumerate(config.map.countries):
        if code not in codes:
            problems.append(
                Problem(config.mark("countries", number), f"no country has the ISO 3166 code {code!r}")
            )
    for number, layer in enumerate(config.map.layers):
        for key, words, allowed in (
            ("type", layer.select.type, known),
            ("country", layer.select.country, codes),
        ):
            for word in words or ():
                if word not in allowed:
                    mark = config.mark("layers", number, "select", key)
                    problems.append(
                        Problem(mark, f"layer {layer.id!r} selects {key} {word!r}, which there is not")
                    )
    if problems:
        raise ConfigError(problems)


def _read_events(config: MapConfig) -> EventSet:
    # A file of sources or actors has the form of an events file, only without events.
    shared = dict.fromkeys(path for path in (config.map.sources_file, config.map.actors_file) if path)
    return read_events(
        [config.resolve(path) for path in (*shared, *config.map.events)],
        types=_event_types(config),
        sources=config.map.sources,
        actors=config.map.actors,
    )


def _resolve_events(written: Sequence[WrittenEvent], placer: Placer) -> tuple[list[Event], list[Finding]]:
    """Settle every place; one that cannot be is an error, or of a draft a warning and no place."""
    events: list[Event] = []
    findings: list[Finding] = []
    problems: list[Problem] = []
    for item in written:
        places = []
        for spec, mark in zip(item.record.where.places, item.where_marks, strict=True):
            try:
                places.append(placer.place(spec))
            except (PlaceNotFoundError, AmbiguousPlaceError, EmptyRelationError) as error:
                if item.record.workflow is Workflow.DRAFT:
                    findings.append(Finding(mark, "warning", "unresolved-place", str(error)))
                    withheld = WITHHELD if spec.publish_precision else None
                    name = withheld or spec.name or spec.place or "unresolved place"
                    places.append(PlaceRef.unresolved(spec.role, name))
                else:
                    problems.append(Problem(mark, _place_message(error), "place"))
        events.append(Event(record=item.record, places=tuple(places)))
    if problems:
        raise ConfigError(problems)
    return events, findings


def _place_message(error: GeomapError) -> str:
    if isinstance(error, PlaceNotFoundError):
        return f"{error}; give lon and lat, or add it to a gazetteer file of your own"
    return str(error)
