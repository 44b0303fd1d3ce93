"""A table of MySQL or MariaDB, read row by row in one read-only transaction. Needs PyMySQL: the extra `nac[mysql]`.

A result is read to its end before the next query, so a query that is stopped early takes the connection with it.
"""

from __future__ import annotations

import configparser
import re
import socket
import ssl
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nac.directories.access import Login
from nac.directories.sources import CONNECT_SECONDS, STEP_SECONDS, Chunks, Column, Condition, Sizes, SourceError
from nac.directories.tables import key_order, names_of, unknown_table
from nac.remote_url import RemoteURL

if TYPE_CHECKING:
    import pymysql

QUERY_SECONDS = 4 * 3600
"""How long the server may work for one query, until the last row is taken."""

MAX_LISTED = 5_000
"""Values in one IN (…), above which the server is asked for all rows."""

_COLUMNS = """
SELECT column_name, data_type, column_type, numeric_precision, numeric_scale FROM information_schema.columns
WHERE table_schema = {schema} AND table_name = {table} ORDER BY ordinal_position"""
_KEY = """
SELECT column_name FROM information_schema.key_column_usage
WHERE table_schema = {schema} AND table_name = {table} AND constraint_name = 'PRIMARY' ORDER BY ordinal_position"""
_TABLES = """
SELECT table_schema, table_name FROM information_schema.tables
WHERE table_schema NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema') ORDER BY 1, 2 LIMIT 1000"""
# MariaDB keeps JSON as text with a check.
_JSON_CHECKS = """
SELECT check_clause FROM information_schema.check_constraints
WHERE constraint_schema = {schema} AND table_name = {table} AND check_clause LIKE 'json_valid(%'"""

_INTEGERS = {"tinyint": "TINYINT", "smallint": "SMALLINT", "mediumint": "INTEGER", "int": "INTEGER", "bigint": "BIGINT"}
_TEXTS = frozenset({"char", "varchar", "tinytext", "text", "mediumtext", "longtext"})
_BLOBS = frozenset(
    "binary varbinary tinyblob blob mediumblob longblob geometry point linestring polygon multipoint multilinestring "
    "multipolygon geometrycollection geomcollection vector".split()
)


class MySQL:
    """`nac.directories.sources.Source` over MySQL. Raises SourceError."""

    def __init__(self, url: RemoteURL, login: Login, table: str) -> None:
        try:
            import pymysql
        except ImportError:
            raise SourceError("PyMySQL is needed to read MySQL", 'pip install "nac[mysql]"') from None
        self._driver, self._url, self._login = pymysql, url, login
        self.dialect = Dialect()
        self._db: pymysql.Connection[Any] | None = None
        try:
            self._table, self._key, self.columns = self._describe(table)
        except BaseException:
            self.close()
            raise

    def _connect(self) -> pymysql.Connection[Any]:
        """A connection in a transaction that sees one state of the tables."""
        from pymysql.converters import encoders  # without decoders: every value comes as text

        url, login = self._url, self._login
        user, password = _logged_in(login)
        try:
            db: pymysql.Connection[Any] = self._driver.connect(
                host=url.host.strip("[]"), port=url.port or 0, user=user, password=password or "",
                database=url.path[1:], charset="utf8mb4", conv=encoders, connect_timeout=CONNECT_SECONDS,
                read_timeout=STEP_SECONDS, write_timeout=STEP_SECONDS, autocommit=False, local_infile=False,
                defer_connect=True, program_name="nac", **self._tls(),
            )  # fmt: skip
            db.connect(_socket(login.addresses, url.port or 0))
        except (self._driver.Error, OSError, ValueError) as error:
            raise self._error(error, connecting=True) from None
        try:
            is_mariadb = "mariadb" in str(db.get_server_info()).lower()
            limit = (
                f"max_statement_time = {QUERY_SECONDS}" if is_mariadb else f"max_execution_time = {QUERY_SECONDS}000"
            )
            with db.cursor() as cursor:
                for statement in (
                    f"SET SESSION sql_mode = '', time_zone = '+00:00', net_write_timeout = 600, {limit}",
                    "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
                    "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
                ):
                    cursor.execute(statement)
        except (self._driver.Error, OSError) as error:
            _cut(db)
            raise self._error(error, connecting=True) from None
        return db

    def _tls(self) -> dict[str, Any]:
        if self._url.is_loopback and not self._url.tls_mode and not self._login.ca_file:
            return {}
        mode = self._url.tls_mode or "verify-full"
        try:
            context = ssl.create_default_context(cafile=self._login.ca_file)
        except ssl.SSLError:
            raise SourceError("the file of NAC_DIRECTORY_…_CA_FILE is no certificate") from None
        except OSError as error:
            why = (error.strerror or "error").lower()
            raise SourceError(f"the file of NAC_DIRECTORY_…_CA_FILE cannot be read: {why}") from None
        if mode != "verify-full":
            context.check_hostname = False
        if mode == "require" and not self._login.ca_file:  # asked for by name: encrypted, by whomever
            context.verify_mode = ssl.CERT_NONE
        return {"ssl": context}

    def _describe(self, table: str) -> tuple[str, list[str], dict[str, Column]]:
        names = names_of(table)
        schema, name = names if len(names) == 2 else [self._url.path[1:], names[0]]
        at = {"schema": _text(schema), "table": _text(name)}
        found = self._all(_COLUMNS.format(**at))
        if not found:
            raise unknown_table(table, self._all(_TABLES), self._url.path[1:])
        key = [row[0] for row in self._all(_KEY.format(**at))]
        try:
            checks = "\n".join(row[0] for row in self._all(_JSON_CHECKS.format(**at)))
        except SourceError:
            checks = ""  # MySQL has no such column, and a JSON type of its own
        columns = {row[0]: _column(*row, is_json=f"json_valid({_quoted(row[0])})" in checks) for row in found}
        quoted = ".".join(map(_quoted, names))
        self._all(f"SELECT 1 FROM {quoted} LIMIT 0")  # said now, and not in the middle: whether it may be read at all
        return quoted, key, columns

    def _all(self, sql: str) -> list[tuple[Any, ...]]:
        try:
            self._db = self._db or self._connect()
            with self._db.cursor() as cursor:
                cursor.execute(sql)
                return list(cursor.fetchall())
        except (self._driver.Error, OSError) as error:
            raise self._error(error) from None

    def chunks(self, columns: Sequence[Column], condition: Condition | None, limit: int | None) -> Chunks:
        from pymysql.cursors import SSCursor

        shown = ", ".join(one.shown for one in columns)
        sql = f"SELECT {shown} FROM {self._table} AS t" + (f" WHERE {condition.sql}" if condition else "")
        sql += key_order(self._key, _quoted) + (f" LIMIT {limit:d}" if limit is not None else "")
        sizes = Sizes()
        db, self._db = self._db or self._connect(), None  # nobody else's until it was read to its end
        whole = False
        try:
            cursor = SSCursor(db)
            cursor.execute(sql)
            while rows := cursor.fetchmany(sizes.next):
                sizes.saw(rows)
                yield list(rows)
            cursor.close()
            whole = True
        except (self._driver.Error, OSError, struct.error) as error:
            raise self._error(error) from None
        finally:
            if whole and self._db is None:
                self._db = db
            else:
                _cut(db)

    def close(self) -> None:
        if self._db is not None:
            _cut(self._db)
            self._db = None

    def _error(self, error: Exception, *, connecting: bool = False) -> SourceError:
        """By its number; the server's words are not repeated: they may hold what somebody's row holds."""
        number = error.args[0] if error.args and isinstance(error.args[0], int) else None
        if isinstance(error, self._driver.Error) and number is not None and number in _NUMBERS:
            return SourceError(*_NUMBERS[number])
        text = str(error)
        for sign, said in _SIGNS:
            if re.search(sign, text):
                return SourceError(*said)
        if connecting or isinstance(error, OSError):
            return SourceError("the server cannot be reached")
        return SourceError(f"the server refuses: {type(error).__name__} ({number or 'no number'})")


_NUMBERS: Mapping[int, tuple[str, str | None]] = {
    1044: ("the login may not read this database", None),
    1045: ("the login or its password is wrong", None),
    1049: ("there is no such database", None),
    1040: ("the server has no connection left", None),
    1142: ("the login may not read it", "GRANT SELECT on the table to it"),
    1143: ("the login may not read it", "GRANT SELECT on the table to it"),
    1146: ("it has no such table", None),
    1053: ("the server went away", None),
    1317: ("the query was stopped by the server", None),
    1927: ("the server went away", None),
    1969: (f"the query took longer than {QUERY_SECONDS} s and was stopped", "narrow it with `where`, or index"),
    3024: (f"the query took longer than {QUERY_SECONDS} s and was stopped", "narrow it with `where`, or index"),
    3159: ("the server wants TLS", "give a URL that ends in ?sslmode=require"),
    2026: ("the server has no TLS, which is required", None),
}
_SIGNS: Sequence[tuple[str, tuple[str, str | None]]] = (
    (r"([Hh]ostname|IP address) mismatch", ("the server's certificate is for another name",
                                            "use that name in the URL, or ?sslmode=verify-ca")),
    (r"certificate|CERTIFICATE", ("the server's certificate does not hold", "name its authority in …_CA_FILE")),
    (r"[Cc]onnection refused", ("nothing listens there", None)),
    (r"cryptography", ("its login method needs the package `cryptography`, or TLS", "pip install cryptography")),
    (r"timed out", ("the server does not answer", None)),
    (r"unreachable|No route", ("the server cannot be reached", None)),
    (r"Lost connection|gone away|Broken pipe|reset by peer|unpack requires", ("the server went away", None)),
)  # fmt: skip


def _socket(addresses: Sequence[str], port: int) -> socket.socket:
    """A connection to the first address that answers."""
    last = OSError("no address")
    for address in addresses:
        try:
            return socket.create_connection((address, port), timeout=CONNECT_SECONDS)
        except OSError as error:
            last = error
    raise last


def _logged_in(login: Login) -> tuple[str | None, str | None]:
    """User and password, as MySQL's own programs find them: MYSQL_PWD, then [client] in ~/.my.cnf."""
    import os

    user, password = login.user, login.password or os.environ.get("MYSQL_PWD")
    parser = configparser.RawConfigParser(allow_no_value=True, strict=False)
    try:
        parser.read(Path.home() / ".my.cnf", encoding="utf-8")
    except (OSError, RuntimeError, configparser.Error, UnicodeError):
        return user, password

    def read(key: str) -> str | None:
        found = parser.get("client", key, fallback=None)
        return found.strip("\"'") if found else None

    return user or read("user"), password or read("password")


def _cut(db: pymysql.Connection[Any]) -> None:
    """Close without a word: what is left of a result is not read, and the server ends the transaction."""
    if db._result is not None:
        db._result.unbuffered_active = False  # else it is read to its end when it is freed, from a socket that is gone
    db._force_close()


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _text(value: str) -> str:
    """A text as MySQL reads it whatever its mode is: by its bytes, so that no quote can end it."""
    return f"_utf8mb4 x'{value.encode('utf-8').hex()}'" if value else "''"


def _column(name: str, kind: str, full: str, precision: str | None, scale: str | None, *, is_json: bool) -> Column:
    quoted, kind, full = _quoted(name), kind.lower(), full.lower()
    if full == "tinyint(1)" or full == "bit(1)":
        return Column(
            name, f"IF({quoted} IS NULL, NULL, IF({quoted}, 'true', 'false'))", "BOOLEAN", "boolean", raw=quoted
        )
    if kind in _INTEGERS:
        unsigned = "U" if "unsigned" in full else ""
        return Column(name, quoted, unsigned + _INTEGERS[kind], "integer")
    if kind in _BLOBS:
        return Column(name, "NULL", "VARCHAR")
    if kind == "bit":
        return Column(name, f"{quoted} + 0", "UBIGINT")
    if kind == "json" or is_json:
        return Column(name, quoted, "JSON", is_json=True)
    if kind in ("date", "datetime", "timestamp"):
        become = {"date": "DATE", "datetime": "TIMESTAMP", "timestamp": "TIMESTAMP WITH TIME ZONE"}[kind]
        return Column(name, quoted, become, "moment", may_fail=True)
    if kind == "decimal":
        width, scale_ = int(precision or 99), int(scale or 0)
        become = "DOUBLE" if width > 38 else f"DECIMAL({width},{scale_})" if scale_ else "HUGEINT"
        return Column(name, quoted, become)
    kinds = {"float": "DOUBLE", "double": "DOUBLE", "year": "INTEGER"}
    return Column(name, quoted, kinds.get(kind, "VARCHAR"), "text" if kind in _TEXTS else None)


class Dialect:
    """Conditions in MySQL's SQL, with whole numbers and the bytes of texts as values: both mean one thing only."""

    def column(self, column: Column) -> str:
        return _quoted(column.name)

    def compared(self, column: Column, operator: str, value: object) -> Condition | None:
        written = _value(column, value)
        if written is None:
            return None
        exact = column.family in ("integer", "boolean")
        if column.family == "boolean":
            # Whatever is not 0 is true.
            truth = f"({self.column(column)} <> 0)"
            return Condition(f"{truth} {operator} {written}", exact=exact)
        return Condition(f"{self.column(column)} {operator} {written}", exact=exact)

    def one_of(self, column: Column, values: Sequence[object]) -> Condition | None:
        written = [_value(column, value) for value in values]
        if column.family not in ("text", "integer") or None in written or len(written) > MAX_LISTED:
            return None
        listed = ", ".join(one for one in written if one is not None)
        sql = f"{self.column(column)} IN ({listed})" if listed else "FALSE"
        return Condition(sql, exact=column.family == "integer" and bool(listed))

    def like(self, column: Column, pattern: str) -> Condition | None:
        return Condition(f"{self.column(column)} LIKE {_text(pattern)}")

    def is_null(self, column: Column) -> Condition | None:
        # A date of zeros is null to everybody but MySQL.
        return None if column.may_fail else Condition(f"{self.column(column)} IS NULL", exact=True)


def _value(column: Column, value: object) -> str | None:
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, int):
        return str(value)
    if column.family == "moment":
        plain = re.fullmatch(r"(\d{4}-\d\d-\d\d(?: \d\d:\d\d:\d\d(?:\.\d{1,6})?)?)(?:\+00)?", str(value))
        return f"CAST('{plain[1]}' AS DATETIME(6))" if plain else None
    return _text(str(value))
