"""JSON (an array of objects) and NDJSON (one object a line).

The whole file is looked at for its columns, and a text stays a text: DuckDB would otherwise take what looks like
a date, a time or a UUID for one, and print it differently.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nac.directories.sql import identifier, literal
from nac.model import DirectorySettings

if TYPE_CHECKING:
    import duckdb

_GUESSED = re.compile(r"\b(TIMESTAMP WITH TIME ZONE|TIMESTAMP_NS|TIMESTAMP|DATE|TIME WITH TIME ZONE|TIME|UUID)\b")


def attach(connection: duckdb.DuckDBPyConnection, name: str, path: str, settings: DirectorySettings) -> None:
    _attach(connection, name, path, "array")


def attach_lines(connection: duckdb.DuckDBPyConnection, name: str, path: str, settings: DirectorySettings) -> None:
    _attach(connection, name, path, "newline_delimited")


def _attach(connection: duckdb.DuckDBPyConnection, name: str, path: str, layout: str) -> None:
    read = f"read_json({literal(path)}, format={literal(layout)}, sample_size=-1, map_inference_threshold=-1"
    found = connection.execute(f"DESCRIBE SELECT * FROM {read})").fetchall()
    _no_twins(connection, path, layout, [row[0] for row in found])
    columns = ", ".join(f"{literal(row[0])}: {literal(_as_text(row[1]))}" for row in found)
    connection.execute(
        f"CREATE OR REPLACE VIEW {identifier(name)} AS SELECT * FROM "
        f"read_json({literal(path)}, format={literal(layout)}, columns={{{columns}}})"
    )


def _no_twins(connection: duckdb.DuckDBPyConnection, path: str, layout: str, names: list[str]) -> None:
    """Refuse keys that differ in letter case alone: DuckDB would call the second `ID_1`, and lose its values."""
    known = {name.casefold() for name in names}
    if not any(re.fullmatch(r"(.+)_\d+", name) and name.rsplit("_", 1)[0].casefold() in known for name in names):
        return
    keys = connection.execute(
        f"SELECT DISTINCT unnest(json_keys(json)) FROM read_json_objects({literal(path)}, format={literal(layout)})"
    ).fetchall()
    seen: dict[str, str] = {}
    for (key,) in sorted(keys):
        if seen.setdefault(key.casefold(), key) != key:
            raise ValueError(f"the keys `{seen[key.casefold()]}` and `{key}` differ in letter case alone")


def _as_text(kind: str) -> str:
    # A field of a STRUCT may be called "time": quoted names are not types.
    parts = re.split(r'("(?:[^"]|"")*")', kind)
    return "".join(part if part.startswith('"') else _GUESSED.sub("VARCHAR", part) for part in parts)
