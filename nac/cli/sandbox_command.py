"""`nac sandbox`"""

from __future__ import annotations

import signal
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from nac.cli.output import note

if TYPE_CHECKING:
    from nac.api.arrivals import Arrivals
    from nac.sandbox import Faults

KINDS = {
    "429": "too_many", "500": "error", "500-after": "error_after", "cut": "cut", "cut-after": "cut_after",
    "slow": "slow", "partial": "partial", "partial-after": "partial_after",
}  # fmt: skip


@click.command("sandbox", epilog="Example: nac sandbox --port 8731 --fault 429=0.1 --fault cut-after=0.05 --seed 7")
@click.option("--port", type=click.IntRange(0, 65535), default=8731, show_default=True, help="0 takes any free port.")
@click.option("--project", "root", type=click.Path(file_okay=False), metavar="DIR",
              help="Whose templates the page shows.  [default: ., where it has notifications/]")  # fmt: skip
@click.option("--keep", metavar="N", type=click.IntRange(1, 1_000_000), default=10_000, show_default=True,
              help="Records remembered, the newest; 64 MiB of them at most.")  # fmt: skip
@click.option("--latency", metavar="MS", type=click.FloatRange(0, 60_000), default=0.0, help="Answer that much later.")
@click.option("--fault", "faults", metavar="KIND=SHARE", multiple=True,
              help="Fail on purpose: 429, 500, 500-after, cut, cut-after, slow, partial, partial-after or all; with a "
                   "share of calls (of records in a bulk call for partial) from 0 to 1. May be repeated.")  # fmt: skip
@click.option("--seed", metavar="N", type=int, default=0,
              help="Which calls fail: the same ones for the same N, in whatever order they come.")  # fmt: skip
@click.option("--slow-seconds", metavar="S", type=click.FloatRange(0, 3600), default=0.2, show_default=True,
              help="How long a slow answer takes, a byte at a time.")  # fmt: skip
@click.option("--retry-after", metavar="S", type=click.FloatRange(0, 3600), default=0.05, show_default=True,
              help="What a 429 on purpose says in Retry-After.")  # fmt: skip
@click.option("--quiet", is_flag=True, help="No line for each request.")
@click.option("--quick", is_flag=True, help="Check no more of a record than that its keys are there.")
def command(
    port: int, root: str | None, keep: int, latency: float, faults: tuple[str, ...], seed: int, slow_seconds: float,
    retry_after: float, quiet: bool, quick: bool,
) -> None:  # fmt: skip
    """Run a local stand-in of SuprSend's API.

    It checks signatures and bodies as the service does, answers as it answers, sends nothing to anybody, and keeps
    what it received in memory: open its address in a browser to see it arrive, each message as its reader would see
    it. GET /requests, /deliveries and /count give the same to programs.
    """
    from nac.sandbox import Sandbox, required_keys
    from nac.sandbox.validation import record_mistakes

    wanted = _faults(faults, latency / 1000, seed, slow_seconds, retry_after)
    view = _view(root)

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    try:
        sandbox = Sandbox(
            port=port, keep=keep, validate=required_keys if quick else record_mistakes,
            log=(lambda line: None) if quiet else note, faults=wanted, view=view,
        )  # fmt: skip
    except OSError as error:
        why = (error.strerror or "cannot be used").lower()
        raise click.UsageError(f"port {port}: {why}; name another --port, or 0 for any free one") from None
    click.echo(sandbox.url)
    note(f"Open {sandbox.url} in a browser to see what arrives. In another terminal:")
    note(f"  export SUPRSEND_BASE_URL={sandbox.url} SUPRSEND_WORKSPACE_KEY=sandbox "
         "SUPRSEND_WORKSPACE_SECRET=sandbox-secret")  # fmt: skip
    note("  nac dispatch new_comment --sample … --yes")
    note("Stop it with Ctrl-C.")
    try:
        sandbox.serve_forever()
    except KeyboardInterrupt:
        note("stopped")
    finally:
        view.close()


def _view(root: str | None) -> Arrivals:
    """The page, with the templates of the project at `root` or around here, where there is one."""
    from nac.api import NacError
    from nac.api.arrivals import Arrivals
    from nac.project import FOLDER

    try:
        return Arrivals(root if root is not None else "." if Path(FOLDER).is_dir() else None)
    except NacError as error:
        raise click.UsageError(str(error)) from None


def _faults(given: tuple[str, ...], latency: float, seed: int, slow_seconds: float, retry_after: float) -> Faults:
    from nac.sandbox import Faults

    shares: dict[str, float] = {}
    for one in given:
        kind, _, share = one.partition("=")
        try:
            value = float(share)
        except ValueError:
            value = -1.0
        if not 0 <= value <= 1 or (kind != "all" and kind not in KINDS):
            raise click.UsageError(
                f"--fault {one[:80]}: write KIND=SHARE, with one of {', '.join(KINDS)} or all, and a share from 0 to 1"
            )
        shares.update(dict.fromkeys(KINDS.values(), value) if kind == "all" else {KINDS[kind]: value})
    try:
        return Faults(latency=latency, seed=seed, slow_seconds=slow_seconds, retry_after=retry_after, **shares)
    except ValueError as error:
        raise click.UsageError(f"--fault: {error}") from None
