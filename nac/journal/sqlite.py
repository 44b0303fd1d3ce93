"""The journal in a file."""

from __future__ import annotations

import os
import re
import socket
import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from nac.journal.database import Cursor, Row
from nac.journal.errors import JournalError, LockedError

T = TypeVar("T")
BUSY_SECONDS = 30.0


class Sqlite:
    """A SQLite file, made for its owner alone. WAL, and every commit is on the disk before it returns.

    The lock of a plan is one of the operating system on a file beside it: it ends with the process, however that ends.
    """

    def __init__(self, path: Path) -> None:
        self.where = str(path)
        self._path = path.resolve()  # by which name ever it is called: one file has one lock
        self._locks: list[int] = []
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            # Made here rather than by SQLite, so that it is never readable for others, not even for a moment.
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
            self._file = _identity(os.fstat(handle))
            os.close(handle)
            self._db = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        except (OSError, sqlite3.Error) as error:
            raise self._error(error) from None
        try:
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.execute("PRAGMA foreign_keys = ON")
        except sqlite3.Error as error:
            self._db.close()
            raise self._error(error) from None

    def prepare(self, migrate: Callable[[Cursor], None]) -> None:
        self.transaction(migrate)  # whose BEGIN IMMEDIATE keeps others out

    def transaction(self, work: Callable[[Cursor], T]) -> T:
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                self._still_there()
                made = work(_Cursor(self._db))
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise self._error(error) from None
        return made

    def lock(self, plan: str, *, wait: Callable[[], bool]) -> None:
        import fcntl

        name = sha256(plan.encode()).hexdigest()[:16]
        try:
            handle = os.open(f"{self._path}.{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise self._error(error) from None
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                if wait():
                    continue
                holder = _holder(handle)
                os.close(handle)
                raise LockedError(f"another run is sending this plan{holder}: wait for it") from None
            self._locks.append(handle)
            with suppress(OSError):  # it is held also where the disk has no room to say by whom
                os.ftruncate(handle, 0)
                os.pwrite(handle, f"{os.getpid()} {socket.gethostname()} {int(time.time())}".encode(), 0)
            return

    def _still_there(self) -> None:
        # What is written into a file that has no name any more is lost with this process, and sent again by the next.
        try:
            same = _identity(os.stat(self._path)) == self._file
        except OSError:
            same = False
        if not same:
            why = "it was removed or replaced while in use; put it back, or the next run sends everything again"
            raise JournalError(f"the journal {self.where} cannot be written: {why}")

    def close(self) -> None:
        for handle in self._locks:
            os.close(handle)
        self._locks.clear()
        self._db.close()

    def _error(self, error: OSError | sqlite3.Error) -> JournalError:
        said = (error.strerror or "error").lower() if isinstance(error, OSError) else str(error)
        return JournalError(f"the journal {self.where} cannot be written: {said}")


def _identity(seen: os.stat_result) -> tuple[int, int]:
    return seen.st_dev, seen.st_ino


def _holder(handle: int) -> str:
    """Who has the lock, as they wrote into its file."""
    found = re.fullmatch(rb"(\d{1,10}) ([\w.-]{1,253}) (\d{1,11})", os.pread(handle, 300, 0))
    if found is None:
        return ""
    since = datetime.fromtimestamp(int(found[3]), UTC)
    return f" (process {int(found[1])} on {found[2].decode()}, since {since:%Y-%m-%d %H:%M} UTC)"


class _Cursor:
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def has(self, table: str) -> bool:
        return bool(self.all("SELECT 1 FROM sqlite_master WHERE name = ?", table))

    def all(self, sql: str, *values: object) -> list[Row]:
        return self._db.execute(sql, values).fetchall()

    def run(self, sql: str, *values: object) -> None:
        self._db.execute(sql, values)

    def many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        self._db.executemany(sql, rows)
