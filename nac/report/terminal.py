"""Text that is safe to print, in colour where somebody looks at it."""

from __future__ import annotations

import os
import re
import unicodedata
from typing import IO, Any

# C0 and C1 controls but line feed and tab, and the marks that reorder text: what could move a cursor, hide
# a line, or make a diff read other than it is.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def safe(text: str) -> str:
    """The text with every character that a terminal would obey shown as an escape such as `\\x1b`."""
    return _UNSAFE.sub(
        lambda found: f"\\x{ord(found[0]):02x}" if ord(found[0]) < 256 else f"\\u{ord(found[0]):04x}", text
    )


def wants_colour(stream: IO[Any]) -> bool:
    """Colour on a terminal, unless NO_COLOR is set (no-color.org); always with FORCE_COLOR."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (stream.isatty() and os.environ.get("TERM") != "dumb")


def width(text: str) -> int:
    """The terminal cells that a text takes: wide characters take two, combining ones none."""
    cells = 0
    for character in text:
        if not unicodedata.combining(character):
            cells += 2 if unicodedata.east_asian_width(character) in "WF" else 1
    return cells


class Style:
    """ANSI styles, or plain text."""

    def __init__(self, colour: bool) -> None:
        self.colour = colour

    def _paint(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and text else text

    def bold(self, text: str) -> str:
        return self._paint("1", text)

    def dim(self, text: str) -> str:
        return self._paint("2", text)

    def red(self, text: str) -> str:
        return self._paint("1;31", text)

    def green(self, text: str) -> str:
        return self._paint("32", text)

    def yellow(self, text: str) -> str:
        return self._paint("33", text)

    def blue(self, text: str) -> str:
        return self._paint("34", text)

    def cyan(self, text: str) -> str:
        return self._paint("36", text)


PLAIN = Style(False)
