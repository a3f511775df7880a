"""Fuzz a reader with atheris, guided by coverage: bytes that reach new lines of ours are kept and changed further.

usage: guided.py TARGET FOLDER [options of libFuzzer, such as -max_total_time=300]

FOLDER keeps what was found from run to run. Whatever a reader raises but an error of geomap's ends the run and is
written down. It is run by hand (pip install atheris); the tests fuzz by grammar and mutation, in test_fuzz.py.
"""

import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

import atheris

with atheris.instrument_imports(include=["geomap", "yaml"]):
    from geomap.config import MapFile
    from geomap.errors import GeomapError, Mark
    from geomap.events.imports import import_file
    from geomap.events.imports.geojson import read_geojson, read_linked_places
    from geomap.events.imports.kml import read_kml
    from geomap.events.lines import read_event_line
    from geomap.extract.read import read_document
    from geomap.gazetteer.coordinates import read_coordinates
    from geomap.gazetteer.read import inspect_dump, read_rows
    from geomap.lock import read_lock
    from geomap.model.import_mapping import ImportMapping
    from geomap.model.records import EventsFile
    from geomap.model.timespan import parse_edtf
    from geomap.yamlfile import parse_yaml, read_yaml

FOLDER: Final = Path(tempfile.mkdtemp(prefix="geomap-guided-"))
HERE: Final = Mark(Path("fuzzed"), 1, 1)
Read = Callable[[bytes], object]


def text(content: bytes) -> str:
    """Any text: what is not UTF-8 is read as Latin letters."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def in_file(name: str, read: Callable[[Path], object]) -> Read:
    """A reader of files, given bytes."""

    def run(content: bytes) -> object:
        path = FOLDER / name
        path.write_bytes(content)
        return read(path)

    return run


def dump(path: Path) -> object:
    """The rows of a gazetteer dump."""
    return list(read_rows(inspect_dump(path), lambda size: None))


def refusing(read: Read) -> Read:
    """A reader for which ValueError says what is wrong."""

    def run(content: bytes) -> object:
        try:
            return read(content)
        except ValueError:
            return None

    return run


MAPPING: Final = ImportMapping.model_validate(
    {"schema": 1, "columns": {"title": "a", "lon": "b", "lat": "c", "when": "d"}}
)
TARGETS: Final[dict[str, Read]] = {
    "yaml": in_file("any.yaml", read_yaml),
    "events": lambda content: parse_yaml(text(content), HERE.path).parse(EventsFile),
    "map": lambda content: parse_yaml(text(content), HERE.path).parse(MapFile),
    "lines": lambda content: read_event_line(content, HERE),
    "edtf": refusing(lambda content: parse_edtf(text(content))),
    "coordinates": lambda content: read_coordinates(text(content)),
    "geojson": lambda content: read_geojson(content, "fuzzed"),
    "linked-places": lambda content: read_linked_places(content, "fuzzed"),
    "kml": lambda content: read_kml(content, "fuzzed"),
    "csv": in_file("any.csv", lambda path: import_file(path, "csv", MAPPING)),
    "kmz": in_file("any.kmz", lambda path: import_file(path, "kml")),
    "dump": in_file("BY.txt", dump),
    "dump-zip": in_file("BY.zip", dump),
    "lock": in_file("geomap.lock", read_lock),
    "article": in_file("any.md", read_document),
    "page": in_file("any.html", read_document),
}


def main() -> None:
    """Fuzz the target that the first argument names."""
    read = TARGETS[sys.argv.pop(1)]

    def attempt(content: bytes) -> None:
        with suppress(GeomapError):
            read(content)

    atheris.Setup(sys.argv, attempt)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
