"""JavaScript's conversions and operators: printing, numbers, `==`, `<`, `+`."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from nac.handlebars.errors import HelperError
from nac.handlebars.limits import MAX_NESTING, MAX_OUTPUT
from nac.handlebars.values import SPACE, UNDEFINED, Opaque, SafeString, is_nullish, is_number, is_object, not_json

_DECIMAL = re.compile(r"[+-]?(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][+-]?[0-9]++)?")
_RADIX = re.compile(r"0(?:[xX][0-9a-fA-F]+|[oO][0-7]+|[bB][01]+)")


def to_string(value: object) -> str:
    """`String(value)`: null inside a list prints nothing, a list prints its items with commas."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return number_to_string(value)
    if isinstance(value, list):
        return _list_to_string(value)
    if isinstance(value, dict):
        if "toString" in value:
            raise HelperError("an object with a name `toString` cannot be printed")
        return "[object Object]"
    if value is None:
        return "null"
    if value is UNDEFINED:
        return "undefined"
    if isinstance(value, SafeString):
        return value.text
    raise not_json(value)


def number_to_string(number: int | float) -> str:
    """JavaScript's shortest digits: no exponent from 1e-6 up to 1e21."""
    if type(number) is int and -(2**53) < number < 2**53:
        return str(number)
    number = to_double(number)
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    if abs(number) < 2**53 and number.is_integer():
        return str(int(number))
    if 1e-4 <= abs(number) < 2**53:
        return repr(number)  # the same shortest digits; only exponents are written otherwise
    sign = "-" if number < 0 else ""
    mantissa, _, exponent = repr(abs(number)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    # 0.<digits> × 10^point is the number.
    fraction = fraction.rstrip("0")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    if len(digits) <= point <= 21:
        return sign + digits.ljust(point, "0")
    if 0 < point <= 21:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    decimals = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{sign}{digits[0]}{decimals}e{point - 1:+d}"


def to_double(number: int | float) -> float:
    """A number as JavaScript holds it: a Python int may be larger or finer."""
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def to_number(value: object) -> float:
    """`Number(value)`; NaN is what cannot be one."""
    if isinstance(value, int | float):  # a boolean counts as 0 or 1 in both languages
        return to_double(value)
    if value is None:
        return 0.0
    if value is UNDEFINED:
        return math.nan
    text = to_string(value).strip(SPACE)
    if not text:
        return 0.0
    if _DECIMAL.fullmatch(text):
        return float(text)
    if _RADIX.fullmatch(text):
        return to_double(int(text, 0))
    return {"Infinity": math.inf, "+Infinity": math.inf, "-Infinity": -math.inf}.get(text, math.nan)


def strict_equals(left: object, right: object) -> bool:
    """JavaScript's `===`: no conversion, objects and lists by identity."""
    if is_number(left) and is_number(right):
        return to_number(left) == to_number(right)
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    if isinstance(left, bool) and isinstance(right, bool):
        return left == right
    return left is right


def loose_equals(left: object, right: object) -> bool:
    """JavaScript's `==`."""
    if is_nullish(left) or is_nullish(right):
        return is_nullish(left) and is_nullish(right)
    if is_object(left) and is_object(right):
        return left is right
    if isinstance(left, Opaque) or isinstance(right, Opaque):
        return False
    if is_object(left):
        left = to_string(left)
    if is_object(right):
        right = to_string(right)
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    return to_number(left) == to_number(right)


def less_than(left: object, right: object, or_equal: bool = False) -> bool:
    """JavaScript's `<` (or `<=`): texts by their UTF-16 units, anything else as numbers."""
    left, right = _primitive(left), _primitive(right)
    if isinstance(left, str) and isinstance(right, str):
        a, b = (text.encode("utf-16-be", "surrogatepass") for text in (left, right))
        return a <= b if or_equal else a < b
    x, y = to_number(left), to_number(right)
    return x <= y if or_equal else x < y


def add(left: object, right: object) -> object:
    """JavaScript's `+`: joins texts, adds numbers."""
    left, right = _primitive(left), _primitive(right)
    if isinstance(left, str) or isinstance(right, str):
        return to_string(left) + to_string(right)
    return to_number(left) + to_number(right)


def _primitive(value: object) -> object:
    return to_string(value) if is_object(value) else value


def _list_to_string(items: list[object]) -> str:
    parts: list[str] = []
    size = 0
    for part in _items(items, 0):
        parts.append(part)
        # A list can hold another many times over, so that a small one prints without end.
        size += len(part) + 1
        if size > MAX_OUTPUT:
            raise HelperError(f"this list is longer than {MAX_OUTPUT:,} characters when printed")
    return ",".join(parts)


def _items(items: list[object], depth: int) -> Iterator[str]:
    if depth > MAX_NESTING:
        raise HelperError(f"this list holds lists more than {MAX_NESTING} deep")
    for item in items:
        if isinstance(item, list):
            # An empty list among the items prints nothing, but between its own commas.
            yield from _items(item, depth + 1) if item else [""]
        else:
            yield "" if is_nullish(item) else to_string(item)
