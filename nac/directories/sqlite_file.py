"""A table of a SQLite file, copied into DuckDB: DuckDB's own SQLite reader is an extension from the network."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from nac.directories.rows import dicts, load_rows, types_of
from nac.directories.sql import identifier
from nac.model import DirectorySettings

if TYPE_CHECKING:
    import duckdb


def attach(connection: duckdb.DuckDBPyConnection, name: str, path: str, settings: DirectorySettings) -> None:
    source = sqlite3.connect(f"{Path(path).as_uri()}?mode=ro", uri=True)
    try:
        # A view or a trigger in a hostile file must not call functions or load extensions.
        source.execute("PRAGMA trusted_schema = OFF")
        query = f"SELECT * FROM {identifier(settings.table or '')}"
        cursor = source.execute(query)
        names = [column[0] for column in cursor.description]
        types = types_of(dicts(names, (_plain(row) for row in cursor)))
        cursor = source.execute(query)
        load_rows(connection, name, types, dicts(names, (_plain(row) for row in cursor)))
    except sqlite3.Error as error:
        raise ValueError(str(error)) from None
    finally:
        source.close()


def _plain(row: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(None if isinstance(one, bytes) else one for one in row)
