"""The vendor's own Handlebars helpers.

They print what the vendor's published template editor prints, including what its documentation does not say:
`length` counts the items of a list that are truthy, `divide` by zero gives Infinity. Where the published
behaviour leaves a case open (a third argument of `divide`, a null before the other factors of `multiply`), the
helper refuses it rather than guess. outside.py has those that need a time or translations.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence

from nac.handlebars import UNDEFINED, Helper, HelperError, Options, SafeString
from nac.handlebars.conversion import less_than, loose_equals, strict_equals, to_double, to_string
from nac.handlebars.limits import MAX_OUTPUT
from nac.handlebars.values import holds, is_nullish, is_number, is_truthy, kind, lookup, text_length
from nac.templates import json_text

_KEY = re.compile(r"""([^.\[\]'"]+)|\.(?=[^.\[\]])|\[(?:([0-9]+)|'([^']+)'|"([^"]+)")\]""")


def default(args: Sequence[object], options: Options) -> object:
    value, fallback = _arguments(args, options, 2)
    return fallback if is_nullish(value) or value == "" else value


# Questions

_OPERATORS: dict[str, Callable[[object, object], bool]] = {
    "==": loose_equals,
    "===": strict_equals,
    "!=": lambda left, right: not loose_equals(left, right),
    "!==": lambda left, right: not strict_equals(left, right),
    "<": less_than,
    ">": lambda left, right: less_than(right, left),
    "<=": lambda left, right: less_than(left, right, or_equal=True),
    ">=": lambda left, right: less_than(right, left, or_equal=True),
}


def compare(args: Sequence[object], options: Options) -> object:
    body, inverse = options.block()
    operators = {**_OPERATORS, "typeof": lambda left, right: loose_equals(kind(left), right)}
    return (body if _compared(args, options, operators) else inverse)(options.this)


def condition(args: Sequence[object], options: Options) -> object:
    return _compared(args, options, _OPERATORS)


def _compared(args: Sequence[object], options: Options, operators: dict[str, Callable[[object, object], bool]]) -> bool:
    if len(args) == 2:
        return strict_equals(*args)
    left, operator, right = _arguments(args, options, 3)
    if not isinstance(operator, str) or operator not in operators:
        known = " ".join(operators)
        raise HelperError(f"`{options.name}` knows no operator `{to_string(operator)}`; it has {known}")
    return operators[operator](left, right)


def and_(args: Sequence[object], options: Options) -> object:
    return all(map(is_truthy, args))


def or_(args: Sequence[object], options: Options) -> object:
    return any(map(is_truthy, args))


# Lists


def join(args: Sequence[object], options: Options) -> object:
    items, separator = _arguments(args, options, 1, 2)
    if items is None or isinstance(items, str):
        return items
    kept = [item for item in _list(items, options) if is_truthy(item)]
    if any(isinstance(item, dict | list | SafeString) for item in kept):
        raise HelperError("`join` cannot join objects or lists: use `list-agg` to take one of their fields")
    separator = separator if isinstance(separator, str) else ", "
    if len(kept) * len(separator) > MAX_OUTPUT:
        raise HelperError(f"`join` makes more than {MAX_OUTPUT:,} characters of this")
    return separator.join(map(to_string, kept))


def length(args: Sequence[object], options: Options) -> object:
    value = args[0] if args else UNDEFINED
    if isinstance(value, list):
        return sum(map(is_truthy, value))
    return text_length(value) if isinstance(value, str) else 0


def list_agg(args: Sequence[object], options: Options) -> object:
    items, key = _arguments(args, options, 1, 2)
    return None if items is None else _fields(_list(items, options), key, options)


def unique(args: Sequence[object], options: Options) -> object:
    items, key = _arguments(args, options, 1, 2)
    if items is None:
        return None
    # Equal as in a JavaScript Set: 1 is 1.0 but neither true nor "1", objects are equal to themselves alone.
    found: dict[object, object] = {}
    for item in _fields(_list(items, options), key, options):
        if isinstance(item, dict | list):
            found.setdefault(("object", id(item)), item)
        else:
            found.setdefault((kind(item), to_double(item) if is_number(item) else item), item)
    return list(found.values())


def item_at(args: Sequence[object], options: Options) -> object:
    items, index = _arguments(args, options, 1, 2)
    if items is None:
        return None
    if not isinstance(items, str):
        _list(items, options)
    if not is_number(index):
        raise HelperError("`itemAt` needs a number as its second argument")
    return lookup(items, to_string(index))


def _list(value: object, options: Options) -> list[object]:
    if value is UNDEFINED:
        raise HelperError(f"what `{options.name}` is to go through is not in the data")
    if not isinstance(value, list):
        raise HelperError(f"`{options.name}` needs a list")
    return value


def _fields(items: list[object], key: object, options: Options) -> list[object]:
    """The items, or a field of each where they are objects."""
    if key is UNDEFINED:
        if any(isinstance(item, dict | list) for item in items):
            raise HelperError(f"`{options.name}` needs the name of a field, because the list holds objects")
        return items
    if not isinstance(key, str):
        raise HelperError(f"`{options.name}` needs text as the name of a field")
    if not all(isinstance(item, dict) for item in items):
        raise HelperError(f"`{options.name}` can take a field of objects only")
    return [_get(item, key) for item in items]


# Numbers


def add(args: Sequence[object], options: Options) -> object:
    return _fold(args, options, lambda left, right: left + right)


def subtract(args: Sequence[object], options: Options) -> object:
    return _fold(args, options, lambda left, right: left - right)


def multiply(args: Sequence[object], options: Options) -> object:
    first, *others = _numbers(args, options)
    if first is None:
        if others:
            raise HelperError("`multiply` cannot begin with null")
        return 0
    return math.prod([first, *(other for other in others if other is not None)])


def divide(args: Sequence[object], options: Options) -> object:
    left, right = _two_numbers(args, options)
    if right:
        return left / right
    if not left or math.isnan(left) or math.isnan(right):
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1, right)


def mod(args: Sequence[object], options: Options) -> object:
    left, right = _two_numbers(args, options)
    return math.fmod(left, right) if right and math.isfinite(left) else math.nan


def round_(args: Sequence[object], options: Options) -> object:
    (value,) = _arguments(args, options, 1)
    number = _number(value, options)
    if not math.isfinite(number):
        return number
    whole = math.floor(number)
    return float(whole + 1 if number - whole >= 0.5 else whole)


def _fold(args: Sequence[object], options: Options, operation: Callable[[float, float], float]) -> float | None:
    first, *others = _numbers(args, options)
    if not others:
        return first
    total = first or 0.0
    for other in others:
        total = operation(total, other or 0.0)
    return total


def _numbers(args: Sequence[object], options: Options) -> list[float | None]:
    flat: list[object] = []
    for arg in args:
        flat.extend(arg if isinstance(arg, list) else [arg])
    if not flat:
        raise HelperError(f"`{options.name}` needs at least one number")
    return [None if item is None else _number(item, options) for item in flat]


def _two_numbers(args: Sequence[object], options: Options) -> tuple[float, float]:
    left, right = _arguments(args, options, 2)
    return _number(left, options), _number(right, options)


def _number(value: object, options: Options) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return to_double(value)
    shown = f"“{value[:40]}”, which is text" if isinstance(value, str) else f"of type {kind(value)}"
    raise HelperError(f"`{options.name}` needs numbers; one argument is {shown}")


# JSON


def json_stringify(args: Sequence[object], options: Options) -> object:
    (value,) = _arguments(args, options, 1)
    return SafeString(json_text.stringify(value))


def json_parse(args: Sequence[object], options: Options) -> object:
    (value,) = _arguments(args, options, 1)
    return json_text.parse(to_string(value))


def json_path(args: Sequence[object], options: Options) -> object:
    value, path = _arguments(args, options, 2)
    if not isinstance(path, str):
        raise HelperError("`jsonPath` needs text as its second argument, such as `a.b`")
    return _get(value, path)


def _get(value: object, path: str) -> object:
    """What a path such as `a.b`, `a['b']` or `a[0]` leads to; UNDEFINED where it leads nowhere."""
    names: list[str] = []
    end = 0
    for match in _KEY.finditer(path):
        if match.start() != end:
            break
        end = match.end()
        names.extend(name for name in match.groups() if name is not None)
    if end != len(path) or not names:
        raise HelperError(f"`{path}` is not a path such as `a.b` or `a['b']`")
    if len(names) > 1 and isinstance(value, dict) and path in value:
        raise HelperError(f"`{path}` is both a path and a name in the data")
    for name in names:
        if is_nullish(value):
            return UNDEFINED
        if not isinstance(value, dict | list):
            raise HelperError(f"`{path}` leads into a value that is neither an object nor a list")
        found = lookup(value, name)
        if found is UNDEFINED and holds(value, name):
            raise HelperError(f"`{name}` is something that every JavaScript object has; it cannot be printed")
        value = found
    return value


# Text


def lowercase(args: Sequence[object], options: Options) -> object:
    return _text(args).lower()


def uppercase(args: Sequence[object], options: Options) -> object:
    return _text(args).upper()


def capitalize(args: Sequence[object], options: Options) -> object:
    text = _text(args)
    # JavaScript's first character of an emoji or a rare letter is half of it, which has no capital.
    return text if text[:1] > "\uffff" else text[:1].upper() + text[1:]


def _text(args: Sequence[object]) -> str:
    return args[0] if args and isinstance(args[0], str) else ""


def _arguments(args: Sequence[object], options: Options, least: int, most: int | None = None) -> list[object]:
    """The arguments, as many as there can be: UNDEFINED stands for one that may be left out."""
    most = most or least
    if not least <= len(args) <= most:
        expected = f"{least}" if least == most else f"{least} or {most}"
        raise HelperError(f"`{options.name}` takes {expected} argument{'s' * (most > 1)}, not {len(args)}")
    return [*args, *[UNDEFINED] * (most - len(args))]


HELPERS: dict[str, Helper] = {
    "default": default,
    "compare": compare,
    "condition": condition,
    "and": and_,
    "or": or_,
    "join": join,
    "length": length,
    "list-agg": list_agg,
    "unique": unique,
    "itemAt": item_at,
    "add": add,
    "subtract": subtract,
    "multiply": multiply,
    "divide": divide,
    "mod": mod,
    "round": round_,
    "jsonStringify": json_stringify,
    "jsonParse": json_parse,
    "jsonPath": json_path,
    "lowercase": lowercase,
    "uppercase": uppercase,
    "capitalize": capitalize,
}
