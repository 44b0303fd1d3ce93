"""One run of the engine, as a command has it: with signals, a bar or lines, and telemetry."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from datetime import UTC, datetime
from types import FrameType
from typing import TYPE_CHECKING

from nac.cli.output import note
from nac.cli.watching import bar, lines

if TYPE_CHECKING:
    from nac.cli.sending import How
    from nac.dispatch.progress import CallEnded, Ended, Progress
    from nac.journal import Journal
    from nac.plans import StoredPlan


SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def signals_kept() -> Iterator[None]:
    """What signals did before does not count until this ends."""
    before = {number: signal.getsignal(number) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            with suppress(ValueError):
                signal.signal(number, handler)


async def run(
    stored: StoredPlan, how: How, journal: Journal, progress: Progress,
    watch: Callable[[CallEnded, Progress], None],
) -> tuple[Ended, float]:  # fmt: skip
    """How the run ended, and the seconds that it took. Within `signals_kept`."""
    from nac.dispatch.engine import Engine, Options
    from nac.dispatch.pace import MOST
    from nac.dispatch.progress import Ended
    from nac.dispatch.safety import quiet
    from nac.dispatch.telemetry import telemetry

    limits = (stored.manifest.limits, how.now)
    hours = [one.quiet_hours for one in limits if one and one.quiet_hours and "quiet-hours" not in how.forced]
    client = how.client()
    live = how.form == "text" and sys.stderr.isatty()
    with telemetry(how.environ, note) as told, told.run(stored.id, stored.manifest.workspace or "", progress.total):
        options = Options(
            connections=how.connections or MOST, rate=how.rate, attempts=how.attempts or Options.attempts,
            backoff=how.backoff,
            halt=lambda now: next(filter(None, (quiet(one, datetime.fromtimestamp(now, UTC)) for one in hours)), None),
            telemetry=told,
        )  # fmt: skip
        engine = Engine(stored, client, journal, progress, options, watch)
        loop = asyncio.get_running_loop()
        main = asyncio.current_task()

        by: int | None = None

        def stop(number: int) -> None:
            nonlocal by
            name = signal.Signals(number).name
            if not engine.stopping:
                engine.stop(Ended("interrupted", f"by {name}", number))
                said = f"{name}: finishing what is in flight; once more to stop at once"
            elif by is None and main is not None:
                by = number
                main.cancel()
                said = "interrupted again: not waiting for the answers"
            else:
                return
            with suppress(OSError):
                note(said)

        def heard(number: int, frame: FrameType | None) -> None:
            with suppress(RuntimeError):  # the loop is closed: the run is over
                loop.call_soon_threadsafe(stop, number)

        # Not by the loop, which would let go of them before the report is written.
        for number in SIGNALS:
            with suppress(ValueError):  # only the main thread hears them
                signal.signal(number, heard)
        telling = asyncio.create_task(lines(progress)) if not live and how.form != "json" else None
        await client.ready()
        gc.freeze()  # what was loaded and compiled stays, and need not be looked through again and again
        began = time.monotonic()
        try:
            with bar(progress) if live else nullcontext():
                ended = await engine.run()
        except asyncio.CancelledError:
            ended = Ended("interrupted", "at once", by)
        finally:
            by = 0  # it is over: nothing is left to be cancelled
            seconds = time.monotonic() - began
            gc.unfreeze()
            if telling is not None:
                telling.cancel()
            await client.close()
        return ended, seconds
