"""Files that git gave other line ends, on one machine and not on the other."""

from __future__ import annotations

_SNIFFED = 8000
"""Bytes in which a NUL tells git that a file is no text."""


def same_text(one: bytes, other: bytes) -> bool:
    """Whether two texts differ in their line ends alone. A binary file is equal to itself only."""
    if one == other:
        return True
    if b"\0" in one[:_SNIFFED] or b"\0" in other[:_SNIFFED]:
        return False
    return one.replace(b"\r\n", b"\n") == other.replace(b"\r\n", b"\n")
