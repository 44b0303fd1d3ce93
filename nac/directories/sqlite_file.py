"""A table of a SQLite file, copied into DuckDB: DuckDB's own SQLite reader is an extension from the network."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import TYPE_CHECKING

from nac.directories.rows import dicts, load_rows, types_of
from nac.directories.sql import identifier
from nac.model import DirectorySettings

if TYPE_CHECKING:
    import duckdb

SECONDS = 20.0
MAX_VALUE = 1_000_000
"""Characters or bytes of one value."""

_STEPS = 1_000  # of SQLite's machine, between two looks at the clock


def attach(connection: duckdb.DuckDBPyConnection, name: str, path: str, settings: DirectorySettings) -> None:
    source = sqlite3.connect(f"{Path(path).as_uri()}?mode=ro", uri=True)
    end = time.monotonic() + SECONDS
    try:
        # A view may have no end, and make values of any size.
        source.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
        source.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE)
        # A view or a trigger in a hostile file must not call functions or load extensions.
        source.execute("PRAGMA trusted_schema = OFF")
        query = f"SELECT * FROM {identifier(settings.table or '')}"
        cursor = source.execute(query)
        names = [column[0] for column in cursor.description]
        types = types_of(dicts(names, (_plain(row) for row in cursor)))
        cursor = source.execute(query)
        load_rows(connection, name, types, dicts(names, (_plain(row) for row in cursor)))
    except sqlite3.Error as error:
        said = {"SQLITE_INTERRUPT": f"it takes longer than {SECONDS:.0f} s", "SQLITE_TOOBIG": "a value is too large"}
        raise ValueError(said.get(getattr(error, "sqlite_errorname", ""), str(error))) from None
    finally:
        source.close()


def _plain(row: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(None if isinstance(one, bytes) else one for one in row)
