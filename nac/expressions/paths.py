"""Texts that hold plain paths alone, such as `{{ event.order.id }}`: most do. They are looked up directly."""

from __future__ import annotations

import re
from typing import Any

from nac.diagnostics import EXPRESSION_LIMIT
from nac.expressions.errors import ExpressionError, undefined
from nac.expressions.values import MAX_OUTPUT, Function, Scope, as_text, is_template

_PATH = r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*"
_LONE = re.compile(rf"\s*\{{\{{\s*({_PATH})\s*\}}\}}\s*")
_PIECE = re.compile(rf"\{{\{{\s*({_PATH})\s*\}}\}}")
# Words that Jinja reads as something other than a name.
_KEYWORDS = frozenset("true false none True False None and or not in is if else loop".split())


def split(text: str) -> tuple[list[str], list[tuple[str, ...]]] | None:
    """The literal pieces of a text and the paths between them; None when it holds anything that is not a path."""
    pieces = _PIECE.split(text)
    paths = [tuple(one.split(".")) for one in pieces[1::2]]
    if not paths or any(is_template(one) or "}}" in one for one in pieces[::2]):
        return None
    return None if any(_KEYWORDS.intersection(steps) for steps in paths) else (pieces[::2], paths)


def compile_paths(text: str) -> Function | None:
    """The function of a text of plain paths; None for any other text."""
    if (found := split(text)) is None:
        return None
    literals, paths = found
    return _lookup(paths[0]) if _LONE.fullmatch(text) else _join(literals, paths)


def _lookup(steps: tuple[str, ...]) -> Function:
    if len(steps) == 2:  # `row.name`: the form that runs once for each of a million people
        root, key = steps

        def short(scope: Scope) -> Any:
            try:
                return scope[root][key]
            except (KeyError, TypeError, IndexError):
                raise undefined(steps, scope) from None

        return short

    def long(scope: Scope) -> Any:
        value: Any = scope
        for step in steps:
            if not isinstance(value, dict) or step not in value:
                raise undefined(steps, scope)
            value = value[step]
        return value

    return long


def _join(literals: list[str], paths: list[tuple[str, ...]]) -> Function:
    getters = [_lookup(steps) for steps in paths]

    def join(scope: Scope) -> str:
        parts = [literals[0]]
        for steps, getter, literal in zip(paths, getters, literals[1:], strict=True):
            parts.append(as_text(getter(scope), ".".join(steps)))
            parts.append(literal)
        if sum(map(len, parts)) > MAX_OUTPUT:
            message = f"this expression would build more than {MAX_OUTPUT:,} characters or items"
            raise ExpressionError(EXPRESSION_LIMIT, message)
        return "".join(parts)

    return join
