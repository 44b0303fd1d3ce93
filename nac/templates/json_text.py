"""JSON as JavaScript writes and reads it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import NoReturn

from nac.handlebars import HelperError
from nac.handlebars.conversion import number_to_string, to_double
from nac.handlebars.limits import MAX_NESTING, MAX_OUTPUT
from nac.handlebars.values import UNDEFINED, SafeString, not_json, own_keys

_SURROGATE = re.compile("[\ud800-\udfff]")


def stringify(value: object) -> str:
    """`JSON.stringify(value)`: no spaces, indices first among an object's names, NaN and Infinity as null.

    Raises HelperError for undefined, and for what nests or prints too much.
    """
    parts: list[str] = []
    size = 0
    for part in _write(value, 0):
        parts.append(part)
        size += len(part)
        if size > MAX_OUTPUT:
            raise HelperError(f"this value is longer than {MAX_OUTPUT:,} characters as JSON")
    return "".join(parts)


def parse(text: str) -> object:
    """`JSON.parse(text)`; raises HelperError."""
    try:
        # JavaScript has one kind of number, and no NaN or Infinity in JSON.
        return json.loads(text, parse_int=float, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise HelperError(f"this is not JSON: {error.msg} at character {error.pos + 1}") from None
    except RecursionError:
        raise HelperError("this JSON nests too deeply") from None


def _write(value: object, depth: int) -> Iterator[str]:
    if depth > MAX_NESTING:
        raise HelperError(f"this value nests more than {MAX_NESTING} deep")
    if isinstance(value, dict):
        yield "{"
        # Undefined is left out of an object and null in a list.
        keys = [key for key in own_keys(value) if value[key] is not UNDEFINED]
        for index, key in enumerate(keys):
            yield f"{',' if index else ''}{_quote(key)}:"
            yield from _write(value[key], depth + 1)
        yield "}"
    elif isinstance(value, list):
        yield "["
        for index, item in enumerate(value):
            if index:
                yield ","
            yield from _write(None if item is UNDEFINED else item, depth + 1)
        yield "]"
    else:
        yield _write_scalar(value)


def _write_scalar(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _quote(value)
    if isinstance(value, int | float):
        return number_to_string(value) if math.isfinite(to_double(value)) else "null"
    if value is UNDEFINED:
        raise HelperError("undefined has no JSON")
    if isinstance(value, SafeString):
        raise HelperError("this is another helper's printed text, not a value")
    raise not_json(value)


def _quote(text: str) -> str:
    # Python writes half a surrogate pair as it is, JavaScript as an escape.
    return _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=False))


def _refuse_constant(name: str) -> NoReturn:
    raise HelperError(f"this is not JSON: `{name}`")
