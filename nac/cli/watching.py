"""A run while it goes on: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from nac.cli.output import note

if TYPE_CHECKING:
    from nac.dispatch.progress import Progress

LINE_SECONDS = 10.0
BAR_SECONDS = 0.2


async def lines(progress: Progress) -> None:
    """A line on stderr every ten seconds, until cancelled."""
    began = time.monotonic()
    while True:
        await asyncio.sleep(LINE_SECONDS)
        note(line(progress, time.monotonic() - began))


def line(progress: Progress, seconds: float) -> str:
    """How far a run is after so many seconds."""
    done = progress.accepted + progress.rejected
    rate = done / seconds if seconds else 0.0
    left = progress.total - progress.settled
    ahead = f", {_time(left / rate)} left" if rate and left else ""
    rejected = f", {progress.rejected:,} rejected" if progress.rejected else ""
    return (f"{progress.settled:,} of {progress.total:,} settled{rejected}, {progress.in_flight:,} in flight, "
            f"{rate:,.0f} a second{ahead}")  # fmt: skip


@contextmanager
def bar(progress: Progress) -> Iterator[None]:
    """A live bar on the terminal of stderr; left standing when the run ends."""
    from rich.console import Console
    from rich.progress import BarColumn, ProgressColumn, TextColumn
    from rich.progress import Progress as Bar
    from rich.text import Text

    began = time.monotonic()

    class Figures(ProgressColumn):
        def render(self, task: object) -> Text:
            return Text(line(progress, time.monotonic() - began))

    class Counting(Bar):
        def get_renderables(self) -> Iterator[object]:  # type: ignore[override]
            self.update(task, completed=progress.settled)
            yield from super().get_renderables()

    shown = Counting(TextColumn("sending"), BarColumn(), Figures(), console=Console(stderr=True),
                     refresh_per_second=1 / BAR_SECONDS)  # fmt: skip
    task = shown.add_task("sending", total=progress.total, completed=progress.settled)
    with shown:
        yield


def _time(seconds: float) -> str:
    whole = int(seconds) + 1
    if whole < 60:
        return f"{whole} s"
    return f"{whole // 60} min" if whole < 3600 else f"{whole // 3600} h {whole % 3600 // 60} min"
