"""`nac recipients`"""

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


@click.command("recipients", epilog="Example: nac recipients new-comment --event event.json --format ndjson")
@click.argument("triggers", nargs=-1, shell_complete=complete_trigger)
@click.option("--format", "form", type=click.Choice(["table", "json", "ndjson"]), default="table", show_default=True,
              help="table to read, ids only; json and ndjson hold the whole recipients.")  # fmt: skip
@event_options
@output_option
@project_options
def command(
    triggers: tuple[str, ...],
    form: str,
    event_file: str | None,
    sample: str | None,
    now: datetime | None,
    output: str | None,
    root: str,
    replaced: tuple[str, ...],
) -> None:
    """Show who would get it, and through which selector."""
    from nac import api
    from nac.diagnostics import met_with
    from nac.report.recipients import write_recipients

    loaded = load(root)
    wanted, findings = chosen(loaded, triggers)
    with writing(output) as stream, directories(loaded.project, replaced) as people:
        for trigger, event in events(loaded.project, wanted, event_file, sample, now):
            found = api.people(loaded.project, trigger, event, people)
            if isinstance(found, list):
                findings += met_with(event.name, found)
                continue
            write_recipients(stream.write, form, found, style())
            findings += met_with(event.name, found.problems)
        stream.flush()
        if tell(loaded.project, findings):
            raise Failed
