"""The journal in PostgreSQL, for pipelines that share no disk. Needs psycopg: the extra `nac[postgresql]`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from nac.journal.database import Cursor, Row
from nac.journal.errors import JournalError, LockedError

if TYPE_CHECKING:
    import psycopg

T = TypeVar("T")
RECONNECT_SECONDS = 60.0  # for which a server that went away is asked again: a restart takes less
PAUSE_SECONDS = 0.5
SCHEMA = "nac"


class Postgres:
    """A PostgreSQL server by its `postgresql://` address; the tables are in the schema `nac`.

    A server that is restarted is connected to again, and the transaction that was cut off is run again: whether its
    commit had gone through does not matter, because every statement says what is, not what changes. A plan's lock is
    an advisory one of the session: it ends with the connection, and is taken again with the next, or the run stops.
    """

    def __init__(self, address: str, *, patience: float = RECONNECT_SECONDS) -> None:
        try:
            import psycopg
        except ImportError:
            raise JournalError('a PostgreSQL journal needs psycopg: pip install "nac[postgresql]"') from None
        self._errors = psycopg
        self._address = address
        self._patience = patience
        self._locked: list[str] = []
        parts = urlsplit(address)
        self.where = f"postgresql://{parts.hostname or ''}{parts.path}"
        self._db = self._connect()

    def _connect(self) -> psycopg.Connection[Any]:
        try:
            db = self._errors.connect(self._address, autocommit=True, connect_timeout=10)
            # However the server is set up: a commit that returned is on its disk.
            db.execute("SET synchronous_commit = on")
            db.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
            db.execute(f"SET search_path = {SCHEMA}")
        except self._errors.Error as error:
            raise self._error(error) from None
        return db

    def transaction(self, work: Callable[[Cursor], T]) -> T:
        give_up = time.monotonic() + self._patience
        while True:
            try:
                with self._db.transaction():
                    return work(_Cursor(self._db))
            except (self._errors.OperationalError, self._errors.InterfaceError) as error:
                if not self._db.closed and not self._db.broken:
                    raise self._error(error) from None
                self._again(give_up, error)
            except self._errors.Error as error:
                raise self._error(error) from None

    def _again(self, give_up: float, error: Exception) -> None:
        """Connect again, and take the locks that went with the old connection."""
        self._db.close()
        while True:
            if time.monotonic() > give_up:
                raise self._error(error) from None
            time.sleep(PAUSE_SECONDS)
            try:
                self._db = self._connect()
            except JournalError:
                continue
            break
        for plan in self._locked:
            if not self._try_lock(plan):
                raise LockedError("the journal's server went away, and another run has taken this plan since")

    def lock(self, plan: str, *, wait: Callable[[], bool]) -> None:
        while not self._try_lock(plan):
            if not wait():
                raise LockedError("another run is sending this plan: wait for it, or pass --wait")
        self._locked.append(plan)

    def _try_lock(self, plan: str) -> bool:
        number = int.from_bytes(sha256(f"nac {plan}".encode()).digest()[:8], "big", signed=True)
        try:
            row = self._db.execute("SELECT pg_try_advisory_lock(%s)", (number,)).fetchone()
        except self._errors.Error as error:
            raise self._error(error) from None
        return bool(row and row[0])

    def close(self) -> None:
        self._db.close()

    def _error(self, error: Exception) -> JournalError:
        """libpq's words, but for those that could repeat the address and with it a password."""
        first = next(iter(str(error).splitlines()), "error").strip()
        password = urlsplit(self._address).password
        said = first.replace(password, "***") if password else first
        return JournalError(f"the journal {self.where} cannot be used: {said}")


class _Cursor:
    def __init__(self, db: psycopg.Connection[Any]) -> None:
        self._cursor = db.cursor()

    def all(self, sql: str, *values: object) -> list[Row]:
        return list(self._cursor.execute(sql.replace("?", "%s"), values).fetchall())

    def run(self, sql: str, *values: object) -> None:
        self._cursor.execute(sql.replace("?", "%s"), values or None)

    def many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        self._cursor.executemany(sql.replace("?", "%s"), rows)
