"""Whether the condition of a variant holds, and why, in a few words.

Published (the vendor's pages on variants and on the branch node, which have the same operators): `==` is case
sensitive, `>` and its like are for numbers, CONTAINS looks in text and in lists, INTERSECTS is for lists, EMPTY is
missing, null or empty, and a variable of a kind that the operator is not for never holds. A `value` is literal text.

Decided here, where nothing is published; `docs/variants.md` says the same to authors:

1. A variable is a path such as `order.items.0.name` or `items[0].name`, read as a template reads it (`items.length`
   too); a name that has dots in it and is there as a whole comes first. Null counts as missing.
2. The negated operators (`!=`, NOT_CONTAINS, NOT_ARRAY_INTERSECTS) hold for what is missing; of a variable of the
   wrong kind neither an operator nor its opposite holds.
3. The variable says what is compared. Text with the value, letter by letter; a number with the number that the value
   is (5, 5.0 and 5e0 are one number); a boolean with `true` or `false`, in any case; a list or an object with the
   JSON that the value is. So the text "5" equals the value 5 but not 5.0, and is never greater or less than anything.
4. CONTAINS in a list, and ARRAY_INTERSECTS, look for an item that `==` would find.
5. The value of ARRAY_INTERSECTS is a JSON list, or items with commas between them; spaces around these do not count.
6. Dates are ISO 8601, RFC 2822 or an epoch number: seconds below 100,000,000,000, else milliseconds. Without a zone
   they are in UTC; they compare as instants, to the millisecond. `now`, `now+1d` or `now-2h` (s, m, h, d, w) is
   counted from the time of the preview, where `names` is a Context that has one.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from operator import eq, ge, gt, le, lt
from typing import Any, NamedTuple

from nac.handlebars import HelperError
from nac.handlebars.values import UNDEFINED, is_nullish, is_number, lookup
from nac.templates.context import Context
from nac.templates.dates.reading import DateError, read_date
from nac.templates.template import Condition

NEGATED = {"!=": "==", "NON_EMPTY": "EMPTY", "NOT_CONTAINS": "CONTAINS", "NOT_ARRAY_INTERSECTS": "ARRAY_INTERSECTS"}
"""Operators by what they are the opposite of."""

_SHOWN = 40  # characters of a value that a reason shows
_SECONDS = 10**11  # an epoch number from here on is in milliseconds
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)
_EPOCH = re.compile(r"-?\d{9,}(?:\.\d+)?", re.ASCII)  # shorter ones are ISO 8601: 2026, 20260131
_NOW = re.compile(r"now(?:\s*([+-])\s*(\d{1,6})\s*([smhdw]))?", re.ASCII)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_PART = re.compile(r"\[([^\]]*)\]|[^.\[\]]+")


class Held(NamedTuple):
    """Whether a condition holds, and what was found: `$recipient.plan is "free", not "pro"`."""

    holds: bool
    reason: str


Found = tuple[bool | None, str]
"""Whether the positive operator holds, None where it cannot be asked of such a variable; and what was found."""


def holds(condition: Condition, names: Mapping[str, Any]) -> Held:
    """One condition against what a template can read: the payload's keys, `$recipient`, `$actor`, `$brand` …

    Never raises: a value or variable that cannot be compared does not hold, and the reason says so.
    """
    operator, value = condition.operator, condition.value
    positive = NEGATED.get(operator, operator)
    actual = _variable(condition, names)
    name = _cut(".".join(part for part in (condition.namespace, condition.variable) if part))
    if positive == "EMPTY":
        found, phrase = _empty(actual)
    elif positive not in _TESTS:
        return Held(False, f"{_cut(operator)} is not an operator")
    elif value is None:
        return Held(False, f"{operator} has no value to compare {name} with")
    elif is_nullish(actual):
        found, phrase = False, "is null" if actual is None else "is missing"
    else:
        found, phrase = _TESTS[positive](actual, value, names)
    return Held(found is not None and found == (positive == operator), f"{name} {phrase}")


def _variable(condition: Condition, names: Mapping[str, Any]) -> object:
    scope = _property(names, condition.namespace) if condition.namespace else names
    whole = _property(scope, condition.variable)
    if whole is not UNDEFINED:
        return whole
    for part in _PART.finditer(condition.variable):
        scope = _property(scope, part[0] if part[1] is None else part[1].strip("\"'"))
    return scope


def _property(parent: object, name: str) -> object:
    if isinstance(parent, Mapping):
        return parent.get(name, UNDEFINED)
    try:
        return UNDEFINED if is_nullish(parent) else lookup(parent, name)
    except HelperError:
        return UNDEFINED


def _empty(actual: object) -> Found:
    if is_nullish(actual):
        return True, "is null" if actual is None else "is missing"
    if isinstance(actual, str | list | Mapping) and not actual:
        return True, f"is {_shown(actual)}"
    return False, f"is {_shown(actual)}, not empty"


def _equals(actual: object, value: str, names: Mapping[str, Any]) -> Found:
    if _equal(actual, value):
        return True, f"is {_shown(actual)}"
    return False, f"is {_shown(actual)}, not {_shown(_alike(actual, value))}"


def _alike(actual: object, value: str) -> object:
    """The value as something of the variable's kind, where it can be: a number shows without quotes."""
    if isinstance(actual, bool):
        return {"true": True, "false": False}.get(value.strip().lower(), value)
    number = _number(value) if is_number(actual) else None
    return value if number is None else number


def _equal(actual: object, value: str) -> bool:
    if isinstance(actual, str):
        return actual == value
    if isinstance(actual, bool):
        return value.strip().lower() == ("true" if actual else "false")
    if is_number(actual):
        return actual == _number(value)
    try:
        return isinstance(actual, list | dict) and actual == json.loads(value)
    except (ValueError, RecursionError):
        return False


def _order(sign: str, compare: Callable[[Any, Any], bool]) -> Callable[[object, str, Mapping[str, Any]], Found]:
    def test(actual: object, value: str, names: Mapping[str, Any]) -> Found:
        if not is_number(actual):
            return None, f"is {_shown(actual)}, which is not a number: {sign} compares numbers"
        number = _number(value)
        if number is None:
            return None, f"is {_shown(actual)}, and {_shown(value)} is not a number"
        found = compare(actual, number)
        return found, f"is {_shown(actual)}, {'' if found else 'not '}{sign} {_shown(number)}"

    return test


def _contains(actual: object, value: str, names: Mapping[str, Any]) -> Found:
    if isinstance(actual, str):
        found = value in actual
    elif isinstance(actual, list):
        found = any(_equal(item, value) for item in actual)
    else:
        return None, f"is {_shown(actual)}, which is neither text nor a list"
    return found, f"is {_shown(actual)}, {'with' if found else 'without'} {_shown(value)}"


def _intersects(actual: object, value: str, names: Mapping[str, Any]) -> Found:
    if not isinstance(actual, list):
        return None, f"is {_shown(actual)}, which is not a list"
    for wanted in _items(value):
        if any(_equal(item, wanted) for item in actual):
            return True, f"is {_shown(actual)}, with {_shown(wanted)}"
    return False, f"is {_shown(actual)}, with none of {_shown(value)}"


def _items(value: str) -> list[str]:
    try:
        if isinstance(listed := json.loads(value), list):
            return [item if isinstance(item, str) else json.dumps(item) for item in listed]
    except (ValueError, RecursionError):
        pass
    text = value.strip()
    if text.startswith("[") and text.endswith("]"):
        text = text[1:-1]
    return [item for part in text.split(",") if (item := part.strip())]


def _dates(word: str, compare: Callable[[int, int], bool]) -> Callable[[object, str, Mapping[str, Any]], Found]:
    def test(actual: object, value: str, names: Mapping[str, Any]) -> Found:
        try:
            left = _instant(actual, None)
        except DateError:
            return None, f"is {_shown(actual)}, which is not a date"
        try:
            right = _instant(value, names.now if isinstance(names, Context) else None)
        except DateError:
            known = not _NOW.fullmatch(value.strip())
            return None, f"is compared with {_shown(value)}, which is not {'a date' if known else 'known here'}"
        found = compare(left, right)
        return found, f"is {_shown(actual)}, {'' if found else 'not '}{word} {_shown(value)}"

    return test


def _instant(value: object, now: datetime | None) -> int:
    """Milliseconds since 1970. Raises DateError."""
    if isinstance(value, str):
        value = value.strip()
        if now is not None and (found := _NOW.fullmatch(value)):
            sign, count, unit = found.groups(default="")
            offset = timedelta(**{_UNITS[unit]: int(sign + count)}) if unit else timedelta()
            return (now - datetime(1970, 1, 1, tzinfo=UTC) + offset) // timedelta(milliseconds=1)
        if _EPOCH.fullmatch(value):
            value = _number(value)
    if is_number(value) and -_SECONDS < value < _SECONDS:
        return read_date(value * 1000)
    return read_date(value)


def _number(value: str) -> int | float | None:
    value = value.strip()
    if len(value) > 400 or not _NUMBER.fullmatch(value):
        return None
    number = int(value) if _INTEGER.fullmatch(value) else float(value)
    return number if isinstance(number, int) or math.isfinite(number) else None


def _shown(value: object) -> str:
    """A value as JSON, cut; a list of anything but short values by its length."""
    if isinstance(value, str):
        return json.dumps(value if len(value) <= _SHOWN else f"{value[: _SHOWN - 1]}…", ensure_ascii=False)
    if isinstance(value, bool) or is_number(value):
        return _cut(json.dumps(value)) if not isinstance(value, int) or abs(value) < 10**40 else "a very large number"
    if isinstance(value, list):
        if len(value) <= 8 and all(isinstance(item, str | bool) or is_number(item) for item in value):
            text = f"[{', '.join(_shown(item) for item in value)}]"
            if len(text) <= _SHOWN:
                return text
        return f"a list of {len(value)}"
    return "an object" if value else "{}"


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN * 2 else f"{text[: _SHOWN * 2 - 1]}…"


_TESTS: dict[str, Callable[[object, str, Mapping[str, Any]], Found]] = {
    "==": _equals,
    ">": _order(">", gt),
    ">=": _order(">=", ge),
    "<": _order("<", lt),
    "<=": _order("<=", le),
    "CONTAINS": _contains,
    "ARRAY_INTERSECTS": _intersects,
    "DATETIME_EQUALS": _dates("at", eq),
    "DATETIME_LT": _dates("before", lt),
    "DATETIME_GT": _dates("after", gt),
}
