"""`nac sandbox`"""

from __future__ import annotations

import signal
from types import FrameType

import click

from nac.cli.output import note


@click.command("sandbox", epilog="Example: nac sandbox --port 8731")
@click.option("--port", type=click.IntRange(0, 65535), default=8731, show_default=True, help="0 takes any free port.")
def command(port: int) -> None:
    """Run a local stand-in of SuprSend's API.

    It checks signatures and bodies as the service does, answers as it answers, sends nothing to anybody, and keeps
    what it received in memory: GET /requests, GET /deliveries.
    """
    from nac.sandbox import Sandbox
    from nac.schema import request_mistakes

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    try:
        sandbox = Sandbox(port=port, validate=request_mistakes, log=note)
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
