"""How commands that read a whole project and end deal with memory."""

from __future__ import annotations

import gc


def rarely_collected() -> None:
    """Look for garbage in cycles seldom: what is read is kept to the end and holds next to none, and looking through
    all of it again and again takes a third of the time of a large project."""
    gc.set_threshold(100_000, 20, 100)
