"""Names of tables in databases."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from nac.diagnostics import did_you_mean
from nac.directories.sources import SourceError


def names_of(table: str) -> list[str]:
    """`table` or `schema.table`, to be quoted one by one. Raises SourceError."""
    names = table.split(".")
    if not 1 <= len(names) <= 2 or not all(names) or any(not one.isprintable() or len(one) > 128 for one in names):
        raise SourceError("`table` is the name of a table, or SCHEMA.TABLE")
    return names


def unknown_table(table: str, known: Iterable[Sequence[str]], default: str) -> SourceError:
    names = [name if schema == default else f"{schema}.{name}" for schema, name in known]
    return SourceError(f"it has no table `{table[:80]}` that the login can see", did_you_mean(table, names))


def key_order(key: Sequence[str], quoted: Callable[[str], str]) -> str:
    """By the primary key of the table `t`, so that the same people come in the same order at every run."""
    # Without `t.` it would be the text that the column is shown as.
    return f" ORDER BY {', '.join(f't.{quoted(name)}' for name in key)}" if key else ""
