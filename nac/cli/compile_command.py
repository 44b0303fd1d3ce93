"""`nac compile`"""

from __future__ import annotations

import click

from nac.cli.options import Given, complete_trigger, given_options, output_option, remote_option
from nac.cli.output import style, writing
from nac.cli.running import running


@click.command(
    "compile",
    epilog="Example: nac compile new-comment --event event.json --format ndjson -o requests.ndjson",
)
@click.argument("triggers", nargs=-1, shell_complete=complete_trigger)
@click.option(
    "--format",
    "form",
    type=click.Choice(["pretty", "json", "ndjson"]),
    default="pretty",
    show_default=True,
    help="pretty to read; json one array, ndjson one request a line: the exact bytes that are sent.",
)
@output_option
@remote_option
@given_options
def command(triggers: tuple[str, ...], form: str, output: str | None, given: Given) -> None:
    """Turn triggers into the requests that SuprSend receives.

    Without TRIGGERS: all of them. Without --event: each of their samples. Requests are written as they are made; with
    -o the file appears only when every one of them could be.
    """
    from nac import api
    from nac.diagnostics import met_with
    from nac.report.requests import writer

    look = style(file=output)
    with writing(output) as stream, running(given, triggers) as run, writer(form, stream.write, look) as write:
        for trigger, event in run.events():
            found = api.stream(run.project, trigger, event, run.people)
            write.event(trigger, event, found.payloads)
            run.findings += met_with(event.name, found.diagnostics)
