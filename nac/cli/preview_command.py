"""`nac preview`"""

from __future__ import annotations

import click

from nac.cli.options import Given, complete_trigger, given_options, output_option
from nac.cli.output import style, writing
from nac.cli.running import running


@click.command("preview", epilog="Example: nac preview new_comment --channel sms")
@click.argument("triggers", nargs=-1, shell_complete=complete_trigger)
@click.option("--channel", metavar="CHANNEL", help="Only this channel, e.g. sms.")
@click.option("--recipient", metavar="ID", help="Only the recipient of this id.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option(
    "--limit", type=click.IntRange(1), default=5, show_default=True, help="Recipients to show for each event."
)
@output_option
@given_options
def command(
    triggers: tuple[str, ...],
    channel: str | None,
    recipient: str | None,
    form: str,
    limit: int,
    output: str | None,
    given: Given,
) -> None:
    """Show what each recipient would read.

    The trigger's template (notifications/templates/<slug>/<channel>.hbs) is rendered for each recipient as SuprSend
    would. A message that SuprSend would drop, because a variable is missing, is a finding.
    """
    from nac import api
    from nac.report.previews import write_previews
    from nac.vocabulary import CHANNELS

    if channel is not None and channel not in CHANNELS:
        from nac.diagnostics import did_you_mean

        hint = did_you_mean(channel, CHANNELS) or f"there are {', '.join(CHANNELS)}"
        raise click.UsageError(f"there is no channel '{channel}': {hint}")
    with writing(output) as stream, running(given, triggers) as run:
        shown = [
            api.preview(run.project, trigger, event, run.people, channel=channel, recipient=recipient, limit=limit)
            for trigger, event in run.events()
        ]
        if recipient is not None and triggers and not any(one.people for one in shown) and not run.findings:
            raise click.UsageError(f"nobody is called '{recipient}' there: `nac recipients` shows who gets it")
        write_previews(stream.write, form, shown, style(file=output))
        run.findings += [finding for one in shown for finding in one.diagnostics]
