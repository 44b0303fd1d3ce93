"""The journal in PostgreSQL, for pipelines that share no disk. Needs psycopg: the extra `nac[postgresql]`."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeVar

from nac.journal.database import Cursor, Row
from nac.journal.errors import JournalError, LockedError

if TYPE_CHECKING:
    import psycopg

T = TypeVar("T")
RECONNECT_SECONDS = 60.0  # for which a server that went away is asked again: a restart takes less
PAUSE_SECONDS = 0.5
SCHEMA = "nac"
# A server that vanished without a word (a cut cable, a firewall) is noticed in half a minute, not in hours.
_ALIVE = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 30_000}


class Postgres:
    """A PostgreSQL server by its `postgresql://` address; the tables are in the schema `nac`.

    A server that is restarted is connected to again, and the transaction that was cut off is run again: whether its
    commit had gone through does not matter, because every statement says what is, not what changes. A plan's lock is
    an advisory one of the session: it ends with the connection, and is taken again with the next, or the run stops.
    """

    def __init__(self, address: str, *, patience: float = RECONNECT_SECONDS) -> None:
        try:
            import psycopg
            from psycopg.conninfo import conninfo_to_dict, make_conninfo
        except ImportError:
            raise JournalError('a PostgreSQL journal needs psycopg: pip install "nac[postgresql]"') from None
        self._errors = psycopg
        try:
            said = conninfo_to_dict(address)
        except psycopg.Error:  # libpq's words repeat the part that it could not read, which may be the password
            raise JournalError("the journal's address is not a postgresql:// URL: percent-encode what is special in "
                               "it") from None  # fmt: skip
        host = str(said.get("host") or "")
        if "@" in host:  # what stands before it is the end of a password
            raise JournalError("the journal's address has an @ in its password: write it as %40")
        self.where = f"postgresql://{host}/{said.get('dbname') or ''}"
        self._secrets = [str(said[name]) for name in ("password", "sslpassword") if said.get(name)]
        alive = {name: value for name, value in _ALIVE.items() if name not in said}
        name = f"nac {os.getpid()} on {socket.gethostname()}"[:63]
        self._address = make_conninfo(address, **alive, application_name=name)
        self._patience = patience
        self._locked: list[str] = []
        self._db = self._connect()

    def _connect(self) -> psycopg.Connection[Any]:
        try:
            db = self._errors.connect(self._address, autocommit=True, connect_timeout=10)
            # However the server is set up: a commit that returned is on its disk.
            db.execute("SET synchronous_commit = on")
            db.execute(f"SET search_path = {SCHEMA}")
        except self._errors.Error as error:
            raise self._error(error) from None
        return db

    def prepare(self, migrate: Callable[[Cursor], None]) -> None:
        number = _number("migration")

        def work(sql: Cursor) -> None:
            # One at a time: CREATE … IF NOT EXISTS fails where two do it at once.
            sql.all("SELECT 1 FROM pg_advisory_xact_lock(?)", number)
            # Asked for first: IF NOT EXISTS needs the right to make a schema also where it is there.
            if not sql.all("SELECT 1 FROM pg_namespace WHERE nspname = ?", SCHEMA):
                sql.run(f"CREATE SCHEMA {SCHEMA}")
            migrate(sql)

        self.transaction(work)

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
                raise LockedError(f"another run is sending this plan{self._holder(plan)}: wait for it")
        self._locked.append(plan)

    def _holder(self, plan: str) -> str:
        """Who has the lock, as far as the server tells: the name that its connection gave, and since when."""
        number = _number(plan) & (1 << 64) - 1
        try:
            row = self._db.execute(
                "SELECT application_name, backend_start FROM pg_stat_activity JOIN pg_locks USING (pid) "
                "WHERE locktype = 'advisory' AND objsubid = 1 AND classid = %s AND objid = %s AND granted",
                (number >> 32, number & (1 << 32) - 1),
            ).fetchone()  # fmt: skip
        except self._errors.Error:
            return ""
        if not row or not str(row[0]).startswith("nac "):
            return ""
        return f" (process {row[0][4:]}, since {row[1].astimezone(UTC):%Y-%m-%d %H:%M} UTC)"

    def _try_lock(self, plan: str) -> bool:
        try:
            row = self._db.execute("SELECT pg_try_advisory_lock(%s)", (_number(plan),)).fetchone()
        except self._errors.Error as error:
            raise self._error(error) from None
        return bool(row and row[0])

    def close(self) -> None:
        self._db.close()

    def _error(self, error: Exception) -> JournalError:
        """libpq's words, without the password."""
        first = next(iter(str(error).splitlines()), "error").strip()
        for secret in self._secrets:
            first = first.replace(secret, "***")
        return JournalError(f"the journal {self.where} cannot be used: {first}")


def _number(name: str) -> int:
    """The number of an advisory lock: 64 bits, signed."""
    return int.from_bytes(sha256(f"nac {name}".encode()).digest()[:8], "big", signed=True)


class _Cursor:
    def __init__(self, db: psycopg.Connection[Any]) -> None:
        self._cursor = db.cursor()

    def has(self, table: str) -> bool:
        return self.all("SELECT to_regclass(?)", f"{SCHEMA}.{table}")[0][0] is not None

    def all(self, sql: str, *values: object) -> list[Row]:
        return list(self._cursor.execute(sql.replace("?", "%s"), values).fetchall())

    def run(self, sql: str, *values: object) -> None:
        self._cursor.execute(sql.replace("?", "%s"), values or None)

    def many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        self._cursor.executemany(sql.replace("?", "%s"), rows)
