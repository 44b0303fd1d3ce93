"""A path → a function that finds its value.

What handlebars.js does with a name that is missing, or that is looked for in nothing, depends on where the path
stands. In strict mode a missing name that is printed or called is an error, and a missing argument is undefined;
looking into null or undefined is always an error. In lenient mode nothing of this is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nac.handlebars import nodes
from nac.handlebars.conversion import to_string
from nac.handlebars.errors import HandlebarsError, HelperError, MissingVariable, nearest
from nac.handlebars.paths import is_scoped
from nac.handlebars.program import Evaluate
from nac.handlebars.scope import Scope
from nac.handlebars.values import UNDEFINED, SafeString, holds, is_nullish, is_truthy, lookup


def find_block_param(path: nodes.Path, stack: Sequence[Sequence[str]]) -> tuple[int, int] | None:
    """Which block parameter a path begins with: how many blocks out, and its place there.

    handlebars.js does not except `@names`, so that `as |index|` hides `@index`; neither does this.
    """
    if path.depth or not path.parts or is_scoped(path):
        return None
    for depth, names in enumerate(stack):
        if path.parts[0] in names:
            return depth, names.index(path.parts[0])
    return None


def compile_path(
    path: nodes.Path, block_params: Sequence[Sequence[str]], *, strict: bool, named: bool = False, call: bool = False
) -> Evaluate:
    """A function of a scope that gives the value of a path.

    `named`: the path is printed, or names a block or a helper. `call`: it has arguments.
    Its errors are MissingVariable, or HandlebarsError for values that are not JSON.
    """
    found = find_block_param(path, block_params)
    start: Evaluate | None = None
    if found is not None:
        base, parts = _block_param(path, *found), path.parts[1:]
        start = _block_param(None, *found)
        required, guard_falsy = False, False
    elif not path.parts or not path.parts[0]:
        return _context(path.depth)
    elif path.data:
        base, parts = _data(path.depth), path.parts
        required, guard_falsy = named, True
    else:
        base, parts = _context(path.depth), path.parts
        required, guard_falsy = named, call
    careful = _strict(path, base, parts, required) if strict else _lenient(path, base, parts, guard_falsy)
    return _quick(start or base, parts, careful)


def _quick(start: Evaluate, parts: list[str], careful: Evaluate) -> Evaluate:
    """Follow names through objects that hold them, where both modes agree; leave anything else to `careful`."""

    def resolve(scope: Scope) -> object:
        value = start(scope)
        for name in parts:
            if type(value) is not dict:
                return careful(scope)
            value = value.get(name, UNDEFINED)
        return careful(scope) if value is UNDEFINED else value

    return resolve


def _context(depth: int) -> Evaluate:
    if not depth:
        return lambda scope: scope.this

    def outer(scope: Scope) -> object:
        depths = scope.depths
        for _ in range(depth):
            if not depths:
                return UNDEFINED
            depths = depths[1]
        return depths[0] if depths else UNDEFINED

    return outer


def _data(depth: int) -> Evaluate:
    if not depth:
        return lambda scope: scope.data

    def outer(scope: Scope) -> object:
        data: object = scope.data
        for _ in range(depth):
            data = data.get("_parent", UNDEFINED) if isinstance(data, dict) else UNDEFINED
        return data

    return outer


def _block_param(path: nodes.Path | None, depth: int, index: int) -> Evaluate:
    """A block parameter's value; a path asks for an error where there is none."""

    def block_param(scope: Scope) -> object:
        params = scope.block_params
        for _ in range(depth):
            params = params[1] if params else ()
        values = params[0] if params else None
        if values is None:
            if path is None:
                return UNDEFINED
            raise HandlebarsError(f"`{path.parts[0]}` has no value: its block does not give it one", path.span)
        return values[index] if index < len(values) else UNDEFINED

    return block_param


def _strict(path: nodes.Path, base: Evaluate, parts: list[str], required: bool) -> Evaluate:
    last = len(parts) - 1 if required else len(parts)

    def resolve(scope: Scope) -> object:
        try:
            value = base(scope)
            for index, name in enumerate(parts):
                if isinstance(value, dict) and name in value:
                    value = value[name]
                elif is_nullish(value) or (index == last and not _has(value, name)):
                    raise _missing(path, base(scope), parts, index)
                else:
                    value = lookup(value, name)
        except HelperError as error:
            return scope.run.report(HandlebarsError(str(error), path.span))
        except HandlebarsError as error:
            return scope.run.report(error)
        return value

    return resolve


def _has(value: object, name: str) -> bool:
    return isinstance(value, dict | list | SafeString) and holds(value, name)


def _lenient(path: nodes.Path, base: Evaluate, parts: list[str], guard_falsy: bool) -> Evaluate:
    stop: Callable[[object], bool] = (lambda value: not is_truthy(value)) if guard_falsy else is_nullish

    def resolve(scope: Scope) -> object:
        try:
            value = base(scope)
            for name in parts:
                if stop(value):
                    return value
                value = lookup(value, name)
        except HelperError as error:
            return scope.run.report(HandlebarsError(str(error), path.span))
        except HandlebarsError as error:
            return scope.run.report(error)
        return value

    return resolve


def _missing(path: nodes.Path, base: object, parts: list[str], failed: int) -> MissingVariable:
    """The error for a path that cannot be followed at `parts[failed]`."""
    parents = [base]
    for name in parts[:failed]:
        parents.append(lookup(parents[-1], name))
    if parents[-1] is UNDEFINED and failed:
        # The name before this one is what the data does not hold.
        failed -= 1
        parents.pop()
    parent, name = parents[-1], parts[failed]
    rest = parts[failed:]
    before = path.original[: len(path.original) - sum(map(len, rest)) - len(rest) + 1]
    written = before + name
    near = nearest(name, map(str, parent)) if isinstance(parent, dict) else None
    where = "the data" if before in ("", "@") else f"`{before[:-1]}`"
    if not isinstance(parent, dict):
        message = f"`{written}` does not exist: {where} is {_describe(parent)}"
    elif where == "the data":
        message = f"`{written}` is not in the data"
    else:
        message = f"{where} has no `{name}`"
    return MissingVariable(message, path.span, written, before + near if near is not None else None)


def _describe(value: object) -> str:
    if value is None or isinstance(value, bool):
        return to_string(value)
    names = {dict: "an object", list: "a list", str: "text", int: "a number", float: "a number"}
    return names.get(type(value), "nothing")
