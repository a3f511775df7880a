"""Two states of a map, both loaded and compared: folders, files, or revisions of git."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Literal

from geomap.config import PROJECT_FILE, Layer, MapFile, Select
from geomap.errors import ConfigError, GeomapError, Mark, Problem
from geomap.events.bulk.formats import TABLES
from geomap.events.change_table import CHANGE_LAYERS, change_table
from geomap.events.diff import Diff, State, diff
from geomap.events.imports.exported import exported_table
from geomap.events.imports.geojson import read_geojson
from geomap.events.imports.read import read_content
from geomap.events.lines import SUFFIXES as LINES
from geomap.export.geojson import geojson_parts
from geomap.gazetteer import read_gazetteer
from geomap.model.columns import coded
from geomap.pipeline import FILE_NAMES, Project, compose_table, export_info, load
from geomap.pipeline.revisions import find_revision, is_map, lay_out
from geomap.pipeline.secrets import check_contents, check_texts, known_secrets
from geomap.scene.value import Movement

SideName = Literal["OLD", "NEW"]
SCHEMA: Final = 1
_YAML: Final = (".yaml", ".yml")
_EXPORT: Final = ".geojson"


class ComparisonError(GeomapError):
    """A state of a map cannot be compared; says which of the two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StateName:
    """A state of a map as it was asked for: a path, or a path in a revision of git."""

    path: Path
    revision: str | None = None

    def __str__(self) -> str:
        return f"{self.revision}:{self.path}" if self.revision else str(self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedState:
    """One side of a comparison; `relocated` of its places are found elsewhere now than its lock says."""

    name: str
    title: str
    events: int
    drafts_left_out: int
    relocated: int

    def as_json(self) -> dict[str, Any]:
        """The state as plain values."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What changed between two states; `contents` is a map of it by file name, where one was asked for.

    `has_exports` says that one of them is an export, so that only what exports hold was compared.
    """

    old: ComparedState
    new: ComparedState
    diff: Diff
    has_exports: bool = False
    contents: dict[str, bytes] = field(default_factory=dict, repr=False)

    def as_json(self) -> dict[str, Any]:
        """The changes as plain values."""
        states = {"old": self.old.as_json(), "new": self.new.as_json(), "exports": self.has_exports}
        return {"schema": SCHEMA, **states, **self.diff.as_json()}


def name_states(old: str, new: str | None, project: Path | None) -> tuple[StateName, StateName]:
    """What the two states are, as they are written on the command line.

    With `project` both are revisions of it. Else each is a path that is there, or `REVISION:PATH`. Where the new one is
    left out, it is the path of the old one as it lies there now.

    Raises
    ------
    ComparisonError
        If one of them is neither, or the old one is no revision and the new one is left out.
    """
    first = _name("OLD", old, project)
    if new is not None:
        return first, _name("NEW", new, project)
    if first.revision is None:
        raise ComparisonError(f"NEW is missing: what is {old} to be compared with?")
    return first, StateName(path=first.path)


def _name(side: SideName, written: str, project: Path | None) -> StateName:
    if project is not None:
        return StateName(path=project, revision=written)
    if os.path.lexists(written):
        return StateName(path=Path(written))
    revision, _, path = written.partition(":")
    if not path:
        step = "a git revision is written REVISION:PATH, or REVISION with --project PATH"
        raise ComparisonError(f"{side}: {written}: no such file or folder; {step}")
    return StateName(path=Path(path), revision=revision)


def compare(old: StateName, new: StateName, *, with_map: bool = False) -> Comparison:
    """Load two states of a map as they publish it, and tell what changed.

    Places are found with the place data of now, in both: what only the lock of a state knows otherwise is counted.

    Raises
    ------
    ConfigError
        If a state cannot be read or its places cannot be settled; each problem names the state.
    ComparisonError
        If a state cannot be had: no such revision, no repository, no git.
    OutputError
        If the map would hold a secret that the environment tells of.
    """
    with TemporaryDirectory(prefix="geomap-") as temporary:
        folder = Path(temporary).resolve()
        before = _load("OLD", old, folder / "old")
        after = _load("NEW", new, folder / "new")
        has_exports = before.is_export or after.is_export
        if has_exports:
            before, after = _as_export(before), _as_export(after)
        found = diff(before.state, after.state)
        states = [
            ComparedState(
                name=str(name),
                title=loaded.config.title,
                events=len(loaded.state.table.first_rows),
                drafts_left_out=len(loaded.state.drafts),
                relocated=loaded.relocated,
            )
            for name, loaded in ((old, before), (new, after))
        ]
        contents = {}
        if with_map:
            about = f"What changed from {old} to {new}"
            secrets, _ = known_secrets()
            for loaded in (before, after):
                if loaded.project is not None:
                    check_texts(loaded.project, secrets)
            contents = {FILE_NAMES["html"]: _draw(found, before, after, about)}
            check_contents(contents, secrets)
    return Comparison(old=states[0], new=states[1], diff=found, has_exports=has_exports, contents=contents)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Loaded:
    """A state, the keys of its map, and its project, which an export does not have."""

    state: State
    config: MapFile
    project: Project | None = None

    @property
    def is_export(self) -> bool:
        return self.project is None

    @property
    def relocated(self) -> int:
        return len(self.project.lock.moved) if self.project else 0


def _load(side: SideName, name: StateName, folder: Path) -> _Loaded:
    """Load a state; `folder`, which is not there yet, is for what it needs besides."""
    folder.mkdir()
    with _named_errors(side, name, folder):
        path = name.path
        if name.revision is not None:
            path = lay_out(find_revision(name.revision, path), path, folder)
        if path.suffix.lower() == _EXPORT and not path.is_dir():
            return _read_export(read_content(path), str(path), path.stem)
        project = load(path if _is_project(path) else _project_of(path, folder), lock="update")
        state = State(table=project.table, drafts=project.drafts, withheld=project.withheld)
        return _Loaded(state=state, config=project.config.map, project=project)


def _read_export(content: bytes, name: str, title: str) -> _Loaded:
    file = read_geojson(content, name)
    keys = {"schema": 1, "title": file.about.get("title") or title, "events": ["-"]}
    return _Loaded(state=State(table=exported_table(file, name)), config=MapFile.model_validate(keys))


def _as_export(loaded: _Loaded) -> _Loaded:
    """A state as it is exported: like is compared with like."""
    if loaded.project is None:
        return loaded
    content = b"".join(geojson_parts(loaded.project.table, export_info(loaded.project)))
    table = exported_table(read_geojson(content, loaded.config.title), loaded.config.title)
    return replace(loaded, state=replace(loaded.state, table=table))


def _is_project(path: Path) -> bool:
    return path.is_dir() or path.name == PROJECT_FILE or (path.suffix.lower() in _YAML and is_map(path))


def _project_of(events: Path, folder: Path) -> Path:
    """A map of an events file alone, and of the sources that lie beside JSON Lines."""
    if events.suffix.lower() not in (*_YAML, *LINES, *TABLES):
        step = "expected map.yaml or its folder, YAML, JSON Lines, a table of events, or the GeoJSON that geomap writes"
        raise ComparisonError(f"{events}: no project and no events file; {step}")
    sources = events.with_suffix(".sources.yaml")
    files = [*([sources] if sources.is_file() else []), events]
    # JSON is YAML.
    written = {"schema": 1, "title": events.stem, "events": [str(path.absolute()) for path in files]}
    own = folder / ".geomap-diff"
    own.mkdir()
    (own / PROJECT_FILE).write_text(json.dumps(written), encoding="utf-8")
    return own


@contextmanager
def _named_errors(side: SideName, name: StateName, folder: Path) -> Iterator[None]:
    """Say of an error in which state it is, and of a file of a revision where it lies there."""

    def named(text: str) -> str:
        return text.replace(f"{folder}{os.sep}", f"{name.revision}:" if name.revision else "")

    try:
        yield
    except ConfigError as error:
        raise ConfigError(
            [
                Problem(
                    Mark(Path(named(str(problem.mark.path))), problem.mark.line, problem.mark.column),
                    f"{side}: {named(problem.message)}",
                    problem.code,
                )
                for problem in error.problems
            ]
        ) from error
    except GeomapError as error:
        raise ComparisonError(f"{side}: {named(str(error))}") from error


def _draw(found: Diff, old: _Loaded, new: _Loaded, about: str) -> bytes:
    """A page of the events that changed: that of any other map, offline, with a layer for each way of changing."""
    from geomap.render.page import page_bytes

    table, moves = change_table(found, old.state.table, new.state.table)
    used = {tag for tags in coded(table.columns["tags"]).used for tag in tags}
    layers = [
        Layer(id=layer, title=title, select=Select(tag=[layer]))
        for layer, title in CHANGE_LAYERS.items()
        if layer in used
    ]
    config = new.config.model_copy(
        update={
            "title": f"Changes: {new.config.title}",
            "subtitle": about,
            "layers": layers,
            "view": None,
            "context": [],
            "tiles": None,
        }
    )
    gazetteer = new.project.gazetteer if new.project else read_gazetteer()
    scene = compose_table(table, config, gazetteer)
    number = {event_id: row for row, event_id in enumerate(scene.events["id"])}
    ways = tuple(
        Movement(
            event=number[move.event_id],
            start=move.was.geojson if move.was else None,
            end=move.now.geojson if move.now else None,
            label=move.label,
        )
        for move in moves
    )
    return page_bytes(replace(scene, movements=ways))
