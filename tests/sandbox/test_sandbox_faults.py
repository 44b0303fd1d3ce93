"""Faults on purpose: each does what its name says, and the same seed gives the same ones."""

from __future__ import annotations

import json

import pytest

from nac.dispatch import Accepted, Bearer, Client, Rejected, Unsent
from nac.dispatch.outcomes import Outcome
from nac.sandbox import Count, Faults, Sandbox, required_keys

RECORDS = [json.dumps({"workflow": "w", "recipients": [f"u{n}"], "data": {}, "$idempotency_key": f"k{n}"}).encode()
           for n in range(10)]  # fmt: skip


def send(faults: Faults, calls: int = 1) -> tuple[list[Outcome], Count]:
    with Sandbox(validate=required_keys, faults=faults) as sandbox:
        outcomes: list[Outcome] = []
        for _ in range(calls):
            with Client(Bearer("sandbox-key"), base_url=sandbox.url) as client:
                outcomes += client.send("workflow", RECORDS)
        return outcomes, sandbox.count


@pytest.mark.parametrize(
    ("fault", "outcome", "received"),
    [
        ("too_many", Rejected(429, "a fault on purpose", 0.05), 0),
        ("error", Rejected(500, "a fault on purpose"), 0),
        ("error_after", Rejected(500, "a fault on purpose"), 10),
        ("cut", Unsent("the connection to 127.0.0.1 broke before the whole answer came", True), 0),
        ("cut_after", Unsent("the connection to 127.0.0.1 broke before the whole answer came", True), 10),
        ("partial_after", Rejected(500, "a fault on purpose"), 10),
    ],
)
def test_each_fault(fault: str, outcome: Outcome, received: int) -> None:
    outcomes, count = send(Faults(**{fault: 1.0}))  # type: ignore[arg-type]
    assert outcomes == [outcome] * 10
    assert count.delivered == received


def test_partial_errors_are_not_received_and_slow_answers_come() -> None:
    outcomes, count = send(Faults(partial=1.0, seed=1))
    assert {one.status for one in outcomes if isinstance(one, Rejected)} == {429, 500}
    assert (count.delivered, count.rejected) == (0, 10)
    outcomes, count = send(Faults(slow=1.0))
    assert all(isinstance(one, Accepted) for one in outcomes)


def test_the_seed_decides() -> None:
    first, second, other = (send(Faults.every(0.1, seed=seed), calls=12)[0] for seed in (1, 1, 2))
    assert [type(one) for one in first] == [type(one) for one in second] != [type(one) for one in other]


def test_duplicates_are_counted() -> None:
    _, count = send(Faults(), calls=3)
    assert count == Count(calls=3, accepted=30, delivered=10, duplicates=20, keyless=0, rejected=0)
