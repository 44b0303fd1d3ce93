"""What one evaluation may cost: steps out of MAX_WORK, and the size of what it builds."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import wraps
from typing import Any

from nac.diagnostics import EXPRESSION_LIMIT
from nac.expressions.errors import ExpressionError
from nac.expressions.values import MAX_OUTPUT

MAX_WORK = 5_000_000


class _Work(threading.local):
    left = MAX_WORK


work = _Work()  # of this thread


def spend(steps: int) -> None:
    """Take steps off the budget; raises ExpressionError when there are none left."""
    work.left -= steps
    if work.left < 0:
        raise ExpressionError(EXPRESSION_LIMIT, "this expression takes too many steps", None,
                              "hand over less in the event, or prepare it there")  # fmt: skip


def charged(function: Callable[..., Any], price: int = 1) -> Callable[..., Any]:
    """A filter or test that pays for the characters and items it is given and gives back, `price` steps each."""

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        spend(1 + price * sum(len(one) for one in args if isinstance(one, (str, list, tuple, dict))))
        result = function(*args, **kwargs)
        if isinstance(result, (str, list)):
            spend(len(result))
        return result

    return run


def size(value: Any) -> int:
    """Characters and items in a JSON value; stops counting soon after MAX_OUTPUT."""
    total, stack = 0, [value]
    while stack:
        one = stack.pop()
        total += len(one) if isinstance(one, (str, list, tuple, dict)) else 1
        room(total)
        if isinstance(one, dict):
            stack.extend(one.values())
        elif isinstance(one, (list, tuple)):
            stack.extend(one)
    spend(total)
    return total


def room(size: int) -> None:
    """Whether what is about to be built may be that large; raises ExpressionError when it may not."""
    if size > MAX_OUTPUT:
        message = f"this expression would build more than {MAX_OUTPUT:,} characters or items"
        raise ExpressionError(EXPRESSION_LIMIT, message)
