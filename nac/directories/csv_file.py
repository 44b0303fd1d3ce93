"""CSV. It has no types, so every column is text unless `types:` says otherwise: a guess would turn the phone
number +15550100 into 15550100 and the id 007 into 7. An empty field is null."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nac.directories.sql import identifier, literal
from nac.model import DirectorySettings

if TYPE_CHECKING:
    import duckdb


def attach(connection: duckdb.DuckDBPyConnection, name: str, path: str, settings: DirectorySettings) -> None:
    types = ", ".join(f"{literal(column)}: {literal(kind)}" for column, kind in settings.types.items())
    typed = f", types={{{types}}}" if types else ""
    connection.execute(
        f"CREATE OR REPLACE VIEW {identifier(name)} AS SELECT * FROM read_csv({literal(path)}, header=true, "
        f"all_varchar=true, auto_detect=true, sample_size=-1, nullstr='', strict_mode=true{typed})"
    )
