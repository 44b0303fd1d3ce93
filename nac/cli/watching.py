"""A run while it goes on: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from nac.cli.output import note

if TYPE_CHECKING:
    from nac.dispatch.progress import Progress

LINE_SECONDS = 10.0
BAR_SECONDS = 0.2
BAR_COLUMNS = 40


async def lines(
    progress: Progress,
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> None:
    """A line on stderr every ten seconds, until cancelled."""
    began = clock()
    while True:
        await sleep(LINE_SECONDS)
        with suppress(OSError):  # that nobody reads it is no reason to stop
            note(line(progress, clock() - began))


def line(progress: Progress, seconds: float) -> str:
    """How far a run is after so many seconds."""
    done = progress.accepted + progress.rejected
    rate = done / seconds if seconds else 0.0
    left = progress.total - progress.settled
    ahead = f", {_time(left / rate)} left" if rate and left else ""
    rejected = f", {progress.rejected:,} rejected" if progress.rejected else ""
    return (f"{progress.settled:,} of {progress.total:,} settled{rejected}, {progress.in_flight:,} in flight, "
            f"{rate:,.0f} a second{ahead}")  # fmt: skip


def short_lines(progress: Progress, seconds: float) -> tuple[str, ...]:
    """The same for a terminal, from the longest to the shortest."""
    done = progress.accepted + progress.rejected
    rate = done / seconds if seconds else 0.0
    left = progress.total - progress.settled
    ahead = f", {_time(left / rate)} left" if rate and left else ""
    rejected = f", {progress.rejected:,} rejected" if progress.rejected else ""
    percent = 100 * progress.settled // max(1, progress.total)
    return (
        line(progress, seconds),
        f"{progress.settled:,} of {progress.total:,}{rejected}, {rate:,.0f} a second{ahead}",
        f"{progress.settled:,} of {progress.total:,}{rejected}{ahead}",
        f"{percent}%{ahead}",
    )


@contextmanager
def bar(progress: Progress) -> Iterator[None]:
    """A live bar on the terminal of stderr, as wide as that allows; left standing when the run ends."""
    from rich.console import Console
    from rich.live import Live
    from rich.progress_bar import ProgressBar
    from rich.table import Table
    from rich.text import Text

    began = time.monotonic()
    console = Console(stderr=True)

    def shown() -> Table:
        room = console.width - 1
        texts = short_lines(progress, time.monotonic() - began)
        text = next((one for one in texts if len(one) <= room), texts[-1][:room])
        row: list[ProgressBar | Text] = [Text(text, no_wrap=True)]
        if (width := min(BAR_COLUMNS, room - len(text) - 1)) >= BAR_COLUMNS // 4:
            row.insert(0, ProgressBar(max(1, progress.total), progress.settled, width=width))
        table = Table.grid(padding=(0, 1, 0, 0))
        table.add_row(*row)
        return table

    with Live(get_renderable=shown, console=console, refresh_per_second=1 / BAR_SECONDS, redirect_stdout=False):
        yield


def _time(seconds: float) -> str:
    whole = int(seconds) + 1
    if whole < 60:
        return f"{whole} s"
    return f"{whole // 60} min" if whole < 3600 else f"{whole // 3600} h {whole % 3600 // 60} min"
