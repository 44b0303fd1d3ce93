"""The short way through what templates are mostly made of: `{{a.b}}`, `if`, `unless` and `each`.

Each does what the helper in builtins.py does, for the values that are met most, without an Options and a Body; it
leaves anything else to the long way.
"""

from __future__ import annotations

from collections.abc import Callable

from nac.handlebars.builtins import settled
from nac.handlebars.conversion import number_to_string, to_string
from nac.handlebars.escaping import escape_text
from nac.handlebars.program import Evaluate, Program
from nac.handlebars.scope import Scope, frame
from nac.handlebars.values import is_empty, is_nullish, is_truthy

LONG = 200
"""From here on a text is counted when it is printed, before its program is put together."""


def print_names(names: list[str], escaped: bool, careful: Callable[[], Evaluate]) -> Evaluate:
    """`{{a.b}}` where the objects hold these names and a text or a number; `careful` gives the long way."""
    first, *rest = names

    def mustache(scope: Scope) -> object:
        value = scope.this
        if type(value) is not dict:
            return careful()(scope)
        value = value.get(first)
        for name in rest:
            if type(value) is not dict:
                return careful()(scope)
            value = value.get(name)
        if type(value) is str and len(value) < LONG:
            return escape_text(value) if escaped and not value.isalnum() else value
        if escaped and (type(value) is int or type(value) is float):
            return number_to_string(value)
        return careful()(scope)

    return mustache


def holds(value: object) -> bool:
    """What `if` takes for something."""
    if type(value) in (str, bool, int, list):
        return bool(value)
    value = settled(value)
    return not is_empty(value) and is_truthy(value)


def condition(value: Evaluate, body: Program | None, inverse: Program | None, *, has_params: bool) -> Evaluate:
    """`if`; `unless` has its parts the other way round. Without block parameters around, a scope can serve twice."""

    def block(scope: Scope) -> object:
        program = body if holds(value(scope)) else inverse
        if program is None:
            return ""
        depths = scope.depths
        if has_params or not depths or depths[0] is not scope.this or is_nullish(scope.this):
            scope = scope.inner(scope.helper_context(), scope.data, None)
        return program.render(scope)

    return block


def loop(value: Evaluate, body: Program, careful: Callable[[Scope, object], object]) -> Evaluate:
    """`each` through the items of a list or the names of an object; `careful` is given the value too."""

    def block(scope: Scope) -> object:
        items = value(scope)
        if type(items) is not list or not items:
            return careful(scope, items)
        data = frame(scope.data)
        last = len(items) - 1
        printed = []
        for index, item in enumerate(items):
            data["key"] = data["index"] = index
            data["first"] = index == 0
            data["last"] = index == last
            text = body.render(scope.inner(item, data, (item, index)))
            printed.append(text if type(text) is str else to_string(text))
        return "".join(printed)

    return block
