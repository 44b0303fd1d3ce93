"""`nac compile`"""

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
    """Turn triggers into the requests that SuprSend receives.

    Without TRIGGERS: all of them. Without --event: each of their samples. Requests are written as they are made; with
    -o the file appears only when every one of them could be.
    """
    from nac import api
    from nac.diagnostics import met_with
    from nac.report.requests import writer

    loaded = load(root)
    wanted, findings = chosen(loaded, triggers)
    with writing(output) as stream, directories(loaded.project, replaced) as people:
        write = writer(form, stream.write, style())
        with write:
            for trigger, event in events(loaded.project, wanted, event_file, sample, now):
                found = api.stream(loaded.project, trigger, event, people)
                write.event(trigger, event, found.payloads)
                findings += met_with(event.name, found.diagnostics)
        stream.flush()
        if tell(loaded.project, findings):
            raise Failed
