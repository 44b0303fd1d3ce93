"""`nac plan`"""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from nac.cli.options import Given, complete_trigger, given_options, remote_option
from nac.cli.output import note, style


@click.command("plan", epilog="Example: nac plan new-comment --event event.json --workspace production -o plan/")
@click.argument("triggers", nargs=-1, required=True, metavar="TRIGGER...", shell_complete=complete_trigger)
@click.option("-o", "--output", required=True, metavar="DIR", type=click.Path(file_okay=False),
              help="The directory to make; it must not be there yet.")  # fmt: skip
@click.option("--workspace", metavar="NAME", envvar="NAC_WORKSPACE", show_envvar=True,
              help="The workspace of nac.yaml that the plan is for.")  # fmt: skip
@click.option("--run", metavar="NAME", help="A name that tells this run from an earlier one with the same requests.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@remote_option
@given_options
def command(
    triggers: tuple[str, ...], output: str, workspace: str | None, run: str | None, form: str, given: Given
) -> None:
    """Write down exactly what would be sent.

    The plan is a directory with every request, compressed, and a manifest with counts, digests and the workspace it is
    for. It is never changed: `nac dispatch DIR` sends exactly this, or nothing. The same sources and people give the
    same plan, and a plan is sent once. It holds what is said to whom: keep it as you would keep that.
    """
    from nac.cli.planning import Asked, planned
    from nac.report.sending import plan_json, plan_text

    manifest, told = planned(Asked(triggers, given, workspace, run), Path(output))
    look, directories = style(), told.get("directories", ())
    text = plan_json(manifest, directories) if form == "json" else plan_text(manifest, None, look, directories).rstrip()
    click.echo(text, color=look.colour)
    again = (*(("--project", given.root) if given.root != "." else ()),)
    note(f"written to {output}; send it with: nac dispatch {shlex.join([output.rstrip('/') + '/', *again])}")
