"""Functions of SQL that build one value of any size from a number, such as `repeat`.

DuckDB's memory limit does not count what stands in a single value, and a constant one is built before any limit of
time is looked at: `repeat('a', 3000000000)` takes 9 GB.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

MAX_GROWTH = 1000

_GROWING = frozenset("repeat lpad rpad list_resize array_resize range generate_series format printf".split())


def unbounded(tree: Any) -> Iterator[str]:
    """The functions that may build a value larger than MAX_GROWTH: of a size that is not written down, or nested."""
    stack: list[tuple[Any, bool]] = [(tree, False)]
    while stack:
        one, inside = stack.pop()
        if isinstance(one, list):
            stack.extend((child, inside) for child in one)
        elif isinstance(one, dict):
            if one.get("type") == "TABLE_FUNCTION":  # gives row after row, which the limits of time and memory stop
                function = one.get("function", {})
                one = {**one, "function": [function.get("arguments"), function.get("children")]}
            name = str(one.get("function_name")).lower()
            if name in _GROWING:
                if inside or not _small(name, one.get("arguments") or one.get("children") or []):
                    yield name
                inside = True
            stack.extend((child, inside) for child in one.values())


def _small(name: str, arguments: list[Any]) -> bool:
    written = [_literal(one.get("expression", one)) for one in arguments]
    if name in ("format", "printf"):
        return bool(written[:1]) and re.search(r"\d{4}|\*|\{[^}]*\{", written[0] or "9999") is None
    size = written[1] if len(written) > 1 and name not in ("range", "generate_series") else None
    return size is not None and re.fullmatch(r"\d{1,4}", size) is not None and int(size) <= MAX_GROWTH


def _literal(expression: dict[str, Any]) -> str | None:
    """What is written down as a value, as text; DuckDB 1 and 2 put it in different places."""
    if expression.get("class") != "CONSTANT":
        return None
    found = expression.get("literal", {}).get("text", expression.get("value", {}).get("value"))
    return None if found is None else str(found)
