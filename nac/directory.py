"""What the decisions know of directories: a question, and rows as the answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from nac.diagnostics import Rule


@dataclass(frozen=True)
class Query:
    """A question to a directory. `params` are bound to `$name` in the SQL; `columns` None means all of them."""

    directory: str
    where: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    order_by: str | None = None
    limit: int | None = None
    columns: frozenset[str] | None = None


class DirectoryError(Exception):
    """A directory or query that cannot be used. `part` is the key of the selector to point at, `needle` the words
    in its value (below `params`, the key)."""

    def __init__(
        self, rule: Rule, message: str, part: str = "from", help: str | None = None, needle: str | None = None
    ) -> None:
        super().__init__(message)
        self.rule, self.message, self.part, self.help, self.needle = rule, message, part, help, needle


class Directories(Protocol):
    """Where people are looked up."""

    def rows(self, query: Query) -> Iterator[dict[str, Any]]:
        """Rows by column name, as JSON values. Raises DirectoryError."""
        ...
