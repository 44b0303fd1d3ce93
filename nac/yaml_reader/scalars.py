"""Plain scalars → values, by the core schema of YAML 1.2."""

from __future__ import annotations

import re
from typing import Any

# YAML 1.2.2 §10.3.2, the core schema.
_INT = re.compile(r"[-+]?[0-9]+\Z|0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_NOT_FINITE = re.compile(r"([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\Z")
_WORDS: dict[str, Any] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
MAX_DIGITS = 400


class NumberError(ValueError):
    """A number that JSON cannot hold, or that is too long to be one."""


def core_value(text: str) -> Any:
    """None, a bool, an int, a finite float, or the text itself. Raises NumberError."""
    if text in _WORDS:
        return _WORDS[text]
    if _INT.match(text):
        if len(text) > MAX_DIGITS:
            raise NumberError(f"a number of more than {MAX_DIGITS} digits")
        return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
    if _FLOAT.match(text):
        number = float(text)
        if number not in (float("inf"), float("-inf")):
            return number
    elif not _NOT_FINITE.match(text):
        return text
    raise NumberError(f"`{text[:40]}` is not a number that JSON can hold")
