"""Plans for the tests that send: small, and made without a project."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nac.limits import Kind
from nac.payload import Envelope, Payload
from nac.plan import Record, plan, record
from nac.plans import Manifest, PlanWriter, StoredPlan, TriggerCount, open_plan

FIELDS: dict[Kind, dict[str, object]] = {
    "workflow": {"workflow": "w", "data": {}},
    "dynamic": {"name": "n1", "template": "t1", "notification_category": "system", "data": {}},
    "broadcast": {
        "list_id": "l", "template": "t1", "notification_category": "system", "data": {}, "$time": 1_700_000_000_000,
        "$insert_id": "00000000-0000-0000-0000-000000000000",
    },
}  # fmt: skip


def people(count: int, name: str = "k", *, kind: Kind = "workflow") -> list[Record]:
    """Records of a trigger for `user-0`, `user-1`, …"""
    envelope = Envelope("news", kind, FIELDS[kind])
    return [record(Payload(envelope, _people(kind, n), f"{name}-{n}"), "", n) for n in range(count)]


def _people(kind: Kind, number: int) -> tuple[str | dict[str, str], ...]:
    if kind == "broadcast":
        return ()
    return (f"user-{number}" if kind == "workflow" else {"distinct_id": f"user-{number}"},)


def stored(folder: Path, records: Sequence[Record], **told: object) -> StoredPlan:
    """A plan of these records in a directory."""
    with PlanWriter(folder) as writer:
        for batch in plan(records):
            writer.add(batch)
        triggers: dict[str, TriggerCount] = {}
        for one in records:
            had = triggers.get(one.trigger, TriggerCount(kind=one.kind))
            triggers[one.trigger] = TriggerCount(
                kind=one.kind, records=had.records + 1, recipients=had.recipients + one.recipients,
                bytes=had.bytes + len(one.body),
            )  # fmt: skip
        writer.finish(Manifest.model_validate({"triggers": triggers, **told}), {"nac": "test"})
    return open_plan(folder)
