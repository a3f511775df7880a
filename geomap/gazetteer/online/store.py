"""What the online fallback keeps on the disk: answers, and whose turn it is to ask."""

import json
import math
import re
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import filelock

from geomap.errors import OnlineCacheError, OnlineUnavailableError

_VERSION: Final = 1
_TABLE: Final = """
CREATE TABLE IF NOT EXISTS answer (
    provider TEXT NOT NULL, server TEXT NOT NULL, query TEXT NOT NULL,
    country TEXT NOT NULL, language TEXT NOT NULL,
    asked_at TEXT NOT NULL, found INTEGER NOT NULL,
    licence TEXT NOT NULL, attribution TEXT NOT NULL, raw TEXT NOT NULL,
    PRIMARY KEY (provider, server, query, country, language)
) WITHOUT ROWID
"""
_BUSY_S: Final = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """All that an answer depends on; `country` is an ISO 3166-1 alpha-2 code, empty for none."""

    provider: str
    server: str
    query: str
    country: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A service's answer as it came: `items` is empty where the service knew nothing."""

    items: Sequence[Any]
    licence: str
    attribution: str
    asked_at: datetime


class AnswerCache:
    """Answers and misses in one SQLite file, which several processes may use at once.

    Parameters
    ----------
    path
        The file; it and its folder are made when first needed.
    miss_days, answer_days
        How long to believe a miss and an answer; None is for ever.
    """

    def __init__(
        self, path: Path, *, miss_days: float | None = 30.0, answer_days: float | None = None
    ) -> None:
        self.path = path
        self._days = {False: miss_days, True: answer_days}

    def find(self, question: Question, *, now: datetime) -> Kept | None:
        """What was answered to a question, None where nothing is kept or what is kept is too old.

        Raises
        ------
        OnlineCacheError
            If the file cannot be read or is not such a cache.
        """
        if not self.path.exists():
            return None
        with self._opened() as database:
            row = database.execute(
                "SELECT asked_at, found, licence, attribution, raw FROM answer WHERE provider = ?"
                " AND server = ? AND query = ? AND country = ? AND language = ?",
                _key(question),
            ).fetchone()
        if row is None:
            return None
        try:
            asked_at, items = datetime.fromisoformat(row[0]), json.loads(row[4])
        except ValueError as error:
            raise self._broken("an answer in it cannot be read") from error
        if not isinstance(items, list) or asked_at.tzinfo is None:
            raise self._broken("an answer in it is not as it was kept")
        days = self._days[bool(row[1])]
        # An answer from the future was kept by a clock that ran ahead: its age is not known.
        if days is not None and not timedelta() <= now - asked_at <= timedelta(days=days):
            return None
        return Kept(items=items, licence=row[2], attribution=row[3], asked_at=asked_at)

    def keep(self, question: Question, answer: Kept) -> None:
        """Keep an answer in place of an older one.

        Raises
        ------
        OnlineCacheError
            If the file cannot be written or is not such a cache.
        """
        raw = json.dumps(answer.items, ensure_ascii=False, sort_keys=True)
        with self._opened() as database, database:
            database.execute(
                "INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *_key(question),
                    answer.asked_at.astimezone(UTC).isoformat(timespec="seconds"),
                    bool(answer.items),
                    answer.licence,
                    answer.attribution,
                    raw,
                ),
            )

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            make_private_folder(self.path.parent)
            with closing(sqlite3.connect(self.path, timeout=_BUSY_S)) as database:
                version = database.execute("PRAGMA user_version").fetchone()[0]
                if version not in (0, _VERSION):
                    raise self._broken(f"it is of version {version}, not {_VERSION}")
                # A lost answer is asked for again, so that one flush to the disk is enough.
                database.execute("PRAGMA synchronous = NORMAL")
                if version == 0:
                    with database:
                        database.execute("BEGIN IMMEDIATE")
                        database.execute(_TABLE)
                        database.execute(f"PRAGMA user_version = {_VERSION}")
                yield database
        except (sqlite3.Error, OSError) as error:
            if isinstance(error, OnlineCacheError):
                raise
            raise self._broken(str(error)) from error

    def _broken(self, why: str) -> OnlineCacheError:
        return OnlineCacheError(
            f"{self.path}: the cache of online answers cannot be used: {why}; move the file away"
        )


def _key(question: Question) -> tuple[str, ...]:
    return (question.provider, question.server, question.query, question.country, question.language)


class Turn:
    """Lets one process of the machine at a time ask a service, with a pause after each request.

    The pause runs from the end of one request to the start of the next, so that the service sees them at
    least that far apart however long each was under way.

    Parameters
    ----------
    folder
        Where the lock and the time of the last request lie; all processes must name the same.
    name
        The service, such as its host.
    interval_s
        Seconds between two requests.
    """

    def __init__(
        self,
        folder: Path,
        name: str,
        interval_s: float,
        *,
        clock: Callable[[], float] = time.time,
        ticks: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        stem = "online-" + re.sub(r"[^a-z0-9.]+", "-", name.lower())
        self._lock_path, self._stamp_path = folder / f"{stem}.lock", folder / f"{stem}.time"
        self._interval_s = interval_s
        self._clock, self._ticks, self._sleep = clock, ticks, sleep

    @contextmanager
    def taken(self, ends_at: float) -> Iterator[None]:
        """Hold the turn once it has come.

        Parameters
        ----------
        ends_at
            The monotonic time until which to wait for it.

        Raises
        ------
        OnlineUnavailableError
            If the turn does not come in time, or the folder cannot be used.
        """
        try:
            make_private_folder(self._lock_path.parent)
            lock = filelock.FileLock(self._lock_path)
            lock.acquire(timeout=max(ends_at - self._ticks(), 0.0))
        except filelock.Timeout:
            raise OnlineUnavailableError(
                f"{self._lock_path}: another process keeps asking the service; try again later"
            ) from None
        except OSError as error:
            raise OnlineUnavailableError(f"{self._lock_path}: no turn can be taken: {error}") from error
        try:
            pause = self._pause_s()
            if self._ticks() + pause > ends_at:
                raise OnlineUnavailableError(f"no time is left to wait {pause:.1f} s for the turn; try again")
            self._sleep(pause)
            # Also before the request, lest a process that dies in it leaves no trace.
            self._stamp()
            try:
                yield
            finally:
                self._stamp()
        finally:
            lock.release()

    def _pause_s(self) -> float:
        """How long to wait still; never longer than the interval, whatever a clock says.

        Both clocks are asked: the wall clock may be set back or forth, and the monotonic one begins anew when
        the machine starts. Each says at least 0 and, where the last request seems to lie ahead, the whole.
        """
        try:
            wall, ticks = (float(word) for word in self._stamp_path.read_text(encoding="ascii").split())
        except FileNotFoundError:
            return 0.0
        except (OSError, ValueError):
            return self._interval_s
        waits = [wall + self._interval_s - self._clock(), ticks + self._interval_s - self._ticks()]
        if not all(math.isfinite(wait) for wait in waits):
            return self._interval_s
        return min(max(*waits, 0.0), self._interval_s)

    def _stamp(self) -> None:
        try:
            self._stamp_path.write_text(f"{self._clock()!r} {self._ticks()!r}", encoding="ascii")
        except OSError as error:
            raise OnlineUnavailableError(
                f"{self._stamp_path}: the time of a request cannot be kept: {error}"
            ) from error


def make_private_folder(folder: Path) -> None:
    """Make a folder that only its owner may read: what was asked may tell what is worked on."""
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
