"""A table of a SQLite file, read row by row: DuckDB's own SQLite reader is an extension from the network.

A small file is copied into DuckDB once, where it is asked any number of times; a large one is read anew for each
question, a chunk at a time.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from nac.directories.rows import common_type
from nac.directories.sources import Chunks, Column, Condition, Sizes, SourceError, Texts
from nac.directories.sql import identifier
from nac.directories.stream import StreamedTable
from nac.model import DirectorySettings

if TYPE_CHECKING:
    import duckdb

T = TypeVar("T")

SMALL = 16 * 1024 * 1024
"""Bytes up to which a file is copied."""

SECONDS = 60.0
"""How long SQLite may take for the next rows, or for a look at the types of all of them."""

MAX_VALUE = 1_000_000
"""Characters or bytes of one value."""

_STEPS = 1_000  # of SQLite's machine, between two looks at the clock
_KINDS = {"integer": "BIGINT", "real": "DOUBLE", "text": "VARCHAR"}


def attach(connection: duckdb.DuckDBPyConnection, name: str, path: str, settings: DirectorySettings) -> None:
    """Make the table `name` of all rows. Raises ValueError and duckdb.Error."""
    try:
        with closing(SQLite(path, settings.table or "")) as source:
            table = StreamedTable(name, source, {})
            table.make(connection)
            for _ in table.chunks(connection, list(table.columns), keep=True):
                pass
    except SourceError as error:
        raise ValueError(error.message) from None


class NothingAsked:
    """A dialect in which no condition can be said: every row is looked at here."""

    def column(self, column: Column) -> str:
        return identifier(column.name)

    def compared(self, column: Column, operator: str, value: object) -> None:
        return None

    def one_of(self, column: Column, values: Sequence[object]) -> None:
        return None

    def like(self, column: Column, pattern: str) -> None:
        return None

    def is_null(self, column: Column) -> None:
        return None


class SQLite:
    """`nac.directories.sources.Source` of one state of a file. A value that is no text or number is null."""

    def __init__(self, path: str, table: str) -> None:
        self.dialect = NothingAsked()
        self._table = identifier(table)
        self._end = time.monotonic() + SECONDS
        self._db = self._bounded(
            lambda: sqlite3.connect(
                f"{Path(path).as_uri()}?mode=ro", uri=True, isolation_level=None, check_same_thread=False
            )
        )
        try:
            # A view may have no end, and make values of any size.
            self._db.set_progress_handler(lambda: time.monotonic() > self._end, _STEPS)
            self._db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE)
            self.columns = self._bounded(self._described)
        except BaseException:
            self.close()
            raise

    def chunks(self, columns: Sequence[Column], condition: Condition | None, limit: int | None) -> Chunks:
        shown = ", ".join(one.shown for one in columns)
        most = f" LIMIT {limit:d}" if limit is not None else ""
        as_texts = [_as_text(one.kind) for one in columns]
        sizes = Sizes()
        cursor = self._bounded(lambda: self._db.execute(f"SELECT {shown} FROM {self._table}{most}"))
        while rows := self._bounded(lambda: cursor.fetchmany(sizes.next)):
            texts: list[Texts] = [
                tuple(None if one is None else text(one) for text, one in zip(as_texts, row, strict=True))
                for row in rows
            ]
            sizes.saw(texts)
            yield texts

    def close(self) -> None:
        self._db.close()

    def _described(self) -> Mapping[str, Column]:
        # A view or a trigger in a hostile file must not call functions or load extensions.
        self._db.execute("PRAGMA trusted_schema = OFF")
        self._db.execute("BEGIN")
        names = [one[0] for one in self._db.execute(f"SELECT * FROM {self._table} LIMIT 0").description]
        kinds = ", ".join(f"typeof({identifier(name)})" for name in names)
        types = dict.fromkeys(names, "")
        for row in self._db.execute(f"SELECT DISTINCT {kinds} FROM {self._table}"):
            for name, kind in zip(names, row, strict=True):
                types[name] = common_type(types[name], _KINDS.get(kind, ""))
        return {name: _column(name, kind or "VARCHAR") for name, kind in types.items()}

    def _bounded(self, step: Callable[[], T]) -> T:
        self._end = time.monotonic() + SECONDS
        try:
            return step()
        except sqlite3.Error as error:
            said = {
                "SQLITE_INTERRUPT": f"it takes longer than {SECONDS:.0f} s",
                "SQLITE_TOOBIG": "a value is too large",
            }
            told = str(error)
            if told.startswith("Could not decode"):  # with the text, which may be somebody's data
                told = "a text is not UTF-8"
            raise SourceError(said.get(getattr(error, "sqlite_errorname", ""), told)) from None


def _column(name: str, kind: str) -> Column:
    return Column(name, f"CASE typeof({identifier(name)}) WHEN 'blob' THEN NULL ELSE {identifier(name)} END", kind,
                  is_json=kind == "JSON")  # fmt: skip


def _as_text(kind: str) -> Callable[[Any], str]:
    if kind == "DOUBLE":
        return repr
    return str if kind in ("BIGINT", "VARCHAR") else json.dumps
