"""What a database gives: columns, and rows of text in chunks."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

Texts = tuple[str | None, ...]
Chunks = Generator[list[Texts], None, None]
Family = Literal["text", "integer", "boolean", "moment"]

ROWS_AT_ONCE = 4096
CHUNK_BYTES = 4_000_000
CONNECT_SECONDS = 10
STEP_SECONDS = 60.0
"""How long a server may take for the next rows."""


class SourceError(Exception):
    """Why a database or a remote file cannot be read, without any secret; `help` is what to do about it."""

    def __init__(self, message: str, help: str | None = None) -> None:
        super().__init__(message)
        self.message, self.help = message, help


@dataclass(frozen=True)
class Column:
    """A column of a table on a server.

    `shown` is the server's SQL for its value as text, and `kind` the type of DuckDB that the text becomes. With
    `family` None no condition on it is left to the server.
    """

    name: str
    shown: str
    kind: str
    family: Family | None = None
    is_json: bool = False
    raw: str | None = None
    """The server's SQL for its value where an author asks for another type than `kind`, if not `shown`."""
    may_fail: bool = False
    """Some of its texts are no value of `kind`, and become null: MySQL's date 0000-00-00."""


@dataclass(frozen=True)
class Condition:
    """A part of a `where`, in the server's SQL. It holds for every row that the whole `where` holds for; `exact`: it
    is true, false and null for the same rows."""

    sql: str
    values: tuple[object, ...] = ()
    exact: bool = False


class Dialect(Protocol):
    """How a server's SQL says what a condition says. None: it cannot, or not with the same meaning."""

    def column(self, column: Column) -> str: ...
    def compared(self, column: Column, operator: str, value: object) -> Condition | None: ...
    def one_of(self, column: Column, values: Sequence[object]) -> Condition | None: ...
    def like(self, column: Column, pattern: str) -> Condition | None: ...
    def is_null(self, column: Column) -> Condition | None: ...


class Source(Protocol):
    """A table of a database, open for reading."""

    @property
    def columns(self) -> Mapping[str, Column]: ...

    @property
    def dialect(self) -> Dialect: ...

    def chunks(self, columns: Sequence[Column], condition: Condition | None, limit: int | None) -> Chunks:
        """These columns, at least one, of the rows that a condition holds for. Raises SourceError."""
        ...

    def close(self) -> None: ...


class Sizes:
    """How many rows to ask for next: a chunk has about CHUNK_BYTES at most, however long its texts are."""

    def __init__(self) -> None:
        self.next = 256

    def saw(self, rows: Sequence[Texts]) -> None:
        size = sum(len(value) for row in rows for value in row if value is not None)
        fitting = CHUNK_BYTES * len(rows) // max(size, 1)
        self.next = max(1, min(ROWS_AT_ONCE, self.next * 4, fitting))
