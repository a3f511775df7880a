"""What is asked of a run: with the digest of all that its answers rest on, code and place data included."""

import hashlib
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from geomap.engine.corpus import Shard
from geomap.gazetteer.userdata import fingerprint

_LIBRARIES: Final = (
    "anyascii", "marisa-trie", "natasha", "numpy", "orjson", "py3langid", "pyarrow", "rapidfuzz", "shapely", "spacy",
    "trafilatura",
)  # fmt: skip
_KEY: Final = 16

Advance = Callable[[str, int, int], None]
"""Told of a run what is worked through, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One run over a corpus; plain values only, so that any worker on any machine can be told of it.

    `work` names what makes rows of a document, as `module:callable`. `parts` is the folder of the outputs, which all
    workers see. `digest` is of code, libraries and place data. `timeout_s` are the seconds that one document may take.
    """

    work: str
    parts: str
    digest: str
    published: str | None = None
    worldview: str = "un"
    ner_model: str | None = None
    is_russian: bool = False
    timeout_s: float = 300.0

    @property
    def day(self) -> date | None:
        """The day that is said to be that of all documents."""
        return date.fromisoformat(self.published) if self.published else None

    def key(self, shard: Shard) -> str:
        """What the parts of a shard are called by: other input, options, code or place data make another key.

        Where the outputs lie, and how long a document may take, change nothing in them.
        """
        options = {name: value for name, value in asdict(self).items() if name not in ("parts", "timeout_s")}
        written = json.dumps([shard.id, options], sort_keys=True)
        return hashlib.sha256(written.encode()).hexdigest()[:_KEY]


@cache
def take_digest(worldview: str = "un", ner_model: str | None = None) -> str:
    """A digest of geomap's code, the libraries that answers rest on, the place data, and files that options name.

    Taken once a process.

    Raises
    ------
    DataFileError
        If the place data is missing or damaged.
    """
    package = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256(fingerprint().encode())
    digest.update(f"{sys.version_info[:2]} {sorted(_versions())}".encode())
    # Those parts of the package that make the answers; a new sign on the page is no reason to draft again.
    for room in ("engine", "events", "extract", "gazetteer", "model", "pipeline"):
        _update(digest, package / room)
    for named in (worldview, ner_model):
        if named and Path(named).exists():
            _update(digest, Path(named))
    return digest.hexdigest()


def _versions() -> Iterator[tuple[str, str]]:
    for library in _LIBRARIES:
        try:
            yield library, version(library)
        except PackageNotFoundError:
            continue


def _update(digest: "hashlib._Hash", root: Path) -> None:
    """Add a file, or all files of a folder in the order of their names."""
    paths = [root] if root.is_file() else sorted(path for path in root.rglob("*") if path.is_file())
    for path in paths:
        if "__pycache__" in path.parts or ("data" in path.parts and path.suffix == ".sqlite"):
            continue  # the place data in a wheel is in its fingerprint
        with path.open("rb") as stream:
            content = hashlib.file_digest(stream, "sha256").hexdigest()
        digest.update(f"{path.relative_to(root.parent).as_posix()} {content}\n".encode())
