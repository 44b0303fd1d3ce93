"""What is left to be sent of a batch, by what the journal knows of it. Pure."""

from __future__ import annotations

from nac.dispatch.verdicts import Work
from nac.journal.journal import Settlement
from nac.journal.states import BatchRow, Difference
from nac.plan import Batch
from nac.plans.manifest import PlanError

LEFT = ("planned", "intended", "unknown")


def pending(batch: Batch, row: BatchRow | None) -> tuple[Work | None, Settlement | None]:
    """The records that are not settled, None where all are; and what to tell the journal first, so that each of them
    has a row of its own where they are not the whole batch."""
    everything = tuple(range(len(batch.records)))
    if row is None:
        return Work(batch.number, batch.kind, everything, batch.records), None
    if row.records != len(batch.records):
        raise PlanError(f"batch {batch.number} is not the one that the journal knows: plan again")
    if not row.different:
        if row.state not in LEFT:
            return None, None
        return Work(batch.number, batch.kind, everything, batch.records, row.since), None
    known = [row.of(place) for place in everything]
    left = [one for one in known if one.state in LEFT]
    if not left:
        return None, None
    places = tuple(one.position for one in left)
    times = [one.since for one in left if one.since is not None]
    work = Work(batch.number, batch.kind, places, tuple(batch.records[place] for place in places),
                min(times, default=None), whole=False)  # fmt: skip
    if row.state == "accepted":
        return work, None
    apart = tuple(Difference(one.position, one.state, one.since, one.status, one.reason, one.id) for one in known
                  if one.state != "accepted")  # fmt: skip
    return work, Settlement(batch.number, "accepted", different=apart)
