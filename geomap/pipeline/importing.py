"""Files of others as events: read, their regions looked up, and what cannot be settled said."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from geomap.errors import AmbiguousPlaceError, EmptyRelationError, PlaceNotFoundError
from geomap.events.imports import SkippedRow, import_table
from geomap.events.write import NotedEvent, events_yaml
from geomap.gazetteer import PlaceData
from geomap.gazetteer.placing import Placer
from geomap.model.places import PlaceRef
from geomap.model.records import EventRecord, PlaceSpec, Where
from geomap.model.vocabulary import Precision


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """An events file, how many events it has, the rows left out, and regions that could not be settled."""

    text: str
    events: int
    skipped: tuple[SkippedRow, ...]
    unsettled: tuple[str, ...]


def import_events(path: Path, name: str, gazetteer: PlaceData) -> ImportResult:
    """Make an events file of a foreign one.

    A region that the gazetteer does not know, or knows twice, leaves its event with the country, or with
    `where: unknown`; a remark above the event says so.

    Raises
    ------
    ImportFileError
        If the file is not of the format.
    """
    imported = import_table(path, name)
    regions = _Regions(gazetteer.placer())
    return ImportResult(
        text=events_yaml([regions.settled(record) for record in imported.events], sources=imported.sources),
        events=len(imported.events),
        skipped=tuple(imported.skipped),
        unsettled=tuple(regions.unsettled()),
    )


@dataclass(frozen=True, slots=True)
class _Region:
    """How a region is written so that it is found; None where it is not, and then why."""

    spec: PlaceSpec | None
    problem: str = ""


class _Regions:
    """The regions that rows name; each is looked up once, however many rows name it."""

    def __init__(self, placer: Placer) -> None:
        self._placer = placer
        self._known: dict[str, _Region] = {}

    def settled(self, record: EventRecord) -> NotedEvent:
        """The event with its region as the gazetteer knows it. Whatever has a position of its own stays as it is."""
        (spec, *others) = record.where.places or (None,)
        if spec is None or others or spec.place is None:
            return NotedEvent(record=record)
        region = self._region(spec.place)
        where = Where(mode="unknown") if region.spec is None else Where(places=(region.spec,))
        above = (region.problem,) if region.problem else ()
        return NotedEvent(record=record.model_copy(update={"where": where}), above=above)

    def unsettled(self) -> Iterator[str]:
        """What is wrong with the regions that could not be settled."""
        return (region.problem for region in self._known.values() if region.problem)

    def _region(self, text: str) -> _Region:
        if text not in self._known:
            self._known[text] = self._look_up(text)
        return self._known[text]

    def _look_up(self, text: str) -> _Region:
        """A name that is that of a city as well means the region here: of a city the row has a position."""
        head, comma, country = text.partition(", ")
        for written in (text, f"{head} Region, {country}") if comma else (text,):
            found = self._place(written)
            if found is not None and not found.precision.is_point:
                return _Region(PlaceSpec(place=written))
        nation = self._place(text.rpartition(", ")[2])
        if nation is not None and nation.precision is Precision.COUNTRY:
            spec = PlaceSpec(name=text, country=nation.countries[0])
            return _Region(spec, f"no region is called {text!r}, or several are; only its country is kept")
        return _Region(None, f"no region or country is called {text!r}, or several are")

    def _place(self, text: str) -> PlaceRef | None:
        try:
            return self._placer.place(PlaceSpec(place=text))
        except (PlaceNotFoundError, AmbiguousPlaceError, EmptyRelationError):
            return None
