"""How commands that read a whole project and end deal with memory."""

from __future__ import annotations

import atexit
import gc
import sys
from functools import cache


@cache
def rarely_collected() -> None:
    """Look for garbage in cycles seldom: what is read is kept to the end and holds next to none, and looking through
    all of it again and again takes a third of the time of a large project."""
    gc.set_threshold(100_000, 20, 100)
    atexit.register(_leave)


def _leave() -> None:
    """Python would look through all of it once more when it ends, to give back memory that goes back anyway."""
    if "_duckdb" not in sys.modules:  # which complains on stderr about everything that it was not given back
        gc.freeze()
