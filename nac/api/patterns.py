"""Regular expressions that take time in proportion to the text, whatever the pattern: RE2's, which DuckDB has."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@cache
def _database() -> DuckDBPyConnection:
    import duckdb

    return duckdb.connect(":memory:", config={"threads": 1})


def is_found(pattern: str, text: str) -> bool:
    """Whether the pattern is found somewhere in the text. Raises ValueError for what RE2 does not know."""
    import duckdb

    try:
        row = _database().execute("SELECT regexp_matches($1, $2)", [text, pattern]).fetchone()
    except duckdb.Error as error:
        why = re.sub(r"^[\w ]*Error: ", "", str(error).split("\n")[0])
        raise ValueError(f"RE2 does not know it ({why[:200]})") from None
    return bool(row and row[0])
