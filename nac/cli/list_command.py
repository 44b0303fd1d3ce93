"""`nac list`"""

from __future__ import annotations

import click

from nac.cli.common import Failed, chosen, load, output_option, project_options, style, tell, writing


@click.command("list", epilog="Example: nac list --format json")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@output_option
@project_options
def command(form: str, output: str | None, root: str, replaced: tuple[str, ...]) -> None:
    """Show the triggers of the project: name, kind, what it runs, its samples."""
    from nac.report.triggers import triggers_json, triggers_table

    loaded = load(root)
    triggers, findings = chosen(loaded, ())
    with writing(output) as stream:
        stream.write((triggers_json(triggers) if form == "json" else triggers_table(triggers, style())).encode())
    if tell(loaded.project, findings):
        raise Failed
