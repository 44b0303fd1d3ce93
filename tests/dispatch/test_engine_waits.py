"""What must still hold when a call has waited: for room, for its rate, or because the service asked for it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from plans_made import people, stored

from nac.dispatch import Hmac
from nac.dispatch.async_client import AsyncClient
from nac.dispatch.engine import Engine, Options
from nac.dispatch.progress import Ended, Progress
from nac.journal import Counts, Journal, Totals, open_journal
from nac.journal.journal import Intent
from nac.journal.states import HOUR, WINDOW
from nac.plans import StoredPlan

Reply = Callable[[int], Awaitable[bytes]]
ALL = json.dumps({"records": [{"status": "success"}] * 100}).encode()


def reply(status: int, body: bytes = b"", headers: str = "") -> bytes:
    return f"HTTP/1.1 {status} x\r\n{headers}Content-Length: {len(body)}\r\n\r\n".encode() + body


class Clock:
    now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


@asynccontextmanager
async def hub(answer: Reply) -> AsyncIterator[str]:
    """A service that answers its calls, which are counted from 1, as it is told."""
    calls = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal calls
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                await reader.readexactly(int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0]))
                calls += 1
                writer.write(await answer(calls))
                await writer.drain()
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


async def send(
    plan: StoredPlan, journal: Journal, answer: Reply, options: Options,
    during: Callable[[Engine], object] = lambda engine: None,
) -> tuple[Ended, Counts]:  # fmt: skip
    async with hub(answer) as url:
        client = AsyncClient(Hmac("sandbox", "sandbox-secret"), base_url=url)
        engine = Engine(plan, client, journal, Progress(plan.manifest.records), options)
        during(engine)
        ended = await asyncio.wait_for(engine.run(), 30)
        await client.close()
    row = journal.plan(plan.id)
    assert row is not None
    return ended, row.counts


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def plan(tmp_path: Path) -> StoredPlan:
    return stored(tmp_path / "plan", people(1_500))


@pytest.fixture
def journal(tmp_path: Path, plan: StoredPlan, clock: Clock) -> Journal:
    made = open_journal(tmp_path / "journal.sqlite", clock)
    made.begin(Totals(plan.id, "", "hub", "", "news", plan.manifest.batches, plan.manifest.records, 1_500))
    return made


def test_who_waits_for_room_lets_a_run_end_that_the_service_has_paused(plan: StoredPlan, journal: Journal) -> None:
    engines: list[Engine] = []

    async def answer(call: int) -> bytes:
        engines[0].stop(Ended("interrupted", "by SIGTERM", 15))
        await asyncio.sleep(0.05)  # the others have looked, and wait again
        return reply(429, headers="Retry-After: 60\r\n")

    with journal:
        done = asyncio.run(send(plan, journal, answer, Options(connections=1), engines.append))
    assert done == (Ended("interrupted", "by SIGTERM", 15), Counts(planned=1_500))


@pytest.mark.parametrize("rate", [None, 5_000.0])
def test_quiet_hours_hold_for_calls_that_waited(plan: StoredPlan, journal: Journal, rate: float | None) -> None:
    told = {"quiet": False}

    async def answer(call: int) -> bytes:
        told["quiet"] = True
        return reply(200, ALL)

    options = Options(connections=1, rate=rate, halt=lambda now: "it is a quiet hour" if told["quiet"] else None)
    with journal:
        done = asyncio.run(send(plan, journal, answer, options))
    assert done == (Ended("stopped", "it is a quiet hour"), Counts(accepted=100, planned=1_400))


def test_a_key_that_ran_out_while_its_call_waited_is_not_used(plan: StoredPlan, journal: Journal, clock: Clock) -> None:
    journal.write(plan.id, [Intent(number, 100, clock.now) for number in range(1, 16)])
    clock.now += WINDOW - HOUR
    calls = []

    async def answer(call: int) -> bytes:
        calls.append(call)
        clock.now += HOUR
        return reply(200, ALL)

    with journal:
        ended, counts = asyncio.run(send(plan, journal, answer, Options(connections=1)))
    assert ended.why is not None
    assert "no longer be sent again safely" in ended.why
    assert calls == [1]
    assert (counts.accepted, counts.unknown + counts.intended) == (100, 1_400)


def test_why_a_call_was_given_up_is_told_where_only_its_records_say_it(plan: StoredPlan, journal: Journal) -> None:
    busy = {"records": [{"status": "error", "status_code": 503, "error": {"message": "the moon is full"}}] * 100}

    async def answer(call: int) -> bytes:
        return reply(207, json.dumps(busy).encode())

    with journal:
        ended, counts = asyncio.run(send(plan, journal, answer, Options(connections=1, attempts=1)))
    assert ended == Ended("stopped", "given up after 1 attempt: the moon is full")
    assert counts == Counts(unknown=counts.unknown, planned=1_500 - counts.unknown)
    assert counts.unknown >= 100


def test_a_status_that_is_none_breaks_no_journal(tmp_path: Path, plan: StoredPlan, journal: Journal) -> None:
    strange = {"records": [{"status": "error", "status_code": 10**30, "error": {"message": "no"}}] * 100}

    async def answer(call: int) -> bytes:
        return reply(207, json.dumps(strange).encode())

    with journal:
        assert asyncio.run(send(plan, journal, answer, Options())) == (Ended("done"), Counts(rejected=1_500))
