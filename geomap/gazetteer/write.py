"""Writing the user's store: the place tables of `schema`, made from dumps beside the old ones and moved into place."""

import gc
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final

from filelock import FileLock, Timeout

from geomap.errors import ConfigError, Mark, OutputError, Problem
from geomap.gazetteer.dumps import (
    OTHER,
    DumpPlace,
    Faults,
    Selection,
    Tally,
    airport_key,
    ranked_folds,
    read_airports,
    read_alternate_names,
    read_places,
)
from geomap.gazetteer.read import BaseTables, Dump, file_digest, inspect_dump, read_rows
from geomap.gazetteer.schema import SCHEMA_VERSION, create_place_tables
from geomap.gazetteer.variants import VARIED_COUNTRIES, variant_key

MADE_BY: Final = "geomap gazetteer build"
"""Value of the row `made_by` of `meta`: only such a store is ever replaced."""

_ATTRIBUTION: Final = {
    "geonames": "Contains data from GeoNames (geonames.org, CC BY 4.0), a selection",
    "ourairports": "OurAirports (public domain)",
}
_LICENCES: Final = {
    "geonames": "GeoNames: CC-BY-4.0, https://creativecommons.org/licenses/by/4.0/",
    "ourairports": "OurAirports: public domain, https://ourairports.com/data/",
}
_BATCH: Final = 10_000
_CACHE_KIB: Final = 131_072
# SQLite's steps between two looks at whether Ctrl-C was pressed: some hundredths of a second.
_STEPS: Final = 1_000_000
# Added to the rank of names of the main table, which hold only where the table of alternate names has none.
_COLUMN: Final = 10

_STAGED_TABLES: Final = """
PRAGMA staged.journal_mode = OFF;
PRAGMA staged.synchronous = OFF;
CREATE TABLE staged.place (
    key, code, name, feature, country, region, district, division, population, lon, lat, radius_m
);
CREATE TABLE staged.name (fold, place, rank);
CREATE TABLE staged.named (place INTEGER PRIMARY KEY);
CREATE TABLE staged.division (code TEXT PRIMARY KEY, key INTEGER) WITHOUT ROWID;
CREATE TABLE staged.variant (key, fold);
"""
_FILL_PLACES: Final = """
INSERT INTO main.place
SELECT p.key, p.code, p.name, p.feature, p.country, p.region, coalesce(p.district, d.key), p.population,
    p.lon, p.lat, p.radius_m
FROM staged.place p LEFT JOIN staged.division d ON d.code = p.division ORDER BY p.key
"""
_FILL_NAMES: Final = f"""
INSERT INTO main.name SELECT fold, place, min(rank % {_COLUMN}) FROM staged.name
WHERE rank < {_COLUMN} OR place NOT IN (SELECT place FROM staged.named) GROUP BY fold, place ORDER BY fold, place
"""
# Streams and hills are seldom written about, and never in so many ways.
_VARIED: Final = (
    "SELECT DISTINCT n.fold FROM main.name n JOIN main.place p ON p.key = n.place"
    f" WHERE n.rank <= {OTHER} AND p.country IN ({', '.join(repr(code) for code in sorted(VARIED_COUNTRIES))})"
    " AND (p.feature LIKE 'PPL%' OR p.feature LIKE 'ADM%' OR p.feature LIKE 'AIR%')"
)
_FILL_VARIANTS: Final = "INSERT INTO main.variant SELECT key, fold FROM staged.variant ORDER BY key, fold"

Watch = Callable[[str, int, int], None]
"""Told what is done now, how many bytes of the dumps were read since it was last told, and how many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """The files that a store is built from."""

    geonames: Sequence[Path] = ()
    alternate: Path | None = None
    ourairports: Path | None = None

    def paths(self) -> list[Path]:
        """All of them, in the order in which they are read."""
        return [*self.geonames, *(path for path in (self.alternate, self.ourairports) if path)]


@dataclass(slots=True)
class SourceReport:
    """What became of one file: of its `rows`, `kept` are in the store and `broken` cannot be read.

    The rest was not asked for, or is there already; in a table of names it belongs to places not kept or
    is no toponym.
    """

    file: str
    source: str
    sha256: str
    rows: int = 0
    kept: int = 0
    broken: int = 0


@dataclass(slots=True)
class StoreReport:
    """What a build read and wrote."""

    path: Path
    sources: list[SourceReport] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)
    places: int = 0
    names: int = 0


def write_store(
    out: Path,
    inputs: Inputs,
    selection: Selection,
    base: BaseTables,
    *,
    version: str,
    watch: Watch = lambda doing, read, total: None,
) -> StoreReport:
    """Build a store of places from dumps; the same inputs give the same bytes.

    Parameters
    ----------
    out
        The file to write or replace.
    inputs
        Of a place that stands in several of the GeoNames tables the first row holds.
    selection
        What is taken of them.
    base
        What the base tables say of divisions. Divisions that they have a shape of keep their record and
        take names only.
    version
        Of geomap; goes into `meta`.
    watch
        Told how the work goes on.

    Raises
    ------
    ConfigError
        If a file is not such a dump, or nothing of it is asked for.
    OutputError
        If `out` is something else than a store of ours, is being written by another build, or cannot be
        written. After any error the old store is as it was.
    """
    out = out.resolve()  # of a link, the file that it leads to is replaced
    _check_replaceable(out)
    dumps = []
    for path in inputs.paths():
        watch(f"Checking {path.name}", 0, 0)
        dumps.append(inspect_dump(path))
    try:
        with _draft_of(out) as draft, _no_collector():
            with closing(sqlite3.connect(draft, isolation_level=None)) as database:
                total = sum(dump.size for dump in dumps)
                build = _Build(
                    database,
                    draft.with_suffix(".staged"),
                    inputs,
                    selection,
                    base,
                    lambda doing, read=0: watch(doing, read, total),
                )
                report = build.run(StoreReport(out), dumps, version)
            _seal(draft)
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
            raise KeyboardInterrupt from error
        raise OutputError(f"{out}: cannot be written: {error}") from error
    return report


def remove_file(path: Path) -> None:
    """Remove a file of the user's own places.

    Raises
    ------
    OutputError
        If it cannot be removed.
    """
    try:
        path.unlink()
    except OSError as error:
        raise OutputError(f"{path}: cannot be removed: {error.strerror or error}") from error


class _Build:
    """One build: rows are staged as they are read, then put into the tables in order."""

    def __init__(
        self,
        database: sqlite3.Connection,
        staged: Path,
        inputs: Inputs,
        selection: Selection,
        base: BaseTables,
        watch: Callable[..., None],
    ) -> None:
        self._database = database
        self._inputs = inputs
        self._selection = selection
        self._base = base
        self._watch = watch
        self._kept, self._named = _Bits(), _Bits()
        self._divisions: dict[str, int] = {}
        # Python looks for Ctrl-C only when control comes back to it, and a sort of SQLite may take a minute.
        database.set_progress_handler(lambda: None, _STEPS)
        create_place_tables(database)
        database.execute("ATTACH ? AS staged", (str(staged),))
        database.executescript(_STAGED_TABLES)
        for schema in ("main", "staged"):
            database.execute(f"PRAGMA {schema}.cache_size = -{_CACHE_KIB}")

    def run(self, report: StoreReport, dumps: Sequence[Dump], version: str) -> StoreReport:
        """Read every dump and fill the tables."""
        self._database.execute("BEGIN")
        for dump in dumps:
            report.sources.append(self._take(dump, report.faults))
        self._fill()
        report.places, report.names = (
            self._database.execute(f"SELECT count(*) FROM main.{table}").fetchone()[0]
            for table in ("place", "name")
        )
        if not report.places:
            mark = Mark(dumps[0].path, 1, 1)
            asked = "nothing is left of the countries and features asked for; ask for others"
            raise ConfigError([Problem(mark, asked, "dump")])
        meta = sorted(self._meta(report, version).items())
        self._database.executemany("INSERT INTO main.meta VALUES (?, ?)", meta)
        self._database.execute("COMMIT")
        self._database.execute("DETACH staged")
        self._watch("Writing")
        self._database.execute("VACUUM")
        return report

    def _take(self, dump: Dump, faults: Faults) -> SourceReport:
        table, tally, selection = dump.table, Tally(), self._selection
        source = "ourairports" if dump.path == self._inputs.ourairports else "geonames"
        rows = read_rows(dump, partial(self._watch, f"Reading {table.name}"))
        if dump.path == self._inputs.alternate:
            names = read_alternate_names(rows, table, selection.languages, faults=faults, tally=tally)
            kept = self._stage_names(names)
        elif source == "ourairports":
            ids = self._base.region_ids
            kept = self._stage_airports(
                read_airports(rows, table, selection, faults=faults, tally=tally, region_ids=ids)
            )
        else:
            kept = self._stage_places(
                read_places(rows, table, selection, faults=faults, tally=tally, divisions=self._divisions)
            )
        return SourceReport(table.name, source, dump.sha256, tally.rows, kept, tally.broken)

    def _stage_places(self, found: Iterable[DumpPlace]) -> int:
        staged = 0
        beside = _COLUMN if self._inputs.alternate else 0
        regions, areas = self._base.regions, self._base.areas
        places: list[tuple[Any, ...]] = []
        names: list[tuple[str, int, int]] = []
        for place in found:
            key = place.geonameid or 0
            if not self._kept.add(key):
                continue
            staged += 1
            if area := areas.get(key):
                places.append((key, *area[:6], "", place.population, *area[6:]))
            else:
                places.append(
                    (
                        key, None, place.name, place.feature, place.country, regions.get(place.admin1), None,
                        place.district, place.population, place.lon, place.lat, None,
                    )
                )  # fmt: skip
            folds = ranked_folds(place.name, place.other_names)
            names += [(fold, key, rank and rank + beside) for fold, rank in folds.items()]
            if len(places) >= _BATCH:
                self._stage(places, names)
        self._stage(places, names)
        return staged

    def _stage_airports(self, found: Iterable[DumpPlace]) -> int:
        keys: set[int] = set()
        places: list[tuple[Any, ...]] = []
        names: list[tuple[str, int, int]] = []
        for place in found:
            code = str(place.code)
            key = airport_key(code)
            if key in keys:
                continue
            keys.add(key)
            places.append(
                (
                    key, code, place.name, place.feature, place.country, place.region, None,
                    "", 0, place.lon, place.lat, place.radius_m,
                )
            )  # fmt: skip
            folds = ranked_folds(place.name, place.other_names, place.call_signs)
            names += [(fold, key, rank) for fold, rank in folds.items()]
        self._stage(places, names)
        return len(keys)

    def _stage_names(self, found: Iterable[tuple[int, str]]) -> int:
        staged = 0
        names: list[tuple[str, int, int]] = []
        for key, name in found:
            if key not in self._kept:
                continue
            folds = ranked_folds("", (name,))
            if not folds:
                continue
            staged += 1
            if self._named.add(key):
                self._database.execute("INSERT INTO staged.named VALUES (?)", (key,))
            names += [(fold, key, rank) for fold, rank in folds.items()]
            if len(names) >= _BATCH:
                self._stage([], names)
        self._stage([], names)
        return staged

    def _stage(self, places: list[tuple[Any, ...]], names: list[tuple[str, int, int]]) -> None:
        marks = ", ".join("?" * 12)
        self._database.executemany(f"INSERT INTO staged.place VALUES ({marks})", places)
        self._database.executemany("INSERT INTO staged.name VALUES (?, ?, ?)", names)
        places.clear()
        names.clear()

    def _fill(self) -> None:
        database = self._database
        database.executemany("INSERT INTO staged.division VALUES (?, ?)", self._divisions.items())
        self._watch("Sorting places")
        database.execute(_FILL_PLACES)
        self._watch("Sorting names")
        database.execute(_FILL_NAMES)
        self._watch("Keying spellings")
        folds = (fold for (fold,) in database.execute(_VARIED))
        keyed = ((key, fold) for fold in folds if (key := variant_key(fold)))
        while batch := list(islice(keyed, _BATCH)):
            database.executemany("INSERT INTO staged.variant VALUES (?, ?)", batch)
        database.execute(_FILL_VARIANTS)

    def _meta(self, report: StoreReport, version: str) -> dict[str, str]:
        sources = sorted({told.source for told in report.sources})
        selection = self._selection
        asked = {
            "countries": sorted(selection.countries) if selection.countries is not None else None,
            "features": sorted(selection.classes) + sorted(selection.codes),
            "languages": sorted(selection.languages) if selection.languages is not None else None,
        }
        return {
            "schema_version": SCHEMA_VERSION,
            "made_by": MADE_BY,
            "geomap_version": version,
            "sources": json.dumps([asdict(told) for told in report.sources], ensure_ascii=False),
            "selection": json.dumps(asked),
            "attribution": "\n".join(_ATTRIBUTION[source] for source in sources),
            "licence": "\n".join(_LICENCES[source] for source in sources),
        }


class _Bits:
    """A set of GeoNames ids, one bit each: some MB for all there are."""

    def __init__(self) -> None:
        self._bits = bytearray()

    def add(self, number: int) -> bool:
        """Add a number; false if it was there."""
        place, bit = number >> 3, 1 << (number & 7)
        if place >= len(self._bits):
            self._bits.extend(bytes(place + 1 - len(self._bits)))
        if self._bits[place] & bit:
            return False
        self._bits[place] |= bit
        return True

    def __contains__(self, number: int) -> bool:
        place = number >> 3
        return place < len(self._bits) and bool(self._bits[place] & 1 << (number & 7))


def _check_replaceable(out: Path) -> None:
    """Refuse to write over anything but a store of ours.

    Raises
    ------
    OutputError
        If something else stands there.
    """
    if out.is_dir():
        raise OutputError(f"{out}: a folder stands here; name a file")
    if not out.exists() or not out.stat().st_size:
        return
    made_by = None
    try:
        with closing(sqlite3.connect(f"{out.as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            made_by = database.execute("SELECT value FROM meta WHERE key = 'made_by'").fetchone()
    except sqlite3.Error:
        pass  # whatever it is, it is no store
    if made_by != (MADE_BY,):
        raise OutputError(f"{out}: is no store that geomap built, so it is not replaced; name another file")


@contextmanager
def _draft_of(out: Path) -> Iterator[Path]:
    """A path for a new file that takes the place of `out` when the block ends well, on the disk as a whole."""
    prefix, suffix = f".{out.name}.", ".building"
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(out.parent / f"{prefix}lock", timeout=0):
            for entry in out.parent.iterdir():
                # What a build left behind that was killed; none is at work now, for the lock is ours.
                if entry.name.startswith(prefix) and entry.name.endswith(suffix):
                    shutil.rmtree(entry, ignore_errors=True)
            with tempfile.TemporaryDirectory(prefix=prefix, suffix=suffix, dir=out.parent) as folder:
                draft = Path(folder) / out.name
                yield draft
                _sync(draft)
                draft.replace(out)
            _sync(out.parent)
    except Timeout as error:
        raise OutputError(f"{out}: another build is writing it; wait until that one ends") from error
    except OSError as error:
        if isinstance(error, OutputError):
            raise
        raise OutputError(f"{out}: cannot be written: {error.strerror or error}") from error


@contextmanager
def _no_collector() -> Iterator[None]:
    """Rows make no cycles, and looking for some among so many takes a tenth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _seal(draft: Path) -> None:
    """Write the digest of the file so far into it: a name for its content that is quick to read."""
    digest = file_digest(draft)
    with closing(sqlite3.connect(draft)) as database, database:
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("INSERT INTO meta VALUES ('content_sha256', ?)", (digest,))


def _sync(path: Path) -> None:
    """Have the system write what it holds of a file or folder; Windows does not open folders."""
    if os.name == "nt" and path.is_dir():
        return
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
