"""The filters and tests of expressions: Jinja's, where those cannot build what has no end; ours, where they could."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from jinja2 import filters as jinja_filters
from jinja2 import tests as jinja_tests
from jinja2.runtime import Undefined
from jinja2.utils import pass_environment

from nac.diagnostics import EXPRESSION_FAILED, INVALID_EXPRESSION
from nac.expressions.budget import charged, room, size
from nac.expressions.errors import ExpressionError
from nac.expressions.results import as_json
from nac.expressions.values import as_text


def _text(value: Any) -> str:
    """What a filter of texts is given: a text or a number, and never Python's words for null or a list."""
    if isinstance(value, Undefined):
        return str(value)  # raises, with what was looked up
    return as_text(value)


def _of_text(name: str) -> Callable[..., Any]:
    function = jinja_filters.FILTERS[name]
    return lambda value, *args, **kwargs: function(_text(value), *args, **kwargs)


def _replace(value: Any, old: Any, new: Any, count: int | None = None) -> str:
    text, old, new = _text(value), _text(old), _text(new)
    times = text.count(old) if count is None or count < 0 else min(text.count(old), int(count))
    room(len(text) + times * len(new))
    return text.replace(old, new, times)


@pass_environment
def _sum(environment: Any, value: Iterable[Any], attribute: Any = None, start: Any = 0) -> Any:
    if not isinstance(start, (int, float)):  # lists would be copied for each that is added
        raise ExpressionError(EXPRESSION_FAILED, "`sum` takes numbers")
    return jinja_filters.FILTERS["sum"](environment, value, attribute, start)


def _join(value: Iterable[Any], separator: Any = "", attribute: Any = None) -> str:
    if attribute is not None:
        raise ExpressionError(
            INVALID_EXPRESSION, "`join` takes no attribute here", help="use `| map(attribute='…') | join(…)`"
        )
    parts = [as_text(one) for one in value]
    room(sum(map(len, parts)) + len(parts) * len(str(separator)))
    return str(separator).join(parts)


def _round(value: Any, precision: int = 0, method: str = "common") -> Any:
    if not -15 <= precision <= 15:
        raise ExpressionError(EXPRESSION_FAILED, "`round` takes a precision from -15 to 15")
    result = jinja_filters.do_round(value, precision, method)  # type: ignore[arg-type]  # Jinja checks the word
    return int(result) if precision <= 0 else result


def _truncate(value: Any, length: int = 255, killwords: bool = False, end: str = "...") -> str:
    text = _text(value)
    room(len(text) + len(end))
    if len(text) <= length:
        return text
    cut = text[: max(0, length - len(end))]
    return (cut if killwords else cut.rsplit(" ", 1)[0]) + end


def _tojson(value: Any) -> str:
    size(value)
    return json.dumps(as_json(value), ensure_ascii=False)


def _string(value: Any) -> str:
    return _text(value)


_FILTERS: dict[str, Callable[..., Any]] = {
    "replace": _replace, "join": _join, "round": _round, "tojson": _tojson, "string": _string, "truncate": _truncate,
    "sum": _sum,
    **{name: _of_text(name) for name in ("capitalize", "lower", "title", "trim", "upper", "urlencode", "wordcount")},
    **{
        name: jinja_filters.FILTERS[name]
        for name in (
            "abs", "count", "d", "default", "dictsort", "first", "float", "int", "items", "last", "length", "list",
            "map", "max", "min", "reject", "rejectattr", "reverse", "select", "selectattr", "sort", "unique",
        )
    },
}  # fmt: skip
# What takes longer for each item than the rest.
_DEAR = {
    "sort": 24, "dictsort": 24, "unique": 8, "title": 4, "min": 4, "max": 8, "map": 4,
    "select": 12, "reject": 12, "selectattr": 16, "rejectattr": 16,
}  # fmt: skip
FILTERS = {name: charged(function, _DEAR.get(name, 1)) for name, function in _FILTERS.items()}
TESTS = {
    name: charged(jinja_tests.TESTS[name])  # type: ignore[arg-type]  # they are called "function" there
    for name in (
        "boolean", "defined", "divisibleby", "eq", "==", "equalto", "even", "false", "float", "ge", ">=", "gt", ">",
        "greaterthan", "in", "integer", "le", "<=", "lessthan", "lower", "lt", "<", "mapping", "ne", "!=", "none",
        "number", "odd", "sequence", "string", "true", "undefined", "upper",
    )
}  # fmt: skip
