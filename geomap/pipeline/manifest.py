"""`manifest.json`: what outputs were made, of what, and with what; no clock, no name of a folder of the machine."""

import json
import os
import re
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field, StringConstraints

from geomap.errors import ConfigError, OutputError, Problem
from geomap.files import check_file, check_name
from geomap.lock import lock_text
from geomap.model.records import Record, Text, Whole
from geomap.pipeline.inputs import FileDigest, digest_bytes, digest_inputs
from geomap.yamlfile import read_yaml

if TYPE_CHECKING:
    from geomap.pipeline import Project

MANIFEST_SCHEMA: Final = 1
BUILD_MANIFEST: Final = "manifest.json"
EXPORT_MANIFEST: Final = "export-manifest.json"
"""Apart from the other, lest an export take away what tells of the page beside it."""

_MAX_BYTES: Final = 1 << 20
_OUT_OF_THE_FOLDER: Final = re.compile(r"\.|\.\.(/\.\.)*")
_ALWAYS: Final = ("numpy", "orjson", "shapely", "pyproj")
# What has a say in the bytes of a format, beside those.
_LIBRARIES: Final[Mapping[str, tuple[str, ...]]] = {
    "html": ("folium", "branca", "jinja2", "rjsmin", "XStatic-Leaflet"),
    "png": ("matplotlib",),
    "svg": ("matplotlib",),
    "geojson": (),
    "gpkg": ("pyarrow", "pyogrio"),
    "fgb": ("pyarrow", "pyogrio"),
    "parquet": ("geopandas", "pyarrow"),
    "kml": ("pyarrow",),
    "csv": ("pyarrow",),
    "lpf": ("pyarrow",),
    "shp": ("pyarrow", "pyogrio"),
}
_DATED: Final = frozenset({"gpkg", "kml", "shp"})


def _plain_name(name: str) -> str:
    try:
        check_name(name)
    except OutputError as error:
        raise ValueError(f"{name!r} is no plain file name") from error
    return name


def _relative(path: str) -> str:
    # `..` steps are those of `map.yaml`, which may name files beside its folder.
    if re.search(r"^/|^[A-Za-z]:|[\\\x00-\x1f]", path) or not path:
        raise ValueError(f"{path!r} is no path relative to the project's folder")
    return path


def _way_up(path: str) -> str:
    if not _OUT_OF_THE_FOLDER.fullmatch(path):
        raise ValueError(f"{path!r} is no way up from the outputs to the project's folder")
    return path


class ManifestFile(Record):
    """A file of a manifest."""

    bytes: Annotated[Whole, Field(ge=0)]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]

    def is_of(self, digest: FileDigest) -> bool:
        """Whether this is the file."""
        return (self.bytes, self.sha256) == (digest.size, digest.sha256)


class Manifest(Record):
    """The keys of a manifest.

    `inputs` are named as seen from the project's folder, `outputs` are names in the manifest's own folder. Of a
    map with withheld places no digest of what went in is told: who knows all of a file but the place could try
    places until the digest fits.
    """

    schema_: Annotated[Literal[1], Field(alias="schema")]
    geomap: Text
    map: Annotated[str, AfterValidator(_plain_name)]
    """The name of the map's file, often `map.yaml`."""
    project: Annotated[str, AfterValidator(_way_up)] | None
    """The way from the manifest to the project's folder if that holds it, such as `..`."""
    gazetteer: Text | None
    """The fingerprint of all place data, the project's own files included, as in `geomap.lock`."""
    inputs: dict[Annotated[str, AfterValidator(_relative)], ManifestFile | None]
    outputs: dict[Annotated[str, AfterValidator(_plain_name)], ManifestFile]
    libraries: dict[str, str]
    source_date_epoch: Whole | None = None


def manifest_bytes(
    project: "Project",
    outputs: Mapping[str, FileDigest],
    formats: Sequence[str],
    folder: Path,
    *,
    built: bool,
) -> bytes:
    """The manifest of outputs in a folder; the same map gives the same bytes on any machine.

    Parameters
    ----------
    outputs
        By file name.
    formats
        Those that were asked for.
    folder
        Where the outputs go.
    built
        Whether the lock is brought up to date with the outputs.

    Raises
    ------
    OutputError
        If an input changed since it was read, or `SOURCE_DATE_EPOCH` is no time.
    """
    inputs = digest_inputs(project.inputs)
    if built and project.lock.is_stale:
        inputs[project.lock.path] = digest_bytes(lock_text(project.lock.new).encode())
    content: dict[str, Any] = {
        "schema": MANIFEST_SCHEMA,
        "geomap": project.lock.new.geomap,
        "map": project.config.path.name,
        "project": _way_to(project.config.folder, folder),
        "gazetteer": None if project.withheld else project.lock.new.gazetteer,
        "inputs": {
            _seen_from(project.config.folder, path): None if project.withheld else _entry(own)
            for path, own in inputs.items()
        },
        "outputs": {name: _entry(own) for name, own in outputs.items()},
        "libraries": library_versions(formats, military=project.config.map.symbols == "app6"),
    }
    if (epoch := _epoch(formats)) is not None:
        content["source_date_epoch"] = epoch
    text = json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    # A name that is no text cannot be told in one.
    return text.encode("utf-8", "replace")


def library_versions(formats: Sequence[str], *, military: bool = False) -> dict[str, str]:
    """The versions of the libraries that have a say in the bytes of some formats, by their names."""
    import sqlite3
    import zlib

    import pyproj
    import shapely

    names = {*_ALWAYS, *(name for own in formats for name in _LIBRARIES[own])}
    if military and "html" in formats:
        names.add("milsymbol")
    found = {name: version(name) for name in names}
    found |= {
        "geos": shapely.geos_version_string,
        "proj": pyproj.proj_version_str,
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
    }
    if "pyogrio" in names:
        import pyogrio

        found["gdal"] = pyogrio.__gdal_version_string__
    if "gpkg" in formats:
        found["sqlite"] = sqlite3.sqlite_version
    return found


def read_manifest(path: Path) -> Manifest:
    """Read a manifest, which may come from anywhere: no name in it leads out of the folder it stands for.

    Raises
    ------
    ConfigError
        If it is none, has more than 1 MiB, or is of a schema that a newer geomap writes.
    """
    check_file(path, _MAX_BYTES)
    written = read_yaml(path)  # what JSON can say, YAML reads as the same
    schema = written.data.get("schema") if isinstance(written.data, dict) else None
    if isinstance(schema, int) and schema > MANIFEST_SCHEMA:
        text = f"manifest of schema {schema}; this geomap reads schema {MANIFEST_SCHEMA}: upgrade geomap"
        raise ConfigError([Problem(written.mark(("schema",)), text, "manifest")])
    try:
        return written.parse(Manifest)
    except ConfigError as error:
        step = "build or export again to have it written anew"
        raise ConfigError(
            [Problem(problem.mark, f"{problem.message}; {step}", "manifest") for problem in error.problems]
        ) from error


def _entry(digest: FileDigest) -> dict[str, Any]:
    return {"bytes": digest.size, "sha256": digest.sha256}


def _seen_from(folder: Path, path: Path) -> str:
    """The path of an input from the project's folder on; of one on another drive, where there is no way, its name."""
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:
        return path.name


def _way_to(project: Path, outputs: Path) -> str | None:
    """The way up to the project's folder; None where it would tell the name of a folder of this machine."""
    try:
        way = Path(os.path.relpath(os.path.realpath(project), os.path.realpath(outputs))).as_posix()
    except ValueError:
        return None
    return way if _OUT_OF_THE_FOLDER.fullmatch(way) else None


def _epoch(formats: Sequence[str]) -> int | None:
    if not _DATED.intersection(formats):
        return None
    from geomap.export.clock import source_date

    date = source_date()
    return None if date is None else int(date.timestamp())
