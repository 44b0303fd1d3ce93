"""How fast to send: as many calls at once as the service bears, and no more records a second than was allowed.

Calls at once follow AIMD, as TCP does: twice as many for every round that went well until one did not, from then on one
more for every round, and half as many when the service says that it is too much. No more than at the start are tried
while all take much longer than one can take: they would wait for each other. Time and waiting come from outside.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

START = 16
MOST = 64
RECENT = 8  # calls, of which the quickest is looked at: one slow call says nothing
CROWDED = 1.5  # times as long as the quickest of all
COOLING = 1.0  # seconds after a halving in which another failure tells nothing new

Sleep = Callable[[float], Awaitable[object]]


class Pace:
    """Room for calls. `pause` keeps every call back for some seconds, as Retry-After asks."""

    def __init__(self, clock: Callable[[], float], sleep: Sleep, *, start: int = START, most: int = MOST) -> None:
        self._clock = clock
        self._sleep = sleep
        self._most = max(1, most)
        self._start = min(start, self._most)
        self.limit = float(self._start)
        self.in_flight = 0
        self._finding = True
        self._least = float("inf")
        self._recent: deque[float] = deque(maxlen=RECENT)
        self._until = 0.0
        self._cooled = 0.0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._ended = False

    async def enter(self) -> None:
        """Wait for room for a call, or for the end: who is let in looks which it was, and calls `leave` either way."""
        while not self._ended:
            if (pause := self._until - self._clock()) > 0:
                await self._sleep(pause)
            elif self.in_flight < int(self.limit):
                break
            else:
                future = asyncio.get_running_loop().create_future()
                self._waiting.append(future)
                await future
        self.in_flight += 1

    def leave(self, *, slow_down: bool, seconds: float | None = None) -> None:
        """A call has ended, after so many seconds; None where that says nothing of how long the others take."""
        self.in_flight -= 1
        if seconds is not None:
            self._recent.append(seconds)
            self._least = min(self._least, seconds)
        if not slow_down:
            if self.limit < self._start or not self._crowded:
                self.limit = min(self._most, self.limit + (1 if self._finding else 1 / self.limit))
        elif self._clock() >= self._cooled:
            self.limit = max(1.0, self.limit / 2)
            self._finding = False
            self._cooled = self._clock() + COOLING
        self.wake()

    @property
    def _crowded(self) -> bool:
        return min(self._recent, default=0.0) > CROWDED * self._least

    def pause(self, seconds: float) -> None:
        """Begin no call for so long."""
        self._until = max(self._until, self._clock() + seconds)

    def wake(self) -> None:
        """Let those that wait look again."""
        for _ in range(min(len(self._waiting), max(1, int(self.limit) - self.in_flight))):
            future = self._waiting.popleft()
            if not future.done():
                future.set_result(None)

    def end(self) -> None:
        """Let everybody in at once: nobody makes a call any more."""
        self._ended = True
        while self._waiting:
            self.wake()


class Bucket:
    """No more than `rate` records a second, with room for one second's worth, and for one full call, at once."""

    def __init__(self, rate: float | None, clock: Callable[[], float], sleep: Sleep, *, room: int = 100) -> None:
        self._rate = rate
        self._clock = clock
        self._sleep = sleep
        self._room = max(rate or 0.0, float(room))
        self._held = float(room)
        self._at = clock()

    async def take(self, records: int) -> None:
        """Wait until so many records may go."""
        if self._rate is None:
            return
        now = self._clock()
        self._held = min(self._room, self._held + (now - self._at) * self._rate) - records
        self._at = now
        if self._held < 0:  # taken on credit, so that those who come later wait for longer
            await self._sleep(-self._held / self._rate)
