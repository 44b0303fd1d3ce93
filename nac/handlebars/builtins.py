"""Handlebars' own helpers, and what a block does that names a value instead of one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nac.handlebars.conversion import to_string
from nac.handlebars.errors import HelperError
from nac.handlebars.scope import Helper, Options, PartialBlock, frame
from nac.handlebars.values import UNDEFINED, SafeString, is_empty, is_nullish, is_truthy, lookup, own_keys


def if_(args: Sequence[object], options: Options) -> object:
    body, inverse = _one_argument(args, options)
    return (body if _holds(args[0], options) else inverse)(options.this)


def unless(args: Sequence[object], options: Options) -> object:
    body, inverse = _one_argument(args, options)
    return (inverse if _holds(args[0], options) else body)(options.this)


def with_(args: Sequence[object], options: Options) -> object:
    body, inverse = _one_argument(args, options)
    context = settled(args[0])
    if is_empty(context):
        return inverse(options.this)
    return body(context, options.data, [context])


def each(args: Sequence[object], options: Options) -> object:
    if not args:
        raise HelperError("`each` needs something to go through")
    if len(args) > 1:
        raise HelperError(f"`each` takes one argument, not {len(args)}")
    body, inverse = options.block()
    items = settled(args[0])
    if isinstance(items, list):
        pairs: list[tuple[object, object]] = list(enumerate(items))
    elif isinstance(items, dict):
        pairs = [(key, items[key]) for key in own_keys(items)]
    else:
        pairs = [("string", items.text)] if isinstance(items, SafeString) else []
    if not pairs:
        return inverse(options.this)
    data = frame(options.data)
    printed = []
    for index, (key, item) in enumerate(pairs):
        data.update(key=key, index=index, first=index == 0, last=index == len(pairs) - 1)
        printed.append(to_string(body(item, data, [item, key])))
    return "".join(printed)


def lookup_(args: Sequence[object], options: Options) -> object:
    if args and not is_truthy(args[0]):
        return args[0]
    if len(args) != 2:
        raise HelperError(f"`lookup` takes two arguments, not {len(args)}")
    return lookup(args[0], to_string(args[1]))


def log(args: Sequence[object], options: Options) -> object:
    """Prints nothing; there is no console to write to."""
    return UNDEFINED


BUILTINS = {"if": if_, "unless": unless, "with": with_, "each": each, "lookup": lookup_, "log": log}

HOOKS = frozenset(["helperMissing", "blockHelperMissing"])
"""Helpers that stand in where there is none, if they are registered. No template can call them by name."""

KNOWN = HOOKS.union(BUILTINS)
"""Names that are a helper's even without arguments and as the start of a longer path (`if.x`)."""


def block_of_value(value: object, options: Options, block_params: list[object] | None, each: Helper) -> object:
    """`{{#value}} … {{/value}}`: go through a list, enter an object, or ask whether there is anything.

    `block_params` is what handlebars.js gives the block in the second case, see Scope.outer_params.
    """
    body, inverse = options.block()
    if value is True:
        return body(options.this)
    if value is False or is_nullish(value):
        return inverse(options.this)
    if isinstance(value, list):
        return each([value], options) if value else inverse(options.this)
    return body(value, options.data, block_params)


def _one_argument(args: Sequence[object], options: Options) -> tuple[Callable[..., object], Callable[..., object]]:
    if len(args) != 1:
        raise HelperError(f"`{options.name}` takes one argument, not {len(args)}")
    return options.block()


def settled(value: object) -> object:
    """A value, or what JavaScript's function returns where there is one."""
    return value.alone(UNDEFINED) if isinstance(value, PartialBlock) else value


def _holds(condition: object, options: Options) -> bool:
    condition = settled(condition)
    if is_empty(condition):
        return False
    return is_truthy(condition) or is_truthy(options.hash.get("includeZero", UNDEFINED))
