"""CSV. It has no types, so every column is text unless `types:` says otherwise: a guess would turn the phone
number +15550100 into 15550100 and the id 007 into 7. An empty field is null.

Nor is the form guessed: DuckDB's guess reads a file with one row too short as one column, and leaves out what stands
before a row that is too long. The first line names the columns, and says whether `,`, `;`, `|` or a tab separates.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import TYPE_CHECKING

from nac.directories.sql import identifier, literal
from nac.model import DirectorySettings

if TYPE_CHECKING:
    import duckdb

_DELIMITERS = ",;|\t"


Header = tuple[list[str], str]
"""The names of the columns, and what stands between them."""


def attach(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    path: str,
    settings: DirectorySettings,
    header: Header | None = None,
) -> None:
    columns, delimiter = header or _header(path)
    kinds = {column: settings.types.get(column, "VARCHAR") for column in columns}
    if unknown := [column for column in settings.types if column not in kinds]:
        raise ValueError(f"it has no column `{unknown[0]}`, which `types` names")
    typed = ", ".join(f"{literal(column)}: {literal(kind)}" for column, kind in kinds.items())
    connection.execute(
        f"CREATE OR REPLACE VIEW {identifier(name)} AS SELECT * FROM read_csv({literal(path)}, header=true, "
        f"auto_detect=false, columns={{{typed}}}, delim={literal(delimiter)}, quote='\"', escape='\"', skip=0, "
        f"nullstr='', strict_mode=true)"
    )


def _header(path: str) -> Header:
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            first = file.readline(1_000_000)
            file.seek(0)
            return _names(file, first)
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8") from None


def header_of(line: str) -> Header:
    """What the first line of a CSV file says. Raises ValueError."""
    return _names([line], line)


def _names(lines: Iterable[str], first: str) -> Header:
    delimiter = max(_DELIMITERS, key=first.count)
    try:
        names = next(csv.reader(lines, delimiter=delimiter), [])
    except csv.Error as error:
        raise ValueError(f"its first line names no columns: {error}") from None
    if not any(names):
        raise ValueError("its first line names no columns")
    for number, name in enumerate(names, 1):
        if not name:
            raise ValueError(f"column {number} has no name")
        if name.casefold() in [other.casefold() for other in names[: number - 1]]:
            raise ValueError(f"two columns are called `{name[:40]}`")
    return names, delimiter
