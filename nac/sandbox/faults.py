"""Faults on purpose: what a network and a service may do to a call.

What happens to a call is decided by the seed, by what the call says, and by how often it has said it before: not by
when it comes. So the same calls meet the same faults, whichever connection is first, and a call that is made again
after a fault has another chance.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import blake2b
from math import isfinite
from threading import Lock
from typing import Literal

Fault = Literal["429", "500", "500-after", "cut", "cut-after", "slow"]

CALLS = ("too_many", "error", "error_after", "cut", "cut_after", "slow")
RECORDS = ("partial", "partial_after")
REMEMBERED = 100_000  # calls and records whose number of tries is known, the newest


@dataclass(frozen=True)
class Faults:
    """How often a call meets which fault, as shares from 0 to 1, and how long every call takes.

    latency      seconds before every answer
    too_many     429 with Retry-After, nothing received
    error        500, nothing received
    error_after  500, but all was received
    cut          the connection is cut before the request is looked at
    cut_after    the connection is cut instead of an answer: all was received
    slow         the answer comes a byte at a time, head and all, over `slow_seconds`
    partial      for each record of a bulk call: an error of its own, 500 or 429, nothing received
    partial_after  the same with 500, but it was received

    A call meets one of the first six at most, a record one of the last two. Raises ValueError for a share that is
    not from 0 to 1, for shares that are more than 1 together, and for a time that is not 0 or more seconds.
    """

    latency: float = 0.0
    too_many: float = 0.0
    error: float = 0.0
    error_after: float = 0.0
    cut: float = 0.0
    cut_after: float = 0.0
    slow: float = 0.0
    partial: float = 0.0
    partial_after: float = 0.0
    seed: int = 0
    retry_after: float = 0.05
    slow_seconds: float = 0.2

    def __post_init__(self) -> None:
        for one in ("latency", "retry_after", "slow_seconds"):
            if not (isfinite(value := getattr(self, one)) and value >= 0):
                raise ValueError(f"{one} takes 0 or more seconds, not {value}")
        for of, kinds in (("calls", CALLS), ("records", RECORDS)):
            shares = [getattr(self, one) for one in kinds]
            if not all(0 <= share <= 1 for share in shares):
                raise ValueError(f"the share of a fault is from 0 to 1, here {', '.join(map(str, shares))}")
            if sum(shares) > 1 + 1e-9:
                raise ValueError(f"the shares of faults of {of} are {sum(shares):g} together: more than 1")

    @classmethod
    def every(cls, share: float, *, latency: float = 0.0, seed: int = 0) -> Faults:
        """All kinds of fault, each that often."""
        return cls(latency=latency, seed=seed, **dict.fromkeys((*CALLS, *RECORDS), share))


@dataclass
class Chance:
    """The faults of one sandbox as they fall. Safe to share between threads."""

    faults: Faults
    _tries: dict[bytes, int] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self._of_calls = any(getattr(self.faults, one) for one in CALLS)
        self._of_records = any(getattr(self.faults, one) for one in RECORDS)

    def call(self, path: str, body: bytes) -> Fault | None:
        """What happens to a call with this body: another draw each time that the same one is made."""
        if not self._of_calls:
            return None
        faults = self.faults
        kinds: tuple[tuple[Fault, float], ...] = (
            ("429", faults.too_many), ("500", faults.error), ("500-after", faults.error_after), ("cut", faults.cut),
            ("cut-after", faults.cut_after), ("slow", faults.slow),
        )  # fmt: skip
        drawn = self._draw(b"call", path.encode("utf-8", "replace") + b"\0" + body)
        for fault, share in kinds:
            if drawn < share:
                return fault
            drawn -= share
        return None

    def record(self, record: object) -> tuple[int, bool] | None:
        """What happens to this record of a bulk call: the status it is told, and whether it was received.

        A record is known by its idempotency key, else by all that it says, in whichever call it comes.
        """
        if not self._of_records:
            return None
        faults = self.faults
        key = record.get("$idempotency_key") if isinstance(record, dict) else None
        drawn = self._draw(b"record", json.dumps(key or record, sort_keys=True).encode())
        if drawn < faults.partial:
            return (429 if drawn < faults.partial / 2 else 500), False
        return (500, True) if drawn < faults.partial + faults.partial_after else None

    def _draw(self, of: bytes, content: bytes) -> float:
        """From 0 to 1, 1 excluded."""
        digest = blake2b(content, digest_size=16, key=str(self.faults.seed).encode()[:64], person=of).digest()
        with self._lock:
            tries = self._tries.pop(digest, 0)  # so that it goes to the end: the first is the one not met for longest
            self._tries[digest] = tries + 1
            if len(self._tries) > REMEMBERED:
                del self._tries[next(iter(self._tries))]
        drawn = blake2b(digest + tries.to_bytes(8, "big"), digest_size=8).digest()
        return (int.from_bytes(drawn, "big") >> 11) / 2**53


NONE = Faults()
