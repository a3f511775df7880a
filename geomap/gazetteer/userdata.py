"""Where a user's own place data lie, and one digest of all data that answers rest on."""

import hashlib
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

import platformdirs

from geomap.errors import DataFileError
from geomap.gazetteer.compiled import COMPILED

ENVIRONMENT: Final = "GEOMAP_GAZETTEER"
"""Names another file for the user's store."""


def user_store_path() -> Path:
    """The user's store of places from dumps, whether it is there or not."""
    if named := os.environ.get(ENVIRONMENT):
        return Path(named).expanduser()
    return platformdirs.user_data_path("geomap") / "gazetteer.sqlite"


def own_places_folder() -> Path:
    """The folder of a user's own places, whether it is there or not."""
    return platformdirs.user_data_path("geomap") / "places"


def own_places() -> list[Path]:
    """The user's own places: files of the curated form, sorted by name; later ones outrank earlier ones."""
    return sorted(own_places_folder().glob("*.yaml"))


def fingerprint() -> str:
    """SHA-256 over all place data in use, in hexadecimal: the same data give the same digest on any machine.

    It covers what geomap carries, which is the base tables, curated places and worldviews, and the weights by
    which candidates are ranked; the user's own places; and the user's store, by the digest that its build wrote
    into it.

    Raises
    ------
    DataFileError
        If the place data or a user's store is missing or damaged.
    """
    from geomap.gazetteer.store import WEIGHTS, data_folder  # a look-up comes this way, and hashes nothing

    folder = data_folder()
    parts = [f"{name} {_digest(folder / name)}" for name in ("base.sqlite", COMPILED, WEIGHTS)]
    parts += [f"own/{path.name} {_digest(path)}" for path in own_places()]
    if (store := user_store_path()).exists():
        parts.append(f"store {store_digest(store)}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def store_digest(store: Path) -> str:
    """The digest of a user's store, as its build wrote it; the file may have gigabytes.

    Raises
    ------
    DataFileError
        If it is damaged or was not built by geomap.
    """
    from geomap.gazetteer.read import open_places  # with zipfile and more, which a look-up need not load

    try:
        with closing(open_places(store)) as database:
            row = database.execute("SELECT value FROM meta WHERE key = 'content_sha256'").fetchone()
    except sqlite3.Error as error:
        raise DataFileError(f"{store}: cannot be read ({error}); build it again") from error
    if row is None:
        raise DataFileError(f"{store}: was not built by geomap gazetteer build; build it again")
    return str(row[0])


def _digest(path: Path) -> str:
    from geomap.gazetteer.read import file_digest

    try:
        return file_digest(path)
    except OSError as error:
        raise DataFileError(f"{path}: cannot be read: {error.strerror or error}") from error
