"""How far a run is: counters that whoever shows them may read at any time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


@dataclass(slots=True)
class Progress:
    """Records of a run. `total` counts all of the plan's, `before` those that earlier runs had settled; `calls` and
    `again` count the calls made, and those of them that were not the first for their records."""

    total: int
    before: int = 0
    accepted: int = 0
    rejected: int = 0
    in_flight: int = 0
    calls: int = 0
    again: int = 0
    at_once: int = 0

    @property
    def settled(self) -> int:
        return self.before + self.accepted + self.rejected


@dataclass(frozen=True, slots=True)
class CallEnded:
    """One call has ended and is in the journal. `waits`: seconds until what is left of it is sent again."""

    batch: int
    attempt: int
    records: int
    accepted: int
    rejected: int
    left: int
    status: int | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended: `why` it stopped early (None: it did not), and by which signal, if it was one."""

    how: Literal["done", "stopped", "failed", "interrupted"]
    why: str | None = None
    signal: int | None = None


Watcher = Callable[[CallEnded, Progress], None]
"""Is told of every call that ended, from the event loop: it must be quick."""
