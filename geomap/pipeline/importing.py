"""Files of others as events: read, their places looked up, and what cannot be settled said."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from geomap.errors import AmbiguousPlaceError, CoordinatesError, EmptyRelationError, PlaceNotFoundError
from geomap.events.imports import (
    ImportedEvent,
    RowError,
    SkippedRow,
    import_file,
    merged_source,
)
from geomap.events.write import NotedEvent, events_yaml, plain_event
from geomap.gazetteer import PlaceData
from geomap.model.import_mapping import ImportMapping
from geomap.model.lonlat import LonLat
from geomap.model.places import PlaceRef
from geomap.model.records import PlaceSpec, Source, Where
from geomap.model.vocabulary import Precision
from geomap.yamlfile import read_yaml

UNPLACED = (PlaceNotFoundError, AmbiguousPlaceError, EmptyRelationError, CoordinatesError)
"""What a place that cannot be found raises."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """Events with their sources by id, the rows left out, and remarks: on the file, and on places left open."""

    events: tuple[NotedEvent, ...]
    sources: Mapping[str, Source]
    skipped: tuple[SkippedRow, ...]
    remarks: tuple[str, ...]

    @property
    def text(self) -> str:
        """The events file."""
        return events_yaml(self.events, sources=self.sources)

    @property
    def lines(self) -> bytes:
        """The events as JSON Lines, without the remarks above them."""
        return b"".join(orjson.dumps(plain_event(event.record)) + b"\n" for event in self.events)

    @property
    def sources_text(self) -> str:
        """The sources alone, as an events file without events, which JSON Lines need beside them."""
        return events_yaml((), sources=self.sources)


def import_events(
    path: Path, name: str, gazetteer: PlaceData, *, mapping: Path | None = None
) -> ImportResult:
    """Make events of a foreign file.

    A place that the gazetteer does not know, or knows twice, leaves its event with the country that the row states,
    or with `where: unknown`; a remark above the event says so and names the candidates. A position outside the
    country that the row states, which would lie inside with its numbers swapped, skips the row.

    Parameters
    ----------
    mapping
        A YAML file that says which column holds what.

    Raises
    ------
    ImportFileError
        If the file is not of the format.
    ConfigError
        If the mapping is not of the documented form.
    """
    known = read_yaml(mapping).parse(ImportMapping) if mapping is not None else None
    imported = import_file(path, name, known)
    places = _Places(gazetteer)
    events: list[NotedEvent] = []
    sources: dict[str, Source] = {}
    for event in imported.events:
        try:
            events.append(places.settled(event))
        except RowError as error:
            imported.skip(event.at, error)
            continue
        for key, source in event.sources.items():
            sources[key] = merged_source(sources[key], source) if key in sources else source
    return ImportResult(
        events=tuple(events),
        sources=sources,
        skipped=tuple(imported.skipped),
        remarks=(*imported.remarks, *places.unsettled()),
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """How a place is written so that it is found; None where it is not, and then why."""

    spec: PlaceSpec | None
    problem: str = ""


@dataclass(slots=True)
class _Places:
    """The places that rows name; each is looked up once, however many rows name it."""

    gazetteer: PlaceData
    _known: dict[tuple[str, str, bool], _Found] = field(default_factory=dict)
    _codes: dict[str, str | None] = field(default_factory=dict)
    _nearby: dict[tuple[float, float], list[str]] = field(default_factory=dict)
    _problems: dict[str, list[str]] = field(default_factory=dict)

    def settled(self, event: ImportedEvent) -> NotedEvent:
        """The event with its place as the gazetteer knows it, in the country that its row states.

        Raises
        ------
        RowError
            If the numbers of its position are swapped.
        """
        record = event.record
        (spec, *others) = record.where.places or (None,)
        if spec is None or others:
            return NotedEvent(record=record)
        if spec.place is not None:
            found = self._looked_up(spec.place, event)
        elif event.country:
            found = self._stated(spec, event.country)
        else:
            return NotedEvent(record=record)
        if found.problem:
            self._problems.setdefault(found.problem, []).append(event.at)
        where = Where(mode="unknown") if found.spec is None else Where(places=(found.spec,))
        above = (found.problem,) if found.problem else ()
        return NotedEvent(record=record.model_copy(update={"where": where}), above=above)

    def unsettled(self) -> Iterator[str]:
        """What is wrong with places that could not be settled, and where it was met first."""
        for problem, rows in self._problems.items():
            more = f" and {len(rows) - 1:,} more" if len(rows) > 1 else ""
            yield f"{rows[0]}{more}: {problem}"

    # A name

    def _looked_up(self, text: str, event: ImportedEvent) -> _Found:
        key = (text, event.country, event.is_area)
        if key not in self._known:
            find = self._area if event.is_area else self._toponym
            self._known[key] = find(text, event.country)
        return self._known[key]

    def _area(self, text: str, country: str) -> _Found:
        """A name that is that of a city as well means the region here: of a city the row has a position."""
        head, comma, rest = text.partition(", ")
        for written in (text, f"{head} Region, {rest}") if comma else (text,):
            found = self._place(PlaceSpec(place=written))
            if isinstance(found, PlaceRef) and not found.precision.is_point:
                return _Found(PlaceSpec(place=written))
        code = self._code(text.rpartition(", ")[2])
        if code is not None:
            spec = PlaceSpec(name=text, country=code)
            return _Found(spec, f"no region is called {text!r}, or several are; only its country is kept")
        return _Found(None, f"no region or country is called {text!r}, or several are")

    def _toponym(self, text: str, country: str) -> _Found:
        code = self._code(country)
        unknown = f"; no country is called {country!r}" if country and code is None else ""
        if text == country:
            # A town may bear that name, which is not what the row says.
            return (
                _Found(None, unknown.removeprefix("; ")) if code is None else _Found(PlaceSpec(country=code))
            )
        spec = PlaceSpec(place=text, country=code)
        found = self._place(spec)
        if isinstance(found, PlaceRef):
            return _Found(spec, unknown.removeprefix("; "))
        if code is not None:
            return _Found(PlaceSpec(name=text, country=code), f"{found}; only its country is kept")
        return _Found(None, f"{found}{unknown}")

    def _place(self, spec: PlaceSpec) -> PlaceRef | str:
        """A place, or why there is none."""
        try:
            return self.gazetteer.placer().place(spec)
        except UNPLACED as error:
            return str(error)

    def _code(self, country: str) -> str | None:
        """The ISO code of a country by its code or name."""
        if country not in self._codes:
            self._codes[country] = self._find_code(country) if country else None
        return self._codes[country]

    def _find_code(self, country: str) -> str | None:
        if country.upper() in self.gazetteer.store.country_codes():
            return country.upper()
        found = self._place(PlaceSpec(place=country))
        if isinstance(found, PlaceRef) and found.precision is Precision.COUNTRY:
            return found.countries[0]
        return None

    # A position

    def _stated(self, spec: PlaceSpec, country: str) -> _Found:
        """A position with the country that its row states, as far as the position lies in it."""
        code = self._code(country)
        if code is None:
            return _Found(spec, f"no country is called {country!r}; left out")
        if spec.lon is None or spec.lat is None:
            return _Found(spec.model_copy(update={"country": code}))
        near = self._near(spec.lon, spec.lat)
        stated = spec.model_copy(update={"country": code})
        if code in near:
            return _Found(stated)
        position = f"lon {spec.lon:g}, lat {spec.lat:g}"
        lies = f"lies in {near[0]}" if near else "lies in no country"
        if abs(spec.lon) <= 90 and code in self._near(spec.lat, spec.lon):
            raise RowError(f"{position} {lies}, not in {code} as it says; are lon and lat swapped?")
        if not near:
            # A ship off that coast, or a slip: worth a look, and no reason to change what the row says.
            return _Found(stated, f"at sea, though of {code} as the row says")
        return _Found(spec, f"{position} {lies}, not in {code} as the row says; {code} is left out")

    def _near(self, lon: float, lat: float) -> list[str]:
        if (lon, lat) not in self._nearby:
            self._nearby[lon, lat] = self.gazetteer.store.countries_near(LonLat(lon=lon, lat=lat))
        return self._nearby[lon, lat]
