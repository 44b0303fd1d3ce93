"""A plan, and what became of it, as text."""

from __future__ import annotations

from collections import Counter

from nac.dispatch.outcomes import Accepted, Outcome, Rejected
from nac.dispatch.send import Spool
from nac.report.terminal import PLAIN, Style, safe


class Tally:
    """Outcomes counted by cause."""

    def __init__(self) -> None:
        self.accepted = 0
        self.failed: Counter[str] = Counter()

    def add(self, outcome: Outcome) -> None:
        if isinstance(outcome, Accepted):
            self.accepted += 1
        elif isinstance(outcome, Rejected):
            self.failed[f"rejected ({outcome.status}): {outcome.message}"] += 1
        else:
            known = "may have been received" if outcome.maybe_received else "not received"
            self.failed[f"not sent ({known}): {outcome.reason}"] += 1


def plan_text(spool: Spool, calls: int, hub: str, style: Style = PLAIN) -> str:
    """What would be sent, how much of it, and where to. Nobody's data: a pipeline's log is read by many."""
    lines = [style.bold("Plan")]
    lines += [f"  {safe(name)}: {_count(count, 'request')}" for name, count in sorted(spool.triggers.items())]
    people = f"{_count(spool.people, 'recipient')}, " if spool.people else ""
    lines.append(f"  {people}{spool.size:,} bytes in {_count(calls, 'call')} to {safe(hub)}")
    if spool.keyless:
        keyless = f"  {_count(spool.keyless, 'request')} without an idempotency key: sent again if run again"
        lines.append(style.yellow(keyless))
    return "\n".join(lines) + "\n"


def tally_text(tally: Tally, records: int, style: Style = PLAIN) -> str:
    """How many of the records were accepted, why others were not, the most frequent cause first, and how many were
    never tried."""
    lines = [style.green(f"{tally.accepted:,} accepted") if tally.accepted else "0 accepted"]
    lines += [style.red(f"{count:,} {safe(cause)}") for cause, count in tally.failed.most_common()]
    if left := records - tally.accepted - tally.failed.total():
        lines.append(
            style.yellow(f"{left:,} not tried; run it again: idempotency keys keep the others from a second one")
        )
    return "\n".join(lines) + "\n"


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
