"""Outputs compared with their manifests: nothing is built, and nothing but plain files is read."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geomap.errors import ConfigError, Mark, Problem
from geomap.pipeline.inputs import digest_file
from geomap.pipeline.manifest import BUILD_MANIFEST, EXPORT_MANIFEST, Manifest, ManifestFile, read_manifest


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedManifest:
    """What became of the files of one manifest since it was written.

    `missing` and `changed` are outputs. `inputs_changed` are inputs that changed or are gone, as seen from the
    project's folder; None where nothing can be compared: the project is not to be found, as beside outputs that were
    moved away, or the manifest withholds what went in.
    """

    name: str
    manifest: Manifest
    missing: tuple[str, ...]
    changed: tuple[str, ...]
    inputs_changed: tuple[str, ...] | None

    @property
    def is_sound(self) -> bool:
        """Whether all that could be looked at is as it was."""
        return not (self.missing or self.changed or self.inputs_changed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """How a folder of outputs compares with its manifests; `unlisted` are entries that none of them names."""

    manifests: tuple[VerifiedManifest, ...]
    unlisted: tuple[str, ...]

    @property
    def is_sound(self) -> bool:
        """Whether all that could be looked at is as it was."""
        return all(own.is_sound for own in self.manifests)

    def as_json(self) -> dict[str, Any]:
        """The same as plain values, for machines."""
        return {
            "sound": self.is_sound,
            "manifests": [
                {
                    "file": own.name,
                    "geomap": own.manifest.geomap,
                    "outputs": len(own.manifest.outputs),
                    "missing": list(own.missing),
                    "changed": list(own.changed),
                    "inputs": len(own.manifest.inputs),
                    "inputs_changed": None if own.inputs_changed is None else list(own.inputs_changed),
                }
                for own in self.manifests
            ],
            "unlisted": list(self.unlisted),
        }


def verify(folder: Path, *, project: Path | None = None) -> Verified:
    """Compare the outputs in a folder with the manifests that stand there, and their inputs if they can be found.

    Parameters
    ----------
    project
        The folder of the map's file, where a manifest does not tell the way to it.

    Raises
    ------
    ConfigError
        If there is no manifest, or one cannot be read.
    """
    names = [name for name in (BUILD_MANIFEST, EXPORT_MANIFEST) if os.path.lexists(folder / name)]
    if not names:
        text = "no manifest in this folder; name one that geomap build or geomap export wrote to"
        raise ConfigError([Problem(Mark(folder / BUILD_MANIFEST, 1, 1), text, "manifest")])
    verified = tuple(_verified(folder, name, project) for name in names)
    listed = {*names, *(name for own in verified for name in own.manifest.outputs)}
    entries = sorted(entry.name for entry in folder.iterdir())
    return Verified(
        manifests=verified,
        unlisted=tuple(name for name in entries if name not in listed and not name.startswith(".geomap-")),
    )


def _verified(folder: Path, name: str, project: Path | None) -> VerifiedManifest:
    manifest = read_manifest(folder / name)
    missing, changed = _compared(folder, manifest.outputs)
    return VerifiedManifest(
        name=name,
        manifest=manifest,
        missing=tuple(missing),
        changed=tuple(changed),
        inputs_changed=_changed_inputs(folder, manifest, project),
    )


def _changed_inputs(folder: Path, manifest: Manifest, project: Path | None) -> tuple[str, ...] | None:
    if project is None:
        if manifest.project is None:
            return None
        project = folder / manifest.project
    told = {name: own for name, own in manifest.inputs.items() if own is not None}
    if not told or not (project / manifest.map).is_file():
        return None
    missing, changed = _compared(Path(os.path.realpath(project)), told, links=True)
    return tuple(sorted([*missing, *changed]))


def _compared(
    folder: Path, listed: Mapping[str, ManifestFile], *, links: bool = False
) -> tuple[list[str], list[str]]:
    """Which files are missing, and which are not as they were."""
    missing, changed = [], []
    for name, wanted in sorted(listed.items()):
        path = Path(os.path.normpath(folder / name))
        if not os.path.lexists(path):
            missing.append(name)
        elif not _is_as_listed(path, wanted, links=links):
            changed.append(name)
    return missing, changed


def _is_as_listed(path: Path, wanted: ManifestFile, *, links: bool) -> bool:
    """Whether a plain file has the content that a manifest says; one of another size is not read."""
    try:
        if not path.is_file() or (path.is_symlink() and not links) or path.stat().st_size != wanted.bytes:
            return False
        return wanted.is_of(digest_file(path))
    except OSError as error:
        raise ConfigError.at(Mark(path, 1, 1), f"cannot be read: {error.strerror or error}") from error


def told(verified: Verified, folder: Path) -> Iterator[str]:
    """What is not as it was, a line each."""
    for own in verified.manifests:
        for what, names in (("missing", own.missing), ("changed", own.changed)):
            for name in names:
                yield f"{folder / name}: {what} since {own.name} was written"
        for name in own.inputs_changed or ():
            yield f"{name}: an input that changed or is gone since {own.name} was written"
