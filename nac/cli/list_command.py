"""`nac list`"""

from __future__ import annotations

import click

from nac.cli.options import output_option, project_option
from nac.cli.output import Failed, style, writing
from nac.cli.running import chosen, load, tell


@click.command("list", epilog="Example: nac list --format json")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@output_option
@project_option
def command(form: str, output: str | None, root: str) -> None:
    """Show the triggers of the project: name, kind, what it runs, its samples."""
    from nac.report.triggers import triggers_json, triggers_table

    loaded = load(root)
    triggers, findings = chosen(loaded, ())
    with writing(output) as stream:
        text = triggers_json(triggers) if form == "json" else triggers_table(triggers, style(file=output))
        stream.write(text.encode())
    if tell(loaded.project, findings):
        raise Failed
