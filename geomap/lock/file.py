"""The lock as a file: guarded reading, and one text for one lock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from geomap.errors import ConfigError, Mark, Problem
from geomap.lock.place import Lock, plain, to_json
from geomap.yamlfile import read_yaml

LOCK_SCHEMA: Final = 1
_HEAD: Final = "# Where each place was found. geomap build writes this file: commit it, do not edit it."
_RESTORE: Final = "restore the lock from version control, or remove it and run geomap build"


@dataclass(frozen=True, slots=True)
class StoredLock:
    """A lock as read, and the line of each of its places by key."""

    lock: Lock
    marks: Mapping[str, Mark] = field(repr=False)


def read_lock(path: Path) -> StoredLock:
    """Read a lock file.

    Raises
    ------
    ConfigError
        If it is not one, is torn or edited, or is of a schema that a newer geomap writes.
    """
    try:
        written = read_yaml(path)
        data = written.data if isinstance(written.data, dict) else {}
        schema = data.get("schema")
        newer = isinstance(schema, int) and schema > LOCK_SCHEMA
        lock = None if newer else written.parse(Lock)
    except ConfigError as error:
        raise ConfigError(
            [Problem(problem.mark, f"{problem.message}; {_RESTORE}", "lock") for problem in error.problems]
        ) from error
    if lock is None:
        by = f"geomap {data['geomap']}" if isinstance(data.get("geomap"), str) else "a newer geomap"
        text = (
            f"lock of schema {schema}, written by {by}; this one reads schema {LOCK_SCHEMA}: upgrade geomap"
        )
        raise ConfigError([Problem(written.mark(("schema",)), text, "lock")])
    marks: dict[str, Mark] = {}
    problems = []
    for number, place in enumerate(lock.places):
        mark = written.mark(("places", number))
        if place.key in marks:
            text = f"{place.label} again; it stands already in line {marks[place.key].line}; {_RESTORE}"
            problems.append(Problem(mark, text, "lock"))
        marks.setdefault(place.key, mark)
    if problems:
        raise ConfigError(problems)
    return StoredLock(lock, marks)


def lock_text(lock: Lock) -> str:
    """The text of a lock file: one entry a place, one line a value, every text in quotes."""
    lines = [
        _HEAD,
        f"schema: {lock.schema_}",
        f"geomap: {to_json(lock.geomap)}",
        f"gazetteer: {to_json(lock.gazetteer)}",
        f"worldview: {to_json(lock.worldview)}",
        f"countries: {to_json(list(lock.countries))}",
        "places:" if lock.places else "places: []",
    ]
    for place in lock.places:
        values = place.model_dump(mode="json", exclude_none=True)
        entry = [f"{name}: {_value(name, value)}" for name, value in values.items() if value != []]
        lines += [f"{'  ' if number else '- '}{line}" for number, line in enumerate(entry)]
    return "\n".join(lines) + "\n"


def _value(name: str, value: Any) -> str:
    if name in ("lon", "lat"):
        return f"{value:.6f}"
    return str(value) if name == "precision" else to_json(plain(value))
