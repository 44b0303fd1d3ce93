"""Faults on purpose: each does what its name says, and the same seed gives the same ones, whatever comes first."""

from __future__ import annotations

import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from random import Random

import httpx
import pytest

from nac.dispatch import Accepted, Bearer, Client, Rejected, Unsent
from nac.dispatch.outcomes import Outcome
from nac.sandbox import Count, Faults, Sandbox, faults, required_keys
from nac.sandbox.faults import Chance


def record(n: int) -> bytes:
    return json.dumps({"workflow": "w", "recipients": [f"u{n}"], "data": {}, "$idempotency_key": f"k{n}"}).encode()


RECORDS = [record(n) for n in range(10)]
HEADERS = {"Authorization": "Bearer sandbox-key", "Content-Type": "application/json"}


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


def test_a_slow_answer_drips_for_as_long_as_is_told() -> None:
    """No single wait is long, so that a limit on each read never ends it."""
    with (
        Sandbox(validate=required_keys, faults=Faults(slow=1.0, slow_seconds=1.5)) as sandbox,
        socket.create_connection(("127.0.0.1", int(httpx.URL(sandbox.url).port or 0)), timeout=0.75) as connection,
    ):
        head = "".join(f"{name}: {value}\r\n" for name, value in HEADERS.items())
        began = time.monotonic()
        connection.sendall(
            f"POST /trigger/ HTTP/1.1\r\nHost: localhost\r\n{head}Content-Length: {len(RECORDS[0])}\r\n\r\n".encode()
            + RECORDS[0]
        )
        pieces = [connection.recv(65536)]
        while not b"".join(pieces).endswith(b'"sandbox-1"}'):
            pieces.append(connection.recv(65536))
        assert time.monotonic() - began >= 1.4
        assert len(pieces) > 20
        assert b"".join(pieces).startswith(b"HTTP/1.1 202")


def test_closing_does_not_wait_for_what_is_slow_on_purpose() -> None:
    with ThreadPoolExecutor(2) as threads:
        for slow in (Faults(slow=1.0, slow_seconds=600), Faults(latency=600.0)):
            with Sandbox(validate=required_keys, faults=slow) as sandbox:
                asked = threads.submit(httpx.post, sandbox.url + "trigger/", content=RECORDS[0], headers=HEADERS,
                                       trust_env=False, timeout=300)  # fmt: skip
                while not sandbox.count.accepted:
                    time.sleep(0.01)
                began = time.monotonic()
            assert time.monotonic() - began < 60
            assert isinstance(asked.exception(300), httpx.TransportError)


def test_latency_is_waited_for() -> None:
    with Sandbox(validate=required_keys, faults=Faults(latency=0.3)) as sandbox:
        began = time.monotonic()
        assert httpx.post(sandbox.url + "trigger/", content=RECORDS[0], headers=HEADERS, trust_env=False).is_success
        assert time.monotonic() - began >= 0.3


def test_the_seed_decides() -> None:
    first, second, other = (send(Faults.every(0.1, seed=seed), calls=12)[0] for seed in (1, 1, 2))
    assert [type(one) for one in first] == [type(one) for one in second] != [type(one) for one in other]


def test_the_order_in_which_calls_come_decides_nothing() -> None:
    calls = [(f"/{n % 3}/trigger/", record(n)) for n in range(300)]
    calls += calls[:100]  # tried again
    mixed = calls.copy()
    Random(7).shuffle(mixed)
    told: list[dict[tuple[str, bytes], list[str | None]]] = []
    for order in (calls, mixed):
        chance, met = Chance(Faults.every(0.1, seed=3)), {}
        for call in order:
            met.setdefault(call, []).append(chance.call(*call))
        told.append(met)
    assert told[0] == told[1]
    every = [fault for faults in told[0].values() for fault in faults]
    assert set(every) == {None, "429", "500", "500-after", "cut", "cut-after", "slow"}
    assert any(faults[0] and not faults[1] for faults in told[0].values() if len(faults) > 1), (
        "another try, another draw"
    )


def test_a_record_meets_the_same_in_whichever_bulk_call_it_comes() -> None:
    chances = [Chance(Faults(partial=0.3, partial_after=0.3, seed=5)) for _ in range(2)]
    there = {n: chances[0].record(json.loads(record(n))) for n in range(200)}
    back = {n: chances[1].record({**json.loads(record(n)), "data": {"x": n}}) for n in reversed(range(200))}
    assert there == back
    assert set(there.values()) == {None, (429, False), (500, False), (500, True)}


def test_the_shares_are_those_that_were_asked_for() -> None:
    chance = Chance(Faults(too_many=0.2, slow=0.1, seed=11))
    drawn = [chance.call("/trigger/", record(n)) for n in range(5000)]
    assert 800 < drawn.count("429") < 1200
    assert 350 < drawn.count("slow") < 650
    assert set(drawn) == {None, "429", "slow"}


def test_what_is_remembered_of_tries_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faults, "REMEMBERED", 50)
    chance = Chance(Faults(error=0.5))
    for n in range(500):
        chance.call("/trigger/", record(n))
    assert len(chance._tries) == 50


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"too_many": 1.1}, "from 0 to 1"),
        ({"slow": -0.1}, "from 0 to 1"),
        ({"partial": float("nan")}, "from 0 to 1"),
        ({"too_many": 0.6, "error": 0.5}, "1.1 together"),
        ({"partial": 0.6, "partial_after": 0.6}, "1.2 together"),
        ({"latency": -1.0}, "0 or more seconds"),
        ({"slow_seconds": float("inf")}, "0 or more seconds"),
    ],
)
def test_faults_that_cannot_be(wrong: dict[str, float], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Faults(**wrong)  # type: ignore[arg-type]


def test_duplicates_are_counted() -> None:
    _, count = send(Faults(), calls=3)
    assert count == Count(calls=3, accepted=30, delivered=10, duplicates=20, keyless=0, rejected=0)
