"""An event whose places and status are settled, with the sources and actors it refers to."""

from collections.abc import Mapping
from dataclasses import dataclass

from geomap.errors import Mark
from geomap.model.places import PlaceRef
from geomap.model.plain import PlainEvents
from geomap.model.records import Actor, EventRecord, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenEvent:
    """An event as read from a file, and where it stands there."""

    record: EventRecord
    mark: Mark
    where_marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSet:
    """The events of a project with the sources and actors that they name by id.

    Of files of many events `plain` has those of which columns hold all that is said, one value a file.
    """

    events: tuple[WrittenEvent, ...]
    sources: Mapping[str, Source]
    actors: Mapping[str, Actor]
    plain: tuple[PlainEvents, ...] = ()
    remarks: tuple[tuple[Mark, str, str], ...] = ()
    """What is odd about the files themselves: where, the code of its rule, and in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An event with its places resolved."""

    record: EventRecord
    places: tuple[PlaceRef, ...]
