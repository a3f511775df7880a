"""Files of a project as they were in a git revision: only those that its map names, laid out in a folder.

git is asked for single objects, by their ids, and not for an archive: attributes of the repository neither leave files
out nor rewrite them, and links are not followed.
"""

import os
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from geomap.config import PROJECT_FILE, read_config
from geomap.errors import GeomapError

_SECONDS: Final = 120
_LINK: Final = "120000"
_LFS: Final = b"version https://git-lfs.github.com/spec/"
# A hook of git's runs with these set; they would name another repository than the one of the path.
_LOCAL: Final = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR")


class RevisionError(GeomapError):
    """A revision, or a file of one, cannot be had from git."""


@dataclass(frozen=True, slots=True)
class Revision:
    """A commit of the repository in `top`; `name` is how it was asked for."""

    top: Path
    name: str
    commit: str


def find_revision(name: str, path: Path) -> Revision:
    """The commit that a name stands for in the repository that a path lies in; the path may be gone by now.

    Raises
    ------
    RevisionError
        If git is not installed, the path lies in no repository, or there is no such revision.
    """
    if not name or name.startswith("-"):
        raise RevisionError(
            f"{name!r} is no revision of git; expected a commit, branch or tag such as HEAD~3"
        )
    folder = _existing(path)
    top = _git(folder, "rev-parse", "--show-toplevel").decode(errors="surrogateescape").rstrip("\n")
    try:
        found = _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    except RevisionError as error:
        raise RevisionError(f"{top}: git knows no revision {name!r}; git log --oneline lists them") from error
    return Revision(Path(top), name, found.decode().strip())


def lay_out(revision: Revision, path: Path, folder: Path) -> Path:
    """Write a project or an events file, as it was in a revision, and what it names into an empty folder.

    Parameters
    ----------
    path
        Where it lies, or lay, in the repository's folder: a project's folder, its map, or an events file.

    Returns
    -------
    path
        The map or events file, below `folder` as it lay below the repository's.

    Raises
    ------
    RevisionError
        If the revision does not have it, or it or a file that it names is a link or kept elsewhere (Git LFS).
    ConfigError
        If its map cannot be read. Files that the map names and the revision does not have are left out.
    """
    at = _inside(revision, path)
    kind, object_id = _entry(revision, at)
    if kind == "tree":
        at /= PROJECT_FILE
        kind, object_id = _entry(revision, at)
    if kind != "blob":
        raise RevisionError(
            f"{revision.name} has no {at}; git ls-tree -r --name-only {revision.name} lists its files"
        )
    _write(revision, at, object_id, folder)
    if at.suffix in (".yaml", ".yml") and is_map(folder / at):
        for own in _named(folder / at):
            _write_if_there(revision, own, folder)
    else:
        # Beside JSON Lines their sources, as `geomap import` writes them.
        _write_if_there(revision, folder / at.with_suffix(".sources.yaml"), folder)
    return folder / at


def is_map(path: Path) -> bool:
    """Whether a file of YAML is a map, and not an events file."""
    from geomap.yamlfile import read_yaml

    data = read_yaml(path).data
    return isinstance(data, dict) and "title" in data


def _named(path: Path) -> Iterable[Path]:
    """The files that a map names, and its lock."""
    from geomap.pipeline import lock_path

    config = read_config(path)
    own = config.map
    names = [
        *own.events,
        *own.gazetteer,
        own.sources_file,
        own.actors_file,
        *(layer.file for layer in own.context),
    ]
    if config.worldview.endswith((".yaml", ".yml")):
        names.append(own.worldview)
    return [*(config.resolve(name) for name in dict.fromkeys(filter(None, names))), lock_path(config)]


def _write_if_there(revision: Revision, path: Path, folder: Path) -> None:
    """Write a file that the revision has; of what it lacks, the reader tells by whom it is named."""
    if not path.is_relative_to(folder):
        outside = os.path.relpath(path, folder)
        raise RevisionError(f"{revision.name}: {outside} lies outside of the repository and has no revisions")
    at = PurePosixPath(path.relative_to(folder).as_posix())
    kind, object_id = _entry(revision, at)
    if kind == "blob":
        _write(revision, at, object_id, folder)


def _write(revision: Revision, at: PurePosixPath, object_id: str, folder: Path) -> None:
    target = folder / at
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as stream:
        _run(revision.top, ["cat-file", "blob", object_id], stdout=stream.fileno())
    with target.open("rb") as read:
        if read.read(len(_LFS)) == _LFS:
            step = "check the revision out with git worktree add, and name that folder"
            raise RevisionError(f"{revision.name}:{at} is kept in Git LFS and not in the repository; {step}")


def _entry(revision: Revision, at: PurePosixPath) -> tuple[str, str]:
    """What stands in a revision at a path, `blob` or `tree`, and its object id; empty texts where nothing does.

    Raises
    ------
    RevisionError
        If it is a link, or a repository of its own.
    """
    if at == PurePosixPath("."):
        return "tree", revision.commit
    answer = _git(revision.top, "ls-tree", "-z", "--full-tree", revision.commit, "--", str(at))
    if not answer:
        return "", ""
    mode, kind, object_id = answer.partition(b"\t")[0].decode().split(" ")
    if mode == _LINK:
        raise RevisionError(f"{revision.name}:{at} is a symbolic link; name the file that it leads to")
    if kind == "commit":
        raise RevisionError(f"{revision.name}:{at} is a submodule; compare it in a repository of its own")
    return kind, object_id


def _inside(revision: Revision, path: Path) -> PurePosixPath:
    """A path as the repository names it."""
    existing = _existing(path)
    whole = existing.resolve() / _absolute(path).relative_to(existing)
    relative = Path(os.path.relpath(whole, revision.top.resolve()))
    if relative.parts[:1] == (os.pardir,):
        raise RevisionError(f"{path} does not lie in the repository {revision.top}")
    return PurePosixPath(relative.as_posix())


def _existing(path: Path) -> Path:
    """The nearest folder that a path lies in and that is there."""
    folder = _absolute(path)
    while not folder.is_dir():
        folder = folder.parent
    return folder


def _absolute(path: Path) -> Path:
    """A path from the root, with its `..` steps taken, as paths in a map are read."""
    return Path(os.path.normpath(path.absolute()))


def _git(folder: Path, *arguments: str) -> bytes:
    return _run(folder, arguments, stdout=subprocess.PIPE)


def _run(folder: Path, arguments: Sequence[str], *, stdout: int) -> bytes:
    """Run git in a folder, without shell, pager, question or network: what a partial clone lacks is an error."""
    environment = {name: value for name, value in os.environ.items() if name not in _LOCAL}
    environment |= {
        "LC_ALL": "C",
        "GIT_LITERAL_PATHSPECS": "1",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
    }
    try:
        ended = subprocess.run(
            ["git", "-c", "protocol.allow=never", "-C", str(folder), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.PIPE,
            env=environment,
            timeout=_SECONDS,
            check=False,
        )
    except FileNotFoundError as error:
        raise RevisionError(
            "git is not installed, which reads revisions; install it, or compare two folders"
        ) from error
    except subprocess.TimeoutExpired as error:
        raise RevisionError(f"git {arguments[0]} did not end within {_SECONDS} seconds") from error
    if ended.returncode:
        said = ended.stderr.decode(errors="replace").strip().removeprefix("fatal: ")
        raise RevisionError(f"{folder}: git says: {said or f'exit code {ended.returncode}'}")
    return ended.stdout or b""
