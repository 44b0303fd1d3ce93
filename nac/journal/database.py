"""What both back ends can do. Statements are written with `?`, and with SQL that both understand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol, TypeVar

T = TypeVar("T")
Row = tuple[Any, ...]


class Cursor(Protocol):
    """A transaction in the making."""

    def has(self, table: str) -> bool: ...

    def all(self, sql: str, *values: object) -> list[Row]: ...

    def run(self, sql: str, *values: object) -> None: ...

    def many(self, sql: str, rows: Iterable[Sequence[object]]) -> None: ...


class Database(Protocol):
    """A database of one thread at a time. Everything raises JournalError."""

    where: str  # for messages: no password in it

    def prepare(self, migrate: Callable[[Cursor], None]) -> None:
        """Run `migrate` in a transaction that no other process is in at the same time."""
        ...

    def transaction(self, work: Callable[[Cursor], T]) -> T:
        """Run `work` and commit: on return it is on the disk. It may be run more than once, so it must not count."""
        ...

    def lock(self, plan: str, *, wait: Callable[[], bool]) -> None:
        """Keep other runs from this plan until `close`. `wait` is asked before each new try; where it says no,
        LockedError."""
        ...

    def close(self) -> None: ...
