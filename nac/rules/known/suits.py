"""Which kinds of value suit a use, and what comes of the others."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nac.diagnostics import Severity
from nac.handlebars.usage import Constant, Use
from nac.rules.known.values import BOOL, KINDS, LIST, MAPPING, NULL, NUMBER, TEXT, Typed

if TYPE_CHECKING:
    from nac.handlebars.usage import Call
    from nac.rules.known.uses import Reading

_NUMBERS = frozenset({"add", "subtract", "multiply", "divide", "mod", "round"})
_WORDS = frozenset({"lowercase", "uppercase", "capitalize"})
_ADDRESSES = re.compile(r"(?:^|_)(?:url|logo|address)$|^reply_to$")
_NUMBER = re.compile(r"\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*")
_SAYS_NO = frozenset({"false", "null", "none", "undefined", "0"})
_EQUAL = frozenset({"==", "===", "!=", "!=="})


@dataclass(frozen=True, slots=True)
class Misfit:
    """`what` a use makes of the kinds it does not suit: "`each` goes through nothing"."""

    kinds: frozenset[str]
    what: str
    level: Severity = "error"
    help: str | None = None


def misfits(reading: Reading) -> tuple[Misfit, ...]:
    """The kinds of value that do not suit a read. Null suits every one: that is what guards are for."""
    if reading.condition is not None:
        return _of_condition(reading)
    call = reading.call
    if reading.use is Use.LOOP:
        return (Misfit(frozenset({TEXT, NUMBER, BOOL}), "`each` goes through a list, and prints nothing of this"),)
    if reading.use is Use.PRINT:
        found = [Misfit(frozenset({MAPPING}), "this prints `[object Object]`", help="print one of its names")]
        if _is_address(reading):
            found.append(Misfit(frozenset({NUMBER, BOOL, LIST}), "an address is text"))
        return tuple(found)
    if call is None or reading.use is not Use.ARGUMENT:
        return ()
    return _of_helper(call, reading.position)


def _of_helper(call: Call, position: int) -> tuple[Misfit, ...]:
    name = call.name
    if name in _NUMBERS:
        bad = {TEXT, BOOL, MAPPING} | ({LIST} if name in ("divide", "mod", "round") else set())
        return (Misfit(frozenset(bad), f"`{name}` takes numbers"),)
    if name in _WORDS and position == 0:
        return (Misfit(KINDS - {TEXT, NULL}, f"`{name}` takes text, and prints nothing of this"),)
    if name in ("join", "list-agg", "unique") and position == 0:
        text = (Misfit(frozenset({TEXT}), "`join` takes a list, and prints a text as it is", "warning"),)
        rest = {NUMBER, BOOL, MAPPING} | (set() if name == "join" else {TEXT})
        return (Misfit(frozenset(rest), f"`{name}` takes a list"), *(text if name == "join" else ()))
    if name == "length" and position == 0:
        return (
            Misfit(frozenset({NUMBER, BOOL, MAPPING}), "`length` takes a list, and gives 0 for this"),
            Misfit(frozenset({TEXT}), "`length` counts the characters of a text", "info"),
        )
    if name == "itemAt" and position == 0:
        text = (Misfit(frozenset({TEXT}), "`itemAt` takes a list, and gives a letter of a text", "warning"),)
        return (Misfit(frozenset({NUMBER, BOOL, MAPPING}), "`itemAt` takes a list"), *text)
    if name == "datetime-format" and position == 0:
        return (Misfit(frozenset({BOOL, LIST, MAPPING}), "`datetime-format` takes a date"),)
    if name == "jsonParse" and position == 0:
        return (Misfit(frozenset({LIST, MAPPING}), "`jsonParse` takes text"),)
    if name in ("compare", "condition"):
        return _of_compare(call, position)
    return ()


def _of_compare(call: Call, position: int) -> tuple[Misfit, ...]:
    """What can never be equal to the literal that it is compared with."""
    if len(call.arguments) == 3:
        left, operator, right = call.arguments
        sign = operator.value if isinstance(operator, Constant) else None
    elif len(call.arguments) == 2:
        left, right, sign = call.arguments[0], call.arguments[1], "==="
    else:
        return ()
    other = right if position == 0 else left
    if sign not in _EQUAL or not isinstance(other, Constant) or other is call.arguments[position]:
        return ()
    return _never_equal(other.value, f"`{call.name}` never finds it equal to this literal", strict=len(str(sign)) == 3)


def _never_equal(literal: Any, what: str, *, strict: bool) -> tuple[Misfit, ...]:
    if isinstance(literal, str):
        numeric = bool(_NUMBER.fullmatch(literal)) or not literal.strip()
        bad = {NUMBER, BOOL, LIST, MAPPING} if strict or not numeric else {MAPPING}
        return (Misfit(frozenset(bad), what, "warning"),)
    if isinstance(literal, int | float) and not isinstance(literal, bool):
        bad = {TEXT, BOOL, LIST, MAPPING} if strict else {MAPPING}
        return (Misfit(frozenset(bad), what, "warning"),)
    if isinstance(literal, bool):
        bad = {TEXT, NUMBER, LIST, MAPPING} if strict else {MAPPING, LIST}
        return (Misfit(frozenset(bad), what, "warning"),)
    return ()


def _of_condition(reading: Reading) -> tuple[Misfit, ...]:
    assert reading.condition is not None
    operator, value = reading.condition.operator, reading.condition.value or ""
    what = f"{operator} never holds for it"
    if operator in (">", ">=", "<", "<="):
        if not _NUMBER.fullmatch(value):
            return (Misfit(KINDS - {NULL}, f"{operator} never holds: `{value[:40]}` is no number", "warning"),)
        return (Misfit(KINDS - {NUMBER, NULL}, what, "warning"),)
    if operator.endswith("ARRAY_INTERSECTS"):
        return (Misfit(KINDS - {LIST, NULL}, what, "warning"),)
    if operator.endswith("CONTAINS"):
        return (Misfit(frozenset({NUMBER, BOOL, MAPPING}), what, "warning"),)
    if operator == "==":
        bad = set() if _NUMBER.fullmatch(value) else {NUMBER}
        bad |= set() if value.strip().lower() in ("true", "false") else {BOOL}
        bad |= set() if value.strip()[:1] in ("[", "{") else {LIST, MAPPING}
        return (Misfit(frozenset(bad), what, "warning"),)
    return ()


def test_misfit(value: Any) -> Misfit | None:
    """What comes of a text that says no, and is asked for by `if` or `unless`."""
    if isinstance(value, str) and value.strip().casefold() in _SAYS_NO:
        what = "`if` holds for every text that is not empty, this one too"
        return Misfit(frozenset({TEXT}), what, "warning", "give it true, false or a number, not a text of one")
    return None


def list_misfit(value: Any) -> Misfit | None:
    """What comes of a list that is printed as it is."""
    inner = value.items if isinstance(value, Typed) else value
    if isinstance(inner, Typed) and inner.kinds == frozenset({MAPPING}):
        return Misfit(frozenset({LIST}), "this prints `[object Object]`", help="go through it with `each`")
    if isinstance(inner, list) and any(isinstance(one, dict) for one in inner):
        return Misfit(frozenset({LIST}), "this prints `[object Object]`", help="go through it with `each`")
    what = "this prints the items with bare commas between them"
    return Misfit(frozenset({LIST}), what, "warning", '`join` puts ", " between them')


def _is_address(reading: Reading) -> bool:
    """Whether a text is nothing but an address, and this is where it begins."""
    if reading.text is None or isinstance(reading.place, tuple) or reading.place is None:
        return False
    named = next((one for one in reversed(reading.text.path) if isinstance(one, str)), "")
    before = reading.text.text.value[: reading.place.start]
    if _ADDRESSES.search(named):
        return not before.strip("{ ")
    return bool(re.search(r"(?:href|src)\s*=\s*[\"']?\{{2,3}\s*$", before[-40:]))
