"""What the channels' facts have in common."""

from __future__ import annotations

import json

from nac.preview.result import Fact


def length(name: str, text: str, limit: int, over: str) -> Fact:
    """How many characters a text has (code points: an emoji may be several); `over` is the note past the limit."""
    too_long = len(text) > limit
    return Fact(name, len(text), "characters", limit, too_long, over if too_long else None)


def shown(name: str, text: str, room: int, where: str) -> list[Fact]:
    """A fact where a reader sees only the first `room` characters of a text; `where` completes "… shows".

    `name` is that of the text, and `_shown`.
    """
    if len(text) <= room:
        return []
    what = name.removesuffix("_shown")
    note = f"{where} shows about {room} characters of the {what} before it is opened; {len(text) - room} are cut."
    return [Fact(name, room, "characters", warning=True, note=note)]


def json_size(value: object) -> int | None:
    """The bytes of a value as compact JSON in UTF-8, None where it cannot be written."""
    try:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError):
        return None
    return byte_length(text)


def byte_length(text: str) -> int:
    """The bytes of a text in UTF-8."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
