"""`nac preview`"""

from __future__ import annotations

from datetime import datetime

import click

from nac.cli.common import (
    Failed,
    chosen,
    complete_trigger,
    directories,
    event_options,
    events,
    load,
    output_option,
    project_options,
    style,
    tell,
    writing,
)


@click.command("preview", epilog="Example: nac preview new_comment --channel sms")
@click.argument("triggers", nargs=-1, shell_complete=complete_trigger)
@click.option("--channel", metavar="CHANNEL", help="Only this channel, e.g. sms.")
@click.option("--recipient", metavar="ID", help="Only the recipient of this id.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option(
    "--limit", type=click.IntRange(1), default=5, show_default=True, help="Recipients to show for each event."
)
@event_options
@output_option
@project_options
def command(
    triggers: tuple[str, ...],
    channel: str | None,
    recipient: str | None,
    form: str,
    limit: int,
    event_file: str | None,
    sample: str | None,
    now: datetime | None,
    output: str | None,
    root: str,
    replaced: tuple[str, ...],
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
    loaded = load(root)
    wanted, findings = chosen(loaded, triggers)
    with writing(output) as stream, directories(loaded.project, replaced) as people:
        shown = []
        for trigger, event in events(loaded.project, wanted, event_file, sample, now):
            found = api.preview(
                loaded.project, trigger, event, people, channel=channel, recipient=recipient, limit=limit
            )
            shown.append(found)
            findings += found.diagnostics
        write_previews(stream.write, form, shown, style())
        stream.flush()
        if tell(loaded.project, findings):
            raise Failed
