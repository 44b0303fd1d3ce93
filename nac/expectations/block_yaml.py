"""Values as YAML that is read line by line in a difference: blocks, one key a line, texts of several lines as they are.

The same value gives the same text, and reading the text gives the same value.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

# What a plain scalar may look like for any reader, of YAML 1.1 or 1.2: everything else stands in quotes.
_PLAIN = re.compile(r"[A-Za-z_$][A-Za-z0-9_$./+-]*(?: [A-Za-z0-9_$./(][A-Za-z0-9_$./+(),-]*)*")
_WORDS = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
# What stands in a block as it is: no control characters, none that end a line elsewhere, no half surrogates.
_IN_BLOCK = re.compile(
    "[\t\n\x20-\x7e\xa0-\u2027\u202f-\u2065\u206a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]*"
)
_ESCAPED = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]")


def to_yaml(value: dict[str, Any]) -> str:
    """The text of a mapping of JSON values, which ends in a line feed."""
    return "".join(f"{line}\n" for line in _mapping(value, ""))


def _mapping(value: dict[str, Any], indent: str) -> Iterator[str]:
    for key, one in value.items():
        first, *rest = _value(one, indent + "  ")
        yield f"{indent}{_scalar(key)}:{first}"
        yield from rest


def _value(value: Any, indent: str) -> Iterator[str]:
    """What follows a key's colon or an item's dash, and the lines below it."""
    if isinstance(value, dict) and value:
        yield ""
        yield from _mapping(value, indent)
    elif isinstance(value, list) and value:
        yield ""
        for one in value:
            first, *rest = _value(one, indent + "  ")
            if isinstance(one, dict) and one:  # the first key on the dash's own line
                yield f"{indent}- {rest[0].strip()}"
                yield from rest[1:]
            else:
                yield f"{indent}-{first}"
                yield from rest
    elif isinstance(value, str) and _is_block(value):
        kept = len(value) - len(value.rstrip("\n"))
        lines = value.split("\n")
        yield (
            " |" + ("2" if value.startswith((" ", "\n", "\t")) else "") + ("-" if not kept else "+" if kept > 1 else "")
        )
        for line in lines[:-1] if kept else lines:
            yield f"{indent}{line}" if line else ""
    else:
        yield f" {_scalar(value)}"


def _is_block(text: str) -> bool:
    """Whether a text is shown line by line. White space at a line's end would not survive an editor."""
    return "\n" in text.rstrip("\n") and _IN_BLOCK.fullmatch(text) is not None and not re.search(r"[ \t](\n|\Z)", text)


def _scalar(value: Any) -> str:
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.casefold() not in _WORDS:
        return value
    text = json.dumps(value, ensure_ascii=False)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
