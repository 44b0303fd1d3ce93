"""A table of PostgreSQL, read through a cursor on the server in one read-only transaction: however many queries a run
makes, they see one state of the table. Needs psycopg: the extra `nac[postgresql]`."""

from __future__ import annotations

import os
import re
import socket
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from nac.directories.access import Login
from nac.directories.sources import CONNECT_SECONDS, STEP_SECONDS, Chunks, Column, Condition, Sizes, SourceError
from nac.directories.sql import identifier
from nac.directories.tables import key_order, names_of, unknown_table
from nac.remote_url import RemoteURL

if TYPE_CHECKING:
    import psycopg

T = TypeVar("T")
ROOTS = Path("~/.postgresql/root.crt").expanduser()  # where libpq looks for authorities
_TLS = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
GRACE_SECONDS = 5.0  # for the server to stop a statement itself, until the connection is cut

_COLUMNS = """
SELECT a.attname, coalesce(nullif(t.typbasetype, 0), t.oid)::int8, b.typname, b.typtype, b.typcategory, e.typname,
       CASE WHEN t.typbasetype <> 0 THEN t.typtypmod ELSE a.atttypmod END
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
JOIN pg_catalog.pg_type b ON b.oid = coalesce(nullif(t.typbasetype, 0), t.oid)
LEFT JOIN pg_catalog.pg_type e ON e.oid = b.typelem AND b.typcategory = 'A'
WHERE a.attrelid = %s::oid AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attnum"""
_KEY = """
SELECT a.attname FROM pg_catalog.pg_index i
CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY k(number, place)
JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
WHERE i.indrelid = %s::oid AND i.indisprimary ORDER BY k.place"""
_TABLES = """
SELECT table_schema, table_name FROM information_schema.tables
WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2 LIMIT 1000"""

_KINDS = {
    "bool": "BOOLEAN", "int2": "SMALLINT", "int4": "INTEGER", "int8": "BIGINT", "oid": "BIGINT", "float4": "DOUBLE",
    "float8": "DOUBLE", "date": "DATE", "time": "TIME", "timestamp": "TIMESTAMP",
    "timestamptz": "TIMESTAMP WITH TIME ZONE", "json": "JSON", "jsonb": "JSON",
}  # fmt: skip
_LISTS = {
    "text": "VARCHAR[]", "varchar": "VARCHAR[]", "uuid": "VARCHAR[]", "int2": "BIGINT[]", "int4": "BIGINT[]",
    "int8": "BIGINT[]", "bool": "BOOLEAN[]", "float8": "DOUBLE[]", "float4": "DOUBLE[]",
}  # fmt: skip
_FAMILIES: dict[str, Any] = {
    "text": "text", "varchar": "text", "bool": "boolean", "int2": "integer", "int4": "integer", "int8": "integer",
    "date": "moment", "timestamp": "moment", "timestamptz": "moment",
}  # fmt: skip


class PostgreSQL:
    """`nac.directories.sources.Source` over PostgreSQL. Raises SourceError."""

    def __init__(self, url: RemoteURL, login: Login, table: str) -> None:
        try:
            import psycopg
        except ImportError:
            raise SourceError("psycopg is needed to read PostgreSQL", 'pip install "nac[postgresql]"') from None
        self._psycopg, self._url, self._login = psycopg, url, login
        self.dialect = Dialect()
        self._numbers = count()
        self._db = self._connect()
        try:
            self._table, self._key, self.columns = self._describe(table)
        except BaseException:
            self.close()
            raise

    def _connect(self) -> psycopg.Connection[Any]:
        url, login = self._url, self._login
        # An author's URL cannot ask for less than whoever runs nac does.
        given = [one for one in (url.tls_mode, os.environ.get("PGSSLMODE")) if one]
        default = "prefer" if url.is_loopback and not login.ca_file else "verify-full"
        tls = max(given, key=lambda one: _TLS.index(one) if one in _TLS else len(_TLS), default=default)
        asked: dict[str, Any] = {"user": login.user, "password": login.password, "sslrootcert": login.ca_file}
        if tls == "verify-full" and not (login.ca_file or "PGSSLROOTCERT" in os.environ or ROOTS.exists()):
            asked["sslrootcert"] = "system"  # the authorities that this machine trusts; libpq's own default is no file
        hosts = ",".join([url.host.strip("[]")] * len(login.addresses))
        try:
            db: psycopg.Connection[Any] = self._psycopg.connect(
                host=hosts, hostaddr=",".join(login.addresses), port=url.port, dbname=url.path[1:],
                connect_timeout=CONNECT_SECONDS, application_name="nac", sslmode=tls, client_encoding="utf8",
                prepare_threshold=None,
                **{name: value for name, value in asked.items() if value is not None},
            )  # fmt: skip
        except self._psycopg.Error as error:
            raise self._error(error) from None
        try:
            db.isolation_level = self._psycopg.IsolationLevel.REPEATABLE_READ
            db.read_only = True
            for setting, value in (
                ("statement_timeout", f"{STEP_SECONDS * 1000:.0f}"), ("lock_timeout", "10000"), ("TimeZone", "UTC"),
                ("DateStyle", "ISO"), ("IntervalStyle", "postgres"), ("extra_float_digits", "1"),
                ("bytea_output", "hex"), ("idle_in_transaction_session_timeout", "0"),
            ):  # fmt: skip
                db.execute("SELECT set_config(%s, %s, false)", (setting, value))
        except self._psycopg.Error as error:
            db.close()
            raise self._error(error) from None
        return db

    def _describe(self, table: str) -> tuple[str, list[str], dict[str, Column]]:
        quoted = ".".join(map(identifier, names_of(table)))
        with self._bounded() as run:
            [(oid,)] = run(lambda: self._db.execute("SELECT to_regclass(%s)::oid::int8", (quoted,)).fetchall())
            if oid is None:
                raise unknown_table(table, run(lambda: self._db.execute(_TABLES).fetchall()), "public")
            found = run(lambda: self._db.execute(_COLUMNS, (oid,)).fetchall())
            key = run(lambda: [name for (name,) in self._db.execute(_KEY, (oid,)).fetchall()])
            # Said now, and not in the middle: whether it may be read at all.
            run(lambda: self._db.execute(f"SELECT 1 FROM {quoted.replace('%', '%%')} LIMIT 0", ()))
        return quoted, key, {name: _column(name, *rest) for name, *rest in found}

    def chunks(self, columns: Sequence[Column], condition: Condition | None, limit: int | None) -> Chunks:
        shown = ", ".join(one.shown for one in columns)
        sql = f"SELECT {shown} FROM {self._table} AS t".replace("%", "%%")
        sql += f" WHERE {condition.sql}" if condition else ""
        sql += key_order(self._key, identifier).replace("%", "%%") + (f" LIMIT {limit:d}" if limit is not None else "")
        values = condition.values if condition else ()
        sizes = Sizes()
        with self._bounded() as run:
            cursor = self._db.cursor(f"nac_{next(self._numbers)}")
            try:
                run(lambda: cursor.execute(sql, values))
                while rows := run(lambda: cursor.fetchmany(sizes.next)):
                    sizes.saw(rows)
                    yield rows
            finally:
                with suppress(SourceError):  # of a connection that is broken, or closed before
                    run(cursor.close)

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def _bounded(self) -> Iterator[Callable[[Callable[[], Any]], Any]]:
        """Run steps, each cut off where the server does not keep to its own limit of time."""

        def run(step: Callable[[], T]) -> T:
            timer = threading.Timer(STEP_SECONDS + GRACE_SECONDS, self._cut)
            timer.daemon = True
            timer.start()
            try:
                return step()
            except self._psycopg.Error as error:
                raise self._error(error) from None
            finally:
                timer.cancel()

        yield run

    def _cut(self) -> None:
        with suppress(OSError, self._psycopg.Error), socket.socket(fileno=os.dup(self._db.fileno())) as connection:
            connection.shutdown(socket.SHUT_RDWR)

    def _error(self, error: Exception) -> SourceError:
        """By its SQLSTATE, or by libpq's words, which are not repeated: they may hold what a server likes to say."""
        state = getattr(error, "sqlstate", None)
        if state is not None and state in _STATES:
            return SourceError(*_STATES[state])
        text = str(error)
        known = next((said for sign, said in _SIGNS if re.search(sign, text)), None)
        if known is not None:
            return SourceError(*known)
        if state is None and isinstance(error, self._psycopg.OperationalError):
            return SourceError("the server went away" if hasattr(self, "_db") else "the server cannot be reached")
        return SourceError(f"the server refuses: {type(error).__name__} ({state or 'no SQLSTATE'})")


_STATES: Mapping[str, tuple[str, str | None]] = {
    "28P01": ("the password is wrong", None),
    "28000": ("the server refuses the login", None),
    "3D000": ("there is no such database", None),
    "42501": ("the login may not read it", "GRANT SELECT on the table to it"),
    "57014": (f"the query took longer than {STEP_SECONDS:.0f} s and was stopped", "narrow it with `where`, or index"),
    "55P03": ("the table is locked", None),
    "57P01": ("the server went away", None),
    "57P02": ("the server went away", None),
    "57P03": ("the server is starting or stopping", None),
    "53300": ("the server has no connection left", None),
}
_SIGNS: Sequence[tuple[str, tuple[str, str | None]]] = (
    (r"password authentication failed", ("the password is wrong", None)),
    (r"no password supplied|fe_sendauth", ("the server asks for a password", "give it in the environment")),
    (r"no pg_hba\.conf entry.*(no encryption|SSL off)", ("the server wants TLS", "set PGSSLMODE=require")),
    (r"no pg_hba\.conf entry|Ident authentication|peer authentication", ("the server refuses the login", None)),
    (r"does not support SSL", ("the server has no TLS, which is required", None)),
    (r"certificate|root\.crt", ("the server's certificate does not hold", "name its authority in …_CA_FILE")),
    (r"database \".*\" does not exist", ("there is no such database", None)),
    (r"role \".*\" does not exist", ("the server refuses the login", None)),
    (r"could not translate host|resolve host", ("its host is not known", None)),
    (r"[Cc]onnection refused", ("nothing listens there", None)),
    (r"timeout|timed out", ("the server does not answer", None)),
    (r"unreachable|No route", ("the server cannot be reached", None)),
)


def _column(name: str, oid: int, kind: str, typtype: str, category: str, element: str | None, modifier: int) -> Column:
    quoted = identifier(name)
    if kind == "bytea":
        return Column(name, "NULL::text", "VARCHAR")
    if category == "A" and element is not None:
        return Column(name, f"to_jsonb({quoted})::text", _LISTS.get(element, "JSON"), is_json=True)
    if typtype == "c":
        return Column(name, f"to_jsonb({quoted})::text", "JSON", is_json=True)
    if kind == "numeric":
        return Column(name, f"{quoted}::text", _decimal(modifier))
    return Column(
        name, f"{quoted}::text", _KINDS.get(kind, "VARCHAR"), _FAMILIES.get(kind), is_json=kind in ("json", "jsonb")
    )


def _decimal(modifier: int) -> str:
    if modifier < 4:
        return "DOUBLE"
    precision, scale = (modifier - 4) >> 16 & 0xFFFF, (modifier - 4) & 0x7FF
    if precision > 38 or scale > precision:
        return "DOUBLE"
    return f"DECIMAL({precision},{scale})" if scale else "HUGEINT"


class Dialect:
    """Conditions in PostgreSQL's SQL; `%s` stands for a bound value."""

    def column(self, column: Column) -> str:
        return identifier(column.name).replace("%", "%%")

    def compared(self, column: Column, operator: str, value: object) -> Condition | None:
        cast = {"DATE": "::date", "TIMESTAMP": "::timestamp", "TIMESTAMP WITH TIME ZONE": "::timestamptz"}
        bound = f"%s{cast.get(column.kind, '') if column.family == 'moment' else ''}"
        return Condition(f"{self.column(column)} {operator} {bound}", (value,), exact=column.family != "text")

    def one_of(self, column: Column, values: Sequence[object]) -> Condition | None:
        kinds = {"text": "text[]", "integer": "int8[]"}
        if column.family not in kinds:
            return None
        bound = f"{self.column(column)} = ANY(%s::{kinds[column.family]})"
        return Condition(bound, (list(values),), exact=column.family == "integer")

    def like(self, column: Column, pattern: str) -> Condition | None:
        return Condition(f'{self.column(column)} COLLATE "C" LIKE %s', (pattern,))

    def is_null(self, column: Column) -> Condition | None:
        return Condition(f"{self.column(column)} IS NULL", exact=True)
