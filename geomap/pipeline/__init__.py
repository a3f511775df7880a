"""Where the rooms meet: read, resolve, check, compose, write."""

import gc
import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from geomap.config import PROJECT_FILE, MapConfig, MapFile, map_path, read_config
from geomap.context import ContextFile, read_context
from geomap.errors import (
    AmbiguousPlaceError,
    ConfigError,
    EmptyRelationError,
    GeomapError,
    OutputError,
    PlaceNotFoundError,
    Problem,
)
from geomap.events.bulk.check import check_plain
from geomap.events.bulk.joining import join_tables
from geomap.events.bulk.references import find_titles
from geomap.events.bulk.table import tabulate_plain
from geomap.events.check import Finding, check
from geomap.events.lines import MAX_PROBLEMS
from geomap.events.read import read_events
from geomap.events.table import tabulate
from geomap.events.withheld import withhold_words
from geomap.gazetteer import PlaceData, UnknownWorldviewError, read_gazetteer
from geomap.gazetteer.placing import WITHHELD, Placer
from geomap.gazetteer.userdata import fingerprint
from geomap.lock import (
    LOCK_SCHEMA,
    FoundPlace,
    Lock,
    LockedPlace,
    LockPolicy,
    LockUpdate,
    fine_key_of,
    key_of,
    lock_place,
    read_lock,
    staged_lock,
    update_lock,
    without_labels,
)
from geomap.model.columns import coded
from geomap.model.event_types import EVENT_TYPES
from geomap.model.events import Event, EventSet, WrittenEvent
from geomap.model.places import PlaceRef
from geomap.model.plain import PlainEvents
from geomap.model.records import PlaceSpec
from geomap.model.table import EventTable
from geomap.model.vocabulary import Precision, Sensitivity, Workflow
from geomap.pipeline.inputs import FileDigest, Stamp, digest_bytes, digest_file, stamp_files
from geomap.pipeline.plain import PlacedPlain, drafted_places, place_plain
from geomap.pipeline.secrets import check_contents, check_files, check_texts, known_secrets

if TYPE_CHECKING:
    import folium

    from geomap.export import ExportInfo
    from geomap.gazetteer.online import OnlineGeocoder
    from geomap.scene import Scene, SceneLayer

FILE_NAMES: Final[Mapping[str, str]] = {
    "html": "index.html",
    "png": "map.png",
    "svg": "map.svg",
}
PICTURES: Final = ("png", "svg")
LOCK_FILE: Final = "geomap.lock"
OUTPUT_FOLDER: Final = "out"
"""Beside `map.yaml`, unless another one is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A map with its events resolved; `findings` are what is odd in them.

    `lock` compares where the places were at the last build with where they are now. `drafts` are the ids of the
    drafts that were left out, `withheld` those of events that need care, drafts among them: a place is shown more
    coarsely than it is known, or people are at risk.
    """

    config: MapConfig
    gazetteer: PlaceData = field(repr=False)
    table: EventTable = field(repr=False)
    lock: LockUpdate = field(repr=False)
    findings: tuple[Finding, ...] = ()
    drafts_left_out: int = 0
    drafts: frozenset[str] = field(default=frozenset(), repr=False)
    withheld: frozenset[str] = field(default=frozenset(), repr=False)
    contexts: tuple[ContextFile, ...] = field(default=(), repr=False)
    inputs: Mapping[Path, Stamp] = field(default_factory=dict, repr=False)
    """The project's files, and how each was just before it was read."""


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
    """The finished outputs, by file name; `remarks` are what a format cannot hold, and secrets that are not set."""

    project: Project
    contents: Mapping[str, bytes] = field(repr=False)
    summary: Summary
    formats: tuple[str, ...]
    remarks: tuple[str, ...] = ()

    def _repr_html_(self) -> str:
        """The page in a notebook, in a frame of its own."""
        from html import escape

        if FILE_NAMES["html"] not in self.contents:
            return f"<pre>{escape(str(self.summary))}</pre>"
        page = self.contents[FILE_NAMES["html"]].decode()
        frame = 'sandbox="allow-scripts allow-popups" width="100%" height="640"'
        return f'<iframe srcdoc="{escape(page)}" {frame}></iframe>'


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the collector of cyclic garbage from looking through what a build makes, again and again.

    Nearly all of it is kept to the end: for 100,000 events the looking takes longer than the making.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_uncollected()
def load(
    project: Path | str, *, drafts: bool = False, lock: LockPolicy = "keep", lint: bool = False
) -> Project:
    """Read a project, resolve its places and look through them.

    Parameters
    ----------
    lock
        What a place may do that is found elsewhere than `geomap.lock` says: nothing (`keep`, `locked`), or
        move (`update`). With `locked` the lock must be there and stay as it is.
    lint
        Whether to look closer at the events, as `geomap check` does.

    Raises
    ------
    ConfigError
        With every problem found: keys, dates, ids, and places that cannot be settled.
    PlacesMovedError, StaleLockError
        Both are ConfigErrors: if the lock does not allow what was found.
    """
    inputs = stamp_files([map_path(Path(project))])
    config = read_config(Path(project))
    inputs |= stamp_files([*config.files[1:], lock_path(config)])
    extra = [config.resolve(path) for path in config.map.gazetteer]
    try:
        gazetteer = read_gazetteer(worldview=config.worldview, extra=extra)
    except UnknownWorldviewError as error:
        raise ConfigError.at(config.mark("worldview"), str(error)) from error
    _check_codes(config, gazetteer)
    contexts = _read_contexts(config)
    written = _read_events(config)
    chosen = [event for event in written.events if drafts or event.record.workflow is not Workflow.DRAFT]
    placer = gazetteer.placer(config.map.countries, _online(config, gazetteer))
    settler = _Settler(placer)
    plain = [own if drafts else own.without(own.workflow.equal(Workflow.DRAFT)) for own in written.plain]
    placed = [place_plain(own, gazetteer.store, placer, settler.settle_plain) for own in plain]
    # Of many that cannot be settled the first are enough to tell what is wrong, or else all are records.
    chosen += _unsettled(plain, placed, slice(MAX_PROBLEMS))
    events, findings, found = _resolve_events(chosen, settler)
    if rest := _unsettled(plain, placed, slice(MAX_PROBLEMS, None)):
        chosen += rest
        events, findings, found = _resolve_events(chosen, settler)
    found += [place for own in placed for place in own.found]
    compared = _compare_lock(config, written, found)
    compared.demand(lock)
    findings += check(chosen, events, written)
    findings += [Finding(mark, "warning", code, text) for mark, code, text in written.remarks]
    told = {source for event in chosen for source in event.record.sources}
    for own in placed:
        findings += [*own.findings, *check_plain(own.plain, written.sources, told)]
        told.update(source for sources in own.plain.sources.used for source in sources)
    findings += [
        Finding(config.mark("context", number, "file"), "warning", code, f"{file.path.name}: {text}")
        for number, file in enumerate(contexts)
        for code, text in file.remarks
    ]
    left_out = frozenset() if drafts else _drafts(written)
    table = _tabulate(events, placed, written)
    if lint:
        from geomap.pipeline.linting import lint_events, lint_lock

        findings += lint_events(chosen, [own.plain for own in placed], written, table)
        findings += lint_lock(compared)
    return Project(
        config=config,
        gazetteer=gazetteer,
        table=table,
        lock=compared,
        findings=tuple(findings),
        drafts_left_out=len(left_out),
        drafts=left_out,
        withheld=_withheld(written),
        contexts=contexts,
        inputs=inputs,
    )


@_uncollected()
def build(
    project: Path | str,
    *,
    drafts: bool = False,
    formats: Sequence[str] | None = None,
    lock: LockPolicy = "keep",
) -> BuildResult:
    """Make every output of a project in memory; nothing is written.

    `formats` replaces the config's `outputs`; `lock` is as in `load`.

    Raises
    ------
    ConfigError
        As `load`.
    OutputError
        If an output would hold a secret that the environment tells of; see `geomap.pipeline.secrets`.
    """
    loaded = load(project, drafts=drafts, lock=lock)
    config = loaded.config.map
    secrets, remarks = known_secrets()
    check_texts(loaded, secrets)
    scene = compose(loaded)
    contents: dict[str, bytes] = {}
    wanted = tuple(formats or config.outputs)
    for name in wanted:
        if name == "html":
            from geomap.render.page import page_bytes

            contents[FILE_NAMES[name]] = page_bytes(scene)
        elif name in PICTURES:
            contents[FILE_NAMES[name]] = _draw_picture(loaded, scene, name)
        else:
            exported, told = _export(loaded, name)
            contents |= exported
            remarks += told
    check_contents(contents, secrets)
    return BuildResult(
        project=loaded,
        contents=contents,
        summary=_summary(loaded, scene.layers),
        formats=wanted,
        remarks=tuple(remarks),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportResult:
    """The files that an export wrote, beside its manifest; `remarks` are as of a build."""

    project: Project
    files: tuple[Path, ...]
    remarks: tuple[str, ...]


@_uncollected()
def export(
    project: Path, formats: Sequence[str], *, folder: Path | None = None, drafts: bool = False
) -> ExportResult:
    """Write some of a project's exports or pictures into a folder, by default `out/` beside its map.

    Raises
    ------
    ConfigError
        As `load`.
    OutputError
        If they cannot be written, or would hold a secret that the environment tells of; the files of an earlier
        export are whole then.
    """
    from geomap.export import EXPORTERS
    from geomap.files import staged_in
    from geomap.pipeline.manifest import EXPORT_MANIFEST, manifest_bytes

    loaded = load(project, drafts=drafts)
    target = output_folder(loaded.config, folder)
    secrets, remarks = known_secrets()
    check_texts(loaded, secrets)
    scene = compose(loaded) if set(formats) & set(PICTURES) else None
    with staged_in(target, last=EXPORT_MANIFEST) as stage:
        for name in formats:
            if scene is not None and name in PICTURES:
                (stage / FILE_NAMES[name]).write_bytes(_draw_picture(loaded, scene, name))
            else:
                remarks += EXPORTERS[name](loaded.table, export_info(loaded), stage)
        check_files(stage, secrets)
        written = {path.name: digest_file(path) for path in sorted(stage.iterdir())}
        manifest = manifest_bytes(loaded, written, formats, target, built=False)
        (stage / EXPORT_MANIFEST).write_bytes(manifest)
    files = tuple(target / name for name in written)
    return ExportResult(project=loaded, files=files, remarks=tuple(remarks))


def _export(project: Project, name: str) -> tuple[dict[str, bytes], Sequence[str]]:
    """The files of a format in memory."""
    from tempfile import TemporaryDirectory

    from geomap.export import EXPORTERS

    with TemporaryDirectory(prefix="geomap-") as folder:
        remarks = EXPORTERS[name](project.table, export_info(project), Path(folder))
        return {path.name: path.read_bytes() for path in sorted(Path(folder).iterdir())}, remarks


def export_info(project: Project) -> "ExportInfo":
    """What the exports of a project say beside its table."""
    from geomap.export import ExportInfo
    from geomap.scene.compose import scene_bbox
    from geomap.scene.layers import map_layers, type_symbols

    table, config, store = project.table, project.config.map, project.gazetteer.store
    return ExportInfo(
        title=config.title,
        worldview=store.view.title,
        attribution=tuple(store.attributions()),
        types=type_symbols(table, config),
        layers=map_layers(table, config),
        countries=tuple(config.countries),
        bbox=scene_bbox(table, config),
    )


def _draw_picture(project: Project, scene: "Scene", name: str) -> bytes:
    from geomap.render.picture import draw_picture

    sheet = project.config.map.picture
    return draw_picture(scene, "png" if name == "png" else "svg", size=sheet.size, dpi=sheet.dpi)


def output_folder(config: MapConfig, named: Path | None = None) -> Path:
    """Where the outputs of a map go: where somebody named, or `out/` beside it.

    Raises
    ------
    OutputError
        If that is a link: a project from elsewhere does not say where on this machine is written.
    """
    if named is not None:
        return named
    folder = config.folder / OUTPUT_FOLDER
    if folder.is_symlink():
        raise OutputError(f"{folder}: a link to {folder.readlink()}; if that is meant, name it by --out")
    return folder


def write(result: BuildResult, folder: Path) -> None:
    """Write the outputs of a build and their manifest, each whole, over those of the last one, and the lock if it
    changed.

    Raises
    ------
    OutputError
        If they cannot be written, or a file of the project changed since it was read. The lock is replaced last:
        it never tells of a build that failed.
    """
    from geomap.files import write_all
    from geomap.pipeline.manifest import BUILD_MANIFEST

    lock, contents = result.project.lock, _with_manifest(result, folder)
    if not lock.is_stale:
        write_all(folder, contents, last=BUILD_MANIFEST)
        return
    with staged_lock(lock.path, lock.new):
        write_all(folder, contents, last=BUILD_MANIFEST)


def stale(result: BuildResult, folder: Path) -> list[Path]:
    """The outputs and the manifest in a folder that are missing or differ from a build, and the lock if it would
    change.

    Raises
    ------
    OutputError
        If a file of the project changed since it was read.
    """
    outputs = {folder / name: content for name, content in _with_manifest(result, folder).items()}
    found = [path for path, content in outputs.items() if not path.is_file() or path.read_bytes() != content]
    return [*found, result.project.lock.path] if result.project.lock.is_stale else found


def _with_manifest(result: BuildResult, folder: Path) -> dict[str, bytes]:
    """What a build writes into a folder: its outputs, and the manifest that tells of them."""
    from geomap.pipeline.manifest import BUILD_MANIFEST, manifest_bytes

    digests: dict[str, FileDigest] = {
        name: digest_bytes(content) for name, content in result.contents.items()
    }
    manifest = manifest_bytes(result.project, digests, result.formats, folder, built=True)
    return {**result.contents, BUILD_MANIFEST: manifest}


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
        compose_table(
            events,
            MapFile.model_validate({"schema": 1, "title": "Events", "events": ["-"]}),
            read_gazetteer(),
        )
    )


@_uncollected()
def compose(project: Project) -> "Scene":
    """Compose what a project's map says."""
    return compose_table(project.table, project.config.map, project.gazetteer, project.contexts)


def compose_table(
    table: EventTable, config: MapFile, gazetteer: PlaceData, contexts: Sequence[ContextFile] = ()
) -> "Scene":
    """Compose what a map says of a table that need not be its own."""
    from geomap.pipeline.ground import gather_ground
    from geomap.scene.compose import compose_scene, scene_bbox

    store = gazetteer.store
    bbox = scene_bbox(table, config)
    ground = gather_ground(store, bbox)
    return compose_scene(
        table,
        config,
        ground,
        bbox=bbox,
        worldview=store.view.title,
        worldview_note=store.view.note,
        attribution=store.attributions(),
        place_names={
            place_id: store.search_names(place_id)
            for place_id in coded(table.columns["place_id"]).used
            if place_id
        },
        contexts=contexts,
    )


def _summary(project: Project, layers: "Sequence[SceneLayer]") -> Summary:
    table, first = project.table, project.table.first_rows
    precisions = coded(table.columns["precision"])
    unplaced = precisions.equal(Precision.NONE)
    dated = coded(table.columns["t_start"]).each(lambda moment: moment is not None, bool)
    return Summary(
        events=len(first),
        features=int((~unplaced).sum()),
        countries=int(precisions.equal(Precision.COUNTRY).sum()),
        unlocated=int(np.logical_and.reduceat(unplaced, first).sum()) if len(first) else 0,
        undated=int((~dated[first]).sum()),
        drafts_left_out=project.drafts_left_out,
        layers={layer.id: len(layer.events) for layer in layers},
        layer_titles={layer.id: layer.title for layer in layers},
    )


def _online(config: MapConfig, gazetteer: PlaceData) -> "OnlineGeocoder | None":
    """The service that the map asks for what is not found; only where its config says so."""
    if config.map.online is None:
        return None
    from geomap.gazetteer.online import OnlineGeocoder

    asked = config.map.online
    return OnlineGeocoder(asked.provider, contact=asked.contact, countries_at=gazetteer.store.countries_near)


def _event_types(config: MapConfig) -> dict[str, set[str]]:
    """The event types of the vocabulary and those of the map, each with its subtypes."""
    types = {kind: set(known.subtypes) for kind, known in EVENT_TYPES.items()}
    for kind, custom in config.map.types.items():
        types.setdefault(kind, set()).update(custom.subtypes)
    return types


def _check_codes(config: MapConfig, gazetteer: PlaceData) -> None:
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


def _read_contexts(config: MapConfig) -> tuple[ContextFile, ...]:
    """The files of the context layers; what is wrong in each is told at once."""
    files: list[ContextFile] = []
    problems: list[Problem] = []
    for layer in config.map.context:
        try:
            files.append(read_context(config.resolve(layer.file), label_field=layer.label_field))
        except ConfigError as error:
            problems += error.problems
    if problems:
        raise ConfigError(problems)
    return tuple(files)


def _drafts(written: EventSet) -> frozenset[str]:
    """The ids of all drafts."""
    ids = {event.record.id for event in written.events if event.record.workflow is Workflow.DRAFT}
    for plain in written.plain:
        ids.update(filter(None, plain.id.take(np.flatnonzero(plain.workflow.equal(Workflow.DRAFT)))))
    return frozenset(ids)


def _withheld(written: EventSet) -> frozenset[str]:
    """The ids of events that need care; plain events say nothing that would make them such."""
    return frozenset(
        event.record.id
        for event in written.events
        if event.record.sensitivity is not Sensitivity.NONE
        or any(place.is_coarsened for place in event.record.published_places)
    )


def _unsettled(
    plain: Sequence[PlainEvents], placed: Sequence[PlacedPlain], some: slice
) -> list[WrittenEvent]:
    """Of each file some of the events whose places cannot be settled, as records: what is wrong is told of each."""
    return [
        WrittenEvent(record=record, mark=mark, where_marks=(mark,) * len(record.where.places))
        for own, settled in zip(plain, placed, strict=True)
        for record, mark in own.records(settled.unsettled[some])
    ]


def _tabulate(events: Sequence[Event], placed: Sequence[PlacedPlain], written: EventSet) -> EventTable:
    related = {relation.event for event in events for relation in event.record.relations}
    tables = [
        tabulate_plain(own.plain, own.places, written.sources, written.actors)
        for own in placed
        if len(own.plain)
    ]
    titles = find_titles([own.plain for own in placed], related - {event.record.id for event in events})
    records = tabulate(events, written.sources, written.actors, titles=titles)
    return join_tables(records, tables) if tables else records


def _resolve_events(
    written: Sequence[WrittenEvent], settler: "_Settler"
) -> tuple[list[Event], list[Finding], list[FoundPlace]]:
    """Settle every place; one that cannot be is an error, or of a draft a warning and no place."""
    events: list[Event] = []
    findings: list[Finding] = []
    found: list[FoundPlace] = []
    problems: list[Problem] = []
    settle = settler.settle
    for item in written:
        places: list[PlaceRef] = []
        draft = item.record.workflow is Workflow.DRAFT
        for number, (spec, mark) in enumerate(
            zip(item.record.published_places, item.where_marks, strict=True), start=1
        ):
            settled = settle(spec, item.record.id, number)
            if isinstance(settled, _Settled):
                places.append(settled.ref)
                found.append(FoundPlace(place=settled.locked, mark=mark, draft=draft))
            elif draft:
                findings.append(Finding(mark, "warning", "unresolved-place", str(settled)))
                withheld = WITHHELD if spec.is_coarsened else None
                name = withheld or spec.name or spec.place or "unresolved place"
                ref = PlaceRef.unresolved(spec.role, name)
                places.append(replace(ref, is_coarsened=spec.is_coarsened))
            else:
                problems.append(Problem(mark, _place_message(settled), "place"))
        events.append(Event(record=withhold_words(item.record, places), places=tuple(places)))
    if problems:
        raise ConfigError(problems)
    return events, findings, found


@dataclass(frozen=True, slots=True)
class _Settled:
    """A place as resolved, and its entry in the lock."""

    ref: PlaceRef
    locked: LockedPlace


class _Settler:
    """Settles each written place once, however many events name it."""

    def __init__(self, placer: Placer) -> None:
        self._placer = placer
        self._settled: dict[str, _Settled | GeomapError] = {}

    def settle(self, spec: PlaceSpec, event: str, number: int) -> _Settled | GeomapError:
        """The place, or why it cannot be settled."""
        if spec.is_coarsened:  # the lock knows it by its event
            return self._settle(spec, event, number)
        key = spec.model_dump_json(exclude_defaults=True)
        if key not in self._settled:
            self._settled[key] = self._settle(spec, event, number)
        return self._settled[key]

    def settle_plain(self, spec: PlaceSpec) -> tuple[PlaceRef, LockedPlace] | GeomapError:
        """The place of plain events, which say nothing of how coarsely it may be shown, or why it cannot be settled."""
        settled = self.settle(spec, "", 1)
        return (settled.ref, settled.locked) if isinstance(settled, _Settled) else settled

    def _settle(self, spec: PlaceSpec, event: str, number: int) -> _Settled | GeomapError:
        try:
            ref = self._placer.place(spec)
            # The lock names a place as the gazetteer does, whatever each event calls it.
            named = spec.name and spec.lon is None and spec.geometry is None
            own = self._placer.place(without_labels(spec)) if named else ref
            return _Settled(ref, lock_place(spec, own, event, number))
        except (PlaceNotFoundError, AmbiguousPlaceError, EmptyRelationError) as error:
            return error


def _place_message(error: GeomapError) -> str:
    if isinstance(error, PlaceNotFoundError):
        return f"{error}; give lon and lat, or add it to a gazetteer file of your own"
    return str(error)


# The lock


def lock_path(config: MapConfig) -> Path:
    """Where a map's lock stands: beside it; a map of another name than `map.yaml` has one of its own."""
    name = LOCK_FILE if config.path.name == PROJECT_FILE else f"{config.path.stem}.{LOCK_FILE}"
    return config.folder / name


def _compare_lock(config: MapConfig, written: EventSet, found: Sequence[FoundPlace]) -> LockUpdate:
    path = lock_path(config)
    drafts = {
        key_of(spec, event.record.id, number)
        for event in written.events
        if event.record.workflow is Workflow.DRAFT
        for number, spec in enumerate(event.record.published_places, start=1)
    }
    drafts |= {key_of(spec, "", 1) for plain in written.plain for spec in drafted_places(plain)}
    head = Lock(
        schema_=LOCK_SCHEMA,
        geomap=version("geomap"),
        gazetteer=_fingerprint(config),
        worldview=config.map.worldview,
        countries=tuple(sorted(set(config.map.countries))),
    )
    return update_lock(
        # A link that leads nowhere is a lock too, which cannot be read.
        read_lock(path) if os.path.lexists(path) else None,
        head,
        found,
        unsettled=drafts,
        withheld=_withheld_keys(written),
        path=path,
        project=config.path,
    )


def _withheld_keys(written: EventSet) -> set[str]:
    """The keys that places had in the lock while they were not yet withheld."""
    return {
        fine_key_of(spec)
        for event in written.events
        for spec in event.record.published_places
        if spec.is_coarsened
    }


def _fingerprint(config: MapConfig) -> str:
    """The SHA-256 of all place data that a map is resolved with, the project's own files included."""
    own = [config.resolve(path) for path in config.map.gazetteer]
    if config.worldview.endswith((".yaml", ".yml")):
        own.append(Path(config.worldview))
    whole = hashlib.sha256(fingerprint().encode())
    for path in own:
        whole.update(bytes.fromhex(digest_file(path).sha256))
    return f"sha256:{whole.hexdigest()}"
