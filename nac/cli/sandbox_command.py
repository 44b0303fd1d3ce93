"""`nac sandbox`"""

from __future__ import annotations

import signal
from types import FrameType
from typing import TYPE_CHECKING

import click

from nac.cli.output import note

if TYPE_CHECKING:
    from nac.sandbox import Faults


@click.command("sandbox", epilog="Example: nac sandbox --port 8731")
@click.option("--port", type=click.IntRange(0, 65535), default=8731, show_default=True, help="0 takes any free port.")
@click.option("--latency", metavar="MS", type=click.FloatRange(0, 60_000), default=0.0, help="Answer that much later.")
@click.option("--fault", "faults", metavar="KIND=SHARE", multiple=True,
              help="Fail on purpose: 429, 500, 500-after, cut, cut-after, slow, partial, partial-after or all; with a "
                   "share of calls (of records for partial) from 0 to 1.")  # fmt: skip
@click.option("--seed", metavar="N", type=int, default=0, help="Which calls fail: the same for the same N.")
@click.option("--quiet", is_flag=True, help="No line for each request.")
@click.option("--quick", is_flag=True, help="Check no more of a record than that its keys are there.")
def command(port: int, latency: float, faults: tuple[str, ...], seed: int, quiet: bool, quick: bool) -> None:
    """Run a local stand-in of SuprSend's API.

    It checks signatures and bodies as the service does, answers as it answers, sends nothing to anybody, and keeps
    what it received in memory: GET /requests, GET /deliveries.
    """
    from nac.sandbox import Sandbox, required_keys
    from nac.schema import request_mistakes

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    try:
        sandbox = Sandbox(
            port=port, validate=required_keys if quick else request_mistakes,
            log=(lambda line: None) if quiet else note, faults=_faults(faults, latency / 1000, seed),
        )  # fmt: skip
    except OSError as error:
        raise click.UsageError(f"port {port}: {(error.strerror or 'cannot be used').lower()}") from None
    click.echo(sandbox.url)
    note("In another terminal:")
    note(f"  export SUPRSEND_BASE_URL={sandbox.url} SUPRSEND_WORKSPACE_KEY=sandbox "
         "SUPRSEND_WORKSPACE_SECRET=sandbox-secret")  # fmt: skip
    note("  nac dispatch new_comment --sample … --yes")
    note(f"  curl {sandbox.url}requests")
    note("Stop it with Ctrl-C.")
    try:
        sandbox.serve_forever()
    except KeyboardInterrupt:
        note("stopped")


KINDS = {
    "429": "too_many", "500": "error", "500-after": "error_after", "cut": "cut", "cut-after": "cut_after",
    "slow": "slow", "partial": "partial", "partial-after": "partial_after",
}  # fmt: skip


def _faults(given: tuple[str, ...], latency: float, seed: int) -> Faults:
    from nac.sandbox import Faults

    shares: dict[str, float] = {}
    for one in given:
        kind, _, share = one.partition("=")
        try:
            value = float(share)
        except ValueError:
            value = -1.0
        if not 0 <= value <= 1 or (kind != "all" and kind not in KINDS):
            raise click.UsageError(f"--fault {one}: write KIND=SHARE, with one of {', '.join(KINDS)} or all")
        shares.update(dict.fromkeys(KINDS.values(), value) if kind == "all" else {KINDS[kind]: value})
    return Faults(latency=latency, seed=seed, **shares)
