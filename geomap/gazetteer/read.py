"""Files that a user names, opened with guards: dumps, plain or in a zip archive, and databases of places."""

import hashlib
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from geomap.errors import ConfigError, DataFileError, Mark, Problem
from geomap.gazetteer.schema import SCHEMA_VERSION

MAX_MEMBER: Final = 4 << 30
"""Bytes that one member of an archive may unpack to."""
MAX_RATIO: Final = 200
"""How many times its packed size a member may unpack to; dumps are packed 3 to 5 times."""
MAX_ROW: Final = 1 << 20
"""Bytes of one row."""

_BLOCK: Final = 1 << 20
# What GeoNames offers beside the main table, and so may lie in the same folder.
_NO_MAIN_TABLE: Final = re.compile(
    r"readme|iso-languagecodes|alternatenames|admin[1-5]?codes?|countryinfo|featurecodes|timezones|hierarchy"
    r"|usertags|shapes|modifications-|deletes-|boundingbox",
    re.IGNORECASE,
)
_NO_TABLE: Final = re.compile(r"readme|iso-languagecodes", re.IGNORECASE)
_PACKED: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
# Anything that zipfile raises on an archive that is cut off or made up.
_ZIP_FAULTS: Final = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError, OverflowError,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Dump:
    """A dump found on the disk.

    `member` is the table's name inside an archive, None for a plain file; `size` the bytes of the unpacked table.
    `sha256` is the digest of the file itself, and `stamp` tells whether it changed since.
    """

    path: Path
    member: str | None
    size: int
    sha256: str
    stamp: tuple[int, int]

    @property
    def table(self) -> Path:
        """Names the table in messages."""
        return self.path / self.member if self.member else self.path


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseTables:
    """What the base tables say of divisions.

    `regions` maps GeoNames' first-order codes to region ids (`PL.81` to `PL-20`). `areas` are the places of
    GeoNames that stand for a shape, by id: code, name, feature, country, region, district, lon, lat and
    radius, in the units of `schema`.
    """

    regions: Mapping[str, str]
    region_ids: frozenset[str]
    areas: Mapping[int, tuple[Any, ...]]


def read_base(path: Path) -> BaseTables:
    """Read what a build needs of the base tables.

    Raises
    ------
    DataFileError
        If they are missing or of another version.
    """
    with closing(open_places(path)) as database:
        try:
            areas = database.execute(
                "SELECT key, code, name, feature, country, region, district, lon, lat, radius_m FROM place"
                " WHERE key > 0 AND code IS NOT NULL"
            )
            return BaseTables(
                areas={key: tuple(area) for key, *area in areas},
                regions=dict(database.execute("SELECT code, region FROM admin1")),
                region_ids=frozenset(row[0] for row in database.execute("SELECT id FROM region")),
            )
        except sqlite3.Error as error:
            raise DataFileError(f"{path}: cannot be read ({error}); install geomap again") from error


def find_dumps(path: Path) -> tuple[list[Path], list[Path]]:
    """Find the dumps of GeoNames' main table that a path stands for.

    Parameters
    ----------
    path
        A file, or a folder whose `.txt` and `.zip` files are meant.

    Returns
    -------
    dumps, left_out
        Sorted by name; left out are tables of GeoNames of another kind.

    Raises
    ------
    ConfigError
        If there is none.
    """
    if not path.is_dir():
        return [path], []
    found = sorted(
        (entry for entry in path.iterdir() if entry.suffix.lower() in (".txt", ".zip") and entry.is_file()),
        key=lambda entry: entry.name,
    )
    dumps = [entry for entry in found if not _NO_MAIN_TABLE.match(entry.name)]
    if not dumps:
        raise _refusal(path, "no .txt or .zip dump in this folder; download one, such as PL.zip")
    return dumps, [entry for entry in found if entry not in dumps]


def inspect_dump(path: Path) -> Dump:
    """Look at a dump before it is read: what it holds, how large it is, and its digest.

    Raises
    ------
    ConfigError
        If it cannot be read, or is an archive of another form than one table, or would unpack to more than
        4 GB or 200 times its size.
    """
    try:
        if not path.is_file():
            what = "a folder stands here" if path.is_dir() else "no such file"
            raise _refusal(path, f"{what}; check the path")
        stamp, digest = _stamp(path), file_digest(path)
        if not _is_archive(path):
            return Dump(path=path, member=None, size=stamp[0], sha256=digest, stamp=stamp)
    except OSError as error:
        raise _refusal(path, f"cannot be read: {error.strerror or error}") from error
    with _zip_faults(path), zipfile.ZipFile(path) as archive:
        member = _only_table(path, archive.infolist(), stamp[0])
    return Dump(path=path, member=member.filename, size=member.file_size, sha256=digest, stamp=stamp)


def read_rows(dump: Dump, watch: Callable[[int], None]) -> Iterator[bytes]:
    """Read a dump row by row, in bounded memory; a member of an archive is never written to the disk.

    Parameters
    ----------
    dump
        As `inspect_dump` found it.
    watch
        Told the unpacked bytes of each block read.

    Yields
    ------
    row
        Without its line feed.

    Raises
    ------
    ConfigError
        If the file cannot be read to its end, changed since it was inspected, is a damaged archive, or has a
        row of more than 1 MiB.
    """
    rest = b""
    left = dump.size
    with _opened(dump) as stream:
        while True:
            with _zip_faults(dump.path):
                block = stream.read(_BLOCK)
            if not block:
                break
            left -= len(block)
            if left < 0:
                break  # it grows, perhaps for ever; told below
            watch(len(block))
            rows = (rest + block).split(b"\n")
            rest = rows.pop()
            if len(rest) > MAX_ROW:
                raise _refusal(dump.table, f"a row of more than {MAX_ROW:,} bytes; this is no table")
            yield from rows
    if rest:
        yield rest
    with _zip_faults(dump.path):
        now = _stamp(dump.path)
    if left or now != dump.stamp:
        raise _refusal(dump.path, "changed while it was read; try again when it is complete")


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def open_places(path: Path) -> sqlite3.Connection:
    """Open a database of place tables for reading; the caller closes it.

    Raises
    ------
    DataFileError
        If it is missing, is no such database, or is of another version of the tables.
    """
    database = None
    try:
        # Without this, SQLite would tell a missing file by "unable to open database file" alone.
        if not path.is_file():
            raise DataFileError(f"{path}: no such file")
        # Whoever drops it last closes it, which may be another thread than opened it; SQLite itself allows that.
        database = sqlite3.connect(
            path.resolve().as_uri() + "?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        version = database.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchone()
        if version != (SCHEMA_VERSION,):
            raise DataFileError(
                f"{path}: place tables of version {version and version[0]}, this geomap reads {SCHEMA_VERSION};"
                " build them again"
            )
        database.execute("SELECT 1 FROM place, name LIMIT 0")
    except (sqlite3.Error, DataFileError) as error:
        if database is not None:
            database.close()
        if isinstance(error, DataFileError):
            raise
        raise DataFileError(f"{path}: no database of places ({error}); build it again") from error
    return database


def _is_archive(path: Path) -> bool:
    """By its name or its first bytes: a table never begins with them."""
    if path.suffix.lower() == ".zip":
        return True
    with path.open("rb") as stream:
        return stream.read(4) in (b"PK\x03\x04", b"PK\x05\x06")


def _only_table(path: Path, members: list[zipfile.ZipInfo], packed: int) -> zipfile.ZipInfo:
    """The one member that is a table, if it is safe to unpack; sizes are those that the archive declares."""
    for member in members:
        # zipfile ends a name at a NUL and turns some separators; the name as written tells more.
        name = member.orig_filename
        if re.search(r"[/\\:\x00-\x1f]", name) or name in ("", ".", ".."):
            raise _refusal(path, f"a member called {name!r}, which is no plain file name; download it again")
    tables = [m for m in members if m.filename.lower().endswith(".txt") and not _NO_TABLE.match(m.filename)]
    if len(tables) != 1:
        held = ", ".join(repr(m.filename) for m in tables[:5]) or "no .txt table"
        raise _refusal(path, f"holds {held}; expected an archive with one table, as GeoNames offers them")
    (table,) = tables
    if table.flag_bits & 1 or table.compress_type not in _PACKED:
        raise _refusal(path, f"{table.filename!r} is encrypted or packed in an unusual way; unpack it first")
    if table.file_size > MAX_MEMBER:
        raise _refusal(
            path, f"{table.filename!r} unpacks to {table.file_size:,} bytes; at most {MAX_MEMBER:,}"
        )
    # The archive may lie about the packed size, but not about its own.
    if table.file_size > MAX_RATIO * min(table.compress_size, packed):
        raise _refusal(
            path, f"{table.filename!r} unpacks to more than {MAX_RATIO} times its size; not unpacked"
        )
    return table


@contextmanager
def _opened(dump: Dump) -> Iterator[IO[bytes]]:
    """The unpacked bytes of a dump. zipfile gives no more than the declared size, and checks them by CRC."""
    with _zip_faults(dump.path):
        stream: IO[bytes] = dump.path.open("rb")
    with stream:
        if dump.member is None:
            yield stream
            return
        with _zip_faults(dump.path):
            archive = zipfile.ZipFile(stream)
        with archive:
            with _zip_faults(dump.path):
                member = archive.open(_only_table(dump.path, archive.infolist(), dump.stamp[0]))
            with member:
                yield member


@contextmanager
def _zip_faults(path: Path) -> Iterator[None]:
    try:
        yield
    except ConfigError:
        raise
    except _ZIP_FAULTS as error:
        raise _refusal(path, f"cannot be read to its end ({error}); download it again") from error


def _stamp(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def _refusal(path: Path, message: str) -> ConfigError:
    return ConfigError([Problem(Mark(path, 1, 1), message, "dump")])
