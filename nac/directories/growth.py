"""Functions of SQL that build one value of any size, such as `repeat`.

DuckDB's memory limit does not count what stands in a single value, and a constant one is built before any limit of
time is looked at: `repeat('a', 3000000000)` takes 9 GB.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

MAX_GROWTH = 1000

_GROWING = frozenset(
    "repeat lpad rpad list_resize array_resize range generate_series format printf bitstring replace regexp_replace "
    "list_reduce array_reduce reduce".split()
)
_REPLACING = ("replace", "regexp_replace")


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
            arguments = one.get("arguments") or one.get("children") or []
            if name in _GROWING and not (name in _REPLACING and _shortens(name, arguments)):
                if inside or not _small(name, arguments):
                    yield name
                inside = True
            stack.extend((child, inside) for child in one.values())


# Of these each may make a value longer by what it is made of, once more with what another made.
_TIMES = frozenset(
    "repeat replace regexp_replace array_to_string string_agg group_concat listagg list_aggregate list_aggr "
    "array_aggregate array_aggr aggregate list_string_agg printf format".split()
)
_PLUS = frozenset("|| concat concat_ws list_concat list_cat array_concat array_cat".split())
MAX_PLUS = 10


def chained(tree: Any) -> bool:
    """Whether what one of them makes can be given to another by name: in subqueries and lambdas.

    Ten times `x || x`, each of the last, make a text a thousand times as long, and thirty of them fill any memory.
    """
    times = plus = 0
    stack: list[tuple[Any, bool, bool]] = [(tree, False, False)]
    while stack:
        one, named, recursive = stack.pop()
        if isinstance(one, list):
            stack.extend((child, named, recursive) for child in one)
        elif isinstance(one, dict):
            named = named or one.get("class") in ("SUBQUERY", "LAMBDA")
            recursive = recursive or one.get("type") == "RECURSIVE_CTE_NODE"
            name = str(one.get("function_name")).lower()
            if named and (name in _TIMES or name in _PLUS):
                arguments = one.get("arguments") or one.get("children") or []
                times += name in _TIMES and not (name in _REPLACING and _shortens(name, arguments))
                plus += len(arguments) - 1 if name in _PLUS else 0
                if recursive or times > 1 or plus > MAX_PLUS:
                    return True
            stack.extend((child, named, recursive) for child in one.values())
    return False


def _small(name: str, arguments: list[Any]) -> bool:
    written = [_literal(one.get("expression", one)) for one in arguments]
    if name in ("format", "printf"):
        return bool(written[:1]) and re.search(r"\d{4}|\*|\{[^}]*\{", written[0] or "9999") is None
    if name in _REPLACING:  # by no more than what is written, unless in what grew already
        return True
    never = ("range", "generate_series", "list_reduce", "array_reduce", "reduce")
    size = written[1] if len(written) > 1 and name not in never else None
    return size is not None and re.fullmatch(r"\d{1,4}", size) is not None and int(size) <= MAX_GROWTH


def _shortens(name: str, arguments: list[Any]) -> bool:
    """Whether what is put in the place of something is known to be no longer."""
    written = [_literal(one.get("expression", one)) for one in arguments[1:3]]
    if len(written) < 2 or written[0] is None or written[1] is None:
        return False
    return not written[1] or (name == "replace" and 0 < len(written[1].encode()) <= len(written[0].encode()))


def _literal(expression: dict[str, Any]) -> str | None:
    """What is written down as a value, as text; DuckDB 1 and 2 put it in different places."""
    if expression.get("class") != "CONSTANT":
        return None
    found = expression.get("literal", {}).get("text", expression.get("value", {}).get("value"))
    return None if found is None else str(found)
