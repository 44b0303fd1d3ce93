"""Texts with expressions inside JSON values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from nac.diagnostics import EXPRESSION_FAILED, describe
from nac.expressions.errors import ExpressionError

Scope = dict[str, Any]
Function = Callable[[Scope], Any]

MAX_TEXT = 8192  # characters of a text with expressions
MAX_OUTPUT = 1_000_000  # characters and items of what an expression builds


def is_template(value: object) -> bool:
    """Whether a value is text that holds an expression, and so is not known before an event is."""
    return isinstance(value, str) and ("{{" in value or "{%" in value or "{#" in value)


def texts(value: Any) -> Iterator[str]:
    """Every text in a JSON value, keys left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts(one)


def templates(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every text that holds an expression, with the path that leads to it."""
    if is_template(value):
        yield path, value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from templates(one, (*path, key))
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from templates(one, (*path, index))


def as_text(value: Any, needle: str | None = None) -> str:
    """A value inside a longer text: text and numbers only, so that nobody is greeted as `None` or `['a']`."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    what = f"`{needle}`" if needle else "an expression in this text"
    if value is None:
        raise ExpressionError(EXPRESSION_FAILED, f"{what} is null, which has no place in a text", needle,
                              "give it a fallback: `| default('…', true)`")  # fmt: skip
    message = f"{what} is {describe(value)}, which cannot be part of a text"
    help = "use `| join(', ')` or `| tojson`, or write the expression alone to keep its type"
    raise ExpressionError(EXPRESSION_FAILED, message, needle, help)
