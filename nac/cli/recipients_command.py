"""`nac recipients`"""

from __future__ import annotations

import click

from nac.cli.options import Given, complete_trigger, given_options, output_option, remote_option
from nac.cli.output import style, writing
from nac.cli.running import running


@click.command("recipients", epilog="Example: nac recipients new-comment --event event.json --format ndjson")
@click.argument("triggers", nargs=-1, shell_complete=complete_trigger)
@click.option("--format", "form", type=click.Choice(["table", "json", "ndjson"]), default="table", show_default=True,
              help="table to read, ids only; json and ndjson hold the whole recipients.")  # fmt: skip
@output_option
@remote_option
@given_options
def command(triggers: tuple[str, ...], form: str, output: str | None, given: Given) -> None:
    """Show who would get it, and through which selector."""
    from nac import api
    from nac.diagnostics import met_with
    from nac.report.recipients import write_recipients

    with writing(output) as stream, running(given, triggers) as run:
        for trigger, event in run.events():
            found = api.people(run.project, trigger, event, run.people)
            if not isinstance(found, list):
                write_recipients(stream.write, form, found, style(file=output))
            run.findings += met_with(event.name, found if isinstance(found, list) else found.problems)
