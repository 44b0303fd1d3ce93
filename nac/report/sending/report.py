"""What became of a run, for every format."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nac.dispatch.progress import Ended, Progress
from nac.journal import Counts, RecordRow
from nac.journal.journal import SKIPPED


@dataclass(frozen=True, slots=True)
class Cause:
    """Records that were not accepted for the same reason. `records` are (batch, place in it, id), in order."""

    state: str
    status: int
    reason: str
    records: tuple[tuple[int, int, str], ...]

    @property
    def text(self) -> str:
        match self.state:
            case "rejected":
                return f"rejected ({self.status}): {self.reason}" if self.status else f"rejected: {self.reason}"
            case "planned":
                return f"not received: {self.reason}" if self.reason else "not sent yet"
        return f"unknown (may have been received): {self.reason or 'the run ended before the answer came'}"


@dataclass(frozen=True, slots=True)
class Report:
    """The end of a run. `counts` are of all runs of the plan, `progress` of this one; `resume` is the command that
    goes on, None where nothing is left."""

    plan: str
    workspace: str | None
    hub: str
    counts: Counts
    causes: tuple[Cause, ...]
    ended: Ended
    progress: Progress
    seconds: float
    resume: str | None

    @property
    def left(self) -> int:
        return self.counts.planned + self.counts.intended + self.counts.unknown

    @property
    def rejected(self) -> int:
        """Without those that somebody settled by hand, because they had arrived."""
        return self.counts.rejected - sum(len(one.records) for one in self.causes if one.reason == SKIPPED)

    @property
    def failed(self) -> bool:
        return bool(self.left or self.rejected)


def causes_of(rows: Iterable[RecordRow]) -> tuple[Cause, ...]:
    """The causes, the most frequent first."""
    found: dict[tuple[str, int, str], list[tuple[int, int, str]]] = {}
    for one in rows:
        state = "unknown" if one.state == "intended" else one.state
        found.setdefault((state, one.status, one.reason), []).append((one.batch, one.position, one.id))
    causes = [Cause(*cause, tuple(records)) for cause, records in found.items()]
    return tuple(sorted(causes, key=lambda cause: (-len(cause.records), cause.text)))
