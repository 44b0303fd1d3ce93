"""Faults on purpose: what a network and a service may do to a call. Decided by a seed, one call after another."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from random import Random
from threading import Lock
from typing import Literal

Fault = Literal["429", "500", "500-after", "cut", "cut-after", "slow"]


@dataclass(frozen=True)
class Faults:
    """How often a call meets which fault, as shares from 0 to 1, and how long every call takes.

    latency      seconds before every answer
    too_many     429 with Retry-After, nothing received
    error        500, nothing received
    error_after  500, but all was received
    cut          the connection is cut before the request is looked at
    cut_after    the connection is cut instead of an answer: all was received
    slow         the answer comes a byte at a time, for `slow_seconds`
    partial      for each record of a bulk call: an error of its own, 500 or 429, nothing received
    partial_after  the same with 500, but it was received
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

    @classmethod
    def every(cls, share: float, *, latency: float = 0.0, seed: int = 0) -> Faults:
        """All kinds of fault, each that often."""
        kinds = {one.name: share for one in fields(cls)[1:9]}
        return cls(latency=latency, seed=seed, **kinds)


@dataclass
class Chance:
    """The faults of one sandbox as they fall. Safe to share between threads."""

    faults: Faults
    _lock: Lock = field(default_factory=Lock)
    _random: Random = field(init=False)

    def __post_init__(self) -> None:
        self._random = Random(self.faults.seed)  # noqa: S311 - repeatable, not secret

    def call(self) -> Fault | None:
        """What happens to the next call."""
        faults = self.faults
        kinds: tuple[tuple[Fault, float], ...] = (
            ("429", faults.too_many), ("500", faults.error), ("500-after", faults.error_after), ("cut", faults.cut),
            ("cut-after", faults.cut_after), ("slow", faults.slow),
        )  # fmt: skip
        with self._lock:
            drawn = self._random.random()
        for fault, share in kinds:
            if drawn < share:
                return fault
            drawn -= share
        return None

    def record(self) -> tuple[int, bool] | None:
        """What happens to the next record of a bulk call: the status it is told, and whether it was received."""
        faults = self.faults
        if not faults.partial and not faults.partial_after:
            return None
        with self._lock:
            drawn = self._random.random()
        if drawn < faults.partial:
            return (429 if drawn < faults.partial / 2 else 500), False
        return (500, True) if drawn < faults.partial + faults.partial_after else None


NONE = Faults()
