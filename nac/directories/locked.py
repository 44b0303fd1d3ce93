"""A connection of DuckDB that is locked before the first word of an author's SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from nac.directories.sql import literal

if TYPE_CHECKING:
    import duckdb

MEMORY_LIMIT = "512MB"


def connect(
    paths: Iterable[str], prepare: Callable[[duckdb.DuckDBPyConnection], None] = lambda connection: None
) -> duckdb.DuckDBPyConnection:
    """A connection that reads these paths and addresses and nothing else. `prepare` is called before the lock falls."""
    import duckdb

    connection = duckdb.connect(":memory:")
    try:
        for option, value in (
            ("threads", "1"),  # one thread keeps rows in the order of the file
            ("memory_limit", f"'{MEMORY_LIMIT}'"),
            ("temp_directory", "''"),
            ("autoinstall_known_extensions", "false"),
            ("autoload_known_extensions", "false"),
            ("python_enable_replacements", "false"),
            ("errors_as_json", "false"),
            ("enable_progress_bar", "false"),  # after two seconds it would stand in the middle of stdout
            ("TimeZone", "'UTC'"),  # never the machine's
        ):
            connection.execute(f"SET {option} = {value}")
        prepare(connection)
        connection.execute(f"SET allowed_paths = [{', '.join(map(literal, paths))}]")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
    except BaseException:
        connection.close()
        raise
    return connection
