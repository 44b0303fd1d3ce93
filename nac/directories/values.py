"""Columns of DuckDB as JSON values, converted in SQL so that Python sees text, numbers, booleans and lists."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Any

_SIMPLE = re.compile(r"(VARCHAR|BOOLEAN|U?(TINY|SMALL|BIG)INT|U?INTEGER|U?HUGEINT|DOUBLE|FLOAT)\Z")
_SIMPLE_LIST = re.compile(r"(VARCHAR|BOOLEAN|U?(TINY|SMALL|BIG)INT|U?INTEGER|DOUBLE|FLOAT)(\[\])+\Z")


def columns_as_json(
    names: Sequence[str], types: Sequence[str]
) -> tuple[str, Callable[[tuple[Any, ...]], dict[str, Any]]]:
    """The SELECT list that shows columns as JSON can hold them, and a function from a row to a dict.

    Dates and times become ISO 8601 text (with `Z` where the column has a zone), decimals numbers, blobs nothing.
    """
    shown: list[str] = []
    encoded: list[int] = []
    for index, (name, kind) in enumerate(zip(names, types, strict=True)):
        column = '"' + name.replace('"', '""') + '"'
        if _SIMPLE.match(kind) or _SIMPLE_LIST.match(kind):
            expression = column
        elif kind == "TIMESTAMP WITH TIME ZONE":
            expression = _without_zeros(f"strftime(timezone('UTC', {column}), '%Y-%m-%dT%H:%M:%S.%f')") + " || 'Z'"
        elif kind.startswith("TIMESTAMP"):
            expression = _without_zeros(f"strftime({column}, '%Y-%m-%dT%H:%M:%S.%f')")
        elif kind.startswith("DECIMAL"):
            expression = f"CAST({column} AS DOUBLE)"
        elif kind == "BLOB":
            expression = "NULL"
        elif kind in ("JSON", "VARIANT") or kind.startswith(("STRUCT", "MAP", "UNION")) or kind.endswith("]"):
            expression = f"CAST(to_json({column}) AS VARCHAR)"
            encoded.append(index)
        else:  # DATE, TIME, UUID, INTERVAL, ENUM …
            expression = f"CAST({column} AS VARCHAR)"
        shown.append(f"{expression} AS {column}")
    return ", ".join(shown), _decoder(tuple(names), tuple(encoded))


def _without_zeros(text: str) -> str:
    return f"regexp_replace({text}, '\\.?0+$', '')"


def _decoder(names: tuple[str, ...], encoded: tuple[int, ...]) -> Callable[[tuple[Any, ...]], dict[str, Any]]:
    if not encoded:
        return lambda values: dict(zip(names, values, strict=False))

    def decode(values: tuple[Any, ...]) -> dict[str, Any]:
        row = dict(zip(names, values, strict=False))
        for index in encoded:
            if values[index] is not None:
                row[names[index]] = json.loads(values[index])
        return row

    return decode
