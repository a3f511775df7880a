"""What changes in an events file that is there: edits made in a GIS, or events of others that it lacks."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from geomap.errors import YamlEditError
from geomap.events.edit import Edit, edited_yaml
from geomap.events.gis_edits import Change, gis_edits
from geomap.events.imports import ImportFileError, merged_source
from geomap.events.imports.features import edited_features
from geomap.events.imports.vector.read import read_baseline
from geomap.events.write import NotedEvent, plain_event, plain_source
from geomap.gazetteer import PlaceData
from geomap.model.lonlat import LonLat
from geomap.model.records import EventsFile, PlaceSpec
from geomap.model.table import COLUMNS
from geomap.pipeline.importing import UNPLACED, ImportResult
from geomap.yamlfile import YamlFile, read_yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """The new text of an events file, what changes in words, and what was not taken and why."""

    path: Path
    old: str
    new: str
    changes: tuple[str, ...]
    conflicts: tuple[str, ...]

    @property
    def diff(self) -> str:
        """The change as a unified diff, as `patch` and `git apply` take it; empty where nothing changes."""
        name = self.path.as_posix().lstrip("/")
        lines = unified_diff(_lines(self.old), _lines(self.new), f"a/{name}", f"b/{name}")
        return "".join(
            line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
        )


def _lines(text: str) -> list[str]:
    """The lines of a text as `patch` counts them, each with its end: others than LF are letters to it."""
    return [f"{line}\n" for line in text.split("\n")[:-1]] + [last for last in text.split("\n")[-1:] if last]


def gis_patch(path: Path, into: Path, gazetteer: PlaceData) -> Patch | None:
    """The edits that were made in a GeoPackage since geomap wrote it; None if geomap did not.

    Parameters
    ----------
    into
        The events file that the edits belong to; events of other files of the map are left alone.
    gazetteer
        It tells whether a place was changed in the file since.

    Raises
    ------
    ImportFileError
        If the GeoPackage cannot be read, or has no event of the file.
    ConfigError
        If the events file cannot.
    """
    baseline = read_baseline(path)
    if baseline is None:
        return None
    written, text = _read(into)
    file = written.parse(EventsFile)
    exported = {feature.cells["event_id"] for feature in baseline.features}
    if not any(record.id in exported for record in file.events):
        raise ImportFileError(f"{path}: none of its events is in {into}; name the file that they come from")
    placer = gazetteer.placer(baseline.countries)

    def position_of(spec: PlaceSpec) -> LonLat | None:
        try:
            return placer.place(spec).position
        except UNPLACED:
            return None

    edited = edited_features(path)
    found = gis_edits(baseline.features, edited.features, file, written.data["events"], position_of)
    lacking = [name for name in COLUMNS if name not in edited.columns]
    lost = [f"no column {', '.join(lacking)}: what was edited there is not known"] if lacking else []
    return _patched(into, text, found.changes, [*lost, *found.conflicts])


def addition_patch(result: ImportResult, into: Path) -> Patch:
    """The events and sources of an import that an events file lacks; what it has is left alone.

    Raises
    ------
    ConfigError
        If the events file cannot be read.
    """
    written, text = _read(into)
    file = written.parse(EventsFile)
    known = {record.id: record for record in file.events}
    # Of two that contradict each other the one that is asked first has its way.
    clashing = {
        name
        for name, own in result.sources.items()
        if (there := file.sources.get(name)) and merged_source(there, own) != merged_source(own, there)
    }
    added: list[NotedEvent] = []
    conflicts: list[str] = []
    for event in result.events:
        record = event.record
        if record.id in known:
            if known[record.id] != record:
                conflicts.append(f"{record.id}: is there already, otherwise; left alone")
        elif clash := clashing.intersection(record.sources):
            text_of = f"source {min(clash)} is another one in the file; name an id_prefix in a mapping, or rename it"
            conflicts.append(f"{record.id}: {text_of}")
        else:
            added.append(event)
    changes = [
        Change(
            f"{event.record.id}: added{''.join(f'; {said}' for said in event.above)}",
            (Edit(("events", number), plain_event(event.record)),),
            is_addition=True,
        )
        for number, event in enumerate(added, start=len(file.events))
    ]
    if added and not file.events:
        every = Edit(("events",), [plain_event(event.record) for event in added])
        changes = [Change(f"{len(added):,} events added", (every,))]
    cited = {name for event in added for name in event.record.sources}
    sources = {
        name: plain_source(own)
        for name, own in result.sources.items()
        if name in cited and name not in file.sources
    }
    if sources and not file.sources:
        changes.append(Change(f"{len(sources):,} sources added", (Edit(("sources",), sources),)))
    elif sources:
        each = tuple(Edit(("sources", name), own) for name, own in sources.items())
        changes.append(Change(f"{len(sources):,} sources added", each))
    return _patched(into, text, changes, conflicts)


def _read(path: Path) -> tuple[YamlFile, str]:
    """An events file, and its text with the byte order mark that it may have."""
    written = read_yaml(path)
    with path.open(encoding="utf-8", newline="") as stream:
        return written, stream.read()


def _patched(path: Path, text: str, changes: Sequence[Change], conflicts: Sequence[str]) -> Patch:
    """The text with its changes; an event that cannot be edited where it stands is left alone as a whole."""
    kept, told = list(changes), list(conflicts)
    while True:
        try:
            new = edited_yaml(text, [edit for change in kept for edit in change.edits], path)
        except YamlEditError as error:
            entry = error.path[:2]
            refused = [change for change in kept if any(edit.path[:2] == entry for edit in change.edits)]
            # Additions follow each other without a gap.
            with_them = any(change.is_addition for change in refused)
            told.append(str(error))
            kept = (
                [
                    change
                    for change in kept
                    if change not in refused and not (with_them and change.is_addition)
                ]
                if refused
                else []
            )
        else:
            return Patch(
                path=path,
                old=text,
                new=new,
                changes=tuple(change.text for change in kept),
                conflicts=tuple(told),
            )
