"""Requests, against the part of them that is expected: keys that are not named may hold anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from nac.diagnostics import describe, did_you_mean
from nac.expectations.result import Failure, Result, as_text
from nac.expected import is_path
from nac.json_path import JsonPathError, find
from nac.payload import canonical
from nac.project import Written

MAX_FAILURES = 20
Path = tuple[str | int, ...]
_Difference = tuple[Path, str, Any, Any]
_ABSENT = object()


def check_payload(expected: Mapping[str, Any], at: Written, result: Result) -> Iterator[Failure]:
    """What the first request that is not as expected has different."""
    if not result.payloads:
        yield Failure("no request is made", at.label(key=True))
        return
    for number, payload in enumerate(result.payloads, 1):
        found = list(_in_body(expected, payload.body))
        if not found:
            continue
        which = f"request {number} of {result.requests:,}: " if result.requests > 1 else ""
        for path, message, want, have in found[:MAX_FAILURES]:
            shown, actual = (None if one is _ABSENT else as_text(one) for one in (want, have))
            if shown is not None and shown == actual:  # the text "2" and the number
                shown, actual = canonical(want), canonical(have)
            place = at.below(*path)
            label = place.label(key=True) if have is _ABSENT else place.label()
            yield Failure(which + message, label, shown, actual)
        return


def _in_body(expected: Mapping[str, Any], body: dict[str, Any]) -> Iterator[_Difference]:
    for key, value in expected.items():
        if not is_path(key):
            yield from _inside({key: value}, body, (), "")
            continue
        try:
            is_one, found = find(key, body)
        except JsonPathError as error:
            yield (key,), f"`{key}` cannot be followed: {error}", _ABSENT, _ABSENT
            continue
        if is_one and not found:
            yield (key,), f"`{key}` leads to nothing", value, _ABSENT
        else:
            yield from _inside(value, found[0] if is_one else found, (key,), key)


def _inside(expected: Any, actual: Any, path: Path, name: str) -> Iterator[_Difference]:
    """How `actual` differs from `expected`. Lists are as long as each other; mappings may hold more keys."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        for key, value in expected.items():
            below = f"{name}.{key}" if name else key
            if key in actual:
                yield from _inside(value, actual[key], (*path, key), below)
            else:
                hint = did_you_mean(key, actual)
                message = f"`{below}` is missing" + (f": {hint}" if hint else "")
                yield (*path, key), message, value, _ABSENT
    elif isinstance(expected, list) and isinstance(actual, list):
        if len(expected) != len(actual):
            yield path, f"`{name}` holds {len(actual)} and not {len(expected)}", expected, actual
            return
        for index, (one, other) in enumerate(zip(expected, actual, strict=True)):
            yield from _inside(one, other, (*path, index), f"{name}[{index}]")
    elif type(expected) is not type(actual) and not _are_numbers(expected, actual):
        yield path, f"`{name}` is {describe(actual)}, not {describe(expected)}", expected, actual
    elif expected != actual:
        yield path, f"`{name}` differs", expected, actual


def _are_numbers(*values: object) -> bool:
    return all(isinstance(one, (int, float)) and not isinstance(one, bool) for one in values)
