"""JavaScript's values, as far as a template sees them: kinds, properties, truth.

A value is JSON-like Python: dict, list, str, int, float, bool, None for null, and UNDEFINED. Nothing here reads
an attribute of a value or calls one, so a template cannot reach beyond its data. Anything else, or anything
whose JavaScript behaviour cannot be told, raises HelperError. conversion.py turns values into others.
"""

from __future__ import annotations

from enum import Enum
from typing import Final, TypeGuard

from nac.handlebars.errors import HelperError

SPACE: Final = (
    "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
"""What JavaScript calls whitespace; Python's idea of it differs."""

# What objects and arrays inherit (ECMAScript 2023, 20.1.3, 23.1.3 and B.2.2). handlebars.js lets no template read
# these, but in strict mode they count as existing: they print nothing where another name is an error.
_OF_OBJECTS: Final = frozenset(
    "__defineGetter__ __defineSetter__ __lookupGetter__ __lookupSetter__ __proto__ constructor hasOwnProperty "
    "isPrototypeOf propertyIsEnumerable toLocaleString toString valueOf".split()
)
_OF_ARRAYS: Final = _OF_OBJECTS.union(
    "at concat copyWithin entries every fill filter find findIndex findLast findLastIndex flat flatMap forEach "
    "includes indexOf join keys lastIndexOf map pop push reduce reduceRight reverse shift slice some sort splice "
    "toReversed toSorted toSpliced unshift values with".split()
)


class Undefined(Enum):
    """JavaScript's undefined: no value at all, where null is an empty one."""

    UNDEFINED = "undefined"


UNDEFINED: Final = Undefined.UNDEFINED


class SafeString:
    """Text that a helper made and that `{{ }}` prints without escaping; JavaScript has it as an object."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


class Opaque:
    """A value that a template may hand on and test but not look into, as handlebars.js's functions are."""

    __slots__ = ()


def is_nullish(value: object) -> bool:
    return value is None or value is UNDEFINED


def is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_object(value: object) -> bool:
    """What JavaScript compares by identity."""
    return isinstance(value, dict | list | SafeString | Opaque)


def is_truthy(value: object) -> bool:
    if value is None or value is UNDEFINED:
        return False
    if isinstance(value, bool | str):
        return bool(value)
    if isinstance(value, int | float):
        return value != 0 and value == value
    return True


def is_empty(value: object) -> bool:
    """Handlebars' own question: what `if` and `with` take for nothing. 0 is something."""
    if isinstance(value, list):
        return not value
    return not is_truthy(value) and not (is_number(value) and value == 0)


def kind(value: object) -> str:
    """What `typeof` says."""
    if value is UNDEFINED:
        return "undefined"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "string"
    if isinstance(value, Opaque):
        return "function"
    if value is None or isinstance(value, dict | list | SafeString):
        return "object"
    raise not_json(value)


def lookup(parent: object, name: str) -> object:
    """A property of a value that is neither null nor undefined, or UNDEFINED; inherited ones are not given out."""
    if isinstance(parent, dict):
        return parent.get(name, UNDEFINED)
    if isinstance(parent, list):
        if name == "length":
            return len(parent)
        index = array_index(name)
        return parent[index] if index is not None and index < len(parent) else UNDEFINED
    if isinstance(parent, str):
        if name == "length":
            return text_length(parent)
        index = array_index(name)
        return UNDEFINED if index is None else text_item(parent, index)
    if isinstance(parent, int | float):
        return UNDEFINED
    if isinstance(parent, SafeString):
        return parent.text if name == "string" else UNDEFINED
    raise not_json(parent)


def holds(parent: dict[str, object] | list[object] | SafeString, name: str) -> bool:
    """JavaScript's `name in parent`, which counts inherited properties."""
    if isinstance(parent, SafeString):
        return name in ("string", "toHTML") or name in _OF_OBJECTS
    if isinstance(parent, dict):
        return name in parent or name in _OF_OBJECTS
    return lookup(parent, name) is not UNDEFINED or name in _OF_ARRAYS


def array_index(name: str) -> int | None:
    """The index that a property name stands for: digits without a leading zero, below 2³² - 1."""
    if len(name) > 10 or not (name.isascii() and name.isdigit()) or (name[0] == "0" and name != "0"):
        return None
    index = int(name)
    return index if index < 2**32 - 1 else None


def own_keys(value: dict[str, object]) -> list[str]:
    """An object's names in JavaScript's order: indices ascending, then the others as they came."""
    for key in value:
        if not isinstance(key, str):
            raise HelperError(f"a name in the data is {type(key).__name__}; only text can be one")
    if any(key[:1].isdigit() and array_index(key) is not None for key in value):
        indices = sorted((key for key in value if array_index(key) is not None), key=int)
        return indices + [key for key in value if array_index(key) is None]
    return list(value)


def text_length(text: str) -> int:
    """How many UTF-16 units a text has, which is what JavaScript counts: 2 for most emoji."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def text_item(text: str, index: int) -> object:
    """The character at an index counted in UTF-16 units, or UNDEFINED beyond the end."""
    if max(text, default="") <= "\uffff":
        return text[index] if index < len(text) else UNDEFINED
    unit = text.encode("utf-16-le", "surrogatepass")[2 * index : 2 * index + 2].decode("utf-16-le", "surrogatepass")
    if "\ud800" <= unit <= "\udfff":
        raise HelperError("this index falls into the middle of a character; half a character cannot be printed")
    return unit or UNDEFINED


def not_json(value: object) -> HelperError:
    if isinstance(value, Opaque):
        return HelperError("this is a block of the template; it cannot be printed or looked into")
    return HelperError(f"the data holds {type(value).__name__}, which is not a JSON value")
