"""What a journal knows of a batch and of a record. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

State = Literal["planned", "intended", "accepted", "rejected", "unknown"]

HOUR = 3600.0
WINDOW = 24 * HOUR
"""Seconds for which the service honours an idempotency key. Source: the vendor's documentation."""
MARGIN = 0.25 * HOUR
"""Seconds before its end from which a record is no longer sent again: clocks differ, and a call takes its time."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A record of a batch that shares not in the batch's fate, by its place in the batch (from 0).

    `since` is the time (seconds of the epoch) of the first call that may have reached the service, None where none
    did: as long as the service honours the idempotency key from then on, sending again is safe. `status` and `reason`
    are the service's.
    """

    position: int
    state: State
    since: float | None = None
    status: int = 0
    reason: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch: `state` is that of every record that is not in `different`."""

    number: int
    records: int
    state: State
    since: float | None = None
    attempts: int = 0
    reason: str = ""
    different: Mapping[int, Difference] = field(default_factory=dict)

    def of(self, position: int) -> Difference:
        """What is known of one record."""
        return self.different.get(position) or Difference(position, self.state, self.since, 0, self.reason)


@dataclass(frozen=True, slots=True)
class Counts:
    """The records of a plan by their state. `intended` ones were about to be sent when their run ended."""

    planned: int = 0
    intended: int = 0
    accepted: int = 0
    rejected: int = 0
    unknown: int = 0

    @property
    def settled(self) -> int:
        return self.accepted + self.rejected

    @property
    def received(self) -> int:
        """Those that the service has, may have, or has refused."""
        return self.settled + self.unknown + self.intended


@dataclass(frozen=True, slots=True)
class Totals:
    """What a journal is told of a plan before it is sent."""

    id: str
    workspace: str
    hub: str
    account: str
    triggers: str
    batches: int
    records: int
    recipients: int


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One record that was not simply accepted, for reports and exports."""

    plan: str
    batch: int
    position: int
    state: State
    since: float | None
    status: int
    reason: str
    id: str


def may_send_again(since: float | None, now: float) -> bool:
    """Whether a record that may have been received `since` then is still protected by its idempotency key."""
    return since is None or now - since < WINDOW - MARGIN
