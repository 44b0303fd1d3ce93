"""`nac dispatch`"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from nac.cli.options import Given, complete_trigger, given_options
from nac.cli.output import Failed, note, style
from nac.cli.running import running

if TYPE_CHECKING:
    from nac.dispatch.client import Client
    from nac.dispatch.send import Spool


@click.command("dispatch", epilog="Example: nac dispatch new-comment --event event.json --yes")
@click.argument("trigger", shell_complete=complete_trigger)
@click.option("--yes", is_flag=True, help="Send. Without it the plan is shown and nothing is sent.")
@click.option("--hub", metavar="URL", envvar="SUPRSEND_BASE_URL", show_envvar=True, default="https://hub.suprsend.com/",
              show_default=True, help="Where to send.")  # fmt: skip
@given_options
def command(trigger: str, yes: bool, hub: str, given: Given) -> None:
    """Send a trigger to SuprSend.

    Everything is compiled before the first byte is sent, and with any finding nothing is. Credentials come from the
    environment: SUPRSEND_API_KEY, or SUPRSEND_WORKSPACE_KEY and SUPRSEND_WORKSPACE_SECRET. A sample can only be sent
    to a hub on this machine, such as `nac sandbox`.
    """
    from nac import api
    from nac.diagnostics import met_with
    from nac.dispatch.send import Spool
    from nac.report.outcomes import plan_text

    if given.event_file is None and given.sample is None:
        raise click.UsageError("say what happened: --event FILE (or, for a hub on this machine, --sample NAME)")
    hub, local = _hub(hub)
    if yes and given.sample is not None and not local:
        raise click.UsageError("a sample is not sent to people: use --event FILE")
    client = _client(hub) if yes else None
    with Spool() as spool:
        with running(given, (trigger,)) as run:
            for one, event in run.events():
                found = api.stream(run.project, one, event, run.people)
                spool.add(found.payloads)
                run.findings += met_with(event.name, found.diagnostics)
        calls = sum(1 for _ in spool.batches())
        click.echo(plan_text(spool, calls, hub, style()), nl=False, color=style().colour)
        if client is None:
            real = given.sample is None or local
            note("nothing was sent: " + ("add --yes to send it" if real else "a sample goes to `nac sandbox` alone")
                 + "; `nac compile` shows the requests")  # fmt: skip
        else:
            _send(spool, client)


def _hub(hub: str) -> tuple[str, bool]:
    """The hub's address as it will be called, and whether it is on this machine."""
    from nac.dispatch.client import checked_url
    from nac.dispatch.endpoints import is_loopback

    try:
        url = checked_url(hub)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    return str(url), is_loopback(url.host)


def _client(hub: str) -> Client:
    from nac.dispatch.auth import CredentialsError, credentials
    from nac.dispatch.client import Client

    workspace_key = os.environ.get("SUPRSEND_WORKSPACE_KEY") or None
    try:
        return Client(credentials(os.environ), base_url=hub, workspace_key=workspace_key)
    except CredentialsError as error:
        raise click.UsageError(str(error)) from None


def _send(spool: Spool, client: Client) -> None:
    from nac.dispatch.auth import CredentialsError
    from nac.dispatch.send import send
    from nac.report.outcomes import Tally, tally_text

    tally = Tally()
    hidden = not sys.stderr.isatty()
    with client, click.progressbar(length=spool.records, label="sending", file=sys.stderr, hidden=hidden) as bar:
        try:
            for batch, outcomes in send(spool.batches(), client):
                for outcome in outcomes:
                    tally.add(outcome)
                bar.update(len(batch.records))
        except CredentialsError as error:
            raise click.UsageError(str(error)) from None
        finally:
            click.echo(tally_text(tally, spool.records, style()), nl=False, color=style().colour)
    if tally.failed:
        raise Failed
