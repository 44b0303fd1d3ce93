"""What Jinja gives back as the JSON value it stands for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from nac.diagnostics import EXPRESSION_FAILED
from nac.expressions.budget import room, size
from nac.expressions.errors import ExpressionError


def as_json(value: Any) -> Any:
    """Jinja's tuples, generators and markup as the JSON value they stand for."""
    if isinstance(value, dict):
        return {str(key): as_json(one) for key, one in value.items()}
    if isinstance(value, str):
        if not value.isascii() and re.search("[\ud800-\udfff]", value):
            raise ExpressionError(EXPRESSION_FAILED, "the result holds half of a surrogate pair, which is not text")
        return str(value)
    if isinstance(value, (list, tuple)):
        return [as_json(one) for one in value]
    if value is None or isinstance(value, (bool, int, float)):
        if isinstance(value, float) and not (float("-inf") < value < float("inf")):
            raise ExpressionError(EXPRESSION_FAILED, "the result is not a number that JSON can hold")
        return value
    if isinstance(value, Iterable):
        items = [as_json(one) for one in _bounded(value)]
        size(items)
        return items
    raise ExpressionError(EXPRESSION_FAILED, "the result is not a JSON value")


def _bounded(values: Iterable[Any]) -> Iterator[Any]:
    for count, value in enumerate(values):
        room(count)
        yield value
