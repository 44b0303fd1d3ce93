"""Two JSON values → the paths at which they differ."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from nac.payload import canonical

MAX_VALUE = 300
_MISSING = object()


class Difference(NamedTuple):
    """`before` and `after` are JSON texts, None where there is nothing. `key`: a key of a mapping came or went."""

    path: str
    before: str | None
    after: str | None
    key: bool = False


def differences(before: Any, after: Any, path: str = "") -> Iterator[Difference]:
    """Where two values differ, by dotted paths: `data.items[2].name`. Lists of another length differ as a whole."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name in dict.fromkeys((*before, *after)):
            at = f"{path}.{name}" if path else str(name)
            old, new = before.get(name, _MISSING), after.get(name, _MISSING)
            if old is _MISSING:
                yield Difference(at, None, text(new), True)
            elif new is _MISSING:
                yield Difference(at, text(old), None, True)
            else:
                yield from differences(old, new, at)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from differences(old, new, f"{path}[{index}]")
    elif before != after or isinstance(before, bool) is not isinstance(after, bool):
        yield Difference(path, text(before), text(after))


def text(value: Any) -> str:
    """A value as JSON, cut where it is long."""
    found = canonical(value)
    return found if len(found) <= MAX_VALUE else f"{found[:MAX_VALUE]}…"
