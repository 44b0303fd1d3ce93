"""A YAML list of mappings, for a handful of people kept beside the triggers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from nac.directories.rows import load_rows, types_of
from nac.model import DirectorySettings
from nac.source import SourceFile
from nac.yaml_reader import read_yaml

if TYPE_CHECKING:
    import duckdb

MAX_BYTES = 8 * 1024 * 1024
MAX_NODES = 1_000_000


def attach(connection: duckdb.DuckDBPyConnection, name: str, path: str, settings: DirectorySettings) -> None:
    data = Path(path).read_bytes()
    if len(data) > MAX_BYTES:
        raise ValueError(f"a YAML directory may hold {MAX_BYTES:,} bytes; use NDJSON or Parquet for more")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"the byte 0x{data[error.start]:02x} is not UTF-8") from None
    node, mistakes = read_yaml(SourceFile(settings.path, text), max_nodes=MAX_NODES, allow_list=True)
    if mistakes or node is None:
        first = mistakes[0]
        line = f" (line {first.label.span.line})" if first.label.span else ""
        raise ValueError(f"{first.message}{line}")
    rows = node.value
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError("expected a list of mappings, one for each person")
    load_rows(connection, name, types_of(rows), rows)
