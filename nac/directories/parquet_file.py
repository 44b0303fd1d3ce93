"""Parquet. It has types of its own, and is read column by column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nac.directories.sql import identifier, literal
from nac.model import DirectorySettings

if TYPE_CHECKING:
    import duckdb


def attach(connection: duckdb.DuckDBPyConnection, name: str, path: str, settings: DirectorySettings) -> None:
    connection.execute(f"CREATE OR REPLACE VIEW {identifier(name)} AS SELECT * FROM read_parquet({literal(path)})")
