"""Rows that Python read (YAML) → a table of DuckDB."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from nac.directories.sql import identifier, literal

if TYPE_CHECKING:
    import duckdb

_AT_ONCE = 5000


def load_rows(
    connection: duckdb.DuckDBPyConnection, name: str, types: Mapping[str, str], rows: Iterable[dict[str, Any]]
) -> None:
    """Make the table `name` with these columns and rows; JSON carries the values, so any JSON type may."""
    columns = ", ".join(f"{identifier(column)} {kind}" for column, kind in types.items())
    connection.execute(f"CREATE OR REPLACE TABLE {identifier(name)} ({columns})")
    shape = json.dumps([dict(types)])
    source = iter(rows)
    insert = f"INSERT INTO {identifier(name)} SELECT unnest(from_json(?::JSON, {literal(shape)}), max_depth := 2)"
    while batch := list(islice(source, _AT_ONCE)):
        connection.execute(insert, [json.dumps(batch, ensure_ascii=False)])


def types_of(rows: Iterable[dict[str, Any]]) -> dict[str, str]:
    """The column types that hold every value of some rows: text, BIGINT, DOUBLE, BOOLEAN, or JSON for the rest."""
    found: dict[str, str] = {}
    for row in rows:
        for column, value in row.items():
            found[column] = common_type(found.get(column, ""), _type_of(value))
    return {column: kind or "VARCHAR" for column, kind in found.items()}


def common_type(known: str, kind: str) -> str:
    """The type that holds the values of two; "" is that of no value."""
    if not known or not kind or known == kind:
        return known or kind
    return "DOUBLE" if {known, kind} == {"BIGINT", "DOUBLE"} else "JSON"


def _type_of(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "BOOLEAN"
    if isinstance(value, int):
        return "BIGINT" if -(2**63) <= value < 2**63 else "JSON"
    if isinstance(value, float):
        return "DOUBLE"
    if isinstance(value, str):
        return "VARCHAR"
    if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        return "VARCHAR[]"
    return "JSON"
