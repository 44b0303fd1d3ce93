"""Sending a stored plan: each record once, whatever happens on the way.

```
plan → batches that the journal does not know as settled → intent → call → answer → verdict → outcome
                                                              ↑_____ again, later ______|
```
An intent is on the disk before its call is made, an outcome before it counts. Whatever happens in between (a cut
connection, a killed process), the journal says that it may have been received, and it is only ever sent again under the
same idempotency key, while the service honours that. Time, chance and signals come from outside.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from random import Random

from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt

from nac.dispatch.async_client import AsyncClient
from nac.dispatch.backoff import MOST_ASKED, AgainError, FullJitter
from nac.dispatch.pace import MOST, START, Bucket, Pace
from nac.dispatch.pending import pending
from nac.dispatch.progress import CallEnded, Ended, Progress, Watcher
from nac.dispatch.telemetry import SILENT, Telemetry
from nac.dispatch.verdicts import Verdict, Work, judge
from nac.journal.errors import JournalError
from nac.journal.journal import Intent, Journal, Settlement
from nac.journal.ledger import Ledger
from nac.journal.states import may_send_again
from nac.plans.manifest import PlanError
from nac.plans.reader import StoredPlan

AHEAD = 8  # batches that are read and entered while all connections are busy
ATTEMPTS = 8


class StoppedError(Exception):
    """The run begins nothing any more."""


@dataclass(frozen=True)
class Options:
    """How to send. `rate` is in records a second; `attempts` counts the first; `halt` says why nothing more may be sent
    at a time (seconds of the epoch), None where it may."""

    connections: int = MOST
    rate: float | None = None
    attempts: int = ATTEMPTS
    backoff: float = 0.5
    random: Random = field(default_factory=Random)
    clock: Callable[[], float] = time.monotonic
    halt: Callable[[float], str | None] = lambda now: None
    telemetry: Telemetry = SILENT


class Engine:
    """One run of a plan. The plan has been verified, and the journal is locked for it; both are this run's alone."""

    def __init__(
        self,
        plan: StoredPlan,
        client: AsyncClient,
        journal: Journal,
        progress: Progress,
        options: Options | None = None,
        watch: Watcher = lambda call, progress: None,
    ) -> None:
        self._options = options or Options()
        self._plan = plan
        self._client = client
        self._journal = journal
        self._progress = progress
        self._watch = watch
        self._stopping = asyncio.Event()
        self._changed = asyncio.Event()
        self._open = 0
        self._end = Ended("done")
        clock = self._options.clock
        self._pace = Pace(clock, self._sleep, start=START, most=self._options.connections)
        self._bucket = Bucket(self._options.rate, clock, self._sleep)
        self._wait = FullJitter(self._options.random, self._options.backoff)

    @property
    def stopping(self) -> bool:
        return self._stopping.is_set()

    def stop(self, end: Ended) -> None:
        """Begin nothing more; what is in flight is finished. The first reason counts."""
        if not self._stopping.is_set():
            self._end = end
            self._stopping.set()
            self._changed.set()
            self._pace.end()

    async def run(self) -> Ended:
        """Send what is left of the plan, and say how it ended; the journal says the rest."""
        ledger = Ledger(self._journal, self._plan.id)
        try:
            async with asyncio.TaskGroup() as tasks:
                try:
                    async for work in self._works(ledger):
                        await self._room()
                        self._open += 1
                        tasks.create_task(self._deliver(work, ledger))
                except StoppedError:
                    pass
                except PlanError as error:  # what is in flight is finished all the same
                    self.stop(Ended("failed", str(error)))
        except* (JournalError, PlanError) as errors:
            self.stop(Ended("failed", str(_first(errors))))
        finally:
            await ledger.close()
        return self._end

    async def _works(self, ledger: Ledger) -> AsyncIterator[Work]:
        """What is left to be sent, in order."""
        plan = self._plan
        for file in plan.manifest.files:
            known = await ledger.ask(partial(self._journal.batches, plan.id, file.first, file.last))
            if len(known) == file.batches and all(
                row.state == "accepted" and all(one.state in ("accepted", "rejected") for one in row.different.values())
                for row in known.values()
            ):
                continue  # all of it is settled: the file need not be read
            for batch in plan.batches(file):
                work, apart = pending(batch, known.get(batch.number))
                if apart is not None:
                    await ledger.write(apart)
                if work is not None:
                    yield work

    async def _room(self) -> None:
        while not self._stopping.is_set() and self._open >= int(self._pace.limit) + AHEAD:
            self._changed.clear()
            await self._changed.wait()
        self._check()

    async def _deliver(self, work: Work, ledger: Ledger) -> None:
        """Send the records until each is settled, or the attempts are used up, or the run stops."""
        try:
            await self._deliver_all(work, ledger)
        except StoppedError:
            pass
        finally:
            self._open -= 1
            self._changed.set()

    async def _deliver_all(self, work: Work, ledger: Ledger) -> None:
        left: list[Work] = [work]
        while left:
            delivery, before = _Delivery(left.pop()), self._progress.accepted
            retrying = AsyncRetrying(
                retry=retry_if_exception_type(AgainError), stop=stop_after_attempt(self._options.attempts),
                wait=self._wait, sleep=self._sleep, reraise=True,
            )  # fmt: skip
            try:
                await retrying(self._attempt, delivery, ledger)
            except AgainError:
                # Where others were accepted meanwhile, it is these records that the service cannot take, and the rest
                # goes on; where none were, it is the service.
                if self._progress.accepted == before:
                    self.stop(Ended("stopped", _given_up(delivery)))
            left += delivery.halves

    async def _attempt(self, delivery: _Delivery, ledger: Ledger) -> None:
        """One call, journaled before and after. Raises AgainError where some of it is to be sent again."""
        work = delivery.work
        self._may_send(work)
        await self._bucket.take(len(work.records))
        sent = self._may_send(work)
        positions = None if work.whole else work.positions
        since = sent if work.since is None else work.since
        await ledger.write(Intent(work.number, len(work.records), since, positions))
        try:
            await self._pace.enter()
            try:
                self._may_send(work)  # minutes may have passed
            except StoppedError:
                self._pace.leave(slow_down=False)
                raise
        except StoppedError:
            await ledger.write(_unsent(work, delivery.reason))
            raise
        delivery.attempts += 1
        verdict = await self._call(delivery, sent, ledger)
        if verdict.hopeless is not None:
            self.stop(Ended("stopped", verdict.hopeless))
        elif verdict.left is not None and verdict.halves:
            delivery.halves = _halves(verdict.left)
        elif verdict.left is not None:
            delivery.work = verdict.left
            raise AgainError(delivery.after)

    async def _call(self, delivery: _Delivery, sent: float, ledger: Ledger) -> Verdict:
        work, progress = delivery.work, self._progress
        count = len(work.records)
        progress.in_flight += count
        progress.calls += 1
        progress.again += delivery.attempts > 1
        slow_down, seconds = False, None
        began = self._options.clock()
        try:
            with self._options.telemetry.call(work.number, work.kind, count, delivery.attempts) as told:
                answer = await self._client.send(work.kind, work.records)
                told(answer.status)
            verdict = judge(work, answer, sent)
            if answer.taken:  # what is refused may be refused at a glance
                seconds = self._options.clock() - began
            slow_down = verdict.slow_down
            if answer.status == 429 and answer.retry_after is not None:
                self._pace.pause(min(answer.retry_after, MOST_ASKED))
        finally:
            progress.in_flight -= count
            self._pace.leave(slow_down=slow_down, seconds=seconds)
            progress.at_once = int(self._pace.limit)
        delivery.after = answer.retry_after
        again = next((one.reason for one in verdict.settlement.different if one.state != "rejected"), "")
        delivery.reason = verdict.settlement.reason or again or "the service did not take some records"
        await ledger.write(verdict.settlement)
        rejected = len(verdict.rejected)
        left = len(verdict.left.records) if verdict.left else 0
        accepted = count - rejected - left
        progress.accepted += accepted
        progress.rejected += rejected
        ended = CallEnded(work.number, delivery.attempts, count, accepted, rejected, left, answer.status,
                          self._options.clock() - began)  # fmt: skip
        self._options.telemetry.ended(ended)
        self._watch(ended, progress)
        return verdict

    def _may_send(self, work: Work) -> float:
        """The journal's time, at which these records may be sent; where they may not, the run stops: StoppedError."""
        now = self._journal.now()
        if (why := self._options.halt(now)) is not None:
            self.stop(Ended("stopped", why))
        elif not may_send_again(work.since, now):
            self.stop(Ended("stopped", "some records can no longer be sent again safely: they are unknown for a day"))
        self._check()
        return now

    def _check(self) -> None:
        if self._stopping.is_set():
            raise StoppedError

    async def _sleep(self, seconds: float) -> None:
        """Wait, unless the run stops: StoppedError."""
        self._check()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
        self._check()


@dataclass(slots=True)
class _Delivery:
    """A piece of work on its way, through all its attempts."""

    work: Work
    attempts: int = 0
    after: float | None = None
    reason: str = ""
    halves: list[Work] = field(default_factory=list)


def _given_up(delivery: _Delivery) -> str:
    attempts = "1 attempt" if delivery.attempts == 1 else f"{delivery.attempts} attempts"
    return f"given up after {attempts}: {delivery.reason}"


def _halves(work: Work) -> list[Work]:
    middle = len(work.records) // 2
    parts = (slice(None, middle), slice(middle, None))
    return [Work(work.number, work.kind, work.positions[part], work.records[part], work.since, False) for part in parts]


def _unsent(work: Work, reason: str) -> Settlement:
    """It was entered and then not sent: as it was before, for the reason that its last call had."""
    positions = None if work.whole else work.positions
    if work.since is None:
        return Settlement(work.number, "planned", positions=positions)
    return Settlement(work.number, "unknown", work.since, reason, positions)


def _first(errors: BaseExceptionGroup[BaseException]) -> BaseException:
    error: BaseException = errors
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
