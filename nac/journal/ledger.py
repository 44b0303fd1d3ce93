"""The journal for an event loop: one thread writes, and everything that waits while it does goes into one transaction.

A commit costs milliseconds, whatever is in it; so the busier a run is, the more calls share one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, TypeVar

from nac.journal.errors import JournalError
from nac.journal.journal import Entry, Journal

T = TypeVar("T")
_TOGETHER = 512
_Job = tuple[asyncio.Future[Any], tuple[Entry, ...] | Callable[[], Any]]


class Ledger:
    """Writes the entries of one plan. While it is open, nobody else may use the journal. Close it from the loop."""

    def __init__(self, journal: Journal, plan: str) -> None:
        self._journal = journal
        self._plan = plan
        self._loop = asyncio.get_running_loop()
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._broken: JournalError | None = None
        self._thread = Thread(target=self._work, name="nac-journal", daemon=True)
        self._thread.start()

    async def write(self, *entries: Entry) -> None:
        """On return, the entries are on the disk. Raises JournalError, from then on always."""
        await self._put(entries)

    async def ask(self, question: Callable[[], T]) -> T:
        """What `question`, which reads the journal, gives; asked after all that was written before."""
        answer: T = await self._put(question)
        return answer

    def _put(self, job: tuple[Entry, ...] | Callable[[], Any]) -> asyncio.Future[Any]:
        future: asyncio.Future[Any] = self._loop.create_future()
        self._jobs.put((future, job))
        return future

    async def close(self) -> None:
        """Wait until everything is written."""
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)

    def _work(self) -> None:
        while (first := self._jobs.get()) is not None:
            jobs, more = [first], True
            while len(jobs) < _TOGETHER:
                try:
                    job = self._jobs.get_nowait()
                except Empty:
                    break
                if job is None:
                    more = False
                    break
                jobs.append(job)
            self._do(jobs)
            if not more:
                return

    def _do(self, jobs: list[_Job]) -> None:
        results: list[Any] = []
        try:
            if self._broken is not None:
                raise self._broken
            entries = [entry for _, job in jobs if not callable(job) for entry in job]
            if entries:
                self._journal.write(self._plan, entries)
            results = [job() if callable(job) else None for _, job in jobs]
        except Exception as error:
            # After one that failed nothing is written any more: what follows may rest on it.
            self._broken = error if isinstance(error, JournalError) else JournalError(f"the journal failed: {error!r}")
        self._call(partial(_tell, [future for future, _ in jobs], results, self._broken))

    def _call(self, work: Callable[[], object]) -> None:
        with suppress(RuntimeError):  # the loop is gone, and nobody waits any more
            self._loop.call_soon_threadsafe(work)


def _tell(futures: list[asyncio.Future[Any]], results: list[Any], broken: JournalError | None) -> None:
    for index, future in enumerate(futures):
        if future.done():  # nobody waits for it any more
            continue
        if broken is None:
            future.set_result(results[index])
        else:
            future.set_exception(broken)
